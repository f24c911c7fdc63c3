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

/// Something being judged; read only.
typedef struct Judged {
    const ParaPlay *play;
    const ParaLevel *level;
    const ParaView *view;
} Judged;

static bool is_long_enough(const Judged *j, int index)
{
    const ParaGoalNode *node = &j->level->goals[index];
    return node->hold <= 0 || j->play->held[index] >= para_level_steps(j->level, node->hold);
}

/// Whether a node is true at this moment; its own holding time left out, those below it counted.
static bool is_now(const Judged *j, int index)
{
    const ParaGoalNode *node = &j->level->goals[index];
    if (!para_goal_is_tree(node->kind))
        return para_goal_leaf_true(j->play, j->level, j->view, node);
    if (node->kind == PARA_GOAL_THEN)
        return j->play->done[index] == node->child_count;
    bool decides = node->kind == PARA_GOAL_ANY; // the child that is so decides; NOT has one, which is not
    for (int k = node->child_first; k < node->child_first + node->child_count; k++)
        if ((is_now(j, k) && is_long_enough(j, k)) == decides)
            return node->kind != PARA_GOAL_ALL;
    return node->kind == PARA_GOAL_ALL;
}

/// The child that makes a tree what it is now: the first that is so; of an order the step that is due, or the
/// last. -1 if the tree is empty.
static int deciding_child(const Judged *j, int index, bool now)
{
    const ParaGoalNode *node = &j->level->goals[index];
    if (node->kind == PARA_GOAL_THEN && node->child_count > 0)
        return node->child_first + j->play->done[index] - now;
    for (int k = node->child_first; k < node->child_first + node->child_count; k++)
        if (node->kind == PARA_GOAL_NOT || (is_now(j, k) && is_long_enough(j, k)) == now)
            return k;
    return -1;
}

/// Writes the leaf below a node that makes it what it is, and of what is true but not yet long enough, that.
static void explain(const Judged *j, int index, Text *text)
{
    const ParaGoalNode *node = &j->level->goals[index];
    bool now = is_now(j, index);
    if (!para_goal_is_tree(node->kind)) {
        write_leaf(j->level, node, !now, text);
    } else {
        int child = deciding_child(j, index, now);
        if (child >= 0)
            explain(j, child, text);
    }
    if (now && !is_long_enough(j, index)) {
        char number[32];
        para_text_float(node->hold, number);
        add(text, " for less than ", number);
        add(text, " s", "");
    }
}

void para_play_cause(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player, char *out,
                     size_t size)
{
    PARA_ASSERT(player >= 0 && player < level->player_count && size >= 1);
    const ParaPlayer *who = &level->players[player];
    const Judged judged = {play, level, para_world_view(world)};
    Text text = {.out = out, .size = size};
    out[0] = '\0';
    if (play->players[player].status == PARA_PLAY_FAILED)
        explain(&judged, who->fail_root, &text);
    else if (play->players[player].status == PARA_PLAY_TIMEOUT)
        explain(&judged, who->goal_root, &text);
}
