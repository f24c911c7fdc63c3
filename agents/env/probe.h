// SPDX-License-Identifier: MIT
#pragma once
// Measuring a level: it is stepped with actions that are held, or those of a replay, and every few steps a
// row is taken of what is there: bodies, joints, contacts, energies, how the goal stands. For `paracosm
// probe` and Python; nobody plays. A level that ends goes on being measured, unless its numbers ran away.
#include "agents/env/env.h"
#include "engine/world/measure.h"

#include <stdio.h>

#define PARA_PROBE_SECONDS     5.0               ///< [s] measured where nothing else is said
#define PARA_PROBE_SECONDS_MAX 36e3              ///< [s]
#define PARA_PROBE_ROWS        10                ///< rows a second where nothing else is said
#define PARA_PROBE_MEMORY_MAX  ((size_t)2 << 30) ///< [byte] for one probe's arena

/// What is to be measured.
typedef struct ParaProbeDef {
    const ParaLevel *level; ///< must outlive the probe
    ParaSolverKind solver;
    double seconds; ///< [s] 0..PARA_PROBE_SECONDS_MAX; < 0: a replay's own time, else 5
    int every;      ///< [1] >= 1 physics steps from row to row; 0: ten rows a second
    /// "CHANNEL=VALUE", held all the time, or "CHANNEL=VALUE@FROM..TILL", held from the decision that begins
    /// nearest to FROM until that nearest to TILL; either may be left out. A number or the label of its keys,
    /// -1..1, [s] 0..PARA_PROBE_SECONDS_MAX; no two of one channel at a time  [act_count]
    const char *const *acts;
    int act_count; ///< [1] >= 0
    const char *const
        *names;     ///< of the bodies to tell of; that of a repeated one means each copy  [name_count]
    int name_count; ///< [1] >= 0; 0: all bodies
    const ParaReplay *replay; ///< whose actions are played, then none; NULL: `acts` are held
} ParaProbeDef;

typedef struct ParaProbeBody {
    float x, y;       ///< [m] any finite; of its origin
    float angle;      ///< [rad] any finite
    float vx, vy;     ///< [m/s] -1e4..1e4 of its centre of mass
    float spin;       ///< [rad/s] -1e4..1e4
    bool gone;        ///< taken out: collected or shattered
    double kinetic;   ///< [J] >= 0
    double potential; ///< [J] any finite
} ParaProbeBody;

typedef struct ParaProbeJoint {
    float angle; ///< [rad] or [m] any finite; as in ParaView
    float speed; ///< [rad/s] or [m/s] any finite
    float load;  ///< [N] >= 0
} ParaProbeJoint;

/// One moment.
typedef struct ParaProbeRow {
    double time;            ///< [s] >= 0 since the level began
    ParaEnergy energy;      ///< of the whole level
    ParaWorldMotion motion; ///< of the whole level
    ParaPlayStatus goal;    ///< ON, or how the level has ended by now: SOLVED, FAILED, TIMEOUT
    float progress;         ///< [1] 0..1 share of the first player's goal now
    int contact_count;      ///< [1] >= 0 touching pairs of the whole level in this step
    int dropped;    ///< [1] >= 0 pairs that may touch for which the solver had no room since the last row
    int told_count; ///< [1] 0..contact_count of those, with a body that is told of
    ParaProbeBody *bodies;  ///< [body_count of the probe]
    ParaProbeJoint *joints; ///< [joint_count of the level]
    ParaContact *contacts;  ///< [told_count]
} ParaProbeRow;

typedef struct ParaProbe {
    const ParaLevel *level;
    ParaSolverKind solver; ///< that runs it; never AUTO
    int substeps;          ///< [1] >= 1 most solver steps that any of its steps took so far
    char beyond[256]; ///< what of the level even that does not hold, as para_effort_is_beyond has it; else ""
    int every;        ///< [step] >= 1
    int32_t step_count;       ///< [step] 0..3.6e7 to be measured
    int32_t step;             ///< [step] 0..step_count measured so far
    int body_count;           ///< [1] 0..PARA_BODIES_MAX told of
    int32_t *bodies;          ///< [1] 0..bodies of the level - 1, rising  [body_count]
    const char **body_names;  ///< of all bodies of the level, as para_level_body_label has them
    const char **joint_names; ///< likewise
    ParaProbeRow *rows;       ///< [row_count]
    int row_count;            ///< [1] >= 0 so far
    ParaPlayStatus end;       ///< ON, or how the level ended first
    double ended;             ///< [s] >= 0 when, where it did
    char cause[160];          ///< why, as para_play_cause has it; else ""
    int differs; ///< [1] >= 0 first decision of the replay that comes out otherwise than recorded; -1: none,
                 ///< or no replay, or on another solver
    bool diverged;            ///< its numbers ran away: nothing is measured beyond
    double diverged_at;       ///< [s] >= 0 when
    int32_t diverged_body;    ///< [1] 0..bodies of the level - 1 the first that did; -1: unknown
    int64_t dropped;          ///< [1] >= 0 pairs left out in all steps
    bool full;                ///< no memory for more rows
    struct ParaProbeRun *run; ///< the world at work
} ParaProbe;

/// Builds the level's world and takes nothing yet. Errors are somebody's input: an unknown body or channel,
/// two actions of one channel at a time, a level that the solver does not take, more rows than memory.
/// @param arena of the probe alone, at most PARA_PROBE_MEMORY_MAX; the texts of errors are in it too
/// @return NULL with what to do instead in out_error
ParaProbe *para_probe_open(const ParaProbeDef *def, ParaArena *arena, const char **out_error);
/// Steps to the next row and takes it; the first is the beginning, the last the end of the time.
/// @return false if there is no other   Cost: `every` physics steps
bool para_probe_next(ParaProbe *probe);
void para_probe_close(ParaProbe *probe); ///< ends its world; the rows stay as long as the arena. NULL is fine

/// "solved", "failed", "timeout", "diverged", or "running".
const char *para_probe_status(const ParaProbe *probe);
/// The same as a sentence: what happened and when. @param out out, always ended   @param size [byte] >= 1
void para_probe_story(const ParaProbe *probe, char *out, size_t size);
/// The whole of it as one JSON object, a row on a line; docs/probe.md has its keys.
/// @param scratch left as it was
void para_probe_write_json(const ParaProbe *probe, FILE *out, ParaArena *scratch);
