// SPDX-License-Identifier: MIT
#pragma once
// What the files of `watch` share. Private to apps/watch.
#include "agents/player/mind.h"
#include "agents/player/player.h"
#include "agents/run/run_families.h"
#include "agents/run/run_story.h"
#include "apps/keys/keys.h"
#include "apps/page/help.h"
#include "apps/page/page.h"
#include "apps/tile/tile.h"
#include "apps/watch/watch_pace.h"

#define PARA_WATCH_SLOTS   12  ///< levels on the wall
#define PARA_WATCH_POINTS  120 ///< of the curve
#define PARA_WATCH_REPLAYS 64  ///< proofs and failures that are listed
#define PARA_WATCH_CLONES  24  ///< moments of a replay that are kept, to seek from
#define PARA_WATCH_WORDS   300 ///< [byte] with NUL, of a sentence

/// A level of the wall.
typedef struct ParaWatchSlot {
    ParaArena *arena;       ///< of its level; NULL: nothing has been here
    const ParaLevel *level; ///< NULL: empty
    uint64_t hash;          ///< [hash] of the level
    double since;           ///< [s] >= 0 shown time when it came
    bool fresh;             ///< the run has not played it: it stands in until it has played any
    char family[PARA_NAME_MAX];
    char result[PARA_WATCH_WORDS]; ///< how the training's own player fared on it last
    char reason[PARA_WATCH_WORDS]; ///< what the run says of why it was picked
    ParaTile *tile;
} ParaWatchSlot;

/// What was read of the run, by ParaWatchFollow.
typedef struct ParaWatchRun {
    const char *folder;
    char maker[64];
    ParaStatistics now;             ///< of the last lesson; lesson -1: there is none
    float curve[PARA_WATCH_POINTS]; ///< [1] 0..1 solved, oldest first; below 0: nothing ended
    int points;
    int64_t newest;                 ///< [1] >= 0 number of the newest report; 0: none
    int checkpoint;                 ///< [lesson] of the player that acts here; -1: none yet
    char player[PARA_WATCH_WORDS];  ///< which checkpoint acts, or why none does
    char trouble[PARA_WATCH_WORDS]; ///< why the run could not be read, or empty
} ParaWatchRun;

/// A replay on the screen.
typedef struct ParaWatchFilm {
    ParaArena *arena; ///< NULL: none is open
    const ParaReplay *replay;
    const ParaLevel *level;
    ParaWorldGroup *group;
    ParaTile tile;                     ///< what is shown of it: its env plays the replay
    ParaEnv clones[PARA_WATCH_CLONES]; ///< as it was at every `apart`-th decision
    int clone_count, apart;            ///< [1] >= 0, >= 1
    int at;                            ///< [decision] 0..decisions
    bool paused;
    char name[PARA_WATCH_WORDS];
} ParaWatchFilm;

typedef enum { PARA_WATCH_WALL, PARA_WATCH_LEVEL, PARA_WATCH_LIST, PARA_WATCH_FILM } ParaWatchScreen;

typedef struct ParaWatch {
    ParaArena *arena;
    ParaPage page;
    ParaScene scene, marks;
    ParaWatchRun run;
    ParaWatchSlot slots[PARA_WATCH_SLOTS];
    ParaSolverKind solver;
    ParaArena *player_arena; ///< of the policy; NULL: none
    ParaPolicy *policy;
    ParaMind *mind;         ///< of the policy, which all levels share
    float *seen;            ///< [1] -10..10 what it sees of a level  [its obs.size]
    ParaObsSpec sight_spec; ///< what a player sees by default, where there is none yet
    float *sight;           ///< [sight_spec.size]
    int things;             ///< [1] >= 0 entities that the player saw in the last picture
    ParaHelp help;
    ParaHelpList *help_list;
    double asked; ///< [s] when the run was last read
    double shown; ///< [s] >= 0
    ParaPace pace;
    int cores, frames; ///< [1] >= 1 of the machine, >= 0 pictures so far
    bool unattended, quit;
    ParaWatchScreen screen;
    int chosen;             ///< slot
    bool person;            ///< a person has taken over the enlarged level
    ParaKeys keys;          ///< of it
    uint64_t keyed;         ///< [hash] whose keys they are
    float mouse_x, mouse_y; ///< [px]
    bool dragging;
    ParaShownRow listed[PARA_WATCH_REPLAYS];
    char lines[PARA_WATCH_REPLAYS][PARA_WATCH_WORDS];
    char files[PARA_WATCH_REPLAYS][160];
    int list_count, row;
    ParaWatchFilm film;
    char message[PARA_WATCH_WORDS];
    float message_seconds;
} ParaWatch;

void para_watch_say(ParaWatch *watch, const char *text);
/// Reads what is new of the run: statistics, one or (the first time) all levels of the wall, the newest
/// checkpoint. Read-only; the run is open for this long alone. Cost: some milliseconds, more at first
void para_watch_follow(ParaWatch *watch);
/// Lists proofs and failures that have replays.
void para_watch_list(ParaWatch *watch);
/// Opens the replay of a row. @return false, with a message said
bool para_watch_open_film(ParaWatch *watch, int row);
void para_watch_close_film(ParaWatch *watch);
/// Goes to a decision. @param to clamped
void para_watch_seek(ParaWatch *watch, int to);
void para_watch_film_advance(ParaWatch *watch, float seconds);

void para_watch_draw(ParaWatch *watch, float seconds);
/// Draws what the player of a level sees of it, over its picture. Counts the things. Cost: an observation
void para_watch_sight_draw(ParaWatch *watch, const ParaTile *tile);
/// Draws what its player finds likely to do, a line for each channel. @param below [px] where none begins
void para_watch_channels_draw(ParaPage *page, const ParaTile *tile, float x, float y, float room,
                              float below);
/// The slot at a place of the wall; -1: none.
int para_watch_slot_at(const ParaWatch *watch, float x, float y);
/// The bar of the scrubber.
ParaRect para_watch_bar(const ParaWatch *watch);
int para_watch_columns(const ParaWatch *watch); ///< [1] >= 1 of the wall
