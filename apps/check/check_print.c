// SPDX-License-Identifier: MIT
// What a check has found, for people and as JSON.
#include "apps/check/check_parts.h"

#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

/// What was left out since it takes too long, which does not make the check fail.
static void print_cuts(const ParaCheckFamily *family)
{
    const ParaRehearsal *done = &family->rehearsal;
    if (done->cut.runs > 0)
        para_text_print(stdout, "  played %.4g s of %.4g s in %d of %d runs: steps of this level are dear\n",
                        done->cut.seconds, done->cut.asked, done->cut.runs, done->cut.of);
    if (done->cut_idle.runs > 0)
        para_text_print(stdout,
                        "  played %.4g s of %.4g s to the end without an action in %d of %d runs: its steps "
                        "are dear or many\n",
                        done->cut_idle.seconds, done->cut_idle.asked, done->cut_idle.runs, done->cut_idle.of);
    if (done->params_unseen > 0)
        printf("  did not look whether %d of the parameters change anything: members are dear to make\n",
               done->params_unseen);
}

static void print_summary(const char *path, const ParaTemplate *t, const ParaCheckFamily *family)
{
    printf("%s: %s\n", path, para_template_name(t));
    if (*para_template_about(t))
        printf("  %s\n", para_template_about(t));
    int count = para_template_param_count(t), wide = 16;
    for (int p = 0; p < count; p++)
        wide = (int)strlen(para_template_param(t, p)->name) > wide
                   ? (int)strlen(para_template_param(t, p)->name)
                   : wide;
    for (int p = 0; p < count; p++) {
        const ParaParam *param = para_template_param(t, p);
        para_text_print(stdout, "  %-*s %s %.15g to %.15g%s%s%s%s\n", wide, param->name,
                        param->integer ? "whole" : "real ", param->low, param->high, *param->unit ? " " : "",
                        param->unit, *param->about ? "; " : "", param->about);
    }
    if (count == 0)
        printf("  no parameters: one level, or a family by chance alone\n");
    for (int k = 0; k < para_template_tier_count(t); k++)
        printf("%s%s%s", k ? ", " : "  tiers: ", para_template_tier(t, k)->name,
               k + 1 == para_template_tier_count(t) ? "\n" : "");
    if (family->asked == 0 && family->rehearsal.members == 0) {
        printf("  read, and no member drawn\n");
        return;
    }
    printf("  family: %d member%s drawn, %d refused; %d to %d bodies, at most %d shapes and %d joints\n",
           family->drawn, family->drawn == 1 ? "" : "s", family->refused, family->body_min, family->body_max,
           family->shape_max, family->joint_max);
    int made = family->drawn - family->refused + family->unbuilt;
    if (family->tries > made)
        para_text_print(stdout, "  constraints: %.0f %% of %d tries fail; %.3g tries for a member\n",
                        100.0 * (family->tries - made) / family->tries, family->tries,
                        (double)family->tries / (made > 0 ? made : 1));
    if (family->drawn < family->asked)
        printf("  drew %d of %d: each is dear to build\n", family->drawn, family->asked);
    const ParaRehearsal *rehearsal = &family->rehearsal;
    para_text_print(stdout, "  looked at %d member%s, played %d of them for %lld steps in %.2f s\n",
                    rehearsal->members, rehearsal->members == 1 ? "" : "s", rehearsal->played,
                    (long long)rehearsal->steps, family->rehearsal_seconds);
    print_cuts(family);
}

static void print_solvers(const ParaCheckFamily *family)
{
    printf("  solver auto: %d member%s on lanes, %d on chipmunk\n", family->lanes,
           family->lanes == 1 ? "" : "s", family->chipmunk);
    for (int i = 0; i < family->reason_count; i++)
        printf("    not on lanes, %d: %s (first with seed %d)\n", family->reasons[i].count,
               family->reasons[i].why, family->reasons[i].seed);
    printf("  substeps: at most %d in a step\n", family->substeps);
    printf("    on chipmunk %d in the first, and more where joints turn or swing fast\n",
           family->substeps_chipmunk);
    if (family->beyond > 0)
        printf("    more than those hold, %d: %s (the worst, with seed %d)\n", family->beyond,
               family->worst.why, family->worst.seed);
}

static cJSON *solvers_json(const ParaCheckFamily *family)
{
    cJSON *object = cJSON_CreateObject(), *reasons = cJSON_CreateArray();
    cJSON_AddNumberToObject(object, "lanes", family->lanes);
    cJSON_AddNumberToObject(object, "chipmunk", family->chipmunk);
    for (int i = 0; i < family->reason_count; i++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "why", family->reasons[i].why);
        cJSON_AddNumberToObject(item, "count", family->reasons[i].count);
        cJSON_AddNumberToObject(item, "seed", family->reasons[i].seed);
        cJSON_AddItemToArray(reasons, item);
    }
    cJSON_AddItemToObject(object, "reasons", reasons);
    cJSON_AddNumberToObject(object, "substeps", family->substeps);
    cJSON_AddNumberToObject(object, "substeps_chipmunk", family->substeps_chipmunk);
    cJSON_AddNumberToObject(object, "beyond", family->beyond);
    if (family->beyond > 0) {
        cJSON *worst = cJSON_AddObjectToObject(object, "worst");
        cJSON_AddStringToObject(worst, "why", family->worst.why);
        cJSON_AddNumberToObject(worst, "seed", family->worst.seed);
    }
    return object;
}

/// Runs that were left, null if none was.
static void add_cut(cJSON *object, const char *name, const ParaCut *cut)
{
    cJSON *item = cut->runs > 0 ? cJSON_AddObjectToObject(object, name) : NULL;
    if (!item) {
        cJSON_AddNullToObject(object, name);
        return;
    }
    cJSON_AddNumberToObject(item, "runs", cut->runs);
    cJSON_AddNumberToObject(item, "of", cut->of);
    cJSON_AddNumberToObject(item, "seconds", cut->seconds);
    cJSON_AddNumberToObject(item, "asked", cut->asked);
}

static cJSON *problems_json(const ParaDiagList *list)
{
    cJSON *items = cJSON_CreateArray();
    for (int k = 0; k < list->count; k++) {
        const ParaDiag *item = &list->items[k];
        cJSON *object = cJSON_CreateObject();
        cJSON_AddStringToObject(object, "severity", item->severity == PARA_DIAG_ERROR ? "error" : "warning");
        cJSON_AddStringToObject(object, "code", item->code);
        if (*item->name)
            cJSON_AddStringToObject(object, "name", item->name);
        if (item->file) // a part's
            cJSON_AddStringToObject(object, "file", item->file);
        cJSON_AddStringToObject(object, "path", item->shown ? item->shown : item->path);
        cJSON_AddStringToObject(object, "message", item->message);
        cJSON_AddNumberToObject(object, "line", item->line);
        cJSON_AddNumberToObject(object, "column", item->column);
        cJSON_AddItemToArray(items, object);
    }
    return items;
}

void para_check_print_json(const char *path, const ParaTemplate *t, const ParaCheckFamily *family,
                           const ParaDiagList *list, const ParaCheckChoices *choices)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "file", path);
    cJSON_AddBoolToObject(object, "ok", list->error_count == 0);
    cJSON_AddItemToObject(object, "problems", problems_json(list));
    if (t) {
        cJSON_AddStringToObject(object, "name", para_template_name(t));
        cJSON_AddStringToObject(object, "about", para_template_about(t));
        cJSON *params = cJSON_AddArrayToObject(object, "params");
        for (int p = 0; p < para_template_param_count(t); p++) {
            const ParaParam *param = para_template_param(t, p);
            cJSON *item = cJSON_CreateObject();
            cJSON_AddStringToObject(item, "name", param->name);
            cJSON_AddNumberToObject(item, "low", param->low);
            cJSON_AddNumberToObject(item, "high", param->high);
            cJSON_AddBoolToObject(item, "integer", param->integer);
            cJSON_AddStringToObject(item, "unit", param->unit);
            cJSON_AddStringToObject(item, "about", param->about);
            cJSON_AddItemToArray(params, item);
        }
        cJSON_AddNumberToObject(object, "asked", family->asked);
        cJSON_AddNumberToObject(object, "drawn", family->drawn);
        cJSON_AddNumberToObject(object, "refused", family->refused);
        cJSON_AddNumberToObject(object, "tries", family->tries);
        cJSON_AddNumberToObject(object, "body_max", family->body_max);
        cJSON_AddNumberToObject(object, "played", family->rehearsal.played);
        cJSON_AddNumberToObject(object, "steps", (double)family->rehearsal.steps);
        add_cut(object, "cut", &family->rehearsal.cut);
        add_cut(object, "cut_idle", &family->rehearsal.cut_idle);
        cJSON_AddNumberToObject(object, "params_unseen", family->rehearsal.params_unseen);
        if (choices->solver)
            cJSON_AddItemToObject(object, "solver", solvers_json(family));
    }
    char *text = para_json_print(object, false);
    cJSON_Delete(object);
    puts(text ? text : "{}");
    cJSON_free(text);
}

void para_check_print(const char *path, const ParaTemplate *t, const ParaCheckFamily *family,
                      const ParaCheckChoices *choices)
{
    print_summary(path, t, family);
    if (choices->solver)
        print_solvers(family);
}
