// SPDX-License-Identifier: MIT
// Times, medals and ghosts of a level.
#include "apps/game/score.h"

#include "agents/env/decision.h"
#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MEMORY ((size_t)64 << 20)
#define SILVER 1.3f // [1] of the target
#define SEED   1    // of the trained player's draws
#define ENDING ".json"

ParaMedal para_score_medal(float seconds, float target, float limit)
{
    float gold = target > 0 ? target : 0.25f * limit, silver = target > 0 ? SILVER * target : 0.5f * limit;
    return seconds <= gold + 1e-4f ? PARA_MEDAL_GOLD
           : seconds <= silver     ? PARA_MEDAL_SILVER
                                   : PARA_MEDAL_BRONZE;
}

const char *para_medal_name(ParaMedal medal)
{
    static const char *const names[PARA_MEDALS] = {"none", "bronze", "silver", "gold"};
    return names[medal];
}

// ---------------------------------------------------------------------------------------------
// Ghosts: an episode played unseen.

/// Who acts in an episode that is played unseen: a replay, or the trained player.
typedef struct Unseen {
    const ParaReplay *replay;
    ParaMind *mind;
    ParaRng rng;
} Unseen;

static bool choose(Unseen *unseen, ParaEnv *env, int8_t *action)
{
    if (unseen->replay) {
        if (env->decisions >= unseen->replay->decisions ||
            !para_env_meddle_again(env, unseen->replay, NULL, 0))
            return false;
        memcpy(action, para_replay_actions(unseen->replay, env->decisions), PARA_CHANNELS);
        return true;
    }
    para_mind_act(unseen->mind, env, 0, &unseen->rng, action, NULL);
    return true;
}

static void take_poses(ParaGhost *ghost, const ParaView *view)
{
    ParaPose *out = ghost->poses + (size_t)ghost->moments++ * (size_t)ghost->parts;
    for (int k = 0; k < ghost->parts; k++) {
        size_t at = (size_t)ghost->bodies[k] * (size_t)view->stride;
        out[k] = (ParaPose){view->x[at], view->y[at], view->angle[at]};
    }
}

/// Plays a level of one player to its end, and keeps how it looked if it was solved.
static ParaGhost play_unseen(Unseen *unseen, const ParaLevel *level, ParaSolverKind solver, ParaArena *arena)
{
    ParaGhost ghost = {0};
    ParaWorldGroup *group = level->player_count == 1 ? para_world_group_create(solver, 1) : NULL;
    bool fine = unseen->replay ? unseen->replay->fine : para_mind_is_fine(unseen->mind);
    ParaEnv env = {.world = {group, 0},
                   .arena = arena,
                   .fine = fine,
                   .parts = unseen->mind ? para_mind_parts(unseen->mind) : 0};
    for (int b = 0; b < level->world.body_count && ghost.parts < PARA_GHOST_PARTS; b++)
        if (para_level_owner(level, b) == 0)
            ghost.bodies[ghost.parts++] = b;
    bool on = group && para_env_begin(&env, level, "unseen");
    ghost.poses = PARA_NEW(arena, ParaPose, (size_t)(para_level_decisions(level) + 2) * (size_t)ghost.parts);
    while (on && env.play.status == PARA_PLAY_ON) {
        int8_t action[PARA_CHANNELS];
        take_poses(&ghost, para_world_view(env.world));
        on = choose(unseen, &env, action);
        if (on)
            para_decision_make_one(&env, action);
    }
    if (on && env.play.status == PARA_PLAY_SOLVED) {
        take_poses(&ghost, para_world_view(env.world));
        ghost.seconds = (float)para_world_view(env.world)->time;
    }
    if (group)
        para_world_group_destroy(group);
    return ghost;
}

static ParaGhost of_replay(const char *path, uint64_t level_hash, ParaArena *arena)
{
    const char *error = NULL;
    ParaReplay *replay = para_file_exists(path) ? para_replay_read(path, arena, &error) : NULL;
    const ParaLevel *level = replay ? para_replay_level(replay, arena, &error) : NULL;
    Unseen unseen = {.replay = replay};
    if (!level || level->hash != level_hash) // damaged, or of the level as it was before
        return (ParaGhost){0};
    return play_unseen(&unseen, level, replay->solver, arena);
}

static ParaGhost of_trained(const ParaGame *game, ParaArena *arena)
{
    ParaSolverKind solver = para_world_solver(game->env.world);
    ParaChooser *chooser = NULL;
    Unseen unseen = {.mind = game->chooser ? para_skill_set_mind(&game->skills, solver, arena, &chooser)
                                           : para_mind_create(game->policy, arena),
                     .rng = para_rng_make(SEED, "ghost")};
    if (!unseen.mind)
        return (ParaGhost){0};
    para_mind_begin(unseen.mind);
    ParaGhost ghost = play_unseen(&unseen, para_level_copy(game->env.level, arena), solver, arena);
    para_chooser_destroy(chooser);
    return ghost;
}

/// The replay beside the file that the level came from.
static ParaGhost of_author(const ParaGame *game, ParaArena *arena)
{
    const char *file = game->text.file;
    size_t size = file ? strlen(file) : 0, tail = strlen(ENDING);
    if (size <= tail || strcmp(file + size - tail, ENDING) != 0)
        return (ParaGhost){0};
    return of_replay(para_arena_printf(arena, "%.*s.replay", (int)(size - tail), file), game->level_hash,
                     arena);
}

static void paint_part(ParaScene *scene, const ParaWorldDef *def, const ParaShapeDef *shape, ParaPose pose,
                       int ink)
{
    double s, c;
    ParaPrimitive out = {.fill = (uint8_t)ink, .edge = (uint8_t)(ink + 1), .edge_width = 0.03f};
    para_sincos((double)pose.angle, &s, &c);
    for (uint32_t k = 0; k < shape->point_count; k++) {
        ParaVec2 p = def->points[shape->point_first + k];
        out.points[k] =
            (ParaVec2){pose.x + (float)c * p.x - (float)s * p.y, pose.y + (float)s * p.x + (float)c * p.y};
    }
    out.kind = shape->kind == PARA_SHAPE_CIRCLE    ? PARA_PRIMITIVE_CIRCLE
               : shape->kind == PARA_SHAPE_SEGMENT ? PARA_PRIMITIVE_CAPSULE
                                                   : PARA_PRIMITIVE_POLYGON;
    out.point_count = (uint8_t)shape->point_count;
    out.radius = shape->radius;
    para_scene_add(scene, &out);
}

void para_ghost_scene(const ParaGhost *ghost, const ParaLevel *level, float at, int ink, ParaScene *scene)
{
    const ParaWorldDef *def = &level->world;
    int moment = (int)at;
    if (!(ghost->seconds > 0) || moment < 0 || moment + 1 >= ghost->moments)
        return;
    const ParaPose *now = ghost->poses + (size_t)moment * (size_t)ghost->parts;
    ParaPose blended[PARA_GHOST_PARTS];
    para_pose_blend(now, now + ghost->parts, ghost->parts, at - (float)moment, blended);
    for (int k = 0; k < ghost->parts; k++)
        for (int s = 0; s < def->shape_count; s++)
            if (def->shapes[s].body == ghost->bodies[k] && def->shapes[s].kind != PARA_SHAPE_CHAIN)
                paint_part(scene, def, &def->shapes[s], blended[k], ink);
}

// ---------------------------------------------------------------------------------------------
// A level.

static void find_target(ParaScore *score, const ParaGame *game)
{
    score->whose = "the author";
    score->other = of_author(game, score->arena);
    if (score->other.seconds == 0 && game->policy && !game->stranger) {
        score->whose = "the trained player";
        score->other = of_trained(game, score->arena);
    }
    score->target = score->other.seconds;
    if (score->target == 0)
        score->whose = "the time limit";
}

void para_score_begin(ParaScore *score, const ParaGame *game, const char **note)
{
    *note = NULL;
    score->counted = game->replay != NULL;
    score->medal = PARA_MEDAL_NONE;
    score->said[0] = '\0';
    if (game->replay)
        return;
    if (!score->arena && !(score->arena = para_arena_create((size_t)1 << 18, MEMORY)))
        return;
    if (score->level != game->level_hash || score->kept.level != game->level_hash) {
        para_arena_clear(score->arena);
        score->level = game->level_hash;
        find_target(score, game);
        ParaTime *times = NULL;
        int count = para_times_read(score->arena, &times, note);
        const ParaTime *mine = para_times_of(times, count, game->env.level->family, score->level);
        score->kept = mine ? *mine : (ParaTime){.level = score->level, .seed = game->seed};
        snprintf(score->kept.family, sizeof score->kept.family, "%s", game->env.level->family);
        score->own = (ParaGhost){0};
        const char *error = NULL, *path = NULL;
        if (*score->kept.replay)
            path = para_store_path(PARA_STORE_DATA, score->kept.replay, score->arena, &error);
        if (path)
            score->own = of_replay(path, score->level, score->arena);
    }
}

/// A name for the replay of a level: letters, digits and - alone.
static void name_replay(const ParaScore *score, char *out, size_t size)
{
    char family[PARA_TIMES_NAME_MAX];
    snprintf(family, sizeof family, "%s", score->kept.family);
    for (char *c = family; *c; c++)
        *c = para_letter_is_plain(*c) ? *c : '-';
    snprintf(out, size, "replays/%s-%016" PRIx64 ".replay", family, score->level);
}

static void say_solved(ParaScore *score, float seconds, double before)
{
    char first[64] = "your first solve", second[96] = "";
    if (before > 0)
        para_text_format(first, sizeof first,
                         (double)seconds < before ? "new best, %.2f s before" : "best %.2f s", before);
    if (score->target > 0)
        para_text_format(second, sizeof second, ", gold at %.2f s: %s", (double)score->target, score->whose);
    snprintf(score->said, sizeof score->said, "%s medal: %s%s", para_medal_name((ParaMedal)score->medal),
             first, second);
}

void para_score_end(ParaScore *score, ParaGame *game, bool fair, const char **out_error)
{
    *out_error = NULL;
    if (score->counted || !score->arena)
        return;
    score->counted = true;
    bool solved = game->env.play.status == PARA_PLAY_SOLVED,
         alone = game->person_acted && !game->trained_acted;
    if (!alone)
        return;
    if (solved && (!fair || para_game_meddled(game)))
        snprintf(score->said, sizeof score->said, "no medal: %s",
                 para_game_meddled(game) ? "something was made to happen" : "you went back in time");
    solved = solved && fair && !para_game_meddled(game);
    float seconds = para_game_seconds(game);
    ParaTime now = {.level = score->level, .seed = game->seed, .plays = 1, .aside = score->aside};
    double before = score->kept.best;
    memcpy(now.family, score->kept.family, sizeof now.family);
    if (solved) {
        score->medal = now.medal = (int)para_score_medal(seconds, score->target, game->env.level->seconds);
        now.best = (double)seconds;
        now.solves = 1;
        say_solved(score, seconds, before);
    }
    if (solved && !(before > 0 && before <= (double)seconds)) {
        name_replay(score, now.replay, sizeof now.replay);
        const char *path = para_store_path(PARA_STORE_DATA, now.replay, score->arena, out_error);
        if (!path || !para_game_save(game, path, out_error))
            now.replay[0] = '\0';
        else
            score->own = of_replay(path, score->level, score->arena);
    }
    ParaArenaMark mark = para_arena_mark(score->arena);
    const char *error = NULL;
    if (!para_times_add(&now, &score->kept, score->arena, &error))
        *out_error = error; // in the arena, whose memory stays as it is until somebody takes more
    para_arena_rewind(score->arena, mark);
}

void para_score_close(ParaScore *score)
{
    if (score->arena)
        para_arena_destroy(score->arena);
    *score = (ParaScore){0};
}
