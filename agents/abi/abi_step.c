// SPDX-License-Identifier: MIT
// Resets and steps of a batch: arguments are checked before any env moves, actions become the house's own
// form, rewards and reports the caller's.
#include "agents/abi/abi_parts.h"

#include <string.h>
#include <unistd.h>

bool para_abi_batch_enter(ParaAbiBatch *batch)
{
    if (!batch) {
        para_abi_fail(PARA_ABI_INVALID, "no batch");
        return false;
    }
    if (atomic_flag_test_and_set(&batch->busy)) {
        para_abi_fail(PARA_ABI_STATE, "another thread is using these envs; one may at a time");
        return false;
    }
    return true;
}

void para_abi_batch_leave(ParaAbiBatch *batch) { atomic_flag_clear(&batch->busy); }

bool para_abi_batch_ready(const ParaAbiBatch *batch, int32_t env)
{
    if (env < 0 || env >= batch->def.envs)
        para_abi_fail(PARA_ABI_INVALID, "no env %d; there are %d", env, batch->def.envs);
    else if (!batch->batch->envs[env].level)
        para_abi_fail(PARA_ABI_STATE, "env %d has no episode yet: call reset first", env);
    else
        return true;
    return false;
}

const char *para_abi_batch_family(const ParaAbiBatch *batch, int b)
{
    return batch->families.names[b % batch->families.count];
}

// The batch's own threads where it has work for more than one; NULL: the caller alone.
// @return false with an error if they cannot be made
static bool find_workers(ParaAbiBatch *batch, ParaWorkers **out)
{
    *out = NULL;
    if (batch->def.threads == 1 || batch->def.envs <= PARA_ENV_BLOCK)
        return true;
    if (!batch->workers || batch->workers_of != getpid()) { // first use, or a child after a fork
        batch->workers = para_workers_create(batch->def.threads);
        batch->workers_of = getpid();
    }
    *out = batch->workers;
    if (!*out)
        para_abi_fail(PARA_ABI_MEMORY, "no memory for worker threads");
    return *out != NULL;
}

// ---------------------------------------------------------------------------------------------
// Resetting.

void para_abi_batch_copy_rewards(ParaAbiBatch *batch)
{
    for (int b = 0; b < batch->def.envs; b++)
        batch->blocks.reward[b] = (double)batch->batch->reward[b];
}

// The first env whose last begin was refused, told as an error; OK if there is none. @param mask NULL: of all
static int32_t check_refusals(const ParaAbiBatch *batch, const uint8_t *mask)
{
    for (int b = 0; b < batch->def.envs; b++) {
        const ParaRefusal *refusal = &batch->batch->refusals[b];
        if (refusal->refused && (!mask || mask[b]))
            return para_abi_fail(PARA_ABI_LEVEL,
                                 "env %d: no level of %s could be made with what it was given%s%s%s", b,
                                 para_abi_batch_family(batch, b), *refusal->why ? ": " : "", refusal->why,
                                 *refusal->why ? "; the solver auto runs it on chipmunk" : "");
    }
    return PARA_ABI_OK;
}

int32_t para_abi_batch_reset(ParaAbiBatch *batch, const uint8_t *mask, const uint64_t *seeds)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    for (int b = 0; seeds && b < batch->def.envs; b++)
        if (!mask || mask[b])
            batch->batch->level_rng[b] = para_rng_make(seeds[b], "level");
    ParaWorkers *workers;
    int32_t code = find_workers(batch, &workers) ? PARA_ABI_OK : PARA_ABI_MEMORY;
    if (code == PARA_ABI_OK) {
        para_batch_reset_some(batch->batch, workers, mask);
        para_abi_batch_copy_rewards(batch);
        code = check_refusals(batch, mask);
    }
    para_abi_batch_leave(batch);
    return code;
}

// ---------------------------------------------------------------------------------------------
// Actions: read once, so that what a caller's other thread writes meanwhile does no harm, checked, and put on
// the channels.

static int32_t read_discrete(ParaAbiBatch *batch)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    for (int b = 0; b < batch->def.envs; b++) {
        int64_t choice = blocks->choices[b];
        if (choice < 0 || choice >= blocks->choice_count)
            return para_abi_fail(PARA_ABI_ACTION, "action %lld of env %d, entry 0; it must be 0 to %d",
                                 (long long)choice, b, blocks->choice_count - 1);
        memcpy(batch->actions + (size_t)b * PARA_CHANNELS, blocks->table + choice * PARA_CHANNELS,
               sizeof(float) * PARA_CHANNELS);
    }
    return PARA_ABI_OK;
}

static int32_t read_choices(ParaAbiBatch *batch)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    for (int b = 0; b < batch->def.envs; b++)
        for (int c = 0; c < blocks->channel_count; c++) {
            int channel = batch->channels[c];
            bool negative = blocks->negative_bits >> channel & 1;
            int64_t choice = blocks->choices[b * blocks->channel_count + c];
            if (choice < 0 || choice > 1 + negative)
                return para_abi_fail(PARA_ABI_ACTION, "action %lld of env %d, entry %d; it must be 0 to %d",
                                     (long long)choice, b, c, 1 + negative);
            batch->actions[b * PARA_CHANNELS + channel] = (float)(choice - negative);
        }
    return PARA_ABI_OK;
}

static int32_t read_forces(ParaAbiBatch *batch)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    for (int b = 0; b < batch->def.envs; b++)
        for (int c = 0; c < blocks->channel_count; c++) {
            float force = blocks->forces[b * blocks->channel_count + c];
            if (!(force >= -1.0f && force <= 1.0f)) // NaN too
                return para_abi_fail(PARA_ABI_ACTION, "action %g of env %d, entry %d; it must be -1 to 1",
                                     (double)force, b, c);
            batch->actions[b * PARA_CHANNELS + batch->channels[c]] = force;
        }
    return PARA_ABI_OK;
}

static int32_t read_actions(ParaAbiBatch *batch)
{
    switch (batch->def.actions) {
    case PARA_ABI_ACT_DISCRETE:
        return read_discrete(batch);
    case PARA_ABI_ACT_CONTINUOUS:
        return read_forces(batch);
    default:
        return read_choices(batch);
    }
}

// ---------------------------------------------------------------------------------------------
// Stepping.

// Whether every env may take a step. One that SAME_STEP or NEXT_STEP could not begin anew is told of here, so
// that the step in which it ended stands.
static int32_t check_envs(const ParaAbiBatch *batch)
{
    for (int b = 0; b < batch->def.envs; b++) {
        if (!batch->batch->envs[b].level && !batch->batch->refusals[b].refused)
            return para_abi_fail(PARA_ABI_STATE, "env %d has no episode yet: call reset first", b);
        if (batch->def.autoreset == PARA_ABI_DISABLED && para_batch_waits(batch->batch, b))
            return para_abi_fail(PARA_ABI_STATE, "the episode of env %d is over: call reset", b);
    }
    return check_refusals(batch, NULL);
}

static ParaAbiReport report_of(const ParaReport *report)
{
    static const ParaAbiEnd ends[] = {[PARA_END_SOLVED] = PARA_ABI_END_SOLVED,
                                      [PARA_END_FAILED] = PARA_ABI_END_FAILED,
                                      [PARA_END_TIMEOUT] = PARA_ABI_END_TIMEOUT,
                                      [PARA_END_DIVERGED] = PARA_ABI_END_DIVERGED,
                                      [PARA_END_CUT] = PARA_ABI_END_CUT};
    return (ParaAbiReport){.level_hash = report->level_hash,
                           .level_seed = report->level_seed,
                           .total_reward = (double)report->total_reward,
                           .end = (int32_t)ends[report->end],
                           .decisions = report->decisions,
                           .seconds = report->seconds,
                           .progress = report->progress,
                           .solver = report->solver == PARA_SOLVER_LANES ? PARA_ABI_SOLVER_LANES
                                                                         : PARA_ABI_SOLVER_CHIPMUNK};
}

// Reports of the episodes that ended in this step. @return how many
static int32_t copy_reports(ParaAbiBatch *batch)
{
    const ParaBatch *inner = batch->batch;
    int32_t ended = 0;
    for (int b = 0; b < batch->def.envs; b++) {
        if (!inner->terminated[b] && !inner->truncated[b])
            continue;
        batch->blocks.reports[b] = report_of(&inner->ended[b].report);
        ended++;
    }
    return ended;
}

int32_t para_abi_batch_step(ParaAbiBatch *batch)
{
    if (!para_abi_batch_enter(batch))
        return batch ? PARA_ABI_STATE : PARA_ABI_INVALID;
    ParaWorkers *workers = NULL;
    int32_t code = check_envs(batch);
    if (code == PARA_ABI_OK)
        code = read_actions(batch);
    if (code == PARA_ABI_OK && !find_workers(batch, &workers))
        code = PARA_ABI_MEMORY;
    if (code == PARA_ABI_OK) {
        para_batch_step_forces(batch->batch, workers, batch->actions);
        para_abi_batch_copy_rewards(batch);
        code = copy_reports(batch);
    }
    para_abi_batch_leave(batch);
    return code;
}
