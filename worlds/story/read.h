// SPDX-License-Identifier: MIT
#pragma once
// The objects of a story's file, as structs. Private to worlds/story.
#include "worlds/story/values.h"

/// The story's variables, and with them the names that its expressions may read: before all others.
void para_story_read_variables(ParaStoryReader *reader, const cJSON *json);
/// Scenes, their captions and branches; where those lead is not known yet. All problems are told.
void para_story_read_scenes(ParaStoryReader *reader, const cJSON *json);
void para_story_read_endings(ParaStoryReader *reader, const cJSON *json);
/// A text field, in the reader's arena. @param otherwise where there is none
const char *para_story_text(ParaStoryReader *reader, const cJSON *json, const char *name,
                            const char *otherwise);
