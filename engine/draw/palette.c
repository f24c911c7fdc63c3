// SPDX-License-Identifier: MIT
// One night-blue ground, quiet greys for what is only there, and four clear accents for what matters:
// blue is you, green is where to, amber is what to bring, red is what to avoid. The accents differ in
// lightness too, so that they stay apart for colour-blind eyes and in grey print.
#include "engine/draw/palette.h"

#define RGB(hex)                                                                                             \
    {                                                                                                        \
        (uint8_t)((hex) >> 16 & 255), (uint8_t)((hex) >> 8 & 255), (uint8_t)((hex)&255), 255                 \
    }
#define RGBA(hex, alpha)                                                                                     \
    {                                                                                                        \
        (uint8_t)((hex) >> 16 & 255), (uint8_t)((hex) >> 8 & 255), (uint8_t)((hex)&255), (alpha)             \
    }

static const ParaColour inks[PARA_INK_COUNT] = {
    [PARA_INK_BACKGROUND] = RGB(0x1b2233),
    [PARA_INK_OUTSIDE] = RGB(0x151b29),
    [PARA_INK_GRID] = RGB(0x212a3e),
    [PARA_INK_GRID_STRONG] = RGB(0x29334a),
    [PARA_INK_GROUND] = RGB(0x47546f),
    [PARA_INK_GROUND_EDGE] = RGB(0x6d7c9b),
    [PARA_INK_GROUND_DEEP] = RGB(0x303a52),
    [PARA_INK_MOVER] = RGB(0x7a6c9e),
    [PARA_INK_MOVER_EDGE] = RGB(0xa596c9),
    [PARA_INK_BODY_0] = RGB(0xb9c2d3),
    [PARA_INK_BODY_0_EDGE] = RGB(0x8b97ad),
    [PARA_INK_BODY_1] = RGB(0xa3b1c7),
    [PARA_INK_BODY_1_EDGE] = RGB(0x77879f),
    [PARA_INK_BODY_2] = RGB(0xcfc9bd),
    [PARA_INK_BODY_2_EDGE] = RGB(0x9f998d),
    [PARA_INK_PLAYER] = RGB(0x4aa8ff),
    [PARA_INK_PLAYER_EDGE] = RGB(0x2272c8),
    [PARA_INK_TARGET] = RGB(0x58d68d),
    [PARA_INK_TARGET_EDGE] = RGB(0x2f9c62),
    [PARA_INK_CARGO] = RGB(0xffbf47),
    [PARA_INK_CARGO_EDGE] = RGB(0xc98716),
    [PARA_INK_HAZARD] = RGB(0xf2555a),
    [PARA_INK_HAZARD_EDGE] = RGB(0xab2a3a),
    [PARA_INK_DANGER] = RGB(0x4a2d3f),
    [PARA_INK_DANGER_EDGE] = RGB(0xf2555a),
    [PARA_INK_ZONE] = RGBA(0xaab4c8, 30),
    [PARA_INK_ZONE_EDGE] = RGBA(0xaab4c8, 110),
    [PARA_INK_ZONE_PLAYER] = RGBA(0x4aa8ff, 34),
    [PARA_INK_ZONE_PLAYER_EDGE] = RGBA(0x4aa8ff, 150),
    [PARA_INK_ZONE_TARGET] = RGBA(0x58d68d, 46),
    [PARA_INK_ZONE_TARGET_EDGE] = RGBA(0x58d68d, 190),
    [PARA_INK_ZONE_CARGO] = RGBA(0xffbf47, 40),
    [PARA_INK_ZONE_CARGO_EDGE] = RGBA(0xffbf47, 160),
    [PARA_INK_ZONE_HAZARD] = RGBA(0xf2555a, 50),
    [PARA_INK_ZONE_HAZARD_EDGE] = RGBA(0xf2555a, 190),
    [PARA_INK_ZONE_WIND] = RGBA(0x8fd3e8, 14),
    [PARA_INK_ZONE_WIND_EDGE] = RGBA(0x8fd3e8, 70),
    [PARA_INK_ZONE_WATER] = RGBA(0x3d7fd6, 56),
    [PARA_INK_ZONE_WATER_EDGE] = RGBA(0x6aa5ee, 150),
    [PARA_INK_JOINT] = RGB(0xe6ebf4),
    [PARA_INK_JOINT_DARK] = RGB(0x2b3447),
    [PARA_INK_FLAME] = RGB(0xff8a3d),
    [PARA_INK_FLAME_CORE] = RGB(0xffe08a),
    [PARA_INK_EYE] = RGB(0xf7fafc),
    [PARA_INK_PUPIL] = RGB(0x16202f),
    [PARA_INK_TEXT] = RGB(0xeef2f8),
    [PARA_INK_TEXT_DIM] = RGB(0x9aa7bd),
    [PARA_INK_PANEL] = RGBA(0x121826, 228),
    [PARA_INK_PANEL_EDGE] = RGBA(0x3a4763, 255),
    [PARA_INK_VEIL] = RGBA(0x0d121d, 120),
    [PARA_INK_TRACK] = RGBA(0x2b354b, 255),
    [PARA_INK_ACCENT] = RGB(0x4aa8ff),
    [PARA_INK_GOOD] = RGB(0x58d68d),
    [PARA_INK_BAD] = RGB(0xf2555a),
    [PARA_INK_WARN] = RGB(0xffbf47),
    [PARA_INK_WOOD] = RGB(0x96693f),
    [PARA_INK_WOOD_EDGE] = RGB(0x6a4727),
    [PARA_INK_STONE] = RGB(0x8b887f),
    [PARA_INK_STONE_EDGE] = RGB(0x63615a),
    [PARA_INK_METAL] = RGB(0x8ea3b8),
    [PARA_INK_METAL_EDGE] = RGB(0xdfe8f1),
    [PARA_INK_ICE] = RGB(0xbfe4f2),
    [PARA_INK_ICE_EDGE] = RGB(0xf3fcff),
    [PARA_INK_GLASS] = RGBA(0xc6efe4, 90),
    [PARA_INK_GLASS_EDGE] = RGBA(0xe6fff7, 230),
    [PARA_INK_RUBBER] = RGB(0x30333c),
    [PARA_INK_RUBBER_EDGE] = RGB(0x6b7080),
    [PARA_INK_CLOTH] = RGB(0xc7a3b4),
    [PARA_INK_CLOTH_EDGE] = RGB(0x94707f),
    [PARA_INK_EARTH] = RGB(0x6b5743),
    [PARA_INK_ZONE_PORTAL] = RGBA(0xb06cf0, 70),
    [PARA_INK_ZONE_PORTAL_EDGE] = RGBA(0xd2a4ff, 220),
    [PARA_INK_EARTH_EDGE] = RGB(0x8f7a60),
};

ParaColour para_ink_colour(int ink)
{
    const ParaColour missing = RGB(0xff00ff);
    return ink >= 0 && ink < PARA_INK_COUNT ? inks[ink] : missing;
}

static uint8_t blend(int under, int over, int alpha)
{
    return (uint8_t)((under * (255 - alpha) + over * alpha + 127) / 255);
}

ParaColour para_colour_over(ParaColour under, ParaColour over)
{
    return (ParaColour){blend(under.r, over.r, over.a), blend(under.g, over.g, over.a),
                        blend(under.b, over.b, over.a), 255};
}

ParaColour para_ink_flat(int ink)
{
    return para_colour_over(inks[PARA_INK_BACKGROUND], para_ink_colour(ink));
}
