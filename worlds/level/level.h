// SPDX-License-Identifier: MIT
#pragma once
// A level: one concrete member of a family, fully bound, nothing random left. Plain data, shared by the
// sampler (writes it), the builder (makes a world of it), the env, the maker and the drawing.
#include "engine/world/world.h"

#define PARA_CHANNELS        8    ///< action channels of every player
#define PARA_PLAYERS_MAX     16   ///< players of a level
#define PARA_LIVES_MAX       1000 ///< of a player
#define PARA_NAME_MAX        64   ///< [byte] with NUL
#define PARA_PARAMS_MAX      16   ///< parameters of a template
#define PARA_LEVEL_EDITS_MAX 512  ///< [byte] with NUL
#define PARA_LEVEL_DECISIONS_MAX                                                                             \
    1000000 ///< of one episode, so that it can be recorded: 18 hours at 15 a second

// The kinds of everything a level can say, from the one list; what each is stands there.
/// What a body or zone means for the player; derived from the goal unless the template says it.
typedef enum {
#define PARA_ROLE(id, ...) PARA_ROLE_##id,
#include "worlds/level/kinds.def"
} ParaRole;
typedef enum {
#define PARA_GOAL(id, ...) PARA_GOAL_##id,
#include "worlds/level/kinds.def"
} ParaGoalKind;
typedef enum {
#define PARA_REWARD(id, ...) PARA_REWARD_##id,
#include "worlds/level/kinds.def"
} ParaRewardKind;
typedef enum {
#define PARA_ACTUATOR(id, ...) PARA_ACTUATOR_##id,
#include "worlds/level/kinds.def"
} ParaActuatorKind;
typedef enum {
#define PARA_ACT(id, ...) PARA_ACT_##id,
#include "worlds/level/kinds.def"
} ParaActKind;
typedef enum {
#define PARA_EASE(id, ...) PARA_EASE_##id,
#include "worlds/level/kinds.def"
} ParaEase;
typedef enum {
#define PARA_GOES(id, ...) PARA_GOES_##id,
#include "worlds/level/kinds.def"
} ParaGoes;
typedef enum {
#define PARA_EARS(id, ...) PARA_EARS_##id,
#include "worlds/level/kinds.def"
} ParaEars; ///< who hears a voice, of those in its range
/// What a thing looks and sounds like: for drawings and loudspeakers, never for physics.
typedef enum {
    PARA_MATERIAL_NONE,
#define PARA_MATERIAL(id, ...) PARA_MATERIAL_##id,
#include "worlds/level/kinds.def"
    PARA_MATERIAL_COUNT
} ParaMaterialKind;
enum { // no enumerator of ParaRole, so that a switch over roles can name them all
    PARA_ROLE_COUNT = 0
#define PARA_ROLE(...) +1
#include "worlds/level/kinds.def"
};
/// Is it made of other predicates (all, any, not, then)? Else it is about bodies, zones or time: a leaf.
bool para_goal_is_tree(ParaGoalKind kind);
/// In a goal, what the first thing of a leaf is to the player unless it is the player's own.
ParaRole para_goal_first_role(ParaGoalKind kind);
/// For what a reward pays.
typedef enum {
    PARA_PAYS_CHANGE, ///< for the growth of a quantity, so that a loop pays nothing
    PARA_PAYS_TIME,   ///< by the second
    PARA_PAYS_STEP    ///< in each physics step
} ParaPays;
ParaPays para_reward_pays(ParaRewardKind kind);
/// Is an action below 0 none to it?
bool para_actuator_is_upward(ParaActuatorKind kind);
/// Is it true in single steps only (at, every)? Events alone know such.
bool para_goal_is_moment(ParaGoalKind kind);
/// What an act wants beside the thing it is done to.
typedef enum { PARA_WANTS_NOTHING, PARA_WANTS_NUMBER, PARA_WANTS_PAIR, PARA_WANTS_PLACE } ParaActWants;
typedef struct ParaActValue {
    ParaActWants wants;
    double low, high; ///< [1] -1e9..1e9 of each number, in its unit; in play too
    const char *unit;
} ParaActValue;
ParaActValue para_act_value(ParaActKind kind);

/// A number that may be another one each time it is asked for: a program of time and variables.
typedef struct ParaChanging {
    bool given;                     ///< else it is not said, and what that means depends on where
    double number;                  ///< [1] any finite, in the unit of its field, where program is NULL
    const struct ParaExpr *program; ///< bound to the level, of worlds/expr; NULL: the number
} ParaChanging;

typedef struct ParaActuator {
    ParaActuatorKind kind;
    int32_t channel;               ///< [1] 0..PARA_CHANNELS - 1
    float sign;                    ///< [1] +1 or -1: multiplies the action
    int32_t body, joint, thruster; ///< [1] >= 0 index of what it moves; -1 where not used
    float rate;                    ///< [rad/s] or [m/s] -1e3..1e3
    float torque;                  ///< [N m] or [N] 0..1e6
    float brake;                   ///< [N m] or [N] 0..1e6 motor's torque at action 0
    float speed;                   ///< [m/s] 0..1e3
    float force;                   ///< [N] 0..1e6
    float impulse;                 ///< [N s] 0..1e5
    float air;                     ///< [1] 0..1
    bool one_way;                  ///< thruster: negative actions do nothing
    float fastest;                 ///< [rad/s] or [m/s] 0..1e3 torque: it pushes up to this speed; 0: to any
    float gain;                    ///< [s/rad] or [s/m] 0..1e3 drive: torque share per speed that is missing
    float fade;                    ///< [rad] or [m] 0..100 drive: fades out so far before a limit
    float coyote;                  ///< [s] 0..1 jump: so long after the ground was left it still jumps
    float buffer;                  ///< [s] 0..1 jump: so long a press counts; 0: as long as it is held
    float cut;                     ///< [1] 0..1 jump: share of the rising speed lost when let go early
    int32_t air_jumps;             ///< [1] 0..10 jump: so many in the air
    bool wet;                      ///< thruster: pushes only in a fluid
    float range;                   ///< [m] 0..1e3 voice: heard so far from its body; 0: everywhere
    ParaEars to;                   ///< voice: by whom
} ParaActuator;
#define PARA_ACTUATORS_MAX 32

/// Keys a person uses for a channel: names as in the template ("left", "right", "a", "space").
typedef struct ParaChannelKeys {
    char positive[16], negative[16];
    char label[24]; ///< e.g. "wheel"
} ParaChannelKeys;

/// One of those who act in a level: its body, what it may do, and what it is there for.
typedef struct ParaPlayer {
    int32_t body;           ///< [1] 0..body_count - 1 main body: eye and camera
    uint32_t channel_bits;  ///< [bits] channels that are bound
    uint32_t negative_bits; ///< [bits] channels where an action below 0 differs from 0
    int actuator_count;     ///< [1] 0..PARA_ACTUATORS_MAX
    ParaActuator actuators[PARA_ACTUATORS_MAX];
    ParaChannelKeys keys[PARA_CHANNELS];
    float sight;                   ///< [m] 0.1..1e3 length of its rays; default 10
    float sees;                    ///< [m] 0..1e3 farther things are not observed but by rays; 0: all are
    float countdown;               ///< [s] 0..3600 in which no action is taken; 0: it acts from the start
    int32_t goal_root, fail_root;  ///< [1] 0..goal_count - 1 nodes of its goal and fail; fail_root -1 if none
    float reward_solved;           ///< [1] -1e3..1e3 paid once when its goal is reached; default +10
    float reward_failed;           ///< [1] -1e3..1e3 paid once when it fails; usually <= 0, default -3
    bool reward_replaces;          ///< those two stand in the place of what else the last physics step pays
    float share;                   ///< [1] 0..1 part of its reward that it gives to its team, in equal parts
    int32_t team;                  ///< [1] 0..player_count - 1 the first player of its team; all are one: 0
    char name[PARA_NAME_MAX];      ///< what people call it, "" if nothing; not in the hash
    char team_name[PARA_NAME_MAX]; ///< likewise
} ParaPlayer;

/// Node of a goal tree, children in [child_first, child_first + child_count) of the same array. Players may
/// share a whole tree by its root; trees of different roots have no node in common, since a node counts its
/// holding time once per step.
typedef struct ParaGoalNode {
    ParaGoalKind kind;
    int32_t a, b, zone; ///< [1] >= 0 bodies and zone (first of those meant), -1 where not used
    int32_t a_count, b_count, zone_count; ///< [1] >= 0 so many from there on: copies of a repeated name
    bool a_player, b_player; ///< TOUCH: a (or b) is a player's main body and stands for all its parts
    bool every;      ///< of a's copies each must fulfil it, else one is enough; COLLECTED: always each
    float value;     ///< [m] or [m/s] or [rad] or [s] by kind: -1e4..1e4
    float hold;      ///< [s] 0..3600 must be true this long without a break; 0: at once
    float from;      ///< [s] 0..3600 EVERY: when it is true for the first time
    ParaChanging is; ///< IS: true where this is not 0
    int32_t child_first, child_count; ///< [1] 0..goal_count
} ParaGoalNode;
#define PARA_GOAL_NODES_MAX 128 ///< of goal, fail and events together

typedef struct ParaRewardTerm {
    ParaRewardKind kind;
    int32_t a, b, zone; ///< [1] >= 0 bodies and zone, -1 where not used
    float weight;       ///< [1] -1e3..1e3 times what the kind says
    int32_t player;     ///< [1] 0..player_count - 1 whom it pays
    ParaChanging expr;  ///< CHANGE, VALUE, EACH: the expression
} ParaRewardTerm;
#define PARA_REWARDS_MAX 64 ///< of all players

/// A kinematic body that swings: position = start + by * sin(tau * time / period + phase) - by * sin(phase).
typedef struct ParaMotion {
    ParaVec2 by;  ///< [m] -1e3..1e3 amplitude; (0,0): stands still
    float period; ///< [s] 0.05..3600
    float phase;  ///< [rad] -1e3..1e3
    bool waits;   ///< stands still until an event starts it
    bool ends;    ///< runs from its place for half a period, and back: events send it to and fro
} ParaMotion;

/// A place on the path of a kinematic body.
typedef struct ParaStop {
    ParaVec2 by;   ///< [m] -1e3..1e3 from the body's place at the start
    float angle;   ///< [rad] -1e3..1e3 from its angle at the start
    float seconds; ///< [s] 0.02..3600 of the way to it from the stop before
    float wait;    ///< [s] 0..3600 it stands there
} ParaStop;
#define PARA_STOPS_MAX       32   ///< of one path, the one that closes a loop among them
#define PARA_ALL_STOPS_MAX   1024 ///< of a level
#define PARA_STOP_TIME_LEAST 0.02 ///< [s]

/// The way of a kinematic body: from its place to each of its stops (worlds/rules/path.h).
typedef struct ParaPath {
    int32_t first, count; ///< [1] >= 0 its stops; count 0: it has no path
    ParaEase ease;
    ParaGoes goes;
    float wait; ///< [s] 0..3600 it stands at its place, each time it comes back there
    bool waits; ///< stands still until an event starts it
} ParaPath;

/// The bodies that stand in a body's place once it is broken: spare ones, which lie to it as they do at the
/// start.
typedef struct ParaPieces {
    int32_t first, count; ///< [1] >= 0 bodies in a row; count 0: it is just gone
} ParaPieces;
#define PARA_PIECES_MAX 16 ///< that a body is cut into

/// A motor of a joint that runs by itself, as no player drives it.
typedef struct ParaMotor {
    float rate;   ///< [rad/s] or [m/s] -1e3..1e3
    float torque; ///< [N m] or [N] 0..1e6 most it may use; 0: there is none
} ParaMotor;

/// A named number that events may set.
typedef struct ParaVariable {
    char name[PARA_NAME_MAX];
    double start; ///< [1] -1e9..1e9
} ParaVariable;
#define PARA_VARIABLES_MAX 16
#define PARA_VARIABLE_MOST 1e9 ///< [1] it never gets beyond, to either side

/// One thing that an event does.
typedef struct ParaAct {
    ParaActKind kind;
    int32_t body, joint, zone,
        variable;             ///< [1] >= 0 what it is done to, the first of `count`; -1 where not used
    int32_t count;            ///< [1] >= 1 of them; of spawn: the pool
    int32_t at_body, at_zone; ///< [1] >= 0 whose centre its place is; -1: `to` is the place
    ParaChanging to[2];       ///< the number, pair or place it wants, in the unit of its kind
    ParaChanging velocity[2]; ///< [m/s] spawn; not given: the body's own
    ParaChanging angle;       ///< [rad] spawn, teleport; not given: the body's own, or as it is
    ParaChanging radius;      ///< [m] explode
    ParaChanging impulse;     ///< [N s] explode: at its centre, falling to 0 at the radius
    float over;               ///< [s] 0..3600 for so long it goes there; 0: at once
    const char *text;         ///< say; else ""
} ParaAct;
#define PARA_ACTS_MAX       128 ///< of all events
#define PARA_EVENT_ACTS_MAX 16  ///< of one
#define PARA_SAY_MAX        121 ///< [byte] with NUL

/// When something happens, and what then does.
typedef struct ParaLevelEvent {
    int32_t root;                 ///< [1] 0..goal_count - 1 node of its predicate
    int32_t act_first, act_count; ///< [1] >= 0 its acts, in order
    bool again;                   ///< each time the predicate becomes true; else once
} ParaLevelEvent;
#define PARA_EVENTS_MAX 32

/// The force of a zone that changes as the level runs.
typedef struct ParaZoneForce {
    ParaChanging by[2]; ///< [N/kg] x, y; no program in either: it does not change
} ParaZoneForce;

/// One number of the level's own observation.
typedef struct ParaObserve {
    char name[PARA_NAME_MAX]; ///< "" allowed
    ParaChanging value;
    float scale; ///< [1] 1e-6..1e6 it is divided by
} ParaObserve;
#define PARA_OBSERVES_MAX 64

/// One choice of a player whose choices are discrete.
typedef struct ParaMove {
    char name[PARA_NAME_MAX];    ///< "" allowed
    float action[PARA_CHANNELS]; ///< [1] -1..1
} ParaMove;
#define PARA_MOVES_MAX 32

typedef struct ParaParamValue {
    char name[PARA_NAME_MAX];
    double value;     ///< [1] low..high in the parameter's unit, as sampled or given
    double low, high; ///< [1] -1e6..1e6 full range in the template
} ParaParamValue;

typedef struct ParaLevel {
    char family[PARA_NAME_MAX]; ///< name of the template
    char about[256];
    char maker[PARA_NAME_MAX]; ///< who made it; "" if by hand
    uint64_t seed;             ///< [seed] of the sampling
    int tries;       ///< [1] >= 1 draws until its constraints held; 0: of a level that was not sampled
    uint64_t parent; ///< [hash] of the parent level, 0 if none
    char edits[PARA_LEVEL_EDITS_MAX];   ///< what made it of its parent: "turn_body:17 cut_ground:4"; "" if
                                        ///< nothing
    char changes[PARA_LEVEL_EDITS_MAX]; ///< the same for people: "crate2 turned by 15 degrees; ..."
    uint64_t hash;                      ///< [hash] over everything below: equal hash, equal level
    float seconds;                      ///< [s] 0.1..3600 time limit: truncated when reached
    int frame_skip;                     ///< [1] 1..60 steps per decision (default 4: 15 decisions per second)
    int param_count;                    ///< [1] 0..PARA_PARAMS_MAX
    ParaParamValue params[PARA_PARAMS_MAX];
    ParaWorldDef world;
    const char **body_names;   ///< [body_count] unique among bodies and zones, "" allowed
    uint8_t *body_roles;       ///< [ParaRole] what a body means for each player  [A, body_count]
    float *body_shatters;      ///< [N s] 0.05..1e6 impulse limit, 0: never  [body_count]
    float *body_crushes;       ///< [N] 0.01..1e7 limit of what squeezes it, 0: never  [body_count]
    uint8_t *body_collects;    ///< [1] 0 or 1; 1: taken away when the player touches it  [body_count]
    uint8_t *body_mass_hidden; ///< [1] 0 or 1; 1: the player senses it as at a density of 1  [body_count];
                               ///< NULL: none
    ParaMotion *body_motions;  ///< [body_count]
    ParaPieces *body_pieces;   ///< [body_count]; NULL: none has any
    uint8_t *body_looks; ///< [ParaMaterialKind] what it looks like; not in the hash  [body_count]; NULL: none
    uint8_t *body_sounds; ///< [ParaMaterialKind] what it sounds like; likewise
    ParaPath *body_paths; ///< [body_count]; NULL: none has one
    int stop_count;       ///< [1] 0..PARA_ALL_STOPS_MAX
    ParaStop *stops;      ///< [stop_count] of all paths
    int32_t *body_sets;   ///< [1] 0..body_count - 1 smallest index of the moving bodies joined to it (itself
                          ///< included)  [body_count]
    uint8_t *body_spares; ///< [1] 0 or 1; 1: begins out of the world, for events to spawn  [body_count];
                          ///< NULL: none
    ParaMotor *joint_motors; ///< [joint_count]; NULL: none has one
    float *joint_breaks;     ///< [N] 0..1e7 load above which it lets go; 0: never  [joint_count]; NULL: never
    uint8_t
        *joint_unmade; ///< [1] 0 or 1; 1: holds nothing until an event makes it  [joint_count]; NULL: none
    const char **joint_names; ///< [joint_count] unique among joints, "" allowed; for people, not in the hash
    int32_t *zone_portals; ///< [1] 0..zone_count - 1 where what enters comes out, -1: no portal [zone_count];
                           ///< NULL: there is none
    const char **zone_names;    ///< [zone_count] as those of bodies
    uint32_t ladders;           ///< [bits] zones that can be climbed
    uint32_t checkpoints;       ///< [bits] zones where a player that fails goes on
    int32_t lives;              ///< [1] 1..PARA_LIVES_MAX with checkpoints: with the last a fail ends it
    int32_t lives_variable;     ///< [1] 0..variable_count - 1 that has the lives left; -1: none
    ParaZoneForce *zone_forces; ///< [zone_count]; NULL: none changes
    uint8_t *zone_roles;        ///< [ParaRole] what a zone means for each player  [A, zone_count]
    int player_count;           ///< [1] 1..PARA_PLAYERS_MAX, A
    ParaPlayer *players;        ///< [A]
    int goal_count; ///< [1] 1..PARA_GOAL_NODES_MAX nodes of all players' goals and fails, and of events
    ParaGoalNode goals[PARA_GOAL_NODES_MAX];
    int reward_count; ///< [1] 0..PARA_REWARDS_MAX
    ParaRewardTerm rewards[PARA_REWARDS_MAX];
    int variable_count;      ///< [1] 0..PARA_VARIABLES_MAX
    int event_count;         ///< [1] 0..PARA_EVENTS_MAX
    int act_count;           ///< [1] 0..PARA_ACTS_MAX
    ParaVariable *variables; ///< [variable_count]
    ParaLevelEvent *events;  ///< [event_count] in the order they are looked at
    ParaAct *acts;           ///< [act_count]
    int observe_count;       ///< [1] 0..PARA_OBSERVES_MAX
    int move_count;          ///< [1] 0..PARA_MOVES_MAX
    ParaObserve *observes;   ///< [observe_count] what `listed` shows
    ParaMove *moves;         ///< [move_count] of each player
} ParaLevel;

/// What a body means for a player.
static inline ParaRole para_level_body_role(const ParaLevel *level, int player, int body)
{
    return (ParaRole)level->body_roles[player * level->world.body_count + body];
}

/// What a zone means for a player.
static inline ParaRole para_level_zone_role(const ParaLevel *level, int player, int zone)
{
    return (ParaRole)level->zone_roles[player * level->world.zone_count + zone];
}

/// The player a body is part of, -1 if of none.
static inline int para_level_owner(const ParaLevel *level, int body)
{
    for (int p = 0; p < level->player_count; p++)
        if (para_level_body_role(level, p, body) == PARA_ROLE_PLAYER)
            return p;
    return -1;
}

/// Is it a body that begins out of the world?
static inline bool para_level_is_spare(const ParaLevel *level, int body)
{
    return level->body_spares && level->body_spares[body];
}

/// Is its mass kept from the player?
static inline bool para_level_hides_mass(const ParaLevel *level, int body)
{
    return level->body_mass_hidden && level->body_mass_hidden[body];
}

/// The world as a player may know it: what hides its mass weighs what it would if its first shape had a
/// density of 1 kg/m^2.
/// Its arrays are those of the level but for the shapes where a mass is hidden.  Cost: O(shapes)
ParaWorldDef para_level_seen(const ParaLevel *level, ParaArena *arena);
/// The level with such a world, for whoever imagines it as its player.
/// @return itself where nothing is hidden; else it shares all but shapes with the level  Cost: O(shapes)
const ParaLevel *para_level_as_seen(const ParaLevel *level, ParaArena *arena);

/// Does the force of a zone change as the level runs?
static inline bool para_level_force_changes(const ParaLevel *level, int zone)
{
    return level->zone_forces &&
           (level->zone_forces[zone].by[0].program || level->zone_forces[zone].by[1].program);
}

/// Marks what a number that changes asks about: the zone and the body of "inside(hero, door)".
/// @param bodies in-out, [body_count]   @param zones in-out, [zone_count]   Cost: O(questions of the number)
void para_level_mark_asked(const ParaChanging *number, bool *bodies, bool *zones);

/// The path of a body; NULL: it has none.
static inline const ParaPath *para_level_path(const ParaLevel *level, int body)
{
    return level->body_paths && level->body_paths[body].count > 0 ? &level->body_paths[body] : NULL;
}

/// Does a body move by itself, as a platform does?
static inline bool para_level_moves(const ParaLevel *level, int body)
{
    ParaVec2 by = level->body_motions[body].by;
    return by.x != 0 || by.y != 0 || para_level_path(level, body);
}

/// What people call a body, joint or zone: its own name, or "#3" for number 3 of a level's, which is no name
/// that a template can give.  @param store [PARA_NAME_MAX] where "#3" is put   @return one of the
/// two
const char *para_level_body_label(const ParaLevel *level, int body, char *store);
const char *para_level_joint_label(const ParaLevel *level, int joint, char *store);
const char *para_level_zone_label(const ParaLevel *level, int zone, char *store);

/// Names of keys that a template may give beside single characters ("a", ";"), small: "left", "space", ...
const char *const *para_key_words(int *out_count);
/// Is it one of them, in any case, or a single character?  @param name UTF-8
bool para_key_is_known(const char *name);

/// So much of a level's time [s] in physics steps, to the nearest, a half down; at least 1. Whatever lasts is
/// counted in steps: sums of their lengths drift.
int32_t para_level_steps(const ParaLevel *level, float seconds);
/// Decisions of an episode that runs its whole time; a template's level has at most PARA_LEVEL_DECISIONS_MAX.
int32_t para_level_decisions(const ParaLevel *level);
/// Writes body_sets anew: sets of moving bodies that joints hold together, each named by its smallest index.
void para_level_find_sets(ParaLevel *level);
/// Deep copy into `arena` (pointers included). Cost: one pass over the level.
ParaLevel *para_level_copy(const ParaLevel *level, ParaArena *arena);
/// Hash of the bound content (not of names of maker, seed or parent).
uint64_t para_level_hash(const ParaLevel *level);
