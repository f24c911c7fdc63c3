// SPDX-License-Identifier: MIT
#pragma once
// What edges feel in a step, as a network says it: whether two shapes press at all, how hard at the hardest,
// how sure that is. What follows from it (breaking, crushing, letting go, collecting) is the rules' to say,
// who know the limits; see docs/decisions/0018-a-solver-that-is-learned.md.
#include "agents/model/imagine.h"

/// An edge in one step of the model, of the physics step in which it presses hardest.
typedef struct ParaEdgeSaid {
    float touch;  ///< [1] 0..1 how likely it presses at all; 1 of a joint
    float peak;   ///< [N s] >= 0 its impulse then, friction included, if it presses
    float spread; ///< [1] 0.05..3 standard deviation of ln(1 + peak / SLOW): how unsure that is
} ParaEdgeSaid;

/// What several networks said of an edge, each with the same weight: their mean, with a spread that has their
/// disagreement in it.
/// @param said in, [members] each of [PARA_IMAGINE_SAYS]
ParaEdgeSaid para_edge_said(const ParaGraph *graph, int edge, const float *const *said, int members);
/// How likely the hardest physics step of it is above a limit. @param limit [N s] >= 0   @return [1] 0..1
float para_edge_above(const ParaGraph *graph, int edge, const ParaEdgeSaid *said, float limit);

/// What the engine felt in a step: two shapes, or a joint.
typedef struct ParaFelt {
    int32_t of_a, of_b; ///< [1] >= 0 as of an edge
    bool joint;         ///< of a joint, not of two shapes
    float peak;         ///< [N s] >= 0 largest impulse of a physics step; of a joint its load times that step
} ParaFelt;

/// Sums of a judgement, for a mean.
typedef struct ParaSaidError {
    double touch, peak; ///< [nat], [1] >= 0 cross entropy; distance of ln(1 + peak / SLOW)
    double pairs, felt; ///< [1] >= 0 pairs and joints that were judged; of them those that press
} ParaSaidError;

/// Gradient of the error of what one moment's edges said. Edges of the same two shapes are judged as one: at
/// least one of them presses, and their impulses add up.
/// @param first, end [1] its edges in the graph   @param weight [1] > 0 of each pair
/// @param said, dsaid in, out, [edge_count, PARA_IMAGINE_SAYS]; dsaid of these edges is written
void para_said_judge(const ParaGraph *graph, int first, int end, const ParaFelt *felt, int felt_count,
                     const float *said, float weight, float *dsaid, ParaSaidError *error);
