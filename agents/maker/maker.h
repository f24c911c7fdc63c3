// SPDX-License-Identifier: MIT
#pragma once
// The maker chooses the levels the player learns on. Methods are rows of methods.def and share everything but
// the choice:
//   dr   domain randomisation: parameters uniform over their full ranges.
//   sfl  sampling for learnability (Rutherford 2024, arXiv 2408.15099): every so many decisions the present
//        player plays fresh candidate levels; those with the highest p(1 - p) are kept, p its success
//        rate; until the next refresh half of the envs play kept levels, half fresh ones. What the player
//        reports of a kept level scores it again, and one that it always or never solves now is given up.
// Families are dealt to envs in turn, so each gets the same share of decisions.
//
// Every lesson: para_maker_turn (it may play candidates), para_maker_next for each level that is wanted, and
// para_maker_learn with every report of the lesson.
#include "agents/batch/batch.h"
#include "agents/learn/ppo.h"
#include "agents/player/trials.h"
#include "engine/base/bytes.h"

typedef struct ParaMakerDef {
    const char *method; ///< a name of methods.def
    const ParaFamilies *families;
    ParaTrialRoom *room; ///< where candidates are played (sfl)
    uint64_t seed;       ///< [seed] of its candidates
    int candidates;      ///< sfl: [1] >= 1 per family and refresh; default 64
    int tries;           ///< sfl: [1] >= 1 episodes per candidate in each of its two stages; default 3
    int keep;            ///< sfl: [1] >= 1 per family; default 16
    int64_t
        refresh; ///< sfl: [1] >= 1 decisions of the run between refreshes, and before the first; default 2^20
    float kept_share; ///< sfl: [1] 0..1 share of each family's envs on kept levels; default 0.5
    int buffer;       ///< replaying methods: [1] >= 1 levels of all families; default 1000
    int edits;        ///< of a child: [1] >= 1; default 3
    double structure; ///< [1] 0..1 share of children that are edits of the parent's level; the others have
                      ///< other parameters, and all where it cannot be edited; default 0.5
    ParaObsSpec obs;  ///< a `vector` shows all that moves in edited levels; default: it is none
    bool blind;       ///< sfl: reports do not score kept levels again, for comparisons; default false
    const ParaPpo *learner;   ///< paired: the player's; its antagonist has its sizes and settings
    const ParaPolicy *player; ///< paired: whose network the antagonist's is like
    ParaSolverKind solver; ///< of the run: of the antagonist's worlds, and edited levels fit it; default AUTO
    double surprises;      ///< [1/(10 s)] 0..PARA_SURPRISES_MOST of the run: the antagonist meets them too
    ParaWorkers *workers;  ///< paired: who steps them
    int envs;              ///< paired: [1] >= 0 of the run, peers' too; 0: the learner's; default 0
    int64_t *refused;      ///< [1] >= 0 levels that solve themselves; para_maker_create sets it
} ParaMakerDef;

ParaMakerDef para_maker_def_default(const char *method);
/// The methods there are, ended by NULL.
const char *const *para_maker_methods(void);
/// Whether a method scores levels by what the player's values expected.
bool para_maker_asks_values(const char *method);
/// Whether a method scores levels by what a model of the world foresaw of them.
bool para_maker_asks_model(const char *method);
/// What a method does, in a line; NULL if there is none of this name.
const char *para_maker_about(const char *method);

/// What is known of a level that is played without any action.
typedef enum {
    PARA_IDLE_UNKNOWN,
    PARA_IDLE_NEEDS_ACTION, ///< it is not solved so
    PARA_IDLE_REFUSED       ///< it is, or no episode can be played on it: it is not kept
} ParaIdle;

/// A level the maker holds at the edge of what the player can do.
typedef struct ParaKept {
    ParaPick pick;
    uint64_t hash; ///< [hash] of the level
    float success; ///< [1] 0..1, p over `tries` episodes when it was last scored
    float score;   ///< [1] any finite, by the method; sfl: 0..0.5, p(1 - p) with n / (n - 1), n tries; high
                   ///< ones are a little lucky, being chosen by it
    int tries;     ///< [1] >= 0 episodes it was scored with
    bool given_up; ///< reports say that it is at the edge no more: nobody plays it
    uint32_t outcomes; ///< [bits] of its last episodes, 1: solved, the newest lowest
    int outcome_count; ///< [1] 0..32 of them that are known
    int reports;       ///< [1] >= 0 that scored it again
    float best;        ///< [1] any finite; the highest return of an episode on it, where the method asks
    bool fresh;        ///< the last turn put it in this place
    ParaIdle idle;     ///< of a candidate; of what is kept it is known, and not saved
} ParaKept;

#define PARA_CALIBRATION_BINS 10
typedef struct ParaCalibrationBin {
    int64_t count;           ///< [1] >= 0 episodes on levels of which that chance was forecast
    double forecast, solved; ///< [1] 0..count sums of the chances, and of what was solved
} ParaCalibrationBin;
/// How a method's forecasts held: of levels that had never been played, by the chance it gave them (a tenth
/// each).
typedef struct ParaCalibration {
    ParaCalibrationBin bins[PARA_CALIBRATION_BINS];
} ParaCalibration;
/// Expected calibration error [1] 0..1: mean over episodes of how far a bin's forecasts are from what was
/// solved. Source: Guo 2017, arXiv 1706.04599, equation 3.  @return 0 where nothing was forecast
double para_calibration_error(const ParaCalibration *calibration);

typedef struct ParaMaker ParaMaker;
/// @return NULL with the methods named in out_error if there is no such method, or with what to do where it
/// has worlds of its own and there is no memory for them
ParaMaker *para_maker_create(const ParaMakerDef *def, ParaArena *arena, const char **out_error);
/// Gives back what is not the arena's: a maker may have worlds of its own. NULL is fine.
void para_maker_destroy(ParaMaker *maker);

/// The maker's turn at the start of a lesson: may play candidates with the present player.
/// @param decisions [1] >= 0 of the run so far   @param policy in: the player   @return world steps simulated
/// for scoring; -1: the trials' room was told to stop, and the maker is as it was before this turn
int64_t para_maker_turn(ParaMaker *maker, int64_t decisions, const ParaPolicy *policy);
/// Chooses the next level of an env (a ParaPickNext; context is the maker). Reads only, so threads may share
/// it.
void para_maker_next(void *maker, int env, ParaRng *rng, ParaPick *out);
/// The maker reads what the player reports: every episode that ended in the lesson, once, in the order (env,
/// step, player), which is the same for any number of threads. Between turns, never while para_maker_next
/// runs.
/// @param ended in, [count]
void para_maker_learn(ParaMaker *maker, const ParaEnded *ended, int count);
/// What it is doing, in a sentence for people: "keeps 16 rover levels, distance from 10.8 to 14.5 m, solved
/// 41 %".
/// @param out out, always ended   @param size [byte] >= 1; 160 hold any sentence
void para_maker_describe(const ParaMaker *maker, char *out, size_t size);

/// All that the maker knows, for a checkpoint: a maker made from the same def that loads it is the same
/// maker.
void para_maker_save(const ParaMaker *maker, ParaBytes *out);
/// @return false if the bytes are no state of such a maker: then it is as it was made
bool para_maker_load(ParaMaker *maker, const uint8_t *data, size_t size);

/// Levels kept, [count]; count 0 for a method that keeps none. A turn may put others in some places
/// (`fresh`); a level that stays keeps its place. A place with family -1 is empty.
const ParaKept *para_maker_kept(const ParaMaker *maker, int *out_count);
/// Levels that were to be kept and solved themselves, without any action, since the run began: sfl, frontier
/// and the methods that replay refuse those.
int64_t para_maker_refused(const ParaMaker *maker);
/// How its forecasts held since the run began. @return false: the method makes none
bool para_maker_calibration(const ParaMaker *maker, ParaCalibration *out);
/// Index of a pick among the kept levels, -1 if it is a fresh one.
int para_maker_kept_index(const ParaMaker *maker, const ParaPick *pick);
/// Most levels that a maker of this def keeps at once.
int para_maker_kept_max(const ParaMakerDef *def);
