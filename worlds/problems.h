// SPDX-License-Identifier: MIT
#pragma once
// Problems of templates: their codes, and adding one with its place. Used by the loader, by the sampler, and
// by whoever plays a template to tell its author what comes of it.
#include "engine/base/diag.h"

#include <stdbool.h>

typedef enum ParaCode {
#define PARA_CODE(id, code, about) PARA_CODE_##id,
#include "worlds/codes.def"
#undef PARA_CODE
} ParaCode;
/// How many there are. Not one of the enum, where it could be taken for a code about counts.
enum {
    PARA_CODES = 0
#define PARA_CODE(id, code, about) +1
#include "worlds/codes.def"
#undef PARA_CODE
};
#define PARA_CODE_NAME_SIZE 32 ///< [byte] of a code's name, with NUL

const char *para_code_text(ParaCode code);  ///< "P001"
const char *para_code_about(ParaCode code); ///< what it is about
bool para_code_is_warning(ParaCode code);   ///< else it is an error, which nobody can silence
const char *para_code_name(ParaCode code,
                           char *out); ///< "lost-at-once"  @param out [PARA_CODE_NAME_SIZE]  @return out
/// The code of a text "P057" or a name "lost-at-once".
/// @param out_close out, the name of the warning that may have been meant, "" if none; NULL: nobody asks
/// [PARA_CODE_NAME_SIZE]
/// @return false if there is none
bool para_code_find(const char *word, ParaCode *out, char *out_close);

const char *para_problem_token(const char *key, ParaArena *arena); ///< any key as a token of a JSON Pointer
/// Whether a list has a problem of this code at this place.
bool para_problem_is_known(const ParaDiagList *list, const char *code, const char *path);
/// Adds a problem, its path as base + "/" + key (either may be NULL).
ParaDiag *para_problem(ParaDiagList *list, ParaSeverity severity, ParaCode code, const char *path,
                       const char *key, const char *format, ...) __attribute__((format(printf, 6, 7)));
/// Takes the warnings of some codes out of a list, from item `first` on.  @param silent [PARA_CODES]
void para_problems_silence(ParaDiagList *list, int first, const bool *silent);
/// Finds offset, line and column of the items from `first` on that have none, in list->text.
void para_problems_locate(ParaDiagList *list, int first);
