// SPDX-License-Identifier: MIT
// Checkpoints: the bytes follow the format's rules, a round trip keeps every bit, broken and hostile files
// are refused with a sentence, a failed write leaves the old file.
#include "tests/tests.h"

#include "agents/run/safetensors.h"
#include "engine/base/file.h"
#include "tests/agents/scratch.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>

typedef struct Room {
    Scratch scratch;
    ParaArena *arena;
    float a[6], b[3];
    ParaTensor tensors[2];
    const char *error, *path;
} Room;

static int setup(void **state)
{
    Room *room = calloc(1, sizeof *room);
    room->scratch = scratch_make();
    room->arena = para_arena_create(1 << 16, (size_t)64 << 20);
    for (int i = 0; i < 6; i++)
        room->a[i] = (float)i * 0.25f - 0.1f;
    for (int i = 0; i < 3; i++)
        room->b[i] = (float)-i;
    room->tensors[0] = (ParaTensor){"first.weight", 2, 3, room->a};
    room->tensors[1] = (ParaTensor){"odd \"name\"\n", 1, 3, room->b};
    room->path = para_arena_strdup(room->arena, scratch_path(&room->scratch, "x.safetensors"));
    *state = room;
    return 0;
}

static int teardown(void **state)
{
    Room *room = *state;
    scratch_remove(&room->scratch);
    para_arena_destroy(room->arena);
    free(room);
    return 0;
}

static const char card_text[] = "{\"what\": \"a test \\u00e9\", \"lesson\": 7}";

static void write_whole(Room *room)
{
    assert_true(para_safetensors_write(room->path, room->tensors, 2, card_text, room->arena, &room->error));
}

static void test_checkpoint_bytes_follow_the_format(void **state)
{
    Room *room = *state;
    size_t size;
    uint64_t length;
    write_whole(room);
    unsigned char *file = scratch_read(room->path, &size);
    length = 0;
    for (int i = 7; i >= 0; i--)
        length = length << 8 | file[i];
    assert_int_equal(length % 8, 0);
    assert_int_equal(size, 8 + length + 9 * 4);
    assert_int_equal(file[8], '{');
    cJSON *header = cJSON_ParseWithLength((const char *)file + 8, length);
    cJSON *first = cJSON_GetObjectItemCaseSensitive(header, "first.weight");
    cJSON *metadata = cJSON_GetObjectItemCaseSensitive(header, "__metadata__");
    assert_string_equal(cJSON_GetObjectItem(first, "dtype")->valuestring, "F32");
    assert_int_equal(cJSON_GetArrayItem(cJSON_GetObjectItem(first, "shape"), 1)->valueint, 3);
    assert_int_equal(cJSON_GetArrayItem(cJSON_GetObjectItem(first, "data_offsets"), 1)->valueint, 24);
    assert_string_equal(cJSON_GetObjectItem(metadata, "paracosm")->valuestring, card_text);
    assert_int_equal(strlen(cJSON_GetObjectItem(metadata, "paracosm_hash")->valuestring), 16);
    assert_memory_equal(file + 8 + length, room->a, sizeof room->a);
    assert_memory_equal(file + 8 + length + 24, room->b, sizeof room->b);
    cJSON_Delete(header);
    free(file);
}

static void test_checkpoint_round_trip_keeps_every_bit(void **state)
{
    Room *room = *state;
    int count = 0;
    const char *card = NULL;
    room->a[0] = -0.0f;
    room->a[1] = 1e-42f; // denormal
    room->a[2] = 3.4e38f;
    write_whole(room);
    ParaTensor *read = para_safetensors_read(room->path, room->arena, &count, &card, &room->error);
    assert_non_null(read);
    assert_int_equal(count, 2);
    assert_string_equal(card, card_text);
    assert_int_equal(para_tensors_hash(read, 2), para_tensors_hash(room->tensors, 2));
    assert_string_equal(read[1].name, room->tensors[1].name);
    assert_memory_equal(read[0].data, room->a, sizeof room->a);
    assert_int_equal(read[0].rows, 2);
    assert_int_equal(read[0].columns, 3);
}

static void test_checkpoint_hash_tells_names_shapes_and_bits_apart(void **state)
{
    Room *room = *state;
    uint64_t hash = para_tensors_hash(room->tensors, 2);
    ParaTensor other[2] = {room->tensors[0], room->tensors[1]};
    other[0].name = "second.weight";
    assert_int_not_equal(para_tensors_hash(other, 2), hash);
    other[0] = (ParaTensor){"first.weight", 3, 2, room->a};
    assert_int_not_equal(para_tensors_hash(other, 2), hash);
    assert_int_not_equal(para_tensors_hash(room->tensors, 1), hash);
    room->a[5] = -room->a[5];
    assert_int_not_equal(para_tensors_hash(room->tensors, 2), hash);
}

static void expect_refused(Room *room, const char *word, const char *what)
{
    int count = 0;
    const char *card = NULL;
    room->error = NULL;
    ParaTensor *read = para_safetensors_read(room->path, room->arena, &count, &card, &room->error);
    if (read != NULL)
        fail_msg("read in spite of: %s", what);
    assert_non_null(room->error);
    if (strstr(room->error, word) == NULL)
        fail_msg("%s: the error \"%s\" lacks \"%s\"", what, room->error, word);
}

/// A file with this header (its true length in front) and `data_size` zero bytes.
static void write_raw(Room *room, const char *header, size_t data_size)
{
    uint64_t length = strlen(header);
    char *file = para_arena_alloc(room->arena, 8 + length + data_size + 1);
    memcpy(file, &length, 8);
    memcpy(file + 8, header, length);
    scratch_write(room->path, file, 8 + length + data_size);
}

#define META      "\"__metadata__\":{\"paracosm\":\"{}\",\"paracosm_hash\":\"0\"}"
#define T(fields) "{" META ",\"t\":{" fields "}}"
#define GOOD      "\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]"

static void test_checkpoint_refuses_hostile_headers(void **state)
{
    Room *room = *state;
    static const struct {
        const char *header, *word;
        size_t data_size;
    } files[] = {
        {T(GOOD), "hash", 8}, // whole but for its hash: what the others break is really what is refused
        {"", "JSON object", 8},
        {"[1,2]", "JSON object", 8},
        {"{}", "metadata and", 0},
        {"{" META "}", "metadata and", 0},
        {"{" META ",", "valid JSON", 8},
        {T(GOOD) "x", "spaces", 8},
        {T(GOOD) "{}", "spaces", 8},
        {"{\"t\":{" GOOD "},\"u\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}", "no metadata",
         12},
        {"{\"__metadata__\":{\"format\":\"pt\"},\"t\":{" GOOD "}}", "not a checkpoint", 8},
        {"{\"__metadata__\":{\"paracosm\":\"[]\",\"paracosm_hash\":\"0\"},\"t\":{" GOOD "}}", "card", 8},
        {"{\"__metadata__\":{\"paracosm\":7,\"paracosm_hash\":\"0\"},\"t\":{" GOOD "}}", "not a checkpoint",
         8},
        {"{" META "," META ",\"t\":{" GOOD "}}", "twice", 8},
        {"{" META ",\"t\":5}", "must hold", 8},
        {"{" META ",\"t\":[1,2,3]}", "must hold", 8},
        {"{" META ",\"\":{" GOOD "}}", "name", 8},
        {"{" META ",\"t\":{" GOOD "},\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
         "called t", 12},
        {T("\"dtype\":\"F16\",\"shape\":[1,4],\"data_offsets\":[0,8]"), "F32", 8},
        {T("\"dtype\":32,\"shape\":[1,2],\"data_offsets\":[0,8]"), "F32", 8},
        {T("\"dtype\":\"F32\",\"data_offsets\":[0,8]"), "must hold", 8},
        {T(GOOD ",\"more\":1"), "must hold", 8},
        {T("\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]"), "shape", 8},
        {T("\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,8]"), "shape", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,1,2],\"data_offsets\":[0,8]"), "shape", 8},
        {T("\"dtype\":\"F32\",\"shape\":[0,2],\"data_offsets\":[0,0]"), "shape", 0},
        {T("\"dtype\":\"F32\",\"shape\":[-1,-2],\"data_offsets\":[0,8]"), "shape", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,1.5],\"data_offsets\":[0,8]"), "shape", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,1e300],\"data_offsets\":[0,8]"), "shape", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,1e999],\"data_offsets\":[0,8]"), "shape", 8},
        {T("\"dtype\":\"F32\",\"shape\":[2147483647,2147483647],\"data_offsets\":[0,8]"), "bytes of data", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,3],\"data_offsets\":[0,8]"), "bytes of data", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,9]"), "bytes of data", 9},
        {T("\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,16]"), "outside", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,0]"), "outside", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[-8,0]"), "outside", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0]"), "outside", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,1e18]"), "outside", 8},
        {T("\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[4,12]"), "gap", 12},
        {T(GOOD), "no tensor", 12},
        {"{" META ",\"t\":{" GOOD "},\"u\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
         "overlaps", 12},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        write_raw(room, files[i].header, files[i].data_size);
        expect_refused(room, files[i].word, files[i].header);
    }
}

static void test_checkpoint_refuses_header_lengths_beyond_the_file(void **state)
{
    Room *room = *state;
    size_t size;
    write_whole(room);
    unsigned char *file = scratch_read(room->path, &size);
    const uint64_t lengths[] = {size - 7,          size,       1u << 20,      (1u << 20) + 1,
                                (uint64_t)1 << 63, UINT64_MAX, UINT64_MAX - 7};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        memcpy(file, &lengths[i], 8);
        scratch_write(room->path, file, size);
        expect_refused(room, "claims", "header length");
    }
    free(file);
}

static void test_checkpoint_refuses_deep_and_crowded_headers(void **state)
{
    Room *room = *state;
    char *deep = para_arena_alloc(room->arena, 600000 + 1);
    memset(deep, '[', 600000);
    memcpy(deep, "{\"a\":", 5);
    write_raw(room, deep, 8);
    expect_refused(room, "valid JSON", "deep nesting");

    enum { TENSORS = 5000 };
    char *crowd = para_arena_alloc(room->arena, TENSORS * 64), *at = crowd;
    at += sprintf(at, "{");
    for (int i = 0; i < TENSORS; i++)
        at += sprintf(at, "%s\"t%d\":0", i > 0 ? "," : "", i);
    sprintf(at, "}");
    write_raw(room, crowd, 8);
    expect_refused(room, "tensors", "crowd");
}

static void test_checkpoint_refuses_every_cut_and_every_flipped_byte(void **state)
{
    Room *room = *state;
    size_t size;
    write_whole(room);
    unsigned char *file = scratch_read(room->path, &size);
    for (size_t cut = 0; cut < size; cut++) {
        scratch_write(room->path, file, cut);
        expect_refused(room, "cannot read", "cut file");
    }
    uint64_t length;
    memcpy(&length, file, 8);
    size_t last =
        8 + (size_t)length; // behind the closing brace stand spaces, which flip into other characters
    for (size_t i = 0; i < size; i++)
        for (int bit = 0; bit < 8; bit += i < last ? 3 : 1) {
            ParaArenaMark mark = para_arena_mark(room->arena);
            file[i] ^= (unsigned char)(1 << bit);
            scratch_write(room->path, file, size);
            expect_refused(room, "cannot read", "flipped bit");
            file[i] ^= (unsigned char)(1 << bit);
            para_arena_rewind(room->arena, mark);
        }
    scratch_write(room->path, file, size);
    int count;
    const char *card;
    assert_non_null(para_safetensors_read(room->path, room->arena, &count, &card, &room->error));
    free(file);
}

static void test_checkpoint_refuses_what_must_not_be_written(void **state)
{
    Room *room = *state;
    write_whole(room);
    static const char *const cards[] = {"", "7", "[1]", "{\"a\":", "{} {}"};
    for (size_t i = 0; i < sizeof cards / sizeof *cards; i++)
        assert_false(
            para_safetensors_write(room->path, room->tensors, 2, cards[i], room->arena, &room->error));
    assert_false(para_safetensors_write(room->path, room->tensors, 2, NULL, room->arena, &room->error));
    assert_non_null(strstr(room->error, "card"));
    room->a[3] = NAN;
    assert_false(para_safetensors_write(room->path, room->tensors, 2, "{}", room->arena, &room->error));
    assert_non_null(strstr(room->error, "first.weight"));
    room->a[3] = 0.0f;
    room->tensors[1].name = room->tensors[0].name;
    assert_false(para_safetensors_write(room->path, room->tensors, 2, "{}", room->arena, &room->error));
    int count;
    const char *card;
    assert_non_null(para_safetensors_read(room->path, room->arena, &count, &card, &room->error));
    assert_string_equal(card, card_text); // the old file stands
}

static int files_in(const char *folder)
{
    int count = 0;
    DIR *list = opendir(folder);
    for (struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list))
        count += entry->d_name[0] != '.';
    closedir(list);
    return count;
}

static void test_checkpoint_full_disk_keeps_the_old_file(void **state)
{
    Room *room = *state;
    struct rlimit old, small;
    write_whole(room);
    // A limit on file size fails a write half way, as a full disk does, and needs no special disk.
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = 100;
    setrlimit(RLIMIT_FSIZE, &small);
    bool done =
        para_safetensors_write(room->path, room->tensors, 2, "{\"new\":1}", room->arena, &room->error);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, handler);
    assert_false(done);
    assert_non_null(strstr(room->error, room->path));
    assert_int_equal(files_in(room->scratch.folder), 1); // no temporary file is left
    int count;
    const char *card;
    assert_non_null(para_safetensors_read(room->path, room->arena, &count, &card, &room->error));
    assert_string_equal(card, card_text);
}

static void test_checkpoint_missing_places_are_named(void **state)
{
    Room *room = *state;
    const char *path = scratch_path(&room->scratch, "nowhere/x.safetensors");
    assert_false(para_safetensors_write(path, room->tensors, 2, "{}", room->arena, &room->error));
    assert_non_null(strstr(room->error, path));
    expect_refused(room, room->path, "missing file");
    room->path = room->scratch.folder;
    expect_refused(room, "folder", "a folder");
}

static void test_checkpoint_assign_wants_every_tensor_in_its_shape(void **state)
{
    Room *room = *state;
    float a[6] = {0}, b[3] = {9, 9, 9};
    ParaTensor target[2] = {{"odd \"name\"\n", 1, 3, b}, {"first.weight", 2, 3, a}};
    assert_true(para_tensors_assign(target, 2, room->tensors, 2, room->arena, &room->error));
    assert_memory_equal(a, room->a, sizeof a);
    assert_memory_equal(b, room->b, sizeof b);
    b[0] = 42.0f;
    assert_false(para_tensors_assign(target, 2, room->tensors, 1, room->arena, &room->error));
    assert_non_null(strstr(room->error, "missing"));
    target[1].rows = 3;
    target[1].columns = 2;
    assert_false(para_tensors_assign(target, 2, room->tensors, 2, room->arena, &room->error));
    assert_non_null(strstr(room->error, "[2, 3]"));
    assert_true(b[0] == 42.0f); // nothing is assigned where something does not fit
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
const struct CMUnitTest para_tests_checkpoint[] = {
    TEST(test_checkpoint_bytes_follow_the_format),
    TEST(test_checkpoint_round_trip_keeps_every_bit),
    TEST(test_checkpoint_hash_tells_names_shapes_and_bits_apart),
    TEST(test_checkpoint_refuses_hostile_headers),
    TEST(test_checkpoint_refuses_header_lengths_beyond_the_file),
    TEST(test_checkpoint_refuses_deep_and_crowded_headers),
    TEST(test_checkpoint_refuses_every_cut_and_every_flipped_byte),
    TEST(test_checkpoint_refuses_what_must_not_be_written),
    TEST(test_checkpoint_full_disk_keeps_the_old_file),
    TEST(test_checkpoint_missing_places_are_named),
    TEST(test_checkpoint_assign_wants_every_tensor_in_its_shape),
};
const size_t para_tests_checkpoint_count = sizeof para_tests_checkpoint / sizeof *para_tests_checkpoint;
