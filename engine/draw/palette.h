// SPDX-License-Identifier: MIT
#pragma once
// The palette: every colour of the project's pictures, named by what it means. The raster stores the
// ink's number, the window asks for its colour, so both show the same picture.
#include <stdint.h>

typedef enum {
    PARA_INK_BACKGROUND,
    PARA_INK_OUTSIDE, ///< beyond a picture's edge
    PARA_INK_GRID,
    PARA_INK_GRID_STRONG,
    PARA_INK_GROUND, ///< static bodies
    PARA_INK_GROUND_EDGE,
    PARA_INK_GROUND_DEEP, ///< below a terrain line
    PARA_INK_MOVER,       ///< kinematic bodies
    PARA_INK_MOVER_EDGE,
    PARA_INK_BODY_0, ///< dynamic bodies without a role, three tones
    PARA_INK_BODY_0_EDGE,
    PARA_INK_BODY_1,
    PARA_INK_BODY_1_EDGE,
    PARA_INK_BODY_2,
    PARA_INK_BODY_2_EDGE,
    PARA_INK_PLAYER,
    PARA_INK_PLAYER_EDGE,
    PARA_INK_TARGET,
    PARA_INK_TARGET_EDGE,
    PARA_INK_CARGO,
    PARA_INK_CARGO_EDGE,
    PARA_INK_HAZARD,
    PARA_INK_HAZARD_EDGE,
    PARA_INK_DANGER, ///< ground that must not be touched: dark, with a red border
    PARA_INK_DANGER_EDGE,
    PARA_INK_ZONE, ///< translucent in the window; the raster's is the same over the background
    PARA_INK_ZONE_EDGE,
    PARA_INK_ZONE_PLAYER,
    PARA_INK_ZONE_PLAYER_EDGE,
    PARA_INK_ZONE_TARGET,
    PARA_INK_ZONE_TARGET_EDGE,
    PARA_INK_ZONE_CARGO,
    PARA_INK_ZONE_CARGO_EDGE,
    PARA_INK_ZONE_HAZARD,
    PARA_INK_ZONE_HAZARD_EDGE,
    PARA_INK_ZONE_WIND, ///< a zone that pushes
    PARA_INK_ZONE_WIND_EDGE,
    PARA_INK_ZONE_WATER, ///< a zone that slows
    PARA_INK_ZONE_WATER_EDGE,
    PARA_INK_JOINT,
    PARA_INK_JOINT_DARK,
    PARA_INK_FLAME,
    PARA_INK_FLAME_CORE,
    PARA_INK_EYE,
    PARA_INK_PUPIL,
    PARA_INK_TEXT, ///< window furniture
    PARA_INK_TEXT_DIM,
    PARA_INK_PANEL,
    PARA_INK_PANEL_EDGE,
    PARA_INK_VEIL, ///< dims the world behind a banner
    PARA_INK_TRACK,
    PARA_INK_ACCENT,
    PARA_INK_GOOD,
    PARA_INK_BAD,
    PARA_INK_WARN,
    PARA_INK_WOOD, ///< what bodies are made of, in the order of ParaSurface
    PARA_INK_WOOD_EDGE,
    PARA_INK_STONE,
    PARA_INK_STONE_EDGE,
    PARA_INK_METAL,
    PARA_INK_METAL_EDGE,
    PARA_INK_ICE,
    PARA_INK_ICE_EDGE,
    PARA_INK_GLASS, ///< translucent
    PARA_INK_GLASS_EDGE,
    PARA_INK_RUBBER,
    PARA_INK_RUBBER_EDGE,
    PARA_INK_CLOTH,
    PARA_INK_CLOTH_EDGE,
    PARA_INK_EARTH,
    PARA_INK_EARTH_EDGE,
    PARA_INK_ZONE_PORTAL, ///< a zone that leads elsewhere
    PARA_INK_ZONE_PORTAL_EDGE,
    PARA_INK_COUNT
} ParaInk;

typedef struct ParaColour {
    uint8_t r, g, b, a; ///< [1/255] 0..255 not premultiplied
} ParaColour;

/// Colour of an ink with its alpha; inks past the table are magenta, so that a mistake is seen.
ParaColour para_ink_colour(int ink);
/// What is seen of `over` with its alpha on an opaque `under`.
ParaColour para_colour_over(ParaColour under, ParaColour over);
/// Opaque colour of an ink: blended over the background, as the raster shows it.
ParaColour para_ink_flat(int ink);
