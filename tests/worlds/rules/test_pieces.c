// SPDX-License-Identifier: MIT
// What comes when a body breaks: pieces that are all of it and move as it did, or bodies of the author's; on
// both solvers.
#include "tests/worlds/rules/run.h"

#include "engine/base/maths.h"
#include "engine/world/geometry.h"

/// What a run of bodies adds up to.
typedef struct Sum {
    double mass, x, y, px, py, turn, energy; ///< turn: angular momentum about the origin
    int there;
} Sum;

static void add_body(const Run *run, int b, Sum *sum)
{
    const ParaView *v = view(run);
    double m = (double)AT(v, mass, b), vx = (double)AT(v, vx, b), vy = (double)AT(v, vy, b);
    double x = (double)AT(v, centre_x, b), y = (double)AT(v, centre_y, b), spin = (double)AT(v, spin, b);
    const ParaWorldDef *world = &run->level->world;
    int first = 0, last = world->shape_count;
    while (world->shapes[first].body < b)
        first++;
    while (world->shapes[last - 1].body > b)
        last--;
    double inertia = para_body_mass(world, first, last).moment;
    sum->mass += m;
    sum->x += m * x;
    sum->y += m * y;
    sum->px += m * vx;
    sum->py += m * vy;
    sum->turn += m * (x * vy - y * vx) + inertia * spin;
    sum->energy += (m * (vx * vx + vy * vy) + inertia * spin * spin) / 2;
    sum->there += AT(v, enabled, b) != 0;
}

static ParaPieces pieces_of(const Run *run, const char *name)
{
    assert_non_null(run->level->body_pieces);
    return run->level->body_pieces[body(run, name)];
}

static Sum pieces_sum(const Run *run, const char *name)
{
    Sum sum = {0};
    ParaPieces pieces = pieces_of(run, name);
    for (int k = 0; k < pieces.count; k++)
        add_body(run, pieces.first + k, &sum);
    return sum;
}

static Sum whole_sum(const Run *run, const char *name)
{
    Sum sum = {0};
    add_body(run, body(run, name), &sum);
    return sum;
}

static void check_like(Sum sum, Sum whole)
{
    double size = 1 + sum.mass;
    assert_near(sum.mass, whole.mass, 1e-5 * size);
    assert_near(sum.x, whole.x, 1e-4 * size);
    assert_near(sum.y, whole.y, 1e-4 * size);
    assert_near(sum.px, whole.px, 1e-4 * size);
    assert_near(sum.py, whole.py, 1e-4 * size);
    assert_near(sum.turn, whole.turn, 2e-3 * size);
    assert_near(sum.energy, whole.energy, 1e-3 * size);
}

#define GLASS(shape, more)                                                                                   \
    "{\"name\": \"glass\", \"density\": 2, \"at\": [8, 9], \"angle\": 0.4, \"velocity\": [3, 1], "           \
    "\"spin\": 2, \"shape\": " shape more "}"
#define BREAKS(more) ", \"shatters\": {\"impulse\": 1, " more "}"

#define DISC_OF_EIGHT                                                                                        \
    "{\"polygon\": [[1, 0], [0.7, 0.7], [0, 1], [-0.7, 0.7], [-1, 0], [-0.7, -0.7], [0, -1], [0.7, -0.7]]}"

static const char *const forms[] = {"{\"box\": [1, 1]}", "{\"box\": [3, 0.2]}", "{\"circle\": 0.6}",
                                    "{\"polygon\": [[-1, -0.5], [1, -0.5], [0, 1]]}", DISC_OF_EIGHT};

static Run glass(const char *form, int pieces)
{
    char bodies[800];
    snprintf(bodies, sizeof bodies, GLASS("%s", BREAKS("\"pieces\": %d")), form, pieces);
    return begin((Parts){.bodies = bodies});
}

/// As many as were asked for, with area, mass and middle of the whole, each within it.
static void test_pieces_are_all_of_the_whole(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
        for (int count = 2; count <= PARA_PIECES_MAX; count++) {
            Run run = glass(forms[f], count);
            ParaPieces pieces = pieces_of(&run, "glass");
            Sum sum = pieces_sum(&run, "glass"), whole = whole_sum(&run, "glass");
            assert_int_equal(pieces.count, count);
            assert_int_equal(sum.there, 0); // not before it breaks
            assert_near(sum.mass, whole.mass, 1e-5 * whole.mass);
            assert_near(sum.x / sum.mass, whole.x / whole.mass, 1e-4);
            assert_near(sum.y / sum.mass, whole.y / whole.mass, 1e-4);
            for (int k = 0; k < count; k++) { // none is next to nothing
                double mass = (double)AT(view(&run), mass, pieces.first + k);
                assert_true(mass > whole.mass / (4 * count) && mass < whole.mass * 0.8);
            }
            end(&run);
        }
}

/// Until the glass is broken.
static void fly_apart(Run *run)
{
    while (is_there(run, "glass") && view(run)->step < 600)
        steps(run, 1);
    assert_false(is_there(run, "glass"));
}

static void test_pieces_move_as_the_whole_did(void **state)
{
    (void)state;
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
        for (int count = 2; count <= 16; count += 7) {
            Run run = glass(forms[f], count);
            fly_apart(&run); // it falls on the floor and stays, frozen, as it was then
            Sum sum = pieces_sum(&run, "glass");
            assert_int_equal(sum.there, count);
            check_like(sum, whole_sum(&run, "glass"));
            steps(&run, 3 * RATE);
            sum = pieces_sum(&run, "glass");
            assert_int_equal(sum.there, count);        // they are not fragile
            assert_near(sum.energy / sum.mass, 0, 30); // and nothing has thrown them
            assert_true(sum.y / sum.mass > 1 && sum.y / sum.mass < 3);
            end(&run);
        }
}

/// A pane that leans, and is held, comes apart at rest and falls down.
static void test_a_pane_that_stands_breaks(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .bodies = "{\"name\": \"glass\", \"static\": true, \"at\": [12, 3.2], \"angle\": 0.3, \"shape\": "
                  "{\"box\": [0.2, 4]}, "
                  "\"shatters\": {\"impulse\": 1, \"pieces\": 8}}, "
                  "{\"name\": \"stone\", \"material\": \"stone\", \"at\": [4, 3], \"velocity\": [12, 2], "
                  "\"shape\": "
                  "{\"circle\": 0.3}}"});
    fly_apart(&run);
    Sum sum = pieces_sum(&run, "glass");
    assert_int_equal(sum.there, 8);
    assert_near(sum.mass, 0.8, 1e-5);
    assert_near(sum.energy, 0, 1e-6);
    steps(&run, 3 * RATE);
    sum = pieces_sum(&run, "glass");
    assert_true(sum.y / sum.mass < 2.2);
    end(&run);
}

static void test_fragile_pieces_break_and_are_gone(void **state)
{
    (void)state;
    for (int fragile = 0; fragile < 2; fragile++) {
        char bodies[600];
        snprintf(bodies, sizeof bodies,
                 GLASS("{\"box\": [2, 2]}", ", \"shatters\": {\"impulse\": 0.5, \"pieces\": 6%s}"),
                 fragile ? ", \"fragile\": true" : "");
        Run run = begin(
            (Parts){.bodies = bodies,
                    .events = "{\"when\": {\"shattered\": \"glass\"}, \"do\": [{\"gravity\": [0, -60]}]}"});
        fly_apart(&run);
        steps(&run, 2 * RATE);
        int there = pieces_sum(&run, "glass").there;
        assert_true(fragile ? there < 6 : there == 6);
        end(&run);
    }
}

/// Bodies of the author's lie to the whole as they do at the start, however it is turned by then.
static void test_what_comes_may_be_made_by_hand(void **state)
{
    (void)state;
    Run run = begin((Parts){
        .bodies =
            "{\"name\": \"glass\", \"at\": [8, 3], \"angle\": 1, \"spin\": 1.5, \"shape\": {\"box\": [2, "
            "1]}, "
            "\"shatters\": {\"impulse\": 1, \"into\": \"half\"}}, "
            "{\"name\": \"half\", \"repeat\": 2, \"spare\": true, \"angle\": 1, \"at\": [\"8 + (i - 0.5) * "
            "0.5403023\", \"3 + (i - 0.5) * 0.8414710\"], \"shape\": {\"box\": [1, 1]}}"});
    fly_apart(&run);
    Sum sum = pieces_sum(&run, "glass");
    assert_int_equal(sum.there, 2);
    check_like(sum, whole_sum(&run, "glass"));
    double turned = (double)AT(view(&run), angle, body(&run, "glass"));
    assert_true(fabs(turned - 1) > 0.2);
    assert_near((double)AT(view(&run), angle, body(&run, "half1")), turned, 1e-4);
    assert_near(x_of(&run, "half2") - x_of(&run, "half1"), cos(turned), 1e-3);
    assert_near(y_of(&run, "half2") - y_of(&run, "half1"), sin(turned), 1e-3);
    end(&run);
}

/// An event that sees it break in the same step throws the pieces.
static void test_an_explosion_throws_the_pieces(void **state)
{
    (void)state;
    Run run = begin((Parts){.bodies = "{\"name\": \"glass\", \"at\": [8, 4], \"shape\": {\"box\": [2, 2]}, "
                                      "\"shatters\": {\"impulse\": 1, "
                                      "\"pieces\": 9}}",
                            .events = "{\"when\": {\"shattered\": \"glass\"}, \"do\": [{\"explode\": "
                                      "\"glass\", \"radius\": 5, \"impulse\": "
                                      "4}]}"});
    fly_apart(&run);
    ParaPieces pieces = pieces_of(&run, "glass");
    Sum whole = whole_sum(&run, "glass");
    for (int k = pieces.first; k < pieces.first + pieces.count; k++) {
        const ParaView *v = view(&run);
        double x = (double)AT(v, centre_x, k) - whole.x / whole.mass,
               y = (double)AT(v, centre_y, k) - whole.y / whole.mass;
        double vx = (double)AT(v, vx, k) - whole.px / whole.mass,
               vy = (double)AT(v, vy, k) - whole.py / whole.mass;
        assert_true(x * vx + y * vy > 0 && vx * vx + vy * vy > 9);
    }
    end(&run);
}

static const Parts shop = {
    .bodies = GLASS("{\"box\": [1, 1]}",
                    BREAKS("\"pieces\": 5")) ", {\"name\": \"bowl\", \"at\": [12, 8], "
                                             "\"shape\": {\"circle\": 0.5}, \"shatters\": "
                                             "{\"impulse\": 1, \"pieces\": 7, \"fragile\": true}}",
    .events = "{\"when\": {\"any\": [{\"shattered\": \"glass\"}, {\"shattered\": \"bowl\"}]}, \"again\": "
              "true, \"do\": "
              "[{\"add\": \"hits\", \"by\": 1}, {\"explode\": \"bowl\", \"radius\": 4, \"impulse\": 1}]}"};

static void test_pieces_go_on_in_copies_and_saved_levels(void **state)
{
    (void)state;
    for (int middle = 30; middle < 200; middle += 25)
        check_copy(shop, middle, 100);
    check_saved(shop, 300);
}

/// Another seed cuts otherwise, the same one alike; what has no pieces has no more bodies.
static void test_pieces_come_from_the_seed(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 18, (size_t)1 << 28);
    const char *text =
        text_of(&(Parts){.bodies = GLASS("{\"box\": [1, 1]}", BREAKS("\"pieces\": 4"))}, arena);
    ParaDiagList list = para_diag_list(arena, "test", NULL);
    const ParaTemplate *t = para_template_load("test", text, strlen(text), arena, &list);
    const ParaLevel *one = para_template_sample(t, NULL, 1, arena, NULL),
                    *two = para_template_sample(t, NULL, 2, arena, NULL);
    assert_true(one->hash != two->hash && one->hash == para_template_sample(t, NULL, 1, arena, NULL)->hash);
    assert_int_equal(one->world.body_count, 3 + 4);
    assert_string_equal(one->body_names[3], "glass-piece1");
    char why[120];
    ParaWorldDef many = one->world;
    assert_true(para_solver_fits(PARA_SOLVER_LANES, &many, why, sizeof why));
    text = text_of(&(Parts){.bodies =
                                "{\"repeat\": 6, \"at\": [\"5 + 2 * i\", 3], \"shape\": {\"box\": [1, 1]}, "
                                "\"shatters\": {\"impulse\": 1, \"pieces\": 12}}"},
                   arena);
    assert_false(para_solver_fits(PARA_SOLVER_LANES, &level_of(text, arena)->world, why, sizeof why));
    assert_string_equal(why, "80 bodies; lanes takes 64");
    para_arena_destroy(arena);
}

const struct CMUnitTest para_tests_pieces[] = {
    SCENE_TEST(test_pieces_are_all_of_the_whole),
    SCENE_TEST(test_pieces_move_as_the_whole_did),
    SCENE_TEST(test_a_pane_that_stands_breaks),
    SCENE_TEST(test_fragile_pieces_break_and_are_gone),
    SCENE_TEST(test_what_comes_may_be_made_by_hand),
    SCENE_TEST(test_an_explosion_throws_the_pieces),
    SCENE_TEST(test_pieces_go_on_in_copies_and_saved_levels),
    cmocka_unit_test(test_pieces_come_from_the_seed),
};
const size_t para_tests_pieces_count = sizeof para_tests_pieces / sizeof *para_tests_pieces;
