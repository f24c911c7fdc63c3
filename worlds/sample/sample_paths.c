// SPDX-License-Identifier: MIT
// Sampling of paths: the stops of platforms, each with the time of the way to it.
#include "worlds/sample/sample.h"

#include "engine/base/maths.h"

static const ParaObject *path_of(const ParaObject *body)
{
    const ParaValue *path = para_value(body, PARA_FIELD_BODY_path);
    return path->present ? path->objects : NULL;
}

static int stop_count(const ParaObject *path)
{
    const ParaValue *stops = para_value(path, PARA_FIELD_PATH_stops);
    return stops->present ? stops->count : 0;
}

void para_sample_count_paths(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    int stops = 0;
    for (int b = 0; b < sampler->bodies.count; b++) {
        const ParaObject *path = path_of(&sampler->t->bodies[sampler->bodies.object[b]]);
        stops += path ? stop_count(path) + 1 : 0; // and the one that closes a loop
    }
    if (stops > PARA_ALL_STOPS_MAX)
        para_sample_problem(sampler, PARA_CODE_MEMBER_COUNT, "/bodies", NULL,
                            "with all copies the paths have more than %d stops", PARA_ALL_STOPS_MAX);
    if (stops == 0 || sampler->failed)
        return;
    level->body_paths = PARA_NEW(sampler->arena, ParaPath, level->world.body_count);
    level->stops = PARA_NEW(sampler->arena, ParaStop, stops);
}

/// The time of a way by its length and the path's speed.
static float time_of(ParaSampler *sampler, const ParaObject *where, ParaVec2 from, ParaVec2 to, float speed)
{
    const ParaField *field = para_field(PARA_FIELD_STOP_time);
    double x = (double)to.x - (double)from.x, y = (double)to.y - (double)from.y;
    double seconds = para_sqrt(x * x + y * y) / (double)speed;
    if (seconds >= PARA_STOP_TIME_LEAST && seconds <= field->high)
        return (float)seconds;
    if (seconds > 0)
        para_sample_problem(
            sampler, PARA_CODE_RANGE, where->path, NULL,
            "at %.4g m/s the way here takes %.4g s, which is not in %.9g to %.9g s; give a \"time\", "
            "or another speed",
            (double)speed, seconds, PARA_STOP_TIME_LEAST, field->high);
    else
        para_sample_problem(
            sampler, PARA_CODE_MISSING_FIELD, where->path, NULL,
            "\"time\" is missing: the stop is where the one before it is, so no speed tells how long "
            "the way takes");
    return (float)PARA_STOP_TIME_LEAST;
}

void para_sample_path(ParaSampler *sampler, const ParaObject *body, int index)
{
    const ParaObject *object = path_of(body);
    if (!object)
        return;
    ParaLevel *level = sampler->level;
    ParaBound bound;
    para_bound_default(PARA_KIND_PATH, &bound);
    para_sample_bind(sampler, object, &bound);
    const ParaBoundPath own = bound.path;
    const ParaValue *stops = para_value(object, PARA_FIELD_PATH_stops);
    ParaPath *path = &level->body_paths[index];
    *path = (ParaPath){.first = level->stop_count,
                       .count = stop_count(object),
                       .ease = (ParaEase)own.ease,
                       .goes = (ParaGoes)own.goes,
                       .wait = own.wait,
                       .waits = own.waits};
    ParaVec2 from = {0, 0};
    for (int k = 0; k < path->count; k++) {
        const ParaObject *where = &stops->objects[k];
        para_bound_default(PARA_KIND_STOP, &bound);
        bound.stop.stop.wait = own.wait;
        para_sample_bind(sampler, where, &bound);
        ParaStop *stop = &level->stops[level->stop_count++];
        *stop = bound.stop.stop;
        if (!para_value(where, PARA_FIELD_STOP_time)->present)
            stop->seconds = time_of(sampler, where, from, stop->by, own.speed);
        from = stop->by;
    }
    if (path->goes != PARA_GOES_LOOP || (from.x == 0 && from.y == 0))
        return;
    if (path->count == PARA_STOPS_MAX)
        para_sample_problem(
            sampler, PARA_CODE_ITEM_COUNT, object->path, "stops",
            "its own place, where the loop ends, is a stop too; with it there are more than %d",
            PARA_STOPS_MAX);
    if (sampler->failed)
        return;
    level->stops[level->stop_count++] =
        (ParaStop){.seconds = time_of(sampler, object, from, (ParaVec2){0, 0}, own.speed), .wait = own.wait};
    path->count++;
}
