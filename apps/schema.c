// SPDX-License-Identifier: MIT
// paracosm schema: the format of templates as a JSON Schema for editors, or as a page for people.
#include "apps/apps.h"
#include "apps/options.h"
#include "worlds/story/story.h"
#include "worlds/template.h"

#include <stdio.h>

int para_app_schema(int argc, char **argv)
{
    bool reference = false, story = false;
    const ParaOption options[] = {
        {"reference", 'r', PARA_OPTION_FLAG, &reference, NULL,
         "the reference page (Markdown) instead of the JSON Schema", 0, 0, NULL},
        {"story", 0, PARA_OPTION_FLAG, &story, NULL, "the JSON Schema of stories", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "schema",
        .usage = "[options]",
        .about = "Prints the format of templates, or of stories. All forms come from the table that also "
                 "drives the reader.",
        .options = options,
        .examples = "  paracosm schema > template.schema.json\n"
                    "  paracosm schema --reference > docs/template-reference.md\n"
                    "  paracosm schema --story > story.schema.json",
        .notes = "A template may name the schema for its editor: \"$schema\": \"./template.schema.json\".\n"
                 "exit codes: 0 printed, 1 it could not be, 2 wrong command line",
        .operand_min = 0,
        .operand_max = 0,
        .operand_name = "nothing"};
    int count = 0;
    int exit_code = para_options_read(&command, argc, argv, NULL, &count);
    if (exit_code != PARA_OPTIONS_GO)
        return exit_code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, (size_t)1 << 26);
    if (!arena)
        return para_app_fail("schema", "out of memory");
    fputs(story       ? para_story_schema(arena)
          : reference ? para_template_reference(arena)
                      : para_template_schema(arena),
          stdout);
    para_arena_destroy(arena);
    return PARA_EXIT_OK;
}
