// SPDX-License-Identifier: MIT
// Home, settings, keys and the help of play as pictures, held against tests/golden/panels_home.txt. Of the
// wall the cards that are no levels, and an empty one: levels look as the library has them.
#include "tests/apps/panels/panels.h"
#include "tests/tests.h"

static const PanelRun runs[] = {
    {"play --home",
     "0.1 move 5 535; 0.15 type new level; 0.2 screenshot entry.png; 0.25 type zzz; 0.3 screenshot none.png; "
     "0.35 tap "
     "escape; 0.4 tap f10; 0.45 screenshot settings.png; 0.5 tap down; 0.55 tap return; 0.6 screenshot "
     "changed.png; 0.65 tap "
     "f1; 0.7 screenshot bindings.png; 0.75 tap return; 0.8 screenshot listening.png; 0.85 quit",
     NULL},
    {"play roll --quality low",
     "0.1 tap f1; 0.2 screenshot help.png; 0.25 tap pagedown; 0.3 screenshot "
     "help-more.png; 0.35 tap escape; 0.4 tap f12; "
     "0.45 tap f1; 0.5 screenshot help-photo.png; 0.6 quit",
     NULL},
};

static void test_home_panels_are_as_they_were(void **state)
{
    (void)state;
    panels_hold("panels_home.txt", runs, sizeof runs / sizeof *runs);
}

const struct CMUnitTest para_tests_home_panels[] = {cmocka_unit_test(test_home_panels_are_as_they_were)};
const size_t para_tests_home_panels_count = sizeof para_tests_home_panels / sizeof *para_tests_home_panels;
