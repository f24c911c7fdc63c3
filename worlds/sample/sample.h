// SPDX-License-Identifier: MIT
#pragma once
// The sampler's state, shared by sample*.c. Private to worlds.
#include "worlds/format/data.h"

_Static_assert(PARA_JOINTS_MAX <= PARA_BODIES_MAX && PARA_ZONES_MAX <= PARA_BODIES_MAX,
               "one size of list holds the copies of bodies, joints or zones");

/// Which copies of a list of objects exist in this member, in order.
typedef struct ParaCopies {
    int count;
    int object[PARA_BODIES_MAX];       ///< [count]
    int copy[PARA_BODIES_MAX];         ///< [count] from 0
    int total[PARA_BODIES_MAX];        ///< [count] copies of its object
    int turn[PARA_BODIES_MAX];         ///< [count] which copy of the group around it; -1: none
    const char *name[PARA_BODIES_MAX]; ///< [count] "" allowed
    int first[PARA_BODIES_MAX], size[PARA_BODIES_MAX]; ///< [object count] its copies
} ParaCopies;

/// One copy of a group in this member.
typedef struct ParaTurn {
    const ParaLoop *loop;
    int outer;        ///< [1] >= 0 the copy of the group around it; -1: none
    int index, total; ///< [1] >= 0
    uint64_t key;     ///< [id] of its draws
    double *values;   ///< [1] any finite, of the loop's `let`s  [loop->end - loop->first]
} ParaTurn;
#define PARA_TURNS_MAX 512

/// A piece of the ground's surface, or with both ends alike a circle.
typedef struct ParaGroundEdge {
    ParaVec2 a, b; ///< [m] world frame
    float radius;  ///< [m] half the thickness of a line
} ParaGroundEdge;

/// The ground as far as it is known: it grows while the member is made.
typedef struct ParaGround {
    ParaGroundEdge *edges; ///< [count]
    int count, capacity;   ///< [1] >= 0
    int loops, lets; ///< [1] >= 0 known: those of the first groups and parts, and of `let`s outside of them
    int seen_loops, seen_lets; ///< when it was looked at last
    bool *taken;               ///< [body count of the template] its edges are there; NULL: not looked at yet
    bool busy;                 ///< it is being looked at
    bool missed;               ///< there was none where it was asked for
    double missed_at;          ///< [m]
} ParaGround;

/// Where a player of this member comes from.
typedef struct ParaSeat {
    const ParaObject *object;
    int turn;        ///< [1] >= -1 the copy of the group it is in; -1: of none
    int copy, total; ///< [1] >= 0 which of the copies of its object, of how many
} ParaSeat;

typedef struct ParaSampler {
    const ParaTemplate *t;
    ParaArena *arena;
    ParaDiagList *list; ///< may be NULL
    ParaLevel *level;
    bool failed;
    ParaExprInput input;
    double params[PARA_PARAMS_MAX], lets[PARA_VALUES_MAX];
    uint64_t draw; ///< copy and point index: which draw of a field this is
    ParaCopies bodies, joints, zones;
    ParaTurn *turns;                ///< [turn_count] those of one group in a row; NULL: there are no groups
    int turn_count, turn;           ///< [1] 0..PARA_TURNS_MAX; the one whose numbers hold now, -1: none
    int turn_first[PARA_LOOPS_MAX]; ///< [1] >= 0 the first of a group
    int turn_size[PARA_LOOPS_MAX];  ///< [1] >= 0 how many it has
    ParaGround ground;
    int looks;                       ///< [1] >= 0 copies that were looked at
    uint64_t chance;                 ///< [seed] of draws and noise: the level's, or that of another try
    char unmet[160];                 ///< why a constraint does not hold
    const char *unmet_path;          ///< of that constraint; NULL: none was missed
    uint8_t pieces[PARA_BODIES_MAX]; ///< [1] 0..PARA_PIECES_MAX
    int shape_room;                  ///< [1] >= 0 shapes that were counted and have room in the level
    int point_room;                  ///< [1] >= 0 points, those of zones included
    double work;                     ///< [1] >= 0 of expressions that were run, about a microsecond each
    uint8_t role_given[PARA_BODIES_MAX], zone_role_given[PARA_ZONES_MAX];
    int within;       ///< [1] >= -1 copies are those of this copy of a group; -1: all
    int player;       ///< [1] 0..player_count - 1 whose rules are bound: "player" in them; -1: nobody's
    bool said_player; ///< a rule has said "player" since this was false
    ParaSeat seats[PARA_PLAYERS_MAX]; ///< [player_count]
} ParaSampler;

/// What a reference stands for in this member.
typedef struct ParaFound {
    int space;        ///< 0: nothing (reported if it is a mistake)
    int first, count; ///< count 0: it exists in the family but not in this member
    bool player;
} ParaFound;

/// Notes a problem of this member.
void para_sample_problem(ParaSampler *sampler, ParaCode code, const char *path, const char *key,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));
/// Notes what was mended in this member, once for each code and place.
void para_sample_note(ParaSampler *sampler, ParaCode code, const char *path, const char *key,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));
/// Sets i and n and the stream of draws.
void para_sample_copy(ParaSampler *sampler, int copy, int total);
/// The same, and the numbers of the groups around it, for copy `m` of a list.
void para_sample_enter(ParaSampler *sampler, const ParaCopies *copies, int m);
/// The copies of a group that are of the copy of the group that holds now.
/// @param out out, [PARA_TURNS_MAX]   @return how many; of no group (NULL) one, -1
int para_sample_turns(const ParaSampler *sampler, const ParaLoop *loop, int *out);
/// The numbers of a copy of a group hold, i and n those of the group.
void para_sample_enter_turn(ParaSampler *sampler, int turn);
/// Finds out who the players of this member are, and makes room for them in the level.
void para_sample_seats(ParaSampler *sampler);
/// Those outside of groups and copies hold again.
void para_sample_leave(ParaSampler *sampler);
/// Calls a function for each copy of an object that there is in this member, its numbers set; leaves
/// afterwards.
void para_sample_each_copy(ParaSampler *sampler, const ParaObject *object, ParaFieldId repeat_id,
                           ParaFieldId if_id,
                           void (*what)(ParaSampler *sampler, const ParaObject *object, void *context),
                           void *context);
void para_sample_point(ParaSampler *sampler, int point, int total);
/// Value of a number; out of the field's range or without a value is a problem, and gives the range's low
/// end.
double para_sample_number(ParaSampler *sampler, const ParaNumber *number, const ParaField *field,
                          const char *path);
/// Fills a bound struct, which holds the defaults, from the values that are given.
void para_sample_bind(ParaSampler *sampler, const ParaObject *object, ParaBound *bound);
/// A number that changes becomes a program of this level, or is worked out now where nothing in it does.
void para_sample_changing(ParaSampler *sampler, const ParaObject *object, const ParaField *field,
                          const ParaNumber *number, ParaChanging *out);
/// Moves a place of a part's thing to where the part is.
void para_sample_move(const ParaSampler *sampler, const ParaObject *object, ParaVec2 *place);
ParaFound para_sample_find(ParaSampler *sampler, const ParaRef *ref);

/// The corners of a convex polygon, as they were written: those that are none are left out, with a note, and
/// the rest goes counter-clockwise. A polygon that is not convex, or has no area, is a problem.
/// @param object a shape or an area with its head
/// @return how many corners are left
int para_sample_corners(ParaSampler *sampler, const ParaObject *object, ParaVec2 *points, int count);
/// Would all corners of a polygon stay, and would the physics take it?
bool para_sample_corners_stay(const ParaVec2 *points, int count);
/// The points of a segment or chain: those that lie on the one before are left out, with a note.
/// @return how many are left; fewer than 2 are a problem
int para_sample_line(ParaSampler *sampler, const ParaObject *object, ParaVec2 *points, int count);

/// The points of a terrain.
/// @param rule a chain with the field   @param out [count]; NULL: they are counted only   @return how many, 2
/// or more
int para_sample_terrain(ParaSampler *sampler, const ParaObject *rule, ParaVec2 *out);

/// Room for the stops of all paths in this member.
void para_sample_count_paths(ParaSampler *sampler);
/// The path of a body, if it has one.
void para_sample_path(ParaSampler *sampler, const ParaObject *body, int index);

/// How many pieces each body may come apart into, for whom there is room to be.  @return of all bodies
int para_sample_count_pieces(ParaSampler *sampler);
/// What a body that breaks says of what comes then.
void para_sample_into(ParaSampler *sampler, const ParaObject *shatters, int index);
/// Makes the pieces, behind all other bodies.
void para_sample_pieces(ParaSampler *sampler);
/// Refuses pieces of a player's own parts, which stay whole.
void para_sample_check_pieces(ParaSampler *sampler);

/// The height of the ground where it is highest within reach of x; NaN: there is none, or none is known.
/// @param context a ParaSampler
double para_sample_ground(void *context, double x, double reach);
/// The points of a shape in the frame of its body, as they are written.
/// @param out_radius out, [m] of a circle or half the thickness of a line   @return how many
int para_sample_outline(ParaSampler *sampler, const ParaObject *shape, ParaVec2 **out_points,
                        float *out_radius);
/// The shapes of a body: `shape` or `shapes`.
const ParaValue *para_sample_shapes(const ParaObject *body, int *out_count);

/// Does an action below 0 differ from 0?
bool para_sample_uses_negative(const ParaActuator *actuator);
/// Makes it a vector of length 1; one that already is stays as it is, so that saved levels keep their bits.
/// @return false: it is too short to have a direction
bool para_sample_unit(ParaVec2 *v);
/// The parts of a player, where none are listed: every moving body joined to the main one.
void para_sample_join_parts(ParaLevel *level, int player);
/// What bodies and zones mean, as far as it follows from goal and fail.
void para_sample_roles(ParaSampler *sampler);

// The stages, in order. A template that generates its levels has one stage in the place of those from the
// bodies to the goals.
void para_sample_generated(ParaSampler *sampler);
void para_sample_bodies(ParaSampler *sampler);
void para_sample_zones(ParaSampler *sampler);
void para_sample_joints(ParaSampler *sampler);
void para_sample_players(ParaSampler *sampler);
/// @return false: one does not hold, told in `unmet` alone, or could not be judged, which is a problem
bool para_sample_constraints(ParaSampler *sampler);
void para_sample_goals(ParaSampler *sampler);
void para_sample_events(ParaSampler *sampler);
void para_sample_lists(ParaSampler *sampler);
/// Calls a function for each event there is in this member, i and n set to its copy.
void para_sample_each_event(ParaSampler *sampler,
                            void (*what)(ParaSampler *sampler, const ParaObject *object, void *context),
                            void *context);

/// A predicate and all below it as nodes of the level.  @return its node; -1: there is no room, which is told
int para_sample_predicate(ParaSampler *sampler, const ParaObject *object);
/// Exactly one of what a reference means: what a joint, an actuator or the player needs.
/// @param out_space may be NULL   @return -1: it is none, which is told
int para_sample_one(ParaSampler *sampler, const ParaRef *ref, int *out_space);
