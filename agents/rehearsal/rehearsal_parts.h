// SPDX-License-Identifier: MIT
#pragma once
// What the parts of a rehearsal share: the member at hand, and what adds up over members. Private
// to agents/rehearsal.
#include "agents/env/decision.h"
#include "agents/rehearsal/rehearsal.h"

#define PARA_FINDINGS_MAX 64

/// Something that was seen in one or more members.
typedef struct ParaFinding {
    ParaCode code;
    char path[120];   ///< JSON Pointer
    char text[300];   ///< as it was in the first of them
    char member[200]; ///< which that was
    int count;        ///< [1] >= 1 members
    int last;         ///< the last of them, so that each counts once
} ParaFinding;

typedef struct ParaStage {
    const ParaTemplate *t;
    ParaWorldGroup *group[2]; ///< [0] lanes, [1] chipmunk: one world each
    ParaArena *arena;         ///< lifetime: one member
    // The member at hand.
    int member;             ///< [1] >= 0
    const ParaLevel *level; ///< in arena
    ParaOrigins origins;    ///< in arena
    double substep_work;    ///< [1] > 0 of each part of its steps, whatever touches
    int64_t pair_count;     ///< [1] >= 0 pieces of shapes whose boxes meet at the start
    // What came of it.
    ParaFinding findings[PARA_FINDINGS_MAX];
    int finding_count; ///< [1] 0..PARA_FINDINGS_MAX
    ParaRehearsal done;
    double
        looked;  ///< [1] >= 0 of work at looking; counted and not measured, so that it is the same everywhere
    double work; ///< [1] >= 0 of work at playing
    int plan;    ///< [1] 0.. members that are to be played
    int alike_lost;        ///< [1] >= 0 members lost in one and the same step whatever was done
    char alike_cause[164]; ///< why the first of them
    int idle_played;       ///< [1] >= 0 members played to their end without an action
    int idle_solved;       ///< [1] 0..idle_played of those, solved
} ParaStage;

/// Notes something of the member at hand; the same of another member only counts.
void para_stage_note(ParaStage *stage, ParaCode code, const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/// A name for people: the body's own or its number. @param store [PARA_NAME_MAX]
static inline const char *para_stage_body(const ParaStage *stage, int body, char *store)
{
    return para_level_body_label(stage->level, body, store);
}
/// The same of a zone.
static inline const char *para_stage_zone(const ParaStage *stage, int zone, char *store)
{
    return para_level_zone_label(stage->level, zone, store);
}

/// Weighs the member at hand; pairs that lie in each other are added by para_stage_look.
void para_stage_weigh(ParaStage *stage);
/// What a step of its world as it is now takes: [1] > 0, about a microsecond each.
double para_stage_step_work(const ParaStage *stage, const ParaView *view, bool lanes);

/// A box that things fill.
typedef struct ParaBounds {
    double low_x, low_y, high_x, high_y; ///< [m] low > high: empty
} ParaBounds;
ParaBounds para_bounds_none(void);
void para_bounds_add(ParaBounds *bounds, ParaBounds other);
bool para_bounds_are_none(ParaBounds bounds);
double para_bounds_diagonal(ParaBounds bounds); ///< [m] >= 0
bool para_bounds_meet(ParaBounds a, ParaBounds b,
                      double margin); ///< are they within `margin` [m] of each other?
/// All shapes of a body at the start, where it swings its whole way; empty without shapes.
ParaBounds para_bounds_body(const ParaLevel *level, int body);
/// The same, or its place where it has no shapes.
ParaBounds para_bounds_thing(const ParaLevel *level, int body);
ParaBounds para_bounds_zone(const ParaLevel *level, int zone);
/// What the level's author has the camera show.
ParaBounds para_bounds_shown(const ParaLevel *level);

/// What the rules speak of.
typedef struct ParaNamed {
    bool bodies[PARA_BODIES_MAX], zones[PARA_ZONES_MAX]; ///< of goal, fail, events or rewards
    bool goal_bodies[PARA_BODIES_MAX], goal_zones[PARA_ZONES_MAX];
} ParaNamed;

/// Looks at the start of the member: overlaps, joints.  @param view of its world, no step taken
void para_stage_look(ParaStage *stage, const ParaView *view);
/// Looks at where things are: what is shown, what can be reached, what is ever met.
/// @param world built, no step taken
void para_stage_look_around(ParaStage *stage, ParaWorld world);
/// Of these, whether the camera shows what counts.
void para_stage_look_at_camera(ParaStage *stage, const ParaNamed *named);
/// Of these, whether the goal can be got to.
void para_stage_look_at_goal(ParaStage *stage, ParaWorld world, const ParaNamed *named);
/// The same of events.
void para_stage_look_at_events(ParaStage *stage, ParaWorld world, const ParaNamed *named);
/// Plays the member for a moment on both solvers.  @param seconds [s] > 0  @param work [1] for all its runs
void para_stage_play(ParaStage *stage, double seconds, double work);
/// Plays it to its end without an action.
void para_stage_play_idle(ParaStage *stage, double work);
/// Which parameters change nothing in any of some members.  @param work [1] after which no other is looked at
void para_stage_look_at_params(ParaStage *stage, double work);
