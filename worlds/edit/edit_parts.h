// SPDX-License-Identifier: MIT
#pragma once
// What the files of edits share: the level under work, choices by chance, room for more things, references,
// places. Private to worlds/edit.
#include "engine/base/rng.h"
#include "worlds/edit/edit.h"

/// A level while it is edited: a copy of its own.
typedef struct ParaEditor {
    const ParaLevel *from;
    ParaLevel *level;
    ParaArena *arena;
    ParaRng rng;
    bool points; ///< shapes or zones have other points: they are laid out anew
    bool goals;  ///< so are the nodes of goals
    bool never;  ///< refused whatever is drawn
    int removed; ///< [1] the body that is gone: those of `from` behind it moved up; -1: none
    uint8_t changed[PARA_BODIES_MAX]; ///< [1] 0 or 1; 1: its place or shapes are new
    char *says;                       ///< [PARA_EDIT_SAYS_MAX]
} ParaEditor;

/// Edits the level. @return false: refused, with the reason in says
typedef bool ParaEditFunction(ParaEditor *editor);
#define PARA_EDIT(id, name, ...) bool para_edit_##name(ParaEditor *editor);
#include "worlds/edit/edits.def"

typedef struct ParaEditBox {
    double low_x, low_y, high_x, high_y; ///< [m] any finite; low above high: empty
} ParaEditBox;

/// @return false, for `return para_edit_refuse(...)`
bool para_edit_refuse(ParaEditor *editor, bool never, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/// What was done. @return true
bool para_edit_done(ParaEditor *editor, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// A number in [low, high] as a whole number of steps, so that it reads well.
double para_edit_draw(ParaEditor *editor, double low, double high, double step);
/// Any of [0, count) that the question is true of; -1: none.
int para_edit_pick(ParaEditor *editor, int count, bool (*is)(const ParaLevel *level, int index));
const char *para_edit_body_word(ParaEditor *editor, int body); ///< its name or #index, in the arena

/// Multiplies what a drive of the player takes of speeds, and of forces and torques: others keep their
/// defaults, which no file has.
/// @param fast, force, torque [1] > 0
void para_edit_drive(ParaEditor *editor, int actuator, double fast, double force, double torque);
bool para_edit_has_speed(const ParaActuator *actuator); ///< does it take a rate or a speed?

// Things: edit_things.c.

/// Room for one more, at its defaults.  @return its index; -1: there is no room, which is told
int para_edit_new_body(ParaEditor *editor, const ParaBodyDef *def, const char *stem);
int para_edit_new_joint(ParaEditor *editor, const ParaJointDef *def);
int para_edit_new_zone(ParaEditor *editor, const ParaZoneDef *def, const char *stem, ParaVec2 half);
/// A body of these shapes in place of those it has; point_first of a shape is its first in `points`.
/// @return false: there is no room, which is told
bool para_edit_set_shapes(ParaEditor *editor, int body, const ParaShapeDef *shapes, int shape_count,
                          const ParaVec2 *points, int point_count);
/// Gives a body a name if it has none, for what is to refer to it.
void para_edit_name_body(ParaEditor *editor, int body);
/// A name that nothing has yet.
const char *para_edit_new_name(ParaEditor *editor, const char *stem);

// References: edit_references.c.

bool para_edit_is_referred(ParaEditor *editor, int space, int index); ///< by rules, drives or joints
/// Takes a thing out that nothing refers to; indices behind it move up.
void para_edit_take_body(ParaEditor *editor, int body);
void para_edit_take_joint(ParaEditor *editor, int joint);
/// Adds "or this" to the player's fail.  @return false: no room, which is told
bool para_edit_add_fail(ParaEditor *editor, const ParaGoalNode *leaf);
/// Goal nodes in the order of the sampler, without those that nothing leads to.
void para_edit_lay_out_goals(ParaLevel *level);

// Places: edit_places.c.

bool para_edit_is_player(const ParaLevel *level, int body); ///< part of the player
bool para_edit_is_spare(const ParaLevel *level, int body);
bool para_edit_is_wide(const ParaLevel *level,
                       int body); ///< ground: fixed, and more than 4 m or a third wide
bool para_edit_is_thing(const ParaLevel *level, int body);   ///< neither player, nor spare, nor ground
bool para_edit_is_loose(const ParaLevel *level, int body);   ///< a thing that moves freely
ParaEditBox para_edit_box(const ParaLevel *level, int body); ///< in the world, at the start
/// Marks a body and all that joints or pieces hold to it.
void para_edit_gather(const ParaLevel *level, int body, uint8_t *set);
bool para_edit_has_player(const ParaLevel *level, const uint8_t *set);
/// Turns, scales and shifts all of a set about a place, with anchors, lengths and thrusters.
typedef struct ParaEditMove {
    double x, y;         ///< [m] the place
    double angle, scale; ///< [rad], [1] > 0
    double dx, dy;       ///< [m]
} ParaEditMove;
void para_edit_transform(ParaEditor *editor, const uint8_t *set, const ParaEditMove *move);
/// Highest surface of what is not left out below y at x [m]; NaN: none.
double para_edit_surface(const ParaLevel *level, const uint8_t *left_out, double x, double y);
/// A place on the ground for something so wide and high: the middle of its foot.  @return false: none found
bool para_edit_spot(ParaEditor *editor, double width, ParaVec2 *out);
/// How far the player's parts are from a box; 0: they meet.
double para_edit_player_gap(const ParaLevel *level, const ParaEditBox *box);
/// Is what was changed within the world, and in nothing deeper than before?
bool para_edit_fits(ParaEditor *editor);
