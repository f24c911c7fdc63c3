// SPDX-License-Identifier: MIT
// A set of skills, and which of them acts.
#include "agents/skill/choose.h"

#include "agents/skill/ahead.h"
#include "agents/skill/ground.h"
#include "engine/base/assert.h"

#include <string.h>

/// What is kept for one player of the level.
typedef struct Seen {
    int acts;     // the skill
    int left;     // [decision] until the next look
    bool looked;  // in this episode
    bool lost;    // all were out of reach
    float *apart; // [count]
} Seen;

struct ParaChooser {
    const ParaSkillSet *set;
    int size;         // of a situation
    ParaAhead *ahead; // NULL: by ground alone
    Seen seen[PARA_PLAYERS_MAX];
};

static int find(const ParaSkillSet *set, const char *name)
{
    for (int i = 0; i < set->count; i++)
        if (strcmp(set->skills[i]->name, name) == 0)
            return i;
    return -1;
}

bool para_skill_set_load(ParaSkillSet *out, const char *const *paths, int count, const char *fallback,
                         ParaArena *arena, const char **out_error)
{
    PARA_ASSERT(count >= 1 && count <= PARA_SKILLS_MAX);
    *out = (ParaSkillSet){.skills = PARA_NEW(arena, const ParaSkill *, count), .fallback = -1};
    for (int i = 0; i < count; i++) {
        const ParaSkill *skill = para_skill_load(paths[i], arena, out_error);
        int twin = skill ? find(out, skill->name) : -1;
        if (twin >= 0)
            *out_error = para_arena_printf(
                arena, "%s and %s are both called %s; pack one of them anew with another --name",
                out->skills[twin]->path, paths[i], skill->name);
        if (!skill || twin >= 0)
            return false;
        out->skills[out->count++] = skill;
    }
    if (fallback && (out->fallback = find(out, fallback)) < 0)
        *out_error = para_arena_printf(arena, "--fallback %s: none of these skills is called so", fallback);
    return !fallback || out->fallback >= 0;
}

bool para_skill_set_knows(const ParaSkillSet *set, const ParaLevel *level)
{
    for (int i = 0; i < set->count; i++)
        if (para_skill_knows(set->skills[i], level))
            return true;
    return false;
}

ParaChooser *para_chooser_create(const ParaSkillSet *set, ParaSolverKind solver, ParaArena *arena)
{
    ParaChooser *chooser = PARA_NEW(arena, ParaChooser, 1);
    *chooser = (ParaChooser){.set = set, .size = para_situation_size()};
    for (int p = 0; p < PARA_PLAYERS_MAX; p++)
        chooser->seen[p].apart = PARA_NEW(arena, float, set->count);
    if (set->ahead > 0 && !(chooser->ahead = para_ahead_create(set, solver, arena)))
        return NULL;
    return chooser;
}

void para_chooser_destroy(ParaChooser *chooser)
{
    if (chooser)
        para_ahead_destroy(chooser->ahead);
}

void para_chooser_begin(ParaChooser *chooser)
{
    for (int p = 0; p < PARA_PLAYERS_MAX; p++)
        chooser->seen[p] = (Seen){.apart = chooser->seen[p].apart};
}

/// How far all grounds are, and which is nearest.
static int look(const ParaChooser *chooser, Seen *seen, const ParaEnv *env, int player)
{
    const ParaSkillSet *set = chooser->set;
    float situation[PARA_SITUATION_MAX];
    int nearest = -1;
    para_situation(env, player, situation);
    for (int i = 0; i < set->count; i++) {
        const ParaSkill *skill = set->skills[i];
        bool knows = para_skill_knows(skill, env->level);
        seen->apart[i] =
            knows ? para_ground_apart(skill->ground, skill->ground_count, situation, chooser->size) : 1.0f;
        if (knows && (nearest < 0 || seen->apart[i] < seen->apart[nearest]))
            nearest = i;
    }
    PARA_ASSERT(nearest >= 0);
    return nearest;
}

/// The skill of which most comes ahead: who acts, or the nearest, where they come to the same.
/// @param nearest by ground   @return -1: nothing could be tried
static int best_ahead(ParaChooser *chooser, const Seen *seen, const ParaEnv *env, int player, int nearest)
{
    float scores[PARA_SKILLS_MAX];
    bool may[PARA_SKILLS_MAX];
    for (int i = 0; i < chooser->set->count; i++)
        may[i] = para_skill_knows(chooser->set->skills[i], env->level);
    if (!chooser->ahead || !para_ahead_scores(chooser->ahead, env, player, may, scores))
        return -1;
    int best = seen->looked && may[seen->acts] ? seen->acts : nearest;
    for (int i = 0; i < chooser->set->count; i++)
        if (may[i] && scores[i] > scores[best])
            best = i;
    return best;
}

int para_chooser_ask(ParaChooser *chooser, const ParaEnv *env, int player)
{
    const ParaSkillSet *set = chooser->set;
    Seen *seen = &chooser->seen[player];
    if (seen->left-- > 0)
        return seen->acts;
    seen->left = PARA_SKILL_LOOK - 1;
    int nearest = look(chooser, seen, env, player);
    seen->lost = seen->apart[nearest] > PARA_SKILL_BEYOND * set->skills[nearest]->reach;
    bool left = seen->apart[seen->acts] > set->skills[seen->acts]->reach; // its ground
    bool nearer = seen->apart[nearest] < PARA_SKILL_NEARER * seen->apart[seen->acts];
    bool clearly = !seen->looked || (left && nearer);
    int best = best_ahead(chooser, seen, env, player, nearest);
    if (best >= 0)
        seen->acts = best;
    else if (seen->lost && set->fallback >= 0 && para_skill_knows(set->skills[set->fallback], env->level))
        seen->acts = set->fallback;
    else if (clearly)
        seen->acts = nearest;
    seen->looked = true;
    return seen->acts;
}

const float *para_chooser_distances(const ParaChooser *chooser, int player)
{
    return chooser->seen[player].apart;
}

bool para_chooser_is_lost(const ParaChooser *chooser, int player) { return chooser->seen[player].lost; }

static int choose(void *context, const ParaEnv *env, int player)
{
    return para_chooser_ask(context, env, player);
}

static void begin(void *context) { para_chooser_begin(context); }

ParaMind *para_skill_set_mind(const ParaSkillSet *set, ParaSolverKind solver, ParaArena *arena,
                              ParaChooser **out_chooser)
{
    const ParaPolicy *policies[PARA_SKILLS_MAX];
    for (int i = 0; i < set->count; i++)
        policies[i] = set->skills[i]->policy;
    *out_chooser = para_chooser_create(set, solver, arena);
    if (!*out_chooser)
        return NULL;
    return para_mind_create_of(policies, set->count, choose, begin, *out_chooser, arena);
}
