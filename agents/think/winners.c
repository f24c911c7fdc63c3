// SPDX-License-Identifier: MIT
// Rows of winners in a ring, and as a file of tensors with a card that says what was seen.
#include "agents/think/winners.h"

#include "agents/player/card.h"
#include "agents/run/safetensors.h"
#include "engine/base/assert.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

ParaWinners para_winners_create(ParaObsSpec obs, int room, ParaArena *arena)
{
    PARA_ASSERT(room >= 1 && room <= PARA_WINNERS_MAX && obs.size > 0);
    return (ParaWinners){.obs = obs,
                         .room = room,
                         .seen = PARA_NEW(arena, float, (size_t)room *(size_t)obs.size),
                         .wanted = PARA_NEW(arena, float, room *PARA_LOGITS),
                         .channel_bits = PARA_NEW(arena, uint32_t, room),
                         .negative_bits = PARA_NEW(arena, uint32_t, room)};
}

void para_winners_add(ParaWinners *w, uint32_t channel_bits, uint32_t negative_bits, const float *obs,
                      const float *wanted, int n)
{
    size_t size = (size_t)w->obs.size;
    for (int i = 0; i < n; i++) {
        size_t to = (size_t)w->next;
        memcpy(w->seen + to * size, obs + (size_t)i * size, sizeof *obs * size);
        memcpy(w->wanted + to * PARA_LOGITS, wanted + (size_t)i * PARA_LOGITS, sizeof *wanted * PARA_LOGITS);
        w->channel_bits[to] = channel_bits;
        w->negative_bits[to] = negative_bits;
        w->next = (w->next + 1) % w->room;
        w->count += w->count < w->room;
    }
}

// ---------------------------------------------------------------------------------------------
// The file: "seen" [rows, O] and "wanted" [rows, 8 * 3 + 2], the keys' probabilities and both sets of bits.

#define WANTED (PARA_LOGITS + 2)

static const ParaTensor *find(const ParaTensor *tensors, int count, const char *name, int columns)
{
    for (int i = 0; i < count; i++)
        if (strcmp(tensors[i].name, name) == 0 && tensors[i].columns == columns)
            return &tensors[i];
    return NULL;
}

static bool is_bits(float x) { return x >= 0.0f && x <= 255.0f && x == floorf(x); }

/// Whether a row is one that this program could have written.
static bool is_sound(const float *seen, int size, const float *wanted)
{
    const float *bits = wanted + PARA_LOGITS;
    for (int i = 0; i < size; i++)
        if (!(fabsf(seen[i]) <= 10.0f))
            return false;
    if (!is_bits(bits[0]) || !is_bits(bits[1]))
        return false;
    for (int c = 0; c < PARA_CHANNELS; c++) {
        const float *p = wanted + c * PARA_CHOICES;
        bool bound = ((uint32_t)bits[0] >> c & 1u) != 0, negative = ((uint32_t)bits[1] >> c & 1u) != 0;
        bool each = p[0] >= 0.0f && p[1] >= 0.0f && p[2] >= 0.0f && (negative || p[0] == 0.0f);
        if (!each || !(fabsf(p[0] + p[1] + p[2] - (bound ? 1.0f : 0.0f)) < 1e-3f))
            return false;
    }
    return true;
}

static bool take(ParaWinners *w, const ParaTensor *seen, const ParaTensor *wanted)
{
    for (int r = 0; r < seen->rows; r++) {
        const float *row = seen->data + (size_t)r * (size_t)seen->columns,
                    *keys = wanted->data + (size_t)r * WANTED, *bits = keys + PARA_LOGITS;
        if (!is_sound(row, seen->columns, keys))
            return false;
        para_winners_add(w, (uint32_t)bits[0], (uint32_t)bits[1], row, keys, 1);
    }
    return true;
}

bool para_winners_read(ParaWinners *w, const char *path, ParaArena *arena, const char **out_error)
{
    const char *card = NULL;
    int count = 0;
    ParaPolicyDef def = {0};
    const ParaTensor *tensors = para_safetensors_read(path, arena, &count, &card, out_error);
    if (!tensors || !para_card_read_player(card, arena, &def, out_error))
        return false;
    const ParaTensor *seen = find(tensors, count, "seen", w->obs.size),
                     *wanted = find(tensors, count, "wanted", WANTED);
    bool good = seen && wanted && seen->rows == wanted->rows &&
                para_obs_layout_hash(&def.obs) == para_obs_layout_hash(&w->obs) && take(w, seen, wanted);
    if (!good)
        *out_error =
            para_arena_printf(arena, "%s holds no winners of this player; move it away to begin anew", path);
    return good;
}

static char *card_of(const ParaWinners *w)
{
    cJSON *card = cJSON_CreateObject();
    ParaPolicyDef def = para_policy_def_default(w->obs);
    cJSON_AddStringToObject(card, "what", "what thinking found, for a reflex to learn from");
    para_card_add_player(card, &def);
    char *text = para_json_print(card, false);
    cJSON_Delete(card);
    return text;
}

bool para_winners_write(const ParaWinners *w, const char *path, ParaArena *arena, const char **out_error)
{
    PARA_ASSERT(w->count >= 1);
    float *wanted = PARA_NEW(arena, float, (size_t)w->count *WANTED);
    float *seen = PARA_NEW(arena, float, (size_t)w->count *(size_t)w->obs.size);
    for (int i = 0; i < w->count; i++) {
        // The oldest first, so that whoever reads it drops those first.
        size_t from = (size_t)((w->count < w->room ? 0 : w->next) + i) % (size_t)w->room;
        memcpy(seen + (size_t)i * (size_t)w->obs.size, w->seen + from * (size_t)w->obs.size,
               sizeof *seen * (size_t)w->obs.size);
        float *to = wanted + (size_t)i * WANTED;
        memcpy(to, w->wanted + from * PARA_LOGITS, sizeof *to * PARA_LOGITS);
        to[PARA_LOGITS] = (float)w->channel_bits[from];
        to[PARA_LOGITS + 1] = (float)w->negative_bits[from];
    }
    const ParaTensor tensors[] = {{"seen", w->count, w->obs.size, seen},
                                  {"wanted", w->count, WANTED, wanted}};
    char *card = card_of(w);
    bool good = card && para_safetensors_write(path, tensors, 2, card, arena, out_error);
    if (!card)
        *out_error = "no memory";
    cJSON_free(card);
    return good;
}
