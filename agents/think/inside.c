// SPDX-License-Identifier: MIT
// Worlds to think in: those of a solver, or of a model with its doubt.
#include "agents/think/inside.h"

#include "agents/dream/dream.h"
#include "engine/base/file.h"
#include "engine/base/shell.h"

static ParaWorldGroup *dream(void *context, int capacity)
{
    return para_dream_group_create(context, capacity);
}

/// [m] doubt of the mean body that moves by itself.
static float doubt(void *context, ParaWorld world)
{
    const float *of = para_dream_doubt(world);
    const ParaView *view = para_world_view(world);
    float sum = 0.0f, count = 0.0f;
    (void)context;
    for (int b = 0; of && b < view->def->body_count; b++)
        if (view->def->bodies[b].kind == PARA_BODY_DYNAMIC &&
            view->enabled[(size_t)b * (size_t)view->stride]) {
            sum += of[b];
            count += 1.0f;
        }
    return count > 0.0f ? sum / count : 0.0f;
}

ParaThinkWhere para_think_in_engine(ParaSolverKind solver) { return (ParaThinkWhere){.solver = solver}; }

static const char *path_of(const char *run_folder, ParaArena *arena)
{
    if (para_path_kind(run_folder) == PARA_PATH_FILE)
        return run_folder;
    const char *model = para_arena_printf(arena, "%s/model.safetensors", run_folder),
               *other = para_arena_printf(arena, "%s/dream.safetensors", run_folder);
    return para_file_exists(model) ? model : para_file_exists(other) ? other : NULL;
}

bool para_think_has_model(const char *run_folder, ParaArena *arena)
{
    return path_of(run_folder, arena) != NULL;
}

bool para_think_in_model(const char *run_folder, ParaArena *arena, ParaThinkWhere *out,
                         const char **out_error)
{
    const char *path = path_of(run_folder, arena), *card = NULL;
    if (!path) {
        *out_error =
            para_arena_printf(arena, "no model in %s to think in; teach one with `%s dream train %s`",
                              run_folder, para_shell_program(), para_shell_word(run_folder, arena));
        return false;
    }
    ParaModel *model = para_model_read(path, arena, &card, out_error);
    if (!model)
        return false;
    *out = (ParaThinkWhere){.create = dream, .doubt = doubt, .context = model};
    return true;
}
