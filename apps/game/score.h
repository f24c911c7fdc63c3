// SPDX-License-Identifier: MIT
#pragma once
// How well somebody plays a level: times to beat and where they come from, medals, the person's own best, and
// ghosts that show how others did it. What is kept lies in the data folder (apps/store).
#include "apps/game/game.h"
#include "apps/store/times.h"

#define PARA_GHOST_PARTS 32 ///< bodies of a player that a ghost shows at most

/// An episode as it looked: the player's bodies before each decision and at the end.
typedef struct ParaGhost {
    float seconds;                    ///< [s] > 0 it took; 0: there is none
    int parts;                        ///< [1] 0..PARA_GHOST_PARTS
    int32_t bodies[PARA_GHOST_PARTS]; ///< [1] 0..body_count - 1 of the level  [parts]
    int moments;                      ///< [1] >= 0 decisions + 1
    ParaPose *poses;                  ///< [moments, parts]
} ParaGhost;

typedef struct ParaScore {
    ParaArena *arena;  ///< of the level's ghosts; NULL: no score is kept
    uint64_t level;    ///< [hash] whose times these are
    float target;      ///< [s] > 0 that gold takes; 0: nobody is known to have solved it
    const char *whose; ///< "the trained player", "the author"; where there is no target: "the time limit"
    ParaTime kept;     ///< what the person did before
    ParaGhost own;     ///< the person's best
    ParaGhost other;   ///< of whoever set the target
    bool ghosts;       ///< they are shown
    bool counted;      ///< the episode has been booked
    bool aside;     ///< a level of a story or of endless mode: its name and seed alone do not give it again
    int medal;      ///< [ParaMedal] of the episode that has just been solved
    char said[224]; ///< what came of it, one line; "": nothing to say
} ParaScore;

/// The medal of a solve. Against a target: gold for its time, silver for 1.3 times it, else bronze. Without
/// one: gold in a quarter of the time limit, silver in half of it.
/// @param target [s] 0: there is none   @param limit [s] > 0 of the level
ParaMedal para_score_medal(float seconds, float target, float limit);
const char *para_medal_name(ParaMedal medal); ///< "gold"

/// Reads what is known of the level that has just begun: the person's times, and once per level the times to
/// beat: of the author's proof (FILE.replay beside FILE.json), else of the trained player, who plays it
/// unseen.
/// @param note out, NULL or what to tell: times that did not read
void para_score_begin(ParaScore *score, const ParaGame *game, const char **note);
/// Books an episode that has ended: one that a person alone played, in which nothing was meddled and nobody
/// went back, counts.
/// @param fair nobody went back in time   @param out_error out, why it could not be kept, else NULL
void para_score_end(ParaScore *score, ParaGame *game, bool fair, const char **out_error);
/// Appends a ghost to a scene, as it was at a time. Nothing where there is none, or it had ended.
/// @param at [decision] >= 0, with parts of one   @param ink of its shapes, translucent
void para_ghost_scene(const ParaGhost *ghost, const ParaLevel *level, float at, int ink, ParaScene *scene);
void para_score_close(ParaScore *score);
