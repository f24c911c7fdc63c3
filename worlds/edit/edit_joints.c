// SPDX-License-Identifier: MIT
// Edits of joints and of what drives them.
#include "engine/base/maths.h"
#include "engine/world/geometry.h"
#include "worlds/edit/edit_parts.h"
#include "worlds/expr/expr.h"

#include <math.h>
#include <string.h>

#define NEAR  1.5 // [m] between the boxes of bodies that are joined
#define LOOKS 8   // at joints that may be referred to

static bool may_be_held(const ParaLevel *level, int body)
{
    return !para_edit_is_player(level, body) && !para_edit_is_spare(level, body);
}

static bool are_joined(const ParaLevel *level, int a, int b)
{
    for (int j = 0; j < level->world.joint_count; j++) {
        const ParaJointDef *def = &level->world.joints[j];
        if ((def->a == a && def->b == b) || (def->a == b && def->b == a))
            return true;
    }
    return false;
}

/// Another body within reach. @return -1: none
static int neighbour(ParaEditor *editor, int body)
{
    const ParaLevel *level = editor->level;
    ParaEditBox own = para_edit_box(level, body);
    int found = -1, count = 0;
    for (int b = 0; b < level->world.body_count; b++) {
        if (b == body || !may_be_held(level, b) || are_joined(level, body, b))
            continue;
        ParaEditBox box = para_edit_box(level, b);
        double x = para_max(own.low_x - box.high_x, box.low_x - own.high_x);
        double y = para_max(own.low_y - box.high_y, box.low_y - own.high_y);
        if (para_max(x, y) < NEAR && para_rng_int(&editor->rng, 0, count++) == 0)
            found = b;
    }
    return found;
}

static ParaVec2 in_frame(const ParaBodyDef *body, double x, double y)
{
    double s, c;
    para_sincos((double)body->angle, &s, &c);
    x -= (double)body->position.x, y -= (double)body->position.y;
    return (ParaVec2){(float)(c * x + s * y) + 0.0f, (float)(c * y - s * x) + 0.0f};
}

/// Where the one is held on the other: the place of the other's box that is nearest.
static void near_end(const ParaEditBox *box, double x, double y, double *out_x, double *out_y)
{
    *out_x = para_clamp(x, box->low_x, box->high_x);
    *out_y = para_clamp(y, box->low_y, box->high_y);
}

bool para_edit_add_joint(ParaEditor *editor)
{
    static const char *const words[] = {"hinge", "weld", "rope", "spring"};
    static const ParaJointKind kinds[] = {PARA_JOINT_REVOLUTE, PARA_JOINT_WELD, PARA_JOINT_DISTANCE,
                                          PARA_JOINT_SPRING};
    ParaLevel *level = editor->level;
    int a = para_edit_pick(editor, level->world.body_count, para_edit_is_loose);
    if (a < 0)
        return para_edit_refuse(editor, true, "nothing beside the player moves");
    int b = neighbour(editor, a), which = (int)para_rng_int(&editor->rng, 0, 3);
    if (b < 0)
        return para_edit_refuse(editor, false, "nothing is near %s", para_edit_body_word(editor, a));
    const ParaBodyDef *body_a = &level->world.bodies[a], *body_b = &level->world.bodies[b];
    ParaEditBox box = para_edit_box(level, a), other = para_edit_box(level, b);
    double x = (box.low_x + box.high_x) / 2, y = (box.low_y + box.high_y) / 2, end_x, end_y;
    near_end(&other, x, y, &end_x, &end_y);
    ParaJointDef def = para_joint_def_default();
    def.kind = kinds[which];
    def.a = b, def.b = a;
    bool apart = def.kind == PARA_JOINT_DISTANCE || def.kind == PARA_JOINT_SPRING;
    double length = para_sqrt((end_x - x) * (end_x - x) + (end_y - y) * (end_y - y));
    def.anchor_b = in_frame(body_a, apart ? x : end_x, apart ? y : end_y);
    def.anchor_a = in_frame(body_b, end_x, end_y);
    if (apart) {
        def.limited = def.kind == PARA_JOINT_DISTANCE;
        def.upper = def.kind == PARA_JOINT_DISTANCE ? (float)para_max(1.05 * length, 0.1) : def.upper;
        def.lower = 0;
        def.collide = true;
    }
    if (def.kind == PARA_JOINT_SPRING) {
        int first, last;
        para_body_shapes(&level->world, a, &first, &last);
        double mass = para_body_mass(&level->world, first, last).mass;
        double per_second = para_edit_draw(editor, 3, 9, 1); // of its swing
        def.rest = (float)length;
        def.stiffness = (float)para_min(1e5, mass * per_second * per_second);
        def.damping = (float)para_min(1e4, 0.4 * mass * per_second);
    }
    para_edit_name_body(editor, a);
    para_edit_name_body(editor, b);
    return para_edit_new_joint(editor, &def) >= 0 &&
           para_edit_done(editor, "a %s between %s and %s", words[which], para_edit_body_word(editor, b),
                          para_edit_body_word(editor, a));
}

static bool is_free(const ParaLevel *level, int joint)
{
    const ParaJointDef *def = &level->world.joints[joint];
    return !para_edit_is_player(level, def->a) && !para_edit_is_player(level, def->b);
}

static const char *joint_word(ParaEditor *editor, int joint)
{
    const ParaJointDef *def = &editor->level->world.joints[joint];
    char store[PARA_NAME_MAX];
    if (*editor->level->joint_names[joint])
        return para_arena_strdup(editor->arena, para_level_joint_label(editor->level, joint, store));
    return para_arena_printf(editor->arena, "joint of %s and %s", para_edit_body_word(editor, def->a),
                             para_edit_body_word(editor, def->b));
}

bool para_edit_remove_joint(ParaEditor *editor)
{
    int count = editor->level->world.joint_count, joint = para_edit_pick(editor, count, is_free);
    for (int look = 1; look < LOOKS && joint >= 0 && para_edit_is_referred(editor, PARA_EXPR_JOINT, joint);
         look++)
        joint = para_edit_pick(editor, count, is_free);
    if (joint < 0)
        return para_edit_refuse(editor, true, count ? "every joint is the player's" : "there is no joint");
    if (para_edit_is_referred(editor, PARA_EXPR_JOINT, joint))
        return para_edit_refuse(editor, false, "rules refer to the %s", joint_word(editor, joint));
    const char *word = joint_word(editor, joint);
    para_edit_take_joint(editor, joint);
    return para_edit_done(editor, "%s removed", word);
}

// ---------------------------------------------------------------------------------------------
// Numbers.

static bool any_joint(const ParaLevel *level, int joint)
{
    ParaJointKind kind = level->world.joints[joint].kind;
    const ParaJointDef *def = &level->world.joints[joint];
    return kind == PARA_JOINT_REVOLUTE || kind == PARA_JOINT_WELD || kind == PARA_JOINT_SPRING ||
           (kind == PARA_JOINT_PRISMATIC && def->limited) ||
           (kind == PARA_JOINT_DISTANCE && def->limited && def->lower == 0 && def->upper > 0.05f);
}

static bool retune_limits(ParaEditor *editor, int joint, double times)
{
    ParaJointDef *def = &editor->level->world.joints[joint];
    bool hinge = def->kind == PARA_JOINT_REVOLUTE;
    const char *word = joint_word(editor, joint);
    if (!def->limited) { // a hinge that turned freely
        double degrees = para_edit_draw(editor, 30, 150, 5);
        def->limited = true;
        def->upper = (float)(degrees * PARA_PI / 180);
        def->lower = -def->upper;
        return para_edit_done(editor, "%s turns by %.0f degrees at most", word, degrees);
    }
    if (!(def->lower <= 0 && def->upper >= 0))
        return para_edit_refuse(editor, false, "the start is not within the limits of the %s", word);
    def->lower = (float)((double)def->lower * times) + 0.0f;
    def->upper = (float)((double)def->upper * times) + 0.0f;
    return para_edit_done(editor, "%s %s %.2f times as far", word, hinge ? "turns" : "slides", times);
}

static bool retune_weld(ParaEditor *editor, int joint)
{
    ParaLevel *level = editor->level;
    int count = level->world.joint_count;
    double load = para_edit_draw(editor, 50, 1000, 50);
    if (!level->joint_breaks)
        level->joint_breaks = memset(PARA_NEW(editor->arena, float, count), 0, sizeof(float) * (size_t)count);
    level->joint_breaks[joint] = (float)load;
    return para_edit_done(editor, "%s breaks at %.0f N", joint_word(editor, joint), load);
}

bool para_edit_retune_joint(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    int joint = para_edit_pick(editor, level->world.joint_count, any_joint);
    if (joint < 0)
        return para_edit_refuse(editor, true, "there is no joint with a number to change");
    ParaJointDef *def = &level->world.joints[joint];
    double times = para_edit_draw(editor, 0.7, 1.4, 0.05);
    if (fabs(times - 1) < 0.04)
        return para_edit_refuse(editor, false, "it would stay as it is");
    if (def->kind == PARA_JOINT_WELD)
        return !para_edit_is_player(level, def->a) ? retune_weld(editor, joint)
                                                   : para_edit_refuse(editor, false, "it is the player's");
    if (def->kind == PARA_JOINT_SPRING) {
        def->stiffness = (float)para_min(1e7, (double)def->stiffness * times);
        return para_edit_done(editor, "spring %s %.2f times as stiff", joint_word(editor, joint), times);
    }
    if (def->kind == PARA_JOINT_DISTANCE) {
        times = para_max(times, 1.05); // shorter would pull at the start
        def->upper = (float)para_min(1e4, (double)def->upper * times);
        return para_edit_done(editor, "rope %s %.2f times as long", joint_word(editor, joint), times);
    }
    return retune_limits(editor, joint, times);
}

static void times_float(float *number, double times, double most)
{
    *number = (float)para_clamp((double)*number * times, -most, most) + 0.0f;
}

bool para_edit_has_speed(const ParaActuator *actuator)
{
    ParaActuatorKind kind = actuator->kind;
    return kind == PARA_ACTUATOR_MOTOR || kind == PARA_ACTUATOR_WALK || kind == PARA_ACTUATOR_SLIDE ||
           kind == PARA_ACTUATOR_DRIVE || kind == PARA_ACTUATOR_CLIMB;
}

void para_edit_drive(ParaEditor *editor, int index, double fast, double force, double torque)
{
    ParaActuator *actuator = &editor->level->players[0].actuators[index];
    switch (actuator->kind) {
    case PARA_ACTUATOR_MOTOR:
    case PARA_ACTUATOR_DRIVE:
        times_float(&actuator->rate, fast, 1e3);
        times_float(&actuator->torque, torque, 1e6);
        if (actuator->kind == PARA_ACTUATOR_MOTOR)
            times_float(&actuator->brake, torque, 1e6);
        break;
    case PARA_ACTUATOR_TORQUE:
    case PARA_ACTUATOR_TWIST:
        times_float(&actuator->torque, torque, 1e6);
        break;
    case PARA_ACTUATOR_WALK:
    case PARA_ACTUATOR_SLIDE:
    case PARA_ACTUATOR_CLIMB:
        times_float(&actuator->speed, fast, 1e3);
        times_float(&actuator->force, force, 1e6);
        break;
    case PARA_ACTUATOR_JUMP:
        times_float(&actuator->impulse, force, 1e5);
        break;
    case PARA_ACTUATOR_THRUSTER:
    case PARA_ACTUATOR_GRIP:
        times_float(&actuator->force, force, 1e6);
        break;
    case PARA_ACTUATOR_VOICE:
        break;
    }
    if (actuator->thruster >= 0)
        editor->level->world.thrusters[actuator->thruster].force_max = actuator->force;
}

static bool retune_actuator(ParaEditor *editor, int index, double times)
{
    static const char *const words[] = {
#define PARA_ACTUATOR(id, word, ...) [PARA_ACTUATOR_##id] = #word,
#include "worlds/level/kinds.def"
    };
    ParaActuator *actuator = &editor->level->players[0].actuators[index];
    if (actuator->kind == PARA_ACTUATOR_VOICE && actuator->range == 0)
        return para_edit_refuse(editor, false, "it is heard everywhere");
    if (actuator->kind == PARA_ACTUATOR_VOICE) {
        times_float(&actuator->range, times, 1e3);
        return para_edit_done(editor, "the player's %s %d heard %.2f times as far", words[actuator->kind],
                              index + 1, times);
    }
    bool fast = para_edit_has_speed(actuator) && para_rng_int(&editor->rng, 0, 1);
    para_edit_drive(editor, index, fast ? times : 1, fast ? 1 : times, fast ? 1 : times);
    return para_edit_done(editor, "the player's %s %d %.2f times as %s", words[actuator->kind], index + 1,
                          times, fast ? "fast" : "strong");
}

bool para_edit_retune_motor(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    int own = 0, drives = level->players[0].actuator_count;
    for (int j = 0; level->joint_motors && j < level->world.joint_count; j++)
        own += level->joint_motors[j].torque > 0;
    if (own + drives == 0)
        return para_edit_refuse(editor, true, "nothing is driven");
    double times = para_edit_draw(editor, 0.7, 1.4, 0.05);
    if (fabs(times - 1) < 0.04)
        return para_edit_refuse(editor, false, "it would stay as it is");
    int which = (int)para_rng_int(&editor->rng, 0, own + drives - 1);
    if (which >= own)
        return retune_actuator(editor, which - own, times);
    int joint = 0;
    while (!(level->joint_motors[joint].torque > 0) || which-- > 0)
        joint++;
    bool fast = para_rng_int(&editor->rng, 0, 1) == 1;
    if (fast)
        times_float(&level->joint_motors[joint].rate, times, 1e3);
    else
        times_float(&level->joint_motors[joint].torque, times, 1e6);
    return para_edit_done(editor, "motor of %s %.2f times as %s", joint_word(editor, joint), times,
                          fast ? "fast" : "strong");
}
