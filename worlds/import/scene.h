// SPDX-License-Identifier: MIT
#pragma once
// What somebody drew, between a map of Tiled or an SVG and a template: things with forms, a kind and
// properties, in metres, y up. Private to worlds/import.
#include "engine/world/geometry.h"
#include "worlds/template.h"

#define PARA_DRAWN_THINGS_MAX 4096   ///< of one file, before the format's own limits
#define PARA_DRAWN_POINTS_MAX 4096   ///< of one outline
#define PARA_DRAWN_RINGS_MAX  1024   ///< closed lines of one outline
#define PARA_DRAWN_FAR        9000.0 ///< [m] nothing lies beyond

/// What a thing is in the level. In the order of the words in para_drawn_kind.
typedef enum {
    PARA_DRAWN_SOLID,  ///< static ground
    PARA_DRAWN_BODY,   ///< moves freely
    PARA_DRAWN_MOVER,  ///< kinematic
    PARA_DRAWN_PLAYER, ///< where the player begins, and perhaps its form
    PARA_DRAWN_GOAL,   ///< a zone to get to
    PARA_DRAWN_HAZARD, ///< ground that fails
    PARA_DRAWN_COIN,   ///< static, collected
    PARA_DRAWN_ZONE    ///< wind, water, mud
} ParaDrawnKind;

typedef enum { PARA_FORM_CIRCLE, PARA_FORM_BOX, PARA_FORM_POLYGON, PARA_FORM_CHAIN } ParaFormKind;

/// One shape of a thing, in its frame.
typedef struct ParaForm {
    ParaFormKind kind;
    double radius;        ///< [m] circle, or half the thickness of a chain
    double width, height; ///< [m] box
    int count;            ///< [1] points of a polygon (convex, counter-clockwise, 3..8) or chain
    ParaPoint *points;    ///< [m] [count]
} ParaForm;

/// What the file says of a thing by name.
typedef struct ParaProperty {
    const char *name;
    const char *text; ///< as it is written
    double number;    ///< [1] of a number or truth; NaN where it is neither
} ParaProperty;

typedef struct ParaDrawn {
    ParaDrawnKind kind;
    const char *name;   ///< as in the file; NULL: none
    const char *where;  ///< what messages call its place
    double x, y, angle; ///< [m] [m] [rad]
    int form_count;     ///< 0: a point
    ParaForm *forms;    ///< [form_count]
    int property_count;
    ParaProperty *properties; ///< [property_count]
} ParaDrawn;

typedef struct ParaDrawing {
    ParaArena *arena;
    ParaDiagList *list;
    const char *name, *from; ///< of the family, and what it was made of
    double width, height;    ///< [m] of the world
    int count;
    ParaDrawn *things; ///< [PARA_DRAWN_THINGS_MAX]
    int property_count;
    ParaProperty *properties; ///< of the whole
} ParaDrawing;

/// Errors and notes of what is drawn at `where`.
void para_drawn_refuse(ParaDrawing *drawing, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void para_drawn_note(ParaDrawing *drawing, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/// The kind of a word such as "goal"; SOLID for NULL and "". @return false if it means nothing
bool para_drawn_kind(const char *word, ParaDrawnKind *out);
/// Adds a thing. @return NULL if there are too many, which is told
ParaDrawn *para_drawn_add(ParaDrawing *drawing, ParaDrawnKind kind, const char *name, const char *where);
/// A property by name. @return NULL: there is none
const ParaProperty *para_drawn_property(const ParaProperty *properties, int count, const char *name);
/// A property of a text: a number, "true" and "false" are numbers too.
ParaProperty para_drawn_property_of(const char *name, const char *text, ParaArena *arena);
/// The template's text. @return NULL if it is refused
char *para_drawing_write(ParaDrawing *drawing);

// ---------------------------------------------------------------------------------------------
// Convex pieces (convex.c).

typedef enum { PARA_FILL_NONZERO, PARA_FILL_EVENODD } ParaFill;

/// One closed line of an outline.
typedef struct ParaRing {
    ParaPoint *points; ///< [count] the last is not the first again
    int count;
} ParaRing;

/// Convex polygons of at most 8 corners, counter-clockwise.
typedef struct ParaConvex {
    ParaForm *items; ///< [count]
    int count;
    double area; ///< [m^2] of all
    double lost; ///< [m^2] >= 0 of pieces too thin to be shapes
} ParaConvex;

/// Cuts what is inside some rings into few convex pieces.
/// @param rings in, [count] may cross themselves and each other
/// @return NULL, or why it cannot be done
const char *para_convex_of_rings(const ParaRing *rings, int count, ParaFill fill, ParaArena *arena,
                                 ParaConvex *out);
/// Joins pieces that share a whole side into larger convex ones, of the same area.
/// @param pieces in-out; corners that are to meet have the same coordinates
void para_convex_join(ParaConvex *pieces, ParaArena *arena);
/// Scales them, and drops those too thin to be shapes. @param sign 1, or -1: y is turned round
void para_convex_place(ParaConvex *pieces, double scale, double sign, double x, double y);
