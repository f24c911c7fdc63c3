// SPDX-License-Identifier: MIT
// Palettes: files of assets/palettes, put into the program at build time, read over the standard inks.
#include "engine/draw/look/look.h"
#include "engine/draw/look/palettes.h"

#include "engine/base/assert.h"

#include <stddef.h>
#include <string.h>

/// Names of the inks that a palette may give another colour; panels and letters stay as they are.
static const struct {
    uint8_t ink;
    const char *name;
} ink_names[] = {
    {PARA_INK_BACKGROUND, "background"},
    {PARA_INK_OUTSIDE, "outside"},
    {PARA_INK_GRID, "grid"},
    {PARA_INK_GRID_STRONG, "grid-strong"},
    {PARA_INK_GROUND, "ground"},
    {PARA_INK_GROUND_EDGE, "ground-edge"},
    {PARA_INK_GROUND_DEEP, "ground-deep"},
    {PARA_INK_MOVER, "mover"},
    {PARA_INK_MOVER_EDGE, "mover-edge"},
    {PARA_INK_BODY_0, "body-0"},
    {PARA_INK_BODY_0_EDGE, "body-0-edge"},
    {PARA_INK_BODY_1, "body-1"},
    {PARA_INK_BODY_1_EDGE, "body-1-edge"},
    {PARA_INK_BODY_2, "body-2"},
    {PARA_INK_BODY_2_EDGE, "body-2-edge"},
    {PARA_INK_PLAYER, "player"},
    {PARA_INK_PLAYER_EDGE, "player-edge"},
    {PARA_INK_TARGET, "target"},
    {PARA_INK_TARGET_EDGE, "target-edge"},
    {PARA_INK_CARGO, "cargo"},
    {PARA_INK_CARGO_EDGE, "cargo-edge"},
    {PARA_INK_HAZARD, "hazard"},
    {PARA_INK_HAZARD_EDGE, "hazard-edge"},
    {PARA_INK_DANGER, "danger"},
    {PARA_INK_DANGER_EDGE, "danger-edge"},
    {PARA_INK_ZONE, "zone"},
    {PARA_INK_ZONE_EDGE, "zone-edge"},
    {PARA_INK_ZONE_PLAYER, "zone-player"},
    {PARA_INK_ZONE_PLAYER_EDGE, "zone-player-edge"},
    {PARA_INK_ZONE_TARGET, "zone-target"},
    {PARA_INK_ZONE_TARGET_EDGE, "zone-target-edge"},
    {PARA_INK_ZONE_CARGO, "zone-cargo"},
    {PARA_INK_ZONE_CARGO_EDGE, "zone-cargo-edge"},
    {PARA_INK_ZONE_HAZARD, "zone-hazard"},
    {PARA_INK_ZONE_HAZARD_EDGE, "zone-hazard-edge"},
    {PARA_INK_ZONE_WIND, "zone-wind"},
    {PARA_INK_ZONE_WIND_EDGE, "zone-wind-edge"},
    {PARA_INK_ZONE_WATER, "zone-water"},
    {PARA_INK_ZONE_WATER_EDGE, "zone-water-edge"},
    {PARA_INK_ZONE_PORTAL, "zone-portal"},
    {PARA_INK_ZONE_PORTAL_EDGE, "zone-portal-edge"},
    {PARA_INK_JOINT, "joint"},
    {PARA_INK_JOINT_DARK, "joint-dark"},
    {PARA_INK_TRACK, "track"},
    {PARA_INK_WOOD, "wood"},
    {PARA_INK_WOOD_EDGE, "wood-edge"},
    {PARA_INK_STONE, "stone"},
    {PARA_INK_STONE_EDGE, "stone-edge"},
    {PARA_INK_METAL, "metal"},
    {PARA_INK_METAL_EDGE, "metal-edge"},
    {PARA_INK_ICE, "ice"},
    {PARA_INK_ICE_EDGE, "ice-edge"},
    {PARA_INK_GLASS, "glass"},
    {PARA_INK_GLASS_EDGE, "glass-edge"},
    {PARA_INK_RUBBER, "rubber"},
    {PARA_INK_RUBBER_EDGE, "rubber-edge"},
    {PARA_INK_CLOTH, "cloth"},
    {PARA_INK_CLOTH_EDGE, "cloth-edge"},
    {PARA_INK_EARTH, "earth"},
    {PARA_INK_EARTH_EDGE, "earth-edge"},
};

static const struct {
    size_t at;
    const char *name;
} sky_names[] = {
    {offsetof(ParaColours, sky_top), "sky-top"},   {offsetof(ParaColours, sky_low), "sky-low"},
    {offsetof(ParaColours, hill_far), "hill-far"}, {offsetof(ParaColours, hill_near), "hill-near"},
    {offsetof(ParaColours, disc), "disc"},         {offsetof(ParaColours, cloud), "cloud"},
    {offsetof(ParaColours, star), "star"},         {offsetof(ParaColours, shade), "shade"},
    {offsetof(ParaColours, light), "light"},
};

static ParaColour *find(ParaColours *colours, const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof ink_names / sizeof *ink_names; i++)
        if (strlen(ink_names[i].name) == length && memcmp(ink_names[i].name, name, length) == 0)
            return &colours->inks[ink_names[i].ink];
    for (size_t i = 0; i < sizeof sky_names / sizeof *sky_names; i++)
        if (strlen(sky_names[i].name) == length && memcmp(sky_names[i].name, name, length) == 0)
            return (ParaColour *)(void *)((char *)colours + sky_names[i].at);
    return NULL;
}

static int digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

/// Six or eight digits up to the end of the line. @return false: they are not
static bool read_colour(const char *at, const char *end, ParaColour *out)
{
    uint8_t bytes[4] = {0, 0, 0, 255};
    ptrdiff_t length = end - at;
    if (length != 6 && length != 8)
        return false;
    for (ptrdiff_t i = 0; i < length; i += 2) {
        int high = digit(at[i]), low = digit(at[i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i / 2] = (uint8_t)(high * 16 + low);
    }
    *out = (ParaColour){bytes[0], bytes[1], bytes[2], bytes[3]};
    return true;
}

int para_colours_read(const char *text, ParaColours *colours)
{
    int number = 1;
    for (const char *at = text; *at; number++) {
        const char *end = at + strcspn(at, "\n"), *last = at + strcspn(at, "#\n");
        while (last > at && last[-1] == ' ')
            last--;
        if (last > at) {
            size_t length = strcspn(at, " \n");
            ParaColour *colour = find(colours, at, length);
            const char *value = at + length;
            while (value < last && *value == ' ')
                value++;
            if (!colour || value > last || !read_colour(value, last, colour))
                return number;
        }
        at = *end ? end + 1 : end;
    }
    return 0;
}

void para_colours_make(ParaMood mood, ParaPalette palette, ParaColours *out)
{
    static const char *const moods[PARA_MOODS] = {para_palette_day, para_palette_dusk, para_palette_night};
    PARA_ASSERT(mood < PARA_MOOD_AUTO && palette < PARA_PALETTES);
    memset(out, 0, sizeof *out);
    for (int i = 0; i < PARA_INK_COUNT; i++)
        out->inks[i] = para_ink_colour(i);
    int wrong = para_colours_read(moods[mood], out);
    if (palette == PARA_PALETTE_SAFE && !wrong)
        wrong = para_colours_read(para_palette_safe, out);
    PARA_ASSERT(wrong == 0);
}
