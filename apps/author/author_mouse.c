// SPDX-License-Identifier: MIT
// The mouse on the canvas: handles, drags, what a press begins and a release ends, and looking around.
#include "apps/author/author_parts.h"

#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#include <math.h>
#include <string.h>

#define NEAR 9.0f // [px] so near counts as on it
#define FAR  3.0f // [px] so far is a drag and no click

static ParaVec2 world_of(const ParaAuthor *a, float x, float y)
{
    return para_camera_to_world(&a->camera, (ParaVec2){x, y});
}

// ---------------------------------------------------------------------------------------------
// Handles.

static ParaVec2 seen(const ParaAuthor *a, ParaVec2 position, double angle, double x, double y)
{
    ParaPoint at = para_frame_place(position, angle, (ParaVec2){(float)x, (float)y});
    return para_camera_to_screen(&a->camera, (ParaVec2){(float)at.x, (float)at.y});
}

/// Of several things the one that turns them.
static int handle_of_several(const ParaAuthor *a, ParaAuthorHandle *out)
{
    ParaVec2 low, high;
    if (a->selected_count < 2 || !para_author_selection_bounds(a, &low, &high))
        return 0;
    ParaVec2 top = para_camera_to_screen(&a->camera, (ParaVec2){(low.x + high.x) / 2, high.y});
    out[0] = (ParaAuthorHandle){PARA_DRAG_TURN, {top.x, top.y - 22 * a->scale}, ""};
    return 1;
}

int para_author_handles(const ParaAuthor *a, ParaAuthorHandle *out)
{
    const int max = PARA_AUTHOR_HANDLES_MAX;
    ParaVec2 position, low, high;
    double angle, w, h;
    char key[2 * PARA_AUTHOR_PATH], item[3 * PARA_AUTHOR_PATH];
    if (a->selected_count != 1)
        return handle_of_several(a, out);
    if (!para_author_pose(a, a->selected[0], &position, &angle) ||
        !para_author_bounds(a, a->selected[0], &low, &high))
        return 0;
    int count = 0;
    const char *kind = para_author_shape_key(a, a->selected[0], key, sizeof key);
    ParaVec2 centre = para_camera_to_screen(&a->camera, position);
    if (!kind || strcmp(kind, "shape/chain") != 0) {
        float top = para_camera_to_screen(&a->camera, (ParaVec2){position.x, high.y}).y;
        out[count++] = (ParaAuthorHandle){PARA_DRAG_TURN, {centre.x, top - 22 * a->scale}, ""};
    }
    if (!kind)
        return count;
    if (strstr(kind, "box")) {
        char part[2 * PARA_AUTHOR_PATH + 4];
        snprintf(part, sizeof part, "%s/0", key);
        bool plain = para_document_number(a->document, part, &w);
        snprintf(part, sizeof part, "%s/1", key);
        if (plain && para_document_number(a->document, part, &h))
            for (int k = 0; k < 4 && count < max; k++)
                out[count++] = (ParaAuthorHandle){
                    PARA_DRAG_SIZE, seen(a, position, angle, k & 1 ? w / 2 : -w / 2, k & 2 ? h / 2 : -h / 2),
                    ""};
    } else if (strstr(kind, "circle")) {
        if (para_document_number(a->document, key, &w))
            out[count++] = (ParaAuthorHandle){PARA_DRAG_SIZE, seen(a, position, angle, w, 0), ""};
    } else {
        for (int k = 0; count < max; k++) {
            double x, y;
            snprintf(item, sizeof item, "%s/%d/0", key, k);
            bool plain = para_document_number(a->document, item, &x);
            snprintf(item, sizeof item, "%s/%d/1", key, k);
            if (!plain || !para_document_number(a->document, item, &y))
                break;
            out[count] = (ParaAuthorHandle){PARA_DRAG_POINT, seen(a, position, angle, x, y), ""};
            snprintf(out[count++].path, PARA_AUTHOR_PATH, "%.80s/%d", key, k);
        }
    }
    return count;
}

// ---------------------------------------------------------------------------------------------
// Drags.

/// To the grid, if it is on; [m].
static ParaVec2 snapped(const ParaAuthor *a, ParaVec2 at)
{
    float grid = a->camera.scale > 60 * a->scale ? 0.1f : 0.25f;
    if (a->snap)
        at = (ParaVec2){floorf(at.x / grid + 0.5f) * grid, floorf(at.y / grid + 0.5f) * grid};
    return (ParaVec2){(float)para_author_round((double)at.x), (float)para_author_round((double)at.y)};
}

/// How far a move goes: sides of what is dragged stick to sides of neighbours, else the place to the grid.
static ParaVec2 snapped_move(const ParaAuthor *a, ParaVec2 by)
{
    const ParaAuthorModel *m = &a->model;
    ParaVec2 low = {INFINITY, INFINITY}, high = {-INFINITY, -INFINITY}, l, h;
    if (!a->snap || a->start_count == 0)
        return (ParaVec2){(float)para_author_round((double)by.x), (float)para_author_round((double)by.y)};
    const ParaAuthorStart *start = &a->starts[0];
    ParaVec2 to = {(float)start->value[0] + by.x, (float)start->value[1] + by.y}, grid = snapped(a, to);
    ParaVec2 best = {grid.x - (float)start->value[0], grid.y - (float)start->value[1]};
    float reach = 8.0f * a->scale / a->camera.scale, least_x = reach, least_y = reach;
    para_author_selection_bounds(a, &low, &high);
    // The level shows the move so far: where the sides would be is by as much further.
    double now_x = start->value[0], now_y = start->value[1];
    char part[PARA_AUTHOR_PATH + 8];
    snprintf(part, sizeof part, "%s/0", start->path);
    para_document_number(a->document, part, &now_x);
    snprintf(part, sizeof part, "%s/1", start->path);
    para_document_number(a->document, part, &now_y);
    float ahead_x = to.x - (float)now_x, ahead_y = to.y - (float)now_y;
    for (int b = 0; m->level && b < m->level->world.body_count; b++) {
        if (!*m->bodies[b] || para_author_is_selected(a, m->bodies[b]) ||
            !para_author_bounds(a, m->bodies[b], &l, &h))
            continue;
        const float mine_x[] = {low.x + ahead_x, high.x + ahead_x},
                    mine_y[] = {low.y + ahead_y, high.y + ahead_y};
        const float its_x[] = {l.x, h.x}, its_y[] = {l.y, h.y};
        bool beside_x = mine_x[0] < h.x + reach && mine_x[1] > l.x - reach;
        bool beside_y = mine_y[0] < h.y + reach && mine_y[1] > l.y - reach;
        for (int k = 0; k < 4; k++) {
            float dx = its_x[k & 1] - mine_x[k >> 1], dy = its_y[k & 1] - mine_y[k >> 1];
            if (beside_y && fabsf(dx) < least_x) {
                least_x = fabsf(dx);
                best.x = by.x + dx;
            }
            if (beside_x && fabsf(dy) < least_y) {
                least_y = fabsf(dy);
                best.y = by.y + dy;
            }
        }
    }
    return (ParaVec2){(float)para_author_round((double)best.x), (float)para_author_round((double)best.y)};
}

static void set_numbers(ParaAuthor *a, const char *path, const double *values, int count)
{
    const char *error = "";
    para_author_tell(a, para_document_set_numbers(a->document, path, values, count, &error), error);
}

static double rounded(double value) { return para_author_round(value); }

static void drag_size(ParaAuthor *a, ParaVec2 at)
{
    char key[2 * PARA_AUTHOR_PATH];
    ParaVec2 position;
    double angle;
    const char *kind = para_author_shape_key(a, a->selected[0], key, sizeof key);
    if (!kind || !para_author_pose(a, a->selected[0], &position, &angle))
        return;
    ParaPoint local =
        para_frame_place((ParaVec2){0, 0}, -angle, (ParaVec2){at.x - position.x, at.y - position.y});
    double grid = a->snap ? 0.1 : 0.001;
    double size[2] = {fmax(floor(2 * fabs(local.x) / grid + 0.5) * grid, 0.05),
                      fmax(floor(2 * fabs(local.y) / grid + 0.5) * grid, 0.05)};
    double radius = fmax(floor(hypot(local.x, local.y) / grid + 0.5) * grid, 0.05);
    size[0] = rounded(size[0]);
    size[1] = rounded(size[1]);
    radius = rounded(radius);
    set_numbers(a, key, strstr(kind, "box") ? size : &radius, strstr(kind, "box") ? 2 : 1);
}

static const double half_turn = 3.141592653589793, notch = 0.26179938779914943; // [rad] 15 degrees

/// Several things: about their common middle, by as much as the mouse has gone round it.
static void turn_several(ParaAuthor *a, ParaVec2 at, bool coarse)
{
    double from = atan2((double)(a->from.y - a->pivot.y), (double)(a->from.x - a->pivot.x));
    double by = atan2((double)(at.y - a->pivot.y), (double)(at.x - a->pivot.x)) - from;
    if (coarse)
        by = floor(by / notch + 0.5) * notch;
    para_author_turn(a, by);
}

/// [rad] What a turn is meant to be: angles in the text are rounded, ways shall not lean for that.
static double meant(double by)
{
    double whole = floor(by / notch + 0.5) * notch;
    return fabs(by - whole) < 0.0015 ? whole : by;
}

static void drag_turn(ParaAuthor *a, ParaVec2 at, bool coarse)
{
    char place[PARA_AUTHOR_PATH + 8];
    ParaVec2 position;
    double angle;
    if (a->selected_count > 1)
        turn_several(a, at, coarse);
    if (a->selected_count != 1 || !para_author_pose(a, a->selected[0], &position, &angle))
        return;
    angle = atan2((double)(at.y - position.y), (double)(at.x - position.x)) - half_turn / 2;
    if (coarse)
        angle = floor(angle / notch + 0.5) * notch;
    angle = rounded(angle < -3.1415 ? angle + 2 * half_turn : angle);
    snprintf(place, sizeof place, "%s/angle", a->selected[0]);
    set_numbers(a, place, &angle, 1);
    if (a->angle_count == 1)
        para_author_turn_ways(a, meant(angle - a->angles[0].value));
}

static void drag_point(ParaAuthor *a, ParaVec2 at)
{
    ParaVec2 position;
    double angle;
    if (!para_author_pose(a, a->selected[0], &position, &angle))
        return;
    at = snapped(a, at);
    ParaPoint local =
        para_frame_place((ParaVec2){0, 0}, -angle, (ParaVec2){at.x - position.x, at.y - position.y});
    double pair[2] = {rounded(local.x), rounded(local.y)};
    set_numbers(a, a->corner, pair, 2);
}

static void begin_drag(ParaAuthor *a, ParaAuthorDrag drag, const char *label)
{
    a->drag = drag;
    a->dragged = false;
    para_document_begin(a->document, label);
    para_author_start_drag(a);
}

static void press_select(ParaAuthor *a, const ParaGuiInput *in, ParaVec2 at)
{
    ParaAuthorHandle handles[PARA_AUTHOR_HANDLES_MAX];
    int count = para_author_handles(a, handles);
    for (int k = 0; k < count; k++)
        if (hypotf(handles[k].at.x - in->x, handles[k].at.y - in->y) < NEAR * a->scale) {
            begin_drag(a, handles[k].drag,
                       handles[k].drag == PARA_DRAG_TURN   ? "turn"
                       : handles[k].drag == PARA_DRAG_SIZE ? "resize"
                                                           : "bend");
            snprintf(a->corner, sizeof a->corner, "%s", handles[k].path);
            return;
        }
    const char *path = para_author_pick(a, at);
    if (!*path) {
        a->drag = PARA_DRAG_MARK;
        return;
    }
    bool more = in->shift || in->ctrl;
    if (more || in->alt || !para_author_is_selected(a, path))
        para_author_select(a, path, more, in->alt); // with Alt one of a group by itself
    if (a->selected_count > 0)
        begin_drag(a, PARA_DRAG_MOVE, "move");
}

static void press_joint(ParaAuthor *a, ParaVec2 at)
{
    const char *path = para_author_pick(a, at);
    if (strncmp(path, "/bodies", 7) != 0 && strncmp(path, "/include", 8) != 0) {
        para_author_say(a, "a joint holds two bodies: click one, then the other, where the joint shall be");
        return;
    }
    if (!*a->joint_first) {
        snprintf(a->joint_first, sizeof a->joint_first, "%s", path);
        para_author_say(a, "now click the second body, where the joint shall be");
        return;
    }
    if (strcmp(path, a->joint_first) == 0) {
        para_author_say(a, "that is the same body; click another one that it is joined to");
        return;
    }
    para_author_join(a, a->joint_first, path, snapped(a, at));
    *a->joint_first = '\0';
}

static void press_line(ParaAuthor *a, const ParaGuiInput *in, ParaVec2 at)
{
    if (a->point_count < PARA_AUTHOR_POINTS_MAX && !in->doubled)
        a->points[a->point_count++] = snapped(a, at);
    if (in->doubled)
        para_author_place_line(a, a->tool);
}

static void press(ParaAuthor *a, const ParaGuiInput *in, ParaVec2 at)
{
    a->from = a->to = at;
    switch (a->tool) {
    case PARA_TOOL_SELECT:
        press_select(a, in, at);
        break;
    case PARA_TOOL_JOINT:
        press_joint(a, at);
        break;
    case PARA_TOOL_POLYGON:
    case PARA_TOOL_TERRAIN:
        press_line(a, in, at);
        break;
    default:
        a->from = a->to = snapped(a, at);
        a->drag = PARA_DRAG_DRAW;
    }
}

static void drag(ParaAuthor *a, const ParaGuiInput *in, ParaVec2 at)
{
    ParaVec2 from = para_camera_to_screen(&a->camera, a->from);
    a->dragged |= hypotf(in->x - from.x, in->y - from.y) > FAR * a->scale;
    a->to = at;
    if (!a->dragged)
        return;
    switch (a->drag) {
    case PARA_DRAG_MOVE:
        para_author_move(a, snapped_move(a, (ParaVec2){at.x - a->from.x, at.y - a->from.y}));
        break;
    case PARA_DRAG_TURN:
        drag_turn(a, at, a->snap && !in->alt);
        break;
    case PARA_DRAG_SIZE:
        drag_size(a, at);
        break;
    case PARA_DRAG_POINT:
        drag_point(a, at);
        break;
    case PARA_DRAG_DRAW:
        a->to = snapped(a, at);
        break;
    case PARA_DRAG_NONE:
    case PARA_DRAG_PAN:
    case PARA_DRAG_MARK:
        break;
    }
}

static void release(ParaAuthor *a, const ParaGuiInput *in)
{
    ParaVec2 low = {fminf(a->from.x, a->to.x), fminf(a->from.y, a->to.y)},
             high = {fmaxf(a->from.x, a->to.x), fmaxf(a->from.y, a->to.y)};
    switch (a->drag) {
    case PARA_DRAG_MARK:
        if (a->dragged)
            para_author_select_in(a, a->from, a->to, in->shift);
        else
            para_author_select(a, "", in->shift, true);
        break;
    case PARA_DRAG_DRAW:
        if (!a->dragged)
            low = high = a->from; // a click, on the grid
        para_author_place(a, a->tool, low, high,
                          a->dragged && high.x - low.x > 0.05f && high.y - low.y > 0.05f);
        break;
    case PARA_DRAG_MOVE:
    case PARA_DRAG_TURN:
    case PARA_DRAG_SIZE:
    case PARA_DRAG_POINT:
        para_document_end(a->document);
        if (a->unturned && a->dragged)
            para_author_say(a,
                            "which way it goes is worked out, and stays as it was: turn its velocity, by or "
                            "force in the text");
        else if (a->formulas && a->dragged)
            para_author_say(
                a, "a place here is worked out: the drag wrote an offset behind the expression. \"As plain "
                   "numbers\" puts a number in its place");
        break;
    case PARA_DRAG_NONE:
    case PARA_DRAG_PAN:
        break;
    }
    a->drag = PARA_DRAG_NONE;
    a->dragged = false;
}

static void look_around(ParaAuthor *a, const ParaGuiInput *in)
{
    if (in->pressed[1] || in->pressed[2])
        a->drag = a->drag == PARA_DRAG_NONE ? PARA_DRAG_PAN : a->drag;
    if (a->drag == PARA_DRAG_PAN) {
        a->camera.screen.x += in->dx;
        a->camera.screen.y += in->dy;
        if (!in->down[1] && !in->down[2])
            a->drag = PARA_DRAG_NONE;
    }
    if (in->wheel != 0.0f) { // what is under the mouse stays there
        ParaVec2 at = world_of(a, in->x, in->y);
        float by = in->wheel > 0 ? 1.15f : 1 / 1.15f;
        a->camera.scale = fminf(fmaxf(a->camera.scale * by, 2.0f), 2000.0f);
        a->camera.centre = at;
        a->camera.screen = (ParaVec2){in->x, in->y};
    }
}

static void click_member(ParaAuthor *a, const ParaGuiInput *in)
{
    for (int k = 0; k < PARA_AUTHOR_MEMBERS; k++) {
        float w = a->canvas.width / 3, h = a->canvas.height / 3;
        float x = a->canvas.x + w * (float)(k % 3), y = a->canvas.y + h * (float)(k / 3);
        if (in->pressed[0] && in->x >= x && in->x < x + w && in->y >= y && in->y < y + h) {
            a->model.seed = a->model.members[k].seed;
            a->model.version = 0;
            a->nine = false;
            para_author_say(a, "member %llu of the family is on the canvas",
                            (unsigned long long)a->model.seed);
        }
    }
}

void para_author_mouse(ParaAuthor *a)
{
    if (!a->framed) // nothing has been seen yet
        return;
    ParaGuiInput in = para_gui_input();
    ParaVec2 at = world_of(a, in.x, in.y);
    look_around(a, &in);
    if (a->nine) {
        click_member(a, &in);
        return;
    }
    if (in.pressed[0] && a->drag == PARA_DRAG_NONE)
        press(a, &in, at);
    else if (a->drag != PARA_DRAG_NONE && a->drag != PARA_DRAG_PAN && in.down[0])
        drag(a, &in, at);
    if (in.released[0] && a->drag != PARA_DRAG_NONE && a->drag != PARA_DRAG_PAN)
        release(a, &in);
}
