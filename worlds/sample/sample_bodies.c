// SPDX-License-Identifier: MIT
// Sampling of bodies, their shapes, and zones: everything with a form.
#include "worlds/sample/sample.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#include <string.h>

#define WEIGHT_MIN 1e-6 // [kg] the physics takes of a body that moves

/// A frame to put points into: turned, then moved.
typedef struct Frame {
    double x, y, sin, cos;
} Frame;

static Frame frame_of(ParaVec2 at, float angle)
{
    Frame frame = {.x = (double)at.x, .y = (double)at.y};
    para_sincos((double)angle, &frame.sin, &frame.cos);
    return frame;
}

/// A point put into a frame. With the frame at rest the point keeps its bits, so that saved levels do;
/// adding 0 turns -0 into 0, which the sums here would do at the next pass anyway.
static ParaVec2 place(const Frame *frame, double x, double y)
{
    return (ParaVec2){(float)(frame->x + (frame->cos * x - frame->sin * y)) + 0.0f,
                      (float)(frame->y + (frame->sin * x + frame->cos * y)) + 0.0f};
}

static void put_box(ParaVec2 *out, ParaVec2 size, const Frame *frame)
{
    double w = (double)size.x / 2, h = (double)size.y / 2;
    out[0] = place(frame, -w, -h);
    out[1] = place(frame, w, -h);
    out[2] = place(frame, w, h);
    out[3] = place(frame, -w, h);
}

static void put_points(ParaSampler *sampler, const ParaValue *value, const ParaField *field, const char *path,
                       const Frame *frame, ParaVec2 *out)
{
    for (int k = 0; k < value->count; k++) {
        double x = para_sample_number(sampler, &value->numbers[2 * k], field, path);
        double y = para_sample_number(sampler, &value->numbers[2 * k + 1], field, path);
        out[k] = place(frame, x, y);
    }
}

/// The points of a chain by rule; i and n are the point's there.
static void put_rule(ParaSampler *sampler, const ParaObject *rule, int count, const Frame *frame,
                     ParaVec2 *out)
{
    const ParaField *field = para_field(PARA_FIELD_CHAIN_point);
    if (para_value(rule, PARA_FIELD_CHAIN_terrain)->present) {
        para_sample_terrain(sampler, rule, out);
        for (int k = 0; k < count; k++)
            out[k] = place(frame, (double)out[k].x, (double)out[k].y);
        return;
    }
    const ParaValue *point = para_value(rule, PARA_FIELD_CHAIN_point);
    double i = sampler->input.i, n = sampler->input.n;
    uint64_t draw = sampler->draw;
    for (int k = 0; k < count; k++) {
        para_sample_point(sampler, k, count);
        double x = para_sample_number(sampler, &point->numbers[0], field, rule->path);
        double y = para_sample_number(sampler, &point->numbers[1], field, rule->path);
        out[k] = place(frame, x, y);
    }
    sampler->input.i = i;
    sampler->input.n = n;
    sampler->draw = draw;
}

static int rule_count(ParaSampler *sampler, const ParaObject *rule)
{
    if (para_value(rule, PARA_FIELD_CHAIN_terrain)->present)
        return para_sample_terrain(sampler, rule, NULL);
    const ParaValue *count = para_value(rule, PARA_FIELD_CHAIN_count);
    return (int)para_sample_number(sampler, count->numbers, para_field(PARA_FIELD_CHAIN_count), rule->path);
}

static int point_count(ParaSampler *sampler, const ParaObject *shape)
{
    const ParaValue *value = para_value(shape, shape->head_id);
    switch (shape->head_id) {
    case PARA_FIELD_SHAPE_circle:
        return 1;
    case PARA_FIELD_SHAPE_box:
        return 4;
    case PARA_FIELD_SHAPE_chain:
        return value->count ? value->count : rule_count(sampler, value->objects);
    default:
        return value->count;
    }
}

/// @param points out, [count]
static void put_shape(ParaSampler *sampler, const ParaObject *object, const ParaBoundShape *shape, int count,
                      ParaVec2 *points)
{
    Frame frame = frame_of(shape->at, shape->angle);
    const ParaValue *value = para_value(object, object->head_id);
    if (object->head_id == PARA_FIELD_SHAPE_circle)
        points[0] = (ParaVec2){shape->at.x + 0.0f, shape->at.y + 0.0f};
    else if (object->head_id == PARA_FIELD_SHAPE_box)
        put_box(points, shape->box, &frame);
    else if (object->head_id == PARA_FIELD_SHAPE_chain && !value->count)
        put_rule(sampler, value->objects, count, &frame, points);
    else
        put_points(sampler, value, para_field(object->head_id), object->path, &frame, points);
}

int para_sample_outline(ParaSampler *sampler, const ParaObject *shape, ParaVec2 **out_points,
                        float *out_radius)
{
    ParaBound bound;
    para_bound_default(PARA_KIND_SHAPE, &bound);
    para_sample_bind(sampler, shape, &bound);
    int count = point_count(sampler, shape);
    *out_points = PARA_NEW(sampler->arena, ParaVec2, count);
    *out_radius = shape->head_id == PARA_FIELD_SHAPE_circle                  ? bound.shape.circle
                  : (ParaShapeKind)shape->head->choice == PARA_SHAPE_POLYGON ? 0
                                                                             : bound.shape.radius;
    put_shape(sampler, shape, &bound.shape, count, *out_points);
    return count;
}

static void bind_shape(ParaSampler *sampler, const ParaObject *object, const ParaBoundBody *body, int index)
{
    ParaWorldDef *world = &sampler->level->world;
    ParaBound bound;
    para_bound_default(PARA_KIND_SHAPE, &bound);
    bound.shape.density = body->density;
    bound.shape.friction = body->friction;
    bound.shape.restitution = body->restitution;
    para_sample_bind(sampler, object, &bound);
    const ParaBoundShape *shape = &bound.shape;
    int count = point_count(sampler, object);
    ParaVec2 *points = world->points + world->point_count;
    // Counted with the same draws, so that the second look sees the same numbers.
    PARA_ASSERT(world->shape_count < sampler->shape_room &&
                world->point_count + count <= sampler->point_room);
    ParaShapeDef *def = &world->shapes[world->shape_count++];
    *def = para_shape_def_default();
    def->kind = (ParaShapeKind)object->head->choice;
    def->body = index;
    def->radius = def->kind == PARA_SHAPE_CIRCLE    ? shape->circle
                  : def->kind == PARA_SHAPE_POLYGON ? 0
                                                    : shape->radius;
    def->point_first = (uint32_t)world->point_count;
    def->density = shape->density;
    def->friction = shape->friction;
    def->restitution = shape->restitution;
    def->category = 1u << body->category;
    def->mask = body->mask;
    def->belt = body->belt;
    def->one_way = body->one_way;
    put_shape(sampler, object, shape, count, points);
    if (def->kind == PARA_SHAPE_POLYGON)
        count = para_sample_corners(sampler, object, points, count);
    else if (def->kind != PARA_SHAPE_CIRCLE)
        count = para_sample_line(sampler, object, points, count);
    def->point_count = (uint32_t)count;
    world->point_count += count;
}

const ParaValue *para_sample_shapes(const ParaObject *body, int *out_count)
{
    const ParaValue *one = para_value(body, PARA_FIELD_BODY_shape),
                    *many = para_value(body, PARA_FIELD_BODY_shapes);
    *out_count = one->present ? 1 : many->present ? many->count : 0;
    return one->present ? one : many;
}

static ParaBodyKind body_kind(const ParaObject *object)
{
    if (para_value(object, PARA_FIELD_BODY_static)->truth)
        return PARA_BODY_STATIC;
    return para_value(object, PARA_FIELD_BODY_kinematic)->truth ? PARA_BODY_KINEMATIC : PARA_BODY_DYNAMIC;
}

/// What a body has beside its def: role, limits, motion.
static void bind_extras(ParaSampler *sampler, const ParaObject *object, int index)
{
    ParaLevel *level = sampler->level;
    ParaBound bound;
    const ParaValue *role = para_value(object, PARA_FIELD_BODY_role);
    const ParaValue *shatters = para_value(object, PARA_FIELD_BODY_shatters);
    const ParaValue *moves = para_value(object, PARA_FIELD_BODY_moves);
    if (role->present) {
        level->body_roles[index] = (uint8_t)role->role;
        sampler->role_given[index] = 1;
    }
    if (shatters->present) {
        para_bound_default(PARA_KIND_SHATTERS, &bound);
        para_sample_bind(sampler, shatters->objects, &bound);
        level->body_shatters[index] = bound.shatters.impulse;
        level->body_crushes[index] = bound.shatters.squeeze;
        para_sample_into(sampler, shatters->objects, index);
    }
    para_bound_default(PARA_KIND_MOVES, &bound);
    if (moves->present)
        para_sample_bind(sampler, moves->objects, &bound);
    level->body_motions[index] = bound.moves.motion;
    para_sample_path(sampler, object, index);
}

/// What a body is made of gives what it does not say itself.
static void bind_material(ParaSampler *sampler, const ParaObject *object, ParaBoundBody *body)
{
    const ParaValue *name = para_value(object, PARA_FIELD_BODY_material);
    if (!name->present)
        return;
    ParaBoundMaterial material;
    const ParaObject *own = para_template_material(sampler->t, name->text);
    if (own) {
        ParaBound bound;
        para_bound_default(PARA_KIND_MATERIAL, &bound);
        para_sample_bind(sampler, own, &bound);
        material = bound.material;
    } else {
        ParaMaterialKind known = para_material_find(name->text, &material);
        PARA_ASSERT(known != PARA_MATERIAL_NONE); // the template was checked
    }
    body->density = material.density;
    body->friction = material.friction;
    body->restitution = material.restitution;
    body->look = material.look;
    body->sound = material.sound;
}

static void keep_look(ParaSampler *sampler, int index, const ParaBoundBody *body)
{
    ParaLevel *level = sampler->level;
    int bodies = level->world.body_count;
    if (body->look && !level->body_looks)
        level->body_looks = PARA_NEW(sampler->arena, uint8_t, bodies);
    if (body->sound && !level->body_sounds)
        level->body_sounds = PARA_NEW(sampler->arena, uint8_t, bodies);
    if (body->look)
        level->body_looks[index] = (uint8_t)body->look;
    if (body->sound)
        level->body_sounds[index] = (uint8_t)body->sound;
}

static void bind_body(ParaSampler *sampler, int index)
{
    ParaLevel *level = sampler->level;
    const ParaObject *object = &sampler->t->bodies[sampler->bodies.object[index]];
    ParaBound bound;
    para_bound_default(PARA_KIND_BODY, &bound);
    para_sample_copy(sampler, 0, 1); // a material is the same for all that is made of it
    bind_material(sampler, object, &bound.body);
    para_sample_enter(sampler, &sampler->bodies, index);
    para_sample_bind(sampler, object, &bound);
    keep_look(sampler, index, &bound.body);
    para_sample_move(sampler, object, &bound.body.def.position);
    bound.body.def.kind = body_kind(object);
    level->world.bodies[index] = bound.body.def;
    level->body_names[index] = sampler->bodies.name[index];
    level->body_collects[index] = bound.body.collect;
    if (bound.body.mass_hidden && !level->body_mass_hidden)
        level->body_mass_hidden = PARA_NEW(sampler->arena, uint8_t, level->world.body_count);
    if (bound.body.mass_hidden)
        level->body_mass_hidden[index] = 1;
    if (bound.body.spare && !level->body_spares)
        level->body_spares = PARA_NEW(sampler->arena, uint8_t, level->world.body_count);
    if (bound.body.spare)
        level->body_spares[index] = 1;
    bind_extras(sampler, object, index);
    int count;
    const ParaValue *shapes = para_sample_shapes(object, &count);
    int first = level->world.shape_count;
    for (int s = 0; s < count; s++)
        bind_shape(sampler, &shapes->objects[s], &bound.body, index);
    ParaMass mass = para_body_mass(&level->world, first, level->world.shape_count);
    if (sampler->failed || bound.body.def.kind != PARA_BODY_DYNAMIC)
        return;
    if (!(mass.mass > 0 && mass.moment > 0))
        para_sample_problem(sampler, PARA_CODE_NO_MASS, object->path, NULL,
                            "a body that moves needs a shape with an area; a line needs a radius above 0");
    else if (mass.mass < WEIGHT_MIN)
        para_sample_problem(sampler, PARA_CODE_NO_MASS, object->path, NULL,
                            "a body that moves must weigh at least %g kg; this one has %.3g kg", WEIGHT_MIN,
                            mass.mass);
}

void para_sample_bodies(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    ParaWorldDef *world = &level->world;
    int shapes = 0, points = 0, bodies = sampler->bodies.count;
    for (int b = 0; b < bodies; b++) {
        int count;
        const ParaValue *list = para_sample_shapes(&sampler->t->bodies[sampler->bodies.object[b]], &count);
        para_sample_enter(sampler, &sampler->bodies, b);
        shapes += count;
        for (int s = 0; s < count && points <= PARA_POINTS_MAX; s++)
            points += point_count(sampler, &list->objects[s]);
    }
    int pieces = para_sample_count_pieces(sampler), all = bodies + pieces;
    shapes += pieces;
    points += pieces * PARA_POLYGON_POINTS_MAX;
    if (all > PARA_BODIES_MAX)
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, "/bodies", NULL,
                            "with all pieces there are %d bodies; the most is %d", all, PARA_BODIES_MAX);
    if (bodies == 0)
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, "/bodies", NULL,
                            "there is no body in this member");
    if (shapes > PARA_SHAPES_MAX)
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, "/bodies", NULL,
                            "with all copies there are %d shapes; the most is %d", shapes, PARA_SHAPES_MAX);
    // Zones are few and have at most 8 points each; room for them is kept.
    points += PARA_ZONES_MAX * PARA_POLYGON_POINTS_MAX;
    if (points > PARA_POINTS_MAX)
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, "/bodies", NULL,
                            "with all copies the shapes have more than %d points",
                            PARA_POINTS_MAX - PARA_ZONES_MAX * PARA_POLYGON_POINTS_MAX);
    if (sampler->failed)
        return;
    points -= (PARA_ZONES_MAX - sampler->zones.count) * PARA_POLYGON_POINTS_MAX;
    sampler->shape_room = shapes;
    sampler->point_room = points;
    world->body_count = all;
    para_sample_count_paths(sampler);
    if (sampler->failed)
        return;
    world->bodies = PARA_NEW(sampler->arena, ParaBodyDef, all);
    world->shapes = PARA_NEW(sampler->arena, ParaShapeDef, shapes);
    world->points = PARA_NEW(sampler->arena, ParaVec2, points);
    level->body_names = PARA_NEW(sampler->arena, const char *, all);
    level->body_roles = PARA_NEW(sampler->arena, uint8_t, level->player_count * all);
    level->body_shatters = PARA_NEW(sampler->arena, float, all);
    level->body_crushes = PARA_NEW(sampler->arena, float, all);
    level->body_collects = PARA_NEW(sampler->arena, uint8_t, all);
    level->body_motions = PARA_NEW(sampler->arena, ParaMotion, all);
    level->body_sets = PARA_NEW(sampler->arena, int32_t, all);
    for (int b = 0; b < bodies; b++)
        bind_body(sampler, b);
    para_sample_leave(sampler);
    para_sample_pieces(sampler);
}

// ---------------------------------------------------------------------------------------------
// Zones.

static void bind_area(ParaSampler *sampler, const ParaObject *area, ParaZoneDef *def)
{
    ParaWorldDef *world = &sampler->level->world;
    ParaBound bound;
    para_bound_default(PARA_KIND_AREA, &bound);
    para_sample_bind(sampler, area, &bound);
    def->kind = (ParaShapeKind)area->head->choice;
    if (def->kind == PARA_SHAPE_CIRCLE) {
        def->radius = bound.area.circle;
        return;
    }
    const ParaValue *value = para_value(area, area->head_id);
    ParaVec2 *points = world->points + world->point_count;
    Frame frame = frame_of((ParaVec2){0, 0}, 0);
    int count = area->head_id == PARA_FIELD_AREA_box ? 4 : value->count;
    PARA_ASSERT(world->point_count + count <= sampler->point_room);
    if (area->head_id == PARA_FIELD_AREA_box)
        put_box(points, bound.area.box, &frame);
    else
        put_points(sampler, value, para_field(area->head_id), area->path, &frame, points);
    count = para_sample_corners(sampler, area, points, count);
    def->radius = 0;
    def->point_first = (uint32_t)world->point_count;
    def->point_count = (uint32_t)count;
    world->point_count += count;
}

static void bind_fluid(ParaSampler *sampler, const ParaObject *fluid, ParaZoneDef *def)
{
    ParaBound bound;
    para_bound_default(PARA_KIND_FLUID, &bound);
    para_sample_bind(sampler, fluid, &bound);
    def->fluid_density = bound.fluid.density;
    def->fluid_drag = bound.fluid.drag;
}

/// A push against gravity that is stronger, with drag, is often meant as water; but it lifts by mass.
static void note_lift(ParaSampler *sampler, const ParaObject *object, const ParaZoneDef *def)
{
    ParaVec2 gravity = sampler->level->world.gravity, push = def->acceleration;
    float against = -(push.x * gravity.x + push.y * gravity.y);
    if (def->drag > 0 && !(def->fluid_density > 0) && against > 0 &&
        against >= gravity.x * gravity.x + gravity.y * gravity.y)
        para_sample_note(
            sampler, PARA_CODE_LIFTS_ALL, object->path, "force",
            "lifts everything alike, however dense; for water, where iron sinks, give a \"fluid\"");
}

/// A force that changes is the level's, and none of the world's def.
static void bind_force(ParaSampler *sampler, ParaBoundZone *zone, int index)
{
    ParaLevel *level = sampler->level;
    zone->def.acceleration = (ParaVec2){(float)zone->force[0].number, (float)zone->force[1].number};
    if (!zone->force[0].program && !zone->force[1].program)
        return;
    if (!level->zone_forces)
        level->zone_forces = PARA_NEW(sampler->arena, ParaZoneForce, level->world.zone_count);
    memcpy(level->zone_forces[index].by, zone->force, sizeof zone->force);
}

static void bind_portal(ParaSampler *sampler, const ParaObject *object, int zone)
{
    ParaLevel *level = sampler->level;
    const ParaValue *portal = para_value(object, PARA_FIELD_ZONE_portal);
    if (!portal->present)
        return;
    if (!level->zone_portals) {
        level->zone_portals = PARA_NEW(sampler->arena, int32_t, level->world.zone_count);
        for (int z = 0; z < level->world.zone_count; z++)
            level->zone_portals[z] = -1;
    }
    level->zone_portals[zone] = para_sample_one(sampler, portal->refs, NULL);
}

/// Are two zones of one form and size?
static bool are_alike(const ParaWorldDef *world, const ParaZoneDef *a, const ParaZoneDef *b)
{
    bool alike = a->kind == b->kind && a->point_count == b->point_count &&
                 para_max((double)(a->radius - b->radius), (double)(b->radius - a->radius)) < 1e-3;
    for (uint32_t k = 0; alike && k < a->point_count; k++) {
        ParaVec2 p = world->points[a->point_first + k], q = world->points[b->point_first + k];
        double x = (double)p.x - (double)q.x, y = (double)p.y - (double)q.y;
        alike = x * x + y * y < 1e-6;
    }
    return alike;
}

/// What is somewhere in a portal must be in the other then.
static void check_portals(ParaSampler *sampler)
{
    const ParaLevel *level = sampler->level;
    for (int z = 0; level->zone_portals && z < level->world.zone_count; z++) {
        int to = level->zone_portals[z];
        const char *path = sampler->t->zones[sampler->zones.object[z]].path;
        if (to == z)
            para_sample_problem(sampler, PARA_CODE_PORTAL, path, "portal", "leads to itself");
        else if (to >= 0 && !are_alike(&level->world, &level->world.zones[z], &level->world.zones[to]))
            para_sample_problem(
                sampler, PARA_CODE_PORTAL, path, "portal",
                "\"%s\" has another form: give both the same \"area\", and turn them by \"angle\"",
                level->zone_names[to]);
    }
}

void para_sample_zones(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    ParaWorldDef *world = &level->world;
    int count = sampler->zones.count;
    world->zone_count = count;
    world->zones = PARA_NEW(sampler->arena, ParaZoneDef, count);
    level->zone_names = PARA_NEW(sampler->arena, const char *, count);
    level->zone_roles = PARA_NEW(sampler->arena, uint8_t, level->player_count * count);
    for (int z = 0; z < count; z++) {
        const ParaObject *object = &sampler->t->zones[sampler->zones.object[z]];
        const ParaValue *role = para_value(object, PARA_FIELD_ZONE_role);
        const ParaValue *fluid = para_value(object, PARA_FIELD_ZONE_fluid);
        ParaBound bound;
        para_bound_default(PARA_KIND_ZONE, &bound);
        para_sample_enter(sampler, &sampler->zones, z);
        para_sample_bind(sampler, object, &bound);
        para_sample_move(sampler, object, &bound.zone.def.position);
        bind_force(sampler, &bound.zone, z);
        bind_area(sampler, para_value(object, PARA_FIELD_ZONE_area)->objects, &bound.zone.def);
        if (fluid->present)
            bind_fluid(sampler, fluid->objects, &bound.zone.def);
        note_lift(sampler, object, &bound.zone.def);
        world->zones[z] = bound.zone.def;
        level->ladders |= (uint32_t)bound.zone.ladder << z;
        level->checkpoints |= (uint32_t)bound.zone.checkpoint << z;
        level->zone_names[z] = sampler->zones.name[z];
        bind_portal(sampler, object, z);
        if (role->present) {
            level->zone_roles[z] = (uint8_t)role->role;
            sampler->zone_role_given[z] = 1;
        }
    }
    para_sample_leave(sampler);
    check_portals(sampler);
}
