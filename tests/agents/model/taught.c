// SPDX-License-Identifier: MIT
// The model is made at the first question and lives as long as the program.
#include "tests/agents/model/taught.h"

#include "agents/foresight/foresight.h"
#include "tests/tests.h"

#define EPISODES 60
#define STEPS    60000

typedef struct Room {
    ParaArena *arena;
    ParaFamilies families;
    ParaModel *model;
} Room;

static Room room;

static void load(void)
{
    const char *names[] = {"crate"}, *error = NULL;
    if (room.arena)
        return;
    room.arena = para_arena_create(1 << 20, (size_t)2 << 30);
    assert_true(para_families_load(&room.families, names, 1, room.arena, &error));
}

ParaFamilies *taught_families(void)
{
    load();
    return &room.families;
}

static void live(ParaStore *store)
{
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    ParaEnv env;
    ParaRandomKeys keys = {.rng = para_rng_make(1, "keys")};
    para_env_init(&env, para_world_at(group, 0), false);
    for (int i = 0; i < EPISODES; i++) {
        ParaEpisodeLived lived = {.arena = para_arena_create(1 << 16, 64 << 20)};
        ParaPick pick = {.seed = (uint64_t)i};
        const ParaLevel *level = para_families_sample(&room.families, &pick, "test", lived.arena);
        assert_true(level && para_env_begin(&env, level, "test"));
        para_store_live(&env, para_acts_random, &keys, 2, 6.0f, 0.5f, &keys.rng, &lived);
        para_store_add(store, &lived);
    }
    para_env_destroy(&env);
    para_world_group_destroy(group);
}

const ParaModel *taught_model(void)
{
    load();
    if (room.model)
        return room.model;
    ParaModelDef def = para_model_def_default();
    ParaTeaching teaching = para_teaching_default();
    ParaStore store = para_store_create(200, 1, room.arena);
    def.members = 2;
    def.width = 32;
    teaching.steps = STEPS;
    live(&store);
    room.model = para_model_create(&def, 1, room.arena);
    assert_true(para_model_teach(room.model, &store, &teaching, NULL, NULL, room.arena));
    para_store_destroy(&store);
    return room.model;
}

ParaModel *untaught_model(float scale, ParaArena *arena)
{
    ParaModelDef def = para_model_def_default();
    def.members = 2;
    def.width = 32;
    ParaModel *model = para_model_create(&def, 1, arena);
    for (int i = 0; i < def.members; i++) {
        int count = 0;
        float *weights = para_imagine_weights(model->members[i], &count);
        for (int k = 0; k < count; k++)
            weights[k] *= scale;
    }
    return model;
}
