// SPDX-License-Identifier: MIT
// What the player feels of the place it is in - winds, fluids, belts under its feet - and the level's
// variables.
#include "agents/observe/observe_parts.h"

/// [m] from a well's origin within which its pull tells no direction.
#define WELL_EYE 0.1f

static void add_pull(const ParaObsSight *s, const ParaZoneState *zone, ParaVec2 *push)
{
    float dx = zone->position.x - s->x, dy = zone->position.y - s->y;
    float far = sqrtf(dx * dx + dy * dy);
    float by = zone->pull / (far > WELL_EYE ? far : WELL_EYE);
    push->x += by * dx;
    push->y += by * dy;
}

// How high a zone reaches, and from where to where [m], world frame.
typedef struct Extent {
    float left, right, top;
} Extent;

static Extent extent_of(const ParaWorldDef *def, int index, const ParaZoneState *now)
{
    const ParaZoneDef *zone = &def->zones[index];
    ParaVec2 at = now->position;
    Extent e = {at.x - zone->radius, at.x + zone->radius, at.y + zone->radius};
    if (zone->kind != PARA_SHAPE_POLYGON)
        return e;
    double sine, cosine;
    para_sincos((double)now->angle, &sine, &cosine);
    e = (Extent){INFINITY, -INFINITY, -INFINITY};
    for (uint32_t i = 0; i < zone->point_count; i++) {
        ParaVec2 p = def->points[zone->point_first + i];
        float x = at.x + (float)cosine * p.x - (float)sine * p.y;
        float y = at.y + (float)sine * p.x + (float)cosine * p.y;
        e.left = x < e.left ? x : e.left;
        e.right = x > e.right ? x : e.right;
        e.top = y > e.top ? y : e.top;
    }
    return e;
}

/// [m] the top of the fluid nearest to the main body's side, of those as near the highest; else -infinity.
static float fluid_top(const ParaObsSight *s)
{
    float nearest = INFINITY, top = -INFINITY;
    for (int z = 0; z < s->level->world.zone_count; z++) {
        const ParaZoneState *now = &s->view->zones[z];
        if (!now->on || !(now->fluid_density > 0.0f))
            continue;
        Extent e = extent_of(&s->level->world, z, now);
        float beside = s->x < e.left ? e.left - s->x : s->x > e.right ? s->x - e.right : 0.0f;
        if (beside < nearest || (beside == nearest && e.top > top)) {
            nearest = beside;
            top = e.top;
        }
    }
    return top;
}

/// [m/s] of the fastest belt that a part of the player touches; 0: of none.
static float belt_below(const ParaObsSight *s)
{
    float belt = 0.0f;
    for (int i = 0; i < s->view->contact_count; i++) {
        const ParaContact *contact = &s->view->contacts[i];
        bool own_a = s->body_roles[contact->body_a] == PARA_ROLE_PLAYER;
        bool own_b = s->body_roles[contact->body_b] == PARA_ROLE_PLAYER;
        if (own_a == own_b)
            continue;
        float speed = s->level->world.shapes[own_a ? contact->shape_b : contact->shape_a].belt;
        if (fabsf(speed) > fabsf(belt))
            belt = speed;
    }
    return belt;
}

void para_observe_here(ParaObsPen *pen, const ParaObsSight *s)
{
    ParaVec2 push = {0, 0};
    float drag = 0, fluid = 0;
    uint32_t in = s->view->zone_bits[s->self * s->view->stride];
    for (uint32_t z = 0, bits = in; bits != 0; z++, bits >>= 1) {
        const ParaZoneState *zone = &s->view->zones[z];
        if ((bits & 1u) == 0)
            continue;
        push.x += zone->acceleration.x;
        push.y += zone->acceleration.y;
        drag += zone->drag;
        fluid += zone->fluid_density;
        if (zone->pull != 0.0f)
            add_pull(s, zone, &push);
    }
    PARA_OBS_BEGIN(pen);
    PARA_OBS_AT(pen, Here, push);
    para_obs_put(pen, push.x / PARA_OBS_GRAVITY);
    para_obs_put(pen, push.y / PARA_OBS_GRAVITY);
    PARA_OBS_AT(pen, Here, drag);
    para_obs_put(pen, drag);
    PARA_OBS_AT(pen, Here, fluid);
    para_obs_put(pen, fluid / PARA_OBS_DENSITY);
    float top = fluid_top(s);
    PARA_OBS_AT(pen, Here, shore);
    para_obs_put_flag(pen, isfinite(top));
    PARA_OBS_AT(pen, Here, surface);
    para_obs_put(pen, (top - s->y) / PARA_OBS_FAR); // without a fluid no number, which is put as 0
    PARA_OBS_AT(pen, Here, ladder);
    para_obs_put_flag(pen, (in & s->level->ladders) != 0);
    PARA_OBS_AT(pen, Here, belt);
    para_obs_put(pen, belt_below(s) / PARA_OBS_SPEED);
    PARA_OBS_END(pen, Here);
}

void para_observe_variables(ParaObsPen *pen, const ParaObsSight *s)
{
    enum { SHOWN = sizeof(ParaObsVariables) };
    PARA_OBS_BEGIN(pen);
    PARA_OBS_AT(pen, Variables, value);
    int count = s->level->variable_count < SHOWN ? s->level->variable_count : SHOWN;
    for (int i = 0; i < count; i++)
        para_obs_put(pen, (float)(para_play_variable(s->play, i) / PARA_OBS_VARIABLE));
    para_obs_zeros(pen, (size_t)(SHOWN - count));
    PARA_OBS_END(pen, Variables);
}
