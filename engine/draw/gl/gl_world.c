// SPDX-License-Identifier: MIT
// Each pass takes from the scene what it wants, hands it over as instances and draws it. Halos and shadows
// have no order, so each kind of form is one draw; forms in light keep the order of the list, which is that
// of depth, in runs of one kind.
#include "engine/draw/gl/gl_world.h"

#include "engine/draw/gl/gl_materials.h"
#include "engine/draw/gl/shaders.h"
#include "engine/draw/look/particles.h"

#include <epoxy/gl.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

typedef struct ParaGlInstance {
    ParaPrimitive form;
    ParaSceneTag tag;
} Instance;

_Static_assert(sizeof(Instance) == 96, "the vertex layout below says where each field lies");
_Static_assert(sizeof(ParaParticle) == 28, "as above");

/// One picture.
typedef struct Frame {
    ParaGlWorld *world;
    const ParaScene *scene;
    const ParaCamera *camera;
    const ParaLook *look;
    const ParaColours *colours;
    int width, height;
    ParaArena *arena;
    const char **error;
} Frame;

// ---------------------------------------------------------------------------------------------
// Programs.

static bool make_program(const Frame *f, ParaGlPassProgram *p, ParaGlPass pass, ParaGlKind kind)
{
    static const struct {
        const char *vertex, *fragment, *defines;
    } texts[PARA_GL_PASSES] = {{para_shader_body_vert, para_shader_body_frag, ""},
                               {para_shader_body_vert, para_shader_body_frag, "#define FINE\n"},
                               {para_shader_body_vert, para_shader_body_frag, "#define DEEP\n"},
                               {para_shader_body_vert, para_shader_body_frag, "#define DEEP\n#define FINE\n"},
                               {para_shader_shadow_vert, para_shader_shadow_frag, ""},
                               {para_shader_glow_vert, para_shader_glow_frag, ""},
                               {para_shader_water_vert, para_shader_water_frag, ""}};
    p->name = para_gl_form_program(kind, texts[pass].defines, texts[pass].vertex, texts[pass].fragment,
                                   f->arena, f->error);
    if (!p->name)
        return false;
    p->eye = para_gl_eye(p->name);
    p->inks = glGetUniformLocation(p->name, "inks");
    p->light = glGetUniformLocation(p->name, "light");
    p->grain = glGetUniformLocation(p->name, "grain");
    p->shade = glGetUniformLocation(p->name, "shade");
    p->fall = glGetUniformLocation(p->name, "fall");
    p->halo = glGetUniformLocation(p->name, "halo");
    p->veil = glGetUniformLocation(p->name, "veil");
    p->up = glGetUniformLocation(p->name, "up");
    p->water = glGetUniformLocation(p->name, "water");
    p->reach = glGetUniformLocation(p->name, "reach");
    p->ripples = glGetUniformLocation(p->name, "ripples");
    p->ripple_count = glGetUniformLocation(p->name, "ripple_count");
    return true;
}

/// The program of a pass, in use, with the camera and the inks of the picture. @return NULL: it cannot be
/// made
static const ParaGlPassProgram *use(const Frame *f, ParaGlPass pass, ParaGlKind kind)
{
    ParaGlPassProgram *p = &f->world->programs[pass][kind];
    if (!p->name && !make_program(f, p, pass, kind))
        return NULL;
    glUseProgram(p->name);
    para_gl_look(&p->eye, f->camera, f->width, f->height);
    if (p->has != f->colours->inks && p->inks >= 0)
        para_gl_inks(p->inks, f->colours->inks);
    p->has = f->colours->inks;
    return p;
}

static bool make_particle_program(const Frame *f)
{
    ParaGlWorld *w = f->world;
    w->particle_program = para_gl_program(NULL, (ParaGlText){"", para_shader_particles_vert},
                                          (ParaGlText){"", para_shader_particles_frag}, f->arena, f->error);
    w->particle_eye = para_gl_eye(w->particle_program);
    return w->particle_program != 0;
}

static bool make(const Frame *f)
{
    ParaGlWorld *w = f->world;
    if (w->made)
        return true;
    if (!para_gl_sky_create(&w->sky, f->arena, f->error) || !make_particle_program(f))
        return false;
    w->patterns = para_gl_materials_create();
    w->capacity = PARA_SCENE_CAPACITY;
    w->instances = PARA_NEW(f->arena, Instance, w->capacity);
    para_gl_instances(8, &w->vertices, &w->buffer);
    para_gl_instances(3, &w->particle_vertices, &w->particle_buffer);
    w->made = true;
    return true;
}

void para_gl_world_destroy(ParaGlWorld *w)
{
    if (w->sky.programs[0])
        para_gl_sky_destroy(&w->sky);
    for (int pass = 0; pass < PARA_GL_PASSES; pass++)
        for (int kind = 0; kind < PARA_GL_ROUNDED; kind++)
            glDeleteProgram(w->programs[pass][kind].name); // zero is silently ignored, here and below
    glDeleteProgram(w->particle_program);
    glDeleteTextures(1, &w->patterns);
    glDeleteBuffers(1, &w->buffer);
    glDeleteBuffers(1, &w->particle_buffer);
    glDeleteVertexArrays(1, &w->vertices);
    glDeleteVertexArrays(1, &w->particle_vertices);
    *w = (ParaGlWorld){.made = false};
}

// ---------------------------------------------------------------------------------------------
// Instances.

static void hand_over(const ParaGlWorld *w)
{
    glBindVertexArray(w->vertices);
    glBindBuffer(GL_ARRAY_BUFFER, w->buffer);
    glBufferData(GL_ARRAY_BUFFER, (GLsizeiptr)sizeof(Instance) * w->count, w->instances, GL_STREAM_DRAW);
}

/// Draws `count` instances from `first` on with the program in use.
static void draw(int first, int count)
{
    const GLsizei stride = sizeof(Instance);
    const size_t base = sizeof(Instance) * (size_t)first + offsetof(Instance, tag);
    para_gl_layout(sizeof(Instance), first);
    glVertexAttribIPointer(6, 4, GL_UNSIGNED_BYTE, stride, (const void *)base);
    glVertexAttribPointer(7, 4, GL_FLOAT, GL_FALSE, stride,
                          (const void *)(base + offsetof(ParaSceneTag, origin)));
    para_gl_quads(count);
}

static void take(ParaGlWorld *w, const ParaScene *scene, int i)
{
    if (w->count < w->capacity)
        w->instances[w->count++] = (Instance){scene->items[i], scene->tags[i]};
}

/// Instances of [from, to) with all of `wanted` flags and none of `refused`, grouped by kind.
/// @param out_first out, where those of each kind begin  [PARA_GL_ROUNDED + 1]
static void collect(const Frame *f, int from, int to, unsigned wanted, unsigned refused, int *out_first)
{
    f->world->count = 0;
    for (int kind = 0; kind < PARA_GL_ROUNDED; kind++) {
        out_first[kind] = f->world->count;
        for (int i = from; i < to; i++)
            if ((f->scene->tags[i].flags & wanted) == wanted && !(f->scene->tags[i].flags & refused) &&
                (int)para_gl_kind(&f->scene->items[i]) == kind)
                take(f->world, f->scene, i);
    }
    out_first[PARA_GL_ROUNDED] = f->world->count;
    if (f->world->count > 0)
        hand_over(f->world);
}

// ---------------------------------------------------------------------------------------------
// Passes.

static float share(uint8_t c) { return (float)c / 255.0f; }

/// Halos of what has a flag. @param reach [m]  @param strength [1]
static bool draw_glow(const Frame *f, unsigned flag, float reach, float strength)
{
    int first[PARA_GL_ROUNDED + 1];
    float veil = para_look_mood(f->look) == PARA_MOOD_DAY ? 0.55f : 0.1f;
    // Hazards that are ground have their border; a halo along all of it would be no warning any more.
    collect(f, 0, f->scene->count, flag, flag == PARA_TAG_HAZARD ? PARA_TAG_STATIC : 0, first);
    for (int kind = 0; kind < PARA_GL_ROUNDED; kind++) {
        if (first[kind + 1] == first[kind])
            continue;
        const ParaGlPassProgram *p = use(f, PARA_GL_GLOW, (ParaGlKind)kind);
        if (!p)
            return false;
        glUniform3f(p->halo, reach, strength, (float)fmod(f->look->time, 3600.0));
        glUniform1f(p->veil, veil);
        draw(first[kind], first[kind + 1] - first[kind]);
    }
    return true;
}

/// Shadows of what is solid in [from, to). @param soft [m]
static bool draw_shadows(const Frame *f, int from, int to, ParaVec2 shift, float soft)
{
    int first[PARA_GL_ROUNDED + 1];
    ParaColour shade = f->colours->shade;
    collect(f, from, to, PARA_TAG_SOLID, PARA_TAG_DEEP, first);
    for (int kind = 0; kind < PARA_GL_ROUNDED; kind++) {
        if (first[kind + 1] == first[kind])
            continue;
        const ParaGlPassProgram *p = use(f, PARA_GL_SHADOW, (ParaGlKind)kind);
        if (!p)
            return false;
        glUniform4f(p->shade, share(shade.r), share(shade.g), share(shade.b), share(shade.a));
        glUniform3f(p->fall, shift.x, shift.y, soft);
        draw(first[kind], first[kind + 1] - first[kind]);
    }
    return true;
}

static bool is_deep(const ParaSceneTag *tag) { return tag->flags & PARA_TAG_DEEP; }

/// The level of the patterns whose texels are about as large as pixels; below 0: all are larger.
static int grain_of(const Frame *f)
{
    float texels = PARA_GL_PATTERN_SIDE / PARA_GL_PATTERN_METRES / fmaxf(fabsf(f->camera->scale), 1e-3f);
    return (int)floorf(fminf(log2f(texels) + 0.5f, 5.0f));
}

/// How far the run from `first` on goes that one program draws. @param out_kind out, of that program
static int form_run(const ParaGlWorld *w, int first, bool deep, ParaGlKind *out_kind)
{
    int end = first + 1;
    while (end < w->count && is_deep(&w->instances[end].tag) == deep)
        end++;
    *out_kind = PARA_GL_QUAD;
    if (!deep)
        end = para_gl_run(&w->instances[0].form, sizeof(Instance), first, end, out_kind);
    if (*out_kind == PARA_GL_ROUNDED)
        *out_kind = PARA_GL_SHARP;
    return end;
}

/// Forms in light of [from, to), in their order. What other passes draw is left out.
static bool draw_forms(const Frame *f, int from, int to)
{
    ParaGlWorld *w = f->world;
    ParaColour light = f->colours->light;
    int grain = grain_of(f), fine = f->look->quality == PARA_QUALITY_HIGH || grain < 0;
    w->count = 0;
    for (int i = from; i < to; i++)
        if (!(f->scene->tags[i].flags & (PARA_TAG_GRID | PARA_TAG_FLUID | PARA_TAG_WATERLINE)))
            take(w, f->scene, i);
    if (w->count == 0)
        return true;
    hand_over(w);
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D_ARRAY, w->patterns);
    for (int first = 0, end; first < w->count; first = end) {
        bool deep = is_deep(&w->instances[first].tag);
        ParaGlKind kind;
        end = form_run(w, first, deep, &kind);
        const ParaGlPassProgram *p =
            use(f, (ParaGlPass)((deep ? PARA_GL_GROUND : PARA_GL_BODY) + fine), kind);
        if (!p)
            return false;
        glUniform3f(p->light, (float)light.r / 128.0f, (float)light.g / 128.0f, (float)light.b / 128.0f);
        glUniform1i(p->grain, grain);
        draw(first, end - first);
    }
    return true;
}

#define WAVE 0.06f // [m] height of the waves that are always there

/// Gives the program in use the waves of splashes.
static void tell_ripples(const Frame *f, const ParaGlPassProgram *p)
{
    float told[PARA_RIPPLES_MAX][4] = {{0}}, highest = 0.0f;
    int count = 0;
    for (int i = 0; f->look->particles && i < PARA_RIPPLES_MAX; i++) {
        const ParaRipple *ripple = &f->look->particles->ripples[i];
        if (!(ripple->height > 0.0f))
            continue;
        memcpy(told[count++], (float[4]){ripple->at.x, ripple->at.y, ripple->height, ripple->age},
               sizeof told[0]);
        highest += ripple->height;
    }
    glUniform4fv(p->ripples, PARA_RIPPLES_MAX, &told[0][0]);
    glUniform1i(p->ripple_count, count);
    glUniform1f(p->reach, WAVE + highest);
}

/// Fluids. @param body, crest [1] 0..1 how much their body and their surface hide
static bool draw_water(const Frame *f, float body, float crest)
{
    int first[PARA_GL_ROUNDED + 1];
    ParaVec2 g = f->look->gravity;
    float size = sqrtf(g.x * g.x + g.y * g.y);
    collect(f, 0, f->scene->count, PARA_TAG_FLUID, 0, first);
    for (int kind = 0; kind < PARA_GL_ROUNDED; kind++) {
        if (first[kind + 1] == first[kind])
            continue;
        const ParaGlPassProgram *p = use(f, PARA_GL_WATER, (ParaGlKind)kind);
        if (!p)
            return false;
        // Against gravity; the picture's y grows downward.
        glUniform2f(p->up, size > 1e-3f ? -g.x / size : 0.0f, size > 1e-3f ? g.y / size : 0.0f);
        glUniform4f(p->water, size > 1e-3f ? WAVE : 0.0f, (float)fmod(f->look->time, 3600.0), body, crest);
        tell_ripples(f, p);
        draw(first[kind], first[kind + 1] - first[kind]);
    }
    return true;
}

static void draw_particles(const Frame *f)
{
    const ParaParticles *particles = f->look->particles;
    const ParaGlWorld *w = f->world;
    const GLsizei stride = sizeof(ParaParticle);
    if (!particles || particles->count == 0)
        return;
    glUseProgram(w->particle_program);
    para_gl_look(&w->particle_eye, f->camera, f->width, f->height);
    glBindVertexArray(w->particle_vertices);
    glBindBuffer(GL_ARRAY_BUFFER, w->particle_buffer);
    glBufferData(GL_ARRAY_BUFFER, (GLsizeiptr)stride * particles->count, particles->items, GL_STREAM_DRAW);
    glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, stride, (const void *)0);
    glVertexAttribPointer(1, 4, GL_UNSIGNED_BYTE, GL_TRUE, stride,
                          (const void *)offsetof(ParaParticle, tint));
    glVertexAttribPointer(2, 2, GL_FLOAT, GL_FALSE, stride, (const void *)offsetof(ParaParticle, soft));
    para_gl_quads(particles->count);
}

bool para_gl_world_draw(ParaGlWorld *world, ParaGlView *view, const ParaScene *scene,
                        const ParaCamera *camera, const ParaLook *look, const ParaColours *colours,
                        ParaRect area, int width, int height, ParaArena *arena, const char **out_error)
{
    const Frame f = {world, scene, camera, look, colours, width, height, arena, out_error};
    if (world->broken || !make(&f)) {
        world->broken = true;
        return false;
    }
    para_gl_sky_draw(&world->sky, look, colours, camera, area, width, height);
    if (look->quality == PARA_QUALITY_LOW || !scene->tags) {
        para_gl_view_draw(view, scene, camera, width, height, colours->inks);
        return true;
    }
    bool high = look->quality == PARA_QUALITY_HIGH;
    float reach = high ? 0.9f : 0.55f;
    bool fine = draw_water(&f, 0.78f, 0.0f) && draw_forms(&f, 0, scene->statics) &&
                draw_glow(&f, PARA_TAG_GOAL, reach, 0.34f) &&
                draw_shadows(&f, scene->statics, scene->movers, (ParaVec2){0.06f, 0.12f}, 0.16f) &&
                draw_forms(&f, scene->statics, scene->movers) &&
                draw_glow(&f, PARA_TAG_HAZARD, 0.7f * reach, 0.4f) &&
                draw_glow(&f, PARA_TAG_PORTAL, reach, 0.5f) &&
                draw_shadows(&f, scene->movers, scene->count, (ParaVec2){0.05f, 0.09f}, 0.11f) &&
                (!high || draw_shadows(&f, scene->movers, scene->count, (ParaVec2){0.02f, 0.03f}, 0.05f)) &&
                draw_glow(&f, PARA_TAG_FIRE, reach, 0.7f) && draw_forms(&f, scene->movers, scene->count) &&
                draw_water(&f, 0.26f, 0.85f);
    if (fine)
        draw_particles(&f);
    world->broken = !fine;
    return fine;
}
