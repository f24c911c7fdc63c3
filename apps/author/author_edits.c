// SPDX-License-Identifier: MIT
// What the tools and keys do to the document. Each is one step of undo.
#include "apps/author/author_parts.h"

#include "engine/base/json.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double para_author_round(double value)
{
    double whole = floor(value * 1000.0 + 0.5) / 1000.0;
    return whole == 0.0 ? 0.0 : whole; // no -0
}

const char *para_author_quoted(ParaAuthor *a, const char *text, char *out, size_t size)
{
    ParaArenaMark mark = para_arena_mark(a->arena);
    ParaJson json = para_json(a->arena, 0);
    para_json_string(&json, text);
    snprintf(out, size, "%s", json.text);
    para_arena_rewind(a->arena, mark);
    return out;
}

bool para_author_tell(ParaAuthor *a, bool done, const char *error)
{
    if (!done)
        para_author_say(a, "%s", error);
    return done;
}

static const char *number(float value, char *out)
{
    return para_text_double(para_author_round((double)value), out);
}

// ---------------------------------------------------------------------------------------------
// Placing.

/// What a tool makes. `%s` are its name, x, y, width and height, in this order.
typedef struct Recipe {
    const char *list, *stem, *json, *round; ///< round: where it is a disc, with a radius
    float width, height;                    ///< [m] where it is only clicked
    bool corner;                            ///< a click is where it stands, not its middle
} Recipe;

static const Recipe recipes[PARA_TOOLS] = {
    [PARA_TOOL_BOX] =
        {"/bodies/-", "crate",
         "{\"name\": \"%s\", \"at\": [%s, %s], \"shape\": {\"box\": [%s, %s]}, \"material\": \"wood\"}", NULL,
         1, 1, false},
    [PARA_TOOL_BALL] =
        {"/bodies/-", "ball", NULL,
         "{\"name\": \"%s\", \"at\": [%s, %s], \"shape\": {\"circle\": %s}, \"material\": \"rubber\"}", 0.8f,
         0.8f, false},
    [PARA_TOOL_GROUND] =
        {"/bodies/-", "ground",
         "{\"name\": \"%s\", \"static\": true, \"at\": [%s, %s], \"shape\": {\"box\": [%s, %s]}, "
         "\"friction\": 0.8}",
         NULL, 8, 1, false},
    [PARA_TOOL_GLASS] =
        {"/bodies/-", "pane",
         "{\"name\": \"%s\", \"at\": [%s, %s], \"shape\": {\"box\": [%s, %s]}, \"material\": \"glass\", "
         "\"shatters\": {\"impulse\": 5, \"pieces\": 6}}",
         NULL, 0.2f, 2, false},
    [PARA_TOOL_LIFT] =
        {"/bodies/-", "lift",
         "{\"name\": \"%s\", \"kinematic\": true, \"at\": [%s, %s], \"shape\": {\"box\": [%s, %s]}, "
         "\"moves\": {\"by\": [0, 1.5], \"period\": 6}}",
         NULL, 3, 0.3f, false},
    [PARA_TOOL_PLATE] = {"/zones/-", "plate",
                         "{\"name\": \"%s\", \"at\": [%s, %s], \"area\": {\"box\": [%s, %s]}}", NULL, 1.6f,
                         0.8f, false},
    [PARA_TOOL_ZONE] = {"/zones/-", "end",
                        "{\"name\": \"%s\", \"at\": [%s, %s], \"area\": {\"box\": [%s, %s]}}", NULL, 2, 3,
                        false},
    [PARA_TOOL_BUGGY] = {"/include/-", "me", "{\"part\": \"buggy\", \"as\": \"%s\", \"at\": [%s, %s]}", NULL,
                         0, 0, true},
    [PARA_TOOL_RUNNER] = {"/include/-", "me", "{\"part\": \"runner\", \"as\": \"%s\", \"at\": [%s, %s]}",
                          NULL, 0, 0, true},
};

static void select_last(ParaAuthor *a, const char *list)
{
    ParaDocumentValue value;
    char path[PARA_AUTHOR_PATH];
    snprintf(path, sizeof path, "%.*s", (int)(strlen(list) - 2), list);
    if (para_document_find(a->document, path, &value) && value.count > 0) {
        size_t length = strlen(path);
        snprintf(path + length, sizeof path - length, "/%d", value.count - 1);
        para_author_select(a, path, false);
        a->page = PARA_PAGE_THING;
    }
}

/// A player from a part: the level's, where it has none yet.
static bool adopt_player(ParaAuthor *a, const char *name, const char **out_error)
{
    ParaDocumentValue value;
    char json[96];
    if (para_document_find(a->document, "/player", &value))
        return true;
    snprintf(json, sizeof json, "{\"part\": \"%s\"}", name);
    return para_document_set(a->document, "/player", json, out_error);
}

void para_author_place(ParaAuthor *a, ParaAuthorTool tool, ParaVec2 low, ParaVec2 high, bool sized)
{
    const Recipe *r = &recipes[tool];
    char name[64], x[PARA_NUMBER_SIZE], y[PARA_NUMBER_SIZE], w[PARA_NUMBER_SIZE], h[PARA_NUMBER_SIZE],
        json[400], label[80];
    const char *error = "";
    float width = sized ? high.x - low.x : r->width, height = sized ? high.y - low.y : r->height;
    ParaVec2 at = {(low.x + high.x) / 2, (low.y + high.y) / 2};
    para_document_free_name(a->document, r->stem, name, sizeof name);
    number(at.x, x);
    number(at.y, y);
    if (r->round)
        snprintf(json, sizeof json, r->round, name, x, y, number(fminf(width, height) / 2, w));
    else if (r->corner)
        snprintf(json, sizeof json, r->json, name, x, y);
    else
        snprintf(json, sizeof json, r->json, name, x, y, number(width, w), number(height, h));
    snprintf(label, sizeof label, "add %s", name);
    para_document_begin(a->document, label);
    bool done = para_document_insert(a->document, r->list, json, &error);
    if (done && r->corner)
        done = adopt_player(a, name, &error);
    if (!done)
        para_document_take_back(a->document);
    para_document_end(a->document);
    if (para_author_tell(a, done, error)) {
        select_last(a, r->list);
        a->tool = PARA_TOOL_SELECT;
    }
}

// ---------------------------------------------------------------------------------------------
// Lines and polygons.

static double turn(ParaVec2 p, ParaVec2 q, ParaVec2 r)
{
    return ((double)q.x - (double)p.x) * ((double)r.y - (double)p.y) -
           ((double)q.y - (double)p.y) * ((double)r.x - (double)p.x);
}

static bool cross(ParaVec2 p, ParaVec2 q, ParaVec2 r, ParaVec2 s)
{
    return turn(p, q, r) * turn(p, q, s) < 0 && turn(r, s, p) * turn(r, s, q) < 0;
}

/// Whether an outline goes through itself.
static bool crosses(const ParaVec2 *p, int n)
{
    for (int i = 0; i < n; i++)
        for (int k = i + 2; k < n; k++)
            if ((k + 1) % n != i && cross(p[i], p[(i + 1) % n], p[k], p[(k + 1) % n]))
                return true;
    return false;
}

typedef struct Piece {
    int corner[PARA_POLYGON_POINTS_MAX]; ///< [count] of the outline, counter-clockwise
    int count;
} Piece;

static bool piece_is_convex(const ParaVec2 *p, const Piece *piece)
{
    for (int k = 0; k < piece->count; k++)
        if (turn(p[piece->corner[k]], p[piece->corner[(k + 1) % piece->count]],
                 p[piece->corner[(k + 2) % piece->count]]) < 1e-9)
            return false;
    return true;
}

/// Two pieces that share an edge as one, if that is convex and has corners few enough.
static bool merge(const ParaVec2 *p, Piece *a, const Piece *b)
{
    for (int i = 0; i < a->count; i++)
        for (int k = 0; k < b->count; k++) {
            if (a->corner[i] != b->corner[(k + 1) % b->count] ||
                a->corner[(i + 1) % a->count] != b->corner[k] ||
                a->count + b->count - 2 > PARA_POLYGON_POINTS_MAX)
                continue;
            Piece whole = {.count = 0};
            for (int s = 1; s <= a->count; s++)
                whole.corner[whole.count++] = a->corner[(i + s) % a->count];
            for (int s = 2; s < b->count; s++)
                whole.corner[whole.count++] = b->corner[(k + s) % b->count];
            if (piece_is_convex(p, &whole)) {
                *a = whole;
                return true;
            }
        }
    return false;
}

/// Cuts ears off an outline that turns counter-clockwise, then puts pieces together again while they stay
/// convex. @return how many pieces; 0: the outline crosses itself
static int cut_convex(const ParaVec2 *p, int n, Piece *out)
{
    int left[PARA_AUTHOR_POINTS_MAX], count = 0;
    for (int k = 0; k < n; k++)
        left[k] = k;
    while (n > 2) {
        int ear = -1;
        for (int k = 0; k < n && ear < 0; k++) {
            ParaVec2 u = p[left[(k + n - 1) % n]], v = p[left[k]], w = p[left[(k + 1) % n]];
            bool good = turn(u, v, w) > 1e-9;
            for (int s = 0; s < n && good; s++) {
                ParaVec2 q = p[left[s]];
                if (s != k && s != (k + 1) % n && s != (k + n - 1) % n)
                    good = turn(u, v, q) < 0 || turn(v, w, q) < 0 || turn(w, u, q) < 0;
            }
            ear = good ? k : -1;
        }
        if (ear < 0)
            return 0;
        out[count++] = (Piece){{left[(ear + n - 1) % n], left[ear], left[(ear + 1) % n]}, 3};
        memmove(left + ear, left + ear + 1, sizeof *left * (size_t)(--n - ear));
    }
    for (int i = 0; i < count; i++)
        for (int k = i + 1; k < count;)
            if (merge(p, &out[i], &out[k])) {
                out[k] = out[--count];
                k = i + 1;
            } else {
                k++;
            }
    return count;
}

static void put_points(ParaJson *json, const ParaVec2 *points, const int *order, int count, ParaVec2 origin)
{
    char x[PARA_NUMBER_SIZE], y[PARA_NUMBER_SIZE];
    para_json_format(json, "[");
    for (int k = 0; k < count; k++) {
        ParaVec2 p = points[order ? order[k] : k];
        para_json_format(json, "%s[%s, %s]", k ? ", " : "", number(p.x - origin.x, x),
                         number(p.y - origin.y, y));
    }
    para_json_format(json, "]");
}

static const char *polygon_json(ParaAuthor *a, ParaJson *json, const char *name)
{
    Piece pieces[PARA_AUTHOR_POINTS_MAX];
    ParaVec2 middle = {0, 0};
    char x[PARA_NUMBER_SIZE], y[PARA_NUMBER_SIZE];
    double area = 0;
    int n = a->point_count;
    for (int k = 0; k < n; k++) {
        middle.x += a->points[k].x / (float)n;
        middle.y += a->points[k].y / (float)n;
        area += turn(a->points[0], a->points[k], a->points[(k + 1) % n]);
    }
    for (int k = 0; area < 0 && k < n / 2; k++) {
        ParaVec2 swapped = a->points[k];
        a->points[k] = a->points[n - 1 - k];
        a->points[n - 1 - k] = swapped;
    }
    if (n < 3 || crosses(a->points, n))
        return n < 3 ? "a polygon has 3 corners or more" : "the outline crosses itself; draw it anew";
    int count = cut_convex(a->points, n, pieces);
    if (count == 0)
        return "the outline is too thin or crosses itself; draw it anew";
    middle =
        (ParaVec2){(float)para_author_round((double)middle.x), (float)para_author_round((double)middle.y)};
    para_json_format(json, "{\"name\": \"%s\", \"at\": [%s, %s], ", name, number(middle.x, x),
                     number(middle.y, y));
    para_json_format(json, count == 1 ? "\"shape\": " : "\"shapes\": [");
    for (int k = 0; k < count; k++) {
        para_json_format(json, "%s{\"polygon\": ", k ? ", " : "");
        put_points(json, a->points, pieces[k].corner, pieces[k].count, middle);
        para_json_format(json, "}");
    }
    para_json_format(json, count == 1 ? ", \"material\": \"stone\"}" : "], \"material\": \"stone\"}");
    return NULL;
}

void para_author_place_line(ParaAuthor *a, ParaAuthorTool tool)
{
    ParaArenaMark mark = para_arena_mark(a->arena);
    ParaJson json = para_json(a->arena, 0);
    char name[64];
    const char *error = NULL;
    // A double click says the last point twice.
    while (a->point_count > 1 && a->points[a->point_count - 1].x == a->points[a->point_count - 2].x &&
           a->points[a->point_count - 1].y == a->points[a->point_count - 2].y)
        a->point_count--;
    para_document_free_name(a->document, tool == PARA_TOOL_TERRAIN ? "terrain" : "rock", name, sizeof name);
    if (tool == PARA_TOOL_POLYGON) {
        error = polygon_json(a, &json, name);
    } else if (a->point_count < 2) {
        error = "terrain is a line through 2 points or more";
    } else {
        para_json_format(
            &json, "{\"name\": \"%s\", \"static\": true, \"at\": [0, 0], \"shape\": {\"chain\": ", name);
        put_points(&json, a->points, NULL, a->point_count, (ParaVec2){0, 0});
        para_json_format(&json, "}, \"friction\": 0.8}");
    }
    if (para_author_tell(a, !error, error ? error : "")) {
        para_document_begin(a->document, tool == PARA_TOOL_TERRAIN ? "draw terrain" : "draw polygon");
        bool done = para_document_insert(a->document, "/bodies/-", json.text, &error);
        para_document_end(a->document);
        if (para_author_tell(a, done, error))
            select_last(a, "/bodies/-");
        a->tool = PARA_TOOL_SELECT;
    }
    a->point_count = 0;
    para_arena_rewind(a->arena, mark);
}

/// The name of a body by which a joint holds it; one without gets one. Of a part: of its body there.
static bool name_of(ParaAuthor *a, const char *path, ParaVec2 at, char *out, size_t size,
                    const char **out_error)
{
    char place[PARA_AUTHOR_PATH + 8], quoted[80];
    const ParaLevel *level = a->model.level;
    if (strncmp(path, "/include", 8) == 0) {
        int32_t shapes[16];
        int count = para_world_at_point(a->model.env.world, at, shapes, 16);
        for (int k = 0; k < count && k < 16; k++) {
            int body = level->world.shapes[shapes[k]].body;
            if (strcmp(a->model.bodies[body], path) == 0)
                return snprintf(out, size, "%s", level->body_names[body]) > 0;
        }
        for (int b = 0; b < level->world.body_count; b++)
            if (strcmp(a->model.bodies[b], path) == 0)
                return snprintf(out, size, "%s", level->body_names[b]) > 0;
        return false;
    }
    snprintf(place, sizeof place, "%s/name", path);
    if (para_document_read(a->document, place, out, size) && *out)
        return true;
    para_document_free_name(a->document, "body", out, size);
    return para_document_set(a->document, place, para_author_quoted(a, out, quoted, sizeof quoted),
                             out_error);
}

void para_author_join(ParaAuthor *a, const char *first, const char *second, ParaVec2 at)
{
    char names[2][64], name[64], json[400], x[PARA_NUMBER_SIZE], y[PARA_NUMBER_SIZE];
    const char *error = "these bodies have no names";
    para_document_begin(a->document, "join");
    bool done = name_of(a, first, at, names[0], 64, &error) && name_of(a, second, at, names[1], 64, &error);
    para_document_free_name(a->document, "hinge", name, sizeof name);
    snprintf(json, sizeof json, "{\"name\": \"%s\", \"revolute\": [\"%s\", \"%s\"], \"at\": [%s, %s]}", name,
             names[0], names[1], number(at.x, x), number(at.y, y));
    done = done && para_document_insert(a->document, "/joints/-", json, &error);
    if (!done)
        para_document_take_back(a->document);
    para_document_end(a->document);
    if (para_author_tell(a, done, error))
        para_author_say(a, "%s and %s turn about this place", names[0], names[1]);
    a->tool = PARA_TOOL_SELECT;
}

// ---------------------------------------------------------------------------------------------
// Moving.

static void start_of(const ParaAuthor *a, const char *path, ParaAuthorStart *start)
{
    char place[PARA_AUTHOR_PATH + 8];
    ParaDocumentValue value;
    *start = (ParaAuthorStart){.plain = {true, true}};
    snprintf(place, sizeof place, "%s/at", path);
    start->given = para_document_find(a->document, place, &value) && value.kind == PARA_NODE_ARRAY;
    for (int k = 0; k < 2 && start->given; k++) {
        snprintf(place, sizeof place, "%s/at/%d", path, k);
        start->plain[k] = para_document_number(a->document, place, &start->value[k]);
        if (!start->plain[k] && para_document_find(a->document, place, &value) &&
            value.kind == PARA_NODE_TEXT)
            para_document_read(a->document, place, start->text[k], sizeof start->text[k]);
    }
}

void para_author_start_drag(ParaAuthor *a)
{
    a->formulas = false;
    for (int k = 0; k < a->selected_count; k++)
        start_of(a, a->selected[k], &a->starts[k]);
}

/// An expression with an offset behind it: one that a drag wrote before grows.
static void offset(const char *text, double by, char *out, size_t size)
{
    char figure[PARA_NUMBER_SIZE];
    size_t length = strlen(text), digits = length;
    while (digits > 0 && strchr("0123456789.", text[digits - 1]))
        digits--;
    const char *sign = digits >= 3 ? text + digits - 3 : "";
    bool has = digits < length && (strncmp(sign, " + ", 3) == 0 || strncmp(sign, " - ", 3) == 0);
    if (has) {
        by += (sign[1] == '-' ? -1 : 1) * para_text_number(text + digits, NULL);
        length = digits - 3;
    }
    by = para_author_round(by);
    if (by == 0)
        snprintf(out, size, "%.*s", (int)length, text);
    else
        snprintf(out, size, "%.*s %c %s", (int)length, text, by < 0 ? '-' : '+',
                 para_text_double(fabs(by), figure));
}

static bool move_one(ParaAuthor *a, const char *path, const ParaAuthorStart *start, ParaVec2 by,
                     const char **out_error)
{
    char place[PARA_AUTHOR_PATH + 8], text[200], quoted[220];
    const double way[2] = {(double)by.x, (double)by.y};
    double to[2] = {para_author_round(start->value[0] + way[0]), para_author_round(start->value[1] + way[1])};
    snprintf(place, sizeof place, "%s/at", path);
    if (start->plain[0] && start->plain[1])
        return para_document_set_numbers(a->document, place, to, 2, out_error);
    bool done = true;
    a->formulas = true;
    for (int k = 0; k < 2 && done; k++) {
        snprintf(place, sizeof place, "%s/at/%d", path, k);
        if (start->plain[k]) {
            done = para_document_set_numbers(a->document, place, &to[k], 1, out_error);
        } else if (*start->text[k]) { // of a draw there is nothing to write behind
            offset(start->text[k], way[k], text, sizeof text);
            done = para_document_set(a->document, place, para_author_quoted(a, text, quoted, sizeof quoted),
                                     out_error);
        }
    }
    return done;
}

void para_author_move(ParaAuthor *a, ParaVec2 by)
{
    const char *error = "";
    for (int k = 0; k < a->selected_count; k++)
        if (!para_author_tell(a, move_one(a, a->selected[k], &a->starts[k], by, &error), error))
            return;
}

void para_author_plain(ParaAuthor *a)
{
    const ParaAuthorModel *m = &a->model;
    const char *error = "";
    para_document_begin(a->document, "as plain numbers");
    for (int k = 0; k < a->selected_count; k++) {
        char place[PARA_AUTHOR_PATH + 8];
        snprintf(place, sizeof place, "%s/at", a->selected[k]);
        for (int b = 0; m->level && b < m->level->world.body_count + m->level->world.zone_count; b++) {
            bool zone = b >= m->level->world.body_count;
            int z = b - m->level->world.body_count;
            ParaVec2 at = zone ? m->level->world.zones[z].position : m->level->world.bodies[b].position;
            double to[2] = {para_author_round((double)at.x), para_author_round((double)at.y)};
            if (strcmp(zone ? m->zones[z] : m->bodies[b], a->selected[k]) != 0 ||
                strncmp(a->selected[k], "/include", 8) == 0)
                continue;
            para_author_tell(a, para_document_set_numbers(a->document, place, to, 2, &error), error);
            break;
        }
    }
    para_document_end(a->document);
}

// ---------------------------------------------------------------------------------------------
// Copies.

/// Places with the largest index first, so that taking one away leaves the others' places.
static int later_first(const void *left, const void *right)
{
    const char *l = left, *r = right;
    const char *li = strrchr(l, '/'), *ri = strrchr(r, '/');
    int order = strncmp(l, r, (size_t)(li - l) > (size_t)(ri - r) ? (size_t)(li - l) : (size_t)(ri - r));
    return order ? order : atoi(ri + 1) - atoi(li + 1);
}

void para_author_delete(ParaAuthor *a)
{
    const char *error = "";
    if (a->selected_count == 0)
        return;
    qsort(a->selected, (size_t)a->selected_count, sizeof *a->selected, later_first);
    para_document_begin(a->document, a->selected_count == 1 ? "delete" : "delete several");
    for (int k = 0; k < a->selected_count; k++)
        para_author_tell(a, para_document_remove(a->document, a->selected[k], &error), error);
    para_document_end(a->document);
    a->selected_count = 0;
}

void para_author_copy(ParaAuthor *a)
{
    size_t size = 1, used = 0;
    ParaDocumentValue value;
    for (int k = 0; k < a->selected_count; k++)
        if (para_document_find(a->document, a->selected[k], &value))
            size += value.end - value.begin + PARA_AUTHOR_PATH + 2;
    char *text = malloc(size);
    if (!text || a->selected_count == 0) {
        free(text);
        return;
    }
    free(a->clipboard);
    a->clipboard = text;
    a->clipboard_count = a->pasted = 0;
    for (int k = 0; k < a->selected_count; k++) {
        const char *second = strchr(a->selected[k] + 1, '/');
        if (!second || !para_document_find(a->document, a->selected[k], &value))
            continue;
        used += (size_t)sprintf(text + used, "%.*s/-", (int)(second - a->selected[k]), a->selected[k]) + 1;
        memcpy(text + used, para_document_text(a->document, NULL) + value.begin, value.end - value.begin);
        used += value.end - value.begin;
        text[used++] = '\0';
        a->clipboard_count++;
    }
    para_author_say(a, "copied; Ctrl+V puts it beside, each time a little further");
}

void para_author_paste(ParaAuthor *a)
{
    const char *at = a->clipboard, *error = "";
    ParaAuthorPath places[PARA_AUTHOR_SELECTED_MAX];
    int count = 0;
    if (!at)
        return;
    a->pasted++;
    para_document_begin(a->document, "paste");
    for (int k = 0; k < a->clipboard_count; k++) {
        const char *list = at, *json = list + strlen(list) + 1;
        char old[64], name[64], quoted[80], place[PARA_AUTHOR_PATH + 8];
        at = json + strlen(json) + 1;
        a->selected_count = 0;
        if (!para_author_tell(a, para_document_insert(a->document, list, json, &error), error))
            break;
        select_last(a, list);
        if (a->selected_count == 0)
            break;
        for (int key = 0; key < 2; key++) {
            snprintf(place, sizeof place, "%s/%s", a->selected[0], key ? "as" : "name");
            if (!para_document_read(a->document, place, old, sizeof old) || !*old)
                continue;
            // Its own name is taken, by itself if by nobody else.
            para_document_free_name(a->document, old, name, sizeof name);
            para_document_set(a->document, place, para_author_quoted(a, name, quoted, sizeof quoted), &error);
        }
        start_of(a, a->selected[0], &a->starts[0]);
        float step = 0.5f * (float)a->pasted;
        move_one(a, a->selected[0], &a->starts[0], (ParaVec2){step, step}, &error);
        memcpy(places[count++], a->selected[0], sizeof *places);
    }
    para_document_end(a->document);
    memcpy(a->selected, places, sizeof *places * (size_t)count);
    a->selected_count = count;
}

void para_author_duplicate(ParaAuthor *a)
{
    para_author_copy(a);
    para_author_paste(a);
}

// ---------------------------------------------------------------------------------------------
// Order.

static float side_of(ParaVec2 low, ParaVec2 high, int axis, int side)
{
    float l = axis ? low.y : low.x, h = axis ? high.y : high.x;
    return side < 0 ? l : side > 0 ? h : (l + h) / 2;
}

void para_author_align(ParaAuthor *a, int axis, int side)
{
    ParaVec2 low, high;
    const char *error = "";
    if (a->selected_count < 2 || !para_author_bounds(a, a->selected[0], &low, &high))
        return;
    float to = side_of(low, high, axis, side); // the first selected stays
    para_document_begin(a->document, "align");
    for (int k = 1; k < a->selected_count; k++) {
        if (!para_author_bounds(a, a->selected[k], &low, &high))
            continue;
        float by = to - side_of(low, high, axis, side);
        start_of(a, a->selected[k], &a->starts[k]);
        para_author_tell(
            a,
            move_one(a, a->selected[k], &a->starts[k], axis ? (ParaVec2){0, by} : (ParaVec2){by, 0}, &error),
            error);
    }
    para_document_end(a->document);
}

void para_author_distribute(ParaAuthor *a, int axis)
{
    float middle[PARA_AUTHOR_SELECTED_MAX];
    int order[PARA_AUTHOR_SELECTED_MAX], n = 0;
    ParaVec2 low, high;
    const char *error = "";
    for (int k = 0; k < a->selected_count; k++) {
        if (!para_author_bounds(a, a->selected[k], &low, &high))
            continue;
        middle[k] = side_of(low, high, axis, 0);
        int at = n++;
        for (; at > 0 && middle[order[at - 1]] > middle[k]; at--)
            order[at] = order[at - 1];
        order[at] = k;
    }
    if (n < 3)
        return;
    float first = middle[order[0]], step = (middle[order[n - 1]] - first) / (float)(n - 1);
    para_document_begin(a->document, "distribute");
    for (int k = 1; k + 1 < n; k++) {
        float by = first + step * (float)k - middle[order[k]];
        start_of(a, a->selected[order[k]], &a->starts[order[k]]);
        para_author_tell(a,
                         move_one(a, a->selected[order[k]], &a->starts[order[k]],
                                  axis ? (ParaVec2){0, by} : (ParaVec2){by, 0}, &error),
                         error);
    }
    para_document_end(a->document);
}

void para_author_undo(ParaAuthor *a, bool redo)
{
    const char *label = redo ? para_document_redo_label(a->document) : para_document_undo_label(a->document);
    char words[PARA_DOCUMENT_LABEL_MAX];
    snprintf(words, sizeof words, "%s", label ? label : "");
    bool done = redo ? para_document_redo(a->document) : para_document_undo(a->document);
    ParaDocumentValue value;
    int kept = 0;
    for (int k = 0; k < a->selected_count; k++)
        if (para_document_find(a->document, a->selected[k], &value))
            memmove(a->selected[kept++], a->selected[k], sizeof *a->selected);
    a->selected_count = kept;
    if (done)
        para_author_say(a, redo ? "done again: %s" : "undone: %s", words);
    else
        para_author_say(a, redo ? "nothing to do again" : "nothing to undo");
}
