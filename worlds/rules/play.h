// SPDX-License-Identifier: MIT
#pragma once
// A level in play: actions of its players in, goals and rewards out, one physics step at a time. Used by the
// env, the window and the replay verifier alike, so that all three mean the same.
#include "worlds/level/level.h"

typedef enum {
    PARA_PLAY_ON,
    PARA_PLAY_SOLVED,  ///< goal reached: terminated
    PARA_PLAY_FAILED,  ///< fail predicate: terminated
    PARA_PLAY_TIMEOUT, ///< time limit: truncated
    PARA_PLAY_DIVERGED ///< physics ran away: truncated
} ParaPlayStatus;

/// One player in a running level.
typedef struct ParaPlayerState {
    ParaPlayStatus status;       ///< how it stands for this player: one may have ended while others go on
    float reward;                ///< [1] any finite; summed over steps until the caller zeroes it
    float progress;              ///< [1] 0..1 share of its goal now (held time, collected share)
    float action[PARA_CHANNELS]; ///< [1] -1..1 in force now; of one that has ended it moves nothing
    // Of jumps and climbs, by the actuator's index.
    uint32_t pressed; ///< [bits] jumps held down since they jumped
    uint32_t down;    ///< [bits] jumps that were held down in the last step
    uint32_t leapt;   ///< [bits] jumps that have not landed since
    uint32_t rising;  ///< [bits] jumps that letting go would cut short
    uint32_t holds;   ///< [bits] climbs that hold on to a ladder
    uint32_t
        let_go; ///< [bits] climbs that have jumped off, and hold on again once they fall or are asked anew
    uint8_t airs[PARA_ACTUATORS_MAX];   ///< [1] 0..10 jumps left in the air
    uint16_t edge[PARA_ACTUATORS_MAX];  ///< [step] 0..1000 for so long it still jumps without ground
    uint16_t asked[PARA_ACTUATORS_MAX]; ///< [step] 0..1001 for so long its last press still counts
    int32_t grip_body;                  ///< [1] 0..body_count - 1 held body, -1: none
    ParaVec2 grip_a, grip_b;            ///< [m] any finite; local anchors of the grip
} ParaPlayerState;

/// A hand from outside that holds a body by a soft spring (worlds/meddle): plain data of the play.
typedef struct ParaHold {
    int32_t held;    ///< [1] 0..body_count 1 + the body; 0: nothing
    ParaVec2 anchor; ///< [m] any finite; where it holds it, body frame
    ParaVec2 to;     ///< [m] -2000..2000 where the hand is
} ParaHold;

/// What the events of a running level remember (worlds/rules/events.h).
typedef struct ParaEventState ParaEventState;

/// State of the rules of one running level: plain data but for players and events; para_play_copy copies it.
typedef struct ParaPlay {
    ParaPlayStatus
        status;           ///< ON while any player is; then the gravest end of its players, in the order above
    int32_t player_count; ///< [1] 1..PARA_PLAYERS_MAX, A of the level
    ParaPlayerState *players; ///< [A] where para_play_begin was told
    ParaEventState *events;   ///< where para_play_begin was told; NULL: the level has none
    ParaHold hold;
    int32_t said;        ///< [1] 0..act_count 1 + the act that last told the player something; 0: none did
    int32_t said_step;   ///< [step] >= 0 when
    int32_t moving_end;  ///< [1] 0..bodies; from this body on none moves by itself: most levels have none
    int32_t crushed_end; ///< [1] 0..bodies; from this body on none can be crushed
    int32_t held[PARA_GOAL_NODES_MAX]; ///< [step] 0..3.6e6 for how many in a row each node has been true
    uint8_t done[PARA_GOAL_NODES_MAX]; ///< [1] 0..PARA_GOAL_NODES_MAX THEN: children passed; SHATTERED and
                                       ///< COLLECTED: latched
    float potential[PARA_REWARDS_MAX]; ///< [m] or [m/s] any finite; last value of each potential term
    uint8_t shattered[(PARA_BODIES_MAX + 7) / 8]; ///< [bits] bodies beyond what they stand so far
    uint8_t collected[(PARA_BODIES_MAX + 7) / 8]; ///< [bits] bodies taken away so far
} ParaPlay;

/// [byte] that the events of a level remember; 0: it has none.
size_t para_play_events_size(const ParaLevel *level);

/// Builds the world of a level and sets the rules to their start.
/// @param players the states of its players, [A] of the level; the caller's, and must last as long as the
/// play
/// @param events memory for its events, [para_play_events_size] aligned as a double; likewise; NULL: 0 bytes
/// @return false if the world cannot be built; says why in diagnostics (may be NULL)
bool para_play_begin(ParaPlay *play, const ParaLevel *level, ParaWorld world, ParaPlayerState *players,
                     void *events, ParaDiagList *diagnostics);
/// Copies a play; with a clone of its world the copy goes on as the original does.
/// @param players out, [A] of the copy, as in para_play_begin
/// @param events out, of the copy, as in para_play_begin
void para_play_copy(ParaPlay *to, const ParaPlay *from, const ParaLevel *level, ParaPlayerState *players,
                    void *events);
/// What the level shows of itself now: its observes, each by its scale; 0 of what has no value.
/// @param out out, [level->observe_count]
void para_play_observes(const ParaPlay *play, const ParaLevel *level, ParaWorld world, float *out);
/// What the last `say` told the player; "" if none did.
const char *para_play_message(const ParaPlay *play, const ParaLevel *level);
/// What a variable of the level is now.
double para_play_variable(const ParaPlay *play, int variable);
/// Lives that a player has left; 0: the level has no checkpoints.
int para_play_lives(const ParaPlay *play, const ParaLevel *level, int player);
/// Sets the actions in force. @param actions in, [A, 8] each -1..1; unbound channels are ignored
void para_play_act(ParaPlay *play, const ParaLevel *level, const float *actions);
/// May an IS ever be true? Not if nothing sets what it reads, and it is 0 all along.
bool para_play_is_ever(const ParaLevel *level, const ParaGoalNode *node);

/// First half of a physics step: what events have set going goes on, actuators and moving bodies write the
/// world's inputs.
void para_play_before_step(ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// Second half, after the world stepped: things break, events happen, then each player's goal, fail and
/// rewards are read; adds to its reward. A player whose goal or fail has come ends and earns no more; time
/// and divergence end all.
void para_play_after_step(ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// The same where nobody reads the progress of players that go on before another step has told it: between
/// the steps of one decision. It costs as much as judging does.
void para_play_after_step_on_the_way(ParaPlay *play, const ParaLevel *level, ParaWorld world);
/// before, para_world_step, after. No-op once the status is not ON. The caller zeroes the players' rewards
/// when it has taken them.
void para_play_step(ParaPlay *play, const ParaLevel *level, ParaWorld world);

/// A level that has ended goes on, for whoever measures it beyond its end: its players act again, and it is
/// judged anew. One that diverged cannot.
void para_play_go_on(ParaPlay *play);

/// Why an episode ended as it did for a player who did not solve it, in the template's own words: of a fail,
/// the first of its conditions that holds ("touch [head, anything]", "not upright [hull, 0.8]"); of time that
/// ran out, the first of the goal's that does not ("not inside [ball, pad]"), or not yet as long as it must
/// ("inside [ball, pad] for less than 0.8 s"); "" where nothing can be said.
/// @param world as it was when it ended   @param out out, always ended   @param size [byte] >= 1
void para_play_cause(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player, char *out,
                     size_t size);
/// One part of a goal.
typedef struct ParaPlayPart {
    float progress; ///< [1] 0..1 share of it that is reached
    bool done;      ///< it holds now
    char words[80]; ///< "ball inside pad"
} ParaPlayPart;
/// The parts of a player's goal, in their order, with how far each is: those of "all", "any" and "then", else
/// the goal itself.
/// @param parts out, [max]   @return [1] >= 1 how many there are, which may be more than max
int para_play_parts(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player,
                    ParaPlayPart *parts, int max);
/// What an episode ended on, as data: the condition that para_play_cause tells in words.
typedef struct ParaPlayCause {
    int node;            ///< [1] 0..goal_count - 1 the leaf that decided; -1: nothing can be said
    int16_t body, other; ///< [1] -1..bodies - 1 the very bodies it was about; -1: none
    int16_t zone;        ///< [1] -1..zones - 1
    bool early;          ///< it was as it should be, but not yet for long enough
} ParaPlayCause;
ParaPlayCause para_play_cause_of(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player);
/// The same condition as a sentence for people, with the very copies it was about: "egg touched spike3",
/// "hull tipped over, beyond 0.8 rad", "ball was in pad for less than 0.8 s".
void para_play_cause_sentence(const ParaPlay *play, const ParaLevel *level, ParaWorld world, int player,
                              char *out, size_t size);
