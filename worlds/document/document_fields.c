// SPDX-License-Identifier: MIT
// The table of fields seen from a document: what kind each object of the text is, what may stand in it, and
// which texts are names of other things, so that a rename finds them all.
#include "worlds/document/document_fields.h"

#include "engine/base/text.h"
#include "worlds/document/document_parts.h"
#include "worlds/expr/expr.h"
#include "worlds/format/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const ParaField *row_of(ParaObjectKind kind, const char *key)
{
    int count;
    const ParaField *rows = para_fields(kind, &count);
    for (int k = 0; k < count; k++)
        if (strcmp(rows[k].name, key) == 0)
            return &rows[k];
    return NULL;
}

/// What a node is to the format: the kind of an object, or the field whose value it is or is a part of.
typedef struct Sense {
    int kind;             ///< ParaObjectKind of an object; -1: none
    const ParaField *row; ///< whose value it is; NULL: the whole
    bool deeper;          ///< it is a part of the value of `row`
} Sense;

static Sense sense_of(const ParaDocument *d, int node)
{
    if (node <= 0)
        return (Sense){node == 0 ? PARA_KIND_TEMPLATE : -1, NULL, false};
    const ParaNode *n = &d->nodes[node];
    Sense parent = sense_of(d, n->parent), sense = {-1, parent.row, true};
    char key[64];
    bool object = n->kind == PARA_NODE_OBJECT;
    if (parent.kind >= 0) {
        sense.row = para_document_key_text(d, node, key, sizeof key)
                        ? row_of((ParaObjectKind)parent.kind, key)
                        : NULL;
        sense.deeper = false;
        if (object && sense.row &&
            (sense.row->type == PARA_TYPE_OBJECT || sense.row->type == PARA_TYPE_CHAIN))
            sense.kind = sense.row->of;
    } else if (object && parent.row && !parent.deeper &&
               (parent.row->type == PARA_TYPE_LIST || parent.row->type == PARA_TYPE_PARAMS ||
                parent.row->type == PARA_TYPE_PARTS)) {
        sense.kind = parent.row->of;
    }
    return sense;
}

const char *para_document_kind(const ParaDocument *d, const char *path)
{
    int kind = sense_of(d, para_document_node(d, path)).kind;
    return kind < 0 ? "" : para_kind_name((ParaObjectKind)kind);
}

const char *para_document_kind_about(const ParaDocument *d, const char *path)
{
    int kind = sense_of(d, para_document_node(d, path)).kind;
    return kind < 0 ? "" : para_kind_about((ParaObjectKind)kind);
}

// ---------------------------------------------------------------------------------------------
// Fields of an object.

static ParaAskKind edit_kind(const ParaField *row)
{
    switch (row->type) {
    case PARA_TYPE_NUMBER:
        return PARA_ASK_NUMBER;
    case PARA_TYPE_PAIR:
        return PARA_ASK_PAIR;
    case PARA_TYPE_BOOL:
        return PARA_ASK_BOOL;
    case PARA_TYPE_TEXT:
        return PARA_ASK_TEXT;
    case PARA_TYPE_NAME:
        return PARA_ASK_NAME;
    case PARA_TYPE_ROLE:
    case PARA_TYPE_WORD:
        return PARA_ASK_WORD;
    case PARA_TYPE_REF:
        return PARA_ASK_REF;
    case PARA_TYPE_OBJECT:
        return PARA_ASK_OBJECT;
    case PARA_TYPE_LIST:
    case PARA_TYPE_PARAMS:
        return PARA_ASK_LIST;
    default:
        return PARA_ASK_OTHER;
    }
}

static const char *const *role_words(int *out_count)
{
    static const char *words[PARA_ROLE_COUNT];
    int count = 0;
    for (int role = 0; role < PARA_ROLE_COUNT; role++)
        if (para_role_word((ParaRole)role))
            words[count++] = para_role_word((ParaRole)role);
    *out_count = count;
    return words;
}

static void default_of(const ParaField *row, const ParaBound *bound, char *out, size_t size)
{
    const void *at = (const char *)bound + row->offset;
    float f[2] = {0};
    char x[PARA_NUMBER_SIZE], y[PARA_NUMBER_SIZE];
    *out = '\0';
    switch (row->store) {
    case PARA_STORE_F32:
        memcpy(f, at, sizeof *f);
        snprintf(out, size, "%s", para_text_float(f[0], x));
        break;
    case PARA_STORE_VEC2:
        memcpy(f, at, sizeof f);
        snprintf(out, size, "[%s, %s]", para_text_float(f[0], x), para_text_float(f[1], y));
        break;
    case PARA_STORE_I32: {
        int32_t i;
        memcpy(&i, at, sizeof i);
        snprintf(out, size, "%d", (int)i);
        break;
    }
    case PARA_STORE_U32: {
        uint32_t u;
        memcpy(&u, at, sizeof u);
        snprintf(out, size, "%u", (unsigned)u);
        break;
    }
    case PARA_STORE_BOOL:
        snprintf(out, size, "%s", *(const bool *)at ? "true" : "false");
        break;
    case PARA_STORE_NONE:
    case PARA_STORE_CHANGING:
    case PARA_STORE_CHANGING2:
        break;
    }
    if (strstr(out, "nan") || strstr(out, "inf") || (row->flags & (PARA_FLAG_INHERITED | PARA_FLAG_HEAD)))
        *out = '\0';
}

static ParaDocumentField describe(const ParaField *row, const ParaBound *bound)
{
    ParaDocumentField f = {.name = row->name,
                           .unit = row->unit,
                           .help = row->help,
                           .kind = edit_kind(row),
                           .low = row->low,
                           .high = row->high,
                           .whole = row->flags & PARA_FLAG_WHOLE,
                           .plain = row->flags & PARA_FLAG_FIXED,
                           .required = row->flags & PARA_FLAG_REQUIRED,
                           .head = row->flags & PARA_FLAG_HEAD,
                           .spaces = row->type == PARA_TYPE_REF ? row->of : 0};
    if (row->type == PARA_TYPE_WORD)
        f.words = para_field_words(row->of, &f.word_count);
    else if (row->type == PARA_TYPE_ROLE)
        f.words = role_words(&f.word_count);
    default_of(row, bound, f.otherwise, sizeof f.otherwise);
    if (row->type == PARA_TYPE_WORD) {
        int word = atoi(f.otherwise);
        snprintf(f.otherwise, sizeof f.otherwise, "%s",
                 word >= 0 && word < f.word_count && f.words[word] ? f.words[word] : "");
    }
    return f;
}

static const ParaField *head_of(const ParaDocument *d, int node, ParaObjectKind kind)
{
    char key[64];
    for (int k = d->nodes[node].child; k >= 0; k = d->nodes[k].next) {
        const ParaField *row = para_document_key_text(d, k, key, sizeof key) ? row_of(kind, key) : NULL;
        if (row && row->flags & PARA_FLAG_HEAD)
            return row;
    }
    return NULL;
}

static bool has_key(const ParaDocument *d, int node, const char *name)
{
    char key[64];
    for (int k = d->nodes[node].child; k >= 0; k = d->nodes[k].next)
        if (para_document_key_text(d, k, key, sizeof key) && strcmp(key, name) == 0)
            return true;
    return false;
}

int para_document_fields(const ParaDocument *d, const char *path, ParaDocumentField *out)
{
    int node = para_document_node(d, path), kind = sense_of(d, node).kind, count = 0, found = 0;
    if (kind < 0)
        return 0;
    ParaBound bound;
    memset(&bound, 0, sizeof bound);
    para_bound_default((ParaObjectKind)kind, &bound);
    const ParaField *rows = para_fields((ParaObjectKind)kind, &count);
    const ParaField *head = head_of(d, node, (ParaObjectKind)kind);
    for (int k = 0; k < count && found < PARA_DOCUMENT_FIELDS_MAX; k++) {
        bool given = has_key(d, node, rows[k].name);
        if (!given && head && (rows[k].flags & PARA_FLAG_HEAD || !para_field_goes_with(&rows[k], head)))
            continue;
        ParaField row = head ? para_field_with(&rows[k], head) : rows[k];
        out[found] = describe(&row, &bound);
        out[found++].given = given;
    }
    return found;
}

/// The space that a thing's name is in: 1 bodies, 2 joints, 4 zones; 0: it has no name others use.
static int space_of(const Sense *sense)
{
    return sense->kind == PARA_KIND_BODY    ? PARA_SPACE_BODY
           : sense->kind == PARA_KIND_JOINT ? PARA_SPACE_JOINT
           : sense->kind == PARA_KIND_ZONE  ? PARA_SPACE_ZONE
                                            : 0;
}

int para_document_names(const ParaDocument *d, int spaces, char (*out)[64], int max)
{
    int found = 0;
    char key[64];
    for (int k = 1; k < d->node_count && found < max; k++) {
        if (d->nodes[k].kind != PARA_NODE_TEXT || !para_document_key_text(d, k, key, sizeof key) ||
            strcmp(key, "name") != 0)
            continue;
        Sense sense = sense_of(d, d->nodes[k].parent);
        if (space_of(&sense) & spaces)
            found += para_document_node_text(d, k, out[found], sizeof *out);
    }
    return found;
}

// ---------------------------------------------------------------------------------------------
// Renaming.

typedef struct Rename {
    const char *old, *name;
    int spaces;    ///< [bits] that the name is in; 0: of an include or group, a beginning of names
    bool repeated; ///< its copies are name1, name2, ..
} Rename;

/// The spaces a text in the value of a row may name; 0: none.
static int names_in(const ParaField *row)
{
    if (!row)
        return 0;
    switch (row->type) {
    case PARA_TYPE_REF:
        return row->of ? row->of : 7;
    case PARA_TYPE_REFS:
        return (int)row->low | (int)row->high;
    case PARA_TYPE_REFS_NUMBER:
    case PARA_TYPE_PLACE:
        return PARA_SPACE_BODY_ZONE;
    default:
        return 0;
    }
}

/// "crate", "crate2" and "crate{i + 1}" where it is repeated; of an include "car-wheel".
/// @return [byte] of the old name that the text begins with; 0: it means something else
static size_t means(const Rename *r, const char *text)
{
    size_t length = strlen(r->old);
    if (strncmp(text, r->old, length) != 0)
        return 0;
    const char *rest = text + length;
    if (r->repeated)
        rest += *rest == '{' ? strcspn(rest, "}") + 1 : strspn(rest, "0123456789");
    return (r->spaces ? *rest == '\0' : *rest == '-') ? length : 0;
}

static bool is_alphabetic(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_letter(char c) { return is_alphabetic(c) || (c >= '0' && c <= '9') || c == '_'; }

/// Replaces the name where it stands as what a question of an expression is about: x(crate), inside(a, end).
/// @return how often; the text in out
static int rename_asked(const Rename *r, const char *text, char *out, size_t size)
{
    char word[32] = "";
    int depth = 0, changed = 0, asks[32] = {0};
    size_t used = 0;
    for (const char *at = text; *at && used + 80 < size;) {
        if (is_letter(*at)) {
            size_t length = 0;
            while (is_letter(at[length]) || (depth > 0 && asks[depth < 32 ? depth : 31] && at[length] == '-'))
                length++;
            char token[80];
            snprintf(token, sizeof token, "%.*s", (int)(length < 79 ? length : 79), at);
            size_t old = depth > 0 && asks[depth < 32 ? depth : 31] ? means(r, token) : 0;
            used += (size_t)snprintf(out + used, size - used, "%s%s", old ? r->name : "", token + old);
            changed += old > 0;
            snprintf(word, sizeof word, "%.31s", token);
            at += length;
            continue;
        }
        if (*at == '(' && ++depth < 32)
            asks[depth] = para_expr_find_sense(word) >= 0;
        if (*at == ')' && depth > 0)
            depth--;
        if (*at != ' ')
            *word = '\0';
        out[used++] = *at++;
    }
    out[used] = '\0';
    return changed;
}

/// The text that a node gets, if it speaks of the thing.
static bool renamed(const ParaDocument *d, int node, const Rename *r, char *out, size_t size)
{
    char text[512], key[64] = "";
    if (d->nodes[node].kind != PARA_NODE_TEXT || !para_document_node_text(d, node, text, sizeof text))
        return false;
    Sense sense = sense_of(d, node);
    int spaces = names_in(sense.row);
    if (spaces) {
        size_t old = (r->spaces ? spaces & r->spaces : 1) ? means(r, text) : 0;
        if (old)
            snprintf(out, size, "%s%s", r->name, text + old);
        if (old)
            return true;
    }
    para_document_key_text(d, node, key, sizeof key);
    Sense holder = sense_of(d, d->nodes[node].parent);
    if (!r->spaces && holder.kind == PARA_KIND_PLAYER && strcmp(key, "part") == 0 &&
        strcmp(text, r->old) == 0) {
        snprintf(out, size, "%s", r->name);
        return true;
    }
    bool words = sense.row && (sense.row->type == PARA_TYPE_TEXT || sense.row->type == PARA_TYPE_NAME);
    return sense.row && !words && strlen(text) < 400 && rename_asked(r, text, out, size) > 0;
}

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length < 60 && is_alphabetic(*name) &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == length;
}

static bool is_taken(const ParaDocument *d, const char *name)
{
    char free_name[64];
    para_document_free_name(d, name, free_name, sizeof free_name);
    return strcmp(free_name, name) != 0;
}

bool para_document_rename(ParaDocument *d, const char *path, const char *name, const char **out_error)
{
    char old[64], place[PARA_DOCUMENT_PATH_MAX], text[600], label[PARA_DOCUMENT_LABEL_MAX];
    int node = para_document_node(d, path);
    Sense sense = sense_of(d, node);
    bool part = sense.kind == PARA_KIND_INCLUDE || sense.kind == PARA_KIND_GROUP;
    if (node < 0 || (!part && !space_of(&sense)))
        return para_document_fail(d, out_error, "%s has no name", path);
    if (!is_name(name))
        return para_document_fail(d, out_error,
                                  "\"%.40s\" is no name: letters, digits, - and _, a letter first", name);
    snprintf(place, sizeof place, "%.200s/%s", path, part ? "as" : "name");
    bool had = para_document_read(d, place, old, sizeof old) && *old;
    if (had && strcmp(old, name) == 0)
        return true;
    if (is_taken(d, name))
        return para_document_fail(d, out_error, "something is called %s already", name);
    Rename r = {old, name, space_of(&sense), has_key(d, node, "repeat")};
    snprintf(label, sizeof label, "rename to %.40s", name);
    para_document_begin(d, label);
    snprintf(text, sizeof text, "\"%s\"", name);
    bool done = para_document_set(d, place, text, out_error);
    char *new_text = had ? malloc(2400) : NULL;
    for (int k = 0; done && had && new_text && k < d->node_count;
         k++) { // edits keep the nodes' order and count
        char now[600];
        if (!renamed(d, k, &r, now, sizeof now))
            continue;
        size_t used = 0; // what had escapes gets them back
        new_text[used++] = '"';
        for (const char *c = now; *c; c++)
            if (*c == '"' || *c == '\\')
                used += (size_t)snprintf(new_text + used, 3, "\\%c", *c);
            else
                new_text[used++] = *c;
        new_text[used++] = '"';
        done = para_document_splice(d, d->nodes[k].begin, d->nodes[k].end - d->nodes[k].begin, new_text, used,
                                    out_error);
    }
    if (had && !new_text)
        done = para_document_fail(d, out_error, "no memory for this edit");
    free(new_text);
    if (!done)
        para_document_take_back(d);
    para_document_end(d);
    return done;
}
