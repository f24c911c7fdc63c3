// SPDX-License-Identifier: MIT
// Random levels of Kinetix: what is drawn how often, against the constants that Kinetix's generator has; that
// such a level is the one which the importer makes of the same scene; that it comes back from its own file.
#include "tests/worlds/rules/run.h"

#include "engine/base/maths.h"
#include "worlds/generate/kinetix.h"
#include "worlds/import/kinetix_parts.h"
#include "worlds/library.h"

#define DRAWN 4000 // scenes of each size

/// A mean of numbers, or a share of cases.
typedef struct Mean {
    double sum, least, most;
    int count;
} Mean;

static void note(Mean *mean, double value)
{
    mean->least = mean->count == 0 || value < mean->least ? value : mean->least;
    mean->most = mean->count == 0 || value > mean->most ? value : mean->most;
    mean->sum += value;
    mean->count++;
}

/// @param tolerance about four times the error of the mean
static void expect(const char *what, Mean mean, double wanted, double tolerance)
{
    double value = mean.sum / mean.count;
    if (mean.count == 0 || !(fabs(value - wanted) <= tolerance))
        fail_msg("%s: %.4f of %d; %.4f was expected, within %.4f", what, value, mean.count, wanted,
                 tolerance);
}

static void expect_range(const char *what, Mean mean, double least, double most, double near)
{
    bool inside = mean.least >= least && mean.most <= most;
    if (!inside || mean.least > least + near || mean.most < most - near)
        fail_msg("%s: %.4f to %.4f; %.4f to %.4f was expected, and all of it", what, mean.least, mean.most,
                 least, most);
}

/// Calls a function for each of many scenes of a size.
static void each_scene(ParaKxSize size, void (*look)(const ParaKxScene *scene, void *into), void *into)
{
    ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
    for (uint64_t seed = 0; seed < DRAWN; seed++) {
        ParaArenaMark mark = para_arena_mark(arena);
        ParaKxScene scene = para_kx_random(size, seed, arena);
        look(&scene, into);
        para_arena_rewind(arena, mark);
    }
    para_arena_destroy(arena);
}

static int joints_of(const ParaKxScene *scene, int body)
{
    int count = 0;
    for (int j = 0; j < scene->joint_count; j++)
        count += scene->joints[j].a == body || scene->joints[j].b == body;
    return count;
}

static int count_role(const ParaKxScene *scene, ParaKxRole role)
{
    int count = 0;
    for (int b = 0; b < scene->body_count; b++)
        count += scene->bodies[b].role == role;
    return count;
}

// ---------------------------------------------------------------------------------------------
// What holds of every level.

static void check_scene(const ParaKxScene *scene, void *into)
{
    ParaKxCapacity room = para_kx_capacity(*(ParaKxSize *)into);
    int polygons = 0, moving_goals = 0;
    for (int b = 0; b < scene->body_count; b++) {
        const ParaKxBody *body = &scene->bodies[b];
        polygons += !body->circle;
        assert_true(b < PARA_KX_WALLS || body->mode == 1);
        assert_true(body->friction == 1 && body->restitution == 0);
        assert_true(body->circle || body->corners == 4);
        assert_true(joints_of(scene, b) <= (body->circle ? 1 : 3));
        assert_true(b >= PARA_KX_WALLS || (body->fixed && joints_of(scene, b) == 0));
        moving_goals += !body->fixed && (body->role == PARA_KX_GREEN || body->role == PARA_KX_BLUE);
    }
    assert_true(polygons <= room.polygons && scene->body_count - polygons <= room.circles);
    assert_true(scene->joint_count <= room.joints && scene->thruster_count <= room.thrusters);
    assert_true(scene->body_count >= PARA_KX_WALLS + 3);
    assert_int_equal(count_role(scene, PARA_KX_GREEN), 1);
    assert_int_equal(count_role(scene, PARA_KX_BLUE), 1);
    assert_true(count_role(scene, PARA_KX_RED) <= 1 && moving_goals >= 1);
    for (int j = 0; j < scene->joint_count; j++) {
        const ParaKxJoint *joint = &scene->joints[j];
        const ParaKxBody *a = &scene->bodies[joint->a], *b = &scene->bodies[joint->b];
        assert_false(a->fixed && b->fixed);
        assert_false(a->circle); // from a polygon to another, or to a circle's middle
        assert_true(!b->circle || (joint->anchor_b.x == 0 && joint->anchor_b.y == 0));
        assert_true(a->role + b->role != PARA_KX_GREEN + PARA_KX_BLUE || a->role == PARA_KX_NONE ||
                    b->role == PARA_KX_NONE);
        assert_true(joint->weld || joint->rest == 0);
        assert_near(joint->weld ? para_kx_start(scene, joint) : 0, 0, 1e-9);
    }
    for (int t = 0; t < scene->thruster_count; t++)
        assert_false(scene->bodies[scene->thrusters[t].body].fixed);
}

static void test_kinetix_random_levels_hold_what_theirs_hold(void **state)
{
    (void)state;
    for (int size = 0; size < PARA_KX_SIZES; size++) {
        ParaKxSize own = (ParaKxSize)size;
        each_scene(own, check_scene, &own);
    }
}

// ---------------------------------------------------------------------------------------------
// How often what is drawn.

typedef struct Roles {
    Mean blue_floor, red_floor, red, apart, left;
} Roles;

static void look_at_roles(const ParaKxScene *scene, void *into)
{
    Roles *roles = into;
    double green = 0, blue = 0;
    ParaKxRole ground = scene->bodies[0].role;
    note(&roles->blue_floor, ground == PARA_KX_BLUE);
    note(&roles->red_floor, ground == PARA_KX_RED);
    if (ground != PARA_KX_NONE)
        return;
    note(&roles->red, count_role(scene, PARA_KX_RED));
    for (int b = PARA_KX_WALLS; b < scene->body_count; b++) {
        green = scene->bodies[b].role == PARA_KX_GREEN ? scene->bodies[b].x : green;
        blue = scene->bodies[b].role == PARA_KX_BLUE ? scene->bodies[b].x : blue;
    }
    note(&roles->apart, (green < PARA_KX_WIDE / 2) != (blue < PARA_KX_WIDE / 2));
    note(&roles->left, green < PARA_KX_WIDE / 2);
}

/// Of each of green and blue a half takes its own side, the rest any: with 3/4 one is on its own.
static void test_kinetix_random_roles_are_as_often(void **state)
{
    (void)state;
    Roles roles = {0};
    each_scene(PARA_KX_SMALL, look_at_roles, &roles);
    expect("blue floor", roles.blue_floor, 0.02, 0.009);
    expect("red floor", roles.red_floor, 0.08, 0.017);
    // One shape behind the two: 1/3 to 1, unless it is joined to one of them, as two of three are.
    expect("red shapes", roles.red, 0.25 / 3, 0.018);
    expect("green and blue in other halves", roles.apart, 0.75 * 0.75 + 0.25 * 0.25, 0.033);
    expect("green on the left", roles.left, 0.5, 0.034);
}

typedef struct Forms {
    Mean circles, half, longer, radius, angle, fixed, height;
} Forms;

static void look_at_forms(const ParaKxScene *scene, void *into)
{
    Forms *forms = into;
    for (int b = PARA_KX_WALLS; b < scene->body_count; b++) {
        const ParaKxBody *body = &scene->bodies[b];
        double x = (double)body->corner[2].x, y = (double)body->corner[2].y;
        note(&forms->circles, body->circle);
        note(&forms->fixed, body->fixed);
        note(&forms->angle, body->angle);
        if (body->circle) {
            note(&forms->radius, body->radius);
        } else {
            note(&forms->half, x);
            note(&forms->half, y);
            note(&forms->longer, x > 0.3536 || y > 0.3536);
        }
        if (joints_of(scene, b) == 0 && body->circle)
            note(&forms->height, (body->y - PARA_KX_GROUND - body->radius) /
                                     (PARA_KX_WIDE - PARA_KX_GROUND - 2 * body->radius));
    }
}

/// Of the small ones nothing is chosen by where it is: they have the distributions themselves.
static void test_kinetix_random_forms_are_as_often(void **state)
{
    (void)state;
    Forms forms = {0};
    each_scene(PARA_KX_SMALL, look_at_forms, &forms);
    double most = 0.5 / sqrt(2.0), mean = (0.05 + most) / 2;
    expect("half a side", forms.half, mean * 1.15, 0.008);
    expect_range("half a side", forms.half, 0.05, 2 * most + 1e-6, 0.01);
    expect("a side that is doubled", forms.longer, 0.3 * (most - most / 2) / (most - 0.05), 0.025);
    expect("radius", forms.radius, 0.25, 0.005);
    expect_range("radius", forms.radius, 0.1, 0.4, 0.002);
    expect("angle", forms.angle, PARA_PI, 0.07);
    expect_range("angle", forms.angle, 0, 2 * PARA_PI, 0.02);
    expect("height of a free circle", forms.height, 0.5, 0.025);
    expect("fixed", forms.fixed, 0, 0);
    // One rectangle there may be and two circles, so always all three of them.
    expect("circles", forms.circles, 2.0 / 3, 1e-9);
}

typedef struct Fixtures {
    Mean heavy, lighter, high;
    Mean touching; ///< free shapes that touch another
} Fixtures;

static void look_at_fixtures(const ParaKxScene *scene, void *into)
{
    Fixtures *fixtures = into;
    for (int b = PARA_KX_WALLS; b < scene->body_count; b++) {
        const ParaKxBody *body = &scene->bodies[b];
        double mass = para_kx_unit_mass(body).mass;
        int contacts = 0;
        ParaKxOutline outline = para_kx_outline(body);
        for (int o = 0; o < scene->body_count; o++) {
            ParaKxOutline other = para_kx_outline(&scene->bodies[o]);
            if (o != b && scene->bodies[o].component != body->component)
                contacts += para_kx_contacts(&other, &outline);
        }
        note(&fixtures->touching, contacts > 0);
        bool goal = body->role == PARA_KX_GREEN || body->role == PARA_KX_BLUE;
        if (goal && body->fixed)
            note(&fixtures->high, body->y > PARA_KX_WIDE / 2);
        if (goal || joints_of(scene, b) > 0)
            continue;
        if (mass > 0.246)
            note(&fixtures->heavy, body->fixed);
        else if (mass < 0.2)
            note(&fixtures->lighter, body->fixed - 4 * mass);
    }
}

/// A shape is fixed with a chance of 0.02 + 4 m: beyond 0.245 kg always.
static void test_kinetix_random_fixtures_are_as_often(void **state)
{
    (void)state;
    Fixtures medium = {0}, small = {0};
    each_scene(PARA_KX_SMALL, look_at_fixtures, &small);
    each_scene(PARA_KX_MEDIUM, look_at_fixtures, &medium);
    expect("heavy ones fixed", medium.heavy, 1, 0);
    expect("lighter ones fixed, but for 4 m", medium.lighter, 0.02, 0.04);
    // Above the middle lies half of them less what lies there by its size; of those 0.6 go down.
    expect("fixed green and blue above the middle", medium.high, 0.4 * 0.55, 0.04);
    expect("touching, of one proposal", small.touching, 0.055, 0.03);
    expect("touching, of eight", medium.touching, 0.003, 0.003);
}

typedef struct Controls {
    Mean joints, motors, speed, wheel, power, limited, low, high, channel[PARA_KX_MOTORS], welds, idle;
    Mean thrusters, push, aligned, second, shapes;
    Mean held;   ///< joints to what is fixed
    Mean hidden; ///< joints where one of the two never shows beside the other
} Controls;

/// [m] How far the furthest corner is from a place in a shape, and how near its rim is.
static void far_and_near(const ParaKxBody *body, ParaVec2 at, double *out_far, double *out_near)
{
    *out_far = *out_near = body->radius;
    if (body->circle)
        return;
    double x = (double)body->corner[2].x, y = (double)body->corner[2].y;
    double at_x = fabs((double)at.x), at_y = fabs((double)at.y);
    *out_far = hypot(x + at_x, y + at_y);
    *out_near = fmin(x - at_x, y - at_y);
}

static bool is_hidden(const ParaKxScene *scene, const ParaKxJoint *joint)
{
    double far_a, near_a, far_b, near_b;
    far_and_near(&scene->bodies[joint->a], joint->anchor_a, &far_a, &near_a);
    far_and_near(&scene->bodies[joint->b], joint->anchor_b, &far_b, &near_b);
    return far_a < near_b + 0.05 || far_b < near_a + 0.05;
}

static void look_at_joints(const ParaKxScene *scene, Controls *controls)
{
    int welds = 0;
    for (int j = 0; j < scene->joint_count; j++) {
        const ParaKxJoint *joint = &scene->joints[j];
        bool wheel = scene->bodies[joint->b].circle;
        welds += joint->weld;
        note(&controls->held, scene->bodies[joint->a].fixed || scene->bodies[joint->b].fixed);
        note(&controls->hidden, is_hidden(scene, joint));
        for (int c = 0; c < PARA_KX_MOTORS; c++)
            note(&controls->channel[c], joint->channel == c);
        if (joint->weld)
            continue;
        note(&controls->motors, joint->motor);
        note(&controls->speed, joint->speed);
        note(wheel ? &controls->wheel : &controls->power, joint->power);
        assert_false(wheel && joint->limited);
        if (!wheel)
            note(&controls->limited, joint->limited);
        if (joint->limited) {
            note(&controls->low, joint->low);
            note(&controls->high, joint->high);
        }
    }
    for (int k = 0; k < scene->joint_count - 2; k++) // the first two are none
        note(&controls->welds, k < welds);
}

static void look_at_controls(const ParaKxScene *scene, void *into)
{
    Controls *controls = into;
    bool acts = scene->thruster_count > 0;
    for (int j = 0; j < scene->joint_count; j++)
        acts |= scene->joints[j].motor;
    look_at_joints(scene, controls);
    note(&controls->idle, !acts);
    note(&controls->joints, scene->joint_count);
    note(&controls->thrusters, scene->thruster_count);
    note(&controls->shapes, scene->body_count - PARA_KX_WALLS);
    for (int t = 0; t < scene->thruster_count; t++) {
        const ParaKxThruster *thruster = &scene->thrusters[t];
        double s, c, x = (double)thruster->at.x, y = (double)thruster->at.y;
        para_sincos(thruster->angle, &s, &c);
        note(&controls->push, thruster->power / para_kx_unit_mass(&scene->bodies[thruster->body]).mass);
        note(&controls->aligned, fabs(x * s - y * c) < 1e-6);
        note(&controls->second, thruster->channel);
    }
}

static void test_kinetix_random_controls_are_as_often(void **state)
{
    (void)state;
    Controls small = {0}, medium = {0}, large = {0};
    each_scene(PARA_KX_SMALL, look_at_controls, &small);
    each_scene(PARA_KX_MEDIUM, look_at_controls, &medium);
    each_scene(PARA_KX_LARGE, look_at_controls, &large);
    expect("joints of small ones", small.joints, 2.0 / 3, 0.03);
    expect("thrusters of small ones", small.thrusters, 2.0 / 3, 0.03);
    expect("small ones that nothing obeys", small.idle, 1.0 / 15, 0.016);
    // Two slots more, each with 0.35 a joint, of two joints at most.
    double first = 1 + 1 - 0.65 * 0.65;
    expect("joints of middling ones", medium.joints, 2 * 0.35 / 3 + 2 * first / 3, 0.045);
    expect("thrusters of middling ones", medium.thrusters, 2.0 / 3 + 0.3, 0.045);
    // 0.7 of a slot comes, but for the second joint behind the first two.
    expect("shapes of middling ones", medium.shapes, 3 + 2 * 0.7 - 2 * 0.35 * 0.35 / 3, 0.04);
    expect("motors", large.motors, 0.8, 0.015);
    expect("speed", large.speed, 1.7, 0.03);
    expect_range("speed", large.speed, 0.4, 3, 0.01);
    expect("power of wheels", large.wheel, 1, 0);
    expect("power between rectangles", large.power, 2, 0.035);
    expect_range("power between rectangles", large.power, 1, 3, 0.01);
    expect("limited", large.limited, 0.4, 0.03);
    expect_range("least angle", large.low, -PARA_PI, 0, 0.02);
    expect_range("most angle", large.high, 0, PARA_PI, 0.02);
    expect("least angle", large.low, -PARA_PI / 2, 0.07);
    expect("welds behind two revolutes", large.welds, 0.5, 0.03);
    for (int c = 0; c < PARA_KX_MOTORS; c++)
        expect("channel", large.channel[c], 0.25, 0.016);
    expect("push by mass", small.push, 2 * 1.25, 0.07);
    expect_range("push by mass", small.push, 2 * 0.5, 2 * 2.0, 0.01);
    expect("thrusters in line with the middle", small.aligned, 0.8, 0.032);
    expect("thrusters of the second channel", small.second, 0.5, 0.04);
    // Within its kind a fixed one is taken a twentieth as often as another; often there is no other.
    expect("joints to what is fixed", medium.held, 0.215, 0.025);
    expect("joints of large ones where one hides the other", large.hidden, 0, 0.001);
    expect("joints of small ones where one hides the other, of one proposal", small.hidden, 0.247, 0.035);
    // Nine slots more, six joints at most, and 8 rectangles and 4 circles.
    expect("shapes of large ones", large.shapes, 3 + 9 * 0.7, 0.15);
}

// ---------------------------------------------------------------------------------------------
// Where what lies.

static ParaKxBody box_at(double x, double y, double angle, float half_x, float half_y)
{
    return (ParaKxBody){
        .slot = PARA_KX_WALLS,
        .corners = 4,
        .corner = {{-half_x, -half_y}, {half_x, -half_y}, {half_x, half_y}, {-half_x, half_y}},
        .x = x,
        .y = y,
        .angle = angle};
}

static ParaKxBody circle_at(double x, double y, double radius)
{
    return (ParaKxBody){.circle = true, .radius = radius, .x = x, .y = y};
}

static void expect_contacts(ParaKxBody a, ParaKxBody b, int count)
{
    ParaKxOutline one = para_kx_outline(&a), two = para_kx_outline(&b);
    assert_int_equal(para_kx_contacts(&one, &two), count);
    assert_int_equal(para_kx_contacts(&two, &one), count);
}

static void test_kinetix_contacts_are_counted(void **state)
{
    (void)state;
    ParaKxBody box = box_at(0, 0, 0, 1, 0.5f);
    expect_contacts(box, box_at(0, 0.9, 0, 0.5f, 0.5f), 2);           // it stands on it
    expect_contacts(box, box_at(0, 1.01, 0, 0.5f, 0.5f), 0);          // above it
    expect_contacts(box, box_at(0, 1.1, PARA_PI / 4, 0.5f, 0.5f), 1); // on its corner
    expect_contacts(box, box_at(1.4, 0.9, 0, 0.5f, 0.5f), 2);         // half over its edge
    expect_contacts(box, box_at(1.6, 0.9, 0, 0.5f, 0.5f), 0);         // beside it
    expect_contacts(box, box_at(1.65, 1.15, PARA_PI / 4, 0.5f, 0.5f),
                    0); // its round reach meets, it does not
    expect_contacts(box, circle_at(0, 0.9, 0.5), 1);
    expect_contacts(box, circle_at(0, 1.1, 0.5), 0);
    expect_contacts(box, circle_at(1.3, 0.8, 0.45), 1); // at the corner
    expect_contacts(box, circle_at(1.3, 0.8, 0.41), 0);
    expect_contacts(box, circle_at(0.1, 0.1, 0.1), 1); // inside
    expect_contacts(circle_at(0, 0, 0.5), circle_at(0.9, 0, 0.5), 1);
    expect_contacts(circle_at(0, 0, 0.5), circle_at(1.1, 0, 0.5), 0);
    expect_contacts(para_kx_wall(0), circle_at(2, 0.5, 0.2), 1);
    expect_contacts(para_kx_wall(1), circle_at(0.3, 2, 0.2), 0);
}

// ---------------------------------------------------------------------------------------------
// As a level.

static const char *const families[PARA_KX_SIZES] = {"kinetix-s", "kinetix-m", "kinetix-l"};

static const ParaTemplate *family_of(int size, ParaArena *arena)
{
    const char *error = NULL;
    const ParaTemplate *t = para_library_load(families[size], arena, &error);
    if (!t)
        fail_msg("%s", error);
    return t;
}

/// The importer's template of a scene and the sampler's level of it agree in every bit.
static void test_kinetix_random_levels_are_those_the_importer_makes(void **state)
{
    (void)state;
    ParaArena *program = para_arena_create(1 << 20, (size_t)1 << 28),
              *arena = para_arena_create(1 << 20, (size_t)1 << 28);
    for (int size = 0; size < PARA_KX_SIZES; size++) {
        const ParaTemplate *t = family_of(size, program);
        for (uint64_t seed = 0; seed < 200; seed++) {
            ParaArenaMark mark = para_arena_mark(arena);
            ParaDiagList list = para_diag_list(arena, "import", NULL);
            ParaKxScene scene = para_kx_random((ParaKxSize)size, seed, arena);
            ParaKinetixChoices choices = {.name = families[size], .from = "itself", .dense = 0.2};
            char *text = para_kx_write(&scene, &choices, arena, &list);
            assert_int_equal(list.error_count, 0);
            const ParaLevel *imported = level_of(text, arena);
            const ParaLevel *level = para_template_sample(t, NULL, seed, arena, NULL);
            assert_non_null(level);
            if (level->hash != imported->hash)
                print_error("seed %d of %s is another level when it is imported:\n%s\n%s\n", (int)seed,
                            families[size], text, para_level_to_json(level, arena));
            assert_true(level->hash == imported->hash);
            para_arena_rewind(arena, mark);
        }
    }
    para_arena_destroy(arena);
    para_arena_destroy(program);
}

/// A saved level is the same one, and says who made it; Kinetix's own JSON carries it there and back.
static void test_kinetix_random_levels_come_back(void **state)
{
    (void)state;
    ParaArena *program = para_arena_create(1 << 20, (size_t)1 << 28),
              *arena = para_arena_create(1 << 20, (size_t)1 << 28);
    for (int size = 0; size < PARA_KX_SIZES; size++) {
        const ParaTemplate *t = family_of(size, program);
        for (uint64_t seed = 0; seed < 100; seed++) {
            ParaArenaMark mark = para_arena_mark(arena);
            ParaDiagList list = para_diag_list(arena, "export", NULL);
            const ParaLevel *level = para_template_sample(t, NULL, seed, arena, NULL);
            const char *json = para_level_to_json(level, arena);
            const ParaLevel *back = level_of(json, arena);
            assert_true(back->hash == level->hash && back->seed == seed);
            assert_string_equal(back->maker, "kinetix");
            assert_string_equal(back->family, families[size]);
            assert_string_equal(para_level_to_json(back, arena), json);
            char *there = para_kinetix_export(level, arena, &list);
            assert_non_null(there);
            assert_int_equal(list.error_count, 0);
            ParaKinetixChoices choices = {.name = families[size], .from = "itself", .dense = 0.2};
            char *text = para_kinetix_import(there, strlen(there), &choices, arena, &list);
            assert_non_null(text);
            const ParaLevel *again = level_of(text, arena);
            assert_true(again->hash == level->hash);
            para_arena_rewind(arena, mark);
        }
    }
    para_arena_destroy(arena);
    para_arena_destroy(program);
}

/// The same levels on every machine, and by every version that does not say otherwise.
static void test_kinetix_random_levels_are_the_same_everywhere(void **state)
{
    (void)state;
    bool good = true;
    static const uint64_t golden[PARA_KX_SIZES] = {0xe39a5c7ca001aab8u, 0xa15605f55501d831u,
                                                   0x7adf2d467ea15b62u};
    ParaArena *program = para_arena_create(1 << 20, (size_t)1 << 28),
              *arena = para_arena_create(1 << 20, (size_t)1 << 28);
    for (int size = 0; size < PARA_KX_SIZES; size++) {
        const ParaTemplate *t = family_of(size, program);
        uint64_t chain = 0;
        for (uint64_t seed = 0; seed < 500; seed++) {
            ParaArenaMark mark = para_arena_mark(arena);
            chain = chain * 0x9e3779b97f4a7c15u + para_template_sample(t, NULL, seed, arena, NULL)->hash;
            para_arena_rewind(arena, mark);
        }
        if (chain != golden[size])
            print_error("%s: 0x%016llx\n", families[size], (unsigned long long)chain);
        good &= chain == golden[size];
    }
    para_arena_destroy(arena);
    para_arena_destroy(program);
    assert_true(good);
}

/// Where everything of such a level stands in its template: where that is said.
static void test_kinetix_random_things_stand_where_they_are_generated(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)1 << 28);
    const ParaTemplate *t = family_of(PARA_KX_LARGE, arena);
    const ParaLevel *level = para_template_sample(t, NULL, 3, arena, NULL);
    ParaOrigins origins = para_template_origins(t, level, arena);
    ParaMadeOf *parts;
    for (int b = 0; b < level->world.body_count; b++)
        assert_string_equal(origins.bodies[b], "/generate");
    for (int j = 0; j < level->world.joint_count; j++)
        assert_string_equal(origins.joints[j], "/generate");
    assert_int_equal(para_template_made_of(t, level, arena, &parts), 0);
    assert_int_equal(level->reward_count, 1);
    assert_near((double)level->rewards[0].weight, 0.2, 1e-6);
    assert_near((double)level->seconds, 256 * 2 / 60.0, 1e-5);
    assert_int_equal(para_level_decisions(level), 256);
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_kinetix_random[] = {
    cmocka_unit_test(test_kinetix_random_levels_hold_what_theirs_hold),
    cmocka_unit_test(test_kinetix_random_roles_are_as_often),
    cmocka_unit_test(test_kinetix_random_forms_are_as_often),
    cmocka_unit_test(test_kinetix_random_fixtures_are_as_often),
    cmocka_unit_test(test_kinetix_random_controls_are_as_often),
    cmocka_unit_test(test_kinetix_contacts_are_counted),
    cmocka_unit_test(test_kinetix_random_levels_are_those_the_importer_makes),
    cmocka_unit_test(test_kinetix_random_levels_come_back),
    cmocka_unit_test(test_kinetix_random_levels_are_the_same_everywhere),
    cmocka_unit_test(test_kinetix_random_things_stand_where_they_are_generated),
};
const size_t para_tests_kinetix_random_count =
    sizeof para_tests_kinetix_random / sizeof *para_tests_kinetix_random;
