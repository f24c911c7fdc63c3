// SPDX-License-Identifier: MIT
// What a player hears: the nearest of the others who said something in the last decision, what it was and
// where it came from. Who says nothing, is out of range or does not speak to it is in none of it.
#include "agents/observe/observe_parts.h"
#include "engine/base/rng.h"
#include "worlds/rules/voice.h"

enum { SPEAKERS = PARA_OBS_SPEAKERS, VOICES = sizeof(((ParaObsHeard *)0)->said) / 2 };
_Static_assert(VOICES == PARA_VOICES_MAX, "two flags for each voice");

// One who is heard.
typedef struct Heard {
    int player;
    float x, y;    // [m] of its first voice, from the listener
    float squared; // [m^2]
    int said[PARA_VOICES_MAX];
} Heard;

/// What is heard in place of a symbol where hearing is scrambled: any of the three, each as likely, another
/// draw for each decision, listener, speaker and voice, the same whenever it is asked.
static int scrambled(const ParaObsSight *s, int speaker, int voice)
{
    uint64_t seed = para_seed_mix(s->level->hash, s->view->step);
    int listener = (int)(s->player - s->level->players);
    uint64_t key = (uint64_t)((listener * PARA_PLAYERS_MAX + speaker) * PARA_VOICES_MAX + voice);
    ParaRng rng = para_rng_make(para_seed_mix(seed, key), "scramble");
    return (int)para_rng_int(&rng, -1, 1);
}

/// @return whether this player is heard at all
static bool hear(const ParaObsSight *s, ParaObsHearing hearing, int speaker, Heard *out)
{
    ParaVoices voices = para_voices_of(s->level, speaker);
    int listener = (int)(s->player - s->level->players);
    bool any = false;
    *out = (Heard){.player = speaker};
    for (int k = 0; k < voices.count; k++) {
        if (!para_voice_reaches(s->level, s->view, speaker, voices.actuator[k], listener))
            continue;
        out->said[k] = hearing == PARA_OBS_HEARS_SCRAMBLED
                           ? scrambled(s, speaker, k)
                           : para_voice_said(s->play, s->view, speaker, voices.actuator[k]);
        any = any || out->said[k] != 0;
    }
    if (!any)
        return false;
    int body = voices.actuator[0]->body;
    out->x = para_obs_of(s->view->centre_x, s->view, body) - s->x;
    out->y = para_obs_of(s->view->centre_y, s->view, body) - s->y;
    out->squared = out->x * out->x + out->y * out->y;
    return true;
}

/// Puts one among the nearest so far, in order; of two as near the first stays first.
static int insert(Heard *list, int count, const Heard *item)
{
    int at = count;
    while (at > 0 && list[at - 1].squared > item->squared)
        at--;
    if (at == SPEAKERS)
        return count;
    int last = count < SPEAKERS ? count : SPEAKERS - 1;
    memmove(list + at + 1, list + at, sizeof *list * (size_t)(last - at));
    list[at] = *item;
    return last + 1;
}

static void put_heard(ParaObsPen *pen, const ParaObsSight *s, const Heard *heard)
{
    PARA_OBS_BEGIN(pen);
    PARA_OBS_AT(pen, Heard, there);
    para_obs_put(pen, 1);
    PARA_OBS_AT(pen, Heard, said);
    for (int k = 0; k < PARA_VOICES_MAX; k++) {
        para_obs_put_flag(pen, heard->said[k] > 0);
        para_obs_put_flag(pen, heard->said[k] < 0);
    }
    PARA_OBS_AT(pen, Heard, offset);
    para_obs_put_offset(pen, heard->x, heard->y);
    PARA_OBS_AT(pen, Heard, mate);
    para_obs_put_flag(pen, s->level->players[heard->player].team == s->player->team);
    PARA_OBS_END(pen, Heard);
}

void para_observe_heard(ParaObsPen *pen, const ParaObsSight *s, ParaObsHearing hearing)
{
    Heard list[SPEAKERS], heard;
    int count = 0;
    for (int p = 0; hearing != PARA_OBS_HEARS_NOTHING && p < s->level->player_count; p++)
        if (hear(s, hearing, p, &heard))
            count = insert(list, count, &heard);
    for (int k = 0; k < count; k++)
        put_heard(pen, s, &list[k]);
    para_obs_zeros(pen, (size_t)(SPEAKERS - count) * sizeof(ParaObsHeard));
}
