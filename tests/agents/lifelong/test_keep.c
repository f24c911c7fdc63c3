// SPDX-License-Identifier: MIT
// Ways to keep what was learned: the store of moments is bounded, shared evenly and told by its seed; a part
// of the network plays its world bit for bit as it did, whatever is learned after; of players the better one
// stays; what is saved goes on as what was not; bytes that make no sense are refused; P, F and FT by hand.
#include "agents/lifelong/keep.h"
#include "agents/lifelong/moments_kept.h"
#include "agents/lifelong/transfer.h"
#include "tests/agents/learn/reference.h"
#include "tests/tests.h"

#include <string.h>

enum { WORLDS = 4, ROWS = 48 };

static const int same[WORLDS] = {0, 1, 0, 3}; // the third is the first once more

typedef struct Fixture {
    ParaArena *arena;
    ParaPpo *ppo;
    ParaKeep *keep;
} Fixture;

static Fixture make(ParaKeepKind kind)
{
    Fixture f = {.arena = para_arena_create((size_t)1 << 20, (size_t)256 << 20)};
    ParaPpoDef def = para_ppo_def_default(6, 8);
    def.minibatches = 2;
    f.ppo = reference_learner((ParaObsSpec){PARA_OBS_ENTITIES, 7, 5, 6, 7 + 5 * 7, 0}, def, NULL, f.arena);
    para_policy_at(f.ppo->policy, PARA_T_NORMAL_COUNT)[0] = 1.0f; // it learns at once
    ParaKeepDef keep = {.kind = kind,
                        .worlds = WORLDS,
                        .same = same,
                        .ewc_weight = 10.0f,
                        .ewc_decay = 1.0f,
                        .ewc_moments = 8,
                        .clone_weight = 1.0f,
                        .clone_moments = 20,
                        .own_share = 0.5f,
                        .seed = 7};
    f.keep = para_keep_create(&keep, f.ppo->policy, f.ppo, f.arena);
    return f;
}

static float score_nothing(void *context, const ParaPolicy *player, int world)
{
    (void)context, (void)player, (void)world;
    return 0.0f;
}

/// Learns a world in two phases, before and after half of it.
static void learn(Fixture *f, int world)
{
    for (int phase = 0; phase < 2; phase++) {
        para_keep_before_update(f->keep, world, phase == 0 ? 0.25 : 0.75);
        para_ppo_update(f->ppo);
    }
}

static void pass(Fixture *f, int world)
{
    learn(f, world);
    assert_true(para_keep_prepare(f->keep, world, world + 1, score_nothing, NULL));
    para_keep_end(f->keep, world, ROWS);
    if (world + 1 < WORLDS)
        para_keep_begin(f->keep, world + 1);
}

/// All numbers of a player, learned and seen.
static float *numbers(const ParaPolicy *policy, size_t *out_count, ParaArena *arena)
{
    size_t count = 0;
    for (int i = 0; i < policy->tensor_count; i++)
        count += (size_t)policy->tensors[i].rows * (size_t)policy->tensors[i].columns;
    float *out = PARA_NEW(arena, float, count), *at = out;
    for (int i = 0; i < policy->tensor_count; i++) {
        size_t size = (size_t)policy->tensors[i].rows * (size_t)policy->tensors[i].columns;
        memcpy(at, policy->tensors[i].data, sizeof *at * size);
        at += size;
    }
    *out_count = count;
    return out;
}

static void check_a_world_stays(ParaKeepKind kind)
{
    Fixture f = make(kind);
    size_t count = 0;
    pass(&f, 0);
    float *before = numbers(para_keep_player(f.keep, 0, 1), &count, f.arena);
    learn(&f, 1);
    float *after = numbers(para_keep_player(f.keep, 0, 1), &count, f.arena);
    assert_memory_equal(before, after, sizeof *before * count);
    float *own = numbers(f.ppo->policy, &count, f.arena);
    assert_memory_not_equal(before, own, sizeof *own * count);
    assert_true(para_keep_prepare(f.keep, 1, 2, score_nothing, NULL));
    para_keep_end(f.keep, 1, ROWS);
    float *second = numbers(para_keep_player(f.keep, 1, 1), &count, f.arena);
    para_keep_begin(f.keep, 2);
    learn(&f, 2);
    assert_memory_equal(second, numbers(para_keep_player(f.keep, 1, 2), &count, f.arena),
                        sizeof *second * count);
    para_arena_destroy(f.arena);
}

static void test_keep_own_part_plays_bit_for_bit_as_it_did(void **state)
{
    (void)state;
    check_a_world_stays(PARA_KEEP_own);
}

static void test_keep_skills_play_bit_for_bit_as_they_did(void **state)
{
    (void)state;
    check_a_world_stays(PARA_KEEP_skills);
}

static void test_keep_own_parts_share_the_network_evenly(void **state)
{
    (void)state;
    Fixture f = make(PARA_KEEP_own);
    const ParaTensor *trunk = NULL;
    for (int i = 0; i < f.ppo->policy->tensor_count; i++)
        if (f.ppo->policy->tensors[i].data == para_policy_at(f.ppo->policy, PARA_T_TRUNK2_WEIGHT))
            trunk = &f.ppo->policy->tensors[i];
    int all = trunk->rows * trunk->columns;
    for (int w = 0; w < WORLDS; w++) {
        learn(&f, w); // its part is cut out in the midst of it: the rest is 0
        int set = 0;
        for (int i = 0; i < all; i++)
            set += trunk->data[i] != 0.0f;
        assert_int_equal(set, all * (w + 1) / WORLDS);
        para_keep_end(f.keep, w, ROWS);
        if (w + 1 < WORLDS)
            para_keep_begin(f.keep, w + 1);
    }
    para_arena_destroy(f.arena);
}

/// Scores a player by one of its numbers; context is the number that is wanted.
static float score_by_number(void *context, const ParaPolicy *player, int world)
{
    (void)world;
    return player->block[0] == *(const float *)context ? 0.9f : 0.1f;
}

static void test_keep_skills_begin_with_the_best_and_keep_the_better(void **state)
{
    (void)state;
    Fixture f = make(PARA_KEEP_skills);
    float first = 0, none = -1;
    f.ppo->policy->block[0] = first = 0.125f;
    assert_true(para_keep_prepare(f.keep, 0, 1, score_by_number, &none)); // all the same: the one at hand
    para_keep_end(f.keep, 0, 0);
    para_keep_begin(f.keep, 1);
    assert_true(f.ppo->policy->block[0] == first);
    f.ppo->policy->block[0] = 0.25f;
    assert_true(para_keep_prepare(f.keep, 1, 2, score_by_number, &first)); // the first does better
    para_keep_end(f.keep, 1, 0);
    para_keep_begin(f.keep, 2);
    assert_true(f.ppo->policy->block[0] == first);
    f.ppo->policy->block[0] = 0.5f; // the first world comes again, and what it learns there is worse
    assert_true(para_keep_prepare(f.keep, 2, 3, score_by_number, &first));
    assert_true(para_keep_player(f.keep, 2, 2)->block[0] == first);
    para_keep_end(f.keep, 2, 0);
    assert_true(para_keep_player(f.keep, 2, 3)->block[0] == first);
    para_keep_begin(f.keep, 3);
    assert_true(f.ppo->policy->block[0] == first);
    assert_true(para_keep_player(f.keep, 1, 3)->block[0] == 0.25f);
    para_arena_destroy(f.arena);
}

static void test_keep_alone_begins_anew_and_nobody_plays_what_was(void **state)
{
    (void)state;
    Fixture f = make(PARA_KEEP_alone);
    pass(&f, 0);
    assert_null(para_keep_player(f.keep, 0, 1));
    assert_true(para_policy_at(f.ppo->policy, PARA_T_NORMAL_COUNT)[0] == 0.0f); // it has seen nothing
    assert_ptr_equal(para_keep_player(f.keep, 1, 1), f.ppo->policy);
    para_arena_destroy(f.arena);
}

static void test_keep_saved_goes_on_as_what_was_not(void **state)
{
    (void)state;
    for (int kind = 0; kind < PARA_KEEP_METHODS; kind++) {
        Fixture a = make((ParaKeepKind)kind), b = make((ParaKeepKind)kind);
        pass(&a, 0);
        learn(&a, 1);
        ParaBytes bytes = {.arena = a.arena};
        para_keep_save(a.keep, &bytes);
        int count = 0;
        const ParaTensor *from = para_policy_tensors(a.ppo->policy, &count),
                         *to = para_policy_tensors(b.ppo->policy, &count);
        for (int i = 0; i < count; i++)
            memcpy(to[i].data, from[i].data, sizeof(float) * (size_t)from[i].rows * (size_t)from[i].columns);
        from = para_ppo_tensors(a.ppo, &count), to = para_ppo_tensors(b.ppo, &count);
        for (int i = 0; i < count; i++)
            memcpy(to[i].data, from[i].data, sizeof(float) * (size_t)from[i].rows * (size_t)from[i].columns);
        ParaBytesReader in = {.data = bytes.data, .size = bytes.size};
        assert_true(para_keep_load(b.keep, 1, &in) && para_bytes_read_whole(&in));
        for (int w = 1; w < WORLDS; w++) {
            pass(&a, w);
            pass(&b, w);
        }
        size_t size = 0;
        assert_memory_equal(numbers(a.ppo->policy, &size, a.arena), numbers(b.ppo->policy, &size, b.arena),
                            sizeof(float) * size);
        para_arena_destroy(a.arena);
        para_arena_destroy(b.arena);
    }
}

static void test_keep_refuses_bytes_that_make_no_sense(void **state)
{
    (void)state;
    for (int kind = 0; kind < PARA_KEEP_METHODS; kind++) {
        Fixture a = make((ParaKeepKind)kind);
        pass(&a, 0);
        ParaBytes bytes = {.arena = a.arena};
        para_keep_save(a.keep, &bytes);
        for (size_t size = 0; size < bytes.size; size += 1 + bytes.size / 7) { // cut short
            Fixture b = make((ParaKeepKind)kind);
            ParaBytesReader in = {.data = bytes.data, .size = size};
            assert_false(para_keep_load(b.keep, 0, &in));
            para_arena_destroy(b.arena);
        }
        Fixture b = make((ParaKeepKind)((kind + 1) % PARA_KEEP_METHODS)); // another method's
        ParaBytesReader in = {.data = bytes.data, .size = bytes.size};
        assert_false(para_keep_load(b.keep, 0, &in));
        para_arena_destroy(b.arena);
        para_arena_destroy(a.arena);
    }
}

// ---------------------------------------------------------------------------------------------
// The store.

static ParaMomentsKept *store(Fixture *f, uint64_t seed)
{
    return para_moments_kept_create(20, f->ppo->policy->def.obs.size, WORLDS, seed, f->arena);
}

static void add(Fixture *f, ParaMomentsKept *kept, int group, int rows)
{
    const ParaRollout *r = &f->ppo->rollout;
    const ParaMoments moments = {r->obs, r->channel_bits, r->negative_bits};
    para_moments_kept_add(kept, group, &moments, rows, f->ppo->policy,
                          para_forward_create(&f->ppo->policy->def, 1, f->arena));
}

static void test_keep_store_is_bounded_and_shared_evenly(void **state)
{
    (void)state;
    Fixture f = make(PARA_KEEP_finetune);
    ParaMomentsKept *kept = store(&f, 1);
    size_t size = para_moments_kept_size(kept);
    add(&f, kept, 0, ROWS);
    assert_int_equal(para_moments_kept_count(kept, 0), 20);
    add(&f, kept, 1, ROWS);
    assert_int_equal(para_moments_kept_count(kept, 0), 10);
    assert_int_equal(para_moments_kept_count(kept, 1), 10);
    add(&f, kept, 3, 4); // of a world that was hardly played
    assert_int_equal(para_moments_kept_count(kept, 0), 6);
    assert_int_equal(para_moments_kept_count(kept, 3), 4);
    for (int i = 0; i < 5; i++) { // a world that comes again takes no more than its share
        add(&f, kept, 1, ROWS);
        assert_int_equal(para_moments_kept_count(kept, 1), 6);
        assert_true(para_moments_kept_rows(kept).count <= 20);
    }
    assert_int_equal(para_moments_kept_size(kept), size);
    para_arena_destroy(f.arena);
}

static bool same_rows(const ParaCloneRows *a, const ParaCloneRows *b, int obs)
{
    return a->count == b->count && memcmp(a->obs, b->obs, sizeof(float) * (size_t)(a->count * obs)) == 0 &&
           memcmp(a->wanted, b->wanted, sizeof(float) * (size_t)a->count * PARA_LOGITS) == 0;
}

static void test_keep_store_hangs_on_its_seed_alone(void **state)
{
    (void)state;
    Fixture f = make(PARA_KEEP_finetune);
    ParaMomentsKept *kept[3] = {store(&f, 1), store(&f, 1), store(&f, 2)};
    int obs = f.ppo->policy->def.obs.size;
    ParaCloneRows rows[3];
    for (int i = 0; i < 3; i++) {
        add(&f, kept[i], 0, ROWS);
        add(&f, kept[i], 1, ROWS);
        rows[i] = para_moments_kept_rows(kept[i]);
    }
    assert_true(same_rows(&rows[0], &rows[1], obs));
    assert_false(same_rows(&rows[0], &rows[2], obs));
    para_arena_destroy(f.arena);
}

static void test_keep_draws_every_moment_as_often(void **state)
{
    (void)state;
    int times[8] = {0}, out[3];
    ParaRng rng = para_rng_make(9, "draw");
    for (int i = 0; i < 8000; i++)
        for (int k = para_moments_draw(&rng, 8, 3, out); k > 0; k--)
            times[out[k - 1]]++;
    for (int i = 0; i < 8; i++)
        assert_in_range(times[i], 2800, 3200); // 3000, its deviation 43
    assert_int_equal(para_moments_draw(&rng, 2, 3, out), 2);
    assert_int_equal(para_moments_draw(&rng, 0, 3, out), 0);
}

// ---------------------------------------------------------------------------------------------
// Metrics.

static void test_keep_transfer_by_hand(void **state)
{
    (void)state;
    const double done[3] = {0, 0.5, 1}, solve[3] = {0, 0.4, 0.8}, half[1] = {1};
    assert_near(para_transfer_area(done, solve, 3), 0.4, 1e-12);
    assert_near(para_transfer_area(done + 1, solve + 1, 2), 0.5 * 0.4 + 0.5 * 0.6, 1e-12); // level before
    assert_near(para_transfer_area(half, solve + 1, 1), 0.4, 1e-12);
    ParaTransferWorld worlds[2] = {{.learned = 0.9, .last = 0.5, .area = 0.6, .reference = 0.2},
                                   {.learned = 0.7, .last = 0.7, .area = 0.1, .reference = 0.4}};
    ParaTransfer out;
    assert_true(para_transfer_measure(worlds, 2, &out));
    assert_near(out.performance, 0.6, 1e-12);
    assert_near(out.forgetting, 0.2, 1e-12);
    assert_near(out.forward, (0.4 / 0.8 - 0.3 / 0.6) / 2, 1e-12);
    assert_int_equal(out.forward_count, 2);
    worlds[0].reference = -1;
    assert_true(para_transfer_measure(worlds, 2, &out));
    assert_int_equal(out.forward_count, 1);
    worlds[1].last = -1;
    assert_false(para_transfer_measure(worlds, 2, &out));
}

const struct CMUnitTest para_tests_keep[] = {
    cmocka_unit_test(test_keep_own_part_plays_bit_for_bit_as_it_did),
    cmocka_unit_test(test_keep_skills_play_bit_for_bit_as_they_did),
    cmocka_unit_test(test_keep_own_parts_share_the_network_evenly),
    cmocka_unit_test(test_keep_skills_begin_with_the_best_and_keep_the_better),
    cmocka_unit_test(test_keep_alone_begins_anew_and_nobody_plays_what_was),
    cmocka_unit_test(test_keep_saved_goes_on_as_what_was_not),
    cmocka_unit_test(test_keep_refuses_bytes_that_make_no_sense),
    cmocka_unit_test(test_keep_store_is_bounded_and_shared_evenly),
    cmocka_unit_test(test_keep_store_hangs_on_its_seed_alone),
    cmocka_unit_test(test_keep_draws_every_moment_as_often),
    cmocka_unit_test(test_keep_transfer_by_hand),
};
const size_t para_tests_keep_count = sizeof para_tests_keep / sizeof *para_tests_keep;
