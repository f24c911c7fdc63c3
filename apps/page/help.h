// SPDX-License-Identifier: MIT
#pragma once
// A panel that lists keys, over whatever lies below it: in columns where there is room, with pages where
// there is not, so that every key of it is there in any window.
#include "apps/page/page.h"

#define PARA_HELP_ROWS_MAX 96 ///< of a list
#define PARA_HELP_KEYS_MAX 72 ///< [byte] with NUL

typedef struct ParaHelpRow {
    char keys[PARA_HELP_KEYS_MAX]; ///< "": a heading, which is `about`
    char about[256];
} ParaHelpRow;

typedef struct ParaHelpList {
    int count; ///< [1] 0..PARA_HELP_ROWS_MAX
    ParaHelpRow rows[PARA_HELP_ROWS_MAX];
} ParaHelpList;

/// Both cut what is too long for a row; a list that is full takes no more.
void para_help_head(ParaHelpList *list, const char *title);
void para_help_add(ParaHelpList *list, const char *keys, const char *about);

/// What somebody does to the panel.
typedef struct ParaHelp {
    bool open;
    int first; ///< [1] >= 0 row that the page begins with
    int next;  ///< [1] 0..count that the next page would begin with, of the last picture; count: it is the
               ///< last
    int count; ///< [1] >= 0 rows of the last picture
} ParaHelp;

/// A key while it is open: arrows, Page Up and Down, Home, End; of another nothing happens.
/// @param code an SDL keycode   @return whether it was one for the panel
bool para_help_key(ParaHelp *help, int code);
void para_help_turn(ParaHelp *help, int rows); ///< up (below 0) or down, as of a wheel
/// Draws the page at hand. Cost: measures each row of it
void para_help_draw(ParaHelp *help, ParaPage *page, const char *title, const ParaHelpList *list);
