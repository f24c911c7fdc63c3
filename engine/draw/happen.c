// SPDX-License-Identifier: MIT
// Reads a view after a step and compares it with what was remembered of the step before.
#include "engine/draw/happen.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define IMPACT_SPEED 0.35f // [m/s] slower blows are the flicker of things at rest
#define IMPACT_JUMP  2.0f  // [1] times what the two pressed before, else it is no blow
#define RUB_SPEED    0.1f  // [m/s] slower is rest
#define SPLASH_SPEED 0.4f  // [m/s] slower is bobbing
#define WET_DEPTH    0.4f  // [1] of its radius a body is within the border to have gone in ..
#define DRY_DEPTH    0.9f  // [1] .. and outside of it to have come out
#define THRUST_LEAST 0.01f // [1] of its force; less does not show
#define JOINT_RADIUS 0.1f  // [m] size that a joint breaks with

/// Every record begins with its strength. Puts one in its place among the `*count` that are there, strongest
/// first; of equals the one that came first stays first.
static bool place(void *items, int *count, int max, size_t size, const void *item)
{
    float strength;
    memcpy(&strength, item, sizeof strength);
    if (!(strength > 0.0f) || !isfinite(strength))
        return true;
    int at = *count;
    for (float other; at > 0; at--) {
        memcpy(&other, (char *)items + size * (size_t)(at - 1), sizeof other);
        if (other >= strength)
            break;
    }
    bool full = *count == max;
    if (at == max)
        return false;
    int behind = *count - at - (full ? 1 : 0);
    char *hole = (char *)items + size * (size_t)at;
    memmove(hole + size, hole, size * (size_t)behind);
    memcpy(hole, item, size);
    *count += !full;
    return !full;
}

#define PLACE(happenings, list, count, max, item)                                                            \
    ((happenings)->dropped +=                                                                                \
     !place((happenings)->list, &(happenings)->count, max, sizeof *(happenings)->list, item))

static ParaVec2 minus(ParaVec2 a, ParaVec2 b) { return (ParaVec2){a.x - b.x, a.y - b.y}; }
static float dot(ParaVec2 a, ParaVec2 b) { return a.x * b.x + a.y * b.y; }
static float length(ParaVec2 v) { return sqrtf(dot(v, v)); }

static uint8_t look_of(const uint8_t *looks, int body)
{
    return looks && looks[body] < PARA_SURFACE_COUNT ? looks[body] : PARA_SURFACE_NONE;
}

static ParaVec2 centre_of(const ParaView *view, int body)
{
    int at = body * view->stride;
    return (ParaVec2){view->centre_x[at], view->centre_y[at]};
}

static ParaVec2 velocity_of(const ParaView *view, int body)
{
    int at = body * view->stride;
    return (ParaVec2){view->vx[at], view->vy[at]};
}

/// A place of a body's frame in the world.
static ParaVec2 place_of(const ParaView *view, int body, ParaVec2 local)
{
    int at = body * view->stride;
    return (ParaVec2){view->x[at] + view->cos[at] * local.x - view->sin[at] * local.y,
                      view->y[at] + view->sin[at] * local.x + view->cos[at] * local.y};
}

static ParaVec2 turned(const ParaView *view, int body, ParaVec2 local)
{
    int at = body * view->stride;
    return (ParaVec2){view->cos[at] * local.x - view->sin[at] * local.y,
                      view->sin[at] * local.x + view->cos[at] * local.y};
}

/// Velocity of the matter of a body at a place of the world.
static ParaVec2 velocity_at(const ParaView *view, int body, ParaVec2 point)
{
    ParaVec2 arm = minus(point, centre_of(view, body)), v = velocity_of(view, body);
    float spin = view->spin[body * view->stride];
    return (ParaVec2){v.x - spin * arm.y, v.y + spin * arm.x};
}

static float inverse_mass(const ParaView *view, int body)
{
    float mass = view->mass[body * view->stride];
    return mass > 0.0f ? 1.0f / mass : 0.0f;
}

// ---------------------------------------------------------------------------------------------
// Blows.

/// What two shapes pressed in the step before; 0: they did not touch.
static float pressed_before(const ParaHappenedBefore *before, int shape_a, int shape_b)
{
    int low = 0, high = before->touch_count;
    while (low < high) {
        int middle = (low + high) / 2, a = before->touches[middle].shape_a,
            b = before->touches[middle].shape_b;
        if (a == shape_a && b == shape_b)
            return before->touches[middle].impulse;
        if (a < shape_a || (a == shape_a && b < shape_b))
            low = middle + 1;
        else
            high = middle;
    }
    return 0.0f;
}

/// Bodies of several shapes, and chains, touch at many places; heard and seen is one blow.
static ParaImpact *impact_of(ParaHappenings *h, int a, int b)
{
    for (int i = 0; i < h->impact_count; i++)
        if (h->impacts[i].a == a && h->impacts[i].b == b)
            return &h->impacts[i];
    return NULL;
}

static void take_impact(ParaHappenings *h, const ParaView *view, const ParaContact *contact, bool begins,
                        float strength, const uint8_t *looks)
{
    float speed = strength * (inverse_mass(view, contact->body_a) + inverse_mass(view, contact->body_b));
    ParaImpact impact = {.strength = strength,
                         .speed = speed,
                         .point = contact->point,
                         .normal = contact->normal,
                         .a = contact->body_a,
                         .b = contact->body_b,
                         .look = look_of(looks, contact->body_a),
                         .other = look_of(looks, contact->body_b),
                         .begins = begins};
    ParaImpact *same = impact_of(h, contact->body_a, contact->body_b);
    if (same) { // taken out, and put back as one with both strengths at the stronger's place
        if (same->strength > strength) {
            impact.point = same->point;
            impact.normal = same->normal;
        }
        impact.strength += same->strength;
        impact.speed += same->speed;
        impact.begins |= same->begins;
        int behind = (int)(h->impacts + h->impact_count - same) - 1;
        memmove(same, same + 1, sizeof *same * (size_t)behind);
        h->impact_count--;
    }
    PLACE(h, impacts, impact_count, PARA_IMPACTS_MAX, &impact);
}

static bool has_begun(const ParaView *view, const ParaContact *contact)
{
    int low = 0, high = view->event_count; // sorted by (kind, shape_a, shape_b), and BEGIN is the least kind
    while (low < high) {
        int middle = (low + high) / 2;
        const ParaEvent *e = &view->events[middle];
        if (e->kind == PARA_EVENT_BEGIN && e->shape_a == contact->shape_a && e->shape_b == contact->shape_b)
            return true;
        bool less = e->kind == PARA_EVENT_BEGIN &&
                    (e->shape_a < contact->shape_a ||
                     (e->shape_a == contact->shape_a && e->shape_b < contact->shape_b));
        low = less ? middle + 1 : low;
        high = less ? high : middle;
    }
    return false;
}

/// Of a contact: the blow in it, if there is one, or how the two rub.
static void read_contact(ParaHappenings *h, const ParaView *view, const ParaContact *contact,
                         const uint8_t *looks)
{
    float before = pressed_before(&h->before, contact->shape_a, contact->shape_b);
    float inverse = inverse_mass(view, contact->body_a) + inverse_mass(view, contact->body_b);
    bool begins = has_begun(view, contact);
    float blow = begins ? contact->impulse : contact->impulse - before;
    if (blow * inverse > IMPACT_SPEED && (begins || contact->impulse > IMPACT_JUMP * before)) {
        take_impact(h, view, contact, begins, blow, looks);
        return;
    }
    ParaVec2 along = {-contact->normal.y, contact->normal.x};
    ParaVec2 between = minus(velocity_at(view, contact->body_b, contact->point),
                             velocity_at(view, contact->body_a, contact->point));
    ParaVec2 centres = minus(velocity_of(view, contact->body_b), velocity_of(view, contact->body_a));
    float spin = view->spin[contact->body_b * view->stride] - view->spin[contact->body_a * view->stride];
    float slide = fabsf(dot(between, along)), way = fabsf(dot(centres, along));
    ParaRub rub = {.press = contact->impulse * view->def->rate,
                   .slide = slide,
                   .roll = fabsf(spin) > 0.05f ? fmaxf(way - slide, 0.0f) : 0.0f,
                   .point = contact->point,
                   .normal = contact->normal,
                   .a = contact->body_a,
                   .b = contact->body_b,
                   .look = look_of(looks, contact->body_a),
                   .other = look_of(looks, contact->body_b)};
    float speed = fmaxf(rub.slide, rub.roll);
    rub.strength = rub.press * speed;
    if (speed > RUB_SPEED)
        PLACE(h, rubs, rub_count, PARA_RUBS_MAX, &rub);
}

// ---------------------------------------------------------------------------------------------
// Breaks.

static void read_breaks(ParaHappenings *h, const ParaView *view, const uint8_t *looks)
{
    for (int i = 0; i < view->def->body_count; i++)
        if (h->before.enabled[i] && !view->enabled[i * view->stride]) {
            ParaBreak it = {.strength = h->before.radius[i],
                            .point = centre_of(view, i),
                            .velocity = velocity_of(view, i),
                            .body = i,
                            .joint = -1,
                            .look = look_of(looks, i)};
            PLACE(h, breaks, break_count, PARA_BREAKS_MAX, &it);
        }
    for (int j = 0; j < view->def->joint_count; j++) {
        const ParaJointDef *joint = &view->def->joints[j];
        bool there = view->enabled[joint->a * view->stride] && view->enabled[joint->b * view->stride];
        if (h->before.joint_enabled[j] && !view->joint_enabled[j * view->stride] && there) {
            ParaBreak it = {.strength = JOINT_RADIUS,
                            .point = place_of(view, joint->a, joint->anchor_a),
                            .velocity = velocity_of(view, joint->b),
                            .body = -1,
                            .joint = j,
                            .look = look_of(looks, joint->b)};
            PLACE(h, breaks, break_count, PARA_BREAKS_MAX, &it);
        }
    }
}

// ---------------------------------------------------------------------------------------------
// Splashes.

/// How far a place is from a zone's border [m], below 0 inside; and the place of the border that is nearest.
static float border_of(const ParaView *view, int zone, ParaVec2 point, ParaVec2 *out_border)
{
    const ParaZoneDef *def = &view->def->zones[zone];
    const ParaZoneState *now = &view->zones[zone];
    ParaVec2 away = minus(point, now->position);
    if (def->kind == PARA_SHAPE_CIRCLE) {
        float far = length(away), share = far > 1e-6f ? def->radius / far : 0.0f;
        *out_border = (ParaVec2){now->position.x + away.x * share, now->position.y + away.y * share};
        return far - def->radius;
    }
    double sine, cosine;
    para_sincos((double)now->angle, &sine, &cosine);
    float s = (float)sine, c = (float)cosine;
    ParaVec2 local = {c * away.x + s * away.y, -s * away.x + c * away.y}, nearest = local;
    const ParaVec2 *points = view->def->points + def->point_first;
    float least = INFINITY;
    bool inside = true;
    for (uint32_t i = 0; i < def->point_count; i++) {
        ParaVec2 from = points[i], edge = minus(points[(i + 1) % def->point_count], from);
        ParaVec2 to = minus(local, from);
        float share = para_clampf(dot(to, edge) / fmaxf(dot(edge, edge), 1e-12f), 0.0f, 1.0f);
        ParaVec2 on = {from.x + share * edge.x, from.y + share * edge.y};
        float far = length(minus(local, on));
        inside &= edge.x * to.y - edge.y * to.x >= 0.0f;
        if (far < least) {
            least = far;
            nearest = on;
        }
    }
    *out_border = (ParaVec2){now->position.x + c * nearest.x - s * nearest.y,
                             now->position.y + s * nearest.x + c * nearest.y};
    return inside ? -least : least;
}

static bool is_fluid(const ParaView *view, int zone)
{
    return view->zones[zone].on && view->zones[zone].fluid_density > 0.0f;
}

/// The fluids that a body is in, and where their borders are; slow ones to change their mind.
static uint32_t wet_bits(const ParaHappenings *h, const ParaView *view, int body, ParaVec2 *out_borders)
{
    uint32_t bits = 0;
    for (int z = 0; z < view->def->zone_count; z++) {
        if (!is_fluid(view, z))
            continue;
        bool was = h->before.wet[body] >> z & 1;
        float radius = h->before.radius[body];
        float far = border_of(view, z, centre_of(view, body), &out_borders[z]);
        if (far < radius * (was ? DRY_DEPTH : WET_DEPTH))
            bits |= 1u << z;
    }
    return bits;
}

static bool can_get_wet(const ParaView *view, int body)
{
    return view->def->bodies[body].kind == PARA_BODY_DYNAMIC && view->enabled[body * view->stride];
}

static void read_splashes(ParaHappenings *h, const ParaView *view)
{
    ParaVec2 borders[PARA_ZONES_MAX];
    bool any = false;
    for (int z = 0; z < view->def->zone_count; z++)
        any |= is_fluid(view, z);
    for (int i = 0; any && i < view->def->body_count; i++) {
        uint32_t now = can_get_wet(view, i) ? wet_bits(h, view, i, borders) : 0;
        uint32_t changed = can_get_wet(view, i) && h->before.enabled[i] ? now ^ h->before.wet[i] : 0;
        for (int z = 0; changed && z < view->def->zone_count; z++) {
            ParaVec2 v = velocity_of(view, i);
            if (!(changed >> z & 1) || !is_fluid(view, z) || !(length(v) > SPLASH_SPEED))
                continue;
            ParaSplash it = {.strength = view->mass[i * view->stride] * length(v),
                             .speed = length(v),
                             .mass = view->mass[i * view->stride],
                             .radius = h->before.radius[i],
                             .point = borders[z],
                             .velocity = v,
                             .body = i,
                             .zone = z,
                             .enters = now >> z & 1};
            PLACE(h, splashes, splash_count, PARA_SPLASHES_MAX, &it);
        }
        h->before.wet[i] = now;
    }
}

// ---------------------------------------------------------------------------------------------
// What pushes.

static bool is_under_water(const ParaView *view, ParaVec2 point)
{
    ParaVec2 border;
    bool wet = false;
    for (int z = 0; z < view->def->zone_count; z++)
        wet |= is_fluid(view, z) && border_of(view, z, point, &border) < 0.0f;
    return wet;
}

static void read_thrusts(ParaHappenings *h, const ParaView *view, const ParaInputs *inputs)
{
    for (int t = 0; inputs && t < view->def->thruster_count; t++) {
        const ParaThrusterDef *def = &view->def->thrusters[t];
        float throttle = inputs->throttle[t * inputs->stride], power = fminf(fabsf(throttle), 1.0f);
        if (!(power > THRUST_LEAST) || !view->enabled[def->body * view->stride])
            continue;
        ParaVec2 direction = turned(view, def->body, def->direction);
        ParaThrust it = {.strength = power * def->force_max,
                         .power = power,
                         .point = place_of(view, def->body, def->point),
                         .direction = throttle < 0.0f ? (ParaVec2){-direction.x, -direction.y} : direction,
                         .thruster = t};
        it.wet = is_under_water(view, it.point);
        PLACE(h, thrusts, thrust_count, PARA_THRUSTERS_MAX, &it);
    }
}

static void read_drives(ParaHappenings *h, const ParaView *view, const ParaInputs *inputs)
{
    for (int j = 0; j < view->def->joint_count; j++) {
        const ParaJointDef *joint = &view->def->joints[j];
        int at = j * view->stride;
        if (!joint->motored || !view->joint_enabled[at])
            continue;
        ParaDrive it = {.load = view->joint_load[at],
                        .speed = view->joint_speed[at],
                        .wish = inputs ? inputs->motor_rate[j * inputs->stride] : 0.0f,
                        .on = inputs && inputs->motor_max[j * inputs->stride] > 0.0f,
                        .point = place_of(view, joint->a, joint->anchor_a),
                        .joint = j};
        it.strength = it.load * fabsf(it.speed);
        PLACE(h, drives, drive_count, PARA_DRIVES_MAX, &it);
    }
}

// ---------------------------------------------------------------------------------------------
// The two steps side by side.

static void remember(ParaHappenings *h, const ParaView *view)
{
    ParaHappenedBefore *before = &h->before;
    before->def = view->def;
    before->step = view->step;
    before->touch_count = view->contact_count < PARA_TOUCHES_MAX ? view->contact_count : PARA_TOUCHES_MAX;
    for (int i = 0; i < before->touch_count; i++) {
        before->touches[i].shape_a = view->contacts[i].shape_a;
        before->touches[i].shape_b = view->contacts[i].shape_b;
        before->touches[i].impulse = view->contacts[i].impulse;
    }
    for (int i = 0; i < view->def->body_count; i++)
        before->enabled[i] = view->enabled[i * view->stride];
    for (int j = 0; j < view->def->joint_count; j++)
        before->joint_enabled[j] = view->joint_enabled[j * view->stride];
}

/// Bodies that are there, and were not when they were measured: what is away has no place to measure at.
static void measure_bodies(ParaHappenings *h, const ParaView *view)
{
    for (int i = 0; i < view->def->shape_count; i++) {
        const ParaShapeDef *shape = &view->def->shapes[i];
        float *radius = &h->before.radius[shape->body];
        if (!view->enabled[shape->body * view->stride] || h->before.enabled[shape->body])
            continue;
        for (uint32_t p = 0; p < shape->point_count; p++) {
            ParaVec2 at = place_of(view, shape->body, view->def->points[shape->point_first + p]);
            *radius = fmaxf(*radius, length(minus(at, centre_of(view, shape->body))) + shape->radius);
        }
    }
}

static void clear(ParaHappenings *h)
{
    h->impact_count = h->rub_count = h->break_count = 0;
    h->splash_count = h->thrust_count = h->drive_count = 0;
    h->dropped = 0;
}

void para_happenings_begin(ParaHappenings *h, const ParaView *view)
{
    PARA_ASSERT(view->def->body_count <= PARA_BODIES_MAX && view->def->joint_count <= PARA_JOINTS_MAX);
    ParaVec2 borders[PARA_ZONES_MAX];
    clear(h);
    memset(h->before.radius, 0, sizeof h->before.radius);
    memset(h->before.enabled, 0, sizeof h->before.enabled);
    measure_bodies(h, view);
    memset(h->before.wet, 0, sizeof h->before.wet);
    for (int i = 0; i < view->def->body_count; i++)
        h->before.wet[i] = can_get_wet(view, i) ? wet_bits(h, view, i, borders) : 0;
    remember(h, view);
}

void para_happenings_read(ParaHappenings *h, const ParaView *view, const ParaInputs *inputs,
                          const uint8_t *body_looks)
{
    bool same = view->step == h->before.step;
    if (view->def != h->before.def || view->step < h->before.step || view->status != PARA_WORLD_FINE) {
        para_happenings_begin(h, view);
        return;
    }
    clear(h);
    measure_bodies(h, view);
    for (int i = 0; i < view->contact_count; i++)
        read_contact(h, view, &view->contacts[i], body_looks);
    if (same)
        h->impact_count = 0;
    else
        read_splashes(h, view);
    read_breaks(h, view, body_looks);
    read_thrusts(h, view, inputs);
    read_drives(h, view, inputs);
    remember(h, view);
}
