// SPDX-License-Identifier: MIT
// The trained player once more, thinking before it acts, on the same levels with the same luck.
#include "agents/player/player.h"
#include "agents/think/inside.h"
#include "agents/think/reflex.h"
#include "apps/eval/eval_parts.h"
#include "apps/interrupt.h"
#include "apps/progress.h"
#include "engine/base/text.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static bool measure(const ParaEvalDef *def, const ParaReflex *reflex, ParaThoughtDef *thought,
                    ParaArena *arena, ParaEvalThinking *out, const char **out_error)
{
    ParaProgress progress = para_progress_begin("thought episodes", out->quiet);
    out->family_count = thought->families->count;
    out->names = thought->families->names;
    out->families = PARA_NEW(arena, ParaThought, out->family_count + 1);
    thought->levels = def->levels;
    thought->episodes = def->episodes;
    thought->seed = def->seed;
    thought->solver = def->solver;
    thought->threads = def->threads;
    thought->think = out->think;
    thought->think.greedy = def->greedy;
    thought->watch = para_progress_goes_on;
    thought->stop = para_interrupt_asked;
    thought->context = &progress;
    bool good = para_think_measure(thought, reflex, arena, out->families, NULL);
    para_progress_end(&progress);
    if (!good)
        *out_error = para_interrupt_count() > 0 ? "stopped" : "no memory for the worlds to think in";
    return good;
}

bool para_eval_think(const ParaEvalDef *def, ParaArena *arena, ParaEvalThinking *out, const char **out_error)
{
    const ParaFamiliesWish wish = {def->families, def->family_count, def->templates, def->tier};
    ParaFamilies *families = PARA_NEW(arena, ParaFamilies, 1);
    ParaReflex reflex;
    const char *note = NULL; // the evaluation before has told it
    ParaThoughtDef thought = {.families = families, .where = para_think_in_engine(def->solver)};
    return para_player_families(def->run_folder, &wish, arena, families, &note, out_error) &&
           para_reflex_load(def->run_folder, arena, &reflex, &note, out_error) &&
           (!out->in_model || para_think_in_model(def->run_folder, arena, &thought.where, out_error)) &&
           measure(def, &reflex, &thought, arena, out, out_error);
}

static double rate(const ParaThought *t) { return t->episodes > 0 ? (double)t->solved / t->episodes : 0.0; }

static double milliseconds(const ParaThought *t)
{
    return t->decisions > 0 ? 1e3 * t->cpu_seconds / (double)t->decisions : 0.0;
}

void para_eval_thinking_add(cJSON *to, const ParaEvalThinking *thinking)
{
    cJSON *json = cJSON_AddObjectToObject(to, "thinking"), *list;
    const ParaThought *all = &thinking->families[thinking->family_count];
    cJSON_AddNumberToObject(json, "futures", thinking->think.futures);
    cJSON_AddStringToObject(json, "in", thinking->in_model ? "model" : "engine");
    list = cJSON_AddObjectToObject(json, "families");
    for (int f = 0; f < thinking->family_count; f++)
        cJSON_AddNumberToObject(list, thinking->names[f], rate(&thinking->families[f]));
    cJSON_AddNumberToObject(json, "all", rate(all));
    cJSON_AddNumberToObject(json, "ms_per_decision", milliseconds(all));
}

void para_eval_thinking_print(const ParaEvalThinking *thinking)
{
    printf("\ntrained, and thinking of %d futures in the %s\n", thinking->think.futures,
           thinking->in_model ? "model" : "engine");
    for (int f = thinking->family_count == 1 ? 1 : 0; f <= thinking->family_count; f++) {
        const ParaThought *t = &thinking->families[f];
        const char *name = f < thinking->family_count    ? thinking->names[f]
                           : thinking->family_count == 1 ? thinking->names[0]
                                                         : "all";
        float low = 0, high = 0;
        para_share_interval(rate(t), t->levels > 0 ? t->levels : 1, &low, &high);
        para_text_print(stdout, "%-16s %9.1f %%  %5.1f to %.1f  %8.2f ms a decision\n", name, 100 * rate(t),
                        100 * (double)low, 100 * (double)high, milliseconds(t));
    }
}
