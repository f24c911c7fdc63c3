// SPDX-License-Identifier: MIT
#pragma once
// Makes a skill of a trained player: plays it on levels that training draws, keeps the situations of the
// episodes it solved as its ground, and scores it on levels that training never draws.
#include "agents/run/run_families.h"
#include "agents/skill/measure.h"

#define PARA_SKILL_GROUND     512   ///< situations that are kept
#define PARA_SKILL_PACK_MAX   65536 ///< episodes at most of all families to know the ground, for their memory
#define PARA_SKILL_SOLVED_MIN 4     ///< episodes it must have solved for a ground to be known

/// Told what the skill will be called once that is known, before anything is played.
/// @return false with an error in the arena: the packing ends there
typedef bool ParaSkillReady(void *context, const char *name, ParaArena *arena, const char **out_error);

typedef struct ParaSkillPackDef {
    const char *run_folder;      ///< a run or a .safetensors file
    const char *const *families; ///< names or files; count 0: those of the run
    int family_count;            ///< [1] >= 0
    const char *name;            ///< of the skill; NULL: that of its one family, or of the run's folder
    const char *about;           ///< a sentence; NULL: its one family's, or the families' names
    const char *licence;         ///< "" not told
    int levels;            ///< [1] >= 1 of each family, to know its ground and again to score it; default 64
    int episodes;          ///< [1] >= 1 on each level; default 2
    uint64_t seed;         ///< [seed] of the levels; default 1
    ParaSolverKind solver; ///< AUTO: as it was trained
    int threads;           ///< [1] >= 0; 0: one per CPU
    ParaSkillReady *ready; ///< NULL: nobody asks
    void *ready_context;
} ParaSkillPackDef;
ParaSkillPackDef para_skill_pack_def_default(const char *run_folder);

/// @param watch of all episodes   @param out_card out, JSON text that para_skill_write wants
/// @param out_note out, something to tell though it worked, or NULL
/// @return false with a clear error: no such run, a player that solves too little, stopped
/// Cost: 2 * families * levels * episodes episodes
bool para_skill_pack(const ParaSkillPackDef *def, const ParaSkillWatch *watch, ParaArena *arena,
                     ParaSkill *out, const char **out_card, const char **out_note, const char **out_error);
