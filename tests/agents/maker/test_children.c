// SPDX-License-Identifier: MIT
// Children of levels, and picks that carry edits: kept, told as a recipe and made again they are the same
// level; a child by structure is its parent with a few edits more; none is more than its player can see or
// its solver takes; one by parameters swaps parts of a composed family.
#include "agents/maker/children.h"

#include "tests/agents/tiny.h"
#include "tests/tests.h"

#include <stdlib.h>
#include <string.h>

typedef struct Fixture {
    ParaArena *arena;
    ParaFamilies families; ///< push and rise
    ParaMakerDef def;
} Fixture;

static int set_up(void **state)
{
    static const char *const names[] = {"push", "rise"};
    Fixture *f = calloc(1, sizeof *f);
    f->arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    f->families = tiny_families(names, 2, f->arena);
    f->def = para_maker_def_default("accel");
    f->def.families = &f->families;
    f->def.structure = 1;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *f = *state;
    para_arena_destroy(f->arena);
    free(f);
    return 0;
}

static const ParaLevel *level_of(const Fixture *f, const ParaPick *pick)
{
    ParaPick copy = *pick;
    const ParaLevel *level = para_families_sample(&f->families, &copy, "accel", f->arena);
    assert_true(level && copy.seed == pick->seed);
    return level;
}

/// A kept level of rise, with values of its own or its seed's.
static ParaKept parent_of(const Fixture *f, bool bound)
{
    ParaKept kept = {.pick = {.family = 1, .seed = 5}};
    ParaPick pick = kept.pick;
    assert_true(para_pick_values(&f->families, &pick, f->arena, pick.values, &kept.hash));
    pick.bound = bound;
    kept.pick = pick;
    return kept;
}

/// A line of children by structure, until it has so many edits.
static ParaKept descendant(const Fixture *f, bool bound, int edits, ParaRng *rng)
{
    ParaKept kept = parent_of(f, bound);
    for (int i = 0; kept.pick.edit_count < edits && i < 200; i++) {
        ParaPick child;
        if (!para_pick_edited(&f->def, &kept, rng, f->arena, &child))
            continue;
        kept = (ParaKept){.pick = child, .hash = level_of(f, &child)->hash};
    }
    assert_true(kept.pick.edit_count >= edits);
    return kept;
}

// ---------------------------------------------------------------- picks

static void test_picks_with_edits_are_saved_and_loaded(void **state)
{
    Fixture *f = *state;
    ParaRng rng = para_rng_make(1, "children");
    for (int bound = 0; bound <= 1; bound++) {
        ParaPick pick = descendant(f, bound, 5, &rng).pick, plain = pick;
        plain.edit_count = 0;
        ParaBytes saved = {.arena = f->arena}, before = {.arena = f->arena};
        para_pick_save(&saved, &pick);
        para_pick_save(&before, &plain);
        size_t old = 21 + (bound ? 8 * PARA_PARAMS_MAX : 0); // family, seed, parent, bound, values
        assert_int_equal(before.size, old);
        assert_int_equal(saved.size, old + 1 + 9 * (size_t)pick.edit_count);
        ParaBytesReader in = {.data = saved.data, .size = saved.size};
        ParaPick again = para_pick_load(&in, 0, 1);
        assert_true(para_bytes_read_whole(&in) && para_pick_is(&again, &pick) &&
                    !para_pick_is(&again, &plain));
        assert_int_equal(again.parent, pick.parent);
        again.edits[2].seed++;
        assert_false(para_pick_is(&again, &pick));
        for (size_t size = 0; size < saved.size; size++) {
            in = (ParaBytesReader){.data = saved.data, .size = size};
            para_pick_load(&in, 0, 1);
            assert_true(in.bad);
        }
        const struct {
            size_t at;
            uint8_t is;
        } wrong[] = {{20, 4}, {20, 255}, {old, 0}, {old, PARA_EDITS_MAX + 1}, {old + 1, PARA_EDIT_COUNT}};
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            uint8_t *bytes = PARA_NEW(f->arena, uint8_t, saved.size + 256);
            memcpy(bytes, saved.data, saved.size);
            bytes[wrong[i].at] = wrong[i].is;
            in = (ParaBytesReader){.data = bytes, .size = saved.size + 256};
            again = para_pick_load(&in, 0, 1);
            assert_true(in.bad && again.edit_count <= PARA_EDITS_MAX);
        }
    }
}

static void test_recipes_tell_edits_and_are_read_again(void **state)
{
    Fixture *f = *state;
    ParaRng rng = para_rng_make(2, "children");
    const ParaTemplate *t = f->families.whole[1];
    for (int bound = 0; bound <= 1; bound++) {
        ParaKept kept = descendant(f, bound, 7, &rng);
        const char *recipe = para_pick_recipe(&f->families, &kept.pick, f->arena);
        assert_true((strstr(recipe, "\"params\"") != NULL) == bound && strstr(recipe, "\"edits\":\""));
        ParaPick again = {.family = 1, .seed = kept.pick.seed};
        assert_true(para_pick_read_recipe(t, recipe, &again));
        assert_true(para_pick_is(&again, &kept.pick));
        assert_int_equal(para_pick_level(t, &again, "", f->arena)->hash, kept.hash);
    }
    char many[(PARA_EDITS_MAX + 1) * 12 + 16] = "{\"edits\":\"add_body:1";
    for (int i = 0; i < PARA_EDITS_MAX; i++)
        strcat(many, " add_body:1");
    strcat(many, "\"}");
    const char *const bad[] = {
        "{}",
        "",
        "{\"edits\":3}",
        "{\"edits\":\"\"}",
        "{\"edits\":\"no_such:1\"}",
        "{\"edits\":\"add_body\"}",
        "{\"edits\":[\"add_body:1\"]}",
        "{\"params\":{\"height\":1,\"weight\":1,\"weights\":1},\"edits\":\"add_body:x\"}",
        "{\"params\":{\"height\":9,\"weight\":1,\"weights\":1},\"edits\":\"add_body:1\"}",
        many};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ParaPick pick = {.family = 1};
        if (para_pick_read_recipe(t, bad[i], &pick))
            fail_msg("%s", bad[i]);
        assert_in_range(pick.edit_count, 0, PARA_EDITS_MAX);
    }
}

static void test_an_edit_that_cannot_be_done_makes_no_level(void **state)
{
    Fixture *f = *state;
    // Nothing of rise is a hinge or rope: each seed is tried, and none holds.
    ParaPick pick = {.family = 1, .seed = 3, .edits = {{.kind = PARA_EDIT_RETUNE_JOINT, .seed = 1}}};
    pick.edit_count = 1;
    assert_null(para_families_sample(&f->families, &pick, "", f->arena));
    pick.edit_count = 0;
    assert_non_null(para_families_sample(&f->families, &pick, "", f->arena));
}

// ---------------------------------------------------------------- children

static void test_children_by_structure_are_their_parents_edited(void **state)
{
    Fixture *f = *state;
    ParaRng rng = para_rng_make(3, "children");
    ParaKept kept = parent_of(f, false);
    int most = 0, least = PARA_EDITS_MAX;
    for (int i = 0; i < 60; i++) {
        ParaPick child;
        if (!para_pick_edited(&f->def, &kept, &rng, f->arena, &child)) {
            assert_int_equal(kept.pick.edit_count, PARA_EDITS_MAX);
            kept = parent_of(f, i % 2 == 1);
            continue;
        }
        int more = child.edit_count - kept.pick.edit_count;
        assert_true(more >= 1 && more <= f->def.edits && child.seed == kept.pick.seed);
        most = more > most ? more : most;
        least = more < least ? more : least;
        assert_int_equal(child.parent, kept.hash);
        assert_memory_equal(child.edits, kept.pick.edits, sizeof *child.edits * (size_t)kept.pick.edit_count);
        // From the parent's level by the new ones alone, and from the member by all.
        const ParaLevel *level = level_of(f, &child), *parent = level_of(f, &kept.pick);
        const ParaLevel *edited =
            para_edits_apply(parent, child.edits + kept.pick.edit_count, more, f->arena, NULL, 0);
        assert_int_equal(edited->hash, level->hash);
        ParaPick member = child;
        ParaEdit told[PARA_EDITS_MAX];
        member.edit_count = 0;
        assert_int_equal(level->parent, level_of(f, &member)->hash);
        assert_int_equal(para_edits_read(level->edits, told), child.edit_count);
        for (int k = 0; k < child.edit_count; k++)
            assert_true(told[k].kind == child.edits[k].kind && told[k].seed == child.edits[k].seed);
        assert_string_equal(level->maker, "accel");
        kept = (ParaKept){.pick = child, .hash = level->hash};
    }
    assert_true(least == 1 && most == f->def.edits);
}

static void test_structure_is_the_share_of_children_by_it(void **state)
{
    Fixture *f = *state;
    ParaRng rng = para_rng_make(4, "children"), same = rng;
    ParaKept kept = descendant(f, true, 3, &rng), first = parent_of(f, true);
    int edited = 0;
    ParaPick child;
    f->def.structure = 0.25;
    for (int i = 0; i < 400; i++) {
        assert_true(para_pick_any_child(&f->def, &kept, &rng, f->arena, &child));
        bool longer = child.edit_count > kept.pick.edit_count;
        edited += longer;
        assert_int_equal(child.parent, kept.hash);
        // By parameters: the parent's edits, done to another member.
        if (!longer)
            assert_true(child.seed != kept.pick.seed && child.edit_count == kept.pick.edit_count &&
                        child.edits[0].seed == kept.pick.edits[0].seed);
    }
    assert_in_range(edited, 60, 140);
    // Without structure children are what they were before there was any.
    f->def.structure = 0;
    ParaRng other = same;
    for (int i = 0; i < 100; i++) {
        ParaPick want = para_pick_child(&f->families, &first.pick, first.hash, f->def.edits, &other);
        assert_true(para_pick_any_child(&f->def, &first, &same, f->arena, &child));
        assert_true(para_pick_is(&child, &want) && child.edit_count == 0);
    }
    // A full chain begins anew.
    f->def.structure = 1;
    kept = descendant(f, true, PARA_EDITS_MAX, &rng);
    assert_true(para_pick_any_child(&f->def, &kept, &rng, f->arena, &child));
    assert_true(child.edit_count == 0 && child.seed != kept.pick.seed && child.parent == kept.hash);
}

static void test_children_show_all_that_moves_in_a_vector(void **state)
{
    Fixture *f = *state;
    ParaRng rng = para_rng_make(5, "children");
    ParaKept kept = parent_of(f, true);
    int size = para_obs_spec_vector(level_of(f, &kept.pick)).size, larger = 0, made = 0;
    for (int vector = 0; vector <= 1; vector++) {
        if (vector)
            f->def.obs = para_obs_spec_sized(size);
        for (int i = 0; i < 200; i++) {
            ParaPick child;
            if (!para_pick_edited(&f->def, &kept, &rng, f->arena, &child))
                continue;
            bool more = para_obs_spec_vector(level_of(f, &child)).size > size;
            assert_true(!vector || !more);
            larger += more;
            made += vector;
        }
    }
    assert_true(larger > 10 && made > 50);
}

static void test_children_of_composed_levels_swap_parts(void **state)
{
    Fixture *f = *state;
    static const char *const name[] = {"overland"};
    const char *error = NULL;
    ParaFamilies composed;
    assert_true(para_families_load(&composed, name, 1, f->arena, &error));
    const ParaTemplate *t = composed.templates[0];
    ParaRng rng = para_rng_make(6, "children");
    ParaPick pick = {.seed = 8};
    uint64_t hash = 0;
    pick.bound = para_pick_values(&composed, &pick, f->arena, pick.values, &hash);
    assert_true(pick.bound);
    static const char *const parts[] = {"terrain", "body", "task", "weather", "machine"};
    int swapped[5] = {0};
    for (int i = 0; i < 400; i++) {
        ParaPick child = para_pick_child(&composed, &pick, hash, 3, &rng);
        for (int p = 0; p < para_template_param_count(t); p++)
            for (int k = 0; k < 5; k++)
                swapped[k] += strcmp(para_template_param(t, p)->name, parts[k]) == 0 &&
                              child.values[p] != pick.values[p];
    }
    for (int k = 0; k < 5; k++) // 1 of 13 parameters, three times, two ways of three
        assert_in_range(swapped[k], 25, 95);
}

const struct CMUnitTest para_tests_children[] = {
    cmocka_unit_test_setup_teardown(test_picks_with_edits_are_saved_and_loaded, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_recipes_tell_edits_and_are_read_again, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_an_edit_that_cannot_be_done_makes_no_level, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_children_by_structure_are_their_parents_edited, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_structure_is_the_share_of_children_by_it, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_children_show_all_that_moves_in_a_vector, set_up, tear_down),
    cmocka_unit_test_setup_teardown(test_children_of_composed_levels_swap_parts, set_up, tear_down),
};
const size_t para_tests_children_count = sizeof para_tests_children / sizeof *para_tests_children;
