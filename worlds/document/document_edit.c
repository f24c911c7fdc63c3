// SPDX-License-Identifier: MIT
// Edits by place: each works out the bytes to change and leaves the rest. What is put into a list looks like
// its neighbours: on a line of its own where they have one each.
#include "engine/base/text.h"
#include "worlds/document/document_parts.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Where an item begins, its key counted in.
static size_t item_begin(const ParaNode *node)
{
    return node->key_begin < node->key_end ? node->key_begin : node->begin;
}

static bool is_json(ParaDocument *d, const char *json, const char **out_error)
{
    struct cJSON *tree = para_json_parse_part(json, strlen(json) + 1, NULL, true);
    cJSON_Delete(tree);
    return tree || para_document_fail(d, out_error, "this is no JSON: %.100s", json);
}

/// Splits a place into what holds it and its last step. @return false: it is no place
static bool split(const char *path, char *parent, char *step)
{
    const char *slash = strrchr(path, '/');
    if (!slash || strlen(path) >= PARA_DOCUMENT_PATH_MAX)
        return false;
    snprintf(parent, PARA_DOCUMENT_PATH_MAX, "%.*s", (int)(slash - path), path);
    return para_document_step(slash, step, PARA_DOCUMENT_PATH_MAX) != NULL;
}

/// An index as a place says it: digits, the first of several no 0. @return -1: it is none
static int index_of(const char *step)
{
    size_t length = strlen(step);
    bool digits = length > 0 && length < 9 && strspn(step, "0123456789") == length;
    return digits && (*step != '0' || length == 1) ? atoi(step) : -1;
}

/// White space in front of an item: of a list with a line per item a line break and its indent.
static int gap_before(const ParaDocument *d, int parent, char *out, size_t size)
{
    int child = d->nodes[parent].child;
    if (child < 0)
        return snprintf(out, size, "%s", "");
    size_t end = item_begin(&d->nodes[child]), begin = end;
    while (begin > 0 && strchr(" \t\r\n", d->text[begin - 1]))
        begin--;
    bool broken = memchr(d->text + begin, '\n', end - begin) != NULL;
    return broken ? snprintf(out, size, "%.*s", (int)(end - begin), d->text + begin)
                  : snprintf(out, size, " ");
}

/// Puts text into an array or object before its child `before`; -1: behind the last.
static bool put_item(ParaDocument *d, int parent, int before, const char *item, const char **out_error)
{
    char gap[128];
    const ParaNode *list = &d->nodes[parent];
    gap_before(d, parent, gap, sizeof gap);
    size_t length = strlen(item) + 2 * sizeof gap;
    char *text = malloc(length);
    if (!text)
        return para_document_fail(d, out_error, "no memory for this edit");
    size_t at = list->begin + 1, removed = 0;
    if (list->child < 0) {
        // An empty list of things gets a line per thing; others stay as they are.
        bool table = list->kind == PARA_NODE_ARRAY && *item == '{' && list->parent == 0;
        removed = list->end - list->begin - 2;
        snprintf(text, length, table ? "\n    %s\n  " : "%s", item);
    } else if (before >= 0) {
        at = item_begin(&d->nodes[before]);
        snprintf(text, length, "%s,%s", item, gap);
    } else {
        int last = list->child;
        while (d->nodes[last].next >= 0)
            last = d->nodes[last].next;
        at = d->nodes[last].end;
        snprintf(text, length, ",%s%s", gap, item);
    }
    bool done = para_document_splice(d, at, removed, text, strlen(text), out_error);
    free(text);
    return done;
}

/// A key in front of a value, as JSON; for free().
static char *keyed(const char *key, const char *json)
{
    struct cJSON *name = cJSON_CreateString(key);
    char *printed = name ? para_json_print(name, false) : NULL, *item = NULL;
    cJSON_Delete(name);
    if (printed && (item = malloc(strlen(printed) + strlen(json) + 3)))
        snprintf(item, strlen(printed) + strlen(json) + 3, "%s: %s", printed, json);
    cJSON_free(printed);
    return item;
}

static bool readable(ParaDocument *d, const char **out_error)
{
    return d->node_count > 0 || para_document_fail(d, out_error, "mend the text first: %s", d->broken);
}

/// An edit outside of begin and end is a step of its own, called by its place.
static void begin_named(ParaDocument *d, const char *what, const char *path)
{
    char label[PARA_DOCUMENT_LABEL_MAX];
    snprintf(label, sizeof label, "%s %.50s", what, path);
    para_document_begin(d, label);
}

bool para_document_set(ParaDocument *d, const char *path, const char *json, const char **out_error)
{
    char parent[PARA_DOCUMENT_PATH_MAX], step[PARA_DOCUMENT_PATH_MAX];
    if (!readable(d, out_error) || !is_json(d, json, out_error))
        return false;
    int node = para_document_node(d, path), holder = -1;
    begin_named(d, "set", path);
    bool done = false;
    if (node >= 0) {
        size_t begin = d->nodes[node].begin;
        done = para_document_splice(d, begin, d->nodes[node].end - begin, json, strlen(json), out_error);
    } else if (!split(path, parent, step) || (holder = para_document_node(d, parent)) < 0 ||
               d->nodes[holder].kind != PARA_NODE_OBJECT) {
        para_document_fail(d, out_error, "there is no %s", path);
    } else {
        char *item = keyed(step, json);
        done = item ? put_item(d, holder, -1, item, out_error)
                    : para_document_fail(d, out_error, "no memory for this edit");
        free(item);
    }
    para_document_end(d);
    return done;
}

bool para_document_set_numbers(ParaDocument *d, const char *path, const double *values, int count,
                               const char **out_error)
{
    char x[PARA_NUMBER_SIZE], y[PARA_NUMBER_SIZE], json[2 * PARA_NUMBER_SIZE + 8];
    para_text_double(values[0], x);
    if (count == 1)
        snprintf(json, sizeof json, "%s", x);
    else
        snprintf(json, sizeof json, "[%s, %s]", x, para_text_double(values[1], y));
    return para_document_set(d, path, json, out_error);
}

/// The child at an index; -1: there is none, as behind the last.
static int child_at(const ParaDocument *d, int parent, int index)
{
    int child = d->nodes[parent].child;
    for (int k = 0; k < index && child >= 0; k++)
        child = d->nodes[child].next;
    return child;
}

bool para_document_insert(ParaDocument *d, const char *path, const char *json, const char **out_error)
{
    char parent[PARA_DOCUMENT_PATH_MAX], step[PARA_DOCUMENT_PATH_MAX] = "";
    if (!readable(d, out_error) || !is_json(d, json, out_error))
        return false;
    bool last = split(path, parent, step) && strcmp(step, "-") == 0;
    int index = last ? 0 : index_of(step), holder = index < 0 ? -1 : para_document_node(d, parent);
    if (index < 0 || (holder < 0 && index > 0))
        return para_document_fail(d, out_error, "%s is no place in a list", path);
    begin_named(d, "add to", parent);
    bool done = holder >= 0 || para_document_set(d, parent, "[]", out_error);
    holder = done ? para_document_node(d, parent) : -1;
    if (done && (d->nodes[holder].kind != PARA_NODE_ARRAY || index > d->nodes[holder].count))
        done = para_document_fail(d, out_error, "%s is no place in a list", path);
    done = done && put_item(d, holder, last ? -1 : child_at(d, holder, index), json, out_error);
    para_document_end(d);
    return done;
}

bool para_document_remove(ParaDocument *d, const char *path, const char **out_error)
{
    if (!readable(d, out_error))
        return false;
    int node = para_document_node(d, path);
    if (node <= 0)
        return para_document_fail(d, out_error, "there is no %s", *path ? path : "way to remove the whole");
    const ParaNode *n = &d->nodes[node], *list = &d->nodes[n->parent];
    size_t from = list->begin + 1, to = list->end - 1;
    if (n->next >= 0) {
        from = item_begin(n);
        to = item_begin(&d->nodes[n->next]);
    } else if (list->child != node) {
        int before = list->child;
        while (d->nodes[before].next != node)
            before = d->nodes[before].next;
        from = d->nodes[before].end;
        to = n->end;
    }
    begin_named(d, "remove", path);
    bool done = para_document_splice(d, from, to - from, "", 0, out_error);
    para_document_end(d);
    return done;
}

/// Text of the value at a place; for free().
static char *text_of(const ParaDocument *d, int node)
{
    size_t size = d->nodes[node].end - d->nodes[node].begin;
    char *text = malloc(size + 1);
    if (text) {
        memcpy(text, d->text + d->nodes[node].begin, size);
        text[size] = '\0';
    }
    return text;
}

bool para_document_move(ParaDocument *d, const char *path, int to, const char **out_error)
{
    char parent[PARA_DOCUMENT_PATH_MAX], step[PARA_DOCUMENT_PATH_MAX], target[PARA_DOCUMENT_PATH_MAX + 16];
    if (!readable(d, out_error))
        return false;
    int node = para_document_node(d, path);
    if (node <= 0 || !split(path, parent, step) || d->nodes[d->nodes[node].parent].kind != PARA_NODE_ARRAY ||
        to < 0 || to >= d->nodes[d->nodes[node].parent].count)
        return para_document_fail(d, out_error, "%s cannot go to place %d", path, to);
    char *text = text_of(d, node);
    if (!text)
        return para_document_fail(d, out_error, "no memory for this edit");
    snprintf(target, sizeof target, "%s/%d", parent, to);
    begin_named(d, "move", path);
    bool done = para_document_remove(d, path, out_error) && para_document_insert(d, target, text, out_error);
    para_document_end(d);
    free(text);
    return done;
}

bool para_document_duplicate(ParaDocument *d, const char *path, char *out_path, size_t size,
                             const char **out_error)
{
    char parent[PARA_DOCUMENT_PATH_MAX], step[PARA_DOCUMENT_PATH_MAX],
        old[64] = "", name[64], inner[PARA_DOCUMENT_PATH_MAX + 16], quoted[80];
    if (!readable(d, out_error))
        return false;
    int node = para_document_node(d, path);
    if (node <= 0 || !split(path, parent, step) || d->nodes[d->nodes[node].parent].kind != PARA_NODE_ARRAY)
        return para_document_fail(d, out_error, "%s stands in no list", path);
    char *text = text_of(d, node);
    if (!text)
        return para_document_fail(d, out_error, "no memory for this edit");
    snprintf(out_path, size, "%s/%d", parent, atoi(step) + 1);
    begin_named(d, "duplicate", path);
    bool done = para_document_insert(d, out_path, text, out_error);
    for (int k = 0; k < 2 && done; k++) {
        snprintf(inner, sizeof inner, "%s/%s", out_path, k ? "as" : "name");
        if (!para_document_read(d, inner, old, sizeof old) || !*old)
            continue;
        para_document_free_name(d, old, name, sizeof name);
        snprintf(quoted, sizeof quoted, "\"%s\"", name);
        done = para_document_set(d, inner, quoted, out_error);
    }
    para_document_end(d);
    free(text);
    return done;
}

static bool name_is_taken(const ParaDocument *d, const char *name)
{
    char key[64], text[80];
    for (int k = 1; k < d->node_count; k++)
        if (d->nodes[k].kind == PARA_NODE_TEXT && para_document_key_text(d, k, key, sizeof key) &&
            (strcmp(key, "name") == 0 || strcmp(key, "as") == 0) &&
            para_document_node_text(d, k, text, sizeof text) && strcmp(text, name) == 0)
            return true;
    return false;
}

void para_document_free_name(const ParaDocument *d, const char *stem, char *out, size_t size)
{
    size_t length = strlen(stem);
    char base[48];
    while (length > 1 && stem[length - 1] >= '0' && stem[length - 1] <= '9')
        length--;
    snprintf(base, sizeof base, "%.*s", (int)(length < sizeof base ? length : sizeof base - 1), stem);
    snprintf(out, size, "%s", stem);
    for (int number = 2; name_is_taken(d, out); number++)
        snprintf(out, size, "%s%d", base, number);
}
