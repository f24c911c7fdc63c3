// SPDX-License-Identifier: MIT
// From reports to a sentence: how often it was solved, what most often ended the others and where, and what
// of the things that matter was never touched.
#include "agents/env/report_words.h"

#include "engine/base/assert.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NEAR 2.0f // [m] two ends so near each other count as the same place

typedef struct Words {
    char *out;
    size_t size, used; // [byte]
} Words;

static void add(Words *words, const char *text)
{
    size_t room = words->size - words->used;
    int wanted = snprintf(words->out + words->used, room, "%s", text);
    words->used += wanted < 0 ? 0 : (size_t)wanted < room ? (size_t)wanted : room - 1;
}

static void add_number(Words *words, double number)
{
    char text[PARA_NUMBER_SIZE];
    add(words, para_text_measure(number, text));
}

static const char *body_name(const ParaLevel *level, int body)
{
    return body >= 0 && body < level->world.body_count && level->body_names[body][0] ? level->body_names[body]
                                                                                     : NULL;
}

static const char *zone_name(const ParaLevel *level, int zone)
{
    return zone >= 0 && zone < level->world.zone_count && level->zone_names[zone][0] ? level->zone_names[zone]
                                                                                     : NULL;
}

/// The place matters less than the thing where there is one.
static bool tells_place(const ParaReport *r)
{
    return r->cause == PARA_CAUSE_FELL || r->cause == PARA_CAUSE_LEFT || r->cause == PARA_CAUSE_TIPPED ||
           r->cause == PARA_CAUSE_STUCK || r->cause == PARA_CAUSE_TIME;
}

static bool is_alike(const ParaReport *a, const ParaReport *b)
{
    if (a->cause != b->cause || a->cause_body != b->cause_body || a->cause_other != b->cause_other ||
        a->cause_zone != b->cause_zone)
        return false;
    return !tells_place(a) || fabsf(a->x - b->x) <= NEAR;
}

/// Whose doing it was, where that is not the player's main body.
static const char *subject_of(const ParaLevel *level, const ParaReport *r)
{
    const char *name = body_name(level, r->cause_body);
    return name && r->cause_body != level->players[0].body ? name : NULL;
}

static void add_cause(Words *words, const ParaLevel *level, const ParaReport *r)
{
    static const char *const said[PARA_CAUSES] = {[PARA_CAUSE_NONE] = "solved",
                                                  [PARA_CAUSE_FELL] = "fell",
                                                  [PARA_CAUSE_LEFT] = "got out of bounds",
                                                  [PARA_CAUSE_HAZARD] = "touched ",
                                                  [PARA_CAUSE_SHATTERED] = "broke",
                                                  [PARA_CAUSE_CRUSHED] = "was crushed",
                                                  [PARA_CAUSE_TIPPED] = "tipped over",
                                                  [PARA_CAUSE_RULE] = "broke a rule of the level",
                                                  [PARA_CAUSE_STUCK] = "was stuck",
                                                  [PARA_CAUSE_TIME] = "ran out of time",
                                                  [PARA_CAUSE_DIVERGED] = "saw its numbers run away"};
    const char *subject =
        r->cause == PARA_CAUSE_STUCK || r->cause == PARA_CAUSE_TIME ? NULL : subject_of(level, r);
    const char *other = body_name(level, r->cause_other), *zone = zone_name(level, r->cause_zone);
    if (subject) {
        add(words, subject);
        add(words, " ");
    }
    if (r->cause == PARA_CAUSE_HAZARD && zone)
        add(words, "was in ");
    else
        add(words, said[r->cause]);
    if (r->cause == PARA_CAUSE_HAZARD)
        add(words, zone ? zone : other ? other : "what it must not");
    if (tells_place(r)) {
        add(words, " near x = ");
        add_number(words, (double)r->x);
        add(words, " m");
    }
}

/// The body a touch is about that is not the player's own; -1: none.
static int touched_by(const ParaLevel *level, const ParaGoalNode *node)
{
    if (node->kind != PARA_GOAL_TOUCH || node->b < 0)
        return -1;
    bool a_own = para_level_owner(level, node->a) >= 0, b_own = para_level_owner(level, node->b) >= 0;
    return a_own && !b_own ? node->b : b_own && !a_own ? node->a : -1;
}

static bool is_wanted(const ParaLevel *level, int body)
{
    ParaRole role = para_level_body_role(level, 0, body);
    if (role == PARA_ROLE_TARGET || role == PARA_ROLE_CARGO || level->body_collects[body])
        return true;
    for (int e = 0; e < level->event_count; e++)
        if (touched_by(level, &level->goals[level->events[e].root]) == body)
            return true;
    return false;
}

/// The first thing that matters and that no report tells to have been touched; NULL: none.
static const char *never_touched(const ParaLevel *level, const ParaReport *reports, int count)
{
    uint64_t touched[PARA_REPORT_BODIES / 64] = {0};
    for (int i = 0; i < count; i++)
        for (int k = 0; k < PARA_REPORT_BODIES / 64; k++)
            touched[k] |= reports[i].touched[k];
    for (int b = 0; b < level->world.body_count && b < PARA_REPORT_BODIES; b++)
        if (body_name(level, b) && !(touched[b / 64] >> (b % 64) & 1) && para_level_owner(level, b) < 0 &&
            is_wanted(level, b))
            return level->body_names[b];
    return NULL;
}

/// The report whose like is most frequent among those that failed. @return -1: all were solved
static int most_frequent(const ParaReport *reports, int count, int *out_times)
{
    int best = -1;
    *out_times = 0;
    for (int i = 0; i < count; i++) {
        int times = 0;
        for (int k = 0; k < count && reports[i].cause != PARA_CAUSE_NONE; k++)
            times += is_alike(&reports[i], &reports[k]);
        if (times > *out_times) {
            *out_times = times;
            best = i;
        }
    }
    return best;
}

static void tell_one(Words *words, const ParaLevel *level, const ParaReport *r)
{
    add_cause(words, level, r);
    add(words, r->end == PARA_END_SOLVED ? " in " : " after ");
    add_number(words, (double)r->seconds);
    add(words, " s");
    if (r->end != PARA_END_SOLVED && r->closest > 0) {
        add(words, ", ");
        add_number(words, floor(100 * (double)r->closest + 0.5));
        add(words, " % of the way");
    }
}

void para_reports_sentence(const ParaLevel *level, const ParaReport *reports, int count, char *out,
                           size_t size)
{
    PARA_ASSERT(count >= 1 && size >= 1);
    Words words = {.out = out, .size = size};
    out[0] = '\0';
    int solved = 0, times = 0, worst = most_frequent(reports, count, &times);
    char number[48];
    for (int i = 0; i < count; i++)
        solved += reports[i].end == PARA_END_SOLVED;
    size_t sentence = 0;
    if (count == 1) {
        tell_one(&words, level, reports);
    } else {
        snprintf(number, sizeof number, "solved %d of %d", solved, count);
        add(&words, number);
        if (worst >= 0) {
            add(&words, ". ");
            sentence = words.used;
            add_cause(&words, level, &reports[worst]);
            snprintf(number, sizeof number, times > 1 ? " %d times" : " once", times);
            add(&words, number);
        }
    }
    const char *missed = solved < count ? never_touched(level, reports, count) : NULL;
    if (missed) {
        add(&words, "; never touched ");
        add(&words, missed);
    }
    add(&words, ".");
    for (size_t at = 0;; at = sentence) { // a sentence begins with a capital, where it is no name
        if (at < words.used && out[at] >= 'a' && out[at] <= 'z' &&
            (at == 0 ? count > 1 || !subject_of(level, reports) : !subject_of(level, &reports[worst])))
            out[at] = (char)(out[at] - 'a' + 'A');
        if (at == sentence)
            break;
    }
}
