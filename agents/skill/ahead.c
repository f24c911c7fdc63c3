// SPDX-License-Identifier: MIT
// Skills tried out in a world of their own, one after the other.
#include "agents/skill/ahead.h"

#include "agents/env/decision.h"
#include "agents/env/mirror.h"

#define ENDING 10.0f // [1] of raw rewards, for an end of the level

struct ParaAhead {
    const ParaSkillSet *set;
    ParaWorldGroup *group;
    ParaEnv env;
    ParaMind *mind;
    int forced;    // the skill that acts
    bool begun;    // env plays the level of this hash
    uint64_t hash; // [hash]
};

static int forced(void *context, const ParaEnv *env, int player)
{
    const ParaAhead *ahead = context;
    (void)env;
    (void)player;
    return ahead->forced;
}

ParaAhead *para_ahead_create(const ParaSkillSet *set, ParaSolverKind solver, ParaArena *arena)
{
    const ParaPolicy *policies[PARA_SKILLS_MAX];
    ParaAhead *ahead = PARA_NEW(arena, ParaAhead, 1);
    *ahead = (ParaAhead){.set = set, .group = para_world_group_create(solver, 1)};
    if (!ahead->group)
        return NULL;
    for (int i = 0; i < set->count; i++)
        policies[i] = set->skills[i]->policy;
    ahead->mind = para_mind_create_of(policies, set->count, forced, NULL, ahead, arena);
    para_env_init(&ahead->env, para_world_at(ahead->group, 0), false);
    ahead->env.fine = para_mind_is_fine(ahead->mind);
    ahead->env.parts = para_mind_parts(ahead->mind);
    return ahead;
}

void para_ahead_destroy(ParaAhead *ahead)
{
    if (!ahead)
        return;
    para_env_destroy(&ahead->env);
    para_world_group_destroy(ahead->group);
}

/// Has its world play the level, as if from the start. @return false: it cannot
static bool begin(ParaAhead *ahead, const ParaLevel *level)
{
    if (ahead->begun && ahead->hash == level->hash)
        return true;
    const ParaLevel *own = para_level_copy(level, para_env_level_arena(&ahead->env));
    ahead->begun = own && para_env_begin(&ahead->env, own, "skill");
    ahead->hash = level->hash;
    return ahead->begun;
}

/// One future of the skill that is forced, from where the true env stands. @return what it is worth
static float play(ParaAhead *ahead, int player, ParaRng *rng)
{
    ParaEnv *env = &ahead->env;
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
    float sum = 0.0f;
    para_mind_begin(ahead->mind);
    for (int d = 0; d < ahead->set->ahead && env->play.status == PARA_PLAY_ON; d++) {
        for (int p = 0; p < env->level->player_count; p++)
            para_mind_act(ahead->mind, env, p, rng, actions + (size_t)p * PARA_CHANNELS, NULL);
        para_decision_make_one(env, actions);
        sum += env->play.players[player].reward;
    }
    ParaPlayStatus status = env->play.players[player].status;
    return sum + (status == PARA_PLAY_SOLVED ? ENDING : status == PARA_PLAY_FAILED ? -ENDING : 0.0f);
}

bool para_ahead_scores(ParaAhead *ahead, const ParaEnv *env, int player, const bool *may, float *scores)
{
    uint64_t here = para_seed_mix(env->level->hash, (uint64_t)env->decisions);
    if (!begin(ahead, env->level))
        return false;
    for (ahead->forced = 0; ahead->forced < ahead->set->count; ahead->forced++) {
        if (!may[ahead->forced])
            continue;
        float sum = 0.0f;
        for (int k = 0; k < PARA_AHEAD_FUTURES; k++) {
            ParaRng rng = para_rng_make(para_seed_mix(here, (uint64_t)k), "ahead");
            if (!para_env_mirror(&ahead->env, env))
                return false;
            sum += play(ahead, player, &rng);
        }
        scores[ahead->forced] = sum / PARA_AHEAD_FUTURES;
    }
    return true;
}
