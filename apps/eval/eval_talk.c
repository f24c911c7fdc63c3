// SPDX-License-Identifier: MIT
// What the trained player said on the levels it was scored on, as JSON and as lines.
#include "apps/eval/eval_parts.h"

#include "engine/base/text.h"

#include <cjson/cJSON.h>
#include <stdio.h>

static const char *const hearings[] = {"all", "nothing", "scrambled"};

static void add_told(cJSON *to, const char *name, const ParaTold *told)
{
    cJSON *item = cJSON_AddObjectToObject(to, name);
    cJSON_AddNumberToObject(item, "bits", told->bits);
    cJSON_AddNumberToObject(item, "shuffled", told->shuffled);
    cJSON_AddNumberToObject(item, "most", told->most);
}

void para_eval_talk_add(cJSON *family, const ParaEvalFamily *of)
{
    if (!of->talk)
        return;
    const ParaTalkSummary *talk = of->talk;
    cJSON *object = cJSON_AddObjectToObject(family, "talk");
    cJSON_AddNumberToObject(object, "decisions", (double)talk->lines);
    cJSON *said = cJSON_AddObjectToObject(object, "said");
    for (int w = 0; w < PARA_TALK_WORDS; w++)
        if (talk->share[w] > 0)
            cJSON_AddNumberToObject(said, para_talk_word(w), talk->share[w]);
    cJSON_AddNumberToObject(object, "entropy", talk->entropy);
    add_told(object, "target", &talk->bearing);
    cJSON *params = cJSON_AddObjectToObject(object, "params");
    for (int i = 0; i < talk->param_count; i++)
        add_told(params, of->params[i], &talk->params[i]);
}

void para_eval_hearing_add(cJSON *object, ParaObsHearing hearing)
{
    if (hearing != PARA_OBS_HEARS_ALL)
        cJSON_AddStringToObject(object, "hearing", hearings[hearing]);
}

static void print_told(const char *what, const ParaTold *told)
{
    para_text_print(stdout, "  %-24s %6.2f of %.2f bit  (shuffled %.2f)\n", what, told->bits, told->most,
                    told->shuffled);
}

static void print_family(const ParaEvalFamily *family)
{
    const ParaTalkSummary *talk = family->talk;
    printf("%s: said", family->name);
    for (int w = 0; w < PARA_TALK_WORDS; w++)
        if (talk->share[w] > 0)
            para_text_print(stdout, "  %s %.1f %%", para_talk_word(w), 100 * talk->share[w]);
    para_text_print(stdout, "  (entropy %.2f bit), which tells of\n", talk->entropy);
    print_told("where the target lies", &talk->bearing);
    for (int i = 0; i < talk->param_count; i++)
        if (talk->params[i].most > 0)
            print_told(family->params[i], &talk->params[i]);
}

void para_eval_talk_print(const ParaEvalResult *result, ParaObsHearing hearing)
{
    if (hearing != PARA_OBS_HEARS_ALL)
        printf("players hear %s of each other\n",
               hearing == PARA_OBS_HEARS_NOTHING ? "nothing" : "what is drawn by chance");
    for (int f = 0; f < result->family_count; f++)
        if (result->families[f].talk && result->families[f].talk->lines > 0)
            print_family(&result->families[f]);
}
