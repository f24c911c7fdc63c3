// SPDX-License-Identifier: MIT
// What lies around a level while it is played, as pictures: play, a story, photo mode, endless mode and the
// sandbox. The level is small and flat, so that the pictures are of the panels.
#include "tests/apps/panels/panels.h"
#include "tests/tests.h"

#define PLAIN " --quality low --mood day"

// The ball of drop.json comes to rest on its mark after 0.2 s, which solves it.
static const PanelRun play[] = {
    {"play drop.json" PLAIN,
     "0.02 screenshot start.png; 0.04 tap right; 0.06 tap /; 0.08 screenshot tray.png; 0.1 type wnd 3; 0.12 "
     "tap "
     "return; 0.14 screenshot answer.png; 0.16 tap escape; 0.2 screenshot going.png; 0.5 screenshot "
     "medal.png; "
     "0.52 tap f12; 0.55 screenshot photo.png; 0.57 quit",
     NULL},
    {"play tale.json" PLAIN,
     "0.02 screenshot card.png; 0.04 tap return; 0.06 tap right; 0.2 screenshot caption.png; 0.45 tap "
     "return; "
     "0.47 screenshot branch.png; 0.49 tap return; 0.51 screenshot ending.png; 0.53 quit",
     NULL},
};

static const PanelRun modes[] = {
    {"play --endless level.json --seed 3" PLAIN, "0.05 screenshot endless.png; 0.07 quit", NULL},
    {"play --sandbox drop.json" PLAIN,
     "0.02 screenshot hand.png; 0.04 tap 3; 0.06 screenshot box.png; 0.08 tap 0; 0.1 screenshot spawn.png; "
     "0.12 "
     "quit",
     NULL},
};

// Nothing has moved yet: what a model says is not in the picture.
static const PanelRun dreams[] = {
    {"dream play drop.json",
     "0.02 screenshot dream.png; 0.04 tap f1; 0.06 screenshot dream-help.png; 0.08 tap f1; 0.1 tap 1; 0.12 "
     "tap 4; "
     "0.14 tap f7; 0.16 screenshot engine.png; 0.18 quit",
     "dream train --families drop.json --hours 0.001 --steps 50 --members 1 --width 4 --quiet"},
};

static void test_play_and_story_panels_are_as_they_were(void **state)
{
    (void)state;
    panels_hold("panels_play.txt", play, sizeof play / sizeof *play);
}

static void test_endless_and_sandbox_panels_are_as_they_were(void **state)
{
    (void)state;
    panels_hold("panels_modes.txt", modes, sizeof modes / sizeof *modes);
}

static void test_dream_panels_are_as_they_were(void **state)
{
    (void)state;
    panels_hold("panels_dream.txt", dreams, sizeof dreams / sizeof *dreams);
}

const struct CMUnitTest para_tests_play_panels[] = {
    cmocka_unit_test(test_dream_panels_are_as_they_were),
    cmocka_unit_test(test_play_and_story_panels_are_as_they_were),
    cmocka_unit_test(test_endless_and_sandbox_panels_are_as_they_were)};
const size_t para_tests_play_panels_count = sizeof para_tests_play_panels / sizeof *para_tests_play_panels;
