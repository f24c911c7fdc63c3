// SPDX-License-Identifier: MIT
// paracosm replay: verify recorded episodes, describe them, play them back in the terminal. One file per
// word.
#include "apps/apps.h"
#include "apps/options.h"
#include "apps/replay/replay_parts.h"
#include "worlds/rules/play.h"

const char *para_replay_end_name(int end)
{
    static const char *const names[] = {"not ended", "solved", "failed", "timeout", "diverged"};
    return end >= 0 && end <= PARA_PLAY_DIVERGED ? names[end] : "unknown";
}

static const char help_text[] =
    "usage: paracosm replay verify|info|play [options] FILE...\n\n"
    "Replays hold a level, the actions of one episode and a hash of every step.\n\n"
    "  verify   play them again and compare every step bit for bit (exit 1 names the first wrong step)\n"
    "  info     say what a replay holds\n"
    "  play     play it back in the terminal\n\n"
    "examples:\n"
    "  paracosm replay verify runs/first/proofs/*\n"
    "  paracosm replay info solved.replay\n"
    "  paracosm replay play --speed 2 solved.replay\n\n"
    "Each has --help with its own options.\n";

int para_app_replay(int argc, char **argv)
{
    static const ParaWord words[] = {
        {"verify", para_replay_app_verify}, {"info", para_replay_app_info}, {"play", para_replay_app_play}};
    return para_app_word("replay", help_text, words, sizeof words / sizeof *words, argc, argv);
}
