// SPDX-License-Identifier: MIT
// Packs a toybox: the level as text, toys and zones added to its lists, loaded again. So whatever the format
// refuses is refused here, and the level is the one that a replay of it has.
#include "worlds/meddle/toybox.h"

#include "engine/base/assert.h"
#include "worlds/json_tree.h"
#include "worlds/template.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define WIND_NAME  PARA_TOYBOX_PREFIX "wind"
#define FLOOD_NAME PARA_TOYBOX_PREFIX "flood"
#define HALF_LEAST 0.15f // [m]
#define HALF_MOST  0.6f  // [m]
#define WEIGHT     0.5   // [1] of the player's density
#define WATER      1.6   // [1] of a toy's density: toys float
#define FULL_BOX   4     // boxes of different size are tried, from this one down
#define BEYOND     3.0   // [m] where toys wait: so far above the level

static const char *const words[PARA_TOYS] = {"crate", "ball", "plank", "spike"};
static const int full[PARA_TOYS] = {6, 4, 3, 4};

const char *para_toy_word(ParaToy toy)
{
    PARA_ASSERT(toy < PARA_TOYS);
    return words[toy];
}

int para_toy_of(const ParaLevel *level, int body)
{
    const char *name = level->body_names[body];
    if (!para_level_is_spare(level, body) || level->world.bodies[body].kind != PARA_BODY_DYNAMIC ||
        strncmp(name, PARA_TOYBOX_PREFIX, strlen(PARA_TOYBOX_PREFIX)) != 0)
        return -1;
    for (int toy = 0; toy < PARA_TOYS; toy++) {
        size_t length = strlen(words[toy]);
        if (strncmp(name + strlen(PARA_TOYBOX_PREFIX), words[toy], length) == 0 &&
            name[strlen(PARA_TOYBOX_PREFIX) + length] == '-')
            return toy;
    }
    return -1;
}

static int zone_of(const ParaLevel *level, const char *name)
{
    for (int z = 0; z < level->world.zone_count; z++)
        if (strcmp(level->zone_names[z], name) == 0)
            return z;
    return -1;
}

int para_toybox_wind(const ParaLevel *level) { return zone_of(level, WIND_NAME); }

int para_toybox_flood(const ParaLevel *level)
{
    int zone = zone_of(level, FLOOD_NAME);
    return zone >= 0 && level->world.zones[zone].fluid_density > 0 ? zone : -1;
}

bool para_toybox_is_in(const ParaLevel *level)
{
    bool is = para_toybox_wind(level) >= 0 || para_toybox_flood(level) >= 0;
    for (int b = 0; b < level->world.body_count && !is; b++)
        is = para_toy_of(level, b) >= 0;
    return is;
}

// ---------------------------------------------------------------------------------------------
// To the player's measure.

/// [m] How far the shapes of the player's body reach from its origin.
static double reach_of(const ParaLevel *level)
{
    const ParaWorldDef *world = &level->world;
    double most = 0;
    for (int s = 0; s < world->shape_count; s++) {
        const ParaShapeDef *shape = &world->shapes[s];
        if (shape->body != level->players[0].body)
            continue;
        for (uint32_t k = 0; k < shape->point_count; k++) {
            ParaVec2 p = world->points[shape->point_first + k];
            most = fmax(most,
                        sqrt((double)p.x * (double)p.x + (double)p.y * (double)p.y) + (double)shape->radius);
        }
    }
    return most;
}

float para_toy_half(const ParaLevel *level)
{
    float half = 0.5f * (float)reach_of(level);
    half = half < HALF_LEAST ? HALF_LEAST : half > HALF_MOST ? HALF_MOST : half;
    return roundf(half * 100) / 100; // reads well in the level's text
}

static double density_of(const ParaLevel *level)
{
    const ParaWorldDef *world = &level->world;
    for (int s = 0; s < world->shape_count; s++)
        if (world->shapes[s].body == level->players[0].body && world->shapes[s].density > 0)
            return (double)world->shapes[s].density;
    return 1;
}

// ---------------------------------------------------------------------------------------------
// As JSON.

static cJSON *pair(double x, double y) { return cJSON_CreateDoubleArray((const double[]){x, y}, 2); }

static cJSON *shape_of(ParaToy toy, double half, double density)
{
    cJSON *shape = cJSON_CreateObject();
    if (toy == PARA_TOY_BALL) {
        cJSON_AddNumberToObject(shape, "circle", half);
    } else if (toy == PARA_TOY_SPIKE) {
        cJSON *points = cJSON_AddArrayToObject(shape, "polygon");
        cJSON_AddItemToArray(points, pair(-0.8 * half, -0.5 * half));
        cJSON_AddItemToArray(points, pair(0.8 * half, -0.5 * half));
        cJSON_AddItemToArray(points, pair(0, half));
    } else {
        double wide = toy == PARA_TOY_PLANK ? 5 * half : 2 * half;
        cJSON_AddItemToObject(shape, "box", pair(wide, toy == PARA_TOY_PLANK ? 0.5 * half : 2 * half));
    }
    cJSON_AddNumberToObject(shape, "density", toy == PARA_TOY_SPIKE ? 2 * density : density);
    cJSON_AddNumberToObject(shape, "friction", 0.8);
    if (toy == PARA_TOY_BALL)
        cJSON_AddNumberToObject(shape, "restitution", 0.5);
    return shape;
}

static void add_toys(cJSON *bodies, const ParaLevel *level, int quarters)
{
    double half = (double)para_toy_half(level), density = WEIGHT * density_of(level);
    for (int toy = 0; toy < PARA_TOYS; toy++)
        for (int k = 0; k < (full[toy] * quarters + 3) / FULL_BOX; k++) {
            char name[PARA_NAME_MAX];
            cJSON *body = cJSON_CreateObject();
            snprintf(name, sizeof name, PARA_TOYBOX_PREFIX "%s-%d", words[toy], k + 1);
            cJSON_AddStringToObject(body, "name", name);
            cJSON_AddItemToObject(
                body, "at", pair(0.5 * (double)level->world.size.x, (double)level->world.size.y + BEYOND));
            if (toy == PARA_TOY_SPIKE)
                cJSON_AddStringToObject(body, "role", "hazard");
            else
                cJSON_AddStringToObject(body, "look", toy == PARA_TOY_BALL ? "rubber" : "wood");
            cJSON_AddStringToObject(body, "sound",
                                    toy == PARA_TOY_BALL    ? "rubber"
                                    : toy == PARA_TOY_SPIKE ? "metal"
                                                            : "wood");
            cJSON_AddBoolToObject(body, "spare", true);
            cJSON_AddItemToObject(body, "shape", shape_of((ParaToy)toy, half, density));
            cJSON_AddItemToArray(bodies, body);
        }
}

static void add_zone(cJSON *zones, const ParaLevel *level, const char *name, double y, double density)
{
    double wide = (double)level->world.size.x, high = (double)level->world.size.y;
    cJSON *zone = cJSON_CreateObject(), *area = cJSON_CreateObject();
    cJSON_AddStringToObject(zone, "name", name);
    cJSON_AddItemToObject(area, "box", pair(3 * wide, 2 * PARA_TOYBOX_WATER_REACH * high));
    cJSON_AddItemToObject(zone, "area", area);
    cJSON_AddItemToObject(zone, "at", pair(0.5 * wide, y));
    if (density > 0) {
        cJSON *fluid = cJSON_AddObjectToObject(zone, "fluid");
        cJSON_AddNumberToObject(fluid, "density", density);
        cJSON_AddNumberToObject(fluid, "drag", 1.5);
    }
    cJSON_AddItemToArray(zones, zone);
}

/// A list of the level, which may not have it yet.
static cJSON *list_of(cJSON *root, const char *name)
{
    cJSON *list = cJSON_GetObjectItemCaseSensitive(root, name);
    return list ? list : cJSON_AddArrayToObject(root, name);
}

/// The level's text with a box of so many quarters of the full one.  @return in the arena; NULL: no memory
static const char *packed(const ParaLevel *level, int quarters, ParaArena *arena)
{
    double high = (double)level->world.size.y;
    cJSON *root = para_json_parse(para_level_to_json(level, arena));
    if (!root)
        return NULL;
    add_toys(list_of(root, "bodies"), level, quarters);
    cJSON *zones = list_of(root, "zones");
    add_zone(zones, level, WIND_NAME, 0.5 * high, 0);
    // Full to its upper edge, which is a level's height below the level: nobody is in it yet.
    add_zone(zones, level, FLOOD_NAME, -2.5 * high, WATER * WEIGHT * density_of(level));
    char *text = para_json_print(root, false);
    const char *out = text ? para_arena_strdup(arena, text) : NULL;
    cJSON_free(text);
    cJSON_Delete(root);
    return out;
}

static ParaLevel *load(const char *text, ParaArena *arena, const char **out_error)
{
    ParaDiagList problems = para_diag_list(arena, "the level with a toybox", text);
    const ParaTemplate *form =
        para_template_load("the level with a toybox", text, strlen(text), arena, &problems);
    ParaLevel *level = form ? para_template_sample(form, NULL, 0, arena, &problems) : NULL;
    if (level)
        return level;
    *out_error = "it does not load";
    for (int i = problems.count - 1; i >= 0; i--)
        if (problems.items[i].severity == PARA_DIAG_ERROR)
            *out_error = problems.items[i].message;
    return NULL;
}

ParaLevel *para_toybox_add(const ParaLevel *level, ParaSolverKind solver, ParaArena *arena,
                           const char **out_error)
{
    const char *unused = NULL;
    out_error = out_error ? out_error : &unused;
    *out_error = "a level of several players takes no toybox";
    if (level->player_count != 1)
        return NULL;
    if (para_toybox_is_in(level))
        return para_level_copy(level, arena);
    // What runs on lanes as it is goes on to do so, with fewer toys where there is less room.
    bool lanes =
        solver != PARA_SOLVER_CHIPMUNK && para_solver_fits(PARA_SOLVER_LANES, &level->world, NULL, 0);
    for (int quarters = FULL_BOX; quarters > 0; quarters--) {
        const char *text = packed(level, quarters, arena);
        *out_error = "no memory";
        ParaLevel *out = text ? load(text, arena, out_error) : NULL;
        if (out && (!lanes || para_solver_fits(PARA_SOLVER_LANES, &out->world, NULL, 0)))
            return out;
        if (out)
            *out_error = "there is no room for toys";
    }
    return NULL;
}
