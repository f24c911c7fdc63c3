// SPDX-License-Identifier: MIT
// Models as safetensors with a card:
// {"kind":"model","version":3,"members":..,"rounds":..,"width":..,"seconds":.., "reach":..,"about":{..}}.
#include "agents/model/model.h"

#include "agents/run/safetensors_card.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <string.h>

#define VERSION 3

/// All tensors of a model by name, in a fixed order.
static ParaTensor *tensors_of(const ParaModel *model, int *out_count, ParaArena *arena)
{
    int each = model->def.rounds * PARA_IMAGINE_TENSORS, count = 0;
    ParaTensor *tensors = PARA_NEW(arena, ParaTensor, (size_t)(model->def.members * each));
    for (int m = 0; m < model->def.members; m++)
        for (int i = 0; i < each; i++) {
            ParaImagineTensor t =
                para_imagine_tensor(model->members[m], i / PARA_IMAGINE_TENSORS, i % PARA_IMAGINE_TENSORS);
            const char *name =
                para_arena_printf(arena, "member%d.round%d.%s", m, i / PARA_IMAGINE_TENSORS, t.name);
            tensors[count++] = (ParaTensor){name, t.rows, t.columns, t.data};
        }
    *out_count = count;
    return tensors;
}

bool para_model_write(const char *path, const ParaModel *model, const char *about, ParaArena *arena,
                      const char **out_error)
{
    int count = 0;
    ParaTensor *tensors = tensors_of(model, &count, arena);
    cJSON *card = cJSON_CreateObject();
    bool good = card && cJSON_AddStringToObject(card, "kind", "model") &&
                cJSON_AddNumberToObject(card, "version", VERSION) &&
                cJSON_AddNumberToObject(card, "members", model->def.members) &&
                cJSON_AddNumberToObject(card, "rounds", model->def.rounds) &&
                cJSON_AddNumberToObject(card, "width", model->def.width) &&
                cJSON_AddNumberToObject(card, "seconds", (double)model->def.seconds) &&
                cJSON_AddNumberToObject(card, "reach", (double)model->def.reach);
    if (!good) {
        cJSON_Delete(card);
        card = NULL;
    }
    return para_safetensors_write_card(path, tensors, count, card, about, arena, out_error);
}

static bool read_card(const char *text, ParaModelDef *def, const char **out_error)
{
    cJSON *card = text ? para_json_parse(text) : NULL;
    const cJSON *kind = cJSON_GetObjectItemCaseSensitive(card, "kind");
    bool model = cJSON_IsString(kind) && strcmp(kind->valuestring, "model") == 0;
    *def = (ParaModelDef){.members = para_card_whole(card, "members"),
                          .rounds = para_card_whole(card, "rounds"),
                          .width = para_card_whole(card, "width"),
                          .seconds = para_card_real(card, "seconds"),
                          .reach = para_card_real(card, "reach")};
    int version = para_card_whole(card, "version");
    cJSON_Delete(card);
    if (!model)
        *out_error = "it is no model: paracosm dream train makes one";
    else if (version != VERSION)
        *out_error =
            version < VERSION
                ? "it was taught by an older paracosm and tells blows otherwise: teach it anew, paracosm "
                  "dream train"
                : "it was taught by a newer paracosm than this one";
    else
        *out_error = para_model_def_problem(def);
    return !*out_error;
}

ParaModel *para_model_read(const char *path, ParaArena *arena, const char **out_card, const char **out_error)
{
    int count = 0, own_count = 0;
    const char *why = NULL;
    ParaModelDef def;
    ParaTensor *tensors = para_safetensors_read(path, arena, &count, out_card, out_error);
    if (!tensors)
        return NULL;
    if (!read_card(*out_card, &def, &why)) {
        *out_error = para_arena_printf(arena, "%s: %s", path, why);
        return NULL;
    }
    ParaModel *model = para_model_create(&def, 0, arena);
    ParaTensor *own = tensors_of(model, &own_count, arena);
    if (para_tensors_assign(own, own_count, tensors, count, arena, &why))
        return model;
    *out_error = para_arena_printf(arena, "%s: %s", path, why);
    return NULL;
}
