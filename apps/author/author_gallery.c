// SPDX-License-Identifier: MIT
// Where a level begins: a starter of each ability, or an empty one; the guide to a first level, whose steps
// notice by themselves that they are done; and the list of keys.
#include "apps/author/author_parts.h"

#include "engine/base/file.h"

#include <string.h>

const char *para_author_empty(ParaArena *arena, const char *name)
{
    return para_arena_printf(arena,
                             "{\n"
                             "  \"paracosm\": 1,\n"
                             "  \"name\": \"%s\",\n"
                             "  \"about\": \"What to do in it, in one sentence.\",\n"
                             "  \"world\": {\"size\": [24, 12], \"seconds\": 30},\n"
                             "  \"bodies\": []\n"
                             "}\n",
                             name);
}

static bool is_name(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z')) &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == length;
}

/// @param kind a starter; NULL: an empty level
static void begin(ParaAuthor *a, const char *kind)
{
    const char *error = "", *path = para_arena_printf(a->arena, "%s%s.json", a->folder, a->gallery_name);
    if (!is_name(a->gallery_name)) {
        para_author_say(a, "a name has letters, digits, - and _, and begins with a letter");
        return;
    }
    if (para_file_exists(path)) {
        para_author_say(a, "%s is there already; give another name, or open it: paracosm author %s", path,
                        path);
        return;
    }
    if (a->document && para_document_dirty(a->document) && a->draft) {
        a->drag = PARA_DRAG_NONE;
        para_author_journal(a); // what was open is found again by its draft
    }
    const char *text = kind ? para_template_starter(kind, a->gallery_name, a->arena)
                            : para_author_empty(a->arena, a->gallery_name);
    para_author_try_end(a);
    para_author_tell(a, para_author_new(a, path, text, &error), error);
    a->guide = !kind;
    a->page = kind ? PARA_PAGE_PARAMS : PARA_PAGE_THING;
}

void para_author_gallery(ParaAuthor *a)
{
    int count;
    const char *const *kinds = para_template_starters(&count);
    float s = a->scale;
    if (!para_gui_box("A new level", 620 * s, 520 * s))
        return;
    para_gui_text("Its name:");
    para_gui_same_line();
    para_gui_wide(260 * s);
    para_gui_field("##name", a->gallery_name, sizeof a->gallery_name, "my-level");
    para_gui_tip(*a->folder ? "Ctrl+S then writes it among your own levels."
                            : "Ctrl+S then writes NAME.json in the folder the program was started in.");
    para_gui_gap(4 * s);
    if (para_gui_button("An empty level, with the guide"))
        begin(a, NULL);
    para_gui_same_line();
    if (para_gui_button("Close")) {
        a->gallery = !a->document;
        a->quit |= a->visit && !a->document;
    }
    para_gui_line();
    para_gui_text("Or begin with one of these, and change what you like:");
    para_gui_child("kinds", 0, -para_gui_row());
    for (int k = 0; k < count && a->gallery; k++) {
        ParaArenaMark mark = para_arena_mark(a->arena);
        const char *about = para_template_starter_about(kinds[k], a->arena);
        para_gui_push(kinds[k]);
        bool chosen = para_gui_button(kinds[k]);
        para_gui_same_line();
        para_gui_faint(para_template_starter_ability(kinds[k]));
        para_gui_text(about);
        para_gui_pop();
        para_arena_rewind(a->arena, mark);
        if (chosen)
            begin(a, kinds[k]);
    }
    para_gui_child_end();
    if (a->message_seconds > 0.0f)
        para_gui_faint(a->message);
    para_gui_box_end();
}

// ---------------------------------------------------------------------------------------------
// The guide.

/// Whether a body of the text has something, or has not.
static bool any_body(const ParaAuthor *a, const char *key, bool wanted)
{
    ParaDocumentValue value;
    char path[64];
    for (int k = 0;; k++) {
        snprintf(path, sizeof path, "/bodies/%d", k);
        if (!para_document_find(a->document, path, &value))
            return false;
        snprintf(path, sizeof path, "/bodies/%d/%s", k, key);
        if (para_document_find(a->document, path, &value) == wanted)
            return true;
    }
}

static bool has(const ParaAuthor *a, const char *path)
{
    ParaDocumentValue value;
    return para_document_find(a->document, path, &value) && value.count > 0;
}

void para_author_guide(ParaAuthor *a)
{
    const struct {
        bool done;
        const char *words;
    } steps[] = {
        {any_body(a, "static", true), "Press 3 and draw a long, flat box near the bottom: the ground."},
        {has(a, "/player"), "Press B and click on the ground at the left: the buggy. It is the player now."},
        {any_body(a, "static", false), "Press 1 and click above the ground in the middle: a crate."},
        {has(a, "/zones"), "Press 6 and click on the ground further right: a plate to push it to."},
        {has(a, "/goal"), "On the page Level choose crate and plate, and make it the goal."},
        {!para_document_dirty(a->document) && a->exists, "Ctrl+S saves."},
        {a->was_played, "F5 plays; F5 again comes back."},
    };
    int count = (int)(sizeof steps / sizeof *steps), at = 0;
    float s = a->scale, width = 300 * s;
    while (at < count && steps[at].done)
        at++;
    if (width > a->canvas.width - 16 * s)
        width = a->canvas.width - 16 * s;
    para_gui_panel("Your first level", a->canvas.x + 8 * s, a->canvas.y + 8 * s, width, 106 * s, false);
    char line[64];
    if (at == count) {
        para_gui_text("That is a level: yours. Give it ranges on the page Family, and it is a family.");
        if (para_gui_small("Close the guide"))
            a->guide = false;
    } else {
        snprintf(line, sizeof line, "step %d of %d", at + 1, count);
        para_gui_faint(line);
        para_gui_text(steps[at].words);
    }
    para_gui_panel_end();
}

// ---------------------------------------------------------------------------------------------
// Help.

static const struct {
    const char *keys, *words;
} helps[] = {{"V, 1 to 9, J, B, K", "the tools at the left; Esc goes back to Select"},
             {"click, drag", "selects, moves; with Shift one more, with Alt one of a group by itself"},
             {"round, square handle", "turns, resizes; Alt turns freely where Snap is on"},
             {"arrows", "move by 0.1 m, with Shift by 1 m"},
             {"Delete", "takes away, with the joints that held it"},
             {"Ctrl+A", "selects everything"},
             {"Ctrl+C, X, V, D", "copy, cut, paste, duplicate"},
             {"Ctrl+G, Ctrl+Shift+G", "puts together what is selected; parts it again"},
             {"Ctrl+Z, Ctrl+Y", "undo, redo; Ctrl+Shift+Z, too"},
             {"Ctrl+S", "saves"},
             {"Ctrl+1 to 6", "the pages at the right"},
             {"F", "the whole level comes into view"},
             {"wheel, right button", "nearer, and to the side"},
             {"Enter", "ends a polygon or terrain, as a double click does"},
             {"F5", "plays from here, and comes back; R: again"},
             {"F6", "nine members of the family"},
             {"F1", "this list"}};

void para_author_help(ParaAuthor *a)
{
    float s = a->scale;
    if (!para_gui_box("Keys and mouse", 600 * s, 500 * s))
        return;
    if (para_gui_button("Close (F1)"))
        a->help = false;
    para_gui_same_line();
    if (para_gui_button("Show the guide to a first level")) {
        a->guide = true;
        a->help = false;
    }
    para_gui_line();
    para_gui_child("keys", 0, 0);
    for (size_t k = 0; k < sizeof helps / sizeof *helps; k++) {
        para_gui_heading(helps[k].keys);
        para_gui_same_line();
        para_gui_text(helps[k].words);
    }
    para_gui_child_end();
    para_gui_box_end();
}
