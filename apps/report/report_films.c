// SPDX-License-Identifier: MIT
// Plays a replay once and writes down where everything was.
#include "apps/report/report_films.h"

#include "agents/env/decision.h"
#include "agents/env/report_words.h"
#include "engine/base/maths.h"

#include <math.h>
#include <string.h>

#define FRAMES_MAX  600
#define REPORTS_MAX 64
#define PLACE_UNIT  64.0   // of a metre
#define TURN_UNIT   4096.0 // of a turn
#define TAU         6.283185307179586

/// Base64 of bytes that come one by one.
typedef struct Base64 {
    ParaJson *json;
    uint32_t bits;
    int count;
} Base64;

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void put_byte(Base64 *out, uint8_t byte)
{
    out->bits = out->bits << 8 | byte;
    if (++out->count < 3)
        return;
    para_json_format(out->json, "%c%c%c%c", letters[out->bits >> 18 & 63], letters[out->bits >> 12 & 63],
                     letters[out->bits >> 6 & 63], letters[out->bits & 63]);
    *out = (Base64){.json = out->json};
}

static void put_end(Base64 *out)
{
    int left = out->count;
    if (left == 0)
        return;
    uint32_t bits = out->bits << (left == 1 ? 16 : 8);
    para_json_format(out->json, "%c%c%c=", letters[bits >> 18 & 63], letters[bits >> 12 & 63],
                     left == 1 ? '=' : letters[bits >> 6 & 63]);
}

static void put_int16(Base64 *out, double value)
{
    int whole = (int)para_clamp(floor(value + 0.5), INT16_MIN, INT16_MAX);
    uint16_t bits = (uint16_t)whole;
    put_byte(out, (uint8_t)(bits & 255));
    put_byte(out, (uint8_t)(bits >> 8));
}

// ---------------------------------------------------------------------------------------------
// Forms.

static void put_point(ParaJson *json, ParaVec2 point)
{
    para_json_item(json);
    para_json_float(json, point.x);
    para_json_item(json);
    para_json_float(json, point.y);
}

static void put_points(ParaJson *json, const char *key, const ParaVec2 *points, uint32_t count)
{
    para_json_key(json, key);
    para_json_open(json, '[');
    for (uint32_t k = 0; k < count; k++)
        put_point(json, points[k]);
    para_json_close(json, ']');
}

static const char *kind_word(ParaShapeKind kind)
{
    return kind == PARA_SHAPE_CIRCLE ? "circle" : kind == PARA_SHAPE_POLYGON ? "polygon" : "line";
}

static void put_key_float(ParaJson *json, const char *key, float value)
{
    para_json_key(json, key);
    para_json_float(json, value);
}

static void put_shapes(ParaJson *json, const ParaLevel *level)
{
    const ParaWorldDef *def = &level->world;
    para_json_key(json, "shapes");
    para_json_open(json, '[');
    for (int i = 0; i < def->shape_count; i++) {
        const ParaShapeDef *shape = &def->shapes[i];
        para_json_item(json);
        para_json_open(json, '{');
        para_json_key_int(json, "body", shape->body);
        para_json_key_string(json, "kind", kind_word(shape->kind));
        para_json_key_int(json, "role", (int)para_level_body_role(level, 0, shape->body));
        put_key_float(json, "radius", shape->radius);
        put_points(json, "points", def->points + shape->point_first, shape->point_count);
        para_json_close(json, '}');
    }
    para_json_close(json, ']');
    para_json_key(json, "zones");
    para_json_open(json, '[');
    for (int z = 0; z < def->zone_count; z++) {
        const ParaZoneDef *zone = &def->zones[z];
        para_json_item(json);
        para_json_open(json, '{');
        para_json_key_string(json, "kind", kind_word(zone->kind));
        para_json_key_int(json, "role", (int)para_level_zone_role(level, 0, z));
        para_json_key_bool(json, "fluid", zone->fluid_density > 0);
        put_key_float(json, "radius", zone->radius);
        put_key_float(json, "angle", zone->angle);
        para_json_key(json, "at");
        para_json_open(json, '[');
        put_point(json, zone->position);
        para_json_close(json, ']');
        put_points(json, "points", def->points + zone->point_first, zone->point_count);
        para_json_close(json, '}');
    }
    para_json_close(json, ']');
    // Where those are that stay: x, y, angle of each body at the start.
    para_json_key(json, "start");
    para_json_open(json, '[');
    for (int b = 0; b < def->body_count; b++) {
        put_point(json, def->bodies[b].position);
        para_json_item(json);
        para_json_float(json, def->bodies[b].angle);
    }
    para_json_close(json, ']');
}

// ---------------------------------------------------------------------------------------------
// Frames.

/// A body that is out of the world is far away.
static void put_frame(Base64 *out, const ParaEnv *env, const int *moving, int count)
{
    const ParaView *view = para_world_view(env->world);
    for (int k = 0; k < count; k++) {
        size_t at = (size_t)moving[k] * (size_t)view->stride;
        bool there = view->enabled[at] && isfinite(view->x[at]) && isfinite(view->y[at]);
        double turns = (double)view->angle[at] / TAU;
        put_int16(out, there ? (double)view->x[at] * PLACE_UNIT : INT16_MIN);
        put_int16(out, there ? (double)view->y[at] * PLACE_UNIT : INT16_MIN);
        put_int16(out, there ? (turns - floor(turns)) * TURN_UNIT : 0);
    }
}

static void put_frames(ParaJson *json, ParaEnv *env, const ParaReplay *replay, ParaArena *scratch)
{
    const ParaWorldDef *def = &env->level->world;
    int *moving = PARA_NEW(scratch, int, def->body_count + 1), count = 0;
    int stride = (replay->decisions + FRAMES_MAX - 1) / FRAMES_MAX;
    stride = stride > 1 ? stride : 1;
    para_json_key(json, "moving");
    para_json_open(json, '[');
    for (int b = 0; b < def->body_count; b++)
        if (def->bodies[b].kind != PARA_BODY_STATIC) {
            moving[count++] = b;
            para_json_item(json);
            para_json_format(json, "%d", b);
        }
    para_json_close(json, ']');
    put_key_float(json, "step",
                  (float)(stride * env->level->frame_skip) / env->level->world.rate); // [s] of a frame
    para_json_key(json, "frames");
    para_json_format(json, "\"");
    Base64 out = {.json = json};
    put_frame(&out, env, moving, count);
    for (int t = 0; t < replay->decisions && env->play.status == PARA_PLAY_ON; t++) {
        if (!para_env_meddle_again(env, replay, NULL, 0))
            break; // not as recorded: the film ends where it would go wrong
        para_decision_make_recorded(env, replay, t);
        if ((t + 1) % stride == 0 || t == replay->decisions - 1)
            put_frame(&out, env, moving, count);
    }
    put_end(&out);
    para_json_format(json, "\"");
}

// ---------------------------------------------------------------------------------------------

static void put_words(ParaJson *json, const ParaShownRow *row, const char *family, ParaRun *run,
                      const ParaLevel *level, ParaArena *scratch)
{
    char says[240] = "", hash[20];
    ParaReport *reports = PARA_NEW(scratch, ParaReport, REPORTS_MAX);
    int count = para_run_reports_of(run, row->hash, reports, REPORTS_MAX);
    if (count > 0)
        para_reports_sentence(level, reports, count, says, sizeof says);
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)row->hash);
    para_json_key_string(json, "level", hash);
    para_json_key_string(json, "family", family);
    para_json_key_string(json, "about", level->about);
    para_json_key_bool(json, "solved", row->solved);
    put_key_float(json, "success", row->success);
    para_json_key_string(json, "says", says);
    para_json_key_string(json, "params", para_level_params_to_json(level, scratch));
    para_json_key(json, "size");
    para_json_open(json, '[');
    put_point(json, level->world.size);
    para_json_close(json, ']');
}

bool para_report_film(const char *folder, const ParaShownRow *row, const char *family, ParaRun *run,
                      ParaJson *json, ParaArena *scratch, const char **out_error)
{
    const char *path = para_arena_printf(scratch, "%s/%s", folder, row->file);
    ParaReplay *replay = para_replay_read(path, scratch, out_error);
    ParaLevel *level = replay ? para_replay_level(replay, scratch, out_error) : NULL;
    if (!level)
        return false;
    ParaWorldGroup *group = para_world_group_create(replay->solver, 1);
    ParaEnv env = {.arena = scratch};
    if (group)
        env.world = para_world_at(group, 0);
    bool good = group && para_env_begin(&env, level, replay->player);
    if (good) {
        para_json_item(json);
        para_json_open(json, '{');
        put_words(json, row, family, run, level, scratch);
        put_shapes(json, level);
        put_frames(json, &env, replay, scratch);
        para_json_close(json, '}');
    } else {
        *out_error = "its level cannot be built";
    }
    para_world_group_destroy(group);
    return good;
}
