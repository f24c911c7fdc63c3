// SPDX-License-Identifier: MIT
#pragma once
// The fields of a story, once: the reader, its complaints and the schema come from this table. Private to
// worlds/story.
#include <stdbool.h>
#include <stddef.h>

typedef enum {
    PARA_STORY_ROOT,
    PARA_STORY_SCENE,
    PARA_STORY_CAPTION,
    PARA_STORY_BRANCH,
    PARA_STORY_ENDING,
    PARA_STORY_OBJECTS
} ParaStoryObject;

typedef enum {
    PARA_STORY_VERSION, ///< the number 1
    PARA_STORY_NAME,    ///< of letters, digits, - and _
    PARA_STORY_TEXT,    ///< one line
    PARA_STORY_NOTE,    ///< any text, for people who read the file
    PARA_STORY_LINES,   ///< a text, or a list of them
    PARA_STORY_NUMBER,
    PARA_STORY_WHOLE,
    PARA_STORY_EXPR,    ///< a number, or an expression
    PARA_STORY_WORDS,   ///< solved, failed, timeout, or a list of them
    PARA_STORY_CAUSE,   ///< a word of goals
    PARA_STORY_NUMBERS, ///< object: name to number
    PARA_STORY_EXPRS,   ///< object: variable of the story to number or expression
    PARA_STORY_KEEPS,   ///< the same, or "level.NAME"
    PARA_STORY_LIST     ///< of objects
} ParaStoryFieldKind;

typedef struct ParaStoryField {
    ParaStoryObject object;
    const char *name;
    ParaStoryFieldKind kind;
    bool required;
    double low, high;   ///< [1] of a number; of a list: how many items
    ParaStoryObject of; ///< of a list
    const char *help;
} ParaStoryField;

/// All rows, by object.  @param out_count out
const ParaStoryField *para_story_fields(int *out_count);
const char *para_story_object_name(ParaStoryObject object); ///< "scene"
/// The kind of goal that a word names, "shattered"; -1: none.
int para_story_cause_find(const char *word);
/// All such words.  @param out_count out
const char *const *para_story_causes(int *out_count);
