// SPDX-License-Identifier: MIT
// Problems of templates: their codes, and adding one with a path put together only if it is kept.
#include "engine/base/assert.h"
#include "engine/base/text.h"
#include "worlds/format/locate.h"
#include "worlds/problems.h"

#include <stdarg.h>
#include <string.h>

static const struct CodeRow {
    const char *text, *id, *about;
    bool warning;
} codes[PARA_CODES] = {
#define PARA_CODE(id, code, about)    {code, #id, about, false},
#define PARA_WARNING(id, code, about) {code, #id, about, true},
#include "worlds/codes.def"
#undef PARA_CODE
};

#define PARA_CODE(id, code, about) _Static_assert(sizeof #id <= PARA_CODE_NAME_SIZE, "a long name: " #id);
#include "worlds/codes.def"
#undef PARA_CODE

static const struct CodeRow *row_of(ParaCode code)
{
    PARA_ASSERT((int)code >= 0 && (int)code < PARA_CODES);
    return &codes[code];
}

const char *para_code_text(ParaCode code) { return row_of(code)->text; }

const char *para_code_about(ParaCode code) { return row_of(code)->about; }

bool para_code_is_warning(ParaCode code) { return row_of(code)->warning; }

const char *para_code_name(ParaCode code, char *out)
{
    size_t k = 0;
    for (const char *id = row_of(code)->id; id[k]; k++)
        out[k] = id[k] == '_' ? '-' : (char)(id[k] | 32);
    out[k] = '\0';
    return out;
}

bool para_code_find(const char *word, ParaCode *out, char *out_close)
{
    char names[PARA_CODES][PARA_CODE_NAME_SIZE];
    const char *words[PARA_CODES];
    int count = 0;
    for (int code = 0; code < PARA_CODES; code++) {
        para_code_name((ParaCode)code, names[code]);
        if (para_code_is_warning((ParaCode)code))
            words[count++] = names[code];
        if (strcmp(names[code], word) == 0 || strcmp(codes[code].text, word) == 0) {
            *out = (ParaCode)code;
            return true;
        }
    }
    const char *close = para_closest_word(word, words, count);
    if (out_close)
        strcpy(out_close, close ? close : "");
    return false;
}

void para_problems_silence(ParaDiagList *list, int first, const bool *silent)
{
    int kept = first;
    for (int k = first; k < list->count; k++) {
        ParaCode code;
        const ParaDiag *item = &list->items[k];
        bool quiet =
            item->severity == PARA_DIAG_WARNING && para_code_find(item->code, &code, NULL) && silent[code];
        if (!quiet)
            list->items[kept++] = *item;
    }
    list->count = kept;
}

void para_problems_locate(ParaDiagList *list, int first) { para_locate_all(list, first); }

bool para_problem_is_known(const ParaDiagList *list, const char *code, const char *path)
{
    for (int k = 0; k < list->count; k++)
        if (strcmp(list->items[k].code, code) == 0 && strcmp(list->items[k].path, path) == 0)
            return true;
    return false;
}

const char *para_problem_token(const char *key, ParaArena *arena)
{
    char out[160];
    size_t size = 0;
    for (; *key && size < sizeof out - 3; key++) {
        if (*key == '~' || *key == '/') {
            out[size++] = '~';
            out[size++] = *key == '~' ? '0' : '1';
        } else {
            out[size++] = *key;
        }
    }
    out[size] = '\0';
    return para_arena_strdup(arena, out);
}

ParaDiag *para_problem(ParaDiagList *list, ParaSeverity severity, ParaCode code, const char *path,
                       const char *key, const char *format, ...)
{
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(message, sizeof message, format, arguments);
    va_end(arguments);
    const char *place = path ? path : "";
    if (key && list->count < list->limit)
        place = para_arena_printf(list->arena, "%s/%s", place, key);
    ParaDiag *item = para_diag_add(list, severity, para_code_text(code), place, "%s", message);
    char name[PARA_CODE_NAME_SIZE];
    if (severity == PARA_DIAG_WARNING)
        item->name = para_arena_strdup(list->arena, para_code_name(code, name));
    return item;
}
