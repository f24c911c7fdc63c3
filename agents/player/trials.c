// SPDX-License-Identifier: MIT
// Trials in chunks: each worker has a seat with a block of envs, plays one chunk at a time in it and fills an
// env that ends with the next trial of the chunk. Used by the maker and the evaluation.
#include "agents/player/trials.h"

#include "agents/batch/surprise.h"
#include "agents/env/decision.h"
#include "agents/player/judge.h"
#include "engine/base/assert.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define CHUNK           64 // trials of one task: the cut that makes results independent of threads
#define OUTCOMES_MEMORY ((size_t)4 << 30) // [byte] of address space for what peers tell of their trials
#define SLOTS           PARA_ENV_BLOCK // envs that play at once within a chunk, so that forward passes are batches

// What one worker needs to play a chunk.
typedef struct Seat {
    ParaArena *arena;
    ParaForward *forward;
    ParaPolicyDef forward_def;
    float *obs;                  // [SLOTS, O]
    struct ParaPicture *picture; // NULL: it sees no pixels
    float *logits;               // [SLOTS, 24]
    float *value;                // [SLOTS]
    float *memory, *rows;        // [SLOTS, PARA_PLAYERS_MAX, memory]; [SLOTS, memory] of the rows at hand
    float *values, *rewards;     // [SLOTS, PARA_JUDGED_MAX] of the decisions so far, where they are judged
    ParaEnv envs[SLOTS];
} Seat;

struct ParaTrialRoom {
    ParaWorldGroup *group;
    ParaWorkers *workers;
    int seat_count;
    Seat *seats; // [seat_count]
    ParaAskStop *ask;
    void *ask_context;
    bool stopped; // the last call was
    ParaJudgeUnits units;
    double surprises; // [1/(10 s)]
    ParaObsHearing hearing;
    bool forget;
    ParaPeers *peers; // NULL: all trials are played here
};

void para_trial_room_peers(ParaTrialRoom *room, ParaPeers *peers) { room->peers = peers; }

void para_trial_room_surprise(ParaTrialRoom *room, double rate) { room->surprises = rate; }

void para_trial_room_forget(ParaTrialRoom *room, bool forget) { room->forget = forget; }

void para_trial_room_hear(ParaTrialRoom *room, ParaObsHearing hearing) { room->hearing = hearing; }

void para_trial_room_judge(ParaTrialRoom *room, ParaJudgeUnits units) { room->units = units; }

void para_trial_room_on_stop(ParaTrialRoom *room, ParaAskStop *ask, void *context)
{
    room->ask = ask;
    room->ask_context = context;
}

bool para_trial_room_stopped(const ParaTrialRoom *room) { return room->stopped; }

ParaTrialRoom *para_trial_room_create(ParaSolverKind solver, ParaWorkers *workers, ParaArena *arena)
{
    ParaTrialRoom *room = PARA_NEW(arena, ParaTrialRoom, 1);
    room->workers = workers;
    room->seat_count = para_workers_count(workers);
    room->group = para_world_group_create(solver, room->seat_count * SLOTS);
    if (!room->group)
        return NULL;
    room->seats = PARA_NEW(arena, Seat, room->seat_count);
    for (int s = 0; s < room->seat_count; s++) {
        room->seats[s].arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20);
        for (int e = 0; e < SLOTS; e++)
            para_env_init(&room->seats[s].envs[e], para_world_at(room->group, s * SLOTS + e), false);
    }
    return room;
}

void para_trial_room_destroy(ParaTrialRoom *room)
{
    if (!room)
        return;
    for (int s = 0; s < room->seat_count; s++) {
        for (int e = 0; e < SLOTS; e++)
            para_env_destroy(&room->seats[s].envs[e]);
        para_arena_destroy(room->seats[s].arena);
    }
    para_world_group_destroy(room->group);
}

// One call of para_trials_play.
typedef struct Call {
    ParaTrialRoom *room;
    const ParaFamilies *families;
    ParaTrial *trials;
    int count;
    int first_chunk; // of those that are played here
    const ParaPolicy *policy;
    ParaTrialWatch *watch;
    void *context;
    bool through; // no stop is asked for
    atomic_bool stopped;
    pthread_mutex_t lock; // for done, steps and the watch
    int64_t done, steps;
} Call;

// What a slot is playing.
typedef struct Slot {
    int trial; // -1: empty
    ParaRng rng, surprise;
    int judged; // decisions whose values are kept; -1: none are
} Slot;

static bool is_judged(const Call *call, const ParaTrial *trial, const ParaLevel *level)
{
    return call->room->units.scale > 0 && trial->kind >= PARA_TRIAL_POLICY && level->player_count == 1;
}

static const char *kind_player(ParaTrialKind kind)
{
    return kind == PARA_TRIAL_STILL ? "still" : kind == PARA_TRIAL_RANDOM ? "random" : "trained";
}

static bool acts_finely(const Call *call, const ParaTrial *trial)
{
    PARA_ASSERT(trial->kind < PARA_TRIAL_POLICY || call->policy);
    return trial->kind >= PARA_TRIAL_POLICY && para_policy_def(call->policy)->head == PARA_HEAD_FINE;
}

// What player p of slot e remembers.
static float *memory_of(const Call *call, const Seat *seat, int e, int p)
{
    size_t size = (size_t)para_policy_memory(para_policy_def(call->policy));
    return seat->memory + (size_t)(e * PARA_PLAYERS_MAX + p) * size;
}

// An episode begins in slot e: nothing is remembered. Without a policy the seat's memory is of an earlier
// call.
static void forget(const Call *call, const Seat *seat, int e)
{
    if (!call->policy || !seat->memory)
        return;
    size_t size = (size_t)para_policy_memory(para_policy_def(call->policy)) * PARA_PLAYERS_MAX;
    memset(memory_of(call, seat, e, 0), 0, sizeof(float) * size);
}

// Puts the next playable trial of the chunk into a slot; false when the chunk has none left.
static bool fill_slot(Call *call, Seat *seat, int e, Slot *slot, int *next, int end)
{
    ParaEnv *env = &seat->envs[e];
    while (*next < end) {
        ParaTrial *trial = &call->trials[*next];
        int index = (*next)++;
        PARA_ASSERT(trial->pick.family >= 0 && trial->pick.family < call->families->count);
        ParaArena *arena = para_env_level_arena(env);
        const ParaLevel *level = trial->level
                                     ? para_level_copy(trial->level, arena)
                                     : para_families_sample(call->families, &trial->pick, "trial", arena);
        env->recording = trial->proof != NULL;
        env->hearing = call->room->hearing;
        env->fine = acts_finely(call, trial);
        env->blank = call->room->forget;
        env->parts = trial->kind >= PARA_TRIAL_POLICY ? para_policy_def(call->policy)->obs.parts : 0;
        if (!level || !para_env_begin(env, level, kind_player(trial->kind)))
            continue;
        forget(call, seat, e);
        *slot = (Slot){.trial = index,
                       .rng = para_rng_make(trial->seed, "trial"),
                       .surprise = para_surprise_stream(trial->seed),
                       .judged = is_judged(call, trial, level) ? 0 : -1};
        return true;
    }
    slot->trial = -1;
    return false;
}

static void finish_trial(Call *call, Seat *seat, int e, const Slot *slot)
{
    ParaEnv *env = &seat->envs[e];
    ParaTrial *trial = &call->trials[slot->trial];
    trial->report = para_env_report(env, trial->pick.family);
    trial->played = true;
    size_t place = (size_t)e * PARA_JUDGED_MAX;
    if (slot->judged > 0)
        trial->report.judged =
            para_judge_episode(&call->room->units, seat->values + place, seat->rewards + place, slot->judged,
                               para_env_terminated(env, 0));
    if (trial->proof && env->play.status == PARA_PLAY_SOLVED) {
        const ParaReplay *replay = para_env_replay(env);
        const char *error = NULL;
        if (!replay || !para_replay_write(trial->proof, replay, env->arena, &error))
            trial->error = error ? para_arena_strdup(seat->arena, error) : "no memory for the replay";
        trial->proof = trial->error ? NULL : trial->proof;
    } else {
        trial->proof = NULL;
    }
}

static void choose_action(const Call *call, const Seat *seat, int row, Slot *slot, const ParaPlayer *player,
                          int8_t *action)
{
    ParaHead head = call->policy ? para_policy_def(call->policy)->head : PARA_HEAD_LEVELS;
    switch (call->trials[slot->trial].kind) {
    case PARA_TRIAL_STILL:
        memset(action, 0, PARA_CHANNELS);
        break;
    case PARA_TRIAL_RANDOM:
        para_action_any(PARA_HEAD_LEVELS, player->channel_bits, player->negative_bits, &slot->rng, action);
        break;
    case PARA_TRIAL_POLICY:
        para_action_draw(head, seat->logits + row * PARA_LOGITS, player->channel_bits, player->negative_bits,
                         &slot->rng, action);
        break;
    case PARA_TRIAL_GREEDY:
        para_action_best(head, seat->logits + row * PARA_LOGITS, player->channel_bits, player->negative_bits,
                         action);
        break;
    }
}

static bool acts(const ParaEnv *env, int player)
{
    return player < env->level->player_count && env->play.players[player].status == PARA_PLAY_ON;
}

/// Keeps what slot e thought of the observation it acted on: its row's value.
static void keep_value(Seat *seat, int e, Slot *slot, float value)
{
    if (slot->judged == PARA_JUDGED_MAX)
        slot->judged = -1;
    if (slot->judged >= 0)
        seat->values[(size_t)e * PARA_JUDGED_MAX + (size_t)slot->judged] = value;
}

/// And what it earned by it.
static void keep_reward(Seat *seat, int e, Slot *slot)
{
    if (slot->judged >= 0)
        seat->rewards[(size_t)e * PARA_JUDGED_MAX + (size_t)slot->judged++] =
            seat->envs[e].play.players[0].reward;
}

// The policy on the rows that were observed for player p; what each remembers goes there and back.
static void think(const Call *call, Seat *seat, int p, const int *row_of, int rows)
{
    size_t size = (size_t)para_policy_memory(para_policy_def(call->policy));
    for (int e = 0; size > 0 && e < SLOTS; e++)
        if (row_of[e] >= 0)
            memcpy(seat->rows + (size_t)row_of[e] * size, memory_of(call, seat, e, p), sizeof(float) * size);
    para_policy_forward(call->policy, seat->forward, seat->obs, rows, size > 0 ? seat->rows : NULL,
                        seat->logits, seat->value);
    for (int e = 0; size > 0 && e < SLOTS; e++)
        if (row_of[e] >= 0)
            memcpy(memory_of(call, seat, e, p), seat->rows + (size_t)row_of[e] * size, sizeof(float) * size);
}

// What player p of each slot does, where it acts. @param players A   @param wish out, [SLOTS, A, 8]
static void act(const Call *call, Seat *seat, Slot *slots, int p, int players, float *wish)
{
    const ParaObsSpec *spec = call->policy ? &para_policy_def(call->policy)->obs : NULL;
    int row_of[SLOTS], rows = 0;
    for (int e = 0; e < SLOTS; e++) {
        const ParaEnv *env = &seat->envs[e];
        row_of[e] = -1;
        if (slots[e].trial < 0 || !acts(env, p) || call->trials[slots[e].trial].kind < PARA_TRIAL_POLICY)
            continue;
        PARA_ASSERT(spec != NULL);
        row_of[e] = rows++;
        para_env_observe(env, seat->picture, spec, p, seat->obs + row_of[e] * spec->size);
    }
    if (rows)
        think(call, seat, p, row_of, rows);
    for (int e = 0; e < SLOTS; e++) {
        const ParaEnv *env = &seat->envs[e];
        if (slots[e].trial < 0 || !acts(env, p))
            continue;
        bool sees = call->trials[slots[e].trial].kind >= PARA_TRIAL_POLICY;
        if (sees)
            keep_value(seat, e, &slots[e], seat->value[row_of[e]]);
        int8_t action[PARA_CHANNELS];
        choose_action(call, seat, sees ? row_of[e] : 0, &slots[e], &env->level->players[p], action);
        for (int c = 0; c < PARA_CHANNELS; c++)
            wish[(e * players + p) * PARA_CHANNELS + c] = para_action_value(env->fine, action[c]);
    }
}

// One decision of every live slot. @return live slots
static int step_slots(Call *call, Seat *seat, Slot *slots, int *next, int end)
{
    ParaEnv *envs[SLOTS] = {NULL};
    float wish[SLOTS * PARA_PLAYERS_MAX * PARA_CHANNELS];
    int live = 0, players = 1;
    for (int e = 0; e < SLOTS; e++) {
        if (slots[e].trial < 0 && !fill_slot(call, seat, e, &slots[e], next, end))
            continue;
        live++;
        envs[e] = &seat->envs[e];
        if (envs[e]->level->player_count > players)
            players = envs[e]->level->player_count;
    }
    memset(wish, 0, sizeof *wish * SLOTS * (size_t)players * PARA_CHANNELS);
    for (int e = 0; e < SLOTS; e++)
        if (envs[e] && call->trials[slots[e].trial].talk)
            para_talk_before(call->trials[slots[e].trial].talk, envs[e]);
    for (int p = 0; p < players; p++)
        act(call, seat, slots, p, players, wish);
    for (int e = 0; e < SLOTS && call->room->surprises > 0; e++)
        if (envs[e] && !call->trials[slots[e].trial].calm)
            para_surprise_meet(envs[e], call->room->surprises, &slots[e].surprise);
    para_decision_make(envs, wish, SLOTS, players, NULL, NULL);
    for (int e = 0; e < SLOTS; e++) {
        if (envs[e])
            keep_reward(seat, e, &slots[e]);
        if (envs[e] && call->trials[slots[e].trial].talk)
            para_talk_after(call->trials[slots[e].trial].talk, envs[e]);
        if (envs[e] && envs[e]->play.status != PARA_PLAY_ON) {
            finish_trial(call, seat, e, &slots[e]);
            slots[e].trial = -1;
        }
    }
    return live;
}

static bool stop_asked(Call *call)
{
    const ParaTrialRoom *room = call->room;
    if (!call->through && room->ask && room->ask(room->ask_context))
        atomic_store(&call->stopped, true);
    return atomic_load(&call->stopped);
}

static void play_chunk(void *context, int task, int worker)
{
    Call *call = context;
    Seat *seat = &call->room->seats[worker];
    int begin = (call->first_chunk + task) * CHUNK,
        end = begin + CHUNK < call->count ? begin + CHUNK : call->count, next = begin;
    Slot slots[SLOTS];
    for (int e = 0; e < SLOTS; e++)
        slots[e].trial = -1;
    int64_t before = 0, after = 0;
    for (int e = 0; e < SLOTS; e++)
        before += seat->envs[e].world_steps;
    while (!stop_asked(call) && step_slots(call, seat, slots, &next, end) > 0) {
    }
    for (int e = 0; e < SLOTS; e++)
        after += seat->envs[e].world_steps;
    pthread_mutex_lock(&call->lock);
    call->done += end - begin;
    call->steps += after - before;
    if (call->watch && !atomic_load(&call->stopped) && !call->watch(call->context, call->done))
        atomic_store(&call->stopped, true);
    pthread_mutex_unlock(&call->lock);
}

// The policy may be of another shape than last time: scratch follows it.
static void prepare_seats(ParaTrialRoom *room, const ParaPolicy *policy)
{
    if (!policy)
        return;
    const ParaPolicyDef *def = para_policy_def(policy);
    for (int s = 0; s < room->seat_count; s++) {
        Seat *seat = &room->seats[s];
        if (seat->forward && memcmp(&seat->forward_def, def, sizeof *def) == 0)
            continue;
        para_arena_clear(seat->arena);
        seat->forward_def = *def;
        seat->forward = para_forward_create(def, SLOTS, seat->arena);
        seat->obs = PARA_NEW(seat->arena, float, SLOTS * def->obs.size);
        seat->picture = para_obs_picture(&def->obs, seat->arena);
        seat->logits = PARA_NEW(seat->arena, float, SLOTS *PARA_LOGITS);
        seat->value = PARA_NEW(seat->arena, float, SLOTS);
        size_t memory = SLOTS * (size_t)para_policy_memory(def);
        seat->memory = memory > 0 ? PARA_NEW(seat->arena, float, memory *PARA_PLAYERS_MAX) : NULL;
        seat->rows = memory > 0 ? PARA_NEW(seat->arena, float, memory) : NULL;
        seat->values = PARA_NEW(seat->arena, float, SLOTS *PARA_JUDGED_MAX);
        seat->rewards = PARA_NEW(seat->arena, float, SLOTS *PARA_JUDGED_MAX);
    }
}

// What a peer tells of a trial that it played.
typedef struct Outcome {
    ParaReport report;
    uint64_t seed; // of the pick
    bool played;
} Outcome;

// What it tells of its share, before the outcomes.
typedef struct Share {
    int64_t steps;
    bool stopped;
} Share;

// Outcomes of the trials [begin, end), there and back.
static void give(const Call *call, int begin, int end, Outcome *out)
{
    for (int i = begin; i < end; i++) {
        PARA_ASSERT(!call->trials[i].proof);
        out[i - begin] = (Outcome){call->trials[i].report, call->trials[i].pick.seed, call->trials[i].played};
    }
}

static void take(Call *call, int begin, int end, const Outcome *in)
{
    for (int i = begin; i < end; i++) {
        call->trials[i].report = in[i - begin].report;
        call->trials[i].pick.seed = in[i - begin].seed;
        call->trials[i].played = in[i - begin].played;
    }
}

static int trials_until(const Call *call, int chunk)
{
    return chunk * CHUNK < call->count ? chunk * CHUNK : call->count;
}

// Everybody's outcomes become everybody's. A peer that is lost is a stop.
static void share_outcomes(Call *call, int chunks, ParaArena *arena)
{
    ParaPeers *peers = call->room->peers;
    ParaPeersPart *parts = PARA_NEW(arena, ParaPeersPart, peers->count);
    Share *shares = PARA_NEW(arena, Share, peers->count), own = {0};
    own.steps = call->steps;
    own.stopped = atomic_load(&call->stopped);
    int begin = trials_until(call, call->first_chunk);
    int end = trials_until(call, para_peers_first(peers, chunks, peers->rank + 1));
    Outcome *outcomes = PARA_NEW(arena, Outcome, end - begin + 1);
    give(call, begin, end, outcomes);
    bool whole = para_peers_all(peers, &own, sizeof own, shares) &&
                 para_peers_gather(peers, outcomes, sizeof *outcomes * (size_t)(end - begin), arena, parts);
    if (!whole)
        atomic_store(&call->stopped, true);
    call->steps = 0;
    for (int i = 0; whole && i < peers->count; i++) {
        call->steps += shares[i].steps;
        if (shares[i].stopped)
            atomic_store(&call->stopped, true);
        take(call, trials_until(call, para_peers_first(peers, chunks, i)),
             trials_until(call, para_peers_first(peers, chunks, i + 1)), parts[i].data);
    }
}

static int64_t play_all(Call *call)
{
    PARA_ASSERT(call->room != NULL && call->count >= 0);
    ParaPeers *peers = call->room->peers;
    int chunks = (call->count + CHUNK - 1) / CHUNK;
    call->first_chunk = para_peers_first(peers, chunks, para_peers_rank(peers));
    prepare_seats(call->room, call->policy);
    pthread_mutex_init(&call->lock, NULL);
    para_workers_run(call->room->workers, play_chunk, call,
                     para_peers_first(peers, chunks, para_peers_rank(peers) + 1) - call->first_chunk);
    pthread_mutex_destroy(&call->lock);
    ParaArena *arena = peers ? para_arena_create((size_t)1 << 16, OUTCOMES_MEMORY) : NULL;
    if (arena) {
        share_outcomes(call, chunks, arena);
        para_arena_destroy(arena);
    }
    call->room->stopped = atomic_load(&call->stopped);
    return call->steps;
}

int64_t para_trials_play(ParaTrialRoom *room, const ParaFamilies *families, ParaTrial *trials, int count,
                         const ParaPolicy *policy, ParaTrialWatch *watch, void *context)
{
    Call call = {.room = room,
                 .families = families,
                 .trials = trials,
                 .count = count,
                 .policy = policy,
                 .watch = watch,
                 .context = context};
    return play_all(&call);
}

int64_t para_trials_play_through(ParaTrialRoom *room, const ParaFamilies *families, ParaTrial *trials,
                                 int count, const ParaPolicy *policy)
{
    Call call = {.room = room,
                 .families = families,
                 .trials = trials,
                 .count = count,
                 .policy = policy,
                 .through = true};
    return play_all(&call);
}
