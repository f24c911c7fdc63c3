// SPDX-License-Identifier: MIT
// Situations and grounds.
#include "agents/skill/ground.h"

#include "engine/base/assert.h"
#include "engine/base/hash.h"

#include <math.h>
#include <string.h>

/// Spans of the globals that say where or when it is, or what the player itself last did.
static const char *const left_out[] = {"self.place",    "self.time_left", "self.time",
                                       "self.progress", "variables",      "channels.action"};

static bool is_left_out(const char *name)
{
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (strcmp(name, left_out[i]) == 0)
            return true;
    return false;
}

/// Copies what a situation has of the globals. @param globals NULL: only counts   @return floats
static int select_floats(const float *globals, float *out)
{
    ParaObsSpec spec = para_obs_spec_globals();
    int size = 0;
    for (int i = 0, count = para_obs_span_count(&spec); i < count; i++) {
        ParaObsSpan span = para_obs_span(&spec, i);
        for (int k = 0; k < span.count && !is_left_out(span.name); k++, size += span.size)
            if (globals)
                memcpy(out + size, globals + span.offset + k * span.stride, sizeof *out * (size_t)span.size);
    }
    return size;
}

int para_situation_size(void)
{
    int size = select_floats(NULL, NULL);
    PARA_ASSERT(size > 0 && size <= PARA_SITUATION_MAX);
    return size;
}

uint64_t para_situation_hash(void)
{
    ParaObsSpec spec = para_obs_spec_globals();
    uint64_t hash = para_obs_layout_hash(&spec);
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        hash = para_hash(left_out[i], strlen(left_out[i]), hash);
    return hash;
}

void para_situation(const ParaEnv *env, int player, float *out)
{
    ParaObsSpec spec = para_obs_spec_globals();
    float globals[2 * PARA_SITUATION_MAX];
    PARA_ASSERT(spec.size <= 2 * PARA_SITUATION_MAX);
    para_observe(&spec, env->level, &env->play, player, env->world, globals);
    select_floats(globals, out);
}

/// The sum of what two situations differ by, squared and bounded, or any sum above `most` once it is.
static float apart_up_to(const float *a, const float *b, int size, float most)
{
    float sum = 0.0f;
    for (int i = 0; i < size && sum < most; i += 16)
        for (int k = i; k < size && k < i + 16; k++) {
            float d = a[k] - b[k], square = d * d;
            sum += square < 1.0f ? square : 1.0f;
        }
    return sum;
}

float para_situation_apart(const float *a, const float *b, int size)
{
    return sqrtf(apart_up_to(a, b, size, INFINITY) / (float)size);
}

float para_ground_apart(const float *ground, int count, const float *situation, int size)
{
    float least = (float)size;
    for (int i = 0; i < count; i++) {
        float sum = apart_up_to(ground + (size_t)i * (size_t)size, situation, size, least);
        least = sum < least ? sum : least;
    }
    return sqrtf(least / (float)size);
}
