// SPDX-License-Identifier: MIT
// The command `paracosm`: finds the subcommand and hands over. Without arguments it says what it is and
// what it can do, and exits with 2, as nothing was asked of it; `--help` prints the same with exit 0.
#include "apps/apps.h"
#include "apps/options.h"
#include "engine/base/diag.h"
#include "engine/base/platform.h"
#include "engine/base/shell.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#ifndef PARA_VERSION
#define PARA_VERSION "unknown"
#endif

typedef struct Subcommand {
    const char *name;
    const char *about;
    int (*run)(int argc, char **argv);
} Subcommand;

static const Subcommand subcommands[] = {
    {"train", "let the maker and the player raise each other, headless", para_app_train},
    {"eval", "score a trained player on levels it has never seen", para_app_eval},
    {"play", "play a level in a window, or watch the trained player", para_app_play},
    {"author", "make levels in a window: place, drag, join, draw, play", para_app_author},
    {"watch", "follow a training in a window: its levels, its player, its replays", para_app_watch},
    {"new", "start a new family of levels from a template", para_app_new},
    {"import", "make templates of levels that other programs made", para_app_import},
    {"export", "write a level for another program", para_app_export},
    {"check", "look for mistakes in templates and levels", para_app_check},
    {"prove", "search for actions that solve a level", para_app_prove},
    {"sample", "write members of a family as level files", para_app_sample},
    {"compose", "write levels composed of parts", para_app_compose},
    {"edit", "make levels of a level by small changes", para_app_edit},
    {"diff", "tell in words what two levels differ in", para_app_diff},
    {"fmt", "lay out templates in the one way, values as they are", para_app_fmt},
    {"schema", "print the template format (JSON Schema or reference page)", para_app_schema},
    {"archive", "write the levels a maker kept as files to share", para_app_archive},
    {"report", "write a page of runs: curves, causes, an archive that plays", para_app_report},
    {"compare", "set runs side by side: settings, costs, scores, curves", para_app_compare},
    {"dream", "teach a model how worlds move, and measure how well it foresees", para_app_dream},
    {"think", "imagine before acting: how much it helps, and what it teaches", para_app_think},
    {"skill", "trained players as files: pack, list, test, use several as one", para_app_skill},
    {"memory", "what a player keeps of levels: show it, forget it", para_app_memory},
    {"elo", "rate players that oppose each other, such as past selves of a run", para_app_elo},
    {"cross", "score each run's player on each run's archive", para_app_cross},
    {"replay", "verify, describe or play back recorded episodes", para_app_replay},
    {"level", "print the level that a report of a run tells of", para_app_level},
    {"puzzle", "try puzzles of one action, such as PHYRE's", para_app_puzzle},
    {"probe", "measure a level: places, speeds, energies, contacts, joints", para_app_probe},
    {"render", "draw a level into a PNG file, without a screen", para_app_render},
    {"bench", "measure the speed of this machine", para_app_bench},
};
#define SUBCOMMANDS (sizeof subcommands / sizeof subcommands[0])

static void print_help(FILE *out)
{
    fputs("paracosm builds 2D-physics worlds and trains a player in them: one agent makes levels,\n"
          "another plays them, and both improve from each other.\n\n"
          "usage: paracosm SUBCOMMAND [options]\n\nsubcommands:\n",
          out);
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        fprintf(out, "  %-8s %s\n", subcommands[i].name, subcommands[i].about);
    fputs(
        "\nexamples:\n"
        "  paracosm train --minutes 10 --out runs/first   # train for ten minutes on the built-in library\n"
        "  paracosm eval runs/first                       # score it on levels it has never seen\n"
        "  paracosm play rover --run runs/first           # drive the rover yourself; Tab hands over to the "
        "player\n"
        "\nEach subcommand has --help with all its options and examples. `paracosm --version` prints the "
        "version.\n",
        out);
}

static int unknown_subcommand(const char *name)
{
    const char *names[SUBCOMMANDS];
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        names[i] = subcommands[i].name;
    const char *close = para_closest_word(name, names, (int)SUBCOMMANDS);
    fprintf(stderr, "paracosm: error: there is no subcommand \"%s\"", name);
    if (close)
        fprintf(stderr, "; did you mean \"%s\"?", close);
    fprintf(stderr, "\nsee: %s --help\n", para_shell_program());
    return PARA_EXIT_USAGE;
}

static const Subcommand *find(const char *name)
{
    for (size_t i = 0; i < SUBCOMMANDS; i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

/// "paracosm help [SUBCOMMAND]", as people try it.
static int help(int argc, char **argv)
{
    if (argc < 3) {
        print_help(stdout);
        return PARA_EXIT_OK;
    }
    const Subcommand *subcommand = find(argv[2]);
    if (!subcommand)
        return unknown_subcommand(argv[2]);
    char name[16], flag[] = "--help";
    char *words[] = {name, flag, NULL};
    snprintf(name, sizeof name, "%s", subcommand->name);
    return subcommand->run(2, words);
}

/// @param out_command out, the subcommand that ran, or ""
static int run(int argc, char **argv, const char **out_command)
{
    *out_command = "";
    if (argc < 2) {
        print_help(stderr);
        return PARA_EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return help(strcmp(argv[1], "help") == 0 ? argc : 2, argv);
    if (strcmp(argv[1], "--version") == 0) {
        bool known = *para_app_commit;
        printf("paracosm " PARA_VERSION "%s%s%s\n", known ? " (commit " : "", para_app_commit,
               known ? ")" : "");
        return PARA_EXIT_OK;
    }
    const Subcommand *subcommand = find(argv[1]);
    if (!subcommand)
        return unknown_subcommand(argv[1]);
    *out_command = subcommand->name;
    return subcommand->run(argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
    const char *command = "";
    if (!para_streams_open())
        return PARA_EXIT_FAILURE;
    para_shell_set_program(argv[0]);
    int code = run(argc, argv, &command);
    // A full disk or a closed pipe behind stdout must not pass as success, whatever was printed; where its
    // reader has gone, as `head` goes, nobody is there to be told.
    if ((fflush(stdout) == 0 && !ferror(stdout)) || code != PARA_EXIT_OK)
        return code;
    return para_stream_is_left(PARA_STREAM_OUTPUT) ? PARA_EXIT_FAILURE
                                                   : para_app_fail(command, "cannot write the output");
}
