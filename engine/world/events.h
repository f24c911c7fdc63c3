// SPDX-License-Identifier: MIT
#pragma once
// The events of a step, from its contacts and those of the step before: both lists are sorted, so one walk
// tells what began and what ended, the same for every solver. For solvers alone.
#include "engine/world/world.h"

#define PARA_EVENTS_PER_CONTACT 3 ///< [1] at most: it begins, it strikes, and one of the step before ends

/// Where a contact stands in its list: by shape_a, then shape_b. @return < 0, 0 or > 0
static inline int para_contact_order(const ParaContact *left, const ParaContact *right)
{
    if (left->shape_a != right->shape_a)
        return left->shape_a < right->shape_a ? -1 : 1;
    return (left->shape_b > right->shape_b) - (left->shape_b < right->shape_b);
}
/// Sorts contacts so, a few of which stand elsewhere.  Cost: O(count) where most are in order
void para_contacts_sort(ParaContact *contacts, int count);
/// Writes the events in the order of ParaEvent.
/// @param now, before in, sorted by para_contact_order [now_count] [before_count]
/// @param out out, room for now_count + before_count + now_count
/// @return how many
int para_events_between(const ParaContact *now, int now_count, const ParaContact *before, int before_count,
                        ParaEvent *out);
