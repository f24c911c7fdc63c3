// SPDX-License-Identifier: MIT
#pragma once
// What the words of `dream` share. Private to apps/dream.
#include "agents/batch/families.h"
#include "agents/model/model.h"
#include "agents/pixels/pixels_teach.h"
#include "agents/player/player.h"

#define PARA_DREAM_MEMORY   ((size_t)8 << 30) ///< [byte]
#define PARA_DREAM_FAMILIES 64                ///< named on a command line

int para_dream_train(int argc, char **argv);
int para_dream_measure(int argc, char **argv);
int para_dream_play(int argc, char **argv);
int para_dream_control(int argc, char **argv);
int para_dream_film(int argc, char **argv);

/// Runs a word that was read, in an arena of its own. @return its exit code; 1 with the error told: no memory
int para_dream_in_arena(const char *word, int (*run)(void *wishes, ParaArena *arena), void *wishes);
/// Ctrl-C before anything was learned: a model that is there is worth more than one that was taught nothing.
/// @return the exit code; that nothing was written to `out` is told
int para_dream_stopped_early(const char *out);
/// One episode of play. @param draw [1] >= 0 counts them   @return false: the level could not be played
typedef bool ParaDreamEpisode(void *context, ParaEnv *env, uint64_t draw);
/// Episodes one after the other until so much was played, or Ctrl-C, or a hundred levels of each family in a
/// row ended at once. Shows how far it is.
/// @param wanted [s] > 0   @param seconds [s] played so far, which an episode adds to
/// @param families [1] >= 1 how many there are   @param context of `episode`
void para_dream_live(ParaSolverKind solver, double wanted, const double *seconds, bool quiet, int families,
                     ParaDreamEpisode *episode, void *context);

/// What `dream train --pixels` is asked for.
typedef struct ParaPixelsWish {
    const ParaFamilies *families;
    const char *out;
    ParaPixelTeaching teaching;
    double hours; ///< [h] > 0 of play that are watched
    ParaSolverKind solver;
    ParaActs *acts; ///< who plays
    void *actor;
    ParaRng *rng;    ///< of the levels
    bool *plays;     ///< out, set before each episode: the player acts in it, not keys by chance
    bool has_player; ///< there is one: it has every other episode
    double save;     ///< [s] >= 0 from saving to saving while it is taught
    bool quiet;
} ParaPixelsWish;
/// Watches, teaches, writes the model. @return the exit code, with the error told
int para_dream_train_pixels(const ParaPixelsWish *wish, ParaArena *arena);
/// `dream measure --pixels`. @param list families "A,B"; NULL: those it was taught on
int para_dream_measure_pixels(const char *file, const char *list, int levels, uint64_t seed,
                              ParaSolverKind solver, bool json, bool quiet, ParaArena *arena);
/// @return false, with the error told: a family has more players than the model knows of
bool para_dream_pixels_fit(const char *word, const ParaPixels *pixels, const ParaFamilies *families,
                           ParaArena *arena);
/// The families that are asked for, else those that a model was taught on as its card tells them.
/// @param list "A,B"; NULL: not asked   @return false, with the error told
bool para_dream_taught_families(const char *word, const char *list, const char *card, ParaArena *arena,
                                ParaFamilies *out);

/// The families of a run, or by name, or the whole library; a note is told on standard error.
/// @param run NULL: none   @param list "A,B"; NULL: all   @return false, with the error told
bool para_dream_families(const char *word, const char *run, const char *list, ParaArena *arena,
                         ParaFamilies *out);
/// Those that are named one by one.
/// @param names [count] of families or files; count 0: the run's, or the whole library
bool para_dream_named(const char *word, const char *run, const char *const *names, int count,
                      ParaArena *arena, ParaFamilies *out);
/// What the families that the model was taught on are asked for by, as its card tells it.
/// @return names, [out_count]; 0: it does not
const char *const *para_dream_taught_on(const char *card, ParaArena *arena, int *out_count);
/// What a model was taught before it is gone on with, by its card; all 0 of a new one.
typedef struct ParaDreamBefore {
    double play_seconds, steps_each,
        cpu_seconds;             ///< [s] >= 0, [1] >= 0 moments shown to each network, [s] >= 0
    const char *const *families; ///< [count] as they were asked for
    int count;                   ///< [1] >= 0
} ParaDreamBefore;
bool para_dream_was_taught(const ParaDreamBefore *before, const char *family);
/// Reads the model that --resume goes on with. What else was asked for is told on standard error.
/// @param def in, as asked for; out, as it was made   @return NULL with the error told: it cannot be read
ParaModel *para_dream_resume(const char *file, ParaModelDef *def, ParaDreamBefore *out, ParaArena *arena);
/// Reads a model. Where there is none, how one is taught is told.
/// @param file NULL: that of the run   @param run NULL: none   @param family of the advice; NULL: any
/// @return NULL with the error told
ParaModel *para_dream_load(const char *word, const char *file, const char *run, const char *family,
                           ParaArena *arena, const char **out_card);
