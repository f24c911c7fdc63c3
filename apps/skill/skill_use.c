// SPDX-License-Identifier: MIT
// paracosm skill use: levels played with several skills, and which of them acted when.
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/skill/skill_parts.h"
#include "engine/base/text.h"

#include <stdio.h>

typedef struct Wishes {
    ParaSkillWishes skill;
    const char *out;
} Wishes;

static int read_wishes(Wishes *w, int argc, char **argv, const char **paths, int *out_count)
{
    ParaSkillWishes *s = &w->skill;
    const ParaOption options[] = {
        PARA_SKILL_OPTIONS(s),
        {"levels", 'l', PARA_OPTION_INT, &s->levels, "N", "held-out levels per family", 1, 1000, NULL},
        {"out", 'o', PARA_OPTION_TEXT, &w->out, "FILE",
         "write a replay of the first episode that was solved, or of the first", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "skill use",
        .usage = "[options] FILE ...",
        .about =
            "Plays levels with several skills as one player, and tells of each episode how it ended and\n"
            "which skill acted from which decision on.",
        .options = options,
        .examples = "  paracosm skill use hop.skill push.skill\n"
                    "  paracosm skill use hop.skill push.skill --families level.json --out it.replay\n"
                    "  paracosm play it.replay",
        .notes = "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_min = 1,
        .operand_max = PARA_SKILLS_MAX,
        .operand_name = "files of skills"};
    return para_options_read(&command, argc, argv, paths, out_count);
}

static void tell(const ParaSkillSet *set, const char *family, int level, const ParaSkillEpisode *e)
{
    para_text_print(stdout, "%-18s %3d  %-8s %6.1f s  ", family, level,
                    !e->is.played  ? "unplayed"
                    : e->is.solved ? "solved"
                                   : "failed",
                    (double)e->is.seconds);
    int turns = e->turns < PARA_SKILL_TURNS ? e->turns : PARA_SKILL_TURNS;
    for (int i = 0; i < turns; i++)
        printf("%s%s from %d", i ? ", " : "", set->skills[e->first[i].skill]->name, e->first[i].decision);
    printf("%s\n", e->turns > turns ? ", ..." : "");
}

static int run(const Wishes *w, const ParaSkillGround *ground, ParaArena *arena)
{
    int levels = w->skill.levels, count = ground->families.count * levels, first = 0;
    const char *error = NULL;
    const ParaSkillWatch watch = {.stop = para_interrupt_asked};
    ParaSkillEpisode *episodes = PARA_NEW(arena, ParaSkillEpisode, count);
    bool good = para_skills_measure(&ground->def, &ground->set, &watch, arena, episodes, NULL);
    if (!good && para_interrupt_count() == 0)
        return para_app_fail("skill use", "no memory for the worlds");
    for (int i = 0; i < count; i++)
        if (good || episodes[i].is.played)
            tell(&ground->set, ground->families.names[i / levels], i % levels, &episodes[i]);
    if (!good)
        return PARA_EXIT_INTERRUPTED;
    while (first < count && !episodes[first].is.solved)
        first++;
    if (w->out &&
        !para_skills_replay(&ground->def, &ground->set, first < count ? first : 0, w->out, arena, &error))
        return para_app_fail("skill use", "%s", error);
    return PARA_EXIT_OK;
}

int para_skill_app_use(int argc, char **argv)
{
    Wishes w = {.skill = {.levels = 4, .episodes = 1, .seed = 1}};
    const char *paths[PARA_SKILLS_MAX];
    int count = 0, code = read_wishes(&w, argc, argv, paths, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_SKILL_MEMORY);
    if (!arena)
        return para_app_fail("skill use", "no memory");
    ParaSkillGround ground = {0};
    para_interrupt_catch(NULL);
    code = para_skill_open("skill use", &w.skill, paths, count, arena, &ground);
    if (code < 0)
        code = run(&w, &ground, arena);
    para_arena_destroy(arena);
    return code;
}
