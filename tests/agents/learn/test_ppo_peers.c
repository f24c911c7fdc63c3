// SPDX-License-Identifier: MIT
// Several who learn one policy: a step of all of them is the step of one who has all of their rows, and they
// keep the same policy, bit for bit, however many steps they make of however uneven shares.
#include "agents/run/safetensors.h"
#include "tests/agents/learn/reference.h"
#include "tests/engine/base/peers_here.h"
#include "tests/tests.h"

#include <string.h>

enum { ENVS = 12, HORIZON = 10, PEERS = 3 };
static const ParaObsSpec spec = {PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0};
static const int shares[PEERS + 1] = {0, 7, 10, ENVS}; // uneven: 7, 3 and 2 envs

typedef struct Class {
    int epochs, minibatches, updates;
    const ParaPpo *whole; // whose rows are shared out
    ParaPpoStats stats[PEERS];
    ParaPpo *ppo[PEERS];
    ParaArena *arena[PEERS];
} Class;

/// One example that pulls on the policy whichever is drawn.
static ParaCloneRows example(const ParaPpo *whole)
{
    static uint32_t bits = 255;
    static float value;
    return (ParaCloneRows){.count = 1,
                           .obs = whole->rollout.obs,
                           .action = whole->rollout.action,
                           .channel_bits = &bits,
                           .negative_bits = &bits,
                           .value = &value};
}

static ParaPpoDef def_of(const Class *class, int envs, ParaPeers *peers)
{
    ParaPpoDef def = para_ppo_def_default(envs, HORIZON);
    def.epochs = class->epochs;
    def.minibatches = class->minibatches;
    def.peers = peers;
    return def;
}

/// The columns [first, first + envs) of a rollout.
static void copy_share(const ParaRollout *from, ParaRollout *to, int first, int envs)
{
    for (int t = 0; t < HORIZON; t++)
        for (int b = 0; b < envs; b++) {
            size_t a = (size_t)(t * ENVS + first + b), i = (size_t)(t * envs + b), o = (size_t)spec.size;
            memcpy(to->obs + i * o, from->obs + a * o, o * sizeof(float));
            memcpy(to->action + i * PARA_CHANNELS, from->action + a * PARA_CHANNELS, PARA_CHANNELS);
            to->channel_bits[i] = from->channel_bits[a];
            to->negative_bits[i] = from->negative_bits[a];
            to->log_prob[i] = from->log_prob[a];
            to->value[i] = from->value[a];
            to->reward[i] = from->reward[a];
            to->terminated[i] = from->terminated[a];
            to->truncated[i] = from->truncated[a];
            to->final_value[i] = from->final_value[a];
            to->next_value[b] = from->next_value[first + b];
        }
}

static void learn(void *context, int rank, ParaPeers *peers)
{
    Class *class = context;
    int envs = shares[rank + 1] - shares[rank];
    ParaPpo *ppo = reference_learner(spec, def_of(class, envs, peers), NULL, class->arena[rank]);
    ParaCloneRows rows = example(class->whole);
    para_policy_at(ppo->policy, PARA_T_NORMAL_COUNT)[0] = 100;
    copy_share(&class->whole->rollout, &ppo->rollout, shares[rank], envs);
    para_ppo_set_examples(ppo, &rows, 0.5f);
    for (int i = 0; i < class->updates; i++)
        class->stats[rank] = para_ppo_update(ppo);
    class->ppo[rank] = ppo;
}

static Class *begin(int epochs, int minibatches, int updates, ParaArena *arena)
{
    Class *class = PARA_NEW(arena, Class, 1);
    *class = (Class){.epochs = epochs, .minibatches = minibatches, .updates = updates};
    for (int r = 0; r < PEERS; r++)
        class->arena[r] = para_arena_create(1 << 20, (size_t)1 << 28);
    class->whole = reference_learner(spec, def_of(class, ENVS, NULL), NULL, arena);
    peers_here_run(PEERS, learn, class, -1);
    return class;
}

static void end(Class *class)
{
    for (int r = 0; r < PEERS; r++)
        para_arena_destroy(class->arena[r]);
}

static void check_same_policy(const Class *class)
{
    for (int r = 1; r < PEERS; r++) {
        int count = 0;
        const ParaTensor *one = para_policy_tensors(class->ppo[0]->policy, &count);
        const ParaTensor *other = para_policy_tensors(class->ppo[r]->policy, &count);
        assert_int_equal(para_tensors_hash(one, count), para_tensors_hash(other, count));
        assert_memory_equal(class->ppo[0]->moment2, class->ppo[r]->moment2,
                            sizeof(float) * class->ppo[0]->policy->learned_floats);
        assert_memory_equal(&class->stats[0], &class->stats[r], sizeof class->stats[0]);
    }
}

static void test_peers_make_the_step_of_one_who_has_all_rows(void **state)
{
    Class *class = begin(1, 1, 1, *state);
    ParaPpo *whole = (ParaPpo *)class->whole;
    ParaCloneRows rows = example(whole);
    int count = 0;
    para_policy_at(whole->policy, PARA_T_NORMAL_COUNT)[0] = 100;
    para_ppo_set_examples(whole, &rows, 0.5f);
    ParaPpoStats want = para_ppo_update(whole), got = class->stats[2];
    const ParaTensor *alone = para_policy_tensors(whole->policy, &count),
                     *shared = para_policy_tensors(class->ppo[2]->policy, &count);
    for (int i = 0; i < count; i++) // Adam's first step is of size rate: 2e-3
        for (int k = 0; k < alone[i].rows * alone[i].columns; k++)
            assert_near((double)shared[i].data[k], (double)alone[i].data[k],
                        2e-5 * (1.0 + (double)(alone[i].data[k] < 0 ? -alone[i].data[k] : alone[i].data[k])));
    assert_near((double)got.gradient_norm, (double)want.gradient_norm, 1e-5 * (double)want.gradient_norm);
    assert_near((double)got.policy_loss, (double)want.policy_loss, 1e-6);
    assert_near((double)got.value_loss, (double)want.value_loss, 1e-5);
    assert_near((double)got.explained_variance, (double)want.explained_variance, 1e-6);
    for (int k = 0; k < PARA_S_COUNT; k++)
        assert_near((double)class->ppo[1]->state[k], (double)whole->state[k], 1e-5);
    check_same_policy(class);
    end(class);
}

static void test_peers_of_uneven_shares_keep_one_policy(void **state)
{
    Class *class = begin(2, 15, 3, *state);
    assert_true(para_ppo_is_sound(class->ppo[0]));
    assert_true(class->stats[0].gradient_norm > 0);
    check_same_policy(class);
    end(class);
}

static int set_up(void **state)
{
    *state = para_arena_create(1 << 20, (size_t)1 << 30);
    return *state == NULL;
}

static int tear_down(void **state)
{
    para_arena_destroy(*state);
    return 0;
}

const struct CMUnitTest para_tests_ppo_peers[] = {
    cmocka_unit_test_setup_teardown(test_peers_make_the_step_of_one_who_has_all_rows, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_peers_of_uneven_shares_keep_one_policy, set_up, tear_down),
};
const size_t para_tests_ppo_peers_count = sizeof para_tests_ppo_peers / sizeof *para_tests_ppo_peers;
