// SPDX-License-Identifier: MIT
// Terrain and polygons, from the points that somebody clicked.
#include "apps/author/author_parts.h"

#include "engine/base/json.h"
#include "engine/base/text.h"

#include <math.h>
#include <string.h>

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
        para_json_format(json, "%s[%s, %s]", k ? ", " : "", para_author_number(p.x - origin.x, x),
                         para_author_number(p.y - origin.y, y));
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
    para_json_format(json, "{\"name\": \"%s\", \"at\": [%s, %s], ", name, para_author_number(middle.x, x),
                     para_author_number(middle.y, y));
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
            para_author_select_last(a, "/bodies/-");
        a->tool = PARA_TOOL_SELECT;
    }
    a->point_count = 0;
    para_arena_rewind(a->arena, mark);
}
