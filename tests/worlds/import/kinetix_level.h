// SPDX-License-Identifier: MIT
#pragma once
// Small Kinetix levels as their editor would write them, made in C, for the tests of the importer and of the
// rules it carries over: append shapes, joints and thrusters, then import and play.
#include "tests/engine/world/scene.h"
#include "worlds/import/kinetix.h"
#include "worlds/rules/play.h"

typedef struct KinetixLevel {
    char polygons[8000], circles[8000], joints[4000], thrusters[4000]; ///< items of the lists
    char wall_roles[4]; ///< roles of floor, left wall, right wall, ceiling: '0'..'3'
    const char *more;   ///< in front of the closing brace of env_state; ""
    const char *params; ///< behind env_state
    int polygon_count;  ///< free ones
    ParaArena *arena;
    ParaDiagList list; ///< of the import
    const char *text;  ///< of the template
    const ParaLevel *level;
    ParaWorldGroup *group;
    ParaWorld world;
    ParaPlay play;
    ParaPlayerState state;
} KinetixLevel;

/// Empty, with four walls.
void kinetix_begin(KinetixLevel *level);
void kinetix_end(KinetixLevel *level);
/// A box of some width and height. @param role 0..3   @param fixed it never moves   @param rest more fields,
/// as ", \"collision_mode\": 0", or ""; they count in place of its own   @return its index among all shapes
/// of the file, circles counted
int kinetix_box(KinetixLevel *level, double x, double y, double width, double height, int role, bool fixed,
                const char *rest);
/// A circle. Boxes come first: no box after a circle.
int kinetix_circle(KinetixLevel *level, double x, double y, double radius, int role, bool fixed,
                   const char *rest);
/// A joint, its anchors in the bodies' frames. @param rest its other fields
void kinetix_joint(KinetixLevel *level, int a, int b, double ax, double ay, double bx, double by,
                   const char *rest);
void kinetix_thruster(KinetixLevel *level, int body, double x, double y, double rotation, double power,
                      int binding);
/// The whole level as text, in the level's arena.
char *kinetix_text(KinetixLevel *level);
/// Imports it. @return false if it was refused
bool kinetix_import(KinetixLevel *level);
/// Imports, loads and builds it on the present solver; aborts the test if that fails.
void kinetix_start(KinetixLevel *level);
/// Steps of physics under an action of one channel.
void kinetix_steps(KinetixLevel *level, int channel, float action, int steps);
const ParaView *kinetix_view(const KinetixLevel *level);
/// The body of a name; aborts the test if there is none.
int kinetix_body(const KinetixLevel *level, const char *name);
/// Whether a diagnostic of the import has such words in it.
bool kinetix_says(const KinetixLevel *level, const char *words);
/// A template that was imported, exported and imported again is the same text; aborts the test if not.
/// @param from what it was imported as
void kinetix_comes_back(const char *text, const ParaLevel *level, const char *from, ParaArena *arena);
