// SPDX-License-Identifier: MIT
// The canvas: the level as it begins, seen through a camera that the mouse moves; picking things, dragging
// them and their handles, drawing new ones.
#include "apps/author/author_parts.h"

#include "agents/observe/picture.h"
#include "engine/base/maths.h"
#include "engine/world/geometry.h"

#include <math.h>
#include <string.h>

#define HANDLE 6.0f // [px] half a handle, times the scale
#define NEAR   9.0f // [px] so near counts as on it
#define FAR    3.0f // [px] so far is a drag and no click
#define AMBER  0xf0b86cffu
#define SOFT   0xf0b86c80u
#define RED    0xe0604cffu

static ParaVec2 world_of(const ParaAuthor *a, float x, float y)
{
    return para_camera_to_world(&a->camera, (ParaVec2){x, y});
}

void para_author_frame(ParaAuthor *a)
{
    ParaVec2 size = a->model.level ? a->model.level->world.size : (ParaVec2){24, 12};
    float margin = 12.0f * a->scale;
    ParaRect area = {a->canvas.x + margin, a->canvas.y + margin, a->canvas.width - 2 * margin,
                     a->canvas.height - 2 * margin};
    a->camera = para_camera_fit(size, area);
}

// ---------------------------------------------------------------------------------------------
// Things under the mouse.

bool para_author_is_selected(const ParaAuthor *a, const char *path)
{
    for (int k = 0; k < a->selected_count; k++)
        if (strcmp(a->selected[k], path) == 0)
            return true;
    return false;
}

void para_author_select(ParaAuthor *a, const char *path, bool more)
{
    if (!more)
        a->selected_count = 0;
    if (!*path)
        return;
    for (int k = 0; k < a->selected_count; k++)
        if (strcmp(a->selected[k], path) == 0) { // a second time takes it out again
            memmove(a->selected[k], a->selected[k + 1],
                    sizeof(ParaAuthorPath) * (size_t)(--a->selected_count - k));
            return;
        }
    if (a->selected_count < PARA_AUTHOR_SELECTED_MAX)
        snprintf(a->selected[a->selected_count++], PARA_AUTHOR_PATH, "%s", path);
    a->page = a->page == PARA_PAGE_LEVEL || a->page == PARA_PAGE_PROBLEMS ? PARA_PAGE_THING : a->page;
}

static void grow(ParaVec2 *low, ParaVec2 *high, double x, double y, float by)
{
    low->x = fminf(low->x, (float)x - by);
    low->y = fminf(low->y, (float)y - by);
    high->x = fmaxf(high->x, (float)x + by);
    high->y = fmaxf(high->y, (float)y + by);
}

static void add_body(const ParaLevel *level, int body, ParaVec2 *low, ParaVec2 *high)
{
    int first, end;
    const ParaBodyDef *def = &level->world.bodies[body];
    para_body_shapes(&level->world, body, &first, &end);
    if (first == end)
        grow(low, high, (double)def->position.x, (double)def->position.y, 0.05f);
    for (int s = first; s < end; s++)
        for (uint32_t p = 0; p < level->world.shapes[s].point_count; p++) {
            ParaPoint at = para_body_place(def, level->world.points[level->world.shapes[s].point_first + p]);
            grow(low, high, at.x, at.y, level->world.shapes[s].radius);
        }
}

static void add_zone(const ParaLevel *level, int zone, ParaVec2 *low, ParaVec2 *high)
{
    const ParaZoneDef *def = &level->world.zones[zone];
    if (def->kind == PARA_SHAPE_CIRCLE)
        grow(low, high, (double)def->position.x, (double)def->position.y, def->radius);
    else
        for (uint32_t p = 0; p < def->point_count; p++) {
            ParaPoint at = para_frame_place(def->position, (double)def->angle,
                                            level->world.points[def->point_first + p]);
            grow(low, high, at.x, at.y, 0);
        }
}

static bool joint_place(const ParaLevel *level, int joint, ParaVec2 *out)
{
    const ParaJointDef *def = &level->world.joints[joint];
    ParaPoint at = para_body_place(&level->world.bodies[def->a], def->anchor_a);
    *out = (ParaVec2){(float)at.x, (float)at.y};
    return true;
}

bool para_author_bounds(const ParaAuthor *a, const char *path, ParaVec2 *low, ParaVec2 *high)
{
    const ParaAuthorModel *m = &a->model;
    *low = (ParaVec2){INFINITY, INFINITY};
    *high = (ParaVec2){-INFINITY, -INFINITY};
    for (int k = 0; m->level && k < m->level->world.body_count; k++)
        if (strcmp(m->bodies[k], path) == 0)
            add_body(m->level, k, low, high);
    for (int k = 0; m->level && k < m->level->world.zone_count; k++)
        if (strcmp(m->zones[k], path) == 0)
            add_zone(m->level, k, low, high);
    ParaVec2 at;
    if (strncmp(path, "/joints", 7) == 0)
        for (int k = 0; m->level && k < m->level->world.joint_count; k++)
            if (strcmp(m->joints[k], path) == 0 && joint_place(m->level, k, &at))
                grow(low, high, (double)at.x, (double)at.y, 0.15f);
    return low->x <= high->x;
}

/// The thing at a place: a joint before a body before a zone, since these lie behind each other so. The
/// smaller of several.
static const char *pick(const ParaAuthor *a, ParaVec2 at)
{
    const ParaAuthorModel *m = &a->model;
    int32_t shapes[32];
    float near = NEAR * a->scale / a->camera.scale, best = INFINITY;
    const char *found = "";
    if (!m->level)
        return "";
    for (int k = 0; k < m->level->world.joint_count; k++) {
        ParaVec2 place;
        if (strncmp(m->joints[k], "/joints", 7) == 0 && joint_place(m->level, k, &place) &&
            hypotf(place.x - at.x, place.y - at.y) < near * 0.7f)
            return m->joints[k];
    }
    for (int b = 0; b < m->level->world.body_count; b++) {
        ParaVec2 low = {INFINITY, INFINITY}, high = {-INFINITY, -INFINITY};
        add_body(m->level, b, &low, &high);
        bool thin = high.x - low.x < 2 * near || high.y - low.y < 2 * near;
        float area = (high.x - low.x) * (high.y - low.y), margin = thin ? near * 0.5f : 0;
        bool inside = at.x >= low.x - margin && at.x <= high.x + margin && at.y >= low.y - margin &&
                      at.y <= high.y + margin;
        int count = inside ? para_world_at_point(m->env.world, at, shapes, 32) : 0;
        bool touches = thin && inside && m->level->world.body_count > 0;
        for (int k = 0; k < count && k < 32; k++)
            touches |= m->level->world.shapes[shapes[k]].body == b;
        int first, end;
        para_body_shapes(&m->level->world, b, &first, &end);
        // Ground as a line has no inside: near to its points' line is on it.
        for (int s = first; s < end && inside && !touches; s++) {
            const ParaShapeDef *shape = &m->level->world.shapes[s];
            for (uint32_t p = 0; shape->kind == PARA_SHAPE_CHAIN && p + 1 < shape->point_count; p++) {
                ParaPoint u = para_body_place(&m->level->world.bodies[b],
                                              m->level->world.points[shape->point_first + p]);
                ParaPoint v = para_body_place(&m->level->world.bodies[b],
                                              m->level->world.points[shape->point_first + p + 1]);
                if ((double)at.x >= u.x && (double)at.x <= v.x && v.x > u.x) {
                    double y = u.y + (v.y - u.y) * ((double)at.x - u.x) / (v.x - u.x);
                    touches |= (double)at.y < y + (double)near && (double)at.y > y - 1.0;
                }
            }
        }
        if (touches && area < best && *m->bodies[b]) {
            best = area;
            found = m->bodies[b];
        }
    }
    for (int z = 0; z < m->level->world.zone_count && !*found; z++) {
        ParaVec2 low = {INFINITY, INFINITY}, high = {-INFINITY, -INFINITY};
        add_zone(m->level, z, &low, &high);
        if (at.x >= low.x && at.x <= high.x && at.y >= low.y && at.y <= high.y && *m->zones[z])
            found = m->zones[z];
    }
    return found;
}

/// Everything whose box lies in a box.
static void select_in(ParaAuthor *a, ParaVec2 p, ParaVec2 q, bool more)
{
    ParaVec2 low = {fminf(p.x, q.x), fminf(p.y, q.y)}, high = {fmaxf(p.x, q.x), fmaxf(p.y, q.y)}, l, h;
    const ParaAuthorModel *m = &a->model;
    if (!more)
        a->selected_count = 0;
    int bodies = m->level ? m->level->world.body_count : 0, zones = m->level ? m->level->world.zone_count : 0;
    for (int k = 0; k < bodies + zones; k++) {
        const char *path = k < bodies ? m->bodies[k] : m->zones[k - bodies];
        if (*path && !para_author_is_selected(a, path) && para_author_bounds(a, path, &l, &h) &&
            l.x >= low.x && l.y >= low.y && h.x <= high.x && h.y <= high.y)
            para_author_select(a, path, true);
    }
}

// ---------------------------------------------------------------------------------------------
// Handles of a single thing.

/// The body or zone that a place in the text made. @return false: none, or several
static bool frame_of(const ParaAuthor *a, const char *path, ParaVec2 *position, double *angle)
{
    const ParaAuthorModel *m = &a->model;
    int found = 0;
    for (int k = 0; m->level && k < m->level->world.body_count; k++)
        if (strcmp(m->bodies[k], path) == 0 && strncmp(path, "/bodies", 7) == 0 && found++ == 0) {
            *position = m->level->world.bodies[k].position;
            *angle = (double)m->level->world.bodies[k].angle;
        }
    for (int k = 0; m->level && k < m->level->world.zone_count; k++)
        if (strcmp(m->zones[k], path) == 0 && found++ == 0) {
            *position = m->level->world.zones[k].position;
            *angle = (double)m->level->world.zones[k].angle;
        }
    return found > 0;
}

static const char *shape_key(const ParaAuthor *a, const char *path, char *out, size_t size)
{
    static const char *const keys[] = {"shape/box",     "shape/circle", "area/box",     "area/circle",
                                       "shape/polygon", "shape/chain",  "shape/segment"};
    ParaDocumentValue value;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        snprintf(out, size, "%s/%s", path, keys[k]);
        if (para_document_find(a->document, out, &value))
            return keys[k];
    }
    return NULL;
}

typedef struct Handle {
    ParaAuthorDrag drag;
    ParaVec2 at; ///< [px]
    char path[PARA_AUTHOR_PATH];
} Handle;

static ParaVec2 seen(const ParaAuthor *a, ParaVec2 position, double angle, double x, double y)
{
    ParaPoint at = para_frame_place(position, angle, (ParaVec2){(float)x, (float)y});
    return para_camera_to_screen(&a->camera, (ParaVec2){(float)at.x, (float)at.y});
}

/// Handles of the one selected thing. @return how many
static int handles_of(const ParaAuthor *a, Handle *out, int max)
{
    ParaVec2 position, low, high;
    double angle, w, h;
    char key[2 * PARA_AUTHOR_PATH], item[3 * PARA_AUTHOR_PATH];
    if (a->selected_count != 1 || !frame_of(a, a->selected[0], &position, &angle) ||
        !para_author_bounds(a, a->selected[0], &low, &high))
        return 0;
    int count = 0;
    const char *kind = shape_key(a, a->selected[0], key, sizeof key);
    ParaVec2 centre = para_camera_to_screen(&a->camera, position);
    if (!kind || strcmp(kind, "shape/chain") != 0) {
        float top = para_camera_to_screen(&a->camera, (ParaVec2){position.x, high.y}).y;
        out[count++] = (Handle){PARA_DRAG_TURN, {centre.x, top - 22 * a->scale}, ""};
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
                out[count++] =
                    (Handle){PARA_DRAG_SIZE,
                             seen(a, position, angle, k & 1 ? w / 2 : -w / 2, k & 2 ? h / 2 : -h / 2), ""};
    } else if (strstr(kind, "circle")) {
        if (para_document_number(a->document, key, &w))
            out[count++] = (Handle){PARA_DRAG_SIZE, seen(a, position, angle, w, 0), ""};
    } else {
        for (int k = 0; count < max; k++) {
            double x, y;
            snprintf(item, sizeof item, "%s/%d/0", key, k);
            bool plain = para_document_number(a->document, item, &x);
            snprintf(item, sizeof item, "%s/%d/1", key, k);
            if (!plain || !para_document_number(a->document, item, &y))
                break;
            out[count] = (Handle){PARA_DRAG_POINT, seen(a, position, angle, x, y), ""};
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
    if (!a->snap || a->selected_count == 0)
        return (ParaVec2){(float)para_author_round((double)by.x), (float)para_author_round((double)by.y)};
    const ParaAuthorStart *start = &a->starts[0];
    ParaVec2 to = {(float)start->value[0] + by.x, (float)start->value[1] + by.y}, grid = snapped(a, to);
    ParaVec2 best = {grid.x - (float)start->value[0], grid.y - (float)start->value[1]};
    float reach = 8.0f * a->scale / a->camera.scale, least_x = reach, least_y = reach;
    for (int k = 0; k < a->selected_count; k++)
        if (para_author_bounds(a, a->selected[k], &l, &h)) {
            low = (ParaVec2){fminf(low.x, l.x), fminf(low.y, l.y)};
            high = (ParaVec2){fmaxf(high.x, h.x), fmaxf(high.y, h.y)};
        }
    // The level shows the move so far: where the sides would be is by as much further.
    double now_x = start->value[0], now_y = start->value[1];
    char part[PARA_AUTHOR_PATH + 8];
    snprintf(part, sizeof part, "%s/at/0", a->selected[0]);
    para_document_number(a->document, part, &now_x);
    snprintf(part, sizeof part, "%s/at/1", a->selected[0]);
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
    const char *kind = shape_key(a, a->selected[0], key, sizeof key);
    if (!kind || !frame_of(a, a->selected[0], &position, &angle))
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

static void drag_turn(ParaAuthor *a, ParaVec2 at, bool coarse)
{
    char place[PARA_AUTHOR_PATH + 8];
    ParaVec2 position;
    double angle;
    if (!frame_of(a, a->selected[0], &position, &angle))
        return;
    angle = atan2((double)(at.y - position.y), (double)(at.x - position.x)) - 1.5707963267948966;
    if (coarse)
        angle = floor(angle / 0.26179938779914943 + 0.5) * 0.26179938779914943; // 15 degrees
    angle = rounded(angle < -3.1415 ? angle + 6.283185307179586 : angle);
    snprintf(place, sizeof place, "%s/angle", a->selected[0]);
    set_numbers(a, place, &angle, 1);
}

static void drag_point(ParaAuthor *a, ParaVec2 at)
{
    ParaVec2 position;
    double angle;
    if (!frame_of(a, a->selected[0], &position, &angle))
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
    Handle handles[PARA_AUTHOR_POINTS_MAX + 8];
    int count = handles_of(a, handles, PARA_AUTHOR_POINTS_MAX + 8);
    for (int k = 0; k < count; k++)
        if (hypotf(handles[k].at.x - in->x, handles[k].at.y - in->y) < NEAR * a->scale) {
            begin_drag(a, handles[k].drag,
                       handles[k].drag == PARA_DRAG_TURN   ? "turn"
                       : handles[k].drag == PARA_DRAG_SIZE ? "resize"
                                                           : "bend");
            snprintf(a->corner, sizeof a->corner, "%s", handles[k].path);
            return;
        }
    const char *path = pick(a, at);
    if (!*path) {
        a->drag = PARA_DRAG_MARK;
        return;
    }
    bool more = in->shift || in->ctrl;
    if (more || !para_author_is_selected(a, path))
        para_author_select(a, path, more);
    if (a->selected_count > 0)
        begin_drag(a, PARA_DRAG_MOVE, "move");
}

static void press_joint(ParaAuthor *a, ParaVec2 at)
{
    const char *path = pick(a, at);
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
            select_in(a, a->from, a->to, in->shift);
        else
            para_author_select(a, "", in->shift);
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
        if (a->formulas && a->dragged)
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

void para_author_canvas(ParaAuthor *a)
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

// ---------------------------------------------------------------------------------------------
// The picture.

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

void para_author_canvas_draw(ParaAuthor *a)
{
    if (!a->framed && a->model.level) {
        para_author_frame(a);
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

void para_author_canvas_marks(ParaAuthor *a)
{
    ParaVec2 low, high;
    Handle handles[PARA_AUTHOR_POINTS_MAX + 8];
    if (a->nine) {
        for (int k = 0; k < PARA_AUTHOR_MEMBERS; k++) {
            char words[48];
            float w = a->canvas.width / 3, h = a->canvas.height / 3;
            snprintf(words, sizeof words, a->model.members[k].level ? "%llu" : "%llu: no such member",
                     (unsigned long long)a->model.members[k].seed);
            para_gui_draw_text(a->canvas.x + w * (float)(k % 3) + 12 * a->scale,
                               a->canvas.y + h * (float)(k / 3) + 10 * a->scale, 0xffffffffu, words);
        }
        return;
    }
    if (a->playing || !a->framed)
        return;
    mark_problems(a);
    for (int k = 0; k < a->selected_count; k++)
        if (para_author_bounds(a, a->selected[k], &low, &high))
            mark_box(a, low, high, AMBER, 1.5f);
    if (*a->joint_first && para_author_bounds(a, a->joint_first, &low, &high))
        mark_box(a, low, high, SOFT, 3);
    int count = handles_of(a, handles, PARA_AUTHOR_POINTS_MAX + 8);
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
