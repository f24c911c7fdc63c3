// SPDX-License-Identifier: MIT
// The file of a document, and that nothing is lost: a draft in the person's store on every edit, offered at
// the next start; what changes outside appears at once, and where both sides changed both are kept.
#include "apps/author/author_parts.h"

#include "apps/store/store.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/platform.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_EACH  0.5 // [s] of shown time between looks at the file
#define DRAFT_EACH 2.0 // [s] between drafts while something is dragged
#define GONE_LOOKS 2   // in a row without the file, and it is gone

/// What the file has now. @return NULL: it is not there or cannot be read; for free()
static char *read_file(ParaAuthor *a, size_t *out_size, const char **out_error)
{
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)PARA_TEMPLATE_SIZE_MAX * 4);
    char *text = NULL;
    *out_error = "no memory";
    if (arena) {
        const char *error = "",
                   *read = para_file_read(a->path, PARA_TEMPLATE_SIZE_MAX, arena, out_size, &error);
        if (read && (text = malloc(*out_size + 1)))
            memcpy(text, read, *out_size + 1);
        else if (!read)
            *out_error = para_arena_strdup(a->arena, error);
        para_arena_destroy(arena);
    }
    return text;
}

/// Its path, unless it is too long to be kept whole.
static bool take_path(ParaAuthor *a, const char *path, const char **out_error)
{
    if (strlen(path) >= sizeof a->path) {
        *out_error = para_arena_printf(a->arena, "the path is longer than %d bytes", (int)sizeof a->path - 1);
        return false;
    }
    if (path != a->path)
        snprintf(a->path, sizeof a->path, "%s", path);
    return true;
}

static uint64_t hash_of(const ParaAuthor *a)
{
    size_t size;
    const char *text = para_document_text(a->document, &size);
    return para_hash(text, size, 0);
}

// ---------------------------------------------------------------------------------------------
// Drafts.

/// Takes the draft of the file for this process, and looks whether one was left.
static void open_draft(ParaAuthor *a)
{
    const char *holder = NULL, *error = "", *absolute = para_path_absolute(a->path, a->arena);
    const char *stem = strrchr(a->path, '/');
    uint64_t key = para_hash(absolute, strlen(absolute), 0);
    const char *name = para_arena_printf(a->arena, "drafts/%.60s-%08x.json", stem ? stem + 1 : a->path,
                                         (unsigned)(key & 0xffffffffu));
    const char *lock =
        para_store_path(PARA_STORE_DATA, para_arena_printf(a->arena, "%s.lock", name), a->arena, &error);
    if (!lock) {
        para_author_say(a, "no drafts are kept: %s", error);
        return;
    }
    a->lock = para_lock_take(lock, a->arena, &holder, &error);
    if (a->lock < 0) {
        para_author_say(
            a,
            holder ? "another editor has this file open: what is saved there appears here, and the other "
                     "way round; no draft is kept here"
                   : "no drafts are kept: %s",
            error);
        return;
    }
    a->draft = name;
    a->lock_path = lock;
    a->draft_version = para_document_version(a->document);
    const char *note = NULL;
    cJSON *json = para_store_read(PARA_STORE_DATA, name, a->arena, &note);
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "text"));
    size_t size;
    if (note)
        para_author_say(a, "%s", note);
    if (text && strcmp(text, para_document_text(a->document, &size)) != 0 &&
        (a->recovered = malloc(strlen(text) + 1)))
        memcpy(a->recovered, text, strlen(text) + 1);
    cJSON_Delete(json);
}

static void drop_draft(ParaAuthor *a)
{
    const char *error = "",
               *path = a->draft ? para_store_path(PARA_STORE_DATA, a->draft, a->arena, &error) : NULL;
    if (path && para_file_exists(path) && !para_file_remove(path))
        para_author_say(a, "the draft %s cannot be removed", path);
}

void para_author_journal(ParaAuthor *a)
{
    uint64_t version = para_document_version(a->document);
    bool busy = a->drag != PARA_DRAG_NONE || a->editor_active;
    if (!a->draft || a->recovered || version == a->draft_version ||
        (busy && a->shown - a->draft_time < DRAFT_EACH))
        return;
    a->draft_version = version;
    a->draft_time = a->shown;
    if (!para_document_dirty(a->document)) {
        drop_draft(a);
        return;
    }
    ParaArenaMark mark = para_arena_mark(a->arena);
    const char *error = "no memory";
    cJSON *json = cJSON_CreateObject();
    bool done = json && cJSON_AddStringToObject(json, "file", a->path) &&
                cJSON_AddStringToObject(json, "text", para_document_text(a->document, NULL)) &&
                para_store_write(PARA_STORE_DATA, a->draft, json, a->arena, &error);
    cJSON_Delete(json);
    if (!done)
        para_author_say(a, "the draft was not written: %s", error);
    para_arena_rewind(a->arena, mark);
}

// ---------------------------------------------------------------------------------------------
// Opening and saving.

/// The draft is nobody's now. The lock's file goes while it is still held: whoever waits for it looks again.
static void leave_draft(ParaAuthor *a)
{
    if (a->lock >= 0 && !para_file_remove(a->lock_path))
        para_author_say(a, "%s stays behind: it cannot be removed", a->lock_path);
    para_lock_release(a->lock);
    a->lock = -1;
    a->draft = NULL;
}

static bool begin(ParaAuthor *a, const char *path, const char *text, size_t size, const char **out_error)
{
    if (!take_path(a, path, out_error))
        return false;
    leave_draft(a);
    para_document_destroy(a->document);
    a->document = para_document_create(text, size);
    if (!a->document) {
        *out_error = size > PARA_TEMPLATE_SIZE_MAX ? "the file is too large" : "no memory";
        return false;
    }
    a->file_hash = para_hash(text, size, 0);
    a->selected_count = 0;
    a->model.version = a->model.members_version = 0;
    a->editor_version = 0;
    a->framed = false;
    a->gallery = false;
    open_draft(a);
    return true;
}

bool para_author_open(ParaAuthor *a, const char *path, const char **out_error)
{
    size_t size;
    if (!take_path(a, path, out_error))
        return false;
    char *text = read_file(a, &size, out_error);
    a->exists = true;
    bool whole = text && strlen(text) == size;
    if (text && !whole)
        *out_error = "it holds a zero byte: it is no text";
    bool done = whole && begin(a, a->path, text, size, out_error);
    free(text);
    return done;
}

bool para_author_new(ParaAuthor *a, const char *path, const char *text, const char **out_error)
{
    a->exists = false;
    if (!begin(a, path, text, strlen(text), out_error))
        return false;
    a->file_hash = 0;
    return true;
}

/// Has somebody else written the file since we saw it last? Then the person is asked before anything is
/// written.
static bool has_changed(ParaAuthor *a)
{
    size_t size;
    const char *error;
    if (a->outside || para_path_kind(a->path) == PARA_PATH_NONE)
        return a->outside != NULL;
    char *text = read_file(a, &size, &error);
    uint64_t hash = text ? para_hash(text, size, 0) : a->file_hash; // why it cannot be read, writing will say
    if (hash == a->file_hash || hash == hash_of(a)) {
        free(text);
        return false;
    }
    if (strlen(text) != size) {
        para_author_say(a, "not saved: %s was changed outside, and is no text now", a->path);
        free(text);
        return true;
    }
    a->exists = true;
    a->file_hash = hash;
    a->outside = text;
    return true;
}

bool para_author_save(ParaAuthor *a)
{
    size_t size;
    const char *text = para_document_text(a->document, &size), *error = "";
    if (has_changed(a))
        return false;
    ParaArenaMark mark = para_arena_mark(a->arena);
    bool done = para_file_write(a->path, text, size, a->arena, &error);
    if (done) {
        para_document_saved(a->document);
        a->file_hash = hash_of(a);
        a->exists = true;
        drop_draft(a);
        a->draft_version = para_document_version(a->document);
        para_author_say(a, "saved %s", a->path);
    } else {
        para_author_say(a, "not saved: %s", error);
    }
    para_arena_rewind(a->arena, mark);
    return done;
}

/// Beside the file, under a name that is free: what the other side has.
static void keep_theirs(ParaAuthor *a)
{
    ParaArenaMark mark = para_arena_mark(a->arena);
    const char *error = "", *path = NULL;
    int length = (int)strlen(a->path) -
                 (strlen(a->path) > 5 && strcmp(a->path + strlen(a->path) - 5, ".json") == 0 ? 5 : 0);
    for (int k = 1; k < 1000; k++) {
        path = para_arena_printf(a->arena, "%.*s-outside%d.json", length, a->path, k);
        if (!para_file_exists(path))
            break;
    }
    if (para_file_write(path, a->outside, strlen(a->outside), a->arena, &error))
        para_author_say(a, "yours goes on; theirs is kept as %s", path);
    else
        para_author_say(a, "theirs could not be kept: %s", error);
    para_arena_rewind(a->arena, mark);
}

void para_author_watch(ParaAuthor *a)
{
    size_t size;
    const char *error;
    if (a->outside || a->shown < a->next_look || a->drag != PARA_DRAG_NONE)
        return;
    a->next_look = a->shown + LOOK_EACH;
    if (para_path_kind(a->path) == PARA_PATH_NONE) {
        if (a->exists && ++a->gone == GONE_LOOKS) { // for one look it may be, as editors replace it
            a->exists = false;
            a->file_hash = 0;
            para_document_lost(a->document);
            a->draft_version = UINT64_MAX;
            para_author_say(a, "the file is gone: Ctrl+S writes it again");
        }
        return;
    }
    a->gone = 0;
    a->exists = true;
    char *text = read_file(a, &size, &error);
    uint64_t hash = text ? para_hash(text, size, 0) : a->file_hash;
    if (hash == a->file_hash || strlen(text) != size) {
        free(text);
        return;
    }
    a->file_hash = hash;
    if (hash == hash_of(a)) {
        para_document_saved(a->document);
        free(text);
    } else if (para_document_dirty(a->document)) {
        a->outside = text; // both have changed: the person says
    } else {
        para_document_begin(a->document, "change outside");
        para_author_tell(a, para_document_set_text(a->document, text, size, &error), error);
        para_document_end(a->document);
        para_document_saved(a->document);
        para_author_say(a, "the file changed outside: this is what it has now");
        free(text);
    }
}

// ---------------------------------------------------------------------------------------------
// Questions.

static void ask_recovery(ParaAuthor *a)
{
    const char *error = "";
    if (!para_gui_box("Unsaved work", 460 * a->scale, 190 * a->scale))
        return;
    para_gui_text("The program ended before this file was saved. What you had then was kept as a draft.");
    para_gui_gap(6 * a->scale);
    bool go_on = para_gui_button("Go on with the draft"), leave = false;
    para_gui_tip("Undo takes you back to what the file has.");
    para_gui_same_line();
    leave = para_gui_button("Leave it, open the file");
    para_gui_tip("The draft is removed at the next save.");
    if (go_on) {
        para_document_begin(a->document, "recover the draft");
        bool done = para_document_set_text(a->document, a->recovered, strlen(a->recovered), &error);
        para_document_end(a->document);
        if (done)
            para_author_say(a, "this is the draft; save it to keep it");
        else
            para_author_say(a, "the draft stays where it is: %s", error);
        go_on = done;
        if (!done)
            a->draft = NULL; // nothing is written over it
        leave |= !done;
    }
    if (go_on || leave) {
        free(a->recovered);
        a->recovered = NULL;
    }
    para_gui_box_end();
}

static void ask_outside(ParaAuthor *a)
{
    const char *error = "";
    if (!para_gui_box("Changed in two places", 520 * a->scale, 210 * a->scale))
        return;
    para_gui_text("The file changed outside while there is unsaved work here.");
    para_gui_gap(6 * a->scale);
    bool theirs = para_gui_button("Show theirs"), mine = false;
    para_gui_tip("Yours is one undo away.");
    para_gui_same_line();
    mine = para_gui_button("Go on with mine, keep both");
    para_gui_tip("Theirs is written beside the file under another name; saving writes yours.");
    if (theirs) {
        para_document_begin(a->document, "change outside");
        para_author_tell(a, para_document_set_text(a->document, a->outside, strlen(a->outside), &error),
                         error);
        para_document_end(a->document);
        para_author_say(a, "this is theirs; Ctrl+Z brings yours back");
    }
    if (mine)
        keep_theirs(a);
    if (theirs || mine) {
        free(a->outside);
        a->outside = NULL;
    }
    para_gui_box_end();
}

static void ask_quit(ParaAuthor *a)
{
    if (!para_gui_box("Not saved", 460 * a->scale, 170 * a->scale))
        return;
    para_gui_text("There is work that the file does not have yet.");
    para_gui_gap(6 * a->scale);
    if (para_gui_button("Save and quit") && para_author_save(a))
        a->quit = true;
    para_gui_same_line();
    if (para_gui_button(a->draft ? "Quit, keep the draft" : "Quit without it"))
        a->quit = true;
    para_gui_same_line();
    if (para_gui_button("Stay"))
        a->asks_quit = a->closed = false;
    para_gui_box_end();
}

void para_author_boxes(ParaAuthor *a)
{
    if (a->recovered)
        ask_recovery(a);
    else if (a->outside)
        ask_outside(a);
    else if (a->asks_quit)
        ask_quit(a);
}

void para_author_close(ParaAuthor *a)
{
    if (a->document) {
        a->drag = PARA_DRAG_NONE;
        a->editor_active = false;
        para_author_journal(a);
    }
    leave_draft(a);
    para_document_destroy(a->document);
    free(a->recovered);
    free(a->outside);
    free(a->clipboard);
    free(a->editor);
}
