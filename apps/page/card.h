// SPDX-License-Identifier: MIT
#pragma once
// A card over a level: what stories and endless mode tell between levels. As large as its text; where the
// window has no room for it the text is smaller, and where that is not enough, it has leaves to turn.
#include "apps/page/page.h"

#define PARA_CARD_LINES_MAX 16

typedef struct ParaCard {
    const char *over; ///< a small line above the title; "": none
    const char *title;
    const char *const *lines; ///< paragraphs, UTF-8  [line_count]
    int line_count;           ///< [1] 0..PARA_CARD_LINES_MAX
    const char *foot;         ///< what keys do
    int edge;                 ///< [ParaInk]
} ParaCard;

/// Draws it over the frame at hand, with a veil over what is below.
/// @param since [s] >= 0 since it came: it rises at first   @param leaf in-out, [1] >= 0 that is up; kept
/// among those there are
/// @return [1] >= 1 leaves it takes.  Cost: as para_flow
int para_card_draw(ParaPage *page, const ParaCard *card, float since, int *leaf);
