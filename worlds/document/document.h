// SPDX-License-Identifier: MIT
#pragma once
// A template as its author writes it: a text that is edited by places in it (JSON Pointers), with undo
// without end. Every edit is a change of as few bytes as it takes, so the order of keys, the notes, the line
// breaks and the spelling of numbers that the author chose stay. The text may be no JSON for a while, as
// somebody types; edits by place are refused then, with words. What the template means is not asked here:
// load the text with worlds/template.h. One thread at a time; no files: see apps/author for those.
#include "engine/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ParaDocument ParaDocument;

/// What stands at a place.
typedef enum {
    PARA_NODE_NONE, ///< nothing does
    PARA_NODE_NULL,
    PARA_NODE_BOOL,
    PARA_NODE_NUMBER,
    PARA_NODE_TEXT,
    PARA_NODE_ARRAY,
    PARA_NODE_OBJECT
} ParaNodeKind;

/// A value of the text.
typedef struct ParaDocumentValue {
    ParaNodeKind kind;
    size_t begin, end; ///< [byte] begin <= end, of the value in the text
    int count;         ///< [1] >= 0 values in an array or object
} ParaDocumentValue;

#define PARA_DOCUMENT_PATH_MAX  256 ///< [byte] of a place, with NUL
#define PARA_DOCUMENT_LABEL_MAX 64  ///< [byte] of what an edit is called, with NUL

/// @param text [size] any bytes; copied   @return NULL: no memory
ParaDocument *para_document_create(const char *text, size_t size);
void para_document_destroy(ParaDocument *document); ///< NULL is fine

/// The text as it is now, NUL-terminated; valid until the next edit. @param out_size [byte] may be NULL
const char *para_document_text(const ParaDocument *document, size_t *out_size);
/// Grows with every change of the text, undo and redo counted in.
uint64_t para_document_version(const ParaDocument *document);
/// Why the text is no JSON now, "" where it is.  @param out_offset [byte] where; may be NULL
const char *para_document_broken(const ParaDocument *document, size_t *out_offset);

// ---------------------------------------------------------------------------------------------
// Looking.

/// What stands at a place: "" the whole, "/bodies/2/at/0", ... @return false: nothing, or the text is no JSON
bool para_document_find(const ParaDocument *document, const char *path, ParaDocumentValue *out);
/// The text of a value of kind TEXT without quotes and escapes, cut to size - 1 bytes; of others their JSON.
/// @return false: there is none
bool para_document_read(const ParaDocument *document, const char *path, char *out, size_t size);
/// A plain number. @return false: there is none, or it is an expression or a draw
bool para_document_number(const ParaDocument *document, const char *path, double *out);
/// Key of the item at `index` of an object, or its index in an array, as the last step of a place.
bool para_document_key(const ParaDocument *document, const char *path, int index, char *out, size_t size);
/// The place of the innermost value at an offset of the text.
bool para_document_path_at(const ParaDocument *document, size_t offset, char *out, size_t size);

// ---------------------------------------------------------------------------------------------
// Editing. Each returns false with the reason in out_error (static, or valid until the next edit), the text
// as it was.

/// Puts JSON at a place: in place of what is there, or as a new key of an object.
bool para_document_set(ParaDocument *document, const char *path, const char *json, const char **out_error);
/// The same with numbers, in the fewest digits. @param count [1] 1: a number; 2: a pair
bool para_document_set_numbers(ParaDocument *document, const char *path, const double *values, int count,
                               const char **out_error);
/// Puts JSON into an array before the item the place names; "-" as the last step: behind the last. Makes the
/// array where the object that would hold it is there and has none.
bool para_document_insert(ParaDocument *document, const char *path, const char *json, const char **out_error);
bool para_document_remove(ParaDocument *document, const char *path, const char **out_error);
/// Takes an item of an array to another index of it. @param to [1] 0..count - 1 index afterwards
bool para_document_move(ParaDocument *document, const char *path, int to, const char **out_error);
/// Puts a copy of an item of an array behind it; a name in it gets a number that is free.
/// @param out_path the copy's place [size]
bool para_document_duplicate(ParaDocument *document, const char *path, char *out_path, size_t size,
                             const char **out_error);
/// Gives the thing at a place (a body, joint, zone; an include or group by its `as`) another name, and
/// everything that refers to it: goals, joints, actuators, events, expressions, copies of a repeated one.
/// @return false also where the name is taken or none
bool para_document_rename(ParaDocument *document, const char *path, const char *name, const char **out_error);
/// A name nothing has yet: `stem`, else stem2, stem3, ...
void para_document_free_name(const ParaDocument *document, const char *stem, char *out, size_t size);
/// Any other text in its place: what both begin and end with stays, so that undo takes little.
bool para_document_set_text(ParaDocument *document, const char *text, size_t size, const char **out_error);

// ---------------------------------------------------------------------------------------------
// Undo. What lies between begin and end is one step; so is each edit outside of them. Steps are kept as long
// as there is memory: each takes the bytes it changed.

/// @param label "move crate", shown by undo; cut to PARA_DOCUMENT_LABEL_MAX. Pairs may nest; the outer counts
void para_document_begin(ParaDocument *document, const char *label);
void para_document_end(ParaDocument *document);
/// Takes back what was done since the outermost begin, which stays open.
void para_document_take_back(ParaDocument *document);
bool para_document_undo(ParaDocument *document); ///< @return false: there is nothing to undo
bool para_document_redo(ParaDocument *document);
const char *para_document_undo_label(const ParaDocument *document); ///< NULL: nothing to undo
const char *para_document_redo_label(const ParaDocument *document);
int para_document_steps(const ParaDocument *document);     ///< [1] >= 0 that can be undone
size_t para_document_memory(const ParaDocument *document); ///< [byte] that its history takes

/// Says that the text is now what the file has.
void para_document_saved(ParaDocument *document);
/// Says that no file has the text any more: it counts as unsaved until para_document_saved.
void para_document_lost(ParaDocument *document);
/// Whether the text differs from what was said to be saved; undo back to it makes it so again.
bool para_document_dirty(const ParaDocument *document);
