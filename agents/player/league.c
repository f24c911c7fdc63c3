// SPDX-License-Identifier: MIT
// One call of para_episodes_play for each pair of players; its two episodes on a level are the two sides.
#include "agents/player/league.h"

#include "agents/company/elo.h"
#include "agents/company/pool.h"
#include "agents/player/episodes.h"
#include "agents/player/mind.h"
#include "engine/base/assert.h"

#include <string.h>

#define SEAT_MEMORY ((size_t)1 << 30) // [byte] most of one worker's two networks

typedef struct Pair {
    const ParaLeagueDef *def;
    int first, second; // players
    double won;        // by the first, of all
    int64_t before;    // episodes of earlier pairs
    int64_t done, total;
    bool friendly; // a level had no two teams
    bool stopped;
} Pair;

/// Who acts for one worker.
typedef struct Seat {
    ParaArena *arena;
    ParaMind *mind;
    ParaRng rng;
    int team;     // the side of the level's first player
    bool swapped; // that is the second player's
} Seat;

static bool is_first(int team, int side, bool swapped) { return (team == side) != swapped; }

static int choose(void *context, const ParaEnv *env, int player)
{
    const Seat *seat = context;
    return is_first(env->level->players[player].team, seat->team, seat->swapped) ? 0 : 1;
}

static void forget(void *context) { (void)context; }

static bool begin(void *self, int index, const ParaLevel *level, uint64_t luck)
{
    Seat *seat = self;
    seat->team = level->players[0].team;
    seat->swapped = index % 2 == 1;
    seat->rng = para_rng_make(luck, "league");
    para_mind_begin(seat->mind);
    return para_pool_opposes(level);
}

static void act(void *self, const ParaEnv *env, int8_t *actions)
{
    Seat *seat = self;
    memset(actions, 0, (size_t)env->level->player_count * PARA_CHANNELS);
    for (int p = 0; p < env->level->player_count; p++)
        if (env->play.players[p].status == PARA_PLAY_ON)
            para_mind_act(seat->mind, env, p, &seat->rng, actions + (size_t)p * PARA_CHANNELS, NULL);
}

static bool open_seat(void *context, ParaActor *out)
{
    const Pair *pair = context;
    ParaArena *arena = para_arena_create((size_t)1 << 20, SEAT_MEMORY);
    if (!arena)
        return false;
    const ParaPolicy *both[] = {pair->def->players[pair->first], pair->def->players[pair->second]};
    Seat *seat = PARA_NEW(arena, Seat, 1);
    seat->arena = arena;
    seat->mind = para_mind_create_of(both, 2, choose, forget, seat, arena);
    *out = (ParaActor){.self = seat, .fine = para_mind_is_fine(seat->mind), .begin = begin, .act = act};
    return true;
}

static void close_seat(void *context, ParaActor *actor)
{
    (void)context;
    if (actor->self)
        para_arena_destroy(((Seat *)actor->self)->arena);
}

/// What the first of the pair won of an episode.
static double won(const ParaEnv *env, bool swapped)
{
    bool own = false, other = false;
    int side = env->level->players[0].team;
    for (int p = 0; p < env->level->player_count; p++) {
        bool solved = env->play.players[p].status == PARA_PLAY_SOLVED;
        bool first = is_first(env->level->players[p].team, side, swapped);
        own = own || (solved && first);
        other = other || (solved && !first);
    }
    return own == other ? 0.5 : own ? 1 : 0;
}

static bool over(void *context, int index, const ParaEnv *env)
{
    Pair *pair = context;
    if (env && env->play.status != PARA_PLAY_ON)
        pair->won += won(env, index % 2 == 1);
    else
        pair->friendly = true;
    pair->done++;
    if (pair->def->over && !pair->def->over(pair->def->context, pair->before + pair->done, pair->total))
        pair->stopped = true;
    return !pair->stopped;
}

static bool stop(void *context)
{
    const Pair *pair = context;
    return pair->def->stop && pair->def->stop(pair->def->context);
}

static bool play_pair(Pair *pair, ParaArena *arena, const char **out_error)
{
    const ParaLeagueDef *def = pair->def;
    int episodes = def->families->count * def->levels * 2;
    const ParaEpisodesDef how = {.families = def->families,
                                 .levels = def->levels,
                                 .episodes = 2,
                                 .seed = def->seed,
                                 .solver = def->solver,
                                 .threads = def->threads,
                                 .open = open_seat,
                                 .close = close_seat,
                                 .over = over,
                                 .stop = stop,
                                 .context = pair};
    pair->won = 0;
    pair->done = 0;
    bool whole = para_episodes_play(&how, arena, PARA_NEW(arena, ParaEpisode, episodes));
    *out_error = pair->friendly ? "a level of it has no two teams that oppose each other"
                                : "stopped before the end; nothing was rated";
    return whole && !pair->friendly;
}

bool para_league_play(const ParaLeagueDef *def, ParaArena *arena, double *wins, const char **out_error)
{
    PARA_ASSERT(def->count >= 2 && def->count <= PARA_ELO_MAX && def->levels >= 1);
    int64_t episodes = (int64_t)def->families->count * def->levels * 2;
    Pair pair = {.def = def, .total = episodes * def->count * (def->count - 1) / 2};
    memset(wins, 0, sizeof *wins * (size_t)(def->count * def->count));
    for (pair.first = 0; pair.first < def->count; pair.first++) {
        for (pair.second = pair.first + 1; pair.second < def->count; pair.second++) {
            ParaArenaMark mark = para_arena_mark(arena);
            bool good = play_pair(&pair, arena, out_error);
            para_arena_rewind(arena, mark);
            if (!good)
                return false;
            wins[pair.first * def->count + pair.second] = pair.won;
            wins[pair.second * def->count + pair.first] = (double)episodes - pair.won;
            pair.before += episodes;
        }
    }
    return true;
}
