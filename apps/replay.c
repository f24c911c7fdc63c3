// SPDX-License-Identifier: MIT
// paracosm replay: verify recorded episodes, describe them, play them back in the terminal.
#include "agents/env/replay.h"
#include "agents/env/decision.h"

#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/terminal_scene.h"
#include "engine/base/clock.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FILES_MAX         100000
#define REPLAY_MEMORY_MAX ((size_t)1 << 30) // [byte] for one replay and its world

static const char *end_name(int end)
{
    static const char *const names[] = {"not ended", "solved", "failed", "timeout", "diverged"};
    return end >= 0 && end <= PARA_PLAY_DIVERGED ? names[end] : "unknown";
}

// ---------------------------------------------------------------- verify

static void print_verdict_json(const char *path, bool ok, int step, const char *message)
{
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "file", path);
    cJSON_AddBoolToObject(object, "ok", ok);
    if (step >= 0)
        cJSON_AddNumberToObject(object, "step", step);
    cJSON_AddStringToObject(object, "message", message);
    char *text = cJSON_PrintUnformatted(object);
    cJSON_Delete(object);
    puts(text ? text : "{}");
    cJSON_free(text);
}

/// One file; its arena is emptied by the caller.
static bool verify_file(const char *path, bool json, bool quiet, ParaArena *arena)
{
    const char *error = NULL;
    ParaReplay *replay = para_replay_read(path, arena, &error);
    ParaVerdict result = {.ok = false, .step = -1};
    if (replay)
        result = para_replay_verify(replay, arena);
    const char *message = replay ? result.message : error;
    if (json)
        print_verdict_json(path, result.ok, result.step, message);
    else if (!result.ok)
        printf("%s: WRONG: %s\n", path, message);
    else if (!quiet)
        printf("%s: %s\n", path, message);
    return result.ok;
}

static int app_verify(int argc, char **argv)
{
    bool json = false, quiet = false;
    const ParaOption options[] = {
        {"json", 0, PARA_OPTION_FLAG, &json, NULL, "one JSON object per file: file, ok, step, message", 0, 0,
         NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &quiet, NULL, "name only the files that are wrong", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "replay verify",
        .usage = "[options] FILE...",
        .about = "Builds each replay's level again, plays its actions and compares every step bit for bit.",
        .options = options,
        .examples = "  paracosm replay verify proofs/rover-0001.replay\n"
                    "  paracosm replay verify --quiet runs/first/proofs/*",
        .notes = "exit codes: 0 all are right, 1 at least one is not (its first wrong step is named), 2 "
                 "wrong command line",
        .operand_min = 1,
        .operand_max = argc,
        .operand_name = "a replay FILE"};
    ParaArena *arena = para_arena_create((size_t)1 << 20, REPLAY_MEMORY_MAX);
    if (!arena || argc > FILES_MAX)
        return para_app_fail("replay verify", arena ? "too many files at once" : "no memory");
    const char **files = PARA_NEW(arena, const char *, argc + 1);
    int count = 0, wrong = 0;
    int code = para_options_read(&command, argc, argv, files, &count);
    para_interrupt_catch(NULL);
    for (int i = 0; code == PARA_OPTIONS_GO && i < count; i++) {
        ParaArenaMark mark = para_arena_mark(arena);
        wrong += !verify_file(files[i], json, quiet, arena);
        para_arena_rewind(arena, mark);
        if (para_interrupt_count() > 0)
            code = PARA_EXIT_INTERRUPTED;
    }
    if (code == PARA_OPTIONS_GO && count > 1 && !json)
        printf("%d of %d replays verified\n", count - wrong, count);
    para_arena_destroy(arena);
    return code != PARA_OPTIONS_GO ? code : wrong ? PARA_EXIT_FAILURE : PARA_EXIT_OK;
}

// ---------------------------------------------------------------- info

static void print_info(const ParaReplay *replay, const ParaLevel *level)
{
    printf("family     %s\n", level->family);
    printf("about      %s\n", level->about);
    for (int i = 0; i < level->param_count; i++)
        printf("%s %s = %g\n", i ? "          " : "parameters", level->params[i].name,
               level->params[i].value);
    printf("player     %s\n", replay->player);
    printf("solver     %s\n", para_solver_name(replay->solver));
    printf("decisions  %d (%.1f s)\n", replay->decisions,
           (double)replay->decisions * level->frame_skip / (double)level->world.rate);
    printf("end        %s\n", end_name(replay->end));
    printf("reward     %.3f\n", (double)replay->total_reward);
}

static bool print_info_json(const char *path, const ParaReplay *replay, const ParaLevel *level,
                            ParaArena *arena)
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
    cJSON_AddStringToObject(object, "end", end_name(replay->end));
    cJSON_AddNumberToObject(object, "reward", (double)replay->total_reward);
    cJSON_AddNumberToObject(object, "actions_offset", (double)para_replay_actions_offset(path, arena));
    cJSON_AddNumberToObject(object, "channels", PARA_CHANNELS);
    char *text = cJSON_Print(object);
    cJSON_Delete(object);
    if (text)
        puts(text);
    cJSON_free(text);
    return text != NULL;
}

static int app_info(int argc, char **argv)
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
    ParaArena *arena = para_arena_create((size_t)1 << 20, REPLAY_MEMORY_MAX);
    if (!arena)
        return para_app_fail("replay info", "no memory");
    ParaReplay *replay = para_replay_read(path, arena, &error);
    ParaLevel *level = replay ? para_replay_level(replay, arena, &error) : NULL;
    code = PARA_EXIT_OK;
    if (!level)
        code = para_app_fail("replay info", "%s", error);
    else if (level_only)
        puts(replay->level_json);
    else if (json && !print_info_json(path, replay, level, arena))
        code = para_app_fail("replay info", "no memory");
    else if (!json)
        print_info(replay, level);
    para_arena_destroy(arena);
    return code;
}

// ---------------------------------------------------------------- play

static void sleep_seconds(double seconds)
{
    if (seconds <= 0)
        return;
    struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&time, NULL); // cut short by a signal is as good
}

typedef struct Player {
    const ParaReplay *replay;
    ParaLevel *level;
    ParaEnv env;
    ParaTerminalScene *scene;
    int rows;
    char *frame;
    size_t frame_size;
} Player;

/// The picture over the last one, and a line below it. @return false if the terminal is gone
static bool draw(Player *player, int decision, bool first)
{
    const char *const *lines =
        para_terminal_scene_draw(player->scene, player->env.world, player->level, &player->env.play);
    char *out = player->frame;
    size_t room = player->frame_size, used = 0;
    used += (size_t)snprintf(out + used, room - used, "\033[?2026h\033[?25l\r");
    if (!first)
        used += (size_t)snprintf(out + used, room - used, "\033[%dA", player->rows + 1);
    for (int row = 0; row < player->rows; row++)
        used += (size_t)snprintf(out + used, room - used, "%s\033[K\n", lines[row]);
    used += (size_t)snprintf(
        out + used, room - used, "%s  %s  %d of %d  %.1f s  %s\033[K\n\033[?25h\033[?2026l",
        player->level->family, player->replay->player, decision, player->replay->decisions,
        para_world_view(player->env.world)->time,
        player->env.play.status == PARA_PLAY_ON ? "" : end_name((int)player->env.play.status));
    return para_terminal_write(out, used < room ? used : room - 1);
}

static int play_all(Player *player, double speed)
{
    double beat = player->level->frame_skip / (double)player->level->world.rate / speed; // [s] per decision
    double next = para_clock_seconds();
    bool good = draw(player, 0, true);
    for (int at = 0; good && at < player->replay->decisions && para_interrupt_count() == 0; at++) {
        if (player->env.play.status == PARA_PLAY_ON)
            para_decision_make_one(&player->env, player->replay->actions + (size_t)at * PARA_CHANNELS);
        next += beat;
        if (para_clock_seconds() < next || at + 1 == player->replay->decisions) // late: leave pictures out
            good = draw(player, at + 1, false);
        sleep_seconds(next - para_clock_seconds());
    }
    if (!good)
        return para_app_fail("replay play", "cannot write to the terminal");
    return para_interrupt_count() > 0 ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
}

static int open_and_play(const char *path, double speed, ParaTerminal terminal, ParaArena *arena)
{
    const char *error = NULL;
    Player player = {.replay = para_replay_read(path, arena, &error)};
    player.level = player.replay ? para_replay_level(player.replay, arena, &error) : NULL;
    if (!player.level)
        return para_app_fail("replay play", "%s", error);
    ParaWorldGroup *group = para_world_group_create(player.replay->solver, 1);
    if (!group)
        return para_app_fail("replay play", "the solver %s is not there",
                             para_solver_name(player.replay->solver));
    int columns = terminal.columns < 120 ? terminal.columns : 120;
    player.rows = terminal.rows - 3 < 40 ? terminal.rows - 3 : 40;
    player.rows = player.rows < 4 ? 4 : player.rows;
    player.env = (ParaEnv){.world = para_world_at(group, 0), .arena = arena};
    player.scene = para_terminal_scene_create(columns, player.rows, arena);
    player.frame_size = (size_t)columns * (size_t)player.rows * 48 + 4096;
    player.frame = PARA_NEW(arena, char, player.frame_size);
    int code = PARA_EXIT_FAILURE;
    if (para_env_begin(&player.env, player.level, player.replay->player)) {
        para_interrupt_catch(NULL);
        para_interrupt_restore("\033[?25h\033[0m\n");
        code = play_all(&player, speed);
        para_interrupt_restore(NULL);
    } else {
        code = para_app_fail("replay play", "the replay's level cannot be built");
    }
    para_world_group_destroy(group);
    return code;
}

static int app_play(int argc, char **argv)
{
    double speed = 1.0;
    const ParaOption options[] = {
        {"speed", 's', PARA_OPTION_REAL, &speed, "X", "[1] times real time", 0.05, 100, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "replay play",
        .usage = "[options] FILE",
        .about = "Plays a replay back in the terminal (24-bit colour, half blocks).",
        .options = options,
        .examples = "  paracosm replay play proofs/rover-0001.replay\n"
                    "  paracosm replay play --speed 0.5 solved.replay",
        .notes = "In a file or without colours: paracosm render --replay FILE draws a picture instead.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line or no terminal, 130 stopped",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a replay FILE"};
    const char *path = NULL;
    int code = para_options_read(&command, argc, argv, &path, NULL);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaTerminal terminal = para_terminal_look();
    if (!terminal.live)
        return para_app_misused("replay play",
                                "standard output is no terminal with colours; for a picture in a file: "
                                "paracosm render --replay %s --out picture.png",
                                path);
    ParaArena *arena = para_arena_create((size_t)1 << 20, REPLAY_MEMORY_MAX);
    if (!arena)
        return para_app_fail("replay play", "no memory");
    code = open_and_play(path, speed, terminal, arena);
    para_arena_destroy(arena);
    return code;
}

// ---------------------------------------------------------------- the subcommand

static const char help_text[] =
    "usage: paracosm replay verify|info|play [options] FILE...\n\n"
    "Replays hold a level, the actions of one episode and a hash of every step.\n\n"
    "  verify   play them again and compare every step bit for bit (exit 1 names the first wrong step)\n"
    "  info     say what a replay holds\n"
    "  play     play it back in the terminal\n\n"
    "examples:\n"
    "  paracosm replay verify runs/first/proofs/*\n"
    "  paracosm replay info solved.replay\n"
    "  paracosm replay play --speed 2 solved.replay\n\n"
    "Each has --help with its own options.\n";

int para_app_replay(int argc, char **argv)
{
    static const ParaWord words[] = {{"verify", app_verify}, {"info", app_info}, {"play", app_play}};
    return para_app_word("replay", help_text, words, sizeof words / sizeof *words, argc, argv);
}
