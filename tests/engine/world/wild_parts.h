// SPDX-License-Identifier: MIT
#pragma once
// What the kinds of wild levels are put together from: rooms, grounds, random shapes, bodies with their
// places. Private to wild.c and wild_kinds.c.
#include "engine/base/rng.h"
#include "tests/engine/world/wild.h"

/// A level in the making.
typedef struct Wild {
    WildLevel *level;
    Scene *scene; ///< the level's
    ParaRng rng;
} Wild;

ParaVec2 wild_at(double x, double y);
double wild_length(double x, double y);
// A level is the same on every machine and with every compiler: our own maths, and never two draws where C
// leaves their order open (two arguments, two sides of an operator).
double wild_range(Wild *wild, double low, double high);
double wild_power(Wild *wild, double low, double high); ///< evenly over the powers of ten
int wild_int(Wild *wild, int low, int high);            ///< both included
bool wild_chance(Wild *wild, double share);

/// Ways to fill a disc of a radius.
typedef enum {
    WILD_BALL,
    WILD_BOX,
    WILD_POLYGON,
    WILD_SLIVER,
    WILD_FALSE_CORNERS, ///< a box with corners all but in its straight edges
    WILD_CAPSULE,
    WILD_PAIR,     ///< two flush boxes
    WILD_CROSS,    ///< two crossing boxes
    WILD_DUMBBELL, ///< two balls and a box between
    WILD_BRICKS,   ///< three flush boxes in a row
    WILD_FORM_COUNT
} WildForm;
#define WILD_SIMPLE  (1u << WILD_BALL | 1u << WILD_BOX | 1u << WILD_POLYGON | 1u << WILD_CAPSULE)
#define WILD_SEVERAL (1u << WILD_PAIR | 1u << WILD_CROSS | 1u << WILD_DUMBBELL | 1u << WILD_BRICKS)
#define WILD_ODD     (1u << WILD_POLYGON | 1u << WILD_SLIVER | 1u << WILD_FALSE_CORNERS)
#define WILD_ANY     (WILD_SIMPLE | WILD_SEVERAL | WILD_ODD)

/// How far [m] out of a straight edge of a length a corner may stand and only just be one, or a little more.
double wild_bulge(Wild *wild, double span);
/// Adds the shapes of one of `forms` (bits of WildForm) to the last body, all within `radius` of its origin.
void wild_form(Wild *wild, unsigned forms, double radius);
/// A dynamic body of one of `forms` at a place, turned at random.
int wild_body(Wild *wild, unsigned forms, double x, double y, double radius);
/// Sets friction and restitution of all shapes from shape `first` on.
void wild_surface(Wild *wild, int first, double friction, double restitution);
/// Fills [low, high] with up to `count` bodies, each alone in a cell of a grid, radius a share of the cell's.
void wild_scatter(Wild *wild, unsigned forms, int count, ParaVec2 low, ParaVec2 high, double speed);

int wild_static(Wild *wild, double x, double y); ///< a static body without shapes yet
/// A closed room [0, width] x [0, height] of static boxes, flush or lapping; the level's room.
void wild_walls(Wild *wild, double width, double height, double thickness);
/// The same room of one closed chain.
void wild_fence(Wild *wild, double width, double height, double radius);
/// A ground of `count` points from x = 0 to `width` with heights [m], closed by walls of boxes and a roof at
/// `height`.
void wild_ground(Wild *wild, const double *heights, int count, double width, double height, double radius);

WildExpect *wild_expect(Wild *wild, WildPromise promise, int body);
/// Turns the whole level, gravity only if `with_gravity`, about (0, 0), and moves it.
void wild_turn(Wild *wild, double angle, bool with_gravity, double x, double y);

/// Fills the level of its kind; the fields of WildLevel hold their defaults.
void wild_fill(Wild *wild);
