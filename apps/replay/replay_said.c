// SPDX-License-Identifier: MIT
// What players said in a replay, found by playing it again: each time that one says something else than
// before.
#include "apps/replay/replay_parts.h"

#include "agents/company/talk.h"
#include "engine/base/text.h"
#include "worlds/rules/voice.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define SAID_LINES 16 // for people; JSON has all

static int word_of(const ParaEnv *env, const ParaView *view, int player)
{
    ParaVoices voices = para_voices_of(env->level, player);
    int said[PARA_VOICES_MAX];
    for (int k = 0; k < voices.count; k++)
        said[k] = para_voice_said(&env->play, view, player, voices.actuator[k]);
    return para_voice_word(said, voices.count);
}

void para_replay_listen(ParaSaidList *list, const ParaEnv *env, ParaArena *arena)
{
    const ParaView *view = para_world_view(env->world);
    for (int p = 0; p < env->level->player_count; p++) {
        int word = word_of(env, view, p);
        if (word == list->last[p])
            continue;
        if (list->count == list->capacity) {
            list->capacity = list->capacity ? 2 * list->capacity : 64;
            ParaSaid *more = PARA_NEW(arena, ParaSaid, list->capacity);
            if (list->count > 0)
                memcpy(more, list->items, sizeof *more * (size_t)list->count);
            list->items = more;
        }
        list->items[list->count++] = (ParaSaid){env->decisions - 1, p, word};
        list->last[p] = word;
    }
}

static const char *name_of(const ParaLevel *level, int player, char *room, size_t size)
{
    snprintf(room, size, "player %d", player + 1);
    return level->players[player].name[0] ? level->players[player].name : room;
}

void para_replay_said_print(const ParaSaidList *list, const ParaLevel *level)
{
    char room[32];
    for (int i = 0; i < list->count && i < SAID_LINES; i++) {
        const ParaSaid *said = &list->items[i];
        para_text_print(stdout, "%-10s at %.2f s: %s: %s\n", i ? "" : "said",
                        (double)said->decision * level->frame_skip / (double)level->world.rate,
                        name_of(level, said->player, room, sizeof room), para_talk_word(said->word));
    }
    if (list->count > SAID_LINES)
        printf("%-10s and %d more, which --json tells\n", "", list->count - SAID_LINES);
}

void para_replay_said_add(cJSON *object, const ParaSaidList *list, const ParaLevel *level)
{
    char room[32];
    if (!para_voice_in(level))
        return;
    cJSON *array = cJSON_AddArrayToObject(object, "said");
    for (int i = 0; i < list->count; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddNumberToObject(item, "decision", list->items[i].decision);
        cJSON_AddStringToObject(item, "player", name_of(level, list->items[i].player, room, sizeof room));
        cJSON_AddStringToObject(item, "word", para_talk_word(list->items[i].word));
        cJSON_AddItemToArray(array, item);
    }
}
