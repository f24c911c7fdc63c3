// SPDX-License-Identifier: MIT
// Portals: what comes into one, with all that joints hold to it, is in the one it leads to then. What counts
// is the centre of mass of all of it, so that a thing enters once however long it is, and has to leave the
// other end before that takes it back.
#include "worlds/rules/portals.h"

#include "engine/base/maths.h"
#include "worlds/rules/carry.h"

static double at(const ParaView *view, const float *values, int body)
{
    return (double)values[(size_t)body * (size_t)view->stride];
}

static bool is_there(const ParaView *view, int body)
{
    return view->enabled[(size_t)body * (size_t)view->stride] != 0 &&
           view->def->bodies[body].kind == PARA_BODY_DYNAMIC;
}

/// What passes as one.
typedef struct Party {
    bool in[PARA_BODIES_MAX];
    bool held;   ///< by something that cannot pass
    double x, y; ///< [m] its centre of mass
} Party;

/// What a player grips is held to its gripper as by a joint.  @return false: nothing new
static bool add_gripped(const ParaPlay *play, const ParaLevel *level, const ParaView *view, Party *party)
{
    bool grown = false;
    for (int p = 0; p < level->player_count; p++) {
        int held = play->players[p].grip_body;
        for (int k = 0; held >= 0 && k < level->players[p].actuator_count; k++) {
            const ParaActuator *grip = &level->players[p].actuators[k];
            if (grip->kind != PARA_ACTUATOR_GRIP || party->in[grip->body] == party->in[held])
                continue;
            bool joined[PARA_BODIES_MAX];
            int other = party->in[held] ? grip->body : held;
            party->held |= !is_there(view, other);
            para_carry_joined(level, view, other, joined);
            for (int b = 0; b < level->world.body_count && is_there(view, other); b++) {
                grown |= joined[b] && !party->in[b];
                party->in[b] |= joined[b];
            }
        }
    }
    return grown;
}

static void gather(const ParaPlay *play, const ParaLevel *level, const ParaView *view, int body, Party *party)
{
    const ParaWorldDef *world = &level->world;
    party->held = false;
    para_carry_joined(level, view, body, party->in);
    while (add_gripped(play, level, view, party))
        ;
    for (int j = 0; j < world->joint_count; j++) {
        int a = world->joints[j].a, b = world->joints[j].b;
        bool holds = view->joint_enabled[(size_t)j * (size_t)view->stride] != 0;
        party->held |= holds && ((party->in[a] && world->bodies[b].kind != PARA_BODY_DYNAMIC) ||
                                 (party->in[b] && world->bodies[a].kind != PARA_BODY_DYNAMIC));
    }
    double mass = 0;
    party->x = party->y = 0;
    for (int b = 0; b < world->body_count; b++) {
        if (!party->in[b])
            continue;
        double own = at(view, view->mass, b);
        mass += own;
        party->x += own * at(view, view->centre_x, b);
        party->y += own * at(view, view->centre_y, b);
    }
    party->x /= mass;
    party->y /= mass;
}

static bool is_inside(const ParaView *view, int zone, double x, double y)
{
    const ParaZoneDef *def = &view->def->zones[zone];
    const ParaZoneState *now = &view->zones[zone];
    double s, c, dx = x - (double)now->position.x, dy = y - (double)now->position.y;
    if (def->kind == PARA_SHAPE_CIRCLE)
        return dx * dx + dy * dy <= (double)def->radius * (double)def->radius;
    para_sincos((double)now->angle, &s, &c);
    double px = c * dx + s * dy, py = c * dy - s * dx;
    const ParaVec2 *points = view->def->points + def->point_first;
    for (uint32_t k = 0; k < def->point_count; k++) {
        ParaVec2 a = points[k], b = points[(k + 1) % def->point_count];
        if (((double)b.x - (double)a.x) * (py - (double)a.y) -
                ((double)b.y - (double)a.y) * (px - (double)a.x) <
            0)
            return false;
    }
    return true;
}

/// The portals that are open and hold a place [bits].
static uint32_t portals_at(const ParaLevel *level, const ParaView *view, double x, double y)
{
    uint32_t bits = 0;
    for (int z = 0; z < level->world.zone_count; z++) {
        int to = level->zone_portals[z];
        if (to >= 0 && view->zones[z].on && view->zones[to].on && is_inside(view, z, x, y))
            bits |= 1u << z;
    }
    return bits;
}

/// [m] The longest way within a zone.
static double zone_size(const ParaWorldDef *world, int zone)
{
    const ParaZoneDef *def = &world->zones[zone];
    double most = 2 * (double)def->radius;
    for (uint32_t a = 0; def->kind == PARA_SHAPE_POLYGON && a < def->point_count; a++)
        for (uint32_t b = 0; b < a; b++) {
            ParaVec2 p = world->points[def->point_first + a], q = world->points[def->point_first + b];
            double x = (double)p.x - (double)q.x, y = (double)p.y - (double)q.y;
            most = para_max(most, para_sqrt(x * x + y * y));
        }
    return most;
}

/// [m] Twice the farthest that a party reaches from its centre of mass.
static double party_size(const ParaView *view, const Party *party)
{
    const ParaWorldDef *world = view->def;
    double most = 0;
    for (int i = 0; i < world->shape_count; i++) {
        const ParaShapeDef *shape = &world->shapes[i];
        int b = shape->body;
        for (uint32_t k = 0; party->in[b] && k < shape->point_count; k++) {
            ParaVec2 local = world->points[shape->point_first + k];
            double s = at(view, view->sin, b), c = at(view, view->cos, b);
            double x = at(view, view->x, b) + c * (double)local.x - s * (double)local.y - party->x;
            double y = at(view, view->y, b) + s * (double)local.x + c * (double)local.y - party->y;
            most = para_max(most, para_sqrt(x * x + y * y) + (double)shape->radius);
        }
    }
    return 2 * most;
}

static int lowest(uint32_t bits)
{
    int bit = 0;
    while (!(bits >> bit & 1))
        bit++;
    return bit;
}

static ParaCarryPlace place_of(const ParaView *view, int zone)
{
    const ParaZoneState *now = &view->zones[zone];
    return (ParaCarryPlace){(double)now->position.x, (double)now->position.y, (double)now->angle};
}

/// Takes a party through a portal, if it is not too large, and notes where its centre of mass is then.
static void pass(const ParaLevel *level, ParaWorld world, Party *party, int zone)
{
    const ParaView *view = para_world_view(world);
    double s, c;
    if (party_size(view, party) > zone_size(view->def, zone))
        return;
    ParaCarryPlace from = place_of(view, zone), to = place_of(view, level->zone_portals[zone]);
    para_carry(level, world, party->in, from, to);
    para_sincos(to.angle - from.angle, &s, &c);
    double x = party->x - from.x, y = party->y - from.y;
    party->x = to.x + c * x - s * y;
    party->y = to.y + s * x + c * y;
}

static void look(ParaPlay *play, const ParaLevel *level, ParaWorld world, bool passes)
{
    const ParaView *view = para_world_view(world);
    uint32_t *entered = para_events_entered(play, level);
    bool done[PARA_BODIES_MAX] = {false};
    Party party;
    for (int b = 0; b < level->world.body_count; b++) {
        if (done[b] || !is_there(view, b))
            continue;
        gather(play, level, view, b, &party);
        uint32_t now = portals_at(level, view, party.x, party.y), fresh = now & ~entered[b];
        if (passes && fresh && !party.held) {
            pass(level, world, &party, lowest(fresh));
            now = portals_at(level, view, party.x, party.y);
        }
        for (int k = b; k < level->world.body_count; k++)
            if (party.in[k]) {
                done[k] = true;
                entered[k] = now;
            }
    }
}

void para_portals_begin(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    look(play, level, world, false);
}

void para_portals_after(ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    look(play, level, world, true);
}
