// SPDX-License-Identifier: MIT
// Episodes of a set of skills: who acts in agents/player/episodes.h is its mind.
#include "agents/skill/measure.h"

#include "agents/skill/ground.h"

#include <string.h>

typedef struct Work {
    const ParaSkillSet *set;
    const ParaSkillWatch *watch;
    ParaSolverKind solver;
    ParaSkillEpisode *out;
    ParaSituations *situations;
    int64_t done, total;
} Work;

/// Who acts for one worker.
typedef struct Seat {
    Work *work;
    ParaArena *arena;
    ParaMind *mind;
    ParaChooser *chooser;
    ParaRng luck;
    int index; // of the episode
    int every; // [decision] from one situation that is kept to the next: doubled where there are too many
    int last;  // who acted
} Seat;

static bool begin(void *self, int index, const ParaLevel *level, uint64_t luck)
{
    Seat *seat = self;
    seat->luck = para_rng_make(luck, "trial");
    seat->index = index;
    seat->every = 1;
    seat->last = -1;
    para_mind_begin(seat->mind);
    return para_skill_set_knows(seat->work->set, level);
}

/// Keeps every second of an episode's situations.
static void thin(float *rows, int *count, int size)
{
    for (int i = 0; i < *count; i += 2)
        memmove(rows + (size_t)(i / 2) * (size_t)size, rows + (size_t)i * (size_t)size,
                sizeof *rows * (size_t)size);
    *count = (*count + 1) / 2;
}

static void keep_situation(Seat *seat, const ParaEnv *env)
{
    ParaSituations *kept = seat->work->situations;
    int size = para_situation_size();
    if (!kept || env->decisions % seat->every != 0)
        return;
    int *count = &kept->counts[seat->index];
    float *rows = kept->rows + (size_t)seat->index * PARA_SKILL_KEPT * (size_t)size;
    if (*count == PARA_SKILL_KEPT) {
        thin(rows, count, size);
        seat->every *= 2;
        if (env->decisions % seat->every != 0)
            return;
    }
    para_situation(env, 0, rows + (size_t)(*count)++ * (size_t)size);
}

static void act(void *self, const ParaEnv *env, int8_t *actions)
{
    Seat *seat = self;
    ParaSkillEpisode *out = &seat->work->out[seat->index];
    for (int p = 0; p < env->level->player_count; p++)
        para_mind_act(seat->mind, env, p, &seat->luck, actions + (size_t)p * PARA_CHANNELS, NULL);
    int acted = para_mind_acted(seat->mind, 0);
    out->acted[acted]++;
    out->lost += para_chooser_is_lost(seat->chooser, 0);
    if (acted != seat->last && out->turns++ < PARA_SKILL_TURNS)
        out->first[out->turns - 1] = (ParaSkillTurn){.decision = env->decisions, .skill = acted};
    seat->last = acted;
    keep_situation(seat, env);
}

static bool open_seat(void *context, ParaActor *out)
{
    Work *w = context;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    if (!arena)
        return false;
    Seat *seat = PARA_NEW(arena, Seat, 1);
    *seat = (Seat){.work = w, .arena = arena};
    seat->mind = para_skill_set_mind(w->set, w->solver, arena, &seat->chooser);
    if (!seat->mind) {
        para_arena_destroy(arena);
        return false;
    }
    *out = (ParaActor){.self = seat,
                       .fine = para_mind_is_fine(seat->mind),
                       .parts = para_mind_parts(seat->mind),
                       .begin = begin,
                       .act = act};
    return true;
}

static void close_seat(void *context, ParaActor *actor)
{
    Seat *seat = actor->self;
    (void)context;
    if (!seat)
        return;
    para_chooser_destroy(seat->chooser);
    para_arena_destroy(seat->arena);
}

static bool over(void *context, int index, const ParaEnv *env)
{
    Work *w = context;
    (void)index;
    (void)env;
    w->done++;
    return !w->watch || !w->watch->over || w->watch->over(w->watch->context, w->done, w->total);
}

static bool stop(void *context)
{
    const Work *w = context;
    return w->watch && w->watch->stop && w->watch->stop(w->watch->context);
}

static ParaEpisodesDef hooked(const ParaEpisodesDef *def, Work *w)
{
    ParaEpisodesDef own = *def;
    w->total = (int64_t)def->families->count * def->levels * def->episodes;
    w->solver = def->solver;
    own.open = open_seat;
    own.close = close_seat;
    own.over = over;
    own.stop = stop;
    own.context = w;
    return own;
}

bool para_skills_measure(const ParaEpisodesDef *def, const ParaSkillSet *set, const ParaSkillWatch *watch,
                         ParaArena *arena, ParaSkillEpisode *out, ParaSituations *situations)
{
    Work w = {.set = set, .watch = watch, .out = out, .situations = situations};
    ParaEpisodesDef own = hooked(def, &w);
    memset(out, 0, sizeof *out * (size_t)w.total);
    if (situations) {
        situations->counts = PARA_NEW(arena, int, w.total);
        situations->rows =
            PARA_NEW(arena, float, (size_t)w.total *PARA_SKILL_KEPT *(size_t)para_situation_size());
    }
    ParaEpisode *episodes = PARA_NEW(arena, ParaEpisode, w.total);
    bool good = para_episodes_play(&own, arena, episodes);
    for (int64_t i = 0; i < w.total; i++)
        out[i].is = episodes[i];
    return good;
}

bool para_skills_replay(const ParaEpisodesDef *def, const ParaSkillSet *set, int index, const char *path,
                        ParaArena *arena, const char **out_error)
{
    Work w = {.set = set};
    ParaEpisodesDef own = hooked(def, &w);
    w.out = PARA_NEW(arena, ParaSkillEpisode, w.total);
    return para_episodes_replay(&own, index, path, arena, NULL, out_error);
}
