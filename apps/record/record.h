// SPDX-License-Identifier: MIT
#pragma once
// What is shown, as a film while it is shown: an animated GIF by ourselves, or an MP4 by the program ffmpeg,
// where it is installed. Frames for ffmpeg wait in a short queue that another thread empties; where it is
// slow, frames are repeated and nobody waits. The file appears when it is whole.
#include "engine/base/arena.h"

#include <stdint.h>

typedef struct ParaRecord ParaRecord;

typedef enum { PARA_RECORD_GIF, PARA_RECORD_MP4 } ParaRecordKind;

#define PARA_RECORD_SECONDS_MAX 180.0 ///< [s] of a film

/// @param path ".gif" or ".mp4" says the kind. Without ffmpeg an MP4 becomes a GIF, which `out_note` tells
/// @param width, height [px] 16..4096 of frames   @param arena holds it to its end
/// @param out_note out, NULL or what to tell   @return NULL with the reason
ParaRecord *para_record_begin(const char *path, int width, int height, ParaArena *arena,
                              const char **out_note, const char **out_error);
ParaRecordKind para_record_kind(const ParaRecord *record);
int para_record_width(const ParaRecord *record);  ///< [px] of frames
int para_record_height(const ParaRecord *record); ///< [px]
/// Time goes on. @param seconds [s] >= 0 shown since the last call   @return whether a frame is due now
bool para_record_due(ParaRecord *record, double seconds);
/// Adds the frame that is due, for as long as it has been. @param rgb [height, width, 3]
/// @return false: no more fits, or the encoder has gone; end it
bool para_record_add(ParaRecord *record, const uint8_t *rgb);
/// Ends it. @param out_path out, the file, which may be another than was asked for
/// @return false with the reason; there is no file then
bool para_record_end(ParaRecord *record, const char **out_path, const char **out_error);
