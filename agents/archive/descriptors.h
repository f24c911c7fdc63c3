// SPDX-License-Identifier: MIT
#pragma once
// Descriptors: numbers that tell the levels of an archive apart. The list is agents/archive/descriptors.def.
#include "agents/batch/families.h"

typedef enum {
    PARA_DESCRIPTOR_LEVEL,
    PARA_DESCRIPTOR_ARCHIVE,
    PARA_DESCRIPTOR_REPORTS,
    PARA_DESCRIPTOR_PROOF,
    PARA_DESCRIPTOR_OTHERS
} ParaDescriptorOf;

enum {
#define PARA_DESCRIPTOR(name, ...) PARA_DESCRIPTOR_AT_##name,
#include "agents/archive/descriptors.def"
#undef PARA_DESCRIPTOR
    PARA_DESCRIPTOR_COUNT
};

typedef struct ParaDescriptorRow {
    const char *name, *unit;
    ParaDescriptorOf of;
    const char *about;
} ParaDescriptorRow;
extern const ParaDescriptorRow para_descriptors[PARA_DESCRIPTOR_COUNT];

/// One that was chosen: a row of the list, or a parameter.
typedef struct ParaDescriptor {
    int at;            ///< [1] 0..PARA_DESCRIPTOR_COUNT - 1, or -1: a parameter
    const char *param; ///< its name; NULL: none
    const char *name;  ///< as it was asked for
} ParaDescriptor;

/// @param name a row's, or "param:NAME"
/// @return false with those there are in out_error
bool para_descriptor_find(const char *name, ParaDescriptor *out, ParaArena *arena, const char **out_error);

/// What is known of a level when it is described.
typedef struct ParaDescribed {
    const ParaLevel *level;
    float success;       ///< [1] 0..1
    int age;             ///< [lesson] >= 0
    float blow;          ///< [N s] >= 0; NaN: nothing was reported of it
    float proof_seconds; ///< [s] >= 0; NaN: it has no proof
} ParaDescribed;

/// @return [in the descriptor's unit] NaN where it is not known, or the level has no such parameter; that of
/// OTHERS is para_novelty's
double para_descriptor_value(const ParaDescriptor *descriptor, const ParaDescribed *described);

/// How unlike the others each is.
/// @param traits in, [count, size]   @param out out, [count] >= 0 [1]; 0 where there is one level alone
/// Cost: O(count * min(count, 512) * size)
void para_novelty(const float *traits, int count, int size, float *out);
