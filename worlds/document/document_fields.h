// SPDX-License-Identifier: MIT
#pragma once
// What may stand at a place of a document, from the one table of fields: for panels that let somebody edit
// it.
#include "worlds/document/document.h"

/// How a field is edited.
typedef enum {
    PARA_ASK_NUMBER, ///< a number, an expression or a draw
    PARA_ASK_PAIR,   ///< two of them
    PARA_ASK_BOOL,
    PARA_ASK_TEXT,
    PARA_ASK_NAME,
    PARA_ASK_WORD, ///< one of `words`
    PARA_ASK_REF,  ///< the name of a thing, see para_document_names
    PARA_ASK_OBJECT,
    PARA_ASK_LIST,
    PARA_ASK_OTHER ///< anything else: edited as JSON
} ParaAskKind;

typedef struct ParaDocumentField {
    const char *name, *unit, *help;
    ParaAskKind kind;
    double low, high;         ///< [1] any finite; allowed range of numbers, in `unit`
    bool whole;               ///< whole numbers only
    bool plain;               ///< plain numbers only, no expressions
    bool required, head;      ///< head: it says what its object is
    bool given;               ///< it stands in the text
    int spaces;               ///< [bits] 1 bodies, 2 joints, 4 zones, of REF
    const char *const *words; ///< [word_count]
    int word_count;           ///< [1] >= 0
    char otherwise[48];       ///< JSON of its default; "" where it has none
} ParaDocumentField;

#define PARA_DOCUMENT_FIELDS_MAX 64

/// The fields of the object at a place, in the order of the table; of fields that go only with another head
/// than the object has, none.
/// @param out [PARA_DOCUMENT_FIELDS_MAX]   @return how many; 0: no object the format knows
int para_document_fields(const ParaDocument *document, const char *path, ParaDocumentField *out);
/// What the object at a place is: "body", "zone"; "" where the format knows none.
const char *para_document_kind(const ParaDocument *document, const char *path);
const char *para_document_kind_about(const ParaDocument *document, const char *path);
/// Names of the things that the text itself has, in order.  @param spaces [bits] 1 bodies, 2 joints, 4 zones
/// @return how many, most `max`
int para_document_names(const ParaDocument *document, int spaces, char (*out)[64], int max);
/// What an expression of the text comes to with these values of the parameters and the text's own `let`s.
/// @param params [count] their names   @param values [count]
/// @return false: it is none, or it takes a level to know: a draw, the index of a copy, the ground
bool para_document_value(const ParaDocument *document, const char *text, const char *const *params,
                         const double *values, int count, double *out);
