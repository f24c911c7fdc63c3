// SPDX-License-Identifier: MIT
#pragma once
// What a loaded template is in memory, shared by the loader (writes it), the checks and the sampler.
// Every JSON object becomes a ParaObject with one value per row of its kind in the table of fields.
// Private to worlds.
#include "engine/base/assert.h"
#include "worlds/expr/expr.h"
#include "worlds/format/fields.h"
#include "worlds/problems.h"
#include "worlds/template.h"

#define PARA_NESTING_MAX         24 ///< JSON levels
#define PARA_LETS_MAX            64
#define PARA_VALUES_MAX          512             ///< `let`s, and arguments and places of parts
#define PARA_INCLUDES_MAX        64              ///< with those of parts, but for parts of which one is taken
#define PARA_OBJECTS_MAX         PARA_BODIES_MAX ///< bodies, joints or zones as written, not all in one member
#define PARA_LOOPS_MAX           256 ///< groups, parts that are repeated, and parts of which one is taken
#define PARA_PREDICATE_DEPTH_MAX 6

/// A number as it stands in the template.
typedef struct ParaNumber {
    double constant; ///< [1] any finite, in the unit of its field, where expr is NULL
    const ParaExpr *expr;
    const char *path;       ///< of an expression
    uint64_t stream;        ///< [id] of its draws
    struct ParaRef *things; ///< two for each question its expression asks of the world  [2 * sense_count]
} ParaNumber;

/// A group, or a part that is included, in as many copies as its number says: what is in it is there in each.
typedef struct ParaLoop {
    const struct ParaLoop *outer; ///< the one around it; NULL: none
    const char *path;
    const char
        *prefix; ///< "town-house-": what names of its things begin with; its number goes before the last "-"
    int number;  ///< [1] 0..PARA_LOOPS_MAX which of the template's; those around it come before
    const ParaNumber *repeat;     ///< how many; NULL: one, without a number in its names
    const ParaNumber *condition;  ///< it exists where this is not 0; NULL: always
    ParaFieldId repeat_id, if_id; ///< their rows
    int let;                      ///< [1] >= 0 the `let` that is its index from 0; -1: none
    int which;  ///< [1] >= 0 of one of several parts: the `let` that says which of them is there; -1: none
    int choice; ///< [1] 0..PARA_CHOICES_MAX - 1 it is there where that `let` is this
    const char *part; ///< of one of several parts: its name, "terrain/stairs"
    int first, end;   ///< [1] >= 0 among these are the `let`s that each copy works out anew
} ParaLoop;

/// What names and expressions know where something stands: in a group, or in a part.
typedef struct ParaFrame {
    const char *prefix;            ///< "car-"
    int first, end;                ///< [1] 0..PARA_VALUES_MAX of its `let`s; end -1: all that come
    bool group;                    ///< it knows what is around it, too; a part does not
    bool counts;                   ///< of a group: i, n and copy are its own where nothing in it repeats
    const struct ParaFrame *outer; ///< of a group: what is around it; NULL: the template
} ParaFrame;

/// One number in the name of a copy: "rope2-link" has one, and none of its own copy.
typedef struct ParaStep {
    bool given; ///< else any
    ParaNumber number;
} ParaStep;

/// The name of something: "wheel", "link3", "link{i+1}", "coin1..coin7" or "player".
typedef struct ParaRef {
    const char *text;   ///< as written
    const char *prefix; ///< before the braces; NULL without them
    ParaNumber index;   ///< between the braces
    const char *last;   ///< after the dots; NULL without them
    const char *mask; ///< of "rope{i+1}-link{2}", numbers elsewhere than at the end: "rope{-link{"; else NULL
    ParaNumber *holes; ///< what stands in its braces
    ParaStep *steps; ///< once it is found, of the groups around it from the outermost, and of the copy; NULL:
                     ///< it says none of those
    const char *path;
    const ParaFrame *frame; ///< where it stands; NULL: in the template
    const ParaLoop *loop;   ///< likewise; NULL: in none
    int spaces;             ///< [bits] where it may be found
    int space;  ///< [bits] the space it was found in, by para_template_check; 0: looked up by name in each
                ///< member
    int object; ///< [1] >= 0 which object of that space: of the plain name, or of the repeated name before a
                ///< number
    int copy;   ///< [1] >= 0, of "link3": 2; -1: all copies are meant; with `prefix` the index says
    const struct ParaRef *before; ///< the same name in another of several parts, found before; NULL: none
    const struct ParaRef *other;  ///< likewise, found after this one
} ParaRef;
#define PARA_SPACE_PLAYER 8 ///< "player", where nothing else has that name; `object` 0, or of "player2" 2

typedef struct ParaObject ParaObject;

/// Where a part is: the values of two `let`s [m], in the frame of the part around it.
typedef struct ParaOffset {
    int let; ///< [1] >= 0 of x; that of y is the next
    const struct ParaOffset *outer;
} ParaOffset;

typedef struct ParaValue {
    bool given;    ///< there, if perhaps wrong
    bool present;  ///< there and good
    bool truth;    ///< BOOL
    int count;     ///< [1] >= 0 numbers (POINTS: pairs), refs or objects; VARIABLE: which
    ParaRole role; ///< ROLE
    union {
        ParaNumber *numbers; ///< NUMBER [1], PAIR [2], POINTS [2 * count], REFS_NUMBER [1], PLACE [count]
        ParaObject *objects; ///< OBJECT [1], LIST, CHAIN by rule [1] with count 0
        const char *text;
        uint64_t hex; ///< [id] HEX: a seed or a hash
    };
    ParaRef *refs; ///< REF, REFS, REFS_NUMBER, PLACE by name
} ParaValue;

struct ParaObject {
    ParaObjectKind kind;
    const char *path;
    const ParaField *head; ///< the row that says what it is, or NULL
    ParaFieldId head_id;
    uint64_t key;             ///< [id] of its draws
    ParaValue *values;        ///< [rows of the kind]
    const ParaOffset *offset; ///< of a body, joint or zone of a part that was put somewhere; else NULL
    const ParaLoop *loop;     ///< innermost group or part around it that is repeated; NULL: none
    int lets;                 ///< [1] >= 0 of a body: its numbers use `let`s before this one
};

static inline const ParaValue *para_value(const ParaObject *object, ParaFieldId id)
{
    PARA_ASSERT(para_field(id)->kind == object->kind); // a row of another kind lies beyond its values
    return &object->values[id - para_fields_first(object->kind)];
}

struct ParaTemplate {
    const char *name, *about;
    ParaObject root;
    int param_count; ///< [1] 0..PARA_PARAMS_MAX
    ParaParam params[PARA_PARAMS_MAX];
    double param_low[PARA_PARAMS_MAX];  ///< [1] -1e6..1e6 as written; params[] has the saved value
    double param_high[PARA_PARAMS_MAX]; ///< [1] -1e6..1e6
    int tier_count;                     ///< [1] 0..PARA_TIERS_MAX
    ParaTier tiers[PARA_TIERS_MAX];
    int let_count;                          ///< [1] 0..PARA_VALUES_MAX the template's own first
    int own_let_count;                      ///< [1] 0..let_count the template's own
    const char *let_names[PARA_VALUES_MAX]; ///< "" where no expression may name it
    ParaNumber lets[PARA_VALUES_MAX];
    const ParaField *let_fields[PARA_VALUES_MAX]; ///< whose range it must be in; NULL: any
    const ParaLoop *let_loops[PARA_VALUES_MAX];   ///< in each copy of which it is worked out; NULL: once
    int loop_count;                               ///< [1] 0..PARA_LOOPS_MAX
    const ParaLoop *loops[PARA_LOOPS_MAX];
    int variable_count; ///< [1] 0..PARA_VARIABLES_MAX
    const char *variable_names[PARA_VARIABLES_MAX];
    ParaNumber variables[PARA_VARIABLES_MAX]; ///< [1] their values at the start
    int player_count;                         ///< [1] >= 0
    const ParaObject *players; ///< one, or that of each part of which one is the player; or all `players`
    int body_count, joint_count, zone_count; ///< [1] >= 0 objects, before repeat
    const ParaObject *bodies, *joints, *zones;
    bool varies;             ///< members differ; else it is one saved level
    bool silent[PARA_CODES]; ///< warnings that the author does not want to see
};

/// Has it `players`, who each have a name, a team and rules of their own, rather than one `player`?
bool para_template_is_company(const ParaTemplate *t);
/// Which player rules mean by a name: 0 for "player", 2 for "player2", which only `players` have; -1: none.
int para_ref_player(const ParaTemplate *t, const char *name);

/// A material that the template itself has; NULL: it has none of that name.
const ParaObject *para_template_material(const ParaTemplate *t, const char *name);

/// The third pass: names, references and what else can be judged without sampling. Marks references.
/// @return false if a problem was found
bool para_template_check(ParaTemplate *t, ParaArena *arena, ParaDiagList *diagnostics);

/// What the word of a terrain stands for. Chances hash nothing of it: a level has its points.
typedef enum ParaTerrainKind {
    PARA_TERRAIN_ROLLING,
    PARA_TERRAIN_STEPS,
    PARA_TERRAIN_STAIRS,
    PARA_TERRAIN_GAPS,
    PARA_TERRAIN_STUMPS,
    PARA_TERRAIN_CAVES,
    PARA_TERRAIN_ISLANDS,
    PARA_TERRAIN_TRAIL
} ParaTerrainKind;
const char *const *para_terrain_words(int *out_count); ///< in that order

/// Can there never be things of both in a member, as they are of parts of which one is taken?
bool para_loops_exclude(const ParaLoop *a, const ParaLoop *b);

/// A part in the template's text, under "parts" or "included".
/// @param out_path out, its JSON Pointer; may be NULL   @return NULL: it is not there
struct cJSON;
const struct cJSON *para_part_find(const struct cJSON *root, const char *name, ParaArena *arena,
                                   const char **out_path);

/// The names of the parts that a field means: one, all of a folder ("terrain/") in order, or a list of such.
/// @param out_names out, [PARA_CHOICES_MAX]   @return how many; -1: more than that
int para_part_choices(const struct cJSON *root, const struct cJSON *part, ParaArena *arena,
                      const char **out_names);

/// The second pass: the fields of the whole file, params and lets first. Tolerant: what could not be read is
/// left out, so that the third pass can still look at the rest.
void para_template_decode(ParaTemplate *t, const struct cJSON *json, ParaArena *arena,
                          ParaDiagList *diagnostics);
