// SPDX-License-Identifier: MIT
// SDL's audio: the callback renders and does nothing else.
#include "engine/sound/device.h"

#include <SDL.h>

#define FRAMES 512 // of a callback: 11 ms

struct ParaSoundDevice {
    SDL_AudioDeviceID id;
    ParaMixer *mixer;
};

static void SDLCALL fill(void *context, Uint8 *stream, int size)
{
    ParaSoundDevice *device = context;
    para_mixer_render(device->mixer, (float *)(void *)stream, size / (int)(2 * sizeof(float)));
}

ParaSoundDevice *para_sound_device_open(ParaMixer *mixer, ParaArena *arena, const char **out_error)
{
    ParaSoundDevice *device = PARA_NEW(arena, ParaSoundDevice, 1);
    device->mixer = mixer;
    const SDL_AudioSpec wish = {.freq = PARA_SOUND_RATE,
                                .format = AUDIO_F32SYS,
                                .channels = 2,
                                .samples = FRAMES,
                                .callback = fill,
                                .userdata = device};
    SDL_AudioSpec have;
    if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) {
        *out_error = para_arena_strdup(arena, SDL_GetError());
        return NULL;
    }
    device->id = SDL_OpenAudioDevice(NULL, 0, &wish, &have, 0); // 0: SDL converts whatever the device wants
    if (!device->id) {
        *out_error = para_arena_strdup(arena, SDL_GetError());
        SDL_QuitSubSystem(SDL_INIT_AUDIO);
        return NULL;
    }
    SDL_PauseAudioDevice(device->id, 0);
    return device;
}

void para_sound_device_lock(ParaSoundDevice *device) { SDL_LockAudioDevice(device->id); }
void para_sound_device_unlock(ParaSoundDevice *device) { SDL_UnlockAudioDevice(device->id); }

void para_sound_device_close(ParaSoundDevice *device)
{
    if (!device)
        return;
    SDL_CloseAudioDevice(device->id);
    SDL_QuitSubSystem(SDL_INIT_AUDIO);
}
