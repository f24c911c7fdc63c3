// SPDX-License-Identifier: MIT
#pragma once
// Playing inside a dream: its keys, the outlines of the other world, and a panel that says what is seen, how
// far the two are apart and when the dream is set back to the truth. What it does is apps/game/twin.h's.
#include "apps/game/twin.h"
#include "apps/keys/keys.h"
#include "apps/pad/pad.h"
#include "apps/page/help.h"
#include "apps/play/play_paint.h"

#define PARA_PLAY_BEAT   0.7f ///< [s] that a setting back is shown
#define PARA_PLAY_CORNER 64   ///< [px] side of the picture in the corner

/// A small picture in a corner of the window, as somebody else dreams the same: asked for in each frame.
typedef struct ParaPlayCorner {
    void *context;
    const char *label, *note; ///< what it is, below it; a second line, "": none
    /// Told of each physics step, right after it.
    void (*step)(void *context, const ParaGame *game);
    /// @param rgb out, [64, 64, 3] rows from the top   @return false: nothing is to be shown
    bool (*read)(void *context, const ParaGame *game, uint8_t *rgb);
} ParaPlayCorner;

typedef struct ParaPlayDream {
    ParaTwin twin;
    ParaScene lines;            ///< outlines, and the curve
    ParaPose *poses;            ///< [PARA_BODIES_MAX] blended
    bool hidden;                ///< outlines are
    char why[PARA_MEDDLE_SAYS]; ///< what was asked for last did not happen
    float beat;                 ///< [s] >= 0 that it is still shown that the dream was set back
    bool showed;                ///< in the last step the dream was what is seen
    ParaPlayCorner corner;      ///< read NULL: none
    bool corner_hidden;
} ParaPlayDream;

/// @param arena of the session
void para_play_dream_init(ParaPlayDream *dream, ParaArena *arena);
/// A key of the dream's. @param free the level has no use for it
/// @param said out, what is to be told; the last one's stays where nothing is; NULL there: nothing
/// @return false: it is none
bool para_play_dream_key(ParaPlayDream *dream, ParaGame *game, SDL_Keycode code, bool free,
                         const char **said);
/// After each physics step, and each key of the dream's. @return true: what is seen has jumped, and nothing
/// has happened in it that way
bool para_play_dream_step(ParaPlayDream *dream);
/// What stands below an end: how it went in the other world, and the keys.
/// @param again, next names of keys   @param size [byte] >= 1
void para_play_dream_end(const ParaGame *game, const char *again, const char *next, char *out, size_t size);
/// Its rows of the help.
void para_play_dream_help(ParaHelpList *out);
/// Inputs of a gamepad that the level has left get the dream's keys. @param codes in-out, [PARA_PAD_INPUTS]
void para_play_dream_pad(SDL_Keycode *codes);
/// Draws outlines, panel and corner over the world. @param area [px] of the world in the window
/// @param share [1] 0..1 between the last two steps   @param seconds [s] since the last frame
void para_play_dream_draw(ParaPlayDream *dream, const ParaGame *game, const ParaCamera *camera,
                          ParaPaint *paint, ParaRect area, float share, float seconds);
