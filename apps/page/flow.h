// SPDX-License-Identifier: MIT
#pragma once
// Text that is broken into lines and over as many pages as it needs, so that nothing of it is ever cut.
#include "apps/page/page.h"

/// A paragraph.
typedef struct ParaFlowText {
    const char *text; ///< UTF-8
    ParaTextSize size;
    int ink;     ///< [ParaInk]
    float after; ///< [px] >= 0 below it
} ParaFlowText;

/// Breaks paragraphs at blanks, and words longer than a line at letters, and draws one page of them.
/// @param box [px] room of a page; a line that is higher than it alone makes a page of its own
/// @param texts [count]   @param show [1] page that is drawn, 0 the first; -1: none, they are measured only
/// @param out_height out, [px] of the highest page; NULL: nobody asks
/// @return [1] >= 1 pages they take.  Cost: measures each line once a word; some 20 us for a card
int para_flow(ParaPage *page, ParaRect box, const ParaFlowText *texts, int count, int show,
              float *out_height);
