// SPDX-License-Identifier: MIT
#pragma once
// Portals: zones that what enters leaves by another. Private to worlds.
#include "worlds/rules/goal.h"

/// What has been in which portal in the last step [bits], of each body.  [body_count]; NULL: no portals
uint32_t *para_events_entered(const ParaPlay *play, const ParaLevel *level);

/// Whatever is in a portal at the start has to leave it first.
void para_portals_begin(ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// Takes what has come into a portal to where it leads; of a level with portals.  Cost: O(bodies * joints)
void para_portals_after(ParaPlay *play, const ParaLevel *level, ParaWorld world);
