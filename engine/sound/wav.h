// SPDX-License-Identifier: MIT
#pragma once
// Sound as a file: WAV, 16 bits, stereo, at PARA_SOUND_RATE.
#include "engine/base/arena.h"

typedef struct ParaWav ParaWav;

/// Begins a file.  @return NULL with the reason
ParaWav *para_wav_open(const char *path, ParaArena *arena, const char **out_error);
/// Adds samples, left and right in turn.  @param samples [2 * frames] -1..1; beyond: the nearest
void para_wav_write(ParaWav *wav, const float *samples, int frames);
/// Writes the sizes and closes.  @return false with the reason: the disk was full, say; the file is then none
bool para_wav_close(ParaWav *wav, ParaArena *arena, const char **out_error);
/// [s] >= 0 written so far.
double para_wav_seconds(const ParaWav *wav);
