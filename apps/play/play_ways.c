// SPDX-License-Identifier: MIT
// The ways of imagined futures as lines.
#include "apps/play/play_ways.h"

#define THIN 0.012f // [m] half width of a way at its begin
#define BOLD 0.035f // [m] of the one that is meant
#define LAST 0.25f  // [1] of the width that is left at its end

static void add_way(const ParaSlowWays *ways, int future, int body, int skip, bool meant, ParaScene *scene)
{
    int length = ways->lengths[future];
    for (int d = skip > 0 ? skip : 0; d + 1 < length; d++) {
        float far = (float)d / (float)length, width = (meant ? BOLD : THIN) * (1.0f - (1.0f - LAST) * far);
        para_scene_line(scene, ways->ways[future][d][body], ways->ways[future][d + 1][body], width,
                        meant       ? PARA_INK_ACCENT
                        : body == 0 ? PARA_INK_ZONE_PLAYER_EDGE
                                    : PARA_INK_ZONE_TARGET_EDGE);
    }
    if (meant && length > skip && length > 0)
        para_scene_circle(scene, ways->ways[future][length - 1][body], 2.0f * BOLD, PARA_INK_ACCENT);
}

void para_play_ways(const ParaSlowWays *ways, const ParaEnv *env, ParaScene *scene)
{
    int skip = env->decisions - ways->first;
    for (int future = ways->count - 1; future >= 0; future--)
        for (int body = 0; body < ways->body_count; body++)
            add_way(ways, future, body, skip, future == 0, scene);
}
