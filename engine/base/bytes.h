// SPDX-License-Identifier: MIT
#pragma once
// State as bytes: numbers written one after another, little-endian, the same on every machine, and read back
// with every length checked. For what a checkpoint keeps beside its tensors, and the heads of files.
#include "engine/base/arena.h"

#include <stdint.h>

/// A number at a place, least byte first, whatever the machine.
/// @param width [byte] 1..8   @param out out, [width]
static inline void para_bytes_store(uint8_t *out, uint64_t value, int width)
{
    for (int i = 0; i < width; i++)
        out[i] = (uint8_t)(value >> (8 * i));
}
/// @param in in, [width] 1..8
static inline uint64_t para_bytes_load(const uint8_t *in, int width)
{
    uint64_t value = 0;
    for (int i = 0; i < width; i++)
        value |= (uint64_t)in[i] << (8 * i);
    return value;
}

/// Bytes being written; grows in its arena. `(ParaBytes){.arena = arena}` is an empty one.
typedef struct ParaBytes {
    ParaArena *arena;
    uint8_t *data;   ///< [1] 0..255  [size]
    size_t size;     ///< [byte] >= 0
    size_t capacity; ///< [byte] >= size
} ParaBytes;

/// Appends `count` bytes as they are. Cost: amortised O(count).
void para_bytes_put(ParaBytes *bytes, const void *data, size_t count);
/// Appends the lower `width` bytes of a number, least first. @param width [byte] 1..8
void para_bytes_put_whole(ParaBytes *bytes, uint64_t value, int width);
void para_bytes_put_f64(ParaBytes *bytes, double value); ///< its bits: what is read back is the same number
/// The same of many. @param values in, [count]
void para_bytes_put_f32s(ParaBytes *bytes, const float *values, size_t count);

/// Bytes being read. Once something was asked for that is not there, `bad` stays set and all that is read is
/// zero: it is enough to look at the end.
typedef struct ParaBytesReader {
    const uint8_t *data; ///< [1] 0..255  [size]
    size_t size;         ///< [byte] >= 0
    size_t at;           ///< [byte] 0..size read so far
    bool bad;
} ParaBytesReader;

/// The next `count` bytes where they lie; NULL if so many are not there.
const uint8_t *para_bytes_take(ParaBytesReader *reader, size_t count);
/// @param width [byte] 1..8
uint64_t para_bytes_take_whole(ParaBytesReader *reader, int width);
/// A whole number that must lie in low..high; anything else is bad and read as low.
int64_t para_bytes_take_range(ParaBytesReader *reader, int width, int64_t low, int64_t high);
double para_bytes_take_f64(ParaBytesReader *reader);
/// One that is not finite is bad. @param out out, [count]
void para_bytes_take_f32s(ParaBytesReader *reader, float *out, size_t count);
/// True if nothing was bad and nothing is left.
bool para_bytes_read_whole(const ParaBytesReader *reader);
