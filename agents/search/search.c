// SPDX-License-Identifier: MIT
// A search: its passes, what is remembered of the way to each kept moment, the best plan so far.
#include "agents/search/search_parts.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

/// Passes in turn, for ever. Seconds of each stage; 0: as long as it may be.
static const struct Turn {
    ParaPassKind kind;
    double seconds, novel;
} turns[] = {
    {PARA_PASS_SHOOT, 0, 0},     {PARA_PASS_BEAM, 0.35, 0.25}, {PARA_PASS_VARY, 0, 0},
    {PARA_PASS_BEAM, 0.2, 0.5},  {PARA_PASS_BEAM, 0.8, 0.25},  {PARA_PASS_VARY, 0, 0},
    {PARA_PASS_BEAM, 0.5, 0.75}, {PARA_PASS_BEAM, 0.14, 0.1},  {PARA_PASS_SHOOT, 0, 0},
    {PARA_PASS_VARY, 0, 0},      {PARA_PASS_BEAM, 0.3, 0.0},   {PARA_PASS_BEAM, 1.5, 0.5},
};
#define TURNS         ((int)(sizeof turns / sizeof *turns))
#define VARIED_STAGES 16 // of a pass that varies plans

// ---------------------------------------------------------------------------------------------
// Opening.

static const char *begin(ParaSearch *search, ParaArena *arena)
{
    ParaSearchWork *work = search->work;
    const ParaLevel *level = work->def.level;
    int worlds = PARA_SEARCH_KEPT + PARA_SEARCH_TRIES + 1;
    if (level->player_count != 1)
        return "a search plays levels of one player";
    work->group = para_world_group_create(work->def.solver, worlds);
    if (!work->group)
        return "no memory for the worlds";
    for (int i = 0; i < worlds; i++) {
        ParaEnv *env = i == worlds - 1 ? &work->record : &work->envs[i];
        para_env_init(env, para_world_at(work->group, i), env == &work->record);
        if (!env->arena)
            return "no memory";
        if (!para_env_begin(env, level, "search")) {
            char *why = para_arena_alloc(arena, 200);
            bool fits = para_solver_fits(work->def.solver, &level->world, why, 200);
            return fits ? "the level's world cannot be built" : why;
        }
    }
    return NULL;
}

ParaSearch *para_search_open(const ParaSearchDef *def, ParaWorkers *workers, ParaArena *arena,
                             const char **out_error)
{
    ParaSearch *search = PARA_NEW(arena, ParaSearch, 1);
    ParaSearchWork *work = PARA_NEW(arena, ParaSearchWork, 1);
    search->work = work;
    work->def = *def;
    work->workers = workers;
    work->envs = PARA_NEW(arena, ParaEnv, PARA_SEARCH_KEPT + PARA_SEARCH_TRIES);
    const char *error = begin(search, arena);
    if (error) {
        para_search_close(search);
        *out_error = error;
        return NULL;
    }
    int whole = para_level_decisions(def->level);
    work->horizon = whole < PARA_SEARCH_DECISIONS_MAX ? whole : PARA_SEARCH_DECISIONS_MAX;
    size_t plan = (size_t)(work->horizon + PARA_SEARCH_STAGE_MAX) * PARA_CHANNELS;
    search->plan = PARA_NEW(arena, int8_t, plan);
    work->log = PARA_NEW(arena, int8_t, plan * PARA_SEARCH_KEPT);
    work->parents = PARA_NEW(arena, int16_t, (work->horizon + 1) * PARA_SEARCH_KEPT);
    work->visits = PARA_NEW(arena, uint32_t, PARA_SEARCH_CELLS);
    for (int i = 0; i < PARA_SEARCH_TRIES; i++)
        work->tries[i].actions = PARA_NEW(arena, int8_t, PARA_SEARCH_STAGE_MAX * PARA_CHANNELS);
    for (int i = 0; i < PARA_SEARCH_ELITE; i++)
        work->elite[i].actions = PARA_NEW(arena, int8_t, PARA_SEARCH_STAGE_MAX * PARA_CHANNELS);
    para_search_track(work);
    search->progress = -1;
    return search;
}

void para_search_close(ParaSearch *search)
{
    ParaSearchWork *work = search ? search->work : NULL;
    if (!work || !work->group)
        return;
    for (int i = 0; i < PARA_SEARCH_KEPT + PARA_SEARCH_TRIES; i++)
        para_env_destroy(&work->envs[i]);
    para_env_destroy(&work->record);
    para_world_group_destroy(work->group);
    work->group = NULL;
}

// ---------------------------------------------------------------------------------------------
// Passes.

static void begin_pass(ParaSearch *search)
{
    ParaSearchWork *work = search->work;
    const struct Turn *turn = &turns[search->passes % TURNS];
    double rate = (double)work->def.level->world.rate / work->def.level->frame_skip; // decisions a second
    int most = work->horizon < PARA_SEARCH_STAGE_MAX ? work->horizon : PARA_SEARCH_STAGE_MAX;
    double stage = turn->seconds > 0 ? turn->seconds * rate + 0.5 : most;
    work->pass = (ParaPass){turn->kind, (int)para_clamp(stage, 1, most), 1, turn->novel};
    if (turn->kind == PARA_PASS_VARY && work->elite_count == 0)
        work->pass.kind = PARA_PASS_SHOOT;
    else if (turn->kind == PARA_PASS_VARY)
        work->pass.stages = VARIED_STAGES;
    else if (turn->kind == PARA_PASS_BEAM)
        work->pass.stages = (work->horizon + work->pass.stage - 1) / work->pass.stage;
    search->passes++;
    work->stage = 0;
    work->kept = 1;
    memset(work->last, 0, sizeof work->last);
    // The start: every env is there after a begin, which takes no memory beyond its arena's first block.
    para_env_level_arena(&work->envs[0]);
    bool begun = para_env_begin(&work->envs[0], work->def.level, "search");
    PARA_ASSERT(begun); // as it was at the opening
}

/// The way to a try: what led to the kept moment it went on from, and its own. @param out [horizon + stage]
static int way_to(const ParaSearchWork *work, const ParaTry *try, int8_t *out)
{
    size_t stage = (size_t)work->pass.stage * PARA_CHANNELS;
    int kept = try->parent, done = work->pass.kind == PARA_PASS_BEAM ? work->stage : 0;
    for (int s = done - 1; s >= 0; s--) {
        size_t at = (size_t)(s * PARA_SEARCH_KEPT + kept);
        memcpy(out + (size_t)s * stage, work->log + at * stage, stage);
        kept = work->parents[at];
    }
    memcpy(out + (size_t)done * stage, try->actions, (size_t)try->decisions * PARA_CHANNELS);
    return done * work->pass.stage + try->decisions;
}

/// The solution of a stage: the shortest.
static const ParaTry *find_solution(const ParaSearchWork *work)
{
    const ParaTry *best = NULL;
    for (int i = 0; i < PARA_SEARCH_TRIES; i++)
        if (work->tries[i].status == PARA_PLAY_SOLVED &&
            (!best || work->tries[i].decisions < best->decisions))
            best = &work->tries[i];
    return best;
}

static void remember_best(ParaSearch *search)
{
    ParaSearchWork *work = search->work;
    const ParaTry *best = find_solution(work);
    search->solved = best != NULL;
    for (int i = 0; i < PARA_SEARCH_TRIES && !search->solved; i++) {
        const ParaTry *try = &work->tries[i];
        if (try->status == PARA_PLAY_DIVERGED || try->progress <= (best ? best->progress : search->progress))
            continue;
        best = try;
    }
    if (!best)
        return;
    search->progress = best->progress;
    search->decisions = way_to(work, best, search->plan);
}

/// Where a plan of this score goes in the list of the best; PARA_SEARCH_ELITE: nowhere.
static int place_of(const ParaSearchWork *work, float score)
{
    int at = 0;
    while (at < work->elite_count && work->elite[at].score > score)
        at++;
    bool same = at < work->elite_count && work->elite[at].score == score; // the same plan, nearly always
    return same ? PARA_SEARCH_ELITE : at;
}

static void add_elite(ParaSearchWork *work, int at, const ParaTry *try)
{
    int8_t plan[2 * PARA_SEARCH_STAGE_MAX * PARA_CHANNELS];
    work->elite_count += work->elite_count < PARA_SEARCH_ELITE;
    ParaElite elite = work->elite[work->elite_count - 1]; // its room; what is in it goes
    memmove(&work->elite[at + 1], &work->elite[at], sizeof elite * (size_t)(work->elite_count - 1 - at));
    elite.score = try->score;
    elite.decisions = way_to(work, try, plan);
    memcpy(elite.actions, plan, (size_t)elite.decisions * PARA_CHANNELS);
    work->elite[at] = elite;
}

/// Ends of episodes, and of a pass, are varied later.
/// @param last the stage is the last of its pass
static void remember_elite(ParaSearchWork *work, bool last)
{
    int done = work->pass.kind == PARA_PASS_BEAM ? work->stage * work->pass.stage : 0;
    for (int i = 0; i < PARA_SEARCH_TRIES; i++) {
        const ParaTry *try = &work->tries[i];
        bool ended = last || try->status != PARA_PLAY_ON;
        if (!ended || try->status == PARA_PLAY_DIVERGED || done + try->decisions > PARA_SEARCH_STAGE_MAX)
            continue;
        int at = place_of(work, try->score);
        if (at < PARA_SEARCH_ELITE)
            add_elite(work, at, try);
    }
}

/// Clones what is kept, and writes down how it came there.
static bool keep(ParaSearchWork *work)
{
    int chosen[PARA_SEARCH_KEPT], count = para_search_choose(work, chosen);
    size_t stage = (size_t)work->pass.stage * PARA_CHANNELS;
    for (int k = 0; k < count; k++) {
        const ParaTry *try = &work->tries[chosen[k]];
        size_t at = (size_t)(work->stage * PARA_SEARCH_KEPT + k);
        work->parents[at] = (int16_t)try->parent;
        memcpy(work->log + at * stage, try->actions, stage);
        memcpy(work->last[k], try->actions + stage - PARA_CHANNELS, PARA_CHANNELS);
        if (!para_env_clone(&work->envs[k], &work->envs[PARA_SEARCH_KEPT + chosen[k]]))
            return false;
    }
    work->kept = count;
    return true;
}

bool para_search_next(ParaSearch *search)
{
    ParaSearchWork *work = search->work;
    if (search->solved || search->steps >= work->def.steps_max || atomic_load(&work->stopped))
        return false;
    if (search->passes == 0 || work->kept == 0 || work->stage >= work->pass.stages)
        begin_pass(search);
    bool beam = work->pass.kind == PARA_PASS_BEAM;
    if (!para_search_play(search))
        return false;
    remember_best(search);
    remember_elite(work, !beam || work->stage + 1 >= work->pass.stages);
    if (beam && !search->solved && !keep(work))
        return false;
    work->stage++;
    return !search->solved && search->steps < work->def.steps_max;
}

ParaSolverKind para_search_solver(const ParaSearch *search)
{
    return para_world_solver(search->work->record.world);
}

const ParaReplay *para_search_replay(ParaSearch *search, char *out_remained, size_t size)
{
    ParaEnv *env = &search->work->record;
    static const int8_t still[PARA_CHANNELS];
    para_env_level_arena(env);
    bool begun = para_env_begin(env, search->work->def.level, "search");
    PARA_ASSERT(begun); // as it was at the opening
    for (int d = 0; d < search->decisions && env->play.status == PARA_PLAY_ON; d++)
        para_decision_make_one(env, search->plan + (size_t)d * PARA_CHANNELS);
    // The goal is judged against the time that ran out: what is left to do is what was not done by then.
    for (int d = search->decisions; d < search->work->horizon && env->play.status == PARA_PLAY_ON; d++)
        para_decision_make_one(env, still);
    para_play_cause_sentence(&env->play, env->level, env->world, 0, out_remained, size);
    return para_env_replay(env);
}
