// SPDX-License-Identifier: MIT
// The pages at the right. That of a thing is made from the table of fields: nothing here knows a single one.
#include "apps/author/author_parts.h"

#include "agents/rehearsal/rehearsal.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

static void set(ParaAuthor *a, const char *path, const char *json)
{
    const char *error = "";
    para_author_tell(a, para_document_set(a->document, path, json, &error), error);
}

/// What somebody typed as JSON: a number as it is, JSON as it is, anything else an expression in quotes.
static void set_typed(ParaAuthor *a, const char *path, const char *text, bool words)
{
    char quoted[600];
    const char *end = text, *error;
    para_text_number(text, &end);
    bool plain =
        end != text && *end == '\0' && !strchr(text, 'x') && !strchr(text, 'n') && !strchr(text, 'i');
    if (!words && (plain || *text == '{' || *text == '[')) {
        if (para_document_set(a->document, path, text, &error))
            return;
    }
    set(a, path, para_author_quoted(a, text, quoted, sizeof quoted));
}

/// A problem at a place, or deeper in it.
static void tell_problems(const ParaAuthor *a, const char *path)
{
    size_t length = strlen(path);
    for (int k = 0; k < a->model.problems.count; k++) {
        const ParaDiag *item = &a->model.problems.items[k];
        if (strncmp(item->path, path, length) == 0 &&
            (item->path[length] == '\0' || item->path[length] == '/'))
            para_gui_coloured(item->severity == PARA_DIAG_ERROR ? 0xe58a76 : 0xe0c070, item->message);
    }
}

/// What an expression comes to in the level on the canvas, where the level has it as a number of its own.
static void tell_value(const ParaAuthor *a, const char *object, const char *field, int part, const char *text)
{
    const ParaAuthorModel *m = &a->model;
    char words[64], figure[PARA_NUMBER_SIZE];
    float value = 0;
    bool known = false, at = strcmp(field, "at") == 0, angle = strcmp(field, "angle") == 0;
    const char *end = text;
    para_text_number(text, &end);
    if ((*text && *end == '\0') || !m->level || m->stale)
        return;
    for (int k = 0; k < m->level->world.body_count && !known; k++)
        if (strcmp(m->bodies[k], object) == 0 && (at || angle)) {
            const ParaBodyDef *def = &m->level->world.bodies[k];
            value = angle ? def->angle : part ? def->position.y : def->position.x;
            known = true;
        }
    for (int k = 0; k < m->level->world.zone_count && !known; k++)
        if (strcmp(m->zones[k], object) == 0 && (at || angle)) {
            const ParaZoneDef *def = &m->level->world.zones[k];
            value = angle ? def->angle : part ? def->position.y : def->position.x;
            known = true;
        }
    for (int p = 0; p < para_template_param_count(m->family) && !known; p++)
        if (strcmp(para_template_param(m->family, p)->name, text) == 0) {
            value = (float)para_author_model_value(a, p);
            known = true;
        }
    if (known) {
        snprintf(words, sizeof words, "%s: %s here", at ? part ? "y" : "x" : field,
                 para_text_measure((double)value, figure));
        para_gui_faint(words);
    }
}

static void tip_of(const ParaDocumentField *f)
{
    char tip[600], low[PARA_NUMBER_SIZE], high[PARA_NUMBER_SIZE];
    bool number = f->kind == PARA_ASK_NUMBER || f->kind == PARA_ASK_PAIR;
    snprintf(tip, sizeof tip, "%s", f->help);
    if (number)
        snprintf(tip + strlen(tip), sizeof tip - strlen(tip), "\n%s to %s%s%s%s%s",
                 para_text_measure(f->low, low), para_text_measure(f->high, high), *f->unit ? " " : "",
                 f->unit, f->whole ? ", whole" : "",
                 f->plain ? ", a plain number" : "; a number or an expression");
    if (*f->otherwise)
        snprintf(tip + strlen(tip), sizeof tip - strlen(tip), "\nIf not given: %s", f->otherwise);
    para_gui_tip(tip);
}

static void edit_text(ParaAuthor *a, const char *object, const ParaDocumentField *f, const char *path,
                      int part)
{
    char text[512];
    bool words = f->kind == PARA_ASK_TEXT || f->kind == PARA_ASK_NAME;
    para_document_read(a->document, path, text, sizeof text);
    char before[512];
    memcpy(before, text, sizeof before);
    para_gui_push(path);
    bool done = para_gui_field("##value", text, sizeof text, f->otherwise);
    para_gui_pop();
    tip_of(f);
    if (done && strcmp(before, text) != 0) {
        const char *error = "";
        bool name = f->kind == PARA_ASK_NAME &&
                    (strcmp(f->name, "name") == 0 || strcmp(f->name, "as") == 0) &&
                    strchr(object + (*object != '\0'), '/');
        if (name)
            para_author_tell(a, para_document_rename(a->document, object, text, &error), error);
        else
            set_typed(a, path, text, words);
    }
    if (!words && part < 0)
        tell_value(a, object, f->name, 0, before);
}

static void edit_word(ParaAuthor *a, const ParaDocumentField *f, const char *path)
{
    char now[64], quoted[80];
    int index = -1;
    para_document_read(a->document, path, now, sizeof now);
    for (int k = 0; k < f->word_count; k++)
        if (f->words[k] && strcmp(f->words[k], now) == 0)
            index = k;
    para_gui_push(path);
    if (para_gui_select("##value", &index, f->words, f->word_count) && index >= 0)
        set(a, path, para_author_quoted(a, f->words[index], quoted, sizeof quoted));
    para_gui_pop();
    tip_of(f);
}

static void edit_ref(ParaAuthor *a, const ParaDocumentField *f, const char *path)
{
    char names[64][64], quoted[80], now[64];
    const char *words[64];
    int count = para_document_names(a->document, f->spaces, names, 64), index = -1;
    para_document_read(a->document, path, now, sizeof now);
    for (int k = 0; k < count; k++) {
        words[k] = names[k];
        index = strcmp(names[k], now) == 0 ? k : index;
    }
    if (index < 0) { // of a part: a name that the text does not have
        edit_text(a, "",
                  &(ParaDocumentField){.name = f->name, .unit = "", .help = f->help, .kind = PARA_ASK_TEXT},
                  path, 0);
        return;
    }
    para_gui_push(path);
    if (para_gui_select("##value", &index, words, count))
        set(a, path, para_author_quoted(a, words[index], quoted, sizeof quoted));
    para_gui_pop();
    tip_of(f);
}

static void edit_fields(ParaAuthor *a, const char *object, int depth);

static void edit_list(ParaAuthor *a, const char *path, int depth)
{
    ParaDocumentValue value;
    char item[PARA_DOCUMENT_PATH_MAX], key[64];
    const char *error = "";
    para_document_find(a->document, path, &value);
    for (int k = 0; k < value.count && k < 64; k++) {
        if (!para_document_key(a->document, path, k, key, sizeof key))
            continue;
        snprintf(item, sizeof item, "%.180s/%.60s", path, key);
        para_gui_push(item);
        if (para_gui_small("x")) {
            para_author_tell(a, para_document_remove(a->document, item, &error), error);
            para_gui_pop();
            return;
        }
        para_gui_tip("Removes it.");
        para_gui_same_line();
        para_gui_text(key);
        para_gui_pop();
        edit_fields(a, item, depth + 1);
    }
}

static void edit_field(ParaAuthor *a, const char *object, const ParaDocumentField *f, int depth)
{
    char path[PARA_DOCUMENT_PATH_MAX], part[PARA_DOCUMENT_PATH_MAX + 4], name[96];
    const char *error = "";
    ParaDocumentValue value;
    snprintf(path, sizeof path, "%.180s/%.60s", object, f->name);
    para_document_find(a->document, path, &value);
    snprintf(name, sizeof name, *f->unit ? "%s [%s]" : "%s", f->name, f->unit);
    para_gui_push(path);
    bool fixed = f->required || f->head;
    if (!fixed && para_gui_small("x")) {
        para_author_tell(a, para_document_remove(a->document, path, &error), error);
        para_gui_pop();
        return;
    }
    if (!fixed) {
        para_gui_tip("Takes it out of the text.");
        para_gui_same_line();
    }
    para_gui_text(name);
    para_gui_pop();
    tip_of(f);
    bool pair = f->kind == PARA_ASK_PAIR && value.kind == PARA_NODE_ARRAY && value.count == 2;
    para_gui_wide(pair ? para_gui_room() / 2 - 4 * a->scale : -1);
    bool object_given = value.kind == PARA_NODE_OBJECT;
    if (pair) {
        for (int k = 0; k < 2; k++) {
            snprintf(part, sizeof part, "%s/%c", path, '0' + k);
            if (k)
                para_gui_same_line();
            para_gui_wide(k ? -1 : para_gui_room() / 2 - 4 * a->scale);
            edit_text(a, object, f, part, k);
        }
        for (int k = 0; k < 2; k++) {
            char text[512];
            snprintf(part, sizeof part, "%s/%c", path, '0' + k);
            para_document_read(a->document, part, text, sizeof text);
            tell_value(a, object, f->name, k, text);
        }
    } else if (f->kind == PARA_ASK_BOOL) {
        bool on = para_document_text(a->document, NULL)[value.begin] == 't';
        para_gui_push(path);
        if (para_gui_check(on ? "yes" : "no", &on))
            set(a, path, on ? "true" : "false");
        para_gui_pop();
        tip_of(f);
    } else if (f->kind == PARA_ASK_WORD) {
        edit_word(a, f, path);
    } else if (f->kind == PARA_ASK_REF && value.kind == PARA_NODE_TEXT) {
        edit_ref(a, f, path);
    } else if (object_given && f->kind == PARA_ASK_OBJECT && depth < 6) {
        edit_fields(a, path, depth + 1);
    } else if (f->kind == PARA_ASK_LIST && depth < 6) {
        edit_list(a, path, depth);
    } else {
        edit_text(a, object, f, path, -1);
    }
    if (!object_given)
        tell_problems(a, path);
}

/// What a field that is not given yet begins as.
static const char *first_value(const ParaDocumentField *f, char *out, size_t size)
{
    bool quotes = f->kind == PARA_ASK_WORD || f->kind == PARA_ASK_TEXT || f->kind == PARA_ASK_NAME ||
                  f->kind == PARA_ASK_REF;
    const char *word = f->kind == PARA_ASK_WORD && f->word_count > 0
                           ? *f->otherwise ? f->otherwise : f->words[f->word_count > 1 && f->words[1] ? 1 : 0]
                           : "";
    if (quotes)
        snprintf(out, size, "\"%s\"", word ? word : "");
    else if (*f->otherwise)
        snprintf(out, size, "%s", strcmp(f->otherwise, "false") == 0 ? "true" : f->otherwise);
    else
        snprintf(out, size, "%s",
                 f->kind == PARA_ASK_BOOL                                ? "true"
                 : f->kind == PARA_ASK_PAIR                              ? "[0, 0]"
                 : f->kind == PARA_ASK_NUMBER                            ? f->low > 0 ? "1" : "0"
                 : f->kind == PARA_ASK_LIST || f->kind == PARA_ASK_OTHER ? "[]"
                                                                         : "{}");
    return out;
}

static void edit_fields(ParaAuthor *a, const char *object, int depth)
{
    ParaDocumentField fields[PARA_DOCUMENT_FIELDS_MAX];
    const char *words[PARA_DOCUMENT_FIELDS_MAX];
    int which[PARA_DOCUMENT_FIELDS_MAX], missing = 0,
                                         count = para_document_fields(a->document, object, fields);
    char json[96], path[PARA_DOCUMENT_PATH_MAX];
    uint64_t version = para_document_version(a->document);
    for (int k = 0; k < count; k++) {
        if (!fields[k].given) {
            which[missing] = k;
            words[missing++] = fields[k].name;
        } else if (para_document_version(a->document) == version) { // else the places are others: next frame
            edit_field(a, object, &fields[k], depth);
        }
    }
    if (missing == 0)
        return;
    int chosen = -1;
    para_gui_push(object);
    para_gui_wide(-1);
    if (para_gui_select("##add", &chosen, words, missing) && chosen >= 0) {
        snprintf(path, sizeof path, "%.180s/%.60s", object, words[chosen]);
        set(a, path, first_value(&fields[which[chosen]], json, sizeof json));
    }
    para_gui_tip("Another field: those that may stand here and are not given yet.");
    para_gui_pop();
}

// ---------------------------------------------------------------------------------------------

static void several(ParaAuthor *a)
{
    static const struct {
        const char *name;
        int axis, side;
    } ways[] = {{"Left", 0, -1},   {"Middle", 0, 0}, {"Right", 0, 1},
                {"Bottom", 1, -1}, {"Centre", 1, 0}, {"Top", 1, 1}};
    char words[64];
    snprintf(words, sizeof words, "%d things", a->selected_count);
    para_gui_heading(words);
    para_gui_text("Align with the first");
    for (int k = 0; k < 6; k++) {
        if (k % 3)
            para_gui_same_line();
        if (para_gui_button(ways[k].name))
            para_author_align(a, ways[k].axis, ways[k].side);
    }
    para_gui_text("Even distances");
    if (para_gui_button("Across"))
        para_author_distribute(a, 0);
    para_gui_same_line();
    if (para_gui_button("Upward"))
        para_author_distribute(a, 1);
}

void para_author_page_thing(ParaAuthor *a)
{
    if (a->selected_count == 0) {
        para_gui_faint(
            "Nothing is selected. Click a thing on the canvas, or choose a tool at the left and put one "
            "there.");
        return;
    }
    if (a->selected_count > 1)
        several(a);
    const char *path = a->selected[0];
    if (a->selected_count == 1) {
        para_gui_heading(para_document_kind(a->document, path));
        para_gui_tip(para_document_kind_about(a->document, path));
    }
    if (para_gui_button("Copy"))
        para_author_copy(a);
    para_gui_same_line();
    if (para_gui_button("Duplicate"))
        para_author_duplicate(a);
    para_gui_same_line();
    if (para_gui_button("Delete")) {
        para_author_delete(a);
        return;
    }
    ParaAuthorStart *starts = a->starts;
    if (a->drag == PARA_DRAG_NONE)
        para_author_start_drag(a);
    bool worked_out = false;
    for (int k = 0; k < a->selected_count; k++)
        worked_out |= !starts[k].plain[0] || !starts[k].plain[1];
    if (worked_out) {
        if (para_gui_button("As plain numbers"))
            para_author_plain(a);
        para_gui_tip(
            "Its place is worked out by an expression or a draw. Dragging writes an offset behind the "
            "expression; this puts the numbers of the level on the canvas in its place.");
    }
    para_gui_line();
    tell_problems(a, path);
    if (a->selected_count == 1)
        edit_fields(a, path, 0);
}

static void goal_line(ParaAuthor *a)
{
    char who[48][64], where[32][64], json[200];
    const char *whos[48], *wheres[32];
    int bodies = 0, zones = para_document_names(a->document, 4, where, 32);
    const ParaLevel *level = a->model.level;
    // Whoever moves: what stands still is nowhere else in a while either.
    for (int b = 0; level && b < level->world.body_count && bodies < 48; b++)
        if (level->world.bodies[b].kind == PARA_BODY_DYNAMIC && *level->body_names[b] && *a->model.bodies[b])
            snprintf(who[bodies++], 64, "%s", level->body_names[b]);
    for (int k = 0; k < bodies; k++)
        whos[k] = who[k];
    for (int k = 0; k < zones; k++)
        wheres[k] = where[k];
    if (bodies == 0 || zones == 0) {
        para_gui_faint("A goal needs somebody who moves and a place: put a crate or a player there, and a "
                       "plate or a zone.");
        return;
    }
    a->goal_who = a->goal_who < bodies ? a->goal_who : 0;
    a->goal_where = a->goal_where < zones ? a->goal_where : 0;
    para_gui_wide(-1);
    para_gui_select("##who", &a->goal_who, whos, bodies);
    para_gui_text("has to be in");
    para_gui_wide(-1);
    para_gui_select("##where", &a->goal_where, wheres, zones);
    if (para_gui_button("Make it the goal")) {
        snprintf(json, sizeof json, "{\"inside\": [\"%s\", \"%s\"]}", who[a->goal_who], where[a->goal_where]);
        para_document_begin(a->document, "set the goal");
        set(a, "/goal", json);
        para_document_end(a->document);
    }
}

void para_author_page_level(ParaAuthor *a)
{
    static const char *const parts[] = {"/world", "/player", "/goal", "/fail", "/rewards", "/events"};
    static const char *const names[] = {"World", "Player",  "Goal, as the text has it",
                                        "Fail",  "Rewards", "Events"};
    ParaDocumentValue value;
    para_gui_heading("The goal");
    goal_line(a);
    para_gui_line();
    for (int k = 0; k < 6; k++) {
        bool there = para_document_find(a->document, parts[k], &value);
        if (!para_gui_fold(names[k], false))
            continue;
        tell_problems(a, parts[k]);
        if (there && value.kind == PARA_NODE_OBJECT)
            edit_fields(a, parts[k], 1);
        else if (there)
            edit_list(a, parts[k], 1);
        else
            para_gui_faint("not given");
    }
    if (para_gui_fold("Template", false))
        edit_fields(a, "", 6);
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
        edit_list(a, "/params", 1);
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
        para_author_select(a, path, false);
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
