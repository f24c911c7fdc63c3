// SPDX-License-Identifier: MIT
#pragma once
// The loudspeaker: SDL asks for samples from a thread of its own, and a mixer gives them.
#include "engine/sound/mixer.h"

typedef struct ParaSoundDevice ParaSoundDevice;

/// Opens the machine's device and begins to play the mixer.
/// @return NULL with the reason: there is none, say; the program then goes on in silence
ParaSoundDevice *para_sound_device_open(ParaMixer *mixer, ParaArena *arena, const char **out_error);
/// Between these two the mixer may be told things: the callback waits, for microseconds if the caller is
/// brief.
void para_sound_device_lock(ParaSoundDevice *device);
void para_sound_device_unlock(ParaSoundDevice *device);
void para_sound_device_close(ParaSoundDevice *device); ///< NULL: nothing
