// SPDX-License-Identifier: MIT
// Meddles that change what a level is made of: what is drawn, cut, pinned, joined or copied. The level is
// made anew as it stands, with the change, and its world is built again from it; how, is in making.c.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "worlds/meddle/making.h"
#include "worlds/meddle/meddle.h"

#include <math.h>
#include <string.h>

#define SIDE_LEAST   0.05f // [m] of a box
#define RADIUS_LEAST 0.03  // [m] of a disc
#define SPRING_HERTZ 2.0   // [Hz] a spring swings at
#define SPRING_CALM  0.2   // [1] damping ratio
#define NOTHING      (-1)  // in the place of a body: the background

typedef struct Doing {
    ParaMaking making;
    const ParaMeddle *meddle;
    const ParaOutline *outline;
    ParaWorld world;
} Doing;

bool para_meddle_remakes(uint32_t kind) { return kind >= PARA_MEDDLE_BOX && kind <= PARA_MEDDLE_CLONE; }

static float at(const ParaView *view, const float *values, int body)
{
    return values[(size_t)body * (size_t)view->stride];
}

// ---------------------------------------------------------------------------------------------
// Things of a material.

static ParaShapeDef shape_of(int material)
{
    static const struct {
        double friction, restitution, density;
    } of[PARA_MATERIAL_COUNT] = {
        [PARA_MATERIAL_NONE] = {0.6, 0.2, 1},
#define PARA_MATERIAL(id, word, friction, restitution, density, help)                                        \
    [PARA_MATERIAL_##id] = {friction, restitution, density},
#include "worlds/level/kinds.def"
    };
    ParaShapeDef shape = para_shape_def_default();
    shape.friction = (float)of[material].friction;
    shape.restitution = (float)of[material].restitution;
    shape.density = (float)of[material].density;
    return shape;
}

/// A thing of the meddle's material at a place, of no shapes yet.
static bool begin_thing(Doing *d, ParaVec2 place)
{
    ParaBodyDef def = para_body_def_default();
    def.position = place;
    def.kind = d->meddle->numbers[1] != 0 ? PARA_BODY_STATIC : PARA_BODY_DYNAMIC;
    return para_making_body(&d->making, &def, NOTHING, (int)d->meddle->numbers[0]) != NULL;
}

/// The last two points of what is drawn. @return false with the reason: there are none
static bool two_points(Doing *d, ParaVec2 *out_a, ParaVec2 *out_b)
{
    if (d->outline->count < 2)
        return para_making_refuse(&d->making, "two points must come before it");
    *out_a = d->outline->points[d->outline->count - 2];
    *out_b = d->outline->points[d->outline->count - 1];
    return true;
}

static bool make_box(Doing *d)
{
    ParaVec2 a = {0}, b = {0};
    if (!two_points(d, &a, &b))
        return false;
    float wide = 0.5f * fabsf(b.x - a.x), high = 0.5f * fabsf(b.y - a.y);
    if (2 * wide < SIDE_LEAST || 2 * high < SIDE_LEAST)
        return para_making_refuse(&d->making, "that box is too small: draw it larger");
    const ParaVec2 corners[] = {{-wide, -high}, {wide, -high}, {wide, high}, {-wide, high}};
    ParaShapeDef shape = shape_of((int)d->meddle->numbers[0]);
    shape.kind = PARA_SHAPE_POLYGON;
    shape.radius = 0;
    return begin_thing(d, (ParaVec2){0.5f * (a.x + b.x), 0.5f * (a.y + b.y)}) &&
           para_making_shape(&d->making, &shape, corners, 4);
}

static double apart(ParaVec2 a, ParaVec2 b)
{
    double x = (double)b.x - (double)a.x, y = (double)b.y - (double)a.y;
    return para_sqrt(x * x + y * y);
}

static bool make_disc(Doing *d)
{
    ParaVec2 middle = {0}, rim = {0};
    if (!two_points(d, &middle, &rim))
        return false;
    double radius = apart(middle, rim);
    if (radius < RADIUS_LEAST || radius > 500)
        return para_making_refuse(&d->making, "that disc is too %s", radius < 1 ? "small" : "large");
    ParaShapeDef shape = shape_of((int)d->meddle->numbers[0]);
    shape.kind = PARA_SHAPE_CIRCLE;
    shape.radius = (float)radius;
    return begin_thing(d, middle) && para_making_shape(&d->making, &shape, &(ParaVec2){0, 0}, 1);
}

/// Middle of the area of all pieces.
static ParaPoint middle_of(const ParaPieceList *list)
{
    double area = 0, x = 0, y = 0;
    for (int p = 0; p < list->count; p++) {
        const ParaPiece *piece = &list->items[p];
        for (int i = 0, last = piece->count - 1; i < piece->count; last = i++) {
            ParaPoint a = piece->points[last], b = piece->points[i];
            double part = a.x * b.y - b.x * a.y;
            area += part;
            x += part * (a.x + b.x) / 3;
            y += part * (a.y + b.y) / 3;
        }
    }
    return (ParaPoint){x / area, y / area};
}

static bool add_polygon(ParaMaking *making, const ParaShapeDef *like, const ParaPiece *piece, ParaPoint off)
{
    ParaVec2 points[PARA_POLYGON_POINTS_MAX];
    ParaShapeDef shape = *like;
    shape.kind = PARA_SHAPE_POLYGON;
    shape.radius = 0;
    for (int i = 0; i < piece->count; i++)
        points[i] = (ParaVec2){(float)(piece->points[i].x - off.x), (float)(piece->points[i].y - off.y)};
    return para_making_shape(making, &shape, points, piece->count);
}

static bool make_drawn(Doing *d)
{
    ParaPieceList list = {0};
    ParaOutline outline = *d->outline;
    int last = (int)d->meddle->numbers[2];
    if (last > 0 && last < outline.count) {
        memmove(outline.points, outline.points + outline.count - last, sizeof *outline.points * (size_t)last);
        outline.count = last;
    }
    const char *problem = para_outline_pieces(&outline, &list);
    if (problem)
        return para_making_refuse(&d->making, "%s", problem);
    ParaPoint middle = middle_of(&list);
    const ParaVec2 place = {(float)middle.x, (float)middle.y};
    const ParaShapeDef shape = shape_of((int)d->meddle->numbers[0]);
    bool good = begin_thing(d, place);
    middle = (ParaPoint){(double)place.x, (double)place.y};
    for (int p = 0; good && p < list.count; p++)
        good = add_polygon(&d->making, &shape, &list.items[p], middle);
    return good;
}

static bool make_clone(Doing *d)
{
    const ParaWorldDef *world = &d->making.from->world;
    int body = (int)d->meddle->numbers[0];
    ParaBodyDef def = d->making.level->world.bodies[body];
    const ParaView *view = d->making.view;
    // Its middle comes to the place.
    def.position.x = d->meddle->numbers[1] + at(view, view->x, body) - at(view, view->centre_x, body);
    def.position.y = d->meddle->numbers[2] + at(view, view->y, body) - at(view, view->centre_y, body);
    def.velocity = (ParaVec2){0, 0};
    def.spin = 0;
    bool good = para_making_body(&d->making, &def, body, 0) != NULL;
    for (int s = 0; good && s < world->shape_count; s++)
        if (world->shapes[s].body == body)
            good =
                para_making_shape(&d->making, &world->shapes[s], world->points + world->shapes[s].point_first,
                                  (int)world->shapes[s].point_count);
    return good;
}

// ---------------------------------------------------------------------------------------------
// Pins and joints.

static bool pin(Doing *d)
{
    const ParaWorldDef *world = &d->making.from->world;
    int body = (int)d->meddle->numbers[0];
    ParaBodyDef *def = &d->making.level->world.bodies[body];
    bool weighs = false;
    if (!d->making.view->enabled[(size_t)body * (size_t)d->making.view->stride])
        return para_making_refuse(&d->making, "it is not there"); // what comes in later must be able to move
    for (int s = 0; s < world->shape_count; s++)
        weighs |= world->shapes[s].body == body && world->shapes[s].density > 0 &&
                  world->shapes[s].kind != PARA_SHAPE_CHAIN;
    if (def->kind == PARA_BODY_STATIC && !weighs)
        return para_making_refuse(&d->making, "it has no weight, so it cannot be loose");
    def->velocity = (ParaVec2){0, 0};
    def->spin = 0;
    def->kind = def->kind == PARA_BODY_STATIC ? PARA_BODY_DYNAMIC : PARA_BODY_STATIC;
    return true;
}

/// Something that stands still. -1: nothing does
static int background(const Doing *d)
{
    const ParaWorldDef *world = &d->making.from->world;
    for (int b = 0; b < world->body_count; b++)
        if (world->bodies[b].kind == PARA_BODY_STATIC &&
            d->making.view->enabled[(size_t)b * (size_t)d->making.view->stride])
            return b;
    return NOTHING;
}

static ParaVec2 local(const ParaLevel *level, int body, ParaVec2 place)
{
    const ParaBodyDef *def = &level->world.bodies[body];
    double sin, cos, x = (double)place.x - (double)def->position.x,
                     y = (double)place.y - (double)def->position.y;
    para_sincos((double)def->angle, &sin, &cos);
    return (ParaVec2){(float)(cos * x + sin * y), (float)(cos * y - sin * x)};
}

static bool join(Doing *d, ParaJointDef *joint, ParaVec2 place_a, ParaVec2 place_b)
{
    const ParaLevel *level = d->making.level;
    joint->b = (int)d->meddle->numbers[0];
    joint->a = d->meddle->numbers[1] < 0 ? background(d) : (int)d->meddle->numbers[1];
    if (joint->a < 0)
        return para_making_refuse(&d->making, "nothing stands still here that it could hang from");
    if (joint->a == joint->b || (level->world.bodies[joint->a].kind != PARA_BODY_DYNAMIC &&
                                 level->world.bodies[joint->b].kind != PARA_BODY_DYNAMIC))
        return para_making_refuse(&d->making, "one of the two must be able to move");
    joint->anchor_b = local(level, joint->b, place_a);
    joint->anchor_a = local(level, joint->a, place_b);
    return para_making_add_joint(&d->making, joint);
}

static bool hinge(Doing *d)
{
    ParaJointDef joint = para_joint_def_default();
    const ParaVec2 place = {d->meddle->numbers[2], d->meddle->numbers[3]};
    joint.kind = PARA_JOINT_REVOLUTE;
    return join(d, &joint, place, place);
}

static double mass_of(const Doing *d, int body)
{
    return body < 0 ? 0 : (double)at(d->making.view, d->making.view->mass, body);
}

static bool spring(Doing *d)
{
    ParaVec2 a = {0}, b = {0};
    if (!two_points(d, &a, &b))
        return false;
    double one = mass_of(d, (int)d->meddle->numbers[0]), two = mass_of(d, (int)d->meddle->numbers[1]);
    double mass = one > 0 && two > 0 ? one * two / (one + two) : para_max(one, two);
    double turn = PARA_TAU * SPRING_HERTZ;
    ParaJointDef joint = para_joint_def_default();
    joint.kind = PARA_JOINT_SPRING;
    joint.rest = (float)apart(a, b);
    joint.stiffness = (float)para_min(mass * turn * turn, 1e6);
    joint.damping = (float)para_min(2 * SPRING_CALM * mass * turn, 1e6);
    joint.collide = true;
    return join(d, &joint, a, b);
}

// ---------------------------------------------------------------------------------------------

static bool compose(Doing *d)
{
    ParaMaking *making = &d->making;
    if (!para_making_begin(making))
        return false;
    switch ((ParaMeddleKind)d->meddle->kind) {
    case PARA_MEDDLE_BOX:
        return make_box(d) && para_making_assemble(making);
    case PARA_MEDDLE_DISC:
        return make_disc(d) && para_making_assemble(making);
    case PARA_MEDDLE_DRAW:
        return make_drawn(d) && para_making_assemble(making);
    case PARA_MEDDLE_CLONE:
        return make_clone(d) && para_making_assemble(making);
    case PARA_MEDDLE_SLICE:
        return para_making_slice(making, (ParaVec2){d->meddle->numbers[0], d->meddle->numbers[1]},
                                 (ParaVec2){d->meddle->numbers[2], d->meddle->numbers[3]});
    case PARA_MEDDLE_PIN:
        return pin(d) && para_making_assemble(making);
    case PARA_MEDDLE_HINGE:
        return para_making_assemble(making) && hinge(d);
    case PARA_MEDDLE_SPRING:
        return para_making_assemble(making) && spring(d);
    default:
        PARA_NEVER("no meddle that makes a level anew");
    }
}

/// Whether the solver that runs the world takes the level, and nothing would choose another.
static bool is_taken(Doing *d)
{
    ParaSolverKind runs = para_world_solver(d->world), asked = para_world_group_solver(d->world.group);
    const ParaWorldDef *def = &d->making.level->world;
    char why[PARA_MEDDLE_SAYS];
    if (para_play_events_size(d->making.level) != para_play_events_size(d->making.from))
        return para_making_refuse(&d->making, "the events of this level count its bodies: it stays as it is");
    if (!para_world_def_check(def, NULL))
        return para_making_refuse(&d->making, "that makes no sensible thing");
    if (!para_solver_fits(runs, def, why, sizeof why))
        return para_making_refuse(&d->making, "%.100s: begin with --solver chipmunk", why);
    bool moves = asked == PARA_SOLVER_AUTO && runs != PARA_SOLVER_LANES &&
                 para_solver_fits(PARA_SOLVER_LANES, def, NULL, 0);
    return !moves || para_making_refuse(&d->making, "begin with --solver chipmunk to do this here");
}

/// The world of the level that was made. Where that fails it is what it was.
static bool rebuild(Doing *d)
{
    ParaArena *arena = d->making.arena;
    ParaArenaMark mark = para_arena_mark(arena);
    size_t size = para_world_image_size(d->world);
    if (size == 0 || size + 1024 > para_arena_room(arena))
        return para_making_refuse(&d->making, "there is no memory for it");
    void *image = para_arena_alloc(arena, size);
    size_t had = para_world_image(d->world, image, size);
    PARA_ASSERT(had > 0);
    bool good = para_world_remake(d->world, &d->making.level->world, d->making.fresh, NULL);
    if (!good) {
        bool back = para_world_adopt(d->world, image, NULL);
        PARA_ASSERT(back);
        para_making_refuse(&d->making, "there is no memory for it");
    }
    para_arena_rewind(arena, mark);
    return good;
}

static void forget(const Doing *d, ParaPlay *play)
{
    for (int b = 0; b < d->making.level->world.body_count; b++) {
        if (d->making.lost[b] || d->making.cut[b])
            para_world_disable_body(d->world, b);
        if (!d->making.fresh[b])
            continue;
        play->shattered[b / 8] &= (uint8_t) ~(1u << b % 8);
        play->collected[b / 8] &= (uint8_t) ~(1u << b % 8);
    }
    if (play->hold.held > 0 && d->making.cut[play->hold.held - 1])
        play->hold.held = d->making.heir + 1; // 0: nothing is held
}

const ParaLevel *para_meddle_remake(const ParaMeddle *meddle, const ParaOutline *outline, ParaPlay *play,
                                    const ParaLevel *level, ParaWorld world, ParaArena *arena, char *why,
                                    size_t why_size)
{
    PARA_ASSERT(para_meddle_remakes(meddle->kind));
    if (why_size > 0)
        why[0] = '\0';
    Doing d = {.meddle = meddle, .outline = outline, .world = world};
    d.making = (ParaMaking){.from = level,
                            .view = para_world_view(world),
                            .arena = arena,
                            .heir = NOTHING,
                            .hand_on = play->hold.held - 1,
                            .hand = play->hold.anchor,
                            .why = why,
                            .why_size = why_size};
    if (para_arena_room(arena) < PARA_MEDDLE_ROOM) {
        para_making_refuse(&d.making, "it has been changed too often: save it, and begin again from there");
        return NULL;
    }
    ParaArenaMark mark = para_arena_mark(arena);
    if (!compose(&d) || !is_taken(&d)) {
        para_arena_rewind(arena, mark);
        return NULL;
    }
    ParaLevel *made = d.making.level;
    made->body_sets = PARA_NEW(arena, int32_t, made->world.body_count + 1);
    para_level_find_sets(made);
    made->hash = para_level_hash(made);
    if (!rebuild(&d)) {
        para_arena_rewind(arena, mark);
        return NULL;
    }
    forget(&d, play);
    return made;
}
