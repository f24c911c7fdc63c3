// SPDX-License-Identifier: MIT
// Circles against everything: a contact where they overlap, none where they do not, and a normal that points
// from the nearest place to the centre, all against distances worked out here in double. And a chain of small
// pieces is the same ground to a ball as one long piece.
#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "tests/engine/world/scene.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define UNSURE 0.003 // [m] so near to touching, solvers may say either
#define TILT   0.4f  // [rad] of the body that holds the other shape
#define POSES  2000

static Scene scene;

/// Outline of the other shape in its body's frame: `count` points, closed if it has an inside.
typedef struct Outline {
    const char *name;
    ParaVec2 points[6];
    int count;
    bool closed;
    float radius; ///< [m]
} Outline;

static const Outline outlines[] = {
    {"circle", {{0.2f, -0.1f}}, 1, false, 0.4f},
    {"segment", {{-0.7f, 0.1f}, {0.6f, -0.2f}}, 2, false, 0.0f},
    {"thick segment", {{-0.7f, 0.1f}, {0.6f, -0.2f}}, 2, false, 0.15f},
    {"triangle", {{-0.8f, -0.3f}, {0.9f, -0.3f}, {0.1f, 0.6f}}, 3, true, 0.0f},
    {"box", {{-0.7f, -0.25f}, {0.7f, -0.25f}, {0.7f, 0.25f}, {-0.7f, 0.25f}}, 4, true, 0.0f},
    {"six corners",
     {{-0.8f, 0.0f}, {-0.4f, -0.5f}, {0.4f, -0.5f}, {0.8f, 0.0f}, {0.4f, 0.5f}, {-0.4f, 0.5f}},
     6,
     true,
     0.0f},
    {"chain", {{-1.2f, 0.3f}, {-0.5f, -0.2f}, {0.1f, 0.4f}, {0.4f, 0.3f}, {1.2f, -0.3f}}, 5, false, 0.0f},
    {"thick chain",
     {{-1.2f, 0.3f}, {-0.5f, -0.2f}, {0.1f, 0.4f}, {0.4f, 0.3f}, {1.2f, -0.3f}},
     5,
     false,
     0.05f},
};

static ParaVec2 to_world(ParaVec2 point)
{
    float c = (float)para_cos((double)TILT), s = (float)para_sin((double)TILT);
    return (ParaVec2){c * point.x - s * point.y, s * point.x + c * point.y};
}

/// Distance [m] of a place from the outline's line, and the unit vector from there to the place.
static double distance_to(const Outline *outline, double x, double y, double *out_nx, double *out_ny)
{
    double nearest = HUGE_VAL;
    int pieces = outline->closed ? outline->count : outline->count - 1;
    for (int i = 0; i < (pieces > 0 ? pieces : 1); i++) {
        ParaVec2 a = to_world(outline->points[i]), b = to_world(outline->points[(i + 1) % outline->count]);
        double ux = (double)b.x - (double)a.x, uy = (double)b.y - (double)a.y;
        double along = ((x - (double)a.x) * ux + (y - (double)a.y) * uy) / fmax(ux * ux + uy * uy, 1e-12);
        double dx = x - (double)a.x - para_clamp(along, 0.0, 1.0) * ux;
        double dy = y - (double)a.y - para_clamp(along, 0.0, 1.0) * uy;
        double distance = hypot(dx, dy);
        if (distance < nearest) {
            nearest = distance;
            *out_nx = dx / distance;
            *out_ny = dy / distance;
        }
    }
    return nearest;
}

static bool is_inside(const Outline *outline, double x, double y)
{
    for (int i = 0; i < outline->count; i++) {
        ParaVec2 a = to_world(outline->points[i]), b = to_world(outline->points[(i + 1) % outline->count]);
        double ux = (double)b.x - (double)a.x, uy = (double)b.y - (double)a.y;
        if (ux * (y - (double)a.y) - uy * (x - (double)a.x) < 0.0)
            return false;
    }
    return outline->closed;
}

static void add_outline(const Outline *outline)
{
    int body = scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    scene.bodies[body].angle = TILT;
    if (outline->closed) {
        scene_polygon(&scene, outline->points, outline->count);
    } else if (outline->count == 1) {
        int shape = scene_circle(&scene, outline->radius);
        scene.points[scene.shapes[shape].point_first] = outline->points[0];
    } else if (outline->count == 2) {
        scene_segment(&scene, outline->points[0], outline->points[1], outline->radius);
    } else {
        scene_chain(&scene, outline->points, outline->count, outline->radius);
    }
}

/// One step of a circle at rest. @return false where nobody can tell
static bool check_pose(const Outline *outline, ParaWorld world, float x, float y, float radius)
{
    double nx = 0.0, ny = 0.0, distance = distance_to(outline, (double)x, (double)y, &nx, &ny);
    bool inside = is_inside(outline, (double)x, (double)y);
    double gap = (inside ? -distance : distance) - (double)(outline->radius + radius);
    if (gap > -UNSURE && gap < UNSURE)
        return false;
    scene_begin(&scene);
    scene.def.gravity = (ParaVec2){0.0f, 0.0f};
    add_outline(outline);
    scene_body(&scene, PARA_BODY_DYNAMIC, x, y);
    scene_circle(&scene, radius);
    scene_build(world, &scene);
    para_world_step(world);
    const ParaView *view = para_world_view(world);
    if (view->contact_count != (gap < 0.0))
        printf("%s, circle of %.3f at (%.4f, %.4f): gap %.4f, %d contacts\n", outline->name, (double)radius,
               (double)x, (double)y, gap, view->contact_count);
    assert_int_equal(view->contact_count, gap < 0.0);
    // Inside and on a chain there are several answers for the normal.
    if (gap < 0.0 && !inside && distance > 0.02 && strstr(outline->name, "chain") == NULL) {
        const ParaContact *contact = view->contacts;
        scene_near((double)contact->normal.x, nx, 0.01);
        scene_near((double)contact->normal.y, ny, 0.01);
        // The point lies between the surfaces as they are now: on the way from the nearest place to the
        // circle's side.
        double now_x = (double)AT(view, x, 1), now_y = (double)AT(view, y, 1);
        distance = distance_to(outline, now_x, now_y, &nx, &ny);
        double way = 0.5 * (distance - (double)outline->radius + (double)radius);
        scene_near((double)contact->point.x, now_x - nx * way, 0.002);
        scene_near((double)contact->point.y, now_y - ny * way, 0.002);
    }
    return true;
}

static void test_circle_meets_what_it_overlaps(void **state)
{
    (void)state;
    ParaWorldGroup *group = scene_room(1);
    ParaWorld world = para_world_at(group, 0);
    for (size_t k = 0; k < sizeof outlines / sizeof *outlines; k++) {
        ParaRng rng = para_rng_make(k, "circles");
        int told = 0;
        for (int i = 0; i < POSES; i++)
            told +=
                check_pose(&outlines[k], world, (float)para_rng_range(&rng, -1.6, 1.6),
                           (float)para_rng_range(&rng, -1.2, 1.2), (float)para_rng_range(&rng, 0.05, 0.5));
        assert_true(told > POSES * 9 / 10);
    }
    para_world_group_destroy(group);
}

/// A ball that rolls at 5 m/s over flat ground of so many pieces. @param out_y [m] per step
static void roll(int pieces, float radius, int steps, double *out_y, double *out_x)
{
    ParaVec2 points[401];
    for (int i = 0; i <= pieces; i++)
        points[i] = (ParaVec2){40.0f * (float)i / (float)pieces, 0.0f};
    scene_begin(&scene);
    scene_body(&scene, PARA_BODY_STATIC, 0.0f, 0.0f);
    scene_chain(&scene, points, pieces + 1, radius);
    int ball = scene_body(&scene, PARA_BODY_DYNAMIC, 1.0f, 0.3f + radius);
    scene_circle(&scene, 0.3f);
    scene.bodies[ball].velocity = (ParaVec2){5.0f, 0.0f};
    scene.bodies[ball].spin = -5.0f / 0.3f;
    ParaWorldGroup *group = scene_group(&scene, 1);
    ParaWorld world = para_world_at(group, 0);
    for (int i = 0; i < steps; i++) {
        para_world_step(world);
        out_y[i] = (double)AT(para_world_view(world), y, ball);
    }
    *out_x = (double)AT(para_world_view(world), x, ball);
    para_world_group_destroy(group);
}

static void test_ball_rolls_over_seams_as_over_one_piece(void **state)
{
    (void)state;
    enum { steps = 240 };
    static double smooth[steps], seamed[steps];
    for (int thick = 0; thick < 2; thick++) {
        double smooth_x, seamed_x, apart = 0.0;
        roll(1, thick ? 0.05f : 0.0f, steps, smooth, &smooth_x);
        roll(400, thick ? 0.05f : 0.0f, steps, seamed, &seamed_x);
        for (int i = 0; i < steps; i++)
            apart = fmax(apart, fabs(smooth[i] - seamed[i]));
        printf("ball over seams: %.4f mm higher or lower than without, %.3f mm behind\n", 1e3 * apart,
               1e3 * (smooth_x - seamed_x));
        assert_true(apart < 0.0005);
        scene_near(seamed_x, smooth_x, 0.005);
        assert_true(smooth_x > 1.0 + 0.99 * 5.0 * steps / 60.0);
    }
}

const struct CMUnitTest para_tests_world_circles[] = {
    SCENE_TEST(test_circle_meets_what_it_overlaps),
    SCENE_TEST(test_ball_rolls_over_seams_as_over_one_piece),
};
const size_t para_tests_world_circles_count =
    sizeof para_tests_world_circles / sizeof *para_tests_world_circles;
