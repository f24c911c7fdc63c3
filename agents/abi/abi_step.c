// SPDX-License-Identifier: MIT
// Resets and steps of a batch: arguments are checked before any env moves, actions become the house's own
// form, rewards and reports the caller's.
#include "agents/abi/abi_parts.h"

#include "engine/base/platform.h"
#include "engine/base/text.h"

#include <stdio.h>
#include <string.h>

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
    if (!batch->workers || batch->workers_of != para_process_id()) { // first use, or a child after a fork
        batch->workers = para_workers_create(batch->def.threads);
        batch->workers_of = para_process_id();
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
    for (int row = 0; row < batch->def.envs * batch->blocks.players; row++)
        batch->blocks.reward[row] = (double)batch->batch->reward[row];
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
        if (!mask || mask[b]) {
            batch->batch->level_rng[b] = para_rng_make(seeds[b], "level");
            if (batch->batch->surprise_seeds)
                batch->batch->surprise_seeds[b] = seeds[b];
        }
    ParaWorkers *workers;
    int32_t code = find_workers(batch, &workers) ? PARA_ABI_OK : PARA_ABI_MEMORY;
    if (code == PARA_ABI_OK) {
        para_batch_reset_some(batch->batch, workers, mask);
        para_abi_batch_copy_rewards(batch);
        code = check_refusals(batch, mask);
        for (int b = 0; code != PARA_ABI_OK && b < batch->def.envs; b++)
            batch->batch->refusals[b].told |= !mask || mask[b]; // a step before the next reset is a mistake
    }
    para_abi_batch_leave(batch);
    return code;
}

// ---------------------------------------------------------------------------------------------
// Actions: read once, so that what a caller's other thread writes meanwhile does no harm, checked, and put on
// the channels.

// Tells of an action out of range. @param value as text
static int32_t refuse_action(const ParaAbiBatch *batch, const char *value, int row, int entry,
                             const char *range)
{
    char whose[40] = "";
    if (batch->blocks.players > 1)
        snprintf(whose, sizeof whose, ", player %d", row % batch->blocks.players);
    return para_abi_fail(PARA_ABI_ACTION, "action %s of env %d%s, entry %d; it must be %s", value,
                         row / batch->blocks.players, whose, entry, range);
}

static int32_t refuse_choice(const ParaAbiBatch *batch, int64_t choice, int row, int entry, int most)
{
    char value[24], range[24];
    snprintf(value, sizeof value, "%lld", (long long)choice);
    snprintf(range, sizeof range, "0 to %d", most);
    return refuse_action(batch, value, row, entry, range);
}

static int32_t read_discrete(ParaAbiBatch *batch, int rows)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    for (int row = 0; row < rows; row++) {
        int64_t choice = blocks->choices[row];
        if (choice < 0 || choice >= blocks->choice_count)
            return refuse_choice(batch, choice, row, 0, blocks->choice_count - 1);
        memcpy(batch->actions + (size_t)row * PARA_CHANNELS, blocks->table + choice * PARA_CHANNELS,
               sizeof(float) * PARA_CHANNELS);
    }
    return PARA_ABI_OK;
}

static int32_t read_choices(ParaAbiBatch *batch, int rows)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    for (int row = 0; row < rows; row++)
        for (int c = 0; c < blocks->channel_count; c++) {
            int channel = batch->channels[c];
            bool negative = blocks->negative_bits >> channel & 1;
            int64_t choice = blocks->choices[row * blocks->channel_count + c];
            if (choice < 0 || choice > 1 + negative)
                return refuse_choice(batch, choice, row, c, 1 + negative);
            batch->actions[row * PARA_CHANNELS + channel] = (float)(choice - negative);
        }
    return PARA_ABI_OK;
}

static int32_t read_forces(ParaAbiBatch *batch, int rows)
{
    const ParaAbiBlocks *blocks = &batch->blocks;
    for (int row = 0; row < rows; row++)
        for (int c = 0; c < blocks->channel_count; c++) {
            float force = blocks->forces[row * blocks->channel_count + c];
            if (!(force >= -1.0f && force <= 1.0f)) { // NaN too
                char value[24];
                para_text_format(value, sizeof value, "%g", (double)force);
                return refuse_action(batch, value, row, c, "-1 to 1");
            }
            batch->actions[row * PARA_CHANNELS + batch->channels[c]] = force;
        }
    return PARA_ABI_OK;
}

static int32_t read_actions(ParaAbiBatch *batch)
{
    int rows = batch->def.envs * batch->blocks.players;
    switch (batch->def.actions) {
    case PARA_ABI_ACT_DISCRETE:
        return read_discrete(batch, rows);
    case PARA_ABI_ACT_CONTINUOUS:
        return read_forces(batch, rows);
    default:
        return read_choices(batch, rows);
    }
}

// ---------------------------------------------------------------------------------------------
// Stepping.

// Whether every env may take a step. One that SAME_STEP or NEXT_STEP could not begin anew is told of here, so
// that the step in which it ended stands.
static int32_t check_envs(const ParaAbiBatch *batch)
{
    for (int b = 0; b < batch->def.envs; b++) {
        const ParaRefusal *refusal = &batch->batch->refusals[b];
        if (!batch->batch->envs[b].level && (!refusal->refused || refusal->told))
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
                                                                         : PARA_ABI_SOLVER_CHIPMUNK,
                           .player = report->player};
}

// Reports of the episodes that ended in this step. @return how many did
static int32_t copy_reports(ParaAbiBatch *batch)
{
    const ParaBatch *inner = batch->batch;
    int32_t ended = 0;
    for (int b = 0; b < batch->def.envs; b++) {
        int row = b * batch->blocks.players;
        for (int i = 0; i < inner->ended_count[b]; i++)
            batch->blocks.reports[row + i] = report_of(&inner->ended[row + i].report);
        ended += inner->over[b];
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
