// SPDX-License-Identifier: MIT
#pragma once
// Meddling: what somebody does to a level while it is played, by hand or by chance. A meddle is plain data
// and happens between two decisions, so that a record that has it plays again bit for bit. What comes into
// the level comes out of its toybox (toybox.h); gravity, pushes and cuts need none. What is drawn, sliced,
// pinned or joined changes what the level is made of: it is made anew then, and its world with it (remake.c).
#include "engine/base/rng.h"
#include "worlds/meddle/outline.h"
#include "worlds/meddle/toybox.h"
#include "worlds/rules/play.h"

typedef enum {
#define PARA_MEDDLE(id, ...) PARA_MEDDLE_##id,
#include "worlds/meddle/meddles.def"
    PARA_MEDDLES
} ParaMeddleKind;

#define PARA_MEDDLE_NUMBERS 4
#define PARA_MEDDLE_MOST    2000.0f ///< [1] no number of a meddle is larger
#define PARA_MEDDLE_SAYS    160     ///< [byte] with NUL, of what it says

typedef struct ParaMeddle {
    int32_t decision;                   ///< [decision] >= 0 before which it happens
    uint32_t kind;                      ///< [ParaMeddleKind]
    float numbers[PARA_MEDDLE_NUMBERS]; ///< -2000..2000 each, 0 where its kind has none: [m] of places, [rad]
                                        ///< of angles, [N/kg], [m/s^2], [m/s] by kind; or an index
} ParaMeddle;

const char *para_meddle_word(ParaMeddleKind kind);  ///< "crate"
const char *para_meddle_takes(ParaMeddleKind kind); ///< "[at X Y [ANGLE]]"
const char *para_meddle_about(ParaMeddleKind kind); ///< what it does, in one line

/// Whether the numbers make sense in a level, whatever happened in it.
/// @param why out, [why_size] what is wrong, else empty; NULL with 0 if nobody asks
bool para_meddle_check(const ParaMeddle *meddle, const ParaLevel *level, char *why, size_t why_size);
/// Does it. A meddle that makes sense may still have nothing to do: all crates are in the level, the body is
/// gone. Nothing is changed then.
/// @param meddle one that para_meddle_check takes, of no kind that remakes   @param why as above
/// @return whether it happened.  Threads: as for stepping.  Cost: some microseconds; no heap
bool para_meddle_do(const ParaMeddle *meddle, ParaPlay *play, const ParaLevel *level, ParaWorld world,
                    char *why, size_t why_size);

#define PARA_MEDDLE_ROOM                                                                                     \
    ((size_t)8 << 20) ///< [byte] that an arena must have left for a level to be made anew

/// Does it change what the level is made of?
bool para_meddle_remakes(uint32_t kind);
/// The level with what a meddle of such a kind changes, in play in the same world: what there was has its
/// index and its state, bodies that are made come behind or in the place of such that are gone. The old level
/// stays as it is, and the new one shares what is in both.
/// @param outline the points that were given for it   @param play in-out, of the level   @param arena where
/// the new level lives, as long as the old one
/// @return NULL with the reason: nothing has changed.  Threads: as for stepping.  Cost: that of building the
/// world anew, and memory for a copy of the level's bodies
const ParaLevel *para_meddle_remake(const ParaMeddle *meddle, const ParaOutline *outline, ParaPlay *play,
                                    const ParaLevel *level, ParaWorld world, ParaArena *arena, char *why,
                                    size_t why_size);
/// The level as it stands in its world now, to be kept as one of its own: bodies are where they are, with
/// their speed, those that are out are spare ones, joints that broke are unmade.
ParaLevel *para_meddle_level_now(const ParaLevel *level, ParaWorld world, ParaArena *arena);

/// Reads a line as somebody types it: "drop crate", "crate at 4 6", "wind 5 0", "calm", "flood 2", "drain",
/// "gravity 0 -3", "flip gravity", "spike at 8 0.5", "push 3", "blast", "take rock2", "cut rear-axle". What
/// needs a place and is given none comes down a little before the player, where it looks.
/// @param out_meddle out, its decision is 0   @return false with what is wrong, for the person
bool para_meddle_read(const char *line, const ParaLevel *level, ParaWorld world, ParaMeddle *out_meddle,
                      char *why, size_t why_size);
/// The same thing as a line that para_meddle_read reads. @param out out, [size], always ended
void para_meddle_write(const ParaMeddle *meddle, const ParaLevel *level, char *out, size_t size);

/// [m] Height of the water's surface, as the level's flood is now; below 0 where there is none.
/// @param level that has a flood (para_toybox_flood)
float para_meddle_surface(const ParaLevel *level, ParaWorld world);
/// One that may happen in the level now, by chance: toys near the player, wind, a push, a blast; gravity
/// where there is any, and a flood or its end where things fall down and the level has a toybox.
/// @param rng in-out, moves on as much as it needs
ParaMeddle para_meddle_draw(const ParaLevel *level, ParaWorld world, ParaRng *rng);
