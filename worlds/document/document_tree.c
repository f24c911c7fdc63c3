// SPDX-License-Identifier: MIT
// The tree over a document's text: where each value begins and ends. Read anew after each change, which for a
// template of usual size takes some ten microseconds.
#include "engine/base/text.h"
#include "worlds/document/document_parts.h"
#include "worlds/format/syntax.h"

#include <stdio.h>
#include <string.h>

typedef struct Reader {
    ParaDocument *document;
    const char *text;
    size_t at;
} Reader;

static void skip_space(Reader *r) { r->at += strspn(r->text + r->at, " \t\r\n"); }

static size_t string_end(const char *text, size_t at)
{
    for (at++; text[at] && text[at] != '"'; at++)
        at += text[at] == '\\' && text[at + 1];
    return at + (text[at] == '"');
}

/// The text has been checked: it is JSON. Without recursion, as deep as the text goes.
static void read_all(Reader *r)
{
    ParaDocument *d = r->document;
    int parent = -1, last = -1; // last: the sibling before
    for (;;) {
        skip_space(r);
        ParaNode node = {.parent = parent, .child = -1, .next = -1, .key_begin = r->at, .key_end = r->at};
        if (parent >= 0 && d->nodes[parent].kind == PARA_NODE_OBJECT && r->text[r->at] == '"') {
            r->at = node.key_end = string_end(r->text, r->at);
            skip_space(r);
            r->at++; // the colon
            skip_space(r);
        }
        char c = r->text[r->at];
        if (c != ']' && c != '}') {
            int index = d->node_count++;
            node.begin = r->at;
            node.kind = c == '{'               ? PARA_NODE_OBJECT
                        : c == '['             ? PARA_NODE_ARRAY
                        : c == '"'             ? PARA_NODE_TEXT
                        : c == 't' || c == 'f' ? PARA_NODE_BOOL
                        : c == 'n'             ? PARA_NODE_NULL
                                               : PARA_NODE_NUMBER;
            if (parent >= 0)
                d->nodes[parent].count++;
            if (last >= 0)
                d->nodes[last].next = index;
            else if (parent >= 0)
                d->nodes[parent].child = index;
            bool nests = node.kind == PARA_NODE_OBJECT || node.kind == PARA_NODE_ARRAY;
            r->at = nests                         ? r->at + 1
                    : node.kind == PARA_NODE_TEXT ? string_end(r->text, r->at)
                                                  : r->at + strcspn(r->text + r->at, ",]} \t\r\n");
            node.end = r->at;
            d->nodes[index] = node;
            last = nests ? -1 : index;
            if (nests) {
                parent = index;
                continue;
            }
        }
        for (;;) { // behind a value: a comma, or brackets that close
            skip_space(r);
            c = r->text[r->at];
            if (parent < 0 || c == '\0')
                return;
            r->at++;
            if (c == ',')
                break;
            d->nodes[parent].end = r->at;
            last = parent;
            parent = d->nodes[parent].parent;
        }
    }
}

void para_document_parse(ParaDocument *d)
{
    para_arena_clear(d->arena);
    d->node_count = 0;
    d->nodes = NULL;
    *d->broken = '\0';
    d->broken_at = 0;
    ParaDiagList list = para_diag_list(d->arena, "", d->text);
    if (!para_syntax_check(d->text, d->size, &list)) {
        snprintf(d->broken, sizeof d->broken, "%s", list.count ? list.items[0].message : "it is no JSON");
        d->broken_at = list.count && list.items[0].offset > 0 ? (size_t)list.items[0].offset : 0;
        return;
    }
    size_t most = 2; // a value for each comma and bracket, at most
    for (size_t k = 0; k < d->size; k++)
        most += d->text[k] == ',' || d->text[k] == '[' || d->text[k] == '{' || d->text[k] == ':';
    d->nodes = PARA_NEW(d->arena, ParaNode, most);
    Reader reader = {d, d->text, (size_t)(para_text_begin(d->text) - d->text)};
    read_all(&reader);
}

// ---------------------------------------------------------------------------------------------

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : 0;
}

/// The four hexadecimal digits behind a u.
static int unit_of(const char *u, const char *end)
{
    int code = 0;
    for (int k = 1; k <= 4 && u + k < end; k++)
        code = code * 16 + hex(u[k]);
    return code;
}

/// Text between quotes at [begin, end) without its escapes.
static void unescape(const char *text, size_t begin, size_t end, char *out, size_t size)
{
    size_t used = 0;
    for (size_t at = begin + 1; at + 1 < end && used + 4 < size; at++) {
        char c = text[at];
        if (c != '\\') {
            out[used++] = c;
            continue;
        }
        c = text[++at];
        if (c != 'u') {
            out[used++] = c == 'n'   ? '\n'
                          : c == 't' ? '\t'
                          : c == 'r' ? '\r'
                          : c == 'b' ? '\b'
                          : c == 'f' ? '\f'
                                     : c;
            continue;
        }
        int code = unit_of(text + at, text + end);
        at += 4;
        bool pair =
            code >= 0xd800 && code < 0xdc00 && at + 6 < end && text[at + 1] == '\\' && text[at + 2] == 'u';
        int low = pair ? unit_of(text + at + 2, text + end) : 0;
        if (low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            at += 6;
        }
        if (code < 0x80) {
            out[used++] = (char)code;
        } else if (code < 0x800) {
            out[used++] = (char)(0xc0 | code >> 6);
            out[used++] = (char)(0x80 | (code & 0x3f));
        } else {
            if (code < 0x10000) {
                out[used++] = (char)(0xe0 | code >> 12);
            } else {
                out[used++] = (char)(0xf0 | code >> 18);
                out[used++] = (char)(0x80 | (code >> 12 & 0x3f));
            }
            out[used++] = (char)(0x80 | (code >> 6 & 0x3f));
            out[used++] = (char)(0x80 | (code & 0x3f));
        }
    }
    out[used] = '\0';
}

bool para_document_node_text(const ParaDocument *d, int node, char *out, size_t size)
{
    *out = '\0';
    if (node < 0 || d->nodes[node].kind != PARA_NODE_TEXT)
        return false;
    unescape(d->text, d->nodes[node].begin, d->nodes[node].end, out, size);
    return true;
}

bool para_document_key_text(const ParaDocument *d, int node, char *out, size_t size)
{
    *out = '\0';
    if (node < 0 || d->nodes[node].key_begin == d->nodes[node].key_end)
        return false;
    unescape(d->text, d->nodes[node].key_begin, d->nodes[node].key_end, out, size);
    return true;
}

const char *para_document_step(const char *path, char *out, size_t size)
{
    size_t used = 0;
    if (*path++ != '/')
        return NULL;
    for (; *path && *path != '/'; path++) {
        char c = *path;
        if (c == '~') {
            c = *++path;
            if (c != '0' && c != '1')
                return NULL;
            c = c == '1' ? '/' : '~';
        }
        if (used + 1 >= size)
            return NULL;
        out[used++] = c;
    }
    out[used] = '\0';
    return path;
}

/// The child of a step. @return -1: there is none
static int child_of(const ParaDocument *d, int parent, const char *step)
{
    const ParaNode *node = &d->nodes[parent];
    char key[PARA_DOCUMENT_PATH_MAX], number[16];
    int index = 0;
    if (node->kind != PARA_NODE_OBJECT && node->kind != PARA_NODE_ARRAY)
        return -1;
    for (int k = node->child; k >= 0; k = d->nodes[k].next, index++) {
        snprintf(number, sizeof number, "%d", index);
        const char *name = number;
        if (node->kind == PARA_NODE_OBJECT && para_document_key_text(d, k, key, sizeof key))
            name = key;
        if (strcmp(name, step) == 0)
            return k;
    }
    return -1;
}

int para_document_node(const ParaDocument *d, const char *path)
{
    int node = d->node_count > 0 ? 0 : -1;
    char step[PARA_DOCUMENT_PATH_MAX];
    while (node >= 0 && *path) {
        path = para_document_step(path, step, sizeof step);
        if (!path)
            return -1;
        node = child_of(d, node, step);
    }
    return node;
}

bool para_document_find(const ParaDocument *d, const char *path, ParaDocumentValue *out)
{
    int node = para_document_node(d, path);
    *out = (ParaDocumentValue){PARA_NODE_NONE, 0, 0, 0};
    if (node < 0)
        return false;
    const ParaNode *n = &d->nodes[node];
    *out = (ParaDocumentValue){n->kind, n->begin, n->end, n->count};
    return true;
}

bool para_document_read(const ParaDocument *d, const char *path, char *out, size_t size)
{
    int node = para_document_node(d, path);
    *out = '\0';
    if (node < 0)
        return false;
    if (!para_document_node_text(d, node, out, size))
        snprintf(out, size, "%.*s", (int)(d->nodes[node].end - d->nodes[node].begin),
                 d->text + d->nodes[node].begin);
    return true;
}

bool para_document_number(const ParaDocument *d, const char *path, double *out)
{
    int node = para_document_node(d, path);
    if (node < 0 || d->nodes[node].kind != PARA_NODE_NUMBER)
        return false;
    *out = para_text_number(d->text + d->nodes[node].begin, NULL);
    return true;
}

bool para_document_key(const ParaDocument *d, const char *path, int index, char *out, size_t size)
{
    int node = para_document_node(d, path), child = node < 0 ? -1 : d->nodes[node].child;
    for (int k = 0; k < index && child >= 0; k++)
        child = d->nodes[child].next;
    if (index < 0 || child < 0)
        return false;
    if (!para_document_key_text(d, child, out, size))
        snprintf(out, size, "%d", index);
    return true;
}

static int index_of(const ParaDocument *d, int node)
{
    int index = 0;
    for (int k = d->nodes[d->nodes[node].parent].child; k != node; k = d->nodes[k].next)
        index++;
    return index;
}

bool para_document_node_path(const ParaDocument *d, int node, char *out, size_t size)
{
    char whole[PARA_DOCUMENT_PATH_MAX] = "", key[PARA_DOCUMENT_PATH_MAX], longer[2 * PARA_DOCUMENT_PATH_MAX];
    for (; node > 0; node = d->nodes[node].parent) {
        if (!para_document_key_text(d, node, key, sizeof key))
            snprintf(key, sizeof key, "%d", index_of(d, node));
        char token[2 * PARA_DOCUMENT_PATH_MAX];
        size_t used = 0;
        for (const char *c = key; *c; c++) {
            if (*c == '~' || *c == '/')
                token[used++] = '~';
            token[used++] = *c == '~' ? '0' : *c == '/' ? '1' : *c;
        }
        token[used] = '\0';
        if (strlen(token) + strlen(whole) + 2 > sizeof whole)
            return false;
        snprintf(longer, sizeof longer, "/%.250s%.250s", token, whole);
        memcpy(whole, longer, strlen(longer) + 1);
    }
    snprintf(out, size, "%s", whole);
    return strlen(whole) < size;
}

bool para_document_path_at(const ParaDocument *d, size_t offset, char *out, size_t size)
{
    int found = -1;
    for (int k = 0; k < d->node_count; k++) { // children stand behind their parents
        size_t begin = d->nodes[k].key_begin < d->nodes[k].begin ? d->nodes[k].key_begin : d->nodes[k].begin;
        if (offset >= begin && offset < d->nodes[k].end)
            found = k;
    }
    *out = '\0';
    return found >= 0 && para_document_node_path(d, found, out, size);
}
