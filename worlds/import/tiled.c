// SPDX-License-Identifier: MIT
// Reading a map of Tiled: layers of layers, and objects as things.
#include "worlds/import/tiled.h"

#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "worlds/import/tiled_parts.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX    16 // groups in groups
#define LAYERS_MAX   1000
#define POINTS_TOTAL 100000 // of all outlines
#define NUMBER_MAX   1e7    // [px] or whatever else
#define LINE_RADIUS  0.05   // [m] half the thickness of a polyline
#define OVAL_CORNERS 24     // of an ellipse that is no circle

// ---------------------------------------------------------------------------------------------
// Values.

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

double para_tiled_number(const cJSON *object, const char *key, double otherwise)
{
    const cJSON *value = member(object, key);
    if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble) || fabs(value->valuedouble) > NUMBER_MAX)
        return otherwise;
    return value->valuedouble;
}

const char *para_tiled_text(const cJSON *object, const char *key)
{
    const cJSON *value = member(object, key);
    return cJSON_IsString(value) ? value->valuestring : "";
}

const char *para_tiled_class(const cJSON *object)
{
    const char *word = para_tiled_text(object, "class");
    return *word ? word : para_tiled_text(object, "type");
}

ParaProperty *para_tiled_properties(ParaTiled *map, const cJSON *object, int *out_count)
{
    const cJSON *list = member(object, "properties"), *item;
    ParaArena *arena = map->drawing.arena;
    ParaProperty *out = PARA_NEW(arena, ParaProperty, cJSON_GetArraySize(list) + 1);
    *out_count = 0;
    cJSON_ArrayForEach(item, list)
    {
        const cJSON *value = member(item, "value");
        const char *name = para_tiled_text(item, "name");
        char number[PARA_NUMBER_SIZE];
        if (!*name || !cJSON_IsArray(list))
            continue;
        if (cJSON_IsBool(value))
            out[(*out_count)++] = para_drawn_property_of(name, cJSON_IsTrue(value) ? "true" : "false", arena);
        else if (cJSON_IsNumber(value))
            out[(*out_count)++] =
                para_drawn_property_of(name, para_text_double(value->valuedouble, number), arena);
        else
            out[(*out_count)++] =
                para_drawn_property_of(name, cJSON_IsString(value) ? value->valuestring : "", arena);
    }
    return out;
}

bool para_tiled_ring(ParaTiled *map, const cJSON *points, const char *where, ParaRing *out)
{
    int count = cJSON_IsArray(points) ? cJSON_GetArraySize(points) : 0;
    *out = (ParaRing){.count = 0};
    if (count < 2) {
        para_drawn_note(&map->drawing, where, "it has fewer than two points");
        return false;
    }
    if (count > PARA_DRAWN_POINTS_MAX || map->points + count > POINTS_TOTAL) {
        para_drawn_refuse(&map->drawing, where, "more than %d points, or more than %d in all outlines",
                          PARA_DRAWN_POINTS_MAX, POINTS_TOTAL);
        return false;
    }
    map->points += count;
    out->points = PARA_NEW(map->drawing.arena, ParaPoint, count);
    const cJSON *point;
    cJSON_ArrayForEach(point, points) out->points[out->count++] =
        (ParaPoint){para_tiled_number(point, "x", 0), para_tiled_number(point, "y", 0)};
    return true;
}

// ---------------------------------------------------------------------------------------------
// Objects. A frame of an object is at its x, y and turns with it; there y is down, in the level it is up.

static ParaForm *add_forms(ParaTiled *map, ParaDrawn *drawn, int count)
{
    drawn->forms = PARA_NEW(map->drawing.arena, ParaForm, count);
    drawn->form_count = count;
    return drawn->forms;
}

static void add_polygon(ParaTiled *map, ParaDrawn *drawn, const ParaRing *ring)
{
    ParaConvex pieces;
    const char *wrong = para_convex_of_rings(ring, 1, PARA_FILL_NONZERO, map->drawing.arena, &pieces);
    if (wrong) {
        para_drawn_refuse(&map->drawing, drawn->where, "%s", wrong);
        return;
    }
    para_convex_place(&pieces, map->scale, -1, 0, 0);
    if (pieces.count == 0 || pieces.lost > 0)
        para_drawn_note(&map->drawing, drawn->where, "what of it is thinner than 1 mm is left out");
    drawn->forms = pieces.items;
    drawn->form_count = pieces.count;
}

static void add_line(ParaTiled *map, ParaDrawn *drawn, const ParaRing *ring)
{
    const ParaProperty *radius = para_drawn_property(drawn->properties, drawn->property_count, "radius");
    ParaForm *form = add_forms(map, drawn, 1);
    *form = (ParaForm){.kind = PARA_FORM_CHAIN, .count = ring->count, .points = ring->points};
    form->radius = radius && !isnan(radius->number) ? radius->number : LINE_RADIUS;
    for (int i = 0; i < ring->count; i++)
        ring->points[i] = (ParaPoint){map->scale * ring->points[i].x, -map->scale * ring->points[i].y};
}

/// A rectangle or ellipse: its middle becomes the thing's place.
static void add_box(ParaTiled *map, ParaDrawn *drawn, double width, double height, bool oval, bool upward)
{
    double s, c, x = map->scale * width / 2, y = map->scale * height / 2 * (upward ? 1 : -1);
    para_sincos(drawn->angle, &s, &c);
    drawn->x += c * x - s * y;
    drawn->y += s * x + c * y;
    if (oval && fabs(width - height) > 1e-3 * width) {
        ParaRing ring = {.points = PARA_NEW(map->drawing.arena, ParaPoint, OVAL_CORNERS),
                         .count = OVAL_CORNERS};
        for (int i = 0; i < OVAL_CORNERS; i++) {
            para_sincos(PARA_TAU * i / OVAL_CORNERS, &s, &c);
            ring.points[i] = (ParaPoint){width / 2 * c, height / 2 * s};
        }
        add_polygon(map, drawn, &ring);
        return;
    }
    ParaForm *form = add_forms(map, drawn, 1);
    *form =
        oval ? (ParaForm){.kind = PARA_FORM_CIRCLE, .radius = map->scale * width / 2}
             : (ParaForm){.kind = PARA_FORM_BOX, .width = map->scale * width, .height = map->scale * height};
}

static void add_object_form(ParaTiled *map, const cJSON *object, ParaDrawn *drawn)
{
    double width = para_tiled_number(object, "width", 0), height = para_tiled_number(object, "height", 0);
    const cJSON *polygon = member(object, "polygon"), *polyline = member(object, "polyline");
    ParaRing ring;
    if (polygon || polyline) {
        if (!para_tiled_ring(map, polygon ? polygon : polyline, drawn->where, &ring))
            return;
        if (polygon && ring.count >= 3)
            add_polygon(map, drawn, &ring);
        else
            add_line(map, drawn, &ring);
    } else if (width > 0 && height > 0) {
        add_box(map, drawn, width, height, cJSON_IsTrue(member(object, "ellipse")),
                member(object, "gid") != NULL);
    }
}

static void read_object(ParaTiled *map, const cJSON *object, const char *where, double x, double y)
{
    ParaDrawing *drawing = &map->drawing;
    ParaDrawnKind kind;
    const char *word = para_tiled_class(object), *name = para_tiled_text(object, "name");
    if (*para_tiled_text(object, "template")) {
        para_drawn_note(drawing, where,
                        "an object of Tiled's template %.100s; detach it first (Objects, Detach)",
                        para_tiled_text(object, "template"));
        return;
    }
    if (cJSON_IsObject(member(object, "text"))) {
        para_drawn_note(drawing, where, "text");
        return;
    }
    if (!para_drawn_kind(word, &kind)) {
        para_drawn_note(
            drawing, where,
            "an object of class \"%.60s\"; known are solid, body, mover, player, goal, hazard, coin, zone",
            word);
        return;
    }
    bool point = cJSON_IsTrue(member(object, "point"));
    bool form = member(object, "polygon") || member(object, "polyline") ||
                (para_tiled_number(object, "width", 0) > 0 && para_tiled_number(object, "height", 0) > 0);
    if ((point || !form) && kind != PARA_DRAWN_PLAYER && kind != PARA_DRAWN_COIN && kind != PARA_DRAWN_GOAL) {
        para_drawn_note(drawing, where, "a point of class \"%s\" has no form", *word ? word : "solid");
        return;
    }
    ParaDrawn *drawn = para_drawn_add(drawing, kind, para_arena_strdup(drawing->arena, name), where);
    if (!drawn)
        return;
    drawn->properties = para_tiled_properties(map, object, &drawn->property_count);
    drawn->angle = -para_tiled_number(object, "rotation", 0) * PARA_TAU / 360;
    drawn->x = map->scale * (x + para_tiled_number(object, "x", 0) - map->left);
    drawn->y = map->scale * (map->bottom - y - para_tiled_number(object, "y", 0));
    if (!point)
        add_object_form(map, object, drawn);
    if (drawn->form_count == 0 && !point && form && kind != PARA_DRAWN_PLAYER && kind != PARA_DRAWN_COIN)
        drawing->count--; // nothing is left of it, which was told
    if (fabs(drawn->x) > PARA_DRAWN_FAR || fabs(drawn->y) > PARA_DRAWN_FAR)
        para_drawn_refuse(drawing, where, "it lies more than %g m from the map's corner", PARA_DRAWN_FAR);
}

// ---------------------------------------------------------------------------------------------
// Layers.

typedef struct Place {
    double x, y; ///< [px] offset of the groups around
    int depth;
} Place;

static int read_layers(ParaTiled *map, const cJSON *layers, const char *where, Place place, int seen);

static void read_layer(ParaTiled *map, const cJSON *layer, const char *where, Place place, int *seen)
{
    const char *type = para_tiled_text(layer, "type");
    place.x += para_tiled_number(layer, "offsetx", 0);
    place.y += para_tiled_number(layer, "offsety", 0);
    if (para_tiled_number(layer, "parallaxx", 1) != 1 || para_tiled_number(layer, "parallaxy", 1) != 1) {
        para_drawn_note(&map->drawing, where, "a layer with parallax: a backdrop");
    } else if (strcmp(type, "tilelayer") == 0) {
        para_tiled_read_tiles(map, layer, where, place.x, place.y);
    } else if (strcmp(type, "objectgroup") == 0) {
        int index = 0;
        const cJSON *object;
        cJSON_ArrayForEach(object, member(layer, "objects"))
        {
            const char *name = para_tiled_text(object, "name");
            read_object(map, object,
                        para_arena_printf(map->drawing.arena, "%s/objects/%d%s%.60s%s", where, index++,
                                          *name ? " (" : "", name, *name ? ")" : ""),
                        place.x, place.y);
        }
    } else if (strcmp(type, "group") == 0) {
        place.depth++;
        *seen = read_layers(map, member(layer, "layers"),
                            para_arena_printf(map->drawing.arena, "%s/layers", where), place, *seen);
    } else if (strcmp(type, "imagelayer") == 0) {
        para_drawn_note(&map->drawing, where, "a layer of an image");
    } else {
        para_drawn_note(&map->drawing, where, "a layer of an unknown type \"%.40s\"", type);
    }
}

static int read_layers(ParaTiled *map, const cJSON *layers, const char *where, Place place, int seen)
{
    int index = 0;
    const cJSON *layer;
    if (place.depth > DEPTH_MAX) {
        para_drawn_refuse(&map->drawing, where, "more than %d groups in each other", DEPTH_MAX);
        return seen;
    }
    cJSON_ArrayForEach(layer, layers)
    {
        if (seen++ >= LAYERS_MAX) {
            para_drawn_refuse(&map->drawing, where, "more than %d layers", LAYERS_MAX);
            return seen;
        }
        read_layer(map, layer, para_arena_printf(map->drawing.arena, "%s/%d", where, index++), place, &seen);
    }
    return seen;
}

/// [tile] What the chunks of an infinite map's layers cover, as far as it is known.
typedef struct Bounds {
    double left, top, right, bottom;
} Bounds;

static void add_bounds(Bounds *bounds, const cJSON *layers, int depth)
{
    const cJSON *layer, *chunk;
    cJSON_ArrayForEach(layer, layers)
    {
        if (depth < DEPTH_MAX)
            add_bounds(bounds, member(layer, "layers"), depth + 1);
        cJSON_ArrayForEach(chunk, member(layer, "chunks"))
        {
            double x = para_tiled_number(chunk, "x", 0), y = para_tiled_number(chunk, "y", 0);
            bounds->left = para_min(bounds->left, x);
            bounds->top = para_min(bounds->top, y);
            bounds->right = para_max(bounds->right, x + para_tiled_number(chunk, "width", 0));
            bounds->bottom = para_max(bounds->bottom, y + para_tiled_number(chunk, "height", 0));
        }
    }
}

static bool read_head(ParaTiled *map, const cJSON *root)
{
    ParaDrawing *drawing = &map->drawing;
    Bounds bounds = {0, 0, para_tiled_number(root, "width", 0), para_tiled_number(root, "height", 0)};
    const char *orientation = para_tiled_text(root, "orientation");
    map->tile_width = para_tiled_number(root, "tilewidth", 0);
    map->tile_height = para_tiled_number(root, "tileheight", 0);
    if (!cJSON_IsObject(root) || !member(root, "layers")) {
        para_drawn_refuse(drawing, "", "this is no map of Tiled: it has no layers");
    } else if (*orientation && strcmp(orientation, "orthogonal") != 0) {
        para_drawn_refuse(drawing, "/orientation", "a map that is %.40s; only orthogonal ones are read",
                          orientation);
    } else if (map->tile_width < 1 || map->tile_height < 1) {
        para_drawn_refuse(drawing, "/tilewidth", "tilewidth and tileheight must be at least 1");
    }
    if (drawing->list->error_count > 0)
        return false;
    if (cJSON_IsTrue(member(root, "infinite"))) {
        bounds = (Bounds){1e9, 1e9, -1e9, -1e9};
        add_bounds(&bounds, member(root, "layers"), 0);
        if (bounds.right < bounds.left) // objects alone
            bounds = (Bounds){0, 0, 40, 20};
    }
    map->scale = map->choices->metres_per_tile / map->tile_width;
    map->left = bounds.left * map->tile_width;
    map->bottom = bounds.bottom * map->tile_height;
    drawing->width = map->scale * (bounds.right - bounds.left) * map->tile_width;
    drawing->height = map->scale * (bounds.bottom - bounds.top) * map->tile_height;
    if (drawing->width > PARA_DRAWN_FAR || drawing->height > PARA_DRAWN_FAR)
        para_drawn_refuse(drawing, "", "the map is %.4g by %.4g m; at most %g", drawing->width,
                          drawing->height, PARA_DRAWN_FAR);
    drawing->properties = para_tiled_properties(map, root, &drawing->property_count);
    return drawing->list->error_count == 0;
}

char *para_tiled_import(const char *text, size_t size, const ParaTiledChoices *choices, ParaArena *arena,
                        ParaDiagList *list)
{
    ParaTiled *map = PARA_NEW(arena, ParaTiled, 1);
    char *written = NULL;
    map->choices = choices;
    map->drawing = (ParaDrawing){.arena = arena, .list = list, .name = choices->name, .from = choices->from};
    cJSON *root = para_json_parse_part(text, size, NULL, false);
    if (!root)
        para_drawn_refuse(&map->drawing, "", "it is no JSON; of a .tmx, use Tiled's Export As (JSON)");
    else if (read_head(map, root)) {
        para_tiled_read_sets(map, member(root, "tilesets"));
        read_layers(map, member(root, "layers"), "/layers", (Place){0, 0, 0}, 0);
        if (list->error_count == 0)
            written = para_drawing_write(&map->drawing);
    }
    cJSON_Delete(root);
    return written;
}
