// SPDX-License-Identifier: MIT
// A Kinetix level's plain data as the JSON that Kinetix loads: every slot of its size class, matrices and
// empty contacts and all.
#include "worlds/import/kinetix_parts.h"

#include "engine/base/assert.h"
#include "engine/base/json.h"
#include "engine/base/maths.h"

#include <math.h>
#include <stdio.h>

typedef struct Printer {
    ParaJson json;
    const ParaKxScene *scene;
    ParaKxCapacity sizes; ///< slots of each list
    int polygons;         ///< active ones: so many bodies come before the circles
} Printer;

// ---------------------------------------------------------------------------------------------
// Small pieces.

static void number(Printer *printer, const char *key, double value)
{
    para_json_key(&printer->json, key);
    para_json_double(&printer->json, value);
}

/// Kinetix's vectors are objects with their indices as keys.
static void pair(Printer *printer, const char *key, double x, double y)
{
    para_json_key(&printer->json, key);
    para_json_open(&printer->json, '{');
    number(printer, "0", x);
    number(printer, "1", y);
    para_json_close(&printer->json, '}');
}

static void open_item(Printer *printer)
{
    para_json_item(&printer->json);
    para_json_open(&printer->json, '{');
}

static void open_list(Printer *printer, const char *key)
{
    para_json_key(&printer->json, key);
    para_json_open(&printer->json, '[');
}

// ---------------------------------------------------------------------------------------------
// The lists.

/// The index of a body among all slots, polygons first.
static int slot_of(const Printer *printer, int body)
{
    return body < printer->polygons ? body : printer->sizes.polygons + body - printer->polygons;
}

/// Corner of a polygon that Kinetix has first: the right upper one of a rectangle, as its own are; else the
/// last of ours, since it goes round the other way.
static int first_corner(const ParaKxBody *body)
{
    double x = fabs((double)body->corner[0].x), y = fabs((double)body->corner[0].y);
    int first = body->corners - 1;
    for (int i = 0; i < body->corners; i++) {
        const ParaVec2 *corner = &body->corner[i];
        if (body->corners != 4 || fabs((double)corner->x) != x || fabs((double)corner->y) != y)
            return body->corners - 1;
        if (corner->x > 0 && corner->y > 0)
            first = i;
    }
    return first;
}

static void print_corners(Printer *printer, const ParaKxBody *body)
{
    char key[16];
    para_json_key(&printer->json, "vertices");
    para_json_open(&printer->json, '{');
    for (int i = 0; i < 4; i++) { // clockwise; a triangle's fourth is its third again, as its editor has it
        int gone = i < body->corners ? i : body->corners - 1;
        int k = body->corners > 0 ? (first_corner(body) - gone + body->corners) % body->corners : 0;
        snprintf(key, sizeof key, "%d", i);
        pair(printer, key, (double)body->corner[k].x, (double)body->corner[k].y);
    }
    para_json_close(&printer->json, '}');
}

static void print_body(Printer *printer, const ParaKxBody *body)
{
    static const ParaKxBody none = {.friction = 1};
    bool active = body != NULL;
    body = active ? body : &none;
    open_item(printer);
    pair(printer, "position", body->x, body->y);
    number(printer, "rotation", body->angle);
    pair(printer, "velocity", body->vx, body->vy);
    number(printer, "angular_velocity", body->spin);
    number(printer, "inverse_mass", body->mass > 0 ? 1 / body->mass : 0);
    number(printer, "inverse_inertia", body->inertia > 0 ? 1 / body->inertia : 0);
    number(printer, "friction", body->friction);
    number(printer, "restitution", body->restitution);
    para_json_key_int(&printer->json, "collision_mode", body->mode);
    para_json_key_bool(&printer->json, "active", active);
    para_json_key_int(&printer->json, "n_vertices", body->corners);
    print_corners(printer, body);
    number(printer, "radius", body->radius);
    para_json_key_int(&printer->json, "role", (int)body->role);
    number(printer, "density", body->density > 0 ? body->density : 1);
    para_json_key_bool(&printer->json, "highlighted", false);
    para_json_close(&printer->json, '}');
}

static void print_place(Printer *printer, int body, ParaVec2 at)
{
    const ParaKxBody *owner = &printer->scene->bodies[body];
    double s, c;
    para_sincos(owner->angle, &s, &c);
    pair(printer, "global_position", owner->x + c * (double)at.x - s * (double)at.y,
         owner->y + s * (double)at.x + c * (double)at.y);
}

static void print_joint(Printer *printer, const ParaKxJoint *joint)
{
    static const ParaKxJoint none = {.speed = 0};
    bool active = joint != NULL;
    joint = active ? joint : &none;
    open_item(printer);
    para_json_key_int(&printer->json, "a_index", active ? slot_of(printer, joint->a) : 0);
    para_json_key_int(&printer->json, "b_index", active ? slot_of(printer, joint->b) : 0);
    pair(printer, "a_relative_pos", (double)joint->anchor_a.x, (double)joint->anchor_a.y);
    pair(printer, "b_relative_pos", (double)joint->anchor_b.x, (double)joint->anchor_b.y);
    print_place(printer, joint->a, joint->anchor_a);
    para_json_key_bool(&printer->json, "active", active);
    pair(printer, "acc_impulse", 0, 0);
    number(printer, "acc_r_impulse", 0);
    number(printer, "motor_speed", joint->speed);
    number(printer, "motor_power", joint->power);
    para_json_key_bool(&printer->json, "motor_on", joint->motor);
    para_json_key_bool(&printer->json, "motor_has_joint_limits", joint->limited);
    number(printer, "min_rotation", joint->low);
    number(printer, "max_rotation", joint->high);
    para_json_key_bool(&printer->json, "is_fixed_joint", joint->weld);
    number(printer, "rotation", joint->rest);
    para_json_key_int(&printer->json, "motor_binding", joint->channel);
    para_json_close(&printer->json, '}');
}

static void print_thruster(Printer *printer, const ParaKxThruster *thruster)
{
    static const ParaKxThruster none = {.power = 0};
    bool active = thruster != NULL;
    thruster = active ? thruster : &none;
    open_item(printer);
    para_json_key_int(&printer->json, "object_index", active ? slot_of(printer, thruster->body) : 0);
    pair(printer, "relative_position", (double)thruster->at.x, (double)thruster->at.y);
    number(printer, "rotation", thruster->angle);
    number(printer, "power", thruster->power);
    print_place(printer, thruster->body, thruster->at);
    para_json_key_bool(&printer->json, "active", active);
    para_json_key_int(&printer->json, "thruster_binding", thruster->channel);
    para_json_close(&printer->json, '}');
}

static void print_things(Printer *printer)
{
    const ParaKxScene *scene = printer->scene;
    int circles = scene->body_count - printer->polygons;
    open_list(printer, "polygon");
    for (int i = 0; i < printer->sizes.polygons; i++)
        print_body(printer, i < printer->polygons ? &scene->bodies[i] : NULL);
    para_json_close(&printer->json, ']');
    open_list(printer, "circle");
    for (int i = 0; i < printer->sizes.circles; i++)
        print_body(printer, i < circles ? &scene->bodies[printer->polygons + i] : NULL);
    para_json_close(&printer->json, ']');
    open_list(printer, "joint");
    for (int i = 0; i < printer->sizes.joints; i++)
        print_joint(printer, i < scene->joint_count ? &scene->joints[i] : NULL);
    para_json_close(&printer->json, ']');
    open_list(printer, "thruster");
    for (int i = 0; i < printer->sizes.thrusters; i++)
        print_thruster(printer, i < scene->thruster_count ? &scene->thrusters[i] : NULL);
    para_json_close(&printer->json, ']');
}

/// The body in a slot, -1: it is not active.
static int body_in(const Printer *printer, int slot)
{
    int circle = slot - printer->sizes.polygons, circles = printer->scene->body_count - printer->polygons;
    if (circle >= 0)
        return circle < circles ? printer->polygons + circle : -1;
    return slot < printer->polygons ? slot : -1;
}

static void print_matrix(Printer *printer)
{
    int slots = printer->sizes.polygons + printer->sizes.circles;
    char key[16];
    para_json_key(&printer->json, "collision_matrix");
    para_json_open(&printer->json, '{');
    for (int i = 0; i < slots; i++) {
        snprintf(key, sizeof key, "%d", i);
        para_json_key(&printer->json, key);
        para_json_open(&printer->json, '{');
        for (int k = 0; k < slots; k++) {
            int a = body_in(printer, i), b = body_in(printer, k);
            const ParaKxBody *bodies = printer->scene->bodies;
            bool joined = a >= 0 && b >= 0 && bodies[a].component == bodies[b].component;
            snprintf(key, sizeof key, "%d", k);
            para_json_key_bool(&printer->json, key, i != k && !joined);
        }
        para_json_close(&printer->json, '}');
    }
    para_json_close(&printer->json, '}');
}

/// Contacts that are carried from step to step: none at the start, and room for each pair.
static void print_contacts(Printer *printer, const char *key, int count)
{
    open_list(printer, key);
    for (int i = 0; i < count; i++) {
        open_item(printer);
        pair(printer, "normal", 0, 0);
        number(printer, "penetration", 0);
        pair(printer, "collision_point", 0, 0);
        para_json_key_bool(&printer->json, "active", false);
        number(printer, "acc_impulse_normal", 0);
        number(printer, "acc_impulse_tangent", 0);
        number(printer, "restitution_velocity_target", 0);
        para_json_close(&printer->json, '}');
    }
    para_json_close(&printer->json, ']');
}

static int pairs_of(int count) { return count * (count - 1) / 2; }

static void print_params(Printer *printer)
{
    const ParaKxScene *scene = printer->scene;
    const struct {
        const char *key;
        double value;
    } numbers[] = {{"dt", scene->dt},
                   {"slop", 0.01},
                   {"baumgarte_coefficient_joints_v", 2},
                   {"baumgarte_coefficient_joints_p", 0.7},
                   {"baumgarte_coefficient_fjoint_av", 2},
                   {"baumgarte_coefficient_rjoint_limit_av", 5},
                   {"baumgarte_coefficient_collision", 0.2},
                   {"joint_stiffness", 0.6},
                   {"clip_position", 15},
                   {"clip_velocity", 100},
                   {"clip_angular_velocity", 50},
                   {"base_motor_speed", scene->motor_speed},
                   {"base_motor_power", scene->motor_power},
                   {"base_thruster_power", scene->thruster_power},
                   {"motor_decay_coefficient", scene->motor_decay},
                   {"motor_joint_limit", scene->motor_limit},
                   {"base_friction", scene->friction},
                   {"max_timesteps", PARA_KX_DECISIONS},
                   {"pixels_per_unit", 100},
                   {"dense_reward_scale", 0.1},
                   {"num_shape_roles", 4}};
    para_json_key(&printer->json, "env_params");
    para_json_open(&printer->json, '{');
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        number(printer, numbers[k].key, numbers[k].value);
    para_json_close(&printer->json, '}');
}

static void print_sizes(Printer *printer)
{
    para_json_key(&printer->json, "static_env_params");
    para_json_open(&printer->json, '{');
    para_json_key_int(&printer->json, "num_polygons", printer->sizes.polygons);
    para_json_key_int(&printer->json, "num_circles", printer->sizes.circles);
    para_json_key_int(&printer->json, "num_joints", printer->sizes.joints);
    para_json_key_int(&printer->json, "num_thrusters", printer->sizes.thrusters);
    para_json_key_int(&printer->json, "max_polygon_vertices", 4);
    para_json_key_int(&printer->json, "num_solver_iterations", 10);
    para_json_key_int(&printer->json, "solver_batch_size", 16);
    para_json_key_bool(&printer->json, "do_warm_starting", true);
    para_json_key_int(&printer->json, "num_static_fixated_polys", PARA_KX_WALLS);
    pair(printer, "screen_dim", 500, 500);
    para_json_key_int(&printer->json, "downscale", 4);
    para_json_key_int(&printer->json, "frame_skip", PARA_KX_SKIP);
    para_json_key_int(&printer->json, "max_shape_size", 2);
    para_json_key_int(&printer->json, "num_motor_bindings", PARA_KX_MOTORS);
    para_json_key_int(&printer->json, "num_thruster_bindings", PARA_KX_THRUSTERS);
    para_json_close(&printer->json, '}');
}

static bool holds(const ParaKxCapacity *sizes, const ParaKxCapacity *wanted)
{
    return wanted->polygons <= sizes->polygons && wanted->circles <= sizes->circles &&
           wanted->joints <= sizes->joints && wanted->thrusters <= sizes->thrusters;
}

static ParaKxCapacity choose_class(const ParaKxScene *scene, int polygons, ParaDiagList *list)
{
    ParaKxCapacity wanted = {"of its own", polygons, scene->body_count - polygons, scene->joint_count,
                             scene->thruster_count};
    for (int size = 0; size < PARA_KX_SIZES; size++) {
        ParaKxCapacity own = para_kx_capacity((ParaKxSize)size);
        if (holds(&own, &wanted))
            return own;
    }
    para_diag_add(
        list, PARA_DIAG_WARNING, NULL, "",
        "%d polygons with the walls, %d circles, %d joints and %d thrusters are more than Kinetix's largest "
        "class has (12, 4, 6, 2); it must be told these sizes",
        wanted.polygons, wanted.circles, wanted.joints, wanted.thrusters);
    return wanted;
}

char *para_kx_print(const ParaKxScene *scene, ParaArena *arena, ParaDiagList *list)
{
    Printer printer = {.json = para_json(arena, 0), .scene = scene};
    while (printer.polygons < scene->body_count && !scene->bodies[printer.polygons].circle)
        printer.polygons++;
    PARA_ASSERT(printer.polygons >= PARA_KX_WALLS);
    printer.sizes = choose_class(scene, printer.polygons, list);
    const ParaKxCapacity *sizes = &printer.sizes;
    para_json_open(&printer.json, '{');
    para_json_key(&printer.json, "env_state");
    para_json_open(&printer.json, '{');
    print_things(&printer);
    print_matrix(&printer);
    print_contacts(&printer, "acc_rr_manifolds", 2 * (pairs_of(sizes->polygons) - pairs_of(PARA_KX_WALLS)));
    print_contacts(&printer, "acc_cr_manifolds", sizes->circles * sizes->polygons);
    print_contacts(&printer, "acc_cc_manifolds", pairs_of(sizes->circles));
    pair(&printer, "gravity", (double)scene->gravity.x, (double)scene->gravity.y);
    para_json_close(&printer.json, '}');
    print_params(&printer);
    print_sizes(&printer);
    para_json_close(&printer.json, '}');
    para_json_format(&printer.json, "\n");
    return printer.json.text;
}

char *para_kinetix_export(const ParaLevel *level, ParaArena *arena, ParaDiagList *list)
{
    ParaKxScene scene;
    if (!para_kx_tell(level, &scene, arena, list))
        return NULL;
    return para_kx_print(&scene, arena, list);
}
