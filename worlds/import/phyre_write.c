// SPDX-License-Identifier: MIT
// A task of PHYRE as the text of a template: everything here is what any author could write. Its numbers of
// physics are Box2D's; which of its habits have no counterpart here is told in docs/importing.md.
#include "engine/base/json.h"
#include "engine/world/geometry.h"
#include "worlds/import/phyre.h"

// PHYRE's src/simulator/thrift_box2d_conversion.cpp (units, surfaces) and task_utils.h (steps, the solve
// rule).
#define SCENE           256.0f     // [px] wide and high
#define GRAVITY         -9.8       // [m/s^2]
#define DENSITY         0.25       // [kg/m^2]
#define FRICTION        0.70710678 // [1] of a pair the root of the product of two that are 0.5
#define RESTITUTION     0.2        // [1] the larger of two, all of which are this
#define BOUNCE_MIN      1.0        // [m/s] Box2D's b2_velocityThreshold
#define ANGULAR_DAMPING 0.01       // [1/s]
#define STEPS           1000       // of an attempt, 60 in a second
#define HOLD            3          // [s] that the contact has to last
#define NEAR            0.1f       // [px] that two discs may be apart and touch
#define SUBSTEPS        1          // see the table of docs/importing.md
#define ITERATIONS      15
#define BALL            "red"

typedef struct Writer {
    const ParaPhyreTask *task;
    ParaJson json;
} Writer;

/// As PHYRE does it: in floats.
static float metres(float pixels) { return pixels / PARA_PHYRE_METRE + 0.0f; } // -0 is 0

static void texts(ParaJson *json, const char *a, const char *b)
{
    para_json_open(json, '[');
    para_json_item(json);
    para_json_string(json, a);
    para_json_item(json);
    para_json_string(json, b);
    para_json_close(json, ']');
}

// ---------------------------------------------------------------------------------------------
// Bodies.

static double area_of(const ParaVec2 *points, int count)
{
    double x[PARA_PHYRE_CORNERS], y[PARA_PHYRE_CORNERS];
    for (int k = 0; k < count; k++) {
        x[k] = (double)points[k].x;
        y[k] = (double)points[k].y;
    }
    return para_outline_mass(x, y, count, 1).mass;
}

/// A polygon with its skin, which weighs nothing.
static void write_polygon(ParaJson *json, const ParaPhyreShape *shape, bool fixed)
{
    ParaVec2 core[PARA_PHYRE_CORNERS], skin[PARA_PHYRE_CORNERS];
    for (int k = 0; k < shape->corners; k++)
        core[k] = (ParaVec2){metres(shape->corner[k].x), metres(shape->corner[k].y)};
    para_phyre_move_sides(core, shape->corners, PARA_PHYRE_SKIN, skin);
    para_json_key(json, "polygon");
    para_json_open(json, '[');
    for (int k = 0; k < shape->corners; k++) {
        para_json_item(json);
        para_json_pair(json, skin[k].x, skin[k].y);
    }
    para_json_close(json, ']');
    if (!fixed)
        para_json_key_float(json, "density",
                            DENSITY * area_of(core, shape->corners) / area_of(skin, shape->corners));
}

static void write_shape(ParaJson *json, const ParaPhyreShape *shape, bool fixed)
{
    para_json_open(json, '{');
    if (shape->corners == 0) {
        para_json_key_float(json, "circle", (double)metres(shape->radius));
    } else {
        write_polygon(json, shape, fixed);
    }
    para_json_close(json, '}');
}

static void write_shapes(ParaJson *json, const ParaPhyreBody *body)
{
    para_json_key(json, body->shape_count == 1 ? "shape" : "shapes");
    if (body->shape_count == 1) {
        write_shape(json, body->shapes, body->fixed);
        return;
    }
    para_json_open(json, '[');
    for (int s = 0; s < body->shape_count; s++) {
        para_json_item(json);
        write_shape(json, &body->shapes[s], body->fixed);
    }
    para_json_close(json, ']');
}

static void write_surface(ParaJson *json, bool fixed)
{
    if (!fixed) {
        para_json_key_float(json, "angular_damping", ANGULAR_DAMPING);
        para_json_key_float(json, "density", DENSITY);
    }
    para_json_key_float(json, "friction", FRICTION);
    para_json_key_float(json, "restitution", RESTITUTION);
}

static void write_body(Writer *writer, int index)
{
    const ParaPhyreTask *task = writer->task;
    const ParaPhyreBody *body = &task->bodies[index];
    ParaJson *json = &writer->json;
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "name", body->name);
    if (body->fixed)
        para_json_key_bool(json, "static", true);
    para_json_key(json, "at");
    para_json_pair(json, metres(body->position.x), metres(body->position.y));
    if (body->angle != 0.0f)
        para_json_key_float(json, "angle", (double)body->angle);
    if (index == task->body1 || index == task->body2)
        para_json_key_string(json, "role", index == task->body1 ? "cargo" : "target");
    write_shapes(json, body);
    write_surface(json, body->fixed);
    para_json_close(json, '}');
}

/// The ball of the player: its place and radius are the template's parameters, cut to whole pixels.
static void write_ball(ParaJson *json)
{
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "name", BALL);
    para_json_key(json, "at");
    texts(json, "floor(255 * x) / 6", "floor(255 * y) / 6");
    para_json_key(json, "shape");
    para_json_open(json, '{');
    para_json_key_string(json, "circle", "radius / 6");
    para_json_close(json, '}');
    write_surface(json, false);
    para_json_close(json, '}');
}

static void write_param(ParaJson *json, const char *name, const char *about)
{
    para_json_key(json, name);
    para_json_open(json, '{');
    para_json_key(json, "range");
    para_json_pair(json, 0, 1);
    para_json_key_string(json, "about", about);
    para_json_close(json, '}');
}

// ---------------------------------------------------------------------------------------------
// The whole.

static void write_params(ParaJson *json)
{
    para_json_key(json, "params");
    para_json_open(json, '{');
    write_param(json, "x", "where the ball is put, from left to right");
    write_param(json, "y", "where the ball is put, from bottom to top");
    write_param(json, "r", "how large the ball is");
    para_json_close(json, '}');
    para_json_key(json, "let");
    para_json_open(json, '{');
    para_json_key_string(json, "wanted", "2 + 30 * r");
    para_json_key_string(json, "radius", "round(wanted) - (wanted % 2 == 0.5)"); // halves to even
    para_json_close(json, '}');
}

static void write_world(ParaJson *json)
{
    para_json_key(json, "world");
    para_json_open(json, '{');
    para_json_key(json, "size");
    para_json_pair(json, metres(SCENE), metres(SCENE));
    para_json_key(json, "gravity");
    para_json_pair(json, 0, (float)GRAVITY);
    para_json_key_float(json, "seconds", STEPS / 60.0);
    para_json_key_int(json, "substeps", SUBSTEPS);
    para_json_key_int(json, "iterations", ITERATIONS);
    para_json_key_string(json, "restitution_rule", "least");
    para_json_key_float(json, "bounce_min", BOUNCE_MIN);
    para_json_close(json, '}');
}

/// Two discs touch where they are near each other; else a contact is asked of the physics, as in PHYRE.
static void write_goal(Writer *writer)
{
    const ParaPhyreTask *task = writer->task;
    const ParaPhyreBody *a = &task->bodies[task->body1], *b = &task->bodies[task->body2];
    bool discs =
        a->shape_count == 1 && b->shape_count == 1 && a->shapes->corners == 0 && b->shapes->corners == 0;
    ParaJson *json = &writer->json;
    para_json_key(json, "goal");
    para_json_open(json, '{');
    para_json_key(json, discs ? "near" : "touch");
    para_json_open(json, '[');
    para_json_item(json);
    para_json_string(json, a->name);
    para_json_item(json);
    para_json_string(json, b->name);
    if (discs) {
        para_json_item(json);
        para_json_float(json, metres(a->shapes->radius + b->shapes->radius + NEAR));
    }
    para_json_close(json, ']');
    para_json_key_float(json, "for", HOLD);
    para_json_close(json, '}');
}

char *para_phyre_write(const ParaPhyreTask *task, const char *name, ParaArena *arena)
{
    Writer writer = {.task = task, .json = para_json(arena, 2)};
    ParaJson *json = &writer.json;
    para_json_open(json, '{');
    para_json_key_int(json, "paracosm", 1);
    para_json_key_string(json, "name", name);
    para_json_key_string(json, "about",
                         "Put the red ball where it makes green touch the goal for 3 seconds.");
    para_json_key_string(
        json, "note",
        para_arena_printf(arena, "The task %s of PHYRE, as paracosm import wrote it.", task->id));
    write_params(json);
    write_world(json);
    para_json_key(json, "bodies");
    para_json_open(json, '[');
    for (int b = 0; b < task->body_count; b++)
        write_body(&writer, b);
    write_ball(json);
    para_json_close(json, ']');
    para_json_key(json, "player");
    para_json_open(json, '{');
    para_json_key_string(json, "body", BALL);
    para_json_close(json, '}');
    write_goal(&writer);
    para_json_key(json, "silence"); // most places for the ball are no good, and it does nothing but lie there
    texts(json, "player-inside", "no-actuator");
    para_json_close(json, '}');
    para_json_format(json, "\n");
    return json->text;
}
