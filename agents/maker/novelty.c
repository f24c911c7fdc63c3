// SPDX-License-Identifier: MIT
// Errors of a model from visit to visit.
#include "agents/maker/novelty.h"

#include "engine/base/assert.h"

#include <math.h>

#define RECENT 8    // [1] falls of a level that its mean is of
#define PRIOR  2    // [1] falls of its family that count beside them
#define SLOW   32   // [1] visits that a family's means are of
#define HOPE   0.5f // fall of a family of which nothing is known

ParaNoveltyFamily para_novelty_family(void) { return (ParaNoveltyFamily){.fall = HOPE}; }

void para_novelty_visit(ParaNovelty *level, ParaNoveltyFamily *family, float error)
{
    PARA_ASSERT(isfinite(error) && error >= 0.0f);
    family->visits++;
    float share = 1.0f / (float)(family->visits < SLOW ? family->visits : SLOW);
    family->error += share * (error - family->error);
    float most = fmaxf(level->error, error);
    if (level->visits > 0) {
        float fall = most > 0.0f ? (level->error - error) / most : 0.0f;
        int count = level->visits < RECENT ? level->visits : RECENT;
        level->fall += (fall - level->fall) / (float)count;
        family->fall += (fall - family->fall) / SLOW;
    }
    level->error = error;
    level->visits += level->visits < INT32_MAX;
}

float para_novelty_score(const ParaNovelty *level, const ParaNoveltyFamily *family)
{
    int falls = level->visits - 1 < RECENT ? level->visits - 1 : RECENT;
    if (level->visits == 0)
        return family->error * fmaxf(family->fall, 0.0f);
    float fall = ((float)falls * level->fall + PRIOR * family->fall) / (float)(falls + PRIOR);
    return level->error * fmaxf(fall, 0.0f);
}

// ---------------------------------------------------------------------------------------------
// Checkpoints.

static bool makes_sense(float error, float fall)
{
    return isfinite(error) && error >= 0.0f && fall >= -1.0f && fall <= 1.0f;
}

void para_novelty_save(ParaBytes *out, const ParaNovelty *level)
{
    para_bytes_put_f64(out, (double)level->error);
    para_bytes_put_f64(out, (double)level->fall);
    para_bytes_put_whole(out, (uint64_t)level->visits, 4);
}

bool para_novelty_load(ParaBytesReader *in, ParaNovelty *level)
{
    level->error = (float)para_bytes_take_f64(in);
    level->fall = (float)para_bytes_take_f64(in);
    level->visits = (int32_t)para_bytes_take_range(in, 4, 0, INT32_MAX);
    return !in->bad && makes_sense(level->error, level->fall);
}

void para_novelty_family_save(ParaBytes *out, const ParaNoveltyFamily *family)
{
    para_bytes_put_f64(out, (double)family->error);
    para_bytes_put_f64(out, (double)family->fall);
    para_bytes_put_whole(out, (uint64_t)family->visits, 8);
}

bool para_novelty_family_load(ParaBytesReader *in, ParaNoveltyFamily *family)
{
    family->error = (float)para_bytes_take_f64(in);
    family->fall = (float)para_bytes_take_f64(in);
    family->visits = para_bytes_take_range(in, 8, 0, INT64_MAX);
    return !in->bad && makes_sense(family->error, family->fall);
}
