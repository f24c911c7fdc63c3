// SPDX-License-Identifier: MIT
// A world gives the same bits alone, at any index, in any company, under any mask, after any copy, from any
// number of threads and at any vector width. One table holds what each scene does alone; everything else is
// compared with it after every step: state, contacts, events, joints and the solver's own hash. It holds for
// both solvers; it is lanes that has something to lose.
#include "bench/pile.h"
#include "engine/base/hash.h"
#include "engine/base/rng.h"
#include "engine/base/threads.h"
#include "engine/world/lanes/lanes_width.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KINDS 17
#define STEPS 320
#define SEATS 100 ///< worlds of the largest group

static uint64_t alone[KINDS][STEPS + 1]; ///< fingerprint of each scene after each step
static Scene scenes[KINDS];
static ParaPile piles[2];

// ---------------------------------------------------------------- scenes

static void make_rough_slope(Scene *scene)
{
    ParaVec2 points[60];
    for (int i = 0; i < 60; i++)
        points[i] = (ParaVec2){0.5f * (float)i - 5.0f, -0.15f * (float)i + (i % 3 ? 0.1f : -0.1f)};
    scene_begin(scene);
    scene_body(scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    scene_chain(scene, points, 60, 0.02f);
    for (int i = 0; i < 9; i++) {
        int body = scene_body(scene, PARA_BODY_DYNAMIC, (float)i, 2.0f);
        if (i % 3 == 2)
            scene_segment(scene, (ParaVec2){-0.2f, 0}, (ParaVec2){0.2f, 0.1f}, 0.1f);
        else
            scene_box(scene, 0.4f, 0.3f);
        scene->bodies[body].angle = (float)i;
        scene->bodies[body].fast = i == 4;
    }
}

static void make_hanging_links(Scene *scene)
{
    scene_begin(scene);
    scene_body(scene, PARA_BODY_STATIC, 0.0f, 5.0f);
    for (int i = 0; i < 12; i++) {
        int link = scene_body(scene, PARA_BODY_DYNAMIC, 0.25f + 0.5f * (float)i, 5.0f);
        scene_box(scene, 0.5f, 0.1f);
        scene_joint(scene, i % 5 == 4 ? PARA_JOINT_WELD : PARA_JOINT_REVOLUTE, link - 1, link,
                    (ParaVec2){i ? 0.25f : 0.0f, 0}, (ParaVec2){-0.25f, 0});
    }
}

/// Fifty balls in one place: hundreds of pairs, each of which presses. (What is left out of a still denser
/// crowd is the business of test_world_crowd_limits.c.)
static void make_crowd(Scene *scene)
{
    scene_begin(scene);
    scene_floor(scene, 0.5f, 0.0f);
    for (int i = 0; i < 50; i++) {
        scene_body(scene, PARA_BODY_DYNAMIC, 0.02f * (float)(i % 10), 0.3f + 0.03f * (float)(i / 10));
        scene_circle(scene, 0.25f);
    }
}

/// Balls, boxes and rods that bob, sink and bump in a pool and a round pond.
static void make_pool(Scene *scene)
{
    scene_begin(scene);
    scene_floor(scene, 0.5f, 0.0f);
    scene->zones[scene_zone_box(scene, 0.0f, 2.0f, 9.0f, 4.0f)].fluid_density = 100.0f;
    scene->zones[1] = para_zone_def_default();
    scene->zones[1].position = (ParaVec2){6.0f, 2.0f};
    scene->zones[1].radius = 2.0f;
    scene->zones[1].fluid_density = 3.0f;
    scene->def.zone_count = 2;
    for (int i = 0; i < 18; i++) {
        scene_body(scene, PARA_BODY_DYNAMIC, -4.0f + 0.7f * (float)i, 3.0f + 0.9f * (float)(i % 3));
        int shape = i % 3 == 0   ? scene_circle(scene, 0.3f)
                    : i % 3 == 1 ? scene_box(scene, 0.6f, 0.4f)
                                 : scene_segment(scene, (ParaVec2){-0.3f, 0}, (ParaVec2){0.2f, 0.2f}, 0.1f);
        scene->shapes[shape].density = i % 4 == 3 ? 300.0f : 0.5f * (float)(1 + i * i);
    }
}

/// Bodies of several shapes, odd polygons, capsules and balls that tumble over tiles, segments and chains.
static void make_seams(Scene *scene)
{
    scene_begin(scene);
    for (int i = 0; i < 12; i++) {
        scene_body(scene, PARA_BODY_STATIC, 0.8f * (float)i, i < 8 ? 0.0f : -0.2f * (float)(i - 7));
        ParaVec2 chain[] = {{0.0f, 0.0f}, {0.3f, 0.0f}, {0.8f, 0.0f}};
        ParaVec2 box[] = {{0.0f, -0.6f}, {0.8f, -0.6f}, {0.8f, 0.0f}, {0.4f, 0.0f}, {0.0f, 0.0f}};
        if (i % 3 == 0)
            scene_polygon(scene, box, 5);
        else if (i % 3 == 1)
            scene_segment(scene, chain[0], chain[2], 0.0f);
        else
            scene_chain(scene, chain, 3, 0.0f);
    }
    for (int i = 0; i < 12; i++) {
        int body = scene_body(scene, PARA_BODY_DYNAMIC, 0.7f * (float)i, 0.6f + 0.3f * (float)(i % 4));
        scene->bodies[body].angle = 0.5f * (float)i;
        scene->bodies[body].velocity.x = 3.0f;
        for (int k = 0; k < 3 && i % 4 == 0; k++) {
            ParaVec2 part[] = {{0.1f * (float)k, 0.0f},
                               {0.1f * (float)k + 0.1f, 0.0f},
                               {0.1f * (float)k + 0.1f, 0.2f},
                               {0.1f * (float)k, 0.2f}};
            scene_polygon(scene, part, 4);
        }
        if (i % 4 == 1)
            scene_circle(scene, 0.15f);
        else if (i % 4 == 2)
            scene_segment(scene, (ParaVec2){-0.2f, 0.0f}, (ParaVec2){0.2f, 0.0f}, 0.1f);
        else if (i % 4 == 3)
            scene_box(scene, 0.4f, 0.3f);
    }
}

/// The def of a scene; scenes stay as they are once made.
static const ParaWorldDef *def_of(int kind)
{
    return kind == 4 || kind == 5 ? &piles[kind - 4].def : &scenes[kind].def;
}

static void make_scenes(void)
{
    scene_walker(&scenes[0], 3);
    scene_walker(&scenes[1], 11);
    scene_mixed(&scenes[2]);
    scene_mixed(&scenes[3]);
    scenes[3].def.substeps = 3;
    para_pile_make(&piles[0], 1);
    para_pile_make(&piles[1], 2);
    make_rough_slope(&scenes[6]);
    make_hanging_links(&scenes[7]);
    scene_begin(&scenes[8]); // one ball that falls for ever
    scene_body(&scenes[8], PARA_BODY_DYNAMIC, 0.0f, 0.0f);
    scene_circle(&scenes[8], 0.5f);
    scene_begin(&scenes[9]); // nothing at all
    make_crowd(&scenes[10]);
    make_pool(&scenes[11]);
    make_seams(&scenes[12]);
    scene_mixed(&scenes[13]); // and three that change
    make_hanging_links(&scenes[14]);
    scene_walker(&scenes[15], 5);
    scene_machines(&scenes[16]);
}

/// What is done to a scene before its step `step`.
static void act(ParaWorld world, int kind, int step)
{
    if (kind < 2) {
        scene_walker_act(world, (uint64_t)kind, step);
    } else if (kind < 4) {
        scene_mixed_act(world, step);
        if (step == 150)
            para_world_disable_body(world, 6);
        if (step == 90)
            para_world_apply_impulse(world, 8, (ParaVec2){1.0f, 2.0f});
    } else if (kind < 6) {
        para_pile_shake(world, (uint64_t)kind, step);
    } else if (kind == 12 && step == 100) {
        para_world_disable_body(world, 6); // a tile
    } else if (kind == 16) {
        scene_machines_act(world, step);
    } else if (kind >= 13) {
        scene_change(world, step);
    }
}

// ---------------------------------------------------------------- fingerprints

static uint64_t mix(const float *values, int count, int stride, uint64_t hash)
{
    for (int i = 0; i < count; i++)
        hash = para_hash(&values[(size_t)i * (size_t)stride], sizeof(float), hash);
    return hash;
}

/// Everything a reader of the world can see, and the solver's own hash.
static uint64_t fingerprint(ParaWorld world)
{
    const ParaView *v = para_world_view(world);
    int bodies = v->def->body_count, joints = v->def->joint_count;
    const float *of_bodies[] = {v->x,  v->y,    v->angle, v->cos,      v->sin,     v->vx,
                                v->vy, v->spin, v->mass,  v->centre_x, v->centre_y};
    const float *of_joints[] = {v->joint_angle, v->joint_speed, v->joint_load};
    uint64_t hash = para_world_hash(world);
    for (size_t i = 0; i < sizeof of_bodies / sizeof *of_bodies; i++)
        hash = mix(of_bodies[i], bodies, v->stride, hash);
    for (size_t i = 0; i < sizeof of_joints / sizeof *of_joints; i++)
        hash = mix(of_joints[i], joints, v->stride, hash);
    for (int i = 0; i < bodies; i++) {
        uint32_t bits[2] = {AT(v, zone_bits, i), AT(v, enabled, i)};
        hash = para_hash(bits, sizeof bits, hash);
    }
    for (int i = 0; i < joints; i++)
        hash = para_hash(&AT(v, joint_enabled, i), 1, hash);
    hash = para_hash(&v->gravity, sizeof v->gravity, hash);
    hash = para_hash(v->zones, sizeof *v->zones * (size_t)v->def->zone_count, hash);
    hash = para_hash(v->contacts, sizeof(ParaContact) * (size_t)v->contact_count, hash);
    hash = para_hash(v->events, sizeof(ParaEvent) * (size_t)v->event_count, hash);
    uint64_t counts[4] = {v->step, (uint64_t)v->status, (uint64_t)v->contact_count, (uint64_t)v->event_count};
    return para_hash(counts, sizeof counts, hash);
}

/// Fills the table: each scene alone in a group of one.
static void run_alone(void)
{
    make_scenes();
    int contacts = 0, events = 0;
    for (int kind = 0; kind < KINDS; kind++) {
        ParaWorldGroup *group = scene_room(1);
        ParaWorld world = para_world_at(group, 0);
        assert_true(para_world_build(world, def_of(kind), NULL));
        alone[kind][0] = fingerprint(world);
        for (int i = 0; i < STEPS; i++) {
            act(world, kind, i);
            para_world_step(world);
            alone[kind][i + 1] = fingerprint(world);
            contacts += para_world_view(world)->contact_count;
            events += para_world_view(world)->event_count;
        }
        assert_int_equal(para_world_view(world)->status, PARA_WORLD_FINE);
        assert_true(alone[kind][STEPS] != alone[kind][STEPS - 1]);
        para_world_group_destroy(group);
    }
    assert_true(contacts > 10000 && events > 1000); // there is something to compare
}

// ---------------------------------------------------------------- seats

/// A world of a group, and where in which scene it is.
typedef struct Seat {
    ParaWorld world;
    int kind, step;
    int generation; ///< of its build: an image belongs to one
} Seat;

static void sit(Seat *seat, int kind)
{
    assert_true(para_world_build(seat->world, def_of(kind), NULL));
    seat->kind = kind;
    seat->step = 0;
    seat->generation++;
}

static void fill(Seat *seats, ParaWorldGroup *group, int count, int first_kind)
{
    for (int i = 0; i < count; i++) {
        seats[i] = (Seat){.world = para_world_at(group, i)};
        sit(&seats[i], (first_kind + i * 7 + i / 3) % KINDS);
    }
}

static void check(const Seat *seat, const char *when)
{
    if (fingerprint(seat->world) != alone[seat->kind][seat->step])
        fail_msg("world %d (scene %d) differs from itself alone after step %d, %s", seat->world.index,
                 seat->kind, seat->step, when);
}

/// Steps seats [first, first + count) of a group where active; all of them must have steps left.
static void step_seats(Seat *seats, int first, int count, const uint8_t *active)
{
    for (int i = 0; i < count; i++)
        if (!active || active[i])
            act(seats[first + i].world, seats[first + i].kind, seats[first + i].step);
    para_world_group_step(seats[0].world.group, first, count, active);
    for (int i = 0; i < count; i++)
        seats[first + i].step += !active || active[i];
}

// ---------------------------------------------------------------- tests

static void same_in_any_batch(const char *when, int (*prepare)(ParaWorldGroup *group))
{
    static Seat seats[SEATS];
    static const int sizes[] = {1, 2, 3, 5, 8, 16, 17, 33, 63, 64, 65, SEATS};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        ParaWorldGroup *group = scene_room(sizes[s]);
        if (prepare)
            (void)prepare(group);
        fill(seats, group, sizes[s], (int)s);
        int steps = sizes[s] > 40 ? STEPS / 2 : STEPS;
        for (int i = 0; i < steps; i++) {
            step_seats(seats, 0, sizes[s], NULL);
            for (int k = 0; k < sizes[s]; k++)
                check(&seats[k], when);
        }
        para_world_group_destroy(group);
    }
}

static void test_world_is_the_same_in_any_batch(void **state)
{
    (void)state;
    run_alone();
    same_in_any_batch("in a batch", NULL);
}

static void test_world_is_the_same_under_any_mask(void **state)
{
    (void)state;
    static Seat seats[SEATS];
    run_alone();
    ParaRng rng = para_rng_make(7, "masks");
    ParaWorldGroup *group = scene_room(SEATS);
    fill(seats, group, SEATS, 0);
    for (int round = 0; round < 700; round++) {
        static const double densities[] = {1.0, 0.5, 0.1, 0.02, 0.0};
        double density = densities[para_rng_int(&rng, 0, 4)];
        int first = (int)para_rng_int(&rng, 0, SEATS - 1), count = (int)para_rng_int(&rng, 0, SEATS - first);
        uint8_t active[SEATS];
        for (int i = 0; i < count; i++) {
            active[i] = para_rng_f64(&rng) < density && seats[first + i].step < STEPS;
            active[i] = (uint8_t)(active[i] * para_rng_int(&rng, 1, 255)); // any non-zero byte is a yes
        }
        step_seats(seats, first, count, active);
        for (int i = 0; i < SEATS; i++)
            if (round % 50 == 0 || (i >= first && i < first + count))
                check(&seats[i], "under a mask");
    }
    int farthest = 0;
    for (int i = 0; i < SEATS; i++)
        farthest = seats[i].step > farthest ? seats[i].step : farthest;
    assert_true(farthest > 50);
    para_world_group_destroy(group);
}

/// An image of a seat, to be put back into it.
typedef struct Image {
    void *bytes;
    size_t size;
    int seat, generation, kind, step;
} Image;

static void save(Image *image, Seat *seats, int seat)
{
    free(image->bytes);
    image->size = para_world_snapshot_size(seats[seat].world);
    image->bytes = malloc(image->size);
    assert_non_null(image->bytes);
    assert_int_equal(para_world_save(seats[seat].world, image->bytes, image->size), image->size);
    image->seat = seat;
    image->generation = seats[seat].generation;
    image->kind = seats[seat].kind;
    image->step = seats[seat].step;
}

static void put_back(const Image *image, Seat *seats)
{
    Seat *seat = &seats[image->seat];
    if (!image->bytes || seat->generation != image->generation)
        return;
    assert_true(para_world_restore(seat->world, image->bytes, image->size));
    seat->step = image->step;
    check(seat, "after a restore");
}

static void copy(const Seat *source, Seat *target)
{
    assert_true(para_world_clone(source->world, target->world, NULL));
    if (source == target)
        return;
    target->kind = source->kind;
    target->step = source->step;
    target->generation++;
    check(target, "after a clone");
}

/// Questions between steps, which must leave no trace.
static void ask(ParaWorld world)
{
    int32_t found[4];
    float seen[3];
    ParaVec2 directions[] = {{5, -5}, {-7, 0}, {0, -9}};
    (void)para_world_ray(world, (ParaVec2){0, 4}, (ParaVec2){5, -3}, ~0u, 0);
    para_world_rays(world, (ParaVec2){1, 3}, directions, 3, ~0u, 1, seen);
    (void)para_world_at_point(world, (ParaVec2){2, 1}, found, 4);
    (void)para_world_in_box(world, (ParaVec2){0, 0}, (ParaVec2){3, 3}, found, 4);
}

/// A few thousand random deeds on three groups: steps of all kinds, saves, restores, clones, rebuilds.
static void live(const int *sizes, int (*prepare)(ParaWorldGroup *group), uint64_t seed)
{
    static Seat seats[3 * SEATS];
    static Image images[16];
    ParaRng rng = para_rng_make(seed, "life");
    ParaWorldGroup *groups[3];
    int firsts[3], total = 0, restored = 0;
    for (int g = 0; g < 3; g++) {
        groups[g] = scene_room(sizes[g]);
        if (prepare)
            (void)prepare(groups[g]);
        firsts[g] = total;
        fill(&seats[total], groups[g], sizes[g], g);
        total += sizes[g];
    }
    for (int deed = 0; deed < 2500; deed++) {
        int g = (int)para_rng_int(&rng, 0, 2), one = (int)para_rng_int(&rng, 0, total - 1);
        int other = (int)para_rng_int(&rng, 0, total - 1);
        Image *image = &images[para_rng_int(&rng, 0, 15)];
        switch (para_rng_int(&rng, 0, 9)) {
        case 0:
            copy(&seats[one], &seats[other]);
            break;
        case 1:
            save(image, seats, one);
            break;
        case 2:
            restored += image->bytes && seats[image->seat].generation == image->generation;
            put_back(image, seats);
            break;
        case 3:
            if (deed % 4 == 0)
                sit(&seats[one], (int)para_rng_int(&rng, 0, KINDS - 1));
            break;
        case 4:
            if (seats[one].step < STEPS) {
                act(seats[one].world, seats[one].kind, seats[one].step++);
                para_world_step(seats[one].world);
            }
            break;
        case 5:
            ask(seats[one].world);
            break;
        default: {
            uint8_t active[SEATS];
            for (int i = 0; i < sizes[g]; i++)
                active[i] = seats[firsts[g] + i].step < STEPS && para_rng_f64(&rng) < 0.9;
            step_seats(&seats[firsts[g]], 0, sizes[g], active);
            for (int i = 0; i < sizes[g]; i++)
                check(&seats[firsts[g] + i], "in a busy life");
        }
        }
        check(&seats[one], "in a busy life");
    }
    assert_true(restored > 20);
    for (int i = 0; i < 16; i++) {
        free(images[i].bytes);
        images[i] = (Image){0};
    }
    for (int g = 0; g < 3; g++)
        para_world_group_destroy(groups[g]);
}

static void test_world_is_the_same_after_copies_and_restores(void **state)
{
    (void)state;
    run_alone();
    static const int sizes[] = {37, 1, 20};
    live(sizes, NULL, 1);
    live(sizes, NULL, 2);
}

typedef struct Job {
    Seat *seats;
    int per_task;
    int wrong;
} Job;

static void step_part(void *context, int task, int worker)
{
    (void)worker;
    Job *job = context;
    step_seats(job->seats, task * job->per_task, job->per_task, NULL);
}

static void test_world_is_the_same_from_several_threads(void **state)
{
    (void)state;
    static Seat seats[SEATS];
    run_alone();
    static const int parts[] = {1, 10, 20}; // worlds of a task: never the solver's own blocks
    for (int threads = 2; threads <= 4; threads++) {
        ParaWorkers *workers = para_workers_create(threads);
        ParaWorldGroup *group = scene_room(SEATS);
        fill(seats, group, SEATS, threads);
        Job job = {.seats = seats, .per_task = parts[threads - 2]};
        for (int i = 0; i < 200; i++) {
            para_workers_run(workers, step_part, &job, SEATS / job.per_task);
            for (int k = 0; k < SEATS; k++)
                check(&seats[k], "from several threads");
        }
        para_world_group_destroy(group);
        para_workers_destroy(workers);
    }
}

/// Spoils a world in one of several ways.
static void spoil(ParaWorld world, int way)
{
    const ParaInputs *inputs = para_world_inputs(world);
    if (way == 0)
        AT(inputs, force_x, 3) = NAN;
    else if (way == 1)
        AT(inputs, torque, 3) = INFINITY;
    else if (way == 2)
        AT(inputs, force_y, 3) = 1e9f;
    else if (way == 3)
        para_world_apply_impulse(world, 3, (ParaVec2){NAN, NAN});
    else
        para_world_set_velocity(world, 3, (ParaVec2){3e38f, -3e38f}, 3e38f);
}

static void test_diverged_world_harms_no_neighbour(void **state)
{
    (void)state;
    static Seat seats[SEATS];
    run_alone();
    for (int way = 0; way < 5; way++) {
        ParaWorldGroup *group = scene_room(40);
        fill(seats, group, 40, way);
        static const int sick[] = {0, 5, 6, 17, 39};
        for (int i = 0; i < 5; i++)
            sit(&seats[sick[i]], i % 2 ? 1 : 7); // scenes that leave forces alone
        for (int i = 0; i < 120; i++) {
            for (int k = 0; i == 40 && k < 5; k++)
                spoil(seats[sick[k]].world, way);
            step_seats(seats, 0, 40, NULL);
            for (int k = 0; k < 40; k++) {
                bool is_sick = k == sick[0] || k == sick[1] || k == sick[2] || k == sick[3] || k == sick[4];
                if (!is_sick || i < 40)
                    check(&seats[k], "beside a diverged world");
            }
        }
        for (int k = 0; k < 5; k++) {
            const ParaView *view = para_world_view(seats[sick[k]].world);
            assert_int_equal(view->status, PARA_WORLD_DIVERGED);
            assert_true(view->diverged_body >= 0);
            // The force alone may take some steps to run away; it stands still from then on.
            assert_true(view->step >= 40 && view->step < 60);
            for (int b = 0; b < view->def->body_count; b++)
                assert_true(isfinite(AT(view, x, b)) && isfinite(AT(view, y, b)) &&
                            isfinite(AT(view, angle, b)) && isfinite(AT(view, vx, b)));
            sit(&seats[sick[k]], k); // and a rebuilt world is healthy again
        }
        for (int i = 0; i < 30; i++) {
            for (int k = 0; k < 5; k++)
                step_seats(seats, sick[k], 1, NULL);
            for (int k = 0; k < 5; k++)
                check(&seats[sick[k]], "rebuilt after it diverged");
        }
        para_world_group_destroy(group);
    }
}

static int wanted_width; // of use_width
static int use_width(ParaWorldGroup *group) { return para_lanes_set_width(group, wanted_width); }

/// Each group of `live` at another width, so that worlds are cloned between them.
static int next_width(ParaWorldGroup *group)
{
    static const int widths[] = {4, 8, 16};
    wanted_width = widths[(wanted_width / 4) % 3];
    return para_lanes_set_width(group, wanted_width);
}

#define BRIEF       160         ///< steps: to behind the last deed of `act`
#define BRIEF_SEATS (5 * KINDS) ///< a block of worlds, and one more

/// Fingerprints of the first steps of all scenes, side by side in one group.
typedef struct Brief {
    uint64_t seen[BRIEF][BRIEF_SEATS]; ///< [step, seat]
} Brief;

/// @return false where the machine lacks the width
static bool run_brief(int width, Brief *out)
{
    static Seat seats[BRIEF_SEATS];
    ParaWorldGroup *group = scene_room(BRIEF_SEATS);
    bool is_there = para_lanes_set_width(group, width);
    if (is_there)
        fill(seats, group, BRIEF_SEATS, 0);
    for (int i = 0; is_there && i < BRIEF; i++) {
        step_seats(seats, 0, BRIEF_SEATS, NULL);
        for (int k = 0; k < BRIEF_SEATS; k++)
            out->seen[i][k] = fingerprint(seats[k].world);
    }
    para_world_group_destroy(group);
    return is_there;
}

/// The same question as below, small enough for the emulated CPU of tests/emulate.
static void test_first_steps_are_the_same_at_all_widths(void **state)
{
    (void)state;
    static Brief four, other;
    make_scenes();
    for (int width = 4; width <= 16; width *= 2) {
        if (!run_brief(width, width == 4 ? &four : &other)) {
            assert_int_not_equal(width, 4); // every machine has this one
            printf("width %d: not on this machine\n", width);
            continue;
        }
        const Brief *brief = width == 4 ? &four : &other;
        printf("width %d: %016llx\n", width, (unsigned long long)para_hash(brief, sizeof *brief, 0));
        for (int i = 0; i < BRIEF; i++)
            for (int k = 0; k < BRIEF_SEATS; k++)
                if (brief->seen[i][k] != four.seen[i][k])
                    fail_msg("seat %d differs from width 4 after step %d", k, i + 1);
    }
}

static void test_world_is_the_same_at_every_width(void **state)
{
    (void)state;
    run_alone(); // at the width the machine would take
    ParaWorldGroup *group = scene_room(1);
    assert_true(para_lanes_set_width(group, 4)); // every machine has this one
    for (int width = 4; width <= 16; width *= 2) {
        if (!para_lanes_set_width(group, width)) {
            printf("width %d: not on this machine\n", width);
            continue;
        }
        printf("width %d: compared\n", width);
        wanted_width = width;
        same_in_any_batch("at another width", use_width);
    }
    assert_false(para_lanes_set_width(group, 5));
    assert_false(para_lanes_set_width(group, 0));
    para_world_group_destroy(group);
    group = para_world_group_create(PARA_SOLVER_CHIPMUNK, 1);
    assert_false(para_lanes_set_width(group, 4));
    para_world_group_destroy(group);
    static const int sizes[] = {33, 8, 20};
    live(sizes, next_width, 3);
}

const struct CMUnitTest para_tests_world_lanes[] = {
    SCENE_TEST(test_world_is_the_same_in_any_batch),
    SCENE_TEST(test_world_is_the_same_under_any_mask),
    SCENE_TEST(test_world_is_the_same_after_copies_and_restores),
    SCENE_TEST(test_world_is_the_same_from_several_threads),
    SCENE_TEST(test_diverged_world_harms_no_neighbour),
    SCENE_TEST_LANES(test_first_steps_are_the_same_at_all_widths),
    SCENE_TEST_LANES(test_world_is_the_same_at_every_width),
};
const size_t para_tests_world_lanes_count = sizeof para_tests_world_lanes / sizeof *para_tests_world_lanes;
