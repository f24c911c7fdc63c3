// SPDX-License-Identifier: MIT
// What of each env is seen, what is believed of it, and what comes into the store.
#include "agents/foresight/witness.h"

#include "engine/base/assert.h"

#include <math.h>
#include <string.h>

#define NODES         2048 // of moments that are foreseen at once
#define EDGES         6144
#define EPISODE_SHARE 0.5  // of episodes that come into the store
#define MOMENT_SHARE  0.25 // of the moments of one
#define DONE_MOST     4    // episodes of an env that wait for the store
#define ARENA_MOST    ((size_t)64 << 20)

/// A moment that was seen, and what becomes of it.
typedef struct Pending {
    bool seen, believed, came;
    float *place;    ///< [bodies, 3] where they were
    float *foretold; ///< [bodies, 2] mean motion, as believed
    float *doubts;   ///< [bodies]
} Pending;

/// Of one env: the episode it is in.
typedef struct Seat {
    ParaWitness *witness;
    int env;
    ParaRng rng;
    ParaArena *arena;        ///< lifetime: one episode
    const ParaLevel *played; ///< the env's own, to tell when it is another; never looked into
    const ParaLevel *level;  ///< a copy
    ParaModelFacts facts;
    ParaMoment moment;
    Pending pending;
    int left; ///< physics steps until what came of the moment is there; 0: nobody waits
    int physics_steps;
    ParaEpisodeLived kept; ///< its arena is NULL: this episode is not kept
    ParaLived next;
    bool next_ready;              ///< there is room for another moment
    bool next_open;               ///< `next` is a moment of which nothing has come yet
    ParaFeeling felt;             ///< since that moment
    size_t kept_start, kept_each; ///< [byte] used before the first step, and by one without what was felt
    ParaEpisodeLived done[DONE_MOST];
    int done_count;
    double play_seconds;         ///< seen since the store last knew
    double error, doubt;         ///< sums of the episode
    int32_t errors, doubts;      ///< what they are of
    double all_error, all_doubt; ///< since it was asked
    int64_t all_errors, all_doubts;
    float last_doubt; ///< of the last decision; below 0: none
} Seat;

struct ParaWitness {
    ParaWitnessDef def;
    Seat *seats;          ///< [envs]
    ParaDreaming *dreams; ///< [workers]
};

ParaWitness *para_witness_create(const ParaWitnessDef *def, ParaArena *arena)
{
    PARA_ASSERT(def->envs >= 1 && def->workers >= 1 && def->every >= 1);
    ParaWitness *w = PARA_NEW(arena, ParaWitness, 1);
    *w = (ParaWitness){.def = *def};
    w->seats = PARA_NEW(arena, Seat, def->envs);
    w->dreams = PARA_NEW(arena, ParaDreaming, def->workers);
    for (int i = 0; i < def->workers; i++)
        w->dreams[i] = para_dreaming_create_for(def->model, NODES, EDGES, arena);
    for (int b = 0; b < def->envs; b++) {
        Seat *seat = &w->seats[b];
        *seat = (Seat){.witness = w, .env = b, .last_doubt = -1.0f};
        seat->rng = para_rng_make(para_seed_mix(def->seed, (uint64_t)b), "witness");
        seat->arena = para_arena_create((size_t)32 << 10, ARENA_MOST);
        if (seat->arena)
            continue;
        para_witness_destroy(w);
        return NULL;
    }
    return w;
}

static void drop(ParaEpisodeLived *episode)
{
    if (episode->arena)
        para_arena_destroy(episode->arena);
    *episode = (ParaEpisodeLived){0};
}

void para_witness_destroy(ParaWitness *w)
{
    for (int b = 0; w && b < w->def.envs; b++) {
        Seat *seat = &w->seats[b];
        drop(&seat->kept);
        for (int i = 0; i < seat->done_count; i++)
            drop(&seat->done[i]);
        if (seat->arena)
            para_arena_destroy(seat->arena);
    }
}

// ---------------------------------------------------------------------------------------------
// Episodes.

/// What was kept of an episode waits for the store.
static void close_kept(Seat *seat)
{
    if (seat->kept.count > 0 && seat->done_count < DONE_MOST)
        seat->done[seat->done_count++] = seat->kept;
    else
        drop(&seat->kept);
    seat->kept = (ParaEpisodeLived){0};
    seat->next_ready = seat->next_open = false;
}

/// Whether this episode is kept: then its level lies with it.
static void open_kept(Seat *seat, const ParaLevel *level)
{
    const ParaWitnessDef *def = &seat->witness->def;
    if (para_rng_f64(&seat->rng) >= EPISODE_SHARE || !def->store)
        return;
    ParaEpisodeLived *kept = &seat->kept;
    kept->arena = para_arena_create((size_t)32 << 10, ARENA_MOST);
    if (!kept->arena)
        return; // the machine is out of memory: play goes on, this episode is not kept
    kept->level = para_level_copy(level, kept->arena);
    kept->facts = para_model_facts_of(kept->level, kept->arena);
    kept->steps = PARA_NEW(kept->arena, ParaLived, PARA_STORE_STEPS);
    seat->kept_start = para_arena_used(kept->arena);
    seat->next = para_lived_create(&kept->level->world, kept->arena);
    seat->kept_each = para_arena_used(kept->arena) - seat->kept_start;
    seat->next_ready = true;
}

static void begin(Seat *seat, const ParaEnv *env)
{
    close_kept(seat);
    para_arena_clear(seat->arena);
    seat->played = env->level;
    seat->level = para_level_copy(env->level, seat->arena);
    const ParaWorldDef *def = &seat->level->world;
    size_t bodies = (size_t)def->body_count + 1;
    seat->facts = para_model_facts_of(seat->level, seat->arena);
    seat->moment = para_moment_create(def, seat->arena);
    seat->pending = (Pending){.place = PARA_NEW(seat->arena, float, 3 * bodies),
                              .foretold = PARA_NEW(seat->arena, float, 2 * bodies),
                              .doubts = PARA_NEW(seat->arena, float, bodies)};
    seat->physics_steps = para_model_physics_steps(&seat->witness->def.model->def, def);
    seat->left = 0;
    seat->error = seat->doubt = 0;
    seat->errors = seat->doubts = 0;
    open_kept(seat, seat->level);
}

// ---------------------------------------------------------------------------------------------
// Seeing.

/// Once it is known both what was believed and what came: how far these are apart.
static void settle(Seat *seat)
{
    Pending *p = &seat->pending;
    const float *came = seat->pending.place;
    double error = 0;
    int counted = 0;
    if (!p->seen || !p->believed || !p->came)
        return;
    for (int b = 0; b < seat->level->world.body_count; b++) {
        if (p->doubts[b] < 0.0f || came[3 * b + 2] == 0.0f)
            continue;
        error += (double)hypotf(came[3 * b] - p->foretold[2 * b], came[3 * b + 1] - p->foretold[2 * b + 1]);
        counted++;
    }
    p->seen = false;
    if (counted == 0 || !isfinite(error))
        return;
    seat->error += error / counted;
    seat->all_error += error / counted;
    seat->errors++;
    seat->all_errors++;
}

/// Mean motion [m/s] since the moment, of each body that moved by itself; its third number says whether.
static void come(Seat *seat, const ParaView *now)
{
    Pending *p = &seat->pending;
    const ParaView *then = &seat->moment.view;
    float seconds = (float)seat->physics_steps / seat->level->world.rate;
    for (int b = 0; b < seat->level->world.body_count; b++) {
        int at = b * now->stride;
        float *out = p->place + 3 * b;
        bool moved = para_lived_follows(&seat->facts, then, now, b, seconds);
        out[0] = (now->centre_x[at] - then->centre_x[b]) / seconds;
        out[1] = (now->centre_y[at] - then->centre_y[b]) / seconds;
        out[2] = moved ? 1.0f : 0.0f;
    }
    p->came = true;
    settle(seat);
}

/// What came of the moment that is kept, and room for another where there is any.
static void conclude(Seat *seat, const ParaView *view)
{
    ParaEpisodeLived *kept = &seat->kept;
    float seconds = (float)seat->physics_steps / seat->level->world.rate;
    if (!para_lived_conclude(&seat->next, &kept->facts, view, seconds))
        return;
    para_feeling_keep(&seat->felt, &seat->next, kept->arena);
    kept->steps[kept->count++] = seat->next;
    size_t used = para_arena_used(kept->arena) - seat->kept_start;
    size_t felt = (size_t)seat->felt.count * sizeof *seat->felt.felt; // the next one may feel as much
    seat->next_ready =
        kept->count < PARA_STORE_STEPS && used + seat->kept_each + felt <= PARA_WITNESS_EPISODE;
    if (seat->next_ready)
        seat->next = para_lived_create(&kept->level->world, kept->arena);
}

/// Keeps a moment, and what came of the one before.
static void keep(Seat *seat, const ParaEnv *env, bool whole)
{
    const ParaView *view = para_world_view(env->world);
    if (seat->next_open)
        para_feeling_add(&seat->felt, view);
    if (seat->next_open && whole)
        conclude(seat, view);
    if (whole)
        seat->next_open = false;
    bool wanted = env->step == 0 && seat->left == 0 && seat->next_ready && !seat->next_open;
    if (!wanted || para_rng_f64(&seat->rng) >= MOMENT_SHARE)
        return;
    para_moment_take(&seat->next.moment, view);
    para_moment_take_inputs(&seat->next.moment, para_world_inputs(env->world));
    seat->felt.count = 0;
    seat->next_open = true;
}

static bool is_due(const Seat *seat, const ParaEnv *env)
{
    int every = seat->witness->def.every;
    return env->step == 0 && env->decisions % every == seat->env % every;
}

static void see(void *context, const ParaEnv *env)
{
    Seat *seat = context;
    bool first = env->step == 0 && env->decisions == 0;
    if (first || env->level != seat->played)
        begin(seat, env);
    bool whole = seat->left > 0 && --seat->left == 0;
    seat->play_seconds += 1.0 / (double)seat->level->world.rate;
    if (whole && seat->pending.seen)
        come(seat, para_world_view(env->world));
    if (seat->kept.arena)
        keep(seat, env, whole);
    if (is_due(seat, env) && seat->left == 0) {
        para_moment_take(&seat->moment, para_world_view(env->world));
        para_moment_take_inputs(&seat->moment, para_world_inputs(env->world));
        seat->pending.seen = true;
        seat->pending.believed = seat->pending.came = false;
    }
    if (seat->left == 0 && (seat->next_open || seat->pending.seen))
        seat->left = seat->physics_steps;
}

void para_witness_attend(ParaWitness *w, int b, ParaEnv *env)
{
    PARA_ASSERT(b >= 0 && b < w->def.envs);
    env->seen = see;
    env->seen_context = &w->seats[b];
}

// ---------------------------------------------------------------------------------------------
// Believing.

/// What the networks said of a seat's bodies, the first of which is node `first`.
static void hear(Seat *seat, const ParaDreaming *dream, int first)
{
    Pending *p = &seat->pending;
    double doubt = 0;
    int counted = 0;
    for (int b = 0; b < seat->level->world.body_count; b++) {
        size_t node = (size_t)(first + b);
        bool loose = seat->facts.bodies[b].inverse_mass > 0.0f && seat->moment.view.enabled[b];
        p->foretold[2 * b] = dream->believed[1][3 * node];
        p->foretold[2 * b + 1] = dream->believed[1][3 * node + 1];
        p->doubts[b] = loose ? dream->doubt[node] : -1.0f;
        doubt += loose ? (double)dream->doubt[node] : 0;
        counted += loose;
    }
    p->believed = true;
    if (counted > 0 && isfinite(doubt)) {
        seat->last_doubt = (float)(doubt / counted);
        seat->doubt += (double)seat->last_doubt;
        seat->all_doubt += (double)seat->last_doubt;
        seat->doubts++;
        seat->all_doubts++;
    }
    settle(seat);
}

typedef struct Asked {
    Seat *seats[PARA_ENV_BLOCK];
    int first[PARA_ENV_BLOCK], count;
} Asked;

static void answer(ParaDreaming *dream, Asked *asked)
{
    if (asked->count > 0)
        para_dreaming_believe(dream);
    for (int i = 0; i < asked->count; i++)
        hear(asked->seats[i], dream, asked->first[i]);
    asked->count = 0;
    dream->graph.node_count = dream->graph.edge_count = 0;
}

/// Lays a seat's moment beside the others. @return its first node; -1: there is no more room
static int lay(ParaDreaming *dream, const Seat *seat)
{
    const ParaView *view = &seat->moment.view;
    double seconds = (double)seat->physics_steps / (double)seat->level->world.rate;
    int solver_steps = seat->physics_steps * (view->substeps > 0 ? view->substeps : 1);
    if (dream->graph.node_count + seat->level->world.body_count > dream->graph.node_max)
        return -1;
    return para_graph_add(&dream->graph, &seat->facts, view, &seat->moment.inputs, dream->model->def.reach,
                          seconds, solver_steps);
}

void para_witness_judge(ParaWitness *w, int first, int count, int worker)
{
    PARA_ASSERT(first >= 0 && first + count <= w->def.envs && worker >= 0 && worker < w->def.workers);
    ParaDreaming *dream = &w->dreams[worker];
    Asked asked = {.count = 0};
    dream->graph.node_count = dream->graph.edge_count = 0;
    for (int b = first; b < first + count; b++) {
        Seat *seat = &w->seats[b];
        seat->last_doubt = -1.0f;
        if (!seat->pending.seen || seat->pending.believed)
            continue;
        int node = lay(dream, seat);
        if (node < 0 || asked.count == PARA_ENV_BLOCK) {
            answer(dream, &asked);
            node = lay(dream, seat);
        }
        if (node < 0) {
            seat->pending.seen = false; // alone more than there is room for
            continue;
        }
        asked.seats[asked.count] = seat;
        asked.first[asked.count++] = node;
    }
    answer(dream, &asked);
}

bool para_witness_doubt(const ParaWitness *w, int b, float *out)
{
    *out = w->seats[b].last_doubt;
    return *out >= 0.0f;
}

ParaForeseen para_witness_foreseen(const ParaWitness *w, int b)
{
    const Seat *seat = &w->seats[b];
    if (seat->errors == 0)
        return (ParaForeseen){0};
    return (ParaForeseen){.known = true,
                          .error = (float)(seat->error / seat->errors),
                          .doubt = seat->doubts > 0 ? (float)(seat->doubt / seat->doubts) : 0.0f};
}

void para_witness_gather(ParaWitness *w)
{
    for (int b = 0; b < w->def.envs && w->def.store; b++) {
        Seat *seat = &w->seats[b];
        for (int i = 0; i < seat->done_count; i++)
            para_store_add(w->def.store, &seat->done[i]);
        seat->done_count = 0;
        w->def.store->seconds += seat->play_seconds;
        seat->play_seconds = 0;
    }
}

ParaForeseen para_witness_ask(ParaWitness *w)
{
    double error = 0, doubt = 0;
    int64_t errors = 0, doubts = 0;
    for (int b = 0; b < w->def.envs; b++) {
        Seat *seat = &w->seats[b];
        error += seat->all_error;
        doubt += seat->all_doubt;
        errors += seat->all_errors;
        doubts += seat->all_doubts;
        seat->all_error = seat->all_doubt = 0;
        seat->all_errors = seat->all_doubts = 0;
    }
    return (ParaForeseen){.known = errors > 0,
                          .error = errors > 0 ? (float)(error / (double)errors) : 0.0f,
                          .doubt = doubts > 0 ? (float)(doubt / (double)doubts) : 0.0f};
}
