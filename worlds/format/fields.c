// SPDX-License-Identifier: MIT
// The rows of fields.def, and the defaults of each kind.
#include "worlds/format/fields.h"

#include "engine/base/assert.h"
#include "worlds/generate/kinetix.h"

#include <string.h>

// The bound struct of each kind, by the kind's short name, for offsetof in the rows.
typedef ParaBoundTemplate BoundOfTEMPLATE;
typedef ParaBoundGenerate BoundOfGENERATE;
typedef ParaBoundWorld BoundOfWORLD;
typedef ParaBoundMaterial BoundOfMATERIAL;
typedef ParaBoundBody BoundOfBODY;
typedef ParaBoundShatters BoundOfSHATTERS;
typedef ParaBoundMoves BoundOfMOVES;
typedef ParaBoundPath BoundOfPATH;
typedef ParaBoundStop BoundOfSTOP;
typedef ParaBoundShape BoundOfSHAPE;
typedef ParaBoundJoint BoundOfJOINT;
typedef ParaBoundMotor BoundOfMOTOR;
typedef ParaBoundBreaks BoundOfBREAKS;
typedef ParaBoundZone BoundOfZONE;
typedef ParaBoundArea BoundOfAREA;
typedef ParaBoundFluid BoundOfFLUID;
typedef ParaBoundPlayer BoundOfPLAYER;
typedef ParaBoundActuator BoundOfACTUATOR;
typedef ParaBoundPredicate BoundOfPREDICATE;
typedef ParaBoundReward BoundOfREWARD;
typedef ParaBoundObserve BoundOfOBSERVE;
typedef ParaBoundMove BoundOfMOVE;
typedef ParaBoundEvent BoundOfEVENT;
typedef ParaBoundAct BoundOfACT;

#define OFFSET_NONE(kind, place)      0
#define OFFSET_F32(kind, place)       offsetof(BoundOf##kind, place)
#define OFFSET_I32(kind, place)       offsetof(BoundOf##kind, place)
#define OFFSET_U32(kind, place)       offsetof(BoundOf##kind, place)
#define OFFSET_BOOL(kind, place)      offsetof(BoundOf##kind, place)
#define OFFSET_VEC2(kind, place)      offsetof(BoundOf##kind, place)
#define OFFSET_CHANGING(kind, place)  offsetof(BoundOf##kind, place)
#define OFFSET_CHANGING2(kind, place) offsetof(BoundOf##kind, place)

static const ParaField rows[PARA_FIELD_COUNT] = {
#define PARA_ROW(kind, id, name, type, of, store, place, unit, low, high, flags, choice, takes, help)        \
    {PARA_KIND_##kind,                                                                                       \
     name,                                                                                                   \
     PARA_TYPE_##type,                                                                                       \
     of,                                                                                                     \
     PARA_STORE_##store,                                                                                     \
     OFFSET_##store(kind, place),                                                                            \
     unit,                                                                                                   \
     low,                                                                                                    \
     high,                                                                                                   \
     flags,                                                                                                  \
     choice,                                                                                                 \
     takes,                                                                                                  \
     help},
#include "worlds/format/fields.def"
};

// A field lands in a place of its own type.
#define TYPE_NONE(kind, place)      true
#define TYPE_OF(kind, place, ...)   _Generic(((BoundOf##kind *)0)->place, __VA_ARGS__ : true, default : false)
#define TYPE_F32(kind, place)       TYPE_OF(kind, place, float)
#define TYPE_I32(kind, place)       TYPE_OF(kind, place, int32_t)
#define TYPE_U32(kind, place)       TYPE_OF(kind, place, uint32_t)
#define TYPE_BOOL(kind, place)      TYPE_OF(kind, place, bool)
#define TYPE_VEC2(kind, place)      TYPE_OF(kind, place, ParaVec2)
#define TYPE_CHANGING(kind, place)  TYPE_OF(kind, place, ParaChanging)
#define TYPE_CHANGING2(kind, place) TYPE_OF(kind, place, ParaChanging *)
#define PARA_ROW(kind, id, name, type, of, store, place, ...)                                                \
    _Static_assert(TYPE_##store(kind, place), "the store of " #kind " " name " is not its place's type");
#include "worlds/format/fields.def"

// The engine's joint kinds are those of the list, in its order.
enum {
#define PARA_JOINT(id, ...) LISTED_##id,
#include "worlds/level/kinds.def"
    LISTED_COUNT
};
#define PARA_JOINT(id, ...) _Static_assert((int)LISTED_##id == (int)PARA_JOINT_##id, "joints out of order");
#include "worlds/level/kinds.def"
_Static_assert(LISTED_COUNT == PARA_JOINT_RACK + 1, "each joint kind of the engine has a row");

static const struct KindRow {
    ParaFieldId first, end;
    const char *name, *about;
} kinds[PARA_KIND_COUNT] = {
    [PARA_KIND_TEMPLATE] = {PARA_FIELD_TEMPLATE_paracosm, PARA_FIELD_TEMPLATE_made_by + 1, "template",
                            "The whole file."},
    [PARA_KIND_GENERATE] = {PARA_FIELD_GENERATE_kinetix, PARA_FIELD_GENERATE_note + 1, "generator",
                            "Levels that the program makes up, each from its seed; nothing of them stands "
                            "in the template. See [importing.md](importing.md#kinetix)."},
    [PARA_KIND_PARAM] = {PARA_FIELD_PARAM_range, PARA_FIELD_PARAM_note + 1, "parameter",
                         "One way in which members of the family differ. Give `range` or `int`."},
    [PARA_KIND_MATERIAL] = {PARA_FIELD_MATERIAL_name, PARA_FIELD_MATERIAL_note + 1, "material",
                            "What bodies may be made of, by name, beside the program's own materials."},
    [PARA_KIND_INCLUDE] = {PARA_FIELD_INCLUDE_part, PARA_FIELD_INCLUDE_note + 1, "include",
                           "A part that is put among the template's own things."},
    [PARA_KIND_GROUP] = {PARA_FIELD_GROUP_as, PARA_FIELD_GROUP_note + 1, "group",
                         "Things that are repeated together; groups may stand in groups."},
    [PARA_KIND_CONSTRAINT] =
        {PARA_FIELD_CONSTRAINT_keep_clear, PARA_FIELD_CONSTRAINT_note + 1, "constraint",
         "What must hold of a member at its start: draws are made anew, up to 64 times, until it "
         "does."},
    [PARA_KIND_PART] =
        {PARA_FIELD_PART_paracosm_part, PARA_FIELD_PART_rewards + 1, "part",
         "Bodies, joints and zones for any template to include, in a file of its own or under `parts`. "
         "Its numbers know its own parameters and `let` names, and those of nobody else; its names "
         "are those of its own things."},
    [PARA_KIND_ARGUMENT] = {PARA_FIELD_ARGUMENT_default, PARA_FIELD_ARGUMENT_note + 1, "argument",
                            "A parameter of a part."},
    [PARA_KIND_WORLD] = {PARA_FIELD_WORLD_size, PARA_FIELD_WORLD_note + 1, "world",
                         "What holds for the whole world."},
    [PARA_KIND_BODY] = {PARA_FIELD_BODY_name, PARA_FIELD_BODY_if + 1, "body",
                        "A rigid thing. It moves unless it is `static` or `kinematic`."},
    [PARA_KIND_SHATTERS] = {PARA_FIELD_SHATTERS_impulse, PARA_FIELD_SHATTERS_note + 1, "shatters",
                            "When a body breaks."},
    [PARA_KIND_MOVES] = {PARA_FIELD_MOVES_by, PARA_FIELD_MOVES_note + 1, "moves",
                         "A swing: place = start + by * (sin(2 pi time / period + phase) - sin(phase))."},
    [PARA_KIND_PATH] =
        {PARA_FIELD_PATH_stops, PARA_FIELD_PATH_note + 1, "path",
         "A way from stop to stop, the body's own place first. Each stop may say how long the way to it "
         "takes, how long the body stands there, and how it is turned."},
    [PARA_KIND_STOP] = {PARA_FIELD_STOP_by, PARA_FIELD_STOP_note + 1, "stop", "A place on a path."},
    [PARA_KIND_SHAPE] = {PARA_FIELD_SHAPE_circle, PARA_FIELD_SHAPE_note + 1, "shape",
                         "A form in its body's frame, with a surface."},
    [PARA_KIND_CHAIN] = {PARA_FIELD_CHAIN_count, PARA_FIELD_CHAIN_note + 1, "chain",
                         "A rule for the points of a chain."},
    [PARA_KIND_OBSTACLE] =
        {PARA_FIELD_OBSTACLE_pit, PARA_FIELD_OBSTACLE_note + 1, "obstacle",
         "A kind of obstacle of the terrain `trail`. Its numbers but `share` are drawn anew for "
         "each one there; i counts the obstacles from 0."},
    [PARA_KIND_JOINT] = {PARA_FIELD_JOINT_name, PARA_FIELD_JOINT_if + 1, "joint",
                         "Holds two bodies together. They do not collide unless `collide` is true."},
    [PARA_KIND_MOTOR] = {PARA_FIELD_MOTOR_rate, PARA_FIELD_MOTOR_note + 1, "motor",
                         "Drives a joint by itself; a player's actuator cannot drive it too."},
    [PARA_KIND_BREAKS] = {PARA_FIELD_BREAKS_load, PARA_FIELD_BREAKS_note + 1, "breaks",
                          "When a joint lets go."},
    [PARA_KIND_ZONE] =
        {PARA_FIELD_ZONE_name, PARA_FIELD_ZONE_if + 1, "zone",
         "A convex area that notices bodies whose centre is inside, and may push them. A fluid "
         "lifts and slows whatever part of a body is inside."},
    [PARA_KIND_AREA] = {PARA_FIELD_AREA_box, PARA_FIELD_AREA_note + 1, "area", "The form of a zone."},
    [PARA_KIND_FLUID] =
        {PARA_FIELD_FLUID_density, PARA_FIELD_FLUID_note + 1, "fluid",
         "What fills a zone: bodies less dense float, denser ones sink. It lifts by the world's "
         "gravity; where fluids overlap they add up."},
    [PARA_KIND_PLAYER] = {PARA_FIELD_PLAYER_body, PARA_FIELD_PLAYER_note + 1, "player",
                          "The body of the one who acts."},
    [PARA_KIND_ACTUATOR] = {PARA_FIELD_ACTUATOR_motor, PARA_FIELD_ACTUATOR_note + 1, "actuator",
                            "What one action channel, -1 to 1, moves. Several may share a channel."},
    [PARA_KIND_KEYS] = {PARA_FIELD_KEYS_channel, PARA_FIELD_KEYS_note + 1, "keys",
                        "Keys of one action channel."},
    [PARA_KIND_PREDICATE] = {PARA_FIELD_PREDICATE_part, PARA_FIELD_PREDICATE_note + 1, "predicate",
                             "Something that is true or false at each step. `player` may stand for the "
                             "player: all its parts in touch, else its main body. A repeated name means any "
                             "of its copies, or every copy with `every` and in collected."},
    [PARA_KIND_REWARD] = {PARA_FIELD_REWARD_part, PARA_FIELD_REWARD_note + 1, "reward",
                          "Pays at each step. Of a repeated name every copy pays its share."},
    [PARA_KIND_EVENT] = {PARA_FIELD_EVENT_name, PARA_FIELD_EVENT_note + 1, "event",
                         "Does something when a predicate becomes true. After each physics step events are "
                         "looked at in the order of the file, and each does its acts in their order."},
    [PARA_KIND_ACT] =
        {PARA_FIELD_ACT_gravity, PARA_FIELD_ACT_note + 1, "act",
         "One thing that an event does. Of a repeated name every copy is meant. Numbers may use "
         "`time` and variables where it is said; they are worked out when the event happens."},
    [PARA_KIND_OBSERVE] =
        {PARA_FIELD_OBSERVE_value, PARA_FIELD_OBSERVE_note + 1, "observe",
         "A number that the level itself shows its player; `name` and order are the author's."},
    [PARA_KIND_MOVE] =
        {PARA_FIELD_MOVE_name, PARA_FIELD_MOVE_note + 1, "move",
         "One of the choices of a player who makes one at a time: an action for some channels by their "
         "number, 0 for the others."},
    [PARA_KIND_MADE_BY] = {PARA_FIELD_MADE_BY_maker, PARA_FIELD_MADE_BY_note + 1, "made_by",
                           "Where a generated level comes from."},
};

const ParaField *para_field(ParaFieldId id)
{
    PARA_ASSERT(id < PARA_FIELD_COUNT);
    return &rows[id];
}

const ParaField *para_fields(ParaObjectKind kind, int *out_count)
{
    PARA_ASSERT(kind < PARA_KIND_COUNT && kinds[kind].end > kinds[kind].first); // each has a row below
    *out_count = (int)(kinds[kind].end - kinds[kind].first);
    return &rows[kinds[kind].first];
}

ParaFieldId para_fields_first(ParaObjectKind kind) { return kinds[kind].first; }

const char *para_kind_name(ParaObjectKind kind) { return kinds[kind].name; }

const char *para_kind_about(ParaObjectKind kind) { return kinds[kind].about; }

static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; *at;) {
        size_t size = strcspn(at, " ");
        if (size == length && memcmp(at, word, length) == 0)
            return true;
        at += size;
        at += strspn(at, " ");
    }
    return false;
}

bool para_field_goes_with(const ParaField *field, const ParaField *head)
{
    return !(field->flags & PARA_FLAG_TAKEN) || !head || has_word(head->takes, field->name);
}

ParaField para_field_with(const ParaField *field, const ParaField *head)
{
    ParaField own = *field;
    if (field->kind != PARA_KIND_ACT || field->type != PARA_TYPE_PLACE || !head)
        return own;
    ParaActValue value = para_act_value((ParaActKind)head->choice);
    own.unit = value.unit;
    own.low = value.low;
    own.high = value.high;
    return own;
}

const ParaField *para_field_head(ParaObjectKind kind, int choice)
{
    const ParaField *head = NULL;
    for (ParaFieldId id = kinds[kind].first; id < kinds[kind].end; id++)
        if ((rows[id].flags & PARA_FLAG_HEAD) && rows[id].choice == choice)
            head = &rows[id];
    PARA_ASSERT(head); // every value of the enum has a row
    return head;
}

const char *para_role_word(ParaRole role)
{
    static const char *const words[PARA_ROLE_COUNT] = {
#define PARA_ROLE(id, word, help) word,
#include "worlds/level/kinds.def"
    };
    PARA_ASSERT((int)role >= 0 && (int)role < PARA_ROLE_COUNT);
    return words[role];
}

// The engine's rules for surfaces are those of the list, in its order.
static const char *const friction_words[] = {
#define PARA_FRICTION(id, word) [PARA_FRICTION_##id] = #word,
#include "worlds/level/kinds.def"
};
static const char *const restitution_words[] = {
#define PARA_RESTITUTION(id, word) [PARA_RESTITUTION_##id] = #word,
#include "worlds/level/kinds.def"
};
static const char *const ease_words[] = {
#define PARA_EASE(id, word) [PARA_EASE_##id] = #word,
#include "worlds/level/kinds.def"
};
static const char *const goes_words[] = {
#define PARA_GOES(id, word) [PARA_GOES_##id] = #word,
#include "worlds/level/kinds.def"
};
static const char *const ears_words[] = {
#define PARA_EARS(id, word) [PARA_EARS_##id] = #word,
#include "worlds/level/kinds.def"
};
static const char *const material_words[] = {
    [PARA_MATERIAL_NONE] = "none",
#define PARA_MATERIAL(id, word, ...) [PARA_MATERIAL_##id] = #word,
#include "worlds/level/kinds.def"
};
_Static_assert(sizeof friction_words / sizeof *friction_words == PARA_FRICTION_ROOT_OF_SQUARES + 1 &&
                   sizeof restitution_words / sizeof *restitution_words == PARA_RESTITUTION_LEAST + 1,
               "each rule of the engine has a row");

static const char *const kinetix_words[] = {"s", "m", "l"};
_Static_assert(sizeof kinetix_words / sizeof *kinetix_words == PARA_KX_SIZES, "each size has its word");

const char *const *para_field_words(int of, int *out_count)
{
#define WORDS(list)                                                                                          \
    {                                                                                                        \
        list, (int)(sizeof(list) / sizeof *(list))                                                           \
    }
    static const struct {
        const char *const *words;
        int count;
    } lists[] = {
        [PARA_WORDS_FRICTION] = WORDS(friction_words), [PARA_WORDS_RESTITUTION] = WORDS(restitution_words),
        [PARA_WORDS_EASE] = WORDS(ease_words),         [PARA_WORDS_GOES] = WORDS(goes_words),
        [PARA_WORDS_MATERIAL] = WORDS(material_words), [PARA_WORDS_KINETIX] = WORDS(kinetix_words),
        [PARA_WORDS_EARS] = WORDS(ears_words),
    };
#undef WORDS
    PARA_ASSERT(of >= 0 && of < (int)(sizeof lists / sizeof *lists));
    *out_count = lists[of].count;
    return lists[of].words;
}

ParaMaterialKind para_material_find(const char *name, ParaBoundMaterial *out)
{
    static const ParaBoundMaterial own[] = {
#define PARA_MATERIAL(id, word, friction, restitution, density, help)                                        \
    [PARA_MATERIAL_##id] = {(float)(density), (float)(friction), (float)(restitution), PARA_MATERIAL_##id,   \
                            PARA_MATERIAL_##id},
#include "worlds/level/kinds.def"
    };
    for (int k = PARA_MATERIAL_NONE + 1; k < PARA_MATERIAL_COUNT; k++) {
        if (strcmp(material_words[k], name) != 0)
            continue;
        *out = own[k];
        return (ParaMaterialKind)k;
    }
    return PARA_MATERIAL_NONE;
}

static ParaBoundShape shape_default(void)
{
    ParaShapeDef def = para_shape_def_default();
    return (ParaBoundShape){.density = def.density, .friction = def.friction, .restitution = def.restitution};
}

static ParaActuator actuator_default(void)
{
    return (ParaActuator){.sign = 1,
                          .body = -1,
                          .joint = -1,
                          .thruster = -1,
                          .rate = 10,
                          .speed = 3,
                          .force = 10,
                          .air = 0.3f,
                          .gain = 0.1f};
}

void para_bound_default(ParaObjectKind kind, ParaBound *out)
{
    ParaShapeDef shape = para_shape_def_default();
    memset(out, 0, sizeof *out);
    switch (kind) {
    case PARA_KIND_TEMPLATE:
        out->template_ = (ParaBoundTemplate){.solved = 10, .failed = -3, .lives = 3};
        break;
    case PARA_KIND_WORLD:
        out->world = (ParaBoundWorld){.def = para_world_def_default(), .seconds = 20, .frame_skip = 4};
        break;
    case PARA_KIND_MATERIAL:
        out->material = (ParaBoundMaterial){
            .density = shape.density, .friction = shape.friction, .restitution = shape.restitution};
        break;
    case PARA_KIND_BODY:
        out->body = (ParaBoundBody){.def = para_body_def_default(),
                                    .density = shape.density,
                                    .friction = shape.friction,
                                    .restitution = shape.restitution,
                                    .mask = shape.mask};
        break;
    case PARA_KIND_MOVES:
        out->moves.motion = (ParaMotion){.period = 4};
        break;
    case PARA_KIND_PATH:
        out->path.speed = 1;
        break;
    case PARA_KIND_SHAPE:
        out->shape = shape_default();
        break;
    case PARA_KIND_JOINT:
        out->joint = (ParaBoundJoint){.def = para_joint_def_default(), .ratio = 1, .made = true};
        break;
    case PARA_KIND_ZONE:
        out->zone.def = para_zone_def_default();
        break;
    case PARA_KIND_OBSERVE:
        out->observe.scale = 1;
        break;
    case PARA_KIND_FLUID:
        out->fluid.drag = para_zone_def_default().fluid_drag;
        break;
    case PARA_KIND_PLAYER:
        out->player = (ParaBoundPlayer){.sight = 10, .solved = 10, .failed = -3};
        break;
    case PARA_KIND_ACTUATOR:
        out->actuator = (ParaBoundActuator){.def = actuator_default(), .direction = {0, 1}};
        break;
    case PARA_KIND_PREDICATE:
        out->predicate.node = (ParaGoalNode){.a = -1, .b = -1, .zone = -1};
        break;
    case PARA_KIND_ACT:
        out->act.act = (ParaAct){.body = -1,
                                 .joint = -1,
                                 .zone = -1,
                                 .variable = -1,
                                 .count = 1,
                                 .at_body = -1,
                                 .at_zone = -1,
                                 .text = ""};
        break;
    case PARA_KIND_REWARD:
        out->reward.term = (ParaRewardTerm){.a = -1, .b = -1, .zone = -1, .weight = 1};
        break;
    default:
        break;
    }
}
