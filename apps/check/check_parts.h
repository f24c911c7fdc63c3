// SPDX-License-Identifier: MIT
#pragma once
// What `paracosm check` is asked, what drawing members of a family shows, and how it is told. Private to
// apps/check.
#include "agents/rehearsal/rehearsal.h"
#include "apps/options.h"

#define PARA_CHECK_MEMORY_MAX ((size_t)1 << 30) ///< [byte] for one template and its members

typedef struct ParaCheckChoices {
    bool json;
    bool solver;             ///< say which solver the members get
    int sample;              ///< [1] >= 0 members to draw and build
    double play;             ///< [s] 0..60 to play some members
    const char *tier;        ///< whose members are drawn and played; NULL: the whole family's
    bool strict;             ///< warnings are errors
    ParaTexts silence;       ///< names of warnings that are not wanted
    bool silent[PARA_CODES]; ///< the same, looked up
} ParaCheckChoices;

#define PARA_CHECK_REASONS_MAX 16
#define PARA_CHECK_MEMBER_WORK 10000.0 ///< [1] about a microsecond each

/// Why members do not run on lanes, and how many for this reason.
typedef struct ParaCheckReason {
    char why[256];
    int count; ///< [1] >= 1
    int seed;  ///< [seed] of the first of them
} ParaCheckReason;

/// What drawing members showed.
typedef struct ParaCheckFamily {
    int asked;     ///< [1] >= 0 members to draw
    int drawn;     ///< [1] 0..asked; fewer where each is dear to build
    int refused;   ///< [1] 0..drawn
    int unbuilt;   ///< [1] 0..refused of those, members that make sense and that no solver takes
    int tries;     ///< [1] >= 0 draws it took to meet the constraints of those that were made
    int body_min;  ///< [1] >= 0 bodies of a member
    int body_max;  ///< [1] >= body_min
    int joint_max; ///< [1] >= 0
    int shape_max; ///< [1] >= 0
    int lanes;     ///< [1] 0..drawn members that the solver auto runs there
    int chipmunk;  ///< [1] 0..drawn
    ParaCheckReason reasons[PARA_CHECK_REASONS_MAX];
    int reason_count; ///< [1] 0..PARA_CHECK_REASONS_MAX
    int substeps;     ///< [1] >= 0 most solver steps in a step that a member needs or asks for; 0: none drawn
    int substeps_chipmunk; ///< [1] >= 0 most in the first step on chipmunk, if that was asked; else 0
    int beyond;            ///< [1] 0..drawn members that want more than their substeps hold
    double ratio_max;      ///< [1] >= 0 largest ratio of masses among those
    ParaCheckReason worst; ///< of the member with that ratio
    ParaRehearsal rehearsal;
    double rehearsal_seconds; ///< [s] >= 0 of the clock that it took
} ParaCheckFamily;

/// Draws members and builds their worlds, as the engine would for a player; problems go to the list. No more
/// than so much work as PARA_CHECK_MEMBER_WORK for each that is asked for allows.
/// @param count [1] >= 0 members
/// @param solver they are built on chipmunk, too, for the substeps it takes
ParaCheckFamily para_check_family_draw(const ParaTemplate *t, int count, bool solver, ParaDiagList *list);

/// A good template for people: parameters and what its members hold.
void para_check_print(const char *path, const ParaTemplate *t, const ParaCheckFamily *family,
                      const ParaCheckChoices *choices);
/// One line of JSON. @param t NULL: it could not be read
void para_check_print_json(const char *path, const ParaTemplate *t, const ParaCheckFamily *family,
                           const ParaDiagList *list, const ParaCheckChoices *choices);
