// SPDX-License-Identifier: MIT
// Checks of a world def. A def comes from templates and generators, so every number in it is doubtful:
// after this file a solver may use indices, divide by masses and trust polygons.
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/def_fields.h"
#include "engine/world/geometry.h"
#include "engine/world/solver.h"

#include <math.h>
#include <stdio.h>

#define PLACE_MAX  1e4f  ///< [m] farthest a body, point or anchor may be
#define SPEED_MAX  1e3f  ///< [m/s], [rad/s]
#define ANGLE_MAX  1e4f  ///< [rad]
#define FORCE_MAX  1e7f  ///< [N], [N/m], [N s/m]
#define RATIO_MIN  1e-3f ///< [1], [m/rad]
#define RATIO_MAX  1e3f  ///< [1], [m/rad]
#define ROPE_MAX   1e6f  ///< [m]
#define RADIUS_MIN 1e-3f ///< [m]
#define MASS_MIN   1e-6  ///< [kg]
#define MASS_MAX   1e9   ///< [kg]

typedef struct Check {
    const ParaWorldDef *def;
    ParaDiagList *list; ///< may be NULL
    bool good;
    const char *array; ///< "bodies", ...
    int index;         ///< -1: a field of the def itself
} Check;

/// Notes one mistake of `field` of the present item.
static void complain(Check *check, const char *code, const char *field, const char *message)
{
    check->good = false;
    if (!check->list)
        return;
    char path[96];
    if (check->index < 0)
        snprintf(path, sizeof path, "/%s", field);
    else
        snprintf(path, sizeof path, "/%s/%d/%s", check->array, check->index, field);
    para_diag_add(check->list, PARA_DIAG_ERROR, code, path, "%s", message);
}

/// A number must lie in [low, high]; NaN does not.
static bool number(Check *check, const char *field, float value, float low, float high)
{
    if (value >= low && value <= high)
        return true;
    char text[96];
    para_text_format(text, sizeof text, "must be %g to %g; got %g", (double)low, (double)high, (double)value);
    complain(check, "W001", field, text);
    return false;
}

static bool vector(Check *check, const char *field, ParaVec2 value, float limit)
{
    return number(check, field, value.x, -limit, limit) && number(check, field, value.y, -limit, limit);
}

static bool count(Check *check, const char *field, int value, int most, const void *array)
{
    char text[96];
    if (value < 0 || value > most) {
        snprintf(text, sizeof text, "must be 0 to %d; got %d", most, value);
        complain(check, "W002", field, text);
        return false;
    }
    if (value > 0 && !array) {
        complain(check, "W002", field, "its array is missing");
        return false;
    }
    return true;
}

static bool body_index(Check *check, const char *field, int32_t body)
{
    if (body >= 0 && body < check->def->body_count)
        return true;
    char text[96];
    snprintf(text, sizeof text, "names body %d; there are %d", (int)body, check->def->body_count);
    complain(check, "W003", field, text);
    return false;
}

static bool unit(Check *check, const char *field, ParaVec2 value)
{
    double square = (double)value.x * (double)value.x + (double)value.y * (double)value.y;
    if (fabs(square - 1.0) < 2e-3)
        return true;
    complain(check, "W004", field, "must have length 1");
    return false;
}

static bool frame(Check *check)
{
    const ParaWorldDef *def = check->def;
    check->index = -1;
    vector(check, "gravity", def->gravity, 1e3f);
    number(check, "rate", def->rate, 10.0f, 1000.0f);
    number(check, "substeps", (float)def->substeps, 1.0f, 64.0f);
    number(check, "iterations", (float)def->iterations, 1.0f, 200.0f);
    vector(check, "size", def->size, PLACE_MAX);
    number(check, "bounce_min", def->bounce_min, 0.0f, 1e3f);
    if ((unsigned)def->friction_rule > PARA_FRICTION_ROOT_OF_SQUARES)
        complain(check, "W005", "friction_rule", "is not a rule of friction");
    if ((unsigned)def->restitution_rule > PARA_RESTITUTION_LEAST)
        complain(check, "W005", "restitution_rule", "is not a rule of restitution");
    bool counts = true;
#define COUNT(array, number, Type, FIELDS, most)                                                             \
    counts &= count(check, #number, def->number, most, def->array);
    PARA_WORLD_ARRAYS(COUNT)
    return counts;
}

static void points(Check *check)
{
    check->array = "points";
    for (int i = 0; i < check->def->point_count; i++) {
        check->index = i;
        vector(check, "point", check->def->points[i], PLACE_MAX);
    }
}

static void body(Check *check, const ParaBodyDef *def)
{
    if (def->kind != PARA_BODY_STATIC && def->kind != PARA_BODY_KINEMATIC && def->kind != PARA_BODY_DYNAMIC)
        complain(check, "W005", "kind", "is not a body kind");
    vector(check, "position", def->position, PLACE_MAX);
    number(check, "angle", def->angle, -ANGLE_MAX, ANGLE_MAX);
    vector(check, "velocity", def->velocity, SPEED_MAX);
    number(check, "spin", def->spin, -SPEED_MAX, SPEED_MAX);
    number(check, "gravity_scale", def->gravity_scale, -1e3f, 1e3f);
    number(check, "linear_damping", def->linear_damping, 0.0f, 1e3f);
    number(check, "angular_damping", def->angular_damping, 0.0f, 1e3f);
    number(check, "inertia_scale", def->inertia_scale, 1e-3f, 1e3f);
    vector(check, "centre_shift", def->centre_shift, 1e3f);
}

/// The span of points of a shape or zone lies inside the def's array.
static bool span(Check *check, uint32_t first, uint32_t size, uint32_t least, uint32_t most)
{
    char text[96];
    if (size < least || size > most) {
        snprintf(text, sizeof text, "must be %u to %u; got %u", least, most, size);
        complain(check, "W006", "point_count", text);
        return false;
    }
    if (first > (uint32_t)check->def->point_count || size > (uint32_t)check->def->point_count - first) {
        complain(check, "W006", "point_first", "reaches past the end of points");
        return false;
    }
    return true;
}

static double length(double x, double y) { return para_sqrt(x * x + y * y); }

static double gap(ParaVec2 a, ParaVec2 b)
{
    return length((double)a.x - (double)b.x, (double)a.y - (double)b.y);
}

static void shape(Check *check, const ParaShapeDef *def, int32_t previous_body)
{
    static const uint32_t least[] = {1, 3, 2, 2};
    static const uint32_t most[] = {1, PARA_POLYGON_POINTS_MAX, 2, PARA_POINTS_MAX};
    if ((unsigned)def->kind > PARA_SHAPE_CHAIN) {
        complain(check, "W005", "kind", "is not a shape kind");
        return;
    }
    if (body_index(check, "body", def->body) && def->body < previous_body)
        complain(check, "W003", "body", "shapes must be grouped by body in rising order");
    number(check, "density", def->density, 0.0f, 1e6f);
    number(check, "friction", def->friction, 0.0f, 1e3f);
    number(check, "restitution", def->restitution, 0.0f, 1.0f);
    number(check, "belt", def->belt, -SPEED_MAX, SPEED_MAX);
    number(check, "radius", def->radius, def->kind == PARA_SHAPE_CIRCLE ? RADIUS_MIN : 0.0f,
           def->kind == PARA_SHAPE_POLYGON ? 0.0f : 1e3f);
    if (!span(check, def->point_first, def->point_count, least[def->kind], most[def->kind]))
        return;
    const ParaVec2 *corner = check->def->points + def->point_first;
    if (def->kind == PARA_SHAPE_POLYGON) {
        const char *problem = para_polygon_problem(corner, def->point_count);
        if (problem)
            complain(check, "W007", "points", problem);
    } else {
        for (uint32_t i = 0; i + 1 < def->point_count; i++)
            if (!(gap(corner[i], corner[i + 1]) >= 1e-3)) {
                complain(check, "W007", "points", "two neighbouring points are less than 1 mm apart");
                return;
            }
    }
}

/// Dynamic bodies need a mass; runs only when every index is known to be good.
static void masses(Check *check)
{
    const ParaWorldDef *def = check->def;
    check->array = "bodies";
    for (int i = 0, first = 0; i < def->body_count; i++) {
        int end = first;
        while (end < def->shape_count && def->shapes[end].body == i)
            end++;
        ParaMass mass = para_body_mass(def, first, end);
        check->index = i;
        if (def->bodies[i].kind == PARA_BODY_DYNAMIC &&
            !(mass.mass >= MASS_MIN && mass.mass <= MASS_MAX && mass.moment > 0))
            complain(check, "W008", "mass",
                     "a dynamic body needs shapes of density > 0 that weigh 1e-6 to 1e9 kg");
        first = end;
    }
}

/// Distance [m] between two anchors at the start.
static double anchor_gap(const ParaWorldDef *def, const ParaJointDef *joint)
{
    double place[2][2];
    for (int side = 0; side < 2; side++) {
        const ParaBodyDef *owner = &def->bodies[side ? joint->b : joint->a];
        ParaVec2 anchor = side ? joint->anchor_b : joint->anchor_a;
        double s, c;
        para_sincos((double)owner->angle, &s, &c);
        place[side][0] = (double)owner->position.x + c * (double)anchor.x - s * (double)anchor.y;
        place[side][1] = (double)owner->position.y + s * (double)anchor.x + c * (double)anchor.y;
    }
    return length(place[0][0] - place[1][0], place[0][1] - place[1][1]);
}

static void limits(Check *check, const ParaJointDef *def)
{
    bool length = def->kind == PARA_JOINT_DISTANCE || def->kind == PARA_JOINT_SPRING;
    float limit = def->kind == PARA_JOINT_REVOLUTE ? ANGLE_MAX : PLACE_MAX, low = length ? 0.0f : -limit;
    if (number(check, "lower", def->lower, low, limit) && number(check, "upper", def->upper, low, limit) &&
        def->lower > def->upper)
        complain(check, "W009", "lower", "is above upper");
    if ((def->kind == PARA_JOINT_PRISMATIC || def->kind == PARA_JOINT_SPRING) &&
        def->upper - def->lower < 1e-3f)
        complain(check, "W009", "upper", "must be at least 1 mm above lower");
}

/// What pulleys, gears and racks have beside their bodies.
static void transmission(Check *check, const ParaJointDef *def)
{
    bool pulley = def->kind == PARA_JOINT_PULLEY;
    if (number(check, "ratio", def->ratio, pulley ? RATIO_MIN : -RATIO_MAX, RATIO_MAX) &&
        fabsf(def->ratio) < RATIO_MIN)
        complain(check, "W001", "ratio", "must not be within 0.001 of 0");
    if (pulley) {
        vector(check, "wheel_a", def->wheel_a, PLACE_MAX);
        vector(check, "wheel_b", def->wheel_b, PLACE_MAX);
        number(check, "rest", def->rest, 0.0f, ROPE_MAX);
    } else if (def->carrier != -1 && body_index(check, "carrier", def->carrier) &&
               (def->carrier == def->a || def->carrier == def->b)) {
        complain(check, "W003", "carrier", "is one of the two bodies it carries");
    }
}

static bool may_turn(const ParaWorldDef *def, int body)
{
    return def->bodies[body].kind == PARA_BODY_DYNAMIC && !def->bodies[body].fixed_rotation;
}

static void joint(Check *check, const ParaJointDef *def)
{
    if ((unsigned)def->kind > PARA_JOINT_RACK) {
        complain(check, "W005", "kind", "is not a joint kind");
        return;
    }
    vector(check, "anchor_a", def->anchor_a, PLACE_MAX);
    vector(check, "anchor_b", def->anchor_b, PLACE_MAX);
    if (def->kind == PARA_JOINT_PRISMATIC || def->kind == PARA_JOINT_RACK)
        unit(check, "axis", def->axis);
    if (def->limited && def->kind < PARA_JOINT_PULLEY)
        limits(check, def);
    if (def->kind == PARA_JOINT_SPRING) {
        number(check, "stiffness", def->stiffness, 0.0f, FORCE_MAX);
        number(check, "damping", def->damping, 0.0f, FORCE_MAX);
        number(check, "rest", def->rest, 0.0f, PLACE_MAX);
    }
    if (def->kind >= PARA_JOINT_PULLEY)
        transmission(check, def);
    bool a = body_index(check, "a", def->a), b = body_index(check, "b", def->b);
    if (!a || !b)
        return;
    if (def->a == def->b)
        complain(check, "W003", "b", "is the same body as a");
    else if (check->def->bodies[def->a].kind != PARA_BODY_DYNAMIC &&
             check->def->bodies[def->b].kind != PARA_BODY_DYNAMIC)
        complain(check, "W010", "b", "neither of the two bodies is dynamic");
    else if (def->kind == PARA_JOINT_DISTANCE && !def->limited && !(anchor_gap(check->def, def) > 1e-3))
        complain(check, "W010", "anchor_b", "a rigid distance needs its anchors apart at the start");
    else if (def->kind == PARA_JOINT_GEAR && !may_turn(check->def, def->a) && !may_turn(check->def, def->b))
        complain(check, "W010", "b", "neither of the two bodies can be turned");
}

static void thruster(Check *check, const ParaThrusterDef *def)
{
    body_index(check, "body", def->body);
    vector(check, "point", def->point, PLACE_MAX);
    unit(check, "direction", def->direction);
    number(check, "force_max", def->force_max, 0.0f, FORCE_MAX);
}

static void zone(Check *check, const ParaZoneDef *def)
{
    vector(check, "position", def->position, PLACE_MAX);
    number(check, "angle", def->angle, -ANGLE_MAX, ANGLE_MAX);
    vector(check, "acceleration", def->acceleration, 1e5f);
    number(check, "drag", def->drag, 0.0f, 1e4f);
    number(check, "fluid_density", def->fluid_density, 0.0f, 1e6f);
    number(check, "fluid_drag", def->fluid_drag, 0.0f, 1e4f);
    number(check, "pull", def->pull, -1e5f, 1e5f);
    if (def->kind == PARA_SHAPE_CIRCLE) {
        number(check, "radius", def->radius, RADIUS_MIN, PLACE_MAX);
    } else if (def->kind != PARA_SHAPE_POLYGON) {
        complain(check, "W005", "kind", "a zone is a circle or a polygon");
    } else if (span(check, def->point_first, def->point_count, 3, PARA_POLYGON_POINTS_MAX)) {
        const char *problem = para_polygon_problem(check->def->points + def->point_first, def->point_count);
        if (problem)
            complain(check, "W007", "points", problem);
    }
}

bool para_world_def_check(const ParaWorldDef *def, ParaDiagList *diagnostics)
{
    PARA_ASSERT(def);
    Check check = {.def = def, .list = diagnostics, .good = true};
    if (!frame(&check))
        return false; // the arrays cannot be walked
    points(&check);
    check.array = "bodies";
    for (check.index = 0; check.index < def->body_count; check.index++)
        body(&check, &def->bodies[check.index]);
    check.array = "shapes";
    int32_t previous = 0;
    for (check.index = 0; check.index < def->shape_count; check.index++) {
        shape(&check, &def->shapes[check.index], previous);
        previous = def->shapes[check.index].body;
    }
    if (check.good)
        masses(&check);
    check.array = "joints";
    for (check.index = 0; check.index < def->joint_count; check.index++)
        joint(&check, &def->joints[check.index]);
    check.array = "thrusters";
    for (check.index = 0; check.index < def->thruster_count; check.index++)
        thruster(&check, &def->thrusters[check.index]);
    check.array = "zones";
    for (check.index = 0; check.index < def->zone_count; check.index++)
        zone(&check, &def->zones[check.index]);
    return check.good;
}
