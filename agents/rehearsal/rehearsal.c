// SPDX-License-Identifier: MIT
// Which members are rehearsed, for how many steps, and what is told of them in the end.
#include "agents/rehearsal/rehearsal_parts.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "engine/world/effort.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MEMBERS       16        ///< looked at
#define PLAYED_MAX    8         ///< played for a moment
#define PLAYED_LEAST  2         ///< and so many even where steps are dear
#define IDLE_MAX      4         ///< played to the end without an action
#define LOOK_WORK     500000.0  ///< [1] of work after which no other member is looked at, beyond two
#define PLAY_WORK     3000000.0 ///< [1] of work at playing all of them
#define END_WORK      1000000.0 ///< [1] of work in one run to the end, at most
#define PARAMS_WORK   500000.0  ///< [1] of work at looking at parameters
#define END_SHARE     0.25      ///< [1] of what a member's moments take is kept for its run to the end
#define OVERLAP_SHARE 0.25      ///< [1] of the members, from which on overlaps are no chance
#define MEMBER_BYTES  ((size_t)256 << 20)

// ---------------------------------------------------------------------------------------------
// Findings.

/// "gap = 6, crates = 0, seed 3" of the member at hand.
static void describe(const ParaStage *stage, char *out, size_t size)
{
    const ParaLevel *level = stage->level;
    size_t used = 0;
    for (int p = 0; p < level->param_count && used < size; p++)
        used += (size_t)para_text_format(out + used, size - used, "%s = %.6g, ", level->params[p].name,
                                         level->params[p].value);
    if (used < size)
        snprintf(out + used, size - used, "seed %llu", (unsigned long long)level->seed);
}

void para_stage_note(ParaStage *stage, ParaCode code, const char *path, const char *format, ...)
{
    for (int k = 0; k < stage->finding_count; k++) {
        ParaFinding *known = &stage->findings[k];
        if (known->code != code || strcmp(known->path, path) != 0)
            continue;
        known->count += known->last != stage->member;
        known->last = stage->member;
        return;
    }
    if (stage->finding_count == PARA_FINDINGS_MAX)
        return; // as many as anybody reads
    ParaFinding *finding = &stage->findings[stage->finding_count++];
    *finding = (ParaFinding){.code = code, .count = 1, .last = stage->member};
    snprintf(finding->path, sizeof finding->path, "%s", path);
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(finding->text, sizeof finding->text, format, arguments);
    va_end(arguments);
    if (stage->level)
        describe(stage, finding->member, sizeof finding->member);
}

/// Is it seen only where a member is played?
static bool is_played(ParaCode code)
{
    return code == PARA_CODE_LOST_AT_ONCE || code == PARA_CODE_SOLVED_BY_NOTHING ||
           code == PARA_CODE_DIVERGES || code == PARA_CODE_PLAYER_LEAVES;
}

static void tell_one(const ParaFinding *finding, const ParaRehearsal *done, ParaDiagList *list)
{
    // Loose things that a draw has put into each other now and then are pushed apart, and no harm is done.
    if (finding->code == PARA_CODE_DEEP_OVERLAP && finding->count < OVERLAP_SHARE * done->members)
        return;
    int members = is_played(finding->code) ? done->played : done->members;
    const char *what = is_played(finding->code) ? "played" : "looked at";
    if (!*finding->member || done->members <= 1)
        para_problem(list, PARA_DIAG_WARNING, finding->code, finding->path, NULL, "%s", finding->text);
    else if (finding->count == members)
        para_problem(list, PARA_DIAG_WARNING, finding->code, finding->path, NULL,
                     "%s (in all %d members %s, such as that with %s)", finding->text, members, what,
                     finding->member);
    else
        para_problem(list, PARA_DIAG_WARNING, finding->code, finding->path, NULL,
                     "%s (in %d of %d members %s, such as that with %s)", finding->text, finding->count,
                     members, what, finding->member);
}

// ---------------------------------------------------------------------------------------------
// Members.

/// Plays the member at hand with its share of the work that is left. Where steps are dear, rather few members
/// are played whole than many for an instant each: what the first took tells how many.
static void play_member(ParaStage *stage, double seconds)
{
    ParaRehearsal *done = &stage->done;
    double start = stage->work, left = PLAY_WORK - start;
    para_stage_play(stage, seconds, left / (stage->plan - done->played));
    double took = stage->work - start;
    if (done->played == 0 && stage->plan > 1) {
        double more = (left - took) / ((1 + END_SHARE) * took);
        stage->plan = more >= PLAYED_MAX - 1 ? PLAYED_MAX : (int)para_max(PLAYED_LEAST, 1 + more);
    }
    if (done->played < IDLE_MAX)
        para_stage_play_idle(stage, para_min(END_WORK, left / (stage->plan - done->played) - took));
    done->played++;
}

/// One member: sampled, built, looked at, played.
static void rehearse_member(ParaStage *stage, double seconds)
{
    para_arena_clear(stage->arena);
    stage->level = para_template_sample_counted(stage->t, NULL, (uint64_t)stage->member, stage->arena, NULL,
                                                &stage->looked);
    if (!stage->level)
        return; // told by whoever draws members
    ParaWorld world = para_world_at(stage->group[1], 0);
    stage->looked += para_rehearsal_build_work(&stage->level->world);
    if (!para_world_build(world, &stage->level->world, NULL))
        return;
    stage->origins = para_template_origins(stage->t, stage->level, stage->arena);
    stage->done.members++;
    para_stage_weigh(stage);
    para_stage_look(stage, para_world_view(world));
    para_stage_look_around(stage, world);
    if (seconds > 0 && stage->done.played < stage->plan)
        play_member(stage, seconds);
}

/// That a member is lost after a while whatever a few random actions do is told only where all are: a pole
/// may be too far gone in some.
static void judge_lost(ParaStage *stage)
{
    if (stage->done.played > 0 && stage->alike_lost == stage->done.played)
        para_stage_note(stage, PARA_CODE_LOST_AT_ONCE, "/fail",
                        "the level is lost in its first moments whatever the player does%s",
                        stage->alike_cause);
}

/// That the whole time without an action solves a level is told only of a family where it mostly does: an
/// easy member now and then is none the worse for it.
static void judge_idle(ParaStage *stage)
{
    for (int k = 0; k < stage->finding_count; k++)
        if (stage->findings[k].code == PARA_CODE_SOLVED_BY_NOTHING)
            return;
    if (stage->idle_solved * 2 <= stage->idle_played)
        return;
    if (stage->idle_played == 1)
        para_stage_note(stage, PARA_CODE_SOLVED_BY_NOTHING, "/goal", "the level is solved without an action");
    else
        para_stage_note(stage, PARA_CODE_SOLVED_BY_NOTHING, "/goal",
                        "%d of %d members played to their end are solved without an action",
                        stage->idle_solved, stage->idle_played);
}

static bool varies(const ParaTemplate *t, ParaArena *arena)
{
    const ParaLevel *a = para_template_sample(t, NULL, 1, arena, NULL),
                    *b = para_template_sample(t, NULL, 2, arena, NULL);
    return !a || !b || a->hash != b->hash;
}

ParaRehearsal para_rehearse(const ParaTemplate *t, double seconds, ParaDiagList *list)
{
    PARA_ASSERT(seconds >= 0 && seconds <= 60);
    ParaRehearsal done = {0};
    ParaArena *whole = para_arena_create((size_t)1 << 18, MEMBER_BYTES);
    ParaStage *stage = whole ? PARA_NEW(whole, ParaStage, 1) : NULL;
    if (!stage)
        return done;
    stage->t = t;
    stage->arena = para_arena_create((size_t)1 << 18, MEMBER_BYTES);
    stage->group[0] = para_world_group_create(PARA_SOLVER_LANES, 1);
    stage->group[1] = para_world_group_create(PARA_SOLVER_CHIPMUNK, 1);
    if (stage->arena && stage->group[0] && stage->group[1]) {
        int members = varies(t, stage->arena) ? MEMBERS : 1;
        stage->plan = members > 1 ? PLAYED_LEAST : 1;
        for (; stage->member < members && (stage->done.members < 2 || stage->looked < LOOK_WORK);
             stage->member++)
            rehearse_member(stage, seconds);
        stage->level = NULL;
        judge_lost(stage);
        judge_idle(stage);
        para_stage_look_at_params(stage, PARAMS_WORK);
        done = stage->done;
        int first = list->count;
        for (int k = 0; k < stage->finding_count; k++)
            tell_one(&stage->findings[k], &done, list);
        para_problems_silence(list, first, para_template_silences(t));
        para_problems_locate(list, first);
    }
    for (int k = 0; k < 2; k++)
        if (stage->group[k])
            para_world_group_destroy(stage->group[k]);
    if (stage->arena)
        para_arena_destroy(stage->arena);
    para_arena_destroy(whole);
    return done;
}
