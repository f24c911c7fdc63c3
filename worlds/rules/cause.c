// SPDX-License-Identifier: MIT
// Why an episode failed, or was not solved in its time: the condition that decided it, found once and told in
// two ways, as a template would say it and as a sentence.
#include "engine/base/assert.h"
#include "engine/base/text.h"
#include "worlds/expr/expr.h"
#include "worlds/rules/goal.h"

#include <stdio.h>
#include <string.h>

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

/// What a kind says in a sentence between its body and what it is about; a % stands for its number.
typedef struct Saying {
    const char *is, *is_not;
    const char *unit; ///< behind the number
} Saying;
static const Saying sayings[sizeof words / sizeof *words] = {
    [PARA_GOAL_TOUCH] = {"touched", "did not touch", ""},
    [PARA_GOAL_INSIDE] = {"was in", "was not in", ""},
    [PARA_GOAL_NEAR] = {"was within % of", "was not within % of", " m"},
    [PARA_GOAL_ABOVE] = {"rose above %", "was not above %", " m"},
    [PARA_GOAL_BELOW] = {"fell below %", "was not below %", " m"},
    [PARA_GOAL_RIGHT_OF] = {"was right of x = %", "was not right of x = %", " m"},
    [PARA_GOAL_LEFT_OF] = {"was left of x = %", "was not left of x = %", " m"},
    [PARA_GOAL_UPRIGHT] = {"was upright", "tipped over", ""},
    [PARA_GOAL_SLOW] = {"was slower than %", "was faster than %", " m/s"},
    [PARA_GOAL_SHATTERED] = {"broke", "did not break", ""},
    [PARA_GOAL_COLLECTED] = {"was collected", "was not collected", ""},
    [PARA_GOAL_OVERLAP] = {"overlapped", "did not overlap", ""},
    [PARA_GOAL_TIME] = {"% had passed", "% had not passed", " s"},
    [PARA_GOAL_IS] = {"held", "did not hold", ""},
};

typedef struct Text {
    char *out;
    size_t size, used; // [byte]
    bool sentence;     // not as in a template
} Text;

static void add(Text *text, const char *before, const char *word)
{
    size_t room = text->size - text->used;
    int wanted = snprintf(text->out + text->used, room, "%s%s", before, word);
    text->used += wanted < 0 ? 0 : (size_t)wanted < room ? (size_t)wanted : room - 1;
}

static const char *body_name(const ParaLevel *level, int body, char store[32])
{
    snprintf(store, 32, "body %d", body);
    return level->body_names[body][0] ? level->body_names[body] : store;
}

static const char *zone_name(const ParaLevel *level, int zone, char store[32])
{
    snprintf(store, 32, "zone %d", zone);
    return level->zone_names[zone][0] ? level->zone_names[zone] : store;
}

/// The expression of an IS, as the level has it.
static const char *expression_of(const ParaGoalNode *node, char number[32])
{
    return node->is.program ? node->is.program->text : para_text_double(node->is.number, number);
}

/// "touch [a, b]", with the names of the first of copies; a body without a name is "body 3".
static void write_leaf(const ParaLevel *level, const ParaGoalNode *node, bool negated, Text *text)
{
    char number[32];
    const char *comma = "";
    add(text, negated ? "not " : "", words[node->kind]);
    add(text, " [", "");
    if (node->kind == PARA_GOAL_IS)
        add(text, "", expression_of(node, number));
    for (int i = 0; i < 2; i++) {
        int body = i ? node->b : node->a;
        if (body < 0)
            continue;
        add(text, comma, body_name(level, body, number));
        comma = ", ";
    }
    if (node->zone >= 0) {
        add(text, comma, zone_name(level, node->zone, number));
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

/// Of the bodies a leaf is about the first that is as it says (`now`) or is not; of a touch the two that do.
static void find_pair(const Judged *j, const ParaGoalNode *node, bool now, int pair[2])
{
    pair[0] = node->a;
    pair[1] = node->b;
    if (node->kind == PARA_GOAL_TOUCH && now && para_goal_touching(j->level, j->view, node, pair))
        return;
    for (int k = 0; k < node->a_count && !node->a_player; k++)
        if (para_goal_body_true(j->play, j->level, j->view, node, node->a + k) == now) {
            pair[0] = node->a + k;
            if (node->kind == PARA_GOAL_OVERLAP && now)
                pair[1] = para_goal_overlapping(j->view, node, pair[0]);
            return;
        }
}

/// The zone of a leaf that a body is in; the first where it is in none.
static int find_zone(const Judged *j, const ParaGoalNode *node, int body)
{
    for (int z = 0; z < node->zone_count && node->kind == PARA_GOAL_INSIDE; z++)
        if (j->view->zone_bits[(size_t)body * (size_t)j->view->stride] >> (node->zone + z) & 1)
            return node->zone + z;
    return node->zone;
}

/// "hull tipped over", "egg touched spike3": with the very copies that it was.
static void write_sentence(const Judged *j, const ParaGoalNode *node, bool now, Text *text)
{
    char store[32];
    int pair[2];
    const Saying *saying = &sayings[node->kind];
    const char *words_of = now ? saying->is : saying->is_not, *place = strchr(words_of, '%');
    find_pair(j, node, now, pair);
    if (node->kind == PARA_GOAL_IS)
        add(text, expression_of(node, store), " ");
    if (node->a >= 0) {
        add(text, "", body_name(j->level, pair[0], store));
        add(text, " ", "");
    }
    if (place) {
        char before[32];
        snprintf(before, sizeof before, "%.*s", (int)(place - words_of), words_of);
        para_text_float(node->value, store);
        add(text, before, store);
        add(text, saying->unit, place + 1);
    } else {
        add(text, words_of, "");
    }
    if (node->zone >= 0)
        add(text, " ", zone_name(j->level, find_zone(j, node, pair[0]), store));
    else if (pair[1] >= 0)
        add(text, " ", body_name(j->level, pair[1], store));
    else if (node->kind == PARA_GOAL_TOUCH)
        add(text, " ", "anything");
}

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
        if (text->sentence)
            write_sentence(j, node, now, text);
        else
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

/// The leaf below a node that makes it what it is. @return -1: an empty tree
static int deciding_leaf(const Judged *j, int index)
{
    while (index >= 0 && para_goal_is_tree(j->level->goals[index].kind))
        index = deciding_child(j, index, is_now(j, index));
    return index;
}

ParaPlayCause para_play_cause_of(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player)
{
    PARA_ASSERT(player >= 0 && player < level->player_count);
    const ParaPlayer *who = &level->players[player];
    const Judged judged = {play, level, para_world_view(world)};
    ParaPlayStatus status = play->players[player].status;
    ParaPlayCause cause = {-1, -1, -1, -1, false};
    int root = status == PARA_PLAY_FAILED    ? who->fail_root
               : status == PARA_PLAY_TIMEOUT ? who->goal_root
                                             : -1;
    if (root < 0 || (cause.node = deciding_leaf(&judged, root)) < 0)
        return cause;
    const ParaGoalNode *node = &level->goals[cause.node];
    int pair[2];
    bool now = is_now(&judged, cause.node);
    find_pair(&judged, node, now, pair);
    cause.body = (int16_t)pair[0];
    cause.other = (int16_t)pair[1];
    cause.zone = (int16_t)(node->zone >= 0 ? find_zone(&judged, node, pair[0]) : -1);
    cause.early = status == PARA_PLAY_TIMEOUT && now;
    return cause;
}

static void tell(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player, Text text)
{
    PARA_ASSERT(player >= 0 && player < level->player_count && text.size >= 1);
    const ParaPlayer *who = &level->players[player];
    const Judged judged = {play, level, para_world_view(world)};
    text.out[0] = '\0';
    if (play->players[player].status == PARA_PLAY_FAILED)
        explain(&judged, who->fail_root, &text);
    else if (play->players[player].status == PARA_PLAY_TIMEOUT)
        explain(&judged, who->goal_root, &text);
}

void para_play_cause(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player, char *out,
                     size_t size)
{
    tell(play, level, world, player, (Text){.out = out, .size = size});
}

void para_play_cause_sentence(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player,
                              char *out, size_t size)
{
    tell(play, level, world, player, (Text){.out = out, .size = size, .sentence = true});
}

// ---------------------------------------------------------------------------------------------
// A goal in words.

/// "ball inside pad": what a leaf asks for.
static void say_leaf(const ParaLevel *level, const ParaGoalNode *node, Text *text)
{
    char store[32], word[32];
    snprintf(word, sizeof word, "%s", words[node->kind]);
    for (char *c = word; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    if (node->kind == PARA_GOAL_IS) {
        add(text, "", expression_of(node, store));
        return;
    }
    if (node->a >= 0) {
        add(text, node->every && node->a_count > 1 ? "all " : "", body_name(level, node->a, store));
        add(text, " ", word);
    } else {
        add(text, "", word);
    }
    if (node->b >= 0)
        add(text, " ", body_name(level, node->b, store));
    if (node->zone >= 0)
        add(text, " ", zone_name(level, node->zone, store));
    if (has_value[node->kind])
        add(text, " ", para_text_float(node->value, store));
}

static void say_node(const ParaLevel *level, int index, Text *text)
{
    const ParaGoalNode *node = &level->goals[index];
    char store[PARA_NUMBER_SIZE];
    if (!para_goal_is_tree(node->kind))
        say_leaf(level, node, text);
    for (int k = 0; para_goal_is_tree(node->kind) && k < node->child_count; k++) {
        const char *between = node->kind == PARA_GOAL_ANY    ? " or "
                              : node->kind == PARA_GOAL_THEN ? ", then "
                                                             : " and ";
        add(text, k > 0 ? between : node->kind == PARA_GOAL_NOT ? "not " : "", "");
        say_node(level, node->child_first + k, text);
    }
    if (node->hold > 0) {
        add(text, " for ", para_text_float(node->hold, store));
        add(text, " s", "");
    }
}

int para_play_parts(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player,
                    ParaPlayPart *parts, int max)
{
    const ParaView *view = para_world_view(world);
    int root = level->players[player].goal_root, first = root, count = 1;
    const ParaGoalNode *node = &level->goals[root];
    if (node->kind == PARA_GOAL_ALL || node->kind == PARA_GOAL_ANY || node->kind == PARA_GOAL_THEN) {
        first = node->child_first;
        count = node->child_count;
    }
    for (int k = 0; k < count && k < max; k++) {
        ParaPlayPart *part = &parts[k];
        bool passed = node->kind == PARA_GOAL_THEN && k < play->done[root];
        part->words[0] = '\0';
        Text text = {.out = part->words, .size = sizeof part->words};
        say_node(level, first + k, &text);
        part->progress = passed ? 1.0f : para_goal_progress(play, level, view, first + k);
        part->done = passed || part->progress >= 1.0f;
    }
    return count;
}
