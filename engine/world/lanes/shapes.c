// SPDX-License-Identifier: MIT
// Brings the shapes of a block to the world frame, with the boxes the search for pairs works on. A shape's
// box is wider than the shape by its margin: half of LANES_MARGIN, and as far as its body may move in the
// step, so that a contact is there before the shapes meet. The way counts up to the body's inradius only:
// beyond that the sweep after the step takes over, and wide boxes would cost more than they give.
#include "engine/world/lanes/pairs.h"

#define FAR_AWAY 1e30f ///< [m] the low side of an empty box; nothing lies beyond

static float margin_of(const LanesShape *shape, const LanesBody *body, const LanesMotion *motion, float dt)
{
    F4 square = {motion->vx * motion->vx + motion->vy * motion->vy};
#if defined(__SSE2__)
    float speed = ((F4)_mm_sqrt_ss((__m128)square))[0];
#else
    float speed = __builtin_sqrtf(square[0]);
#endif
    float spin = motion->spin < 0.0f ? -motion->spin : motion->spin;
    float way = dt * (speed + spin * shape->reach);
    return 0.5f * LANES_MARGIN + (way < body->inradius ? way : body->inradius); // NaN: the inradius
}

/// Writes low x, low y, high x, high y.
static void store_box(LanesBlock *block, int flat, F4 low, F4 high)
{
    float *box = block->box + flat;
    int64_t stride = block->box_stride;
    box[0] = low[0];
    box[stride] = low[1];
    box[2 * stride] = high[0];
    box[3 * stride] = high[1];
}

static void store_empty_box(LanesBlock *block, int flat)
{
    store_box(block, flat, (F4){FAR_AWAY, FAR_AWAY, FAR_AWAY, FAR_AWAY},
              (F4){-FAR_AWAY, -FAR_AWAY, -FAR_AWAY, -FAR_AWAY});
}

static void place_corners(const LanesShape *shape, const float *corners, const BodyFrame *frame,
                          LanesPlaced *placed)
{
    const float *v = corners + shape->corner_first, *n = v + 2 * shape->corner_room;
    frame_place(frame, v, placed->v);
    frame_turn(frame, n, placed->n);
    if (shape->corner_room > 4) {
        frame_place(frame, v + 8, placed->v + 8);
        frame_turn(frame, n + 8, placed->n + 8);
    }
}

/// Box of the placed corners, x, y in the first two lanes.
static void bound_corners(const LanesPlaced *placed, F4 *out_low, F4 *out_high)
{
    F4 low = *(const F4 *)placed->v, high = low;
    for (int k = 4; k < 2 * placed->corner_room; k += 4) {
        F4 p = *(const F4 *)(placed->v + k);
        low = min4(low, p);
        high = max4(high, p);
    }
    *out_low = min4(low, __builtin_shufflevector(low, low, 2, 3, 0, 1));
    *out_high = max4(high, __builtin_shufflevector(high, high, 2, 3, 0, 1));
}

static void place_shape(LanesBlock *block, const LanesWorld *world, const LanesShape *shape, int body,
                        int flat)
{
    const LanesFixed *fixed = &block->fixed[body];
    LanesPlaced *placed = &block->placed[flat];
    F4 low, high;
    placed->x = fixed->x + (fixed->cos * shape->x - fixed->sin * shape->y);
    placed->y = fixed->y + (fixed->sin * shape->x + fixed->cos * shape->y);
    placed->radius = shape->radius;
    placed->margin = margin_of(shape, &world->bodies[shape->body], &block->motion[body], world->dt);
    placed->body = body;
    placed->corner_count = shape->corner_count;
    placed->corner_room = shape->corner_room;
    placed->friction = shape->friction;
    if (shape->corner_count == 1) {
        low = high = (F4){placed->x, placed->y, placed->x, placed->y};
        *(F4 *)placed->v = low;
    } else {
        BodyFrame frame = frame_of(fixed);
        place_corners(shape, world->corners, &frame, placed);
        bound_corners(placed, &low, &high);
    }
    float width = placed->radius + placed->margin;
    store_box(block, flat, low - width, high + width);
}

void K(place_shapes)(LanesBlock *block)
{
    int flat = 0;
    for (int w = 0; w < block->world_count; w++) {
        const LanesWorld *world = block->worlds[w];
        for (int i = 0; i < world->shape_count; i++, flat++) {
            const LanesShape *shape = &world->shapes[i];
            if (world->enabled[shape->body])
                place_shape(block, world, shape, block->body_first[w] + shape->body, flat);
            else
                store_empty_box(block, flat);
        }
    }
    for (int i = 0; i < 16; i++) // the search reads whole vectors
        store_empty_box(block, flat + i);
}
