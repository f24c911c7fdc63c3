// SPDX-License-Identifier: MIT
#pragma once
// The editor in a window that somebody else keeps open, as the home screen does. One thread.
#include "apps/script/script.h"
#include "engine/draw/gl/window.h"

typedef struct ParaAuthorVisit {
    ParaWindow *window;
    const char *name;       ///< a family, whose copy is begun, or a file; NULL: what there is to begin with
    const char *starter;    ///< a kind of starter that a new level begins as; NULL: none
    const char *folder;     ///< new levels are written there; "": the folder the program was started in
    const char *run_folder; ///< whose trained player tries levels; NULL: none
    ParaPlayScript *script; ///< NULL: a person is there
    double shown;           ///< [s] >= 0 in-out, of the script
    bool unattended;        ///< fixed frames, no waiting for the clock
    bool closed;            ///< out: the window was closed
} ParaAuthorVisit;

/// Opens the editor until the person leaves it. Unsaved work is kept as a draft, as always.
/// @param arena for the error   @return false with the reason; the window is as it was
bool para_author_visit(ParaAuthorVisit *visit, ParaArena *arena, const char **out_error);
