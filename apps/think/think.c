// SPDX-License-Identifier: MIT
// paracosm think: a player that imagines before it acts.
#include "agents/player/player.h"
#include "agents/think/inside.h"
#include "apps/apps.h"
#include "apps/think/think_parts.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: paracosm think WORD ...\n"
    "\n"
    "A player that thinks before it acts: it imagines what would come of other ways to act than its\n"
    "reflex, and does the first step of the best.\n"
    "\n"
    "words:\n"
    "  eval      how often it solves held-out levels, by how many futures it imagines\n"
    "  best      many independent attempts at one level, of which the best is kept as a replay\n"
    "  distill   teaches the reflex what thinking found\n"
    "\n"
    "examples:\n"
    "  paracosm think eval runs/first --n 0,16,64\n"
    "  paracosm think best runs/first rockfall --n 64 --out best.replay\n"
    "  paracosm think distill runs/first\n"
    "\n"
    "paracosm think WORD --help tells more; `eval --think N` and `play --think N` think, too\n";

const char *const para_think_in_choices[] = {"engine", "model", NULL};
const char *const para_think_without_choices[] = {"prior", "future", "doubt", NULL};

int para_app_think(int argc, char **argv)
{
    static const ParaWord words[] = {
        {"eval", para_think_eval}, {"best", para_think_best}, {"distill", para_think_distill}};
    return para_app_word("think", help, words, (int)(sizeof words / sizeof *words), argc, argv);
}

ParaThinkWishes para_think_wishes(int futures)
{
    ParaThinkDef def = para_think_def_default(futures);
    return (ParaThinkWishes){.think = def, .doubt = (double)def.doubt, .seed = 1};
}

static int settle(const char *word, ParaThinkWishes *w)
{
    w->think.without_prior = w->without && strcmp(w->without, "prior") == 0;
    w->think.without_future = w->without && strcmp(w->without, "future") == 0;
    w->think.doubt = w->without && strcmp(w->without, "doubt") == 0 ? 0.0f : (float)w->doubt;
    const char *problem = para_think_def_problem(&w->think);
    return problem ? para_app_misused(word, "%s", problem) : -1;
}

static int open_families(const char *word, const ParaThinkWishes *w, ParaArena *arena, ParaFamilies *out)
{
    const char *names[PARA_THINK_FAMILIES], *note = NULL, *error = NULL;
    size_t size = w->families ? strlen(w->families) + 1 : 1;
    int count = w->families ? para_options_split(w->families, para_arena_alloc(arena, size), size, names,
                                                 PARA_THINK_FAMILIES)
                            : 0;
    if (w->families && count <= 0)
        return para_app_misused(word, "--families needs 1 to %d names, set apart by commas",
                                PARA_THINK_FAMILIES);
    const ParaFamiliesWish wish = {.names = names, .count = count};
    if (!para_player_families(w->run, &wish, arena, out, &note, &error))
        return para_app_fail(word, "%s", error);
    if (note && !w->quiet)
        fprintf(stderr, "note: %s\n", note);
    return -1;
}

int para_think_open(const char *word, ParaThinkWishes *w, ParaArena *arena, ParaThinkGround *out)
{
    const char *note = NULL, *error = NULL;
    int code = settle(word, w);
    if (code < 0)
        code = open_families(word, w, arena, &out->families);
    if (code >= 0)
        return code;
    if (!para_reflex_load(w->run, arena, &out->reflex, &note, &error))
        return para_app_fail(word, "%s", error);
    if (note && !w->quiet)
        fprintf(stderr, "note: %s\n", note);
    for (int f = 0; f < out->families.count; f++)
        if (!para_player_knows(out->reflex.policy, w->run, out->families.templates[f], arena, &error))
            return para_app_fail(word, "%s", error);
    out->solver = para_app_solver(w->solver, para_player_solver(w->run, arena));
    out->engine = para_think_in_engine(out->solver);
    bool wanted = w->in && strcmp(w->in, "model") == 0, barred = w->in && !wanted;
    out->has_model = wanted || (!barred && para_think_has_model(w->run, arena));
    if (out->has_model && !para_think_in_model(w->run, arena, &out->model, &error))
        return para_app_fail(word, "%s", error);
    return -1;
}
