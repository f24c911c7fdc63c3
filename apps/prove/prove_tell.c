// SPDX-License-Identifier: MIT
// What `paracosm prove` says: the line while it searches, and what came of it.
#include "apps/interrupt.h"
#include "apps/prove/prove_parts.h"
#include "engine/base/clock.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>

void para_prove_show(ParaProof *proof, const ParaSearch *search)
{
    char tries[PARA_NUMBER_SIZE], steps[PARA_NUMBER_SIZE], line[240];
    if (!para_progress_is_due(&proof->progress))
        return;
    double progress = search->progress > 0 ? (double)search->progress : 0;
    para_text_format(
        line, sizeof line, "%s seed %" PRIu64 ": %s tries, %s steps, best %.0f %% of the goal, %.0f s",
        proof->level->family, proof->seed, para_text_count((double)search->tries, tries),
        para_text_count((double)search->steps, steps), 100 * progress, para_clock_seconds() - proof->begin);
    para_progress_line(&proof->progress, line);
}

static void print_json(const ParaProof *proof, const ParaSearch *search)
{
    char hash[24];
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "family", proof->level->family);
    snprintf(hash, sizeof hash, "%" PRIu64, proof->seed); // beyond 2^53 a number would lose digits
    cJSON_AddRawToObject(object, "seed", hash);
    cJSON *params = cJSON_AddObjectToObject(object, "params");
    for (int p = 0; p < proof->level->param_count; p++)
        cJSON_AddNumberToObject(params, proof->level->params[p].name, proof->level->params[p].value);
    cJSON_AddBoolToObject(object, "solved", search->solved);
    cJSON_AddStringToObject(object, "solver", para_solver_name(para_search_solver(search)));
    cJSON_AddNumberToObject(object, "tries", (double)search->tries);
    cJSON_AddNumberToObject(object, "passes", search->passes);
    cJSON_AddNumberToObject(object, "steps", (double)search->steps);
    cJSON_AddNumberToObject(object, "seconds", proof->seconds);
    cJSON_AddNumberToObject(object, "progress", search->progress > 0 ? (double)search->progress : 0);
    if (search->solved) {
        cJSON_AddNumberToObject(object, "level_seconds", proof->level_time);
        if (proof->out)
            cJSON_AddStringToObject(object, "out", proof->out);
    } else {
        cJSON_AddStringToObject(object, "remained", proof->remained);
    }
    char *text = para_json_print(object, false);
    cJSON_Delete(object);
    puts(text ? text : "{}");
    cJSON_free(text);
}

/// "drop seed 0, height = 2, on lanes: ", as far as it is in question.
static void print_name(const ParaProof *proof)
{
    const ParaLevel *level = proof->level;
    printf("%s seed %" PRIu64, level->family, proof->seed);
    for (int p = 0; p < level->param_count && proof->choices->corners; p++)
        para_text_print(stdout, ", %s = %.6g", level->params[p].name, level->params[p].value);
    printf("%s%s: ", proof->choices->both ? " on " : "",
           proof->choices->both ? para_solver_name(proof->solver) : "");
}

static void print_text(const ParaProof *proof, const ParaSearch *search)
{
    char tries[PARA_NUMBER_SIZE], steps[PARA_NUMBER_SIZE];
    para_text_count((double)search->tries, tries);
    para_text_count((double)search->steps, steps);
    print_name(proof);
    if (search->solved) {
        para_text_print(stdout, "solved in %.1f s of the level; found after %s tries, %s steps, %.1f s%s%s\n",
                        proof->level_time, tries, steps, proof->seconds, proof->out ? ": " : "",
                        proof->out ? proof->out : "");
        return;
    }
    bool stopped = para_interrupt_count() > 0;
    para_text_print(stdout, "%s after %s tries in %d passes, %s steps, %.1f s\n",
                    stopped ? "stopped, not solved" : "not solved", tries, search->passes, steps,
                    proof->seconds);
    if (search->decisions > 0)
        para_text_print(stdout, "  best: %.1f %% of the goal%s%s\n", 100 * (double)search->progress,
                        *proof->remained ? "; what remained: " : "", proof->remained);
    else
        para_text_print(stdout, "  best: not known yet; the first tries take longer than they were given\n");
}

void para_prove_print(const ParaProof *proof, const ParaSearch *search)
{
    if (proof->choices->json)
        print_json(proof, search);
    else
        print_text(proof, search);
    fflush(stdout);
}
