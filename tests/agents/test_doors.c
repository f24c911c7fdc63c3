// SPDX-License-Identifier: MIT
// What the rooms that learn refuse at their doors: a slip of the caller's ends the program there and then,
// and not as a number that is a little off.
#include "agents/maker/maker.h"
#include "agents/player/collector.h"
#include "engine/base/assert.h"
#include "tests/agents/learn/reference.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const ParaObsSpec spec = {PARA_OBS_VECTOR, 9, 0, 0, 9, 0};

typedef struct Fixture {
    ParaArena *arena;
    ParaPolicy *policy;
    ParaPpo *ppo; ///< of 4 envs and 4 steps
} Fixture;

static int set_up(void **state)
{
    static Fixture f;
    f.arena = para_arena_create(1 << 20, (size_t)256 << 20);
    f.ppo = reference_learner(spec, para_ppo_def_default(4, 4), NULL, f.arena);
    f.policy = f.ppo->policy;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    para_arena_destroy(((Fixture *)*state)->arena);
    return 0;
}

typedef void Deed(Fixture *f, int which);

/// Whether a deed ends a process of its own by an assert.
static bool dies(Deed *deed, Fixture *f, int which)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        if (!freopen("/dev/null", "w", stderr))
            _exit(2);
        deed(f, which);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

/// Deed 0 is right and must pass; the others must not.
static void check(Deed *deed, Fixture *f, int count)
{
#ifndef PARA_NO_ASSERT
    for (int which = 0; which < count; which++)
        if (dies(deed, f, which) != (which > 0))
            fail_msg("deed %d: %s", which, which > 0 ? "nothing was refused" : "refused though it is right");
#else
    (void)deed, (void)f, (void)count;
#endif
}

static void make_learner(Fixture *f, int which)
{
    ParaPpoDef def = para_ppo_def_default(4, 4);
    def.minibatches = which == 1 ? 17 : 16;
    def.epochs = which == 2 ? 0 : 2;
    def.learning_rate = which == 3 ? NAN : which == 4 ? -1e-3f : 1e-3f;
    def.discount = which == 5 ? 1.01f : 1.0f;
    def.lambda = which == 6 ? -0.1f : 1.0f;
    def.clip = which == 7 ? 0.0f : 0.2f;
    def.value_clip = which == 8 ? NAN : 0.0f;
    def.entropy = which == 9 ? INFINITY : 0.0f;
    def.gradient_max = which == 10 ? 0.0f : 0.5f;
    para_ppo_create(&def, f->policy, 1, NULL, f->arena);
}

static void change_learner(Fixture *f, int which)
{
    para_ppo_set_learning_rate(f->ppo, which == 1 ? NAN : 0.0f);
    para_ppo_set_entropy(f->ppo, which == 2 ? NAN : 0.0f);
}

static void learn(Fixture *f, int which)
{
    ParaForward *training = para_forward_create_training(&f->policy->def, f->arena);
    ParaForward *acting = para_forward_create(&f->policy->def, 4, f->arena);
    float *gradient = PARA_NEW(f->arena, float, f->policy->learned_floats);
    int order[2] = {3, which == 1 ? 16 : 15}; // 16 rows
    ParaMinibatch minibatch = {
        .order = order, .rows = which == 2 ? 1 : 2, .count = 2, .advantage_scale = 1.0f};
    ParaLossSums sums;
    f->ppo->rollout.channel_bits[3] = 1;
    f->ppo->rollout.negative_bits[3] = 0;
    f->ppo->rollout.action[3 * PARA_CHANNELS] = which == 3 ? -1 : 0; // not one of its two choices
    para_ppo_advantages(&f->ppo->def, &f->ppo->rollout, which == 4 ? NAN : 1.0f, f->ppo->advantage,
                        f->ppo->target);
    para_ppo_block(f->ppo, &minibatch, order, 2, NULL, training, gradient, &sums);
    if (which == 5) // no room for what backward needs
        para_net_backward(f->policy, acting, 2, NULL, gradient);
    para_ppo_step(f->ppo, which == 6 ? 0 : 1);
}

static void make_layers(Fixture *f, int which)
{
    float x[12] = {0}, w[12] = {0}, b[3] = {0}, y[12] = {0}, count = which == 5 ? -1.0f : 1.0f;
    double sums[3] = {0}, scratch[12];
    int offsets[3] = {which == 4 ? 1 : 0, 1, 2}, best[6];
    ParaRng rng = para_rng_make(1, "doors");
    ParaPolicyDef def = {.obs = spec, .width = which == 7 ? 8 : 16, .encoder_width = 8};
    para_linear_forward(x, which == 1 ? 2 : 3, 2, w, b, 3, 3, PARA_ACTIVATION_TANH, y, which == 2 ? 2 : 3);
    para_pool_forward(x, offsets, 2, 3, y, which == 3 ? 5 : 6, best);
    para_normal_merge(x, w, &count, sums, sums, 1.0, 3, 1e6f);
    para_orthogonal_fill(w, which == 6 ? 2 : 3, 3, 3, 1.0, &rng, scratch);
    para_policy_create(&def, 1, f->arena);
}

static void make_policy(Fixture *f, int which)
{
    ParaPolicyDef def = {.obs = {PARA_OBS_ENTITIES, 7, 5, 6, which == 1 ? 41 : 42, 0},
                         .width = 16,
                         .encoder_width = which == 2 ? 0 : 8};
    ParaPolicy *policy = para_policy_create(&def, 1, f->arena);
    ParaForward *scratch = para_forward_create(&def, which == 3 ? 0 : 2, f->arena);
    float obs[3 * 42] = {0}, logits[3 * PARA_LOGITS], value[3];
    para_net_forward(policy, scratch, obs, NULL, which == 4 ? 3 : 2, NULL, NULL, logits, value);
}

static void learn_from_nobody(Fixture *f, int which)
{
    ParaPpoDef def = para_ppo_def_default(4, 4);
    def.masked = true;
    ParaPpo *ppo = reference_learner(spec, def, NULL, f->arena);
    para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT)[0] = 100.0f;
    ppo->rollout.live[5] = which == 1 ? 0 : 1; // of all rows the only one
    para_ppo_update(ppo);
}

static void make_maker(Fixture *f, int which)
{
    static const char *const names[] = {"push"};
    const char *error = NULL;
    ParaFamilies families = tiny_families(names, 1, f->arena), none = {0};
    ParaMakerDef def = para_maker_def_default("sfl");
    def.families = which == 1 ? &none : &families;
    def.candidates = which == 2 ? 0 : 4;
    def.tries = which == 3 ? 0 : 3;
    def.keep = which == 4 ? 0 : 2;
    def.refresh = which == 5 ? 0 : 8;
    def.kept_share = which == 6 ? 1.5f : which == 7 ? NAN : 1.0f;
    ParaMaker *maker = para_maker_create(&def, f->arena, &error);
    ParaRng rng = para_rng_make(1, "doors");
    ParaPick pick;
    para_maker_turn(maker, which == 8 ? -1 : 0, f->policy);
    para_maker_next(maker, which == 9 ? -1 : 0, &rng, &pick);
}

static void no_level(void *context, int env, ParaRng *rng, ParaPick *out)
{
    (void)context, (void)env, (void)rng;
    *out = (ParaPick){0};
}

static void make_collector(Fixture *f, int which)
{
    static const char *const names[] = {"push"};
    ParaFamilies families = tiny_families(names, 1, f->arena);
    ParaWorkers *workers = para_workers_create(1);
    ParaBatchDef def = {.solver = PARA_SOLVER_AUTO,
                        .envs = which == 1 ? 5 : 4,
                        .obs = which == 2 ? para_obs_spec_entities() : spec,
                        .families = &families,
                        .autoreset = which == 3 ? PARA_AUTORESET_DISABLED : PARA_AUTORESET_SAME_STEP,
                        .next = no_level,
                        .maker = "test"};
    para_collector_create(para_batch_create(&def, f->arena), f->ppo, f->policy, workers, f->arena);
}

static void play_trials(Fixture *f, int which)
{
    static const char *const names[] = {"push"};
    ParaFamilies families = tiny_families(names, 1, f->arena);
    ParaWorkers *workers = para_workers_create(1);
    ParaTrialRoom *room = para_trial_room_create(PARA_SOLVER_AUTO, workers, f->arena);
    ParaTrial trial = {.pick = {.family = which == 1 ? 1 : 0},
                       .kind = which == 2 ? PARA_TRIAL_POLICY : PARA_TRIAL_STILL};
    para_trials_play(which == 3 ? NULL : room, &families, &trial, which == 4 ? -1 : 1, NULL, NULL, NULL);
}

static void test_doors_of_the_learner(void **state)
{
    check(make_learner, *state, 11);
    check(change_learner, *state, 3);
    check(learn, *state, 7);
    check(learn_from_nobody, *state, 2);
}

static void test_doors_of_the_network(void **state)
{
    check(make_layers, *state, 8);
    check(make_policy, *state, 5);
}

static void test_doors_of_the_maker(void **state) { check(make_maker, *state, 10); }

static void test_doors_of_the_player(void **state)
{
    check(make_collector, *state, 4);
    check(play_trials, *state, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_doors[] = {
    TEST(test_doors_of_the_learner),
    TEST(test_doors_of_the_network),
    TEST(test_doors_of_the_maker),
    TEST(test_doors_of_the_player),
};
const size_t para_tests_doors_count = sizeof para_tests_doors / sizeof *para_tests_doors;
