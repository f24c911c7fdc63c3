// SPDX-License-Identifier: MIT
#pragma once
// A level in play as colours in memory: what `rgb_array` shows, by the software raster, without a display.
#include "engine/draw/raster/raster.h"
#include "worlds/rules/play.h"

#define PARA_PICTURE_SIDE_MIN   16   ///< [px]
#define PARA_PICTURE_SIDE_MAX   4096 ///< [px]
#define PARA_PICTURE_SMOOTH_MAX 4    ///< pixels a side that make one of the picture

/// Memory for pictures of one size, used again for each.
typedef struct ParaPicture {
    int width, height; ///< [px] PARA_PICTURE_SIDE_MIN..PARA_PICTURE_SIDE_MAX
    int smooth;        ///< [1] 1..PARA_PICTURE_SMOOTH_MAX pixels a side that make one of the picture
    float metres;      ///< [m] > 0 of the level across the picture, INFINITY: all of it; 0: as windows look
    int player;        ///< [1] 0..player_count - 1 whom it follows
    bool observed;     ///< it is what that player observes: no farther than the level lets it see
    ParaScene scene;
    ParaRaster raster; ///< [height * smooth, width * smooth]
} ParaPicture;

/// Sides and smooth are clamped to their bounds; `metres`, `player` and `observed` are 0, to be set. Takes
/// about 1.4 MB + width * height * smooth^2 bytes.
ParaPicture para_picture_create(int width, int height, int smooth, ParaArena *arena);
/// Appends the world with roles, flames, eyes, grips and what is said: the one scene of a level that every
/// picture and window shows. Roles are those of player 0; the parts of all players are drawn as players. What
/// stands still and must not be touched by others than the player, as the ground by the cargo, is no hazard
/// in it; what some parts of the player alone must not touch has a red border.
/// @param play NULL: nothing is held   @param poses [body_count] drawn instead of the world's, NULL: the
/// world's
/// @param grid metre grid behind everything
void para_picture_scene(ParaScene *scene, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                        const ParaPose *poses, bool grid);
/// Appends a bubble over each body that says something in the decision under way: a disc for +1, a diamond
/// for -1, of several voices side by side, with a dot for one that is silent meanwhile.
/// @param poses as above
void para_picture_bubbles(ParaScene *scene, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                          const ParaPose *poses);
/// Farthest point of a body from its origin [m], twice: its size across.
float para_picture_extent(const ParaLevel *level, int body);
/// How a picture looks at the level: after the body of a player.
typedef struct ParaPictureLook {
    ParaRect area;
    float height_max;   ///< [m] > 0 most height that is shown
    float player_share; ///< [1] 0..1 of the area's height that the player has at least
    ParaVec2 lead;      ///< [m] any finite; looks so far beside the player
    int player;         ///< [1] 0..player_count - 1 whom it follows; default 0
    bool closer;        ///< comes closer for that, then a ring; else the ring alone
} ParaPictureLook;
/// As windows and pictures look.
ParaPictureLook para_picture_look(ParaRect area);
/// The camera after the body of that player, which is always in the picture. A player that is smaller than
/// its share even so gets a ring around it, appended to the scene (NULL: none).
/// @param camera in-out   @param poses as above   @param seconds [s] as in para_camera_follow
void para_picture_follow(ParaCamera *camera, ParaScene *scene, const ParaPictureLook *look,
                         const ParaLevel *level, ParaWorld world, const ParaPose *poses, float seconds);
/// @param rgb out, [height, width, 3]
/// Threads: different pictures at once.  Cost: O(shapes + pixels), 640 x 360 about 4 ms; no heap.
void para_picture_draw(ParaPicture *picture, const ParaLevel *level, const ParaPlay *play, ParaWorld world,
                       uint8_t *rgb);
