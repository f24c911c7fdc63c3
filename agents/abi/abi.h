// SPDX-License-Identifier: MIT
#pragma once
// The stable door for other languages: plain C types, opaque handles, a version, no way to crash. Every
// argument is checked here; a call that fails returns a negative ParaAbiCode (or NULL) and says why in
// para_abi_error(). Structs begin with `size`, which the caller sets to sizeof: a struct that is shorter
// or longer than the library's is refused. Nothing here aborts, exits or prints because of an argument.
//
// Threads: different handles may be used by different threads at once; one batch by one thread at a time
// (a second one is told so). Families, levels and snapshots are counted and may be freed in any order.
// After a fork the child may use what it inherited: worker threads are started anew in it.
#include <stdint.h>

#define PARA_ABI_VERSION  9
#define PARA_ABI_CHANNELS 8  ///< action channels of every player
#define PARA_ABI_PARAMS   16 ///< most parameters of a family
#define PARA_ABI_PLAYERS  16 ///< most players of a level
#define PARA_ABI_ENVS_MAX 65536
#define PARA_ABI_SIDE_MAX 2048       ///< [px] of pictures
#define PARA_ABI_TEXT_MAX (16 << 20) ///< [byte] of a template's or level's text

typedef enum ParaAbiCode {
    PARA_ABI_OK = 0,
    PARA_ABI_INVALID = -1, ///< an argument makes no sense
    PARA_ABI_STATE = -2,   ///< not now: not reset, episode over, in use by another thread
    PARA_ABI_ACTION = -3,  ///< an action out of range
    PARA_ABI_MEMORY = -4,  ///< out of memory
    PARA_ABI_LEVEL = -5,   ///< a template or level that does not load or cannot be built
    PARA_ABI_FILE = -6     ///< a file that cannot be read or written
} ParaAbiCode;

uint32_t para_abi_version(void);
const char *para_abi_library_version(void); ///< "0.1.0"
/// Why the last call of this thread failed; valid until the next call of this thread; never NULL.
const char *para_abi_error(void);
int32_t para_abi_error_code(void); ///< its ParaAbiCode: of calls that return a handle and gave none

// ---------------------------------------------------------------------------------------------
// Families: templates, loaded once.

typedef struct ParaAbiFamily ParaAbiFamily;

typedef struct ParaAbiParam {
    uint32_t size;    ///< [byte] >= 0, sizeof this struct, set by the caller
    int32_t integer;  ///< [1] 0 or 1; 1: whole numbers only
    double low, high; ///< [1] -1e6..1e6 full range, both included, in its unit
    char name[64], unit[24], about[128];
} ParaAbiParam;

typedef struct ParaAbiFamilyInfo {
    uint32_t size;          ///< [byte] >= 0, sizeof this struct, set by the caller
    int32_t param_count;    ///< [1] 0..PARA_ABI_PARAMS
    uint32_t channel_bits;  ///< [bits] channels bound in any member seen
    uint32_t negative_bits; ///< [bits] of those, where an action below 0 differs from 0
    int32_t vector_size;    ///< [1] 1..PARA_ABI_VECTOR_MAX floats of the `vector` observation
    int32_t players;        ///< [1] 1..PARA_ABI_PLAYERS most of any member seen
    int32_t listed_size;    ///< [1] 0..64 floats of the `listed` observation; 0: it has none
    int32_t move_count;     ///< [1] 0..32 choices it lists; then they are its discrete actions
    int32_t frame_skip;     ///< [1] 1..60 physics steps per decision, of the first member seen
    float rate;             ///< [1/s] 10..1000 physics steps, of that member
    char name[64], about[256];
} ParaAbiFamilyInfo;

/// @param name a family of the library or the path of a template   @return NULL with para_abi_error
ParaAbiFamily *para_abi_family_load(const char *name);
/// A family from the JSON text of its template.   @param length [byte] 1..PARA_ABI_TEXT_MAX
ParaAbiFamily *para_abi_family_load_text(const char *text, uint64_t length);
/// Narrows a family to one of its tiers, before anything is made of it: its levels are drawn, and its ranges
/// told, inside it.   @return PARA_ABI_OK, or LEVEL with the tiers there are
int32_t para_abi_family_set_tier(ParaAbiFamily *family, const char *tier);
/// The name of a tier of a family, in the template's order.   @return NULL: there are no more
const char *para_abi_family_tier(const ParaAbiFamily *family, int32_t index);
void para_abi_family_free(ParaAbiFamily *family); ///< NULL is fine
int32_t para_abi_family_info(const ParaAbiFamily *family, ParaAbiFamilyInfo *out);
/// The name of a choice that the family lists, or of a number that it shows; "" of one without.
/// @param index 0..move_count - 1, 0..listed_size - 1   @return NULL: there is none
const char *para_abi_family_move(const ParaAbiFamily *family, int32_t index);
const char *para_abi_family_listed(const ParaAbiFamily *family, int32_t index);
int32_t para_abi_family_param(const ParaAbiFamily *family, int32_t index, ParaAbiParam *out);

// ---------------------------------------------------------------------------------------------
// Levels: bound members.

typedef struct ParaAbiLevel ParaAbiLevel;

typedef struct ParaAbiLevelInfo {
    uint32_t size;       ///< [byte] >= 0, sizeof this struct, set by the caller
    int32_t param_count; ///< [1] 0..PARA_ABI_PARAMS
    uint64_t seed;       ///< [seed] of the sampling
    uint64_t hash;       ///< [hash] equal hash, equal level
    uint64_t parent;     ///< [hash] of the level it was made from, 0 if none
    float seconds;       ///< [s] 0.1..3600 time limit
    int32_t frame_skip;  ///< [1] 1..60 physics steps per decision
    float rate;          ///< [1/s] 10..1000 physics steps
    int32_t body_count;  ///< [1] >= 1
    uint32_t channel_bits,
        negative_bits;              ///< [bits] as in ParaAbiFamilyInfo, of this level's players together
    int32_t players;                ///< [1] 1..PARA_ABI_PLAYERS
    uint32_t reserved;              ///< [bits] none yet
    double values[PARA_ABI_PARAMS]; ///< [1] -1e6..1e6 in the order of the family's parameters, in their units
    char names[PARA_ABI_PARAMS][64];
    char family[64];
} ParaAbiLevelInfo;

/// Draws and binds a member: the same (family, ranges, seed) give the same level everywhere, in the resets of
/// a batch whose source has them too.
/// @param low, high [param_count] as in ParaAbiSource; both NULL: all over their full ranges
ParaAbiLevel *para_abi_level_sample(const ParaAbiFamily *family, const double *low, const double *high,
                                    uint64_t seed);
/// A level from its JSON text (any template is read; what is still open is drawn from seed 0).
ParaAbiLevel *para_abi_level_load(const char *text, uint64_t length);
void para_abi_level_free(ParaAbiLevel *level); ///< NULL is fine
int32_t para_abi_level_info(const ParaAbiLevel *level, ParaAbiLevelInfo *out);
/// JSON text, valid as long as the level.
const char *para_abi_level_json(ParaAbiLevel *level);

// ---------------------------------------------------------------------------------------------
// Batches: envs stepped together. B envs, A players each; A is 1 but for levels of several players. A
// player may end while others of its env go on: it is not live then, shows zeros and earns nothing until the
// episode is over for all.

typedef struct ParaAbiBatch ParaAbiBatch;

typedef enum {
    PARA_ABI_OBS_ENTITIES,
    PARA_ABI_OBS_VECTOR,
    PARA_ABI_OBS_RAYS,
    PARA_ABI_OBS_PIXELS,
    PARA_ABI_OBS_LISTED
} ParaAbiObs;
typedef enum {
    PARA_ABI_ACT_MULTI_DISCRETE, ///< int64 [B, A, channels]: value - 1 where the channel has a negative side
    PARA_ABI_ACT_DISCRETE,       ///< int64 [B, A]: row of the action table
    PARA_ABI_ACT_CONTINUOUS      ///< float [B, A, channels] in -1..1
} ParaAbiAct;
typedef enum { PARA_ABI_NEXT_STEP, PARA_ABI_SAME_STEP, PARA_ABI_DISABLED } ParaAbiAutoreset;
typedef enum {
    PARA_ABI_END_SOLVED,
    PARA_ABI_END_FAILED,
    PARA_ABI_END_TIMEOUT,
    PARA_ABI_END_DIVERGED,
    PARA_ABI_END_CUT ///< max_decisions
} ParaAbiEnd;

/// The physics. AUTO: lanes where a level fits its limits, else chipmunk, decided at each level's start.
typedef enum { PARA_ABI_SOLVER_AUTO, PARA_ABI_SOLVER_CHIPMUNK, PARA_ABI_SOLVER_LANES } ParaAbiSolver;

/// What the last episode of an env told.
typedef struct ParaAbiReport {
    uint64_t level_hash; ///< [hash] of the level
    uint64_t level_seed; ///< [seed] it was sampled with
    double total_reward; ///< [1] any finite; undiscounted return
    int32_t end;         ///< [ParaAbiEnd]
    int32_t decisions;   ///< [1] >= 0
    float seconds;       ///< [s] >= 0 level time at its end
    float progress;      ///< [1] 0..1 at its end
    int32_t solver;      ///< [ParaAbiSolver] that ran it, never AUTO; of an env that had no episode: AUTO
    int32_t player;      ///< [1] 0..A - 1 whose it is
} ParaAbiReport;

typedef struct ParaAbiBatchDef {
    uint32_t size;         ///< [byte] >= 0, sizeof this struct, set by the caller
    int32_t envs;          ///< [1] 1..PARA_ABI_ENVS_MAX, B
    int32_t obs;           ///< [ParaAbiObs] VECTOR needs a single family
    int32_t actions;       ///< [ParaAbiAct]
    int32_t autoreset;     ///< [ParaAbiAutoreset]
    int32_t threads;       ///< [1] 0..256 worker threads with the caller; 0: one per CPU
    int32_t max_decisions; ///< [1] >= 0 an episode is truncated after so many; 0: only by its level's time
    int32_t width, height; ///< [px] 16..512 of PIXELS
    int32_t solver;        ///< [ParaAbiSolver] LANES: a level beyond its limits fails to begin
    int32_t family_count;  ///< [1] 1..64; env i plays family i % family_count
    int32_t toybox; ///< [1] 0 or 1; 1: levels have one, for para_abi_batch_meddle; a VECTOR does not show it
    ParaAbiFamily *const *families; ///< [family_count]
    double surprises; ///< [1/(10 s)] 0..50 of what happens to a level by chance; above 0 it has a toybox
} ParaAbiBatchDef;

/// The batch's own memory; addresses stay the same as long as it lives.
typedef struct ParaAbiBlocks {
    uint32_t size;             ///< [byte] >= 0, sizeof this struct, set by the caller
    int32_t envs;              ///< [1] 1..PARA_ABI_ENVS_MAX, B
    int32_t obs_size;          ///< [1] >= 1 floats of one observation, O; 0 for PIXELS
    int32_t global_size;       ///< [1] >= 0 ENTITIES: floats before the rows
    int32_t row_max, row_size; ///< [1] >= 0 ENTITIES: rows, floats of a row
    int32_t players;           ///< [1] 1..PARA_ABI_PLAYERS most of any family, A
    int32_t channel_count;     ///< [1] 0..PARA_ABI_CHANNELS bound channels of the families together, C
    int32_t choice_count;      ///< [1] >= 0 DISCRETE: rows of the table
    uint32_t channel_bits, negative_bits; ///< [bits] of the families together
    uint32_t reserved;                    ///< [bits] none yet
    float *obs;                           ///< [1] -10..10 after the last step or reset  [B, A, O]
    float *final_obs;       ///< [1] -10..10 SAME_STEP: last observation of the players that ended  [B, A, O]
    uint8_t *pixels;        ///< [1/255] 0..255 RGB, top row first  [B, H, W, 3]
    uint8_t *final_pixels;  ///< [1/255] 0..255 SAME_STEP: of the episodes that ended  [B, H, W, 3]
    int64_t *choices;       ///< in: [1] 0..2 MULTI_DISCRETE [B, A, C] or 0..choice_count - 1 DISCRETE [B, A]
    float *forces;          ///< in: [1] -1..1 CONTINUOUS  [B, A, C]
    double *reward;         ///< [1] any finite; of the last step  [B, A]
    uint8_t *terminated;    ///< [1] 0 or 1; ended by the rules in the last step  [B, A]
    uint8_t *truncated;     ///< [1] 0 or 1; cut in the last step  [B, A]
    uint8_t *over;          ///< [1] 0 or 1; the episode ended in the last step, for all players  [B]
    uint8_t *live;          ///< [1] 0 or 1; acts in the next step: else its action is ignored  [B, A]
    ParaAbiReport *reports; ///< [B, A] of the last episode that ended
    const float *table;     ///< [1] -1..1 DISCRETE: what each choice does  [choice_count, 8]
} ParaAbiBlocks;

ParaAbiBatch *para_abi_batch_create(const ParaAbiBatchDef *def);
void para_abi_batch_free(ParaAbiBatch *batch); ///< NULL is fine; not while another thread steps it
int32_t para_abi_batch_blocks(const ParaAbiBatch *batch, ParaAbiBlocks *out);

/// What the resets of env `env` (-1: of all) take their levels from, until it is changed.
typedef struct ParaAbiSource {
    uint32_t size;       ///< [byte] >= 0, sizeof this struct, set by the caller
    int32_t fixed_seed;  ///< [1] 0 or 1; 1: every reset samples with `seed`
    uint64_t seed;       ///< [seed] where fixed_seed
    ParaAbiLevel *level; ///< every reset plays this level; NULL: sampled
    const double *low; ///< [1] -1e6..1e6 range of each parameter, NaN: the family's; NULL: all  [param_count]
    const double *high; ///< [1] -1e6..1e6 equal to low: pinned  [param_count]
} ParaAbiSource;
/// @param source NULL: fresh seeds over the full ranges
int32_t para_abi_batch_source(ParaAbiBatch *batch, int32_t env, const ParaAbiSource *source);

/// Starts episodes. @param mask [B] bytes, NULL: all   @param seeds [B] new level streams where masked;
/// NULL: the streams go on. Env i of a batch with seed s and a batch of one with seed s play the same levels.
int32_t para_abi_batch_reset(ParaAbiBatch *batch, const uint8_t *mask, const uint64_t *seeds);
/// One decision of every env with the actions in the batch's block. Where SAME_STEP or NEXT_STEP finds the
/// next level of an env refused, the step stands, the env keeps its last observation, and the next step tells
/// of it: call reset with another source.
/// @return how many episodes ended in it, or a negative code: then no env has moved
int32_t para_abi_batch_step(ParaAbiBatch *batch);

/// Makes something happen to the level of env `env` before its next decision, as docs/meddling.md says it is
/// typed: "drop crate", "wind 5", "push 3 1". Its observation is then of what is there now.
/// @param line with a NUL   @return PARA_ABI_OK; INVALID with what cannot be done and why: then nothing has
/// changed; STATE: no episode, or it is over
int32_t para_abi_batch_meddle(ParaAbiBatch *batch, int32_t env, const char *line);

/// The level env `env` plays now, as a level of its own.
ParaAbiLevel *para_abi_batch_level(ParaAbiBatch *batch, int32_t env);
/// Seed, hash, pace and parameters of the levels now played; 0 and NaN where an env has no episode.
/// @param out_seeds, out_hashes out, [B]; NULL: not wanted
/// @param out_seconds out, [B] time of one decision; NULL: not wanted
/// @param out_values out, [B, PARA_ABI_PARAMS] in the order of the level's parameters, NaN behind the last;
/// NULL: not wanted
int32_t para_abi_batch_levels(ParaAbiBatch *batch, uint64_t *out_seeds, uint64_t *out_hashes,
                              double *out_seconds, double *out_values);
/// Hash over the whole state of env `env`'s world.
int32_t para_abi_batch_state_hash(ParaAbiBatch *batch, int32_t env, uint64_t *out);
/// Draws env `env`. @param out [height, width, 3] RGB, top row first
int32_t para_abi_batch_render(ParaAbiBatch *batch, int32_t env, int32_t width, int32_t height, uint8_t *out);
/// [byte] of memory per env: observations and, once reset, worlds and levels; 0 for NULL.
uint64_t para_abi_batch_bytes_per_env(ParaAbiBatch *batch);
/// Physics steps of all envs since the batch was made; 0 for NULL.
uint64_t para_abi_batch_world_steps(const ParaAbiBatch *batch);

// ---------------------------------------------------------------------------------------------
// Measuring: what is there, as numbers.

#define PARA_ABI_NAME                                                                                        \
    64 ///< [byte] of a name, with its NUL; one without a name is called by its number, as "#3"

/// An env's world at one moment. The arrays are the caller's, with as many elements as the counts say; NULL:
/// not wanted.
typedef struct ParaAbiState {
    uint32_t size;           ///< [byte] >= 0, sizeof this struct, set by the caller
    int32_t end;             ///< [ParaAbiEnd] how the episode has ended for its first player; -1: it goes on
    int32_t body_count;      ///< [1] >= 1, n
    int32_t joint_count;     ///< [1] >= 0, j
    int32_t contact_count;   ///< [1] >= 0, c: touching pairs in the last step
    int32_t solver;          ///< [ParaAbiSolver] that runs it, never AUTO
    double time;             ///< [s] >= 0 since the level began
    double kinetic;          ///< [J] >= 0 of the level
    double potential;        ///< [J] any finite; in its gravity, zero at (0, 0)
    double spring;           ///< [J] >= 0 in its springs
    double momentum_x;       ///< [N s] any finite
    double momentum_y;       ///< [N s] any finite
    double angular_momentum; ///< [N m s] any finite; about (0, 0)
    float progress;          ///< [1] 0..1 share of the first player's goal
    int32_t body_room;       ///< [1] >= 0 in: elements of the arrays of bodies
    int32_t joint_room;      ///< [1] >= 0 in: of joints
    int32_t contact_room;    ///< [1] >= 0 in: of contacts
    char *body_names;        ///< out, [n, PARA_ABI_NAME]
    float *x, *y;            ///< out, [m] any finite; of the bodies' origins  [n]
    float *angle;            ///< out, [rad] any finite  [n]
    float *vx, *vy;          ///< out, [m/s] -1e4..1e4 of the centres of mass  [n]
    float *spin;             ///< out, [rad/s] -1e4..1e4  [n]
    float *mass;             ///< out, [kg] >= 0; 0: static or kinematic  [n]
    double *body_kinetic;    ///< out, [J] >= 0  [n]
    double *body_potential;  ///< out, [J] any finite  [n]
    uint8_t *enabled;        ///< out, [1] 0 or 1; 0: taken out, collected or shattered  [n]
    char *joint_names;       ///< out, [j, PARA_ABI_NAME]
    float *joint_angle;      ///< out, [rad] or [m] any finite  [j]
    float *joint_speed;      ///< out, [rad/s] or [m/s] any finite  [j]
    float *joint_load;       ///< out, [N] >= 0  [j]
    int32_t *contact_a, *contact_b; ///< out, [1] 0..n - 1 the two bodies  [c]
    float *contact_impulse;         ///< out, [N s] >= 0 of the last step  [c]
    float *contact_point;           ///< out, [m] any finite  [c, 2]
    float *contact_normal;          ///< out, [1] -1..1 from a to b  [c, 2]
} ParaAbiState;
/// Fills in the counts and whatever arrays there are.
/// @return PARA_ABI_INVALID if an array has less room than its count; the counts hold then
int32_t para_abi_batch_state(ParaAbiBatch *batch, int32_t env, ParaAbiState *out);

/// A level stepped with held actions and measured, as `paracosm probe` does.
typedef struct ParaAbiProbeDef {
    uint32_t size;            ///< [byte] >= 0, sizeof this struct, set by the caller
    int32_t solver;           ///< [ParaAbiSolver]
    double seconds;           ///< [s] 0..36e3; < 0: 5
    int32_t every;            ///< [1] >= 1 physics steps from row to row; 0: ten rows a second
    int32_t act_count;        ///< [1] 0..1000
    int32_t name_count;       ///< [1] 0..1000; 0: all bodies are told of
    uint32_t reserved;        ///< [bits] none yet
    const char *const *acts;  ///< "CHANNEL=VALUE" or "CHANNEL=VALUE@FROM..TILL" [s]  [act_count]
    const char *const *names; ///< of the bodies to tell of  [name_count]
} ParaAbiProbeDef;
typedef struct ParaAbiProbe ParaAbiProbe;
/// @return NULL with para_abi_error   Cost: all its physics steps
ParaAbiProbe *para_abi_probe_run(const ParaAbiLevel *level, const ParaAbiProbeDef *def);
void para_abi_probe_free(ParaAbiProbe *probe); ///< NULL is fine
/// What was measured as JSON, the object that `paracosm probe --json` prints; valid as long as the probe.
const char *para_abi_probe_json(const ParaAbiProbe *probe);

// ---------------------------------------------------------------------------------------------
// Observations: what their floats are.

/// A named part of an observation.
typedef struct ParaAbiSpan {
    uint32_t size;   ///< [byte] >= 0, sizeof this struct, set by the caller
    int32_t start;   ///< [1] >= 0 floats of the observation before it
    int32_t floats;  ///< [1] >= 1 how many it has
    int32_t count;   ///< [1] >= 1 so many of it: one per channel, entity row or body
    int32_t stride;  ///< [1] >= 0 floats from each of them to the next; 0 if there is one
    float low, high; ///< [1] -10..10 least and greatest value of its floats
    char name[48];   ///< such as "self.velocity", "channels.action", "rows.shape.mass"
    char about[256]; ///< what each float is, with unit and scale
} ParaAbiSpan;

/// How many spans an observation form has: all but PIXELS, which has 0.
/// @param obs ParaAbiObs   @param family VECTOR: whose; else NULL is fine
int32_t para_abi_obs_span_count(int32_t obs, const ParaAbiFamily *family);
/// The spans of a form, in its order; those of shapes, joints, thrusters and zones share the end of a row.
/// @param index 0..para_abi_obs_span_count - 1
int32_t para_abi_obs_span(int32_t obs, const ParaAbiFamily *family, int32_t index, ParaAbiSpan *out);

// ---------------------------------------------------------------------------------------------
// Snapshots: an env at one moment, to go back to, in any env of any batch of the same families.

typedef struct ParaAbiSnapshot ParaAbiSnapshot;
ParaAbiSnapshot *para_abi_snapshot_take(ParaAbiBatch *batch, int32_t env);
/// Steps after it give the same bits as they did after the snapshot. Writes the env's observation.
int32_t para_abi_snapshot_restore(ParaAbiBatch *batch, int32_t env, const ParaAbiSnapshot *snapshot);
void para_abi_snapshot_free(ParaAbiSnapshot *snapshot); ///< NULL is fine

// ---------------------------------------------------------------------------------------------
// Replays: recorded episodes.

#define PARA_ABI_VECTOR_MAX 4096 ///< floats of a `vector` observation at most

typedef struct ParaAbiReplay ParaAbiReplay;

typedef struct ParaAbiReplayInfo {
    uint32_t size;                        ///< [byte] >= 0, sizeof this struct, set by the caller
    int32_t decisions;                    ///< [1] >= 0, T
    int32_t end;                          ///< [ParaAbiEnd] -1: not ended
    int32_t frame_skip;                   ///< [1] 1..60 physics steps per decision
    float rate;                           ///< [1/s] 10..1000 physics steps
    float total_reward;                   ///< [1] any finite; undiscounted return
    uint32_t channel_bits, negative_bits; ///< [bits] as in ParaAbiLevelInfo
    int32_t players;                      ///< [1] 1..PARA_ABI_PLAYERS, A
    uint32_t fine;                        ///< [1] 0 or 1; 1: actions count parts of 127, from -127 to 127
    uint32_t lasts;                       ///< [1] 0 or 1; 1: solving it is its time limit, as truncated
    int32_t entities_size, vector_size;   ///< [1] >= 1 floats of an observation of this level
    uint64_t level_seed;                  ///< [seed] the level was sampled with
    uint64_t level_hash;                  ///< [hash] of the level
    char family[64], player[64], solver[32];
} ParaAbiReplayInfo;

/// Reads a .replay file, wholly checked.   @return NULL with para_abi_error
ParaAbiReplay *para_abi_replay_open(const char *path);
void para_abi_replay_free(ParaAbiReplay *replay); ///< NULL is fine
int32_t para_abi_replay_info(const ParaAbiReplay *replay, ParaAbiReplayInfo *out);
ParaAbiLevel *para_abi_replay_level(const ParaAbiReplay *replay); ///< the level it was played on
/// Verifies the replay bit for bit, then plays it with observations.
/// @param kind     PARA_ABI_OBS_ENTITIES or PARA_ABI_OBS_VECTOR
/// @param obs_size O: entities_size, or what a player of `vector` sees, be it less or more than vector_size:
/// bodies beyond its slots are left out, slots beyond the bodies are zero
/// @param actions  out, [T, A, 8] in -1..1, of a fine replay -127..127   @param obs out, [T + 1, A, O] @param
/// rewards out, [T, A]
/// @return PARA_ABI_FILE with the first step that differs
int32_t para_abi_replay_play(ParaAbiReplay *replay, int32_t kind, int32_t obs_size, int8_t *actions,
                             float *obs, double *rewards);
/// Something that happened before a decision, as para_abi_batch_meddle takes it.
typedef struct ParaAbiEvent {
    const char *line; ///< "drop crate", "wind 5", ... with a NUL; at most 159 bytes
    int32_t decision; ///< [1] 0..decisions - 1 before which it happens
} ParaAbiEvent;

/// Plays actions on a level until they or the episode end, and writes what happened: `paracosm replay verify`
/// proves it.   @param player who played, at most 63 bytes   @param solver ParaAbiSolver
/// @param actions in, [decisions, A, 8] in -1..1   @return decisions written, or a negative code
int32_t para_abi_replay_write(const char *path, const ParaAbiLevel *level, const char *player, int32_t solver,
                              const int8_t *actions, int32_t decisions);
/// The same with what was done to the level in its course. Events after the episode's end are left out, as
/// actions are.
/// @param level has a toybox if things of it are dropped: that of an env with one has
/// @param events in, in rising order of their decisions  [event_count]   @param event_count [1] 0..200000
/// @return decisions written, or a negative code: INVALID with the event that cannot be done, and why; then
/// no file is written
int32_t para_abi_replay_write_events(const char *path, const ParaAbiLevel *level, const char *player,
                                     int32_t solver, const int8_t *actions, int32_t decisions,
                                     const ParaAbiEvent *events, int32_t event_count);

// ---------------------------------------------------------------------------------------------
// Players: checkpoints.

/// The 64-bit hash (XXH3) of `size` bytes, chained after `seed`: guards a checkpoint's content.
uint64_t para_abi_hash(const void *data, uint64_t size, uint64_t seed);

/// Whether this library can run the player that a checkpoint's card (JSON text) describes: observation,
/// layout and widths.   @return PARA_ABI_FILE with what differs, such as the first span of another layout
int32_t para_abi_card_check(const char *card);

typedef struct ParaAbiPolicy ParaAbiPolicy;
/// @param path a .safetensors file, or a run folder for its newest   @return NULL with para_abi_error
ParaAbiPolicy *para_abi_policy_open(const char *path);
void para_abi_policy_free(ParaAbiPolicy *policy); ///< NULL is fine
int32_t para_abi_policy_obs_size(const ParaAbiPolicy *policy);
/// Floats of what it remembers over an episode; 0: nothing.
int32_t para_abi_policy_memory(const ParaAbiPolicy *policy);
/// Whether its actions are any amount from -1 to 1 (1), or one of three levels (0).
int32_t para_abi_policy_continuous(const ParaAbiPolicy *policy);
/// @param obs in, [n, obs_size]; a player of `vector` takes any layout of it: slots that it does not know are
/// left out, slots that are not there are zero   @param memory in-out, [n, para_abi_policy_memory] of each
/// row's episode, -1..1, all 0 where it begins; NULL where that is 0   @param logits out, [n, 8, 3]; of a
/// continuous player the first two of a channel: its Beta distribution has the parameters 1 + softplus of
/// them
/// @param value out, [n]
int32_t para_abi_policy_forward(ParaAbiPolicy *policy, const float *obs, int32_t n, int32_t obs_size,
                                float *memory, float *logits, float *value);
