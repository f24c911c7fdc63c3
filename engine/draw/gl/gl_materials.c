// SPDX-License-Identifier: MIT
// Patterns by noise on a lattice that repeats: grain of wood, specks of stone, brush strokes on metal, cracks
// of ice, streaks on glass, knobs of rubber, threads of cloth, grains of earth.
#include "engine/draw/gl/gl_materials.h"

#include "engine/base/maths.h"
#include "engine/draw/scene.h"

#include <epoxy/gl.h>
#include <math.h>

enum { SIDE = PARA_GL_PATTERN_SIDE };

static float hashed(int x, int y, unsigned salt)
{
    unsigned h = (unsigned)x * 0x9e3779b1u ^ (unsigned)y * 0x85ebca77u ^ salt * 0xc2b2ae3du;
    h = (h ^ h >> 15) * 0x2c1b3c6du;
    h = (h ^ h >> 12) * 0x297a2d39u;
    return (float)((h ^ h >> 15) & 0xffff) / 65535.0f;
}

static float smooth(float t) { return t * t * (3.0f - 2.0f * t); }

/// Noise 0..1 of `wide` x `high` cells a tile, at (u, v) of the tile.
static float noise(float u, float v, int wide, int high, unsigned salt)
{
    float x = u * (float)wide, y = v * (float)high;
    int i = (int)floorf(x), k = (int)floorf(y);
    float s = smooth(x - (float)i), t = smooth(y - (float)k);
    int left = ((i % wide) + wide) % wide, right = (left + 1) % wide;
    int low = ((k % high) + high) % high, up = (low + 1) % high;
    float a = hashed(left, low, salt) * (1 - s) + hashed(right, low, salt) * s;
    float b = hashed(left, up, salt) * (1 - s) + hashed(right, up, salt) * s;
    return a * (1 - t) + b * t;
}

/// Noise of three sizes, about 0..1.
static float rough(float u, float v, int cells, unsigned salt)
{
    return 0.55f * noise(u, v, cells, cells, salt) + 0.3f * noise(u, v, 2 * cells, 2 * cells, salt + 1) +
           0.15f * noise(u, v, 4 * cells, 4 * cells, salt + 2);
}

static float turn(float x) { return sinf((float)PARA_TAU * x); }

/// How near a grain of a lattice of `cells` is: 1 in its middle, 0 at its border and beyond.
static float grain(float u, float v, int cells, unsigned salt)
{
    float x = u * (float)cells, y = v * (float)cells, most = 0.0f;
    int i = (int)floorf(x), k = (int)floorf(y);
    for (int n = 0; n < 9; n++) {
        int a = i + n % 3 - 1, b = k + n / 3 - 1;
        int ha = ((a % cells) + cells) % cells, hb = ((b % cells) + cells) % cells;
        float dx = (float)a + 0.2f + 0.6f * hashed(ha, hb, salt) - x;
        float dy = (float)b + 0.2f + 0.6f * hashed(ha, hb, salt + 1) - y;
        float size = 0.2f + 0.3f * hashed(ha, hb, salt + 2);
        most = fmaxf(most, 1.0f - sqrtf(dx * dx + dy * dy) / size);
    }
    return most;
}

/// -1..1: how much brighter than plain the surface is at (u, v) of its tile.
static float pattern(int surface, float u, float v)
{
    switch (surface) {
    case PARA_SURFACE_WOOD: {
        float bend = 0.35f * noise(u, v, 2, 3, 11);
        float ring = turn(6.0f * v + bend + 0.25f * noise(u, v, 4, 16, 12));
        return 0.34f * ring * fabsf(ring) + 0.34f * (noise(u, v, 4, 48, 13) - 0.5f) -
               0.1f * (noise(u, v, 2, 2, 14) - 0.5f);
    }
    case PARA_SURFACE_STONE: {
        float speck = noise(u, v, 48, 48, 21);
        float crack = fabsf(rough(u, v, 3, 23) - 0.5f);
        return 0.75f * (rough(u, v, 5, 22) - 0.5f) +
               (speck > 0.78f  ? 0.22f
                : speck < 0.2f ? -0.22f
                               : 0.0f) -
               (crack < 0.02f ? 0.4f * (1.0f - crack / 0.02f) : 0.0f);
    }
    case PARA_SURFACE_METAL:
        return 0.24f * (noise(u, v, 3, 64, 31) - 0.5f) +
               0.26f * turn(u + v + 0.1f * noise(u, v, 2, 2, 32)) * fmaxf(turn(u + v), 0.0f);
    case PARA_SURFACE_ICE: {
        float crack = fabsf(rough(u, v, 3, 41) - 0.5f), other = fabsf(noise(u, v, 5, 5, 42) - 0.5f);
        return 0.3f * (noise(u, v, 3, 3, 43) - 0.5f) +
               (crack < 0.03f ? 0.5f * (1.0f - crack / 0.03f) : 0.0f) + (other < 0.015f ? 0.25f : 0.0f);
    }
    case PARA_SURFACE_GLASS: {
        float slant = u + 0.5f * v * 2.0f;
        slant -= floorf(slant);
        float broad = 1.0f - fabsf(slant - 0.3f) / 0.1f, thin = 1.0f - fabsf(slant - 0.5f) / 0.03f;
        return fmaxf(fmaxf(fminf(broad * 3.0f, 1.0f), fminf(thin * 2.0f, 1.0f)), 0.0f) * 0.8f - 0.05f;
    }
    case PARA_SURFACE_RUBBER: {
        float knob = turn(8.0f * u) * turn(8.0f * v);
        return 0.35f * smooth(para_clampf(2.5f * knob, 0.0f, 1.0f)) - 0.12f +
               0.1f * (noise(u, v, 32, 32, 51) - 0.5f);
    }
    case PARA_SURFACE_CLOTH: {
        float warp = turn(16.0f * u), weft = turn(16.0f * v);
        return 0.2f * warp * (weft > 0.0f ? 1.0f : -1.0f) + 0.16f * weft +
               0.25f * (noise(u, v, 6, 6, 61) - 0.5f);
    }
    case PARA_SURFACE_EARTH:
        return 0.4f * (rough(u, v, 4, 71) - 0.5f) + 0.3f * grain(u, v, 9, 72) * grain(u, v, 9, 72) -
               0.22f * (grain(u, v, 14, 75) > 0.45f ? 1.0f : 0.0f);
    default:
        return 0.14f * (rough(u, v, 6, 1) - 0.5f);
    }
}

void para_gl_pattern(int surface, unsigned char *out)
{
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            float bright = pattern(surface, ((float)x + 0.5f) / SIDE, ((float)y + 0.5f) / SIDE);
            *out++ = (unsigned char)(127.5f + 127.0f * para_clampf(bright, -1.0f, 1.0f));
        }
}

unsigned para_gl_materials_create(void)
{
    unsigned char layer[SIDE * SIDE];
    GLuint texture = 0;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D_ARRAY, texture);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_R8, SIDE, SIDE, PARA_SURFACE_COUNT, 0, GL_RED, GL_UNSIGNED_BYTE,
                 NULL);
    for (int surface = 0; surface < PARA_SURFACE_COUNT; surface++) {
        para_gl_pattern(surface, layer);
        glTexSubImage3D(GL_TEXTURE_2D_ARRAY, 0, 0, 0, surface, SIDE, SIDE, 1, GL_RED, GL_UNSIGNED_BYTE,
                        layer);
    }
    glGenerateMipmap(GL_TEXTURE_2D_ARRAY);
    glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_NEAREST);
    glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_S, GL_REPEAT);
    glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_T, GL_REPEAT);
    return texture;
}
