// SPDX-License-Identifier: MIT
#pragma once
// Values of a story's file by the table of fields. Private to worlds/story.
#include "worlds/problems.h"
#include "worlds/story/fields.h"
#include "worlds/story/story.h"

#include <cjson/cJSON.h>

/// What reading a story holds.
typedef struct ParaStoryReader {
    ParaStory *story;
    ParaArena *arena;
    ParaDiagList *list;
    const char *params[PARA_STORY_SENSES + PARA_STORY_VARIABLES_MAX]; ///< names that expressions read
    ParaExprScope scope;
} ParaStoryReader;

#define PARA_STORY_PROBLEM(reader, code, path, key, ...)                                                     \
    para_problem((reader)->list, PARA_DIAG_ERROR, PARA_CODE_##code, path, key, __VA_ARGS__)

const cJSON *para_story_get(const cJSON *object, const char *name); ///< NULL: there is none
/// Paths as JSON Pointers, in the reader's arena: of a field, of an item of a list.
const char *para_story_below(ParaStoryReader *reader, const char *path, const char *key);
const char *para_story_item(ParaStoryReader *reader, const char *path, const char *key, int index);
/// Tells of all fields of an object that are not known, not there or not of their kind. What names and
/// expressions mean is asked by those who read them. @return false: it is no object
bool para_story_check_object(ParaStoryReader *reader, ParaStoryObject object, const cJSON *json,
                             const char *path);
/// A number or an expression over the reader's scope. @return NULL: it is none, as was told
const ParaExpr *para_story_read_expr(ParaStoryReader *reader, const cJSON *item, const char *path);
/// Words for ends. @return [bits] by ParaPlayStatus; 0: there is none, as was told
uint32_t para_story_read_ends(ParaStoryReader *reader, const cJSON *item, const char *path);
/// @return [ParaGoalKind], or -1: it is none, as was told
int para_story_read_cause(ParaStoryReader *reader, const cJSON *item, const char *path);
