// SPDX-License-Identifier: MIT
// paracosm skill pack: a skill of the player of a run.
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "apps/skill/skill_parts.h"
#include "engine/base/file.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <string.h>

typedef struct Wishes {
    ParaSkillPackDef def;
    const char *families, *solver, *out;
    bool quiet, force;
} Wishes;

static int read_wishes(Wishes *w, int argc, char **argv)
{
    ParaSkillPackDef *def = &w->def;
    const ParaOption options[] = {
        {"families", 0, PARA_OPTION_TEXT, &w->families, "A,B",
         "families or template files that it is for (default: those of the run)", 0, 0, NULL},
        {"name", 'n', PARA_OPTION_TEXT, &def->name, "NAME",
         "of the skill (default: of its one family, else of the run)", 0, 0, NULL},
        {"about", 'a', PARA_OPTION_TEXT, &def->about, "TEXT", "what it does, a sentence", 0, 0, NULL},
        {"licence", 0, PARA_OPTION_TEXT, &def->licence, "TEXT", "that others have it under, such as MIT", 0,
         0, NULL},
        {"levels", 'l', PARA_OPTION_INT, &def->levels, "N",
         "of each family, to know its ground, and as many to score it", 4, 4096, NULL},
        {"episodes", 'e', PARA_OPTION_INT, &def->episodes, "N", "on each level", 1, 64, NULL},
        {"out", 'o', PARA_OPTION_TEXT, &w->out, "FILE", "where it is written (default: NAME.skill)", 0, 0,
         NULL},
        {"force", 'f', PARA_OPTION_FLAG, &w->force, NULL, "write over a skill that is there", 0, 0, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &w->solver, "NAME",
         "physics it plays on: auto, lanes, chipmunk (default: auto, or what the run was trained on)", 0, 0,
         para_app_solver_choices},
        {"threads", 't', PARA_OPTION_INT, &def->threads, "N", "worker threads; 0: one per CPU", 0, 256, NULL},
        {"seed", 's', PARA_OPTION_SEED, &def->seed, "N", "of the levels", 0, 0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &w->quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "skill pack",
        .usage = "[options] RUN | FILE.safetensors",
        .about =
            "Makes a skill of the newest player of RUN: plays it on levels of its families, keeps the\n"
            "situations of the episodes that it solved, and scores it on levels that training never draws.",
        .options = options,
        .examples = "  paracosm skill pack runs/first\n"
                    "  paracosm skill pack runs/first --families hopper --name hop --licence MIT\n"
                    "  paracosm skill pack runs/first --about \"Jumps from ledge to ledge.\" --out hop.skill",
        .notes = "The same run, options and program give the same file, byte for byte.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a run folder"};
    return para_options_read(&command, argc, argv, &def->run_folder, NULL);
}

static void tell(const ParaSkill *skill, const char *path)
{
    printf("%s: %s\n", path, skill->about);
    for (int i = 0; i < skill->score_count; i++) {
        const ParaSkillScore *score = &skill->scores[i];
        para_text_print(stdout, "  %-18s solves %5.1f %% (%.1f..%.1f) of %d held-out levels\n", score->family,
                        100.0 * (double)score->solve, 100.0 * (double)score->low, 100.0 * (double)score->high,
                        score->levels);
    }
    para_text_print(stdout, "  ground: %d situations, reach %.3f\n", skill->ground_count,
                    (double)skill->reach);
}

/// What --force may write over: a skill, be it damaged or of another version, but neither a run's database
/// nor whatever else a slip of the keys names.
static bool is_a_skill(const char *path, ParaArena *arena)
{
    const char *error = NULL, *ending = strrchr(path, '.');
    return (ending && strcmp(ending, ".skill") == 0) || para_skill_load(path, arena, &error);
}

/// Where the skill is written, and whether it may be. @param context the wishes
static bool find_place(void *context, const char *name, ParaArena *arena, const char **out_error)
{
    Wishes *w = context;
    ParaPathKind what;
    if (!w->out)
        w->out = para_arena_printf(arena, "%s.skill", name);
    what = para_path_kind(w->out);
    if (!w->force && what != PARA_PATH_NONE)
        *out_error = para_arena_printf(
            arena, "%s is there already; name another with --out, or write over it with --force", w->out);
    else if (w->force && what == PARA_PATH_FILE && !is_a_skill(w->out, arena))
        *out_error = para_arena_printf(arena,
                                       "%s is there and is no skill, and --force writes over skills alone; "
                                       "name another with --out",
                                       w->out);
    else
        return para_file_may_write(w->out, arena, out_error);
    return false;
}

static int pack(Wishes *w, ParaArena *arena)
{
    ParaSkill skill;
    const char *card = NULL, *note = NULL, *error = NULL;
    ParaProgress progress = para_progress_begin("episodes", w->quiet);
    const ParaSkillWatch watch = {
        .over = para_progress_goes_on, .stop = para_interrupt_asked, .context = &progress};
    w->def.ready = find_place;
    w->def.ready_context = w;
    bool good = para_skill_pack(&w->def, &watch, arena, &skill, &card, &note, &error);
    para_progress_end(&progress);
    if (!good && para_interrupt_count() > 0) {
        fprintf(stderr, "stopped; nothing was written\n");
        return PARA_EXIT_INTERRUPTED;
    }
    if (!good)
        return para_app_fail("skill pack", "%s", error);
    if (note && !w->quiet)
        fprintf(stderr, "note: %s\n", note);
    if (!para_skill_write(w->out, &skill, card, arena, &error))
        return para_app_fail("skill pack", "%s", error);
    tell(&skill, w->out);
    return PARA_EXIT_OK;
}

int para_skill_app_pack(int argc, char **argv)
{
    Wishes w = {.def = para_skill_pack_def_default(NULL)};
    const char *names[PARA_SKILL_FAMILIES_MAX];
    int code = read_wishes(&w, argc, argv);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_SKILL_MEMORY);
    if (!arena)
        return para_app_fail("skill pack", "no memory");
    size_t size = w.families ? strlen(w.families) + 1 : 1;
    w.def.families = names;
    w.def.solver = para_app_solver(w.solver, PARA_SOLVER_AUTO);
    if (w.families)
        w.def.family_count = para_options_split(w.families, para_arena_alloc(arena, size), size, names,
                                                PARA_SKILL_FAMILIES_MAX);
    para_interrupt_catch("stopping; nothing is written\n");
    if (w.families && w.def.family_count <= 0)
        code = para_app_misused("skill pack", "--families needs 1 to %d names, set apart by commas",
                                PARA_SKILL_FAMILIES_MAX);
    else if (w.def.about && strlen(w.def.about) >= PARA_SKILL_ABOUT_MAX)
        code = para_app_misused("skill pack", "--about has %zu bytes; at most %d", strlen(w.def.about),
                                PARA_SKILL_ABOUT_MAX - 1);
    else if (w.def.name && para_skill_name_problem(w.def.name))
        code =
            para_app_misused("skill pack", "--name %s: %s", w.def.name, para_skill_name_problem(w.def.name));
    else if (strlen(w.def.licence) >= PARA_SKILL_NAME_MAX)
        code = para_app_misused("skill pack", "--licence has %zu bytes; at most %d: name it, such as MIT",
                                strlen(w.def.licence), PARA_SKILL_NAME_MAX - 1);
    else
        code = pack(&w, arena);
    para_arena_destroy(arena);
    return code;
}
