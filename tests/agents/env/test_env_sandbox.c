// SPDX-License-Identifier: MIT
// Meddling that makes a level anew while it runs: each kind does what it says on both solvers, what there was
// goes on as it was, records of it verify, going back brings the older level back, and no event whatever does
// harm.
#include "agents/env/decision.h"
#include "agents/env/replay.h"
#include "agents/env/rewind.h"
#include "tests/agents/scratch.h"
#include "tests/tests.h"
#include "worlds/meddle/sandbox.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char level_text[] =
    "{\"paracosm\": 1, \"name\": \"test-sandbox\", \"about\": \"Anything.\","
    " \"world\": {\"size\": [20, 10], \"seconds\": 60},"
    " \"bodies\": [{\"name\": \"ground\", \"static\": true, \"shape\": {\"box\": [20, 1]}, \"at\": [10, "
    "0.5]},"
    "  {\"name\": \"me\", \"shape\": {\"circle\": 0.4}, \"at\": [2, 1.4]},"
    "  {\"name\": \"crate\", \"shape\": {\"box\": [1, 1]}, \"at\": [6, 1.5]},"
    "  {\"name\": \"lift\", \"kinematic\": true, \"shape\": {\"box\": [1, 0.2]}, \"at\": [16, 3],"
    "   \"moves\": {\"by\": [0, 1], \"period\": 3}},"
    "  {\"name\": \"arm\", \"shape\": {\"box\": [2, 0.2]}, \"at\": [11, 5]}],"
    " \"joints\": [{\"name\": \"pivot\", \"revolute\": [\"ground\", \"arm\"], \"at\": [10, 5],"
    "   \"limits\": [-0.5, 0.5]}],"
    " \"player\": {\"body\": \"me\", \"actuators\": [{\"twist\": \"me\", \"torque\": 4, \"channel\": 0}]},"
    " \"goal\": {\"above\": [\"me\", 9000]}}";

typedef struct Room {
    Scratch scratch;
    ParaArena *arena, *episode;
    ParaWorldGroup *group;
    ParaEnv env;
    const ParaView *view;
    char why[PARA_MEDDLE_SAYS];
} Room;

static Room room_of(const char *text, ParaSolverKind solver)
{
    Room room = {.scratch = scratch_make(),
                 .arena = para_arena_create(1 << 16, 512 << 20),
                 .episode = para_arena_create(1 << 16, 256 << 20),
                 .group = para_world_group_create(solver, 1)};
    ParaDiagList problems = para_diag_list(room.arena, "test", text);
    const ParaTemplate *form = para_template_load("test", text, strlen(text), room.arena, &problems);
    const ParaLevel *level = form ? para_template_sample(form, NULL, 5, room.arena, &problems) : NULL;
    if (!level)
        para_diag_print(&problems, stderr);
    assert_non_null(level);
    room.env = (ParaEnv){.world = para_world_at(room.group, 0), .arena = room.episode, .recording = true};
    assert_true(para_env_begin(&room.env, level, "test"));
    room.view = para_world_view(room.env.world);
    return room;
}

static Room room_make(ParaSolverKind solver) { return room_of(level_text, solver); }

static void room_clear(Room *room)
{
    para_world_group_destroy(room->group);
    scratch_remove(&room->scratch);
    para_arena_destroy(room->episode);
    para_arena_destroy(room->arena);
}

static float of(const Room *room, const float *values, int body)
{
    return values[body * para_world_view(room->env.world)->stride];
}

static const ParaView *see(Room *room) { return room->view = para_world_view(room->env.world); }

static bool is_there(Room *room, int body) { return see(room)->enabled[body * room->view->stride]; }

static int find(const Room *room, const char *name)
{
    for (int b = 0; b < room->env.level->world.body_count; b++)
        if (strcmp(room->env.level->body_names[b], name) == 0)
            return b;
    fail_msg("no body %s", name);
    return -1;
}

static bool do_line(Room *room, const char *line)
{
    ParaMeddle meddle;
    if (!para_meddle_read(line, room->env.level, room->env.world, &meddle, room->why, sizeof room->why))
        return false;
    bool done = para_env_meddle(&room->env, &meddle, room->why, sizeof room->why);
    see(room);
    return done;
}

static void must(Room *room, const char *line)
{
    if (!do_line(room, line))
        fail_msg("%s: %s", line, room->why);
}

static void run(Room *room, int decisions)
{
    const int8_t none[PARA_CHANNELS] = {0};
    for (int d = 0; d < decisions && room->env.play.status == PARA_PLAY_ON; d++)
        para_decision_make_one(&room->env, none);
}

static void verify(Room *room)
{
    const char *error = NULL, *path = para_arena_printf(room->arena, "%s/a.replay", room->scratch.folder);
    if (!para_replay_write(path, para_env_replay(&room->env), room->arena, &error))
        fail_msg("%s", error);
    ParaReplay *back = para_replay_read(path, room->arena, &error);
    if (!back)
        fail_msg("%s", error);
    ParaVerdict verdict = para_replay_verify(back, room->arena);
    if (!verdict.ok)
        fail_msg("%s", verdict.message);
}

static double mass_from(Room *room, int body)
{
    double mass = 0;
    for (int b = body; b < room->env.level->world.body_count; b++)
        if (is_there(room, b))
            mass += (double)of(room, room->view->mass, b);
    return mass;
}

static void things_are_made(ParaSolverKind solver)
{
    Room room = room_make(solver);
    run(&room, 10);
    must(&room, "point 8 3 9 4");
    must(&room, "box wood");
    int box = find(&room, "made-1");
    assert_true(fabsf(of(&room, room.view->x, box) - 8.5f) < 1e-5f);
    assert_true(fabsf(of(&room, room.view->mass, box) - 0.6f) < 1e-4f);
    assert_int_equal(room.env.level->body_looks[box], PARA_MATERIAL_WOOD);
    must(&room, "point 4 5 4.5 5");
    must(&room, "disc rubber");
    must(&room, "point 12 1.2 14 1.2");
    must(&room, "point 13 3 12 1.2");
    must(&room, "draw 4 stone fixed"); // a triangle that stands
    int disc = find(&room, "made-2"), rock = find(&room, "made-3");
    assert_int_equal(room.env.level->world.bodies[rock].kind, PARA_BODY_STATIC);
    run(&room, 45);
    assert_true(of(&room, see(&room)->y, box) < 1.6f); // they fell
    assert_true(of(&room, room.view->y, disc) < 3 && room.view->status == PARA_WORLD_FINE);
    must(&room, "clone crate 8.6 4");
    int twin = find(&room, "made-4");
    assert_true(fabsf(of(&room, room.view->mass, twin) - of(&room, room.view->mass, find(&room, "crate"))) <
                1e-5f);
    run(&room, 30);
    verify(&room);
    room_clear(&room);
}

static void what_there_was_goes_on(ParaSolverKind solver)
{
    Room room = room_make(solver);
    int lift = find(&room, "lift"), arm = find(&room, "arm");
    must(&room, "push 3 2");
    run(&room, 6);
    must(&room, "gravity 0 -5");
    float x = of(&room, see(&room)->x, 1), vx = of(&room, room.view->vx, 1),
          up = of(&room, room.view->y, lift);
    float angle = of(&room, room.view->angle, arm);
    uint64_t step = room.view->step;
    double time = room.view->time;
    must(&room, "point 17 8 18 9");
    must(&room, "box ice");
    assert_true(room.view->step == step && room.view->time == time && room.view->gravity.y == -5);
    assert_true(fabsf(of(&room, room.view->x, 1) - x) < 1e-5f &&
                fabsf(of(&room, room.view->vx, 1) - vx) < 1e-4f);
    assert_true(fabsf(of(&room, room.view->y, lift) - up) < 1e-5f);
    assert_true(fabsf(of(&room, room.view->angle, arm) - angle) < 1e-5f);
    run(&room, 60);
    assert_true(of(&room, see(&room)->angle, arm) > -0.56f); // the limit of its hinge is where it was
    assert_true(of(&room, room.view->angle, arm) < -0.4f);
    must(&room, "cut pivot");
    must(&room, "take crate");
    must(&room, "point 17 8 18 9");
    must(&room, "box ice");
    assert_false(room.view->joint_enabled[0] || is_there(&room, 2));
    run(&room, 1);
    verify(&room);
    room_clear(&room);
}

static void hands_grab_and_throw(ParaSolverKind solver)
{
    Room room = room_make(solver);
    int crate = find(&room, "crate");
    run(&room, 4);
    assert_false(do_line(&room, "hand 6 4"));
    must(&room, "grab crate 6.3 1.6");
    must(&room, "hand 6.3 5");
    run(&room, 30);
    assert_true(fabsf(of(&room, see(&room)->y, crate) - 5) < 0.8f);
    assert_true(fabsf(of(&room, room.view->x, crate) - 6.3f) < 0.8f); // it hangs by that place
    for (int k = 1; k <= 5; k++) {
        char line[64];
        snprintf(line, sizeof line, "hand %.1f 5", 6.3 + 0.6 * k);
        must(&room, line);
        run(&room, 1);
    }
    must(&room, "let-go");
    assert_true(of(&room, see(&room)->vx, crate) > 3);
    run(&room, 20);
    assert_true(of(&room, see(&room)->x, crate) > 10.5f); // it flew on
    assert_false(do_line(&room, "let-go"));
    verify(&room);
    room_clear(&room);
}

static void lines_cut(ParaSolverKind solver)
{
    Room room = room_make(solver);
    int crate = find(&room, "crate"), arm = find(&room, "arm"), had = room.env.level->world.body_count;
    run(&room, 8);
    double mass = (double)of(&room, see(&room)->mass, crate);
    assert_false(do_line(&room, "slice 6 0 6 1.4")); // one end in it
    assert_string_equal(room.why, "the line goes right through nothing that moves");
    must(&room, "grab crate 6.4 1.4");
    must(&room, "slice 6.1 0 6 3");
    assert_false(is_there(&room, crate));
    assert_int_equal(room.env.level->world.body_count, had + 2);
    assert_true(fabs(mass_from(&room, had) - mass) < 1e-3 * mass);
    int piece = room.env.play.hold.held - 1; // the hand goes on with the piece at its place
    assert_true(piece >= had && of(&room, room.view->centre_x, piece) > 6.05f);
    must(&room, "let-go");
    must(&room, "slice 11 3 11 6"); // the arm: what is at its hinge still hangs there
    assert_false(is_there(&room, arm));
    assert_true(room.env.level->world.joints[0].b >= had && room.view->joint_enabled[0]);
    run(&room, 40);
    assert_int_equal(see(&room)->status, PARA_WORLD_FINE);
    must(&room, "point 4 7 5 7");
    must(&room, "disc metal");
    must(&room, "slice 3 7.2 6 7.1");
    run(&room, 20);
    verify(&room);
    room_clear(&room);
}

static void pins_and_joints_hold(ParaSolverKind solver)
{
    Room room = room_make(solver);
    must(&room, "point 5 5 6 6");
    must(&room, "box wood");
    must(&room, "point 5.8 5 8 5.4");
    must(&room, "box metal");
    must(&room, "pin made-1");
    must(&room, "hinge made-2 made-1 5.9 5.2");
    must(&room, "point 7.5 5.2 7.5 9");
    must(&room, "spring made-2 -");
    int one = find(&room, "made-1"), two = find(&room, "made-2");
    run(&room, 60);
    assert_true(fabsf(of(&room, see(&room)->y, one) - 5.5f) < 1e-4f);
    float x = of(&room, room.view->x, two) - 5.9f, y = of(&room, room.view->y, two) - 5.2f;
    assert_true(fabsf(sqrtf(x * x + y * y) - 1) < 0.05f); // about the hinge
    assert_true(y > -0.9f);                               // the spring bears a part
    assert_false(do_line(&room, "hinge made-1 - 5 5"));   // neither could move
    must(&room, "pin made-1");
    run(&room, 30);
    assert_true(of(&room, see(&room)->y, one) < 5.4f); // loose again
    verify(&room);
    room_clear(&room);
}

static void going_back_brings_the_older_level(ParaSolverKind solver)
{
    Room room = room_make(solver);
    ParaRewind *rewind = para_rewind_create(32 << 20);
    assert_non_null(rewind);
    for (int d = 0; d < 40; d++) {
        para_rewind_keep(rewind, &room.env);
        if (d % 8 == 3) {
            must(&room, "point 8 6 9 7");
            must(&room, "box wood");
        }
        run(&room, 1);
    }
    int most = room.env.level->world.body_count;
    assert_int_equal(para_rewind_to(rewind, &room.env, 12), 12);
    assert_int_equal(room.env.level->world.body_count, most - 3);
    assert_int_equal(see(&room)->def->body_count, most - 3);
    must(&room, "slice 8.5 0 8.5 9");
    run(&room, 30);
    assert_int_equal(para_rewind_to(rewind, &room.env, 2), 2);
    run(&room, 12);
    verify(&room);
    para_rewind_destroy(rewind);
    room_clear(&room);
}

static void test_things_are_made_on_both_solvers(void **state)
{
    (void)state;
    things_are_made(PARA_SOLVER_CHIPMUNK);
    things_are_made(PARA_SOLVER_LANES);
}

static void test_what_there_was_goes_on(void **state)
{
    (void)state;
    what_there_was_goes_on(PARA_SOLVER_CHIPMUNK);
    what_there_was_goes_on(PARA_SOLVER_LANES);
}

static void test_hands_grab_and_throw(void **state)
{
    (void)state;
    hands_grab_and_throw(PARA_SOLVER_CHIPMUNK);
    hands_grab_and_throw(PARA_SOLVER_LANES);
}

static void test_lines_cut(void **state)
{
    (void)state;
    lines_cut(PARA_SOLVER_CHIPMUNK);
    lines_cut(PARA_SOLVER_LANES);
}

static void test_pins_and_joints_hold(void **state)
{
    (void)state;
    pins_and_joints_hold(PARA_SOLVER_CHIPMUNK);
    pins_and_joints_hold(PARA_SOLVER_LANES);
}

static void test_going_back_brings_the_older_level(void **state)
{
    (void)state;
    going_back_brings_the_older_level(PARA_SOLVER_CHIPMUNK);
    going_back_brings_the_older_level(PARA_SOLVER_LANES);
}

static void test_what_makes_no_sense_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    Room room = room_make(PARA_SOLVER_CHIPMUNK);
    static const char *const wrong[] = {"box wood",
                                        "draw",
                                        "disc",
                                        "point 1 2 3",
                                        "box gold",
                                        "pin me",
                                        "pin lift",
                                        "pin ground now",
                                        "hinge crate",
                                        "hinge crate sun 1 2",
                                        "slice 1 1 1 1",
                                        "slice 0 8 9 8",
                                        "clone me 1 1",
                                        "spring crate -",
                                        "grab ground 1 1",
                                        "hinge crate crate 1 1",
                                        "let-go"};
    const ParaLevel *level = room.env.level;
    uint64_t hash = para_world_hash(room.env.world);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (do_line(&room, wrong[i]))
            fail_msg("taken: %s", wrong[i]);
        assert_true(strlen(room.why) > 10);
    }
    must(&room, "point 1 8 1.01 8.01");
    assert_false(do_line(&room, "box wood")); // too small
    must(&room, "point 1 8 3 8");
    must(&room, "point 1 8 3 8");
    assert_false(do_line(&room, "draw"));
    for (int k = 0; k < PARA_OUTLINE_POINTS_MAX; k++)
        must(&room, "point 1 8 3 8");
    assert_int_equal(room.env.outline.count, PARA_OUTLINE_POINTS_MAX);
    assert_false(do_line(&room, "draw 65") || do_line(&room, "draw 0") || do_line(&room, "draw 1.5"));
    assert_true(room.env.level == level && para_world_hash(room.env.world) == hash);
    const ParaMeddle bad[] = {{.kind = PARA_MEDDLE_POINT, .numbers = {NAN}},
                              {.kind = PARA_MEDDLE_BOX, .numbers = {99}},
                              {.kind = PARA_MEDDLE_BOX, .numbers = {1, 0.5f}},
                              {.kind = PARA_MEDDLE_SLICE, .numbers = {0, INFINITY, 1, 1}},
                              {.kind = PARA_MEDDLE_GRAB, .numbers = {1e9f, 1, 1}},
                              {.kind = PARA_MEDDLE_HINGE, .numbers = {2, -2, 1, 1}},
                              {.kind = PARA_MEDDLE_CLONE, .numbers = {2.5f, 1, 1}},
                              {.kind = PARA_MEDDLE_LET, .numbers = {1}}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(para_env_meddle(&room.env, &bad[i], room.why, sizeof room.why));
    room_clear(&room);
}

static ParaMeddle any_meddle(ParaRng *rng, const ParaLevel *level)
{
    ParaMeddle meddle = {.kind = (uint32_t)para_rng_int(rng, PARA_MEDDLE_GRAVITY, PARA_MEDDLES - 1)};
    if (para_rng_int(rng, 0, 2) == 0)
        meddle.kind = PARA_MEDDLE_POINT;
    for (int k = 0; k < PARA_MEDDLE_NUMBERS; k++)
        meddle.numbers[k] = 0.1f * (float)para_rng_int(rng, 0, 200);
    if (meddle.kind != PARA_MEDDLE_POINT && meddle.kind != PARA_MEDDLE_SLICE)
        meddle.numbers[0] = (float)para_rng_int(rng, 0, level->world.body_count);
    if (meddle.kind == PARA_MEDDLE_HINGE || meddle.kind == PARA_MEDDLE_SPRING)
        meddle.numbers[1] = (float)para_rng_int(rng, -1, level->world.body_count);
    if (meddle.kind >= PARA_MEDDLE_BOX && meddle.kind <= PARA_MEDDLE_DRAW)
        meddle.numbers[1] = (float)para_rng_int(rng, 0, 4) == 0;
    for (int k = 0; k < PARA_MEDDLE_NUMBERS; k++)
        if (!para_meddle_check(&meddle, level, NULL, 0)) // numbers that its kind does not have
            meddle.numbers[PARA_MEDDLE_NUMBERS - 1 - k] = 0;
    return meddle;
}

static const char toys_text[] =
    "{\"paracosm\": 1, \"name\": \"test-toys\", \"about\": \"Crates to come.\","
    " \"world\": {\"size\": [20, 10], \"seconds\": 60},"
    " \"bodies\": [{\"name\": \"ground\", \"static\": true, \"shape\": {\"box\": [20, 1]}, \"at\": [10, "
    "0.5]},"
    "  {\"name\": \"me\", \"shape\": {\"circle\": 0.4}, \"at\": [2, 1.4]},"
    "  {\"name\": \"toy-crate-1\", \"spare\": true, \"shape\": {\"box\": [1, 1]}, \"at\": [6, 1.5]}],"
    " \"player\": {\"body\": \"me\", \"actuators\": [{\"twist\": \"me\", \"torque\": 4, \"channel\": 0}]},"
    " \"goal\": {\"above\": [\"me\", 9000]}}";

/// A toy is fixed before it is there, or is, and was taken out since: none of that is a thing to drop.
static void test_what_is_pinned_does_not_come_in(void **state)
{
    (void)state;
    Room room = room_of(toys_text, PARA_SOLVER_CHIPMUNK);
    assert_false(do_line(&room, "pin toy-crate-1"));
    must(&room, "crate 6 3");
    must(&room, "pin toy-crate-1");
    must(&room, "take toy-crate-1");
    assert_false(do_line(&room, "crate 6 3"));
    run(&room, 5);
    verify(&room);
    room_clear(&room);
}

static void anything_verifies(ParaSolverKind solver)
{
    Room room = room_make(solver);
    ParaRng rng = para_rng_make(3, "anything");
    int done = 0, made = 0;
    for (int d = 0; d < 120 && room.env.play.status == PARA_PLAY_ON; d++) {
        for (int k = 0; k < 6; k++) {
            ParaMeddle meddle = any_meddle(&rng, room.env.level);
            bool good = para_env_meddle(&room.env, &meddle, room.why, sizeof room.why);
            done += good;
            made += good && para_meddle_remakes(meddle.kind);
            assert_true(good || strlen(room.why) > 5);
        }
        run(&room, 1);
    }
    assert_true(done > 100 && made > 20);
    verify(&room);
    room_clear(&room);
}

static void test_anything_verifies_on_both_solvers(void **state)
{
    (void)state;
    anything_verifies(PARA_SOLVER_CHIPMUNK);
    anything_verifies(PARA_SOLVER_LANES);
}

static void test_a_scene_is_kept_as_a_level(void **state)
{
    (void)state;
    Room room = room_make(PARA_SOLVER_CHIPMUNK);
    must(&room, "point 8 3 9 4");
    must(&room, "box stone");
    must(&room, "slice 8.5 0 8.6 9");
    must(&room, "cut pivot");
    must(&room, "gravity 500 -1500"); // more than a level may say
    run(&room, 30);
    const ParaLevel *now = para_meddle_level_now(room.env.level, room.env.world, room.arena);
    const char *text = para_level_to_json(now, room.arena);
    ParaDiagList problems = para_diag_list(room.arena, "kept", text);
    const ParaTemplate *form = para_template_load("kept", text, strlen(text), room.arena, &problems);
    const ParaLevel *level = form ? para_template_sample(form, NULL, 0, room.arena, &problems) : NULL;
    if (!level)
        para_diag_print(&problems, stderr);
    assert_non_null(level);
    assert_int_equal(level->world.body_count, room.env.level->world.body_count);
    for (int b = 0; b < level->world.body_count; b++) {
        if (!is_there(&room, b) || level->world.bodies[b].kind != PARA_BODY_DYNAMIC) {
            assert_true(is_there(&room, b) || para_level_is_spare(level, b));
            continue;
        }
        assert_true(fabsf(level->world.bodies[b].position.x - of(&room, room.view->x, b)) < 1e-4f);
        assert_true(fabsf(level->world.bodies[b].position.y - of(&room, room.view->y, b)) < 1e-4f);
    }
    assert_true(level->joint_unmade && level->joint_unmade[0]);
    room_clear(&room);
}

/// A body that an event has spawned, and may again, is in the level when it is kept.
static void test_a_scene_with_what_was_spawned_is_kept(void **state)
{
    (void)state;
    char text[2048];
    const char *end = strstr(toys_text, " \"player\"");
    snprintf(text, sizeof text,
             "%.*s \"events\": [{\"when\": {\"at\": 0.1}, \"do\": [{\"spawn\": \"toy-crate-1\", \"at\": "
             "[9, 4]}]}],%s",
             (int)(end - toys_text), toys_text, end);
    Room room = room_of(text, PARA_SOLVER_CHIPMUNK);
    run(&room, 30);
    assert_true(is_there(&room, find(&room, "toy-crate-1")));
    const char *kept =
        para_level_to_json(para_meddle_level_now(room.env.level, room.env.world, room.arena), room.arena);
    ParaDiagList problems = para_diag_list(room.arena, "kept", kept);
    const ParaTemplate *form = para_template_load("kept", kept, strlen(kept), room.arena, &problems);
    assert_non_null(form);
    assert_non_null(para_template_sample(form, NULL, 0, room.arena, &problems));
    room_clear(&room);
}

// A level that ends, and what its goal is about.
#define ENDED(thing)                                                                                         \
    "{\"paracosm\": 1, \"name\": \"test-kept\", \"about\": \"It ends.\","                                    \
    " \"world\": {\"size\": [20, 10], \"seconds\": 60},"                                                     \
    " \"bodies\": [{\"name\": \"ground\", \"static\": true, \"shape\": {\"box\": [20, 1]}, \"at\": [10, "    \
    "0.5]},"                                                                                                 \
    "  {\"name\": \"me\", \"shape\": {\"circle\": 0.4}, \"at\": [2, 1.4]},"                                  \
    "  {\"name\": \"lift\", \"kinematic\": true, \"shape\": {\"box\": [1, 0.2]}, \"at\": [16, 3],"           \
    "   \"moves\": {\"by\": [0, 1], \"period\": 3}},"                                                        \
    "  {\"name\": \"" thing "\", \"shape\": {\"box\": [1, 1]}, \"at\": [6, 1.5]}],"                          \
    " \"zones\": [{\"name\": \"mark\", \"area\": {\"box\": [2, 2]}, \"at\": [15, 2]}],"                      \
    " \"player\": {\"body\": \"me\", \"actuators\": [{\"twist\": \"me\", \"torque\": 4, \"channel\": 0}]},"  \
    " \"goal\": {\"inside\": [\"" thing "\", \"mark\"]}, \"fail\": {\"below\": [\"me\", -1]}}"

static const char ended_text[] = ENDED("crate");

/// The level that a scene is kept as, after some lines in a sandbox of ended_text.
static const ParaLevel *kept_after(Room *room, const char *const *lines)
{
    const char *error = NULL;
    ParaDiagList problems = para_diag_list(room->arena, "kept", NULL);
    const ParaLevel *from = para_level_copy(room->env.level, room->arena);
    const ParaLevel *open = para_sandbox_level(from, PARA_SOLVER_CHIPMUNK, room->arena, &error);
    assert_non_null(open);
    assert_true(para_env_begin(&room->env, open, "test"));
    for (int i = 0; lines[i]; i++)
        must(room, lines[i]);
    run(room, 20);
    const ParaLevel *now = para_meddle_level_now(room->env.level, room->env.world, room->arena);
    const char *text = para_sandbox_text(now, from, room->arena, &error);
    if (!text)
        fail_msg("%s", error);
    const ParaTemplate *form = para_template_load("kept", text, strlen(text), room->arena, &problems);
    assert_non_null(form);
    return para_template_sample(form, NULL, 0, room->arena, &problems);
}

static int named(const ParaLevel *level, const char *prefix)
{
    int count = 0;
    for (int b = 0; b < level->world.body_count; b++)
        count += strncmp(level->body_names[b], prefix, strlen(prefix)) == 0;
    for (int z = 0; z < level->world.zone_count; z++)
        count += strncmp(level->zone_names[z], prefix, strlen(prefix)) == 0;
    return count;
}

/// It ends as the level did, has what was dropped as its own, and takes another toybox.
static void test_a_kept_scene_ends_as_its_level(void **state)
{
    (void)state;
    Room room = room_of(ended_text, PARA_SOLVER_CHIPMUNK);
    const ParaLevel *level = kept_after(&room, (const char *const[]){"crate at 9 4", "wind 3", NULL});
    assert_non_null(level);
    assert_true(level->seconds == 60.0f);
    assert_int_equal(named(level, "toy-"), 0);
    assert_int_equal(named(level, "kept-"), 2); // a crate, and the wind
    assert_non_null(strstr(para_level_to_json(level, room.arena), "\"mark\""));
    assert_null(strstr(para_level_to_json(level, room.arena), "10000"));
    const char *error = NULL;
    const ParaLevel *again = para_sandbox_level(level, PARA_SOLVER_CHIPMUNK, room.arena, &error);
    assert_non_null(again);
    assert_true(named(again, "toy-crate") > 0);
    room_clear(&room);
}

/// What the goal is about is gone, and so is what moves by itself: the rest is kept nonetheless.
static void test_a_scene_without_its_goal_is_kept(void **state)
{
    (void)state;
    Room room = room_of(ended_text, PARA_SOLVER_CHIPMUNK);
    const ParaLevel *level = kept_after(&room, (const char *const[]){"take lift", "take crate", NULL});
    assert_non_null(level);
    room_clear(&room);
}

/// What a tool made once, and a goal is about now, is no more: the scene ends as a sandbox.
static void test_a_scene_without_the_made_thing_of_its_goal_is_kept(void **state)
{
    (void)state;
    for (int taken = 0; taken < 2; taken++) {
        Room room = room_of(ENDED("made-1"), PARA_SOLVER_CHIPMUNK);
        const ParaLevel *level =
            kept_after(&room, (const char *const[]){taken ? "take made-1" : "push 1", NULL});
        assert_non_null(level);
        assert_true(level->seconds == (taken ? PARA_SANDBOX_SECONDS : 60.0f));
        assert_int_equal(named(level, "made-1"), 1 - taken);
        room_clear(&room);
    }
}

/// An event is about what moved by itself and was taken out: the scene has no events, and ends as its level.
static void test_a_scene_without_what_an_event_is_about_is_kept(void **state)
{
    (void)state;
    char text[2048];
    const char *end = strstr(ended_text, " \"player\"");
    snprintf(text, sizeof text,
             "%.*s \"events\": [{\"when\": {\"at\": 30}, \"do\": [{\"stop\": \"lift\"}]}],%s",
             (int)(end - ended_text), ended_text, end);
    for (int taken = 0; taken < 2; taken++) {
        Room room = room_of(text, PARA_SOLVER_CHIPMUNK);
        const ParaLevel *level =
            kept_after(&room, (const char *const[]){taken ? "take lift" : "push 1", NULL});
        assert_non_null(level);
        assert_int_equal(level->event_count, 1 - taken);
        assert_true(level->seconds == 60.0f);
        room_clear(&room);
    }
}

const struct CMUnitTest para_tests_env_sandbox[] = {
    cmocka_unit_test(test_things_are_made_on_both_solvers),
    cmocka_unit_test(test_what_there_was_goes_on),
    cmocka_unit_test(test_hands_grab_and_throw),
    cmocka_unit_test(test_lines_cut),
    cmocka_unit_test(test_pins_and_joints_hold),
    cmocka_unit_test(test_going_back_brings_the_older_level),
    cmocka_unit_test(test_what_makes_no_sense_is_refused_and_changes_nothing),
    cmocka_unit_test(test_what_is_pinned_does_not_come_in),
    cmocka_unit_test(test_anything_verifies_on_both_solvers),
    cmocka_unit_test(test_a_scene_is_kept_as_a_level),
    cmocka_unit_test(test_a_scene_with_what_was_spawned_is_kept),
    cmocka_unit_test(test_a_kept_scene_ends_as_its_level),
    cmocka_unit_test(test_a_scene_without_its_goal_is_kept),
    cmocka_unit_test(test_a_scene_without_the_made_thing_of_its_goal_is_kept),
    cmocka_unit_test(test_a_scene_without_what_an_event_is_about_is_kept),
};
const size_t para_tests_env_sandbox_count = sizeof para_tests_env_sandbox / sizeof *para_tests_env_sandbox;
