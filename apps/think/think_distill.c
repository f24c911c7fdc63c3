// SPDX-License-Identifier: MIT
// paracosm think distill: plays by thinking, keeps what was done where that solved it, and teaches the run's
// reflex to do so at once. Guarded: the reflex is exchanged only where it got no worse on held-out levels,
// and the one before is kept.
#include "agents/lesson/evaluate.h"
#include "agents/player/player.h"
#include "agents/run/run_folder.h"
#include "agents/run/safetensors.h"
#include "agents/think/distill.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "apps/think/think_parts.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define MEMORY_MAX ((size_t)8 << 30) // [byte]
#define FILE_MAX   ((size_t)1 << 30) // [byte] of a checkpoint

typedef struct Wishes {
    ParaThinkWishes think;
    ParaImitateDef distill;
    int futures, levels, times, held_out, episodes;
    double rate;
    bool undo, force;
} Wishes;

typedef struct Watcher {
    ParaProgress progress;
    ParaWinners *winners;
    int episodes; ///< that were kept
} Watcher;

static bool watch(void *context, int64_t done, int64_t total)
{
    para_progress_show(&((Watcher *)context)->progress, done, total);
    return para_interrupt_count() == 0;
}

static void keep(void *context, int family, const ParaPlayer *player, const float *obs, const float *wanted,
                 int n)
{
    Watcher *w = context;
    (void)family;
    para_winners_add(w->winners, player->channel_bits, player->negative_bits, obs, wanted, n);
    w->episodes++;
}

static int read_wishes(Wishes *w, int argc, char **argv)
{
    const ParaOption options[] = {
        {"n", 'n', PARA_OPTION_INT, &w->futures, "N",
         "futures imagined for each plan; 0: learn from what is kept already", 0, PARA_THINK_FUTURES_MAX,
         NULL},
        {"levels", 'l', PARA_OPTION_INT, &w->levels, "N",
         "levels per family to think on each time, such as training draws", 1, 100000, NULL},
        {"times", 0, PARA_OPTION_INT, &w->times, "N",
         "how often it thinks and then learns: at first thinking acts, then the reflex as far as it has "
         "learned, and thinking says what it would have done",
         1, 100, NULL},
        {"held-out", 0, PARA_OPTION_INT, &w->held_out, "N",
         "levels per family that say whether the reflex got better", 1, 100000, NULL},
        {"episodes", 'e', PARA_OPTION_INT, &w->episodes, "N", "of the reflex on each held-out level", 1, 1000,
         NULL},
        {"passes", 0, PARA_OPTION_INT, &w->distill.passes, "N", "over what is kept, at most", 1, 1000, NULL},
        {"rate", 0, PARA_OPTION_REAL, &w->rate, "N", "of learning", 1e-7, 0.1, NULL},
        {"undo", 0, PARA_OPTION_FLAG, &w->undo, NULL,
         "bring back the reflex from before the last distillation", 0, 0, NULL},
        {"force", 0, PARA_OPTION_FLAG, &w->force, NULL, "exchange the reflex even where it got worse", 0, 0,
         NULL},
        PARA_THINK_OPTION_IN(&w->think),
        PARA_THINK_OPTIONS(&w->think),
        {.name = NULL}};
    const ParaCommand command = {
        .name = "think distill",
        .usage = "[options] RUN",
        .about =
            "Has the player of RUN think on levels such as training draws, keeps what it saw and which keys\n"
            "went well in what it imagined, and teaches its reflex to press them at once. Tells how often "
            "the\n"
            "reflex solves held-out levels before and after, and exchanges it only where that is no less.",
        .options = options,
        .examples = "  paracosm think distill runs/first\n"
                    "  paracosm think distill runs/first --n 128 --levels 64 --families rockfall\n"
                    "  paracosm think distill runs/first --undo",
        .notes =
            "files: RUN/winners.safetensors holds what is learned from, the newest 24000 decisions;\n"
            "RUN/before-distill.safetensors is the checkpoint before. A training of RUN must not run.\n"
            "exit codes: 0 the reflex is exchanged, 1 it is not or it failed, 2 wrong command line, 130\n"
            "stopped by Ctrl-C: what was kept stays for the next time",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a run folder"};
    return para_options_read(&command, argc, argv, &w->think.run, NULL);
}

/// The checkpoint that is exchanged; the run stays locked by *out_run.
/// @param out_lesson out, [lesson] of the checkpoint
static const char *lock(const Wishes *w, ParaArena *arena, ParaRun **out_run, int *out_lesson,
                        const char **out_error)
{
    const char *path = NULL, *note = NULL;
    if (!para_run_exists(w->think.run, arena)) {
        *out_error =
            para_arena_printf(arena, "no run folder %s; train one with `%s train --out %s`", w->think.run,
                              para_shell_program(), para_shell_word(w->think.run, arena));
        return NULL;
    }
    *out_run = para_run_open(w->think.run, NULL, arena, out_error);
    *out_lesson = *out_run ? para_run_newest_checkpoint(*out_run, arena, &path, &note) : -1;
    if (*out_run && *out_lesson < 0)
        *out_error = para_arena_printf(arena, "no whole checkpoint in %s yet", w->think.run);
    return path;
}

static bool copy_file(const char *from, const char *to, ParaArena *arena, const char **out_error)
{
    size_t size = 0;
    char *bytes = para_file_read(from, FILE_MAX, arena, &size, out_error);
    return bytes && para_file_write(to, bytes, size, arena, out_error);
}

/// How often the reflex alone solves held-out levels.
static bool measure(const Wishes *w, const ParaThinkGround *ground, const char *what, ParaThought *out)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    Watcher watcher = {.progress = para_progress_begin(what, w->think.quiet)};
    ParaThoughtDef def = {.families = &ground->families,
                          .levels = w->held_out,
                          .episodes = w->episodes,
                          .seed = w->think.seed,
                          .solver = ground->solver,
                          .threads = w->think.threads,
                          .think = para_think_def_default(0),
                          .watch = watch,
                          .stop = para_interrupt_asked,
                          .context = &watcher};
    bool good = arena && para_think_measure(&def, &ground->reflex, arena, out, NULL);
    para_progress_end(&watcher.progress);
    if (arena)
        para_arena_destroy(arena);
    return good;
}

/// Thinks on levels, and adds what it says of them.  @param time [1] 0..times - 1
/// @return false: no memory, or stopped
static bool gather(const Wishes *w, const ParaThinkGround *ground, int time, ParaWinners *winners)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return false;
    Watcher watcher = {.progress = para_progress_begin("thought episodes", w->think.quiet),
                       .winners = winners};
    ParaThought *all = PARA_NEW(arena, ParaThought, ground->families.count + 1);
    ParaThoughtDef def = {.families = &ground->families,
                          .levels = w->levels,
                          .episodes = 1,
                          .seed = para_seed_mix(w->think.seed, (uint64_t)winners->count + (uint64_t)time),
                          .training = true,
                          .reflex_acts = time > 0,
                          .solver = ground->solver,
                          .threads = w->think.threads,
                          .think = w->think.think,
                          .where = ground->has_model ? ground->model : ground->engine,
                          .keep = keep,
                          .watch = watch,
                          .stop = para_interrupt_asked,
                          .context = &watcher};
    bool good = para_think_measure(&def, &ground->reflex, arena, all, NULL);
    para_progress_end(&watcher.progress);
    const ParaThought *sum = &all[ground->families.count];
    printf("%s solved %d of %d levels; %d decisions to learn from\n", time > 0 ? "the reflex" : "thinking",
           sum->solved, sum->episodes, winners->count);
    para_arena_destroy(arena);
    return good;
}

static void print_rates(const ParaThinkGround *ground, const ParaThought *before, const ParaThought *after)
{
    char line[200];
    printf("%-18s   %-28s   %s\n", "held-out levels", "reflex before", "reflex after");
    for (int f = ground->families.count == 1 ? 1 : 0; f <= ground->families.count; f++) {
        const ParaThought *both[2] = {&before[f], &after[f]};
        float low[2], high[2];
        double share[2];
        for (int k = 0; k < 2; k++) {
            share[k] = both[k]->episodes > 0 ? (double)both[k]->solved / both[k]->episodes : 0.0;
            para_share_interval(share[k], both[k]->episodes > 0 ? both[k]->episodes : 1, &low[k], &high[k]);
        }
        para_text_format(line, sizeof line,
                         "%-18.18s   %5.1f %% (%4.1f..%5.1f)          %5.1f %% (%4.1f..%5.1f)",
                         f < ground->families.count    ? ground->families.names[f]
                         : ground->families.count == 1 ? ground->families.names[0]
                                                       : "all",
                         100 * share[0], 100 * (double)low[0], 100 * (double)high[0], 100 * share[1],
                         100 * (double)low[1], 100 * (double)high[1]);
        puts(line);
    }
}

/// The checkpoint with the policy as it is now, all else as it was.
static bool exchange(const Wishes *w, const char *path, const ParaPolicy *policy, ParaArena *arena,
                     const char **out_error)
{
    const char *card = NULL,
               *before = para_arena_printf(arena, "%s/before-distill.safetensors", w->think.run);
    int count = 0, own = 0;
    ParaTensor *tensors = para_safetensors_read(path, arena, &count, &card, out_error);
    const ParaTensor *learned = para_policy_tensors(policy, &own);
    if (!tensors || !copy_file(path, before, arena, out_error))
        return false;
    for (int i = 0; i < own; i++)
        for (int k = 0; k < count; k++)
            if (strcmp(tensors[k].name, learned[i].name) == 0)
                memcpy(tensors[k].data, learned[i].data,
                       sizeof(float) * (size_t)learned[i].rows * (size_t)learned[i].columns);
    return para_safetensors_write(path, tensors, count, card, arena, out_error);
}

/// The lesson that a checkpoint is of, by its card. @return -1: it is damaged, or its card says none
static int lesson_of(const char *path, ParaArena *arena, const char **out_error)
{
    const char *card = NULL;
    int count = 0, lesson = -1;
    if (!para_safetensors_read(path, arena, &count, &card, out_error))
        return -1;
    cJSON *json = para_json_parse(card);
    const cJSON *told = cJSON_GetObjectItemCaseSensitive(json, "lesson");
    if (cJSON_IsNumber(told) && told->valuedouble >= 0)
        lesson = told->valueint;
    cJSON_Delete(json);
    if (lesson < 0)
        *out_error = para_arena_printf(arena, "%s is no checkpoint of a training", path);
    return lesson;
}

/// @param lesson [lesson] of the checkpoint that is there: what was trained since would be lost
static int undo(const Wishes *w, const char *path, int lesson, ParaArena *arena)
{
    const char *before = para_arena_printf(arena, "%s/before-distill.safetensors", w->think.run),
               *error = NULL;
    if (!para_file_exists(before))
        return para_app_fail("think distill", "nothing to undo: there is no %s", before);
    int from = lesson_of(before, arena, &error);
    if (from < 0)
        return para_app_fail("think distill", "%s", error);
    if (from != lesson)
        return para_app_fail(
            "think distill",
            "%s is of lesson %d, and the run was trained on to lesson %d, which would be lost: "
            "all stays as it is",
            before, from, lesson);
    if (!copy_file(before, path, arena, &error))
        return para_app_fail("think distill", "%s", error);
    para_file_remove(before);
    printf("%s is as it was before\n", path);
    return PARA_EXIT_OK;
}

static void learn(const Wishes *w, ParaPolicy *policy, const ParaWinners *winners)
{
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    char line[160];
    if (!arena)
        return;
    ParaImitated learned = para_distill(&w->distill, policy, winners, arena);
    para_text_format(line, sizeof line,
                     "%d passes over %d decisions; surprise at those set aside %.3f nat, before %.3f",
                     learned.passes, winners->count, learned.after, learned.before);
    puts(line);
    para_arena_destroy(arena);
}

/// Thinks and learns, so many times. @param kept the file that what was thought is kept in
/// @return -1 to go on, -2: no memory, or stopped; else the exit code
static int study(const Wishes *w, const ParaThinkGround *ground, ParaPolicy *policy, ParaWinners *winners,
                 const char *kept, ParaArena *arena)
{
    const char *error = NULL;
    for (int time = 0; time < w->times; time++) {
        bool whole = w->futures == 0 || gather(w, ground, time, winners);
        if (w->futures > 0 && winners->count > 0 && !para_winners_write(winners, kept, arena, &error))
            return para_app_fail("think distill", "%s", error);
        if (!whole)
            return -2;
        if (winners->count < PARA_IMITATE_LEAST)
            return para_app_fail("think distill",
                                 "%d decisions are too few to learn from; try more --levels or --n",
                                 winners->count);
        learn(w, policy, winners);
    }
    return -1;
}

/// Exchanges the reflex where it got no worse.
static int decide(const Wishes *w, const ParaThinkGround *ground, const ParaThought *before,
                  const ParaThought *after, const char *path, ParaArena *arena)
{
    int all = ground->families.count;
    const char *error = NULL;
    print_rates(ground, before, after);
    if (after[all].solved < before[all].solved && !w->force) {
        puts("it got worse: the reflex stays as it was (--force exchanges it all the same)");
        return PARA_EXIT_FAILURE;
    }
    if (!exchange(w, path, ground->reflex.policy, arena, &error))
        return para_app_fail("think distill", "%s", error);
    printf("the reflex is exchanged in %s\n  back:  %s think distill %s --undo\n", path, para_shell_program(),
           para_shell_word(w->think.run, arena));
    return PARA_EXIT_OK;
}

/// Measures, learns, measures and decides. @return -2: no memory, or stopped; else the exit code
static int teach(const Wishes *w, ParaThinkGround *ground, ParaWinners *winners, const char *path,
                 const char *kept, ParaArena *arena)
{
    ParaThought *before = PARA_NEW(arena, ParaThought, ground->families.count + 1),
                *after = PARA_NEW(arena, ParaThought, ground->families.count + 1);
    const char *error = NULL;
    if (!measure(w, ground, "episodes before", before))
        return -2;
    // The policy that is taught is the ground's own; whoever loads the run sees it once it is exchanged.
    ParaPolicy *policy = para_player_load(w->think.run, arena, &error);
    if (!policy)
        return para_app_fail("think distill", "%s", error);
    ground->reflex.policy = policy;
    int code = study(w, ground, policy, winners, kept, arena);
    if (code != -1)
        return code;
    return measure(w, ground, "episodes after", after) ? decide(w, ground, before, after, path, arena) : -2;
}

static int distill(Wishes *w, const char *path, ParaArena *arena)
{
    ParaThinkGround ground = {0};
    const char *kept = para_arena_printf(arena, "%s/winners.safetensors", w->think.run), *error = NULL;
    w->think.think.futures = w->futures;
    w->times = w->futures == 0 ? 1 : w->times;
    int code = para_think_open("think distill", &w->think, arena, &ground);
    if (code >= 0)
        return code;
    ParaWinners winners =
        para_winners_create(para_policy_def(ground.reflex.policy)->obs, PARA_WINNERS_MAX, arena);
    if (para_file_exists(kept) && !para_winners_read(&winners, kept, arena, &error))
        return para_app_fail("think distill", "%s", error);
    code = teach(w, &ground, &winners, path, kept, arena);
    if (code != -2)
        return code;
    if (para_interrupt_count() == 0)
        return para_app_fail("think distill", "no memory for the worlds; try fewer --threads");
    fprintf(stderr, "stopped; %d decisions are kept in %s, the reflex is as it was\n", winners.count, kept);
    return PARA_EXIT_INTERRUPTED;
}

int para_think_distill(int argc, char **argv)
{
    Wishes wishes = {.think = para_think_wishes(0),
                     .distill = para_imitate_def_default(),
                     .futures = 64,
                     .levels = 32,
                     .times = 3,
                     .held_out = 32,
                     .episodes = 4};
    wishes.rate = (double)wishes.distill.clone.rate;
    int code = read_wishes(&wishes, argc, argv);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("think distill", "no memory");
    wishes.distill.clone.rate = (float)wishes.rate;
    wishes.distill.clone.seed = wishes.think.seed;
    para_interrupt_catch(NULL);
    ParaRun *run = NULL;
    int lesson = -1;
    const char *error = NULL, *path = lock(&wishes, arena, &run, &lesson, &error);
    if (!path)
        code = para_app_fail("think distill", "%s", error);
    else
        code = wishes.undo ? undo(&wishes, path, lesson, arena) : distill(&wishes, path, arena);
    para_run_close(run);
    para_arena_destroy(arena);
    return code;
}
