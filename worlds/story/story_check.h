// SPDX-License-Identifier: MIT
#pragma once
// What a story means, and whether it can be told: private to worlds/story.
#include "worlds/story/story.h"

// Codes of stories; those of single fields are the templates'.
#define PARA_STORY_DEAD_END     "S001"
#define PARA_STORY_UNREACHED    "S002"
#define PARA_STORY_NO_WAY_OUT   "S003"
#define PARA_STORY_NEVER_TAKEN  "S004"
#define PARA_STORY_UNSEEN       "S005"
#define PARA_STORY_UNREAD       "S006"
#define PARA_STORY_NO_LEVEL     "S007"
#define PARA_STORY_BAD_LEVEL    "S008"
#define PARA_STORY_NO_PARAMETER "S009"
#define PARA_STORY_IN_STORY     "S010"
#define PARA_STORY_IS_LEVEL     "S011"

/// Scenes that cannot be reached or left, endings nobody sees, branches never taken, variables nobody reads.
void para_story_check(const ParaStory *story, ParaDiagList *list);
/// Whether each scene's level is there and good, has the parameters it sets, and can end as branches say.
/// Gives scenes the path that their level is read by.
void para_story_check_levels(ParaStory *story, const char *path, ParaArena *arena, ParaDiagList *list);
