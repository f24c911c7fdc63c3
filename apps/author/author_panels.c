// SPDX-License-Identifier: MIT
// The frame around the canvas: tools at the left, pages at the right, the file above, words below.
#include "apps/author/author_parts.h"

#include <string.h>

static const struct {
    const char *name, *key, *about;
} tools[PARA_TOOLS] = {
    [PARA_TOOL_SELECT] =
        {"Select", "V",
         "Click a thing, Shift adds to the selection, a box selects what lies in it. Drag moves; the "
         "round handle turns, the square ones resize."},
    [PARA_TOOL_BOX] = {"Crate", "1", "A body that is pushed about. Click, or draw its box."},
    [PARA_TOOL_BALL] = {"Ball", "2", "A disc that rolls. Click, or draw its box."},
    [PARA_TOOL_GROUND] = {"Ground", "3", "A block that never moves. Draw its box."},
    [PARA_TOOL_POLYGON] =
        {"Polygon", "4",
         "Click its corners, double click the last (or Enter). One that bends inward is cut into "
         "convex pieces of one body."},
    [PARA_TOOL_TERRAIN] = {"Terrain", "5",
                           "Click points from left to right, double click the last (or Enter)."},
    [PARA_TOOL_PLATE] = {"Plate", "6", "A small zone to put something on. Click where its middle is."},
    [PARA_TOOL_ZONE] = {"Zone", "7", "An area that notices what is in it: to arrive at, say. Draw its box."},
    [PARA_TOOL_GLASS] =
        {"Glass", "8",
         "A pane that shatters at a blow, as of a buggy. Click where it stands, or draw its box."},
    [PARA_TOOL_LIFT] = {"Lift", "9", "A platform that goes up and down by itself. Click, or draw its box."},
    [PARA_TOOL_JOINT] = {"Joint", "J", "A hinge: click one body, then the other, where they shall turn."},
    [PARA_TOOL_BUGGY] = {"Buggy", "B", "A cart that the player drives. Click the ground under it."},
    [PARA_TOOL_RUNNER] = {"Runner", "K", "A figure that runs and jumps. Click the ground under it."},
};

const char *para_author_tool_about(ParaAuthorTool tool, const char **out_name, const char **out_key)
{
    *out_name = tools[tool].name;
    *out_key = tools[tool].key;
    return tools[tool].about;
}

static void tool_panel(ParaAuthor *a, float x, float y, float width, float height)
{
    para_gui_panel("tools", x, y, width, height, true);
    para_gui_off(a->playing || a->nine);
    bool lines = height > 340 * a->scale; // else the list has no room for them
    for (int k = 0; k < PARA_TOOLS; k++) {
        char tip[256], entry[32];
        snprintf(entry, sizeof entry, "%s %s", tools[k].key, tools[k].name);
        if (para_gui_entry(entry, a->tool == (ParaAuthorTool)k)) {
            a->tool = (ParaAuthorTool)k;
            a->point_count = 0;
            *a->joint_first = '\0';
        }
        snprintf(tip, sizeof tip, "%s  (%s)", tools[k].about, tools[k].key);
        para_gui_tip(tip);
        if (lines && (k == PARA_TOOL_SELECT || k == PARA_TOOL_TERRAIN || k == PARA_TOOL_JOINT))
            para_gui_line();
    }
    if (lines)
        para_gui_line();
    para_gui_check("Snap", &a->snap);
    para_gui_tip("To the grid and to the sides of neighbours; turning by 15 degrees. Alt turns freely.");
    para_gui_on();
    para_gui_panel_end();
}

static void top_panel(ParaAuthor *a, float width, float height)
{
    char title[320];
    const char *file = strrchr(a->path, '/');
    bool narrow = width < 900 * a->scale;
    para_gui_panel("top", 0, 0, width, height, true);
    if (para_gui_button(narrow ? "Save" : "Save (Ctrl+S)"))
        para_author_save(a);
    para_gui_same_line();
    para_gui_off(!para_document_undo_label(a->document));
    if (para_gui_button("Undo"))
        para_author_undo(a, false);
    para_gui_on();
    snprintf(title, sizeof title, "%s: %s (Ctrl+Z)", "Takes back", para_document_undo_label(a->document));
    para_gui_tip(para_document_undo_label(a->document) ? title : "There is nothing to undo.");
    para_gui_same_line();
    para_gui_off(!para_document_redo_label(a->document));
    if (para_gui_button("Redo"))
        para_author_undo(a, true);
    para_gui_on();
    para_gui_same_line();
    if (para_gui_choice(a->playing ? "Back (F5)" : "Play (F5)", a->playing))
        para_author_play(a, !a->playing);
    para_gui_same_line();
    if (para_gui_choice(narrow ? "Nine" : "Nine members (F6)", a->nine) && !a->playing)
        a->nine = !a->nine;
    para_gui_tip(
        "Nine levels of the family side by side, each of another seed; click one to have it on the canvas.");
    para_gui_same_line();
    if (para_gui_choice("Guide", a->guide))
        a->guide = !a->guide;
    para_gui_tip("To a first level, step by step.");
    para_gui_same_line();
    if (para_gui_choice("Keys", a->help))
        a->help = !a->help;
    para_gui_tip("Every key, and what the mouse does (F1).");
    para_gui_same_line();
    if (para_gui_button("New"))
        a->gallery = true;
    para_gui_same_line();
    snprintf(title, sizeof title, "%.200s%s", file ? file + 1 : a->path,
             para_document_dirty(a->document) ? " *" : "");
    para_gui_text(title);
    para_gui_tip(para_document_dirty(a->document) ? "There is work that the file does not have yet."
                                                  : a->path);
    para_gui_panel_end();
}

static void pages(ParaAuthor *a, float x, float y, float width, float height)
{
    static const char *const names[PARA_PAGES] = {"Thing", "Level", "Family", "Problems", "Try", "Text"};
    static const char *const about[PARA_PAGES] = {
        "What is selected: its fields, with units and ranges.",
        "The world, the player, the goal.",
        "Parameters of the family: sliders make the level anew.",
        "What is wrong, and where.",
        "Play it, have it searched, let the trained player try.",
        "The template's text. What you type shows at once, and the other way round."};
    char name[32];
    float used = 0;
    para_gui_panel("pages", x, y, width, height, true);
    for (int k = 0; k < PARA_PAGES; k++) {
        int problems = a->model.problems.count + a->model.problems.dropped;
        snprintf(name, sizeof name, k == PARA_PAGE_PROBLEMS && problems ? "%s %d" : "%s", names[k], problems);
        float wide = para_gui_text_width(name) + 22 * a->scale;
        if (k && used + wide < width - 20 * a->scale)
            para_gui_same_line();
        else
            used = 0;
        used += wide;
        if (para_gui_choice(name, a->page == (ParaAuthorPage)k))
            a->page = (ParaAuthorPage)k;
        para_gui_tip(about[k]);
    }
    para_gui_line();
    para_gui_child("page", 0, 0);
    switch (a->page) {
    case PARA_PAGE_THING:
        para_author_page_thing(a);
        break;
    case PARA_PAGE_LEVEL:
        para_author_page_level(a);
        break;
    case PARA_PAGE_PARAMS:
        para_author_page_params(a);
        break;
    case PARA_PAGE_PROBLEMS:
        para_author_page_problems(a);
        break;
    case PARA_PAGE_TRY:
        para_author_page_try(a);
        break;
    case PARA_PAGE_TEXT:
        para_author_page_text(a);
        break;
    case PARA_PAGES:
        break;
    }
    para_gui_child_end();
    para_gui_panel_end();
}

static void bottom_panel(ParaAuthor *a, float y, float width, float height)
{
    char line[400];
    const char *name, *key;
    para_gui_panel("bottom", 0, y, width, height, true);
    if (a->message_seconds > 0.0f && *a->message)
        para_gui_text(a->message);
    else if (a->model.stale)
        para_gui_coloured(
            0xe58a76, a->model.level ? "the text has mistakes: the canvas shows the last level without them"
                                     : "the text has mistakes: see Problems");
    else if (a->nine)
        para_gui_faint("click a member to have it on the canvas; F6 goes back");
    else if (a->playing)
        para_gui_faint("F5 or Esc: back to the editor; R: again");
    else {
        snprintf(line, sizeof line, "%s", para_author_tool_about(a->tool, &name, &key));
        para_gui_faint(line);
    }
    para_gui_panel_end();
}

void para_author_panels(ParaAuthor *a)
{
    float s = a->scale, width = (float)para_window_width(a->window),
          height = (float)para_window_height(a->window);
    bool narrow = width < 900 * s;
    float top = 42 * s, bottom = (narrow ? 54 : 38) * s, left = (narrow ? 92 : 112) * s,
          right = (narrow ? 220 : 330) * s;
    top_panel(a, width, top);
    tool_panel(a, 0, top, left, height - top - bottom);
    pages(a, width - right, top, right, height - top - bottom);
    bottom_panel(a, height - bottom, width, bottom);
    a->canvas = (ParaRect){left, top, width - left - right, height - top - bottom};
    if (a->guide && !a->playing && !a->gallery)
        para_author_guide(a);
    if (a->gallery)
        para_author_gallery(a);
    else if (a->help)
        para_author_help(a);
    else
        para_author_boxes(a);
}
