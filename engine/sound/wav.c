// SPDX-License-Identifier: MIT
// Writes WAV files: a header whose sizes are known at the end, then the samples, little end first. Beside the
// file until it is whole, so that what was there before stays till then.
#include "engine/sound/wav.h"

#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "engine/sound/book.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define HEADER_SIZE 44
#define FRAMES_MAX  ((uint64_t)1000000000) // sizes are 32 bits: some five hours

struct ParaWav {
    FILE *file;
    const char *path, *part;
    uint64_t frames;
    bool failed;
};

static void put(uint8_t *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}

static bool write_header(ParaWav *wav)
{
    uint32_t size = (uint32_t)(wav->frames * 4);
    uint8_t header[HEADER_SIZE];
    memcpy(header, "RIFF....WAVEfmt ", 16);
    put(header + 4, HEADER_SIZE - 8 + size, 4);
    put(header + 16, 16, 4); // of what follows about the format
    put(header + 20, 1, 2);  // plain samples
    put(header + 22, 2, 2);
    put(header + 24, PARA_SOUND_RATE, 4);
    put(header + 28, PARA_SOUND_RATE * 4, 4);
    put(header + 32, 4, 2);
    put(header + 34, 16, 2);
    memcpy(header + 36, "data", 4);
    put(header + 40, size, 4);
    return fwrite(header, 1, sizeof header, wav->file) == sizeof header;
}

ParaWav *para_wav_open(const char *path, ParaArena *arena, const char **out_error)
{
    ParaWav *wav = PARA_NEW(arena, ParaWav, 1);
    ParaPathKind kind = para_path_kind(path);
    if (!para_file_may_write(path, arena, out_error))
        return NULL;
    if (kind != PARA_PATH_NONE && kind != PARA_PATH_FILE) { // it would be put in the place of a device
        *out_error = para_arena_printf(arena, "cannot write %s: it is not a regular file", path);
        return NULL;
    }
    wav->path = para_arena_strdup(arena, path);
    wav->part = para_arena_printf(arena, "%s.part", path);
    wav->file = fopen(wav->part, "wb");
    if (!wav->file) {
        *out_error = para_arena_printf(arena, "%s: %s", path, strerror(errno));
        return NULL;
    }
    wav->failed = !write_header(wav);
    return wav;
}

void para_wav_write(ParaWav *wav, const float *samples, int frames)
{
    for (int i = 0; i < frames && wav->frames < FRAMES_MAX; i++, wav->frames++) {
        uint8_t pair[4];
        for (int k = 0; k < 2; k++) {
            float value = para_clampf(samples[2 * i + k], -1.0f, 1.0f) * 32767.0f;
            put(pair + 2 * k, (uint32_t)(int32_t)(value + (value < 0.0f ? -0.5f : 0.5f)), 2);
        }
        wav->failed |= fwrite(pair, 1, sizeof pair, wav->file) != sizeof pair;
    }
}

bool para_wav_close(ParaWav *wav, ParaArena *arena, const char **out_error)
{
    wav->failed |= fseek(wav->file, 0, SEEK_SET) != 0 || !write_header(wav);
    wav->failed |= !para_file_sync(wav->file);
    wav->failed |= fclose(wav->file) != 0;
    if (!wav->failed && rename(wav->part, wav->path) == 0)
        return true;
    *out_error = para_arena_printf(arena, "%s: cannot be written", wav->path);
    para_file_remove(wav->part);
    return false;
}

double para_wav_seconds(const ParaWav *wav) { return (double)wav->frames / PARA_SOUND_RATE; }
