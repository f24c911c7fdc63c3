// SPDX-License-Identifier: MIT
#pragma once
// How things sound, as data: the recipes of assets/sounds, read once. What is struck rings in a few damped
// modes and clicks; what rubs, pushes and flows is filtered noise; signals to the person are short tunes.
#include "engine/base/arena.h"
#include "engine/draw/scene.h"

#define PARA_SOUND_RATE      48000 ///< [Hz] of all sound here, float stereo
#define PARA_SOUND_MODES_MAX 8     ///< of one recipe
#define PARA_SOUND_NOTES_MAX 16    ///< of one cue

/// One way in which a thing rings.
typedef struct ParaSoundMode {
    float ratio; ///< [1] 0.25..32 of the pitch
    float gain;  ///< [1] 0..1
    float decay; ///< [s] 0.003..6 until it is down to a thousandth
} ParaSoundMode;

typedef struct ParaSoundMaterial {
    float pitch;    ///< [Hz] 30..8000 lowest mode of a body of half a metre radius
    float hardness; ///< [1] 0..1 how short the blow is: the softer of two takes the heights from both
    float level;    ///< [1] 0..2
    int mode_count; ///< [1] 1..PARA_SOUND_MODES_MAX
    ParaSoundMode modes[PARA_SOUND_MODES_MAX];
    float click_gain, click_decay; ///< [1] 0..2, [s] 0.001..1 of the noise of the blow itself
    float click_cutoff;            ///< [Hz] 50..16000
    float rub_gain;                ///< [1] 0..2 of sliding
    float rub_low, rub_high;       ///< [Hz] 50..12000 of its noise when slow, when fast
    float pieces;                  ///< [1] 0..16 that ring when it breaks
    float piece_pitch;             ///< [1] 0.5..16 of theirs, times the pitch
    float piece_spread;            ///< [s] 0..2 over which they fall
} ParaSoundMaterial;

/// What goes on for as long as something does.
typedef struct ParaSoundHum {
    float gain;      ///< [1] 0..2 at full power
    float low, high; ///< [Hz] 10..12000 at no power or speed, and at full
    float full;      ///< [1] 0.01..1e6 the power, load or speed that counts as full
} ParaSoundHum;

typedef struct ParaSoundNote {
    float at;    ///< [s] 0..10 after the begin
    float pitch; ///< [semitone] 0..127 69: 440 Hz
    float gain;  ///< [1] 0..1
} ParaSoundNote;

typedef struct ParaSoundCueRecipe {
    float attack;               ///< [s] 0..1
    int mode_count, note_count; ///< [1] 1..
    ParaSoundMode modes[PARA_SOUND_MODES_MAX];
    ParaSoundNote notes[PARA_SOUND_NOTES_MAX];
} ParaSoundCueRecipe;

/// Signals to the person.
typedef enum {
    PARA_CUE_START,   ///< the level goes on its way
    PARA_CUE_SUCCESS, ///< solved
    PARA_CUE_FAILURE, ///< failed, or time ran out
    PARA_CUE_COLLECT, ///< something was taken up
    PARA_CUE_TICK,    ///< a key that changes something
    PARA_CUE_PAGE,    ///< a card of a story
    PARA_CUE_ENDING,  ///< its end
    PARA_CUE_COUNT
} ParaSoundCue;

typedef struct ParaSoundBook {
    ParaSoundMaterial materials[PARA_SURFACE_COUNT]; ///< by ParaSurface
    ParaSoundHum roll, motor, thruster, water;
    ParaSoundHum splash; ///< its noise; full: [m/s]
    ParaSoundHum bubble; ///< pitch of large and of small ones
    ParaSoundCueRecipe cues[PARA_CUE_COUNT];
} ParaSoundBook;

const char *para_sound_cue_name(ParaSoundCue cue);          ///< "success"
const char *para_sound_material_name(ParaSurface material); ///< "wood"; "plain" of none

/// Reads recipes from the texts of assets/sounds: materials, hums, cues.
/// @return NULL with the reason: what is missing, unknown or out of range, and where
const ParaSoundBook *para_sound_book_read(const char *materials, const char *hums, const char *cues,
                                          ParaArena *arena, const char **out_error);
/// The recipes this program carries.  Errors: asserts that they are sound; a test reads them
const ParaSoundBook *para_sound_book(ParaArena *arena);
