// SPDX-License-Identifier: MIT
// All shapes of a scene in one instanced draw: the scene's own memory is the instance buffer.
#include "engine/draw/gl_view.h"

#include "engine/draw/shaders.h"

#include <epoxy/gl.h>
#include <stddef.h>

_Static_assert(sizeof(ParaPrimitive) == 76, "the vertex layout below says where each member lies");
_Static_assert(PARA_INK_COUNT <= 64, "the shader holds 64 inks");

static GLuint compile(GLenum kind, const char *body, ParaArena *arena, const char **out_error)
{
    const char *parts[] = {"#version 330 core\n", body};
    GLuint shader = glCreateShader(kind);
    GLint fine = 0;
    glShaderSource(shader, 2, parts, NULL);
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

unsigned para_gl_program(const char *vertex, const char *fragment, ParaArena *arena, const char **out_error)
{
    GLuint v = compile(GL_VERTEX_SHADER, vertex, arena, out_error);
    GLuint f = v ? compile(GL_FRAGMENT_SHADER, fragment, arena, out_error) : 0;
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

static void set_inks(GLuint program)
{
    float inks[64][4] = {{0}};
    for (int i = 0; i < PARA_INK_COUNT; i++) {
        ParaColour c = para_ink_colour(i);
        float alpha = (float)c.a / 255.0f;
        inks[i][0] = (float)c.r / 255.0f * alpha;
        inks[i][1] = (float)c.g / 255.0f * alpha;
        inks[i][2] = (float)c.b / 255.0f * alpha;
        inks[i][3] = alpha;
    }
    glUseProgram(program);
    glUniform4fv(glGetUniformLocation(program, "inks"), 64, &inks[0][0]);
}

static void set_layout(void)
{
    const GLsizei stride = sizeof(ParaPrimitive);
    glVertexAttribIPointer(0, 4, GL_UNSIGNED_BYTE, stride, NULL);
    glVertexAttribPointer(1, 2, GL_FLOAT, GL_FALSE, stride, (const void *)offsetof(ParaPrimitive, radius));
    for (GLuint i = 0; i < 4; i++) {
        const size_t at = offsetof(ParaPrimitive, points) + 16u * i;
        glVertexAttribPointer(2 + i, 4, GL_FLOAT, GL_FALSE, stride, (const void *)at);
    }
    for (GLuint i = 0; i < 6; i++) {
        glEnableVertexAttribArray(i);
        glVertexAttribDivisor(i, 1);
    }
}

bool para_gl_view_create(ParaGlView *view, ParaArena *arena, const char **out_error)
{
    *view = (ParaGlView){
        .program = para_gl_program(para_shader_gl_view_vert, para_shader_gl_view_frag, arena, out_error)};
    if (!view->program)
        return false;
    glGenVertexArrays(1, &view->vertices);
    glGenBuffers(1, &view->buffer);
    glBindVertexArray(view->vertices);
    glBindBuffer(GL_ARRAY_BUFFER, view->buffer);
    set_layout();
    set_inks(view->program);
    view->centre = glGetUniformLocation(view->program, "centre");
    view->screen = glGetUniformLocation(view->program, "screen");
    view->scale = glGetUniformLocation(view->program, "scale");
    view->viewport = glGetUniformLocation(view->program, "viewport");
    return true;
}

void para_gl_view_destroy(ParaGlView *view)
{
    glDeleteProgram(view->program);
    glDeleteBuffers(1, &view->buffer);
    glDeleteVertexArrays(1, &view->vertices);
    *view = (ParaGlView){0};
}

void para_gl_view_draw(const ParaGlView *view, const ParaScene *scene, const ParaCamera *camera, int width,
                       int height)
{
    if (scene->count == 0)
        return;
    glUseProgram(view->program);
    glUniform2f(view->centre, camera->centre.x, camera->centre.y);
    glUniform2f(view->screen, camera->screen.x, camera->screen.y);
    glUniform2f(view->scale, camera->scale, camera->y_down ? camera->scale : -camera->scale);
    glUniform2f(view->viewport, (float)width, (float)height);
    glBindVertexArray(view->vertices);
    glBindBuffer(GL_ARRAY_BUFFER, view->buffer);
    glBufferData(GL_ARRAY_BUFFER, (GLsizeiptr)sizeof(ParaPrimitive) * scene->count, scene->items,
                 GL_STREAM_DRAW);
    glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, scene->count);
}
