// SPDX-License-Identifier: MIT
// The list of a def's fields (engine/world/def_fields.h): the checks look at every one of them, copies carry
// every one, and comparisons name the one that differs. A field added to a struct is walked here by itself.
#include "engine/world/def_fields.h"
#include "tests/engine/world/scene.h"
#include "tests/tests.h"

#include <stdio.h>
#include <string.h>

static Scene scene;

/// A sound scene with something of every kind, so that each field means something to one of its items.
static void make_all_kinds(void)
{
    scene_mixed(&scene);
    scene.joints[2].limited = true;
    scene.joints[2].lower = -1.0f;
    scene.joints[2].upper = 1.0f;
    scene.zones[scene.def.zone_count] = para_zone_def_default(); // a circle
    scene.zones[scene.def.zone_count++].position = (ParaVec2){1.0f, 1.0f};
    assert_true(para_world_def_check(&scene.def, NULL));
}

/// A field of the items of one array.
typedef struct Column {
    void *first;
    size_t stride; ///< [byte] from item to item
    int count;     ///< items
    size_t size;   ///< [byte] of the field
    bool flag;     ///< a bool, any value of which is fine
    const char *array, *name;
} Column;

typedef void Visit(const Column *column);

/// Shows every field of every array that is not empty.
static void visit_columns(Visit *visit)
{
#define FIELD(field)                                                                                         \
    column = (Column){(char *)items + offsetof(Item, field),                                                 \
                      sizeof(Item),                                                                          \
                      item_count,                                                                            \
                      sizeof items->field,                                                                   \
                      _Generic(items->field, bool                                                            \
                               : true, default                                                               \
                               : false),                                                                     \
                      array_name,                                                                            \
                      #field};                                                                               \
    visit(&column);
#define ARRAY(array, count, Type, FIELDS, most)                                                              \
    {                                                                                                        \
        typedef Type Item;                                                                                   \
        const char *array_name = #array;                                                                     \
        int item_count = scene.def.count;                                                                    \
        Item *items = scene.def.array;                                                                       \
        assert_true(item_count > 0);                                                                         \
        FIELDS(FIELD)                                                                                        \
    }
    Column column;
    PARA_WORLD_ARRAYS(ARRAY)
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/// Bits of which any pattern is sensible, or all bits set (a carrier of -1: the world).
static bool is_free(const Column *column)
{
    static const char *const names[] = {"group", "category", "mask", "carrier", NULL};
    return column->flag || is_among(column->name, names);
}

/// Means something to some kinds only: of a joint, or to zones that are circles, or polygons.
static bool is_of_some_kinds(const Column *column)
{
    static const char *const joints[] = {"axis", "lower", "upper", "stiffness", "damping", "rest", NULL};
    static const char *const zones[] = {"radius", "point_first", "point_count", NULL};
    return (strcmp(column->array, "joints") == 0 && is_among(column->name, joints)) ||
           (strcmp(column->array, "zones") == 0 && is_among(column->name, zones));
}

/// All bits set make a NaN, an index of -1, a number of four thousand million.
static void expect_refused(const Column *column)
{
    if (is_free(column))
        return;
    int refused = 0;
    for (int i = 0; i < column->count; i++) {
        char *field = (char *)column->first + (size_t)i * column->stride, kept[16];
        assert_true(column->size <= sizeof kept);
        memcpy(kept, field, column->size);
        memset(field, 0xff, column->size);
        refused += !para_world_def_check(&scene.def, NULL);
        memcpy(field, kept, column->size);
    }
    if (refused < (is_of_some_kinds(column) ? 1 : column->count))
        fail_msg("nonsense in %s/%s is refused in %d of %d", column->array, column->name, refused,
                 column->count);
}

static void test_no_number_of_a_def_is_left_unchecked(void **state)
{
    (void)state;
    make_all_kinds();
    visit_columns(expect_refused);
#define REFUSE_NUMBER(field)                                                                                 \
    {                                                                                                        \
        ParaWorldDef spoilt = scene.def;                                                                     \
        memset(&spoilt.field, 0xff, sizeof spoilt.field);                                                    \
        if (para_world_def_check(&spoilt, NULL))                                                             \
            fail_msg("nonsense in %s is taken", #field);                                                     \
    }
    PARA_WORLD_FIELDS(REFUSE_NUMBER)
}

// ---------------------------------------------------------------------------------------------

static ParaArena *arena;
static ParaWorldDef copy; ///< of the sound scene

/// Two defs differ, at that place.
static void expect_different(const ParaWorldDef *a, const ParaWorldDef *b, const char *where)
{
    char told[64];
    assert_false(para_world_def_equal(a, b, told, sizeof told));
    assert_string_equal(told, where);
    assert_false(para_world_def_equal(a, b, NULL, 0));
}

static void expect_equal(const ParaWorldDef *a, const ParaWorldDef *b)
{
    char told[64];
    if (!para_world_def_equal(a, b, told, sizeof told))
        fail_msg("differ in %s", told);
    assert_string_equal(told, "");
}

/// A change of the last item's field is seen, named, and not in the copy.
static void expect_named(const Column *column)
{
    char *field = (char *)column->first + (size_t)(column->count - 1) * column->stride, where[64];
    snprintf(where, sizeof where, "/%s/%d/%s", column->array, column->count - 1, column->name);
    field[column->size - 1] ^= 1; // a bool stays one
    expect_different(&scene.def, &copy, where);
    expect_different(&copy, &scene.def, where);
    field[column->size - 1] ^= 1;
    expect_equal(&scene.def, &copy);
}

static void test_a_copy_has_every_field_and_a_difference_is_named(void **state)
{
    (void)state;
    make_all_kinds();
    arena = para_arena_create(4096, 1 << 20);
    copy = para_world_def_copy(&scene.def, arena);
    expect_equal(&scene.def, &copy);
    visit_columns(expect_named);
#define NAME_NUMBER(field)                                                                                   \
    {                                                                                                        \
        ParaWorldDef other = copy;                                                                           \
        memset(&other.field, 0x11, sizeof other.field);                                                      \
        expect_different(&copy, &other, "/" #field);                                                         \
    }
    PARA_WORLD_FIELDS(NAME_NUMBER)
#define NAME_COUNT(array, count, Type, FIELDS, most)                                                         \
    {                                                                                                        \
        ParaWorldDef other = copy;                                                                           \
        other.count--;                                                                                       \
        expect_different(&copy, &other, "/" #count);                                                         \
    }
    PARA_WORLD_ARRAYS(NAME_COUNT)
    para_arena_destroy(arena);
}

static void test_a_built_world_holds_its_def(void **state)
{
    (void)state;
    make_all_kinds();
    ParaWorldGroup *group = scene_group(&scene, 2);
    ParaWorld world = para_world_at(group, 0), other = para_world_at(group, 1);
    expect_equal(&scene.def, para_world_view(world)->def);
    assert_true(para_world_clone(world, other, NULL));
    expect_equal(&scene.def, para_world_view(other)->def);
    uint64_t hash = para_world_hash(world);
    // Again from its own memory: whole, and with one array that begins in the middle of its own.
    assert_true(para_world_build(world, para_world_view(world)->def, NULL));
    expect_equal(&scene.def, para_world_view(world)->def);
    assert_true(para_world_hash(world) == hash);
    scene.def.zones++;
    scene.def.zone_count--;
    ParaWorldDef fewer = scene.def;
    fewer.zones = para_world_view(world)->def->zones + 1;
    assert_true(para_world_build(world, &fewer, NULL));
    expect_equal(&scene.def, para_world_view(world)->def);
    para_world_group_destroy(group);
}

const struct CMUnitTest para_tests_world_def_copy[] = {
    cmocka_unit_test(test_no_number_of_a_def_is_left_unchecked),
    cmocka_unit_test(test_a_copy_has_every_field_and_a_difference_is_named),
    SCENE_TEST(test_a_built_world_holds_its_def),
};
const size_t para_tests_world_def_copy_count =
    sizeof para_tests_world_def_copy / sizeof *para_tests_world_def_copy;
