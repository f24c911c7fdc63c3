// SPDX-License-Identifier: MIT
// Reads what happens and tells the mixers.
#include "apps/play/play_sound.h"

#include <math.h>
#include <string.h>

#define SPEAKER    0
#define FILE_OUT   1
#define SEED       14
#define CHUNK      1024 // frames that are written at once
#define BEHIND_MAX 30.0 // [s] that one frame may owe to the file

static void lock(const ParaPlaySound *sound)
{
    if (sound->device)
        para_sound_device_lock(sound->device);
}

static void unlock(const ParaPlaySound *sound)
{
    if (sound->device)
        para_sound_device_unlock(sound->device);
}

/// 0..100 as an ear hears it: the square.
static float volume_of(const ParaPlaySound *sound)
{
    float share = (float)sound->volume / 100.0f;
    return sound->muted ? 0.0f : share * share;
}

bool para_play_sound_open(ParaPlaySound *sound, const ParaPlaySoundDef *def, ParaArena *arena,
                          const char **out_note, const char **out_error)
{
    memset(sound, 0, sizeof *sound);
    *out_note = NULL;
    sound->volume = def->volume;
    sound->muted = def->muted;
    const ParaSoundBook *book = para_sound_book(arena);
    for (int i = 0; i < PARA_PLAY_SOUND_OUTS; i++)
        if (i == SPEAKER ? def->loud : def->out != NULL) {
            sound->outs[i] = para_mixer_create(book, SEED, arena);
            para_mixer_volume(sound->outs[i], volume_of(sound));
        }
    if (def->out && !(sound->wav = para_wav_open(def->out, arena, out_error)))
        return false;
    if (!def->loud)
        return true;
    const char *reason = NULL;
    sound->device = para_sound_device_open(sound->outs[SPEAKER], arena, &reason);
    if (!sound->device) {
        sound->outs[SPEAKER] = NULL;
        *out_note = para_arena_printf(arena, "no sound: %s", reason);
    }
    return true;
}

static void write_owed(ParaPlaySound *sound)
{
    float samples[2 * CHUNK];
    while (sound->wav && sound->owed >= 1.0) {
        int count = sound->owed < CHUNK ? (int)sound->owed : CHUNK;
        para_mixer_render(sound->outs[FILE_OUT], samples, count);
        para_wav_write(sound->wav, samples, count);
        sound->owed -= count;
    }
}

bool para_play_sound_close(ParaPlaySound *sound, ParaArena *arena, const char **out_error)
{
    para_sound_device_close(sound->device);
    sound->device = NULL;
    write_owed(sound);
    bool good = !sound->wav || para_wav_close(sound->wav, arena, out_error);
    sound->wav = NULL;
    memset(sound->outs, 0, sizeof sound->outs);
    return good;
}

void para_play_sound_begin(ParaPlaySound *sound, const ParaGame *game)
{
    para_happenings_begin(&sound->happenings, para_world_view(game->env.world));
    sound->over = false;
    lock(sound);
    for (int i = 0; i < PARA_PLAY_SOUND_OUTS; i++)
        if (sound->outs[i])
            para_mixer_still(sound->outs[i]);
    unlock(sound);
}

void para_play_sound_cue(ParaPlaySound *sound, ParaSoundCue cue)
{
    lock(sound);
    for (int i = 0; i < PARA_PLAY_SOUND_OUTS; i++)
        if (sound->outs[i])
            para_mixer_cue(sound->outs[i], cue);
    unlock(sound);
}

/// What a level's bodies sound like: said on their own, or as they look.
static const uint8_t *sounds_of(const ParaLevel *level)
{
    return level->body_sounds ? level->body_sounds : level->body_looks;
}

void para_play_sound_step(ParaPlaySound *sound, const ParaGame *game)
{
    if (!sound->outs[SPEAKER] && !sound->outs[FILE_OUT])
        return;
    const ParaEnv *env = &game->env;
    para_happenings_read(&sound->happenings, para_world_view(env->world), para_world_inputs(env->world),
                         sounds_of(env->level));
    lock(sound);
    for (int i = 0; i < PARA_PLAY_SOUND_OUTS; i++)
        if (sound->outs[i])
            para_mixer_happen(sound->outs[i], &sound->happenings, env->play.collected);
    unlock(sound);
    if (env->play.status == PARA_PLAY_ON || sound->over)
        return;
    sound->over = true;
    para_play_sound_cue(sound, env->play.status == PARA_PLAY_SOLVED ? PARA_CUE_SUCCESS : PARA_CUE_FAILURE);
}

void para_play_sound_frame(ParaPlaySound *sound, ParaVec2 centre, float half_width, float seconds)
{
    float volume = volume_of(sound);
    lock(sound);
    for (int i = 0; i < PARA_PLAY_SOUND_OUTS; i++)
        if (sound->outs[i]) {
            para_mixer_listen(sound->outs[i], centre, half_width > 0.1f ? half_width : 0.1f);
            para_mixer_volume(sound->outs[i], volume);
        }
    unlock(sound);
    sound->owed = fmin(sound->owed + (double)seconds * PARA_SOUND_RATE, BEHIND_MAX * PARA_SOUND_RATE);
    write_owed(sound);
}

bool para_play_sound_mute(ParaPlaySound *sound)
{
    sound->muted = !sound->muted;
    return sound->muted;
}
