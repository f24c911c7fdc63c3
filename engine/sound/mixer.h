// SPDX-License-Identifier: MIT
#pragma once
// Sound of a world, made and not played: what happens goes in, samples come out. Pure: the same calls give
// the same samples on every machine; no device, no clock, no heap after creation. The device and the WAV file
// both draw from it.
#include "engine/draw/happen.h"
#include "engine/sound/book.h"

typedef struct ParaMixer ParaMixer;

/// @param book must outlive it  @param seed of its noise and of how pieces differ
/// Threads: one at a time; the device's callback is told by para_sound_device_lock
ParaMixer *para_mixer_create(const ParaSoundBook *book, uint64_t seed, ParaArena *arena);
/// What goes on is told to stop: rolling, motors; what was struck rings out. Between two levels.
void para_mixer_still(ParaMixer *mixer);
/// Where the ear is: what lies left of the middle is heard left, what is out of the picture is faint.
/// @param centre [m] any finite; middle of the picture  @param half_width [m] > 0 of it
void para_mixer_listen(ParaMixer *mixer, ParaVec2 centre, float half_width);
/// @param volume [1] 0..1; it is reached in some hundredths of a second, without a click. 0: exact silence
void para_mixer_volume(ParaMixer *mixer, float volume);
/// A signal to the person, in the middle.
void para_mixer_cue(ParaMixer *mixer, ParaSoundCue cue);
/// All that happened in a step. Two bodies that strike each other again within a twentieth of a second are
/// not heard twice.
/// @param taken [bits] bodies that were taken up and did not break; NULL: none  [(bodies + 7) / 8]
/// Cost: O(what happened), at most 6 blows, 4 rubs, 4 splashes, 4 breaks and 8 pushes of a step
void para_mixer_happen(ParaMixer *mixer, const ParaHappenings *happenings, const uint8_t *taken);
/// One blow of two materials.
/// @param impulse [N s] > 0  @param speed [m/s] > 0  @param size_a, size_b [m] > 0 radii of the bodies
void para_mixer_strike(ParaMixer *mixer, ParaVec2 at, float impulse, float speed, ParaSurface a, float size_a,
                       ParaSurface b, float size_b);
/// Something of a material breaks.  @param size [m] > 0 its radius
void para_mixer_shatter(ParaMixer *mixer, ParaVec2 at, ParaSurface material, float size);
/// Something goes into water, or out of it.  @param speed [m/s] > 0  @param size [m] > 0
void para_mixer_splash(ParaMixer *mixer, ParaVec2 at, float speed, float size, bool enters);
/// The next samples.  @param out out, [2 * frames] -1..1, left and right in turn
/// Cost: 6 % of a core at all 64 voices
void para_mixer_render(ParaMixer *mixer, float *out, int frames);
/// Voices and hums that sound now [1] >= 0.
int para_mixer_voices(const ParaMixer *mixer);
#define PARA_SOUND_VOICES_MAX 64 ///< struck at once; the faintest goes first
#define PARA_SOUND_HUMS_MAX   24 ///< going on at once
