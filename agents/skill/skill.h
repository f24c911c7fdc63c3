// SPDX-License-Identifier: MIT
#pragma once
// A skill: a trained player as a file that is passed on by copying it. It is a safetensors file as a
// checkpoint is, so that whatever loads a player loads a skill; its card tells what the skill does, and
// beside the network's tensors stand situations that the player got through, its ground, by which one of
// several is chosen (choose.h). Loading one reads numbers and text and runs nothing.
#include "agents/policy/policy.h"
#include "engine/world/world.h"
#include "worlds/level/level.h"

#define PARA_SKILLS_MAX         32   ///< of a set
#define PARA_SKILL_FAMILIES_MAX 64   ///< that one was packed on
#define PARA_SKILL_SITUATIONS   1024 ///< of a ground at most
#define PARA_SKILL_ABOUT_MAX    240  ///< [byte] of its sentence, with NUL
#define PARA_SKILL_NAME_MAX     64   ///< [byte] of its name, with NUL

/// How it did on a family's levels that training never draws, when it was packed.
typedef struct ParaSkillScore {
    const char *family;
    int levels;      ///< [1] >= 1
    float solve;     ///< [1] 0..1 share of episodes solved
    float low, high; ///< [1] 0..1 Wilson's interval at 95 %, of the levels
} ParaSkillScore;

typedef struct ParaSkill {
    const char *path;             ///< where it was read from; "" if it was not
    const char *name;             ///< letters, digits, - and _
    const char *about;            ///< what it does, a sentence
    const char *licence;          ///< such as "MIT"; "" not told
    const char *run;              ///< the run it was packed from; "" not told
    ParaSolverKind solver;        ///< it was trained on
    uint64_t hash;                ///< [hash] of the network's tensors
    int score_count;              ///< [1] 1..PARA_SKILL_FAMILIES_MAX families it was packed on
    const ParaSkillScore *scores; ///< [score_count]
    int ground_count;             ///< [1] 1..PARA_SKILL_SITUATIONS
    const float *ground;          ///< [1] -10..10  [ground_count, situation's size] situations it got through
    float reach;                  ///< [1] 0..1 how far from its ground it still was where it got through
    ParaPolicy *policy;
} ParaSkill;

/// Reads a skill's file, wholly checked: as para_safetensors_read, its card, its observation, its ground.
/// @return NULL with a clear error: a file that is no skill ("pack one with ..."), a skill of other inputs,
/// with the span that differs.  Threads: any.  Cost: the file's size
ParaSkill *para_skill_load(const char *path, ParaArena *arena, const char **out_error);
/// Writes one, never half. @param card JSON text of the player's checkpoint, to which the skill's is added
bool para_skill_write(const char *path, const ParaSkill *skill, const char *card, ParaArena *arena,
                      const char **out_error);
/// Whether it may act in a level: one that sees entities in any, one that sees a family's vector in its
/// families', one that sees what is listed wherever as much is.
bool para_skill_knows(const ParaSkill *skill, const ParaLevel *level);
/// Whether a text only shows where it is printed: UTF-8 without control characters, by which a card that
/// somebody sends could move a terminal's cursor or rename its window.
bool para_skill_text_is_plain(const char *text);
/// NULL where a name is one of a skill, else what is wrong with it, a constant.
const char *para_skill_name_problem(const char *name);
