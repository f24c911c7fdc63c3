// SPDX-License-Identifier: MIT
// Sampling: a template, parameter values and a seed become one level. Draws go by the path of the field and
// the copy, each a stream of its own, so that a new body does not change what the others draw.
#include "worlds/sample/sample.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What parts of sampling take, about a microsecond each.
#define MEMBER_WORK 60.0  ///< [1] of a member
#define RUN_WORK    0.05  ///< [1] of a run of an expression
#define STEP_WORK   0.02  ///< [1] of a step of one: most take less, noise and sines more
#define THING_WORK  1.0   ///< [1] of a body, shape, joint or zone
#define POINT_WORK  0.05  ///< [1] of a point
#define NAMES_WORK  0.005 ///< [1] of comparing two names

void para_sample_problem(ParaSampler *sampler, ParaCode code, const char *path, const char *key,
                         const char *format, ...)
{
    sampler->failed = true;
    if (!sampler->list)
        return;
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(message, sizeof message, format, arguments);
    va_end(arguments);
    const char *place = key ? para_arena_printf(sampler->list->arena, "%s/%s", path, key) : path;
    if (!para_problem_is_known(sampler->list, para_code_text(code), place)) // of its copies one is enough
        para_problem(sampler->list, PARA_DIAG_ERROR, code, place, NULL, "%s", message);
}

void para_sample_note(ParaSampler *sampler, ParaCode code, const char *path, const char *key,
                      const char *format, ...)
{
    if (!sampler->list)
        return;
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(message, sizeof message, format, arguments);
    va_end(arguments);
    const char *place = para_arena_printf(sampler->list->arena, "%s/%s", path, key);
    if (!para_problem_is_known(sampler->list, para_code_text(code), place))
        para_problem(sampler->list, PARA_DIAG_WARNING, code, place, NULL, "%s", message);
}

// ---------------------------------------------------------------------------------------------
// Numbers.

void para_sample_copy(ParaSampler *sampler, int copy, int total)
{
    sampler->input.i = sampler->input.copy = copy;
    sampler->input.n = total;
    sampler->draw = (uint64_t)copy << 32;
    if (sampler->turn >= 0)
        sampler->draw ^= sampler->turns[sampler->turn].key;
}

void para_sample_point(ParaSampler *sampler, int point, int total)
{
    sampler->input.i = point;
    sampler->input.n = total;
    sampler->draw = (sampler->draw & ~(uint64_t)0xffffffff) | (uint64_t)(point + 1);
}

static bool in_range(ParaSampler *sampler, const ParaField *field, double value, const char *path)
{
    const char *unit = field->unit, *space = *unit ? " " : "";
    if (value < field->low || value > field->high) {
        para_sample_problem(sampler, PARA_CODE_RANGE, path, NULL, "must be %.10g to %.10g%s%s; got %.9g",
                            field->low, field->high, space, unit, value);
        return false;
    }
    if ((field->flags & PARA_FLAG_WHOLE) && floor(value) != value) {
        para_sample_problem(sampler, PARA_CODE_NOT_WHOLE, path, NULL, "must be a whole number; got %.9g",
                            value);
        return false;
    }
    return true;
}

/// Draws and noise of the first try go by the level's seed, as they would without constraints.
static uint64_t chance_of(const ParaLevel *level)
{
    static const uint64_t others = 0x747279; // "try"
    return level->tries > 1 ? para_seed_mix(para_seed_mix(level->seed, others), (uint64_t)level->tries - 1)
                            : level->seed;
}

static void tell_no_ground(ParaSampler *sampler, const ParaNumber *number)
{
    const ParaGround *ground = &sampler->ground;
    para_sample_problem(sampler, PARA_CODE_NO_GROUND, number->path, NULL,
                        ground->busy    ? "ground(%.6g): this is of the ground itself"
                        : ground->count ? "there is no ground at x = %.6g"
                                        : "ground(%.6g): no body marked as \"ground\" is known yet; the "
                                          "template's own `let`s come before all bodies, and what is "
                                          "included knows what stands before it",
                        ground->missed_at);
}

static double run(ParaSampler *sampler, const ParaNumber *number)
{
    double value = 0;
    sampler->input.stream = para_seed_mix(para_seed_mix(sampler->chance, number->stream), sampler->draw);
    sampler->ground.missed = false;
    ParaExprStatus status = para_expr_run(number->expr, &sampler->input, &value);
    sampler->work += RUN_WORK + STEP_WORK * number->expr->count;
    if (status == PARA_EXPR_FINE)
        return value;
    if (sampler->ground.missed && sampler->failed)
        return (double)NAN; // what is wrong with the ground is told
    if (sampler->ground.missed)
        tell_no_ground(sampler, number);
    else
        para_sample_problem(sampler, PARA_CODE_NOT_FINITE, number->path, NULL, "%s",
                            para_expr_status_words(status));
    return (double)NAN;
}

double para_sample_number(ParaSampler *sampler, const ParaNumber *number, const ParaField *field,
                          const char *path)
{
    PARA_ASSERT(field->low <= field->high);
    if (!number->expr)
        return number->constant; // checked when the template was loaded
    double value = run(sampler, number);
    if (!isnan(value) && in_range(sampler, field, value, number->path ? number->path : path))
        return value;
    return field->low > 0 || field->high < 0 ? field->low : 0;
}

void para_sample_bind(ParaSampler *sampler, const ParaObject *object, ParaBound *bound)
{
    int count;
    const ParaField *fields = para_fields(object->kind, &count);
    for (int f = 0; f < count; f++) {
        const ParaField *field = &fields[f];
        const ParaValue *value = &object->values[f];
        if (field->store == PARA_STORE_NONE || !value->present)
            continue;
        char *place = (char *)bound + field->offset;
        if (field->store == PARA_STORE_CHANGING || field->store == PARA_STORE_CHANGING2) {
            int numbers = field->type == PARA_TYPE_PLACE ? value->count : 1 + (field->type == PARA_TYPE_PAIR);
            for (int k = 0; k < numbers && !value->refs; k++)
                para_sample_changing(sampler, object, field, &value->numbers[k],
                                     (ParaChanging *)(void *)place + k);
            continue;
        }
        if (field->store == PARA_STORE_BOOL) {
            memcpy(place, &value->truth, sizeof value->truth);
            continue;
        }
        double first = para_sample_number(sampler, &value->numbers[0], field, object->path);
        float real = (float)first;
        int32_t whole = field->store == PARA_STORE_I32 ? (int32_t)first : 0;
        uint32_t bits = field->store == PARA_STORE_U32 ? (uint32_t)first : 0;
        switch (field->store) {
        case PARA_STORE_F32:
            memcpy(place, &real, sizeof real);
            break;
        case PARA_STORE_I32:
            memcpy(place, &whole, sizeof whole);
            break;
        case PARA_STORE_U32:
            memcpy(place, &bits, sizeof bits);
            break;
        default: {
            float second = (float)para_sample_number(sampler, &value->numbers[1], field, object->path);
            ParaVec2 pair = {real, second};
            memcpy(place, &pair, sizeof pair);
        }
        }
    }
}

void para_sample_move(const ParaSampler *sampler, const ParaObject *object, ParaVec2 *place)
{
    double x = (double)place->x, y = (double)place->y;
    if (!object->offset)
        return; // it keeps its bits
    for (const ParaOffset *offset = object->offset; offset; offset = offset->outer) {
        x += sampler->lets[offset->let];
        y += sampler->lets[offset->let + 1];
    }
    *place = (ParaVec2){(float)x, (float)y};
}

// ---------------------------------------------------------------------------------------------
// Copies: which exist in this member, and their names.

/// A name with the numbers of the groups around its thing: "rope-link" in the second rope is "rope2-link".
static const char *numbered(ParaSampler *sampler, const char *name, int turn)
{
    for (; turn >= 0;
         turn = sampler->turns[turn].outer) { // from the innermost: the places of the others stay
        const ParaTurn *own = &sampler->turns[turn];
        size_t length = strlen(own->loop->prefix);
        if (own->loop->repeat && strncmp(name, own->loop->prefix, length) == 0)
            name = para_arena_printf(sampler->arena, "%.*s%d%s", (int)length - 1, name, own->index + 1,
                                     name + length - 1);
    }
    return name;
}

/// A copy's name, which must be one that a template may give: a saved level has it.
static const char *copy_name(ParaSampler *sampler, const ParaObject *object, ParaFieldId name_id,
                             bool repeated, int copy)
{
    const ParaValue *name = para_value(object, name_id);
    if (!name->present)
        return "";
    if (!repeated && !object->loop)
        return name->text;
    const char *full = numbered(sampler, name->text, sampler->turn);
    if (repeated)
        full = para_arena_printf(sampler->arena, "%s%d", full, copy + 1);
    double most = para_field(name_id)->high;
    if ((double)strlen(full) >= most)
        para_sample_problem(sampler, PARA_CODE_TEXT_SIZE, object->path, "name",
                            "must be shorter than %.0f bytes with the number of its copy; got %zu", most,
                            strlen(full));
    return full;
}

/// Makes the numbers of a copy of a group those that expressions read. @param turn -1: that of none
static void set_turn(ParaSampler *sampler, int turn)
{
    const ParaTemplate *t = sampler->t;
    if (sampler->turn == turn)
        return;
    sampler->turn = turn;
    for (; turn >= 0; turn = sampler->turns[turn].outer) {
        const ParaTurn *own = &sampler->turns[turn];
        for (int l = own->loop->first; l < own->loop->end; l++)
            if (t->let_loops[l] == own->loop)
                sampler->lets[l] = own->values[l - own->loop->first];
    }
}

static double let_value(ParaSampler *sampler, int l)
{
    const ParaTemplate *t = sampler->t;
    double value = t->lets[l].expr ? run(sampler, &t->lets[l]) : t->lets[l].constant;
    const ParaField *field = t->let_fields[l];
    if (field && t->lets[l].expr && !isnan(value) && !in_range(sampler, field, value, t->lets[l].path))
        value = field->low;
    return isnan(value) ? 1 : value; // the problem is noted; one message is enough
}

/// Does copy `index` of a group in the copy `outer` of the group around exist? Then it is there now.
static void add_turn(ParaSampler *sampler, const ParaLoop *loop, int outer, int index, int total)
{
    const ParaTemplate *t = sampler->t;
    int number = sampler->turn_count++;
    ParaTurn *turn = &sampler->turns[number];
    uint64_t around = outer < 0 ? 0 : sampler->turns[outer].key;
    *turn = (ParaTurn){
        .loop = loop,
        .outer = outer,
        .index = index,
        .total = total,
        .key = para_seed_mix(para_seed_mix(around, (uint64_t)loop->number + 1), (uint64_t)index + 1),
        .values = PARA_NEW(sampler->arena, double, loop->end - loop->first + 1)};
    set_turn(sampler, outer);
    sampler->turn = number;
    para_sample_copy(sampler, 0, 1);
    if (loop->which >= 0) { // a part among several is the copy that its include is
        turn->index = sampler->turns[outer].index;
        turn->total = sampler->turns[outer].total;
    }
    sampler->input.i = sampler->input.copy = turn->index;
    sampler->input.n = turn->total;
    for (int l = loop->first; l < loop->end; l++) {
        if (t->let_loops[l] != loop)
            continue;
        sampler->lets[l] = l == loop->let ? turn->index : let_value(sampler, l);
        turn->values[l - loop->first] = sampler->lets[l];
    }
    if (loop->condition &&
        para_sample_number(sampler, loop->condition, para_field(loop->if_id), loop->path) == 0) {
        sampler->turn_count--;
        sampler->turn = -1;
    }
}

#define LOOKS_MAX 100000 // copies that are looked at, there or not, to make a member

static bool look(ParaSampler *sampler, const char *path)
{
    sampler->work += sampler->turn >= 0 ? POINT_WORK : 0;
    if (++sampler->looks <= LOOKS_MAX)
        return true;
    para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, path, NULL,
                        "copies of copies: there are more than %d, with those that an \"if\" leaves out",
                        LOOKS_MAX);
    return false;
}

static void expand_loop(ParaSampler *sampler, const ParaLoop *loop)
{
    int first = loop->outer ? sampler->turn_first[loop->outer->number] : -1;
    int end = loop->outer ? first + sampler->turn_size[loop->outer->number] : 0;
    sampler->turn_first[loop->number] = sampler->turn_count;
    for (int outer = first; outer < end; outer++) {
        set_turn(sampler, outer);
        if (loop->which >= 0 && sampler->lets[loop->which] != loop->choice)
            continue;
        para_sample_copy(sampler, 0, 1);
        int total = loop->repeat ? (int)para_sample_number(sampler, loop->repeat, para_field(loop->repeat_id),
                                                           loop->path)
                                 : 1;
        for (int k = 0; k < total && look(sampler, loop->path); k++) {
            if (sampler->turn_count == PARA_TURNS_MAX) {
                para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, loop->path, NULL,
                                    "with their copies there are more than %d groups", PARA_TURNS_MAX);
                break;
            }
            add_turn(sampler, loop, outer, k, total);
        }
    }
    sampler->turn_size[loop->number] = sampler->turn_count - sampler->turn_first[loop->number];
    set_turn(sampler, -1);
}

/// The copy of a group that a copy of it, or of one in it, is of.
static int turn_of(const ParaSampler *sampler, const ParaLoop *loop, int turn)
{
    while (turn >= 0 && sampler->turns[turn].loop != loop)
        turn = sampler->turns[turn].outer;
    return turn;
}

static int depth_of(const ParaLoop *loop)
{
    int depth = 0;
    for (; loop; loop = loop->outer)
        depth++;
    return depth;
}

/// The innermost group that both stand in.
static const ParaLoop *common_loop(const ParaLoop *a, const ParaLoop *b)
{
    while (a != b) {
        int deep = depth_of(a) - depth_of(b);
        a = deep >= 0 ? a->outer : a;
        b = deep <= 0 ? b->outer : b;
    }
    return a;
}

/// Where an object is not repeated itself, i and n are those of the group around it.
static void enter_copy(ParaSampler *sampler, int turn, int copy, int total)
{
    set_turn(sampler, turn);
    para_sample_copy(sampler, copy, total);
}

void para_sample_enter(ParaSampler *sampler, const ParaCopies *copies, int m)
{
    enter_copy(sampler, copies->turn[m], copies->copy[m], copies->total[m]);
}

void para_sample_enter_turn(ParaSampler *sampler, int turn)
{
    enter_copy(sampler, turn, turn < 0 ? 0 : sampler->turns[turn].index,
               turn < 0 ? 1 : sampler->turns[turn].total);
}

int para_sample_turns(const ParaSampler *sampler, const ParaLoop *loop, int *out)
{
    int count = 0;
    if (!loop) {
        out[0] = -1;
        return 1;
    }
    int first = sampler->turn_first[loop->number];
    const ParaLoop *common = sampler->turn < 0 ? NULL : common_loop(sampler->turns[sampler->turn].loop, loop);
    int here = common ? turn_of(sampler, common, sampler->turn) : -1;
    for (int turn = first; turn < first + sampler->turn_size[loop->number]; turn++)
        if (!common || turn_of(sampler, common, turn) == here)
            out[count++] = turn;
    return count;
}

void para_sample_leave(ParaSampler *sampler) { enter_copy(sampler, -1, 0, 1); }

static bool is_within(const ParaSampler *sampler, int turn, int outer)
{
    while (turn >= 0 && turn != outer)
        turn = sampler->turns[turn].outer;
    return turn == outer;
}

void para_sample_each_copy(ParaSampler *sampler, const ParaObject *object, ParaFieldId repeat_id,
                           ParaFieldId if_id,
                           void (*what)(ParaSampler *sampler, const ParaObject *object, void *context),
                           void *context)
{
    const ParaValue *repeat = para_value(object, repeat_id), *condition = para_value(object, if_id);
    int turn = object->loop ? sampler->turn_first[object->loop->number] : -1;
    int end = object->loop ? turn + sampler->turn_size[object->loop->number] : 0;
    for (; turn < end; turn++) {
        const ParaTurn *own = turn < 0 ? NULL : &sampler->turns[turn];
        if (own && sampler->within >= 0 && !is_within(sampler, turn, sampler->within))
            continue;
        enter_copy(sampler, turn, own ? own->index : 0, own ? own->total : 1);
        int first = repeat->present || !own ? 0 : own->index,
            total = own && !repeat->present ? own->total : 1;
        if (repeat->present)
            total = (int)para_sample_number(sampler, repeat->numbers, para_field(repeat_id), object->path);
        int last = repeat->present || !own ? total : own->index + 1;
        for (int copy = first; copy < last && look(sampler, object->path); copy++) {
            enter_copy(sampler, turn, copy, total);
            if (!condition->present ||
                para_sample_number(sampler, condition->numbers, para_field(if_id), object->path) != 0)
                what(sampler, object, context);
        }
    }
    para_sample_leave(sampler);
}

/// The list that grows.
typedef struct Expanding {
    ParaCopies *copies;
    int index, most;
    ParaFieldId name_id;
    bool repeated;
} Expanding;

static void add_copy(ParaSampler *sampler, const ParaObject *object, void *context)
{
    const Expanding *list = context;
    ParaCopies *copies = list->copies;
    if (copies->count == list->most) {
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, object->path, NULL,
                            "with its copies there are more than %d in this list", list->most);
        return;
    }
    int m = copies->count++;
    copies->object[m] = list->index;
    copies->copy[m] = (int)sampler->input.copy;
    copies->total[m] = (int)sampler->input.n;
    copies->turn[m] = sampler->turn;
    copies->name[m] = copy_name(sampler, object, list->name_id, list->repeated, copies->copy[m]);
}

static void expand_object(ParaSampler *sampler, ParaCopies *copies, const ParaObject *object, int index,
                          int most, ParaFieldId name_id, ParaFieldId repeat_id, ParaFieldId if_id)
{
    Expanding list = {.copies = copies,
                      .index = index,
                      .most = most,
                      .name_id = name_id,
                      .repeated = para_value(object, repeat_id)->present};
    copies->first[index] = copies->count;
    para_sample_each_copy(sampler, object, repeat_id, if_id, add_copy, &list);
    copies->size[index] = copies->count - copies->first[index];
}

/// Works out the `let`s before an end that are in no group.
static void bind_lets(ParaSampler *sampler, int end)
{
    const ParaTemplate *t = sampler->t;
    for (; sampler->ground.lets < end; sampler->ground.lets++)
        if (!t->let_loops[sampler->ground.lets])
            sampler->lets[sampler->ground.lets] = let_value(sampler, sampler->ground.lets);
}

static void expand(ParaSampler *sampler)
{
    const ParaTemplate *t = sampler->t;
    if (t->loop_count > 0)
        sampler->turns = PARA_NEW(sampler->arena, ParaTurn, PARA_TURNS_MAX);
    for (int k = 0; k < t->loop_count && !sampler->failed; k++) {
        sampler->ground.loops = k;
        bind_lets(sampler, t->loops[k]->first);
        expand_loop(sampler, t->loops[k]);
    }
    sampler->ground.loops = t->loop_count;
    bind_lets(sampler, t->let_count);
    for (int k = 0; k < t->body_count; k++)
        expand_object(sampler, &sampler->bodies, &t->bodies[k], k, PARA_BODIES_MAX, PARA_FIELD_BODY_name,
                      PARA_FIELD_BODY_repeat, PARA_FIELD_BODY_if);
    for (int k = 0; k < t->joint_count; k++)
        expand_object(sampler, &sampler->joints, &t->joints[k], k, PARA_JOINTS_MAX, PARA_FIELD_JOINT_name,
                      PARA_FIELD_JOINT_repeat, PARA_FIELD_JOINT_if);
    for (int k = 0; k < t->zone_count; k++)
        expand_object(sampler, &sampler->zones, &t->zones[k], k, PARA_ZONES_MAX, PARA_FIELD_ZONE_name,
                      PARA_FIELD_ZONE_repeat, PARA_FIELD_ZONE_if);
}

static const ParaCopies *copies_of(const ParaSampler *sampler, int space)
{
    return space == PARA_SPACE_BODY    ? &sampler->bodies
           : space == PARA_SPACE_JOINT ? &sampler->joints
                                       : &sampler->zones;
}

static const ParaObject *objects_of(const ParaTemplate *t, int space)
{
    return space == PARA_SPACE_BODY ? t->bodies : space == PARA_SPACE_JOINT ? t->joints : t->zones;
}

/// Looks a copy up by its full name in the spaces of the reference.
static ParaFound find_name(const ParaSampler *sampler, const char *name, int spaces)
{
    for (int space = PARA_SPACE_BODY; space <= PARA_SPACE_ZONE; space *= 2) {
        const ParaCopies *copies = copies_of(sampler, space);
        for (int m = 0; (spaces & space) && m < copies->count; m++)
            if (strcmp(copies->name[m], name) == 0)
                return (ParaFound){.space = space, .first = m, .count = 1};
    }
    return (ParaFound){0};
}

/// The numbers that a name has are those of this copy. @param values of its steps
static bool fits_steps(const ParaSampler *sampler, const ParaRef *ref, const double *values, int m)
{
    const ParaCopies *copies = copies_of(sampler, ref->space);
    int depth = depth_of(objects_of(sampler->t, ref->space)[ref->object].loop);
    if (ref->steps[depth].given && values[depth] != copies->copy[m] + 1)
        return false;
    int turn = copies->turn[m];
    for (int k = depth - 1; k >= 0; k--, turn = sampler->turns[turn].outer)
        if (ref->steps[k].given && values[k] != sampler->turns[turn].index + 1)
            return false;
    return true;
}

/// Those copies of an object that a name means: of what stands in the same group, those of the same copy of
/// it.
static ParaFound find_copies(ParaSampler *sampler, const ParaRef *ref)
{
    const ParaCopies *copies = copies_of(sampler, ref->space);
    const ParaObject *object = &objects_of(sampler->t, ref->space)[ref->object];
    PARA_ASSERT(ref->object >= 0 && copies->first[ref->object] + copies->size[ref->object] <= copies->count);
    ParaFound found = {.space = ref->space, .first = copies->first[ref->object]};
    const ParaLoop *common = common_loop(ref->loop, object->loop);
    int here = common ? turn_of(sampler, common, sampler->turn) : -1, last = -1;
    double values[PARA_LOOPS_MAX + 1] = {0};
    for (int k = 0; ref->steps && k <= depth_of(object->loop); k++)
        if (ref->steps[k].given)
            values[k] = ref->steps[k].number.expr ? run(sampler, &ref->steps[k].number)
                                                  : ref->steps[k].number.constant;
    for (int m = found.first; m < copies->first[ref->object] + copies->size[ref->object]; m++) {
        bool meant = (ref->copy < 0 || copies->copy[m] == ref->copy) &&
                     (!common || turn_of(sampler, common, copies->turn[m]) == here) &&
                     (!ref->steps || fits_steps(sampler, ref, values, m));
        if (!meant)
            continue;
        if (found.count > 0 && last != m - 1)
            para_sample_problem(
                sampler, PARA_CODE_AMBIGUOUS, ref->path, NULL,
                "\"%s\" is in several copies of a group, and means one; write \"%s\", or count the "
                "group too",
                ref->text, copies->name[found.first]);
        found.first = found.count ? found.first : m;
        found.count++;
        last = m;
    }
    if (found.count == 0 && (ref->copy >= 0 || ref->steps))
        return (ParaFound){0};
    return found;
}

static ParaFound find_counted(ParaSampler *sampler, const ParaRef *ref)
{
    double number = ref->index.expr ? run(sampler, &ref->index) : ref->index.constant;
    if (!(number >= 0 && number <= 1e6 && floor(number) == number)) {
        para_sample_problem(sampler, PARA_CODE_ABSENT, ref->path, NULL,
                            "\"%s\": the number must be whole and not negative; got %.9g", ref->text, number);
        return (ParaFound){0};
    }
    char name[PARA_NAME_MAX + 16];
    snprintf(name, sizeof name, "%.60s%d", numbered(sampler, ref->prefix, sampler->turn), (int)number);
    return find_name(sampler, name, ref->space ? ref->space : ref->spaces);
}

/// Of the same name in several parts, that of the one which is there.
static const ParaRef *which_ref(ParaSampler *sampler, const ParaRef *ref)
{
    const ParaRef *there = NULL;
    for (const ParaRef *one = ref; one; one = one->other) {
        if (find_copies(sampler, one).count == 0)
            continue;
        if (there)
            para_sample_problem(sampler, PARA_CODE_AMBIGUOUS, ref->path, NULL,
                                "\"%s\" is in several parts of this member, and means one", ref->text);
        there = there ? there : one;
    }
    return there ? there : ref;
}

/// "player" is whose rule it is, "player2" the second of several.
static ParaFound find_player(ParaSampler *sampler, const ParaRef *ref)
{
    const ParaLevel *level = sampler->level;
    int player = ref->object > 0 ? ref->object - 1 : sampler->player;
    sampler->said_player |= ref->object == 0;
    if (player >= 0 && player < level->player_count)
        return (ParaFound){
            .space = PARA_SPACE_BODY, .first = level->players[player].body, .count = 1, .player = true};
    if (player < 0)
        para_sample_problem(
            sampler, PARA_CODE_AMBIGUOUS, ref->path, NULL,
            "there are %d players, and this is the rule of none: write \"player1\" or the name of a "
            "body",
            level->player_count);
    else
        para_sample_problem(sampler, PARA_CODE_ABSENT, ref->path, NULL,
                            "this member has %d players and no \"%s\"", level->player_count, ref->text);
    return (ParaFound){0};
}

ParaFound para_sample_find(ParaSampler *sampler, const ParaRef *ref)
{
    bool failed = sampler->failed;
    ParaFound found = {0};
    if (ref->other)
        ref = which_ref(sampler, ref);
    if (ref->space == PARA_SPACE_PLAYER)
        return find_player(sampler, ref);
    if (ref->last) {
        ParaFound last = find_name(sampler, numbered(sampler, ref->last, sampler->turn), ref->spaces);
        found = find_name(sampler, numbered(sampler, ref->text, sampler->turn), ref->spaces);
        if (last.space != found.space || last.first < found.first)
            found.space = 0;
        found.count = last.first - found.first + 1;
    } else if (ref->prefix) {
        found = find_counted(sampler, ref);
    } else if (ref->space) {
        found = find_copies(sampler, ref);
    } else {
        found = find_name(sampler, numbered(sampler, ref->text, sampler->turn), ref->spaces);
    }
    if (!found.space && sampler->failed == failed)
        para_sample_problem(sampler, PARA_CODE_ABSENT, ref->path, NULL,
                            "there is no \"%s%s%s\" in this member (i is %g)%s", ref->text,
                            ref->last ? ".." : "", ref->last ? ref->last : "", sampler->input.i,
                            strncmp(ref->path, "/player", 7) == 0 && strstr(ref->path, "/actuators/")
                                ? "; an actuator of it needs an \"if\" or a \"repeat\""
                                : "");
    return found;
}

/// The first name of other objects that is that of copy `m` of a space: in `spaces`, and before it.
/// @return the path of the other object, NULL: there is none
static const char *find_taken(const ParaSampler *sampler, int spaces, int space, int m)
{
    const ParaCopies *own = copies_of(sampler, space);
    for (int other = PARA_SPACE_BODY; other <= space; other *= 2) {
        const ParaCopies *copies = copies_of(sampler, other);
        int end = other == space ? own->first[own->object[m]] : copies->count;
        for (int k = 0; (spaces & other) && k < end; k++)
            if (strcmp(copies->name[k], own->name[m]) == 0)
                return objects_of(sampler->t, other)[copies->object[k]].path;
    }
    return NULL;
}

/// Copies get numbered names, which may meet a name that was given, or that of another's copy. Bodies and
/// zones share one space, since goals may name either; joints have their own.
static void check_names(ParaSampler *sampler, int spaces)
{
    for (int space = PARA_SPACE_BODY; space <= PARA_SPACE_ZONE; space *= 2) {
        const ParaCopies *copies = copies_of(sampler, space);
        for (int m = 0; (spaces & space) && m < copies->count; m++) {
            const char *taken = *copies->name[m] ? find_taken(sampler, spaces, space, m) : NULL;
            if (taken)
                para_sample_problem(sampler, PARA_CODE_DUPLICATE_NAME,
                                    objects_of(sampler->t, space)[copies->object[m]].path, "name",
                                    "\"%s\" is also the name of %s", copies->name[m], taken);
        }
    }
}

// ---------------------------------------------------------------------------------------------
// The whole level.

static void bind_frame(ParaSampler *sampler)
{
    const ParaTemplate *t = sampler->t;
    ParaLevel *level = sampler->level;
    ParaBound bound;
    const ParaValue *world = para_value(&t->root, PARA_FIELD_TEMPLATE_world);
    para_bound_default(PARA_KIND_WORLD, &bound);
    if (world->present)
        para_sample_bind(sampler, world->objects, &bound);
    level->world = bound.world.def;
    level->seconds = bound.world.seconds;
    level->frame_skip = bound.world.frame_skip;
    if (!sampler->failed && para_level_decisions(level) > PARA_LEVEL_DECISIONS_MAX)
        para_sample_problem(sampler, PARA_CODE_TOO_LONG, "/world", NULL,
                            "%.9g s of %.9g steps a second with frame_skip %d are %d decisions; a level has "
                            "at most %d: take fewer seconds, a lower rate or a higher frame_skip",
                            (double)level->seconds, (double)level->world.rate, level->frame_skip,
                            para_level_decisions(level), PARA_LEVEL_DECISIONS_MAX);
    para_bound_default(PARA_KIND_TEMPLATE, &bound);
    para_sample_bind(sampler, &t->root, &bound);
    level->player_count = 1;
    level->players = PARA_NEW(sampler->arena, ParaPlayer, 1);
    level->players[0].reward_solved = bound.template_.solved;
    level->players[0].reward_failed = bound.template_.failed;
    level->lives = bound.template_.lives;
    const ParaValue *lives_in = para_value(&sampler->t->root, PARA_FIELD_TEMPLATE_lives_in);
    level->lives_variable = lives_in->present ? lives_in->count : -1;
    level->players[0].reward_replaces = bound.template_.replace;
}

static void bind_values(ParaSampler *sampler, const double *values)
{
    const ParaTemplate *t = sampler->t;
    ParaLevel *level = sampler->level;
    double drawn[PARA_PARAMS_MAX];
    if (!values) {
        para_template_seed_values(t, level->seed, drawn);
        values = drawn;
    }
    level->param_count = t->param_count;
    for (int p = 0; p < t->param_count; p++) {
        const ParaParam *param = &t->params[p];
        double value = isnan(values[p]) ? param->low : para_clamp(values[p], param->low, param->high);
        if (param->integer)
            value = para_clamp(floor(value + 0.5), ceil(param->low), floor(param->high));
        sampler->params[p] = value;
        ParaParamValue *out = &level->params[p];
        memcpy(out->name, param->name, sizeof out->name);
        out->value = value;
        out->low = t->param_low[p];
        out->high = t->param_high[p];
    }
    sampler->input.params = sampler->params;
    sampler->input.lets = sampler->lets;
    sampler->input.seed = sampler->chance;
    sampler->input.ground = para_sample_ground;
    sampler->input.context = sampler;
    bind_lets(sampler, t->own_let_count);
    // Those behind one that asks for the ground wait with it.
    int wait = t->own_let_count;
    while (wait < t->let_count && (t->let_loops[wait] || !t->lets[wait].expr || !t->lets[wait].expr->ground))
        wait++;
    bind_lets(sampler, wait);
}

/// The whole that a body comes of: itself, or the one it is a piece of.
static int whole_of(const ParaLevel *level, int bodies, int body)
{
    for (int b = 0; body >= bodies && b < bodies; b++)
        if (body >= level->body_pieces[b].first &&
            body < level->body_pieces[b].first + level->body_pieces[b].count)
            return b;
    return body;
}

static const ParaObject *body_object(const ParaSampler *sampler, int body)
{
    int whole = whole_of(sampler->level, sampler->bodies.count, body);
    return &sampler->t->bodies[sampler->bodies.object[whole]];
}

static bool generates(const ParaTemplate *t)
{
    return para_value(&t->root, PARA_FIELD_TEMPLATE_generate)->present;
}

/// The object of the template that the engine speaks of: "/joints/7/limits" of the level is of the joint
/// whose copy that is, a point of a shape of the body that has it. NULL where it is none.
static const ParaObject *object_of(const ParaSampler *sampler, const char *path)
{
    const ParaTemplate *t = sampler->t;
    const ParaWorldDef *world = &sampler->level->world;
    const char *number = *path ? strchr(path + 1, '/') : NULL;
    int index = number ? atoi(number + 1) : -1;
    if (generates(t))
        return para_value(&t->root, PARA_FIELD_TEMPLATE_generate)->objects;
    if (index < 0)
        return NULL;
    if (strncmp(path, "/joints/", 8) == 0)
        return &t->joints[sampler->joints.object[index]];
    if (strncmp(path, "/zones/", 7) == 0)
        return &t->zones[sampler->zones.object[index]];
    if (strncmp(path, "/bodies/", 8) == 0)
        return body_object(sampler, index);
    bool point = strncmp(path, "/points/", 8) == 0;
    for (int s = 0; s < world->shape_count; s++) {
        const ParaShapeDef *shape = &world->shapes[s];
        bool has = point ? (uint32_t)index >= shape->point_first &&
                               (uint32_t)index - shape->point_first < shape->point_count
                         : s == index;
        if (has)
            return body_object(sampler, shape->body);
    }
    return NULL;
}

/// The last word is the engine's: what it would refuse to build is no member.
static void check_engine(ParaSampler *sampler)
{
    ParaArenaMark mark = para_arena_mark(sampler->arena);
    ParaDiagList list = para_diag_list(sampler->arena, "", NULL);
    if (!para_world_def_check(&sampler->level->world, sampler->list ? &list : NULL)) {
        sampler->failed = true;
        for (int k = 0; k < list.count && k < 3; k++) {
            const ParaObject *object = object_of(sampler, list.items[k].path);
            const char *field = strrchr(list.items[k].path, '/');
            para_sample_problem(sampler, PARA_CODE_ENGINE, object ? object->path : "", NULL,
                                "the physics refuses %s%s%s%s: %s", object ? "the " : "",
                                object ? field + 1 : list.items[k].path,
                                object ? " of this " : " of this member",
                                object ? para_kind_name(object->kind) : "", list.items[k].message);
        }
    }
    // Where the problems share this arena they must stay.
    if (!sampler->list)
        para_arena_rewind(sampler->arena, mark);
}

static void bind_made_by(ParaSampler *sampler)
{
    const ParaValue *made_by = para_value(&sampler->t->root, PARA_FIELD_TEMPLATE_made_by);
    ParaLevel *level = sampler->level;
    if (!made_by->present)
        return;
    const ParaValue *maker = para_value(made_by->objects, PARA_FIELD_MADE_BY_maker);
    const ParaValue *seed = para_value(made_by->objects, PARA_FIELD_MADE_BY_seed);
    const ParaValue *parent = para_value(made_by->objects, PARA_FIELD_MADE_BY_parent);
    if (maker->present)
        snprintf(level->maker, sizeof level->maker, "%s", maker->text);
    level->parent = parent->present ? parent->hex : 0;
    const ParaValue *edits = para_value(made_by->objects, PARA_FIELD_MADE_BY_edits);
    const ParaValue *changes = para_value(made_by->objects, PARA_FIELD_MADE_BY_changes);
    if (edits->present)
        snprintf(level->edits, sizeof level->edits, "%s", edits->text);
    if (changes->present)
        snprintf(level->changes, sizeof level->changes, "%s", changes->text);
    // A saved level is the same for every seed; it keeps the one it was made with.
    if (seed->present && !sampler->t->varies)
        level->seed = seed->hex;
}

/// The things of a member, as the template writes them, and what is to be done with them.
/// @return false: a constraint does not hold, or a problem was noted
static bool sample_written(ParaSampler *sampler)
{
    expand(sampler);
    para_sample_seats(sampler);
    check_names(sampler, PARA_SPACE_BODY_ZONE);
    check_names(sampler, PARA_SPACE_JOINT);
    if (sampler->failed)
        return false;
    para_sample_bodies(sampler);
    if (sampler->failed)
        return false;
    para_sample_zones(sampler);
    para_sample_joints(sampler);
    if (sampler->failed)
        return false;
    para_sample_players(sampler);
    para_sample_check_pieces(sampler);
    if (sampler->failed || !para_sample_constraints(sampler))
        return false;
    para_sample_goals(sampler);
    if (sampler->failed)
        return false;
    para_sample_events(sampler);
    para_sample_lists(sampler);
    return !sampler->failed;
}

static ParaLevel *sample(ParaSampler *sampler, const double *values)
{
    ParaLevel *level = sampler->level;
    bind_made_by(sampler);
    bind_values(sampler, values);
    if (sampler->failed) // what a `let` without a value is used for would only repeat it
        return NULL;
    bind_frame(sampler);
    if (generates(sampler->t))
        para_sample_generated(sampler);
    else if (!sample_written(sampler))
        return NULL;
    check_engine(sampler);
    if (sampler->failed)
        return NULL;
    PARA_ASSERT(level->world.shape_count == sampler->shape_room &&
                level->world.point_count <= sampler->point_room);
    level->hash = para_level_hash(level);
    return level;
}

/// What a sampling took, made or not.
static double work_of(const ParaSampler *sampler)
{
    double places = sampler->bodies.count + sampler->zones.count, joints = sampler->joints.count;
    return MEMBER_WORK + sampler->work + THING_WORK * (places + joints + sampler->shape_room) +
           POINT_WORK * sampler->point_room + NAMES_WORK * (places * places + joints * (joints + 2 * places));
}

#define TRIES_MAX      64
#define TRIES_WORK_MAX 500000.0 // [1] about a microsecond each, of all tries of a member

/// One try at a member. The first draws as without constraints.
static ParaLevel *try_sample(ParaSampler *sampler, const double *values, uint64_t seed, int try)
{
    const ParaTemplate *t = sampler->t;
    ParaLevel *level = sampler->level = PARA_NEW(sampler->arena, ParaLevel, 1);
    sampler->turn = -1;
    sampler->within = -1;
    level->seed = seed;
    level->tries = try + 1;
    snprintf(level->family, sizeof level->family, "%s", t->name);
    snprintf(level->about, sizeof level->about, "%s", t->about);
    sampler->chance = chance_of(level);
    para_sample_copy(sampler, 0, 1);
    return sample(sampler, values);
}

/// A constraint as it was missed most often.
typedef struct Missed {
    const char *path;
    char why[160];
    int count;
} Missed;

static void note_missed(Missed *missed, int *count, const ParaSampler *sampler)
{
    int m = 0;
    while (m < *count && missed[m].path != sampler->unmet_path)
        m++;
    if (m == *count)
        missed[(*count)++] = (Missed){.path = sampler->unmet_path};
    memcpy(missed[m].why, sampler->unmet, sizeof missed[m].why);
    missed[m].count++;
}

/// Where a try fails for another reason than a constraint, or problems and notes are wanted, it is made once
/// more and tells them.
static ParaLevel *sample_constrained(ParaSampler *told, const double *values, uint64_t seed, double *work)
{
    const ParaTemplate *t = told->t;
    Missed missed[16];
    int constraints = 0, most = 0, try,
        tries = t->varies ? TRIES_MAX : 1; // what draws nothing stays as it is
    for (try = 0; try < tries && told->work < TRIES_WORK_MAX; try++) {
        ParaArenaMark mark = para_arena_mark(told->arena);
        ParaSampler silent = {.t = t, .arena = told->arena};
        ParaLevel *level = try_sample(&silent, values, seed, try);
        told->work += work_of(&silent);
        if (level && !told->list)
            return level;
        para_arena_rewind(told->arena, mark);
        if (!silent.unmet_path) {
            *work += told->work;
            told->work = 0;
            return told->list || level ? try_sample(told, values, seed, try) : NULL;
        }
        note_missed(missed, &constraints, &silent);
    }
    for (int m = 1; m < constraints; m++)
        most = missed[m].count > missed[most].count ? m : most;
    const char *number = strrchr(missed[most].path, '/');
    para_sample_problem(told, PARA_CODE_CONSTRAINT, missed[most].path, NULL,
                        "constraint %d not met in %d %s: %s", atoi(number + 1) + 1, try,
                        try == 1 ? "try" : "tries", missed[most].why);
    return NULL;
}

ParaLevel *para_template_sample_counted(const ParaTemplate *t, const double *values, uint64_t seed,
                                        ParaArena *arena, ParaDiagList *diagnostics, double *work)
{
    const ParaValue *constraints = para_value(&t->root, PARA_FIELD_TEMPLATE_constraints);
    ParaSampler sampler = {.t = t, .arena = arena, .list = diagnostics};
    ParaLevel *level = constraints->present && constraints->count > 0
                           ? sample_constrained(&sampler, values, seed, work)
                           : try_sample(&sampler, values, seed, 0);
    *work += sampler.level ? work_of(&sampler) : sampler.work;
    return level;
}

ParaLevel *para_template_sample(const ParaTemplate *t, const double *values, uint64_t seed, ParaArena *arena,
                                ParaDiagList *diagnostics)
{
    double work = 0;
    return para_template_sample_counted(t, values, seed, arena, diagnostics, &work);
}

static const char **paths_of(const ParaCopies *copies, const ParaObject *objects, ParaArena *arena)
{
    const char **paths = PARA_NEW(arena, const char *, copies->count);
    for (int m = 0; m < copies->count; m++)
        paths[m] = objects[copies->object[m]].path;
    return paths;
}

/// Paths of events as they come.
typedef struct EventPaths {
    const char **paths;
    int count;
} EventPaths;

static void add_event_path(ParaSampler *sampler, const ParaObject *object, void *context)
{
    EventPaths *events = context;
    (void)sampler;
    events->paths[events->count++] = object->path;
}

/// The copies of a level as they were when it was made.
static ParaSampler *expand_again(const ParaTemplate *t, const ParaLevel *level, ParaArena *arena)
{
    ParaSampler *sampler = PARA_NEW(arena, ParaSampler, 1);
    double values[PARA_PARAMS_MAX] = {0};
    sampler->t = t;
    sampler->turn = -1;
    sampler->within = -1;
    sampler->chance = chance_of(level);
    sampler->arena = arena;
    sampler->level = PARA_NEW(arena, ParaLevel, 1);
    sampler->level->seed = level->seed;
    for (int p = 0; p < level->param_count; p++)
        values[p] = level->params[p].value;
    para_sample_copy(sampler, 0, 1);
    bind_values(sampler, values);
    expand(sampler);
    return sampler;
}

/// Of a level that was generated everything stands where that is said.
static ParaOrigins generated_origins(const ParaTemplate *t, const ParaLevel *level, ParaArena *arena)
{
    const ParaWorldDef *world = &level->world;
    int most = world->body_count + world->joint_count + world->zone_count + level->event_count;
    const char **paths = PARA_NEW(arena, const char *, most);
    for (int k = 0; k < most; k++)
        paths[k] = para_value(&t->root, PARA_FIELD_TEMPLATE_generate)->objects->path;
    return (ParaOrigins){.bodies = paths, .joints = paths, .zones = paths, .events = paths};
}

ParaOrigins para_template_origins(const ParaTemplate *t, const ParaLevel *level, ParaArena *arena)
{
    if (generates(t))
        return generated_origins(t, level, arena);
    ParaSampler *sampler = expand_again(t, level, arena);
    int bodies = sampler->bodies.count;
    PARA_ASSERT(bodies + para_sample_count_pieces(sampler) == level->world.body_count &&
                sampler->joints.count == level->world.joint_count &&
                sampler->zones.count == level->world.zone_count); // the level is of this template
    EventPaths events = {.paths = PARA_NEW(arena, const char *, level->event_count)};
    para_sample_each_event(sampler, add_event_path, &events);
    PARA_ASSERT(events.count == level->event_count);
    const char **paths = PARA_NEW(arena, const char *, level->world.body_count);
    for (int b = 0; b < level->world.body_count; b++)
        paths[b] = t->bodies[sampler->bodies.object[whole_of(level, bodies, b)]].path;
    return (ParaOrigins){.bodies = paths,
                         .joints = paths_of(&sampler->joints, t->joints, arena),
                         .zones = paths_of(&sampler->zones, t->zones, arena),
                         .events = events.paths};
}

static ParaMadeOf made_of(const ParaLoop *loop, const char *prefix, ParaArena *arena)
{
    const char *slash = strrchr(loop->part, '/');
    return (ParaMadeOf){.as = para_arena_printf(arena, "%.*s", (int)strlen(prefix) - 1, prefix),
                        .part = loop->part,
                        .word = slash ? slash + 1 : loop->part};
}

int para_template_made_of(const ParaTemplate *t, const ParaLevel *level, ParaArena *arena,
                          ParaMadeOf **out_parts)
{
    ParaSampler *sampler = expand_again(t, level, arena);
    int count = 0;
    *out_parts = PARA_NEW(arena, ParaMadeOf, sampler->turn_count + 1);
    for (int turn = 0; turn < sampler->turn_count; turn++) {
        const ParaLoop *loop = sampler->turns[turn].loop;
        if (loop->which >= 0)
            (*out_parts)[count++] = made_of(loop, numbered(sampler, loop->prefix, turn), arena);
    }
    return count;
}

int para_template_choices(const ParaTemplate *t, ParaArena *arena, ParaMadeOf **out_parts)
{
    int count = 0;
    *out_parts = PARA_NEW(arena, ParaMadeOf, t->loop_count + 1);
    for (int k = 0; k < t->loop_count; k++)
        if (t->loops[k]->which >= 0)
            (*out_parts)[count++] = made_of(t->loops[k], t->loops[k]->prefix, arena);
    return count;
}

const bool *para_template_silences(const ParaTemplate *t) { return t->silent; }

int para_template_tier_count(const ParaTemplate *t) { return t->tier_count; }
const ParaTier *para_template_tier(const ParaTemplate *t, int index) { return &t->tiers[index]; }

const ParaTemplate *para_template_narrow_to(const ParaTemplate *t, const double *low, const double *high,
                                            ParaArena *arena)
{
    ParaTemplate *narrow = PARA_NEW(arena, ParaTemplate, 1);
    *narrow = *t;
    for (int p = 0; p < t->param_count; p++) {
        ParaParam *param = &narrow->params[p];
        bool saved = param->low != t->param_low[p] || param->high != t->param_high[p]; // it has one value
        param->low = saved ? param->low : low[p];
        param->high = saved ? param->high : high[p];
    }
    return narrow;
}

const ParaTemplate *para_template_narrow(const ParaTemplate *t, const char *tier, ParaArena *arena,
                                         const char **out_error)
{
    const char *list = "";
    for (int k = 0; k < t->tier_count; k++) {
        const ParaTier *own = &t->tiers[k];
        list = para_arena_printf(arena, "%s%s%s", list, k ? ", " : "", own->name);
        if (strcmp(own->name, tier) != 0)
            continue;
        return para_template_narrow_to(t, own->low, own->high, arena);
    }
    *out_error = t->tier_count
                     ? para_arena_printf(arena, "%s has no tier \"%.60s\"; it has %s", t->name, tier, list)
                     : para_arena_printf(arena, "%s has no tiers, so none named \"%.60s\"", t->name, tier);
    return NULL;
}

void para_template_draw(const ParaTemplate *t, ParaRng *rng, double *out_values)
{
    for (int p = 0; p < t->param_count; p++) {
        const ParaParam *param = &t->params[p];
        if (param->integer)
            out_values[p] = (double)para_rng_int(rng, (int64_t)param->low, (int64_t)param->high);
        else
            out_values[p] =
                param->low < param->high ? para_rng_range(rng, param->low, param->high) : param->low;
    }
}

void para_template_seed_values(const ParaTemplate *t, uint64_t seed, double *out_values)
{
    ParaRng rng = para_rng_make(seed, "params");
    para_template_draw(t, &rng, out_values);
}

const char *para_template_name(const ParaTemplate *t) { return t->name; }
const char *para_template_about(const ParaTemplate *t) { return t->about; }
int para_template_param_count(const ParaTemplate *t) { return t->param_count; }
const ParaParam *para_template_param(const ParaTemplate *t, int index) { return &t->params[index]; }
