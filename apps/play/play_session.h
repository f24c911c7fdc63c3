// SPDX-License-Identifier: MIT
#pragma once
// A person at the window: the game, the keys, what is shown, and the loop that keeps them together.
#include "agents/model/model.h"
#include "apps/game/game.h"
#include "apps/keys/keys.h"
#include "apps/pad/pad.h"
#include "apps/play/play_film.h"
#include "apps/play/play_sound.h"
#include "apps/play/play_view.h"
#include "apps/script/script.h"

typedef struct ParaPlaySession ParaPlaySession;

/// Somebody who looks on and may interrupt, as a story does: the level stays behind what it draws.
typedef struct ParaPlayGuest {
    void *context;
    /// A key was pressed.  @return true: it is the guest's
    bool (*key)(void *context, ParaPlaySession *s, SDL_Keycode code);
    /// After the frame was drawn.  @param seconds [s] >= 0 since the last
    void (*draw)(void *context, ParaPlaySession *s, float seconds);
    bool holds; ///< time stands still
} ParaPlayGuest;

struct ParaPlaySession {
    ParaGame game;
    ParaKeys keys;
    ParaKeys second; ///< of a second person; of none without one
    ParaPlayView view;
    ParaPlaySound sound;
    ParaScore score;
    ParaPlayScript *script;
    ParaArena *arena;
    ParaWorkers *thinks;  ///< what futures are imagined on; NULL: on one thread
    ParaSandbox *sandbox; ///< NULL: none
    ParaPlayDream *dream; ///< NULL: none
    const char *save;     ///< where its scene is kept; NULL: in the data folder
    const char *screenshot, *record;
    double after;    ///< [s] >= 0 of shown time when the screenshot is taken
    double shown;    ///< [s] >= 0 shown so far
    float pending;   ///< [s] >= 0 of physics owed
    float owed_back; ///< [s] >= 0 of time to go back
    bool went_back;  ///< in this episode
    bool single;     ///< one decision goes on in a pause
    unsigned mods;   ///< [bits] KMOD of SDL with the last key
    bool unattended; ///< screenshot or script: fixed frames, no waiting for the clock
    bool at_once;    ///< a screenshot alone: nobody is there to press the first key
    bool quit, begun_over;
    bool closed;                        ///< the window itself: nothing comes after
    const ParaPreferences *preferences; ///< a person's; NULL: nobody chose
    ParaPad *pad;                       ///< gamepads; NULL: none are looked at
    ParaPlayFilm film;
    const char *film_wish; ///< file of a film from the first step on; NULL: none
    bool film_asked;       ///< it was begun, whatever came of it
    ParaPlayGuest guest;   ///< all NULL: nobody
    int code;              ///< [1] 0..255 exit code
};

/// What belongs to a level that has just begun (para_game_begin): its keys, the camera, and the wait for the
/// first key or, where the trained player or a replay acts, for a countdown.
void para_play_session_settle(ParaPlaySession *s);
/// What was made in a sandbox and not kept is not lost with the window: it is kept as
/// levels/last-sandbox.json of a person's data. Scripts leave that alone, but where they have a home
/// (PARACOSM_HOME).
void para_play_session_keep_last(ParaPlaySession *s);
/// Keeps the sandbox's scene as a level: in `save`, or under a name of its own in the data folder.
/// @param name of the file there; NULL: the level's, numbered   @return false with the reason told
bool para_play_session_keep(ParaPlaySession *s, const char *name);
/// What gamepads do in a level: steer by its keys, Y begins again, start pauses, back leaves.
/// @param dreams the dream's keys lie on what the level leaves
void para_play_pad_map(ParaPad *pad, const ParaKeys *keys, bool dreams);
/// Shows by a person's preferences from now on: keys, light, palette. Before the level is settled.
/// @param preferences must stay
void para_play_session_prefer(ParaPlaySession *s, const ParaPreferences *preferences);
/// Photo mode, until the person leaves it.
void para_play_photo(ParaPlaySession *s);
/// Writes what is drawn as a PNG, and says so on stdout.
void para_play_session_picture(ParaPlaySession *s, const char *file);
/// Begins a film of this level's name, or ends the one that is made.
void para_play_session_film(ParaPlaySession *s);
/// After each frame was drawn. @param seconds [s] >= 0 of it   @param still time stands
void para_play_session_film_frame(ParaPlaySession *s, float seconds, bool still);
/// Ends a film that is still made: what it came to is printed.
void para_play_session_film_end(ParaPlaySession *s);
/// Runs until the person quits, the script ends it or the picture is taken.
void para_play_session_run(ParaPlaySession *s);

/// A level played in a window that somebody else keeps open, as the home screen does.
typedef struct ParaPlayVisit {
    ParaWindow *window;
    const ParaPreferences *preferences;
    ParaPad *pad;                 ///< NULL: none
    ParaPlayScript *script;       ///< NULL: a person is there
    double shown;                 ///< [s] >= 0 in-out, of the script
    bool unattended;              ///< fixed frames, no waiting for the clock
    bool closed;                  ///< out: the window was closed
    const ParaModel *model;       ///< dreams beside the engine; outlives the visit; NULL: no dream
    float horizon;                ///< [s] 0..60 of such a dream; 0: it is never set back
    bool awake;                   ///< the engine is seen first, and the dream beside it
    const ParaPlayCorner *corner; ///< a picture in the corner of a dream; NULL: none
    const char *screenshot;       ///< file of a picture, which ends the visit; NULL: none
    double after;                 ///< [s] >= 0 of shown time when it is taken
    int code;                     ///< [1] 0..255 out, exit code of what went wrong while it was shown
} ParaPlayVisit;
/// Opens, plays until the person leaves, closes.
/// @param arena for the error   @return false with the reason; the window is as it was
bool para_play_visit(ParaPlayVisit *visit, const ParaGameDef *def, uint64_t seed, ParaArena *arena,
                     const char **out_error);
/// Plays level after level in a session that is ready, and leaves its game closed, as stories and endless
/// mode do.
/// @return false with the reason
typedef bool ParaPlayRow(ParaPlaySession *s, const void *context, const char **out_error);
/// The same as para_play_visit for a row of levels.
bool para_play_row_visit(ParaPlayVisit *visit, ParaPlayRow *row, const void *context, ParaArena *arena,
                         const char **out_error);
