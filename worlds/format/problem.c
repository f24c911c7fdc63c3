// SPDX-License-Identifier: MIT
// Problems of templates: their codes, and adding one with a path put together only if it is kept.
#include "engine/base/assert.h"
#include "engine/base/text.h"
#include "worlds/format/data.h"

#include <stdarg.h>
#include <string.h>

static const struct CodeRow {
    const char *text, *about;
} codes[PARA_CODES] = {
#define PARA_CODE(id, code, about) {code, about},
#include "worlds/format/codes.def"
#undef PARA_CODE
};

const char *para_code_text(ParaCode code)
{
    PARA_ASSERT((int)code >= 0 && (int)code < PARA_CODES);
    return codes[code].text;
}

const char *para_code_about(ParaCode code) { return codes[code].about; }

bool para_problem_is_known(const ParaDiagList *list, const char *code, const char *path)
{
    for (int k = 0; k < list->count; k++)
        if (strcmp(list->items[k].code, code) == 0 && strcmp(list->items[k].path, path) == 0)
            return true;
    return false;
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
    return para_diag_add(list, severity, para_code_text(code), place, "%s", message);
}
