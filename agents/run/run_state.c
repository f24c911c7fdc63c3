// SPDX-License-Identifier: MIT
// The state of a training beside its checkpoint: checkpoints/lesson-000123.state. A checkpoint alone is a
// player, which may be copied and sent; the state is what the training needs besides to go on as if it had
// not stopped. Its hash stands in the checkpoint's card, so the two belong together.
//
// The file, little-endian: magic "PARASTAT", version u32, zero u32, plain size u64 [byte], then the bytes,
// compressed by zstd.
#include "agents/run/run_parts.h"
#include "engine/base/bytes.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"

#include <string.h>
#include <zstd.h>

#define STATE_HEAD    24                  // [byte]
#define STATE_VERSION 1                   // newest that is known
#define STATE_MAX     ((size_t)256 << 20) // [byte] plain
#define COMPRESSION   3                   // the library's 256 envs: 64 kB become 35 kB
static const char magic[8] = {'P', 'A', 'R', 'A', 'S', 'T', 'A', 'T'};

const char *para_run_state_path(const ParaRun *run, int lesson, ParaArena *arena)
{
    return para_arena_printf(arena, "%s/checkpoints/lesson-%06d" PARA_RUN_STATE_ENDING, run->folder, lesson);
}

bool para_run_write_state(ParaRun *run, int lesson, const ParaBytes *state, char out_hash[17],
                          const char **out_error)
{
    ParaBytes file = {.arena = state->arena};
    const char *path = para_run_state_path(run, lesson, state->arena);
    size_t bound = ZSTD_compressBound(state->size);
    void *packed = para_arena_alloc(state->arena, bound);
    size_t size = ZSTD_compress(packed, bound, state->data, state->size, COMPRESSION);
    if (ZSTD_isError(size) || state->size > STATE_MAX) {
        *out_error = para_arena_printf(run->arena, "cannot write %s: %s", path,
                                       ZSTD_isError(size) ? ZSTD_getErrorName(size) : "it is too large");
        return false;
    }
    para_bytes_put(&file, magic, sizeof magic);
    para_bytes_put_whole(&file, STATE_VERSION, 4);
    para_bytes_put_whole(&file, 0, 4);
    para_bytes_put_whole(&file, state->size, 8);
    para_bytes_put(&file, packed, size);
    para_hash_hex(para_hash(state->data, state->size, 0), out_hash);
    return para_file_write(path, file.data, file.size, run->arena, out_error);
}

/// What is wrong with a file, NULL if it is whole.
static const char *unpack(const uint8_t *file, size_t size, const char *hash, ParaArena *arena, uint8_t **out,
                          size_t *out_size)
{
    ParaBytesReader in = {.data = file, .size = size};
    const uint8_t *head = para_bytes_take(&in, sizeof magic);
    uint64_t version = para_bytes_take_whole(&in, 4), zero = para_bytes_take_whole(&in, 4),
             plain = para_bytes_take_whole(&in, 8);
    char found[17];
    if (in.bad || memcmp(head, magic, sizeof magic) != 0 || zero != 0)
        return "it is no state of a training";
    if (version > STATE_VERSION)
        return "a newer Paracosm wrote it";
    if (plain == 0 || plain > STATE_MAX || plain + STATE_HEAD > para_arena_room(arena))
        return "it claims to be too large";
    *out = para_arena_alloc(arena, (size_t)plain);
    *out_size = ZSTD_decompress(*out, (size_t)plain, file + in.at, size - in.at);
    if (ZSTD_isError(*out_size) || *out_size != plain)
        return "it is damaged";
    para_hash_hex(para_hash(*out, *out_size, 0), found);
    return strcmp(found, hash) == 0 ? NULL : "it is not that of its checkpoint";
}

bool para_run_read_state(ParaRun *run, int lesson, const char *hash, ParaArena *arena, uint8_t **out,
                         size_t *out_size, const char **out_error)
{
    const char *path = para_run_state_path(run, lesson, arena);
    size_t size = 0;
    const char *file = para_file_read(path, STATE_MAX, arena, &size, out_error);
    const char *wrong = file ? unpack((const uint8_t *)file, size, hash, arena, out, out_size) : NULL;
    if (wrong)
        *out_error = para_arena_printf(arena, "cannot read %s: %s", path, wrong);
    return file && !wrong;
}
