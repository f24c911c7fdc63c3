// SPDX-License-Identifier: MIT
#pragma once
// A level that really runs in a part of a window: the thumbnails of the home screen, the wall of `watch`.
// Somebody acts in it who is no person: a trained player, or one who tries things. When an episode has ended
// it rests a moment, and the next level of its source begins. One thread.
#include "agents/env/env.h"
#include "agents/player/mind.h"
#include "apps/page/page.h"

/// Makes the level of a tile's turn. @param arena where it must live
/// @return NULL: there is none at this turn
typedef const ParaLevel *ParaTileSource(void *context, uint64_t turn, ParaArena *arena);

/// What a player made of the last decision.
typedef struct ParaTileThought {
    bool known;                ///< a trained player acted
    float value;               ///< [1] any finite; of what is to come, in the units of training
    float logits[PARA_LOGITS]; ///< [1] any finite  [8, 3]
} ParaTileThought;

typedef struct ParaTile {
    ParaWorldGroup *group; ///< of one world; NULL: there is no memory, and nothing is shown
    ParaEnv env;
    ParaTileSource *source;
    void *context;
    uint64_t turn;                  ///< [1] >= 0 of the source
    bool running;                   ///< a level is there
    bool barren;                    ///< its source had none, 64 times in a row
    ParaLook look;                  ///< mood, palette and quality as wished; the rest is set at each picture
    ParaCamera camera;              ///< of the last picture
    ParaPose *then, *now, *blend;   ///< [PARA_BODIES_MAX] before and after the last step, and between
    float pending;                  ///< [s] >= 0 of physics owed
    float rested;                   ///< [s] >= 0 since the episode ended
    ParaRng rng;                    ///< of who tries things, and of the trained player's draws
    int8_t action[PARA_CHANNELS];   ///< [1] -127..127 as the env keeps it
    float memory[PARA_MIND_MEMORY]; ///< [1] -1..1 of the trained player, in this episode
    bool fine;                      ///< episodes are begun for a player of fine actions
    uint32_t parts;                 ///< [bits] ParaObsPart of an observation that it sees
    int hold;                       ///< [decision] >= 0 that who tries things stays at it
    ParaTileThought thought;
} ParaTile;

/// @param arena the tile's own memory; levels live in the tile's env
ParaTile *para_tile_create(ParaSolverKind solver, ParaTileSource *source, void *context, uint64_t turn,
                           ParaArena *arena);
void para_tile_destroy(ParaTile *tile); ///< NULL is fine
/// Begins the level of a turn, or of the next that has one. @return false: none of 64 has
bool para_tile_begin(ParaTile *tile, uint64_t turn);
/// Steps for `seconds` of shown time; begins the first level, and the next one after an end.
/// @param mind that several tiles may share; NULL: somebody tries things   @param wish [8] -1, 0, 1 of a
/// person who has taken over; NULL Cost: physics of that time; beginning a level some milliseconds
void para_tile_advance(ParaTile *tile, float seconds, ParaMind *mind, const int8_t *wish);
/// Draws it into a rect of the page, whole where that is of use, else around the player; nothing shows
/// outside.
/// @param scene scratch, of para_scene_create_tagged; keeps what was drawn
void para_tile_draw(ParaTile *tile, ParaPage *page, ParaRect area, ParaScene *scene, float seconds);
