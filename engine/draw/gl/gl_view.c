// SPDX-License-Identifier: MIT
// The scene's own memory is the instance buffer; each run of primitives of one kind is one instanced draw, so
// the order of the list, which is the order of depth, holds.
#include "engine/draw/gl/gl_view.h"

#include "engine/draw/gl/shaders.h"

#include <epoxy/gl.h>

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

static bool create_program(ParaGlProgram *program, ParaGlKind kind, ParaArena *arena, const char **out_error)
{
    program->name =
        para_gl_form_program(kind, "", para_shader_gl_view_vert, para_shader_gl_view_frag, arena, out_error);
    if (!program->name)
        return false;
    program->inks = glGetUniformLocation(program->name, "inks");
    program->eye = para_gl_eye(program->name);
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
    para_gl_instances(6, &view->vertices, &view->buffer);
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

void para_gl_view_draw(ParaGlView *view, const ParaScene *scene, const ParaCamera *camera, int width,
                       int height, const ParaColour *inks)
{
    if (scene->count == 0)
        return;
    take_inks(view, inks ? inks : view->standard);
    for (int kind = 0; kind < PARA_GL_KINDS; kind++) {
        glUseProgram(view->programs[kind].name);
        para_gl_look(&view->programs[kind].eye, camera, width, height);
    }
    glBindVertexArray(view->vertices);
    glBindBuffer(GL_ARRAY_BUFFER, view->buffer);
    glBufferData(GL_ARRAY_BUFFER, (GLsizeiptr)sizeof(ParaPrimitive) * scene->count, scene->items,
                 GL_STREAM_DRAW);
    for (int first = 0, end; first < scene->count; first = end) {
        ParaGlKind kind;
        end = para_gl_run(scene->items, sizeof *scene->items, first, scene->count, &kind);
        glUseProgram(view->programs[kind].name);
        para_gl_layout(sizeof *scene->items, first);
        para_gl_quads(end - first);
    }
}
