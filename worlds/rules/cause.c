// SPDX-License-Identifier: MIT
// Why an episode failed, or was not solved in its time: the condition that decided it, as a template would
// say it.
#include "engine/base/assert.h"
#include "engine/base/text.h"
#include "worlds/rules/goal.h"

#include <stdio.h>

static const char *const words[] = {
#define PARA_GOAL(id, word, ...) [PARA_GOAL_##id] = #word,
#include "worlds/level/kinds.def"
};

/// Whether the kind is about a number too.
static const bool has_value[sizeof words / sizeof *words] = {
#define PARA_GOAL_TREE(id, ...)  [PARA_GOAL_##id] = false,
#define PARA_GOAL_LEAF(id, ...)  [PARA_GOAL_##id] = false,
#define PARA_GOAL_VALUE(id, ...) [PARA_GOAL_##id] = true,
#include "worlds/level/kinds.def"
};

typedef struct Text {
    char *out;
    size_t size, used; // [byte]
} Text;

static void add(Text *text, const char *before, const char *word)
{
    size_t room = text->size - text->used;
    int wanted = snprintf(text->out + text->used, room, "%s%s", before, word);
    text->used += wanted < 0 ? 0 : (size_t)wanted < room ? (size_t)wanted : room - 1;
}

/// "touch [a, b]", with the names of the first of copies; a body without a name is "body 3".
static void write_leaf(const ParaLevel *level, const ParaGoalNode *node, bool negated, Text *text)
{
    char number[32];
    const char *comma = "";
    add(text, negated ? "not " : "", words[node->kind]);
    add(text, " [", "");
    for (int i = 0; i < 2; i++) {
        int body = i ? node->b : node->a;
        if (body < 0)
            continue;
        snprintf(number, sizeof number, "body %d", body);
        add(text, comma, level->body_names[body][0] ? level->body_names[body] : number);
        comma = ", ";
    }
    if (node->zone >= 0) {
        snprintf(number, sizeof number, "zone %d", node->zone);
        add(text, comma, level->zone_names[node->zone][0] ? level->zone_names[node->zone] : number);
        comma = ", ";
    } else if (node->kind == PARA_GOAL_TOUCH && node->b < 0) {
        add(text, comma, "anything");
    }
    if (has_value[node->kind]) {
        para_text_float(node->value, number);
        add(text, comma, number);
    }
    add(text, "]", "");
}

/// Writes the first leaf below a node that makes it what it is. @param wanted whether the node is true
static bool find(const ParaPlay *play, const ParaLevel *level, const ParaView *view, int index, bool wanted,
                 Text *text)
{
    const ParaGoalNode *node = &level->goals[index];
    if (!para_goal_is_tree(node->kind)) {
        if (para_goal_leaf_true(play, level, view, node) != wanted)
            return false;
        write_leaf(level, node, !wanted, text);
        return true;
    }
    // Of an order the step that is due decides.
    int first = node->kind == PARA_GOAL_THEN ? play->done[index] : 0;
    for (int k = first; k < node->child_count; k++)
        if (find(play, level, view, node->child_first + k, node->kind == PARA_GOAL_NOT ? !wanted : wanted,
                 text))
            return true;
    return false;
}

void para_play_cause(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player, char *out,
                     size_t size)
{
    PARA_ASSERT(player >= 0 && player < level->player_count && size >= 1);
    const ParaPlayer *who = &level->players[player];
    const ParaView *view = para_world_view(world);
    Text text = {.out = out, .size = size};
    out[0] = '\0';
    if (play->players[player].status == PARA_PLAY_FAILED)
        find(play, level, view, who->fail_root, true, &text);
    else if (play->players[player].status == PARA_PLAY_TIMEOUT)
        find(play, level, view, who->goal_root, false, &text);
}
