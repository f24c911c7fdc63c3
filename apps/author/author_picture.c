// SPDX-License-Identifier: MIT
// What the canvas shows: the level as it begins, seen through the camera, and over it marks of what is
// selected, wrong or being made.
#include "apps/author/author_parts.h"

#include "agents/observe/picture.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"

#include <math.h>
#include <string.h>

#define HANDLE     6.0f // [px] half a handle, times the scale
#define AMBER      0xf0b86cffu
#define SOFT       0xf0b86c80u
#define RED        0xe0604cffu
#define FRAME      0xffffffb0u
#define FRAME_DARK 0x20222ab0u

static void draw_world(ParaAuthor *a, const ParaLevel *level, const ParaEnv *env, ParaRect area,
                       const ParaCamera *camera, uint64_t seed)
{
    para_scene_clear(&a->scene);
    para_picture_scene(&a->scene, level, a->playing ? &env->play : NULL, env->world, NULL, true);
    a->look.area = area;
    a->look.seed = seed;
    a->look.gravity = para_world_view(env->world)->gravity;
    a->look.time = a->playing ? para_world_view(env->world)->time : 0.0;
    para_window_world(a->window, &a->scene, camera, &a->look);
}

void para_author_picture(ParaAuthor *a)
{
    if (!a->framed && a->model.level) {
        para_author_frame(a, false);
        a->framed = true;
    }
    if (!a->nine) {
        if (!a->model.level)
            para_gui_draw_text(a->canvas.x + 24 * a->scale, a->canvas.y + 24 * a->scale, 0xe0dcd0ffu,
                               "The text has mistakes, so there is no level to show yet: see Problems.");
        if (a->model.level)
            draw_world(a, a->model.level, &a->model.env, a->canvas, &a->camera, a->model.seed);
        return;
    }
    para_author_model_members(a);
    for (int k = 0; k < PARA_AUTHOR_MEMBERS; k++) {
        float gap = 4 * a->scale, w = a->canvas.width / 3, h = a->canvas.height / 3;
        ParaRect area = {a->canvas.x + w * (float)(k % 3) + gap, a->canvas.y + h * (float)(k / 3) + gap,
                         w - 2 * gap, h - 2 * gap};
        if (!a->model.members[k].level)
            continue;
        ParaCamera camera = para_camera_fit(a->model.members[k].level->world.size, area);
        draw_world(a, a->model.members[k].level, &a->model.members[k].env, area, &camera,
                   a->model.members[k].seed);
    }
}

static void mark_box(const ParaAuthor *a, ParaVec2 low, ParaVec2 high, uint32_t colour, float line)
{
    ParaVec2 p = para_camera_to_screen(&a->camera, (ParaVec2){low.x, high.y});
    ParaVec2 q = para_camera_to_screen(&a->camera, (ParaVec2){high.x, low.y});
    float by = 3 * a->scale;
    para_gui_draw_box(p.x - by, p.y - by, q.x - p.x + 2 * by, q.y - p.y + 2 * by, colour, line * a->scale);
}

/// The world's frame: what is played in lies in it.
static void mark_world(const ParaAuthor *a)
{
    char words[64], w[PARA_NUMBER_SIZE], h[PARA_NUMBER_SIZE];
    if (!a->model.level)
        return;
    ParaVec2 size = a->model.level->world.size;
    ParaVec2 p = para_camera_to_screen(&a->camera, (ParaVec2){0, size.y});
    ParaVec2 q = para_camera_to_screen(&a->camera, (ParaVec2){size.x, 0});
    para_gui_draw_box(p.x - 1, p.y - 1, q.x - p.x + 2, q.y - p.y + 2, FRAME_DARK, 1);
    para_gui_draw_box(p.x, p.y, q.x - p.x, q.y - p.y, FRAME, 1);
    snprintf(words, sizeof words, "%s x %s m", para_text_measure((double)size.x, w),
             para_text_measure((double)size.y, h));
    para_gui_draw_text(q.x - para_gui_text_width(words) - 4 * a->scale, p.y + 2 * a->scale, FRAME_DARK,
                       words);
}

/// A body where it comes to by itself, and the way to there from where it was before. Both as it lies from
/// its place. @param box [4] of the body: low x, low y, high x, high y [m]
static void mark_stop(const ParaAuthor *a, const float *box, ParaVec2 from, ParaVec2 to)
{
    ParaVec2 middle = {(box[0] + box[2]) / 2, (box[1] + box[3]) / 2};
    ParaVec2 p = para_camera_to_screen(&a->camera, (ParaVec2){middle.x + from.x, middle.y + from.y});
    ParaVec2 q = para_camera_to_screen(&a->camera, (ParaVec2){middle.x + to.x, middle.y + to.y});
    para_gui_draw_line(p.x, p.y, q.x, q.y, FRAME_DARK, 1.5f * a->scale);
    mark_box(a, (ParaVec2){box[0] + to.x, box[1] + to.y}, (ParaVec2){box[2] + to.x, box[3] + to.y},
             FRAME_DARK, 1);
}

static void mark_swing(const ParaAuthor *a, const float *box, const ParaMotion *motion)
{
    float begin = (float)para_sin((double)motion->phase);
    float high = motion->ends ? -2 * begin : 1 - begin, low = motion->ends ? 0 : -1 - begin;
    ParaVec2 from = {motion->by.x * low, motion->by.y * low}, to = {motion->by.x * high, motion->by.y * high};
    mark_stop(a, box, (ParaVec2){0, 0}, from);
    mark_stop(a, box, from, to);
}

/// Where platforms go.
static void mark_ways(const ParaAuthor *a)
{
    const ParaAuthorModel *m = &a->model;
    for (int b = 0; m->level && b < m->level->world.body_count; b++) {
        ParaVec2 low, high, from = {0, 0};
        const ParaPath *path = para_level_path(m->level, b);
        if (!para_level_moves(m->level, b) || !para_author_bounds(a, m->bodies[b], &low, &high))
            continue;
        const float box[4] = {low.x, low.y, high.x, high.y};
        if (!path)
            mark_swing(a, box, &m->level->body_motions[b]);
        for (int k = 0; path && k < path->count; k++) {
            ParaVec2 to = m->level->stops[path->first + k].by;
            mark_stop(a, box, from, to);
            from = to;
        }
    }
}

/// A thing that a problem's place is in.
static void mark_problems(const ParaAuthor *a)
{
    ParaVec2 low, high;
    char path[PARA_AUTHOR_PATH];
    for (int k = 0; k < a->model.problems.count; k++) {
        const char *place = a->model.problems.items[k].path;
        const char *second = *place ? strchr(place + 1, '/') : NULL,
                   *third = second ? strchr(second + 1, '/') : NULL;
        snprintf(path, sizeof path, "%.*s", (int)(third ? third - place : (long)strlen(place)), place);
        if (second && para_author_bounds(a, path, &low, &high))
            mark_box(a, low, high, RED, 2);
    }
}

static void mark_new(const ParaAuthor *a)
{
    if (a->drag == PARA_DRAG_DRAW || (a->drag == PARA_DRAG_MARK && a->dragged)) {
        ParaVec2 low = {fminf(a->from.x, a->to.x), fminf(a->from.y, a->to.y)},
                 high = {fmaxf(a->from.x, a->to.x), fmaxf(a->from.y, a->to.y)};
        mark_box(a, low, high, AMBER, 1.5f);
    }
    ParaGuiInput in = para_gui_input();
    for (int k = 0; k < a->point_count; k++) {
        ParaVec2 p = para_camera_to_screen(&a->camera, a->points[k]);
        ParaVec2 q = k + 1 < a->point_count ? para_camera_to_screen(&a->camera, a->points[k + 1])
                                            : (ParaVec2){in.x, in.y};
        para_gui_draw_line(p.x, p.y, q.x, q.y, k + 1 < a->point_count ? AMBER : SOFT, 2 * a->scale);
        para_gui_draw_disc(p.x, p.y, 4 * a->scale, AMBER, 0);
    }
}

/// White with a dark edge, since it may lie on a cloud. @param x, y [px]
static void mark_member(const ParaAuthor *a, float x, float y, const char *words)
{
    static const float around[][2] = {{-1, 0}, {1, 0}, {0, -1}, {0, 1}};
    for (int i = 0; i < 4; i++)
        para_gui_draw_text(x + around[i][0] * a->scale, y + around[i][1] * a->scale, 0x182230d0u, words);
    para_gui_draw_text(x, y, 0xffffffffu, words);
}

void para_author_marks(ParaAuthor *a)
{
    ParaVec2 low, high;
    ParaAuthorHandle handles[PARA_AUTHOR_HANDLES_MAX];
    if (a->nine) {
        for (int k = 0; k < PARA_AUTHOR_MEMBERS; k++) {
            char words[48];
            float w = a->canvas.width / 3, h = a->canvas.height / 3;
            snprintf(words, sizeof words, a->model.members[k].level ? "%llu" : "%llu: no such member",
                     (unsigned long long)a->model.members[k].seed);
            mark_member(a, a->canvas.x + w * (float)(k % 3) + 12 * a->scale,
                        a->canvas.y + h * (float)(k / 3) + 10 * a->scale, words);
        }
        return;
    }
    if (a->playing || !a->framed)
        return;
    mark_world(a);
    mark_ways(a);
    mark_problems(a);
    for (int k = 0; k < a->selected_count; k++)
        if (para_author_bounds(a, a->selected[k], &low, &high))
            mark_box(a, low, high, AMBER, 1.5f);
    if (*a->joint_first && para_author_bounds(a, a->joint_first, &low, &high))
        mark_box(a, low, high, SOFT, 3);
    int count = para_author_handles(a, handles);
    for (int k = 0; k < count; k++) {
        float size = HANDLE * a->scale * 0.8f;
        if (handles[k].drag == PARA_DRAG_SIZE) {
            para_gui_draw_box(handles[k].at.x - size, handles[k].at.y - size, 2 * size, 2 * size, 0x20222aff,
                              0);
            para_gui_draw_box(handles[k].at.x - size, handles[k].at.y - size, 2 * size, 2 * size, AMBER,
                              1.5f * a->scale);
        } else {
            para_gui_draw_disc(handles[k].at.x, handles[k].at.y, size, 0x20222aff, 0);
            para_gui_draw_disc(handles[k].at.x, handles[k].at.y, size, AMBER, 1.5f * a->scale);
        }
    }
    mark_new(a);
}
