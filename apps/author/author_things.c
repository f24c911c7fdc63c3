// SPDX-License-Identifier: MIT
// The things of the level by their places in the text: which are selected, where they are, which lies under
// the mouse.
#include "apps/author/author_parts.h"

#include "engine/world/geometry.h"

#include <math.h>
#include <string.h>

#define NEAR 9.0f // [px] so near counts as on it

bool para_author_is_selected(const ParaAuthor *a, const char *path)
{
    for (int k = 0; k < a->selected_count; k++)
        if (strcmp(a->selected[k], path) == 0)
            return true;
    return false;
}

/// What a thing is together with, "" where it is in no group.
static const char *group_of(const ParaAuthor *a, const char *path, char *out, size_t size)
{
    char place[PARA_AUTHOR_PATH + 12];
    snprintf(place, sizeof place, "%s/together", path);
    para_document_read(a->document, place, out, size);
    return out;
}

static void take_in(ParaAuthor *a, const char *path)
{
    if (!para_author_is_selected(a, path) && a->selected_count < PARA_AUTHOR_SELECTED_MAX)
        snprintf(a->selected[a->selected_count++], PARA_AUTHOR_PATH, "%s", path);
}

static void take_out(ParaAuthor *a, const char *path)
{
    int kept = 0;
    for (int k = 0; k < a->selected_count; k++)
        if (strcmp(a->selected[k], path) != 0)
            memmove(a->selected[kept++], a->selected[k], sizeof *a->selected);
    a->selected_count = kept;
}

/// The k-th thing of the text: its bodies, joints, zones, parts. @return false: there are not so many
static bool thing_at(const ParaAuthor *a, int k, char *out)
{
    static const char *const lists[] = {"/bodies", "/joints", "/zones", "/include"};
    ParaDocumentValue value;
    for (int l = 0; l < 4; l++) {
        int count = para_document_find(a->document, lists[l], &value) ? value.count : 0;
        if (k < count)
            return snprintf(out, PARA_AUTHOR_PATH, "%s/%d", lists[l], k) > 0;
        k -= count;
    }
    return false;
}

/// Does it with every thing of a group; "": with every thing there is.
static void each_of(ParaAuthor *a, const char *group, void (*act)(ParaAuthor *a, const char *path))
{
    char path[PARA_AUTHOR_PATH], name[64];
    for (int k = 0; thing_at(a, k, path); k++)
        if (!*group || strcmp(group_of(a, path, name, sizeof name), group) == 0)
            act(a, path);
}

bool para_author_is_group(const ParaAuthor *a, const char *name)
{
    char path[PARA_AUTHOR_PATH], group[64];
    for (int k = 0; thing_at(a, k, path); k++)
        if (strcmp(group_of(a, path, group, sizeof group), name) == 0)
            return true;
    return false;
}

void para_author_select(ParaAuthor *a, const char *path, bool more, bool alone)
{
    char group[64], own[PARA_AUTHOR_PATH];
    snprintf(own, sizeof own, "%s", path); // it may be one of those that go now
    if (!more)
        a->selected_count = 0;
    if (!*own)
        return;
    void (*act)(ParaAuthor *, const char *) = para_author_is_selected(a, own) ? take_out : take_in;
    act(a, own); // first: others are aligned with it
    if (!alone && *group_of(a, own, group, sizeof group))
        each_of(a, group, act);
    a->page = a->page == PARA_PAGE_LEVEL || a->page == PARA_PAGE_PROBLEMS ? PARA_PAGE_THING : a->page;
}

void para_author_select_all(ParaAuthor *a)
{
    a->selected_count = 0;
    each_of(a, "", take_in);
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

bool para_author_selection_bounds(const ParaAuthor *a, ParaVec2 *low, ParaVec2 *high)
{
    ParaVec2 l, h;
    *low = (ParaVec2){INFINITY, INFINITY};
    *high = (ParaVec2){-INFINITY, -INFINITY};
    for (int k = 0; k < a->selected_count; k++)
        if (para_author_bounds(a, a->selected[k], &l, &h)) {
            *low = (ParaVec2){fminf(low->x, l.x), fminf(low->y, l.y)};
            *high = (ParaVec2){fmaxf(high->x, h.x), fmaxf(high->y, h.y)};
        }
    return low->x <= high->x;
}

const char *para_author_pick(const ParaAuthor *a, ParaVec2 at)
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

void para_author_select_in(ParaAuthor *a, ParaVec2 p, ParaVec2 q, bool more)
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
            para_author_select(a, path, true, false);
    }
}

int para_author_joints_between(const ParaAuthor *a, ParaAuthorPath *out, int max)
{
    const ParaAuthorModel *m = &a->model;
    int count = 0;
    bool known = m->level && !m->stale && m->version == para_document_version(a->document);
    for (int k = 0; known && k < m->level->world.joint_count && count < max; k++) {
        const ParaJointDef *def = &m->level->world.joints[k];
        bool again = count > 0 && strcmp(out[count - 1], m->joints[k]) == 0; // copies of a repeated one
        if (strncmp(m->joints[k], "/joints", 7) == 0 && !again && !para_author_is_selected(a, m->joints[k]) &&
            para_author_is_selected(a, m->bodies[def->a]) && para_author_is_selected(a, m->bodies[def->b]))
            memcpy(out[count++], m->joints[k], sizeof *out);
    }
    return count;
}

// ---------------------------------------------------------------------------------------------
// Where a thing is, and what it is made of.

bool para_author_pose(const ParaAuthor *a, const char *path, ParaVec2 *position, double *angle)
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

const char *para_author_shape_key(const ParaAuthor *a, const char *path, char *out, size_t size)
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

/// What is to be seen: the world, and whatever lies outside of it.
static void extent(const ParaAuthor *a, bool all, ParaVec2 *low, ParaVec2 *high)
{
    const ParaAuthorModel *m = &a->model;
    *low = (ParaVec2){0, 0};
    *high = m->level ? m->level->world.size : (ParaVec2){24, 12};
    for (int k = 0; all && m->level && k < m->level->world.body_count; k++)
        if (*m->bodies[k]) // else it stands in for what is not there yet
            add_body(m->level, k, low, high);
    for (int k = 0; all && m->level && k < m->level->world.zone_count; k++)
        add_zone(m->level, k, low, high);
}

void para_author_frame(ParaAuthor *a, bool all)
{
    ParaVec2 low, high;
    float margin = 12.0f * a->scale;
    ParaRect area = {a->canvas.x + margin, a->canvas.y + margin, a->canvas.width - 2 * margin,
                     a->canvas.height - 2 * margin};
    extent(a, all, &low, &high);
    a->camera = para_camera_fit((ParaVec2){high.x - low.x, high.y - low.y}, area);
    a->camera.centre.x += low.x;
    a->camera.centre.y += low.y;
}
