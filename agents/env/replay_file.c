// SPDX-License-Identifier: MIT
// The replay file: reading with every size checked before memory is taken, writing never half.
//
// Head, 64 bytes, little-endian:
//    0  magic "PARAPLAY"          32  level: compressed size u32 [byte]
//    8  version u32               36  level: plain size u32 [byte], without a NUL
//   12  solver u32                40  player's name: size u32 [byte]
//   16  end u32                   44  zero u32
//   20  total reward f32          48  zero u64
//   24  decisions u32             56  hash u64 over bytes 0..55, the compressed level and the name
//   28  channels u32 (8)
#include "agents/env/replay.h"

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

typedef struct Head {
    uint32_t version, solver, end, decisions, channels, packed_size, level_size, player_size;
    float total_reward;
    uint64_t hash;
} Head;

// ---------------------------------------------------------------- numbers in bytes

static void put(unsigned char *out, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t take(const unsigned char *in, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value |= (uint64_t)in[i] << (8 * i);
    return value;
}

static void put_head(unsigned char *out, const Head *head)
{
    uint32_t reward_bits;
    memcpy(&reward_bits, &head->total_reward, sizeof reward_bits);
    memset(out, 0, PARA_REPLAY_HEAD);
    memcpy(out, replay_magic, sizeof replay_magic);
    put(out + 8, head->version, 4);
    put(out + 12, head->solver, 4);
    put(out + 16, head->end, 4);
    put(out + 20, reward_bits, 4);
    put(out + 24, head->decisions, 4);
    put(out + 28, head->channels, 4);
    put(out + 32, head->packed_size, 4);
    put(out + 36, head->level_size, 4);
    put(out + 40, head->player_size, 4);
}

static Head take_head(const unsigned char *in)
{
    Head head = {.version = (uint32_t)take(in + 8, 4),
                 .solver = (uint32_t)take(in + 12, 4),
                 .end = (uint32_t)take(in + 16, 4),
                 .decisions = (uint32_t)take(in + 24, 4),
                 .channels = (uint32_t)take(in + 28, 4),
                 .packed_size = (uint32_t)take(in + 32, 4),
                 .level_size = (uint32_t)take(in + 36, 4),
                 .player_size = (uint32_t)take(in + 40, 4),
                 .hash = take(in + 56, 8)};
    uint32_t reward_bits = (uint32_t)take(in + 20, 4);
    memcpy(&head.total_reward, &reward_bits, sizeof head.total_reward);
    return head;
}

/// Hash over the head before its hash field, then the level and the name that follow the head.
static uint64_t guard(const unsigned char *file, const Head *head)
{
    uint64_t first = para_hash(file, PARA_REPLAY_HEAD - 8, 0);
    return para_hash(file + PARA_REPLAY_HEAD, (size_t)head->packed_size + head->player_size, first);
}

static size_t actions_at(const Head *head)
{
    return PARA_REPLAY_HEAD + (size_t)head->packed_size + head->player_size;
}

static size_t file_size(const Head *head)
{
    return actions_at(head) + (size_t)head->decisions * (PARA_CHANNELS + sizeof(uint64_t));
}

// ---------------------------------------------------------------- writing

bool para_replay_write(const char *path, const ParaReplay *replay, ParaArena *arena, const char **out_error)
{
    size_t level_size = strlen(replay->level_json), player_size = strlen(replay->player);
    const char *problem = level_size > REPLAY_LEVEL_MAX     ? "the level is too large"
                          : player_size > REPLAY_PLAYER_MAX ? "the player's name is too long"
                          : replay->decisions < 0 || replay->decisions > PARA_REPLAY_DECISIONS_MAX
                              ? "it has too many decisions"
                              : NULL;
    if (problem) {
        if (out_error)
            *out_error = para_arena_printf(arena, "cannot write replay %s: %s", path, problem);
        return false;
    }
    size_t decisions = (size_t)replay->decisions, bound = ZSTD_compressBound(level_size);
    unsigned char *file = para_arena_alloc(arena, PARA_REPLAY_HEAD + bound + player_size +
                                                      decisions * (PARA_CHANNELS + sizeof(uint64_t)));
    size_t packed = ZSTD_compress(file + PARA_REPLAY_HEAD, bound, replay->level_json, level_size,
                                  REPLAY_LEVEL_COMPRESSION);
    if (ZSTD_isError(packed)) {
        if (out_error)
            *out_error =
                para_arena_printf(arena, "cannot write replay %s: %s", path, ZSTD_getErrorName(packed));
        return false;
    }
    Head head = {.version = PARA_REPLAY_VERSION,
                 .solver = (uint32_t)replay->solver,
                 .end = (uint32_t)replay->end,
                 .decisions = (uint32_t)decisions,
                 .channels = PARA_CHANNELS,
                 .packed_size = (uint32_t)packed,
                 .level_size = (uint32_t)level_size,
                 .player_size = (uint32_t)player_size,
                 .total_reward = replay->total_reward};
    put_head(file, &head);
    unsigned char *at = file + PARA_REPLAY_HEAD + packed;
    memcpy(at, replay->player, player_size);
    put(file + 56, guard(file, &head), 8);
    at += player_size;
    if (decisions > 0)
        memcpy(at, replay->actions, decisions * PARA_CHANNELS);
    at += decisions * PARA_CHANNELS;
    for (size_t i = 0; i < decisions; i++)
        put(at + 8 * i, replay->hashes[i], 8);
    return para_file_write(path, file, file_size(&head), arena, out_error);
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
                  (size_t)PARA_REPLAY_DECISIONS_MAX * (PARA_CHANNELS + sizeof(uint64_t));
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
    replay->solver = (ParaSolverKind)head.solver;
    replay->end = (int)head.end;
    replay->total_reward = head.total_reward;
    replay->decisions = (int)head.decisions;
    replay->level_json = level;
    replay->player = para_arena_printf(arena, "%.*s", (int)head.player_size,
                                       (const char *)file + PARA_REPLAY_HEAD + head.packed_size);
    replay->actions = PARA_NEW(arena, int8_t, (size_t)head.decisions * PARA_CHANNELS);
    replay->hashes = PARA_NEW(arena, uint64_t, head.decisions);
    const unsigned char *at = file + actions_at(&head);
    memcpy(replay->actions, at, (size_t)head.decisions * PARA_CHANNELS);
    at += (size_t)head.decisions * PARA_CHANNELS;
    for (size_t i = 0; i < head.decisions; i++)
        replay->hashes[i] = take(at + 8 * i, 8);
    return replay;
}

size_t para_replay_actions_offset(const char *path, ParaArena *arena)
{
    Head head;
    return read_checked(path, arena, &head, NULL) ? actions_at(&head) : 0;
}
