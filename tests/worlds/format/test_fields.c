// SPDX-License-Identifier: MIT
// The table of fields against itself, and against everything that walks it: each stored field and each kind
// of the list, set to a value of its own in a template made from the table, must reach the level and come
// back from a saved one. A field or kind that somebody forgot fails here by name.
#include "tests/tests.h"

#include "worlds/format/data.h"

#include <stdio.h>
#include <string.h>

static bool is_head(const ParaField *field) { return (field->flags & PARA_FLAG_HEAD) != 0; }

/// Does it stand for what a part has? test_parts.c makes levels of those.
static bool is_of_part(const ParaField *field)
{
    return field == para_field(PARA_FIELD_PREDICATE_part) || field == para_field(PARA_FIELD_REWARD_part);
}

static bool takes_word(const char *list, const char *word)
{
    const char *found = list;
    size_t length = strlen(word);
    while ((found = strstr(found, word)) != NULL) {
        if ((found == list || found[-1] == ' ') && (found[length] == ' ' || found[length] == '\0'))
            return true;
        found += length;
    }
    return false;
}

static void test_fields_heads_and_what_they_take_agree(void **state)
{
    (void)state;
    for (int kind = 0; kind < PARA_KIND_COUNT; kind++) {
        int count;
        const ParaField *fields = para_fields((ParaObjectKind)kind, &count);
        assert_true(count > 0);
        for (int f = 0; f < count; f++) {
            const ParaField *field = &fields[f];
            assert_int_equal((int)field->kind, kind); // rows of one kind stand together
            assert_true(is_head(field) == (field->takes != NULL));
            int takers = 0;
            for (int h = 0; h < count; h++)
                takers += is_head(&fields[h]) && takes_word(fields[h].takes, field->name);
            bool taken = (field->flags & PARA_FLAG_TAKEN) != 0;
            if (!is_head(field) && taken != (takers > 0))
                print_error("%s of %s: marked taken or not, against the heads\n", field->name,
                            para_kind_name(field->kind));
            assert_true(is_head(field) || taken == (takers > 0));
            char words[200];
            snprintf(words, sizeof words, "%s", field->takes ? field->takes : "");
            for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
                int found = 0;
                for (int t = 0; t < count; t++)
                    found += strcmp(fields[t].name, word) == 0 && (fields[t].flags & PARA_FLAG_TAKEN);
                if (found != 1)
                    print_error("%s takes \"%s\", which is no field of its own\n", field->name, word);
                assert_int_equal(found, 1);
            }
        }
    }
}

/// Is there an object that may have both?
static bool meet(const ParaField *one, const ParaField *two, const ParaField *fields, int count)
{
    bool heads = false;
    for (int h = 0; h < count; h++) {
        if (!is_head(&fields[h]))
            continue;
        heads = true;
        if ((is_head(one) ? one == &fields[h] : para_field_goes_with(one, &fields[h])) &&
            (is_head(two) ? two == &fields[h] : para_field_goes_with(two, &fields[h])))
            return true;
    }
    return !heads;
}

static void test_fields_no_two_land_in_one_place(void **state)
{
    (void)state;
    for (int kind = 0; kind < PARA_KIND_COUNT; kind++) {
        int count;
        const ParaField *fields = para_fields((ParaObjectKind)kind, &count);
        for (int f = 0; f < count; f++) {
            for (int g = 0; g < f; g++) {
                bool one_place = fields[f].store != PARA_STORE_NONE && fields[g].store != PARA_STORE_NONE &&
                                 fields[f].offset == fields[g].offset;
                if (one_place && meet(&fields[f], &fields[g], fields, count))
                    print_error("%s and %s of a %s\n", fields[g].name, fields[f].name,
                                para_kind_name((ParaObjectKind)kind));
                assert_false(one_place && meet(&fields[f], &fields[g], fields, count));
            }
        }
    }
}

// ---------------------------------------------------------------------------------------------
// A template with one hole per kind of object.

typedef struct Text {
    char text[6000];
} Text;

__attribute__((format(printf, 2, 3))) static void put(Text *out, const char *format, ...)
{
    size_t used = strlen(out->text);
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(out->text + used, sizeof out->text - used, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && used + (size_t)length < sizeof out->text);
}

static double middle(double low, double high, double share)
{
    // Near 1 where the range is wide, so that bodies stay together.
    double from = low > -2 ? low : -2, to = high < 3 ? high : 3;
    if (from >= to)
        from = low, to = high;
    return from + (to - from) * share;
}

/// The n-th good value of a number or pair, with more digits than a float has where it need not be whole; of
/// what may change the second is an expression.
static void put_value(Text *out, const ParaField *row, const ParaField *head, int n)
{
    const ParaField own = para_field_with(row, head), *field = &own;
    const char *open = n && (field->flags & PARA_FLAG_CHANGES) ? "\"score + " : "",
               *close = *open ? "\"" : "";
    bool pair = field->type == PARA_TYPE_PAIR ||
                (field->type == PARA_TYPE_PLACE &&
                 para_act_value((ParaActKind)head->choice).wants != PARA_WANTS_NUMBER);
    double first = middle(field->low, field->high, n ? 0.71234567891 : 0.41234567891);
    double second = middle(field->low, field->high, n ? 0.83456789123 : 0.54567891234);
    if (field->flags & PARA_FLAG_WHOLE) {
        first = n ? field->low + 1 : field->low;
        if (field->low == -field->high)
            first = n ? field->low : field->high; // a sign
    }
    if (field->store == PARA_STORE_U32)
        first = n ? 4000000001.0 : 3; // above what an int holds
    if (first > field->high)
        first = field->high - n;
    if (field->type == PARA_TYPE_WORD) {
        int words;
        const char *const *word = para_field_words(field->of, &words);
        put(out, "\"%s\"", word[n % words]);
    } else if (field->type == PARA_TYPE_BOOL)
        put(out, "%s", n ? "true" : "false");
    else if (pair)
        put(out, "[%s%.12g%s, %.12g]", open, first, close, second);
    else
        put(out, "%s%.12g%s", open, first, close);
}

static const char *thing_of(int space)
{
    return space == PARA_SPACE_JOINT        ? "\"hinge\""
           : space == PARA_SPACE_BODY_JOINT ? "\"rail\""
           : space == PARA_SPACE_ZONE       ? "\"flag\""
                                            : "\"thing\"";
}

/// Something that the act of a head can be done to.
static const char *target_of(const ParaField *head)
{
    if (head->kind != PARA_KIND_ACT)
        return thing_of(head->of);
    switch ((ParaActKind)head->choice) {
    case PARA_ACT_LEVEL:
        return "\"pool\"";
    case PARA_ACT_RATE:
        return "\"drive\"";
    case PARA_ACT_START:
    case PARA_ACT_STOP:
    case PARA_ACT_REVERSE:
        return "\"belt\"";
    case PARA_ACT_ENABLE:
    case PARA_ACT_DISABLE:
    case PARA_ACT_REMOVE:
    case PARA_ACT_SPAWN:
        return "\"extra\"";
    default:
        return thing_of(head->of);
    }
}

static void put_head(Text *out, const ParaField *head, int n)
{
    put(out, ", \"%s\": ", head->name);
    switch (head->type) {
    case PARA_TYPE_REF:
        put(out, "%s", target_of(head));
        break;
    case PARA_TYPE_VARIABLE:
        put(out, "\"score\"");
        break;
    case PARA_TYPE_TEXT:
        put(out, "\"hello\"");
        break;
    case PARA_TYPE_REFS:
        put(out, "[\"ball\", %s]", thing_of((int)head->high));
        break;
    case PARA_TYPE_REFS_NUMBER:
        put(out, head->of == 2 ? "[\"ball\", \"thing\", " : "[\"ball\", ");
        put_value(out, head, head, n);
        put(out, "]");
        break;
    case PARA_TYPE_LIST:
        put(out, "[{\"time\": 1}, {\"time\": 2}]");
        break;
    case PARA_TYPE_OBJECT:
        put(out, "{\"time\": 1}");
        break;
    case PARA_TYPE_POINTS:
        put(out, head->of == 3 ? "[[0, 0], [1, 0.1], [0, 1]]" : "[[0, 0.3], [1, 0]]");
        break;
    case PARA_TYPE_CHAIN:
        put(out, "[[0, 0], [1, 0.3], [2, 0]]");
        break;
    case PARA_TYPE_BOOL:
        put(out, "true");
        break;
    default:
        put_value(out, head, head, n);
    }
}

/// What an object of a kind needs whatever is asked of it.
static const char *frame_of(ParaObjectKind kind)
{
    switch (kind) {
    case PARA_KIND_BODY:
        return "\"name\": \"asked\", \"shape\": {\"circle\": 0.5}";
    case PARA_KIND_JOINT:
        return "\"name\": \"asked\"";
    case PARA_KIND_ZONE:
        return "\"name\": \"asked\", \"area\": {\"circle\": 2}";
    case PARA_KIND_EVENT:
        return "\"when\": {\"time\": 1}, \"do\": [{\"add\": \"score\", \"by\": 1}]";
    case PARA_KIND_MATERIAL:
        return "\"name\": \"stuff\"";
    case PARA_KIND_PATH:
        return "\"stops\": [{\"by\": [0, 1]}]";
    case PARA_KIND_PLAYER:
        return "\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 5}";
    default:
        return "\"note\": \"x\"";
    }
}

/// An object with a head (or none), its required fields, and the field asked for (NULL: none).
static void put_object(Text *out, ParaObjectKind kind, const ParaField *head, const ParaField *asked, int n)
{
    int count;
    const ParaField *fields = para_fields(kind, &count);
    put(out, "%s", frame_of(kind));
    if (head)
        put_head(out, head, n);
    for (int f = 0; f < count; f++) {
        const ParaField *field = &fields[f];
        bool required = (field->flags & PARA_FLAG_REQUIRED) && para_field_goes_with(field, head);
        if (field->store == PARA_STORE_NONE || is_head(field) || (field != asked && !required))
            continue;
        put(out, ", \"%s\": ", field->name);
        put_value(out, field, head, field == asked ? n : 0);
    }
}

/// The template with one object put in where objects of its kind stand.
static char *template_with(ParaObjectKind kind, const char *object, ParaArena *arena)
{
    const char *hole[PARA_KIND_COUNT];
    for (int k = 0; k < PARA_KIND_COUNT; k++)
        hole[k] = "";
    hole[kind] = object;
#define HOLE(kind)             hole[PARA_KIND_##kind]
#define OBJECT(kind, standard) *HOLE(kind) ? HOLE(kind) : standard
#define ITEM(kind)             *HOLE(kind) ? ", {" : "", HOLE(kind), *HOLE(kind) ? "}" : ""
#define PART(kind, key)        *HOLE(kind) ? ", \"" key "\": {" : "", HOLE(kind), *HOLE(kind) ? "}" : ""
#define FIELDS(kind)           *HOLE(kind) ? ", " : "", HOLE(kind)
    return para_arena_printf(
        arena,
        "{\"paracosm\": 1, \"name\": \"t\"%s%s, \"materials\": [{\"name\": \"gum\"}%s%s%s], "
        "\"world\": {%s}, \"bodies\": ["
        "{\"name\": \"ball\", \"at\": [1, 2], \"material\": \"%s\", \"shape\": {\"circle\": 0.5}}, "
        "{\"name\": \"thing\", \"at\": [3, 2], \"shape\": {\"box\": [1, 1]}, \"collect\": true, "
        "\"shatters\": {%s}}, "
        "{\"name\": \"lift\", \"kinematic\": true, \"at\": [5, 2], \"shape\": {\"box\": [1, 1]}%s%s%s}, "
        "{\"name\": \"belt\", \"kinematic\": true, \"at\": [9, 2], \"shape\": {\"box\": [1, 1]}, "
        "\"moves\": {\"by\": [1, 0]}}, "
        "{\"name\": \"tram\", \"kinematic\": true, \"at\": [9, 5], \"shape\": {\"box\": [1, 1]}, "
        "\"path\": {%s%s%s}}, "
        "{\"name\": \"extra\", \"spare\": true, \"at\": [7, 2], \"shape\": {\"box\": [1, 1]}}, "
        "{\"name\": \"ground\", \"static\": true, \"shapes\": [{%s}]}%s%s%s], "
        "\"joints\": [{\"name\": \"hinge\", \"revolute\": [\"ball\", \"thing\"]%s%s%s%s%s%s}, "
        "{\"name\": \"drive\", \"revolute\": [\"lift\", \"thing\"], \"motor\": {\"rate\": 1, \"torque\": "
        "1}}, "
        "{\"name\": \"rail\", \"prismatic\": [\"ball\", \"thing\"]}%s%s%s], "
        "\"zones\": [{\"name\": \"flag\", \"at\": [8, 2], \"area\": {%s}%s%s%s}, {\"name\": \"pool\", "
        "\"checkpoint\": true, \"area\": {\"box\": [1, 1]}, \"fluid\": {\"density\": 1}}%s%s%s], "
        "\"player\": {%s%s%s%s]%s%s%s}, \"goal\": {%s}, \"rewards\": [{%s}], \"observe\": [{%s}], "
        "\"variables\": {\"score\": 0}, \"events\": [{\"when\": {\"time\": 2}, \"do\": [{%s}]}%s%s%s]}",
        FIELDS(TEMPLATE), ITEM(MATERIAL), HOLE(WORLD), *HOLE(MATERIAL) ? "stuff" : "gum",
        OBJECT(SHATTERS, "\"impulse\": 1"), *HOLE(MOVES) ? ", \"moves\": {" : "", HOLE(MOVES),
        *HOLE(MOVES) ? "}" : "", *HOLE(PATH) ? HOLE(PATH) : "\"stops\": [{",
        *HOLE(PATH) ? "" : (OBJECT(STOP, "\"by\": [0, 1]")), *HOLE(PATH) ? "" : "}]",
        OBJECT(SHAPE, "\"box\": [9, 1]"), ITEM(BODY), PART(MOTOR, "motor"), PART(BREAKS, "breaks"),
        ITEM(JOINT), OBJECT(AREA, "\"box\": [1, 2]"), *HOLE(FLUID) ? ", \"fluid\": {" : "", HOLE(FLUID),
        *HOLE(FLUID) ? "}" : "", ITEM(ZONE), OBJECT(PLAYER, frame_of(PARA_KIND_PLAYER)), ITEM(ACTUATOR),
        *HOLE(MOVE) ? ", \"moves\": [{" : "", HOLE(MOVE), *HOLE(MOVE) ? "}]" : "",
        OBJECT(PREDICATE, "\"time\": 3"), OBJECT(REWARD, "\"alive\": true"), OBJECT(OBSERVE, "\"value\": 1"),
        OBJECT(ACT, "\"add\": \"score\", \"by\": 2"), ITEM(EVENT));
#undef HOLE
#undef OBJECT
#undef ITEM
#undef PART
#undef FIELDS
}

static ParaLevel *level_of(const char *text, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, "made", NULL);
    const ParaTemplate *t = para_template_load("made", text, strlen(text), arena, &list);
    ParaLevel *level = t ? para_template_sample(t, NULL, 1, arena, &list) : NULL;
    if (!level) {
        para_diag_print(&list, stdout);
        print_error("%s\n", text);
    }
    assert_non_null(level);
    return level;
}

/// A level of the template comes back from its own text with every bit.
static void check_saved(const ParaLevel *level, const char *what, ParaArena *arena)
{
    const char *json = para_level_to_json(level, arena);
    const ParaLevel *back = level_of(json, arena);
    if (back->hash != level->hash)
        print_error("%s is lost in saving:\n%s\n", what, json);
    assert_true(back->hash == level->hash);
    assert_string_equal(para_level_to_json(back, arena), json);
}

/// With the first and the second value of a field (or of a head itself) levels differ, and both are kept.
/// @return the hash of the first
static uint64_t check_field(const ParaField *head, const ParaField *asked, bool differs)
{
    const ParaField *told = asked ? asked : head;
    ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
    const char *what = para_arena_printf(arena, "%s of a %s %s", told->name, head ? head->name : "",
                                         para_kind_name(told->kind));
    uint64_t hash[2];
    const char *text[2];
    bool shown =
        strcmp(told->name, "look") == 0 || strcmp(told->name, "sound") == 0; // no part of what is played
    for (int n = 0; n < 2; n++) {
        Text object = {""};
        put_object(&object, told->kind, head, asked, n);
        if (told->kind == PARA_KIND_PLAYER) { // its list of actuators stays open for more
            object.text[0] = '\0';
            put(&object, "\"%s\": ", told->name);
            put_value(&object, told, head, n);
            put(&object, ", %s", frame_of(PARA_KIND_PLAYER));
        }
        ParaObjectKind kind = told->kind;
        if (kind == PARA_KIND_PREDICATE && para_goal_is_moment((ParaGoalKind)head->choice)) {
            const char *when = para_arena_printf(arena, "\"when\": {%s}, \"do\": []", object.text);
            object.text[0] = '\0';
            put(&object, "%s", when);
            kind = PARA_KIND_EVENT;
        }
        ParaLevel *level = level_of(template_with(kind, object.text, arena), arena);
        check_saved(level, what, arena);
        hash[n] = level->hash;
        text[n] = para_level_to_json(level, arena);
    }
    if (shown) {
        assert_true(hash[0] == hash[1] && strcmp(text[0], text[1]) != 0);
        para_arena_destroy(arena);
        return hash[0];
    }
    if ((hash[0] != hash[1]) != differs)
        print_error("%s: the two levels are %s\n", what, differs ? "the same" : "different");
    assert_true((hash[0] != hash[1]) == differs);
    para_arena_destroy(arena);
    return hash[0];
}

static void test_fields_each_stored_one_reaches_the_level_and_its_file(void **state)
{
    (void)state;
    int checked = 0, of_kind[PARA_KIND_COUNT] = {0};
    for (int id = 0; id < PARA_FIELD_COUNT; id++) {
        const ParaField *field = para_field((ParaFieldId)id);
        if (field->store == PARA_STORE_NONE || is_head(field) || field->kind == PARA_KIND_GENERATE)
            continue; // what generates a level is no part of it
        if (id >= PARA_FIELD_PLAYER_name && id <= PARA_FIELD_PLAYER_failed)
            continue; // one of several players says it: test_company.c
        int count, heads = 0;
        const ParaField *fields = para_fields(field->kind, &count);
        for (int f = 0; f < count; f++) {
            if (!is_head(&fields[f]) || is_of_part(&fields[f]))
                continue;
            heads++;
            if (para_field_goes_with(field, &fields[f])) {
                check_field(&fields[f], field, true);
                checked++;
            }
        }
        if (heads == 0) {
            check_field(NULL, field, true);
            checked++;
        }
        of_kind[field->kind]++;
    }
    assert_true(checked > 100);
    for (int kind = 0; kind < PARA_KIND_COUNT; kind++) { // a kind without stored fields is one read by name
        bool by_name = kind == PARA_KIND_PARAM || kind == PARA_KIND_CHAIN || kind == PARA_KIND_KEYS ||
                       kind == PARA_KIND_MADE_BY || kind == PARA_KIND_AREA || kind == PARA_KIND_INCLUDE ||
                       kind == PARA_KIND_PART || kind == PARA_KIND_ARGUMENT || kind == PARA_KIND_GROUP ||
                       kind == PARA_KIND_CONSTRAINT || kind == PARA_KIND_OBSTACLE ||
                       kind == PARA_KIND_GENERATE;
        assert_true(by_name == (of_kind[kind] == 0));
    }
}

static void test_fields_each_kind_of_the_list_is_sampled_and_saved(void **state)
{
    (void)state;
    uint64_t hashes[PARA_FIELD_COUNT];
    int count = 0;
    for (int id = 0; id < PARA_FIELD_COUNT; id++) {
        const ParaField *head = para_field((ParaFieldId)id);
        if (!is_head(head) || is_of_part(head) || head->kind == PARA_KIND_CONSTRAINT ||
            head->kind == PARA_KIND_OBSTACLE) // those steer the sampling, and are not kept
            continue;
        // With a number of its own, two levels; else two that are the same. No two heads mean the same.
        hashes[count] = check_field(head, NULL, head->store != PARA_STORE_NONE);
        for (int k = 0; k < count; k++) {
            if (hashes[k] == hashes[count])
                print_error("\"%s\" of a %s makes the level of another head\n", head->name,
                            para_kind_name(head->kind));
            assert_true(hashes[k] != hashes[count]);
        }
        count++;
    }
    assert_true(count > 40);
}

const struct CMUnitTest para_tests_fields[] = {
    cmocka_unit_test(test_fields_heads_and_what_they_take_agree),
    cmocka_unit_test(test_fields_no_two_land_in_one_place),
    cmocka_unit_test(test_fields_each_stored_one_reaches_the_level_and_its_file),
    cmocka_unit_test(test_fields_each_kind_of_the_list_is_sampled_and_saved),
};
const size_t para_tests_fields_count = sizeof para_tests_fields / sizeof *para_tests_fields;
