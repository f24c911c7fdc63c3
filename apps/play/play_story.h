// SPDX-License-Identifier: MIT
#pragma once
// A story at the window: cards over the level, captions while it is played, and the way on when it has ended.
#include "apps/play/play_session.h"
#include "worlds/story/story.h"

/// Whether a name is that of a story's file.  Cost: reads it
bool para_play_is_story(const char *name, ParaArena *arena);
/// Plays a story from its begin to an ending, or until the person quits: a scene after the other in the
/// session's window. Scenes and ends are told on stdout. Endings that were seen are kept with a person's
/// data.
/// @param s window, view, sound, script and arena are ready; the game is not open, nor is it afterwards
/// @return false with the reason: a level cannot be opened
bool para_play_story_run(ParaPlaySession *s, const ParaStory *story, ParaSolverKind solver,
                         const char **out_error);
/// The same in a window that somebody else keeps open, as the home screen does.
/// @param arena for the error   @return false with the reason; the window is as it was
bool para_play_story_visit(ParaPlayVisit *visit, const ParaStory *story, ParaArena *arena,
                           const char **out_error);
