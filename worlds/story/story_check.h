// SPDX-License-Identifier: MIT
#pragma once
// What a story means, and whether it can be told: private to worlds/story.
#include "worlds/story/story.h"

/// Scenes that cannot be reached or left, endings nobody sees, branches never taken, variables nobody reads.
void para_story_check(const ParaStory *story, ParaDiagList *list);
/// Whether each scene's level is there and good, has the parameters it sets, and can end as branches say.
/// Gives scenes the path that their level is read by.
void para_story_check_levels(ParaStory *story, const char *path, ParaArena *arena, ParaDiagList *list);
