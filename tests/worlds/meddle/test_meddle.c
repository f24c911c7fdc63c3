// SPDX-License-Identifier: MIT
// Meddling with a level in play: every family takes a toybox and plays as before with it, each kind does
// what it says on both solvers, and what is typed is what is told.
#include "tests/tests.h"
#include "worlds/library.h"
#include "worlds/meddle/meddle.h"
#include "worlds/template.h"

#include <math.h>
#include <string.h>

static const char level_text[] =
    "{\"paracosm\": 1, \"name\": \"test-meddle\", \"about\": \"Roll to the flag.\","
    " \"world\": {\"size\": [20, 10], \"seconds\": 20},"
    " \"bodies\": [{\"name\": \"ground\", \"static\": true, \"shape\": {\"box\": [20, 1]}, \"at\": [10, "
    "0.5]},"
    "  {\"name\": \"ball\", \"shape\": {\"circle\": 0.4}, \"at\": [3, 1.4], \"density\": 4},"
    "  {\"name\": \"hook\", \"static\": true, \"shape\": {\"circle\": 0.1}, \"at\": [16, 6]},"
    "  {\"name\": \"lamp\", \"shape\": {\"circle\": 0.2}, \"at\": [16, 5]}],"
    " \"joints\": [{\"name\": \"cord\", \"distance\": [\"hook\", \"lamp\"]}],"
    " \"zones\": [{\"name\": \"flag\", \"area\": {\"box\": [1, 4]}, \"at\": [19.5, 2]}],"
    " \"player\": {\"body\": \"ball\", \"actuators\": [{\"twist\": \"ball\", \"torque\": 8, \"channel\": 0, "
    "\"sign\": -1}]},"
    " \"goal\": {\"inside\": [\"ball\", \"flag\"]}}";

typedef struct Room {
    ParaArena *arena;
    const ParaLevel *level; ///< with a toybox
    ParaWorldGroup *group;
    ParaWorld world;
    const ParaView *view;
    ParaPlay play;
    char why[PARA_MEDDLE_SAYS];
} Room;

static const ParaLevel *load(const char *text, ParaArena *arena)
{
    ParaDiagList problems = para_diag_list(arena, "test", text);
    const ParaTemplate *form = para_template_load("test", text, strlen(text), arena, &problems);
    const ParaLevel *level = form ? para_template_sample(form, NULL, 5, arena, &problems) : NULL;
    if (!level)
        para_diag_print(&problems, stderr);
    assert_non_null(level);
    return level;
}

/// @param level in `arena`, which the room has from now on
static Room room_of(const ParaLevel *level, ParaSolverKind solver, ParaArena *arena)
{
    Room room = {.arena = arena};
    const char *error = NULL;
    room.level = para_toybox_add(level, solver, room.arena, &error);
    if (!room.level)
        fail_msg("%s", error);
    room.group = para_world_group_create(solver, 1);
    room.world = para_world_at(room.group, 0);
    ParaPlayerState *player = PARA_NEW(room.arena, ParaPlayerState, 1);
    assert_true(para_play_begin(&room.play, room.level, room.world, player, NULL, NULL));
    room.view = para_world_view(room.world);
    return room;
}

static Room room_make(ParaSolverKind solver)
{
    ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
    return room_of(load(level_text, arena), solver, arena);
}

static void room_clear(Room *room)
{
    para_world_group_destroy(room->group);
    para_arena_destroy(room->arena);
}

static float of(const Room *room, const float *values, int body) { return values[body * room->view->stride]; }

static int find(const Room *room, const char *name)
{
    for (int b = 0; b < room->level->world.body_count; b++)
        if (strcmp(room->level->body_names[b], name) == 0)
            return b;
    fail_msg("no body %s", name);
    return -1;
}

static bool is_there(const Room *room, int body) { return room->view->enabled[body * room->view->stride]; }

static bool do_line(Room *room, const char *line)
{
    ParaMeddle meddle;
    if (!para_meddle_read(line, room->level, room->world, &meddle, room->why, sizeof room->why))
        fail_msg("%s: %s", line, room->why);
    assert_true(para_meddle_check(&meddle, room->level, room->why, sizeof room->why));
    return para_meddle_do(&meddle, &room->play, room->level, room->world, room->why, sizeof room->why);
}

static void run(Room *room, int steps)
{
    for (int i = 0; i < steps; i++)
        para_play_step(&room->play, room->level, room->world);
}

static void each_kind_does_what_it_says(ParaSolverKind solver)
{
    Room room = room_make(solver);
    int ball = find(&room, "ball"), lamp = find(&room, "lamp"), crate = find(&room, "toy-crate-1");
    int spike = find(&room, "toy-spike-1");
    assert_int_equal(para_world_solver(room.world), solver);
    assert_false(is_there(&room, crate) || is_there(&room, spike));
    assert_int_equal(para_level_body_role(room.level, 0, spike), PARA_ROLE_HAZARD);

    assert_true(do_line(&room, "drop crate at 8 4"));
    assert_true(is_there(&room, crate) && fabsf(of(&room, room.view->x, crate) - 8) < 1e-4f);
    run(&room, 90);
    assert_true(of(&room, room.view->y, crate) < 1.5f); // it fell
    assert_true(do_line(&room, "spike at 9 2") && is_there(&room, spike));

    float before = of(&room, room.view->vx, ball);
    assert_true(do_line(&room, "wind 5 0"));
    run(&room, 30);
    assert_true(of(&room, room.view->vx, ball) > before + 0.5f);
    assert_true(do_line(&room, "calm") && room.view->zones[para_toybox_wind(room.level)].acceleration.x == 0);

    assert_true(do_line(&room, "flood 4"));
    run(&room, 300);
    assert_true(of(&room, room.view->y, crate) > 3.0f); // it floats
    assert_true(do_line(&room, "drain"));
    run(&room, 120);
    assert_true(of(&room, room.view->y, crate) < 2.5f); // on the ground, or on what else came down

    assert_true(do_line(&room, "flip gravity") && room.view->gravity.y > 9);
    assert_true(do_line(&room, "gravity 1 -2") && room.view->gravity.y == -2 && room.view->gravity.x == 1);
    assert_true(do_line(&room, "gravity off") && room.view->gravity.y == 0);
    assert_true(do_line(&room, "gravity back") && room.view->gravity.y < -9);

    before = of(&room, room.view->vx, ball);
    assert_true(do_line(&room, "push -3 1"));
    assert_true(fabsf(of(&room, room.view->vx, ball) - before + 3) < 1e-3f);
    before = of(&room, room.view->vy, crate);
    assert_true(do_line(&room, "blast at 8 0.2 9 30"));
    assert_true(of(&room, room.view->vy, crate) > before + 1);

    assert_true(do_line(&room, "cut cord"));
    assert_false(do_line(&room, "cut cord"));
    assert_string_equal(room.why, "it is broken already");
    for (int i = 0; i < 60; i++) {
        do_line(&room, "pull lamp 12 7");
        run(&room, room.level->frame_skip);
    }
    assert_true(fabsf(of(&room, room.view->x, lamp) - 12) < 0.1f);
    assert_true(fabsf(of(&room, room.view->y, lamp) - 7) < 0.3f); // held up against gravity
    assert_true(do_line(&room, "take lamp") && !is_there(&room, lamp));
    assert_false(do_line(&room, "take lamp"));
    while (do_line(&room, "crate at 3 8")) {
    }
    assert_string_equal(room.why, "every crate is in the level already");
    room_clear(&room);
}

static void test_each_meddle_does_what_it_says_on_both_solvers(void **state)
{
    (void)state;
    each_kind_does_what_it_says(PARA_SOLVER_CHIPMUNK);
    each_kind_does_what_it_says(PARA_SOLVER_LANES);
}

static void test_meddles_are_told_as_they_are_typed(void **state)
{
    (void)state;
    Room room = room_make(PARA_SOLVER_AUTO);
    static const char *const good[][2] = {{"drop crate", "crate at 3.6 3"},
                                          {"Drop crate at 4, 6", NULL},
                                          {"ball at 4 6 0.5", "ball at 4 6 0.5"},
                                          {"plank 4 6", "plank at 4 6"},
                                          {"wind 5", "wind 5 0"},
                                          {"calm", "wind 0 0"},
                                          {"flood 2.5", "flood 2.5"},
                                          {"drain", "flood -10"},
                                          {"gravity 3", "gravity 0 -3"},
                                          {"flip gravity", "gravity 0 9.81"},
                                          {"push 2 -1", "push 2 -1"},
                                          {"blast at 1 2 3 4", "blast at 1 2 3 4"},
                                          {"pull lamp 1 2", "pull lamp 1 2"},
                                          {"take lamp", "take lamp"},
                                          {"cut cord", "cut cord"}};
    static const char *const wrong[] = {"",
                                        "drop",
                                        "drop anvil",
                                        "crate at",
                                        "crate at 4",
                                        "crate at 4 5 6 7",
                                        "wind",
                                        "wind x",
                                        "wind nan",
                                        "wind 99999",
                                        "flood",
                                        "flood 1 2",
                                        "gravity",
                                        "gravity flip 3",
                                        "flip",
                                        "flip gravity now",
                                        "push",
                                        "take",
                                        "take sun",
                                        "take lamp lamp",
                                        "cut lamp",
                                        "pull lamp 1",
                                        "calm 3",
                                        "blast at 1",
                                        "a b c d e f g h i j k"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ParaMeddle meddle, again;
        char told[PARA_MEDDLE_SAYS];
        bool read = para_meddle_read(good[i][0], room.level, room.world, &meddle, room.why, sizeof room.why);
        if (!good[i][1]) { // capital letters are none of ours
            assert_false(read);
            continue;
        }
        if (!read)
            fail_msg("%s: %s", good[i][0], room.why);
        assert_true(para_meddle_check(&meddle, room.level, NULL, 0));
        para_meddle_write(&meddle, room.level, told, sizeof told);
        assert_string_equal(told, good[i][1]);
        assert_true(para_meddle_read(told, room.level, room.world, &again, room.why, sizeof room.why));
        assert_memory_equal(&meddle, &again, sizeof meddle);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ParaMeddle meddle;
        if (para_meddle_read(wrong[i], room.level, room.world, &meddle, room.why, sizeof room.why))
            fail_msg("taken: \"%s\"", wrong[i]);
        assert_true(strlen(room.why) > 10);
    }
    room_clear(&room);
}

static void test_meddle_out_of_range_is_told_with_the_range(void **state)
{
    static const char *const lines[] = {"push 99999", "gravity 0 -99999", "flood 2001", "wind nan",
                                        "crate at 1 -5000"};
    (void)state;
    Room room = room_make(PARA_SOLVER_AUTO);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        ParaMeddle meddle;
        assert_false(para_meddle_read(lines[i], room.level, room.world, &meddle, room.why, sizeof room.why));
        if (!strstr(room.why, "out of range; numbers go from -2000 to 2000"))
            fail_msg("%s: %s", lines[i], room.why);
    }
    room_clear(&room);
}

static void test_meddles_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    Room room = room_make(PARA_SOLVER_AUTO);
    const ParaLevel *plain = load(level_text, room.arena);
    const ParaMeddle wrong[] = {{.decision = -1, .kind = PARA_MEDDLE_GRAVITY},
                                {.kind = PARA_MEDDLES},
                                {.kind = 0xffffffff},
                                {.kind = PARA_MEDDLE_GRAVITY, .numbers = {NAN}},
                                {.kind = PARA_MEDDLE_GRAVITY, .numbers = {0, INFINITY}},
                                {.kind = PARA_MEDDLE_GRAVITY, .numbers = {0, -2001}},
                                {.kind = PARA_MEDDLE_FLOOD, .numbers = {1, 1}}, // a number it does not have
                                {.kind = PARA_MEDDLE_BLAST, .numbers = {1, 1, 1, 0}},
                                {.kind = PARA_MEDDLE_PULL, .numbers = {0}}, // the ground
                                {.kind = PARA_MEDDLE_PULL, .numbers = {-1}},
                                {.kind = PARA_MEDDLE_PULL, .numbers = {1.5f}},
                                {.kind = PARA_MEDDLE_PULL, .numbers = {500}},
                                {.kind = PARA_MEDDLE_TAKE, .numbers = {1}}, // the player
                                {.kind = PARA_MEDDLE_CUT, .numbers = {1}}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (para_meddle_check(&wrong[i], room.level, room.why, sizeof room.why))
            fail_msg("meddle %d is taken", (int)i);
        assert_true(*room.why);
    }
    for (uint32_t kind = PARA_MEDDLE_CRATE; kind <= PARA_MEDDLE_FLOOD; kind++)
        assert_false(para_meddle_check(&(ParaMeddle){.kind = kind}, plain, NULL, 0)); // it has no toybox
    room_clear(&room);
}

/// A level and its like with a toybox, step by step. @return [1] steps after which they were alike
static int same_for(const ParaLevel *a, const ParaLevel *b, int steps)
{
    ParaWorldGroup *group = para_world_group_create(PARA_SOLVER_AUTO, 2);
    ParaArena *arena = para_arena_create(1 << 14, 1 << 24);
    const ParaLevel *levels[] = {a, b};
    ParaPlay plays[2];
    ParaPlayerState players[2];
    int step = 0;
    bool same = true;
    for (int k = 0; k < 2; k++) {
        size_t events = para_play_events_size(levels[k]);
        assert_true(para_play_begin(&plays[k], levels[k], para_world_at(group, k), &players[k],
                                    events ? para_arena_alloc(arena, events) : NULL, NULL));
    }
    assert_int_equal(para_world_solver(para_world_at(group, 0)), para_world_solver(para_world_at(group, 1)));
    const ParaView *view[] = {para_world_view(para_world_at(group, 0)),
                              para_world_view(para_world_at(group, 1))};
    for (; step < steps && same; step++) {
        for (int k = 0; k < 2; k++) {
            const float right[PARA_CHANNELS] = {1, step % 20 > 10, 1};
            para_play_act(&plays[k], levels[k], right);
            para_play_step(&plays[k], levels[k], para_world_at(group, k));
        }
        for (int i = 0; i < a->world.body_count && same; i++)
            same = view[0]->x[i * view[0]->stride] == view[1]->x[i * view[1]->stride] &&
                   view[0]->angle[i * view[0]->stride] == view[1]->angle[i * view[1]->stride];
    }
    para_arena_destroy(arena);
    para_world_group_destroy(group);
    return same ? step : step - 1;
}

/// Runs to the right, and steps back for another run whenever it is at a stand.
static void run_up(Room *room, int runner)
{
    for (int still = 0, back = 0; room->play.status == PARA_PLAY_ON;) {
        still = back <= 0 && of(room, room->view->vx, runner) < 0.25f ? still + 1 : 0;
        if (still > 8) {
            back = 18;
            still = 0;
        }
        para_play_act(&room->play, room->level, (const float[PARA_CHANNELS]){back > 0 ? -1 : 1});
        back -= back > 0;
        run(room, 4);
    }
}

static void test_a_crate_does_not_block_the_way_through_the_panes(void **state)
{
    (void)state;
    static const char *const lines[] = {"crate at 3.6 3", "crate at 4.4 3", "crate at 5.2 3",
                                        "crate at 6.4 3"};
    const double hard[] = {5, 10.5, 1.6}; // panes, blow, apart: of the tier hard
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        ParaArena *arena = para_arena_create(1 << 16, 64 << 20);
        const char *error = NULL;
        const ParaTemplate *t = para_library_load("panes", arena, &error);
        assert_non_null(t);
        Room room = room_of(para_template_sample(t, hard, 1, arena, NULL), PARA_SOLVER_AUTO, arena);
        assert_true(do_line(&room, lines[k]));
        run(&room, 12);
        run_up(&room, find(&room, "ram"));
        if (room.play.status != PARA_PLAY_SOLVED)
            fail_msg("%s: not solved in time", lines[k]);
        room_clear(&room);
    }
}

static void test_every_family_takes_a_toybox(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create(1 << 20, (size_t)1 << 30);
    const char **names, *error = NULL;
    int count = para_library_list(arena, &names), alike = 0, taken = 0;
    for (int f = 0; f < count; f++) {
        ParaArenaMark mark = para_arena_mark(arena);
        const ParaTemplate *t = para_library_load(names[f], arena, &error);
        const ParaLevel *level = t ? para_template_sample(t, NULL, 3, arena, NULL) : NULL;
        for (uint64_t seed = 4; !level && seed < 20; seed++)
            level = para_template_sample(t, NULL, seed, arena, NULL);
        assert_non_null(level);
        const ParaLevel *boxed = para_toybox_add(level, PARA_SOLVER_AUTO, arena, &error);
        if (level->player_count > 1) { // whose toys they would be nobody says
            assert_null(boxed);
            assert_non_null(strstr(error, "several players"));
            para_arena_rewind(arena, mark);
            continue;
        }
        if (!boxed)
            fail_msg("%s: %s", names[f], error);
        taken++;
        assert_true(para_toybox_is_in(boxed) && !para_toybox_is_in(level));
        assert_true(boxed->world.body_count >= level->world.body_count + PARA_TOYS);
        for (int b = 0; b < level->world.body_count; b++)
            assert_string_equal(boxed->body_names[b], level->body_names[b]);
        for (int k = 0; k < PARA_TOYS; k++)
            assert_true(para_meddle_check(&(ParaMeddle){.kind = (uint32_t)k}, boxed, NULL, 0));
        // It is the level of its own text, and one with a box is not packed twice.
        assert_true(load(para_level_to_json(boxed, arena), arena)->hash == boxed->hash);
        assert_true(para_toybox_add(boxed, PARA_SOLVER_AUTO, arena, &error)->hash == boxed->hash);
        int steps = same_for(level, boxed, 60);
        if (steps < 60)
            print_message("%s: other bits from step %d on\n", names[f], steps);
        alike += steps == 60;
        para_arena_rewind(arena, mark);
    }
    print_message("%d families, %d of them with the same bits as without a toybox\n", taken, alike);
    // A broad phase that is a tree has what waits outside in it at first, and may meet pairs in another
    // order.
    assert_true(alike * 10 >= taken * 9);
    para_arena_destroy(arena);
}

static void test_drawn_meddles_make_sense(void **state)
{
    (void)state;
    Room room = room_make(PARA_SOLVER_AUTO);
    ParaRng rng = para_rng_make(1, "surprise"), same = rng;
    bool met[PARA_MEDDLES] = {false};
    int done = 0, dry = 0, wet = 0;
    for (int i = 0; i < 200; i++) {
        ParaMeddle meddle = para_meddle_draw(room.level, room.world, &rng);
        ParaMeddle again = para_meddle_draw(room.level, room.world, &same);
        assert_memory_equal(&meddle, &again, sizeof meddle);
        assert_true(para_meddle_check(&meddle, room.level, NULL, 0));
        met[meddle.kind] = true;
        done += para_meddle_do(&meddle, &room.play, room.level, room.world, NULL, 0);
        float surface = para_meddle_surface(room.level, room.world);
        dry += meddle.kind == PARA_MEDDLE_FLOOD && surface < 0;
        wet +=
            meddle.kind == PARA_MEDDLE_FLOOD && surface >= 0 && surface <= room.level->world.size.y + 0.01f;
        run(&room, 2);
    }
    assert_true(done > 50 && met[PARA_MEDDLE_CRATE] && met[PARA_MEDDLE_SPIKE] && met[PARA_MEDDLE_WIND]);
    assert_true(met[PARA_MEDDLE_BLAST] && dry > 1 && wet > 1);
    assert_int_equal(room.view->status, PARA_WORLD_FINE);

    ParaLevel above = *room.level; // seen from above: nothing falls, and no water stands
    above.world.gravity = (ParaVec2){0};
    for (int i = 0; i < 200; i++) {
        uint32_t kind = para_meddle_draw(&above, room.world, &rng).kind;
        assert_true(kind != PARA_MEDDLE_FLOOD && kind != PARA_MEDDLE_GRAVITY);
    }
    room_clear(&room);
}

const struct CMUnitTest para_tests_meddle[] = {
    cmocka_unit_test(test_each_meddle_does_what_it_says_on_both_solvers),
    cmocka_unit_test(test_meddles_are_told_as_they_are_typed),
    cmocka_unit_test(test_meddle_out_of_range_is_told_with_the_range),
    cmocka_unit_test(test_meddles_that_make_no_sense_are_refused),
    cmocka_unit_test(test_drawn_meddles_make_sense),
    cmocka_unit_test(test_a_crate_does_not_block_the_way_through_the_panes),
    cmocka_unit_test(test_every_family_takes_a_toybox),
};
const size_t para_tests_meddle_count = sizeof para_tests_meddle / sizeof *para_tests_meddle;
