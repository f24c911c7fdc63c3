// SPDX-License-Identifier: MIT
// paracosm skill test: several skills as one player, beside each of them alone on its own ground.
#include "agents/lesson/evaluate.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "apps/skill/skill_parts.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

/// What came of one family.
typedef struct Row {
    const char *family;
    int own;                       // the skill that was packed on it and does best alone; -1: none was
    double alone, together;        // [1] 0..1 share of episodes solved
    float low, high;               // of `together`
    double acted[PARA_SKILLS_MAX]; // [1] 0..1 of the decisions
    double lost, turns;            // [1] 0..1 of the decisions; a mean episode's
} Row;

typedef struct Test {
    const ParaSkillWishes *wishes;
    ParaSkillGround ground;
    ParaProgress progress;
    int64_t before, total;
    Row *rows; // [families]
} Test;

static bool watch_over(void *context, int64_t done, int64_t total)
{
    Test *t = context;
    (void)total;
    return para_progress_goes_on(&t->progress, t->before + done, t->total);
}

static bool was_packed_on(const ParaSkill *skill, const char *family)
{
    for (int i = 0; i < skill->score_count; i++)
        if (strcmp(skill->scores[i].family, family) == 0)
            return true;
    return false;
}

/// Episodes of a set on one family. @return false: stopped, or no memory
static bool play(Test *t, const ParaSkillSet *set, int family, ParaSkillEpisode *out, ParaArena *arena)
{
    const ParaFamilies *all = &t->ground.families;
    const ParaFamilies one = {.count = 1,
                              .names = all->names + family,
                              .templates = all->templates + family,
                              .whole = all->whole + family};
    ParaEpisodesDef def = t->ground.def;
    const ParaSkillWatch watch = {.over = watch_over, .stop = para_interrupt_asked, .context = t};
    def.families = &one;
    bool good = para_skills_measure(&def, set, &watch, arena, out, NULL);
    t->before += (int64_t)def.levels * def.episodes;
    return good;
}

static double solved_of(const ParaSkillEpisode *episodes, int count)
{
    int solved = 0;
    for (int i = 0; i < count; i++)
        solved += episodes[i].is.solved;
    return (double)solved / count;
}

static void sum_up(Row *row, const ParaSkillEpisode *episodes, int count, int skills, int levels)
{
    double decisions = 0;
    row->together = solved_of(episodes, count);
    para_share_interval(row->together, levels, &row->low, &row->high);
    for (int i = 0; i < count; i++) {
        decisions += episodes[i].is.decisions;
        row->lost += episodes[i].lost;
        row->turns += (double)episodes[i].turns / count;
        for (int s = 0; s < skills; s++)
            row->acted[s] += episodes[i].acted[s];
    }
    decisions = decisions > 0 ? decisions : 1;
    row->lost /= decisions;
    for (int s = 0; s < skills; s++)
        row->acted[s] /= decisions;
}

/// One family: each skill that was packed on it alone, then all together.
static bool test_family(Test *t, int f)
{
    const ParaSkillSet *set = &t->ground.set;
    Row *row = &t->rows[f];
    int count = t->ground.def.levels * t->ground.def.episodes;
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_SKILL_MEMORY);
    bool good = arena != NULL;
    *row = (Row){.family = t->ground.families.names[f], .own = -1};
    ParaSkillEpisode *episodes = good ? PARA_NEW(arena, ParaSkillEpisode, count) : NULL;
    for (int s = 0; s < set->count && good; s++) {
        const ParaSkillSet alone = {.count = 1, .skills = set->skills + s, .fallback = -1};
        if (!was_packed_on(set->skills[s], para_template_name(t->ground.families.templates[f])))
            continue;
        good = play(t, &alone, f, episodes, arena);
        double solved = good ? solved_of(episodes, count) : 0;
        if (good && (row->own < 0 || solved > row->alone)) {
            row->own = s;
            row->alone = solved;
        }
    }
    good = good && play(t, set, f, episodes, arena);
    if (good)
        sum_up(row, episodes, count, set->count, t->ground.def.levels);
    if (arena)
        para_arena_destroy(arena);
    return good;
}

static int64_t count_episodes(const Test *t)
{
    const ParaSkillSet *set = &t->ground.set;
    int64_t rounds = t->ground.families.count;
    for (int f = 0; f < t->ground.families.count; f++)
        for (int s = 0; s < set->count; s++)
            rounds += was_packed_on(set->skills[s], para_template_name(t->ground.families.templates[f]));
    return rounds * t->ground.def.levels * t->ground.def.episodes;
}

static void print_row(const Row *row, const ParaSkillSet *set)
{
    char alone[32] = "-", kept[32] = "-";
    if (row->own >= 0)
        para_text_format(alone, sizeof alone, "%5.1f %%", 100 * row->alone);
    if (row->own >= 0 && row->alone > 0)
        para_text_format(kept, sizeof kept, "%5.1f %%", 100 * row->together / row->alone);
    para_text_print(stdout, "%-18s %8s  %5.1f %% (%5.1f ..%5.1f) %8s  %5.1f %%  ", row->family, alone,
                    100 * row->together, 100.0 * (double)row->low, 100.0 * (double)row->high, kept,
                    100 * row->lost);
    for (int s = 0, told = 0; s < set->count; s++)
        if (row->acted[s] >= 0.005)
            para_text_print(stdout, "%s%s %.0f %%", told++ ? ", " : "", set->skills[s]->name,
                            100 * row->acted[s]);
    putchar('\n');
}

static int print_json(const Test *t, int done)
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "families");
    for (int f = 0; f < done; f++) {
        const Row *row = &t->rows[f];
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "family", row->family);
        if (row->own >= 0) {
            cJSON_AddStringToObject(one, "own", t->ground.set.skills[row->own]->name);
            cJSON_AddNumberToObject(one, "alone", row->alone);
        }
        cJSON_AddNumberToObject(one, "together", row->together);
        cJSON_AddNumberToObject(one, "low", (double)row->low);
        cJSON_AddNumberToObject(one, "high", (double)row->high);
        cJSON_AddNumberToObject(one, "out_of_reach", row->lost);
        cJSON_AddNumberToObject(one, "turns", row->turns);
        cJSON *acted = cJSON_AddObjectToObject(one, "acted");
        for (int s = 0; s < t->ground.set.count; s++)
            cJSON_AddNumberToObject(acted, t->ground.set.skills[s]->name, row->acted[s]);
        cJSON_AddItemToArray(list, one);
    }
    char *text = para_json_print(json, true);
    cJSON_Delete(json);
    if (!text)
        return para_app_fail("skill test", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

static int run(Test *t, ParaArena *arena)
{
    int families = t->ground.families.count, done = 0;
    t->rows = PARA_NEW(arena, Row, families);
    t->progress = para_progress_begin("episodes", t->wishes->quiet);
    t->total = count_episodes(t);
    while (done < families && test_family(t, done))
        done++;
    para_progress_end(&t->progress);
    if (done < families && para_interrupt_count() == 0)
        return para_app_fail("skill test", "no memory for the worlds; try fewer --threads");
    if (t->wishes->json)
        print_json(t, done);
    else if (done > 0)
        printf("%-18s %8s  %-23s %8s  %7s  %s\n", "family", "alone", "together", "kept", "lost", "who acted");
    for (int f = 0; f < done && !t->wishes->json; f++)
        print_row(&t->rows[f], &t->ground.set);
    if (done < families)
        fprintf(stderr, "stopped after %d of %d families\n", done, families);
    return done < families ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
}

static int read_wishes(ParaSkillWishes *w, int argc, char **argv, const char **paths, int *out_count)
{
    const ParaOption options[] = {
        PARA_SKILL_OPTIONS(w),
        {"levels", 'l', PARA_OPTION_INT, &w->levels, "N", "held-out levels per family", 1, 100000, NULL},
        {"episodes", 'e', PARA_OPTION_INT, &w->episodes, "N", "on each level", 1, 1000, NULL},
        {"threads", 't', PARA_OPTION_INT, &w->threads, "N", "worker threads; 0: one per CPU", 0, 256, NULL},
        {"json", 0, PARA_OPTION_FLAG, &w->json, NULL,
         "print {\"families\": [{\"family\", \"own\", \"alone\", \"together\", \"acted\"}]}", 0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &w->quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "skill test",
        .usage = "[options] FILE ...",
        .about =
            "How well skills do together on levels that training never draws, beside the best of those\n"
            "that were packed on the family alone. kept is together as a share of alone; lost the share of\n"
            "decisions in situations out of every skill's reach.",
        .options = options,
        .examples = "  paracosm skill test hop.skill push.skill\n"
                    "  paracosm skill test hop.skill push.skill --families coins,hopper --levels 200\n"
                    "  paracosm skill test hop.skill push.skill all.skill --fallback all --json",
        .notes = "Intervals are Wilson's at 95 %, of the levels. Ctrl-C prints the families that are done.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_min = 1,
        .operand_max = PARA_SKILLS_MAX,
        .operand_name = "files of skills"};
    return para_options_read(&command, argc, argv, paths, out_count);
}

int para_skill_app_test(int argc, char **argv)
{
    ParaSkillWishes w = {.levels = 64, .episodes = 2, .seed = 1};
    const char *paths[PARA_SKILLS_MAX];
    int count = 0, code = read_wishes(&w, argc, argv, paths, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_SKILL_MEMORY);
    if (!arena)
        return para_app_fail("skill test", "no memory");
    Test t = {.wishes = &w};
    para_interrupt_catch(NULL);
    code = -1;
    if ((int64_t)w.levels * w.episodes > PARA_SKILL_EPISODES_MAX)
        code = para_app_misused("skill test", "--levels %d --episodes %d: together at most %d episodes",
                                w.levels, w.episodes, PARA_SKILL_EPISODES_MAX);
    if (code < 0)
        code = para_skill_open("skill test", &w, paths, count, arena, &t.ground);
    if (code < 0)
        code = run(&t, arena);
    para_arena_destroy(arena);
    return code;
}
