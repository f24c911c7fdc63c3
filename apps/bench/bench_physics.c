// SPDX-License-Identifier: MIT
// The physics' side: built worlds, stepped together, and nothing else in the measured time.
#include "apps/bench/bench_parts.h"
#include "engine/base/clock.h"
#include "engine/base/maths.h"

#include <stdlib.h>
#include <string.h>

#define HOLD       4   ///< steps an action lasts
#define IMAGES_MAX 256 ///< worlds that are reset and saved; Chipmunk's images take 400 kB each
#define RAYS       10
#define RAY_LENGTH 10.0f ///< [m]

/// A world of this side.
typedef struct Seat {
    const ParaBenchItem *item;
    ParaPlay play;
    ParaPlayerState players[PARA_PLAYERS_MAX]; ///< of the play
    void *events;                              ///< [events_size] of the play
    int64_t age;                               ///< [step]
} Seat;

struct ParaBenchPhysics {
    const ParaBenchScene *scene;
    ParaWorldGroup *group;
    Seat *seats;        ///< [worlds]
    size_t events_size; ///< [byte] most that events of a level of the pool remember
    ParaRng rng;
    int64_t next; ///< item of the pool the next build takes
    double clock_cost;
};

/// Puts world i on the next level of the pool.
static bool renew(ParaBenchPhysics *physics, int i)
{
    Seat *seat = &physics->seats[i];
    ParaWorld world = para_world_at(physics->group, i);
    seat->item = &physics->scene->pool[physics->next++ % physics->scene->pool_count];
    seat->age = 0;
    if (seat->item->level)
        return para_play_begin(&seat->play, seat->item->level, world, seat->players, seat->events, NULL);
    return para_world_build(world, seat->item->def, NULL);
}

/// Writes the inputs of world i for the next steps: a random action of its player, or a push of its box.
static void act(ParaBenchPhysics *physics, int i)
{
    Seat *seat = &physics->seats[i];
    ParaWorld world = para_world_at(physics->group, i);
    float action[PARA_PLAYERS_MAX * PARA_CHANNELS];
    int channels = (seat->item->level ? seat->item->level->player_count : 1) * PARA_CHANNELS;
    for (int c = 0; c < channels; c++)
        action[c] = (float)para_rng_int(&physics->rng, -1, 1);
    if (seat->item->level) {
        para_play_act(&seat->play, seat->item->level, action);
        para_play_before_step(&seat->play, seat->item->level, world);
    } else {
        para_pile_shake(world, seat->item->seed, seat->age);
    }
}

/// Steps every world in calls of `block` worlds.
static void step(ParaBenchPhysics *physics, int worlds, const uint8_t *active)
{
    int block = physics->scene->block;
    for (int first = 0; first < worlds; first += block) {
        int count = first + block < worlds ? block : worlds - first;
        for (int k = 0; k < HOLD; k++)
            para_world_group_step(physics->group, first, count, active ? active + first : NULL);
    }
}

/// Ages world i to i's share of a life; all of them together, as they will be stepped later.
static void spread_ages(ParaBenchPhysics *physics, uint8_t *active)
{
    int worlds = physics->scene->worlds;
    for (int64_t age = 0; age < physics->scene->life; age += HOLD) {
        for (int i = 0; i < worlds; i++) {
            // A step of 5/8 through the worlds: neighbours have different ages.
            active[i] = age * worlds < (int64_t)i * 5 % worlds * physics->scene->life;
            if (active[i])
                act(physics, i);
            physics->seats[i].age += active[i] ? HOLD : 0;
        }
        step(physics, worlds, active);
    }
}

/// Room for what events remember, where levels of the pool have any.
static void make_room_for_events(ParaBenchPhysics *physics)
{
    const ParaBenchScene *scene = physics->scene;
    for (int k = 0; k < scene->pool_count; k++) {
        size_t size = scene->pool[k].level ? para_play_events_size(scene->pool[k].level) : 0;
        physics->events_size = size > physics->events_size ? size : physics->events_size;
    }
    for (int i = 0; physics->events_size && i < scene->worlds; i++)
        physics->seats[i].events = para_arena_alloc(scene->arena, physics->events_size);
}

ParaBenchPhysics *para_bench_physics_create(const ParaBenchScene *scene, ParaSolverKind solver,
                                            const char **out_error)
{
    ParaBenchPhysics *physics = PARA_NEW(scene->arena, ParaBenchPhysics, 1);
    physics->scene = scene;
    physics->rng = para_rng_make(scene->seed, "physics");
    physics->clock_cost = para_bench_clock_cost();
    physics->seats = PARA_NEW(scene->arena, Seat, scene->worlds);
    make_room_for_events(physics);
    physics->group = solver == PARA_SOLVER_DREAM ? para_dream_group_create(scene->model, scene->worlds)
                                                 : para_world_group_create(solver, scene->worlds);
    *out_error = "no memory for so many worlds; try fewer with --worlds";
    for (int i = 0; physics->group && i < scene->worlds; i++)
        if (!renew(physics, i)) {
            *out_error = "a level of the scene cannot be built";
            para_bench_physics_destroy(physics);
            return NULL;
        }
    if (!physics->group)
        return NULL;
    spread_ages(physics, PARA_NEW(scene->arena, uint8_t, scene->worlds));
    return physics;
}

void para_bench_physics_destroy(ParaBenchPhysics *physics)
{
    if (physics)
        para_world_group_destroy(physics->group);
}

/// Actions for all; worlds at the end of their life, or run away, begin anew. @return false if one cannot
static bool act_all(ParaBenchPhysics *physics)
{
    for (int i = 0; i < physics->scene->worlds; i++) {
        Seat *seat = &physics->seats[i];
        bool over = seat->age >= physics->scene->life ||
                    para_world_view(para_world_at(physics->group, i))->status != PARA_WORLD_FINE;
        if (over && !renew(physics, i))
            return false;
        act(physics, i);
        seat->age += HOLD;
    }
    return true;
}

double para_bench_physics_turn(ParaBenchPhysics *physics)
{
    int64_t steps = 0;
    double used = 0.0;
    while (used < physics->scene->turn_seconds) {
        if (!act_all(physics))
            return 0.0;
        double begin = para_clock_cpu_seconds();
        step(physics, physics->scene->worlds, NULL);
        used += para_clock_cpu_seconds() - begin - physics->clock_cost;
        steps += (int64_t)physics->scene->worlds * HOLD;
    }
    return (double)steps / used;
}

double para_bench_physics_bytes(const ParaBenchPhysics *physics)
{
    double sum = 0.0;
    for (int i = 0; i < physics->scene->worlds; i++)
        sum += (double)para_world_bytes(para_world_at(physics->group, i));
    return sum / physics->scene->worlds;
}

double para_bench_physics_lanes(const ParaBenchPhysics *physics)
{
    int lanes = 0;
    for (int i = 0; i < physics->scene->worlds; i++)
        lanes += para_world_solver(para_world_at(physics->group, i)) == PARA_SOLVER_LANES;
    return (double)lanes / physics->scene->worlds;
}

// ---------------------------------------------------------------- resets, images, rays

/// Fresh images of the first worlds, their plays as they began, and room for an image of each when it is
/// aged.
typedef struct Images {
    int count;
    void *fresh[IMAGES_MAX], *aged[IMAGES_MAX];
    size_t fresh_size[IMAGES_MAX], aged_size[IMAGES_MAX];
    ParaPlay plays[IMAGES_MAX];
    ParaPlayerState players[IMAGES_MAX][PARA_PLAYERS_MAX]; ///< of the plays
    void *events[IMAGES_MAX];                              ///< of the plays; NULL: none has any
} Images;

static void free_images(Images *images)
{
    for (int i = 0; i < images->count; i++) {
        free(images->fresh[i]);
        free(images->aged[i]);
        free(images->events[i]);
    }
    free(images);
}

/// Room for an image of a world as it is now, every page of it touched. NULL without memory
static void *image_room(ParaWorld world, size_t *out_size)
{
    *out_size = para_world_snapshot_size(world);
    void *room = malloc(*out_size);
    return room ? memset(room, 0x5a, *out_size) : NULL;
}

static bool take_fresh_images(ParaBenchPhysics *physics, Images *images)
{
    for (int i = 0; i < images->count; i++) {
        ParaWorld world = para_world_at(physics->group, i);
        images->events[i] = physics->events_size ? malloc(physics->events_size) : NULL;
        if (!renew(physics, i) || (physics->events_size && !images->events[i]))
            return false;
        if (physics->seats[i].item->level)
            para_play_copy(&images->plays[i], &physics->seats[i].play, physics->seats[i].item->level,
                           images->players[i], images->events[i]);
        images->fresh[i] = image_room(world, &images->fresh_size[i]);
        if (!images->fresh[i] || !para_world_save(world, images->fresh[i], images->fresh_size[i]))
            return false;
    }
    return true;
}

static bool make_room_for_aged(ParaBenchPhysics *physics, Images *images)
{
    for (int i = 0; i < images->count; i++) {
        images->aged[i] = image_room(para_world_at(physics->group, i), &images->aged_size[i]);
        if (!images->aged[i])
            return false;
    }
    return true;
}

static bool save_all(ParaBenchPhysics *physics, Images *images)
{
    bool good = true;
    for (int i = 0; i < images->count; i++)
        good =
            para_world_save(para_world_at(physics->group, i), images->aged[i], images->aged_size[i]) && good;
    return good;
}

/// A second of play for the worlds that have images.
static void age_a_little(ParaBenchPhysics *physics, int count)
{
    for (int age = 0; age < 60; age += HOLD) {
        for (int i = 0; i < count; i++)
            act(physics, i);
        step(physics, count, NULL);
    }
}

static bool restore_all(ParaBenchPhysics *physics, const Images *images, float *observation)
{
    const ParaObsSpec spec = para_obs_spec_entities();
    bool good = true;
    for (int i = 0; i < images->count; i++) {
        ParaWorld world = para_world_at(physics->group, i);
        good = para_world_restore(world, images->fresh[i], images->fresh_size[i]) && good;
        if (observation)
            para_observe(&spec, physics->seats[i].item->level, &images->plays[i], 0, world, observation);
    }
    return good;
}

static float cast_rays(ParaBenchPhysics *physics, int count, const ParaVec2 *directions)
{
    float seen[RAYS], sum = 0.0f;
    for (int i = 0; i < count; i++) {
        const ParaBenchItem *item = physics->seats[i].item;
        ParaWorld world = para_world_at(physics->group, i);
        const ParaView *view = para_world_view(world);
        size_t eye = (size_t)(item->level ? item->level->players[0].body : 1) * (size_t)view->stride;
        para_world_rays(world, (ParaVec2){view->x[eye], view->y[eye]}, directions, RAYS, UINT32_MAX,
                        item->def->bodies[item->level ? item->level->players[0].body : 1].group, seen);
        sum += seen[0];
    }
    return sum;
}

/// [ns] per world since `begin`; 0 where the clock's own cost, which is a mean, is more than was measured.
static double since(const ParaBenchPhysics *physics, double begin, int count)
{
    double seconds = para_clock_cpu_seconds() - begin - physics->clock_cost;
    return seconds > 0 ? 1e9 * seconds / count : 0;
}

static void measure_times(ParaBenchPhysics *physics, Images *images, ParaBenchTimes *out, bool *good)
{
    ParaVec2 directions[RAYS];
    for (int i = 0; i < RAYS; i++) {
        double sine, cosine;
        para_sincos(PARA_TAU * (i + 0.3) / RAYS, &sine, &cosine);
        directions[i] = (ParaVec2){RAY_LENGTH * (float)cosine, RAY_LENGTH * (float)sine};
    }
    double begin = para_clock_cpu_seconds();
    volatile float sink = cast_rays(physics, images->count, directions);
    out->rays = since(physics, begin, images->count);
    (void)sink;

    begin = para_clock_cpu_seconds();
    *good = save_all(physics, images) && *good;
    out->snapshot = since(physics, begin, images->count);

    begin = para_clock_cpu_seconds();
    *good = restore_all(physics, images, NULL) && *good;
    out->restore = since(physics, begin, images->count);

    age_a_little(physics, images->count);
    out->reset = 0.0;
    if (!physics->seats[0].item->level)
        return;
    ParaArenaMark mark = para_arena_mark(physics->scene->arena);
    float *observation = PARA_NEW(physics->scene->arena, float, para_obs_spec_entities().size);
    begin = para_clock_cpu_seconds();
    *good = restore_all(physics, images, observation) && *good;
    out->reset = since(physics, begin, images->count);
    para_arena_rewind(physics->scene->arena, mark);
}

bool para_bench_physics_times(ParaBenchPhysics *physics, ParaBenchTimes *out)
{
    Images *images = calloc(1, sizeof *images);
    if (!images)
        return false;
    images->count = physics->scene->worlds < IMAGES_MAX ? physics->scene->worlds : IMAGES_MAX;
    bool good = take_fresh_images(physics, images);
    if (good) {
        age_a_little(physics, images->count);
        good = make_room_for_aged(physics, images);
    }
    if (good)
        measure_times(physics, images, out, &good);
    for (int i = 0; i < images->count; i++) { // plays go with their worlds
        if (physics->seats[i].item->level)
            para_play_copy(&physics->seats[i].play, &images->plays[i], physics->seats[i].item->level,
                           physics->seats[i].players, physics->seats[i].events);
        physics->seats[i].age = 0;
    }
    free_images(images);
    return good;
}
