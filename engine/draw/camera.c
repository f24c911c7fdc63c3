// SPDX-License-Identifier: MIT
// Cameras: the whole area fitted into a rectangle, or a view that eases after a target inside the level, and
// the two ways between metres and pixels. Used by raster, window and pictures.
#include "engine/draw/camera.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

ParaCamera para_camera_pixels(void) { return (ParaCamera){.scale = 1.0f, .y_down = true}; }

static float sensible(float length)
{
    return isfinite(length) && length > 0.01f && length < 1e6f ? length : 1.0f;
}

static ParaVec2 middle(ParaRect area)
{
    return (ParaVec2){area.x + 0.5f * area.width, area.y + 0.5f * area.height};
}

static float fit_scale(ParaVec2 size, ParaRect area)
{
    float across = sensible(area.width) / sensible(size.x), down = sensible(area.height) / sensible(size.y);
    return across < down ? across : down;
}

ParaCamera para_camera_fit(ParaVec2 size, ParaRect area)
{
    return (ParaCamera){.centre = {0.5f * sensible(size.x), 0.5f * sensible(size.y)},
                        .screen = middle(area),
                        .scale = fit_scale(size, area)};
}

/// Centre along one axis: `rest` where all of the level is seen, else the target kept inside; and moved on as
/// far as it takes to have the whole target in the picture. One beyond the level is not left at the very
/// edge.
static float centre_along(float target, float lead, float extent, float level, float seen, float rest)
{
    if (!isfinite(target))
        return 0.5f * level;
    float centre = seen >= level ? rest : para_clampf(target + lead, 0.5f * seen, level - 0.5f * seen);
    float beyond = fmaxf(fmaxf(-target, target - level), 0.0f);
    float room = fmaxf(0.5f * (seen - extent) - fminf(beyond, 0.25f * seen), 0.0f);
    return para_clampf(centre, target - room, target + room);
}

static float scale_of(const ParaFollow *f)
{
    float scale = fmaxf(fit_scale(f->size, f->area), sensible(f->area.height) / f->height_max);
    float wanted = f->extent > 0.0f && isfinite(f->extent) ? f->extent_px / f->extent : 0.0f;
    return para_clampf(wanted, scale, PARA_CAMERA_CLOSER * scale);
}

void para_camera_follow(ParaCamera *camera, const ParaFollow *f, float seconds)
{
    float scale = scale_of(f), extent = isfinite(f->extent) ? f->extent : 0.0f;
    ParaVec2 lead = {isfinite(f->lead.x) ? f->lead.x : 0.0f, isfinite(f->lead.y) ? f->lead.y : 0.0f};
    // What is to spare goes left and right alike, but up rather than down: the ground stays at the bottom.
    float wide = f->area.width / scale, high = f->area.height / scale;
    ParaVec2 size = {sensible(f->size.x), sensible(f->size.y)};
    ParaVec2 goal = {centre_along(f->target.x, lead.x, extent, size.x, wide, 0.5f * size.x),
                     centre_along(f->target.y, lead.y, extent, size.y, high, 0.5f * high)};
    // Exponential easing with a time constant of 0.15 s, rational form: the same at any frame rate to first
    // order.
    float share = seconds > 0.0f ? seconds / (0.15f + seconds) : 1.0f;
    if (scale != camera->scale)
        share = 1.0f;
    camera->centre.x += (goal.x - camera->centre.x) * share;
    camera->centre.y += (goal.y - camera->centre.y) * share;
    // However fast it is: what eases after it stays within the picture.
    if (isfinite(f->target.x) && isfinite(f->target.y)) {
        float across = fmaxf(0.5f * (wide - extent), 0.0f), up = fmaxf(0.5f * (high - extent), 0.0f);
        camera->centre.x = para_clampf(camera->centre.x, f->target.x - across, f->target.x + across);
        camera->centre.y = para_clampf(camera->centre.y, f->target.y - up, f->target.y + up);
    }
    camera->screen = middle(f->area);
    camera->scale = scale;
    camera->y_down = false;
}

ParaVec2 para_camera_to_screen(const ParaCamera *camera, ParaVec2 world)
{
    float up = camera->y_down ? 1.0f : -1.0f;
    return (ParaVec2){camera->screen.x + (world.x - camera->centre.x) * camera->scale,
                      camera->screen.y + up * (world.y - camera->centre.y) * camera->scale};
}

ParaVec2 para_camera_to_world(const ParaCamera *camera, ParaVec2 screen)
{
    PARA_ASSERT(camera->scale > 0.0f);
    float up = camera->y_down ? 1.0f : -1.0f;
    return (ParaVec2){camera->centre.x + (screen.x - camera->screen.x) / camera->scale,
                      camera->centre.y + up * (screen.y - camera->screen.y) / camera->scale};
}
