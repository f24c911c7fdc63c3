// SPDX-License-Identifier: MIT
// Who says what to whom, read off the actions in force.
#include "worlds/rules/voice.h"

#include "engine/base/assert.h"

static float of(const float *values, const ParaView *view, int body)
{
    return values[(size_t)body * (size_t)view->stride];
}

ParaVoices para_voices_of(const ParaLevel *level, int player)
{
    PARA_ASSERT(player >= 0 && player < level->player_count);
    const ParaPlayer *who = &level->players[player];
    ParaVoices voices = {.count = 0};
    for (int k = 0; k < who->actuator_count && voices.count < PARA_VOICES_MAX; k++)
        if (who->actuators[k].kind == PARA_ACTUATOR_VOICE)
            voices.actuator[voices.count++] = &who->actuators[k];
    return voices;
}

bool para_voice_in(const ParaLevel *level)
{
    for (int p = 0; level->player_count > 1 && p < level->player_count; p++)
        if (para_voices_of(level, p).count > 0)
            return true;
    return false;
}

int para_voice_said(const ParaPlay *play, const ParaView *view, int player, const ParaActuator *voice)
{
    const ParaPlayerState *state = &play->players[player];
    if (state->status != PARA_PLAY_ON || !view->enabled[(size_t)voice->body * (size_t)view->stride])
        return 0;
    float action = state->action[voice->channel] * voice->sign;
    return (action > PARA_VOICE_LEAST) - (action < -PARA_VOICE_LEAST);
}

/// Is the listener one of those the voice speaks to?
static bool is_meant(const ParaLevel *level, int speaker, const ParaActuator *voice, int listener)
{
    bool mates = level->players[speaker].team == level->players[listener].team;
    switch (voice->to) {
    case PARA_EARS_ALL:
        return true;
    case PARA_EARS_TEAM:
        return mates;
    case PARA_EARS_OPPONENTS:
        return !mates;
    }
    PARA_NEVER("no such ears");
}

bool para_voice_reaches(const ParaLevel *level, const ParaView *view, int speaker, const ParaActuator *voice,
                        int listener)
{
    if (speaker == listener || !is_meant(level, speaker, voice, listener))
        return false;
    int ear = level->players[listener].body;
    float x = of(view->centre_x, view, voice->body) - of(view->centre_x, view, ear);
    float y = of(view->centre_y, view, voice->body) - of(view->centre_y, view, ear);
    return voice->range <= 0 || x * x + y * y <= voice->range * voice->range;
}

int para_voice_word(const int *symbols, int count)
{
    int word = 0;
    for (int k = count - 1; k >= 0; k--) {
        PARA_ASSERT(symbols[k] >= -1 && symbols[k] <= 1);
        word = 3 * word + (symbols[k] + 3) % 3; // 0, 1, 2 for silence, +1, -1
    }
    return word;
}
