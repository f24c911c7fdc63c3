// SPDX-License-Identifier: MIT
#pragma once
// One person's session: a template or a replay, the level in play, who acts, and the record of the episode.
// Knows nothing of windows and keys.
#include "agents/env/env.h"
#include "agents/env/rewind.h"
#include "agents/player/mind.h"
#include "agents/player/player.h"
#include "agents/skill/choose.h"
#include "agents/think/slow.h"
#include "engine/draw/scene.h"

#define PARA_GAME_ASKED_MAX 16 ///< things that may be asked for before one decision

struct ParaTwin;

/// Who a player of a level is.
typedef enum {
    PARA_SEAT_KEYS,    ///< the person at the keys, or whom it has handed over to
    PARA_SEAT_KEYS2,   ///< a second person at a second set of keys
    PARA_SEAT_TRAINED, ///< the trained player
    PARA_SEAT_STILL,   ///< nobody
    PARA_SEAT_COUNT
} ParaGameSeat;

typedef struct ParaGame {
    ParaArena *program;            ///< first template, replay, policy, message texts
    ParaArena *changed;            ///< template that was loaded again, NULL: the first is in play
    const char *name;              ///< as it was asked for; NULL: the first family of the run
    const ParaTemplate *family;    ///< NULL: a replay is played
    const char *tier;              ///< the family is narrowed to; NULL: none
    ParaTemplateText text;         ///< what the family was loaded from
    const char *const *settings;   ///< as they were given  [setting_count]
    int setting_count;             ///< [1] >= 0
    const ParaReplay *replay;      ///< whose actions are played; NULL: a person or the trained player acts
    const ParaLevel *replay_level; ///< its level
    int differs; ///< [1] >= 0 first decision of the replay that comes out otherwise than recorded; -1: none
    double set[PARA_PARAMS_MAX]; ///< [1] any, in the units of the parameters: values given by hand, NaN where
                                 ///< not
    uint64_t seed;               ///< [seed] of the level in play
    ParaWorldGroup *group;
    ParaEnv env;            ///< the level in play and its record
    const char *note;       ///< to be told though it opened, or NULL: templates that changed
    char problem[2048];     ///< why a changed template did not load, or empty
    char refused[128];      ///< why the solver did not take a level, or empty
    ParaPolicy *policy;     ///< NULL: no trained player
    const char *run_folder; ///< where it came from
    const char *stranger;   ///< why the trained player may not play this family, NULL: it may
    ParaMind *mind;         ///< of the policy, or of the skills
    ParaSkillSet skills;    ///< that are the trained player; count 0: it is one network
    ParaChooser *chooser;   ///< which of them acts; NULL: there are none
    ParaRng rng;            ///< the policy's draws
    bool trained;           ///< the trained player acts
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS]; ///< [1] -127..127 as the env keeps them, of the last
                                                      ///< decision; no replay's
    ParaGameSeat seats[PARA_PLAYERS_MAX];             ///< who the players are  [seat_count]
    int seat_count; ///< [1] 0..PARA_PLAYERS_MAX of more nobody plays; 0: see para_game_seat
    int8_t
        second[PARA_CHANNELS]; ///< [1] -1, 0 or 1 what a second set of keys says; whoever reads keys sets it
    struct ParaKeeper *memory; ///< what is kept of levels, for the first player; NULL: nothing. The caller's
    ParaSlow *slow;            ///< and thinks before it does; NULL: it acts by reflex. The caller's
    bool person_acted, trained_acted;
    char who[32];        ///< for the record
    uint64_t level_hash; ///< [hash] of the level as it was made: a toybox that came into it does not count
    ParaRewind *rewind;  ///< states to go back to; NULL: there was no memory for them
    int asked_count;     ///< [1] 0..PARA_GAME_ASKED_MAX
    ParaMeddle asked[PARA_GAME_ASKED_MAX]; ///< to happen before the next decision  [asked_count]
    bool flooding;                         ///< water is on its way
    float flood_from, flood_to;            ///< [m] -2000..2000 height that it comes from, and goes to
    char told[PARA_MEDDLE_SAYS];           ///< what came of what was asked for; whoever shows it empties it
    bool touched;          ///< something was done to the level since it began, or its scene was kept
    bool sandbox;          ///< nothing ends it, and anything may be made in it
    ParaPose *then, *now;  ///< [PARA_BODIES_MAX] before and after the last step
    struct ParaTwin *twin; ///< a dream on the same inputs (twin.h), or the engine beside it; NULL: none
} ParaGame;

typedef struct ParaGameDef {
    const char *name; ///< a family or file, a replay (FILE.replay) too; NULL: the first family of the run
    const ParaTemplateText *text; ///< what is played, where it is no file but text at hand, which must stay;
                                  ///< `name` is for messages; NULL: `name` is read
    const char *run_folder;       ///< whose trained player is there; NULL: none
    const char *const *skills;    ///< files that are the trained player in place of a run  [skill_count]
    int skill_count;              ///< [1] 0..PARA_SKILLS_MAX
    int ahead; ///< [decision] 0..PARA_SKILL_AHEAD_MAX that each skill is tried out before one is chosen
    ParaTemplatesFrom templates;          ///< of the run's families
    const char *tier;                     ///< of the family; NULL: the whole of it
    ParaSolverKind solver;                ///< worlds run on it
    const char *const *settings;          ///< "name=value"  [setting_count]
    int setting_count;                    ///< [1] >= 0
    bool sandbox;                         ///< levels are sandboxes (worlds/meddle/sandbox.h); not of replays
    ParaGameSeat seats[PARA_PLAYERS_MAX]; ///< who the players are  [seat_count]
    int seat_count;                       ///< [1] 0..PARA_PLAYERS_MAX; 0: the first is the person
} ParaGameDef;

/// Who a player is. Where nothing was said the first is the person, and the others are the trained player if
/// there is one that may play, else nobody.
ParaGameSeat para_game_seat(const ParaGame *game, int player);
/// The player who is of such a seat.  @return [1] 0..player_count - 1, the first; -1: there is none
int para_game_seated(const ParaGame *game, ParaGameSeat seat);
/// What a seat is called: "you", "the trained player".
const char *para_game_seat_about(ParaGameSeat seat);

/// Loads family or file, and the trained player if there is a run. `note` says what should be told then.
/// @return false with a text of one or more lines
bool para_game_open(ParaGame *game, const ParaGameDef *def, const char **out_error);
/// Takes what the first player has seen of the level in play into the game's memory, where it has one and
/// nothing was done to the level; so does every para_game_begin.
void para_game_remember(ParaGame *game);
void para_game_close(ParaGame *game);
/// Begins an episode on (family, seed); a seed without a sensible level is passed over for the next.
/// @return false if 64 seeds in a row have none; game->refused then says what the solver had against the last
bool para_game_begin(ParaGame *game, uint64_t seed);
/// Loads the template again where its file says something else now, and begins the level of the same seed. If
/// it does not load, or has no level, the one before stays.
/// @param out_changed out, whether another template is in play now
/// @return false with a text of one or more lines
bool para_game_reload(ParaGame *game, bool *out_changed, const char **out_error);
/// Whether a name is that of a replay's file.
bool para_game_is_replay(const char *name);
/// One physics step. `wish` is what the person's keys say; it counts at the start of a decision only.
/// @return true if this step began a decision: `wish` was read
bool para_game_step(ParaGame *game, const int8_t *wish);
bool para_game_over(const ParaGame *game); ///< of a replay: also where its actions end
/// Why the level ended as it did, as a sentence; "" where there is nothing to say. @param size [byte] >= 1
void para_game_cause(const ParaGame *game, char *out, size_t size);
/// Hands control over or back. @return false if there is no trained player, or not one for this family
bool para_game_hand_over(ParaGame *game, const char **out_reason);
/// Whether the trained player, or one of its skills, sees a fixed list of bodies.
bool para_game_sees_a_list(const ParaGame *game);
/// Writes the finished episode. @return false with the reason
bool para_game_save(ParaGame *game, const char *path, const char **out_error);
float para_game_seconds(const ParaGame *game); ///< [s] since the level began

// Beside actions: change.c.

/// Asks for something to happen before the next decision; a level that has no toybox gets one then, and the
/// episode so far is played again on it. What came of it is in `told`.
/// @param why out, [size] why not   @return false: it makes no sense, the level is over, or a replay
bool para_game_meddle(ParaGame *game, const ParaMeddle *meddle, char *why, size_t size);
/// The same as it is typed: "drop crate at 4 6".
bool para_game_type(ParaGame *game, const char *line, char *why, size_t size);
/// Does what was asked for; called by para_game_step before it decides.
void para_game_take_asked(ParaGame *game);
bool para_game_meddled(const ParaGame *game); ///< something happened in the episode
// Of a sandbox: scene.c.

/// Does something at once, between two decisions, whether time stands or not.
/// @param why out, [size] why not   @return false: it did not happen
bool para_game_do(ParaGame *game, const ParaMeddle *meddle, char *why, size_t size);
/// Back to before something was done: to a decision, and in it to what had been done so far.
/// @param meddles [1] >= 0 how much of the record stays   @return false: it lies too long ago
bool para_game_undo(ParaGame *game, int decision, int meddles);
/// The level in play as its template has it: before a sandbox was made of it, or events changed it.
/// @return in the arena; NULL: a replay, or no memory
ParaLevel *para_game_source(const ParaGame *game, ParaArena *arena);
/// Writes the level as it stands now as a template of its own. @return false with the reason
bool para_game_save_scene(ParaGame *game, const char *path, ParaArena *arena, const char **out_error);

/// One decision back, from the end of a level too; its record is cut there. @return false: there is no more
bool para_game_back(ParaGame *game);
/// Keeps the state to go back to, between decisions; called by para_game_begin and para_game_step.
void para_game_keep(ParaGame *game);
