// SPDX-License-Identifier: MIT
// Several things at once: taken away, copied, put together as a group.
#include "apps/author/author_parts.h"

#include <stdlib.h>
#include <string.h>

/// Places with the largest index first, so that taking one away leaves the others' places.
static int later_first(const void *left, const void *right)
{
    const char *l = left, *r = right;
    const char *li = strrchr(l, '/'), *ri = strrchr(r, '/');
    int order = strncmp(l, r, (size_t)(li - l) > (size_t)(ri - r) ? (size_t)(li - l) : (size_t)(ri - r));
    return order ? order : atoi(ri + 1) - atoi(li + 1);
}

/// Joints that hold a body of the selection go with it: they would hold nothing. @return how many
static int select_joints_of(ParaAuthor *a)
{
    const ParaAuthorModel *m = &a->model;
    int before = a->selected_count;
    bool known = m->level && !m->stale && m->version == para_document_version(a->document);
    for (int k = 0; known && k < m->level->world.joint_count; k++) {
        const ParaJointDef *def = &m->level->world.joints[k];
        if (strncmp(m->joints[k], "/joints", 7) == 0 && !para_author_is_selected(a, m->joints[k]) &&
            a->selected_count < PARA_AUTHOR_SELECTED_MAX &&
            (para_author_is_selected(a, m->bodies[def->a]) || para_author_is_selected(a, m->bodies[def->b])))
            memcpy(a->selected[a->selected_count++], m->joints[k], sizeof *a->selected);
    }
    return a->selected_count - before;
}

void para_author_delete(ParaAuthor *a)
{
    const char *error = "";
    if (a->selected_count == 0)
        return;
    int joints = select_joints_of(a);
    qsort(a->selected, (size_t)a->selected_count, sizeof *a->selected, later_first);
    para_document_begin(a->document, a->selected_count == 1 ? "delete" : "delete several");
    for (int k = 0; k < a->selected_count; k++)
        para_author_tell(a, para_document_remove(a->document, a->selected[k], &error), error);
    para_document_end(a->document);
    a->selected_count = 0;
    if (joints > 0)
        para_author_say(a, joints == 1 ? "with the joint that held it" : "with %d joints that held it",
                        joints);
}

// ---------------------------------------------------------------------------------------------
// Groups.

/// A name that no group has yet: the stem, else the stem with a number.
static void free_group(const ParaAuthor *a, const char *stem, char *out, size_t size)
{
    int length = (int)strlen(stem);
    while (length > 1 && stem[length - 1] >= '0' && stem[length - 1] <= '9')
        length--;
    snprintf(out, size, "%s", stem);
    for (int number = 2; para_author_is_group(a, out); number++)
        snprintf(out, size, "%.*s%d", length < 48 ? length : 48, stem, number);
}

static bool put_together(ParaAuthor *a, const char *path, const char *group, const char **out_error)
{
    char place[PARA_AUTHOR_PATH + 12], quoted[80];
    snprintf(place, sizeof place, "%s/together", path);
    return para_document_set(a->document, place, para_author_quoted(a, group, quoted, sizeof quoted),
                             out_error);
}

/// Joints between what is selected belong to it.
static void select_between(ParaAuthor *a)
{
    int room = PARA_AUTHOR_SELECTED_MAX - a->selected_count;
    a->selected_count += para_author_joints_between(a, a->selected + a->selected_count, room);
}

void para_author_group(ParaAuthor *a)
{
    char name[64];
    const char *error = "";
    if (a->selected_count < 2) {
        para_author_say(a, "a group is of two things or more: Shift and a click adds to what is selected");
        return;
    }
    select_between(a);
    free_group(a, "group", name, sizeof name);
    para_document_begin(a->document, "group");
    bool done = true;
    for (int k = 0; k < a->selected_count && done; k++)
        done = put_together(a, a->selected[k], name, &error);
    if (!done)
        para_document_take_back(a->document);
    para_document_end(a->document);
    if (para_author_tell(a, done, error))
        para_author_say(
            a,
            "%d things are together as %s; Alt and a click takes one of them by itself, Ctrl+Shift+G "
            "parts them",
            a->selected_count, name);
}

void para_author_part(ParaAuthor *a)
{
    char place[PARA_AUTHOR_PATH + 12];
    const char *error = "";
    ParaDocumentValue value;
    int parted = 0;
    para_document_begin(a->document, "part");
    for (int k = 0; k < a->selected_count; k++) {
        snprintf(place, sizeof place, "%s/together", a->selected[k]);
        if (para_document_find(a->document, place, &value))
            parted += para_author_tell(a, para_document_remove(a->document, place, &error), error);
    }
    para_document_end(a->document);
    if (parted > 0)
        para_author_say(a, "%d things are each for itself again", parted);
    else if (!*error)
        para_author_say(a, "nothing of what is selected is in a group");
}

// ---------------------------------------------------------------------------------------------
// Copies.

static int earlier_first(const void *left, const void *right) { return later_first(right, left); }

/// Writes one thing into the clipboard: its list, then its text. @return bytes it took
static size_t write_copy(const ParaAuthor *a, const char *path, char *out)
{
    const char *second = strchr(path + 1, '/');
    ParaDocumentValue value;
    if (!second || !para_document_find(a->document, path, &value))
        return 0;
    size_t list = (size_t)sprintf(out, "%.*s/-", (int)(second - path), path) + 1,
           size = value.end - value.begin;
    memcpy(out + list, para_document_text(a->document, NULL) + value.begin, size);
    out[list + size] = '\0';
    return list + size + 1;
}

void para_author_copy(ParaAuthor *a)
{
    ParaAuthorPath order[PARA_AUTHOR_SELECTED_MAX]; // as the text has them
    ParaDocumentValue value;
    size_t size = 1, used = 0;
    select_between(a);
    memcpy(order, a->selected, sizeof *order * (size_t)a->selected_count);
    qsort(order, (size_t)a->selected_count, sizeof *order, earlier_first);
    for (int k = 0; k < a->selected_count; k++)
        if (para_document_find(a->document, order[k], &value))
            size += value.end - value.begin + PARA_AUTHOR_PATH + 2;
    char *text = a->selected_count > 0 ? malloc(size) : NULL;
    if (!text)
        return;
    free(a->clipboard);
    a->clipboard = text;
    a->clipboard_count = a->pasted = 0;
    for (int k = 0; k < a->selected_count; k++) {
        size_t one = write_copy(a, order[k], text + used);
        used += one;
        a->clipboard_count += one > 0;
    }
    para_author_say(a, "copied; Ctrl+V puts it beside, each time a little further");
}

/// What things of one paste were called, and what their copies are called.
typedef struct Renamed {
    char old[64], now[64];
} Renamed;

typedef struct Paste {
    ParaAuthorPath places[PARA_AUTHOR_SELECTED_MAX]; ///< [count] of the copies
    Renamed names[PARA_AUTHOR_SELECTED_MAX], groups[PARA_AUTHOR_SELECTED_MAX];
    int count, name_count, group_count;
} Paste;

/// Its own name is taken, by itself if by nobody else.
static bool rename_copy(ParaAuthor *a, Paste *p, const char *path, const char **out_error)
{
    char place[PARA_AUTHOR_PATH + 8], quoted[80];
    for (int key = 0; key < 2; key++) {
        Renamed *r = &p->names[p->name_count];
        snprintf(place, sizeof place, "%s/%s", path, key ? "as" : "name");
        if (!para_document_read(a->document, place, r->old, sizeof r->old) || !*r->old)
            continue;
        para_document_free_name(a->document, r->old, r->now, sizeof r->now);
        if (!para_document_set(a->document, place, para_author_quoted(a, r->now, quoted, sizeof quoted),
                               out_error))
            return false;
        p->name_count++;
        return true;
    }
    return true;
}

/// Copies of what is together are together, apart from what they are copies of.
static bool regroup_copy(ParaAuthor *a, Paste *p, const char *path, const char **out_error)
{
    char place[PARA_AUTHOR_PATH + 12], old[64];
    int k = 0;
    snprintf(place, sizeof place, "%s/together", path);
    if (!para_document_read(a->document, place, old, sizeof old) || !*old)
        return true;
    while (k < p->group_count && strcmp(p->groups[k].old, old) != 0)
        k++;
    if (k == p->group_count) {
        snprintf(p->groups[k].old, sizeof p->groups[k].old, "%s", old);
        free_group(a, old, p->groups[k].now, sizeof p->groups[k].now);
        p->group_count++;
    }
    return put_together(a, path, p->groups[k].now, out_error);
}

/// The name of the copy of what a name means; of a part also with what follows it, as in car-wheel, and of a
/// repeated body as in link{i+1}. @return false: it means nothing that was copied
static bool name_now(const Paste *p, const char *name, char *out, size_t size)
{
    for (int k = 0; k < p->name_count; k++) {
        size_t length = strlen(p->names[k].old);
        if (strncmp(name, p->names[k].old, length) != 0 || !strchr("-{", name[length]))
            continue; // strchr finds the end of the name, too
        snprintf(out, size, "%s%s", p->names[k].now, name + length);
        return true;
    }
    return false;
}

/// Whom the copy of a joint holds: the copies.
static bool rejoin(ParaAuthor *a, const Paste *p, const char *joint, const char **out_error)
{
    char key[64], place[PARA_DOCUMENT_PATH_MAX], name[64], now[128], quoted[160];
    bool done = true;
    for (int k = 0; done && para_document_key(a->document, joint, k, key, sizeof key); k++) {
        ParaDocumentValue value;
        snprintf(place, sizeof place, "%s/%s", joint, key);
        para_document_find(a->document, place, &value);
        int count = value.kind == PARA_NODE_ARRAY ? value.count : 1;
        for (int i = 0; done && i < count && strcmp(key, "name") != 0; i++) {
            if (value.kind == PARA_NODE_ARRAY)
                snprintf(place, sizeof place, "%s/%s/%d", joint, key, i);
            ParaDocumentValue part;
            if (para_document_find(a->document, place, &part) && part.kind == PARA_NODE_TEXT &&
                para_document_read(a->document, place, name, sizeof name) &&
                name_now(p, name, now, sizeof now))
                done = para_document_set(a->document, place,
                                         para_author_quoted(a, now, quoted, sizeof quoted), out_error);
        }
    }
    return done;
}

/// Puts one thing of the clipboard into its list, a little aside.
static bool paste_one(ParaAuthor *a, Paste *p, const char *list, const char *json, const char **out_error)
{
    float step = 0.5f * (float)a->pasted;
    a->selected_count = 0;
    if (!para_document_insert(a->document, list, json, out_error))
        return false;
    para_author_select_last(a, list);
    if (a->selected_count == 0)
        return false;
    memcpy(p->places[p->count++], a->selected[0], sizeof *p->places);
    if (!rename_copy(a, p, a->selected[0], out_error) || !regroup_copy(a, p, a->selected[0], out_error))
        return false;
    para_author_start_drag(a);
    para_author_move(a, (ParaVec2){step, step});
    return true;
}

void para_author_paste(ParaAuthor *a)
{
    const char *at = a->clipboard, *error = "";
    Paste *p = at ? calloc(1, sizeof *p) : NULL;
    if (!p)
        return;
    bool done = true;
    a->pasted++;
    para_document_begin(a->document, "paste");
    for (int k = 0; k < a->clipboard_count && done; k++) {
        const char *list = at, *json = list + strlen(list) + 1;
        at = json + strlen(json) + 1;
        done = paste_one(a, p, list, json, &error);
    }
    for (int k = 0; k < p->count && done; k++)
        if (strncmp(p->places[k], "/joints", 7) == 0)
            done = rejoin(a, p, p->places[k], &error);
    if (!done)
        para_document_take_back(a->document);
    para_document_end(a->document);
    if (para_author_tell(a, done, error))
        memcpy(a->selected, p->places, sizeof *p->places * (size_t)p->count);
    a->selected_count = done ? p->count : 0;
    free(p);
}

void para_author_duplicate(ParaAuthor *a)
{
    para_author_copy(a);
    para_author_paste(a);
}
