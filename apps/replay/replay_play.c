// SPDX-License-Identifier: MIT
// paracosm replay play: an episode in the terminal, at its own pace.
#include "agents/env/decision.h"
#include "agents/env/replay.h"
#include "apps/apps.h"
#include "apps/frame.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/replay/replay_parts.h"
#include "apps/terminal_scene.h"
#include "engine/base/clock.h"
#include "engine/base/shell.h"

#define COLUMNS_MAX 120 // [character] of the picture
#define ROWS_MAX    40  // [character]
#define ROWS_MIN    4   // [character]

typedef struct Player {
    const ParaReplay *replay;
    ParaLevel *level;
    ParaEnv env;
    ParaTerminalScene *scene;
    ParaFrame frame;
    int differs; // first decision that comes out otherwise than recorded; -1: none
} Player;

/// The picture, as large as the window allows, what the level is about, and how it stands. @return false if
/// the terminal is gone
static bool draw(Player *player, int decision)
{
    ParaFrame *frame = &player->frame;
    para_frame_begin(frame);
    int columns = frame->terminal.columns < COLUMNS_MAX ? frame->terminal.columns : COLUMNS_MAX;
    int rows = frame->terminal.rows - 4 < ROWS_MAX ? frame->terminal.rows - 4 : ROWS_MAX;
    rows = rows < ROWS_MIN ? ROWS_MIN : rows;
    para_terminal_scene_resize(player->scene, columns, rows);
    const char *const *lines =
        para_terminal_scene_draw(player->scene, player->env.world, player->level, &player->env.play);
    for (int row = 0; row < rows; row++) {
        para_frame_add(frame, "%s", lines[row]);
        para_frame_end_line(frame);
    }
    para_frame_add(frame, "%s: %s", player->level->family, player->level->about);
    para_frame_end_line(frame);
    char cause[160];
    para_play_cause_sentence(&player->env.play, player->level, player->env.world, 0, cause, sizeof cause);
    para_frame_add(
        frame, "%s  %d of %d  %.1f s  %s%s%s", player->replay->player, decision, player->replay->decisions,
        para_world_view(player->env.world)->time,
        player->env.play.status == PARA_PLAY_ON ? "" : para_replay_end_name((int)player->env.play.status),
        *cause ? ": " : "", cause);
    if (player->differs >= 0)
        para_frame_add(frame, "  (not as recorded from decision %d on)", player->differs);
    para_frame_end_line(frame);
    return para_frame_show(frame);
}

static int play_all(Player *player, double speed)
{
    double beat = player->level->frame_skip / (double)player->level->world.rate / speed; // [s] per decision
    double next = para_clock_seconds();
    bool good = draw(player, 0);
    int at = 0;
    while (good && at < player->replay->decisions && para_interrupt_count() == 0) {
        if (player->env.play.status == PARA_PLAY_ON) {
            bool again = para_env_meddle_again(&player->env, player->replay, NULL, 0);
            para_decision_make_recorded(&player->env, player->replay, at);
            if (player->differs < 0 && (!again || player->env.chain != player->replay->hashes[at]))
                player->differs = at;
        }
        at++;
        next += beat;
        if (para_clock_seconds() < next || at == player->replay->decisions) // late: leave pictures out
            good = draw(player, at);
        para_clock_sleep(next - para_clock_seconds());
    }
    if (good && para_interrupt_count() > 0) // once more, over what the terminal echoed
        good = draw(player, at);
    if (!good)
        return para_app_fail("replay play", "cannot write to the terminal");
    return para_interrupt_count() > 0 ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
}

static int open_and_play(const char *path, double speed, ParaArena *arena)
{
    const char *error = NULL;
    Player player = {.replay = para_replay_read(path, arena, &error), .differs = -1};
    player.level = player.replay ? para_replay_level(player.replay, arena, &error) : NULL;
    if (!player.level)
        return para_app_fail("replay play", "%s", error);
    ParaWorldGroup *group = para_world_group_create(player.replay->solver, 1);
    if (!group)
        return para_app_fail("replay play", "the solver %s is not there",
                             para_solver_name(player.replay->solver));
    player.env = (ParaEnv){.world = para_world_at(group, 0), .arena = arena, .chained = true};
    player.scene = para_terminal_scene_create(COLUMNS_MAX, ROWS_MAX, arena);
    player.frame = para_frame(arena);
    int code = PARA_EXIT_FAILURE;
    if (para_env_begin(&player.env, player.level, player.replay->player)) {
        para_interrupt_catch(NULL);
        para_interrupt_restore(PARA_FRAME_RESTORE);
        code = play_all(&player, speed);
        para_interrupt_restore(NULL);
    } else {
        code = para_app_fail("replay play", "the replay's level cannot be built");
    }
    para_world_group_destroy(group);
    return code;
}

int para_replay_app_play(int argc, char **argv)
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
        .notes = "In a file or without colours: paracosm render --replay FILE draws a picture instead,\n"
                 "paracosm play FILE shows it in a window.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line or no terminal, 130 stopped",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a replay FILE"};
    const char *path = NULL;
    int code = para_options_read(&command, argc, argv, &path, NULL);
    if (code != PARA_OPTIONS_GO)
        return code;
    ParaArena *arena = para_arena_create((size_t)1 << 20, PARA_REPLAY_MEMORY_MAX);
    if (!arena)
        return para_app_fail("replay play", "no memory");
    if (!para_terminal_look().live) {
        const char *program = para_shell_program(), *word = para_shell_word(path, arena);
        code = para_app_misused("replay play",
                                "standard output is no terminal with colours\n"
                                "  a picture:   %s render --replay %s --out picture.png\n"
                                "  in a window: %s play %s",
                                program, word, program, word);
        para_arena_destroy(arena);
        return code;
    }
    code = open_and_play(path, speed, arena);
    para_arena_destroy(arena);
    return code;
}
