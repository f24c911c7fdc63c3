// SPDX-License-Identifier: MIT
#pragma once
// The panels of screens as pictures: a table of runs of the command, each with a script that takes pictures,
// and each picture held against the golden one of its name. Another screen: a table like that of
// test_author_panels.c, and a file of its own in tests/golden.
#include <stddef.h>

#define PANELS_WIDTH  960
#define PANELS_HEIGHT 540

/// One run of the command: the pictures are what its script calls "screenshot NAME.png".
typedef struct PanelRun {
    const char *words;  // of the command line, as a shell reads them: "author level.json"
    const char *script; // see apps/script/script.h; short, since each shown second is 60 pictures
    const char
        *before; // words of the command that is run first and draws nothing, such as a training; NULL: none
} PanelRun;

/// Runs each, without a display, in a folder of its own that has the files of tests/apps/panels/room, with a
/// window of PANELS_WIDTH x PANELS_HEIGHT at scale 1, and fails where a picture is not like the golden one.
/// The picture is kept then, and its path said. Skips where OpenGL 3.3 is not there.
/// @param golden file in tests/golden; PARACOSM_WRITE_GOLDEN=1 writes it anew
void panels_hold(const char *golden, const PanelRun *runs, size_t count);
