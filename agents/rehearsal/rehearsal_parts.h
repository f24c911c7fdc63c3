// SPDX-License-Identifier: MIT
#pragma once
// What the parts of a rehearsal share: the member at hand, and the findings that add up over members. Private
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
    // What came of it.
    ParaFinding findings[PARA_FINDINGS_MAX];
    int finding_count; ///< [1] 0..PARA_FINDINGS_MAX
    int64_t steps;     ///< [step] >= 0 of physics taken
    double work;       ///< [1] >= 0 taken so far; counted and not measured, so that it is the same everywhere
    int alike_lost;    ///< [1] >= 0 members lost in one and the same step whatever was done
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

/// What building the member at hand costs, and a step of its world as it is now: [1] > 0, about a microsecond
/// each.
double para_stage_build_work(const ParaStage *stage);
double para_stage_step_work(const ParaView *view);

/// A box that things fill.
typedef struct ParaBounds {
    double low_x, low_y, high_x, high_y; ///< [m] low > high: empty
} ParaBounds;
ParaBounds para_bounds_none(void);
void para_bounds_add(ParaBounds *bounds, ParaBounds other);
bool para_bounds_meet(ParaBounds a, ParaBounds b,
                      double margin); ///< are they within `margin` [m] of each other?
/// All shapes of a body at the start, where it swings its whole way; empty without shapes.
ParaBounds para_bounds_body(const ParaLevel *level, int body);
ParaBounds para_bounds_zone(const ParaLevel *level, int zone);

/// Looks at the start of the member: overlaps, joints.  @param view of its world, no step taken
void para_stage_look(ParaStage *stage, const ParaView *view);
/// Looks at where things are: what is shown, what can be reached, what is ever met.
/// @param world built, no step taken
void para_stage_look_around(ParaStage *stage, ParaWorld world);
/// Plays the member for a moment on both solvers.  @param seconds [s] > 0
void para_stage_play(ParaStage *stage, double seconds);
/// Plays it to its end without an action, as far as the work allowed goes.
void para_stage_play_idle(ParaStage *stage);
/// Which parameters change nothing in any of some members.
void para_stage_look_at_params(ParaStage *stage);
