// SPDX-License-Identifier: MIT
// Values of parameters from the command line, --set NAME=VALUE: read by the parameters that a family has, and
// refused in words where it has none such. For every command that plays or shows one member.
#include "apps/settings.h"

#include "engine/base/text.h"

#include <math.h>
#include <string.h>

static bool read_one(const ParaTemplate *family, const char *setting, double *values, ParaArena *arena,
                     const char **out_error)
{
    const char *equals = strchr(setting, '=');
    size_t length = equals ? (size_t)(equals - setting) : strlen(setting);
    const char *known = "";
    for (int i = 0; i < para_template_param_count(family); i++) {
        const ParaParam *p = para_template_param(family, i);
        known = para_arena_printf(arena, "%s%s%s", known, i ? ", " : "", p->name);
        if (!equals || strncmp(p->name, setting, length) != 0 || p->name[length] != '\0')
            continue;
        const char *end = NULL;
        double value = para_text_number(equals + 1, &end);
        if (end != equals + 1 && *end == '\0' && value >= p->low && value <= p->high) {
            values[i] = value;
            return true;
        }
        *out_error = para_arena_printf(arena, "--set %s: must be %.15g to %.15g%s%s", setting, p->low,
                                       p->high, *p->unit ? " " : "", p->unit);
        return false;
    }
    *out_error = para_arena_printf(arena, "--set %s: wants NAME=VALUE with a name out of: %s", setting,
                                   *known ? known : "(this family has no parameters)");
    return false;
}

bool para_settings_read(const ParaTemplate *family, const char *const *settings, int count,
                        double *out_values, ParaArena *arena, const char **out_error)
{
    for (int i = 0; i < PARA_PARAMS_MAX; i++)
        out_values[i] = (double)NAN;
    for (int i = 0; i < count; i++)
        if (!read_one(family, settings[i], out_values, arena, out_error))
            return false;
    return true;
}

void para_settings_draw(const ParaTemplate *family, uint64_t seed, double *values)
{
    double drawn[PARA_PARAMS_MAX];
    para_template_seed_values(family, seed, drawn);
    for (int i = 0; i < para_template_param_count(family); i++)
        if (isnan(values[i]))
            values[i] = drawn[i];
}
