// SPDX-License-Identifier: MIT
#pragma once
// What the player sees. One observation is one row of `spec.size` floats in the batch's block:
//   [ globals: global_size | entity rows: row_max * row_size | row mask: row_max ]
// Some of the globals are parts that are asked for, behind the others and before the slots of `vector`.
// `entities`: one row per shape, joint, thruster and zone near the player, order-free, with a mask;
// works for every family. `vector`: the same content in a fixed layout for one family, no rows, no mask.
// `listed`: what the level itself lists under "observe", nothing else.
// `pixels`: a picture and nothing else; its bytes take the place of floats.
// What each float is stands in observe.def, and para_obs_span tells it.
#include "agents/memory/map.h"
#include "worlds/rules/play.h"

typedef enum { PARA_OBS_ENTITIES, PARA_OBS_VECTOR, PARA_OBS_LISTED, PARA_OBS_PIXELS } ParaObsKind;

/// Parts of an observation that are there where they are asked for.
typedef enum {
    PARA_OBS_MAP = 1 << 0,  ///< "map.*": what the player remembers of the level
    PARA_OBS_HEARD = 1 << 1 ///< "heard.*": what others said in the last decision
} ParaObsPart;
#define PARA_OBS_PARTS 2 ///< so many there are, by bits from the lowest

typedef struct ParaObsSpec {
    ParaObsKind kind;
    int global_size; ///< [1] >= 0 floats before the rows; 0 for pixels alone
    int row_max;     ///< [1] >= 0 rows; 0 for vector
    int row_size;    ///< [1] >= 0 floats in a row
    int size; ///< [1] > 0 floats in one observation: global_size + row_max * (row_size + 1); of pixels those
              ///< that PARA_OBS_PICTURE_BYTES fill
    uint32_t parts; ///< [bits] ParaObsPart, which are among the globals; 0 of what is not entities or vector
} ParaObsSpec;

/// The layout of `entities`; the same for every level.
ParaObsSpec para_obs_spec_entities(void);
/// The layout of `vector` with a slot for each body of `level` that can move: para_families_vector takes the
/// member of a family that has most. Whatever the layout, any level can be seen in it: slots go to the
/// player's parts and then to the other bodies in the level's order, bodies beyond the slots are left out,
/// slots beyond the bodies are zero. So fewer slots show the beginning of what more slots show.
ParaObsSpec para_obs_spec_vector(const ParaLevel *level);
/// The layout of `vector` that has `global_size` floats: none for bodies, if they are those of
/// para_obs_spec_globals.
ParaObsSpec para_obs_spec_sized(int global_size);
/// Whether a layout of `vector` has so many floats: the globals and a whole number of slots.
bool para_obs_is_vector_size(int size);
/// The globals alone, without rows or slots: what the player feels of itself and its goal, and its rays.
ParaObsSpec para_obs_spec_globals(void);
/// The layout of `listed` with `count` floats: a level with more shows the first, one with fewer zeros.
/// @param count [1] 1..PARA_OBSERVES_MAX
ParaObsSpec para_obs_spec_listed(int count);

#define PARA_OBS_PICTURE_SIDE 64 ///< [px]
#define PARA_OBS_PICTURE_SMOOTH                                                                              \
    3 ///< pixels a side that make one of it, as where other languages ask for pixels
#define PARA_OBS_PICTURE_BYTES (3 * PARA_OBS_PICTURE_SIDE * PARA_OBS_PICTURE_SIDE)
extern const uint8_t para_obs_picture_ground[3]; ///< [1] 0..255 RGB of a picture of nothing
/// The layout of `pixels`: bytes [64, 64, 3], RGB, top row first, in place of floats. It has no spans.
ParaObsSpec para_obs_spec_pixels(void);
/// A layout with these parts besides its own. @param spec of entities or vector   @param parts [bits]
ParaObsSpec para_obs_spec_with(ParaObsSpec spec, uint32_t parts);
/// The same without any.
ParaObsSpec para_obs_spec_plain(ParaObsSpec spec);
int para_obs_part_size(uint32_t parts);                      ///< floats of these parts
const char *para_obs_part_name(ParaObsPart part);            ///< as cards have it: "map"
bool para_obs_part_find(const char *name, ParaObsPart *out); ///< @return false: there is none of that name
const char *para_obs_kind_name(ParaObsKind kind);

#define PARA_OBS_RAYS 16
extern const ParaVec2 para_obs_ray_directions[PARA_OBS_RAYS]; ///< [1] of length 1, as "rays" has them
/// Whether its layout is one family's, so that a player that sees so plays that family alone.
bool para_obs_is_of_one_family(ParaObsKind kind);

/// Raised when floats come to mean something else (another scale or sign) while names and sizes stay.
#define PARA_OBS_LAYOUT 1

/// A named part of an observation.
typedef struct ParaObsSpan {
    const char *name;  ///< such as "self.velocity", "channels.action", "rows.shape.mass"
    const char *about; ///< what each float is, with unit and scale
    int offset;        ///< [1] >= 0 floats of the observation before it
    int size;          ///< [1] >= 1 floats
    int count;         ///< [1] >= 1 so many of it: one per channel, row or body slot
    int stride;        ///< [1] >= 0 floats from each of them to the next; 0 if there is one
    float low, high;   ///< [1] -10..10 least and greatest value of its floats
} ParaObsSpan;

/// How many spans a layout has.
int para_obs_span_count(const ParaObsSpec *spec);
/// The spans of a layout, in its order; none of pixels; those of shapes, joints, thrusters and zones share
/// the end of a row.
/// @param index 0..para_obs_span_count - 1; asserts   Cost: O(spans).
ParaObsSpan para_obs_span(const ParaObsSpec *spec, int index);
/// @return false if the layout has no span of that name; *out is then left alone
bool para_obs_span_find(const ParaObsSpec *spec, const char *name, ParaObsSpan *out);
/// 64-bit hash over the layout's version and its spans' names, places and sizes: what is learned on one
/// layout is worth nothing on another.
uint64_t para_obs_layout_hash(const ParaObsSpec *spec);

/// Writes one observation: what one of the level's players sees.
/// @param player who looks, 0..player_count - 1
/// @param out out, [spec->size] f32, every value finite and in [-10, 10]; caller owns
/// Threads: safe for different worlds.  Cost: O(shapes + rays); no heap.
void para_observe(const ParaObsSpec *spec, const ParaLevel *level, const ParaPlay *play, int player,
                  ParaWorld world, float *out);

/// What a player hears of what others say.
typedef enum {
    PARA_OBS_HEARS_ALL,
    PARA_OBS_HEARS_NOTHING,  ///< as if nobody had a voice
    PARA_OBS_HEARS_SCRAMBLED ///< of whoever could be heard: any symbol, drawn anew for each decision
} ParaObsHearing;

/// What an observation takes besides the level in play.
typedef struct ParaObsEye {
    struct ParaPicture *picture; ///< what it is drawn in, one a thread; NULL: the layout is not of pixels
    const ParaMap *map;          ///< what that player remembers; NULL: nothing, and its part is 0
    ParaObsHearing hearing;      ///< what it hears, where it has that part
} ParaObsEye;
/// Takes what a player senses of the level as it is now into its map.
/// Cost: its rays, the cells along them, and what para_map_plan costs; no heap
void para_obs_sense(const ParaLevel *level, int player, ParaWorld world, ParaMap *map);

/// What drawing an observation takes. @return NULL: this layout asks for none   Memory: about 1.5 MB
struct ParaPicture *para_obs_picture(const ParaObsSpec *spec, ParaArena *arena);
/// The same for any layout: that of pixels is drawn by para_observe_through alone, and a part that remembers
/// is shown by it alone.
/// @param eye its picture of para_obs_picture   Cost: as para_observe; of pixels 0.7 to 1 ms; no heap.
void para_observe_through(ParaObsEye eye, const ParaObsSpec *spec, const ParaLevel *level,
                          const ParaPlay *play, int player, ParaWorld world, float *out);
