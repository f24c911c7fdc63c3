// SPDX-License-Identifier: MIT
// paracosm check: reads templates, prints their problems like a compiler, and tells what the good ones hold.
#include "agents/archive/archive.h"
#include "apps/apps.h"
#include "apps/check/check_parts.h"
#include "apps/files.h"
#include "apps/options.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "worlds/library.h"
#include "worlds/story/story.h"

#include <stdio.h>
#include <string.h>

/// A file that is not there: what was meant?
static void suggest_files(const char *path, ParaArena *arena)
{
    if (para_file_exists(path)) // it is there; the trouble is another
        return;
    const char *slash = strrchr(path, '/'), **words = NULL;
    const char *family = para_library_is_path(path) ? NULL : para_library_find(path, arena);
    const char *close = family ? family : para_library_close_file(path, arena);
    if (close) {
        fprintf(stderr, "  did you mean %s?\n", close);
        return;
    }
    const char *folder = slash ? para_arena_printf(arena, "%.*s", (int)(slash + 1 - path), path) : ".";
    int count = para_folder_list(folder, ".json", arena, &words, NULL);
    if (count > 0 && count <= 20) {
        fprintf(stderr, "  templates in %s:", folder);
        for (int k = 0; k < count; k++)
            fprintf(stderr, " %s.json", words[k]);
        fprintf(stderr, "\n");
    }
}

/// The template that standard input has.
static const ParaTemplate *load_input(ParaArena *arena, ParaDiagList *list)
{
    // One byte more than a template may have, so that a longer one is refused and not cut.
    char *text = para_arena_alloc(arena, PARA_TEMPLATE_SIZE_MAX + 1);
    size_t size = fread(text, 1, PARA_TEMPLATE_SIZE_MAX + 1, stdin);
    if (ferror(stdin)) {
        para_diag_add(list, PARA_DIAG_ERROR, NULL, NULL, "it cannot be read");
        return NULL;
    }
    return para_template_load(list->file, text, size, arena, list);
}

/// Looks the names of --silence up.
static bool read_silence(ParaCheckChoices *choices)
{
    for (int k = 0; k < choices->silence.count; k++) {
        ParaCode code;
        char close[PARA_CODE_NAME_SIZE];
        const char *word = choices->silence.items[k];
        if (!para_code_find(word, &code, close))
            return para_app_misused("check", "--silence %.60s: there is no such warning%s%s%s", word,
                                    *close ? "; did you mean \"" : "", close,
                                    *close ? "\"?" : "") == PARA_EXIT_OK;
        if (!para_code_is_warning(code))
            return para_app_misused("check", "--silence %.60s: it is an error; only warnings can be silenced",
                                    word) == PARA_EXIT_OK;
        choices->silent[code] = true;
    }
    return true;
}

static void make_strict(ParaDiagList *list)
{
    for (int k = 0; k < list->count; k++) {
        list->error_count += list->items[k].severity == PARA_DIAG_WARNING;
        list->items[k].severity = PARA_DIAG_ERROR;
    }
}

/// What all files together came to.
typedef struct Sum {
    int files, bad, warnings;
} Sum;

static bool is_story(const char *path, ParaArena *arena)
{
    size_t size = 0;
    const char *error = NULL;
    const char *text = para_file_read(path, (size_t)1 << 20, arena, &size, &error);
    return text && para_story_is(text, size);
}

/// A story: its scenes, branches and endings, and whether its levels are there.
static bool check_story(const char *path, const ParaCheckChoices *choices, ParaArena *arena, Sum *sum)
{
    ParaDiagList list = para_diag_list(arena, path, NULL);
    const ParaStory *story = para_story_load_file(path, true, arena, &list);
    if (choices->strict)
        make_strict(&list);
    bool good = list.error_count == 0;
    sum->files++;
    sum->bad += !good;
    for (int k = 0; k < list.count; k++)
        sum->warnings += list.items[k].severity == PARA_DIAG_WARNING;
    if (choices->json) {
        para_check_print_json(path, NULL, NULL, &list, choices);
        return good;
    }
    para_diag_print(&list, stderr);
    if (story)
        printf("%s: the story \"%s\", %d scene%s, %d ending%s\n", path, story->name, story->scene_count,
               story->scene_count == 1 ? "" : "s", story->ending_count, story->ending_count == 1 ? "" : "s");
    return good;
}

static bool check_file(const char *path, const ParaCheckChoices *choices, Sum *sum)
{
    bool input = strcmp(path, "-") == 0;
    if (input)
        path = "standard input";
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_CHECK_MEMORY_MAX);
    if (!arena)
        return para_app_fail("check", "out of memory") == PARA_EXIT_OK;
    if (!input && is_story(path, arena)) {
        bool told = check_story(path, choices, arena, sum);
        para_arena_destroy(arena);
        return told;
    }
    ParaDiagList list = para_diag_list(arena, path, NULL);
    const ParaTemplate *t = input ? load_input(arena, &list) : para_template_load_file(path, arena, &list);
    const char *error = NULL;
    if (t && choices->tier && !(t = para_template_narrow(t, choices->tier, arena, &error)))
        para_diag_add(&list, PARA_DIAG_ERROR, NULL, NULL, "%s", error);
    ParaCheckFamily family = {0};
    if (t) {
        family = para_check_family_draw(t, choices->sample, choices->solver, &list);
        double start = para_clock_seconds();
        bool only_read = choices->sample == 0 && choices->play == 0;
        if (list.error_count == 0 && !only_read) // else those come first
            family.rehearsal = para_rehearse(t, choices->play, &list);
        family.rehearsal_seconds = para_clock_seconds() - start;
    }
    if (t) // what its members have was found after it was loaded
        para_problems_silence(&list, 0, para_template_silences(t));
    para_problems_silence(&list, 0, choices->silent);
    if (choices->strict)
        make_strict(&list);
    bool good = list.error_count == 0;
    sum->files++;
    sum->bad += !good;
    for (int k = 0; k < list.count; k++)
        sum->warnings += list.items[k].severity == PARA_DIAG_WARNING;
    if (choices->json) {
        para_check_print_json(path, t, &family, &list, choices);
    } else {
        para_diag_print(&list, stderr);
        if (t)
            para_check_print(path, t, &family, choices);
        else if (!input && !error)
            suggest_files(path, arena);
    }
    para_arena_destroy(arena);
    return good;
}

/// Of a folder that is an archive, what its index says is held against its files.
static bool check_archive(const char *path, const ParaCheckChoices *choices, ParaArena *arena)
{
    const char *error = NULL, *folder = para_arena_printf(arena, "%s/", path);
    int count = 0;
    if (!para_file_exists(para_arena_printf(arena, "%s/" PARA_ARCHIVE_INDEX, path)))
        return true;
    if (!para_archives_check(&folder, 1, arena, &error))
        return para_app_fail("check", "%s", error) == PARA_EXIT_OK;
    if (!choices->json && para_archive_read(path, arena, &count, &error))
        printf("%s: an archive of %d levels, each with the hash that its index says\n", path, count);
    return true;
}

/// Files are looked at as they are found, operand by operand.
static bool check_all(const char *const *operands, int count, const ParaCheckChoices *choices,
                      ParaArena *arena, Sum *sum)
{
    bool good = true;
    for (int k = 0; k < count; k++) {
        ParaAppFiles files = {0};
        const char *error = NULL;
        ParaArenaMark mark = para_arena_mark(arena);
        if (!para_app_files_add(&files, operands[k], arena, &error))
            good = para_app_fail("check", "%s: %s", operands[k], error) == PARA_EXIT_OK;
        else if (files.count == 0)
            good = para_app_fail("check", "%s: no template (.json) is in it, nor below", operands[k]) ==
                   PARA_EXIT_OK;
        for (int i = 0; i < files.count; i++)
            good &= check_file(files.items[i].path, choices, sum);
        good &= check_archive(operands[k], choices, arena);
        para_arena_rewind(arena, mark);
    }
    return good;
}

int para_app_check(int argc, char **argv)
{
    ParaCheckChoices choices = {.sample = 100, .play = PARA_REHEARSAL_SECONDS};
    const ParaOption options[] = {
        {"json", 0, PARA_OPTION_FLAG, &choices.json, NULL,
         "one JSON object per file: file, ok, problems, name, about, params, asked, drawn, refused, cut", 0,
         0, NULL},
        {"solver", 0, PARA_OPTION_FLAG, &choices.solver, NULL,
         "say which solver (lanes or chipmunk) runs the members drawn, why not lanes, and what neither holds",
         0, 0, NULL},
        {"sample", 'n', PARA_OPTION_INT, &choices.sample, "N",
         "members of the family to draw and build, fewer where each is dear; 0: none, and with --play 0 "
         "templates "
         "are only read: syntax and sense",
         0, 100000, NULL},
        {"play", 'p', PARA_OPTION_REAL, &choices.play, "SECONDS",
         "play some members so long, without an action and with random ones, on both solvers; 0: none", 0, 60,
         NULL},
        {"tier", 0, PARA_OPTION_TEXT, &choices.tier, "NAME", PARA_APP_TIER_ABOUT, 0, 0, NULL},
        {"silence", 's', PARA_OPTION_TEXTS, &choices.silence, "NAME",
         "leave out a warning; may be given several times; a template says \"silence\": [NAME, ...]", 0, 0,
         NULL},
        {"strict", 0, PARA_OPTION_FLAG, &choices.strict, NULL, "warnings are errors", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "check",
        .usage = "[options] FILE|FOLDER...",
        .about = "Reads templates (- is standard input) and prints every problem with its place, as a "
                 "compiler does. Of a good template\n"
                 "it tells the parameters and what its members hold. A FOLDER means the .json files in it "
                 "and below.",
        .options = options,
        .examples = "  paracosm check worlds/library/drive/rover.json\n"
                    "  paracosm check --sample 1000 my/*.json\n"
                    "  paracosm check --strict worlds/library\n"
                    "  paracosm check --solver --sample 64 mine.json\n"
                    "  paracosm check --json mine.json\n"
                    "  paracosm new hills --out - | paracosm check -",
        .notes = "exit codes: 0 no errors, 1 at least one error, 2 wrong command line",
        .operand_min = 1,
        .operand_max = PARA_APP_FILES_MAX,
        .operand_name = "a template FILE or a FOLDER of them"};
    static const char *operands[PARA_APP_FILES_MAX];
    int count = 0;
    int exit_code = para_options_read(&command, argc, argv, operands, &count);
    if (exit_code != PARA_OPTIONS_GO)
        return exit_code;
    if (!read_silence(&choices))
        return PARA_EXIT_USAGE;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 28);
    if (!arena)
        return para_app_fail("check", "out of memory");
    Sum sum = {0};
    bool good = check_all(operands, count, &choices, arena, &sum);
    para_arena_destroy(arena);
    if (sum.files > 1 && !choices.json)
        printf("%d files: %d without an error, %d with; %d warning%s\n", sum.files, sum.files - sum.bad,
               sum.bad, sum.warnings, sum.warnings == 1 ? "" : "s");
    return good ? PARA_EXIT_OK : PARA_EXIT_FAILURE;
}
