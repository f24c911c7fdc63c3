// SPDX-License-Identifier: MIT
#pragma once
// The help of a play window: every key of what is done there now.
#include "apps/game/game.h"
#include "apps/keys/keys.h"
#include "apps/page/help.h"

/// What is done in the window; by it the help differs.
typedef enum {
    PARA_HELP_LEVEL,   ///< a person plays
    PARA_HELP_REPLAY,  ///< a replay is played
    PARA_HELP_STORY,   ///< a scene of a story
    PARA_HELP_SANDBOX, ///< things are made and thrown by the mouse
    PARA_HELP_DREAM,   ///< a person plays in a dream, the engine beside it
    PARA_HELP_MODES
} ParaHelpMode;

/// @param out out, emptied first
void para_play_help(ParaHelpMode mode, const ParaGame *game, const ParaKeys *keys, ParaHelpList *out);
const char *para_play_help_title(ParaHelpMode mode);
/// Of photo mode, which has no level's keys.
void para_play_help_photo(ParaHelpList *out);
