// SPDX-License-Identifier: MIT
// Replays played again: what their players saw, did and earned.
#include "agents/demos/demos.h"

#include "agents/env/env.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define EPISODE_MOST ((size_t)1 << 30) // [byte] of one episode that is played again

typedef struct Reader {
    struct ParaPicture *picture; ///< NULL: the layout has no pixels
    const ParaDemosDef *def;
    ParaDemos *out;
    ParaArena *arena;   ///< of the rows and errors
    ParaArena *episode; ///< emptied for each file
    int room;           ///< [row] that the arrays have
    const char *path;   ///< of the file at hand
    const char **out_error;
} Reader;

static bool fail(const Reader *r, const char *why)
{
    *r->out_error = para_arena_printf(r->arena, "%s: %s", r->path, why);
    return false;
}

static void make_room(ParaDemos *out, const ParaObsSpec *obs, int rows, ParaArena *arena)
{
    out->obs = PARA_NEW(arena, float, (size_t)rows *(size_t)obs->size);
    out->action = PARA_NEW(arena, int8_t, (size_t)rows * PARA_CHANNELS);
    out->begins = PARA_NEW(arena, uint8_t, rows);
    out->channel_bits = PARA_NEW(arena, uint32_t, rows);
    out->negative_bits = PARA_NEW(arena, uint32_t, rows);
    out->earned = PARA_NEW(arena, float, rows);
}

/// What a recorded action of channel c does, by the nearest that a player of that head could have done.
/// Whatever a channel that is not bound was given moved nothing; nor did what was below 0 where that is as 0.
static float wanted_value(bool fine, bool recorded_fine, const ParaPlayer *player, int c, int8_t action)
{
    bool bound = player->channel_bits >> c & 1u, negative = player->negative_bits >> c & 1u;
    float value = para_clampf(para_action_value(recorded_fine, action), negative ? -1.0f : 0.0f, 1.0f);
    if (!bound)
        return 0.0f;
    return fine ? value : rintf(value);
}

/// What a player sees and does next, as the row after the last.
static void add_row(Reader *r, const ParaReplay *replay, const ParaEnv *env, int player, const int8_t *action)
{
    ParaDemos *out = r->out;
    size_t row = (size_t)out->count++;
    const ParaPlayer *def = &env->level->players[player];
    para_env_observe(env, r->picture, &r->def->obs, player, out->obs + row * (size_t)r->def->obs.size);
    for (int c = 0; c < PARA_CHANNELS; c++)
        out->action[row * PARA_CHANNELS + (size_t)c] =
            para_action_kept(r->def->fine, wanted_value(r->def->fine, replay->fine, def, c, action[c]));
    out->channel_bits[row] = def->channel_bits;
    out->negative_bits[row] = def->negative_bits;
}

/// Rewards of `count` rows from `first` on become what is earned from each of them on.
static void discount(ParaDemos *out, int first, int count, float by)
{
    for (int i = first + count - 2; i >= first; i--)
        out->earned[i] += by * out->earned[i + 1];
}

/// One player of an episode that is played again.
typedef struct Written {
    Reader *reader;
    const ParaReplay *replay;
    int player;
    int first, count; ///< rows: where they begin, and how many there are
    bool lives;       ///< the player took part in the decision at hand
} Written;

static void write_down(void *context, const ParaEnv *env, int decision, bool made)
{
    Written *w = context;
    const ParaPlayerState *player = &env->play.players[w->player];
    if (made && w->lives)
        w->reader->out->earned[w->first + w->count++] = player->reward;
    if (made)
        return;
    w->lives = player->status == PARA_PLAY_ON;
    if (w->lives)
        add_row(w->reader, w->replay, env, w->player,
                para_replay_actions(w->replay, decision) + w->player * PARA_CHANNELS);
}

/// Once for each of its players, so that each has its rows together.
static bool play(Reader *r, const ParaReplay *replay, const ParaLevel *level)
{
    for (int player = 0; player < replay->players; player++) {
        Written w = {.reader = r, .replay = replay, .player = player, .first = r->out->count};
        ParaArenaMark mark = para_arena_mark(r->episode);
        ParaVerdict verdict =
            para_replay_verify_seen(replay, level, r->def->obs.parts, write_down, &w, r->episode);
        para_arena_rewind(r->episode, mark);
        if (!verdict.ok)
            return fail(r, verdict.message);
        if (w.count > 0)
            r->out->begins[w.first] = 1;
        discount(r->out, w.first, w.count, r->def->discount);
    }
    return true;
}

static bool take_file(Reader *r)
{
    const ParaDemosDef *def = r->def;
    const char *why = NULL;
    ParaDemos *out = r->out;
    para_arena_clear(r->episode);
    const ParaReplay *replay = para_replay_read(r->path, r->episode, &why);
    if (!replay) {
        *r->out_error = para_arena_strdup(r->arena, why); // it names the file
        return false;
    }
    out->files++;
    const ParaLevel *level = para_replay_level(replay, r->episode, &why);
    if (!level)
        return fail(r, why);
    if (replay->end != PARA_PLAY_SOLVED && !def->failed) {
        out->unsolved++;
        return true;
    }
    if (def->family && strcmp(level->family, def->family) != 0) {
        out->others++;
        return true;
    }
    int64_t rows = (int64_t)replay->decisions * replay->players;
    if (rows > r->room - out->count) {
        out->full = true;
        return true;
    }
    out->episodes += rows > 0;
    return play(r, replay, level);
}

/// Fisher-Yates: which of too many have room, and which are set aside, is chance.
static void shuffle(const char **files, int count, uint64_t seed)
{
    ParaRng rng = para_rng_make(seed, "demos");
    for (int i = count - 1; i > 0; i--) {
        int k = (int)para_rng_int(&rng, 0, i);
        const char *kept = files[i];
        files[i] = files[k];
        files[k] = kept;
    }
}

/// Decisions that the files say they hold, all players together, no more than there is room for.
static int rows_of(Reader *r, const char *const *files, int count)
{
    int64_t rows = 0;
    for (int i = 0; i < count && rows < PARA_DEMOS_ROWS_MAX; i++) {
        const char *why = NULL;
        para_arena_clear(r->episode);
        const ParaReplay *replay = para_replay_read(files[i], r->episode, &why);
        rows += replay ? (int64_t)replay->decisions * replay->players : 0; // what is wrong is told later
    }
    return rows > PARA_DEMOS_ROWS_MAX ? PARA_DEMOS_ROWS_MAX : (int)rows;
}

bool para_demos_play(const ParaDemosDef *def, const char *const *files, int count, ParaArena *arena,
                     ParaDemos *out, const char **out_error)
{
    PARA_ASSERT(count >= 1 && count <= PARA_DEMOS_FILES_MAX && def->discount >= 0 && def->discount <= 1);
    *out = (ParaDemos){0};
    Reader r = {.def = def, .out = out, .arena = arena, .out_error = out_error};
    r.episode = para_arena_create((size_t)1 << 20, EPISODE_MOST);
    if (!r.episode) {
        *out_error = "no memory for the replays";
        return false;
    }
    const char **order = PARA_NEW(arena, const char *, count);
    memcpy(order, files, sizeof *order * (size_t)count);
    shuffle(order, count, def->seed);
    r.room = rows_of(&r, order, count);
    make_room(out, &def->obs, r.room, arena);
    r.picture = para_obs_picture(&def->obs, arena);
    bool good = true;
    for (int i = 0; i < count && good; i++) {
        r.path = order[i];
        good = take_file(&r);
    }
    para_arena_destroy(r.episode);
    return good;
}
