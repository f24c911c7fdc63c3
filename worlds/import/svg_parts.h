// SPDX-License-Identifier: MIT
#pragma once
// Lines of an SVG as points: numbers, transforms, curves. Private to worlds/import.
#include "worlds/import/scene.h"

/// Where a point (x, y) comes to: (a x + c y + e, b x + d y + f).
typedef struct ParaMatrix {
    double a, b, c, d, e, f; ///< [1] and [m]
} ParaMatrix;

/// First `inner`, then `outer`.
ParaMatrix para_svg_matrix(ParaMatrix outer, ParaMatrix inner);
ParaPoint para_svg_moved(const ParaMatrix *matrix, double x, double y);
/// [1] >= 0 by how much it makes lengths longer at most.
double para_svg_stretch(const ParaMatrix *matrix);
/// Reads a list of transforms onto a matrix. @return false where it is no such list; what came before holds
bool para_svg_transform(const char *text, ParaMatrix *matrix);

/// One number, with white space and a comma before it. @return false: there is none
bool para_svg_number(const char **at, double *out);

/// A pen that leaves points: the lines of one element, in metres.
typedef struct ParaPen {
    ParaMatrix matrix;
    double tolerance; ///< [m]
    ParaArena *arena;
    int room;  ///< [1] points that may still come
    bool full; ///< it was too little
    int ring_count;
    ParaRing *rings;   ///< [PARA_DRAWN_RINGS_MAX]
    bool *closed;      ///< [PARA_DRAWN_RINGS_MAX]
    ParaPoint *points; ///< [room at the begin] of the ring that is drawn
    int count;
    double x, y;             ///< where it is, in the drawing's units
    double start_x, start_y; ///< where the ring began
} ParaPen;

ParaPen para_svg_pen(const ParaMatrix *matrix, double tolerance, int room, ParaArena *arena);
void para_svg_move(ParaPen *pen, double x, double y);
void para_svg_line(ParaPen *pen, double x, double y);
/// A cubic curve.
void para_svg_curve(ParaPen *pen, double x1, double y1, double x2, double y2, double x, double y);
/// An elliptic arc, by the rules of SVG for its flags. @param turn [degree]
void para_svg_arc(ParaPen *pen, double rx, double ry, double turn, bool large, bool sweep, double x,
                  double y);
void para_svg_close(ParaPen *pen);
void para_svg_end(ParaPen *pen); ///< the ring that is drawn stays open
/// Draws a path's data. @return NULL, or where it is wrong; what comes before is drawn
const char *para_svg_path(ParaPen *pen, const char *data);
