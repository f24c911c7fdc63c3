// SPDX-License-Identifier: MIT
// A level of two players through env, batch, record and proof: rows of both against the rules played by hand,
// one that ends before the other, the same bits anywhere, and a single player none the wiser.
#include "agents/batch/batch.h"
#include "agents/batch/snapshot.h"
#include "agents/env/decision.h"
#include "agents/policy/policy.h"
#include "engine/base/hash.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"
#include "tests/worlds/company.h"
#include "tests/worlds/two_players.h"

#include <math.h>
#include <string.h>

#define A 2 // players of the level

static const ParaSolverKind solvers[] = {PARA_SOLVER_CHIPMUNK, PARA_SOLVER_LANES};

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families; ///< one, of one player
    ParaLevel *level;      ///< of two
} Fixture;

static int set_up(void **state)
{
    Fixture *f = calloc(1, sizeof *f);
    const char *name = "roll", *error = NULL;
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    if (!para_families_load(&f->families, &name, 1, f->arena, &error))
        fail_msg("%s", error);
    f->level = two_players_level(f->arena);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

/// Envs that play the level of two.
static ParaBatch *make_batch(Fixture *f, ParaBatchDef def)
{
    def.obs = para_obs_spec_entities();
    def.families = &f->families;
    def.maker = "test";
    def.seed = 31;
    ParaBatch *batch = para_batch_create(&def, f->arena);
    assert_non_null(batch);
    for (int b = 0; b < def.envs; b++)
        batch->sources[b].level = f->level;
    return batch;
}

/// What player p does in decision t of an episode: player 0 mostly to the right, player 1 to the left, both
/// jump now and then. With `wild` a player does as it likes.
static void draw(ParaRng *rng, bool wild, int8_t actions[A * PARA_CHANNELS])
{
    memset(actions, 0, A * PARA_CHANNELS);
    for (int p = 0; p < A; p++) {
        int8_t ahead = p == 0 ? 1 : -1;
        int8_t *action = actions + p * PARA_CHANNELS;
        action[0] = para_rng_int(rng, 0, 3) > 0 ? ahead : (int8_t)para_rng_int(rng, -1, 1);
        action[1] = para_rng_int(rng, 0, 2) == 0;
        if (wild)
            action[0] = (int8_t)para_rng_int(rng, -1, 1);
    }
}

// ---------------------------------------------------------------------------------------------
// Against the rules played by hand.

/// The same level with nothing of the env: its rules, and an account kept here.
typedef struct Hand {
    ParaWorldGroup *group;
    ParaWorld world;
    ParaPlay play;
    ParaPlayerState players[A];
    ParaRng rng;
    bool acted[A]; ///< took part in the last decision
    int decisions[A];
    float total[A], seconds[A];
    float *last[A]; ///< [O] what it saw last
} Hand;

static void hand_begin(const Fixture *f, Hand *hand)
{
    assert_true(para_play_begin(&hand->play, f->level, hand->world, hand->players, NULL, NULL));
    for (int p = 0; p < A; p++) {
        hand->decisions[p] = 0;
        hand->total[p] = 0;
    }
}

static void hand_decide(const Fixture *f, Hand *hand, const int8_t *actions)
{
    float wish[A * PARA_CHANNELS];
    for (int i = 0; i < A * PARA_CHANNELS; i++)
        wish[i] = (float)actions[i];
    para_play_act(&hand->play, f->level, wish);
    for (int p = 0; p < A; p++) {
        hand->acted[p] = hand->players[p].status == PARA_PLAY_ON;
        hand->players[p].reward = 0;
    }
    for (int k = 0; k < f->level->frame_skip && hand->play.status == PARA_PLAY_ON; k++)
        para_play_step(&hand->play, f->level, hand->world);
    ParaObsSpec spec = para_obs_spec_entities();
    for (int p = 0; p < A; p++) {
        if (!hand->acted[p])
            continue;
        hand->decisions[p]++;
        hand->total[p] += hand->players[p].reward;
        hand->seconds[p] = (float)para_world_view(hand->world)->time;
        para_observe(&spec, f->level, &hand->play, p, hand->world, hand->last[p]);
    }
}

static bool all_zero(const float *x, int count)
{
    for (int i = 0; i < count; i++)
        if (x[i] != 0)
            return false;
    return true;
}

static bool ended_by_rules(ParaPlayStatus status)
{
    return status == PARA_PLAY_SOLVED || status == PARA_PLAY_FAILED;
}

/// Rows of env b after a decision, against what the hand had.
static void same_rows(const ParaBatch *batch, int b, const Hand *hand)
{
    int o = batch->def.obs.size;
    bool over = hand->play.status != PARA_PLAY_ON;
    assert_int_equal(batch->over[b], over);
    for (int p = 0; p < A; p++) {
        int row = b * A + p;
        const ParaPlayerState *state = &hand->players[p];
        bool ended = hand->acted[p] && state->status != PARA_PLAY_ON;
        assert_true(batch->reward[row] == (hand->acted[p] ? state->reward : 0));
        assert_int_equal(batch->terminated[row], ended && ended_by_rules(state->status));
        assert_int_equal(batch->truncated[row], ended && !ended_by_rules(state->status));
        assert_int_equal(batch->live[row], over || (hand->acted[p] && !ended));
        if (ended || over) // kept apart until the end of all
            assert_memory_equal(batch->final_obs + row * o, hand->last[p], sizeof(float) * (size_t)o);
        if (!over && hand->acted[p])
            assert_memory_equal(batch->obs + row * o, hand->last[p], sizeof(float) * (size_t)o);
        if (!over && !hand->acted[p])
            assert_true(all_zero(batch->obs + row * o, o));
    }
}

static const ParaEndKind ends[] = {[PARA_PLAY_SOLVED] = PARA_END_SOLVED,
                                   [PARA_PLAY_FAILED] = PARA_END_FAILED,
                                   [PARA_PLAY_TIMEOUT] = PARA_END_TIMEOUT};

static void same_reports(const Fixture *f, const ParaBatch *batch, int b, const Hand *hand)
{
    assert_int_equal(batch->ended_count[b], A);
    for (int p = 0; p < A; p++) {
        const ParaReport *report = &batch->ended[b * A + p].report;
        assert_int_equal(report->player, p);
        assert_int_equal(report->env, b);
        assert_true(report->level_hash == f->level->hash);
        assert_int_equal(report->end, ends[hand->players[p].status]);
        assert_int_equal(report->decisions, hand->decisions[p]);
        assert_true(report->total_reward == hand->total[p]);
        assert_true(report->seconds == hand->seconds[p]);
        assert_true(report->progress == hand->players[p].progress);
    }
}

static void test_rows_of_two_players_are_those_of_the_rules(void **state)
{
    Fixture *f = *state;
    enum { E = 5 };
    int apart = 0, over = 0, met = 0;
    for (int s = 0; s < 2; s++) {
        ParaBatch *batch = make_batch(f, (ParaBatchDef){.solver = solvers[s], .envs = E, .players = A});
        Hand hands[E];
        for (int b = 0; b < E; b++) {
            hands[b] = (Hand){.group = para_world_group_create(solvers[s], 1),
                              .rng = para_rng_make((uint64_t)b, "script")};
            hands[b].world = para_world_at(hands[b].group, 0);
            for (int p = 0; p < A; p++)
                hands[b].last[p] = PARA_NEW(f->arena, float, batch->def.obs.size);
            hand_begin(f, &hands[b]);
        }
        para_batch_reset(batch, NULL);
        for (int t = 0; t < 350; t++) {
            int8_t actions[E * A * PARA_CHANNELS];
            for (int b = 0; b < E; b++)
                draw(&hands[b].rng, false, actions + b * A * PARA_CHANNELS);
            para_batch_step(batch, NULL, actions);
            for (int b = 0; b < E; b++) {
                Hand *hand = &hands[b];
                hand_decide(f, hand, actions + b * A * PARA_CHANNELS);
                same_rows(batch, b, hand);
                apart += hand->acted[0] != hand->acted[1];
                const ParaView *view = para_world_view(hand->world);
                for (int c = 0; c < view->contact_count; c++)
                    met += view->contacts[c].body_a + view->contacts[c].body_b == TWO_FIRST + TWO_SECOND;
                if (hand->play.status == PARA_PLAY_ON) {
                    assert_int_equal(batch->ended_count[b], 0);
                    assert_true(para_world_hash(batch->envs[b].world) == para_world_hash(hand->world));
                    continue;
                }
                over++;
                same_reports(f, batch, b, hand);
                hand_begin(f, hand); // the batch's next episode has begun too
            }
        }
        for (int b = 0; b < E; b++)
            para_world_group_destroy(hands[b].group);
        para_batch_destroy(batch);
    }
    print_message("%d rows of one player alone, %d contacts between the two, %d episodes\n", apart, met,
                  over);
    assert_true(apart > 100 && met > 20 && over >= 5);
}

// ---------------------------------------------------------------------------------------------
// The same anywhere.

/// Hash over the rows of env 0's players and of all rows, in a run of random play.
typedef struct Trace {
    uint64_t first, all;
} Trace;

static Trace trace(Fixture *f, ParaSolverKind solver, int envs, int players, int threads)
{
    ParaBatch *batch = make_batch(f, (ParaBatchDef){.solver = solver, .envs = envs, .players = players});
    ParaWorkers *workers = threads > 1 ? para_workers_create(threads) : NULL;
    int rows = envs * players;
    size_t o = (size_t)batch->def.obs.size;
    int8_t *actions = calloc((size_t)rows, PARA_CHANNELS);
    static const float flat[PARA_LOGITS];
    Trace out = {0, 0};
    para_batch_reset(batch, workers);
    for (int t = 0; t < 120; t++) {
        for (int row = 0; row < rows; row++)
            if (batch->live[row])
                para_action_draw(PARA_HEAD_LEVELS, flat, batch->channel_bits[row], batch->negative_bits[row],
                                 &batch->action_rng[row], actions + row * PARA_CHANNELS);
        for (int b = 0; b < envs; b++) // so that one ends soon
            actions[(b * players + 1) * PARA_CHANNELS] = -1;
        para_batch_step(batch, workers, actions);
        out.all = para_hash(batch->obs, sizeof(float) * (size_t)rows * o, out.all);
        out.all = para_hash(batch->reward, sizeof(float) * (size_t)rows, out.all);
        out.all = para_hash(batch->live, (size_t)rows, out.all);
        out.first = para_hash(batch->obs, sizeof(float) * A * o, out.first);
        out.first = para_hash(batch->reward, sizeof(float) * A, out.first);
        out.first = para_hash(batch->terminated, A, out.first);
        uint64_t world = para_world_hash(batch->envs[0].world);
        out.first = para_hash(&world, sizeof world, out.first);
        for (int row = A; row < players; row++) { // room that this level does not need
            assert_true(!batch->live[row] && batch->channel_bits[row] == 0);
            assert_true(all_zero(batch->obs + (size_t)row * o, (int)o));
        }
    }
    free(actions);
    para_batch_destroy(batch);
    if (workers)
        para_workers_destroy(workers);
    return out;
}

static void test_two_players_are_the_same_in_any_batch(void **state)
{
    Fixture *f = *state;
    enum { E = PARA_ENV_BLOCK + 5 };
    for (int s = 0; s < 2; s++) {
        Trace one = trace(f, solvers[s], E, A, 1);
        assert_true(one.all == trace(f, solvers[s], E, A, 2).all);
        assert_true(one.all == trace(f, solvers[s], E, A, 3).all);
        assert_true(one.first == trace(f, solvers[s], 1, A, 1).first);
        assert_true(one.first == trace(f, solvers[s], 3, PARA_PLAYERS_MAX, 1).first);
    }
}

static void next_level(void *context, int env, ParaRng *rng, ParaPick *out)
{
    (void)context;
    (void)env;
    *out = (ParaPick){.seed = para_rng_u64(rng) >> 1};
}

/// A level of one player in a batch with room for more is what it is in a batch of its own.
static void test_one_player_is_the_same_beside_room_for_more(void **state)
{
    Fixture *f = *state;
    ParaBatchDef def = {.solver = PARA_SOLVER_AUTO,
                        .envs = 3,
                        .obs = para_obs_spec_entities(),
                        .families = &f->families,
                        .next = next_level,
                        .maker = "test",
                        .seed = 5};
    ParaBatch *narrow = para_batch_create(&def, f->arena);
    def.players = 3;
    ParaBatch *wide = para_batch_create(&def, f->arena);
    size_t o = (size_t)def.obs.size;
    ParaRng rng = para_rng_make(3, "actions");
    int ended = 0;
    assert_int_equal(narrow->def.players, 1);
    para_batch_reset(narrow, NULL);
    para_batch_reset(wide, NULL);
    for (int t = 0; t < 250; t++) {
        int8_t few[3 * PARA_CHANNELS], many[3 * 3 * PARA_CHANNELS];
        for (int i = 0; i < 3 * 3 * PARA_CHANNELS; i++)
            many[i] = (int8_t)para_rng_int(&rng, -1, 1);
        for (int b = 0; b < 3; b++)
            memcpy(few + b * PARA_CHANNELS, many + b * 3 * PARA_CHANNELS, PARA_CHANNELS);
        para_batch_step(narrow, NULL, few);
        para_batch_step(wide, NULL, many);
        for (int b = 0; b < 3; b++) {
            assert_memory_equal(narrow->obs + (size_t)b * o, wide->obs + (size_t)b * 3 * o,
                                sizeof(float) * o);
            assert_true(narrow->reward[b] == wide->reward[b * 3]);
            assert_true(narrow->terminated[b] == wide->terminated[b * 3]);
            assert_true(narrow->truncated[b] == wide->truncated[b * 3]);
            assert_true(narrow->live[b] == 1 && wide->live[b * 3] == 1);
            assert_true(!wide->live[b * 3 + 1] && !wide->live[b * 3 + 2]);
            assert_int_equal(narrow->ended_count[b], wide->ended_count[b]);
            ended += narrow->over[b];
        }
    }
    assert_true(ended > 0);
    para_batch_destroy(narrow);
    para_batch_destroy(wide);
}

/// What one that has ended does, is nothing: not to the world, not to the other.
static void test_actions_of_one_that_has_ended_are_ignored(void **state)
{
    Fixture *f = *state;
    for (int s = 0; s < 2; s++) {
        ParaBatchDef def = {.solver = solvers[s], .envs = 1, .players = A};
        ParaBatch *quiet = make_batch(f, def), *loud = make_batch(f, def);
        ParaRng rng = para_rng_make(8, "script");
        int ignored = 0;
        para_batch_reset(quiet, NULL);
        para_batch_reset(loud, NULL);
        for (int t = 0; t < 100 && !quiet->over[0]; t++) {
            int8_t actions[A * PARA_CHANNELS], other[A * PARA_CHANNELS];
            draw(&rng, false, actions);
            memcpy(other, actions, sizeof actions);
            for (int i = 0; !quiet->live[1] && i < PARA_CHANNELS; i++)
                other[PARA_CHANNELS + i] = (int8_t)para_rng_int(&rng, -1, 1);
            ignored += memcmp(actions, other, sizeof actions) != 0;
            para_batch_step(quiet, NULL, actions);
            para_batch_step(loud, NULL, other);
            assert_true(para_world_hash(quiet->envs[0].world) == para_world_hash(loud->envs[0].world));
            assert_memory_equal(quiet->reward, loud->reward, sizeof(float) * A);
            assert_memory_equal(quiet->obs, loud->obs, sizeof(float) * A * (size_t)quiet->def.obs.size);
        }
        assert_true(ignored > 20);
        para_batch_destroy(quiet);
        para_batch_destroy(loud);
    }
}

/// Row of a ball in what the player of body `self` sees: the circle at its offset. @return -1 if there is
/// none
static int row_of_ball(const float *obs, const ParaObsSpec *spec, const ParaView *view, int self, int body)
{
    ParaObsSpan offset, round;
    assert_true(para_obs_span_find(spec, "rows.offset", &offset));
    assert_true(para_obs_span_find(spec, "rows.round", &round));
    float dx =
        view->x[body * view->stride] - view->x[self * view->stride]; // scaled by 10 m, at most 10 of them
    for (int r = 0; r < spec->row_max; r++)
        if (fabsf(obs[offset.offset + r * offset.stride] * 10.0f - dx) < 1e-3f &&
            obs[round.offset + r * round.stride] == 1)
            return r;
    return -1;
}

/// Each sees the other's ball among the rows, and not as its own.
static void test_each_player_sees_the_other(void **state)
{
    Fixture *f = *state;
    ParaBatch *batch = make_batch(f, (ParaBatchDef){.solver = PARA_SOLVER_AUTO, .envs = 1, .players = A});
    ParaObsSpec spec = batch->def.obs;
    const int bodies[A] = {TWO_FIRST, TWO_SECOND};
    ParaObsSpan mine;
    para_batch_reset(batch, NULL);
    assert_true(para_obs_span_find(&spec, "rows.role", &mine));
    const ParaView *view = para_world_view(batch->envs[0].world);
    for (int p = 0; p < A; p++) {
        const float *obs = batch->obs + p * spec.size;
        int own = row_of_ball(obs, &spec, view, bodies[p], bodies[p]);
        int other = row_of_ball(obs, &spec, view, bodies[p], bodies[1 - p]);
        assert_true(own >= 0 && other >= 0 && own != other);
        assert_true(obs[mine.offset + own * mine.stride] == 1); // the first of the roles is the player's
        for (int i = 0; i < mine.size; i++)
            assert_true(obs[mine.offset + other * mine.stride + i] == 0);
    }
    para_batch_destroy(batch);
}

// ---------------------------------------------------------------------------------------------
// Ways to end and to go on.

/// Player 1 is solved before the bound on decisions cuts player 0.
static void test_a_bound_cuts_those_who_are_left(void **state)
{
    Fixture *f = *state;
    for (int mode = PARA_AUTORESET_SAME_STEP; mode <= PARA_AUTORESET_DISABLED; mode++) {
        ParaBatch *batch = make_batch(f, (ParaBatchDef){.solver = PARA_SOLVER_AUTO,
                                                        .envs = 1,
                                                        .players = A,
                                                        .autoreset = (ParaAutoreset)mode,
                                                        .max_decisions = 40});
        const int8_t actions[A * PARA_CHANNELS] = {[PARA_CHANNELS] = -1};
        int solved_at = 0;
        para_batch_reset(batch, NULL);
        for (int t = 1; t <= 40; t++) {
            para_batch_step(batch, NULL, actions);
            if (batch->terminated[1])
                solved_at = t;
            assert_int_equal(batch->over[0], t == 40);
        }
        assert_true(solved_at > 5 && solved_at < 35);
        assert_true(batch->truncated[0] && !batch->terminated[0]);
        assert_true(!batch->truncated[1] && !batch->terminated[1]); // it was told when it ended
        assert_int_equal(batch->ended[0].report.end, PARA_END_CUT);
        assert_int_equal(batch->ended[0].report.decisions, 40);
        assert_int_equal(batch->ended[1].report.end, PARA_END_SOLVED);
        assert_int_equal(batch->ended[1].report.decisions, solved_at);
        bool same = mode == PARA_AUTORESET_SAME_STEP;
        assert_true(batch->live[0] == same && batch->live[1] == same);
        assert_int_equal(para_batch_waits(batch, 0), !same);
        para_batch_step(batch, NULL, actions);
        bool begun = mode != PARA_AUTORESET_DISABLED;
        assert_true(batch->live[0] == begun && batch->live[1] == begun);
        assert_int_equal(batch->over[0], !begun);
        assert_int_equal(batch->envs[0].decisions, same ? 1 : begun ? 0 : 40);
        para_batch_destroy(batch);
    }
}

/// An env in which one has ended and the other has not, taken and put back.
static void test_a_snapshot_keeps_who_has_ended(void **state)
{
    Fixture *f = *state;
    ParaBatch *batch = make_batch(f, (ParaBatchDef){.solver = PARA_SOLVER_AUTO, .envs = 2, .players = A});
    size_t o = (size_t)batch->def.obs.size;
    ParaRng rng = para_rng_make(4, "script");
    int8_t actions[2 * A * PARA_CHANNELS];
    para_batch_reset(batch, NULL);
    while (batch->live[1]) {
        draw(&rng, false, actions);
        memcpy(actions + A * PARA_CHANNELS, actions, A * PARA_CHANNELS);
        para_batch_step(batch, NULL, actions);
    }
    ParaSnapshot *snapshot = para_snapshot_take(batch, 0);
    float *seen = PARA_NEW(f->arena, float, A *o);
    memcpy(seen, batch->obs, sizeof(float) * A * o);
    para_batch_reset(batch, NULL);
    assert_true(batch->live[2] && batch->live[3]);
    assert_true(para_snapshot_restore(batch, 1, snapshot) && para_snapshot_restore(batch, 0, snapshot));
    assert_true(batch->live[2] && !batch->live[3] && batch->terminated[3]);
    assert_memory_equal(batch->obs + A * o, seen,
                        sizeof(float) * A * o); // with the last look of one that ended
    for (int t = 0; t < 30; t++) {
        draw(&rng, true, actions);
        memcpy(actions + A * PARA_CHANNELS, actions, A * PARA_CHANNELS);
        para_batch_step(batch, NULL, actions);
        assert_memory_equal(batch->obs, batch->obs + A * o, sizeof(float) * A * o);
        assert_memory_equal(batch->reward, batch->reward + A, sizeof(float) * A);
        assert_true(batch->live[2] && !batch->live[3] && batch->reward[3] == 0);
    }
    ParaReport one = para_env_player_report(&batch->envs[0], 0, 1);
    ParaReport two = para_env_player_report(&batch->envs[1], 0, 1);
    assert_true(one.decisions == two.decisions && one.decisions > 0);
    assert_true(one.total_reward == two.total_reward && one.seconds == two.seconds);
    para_snapshot_free(snapshot);
    para_batch_destroy(batch);
}

// ---------------------------------------------------------------------------------------------
// Records.

static const ParaReplay *record(const Fixture *f, ParaEnv *env)
{
    ParaRng rng = para_rng_make(2, "script");
    assert_true(para_env_begin(env, para_level_copy(f->level, para_env_level_arena(env)), "scripted"));
    while (env->play.status == PARA_PLAY_ON) {
        int8_t actions[A * PARA_CHANNELS];
        draw(&rng, false, actions);
        para_decision_make_one(env, actions);
    }
    return para_env_replay(env);
}

/// First decision in which player 1 no longer takes part.
static int ended_at(const ParaEnv *env) { return env->accounts[1].decisions; }

static void test_a_record_of_two_players_verifies(void **state)
{
    Fixture *f = *state;
    for (int s = 0; s < 2; s++) {
        ParaWorldGroup *group = para_world_group_create(solvers[s], 1);
        ParaEnv env;
        para_env_init(&env, para_world_at(group, 0), true);
        const ParaReplay *replay = record(f, &env);
        assert_int_equal(replay->players, A);
        assert_int_equal(replay->ends[1].end, PARA_PLAY_SOLVED);
        assert_true(replay->ends[1].total_reward > 7 && replay->ends[1].total_reward < 20);
        assert_true(ended_at(&env) < replay->decisions);
        ParaVerdict verdict = para_replay_verify_on(replay, f->level, f->arena);
        if (!verdict.ok)
            fail_msg("%s", verdict.message);
        // Each player's actions are told apart, those of one that has ended too.
        const int steps[] = {0, 3, ended_at(&env), replay->decisions - 1};
        for (int i = 0; i < 4; i++) {
            for (int p = 0; p < A; p++) {
                int8_t *action = replay->actions + (steps[i] * A + p) * PARA_CHANNELS, kept = action[0];
                action[0] = kept == 1 ? -1 : 1;
                verdict = para_replay_verify_on(replay, f->level, f->arena);
                assert_false(verdict.ok);
                assert_int_equal(verdict.step, steps[i]);
                assert_non_null(strstr(verdict.message, "state hash differs"));
                action[0] = kept;
            }
        }
        int8_t *action = replay->actions + (4 * A + 1) * PARA_CHANNELS + 2, kept = *action;
        *action = 9;
        verdict = para_replay_verify_on(replay, f->level, f->arena);
        assert_string_equal(verdict.message, "step 4: action 9 of channel 2 of player 1; must be -1, 0 or 1");
        *action = kept;
        ParaReplayEnd told = replay->ends[1];
        replay->ends[1].end = PARA_PLAY_FAILED;
        verdict = para_replay_verify_on(replay, f->level, f->arena);
        assert_true(!verdict.ok && strstr(verdict.message, "player 1 differs"));
        replay->ends[1] = (ParaReplayEnd){told.end, told.total_reward + 1};
        verdict = para_replay_verify_on(replay, f->level, f->arena);
        assert_true(!verdict.ok && strstr(verdict.message, "player 1 differs"));
        replay->ends[1] = told;
        assert_true(para_replay_verify_on(replay, f->level, f->arena).ok);
        para_env_destroy(&env);
        para_world_group_destroy(group);
    }
}

static uint32_t number_at(const unsigned char *file, size_t at)
{
    return (uint32_t)file[at] | (uint32_t)file[at + 1] << 8 | (uint32_t)file[at + 2] << 16 |
           (uint32_t)file[at + 3] << 24;
}

/// Makes the head's own hash right again.
static void sign(unsigned char *file, size_t actions)
{
    uint64_t hash = para_hash(file + PARA_REPLAY_HEAD, actions - PARA_REPLAY_HEAD,
                              para_hash(file, PARA_REPLAY_HEAD - 8, 0));
    for (int i = 0; i < 8; i++)
        file[56 + i] = (unsigned char)(hash >> (8 * i));
}

static void refused(Fixture *f, const char *path, unsigned char *file, size_t size, size_t at,
                    unsigned char value, const char *words)
{
    const char *error = NULL;
    unsigned char kept = file[at];
    size_t actions = size - number_at(file, 24) * (A * PARA_CHANNELS + 8);
    file[at] = value;
    sign(file, actions);
    scratch_write(path, file, size);
    assert_null(para_replay_read(path, f->arena, &error));
    if (!strstr(error, words))
        fail_msg("\"%s\" does not hold \"%s\"", error, words);
    file[at] = kept;
}

/// A level that came of a template: its replay needs nothing beside itself.
static void test_a_file_of_a_company_verifies_by_itself(void **state)
{
    Fixture *f = *state;
    Scratch scratch = scratch_make();
    const char *path = para_arena_strdup(f->arena, scratch_path(&scratch, "company.replay")), *error = NULL;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaLevel *level = company_level(f->arena);
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), true);
    assert_true(para_env_begin(&env, level, "company"));
    for (int d = 0; d < 40 && env.play.status == PARA_PLAY_ON; d++) {
        int8_t actions[3 * PARA_CHANNELS] = {0};
        for (int p = 0; p < 3; p++)
            actions[p * PARA_CHANNELS + p] = (int8_t)((d + p) % 2);
        para_decision_make_one(&env, actions);
    }
    assert_true(para_replay_write(path, para_env_replay(&env), f->arena, &error));
    ParaReplay *back = para_replay_read(path, f->arena, &error);
    assert_non_null(back);
    assert_int_equal(back->players, 3);
    ParaVerdict verdict = para_replay_verify(back, f->arena);
    if (!verdict.ok)
        fail_msg("%s", verdict.message);
    ((int8_t *)back->actions)[(3 * 3 + 2) * PARA_CHANNELS + 2] ^= 1; // of the last player alone
    assert_false(para_replay_verify(back, f->arena).ok);
    para_env_destroy(&env);
    para_world_group_destroy(group);
    scratch_remove(&scratch);
}

static void test_a_file_of_two_players_comes_back(void **state)
{
    Fixture *f = *state;
    Scratch scratch = scratch_make();
    const char *path = para_arena_strdup(f->arena, scratch_path(&scratch, "two.replay")), *error = NULL;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), true);
    ParaReplay replay = *record(f, &env);
    assert_true(para_replay_write(path, &replay, f->arena, &error));
    ParaReplay *own = para_replay_read(path, f->arena, &error);
    assert_non_null(own);
    const ParaLevel *again = para_replay_level(own, f->arena, &error);
    assert_non_null(again);
    assert_int_equal(again->player_count, A);

    // With the text of another level, of one player.
    ParaPick pick = {.seed = 1};
    replay.level_json =
        para_level_to_json(para_families_sample(&f->families, &pick, "test", f->arena), f->arena);
    assert_true(para_replay_write(path, &replay, f->arena, &error));
    ParaReplay *back = para_replay_read(path, f->arena, &error);
    assert_non_null(back);
    size_t decisions = (size_t)replay.decisions;
    assert_int_equal(back->players, A);
    assert_int_equal(back->end, replay.end);
    assert_true(back->total_reward == replay.total_reward);
    assert_memory_equal(back->ends, replay.ends, sizeof(ParaReplayEnd) * A);
    assert_memory_equal(back->actions, replay.actions, decisions * A * PARA_CHANNELS);
    assert_memory_equal(back->hashes, replay.hashes, decisions * sizeof(uint64_t));
    assert_true(para_replay_verify_on(back, f->level, f->arena).ok);
    ParaVerdict verdict = para_replay_verify(back, f->arena);
    assert_string_equal(verdict.message, "the replay has 2 players, its level 1");

    size_t size = 0;
    unsigned char *file = scratch_read(path, &size);
    size_t actions = para_replay_actions_offset(path, f->arena);
    assert_int_equal(number_at(file, 8), 2); // a reader of version 1 refuses it by that
    assert_int_equal(number_at(file, 44), A);
    assert_int_equal(size, actions + decisions * (A * PARA_CHANNELS + 8));
    // Before the actions each player's end and reward, four bytes each, behind level and name.
    size_t ends_at = PARA_REPLAY_HEAD + number_at(file, 32) + number_at(file, 40);
    assert_int_equal(actions, ends_at + 8 * (size_t)A);
    for (size_t p = 0; p < A; p++) {
        assert_int_equal(number_at(file, ends_at + 8 * p), replay.ends[p].end);
        assert_memory_equal(file + ends_at + 8 * p + 4, &replay.ends[p].total_reward, 4);
    }
    refused(f, path, file, size, 44, 1, "damaged (players)");
    refused(f, path, file, size, 44, PARA_PLAYERS_MAX + 1, "damaged (players)");
    refused(f, path, file, size, 44, 3, "something was added");
    refused(f, path, file, size, 8, 1, "damaged (players)");
    refused(f, path, file, size, actions - 16, 9, "its players' ends are damaged");
    file[actions - 3] ^= 1; // the ends are guarded
    scratch_write(path, file, size);
    assert_null(para_replay_read(path, f->arena, &error));
    free(file);
    para_env_destroy(&env);
    para_world_group_destroy(group);
    scratch_remove(&scratch);
}

/// A replay of one player is the file it always was: version 1, nothing where the players stand.
static void test_a_file_of_one_player_is_as_before(void **state)
{
    Fixture *f = *state;
    Scratch scratch = scratch_make();
    const char *path = scratch_path(&scratch, "one.replay"), *error = NULL;
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), true);
    ParaPick pick = {.seed = 3};
    const ParaLevel *level = para_families_sample(&f->families, &pick, "test", para_env_level_arena(&env));
    assert_true(para_env_begin(&env, level, "test"));
    static const int8_t action[PARA_CHANNELS] = {1};
    for (int d = 0; d < 5; d++)
        para_decision_make_one(&env, action);
    const ParaReplay *replay = para_env_replay(&env);
    assert_true(para_replay_write(path, replay, f->arena, &error));
    size_t size = 0;
    unsigned char *file = scratch_read(path, &size);
    assert_int_equal(number_at(file, 8), 1);
    for (size_t i = 44; i < 56; i++)
        assert_int_equal(file[i], 0);
    size_t packed = number_at(file, 32), name = number_at(file, 40);
    assert_int_equal(size, PARA_REPLAY_HEAD + packed + name + 5 * (PARA_CHANNELS + 8));
    ParaReplay *back = para_replay_read(path, f->arena, &error);
    assert_true(back && back->players == 1 && back->ends[0].end == back->end &&
                back->ends[0].total_reward == back->total_reward);
    free(file);
    para_env_destroy(&env);
    para_world_group_destroy(group);
    scratch_remove(&scratch);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_env_players[] = {
    TEST(test_rows_of_two_players_are_those_of_the_rules),
    TEST(test_two_players_are_the_same_in_any_batch),
    TEST(test_one_player_is_the_same_beside_room_for_more),
    TEST(test_actions_of_one_that_has_ended_are_ignored),
    TEST(test_each_player_sees_the_other),
    TEST(test_a_bound_cuts_those_who_are_left),
    TEST(test_a_snapshot_keeps_who_has_ended),
    TEST(test_a_record_of_two_players_verifies),
    TEST(test_a_file_of_a_company_verifies_by_itself),
    TEST(test_a_file_of_two_players_comes_back),
    TEST(test_a_file_of_one_player_is_as_before),
};
const size_t para_tests_env_players_count = sizeof para_tests_env_players / sizeof *para_tests_env_players;
