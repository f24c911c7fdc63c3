// SPDX-License-Identifier: MIT
// The other pages at the right: the level's rules, the family, what is wrong, the text.
#include "apps/author/author_parts.h"

#include "agents/rehearsal/rehearsal.h"
#include "engine/base/text.h"
#include "worlds/rules/play.h"

#include <stdlib.h>
#include <string.h>

/// The goal that is set, in words, part by part.
static void tell_goal(const ParaAuthor *a)
{
    ParaDocumentValue value;
    ParaPlayPart parts[8];
    const ParaAuthorModel *m = &a->model;
    if (!para_document_find(a->document, "/goal", &value)) {
        para_gui_faint("There is none yet.");
        return;
    }
    if (!m->level || m->stale || m->unfinished) // what the level has stands in for what is missing
        return;
    int count = para_play_parts(&m->env.play, m->level, m->env.world, 0, parts, 8);
    for (int k = 0; k < count && k < 8; k++)
        para_gui_text(parts[k].words);
    if (count > 8)
        para_gui_faint("and more");
}

/// What a goal of the page may say, and of whom.
typedef enum { GOAL_INSIDE, GOAL_TOUCH, GOAL_SHATTERED, GOALS } Goal;
static const char *const goal_keys[GOALS] = {"inside", "touch", "shattered"};
static const char *const goal_words[GOALS] = {"has to be in", "has to touch", "has to shatter"};

#define NAMES_MAX 64
typedef struct Names {
    char names[NAMES_MAX][64];
    const char *words[NAMES_MAX]; ///< [count] the same
    int count;
} Names;

static void add_name(Names *names, const char *name)
{
    if (names->count == NAMES_MAX || !*name)
        return;
    snprintf(names->names[names->count], sizeof *names->names, "%s", name);
    names->words[names->count] = names->names[names->count];
    names->count++;
}

/// Who may be said to be somewhere: what stands still is nowhere else in a while either. Of glass: what
/// shatters.
static void find_who(const ParaAuthor *a, Goal goal, Names *out)
{
    const ParaLevel *level = a->model.level;
    char path[64], name[64];
    ParaDocumentValue value;
    out->count = 0;
    for (int b = 0; level && goal != GOAL_SHATTERED && b < level->world.body_count; b++)
        if (level->world.bodies[b].kind == PARA_BODY_DYNAMIC && *a->model.bodies[b])
            add_name(out, level->body_names[b]);
    for (int k = 0; goal == GOAL_SHATTERED && snprintf(path, sizeof path, "/bodies/%d", k) > 0 &&
                    para_document_find(a->document, path, &value);
         k++) {
        snprintf(path, sizeof path, "/bodies/%d/shatters", k);
        bool shatters = para_document_find(a->document, path, &value);
        snprintf(path, sizeof path, "/bodies/%d/name", k);
        if (shatters && para_document_read(a->document, path, name, sizeof name))
            add_name(out, name);
    }
}

/// Where, or whom it has to touch.
static void find_where(const ParaAuthor *a, Goal goal, Names *out)
{
    out->count = goal == GOAL_SHATTERED
                     ? 0
                     : para_document_names(a->document, goal == GOAL_INSIDE ? 4 : 1, out->names, NAMES_MAX);
    for (int k = 0; k < out->count; k++)
        out->words[k] = out->names[k];
}

static int index_of(const Names *names, const char *name, int otherwise)
{
    for (int k = 0; k < names->count; k++)
        if (strcmp(names->names[k], name) == 0)
            return k;
    return otherwise < names->count ? otherwise : 0;
}

/// Choices begin as the text has the goal.
static void read_goal(ParaAuthor *a)
{
    Names names;
    char path[64], name[64];
    ParaDocumentValue value;
    if (a->goal_version == para_document_version(a->document))
        return;
    a->goal_version = para_document_version(a->document);
    for (int g = 0; g < GOALS; g++) {
        snprintf(path, sizeof path, "/goal/%s", goal_keys[g]);
        if (!para_document_find(a->document, path, &value))
            continue;
        a->goal_way = g;
        snprintf(path, sizeof path, g == GOAL_SHATTERED ? "/goal/%s" : "/goal/%s/0", goal_keys[g]);
        para_document_read(a->document, path, name, sizeof name);
        find_who(a, (Goal)g, &names);
        a->goal_who = index_of(&names, name, a->goal_who);
        snprintf(path, sizeof path, "/goal/%s/1", goal_keys[g]);
        para_document_read(a->document, path, name, sizeof name);
        find_where(a, (Goal)g, &names);
        a->goal_where = index_of(&names, name, a->goal_where);
    }
}

static void set_goal(ParaAuthor *a, Goal goal, const char *who, const char *where)
{
    char json[200];
    const char *error = "";
    snprintf(json, sizeof json, goal == GOAL_SHATTERED ? "{\"%s\": \"%s\"}" : "{\"%s\": [\"%s\", \"%s\"]}",
             goal_keys[goal], who, where);
    para_document_begin(a->document, "set the goal");
    bool done = para_document_set(a->document, "/goal", json, &error);
    para_document_end(a->document);
    if (para_author_tell(a, done, error))
        para_author_say(a, "the goal: %s %s %s", who, goal_words[goal], where);
}

static void choose_goal(ParaAuthor *a)
{
    static const char *const lacks[GOALS] = {
        "That needs somebody who moves and a place: put a crate or a player there, and a plate or a zone.",
        "That needs somebody who moves, and another body.",
        "That needs a pane of glass, or another body with the field shatters, that has a name."};
    Names who, where;
    read_goal(a);
    find_who(a, (Goal)a->goal_way, &who);
    find_where(a, (Goal)a->goal_way, &where);
    a->goal_who = a->goal_who < who.count ? a->goal_who : 0;
    a->goal_where = a->goal_where < where.count ? a->goal_where : 0;
    para_gui_wide(-1);
    if (who.count > 0)
        para_gui_select("##who", &a->goal_who, who.words, who.count);
    para_gui_wide(-1);
    para_gui_select("##way", &a->goal_way, goal_words, GOALS);
    para_gui_wide(-1);
    if (where.count > 0)
        para_gui_select("##where", &a->goal_where, where.words, where.count);
    if (who.count == 0 || (where.count == 0 && a->goal_way != GOAL_SHATTERED)) {
        para_gui_faint(lacks[a->goal_way]);
        return;
    }
    if (para_gui_button("Make it the goal"))
        set_goal(a, (Goal)a->goal_way, who.words[a->goal_who], where.count ? where.words[a->goal_where] : "");
    para_gui_tip("In place of the one that is set.");
}

void para_author_page_level(ParaAuthor *a)
{
    static const char *const parts[] = {"/world", "/player", "/goal", "/fail", "/rewards", "/events"};
    static const char *const names[] = {"World", "Player",  "Goal, as the text has it",
                                        "Fail",  "Rewards", "Events"};
    ParaDocumentValue value;
    para_gui_heading("The goal");
    tell_goal(a);
    para_gui_line();
    choose_goal(a);
    para_gui_line();
    for (int k = 0; k < 6; k++) {
        bool there = para_document_find(a->document, parts[k], &value);
        if (!para_gui_fold(names[k], false))
            continue;
        para_author_tell_problems(a, parts[k]);
        if (there && value.kind == PARA_NODE_OBJECT)
            para_author_edit_fields(a, parts[k], 1);
        else if (there)
            para_author_edit_list(a, parts[k], 1);
        else
            para_gui_faint("not given");
    }
    if (para_gui_fold("Template", false))
        para_author_edit_fields(a, "", 6);
}

void para_author_page_params(ParaAuthor *a)
{
    const ParaTemplate *t = a->model.family;
    char line[256], path[PARA_DOCUMENT_PATH_MAX], name[64];
    const char *error = "";
    snprintf(line, sizeof line, "Member %llu", (unsigned long long)a->model.seed);
    para_gui_heading(line);
    if (para_gui_button("Before") && a->model.seed > 0) {
        a->model.seed--;
        a->model.version = 0;
    }
    para_gui_same_line();
    if (para_gui_button("Next")) {
        a->model.seed++;
        a->model.version = 0;
    }
    para_gui_same_line();
    if (para_gui_button("As drawn")) {
        a->model.set_count = 0;
        a->model.version = a->model.members_version = 0;
    }
    para_gui_tip("The sliders let go: each member has its own values again.");
    para_gui_line();
    if (!t || para_template_param_count(t) == 0)
        para_gui_faint("This family has no parameters: all its members are alike, but for what they draw. A "
                       "parameter is a number with a range that expressions use by its name.");
    for (int p = 0; t && p < para_template_param_count(t); p++) {
        const ParaParam *param = para_template_param(t, p);
        double value = para_author_model_value(a, p);
        snprintf(line, sizeof line, *param->unit ? "%s [%s]" : "%s", param->name, param->unit);
        para_gui_text(line);
        para_gui_push(param->name);
        para_gui_wide(-1);
        if (para_gui_slider("##slider", &value, param->low, param->high, param->integer))
            para_author_model_set(a, param->name, value);
        para_gui_tip(param->about);
        para_gui_pop();
    }
    para_gui_line();
    if (para_gui_button("Another parameter")) {
        para_document_free_name(a->document, "way", name, sizeof name);
        ParaDocumentValue value;
        for (int k = 2; snprintf(path, sizeof path, "/params/%s", name) > 0 &&
                        para_document_find(a->document, path, &value);
             k++)
            snprintf(name, sizeof name, "way%d", k);
        para_document_begin(a->document, "add a parameter");
        bool done = para_document_find(a->document, "/params", &value) ||
                    para_document_set(a->document, "/params", "{}", &error);
        done = done && para_document_set(a->document, path, "{\"range\": [1, 5], \"unit\": \"m\"}", &error);
        para_document_end(a->document);
        para_author_tell(a, done, error);
    }
    ParaDocumentValue value;
    if (para_document_find(a->document, "/params", &value) && para_gui_fold("Ranges and words", false))
        para_author_edit_list(a, "/params", 1);
    para_text_format(line, sizeof line, "an edit and its level: %.1f ms", (double)a->model.cost_ms);
    para_gui_faint(line);
}

static void go_to(ParaAuthor *a, const char *place)
{
    ParaDocumentValue value;
    char path[PARA_AUTHOR_PATH];
    const char *second = *place ? strchr(place + 1, '/') : NULL,
               *third = second ? strchr(second + 1, '/') : NULL;
    snprintf(path, sizeof path, "%.*s", (int)(third ? third - place : (long)strlen(place)), place);
    if (second && para_document_find(a->document, path, &value)) {
        para_author_select(a, path, false, true);
        a->page = PARA_PAGE_THING;
    } else {
        a->page = PARA_PAGE_LEVEL;
    }
}

void para_author_page_problems(ParaAuthor *a)
{
    const ParaDiagList *list = &a->model.problems;
    char line[600];
    if (a->model.unfinished)
        para_gui_faint(
            "There is no player or no goal yet. Until there is, the level can be looked at but not played.");
    if (list->count == 0)
        para_gui_text("No mistakes.");
    for (int k = 0; k < list->count; k++) {
        const ParaDiag *item = &list->items[k];
        para_gui_push_index(k);
        snprintf(line, sizeof line, "%s%s", *item->path ? item->path : "the text",
                 item->severity == PARA_DIAG_ERROR ? "" : "  (warning)");
        if (para_gui_entry(line, false))
            go_to(a, item->path);
        para_gui_tip("Goes there.");
        para_gui_coloured(item->severity == PARA_DIAG_ERROR ? 0xe58a76 : 0xe0c070, item->message);
        para_gui_pop();
    }
    para_gui_line();
    para_gui_off(!a->model.family || a->model.stale || a->model.unfinished);
    if (para_gui_button("Rehearse"))
        para_rehearse(a->model.family, PARA_REHEARSAL_SECONDS, &a->model.problems);
    para_gui_on();
    para_gui_tip("Builds members and plays them for a moment, as paracosm check does: what an author would "
                 "want to know "
                 "comes as warnings. Takes a second or so.");
}

void para_author_page_text(ParaAuthor *a)
{
    size_t size, at;
    const char *text = para_document_text(a->document, &size), *error = "";
    const char *broken = para_document_broken(a->document, &at);
    char line[400];
    if (!a->editor && !(a->editor = malloc(PARA_TEMPLATE_SIZE_MAX + 1))) {
        para_gui_text("no memory for the text");
        return;
    }
    if (a->editor_version != para_document_version(a->document)) {
        memcpy(a->editor, text, size + 1);
        a->editor_version = para_document_version(a->document);
    }
    if (*broken) {
        int row = 1;
        for (size_t k = 0; k < at && k < size; k++)
            row += text[k] == '\n';
        snprintf(line, sizeof line, "line %d: %s", row, broken);
        para_gui_coloured(0xe58a76, line);
    } else if (a->model.problems.count > 0) {
        const ParaDiag *item = &a->model.problems.items[0];
        snprintf(line, sizeof line, "line %d: %s: %s", item->line, item->path, item->message);
        para_gui_coloured(0xe58a76, line);
    }
    bool changed = para_gui_editor("##text", a->editor, PARA_TEMPLATE_SIZE_MAX + 1, -1, -1),
         active = para_gui_active();
    if (changed) {
        if (!a->editor_active) { // until the person goes on, typing is one step
            para_document_begin(a->document, "type");
            a->editor_active = true;
        }
        para_author_tell(a, para_document_set_text(a->document, a->editor, strlen(a->editor), &error), error);
        a->editor_version = para_document_version(a->document);
    }
    if (a->editor_active && !active) {
        para_document_end(a->document);
        a->editor_active = false;
    }
}
