// SPDX-License-Identifier: MIT
// paracosm think best: many independent attempts at one level, side by side; the best is the answer.
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "apps/think/think_parts.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <string.h>

#define MEMORY_MAX   ((size_t)8 << 30) // [byte]
#define ATTEMPTS_MAX 100000

typedef struct Wishes {
    ParaThinkWishes think;
    const char *level, *out;
    int attempts, futures;
    uint64_t member; ///< seed of the level
} Wishes;

static int read_wishes(Wishes *w, int argc, char **argv)
{
    const ParaOption options[] = {
        {"n", 'n', PARA_OPTION_INT, &w->attempts, "N", "attempts", 1, ATTEMPTS_MAX, NULL},
        {"level-seed", 0, PARA_OPTION_SEED, &w->member, "N", "which member of the family", 0, 0, NULL},
        {"think", 0, PARA_OPTION_INT, &w->futures, "N",
         "futures that each attempt imagines before it acts; 0: the reflex alone", 0, PARA_THINK_FUTURES_MAX,
         NULL},
        {"out", 'o', PARA_OPTION_TEXT, &w->out, "FILE", "where the best is written as a replay", 0, 0, NULL},
        PARA_THINK_OPTION_IN(&w->think),
        PARA_THINK_OPTIONS(&w->think),
        {.name = NULL}};
    const ParaCommand command = {
        .name = "think best",
        .usage = "[options] RUN LEVEL",
        .about =
            "The player of RUN tries one level N times, each time with luck of its own, and as many at once\n"
            "as there are threads. What is kept is the best: one that solves it in the least time, else one\n"
            "that got furthest. LEVEL is a family, of which --level-seed says the member, or a level's file.",
        .options = options,
        .examples = "  paracosm think best runs/first rockfall --n 64 --out best.replay\n"
                    "  paracosm think best runs/first levels/mine.json --n 16 --think 16 --out best.replay\n"
                    "  paracosm replay play best.replay",
        .notes = "exit codes: 0 an attempt solves it, 1 none does or it failed, 2 wrong command line, 130 "
                 "stopped\n"
                 "by Ctrl-C: the best so far is kept",
        .operand_min = 2,
        .operand_max = 2,
        .operand_name = "a run folder and a level"};
    const char *operands[2] = {NULL, NULL};
    int code = para_options_read(&command, argc, argv, operands, NULL);
    w->think.run = operands[0];
    w->level = operands[1];
    return code;
}

/// The best: solved before not, then the quicker, then who got further.
static bool is_better(const ParaThoughtEpisode *a, const ParaThoughtEpisode *b)
{
    if (a->solved != b->solved)
        return a->solved;
    if (a->solved)
        return a->seconds < b->seconds;
    return a->progress > b->progress;
}

static int best_of(const ParaThoughtEpisode *episodes, int count)
{
    int best = -1;
    for (int i = 0; i < count; i++)
        if (episodes[i].played && (best < 0 || is_better(&episodes[i], &episodes[best])))
            best = i;
    return best;
}

static int tell(const Wishes *w, const ParaThoughtDef *def, const ParaReflex *reflex,
                const ParaThoughtEpisode *episodes, const ParaThought *all, ParaArena *arena)
{
    int best = best_of(episodes, w->attempts);
    const char *error = NULL;
    char line[200];
    if (best < 0)
        return para_interrupt_count() > 0
                   ? PARA_EXIT_INTERRUPTED
                   : para_app_fail("think best", "no attempt could be played on this level");
    const ParaThoughtEpisode *b = &episodes[best];
    para_text_format(line, sizeof line,
                     "%d of %d attempts solve it; the best, number %d, %s %.2f s, progress %.0f %%",
                     all->solved, all->episodes, best + 1, b->solved ? "in" : "does not: after",
                     (double)b->seconds, 100 * (double)b->progress);
    puts(line);
    if (w->out && !para_think_replay(def, reflex, best, w->out, arena, &error))
        return para_app_fail("think best", "%s", error);
    if (w->out)
        printf("  see it:  %s replay play %s\n", para_shell_program(), para_shell_word(w->out, arena));
    if (para_interrupt_count() > 0)
        return PARA_EXIT_INTERRUPTED;
    return b->solved ? PARA_EXIT_OK : PARA_EXIT_FAILURE;
}

static int run(Wishes *w, ParaArena *arena)
{
    ParaThinkGround ground = {0};
    const char *error = NULL;
    w->think.families = w->level;
    w->think.think.futures = w->futures;
    int code = w->out && !para_file_may_write(w->out, arena, &error)
                   ? para_app_fail("think best", "%s", error)
                   : para_think_open("think best", &w->think, arena, &ground);
    if (code >= 0)
        return code;
    if (ground.families.count != 1)
        return para_app_misused("think best", "%s means %d families; one level is wanted", w->level,
                                ground.families.count);
    ParaPick pick = {.seed = w->member};
    const ParaLevel *level = para_families_sample(&ground.families, &pick, "best", arena);
    if (!level)
        return para_app_fail("think best", "no level of %s can be made with this seed", w->level);
    ParaProgress progress = para_progress_begin("attempts", w->think.quiet);
    ParaThoughtDef def = {.families = &ground.families,
                          .level = level,
                          .levels = 1,
                          .episodes = w->attempts,
                          .seed = w->think.seed,
                          .solver = ground.solver,
                          .threads = w->think.threads,
                          .think = w->think.think,
                          .where = ground.has_model && w->think.in && strcmp(w->think.in, "model") == 0
                                       ? ground.model
                                       : ground.engine,
                          .watch = para_progress_goes_on,
                          .stop = para_interrupt_asked,
                          .context = &progress};
    ParaThoughtEpisode *episodes = PARA_NEW(arena, ParaThoughtEpisode, w->attempts);
    ParaThought all[2];
    bool good = para_think_measure(&def, &ground.reflex, arena, all, episodes);
    para_progress_end(&progress);
    if (!good && para_interrupt_count() == 0)
        return para_app_fail("think best", "no memory for the worlds; try fewer --threads");
    return tell(w, &def, &ground.reflex, episodes, &all[0], arena);
}

int para_think_best(int argc, char **argv)
{
    Wishes wishes = {.think = para_think_wishes(0), .attempts = 64, .member = 1};
    int code = read_wishes(&wishes, argc, argv);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, MEMORY_MAX);
    if (!arena)
        return para_app_fail("think best", "no memory");
    para_interrupt_catch(NULL);
    code = run(&wishes, arena);
    para_arena_destroy(arena);
    return code;
}
