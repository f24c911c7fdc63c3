// SPDX-License-Identifier: MIT
// The player on a checkpoint's card: what is written reads back; a card of another layout is refused with the
// first span that differs, one from before layouts were kept passes if its sizes fit.
#include "agents/player/card.h"
#include "tests/tests.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Room {
    ParaArena *arena;
    ParaPolicyDef def;
    cJSON *card;
    const char *error;
} Room;

static Room room_make(ParaObsSpec spec)
{
    Room room = {.arena = para_arena_create(1 << 16, (size_t)1 << 24), .def = para_policy_def_default(spec)};
    room.def.width = 48;
    room.def.encoder_width = 32;
    room.card = cJSON_CreateObject();
    para_card_add_player(room.card, &room.def);
    return room;
}

static void room_clear(Room *room)
{
    cJSON_Delete(room->card);
    para_arena_destroy(room->arena);
}

static char *text_of(Room *room)
{
    char *text = cJSON_PrintUnformatted(room->card), *copy = para_arena_strdup(room->arena, text);
    cJSON_free(text);
    return copy;
}

static void accept(Room *room)
{
    ParaPolicyDef read = {0};
    room->error = "none";
    if (!para_card_read_player(text_of(room), room->arena, &read, &room->error))
        fail_msg("%s", room->error);
    assert_string_equal(room->error, "none");
    assert_int_equal(read.width, 48);
    assert_int_equal(read.encoder_width, 32);
    assert_int_equal(read.encoder, room->def.encoder);
    assert_int_equal(read.obs.kind, room->def.obs.kind);
    assert_int_equal(read.obs.global_size, room->def.obs.global_size);
    assert_int_equal(read.obs.size, room->def.obs.size);
    assert_true(para_card_sees(text_of(room), &room->def.obs, room->arena, &room->error));
}

// Where a span begins in the player's observation.
static int place(const Room *room, const char *name)
{
    ParaObsSpan span = {0};
    assert_true(para_obs_span_find(&room->def.obs, name, &span));
    return span.offset;
}

static void refuse(Room *room, const char *word)
{
    ParaPolicyDef read = {.width = 7};
    room->error = "none";
    assert_false(para_card_read_player(text_of(room), room->arena, &read, &room->error));
    if (!strstr(room->error, word))
        fail_msg("\"%s\" is not in: %s", word, room->error);
    assert_int_equal(read.width, 7); // left alone
}

// What para_card_sees says too, on a card that the player's form fits.
__attribute__((format(printf, 2, 3))) static void refuse_layout(Room *room, const char *format, ...)
{
    char word[300];
    va_list list;
    va_start(list, format);
    vsnprintf(word, sizeof word, format, list);
    va_end(list);
    refuse(room, word);
    assert_false(para_card_sees(text_of(room), &room->def.obs, room->arena, &room->error));
    if (!strstr(room->error, word))
        fail_msg("\"%s\" is not in: %s", word, room->error);
}

// The layout of `vector` with so many slots; a slot is as large as the stride of its spans.
static ParaObsSpec vector_of(int bodies)
{
    int globals = para_obs_spec_globals().size;
    ParaObsSpec many = para_obs_spec_sized(globals + 1000);
    ParaObsSpan span = {0};
    assert_true(para_obs_span_find(&many, "bodies.used", &span));
    return para_obs_spec_sized(globals + span.stride * bodies);
}

static void test_card_round_trip(void **state)
{
    (void)state;
    ParaObsSpec specs[] = {para_obs_spec_entities(), vector_of(0), vector_of(1), vector_of(7)};
    for (int i = 0; i < 4; i++) {
        Room room = room_make(specs[i]);
        accept(&room);
        cJSON *spans = cJSON_GetObjectItem(cJSON_GetObjectItem(room.card, "layout"), "spans");
        assert_int_equal(cJSON_GetArraySize(spans), para_obs_span_count(&specs[i]));
        room_clear(&room);
    }
}

static cJSON *layout_of(Room *room) { return cJSON_GetObjectItem(room->card, "layout"); }

// The item of a span in the card.
static cJSON *span_of(Room *room, const char *name, int *out_index)
{
    cJSON *spans = cJSON_GetObjectItem(layout_of(room), "spans"), *item = NULL;
    *out_index = 0;
    cJSON_ArrayForEach(item, spans)
    {
        if (strcmp(cJSON_GetArrayItem(item, 0)->valuestring, name) == 0)
            return item;
        (*out_index)++;
    }
    fail_msg("no span %s", name);
    return NULL;
}

static void set_number(cJSON *item, int index, double value)
{
    cJSON_ReplaceItemInArray(item, index, cJSON_CreateNumber(value));
}

static void test_card_of_another_layout_names_the_first_span(void **state)
{
    (void)state;
    int at;
    Room room = room_make(para_obs_spec_entities());
    set_number(span_of(&room, "target.offset", &at), 2, 2);
    set_number(span_of(&room, "hazard.offset", &at), 2, 3); // not the first
    refuse_layout(
        &room,
        "the checkpoint sees span target.offset with 2 floats at %d; this build has 4: train it anew, or "
        "use the version that made it",
        place(&room, "target.offset"));
    room_clear(&room);

    room = room_make(para_obs_spec_entities());
    cJSON *spans = cJSON_GetObjectItem(layout_of(&room), "spans");
    span_of(&room, "self.gravity", &at);
    cJSON_DeleteItemFromArray(spans, at);
    refuse_layout(
        &room,
        "sees span self.touching with 1 float at %d; this build has self.gravity there, 2 floats at %d",
        place(&room, "self.touching"), place(&room, "self.gravity"));
    room_clear(&room);

    room = room_make(para_obs_spec_entities());
    spans = cJSON_GetObjectItem(layout_of(&room), "spans");
    cJSON_DeleteItemFromArray(spans, cJSON_GetArraySize(spans) - 1);
    refuse_layout(&room, "does not see span mask, which this build has with 24 floats at %d",
                  place(&room, "mask"));
    room_clear(&room);

    room = room_make(para_obs_spec_entities());
    cJSON_AddItemToArray(cJSON_GetObjectItem(layout_of(&room), "spans"),
                         cJSON_Parse("[\"rows.soul\", 860, 1]"));
    refuse_layout(&room, "sees span rows.soul with 1 float at 860; this build has no more spans there");
    room_clear(&room);
}

static void test_card_of_other_places_or_counts(void **state)
{
    (void)state;
    int at;
    Room room = room_make(para_obs_spec_entities());
    int half = place(&room, "rows.half");
    set_number(span_of(&room, "rows.half", &at), 1, half + 2);
    refuse_layout(&room,
                  "rows.half with 2 floats at %d, 24 times; this build has it with 2 floats at %d, 24 times",
                  half + 2, half);
    set_number(span_of(&room, "rows.half", &at), 1, half);
    accept(&room);
    set_number(span_of(&room, "channels.action", &at), 4, 99);
    refuse_layout(&room, "channels.action with 1 float at %d, 8 times", place(&room, "channels.action"));
    room_clear(&room);

    // A family that moves six bodies, where the one the player learned on moved five.
    room = room_make(vector_of(5));
    ParaObsSpec six = vector_of(6);
    accept(&room);
    assert_false(para_card_sees(text_of(&room), &six, room.arena, &room.error));
    assert_non_null(strstr(room.error, "span bodies.used with 1 float at"));
    assert_non_null(strstr(room.error, ", 5 times; this build has it with 1 float at"));
    assert_non_null(strstr(room.error, ", 6 times: train it anew"));
    ParaObsSpec entities = para_obs_spec_entities(); // another form is not compared
    assert_true(para_card_sees(text_of(&room), &entities, room.arena, &room.error));
    room_clear(&room);
}

static void test_card_of_another_meaning_or_changed_by_hand(void **state)
{
    (void)state;
    Room room = room_make(para_obs_spec_entities());
    cJSON_ReplaceItemInObject(layout_of(&room), "version", cJSON_CreateNumber(PARA_OBS_LAYOUT + 1));
    refuse_layout(&room, "floats mean something else");
    cJSON_ReplaceItemInObject(layout_of(&room), "version", cJSON_CreateNumber(PARA_OBS_LAYOUT));
    accept(&room);
    cJSON_ReplaceItemInObject(layout_of(&room), "hash", cJSON_CreateString("0123456789abcdef"));
    refuse_layout(&room, "hash of the checkpoint's layout is not that of its spans");
    static const char *const broken[] = {
        "5",
        "{}",
        "{\"version\": 1, \"hash\": \"0\", \"spans\": 3}",
        "{\"version\": \"1\", \"hash\": \"0\", \"spans\": []}",
        "{\"version\": 1, \"spans\": []}",
        "{\"version\": 1, \"hash\": \"0\", \"spans\": [7]}",
        "{\"version\": 1, \"hash\": \"0\", \"spans\": [[\"self.velocity\", 0]]}",
        "{\"version\": 1, \"hash\": \"0\", \"spans\": [[\"self.velocity\", -1, 2]]}",
        "{\"version\": 1, \"hash\": \"0\", \"spans\": [[\"self.velocity\", 0, 1.5]]}",
        "{\"version\": 1, \"hash\": \"0\", \"spans\": [[3, 0, 2]]}"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        cJSON_ReplaceItemInObject(room.card, "layout", cJSON_Parse(broken[i]));
        refuse_layout(&room, "does not read");
    }
    room_clear(&room);
}

static void test_card_from_before_layouts_passes_if_it_fits(void **state)
{
    (void)state;
    ParaObsSpec specs[] = {para_obs_spec_entities(), vector_of(4)};
    for (int i = 0; i < 2; i++) {
        Room room = room_make(specs[i]);
        cJSON_DeleteItemFromObject(room.card, "layout");
        accept(&room);
        room_clear(&room);
    }
    Room room = room_make(para_obs_spec_entities());
    cJSON_DeleteItemFromObject(room.card, "layout");
    cJSON_ReplaceItemInObject(room.card, "global_size", cJSON_CreateNumber(para_obs_spec_globals().size - 1));
    refuse(&room, "does not describe a player this version knows");
    room_clear(&room);
}

static void test_card_of_a_relational_player(void **state)
{
    (void)state;
    Room room = room_make(para_obs_spec_entities());
    accept(&room); // pooled: its card says nothing of it
    assert_null(strstr(text_of(&room), "\"encoder\""));
    cJSON_AddStringToObject(room.card, "encoder", "relational");
    room.def.encoder = PARA_ENCODER_RELATIONAL;
    accept(&room);
    cJSON_ReplaceItemInObject(room.card, "encoder_width", cJSON_CreateNumber(30)); // in four heads?
    refuse(&room, "does not describe a player");
    cJSON_ReplaceItemInObject(room.card, "encoder_width", cJSON_CreateNumber(32));
    cJSON_ReplaceItemInObject(room.card, "encoder", cJSON_CreateString("telepathic"));
    refuse(&room, "does not describe a player");
    cJSON_ReplaceItemInObject(room.card, "encoder", cJSON_CreateNumber(1));
    refuse(&room, "does not describe a player");
    room_clear(&room);
    room = room_make(vector_of(0));
    cJSON_AddStringToObject(room.card, "encoder", "relational");
    refuse(&room, "does not describe a player");
    room_clear(&room);
}

static void test_card_of_a_player_that_sees_pixels(void **state)
{
    (void)state;
    Room room = room_make(para_obs_spec_pixels());
    accept(&room);
    cJSON_ReplaceItemInObject(room.card, "global_size", cJSON_CreateNumber(16));
    refuse(&room, "does not describe a player");
    cJSON_ReplaceItemInObject(room.card, "global_size", cJSON_CreateNumber(0));
    cJSON_AddTrueToObject(room.card, "rays"); // which a picture has not
    refuse(&room, "does not describe a player");
    room_clear(&room);
}

static void test_card_of_a_player_with_rays(void **state)
{
    (void)state;
    Room room = room_make(para_obs_spec_entities());
    accept(&room);
    assert_null(strstr(text_of(&room), "\"rays\":"));
    cJSON_AddTrueToObject(room.card, "rays");
    room.def.rays = 1;
    accept(&room);
    cJSON_ReplaceItemInObject(room.card, "rays", cJSON_CreateString("conv"));
    refuse(&room, "does not describe a player");
    room_clear(&room);
}

static void test_card_without_a_player(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        double value;
    } wrong[] = {{"width", 15},           {"width", 1025},    {"width", 48.5},       {"encoder_width", 15},
                 {"encoder_width", 1025}, {"global_size", 0}, {"global_size", 4097}, {"global_size", 20}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Room room = room_make(vector_of(0));
        cJSON_DeleteItemFromObject(room.card, "layout");
        cJSON_ReplaceItemInObject(room.card, wrong[i].key, cJSON_CreateNumber(wrong[i].value));
        refuse(&room, "does not describe a player");
        cJSON_DeleteItemFromObject(room.card, wrong[i].key);
        refuse(&room, "does not describe a player");
        room_clear(&room);
    }
    Room room = room_make(vector_of(0));
    cJSON_ReplaceItemInObject(room.card, "observation", cJSON_CreateString("smells"));
    refuse(&room, "does not describe a player");
    ParaPolicyDef def;
    assert_false(para_card_read_player(NULL, room.arena, &def, &room.error));
    assert_false(para_card_read_player("{", room.arena, &def, &room.error));
    room_clear(&room);
}

const struct CMUnitTest para_tests_card[] = {
    cmocka_unit_test(test_card_round_trip),
    cmocka_unit_test(test_card_of_a_relational_player),
    cmocka_unit_test(test_card_of_a_player_that_sees_pixels),
    cmocka_unit_test(test_card_of_a_player_with_rays),
    cmocka_unit_test(test_card_of_another_layout_names_the_first_span),
    cmocka_unit_test(test_card_of_other_places_or_counts),
    cmocka_unit_test(test_card_of_another_meaning_or_changed_by_hand),
    cmocka_unit_test(test_card_from_before_layouts_passes_if_it_fits),
    cmocka_unit_test(test_card_without_a_player),
};
const size_t para_tests_card_count = sizeof para_tests_card / sizeof *para_tests_card;
