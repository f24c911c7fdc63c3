// SPDX-License-Identifier: MIT
#pragma once
// Families: templates loaded once, shared read-only by all threads, and picks: which member of which family
// to play. Those of a run come from agents/run/run_families.h.
#include "agents/observe/observe.h"
#include "engine/base/bytes.h"
#include "engine/base/rng.h"
#include "worlds/edit/edit.h"
#include "worlds/library.h"

#define PARA_FAMILIES_TRIES 16 ///< seeds that para_families_sample tries at most

typedef struct ParaFamilies {
    int count;                      ///< [1] >= 1
    const char **names;             ///< [count]
    const ParaTemplate **templates; ///< [count]
    const ParaTemplate **whole;     ///< [count] the same, where those are narrowed to a tier
    const ParaTemplateText *texts;  ///< [count] what they were loaded from; NULL where it is not kept
    bool toybox;                    ///< levels have one (worlds/meddle/toybox.h), where they take it
    ParaSolverKind solver;          ///< that levels with a toybox are to fit, where `toybox`
} ParaFamilies;

/// One choice of a level: a member of a family, and what is edited of it. Sampling and edits are
/// deterministic in it, so a pick is a level in 450 bytes.
typedef struct ParaPick {
    int32_t family;                 ///< [1] 0..count - 1 index into the families
    uint64_t seed;                  ///< [seed] of the sampling
    bool bound;                     ///< values hold; else they are drawn from the seed over the full ranges
    double values[PARA_PARAMS_MAX]; ///< [1] -1e6..1e6 parameter values in their units, where bound
    uint64_t parent;                ///< [hash] of the level it was made from, 0 if none
    int32_t edit_count;             ///< [1] 0..PARA_EDITS_MAX
    ParaEdit edits[PARA_EDITS_MAX]; ///< done to the member, one after the other
} ParaPick;

/// Whether two picks are the same choice.
bool para_pick_is(const ParaPick *a, const ParaPick *b);
/// A pick in a checkpoint. One without edits has the bytes that it had before there were any.
void para_pick_save(ParaBytes *out, const ParaPick *pick);
/// @param family_min, family_max what its family may be; anything else is bad
ParaPick para_pick_load(ParaBytesReader *in, int family_min, int family_max);

/// How the level of a pick is made where its seed alone does not say:
/// {"params": {"gap": 2.5}, "edits": "turn_body:17 cut_ground:4"}, either of them or both.
/// @return NULL where it does
const char *para_pick_recipe(const ParaFamilies *families, const ParaPick *pick, ParaArena *arena);
/// Reads a recipe into a pick of a template: its values and edits. @param text NULL: from the seed alone
/// @return false if it is none of this template's
bool para_pick_read_recipe(const ParaTemplate *t, const char *text, ParaPick *pick);
/// The level of a pick of a template, from just its seed. What was edited tells in `parent` and `edits` from
/// which level its edits lead to it: the member, where they fit in a file; else `parent` is the pick's.
/// @return NULL if this member makes no sense, or one of its edits cannot be done
/// Threads: any.  Cost: some 10 to 100 us, and 20 to 250 us for each edit
ParaLevel *para_pick_level(const ParaTemplate *t, const ParaPick *pick, const char *maker, ParaArena *arena);

/// The families that names mean: one each, all of an ability or a folder ("drive/"), or without names the
/// whole library but its classic and composed worlds.
/// @param count in-out, of names, then of families   @return NULL with an error: a name means none
const char *const *para_families_expand(const char *const *names, int *count, ParaArena *arena,
                                        const char **out_error);
/// Loads families by name or path, or all of an ability ("drive/"); count 0 means the whole library but its
/// classic and composed worlds. Where several have one name, as members of one family do that were saved as
/// files, each is called by its file.
/// @return false with the diagnostics' text in out_error if one does not load, or two have one name still
bool para_families_load(ParaFamilies *out, const char *const *names, int count, ParaArena *arena,
                        const char **out_error);
/// Loads families from the texts of their templates, wherever those are kept; names as above.
/// @param texts in, [count], kept: they live as long as the families; count >= 1
/// @return false with the diagnostics' text in out_error if one does not load
bool para_families_load_texts(ParaFamilies *out, const ParaTemplateText *texts, int count, ParaArena *arena,
                              const char **out_error);

/// Narrows all to the tier of this name, so that whatever draws of them draws inside it.
/// @param tier NULL: they stay whole   @return false with the family that has none of this name
bool para_families_narrow(ParaFamilies *families, const char *tier, ParaArena *arena, const char **out_error);

/// Whether all have names of their own: rates, archives and rows of a run are told by name.
/// @return false with the two that do not
bool para_families_differ(const ParaFamilies *families, ParaArena *arena, const char **out_error);

/// Binds the level of a pick. If this member makes no sense, or its edits cannot be done, the next seeds are
/// tried (at most PARA_FAMILIES_TRIES, each para_seed_mix of the last); `pick->seed` says which one held. It
/// has a toybox as para_families_pack gives it.
/// @return NULL if none of them did
ParaLevel *para_families_sample(const ParaFamilies *families, ParaPick *pick, const char *maker,
                                ParaArena *arena);

/// A copy of a level, with a toybox where these families have them and the level takes one.
/// Cost: with a toybox some milliseconds
ParaLevel *para_families_pack(const ParaFamilies *families, const ParaLevel *level, ParaArena *arena);

/// The layout of the `vector` observation of a family: with slots for the member that has most bodies, among
/// 128 seeds and the one with the highest value of every parameter, whatever tier is played. The same for
/// everybody who asks, so that a trained player and an env of another language see the same. A rarer member
/// may have more bodies: para_obs_spec_vector says which are shown.
/// @return size 0: no level of the family can be made
/// The layout of `listed` of a family: of its first member that can be made.  @return size 0: it lists
/// nothing
ParaObsSpec para_families_listed(const ParaFamilies *families, int family, ParaArena *arena);
ParaObsSpec para_families_vector(const ParaFamilies *families, int family, ParaArena *arena);

/// The most players of a level of these families, told from some of their members. @return
/// [1] 1..PARA_PLAYERS_MAX
int para_families_players(const ParaFamilies *families, ParaArena *arena);

/// Whether players of a family's levels have voices that others may hear, told from some of its members.
bool para_families_speak(const ParaFamilies *families, int family, ParaArena *arena);

/// Whether the levels of some picks fit a solver; every one fits AUTO and chipmunk.
/// @param picks in, [count]; one whose level cannot be made is passed over
/// @return false with the first that does not: its family, its seed, the limit and what to do
bool para_families_fit(const ParaFamilies *families, const ParaPick *picks, int count, ParaSolverKind solver,
                       ParaArena *arena, const char **out_error);
