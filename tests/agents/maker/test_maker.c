// SPDX-License-Identifier: MIT
// The makers' word, held against a search by hand: which levels sfl keeps of all candidates, who plays them,
// when it chooses anew; and dr, which draws every parameter evenly over its whole range.
#include "agents/maker/maker.h"

#include "agents/batch/seeds.h"
#include "tests/agents/learn/reference.h"
#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FAMILIES = 3, CANDIDATES = 40, KEEP = 6, HOPELESS = 1 };

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families; ///< the second can never be solved
    ParaPolicy *policy;
    ParaWorkers *workers;
    ParaTrialRoom *room;
    ParaPpo *learner; ///< whose settings a maker's own player has
} Fixture;

static int set_up(void **state)
{
    static const char *const names[FAMILIES] = {"push", "wait", "rise"};
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    f->families = tiny_families(names, FAMILIES, f->arena);
    ParaPolicyDef def = {.obs = para_obs_spec_entities(), .width = 16, .encoder_width = 8};
    f->policy = para_policy_create(&def, 1, f->arena);
    f->workers = para_workers_create(2);
    f->room = para_trial_room_create(PARA_SOLVER_AUTO, f->workers, f->arena);
    ParaPpoDef learner = para_ppo_def_default(4 * FAMILIES, 8);
    learner.minibatches = 1;
    f->learner = para_ppo_create(&learner, f->policy, 2, f->workers, f->arena);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_trial_room_destroy(f->room);
    para_workers_destroy(f->workers);
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

static ParaMakerDef small_def(const Fixture *f, const char *method)
{
    ParaMakerDef def = para_maker_def_default(method);
    def.families = &f->families;
    def.room = f->room;
    def.seed = 4;
    def.candidates = CANDIDATES;
    def.keep = KEEP;
    def.refresh = 1;
    def.buffer = FAMILIES * 8;
    def.learner = f->learner;
    def.player = f->policy;
    def.workers = f->workers;
    return def;
}

static ParaMaker *make(const Fixture *f, const ParaMakerDef *def)
{
    const char *error = NULL;
    ParaMaker *maker = para_maker_create(def, f->arena, &error);
    assert_non_null(maker);
    return maker;
}

// ---------------------------------------------------------------- the kept set

typedef struct Candidate {
    ParaPick pick;
    uint64_t hash;
    int tries, solved;
} Candidate;

/// Plays `def->tries` episodes on every candidate of `which` (NULL: all). @return world steps
static int64_t play_stage(const Fixture *f, const ParaMakerDef *def, Candidate *all, const bool *which,
                          uint64_t seed)
{
    ParaTrial *trials = PARA_NEW(f->arena, ParaTrial, FAMILIES * def->candidates * def->tries);
    int count = 0;
    for (int c = 0; c < FAMILIES * def->candidates; c++)
        for (int k = 0; k < def->tries && (!which || which[c]); k++, count++)
            trials[count] = (ParaTrial){
                .pick = all[c].pick, .kind = PARA_TRIAL_POLICY, .seed = para_seed_mix(seed, (uint64_t)count)};
    int64_t steps = para_trials_play(f->room, &f->families, trials, count, f->policy, NULL, NULL);
    count = 0;
    for (int c = 0; c < FAMILIES * def->candidates; c++)
        for (int k = 0; k < def->tries && (!which || which[c]); k++, count++) {
            all[c].tries++;
            all[c].solved += trials[count].report.end == PARA_END_SOLVED;
            all[c].hash = trials[count].report.level_hash;
        }
    return steps;
}

/// p(1 - p) without the bias of few tries: s (n - s) / (n (n - 1)).
static double learnability(const Candidate *c)
{
    return (double)c->solved * (c->tries - c->solved) / ((double)c->tries * (c->tries - 1));
}

/// Whether a comes before b: the more learnable, of equals the smaller seed.
static bool before(const Candidate *a, const Candidate *b)
{
    double difference = learnability(a) - learnability(b);
    return fabs(difference) > 1e-9 ? difference > 0 : a->pick.seed < b->pick.seed;
}

/// Refresh number `turn` by the book: all candidates, in two stages. @return world steps
static int64_t candidates_of(const Fixture *f, const ParaMakerDef *def, int turn, Candidate *all)
{
    uint64_t seed = para_seed_mix(def->seed, (uint64_t)turn);
    ParaRng rng = para_rng_make(seed, "candidates");
    bool *mixed = PARA_NEW(f->arena, bool, FAMILIES * def->candidates);
    for (int c = 0; c < FAMILIES * def->candidates; c++)
        all[c] = (Candidate){
            .pick = {.family = c / def->candidates, .seed = para_training_seed(para_rng_u64(&rng))}};
    int64_t steps = play_stage(f, def, all, NULL, para_seed_mix(seed, 1));
    for (int c = 0; c < FAMILIES * def->candidates; c++)
        mixed[c] = all[c].solved > 0 && all[c].solved < all[c].tries;
    return steps + play_stage(f, def, all, mixed, para_seed_mix(seed, 2));
}

/// Plays the best of each family, as many as are kept, without any action; others where one solves itself.
/// @return world steps
static int64_t play_idle(const Fixture *f, const ParaMakerDef *def, Candidate *all)
{
    int64_t steps = 0;
    for (int c = 0; c < FAMILIES * def->candidates; c++) {
        const Candidate *own = all + c / def->candidates * def->candidates;
        int rank = 0;
        for (int other = 0; other < def->candidates; other++)
            rank += before(&own[other], &all[c]);
        if (rank >= def->keep || learnability(&all[c]) <= 0)
            continue;
        ParaTrial trial = {.pick = all[c].pick, .kind = PARA_TRIAL_STILL};
        steps += para_trials_play(f->room, &f->families, &trial, 1, NULL, NULL, NULL);
        assert_true(trial.played && trial.report.end != PARA_END_SOLVED); // none of these families' does
    }
    return steps;
}

/// Holds a kept level against the candidate that belongs in its place.
static void check_same(const ParaMaker *maker, const ParaKept *kept, const Candidate *want, int place)
{
    assert_int_equal(kept->pick.seed, want->pick.seed);
    assert_int_equal(kept->pick.family, want->pick.family);
    assert_int_equal(kept->hash, want->hash);
    assert_int_equal(kept->tries, want->tries);
    assert_near((double)kept->success, (double)want->solved / want->tries, 1e-6);
    assert_near((double)kept->score, learnability(want), 1e-6);
    assert_int_equal(para_maker_kept_index(maker, &kept->pick), place);
    // The same seed in another family is another level.
    ParaPick other = {.family = (want->pick.family + 1) % FAMILIES, .seed = want->pick.seed};
    assert_int_equal(para_maker_kept_index(maker, &other), -1);
}

/// The kept levels are, family by family, the best of the candidates in their order.
/// @param per_family out, [FAMILIES] how many were kept
static void check_kept(const ParaMaker *maker, const ParaMakerDef *def, const Candidate *all, int *per_family)
{
    int count = 0, first = 0;
    const ParaKept *kept = para_maker_kept(maker, &count);
    for (int family = 0; family < FAMILIES; family++, first += per_family[family - 1]) {
        const Candidate *own = all + family * def->candidates;
        per_family[family] = 0;
        for (int c = 0; c < def->candidates; c++) {
            int rank = 0;
            for (int other = 0; other < def->candidates; other++)
                rank += before(&own[other], &own[c]);
            if (rank >= def->keep || learnability(&own[c]) <= 0) {
                assert_int_equal(para_maker_kept_index(maker, &own[c].pick), -1);
                continue;
            }
            assert_true(first + rank < count);
            check_same(maker, &kept[first + rank], &own[c], first + rank);
            per_family[family]++;
        }
    }
    assert_int_equal(first, count);
}

static void test_maker_keeps_the_best_of_all_candidates(void **state)
{
    Fixture *f = *state;
    ParaMakerDef def = small_def(f, "sfl");
    ParaMaker *maker = make(f, &def);
    Candidate *all = PARA_NEW(f->arena, Candidate, FAMILIES * CANDIDATES);
    uint64_t earlier = 0;
    for (int turn = 0; turn < 2; turn++) {
        int kept[FAMILIES], again = 0, once = 0, choice = 0, count = 0;
        int64_t steps = para_maker_turn(maker, 1 + turn, f->policy);
        int64_t by_the_book = candidates_of(f, &def, turn, all);
        assert_int_equal(steps, by_the_book + play_idle(f, &def, all));
        check_kept(maker, &def, all, kept);
        for (int c = 0; c < FAMILIES * CANDIDATES; c++) {
            again += all[c].tries == 2 * def.tries;
            once += all[c].tries == def.tries;
            choice += c < CANDIDATES && all[c].tries > 0 && learnability(&all[c]) > 0;
        }
        // There was something to choose: more at the edge than may be kept, and the hopeless family has
        // nothing.
        assert_true(again > 5 && once > again && again + once == FAMILIES * CANDIDATES);
        assert_true(choice > KEEP && kept[0] == KEEP && kept[2] > 0);
        assert_int_equal(kept[HOPELESS], 0);
        uint64_t seed = para_maker_kept(maker, &count)[0].pick.seed;
        assert_true(seed != earlier); // another turn, other candidates
        earlier = seed;
    }
}

static void test_maker_with_one_try_a_stage_keeps_nothing(void **state)
{
    Fixture *f = *state;
    ParaMakerDef def = small_def(f, "sfl");
    def.tries = 1; // one outcome is never mixed
    ParaMaker *maker = make(f, &def);
    int count = -1;
    assert_true(para_maker_turn(maker, 1, f->policy) > 0);
    para_maker_kept(maker, &count);
    assert_int_equal(count, 0);
    for (int env = 0; env < 12; env++) { // so all envs play fresh levels
        ParaRng rng = para_rng_make(1, "test");
        ParaPick pick;
        para_maker_next(maker, env, &rng, &pick);
        assert_int_equal(pick.family, env % FAMILIES);
    }
}

static void test_maker_keeps_the_same_for_any_threads(void **state)
{
    Fixture *f = *state;
    ParaMakerDef def = small_def(f, "sfl");
    ParaMaker *first = make(f, &def);
    int64_t steps = para_maker_turn(first, 1, f->policy);
    int count = 0;
    const ParaKept *kept = para_maker_kept(first, &count);
    assert_true(count > 0);
    for (int threads = 1; threads <= 3; threads += 2) {
        ParaWorkers *workers = para_workers_create(threads);
        def.room = para_trial_room_create(PARA_SOLVER_AUTO, workers, f->arena);
        ParaMaker *maker = make(f, &def);
        int same = 0;
        assert_int_equal(para_maker_turn(maker, 1, f->policy), steps);
        const ParaKept *own = para_maker_kept(maker, &same);
        assert_int_equal(same, count);
        for (int i = 0; i < count; i++)
            assert_true(own[i].pick.seed == kept[i].pick.seed && own[i].hash == kept[i].hash &&
                        own[i].score == kept[i].score && own[i].tries == kept[i].tries);
        para_trial_room_destroy(def.room);
        para_workers_destroy(workers);
    }
}

// ---------------------------------------------------------------- reports

/// One report of a kept level.
static ParaEnded told(const ParaKept *kept, bool solved)
{
    return (ParaEnded){.pick = kept->pick, .report = {.end = solved ? PARA_END_SOLVED : PARA_END_TIMEOUT}};
}

static void tell(ParaMaker *maker, int place, const char *outcomes)
{
    int count = 0;
    for (const char *at = outcomes; *at; at++) {
        ParaEnded ended = told(&para_maker_kept(maker, &count)[place], *at == '+');
        para_maker_learn(maker, &ended, 1);
    }
}

static void test_maker_scores_kept_levels_by_their_reports(void **state)
{
    Fixture *f = *state;
    ParaMakerDef def = small_def(f, "sfl");
    ParaMaker *maker = make(f, &def), *blind = NULL;
    def.blind = true;
    blind = make(f, &def);
    int count = 0;
    para_maker_turn(maker, 1, f->policy);
    para_maker_turn(blind, 1, f->policy);
    const ParaKept *kept = para_maker_kept(maker, &count), before = kept[1], other = kept[0];
    // Of its trials and the reports the last twelve count: here the reports alone, 3 of 12.
    tell(maker, 1, "--+--+--+---");
    tell(blind, 1, "--+--+--+---");
    assert_int_equal(kept[1].tries, 12);
    assert_near((double)kept[1].success, 3.0 / 12, 1e-6);
    assert_near((double)kept[1].score, 12.0 / 11 * 0.25 * 0.75, 1e-6);
    assert_int_equal(kept[1].reports, 12);
    assert_false(kept[1].given_up);
    assert_memory_equal(&kept[0], &other, sizeof other); // nobody else
    assert_int_equal(para_maker_kept(blind, &count)[1].reports, 0);
    assert_true(para_maker_kept(blind, &count)[1].score == before.score);
    // A report of a fresh level, or of the same seed in another family, is of no kept one.
    ParaEnded strange = told(&kept[0], true);
    strange.pick.family = (strange.pick.family + 1) % FAMILIES;
    para_maker_learn(maker, &strange, 1);
    strange.pick = (ParaPick){.family = kept[0].pick.family, .seed = kept[0].pick.seed + 1};
    para_maker_learn(maker, &strange, 1);
    assert_memory_equal(&kept[0], &other, sizeof other);
}

static int times_played(ParaMaker *maker, int place)
{
    ParaRng rng = para_rng_make(8, "test");
    int times = 0;
    for (int i = 0; i < 3000; i++) {
        ParaPick pick;
        para_maker_next(maker, i, &rng, &pick);
        times += para_maker_kept_index(maker, &pick) == place;
    }
    return times;
}

static void test_maker_gives_up_levels_that_are_at_the_edge_no_more(void **state)
{
    Fixture *f = *state;
    ParaMakerDef def = small_def(f, "sfl");
    ParaMaker *maker = make(f, &def);
    int count = 0;
    para_maker_turn(maker, 1, f->policy);
    const ParaKept *kept = para_maker_kept(maker, &count);
    assert_true(count > 3 && times_played(maker, 0) > 20 && times_played(maker, 1) > 20);
    int own = times_played(maker, 1);
    tell(maker, 0, "-+++++++"); // seven alike are chance, eight are not
    assert_false(kept[0].given_up);
    tell(maker, 0, "+");
    assert_true(kept[0].given_up);
    assert_int_equal(times_played(maker, 0), 0);
    assert_int_equal(para_maker_kept_index(maker, &kept[0].pick), 0); // its place stays
    // The last one of its family is not played more for it: fresh levels are.
    assert_int_equal(kept[1].pick.family, kept[0].pick.family);
    for (int k = 2; k < count; k++)
        tell(maker, k, "++++++++");
    assert_true(abs(times_played(maker, 1) - own) < 4 * sqrt(own));
    tell(maker, 1, "+--------");
    assert_true(kept[1].given_up);
    // An episode that was under way shows that it was too soon: it is played again.
    tell(maker, 0, "-");
    assert_true(!kept[0].given_up && kept[1].given_up);
    assert_true(times_played(maker, 0) > 20);
    for (int k = 0; k < count; k++)
        tell(maker, k, "++++++++");
    for (int k = 0; k < count; k++)
        assert_int_equal(times_played(maker, k), 0); // with none left all envs play fresh levels
}

/// Episodes on levels that the maker chooses, some of them solved.
static void play_some(ParaMaker *maker, int episodes)
{
    ParaRng rng = para_rng_make(5, "play");
    for (int i = 0; i < episodes; i++) {
        ParaEnded ended = {.report = {.end = i % 4 ? PARA_END_SOLVED : PARA_END_FAILED, .seconds = 1}};
        para_maker_next(maker, i, &rng, &ended.pick);
        para_maker_learn(maker, &ended, 1);
    }
}

static void test_makers_are_the_same_after_save_and_load(void **state)
{
    Fixture *f = *state;
    for (const char *const *method = para_maker_methods(); *method; method++) {
        ParaArenaMark mark = para_arena_mark(f->arena);
        ParaMakerDef def = small_def(f, *method);
        def.refresh = 2;
        ParaMaker *maker = make(f, &def), *again = make(f, &def);
        ParaBytes saved = {.arena = f->arena}, later = {.arena = f->arena}, later_again = {.arena = f->arena};
        char sentence[160], sentence_again[160];
        int count = 0;
        play_some(maker, 300);
        para_maker_turn(maker, 2, f->policy);
        const ParaKept *kept = para_maker_kept(maker, &count);
        for (int k = 0; k < count; k++)
            if (kept[k].pick.family >= 0)
                tell(maker, k, k % 2 ? "+-+" : "--------");
        assert_true(count == 0 || kept[0].pick.family == 0);
        play_some(maker, 50);
        para_maker_save(maker, &saved);
        assert_true(para_maker_load(again, saved.data, saved.size));
        para_maker_describe(maker, sentence, sizeof sentence);
        para_maker_describe(again, sentence_again, sizeof sentence_again);
        assert_string_equal(sentence, sentence_again);
        ParaRng rng = para_rng_make(1, "test"), same = rng;
        for (int i = 0; i < 300; i++) {
            ParaPick one, other;
            para_maker_next(maker, i, &rng, &one);
            para_maker_next(again, i, &same, &other);
            assert_true(one.seed == other.seed && one.family == other.family);
        }
        for (int lesson = 3; lesson <= 4; lesson++) // the next refresh is the same too
            assert_int_equal(para_maker_turn(maker, lesson, f->policy),
                             para_maker_turn(again, lesson, f->policy));
        para_maker_save(maker, &later);
        para_maker_save(again, &later_again);
        assert_int_equal(later.size, later_again.size);
        assert_memory_equal(later.data, later_again.data, later.size);
        // Cut anywhere, or with a byte too many, it is no state, and the maker is as it was made.
        size_t stride = 1 + saved.size / 300;
        for (size_t size = 0; size < saved.size; size += stride)
            assert_false(para_maker_load(again, saved.data, size));
        para_bytes_put(&saved, "", 1);
        assert_false(para_maker_load(again, saved.data, saved.size));
        const ParaKept *none = para_maker_kept(again, &count);
        for (int k = 0; k < count; k++)
            assert_int_equal(none[k].pick.family, -1);
        para_maker_destroy(maker);
        para_maker_destroy(again);
        para_arena_rewind(f->arena, mark);
    }
}

static void test_makers_say_what_they_do(void **state)
{
    Fixture *f = *state;
    ParaMakerDef def = small_def(f, "sfl");
    ParaMaker *maker = make(f, &def);
    char sentence[160];
    int count = 0;
    def.method = "dr";
    ParaMaker *dr = make(f, &def);
    ParaKept anything = {.pick = {.seed = 3}};
    ParaEnded good = told(&anything, true), bad = told(&anything, false);
    para_maker_describe(dr, sentence, sizeof sentence);
    assert_string_equal(sentence, "draws every level of 3 families anew");
    para_maker_learn(dr, &good, 1);
    para_maker_learn(dr, &bad, 1);
    para_maker_describe(dr, sentence, sizeof sentence); // the newer one counts a little more
    assert_string_equal(sentence, "draws every level of 3 families anew, solved 50 %");
    para_maker_describe(maker, sentence, sizeof sentence);
    assert_string_equal(sentence, "draws every level anew for 1 decision, then keeps those at the edge");
    para_maker_turn(maker, 1, f->policy);
    const ParaKept *kept = para_maker_kept(maker, &count);
    double solved = 0;
    for (int k = 0; k < count; k++)
        solved += (double)kept[k].success / count;
    para_maker_describe(maker, sentence, sizeof sentence);
    if (!strstr(sentence, para_arena_printf(f->arena, "keeps %d levels of 2 families", count)) ||
        !strstr(sentence, para_arena_printf(f->arena, "solved %.0f %%", 100 * solved)) ||
        !strstr(sentence, " from "))
        fail_msg("%s", sentence);
    char narrow[8];
    para_maker_describe(maker, narrow, sizeof narrow);
    assert_string_equal(narrow, para_arena_printf(f->arena, "%.7s", sentence));
}

// ---------------------------------------------------------------- when

static void test_maker_refreshes_every_so_many_decisions(void **state)
{
    Fixture *f = *state;
    ParaMakerDef def = small_def(f, "sfl");
    def.candidates = 4;
    def.refresh = 4;
    // A run from its beginning; one continued after 6 decisions, which has no kept levels and chooses at
    // once.
    const int begin[2] = {0, 6}, want[2][4] = {{4, 8, 12, 16}, {6, 8, 12, 16}};
    for (int k = 0; k < 2; k++) {
        ParaMaker *maker = make(f, &def);
        for (int lesson = begin[k], next = 0; lesson <= 17; lesson++) {
            bool due = next < 4 && lesson == want[k][next];
            next += due;
            assert_int_equal(para_maker_turn(maker, lesson, f->policy) > 0, due);
            int count = 0;
            const ParaKept *kept = para_maker_kept(maker, &count);
            for (int i = 0; i < count; i++)
                assert_int_equal(kept[i].fresh, due);
        }
    }
    def.method = "dr";
    ParaMaker *dr = make(f, &def);
    for (int lesson = 0; lesson <= 8; lesson++)
        assert_int_equal(para_maker_turn(dr, lesson, f->policy), 0);
}

static void test_maker_of_a_continued_run_with_the_usual_refresh(void **state)
{
    Fixture *f = *state;
    ParaMakerDef def = para_maker_def_default("sfl");
    assert_int_equal(def.candidates, 64);
    assert_int_equal(def.tries, 3);
    assert_int_equal(def.keep, 16);
    assert_int_equal(def.refresh, 1 << 20);
    def.refresh = 64;
    assert_true(def.kept_share == 0.5f);
    def.families = &f->families;
    def.room = f->room;
    def.candidates = 4;
    ParaMaker *fresh = make(f, &def), *continued = make(f, &def);
    assert_int_equal(para_maker_turn(fresh, 1, f->policy), 0); // an untrained player knows nothing of levels
    assert_int_equal(para_maker_turn(fresh, 63, f->policy), 0);
    assert_true(para_maker_turn(fresh, 64, f->policy) > 0);
    assert_true(para_maker_turn(continued, 65, f->policy) > 0);
    assert_int_equal(para_maker_turn(continued, 66, f->policy), 0);
    assert_true(para_maker_turn(continued, 128, f->policy) > 0);
}

// ---------------------------------------------------------------- who plays what

static void test_maker_lends_kept_levels_to_their_share_of_envs(void **state)
{
    Fixture *f = *state;
    enum { ENVS = 60 }; // 20 of each family
    const float shares[] = {0.0f, 0.25f, 0.5f, 0.8f, 1.0f};
    for (size_t k = 0; k < sizeof shares / sizeof *shares; k++) {
        ParaMakerDef def = small_def(f, "sfl");
        def.kept_share = shares[k];
        ParaMaker *maker = make(f, &def);
        int on_kept[FAMILIES] = {0};
        ParaRng rng = para_rng_make(2, "test");
        ParaPick pick;
        for (int env = 0; env < ENVS; env++) { // before the first refresh there is nothing to lend
            para_maker_next(maker, env, &rng, &pick);
            assert_int_equal(pick.family, env % FAMILIES);
        }
        para_maker_turn(maker, 1, f->policy);
        for (int env = 0; env < ENVS; env++) {
            bool kept = false;
            for (int round = 0; round < 20; round++) {
                para_maker_next(maker, env, &rng, &pick);
                bool is_kept = para_maker_kept_index(maker, &pick) >= 0;
                assert_true(round == 0 || is_kept == kept); // an env stays with what it is for
                kept = is_kept;
                // A family without kept levels lends its envs to the others; all else stays in its family.
                if (kept && env % FAMILIES == HOPELESS)
                    assert_int_not_equal(pick.family, HOPELESS);
                else
                    assert_int_equal(pick.family, env % FAMILIES);
                assert_true(pick.seed >> 63 == 0 && !pick.bound); // never a held-out seed
            }
            on_kept[env % FAMILIES] += kept;
        }
        for (int family = 0; family < FAMILIES; family++)
            assert_int_equal(on_kept[family], (int)(20.0f * shares[k] + 0.01f));
    }
}

static void test_maker_draws_kept_levels_evenly(void **state)
{
    Fixture *f = *state;
    ParaMakerDef def = small_def(f, "sfl");
    def.kept_share = 1.0f;
    ParaMaker *maker = make(f, &def);
    para_maker_turn(maker, 1, f->policy);
    int count = 0, own = 0;
    const ParaKept *kept = para_maker_kept(maker, &count);
    int seen[FAMILIES][FAMILIES * KEEP] = {{0}};
    for (int i = 0; i < count; i++)
        own += kept[i].pick.family == 0;
    assert_true(own > 1 && count > own);
    ParaRng rng = para_rng_make(3, "test");
    for (int i = 0; i < 300 * count; i++)
        for (int env = 0; env < FAMILIES; env++) {
            ParaPick pick;
            para_maker_next(maker, env, &rng, &pick);
            seen[env][para_maker_kept_index(maker, &pick)]++;
        }
    for (int i = 0; i < count; i++) {
        // Four standard deviations around the even share: of its own family's levels, or of all.
        double even = 300.0, wide = 300.0 * count / own;
        assert_true(fabs(seen[HOPELESS][i] - even) < 4.0 * sqrt(even));
        if (kept[i].pick.family == 0)
            assert_true(fabs(seen[0][i] - wide) < 4.0 * sqrt(wide));
    }
}

// ---------------------------------------------------------------- dr

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/// The largest distance between the share of values below x and an even distribution over [low, high] is
/// below what all but one of a thousand even draws stay below. <Kolmogorov and Smirnov>
static void check_even(double *values, int count, double low, double high, const char *name)
{
    double worst = 0;
    qsort(values, (size_t)count, sizeof *values, rising);
    assert_true(values[0] >= low && values[count - 1] <= high);
    for (int i = 0; i < count; i++) {
        double even = (values[i] - low) / (high - low);
        worst = fmax(worst, fmax((i + 1.0) / count - even, even - (double)i / count));
    }
    if (worst > 1.95 / sqrt(count))
        fail_msg("%s is not drawn evenly over %g to %g: off by %.3f", name, low, high, worst);
}

/// Whole numbers from low to high are as frequent as each other.
static void check_dice(const double *values, int count, int low, int high, const char *name)
{
    int sides = high - low + 1, seen[64] = {0};
    double even = (double)count / sides;
    assert_true(sides <= 64);
    for (int i = 0; i < count; i++) {
        assert_true(values[i] == floor(values[i]) && values[i] >= low && values[i] <= high);
        seen[(int)values[i] - low]++;
    }
    for (int k = 0; k < sides; k++)
        if (fabs(seen[k] - even) > 4.0 * sqrt(even))
            fail_msg("%s is %d in %d of %d levels", name, low + k, seen[k], count);
}

typedef struct Range {
    const char *name;
    double low, high;
    bool whole;
} Range;

/// A family's parameters over many of a maker's picks against their ranges as the template says them.
static void check_family(const ParaFamilies *families, int family, const Range *ranges, int range_count,
                         ParaMaker *maker, ParaArena *arena)
{
    enum { LEVELS = 600 };
    double *values = PARA_NEW(arena, double, PARA_PARAMS_MAX *LEVELS);
    ParaRng rng = para_rng_make(11, "test");
    for (int i = 0; i < LEVELS; i++) {
        ParaArenaMark mark = para_arena_mark(arena);
        ParaPick pick;
        para_maker_next(maker, family + i * families->count, &rng, &pick);
        assert_int_equal(pick.family, family);
        assert_true(pick.seed >> 63 == 0 && !pick.bound && pick.parent == 0);
        ParaLevel *level = para_families_sample(families, &pick, "dr", arena);
        assert_non_null(level);
        assert_int_equal(level->param_count, range_count);
        for (int p = 0; p < range_count; p++) {
            assert_string_equal(level->params[p].name, ranges[p].name);
            values[p * LEVELS + i] = level->params[p].value;
        }
        para_arena_rewind(arena, mark);
    }
    for (int p = 0; p < range_count; p++)
        if (ranges[p].whole)
            check_dice(values + p * LEVELS, LEVELS, (int)ranges[p].low, (int)ranges[p].high, ranges[p].name);
        else
            check_even(values + p * LEVELS, LEVELS, ranges[p].low, ranges[p].high, ranges[p].name);
}

static void test_dr_draws_every_parameter_over_its_whole_range(void **state)
{
    Fixture *f = *state;
    const Range push[] = {{"distance", 0.5, 2, false}};
    const Range rise[] = {{"height", 0.1, 1.5, false}, {"weight", 0.5, 2, false}, {"weights", 0, 3, true}};
    ParaMakerDef def = small_def(f, "dr");
    ParaMaker *maker = make(f, &def);
    int count = -1;
    check_family(&f->families, 0, push, 1, maker, f->arena);
    check_family(&f->families, HOPELESS, NULL, 0, maker, f->arena);
    check_family(&f->families, 2, rise, 3, maker, f->arena);
    para_maker_kept(maker, &count);
    assert_int_equal(count, 0);
}

static void test_dr_seeds_are_all_on_the_side_of_training(void **state)
{
    Fixture *f = *state;
    ParaMakerDef def = small_def(f, "dr");
    ParaMaker *maker = make(f, &def);
    ParaRng rng = para_rng_make(12, "test"), same = rng;
    int high_bits = 0;
    for (int i = 0; i < 200; i++) {
        ParaPick pick;
        para_maker_next(maker, i, &rng, &pick);
        uint64_t draw = para_rng_u64(&same); // one number of the env's own stream, nothing else
        high_bits += (draw >> 63) != 0;
        assert_int_equal(pick.seed, draw & ~(UINT64_C(1) << 63));
    }
    assert_true(high_bits > 60); // the draw alone would not have been on that side
}

static void test_makers_are_named(void **state)
{
    (void)state;
    int dr = 0, sfl = 0; // runs name these two; others may come, in any place
    for (const char *const *name = para_maker_methods(); *name; name++) {
        dr += strcmp(*name, "dr") == 0;
        sfl += strcmp(*name, "sfl") == 0;
    }
    assert_int_equal(dr, 1);
    assert_int_equal(sfl, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
const struct CMUnitTest para_tests_maker[] = {
    TEST(test_maker_keeps_the_best_of_all_candidates),
    TEST(test_maker_with_one_try_a_stage_keeps_nothing),
    TEST(test_maker_keeps_the_same_for_any_threads),
    TEST(test_maker_scores_kept_levels_by_their_reports),
    TEST(test_maker_gives_up_levels_that_are_at_the_edge_no_more),
    TEST(test_makers_are_the_same_after_save_and_load),
    TEST(test_makers_say_what_they_do),
    TEST(test_maker_refreshes_every_so_many_decisions),
    TEST(test_maker_of_a_continued_run_with_the_usual_refresh),
    TEST(test_maker_lends_kept_levels_to_their_share_of_envs),
    TEST(test_maker_draws_kept_levels_evenly),
    TEST(test_dr_draws_every_parameter_over_its_whole_range),
    TEST(test_dr_seeds_are_all_on_the_side_of_training),
    cmocka_unit_test(test_makers_are_named),
};
const size_t para_tests_maker_count = sizeof para_tests_maker / sizeof *para_tests_maker;
