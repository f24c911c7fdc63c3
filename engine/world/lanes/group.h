// SPDX-License-Identifier: MIT
#pragma once
// The host side of the lanes solver: the memory of a group, and the functions of its table.
#include "engine/world/lanes/lanes.h"

typedef struct ParaLanesSolver ParaLanesSolver;

/// The world of a slot. Its ParaLanesWorld lies at the slot's begin.
ParaLanesWorld *para_lanes_world(const void *solver, int index);
/// Notes that a world is built (substeps of its def) or no longer (0).
void para_lanes_note_built(void *solver, int index);
bool para_lanes_use_width(void *solver, int width); ///< see lanes_width.h

// query.c
ParaRayHit para_lanes_ray(void *solver, int index, ParaVec2 from, ParaVec2 to, uint32_t mask, uint32_t group);
int para_lanes_at_point(void *solver, int index, ParaVec2 point, int32_t *out, int max);
int para_lanes_in_box(void *solver, int index, ParaVec2 low, ParaVec2 high, int32_t *out, int max);

// snapshot.c
size_t para_lanes_snapshot_size(void *solver, int index);
size_t para_lanes_save(void *solver, int index, void *out, size_t size_max);
bool para_lanes_restore(void *solver, int index, const void *image, size_t size);
const void *para_lanes_image(void *solver, int index, size_t *out_size, ParaDiagList *diagnostics);
void para_lanes_adopt(void *solver, int index, const void *image, size_t size);
uint64_t para_lanes_hash(void *solver, int index);
size_t para_lanes_bytes(void *solver, int index);

// acts.c
void para_lanes_apply_impulse(void *solver, int index, int body, ParaVec2 impulse);
void para_lanes_set_velocity(void *solver, int index, int body, ParaVec2 velocity, float spin);
void para_lanes_disable_body(void *solver, int index, int body);
void para_lanes_set_gravity(void *solver, int index, ParaVec2 gravity);
void para_lanes_set_clock(void *solver, int index, uint64_t step);
void para_lanes_set_zone(void *solver, int index, int zone, const ParaZoneState *now);
void para_lanes_set_joint(void *solver, int index, int joint, bool whole);
bool para_lanes_joint_broken(void *solver, int index, int joint);
void para_lanes_wind_joint(void *solver, int index, int joint, float angle);
void para_lanes_set_friction(void *solver, int index, int body, float friction);

// place.c
void para_lanes_place_body(void *solver, int index, int body, const ParaBodyPlace *to);
