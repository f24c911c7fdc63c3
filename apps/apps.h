// SPDX-License-Identifier: MIT
#pragma once
// The subcommands of `paracosm`, one file or folder each, and what they share: exit codes, the form of an
// error, words such as `verify` of `replay`, the choices of a solver and of templates. argv[0] is the
// subcommand; the return value is the exit code.
#include "agents/run/run_families.h"

#define PARA_EXIT_OK          0   ///< done
#define PARA_EXIT_FAILURE     1   ///< it failed, or the answer is no
#define PARA_EXIT_USAGE       2   ///< the command line is wrong
#define PARA_EXIT_RANK_LOST   75  ///< of several ranks one is lost; the same command goes on
#define PARA_EXIT_INTERRUPTED 130 ///< stopped by Ctrl-C, with the work kept

int para_app_train(int argc, char **argv);
int para_app_eval(int argc, char **argv);
int para_app_play(int argc, char **argv);
int para_app_author(int argc, char **argv);
int para_app_check(int argc, char **argv);
int para_app_new(int argc, char **argv);
int para_app_fmt(int argc, char **argv);
int para_app_sample(int argc, char **argv);
int para_app_compose(int argc, char **argv);
int para_app_edit(int argc, char **argv);
int para_app_diff(int argc, char **argv);
int para_app_import(int argc, char **argv);
int para_app_export(int argc, char **argv);
int para_app_schema(int argc, char **argv);
int para_app_prove(int argc, char **argv);
int para_app_elo(int argc, char **argv);
int para_app_replay(int argc, char **argv);
int para_app_level(int argc, char **argv);
int para_app_puzzle(int argc, char **argv);
int para_app_probe(int argc, char **argv);
int para_app_archive(int argc, char **argv);
int para_app_compare(int argc, char **argv);
int para_app_cross(int argc, char **argv);
int para_app_report(int argc, char **argv);
int para_app_dream(int argc, char **argv);
int para_app_think(int argc, char **argv);
int para_app_skill(int argc, char **argv);
int para_app_memory(int argc, char **argv);
int para_app_watch(int argc, char **argv);
int para_app_render(int argc, char **argv);
int para_app_bench(int argc, char **argv);

/// "paracosm NAME: error: ..." on stderr; "paracosm: error: ..." where `command` is "". @return
/// PARA_EXIT_FAILURE
int para_app_fail(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// Reads the size of a window, 320x240 to 7680x4320. @param size as given, "WIDTHxHEIGHT"; NULL: 1280x720
/// @return 0, or PARA_EXIT_USAGE where it is none, which is told
int para_app_window_size(const char *command, const char *size, int *out_width, int *out_height);
/// The same as para_app_fail, with "see: paracosm NAME --help". @return PARA_EXIT_USAGE
int para_app_misused(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// The commit this was built from, with a + where files differed from it; "" outside of a git tree. Written
/// by apps/commit.cmake in each build.
extern const char para_app_commit[];

/// Values of --solver, as a CHOICE.
extern const char *const para_app_solver_choices[];
/// The solver of such a value; `otherwise` for NULL, which is an option that was not given.
ParaSolverKind para_app_solver(const char *choice, ParaSolverKind otherwise);

/// What --tier says of itself, wherever there is one.
#define PARA_APP_TIER_ABOUT                                                                                  \
    "a tier that every family names: ranges of its parameters, such as easy or hard (default: the whole "    \
    "ranges)"

/// Values of --templates, as a CHOICE, and which one such a value is; NULL, not given: those of the run.
extern const char *const para_app_templates_choices[];
ParaTemplatesFrom para_app_templates(const char *choice);

/// A word of a command that has several, such as `verify` of `paracosm replay`.
typedef struct ParaWord {
    const char *name;
    int (*run)(int argc, char **argv); ///< argv[0] is the word
} ParaWord;
/// Runs the word that argv[1] names. --help prints `help` and is well, no word prints it on stderr and is
/// not.
/// @param command as in "replay"   @param words [count]   @return the word's exit code, or one of PARA_EXIT_*
int para_app_word(const char *command, const char *help, const ParaWord *words, int count, int argc,
                  char **argv);
