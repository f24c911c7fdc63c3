#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The command line of the sample house. usage: test_cli.sh COMMAND
"$1" one two || { echo "FAILED: two words are fine"; exit 1; }
"$1" one two three && { echo "FAILED: three words are not"; exit 1; }
echo "2 passed, 0 failed"
