// SPDX-License-Identifier: MIT
// Paths of SVG as points: every curve in as many straight pieces as keep within the tolerance. Follows SVG 2,
// chapter 9 and, for arcs, appendix B.2.4.
#include "worlds/import/svg_parts.h"

#include "engine/base/maths.h"
#include "engine/base/text.h"

#include <math.h>
#include <string.h>

#define PIECES_MAX 400 // of one curve
#define NUMBER_MAX 1e9

ParaMatrix para_svg_matrix(ParaMatrix o, ParaMatrix i)
{
    return (ParaMatrix){o.a * i.a + o.c * i.b, o.b * i.a + o.d * i.b,       o.a * i.c + o.c * i.d,
                        o.b * i.c + o.d * i.d, o.a * i.e + o.c * i.f + o.e, o.b * i.e + o.d * i.f + o.f};
}

ParaPoint para_svg_moved(const ParaMatrix *m, double x, double y)
{
    return (ParaPoint){m->a * x + m->c * y + m->e, m->b * x + m->d * y + m->f};
}

double para_svg_stretch(const ParaMatrix *m)
{
    double sum = m->a * m->a + m->b * m->b + m->c * m->c + m->d * m->d, area = m->a * m->d - m->b * m->c;
    return para_sqrt((sum + para_sqrt(para_max(sum * sum - 4 * area * area, 0))) / 2);
}

static void skip_space(const char **at)
{
    while (**at && strchr(" \t\r\n\f", **at))
        ++*at;
}

static void skip_comma(const char **at)
{
    skip_space(at);
    if (**at == ',') {
        ++*at;
        skip_space(at);
    }
}

bool para_svg_number(const char **at, double *out)
{
    skip_comma(at);
    const char *end = *at, *begin = *at;
    // By hand: what the C library takes besides (hexadecimal, inf, nan) is none.
    end += *end == '+' || *end == '-';
    const char *digits = end;
    while ((*end >= '0' && *end <= '9') || *end == '.')
        if (*end++ == '.')
            break;
    while (*end >= '0' && *end <= '9')
        end++;
    if (end == digits || (end == digits + 1 && *digits == '.'))
        return false;
    if ((*end == 'e' || *end == 'E') &&
        (strchr("0123456789", end[1]) ? end[1] != 0
                                      : (end[1] == '+' || end[1] == '-') && end[2] >= '0' && end[2] <= '9')) {
        end += 2;
        while (*end >= '0' && *end <= '9')
            end++;
    }
    char text[64];
    size_t size = (size_t)(end - begin);
    if (size >= sizeof text)
        return false;
    memcpy(text, begin, size);
    text[size] = '\0';
    const char *stop;
    *out = para_text_number(text[0] == '+' ? text + 1 : text, &stop);
    *at = end;
    return isfinite(*out) && fabs(*out) <= NUMBER_MAX;
}

// ---------------------------------------------------------------------------------------------
// Transforms.

static bool one_transform(const char *word, size_t length, const double *v, int count, ParaMatrix *out)
{
    double s, c;
    *out = (ParaMatrix){1, 0, 0, 1, 0, 0};
    if (length == 6 && strncmp(word, "matrix", 6) == 0 && count == 6) {
        *out = (ParaMatrix){v[0], v[1], v[2], v[3], v[4], v[5]};
    } else if (length == 9 && strncmp(word, "translate", 9) == 0 && (count == 1 || count == 2)) {
        out->e = v[0];
        out->f = count == 2 ? v[1] : 0;
    } else if (length == 5 && strncmp(word, "scale", 5) == 0 && (count == 1 || count == 2)) {
        out->a = v[0];
        out->d = count == 2 ? v[1] : v[0];
    } else if (length == 6 && strncmp(word, "rotate", 6) == 0 && (count == 1 || count == 3)) {
        para_sincos(v[0] * PARA_TAU / 360, &s, &c);
        double x = count == 3 ? v[1] : 0, y = count == 3 ? v[2] : 0;
        *out = (ParaMatrix){c, s, -s, c, x - c * x + s * y, y - s * x - c * y};
    } else if (length == 5 && strncmp(word, "skewX", 5) == 0 && count == 1) {
        out->c = para_tan(v[0] * PARA_TAU / 360);
    } else if (length == 5 && strncmp(word, "skewY", 5) == 0 && count == 1) {
        out->b = para_tan(v[0] * PARA_TAU / 360);
    } else {
        return false;
    }
    return true;
}

bool para_svg_transform(const char *text, ParaMatrix *matrix)
{
    skip_space(&text);
    while (*text) {
        double values[6];
        int count = 0;
        ParaMatrix one;
        const char *word = text;
        size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzXY");
        text += length;
        skip_space(&text);
        if (length == 0 || *text++ != '(')
            return false;
        while (count < 6 && para_svg_number(&text, &values[count]))
            count++;
        skip_space(&text);
        if (*text++ != ')' || !one_transform(word, length, values, count, &one))
            return false;
        *matrix = para_svg_matrix(*matrix, one);
        skip_comma(&text);
    }
    return true;
}

// ---------------------------------------------------------------------------------------------
// The pen.

ParaPen para_svg_pen(const ParaMatrix *matrix, double tolerance, int room, ParaArena *arena)
{
    room = room < PARA_DRAWN_POINTS_MAX ? room : PARA_DRAWN_POINTS_MAX;
    return (ParaPen){.matrix = *matrix,
                     .tolerance = tolerance,
                     .arena = arena,
                     .room = room,
                     .rings = PARA_NEW(arena, ParaRing, PARA_DRAWN_RINGS_MAX),
                     .closed = PARA_NEW(arena, bool, PARA_DRAWN_RINGS_MAX),
                     .points = PARA_NEW(arena, ParaPoint, room + 1)};
}

/// A point of the ring, in metres; one in the place of the last is none.
static void put(ParaPen *pen, ParaPoint point)
{
    ParaPoint *last = pen->count > 0 ? &pen->points[pen->count - 1] : NULL;
    if (last && last->x == point.x && last->y == point.y)
        return;
    if (pen->room == 0) {
        pen->full = true;
        return;
    }
    pen->points[pen->count++] = point;
    pen->room--;
}

static void end_ring(ParaPen *pen, bool closed)
{
    ParaPoint *points = pen->points;
    if (closed && pen->count > 1 && points[0].x == points[pen->count - 1].x &&
        points[0].y == points[pen->count - 1].y)
        pen->count--;
    if (pen->count >= 2 && pen->ring_count < PARA_DRAWN_RINGS_MAX) {
        ParaRing *ring = &pen->rings[pen->ring_count];
        ring->count = pen->count;
        ring->points = PARA_NEW(pen->arena, ParaPoint, pen->count);
        memcpy(ring->points, points, sizeof *points * (size_t)pen->count);
        pen->closed[pen->ring_count++] = closed;
    } else if (pen->count >= 2) {
        pen->full = true;
    }
    pen->count = 0;
}

void para_svg_end(ParaPen *pen) { end_ring(pen, false); }

void para_svg_move(ParaPen *pen, double x, double y)
{
    end_ring(pen, false);
    pen->x = pen->start_x = x;
    pen->y = pen->start_y = y;
}

/// The pen is down where it is.
static void begin(ParaPen *pen)
{
    if (pen->count == 0)
        put(pen, para_svg_moved(&pen->matrix, pen->x, pen->y));
}

void para_svg_line(ParaPen *pen, double x, double y)
{
    begin(pen);
    put(pen, para_svg_moved(&pen->matrix, x, y));
    pen->x = x;
    pen->y = y;
}

void para_svg_close(ParaPen *pen)
{
    end_ring(pen, true);
    pen->x = pen->start_x;
    pen->y = pen->start_y;
}

static double second_difference(ParaPoint a, ParaPoint b, ParaPoint c)
{
    double x = a.x - 2 * b.x + c.x, y = a.y - 2 * b.y + c.y;
    return para_sqrt(x * x + y * y);
}

void para_svg_curve(ParaPen *pen, double x1, double y1, double x2, double y2, double x, double y)
{
    begin(pen);
    ParaPoint p[4] = {para_svg_moved(&pen->matrix, pen->x, pen->y), para_svg_moved(&pen->matrix, x1, y1),
                      para_svg_moved(&pen->matrix, x2, y2), para_svg_moved(&pen->matrix, x, y)};
    // A chord is at most an eighth of the second derivative from its curve, which is at most 6 such
    // differences.
    double bend = para_max(second_difference(p[0], p[1], p[2]), second_difference(p[1], p[2], p[3]));
    int pieces = (int)para_clamp(ceil(para_sqrt(0.75 * bend / pen->tolerance)), 1, PIECES_MAX);
    for (int i = 1; i <= pieces; i++) {
        double t = (double)i / pieces, s = 1 - t;
        double a = s * s * s, b = 3 * s * s * t, c = 3 * s * t * t, d = t * t * t;
        put(pen, i == pieces ? p[3]
                             : (ParaPoint){a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x,
                                           a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y});
    }
    pen->x = x;
    pen->y = y;
}

void para_svg_arc(ParaPen *pen, double rx, double ry, double turn, bool large, bool sweep, double x, double y)
{
    double s, c, from_x = pen->x, from_y = pen->y;
    rx = fabs(rx);
    ry = fabs(ry);
    if (rx < 1e-12 || ry < 1e-12 || (from_x == x && from_y == y)) {
        if (from_x != x || from_y != y)
            para_svg_line(pen, x, y);
        return;
    }
    begin(pen);
    para_sincos(turn * PARA_TAU / 360, &s, &c);
    double dx = (from_x - x) / 2, dy = (from_y - y) / 2, u = c * dx + s * dy, v = c * dy - s * dx;
    double needed = u * u / (rx * rx) + v * v / (ry * ry);
    if (needed > 1) { // too small to reach
        rx *= para_sqrt(needed);
        ry *= para_sqrt(needed);
        needed = 1;
    }
    double root = (large == sweep ? -1 : 1) * para_sqrt(para_max(1 / needed - 1, 0));
    double cu = root * rx * v / ry, cv = -root * ry * u / rx;
    double cx = c * cu - s * cv + (from_x + x) / 2, cy = s * cu + c * cv + (from_y + y) / 2;
    double first = para_atan2((v - cv) / ry, (u - cu) / rx),
           last = para_atan2((-v - cv) / ry, (-u - cu) / rx);
    double sweep_angle = last - first;
    if (sweep && sweep_angle < 0)
        sweep_angle += PARA_TAU;
    if (!sweep && sweep_angle > 0)
        sweep_angle -= PARA_TAU;
    // A chord over an angle a is r (1 - cos(a / 2)) from its circle: about r a^2 / 8.
    double radius = para_max(rx, ry) * para_svg_stretch(&pen->matrix);
    double widest = para_sqrt(8 * pen->tolerance / para_max(radius, 1e-9));
    int pieces = (int)para_clamp(ceil(fabs(sweep_angle) / para_min(widest, 1)), 1, PIECES_MAX);
    for (int i = 1; i < pieces; i++) {
        double sa, ca;
        para_sincos(first + sweep_angle * i / pieces, &sa, &ca);
        put(pen,
            para_svg_moved(&pen->matrix, cx + c * rx * ca - s * ry * sa, cy + s * rx * ca + c * ry * sa));
    }
    put(pen, para_svg_moved(&pen->matrix, x, y));
    pen->x = x;
    pen->y = y;
}

// ---------------------------------------------------------------------------------------------
// Path data.

/// How many numbers a command takes; -1: there is no such command.
static int wanted(char command)
{
    switch (command) {
    case 'm':
    case 'l':
    case 't':
        return 2;
    case 'h':
    case 'v':
        return 1;
    case 's':
    case 'q':
        return 4;
    case 'c':
        return 6;
    case 'a':
        return 7;
    case 'z':
        return 0;
    default:
        return -1;
    }
}

/// A flag of an arc: one digit, which needs nothing behind it.
static bool flag(const char **at, double *out)
{
    skip_comma(at);
    if (**at != '0' && **at != '1')
        return false;
    *out = *(*at)++ == '1';
    return true;
}

static bool read_numbers(const char **at, char command, double *v, int count)
{
    for (int i = 0; i < count; i++)
        if (!(command == 'a' && (i == 3 || i == 4) ? flag(at, &v[i]) : para_svg_number(at, &v[i])))
            return false;
    return true;
}

/// What the next command may go on from.
typedef struct Before {
    char command;              ///< small
    double handle_x, handle_y; ///< second handle of the last curve
} Before;

static void draw(ParaPen *pen, char command, const double *v, Before *before)
{
    double x = pen->x, y = pen->y, hx = x, hy = y;
    bool cubic = before->command == 'c' || before->command == 's';
    bool quadratic = before->command == 'q' || before->command == 't';
    switch (command) {
    case 'm':
        para_svg_move(pen, v[0], v[1]);
        break;
    case 'l':
        para_svg_line(pen, v[0], v[1]);
        break;
    case 'h':
        para_svg_line(pen, v[0], y);
        break;
    case 'v':
        para_svg_line(pen, x, v[0]);
        break;
    case 'c':
        para_svg_curve(pen, v[0], v[1], v[2], v[3], v[4], v[5]);
        hx = v[2];
        hy = v[3];
        break;
    case 's':
        para_svg_curve(pen, cubic ? 2 * x - before->handle_x : x, cubic ? 2 * y - before->handle_y : y, v[0],
                       v[1], v[2], v[3]);
        hx = v[0];
        hy = v[1];
        break;
    case 'q':
    case 't': {
        hx = command == 'q' ? v[0] : quadratic ? 2 * x - before->handle_x : x;
        hy = command == 'q' ? v[1] : quadratic ? 2 * y - before->handle_y : y;
        double to_x = v[command == 'q' ? 2 : 0], to_y = v[command == 'q' ? 3 : 1];
        para_svg_curve(pen, x + (hx - x) * 2 / 3, y + (hy - y) * 2 / 3, to_x + (hx - to_x) * 2 / 3,
                       to_y + (hy - to_y) * 2 / 3, to_x, to_y);
        break;
    }
    case 'a':
        para_svg_arc(pen, v[0], v[1], v[2], v[3] != 0, v[4] != 0, v[5], v[6]);
        break;
    case 'z':
        para_svg_close(pen);
        break;
    default:
        break; // wanted() knows no other
    }
    *before = (Before){command, hx, hy};
}

/// Numbers of a small command count from where the pen is.
static void make_absolute(const ParaPen *pen, char command, double *v, int count)
{
    for (int i = command == 'a' ? 5 : 0; i < count; i++) {
        bool vertical = command == 'v' || (command != 'h' && (i - (command == 'a' ? 5 : 0)) % 2 == 1);
        v[i] += vertical ? pen->y : pen->x;
    }
}

const char *para_svg_path(ParaPen *pen, const char *data)
{
    Before before = {.command = 0};
    const char *at = data;
    bool begun = false;
    skip_space(&at);
    while (*at) {
        const char *place = at;
        char command = *at++;
        bool relative = command >= 'a';
        command = (char)(relative ? command : command + ('a' - 'A'));
        int count = wanted(command);
        if (count < 0 || (!begun && command != 'm'))
            return place;
        begun = true;
        double v[7];
        do { // more numbers repeat the command; of a move they are lines
            if (!read_numbers(&at, command, v, count))
                return place;
            if (relative)
                make_absolute(pen, command, v, count);
            draw(pen, command, v, &before);
            command = command == 'm' ? 'l' : command;
            skip_comma(&at);
        } while (count > 0 && *at && strchr("+-.0123456789", *at) && !pen->full);
    }
    para_svg_end(pen);
    return NULL;
}
