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
                         .action = PARA_NEW(arena, int8_t, room * PARA_CHANNELS),
                         .channel_bits = PARA_NEW(arena, uint32_t, room),
                         .negative_bits = PARA_NEW(arena, uint32_t, room)};
}

void para_winners_add(ParaWinners *w, uint32_t channel_bits, uint32_t negative_bits, const float *obs,
                      const int8_t *action, int n)
{
    size_t size = (size_t)w->obs.size;
    for (int i = 0; i < n; i++) {
        size_t to = (size_t)w->next;
        memcpy(w->seen + to * size, obs + (size_t)i * size, sizeof *obs * size);
        memcpy(w->action + to * PARA_CHANNELS, action + (size_t)i * PARA_CHANNELS, PARA_CHANNELS);
        w->channel_bits[to] = channel_bits;
        w->negative_bits[to] = negative_bits;
        w->next = (w->next + 1) % w->room;
        w->count += w->count < w->room;
    }
}

// ---------------------------------------------------------------------------------------------
// The file: "seen" [rows, O] and "done" [rows, 8 + 2], the actions and both sets of bits.

#define DONE (PARA_CHANNELS + 2)

static const ParaTensor *find(const ParaTensor *tensors, int count, const char *name, int columns)
{
    for (int i = 0; i < count; i++)
        if (strcmp(tensors[i].name, name) == 0 && tensors[i].columns == columns)
            return &tensors[i];
    return NULL;
}

/// Whether a row is one that this program could have written.
static bool is_sound(const float *seen, int size, const float *done)
{
    for (int i = 0; i < size; i++)
        if (!(fabsf(seen[i]) <= 10.0f))
            return false;
    for (int c = 0; c < PARA_CHANNELS; c++)
        if (done[c] != -1.0f && done[c] != 0.0f && done[c] != 1.0f)
            return false;
    for (int b = PARA_CHANNELS; b < DONE; b++)
        if (!(done[b] >= 0.0f && done[b] <= 255.0f && done[b] == floorf(done[b])))
            return false;
    return true;
}

static bool take(ParaWinners *w, const ParaTensor *seen, const ParaTensor *done)
{
    for (int r = 0; r < seen->rows; r++) {
        const float *row = seen->data + (size_t)r * (size_t)seen->columns,
                    *acts = done->data + (size_t)r * DONE;
        int8_t action[PARA_CHANNELS];
        if (!is_sound(row, seen->columns, acts))
            return false;
        for (int c = 0; c < PARA_CHANNELS; c++)
            action[c] = (int8_t)acts[c];
        para_winners_add(w, (uint32_t)acts[PARA_CHANNELS], (uint32_t)acts[PARA_CHANNELS + 1], row, action, 1);
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
                     *done = find(tensors, count, "done", DONE);
    bool good = seen && done && seen->rows == done->rows &&
                para_obs_layout_hash(&def.obs) == para_obs_layout_hash(&w->obs) && take(w, seen, done);
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
    float *done = PARA_NEW(arena, float, (size_t)w->count *DONE);
    float *seen = PARA_NEW(arena, float, (size_t)w->count *(size_t)w->obs.size);
    for (int i = 0; i < w->count; i++) {
        // The oldest first, so that whoever reads it drops those first.
        size_t from = (size_t)((w->count < w->room ? 0 : w->next) + i) % (size_t)w->room;
        memcpy(seen + (size_t)i * (size_t)w->obs.size, w->seen + from * (size_t)w->obs.size,
               sizeof *seen * (size_t)w->obs.size);
        for (int c = 0; c < PARA_CHANNELS; c++)
            done[i * DONE + c] = (float)w->action[from * PARA_CHANNELS + (size_t)c];
        done[i * DONE + PARA_CHANNELS] = (float)w->channel_bits[from];
        done[i * DONE + PARA_CHANNELS + 1] = (float)w->negative_bits[from];
    }
    const ParaTensor tensors[] = {{"seen", w->count, w->obs.size, seen}, {"done", w->count, DONE, done}};
    char *card = card_of(w);
    bool good = card && para_safetensors_write(path, tensors, 2, card, arena, out_error);
    if (!card)
        *out_error = "no memory";
    cJSON_free(card);
    return good;
}
