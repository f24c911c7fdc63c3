// SPDX-License-Identifier: MIT
// The few messages of TensorBoard's event files that curves need, written by hand: a protocol buffer library
// for five fields would be the larger thing.
#include "apps/report/events.h"

#include "engine/base/assert.h"

#include <string.h>

#define TAG_MAX    200
#define RECORD_MAX 512 // [byte] of one event

uint32_t para_crc32c(const uint8_t *data, size_t size)
{
    uint32_t crc = ~UINT32_C(0);
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0x82f63b78) : 0);
    }
    return ~crc;
}

/// Checksums are stored turned and moved, so that those of data with checksums in it are not.
static uint32_t masked(uint32_t crc) { return (crc >> 15 | crc << 17) + UINT32_C(0xa282ead8); }

/// A message being written.
typedef struct Message {
    uint8_t data[RECORD_MAX];
    size_t size;
} Message;

static void put(Message *m, const void *data, size_t size)
{
    PARA_ASSERT(m->size + size <= RECORD_MAX);
    memcpy(m->data + m->size, data, size);
    m->size += size;
}

static void put_little(Message *m, uint64_t value, int width)
{
    for (int i = 0; i < width; i++) {
        uint8_t byte = (uint8_t)(value >> (8 * i));
        put(m, &byte, 1);
    }
}

static void put_varint(Message *m, uint64_t value)
{
    for (; value >= 128; value >>= 7)
        put_little(m, (value & 127) | 128, 1);
    put_little(m, value, 1);
}

/// A field's number and how it is written: 0 varint, 1 eight bytes, 2 so many bytes, 5 four bytes.
static void put_key(Message *m, int field, int wire) { put_varint(m, (uint64_t)(field << 3 | wire)); }

static void put_bytes(Message *m, int field, const void *data, size_t size)
{
    put_key(m, field, 2);
    put_varint(m, size);
    put(m, data, size);
}

static void put_double(Message *m, int field, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_key(m, field, 1);
    put_little(m, bits, 8);
}

static void append(ParaEvents *e, const void *data, size_t size)
{
    if (e->size + size > e->room) {
        size_t room = 2 * e->room + size + 4096;
        uint8_t *more = para_arena_alloc(e->arena, room);
        if (e->size > 0)
            memcpy(more, e->data, e->size);
        e->data = more;
        e->room = room;
    }
    memcpy(e->data + e->size, data, size);
    e->size += size;
}

static void append_record(ParaEvents *e, const Message *m)
{
    Message frame = {.size = 0}, tail = {.size = 0};
    put_little(&frame, m->size, 8);
    put_little(&frame, masked(para_crc32c(frame.data, 8)), 4);
    put_little(&tail, masked(para_crc32c(m->data, m->size)), 4);
    append(e, frame.data, frame.size);
    append(e, m->data, m->size);
    append(e, tail.data, tail.size);
}

ParaEvents para_events_begin(ParaArena *arena)
{
    static const char version[] = "brain.Event:2";
    ParaEvents events = {.arena = arena};
    Message m = {.size = 0};
    put_double(&m, 1, 0);
    put_bytes(&m, 3, version, sizeof version - 1); // Event.file_version
    append_record(&events, &m);
    return events;
}

void para_events_scalar(ParaEvents *events, double seconds, int64_t step, const char *tag, float value)
{
    PARA_ASSERT(step >= 0 && strlen(tag) <= TAG_MAX);
    Message inner = {.size = 0}, summary = {.size = 0}, event = {.size = 0};
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_bytes(&inner, 1, tag, strlen(tag)); // Summary.Value.tag
    put_key(&inner, 2, 5);                  // Summary.Value.simple_value
    put_little(&inner, bits, 4);
    put_bytes(&summary, 1, inner.data, inner.size); // Summary.value
    put_double(&event, 1, seconds);                 // Event.wall_time
    put_key(&event, 2, 0);                          // Event.step
    put_varint(&event, (uint64_t)step);
    put_bytes(&event, 5, summary.data, summary.size); // Event.summary
    append_record(events, &event);
}
