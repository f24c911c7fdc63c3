// SPDX-License-Identifier: MIT
#pragma once
// Edits of a pick's parameters: a child is its parent with a few of them moved a little, and a seed of its
// own. Private to agents/maker.
#include "agents/maker/maker_method.h"

/// The parameter values of a pick's level, in their units.
/// @param pick in-out; its seed may move on as para_families_sample says   @param out out, [PARA_PARAMS_MAX]
/// @param out_hash out, of the level; may be NULL   @return false: there is no such level
bool para_pick_values(const ParaFamilies *families, ParaPick *pick, ParaArena *scratch, double *out,
                      uint64_t *out_hash);

/// A child of a pick: `edits` times one of its parameters, drawn evenly, goes up, down or nowhere, a real one
/// by up to 1/16 of its range, a whole one by 1 (or as much), and stays inside it.
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
