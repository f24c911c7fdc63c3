// SPDX-License-Identifier: MIT
// What came of labelled attempts, counted, as a table and as JSON.
#include "apps/puzzle/agree.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const label_words[PARA_LABEL_COUNT] = {"solving", "not_solving", "not_solving_near"};
static const char *const outcome_words[] = {"waits", "solved", "unsolved", "invalid", "diverged"};

static bool is_kept(const ParaAttempt *attempt)
{
    return attempt->outcome ==
           (attempt->label == PARA_LABEL_SOLVING ? PARA_ATTEMPT_SOLVED : PARA_ATTEMPT_UNSOLVED);
}

static bool is_timed(const ParaAttempt *attempt)
{
    return attempt->label == PARA_LABEL_SOLVING && is_kept(attempt) && attempt->recorded > 0;
}

static void count_one(ParaAgreed *agreed, const ParaAttempt *attempt)
{
    agreed->made++;
    agreed->kept += is_kept(attempt);
    agreed->invalid += attempt->outcome == PARA_ATTEMPT_INVALID;
    agreed->diverged += attempt->outcome == PARA_ATTEMPT_DIVERGED;
    agreed->timed += is_timed(attempt);
}

static int by_size(const void *a, const void *b)
{
    int p = *(const int *)a, q = *(const int *)b;
    return (p > q) - (p < q);
}

/// @param family -1: of all
static void time_some(ParaAgreed *agreed, const ParaAttempts *attempts, int family, ParaArena *arena)
{
    ParaArenaMark mark = para_arena_mark(arena);
    int *late = PARA_NEW(arena, int, agreed->timed + 1), count = 0;
    for (int k = 0; k < attempts->count; k++) {
        const ParaAttempt *one = &attempts->items[k];
        if (is_timed(one) && (family < 0 || attempts->tasks[one->task].family == family))
            late[count++] = abs(one->step - one->recorded);
    }
    qsort(late, (size_t)count, sizeof *late, by_size);
    if (count > 0) {
        agreed->late[0] = late[count / 2];
        agreed->late[1] = late[(int)((double)(count - 1) * 0.9)];
    }
    para_arena_rewind(arena, mark);
}

void para_agreement_count(ParaAgreement *agreement, ParaArena *arena)
{
    const ParaAttempts *attempts = agreement->attempts;
    agreement->families =
        para_arena_alloc(arena, sizeof *agreement->families * (size_t)attempts->family_count);
    for (int k = 0; k < attempts->count; k++) {
        const ParaAttempt *one = &attempts->items[k];
        if (one->outcome == PARA_ATTEMPT_WAITS)
            continue;
        count_one(&agreement->all[one->label], one);
        count_one(&agreement->families[attempts->tasks[one->task].family][one->label], one);
    }
    time_some(&agreement->all[PARA_LABEL_SOLVING], attempts, -1, arena);
    for (int f = 0; f < attempts->family_count; f++)
        time_some(&agreement->families[f][PARA_LABEL_SOLVING], attempts, f, arena);
}

// ---------------------------------------------------------------------------------------------
// For people.

static void print_share(const ParaAgreed *agreed)
{
    if (agreed->made > 0)
        para_text_print(stdout, "  %4d of %4d  %5.1f %%", agreed->kept, agreed->made,
                        100.0 * agreed->kept / agreed->made);
    else
        printf("  %21s", "-");
}

static void print_row(const char *name, const ParaAgreed agreed[PARA_LABEL_COUNT])
{
    const ParaAgreed *solving = &agreed[PARA_LABEL_SOLVING];
    printf("%-10s", name);
    for (int label = 0; label < PARA_LABEL_COUNT; label++)
        print_share(&agreed[label]);
    if (solving->timed > 0)
        printf("  %6d  %6d", solving->late[0], solving->late[1]);
    printf("\n");
}

void para_agreement_print(const ParaAgreement *agreement)
{
    const ParaAttempts *attempts = agreement->attempts;
    int invalid = 0, diverged = 0, made = 0;
    printf("%-10s  %21s  %21s  %21s  %s\n", "template", "solving kept", "not solving kept", "near kept",
           "steps off: half, 9 of 10 within");
    for (int f = 0; f < attempts->family_count; f++)
        print_row(attempts->families[f], agreement->families[f]);
    print_row("all", agreement->all);
    for (int label = 0; label < PARA_LABEL_COUNT; label++) {
        made += agreement->all[label].made;
        invalid += agreement->all[label].invalid;
        diverged += agreement->all[label].diverged;
    }
    para_text_print(stdout, "%d attempts in %.1f s on %s; %d invalid, %d diverged\n", made,
                    agreement->seconds, para_solver_name(agreement->def->solver), invalid, diverged);
    if (made < attempts->count)
        printf("%d were not made: stopped\n", attempts->count - made);
    if (attempts->without_template > 0)
        printf("%d tasks of the labels have no template here\n", attempts->without_template);
}

// ---------------------------------------------------------------------------------------------
// For programs.

static cJSON *agreed_json(const ParaAgreed *agreed)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddNumberToObject(object, "made", agreed->made);
    cJSON_AddNumberToObject(object, "kept", agreed->kept);
    cJSON_AddNumberToObject(object, "invalid", agreed->invalid);
    cJSON_AddNumberToObject(object, "diverged", agreed->diverged);
    if (agreed->timed > 0) {
        cJSON_AddNumberToObject(object, "steps_off_median", agreed->late[0]);
        cJSON_AddNumberToObject(object, "steps_off_90", agreed->late[1]);
    }
    return object;
}

static void add_labels(cJSON *object, const ParaAgreed agreed[PARA_LABEL_COUNT])
{
    for (int label = 0; label < PARA_LABEL_COUNT; label++)
        cJSON_AddItemToObject(object, label_words[label], agreed_json(&agreed[label]));
}

static cJSON *attempt_json(const ParaAttempts *attempts, const ParaAttempt *attempt)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "task", attempts->tasks[attempt->task].id);
    cJSON_AddStringToObject(object, "label", label_words[attempt->label]);
    cJSON_AddItemToObject(object, "action", cJSON_CreateDoubleArray(attempt->action, 3));
    cJSON_AddStringToObject(object, "outcome", outcome_words[attempt->outcome]);
    cJSON_AddNumberToObject(object, "step", attempt->step);
    if (attempt->recorded > 0)
        cJSON_AddNumberToObject(object, "recorded_step", attempt->recorded);
    if (*attempt->why)
        cJSON_AddStringToObject(object, "why", attempt->why);
    return object;
}

bool para_agreement_print_json(const ParaAgreement *agreement, bool each)
{
    const ParaAttempts *attempts = agreement->attempts;
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "solver", para_solver_name(agreement->def->solver));
    cJSON_AddNumberToObject(object, "substeps", agreement->def->substeps);
    cJSON_AddNumberToObject(object, "iterations", agreement->def->iterations);
    cJSON_AddNumberToObject(object, "seconds", agreement->seconds);
    cJSON_AddNumberToObject(object, "tasks", attempts->task_count);
    cJSON_AddNumberToObject(object, "tasks_without_template", attempts->without_template);
    add_labels(object, agreement->all);
    cJSON *templates = cJSON_AddArrayToObject(object, "templates");
    for (int f = 0; f < attempts->family_count; f++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "template", attempts->families[f]);
        add_labels(one, agreement->families[f]);
        cJSON_AddItemToArray(templates, one);
    }
    cJSON *list = each ? cJSON_AddArrayToObject(object, "attempts") : NULL;
    for (int k = 0; each && k < attempts->count; k++)
        cJSON_AddItemToArray(list, attempt_json(attempts, &attempts->items[k]));
    char *text = para_json_print(object, false);
    cJSON_Delete(object);
    if (text)
        puts(text);
    cJSON_free(text);
    return text != NULL;
}
