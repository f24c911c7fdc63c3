// SPDX-License-Identifier: MIT
#pragma once
// The table of fields (fields.def) as data, and the bound structs its rows write to. Private to worlds.
#include "worlds/level/level.h"

typedef enum ParaObjectKind {
    PARA_KIND_TEMPLATE,
    PARA_KIND_PARAM,
    PARA_KIND_MATERIAL,
    PARA_KIND_INCLUDE,
    PARA_KIND_GROUP,
    PARA_KIND_CONSTRAINT,
    PARA_KIND_PART,
    PARA_KIND_ARGUMENT,
    PARA_KIND_GENERATE,
    PARA_KIND_WORLD,
    PARA_KIND_BODY,
    PARA_KIND_SHATTERS,
    PARA_KIND_MOVES,
    PARA_KIND_PATH,
    PARA_KIND_STOP,
    PARA_KIND_SHAPE,
    PARA_KIND_CHAIN,
    PARA_KIND_OBSTACLE,
    PARA_KIND_JOINT,
    PARA_KIND_MOTOR,
    PARA_KIND_BREAKS,
    PARA_KIND_ZONE,
    PARA_KIND_AREA,
    PARA_KIND_FLUID,
    PARA_KIND_PLAYER,
    PARA_KIND_ACTUATOR,
    PARA_KIND_KEYS,
    PARA_KIND_PREDICATE,
    PARA_KIND_REWARD,
    PARA_KIND_EVENT,
    PARA_KIND_ACT,
    PARA_KIND_OBSERVE,
    PARA_KIND_MOVE,
    PARA_KIND_MADE_BY,
    PARA_KIND_COUNT
} ParaObjectKind;

/// What JSON a field takes.
typedef enum ParaFieldType {
    PARA_TYPE_NUMBER, ///< a number, an expression, or a draw such as {"uniform": [a, b]}
    PARA_TYPE_PAIR,   ///< two of them
    PARA_TYPE_BOOL,
    PARA_TYPE_TEXT,
    PARA_TYPE_NAME,        ///< a text of letters, digits, - and _
    PARA_TYPE_HEX,         ///< a text of 1 to 16 hexadecimal digits
    PARA_TYPE_ROLE,        ///< the word of a ParaRole
    PARA_TYPE_WORD,        ///< one of a few words, by which list `of` says; bound as its number there
    PARA_TYPE_WARNINGS,    ///< a list of names of warnings
    PARA_TYPE_REF,         ///< the name of a body, joint or zone
    PARA_TYPE_REFS,        ///< a list of names
    PARA_TYPE_REFS_NUMBER, ///< a list of names and a number
    PARA_TYPE_POINTS,      ///< a list of pairs
    PARA_TYPE_CHAIN,       ///< a list of pairs, or an object of kind CHAIN
    PARA_TYPE_OBJECT,
    PARA_TYPE_LIST,      ///< a list of objects
    PARA_TYPE_PARAMS,    ///< an object of names to objects
    PARA_TYPE_LETS,      ///< an object of names to numbers
    PARA_TYPE_PARTS,     ///< an object of names to parts
    PARA_TYPE_PART,      ///< the name of a part, a folder of parts with / at its end, or a list of these
    PARA_TYPE_TIERS,     ///< an object of names to objects of parameters to pairs
    PARA_TYPE_VARIABLES, ///< the same, of the variables
    PARA_TYPE_VARIABLE,  ///< the name of one of them
    PARA_TYPE_PLACE      ///< a number, two of them, or the name of a body or zone: an act says which
} ParaFieldType;

/// Where a bound value lands.
typedef enum ParaStore {
    PARA_STORE_NONE,
    PARA_STORE_F32,
    PARA_STORE_I32,
    PARA_STORE_U32,
    PARA_STORE_BOOL,
    PARA_STORE_VEC2,
    PARA_STORE_CHANGING, ///< a ParaChanging
    PARA_STORE_CHANGING2 ///< two of them
} ParaStore;

#define PARA_FLAG_REQUIRED  1u   ///< must be given (with one of its heads, if it has any)
#define PARA_FLAG_HEAD      2u   ///< exactly one head says what the object is
#define PARA_FLAG_WHOLE     4u   ///< whole numbers only
#define PARA_FLAG_FIXED     8u   ///< plain numbers only, no expressions
#define PARA_FLAG_COPIES    16u  ///< i, n and copy are known even without a repeat
#define PARA_FLAG_INHERITED 32u  ///< the default is the body's value
#define PARA_FLAG_TAKEN     64u  ///< goes only with the heads that take it
#define PARA_FLAG_SAVED     128u ///< a saved level has it even at its default
#define PARA_FLAG_CHANGES   256u ///< may use time and variables: worked out in play, each time anew
#define PARA_FLAG_WRITTEN   512u ///< of a template: goes not with `generate`, which makes all of that

/// Name spaces of references, as bits.
#define PARA_SPACE_BODY       1
#define PARA_SPACE_JOINT      2
#define PARA_SPACE_BODY_JOINT 3
#define PARA_SPACE_ZONE       4
#define PARA_SPACE_BODY_ZONE  5

/// Lists of words.
#define PARA_WORDS_FRICTION    0 ///< by ParaFrictionRule
#define PARA_WORDS_RESTITUTION 1 ///< by ParaRestitutionRule
#define PARA_WORDS_EASE        2 ///< by ParaEase
#define PARA_WORDS_GOES        3 ///< by ParaGoes
#define PARA_WORDS_MATERIAL    4 ///< by ParaMaterialKind, of looks and sounds
#define PARA_WORDS_KINETIX     5 ///< by ParaKxSize, sizes of Kinetix's levels
#define PARA_WORDS_EARS        6 ///< by ParaEars

#define PARA_CHOICES_MAX 64 ///< parts of which an include takes one

/// One row of the table.
typedef struct ParaField {
    ParaObjectKind kind;
    const char *name;
    ParaFieldType type;
    int of;
    ParaStore store;
    size_t offset; ///< [byte] into the bound struct of its kind
    const char *unit;
    double low, high;
    unsigned flags;
    int choice;        ///< [id] >= 0 of a head: what the object is, of its enum (ParaGoalKind, ...); else -1
    const char *takes; ///< of a head: the fields marked TAKEN that go with it, by name; else NULL
    const char *help;
} ParaField;

typedef enum ParaFieldId {
#define PARA_ROW(kind, id, ...) PARA_FIELD_##kind##_##id,
#include "worlds/format/fields.def"
    PARA_FIELD_COUNT
} ParaFieldId;

// Bound structs: what a kind's numbers are once they are worked out. One per kind that has stored fields.
typedef struct ParaBoundTemplate {
    float solved, failed; ///< [1]
    int32_t lives;        ///< [1]
    bool replace;
} ParaBoundTemplate;
typedef struct ParaBoundGenerate {
    uint32_t kinetix; ///< ParaKxSize
    float dense;      ///< [1/m]
} ParaBoundGenerate;
typedef struct ParaBoundWorld {
    ParaWorldDef def;
    float seconds;      ///< [s]
    int32_t frame_skip; ///< [step]
} ParaBoundWorld;
typedef struct ParaBoundMaterial {
    float density, friction, restitution; ///< [kg/m^2] [1] [1]
    uint32_t look, sound;                 ///< ParaMaterialKind
} ParaBoundMaterial;
typedef struct ParaBoundBody {
    ParaBodyDef def;
    float density, friction, restitution; ///< [kg/m^2] [1] [1] defaults of its shapes
    int32_t category;                     ///< bit number
    uint32_t mask;
    float belt; ///< [m/s] of all its shapes
    bool one_way, collect, mass_hidden, spare;
    uint32_t look, sound; ///< ParaMaterialKind
} ParaBoundBody;
typedef struct ParaBoundShatters {
    float impulse; ///< [N s]
    float squeeze; ///< [N]
} ParaBoundShatters;
typedef struct ParaBoundMoves {
    ParaMotion motion;
} ParaBoundMoves;
typedef struct ParaBoundPath {
    float speed;         ///< [m/s] of ways whose time is not said
    uint32_t ease, goes; ///< ParaEase, ParaGoes
    float wait;          ///< [s]
    bool waits;
} ParaBoundPath;
typedef struct ParaBoundStop {
    ParaStop stop;
} ParaBoundStop;
typedef struct ParaBoundShape {
    float circle;     ///< [m] radius
    ParaVec2 box, at; ///< [m]
    float angle;      ///< [rad]
    float radius;     ///< [m] half thickness of lines
    float density, friction, restitution;
} ParaBoundShape;
typedef struct ParaBoundJoint {
    ParaJointDef def;
    ParaVec2 at, at_a, at_b; ///< [m] world frame
    ParaVec2 limits;
    float ratio;   ///< [1], [m/rad]
    float longest; ///< [m]
    bool made;
} ParaBoundJoint;
typedef struct ParaBoundMotor {
    ParaMotor motor;
} ParaBoundMotor;
typedef struct ParaBoundBreaks {
    float load; ///< [N]
} ParaBoundBreaks;
typedef struct ParaBoundZone {
    ParaZoneDef def;
    bool ladder, checkpoint;
    ParaChanging force[2]; ///< [N/kg]
} ParaBoundZone;
typedef struct ParaBoundArea {
    ParaVec2 box; ///< [m]
    float circle; ///< [m]
} ParaBoundArea;
typedef struct ParaBoundFluid {
    float density; ///< [kg/m^2]
    float drag;    ///< [1/s]
} ParaBoundFluid;
typedef struct ParaBoundPlayer {
    float sight;          ///< [m]
    float sees;           ///< [m]
    float countdown;      ///< [s]
    float share;          ///< [1]
    float solved, failed; ///< [1]
} ParaBoundPlayer;
typedef struct ParaBoundActuator {
    ParaActuator def;
    ParaVec2 at, direction; ///< [m] [1] body frame
} ParaBoundActuator;
typedef struct ParaBoundPredicate {
    ParaGoalNode node;
} ParaBoundPredicate;
typedef struct ParaBoundReward {
    ParaRewardTerm term;
} ParaBoundReward;
typedef struct ParaBoundObserve {
    ParaChanging value;
    float scale; ///< [1]
} ParaBoundObserve;
typedef struct ParaBoundMove {
    ParaMove move;
} ParaBoundMove;
typedef struct ParaBoundEvent {
    bool again;
} ParaBoundEvent;
typedef struct ParaBoundAct {
    ParaAct act;
} ParaBoundAct;

/// Room for the bound struct of any kind.
typedef union ParaBound {
    ParaBoundTemplate template_;
    ParaBoundGenerate generate;
    ParaBoundWorld world;
    ParaBoundMaterial material;
    ParaBoundBody body;
    ParaBoundShatters shatters;
    ParaBoundMoves moves;
    ParaBoundPath path;
    ParaBoundStop stop;
    ParaBoundShape shape;
    ParaBoundJoint joint;
    ParaBoundMotor motor;
    ParaBoundBreaks breaks;
    ParaBoundZone zone;
    ParaBoundArea area;
    ParaBoundFluid fluid;
    ParaBoundPlayer player;
    ParaBoundActuator actuator;
    ParaBoundPredicate predicate;
    ParaBoundReward reward;
    ParaBoundObserve observe;
    ParaBoundMove move;
    ParaBoundEvent event;
    ParaBoundAct act;
} ParaBound;

/// Writes the defaults of a kind, taken from the def default functions where the engine has one.
void para_bound_default(ParaObjectKind kind, ParaBound *out);

const ParaField *para_field(ParaFieldId id);
const ParaField *para_fields(ParaObjectKind kind, int *out_count); ///< rows of one kind
ParaFieldId para_fields_first(ParaObjectKind kind);                ///< id of its first row
const char *para_kind_name(ParaObjectKind kind);                   ///< "body", "joint", ...
const char *para_kind_about(ParaObjectKind kind);                  ///< a sentence for the reference page
/// Does a row apply to an object whose head is `head` (NULL: unknown)?
bool para_field_goes_with(const ParaField *field, const ParaField *head);
/// The row as it goes with a head: the number of an act has the range and unit of its kind.
ParaField para_field_with(const ParaField *field, const ParaField *head);
/// The head that says `choice` of an object of a kind; where several do (a box is a polygon), the last and
/// most general.
const ParaField *para_field_head(ParaObjectKind kind, int choice);
/// The words of a list, by their numbers.  @param of PARA_WORDS_FRICTION, ...
const char *const *para_field_words(int of, int *out_count);
/// A material of the program's own.  @return PARA_MATERIAL_NONE: there is none of that name
ParaMaterialKind para_material_find(const char *name, ParaBoundMaterial *out);
const char *para_role_word(ParaRole role); ///< NULL: a template may not say it
