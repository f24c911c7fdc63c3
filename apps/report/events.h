// SPDX-License-Identifier: MIT
#pragma once
// A run's curves as an event file that TensorBoard reads. Private to apps/report.
#include "engine/base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A growing event file: records of TFRecord (length, its checksum, data, its checksum), each an Event
/// message. Source: tensorflow/core/lib/io/record_writer.h and core/util/event.proto, wire format of protocol
/// buffers.
typedef struct ParaEvents {
    ParaArena *arena;
    uint8_t *data;
    size_t size, room; ///< [byte]
} ParaEvents;

/// Begins with the version that readers ask for.
ParaEvents para_events_begin(ParaArena *arena);
/// @param seconds [s] >= 0 wall time   @param step [1] >= 0   @param tag name of the curve, at most 200 bytes
void para_events_scalar(ParaEvents *events, double seconds, int64_t step, const char *tag, float value);

/// Castagnoli's CRC of bytes, as RFC 3720 has it. @param data in, [size]
uint32_t para_crc32c(const uint8_t *data, size_t size);
