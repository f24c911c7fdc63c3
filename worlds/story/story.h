// SPDX-License-Identifier: MIT
#pragma once
// Stories: a JSON of scenes, each a level with captions, and of branches on how a scene ended. Read and
// checked as templates are: all problems at once, each with its place. A story is const after it was read;
// how far somebody is in it is a ParaStoryState. Used by `paracosm check` and `paracosm play`.
#include "engine/base/diag.h"
#include "worlds/expr/expr.h"
#include "worlds/level/level.h"
#include "worlds/rules/play.h"

#define PARA_STORY_SCENES_MAX    64
#define PARA_STORY_ENDINGS_MAX   16
#define PARA_STORY_BRANCHES_MAX  16 ///< of one scene
#define PARA_STORY_LINES_MAX     6  ///< of one card
#define PARA_STORY_CAPTIONS_MAX  16 ///< of one scene while it is played
#define PARA_STORY_SETS_MAX      8  ///< of one branch or scene
#define PARA_STORY_VARIABLES_MAX 10
#define PARA_STORY_TEXT_MAX      161 ///< [byte] with NUL, of one line

/// What an expression of a story may read beside its variables, in this order before them.
typedef enum {
    PARA_STORY_SECONDS,   ///< [s] the scene took so far
    PARA_STORY_TRIES,     ///< [1] how often it was begun
    PARA_STORY_SHATTERED, ///< [1] bodies that broke
    PARA_STORY_COLLECTED, ///< [1] bodies that were taken up
    PARA_STORY_PROGRESS,  ///< [1] 0..1 of the goal
    PARA_STORY_SENSES
} ParaStorySense;

/// Text on a card.
typedef struct ParaStoryCard {
    int count; ///< [1] 0..PARA_STORY_LINES_MAX
    const char *lines[PARA_STORY_LINES_MAX];
} ParaStoryCard;

/// What is said while a scene is played, once.
typedef struct ParaStoryCaption {
    float at;             ///< [s] >= 0 not before
    const ParaExpr *when; ///< and not before this holds; NULL: at once
    const char *say;
} ParaStoryCaption;

typedef struct ParaStorySet {
    int variable;       ///< [1] 0..variable_count - 1
    const ParaExpr *to; ///< its new value; NULL: the variable `of` of the level
    const char *of;
} ParaStorySet;

/// Where it goes on after a scene. The first of a scene whose conditions hold is taken.
typedef struct ParaStoryBranch {
    uint32_t on;          ///< [bits] 1 << ParaPlayStatus: how the scene ended; 0: however it did
    int cause;            ///< [ParaGoalKind] that ended it; -1: whatever did
    const ParaExpr *when; ///< NULL: always
    int go;               ///< [1] >= 0 a scene; below: ending -1 - go
    int set_count;        ///< [1] 0..PARA_STORY_SETS_MAX
    ParaStorySet sets[PARA_STORY_SETS_MAX]; ///< in this order
    ParaStoryCard say;                      ///< shown before it goes on
    const char *path;                       ///< JSON Pointer
} ParaStoryBranch;

typedef struct ParaStoryScene {
    const char *name, *title;
    const char *level; ///< a family's name, or the path of a template, as para_library_read takes it
    uint64_t seed;     ///< [seed]
    int setting_count; ///< [1] 0..PARA_PARAMS_MAX
    const char *settings[PARA_PARAMS_MAX]; ///< "name=value"
    ParaStoryCard before;
    int caption_count; ///< [1] 0..PARA_STORY_CAPTIONS_MAX
    ParaStoryCaption captions[PARA_STORY_CAPTIONS_MAX];
    int keep_count;                         ///< [1] 0..PARA_STORY_SETS_MAX
    ParaStorySet keep[PARA_STORY_SETS_MAX]; ///< when the scene has ended, before the branches are looked at
    int branch_count;                       ///< [1] 1..PARA_STORY_BRANCHES_MAX
    ParaStoryBranch branches[PARA_STORY_BRANCHES_MAX];
    const char *path; ///< JSON Pointer
} ParaStoryScene;

typedef struct ParaStoryEnding {
    const char *name, *title;
    ParaStoryCard text;
    const char *path; ///< JSON Pointer
} ParaStoryEnding;

typedef struct ParaStory {
    const char *name, *about;
    int start;          ///< [1] 0..scene_count - 1
    int variable_count; ///< [1] 0..PARA_STORY_VARIABLES_MAX
    const char *variables[PARA_STORY_VARIABLES_MAX];
    double values[PARA_STORY_VARIABLES_MAX]; ///< [1] any finite; at the begin
    int scene_count, ending_count;           ///< [1] >= 1
    ParaStoryScene *scenes;                  ///< [scene_count]
    ParaStoryEnding *endings;                ///< [ending_count]
} ParaStory;

/// Whether a text is that of a story: an object with the key "story". Does not say that it is a good one.
bool para_story_is(const char *text, size_t size);
/// Reads a story and checks it: fields, names, where branches lead, that each scene can be reached and left
/// however it ends, and that each branch can be taken. With `levels`, each scene's level is read, too.
/// @param path of its file: messages call it so, and levels are looked for beside it
/// @return NULL if there is an error
const ParaStory *para_story_load(const char *path, const char *text, size_t size, bool levels,
                                 ParaArena *arena, ParaDiagList *list);
/// A story's file, as para_template_load_file.
const ParaStory *para_story_load_file(const char *path, bool levels, ParaArena *arena, ParaDiagList *list);
/// JSON Schema of the format, from the same table that the reader has.
char *para_story_schema(ParaArena *arena);

/// How far somebody is in a story: plain data.
typedef struct ParaStoryState {
    int scene;                                  ///< [1] 0..scene_count - 1, or an ending: -1 - ending
    double variables[PARA_STORY_VARIABLES_MAX]; ///< [1] any finite
    double senses[PARA_STORY_SENSES];           ///< [1] any finite; by ParaStorySense
} ParaStoryState;

ParaStoryState para_story_begin(const ParaStory *story);
/// What the senses are now, of a level in play.
void para_story_sense(ParaStoryState *state, const ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// Whether an expression holds; one without a value does not. NULL: true.
bool para_story_holds(const ParaStoryState *state, const ParaExpr *when);
/// The scene has ended: what it keeps is kept, and the first branch that holds is taken.
/// @return that branch, whose card is to be shown; state->scene is where it leads
const ParaStoryBranch *para_story_go(const ParaStory *story, ParaStoryState *state, const ParaPlay *play,
                                     const ParaLevel *level, ParaWorld world);
/// The same from what is known of an end, without a world: for tests and for whoever plans.
/// @param cause [1] ParaGoalKind that ended it, -1: none
const ParaStoryBranch *para_story_take(const ParaStory *story, ParaStoryState *state, ParaPlayStatus status,
                                       int cause);
