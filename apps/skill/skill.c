// SPDX-License-Identifier: MIT
// paracosm skill: trained players as files that are passed on, and several of them as one player.
#include "agents/player/player.h"
#include "apps/apps.h"
#include "apps/skill/skill_parts.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: paracosm skill WORD ...\n"
    "\n"
    "A skill is a trained player in one file, with a card that tells what it does, where it was tried and "
    "how\n"
    "well it did. Copy the file to share it. Several skills make one player: at each moment the one acts on\n"
    "whose ground the situation lies nearest.\n"
    "\n"
    "words:\n"
    "  pack   makes a skill of the player of a run\n"
    "  list   the skills among files and in folders\n"
    "  show   the card of one\n"
    "  test   how well several do together, beside each on its own ground\n"
    "  use    plays levels with several and tells which of them acted when\n"
    "\n"
    "examples:\n"
    "  paracosm skill pack runs/hopper\n"
    "  paracosm skill list .\n"
    "  paracosm skill test hopper.skill crate.skill\n"
    "  paracosm skill use hopper.skill crate.skill --families hopper --out hop.replay\n"
    "\n"
    "paracosm skill WORD --help tells more; whatever takes a checkpoint file takes a skill: eval, play "
    "--run\n";

int para_app_skill(int argc, char **argv)
{
    static const ParaWord words[] = {{"pack", para_skill_app_pack},
                                     {"list", para_skill_app_list},
                                     {"show", para_skill_app_show},
                                     {"test", para_skill_app_test},
                                     {"use", para_skill_app_use}};
    return para_app_word("skill", help, words, (int)(sizeof words / sizeof *words), argc, argv);
}

static bool is_among(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/// The families that the skills were packed on, each once. @return how many
static int own_families(const ParaSkillSet *set, const char **out)
{
    int count = 0;
    for (int s = 0; s < set->count; s++)
        for (int i = 0; i < set->skills[s]->score_count; i++)
            if (count < PARA_SKILL_FAMILIES_MAX && !is_among(set->skills[s]->scores[i].family, out, count))
                out[count++] = set->skills[s]->scores[i].family;
    return count;
}

static int open_families(const char *word, const ParaSkillWishes *w, ParaArena *arena, ParaSkillGround *out)
{
    const char *names[PARA_SKILL_FAMILIES_MAX], *error = NULL;
    size_t size = w->families ? strlen(w->families) + 1 : 1;
    int count = w->families ? para_options_split(w->families, para_arena_alloc(arena, size), size, names,
                                                 PARA_SKILL_FAMILIES_MAX)
                            : own_families(&out->set, names);
    if (count <= 0)
        return para_app_misused(word, "--families needs 1 to %d names, set apart by commas",
                                PARA_SKILL_FAMILIES_MAX);
    if (para_families_load(&out->families, names, count, arena, &error))
        return -1;
    return para_app_fail(word, "%s%s", error,
                         w->families ? ""
                                     : "\nit is one that a skill was packed on; name others, or the file of "
                                       "its template, with --families");
}

/// Chipmunk, if all of them were trained on it, as a player of a run is shown there.
static ParaSolverKind home_of(const ParaSkillSet *set)
{
    for (int i = 0; i < set->count; i++)
        if (set->skills[i]->solver != PARA_SOLVER_CHIPMUNK)
            return PARA_SOLVER_AUTO;
    return PARA_SOLVER_CHIPMUNK;
}

int para_skill_open(const char *word, const ParaSkillWishes *w, const char *const *paths, int count,
                    ParaArena *arena, ParaSkillGround *out)
{
    const char *error = NULL;
    if (!para_skill_set_load(&out->set, paths, count, w->fallback, arena, &error))
        return para_app_fail(word, "%s", error);
    out->set.ahead = w->ahead;
    int code = open_families(word, w, arena, out);
    out->def = (ParaEpisodesDef){.families = &out->families,
                                 .levels = w->levels,
                                 .episodes = w->episodes,
                                 .seed = w->seed,
                                 .solver = para_app_solver(w->solver, home_of(&out->set)),
                                 .threads = w->threads};
    return code;
}
