// SPDX-License-Identifier: MIT
// What a person draws and cuts: areas are kept, pieces are convex, and what is no outline is refused with
// words.
#include "engine/base/rng.h"
#include "tests/tests.h"
#include "worlds/meddle/outline.h"

#include <math.h>
#include <string.h>

#define TAU 6.283185307179586

static double area_of(const ParaPieceList *list)
{
    double area = 0;
    for (int p = 0; p < list->count; p++)
        area += para_points_area(list->items[p].points, list->items[p].count);
    return area;
}

static void assert_shapes(const ParaPieceList *list)
{
    for (int p = 0; p < list->count; p++) {
        ParaVec2 corners[PARA_POLYGON_POINTS_MAX];
        for (int i = 0; i < list->items[p].count; i++)
            corners[i] = (ParaVec2){(float)list->items[p].points[i].x, (float)list->items[p].points[i].y};
        const char *problem = para_polygon_problem(corners, (uint32_t)list->items[p].count);
        if (problem)
            fail_msg("piece %d: %s", p, problem);
    }
}

static ParaOutline outline_of(const ParaVec2 *points, int count)
{
    ParaOutline outline = {.count = count};
    memcpy(outline.points, points, sizeof *points * (size_t)count);
    return outline;
}

static void test_outlines_become_few_convex_pieces_of_their_area(void **state)
{
    (void)state;
    static const ParaVec2 square[] = {{0, 0}, {2, 0}, {2, 2}, {0, 2}};
    static const ParaVec2 turned[] = {{0, 2}, {2, 2}, {2, 0},
                                      {0, 0}, {0, 0}, {0, 1}}; // clockwise, twice a point
    static const ParaVec2 ell[] = {{0, 0}, {3, 0}, {3, 1}, {1, 1}, {1, 3}, {0, 3}};
    static const ParaVec2 star[] = {{0, 3},     {-0.7f, 1},    {-3, 1},       {-1.1f, -0.4f}, {-1.8f, -2.5f},
                                    {0, -1.2f}, {1.8f, -2.5f}, {1.1f, -0.4f}, {3, 1},         {0.7f, 1}};
    struct {
        const ParaVec2 *points;
        int count, most;
        double area;
    } rows[] = {{square, 4, 1, 4}, {turned, 6, 1, 4}, {ell, 6, 2, 5}, {star, 10, 6, 0}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        ParaOutline outline = outline_of(rows[r].points, rows[r].count);
        ParaPieceList list = {0};
        const char *problem = para_outline_pieces(&outline, &list);
        if (problem)
            fail_msg("outline %d: %s", (int)r, problem);
        assert_shapes(&list);
        assert_true(list.count >= 1 && list.count <= rows[r].most);
        if (rows[r].area > 0)
            assert_true(fabs(area_of(&list) - rows[r].area) < 1e-9);
    }
}

static void test_wavy_outlines_keep_their_area(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(4, "outline");
    for (int round = 0; round < 300; round++) {
        ParaOutline outline = {.count = (int)para_rng_int(&rng, 5, PARA_OUTLINE_POINTS_MAX)};
        ParaPoint points[PARA_OUTLINE_POINTS_MAX];
        for (int i = 0; i < outline.count; i++) {
            double turn = TAU * i / outline.count, r = 1 + 0.01 * (double)para_rng_int(&rng, 0, 200);
            outline.points[i] = (ParaVec2){(float)(r * cos(turn)), (float)(r * sin(turn))};
            points[i] = (ParaPoint){(double)outline.points[i].x, (double)outline.points[i].y};
        }
        ParaPieceList list = {0};
        const char *problem = para_outline_pieces(&outline, &list);
        if (problem)
            fail_msg("round %d: %s", round, problem);
        assert_shapes(&list);
        double area = para_points_area(points, outline.count);
        assert_true(fabs(area_of(&list) - area) < 0.02 * area);
    }
}

static void test_what_is_no_outline_is_refused_with_words(void **state)
{
    (void)state;
    static const ParaVec2 none[] = {{1, 1}}, line[] = {{0, 0}, {1, 0}, {2, 0}, {1, 0}};
    static const ParaVec2 bow[] = {{0, 0}, {2, 2}, {2, 0}, {0, 2}}, tiny[] = {{0, 0}, {0.02f, 0}, {0, 0.02f}};
    static const ParaVec2 eight[] = {{0, 0}, {4, 0}, {4, 3}, {1, -1}};
    struct {
        const ParaVec2 *points;
        int count;
        const char *says;
    } rows[] = {{none, 0, "small"},          {none, 1, "small"}, {line, 4, "small"},
                {tiny, 3, "small"},          {bow, 4, "small"}, // its two halves go round in opposite ways
                {eight, 4, "crosses itself"}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        ParaOutline outline = outline_of(rows[r].points, rows[r].count);
        ParaPieceList list = {0};
        const char *problem = para_outline_pieces(&outline, &list);
        if (!problem || !strstr(problem, rows[r].says))
            fail_msg("outline %d: %s", (int)r, problem ? problem : "taken");
        assert_int_equal(list.count, 0);
    }
}

static void test_a_cut_keeps_the_area(void **state)
{
    (void)state;
    ParaRng rng = para_rng_make(7, "slice");
    for (int round = 0; round < 500; round++) {
        ParaPiece piece = {.count = (int)para_rng_int(&rng, 3, PARA_POLYGON_POINTS_MAX)};
        for (int i = 0; i < piece.count; i++)
            piece.points[i] = (ParaPoint){cos(TAU * i / piece.count), sin(TAU * i / piece.count)};
        ParaPoint a = {-2, 0.01 * (double)para_rng_int(&rng, -120, 120)};
        ParaPoint b = {2, 0.01 * (double)para_rng_int(&rng, -120, 120)};
        ParaPieceList list = {0};
        bool left = para_piece_left(&piece, a, b, &list), right = para_piece_left(&piece, b, a, &list);
        assert_true(left || right);
        assert_shapes(&list);
        double whole = para_points_area(piece.points, piece.count);
        assert_true(fabs(area_of(&list) - whole) < 5e-3); // slivers of less than a millimetre go
        if (list.count == 2 && left && right)
            assert_true(para_pieces_touch(&list.items[0], &list.items[list.count - 1], 5e-3));
    }
}

static void test_strokes_are_thinned_out(void **state)
{
    (void)state;
    static ParaVec2 stroke[5000];
    for (int i = 0; i < 5000; i++)
        stroke[i] = (ParaVec2){3 * cosf(1e-3f * (float)i), 3 * sinf(1e-3f * (float)i)};
    ParaOutline out;
    para_outline_of_stroke(stroke, 5000, 0.05, &out);
    assert_true(out.count > 8 && out.count < 30);
    assert_true(out.points[0].x == 3 && out.points[out.count - 1].y == stroke[4999].y);
    for (int i = 0; i < 5000; i++) // a scribble
        stroke[i] = (ParaVec2){(float)(i % 97), (float)(i * 31 % 89)};
    para_outline_of_stroke(stroke, 5000, 0, &out);
    assert_true(out.count >= 2 && out.count <= PARA_OUTLINE_POINTS_MAX);
    para_outline_of_stroke(stroke, 1, 0.05, &out);
    assert_int_equal(out.count, 1);
    para_outline_of_stroke(stroke, 0, 0.05, &out);
    assert_int_equal(out.count, 0);
}

const struct CMUnitTest para_tests_outline[] = {
    cmocka_unit_test(test_outlines_become_few_convex_pieces_of_their_area),
    cmocka_unit_test(test_wavy_outlines_keep_their_area),
    cmocka_unit_test(test_what_is_no_outline_is_refused_with_words),
    cmocka_unit_test(test_a_cut_keeps_the_area),
    cmocka_unit_test(test_strokes_are_thinned_out),
};
const size_t para_tests_outline_count = sizeof para_tests_outline / sizeof *para_tests_outline;
