// SPDX-License-Identifier: MIT
#pragma once
// What the parts of a document share: the tree over its text, its history. Private to worlds/document.
#include "engine/base/diag.h"
#include "worlds/document/document.h"

/// A value, and the key it stands under.
typedef struct ParaNode {
    ParaNodeKind kind;
    size_t begin, end;         ///< [byte] of the value
    size_t key_begin, key_end; ///< [byte] of its key with quotes; equal: it has none
    int parent, child, next;   ///< [1] index of a node, -1: none
    int count;                 ///< [1] >= 0 children
} ParaNode;

/// Bytes in place of others.
typedef struct ParaSplice {
    size_t at;            ///< [byte] where
    char *before, *after; ///< [before_size] [after_size]
    size_t before_size, after_size;
} ParaSplice;

typedef struct ParaStep {
    char label[PARA_DOCUMENT_LABEL_MAX];
    ParaSplice *splices; ///< [count]
    int count, capacity;
} ParaStep;

struct ParaDocument {
    char *text; ///< [size] and a NUL
    size_t size, capacity;
    ParaArena *arena; ///< lifetime: one version of the text
    ParaNode *nodes;  ///< [node_count] the root first; in arena
    int node_count;   ///< [1] 0: the text is no JSON
    char broken[256];
    size_t broken_at;
    char error[256];
    uint64_t version;
    ParaStep *steps; ///< [step_count] the first step_done of them are done, the others undone
    int step_count, step_done, step_capacity;
    int open;   ///< [1] >= 0 begins without their end
    bool fresh; ///< the step under way has no change yet: the next one begins it
    char label[PARA_DOCUMENT_LABEL_MAX];
    char *saved; ///< [saved_size]
    bool lost;   // no file has it any more
    size_t saved_size, memory;
};

/// Reads the tree of the text anew.
void para_document_parse(ParaDocument *document);
int para_document_node(const ParaDocument *document, const char *path); ///< -1: there is none
/// One step of a place, "/" in front of it, with ~1 and ~0 as / and ~.
/// @return what follows it; NULL: it begins with no /, a ~ in it is no escape, or it is longer than size - 1
const char *para_document_step(const char *path, char *out, size_t size);
/// Bytes in place of [at, at + removed): the one way the text changes.
bool para_document_splice(ParaDocument *document, size_t at, size_t removed, const char *text, size_t size,
                          const char **out_error);
/// Text of a node of kind TEXT, unescaped. @return false: it is none
bool para_document_node_text(const ParaDocument *document, int node, char *out, size_t size);
bool para_document_key_text(const ParaDocument *document, int node, char *out, size_t size);
/// Writes the place of a node.
bool para_document_node_path(const ParaDocument *document, int node, char *out, size_t size);
bool para_document_fail(ParaDocument *document, const char **out_error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
