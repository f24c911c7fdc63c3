// SPDX-License-Identifier: MIT
#pragma once
// The words of `paracosm skill`, and what they share. Private to apps/skill.
#include "agents/skill/pack.h"
#include "apps/options.h"

#define PARA_SKILL_MEMORY ((size_t)4 << 30) // [byte]

/// What `test` and `use` are told.
typedef struct ParaSkillWishes {
    const char *families; ///< NULL: those that the skills were packed on
    const char *fallback; ///< name of one of them; NULL: none
    const char *solver;   ///< NULL: AUTO
    int ahead, levels, episodes, threads;
    uint64_t seed;
    bool json, quiet;
} ParaSkillWishes;

/// What they play with.
typedef struct ParaSkillGround {
    ParaSkillSet set;
    ParaFamilies families;
    ParaEpisodesDef def;
} ParaSkillGround;

/// Reads skills and families. @return an exit code where that failed, which is told, else -1
int para_skill_open(const char *word, const ParaSkillWishes *w, const char *const *paths, int count,
                    ParaArena *arena, ParaSkillGround *out);

int para_skill_app_pack(int argc, char **argv);
int para_skill_app_list(int argc, char **argv);
int para_skill_app_show(int argc, char **argv);
int para_skill_app_test(int argc, char **argv);
int para_skill_app_use(int argc, char **argv);
