// SPDX-License-Identifier: MIT
// A model that is gone on with: what it was made as, and what its card says it was taught before.
#include "apps/apps.h"
#include "apps/dream/dream_parts.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

bool para_dream_was_taught(const ParaDreamBefore *before, const char *family)
{
    for (int i = 0; i < before->count; i++)
        if (strcmp(before->families[i], family) == 0)
            return true;
    return false;
}

static double number(const cJSON *about, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(about, name);
    return cJSON_IsNumber(item) && item->valuedouble > 0 && item->valuedouble < 1e15 ? item->valuedouble : 0;
}

/// Asked for by hand is what is not the default; a model that goes on is what it was made as.
static void tell_kept(const ParaModelDef *asked, const ParaModelDef *own)
{
    const ParaModelDef preset = para_model_def_default();
    const struct {
        const char *name;
        double asked, preset, own;
    } each[] = {{"members", asked->members, preset.members, own->members},
                {"rounds", asked->rounds, preset.rounds, own->rounds},
                {"width", asked->width, preset.width, own->width},
                {"reach", (double)asked->reach, (double)preset.reach, (double)own->reach}};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        if (each[i].asked != each[i].own && each[i].asked != each[i].preset)
            para_text_print(stderr, "note: kept from the file: %s %.6g (not %.6g)\n", each[i].name,
                            each[i].own, each[i].asked);
}

ParaModel *para_dream_resume(const char *file, ParaModelDef *def, ParaDreamBefore *out, ParaArena *arena)
{
    const char *card = NULL, *why = NULL;
    ParaModel *model = para_model_read(file, arena, &card, &why);
    if (!model) {
        para_app_fail("dream train", "--resume: %s", why);
        return NULL;
    }
    tell_kept(def, &model->def);
    *def = model->def;
    cJSON *json = para_json_parse(card);
    const cJSON *told = cJSON_GetObjectItemCaseSensitive(json, "about");
    *out = (ParaDreamBefore){.play_seconds = number(told, "play_seconds"),
                             .steps_each = number(told, "steps_each"),
                             .cpu_seconds = number(told, "cpu_seconds")};
    cJSON_Delete(json);
    out->families = para_dream_taught_on(card, arena, &out->count);
    return model;
}
