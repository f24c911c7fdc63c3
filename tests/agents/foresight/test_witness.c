// SPDX-License-Identifier: MIT
// Who looks on: it changes nothing, says by hand what the model was off by, and keeps what was lived through
// within bounds.
#include "agents/env/decision.h"
#include "agents/foresight/witness.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include "agents/foresight/foresight.h"

#include <math.h>
#include <string.h>

typedef struct Play {
    ParaArena *arena;
    ParaFamilies families;
    ParaWorldGroup *group;
    ParaModel *model;
    ParaEnv watched, other;
    ParaRandomKeys keys;
} Play;

static int set_up(void **state)
{
    ParaArena *arena = para_arena_create(1 << 16, 512 << 20);
    Play *p = PARA_NEW(arena, Play, 1);
    const char *names[] = {"crate"}, *error = NULL;
    p->arena = arena;
    assert_true(para_families_load(&p->families, names, 1, arena, &error));
    p->group = para_world_group_create(PARA_SOLVER_AUTO, 2);
    ParaModelDef def = para_model_def_default();
    def.width = 16;
    p->model = para_model_create(&def, 4, arena);
    para_env_init(&p->watched, para_world_at(p->group, 0), false);
    para_env_init(&p->other, para_world_at(p->group, 1), false);
    p->watched.chained = p->other.chained = true;
    p->keys.rng = para_rng_make(9, "keys");
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    Play *p = *state;
    para_env_destroy(&p->watched);
    para_env_destroy(&p->other);
    para_world_group_destroy(p->group);
    para_arena_destroy(p->arena);
    return 0;
}

static void begin(Play *p, ParaEnv *env, uint64_t seed)
{
    ParaPick pick = {.seed = seed};
    const ParaLevel *level = para_families_sample(&p->families, &pick, "test", para_env_level_arena(env));
    assert_true(level && para_env_begin(env, level, "test"));
}

static ParaWitness *witness_of(Play *p, ParaStore *store, int every)
{
    const ParaWitnessDef def = {
        .model = p->model, .store = store, .envs = 1, .workers = 1, .every = every, .seed = 2};
    ParaWitness *w = para_witness_create(&def, p->arena);
    assert_non_null(w);
    para_witness_attend(w, 0, &p->watched);
    return w;
}

/// What a decision's first moment becomes in the model, against what becomes of it: mean over loose bodies.
typedef struct Hand {
    ParaDreaming dreaming;
    ParaModelFacts facts;
    ParaMoment moment;
    int steps;
    double error, doubt;
    int errors, decisions;
} Hand;

static void by_hand(void *context, const ParaEnv *env)
{
    Hand *hand = context;
    const ParaView *view = para_world_view(env->world);
    if (env->step == 0) {
        para_moment_take(&hand->moment, view);
        para_moment_take_inputs(&hand->moment, para_world_inputs(env->world));
        assert_true(para_dream_step(&hand->dreaming, &hand->facts, &hand->moment));
        double doubt = 0;
        int loose = 0;
        for (int b = 0; b < view->def->body_count; b++)
            if (hand->facts.bodies[b].inverse_mass > 0) {
                doubt += (double)hand->dreaming.doubt[b];
                loose++;
            }
        hand->doubt += doubt / loose;
        hand->decisions++;
    }
    if (env->step != hand->steps)
        return;
    double error = 0;
    int loose = 0;
    for (int b = 0; b < view->def->body_count; b++) {
        int at = b * view->stride;
        if (!(hand->facts.bodies[b].inverse_mass > 0))
            continue;
        error += hypot((double)(view->centre_x[at] - hand->moment.view.centre_x[b]),
                       (double)(view->centre_y[at] - hand->moment.view.centre_y[b])) *
                 (double)view->def->rate / hand->steps;
        loose++;
    }
    hand->error += error / loose;
    hand->errors++;
}

static void test_error_by_hand_and_nothing_changed(void **state)
{
    Play *p = *state;
    ParaWitness *w = witness_of(p, NULL, 1);
    begin(p, &p->watched, 3);
    begin(p, &p->other, 3);
    const ParaWorldDef *def = &p->other.level->world;
    Hand hand = {.dreaming = para_dreaming_create(p->model, p->arena),
                 .facts = para_model_facts(def, p->arena),
                 .moment = para_moment_create(def, p->arena),
                 .steps = para_model_physics_steps(&p->model->def, def)};
    assert_true(hand.steps < p->other.level->frame_skip);
    float doubt = 0, sum = 0;
    for (int i = 0; i < 40 && p->watched.play.status == PARA_PLAY_ON; i++) {
        int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
        para_acts_random(&p->keys, &p->watched, actions);
        para_decision_make_one(&p->watched, actions);
        para_witness_judge(w, 0, 1, 0);
        assert_true(para_witness_doubt(w, 0, &doubt) && doubt >= 0.0f);
        sum += doubt;
        para_decision_begin(&p->other, actions);
        while (!para_decision_step_seen(&p->other, by_hand, &hand)) {
        }
        assert_true(p->watched.chain == p->other.chain);
    }
    ParaForeseen said = para_witness_foreseen(w, 0), all = para_witness_ask(w);
    assert_true(said.known && hand.errors > 10 && hand.error > 0 && hand.doubt > 0);
    assert_float_equal(said.error, (float)(hand.error / hand.errors), 1e-3f * said.error + 1e-5f);
    assert_float_equal(said.doubt, (float)(hand.doubt / hand.decisions), 1e-3f * said.doubt + 1e-6f);
    assert_float_equal(sum, (float)hand.doubt, 1e-3f * sum);
    assert_true(all.known && all.error == said.error); // there was one episode
    assert_false(para_witness_ask(w).known);
    para_witness_destroy(w);
}

static void play_out(Play *p, ParaWitness *w, int most)
{
    for (int i = 0; i < most && p->watched.play.status == PARA_PLAY_ON; i++) {
        int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
        para_acts_random(&p->keys, &p->watched, actions);
        para_decision_make_one(&p->watched, actions);
        para_witness_judge(w, 0, 1, 0);
    }
}

static void test_store_is_filled_and_bounded(void **state)
{
    Play *p = *state;
    ParaStore store = para_store_create(6, 1, p->arena);
    ParaWitness *w = witness_of(p, &store, 8);
    size_t before = para_arena_used(p->arena);
    for (uint64_t episode = 0; episode < 60; episode++) {
        begin(p, &p->watched, episode);
        play_out(p, w, 60);
        para_witness_gather(w);
    }
    assert_true(store.seen > 15 && store.seen < 45); // half of them
    assert_true(store.steps > 20 && store.steps <= 6 * PARA_STORE_STEPS);
    assert_true(store.seconds > 60);
    assert_int_equal(para_arena_used(p->arena), before); // nothing grows with time
    for (int i = 0; i < store.room; i++) {
        const ParaEpisodeLived *lived = &store.episodes[i];
        assert_true(lived->arena && lived->count >= 1 && lived->count <= PARA_STORE_STEPS);
        assert_true(para_arena_used(lived->arena) <= PARA_WITNESS_EPISODE + ((size_t)96 << 10));
        assert_ptr_equal(lived->facts.def, &lived->level->world); // its own: the env's is gone
        assert_ptr_not_equal(lived->level, p->watched.level);
        for (int k = 0; k < lived->count; k++) {
            const ParaLived *step = &lived->steps[k];
            int counted = 0;
            for (int b = 0; b < lived->level->world.body_count; b++) {
                counted += step->counts[b];
                assert_true(isfinite(step->place[3 * b]) && isfinite(step->motion[3 * b]));
            }
            assert_true(counted > 0);
        }
    }
    para_witness_destroy(w);
    para_store_destroy(&store);
}

/// What hides its mass from the player hides it from a model that is taught beside it.
static void test_hidden_masses_stay_hidden(void **state)
{
    Play *p = *state;
    const char *names[] = {"lever"}, *error = NULL;
    assert_true(para_families_load(&p->families, names, 1, p->arena, &error));
    ParaStore store = para_store_create(6, 1, p->arena);
    ParaWitness *w = witness_of(p, &store, 8);
    int hidden = 0;
    for (uint64_t episode = 0; episode < 12; episode++) {
        begin(p, &p->watched, episode);
        play_out(p, w, 20);
        para_witness_gather(w);
    }
    for (int i = 0; i < store.room; i++) {
        if (!store.episodes[i].arena)
            continue; // the sample is still empty
        const ParaLevel *level = store.episodes[i].level;
        const ParaWorldDef seen = para_level_seen(level, p->arena);
        ParaModelFacts known = para_model_facts(&seen, p->arena),
                       truth = para_model_facts(&level->world, p->arena);
        for (int b = 0; b < level->world.body_count; b++) {
            float mass = store.episodes[i].facts.bodies[b].inverse_mass;
            assert_true(mass == known.bodies[b].inverse_mass);
            hidden += mass != truth.bodies[b].inverse_mass;
        }
    }
    assert_true(hidden > 0);
    para_witness_destroy(w);
    para_store_destroy(&store);
}

/// What it keeps teaches: a school in slices, whose networks foresee better after than before.
static void test_what_it_keeps_teaches(void **state)
{
    Play *p = *state;
    ParaStore store = para_store_create(40, 1, p->arena);
    ParaWitness *w = witness_of(p, &store, 1);
    ParaTeaching teaching = para_teaching_default();
    teaching.alone = 0;
    ParaSchool *school = para_school_open(p->model, &store, &teaching, p->arena);
    ParaWorkers *workers = para_workers_create(1);
    double error = 0;
    assert_non_null(school);
    assert_false(para_school_teach(school, 24, 1e-3f, workers, NULL, NULL, &error)); // the store is empty
    for (uint64_t episode = 0; episode < 30; episode++) {
        begin(p, &p->watched, episode);
        play_out(p, w, 40);
        para_witness_gather(w);
    }
    float early = para_witness_ask(w).error;
    for (int slice = 0; slice < 10; slice++)
        assert_true(para_school_teach(school, 240, 2e-3f, workers, NULL, NULL, &error));
    for (uint64_t episode = 100; episode < 110; episode++) { // others
        begin(p, &p->watched, episode);
        play_out(p, w, 40);
    }
    float late = para_witness_ask(w).error;
    assert_true(late < 0.8f * early);
    para_school_close(school);
    para_workers_destroy(workers);
    para_witness_destroy(w);
    para_store_destroy(&store);
}

/// What a step that is kept says was felt is what whoever lives through the same play on purpose has felt.
static void test_what_was_felt_is_kept(void **state)
{
    Play *p = *state;
    ParaStore store = para_store_create(40, 1, p->arena);
    ParaWitness *w = witness_of(p, &store, 8);
    int compared = 0, pressed = 0;
    for (uint64_t episode = 0; episode < 12; episode++) {
        ParaRandomKeys keys = {.rng = para_rng_make(episode, "keys")};
        ParaEpisodeLived lived = {.arena = p->arena};
        ParaRng rng = para_rng_make(1, "live");
        int64_t seen = store.seen;
        begin(p, &p->other, episode);
        para_store_live(&p->other, para_acts_random, &keys, 2, 4.0f, 1.0f, &rng, &lived);
        p->keys.rng = para_rng_make(episode, "keys");
        memset(p->keys.actions, 0, sizeof p->keys.actions);
        begin(p, &p->watched, episode);
        play_out(p, w, 40);
        begin(p, &p->watched, episode + 1000); // so the one before is over
        play_out(p, w, 1);
        para_witness_gather(w);
        if (store.seen == seen)
            continue; // not kept
        const ParaEpisodeLived *kept = &store.episodes[store.half + (int)(seen % (store.room - store.half))];
        for (int k = 0; k < kept->count; k++)
            for (int i = 0; i < lived.count; i++) {
                const ParaLived *one = &kept->steps[k], *other = &lived.steps[i];
                if (one->moment.view.step != other->moment.view.step)
                    continue;
                assert_int_equal(one->felt_count, other->felt_count);
                for (int f = 0; f < one->felt_count; f++) {
                    assert_int_equal(one->felt[f].of_a, other->felt[f].of_a);
                    assert_int_equal(one->felt[f].of_b, other->felt[f].of_b);
                    assert_true(one->felt[f].joint == other->felt[f].joint);
                    assert_true(one->felt[f].peak == other->felt[f].peak);
                    pressed += one->felt[f].peak > 0;
                }
                compared++;
            }
    }
    assert_true(compared > 20 && pressed > 20);
    para_witness_destroy(w);
    para_store_destroy(&store);
}

/// Cross entropy of who presses whom [nat], of all pairs that are near in what a store holds.
static double touch_error(ParaDreaming *d, const ParaStore *store)
{
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < store->room; i++)
        for (int k = 0; k < store->episodes[i].count; k++) {
            const ParaEpisodeLived *lived = &store->episodes[i];
            ParaMoment *moment = &lived->steps[k].moment;
            d->graph.node_count = d->graph.edge_count = 0;
            assert_true(para_graph_add(&d->graph, &lived->facts, &moment->view, &moment->inputs,
                                       d->model->def.reach, 1.0 / 30, 2) >= 0);
            para_dreaming_believe(d);
            for (int e = 0; e < d->graph.edge_count; e++) {
                const ParaEdge *edge = &d->graph.edges[e];
                bool presses = false;
                for (int f = 0; f < lived->steps[k].felt_count; f++) {
                    const ParaFelt *felt = &lived->steps[k].felt[f];
                    presses |= !felt->joint && felt->of_a == edge->of_a && felt->of_b == edge->of_b &&
                               felt->peak > 0;
                }
                double touch = fmin(fmax((double)d->felt[e].touch, 1e-4), 1 - 1e-4);
                if (edge->kind == PARA_EDGE_CONTACT) {
                    sum -= presses ? log(touch) : log(1 - touch);
                    pairs++;
                }
            }
        }
    assert_true(pairs > 50);
    return sum / pairs;
}

static void fill(Play *p, ParaStore *store, uint64_t first, int episodes)
{
    ParaWitness *w = witness_of(p, store, 8);
    for (uint64_t episode = first; episode < first + (uint64_t)episodes; episode++) {
        begin(p, &p->watched, episode);
        play_out(p, w, 40);
        para_witness_gather(w);
    }
    para_witness_destroy(w);
    p->watched.seen = NULL;
}

/// And it teaches who presses whom: on levels that were not shown it is foreseen better than before.
static void test_what_was_felt_teaches(void **state)
{
    Play *p = *state;
    ParaStore shown = para_store_create(40, 1, p->arena), unseen = para_store_create(20, 1, p->arena);
    ParaTeaching teaching = para_teaching_default();
    double error = 0;
    fill(p, &shown, 0, 30);
    fill(p, &unseen, 100, 12);
    teaching.alone = 0;
    ParaDreaming d = para_dreaming_create(p->model, p->arena);
    double early = touch_error(&d, &unseen);
    ParaSchool *school = para_school_open(p->model, &shown, &teaching, p->arena);
    ParaWorkers *workers = para_workers_create(1);
    assert_true(school && para_school_teach(school, 3600, 2e-3f, workers, NULL, NULL, &error));
    double late = touch_error(&d, &unseen);
    assert_true(late < 0.8 * early);
    para_school_close(school);
    para_workers_destroy(workers);
    para_store_destroy(&shown);
    para_store_destroy(&unseen);
}

const struct CMUnitTest para_tests_witness[] = {
    cmocka_unit_test_setup_teardown(test_error_by_hand_and_nothing_changed, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_store_is_filled_and_bounded, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_hidden_masses_stay_hidden, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_what_it_keeps_teaches, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_what_was_felt_is_kept, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_what_was_felt_teaches, set_up, tear_down),
};
const size_t para_tests_witness_count = sizeof para_tests_witness / sizeof *para_tests_witness;
