// SPDX-License-Identifier: MIT
// The door for other languages: what is wrong is refused with a reason and nothing moves; the three
// autoreset modes; nothing depends on threads or on a fork; snapshots, sources and levels give the same bits.
#include "agents/abi/abi.h"
#include "agents/batch/batch.h"
#include "agents/env/decision.h"
#include "engine/base/hash.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ENVS 40

static ParaAbiFamily *load(const char *name)
{
    ParaAbiFamily *family = para_abi_family_load(name);
    if (!family)
        fail_msg("%s", para_abi_error());
    return family;
}

static ParaAbiBatchDef def_of(ParaAbiFamily *const *families, int envs)
{
    return (ParaAbiBatchDef){.size = sizeof(ParaAbiBatchDef),
                             .envs = envs,
                             .obs = PARA_ABI_OBS_ENTITIES,
                             .threads = 1,
                             .family_count = 1,
                             .families = families};
}

static ParaAbiBlocks blocks_of(const ParaAbiBatch *batch)
{
    ParaAbiBlocks blocks = {.size = sizeof blocks};
    assert_int_equal(para_abi_batch_blocks(batch, &blocks), PARA_ABI_OK);
    return blocks;
}

static ParaAbiBatch *make(const ParaAbiBatchDef *def)
{
    ParaAbiBatch *batch = para_abi_batch_create(def);
    if (!batch)
        fail_msg("%s", para_abi_error());
    return batch;
}

static void reset(ParaAbiBatch *batch, uint64_t seed)
{
    ParaAbiBlocks blocks = blocks_of(batch);
    uint64_t *seeds = calloc((size_t)blocks.envs, sizeof *seeds);
    for (int b = 0; b < blocks.envs; b++)
        seeds[b] = seed + (uint64_t)b;
    if (para_abi_batch_reset(batch, NULL, seeds) != PARA_ABI_OK)
        fail_msg("%s", para_abi_error());
    free(seeds);
}

// Random actions in every form the batch may have.
static void draw_actions(const ParaAbiBatch *batch, ParaRng *rng)
{
    ParaAbiBlocks blocks = blocks_of(batch);
    for (int b = 0; b < blocks.envs; b++) {
        for (int c = 0, channel = 0; c < blocks.channel_count; c++, channel++) {
            while (!(blocks.channel_bits >> channel & 1))
                channel++;
            int i = b * blocks.channel_count + c, most = blocks.negative_bits >> channel & 1 ? 2 : 1;
            if (blocks.forces)
                blocks.forces[i] = (float)para_rng_range(rng, -1, 1);
            else if (!blocks.table)
                blocks.choices[i] = para_rng_int(rng, 0, most);
        }
        if (blocks.table)
            blocks.choices[b] = para_rng_int(rng, 0, blocks.choice_count - 1);
    }
}

static uint64_t step_and_hash(ParaAbiBatch *batch, uint64_t hash)
{
    ParaAbiBlocks blocks = blocks_of(batch);
    size_t envs = (size_t)blocks.envs;
    if (para_abi_batch_step(batch) < 0)
        fail_msg("%s", para_abi_error());
    hash = para_hash(blocks.obs, envs * (size_t)blocks.obs_size * sizeof(float), hash);
    hash = para_hash(blocks.reward, envs * sizeof(double), hash);
    hash = para_hash(blocks.terminated, envs, hash);
    return para_hash(blocks.truncated, envs, hash);
}

static uint64_t run_hash(const ParaAbiBatchDef *def, int decisions)
{
    ParaAbiBatch *batch = make(def);
    ParaRng rng = para_rng_make(5, "actions");
    uint64_t hash = 0;
    reset(batch, 9);
    for (int t = 0; t < decisions; t++) {
        draw_actions(batch, &rng);
        hash = step_and_hash(batch, hash);
    }
    para_abi_batch_free(batch);
    return hash;
}

// ---------------------------------------------------------------------------------------------

static void test_wrong_arguments_are_refused(void **state)
{
    (void)state;
    assert_int_equal(para_abi_version(), PARA_ABI_VERSION);
    assert_null(para_abi_family_load(NULL));
    assert_null(para_abi_family_load("rovr"));
    assert_non_null(strstr(para_abi_error(), "rover"));
    assert_int_equal(para_abi_family_info(NULL, NULL), PARA_ABI_INVALID);
    assert_null(para_abi_level_sample(NULL, NULL, NULL, 0));
    assert_null(para_abi_level_load("{", 1));
    assert_null(para_abi_level_json(NULL));
    assert_null(para_abi_batch_create(NULL));
    assert_int_equal(para_abi_batch_step(NULL), PARA_ABI_INVALID);
    assert_int_equal(para_abi_batch_reset(NULL, NULL, NULL), PARA_ABI_INVALID);
    assert_int_equal(para_abi_batch_source(NULL, 0, NULL), PARA_ABI_INVALID);
    assert_null(para_abi_snapshot_take(NULL, 0));
    assert_int_equal(para_abi_snapshot_restore(NULL, 0, NULL), PARA_ABI_INVALID);
    para_abi_batch_free(NULL);
    para_abi_level_free(NULL);
    para_abi_family_free(NULL);
    para_abi_snapshot_free(NULL);
}

/// A template's text and a level's pass one check, before anything is read of them.
static void test_texts_have_a_length(void **state)
{
    (void)state;
    const struct {
        const char *text;
        uint64_t length;
    } wrong[] = {{NULL, 2}, {"{}", 0}, {"{}", (uint64_t)PARA_ABI_TEXT_MAX + 1}, {"{}", UINT64_MAX}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_null(para_abi_family_load_text(wrong[i].text, wrong[i].length));
        assert_int_equal(para_abi_error_code(), PARA_ABI_INVALID);
        assert_string_equal(para_abi_error(), "a template's text has 1 to 16777216 bytes");
        assert_null(para_abi_level_load(wrong[i].text, wrong[i].length));
        assert_int_equal(para_abi_error_code(), PARA_ABI_INVALID);
        assert_string_equal(para_abi_error(), "a level's text has 1 to 16777216 bytes");
    }
    assert_null(para_abi_family_load_text("{]", 1)); // no byte behind its end is read
    assert_non_null(strstr(para_abi_error(), "the { of line 1 is not closed"));
}

static void test_wrong_defs_are_refused(void **state)
{
    (void)state;
    ParaAbiFamily *family = load("rover"), *none = NULL;
    ParaAbiBatchDef good = def_of(&family, 2), bad;
#define REFUSES(change)                                                                                      \
    bad = good;                                                                                              \
    change;                                                                                                  \
    assert_null(para_abi_batch_create(&bad));                                                                \
    assert_true(*para_abi_error() != 0)
    REFUSES(bad.size--);
    REFUSES(bad.envs = 0);
    REFUSES(bad.envs = PARA_ABI_ENVS_MAX + 1);
    REFUSES(bad.obs = 4);
    REFUSES(bad.actions = -1);
    REFUSES(bad.autoreset = 3);
    REFUSES(bad.threads = 100000);
    REFUSES(bad.max_decisions = -1);
    REFUSES(bad.family_count = 0);
    REFUSES(bad.families = NULL);
    REFUSES(bad.families = &none);
    REFUSES((bad.obs = PARA_ABI_OBS_PIXELS, bad.width = 4, bad.height = 64));
#undef REFUSES
    para_abi_family_free(family);
}

static void test_order_of_calls_and_actions(void **state)
{
    (void)state;
    ParaAbiFamily *family = load("rover");
    ParaAbiBatchDef def = def_of(&family, 2);
    def.autoreset = PARA_ABI_DISABLED;
    def.max_decisions = 2;
    ParaAbiBatch *batch = make(&def);
    para_abi_family_free(family); // the batch keeps it
    ParaAbiBlocks blocks = blocks_of(batch);
    uint64_t before, after;
    uint8_t picture[16 * 16 * 3], mask[2] = {0, 1};
    assert_int_equal(para_abi_batch_step(batch), PARA_ABI_STATE);
    assert_null(para_abi_batch_level(batch, 0));
    assert_true(para_abi_batch_bytes_per_env(batch) > 0); // without the worlds, which are not there yet
    assert_null(para_abi_snapshot_take(batch, 0));
    assert_int_equal(para_abi_batch_render(batch, 0, 16, 16, picture), PARA_ABI_STATE);
    assert_int_equal(para_abi_batch_reset(batch, mask, NULL), PARA_ABI_OK);
    assert_int_equal(para_abi_batch_step(batch), PARA_ABI_STATE); // env 0 has no episode yet
    reset(batch, 1);
    assert_null(para_abi_batch_level(batch, 2));
    assert_int_equal(para_abi_batch_state_hash(batch, 0, &before), PARA_ABI_OK);
    blocks.choices[2 * blocks.channel_count - 1] = 3;
    assert_int_equal(para_abi_batch_step(batch), PARA_ABI_ACTION);
    blocks.choices[2 * blocks.channel_count - 1] = -1;
    assert_int_equal(para_abi_batch_step(batch), PARA_ABI_ACTION);
    assert_int_equal(para_abi_batch_state_hash(batch, 0, &after), PARA_ABI_OK);
    assert_true(before == after);
    blocks.choices[2 * blocks.channel_count - 1] = 0;
    assert_int_equal(para_abi_batch_step(batch), 0);
    assert_int_equal(para_abi_batch_step(batch), 2);
    assert_int_equal(blocks.reports[1].end, PARA_ABI_END_CUT);
    assert_int_equal(blocks.reports[1].decisions, 2);
    assert_true(blocks.truncated[0] && !blocks.terminated[0]);
    assert_int_equal(para_abi_batch_step(batch), PARA_ABI_STATE); // over
    assert_int_equal(para_abi_batch_reset(batch, mask, NULL), PARA_ABI_OK);
    assert_true(blocks.truncated[0] && !blocks.truncated[1]);
    para_abi_batch_free(batch);
}

static void test_nothing_depends_on_threads(void **state)
{
    (void)state;
    ParaAbiFamily *families[] = {load("roll"), load("tug"), load("hopper")};
    ParaAbiBatchDef def = def_of(families, ENVS);
    def.family_count = 3;
    for (int act = PARA_ABI_ACT_MULTI_DISCRETE; act <= PARA_ABI_ACT_CONTINUOUS; act++) {
        def.actions = act;
        def.autoreset = act == PARA_ABI_ACT_DISCRETE ? PARA_ABI_SAME_STEP : PARA_ABI_NEXT_STEP;
        def.threads = 1;
        uint64_t alone = run_hash(&def, 60);
        def.threads = 3;
        assert_true(run_hash(&def, 60) == alone);
    }
    for (int f = 0; f < 3; f++)
        para_abi_family_free(families[f]);
}

static void test_autoreset_modes_play_the_same_episodes(void **state)
{
    (void)state;
    ParaAbiFamily *family = load("roll");
    ParaAbiBatchDef def = def_of(&family, 1);
    def.max_decisions = 5;
    ParaAbiBatch *next = make(&def);
    def.autoreset = PARA_ABI_SAME_STEP;
    ParaAbiBatch *same = make(&def);
    ParaAbiBlocks n = blocks_of(next), s = blocks_of(same);
    size_t bytes = (size_t)n.obs_size * sizeof(float);
    reset(next, 3);
    reset(same, 3);
    for (int t = 0; t < 40; t++) {
        n.choices[0] = s.choices[0] = t % 2;
        int ended = para_abi_batch_step(same);
        assert_true(ended >= 0);
        assert_int_equal(para_abi_batch_step(next), ended);
        assert_true(n.reward[0] == s.reward[0] && n.truncated[0] == s.truncated[0]);
        if (!ended) {
            assert_memory_equal(n.obs, s.obs, bytes);
            continue;
        }
        assert_memory_equal(n.obs, s.final_obs, bytes); // the true last one in both
        assert_int_equal(para_abi_batch_step(next), 0); // this step is the reset
        assert_true(n.reward[0] == 0 && !n.truncated[0]);
        assert_memory_equal(n.obs, s.obs, bytes);
    }
    para_abi_batch_free(next);
    para_abi_batch_free(same);
    para_abi_family_free(family);
}

static void test_snapshots_give_the_same_bits(void **state)
{
    (void)state;
    ParaAbiFamily *family = load("walker"), *other = load("tug");
    ParaAbiBatchDef def = def_of(&family, 3), other_def = def_of(&other, 1);
    ParaAbiBatch *batch = make(&def), *stranger = make(&other_def);
    ParaAbiBlocks blocks = blocks_of(batch);
    size_t o = (size_t)blocks.obs_size;
    uint64_t first = 0, again = 0;
    reset(batch, 4);
    reset(stranger, 4);
    for (int t = 0; t < 20; t++)
        assert_true(para_abi_batch_step(batch) >= 0);
    ParaAbiSnapshot *snapshot = para_abi_snapshot_take(batch, 0);
    assert_non_null(snapshot);
    float *seen = malloc(o * sizeof *seen);
    memcpy(seen, blocks.obs, o * sizeof *seen);
    for (int t = 0; t < 8; t++)
        assert_true(para_abi_batch_step(batch) >= 0);
    assert_int_equal(para_abi_batch_state_hash(batch, 0, &first), PARA_ABI_OK);
    assert_int_equal(para_abi_snapshot_restore(stranger, 0, snapshot), PARA_ABI_INVALID);
    assert_int_equal(para_abi_snapshot_restore(batch, 3, snapshot), PARA_ABI_INVALID);
    assert_int_equal(para_abi_snapshot_restore(batch, 2, snapshot), PARA_ABI_OK); // into another env
    assert_memory_equal(blocks.obs + 2 * o, seen, o * sizeof *seen);
    for (int t = 0; t < 8; t++)
        assert_true(para_abi_batch_step(batch) >= 0);
    assert_int_equal(para_abi_batch_state_hash(batch, 2, &again), PARA_ABI_OK);
    assert_true(first == again);
    para_abi_snapshot_free(snapshot);
    free(seen);
    para_abi_batch_free(batch);
    para_abi_batch_free(stranger);
    para_abi_family_free(family);
    para_abi_family_free(other);
}

static void test_abi_level_outlives_its_family(void **state)
{
    (void)state;
    ParaAbiFamily *family = para_abi_family_load("roll");
    ParaAbiLevel *kept = para_abi_level_sample(family, NULL, NULL, 5), *other;
    char *before = strdup(para_abi_level_json(kept));
    para_abi_level_free(kept);
    other = para_abi_level_sample(family, NULL, NULL, 5);
    para_abi_family_free(family); // with it goes the text of the template
    assert_string_equal(para_abi_level_json(other), before);
    assert_non_null(strstr(before, "\"body\": \"ball\""));
    para_abi_level_free(other);
    free(before);
}

static void test_sources_of_levels(void **state)
{
    (void)state;
    ParaAbiFamily *family = load("rover");
    ParaAbiBatchDef def = def_of(&family, 4);
    ParaAbiBatch *batch = make(&def);
    uint64_t hashes[4], seeds[4];
    assert_int_equal(para_abi_batch_levels(batch, seeds, hashes, NULL, NULL), PARA_ABI_OK);
    for (int env = 0; env < 4; env++) // none has an episode yet
        assert_true(hashes[env] == 0 && seeds[env] == 0);
    double low[PARA_ABI_PARAMS], high[PARA_ABI_PARAMS];
    for (int p = 0; p < PARA_ABI_PARAMS; p++)
        low[p] = high[p] = (double)NAN;
    low[0] = 7, high[0] = 8; // distance
    low[3] = high[3] = 2;    // rocks
    ParaAbiSource source = {.size = sizeof source, .low = low, .high = high};
    assert_int_equal(para_abi_batch_source(batch, -1, &source), PARA_ABI_OK);
    reset(batch, 1);
    for (int b = 0; b < 4; b++) {
        ParaAbiLevel *level = para_abi_batch_level(batch, b);
        ParaAbiLevelInfo info = {.size = sizeof info};
        assert_int_equal(para_abi_level_info(level, &info), PARA_ABI_OK);
        assert_true(info.values[0] >= 7 && info.values[0] <= 8 && info.values[3] == 2);
        para_abi_level_free(level);
    }
    high[0] = 1e9;
    assert_int_equal(para_abi_batch_source(batch, 0, &source), PARA_ABI_INVALID);
    low[0] = 9, high[0] = 8;
    assert_int_equal(para_abi_batch_source(batch, 0, &source), PARA_ABI_INVALID);
    assert_int_equal(para_abi_batch_source(batch, 4, NULL), PARA_ABI_INVALID);
    // A fixed seed is the level of that seed; its text is the same level again.
    ParaAbiLevel *level = para_abi_level_sample(family, NULL, NULL, 77);
    const char *json = para_abi_level_json(level);
    ParaAbiLevel *copy = para_abi_level_load(json, strlen(json));
    ParaAbiLevelInfo a = {.size = sizeof a}, b = {.size = sizeof b};
    assert_int_equal(para_abi_level_info(level, &a), PARA_ABI_OK);
    assert_int_equal(para_abi_level_info(copy, &b), PARA_ABI_OK);
    assert_true(a.hash == b.hash && a.seed == 77 && b.seed == 77);
    source = (ParaAbiSource){.size = sizeof source, .fixed_seed = 1, .seed = 77};
    assert_int_equal(para_abi_batch_source(batch, 0, &source), PARA_ABI_OK);
    source = (ParaAbiSource){.size = sizeof source, .level = copy};
    assert_int_equal(para_abi_batch_source(batch, 1, &source), PARA_ABI_OK);
    para_abi_level_free(copy); // the batch keeps it
    assert_int_equal(para_abi_batch_reset(batch, NULL, NULL), PARA_ABI_OK);
    assert_int_equal(para_abi_batch_levels(batch, NULL, hashes, NULL, NULL), PARA_ABI_OK);
    assert_true(hashes[0] == a.hash && hashes[1] == a.hash && hashes[2] != a.hash);
    para_abi_level_free(level);
    para_abi_batch_free(batch);
    para_abi_family_free(family);
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define THREADS_ARE_WATCHED // and new ones after a fork are not allowed
#endif
#endif

static void test_a_child_steps_on_after_a_fork(void **state)
{
    (void)state;
#ifdef THREADS_ARE_WATCHED
    skip();
#endif
    ParaAbiFamily *family = load("roll");
    ParaAbiBatchDef def = def_of(&family, ENVS);
    def.threads = 2;
    ParaAbiBatch *batch = make(&def);
    reset(batch, 2);
    uint64_t hash = step_and_hash(batch, 0);
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        _exit((int)(step_and_hash(batch, hash) % 101));
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), (int)(step_and_hash(batch, hash) % 101));
    para_abi_batch_free(batch);
    para_abi_family_free(family);
}

// A family at the door is narrowed to a tier as it is behind it, and its observation keeps its layout.
static void test_family_at_the_door_takes_a_tier(void **state)
{
    (void)state;
    static const char text[] =
        "{\"paracosm\": 1, \"name\": \"tiered\", \"params\": {\"balls\": {\"int\": [1, 9]}},"
        " \"tiers\": {\"few\": {\"balls\": [1, 2]}, \"many\": {\"balls\": [8, 9]}},"
        " \"bodies\": [{\"name\": \"ball\", \"repeat\": \"balls\", \"at\": [\"2 * i\", 2], \"shape\": "
        "{\"circle\": 0.3}}],"
        " \"player\": {\"body\": \"ball1\", \"actuators\": [{\"twist\": \"ball1\", \"torque\": 5}]},"
        " \"goal\": {\"right_of\": [\"ball1\", 20]}}";
    ParaAbiFamily *family = para_abi_family_load_text(text, sizeof text - 1);
    assert_non_null(family);
    ParaAbiFamilyInfo before = {.size = sizeof before}, after = before;
    ParaAbiParam param = {.size = sizeof param};
    assert_string_equal(para_abi_family_tier(family, 0), "few");
    assert_string_equal(para_abi_family_tier(family, 1), "many");
    assert_null(para_abi_family_tier(family, 2));
    assert_null(para_abi_family_tier(family, -1));
    assert_int_equal(para_abi_family_info(family, &before), PARA_ABI_OK);
    assert_int_equal(para_abi_family_set_tier(family, "some"), PARA_ABI_LEVEL);
    assert_string_equal(para_abi_error(), "tiered has no tier \"some\"; it has few, many");
    assert_int_equal(para_abi_family_set_tier(family, NULL), PARA_ABI_INVALID);
    assert_int_equal(para_abi_family_set_tier(family, "few"), PARA_ABI_OK);
    assert_int_equal(para_abi_family_info(family, &after), PARA_ABI_OK);
    assert_int_equal(after.vector_size, before.vector_size);
    assert_int_equal(para_abi_family_param(family, 0, &param), PARA_ABI_OK);
    assert_true(param.low == 1 && param.high == 2);
    ParaAbiBatchDef def = def_of(&family, 4);
    def.obs = PARA_ABI_OBS_VECTOR;
    ParaAbiBatch *batch = make(&def);
    assert_int_equal(blocks_of(batch).obs_size, before.vector_size);
    para_abi_batch_free(batch);
    for (uint64_t seed = 0; seed < 20; seed++) {
        ParaAbiLevel *level = para_abi_level_sample(family, NULL, NULL, seed);
        ParaAbiLevelInfo info = {.size = sizeof info};
        assert_int_equal(para_abi_level_info(level, &info), PARA_ABI_OK);
        assert_true(info.values[0] == 1 || info.values[0] == 2);
        para_abi_level_free(level);
    }
    para_abi_family_free(family);
}

// The env behind the door is the env of the trainer: same level, same actions, same bits.
static void test_the_door_changes_nothing(void **state)
{
    (void)state;
    ParaAbiFamily *family = load("lander");
    ParaAbiBatchDef def = def_of(&family, 1);
    ParaAbiBatch *batch = make(&def);
    ParaAbiBlocks blocks = blocks_of(batch);
    ParaAbiSource source = {.size = sizeof source, .fixed_seed = 1, .seed = 12};
    assert_int_equal(para_abi_batch_source(batch, 0, &source), PARA_ABI_OK);
    reset(batch, 0);
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    ParaFamilies families;
    const char *name = "lander", *error = NULL;
    assert_true(para_families_load(&families, &name, 1, arena, &error));
    ParaPick pick = {.seed = 12};
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaEnv env;
    para_env_init(&env, para_world_at(group, 0), false);
    const ParaLevel *level = para_families_sample(&families, &pick, "", arena);
    assert_true(level && para_env_begin(&env, level, ""));
    for (int t = 0; t < 100 && env.play.status == PARA_PLAY_ON; t++) {
        int8_t action[PARA_CHANNELS] = {0};
        for (int c = 0, channel = 0; channel < PARA_CHANNELS; channel++) {
            if (!(blocks.channel_bits >> channel & 1))
                continue;
            bool negative = blocks.negative_bits >> channel & 1;
            blocks.choices[c] = (t * 7 + channel) % (negative ? 3 : 2);
            action[channel] = (int8_t)(blocks.choices[c++] - negative);
        }
        float reward = para_decision_make_one(&env, action);
        uint64_t hash = 0;
        assert_true(para_abi_batch_step(batch) >= 0);
        assert_true(blocks.reward[0] == (double)reward);
        assert_int_equal(para_abi_batch_state_hash(batch, 0, &hash), PARA_ABI_OK);
        assert_true(hash == para_world_hash(env.world));
    }
    para_env_destroy(&env);
    para_world_group_destroy(group);
    para_arena_destroy(arena);
    para_abi_batch_free(batch);
    para_abi_family_free(family);
}

/// The solver asked for runs the levels and is what reports say; a snapshot stays with its solver.
static void test_the_solver_is_that_of_the_def(void **state)
{
    (void)state;
    ParaAbiFamily *family = load("balance");
    ParaAbiBatchDef def = def_of(&family, 40); // more than a block
    def.autoreset = PARA_ABI_SAME_STEP;
    def.max_decisions = 5;
    static const int32_t bad[] = {-1, 3, 1 << 20};
    for (int i = 0; i < 3; i++) {
        def.solver = bad[i];
        assert_null(para_abi_batch_create(&def));
    }
    ParaAbiSnapshot *chipmunk = NULL;
    uint64_t hashes[3] = {0};
    for (int32_t solver = 0; solver < 3; solver++) {
        def.solver = solver;
        ParaAbiBatch *batch = make(&def);
        ParaAbiBlocks blocks = blocks_of(batch);
        assert_int_equal(blocks.reports[39].solver, PARA_ABI_SOLVER_AUTO);
        reset(batch, 3);
        for (int t = 0; t < 7; t++)
            assert_true(para_abi_batch_step(batch) >= 0);
        for (int b = 0; b < 40; b++)
            assert_int_equal(blocks.reports[b].solver, solver != PARA_ABI_SOLVER_CHIPMUNK
                                                           ? PARA_ABI_SOLVER_LANES
                                                           : PARA_ABI_SOLVER_CHIPMUNK);
        assert_int_equal(para_abi_batch_state_hash(batch, 7, &hashes[solver]), PARA_ABI_OK);
        if (solver == PARA_ABI_SOLVER_CHIPMUNK)
            chipmunk = para_abi_snapshot_take(batch, 7);
        if (solver == PARA_ABI_SOLVER_LANES) {
            assert_int_equal(para_abi_snapshot_restore(batch, 7, chipmunk), PARA_ABI_INVALID);
            assert_true(strstr(para_abi_error(), "solver chipmunk") != NULL);
        }
        para_abi_batch_free(batch);
    }
    assert_non_null(chipmunk);
    assert_true(hashes[0] == hashes[PARA_ABI_SOLVER_LANES]);
    assert_true(hashes[PARA_ABI_SOLVER_LANES] != hashes[PARA_ABI_SOLVER_CHIPMUNK]);
    para_abi_snapshot_free(chipmunk);
    para_abi_family_free(family);
}

/// A family whose members fit lanes or not, as its parameter says.
static const char crowd[] =
    "{\"paracosm\": 1, \"name\": \"crowd\", \"params\": {\"count\": {\"int\": [1, 100]}},"
    "\"world\": {\"size\": [60, 12], \"seconds\": 9}, \"bodies\": ["
    "{\"name\": \"floor\", \"static\": true, \"shape\": {\"box\": [60, 2]}, \"at\": [30, 0]},"
    "{\"name\": \"ball\", \"shape\": {\"circle\": 0.3}, \"at\": [1, 2]},"
    "{\"name\": \"one\", \"repeat\": \"count\", \"shape\": {\"circle\": 0.1}, \"at\": [\"3 + 0.4 * i\", 4]}],"
    "\"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"channel\": 0, \"torque\": 4}]},"
    "\"goal\": {\"time\": 8}, \"rewards\": [{\"alive\": true, \"weight\": 3}]}";

static void set_count(ParaAbiBatch *batch, int32_t env, double count)
{
    double ends[PARA_ABI_PARAMS] = {count};
    ParaAbiSource source = {.size = sizeof source, .low = ends, .high = ends};
    assert_int_equal(para_abi_batch_source(batch, env, &source), PARA_ABI_OK);
}

/// Three decisions, the last of which ends both episodes; the next level of env 1 is one that lanes cannot
/// take.
static ParaAbiBatch *step_to_the_refusal(const ParaAbiBatchDef *def)
{
    ParaAbiBatch *batch = make(def);
    ParaAbiBlocks blocks = blocks_of(batch);
    set_count(batch, -1, 2);
    reset(batch, 1);
    set_count(batch, 1, 100);
    for (int t = 0; t < 3; t++)
        assert_int_equal(para_abi_batch_step(batch), t == 2 ? 2 : 0);
    for (int b = 0; b < 2; b++) { // what the step told stands for both
        assert_true(blocks.reward[b] > 0.19 && blocks.reward[b] < 0.21);
        assert_true(blocks.truncated[b]);
        assert_int_equal(blocks.reports[b].end, PARA_ABI_END_CUT);
        assert_int_equal(blocks.reports[b].decisions, 3);
    }
    return batch;
}

static void assert_next_step_tells_and_moves_nothing(ParaAbiBatch *batch)
{
    ParaAbiBlocks blocks = blocks_of(batch);
    size_t o = (size_t)blocks.obs_size;
    uint64_t before = 0, after = 0, hash = 0;
    float *seen = malloc(2 * o * sizeof *seen);
    memcpy(seen, blocks.obs, 2 * o * sizeof *seen);
    assert_int_equal(para_abi_batch_state_hash(batch, 0, &before), PARA_ABI_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(para_abi_batch_step(batch), PARA_ABI_LEVEL);
        assert_non_null(strstr(para_abi_error(), "env 1: no level of crowd"));
        assert_non_null(strstr(para_abi_error(), "bodies"));
    }
    assert_int_equal(para_abi_batch_state_hash(batch, 0, &after), PARA_ABI_OK);
    assert_true(before == after);
    assert_memory_equal(seen, blocks.obs, 2 * o * sizeof *seen);
    free(seen);
    assert_int_equal(para_abi_batch_state_hash(batch, 1, &hash), PARA_ABI_STATE); // it has no episode
    uint8_t first[2] = {1, 0}, second[2] = {0, 1};
    assert_int_equal(para_abi_batch_reset(batch, first, NULL), PARA_ABI_OK); // asks nothing of env 1
    assert_int_equal(para_abi_batch_reset(batch, second, NULL), PARA_ABI_LEVEL);
    assert_int_equal(para_abi_batch_step(batch), PARA_ABI_STATE); // told already: now it wants a reset
    assert_non_null(strstr(para_abi_error(), "env 1 has no episode"));
    set_count(batch, 1, 3);
    assert_int_equal(para_abi_batch_reset(batch, second, NULL), PARA_ABI_OK);
    assert_int_equal(para_abi_batch_step(batch), 0);
}

static void test_a_step_stands_though_the_next_level_is_refused(void **state)
{
    (void)state;
    Scratch scratch = scratch_make();
    char path[256];
    snprintf(path, sizeof path, "%s/crowd.json", scratch.folder);
    scratch_write(path, crowd, sizeof crowd - 1);
    ParaAbiFamily *family = load(path);
    ParaAbiBatchDef def = def_of(&family, 2);
    def.solver = PARA_ABI_SOLVER_LANES;
    def.max_decisions = 3;
    def.autoreset = PARA_ABI_SAME_STEP;
    ParaAbiBatch *same = step_to_the_refusal(&def);
    ParaAbiBlocks s = blocks_of(same);
    size_t o = (size_t)s.obs_size;
    assert_memory_equal(s.obs + o, s.final_obs + o, o * sizeof(float));
    assert_memory_not_equal(s.obs, s.final_obs, o * sizeof(float)); // env 0 has begun anew
    assert_next_step_tells_and_moves_nothing(same);
    para_abi_batch_free(same);

    def.autoreset = PARA_ABI_NEXT_STEP;
    ParaAbiBatch *next = step_to_the_refusal(&def);
    ParaAbiBlocks n = blocks_of(next);
    float *last = malloc(o * sizeof *last);
    memcpy(last, n.obs + o, o * sizeof *last);
    assert_int_equal(para_abi_batch_step(next), 0); // the resets
    for (int b = 0; b < 2; b++)
        assert_true(n.reward[b] == 0 && !n.truncated[b] && !n.terminated[b]);
    assert_memory_equal(n.obs + o, last, o * sizeof *last);
    free(last);
    assert_next_step_tells_and_moves_nothing(next);
    para_abi_batch_free(next);
    para_abi_family_free(family);
    scratch_remove(&scratch);
}

/// An env whose episode is over goes on by the rule of the batch it is put into.
static void test_a_snapshot_of_an_ended_env_goes_into_any_batch(void **state)
{
    (void)state;
    ParaAbiFamily *family = load("roll");
    ParaAbiBatchDef def = def_of(&family, 1);
    def.max_decisions = 2;
    ParaAbiBatch *next = make(&def);
    reset(next, 3);
    assert_int_equal(para_abi_batch_step(next), 0);
    assert_int_equal(para_abi_batch_step(next), 1);
    ParaAbiSnapshot *snapshot = para_abi_snapshot_take(next, 0);
    assert_non_null(snapshot);
    for (int mode = PARA_ABI_NEXT_STEP; mode <= PARA_ABI_DISABLED; mode++) {
        def.autoreset = mode;
        ParaAbiBatch *batch = make(&def);
        ParaAbiBlocks blocks = blocks_of(batch);
        assert_int_equal(para_abi_snapshot_restore(batch, 0, snapshot), PARA_ABI_OK);
        assert_true(blocks.truncated[0]);
        if (mode == PARA_ABI_DISABLED) {
            assert_int_equal(para_abi_batch_step(batch), PARA_ABI_STATE);
        } else {
            assert_int_equal(para_abi_batch_step(batch), 0); // this step is its reset
            assert_true(!blocks.truncated[0] && blocks.reward[0] == 0);
            assert_int_equal(para_abi_batch_step(batch), 0);
            assert_int_equal(para_abi_batch_step(batch), 1);
        }
        para_abi_batch_free(batch);
    }
    para_abi_snapshot_free(snapshot);
    para_abi_batch_free(next);
    para_abi_family_free(family);
}

const struct CMUnitTest para_tests_abi[] = {
    cmocka_unit_test(test_abi_level_outlives_its_family),
    cmocka_unit_test(test_wrong_arguments_are_refused),
    cmocka_unit_test(test_texts_have_a_length),
    cmocka_unit_test(test_wrong_defs_are_refused),
    cmocka_unit_test(test_order_of_calls_and_actions),
    cmocka_unit_test(test_nothing_depends_on_threads),
    cmocka_unit_test(test_autoreset_modes_play_the_same_episodes),
    cmocka_unit_test(test_snapshots_give_the_same_bits),
    cmocka_unit_test(test_sources_of_levels),
    cmocka_unit_test(test_a_child_steps_on_after_a_fork),
    cmocka_unit_test(test_family_at_the_door_takes_a_tier),
    cmocka_unit_test(test_the_door_changes_nothing),
    cmocka_unit_test(test_the_solver_is_that_of_the_def),
    cmocka_unit_test(test_a_step_stands_though_the_next_level_is_refused),
    cmocka_unit_test(test_a_snapshot_of_an_ended_env_goes_into_any_batch),
};
const size_t para_tests_abi_count = sizeof para_tests_abi / sizeof *para_tests_abi;
