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

/// The options of both.
#define PARA_SKILL_OPTIONS(w)                                                                                \
    {"families",                                                                                             \
     0,                                                                                                      \
     PARA_OPTION_TEXT,                                                                                       \
     &(w)->families,                                                                                         \
     "A,B",                                                                                                  \
     "families or template files (default: those that the skills were packed on)",                           \
     0,                                                                                                      \
     0,                                                                                                      \
     NULL},                                                                                                  \
        {"fallback",                                                                                         \
         0,                                                                                                  \
         PARA_OPTION_TEXT,                                                                                   \
         &(w)->fallback,                                                                                     \
         "NAME",                                                                                             \
         "the one of them that acts where all are out of reach (default: the nearest)",                      \
         0,                                                                                                  \
         0,                                                                                                  \
         NULL},                                                                                              \
        {"ahead",                                                                                            \
         'a',                                                                                                \
         PARA_OPTION_INT,                                                                                    \
         &(w)->ahead,                                                                                        \
         "N",                                                                                                \
         "try each skill out for N decisions in the engine before one is chosen; 0: by ground alone",        \
         0,                                                                                                  \
         PARA_SKILL_AHEAD_MAX,                                                                               \
         NULL},                                                                                              \
        {"solver", 0, PARA_OPTION_CHOICE,     &(w)->solver, "NAME", "physics: auto, lanes, chipmunk",        \
         0,        0, para_app_solver_choices},                                                              \
    {                                                                                                        \
        "seed", 's', PARA_OPTION_SEED, &(w)->seed, "N", "of the held-out set", 0, 0, NULL                    \
    }

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
