// SPDX-License-Identifier: MIT
#pragma once
// The world of a play window: its scene, camera, look and what flies about in it. What lies around it is
// play_view's.
#include "apps/game/game.h"
#include "apps/sandbox/sandbox.h"
#include "apps/store/preferences.h"
#include "engine/draw/gl/window.h"
#include "engine/draw/look/governor.h"
#include "engine/draw/look/particles.h"

/// What a person wished of the picture.
typedef struct ParaPlayLook {
    int quality; ///< [ParaQuality] 0..2; -1: as frames come in time
    ParaMood mood;
    ParaPalette palette;
    bool still;       ///< blows do not shake the view
    unsigned overlay; ///< [bits] ParaOverlay: marks of forces and speeds
} ParaPlayLook;

typedef struct ParaPlayStage {
    ParaScene scene, marks;
    ParaCamera camera;
    ParaVec2 lead; ///< [m] any finite; how far the view looks ahead of the player
    ParaPlayLook wish;
    ParaLook look;
    ParaGovernor governor;
    ParaColours colours;        ///< of the look, for what flies about
    ParaHappenings *happenings; ///< of the last step
    ParaParticles *particles;
    ParaPose *poses;            ///< [PARA_BODIES_MAX] blended
    double shown;               ///< [s] >= 0 of the world's time in the last picture
    bool begun;                 ///< a picture of this level was drawn
    const ParaSandbox *sandbox; ///< whose view it is; NULL: it follows the player
    int bodies; ///< [1] >= 0 of the level in the last step: where they are more, it was made anew
} ParaPlayStage;

/// What a person's settings wish of the picture.
ParaPlayLook para_play_look(const ParaPreferences *preferences);
ParaPlayStage para_play_stage(ParaArena *arena);
/// Says what the picture is to be; without it, it is as the default settings say.
/// @param unattended nobody watches: the quality stays, so that pictures are the same on any machine
void para_play_stage_wish(ParaPlayStage *stage, ParaPlayLook wish, bool unattended);
/// For a new level: the camera jumps to the player at the next frame.
void para_play_stage_reset(ParaPlayStage *stage);
/// After each physics step: reads what happened in it.
void para_play_stage_step(ParaPlayStage *stage, const ParaGame *game);
/// Draws the world of the game into an area of the window. @param share [1] 0..1 between the last two steps
/// @param seconds [s] since the last frame
void para_play_stage_draw(ParaPlayStage *stage, ParaWindow *window, const ParaGame *game, ParaRect area,
                          float share, float seconds);
/// The same as it is now, from a camera of one's own. @param area where it is shown; may be larger than the
/// window, for whoever draws a picture in parts
void para_play_stage_draw_from(ParaPlayStage *stage, ParaWindow *window, const ParaGame *game, ParaRect area,
                               const ParaCamera *camera);
