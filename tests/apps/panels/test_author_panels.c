// SPDX-License-Identifier: MIT
// The editor's panels as pictures, held against tests/golden/panels_author.txt.
#include "tests/apps/panels/panels.h"
#include "tests/tests.h"

// The canvas of 960 x 540 shows 24 x 12 m at 20.6 px/m, its left bottom corner at 124, 395. Ctrl+1 to 6 are
// the pages; the mouse rests where no tip is.
static const PanelRun runs[] = {
    {"author", "0.1 move 5 535; 0.15 screenshot gallery.png; 0.2 quit", NULL},
    {"author first.json",
     "0.1 move 5 535; 0.15 screenshot guide.png; 0.2 tap F1; 0.25 screenshot keys.png; 0.3 quit", NULL},
    {"author level.json",
     "0.1 move 5 535; 0.15 screenshot empty.png; 0.2 tap Ctrl+2; 0.25 screenshot level.png; 0.3 tap Ctrl+3; "
     "0.35 "
     "screenshot parameters.png; 0.4 tap F6; 0.45 screenshot nine.png; 0.5 tap F6; 0.52 tap Ctrl+1; "
     "0.55 move 412 374; 0.6 press left; 0.63 release left; 0.68 screenshot body.png; 0.7 move 536 271; 0.73 "
     "press "
     "left; 0.76 release left; 0.82 screenshot joint.png; 0.84 move 330 370; 0.87 press left; 0.9 release "
     "left; "
     "0.96 screenshot terrain.png; 1 quit",
     NULL},
};

static void test_author_panels_are_as_they_were(void **state)
{
    (void)state;
    panels_hold("panels_author.txt", runs, sizeof runs / sizeof *runs);
}

const struct CMUnitTest para_tests_author_panels[] = {cmocka_unit_test(test_author_panels_are_as_they_were)};
const size_t para_tests_author_panels_count =
    sizeof para_tests_author_panels / sizeof *para_tests_author_panels;
