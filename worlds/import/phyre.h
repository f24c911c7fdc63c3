// SPDX-License-Identifier: MIT
#pragma once
// Tasks of PHYRE (facebookresearch/phyre) as templates: a scene, one ball that the player puts somewhere, and
// a contact that has to last. What the files say, which of it is carried over and how: docs/importing.md.
// Used by `paracosm import` and `paracosm puzzle`.
#include "worlds/template.h"

#define PARA_PHYRE_SIZE_MAX  (1 << 24) ///< [byte] of a file's text; 20 tasks of 60 bodies have 0.3 MB
#define PARA_PHYRE_TASKS_MAX 1000      ///< of a file
#define PARA_PHYRE_ID_MAX    32        ///< [byte] of a task's name with NUL, as in "00012:345"
#define PARA_PHYRE_CORNERS   8         ///< most of a polygon

#define PARA_PHYRE_METRE 6.0f ///< [px] in a metre
/// [m] around polygons, of Box2D's: here their sides stand so much further out.
#define PARA_PHYRE_SKIN 0.01

typedef struct ParaPhyreShape {
    int corners;                         ///< [1] 3..PARA_PHYRE_CORNERS; 0: a circle about the origin
    float radius;                        ///< [px] > 0 circle
    ParaVec2 corner[PARA_PHYRE_CORNERS]; ///< [px] -1e4..1e4 [corners] body frame, convex, counter-clockwise
} ParaPhyreShape;

typedef struct ParaPhyreBody {
    bool fixed;
    ParaVec2 position;      ///< [px] -1e4..1e4 of its origin; y up, (0, 0) the lower left corner of the scene
    float angle;            ///< [rad] -1e4..1e4
    int shape_count;        ///< [1] >= 1
    ParaPhyreShape *shapes; ///< [shape_count]
    const char *name;       ///< of the template's body
} ParaPhyreBody;

typedef struct ParaPhyreTask {
    char id[PARA_PHYRE_ID_MAX]; ///< letters, digits, - _ and :
    int body_count;             ///< [1] 2..PARA_BODIES_MAX - 1
    ParaPhyreBody *bodies;      ///< [body_count] in the order in which they are created
    int body1, body2;           ///< [1] 0..body_count - 1 that have to touch; not the same
} ParaPhyreTask;

typedef struct ParaPhyreFile {
    int task_count;       ///< [1] 1..PARA_PHYRE_TASKS_MAX
    ParaPhyreTask *tasks; ///< [task_count] no two of one id
} ParaPhyreFile;

/// Reads a file of tasks.
/// @param text [size] and a NUL behind it: anything at all   @param list gets as errors why it is refused,
/// each with its place as a JSON Pointer, and as warnings what is not understood
/// @return false if it is refused.  Cost: one parse and a pass; memory bounded by the text's size
bool para_phyre_read(const char *text, size_t size, ParaPhyreFile *out, ParaArena *arena, ParaDiagList *list);
/// Writes the template that a task is.
/// @param name of the family; letters, digits, - and _; begins with a letter
/// @return the text, in the arena
char *para_phyre_write(const ParaPhyreTask *task, const char *name, ParaArena *arena);

/// Moves each side of a convex counter-clockwise polygon outward by `way` [m]; below 0 inward.
/// @param from [count] no two neighbours in one place   @param to out, [count]
void para_phyre_move_sides(const ParaVec2 *from, int count, double way, ParaVec2 *to);
/// The name of a task's template: "phyre-00012-345" of 00012:345.
const char *para_phyre_name(const char *id, ParaArena *arena);

/// Whether the ball of an action may be put where it says: wholly in the scene before it goes to whole
/// pixels, and after that in no body of it, walls included. Touching is allowed.
/// @param level a member of a template that para_phyre_write wrote, with x, y and r of the action as
/// parameters
/// @param action [1] x, y, r as they are, each 0..1
/// @param out_why out, [why_size] why not, else empty
/// Cost: O(shapes), about 2 us. Source: PHYRE's action_mappers.py and
/// action_simulator.py.
bool para_phyre_may_place(const ParaLevel *level, const double action[3], char *out_why, size_t why_size);
