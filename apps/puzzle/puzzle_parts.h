// SPDX-License-Identifier: MIT
#pragma once
// The words of `paracosm puzzle`. Private to apps/puzzle.

/// Asks players puzzles, in tries. @return the exit code
int para_puzzle_eval(int argc, char **argv);
