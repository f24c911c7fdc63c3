// SPDX-License-Identifier: MIT
// The screens of watch as pictures, of a training of some lessons in which all that a player can do changes
// little: another processor's last bits show no other picture.
#include "tests/apps/panels/panels.h"
#include "tests/tests.h"

static const PanelRun runs[] = {
    {"watch run",
     "0.1 screenshot wall.png; 0.12 tap return; 0.2 screenshot sight.png; 0.22 tap f1; 0.24 screenshot "
     "watch-keys.png; 0.26 tap escape; 0.28 tap escape; 0.3 tap p; 0.32 screenshot replays.png; 0.34 tap "
     "return; "
     "0.4 screenshot film.png; 0.42 quit",
     "train --out run --families drop.json --decisions 600 --envs 4 --horizon 128 --width 16 --threads 1 "
     "--seed 2 "
     "--quiet"},
};

static void test_watch_panels_are_as_they_were(void **state)
{
    (void)state;
    panels_hold("panels_watch.txt", runs, sizeof runs / sizeof *runs);
}

const struct CMUnitTest para_tests_watch_panels[] = {cmocka_unit_test(test_watch_panels_are_as_they_were)};
const size_t para_tests_watch_panels_count = sizeof para_tests_watch_panels / sizeof *para_tests_watch_panels;
