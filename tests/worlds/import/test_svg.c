// SPDX-License-Identifier: MIT
// Drawings in SVG: every command of a path, absolute and relative, areas within the tolerance, transforms and
// units, fill rules, classes; what is told of what is not carried over, and hostile files, which are refused.
#include "worlds/import/svg.h"

#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"
#include "tests/tests.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Drawing {
    ParaArena *arena;
    ParaDiagList list;
    const char *text; // of the template
    const ParaLevel *level;
} Drawing;

static Drawing import_by(const char *text, double tolerance)
{
    Drawing d = {.arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30)};
    const ParaSvgChoices choices = {
        .name = "drawing", .from = "drawing.svg", .metres_per_unit = 0.1, .tolerance = tolerance};
    d.list = para_diag_list(d.arena, "drawing.svg", NULL);
    d.text = para_svg_import(text, strlen(text), &choices, d.arena, &d.list);
    assert_int_equal(d.text == NULL, d.list.error_count > 0);
    ParaDiagList inner = para_diag_list(d.arena, "template", NULL);
    const ParaTemplate *t =
        d.text ? para_template_load("template", d.text, strlen(d.text), d.arena, &inner) : NULL;
    d.level = t ? para_template_sample(t, NULL, 0, d.arena, &inner) : NULL;
    if (d.text && !d.level)
        para_diag_print(&inner, stderr);
    assert_int_equal(d.text == NULL, d.level == NULL);
    return d;
}

static void done(Drawing *d) { para_arena_destroy(d->arena); }

static void expect_told(const Drawing *d, const char *part)
{
    for (int i = 0; i < d->list.count; i++)
        if (strstr(d->list.items[i].message, part))
            return;
    para_diag_print(&d->list, stderr);
    fail_msg("nothing says \"%s\"", part);
}

/// [m^2] of the body "it", and its middle in the world.
static double area_of(const Drawing *d, ParaPoint *out_middle)
{
    const ParaWorldDef *def = &d->level->world;
    double area = 0, x = 0, y = 0;
    for (int s = 0; s < def->shape_count; s++) {
        ParaShapeDef shape = def->shapes[s];
        if (strcmp(d->level->body_names[shape.body], "it") != 0)
            continue;
        shape.density = 1;
        ParaMass mass = para_shape_mass(def, &shape);
        ParaPoint place = para_body_place(&def->bodies[shape.body], (ParaVec2){(float)mass.x, (float)mass.y});
        area += mass.mass;
        x += mass.mass * place.x;
        y += mass.mass * place.y;
    }
    if (out_middle)
        *out_middle = (ParaPoint){x / area, y / area};
    return area;
}

#define SVG(inside)                                                                                          \
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\"><circle class=\"start\" cx=\"5\" "    \
    "cy=\"5\" r=\"2\"/>"                                                                                     \
    "<rect class=\"goal\" x=\"90\" y=\"90\" width=\"5\" height=\"5\"/>" inside "</svg>"

/// An element drawn as "it" has this area and middle [units of the drawing, y down].
static void expect_area(const char *element, double area, double x, double y)
{
    char text[2048];
    ParaPoint middle;
    snprintf(text, sizeof text, SVG("%s"), element);
    Drawing d = import_by(text, 4e-3);
    if (d.list.count > 0)
        para_diag_print(&d.list, stderr);
    assert_int_equal(d.list.count, 0);
    double found = area_of(&d, &middle) * 100;
    if (fabs(found - area) > 4e-3 * area || fabs(middle.x * 10 - x) > 0.02 ||
        fabs(100 - middle.y * 10 - y) > 0.02)
        fail_msg("%s: area %g at %g, %g; not %g at %g, %g", element, found, middle.x * 10,
                 100 - middle.y * 10, area, x, y);
    done(&d);
}

static void test_paths(void **state)
{
    (void)state;
    // A square of 20, by every command for lines.
    expect_area("<path id='it' d='M40 40L60 40L60 60L40 60Z'/>", 400, 50, 50);
    expect_area("<path id='it' d='m40,40 20,0 0,20-20 0z'/>", 400, 50, 50);
    expect_area("<path id='it' d='M40 40H60V60H40Z'/>", 400, 50, 50);
    expect_area("<path id='it' d='M40 40h2e1v+20h-20'/>", 400, 50, 50);
    expect_area("<path id='it' d='M.4e2 40l20.0.0.0 20-20-0z'/>", 400, 50, 50);
    // Under a quadratic curve: two thirds of its hull's parallelogram.
    expect_area("<path id='it' d='M20 60Q50 0 80 60z'/>", 1200, 50, 48);
    expect_area("<path id='it' d='M20 60q30-60 60 0z'/>", 1200, 50, 48);
    expect_area("<path id='it' d='M20 60C40 20 60 20 80 60z'/>", 1200, 50, 48);
    expect_area("<path id='it' d='M20 60c20-40 40-40 60 0z'/>", 1200, 50, 48);
    // One bow and its mirror image: S and T go on smoothly.
    expect_area("<path id='it' d='M20 50Q35 20 50 50T80 50V80H20z'/>", 1800, 45, 63);
    expect_area("<path id='it' d='M20 50q15-30 30 0t30 0v30h-60z'/>", 1800, 45, 63);
    expect_area("<path id='it' d='M20 50C30 30 40 30 50 50S70 70 80 50V80H20z'/>", 1800, 45, 63);
    expect_area("<path id='it' d='M20 50c10-20 20-20 30 0s20 20 30 0v30h-60z'/>", 1800, 45, 63);
    // Half a disc of 20, the flags without room between them, and the other half.
    double half = PARA_TAU / 4 * 400, off = 4 * 20 / (1.5 * PARA_TAU);
    expect_area("<path id='it' d='M30 50A20 20 0 0 1 70 50z'/>", half, 50, 50 - off);
    expect_area("<path id='it' d='M30 50a20 20 0 0040 0z'/>", half, 50, 50 + off);
    // A ring: the inner one goes the other way round.
    expect_area("<path id='it' d='M30 50a20 20 0 1 1 40 0a20 20 0 1 1-40 0zM40 50a10 10 0 1 0 20 0a10 10 0 1 "
                "0-20 0z'/>",
                PARA_TAU / 2 * 300, 50, 50);
}

static void test_elements_and_transforms(void **state)
{
    (void)state;
    expect_area("<rect id='it' x='20' y='30' width='40' height='20'/>", 800, 40, 40);
    expect_area("<rect id='it' x='20' y='30' width='40' height='20' rx='5'/>", 800 - (4 - PARA_TAU / 2) * 25,
                40, 40);
    expect_area("<circle id='it' cx='50' cy='40' r='10'/>", PARA_TAU / 2 * 100, 50, 40);
    expect_area("<ellipse id='it' cx='50' cy='40' rx='20' ry='5'/>", PARA_TAU / 2 * 100, 50, 40);
    expect_area("<polygon id='it' points='20,20 50,20 20,50'/>", 450, 30, 30);
    expect_area("<rect id='it' width='10mm' height='10mm'/>", 37.795 * 37.795, 18.898, 18.898);
    expect_area("<rect id='it' x='10%' width='50%' height='20%'/>", 1000, 35, 10);
    expect_area("<g transform='translate(10,20) scale(2)'><rect id='it' width='10' height='5'/></g>", 200, 20,
                25);
    expect_area("<g transform='rotate(90)'><rect id='it' x='20' y='-40' width='20' height='10'/></g>", 200,
                35, 30);
    expect_area("<rect id='it' transform='rotate(180 30 30)' x='10' y='10' width='10' height='10'/>", 100, 45,
                45);
    expect_area("<rect id='it' transform='matrix(1 0 1 1 0 0)' width='10' height='10'/>", 100, 10, 5);
    expect_area("<rect id='it' transform='skewX(45),skewY(0)' width='10' height='10'/>", 100, 10, 5);
    expect_area("<circle id='it' transform='scale(2 1)' cx='20' cy='40' r='10'/>", PARA_TAU * 100, 40, 40);
    // A star of five points: its middle counts twice round, or not at all.
    expect_area("<path id='it' d='M50 20L67.634 74.271 21.468 40.729 78.532 40.729 32.366 74.271z'/>", 1010.1,
                50, 50);
    expect_area("<path id='it' style='stroke:none;fill-rule:evenodd' d='M50 20L67.634 74.271 21.468 40.729 "
                "78.532 40.729 32.366 74.271z'/>",
                697.7, 50, 50);
}

static void test_curves_keep_the_tolerance(void **state)
{
    (void)state;
    for (double tolerance = 0.3; tolerance > 1e-3; tolerance /= 3) {
        // A disc of 3 m as four cubic curves (which are good to 0.03 %), and as arcs.
        static const char *const discs[] = {
            SVG("<path id='it' d='M50 20C66.5685 20 80 33.4315 80 50S66.5685 80 50 80 20 66.5685 20 50 "
                "33.4315 20 50 20'/>"),
            SVG("<path id='it' d='M20 50a30 30 0 0 1 60 0a30 30 0 0 1-60 0'/>")};
        for (int i = 0; i < 2; i++) {
            Drawing d = import_by(discs[i], tolerance);
            double whole = PARA_TAU / 2 * 9, area = area_of(&d, NULL);
            assert_true(area < whole * 1.001);
            assert_true(area > whole - PARA_TAU * 3 * tolerance); // nowhere further in than the tolerance
            assert_true(d.level->world.point_count <
                        12 + 12 * para_sqrt(3 / tolerance)); // nor finer than needed
            done(&d);
        }
    }
}

static void test_the_example_drawing(void **state)
{
    (void)state;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    const char *error = NULL;
    size_t size;
    char *text =
        para_file_read(PARA_SOURCE_DIR "/tests/svg/valley.svg", PARA_SVG_SIZE_MAX, arena, &size, &error);
    assert_non_null(text);
    Drawing d = import_by(text, 0.02);
    assert_int_equal(d.list.count, 2); // the style sheet and the text
    expect_told(&d, "<style>");
    expect_told(&d, "<text>");
    static const char *const parts[] = {
        "{\"name\": \"stone\", \"at\": [36, 25], \"shape\": {\"circle\": 2}, \"density\": 3}",
        "\"material\": \"wood\"}",
        "\"fluid\": {\"density\": 2, \"drag\": 1}",
        "\"force\": [3, 0]",
        "{\"chain\": [[12, 30], [20, 27], [28, 26], [36, 28]], \"radius\": 0.2}",
        "{\"touch\": [\"me\", \"thorns\"]}",
        "{\"inside\": [\"me\", \"house\"]}",
        "\"size\": [100, 50]",
        "\"about\": \"Through the valley to the house.\""};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(d.text, parts[i]))
            fail_msg("no %s in\n%s", parts[i], d.text);
    done(&d);
    para_arena_destroy(arena);
}

static void test_what_is_not_carried_over_is_told(void **state)
{
    (void)state;
    Drawing d = import_by(
        SVG("<defs><path d='M0 0h9v9z'/></defs><image href='a.png'/><use href='#it'/><image href='b.png'/>"
            "<rect width='9' height='9' transform='turn(3)' clip-path='url(#a)'/>"
            "<rect width='9' height='9' fill='none'/><g display='none'><rect width='9' height='9'/></g>"
            "<path d='M10 10h20v20z L 5 x'/><path d='5 5'/><polyline class='body' fill='none' stroke='red' "
            "points='1 1 9 9 1 9'/>"
            "<line class='zone' x2='5' y2='5'/><rect data-kind='lamp' width='9' height='9'/>"
            "<rect data-weight='9' width='9' height='9'/><rect width='9' height='0.001'/><title>x</title>"),
        0.02);
    assert_non_null(d.text);
    static const char *const parts[] = {"<defs>",       "<image>",  "<use>",      "\"turn(3)\"", "clip-path",
                                        "neither fill", "hidden",   "\"L 5 x\"",  "\"5 5\"",     "no lines",
                                        "no area",      "\"lamp\"", "\"weight\"", "1 mm"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        expect_told(&d, parts[i]);
    done(&d);
}

static void test_hostile_drawings_are_refused(void **state)
{
    (void)state;
    static char deep[20000], scribble[60000];
    strcpy(deep, "<svg viewBox='0 0 9 9'>");
    for (int i = 0; i < 1000; i++)
        strcat(deep, "<g>");
    char *at = scribble + sprintf(scribble, "<svg viewBox='0 0 900 900'><path d='M0 0");
    for (int i = 0; i < 3000; i++) // lines from side to side, which all cross
        at += sprintf(at, "L%d %d", i % 2 * 900, i * 7919 % 900);
    strcpy(at, "'/></svg>");
    const char *const bad[][2] = {
        {"", "no XML"},
        {"<svg", "no XML"},
        {"<svg viewBox='0 0 9 9'></g></svg>", "no XML"},
        {"<html/>", "no drawing"},
        {"<svg viewBox='0 0 9'/>", "four numbers"},
        {"<svg viewBox='0 0 9 1e300'/>", "four numbers"},
        {"<svg width='0'/>", "empty"},
        {"<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><svg viewBox='0 0 9 "
         "9'>&b;</svg>",
         "entity"},
        {"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><svg viewBox='0 0 9 9'>&a;</svg>",
         "entity"},
        {"<svg viewBox='0 0 9 9'><circle r='1e8'/></svg>", "lies more than"},
        {deep, "in each other"},
        {scribble, "too often"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Drawing d = import_by(bad[i][0], 0.02);
        assert_null(d.text);
        expect_told(&d, bad[i][1]);
        done(&d);
    }
}

const struct CMUnitTest para_tests_svg[] = {
    cmocka_unit_test(test_paths),
    cmocka_unit_test(test_elements_and_transforms),
    cmocka_unit_test(test_curves_keep_the_tolerance),
    cmocka_unit_test(test_the_example_drawing),
    cmocka_unit_test(test_what_is_not_carried_over_is_told),
    cmocka_unit_test(test_hostile_drawings_are_refused),
};
const size_t para_tests_svg_count = sizeof para_tests_svg / sizeof *para_tests_svg;
