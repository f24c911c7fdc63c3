// SPDX-License-Identifier: MIT
#pragma once
// A model that knows pixels and keys, and nothing else: no bodies, no rules, no engine. A convolutional
// autoencoder turns a picture of 64 x 64 into 8 x 8 codes; a recurrent unit over that map imagines the next
// codes from what it remembers and from the actions; the autoencoder draws them.
#include "agents/run/safetensors.h"

#define PARA_PIXELS_SIDE       64                                        ///< [px] of a picture
#define PARA_PIXELS_FRAME      (PARA_PIXELS_SIDE * PARA_PIXELS_SIDE * 3) ///< [byte] of one, RGB
#define PARA_PIXELS_MAP        8                                         ///< [px] side of a map of codes
#define PARA_PIXELS_DEPTH      16                                        ///< codes of a place
#define PARA_PIXELS_CODES      (PARA_PIXELS_MAP * PARA_PIXELS_MAP * PARA_PIXELS_DEPTH) ///< of a picture
#define PARA_PIXELS_LEVELS_MAX 31
#define PARA_PIXELS_HIDDEN_MAX 256

typedef struct ParaPixelsDef {
    int hidden;    ///< [1] 1..PARA_PIXELS_HIDDEN_MAX channels of what is remembered; default 64
    int levels;    ///< [1] 0 or odd 3..PARA_PIXELS_LEVELS_MAX of a code; 0: any number; default 7
    int players;   ///< [1] 1..PARA_PLAYERS_MAX whose actions it is told; default 1
    float seconds; ///< [s] 0.005..0.2 from picture to picture; default 1/30
} ParaPixelsDef;

/// Its weights lie in one block, in the order of its tensors.
typedef struct ParaPixels {
    ParaPixelsDef def;
    float *weights;      ///< [count]
    int count;           ///< [1] >= 1
    ParaTensor *tensors; ///< [tensor_count] by name
    int tensor_count;    ///< [1] >= 1
} ParaPixels;

ParaPixelsDef para_pixels_def_default(void);
/// NULL where a def is sensible, else what is wrong, a constant.
const char *para_pixels_def_problem(const ParaPixelsDef *def);
/// @param def sensible   @param seed of the first weights
ParaPixels *para_pixels_create(const ParaPixelsDef *def, uint64_t seed, ParaArena *arena);
/// Actions that it is told with each picture. @return [1] >= 8
int para_pixels_acts(const ParaPixelsDef *def);

// ---------------------------------------------------------------------------------------------
// Dreaming: a picture is seen, then it goes on alone.

/// What one dream holds: the map of codes, and what is remembered.
typedef struct ParaPixelDream ParaPixelDream;

/// @param pixels outlives it.  Cost: about 1 MB
ParaPixelDream *para_pixel_dream_create(const ParaPixels *pixels, ParaArena *arena);
/// Forgets all: the next picture is the first.
void para_pixel_dream_forget(ParaPixelDream *dream);
/// Sees a true picture: what was imagined in its place is put right, what is remembered stays.
/// @param rgb in, [64, 64, 3]   Cost: about 0.4 ms
void para_pixel_dream_see(ParaPixelDream *dream, const uint8_t *rgb);
/// Imagines the next picture. @param actions in, [players, 8] each -1..1, held until then
/// Threads: one per dream.  Cost: about 0.5 ms on one core; no heap.
void para_pixel_dream_step(ParaPixelDream *dream, const int8_t *actions);
/// Draws what it sees now. @param rgba out, [64, 64, 4], opaque   Cost: about 0.3 ms
void para_pixel_dream_draw(ParaPixelDream *dream, uint8_t *rgba);
/// Takes over what another dream of the same model sees and remembers.
void para_pixel_dream_copy(ParaPixelDream *to, const ParaPixelDream *from);

// ---------------------------------------------------------------------------------------------
// Files: safetensors with a card.

/// @param about JSON object text of what else is to be told; NULL: nothing
bool para_pixels_write(const char *path, const ParaPixels *pixels, const char *about, ParaArena *arena,
                       const char **out_error);
/// @param out_card its card, JSON   @return NULL with the reason: no such file, of another kind, not whole
ParaPixels *para_pixels_read(const char *path, ParaArena *arena, const char **out_card,
                             const char **out_error);
