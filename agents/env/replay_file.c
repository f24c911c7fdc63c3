// SPDX-License-Identifier: MIT
// The replay file: reading with every size checked before memory is taken, writing never half.
//
// Head, 64 bytes, little-endian:
//    0  magic "PARAPLAY"          32  level: compressed size u32 [byte]
//    8  version u32               36  level: plain size u32 [byte], without a NUL
//   12  solver u32                40  player's name: size u32 [byte]
//   16  end u32                   44  players u32: 0 in version 1, which is of one; 2 and more in version 2
//   20  total reward f32          48  meddles u32, 1 and more in version 3, else 0
//   24  decisions u32             52  fine u32: 1 in version 4, else 0
//   28  channels u32 (8)          56  hash u64 over bytes 0..55 and all between the head and the actions
// In version 4, of fine actions, players are 1 and more, meddles 0 and more. In versions 2, 3 and 4 the name
// is followed by the players' ends, for each: end u32, total reward f32; in versions 3 and 4 by what was
// meddled, for each: decision u32, kind u32, four numbers f32. A replay is written as the oldest version that
// can hold it, as it always was; a reader that knows only older ones refuses a newer by name.
#include "agents/env/replay.h"

#include "engine/base/bytes.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <zstd.h>

#define REPLAY_LEVEL_MAX         ((size_t)4 << 20) // [byte] of a level's JSON
#define REPLAY_PLAYER_MAX        ((size_t)63)      // [byte]
#define REPLAY_LEVEL_COMPRESSION 9                 // 20 kB of JSON become about 3 kB in under a millisecond
static const char replay_magic[8] = {'P', 'A', 'R', 'A', 'P', 'L', 'A', 'Y'};

#define ONE_PLAYER_VERSION 1
#define MEDDLES_VERSION    3
#define FINE_VERSION       4
#define END_BYTES          8                             // [byte] of one player's end
#define MEDDLE_BYTES       (8 + 4 * PARA_MEDDLE_NUMBERS) // [byte]

typedef struct Head {
    uint32_t version, solver, end, decisions, channels, packed_size, level_size, player_size, players,
        meddles, fine;
    float total_reward;
    uint64_t hash;
} Head;

// ---------------------------------------------------------------- the head

static void put_head(unsigned char *out, const Head *head)
{
    uint32_t reward_bits;
    memcpy(&reward_bits, &head->total_reward, sizeof reward_bits);
    memset(out, 0, PARA_REPLAY_HEAD);
    memcpy(out, replay_magic, sizeof replay_magic);
    para_bytes_store(out + 8, head->version, 4);
    para_bytes_store(out + 12, head->solver, 4);
    para_bytes_store(out + 16, head->end, 4);
    para_bytes_store(out + 20, reward_bits, 4);
    para_bytes_store(out + 24, head->decisions, 4);
    para_bytes_store(out + 28, head->channels, 4);
    para_bytes_store(out + 32, head->packed_size, 4);
    para_bytes_store(out + 36, head->level_size, 4);
    para_bytes_store(out + 40, head->player_size, 4);
    para_bytes_store(out + 44, head->players, 4);
    para_bytes_store(out + 48, head->meddles, 4);
    para_bytes_store(out + 52, head->fine, 4);
}

static Head take_head(const unsigned char *in)
{
    Head head = {.version = (uint32_t)para_bytes_load(in + 8, 4),
                 .solver = (uint32_t)para_bytes_load(in + 12, 4),
                 .end = (uint32_t)para_bytes_load(in + 16, 4),
                 .decisions = (uint32_t)para_bytes_load(in + 24, 4),
                 .channels = (uint32_t)para_bytes_load(in + 28, 4),
                 .packed_size = (uint32_t)para_bytes_load(in + 32, 4),
                 .level_size = (uint32_t)para_bytes_load(in + 36, 4),
                 .player_size = (uint32_t)para_bytes_load(in + 40, 4),
                 .players = (uint32_t)para_bytes_load(in + 44, 4),
                 .meddles = (uint32_t)para_bytes_load(in + 48, 4),
                 .fine = (uint32_t)para_bytes_load(in + 52, 4),
                 .hash = para_bytes_load(in + 56, 8)};
    uint32_t reward_bits = (uint32_t)para_bytes_load(in + 20, 4);
    memcpy(&head.total_reward, &reward_bits, sizeof head.total_reward);
    return head;
}

static int player_count(const Head *head)
{
    return head->version == ONE_PLAYER_VERSION ? 1 : (int)head->players;
}

/// [byte] of the players' ends in the file.
static size_t ends_size(const Head *head)
{
    return head->version == ONE_PLAYER_VERSION ? 0 : (size_t)head->players * END_BYTES;
}

static size_t meddles_at(const Head *head)
{
    return PARA_REPLAY_HEAD + (size_t)head->packed_size + head->player_size + ends_size(head);
}

static size_t actions_at(const Head *head) { return meddles_at(head) + (size_t)head->meddles * MEDDLE_BYTES; }

/// Hash over the head before its hash field, then over all that follows the head before the actions.
static uint64_t guard(const unsigned char *file, const Head *head)
{
    uint64_t first = para_hash(file, PARA_REPLAY_HEAD - 8, 0);
    return para_hash(file + PARA_REPLAY_HEAD, actions_at(head) - PARA_REPLAY_HEAD, first);
}

/// [byte] of the actions of one decision.
static size_t row_size(int players) { return (size_t)players * PARA_CHANNELS; }

static size_t file_size(const Head *head)
{
    return actions_at(head) + (size_t)head->decisions * (row_size(player_count(head)) + sizeof(uint64_t));
}

/// Whether a meddle may stand in a file: before a decision that there is, none before the last one's, and of
/// a kind and of numbers that a level may take. @param after [decision] of the meddle before it
static bool meddle_fits(const ParaMeddle *meddle, int32_t after, int decisions)
{
    bool fits =
        meddle->decision >= after && meddle->decision < decisions && meddle->kind < (uint32_t)PARA_MEDDLES;
    for (int k = 0; k < PARA_MEDDLE_NUMBERS; k++)
        fits = fits && fabsf(meddle->numbers[k]) <= PARA_MEDDLE_MOST;
    return fits;
}

// ---------------------------------------------------------------- writing

static bool meddles_fit(const ParaReplay *replay)
{
    for (int m = 0; m < replay->meddle_count; m++)
        if (!meddle_fits(&replay->meddles[m], m > 0 ? replay->meddles[m - 1].decision : 0, replay->decisions))
            return false;
    return true;
}

/// NULL if the replay can be written, else why not.
static const char *replay_problem(const ParaReplay *replay)
{
    if (!replay->level_json)
        return "it has no level";
    if (!para_solver_stands_alone(replay->solver))
        return "a dream is no replay: the model that ran its worlds is not in it; play it in the engine";
    if (strlen(replay->level_json) > REPLAY_LEVEL_MAX)
        return "the level is too large";
    if (strlen(replay->player) > REPLAY_PLAYER_MAX)
        return "the player's name is too long";
    if (replay->players < 1 || replay->players > PARA_PLAYERS_MAX)
        return "it has too many players";
    if (replay->decisions < 0 || replay->decisions > PARA_REPLAY_DECISIONS_MAX)
        return "it has too many decisions";
    if (replay->meddle_count < 0 || replay->meddle_count > PARA_REPLAY_MEDDLES_MAX)
        return "too much was meddled";
    if (!meddles_fit(replay))
        return "an event is out of order or range, or comes after the last decision, where nothing can come "
               "of it: leave it out";
    return NULL;
}

static Head head_of(const ParaReplay *replay, size_t packed_size)
{
    bool one = replay->players == 1 && replay->meddle_count == 0 && !replay->fine;
    uint32_t newer = replay->fine ? FINE_VERSION : replay->meddle_count > 0 ? MEDDLES_VERSION : 2;
    return (Head){.version = one ? ONE_PLAYER_VERSION : newer,
                  .solver = (uint32_t)replay->solver,
                  .end = (uint32_t)replay->end,
                  .decisions = (uint32_t)replay->decisions,
                  .channels = PARA_CHANNELS,
                  .packed_size = (uint32_t)packed_size,
                  .level_size = (uint32_t)strlen(replay->level_json),
                  .player_size = (uint32_t)strlen(replay->player),
                  .players = one ? 0 : (uint32_t)replay->players,
                  .meddles = (uint32_t)replay->meddle_count,
                  .fine = replay->fine,
                  .total_reward = replay->total_reward};
}

static void put_ends(unsigned char *out, const ParaReplay *replay)
{
    for (int p = 0; p < replay->players; p++) {
        uint32_t reward_bits;
        memcpy(&reward_bits, &replay->ends[p].total_reward, sizeof reward_bits);
        para_bytes_store(out + (size_t)p * END_BYTES, (uint64_t)replay->ends[p].end, 4);
        para_bytes_store(out + (size_t)p * END_BYTES + 4, reward_bits, 4);
    }
}

static uint32_t bits_of(float number)
{
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static void put_meddles(unsigned char *out, const ParaReplay *replay)
{
    for (int m = 0; m < replay->meddle_count; m++, out += MEDDLE_BYTES) {
        const ParaMeddle *meddle = &replay->meddles[m];
        para_bytes_store(out, (uint64_t)meddle->decision, 4);
        para_bytes_store(out + 4, meddle->kind, 4);
        for (int k = 0; k < PARA_MEDDLE_NUMBERS; k++)
            para_bytes_store(out + 8 + 4 * k, bits_of(meddle->numbers[k]), 4);
    }
}

/// Head, name, ends, meddles, actions and hashes around the level, which is packed already.
static void fill_file(unsigned char *file, const Head *head, const ParaReplay *replay)
{
    unsigned char *at = file + PARA_REPLAY_HEAD + head->packed_size;
    size_t actions = (size_t)replay->decisions * row_size(replay->players);
    put_head(file, head);
    memcpy(at, replay->player, head->player_size);
    if (ends_size(head) > 0)
        put_ends(at + head->player_size, replay);
    put_meddles(file + meddles_at(head), replay);
    para_bytes_store(file + 56, guard(file, head), 8);
    at = file + actions_at(head);
    if (actions > 0)
        memcpy(at, replay->actions, actions);
    for (size_t i = 0; i < head->decisions; i++)
        para_bytes_store(at + actions + 8 * i, replay->hashes[i], 8);
}

uint8_t *para_replay_pack(const ParaReplay *replay, ParaArena *arena, size_t *out_size,
                          const char **out_error)
{
    *out_error = replay_problem(replay);
    if (*out_error)
        return NULL;
    size_t level_size = strlen(replay->level_json), bound = ZSTD_compressBound(level_size);
    Head head = head_of(replay, bound);
    uint8_t *file = para_arena_alloc(arena, file_size(&head));
    size_t packed = ZSTD_compress(file + PARA_REPLAY_HEAD, bound, replay->level_json, level_size,
                                  REPLAY_LEVEL_COMPRESSION);
    if (ZSTD_isError(packed)) {
        *out_error = ZSTD_getErrorName(packed);
        return NULL;
    }
    head.packed_size = (uint32_t)packed;
    fill_file(file, &head, replay);
    *out_size = file_size(&head);
    return file;
}

bool para_replay_write(const char *path, const ParaReplay *replay, ParaArena *arena, const char **out_error)
{
    size_t size = 0;
    const char *problem = NULL;
    const uint8_t *file = para_replay_pack(replay, arena, &size, &problem);
    if (!file && out_error)
        *out_error = para_arena_printf(arena, "cannot write replay %s: %s", path, problem);
    return file && para_file_write(path, file, size, arena, out_error);
}

// ---------------------------------------------------------------- reading

/// NULL if the head makes sense for a file of `size` bytes, else what is wrong with it.
static const char *head_problem(const Head *head, size_t size, ParaArena *arena)
{
    if (head->version > PARA_REPLAY_VERSION)
        return para_arena_printf(arena,
                                 "it was written by a newer Paracosm (replay version %u, this one knows %d)",
                                 head->version, PARA_REPLAY_VERSION);
    if (head->version == 0 || head->channels != PARA_CHANNELS)
        return "its head is damaged (version or channels)";
    uint32_t least = head->version >= MEDDLES_VERSION ? 1 : 2;
    if (head->version == ONE_PLAYER_VERSION ? head->players != 0
                                            : head->players < least || head->players > PARA_PLAYERS_MAX)
        return "its head is damaged (players)";
    bool meddled = head->meddles > 0 && head->decisions > 0 && head->meddles <= PARA_REPLAY_MEDDLES_MAX;
    bool may = head->version == FINE_VERSION && head->meddles == 0;
    if (head->version >= MEDDLES_VERSION ? !meddled && !may : head->meddles != 0)
        return "its head is damaged (meddles)";
    if (head->fine != (head->version == FINE_VERSION))
        return "its head is damaged (fine)";
    if (head->solver != PARA_SOLVER_CHIPMUNK && head->solver != PARA_SOLVER_LANES)
        return "its head names no solver that there is";
    if (head->end > PARA_PLAY_DIVERGED || !isfinite(head->total_reward))
        return "its head is damaged (end or reward)";
    if (head->decisions > PARA_REPLAY_DECISIONS_MAX || head->level_size > REPLAY_LEVEL_MAX ||
        head->level_size == 0 || head->packed_size > ZSTD_compressBound(REPLAY_LEVEL_MAX) ||
        head->player_size > REPLAY_PLAYER_MAX)
        return "its head is damaged (a size is out of range)";
    if (file_size(head) != size)
        return para_arena_printf(
            arena, "it has %zu bytes where its head says %zu: cut short, or something was added", size,
            file_size(head));
    return NULL;
}

/// Unpacks the level's JSON, NULL if it is damaged.
static char *unpack_level(const unsigned char *packed, const Head *head, ParaArena *arena)
{
    // The size in the compressed frame is the stranger's word too, so both must agree before memory is taken.
    if (ZSTD_getFrameContentSize(packed, head->packed_size) != head->level_size)
        return NULL;
    if ((size_t)head->level_size + 1024 > para_arena_room(arena))
        return NULL;
    char *text = para_arena_alloc(arena, (size_t)head->level_size + 1);
    size_t size = ZSTD_decompress(text, head->level_size, packed, head->packed_size);
    if (ZSTD_isError(size) || size != head->level_size || memchr(text, '\0', size))
        return NULL;
    return text;
}

static ParaReplay *refuse(const char *path, const char *problem, ParaArena *arena, const char **out_error)
{
    if (out_error)
        *out_error = para_arena_printf(arena, "cannot read replay %s: %s", path, problem);
    return NULL;
}

/// The whole file with a checked head; NULL with the error set.
static unsigned char *read_checked(const char *path, ParaArena *arena, Head *out_head, const char **out_error)
{
    size_t most = PARA_REPLAY_HEAD + ZSTD_compressBound(REPLAY_LEVEL_MAX) + REPLAY_PLAYER_MAX +
                  PARA_PLAYERS_MAX * END_BYTES + (size_t)PARA_REPLAY_MEDDLES_MAX * MEDDLE_BYTES +
                  (size_t)PARA_REPLAY_DECISIONS_MAX * (row_size(PARA_PLAYERS_MAX) + sizeof(uint64_t));
    size_t size = 0;
    unsigned char *file = (unsigned char *)para_file_read(path, most, arena, &size, out_error);
    if (!file)
        return NULL;
    const char *problem = NULL;
    if (size < sizeof replay_magic || memcmp(file, replay_magic, sizeof replay_magic) != 0)
        problem = "it is not a Paracosm replay";
    else if (size < PARA_REPLAY_HEAD)
        problem = "it is cut short within its head";
    else
        *out_head = take_head(file), problem = head_problem(out_head, size, arena);
    if (!problem && guard(file, out_head) != out_head->hash)
        problem = "its head or level is damaged (their hash differs)";
    if (problem)
        refuse(path, problem, arena, out_error);
    return problem ? NULL : file;
}

/// The ends of the players: with one, the head's. @return false if one makes no sense
static bool take_ends(const unsigned char *in, const Head *head, ParaReplay *replay)
{
    replay->ends[0] = (ParaReplayEnd){(int)head->end, head->total_reward};
    for (int p = 0; ends_size(head) > 0 && p < replay->players; p++) {
        uint32_t end = (uint32_t)para_bytes_load(in + (size_t)p * END_BYTES, 4);
        uint32_t reward_bits = (uint32_t)para_bytes_load(in + (size_t)p * END_BYTES + 4, 4);
        replay->ends[p].end = (int)end;
        memcpy(&replay->ends[p].total_reward, &reward_bits, sizeof reward_bits);
        if (end > PARA_PLAY_DIVERGED || !isfinite(replay->ends[p].total_reward))
            return false;
    }
    return true;
}

/// What was meddled. @return false where no level would take it, or it is out of order
static bool take_meddles(const unsigned char *in, ParaReplay *replay)
{
    for (int m = 0; m < replay->meddle_count; m++, in += MEDDLE_BYTES) {
        ParaMeddle *meddle = &replay->meddles[m];
        uint32_t decision = (uint32_t)para_bytes_load(in, 4);
        *meddle = (ParaMeddle){.decision = decision <= (uint32_t)INT32_MAX ? (int32_t)decision : -1,
                               .kind = (uint32_t)para_bytes_load(in + 4, 4)};
        for (int k = 0; k < PARA_MEDDLE_NUMBERS; k++) {
            uint32_t bits = (uint32_t)para_bytes_load(in + 8 + 4 * k, 4);
            memcpy(&meddle->numbers[k], &bits, sizeof bits);
        }
        if (!meddle_fits(meddle, m > 0 ? replay->meddles[m - 1].decision : 0, replay->decisions))
            return false;
    }
    return true;
}

ParaReplay *para_replay_read(const char *path, ParaArena *arena, const char **out_error)
{
    Head head;
    unsigned char *file = read_checked(path, arena, &head, out_error);
    if (!file)
        return NULL;
    const char *level = unpack_level(file + PARA_REPLAY_HEAD, &head, arena);
    if (!level)
        return refuse(path, "its level is damaged (it does not unpack)", arena, out_error);
    if (file_size(&head) + 1024 > para_arena_room(arena)) // the copies below take as much as the file
        return refuse(path, "no room left in memory", arena, out_error);
    ParaReplay *replay = PARA_NEW(arena, ParaReplay, 1);
    *replay = (ParaReplay){.solver = (ParaSolverKind)head.solver,
                           .level_json = level,
                           .players = player_count(&head),
                           .decisions = (int)head.decisions,
                           .meddle_count = (int)head.meddles,
                           .fine = head.fine == 1,
                           .end = (int)head.end,
                           .total_reward = head.total_reward};
    const unsigned char *name = file + PARA_REPLAY_HEAD + head.packed_size, *at = file + actions_at(&head);
    size_t actions = (size_t)head.decisions * row_size(replay->players);
    replay->player = para_arena_printf(arena, "%.*s", (int)head.player_size, (const char *)name);
    replay->ends = PARA_NEW(arena, ParaReplayEnd, replay->players);
    replay->actions = PARA_NEW(arena, int8_t, actions);
    replay->hashes = PARA_NEW(arena, uint64_t, head.decisions);
    if (!take_ends(name + head.player_size, &head, replay))
        return refuse(path, "its players' ends are damaged", arena, out_error);
    if (head.meddles > 0)
        replay->meddles = PARA_NEW(arena, ParaMeddle, head.meddles);
    if (!take_meddles(file + meddles_at(&head), replay))
        return refuse(path, "what was meddled is damaged", arena, out_error);
    memcpy(replay->actions, at, actions);
    for (size_t i = 0; i < head.decisions; i++)
        replay->hashes[i] = para_bytes_load(at + actions + 8 * i, 8);
    return replay;
}

size_t para_replay_actions_offset(const char *path, ParaArena *arena)
{
    Head head;
    return read_checked(path, arena, &head, NULL) ? actions_at(&head) : 0;
}
