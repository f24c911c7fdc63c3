// SPDX-License-Identifier: MIT
// What the kinds of wild levels are, a function each. Sizes, speeds and materials are drawn within what the
// documents promise; a kind says in its own function what must come true in it. Used by wild.c alone.
#include "engine/base/maths.h"
#include "engine/world/geometry.h"
#include "tests/engine/world/wild_parts.h"

#include <math.h>

static double gravity_of(const Wild *wild) { return -(double)wild->scene->def.gravity.y; }

static void set_gravity(Wild *wild, double low, double high)
{
    wild->scene->def.gravity = wild_at(0, -wild_range(wild, low, high));
}

/// Turns one level in three with its gravity, and moves one in four.
static void anywhere(Wild *wild)
{
    double angle = wild_chance(wild, 0.33) ? wild_range(wild, -PARA_PI, PARA_PI) : 0;
    double far = wild_chance(wild, 0.25) ? wild_range(wild, -300, 300) : 0;
    wild_turn(wild, angle, true, far, 0.2 * far);
}

static ParaShapeDef *last_shape(Wild *wild) { return &wild->scene->shapes[wild->scene->def.shape_count - 1]; }

static void material(Wild *wild, int first, double bounce)
{
    double friction = wild_chance(wild, 0.2) ? 0 : wild_range(wild, 0.1, 1.0);
    wild_surface(wild, first, friction, wild_chance(wild, 0.5) ? 0 : wild_range(wild, 0, bounce));
}

static void rests(Wild *wild, int body, double way, double speed)
{
    WildExpect *expect = wild_expect(wild, WILD_RESTS, body);
    expect->length = way;
    expect->speed = speed;
}

static void static_box(Wild *wild, double x, double y, double width, double height)
{
    wild_static(wild, x, y);
    scene_box(wild->scene, (float)width, (float)height);
}

// ---------------------------------------------------------------- tiles

/// A flat floor with its top at y = 0 from 0 to at least `length`, of one of six kinds of flush pieces.
static void flush_floor(Wild *wild, double length)
{
    int way = wild_int(wild, 0, 5);
    double piece = wild_power(wild, 0.1, 3.0), from = 0;
    piece = fmax(piece, length / 40);
    if (way == 0) { // a body each, of several sizes
        while (from < length) {
            double width = piece * wild_range(wild, 0.7, 1.3), height = wild_range(wild, 0.3, 2.0);
            static_box(wild, from + 0.5 * width, -0.5 * height, width, height);
            from += width;
        }
        return;
    }
    wild_static(wild, 0, 0);
    static ParaVec2 points[513];
    int count = (int)(length / piece) + 1;
    if (way == 1 || way == 2) // one fine chain, level, thin or thick
        count = wild_int(wild, 2, 512);
    piece = length / count;
    double radius = way == 2 || way == 4 ? wild_range(wild, 0.01, 0.2) : 0;
    for (int i = 0; i <= count && i < 513; i++)
        points[i] = wild_at(piece * i, -radius);
    if (way <= 2) {
        scene_chain(wild->scene, points, count + 1, (float)radius);
        return;
    }
    for (int i = 0; i < count; i++) {
        double x = piece * (i + 0.5);
        ParaVec2 box[] = {wild_at(x - 0.5 * piece, -1), wild_at(x + 0.5 * piece, -1),
                          wild_at(x + 0.5 * piece, 0), wild_at(x - 0.5 * piece, 0)};
        ParaVec2 wedge[] = {box[3], wild_at(x, -1), box[2]};
        if (way == 3) // boxes of one body
            scene_polygon(wild->scene, box, 4);
        else if (way == 4) // segments of one body
            scene_segment(wild->scene, points[i], points[i + 1], (float)radius);
        else
            scene_polygon(wild->scene, wedge, 3);
    }
}

/// A flat-bottomed body that stands on y = 0 at x. @return its height's half [m]
static double slider(Wild *wild, int form, double x, double size)
{
    double half = form == 1 ? size : size * wild_range(wild, 0.3, 0.8);
    scene_body(wild->scene, PARA_BODY_DYNAMIC, (float)x, (float)half);
    ParaVec2 false_corner[] = {wild_at(-size, -half), wild_at(size, -half), wild_at(size, half),
                               wild_at(0.2 * size, half + wild_bulge(wild, 2 * size)), wild_at(-size, half)};
    switch (form) {
    case 0:
        scene_box(wild->scene, (float)(2 * size), (float)(2 * half));
        break;
    case 1:
        scene_circle(wild->scene, (float)size);
        break;
    case 2:
        scene_segment(wild->scene, wild_at(half - size, 0), wild_at(size - half, 0), (float)half);
        break;
    case 3:
        scene_polygon(wild->scene, false_corner, 5);
        break;
    default: // two flush boxes
        for (int side = -1; side <= 1; side += 2) {
            double mid = 0.5 * size * side, w = 0.5 * size;
            ParaVec2 box[] = {wild_at(mid - w, -half), wild_at(mid + w, -half), wild_at(mid + w, half),
                              wild_at(mid - w, half)};
            scene_polygon(wild->scene, box, 4);
        }
    }
    return half;
}

static void fill_tiles(Wild *wild)
{
    double length = wild_range(wild, 10, 40), size = wild_power(wild, 0.1, 0.8);
    set_gravity(wild, 2, 30);
    wild->level->calm = true;
    flush_floor(wild, length);
    int form = wild_int(wild, 0, 4), first = wild->scene->def.shape_count;
    double speed = wild_power(wild, 0.5, 20), x = 1.5;
    slider(wild, form, x, size);
    int body = wild->scene->def.body_count - 1;
    wild->scene->bodies[body].velocity = wild_at(speed, 0);
    WildExpect *expect = wild_expect(wild, WILD_SLIDES, body);
    *expect = (WildExpect){WILD_SLIDES, body, 0, {1, 0}, {0, 0}, speed, 0, length - x - 2 * size};
    int surface = wild_int(wild, 0, 3);
    double friction = surface < 2 ? 0 : wild_range(wild, 0.05, 0.3);
    wild_surface(wild, 0, 1, 0);
    wild_surface(wild, first, friction, 0);
    double ramp = surface == 1 ? wild_range(wild, -0.3, 0.8) : 0; // downhill is positive
    if (form == 1 && friction > 0)
        wild->scene->bodies[body].spin = (float)(-speed / size); // it rolls
    else
        expect->slowing = friction * gravity_of(wild);
    double g = gravity_of(wild);
    if (surface == 1) {
        expect->slowing = -g * para_sin(ramp);
        wild_turn(wild, -ramp, false, 0, 0);
    }
    anywhere(wild);
}

// ---------------------------------------------------------------- loose bodies in rooms

static void some_room(Wild *wild, double width, double height)
{
    if (wild_chance(wild, 0.5))
        wild_walls(wild, width, height, wild_range(wild, 0.2, 1.0));
    else
        wild_fence(wild, width, height, wild_chance(wild, 0.5) ? 0 : wild_range(wild, 0.02, 0.3));
}

static void loose(Wild *wild, unsigned forms, int count, double bounce)
{
    double scale = wild_power(wild, 0.5, 2.0), width = wild_range(wild, 5, 15) * scale,
           height = wild_range(wild, 4, 10) * scale;
    set_gravity(wild, wild_chance(wild, 0.1) ? 0 : 2, 20);
    some_room(wild, width, height);
    wild_scatter(wild, forms, count, wild_at(0.1, 0.1), wild_at(width - 0.1, 0.8 * height),
                 wild_range(wild, 0, 6));
    material(wild, 0, bounce);
    anywhere(wild);
}

static void fill_compound(Wild *wild) { loose(wild, WILD_SEVERAL, wild_int(wild, 1, 10), 0.6); }

/// Floors of odd polygons: wide ones with corners in their straight tops stand side by side.
static void fill_polygons(Wild *wild)
{
    if (wild_chance(wild, 0.5)) {
        loose(wild, WILD_ODD, wild_int(wild, 1, 12), 0.5);
        return;
    }
    double width = wild_range(wild, 6, 20), at = wild_range(wild, 0.2, 0.8) * width;
    double sag = wild_bulge(wild, width);
    set_gravity(wild, 5, 20);
    wild_static(wild, 0, 0);
    ParaVec2 corners[] = {wild_at(0, -2), wild_at(width, -2), wild_at(width, 0), wild_at(at, sag),
                          wild_at(0, 0)};
    scene_polygon(wild->scene, corners, 5);
    for (int i = 0; i < 4; i++) {
        double x = (i + 0.5) * width / 4, size = wild_range(wild, 0.2, 0.5);
        double half = slider(wild, (int[]){0, 2, 3, 4}[wild_int(wild, 0, 3)], x, size);
        int body = wild->scene->def.body_count - 1;
        wild->scene->bodies[body].position.y += (float)sag; // it may stand on the corner
        rests(wild, body, 0.02 + 0.02 * half,
              0.5 + para_sqrt(2 * gravity_of(wild) * sag)); // and drop beside it
    }
    wild_surface(wild, 0, 0.7, 0);
    wild->level->calm = true;
    anywhere(wild);
}

static void fill_crowd(Wild *wild)
{
    bool huge = wild_chance(wild, 0.2);
    int count = huge ? wild_int(wild, 64, 250) : wild_int(wild, 16, 60);
    unsigned forms = 1u << (wild_chance(wild, 0.5) ? WILD_BALL : WILD_BOX);
    if (!huge && wild_chance(wild, 0.4))
        forms = WILD_SIMPLE;
    double width = wild_range(wild, 6, 14), height = width * wild_range(wild, 0.8, 1.5);
    set_gravity(wild, 5, 15);
    if (wild_chance(wild, 0.5)) { // fine ground under a crowd
        static double flat[512];
        int points = wild_int(wild, 50, 512);
        for (int i = 0; i < points; i++)
            flat[i] = 0;
        wild_ground(wild, flat, points, width, height, wild_chance(wild, 0.5) ? 0 : 0.05);
    } else {
        wild_fence(wild, width, height, wild_chance(wild, 0.5) ? 0 : 0.1);
    }
    wild_scatter(wild, forms, count, wild_at(0.1, 0.1), wild_at(width - 0.1, 0.9 * height),
                 wild_range(wild, 0, 10));
    wild->scene->def.iterations = wild_int(wild, 10, 30);
    wild_surface(wild, 0, 0.6, wild_chance(wild, 0.5) ? 0 : 0.3);
    anywhere(wild);
}

// ---------------------------------------------------------------- grounds

/// Sums of waves: steps of `count` points over `width`, none steeper than about `slope`.
static void waves(Wild *wild, double *heights, int count, double width, double slope)
{
    double long_wave = width / wild_range(wild, 1, 4), short_wave = width / wild_range(wild, 5, 12);
    double a = slope * long_wave / 13, b = slope * short_wave / 13, shift = wild_range(wild, 0, 6);
    for (int i = 0; i < count; i++) {
        double x = width * i / (count - 1);
        heights[i] =
            a * para_sin(2 * PARA_PI * x / long_wave + shift) + b * para_sin(2 * PARA_PI * x / short_wave);
    }
}

static double highest(const double *heights, int count)
{
    double most = heights[0];
    for (int i = 1; i < count; i++)
        most = fmax(most, heights[i]);
    return most;
}

static void fill_fine(Wild *wild)
{
    static double heights[512];
    int count = wild_int(wild, 40, 512);
    double width = wild_range(wild, 8, 40);
    waves(wild, heights, count, width, wild_range(wild, 0, 1.0));
    double top = highest(heights, count), height = top + wild_range(wild, 4, 8);
    set_gravity(wild, 3, 20);
    wild_ground(wild, heights, count, width, height,
                wild_chance(wild, 0.5) ? 0 : wild_range(wild, 0.01, 0.1));
    double fly = wild_range(wild, 0, 6);
    int some = wild_int(wild, 1, 10);
    wild_scatter(wild, WILD_ANY, some, wild_at(0.3, top + 0.2), wild_at(width - 0.3, height - 0.2), fly);
    material(wild, 0, 0.5);
    anywhere(wild);
}

/// A closed chain around a star-shaped place, jagged; loose bodies in its middle.
static void jagged_ring(Wild *wild)
{
    WildLevel *level = wild->level;
    int count = wild_int(wild, 5, 60);
    double radius = wild_range(wild, 4, 10), jag = wild_range(wild, 0, 0.3);
    double thick = wild_chance(wild, 0.5) ? 0 : wild_range(wild, 0.01, 0.15);
    ParaVec2 ring[61];
    for (int i = 0; i < count; i++) {
        double r = radius * (1 - wild_range(wild, 0, jag)), angle = 2 * PARA_PI * i / count;
        ring[i] = level->room[i] = wild_at(r * para_cos(angle), r * para_sin(angle));
    }
    ring[count] = ring[0];
    level->room_count = count;
    level->wall = 2 * thick;
    wild_static(wild, 0, 0);
    scene_chain(wild->scene, ring, count + 1, (float)thick);
    double inside = 0.45 * radius;
    double fly = wild_range(wild, 0, 6);
    int some = wild_int(wild, 1, 9);
    wild_scatter(wild, WILD_ANY, some, wild_at(-inside, -inside), wild_at(inside, inside), fly);
}

static void fill_rough(Wild *wild)
{
    static double heights[100];
    set_gravity(wild, 3, 20);
    if (wild_chance(wild, 0.5)) {
        jagged_ring(wild);
    } else {
        int count = wild_int(wild, 6, 60);
        double width = wild_range(wild, 8, 30), jag = wild_range(wild, 0.1, 1.2);
        for (int i = 0; i < count; i++)
            heights[i] = wild_range(wild, -jag, jag) * fmin(1.0, 2 * width / count);
        double top = highest(heights, count);
        wild_ground(wild, heights, count, width, top + 7,
                    wild_chance(wild, 0.5) ? 0 : wild_range(wild, 0.01, 0.15));
        double fly = wild_range(wild, 0, 6);
        int some = wild_int(wild, 1, 10);
        wild_scatter(wild, WILD_ANY, some, wild_at(0.3, top + 0.3), wild_at(width - 0.3, top + 6.5), fly);
    }
    material(wild, 0, 0.5);
    anywhere(wild);
}

/// Height [m] of the highest ground under [low, high].
static double ground_under(const double *heights, int count, double width, double low, double high)
{
    double most = -WILD_NEVER, step = width / (count - 1);
    for (double x = low; x <= high + 1e-9; x += (high - low) / 64) {
        int i = (int)fmin(fmax(x / step, 0), count - 2);
        double t = x / step - i;
        most = fmax(most, heights[i] * (1 - t) + heights[i + 1] * t);
    }
    for (int i = 0; i < count; i++)
        if (i * step > low && i * step < high)
            most = fmax(most, heights[i]);
    return most;
}

static void fill_laid(Wild *wild)
{
    static double heights[130];
    int count = wild_int(wild, 20, 120);
    double width = wild_range(wild, 15, 30), jag = wild_range(wild, 0.02, 0.25);
    for (int i = 0; i < count; i++)
        heights[i] = wild_range(wild, -jag, jag);
    set_gravity(wild, 5, 15);
    wild_ground(wild, heights, count, width, 4, wild_chance(wild, 0.7) ? 0 : wild_range(wild, 0.01, 0.05));
    double radius = 0.5 * wild->level->wall;
    for (int i = 0; i < 8; i++) {
        double x = width * (i + 0.5) / 8, w = wild_range(wild, 0.05, 0.45) * width / 8,
               h = wild_range(wild, 0.1, 1) * w;
        double y = ground_under(heights, count, width, x - w - radius, x + w + radius) + radius + 0.002 + h;
        scene_body(wild->scene, PARA_BODY_DYNAMIC, (float)x, (float)y);
        scene_box(wild->scene, (float)(2 * w), (float)(2 * h));
        WildExpect *expect = wild_expect(wild, WILD_RESTS, wild->scene->def.body_count - 1);
        expect->length = WILD_NEVER; // they may tip into a hollow
        expect->speed = 0.3 + para_sqrt(2 * gravity_of(wild) * (2 * jag + 0.3 * w));
    }
    wild_surface(wild, 0, wild_range(wild, 0.3, 0.9), 0);
    wild->level->calm = true;
    anywhere(wild);
}

static void fill_cliff(Wild *wild)
{
    static double heights[512];
    int count = wild_int(wild, 60, 512);
    double width = wild_range(wild, 12, 30), drop = wild_range(wild, 2, 6),
           edge = wild_range(wild, 0.35, 0.6) * width;
    double ramp = width / (count - 1) * (wild_chance(wild, 0.5) ? 1 : wild_range(wild, 1, 8));
    for (int i = 0; i < count; i++) {
        double x = width * i / (count - 1);
        heights[i] = -drop * fmin(1.0, fmax(0.0, (x - edge) / ramp));
    }
    set_gravity(wild, 5, 15);
    wild_ground(wild, heights, count, width, 5, wild_chance(wild, 0.7) ? 0 : wild_range(wild, 0.01, 0.05));
    double radius = 0.5 * wild->level->wall, half = wild_range(wild, 0.5, 2.0),
           thick = wild_range(wild, 0.05, 0.4);
    double over = wild_range(wild, 0.05, 0.6) * half; // its centre is so far beyond the edge
    scene_body(wild->scene, PARA_BODY_DYNAMIC, (float)(edge + over), (float)(radius + thick + 0.002));
    scene_box(wild->scene, (float)(2 * half), (float)(2 * thick));
    int body = scene_body(wild->scene, PARA_BODY_DYNAMIC, (float)(edge - half - 1.5), (float)(radius + 0.35));
    scene_box(wild->scene, 0.6f, 0.6f);
    wild->scene->bodies[body].velocity = wild_at(wild_range(wild, 0, 5), 0);
    wild_surface(wild, 0, wild_range(wild, 0.0, 0.8), 0);
    anywhere(wild);
}

// ---------------------------------------------------------------- joints

/// A ball or box of half size `size` pinned with an arm to a place.
static int on_arm(Wild *wild, int to, double x, double y, double arm, double angle, double size)
{
    int body = scene_body(wild->scene, PARA_BODY_DYNAMIC, (float)(x + arm * para_cos(angle)),
                          (float)(y + arm * para_sin(angle)));
    if (wild_chance(wild, 0.6))
        scene_circle(wild->scene, (float)size);
    else
        scene_box(wild->scene, (float)(2 * size), (float)(2 * size));
    int joint = scene_joint_at(wild->scene, PARA_JOINT_REVOLUTE, to, body, (float)x, (float)y);
    wild->scene->joints[joint].collide = true;
    return body;
}

static double arc_sine(double x)
{
    x = para_clamp(x, -1.0, 1.0);
    return para_atan2(x, para_sqrt(1.0 - x * x));
}

static void fill_arms(Wild *wild)
{
    double width = 16, height = 14, longest = 0;
    set_gravity(wild, 5, 15);
    some_room(wild, width, height);
    int count = wild_int(wild, 1, 3);
    for (int i = 0; i < count; i++) {
        double x = width * (i + 0.5) / count, arm = wild_range(wild, 0.5, fmin(5, 0.45 * width / count));
        longest = fmax(longest, arm);
        double size = fmax(0.01, arm * wild_power(wild, 0.015, 0.15)),
               y = wild_range(wild, 0.6, 1.3) * arm + size;
        double least = arc_sine((size * 2 - y) / arm); // begins above the floor
        on_arm(wild, 0, x, y, arm, wild_range(wild, fmax(least, -0.3), PARA_PI / 2), size);
    }
    if (longest < 3 && wild_chance(wild, 0.7))
        wild_scatter(wild, WILD_SIMPLE, wild_int(wild, 1, 4), wild_at(0.2, 8.5), wild_at(width - 0.2, 13), 2);
    material(wild, 0, 0.5);
    anywhere(wild);
}

static void fill_pendulums(Wild *wild)
{
    set_gravity(wild, 1, 20);
    wild_static(wild, 0, 0);
    int bodies = wild_int(wild, 1, 2), last = 0;
    double x = 0, y = 0;
    for (int i = 0; i < bodies; i++) {
        double arm = wild_power(wild, 0.5, 5), angle = wild_range(wild, -PARA_PI, 0);
        last = on_arm(wild, last, x, y, arm, angle, arm * wild_range(wild, 0.05, 0.3));
        wild->scene->bodies[last].group = 1;
        x += arm * para_cos(angle);
        y += arm * para_sin(angle);
    }
    wild->level->kept = bodies > 1 ? 0 : 0.02; // two are chaos
    anywhere(wild);
}

/// Up and down by turns, so that a chain held at both ends has slack: a taut one would pull without bound.
static void fill_links(Wild *wild)
{
    double width = 20, height = 14;
    set_gravity(wild, 5, 12);
    some_room(wild, width, height);
    int count = wild_int(wild, 3, 14);
    double span = wild_range(wild, 4, 12), step = span / count, lean = wild_range(wild, 0.3, 0.8);
    double length = step / para_cos(lean), thick = length * wild_range(wild, 0.1, 0.4);
    double x = 0.5 * (width - span), y = wild_range(wild, 0.35, 0.55) * height, rise = step * para_tan(lean);
    int before = 0, joint = 0;
    for (int i = 0; i < count; i++) {
        double sign = i % 2 ? -1 : 1, low = i % 2 ? y + rise : y;
        int link = scene_body(wild->scene, PARA_BODY_DYNAMIC, (float)(x + step * (i + 0.5)),
                              (float)(y + 0.5 * rise));
        wild->scene->bodies[link].angle = (float)(sign * lean);
        wild->scene->bodies[link].group = 1; // neighbours but one would overlap where they meet
        scene_box(wild->scene, (float)(0.98 * length), (float)thick);
        joint =
            scene_joint_at(wild->scene, PARA_JOINT_REVOLUTE, before, link, (float)(x + step * i), (float)low);
        wild->scene->joints[joint].collide = before == 0;
        before = link;
    }
    if (wild_chance(wild, 0.5)) {
        joint = scene_joint_at(wild->scene, PARA_JOINT_REVOLUTE, before, 0, (float)(x + span),
                               (float)(count % 2 ? y + rise : y));
        wild->scene->joints[joint].collide = true;
    }
    if (wild_chance(wild, 0.6))
        wild_scatter(wild, WILD_SIMPLE, wild_int(wild, 1, 4), wild_at(6, y + rise + 0.1 + thick),
                     wild_at(14, height - 0.1), 1);
    wild->scene->def.iterations = wild_int(wild, 10, 40);
    material(wild, 0, 0.3);
    anywhere(wild);
}

/// A spring that holds at its start what would drive the lighter body at 10 m/s at most.
static int spring(Wild *wild, int a, int b, ParaVec2 anchor)
{
    const ParaWorldDef *def = &wild->scene->def;
    int joint = scene_joint(wild->scene, PARA_JOINT_SPRING, a, b, anchor, wild_at(0.05, 0));
    ParaJointDef *spring = &wild->scene->joints[joint];
    ParaVec2 pa = def->bodies[a].position, pb = def->bodies[b].position;
    if (a == 0) {
        pa.x += anchor.x;
        pa.y += anchor.y;
    }
    double apart = wild_length((double)pa.x - (double)pb.x, (double)pa.y - (double)pb.y), mass = WILD_NEVER;
    for (int side = a == 0; side < 2; side++) {
        int first, end;
        para_body_shapes(def, side ? b : a, &first, &end);
        mass = fmin(mass, para_body_mass(def, first, end).mass);
    }
    spring->stiffness = (float)wild_power(wild, 1, 1e4);
    spring->damping = wild_chance(wild, 0.4) ? 0 : (float)wild_power(wild, 0.01, 1e3);
    double stretch = 10 * para_sqrt(mass / (double)spring->stiffness);
    spring->rest = (float)fmax(0, apart + wild_range(wild, -stretch, stretch));
    return joint;
}

static void fill_springs(Wild *wild)
{
    double width = 16, height = 12;
    set_gravity(wild, 0, 12);
    some_room(wild, width, height);
    wild_scatter(wild, WILD_SIMPLE, wild_int(wild, 3, 10), wild_at(1, 1), wild_at(width - 1, height - 1),
                 0); // what is held must not fly
    const ParaWorldDef *def = &wild->scene->def;
    for (int b = 1; b < def->body_count; b++) {
        int a = wild_chance(wild, 0.5) ? 0 : b - 1;
        ParaVec2 pa = def->bodies[a].position, pb = def->bodies[b].position;
        double apart = wild_length((double)pa.x - (double)pb.x, (double)pa.y - (double)pb.y);
        if (apart > 5) // of another row: no lever is that long
            a = 0;
        ParaVec2 anchor = {0, 0};
        if (a == 0) {
            anchor.y = (float)wild_range(wild, 2, height - 2);
            anchor.x = (float)wild_range(wild, 2, width - 2);
        }
        int joint;
        switch (wild_int(wild, 0, 5)) {
        case 0:
            joint = scene_joint_at(wild->scene, PARA_JOINT_WELD, a, b, a ? 0.5f * (pa.x + pb.x) : pb.x,
                                   a ? 0.5f * (pa.y + pb.y) : pb.y);
            break;
        case 1:
            joint = scene_joint_at(wild->scene, PARA_JOINT_REVOLUTE, a, b, pb.x + 0.3f, pb.y);
            break;
        case 2:
            joint = scene_joint_at(wild->scene, PARA_JOINT_PRISMATIC, a, b, pb.x, pb.y);
            wild->scene->joints[joint].axis = wild_chance(wild, 0.5) ? wild_at(1, 0) : wild_at(0.6, 0.8);
            wild->scene->joints[joint].limited = wild_chance(wild, 0.5);
            wild->scene->joints[joint].lower = -0.5f;
            wild->scene->joints[joint].upper = 0.5f;
            break;
        case 3:
            joint = scene_joint(wild->scene, PARA_JOINT_DISTANCE, a, b, anchor, wild_at(0, 0));
            wild->scene->joints[joint].limited = wild_chance(wild, 0.5);
            wild->scene->joints[joint].upper = a ? (float)(1.2 * apart) : 20.0f;
            break;
        default:
            joint = spring(wild, a, b, anchor);
        }
        wild->scene->joints[joint].collide = a == 0 || wild_chance(wild, 0.2);
    }
    material(wild, 0, 0.5);
    wild->level->swift = WILD_NEVER; // springs can hold any energy
    anywhere(wild);
}

// ---------------------------------------------------------------- extremes

static void fill_ratios(Wild *wild)
{
    double scale = wild_power(wild, 0.1, 10), width = 8 * scale, height = 6 * scale;
    ParaWorldDef *def = &wild->scene->def;
    set_gravity(wild, 0, fmin(30, 300 * scale));
    some_room(wild, width, height);
    double fly = wild_range(wild, 0, 5) * para_sqrt(scale);
    int some = wild_int(wild, 2, 10);
    wild_scatter(wild, WILD_ANY, some, wild_at(0.05 * scale, 0.05 * scale),
                 wild_at(0.98 * width, 0.9 * height), fly);
    for (int i = 0; i < def->shape_count; i++) {
        wild->scene->shapes[i].density = (float)wild_power(wild, 0.3, 30);
        wild->scene->shapes[i].friction = (float)(wild_chance(wild, 0.2) ? 0 : wild_power(wild, 0.1, 3));
        wild->scene->shapes[i].restitution = (float)(wild_chance(wild, 0.3) ? 1 : wild_range(wild, 0, 1));
    }
    for (int i = 1; i < def->body_count; i++) {
        def->bodies[i].linear_damping = wild_chance(wild, 0.2) ? (float)wild_power(wild, 0.01, 100) : 0;
        def->bodies[i].angular_damping = wild_chance(wild, 0.2) ? (float)wild_power(wild, 0.01, 100) : 0;
        def->bodies[i].gravity_scale = wild_chance(wild, 0.2) ? (float)wild_range(wild, -2, 2) : 1;
    }
    wild->level->swift = 12;
    anywhere(wild);
}

static void fill_stacks(Wild *wild)
{
    double size = wild_power(wild, 0.1, 1.0);
    set_gravity(wild, 5, 12);
    wild_static(wild, 0, -1);
    scene_box(wild->scene, 40, 2);
    int ways = wild_int(wild, 0, 2), layers = wild_int(wild, 1, 6), bodies = 0;
    double y = 0, limit = 0.02 + 0.03 * size * layers;
    for (int layer = 0; layer < layers; layer++) {
        double h = ways == 1 ? size : size * wild_range(wild, 0.5, 1.2);
        int wide = ways == 1 ? layers - layer : 1;
        for (int i = 0; i < wide; i++, bodies++) {
            double w = ways == 1 ? size : size * wild_range(wild, 0.8, 1.2);
            int body = scene_body(wild->scene, PARA_BODY_DYNAMIC, (float)(1.05 * w * (i - 0.5 * (wide - 1))),
                                  (float)(y + 0.5 * h));
            scene_box(wild->scene, (float)w, (float)h);
            rests(wild, body, limit, 0.5);
        }
        y += h;
    }
    if (ways == 2 && layers > 1) // the topmost is heavy
        last_shape(wild)->density = (float)wild_power(wild, 2, layers > 2 ? 20 : 1000);
    wild_surface(wild, 0, 0.8, 0);
    wild->level->calm = true;
    wild->scene->def.iterations = 10 + 10 * (layers > 3);
    wild->scene->def.substeps = layers > 3 ? 2 : 1;
    anywhere(wild);
}

static void fill_tiny(Wild *wild)
{
    double size = wild_power(wild, 0.002, 0.02), width = 30 * size;
    set_gravity(wild, 1, 10);
    if (wild_chance(wild, 0.5)) {
        static double flat[40];
        int count = wild_int(wild, 2, 16);
        wild_ground(wild, flat, count, width, 30 * size, 0);
    } else {
        wild_walls(wild, width, 30 * size, 0.1);
    }
    wild->scene->def.rate = wild_chance(wild, 0.5) ? 60 : 240;
    wild->level->calm = true;
    int count = wild_int(wild, 1, 5);
    for (int i = 0; i < count; i++) {
        double x = width * (i + 0.5) / count, half = fmax(1e-3, size * wild_range(wild, 0.3, 1.0));
        int body = scene_body(wild->scene, PARA_BODY_DYNAMIC, (float)x, (float)(half + 1e-4));
        if (wild_chance(wild, 0.5))
            scene_circle(wild->scene, (float)half);
        else
            scene_box(wild->scene, (float)(2 * half), (float)(2 * half));
        rests(wild, body, 0.5 * half, 0.3);
    }
}

static void fill_far(Wild *wild)
{
    double way = wild_range(wild, -PARA_PI, PARA_PI), far = wild_range(wild, 100, 900),
           speed = wild_power(wild, 1e-3, 0.1);
    wild->scene->def.gravity = wild_at(0, 0);
    int body = wild_body(wild, WILD_ANY, 0, 0, 0.5);
    wild->scene->bodies[body].velocity = wild_at(speed, 0);
    wild_expect(wild, WILD_DRIFTS, body)->length = 2e-3;
    wild_turn(wild, way, true, far * para_cos(way), far * para_sin(way));
}

// ---------------------------------------------------------------- fast, movers, bounces

static void fill_fast(Wild *wild)
{
    double width = wild_range(wild, 4, 12), height = wild_range(wild, 4, 12);
    wild->scene->def.gravity = wild_at(0, wild_chance(wild, 0.5) ? 0 : -10);
    if (wild_chance(wild, 0.5))
        wild_walls(wild, width, height, wild_power(wild, 2e-3, 0.1));
    else
        wild_fence(wild, width, height, wild_chance(wild, 0.5) ? 0 : wild_power(wild, 1e-3, 0.05));
    double fly = wild_power(wild, 20, 300);
    int some = wild_int(wild, 1, 6);
    wild_scatter(wild, WILD_ANY, some, wild_at(0.2, 0.2), wild_at(width - 0.2, height - 0.2), fly);
    for (int i = 1; i < wild->scene->def.body_count; i++)
        wild->scene->bodies[i].fast = true;
    wild_surface(wild, 0, 0.5, wild_chance(wild, 0.5) ? 0 : wild_range(wild, 0, 1));
    anywhere(wild);
}

static void fill_posts(Wild *wild)
{
    double ball = wild_power(wild, 0.05, 0.5), post = wild_power(wild, 5e-3, 0.1),
           speed = wild_power(wild, 20, 200);
    double x = wild_range(wild, 5, 10), offset = wild_range(wild, -0.9, 0.9) * (ball + post);
    wild->scene->def.gravity = wild_at(0, 0);
    wild->scene->def.rate = fmaxf(wild->scene->def.rate, 60); // it must not leave the world
    bool moves = wild_chance(wild, 0.3);
    int one = scene_body(wild->scene, moves ? PARA_BODY_DYNAMIC : PARA_BODY_STATIC, (float)x, (float)offset);
    if (wild_chance(wild, 0.5)) {
        scene_circle(wild->scene, (float)post);
        last_shape(wild)->density = 50; // a post that moves
    } else {                            // a needle that points at the ball's way
        double sign = offset < 0 ? -1 : 1;
        ParaVec2 corners[] = {wild_at(-post, sign * 1), wild_at(0, 0), wild_at(post, sign * 1)};
        if (sign < 0)
            corners[0] = wild_at(post, -1), corners[2] = wild_at(-post, -1);
        scene_polygon(wild->scene, corners, 3);
        offset = fmin(fmax(offset, -0.9 * ball), 0.9 * ball);
        wild->scene->bodies[one].position = wild_at(x, offset);
    }
    int body = scene_body(wild->scene, PARA_BODY_DYNAMIC, 0, 0);
    if (wild_chance(wild, 0.6))
        scene_circle(wild->scene, (float)ball);
    else
        scene_box(wild->scene, (float)(2 * ball), (float)(2 * ball));
    wild->scene->bodies[body].fast = true;
    wild->scene->bodies[body].velocity = wild_at(speed, 0);
    WildExpect *expect = wild_expect(wild, WILD_IS_TURNED, body);
    expect->speed = speed;
    expect->other = one;
    wild_surface(wild, 0, 0, wild_range(wild, 0, 1));
    anywhere(wild);
}

static void stays_above(Wild *wild, int body, int other, ParaVec2 place, ParaVec2 direction, double length)
{
    WildExpect *expect = wild_expect(wild, WILD_STAYS_ABOVE, body);
    *expect = (WildExpect){WILD_STAYS_ABOVE, body, other, direction, place, 0, 0, length};
}

/// A kinematic box: a lift from below, or a plough from the side, that takes what lies on its way along; or a
/// turnstile with room around it.
static void fill_movers(Wild *wild)
{
    set_gravity(wild, 5, 12);
    int way = wild_int(wild, 0, 2);
    wild->level->closed = false;
    wild->level->swift = 6;
    if (way == 0) {
        double half = wild_range(wild, 1, 4), thick = wild_power(wild, 5e-3, 0.5),
               speed = wild_power(wild, 0.5, 15);
        int lift = scene_body(wild->scene, PARA_BODY_KINEMATIC, 0, 0);
        scene_box(wild->scene, (float)(2 * half), (float)(2 * thick));
        wild->scene->bodies[lift].velocity = wild_at(0, speed);
        int count = wild_int(wild, 1, 4);
        for (int i = 0; i < count; i++) {
            double radius = 0.4 * half / count;
            int body = wild_body(wild, WILD_SIMPLE, half * ((2 * i + 1.0) / count - 1),
                                 thick + radius + wild_range(wild, 0, 2), radius);
            wild->scene->bodies[body].fast = true;
            stays_above(wild, body, lift, wild_at(0, 0), wild_at(0, 1), half);
        }
    } else if (way == 1) {
        double speed = wild_power(wild, 0.5, 15), thick = wild_power(wild, 5e-3, 0.3);
        static_box(wild, 250, -1, 700, 2);
        int plough = scene_body(wild->scene, PARA_BODY_KINEMATIC, -3, 2.01f);
        scene_box(wild->scene, (float)(2 * thick), 4);
        wild->scene->bodies[plough].velocity = wild_at(speed, 0);
        int count = wild_int(wild, 1, 4);
        for (int i = 0; i < count; i++) {
            int body = wild_body(wild, 1u << WILD_BALL | 1u << WILD_BOX, 2.5 * i, 0.5, 0.45);
            wild->scene->bodies[body].fast = true;
            stays_above(wild, body, plough, wild_at(0, 0), wild_at(1, 0), 2);
            stays_above(wild, body, 0, wild_at(0, 1), wild_at(0, 1), 300);
        }
    } else {
        wild_walls(wild, 12, 12, 0.5);
        int turnstile = scene_body(wild->scene, PARA_BODY_KINEMATIC, 6, 6);
        double thick = wild_power(wild, 0.02, 0.5), long_way = wild_range(wild, 3, 6);
        scene_box(wild->scene, (float)long_way, (float)thick);
        wild->scene->bodies[turnstile].spin = (float)wild_range(wild, -6, 6);
        int count = wild_int(wild, 1, 6);
        for (int i = 0; i < count; i++) {
            double angle = 2 * PARA_PI * i / count;
            wild_body(wild, WILD_SIMPLE, 6 + 4.6 * para_cos(angle), 6 + 4.6 * para_sin(angle),
                      wild_range(wild, 0.2, 0.6));
        }
    }
    wild_surface(wild, 0, wild_range(wild, 0, 0.8), 0);
}

static void fill_bounce(Wild *wild)
{
    double size = wild_power(wild, 0.1, 0.8), gap = wild_range(wild, 0.5, 4),
           bounce = wild_chance(wild, 0.3) ? 1 : wild_range(wild, 0, 1);
    set_gravity(wild, 3, 20);
    bool pedestal = wild_chance(wild, 0.5);
    static_box(wild, 0, -1, pedestal ? 0.9 * size : 40, 2);
    int form = wild_int(wild, 0, 4);
    double half = slider(wild, form, 0, size);
    int body = wild->scene->def.body_count - 1;
    wild->scene->bodies[body].position = wild_at(0, half + gap);
    WildExpect *expect = wild_expect(wild, WILD_BOUNCES, body);
    expect->direction = wild_at(0, 1);
    expect->speed = bounce;
    expect->length = size;
    wild_surface(wild, 0, wild_chance(wild, 0.5) ? 0 : 0.5, 1);
    wild_surface(wild, 1, wild_chance(wild, 0.5) ? 0 : 0.5, bounce);
    wild->level->wall = pedestal ? 0 : 2;
    anywhere(wild);
}

void wild_fill(Wild *wild)
{
    switch (wild->level->kind) {
#define FILL(id, about)                                                                                      \
    case WILD_##id:                                                                                          \
        fill_##id(wild);                                                                                     \
        break;
        WILD_KINDS(FILL)
#undef FILL
    }
}
