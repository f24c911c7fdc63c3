// SPDX-License-Identifier: MIT
// The loop: make, play, learn, report, examine, remember. Each verb is one function below; para_train reads
// aloud.
#include "agents/lesson/lesson.h"

#include "agents/lesson/evaluate.h"
#include "agents/lesson/training.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <string.h>

#define PREVIEW_LESSONS   8   // so long one family is shown
#define MAKER_SENTENCE    160 // [byte] room for what the maker says
#define HELD_OUT_EPISODES 2   // of each held-out level: one ranks it, one scores it
#define HELD_OUT_SEED     77  // of the set: another one than that of `paracosm eval`, which stays unseen
#define FAILURES_KEPT     32  // of each family, the newest
#define FRESH_LESSONS     16  // between fresh levels that a family may archive, and failures it may keep

// The maker's turn: it may play candidate levels with the present player and choose among them.
// @return false: it was told to stop meanwhile, or its minutes were over, and all is as after the lesson
// before
static bool make(ParaTraining *t)
{
    t->lesson_start = para_clock_seconds();
    t->lesson_cpu = para_clock_cpu_seconds();
    t->horizon = para_train_horizon(&t->def, para_training_own_decisions(t));
    para_ppo_set_shape(t->ppo, t->horizon, para_train_minibatches(&t->def, t->horizon));
    para_ppo_set_learning_rate(t->ppo, para_training_rate(t)); // a maker's own player learns as this one does
    const ParaPpoDef *ppo = para_ppo_def(t->ppo);
    para_trial_room_judge(
        t->room, (ParaJudgeUnits){.discount = ppo->discount,
                                  .lambda = ppo->lambda,
                                  .scale = para_ppo_has_scale(t->ppo) ? para_ppo_reward_scale(t->ppo) : 0});
    t->making = true;
    int64_t steps = para_maker_turn(t->maker, t->now.decisions, t->policy);
    int64_t over = steps < 0 && para_training_turn_is_over(t);
    para_peers_max(t->peers, &over);
    t->over = over != 0;
    t->making = false;
    if (steps < 0)
        return false;
    t->saved = false;
    t->model_seconds = 0;
    para_arena_clear(t->scratch);
    para_statistics_begin_lesson(&t->now, t->lessons);
    t->now.scoring_steps += steps;
    int count = 0;
    const ParaKept *kept = para_maker_kept(t->maker, &count);
    for (int k = 0; k < count; k++)
        if (kept[k].fresh)
            t->kept_proved[k] = 0, t->kept_told[k] = 0;
    for (int k = 0; k < t->kept_max; k++)
        t->kept_prover[k] = t->kept_proved[k] ? -1 : t->def.envs;
    if (t->now.lesson % FRESH_LESSONS == 0)
        for (int f = 0; f < t->families.count; f++)
            t->proof_room[f] = t->failure_room[f] = 1;
    return true;
}

// The player acts for a horizon in every env; levels that end are followed by the maker's next.
// @return false with an error: an env could not go on
static bool play(ParaTraining *t, const char **out_error)
{
    int64_t before = para_batch_world_steps(t->batch);
    const ParaSettings *settings = &t->def.settings;
    para_collector_set_pay(
        t->collector,
        para_setting_fading(settings->curiosity_weight, settings->curiosity_fade, para_training_progress(t)));
    t->ended = para_collect(t->collector);
    t->played_steps = para_batch_world_steps(t->batch) - before;
    t->now.world_steps += t->played_steps;
    t->now.decisions += (int64_t)t->def.envs * t->horizon;
    return para_training_agree(t, para_training_has_levels(t, out_error), out_error);
}

// The player learns from what it did.
static void learn(ParaTraining *t)
{
    double start = para_clock_seconds();
    t->now.learning_rate = (double)para_training_rate(t);
    para_ppo_set_learning_rate(t->ppo, (float)t->now.learning_rate);
    para_training_imitate_on(t);
    if (!para_training_hold(t)) {
        para_ppo_measure(t->ppo);
        return;
    }
    ParaPpoStats stats = para_ppo_update(t->ppo);
    t->update_seconds = para_clock_seconds() - start;
    if (stats.epochs == 0) { // the first lesson of a run is measured, not learned from
        para_training_imitate(t);
        return;
    }
    t->now.policy_loss = (double)stats.policy_loss;
    t->now.value_loss = (double)stats.value_loss;
    t->now.entropy = (double)stats.entropy;
    t->now.kl = (double)stats.kl;
    t->now.gradient_norm = (double)stats.gradient_norm;
    t->now.explained_variance = (double)stats.explained_variance;
}

static void count_outcome(ParaTraining *t, const ParaReport *report)
{
    PARA_ASSERT(report->family >= 0 && report->family < t->families.count);
    ParaSolveWindow *w = &t->windows[report->family];
    w->solved[w->next] = report->end == PARA_END_SOLVED;
    w->next = (w->next + 1) % PARA_SOLVE_WINDOW;
    w->count += w->count < PARA_SOLVE_WINDOW;
    w->episodes++;
}

// Where the maker says beforehand how episodes will end, how far from it they do.
static void tell_calibration(ParaTraining *t)
{
    ParaCalibration calibration;
    int64_t forecasts = 0;
    if (!para_maker_calibration(t->maker, &calibration))
        return;
    for (int b = 0; b < PARA_CALIBRATION_BINS; b++)
        forecasts += calibration.bins[b].count;
    if (forecasts > 0)
        t->now.calibration = para_calibration_error(&calibration);
}

// Outcomes become reports, in the order of envs, and running solve rates.
static void report(ParaTraining *t)
{
    double reward = 0;
    para_collector_judge(t->collector);
    para_training_share_ended(t);
    para_training_share_episodes(t);
    t->now.episodes = t->ended.count;
    for (int i = 0; i < t->ended.count; i++) {
        ParaReport *r = &t->ended.items[i].report;
        r->lesson = t->now.lesson;
        reward += (double)r->total_reward;
        t->now.solved += r->end == PARA_END_SOLVED;
        count_outcome(t, r);
    }
    t->now.reward_mean = t->ended.count ? reward / t->ended.count : 0;
    para_maker_learn(t->maker, t->ended.items, t->ended.count);
    para_training_rates(t);
    tell_calibration(t);
}

// What the evaluation found, for the table of evaluations.
static char *result_text(const ParaEvalDef *def, const ParaEvalResult *result, ParaArena *arena)
{
    cJSON *root = cJSON_CreateObject();
    cJSON_AddBoolToObject(root, "while_training", true);
    cJSON_AddNumberToObject(root, "levels", def->levels);
    cJSON_AddNumberToObject(root, "episodes", def->episodes);
    cJSON_AddNumberToObject(root, "seed", (double)def->seed);
    cJSON_AddNumberToObject(root, "mean", (double)result->mean[PARA_PLAYER_TRAINED]);
    cJSON_AddNumberToObject(root, "worst10", (double)result->worst10[PARA_PLAYER_TRAINED]);
    cJSON *families = cJSON_AddObjectToObject(root, "families");
    for (int f = 0; f < result->family_count; f++)
        cJSON_AddNumberToObject(families, result->families[f].name,
                                (double)result->families[f].solve[PARA_PLAYER_TRAINED]);
    char *text = para_json_print(root, false), *copy = para_arena_strdup(arena, text);
    cJSON_free(text);
    cJSON_Delete(root);
    return copy;
}

// Whether it is told to stop; what peers do hangs on what all of them know.
static bool stop_asked(const ParaTraining *t)
{
    return t->peers ? t->stopping : t->def.stop && t->def.stop(t->def.stop_context);
}

// Now and then the player shows what it can do on levels it never trains on, always the same ones. It is no
// training: nothing is learned, no stream is touched, and its time is not counted as the run's.
static bool examine(ParaTraining *t, const char **out_error)
{
    if (t->def.eval_every <= 0 || (t->now.lesson + 1) % t->def.eval_every != 0 || stop_asked(t))
        return true;
    double start = para_clock_seconds(), cpu = para_clock_cpu_seconds();
    ParaEvalDef def = {.levels = t->def.eval_levels, .episodes = HELD_OUT_EPISODES, .seed = HELD_OUT_SEED};
    ParaEvalResult result;
    bool scored =
        para_evaluate_player(&def, &t->families, t->policy, t->room, t->scratch, &result, out_error);
    if (!scored && para_trial_room_stopped(t->room)) {
        t->lesson_start += para_clock_seconds() - start;
        t->lesson_cpu += para_clock_cpu_seconds() - cpu;
        return true; // this lesson has no score
    }
    if (!scored || (t->run && !para_run_add_evaluation(t->run, t->now.lesson,
                                                       result_text(&def, &result, t->scratch), out_error))) {
        *out_error = para_arena_strdup(t->arena, *out_error); // scratch ends before the error is told
        return false;
    }
    t->now.held_out = (double)result.mean[PARA_PLAYER_TRAINED];
    t->now.held_out_worst = (double)result.worst10[PARA_PLAYER_TRAINED];
    t->now.held_out_seconds = para_clock_seconds() - start;
    t->lesson_start += t->now.held_out_seconds;
    t->lesson_cpu += para_clock_cpu_seconds() - cpu;
    return true;
}

static bool remember_levels(ParaTraining *t, const char **out_error)
{
    int kept_count = 0;
    const ParaKept *kept = para_maker_kept(t->maker, &kept_count);
    for (int i = 0; i < kept_count; i++) {
        if (!kept[i].fresh)
            continue;
        ParaPick pick = kept[i].pick;
        const ParaLevel *level = para_families_sample(&t->families, &pick, t->def.maker, t->scratch);
        ParaLevelRow row = {.hash = kept[i].hash,
                            .seed = kept[i].pick.seed,
                            .parent = kept[i].pick.parent,
                            .family = para_training_row_family(t, kept[i].pick.family),
                            .lesson = t->now.lesson,
                            .score = kept[i].score,
                            .success = kept[i].success,
                            .tries = kept[i].tries,
                            .maker = t->def.maker,
                            .recipe = para_pick_recipe(&t->families, &kept[i].pick, t->scratch),
                            .params_json = level ? para_level_params_to_json(level, t->scratch) : "{}"};
        if (!para_run_add_level(t->run, &row, out_error))
            return false;
    }
    return true;
}

// Kept levels that the reports scored again.
static bool remember_scores(ParaTraining *t, const char **out_error)
{
    int count = 0;
    const ParaKept *kept = para_maker_kept(t->maker, &count);
    for (int i = 0; i < count; i++) {
        if (kept[i].reports == t->kept_told[i])
            continue;
        t->kept_told[i] = kept[i].reports;
        if (!para_run_score_level(t->run, kept[i].hash, kept[i].score, kept[i].success, kept[i].tries,
                                  out_error))
            return false;
    }
    return true;
}

static bool remember_proof(ParaTraining *t, const ParaEpisodeRow *proof, const char **out_error)
{
    int kept = para_maker_kept_index(t->maker, &proof->pick), count = 0;
    const ParaKept *k = kept >= 0 ? &para_maker_kept(t->maker, &count)[kept] : NULL;
    ParaLevelRow row = {.hash = proof->hash,
                        .seed = proof->pick.seed,
                        .parent = proof->pick.parent,
                        .family = para_training_row_family(t, proof->pick.family),
                        .lesson = t->now.lesson,
                        .score = k ? k->score : 0,
                        .success = k ? k->success : 1,
                        .tries = k ? k->tries : 1,
                        .maker = t->def.maker,
                        .recipe = para_pick_recipe(&t->families, &proof->pick, t->scratch),
                        .params_json = proof->params};
    return para_run_add_level(t->run, &row, out_error) &&
           para_run_add_proof(t->run, proof->hash, row.family, t->now.lesson, proof->file, out_error);
}

static bool remember_failure(ParaTraining *t, const ParaEpisodeRow *failure, const char **out_error)
{
    ParaFailureRow row = {.level_hash = failure->hash,
                          .level_seed = failure->pick.seed,
                          .family = para_training_row_family(t, failure->pick.family),
                          .lesson = t->now.lesson,
                          .end = failure->end,
                          .cause = failure->cause,
                          .file = failure->file,
                          .params_json = failure->params};
    return para_run_add_failure(t->run, &row, FAILURES_KEPT, out_error);
}

// Replays that the workers wrote while they played.
static bool remember_episodes(ParaTraining *t, const char **out_error)
{
    for (int i = 0; i < t->episode_count && t->run; i++) {
        const ParaEpisodeRow *row = &t->episode_rows[i];
        if (row->file[0] && !(row->end == PARA_END_SOLVED ? remember_proof(t, row, out_error)
                                                          : remember_failure(t, row, out_error)))
            return false;
    }
    t->episode_count = 0;
    para_arena_clear(t->episode_arena);
    return true;
}

// Rows of the lesson.
static bool remember_rows(ParaTraining *t, const char **out_error)
{
    ParaReport *reports = PARA_NEW(t->scratch, ParaReport, t->ended.count + 1);
    const char **recipes = PARA_NEW(t->scratch, const char *, t->ended.count + 1);
    for (int i = 0; i < t->ended.count; i++) {
        reports[i] = t->ended.items[i].report;
        reports[i].family = para_training_row_family(t, reports[i].family);
        recipes[i] = para_pick_recipe(&t->families, &t->ended.items[i].pick, t->scratch);
    }
    return para_run_add_lesson(t->run, &t->now, out_error) &&
           para_run_add_reports(t->run, reports, recipes, t->ended.count, out_error) &&
           remember_levels(t, out_error) && remember_scores(t, out_error);
}

// Rows go to the database; now and then they are committed with a checkpoint.
static bool remember(ParaTraining *t, const char **out_error)
{
    t->lessons++;
    t->now.seconds += para_clock_seconds() - t->lesson_start;
    para_training_share_time(t, para_clock_cpu_seconds() - t->lesson_cpu);
    if (t->episode_error)
        *out_error = para_arena_strdup(t->arena, t->episode_error);
    bool good =
        !t->episode_error && (!t->run || remember_rows(t, out_error)) && remember_episodes(t, out_error);
    if (!para_training_agree(t, good, out_error))
        return false;
    bool milestone = t->def.milestone_every > 0 && (t->now.lesson + 1) % t->def.milestone_every == 0;
    bool due = t->peers ? t->due : para_clock_seconds() - t->checkpoint_clock >= t->def.checkpoint_seconds;
    if (para_training_world_is_to_turn(t)) // it is saved once all of it is kept, and the next has begun
        return true;
    return !(due || milestone) || para_training_save(t, out_error);
}

static int lanes_envs(const ParaTraining *t)
{
    int count = 0;
    for (int b = 0; b < t->envs; b++)
        count += para_world_solver(t->batch->envs[b].world) == PARA_SOLVER_LANES;
    return count;
}

// Where the lesson's time went; it counts in what was kept, so it can only be told.
static void measure_time(ParaTraining *t)
{
    double seconds = para_clock_seconds() - t->lesson_start;
    ParaCollectTime collect = para_collect_time(t->collector);
    double update = t->update_seconds * para_workers_count(t->workers);
    double total = collect.env + collect.forward + update + t->model_seconds;
    PARA_ASSERT(seconds > 0 && total > 0);
    t->now.decisions_per_second = (double)t->def.envs * t->horizon / seconds;
    t->now.world_steps_per_second = (double)t->played_steps / seconds;
    t->now.share_env = collect.env / total;
    t->now.share_forward = collect.forward / total;
    t->now.share_update = update / total;
    if (t->model)
        t->now.share_model = t->model_seconds / total;
}

static ParaTrainStatus status_of(const ParaTraining *t)
{
    char *maker = PARA_NEW(t->scratch, char, MAKER_SENTENCE);
    para_maker_describe(t->maker, maker, MAKER_SENTENCE);
    // Families are dealt to envs in turn: the picture moves on to the next one now and then.
    const ParaEnv *preview = &t->batch->envs[t->now.lesson / PREVIEW_LESSONS % t->families.count % t->envs];
    return (ParaTrainStatus){.now = t->now,
                             .family_count = t->families.count,
                             .family_names = t->families.names,
                             .family_solve = t->family_solve,
                             .family_episodes = t->family_episodes,
                             .solver = t->def.solver,
                             .lanes_envs = t->lanes_envs,
                             .envs = t->def.envs,
                             .preview_world = preview->world,
                             .preview_level = preview->level,
                             .preview_play = &preview->play,
                             .checkpoint_saved = t->saved,
                             .world = para_training_world_name(t),
                             .world_index = para_training_world_index(t),
                             .world_count = t->def.stream ? t->def.stream->world_count : 0,
                             .last = para_training_done(t),
                             .note = t->note,
                             .maker = maker};
}

bool para_train(const ParaTrainDef *def, ParaTrainWatch *watch, void *context, ParaArena *arena,
                const char **out_error)
{
    ParaTraining training, *t = &training;
    bool ok = para_training_open(t, def, arena, out_error);
    bool going = ok && !para_training_done(t), told = false, wanted = true;
    ok = ok && para_training_turn_world(t, out_error); // a training that was stopped on the way
    going = going && ok && !para_training_done(t);
    while (going) {
        if (!para_training_examine_world(t, out_error)) {
            ok = false;
            break;
        }
        if (para_training_examination_is_due(t) || !make(t)) { // the first: told to stop in its midst
            ok = t->saved || para_training_save(t, out_error);
            break;
        }
        if (!play(t, out_error)) {
            ok = false;
            break;
        }
        learn(t);
        para_training_teach_model(t);
        report(t);
        para_training_pool_lesson(t);
        t->lanes_envs = lanes_envs(t);
        ok = para_training_tally(t, out_error) && para_training_agree(t, examine(t, out_error), out_error) &&
             remember(t, out_error);
        if (!ok)
            break;
        measure_time(t);
        ok = para_training_turn_world(t, out_error);
        if (!ok)
            break;
        ParaTrainStatus status = status_of(t);
        t->note = NULL;
        wanted = !watch || para_peers_rank(t->peers) > 0 || watch(context, &status);
        told = true;
        going = para_training_share_going(t, wanted && !status.last && !stop_asked(t)) &&
                !para_training_world_is_to_turn(t);
        if (!going && !t->saved)
            ok = para_training_save(t, out_error);
    }
    // Asked after it was told, or the minutes ended in a maker's turn: it sees where this stops.
    if (ok && watch && told && wanted && para_peers_rank(t->peers) == 0 && (stop_asked(t) || t->over)) {
        ParaTrainStatus status = status_of(t);
        status.again = true;
        status.last = status.last || t->over;
        watch(context, &status);
    }
    para_training_close(t);
    return ok;
}
