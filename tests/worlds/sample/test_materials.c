// SPDX-License-Identifier: MIT
// What bodies are made of: each number comes from the material unless the body or its shape says it; look and
// sound are kept for who shows and plays them, and are no part of the level that is played.
#include "tests/worlds/rules/run.h"

static const ParaLevel *made(const char *materials, const char *body, const char *shape, ParaArena *arena)
{
    const char *text = para_arena_printf(arena,
                                         "{\"paracosm\": 1, \"name\": \"t\", \"params\": {\"p\": {\"range\": "
                                         "[3, 3]}}%s, \"bodies\": [{\"name\": "
                                         "\"ball\", \"at\": [2, 2], \"shape\": {\"circle\": 0.5%s}%s}], "
                                         "\"player\": {\"body\": \"ball\"}, \"goal\": "
                                         "{\"time\": 1}}",
                                         materials, shape, body);
    return level_of(text, arena);
}

static void check(const ParaLevel *level, double density, double friction, double restitution, int look,
                  int sound)
{
    const ParaShapeDef *shape = &level->world.shapes[0];
    assert_near((double)shape->density, density, 1e-6);
    assert_near((double)shape->friction, friction, 1e-6);
    assert_near((double)shape->restitution, restitution, 1e-6);
    assert_int_equal(level->body_looks ? level->body_looks[0] : 0, look);
    assert_int_equal(level->body_sounds ? level->body_sounds[0] : 0, sound);
}

static void test_materials_give_what_is_not_said(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
    check(made("", "", "", arena), 1, 0.6, 0, 0, 0);
    check(made("", ", \"material\": \"ice\"", "", arena), 0.9, 0.1, 0.3, PARA_MATERIAL_ICE,
          PARA_MATERIAL_ICE);
    check(made("", ", \"friction\": 0.3, \"material\": \"metal\", \"look\": \"none\"", "", arena), 7.8, 0.3,
          0.5, 0, PARA_MATERIAL_METAL);
    check(made("", ", \"material\": \"wood\"", ", \"density\": 9", arena), 9, 0.6, 0.4, PARA_MATERIAL_WOOD,
          PARA_MATERIAL_WOOD);
    static const char own[] =
        ", \"materials\": [{\"name\": \"mud\", \"density\": \"p / 2\", \"look\": \"earth\"}, "
        "{\"name\": \"ice\", \"friction\": 0.02, \"sound\": \"glass\"}]";
    check(made(own, ", \"material\": \"mud\"", "", arena), 1.5, 0.6, 0, PARA_MATERIAL_EARTH, 0);
    check(made(own, ", \"material\": \"ice\"", "", arena), 1, 0.02, 0, 0,
          PARA_MATERIAL_GLASS); // instead of ours
    check(made(own, ", \"material\": \"stone\"", "", arena), 2.6, 0.8, 0.4, PARA_MATERIAL_STONE,
          PARA_MATERIAL_STONE);
    para_arena_destroy(arena);
}

static void test_materials_looks_are_kept_and_not_played(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
    const ParaLevel *plain = made("", "", "", arena);
    const ParaLevel *seen = made("", ", \"look\": \"glass\", \"sound\": \"wood\"", "", arena);
    assert_true(plain->hash == seen->hash && plain->body_looks == NULL && plain->body_sounds == NULL);
    const ParaLevel *back = level_of(para_level_to_json(seen, arena), arena),
                    *copied = para_level_copy(seen, arena);
    check(back, 1, 0.6, 0, PARA_MATERIAL_GLASS, PARA_MATERIAL_WOOD);
    check(copied, 1, 0.6, 0, PARA_MATERIAL_GLASS, PARA_MATERIAL_WOOD);
    assert_true(copied->body_looks != seen->body_looks && copied->body_sounds != seen->body_sounds);
    para_arena_destroy(arena);
}

/// On a slope of 0.2 rad of wood a block of ice slides down, one of rubber stays; on both solvers.
static void test_materials_slide_and_grip(void **state)
{
    (void)state;
    // The middle of a block of half height 0.25 on a plank of half height 0.2, two metres up and down the
    // slope.
    static const char block[] =
        "{\"name\": \"%s\", \"material\": \"%s\", \"at\": [%.6f, %.6f], \"angle\": 0.2, "
        "\"shape\": {\"box\": [1, 0.5]}}";
    char bodies[1000], ice[200], rubber[200];
    double c = cos(0.2), s = sin(0.2);
    snprintf(ice, sizeof ice, block, "ice", "ice", 20 - 2 * c - 0.45 * s, 8 - 2 * s + 0.45 * c);
    snprintf(rubber, sizeof rubber, block, "rubber", "rubber", 20 + 2 * c - 0.45 * s, 8 + 2 * s + 0.45 * c);
    snprintf(bodies, sizeof bodies,
             "{\"static\": true, \"material\": \"wood\", \"at\": [20, 8], \"angle\": 0.2, \"shape\": "
             "{\"box\": [20, "
             "0.4]}}, %s, %s",
             ice, rubber);
    Run run = begin((Parts){.bodies = bodies});
    double ice_at = x_of(&run, "ice"), rubber_at = x_of(&run, "rubber");
    steps(&run, 2 * RATE);
    // g (sin 0.2 - 0.06 cos 0.2) is 1.372 m/s^2: 2.74 m down the slope in 2 s.
    assert_near((ice_at - x_of(&run, "ice")) / c, 2.74, 0.15);
    assert_near(x_of(&run, "rubber"), rubber_at, 0.02);
    end(&run);
}

const struct CMUnitTest para_tests_materials[] = {
    cmocka_unit_test(test_materials_give_what_is_not_said),
    cmocka_unit_test(test_materials_looks_are_kept_and_not_played),
    SCENE_TEST(test_materials_slide_and_grip),
};
const size_t para_tests_materials_count = sizeof para_tests_materials / sizeof *para_tests_materials;
