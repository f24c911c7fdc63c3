// SPDX-License-Identifier: MIT
// Cards of models, read with every doubt and written whole.
#include "agents/run/safetensors_card.h"

#include "worlds/json_tree.h"

#include <math.h>

#define CARD_MOST 1e6 // numbers beyond are no sizes of networks

int para_card_whole(const cJSON *card, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(card, name);
    double value = cJSON_IsNumber(item) ? item->valuedouble : -1.0;
    return value >= 0 && value <= CARD_MOST && value == floor(value) ? (int)value : -1;
}

float para_card_real(const cJSON *card, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(card, name);
    return cJSON_IsNumber(item) && fabs(item->valuedouble) < CARD_MOST ? (float)item->valuedouble : -1.0f;
}

bool para_safetensors_write_card(const char *path, const ParaTensor *tensors, int count, cJSON *card,
                                 const char *about, ParaArena *arena, const char **out_error)
{
    cJSON *told = about ? para_json_parse(about) : cJSON_CreateObject();
    bool whole = card && told && cJSON_AddItemToObject(card, "about", told);
    char *text = whole ? para_json_print(card, false) : NULL;
    bool good = text && para_safetensors_write(path, tensors, count, text, arena, out_error);
    if (!text)
        *out_error = "no memory for the model's card";
    if (!whole)
        cJSON_Delete(told);
    cJSON_free(text);
    cJSON_Delete(card);
    return good;
}
