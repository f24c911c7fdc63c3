// SPDX-License-Identifier: MIT
// Numbers into bytes and back, with the length checked once for all that is read.
#include "engine/base/bytes.h"

#include "engine/base/assert.h"

#include <math.h>
#include <string.h>

#define FIRST_CAPACITY 4096 // [byte]

void para_bytes_put(ParaBytes *bytes, const void *data, size_t count)
{
    if (bytes->size + count > bytes->capacity) {
        size_t wanted = bytes->capacity > 0 ? 2 * bytes->capacity : FIRST_CAPACITY;
        bytes->capacity = wanted > bytes->size + count ? wanted : bytes->size + count;
        uint8_t *larger = PARA_NEW(bytes->arena, uint8_t, bytes->capacity);
        if (bytes->size > 0)
            memcpy(larger, bytes->data, bytes->size);
        bytes->data = larger;
    }
    if (count > 0)
        memcpy(bytes->data + bytes->size, data, count);
    bytes->size += count;
}

void para_bytes_put_whole(ParaBytes *bytes, uint64_t value, int width)
{
    uint8_t out[8];
    PARA_ASSERT(width >= 1 && width <= 8);
    para_bytes_store(out, value, width);
    para_bytes_put(bytes, out, (size_t)width);
}

void para_bytes_put_f64(ParaBytes *bytes, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    para_bytes_put_whole(bytes, bits, 8);
}

void para_bytes_put_f32s(ParaBytes *bytes, const float *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        para_bytes_put_whole(bytes, bits, 4);
    }
}

const uint8_t *para_bytes_take(ParaBytesReader *reader, size_t count)
{
    if (reader->bad || count > reader->size - reader->at) {
        reader->bad = true;
        return NULL;
    }
    const uint8_t *data = reader->data + reader->at;
    reader->at += count;
    return data;
}

uint64_t para_bytes_take_whole(ParaBytesReader *reader, int width)
{
    PARA_ASSERT(width >= 1 && width <= 8);
    const uint8_t *data = para_bytes_take(reader, (size_t)width);
    return data ? para_bytes_load(data, width) : 0;
}

int64_t para_bytes_take_range(ParaBytesReader *reader, int width, int64_t low, int64_t high)
{
    PARA_ASSERT(low <= high);
    uint64_t bits = para_bytes_take_whole(reader, width);
    // What was written from a negative number has its sign in the highest bit of its width.
    int shift = 64 - 8 * width;
    int64_t value = (int64_t)(bits << shift) >> shift;
    if (!reader->bad && value >= low && value <= high)
        return value;
    reader->bad = true;
    return low;
}

double para_bytes_take_f64(ParaBytesReader *reader)
{
    uint64_t bits = para_bytes_take_whole(reader, 8);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

void para_bytes_take_f32s(ParaBytesReader *reader, float *out, size_t count)
{
    for (size_t i = 0; i < count && !reader->bad; i++) {
        uint32_t bits = (uint32_t)para_bytes_take_whole(reader, 4);
        memcpy(&out[i], &bits, sizeof bits);
        reader->bad = reader->bad || !isfinite(out[i]);
    }
}

bool para_bytes_read_whole(const ParaBytesReader *reader)
{
    return !reader->bad && reader->at == reader->size;
}
