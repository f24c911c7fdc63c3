// SPDX-License-Identifier: MIT
// The model of pixels as safetensors with a card:
// {"kind":"pixels","version":1,"hidden":..,"levels":..,"players":..,"seconds":..,"about":{..}}.
#include "agents/pixels/pixels.h"

#include "agents/run/safetensors_card.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <string.h>

#define VERSION 1

bool para_pixels_write(const char *path, const ParaPixels *pixels, const char *about, ParaArena *arena,
                       const char **out_error)
{
    cJSON *card = cJSON_CreateObject();
    bool good = card && cJSON_AddStringToObject(card, "kind", "pixels") &&
                cJSON_AddNumberToObject(card, "version", VERSION) &&
                cJSON_AddNumberToObject(card, "hidden", pixels->def.hidden) &&
                cJSON_AddNumberToObject(card, "levels", pixels->def.levels) &&
                cJSON_AddNumberToObject(card, "players", pixels->def.players) &&
                cJSON_AddNumberToObject(card, "seconds", (double)pixels->def.seconds);
    if (!good) {
        cJSON_Delete(card);
        card = NULL;
    }
    return para_safetensors_write_card(path, pixels->tensors, pixels->tensor_count, card, about, arena,
                                       out_error);
}

static bool read_card(const char *text, ParaPixelsDef *def, const char **out_error)
{
    cJSON *card = text ? para_json_parse(text) : NULL;
    const cJSON *kind = cJSON_GetObjectItemCaseSensitive(card, "kind");
    bool pixels = cJSON_IsString(kind) && strcmp(kind->valuestring, "pixels") == 0;
    *def = (ParaPixelsDef){.hidden = para_card_whole(card, "hidden"),
                           .levels = para_card_whole(card, "levels"),
                           .players = para_card_whole(card, "players"),
                           .seconds = para_card_real(card, "seconds")};
    int version = para_card_whole(card, "version");
    cJSON_Delete(card);
    if (!pixels)
        *out_error = "it is no model of pixels: paracosm dream train --pixels makes one";
    else if (version != VERSION)
        *out_error = "its card is of another version than this program reads";
    else
        *out_error = para_pixels_def_problem(def);
    return !*out_error;
}

ParaPixels *para_pixels_read(const char *path, ParaArena *arena, const char **out_card,
                             const char **out_error)
{
    int count = 0;
    const char *why = NULL;
    ParaPixelsDef def;
    ParaTensor *tensors = para_safetensors_read(path, arena, &count, out_card, out_error);
    if (!tensors)
        return NULL;
    if (!read_card(*out_card, &def, &why)) {
        *out_error = para_arena_printf(arena, "%s: %s", path, why);
        return NULL;
    }
    ParaPixels *pixels = para_pixels_create(&def, 0, arena);
    if (para_tensors_assign(pixels->tensors, pixels->tensor_count, tensors, count, arena, &why))
        return pixels;
    *out_error = para_arena_printf(arena, "%s: %s", path, why);
    return NULL;
}
