// SPDX-License-Identifier: MIT
// The page of a thing, made from the table of fields: nothing here knows a single one.
#include "apps/author/author_parts.h"

#include "engine/base/text.h"

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
void para_author_tell_problems(const ParaAuthor *a, const char *path)
{
    size_t length = strlen(path);
    for (int k = 0; k < a->model.problems.count; k++) {
        const ParaDiag *item = &a->model.problems.items[k];
        if (strncmp(item->path, path, length) == 0 &&
            (item->path[length] == '\0' || item->path[length] == '/'))
            para_gui_coloured(item->severity == PARA_DIAG_ERROR ? 0xe58a76 : 0xe0c070, item->message);
    }
}

/// Where a thing is, or how it is turned, as the level on the canvas has it.
static bool value_in_level(const ParaAuthor *a, const char *object, const char *field, int part, double *out)
{
    ParaVec2 position;
    double turned;
    bool angle = strcmp(field, "angle") == 0;
    if ((!angle && strcmp(field, "at") != 0) || strncmp(object, "/include", 8) == 0 ||
        !para_author_pose(a, object, &position, &turned))
        return false;
    *out = angle ? turned : (double)(part ? position.y : position.x);
    return true;
}

static bool value_of(const ParaAuthor *a, const char *text, double *out)
{
    const ParaAuthorModel *m = &a->model;
    const char *names[PARA_PARAMS_MAX];
    double values[PARA_PARAMS_MAX];
    int count = para_template_param_count(m->family);
    for (int p = 0; p < count; p++) {
        names[p] = para_template_param(m->family, p)->name;
        values[p] = para_author_model_value(a, p);
    }
    return para_document_value(a->document, text, names, values, count, out);
}

/// What an expression comes to in the member on the canvas.
static void tell_value(const ParaAuthor *a, const char *object, const char *field, int part, const char *text)
{
    char words[96], figure[PARA_NUMBER_SIZE];
    double value;
    const char *end = text;
    para_text_number(text, &end);
    if (!*text || *end == '\0' || !a->model.level || a->model.stale ||
        (!value_in_level(a, object, field, part, &value) && !value_of(a, text, &value)))
        return;
    snprintf(words, sizeof words, "%.40s: %s here", strcmp(field, "at") == 0 ? part ? "y" : "x" : text,
             para_text_measure(value, figure));
    para_gui_faint(words);
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

void para_author_edit_list(ParaAuthor *a, const char *path, int depth)
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
        para_author_edit_fields(a, item, depth + 1);
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
        para_author_edit_fields(a, path, depth + 1);
    } else if (f->kind == PARA_ASK_LIST && depth < 6) {
        para_author_edit_list(a, path, depth);
    } else {
        edit_text(a, object, f, path, -1);
    }
    if (!object_given)
        para_author_tell_problems(a, path);
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

void para_author_edit_fields(ParaAuthor *a, const char *object, int depth)
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
    if (para_gui_button("Group"))
        para_author_group(a);
    para_gui_tip("One thing from now on: chosen, moved, turned, copied and deleted at once (Ctrl+G).");
    para_gui_same_line();
    if (para_gui_button("Part"))
        para_author_part(a);
    para_gui_tip("Each for itself again (Ctrl+Shift+G).");
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
    if (a->drag == PARA_DRAG_NONE)
        para_author_start_drag(a);
    bool worked_out = false;
    for (int k = 0; k < a->start_count; k++)
        worked_out |= !a->starts[k].plain[0] || !a->starts[k].plain[1];
    if (worked_out) {
        if (para_gui_button("As plain numbers"))
            para_author_plain(a);
        para_gui_tip(
            "Its place is worked out by an expression or a draw. Dragging writes an offset behind the "
            "expression; this puts the numbers of the level on the canvas in its place.");
    }
    para_gui_line();
    para_author_tell_problems(a, path);
    if (a->selected_count == 1)
        para_author_edit_fields(a, path, 0);
}
