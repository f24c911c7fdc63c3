// SPDX-License-Identifier: MIT
// Behind the door for other languages: what the floats of an observation are, span by span.
#include "agents/abi/abi_parts.h"

#include <stdio.h>

// The layout of an observation form; false with an error if there is none.
static bool layout_of(int32_t obs, const ParaAbiFamily *family, ParaObsSpec *out)
{
    if (obs == PARA_ABI_OBS_ENTITIES)
        *out = para_obs_spec_entities();
    else if (obs == PARA_ABI_OBS_RAYS)
        *out = para_obs_spec_globals();
    else if (obs == PARA_ABI_OBS_LISTED && family && family->observe_count > 0)
        *out = para_obs_spec_listed(family->observe_count);
    else if (obs == PARA_ABI_OBS_VECTOR && family)
        *out = family->vector;
    else if (obs == PARA_ABI_OBS_VECTOR)
        return para_abi_fail(PARA_ABI_INVALID,
                             "spans: a vector observation is that of a family; none is given") == 0;
    else
        return para_abi_fail(PARA_ABI_INVALID, "spans: no observation form %d has any", obs) == 0;
    return true;
}

int32_t para_abi_obs_span_count(int32_t obs, const ParaAbiFamily *family)
{
    ParaObsSpec spec;
    if (obs == PARA_ABI_OBS_PIXELS)
        return 0;
    return layout_of(obs, family, &spec) ? para_obs_span_count(&spec) : PARA_ABI_INVALID;
}

int32_t para_abi_obs_span(int32_t obs, const ParaAbiFamily *family, int32_t index, ParaAbiSpan *out)
{
    ParaObsSpec spec;
    if (!out || out->size != sizeof *out)
        return para_abi_fail(PARA_ABI_INVALID, "spans: no struct, or one of another version");
    if (!layout_of(obs, family, &spec))
        return PARA_ABI_INVALID;
    if (index < 0 || index >= para_obs_span_count(&spec))
        return para_abi_fail(PARA_ABI_INVALID, "no span %d; there are %d", index, para_obs_span_count(&spec));
    ParaObsSpan span = para_obs_span(&spec, index);
    *out = (ParaAbiSpan){.size = sizeof *out,
                         .start = span.offset,
                         .floats = span.size,
                         .count = span.count,
                         .stride = span.stride,
                         .low = span.low,
                         .high = span.high};
    snprintf(out->name, sizeof out->name, "%s", span.name);
    snprintf(out->about, sizeof out->about, "%s", span.about);
    return PARA_ABI_OK;
}
