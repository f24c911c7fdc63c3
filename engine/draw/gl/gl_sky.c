// SPDX-License-Identifier: MIT
// The sky as triangles that are laid out anew each frame: bands, then discs, then ridges, each by the
// shortest program there is for it, and of what a nearer ridge hides hardly anything is drawn, since pixels
// are what a software OpenGL is short of. Heights of hills are sums of waves, so they are smooth at any size.
#include "engine/draw/gl/gl_sky.h"

#include "engine/base/maths.h"
#include "engine/base/rng.h"
#include "engine/draw/gl/shaders.h"

#include <epoxy/gl.h>
#include <math.h>
#include <stddef.h>

typedef struct ParaGlSkyCorner {
    float x, y;           // [px]
    uint8_t r, g, b, a;   // not premultiplied
    float u, v, softness; // as in sky.vert
} Corner;

enum {
    STARS = 90,
    CLOUDS = 7,
    PUFFS = 6,
    RIDGES = 3,
    STEPS = 80,
    CORNERS_MAX = 6 * (2 + STARS + CLOUDS * PUFFS + 2 + RIDGES * STEPS)
};

bool para_gl_sky_create(ParaGlSky *sky, ParaArena *arena, const char **out_error)
{
    static const char *const defines[PARA_GL_SKY_PARTS] = {"#define BAND\n", "#define DISC\n",
                                                           "#define RIDGE\n"};
    *sky = (ParaGlSky){.corners = PARA_NEW(arena, Corner, CORNERS_MAX)};
    for (int part = 0; part < PARA_GL_SKY_PARTS; part++) {
        sky->programs[part] = para_gl_program(defines[part], (ParaGlText){"", para_shader_sky_vert},
                                              (ParaGlText){"", para_shader_sky_frag}, arena, out_error);
        if (!sky->programs[part])
            return false;
        sky->viewports[part] = glGetUniformLocation(sky->programs[part], "viewport");
    }
    glGenVertexArrays(1, &sky->vertices);
    glGenBuffers(1, &sky->buffer);
    glBindVertexArray(sky->vertices);
    glBindBuffer(GL_ARRAY_BUFFER, sky->buffer);
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, sizeof(Corner), (const void *)offsetof(Corner, x));
    glVertexAttribPointer(1, 4, GL_UNSIGNED_BYTE, GL_TRUE, sizeof(Corner), (const void *)offsetof(Corner, r));
    glVertexAttribPointer(2, 3, GL_FLOAT, GL_FALSE, sizeof(Corner), (const void *)offsetof(Corner, u));
    for (GLuint i = 0; i < 3; i++)
        glEnableVertexAttribArray(i);
    return true;
}

void para_gl_sky_destroy(ParaGlSky *sky)
{
    for (int part = 0; part < PARA_GL_SKY_PARTS; part++)
        glDeleteProgram(sky->programs[part]); // zero is silently ignored
    glDeleteBuffers(1, &sky->buffer);
    glDeleteVertexArrays(1, &sky->vertices);
    *sky = (ParaGlSky){.count = 0};
}

// ---------------------------------------------------------------------------------------------
// Triangles.

static Corner corner(float x, float y, ParaColour c, float u, float v, float softness)
{
    return (Corner){x, y, c.r, c.g, c.b, c.a, u, v, softness};
}

/// Corners in the order left top, right top, left bottom, right bottom.
static void add_quad(ParaGlSky *sky, const Corner *q)
{
    static const uint8_t order[6] = {0, 1, 2, 2, 1, 3};
    for (int i = 0; i < 6 && sky->count < CORNERS_MAX; i++)
        sky->corners[sky->count++] = q[order[i]];
}

static void add_band(ParaGlSky *sky, ParaRect r, ParaColour top, ParaColour low)
{
    const Corner q[4] = {corner(r.x, r.y, top, 0, 0, 1), corner(r.x + r.width, r.y, top, 0, 0, 1),
                         corner(r.x, r.y + r.height, low, 0, 0, 1),
                         corner(r.x + r.width, r.y + r.height, low, 0, 0, 1)};
    add_quad(sky, q);
}

static void add_disc(ParaGlSky *sky, float x, float y, float wide, float high, ParaColour c, float softness)
{
    const Corner q[4] = {
        corner(x - wide, y - high, c, -1, -1, softness), corner(x + wide, y - high, c, 1, -1, softness),
        corner(x - wide, y + high, c, -1, 1, softness), corner(x + wide, y + high, c, 1, 1, softness)};
    add_quad(sky, q);
}

static ParaColour mixed(ParaColour a, ParaColour b, float share)
{
    return (ParaColour){(uint8_t)((float)a.r + ((float)b.r - (float)a.r) * share),
                        (uint8_t)((float)a.g + ((float)b.g - (float)a.g) * share),
                        (uint8_t)((float)a.b + ((float)b.b - (float)a.b) * share),
                        (uint8_t)((float)a.a + ((float)b.a - (float)a.a) * share)};
}

static ParaColour faded(ParaColour c, float share)
{
    c.a = (uint8_t)((float)c.a * share);
    return c;
}

// ---------------------------------------------------------------------------------------------
// What is in the sky. All in heights of the area, so that a window of any size shows the same.

typedef struct Frame {
    ParaRect area;
    float x, y; // [1] where the camera is, in heights of the area
    uint64_t seed;
    float time; // [s]
} Frame;

static float wrapped(float x, float length) { return x - length * floorf(x / length); }

static void add_stars(ParaGlSky *sky, const Frame *f, ParaColour star)
{
    ParaRng rng = para_rng_make(f->seed, "stars");
    float high = f->area.height, wide = f->area.width;
    for (int i = 0; i < STARS && star.a > 0; i++) {
        float x = (float)para_rng_f64(&rng) * 2.4f, y = (float)para_rng_f64(&rng);
        float size = 0.6f + (float)(para_rng_f64(&rng) * para_rng_f64(&rng)) * 1.7f,
              phase = (float)para_rng_f64(&rng);
        x = wrapped(x - 0.004f * f->x, 2.4f);
        float twinkle = 0.75f + 0.25f * sinf((float)PARA_TAU * phase + (0.5f + phase) * f->time);
        float shown = twinkle * (1.0f - y) * (0.4f + 0.6f * phase);
        if (x * high < wide + 4.0f)
            add_disc(sky, f->area.x + x * high, f->area.y + 0.62f * y * high, size * 2.0f * high / 720.0f,
                     size * 2.0f * high / 720.0f, faded(star, shown), 0.9f);
    }
}

static void add_orb(ParaGlSky *sky, const Frame *f, const ParaColours *c)
{
    ParaRng rng = para_rng_make(f->seed, "orb");
    float at = 0.15f + 0.7f * (float)para_rng_f64(&rng), up = 0.14f + 0.2f * (float)para_rng_f64(&rng);
    float x = f->area.x + at * f->area.width - 0.006f * f->x * f->area.height;
    float y = f->area.y + (up + 0.004f * f->y) * f->area.height, size = 0.036f * f->area.height;
    add_disc(sky, x, y, 6.0f * size, 6.0f * size, faded(c->disc, 0.28f), 1.0f);
    add_disc(sky, x, y, size, size, c->disc, 0.06f);
}

static void add_clouds(ParaGlSky *sky, const Frame *f, ParaColour cloud)
{
    ParaRng rng = para_rng_make(f->seed, "clouds");
    float high = f->area.height, span = fmaxf(f->area.width / high, 1.0f) + 1.0f;
    for (int i = 0; i < CLOUDS && cloud.a > 0; i++) {
        float x = (float)para_rng_f64(&rng) * span, y = 0.06f + 0.36f * (float)para_rng_f64(&rng);
        float size = 0.5f + (float)para_rng_f64(&rng), slow = 0.01f + 0.02f * (float)para_rng_f64(&rng);
        x = wrapped(x - slow * f->x + 0.25f * slow * f->time, span) - 0.5f;
        for (int k = 0; k < PUFFS; k++) {
            float along = ((float)k + (float)para_rng_f64(&rng)) / PUFFS - 0.5f;
            float bulk = (0.5f - fabsf(along)) * 0.09f * size + 0.022f;
            float px = f->area.x + (x + along * 0.34f * size) * high;
            float py =
                f->area.y + (y - 0.3f * bulk + 0.012f * (float)para_rng_f64(&rng) + 0.006f * f->y) * high;
            add_disc(sky, px, py, 1.9f * bulk * high, bulk * high, faded(cloud, 0.55f), 0.75f);
        }
    }
}

/// Height of a ridge at x [1]: waves of lengths that never fit together.
static float ridge_height(float x, int layer, const float *phases)
{
    float rough = 1.0f + 0.5f * (float)layer;
    return 0.050f * sinf(1.9f * rough * x + phases[0]) + 0.030f * sinf(4.3f * rough * x + phases[1]) +
           0.013f * sinf(9.7f * rough * x + phases[2]) + 0.005f * sinf(23.0f * rough * x + phases[3]);
}

/// Where the ridges begin, from left to right [px]; behind the last there is the window's lower border.
typedef struct Ridges {
    float edges[RIDGES + 1][STEPS + 1];
} Ridges;

static void lay_ridges(const Frame *f, Ridges *ridges)
{
    static const float pace[RIDGES] = {0.05f, 0.12f, 0.24f}, base[RIDGES] = {0.60f, 0.70f, 0.80f};
    float high = f->area.height, bottom = f->area.y + high, step = f->area.width / STEPS;
    for (int layer = 0; layer <= RIDGES; layer++) {
        float phases[4] = {0};
        ParaRng rng = para_rng_make(para_seed_mix(f->seed, (uint64_t)layer), "ridge");
        for (int i = 0; i < 4; i++)
            phases[i] = (float)(para_rng_f64(&rng) * PARA_TAU);
        for (int i = 0; i <= STEPS; i++) {
            ridges->edges[layer][i] = bottom;
            if (layer == RIDGES)
                continue;
            float x = (float)i * step / high + pace[layer] * f->x;
            float shift = para_clampf(pace[layer] * f->y * 0.5f, -0.1f, 0.25f);
            float edge = f->area.y + (base[layer] + shift - ridge_height(x, layer, phases)) * high;
            ridges->edges[layer][i] = fminf(edge, bottom);
        }
    }
}

#define OVERLAP 2.0f // [px] that is drawn behind the smooth border of what is nearer

/// A ridge down to where the next one hides it. Its colour goes from its top to the lower border of the
/// window.
static void add_ridge(ParaGlSky *sky, const Frame *f, const Ridges *ridges, int layer, ParaColour top,
                      ParaColour low)
{
    float bottom = f->area.y + f->area.height, step = f->area.width / STEPS;
    for (int i = 0; i < STEPS; i++) {
        Corner q[4];
        for (int k = 0; k < 2; k++) {
            float x = f->area.x + (float)(i + k) * step, edge = ridges->edges[layer][i + k];
            float end = fmaxf(fminf(ridges->edges[layer + 1][i + k] + OVERLAP, bottom), edge);
            ParaColour tone = mixed(top, low, (end - edge) / fmaxf(bottom - edge, 1.0f));
            q[k] = corner(x, edge - 1, top, 0, -1, -1);
            q[2 + k] = corner(x, end, tone, 0, end - edge, -1);
        }
        if (q[2].y > q[0].y + 1.0f || q[3].y > q[1].y + 1.0f)
            add_quad(sky, q);
    }
}

/// The air above the first ridge.
static void add_air(ParaGlSky *sky, const Frame *f, const Ridges *ridges, const ParaColours *colours)
{
    ParaRect upper = f->area, lower = f->area;
    ParaColour ground = mixed(colours->sky_low, colours->hill_near, 0.5f);
    float deepest = f->area.y;
    for (int i = 0; i <= STEPS; i++)
        deepest = fmaxf(deepest, ridges->edges[0][i]);
    upper.height = 0.72f * f->area.height;
    lower.y += upper.height;
    lower.height -= upper.height;
    float seen = para_clampf((deepest + OVERLAP - lower.y) / fmaxf(lower.height, 1.0f), 0.0f, 1.0f);
    lower.height *= seen;
    add_band(sky, upper, colours->sky_top, colours->sky_low);
    if (seen > 0.0f)
        add_band(sky, lower, colours->sky_low, mixed(colours->sky_low, ground, seen));
}

/// Draws corners [first, end).
static void draw_part(const ParaGlSky *sky, ParaGlSkyPart part, int first, int end, int width, int height)
{
    if (end == first)
        return;
    glUseProgram(sky->programs[part]);
    glUniform2f(sky->viewports[part], (float)width, (float)height);
    glDrawArrays(GL_TRIANGLES, first, end - first);
}

void para_gl_sky_draw(ParaGlSky *sky, const ParaLook *look, const ParaColours *colours,
                      const ParaCamera *camera, ParaRect area, int width, int height)
{
    const float unit = camera->scale / fmaxf(area.height, 1.0f); // [1/m] heights of the area
    const float x = camera->centre.x * unit, y = camera->centre.y * unit;
    const Frame f = {area, isfinite(x) ? para_clampf(x, -1e4f, 1e4f) : 0.0f,
                     isfinite(y) ? para_clampf(y, -1e4f, 1e4f) : 0.0f, look->seed,
                     (float)fmod(look->time, 3600.0)};
    Ridges ridges;
    bool plain = look->quality == PARA_QUALITY_LOW;
    for (int i = 0; i <= STEPS && plain; i++)
        ridges.edges[0][i] = area.y + area.height;
    if (!plain)
        lay_ridges(&f, &ridges);
    sky->count = 0;
    add_air(sky, &f, &ridges, colours);
    int bands = sky->count;
    if (!plain) {
        add_stars(sky, &f, colours->star);
        add_orb(sky, &f, colours);
        add_clouds(sky, &f, colours->cloud);
    }
    int discs = sky->count;
    for (int layer = 0; layer < RIDGES && !plain; layer++) {
        ParaColour tone = mixed(colours->hill_far, colours->hill_near, (float)layer / (RIDGES - 1));
        add_ridge(sky, &f, &ridges, layer, tone, mixed(tone, colours->sky_low, 0.45f - 0.1f * (float)layer));
    }
    glBindVertexArray(sky->vertices);
    glBindBuffer(GL_ARRAY_BUFFER, sky->buffer);
    glBufferData(GL_ARRAY_BUFFER, (GLsizeiptr)sizeof(Corner) * sky->count, sky->corners, GL_STREAM_DRAW);
    glDisable(GL_BLEND); // bands hide what is there
    draw_part(sky, PARA_GL_SKY_BANDS, 0, bands, width, height);
    glEnable(GL_BLEND);
    draw_part(sky, PARA_GL_SKY_DISCS, bands, discs, width, height);
    draw_part(sky, PARA_GL_SKY_RIDGES, discs, sky->count, width, height);
}
