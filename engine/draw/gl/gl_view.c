// SPDX-License-Identifier: MIT
// The scene's own memory is the instance buffer; each run of primitives of one kind is one instanced draw, so
// the order of the list, which is the order of depth, holds.
#include "engine/draw/gl/gl_view.h"

#include "engine/draw/gl/shaders.h"

#include <epoxy/gl.h>
#include <stddef.h>

_Static_assert(sizeof(ParaPrimitive) == 76, "the vertex layout below says where each field lies");
_Static_assert(PARA_INK_COUNT <= PARA_GL_INKS, "the shaders hold so many inks");

static GLuint compile(GLenum kind, const char *defines, ParaGlText text, ParaArena *arena,
                      const char **out_error)
{
    const char *parts[] = {"#version 330 core\n", defines ? defines : "", text.shared, text.own};
    GLuint shader = glCreateShader(kind);
    GLint fine = 0;
    glShaderSource(shader, 4, parts, NULL);
    glCompileShader(shader);
    glGetShaderiv(shader, GL_COMPILE_STATUS, &fine);
    if (fine)
        return shader;
    char words[512] = "";
    glGetShaderInfoLog(shader, sizeof words, NULL, words);
    *out_error = para_arena_printf(arena, "a shader does not compile: %s", words);
    glDeleteShader(shader);
    return 0;
}

unsigned para_gl_program(const char *defines, ParaGlText vertex, ParaGlText fragment, ParaArena *arena,
                         const char **out_error)
{
    GLuint v = compile(GL_VERTEX_SHADER, defines, vertex, arena, out_error);
    GLuint f = v ? compile(GL_FRAGMENT_SHADER, defines, fragment, arena, out_error) : 0;
    GLuint program = f ? glCreateProgram() : 0;
    GLint fine = 0;
    if (program) {
        glAttachShader(program, v);
        glAttachShader(program, f);
        glLinkProgram(program);
        glGetProgramiv(program, GL_LINK_STATUS, &fine);
        if (!fine) {
            char words[512] = "";
            glGetProgramInfoLog(program, sizeof words, NULL, words);
            *out_error = para_arena_printf(arena, "shaders do not link: %s", words);
            glDeleteProgram(program);
            program = 0;
        }
    }
    glDeleteShader(v); // zero is silently ignored; attached ones live as long as the program
    glDeleteShader(f);
    return program;
}

void para_gl_inks(int place, const ParaColour *colours)
{
    float inks[PARA_GL_INKS][4] = {{0}};
    for (int i = 0; i < PARA_INK_COUNT; i++) {
        ParaColour c = colours[i];
        float alpha = (float)c.a / 255.0f;
        inks[i][0] = (float)c.r / 255.0f * alpha;
        inks[i][1] = (float)c.g / 255.0f * alpha;
        inks[i][2] = (float)c.b / 255.0f * alpha;
        inks[i][3] = alpha;
    }
    glUniform4fv(place, PARA_GL_INKS, &inks[0][0]);
}

/// The programs get other inks, where they have not got these.
static void take_inks(ParaGlView *view, const ParaColour *inks)
{
    if (view->inks == inks)
        return;
    for (int kind = 0; kind < PARA_GL_KINDS; kind++) {
        glUseProgram(view->programs[kind].name);
        para_gl_inks(view->programs[kind].inks, inks);
    }
    view->inks = inks;
}

/// Where the attributes lie, from primitive `first` on.
static void set_layout(int first)
{
    const GLsizei stride = sizeof(ParaPrimitive);
    const size_t base = sizeof(ParaPrimitive) * (size_t)first;
    glVertexAttribIPointer(0, 4, GL_UNSIGNED_BYTE, stride, (const void *)base);
    glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, stride,
                          (const void *)(base + offsetof(ParaPrimitive, radius)));
    for (GLuint i = 0; i < 4; i++) {
        const size_t at = base + offsetof(ParaPrimitive, points) + 16u * i;
        glVertexAttribPointer(2 + i, 4, GL_FLOAT, GL_FALSE, stride, (const void *)at);
    }
}

unsigned para_gl_form_program(ParaGlKind kind, const char *vertex, const char *fragment, ParaArena *arena,
                              const char **out_error)
{
    static const char *const names[PARA_GL_KINDS] = {"CIRCLE", "CAPSULE", "SHARP", "MIXED", "ROUNDED"};
    const char *defines = para_arena_printf(arena,
                                            "#define CIRCLE 0\n#define CAPSULE 1\n#define SHARP 2\n#define "
                                            "MIXED 3\n#define ROUNDED 4\n#define KIND %s\n",
                                            names[kind]);
    return para_gl_program(defines, (ParaGlText){para_shader_form_glsl, vertex},
                           (ParaGlText){para_shader_distance_glsl, fragment}, arena, out_error);
}

static bool create_program(ParaGlProgram *program, ParaGlKind kind, ParaArena *arena, const char **out_error)
{
    program->name =
        para_gl_form_program(kind, para_shader_gl_view_vert, para_shader_gl_view_frag, arena, out_error);
    if (!program->name)
        return false;
    program->inks = glGetUniformLocation(program->name, "inks");
    program->centre = glGetUniformLocation(program->name, "centre");
    program->screen = glGetUniformLocation(program->name, "screen");
    program->scale = glGetUniformLocation(program->name, "scale");
    program->viewport = glGetUniformLocation(program->name, "viewport");
    return true;
}

bool para_gl_view_create(ParaGlView *view, ParaArena *arena, const char **out_error)
{
    *view = (ParaGlView){.vertices = 0};
    for (int i = 0; i < PARA_INK_COUNT; i++)
        view->standard[i] = para_ink_colour(i);
    for (int kind = 0; kind < PARA_GL_KINDS; kind++)
        if (!create_program(&view->programs[kind], (ParaGlKind)kind, arena, out_error))
            return false;
    glGenVertexArrays(1, &view->vertices);
    glGenBuffers(1, &view->buffer);
    glBindVertexArray(view->vertices);
    for (GLuint i = 0; i < 6; i++) {
        glEnableVertexAttribArray(i);
        glVertexAttribDivisor(i, 1);
    }
    return true;
}

void para_gl_view_destroy(ParaGlView *view)
{
    for (int kind = 0; kind < PARA_GL_KINDS; kind++)
        glDeleteProgram(view->programs[kind].name);
    glDeleteBuffers(1, &view->buffer);
    glDeleteVertexArrays(1, &view->vertices);
    *view = (ParaGlView){.vertices = 0};
}

ParaGlKind para_gl_kind(const ParaPrimitive *p)
{
    if (p->kind == PARA_PRIMITIVE_POLYGON)
        return p->radius > 0.0f ? PARA_GL_ROUNDED : PARA_GL_SHARP;
    return p->kind == PARA_PRIMITIVE_CAPSULE ? PARA_GL_CAPSULE : PARA_GL_CIRCLE;
}

#define RUN_LEAST 12 // [1] primitives of one kind that are worth a draw of their own

/// Primitives of the kind of `first` in a row from there.
static int same_kind(const char *primitives, size_t stride, int first, int count)
{
    ParaGlKind kind =
        para_gl_kind((const ParaPrimitive *)(const void *)(primitives + stride * (size_t)first));
    int end = first + 1;
    while (end < count &&
           para_gl_kind((const ParaPrimitive *)(const void *)(primitives + stride * (size_t)end)) == kind)
        end++;
    return end - first;
}

int para_gl_run(const ParaPrimitive *primitives, size_t stride, int first, int count, ParaGlKind *out_kind)
{
    const char *bytes = (const char *)primitives;
    int run = same_kind(bytes, stride, first, count), end = first + run;
    *out_kind = para_gl_kind((const ParaPrimitive *)(const void *)(bytes + stride * (size_t)first));
    if (*out_kind == PARA_GL_ROUNDED || run >= RUN_LEAST)
        return end;
    while (end < count) {
        const ParaPrimitive *next = (const ParaPrimitive *)(const void *)(bytes + stride * (size_t)end);
        run = same_kind(bytes, stride, end, count);
        if (para_gl_kind(next) == PARA_GL_ROUNDED || run >= RUN_LEAST)
            break;
        *out_kind = PARA_GL_MIXED;
        end += run;
    }
    return end;
}

void para_gl_view_draw(ParaGlView *view, const ParaScene *scene, const ParaCamera *camera, int width,
                       int height, const ParaColour *inks)
{
    if (scene->count == 0)
        return;
    take_inks(view, inks ? inks : view->standard);
    for (int kind = 0; kind < PARA_GL_KINDS; kind++) {
        const ParaGlProgram *p = &view->programs[kind];
        glUseProgram(p->name);
        glUniform2f(p->centre, camera->centre.x, camera->centre.y);
        glUniform2f(p->screen, camera->screen.x, camera->screen.y);
        glUniform2f(p->scale, camera->scale, camera->y_down ? camera->scale : -camera->scale);
        glUniform2f(p->viewport, (float)width, (float)height);
    }
    glBindVertexArray(view->vertices);
    glBindBuffer(GL_ARRAY_BUFFER, view->buffer);
    glBufferData(GL_ARRAY_BUFFER, (GLsizeiptr)sizeof(ParaPrimitive) * scene->count, scene->items,
                 GL_STREAM_DRAW);
    for (int first = 0, end; first < scene->count; first = end) {
        ParaGlKind kind;
        end = para_gl_run(scene->items, sizeof *scene->items, first, scene->count, &kind);
        glUseProgram(view->programs[kind].name);
        set_layout(first);
        glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, end - first);
    }
}
