// SPDX-License-Identifier: MIT
#pragma once
// The subcommands of `paracosm`, one file each. argv[0] is the subcommand; the return value is the exit
// code (apps/options.h).
int para_app_train(int argc, char **argv);
int para_app_eval(int argc, char **argv);
int para_app_play(int argc, char **argv);
int para_app_check(int argc, char **argv);
int para_app_new(int argc, char **argv);
int para_app_schema(int argc, char **argv);
int para_app_replay(int argc, char **argv);
int para_app_render(int argc, char **argv);
int para_app_bench(int argc, char **argv);
