// SPDX-License-Identifier: MIT
#pragma once
// What a person chose: settings.json in the config folder (store.h). What the file does not say, or says
// outside of its range, is the default; keys that are not known here stay. One thread.
#include "apps/store/store.h"

#include <stdbool.h>

#define PARA_BIND_WORD_MAX 24  ///< [byte] with NUL
#define PARA_BINDS_MAX     128 ///< keys that have been given another meaning

typedef enum {
    PARA_WISH_QUALITY_AUTO,
    PARA_WISH_QUALITY_LOW,
    PARA_WISH_QUALITY_MIDDLE,
    PARA_WISH_QUALITY_HIGH
} ParaQualityWish;
typedef enum {
    PARA_WISH_MOOD_BY_LEVEL,
    PARA_WISH_MOOD_DAY,
    PARA_WISH_MOOD_DUSK,
    PARA_WISH_MOOD_NIGHT
} ParaMoodWish;

/// A key that a person chose.
typedef struct ParaBind {
    char what[PARA_BIND_WORD_MAX]; ///< "steer:Left", what a level calls Left; or a command: "restart"
    char key[PARA_BIND_WORD_MAX];  ///< as SDL names it: "A"
} ParaBind;

typedef struct ParaPreferences {
    float volume;    ///< [1] 0..1
    bool mute;       ///< no sound at all
    int quality;     ///< [ParaQualityWish] of what is drawn
    int mood;        ///< [ParaMoodWish] of the light
    bool safe;       ///< the palette that colour-blind people tell apart
    bool shake;      ///< the picture shakes with a heavy blow
    float scale;     ///< [1] 1..4 of letters and panels; 0: as the window finds it
    bool fullscreen; ///< the window begins so
    bool pad;        ///< a gamepad steers
    ParaBind binds[PARA_BINDS_MAX];
    int bind_count; ///< [1] 0..PARA_BINDS_MAX
} ParaPreferences;

ParaPreferences para_preferences_default(void);
/// @param out_note out, NULL or what to tell (store.h)
ParaPreferences para_preferences_load(ParaArena *arena, const char **out_note);
bool para_preferences_save(const ParaPreferences *preferences, ParaArena *arena, const char **out_error);
/// The key chosen for something. @return "": none, its own holds
const char *para_preferences_bind(const ParaPreferences *preferences, const char *what);
/// Chooses a key; "" gives back what it had. @return false: there is no more room
bool para_preferences_set_bind(ParaPreferences *preferences, const char *what, const char *key);
