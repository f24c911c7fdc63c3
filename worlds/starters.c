// SPDX-License-Identifier: MIT
// Starting templates for `paracosm new`: small, complete, one for each ability, and explained by "note"
// fields. They are files of worlds/starters.
#include "worlds/starters.h"

#include "engine/base/assert.h"
#include "worlds/json_tree.h"
#include "worlds/template.h"

#include <cjson/cJSON.h>
#include <string.h>

static const char *const kinds[] = {
#define PARA_STARTER(kind, ability) #kind,
#include "worlds/starters.def"
};
static const char *const abilities[] = {
#define PARA_STARTER(kind, ability) ability,
#include "worlds/starters.def"
};

#define STARTERS (sizeof kinds / sizeof kinds[0])
#define PLACE    "\"NAME\"" // where the name goes

const char *const *para_template_starters(int *out_count)
{
    *out_count = (int)STARTERS;
    return kinds;
}

static int find(const char *kind)
{
    for (size_t k = 0; k < STARTERS; k++)
        if (strcmp(kinds[k], kind) == 0)
            return (int)k;
    return -1;
}

const char *para_template_starter_ability(const char *kind)
{
    int k = find(kind);
    return k < 0 ? NULL : abilities[k];
}

const char *para_template_starter_about(const char *kind, ParaArena *arena)
{
    int k = find(kind);
    cJSON *json = k < 0 ? NULL : para_json_parse(para_starter_texts[k]);
    const cJSON *about = cJSON_GetObjectItemCaseSensitive(json, "about");
    const char *text = cJSON_IsString(about) ? para_arena_strdup(arena, about->valuestring) : "";
    cJSON_Delete(json);
    return text;
}

char *para_template_starter(const char *kind, const char *name, ParaArena *arena)
{
    int k = find(kind);
    if (k < 0)
        return NULL;
    const char *text = para_starter_texts[k], *place = strstr(text, PLACE);
    PARA_ASSERT(place); // ours have one
    char *named =
        para_arena_printf(arena, "%.*s\"%s\"%s", (int)(place - text), text, name, place + strlen(PLACE));
    ParaDiagList list = para_diag_list(arena, NULL, NULL);
    const char *laid = para_template_lay_out(kind, named, strlen(named), arena, &list);
    PARA_ASSERT(laid); // ours are JSON
    return para_arena_strdup(arena, laid);
}
