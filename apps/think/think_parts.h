// SPDX-License-Identifier: MIT
#pragma once
// The words of `paracosm think`, and the options they share. Private to apps/think.
#include "agents/batch/families.h"
#include "agents/think/measure.h"
#include "agents/think/reflex.h"
#include "apps/options.h"

#define PARA_THINK_FAMILIES 64

/// What all words are told.
typedef struct ParaThinkWishes {
    const char *run;      ///< run folder
    const char *in;       ///< "engine", "model"; NULL: both where there is a model
    const char *families; ///< NULL: those of the run
    const char *solver;   ///< NULL: the player's
    const char *without;  ///< "prior", "future", "doubt"; NULL: nothing
    ParaThinkDef think;
    double doubt;
    int threads;
    uint64_t seed;
    bool quiet;
} ParaThinkWishes;
ParaThinkWishes para_think_wishes(int futures);
extern const char *const para_think_in_choices[], *const para_think_without_choices[];

#define PARA_THINK_OPTION_IN(w)                                                                              \
    {                                                                                                        \
        "in", 0, PARA_OPTION_CHOICE, &(w)->in, "WHERE",                                                      \
            "where futures are imagined: engine (the true one), model (RUN/model.safetensors or "            \
            "dream.safetensors)",                                                                            \
            0, 0, para_think_in_choices                                                                      \
    }
/// The options of how it is thought.
#define PARA_THINK_OPTIONS(w)                                                                                  \
    {"horizon",                                                                                                \
     0,                                                                                                        \
     PARA_OPTION_INT,                                                                                          \
     &(w)->think.horizon,                                                                                      \
     "N",                                                                                                      \
     "decisions that a future goes on",                                                                        \
     1,                                                                                                        \
     PARA_THINK_HORIZON_MAX,                                                                                   \
     NULL},                                                                                                    \
        {"rounds",                                                                                             \
         0,                                                                                                    \
         PARA_OPTION_INT,                                                                                      \
         &(w)->think.rounds,                                                                                   \
         "N",                                                                                                  \
         "rounds of a plan, each drawn nearer to the best before",                                             \
         1,                                                                                                    \
         PARA_THINK_ROUNDS_MAX,                                                                                \
         NULL},                                                                                                \
        {"keep",                                                                                               \
         0,                                                                                                    \
         PARA_OPTION_INT,                                                                                      \
         &(w)->think.keep,                                                                                     \
         "N",                                                                                                  \
         "decisions that are done of a plan before the next is made",                                          \
         1,                                                                                                    \
         PARA_THINK_HORIZON_MAX,                                                                               \
         NULL},                                                                                                \
        {"doubt",     0,   PARA_OPTION_REAL,                                                                   \
         &(w)->doubt, "N", "what a future loses for a doubt of the model of 1 m; the engine has none",         \
         0,           1e6, NULL},                                                                              \
        {"without",                                                                                            \
         0,                                                                                                    \
         PARA_OPTION_CHOICE,                                                                                   \
         &(w)->without,                                                                                        \
         "PART",                                                                                               \
         "for comparisons: no prior (the reflex is not asked), no future (one decision ahead, then its "       \
         "value), no doubt",                                                                                   \
         0,                                                                                                    \
         0,                                                                                                    \
         para_think_without_choices},                                                                          \
        {"families",                                                                                           \
         0,                                                                                                    \
         PARA_OPTION_TEXT,                                                                                     \
         &(w)->families,                                                                                       \
         "A,B",                                                                                                \
         "families, template files, or folders of them (default: those of the run)",                           \
         0,                                                                                                    \
         0,                                                                                                    \
         NULL},                                                                                                \
        {"solver",                                                                                             \
         0,                                                                                                    \
         PARA_OPTION_CHOICE,                                                                                   \
         &(w)->solver,                                                                                         \
         "NAME",                                                                                               \
         "physics of the true world: auto, lanes, chipmunk (default: what the run was trained on)",            \
         0,                                                                                                    \
         0,                                                                                                    \
         para_app_solver_choices},                                                                             \
        {"threads", 't', PARA_OPTION_INT, &(w)->threads, "N", "worker threads; 0: one per CPU", 0, 256, NULL}, \
        {"seed", 's', PARA_OPTION_SEED, &(w)->seed, "N", "of levels and of what is imagined", 0, 0, NULL},     \
    {                                                                                                          \
        "quiet", 'q', PARA_OPTION_FLAG, &(w)->quiet, NULL, "no progress on standard error", 0, 0, NULL         \
    }

/// What they work with.
typedef struct ParaThinkGround {
    ParaFamilies families;
    ParaReflex reflex;
    ParaSolverKind solver;
    bool has_model;
    ParaThinkWhere engine, model;
} ParaThinkGround;
/// Settles the wishes and opens what they name; says what is wrong.
/// @param word as in "think eval"   @return -1 to go on, else the exit code
int para_think_open(const char *word, ParaThinkWishes *wishes, ParaArena *arena, ParaThinkGround *out);

int para_think_eval(int argc, char **argv);
int para_think_best(int argc, char **argv);
int para_think_distill(int argc, char **argv);
