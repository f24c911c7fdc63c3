// SPDX-License-Identifier: MIT
// Living through episodes, and which of them stay.
#include "agents/model/store.h"

#include "agents/env/decision.h"
#include "engine/base/assert.h"

#include <string.h>

ParaStore para_store_create(int room, uint64_t seed, ParaArena *arena)
{
    PARA_ASSERT(room >= 2);
    return (ParaStore){.episodes = PARA_NEW(arena, ParaEpisodeLived, (size_t)room),
                       .room = room,
                       .half = room / 2,
                       .rng = para_rng_make(seed, "store")};
}

// ---------------------------------------------------------------------------------------------
// Hard hits.

#define HARD   1.0f // [m/s] change of speed in a physics step from which a hit is hard
#define BEFORE 3    // lived steps before it that belong to it: also those in which it nearly came
#define AFTER  1
#define RARE   0.25 // chance that one of them is drawn

static float inverse_mass_of(const ParaEpisodeLived *episode, int shape)
{
    return episode->facts.bodies[episode->level->world.shapes[shape].body].inverse_mass;
}

static bool is_hard(const ParaEpisodeLived *episode, const ParaLived *lived)
{
    for (int i = 0; lived->felt && i < lived->felt_count; i++) {
        const ParaFelt *f = &lived->felt[i];
        if (!f->joint &&
            f->peak * (inverse_mass_of(episode, f->of_a) + inverse_mass_of(episode, f->of_b)) > HARD)
            return true;
    }
    return false;
}

/// Which steps are about a hard hit: those before it in one go, and those after.
static void find_hard(ParaEpisodeLived *episode)
{
    uint8_t about[PARA_STORE_STEPS] = {0};
    for (int i = 0; i < episode->count; i++) {
        if (!is_hard(episode, &episode->steps[i]))
            continue;
        about[i] = 1;
        for (int k = i - 1; k >= 0 && k >= i - BEFORE && episode->steps[k].goes_on; k--)
            about[k] = 1;
        for (int k = i; k < episode->count - 1 && k < i + AFTER && episode->steps[k].goes_on; k++)
            about[k + 1] = 1;
    }
    episode->hard_count = 0;
    for (int i = 0; i < episode->count; i++)
        if (about[i])
            episode->hard[episode->hard_count++] = (int16_t)i;
}

static void forget(ParaStore *store, ParaEpisodeLived *episode)
{
    if (!episode->arena)
        return;
    store->steps -= episode->count;
    store->hard -= episode->hard_count;
    para_arena_destroy(episode->arena);
    *episode = (ParaEpisodeLived){0};
}

void para_store_destroy(ParaStore *store)
{
    for (int i = 0; i < store->room; i++)
        forget(store, &store->episodes[i]);
}

/// One that leaves the newest may come into the sample: each of all that left with the same chance.
static void sample(ParaStore *store, ParaEpisodeLived *old)
{
    int64_t left = store->seen - (store->room - store->half); // counted from 0
    int64_t at = left < store->half ? left : para_rng_int(&store->rng, 0, left);
    if (at >= store->half) {
        forget(store, old);
        return;
    }
    forget(store, &store->episodes[at]);
    store->episodes[at] = *old;
    *old = (ParaEpisodeLived){0};
}

void para_store_add(ParaStore *store, const ParaEpisodeLived *episode)
{
    int ring = store->room - store->half;
    ParaEpisodeLived *slot = &store->episodes[store->half + (int)(store->seen % ring)];
    if (slot->arena)
        sample(store, slot);
    *slot = *episode;
    find_hard(slot);
    store->steps += episode->count;
    store->hard += slot->hard_count;
    store->seen++;
}

const ParaLived *para_store_draw(const ParaStore *store, ParaRng *rng, const ParaEpisodeLived **out_episode)
{
    if (store->steps < 1)
        return NULL;
    bool rare = store->hard > 0 && para_rng_f64(rng) < RARE;
    int64_t at = para_rng_int(rng, 0, (rare ? store->hard : store->steps) - 1);
    for (int i = 0; i < store->room; i++) {
        const ParaEpisodeLived *episode = &store->episodes[i];
        int32_t count = rare ? episode->hard_count : episode->count;
        if (at < count) {
            *out_episode = episode;
            return &episode->steps[rare ? episode->hard[at] : at];
        }
        at -= count;
    }
    return NULL; // not reached: both are sums
}

// ---------------------------------------------------------------------------------------------
// Living.

static void feel(ParaFeeling *f, bool joint, int a, int b, float peak)
{
    for (int i = 0; i < f->count; i++)
        if (f->felt[i].joint == joint && f->felt[i].of_a == a && f->felt[i].of_b == b) {
            f->felt[i].peak = f->felt[i].peak > peak ? f->felt[i].peak : peak;
            return;
        }
    if (f->count < PARA_FELT_MAX)
        f->felt[f->count++] = (ParaFelt){.of_a = a, .of_b = b, .joint = joint, .peak = peak};
}

void para_feeling_add(ParaFeeling *f, const ParaView *view)
{
    for (int i = 0; i < view->contact_count; i++)
        feel(f, false, view->contacts[i].shape_a, view->contacts[i].shape_b, view->contacts[i].impulse);
    for (int j = 0; j < view->def->joint_count; j++)
        if (view->joint_enabled[j * view->stride])
            feel(f, true, j, j, view->joint_load[j * view->stride] / view->def->rate);
}

void para_feeling_keep(const ParaFeeling *f, ParaLived *lived, ParaArena *arena)
{
    lived->felt = PARA_NEW(arena, ParaFelt, (size_t)f->count);
    lived->felt_count = f->count;
    memcpy(lived->felt, f->felt, (size_t)f->count * sizeof *lived->felt);
}

typedef struct Living {
    ParaEnv *env;
    ParaActs *acts;
    void *context;
    ParaMoment *moment; ///< taken where the next step is seen; NULL: it is not
} Living;

static void see(void *context, const ParaEnv *env)
{
    ParaMoment *moment = context;
    para_moment_take(moment, para_world_view(env->world));
    para_moment_take_inputs(moment, para_world_inputs(env->world));
}

/// One physics step; a decision before it where one is due. @return false: the episode is over
static bool go_on(const Living *living)
{
    if (living->env->step == 0) {
        int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
        if (living->env->play.status != PARA_PLAY_ON)
            return false;
        living->acts(living->context, living->env, actions);
        para_decision_begin(living->env, actions);
    }
    para_decision_step_seen(living->env, living->moment ? see : NULL, living->moment);
    return true;
}

ParaLived para_lived_create(const ParaWorldDef *def, ParaArena *arena)
{
    size_t n = (size_t)def->body_count;
    return (ParaLived){.moment = para_moment_create(def, arena),
                       .place = PARA_NEW(arena, float, 3 * n),
                       .motion = PARA_NEW(arena, float, 3 * n),
                       .counts = PARA_NEW(arena, uint8_t, n)};
}

bool para_lived_follows(const ParaModelFacts *facts, const ParaView *then, const ParaView *now, int b,
                        float seconds)
{
    int at = b * now->stride, was = b * then->stride;
    float way_x = now->centre_x[at] - then->centre_x[was], way_y = now->centre_y[at] - then->centre_y[was];
    float most = 60.0f * seconds;
    return facts->bodies[b].inverse_mass > 0.0f && then->enabled[was] && now->enabled[at] &&
           way_x * way_x + way_y * way_y < most * most;
}

bool para_lived_conclude(ParaLived *lived, const ParaModelFacts *facts, const ParaView *now, float seconds)
{
    bool any = false;
    para_moment_read(now, lived->place, lived->motion);
    for (int b = 0; b < now->def->body_count; b++) {
        lived->counts[b] = para_lived_follows(facts, &lived->moment.view, now, b, seconds);
        any |= lived->counts[b];
    }
    return any;
}

void para_store_live(ParaEnv *env, ParaActs *acts, void *context, int physics_steps, float seconds,
                     float keep, ParaRng *rng, ParaEpisodeLived *out)
{
    Living living = {.env = env, .acts = acts, .context = context};
    const ParaWorldDef *def = &env->level->world;
    float step = (float)physics_steps / def->rate;
    out->level = env->level;
    out->facts = para_model_facts_of(env->level, out->arena);
    out->steps = PARA_NEW(out->arena, ParaLived, PARA_STORE_STEPS);
    out->count = 0;
    ParaLived next = para_lived_create(def, out->arena);
    ParaFeeling feeling;
    bool keeping = false, was_kept = false;
    int64_t at = 0;
    for (float time = 0; time < seconds && out->count < PARA_STORE_STEPS; time += step) {
        living.moment = &next.moment;
        feeling.count = 0;
        if (!go_on(&living))
            break;
        para_feeling_add(&feeling, para_world_view(env->world));
        living.moment = NULL;
        bool whole = true;
        for (int i = 1; i < physics_steps && whole; i++) {
            whole = go_on(&living);
            if (whole)
                para_feeling_add(&feeling, para_world_view(env->world));
        }
        if (!whole || env->play.status == PARA_PLAY_DIVERGED)
            break;
        if (at++ % PARA_STORE_WINDOW == 0)
            keeping = para_rng_f64(rng) < (double)keep;
        if (!keeping || !para_lived_conclude(&next, &out->facts, para_world_view(env->world), step)) {
            was_kept = false;
            continue;
        }
        if (was_kept)
            out->steps[out->count - 1].goes_on = true;
        was_kept = true;
        para_feeling_keep(&feeling, &next, out->arena);
        out->steps[out->count++] = next;
        next = para_lived_create(def, out->arena);
    }
}
