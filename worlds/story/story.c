// SPDX-License-Identifier: MIT
// A story being played: what its expressions read, and which branch is taken.
#include "worlds/story/story.h"

#include "engine/base/assert.h"

#include <string.h>

ParaStoryState para_story_begin(const ParaStory *story)
{
    ParaStoryState state = {.scene = story->start};
    memcpy(state.variables, story->values, sizeof state.variables);
    return state;
}

static int count_bits(const uint8_t *bits, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += bits[i / 8] >> (i % 8) & 1;
    return sum;
}

void para_story_sense(ParaStoryState *state, const ParaPlay *play, const ParaLevel *level, ParaWorld world)
{
    int bodies = level->world.body_count;
    state->senses[PARA_STORY_SECONDS] = para_world_view(world)->time;
    state->senses[PARA_STORY_SHATTERED] = count_bits(play->shattered, bodies);
    state->senses[PARA_STORY_COLLECTED] = count_bits(play->collected, bodies);
    state->senses[PARA_STORY_PROGRESS] =
        play->status == PARA_PLAY_SOLVED ? 1.0 : (double)play->players[0].progress;
}

/// The value of an expression. @return false: it has none, such as 1 / 0
static bool value_of(const ParaStoryState *state, const ParaExpr *expr, double *out)
{
    double values[PARA_STORY_SENSES + PARA_STORY_VARIABLES_MAX];
    memcpy(values, state->senses, sizeof state->senses);
    memcpy(values + PARA_STORY_SENSES, state->variables, sizeof state->variables);
    return para_expr_run(expr, &(ParaExprInput){.params = values}, out) == PARA_EXPR_FINE;
}

bool para_story_holds(const ParaStoryState *state, const ParaExpr *when)
{
    double value = 0.0;
    return !when || (value_of(state, when, &value) && value != 0.0);
}

static void do_sets(ParaStoryState *state, const ParaStorySet *sets, int count)
{
    for (int i = 0; i < count; i++) {
        double value;
        if (sets[i].to && value_of(state, sets[i].to, &value))
            state->variables[sets[i].variable] = value;
    }
}

/// What a scene takes from its level's own variables.
static void keep(ParaStoryState *state, const ParaStoryScene *scene, const ParaPlay *play,
                 const ParaLevel *level)
{
    for (int i = 0; i < scene->keep_count; i++)
        for (int v = 0; scene->keep[i].of && v < level->variable_count; v++)
            if (strcmp(level->variables[v].name, scene->keep[i].of) == 0)
                state->variables[scene->keep[i].variable] = para_play_variable(play, v);
}

const ParaStoryBranch *para_story_take(const ParaStory *story, ParaStoryState *state, ParaPlayStatus status,
                                       int cause)
{
    PARA_ASSERT(state->scene >= 0 && state->scene < story->scene_count);
    const ParaStoryScene *scene = &story->scenes[state->scene];
    do_sets(state, scene->keep, scene->keep_count);
    // Physics that ran away is nobody's doing: as if time had run out.
    status = status == PARA_PLAY_DIVERGED ? PARA_PLAY_TIMEOUT : status;
    for (int i = 0; i < scene->branch_count; i++) {
        const ParaStoryBranch *branch = &scene->branches[i];
        if ((branch->on && !(branch->on >> status & 1)) || (branch->cause >= 0 && branch->cause != cause) ||
            !para_story_holds(state, branch->when))
            continue;
        do_sets(state, branch->sets, branch->set_count);
        state->scene = branch->go;
        state->senses[PARA_STORY_TRIES] = 0.0;
        return branch;
    }
    PARA_NEVER("a story is checked to go on however a scene ends");
}

const ParaStoryBranch *para_story_go(const ParaStory *story, ParaStoryState *state, const ParaPlay *play,
                                     const ParaLevel *level, ParaWorld world)
{
    ParaPlayCause cause = para_play_cause_of(play, level, world, 0);
    para_story_sense(state, play, level, world);
    keep(state, &story->scenes[state->scene], play, level);
    return para_story_take(story, state, play->status,
                           cause.node >= 0 ? (int)level->goals[cause.node].kind : -1);
}
