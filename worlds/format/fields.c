// SPDX-License-Identifier: MIT
// The rows of fields.def, and the defaults of each kind.
#include "worlds/format/fields.h"

#include <string.h>

// The bound struct of each kind, by the kind's short name, for offsetof in the rows.
typedef ParaBoundTemplate BoundOfTEMPLATE;
typedef ParaBoundWorld BoundOfWORLD;
typedef ParaBoundBody BoundOfBODY;
typedef ParaBoundShatters BoundOfSHATTERS;
typedef ParaBoundMoves BoundOfMOVES;
typedef ParaBoundShape BoundOfSHAPE;
typedef ParaBoundJoint BoundOfJOINT;
typedef ParaBoundZone BoundOfZONE;
typedef ParaBoundArea BoundOfAREA;
typedef ParaBoundPlayer BoundOfPLAYER;
typedef ParaBoundActuator BoundOfACTUATOR;
typedef ParaBoundPredicate BoundOfPREDICATE;
typedef ParaBoundReward BoundOfREWARD;

static const ParaField rows[PARA_FIELD_COUNT] = {
#define PARA_FIELD(kind, id, name, type, of, unit, low, high, flags, heads, help)                            \
    {PARA_KIND_##kind, name, PARA_TYPE_##type, of, PARA_STORE_NONE, 0, unit, low, high, flags, heads, help},
#define PARA_MEMBER(kind, id, name, type, of, store, member, unit, low, high, flags, heads, help)            \
    {PARA_KIND_##kind,                                                                                       \
     name,                                                                                                   \
     PARA_TYPE_##type,                                                                                       \
     of,                                                                                                     \
     PARA_STORE_##store,                                                                                     \
     offsetof(BoundOf##kind, member),                                                                        \
     unit,                                                                                                   \
     low,                                                                                                    \
     high,                                                                                                   \
     flags,                                                                                                  \
     heads,                                                                                                  \
     help},
#include "worlds/format/fields.def"
#undef PARA_FIELD
#undef PARA_MEMBER
};

static const struct KindRow {
    ParaFieldId first, end;
    const char *name, *about;
} kinds[PARA_KIND_COUNT] = {
    [PARA_KIND_TEMPLATE] = {PARA_FIELD_TEMPLATE_paracosm, PARA_FIELD_TEMPLATE_made_by + 1, "template",
                            "The whole file."},
    [PARA_KIND_PARAM] = {PARA_FIELD_PARAM_range, PARA_FIELD_PARAM_note + 1, "parameter",
                         "One way in which members of the family differ. Give `range` or `int`."},
    [PARA_KIND_WORLD] = {PARA_FIELD_WORLD_size, PARA_FIELD_WORLD_note + 1, "world",
                         "What holds for the whole world."},
    [PARA_KIND_BODY] = {PARA_FIELD_BODY_name, PARA_FIELD_BODY_if + 1, "body",
                        "A rigid thing. It moves unless it is `static` or `kinematic`."},
    [PARA_KIND_SHATTERS] = {PARA_FIELD_SHATTERS_impulse, PARA_FIELD_SHATTERS_note + 1, "shatters",
                            "When a body breaks."},
    [PARA_KIND_MOVES] = {PARA_FIELD_MOVES_by, PARA_FIELD_MOVES_note + 1, "moves",
                         "A swing: place = start + by * (sin(2 pi time / period + phase) - sin(phase))."},
    [PARA_KIND_SHAPE] = {PARA_FIELD_SHAPE_circle, PARA_FIELD_SHAPE_note + 1, "shape",
                         "A form in its body's frame, with a surface."},
    [PARA_KIND_CHAIN] = {PARA_FIELD_CHAIN_count, PARA_FIELD_CHAIN_note + 1, "chain",
                         "A rule for the points of a chain."},
    [PARA_KIND_JOINT] = {PARA_FIELD_JOINT_name, PARA_FIELD_JOINT_if + 1, "joint",
                         "Holds two bodies together. They do not collide unless `collide` is true."},
    [PARA_KIND_ZONE] = {PARA_FIELD_ZONE_name, PARA_FIELD_ZONE_if + 1, "zone",
                        "A convex area that notices bodies whose centre is inside, and may push them."},
    [PARA_KIND_AREA] = {PARA_FIELD_AREA_box, PARA_FIELD_AREA_note + 1, "area", "The form of a zone."},
    [PARA_KIND_PLAYER] = {PARA_FIELD_PLAYER_body, PARA_FIELD_PLAYER_note + 1, "player",
                          "The body of the one who acts."},
    [PARA_KIND_ACTUATOR] = {PARA_FIELD_ACTUATOR_motor, PARA_FIELD_ACTUATOR_note + 1, "actuator",
                            "What one action channel, -1 to 1, moves. Several may share a channel."},
    [PARA_KIND_KEYS] = {PARA_FIELD_KEYS_channel, PARA_FIELD_KEYS_note + 1, "keys",
                        "Keys of one action channel."},
    [PARA_KIND_PREDICATE] = {PARA_FIELD_PREDICATE_touch, PARA_FIELD_PREDICATE_note + 1, "predicate",
                             "Something that is true or false at each step. `player` may stand for the "
                             "player: all its parts in touch, else its main body. A repeated name means any "
                             "of its copies, or every copy with `every` and in collected."},
    [PARA_KIND_REWARD] = {PARA_FIELD_REWARD_approach, PARA_FIELD_REWARD_note + 1, "reward",
                          "Pays at each step. Of a repeated name every copy pays its share."},
    [PARA_KIND_MADE_BY] = {PARA_FIELD_MADE_BY_maker, PARA_FIELD_MADE_BY_note + 1, "made_by",
                           "Where a generated level comes from."},
};

const ParaField *para_field(ParaFieldId id) { return &rows[id]; }

const ParaField *para_fields(ParaObjectKind kind, int *out_count)
{
    *out_count = (int)(kinds[kind].end - kinds[kind].first);
    return &rows[kinds[kind].first];
}

ParaFieldId para_fields_first(ParaObjectKind kind) { return kinds[kind].first; }

const char *para_kind_name(ParaObjectKind kind) { return kinds[kind].name; }

const char *para_kind_about(ParaObjectKind kind) { return kinds[kind].about; }

bool para_field_goes_with(const ParaField *field, const char *head)
{
    if (!field->heads || !head)
        return true;
    size_t length = strlen(head);
    for (const char *at = field->heads; *at;) {
        size_t word = strcspn(at, " ");
        if (word == length && memcmp(at, head, length) == 0)
            return true;
        at += word;
        at += strspn(at, " ");
    }
    return false;
}

const char *const *para_role_words(int *out_count)
{
    static const char *const words[] = {"none", "target", "cargo", "hazard"};
    *out_count = 4;
    return words;
}

ParaRole para_role_from_word(int word)
{
    static const ParaRole roles[] = {PARA_ROLE_NONE, PARA_ROLE_TARGET, PARA_ROLE_CARGO, PARA_ROLE_HAZARD};
    return roles[word];
}

static ParaBoundShape shape_default(void)
{
    ParaShapeDef def = para_shape_def_default();
    return (ParaBoundShape){.density = def.density, .friction = def.friction, .restitution = def.restitution};
}

static ParaActuator actuator_default(void)
{
    return (ParaActuator){
        .sign = 1, .body = -1, .joint = -1, .thruster = -1, .rate = 10, .speed = 3, .force = 10, .air = 0.3f};
}

void para_bound_default(ParaObjectKind kind, ParaBound *out)
{
    ParaShapeDef shape = para_shape_def_default();
    memset(out, 0, sizeof *out);
    switch (kind) {
    case PARA_KIND_TEMPLATE:
        out->template_ = (ParaBoundTemplate){.solved = 10, .failed = -3};
        break;
    case PARA_KIND_WORLD:
        out->world = (ParaBoundWorld){.def = para_world_def_default(), .seconds = 20, .frame_skip = 4};
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
    case PARA_KIND_SHAPE:
        out->shape = shape_default();
        break;
    case PARA_KIND_JOINT:
        out->joint.def = para_joint_def_default();
        break;
    case PARA_KIND_ZONE:
        out->zone.def = para_zone_def_default();
        break;
    case PARA_KIND_PLAYER:
        out->player.sight = 10;
        break;
    case PARA_KIND_ACTUATOR:
        out->actuator = (ParaBoundActuator){.def = actuator_default(), .direction = {0, 1}};
        break;
    case PARA_KIND_PREDICATE:
        out->predicate.node = (ParaGoalNode){.a = -1, .b = -1, .zone = -1};
        break;
    case PARA_KIND_REWARD:
        out->reward.term = (ParaRewardTerm){.a = -1, .b = -1, .zone = -1, .weight = 1};
        break;
    default:
        break;
    }
}
