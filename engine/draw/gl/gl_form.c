// SPDX-License-Identifier: MIT
// Programs are put together from texts; everything else here is said once for all passes.
#include "engine/draw/gl/gl_form.h"

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

unsigned para_gl_form_program(ParaGlKind kind, const char *defines, const char *vertex, const char *fragment,
                              ParaArena *arena, const char **out_error)
{
    static const char *const names[PARA_GL_KINDS] = {"CIRCLE", "CAPSULE", "QUAD",
                                                     "SHARP",  "MIXED",   "ROUNDED"};
    const char *all = para_arena_printf(arena,
                                        "#define CIRCLE 0\n#define CAPSULE 1\n#define QUAD 2\n#define SHARP "
                                        "3\n#define MIXED 4\n#define ROUNDED 5\n#define KIND %s\n%s",
                                        names[kind], defines);
    return para_gl_program(all, (ParaGlText){para_shader_form_glsl, vertex},
                           (ParaGlText){para_shader_distance_glsl, fragment}, arena, out_error);
}

ParaGlEye para_gl_eye(unsigned program)
{
    return (ParaGlEye){glGetUniformLocation(program, "centre"), glGetUniformLocation(program, "screen"),
                       glGetUniformLocation(program, "scale"), glGetUniformLocation(program, "viewport")};
}

void para_gl_look(const ParaGlEye *eye, const ParaCamera *camera, int width, int height)
{
    glUniform2f(eye->centre, camera->centre.x, camera->centre.y);
    glUniform2f(eye->screen, camera->screen.x, camera->screen.y);
    glUniform2f(eye->scale, camera->scale, camera->y_down ? camera->scale : -camera->scale);
    glUniform2f(eye->viewport, (float)width, (float)height);
}

void para_gl_layout(size_t stride, int first)
{
    const size_t base = stride * (size_t)first;
    glVertexAttribIPointer(0, 4, GL_UNSIGNED_BYTE, (GLsizei)stride, (const void *)base);
    glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, (GLsizei)stride,
                          (const void *)(base + offsetof(ParaPrimitive, radius)));
    for (GLuint i = 0; i < 4; i++) {
        const size_t at = base + offsetof(ParaPrimitive, points) + 16u * i;
        glVertexAttribPointer(2 + i, 4, GL_FLOAT, GL_FALSE, (GLsizei)stride, (const void *)at);
    }
}

void para_gl_instances(unsigned count, unsigned *out_vertices, unsigned *out_buffer)
{
    glGenVertexArrays(1, out_vertices);
    glGenBuffers(1, out_buffer);
    glBindVertexArray(*out_vertices);
    for (GLuint i = 0; i < count; i++) {
        glEnableVertexAttribArray(i);
        glVertexAttribDivisor(i, 1);
    }
}

void para_gl_quads(int count) { glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, count); }

ParaGlKind para_gl_kind(const ParaPrimitive *p)
{
    if (p->kind == PARA_PRIMITIVE_POLYGON)
        return p->radius > 0.0f ? PARA_GL_ROUNDED : p->point_count <= 4 ? PARA_GL_QUAD : PARA_GL_SHARP;
    return p->kind == PARA_PRIMITIVE_CAPSULE ? PARA_GL_CAPSULE : PARA_GL_CIRCLE;
}

/// The shortest program that draws both. None of them is ROUNDED.
static ParaGlKind either(ParaGlKind a, ParaGlKind b)
{
    if (a == b)
        return a;
    if (a <= PARA_GL_CAPSULE && b <= PARA_GL_CAPSULE)
        return PARA_GL_CAPSULE;
    return a >= PARA_GL_QUAD && b >= PARA_GL_QUAD && a <= PARA_GL_SHARP && b <= PARA_GL_SHARP ? PARA_GL_SHARP
                                                                                              : PARA_GL_MIXED;
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
        *out_kind = either(*out_kind, para_gl_kind(next));
        end += run;
    }
    return end;
}
