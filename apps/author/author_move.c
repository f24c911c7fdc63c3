// SPDX-License-Identifier: MIT
// Things go elsewhere: moved, turned, aligned. Numbers are written as numbers, and behind an expression an
// offset.
#include "apps/author/author_parts.h"

#include "engine/base/maths.h"
#include "engine/base/text.h"

#include <math.h>
#include <string.h>

// ---------------------------------------------------------------------------------------------
// Where all of it was.

/// x or y of a place as the text has it. @param seen [m] what it is in the level
static void read_half(const ParaAuthor *a, ParaAuthorStart *start, int half, const float *seen)
{
    char place[PARA_AUTHOR_PATH + 8];
    ParaDocumentValue value;
    snprintf(place, sizeof place, "%s/%d", start->path, half);
    start->plain[half] = para_document_number(a->document, place, &start->value[half]);
    if (start->plain[half])
        return;
    start->known &= seen != NULL;
    start->value[half] = seen ? (double)*seen : 0;
    if (para_document_find(a->document, place, &value) && value.kind == PARA_NODE_TEXT)
        para_document_read(a->document, place, start->text[half], sizeof start->text[half]);
}

/// @return NULL: there is no room
static ParaAuthorStart *add_place(ParaAuthor *a, const char *thing, const char *key, const ParaVec2 *seen)
{
    ParaDocumentValue value;
    if (a->start_count == PARA_AUTHOR_STARTS_MAX)
        return NULL;
    ParaAuthorStart *start = &a->starts[a->start_count++];
    *start = (ParaAuthorStart){.plain = {true, true}, .known = true};
    snprintf(start->path, sizeof start->path, "%.80s/%s", thing, key);
    if (!para_document_find(a->document, start->path, &value))
        return start; // not given: it is at 0, 0
    read_half(a, start, 0, seen ? &seen->x : NULL);
    read_half(a, start, 1, seen ? &seen->y : NULL);
    return start;
}

static void add_way(ParaAuthor *a, const char *thing, const char *key)
{
    char place[PARA_AUTHOR_PATH + 20];
    ParaDocumentValue value;
    snprintf(place, sizeof place, "%.80s/%s", thing, key);
    ParaAuthorStart *start =
        para_document_find(a->document, place, &value) ? add_place(a, thing, key, NULL) : NULL;
    if (start)
        start->way = true;
}

/// Which way a thing goes, or blows what is inside, is told in the world's directions.
static void add_ways(ParaAuthor *a, const char *thing)
{
    static const char *const keys[] = {"velocity", "moves/by", "force"};
    char place[PARA_AUTHOR_PATH + 20], key[32];
    ParaDocumentValue value;
    for (int k = 0; k < 3; k++)
        add_way(a, thing, keys[k]);
    snprintf(place, sizeof place, "%.80s/path/stops", thing);
    int stops = para_document_find(a->document, place, &value) ? value.count : 0;
    for (int k = 0; k < stops; k++) {
        snprintf(key, sizeof key, "path/stops/%d/by", k);
        add_way(a, thing, key);
    }
}

static void add_angle(ParaAuthor *a, const char *thing, double seen)
{
    ParaDocumentValue value;
    if (a->angle_count == PARA_AUTHOR_SELECTED_MAX)
        return;
    ParaAuthorAngle *angle = &a->angles[a->angle_count++];
    *angle = (ParaAuthorAngle){.plain = true};
    snprintf(angle->path, sizeof angle->path, "%.80s/angle", thing);
    if (!para_document_find(a->document, angle->path, &value))
        return;
    angle->plain = para_document_number(a->document, angle->path, &angle->value);
    if (!angle->plain) {
        angle->value = seen;
        if (value.kind == PARA_NODE_TEXT)
            para_document_read(a->document, angle->path, angle->text, sizeof angle->text);
    }
}

/// A joint moves by the places that its author wrote; one without stays without.
static void add_joint(ParaAuthor *a, const char *path)
{
    static const char *const keys[] = {"at", "at_a", "at_b", "wheel_a", "wheel_b"};
    char place[PARA_AUTHOR_PATH + 12];
    ParaDocumentValue value;
    for (int k = 0; k < 5; k++) {
        snprintf(place, sizeof place, "%.80s/%s", path, keys[k]);
        if (para_document_find(a->document, place, &value))
            add_place(a, path, keys[k], NULL);
    }
}

static void add_thing(ParaAuthor *a, const char *path)
{
    ParaVec2 position;
    double angle = 0;
    if (strncmp(path, "/joints", 7) == 0) {
        add_joint(a, path);
        return;
    }
    bool include = strncmp(path, "/include", 8) == 0;
    bool seen = !include && para_author_pose(a, path, &position, &angle);
    add_place(a, path, "at", seen ? &position : NULL);
    if (include) // a part has no angle
        return;
    add_angle(a, path, angle);
    add_ways(a, path);
}

void para_author_start_drag(ParaAuthor *a)
{
    ParaAuthorPath between[PARA_JOINTS_MAX];
    ParaVec2 low, high;
    a->formulas = a->unturned = false;
    a->start_count = a->angle_count = 0;
    for (int k = 0; k < a->selected_count; k++)
        add_thing(a, a->selected[k]);
    int count = para_author_joints_between(a, between, PARA_JOINTS_MAX);
    for (int k = 0; k < count; k++)
        add_joint(a, between[k]);
    if (para_author_selection_bounds(a, &low, &high))
        a->pivot = (ParaVec2){(low.x + high.x) / 2, (low.y + high.y) / 2};
}

// ---------------------------------------------------------------------------------------------
// Where it goes.

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

static bool write_offset(ParaAuthor *a, const char *path, const char *text, double by, const char **out_error)
{
    char longer[200], quoted[220];
    a->formulas = true;
    if (!*text) // of a draw there is nothing to write behind
        return true;
    offset(text, by, longer, sizeof longer);
    return para_document_set(a->document, path, para_author_quoted(a, longer, quoted, sizeof quoted),
                             out_error);
}

static bool move_one(ParaAuthor *a, const ParaAuthorStart *start, double x, double y, const char **out_error)
{
    char place[PARA_AUTHOR_PATH + 8];
    const double way[2] = {x, y};
    double to[2] = {para_author_round(start->value[0] + x), para_author_round(start->value[1] + y)};
    if (start->plain[0] && start->plain[1])
        return para_document_set_numbers(a->document, start->path, to, 2, out_error);
    bool done = true;
    for (int k = 0; k < 2 && done; k++) {
        snprintf(place, sizeof place, "%.90s/%d", start->path, k);
        done = start->plain[k] ? para_document_set_numbers(a->document, place, &to[k], 1, out_error)
                               : write_offset(a, place, start->text[k], way[k], out_error);
    }
    return done;
}

void para_author_move(ParaAuthor *a, ParaVec2 by)
{
    const char *error = "";
    for (int k = 0; k < a->start_count; k++)
        if (!a->starts[k].way &&
            !para_author_tell(a, move_one(a, &a->starts[k], (double)by.x, (double)by.y, &error), error))
            return;
}

static bool turn_one(ParaAuthor *a, const ParaAuthorAngle *angle, double by, const char **out_error)
{
    if (!angle->plain)
        return write_offset(a, angle->path, angle->text, by, out_error);
    double to = para_author_round(remainder(angle->value + by, 6.283185307179586));
    return para_document_set_numbers(a->document, angle->path, &to, 1, out_error);
}

/// The places, or the ways, of the selection. @param pivot [m]; of ways 0, 0
static bool turn_pairs(ParaAuthor *a, bool ways, ParaVec2 pivot, double by)
{
    double c = para_cos(by), s = para_sin(by);
    const char *error = "";
    bool done = true;
    for (int k = 0; k < a->start_count && done; k++) {
        const ParaAuthorStart *start = &a->starts[k];
        double x = start->value[0] - (double)pivot.x, y = start->value[1] - (double)pivot.y;
        if (start->way != ways)
            continue;
        if (start->known)
            done =
                para_author_tell(a, move_one(a, start, c * x - s * y - x, s * x + c * y - y, &error), error);
        else if (ways)
            a->unturned = true;
        else // where it is, is worked out, and the level does not say
            a->formulas = true;
    }
    return done;
}

void para_author_turn_ways(ParaAuthor *a, double by) { turn_pairs(a, true, (ParaVec2){0, 0}, by); }

void para_author_turn(ParaAuthor *a, double by)
{
    const char *error = "";
    if (!turn_pairs(a, false, a->pivot, by) || !turn_pairs(a, true, (ParaVec2){0, 0}, by))
        return;
    for (int k = 0; k < a->angle_count; k++)
        if (!para_author_tell(a, turn_one(a, &a->angles[k], by, &error), error))
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
// Order.

static float side_of(ParaVec2 low, ParaVec2 high, int axis, int side)
{
    float l = axis ? low.y : low.x, h = axis ? high.y : high.x;
    return side < 0 ? l : side > 0 ? h : (l + h) / 2;
}

/// The first of the selection that a thing of it is together with: itself, where it is in no group.
static int unit_of(const ParaAuthor *a, int index)
{
    char place[PARA_AUTHOR_PATH + 12], name[64], other[64];
    snprintf(place, sizeof place, "%s/together", a->selected[index]);
    if (!para_document_read(a->document, place, name, sizeof name))
        return index;
    for (int k = 0; k < index; k++) {
        snprintf(place, sizeof place, "%s/together", a->selected[k]);
        if (para_document_read(a->document, place, other, sizeof other) && strcmp(name, other) == 0)
            return k;
    }
    return index;
}

/// Which unit each of the selection is of, and the box around that. @param unit, low, high out
/// [selected_count]
static void measure_units(const ParaAuthor *a, int *unit, ParaVec2 *low, ParaVec2 *high)
{
    for (int k = 0; k < a->selected_count; k++) {
        ParaVec2 l, h;
        int u = unit[k] = unit_of(a, k);
        if (u == k) {
            low[k] = (ParaVec2){INFINITY, INFINITY};
            high[k] = (ParaVec2){-INFINITY, -INFINITY};
        }
        if (para_author_bounds(a, a->selected[k], &l, &h)) {
            low[u] = (ParaVec2){fminf(low[u].x, l.x), fminf(low[u].y, l.y)};
            high[u] = (ParaVec2){fmaxf(high[u].x, h.x), fmaxf(high[u].y, h.y)};
        }
    }
}

/// Moves each of the selection by what its unit shall go along an axis. @param by [selected_count] [m]
static void move_units(ParaAuthor *a, const char *label, int axis, const int *unit, const float *by)
{
    para_document_begin(a->document, label);
    for (int k = 0; k < a->selected_count; k++) {
        float way = by[unit[k]];
        a->start_count = a->angle_count = 0;
        add_thing(a, a->selected[k]);
        if (way != 0.0f)
            para_author_move(a, axis ? (ParaVec2){0, way} : (ParaVec2){way, 0});
    }
    para_document_end(a->document);
}

typedef struct Units {
    int unit[PARA_AUTHOR_SELECTED_MAX];
    ParaVec2 low[PARA_AUTHOR_SELECTED_MAX], high[PARA_AUTHOR_SELECTED_MAX]; ///< [m] of those that are first
    float by[PARA_AUTHOR_SELECTED_MAX];                                     ///< [m]
} Units;

void para_author_align(ParaAuthor *a, int axis, int side)
{
    Units u;
    measure_units(a, u.unit, u.low, u.high);
    if (a->selected_count < 2 || u.low[0].x > u.high[0].x)
        return;
    float to = side_of(u.low[0], u.high[0], axis, side); // the first selected stays
    for (int k = 0; k < a->selected_count; k++)
        u.by[k] =
            u.unit[k] == k && u.low[k].x <= u.high[k].x ? to - side_of(u.low[k], u.high[k], axis, side) : 0;
    move_units(a, "align", axis, u.unit, u.by);
}

void para_author_distribute(ParaAuthor *a, int axis)
{
    Units u;
    float middle[PARA_AUTHOR_SELECTED_MAX];
    int order[PARA_AUTHOR_SELECTED_MAX], n = 0;
    measure_units(a, u.unit, u.low, u.high);
    for (int k = 0; k < a->selected_count; k++) {
        u.by[k] = 0;
        if (u.unit[k] != k || u.low[k].x > u.high[k].x)
            continue;
        middle[k] = side_of(u.low[k], u.high[k], axis, 0);
        int at = n++;
        for (; at > 0 && middle[order[at - 1]] > middle[k]; at--)
            order[at] = order[at - 1];
        order[at] = k;
    }
    if (n < 3)
        return;
    float first = middle[order[0]], step = (middle[order[n - 1]] - first) / (float)(n - 1);
    for (int k = 1; k + 1 < n; k++)
        u.by[order[k]] = first + step * (float)k - middle[order[k]];
    move_units(a, "distribute", axis, u.unit, u.by);
}
