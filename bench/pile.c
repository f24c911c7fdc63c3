// SPDX-License-Identifier: MIT
// Makes scene pile20 and shakes it: walls, loose shapes on a grid, gravity that turns by forces. Used by
// `paracosm bench step` and by the tests of engine/world.
#include "bench/pile.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"

#define WALL    0.5f ///< [m] half thickness of the walls
#define COLUMNS 5    ///< of the grid the shapes start on

static void add_shape(ParaPile *pile, ParaShapeKind kind, float radius, const ParaVec2 *points, int count)
{
    ParaWorldDef *def = &pile->def;
    PARA_ASSERT(def->shape_count < 4 + PARA_PILE_SHAPES);
    ParaShapeDef shape = para_shape_def_default();
    shape.kind = kind;
    shape.body = def->body_count - 1;
    shape.radius = radius;
    shape.point_first = (uint32_t)def->point_count;
    shape.point_count = (uint32_t)count;
    for (int i = 0; i < count; i++)
        pile->points[def->point_count++] = points[i];
    pile->shapes[def->shape_count++] = shape;
}

static void add_box(ParaPile *pile, float x, float y, float half_width, float half_height)
{
    const ParaVec2 corners[] = {{x - half_width, y - half_height},
                                {x + half_width, y - half_height},
                                {x + half_width, y + half_height},
                                {x - half_width, y + half_height}};
    add_shape(pile, PARA_SHAPE_POLYGON, 0.0f, corners, 4);
}

static void add_walls(ParaPile *pile)
{
    const float half = 0.5f * PARA_PILE_INSIDE, out = half + WALL;
    ParaBodyDef box = para_body_def_default();
    box.kind = PARA_BODY_STATIC;
    box.position = (ParaVec2){half, half};
    pile->bodies[pile->def.body_count++] = box;
    add_box(pile, 0.0f, -out, half + 2.0f * WALL, WALL);
    add_box(pile, 0.0f, out, half + 2.0f * WALL, WALL);
    add_box(pile, -out, 0.0f, WALL, half);
    add_box(pile, out, 0.0f, WALL, half);
}

/// Kinds take turns; each stays within 0.38 m of its body's origin, so that neighbours on the grid are apart.
static void add_loose(ParaPile *pile, int kind, ParaRng *rng)
{
    float size = (float)para_rng_range(rng, 0.6, 1.0); // [1] of the largest
    ParaVec2 points[6] = {{0.0f, 0.0f}};
    switch (kind) {
    case 0:
        add_shape(pile, PARA_SHAPE_CIRCLE, 0.3f * size, points, 1);
        break;
    case 1:
        add_box(pile, 0.0f, 0.0f, 0.28f * size, 0.24f);
        break;
    case 2:
        points[0].x = -0.2f * size;
        points[1].x = 0.2f * size;
        add_shape(pile, PARA_SHAPE_SEGMENT, 0.15f, points, 2);
        break;
    default:
        for (int i = 0; i < 6; i++) {
            double sine, cosine;
            para_sincos(PARA_TAU * i / 6.0, &sine, &cosine);
            points[i] = (ParaVec2){0.34f * size * (float)cosine, 0.34f * size * (float)sine};
        }
        add_shape(pile, PARA_SHAPE_POLYGON, 0.0f, points, 6);
        break;
    }
    pile->shapes[pile->def.shape_count - 1].friction = 0.5f;
}

void para_pile_make(ParaPile *pile, uint64_t seed)
{
    ParaRng rng = para_rng_make(seed, "pile");
    pile->def = para_world_def_default();
    pile->def.bodies = pile->bodies;
    pile->def.shapes = pile->shapes;
    pile->def.points = pile->points;
    pile->def.size = (ParaVec2){PARA_PILE_INSIDE, PARA_PILE_INSIDE};
    add_walls(pile);
    const float cell = PARA_PILE_INSIDE / COLUMNS;
    for (int i = 0; i < PARA_PILE_SHAPES; i++) {
        ParaBodyDef body = para_body_def_default();
        body.position.x = cell * (0.5f + (float)(i % COLUMNS));
        body.position.y = 1.2f * cell * (0.5f + (float)(i / COLUMNS));
        body.angle = (float)para_rng_range(&rng, 0.0, PARA_TAU);
        pile->bodies[pile->def.body_count++] = body;
        add_loose(pile, (i + i / COLUMNS) % 4, &rng);
    }
}

void para_pile_shake(ParaWorld world, uint64_t seed, int64_t step)
{
    const ParaView *view = para_world_view(world);
    const ParaInputs *inputs = para_world_inputs(world);
    ParaRng turn = para_rng_make(para_seed_mix(seed, (uint64_t)(step / 40)), "turn");
    ParaRng jolt = para_rng_make(para_seed_mix(seed, (uint64_t)(step / 4)), "jolt");
    double sine, cosine;
    para_sincos(para_rng_range(&turn, 0.0, PARA_TAU), &sine, &cosine);
    double strength = 9.81 + para_rng_range(&jolt, -2.0, 2.0); // [m/s^2]
    // Gravity itself is part of the def; forces turn it.
    float x = (float)(strength * cosine) - view->def->gravity.x;
    float y = (float)(strength * sine) - view->def->gravity.y;
    for (int body = 1; body < view->def->body_count; body++) {
        float mass = view->mass[(size_t)body * (size_t)view->stride];
        inputs->force_x[(size_t)body * (size_t)inputs->stride] = mass * x;
        inputs->force_y[(size_t)body * (size_t)inputs->stride] = mass * y;
    }
}
