// SPDX-License-Identifier: MIT
#pragma once
// What the files of the home screen share. Private to apps/home.
#include "agents/player/player.h"
#include "apps/home/home.h"
#include "apps/pad/pad.h"
#include "apps/page/page.h"
#include "apps/play/play_session.h"
#include "apps/store/preferences.h"
#include "apps/store/times.h"
#include "apps/tile/tile.h"
#include "worlds/library.h"
#include "worlds/story/story.h"

/// What a card is, in the order of the wall.
typedef enum {
    PARA_HOME_ENTRY,   ///< something to do that is no level: a row of home_entries.c
    PARA_HOME_RECENT,  ///< what was played lately, with its own seed
    PARA_HOME_OWN,     ///< a level or story of the person's, in the folder levels of their data
    PARA_HOME_STORY,   ///< a story that comes with the library
    PARA_HOME_FAMILY,  ///< of the library
    PARA_HOME_STARTER, ///< what `paracosm new` begins with
    PARA_HOME_KINDS
} ParaHomeKind;

/// A card of the wall.
typedef struct ParaHomeItem {
    ParaHomeKind kind;
    const char *name;           ///< as it is called; NULL: a slot that is free
    const char *open;           ///< as play takes it: a family's name, or a path; of a starter its kind
    const char *group;          ///< of a family the ability; "" of none
    const char *about;          ///< in a sentence; "": not known before it is loaded
    int entry;                  ///< [1] >= 0 of an ENTRY: its row
    uint64_t seed;              ///< [seed] it begins with, of a RECENT one and of a story's first scene
    const ParaStory *story;     ///< NULL: none, or not loaded yet
    const ParaTemplate *family; ///< NULL: not loaded yet, or it does not load
    const char *error;          ///< why it does not load, or NULL
    bool knows;                 ///< the trained player may play it
    double best;    ///< [s] >= 0 least of any of its levels (of a recent one: of that level); 0: none
    int medal;      ///< [ParaMedal] likewise
    ParaTile *tile; ///< NULL: never seen yet
    float owed;     ///< [s] >= 0 that the tile has not been stepped for
    ParaRect place; ///< [px] of its card on the wall, from the top of the wall; of height 0: hidden
} ParaHomeItem;

/// A heading and the cards below it.
typedef struct ParaHomeSection {
    const char *title;
    int first, count; ///< of the items that are shown
    float y;          ///< [px] of the heading, from the top of the wall
} ParaHomeSection;

#define PARA_HOME_ITEMS_MAX    512
#define PARA_HOME_SECTIONS_MAX 48
#define PARA_HOME_RECENT_MAX   4        ///< cards of what was played lately
#define PARA_HOME_OWN_MAX      96       ///< cards of a person's own levels
#define PARA_HOME_LEVELS       "levels" ///< folder of these, in that of a person's data
#define PARA_HOME_SEARCH_MAX   48       ///< [byte] with NUL

typedef enum { PARA_HOME_WALL, PARA_HOME_SETTINGS, PARA_HOME_KEYS } ParaHomeScreen;

typedef struct ParaHome {
    ParaArena *arena;
    ParaPage page;
    ParaScene scene;
    ParaPad *pad;
    ParaPreferences preferences;
    ParaPlayScript *script;
    bool unattended, quit;
    int code;     ///< [1] exit code
    double shown; ///< [s] >= 0 of shown time
    ParaHomeScreen screen;
    float mouse_x, mouse_y; ///< [px]
    bool mouse_moved;       ///< since the last frame: it points, until a key is pressed
    char message[200];      ///< note at the bottom
    float message_seconds;  ///< [s] it still shows

    // The wall.
    ParaHomeItem *items; ///< [item_count]
    int item_count;
    int slots[PARA_HOME_KINDS];           ///< [1] >= 0 first item of each kind
    int shown_items[PARA_HOME_ITEMS_MAX]; ///< those that the search leaves, in the order of the wall
    int shown_count;
    ParaHomeSection sections[PARA_HOME_SECTIONS_MAX];
    int section_count;
    int chosen;          ///< index into shown_items; -1: nothing is shown
    int columns;         ///< [1] >= 1 of cards
    float scroll, goal;  ///< [px] >= 0 the wall is moved up; where it goes
    ParaRect followed;   ///< [px] where the chosen card lay in the last picture of the wall
    float followed_room; ///< [px] > 0 height of the wall that was seen then; 0: no picture yet
    float high;          ///< [px] of the whole wall
    char search[PARA_HOME_SEARCH_MAX];
    int turn; ///< whose turn it is to be stepped
    const char *run_folder;
    ParaPolicy *policy; ///< NULL: no trained player
    ParaMind *mind;

    // Settings and keys.
    int row;           ///< that is chosen
    float rows_scroll; ///< [px] >= 0
    bool listening;    ///< for the key that a row is given
    bool changed;      ///< settings that are not written yet
    bool dragging;     ///< a slider by the mouse
} ParaHome;

/// What gamepads do on these screens: move, A for Enter, B for Esc, start for settings.
void para_home_pad_map(ParaHome *home);
void para_home_say(ParaHome *home, const char *text);

/// Lists all that there is; later again, after something was played or made.
void para_home_collect(ParaHome *home);
/// What is wrong, without the place in front of it that a compiler would tell.
const char *para_home_reason(const char *error);
/// Loads a card's level or story, once. Cost: milliseconds
void para_home_load(ParaHome *home, ParaHomeItem *item);
/// Lists what can be done that is no level: rows of PARA_HOME_ENTRY.
void para_home_entries(ParaHome *home);
/// What a level that is played in this window needs of it.
ParaPlayVisit para_home_visit(ParaHome *home);
/// Home again after a while elsewhere: what was changed meanwhile is looked at anew.
/// @param shown [s] >= 0 of the visit   @param closed the window was closed there
void para_home_come_back(ParaHome *home, double shown, bool closed);
/// Says the first line of what is wrong.
void para_home_tell(ParaHome *home, const char *name, const char *error);
/// Does what an entry says.
void para_home_enter(ParaHome *home, int entry);
/// Opens the editor in this window. @param item a level of one's own, one to begin a copy of, or a starter;
/// NULL: what there is to begin with
void para_home_author(ParaHome *home, const ParaHomeItem *item);
/// The height of a card's picture and of what is written below it [px], of cards so wide.
float para_home_card_height(const ParaHome *home, ParaHomeKind kind, float wide);
void para_home_card_draw(ParaHome *home, ParaHomeItem *item, ParaRect card, bool chosen, float seconds);
/// Where the wall is seen [px].
ParaRect para_home_area(const ParaHome *home);
/// @return whether all of the chosen card is in view, as the wall was drawn last
bool para_home_wall_sees(ParaHome *home);
void para_home_wall_draw(ParaHome *home, float seconds);
/// @param key pressed   @return whether it was for the wall
bool para_home_wall_key(ParaHome *home, SDL_Keycode key);
void para_home_wall_text(ParaHome *home, const char *text);
void para_home_wall_wheel(ParaHome *home, float notches);
void para_home_wall_click(ParaHome *home);
/// Plays what is chosen, or does what it says.
void para_home_play(ParaHome *home);
/// Plays what is chosen inside the learned model of the run, or of this folder.
void para_home_dream(ParaHome *h);
/// Changes what is chosen, in the editor.
void para_home_change(ParaHome *home);
/// Which places of the top line the mouse is over. @return the screen it leads to; WALL: none
ParaHomeScreen para_home_top_at(const ParaHome *home, float x, float y);

void para_home_settings_draw(ParaHome *home);
void para_home_settings_key(ParaHome *home, SDL_Keycode key);
void para_home_settings_mouse(ParaHome *home, bool press, bool held);
void para_home_settings_wheel(ParaHome *home, float notches);
/// Title and scroll bar of a screen of rows. @param area [px] of the rows that are seen
/// @param whole [px] >= 0 height of all rows
void para_home_title(ParaHome *home, ParaRect area, const char *title);
void para_home_scroll_bar(ParaHome *home, ParaRect area, float whole);
/// Shows them in the window, and keeps them.
void para_home_settings_apply(ParaHome *home);

void para_home_keys_draw(ParaHome *home);
void para_home_keys_key(ParaHome *home, SDL_Keycode key);
void para_home_keys_click(ParaHome *home);
