// SPDX-License-Identifier: MIT
#pragma once
// Children of picks: a parent with a few parameters moved a little and a seed of its own, or the very parent
// with a few edits more of what stands in its level. Private to agents/maker.
#include "agents/maker/maker_method.h"

/// The parameter values of a pick's level, in their units.
/// @param pick in-out; its seed may move on as para_families_sample says   @param out out, [PARA_PARAMS_MAX]
/// @param out_hash out, of the level; may be NULL   @return false: there is no such level
bool para_pick_values(const ParaFamilies *families, ParaPick *pick, ParaArena *scratch, double *out,
                      uint64_t *out_hash);

/// A child of a kept level, by the def's `structure`: an edit chain that goes on, or other parameters. A
/// child by parameters does its parent's edits to another member, where each finds another place; one whose
/// parent's chain is full begins without.
/// @param out out   @return false: none could be made: the parent's level is not there any more
/// Threads: one at a time, as it works in `scratch` (given back).  Cost: some 0.1 ms; by structure the
/// parent's level and up to 1 ms for each edit
bool para_pick_any_child(const ParaMakerDef *def, const ParaKept *parent, ParaRng *rng, ParaArena *scratch,
                         ParaPick *out);

/// A child by structure: its parent's level with 1 to `def->edits` edits more, as many as its chain has room
/// for. @return false: the chain is full, nothing can be edited, or the level fits the player's observation
/// or the solver no more
bool para_pick_edited(const ParaMakerDef *def, const ParaKept *parent, ParaRng *rng, ParaArena *scratch,
                      ParaPick *out);

/// A child by parameters: `edits` times one of its parameters, drawn evenly, goes up, down or nowhere, a real
/// one by up to 1/16 of its range, a whole one by 1 (or as much), and stays inside it.
/// @param edits [1] >= 1   @param parent in, bound: its values are what the child begins with
/// @param parent_hash [hash] of the parent's level
/// Source: ACCEL's walker edits, Parker-Holder 2022, arXiv 2203.01302: 3 edits of 1 in 25 to 1 in 17 of a
/// range.
ParaPick para_pick_child(const ParaFamilies *families, const ParaPick *parent, uint64_t parent_hash,
                         int edits, ParaRng *rng);

/// A fresh member of the family as its tier `easy` has it, or of the whole family where it has none.
/// @param easy in, [families] templates narrowed by para_easy_templates
ParaPick para_pick_easy(const ParaTemplate *const *easy, int family, ParaRng *rng);
/// The families' tiers `easy`; those without one, or narrowed already, as they are.
const ParaTemplate **para_easy_templates(const ParaFamilies *families, ParaArena *arena);
