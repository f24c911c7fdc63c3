// SPDX-License-Identifier: MIT
// A player's map: what it senses goes into it, what it remembers comes out as floats.
#include "agents/observe/observe_parts.h"

#define THINGS_MAX 128 // that are told to a map at once; those of a level's beginning come first

// ---------------------------------------------------------------------------------------------
// Into the map.

typedef struct Eye {
    const ParaLevel *level;
    const ParaView *view;
    int player;
    ParaVec2 at;
    float sees;
} Eye;

typedef struct Things {
    ParaMapThing all[THINGS_MAX];
    int count;
} Things;

/// What something of this role is to the player. @param other what it is without one; PARA_THING_KINDS:
/// nothing
static ParaThingKind kind_of(ParaRole role, ParaThingKind other)
{
    switch (role) {
    case PARA_ROLE_TARGET:
        return PARA_THING_GOAL;
    case PARA_ROLE_CARGO:
        return PARA_THING_CARGO;
    case PARA_ROLE_HAZARD:
        return PARA_THING_HAZARD;
    case PARA_ROLE_PLAYER:
        return PARA_THING_KINDS;
    default:
        return other;
    }
}

static bool in_sight(const Eye *eye, float x, float y)
{
    float dx = x - eye->at.x, dy = y - eye->at.y;
    return isfinite(x) && isfinite(y) && (eye->sees <= 0.0f || dx * dx + dy * dy <= eye->sees * eye->sees);
}

static void add(Things *things, const ParaMapThing *thing)
{
    if (things->count < THINGS_MAX)
        things->all[things->count++] = *thing;
}

static float finite(float value) { return isfinite(value) ? value : 0.0f; }

/// Half of the upright box around the shapes of a body, from its centre.
static ParaVec2 body_half(const Eye *eye, int body, ParaVec2 centre)
{
    const ParaWorldDef *def = &eye->level->world;
    const ParaView *v = eye->view;
    float c = para_obs_of(v->cos, v, body), n = para_obs_of(v->sin, v, body);
    float x = para_obs_of(v->x, v, body), y = para_obs_of(v->y, v, body);
    ParaVec2 half = {0, 0};
    for (int i = 0; i < def->shape_count; i++) {
        const ParaShapeDef *shape = &def->shapes[i];
        for (uint32_t k = 0; shape->body == body && k < shape->point_count; k++) {
            ParaVec2 p = def->points[shape->point_first + k];
            half.x = fmaxf(half.x, fabsf(x + c * p.x - n * p.y - centre.x) + shape->radius);
            half.y = fmaxf(half.y, fabsf(y + n * p.x + c * p.y - centre.y) + shape->radius);
        }
    }
    return (ParaVec2){finite(half.x), finite(half.y)};
}

static void add_bodies(const Eye *eye, Things *things)
{
    const ParaWorldDef *def = &eye->level->world;
    const ParaView *v = eye->view;
    for (int b = 0; b < def->body_count; b++) {
        bool moves = def->bodies[b].kind != PARA_BODY_STATIC;
        ParaThingKind other = eye->level->body_collects[b] ? PARA_THING_ITEM
                              : moves                      ? PARA_THING_OTHER
                                                           : PARA_THING_KINDS;
        ParaThingKind kind = kind_of(para_level_body_role(eye->level, eye->player, b), other);
        ParaVec2 at = {para_obs_of(v->centre_x, v, b), para_obs_of(v->centre_y, v, b)};
        if (kind == PARA_THING_KINDS || !v->enabled[b * v->stride] || !in_sight(eye, at.x, at.y))
            continue;
        ParaVec2 half = body_half(eye, b, at);
        add(things, &(ParaMapThing){.id = b,
                                    .kind = (uint16_t)kind,
                                    .x = at.x,
                                    .y = at.y,
                                    .vx = finite(para_obs_of(v->vx, v, b)),
                                    .vy = finite(para_obs_of(v->vy, v, b)),
                                    .half_x = half.x,
                                    .half_y = half.y});
    }
}

static ParaVec2 zone_half(const ParaWorldDef *def, const ParaZoneDef *zone)
{
    ParaVec2 half = {zone->radius, zone->radius};
    for (uint32_t k = 0; zone->kind == PARA_SHAPE_POLYGON && k < zone->point_count; k++) {
        ParaVec2 p = def->points[zone->point_first + k];
        half.x = fmaxf(half.x, fabsf(p.x));
        half.y = fmaxf(half.y, fabsf(p.y));
    }
    return half;
}

static void add_zones(const Eye *eye, Things *things)
{
    const ParaWorldDef *def = &eye->level->world;
    for (int z = 0; z < def->zone_count; z++) {
        const ParaZoneState *now = &eye->view->zones[z];
        ParaThingKind kind = kind_of(para_level_zone_role(eye->level, eye->player, z), PARA_THING_KINDS);
        if (kind == PARA_THING_KINDS || !now->on || !in_sight(eye, now->position.x, now->position.y))
            continue;
        ParaVec2 half = zone_half(def, &def->zones[z]);
        add(things, &(ParaMapThing){.id = -1 - z,
                                    .kind = (uint16_t)kind,
                                    .x = now->position.x,
                                    .y = now->position.y,
                                    .half_x = half.x,
                                    .half_y = half.y});
    }
}

void para_obs_sense(const ParaLevel *level, int player, ParaWorld world, ParaMap *map)
{
    const ParaView *v = para_world_view(world);
    int self = level->players[player].body;
    float sight = level->players[player].sight, fractions[PARA_OBS_RAYS];
    Eye eye = {.level = level,
               .view = v,
               .player = player,
               .at = {para_obs_of(v->centre_x, v, self), para_obs_of(v->centre_y, v, self)},
               .sees = level->players[player].sees};
    ParaVec2 reach[PARA_OBS_RAYS];
    Things things = {.count = 0};
    for (int i = 0; i < PARA_OBS_RAYS; i++)
        reach[i] = (ParaVec2){sight * para_obs_ray_directions[i].x, sight * para_obs_ray_directions[i].y};
    para_world_rays(world, eye.at, reach, PARA_OBS_RAYS, UINT32_MAX, level->world.bodies[self].group,
                    fractions);
    add_bodies(&eye, &things);
    add_zones(&eye, &things);
    para_map_sense(map, &(ParaMapSense){.at = eye.at,
                                        .reach = reach,
                                        .fractions = fractions,
                                        .rays = PARA_OBS_RAYS,
                                        .sees = eye.sees,
                                        .things = things.all,
                                        .thing_count = things.count});
    para_map_plan(map);
}

// ---------------------------------------------------------------------------------------------
// Out of it.

enum { SIDE = 2 * PARA_OBS_PATCH_HALF + 1, CELLS = SIDE * SIDE };
_Static_assert(sizeof(((ParaObsPatch *)0)->ground) == CELLS, "a float for each cell");

static void put_way(ParaObsPen *pen, const ParaObsSight *s, const ParaMapWay *way)
{
    PARA_OBS_BEGIN(pen);
    if (!way->there) {
        para_obs_zeros(pen, sizeof(ParaObsWay));
        return;
    }
    float dx = way->x - s->x, dy = way->y - s->y, far = sqrtf(dx * dx + dy * dy);
    bool on = far > 0.0f && way->length > 0.0f;
    PARA_OBS_AT(pen, Way, there);
    para_obs_put(pen, 1);
    PARA_OBS_AT(pen, Way, direction);
    para_obs_put(pen, on ? dx / far : 0);
    para_obs_put(pen, on ? dy / far : 0);
    PARA_OBS_AT(pen, Way, distance);
    para_obs_put(pen, (way->length + way->rest) / PARA_OBS_FAR);
    PARA_OBS_END(pen, Way);
}

static float ground_of(ParaMapCell cell)
{
    return cell.solid > 0 ? (float)cell.solid / PARA_MAP_SURE : (float)cell.solid / PARA_MAP_SURE_FREE;
}

/// Draws the box of a thing into a patch. @param left,low [1] the patch's first cell
static void draw_thing(const ParaMapThing *thing, ParaMapScale scale, int left, int low, float value,
                       float *out)
{
    int x0 = para_map_cell_of(scale, para_clampf(thing->x - thing->half_x, -1e5f, 1e5f)) - left;
    int x1 = para_map_cell_of(scale, para_clampf(thing->x + thing->half_x, -1e5f, 1e5f)) - left;
    int y0 = para_map_cell_of(scale, para_clampf(thing->y - thing->half_y, -1e5f, 1e5f)) - low;
    int y1 = para_map_cell_of(scale, para_clampf(thing->y + thing->half_y, -1e5f, 1e5f)) - low;
    for (int y = y0 > 0 ? y0 : 0; y <= y1 && y < SIDE; y++)
        for (int x = x0 > 0 ? x0 : 0; x <= x1 && x < SIDE; x++)
            out[y * SIDE + x] = value;
}

static void draw_things(const ParaMap *map, ParaMapScale scale, ParaVec2 middle, float *out)
{
    static const float values[PARA_THING_KINDS] = {[PARA_THING_GOAL] = 1.0f,
                                                   [PARA_THING_CARGO] = 0.5f,
                                                   [PARA_THING_ITEM] = 0.5f,
                                                   [PARA_THING_HAZARD] = -1.0f,
                                                   [PARA_THING_OTHER] = -0.5f};
    int left = para_map_cell_of(scale, middle.x) - PARA_OBS_PATCH_HALF;
    int low = para_map_cell_of(scale, middle.y) - PARA_OBS_PATCH_HALF;
    for (int kind = PARA_THING_KINDS - 1; kind >= 0; kind--) // the most wanted on top
        for (int i = 0; i < map->thing_count; i++)
            if (map->things[i].kind == kind)
                draw_thing(&map->things[i], scale, left, low, values[kind], out);
}

static void put_patch(ParaObsPen *pen, const ParaObsSight *s, ParaMapScale scale)
{
    ParaMapCell cells[CELLS];
    ParaVec2 middle = {s->map->x, s->map->y};
    para_map_patch(s->map, scale, middle, PARA_OBS_PATCH_HALF, cells);
    PARA_OBS_BEGIN(pen);
    PARA_OBS_AT(pen, Patch, ground);
    for (int i = 0; i < CELLS; i++)
        *pen->at++ = ground_of(cells[i]);
    PARA_OBS_AT(pen, Patch, been);
    for (int i = 0; i < CELLS; i++)
        *pen->at++ = (float)cells[i].been;
    PARA_OBS_AT(pen, Patch, things);
    para_obs_zeros(pen, CELLS);
    draw_things(s->map, scale, middle, pen->at - CELLS);
    PARA_OBS_END(pen, Patch);
}

static void put_seen(ParaObsPen *pen, const ParaObsSight *s, const ParaMapThing *thing)
{
    PARA_OBS_BEGIN(pen);
    if (!thing) {
        para_obs_zeros(pen, sizeof(ParaObsSeen));
        return;
    }
    PARA_OBS_AT(pen, Seen, there);
    para_obs_put(pen, 1);
    PARA_OBS_AT(pen, Seen, offset);
    para_obs_put_offset(pen, thing->x - s->x, thing->y - s->y);
    PARA_OBS_AT(pen, Seen, velocity);
    para_obs_put_velocity(pen, thing->vx, thing->vy);
    PARA_OBS_AT(pen, Seen, age);
    para_obs_put(pen, (float)(s->map->now - thing->when) / 100.0f);
    PARA_OBS_END(pen, Seen);
}

void para_observe_map(ParaObsPen *pen, const ParaObsSight *s)
{
    static const struct {
        ParaThingKind kind;
        int nth;
    } shown[PARA_OBS_SEEN] = {{PARA_THING_GOAL, 0}, {PARA_THING_GOAL, 1},   {PARA_THING_CARGO, 0},
                              {PARA_THING_ITEM, 0}, {PARA_THING_HAZARD, 0}, {PARA_THING_OTHER, 0}};
    if (!s->map) {
        para_obs_zeros(pen, sizeof(ParaObsMapPart));
        return;
    }
    PARA_OBS_BEGIN(pen);
    PARA_OBS_AT(pen, Home, offset);
    para_obs_put_offset(pen, s->map->home_x - s->x, s->map->home_y - s->y);
    PARA_OBS_END(pen, Home);
    for (int w = 0; w < PARA_WAYS; w++)
        put_way(pen, s, &s->map->ways[w]);
    for (int scale = 0; scale < PARA_MAP_SCALES; scale++)
        put_patch(pen, s, (ParaMapScale)scale);
    for (int i = 0; i < PARA_OBS_SEEN; i++)
        put_seen(pen, s, para_map_thing(s->map, shown[i].kind, shown[i].nth));
}
