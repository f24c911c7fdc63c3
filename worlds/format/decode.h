// SPDX-License-Identifier: MIT
#pragma once
// The second pass of loading, shared by decode*.c: what reads one value, and where it stands. Private to
// worlds. Every reader reports what is wrong with its value and returns false then.
#include "worlds/format/data.h"

#include <cjson/cJSON.h>

typedef struct ParaLoader {
    ParaTemplate *t;
    ParaArena *arena;
    ParaDiagList *list;
    const char *param_names[PARA_PARAMS_MAX];
    const char *below_names[PARA_LETS_MAX]; ///< [below_count] of the `let`s from the one being read on
    int below_count;                        ///< [1] 0..PARA_LETS_MAX
    bool names_unsure;      ///< a name of a parameter or `let` could not be read: who uses it is not to blame
    bool copies;            ///< inside a repeat or a chain rule
    const ParaField *act;   ///< head of the act being read; NULL: it has none
    const ParaFrame *frame; ///< NULL: the template itself is read
    const ParaLoop *loop;   ///< of what is read; NULL: none
    int own_lets;           ///< [1] 0..PARA_LETS_MAX the template's; -1: they are being read
    const char *visible[PARA_VALUES_MAX]; ///< in a group, the names of `let`s that it knows; "" for others
    ParaExprBuilder builder;
} ParaLoader;

/// Where a value stands, for messages and streams of chance.
typedef struct ParaSpot {
    const char *path; ///< of the object it is in
    const char *key;  ///< its field
    int index;        ///< in the field's list, -1: the field itself
    uint64_t stream;  ///< of the field
} ParaSpot;

#define PARA_DECODE_PROBLEM(loader, spot, code, ...)                                                         \
    para_problem((loader)->list, PARA_DIAG_ERROR, code, para_decode_path(loader, spot), NULL, __VA_ARGS__)

uint64_t para_decode_hash(const char *text);                         ///< of a name, for streams of chance
const char *para_decode_escape(ParaLoader *loader, const char *key); ///< a JSON Pointer token of any key
const char *para_decode_path(ParaLoader *loader, const ParaSpot *spot);
const char *para_decode_kind_of(const cJSON *json); ///< "a number", "a list", ...
bool para_decode_wrong_type(ParaLoader *loader, const ParaSpot *spot, const cJSON *json, const char *wanted);

// Names of numbers.
const cJSON *para_decode_open_map(ParaLoader *loader, const cJSON *json, ParaFieldId id,
                                  const char *path); ///< its first item
/// @param path of the map   @param taken [count]   @param used in expressions: then it may be no word of
/// theirs
bool para_decode_value_name(ParaLoader *loader, const cJSON *item, const char *path, const char *const *taken,
                            int count, bool used);
void para_decode_lets(ParaLoader *loader, const cJSON *json, ParaFieldId id, const char *path);

// Parts and groups.
/// After all else: reads what is included and what stands in groups, and gives the player its part.
void para_decode_parts(ParaLoader *loader, const cJSON *json);

// Numbers.
ParaExprScope para_decode_scope(ParaLoader *loader, const ParaField *field);
void para_decode_report(ParaLoader *loader, const ParaSpot *spot,
                        const char *text); ///< what is wrong with an expression
/// Finishes the program built in the loader: a constant is folded and checked, anything else kept with its
/// path.
bool para_decode_end_number(ParaLoader *loader, const ParaSpot *spot, const ParaField *field,
                            ParaNumber *out);
bool para_decode_number(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot,
                        ParaNumber *out);
bool para_decode_pair(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot,
                      ParaNumber *out);
/// What the act being read wants: a number, a pair or a place.
bool para_decode_place(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot,
                       ParaValue *out);
bool para_decode_points(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot,
                        ParaValue *out);

// Texts and references.
size_t para_decode_name_length(const char *text); ///< [byte] of the name `text` begins with
bool para_decode_text(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot,
                      const char **out);
bool para_decode_hex(ParaLoader *loader, const cJSON *json, const ParaSpot *spot, uint64_t *out);
/// One of the words of the field's list, as its number there.
bool para_decode_word(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot,
                      ParaNumber *out);
bool para_decode_role(ParaLoader *loader, const cJSON *json, const ParaSpot *spot, ParaRole *out);
/// Marks the warnings of the list as silent in the template.
bool para_decode_warnings(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot);
bool para_decode_variable(ParaLoader *loader, const cJSON *json, const ParaSpot *spot, ParaValue *out);
bool para_decode_ref(ParaLoader *loader, const cJSON *json, const ParaField *field, const ParaSpot *spot,
                     int spaces, ParaRef *out);
/// The same of a name that stands in an expression.
bool para_decode_ref_text(ParaLoader *loader, const char *text, const ParaField *field, const ParaSpot *spot,
                          int spaces, ParaRef *out);
bool para_decode_refs(ParaLoader *loader, const cJSON *json, const ParaField *field, ParaSpot spot,
                      ParaValue *out);

// Objects.
/// Are i, n and copy known in a frame because a group around is repeated?
bool para_decode_counts(const ParaFrame *frame);
/// @param key of the streams of its draws
bool para_decode_object(ParaLoader *loader, const cJSON *json, ParaObjectKind kind, const char *path,
                        uint64_t key, ParaObject *out);
