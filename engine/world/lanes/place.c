// SPDX-License-Identifier: MIT
// Bodies that are put elsewhere, or back into play.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/world/events.h"
#include "engine/world/lanes/group.h"
#include "engine/world/lanes/sound.h"

#include <math.h>
#include <string.h>

static bool sane(const ParaBodyPlace *to, float x, float y)
{
    return fabsf(x) < PARA_LANES_PLACE_MAX && fabsf(y) < PARA_LANES_PLACE_MAX &&
           fabsf(to->velocity.x) < PARA_LANES_SPEED_MAX && fabsf(to->velocity.y) < PARA_LANES_SPEED_MAX &&
           fabsf(to->spin) < PARA_LANES_SPEED_MAX;
}

/// @return false: the world diverged
static bool put(ParaLanesWorld *world, int body, const ParaBodyPlace *to)
{
    double s, c, x = (double)world->bodies[body].centre_x, y = (double)world->bodies[body].centre_y;
    para_sincos((double)to->angle, &s, &c);
    float centre_x = (float)((double)to->position.x + (c * x - s * y));
    float centre_y = (float)((double)to->position.y + (s * x + c * y));
    if (!sane(to, centre_x, centre_y)) {
        para_lanes_diverge(world, body);
        return false;
    }
    world->x[body] = to->position.x;
    world->y[body] = to->position.y;
    world->angle[body] = to->angle;
    world->cos[body] = (float)c;
    world->sin[body] = (float)s;
    world->centre_x[body] = centre_x;
    world->centre_y[body] = centre_y;
    world->rest_x[body] = world->rest_y[body] = world->rest_cos[body] = world->rest_sin[body] = 0.0f;
    world->vx[body] = to->velocity.x;
    world->vy[body] = to->velocity.y;
    world->spin[body] = to->spin;
    return true;
}

static bool is_of(const ParaLanesWorld *world, uint32_t key, int body)
{
    int32_t shapes[2];
    para_lanes_shapes_of_key(world, key, shapes);
    return world->def.shapes[shapes[0]].body == body || world->def.shapes[shapes[1]].body == body;
}

/// Forgets what pressed the body. Contacts that have been told go behind the others, so that the next step
/// can tell their end.
static void forget_contacts(ParaLanesWorld *world, int body)
{
    ParaLanesState *state = world->state;
    ParaContact *contacts = (ParaContact *)(void *)(world->touches + state->touch_count), gone;
    int kept = 0, touches = 0, told = state->contact_count + state->gone_count;
    for (int i = 0; i < state->contact_count; i++) {
        if (contacts[i].body_a != body && contacts[i].body_b != body) {
            gone = contacts[i];
            memmove(&contacts[kept + 1], &contacts[kept], sizeof gone * (size_t)(i - kept));
            contacts[kept++] = gone;
        }
    }
    state->gone_count = told - kept;
    state->contact_count = kept;
    for (int i = 0; i < state->touch_count; i++)
        if (!is_of(world, world->touches[i].key, body))
            world->touches[touches++] = world->touches[i];
    state->touch_count = touches;
    memmove(world->touches + touches, contacts,
            sizeof(ParaContact) * (size_t)told + sizeof(ParaEvent) * (size_t)state->event_count);
}

void para_lanes_place_body(void *solver, int index, int body, const ParaBodyPlace *to)
{
    ParaLanesWorld *world = para_lanes_world(solver, index);
    bool was = world->enabled[body];
    if (to && !put(world, body, to))
        return;
    forget_contacts(world, body);
    world->enabled[body] = 1;
    world->zone_bits[body] = para_zones_at(world->areas, world->zone_count, (double)world->centre_x[body],
                                           (double)world->centre_y[body]);
    para_lanes_settle_joints(world, body, true);
    if (!was) {
        para_lanes_find_partners(world);
        if (world->def.bodies[body].kind == PARA_BODY_STATIC)
            para_lanes_update_seams(world);
    }
    para_lanes_publish(world);
    PARA_CHECK_HOT(para_lanes_check_world(world));
}
