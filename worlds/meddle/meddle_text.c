// SPDX-License-Identifier: MIT
// Meddles as people type them, and as they are told.
#include "worlds/meddle/meddle.h"

#include "engine/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WORDS_MAX   8
#define DROP_AHEAD  3.0f  // [halves of a toy] before the player a thing comes down
#define DROP_ABOVE  8.0f  // [halves of a toy] above it
#define BLAST_SPEED 12.0f // [m/s] where none is given
#define BLAST_REACH 12.0f // [halves of a toy] likewise
#define DROP_WORD   "drop"

/// A line cut into words.
typedef struct Words {
    char text[PARA_MEDDLE_SAYS];
    const char *word[WORDS_MAX];
    int count;
} Words;

typedef struct Reading {
    Words words;
    int next; ///< word
    const ParaLevel *level;
    const ParaView *view;
    ParaMeddle *out;
    char *why;
    size_t why_size;
} Reading;

static bool refuse(Reading *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool refuse(Reading *r, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    if (r->why_size > 0)
        para_text_format_v(r->why, r->why_size, format, list);
    va_end(list);
    return false;
}

/// Small letters, commas as blanks.  @return false: too many words
static bool cut(const char *line, Words *words)
{
    snprintf(words->text, sizeof words->text, "%s", line);
    words->count = 0;
    bool inside = false;
    for (char *c = words->text; *c; c++) {
        bool blank = strchr(" \t\r\n\v\f,", *c) != NULL;
        if (blank)
            *c = '\0';
        else if (!inside && words->count == WORDS_MAX)
            return false;
        else if (!inside)
            words->word[words->count++] = c;
        inside = !blank;
    }
    return strlen(line) < sizeof words->text;
}

static bool is(const Reading *r, int at, const char *word)
{
    return at < r->words.count && strcmp(r->words.word[at], word) == 0;
}

static bool take(Reading *r, const char *word)
{
    bool there = is(r, r->next, word);
    r->next += there;
    return there;
}

/// As many numbers as there are, up to `most`.
/// @return how many; -1: too many, or one that is none, or out of range, which is told
static int take_numbers(Reading *r, int most)
{
    int count = 0;
    for (; r->next < r->words.count; r->next++, count++) {
        const char *word = r->words.word[r->next], *rest = word;
        double value = para_text_number(word, &rest);
        if (count == most || rest == word || *rest)
            return -1;
        if (!(fabs(value) <= (double)PARA_MEDDLE_MOST)) {
            refuse(r, "%s: %.40s is out of range; numbers go from %g to %g", r->words.word[0], word,
                   -(double)PARA_MEDDLE_MOST, (double)PARA_MEDDLE_MOST);
            return -1;
        }
        r->out->numbers[count] = (float)value;
    }
    return count;
}

/// How its kind is typed, unless something more exact has been told.
static bool usage(Reading *r)
{
    if (r->why_size > 0 && *r->why)
        return false;
    ParaMeddleKind kind = (ParaMeddleKind)r->out->kind;
    return refuse(r, "%s %s: %s", para_meddle_word(kind), para_meddle_takes(kind), para_meddle_about(kind));
}

static float of_player(const Reading *r, const float *values)
{
    return values[(size_t)r->level->players[0].body * (size_t)r->view->stride];
}

/// A place as somebody would type it, in hundredths.
static float tidy(float value) { return isfinite(value) ? roundf(value * 100) / 100 : 0.0f; }

/// Before the player, to the side it goes to.
static void place_before(Reading *r)
{
    float half = para_toy_half(r->level), side = of_player(r, r->view->vx) < -0.2f ? -1.0f : 1.0f;
    float *n = r->out->numbers;
    n[0] = tidy(of_player(r, r->view->centre_x) + side * DROP_AHEAD * half);
    n[1] = tidy(of_player(r, r->view->centre_y) + DROP_ABOVE * half);
}

static bool read_place(Reading *r)
{
    bool blast = r->out->kind == PARA_MEDDLE_BLAST, given = take(r, "at");
    int count = take_numbers(r, blast ? 4 : 3);
    float *n = r->out->numbers;
    if (count < 0 || count == 1 || (given && count == 0))
        return usage(r);
    if (count == 0)
        place_before(r);
    if (blast && count == 0)
        n[1] = tidy(of_player(r, r->view->centre_y) - para_toy_half(r->level));
    if (blast && count < 3)
        n[2] = BLAST_SPEED;
    if (blast && count < 4)
        n[3] = tidy(BLAST_REACH * para_toy_half(r->level));
    return true;
}

static bool read_gravity(Reading *r)
{
    float *n = r->out->numbers;
    const ParaVec2 now = r->view->gravity;
    if (take(r, "flip")) {
        n[0] = 0.0f - now.x; // 0 stays 0, without a sign
        n[1] = 0.0f - now.y;
    } else if (take(r, "back")) {
        n[0] = r->level->world.gravity.x;
        n[1] = r->level->world.gravity.y;
    } else if (!take(r, "off")) {
        int count = take_numbers(r, 2);
        if (count == 1) { // one number is how hard it pulls down
            n[1] = -n[0];
            n[0] = 0;
        }
        bool told = r->why_size > 0 && *r->why;
        return count > 0 || (!told && refuse(r, "gravity X Y | flip | off | back: %s",
                                             para_meddle_about(PARA_MEDDLE_GRAVITY)));
    }
    return r->next == r->words.count || usage(r);
}

/// An index by its name, or by "#3".  @return -1: none
static int find(const ParaLevel *level, const char *name, int count,
                const char *(*label)(const ParaLevel *, int, char *))
{
    char store[PARA_NAME_MAX];
    for (int k = 0; k < count; k++)
        if (strcmp(label(level, k, store), name) == 0)
            return k;
    return -1;
}

static bool read_thing(Reading *r)
{
    if (r->next >= r->words.count)
        return usage(r);
    const char *name = r->words.word[r->next++];
    bool joint = r->out->kind == PARA_MEDDLE_CUT;
    int index = joint ? find(r->level, name, r->level->world.joint_count, para_level_joint_label)
                      : find(r->level, name, r->level->world.body_count, para_level_body_label);
    if (index < 0)
        return refuse(r, "no %s is called \"%s\"", joint ? "joint" : "body", name);
    float place[2] = {0};
    if (r->out->kind == PARA_MEDDLE_PULL) {
        if (take_numbers(r, 2) != 2)
            return usage(r);
        memcpy(place, r->out->numbers, sizeof place);
    }
    r->out->numbers[0] = (float)index;
    r->out->numbers[1] = place[0];
    r->out->numbers[2] = place[1];
    return r->next == r->words.count || usage(r);
}

/// A body by its name.  @return -1: none of it, which is told; `-` where that may be: -1, and no word of it
static bool read_body(Reading *r, int slot, bool may_be_none)
{
    if (r->next >= r->words.count)
        return usage(r);
    const char *name = r->words.word[r->next++];
    int index = find(r->level, name, r->level->world.body_count, para_level_body_label);
    bool none = may_be_none && strcmp(name, "-") == 0;
    r->out->numbers[slot] = (float)(none ? -1 : index);
    return none || index >= 0 || refuse(r, "no body is called \"%s\"", name);
}

/// So many numbers, behind those that are there, and no more.
static bool read_rest(Reading *r, int first, int count)
{
    float had[PARA_MEDDLE_NUMBERS];
    memcpy(had, r->out->numbers, sizeof had);
    if (take_numbers(r, count) != count || r->next != r->words.count)
        return usage(r);
    memmove(r->out->numbers + first, r->out->numbers, sizeof *had * (size_t)count);
    memcpy(r->out->numbers, had, sizeof *had * (size_t)first);
    return true;
}

static const char *const materials[] = {"plain",
#define PARA_MATERIAL(id, word, ...) #word,
#include "worlds/level/kinds.def"
                                        NULL};

static bool read_material(Reading *r)
{
    const char *rest = r->next < r->words.count ? r->words.word[r->next] : "";
    double count = para_text_number(rest, &rest);
    if (r->out->kind == PARA_MEDDLE_DRAW && r->next < r->words.count && rest != r->words.word[r->next]) {
        if (*rest || !(count >= 1 && count <= PARA_OUTLINE_POINTS_MAX && count == floor(count)))
            return usage(r);
        r->out->numbers[2] = (float)count;
        r->next++;
    }
    for (int k = 0; r->next < r->words.count && materials[k]; k++)
        if (take(r, materials[k])) {
            r->out->numbers[0] = (float)k;
            break;
        }
    r->out->numbers[1] = take(r, "fixed") ? 1.0f : 0.0f;
    return r->next == r->words.count || usage(r);
}

static bool read_kind(Reading *r)
{
    switch ((ParaMeddleKind)r->out->kind) {
    case PARA_MEDDLE_CRATE:
    case PARA_MEDDLE_BALL:
    case PARA_MEDDLE_PLANK:
    case PARA_MEDDLE_SPIKE:
    case PARA_MEDDLE_BLAST:
        return read_place(r);
    case PARA_MEDDLE_GRAVITY:
        return read_gravity(r);
    case PARA_MEDDLE_WIND:
    case PARA_MEDDLE_PUSH:
        return take_numbers(r, 2) > 0 || usage(r);
    case PARA_MEDDLE_FLOOD:
        return take_numbers(r, 1) == 1 || usage(r);
    case PARA_MEDDLE_PULL:
    case PARA_MEDDLE_TAKE:
    case PARA_MEDDLE_CUT:
        return read_thing(r);
    case PARA_MEDDLE_GRAB:
    case PARA_MEDDLE_CLONE:
        return read_body(r, 0, false) && read_rest(r, 1, 2);
    case PARA_MEDDLE_PIN:
        return read_body(r, 0, false) && read_rest(r, 1, 0);
    case PARA_MEDDLE_HINGE:
        return read_body(r, 0, false) && read_body(r, 1, true) && read_rest(r, 2, 2);
    case PARA_MEDDLE_SPRING:
        return read_body(r, 0, false) && read_body(r, 1, true) && read_rest(r, 2, 0);
    case PARA_MEDDLE_BOX:
    case PARA_MEDDLE_DISC:
    case PARA_MEDDLE_DRAW:
        return read_material(r);
    case PARA_MEDDLE_HAND:
        return read_rest(r, 0, 2);
    case PARA_MEDDLE_LET:
        return read_rest(r, 0, 0);
    case PARA_MEDDLE_POINT:
    case PARA_MEDDLE_SLICE:
        return read_rest(r, 0, 4);
    case PARA_MEDDLES:
        break;
    }
    return false;
}

/// Short words for what would take numbers.  @return whether it was one
static bool read_short(Reading *r)
{
    if (r->words.count == 1 && take(r, "calm")) {
        r->out->kind = PARA_MEDDLE_WIND;
    } else if (r->words.count == 1 && take(r, "drain")) {
        r->out->kind = PARA_MEDDLE_FLOOD;
        r->out->numbers[0] = -roundf(r->level->world.size.y);
    } else {
        return false;
    }
    return true;
}

bool para_meddle_read(const char *line, const ParaLevel *level, ParaWorld world, ParaMeddle *out_meddle,
                      char *why, size_t why_size)
{
    Reading r = {
        .level = level, .view = para_world_view(world), .out = out_meddle, .why = why, .why_size = why_size};
    *out_meddle = (ParaMeddle){0};
    if (why_size > 0)
        why[0] = '\0';
    if (!cut(line, &r.words))
        return refuse(&r, "that is too long a line");
    if (r.words.count == 0)
        return refuse(&r, "drop crate, wind 5, flood 2, flip gravity, push 3, blast, ...");
    if (read_short(&r))
        return true;
    bool flip = is(&r, 0, "flip") && is(&r, 1, "gravity") && r.words.count == 2;
    if (flip) { // "flip gravity" is "gravity flip"
        r.words.word[0] = "gravity";
        r.words.word[1] = "flip";
    }
    take(&r, DROP_WORD);
    for (int kind = 0; kind < PARA_MEDDLES; kind++)
        if (take(&r, para_meddle_word((ParaMeddleKind)kind))) {
            out_meddle->kind = (uint32_t)kind;
            return read_kind(&r);
        }
    return refuse(&r,
                  "\"%s\" is nothing I know: drop crate|ball|plank|spike, wind, calm, flood, drain, gravity, "
                  "push, pull, blast, take, cut",
                  r.next < r.words.count ? r.words.word[r.next] : DROP_WORD);
}

// ---------------------------------------------------------------------------------------------
// Telling.

void para_meddle_write(const ParaMeddle *meddle, const ParaLevel *level, char *out, size_t size)
{
    const float *n = meddle->numbers;
    char store[PARA_NAME_MAX], other[PARA_NAME_MAX], number[PARA_MEDDLE_NUMBERS][PARA_NUMBER_SIZE];
    ParaMeddleKind kind = (ParaMeddleKind)meddle->kind;
    const char *word = para_meddle_word(kind);
    for (int k = 0; k < PARA_MEDDLE_NUMBERS; k++)
        para_text_float(n[k], number[k]);
    switch (kind) {
    case PARA_MEDDLE_CRATE:
    case PARA_MEDDLE_BALL:
    case PARA_MEDDLE_PLANK:
    case PARA_MEDDLE_SPIKE:
        snprintf(out, size, "%s at %s %s%s%s", word, number[0], number[1], n[2] != 0 ? " " : "",
                 n[2] != 0 ? number[2] : "");
        return;
    case PARA_MEDDLE_BLAST:
        snprintf(out, size, "%s at %s %s %s %s", word, number[0], number[1], number[2], number[3]);
        return;
    case PARA_MEDDLE_WIND:
    case PARA_MEDDLE_GRAVITY:
    case PARA_MEDDLE_PUSH:
        snprintf(out, size, "%s %s %s", word, number[0], number[1]);
        return;
    case PARA_MEDDLE_FLOOD:
        snprintf(out, size, "%s %s", word, number[0]);
        return;
    case PARA_MEDDLE_PULL:
        snprintf(out, size, "%s %s %s %s", word, para_level_body_label(level, (int)n[0], store), number[1],
                 number[2]);
        return;
    case PARA_MEDDLE_TAKE:
        snprintf(out, size, "%s %s", word, para_level_body_label(level, (int)n[0], store));
        return;
    case PARA_MEDDLE_CUT:
        snprintf(out, size, "%s %s", word, para_level_joint_label(level, (int)n[0], store));
        return;
    case PARA_MEDDLE_GRAB:
    case PARA_MEDDLE_CLONE:
        snprintf(out, size, "%s %s %s %s", word, para_level_body_label(level, (int)n[0], store), number[1],
                 number[2]);
        return;
    case PARA_MEDDLE_PIN:
        snprintf(out, size, "%s %s", word, para_level_body_label(level, (int)n[0], store));
        return;
    case PARA_MEDDLE_HINGE:
    case PARA_MEDDLE_SPRING:
        snprintf(out, size, "%s %s %s%s%s%s%s", word, para_level_body_label(level, (int)n[0], store),
                 n[1] < 0 ? "-" : para_level_body_label(level, (int)n[1], other),
                 kind == PARA_MEDDLE_HINGE ? " " : "", kind == PARA_MEDDLE_HINGE ? number[2] : "",
                 kind == PARA_MEDDLE_HINGE ? " " : "", kind == PARA_MEDDLE_HINGE ? number[3] : "");
        return;
    case PARA_MEDDLE_BOX:
    case PARA_MEDDLE_DISC:
    case PARA_MEDDLE_DRAW:
        snprintf(out, size, "%s %s%s%s%s", word, n[2] != 0 ? number[2] : "", n[2] != 0 ? " " : "",
                 materials[(int)n[0]], n[1] != 0 ? " fixed" : "");
        return;
    case PARA_MEDDLE_HAND:
        snprintf(out, size, "%s %s %s", word, number[0], number[1]);
        return;
    case PARA_MEDDLE_LET:
        snprintf(out, size, "%s", word);
        return;
    case PARA_MEDDLE_POINT:
    case PARA_MEDDLE_SLICE:
        snprintf(out, size, "%s %s %s %s %s", word, number[0], number[1], number[2], number[3]);
        return;
    case PARA_MEDDLES:
        break;
    }
    snprintf(out, size, "%s", "");
}
