// SPDX-License-Identifier: MIT
#pragma once
// How a window shows a world: the mood of the place, the palette, how much effort the picture may cost, and
// the part of the window it is for. Plain data; engine/draw/gl draws by it (para_window_world). What it means
// for the physics: nothing.
#include "engine/draw/palette.h"
#include "engine/draw/scene.h"

/// The hour of a place.
typedef enum { PARA_MOOD_DAY, PARA_MOOD_DUSK, PARA_MOOD_NIGHT, PARA_MOOD_AUTO } ParaMood;
#define PARA_MOODS 3 ///< without AUTO

/// Colours of what matters: SAFE stays apart for eyes without red or green cones.
typedef enum { PARA_PALETTE_STANDARD, PARA_PALETTE_SAFE, PARA_PALETTES } ParaPalette;

/// What a picture may cost. LOW: flat forms on a plain sky. MEDIUM: materials and light, shadows, glow, water
/// that moves, hills and clouds, particles. HIGH: wider halos and more particles.
typedef enum { PARA_QUALITY_LOW, PARA_QUALITY_MEDIUM, PARA_QUALITY_HIGH, PARA_QUALITIES } ParaQuality;

typedef struct ParaParticles ParaParticles;

typedef struct ParaLook {
    ParaMood mood; ///< AUTO: drawn from the seed
    ParaPalette palette;
    ParaQuality quality;
    uint64_t seed;    ///< [seed] of the level: its hills, clouds and stars, and its mood
    double time;      ///< [s] >= 0 shown so far: waves and clouds go by it, never by a clock
    ParaVec2 gravity; ///< [m/s^2] any finite; where down is for fluids
    ParaRect area;    ///< [px] part of the window; nothing is drawn beyond. Of width 0: the whole window
    const ParaParticles *particles; ///< NULL: none
} ParaLook;

/// Standard palette, medium quality, mood of seed 0, the whole window.
ParaLook para_look_default(void);
/// The mood of a look, never AUTO.
ParaMood para_look_mood(const ParaLook *look);

/// Every colour of a picture: the inks of the list, and those of the sky behind it.
typedef struct ParaColours {
    ParaColour inks[PARA_INK_COUNT];
    ParaColour sky_top, sky_low; ///< from the zenith to the horizon
    ParaColour hill_far, hill_near;
    ParaColour disc, cloud, star; ///< sun or moon; alpha is how much of them is seen
    ParaColour shade;             ///< of shadows
    ParaColour light;             ///< times 1/128: of what is lit
} ParaColours;

/// The colours of a mood and palette: the standard inks, those that assets/palettes/MOOD.txt gives the mood,
/// and of SAFE those of assets/palettes/safe.txt.  Cost: about 5 us.
/// Errors: asserts on a palette file that does not read; a test reads all of them
void para_colours_make(ParaMood mood, ParaPalette palette, ParaColours *out);
/// Reads lines "NAME RRGGBB" or "NAME RRGGBBAA" over what is in `colours`; # begins a remark.
/// @return 0, or the number of the first line that is none
int para_colours_read(const char *text, ParaColours *colours);
