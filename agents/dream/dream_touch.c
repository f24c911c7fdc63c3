// SPDX-License-Identifier: MIT
// Contacts of a dream. The model says impulses, of shapes that are near, too; two touch where it says that
// they press each other more likely than not, and they would have met in flight and it pressed them apart, or
// they overlap. The physics step in which they meet has the hardest impulse that the model says they feel,
// the later ones what is left of all: rules read the hardest.
#include "agents/dream/dream_world.h"

#include <math.h>
#include <string.h>

#define SLACK  0.01f // [m] gap that a model leaves between what rests on each other
#define PRESS  0.02f // [m/s] least that it slows two that come together; less is its noise
#define LIKELY 0.5f  // most that it may say two do not press each other who touch

static ParaVec2 to_body(const ParaDreamWorld *world, int body, ParaVec2 at)
{
    float x = at.x - world->x[body], y = at.y - world->y[body], c = world->cos[body], s = world->sin[body];
    return (ParaVec2){c * x + s * y, c * y - s * x};
}

static ParaVec2 from_body(const ParaDreamWorld *world, int body, ParaVec2 at)
{
    float c = world->cos[body], s = world->sin[body];
    return (ParaVec2){world->x[body] + c * at.x - s * at.y, world->y[body] + s * at.x + c * at.y};
}

/// Where the middle between the surfaces is: a row knows its arms about both bodies.
static ParaVec2 place_of(const ParaDreamWorld *world, const ParaEdge *e, int body)
{
    // Of the two rows n and t at a point: arm_n = r x n and arm_t = r x t, and t is n turned left.
    const ParaEdgeRow *n = &e->rows[0], *t = &e->rows[1];
    float along_n = t->arm_a, along_t = -n->arm_a;
    return (ParaVec2){world->centre_x[body] + along_n * n->direction.x + along_t * t->direction.x,
                      world->centre_y[body] + along_n * n->direction.y + along_t * t->direction.y};
}

/// The sums of one pair of shapes while its edges are walked.
typedef struct Sum {
    ParaVec2 impulse, at, normal; ///< weighted by `weight`, but the impulse
    float weight;
    float peak; ///< [N s] >= 0 of the hardest physics step, as all its edges feel it
    float none; ///< [1] 0..1 how likely none of its edges presses
    int first;
} Sum;

/// Speed along the normal that free flight would have in the mean.
static float flight_speed(const ParaGraph *graph, const ParaEdge *e)
{
    float motion[6];
    for (int side = 0; side < 2; side++) {
        const ParaNode *n = &graph->nodes[side ? e->b : e->a];
        for (int k = 0; k < 3; k++)
            motion[3 * side + k] = n->motion[k] + n->seconds * n->share * n->push[k];
    }
    ParaEdge pair = *e;
    pair.a = 0, pair.b = 1;
    return para_edge_speed(&pair, 0, motion);
}

/// In which physics step of `period` an edge's two shapes meet; period: in none.
static int meets_in(const ParaDreamWorld *world, const ParaGraph *graph, const ParaEdge *e, float impulse)
{
    int period = world->state->period;
    float gap = e->rows[0].error, speed = flight_speed(graph, e);
    if (gap > 0.0f && impulse * para_edge_ease(e, 0, graph->nodes) < PRESS)
        return period;
    for (int k = 0; k < period; k++)
        if (gap + fminf(speed, 0.0f) * (float)(k + 1) / world->def.rate <= (gap > 0.0f ? SLACK : 0.0f))
            return k;
    return period;
}

static void add(const ParaDreamWorld *world, const ParaEdge *e, const float *impulses, int first, Sum *sum)
{
    const ParaEdgeRow *n = &e->rows[0], *t = &e->rows[1];
    float normal = fmaxf(impulses[0], 0.0f), weight = normal + 1e-9f;
    ParaVec2 at = place_of(world, e, world->def.shapes[e->of_a].body);
    sum->impulse.x += normal * n->direction.x + impulses[1] * t->direction.x;
    sum->impulse.y += normal * n->direction.y + impulses[1] * t->direction.y;
    sum->at.x += weight * at.x, sum->at.y += weight * at.y;
    sum->normal.x += weight * n->direction.x, sum->normal.y += weight * n->direction.y;
    sum->weight += weight;
    sum->first = first < sum->first ? first : sum->first;
}

static void put(const ParaDreamWorld *world, const Sum *sum, ParaDreamTouch *touch)
{
    ParaVec2 at = {sum->at.x / sum->weight, sum->at.y / sum->weight}, n = sum->normal;
    float length = sqrtf(n.x * n.x + n.y * n.y), shows = (float)(world->state->period - sum->first);
    touch->normal = length > 0.0f ? (ParaVec2){n.x / length, n.y / length} : (ParaVec2){0.0f, 1.0f};
    touch->at_a = to_body(world, touch->body_a, at);
    touch->at_b = to_body(world, touch->body_b, at);
    float all = sqrtf(sum->impulse.x * sum->impulse.x + sum->impulse.y * sum->impulse.y);
    float left = fmaxf(all - sum->peak, 0.0f) / fmaxf(shows - 1.0f, 1.0f);
    touch->peak = sum->peak;
    touch->impulse = fminf(left, sum->peak);
    touch->first = sum->first;
}

/// All edges of the pair that edge `i` is of, from it on, once.
static bool sum_pair(const ParaDreamWorld *world, const ParaDreamScratch *scratch, int i, int end, Sum *sum)
{
    const ParaGraph *graph = &scratch->dreaming.graph;
    const ParaEdge *head = &graph->edges[i];
    *sum = (Sum){.none = 1.0f, .first = world->state->period};
    for (; i < end && graph->edges[i].a == head->a && graph->edges[i].b == head->b; i++) {
        const ParaEdge *e = &graph->edges[i];
        const float *impulses = scratch->dreaming.impulses + PARA_EDGE_ROWS * i;
        if (e->of_a != head->of_a || e->of_b != head->of_b || e->kind != PARA_EDGE_CONTACT)
            continue;
        sum->peak += scratch->dreaming.felt[i].peak;
        sum->none *= 1.0f - scratch->dreaming.felt[i].touch;
        int first = meets_in(world, graph, e, impulses[0]);
        if (first < world->state->period)
            add(world, e, impulses, first, sum);
    }
    return sum->weight > 0.0f && sum->none <= LIKELY;
}

/// Whether an edge's pair of shapes has a touch already; those of the same bodies are the last ones.
static bool is_told(const ParaDreamScratch *scratch, const ParaEdge *e, int node, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        const ParaDreamTouch *touch = &scratch->touches[i];
        if (touch->body_a != e->a - node || touch->body_b != e->b - node)
            return false;
        if (touch->shape_a == e->of_a && touch->shape_b == e->of_b)
            return true;
    }
    return false;
}

/// They nearly stand in order.
static void sort(ParaDreamTouch *touches, int count)
{
    for (int i = 1; i < count; i++) {
        ParaDreamTouch moved = touches[i];
        int k = i;
        for (; k > 0 && (touches[k - 1].shape_a > moved.shape_a ||
                         (touches[k - 1].shape_a == moved.shape_a && touches[k - 1].shape_b > moved.shape_b));
             k--)
            touches[k] = touches[k - 1];
        touches[k] = moved;
    }
}

/// Puts touches before the contacts and events that are there.
static void keep(ParaDreamWorld *world, const ParaDreamTouch *touches, int count)
{
    ParaDreamState *state = world->state;
    size_t rest = sizeof(ParaContact) * (size_t)(state->contact_count + state->gone_count) +
                  sizeof(ParaEvent) * (size_t)state->event_count;
    memmove(world->touches + count, para_dream_contacts(world), rest);
    if (count > 0)
        memcpy(world->touches, touches, sizeof *touches * (size_t)count);
    state->touch_count = count;
}

void para_dream_take_touches(ParaDreamWorld *world, ParaDreamScratch *scratch, int edge, int end, int node)
{
    int count = 0;
    for (int i = edge; i < end && count < PARA_DREAM_TOUCHES_MAX; i++) {
        const ParaEdge *e = &scratch->dreaming.graph.edges[i];
        Sum sum;
        if (e->kind != PARA_EDGE_CONTACT || is_told(scratch, e, node, count) ||
            !sum_pair(world, scratch, i, end, &sum))
            continue;
        ParaDreamTouch *touch = &scratch->touches[count++];
        *touch = (ParaDreamTouch){
            .shape_a = e->of_a, .shape_b = e->of_b, .body_a = e->a - node, .body_b = e->b - node};
        put(world, &sum, touch);
    }
    sort(scratch->touches, count);
    keep(world, scratch->touches, count);
}

// ---------------------------------------------------------------------------------------------
// What shows.

static ParaContact contact_of(const ParaDreamWorld *world, const ParaDreamTouch *touch)
{
    ParaVec2 p = from_body(world, touch->body_a, touch->at_a),
             q = from_body(world, touch->body_b, touch->at_b);
    return (ParaContact){.shape_a = touch->shape_a,
                         .shape_b = touch->shape_b,
                         .body_a = touch->body_a,
                         .body_b = touch->body_b,
                         .point = {0.5f * (p.x + q.x), 0.5f * (p.y + q.y)},
                         .normal = touch->normal,
                         .impulse = world->state->done == touch->first ? touch->peak : touch->impulse};
}

void para_dream_report(ParaDreamWorld *world, ParaDreamScratch *scratch)
{
    ParaDreamState *state = world->state;
    ParaContact *contacts = para_dream_contacts(world);
    int told = state->contact_count + state->gone_count, now = 0;
    if (told > 0)
        memcpy(scratch->before, contacts, sizeof *contacts * (size_t)told);
    para_contacts_sort(scratch->before, told);
    for (int i = 0; i < state->touch_count; i++)
        if (state->done >= world->touches[i].first)
            scratch->now[now++] = contact_of(world, &world->touches[i]);
    state->event_count = para_events_between(scratch->now, now, scratch->before, told, scratch->events);
    if (now > 0)
        memcpy(contacts, scratch->now, sizeof *contacts * (size_t)now);
    state->contact_count = now;
    state->gone_count = 0;
    if (state->event_count > 0)
        memcpy(contacts + now, scratch->events, sizeof *scratch->events * (size_t)state->event_count);
}
