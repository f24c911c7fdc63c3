// SPDX-License-Identifier: MIT
// Scores of players on held-out levels: every player plays the same ones, and the worst tenth is ranked and
// scored on different episodes.
#include "agents/lesson/evaluate.h"

#include "agents/batch/seeds.h"
#include "agents/player/player.h"
#include "agents/player/trials.h"
#include "engine/base/assert.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/maths.h"
#include "worlds/rules/voice.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EPISODES_MAX 20000000 // of one player; their outcomes are held in memory, 25 bytes each

const char *para_player_kind_name(ParaPlayerKind kind)
{
    static const char *const names[PARA_PLAYERS] = {"random", "still", "untrained", "trained"};
    PARA_ASSERT(kind < PARA_PLAYERS);
    return names[kind];
}

ParaEvalDef para_eval_def_default(void)
{
    return (ParaEvalDef){.levels = 64, .episodes = 4, .seed = 1, .reward_above = (double)INFINITY};
}

// What is known while scoring.
typedef struct Score {
    const ParaEvalDef *def;
    ParaFamilies families;
    ParaTrialRoom *room;
    ParaTrial *trials; // [families, levels, episodes] of one player
    float *ranking;    // [families * levels] success on the first half of the episodes
    float *scoring;    // [families * levels] success on the second half
    int level_count;
    ParaTalk *talks;        // [families, levels, episodes] of the trained player; NULL: nobody has a voice
    const ParaLevel **loud; // [families] a level of those whose players have voices; NULL there: none has
    int64_t done, total;    // episodes
    ParaEvalWatch *watch;
    void *context;
    bool stopped;
} Score;

void para_share_interval(double share, double n, float *out_low, float *out_high)
{
    PARA_ASSERT(n > 0);
    const double z = 1.959963984540054, z2 = z * z; // of the standard normal at 97.5 %
    double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
    double reach = z / (1 + z2 / n) * para_sqrt(share * (1 - share) / n + z2 / (4 * n * n));
    *out_low = (float)para_max(0, middle - reach);
    *out_high = (float)para_min(1, middle + reach);
}

static bool watch_trials(void *context, int64_t done)
{
    Score *s = context;
    if (s->watch && !s->watch(s->context, s->done + done, s->total))
        s->stopped = true;
    return !s->stopped;
}

static ParaTrialKind trial_kind(const ParaEvalDef *def, ParaPlayerKind player)
{
    switch (player) {
    case PARA_PLAYER_RANDOM:
        return PARA_TRIAL_RANDOM;
    case PARA_PLAYER_STILL:
        return PARA_TRIAL_STILL;
    default:
        return def->greedy && player == PARA_PLAYER_TRAINED ? PARA_TRIAL_GREEDY : PARA_TRIAL_POLICY;
    }
}

static const char *proof_path(const Score *s, int family, int level, ParaArena *arena)
{
    return para_arena_printf(arena, "%s/%s-%03d.replay", s->def->proofs_folder, s->families.names[family],
                             level);
}

// Of a level's episodes the first that solved it stays, whatever ended first; the others' files go.
static bool keep_proof(const ParaTrial *trials, int episodes, const char *path, ParaArena *arena,
                       ParaEvalResult *out, const char **out_error)
{
    bool kept = false;
    for (int e = 0; e < episodes; e++) {
        if (!trials[e].played || !trials[e].proof)
            continue;
        if (kept) {
            para_file_remove(trials[e].proof);
        } else if (!para_file_rename(trials[e].proof, path, arena, out_error)) {
            return false;
        }
        kept = true;
    }
    out->proofs += kept;
    return true;
}

// An evaluation that does not come to its end leaves no files of single episodes.
static void drop_proofs(const Score *s, int count)
{
    for (int i = 0; i < count; i++)
        if (s->trials[i].played && s->trials[i].proof)
            para_file_remove(s->trials[i].proof);
}

static uint64_t level_seed(const Score *s, int family, int level)
{
    return para_held_out_seed(para_set_seed(s->families.names[family], s->def->seed), level);
}

static void fill_trials(Score *s, ParaPlayerKind player, int episodes, ParaArena *arena)
{
    const ParaEvalDef *def = s->def;
    int i = 0;
    for (int f = 0; f < s->families.count; f++) {
        for (int l = 0; l < def->levels; l++) {
            for (int e = 0; e < episodes; e++, i++) {
                // Each episode has a file of its own, as they end in any order; see keep_proof.
                const char *proof = NULL;
                if (player == PARA_PLAYER_TRAINED && def->proofs_folder)
                    proof = para_arena_printf(arena, "%s.%d.tmp", proof_path(s, f, l, arena), e);
                bool heard = player == PARA_PLAYER_TRAINED && s->talks && s->loud[f];
                s->trials[i] = (ParaTrial){
                    .pick = {.family = f, .seed = level_seed(s, f, l)},
                    .kind = trial_kind(def, player),
                    .talk = heard ? &s->talks[i] : NULL,
                    .seed = para_seed_mix(level_seed(s, f, l), (uint64_t)(e * PARA_PLAYERS) + player),
                    .proof = proof};
            }
        }
    }
}

// A solver with limits must fit the very levels that are scored.
static bool levels_fit(const Score *s, ParaArena *arena, const char **out_error)
{
    ParaPick *picks = PARA_NEW(arena, ParaPick, s->level_count);
    for (int f = 0, i = 0; f < s->families.count; f++)
        for (int l = 0; l < s->def->levels; l++, i++)
            picks[i] = (ParaPick){.family = f, .seed = level_seed(s, f, l)};
    return para_families_fit(&s->families, picks, s->level_count, s->def->solver, arena, out_error);
}

// Reads one player's trials into the result; the halves of the episodes stay apart for the worst levels.
static bool read_trials(Score *s, ParaPlayerKind player, int episodes, ParaArena *arena, ParaEvalResult *out,
                        const char **out_error)
{
    int half = episodes > 1 ? episodes / 2 : 1, i = 0;
    for (int f = 0; f < s->families.count; f++) {
        double solved = 0, seconds = 0, reward = 0;
        int lanes = 0, above = 0;
        for (int l = 0; l < s->def->levels; l++) {
            int first = 0, second = 0;
            for (int e = 0; e < episodes; e++, i++) {
                const ParaTrial *trial = &s->trials[i];
                if (trial->error) {
                    *out_error = para_arena_strdup(
                        arena, trial->error); // it lives in the room, which ends before it is told
                    return false;
                }
                bool ok = trial->played && trial->report.end == PARA_END_SOLVED;
                first += ok && e < half;
                second += ok && (e >= half || episodes == 1);
                seconds += (double)trial->report.seconds;
                reward += (double)trial->report.total_reward;
                above += trial->played && (double)trial->report.total_reward > s->def->reward_above;
            }
            int level = f * s->def->levels + l;
            lanes += s->trials[i - 1].played && s->trials[i - 1].report.solver == PARA_SOLVER_LANES;
            s->ranking[level] = (float)first / (float)half;
            s->scoring[level] = (float)second / (float)(episodes > 1 ? episodes - half : 1);
            if (player == PARA_PLAYER_TRAINED && s->def->proofs_folder &&
                !keep_proof(&s->trials[i - episodes], episodes, proof_path(s, f, l, arena), arena, out,
                            out_error))
                return false;
            solved += episodes > 1 ? first + second : first;
        }
        out->families[f].lanes_levels = lanes;
        out->families[f].solve[player] = (float)(solved / (s->def->levels * episodes));
        para_share_interval((double)out->families[f].solve[player], s->def->levels,
                            &out->families[f].low[player], &out->families[f].high[player]);
        out->families[f].seconds[player] = (float)(seconds / (s->def->levels * episodes));
        out->families[f].reward[player] = (float)(reward / (s->def->levels * episodes));
        out->families[f].above[player] = (float)above / (float)(s->def->levels * episodes);
        out->mean[player] += out->families[f].solve[player] / (float)s->families.count;
    }
    return true;
}

// A level of each family whose players have voices, where one is found among the first that are scored.
static void find_voices(Score *s, ParaArena *arena)
{
    s->loud = PARA_NEW(arena, const ParaLevel *, s->families.count);
    for (int f = 0; f < s->families.count; f++) {
        ParaPick pick = {.family = f, .seed = level_seed(s, f, 0)};
        ParaArenaMark mark = para_arena_mark(arena);
        const ParaLevel *level = para_families_sample(&s->families, &pick, "trial", arena);
        if (level && para_voice_in(level))
            s->loud[f] = level;
        else
            para_arena_rewind(arena, mark);
    }
}

// Room for what is said. @return false: it is asked to be heard otherwise, and nobody says anything
static bool prepare_talk(Score *s, ParaArena *arena, const char **out_error)
{
    const ParaEvalDef *def = s->def;
    int count = def->levels * def->episodes, loud = 0;
    find_voices(s, arena);
    for (int f = 0; f < s->families.count; f++)
        loud += s->loud[f] != NULL;
    if (loud == 0) {
        *out_error =
            "nobody in these levels has a voice that another may hear: --muted and --scrambled are for "
            "levels of several players that speak";
        return def->hearing == PARA_OBS_HEARS_ALL;
    }
    s->talks = PARA_NEW(arena, ParaTalk, s->families.count * count);
    for (int i = 0; i < s->families.count * count; i++)
        if (s->loud[i / count])
            s->talks[i] =
                (ParaTalk){.lines = PARA_NEW(arena, ParaTalkLine, PARA_TALK_MOST), .max = PARA_TALK_MOST};
    return true;
}

static void sum_talk(const Score *s, ParaArena *arena, ParaEvalResult *out)
{
    int count = s->def->levels * s->def->episodes;
    for (int f = 0; s->talks && f < s->families.count; f++) {
        if (!s->loud[f])
            continue;
        ParaTalkSummary *talk = PARA_NEW(arena, ParaTalkSummary, 1);
        const char **params = PARA_NEW(arena, const char *, PARA_PARAMS_MAX);
        *talk = para_talk_summary(s->talks + f * count, count, s->def->seed, arena);
        for (int i = 0; i < s->loud[f]->param_count; i++)
            params[i] = s->loud[f]->params[i].name;
        out->families[f].talk = talk;
        out->families[f].params = params;
    }
}

static int rising(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

// Ranked on one half of the episodes and scored on the other, so that bad luck in ranking is not counted
// again (Rutherford 2024, CVaR of success). Few episodes give many ties: those at the edge of the tenth
// share the room that is left, or the order of the families would choose among them.
float para_worst_tenth(const float *ranking, const float *scoring, int count, ParaArena *arena)
{
    PARA_ASSERT(count > 0);
    int room = (count + 9) / 10, below = 0, tied = 0;
    double sum_below = 0, sum_tied = 0;
    float *sorted = PARA_NEW(arena, float, count);
    memcpy(sorted, ranking, sizeof *sorted * (size_t)count);
    qsort(sorted, (size_t)count, sizeof *sorted, rising);
    float edge = sorted[room - 1];
    for (int i = 0; i < count; i++) {
        if (ranking[i] < edge) {
            below++;
            sum_below += (double)scoring[i];
        } else if (ranking[i] == edge) {
            tied++;
            sum_tied += (double)scoring[i];
        }
    }
    return (float)((sum_below + sum_tied / tied * (room - below)) / room);
}

static bool score_player(Score *s, ParaPlayerKind player, const ParaPolicy *policy, ParaArena *arena,
                         ParaEvalResult *out, const char **out_error)
{
    // A still player on a given level always does the same: one episode tells all.
    int episodes = player == PARA_PLAYER_STILL ? 1 : s->def->episodes;
    int count = s->level_count * episodes;
    fill_trials(s, player, episodes, arena);
    out->world_steps += para_trials_play(s->room, &s->families, s->trials, count, policy, watch_trials, s);
    s->stopped = s->stopped || para_trial_room_stopped(s->room);
    s->done += count;
    if (s->stopped)
        *out_error = "stopped before the end; nothing was scored";
    if (s->stopped || !read_trials(s, player, episodes, arena, out, out_error)) {
        drop_proofs(s, count);
        return false;
    }
    out->present[player] = true;
    out->worst10[player] = para_worst_tenth(s->ranking, s->scoring, s->level_count, arena);
    return true;
}

// Room for the outcomes of one player on what is counted. @return false where that is too much
static bool lay_out(Score *s, ParaArena *arena, ParaEvalResult *out, const char **out_error)
{
    const ParaEvalDef *def = s->def;
    if ((int64_t)s->families.count * def->levels * def->episodes > EPISODES_MAX) {
        *out_error =
            para_arena_printf(arena,
                              "%d families with %d levels and %d episodes each are too many; at most "
                              "%d episodes are played per player",
                              s->families.count, def->levels, def->episodes, EPISODES_MAX);
        return false;
    }
    s->level_count = s->families.count * def->levels;
    s->trials = PARA_NEW(arena, ParaTrial, s->level_count * def->episodes);
    s->ranking = PARA_NEW(arena, float, s->level_count);
    s->scoring = PARA_NEW(arena, float, s->level_count);
    out->family_count = s->families.count;
    out->families = PARA_NEW(arena, ParaEvalFamily, s->families.count);
    for (int f = 0; f < s->families.count; f++)
        out->families[f] = (ParaEvalFamily){.name = s->families.names[f], .levels = def->levels};
    return true;
}

bool para_evaluate_player(const ParaEvalDef *def, const ParaFamilies *families, const ParaPolicy *player,
                          ParaTrialRoom *room, ParaArena *arena, ParaEvalResult *out, const char **out_error)
{
    PARA_ASSERT(def->levels > 0 && def->episodes > 0 && !def->proofs_folder);
    *out = (ParaEvalResult){0};
    Score s = {.def = def, .families = *families, .room = room};
    return lay_out(&s, arena, out, out_error) &&
           score_player(&s, PARA_PLAYER_TRAINED, player, arena, out, out_error);
}

static bool score_all(Score *s, ParaPolicy *trained, ParaArena *arena, ParaEvalResult *out,
                      const char **out_error)
{
    ParaPolicyDef def =
        trained ? *para_policy_def(trained) : para_policy_def_default(para_obs_spec_entities());
    ParaPolicy *untrained = para_policy_create(&def, para_seed_mix(s->def->seed, 77), arena);
    for (int p = 0; p < PARA_PLAYERS; p++) {
        if (p == PARA_PLAYER_TRAINED && !trained)
            continue;
        const ParaPolicy *policy = p == PARA_PLAYER_TRAINED     ? trained
                                   : p == PARA_PLAYER_UNTRAINED ? untrained
                                                                : NULL;
        if (!score_player(s, (ParaPlayerKind)p, policy, arena, out, out_error))
            return false;
    }
    if (trained)
        sum_talk(s, arena, out);
    return true;
}

// A vector player sees the layout of its own family and no other.
static bool may_play(const Score *s, const ParaPolicy *trained, ParaArena *arena, const char **out_error)
{
    for (int f = 0; f < s->families.count; f++)
        if (!para_player_knows(trained, s->def->run_folder, s->families.templates[f], arena, out_error))
            return false;
    return true;
}

// Families, player and room for what is counted. @return false with an error
static bool prepare(Score *s, ParaPolicy **out_trained, ParaArena *arena, ParaEvalResult *out,
                    const char **out_error)
{
    const ParaEvalDef *def = s->def;
    const ParaFamiliesWish wish = {def->families, def->family_count, def->templates, def->tier};
    const char *note = NULL;
    if (!para_player_families(def->run_folder, &wish, arena, &s->families, &out->note, out_error))
        return false;
    s->families.toybox = def->surprises > 0;
    s->families.solver = def->solver;
    if (def->run_folder && !(*out_trained = para_player_load_noted(def->run_folder, arena, &note, out_error)))
        return false;
    if (note)
        out->note = out->note ? para_arena_printf(arena, "%s; %s", out->note, note) : note;
    if (*out_trained && !may_play(s, *out_trained, arena, out_error))
        return false;
    if (def->forget && !(*out_trained && para_policy_def(*out_trained)->obs.parts & PARA_OBS_MAP)) {
        *out_error = "the player keeps no map that could be taken away: train one with --map";
        return false;
    }
    if (def->proofs_folder && !para_folder_make(def->proofs_folder, arena, out_error))
        return false;
    s->total = (int64_t)s->families.count * def->levels * (def->episodes * (*out_trained ? 3 : 2) + 1);
    return lay_out(s, arena, out, out_error);
}

bool para_evaluate(const ParaEvalDef *def, ParaEvalWatch *watch, void *context, ParaArena *arena,
                   ParaEvalResult *out, const char **out_error)
{
    PARA_ASSERT(def->levels > 0 && def->episodes > 0);
    *out = (ParaEvalResult){0};
    Score s = {.def = def, .watch = watch, .context = context};
    ParaPolicy *trained = NULL;
    if (!prepare(&s, &trained, arena, out, out_error))
        return false;
    ParaWorkers *workers = para_workers_create(def->threads);
    if (!workers) {
        *out_error = "no memory for the worker threads; try fewer with --threads";
        return false;
    }
    s.room = para_trial_room_create(def->solver, workers, arena);
    if (s.room)
        para_trial_room_on_stop(s.room, def->stop, def->stop_context);
    if (s.room)
        para_trial_room_surprise(s.room, def->surprises);
    if (s.room)
        para_trial_room_hear(s.room, def->hearing);
    if (s.room)
        para_trial_room_forget(s.room, def->forget);
    bool ok = s.room && prepare_talk(&s, arena, out_error) && levels_fit(&s, arena, out_error) &&
              score_all(&s, trained, arena, out, out_error);
    if (!s.room)
        *out_error = "no memory for the worlds";
    para_trial_room_destroy(s.room);
    para_workers_destroy(workers);
    return ok;
}
