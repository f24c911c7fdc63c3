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

/// Centre along one axis: `rest` where all of the level is seen, else the target kept inside.
static float centre_along(float target, float level, float seen, float rest)
{
    if (!isfinite(target))
        return 0.5f * level;
    if (seen >= level)
        return rest;
    return para_clampf(target, 0.5f * seen, level - 0.5f * seen);
}

void para_camera_follow(ParaCamera *camera, ParaVec2 target, ParaVec2 size, ParaRect area, float seconds)
{
    float fit = fit_scale(size, area), close = sensible(area.height) / PARA_CAMERA_HEIGHT_MAX;
    float scale = fit > close ? fit : close;
    // What is to spare goes left and right alike, but up rather than down: the ground stays at the bottom.
    float wide = area.width / scale, high = area.height / scale;
    ParaVec2 goal = {centre_along(target.x, sensible(size.x), wide, 0.5f * sensible(size.x)),
                     centre_along(target.y, sensible(size.y), high, 0.5f * high)};
    // Exponential easing with a time constant of 0.15 s, rational form: the same at any frame rate to first
    // order.
    float share = seconds > 0.0f ? seconds / (0.15f + seconds) : 1.0f;
    if (scale != camera->scale)
        share = 1.0f;
    camera->centre.x += (goal.x - camera->centre.x) * share;
    camera->centre.y += (goal.y - camera->centre.y) * share;
    camera->screen = middle(area);
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
