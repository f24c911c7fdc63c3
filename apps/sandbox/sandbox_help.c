// SPDX-License-Identifier: MIT
// Words of the tools, and every key of the sandbox for the help.
#include "apps/sandbox/sandbox.h"

#include <stdio.h>

const char *para_tool_word(ParaTool tool)
{
    static const char *const words[PARA_TOOLS] = {
#define PARA_TOOL(id, word, help) word,
#include "apps/sandbox/tools.def"
    };
    return words[tool];
}

const char *para_tool_about(ParaTool tool)
{
    static const char *const abouts[PARA_TOOLS] = {
#define PARA_TOOL(id, word, help) help,
#include "apps/sandbox/tools.def"
    };
    return abouts[tool];
}

static const struct {
    const char *key, *says;
} keys[] = {{"Space", "pause, in which tools work on; where the level has no use for it"},
            {"Ctrl+Z, U", "undo the last thing"},
            {"Ctrl+S", "keep the scene as a level"},
            {"C, Ctrl+D", "copy what is under the mouse"},
            {"Delete", "erase it"},
            {"[ ]", "the material or thing before, after"},
            {"F", "what is drawn is fixed, or not"},
            {"wheel", "nearer, farther"},
            {"right or middle drag", "look around"},
            {"Home", "all of the level"}};

void para_sandbox_help(ParaHelpList *out)
{
    para_help_head(out, "Tools");
    for (int k = 0; k < PARA_TOOLS; k++) {
        char key[32];
        snprintf(key, sizeof key, "%d %s", (k + 1) % 10, para_tool_word((ParaTool)k));
        para_help_add(out, key, para_tool_about((ParaTool)k));
    }
    para_help_head(out, "The sandbox");
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        para_help_add(out, keys[k].key, keys[k].says);
}
