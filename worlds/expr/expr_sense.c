// SPDX-License-Identifier: MIT
// The questions an expression may ask of the world in play: their words and what they are about. The rules
// answer them (worlds/rules/sense.c). Their words are no reserved names: they are told by the bracket.
#include "worlds/expr/expr.h"

#include <string.h>

#define BODY  PARA_EXPR_BODY
#define JOINT PARA_EXPR_JOINT
#define ZONE  PARA_EXPR_ZONE
#define ANY   (BODY | ZONE)

static const ParaExprSenseRow rows[] = {
    [PARA_SENSE_X] = {"x", "x(body)", "x of the body's origin [m], or of a zone's", {ANY}, 1, {0}, 0},
    [PARA_SENSE_Y] = {"y", "y(body)", "y of the body's origin [m], or of a zone's", {ANY}, 1, {0}, 0},
    [PARA_SENSE_CENTRE_X] = {"centre_x", "centre_x(body)", "x of its centre of mass [m]", {BODY}, 1, {0}, 0},
    [PARA_SENSE_CENTRE_Y] = {"centre_y", "centre_y(body)", "y of its centre of mass [m]", {BODY}, 1, {0}, 0},
    [PARA_SENSE_VX] =
        {"vx", "vx(body)", "velocity of its centre of mass to the right [m/s]", {BODY}, 1, {0}, 0},
    [PARA_SENSE_VY] = {"vy", "vy(body)", "the same upward [m/s]", {BODY}, 1, {0}, 0},
    [PARA_SENSE_SPEED] = {"speed", "speed(body)", "how fast that is [m/s]", {BODY}, 1, {0}, 0},
    [PARA_SENSE_ANGLE] = {"angle", "angle(body)", "its angle [rad], whole turns counted", {BODY}, 1, {0}, 0},
    [PARA_SENSE_SPIN] = {"spin", "spin(body)", "how fast it turns [rad/s]", {BODY}, 1, {0}, 0},
    [PARA_SENSE_JOINT_ANGLE] =
        {"joint_angle",
         "joint_angle(joint)",
         "of a hinge its angle [rad], of a slider its way [m], of others the length [m]",
         {JOINT},
         1,
         {0},
         0},
    [PARA_SENSE_JOINT_SPEED] =
        {"joint_speed", "joint_speed(joint)", "how fast that changes [rad/s] or [m/s]", {JOINT}, 1, {0}, 0},
    [PARA_SENSE_JOINT_LOAD] =
        {"joint_load", "joint_load(joint)", "the force at its ends in the last step [N]", {JOINT}, 1, {0}, 0},
    [PARA_SENSE_TOUCHING] = {"touching",
                             "touching(a) or touching(a, b)",
                             "1 while they touch, or a touches anything it is not joined to; else 0",
                             {BODY, BODY},
                             1,
                             {true, true},
                             0},
    [PARA_SENSE_INSIDE] = {"inside",
                           "inside(body, zone)",
                           "1 while its centre is in the zone; else 0",
                           {BODY, ZONE},
                           2,
                           {false, true},
                           0},
    [PARA_SENSE_DISTANCE] =
        {"distance",
         "distance(body, b)",
         "from its centre to that of a body, or to a zone's place [m]; of copies the nearest",
         {BODY, ANY},
         2,
         {false, true},
         0},
    [PARA_SENSE_IMPULSE] = {"impulse",
                            "impulse(body)",
                            "sum of what contacts pushed it with in the last step [N s]",
                            {BODY},
                            1,
                            {0},
                            0},
    [PARA_SENSE_ACTION] = {"action", "action(channel)", "the player's action there, -1 to 1", {0}, 0, {0}, 1},
    [PARA_SENSE_RAY] =
        {"ray",
         "ray(body, dx, dy, length)",
         "share of the length [m] that is free from its origin in the direction (dx, dy) of the "
         "world, 0 to 1; its own group is seen through",
         {BODY},
         1,
         {0},
         3},
};

const ParaExprSenseRow *para_expr_senses(int *out_count)
{
    *out_count = (int)(sizeof rows / sizeof rows[0]);
    return rows;
}

int para_expr_find_sense(const char *name)
{
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++)
        if (strcmp(rows[k].name, name) == 0)
            return (int)k;
    return -1;
}
