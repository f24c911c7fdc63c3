// SPDX-License-Identifier: MIT
// The third pass of loading: sense. Names are unique, references lead somewhere, the player can act.
#include "worlds/format/data.h"

#include "engine/base/assert.h"

#include <string.h>

typedef struct Checker {
    ParaTemplate *t;
    ParaArena *arena;
    ParaDiagList *list;
    int predicates;
    bool names_unsure; ///< a name could not be read: what refers to it is not to blame
} Checker;

#define PROBLEM(checker, code, path, key, ...)                                                               \
    para_problem((checker)->list, PARA_DIAG_ERROR, code, path, key, __VA_ARGS__)

// ---------------------------------------------------------------------------------------------
// Names and references.

static const ParaObject *objects_of(const ParaTemplate *t, int space, int *out_count)
{
    *out_count = space == PARA_SPACE_BODY    ? t->body_count
                 : space == PARA_SPACE_JOINT ? t->joint_count
                                             : t->zone_count;
    return space == PARA_SPACE_BODY ? t->bodies : space == PARA_SPACE_JOINT ? t->joints : t->zones;
}

bool para_loops_exclude(const ParaLoop *a, const ParaLoop *b)
{
    for (; a; a = a->outer)
        for (const ParaLoop *other = b; a->which >= 0 && other; other = other->outer)
            if (other->which == a->which && other->choice != a->choice)
                return true;
    return false;
}

static const char *name_of(const ParaObject *object)
{
    ParaFieldId id = object->kind == PARA_KIND_BODY    ? PARA_FIELD_BODY_name
                     : object->kind == PARA_KIND_JOINT ? PARA_FIELD_JOINT_name
                                                       : PARA_FIELD_ZONE_name;
    const ParaValue *name = para_value(object, id);
    return name->present ? name->text : NULL;
}

/// Has it copies, and be it that their number cannot be read?
static bool is_repeated(const ParaObject *object)
{
    ParaFieldId id = object->kind == PARA_KIND_BODY    ? PARA_FIELD_BODY_repeat
                     : object->kind == PARA_KIND_JOINT ? PARA_FIELD_JOINT_repeat
                                                       : PARA_FIELD_ZONE_repeat;
    return para_value(object, id)->given;
}

/// Was this no object at all? Then nothing about its fields needs saying.
static bool is_unread(const ParaObject *object)
{
    int count;
    para_fields(object->kind, &count);
    for (int f = 0; f < count; f++)
        if (object->values[f].given)
            return false;
    return true;
}

static void find_unsure_names(Checker *checker)
{
    for (int space = PARA_SPACE_BODY; space <= PARA_SPACE_ZONE; space *= 2) {
        int count;
        const ParaObject *objects = objects_of(checker->t, space, &count);
        for (int k = 0; k < count; k++) {
            ParaFieldId id = space == PARA_SPACE_BODY    ? PARA_FIELD_BODY_name
                             : space == PARA_SPACE_JOINT ? PARA_FIELD_JOINT_name
                                                         : PARA_FIELD_ZONE_name;
            const ParaValue *name = para_value(&objects[k], id);
            checker->names_unsure |= (name->given && !name->present) || is_unread(&objects[k]);
        }
    }
    const ParaFieldId lists[] = {PARA_FIELD_TEMPLATE_bodies, PARA_FIELD_TEMPLATE_joints,
                                 PARA_FIELD_TEMPLATE_zones};
    for (int k = 0; k < 3; k++) {
        const ParaValue *list = para_value(&checker->t->root, lists[k]);
        checker->names_unsure |= list->given && !list->present;
    }
}

/// Bodies and zones share one space, since goals may name either; joints have their own.
static void check_names(Checker *checker, int spaces)
{
    for (int space = PARA_SPACE_BODY; space <= PARA_SPACE_ZONE; space *= 2) {
        int count, other_count;
        const ParaObject *objects = objects_of(checker->t, space, &count);
        for (int k = 0; (spaces & space) && k < count; k++) {
            const char *name = name_of(&objects[k]);
            bool found = false;
            for (int other = PARA_SPACE_BODY; name && other <= space && !found; other *= 2) {
                const ParaObject *others = objects_of(checker->t, other, &other_count);
                for (int m = 0; (spaces & other) && m < (other == space ? k : other_count) && !found; m++) {
                    const char *taken = name_of(&others[m]);
                    found = taken && strcmp(taken, name) == 0 &&
                            !para_loops_exclude(objects[k].loop, others[m].loop);
                    if (found) {
                        checker->names_unsure = true; // the second may have been meant to be another
                        PROBLEM(checker, PARA_CODE_DUPLICATE_NAME, objects[k].path, "name",
                                "\"%s\" is also the name of %s", name, others[m].path);
                    }
                }
            }
        }
    }
}

/// Is an object none that a name can mean: never there where the name is, or together with those that it
/// means already?
static bool is_hidden(const ParaTemplate *t, const ParaRef *ref, const ParaObject *object)
{
    if (para_loops_exclude(ref->loop, object->loop))
        return true;
    int count;
    for (const ParaRef *one = ref->before; one; one = one->before)
        if (!para_loops_exclude(objects_of(t, one->space, &count)[one->object].loop, object->loop))
            return true;
    return false;
}

/// Finds the object with this name; with `repeated` only among those with copies.
static bool find_object(const ParaTemplate *t, ParaRef *ref, const char *name, size_t length, bool repeated)
{
    for (int space = PARA_SPACE_BODY; space <= PARA_SPACE_ZONE; space *= 2) {
        int count;
        const ParaObject *objects = objects_of(t, space, &count);
        for (int k = 0; (ref->spaces & space) && k < count; k++) {
            const char *own = name_of(&objects[k]);
            if (!own || strlen(own) != length || memcmp(own, name, length) != 0 ||
                (repeated && !is_repeated(&objects[k])) || is_hidden(t, ref, &objects[k]))
                continue;
            ref->space = space;
            ref->object = k;
            return true;
        }
    }
    return false;
}

static const char *space_words(int spaces)
{
    switch (spaces) {
    case PARA_SPACE_BODY:
        return "body";
    case PARA_SPACE_JOINT:
        return "joint";
    case PARA_SPACE_ZONE:
        return "zone";
    case PARA_SPACE_BODY_JOINT:
        return "body or joint";
    default:
        return "body or zone";
    }
}

static void unknown_reference(Checker *checker, const ParaRef *ref, const char *name)
{
    const char *words[3 * PARA_OBJECTS_MAX];
    int count = 0;
    for (int space = PARA_SPACE_BODY; space <= PARA_SPACE_ZONE; space *= 2) {
        int object_count;
        const ParaObject *objects = objects_of(checker->t, space, &object_count);
        for (int k = 0; (ref->spaces & space) && k < object_count; k++)
            if (name_of(&objects[k]))
                words[count++] = name_of(&objects[k]);
    }
    PARA_ASSERT(count <= (int)(sizeof words / sizeof words[0])); // the table bounds each list
    if (checker->names_unsure)
        return; // it may be the name that could not be read, which has been told
    // The names of a predicate in the wrong order: what is there has that name, but is another kind of thing.
    ParaRef other = {.spaces = (PARA_SPACE_BODY | PARA_SPACE_JOINT | PARA_SPACE_ZONE) & ~ref->spaces};
    if (find_object(checker->t, &other, name, strlen(name), false)) {
        PROBLEM(checker, PARA_CODE_UNKNOWN_REFERENCE, ref->path, NULL,
                "there is no %s named \"%.60s\"; that is a %s", space_words(ref->spaces), name,
                space_words(other.space));
        return;
    }
    const char *close = para_closest_word(name, words, count);
    PROBLEM(checker, PARA_CODE_UNKNOWN_REFERENCE, ref->path, NULL, "there is no %s named \"%.60s\"%s%s%s",
            space_words(ref->spaces), name, close ? "; did you mean \"" : "", close ? close : "",
            close ? "\"?" : "");
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "link3" where "link" is repeated. Where more than one could be meant ("a12" where "a" and "a1" are), the
/// name is looked up in each member, which has at most one of it.
static bool find_copy(const ParaTemplate *t, ParaRef *ref, const char *name)
{
    size_t length = strlen(name);
    int found = 0, number = 0, place = 1;
    ParaRef only = *ref;
    for (size_t digits = 1; digits <= 6 && digits < length && is_digit(name[length - digits]); digits++) {
        number += place * (name[length - digits] - '0');
        place *= 10;
        ParaRef one = *ref;
        if (name[length - digits] == '0' || !find_object(t, &one, name, length - digits, true))
            continue;
        one.copy = number - 1;
        only = one;
        found++;
    }
    if (found == 1)
        *ref = only;
    return found > 0;
}

/// Could "wheel{i+1}" mean anything: a repeated "wheel", or things named wheel1, wheel2?
static bool has_prefix(const ParaTemplate *t, ParaRef *ref)
{
    size_t length = strlen(ref->prefix);
    if (find_object(t, ref, ref->prefix, length, true))
        return true;
    for (int space = PARA_SPACE_BODY; space <= PARA_SPACE_ZONE; space *= 2) {
        int count;
        const ParaObject *objects = objects_of(t, space, &count);
        for (int k = 0; (ref->spaces & space) && k < count; k++) {
            const char *own = name_of(&objects[k]);
            if (own && strncmp(own, ref->prefix, length) == 0 && is_digit(own[length]))
                return true;
        }
    }
    return false;
}

// ---------------------------------------------------------------------------------------------
// Names of copies in groups: "rope2-link3" where "rope-link" stands in a group of ropes.

/// A number in a name, if there is one: digits, or the next braces. @return false: "0" or "007" is none
static bool read_step(const ParaRef *ref, const char **name, int *hole, ParaStep *out)
{
    *out = (ParaStep){0};
    if (**name == '{') {
        *out = (ParaStep){.given = true, .number = ref->holes[(*hole)++]};
        (*name)++;
        return true;
    }
    if (!is_digit(**name))
        return true;
    int number = 0, digits = 0;
    bool good = **name != '0';
    for (; is_digit(**name) && digits < 6; digits++)
        number = 10 * number + (*(*name)++ - '0');
    *out = (ParaStep){.given = true, .number = {.constant = number}};
    return good;
}

/// Does a name mean copies of an object in a group? @param steps out, of its groups from the outermost and of
/// itself  [PARA_LOOPS_MAX + 1]
static bool match_copies(const ParaRef *ref, const ParaObject *object, const char *name, ParaStep *steps)
{
    const ParaLoop *loops[PARA_LOOPS_MAX];
    int depth = 0, hole = 0;
    for (const ParaLoop *loop = object->loop; loop; loop = loop->outer)
        loops[depth++] = loop;
    const char *own = name_of(object), *at = own;
    if (!own || depth == 0)
        return false;
    for (int k = 0; k < depth; k++) {
        const ParaLoop *loop = loops[depth - 1 - k];
        const char *end = own + strlen(loop->prefix) - 1; // names of its things begin with it
        size_t length = (size_t)(end - at);
        if (strncmp(at, name, length) != 0)
            return false;
        name += length;
        at = end;
        steps[k] = (ParaStep){0};
        if (loop->repeat && !read_step(ref, &name, &hole, &steps[k]))
            return false;
    }
    size_t length = strlen(at);
    if (strncmp(at, name, length) != 0)
        return false;
    name += length;
    steps[depth] = (ParaStep){0};
    return (!is_repeated(object) || read_step(ref, &name, &hole, &steps[depth])) && *name == '\0';
}

static bool find_copies(Checker *checker, ParaRef *ref, const char *name)
{
    ParaStep steps[PARA_LOOPS_MAX + 1];
    for (int space = PARA_SPACE_BODY; space <= PARA_SPACE_ZONE; space *= 2) {
        int count, depth = 1;
        const ParaObject *objects = objects_of(checker->t, space, &count);
        for (int k = 0; (ref->spaces & space) && k < count; k++) {
            if (!match_copies(ref, &objects[k], name, steps) || is_hidden(checker->t, ref, &objects[k]))
                continue;
            for (const ParaLoop *loop = objects[k].loop; loop; loop = loop->outer)
                depth++;
            ref->space = space;
            ref->object = k;
            ref->copy = -1;
            ref->steps = PARA_NEW(checker->arena, ParaStep, depth);
            memcpy(ref->steps, steps, sizeof *steps * (size_t)depth);
            return true;
        }
    }
    return false;
}

/// One end of a run.
static bool has_end(Checker *checker, const ParaRef *ref, const char *name)
{
    ParaRef end = *ref;
    return find_object(checker->t, &end, name, strlen(name), false) || find_copy(checker->t, &end, name) ||
           find_copies(checker, &end, name);
}

/// Looks a reference up as it stands there. @return NULL: found; else the name that is none
static const char *look_up(Checker *checker, ParaRef *ref)
{
    ParaTemplate *t = checker->t;
    ref->copy = -1;
    ref->space = 0;
    ref->object = -1;
    if (ref->prefix && has_prefix(t, ref))
        return NULL;
    if (ref->mask) {
        const char *name = ref->prefix ? ref->prefix : ref->mask;
        ref->prefix = NULL; // as copies in groups, or not at all
        return find_copies(checker, ref, ref->mask) ? NULL : name;
    }
    if (ref->last)
        return !has_end(checker, ref, ref->last)   ? ref->last
               : !has_end(checker, ref, ref->text) ? ref->text
                                                   : NULL;
    if (find_object(t, ref, ref->text, strlen(ref->text), false) || find_copy(t, ref, ref->text) ||
        find_copies(checker, ref, ref->text))
        return NULL;
    return ref->text;
}

static const char *changed(Checker *checker, const char *text, const char *prefix, size_t cut)
{
    return text ? para_arena_printf(checker->arena, "%s%s", prefix, text + cut) : NULL;
}

/// Looks a reference up as it stands there, then in what is around. @return NULL: found; else the name that
/// is none; `out_inner` that which it would have where it stands
static const char *find_ref(Checker *checker, const ParaRef *written, ParaRef *ref, const char **out_inner)
{
    const ParaRef *before = ref->before;
    const char *missing = look_up(checker, ref);
    *out_inner = missing;
    // In a group a name may be that of something around it.
    const ParaFrame *frame = written->frame;
    for (const ParaFrame *around = frame; missing && around && around->group; around = around->outer) {
        const char *prefix = around->outer ? around->outer->prefix : "";
        size_t cut = strlen(frame->prefix);
        *ref = *written;
        ref->before = before;
        ref->text = changed(checker, written->text, prefix, cut);
        ref->prefix = changed(checker, written->prefix, prefix, cut);
        ref->last = changed(checker, written->last, prefix, cut);
        ref->mask = changed(checker, written->mask, prefix, cut);
        missing = look_up(checker, ref);
    }
    return missing;
}

/// The same name in others of the parts of which one is there.
static void find_others(Checker *checker, const ParaRef *written, ParaRef *ref)
{
    int count;
    const char *inner;
    for (ParaRef *last = ref; last->space && last->object >= 0 && !last->last && !last->prefix;) {
        const ParaLoop *loop = objects_of(checker->t, last->space, &count)[last->object].loop;
        while (loop && loop->which < 0)
            loop = loop->outer;
        if (!loop)
            return;
        ParaRef *next = PARA_NEW(checker->arena, ParaRef, 1);
        *next = *written;
        next->before = last;
        if (find_ref(checker, written, next, &inner))
            return;
        last->other = next;
        last = next;
    }
}

bool para_template_is_company(const ParaTemplate *t)
{
    return para_value(&t->root, PARA_FIELD_TEMPLATE_players)->present;
}

int para_ref_player(const ParaTemplate *t, const char *name)
{
    if (strncmp(name, "player", 6) != 0)
        return -1;
    if (!name[6])
        return 0;
    for (int k = 1; para_template_is_company(t) && k <= PARA_PLAYERS_MAX; k++) {
        char number[12];
        snprintf(number, sizeof number, "%d", k);
        if (strcmp(name + 6, number) == 0)
            return k;
    }
    return -1;
}

static void check_ref(Checker *checker, ParaRef *ref, ParaObjectKind kind)
{
    ParaRef written = *ref;
    const char *inner;
    if (!ref->text)
        return;
    const char *missing = find_ref(checker, &written, ref, &inner);
    bool rules = kind == PARA_KIND_PREDICATE || kind == PARA_KIND_REWARD || kind == PARA_KIND_ACT ||
                 kind == PARA_KIND_CONSTRAINT || kind == PARA_KIND_OBSERVE;
    const char *own = written.text + (written.frame ? strlen(written.frame->prefix) : 0);
    int player = rules && (ref->spaces & PARA_SPACE_BODY) ? para_ref_player(checker->t, own) : -1;
    if (missing && player >= 0) {
        ref->space = PARA_SPACE_PLAYER;
        ref->object = player;
    } else if (missing)
        unknown_reference(checker, ref, inner);
    else
        find_others(checker, &written, ref);
}

// ---------------------------------------------------------------------------------------------
// Kinds.

static bool has(const ParaObject *object, ParaFieldId id) { return para_value(object, id)->present; }

static bool is_given(const ParaObject *object, ParaFieldId id) { return para_value(object, id)->given; }

static bool is_true(const ParaObject *object, ParaFieldId id)
{
    const ParaValue *value = para_value(object, id);
    return value->present && value->truth;
}

static void check_body(Checker *checker, const ParaObject *body)
{
    bool is_static = is_true(body, PARA_FIELD_BODY_static),
         kinematic = is_true(body, PARA_FIELD_BODY_kinematic);
    if (is_true(body, PARA_FIELD_BODY_ground) && !is_static)
        PROBLEM(checker, PARA_CODE_BODY_KIND, body->path, "ground", "only what is static is ground");
    bool shape = is_given(body, PARA_FIELD_BODY_shape), shapes = is_given(body, PARA_FIELD_BODY_shapes);
    bool moves = has(body, PARA_FIELD_BODY_moves), path = has(body, PARA_FIELD_BODY_path);
    if (is_true(body, PARA_FIELD_BODY_spare) && (moves || path))
        PROBLEM(checker, PARA_CODE_BODY_KIND, body->path, "spare",
                "a body that moves by itself is where its clock has it; it cannot be spawned elsewhere");
    if (is_static && kinematic)
        PROBLEM(checker, PARA_CODE_BODY_KIND, body->path, "kinematic",
                "a body is static or kinematic, not both");
    if (is_static && (has(body, PARA_FIELD_BODY_velocity) || has(body, PARA_FIELD_BODY_spin)))
        PROBLEM(checker, PARA_CODE_BODY_KIND, body->path,
                has(body, PARA_FIELD_BODY_velocity) ? "velocity" : "spin",
                "a static body never moves; make it kinematic");
    if ((moves || path) && !kinematic)
        PROBLEM(checker, PARA_CODE_BODY_KIND, body->path, moves ? "moves" : "path",
                "only a kinematic body %s; add \"kinematic\": true", moves ? "swings" : "goes by a path");
    if (moves && path)
        PROBLEM(checker, PARA_CODE_TWO_HEADS, body->path, "path",
                "a body has \"moves\" or a \"path\", not both")
            ->at_key = true;
    if (is_true(body, PARA_FIELD_BODY_fixed_rotation) && (is_static || kinematic))
        PROBLEM(checker, PARA_CODE_BODY_KIND, body->path, "fixed_rotation",
                "only what forces move has to be kept from turning; this body turns as its spin says");
    else if (is_true(body, PARA_FIELD_BODY_fixed_rotation) && has(body, PARA_FIELD_BODY_spin))
        PROBLEM(checker, PARA_CODE_BODY_KIND, body->path, "spin", "a body of fixed rotation has no spin");
    if (shape && shapes)
        PROBLEM(checker, PARA_CODE_SHAPE_CHOICE, body->path, "shapes",
                "give \"shape\" or \"shapes\", not both");
    else if (!shape && !shapes && !is_static && !kinematic && !is_unread(body))
        PROBLEM(checker, PARA_CODE_SHAPE_CHOICE, body->path, NULL,
                "a body that moves needs a \"shape\", or \"shapes\"");
}

static void check_moves(Checker *checker, const ParaObject *moves)
{
    if (is_true(moves, PARA_FIELD_MOVES_ends) && has(moves, PARA_FIELD_MOVES_phase))
        PROBLEM(checker, PARA_CODE_NOT_APPLICABLE, moves->path, "phase",
                "a body whose way \"ends\" begins at its place, and has no phase");
}

static const char *name_of_material(const ParaObject *material)
{
    const ParaValue *name = para_value(material, PARA_FIELD_MATERIAL_name);
    return name->present ? name->text : NULL;
}

const ParaObject *para_template_material(const ParaTemplate *t, const char *name)
{
    const ParaValue *list = para_value(&t->root, PARA_FIELD_TEMPLATE_materials);
    for (int k = 0; list->present && k < list->count; k++)
        if (name_of_material(&list->objects[k]) && strcmp(name_of_material(&list->objects[k]), name) == 0)
            return &list->objects[k];
    return NULL;
}

/// The names of all materials: the template's, and the program's own.
static int material_names(const ParaTemplate *t, const char *names[static 64 + PARA_MATERIAL_COUNT])
{
    const ParaValue *list = para_value(&t->root, PARA_FIELD_TEMPLATE_materials);
    int words, count = 0;
    for (int k = 0; list->present && k < list->count; k++)
        if (name_of_material(&list->objects[k]))
            names[count++] = name_of_material(&list->objects[k]);
    const char *const *own = para_field_words(PARA_WORDS_MATERIAL, &words);
    for (int k = PARA_MATERIAL_NONE + 1; k < words; k++)
        names[count++] = own[k];
    return count;
}

static void check_material_name(Checker *checker, const ParaObject *body)
{
    const char *names[64 + PARA_MATERIAL_COUNT];
    const ParaValue *material = para_value(body, PARA_FIELD_BODY_material);
    if (!material->present)
        return;
    ParaBoundMaterial known;
    if (para_template_material(checker->t, material->text) || para_material_find(material->text, &known))
        return;
    int count = material_names(checker->t, names);
    const char *close = para_closest_word(material->text, names, count);
    PROBLEM(checker, PARA_CODE_UNKNOWN_REFERENCE, body->path, "material",
            "there is no material \"%.60s\"%s%s%s", material->text, close ? "; did you mean \"" : "",
            close ? close : "", close ? "\"?" : "");
}

static void check_materials(Checker *checker)
{
    const ParaValue *list = para_value(&checker->t->root, PARA_FIELD_TEMPLATE_materials);
    for (int k = 0; list->present && k < list->count; k++) {
        const char *name = name_of_material(&list->objects[k]);
        if (name && para_template_material(checker->t, name) != &list->objects[k])
            PROBLEM(checker, PARA_CODE_DUPLICATE_NAME, list->objects[k].path, "name",
                    "there is a material \"%s\" already", name);
    }
}

static void check_shatters(Checker *checker, const ParaObject *shatters)
{
    bool pieces = is_given(shatters, PARA_FIELD_SHATTERS_pieces);
    if (!has(shatters, PARA_FIELD_SHATTERS_impulse) && !has(shatters, PARA_FIELD_SHATTERS_squeeze))
        PROBLEM(checker, PARA_CODE_MISSING_FIELD, shatters->path, NULL,
                "says nothing of what breaks it; give an \"impulse\" (a blow) or a \"squeeze\", or both");
    if (pieces && is_given(shatters, PARA_FIELD_SHATTERS_into))
        PROBLEM(checker, PARA_CODE_TWO_HEADS, shatters->path, "into", "what comes are \"pieces\" already")
            ->at_key = true;
    if (!pieces && is_given(shatters, PARA_FIELD_SHATTERS_fragile))
        PROBLEM(checker, PARA_CODE_NOT_APPLICABLE, shatters->path, "fragile", "goes with \"pieces\" only")
            ->at_key = true;
}

static void check_path(Checker *checker, const ParaObject *path)
{
    const ParaValue *stops = para_value(path, PARA_FIELD_PATH_stops);
    if (stops->present && stops->count == 0)
        PROBLEM(checker, PARA_CODE_ITEM_COUNT, path->path, "stops", "must have at least 1 item; got 0");
}

static void check_joint(Checker *checker, const ParaObject *joint)
{
    static const ParaFieldId places[] = {PARA_FIELD_JOINT_at, PARA_FIELD_JOINT_at_a, PARA_FIELD_JOINT_at_b};
    static const ParaFieldId anchors[][2] = {{PARA_FIELD_JOINT_anchor_a, PARA_FIELD_JOINT_anchor_b},
                                             {PARA_FIELD_JOINT_anchor_a, PARA_FIELD_JOINT_anchor_a},
                                             {PARA_FIELD_JOINT_anchor_b, PARA_FIELD_JOINT_anchor_b}};
    for (int k = 0; k < 3; k++) {
        ParaFieldId twice = has(joint, anchors[k][0]) ? anchors[k][0] : anchors[k][1];
        if (has(joint, places[k]) && has(joint, twice))
            PROBLEM(checker, PARA_CODE_ANCHORS, joint->path, para_field(twice)->name,
                    "the place is given by \"%s\" already", para_field(places[k])->name);
    }
    const ParaValue *head = joint->head ? para_value(joint, joint->head_id) : NULL;
    if (head && head->present && !head->refs[0].prefix && !head->refs[1].prefix &&
        strcmp(head->refs[0].text, head->refs[1].text) == 0)
        PROBLEM(checker, PARA_CODE_SAME_BODY, joint->path, joint->head->name, "joins \"%s\" to itself",
                head->refs[0].text);
}

static void check_truth_head(Checker *checker, const ParaObject *reward)
{
    const ParaValue *value = reward->head ? para_value(reward, reward->head_id) : NULL;
    if (value && value->present && reward->head->type == PARA_TYPE_BOOL && !value->truth)
        PROBLEM(checker, PARA_CODE_WORD, reward->path, reward->head->name,
                "must be true; leave the term out otherwise");
}

/// A ladder without anybody to climb it is a zone that does nothing.
static void check_ladder(Checker *checker, const ParaObject *zone)
{
    const ParaValue *ladder = para_value(zone, PARA_FIELD_ZONE_ladder);
    if (!ladder->present || !ladder->truth || checker->t->player_count == 0)
        return;
    for (int p = 0; p < checker->t->player_count; p++) {
        const ParaValue *actuators = para_value(&checker->t->players[p], PARA_FIELD_PLAYER_actuators);
        for (int k = 0; actuators->present && k < actuators->count; k++)
            if (actuators->objects[k].head && actuators->objects[k].head_id == PARA_FIELD_ACTUATOR_climb)
                return;
    }
    para_problem(checker->list, PARA_DIAG_WARNING, PARA_CODE_NO_CLIMBER, zone->path, "ladder",
                 "the player has no \"climb\": nobody holds on to it");
}

/// With one player the level says what it is there for; of several the first has the choices of all.
static void check_company(Checker *checker, const ParaObject *player)
{
    static const ParaFieldId own[] = {PARA_FIELD_PLAYER_name,   PARA_FIELD_PLAYER_team,
                                      PARA_FIELD_PLAYER_share,  PARA_FIELD_PLAYER_goal,
                                      PARA_FIELD_PLAYER_fail,   PARA_FIELD_PLAYER_rewards,
                                      PARA_FIELD_PLAYER_solved, PARA_FIELD_PLAYER_failed};
    const ParaTemplate *t = checker->t;
    bool several = para_template_is_company(t);
    for (size_t k = 0; k < sizeof own / sizeof *own && !several; k++)
        if (is_given(player, own[k]))
            PROBLEM(
                checker, PARA_CODE_NOT_APPLICABLE, player->path, para_field(own[k])->name,
                "is for \"players\"; with one \"player\" write it beside it, in the level itself, if at all")
                ->at_key = true;
    if (!several)
        return;
    if (!is_given(player, PARA_FIELD_PLAYER_goal) && !is_given(&t->root, PARA_FIELD_TEMPLATE_goal))
        PROBLEM(checker, PARA_CODE_MISSING_FIELD, player->path, NULL,
                "has no \"goal\", and the level has none for it: write one in either");
    if (is_given(player, PARA_FIELD_PLAYER_moves) && strcmp(player->path, t->players[0].path) != 0)
        PROBLEM(checker, PARA_CODE_NOT_APPLICABLE, player->path, "moves",
                "the first of the players says the choices of all; write them there")
            ->at_key = true;
    const ParaValue *name = para_value(player, PARA_FIELD_PLAYER_name);
    for (int k = 0; name->present && k < t->player_count; k++) {
        const ParaValue *other = para_value(&t->players[k], PARA_FIELD_PLAYER_name);
        if (&t->players[k] == player || strcmp(t->players[k].path, player->path) == 0)
            break;
        if (other->present && strcmp(other->text, name->text) == 0)
            PROBLEM(checker, PARA_CODE_DUPLICATE_NAME, player->path, "name", "\"%s\" is also the name of %s",
                    name->text, t->players[k].path);
    }
}

/// In the rules of several players "player" is whose rule it is, and "player2" the second of them.
static void check_taken_names(Checker *checker)
{
    const ParaTemplate *t = checker->t;
    for (int space = PARA_SPACE_BODY; space <= PARA_SPACE_ZONE && para_template_is_company(t); space *= 2) {
        int count;
        const ParaObject *objects = objects_of(t, space, &count);
        for (int k = 0; k < count && space != PARA_SPACE_JOINT; k++) {
            const ParaValue *name = para_value(&objects[k], space == PARA_SPACE_BODY ? PARA_FIELD_BODY_name
                                                                                     : PARA_FIELD_ZONE_name);
            if (name->present && para_ref_player(t, name->text) >= 0)
                PROBLEM(checker, PARA_CODE_DUPLICATE_NAME, objects[k].path, "name",
                        "with \"players\" the rules call them \"player\", \"player1\", \"player2\", ...; "
                        "take another name");
        }
    }
}

static void check_player(Checker *checker, const ParaObject *player)
{
    const ParaValue *actuators = para_value(player, PARA_FIELD_PLAYER_actuators);
    const ParaValue *keys = para_value(player, PARA_FIELD_PLAYER_keys);
    int grips = 0;
    uint32_t channels = 0, keyed = 0;
    bool constant = true;
    check_company(checker, player);
    if (!actuators->present || actuators->count == 0)
        para_problem(checker->list, PARA_DIAG_WARNING, PARA_CODE_NO_ACTUATOR, player->path, NULL,
                     "no actuators: nothing the player does has an effect");
    for (int k = 0; actuators->present && k < actuators->count; k++) {
        const ParaObject *actuator = &actuators->objects[k];
        const ParaValue *channel = para_value(actuator, PARA_FIELD_ACTUATOR_channel);
        if (channel->present && channel->numbers->expr)
            constant = false;
        else
            channels |= 1u << (channel->present ? (int)channel->numbers->constant : 0);
        // Of those with a condition there may be one in each member.
        bool grip = actuator->head && actuator->head_id == PARA_FIELD_ACTUATOR_grip;
        if (grip && !has(actuator, PARA_FIELD_ACTUATOR_if) && ++grips == 2)
            PROBLEM(checker, PARA_CODE_TWO_GRIPS, actuator->path, "grip", "a player has at most one grip");
    }
    for (int k = 0; keys->present && k < keys->count; k++) {
        const ParaValue *channel = para_value(&keys->objects[k], PARA_FIELD_KEYS_channel);
        if (!channel->present)
            continue;
        int c = (int)channel->numbers->constant;
        if (keyed & 1u << c)
            PROBLEM(checker, PARA_CODE_DUPLICATE_KEYS, keys->objects[k].path, "channel",
                    "channel %d has keys already", c);
        else if (constant && !(channels & 1u << c))
            para_problem(checker->list, PARA_DIAG_WARNING, PARA_CODE_UNBOUND_KEYS, keys->objects[k].path,
                         "channel", "no actuator uses channel %d", c);
        keyed |= 1u << c;
    }
}

static bool shapeless(const ParaTemplate *t, const ParaRef *ref)
{
    if (ref->space != PARA_SPACE_BODY || ref->object < 0)
        return false;
    const ParaObject *body = &t->bodies[ref->object];
    const ParaValue *shapes = para_value(body, PARA_FIELD_BODY_shapes);
    return !has(body, PARA_FIELD_BODY_shape) && (!shapes->present || shapes->count == 0);
}

static void check_predicate(Checker *checker, const ParaObject *predicate)
{
    const ParaValue *head = predicate->head ? para_value(predicate, predicate->head_id) : NULL;
    if (++checker->predicates == PARA_GOAL_NODES_MAX + 1)
        PROBLEM(checker, PARA_CODE_GOAL_SIZE, predicate->path, NULL,
                "goal, fail and events together have more than %d predicates", PARA_GOAL_NODES_MAX);
    if (head && head->present && predicate->head_id == PARA_FIELD_PREDICATE_part)
        PROBLEM(checker, PARA_CODE_NOT_APPLICABLE, predicate->path, "part",
                "only goal and fail take those of a part")
            ->at_key = true;
    if (!head || !head->present || predicate->head_id != PARA_FIELD_PREDICATE_touch)
        return;
    for (int k = 0; k < head->count; k++)
        if (shapeless(checker->t, &head->refs[k]))
            PROBLEM(checker, PARA_CODE_TOUCHING_NOTHING, head->refs[k].path, NULL,
                    "\"%s\" has no shape, so nothing touches it", head->refs[k].text);
}

/// A chain has a rule for its points, or is a terrain.
static void check_chain(Checker *checker, const ParaObject *chain)
{
    static const ParaFieldId rule[] = {PARA_FIELD_CHAIN_count, PARA_FIELD_CHAIN_point};
    static const ParaFieldId terrain[] = {PARA_FIELD_CHAIN_length,    PARA_FIELD_CHAIN_amplitude,
                                          PARA_FIELD_CHAIN_roughness, PARA_FIELD_CHAIN_flat,
                                          PARA_FIELD_CHAIN_step,      PARA_FIELD_CHAIN_obstacles};
    static const int terrain_count = sizeof terrain / sizeof *terrain;
    const ParaValue *word = para_value(chain, PARA_FIELD_CHAIN_terrain);
    for (int k = 0; !word->given && k < 2; k++)
        if (!para_value(chain, rule[k])->given)
            PROBLEM(checker, PARA_CODE_MISSING_FIELD, chain->path, NULL, "\"%s\" is missing: %s",
                    para_field(rule[k])->name, para_field(rule[k])->help);
    for (int k = 0; !word->given && k < terrain_count; k++)
        if (para_value(chain, terrain[k])->given)
            PROBLEM(checker, PARA_CODE_NOT_APPLICABLE, chain->path, para_field(terrain[k])->name,
                    "goes with a \"terrain\" only")
                ->at_key = true;
    if (word->given && para_value(chain, PARA_FIELD_CHAIN_point)->given)
        PROBLEM(checker, PARA_CODE_TWO_HEADS, chain->path, "point", "a terrain makes its own points")
            ->at_key = true;
    int count, known = 0;
    const char *const *words = para_terrain_words(&count);
    for (int k = 0; word->present && k < count; k++)
        known |= strcmp(words[k], word->text) == 0;
    const char *close = word->present && !known ? para_closest_word(word->text, words, count) : NULL;
    if (word->present && !known)
        PROBLEM(checker, PARA_CODE_WORD, chain->path, "terrain",
                "must be rolling, steps, stairs, gaps, stumps, caves, islands or trail; got \"%s\"%s%s%s",
                word->text, close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
    bool trail = word->present && strcmp(word->text, words[PARA_TERRAIN_TRAIL]) == 0;
    if (known && !trail && para_value(chain, PARA_FIELD_CHAIN_obstacles)->given)
        PROBLEM(checker, PARA_CODE_NOT_APPLICABLE, chain->path, "obstacles",
                "goes with the terrain \"trail\" only")
            ->at_key = true;
    const ParaValue *number = para_value(chain, PARA_FIELD_CHAIN_count);
    if (number->present && !number->numbers->expr && number->numbers->constant < 2 && !word->given)
        PROBLEM(checker, PARA_CODE_RANGE, chain->path, "count", "a chain has 2 or more points; got %.9g",
                number->numbers->constant);
}

// ---------------------------------------------------------------------------------------------
// The walk over all objects.

static void check_object(Checker *checker, const ParaObject *object);

/// How many numbers a value has whose field may change in play.
static int numbers_of(const ParaField *field, const ParaValue *value)
{
    if (field->type == PARA_TYPE_PLACE)
        return value->refs ? 0 : value->count;
    return field->type == PARA_TYPE_PAIR ? 2 : field->type == PARA_TYPE_NUMBER ? 1 : 0;
}

/// What a number asks about.
static void check_things(Checker *checker, const ParaNumber *number, ParaObjectKind kind)
{
    for (int k = 0; number->things && k < 2 * number->expr->sense_count; k++)
        check_ref(checker, &number->things[k], kind);
}

static void check_value(Checker *checker, const ParaObject *object, const ParaField *field,
                        const ParaValue *value)
{
    if (!value->present)
        return;
    for (int k = 0; value->refs && k < value->count; k++)
        check_ref(checker, &value->refs[k], object->kind);
    for (int k = 0; (field->flags & PARA_FLAG_CHANGES) && k < numbers_of(field, value); k++)
        check_things(checker, &value->numbers[k], object->kind);
    bool rule = field->type == PARA_TYPE_CHAIN && value->count == 0;
    if (field->type == PARA_TYPE_OBJECT || rule)
        check_object(checker, value->objects);
    for (int k = 0; field->type == PARA_TYPE_LIST && k < value->count; k++)
        check_object(checker, &value->objects[k]);
}

static void check_object(Checker *checker, const ParaObject *object)
{
    int count;
    const ParaField *fields = para_fields(object->kind, &count);
    for (int f = 0; f < count; f++)
        check_value(checker, object, &fields[f], &object->values[f]);
    switch (object->kind) {
    case PARA_KIND_BODY:
        check_body(checker, object);
        check_material_name(checker, object);
        break;
    case PARA_KIND_MOVES:
        check_moves(checker, object);
        break;
    case PARA_KIND_SHATTERS:
        check_shatters(checker, object);
        break;
    case PARA_KIND_PATH:
        check_path(checker, object);
        break;
    case PARA_KIND_CHAIN:
        check_chain(checker, object);
        break;
    case PARA_KIND_JOINT:
        check_joint(checker, object);
        break;
    case PARA_KIND_ZONE:
        check_ladder(checker, object);
        break;
    case PARA_KIND_PLAYER:
        check_player(checker, object);
        break;
    case PARA_KIND_PREDICATE:
        check_predicate(checker, object);
        break;
    case PARA_KIND_REWARD:
        check_truth_head(checker, object);
        break;
    default:
        break;
    }
}

/// Goal and fail are asked in every step: what is true in single ones is for events.
static void check_moments(Checker *checker, const ParaObject *predicate)
{
    const ParaValue *head = predicate->head ? para_value(predicate, predicate->head_id) : NULL;
    if (!head || !head->present)
        return;
    if (para_goal_is_moment((ParaGoalKind)predicate->head->choice))
        PROBLEM(checker, PARA_CODE_MOMENT, predicate->path, predicate->head->name,
                "only an event's `when` knows single steps; write \"time\"");
    int parts =
        predicate->head->type == PARA_TYPE_LIST ? head->count : predicate->head->type == PARA_TYPE_OBJECT;
    for (int k = 0; k < parts; k++)
        check_moments(checker, &head->objects[k]);
}

/// Lives are for who can be put back.
static void check_lives(Checker *checker)
{
    static const ParaFieldId fields[] = {PARA_FIELD_TEMPLATE_lives, PARA_FIELD_TEMPLATE_lives_in};
    bool points = false;
    for (int z = 0; z < checker->t->zone_count; z++)
        points = points || is_given(&checker->t->zones[z], PARA_FIELD_ZONE_checkpoint);
    for (int k = 0; k < 2 && !points; k++)
        if (is_given(&checker->t->root, fields[k]))
            PROBLEM(checker, PARA_CODE_NOT_APPLICABLE, "", para_field(fields[k])->name,
                    "goes with a zone that is a \"checkpoint\"; without one the first fail is the end")
                ->at_key = true;
}

/// What makes levels makes all of them.
static void check_generate(Checker *checker)
{
    int count;
    const ParaObject *root = &checker->t->root;
    const ParaField *fields = para_fields(PARA_KIND_TEMPLATE, &count);
    for (int f = 0; f < count && is_given(root, PARA_FIELD_TEMPLATE_generate); f++)
        if ((fields[f].flags & PARA_FLAG_WRITTEN) && root->values[f].given)
            PROBLEM(checker, PARA_CODE_NOT_APPLICABLE, "", fields[f].name,
                    "goes not with \"generate\", which makes all of a level")
                ->at_key = true;
}

bool para_template_check(ParaTemplate *t, ParaArena *arena, ParaDiagList *diagnostics)
{
    Checker checker = {.t = t, .arena = arena, .list = diagnostics};
    int errors = diagnostics->error_count;
    find_unsure_names(&checker);
    check_names(&checker, PARA_SPACE_BODY_ZONE);
    check_names(&checker, PARA_SPACE_JOINT);
    check_object(&checker, &t->root);
    for (int k = 1; k < t->player_count && !para_template_is_company(t); k++) // the first is the root's
        check_object(&checker, &t->players[k]);
    check_taken_names(&checker);
    if (para_template_is_company(t) && para_value(&t->root, PARA_FIELD_TEMPLATE_players)->count == 0)
        PROBLEM(&checker, PARA_CODE_ITEM_COUNT, "", "players",
                "a level has 1 to %d players, and this one none", PARA_PLAYERS_MAX);
    if (is_given(&t->root, PARA_FIELD_TEMPLATE_player) && is_given(&t->root, PARA_FIELD_TEMPLATE_players))
        PROBLEM(&checker, PARA_CODE_NOT_APPLICABLE, "", "players",
                "stands in the place of \"player\": a level has one of the two")
            ->at_key = true;
    check_materials(&checker);
    check_lives(&checker);
    check_generate(&checker);
    static const ParaFieldId asked[] = {PARA_FIELD_TEMPLATE_goal, PARA_FIELD_TEMPLATE_fail};
    for (int k = 0; k < 2; k++)
        if (para_value(&t->root, asked[k])->present)
            check_moments(&checker, para_value(&t->root, asked[k])->objects);
    static const ParaFieldId own[] = {PARA_FIELD_PLAYER_goal, PARA_FIELD_PLAYER_fail};
    for (int k = 0; k < 2 * t->player_count; k++)
        if (para_value(&t->players[k / 2], own[k % 2])->present)
            check_moments(&checker, para_value(&t->players[k / 2], own[k % 2])->objects);
    return diagnostics->error_count == errors;
}
