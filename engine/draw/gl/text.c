// SPDX-License-Identifier: MIT
// stb_truetype bakes every letter, in three sizes; a line of text is then two triangles a letter.
#include "engine/draw/gl/text.h"

#include "engine/base/file.h"
#include "engine/draw/gl/gl_view.h"
#include "engine/draw/gl/shaders.h"

#include <epoxy/gl.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The library's code is not ours to warn about.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wunused-function"
#define STBTT_STATIC
#define STB_TRUETYPE_IMPLEMENTATION
#include <stb/stb_truetype.h>
// The easy font comes after: its functions are static.
#include <stb/stb_easy_font.h>
#pragma GCC diagnostic pop

#define LETTERS_MAX    2048 // of one batch
#define SIDE_MIN       1024 // [texel] of the texture of letters; as large as they need
#define SIDE_MAX       8192 // [texel] that every OpenGL 3.3 on a desktop has; asked for below all the same
#define FONT_BYTES_MAX ((size_t)32 << 20)

typedef struct Span {
    int first, count; // code points
} Span;
// ASCII, Latin-1, Greek, punctuation, arrows, and the few signs of units and keys.
static const Span spans[] = {{32, 95},    {160, 96},   {0x391, 57}, {0x2010, 23},
                             {0x2190, 4}, {0x2212, 1}, {0x2264, 2}};
enum { SPANS = sizeof spans / sizeof *spans, GLYPHS = 95 + 96 + 57 + 23 + 4 + 1 + 2 };

static const float sizes[PARA_TEXT_SIZES] = {15.0f, 18.0f, 34.0f}; // [screen units]

typedef struct Corner {
    float x, y, s, t;
    uint8_t ink[4];
} Corner;

struct ParaText {
    unsigned program, vertices, buffer, texture;
    int viewport, side;                                                            // uniform place, [texel]
    float scale;                                                                   // [px per screen unit]
    float pixels[PARA_TEXT_SIZES], ascent[PARA_TEXT_SIZES], line[PARA_TEXT_SIZES]; // [px]
    bool easy; // no font file: stb_easy_font
    const char *file;
    stbtt_packedchar glyphs[PARA_TEXT_SIZES][GLYPHS];
    int width, height; // [px] of what is drawn on
    Corner *corners;   // [LETTERS_MAX * 6]
    int count;
};

// ---------------------------------------------------------------------------------------------
// Finding and baking a font.

static const char *font_from_fontconfig(ParaArena *arena)
{
    FcConfig *config = FcInitLoadConfigAndFonts();
    FcPattern *wish = FcNameParse((const FcChar8 *)"DejaVu Sans,sans-serif");
    FcResult result = FcResultNoMatch;
    char *found = NULL;
    FcConfigSubstitute(config, wish, FcMatchPattern);
    FcDefaultSubstitute(wish);
    FcPattern *match = FcFontMatch(config, wish, &result);
    FcChar8 *file = NULL;
    if (match && FcPatternGetString(match, FC_FILE, 0, &file) == FcResultMatch)
        found = para_arena_strdup(arena, (const char *)file);
    if (match)
        FcPatternDestroy(match);
    FcPatternDestroy(wish);
    FcConfigDestroy(config);
    return found;
}

/// A font file's bytes, NULL if this machine has none. PARACOSM_FONT names one; empty, it asks for none.
static uint8_t *find_font(ParaArena *arena, size_t *out_size, const char **out_file)
{
    const char *wish = getenv("PARACOSM_FONT");
    if (wish && !*wish)
        return NULL;
    const char *files[] = {wish, font_from_fontconfig(arena),
                           "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *error = NULL;
        uint8_t *data =
            files[i] ? (uint8_t *)para_file_read(files[i], FONT_BYTES_MAX, arena, out_size, &error) : NULL;
        if (data && *out_size > 12 && stbtt_GetFontOffsetForIndex(data, 0) >= 0) {
            *out_file = files[i];
            return data;
        }
    }
    return NULL;
}

/// Fills the atlas; false if the font does not work or a letter finds no room.
static bool bake(ParaText *text, const uint8_t *font, uint8_t *atlas)
{
    stbtt_fontinfo info;
    stbtt_pack_context pack;
    if (!stbtt_InitFont(&info, font, stbtt_GetFontOffsetForIndex(font, 0)) ||
        !stbtt_PackBegin(&pack, atlas, text->side, text->side, 0, 1, NULL))
        return false;
    int ascent, descent, gap;
    bool fine = true;
    stbtt_GetFontVMetrics(&info, &ascent, &descent, &gap);
    stbtt_PackSetSkipMissingCodepoints(&pack, 0);
    for (int size = 0; size < PARA_TEXT_SIZES && fine; size++) {
        stbtt_pack_range ranges[SPANS];
        float scale = stbtt_ScaleForMappingEmToPixels(&info, text->pixels[size]);
        int at = 0;
        memset(ranges, 0, sizeof ranges);
        for (int i = 0; i < SPANS; i++) {
            ranges[i].font_size = STBTT_POINT_SIZE(text->pixels[size]);
            ranges[i].first_unicode_codepoint_in_range = spans[i].first;
            ranges[i].num_chars = spans[i].count;
            ranges[i].chardata_for_range = &text->glyphs[size][at];
            at += spans[i].count;
        }
        text->ascent[size] = floorf((float)ascent * scale + 0.5f);
        text->line[size] = ceilf((float)(ascent - descent + gap) * scale);
        stbtt_PackSetOversampling(&pack, 2, 1); // sub-pixel positions along the line
        fine = stbtt_PackFontRanges(&pack, font, 0, ranges, SPANS) != 0;
    }
    stbtt_PackEnd(&pack);
    return fine;
}

static void upload(ParaText *text, const uint8_t *atlas)
{
    if (!text->texture)
        glGenTextures(1, &text->texture);
    glBindTexture(GL_TEXTURE_2D, text->texture);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_R8, text->side, text->side, 0, GL_RED, GL_UNSIGNED_BYTE, atlas);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

/// The letters of a font in the smallest texture that they fit into. @return NULL: none is large enough
static const uint8_t *bake_fitting(ParaText *text, const uint8_t *font, ParaArena *arena)
{
    GLint largest = SIDE_MIN;
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &largest);
    for (text->side = SIDE_MIN; text->side <= SIDE_MAX && text->side <= largest; text->side *= 2) {
        ParaArenaMark mark = para_arena_mark(arena);
        uint8_t *atlas = para_arena_alloc(arena, (size_t)text->side * (size_t)text->side);
        if (bake(text, font, atlas))
            return atlas;
        para_arena_rewind(arena, mark);
    }
    return NULL;
}

static void load_letters(ParaText *text, float scale, ParaArena *arena)
{
    static const uint8_t white[1] = {255}; // all that the rectangles of block letters need
    ParaArenaMark mark = para_arena_mark(arena);
    const char *file = NULL;
    size_t size = 0;
    char name[512] = "";
    text->scale = scale;
    for (int i = 0; i < PARA_TEXT_SIZES; i++)
        text->pixels[i] = floorf(sizes[i] * scale + 0.5f);
    const uint8_t *font = find_font(arena, &size, &file);
    const uint8_t *atlas = font ? bake_fitting(text, font, arena) : NULL;
    text->easy = !atlas;
    if (text->easy) {
        text->side = 1;
        atlas = white;
        for (int i = 0; i < PARA_TEXT_SIZES; i++) {
            text->ascent[i] = 0.0f;
            text->line[i] = ceilf(text->pixels[i] * 1.2f);
        }
    } else {
        snprintf(name, sizeof name, "%s", file);
    }
    upload(text, atlas);
    para_arena_rewind(arena, mark); // the font's megabytes are not needed any more
    if (!text->file || strcmp(text->file, name) != 0)
        text->file = para_arena_strdup(arena, name);
}

void para_text_rescale(ParaText *text, float scale, ParaArena *arena)
{
    if (scale != text->scale)
        load_letters(text, scale, arena);
}

ParaText *para_text_create(float scale, ParaArena *arena, const char **out_error)
{
    ParaText *text = PARA_NEW(arena, ParaText, 1);
    text->corners = PARA_NEW(arena, Corner, LETTERS_MAX * 6);
    text->program = para_gl_program(NULL, (ParaGlText){"", para_shader_text_vert},
                                    (ParaGlText){"", para_shader_text_frag}, arena, out_error);
    if (!text->program)
        return NULL;
    load_letters(text, scale, arena);
    glGenVertexArrays(1, &text->vertices);
    glGenBuffers(1, &text->buffer);
    glBindVertexArray(text->vertices);
    glBindBuffer(GL_ARRAY_BUFFER, text->buffer);
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, sizeof(Corner), (const void *)offsetof(Corner, x));
    glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, sizeof(Corner), (const void *)offsetof(Corner, s));
    glVertexAttribPointer(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, sizeof(Corner),
                          (const void *)offsetof(Corner, ink));
    for (GLuint i = 0; i < 3; i++)
        glEnableVertexAttribArray(i);
    text->viewport = glGetUniformLocation(text->program, "viewport");
    return text;
}

void para_text_destroy(ParaText *text)
{
    glDeleteProgram(text->program);
    glDeleteBuffers(1, &text->buffer);
    glDeleteVertexArrays(1, &text->vertices);
    glDeleteTextures(1, &text->texture);
}

const char *para_text_font(const ParaText *text) { return text->file; }

// ---------------------------------------------------------------------------------------------
// Lines of text.

/// Next code point of UTF-8; damaged bytes give '?', one at a time, so that any text ends.
static int next_code(const char **at)
{
    const uint8_t *s = (const uint8_t *)*at;
    int count = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
    int code = count == 1 ? s[0] : count == 2 ? s[0] & 31 : count == 3 ? s[0] & 15 : s[0] & 7;
    for (int i = 1; i < count; i++) {
        if (s[i] >> 6 != 2)
            count = 0;
        else
            code = code << 6 | (s[i] & 63);
    }
    *at += count ? count : 1;
    return count ? code : '?';
}

static int glyph_of(int code)
{
    int at = 0;
    for (int i = 0; i < SPANS; i++) {
        if (code >= spans[i].first && code < spans[i].first + spans[i].count)
            return at + code - spans[i].first;
        at += spans[i].count;
    }
    return '?' - 32;
}

static Corner *take(ParaText *text)
{
    if (text->count == LETTERS_MAX)
        para_text_flush(text);
    return text->corners + (size_t)text->count++ * 6;
}

static void put_quad(ParaText *text, const stbtt_aligned_quad *q, int ink)
{
    Corner *c = take(text);
    ParaColour k = para_ink_colour(ink);
    const Corner a = {q->x0, q->y0, q->s0, q->t0, {k.r, k.g, k.b, k.a}};
    const Corner b = {q->x1, q->y0, q->s1, q->t0, {k.r, k.g, k.b, k.a}};
    const Corner d = {q->x0, q->y1, q->s0, q->t1, {k.r, k.g, k.b, k.a}};
    const Corner e = {q->x1, q->y1, q->s1, q->t1, {k.r, k.g, k.b, k.a}};
    const Corner six[6] = {a, b, e, a, e, d};
    memcpy(c, six, sizeof six);
}

/// A box of a block letter, in its units, 1 of which are `scale` pixels.
static void put_box(ParaText *text, float x, float y, float scale, const float low[2], const float high[2],
                    int ink)
{
    stbtt_aligned_quad q = {.x0 = x + low[0] * scale,
                            .y0 = y + (low[1] + 2) * scale,
                            .s0 = 0.5f,
                            .t0 = 0.5f,
                            .x1 = x + high[0] * scale,
                            .y1 = y + (high[1] + 2) * scale,
                            .s1 = 0.5f,
                            .t1 = 0.5f};
    put_quad(text, &q, ink);
}

#define EASY_ARROW_WIDE 8.0f // units, with the space behind it

/// Arrows, which the block letters lack: a shaft and a head of steps. @param code 0x2190 left, then up,
/// right, down
static void put_arrow(ParaText *text, float x, float y, float scale, int code, int ink)
{
    static const float boxes[][4] = {
        {0, 3, 7, 4}, {1, 2, 2, 5}, {2, 1, 3, 6}}; // of the left one: x, y to x, y
    for (size_t i = 0; i < sizeof boxes / sizeof *boxes; i++) {
        const float *b = boxes[i];
        bool upright = code == 0x2191 || code == 0x2193, back = code >= 0x2192;
        float from = back ? 7 - b[2] : b[0], to = back ? 7 - b[0] : b[2];
        const float low[2] = {upright ? b[1] : from, upright ? from : b[1]};
        const float high[2] = {upright ? b[3] : to, upright ? to : b[3]};
        put_box(text, x, y, scale, low, high, ink);
    }
}

/// Signs outside of ASCII that mean the same in it.
static const char *plain_sign(int code)
{
    switch (code) {
    case 0x2026:
        return "...";
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2212:
        return "-";
    case 0x2018:
    case 0x2019:
        return "'";
    case 0x201c:
    case 0x201d:
        return "\"";
    case 0x2264:
        return "<=";
    case 0x2265:
        return ">=";
    case 0xb7:
        return ".";
    case 0xd7:
        return "x";
    default:
        return "?";
    }
}

/// @param text NULL: only the width
static float easy_run(ParaText *text, float x, float y, float scale, int ink, char *plain)
{
    float buffer[256 * 20 * 4]; // about 20 corners a letter, 16 bytes each
    int quads = text ? stb_easy_font_print(0, 0, plain, NULL, buffer, (int)sizeof buffer) : 0;
    for (int i = 0; i < quads; i++) // corners 0 and 2 of 4, 4 floats each
        put_box(text, x, y, scale, buffer + i * 16, buffer + i * 16 + 8, ink);
    return (float)stb_easy_font_width(plain) * scale;
}

/// The last resort: rectangles of stb_easy_font, 7 units high. @param text NULL: only the width
static float easy_line(ParaText *text, float x, float y, float pixels, int ink, const char *utf8)
{
    float scale = floorf(pixels / 9.0f) < 1.0f ? 1.0f : floorf(pixels / 9.0f), start = x;
    while (*utf8) {
        char plain[256];
        size_t length = 0;
        int code = 0;
        while (*utf8 && length + 4 < sizeof plain) {
            code = next_code(&utf8);
            if (code >= 0x2190 && code <= 0x2193)
                break;
            if (code >= 32 && code < 127)
                plain[length++] = (char)code;
            else
                length += (size_t)snprintf(plain + length, 4, "%s", plain_sign(code));
        }
        plain[length] = '\0';
        x += easy_run(text, x, y, scale, ink, plain);
        if (code < 0x2190 || code > 0x2193)
            continue;
        if (text)
            put_arrow(text, x, y, scale, code, ink);
        x += EASY_ARROW_WIDE * scale;
    }
    return x - start;
}

static float line(const ParaText *text, ParaText *target, float x, float y, ParaTextSize size, int ink,
                  const char *utf8)
{
    if (text->easy)
        return easy_line(target, x, y, text->pixels[size], ink, utf8);
    float pen = floorf(x + 0.5f), base = floorf(y + 0.5f) + text->ascent[size], start = pen;
    while (*utf8) {
        stbtt_aligned_quad q;
        stbtt_GetPackedQuad(text->glyphs[size], text->side, text->side, glyph_of(next_code(&utf8)), &pen,
                            &base, &q, 0);
        if (target)
            put_quad(target, &q, ink);
    }
    return pen - start;
}

float para_text_add(ParaText *text, float x, float y, ParaTextSize size, int ink, const char *utf8)
{
    return line(text, text, x, y, size, ink, utf8);
}

float para_text_width(const ParaText *text, ParaTextSize size, const char *utf8)
{
    return line(text, NULL, 0, 0, size, 0, utf8);
}

float para_text_line_height(const ParaText *text, ParaTextSize size) { return text->line[size]; }

void para_text_view(ParaText *text, int width, int height)
{
    text->width = width;
    text->height = height;
}

void para_text_flush(ParaText *text)
{
    if (text->count == 0)
        return;
    glUseProgram(text->program);
    glUniform2f(text->viewport, (float)text->width, (float)text->height);
    glBindTexture(GL_TEXTURE_2D, text->texture);
    glBindVertexArray(text->vertices);
    glBindBuffer(GL_ARRAY_BUFFER, text->buffer);
    glBufferData(GL_ARRAY_BUFFER, (GLsizeiptr)sizeof(Corner) * text->count * 6, text->corners,
                 GL_STREAM_DRAW);
    glDrawArrays(GL_TRIANGLES, 0, text->count * 6);
    text->count = 0;
}
