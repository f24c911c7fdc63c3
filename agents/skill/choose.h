// SPDX-License-Identifier: MIT
#pragma once
// One of several skills acts: the one on whose ground the player stands. How far a situation lies from a
// skill's ground depends on that skill alone, so one more skill changes nothing where it is not the nearest.
// Another one takes over only where who acts is out of its reach and the other is clearly nearer, so that two
// skills whose grounds meet do not act in turns. Where a set tries its skills out ahead, what comes of them
// in the true engine decides instead (ahead.c). Source: nearest neighbours, Cover and Hart 1967, IEEE Trans.
// Inf. Theory 13; a selector over frozen parts as what forgets nothing: Rusu 2016, arXiv 1606.04671 (there
// the selector is learned).
#include "agents/player/mind.h"
#include "agents/skill/skill.h"

#define PARA_SKILL_LOOK   4    ///< [decision] from one look around to the next
#define PARA_SKILL_NEARER 0.9f ///< [1] of the distance to the ground of who acts: so near must another be
#define PARA_SKILL_BEYOND 1.5f ///< [1] times its reach: so far from the nearest ground the fallback acts

#define PARA_SKILL_AHEAD_MAX 120 ///< [decision]

typedef struct ParaSkillSet {
    int count;                ///< [1] 1..PARA_SKILLS_MAX
    const ParaSkill **skills; ///< [count] names differ
    int fallback; ///< [1] 0..count - 1 who acts where all are out of reach; -1: the nearest all the same
    int ahead;    ///< [decision] 0..PARA_SKILL_AHEAD_MAX that each is tried out before one is chosen; 0: none
} ParaSkillSet;

/// Reads skills from files.
/// @param fallback the name of one of them; NULL: none
/// @return false with a clear error: a file that does not load, two of one name, no such fallback
bool para_skill_set_load(ParaSkillSet *out, const char *const *paths, int count, const char *fallback,
                         ParaArena *arena, const char **out_error);
/// Whether at least one of them may act in a level.
bool para_skill_set_knows(const ParaSkillSet *set, const ParaLevel *level);

typedef struct ParaChooser ParaChooser;
/// @param set stays   @param solver of the true world, for a set that tries ahead
/// @return NULL: no memory for a world to try in; to be destroyed
ParaChooser *para_chooser_create(const ParaSkillSet *set, ParaSolverKind solver, ParaArena *arena);
void para_chooser_destroy(ParaChooser *chooser); ///< NULL is fine
void para_chooser_begin(ParaChooser *chooser);   ///< an episode begins
/// Who acts for a player now, at one decision of it after the other.
/// @param env its level is one that para_skill_set_knows   @return [1] 0..count - 1
/// Cost: every PARA_SKILL_LOOK decisions one observation and the situations of all grounds; no heap.
int para_chooser_ask(ParaChooser *chooser, const ParaEnv *env, int player);
/// How far each skill's ground lay at the last look [1] 0..1; 1 of one that may not act.  [count]
const float *para_chooser_distances(const ParaChooser *chooser, int player);
/// Whether that look found all grounds out of reach.
bool para_chooser_is_lost(const ParaChooser *chooser, int player);
/// A mind of the set, whose networks take turns as the chooser says. Both lie in the arena.
/// @return NULL: no memory   @param out_chooser out, to be destroyed
ParaMind *para_skill_set_mind(const ParaSkillSet *set, ParaSolverKind solver, ParaArena *arena,
                              ParaChooser **out_chooser);
