// SPDX-License-Identifier: MIT
#pragma once
// A person's times: what was played, how often it was solved, and how fast at best. One file, times.json, in
// the data folder (store.h):
//
//   {"paracosm_times": 1, "levels": {
//     "rover/0123456789abcdef": {"family": "rover", "seed": 7, "best": 12.35, "medal": 3, "plays": 4,
//                                "solves": 2, "last": "2026-05-31T12:00:00Z",
//                                "replay": "replays/rover-0123456789abcdef.replay"}}}
//
// A level's key is its family and the 16 hex digits of its hash, so that the same level has the same times
// however it was come by. What does not read is passed over; keys that are not known here stay. One thread.
#include "apps/store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define PARA_TIMES_NAME_MAX   64   ///< [byte] with NUL, of a family: as PARA_NAME_MAX of levels
#define PARA_TIMES_REPLAY_MAX 128  ///< [byte] with NUL
#define PARA_TIMES_MAX        4096 ///< levels that are kept; of more, those played longest ago are forgotten

typedef enum {
    PARA_MEDAL_NONE,
    PARA_MEDAL_BRONZE,
    PARA_MEDAL_SILVER,
    PARA_MEDAL_GOLD,
    PARA_MEDALS
} ParaMedal;

/// What a person did on one level.
typedef struct ParaTime {
    char family[PARA_TIMES_NAME_MAX];
    uint64_t level;                     ///< [hash] para_level_hash
    uint64_t seed;                      ///< [seed] that it was drawn with, for whoever begins it again
    double best;                        ///< [s] > 0 of the fastest solve; 0: never solved
    int medal;                          ///< [ParaMedal] the best one so far
    int plays;                          ///< [1] >= 0 episodes begun by a person
    int solves;                         ///< [1] 0..plays
    char last[21];                      ///< UTC, "2026-05-31T12:00:00Z"; "": not known
    bool aside;                         ///< of what happened: `last` stays as it was (para_times_add)
    char replay[PARA_TIMES_REPLAY_MAX]; ///< of the best: a name for para_store_path(PARA_STORE_DATA, ..); "":
                                        ///< none
} ParaTime;

/// All of them, latest played first.
/// @param out_times out, [returned count], in the arena   @param out_note out, NULL or what to tell (store.h)
int para_times_read(ParaArena *arena, ParaTime **out_times, const char **out_note);
/// The one of a level. @return NULL: never played
const ParaTime *para_times_of(const ParaTime *times, int count, const char *family, uint64_t level);
/// Of all levels of a family, the latest played; NULL: none.
const ParaTime *para_times_latest(const ParaTime *times, int count, const char *family);
/// The best medal of any level of a family.
int para_times_medal(const ParaTime *times, int count, const char *family);
/// Adds what happened to what is kept, whoever else writes meanwhile: plays and solves are added to those
/// there, the least best time and the highest medal stay (with the replay of the least time), `last` becomes
/// now, but where it happened aside, as in a story: such a level is none that was played lately. Cost: reads
/// and writes the file, milliseconds: at the end of an episode and not in a frame of it.
/// @param happened its `last` is not looked at   @param out_kept out, what is kept of the level now; may be
/// NULL
/// @return false with the reason; nothing is changed then
bool para_times_add(const ParaTime *happened, ParaTime *out_kept, ParaArena *arena, const char **out_error);
