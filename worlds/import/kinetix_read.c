// SPDX-License-Identifier: MIT
// Reading a Kinetix level: JSON of any origin to plain data that may be trusted. Slots that are not active
// are left alone, since they hold what was there before; what stands for nothing is told and left out.
#include "worlds/import/kinetix_parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BODIES_MAX  (PARA_BODIES_MAX - 1) // one may be added for an eye
#define SLOTS_MAX   100000                // of one list, active or not
#define NUMBER_MAX  1e6                   // of anything that is read
#define CORNER_SAME 1e-4                  // [m] corners closer than this are one

typedef struct Reader {
    ParaArena *arena;
    ParaDiagList *list;
    ParaKxScene *scene;
    int polygons;      ///< slots of polygons in the file
    int *body_of_slot; ///< body of each slot, polygons first, -1: not active
    int slots;
    const char *at; ///< place of what is being read
    char place[64]; ///< where it is written
} Reader;

static void refuse(Reader *reader, const char *key, const char *what)
{
    para_diag_add(reader->list, PARA_DIAG_ERROR, NULL,
                  para_arena_printf(reader->arena, "%s%s%s", reader->at, key ? "/" : "", key ? key : ""),
                  "%s", what);
}

static void note(Reader *reader, const char *what)
{
    para_diag_add(reader->list, PARA_DIAG_WARNING, NULL, reader->at, "%s", what);
}

static void go_to(Reader *reader, const char *list, int slot)
{
    snprintf(reader->place, sizeof reader->place, "/env_state/%s/%d", list, slot);
    reader->at = reader->place;
}

// ---------------------------------------------------------------------------------------------
// Values.

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

/// A number; one that is missing is `otherwise`. True and false count as 1 and 0.
static double number(Reader *reader, const cJSON *object, const char *key, double otherwise)
{
    const cJSON *value = member(object, key);
    if (!value || cJSON_IsNull(value))
        return otherwise;
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value);
    if (!cJSON_IsNumber(value)) {
        refuse(reader, key, "must be a number");
        return otherwise;
    }
    double found = value->valuedouble;
    if (!isfinite(found) || fabs(found) > NUMBER_MAX) {
        refuse(reader, key, "is no number that a level can have");
        return otherwise;
    }
    return found;
}

static bool truth(Reader *reader, const cJSON *object, const char *key, bool otherwise)
{
    return number(reader, object, key, otherwise) != 0;
}

/// A whole number in [low, high]; what lies beyond is told and clamped, as Kinetix's arrays do.
static int whole(Reader *reader, const cJSON *object, const char *key, int otherwise, int low, int high)
{
    double value = number(reader, object, key, otherwise);
    if (value == floor(value) && value >= low && value <= high)
        return (int)value;
    char text[120];
    int taken = (int)para_clamp(floor(value + 0.5), low, high);
    para_text_format(text, sizeof text, "%s is %g; Kinetix knows %d to %d, and %d is taken", key, value, low,
                     high, taken);
    note(reader, text);
    return taken;
}

/// Item `index` of a list, or of an object with the indices as keys.
static const cJSON *item(const cJSON *list, int index)
{
    static const char *const keys[] = {"0", "1", "2", "3", "4", "5", "6", "7"};
    if (cJSON_IsArray(list))
        return cJSON_GetArrayItem(list, index);
    PARA_ASSERT(index >= 0 && index < (int)(sizeof keys / sizeof *keys));
    return member(list, keys[index]);
}

/// A pair of numbers.  @return false if it is missing or wrong
static bool pair_of(Reader *reader, const cJSON *value, const char *key, double *x, double *y)
{
    double out[2];
    for (int i = 0; i < 2; i++) {
        const cJSON *one = item(value, i);
        if (!cJSON_IsNumber(one) || !isfinite(one->valuedouble) || fabs(one->valuedouble) > NUMBER_MAX) {
            refuse(reader, key, "must be a pair of numbers, as in {\"0\": 2.5, \"1\": 1}");
            return false;
        }
        out[i] = one->valuedouble;
    }
    *x = out[0];
    *y = out[1];
    return true;
}

static ParaVec2 point(Reader *reader, const cJSON *object, const char *key)
{
    double x = 0, y = 0;
    const cJSON *value = member(object, key);
    if (value && !cJSON_IsNull(value))
        pair_of(reader, value, key, &x, &y);
    return (ParaVec2){(float)x, (float)y};
}

/// The slots of a list. @return NULL and 0 if there is none
static const cJSON *slots_of(Reader *reader, const cJSON *state, const char *key, int *out_count)
{
    const cJSON *list = member(state, key);
    *out_count = 0;
    if (!list || cJSON_IsNull(list))
        return NULL;
    if (!cJSON_IsArray(list) && !cJSON_IsObject(list)) {
        refuse(reader, key, "must be a list");
        return NULL;
    }
    *out_count = cJSON_GetArraySize(list);
    if (*out_count > SLOTS_MAX) {
        refuse(reader, key, "has more slots than a level can have");
        *out_count = 0;
    }
    return *out_count ? list->child : NULL;
}

// ---------------------------------------------------------------------------------------------
// Parameters.

/// The object of parameters, which online copies write as {"type": "full", "params": {...}}, or as
/// {"type": "size", "size": "l"} where nothing differs.
static const cJSON *params_of(const cJSON *root, const char *key)
{
    const cJSON *params = member(root, key);
    return member(params, "type") ? member(params, "params") : params;
}

typedef struct Standard {
    const char *key;
    double value;
    const char *what;
} Standard;

/// Parameters that are of Kinetix's solver or training: not carried over, and told where they differ.
static const Standard env_standards[] = {{"slop", 0.01, "of its contacts"},
                                         {"baumgarte_coefficient_joints_v", 2.0, "of its joints"},
                                         {"baumgarte_coefficient_joints_p", 0.7, "of its joints"},
                                         {"baumgarte_coefficient_fjoint_av", 2.0, "of its welds"},
                                         {"baumgarte_coefficient_rjoint_limit_av", 5.0, "of its limits"},
                                         {"baumgarte_coefficient_collision", 0.2, "of its contacts"},
                                         {"joint_stiffness", 0.6, "of its joints"},
                                         {"clip_position", 15, "that it holds positions to"},
                                         {"clip_velocity", 100, "that it holds velocities to"},
                                         {"clip_angular_velocity", 50, "that it holds spins to"},
                                         {"max_timesteps", 256, "which its own loader sets to 256"},
                                         {NULL, 0, NULL}};
static const Standard static_standards[] = {{"num_solver_iterations", 10, "of its solver"},
                                            {"frame_skip", 2, "which its training sets to 2"},
                                            {NULL, 0, NULL}};

static void compare(Reader *reader, const cJSON *params, const Standard *standards)
{
    char text[160];
    for (const Standard *one = standards; one->key; one++) {
        double value = number(reader, params, one->key, one->value);
        if (fabs(value - one->value) <= 1e-6 * fabs(one->value))
            continue;
        para_text_format(text, sizeof text, "%s is %g, a number %s; it is not carried over", one->key, value,
                         one->what);
        note(reader, text);
    }
}

static double above_zero(Reader *reader, const cJSON *params, const char *key, double otherwise)
{
    double value = number(reader, params, key, otherwise);
    if (value >= 0)
        return value;
    refuse(reader, key, "must not be below 0");
    return otherwise;
}

static void read_params(Reader *reader, const cJSON *root)
{
    ParaKxScene *scene = reader->scene;
    reader->at = "/env_params";
    const cJSON *params = params_of(root, "env_params");
    double rate = 1.0 / number(reader, params, "dt", scene->dt);
    if (rate >= 10 && rate <= 1000)
        scene->dt = 1.0 / rate;
    else
        refuse(reader, "dt", "must be 0.001 to 0.1 s");
    scene->motor_speed = number(reader, params, "base_motor_speed", scene->motor_speed);
    scene->motor_power = above_zero(reader, params, "base_motor_power", scene->motor_power);
    scene->thruster_power = number(reader, params, "base_thruster_power", scene->thruster_power);
    scene->motor_decay = above_zero(reader, params, "motor_decay_coefficient", scene->motor_decay);
    scene->motor_limit = above_zero(reader, params, "motor_joint_limit", scene->motor_limit);
    scene->friction = above_zero(reader, params, "base_friction", scene->friction);
    compare(reader, params, env_standards);
    reader->at = "/static_env_params";
    compare(reader, params_of(root, "static_env_params"), static_standards);
}

// ---------------------------------------------------------------------------------------------
// Shapes.

static double cross(ParaVec2 a, ParaVec2 b, ParaVec2 c)
{
    return ((double)b.x - (double)a.x) * ((double)c.y - (double)a.y) -
           ((double)b.y - (double)a.y) * ((double)c.x - (double)a.x);
}

static bool is_near(ParaVec2 a, ParaVec2 b)
{
    return fabs((double)a.x - (double)b.x) < CORNER_SAME && fabs((double)a.y - (double)b.y) < CORNER_SAME;
}

/// Takes one of two corners out where they are in one place.
static void drop_double_corners(ParaKxBody *body)
{
    for (int i = 0; i < body->corners && body->corners > 1;) {
        if (!is_near(body->corner[i], body->corner[(i + 1) % body->corners])) {
            i++;
            continue;
        }
        body->corners--;
        for (int k = i; k < body->corners; k++)
            body->corner[k] = body->corner[k + 1];
    }
}

static void turn_round(ParaKxBody *body)
{
    double area = 0;
    for (int i = 1; i + 1 < body->corners; i++)
        area += cross(body->corner[0], body->corner[i], body->corner[i + 1]);
    for (int i = 0, k = body->corners - 1; area < 0 && i < k; i++, k--) {
        ParaVec2 kept = body->corner[i];
        body->corner[i] = body->corner[k];
        body->corner[k] = kept;
    }
}

static void read_corners(Reader *reader, const cJSON *slot, ParaKxBody *body)
{
    const cJSON *list = member(slot, "vertices");
    body->corners = whole(reader, slot, "n_vertices", 4, 3, PARA_KX_CORNERS);
    for (int i = 0; i < body->corners; i++) {
        double x, y;
        if (!pair_of(reader, item(list, i), "vertices", &x, &y))
            return;
        body->corner[i] = (ParaVec2){(float)x, (float)y};
    }
    int given = body->corners;
    drop_double_corners(body);
    turn_round(body);
    const char *problem =
        body->corners < 3 ? "has no area" : para_polygon_problem(body->corner, (uint32_t)body->corners);
    if (problem)
        refuse(reader, "vertices",
               para_arena_printf(reader->arena, "the shape cannot be built: %s", problem));
    else if (body->corners < given)
        note(reader, "two of its corners are in one place; one of them is left out");
}

/// Mass 1/inverse; what is missing follows from the density, as Kinetix does it.
static void read_mass(Reader *reader, const cJSON *slot, ParaKxBody *body)
{
    double density = number(reader, slot, "density", 0);
    double mass = number(reader, slot, "inverse_mass", -1),
           inertia = number(reader, slot, "inverse_inertia", -1);
    body->density = density > 0 ? density : 0;
    body->fixed = mass == 0;
    if (body->fixed) {
        if (inertia > 0)
            note(reader, "it has no inverse_mass but an inverse_inertia: it stays in its place but turns in "
                         "Kinetix; here it is fixed");
        return;
    }
    if (mass < 0)
        note(reader, "it has no inverse_mass; its density gives its mass");
    if (inertia < 0)
        note(reader, "it has no inverse_inertia; its shape gives it");
    body->mass = mass > 0 ? 1.0 / mass : 0;
    body->inertia = inertia > 0 ? 1.0 / inertia : inertia == 0 ? -1 : 0;
}

static void read_body(Reader *reader, const cJSON *slot, ParaKxBody *body)
{
    if (!pair_of(reader, member(slot, "position"), "position", &body->x, &body->y))
        return;
    ParaVec2 velocity = point(reader, slot, "velocity");
    body->angle = number(reader, slot, "rotation", 0);
    body->vx = (double)velocity.x;
    body->vy = (double)velocity.y;
    body->spin = number(reader, slot, "angular_velocity", 0);
    body->friction = above_zero(reader, slot, "friction", 1);
    body->restitution = number(reader, slot, "restitution", 0);
    if (body->restitution < 0 || body->restitution > 1) {
        note(reader, "its restitution is not 0 to 1, and is taken as the nearer of them");
        body->restitution = para_clamp(body->restitution, 0, 1);
    }
    body->mode = whole(reader, slot, "collision_mode", 1, 0, 2);
    body->role = (ParaKxRole)whole(reader, slot, "role", 0, 0, 3);
    if (!body->circle)
        read_corners(reader, slot, body);
    else if ((body->radius = number(reader, slot, "radius", 0)) < 1e-3)
        refuse(reader, "radius", "must be at least 1 mm");
    read_mass(reader, slot, body);
    if (body->fixed && (body->vx != 0 || body->vy != 0 || body->spin != 0))
        note(reader, "it is fixed, so its velocity is left out");
}

static bool read_bodies(Reader *reader, const cJSON *state)
{
    static const char *const lists[] = {"polygon", "circle"};
    const cJSON *first[2];
    int count[2];
    ParaKxScene *scene = reader->scene;
    reader->at = "/env_state";
    for (int l = 0; l < 2; l++)
        first[l] = slots_of(reader, state, lists[l], &count[l]);
    reader->polygons = count[0];
    reader->slots = count[0] + count[1];
    reader->body_of_slot = PARA_NEW(reader->arena, int, reader->slots);
    scene->bodies = PARA_NEW(reader->arena, ParaKxBody, BODIES_MAX);
    for (int l = 0; l < 2; l++) {
        int s = 0;
        for (const cJSON *slot = first[l]; slot; slot = slot->next, s++) {
            int *body = &reader->body_of_slot[l * reader->polygons + s];
            go_to(reader, lists[l], s);
            *body = -1;
            if (!truth(reader, slot, "active", false))
                continue;
            if (scene->body_count == BODIES_MAX) {
                refuse(reader, NULL, "there are more shapes than a level can have");
                return false;
            }
            *body = scene->body_count++;
            scene->bodies[*body] = (ParaKxBody){.slot = s, .circle = l == 1};
            read_body(reader, slot, &scene->bodies[*body]);
        }
    }
    return true;
}

// ---------------------------------------------------------------------------------------------
// Joints and thrusters.

/// The body of a slot's index; -1 if there is none, which is told.
static int body_at(Reader *reader, const cJSON *slot, const char *key)
{
    double index = number(reader, slot, key, -1);
    int body =
        index >= 0 && index < reader->slots && floor(index) == index ? reader->body_of_slot[(int)index] : -1;
    if (body < 0)
        note(reader, para_arena_printf(reader->arena, "its %s names no active shape; it is left out", key));
    return body;
}

static void read_joint(Reader *reader, const cJSON *slot, int index)
{
    ParaKxScene *scene = reader->scene;
    int a = body_at(reader, slot, "a_index"), b = a < 0 ? -1 : body_at(reader, slot, "b_index");
    if (a < 0 || b < 0)
        return;
    if (a == b) {
        note(reader, "it joins a shape to itself; it is left out");
        return;
    }
    if (truth(reader, slot, "motor_auto", false))
        note(reader, "its motor runs by itself in Kinetix; here it waits for an action");
    scene->joints[scene->joint_count++] =
        (ParaKxJoint){.slot = index,
                      .a = a,
                      .b = b,
                      .anchor_a = point(reader, slot, "a_relative_pos"),
                      .anchor_b = point(reader, slot, "b_relative_pos"),
                      .rest = number(reader, slot, "rotation", 0),
                      .weld = truth(reader, slot, "is_fixed_joint", false),
                      .motor = truth(reader, slot, "motor_on", false),
                      .limited = truth(reader, slot, "motor_has_joint_limits", false),
                      .low = number(reader, slot, "min_rotation", 0),
                      .high = number(reader, slot, "max_rotation", 0),
                      .speed = number(reader, slot, "motor_speed", 1),
                      .power = number(reader, slot, "motor_power", 1),
                      .channel = whole(reader, slot, "motor_binding", 0, 0, PARA_KX_MOTORS - 1)};
}

static void read_thruster(Reader *reader, const cJSON *slot, int index)
{
    ParaKxScene *scene = reader->scene;
    int body = body_at(reader, slot, "object_index");
    if (body < 0)
        return;
    scene->thrusters[scene->thruster_count++] =
        (ParaKxThruster){.slot = index,
                         .body = body,
                         .at = point(reader, slot, "relative_position"),
                         .angle = number(reader, slot, "rotation", 0),
                         .power = number(reader, slot, "power", 1),
                         .channel = whole(reader, slot, "thruster_binding", 0, 0, PARA_KX_THRUSTERS - 1)};
}

static bool read_slots(Reader *reader, const cJSON *state, const char *key, int most, const int *count,
                       void (*read)(Reader *reader, const cJSON *slot, int index))
{
    int slots, s = 0;
    reader->at = "/env_state";
    for (const cJSON *slot = slots_of(reader, state, key, &slots); slot; slot = slot->next, s++) {
        go_to(reader, key, s);
        if (!truth(reader, slot, "active", false))
            continue;
        if (*count == most) {
            refuse(
                reader, NULL,
                para_arena_printf(reader->arena, "there are more than %d of them, which is the most", most));
            return false;
        }
        read(reader, slot, s);
    }
    return true;
}

static bool read_tree(Reader *reader, const cJSON *root)
{
    ParaKxScene *scene = reader->scene;
    const cJSON *state = member(root, "env_state");
    reader->at = "";
    if (!cJSON_IsObject(state)) {
        refuse(reader, NULL, "this is no Kinetix level: it has no \"env_state\"");
        return false;
    }
    read_params(reader, root);
    if (!read_bodies(reader, state))
        return false;
    scene->joints = PARA_NEW(reader->arena, ParaKxJoint, PARA_JOINTS_MAX);
    scene->thrusters = PARA_NEW(reader->arena, ParaKxThruster, PARA_THRUSTERS_MAX);
    if (!read_slots(reader, state, "joint", PARA_JOINTS_MAX, &scene->joint_count, read_joint) ||
        !read_slots(reader, state, "thruster", PARA_THRUSTERS_MAX, &scene->thruster_count, read_thruster))
        return false;
    reader->at = "/env_state";
    double x, y;
    const cJSON *gravity = member(state, "gravity");
    if (gravity && !cJSON_IsNull(gravity) && pair_of(reader, gravity, "gravity", &x, &y))
        scene->gravity = (ParaVec2){(float)x, (float)y};
    if (scene->body_count == 0)
        refuse(reader, NULL, "there is no active shape in it");
    para_kx_find_components(scene);
    return reader->list->error_count == 0;
}

bool para_kx_read(const char *text, size_t size, ParaKxScene *out, ParaArena *arena, ParaDiagList *list)
{
    const char *end = NULL;
    *out = para_kx_defaults();
    cJSON *root = para_json_parse_part(text, size + 1, &end, true);
    if (!root) {
        para_diag_add(list, PARA_DIAG_ERROR, NULL, "", "this is no JSON, beginning with byte %zu of %zu",
                      end ? (size_t)(end - text) : 0, size);
        return false;
    }
    Reader reader = {.arena = arena, .list = list, .scene = out, .at = ""};
    bool good = read_tree(&reader, root);
    cJSON_Delete(root);
    return good;
}
