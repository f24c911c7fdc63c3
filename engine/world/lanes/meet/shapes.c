// SPDX-License-Identifier: MIT
// Brings the shapes of a block to the world frame, with the boxes the search for pairs works on. A shape's
// box is wider than the shape by its margin: half of PARA_LANES_MARGIN, and as far as its body may move in
// the step, so that a contact is there before the shapes meet. The way counts up to the body's inradius only:
// beyond that the sweep after the step takes over, and wide boxes would cost more than they give.
#include "engine/base/assert.h"
#include "engine/world/lanes/meet/pairs.h"
#include "engine/world/lanes/sound.h"

#define FAR_AWAY 1e30f ///< [m] the low side of an empty box; nothing lies beyond

static float margin_of(const ParaLanesShape *shape, const ParaLanesBody *body, const ParaLanesMotion *motion,
                       float dt)
{
    ParaF4 square = {motion->vx * motion->vx + motion->vy * motion->vy};
#if defined(__SSE2__)
    float speed = ((ParaF4)_mm_sqrt_ss((__m128)square))[0];
#else
    float speed = __builtin_sqrtf(square[0]);
#endif
    float spin = motion->spin < 0.0f ? -motion->spin : motion->spin;
    float way = dt * (speed + spin * shape->reach);
    return 0.5f * PARA_LANES_MARGIN + (way < body->inradius ? way : body->inradius); // NaN: the inradius
}

/// Writes low x, low y, high x, high y.
static void store_box(ParaLanesBlock *block, int flat, ParaF4 low, ParaF4 high)
{
    float *box = block->box + flat;
    int64_t stride = block->box_stride;
    box[0] = low[0];
    box[stride] = low[1];
    box[2 * stride] = high[0];
    box[3 * stride] = high[1];
}

static void store_empty_box(ParaLanesBlock *block, int flat)
{
    store_box(block, flat, (ParaF4){FAR_AWAY, FAR_AWAY, FAR_AWAY, FAR_AWAY},
              (ParaF4){-FAR_AWAY, -FAR_AWAY, -FAR_AWAY, -FAR_AWAY});
}

static void place_corners(const ParaLanesShape *shape, const float *corners, const ParaPairsFrame *frame,
                          ParaLanesPlaced *placed)
{
    const float *v = corners + shape->corner_first, *n = v + 2 * shape->corner_room;
    para_pairs_place(frame, v, placed->v);
    para_pairs_turn(frame, n, placed->n);
    if (shape->corner_room > 4) {
        para_pairs_place(frame, v + 8, placed->v + 8);
        para_pairs_turn(frame, n + 8, placed->n + 8);
    }
}

/// Box of the placed corners, x, y in the first two lanes.
static void bound_corners(const ParaLanesPlaced *placed, ParaF4 *out_low, ParaF4 *out_high)
{
    const ParaF4 *v = (const ParaF4 *)placed->v;
    ParaF4 low = para_pairs_min4(v[0], v[1]), high = para_pairs_max4(v[0], v[1]);
    if (placed->corner_room > 4) {
        low = para_pairs_min4(low, para_pairs_min4(v[2], v[3]));
        high = para_pairs_max4(high, para_pairs_max4(v[2], v[3]));
    }
    *out_low = para_pairs_min4(low, __builtin_shufflevector(low, low, 2, 3, 0, 1));
    *out_high = para_pairs_max4(high, __builtin_shufflevector(high, high, 2, 3, 0, 1));
}

/// Middle of the shape; twice.
static ParaF4 place_middle(const ParaLanesShape *shape, const ParaPairsFrame *frame)
{
    ParaF4 p = {shape->x, shape->y, shape->x, shape->y};
    ParaF4 swapped = __builtin_shufflevector(p, p, 1, 0, 3, 2);
    return p * para_pairs_half(frame->cos) + swapped * para_pairs_half(frame->sin) +
           para_pairs_half(frame->place);
}

static void place_shape(ParaLanesBlock *block, const ParaLanesWorld *world, const ParaLanesShape *shape,
                        int body, int flat)
{
    ParaLanesPlaced *placed = &block->placed[flat];
    ParaPairsFrame frame = para_pairs_frame_of(&block->fixed[body]);
    ParaF4 middle = place_middle(shape, &frame), low = middle, high = middle;
    float margin = margin_of(shape, &world->bodies[shape->body], &block->motion[body], world->dt);
    float width = shape->radius + margin;
    *(ParaF4 *)&placed->x = (ParaF4){middle[0], middle[1], shape->radius, margin};
    placed->body = body;
    placed->corner_count = shape->corner_count;
    placed->corner_room = shape->corner_room;
    placed->seams = 0;
    if (shape->corner_count == 1) {
        *(ParaF4 *)placed->v = middle;
    } else {
        place_corners(shape, world->corners, &frame, placed);
        bound_corners(placed, &low, &high);
    }
    store_box(block, flat, low - width, high + width);
}

PARA_LANES_INLINE void copy_floats(float *to, const float *from, int count)
{
    for (int k = 0; k < count; k += PARA_PAIRS_WIDTH)
        para_pairs_store(to + k, para_pairs_load(from + k));
}

/// Shapes that never move were placed at the build. @return what stands behind this one
static const float *copy_still(ParaLanesBlock *block, const float *from, int first_body, int flat)
{
    const ParaLanesStill *still = (const ParaLanesStill *)(const void *)from;
    ParaLanesPlaced *placed = &block->placed[flat];
    copy_floats(&placed->x, &still->x, 8);
    placed->body += first_body;
    float *to = block->box + flat;
    int64_t stride = block->box_stride;
    to[0] = still->box.low_x;
    to[stride] = still->box.low_y;
    to[2 * stride] = still->box.high_x;
    to[3 * stride] = still->box.high_y;
    const float *v = still->corners;
    if (still->corner_room == 4) {
        copy_floats(placed->v, v, 8);
        copy_floats(placed->n, v + 8, 8);
    } else if (still->corner_room > 4) {
        copy_floats(placed->v, v, 16);
        copy_floats(placed->n, v + 16, 16);
    }
    return v + 4 * still->corner_room;
}

static void place_world(ParaLanesBlock *block, int w)
{
    const ParaLanesWorld *world = block->worlds[w];
    const float *still = world->stills;
    int body = block->body_first[w], flat = block->shape_first[w];
    for (int i = 0, count = world->shape_count; i < count; i++, flat++) {
        const ParaLanesShape *shape = &world->shapes[i];
        bool here = world->enabled[shape->body];
        if (shape->still)
            still = copy_still(block, still, body, flat);
        else if (here)
            place_shape(block, world, shape, body + shape->body, flat);
        if (!here)
            store_empty_box(block, flat);
    }
    PARA_ASSERT_HOT(still == world->stills + world->still_floats && flat == block->shape_first[w + 1]);
}

/// What this and the search for pairs read of a world to come, and the plan of its rows.
static void fetch_fixed(const ParaLanesWorld *world)
{
    para_lanes_fetch(world->corners, world->seam_parts); // shapes, chains, stills, spots of seams
    para_lanes_fetch(world->joints, world->joints + world->joint_count);
}

void PARA_K(place_shapes)(ParaLanesBlock *block)
{
    for (int w = 0; w < block->world_count; w++) {
        if (w + PARA_LANES_FETCH_REST < block->world_count)
            fetch_fixed(block->worlds[w + PARA_LANES_FETCH_REST]);
        place_world(block, w);
    }
    int flat = block->shape_first[block->world_count];
    for (int i = 0; i < 16; i++) // the search reads whole vectors
        store_empty_box(block, flat + i);
    PARA_CHECK_HOT(para_lanes_check_shapes(block));
}
