// SPDX-License-Identifier: MIT
// paracosm diff: what two levels differ in, in words; of two templates, their members of one seed.
#include "apps/apps.h"
#include "apps/options.h"
#include "apps/settings.h"
#include "engine/base/json.h"
#include "worlds/library.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define EXIT_TROUBLE 2 // as of diff: 0 the same, 1 they differ

typedef struct Choices {
    const char *names[2], *tier;
    uint64_t seed;
    ParaTexts set;
    bool json;
} Choices;

/// @return NULL with the reason in out_error
static const ParaLevel *open_level(const Choices *choices, const char *name, ParaArena *arena,
                                   const char **out_error)
{
    const ParaTemplate *t = para_library_load(name, arena, out_error);
    if (t && choices->tier)
        t = para_template_narrow(t, choices->tier, arena, out_error);
    double values[PARA_PARAMS_MAX];
    if (!t || !para_settings_read(t, choices->set.items, choices->set.count, values, arena, out_error))
        return NULL;
    ParaDiagList list = para_diag_list(arena, name, NULL);
    para_settings_draw(t, choices->seed, values);
    const ParaLevel *level = para_template_sample(t, values, choices->seed, arena, &list);
    if (!level)
        *out_error = para_arena_printf(arena, "%s: seed %" PRIu64 " cannot be made: %s", name, choices->seed,
                                       list.count ? list.items[0].message : "no reason");
    return level;
}

static void print_text(const ParaDifferences *all)
{
    const char *thing = NULL;
    for (int k = 0; k < all->count; k++) {
        const ParaDifference *item = &all->items[k];
        // Of one thing everything stands in one line.
        bool more = thing && strcmp(thing, item->thing) == 0 && *thing;
        printf("%s%s%s%s",
               k == 0 ? ""
               : more ? ", "
                      : "\n",
               more ? "" : item->thing, more || !*item->thing ? "" : ": ", item->words);
        thing = item->thing;
    }
    puts(all->count ? "" : all->same ? "no difference" : "no difference in what is said, but another hash");
}

static void print_json(const Choices *choices, const ParaDifferences *all, ParaArena *arena)
{
    ParaJson out = para_json(arena, 2);
    para_json_open(&out, '{');
    para_json_key_string(&out, "a", choices->names[0]);
    para_json_key_string(&out, "b", choices->names[1]);
    para_json_key_bool(&out, "same", all->count == 0 && all->same);
    para_json_key(&out, "differences");
    para_json_open(&out, '[');
    for (int k = 0; k < all->count; k++) {
        const ParaDifference *item = &all->items[k];
        para_json_item(&out);
        para_json_open(&out, '{');
        para_json_key_string(&out, "thing", item->thing);
        para_json_key_string(&out, "path", item->path);
        para_json_key_string(&out, "words", item->words);
        para_json_key(&out, "before");
        para_json_format(&out, "%s", *item->before ? item->before : "null");
        para_json_key(&out, "after");
        para_json_format(&out, "%s", *item->after ? item->after : "null");
        para_json_close(&out, '}');
    }
    para_json_close(&out, ']');
    para_json_close(&out, '}');
    puts(out.text);
}

static int compare(const Choices *choices, ParaArena *arena)
{
    const ParaLevel *levels[2];
    ParaDifferences all;
    for (int k = 0; k < 2; k++) {
        const char *error = NULL;
        levels[k] = open_level(choices, choices->names[k], arena, &error);
        if (!levels[k]) {
            para_app_fail("diff", "%s", error);
            return EXIT_TROUBLE;
        }
    }
    if (!para_level_compare(levels[0], levels[1], arena, &all)) {
        para_app_fail("diff", "no memory");
        return EXIT_TROUBLE;
    }
    if (choices->json)
        print_json(choices, &all, arena);
    else
        print_text(&all);
    return all.count == 0 && all.same ? PARA_EXIT_OK : PARA_EXIT_FAILURE;
}

int para_app_diff(int argc, char **argv)
{
    Choices choices = {.seed = 0};
    int count = 0;
    const ParaOption options[] = {
        {"seed", 's', PARA_OPTION_SEED, &choices.seed, "N", "which member of each, where they are families",
         0, 0, NULL},
        {"set", 0, PARA_OPTION_TEXTS, &choices.set, "NAME=VALUE", "give a parameter of both a value", 0, 0,
         NULL},
        {"tier", 0, PARA_OPTION_TEXT, &choices.tier, "TIER", PARA_APP_TIER_ABOUT, 0, 0, NULL},
        {"json", 'j', PARA_OPTION_FLAG, &choices.json, NULL,
         "one JSON object, with the values before and after", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {.name = "diff",
                                 .usage = "[options] A B",
                                 .about = "Tells in words what two levels differ in: saved levels, or "
                                          "members of two templates of the same seed.\n"
                                          "Things are known by their names.",
                                 .options = options,
                                 .examples = "  paracosm diff before.json after.json\n"
                                             "  paracosm diff --seed 3 hills.json hills-new.json\n"
                                             "  paracosm diff --json level.json rover",
                                 .notes = "exit codes, as of diff: 0 no difference, 1 they differ, 2 one "
                                          "cannot be read or a wrong command line",
                                 .operand_min = 2,
                                 .operand_max = 2,
                                 .operand_name = "A or B, a family, template or level,"};
    int code = para_options_read(&command, argc, argv, choices.names, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 22, (size_t)1 << 30);
    if (!arena) {
        para_app_fail("diff", "no memory");
        return EXIT_TROUBLE;
    }
    code = compare(&choices, arena);
    para_arena_destroy(arena);
    return code;
}
