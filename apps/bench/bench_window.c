// SPDX-License-Identifier: MIT
// Frames per second of the window: a heap of bodies of every material, with a goal, a hazard and a pool, at
// each quality level. Counted is all that a frame of play takes but its letters: one physics step, what
// happened in it, the scene, the picture, showing it. Whatever SDL_VIDEODRIVER says is measured.
#include "apps/apps.h"
#include "apps/bench/bench.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "engine/base/clock.h"
#include "engine/base/text.h"
#include "engine/draw/gl/window.h"
#include "engine/draw/look/particles.h"
#include "worlds/json_tree.h"

#include <SDL.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BENCH_MEMORY ((size_t)1 << 30) // [byte]
#define BODIES_MOST  400
#define FRAMES_MOST  20000
#define STIRRED      90 // [step] between two pushes that keep the heap moving

static const char *const qualities[] = {"low", "medium", "high"};
static const ParaVec2 size = {32.0f, 18.0f}; // [m]

typedef struct Heap {
    ParaWorldDef def;
    ParaBodyDef bodies[BODIES_MOST + 2];
    ParaShapeDef shapes[BODIES_MOST + 5];
    ParaZoneDef zones[2];
    ParaVec2 points[8 * (BODIES_MOST + 8)]; // [m]
    uint8_t looks[BODIES_MOST + 2], styles[BODIES_MOST + 2], zone_styles[2];
} Heap;

typedef struct Wishes {
    const char *size;
    int frames, bodies;
    bool json;
} Wishes;

typedef struct Result {
    int bodies;
    ParaQuality quality;
    double fps, median_ms, slow_ms; // [1/s] [ms] median and 99th percentile of frames
    double cpu_ms;                  // [ms] mean CPU time of a frame, all threads
} Result;

// ---------------------------------------------------------------------------------------------
// The heap.

static void add_shape(Heap *h, int body, ParaShapeKind kind, float radius, const ParaVec2 *points, int count)
{
    ParaShapeDef shape = para_shape_def_default();
    shape.kind = kind;
    shape.body = body;
    shape.radius = radius;
    shape.point_first = (uint32_t)h->def.point_count;
    shape.point_count = (uint32_t)count;
    for (int i = 0; i < count; i++)
        h->points[h->def.point_count++] = points[i];
    h->shapes[h->def.shape_count++] = shape;
}

static void add_box(Heap *h, int body, ParaVec2 middle, float wide, float high)
{
    float x = 0.5f * wide, y = 0.5f * high;
    const ParaVec2 p[4] = {{middle.x - x, middle.y - y},
                           {middle.x + x, middle.y - y},
                           {middle.x + x, middle.y + y},
                           {middle.x - x, middle.y + y}};
    add_shape(h, body, PARA_SHAPE_POLYGON, 0.0f, p, 4);
}

static void add_zone(Heap *h, ParaVec2 at, float wide, float high, float fluid, int style)
{
    const ParaVec2 p[4] = {{-0.5f * wide, -0.5f * high},
                           {0.5f * wide, -0.5f * high},
                           {0.5f * wide, 0.5f * high},
                           {-0.5f * wide, 0.5f * high}};
    ParaZoneDef zone = para_zone_def_default();
    zone.kind = PARA_SHAPE_POLYGON;
    zone.position = at;
    zone.point_first = (uint32_t)h->def.point_count;
    zone.point_count = 4;
    zone.fluid_density = fluid;
    for (int i = 0; i < 4; i++)
        h->points[h->def.point_count++] = p[i];
    h->zone_styles[h->def.zone_count] = (uint8_t)style;
    h->zones[h->def.zone_count++] = zone;
}

static void add_loose(Heap *h, int index)
{
    const int columns = 20, body = h->def.body_count++;
    static const ParaVec2 hexagon[6] = {{0.34f, 0},  {0.17f, 0.3f},   {-0.17f, 0.3f},
                                        {-0.34f, 0}, {-0.17f, -0.3f}, {0.17f, -0.3f}};
    const ParaVec2 none = {0, 0};
    h->bodies[body] = para_body_def_default();
    h->bodies[body].position =
        (ParaVec2){3.0f + 1.35f * (float)(index % columns) + 0.1f * (float)(index / columns % 2),
                   5.0f + 0.85f * (float)(index / columns)};
    h->looks[body] = (uint8_t)(index % PARA_SURFACE_COUNT);
    h->styles[body] = (uint8_t)(index % 29 == 7   ? PARA_STYLE_HAZARD
                                : index % 31 == 3 ? PARA_STYLE_CARGO
                                                  : PARA_STYLE_NONE);
    if (index % 3 == 0)
        add_shape(h, body, PARA_SHAPE_CIRCLE, 0.32f, &none, 1);
    else if (index % 3 == 1)
        add_box(h, body, none, 0.7f, 0.5f);
    else
        add_shape(h, body, PARA_SHAPE_POLYGON, 0.0f, hexagon, 6);
}

static void make_heap(Heap *h, int bodies)
{
    *h = (Heap){.def = para_world_def_default()};
    h->def.size = size;
    h->def.bodies = h->bodies;
    h->def.shapes = h->shapes;
    h->def.zones = h->zones;
    h->def.points = h->points;
    h->bodies[0] = para_body_def_default();
    h->bodies[0].kind = PARA_BODY_STATIC;
    h->def.body_count = 1;
    const ParaVec2 ground[7] = {{0, 4}, {6, 3.4f}, {11, 3.8f}, {16, 2.4f}, {22, 2.2f}, {27, 3.6f}, {32, 4}};
    add_shape(h, 0, PARA_SHAPE_CHAIN, 0.1f, ground, 7);
    add_box(h, 0, (ParaVec2){0.3f, 9}, 0.6f, 18);
    add_box(h, 0, (ParaVec2){31.7f, 9}, 0.6f, 18);
    add_zone(h, (ParaVec2){18.5f, 2.7f}, 8.0f, 2.2f, 2.0f, PARA_STYLE_NONE);
    add_zone(h, (ParaVec2){27.0f, 5.5f}, 3.0f, 3.6f, 0.0f, PARA_STYLE_TARGET);
    for (int i = 0; i < bodies; i++)
        add_loose(h, i);
}

// ---------------------------------------------------------------------------------------------
// Frames.

typedef struct Stage {
    Heap heap;
    ParaHappenings happenings;
    ParaParticles particles;
    ParaColours colours;
    ParaScene scene;
    ParaWindow *window;
    ParaWorldGroup *group;
    ParaWorld world;
    ParaLook look;
    float *times; // [s] [FRAMES_MOST]
} Stage;

static void draw_frame(Stage *s, int frame)
{
    const ParaView *view = para_world_view(s->world);
    ParaRect area = {0, 0, (float)para_window_width(s->window), (float)para_window_height(s->window)};
    ParaCamera camera = para_camera_fit(size, area);
    ParaSceneDef def = para_scene_def_default();
    def.body_looks = s->heap.looks;
    def.body_styles = s->heap.styles;
    def.zone_styles = s->heap.zone_styles;
    for (int body = 1; frame % STIRRED == 0 && body < s->heap.def.body_count; body++)
        para_world_apply_impulse(s->world, body,
                                 (ParaVec2){0.3f * view->mass[body * view->stride] * (float)(body % 5 - 2),
                                            4.0f * view->mass[body * view->stride]});
    para_world_step(s->world);
    para_happenings_read(&s->happenings, view, para_world_inputs(s->world), s->heap.looks);
    if (s->look.quality > PARA_QUALITY_LOW)
        para_particles_happen(&s->particles, &s->happenings, view, -1, &s->colours);
    para_particles_move(&s->particles, 1.0f / 60.0f, view->gravity);
    para_scene_clear(&s->scene);
    para_scene_world(&s->scene, view, &def);
    s->look.time = (double)frame / 60.0;
    para_window_begin(s->window, PARA_INK_BACKGROUND);
    para_window_world(s->window, &s->scene, &camera, &s->look);
    para_window_end(s->window);
    SDL_PumpEvents();
}

static int compare(const void *a, const void *b)
{
    float left = *(const float *)a, right = *(const float *)b;
    return (left > right) - (left < right);
}

/// @return false without memory, or when it was interrupted
static bool measure(Stage *s, const Wishes *w, Result *result)
{
    make_heap(&s->heap, result->bodies);
    if (!para_world_build(s->world, &s->heap.def, NULL))
        return false;
    s->look = para_look_default();
    s->look.mood = PARA_MOOD_DUSK;
    s->look.quality = result->quality;
    s->look.particles = &s->particles;
    s->particles.most = result->quality == PARA_QUALITY_HIGH ? PARA_PARTICLES_MAX : 320;
    para_particles_begin(&s->particles, 1);
    para_colours_make(s->look.mood, s->look.palette, &s->colours);
    para_happenings_begin(&s->happenings, para_world_view(s->world));
    const int warm = 30; // programs are made, the heap begins to fall
    double began = 0.0, last = 0.0, cpu = 0.0;
    for (int frame = 0; frame < warm + w->frames && !para_interrupt_asked(NULL); frame++) {
        draw_frame(s, frame);
        double now = para_clock_seconds();
        if (frame == warm - 1) {
            began = now;
            cpu = para_clock_cpu_seconds();
        }
        if (frame >= warm)
            s->times[frame - warm] = (float)(now - last);
        last = now;
    }
    result->cpu_ms = 1e3 * (para_clock_cpu_seconds() - cpu) / (double)w->frames;
    qsort(s->times, (size_t)w->frames, sizeof *s->times, compare);
    result->fps = (double)w->frames / (last - began);
    result->median_ms = 1e3 * (double)s->times[w->frames / 2];
    result->slow_ms = 1e3 * (double)s->times[w->frames - 1 - w->frames / 100];
    return !para_interrupt_asked(NULL);
}

static double rounded(double x) { return floor(x * 100.0 + 0.5) / 100.0; }

static int print(const Stage *s, const Wishes *w, const Result *results, int count)
{
    if (!w->json) {
        printf("%d x %d, %s, %d frames each\n", para_window_width(s->window), para_window_height(s->window),
               SDL_GetCurrentVideoDriver(), w->frames);
        printf("bodies  quality    fps   median ms   99 %% ms    CPU ms\n");
        for (int i = 0; i < count; i++)
            para_text_print(stdout, "%6d  %-7s  %5.0f  %10.2f  %8.2f  %8.2f\n", results[i].bodies,
                            qualities[results[i].quality], results[i].fps, results[i].median_ms,
                            results[i].slow_ms, results[i].cpu_ms);
        return PARA_EXIT_OK;
    }
    cJSON *object = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(object, "results");
    cJSON_AddNumberToObject(object, "width_px", para_window_width(s->window));
    cJSON_AddNumberToObject(object, "height_px", para_window_height(s->window));
    cJSON_AddStringToObject(object, "driver", SDL_GetCurrentVideoDriver());
    cJSON_AddNumberToObject(object, "frames", w->frames);
    for (int i = 0; i < count; i++) {
        cJSON *row = cJSON_CreateObject();
        cJSON_AddNumberToObject(row, "bodies", results[i].bodies);
        cJSON_AddStringToObject(row, "quality", qualities[results[i].quality]);
        cJSON_AddNumberToObject(row, "fps", rounded(results[i].fps));
        cJSON_AddNumberToObject(row, "median_ms", rounded(results[i].median_ms));
        cJSON_AddNumberToObject(row, "slow_ms", rounded(results[i].slow_ms));
        cJSON_AddNumberToObject(row, "cpu_ms", rounded(results[i].cpu_ms));
        cJSON_AddItemToArray(list, row);
    }
    char *text = para_json_print(object, true);
    cJSON_Delete(object);
    if (!text)
        return para_app_fail("bench window", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

static int run(Stage *s, const Wishes *w, ParaArena *arena)
{
    static const int usual[] = {30, 300};
    Result results[2 * PARA_QUALITIES];
    int count = 0, width = 1280, height = 720;
    const char *error = NULL;
    if (para_app_window_size("bench window", w->size, &width, &height) != 0)
        return PARA_EXIT_USAGE;
    s->scene = para_scene_create_tagged(PARA_SCENE_CAPACITY, arena);
    s->times = PARA_NEW(arena, float, FRAMES_MOST);
    s->group = para_world_group_create(PARA_SOLVER_AUTO, 1);
    s->window = s->group ? para_window_open("Paracosm", width, height, arena, &error) : NULL;
    if (!s->window)
        return para_app_fail("bench window", "%s", error ? error : "no memory");
    SDL_GL_SetSwapInterval(0); // as fast as it goes
    s->world = para_world_at(s->group, 0);
    bool good = true;
    for (int k = 0; k < (w->bodies ? 1 : 2) && good; k++)
        for (int quality = 0; quality < PARA_QUALITIES && good; quality++) {
            results[count] =
                (Result){.bodies = w->bodies ? w->bodies : usual[k], .quality = (ParaQuality)quality};
            good = measure(s, w, &results[count]);
            count += good;
        }
    const char *wrong = para_window_error(s->window);
    int code = *wrong ? para_app_fail("bench window", "%s", wrong) : print(s, w, results, count);
    if (!*wrong && !good) // closed, or Ctrl-C: what was measured till then is told
        code = PARA_EXIT_INTERRUPTED;
    para_window_close(s->window);
    return code;
}

int para_bench_window(int argc, char **argv)
{
    Wishes w = {.frames = 300};
    const ParaOption options[] = {
        {"bodies", 0, PARA_OPTION_INT, &w.bodies, "N", "loose bodies (default: 30, and then 300)", 1,
         BODIES_MOST, NULL},
        {"frames", 0, PARA_OPTION_INT, &w.frames, "N", "measured at each quality", 10, FRAMES_MOST, NULL},
        {"size", 0, PARA_OPTION_TEXT, &w.size, "WxH", "of the window (1280x720)", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &w.json, NULL,
         "print results: bodies, quality, fps, median_ms, slow_ms (99th percentile), cpu_ms (mean, all "
         "threads)",
         0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "bench window",
        .usage = "[options]",
        .about =
            "Frames per second of the window at each quality level, without waiting for the screen: physics\n"
            "step, scene, picture and showing it.",
        .options = options,
        .examples = "  paracosm bench window\n"
                    "  SDL_VIDEODRIVER=offscreen paracosm bench window --bodies 30\n"
                    "  xvfb-run -s \"-screen 0 1280x720x24\" paracosm bench window --json",
        .notes = "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped: what was measured until "
                 "then is printed",
        .operand_min = 0,
        .operand_max = 0};
    const char *none[1];
    int count = 0, code = para_options_read(&command, argc, argv, none, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, BENCH_MEMORY);
    if (!arena)
        return para_app_fail("bench window", "no memory");
    Stage *s = PARA_NEW(arena, Stage, 1);
    para_interrupt_catch(NULL);
    code = run(s, &w, arena);
    if (s->group)
        para_world_group_destroy(s->group);
    para_arena_destroy(arena);
    return code;
}
