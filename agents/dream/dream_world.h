// SPDX-License-Identifier: MIT
#pragma once
// The inside of dreamed worlds: a slot of memory for each, and what a step needs besides.
// Private to agents/dream.
#include "agents/dream/dream.h"
#include "engine/world/cut.h"
#include "engine/world/events.h"
#include "engine/world/solver_api.h"
#include "engine/world/view_fields.h"
#include "engine/world/zones.h"

#include <pthread.h>

#define PARA_DREAM_TOUCHES_MAX PARA_DREAMING_EDGES ///< contacts of one world
#define PARA_DREAM_PLACE_MAX   1e5f                ///< [m] beyond: diverged
#define PARA_DREAM_SPEED_MAX   1e4f                ///< [m/s], [rad/s] beyond: diverged

/// Two shapes that press each other until the model speaks again.
typedef struct ParaDreamTouch {
    int32_t shape_a, shape_b, body_a, body_b; ///< [1] >= 0
    ParaVec2 at_a, at_b;                      ///< [m] any finite; where, in the frame of each body
    ParaVec2 normal;                          ///< [1] unit vector from a to b
    float peak;                               ///< [N s] >= 0 of the physics step in which it first shows
    float impulse;                            ///< [N s] >= 0 of each later one
    int32_t first;                            ///< [1] >= 0 physics step in which it first does
} ParaDreamTouch;

/// What changes, and is not an array. Behind it lie the arrays that change, then touches, contacts that show,
/// contacts that are gone and not told yet, events: an image is all of it, without a pointer.
typedef struct ParaDreamState {
    uintptr_t owner;               ///< the world it is of
    uint64_t step;                 ///< [1] >= 0 physics steps since the build
    ParaVec2 gravity;              ///< [m/s^2]
    int32_t status, diverged_body; ///< as in ParaView
    int32_t dropped;               ///< [1] >= 0
    int32_t period, done;          ///< [1] >= 0 physics steps that the model spoke for, and that were made
    int32_t touch_count;           ///< [1] 0..PARA_DREAM_TOUCHES_MAX
    int32_t contact_count, gone_count; ///< [1] 0..PARA_DREAM_TOUCHES_MAX together
    int32_t event_count;               ///< [1] >= 0
    int32_t image_size;                ///< [byte] from here to the end of the events
} ParaDreamState;

/// A world, at the begin of its slot.
typedef struct ParaDreamWorld {
    ParaView view;
    ParaInputs inputs;
    ParaWorldDef def;
    ParaModelFacts facts;
    int32_t substeps;   ///< [1] >= 1 that the engine would take
    size_t image_first; ///< [byte] from the slot's begin to the state
    ParaDreamState *state;
#define PARA_DREAM_ARRAY(array) float *array;
    PARA_VIEW_BODY_FIELDS(PARA_DREAM_ARRAY)        ///< as in ParaView  [bodies]
    uint32_t *zone_bits;                           ///< [bodies]
    uint8_t *enabled;                              ///< [bodies]
    float *friction;                               ///< [bodies]
    ParaZoneState *zones;                          ///< [zones]
    uint8_t *joint_enabled, *joint_whole;          ///< [joints]
    float *joint_angle, *joint_speed, *joint_load; ///< [joints]
    float *joint_begin;                            ///< [rad] or [m] of what joint_angle counts from  [joints]
    float *motor_rate, *motor_max;                 ///< [joints]
    float *throttle;                               ///< [thrusters]
    float *force_x, *force_y, *torque;             ///< [bodies]
    float *due;   ///< [m/s, m/s, rad/s] what impulses add to the motion after, and to the mean  [bodies, 6]
    float *doubt; ///< [m] >= 0  [bodies]
    float *doubt_rate;       ///< [m/s] >= 0 while the model's word holds  [bodies]
    ParaDreamTouch *touches; ///< the tail begins here
} ParaDreamWorld;

/// What a thread needs for a step.
typedef struct ParaDreamScratch {
    struct ParaDreamScratch *next;
    ParaArena *arena;
    ParaDreaming dreaming;
    float *push;             ///< [m/s^2, m/s^2, rad/s^2]  [PARA_BODIES_MAX, 3]
    float *moved;            ///< [m, m, rad, m/s, m/s, rad/s]  [PARA_BODIES_MAX, 6]
    ParaContact *now;        ///< [PARA_DREAM_TOUCHES_MAX]
    ParaContact *before;     ///< [PARA_DREAM_TOUCHES_MAX]
    ParaEvent *events;       ///< [3 * PARA_DREAM_TOUCHES_MAX]
    ParaDreamTouch *touches; ///< [PARA_DREAM_TOUCHES_MAX]
    int *waiting;            ///< worlds whose graphs lie side by side  [PARA_DREAM_BLOCK]
    int *nodes, *edges;      ///< where theirs begin  [PARA_DREAM_BLOCK + 1]
} ParaDreamScratch;

#define PARA_DREAM_BLOCK 64 ///< worlds side by side at most

typedef struct ParaDreamSolver {
    const ParaModel *model;
    int capacity;
    unsigned char *memory; ///< [capacity] slots of `stride` bytes
    size_t stride;
    uint8_t *built;       ///< [capacity]
    pthread_mutex_t lock; ///< of the list of free scratches
    pthread_cond_t back;  ///< one has come back
    ParaDreamScratch *free_scratches;
} ParaDreamSolver;

extern const ParaSolverApi para_dream_api;

ParaDreamWorld *para_dream_world(const void *solver, int index);

// dream_slot.c
size_t para_dream_slot_max(void);
void para_dream_build_slot(ParaDreamWorld *world, const ParaWorldDef *def);
/// Sets every pointer of a slot whose bytes came from elsewhere.
void para_dream_bind(ParaDreamWorld *world);
size_t para_dream_image_size(const ParaDreamWorld *world, int touches, int contacts, int events);
/// Shows in the view what the state says.
void para_dream_publish(ParaDreamWorld *world);
static inline ParaContact *para_dream_contacts(const ParaDreamWorld *world)
{
    return (ParaContact *)(void *)(world->touches + world->state->touch_count);
}

// dream_scratch.c
ParaDreamScratch *para_dream_scratch_create(const ParaModel *model); ///< NULL: no memory
ParaDreamScratch *para_dream_take_scratch(ParaDreamSolver *solver);
void para_dream_give_back(ParaDreamSolver *solver, ParaDreamScratch *scratch);

// dream_step.c
void para_dream_group_step(void *solver, int first, int count, const uint8_t *active);
/// Steps of the worlds to come begin with the model's word.
static inline void para_dream_ask_anew(ParaDreamWorld *world) { world->state->period = 0; }
/// Puts a body's centre of mass and angle somewhere.
void para_dream_put(ParaDreamWorld *world, int body, double x, double y, double angle);
/// Zones that each body is in.
void para_dream_look_at_zones(ParaDreamWorld *world);

// dream_touch.c
/// What presses, of a world's edges after the model spoke.
/// @param edge, end of the scratch's graph   @param node of body 0
void para_dream_take_touches(ParaDreamWorld *world, ParaDreamScratch *scratch, int edge, int end, int node);
/// Contacts and events of the physics step that was just made.
void para_dream_report(ParaDreamWorld *world, ParaDreamScratch *scratch);

// dream_joints.c
/// Angle and speed as bodies are now; of all that hold.
void para_dream_show_joint(ParaDreamWorld *world, int joint);
void para_dream_show_joints(ParaDreamWorld *world);
/// Which joints hold, after a body came or went or a joint was broken or made; @param drawn those that hold
/// now count from where they are, if whole turns may be left out.
void para_dream_settle_joint(ParaDreamWorld *world, int joint);
void para_dream_settle_body(ParaDreamWorld *world, int body);
/// Who may touch whom, where joints are broken.
void para_dream_allow(ParaDreamWorld *world, int joint);
/// Loads, from the impulses of a world's edges.
void para_dream_take_loads(ParaDreamWorld *world, const ParaDreamScratch *scratch, int edge, int end);

// dream_acts.c
void para_dream_diverge(ParaDreamWorld *world, int body);
void para_dream_act_diverge(void *solver, int index, int body);
void para_dream_apply_impulse(void *solver, int index, int body, ParaVec2 impulse);
void para_dream_set_velocity(void *solver, int index, int body, ParaVec2 velocity, float spin);
void para_dream_disable_body(void *solver, int index, int body);
void para_dream_set_gravity(void *solver, int index, ParaVec2 gravity);
void para_dream_set_clock(void *solver, int index, uint64_t step);
void para_dream_set_zone(void *solver, int index, int zone, const ParaZoneState *now);
void para_dream_set_joint(void *solver, int index, int joint, bool whole);
bool para_dream_joint_broken(void *solver, int index, int joint);
void para_dream_wind_joint(void *solver, int index, int joint, float angle);
void para_dream_set_friction(void *solver, int index, int body, float friction);
void para_dream_place_body(void *solver, int index, int body, const ParaBodyPlace *to);

// dream_image.c
size_t para_dream_snapshot_size(void *solver, int index);
size_t para_dream_save(void *solver, int index, void *out, size_t size_max);
bool para_dream_restore(void *solver, int index, const void *image, size_t size);
const void *para_dream_image(void *solver, int index, size_t *out_size, ParaDiagList *diagnostics);
void para_dream_adopt(void *solver, int index, const void *image, size_t size);
uint64_t para_dream_hash(void *solver, int index);
size_t para_dream_bytes(void *solver, int index);
