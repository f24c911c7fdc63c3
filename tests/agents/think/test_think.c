// SPDX-License-Identifier: MIT
// Thinking: an untrained reflex that thinks solves what it does not solve alone; the same for any number of
// threads; none is the reflex; what it found teaches the reflex.
#include "agents/env/decision.h"
#include "agents/lesson/evaluate.h"
#include "agents/think/distill.h"
#include "agents/think/inside.h"
#include "agents/think/measure.h"
#include "engine/base/hash.h"
#include "tests/agents/scratch.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <math.h>
#include <string.h>

#define LEVELS 6

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families; ///< push
    ParaReflex reflex;     ///< untrained
} Fixture;

static int set_up(void **state)
{
    static Fixture f;
    static const char *const names[] = {"push"};
    f.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    f.families = tiny_families(names, 1, f.arena);
    ParaPolicyDef def = para_policy_def_default(para_obs_spec_entities());
    def.width = 32;
    def.encoder_width = 16;
    f.reflex = (ParaReflex){.policy = para_policy_create(&def, 5, f.arena), .discount = 0.99f};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    para_arena_destroy(((Fixture *)*state)->arena);
    return 0;
}

static ParaThoughtDef measuring(Fixture *f, int futures, ParaSolverKind solver)
{
    ParaThinkDef think = para_think_def_default(futures);
    think.horizon = 18;
    return (ParaThoughtDef){.families = &f->families,
                            .levels = LEVELS,
                            .episodes = 1,
                            .seed = 3,
                            .solver = solver,
                            .threads = 1,
                            .think = think,
                            .where = para_think_in_engine(solver)};
}

static ParaThought measure(Fixture *f, const ParaThoughtDef *def, ParaThoughtEpisode *episodes)
{
    ParaThought out[2];
    assert_true(para_think_measure(def, &f->reflex, f->arena, out, episodes));
    assert_int_equal(out[0].episodes, def->levels * def->episodes);
    assert_int_equal(out[1].solved, out[0].solved);
    assert_int_equal(out[0].unthought, 0);
    return out[0];
}

static void test_think_solves_what_the_reflex_does_not(void **state)
{
    static const ParaSolverKind solvers[] = {PARA_SOLVER_CHIPMUNK, PARA_SOLVER_LANES};
    for (int s = 0; s < 2; s++) {
        ParaThoughtDef reflex = measuring(*state, 0, solvers[s]), think = measuring(*state, 32, solvers[s]);
        ParaThought alone = measure(*state, &reflex, NULL), thinking = measure(*state, &think, NULL);
        assert_int_equal(thinking.solved, LEVELS);
        assert_true(alone.solved < LEVELS);
        assert_true(thinking.cpu_seconds > alone.cpu_seconds);
    }
}

/// Futures may be imagined by another physics than the true one.
static void test_think_in_another_engine(void **state)
{
    ParaThoughtDef think = measuring(*state, 32, PARA_SOLVER_CHIPMUNK);
    think.where = para_think_in_engine(PARA_SOLVER_LANES);
    assert_true(measure(*state, &think, NULL).solved >= LEVELS - 1);
}

static void test_think_of_nothing_is_the_reflex(void **state)
{
    Fixture *f = *state;
    ParaThoughtDef def = measuring(f, 0, PARA_SOLVER_CHIPMUNK);
    def.episodes = 4;
    def.levels = 12;
    ParaEvalDef eval = para_eval_def_default();
    eval.levels = 12;
    eval.episodes = 4;
    eval.seed = 3;
    ParaWorkers *workers = para_workers_create(1);
    ParaTrialRoom *room = para_trial_room_create(PARA_SOLVER_CHIPMUNK, workers, f->arena);
    ParaEvalResult scored;
    const char *error = NULL;
    assert_true(para_evaluate_player(&eval, &f->families, f->reflex.policy, room, f->arena, &scored, &error));
    ParaThought thought = measure(f, &def, NULL);
    assert_true(thought.solved > 0 && thought.solved < 48);
    assert_int_equal(thought.solved, (int)lroundf(scored.families[0].solve[PARA_PLAYER_TRAINED] * 48.0f));
    para_trial_room_destroy(room);
    para_workers_destroy(workers);
}

/// The plans of a few decisions, one after the other, as a hash.
static uint64_t plans_of(Fixture *f, int threads)
{
    ParaThinkDef def = para_think_def_default(100);
    ParaThinkWhere where = para_think_in_engine(PARA_SOLVER_LANES);
    ParaWorkers *workers = threads > 0 ? para_workers_create(threads) : NULL;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    ParaThinker *thinker = para_thinker_create(&def, &f->reflex, &where, workers, true, arena);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_LANES, 1);
    ParaEnv env;
    ParaPick pick = {.seed = 9};
    uint64_t hash = 0;
    para_env_init(&env, para_world_at(group, 0), true); // it may record
    const ParaLevel *level = para_families_sample(&f->families, &pick, "test", para_env_level_arena(&env));
    assert_true(thinker && level && para_env_begin(&env, level, "test"));
    assert_true(para_thinker_begin(thinker, level, 77));
    for (int d = 0; d < 6 && env.play.status == PARA_PLAY_ON; d++) {
        int8_t actions[PARA_CHANNELS];
        uint64_t before = para_world_hash(env.world);
        assert_true(para_thinker_act(thinker, &env, actions));
        assert_true(para_world_hash(env.world) == before);
        const ParaPlan *plan = para_thinker_last(thinker);
        assert_true(plan->best >= 0 && plan->decisions > 0 && plan->body_count > 0);
        for (int i = 0; i < plan->futures; i++)
            assert_true(isfinite(plan->scores[i]) && plan->scores[i] <= plan->scores[plan->best]);
        hash = para_hash(plan->scores, sizeof(float) * (size_t)plan->futures, hash);
        hash = para_hash(actions, sizeof actions, hash);
        para_decision_make_one(&env, actions);
    }
    para_thinker_destroy(thinker);
    para_env_destroy(&env);
    para_world_group_destroy(group);
    para_workers_destroy(workers);
    para_arena_destroy(arena);
    return hash;
}

static void test_think_same_for_any_threads(void **state)
{
    uint64_t one = plans_of(*state, 0);
    assert_true(one == plans_of(*state, 1));
    assert_true(one == plans_of(*state, 2));
    assert_true(one == plans_of(*state, 3));
}

/// In the engine itself what was foreseen is what comes.
static void test_think_foresees_what_comes(void **state)
{
    Fixture *f = *state;
    ParaThinkDef def = para_think_def_default(48);
    ParaThinkWhere where = para_think_in_engine(PARA_SOLVER_LANES);
    ParaThinker *thinker = para_thinker_create(&def, &f->reflex, &where, NULL, true, f->arena);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_LANES, 1);
    ParaEnv env;
    ParaPick pick = {.seed = 4};
    para_env_init(&env, para_world_at(group, 0), false);
    const ParaLevel *level = para_families_sample(&f->families, &pick, "test", para_env_level_arena(&env));
    assert_true(level && para_env_begin(&env, level, "test") && para_thinker_begin(thinker, level, 1));
    assert_true(para_thinker_plan(thinker, &env));
    const ParaPlan *plan = para_thinker_last(thinker);
    for (int d = 0; d < plan->decisions && env.play.status == PARA_PLAY_ON; d++) {
        para_decision_make_one(&env, plan->keys + (size_t)d * PARA_PLAYERS_MAX * PARA_CHANNELS);
        const ParaView *view = para_world_view(env.world);
        ParaVec2 then =
            plan->ways[((size_t)plan->best * (size_t)def.horizon + (size_t)d) * PARA_THINK_BODIES_MAX];
        size_t k = (size_t)plan->bodies[0] * (size_t)view->stride;
        assert_true(view->centre_x[k] == then.x && view->centre_y[k] == then.y);
    }
    para_thinker_destroy(thinker);
    para_env_destroy(&env);
    para_world_group_destroy(group);
}

/// A group of lanes in place of a model's, which its maker keeps an eye on.
typedef struct Spied {
    ParaWorldGroup *group;
    int capacity;
} Spied;

static ParaWorldGroup *spy(void *context, int capacity)
{
    Spied *spied = context;
    spied->capacity = capacity;
    return spied->group = para_world_group_create(PARA_SOLVER_CHIPMUNK, capacity);
}

/// Masses that are hidden from the player are not in the worlds that it imagines.
static void test_think_knows_no_hidden_mass(void **state)
{
    Fixture *f = *state;
    static const char *const names[] = {"lever"};
    const char *error = NULL;
    ParaFamilies families;
    Spied spied;
    ParaThinkDef def = para_think_def_default(8);
    ParaThinkWhere where = {.create = spy, .context = &spied};
    ParaPick pick = {.seed = 4};
    if (!para_families_load(&families, names, 1, f->arena, &error))
        fail_msg("%s", error);
    ParaThinker *thinker = para_thinker_create(&def, &f->reflex, &where, NULL, false, f->arena);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_LANES, 1);
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), false);
    const ParaLevel *level = para_families_sample(&families, &pick, "test", para_env_level_arena(&env));
    assert_true(level && para_env_begin(&env, level, "test") && para_thinker_begin(thinker, level, 1));
    assert_true(para_thinker_plan(thinker, &env));
    const ParaView *imagined = para_world_view(para_world_at(spied.group, spied.capacity - 1)),
                   *truth = para_world_view(env.world);
    int hidden = 0;
    for (int b = 0; b < level->world.body_count; b++) {
        size_t i = (size_t)b * (size_t)imagined->stride, k = (size_t)b * (size_t)truth->stride;
        assert_true(fabsf(imagined->x[i] - truth->x[k]) < 1e-5f);
        if (!para_level_hides_mass(level, b))
            continue;
        hidden++;
        assert_true(fabsf(imagined->mass[i] - truth->mass[k]) > 1e-3f);
    }
    assert_true(hidden > 0);
    para_thinker_destroy(thinker);
    para_env_destroy(&env);
    para_world_group_destroy(group);
}

static bool after_three(void *context) { return ++*(int *)context > 3; }

/// Who asks to stop need not wait for a long episode, and what it broke off counts for nothing.
static void test_think_stops_amid_an_episode(void **state)
{
    Fixture *f = *state;
    ParaThoughtDef def = measuring(f, 4, PARA_SOLVER_LANES);
    int asked = 0;
    def.levels = 1;
    def.stop = after_three;
    def.context = &asked;
    ParaThought out[2];
    ParaThoughtEpisode episode;
    assert_false(para_think_measure(&def, &f->reflex, f->arena, out, &episode));
    assert_int_equal(asked, 4);
    assert_int_equal(episode.decisions, 3);
    assert_false(episode.played);
    assert_int_equal(out[0].episodes, 0);
}

static void test_think_refuses_defs(void **state)
{
    (void)state;
    ParaThinkDef def = para_think_def_default(16);
    assert_null(para_think_def_problem(&def));
    def.horizon = 0;
    assert_non_null(para_think_def_problem(&def));
    def = para_think_def_default(PARA_THINK_FUTURES_MAX + 1);
    assert_non_null(para_think_def_problem(&def));
    def = para_think_def_default(16);
    def.keep = def.horizon + 1;
    assert_non_null(para_think_def_problem(&def));
    def = para_think_def_default(16);
    def.doubt = NAN;
    assert_non_null(para_think_def_problem(&def));
}

// ---------------------------------------------------------------------------------------------
// What is learned of it.

static void keep(void *context, int family, const ParaPlayer *player, const float *obs, const float *wanted,
                 int n)
{
    (void)family;
    para_winners_add(context, player->channel_bits, player->negative_bits, obs, wanted, n);
}

static void test_think_distils_into_the_reflex(void **state)
{
    Fixture *f = *state;
    ParaWinners winners = para_winners_create(para_policy_def(f->reflex.policy)->obs, 2000, f->arena);
    ParaThoughtDef def = measuring(f, 24, PARA_SOLVER_LANES);
    def.levels = 48;
    def.training = true;
    def.think.keep = 1; // a row for each decision
    def.keep = keep;
    def.context = &winners;
    measure(f, &def, NULL);
    assert_true(winners.count > 100);
    ParaThoughtDef alone = measuring(f, 0, PARA_SOLVER_LANES);
    alone.levels = 16;
    ParaThought before = measure(f, &alone, NULL);
    ParaImitateDef distill = para_imitate_def_default();
    distill.clone.rate = 1e-3f;
    distill.passes = 30;
    ParaImitated learned =
        para_distill(&distill, (ParaPolicy *)(uintptr_t)f->reflex.policy, &winners, f->arena);
    assert_true(learned.passes > 0 && learned.after < learned.before);
    ParaThought after = measure(f, &alone, NULL);
    assert_true(after.solved > before.solved);
}

static void test_think_keeps_winners_in_a_file(void **state)
{
    Fixture *f = *state;
    ParaObsSpec spec = para_obs_spec_entities();
    ParaWinners some = para_winners_create(spec, 50, f->arena),
                same = para_winners_create(spec, 50, f->arena);
    float *obs = PARA_NEW(f->arena, float, 70 * spec.size);
    float wanted[70 * PARA_LOGITS] = {0};
    for (int i = 0; i < 70; i++) {
        obs[i * spec.size] = 0.1f * (float)i;
        float *of = wanted + i * PARA_LOGITS; // channels 0, 2 and 7 are bound, 0 and 7 go both ways
        of[0] = of[1] = 0.25f, of[2] = 0.5f;
        of[7] = 0.01f * (float)i, of[8] = 1.0f - of[7];
        of[21] = 1.0f;
    }
    para_winners_add(&some, 0x85, 0x81, obs, wanted, 70);
    assert_int_equal(some.count, 50); // the newest
    Scratch scratch = scratch_make();
    const char *path = para_arena_printf(f->arena, "%s/winners.safetensors", scratch.folder), *error = NULL;
    assert_true(para_winners_write(&some, path, f->arena, &error));
    assert_true(para_winners_read(&same, path, f->arena, &error));
    assert_int_equal(same.count, 50);
    assert_true(same.seen[0] == 2.0f && same.channel_bits[7] == 0x85 && same.negative_bits[7] == 0x81);
    assert_memory_equal(same.wanted, wanted + 20 * PARA_LOGITS, 50 * PARA_LOGITS * sizeof(float));
    // What no plan says is refused: probabilities that add up to more, or of a key that a channel has not.
    for (int bad = 0; bad < 3; bad++) {
        float *of = some.wanted + 30 * PARA_LOGITS, was = of[bad == 2 ? 3 : 6];
        of[bad == 2 ? 3 : 6] = bad == 0 ? -0.5f : 0.5f;
        assert_true(para_winners_write(&some, path, f->arena, &error));
        assert_false(para_winners_read(&same, path, f->arena, &error));
        of[bad == 2 ? 3 : 6] = was;
    }
    assert_true(para_winners_write(&some, path, f->arena, &error));
    ParaWinners other = para_winners_create(para_obs_spec_globals(), 50, f->arena);
    assert_false(para_winners_read(&other, path, f->arena, &error));
    assert_non_null(strstr(error, "winners"));
    scratch_remove(&scratch);
}

/// The reflex presses what it would press alone, whatever thinking says.
static void test_think_may_look_on(void **state)
{
    ParaThoughtEpisode alone[LEVELS], watched[LEVELS];
    ParaWinners winners = para_winners_create(para_policy_def(((Fixture *)*state)->reflex.policy)->obs, 2000,
                                              ((Fixture *)*state)->arena);
    ParaThoughtDef def = measuring(*state, 0, PARA_SOLVER_LANES);
    measure(*state, &def, alone);
    def = measuring(*state, 24, PARA_SOLVER_LANES);
    def.reflex_acts = true;
    def.keep = keep;
    def.context = &winners;
    measure(*state, &def, watched);
    int64_t decisions = 0;
    for (int i = 0; i < LEVELS; i++) {
        assert_int_equal(watched[i].decisions, alone[i].decisions);
        assert_true(watched[i].progress == alone[i].progress && watched[i].solved == alone[i].solved);
        decisions += alone[i].decisions;
    }
    assert_true(winners.count >= decisions / 2 && winners.count < decisions); // two of each plan are done
}

/// What went best becomes likelier than the reflex finds it, and every channel's keys are a distribution.
static void test_think_wants_what_went_well(void **state)
{
    Fixture *f = *state;
    ParaThinkDef def = para_think_def_default(48);
    def.horizon = 18;
    ParaThinkWhere where = para_think_in_engine(PARA_SOLVER_LANES);
    ParaThinker *thinker = para_thinker_create(&def, &f->reflex, &where, NULL, false, f->arena);
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_LANES, 1);
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), false);
    double wants = 0.0, finds = 0.0;
    const ParaPolicyDef *policy = para_policy_def(f->reflex.policy);
    ParaForward *forward = para_forward_create(policy, 1, f->arena);
    float *obs = PARA_NEW(f->arena, float, policy->obs.size);
    for (uint64_t seed = 0; seed < 12; seed++) {
        ParaPick pick = {.seed = seed};
        const ParaLevel *level =
            para_families_sample(&f->families, &pick, "test", para_env_level_arena(&env));
        assert_true(level && para_env_begin(&env, level, "test") && para_thinker_begin(thinker, level, seed));
        assert_true(para_thinker_plan(thinker, &env));
        float wanted[PARA_LOGITS], logits[PARA_LOGITS], value;
        para_thinker_wanted(thinker, &env, 0, wanted);
        para_observe(&policy->obs, level, &env.play, 0, env.world, obs);
        para_policy_forward(f->reflex.policy, forward, obs, 1, NULL, logits, &value);
        for (int c = 0; c < PARA_CHANNELS; c++) {
            float *of = wanted + c * PARA_CHOICES;
            bool bound = level->players[0].channel_bits >> c & 1u;
            assert_float_equal(of[0] + of[1] + of[2], (bound ? 1.0f : 0.0f), 1e-5f);
            assert_true(level->players[0].negative_bits >> c & 1u || of[0] == 0.0f);
        }
        assert_int_equal(level->players[0].negative_bits & 1u, 1u);
        int best = para_thinker_last(thinker)->keys[0] + 1;
        wants += (double)wanted[best];
        finds += exp((double)logits[best]) /
                 (exp((double)logits[0]) + exp((double)logits[1]) + exp((double)logits[2]));
    }
    assert_true(wants > finds + 12 * 0.1);
    para_thinker_destroy(thinker);
    para_env_destroy(&env);
    para_world_group_destroy(group);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_think[] = {
    TEST(test_think_solves_what_the_reflex_does_not),
    TEST(test_think_in_another_engine),
    TEST(test_think_of_nothing_is_the_reflex),
    TEST(test_think_same_for_any_threads),
    TEST(test_think_foresees_what_comes),
    TEST(test_think_stops_amid_an_episode),
    TEST(test_think_refuses_defs),
    TEST(test_think_knows_no_hidden_mass),
    TEST(test_think_distils_into_the_reflex),
    TEST(test_think_may_look_on),
    TEST(test_think_wants_what_went_well),
    TEST(test_think_keeps_winners_in_a_file),
};
const size_t para_tests_think_count = sizeof para_tests_think / sizeof *para_tests_think;
