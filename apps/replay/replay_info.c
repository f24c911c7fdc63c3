// SPDX-License-Identifier: MIT
// paracosm replay info: what a replay holds, for people, as JSON, or the level itself.
#include "agents/env/decision.h"
#include "agents/env/replay.h"
#include "apps/apps.h"
#include "apps/options.h"
#include "apps/replay/replay_parts.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>

/// What a replay does not say itself, found by playing it again.
typedef struct Retold {
    char cause[160]; ///< why the episode ended as it did; "" where it comes out otherwise
    ParaSaidList said;
    const char **meddled; ///< each meddle as a line, by the names that the level had then  [meddle_count]
} Retold;

/// A meddle as a line, or that it is none, of the level as it was before it.
static const char *meddle_line(const ParaMeddle *meddle, const ParaLevel *level, ParaArena *arena)
{
    char line[PARA_MEDDLE_SAYS];
    if (!para_meddle_check(meddle, level, NULL, 0))
        return "nothing that this level knows";
    para_meddle_write(meddle, level, line, sizeof line);
    return para_arena_strdup(arena, line);
}

/// Tells and does what was meddled before the env's next decision: what one makes, the next may name.
/// @return false: one of them cannot be done
static bool retell_meddles(ParaEnv *env, const ParaReplay *replay, Retold *out, int *next)
{
    for (; *next < replay->meddle_count && replay->meddles[*next].decision == env->decisions; ++*next) {
        const ParaMeddle *meddle = &replay->meddles[*next];
        out->meddled[*next] = meddle_line(meddle, env->level, env->arena);
        if (!para_env_meddle(env, meddle, NULL, 0))
            return false;
    }
    return true;
}

static Retold retell(const ParaReplay *replay, const ParaLevel *level, ParaArena *arena)
{
    Retold out = {.meddled = PARA_NEW(arena, const char *, replay->meddle_count + 1)};
    int next = 0;
    ParaWorldGroup *group = para_world_group_create(replay->solver, 1);
    ParaEnv env = {.arena = arena, .level = level};
    if (group)
        env.world = para_world_at(group, 0);
    bool good = group && para_env_begin(&env, level, replay->player);
    for (int d = 0; good && d < replay->decisions && env.play.status == PARA_PLAY_ON; d++) {
        good = retell_meddles(&env, replay, &out, &next);
        if (good)
            para_decision_make_recorded(&env, replay, d);
        if (good)
            para_replay_listen(&out.said, &env, arena);
    }
    if (good && (int)env.play.status == replay->end)
        para_play_cause_sentence(&env.play, env.level, env.world, 0, out.cause, sizeof out.cause);
    for (int m = 0; m < replay->meddle_count; m++)
        if (!out.meddled[m]) // not come to: the replay does not come out as it was
            out.meddled[m] = meddle_line(&replay->meddles[m], env.level ? env.level : level, arena);
    if (group)
        para_world_group_destroy(group);
    return out;
}

/// Whether a meddle only goes on with the one before it: water rises a little with each decision.
static bool goes_on(const ParaReplay *replay, int m)
{
    const ParaMeddle *now = &replay->meddles[m], *next = now + 1;
    return m + 1 < replay->meddle_count && now->kind == PARA_MEDDLE_FLOOD &&
           next->kind == PARA_MEDDLE_FLOOD && next->decision - now->decision <= 1;
}

/// What was meddled, line by line; a hand that pulls is told once, and water by where it came to.
static void print_meddles(const ParaReplay *replay, const ParaLevel *level, const Retold *retold)
{
    bool pulled = false;
    int from = -1; // [decision] at which the water began
    const char *head = "meddled";
    for (int m = 0; m < replay->meddle_count; m++) {
        const ParaMeddle *meddle = &replay->meddles[m];
        bool pulls = meddle->kind == PARA_MEDDLE_PULL, again = pulled && pulls;
        pulled = pulls;
        if (from < 0 || meddle->kind != PARA_MEDDLE_FLOOD)
            from = meddle->decision;
        if (again || goes_on(replay, m)) {
            from = again ? -1 : from;
            continue;
        }
        para_text_print(stdout, "%-10s at %.2f s: %s%s\n", head,
                        (double)from * level->frame_skip / (double)level->world.rate, retold->meddled[m],
                        pulls ? ", and on" : "");
        head = "";
        from = -1;
    }
}

static void print_info(const ParaReplay *replay, const ParaLevel *level, const Retold *retold)
{
    printf("family     %s\n", level->family);
    printf("about      %s\n", level->about);
    for (int i = 0; i < level->param_count; i++)
        para_text_print(stdout, "%s %s = %.15g\n", i ? "          " : "parameters", level->params[i].name,
                        level->params[i].value);
    printf("player     %s\n", replay->player);
    printf("solver     %s\n", para_solver_name(replay->solver));
    para_text_print(stdout, "decisions  %d (%.1f s)\n", replay->decisions,
                    (double)replay->decisions * level->frame_skip / (double)level->world.rate);
    printf("end        %s%s%s\n", para_replay_end_name(replay->end), *retold->cause ? ": " : "",
           retold->cause);
    para_text_print(stdout, "reward     %.3f\n", (double)replay->total_reward);
    print_meddles(replay, level, retold);
    para_replay_said_print(&retold->said, level);
}

static bool print_info_json(const char *path, const ParaReplay *replay, const ParaLevel *level,
                            const Retold *retold, ParaArena *arena)
{
    cJSON *object = cJSON_CreateObject(), *params = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "family", level->family);
    for (int i = 0; i < level->param_count; i++)
        cJSON_AddNumberToObject(params, level->params[i].name, level->params[i].value);
    cJSON_AddItemToObject(object, "params", params);
    cJSON_AddStringToObject(object, "player", replay->player);
    cJSON_AddStringToObject(object, "solver", para_solver_name(replay->solver));
    cJSON_AddNumberToObject(object, "decisions", replay->decisions);
    cJSON_AddNumberToObject(object, "seconds",
                            (double)replay->decisions * level->frame_skip / (double)level->world.rate);
    cJSON_AddStringToObject(object, "end", para_replay_end_name(replay->end));
    cJSON_AddStringToObject(object, "cause", retold->cause);
    cJSON_AddNumberToObject(object, "reward", (double)replay->total_reward);
    cJSON_AddNumberToObject(object, "actions_offset", (double)para_replay_actions_offset(path, arena));
    cJSON_AddNumberToObject(object, "channels", PARA_CHANNELS);
    cJSON *meddled = cJSON_AddArrayToObject(object, "meddled");
    for (int m = 0; m < replay->meddle_count; m++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddNumberToObject(item, "decision", replay->meddles[m].decision);
        cJSON_AddStringToObject(item, "what", retold->meddled[m]);
        cJSON_AddItemToArray(meddled, item);
    }
    para_replay_said_add(object, &retold->said, level);
    char *text = para_json_print(object, true);
    cJSON_Delete(object);
    if (text)
        puts(text);
    cJSON_free(text);
    return text != NULL;
}

int para_replay_app_info(int argc, char **argv)
{
    bool json = false, level_only = false;
    const ParaOption options[] = {{"json", 0, PARA_OPTION_FLAG, &json, NULL,
                                   "print JSON (with the place of the actions in the file)", 0, 0, NULL},
                                  {"level", 0, PARA_OPTION_FLAG, &level_only, NULL,
                                   "print the level itself, a template file without ranges", 0, 0, NULL},
                                  {.name = NULL}};
    const ParaCommand command = {
        .name = "replay info",
        .usage = "[options] FILE",
        .about = "Says what a replay holds: the level, who played, how it ended.",
        .options = options,
        .examples = "  paracosm replay info proofs/rover-0001.replay\n"
                    "  paracosm replay info --level solved.replay > level.json && paracosm play level.json",
        .notes = "exit codes: 0 done, 1 the file cannot be read, 2 wrong command line",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a replay FILE"};
    const char *path = NULL, *error = NULL;
    int code = para_options_read(&command, argc, argv, &path, NULL);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_REPLAY_MEMORY_MAX);
    if (!arena)
        return para_app_fail("replay info", "no memory");
    ParaReplay *replay = para_replay_read(path, arena, &error);
    ParaLevel *level = replay ? para_replay_level(replay, arena, &error) : NULL;
    Retold retold = {0};
    code = PARA_EXIT_OK;
    if (level && !level_only)
        retold = retell(replay, level, arena);
    if (!level)
        code = para_app_fail("replay info", "%s", error);
    else if (level_only)
        puts(replay->level_json);
    else if (json && !print_info_json(path, replay, level, &retold, arena))
        code = para_app_fail("replay info", "no memory");
    else if (!json)
        print_info(replay, level, &retold);
    para_arena_destroy(arena);
    return code;
}
