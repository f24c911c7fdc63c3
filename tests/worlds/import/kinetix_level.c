// SPDX-License-Identifier: MIT
// How a Kinetix level is put together and run: see kinetix_level.h.
#include "tests/worlds/import/kinetix_level.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <stdio.h>
#include <string.h>

void kinetix_begin(KinetixLevel *level)
{
    memset(level, 0, sizeof *level);
    memcpy(level->wall_roles, "0000", 4);
    level->more = "";
    level->params = "";
    level->arena = para_arena_create((size_t)1 << 18, (size_t)1 << 28);
    assert_non_null(level->arena);
}

void kinetix_end(KinetixLevel *level)
{
    if (level->group)
        para_world_group_destroy(level->group);
    para_arena_destroy(level->arena);
}

static void append(char *out, size_t size, const char *text)
{
    size_t used = strlen(out);
    int length = snprintf(out + used, size - used, "%s%s", used ? ", " : "", text);
    assert_true(length >= 0 && used + (size_t)length < size);
}

int kinetix_box(KinetixLevel *level, double x, double y, double width, double height, int role, bool fixed,
                const char *rest)
{
    double mass = width * height, inertia = mass * (width * width + height * height) / 12, w = width / 2,
           h = height / 2;
    PARA_ASSERT(!*level->circles);
    char *text = para_arena_printf(level->arena,
                                   "{\"active\": true%s, \"position\": {\"0\": %.9g, \"1\": %.9g}, "
                                   "\"rotation\": 0, \"n_vertices\": 4, \"vertices\": "
                                   "{\"0\": {\"0\": %.9g, \"1\": %.9g}, \"1\": {\"0\": %.9g, \"1\": %.9g}, "
                                   "\"2\": {\"0\": %.9g, \"1\": %.9g}, "
                                   "\"3\": {\"0\": %.9g, \"1\": %.9g}}, \"inverse_mass\": %.9g, "
                                   "\"inverse_inertia\": %.9g, \"friction\": 1, "
                                   "\"density\": 1, \"role\": %d}",
                                   rest, x, y, w, h, w, -h, -w, -h, -w, h, fixed ? 0 : 1 / mass,
                                   fixed ? 0 : 1 / inertia, role);
    append(level->polygons, sizeof level->polygons, text);
    return 4 + level->polygon_count++;
}

int kinetix_circle(KinetixLevel *level, double x, double y, double radius, int role, bool fixed,
                   const char *rest)
{
    double mass = PARA_PI * radius * radius, inertia = mass * radius * radius / 4; // half of a disc's
    char *text =
        para_arena_printf(level->arena,
                          "{\"active\": 1%s, \"position\": {\"0\": %.9g, \"1\": %.9g}, \"rotation\": 0, "
                          "\"radius\": %.9g, \"inverse_mass\": %.9g, \"inverse_inertia\": %.9g, "
                          "\"friction\": 1, \"density\": 1, \"role\": %d}",
                          rest, x, y, radius, fixed ? 0 : 1 / mass, fixed ? 0 : 1 / inertia, role);
    int index = 4 + level->polygon_count;
    for (const char *at = level->circles; (at = strstr(at, "radius")) != NULL; at++)
        index++;
    append(level->circles, sizeof level->circles, text);
    return index;
}

void kinetix_joint(KinetixLevel *level, int a, int b, double ax, double ay, double bx, double by,
                   const char *rest)
{
    append(level->joints, sizeof level->joints,
           para_arena_printf(
               level->arena,
               "{\"active\": true, \"a_index\": %d, \"b_index\": %d, \"a_relative_pos\": {\"0\": %.9g, "
               "\"1\": %.9g}, \"b_relative_pos\": {\"0\": %.9g, \"1\": %.9g}, %s}",
               a, b, ax, ay, bx, by, rest));
}

void kinetix_thruster(KinetixLevel *level, int body, double x, double y, double rotation, double power,
                      int binding)
{
    append(level->thrusters, sizeof level->thrusters,
           para_arena_printf(
               level->arena,
               "{\"active\": true, \"object_index\": %d, \"relative_position\": {\"0\": %.9g, \"1\": "
               "%.9g}, \"rotation\": %.9g, \"power\": %.9g, \"thruster_binding\": %d}",
               body, x, y, rotation, power, binding));
}

char *kinetix_text(KinetixLevel *level)
{
    static const struct {
        double x, y, left, bottom, right, top;
    } walls[4] = {{2.5, -4.8, -2.5, -5.2, 2.5, 5.2},
                  {0, 0, -5, 0, 0, 5},
                  {0, 0, 5, 0, 10, 5},
                  {2.5, 10.2, -2.5, -5.2, 2.5, 5.2}};
    char all[4000] = "";
    for (int w = 0; w < 4; w++)
        append(all, sizeof all,
               para_arena_printf(
                   level->arena,
                   "{\"active\": true, \"position\": {\"0\": %g, \"1\": %g}, \"n_vertices\": 4, "
                   "\"vertices\": {\"0\": {\"0\": %g, \"1\": %g}, \"1\": {\"0\": %g, \"1\": %g}, \"2\": "
                   "{\"0\": %g, \"1\": %g}, \"3\": {\"0\": %g, \"1\": %g}}, \"inverse_mass\": 0, "
                   "\"inverse_inertia\": 0, \"friction\": 1, \"collision_mode\": 2, \"role\": %c}",
                   walls[w].x, walls[w].y, walls[w].right, walls[w].top, walls[w].right, walls[w].bottom,
                   walls[w].left, walls[w].bottom, walls[w].left, walls[w].top, level->wall_roles[w]));
    return para_arena_printf(level->arena,
                             "{\"env_state\": {\"polygon\": [%s%s%s], \"circle\": [%s], \"joint\": [%s], "
                             "\"thruster\": [%s]%s}%s}",
                             all, *level->polygons ? ", " : "", level->polygons, level->circles,
                             level->joints, level->thrusters, level->more, level->params);
}

bool kinetix_import(KinetixLevel *level)
{
    const char *text = kinetix_text(level);
    ParaKinetixChoices choices = {.name = "tiny", .from = "tiny.json"};
    level->list = para_diag_list(level->arena, "tiny.json", NULL);
    level->text = para_kinetix_import(text, strlen(text), &choices, level->arena, &level->list);
    assert_true((level->text != NULL) == (level->list.error_count == 0));
    return level->text != NULL;
}

void kinetix_start(KinetixLevel *level)
{
    if (!kinetix_import(level))
        para_diag_print(&level->list, stderr);
    assert_non_null(level->text);
    ParaDiagList list = para_diag_list(level->arena, "template", level->text);
    const ParaTemplate *t =
        para_template_load("template", level->text, strlen(level->text), level->arena, &list);
    level->level = t ? para_template_sample(t, NULL, 0, level->arena, &list) : NULL;
    if (!level->level)
        para_diag_print(&list, stderr);
    assert_non_null(level->level);
    level->group = scene_room(1);
    level->world = para_world_at(level->group, 0);
    assert_true(para_play_begin(&level->play, level->level, level->world, &level->state, NULL, NULL));
}

void kinetix_steps(KinetixLevel *level, int channel, float action, int steps)
{
    float actions[PARA_CHANNELS] = {0};
    actions[channel] = action;
    for (int s = 0; s < steps; s++) {
        para_play_act(&level->play, level->level, actions);
        para_play_step(&level->play, level->level, level->world);
    }
}

const ParaView *kinetix_view(const KinetixLevel *level) { return para_world_view(level->world); }

int kinetix_body(const KinetixLevel *level, const char *name)
{
    for (int b = 0; b < level->level->world.body_count; b++)
        if (strcmp(level->level->body_names[b], name) == 0)
            return b;
    print_error("there is no body \"%s\"\n", name);
    fail();
    return -1;
}

bool kinetix_says(const KinetixLevel *level, const char *words)
{
    for (int k = 0; k < level->list.count; k++)
        if (strstr(level->list.items[k].message, words))
            return true;
    return false;
}

void kinetix_comes_back(const char *text, const ParaLevel *level, const char *from, ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, from, NULL);
    ParaKinetixChoices choices = {.name = level->family, .from = from};
    const char *out = para_kinetix_export(level, arena, &list);
    const char *back = out ? para_kinetix_import(out, strlen(out), &choices, arena, &list) : NULL;
    if (!back)
        para_diag_print(&list, stderr);
    assert_non_null(back);
    assert_string_equal(back, text);
}
