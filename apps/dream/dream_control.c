// SPDX-License-Identifier: MIT
// paracosm dream control: does a model answer to what its player does? From one moment on, the engine and the
// dream each go on under two streams of actions, which makes four futures. Where the dream hears, it is near
// the engine's future of the same actions, and far from that of the others.
#include "agents/batch/seeds.h"
#include "agents/dream/dream.h"
#include "agents/env/decision.h"
#include "agents/env/mirror.h"
#include "agents/foresight/foresight.h"
#include "apps/apps.h"
#include "apps/dream/dream_parts.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/progress.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define TIMES 4
#define WARM  2.0   // [s] at most, before the moment
#define FAR   1e6f  // [diameters] what is further, or no number
#define SAME  1e-4f // [diameters] the actions made no difference

static const float seconds_of[TIMES] = {0.25f, 0.5f, 1, 2};

/// Of the four futures.
enum { ENGINE_TRUE, ENGINE_OTHER, DREAM_TRUE, DREAM_OTHER, FUTURES };

/// Sums over the bodies of players.
typedef struct Answer {
    int bodies;               ///< [1] >= 0
    double same[2], cross[2]; ///< [diameters] dream of the true, of the other actions: against the engine's
                              ///< of the same actions, of the others
    double apart;             ///< [diameters] the engine's two futures
    double answered, asked;   ///< [diameters^2] how far the dream goes the engine's way from one to the other
} Answer;

typedef struct Controlling {
    ParaWorldGroup *engine, *dream;
    ParaEnv begin, envs[FUTURES];
    ParaRng rng;
} Controlling;

typedef struct Wishes {
    const char *file, *families, *solver;
    int levels;
    uint64_t seed;
    bool json, quiet;
} Wishes;

// ---------------------------------------------------------------------------------------------
// Four futures of a moment.

static ParaVec2 place(const ParaEnv *env, int body)
{
    const ParaView *v = para_world_view(env->world);
    size_t at = (size_t)body * (size_t)v->stride;
    return (ParaVec2){v->centre_x[at], v->centre_y[at]};
}

static double apart(ParaVec2 a, ParaVec2 b, float diameter)
{
    float way = hypotf(a.x - b.x, a.y - b.y) / diameter;
    return (double)(way < FAR ? way : FAR);
}

static void add_body(Answer *to, const ParaVec2 at[FUTURES], float diameter)
{
    double d2 = (double)diameter * (double)diameter;
    double engine_x = (double)(at[ENGINE_OTHER].x - at[ENGINE_TRUE].x),
           engine_y = (double)(at[ENGINE_OTHER].y - at[ENGINE_TRUE].y);
    to->bodies++;
    to->same[0] += apart(at[DREAM_TRUE], at[ENGINE_TRUE], diameter);
    to->same[1] += apart(at[DREAM_OTHER], at[ENGINE_OTHER], diameter);
    to->cross[0] += apart(at[DREAM_TRUE], at[ENGINE_OTHER], diameter);
    to->cross[1] += apart(at[DREAM_OTHER], at[ENGINE_TRUE], diameter);
    to->apart += apart(at[ENGINE_OTHER], at[ENGINE_TRUE], diameter);
    to->asked += (engine_x * engine_x + engine_y * engine_y) / d2;
    to->answered += (engine_x * (double)(at[DREAM_OTHER].x - at[DREAM_TRUE].x) +
                     engine_y * (double)(at[DREAM_OTHER].y - at[DREAM_TRUE].y)) /
                    d2;
}

/// Bodies of players that are in play in all four, and for which the actions made a difference or not.
static void compare(const Controlling *c, const ParaModelFacts *facts, Answer *to)
{
    const ParaLevel *level = c->begin.level;
    for (int b = 0; b < level->world.body_count; b++) {
        ParaVec2 at[FUTURES];
        float diameter = 2.0f * facts->bodies[b].radius;
        bool counts =
            para_level_owner(level, b) >= 0 && facts->bodies[b].inverse_mass > 0.0f && diameter > 0.0f;
        for (int k = 0; k < FUTURES && counts; k++) {
            const ParaView *v = para_world_view(c->envs[k].world);
            counts = v->enabled[(size_t)b * (size_t)v->stride] != 0;
            at[k] = place(&c->envs[k], b);
        }
        if (counts)
            add_body(to, at, diameter);
    }
}

/// Plays on by random keys for a while. @return false: the level ended
static bool warm_up(Controlling *c)
{
    const ParaLevel *level = c->begin.level;
    ParaRandomKeys keys = {.rng = para_rng_make(para_rng_u64(&c->rng), "warm")};
    int decisions =
        (int)(para_rng_range(&c->rng, 0, WARM) * (double)level->world.rate / (double)level->frame_skip);
    for (int d = 0; d < decisions && c->begin.play.status == PARA_PLAY_ON; d++) {
        int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
        para_acts_random(&keys, &c->begin, actions);
        para_decision_make_one(&c->begin, actions);
    }
    return c->begin.play.status == PARA_PLAY_ON;
}

static bool split(Controlling *c)
{
    for (int k = 0; k < FUTURES; k++) {
        bool clone = k == ENGINE_TRUE || k == ENGINE_OTHER;
        const ParaLevel *level =
            clone ? c->begin.level : para_level_as_seen(c->begin.level, para_env_level_arena(&c->envs[k]));
        if (!para_env_begin(&c->envs[k], level, "control"))
            return false;
        if (!(clone ? para_env_clone(&c->envs[k], &c->begin) : para_env_mirror(&c->envs[k], &c->begin)))
            return false;
    }
    return true;
}

/// A decision in all four. @return false: one of them has ended
static bool go_on(Controlling *c, ParaRandomKeys keys[2])
{
    bool on = true;
    int8_t actions[2][PARA_PLAYERS_MAX * PARA_CHANNELS] = {{0}};
    for (int stream = 0; stream < 2; stream++)
        para_acts_random(&keys[stream], &c->begin, actions[stream]);
    for (int k = 0; k < FUTURES; k++) {
        para_decision_make_one(&c->envs[k], actions[k == ENGINE_OTHER || k == DREAM_OTHER]);
        on &= c->envs[k].play.status == PARA_PLAY_ON;
    }
    return on;
}

static void follow(Controlling *c, ParaArena *arena, Answer *family, Answer *all)
{
    const ParaLevel *level = c->begin.level;
    ParaModelFacts facts = para_model_facts(&level->world, arena);
    float decision = (float)level->frame_skip / level->world.rate;
    ParaRandomKeys keys[2] = {{.rng = para_rng_make(para_rng_u64(&c->rng), "true")},
                              {.rng = para_rng_make(para_rng_u64(&c->rng), "other")}};
    float passed = 0;
    for (int time = 0; time < TIMES && go_on(c, keys);) {
        passed += decision;
        for (; time < TIMES && passed + 0.5f * decision >= seconds_of[time]; time++) {
            compare(c, &facts, &family[time]);
            compare(c, &facts, &all[time]);
        }
    }
}

/// @return false: no memory
static bool open_worlds(Controlling *c, const ParaModel *model, const Wishes *w)
{
    c->rng = para_rng_make(w->seed, "control");
    c->engine = para_world_group_create(para_app_solver(w->solver, PARA_SOLVER_AUTO), 3);
    c->dream = para_dream_group_create(model, 2);
    if (!c->engine || !c->dream)
        return false;
    bool good = true;
    para_env_init(&c->begin, para_world_at(c->engine, 0), false);
    for (int k = 0; k < FUTURES; k++) {
        bool dreams = k == DREAM_TRUE || k == DREAM_OTHER;
        para_env_init(&c->envs[k],
                      para_world_at(dreams ? c->dream : c->engine, dreams ? k - DREAM_TRUE : k + 1), false);
        good &= c->envs[k].arena != NULL;
    }
    return good && c->begin.arena;
}

static void close_worlds(Controlling *c)
{
    para_env_destroy(&c->begin);
    for (int k = 0; k < FUTURES; k++)
        para_env_destroy(&c->envs[k]);
    if (c->engine)
        para_world_group_destroy(c->engine);
    if (c->dream)
        para_world_group_destroy(c->dream);
}

/// @param rows out, [families + 1]: each, then all together   @return false: told to stop
static bool control(Controlling *c, const Wishes *w, const ParaFamilies *families, Answer (*rows)[TIMES])
{
    ParaProgress progress = para_progress_begin("levels", w->quiet);
    bool on = true;
    for (int i = 0; i < families->count * w->levels && on; i++) {
        ParaPick pick = {.family = i / w->levels, .seed = para_held_out_seed(w->seed, i % w->levels)};
        ParaArena *arena = para_env_level_arena(&c->begin);
        const ParaLevel *level = para_families_sample(families, &pick, "control", arena);
        if (level && para_env_begin(&c->begin, level, "control") && warm_up(c) && split(c))
            follow(c, arena, rows[pick.family], rows[families->count]);
        para_progress_show(&progress, i + 1, (int64_t)families->count * w->levels);
        on = para_interrupt_count() == 0;
    }
    para_progress_end(&progress);
    return on;
}

// ---------------------------------------------------------------------------------------------
// Told.

static double mean_of(double sum, int count) { return count > 0 ? sum / count : 0.0; }

static double share_of(const Answer *a)
{
    return a->asked > (double)SAME * (double)SAME * a->bodies ? a->answered / a->asked : 0.0;
}

static void print_row(const char *name, const Answer *rows)
{
    for (int t = 0; t < TIMES; t++) {
        const Answer *a = &rows[t];
        char line[200];
        if (a->bodies == 0)
            continue;
        para_text_format(line, sizeof line,
                         "%-18.18s %4.2f s %7d   %8.3f %8.3f   %8.3f %8.3f   %8.3f   %6.2f",
                         t == 0 ? name : "", (double)seconds_of[t], a->bodies, mean_of(a->same[0], a->bodies),
                         mean_of(a->cross[1], a->bodies), mean_of(a->cross[0], a->bodies),
                         mean_of(a->same[1], a->bodies), mean_of(a->apart, a->bodies), share_of(a));
        puts(line);
    }
}

static void print_all(const ParaFamilies *families, Answer (*rows)[TIMES])
{
    puts("how far the dream's player is from the engine's, in body diameters, mean; each under its own\n"
         "actions (true) or others by chance");
    printf("%-18s %6s %7s   %-17s   %-17s   %-8s   %s\n", "", "", "", "engine, true", "engine, other",
           "engine,", "dream");
    printf("%-18s %6s %7s   %8s %8s   %8s %8s   %8s   %s\n", "family", "after", "bodies", "dr. true",
           "dr. oth.", "dr. true", "dr. oth.", "true-oth", "answers");
    for (int i = 0; i < families->count; i++)
        print_row(families->names[i], rows[i]);
    if (families->count > 1)
        print_row("all", rows[families->count]);
    puts("answers: how far the dream goes the engine's way from the true actions to the others (1: all of "
         "it)");
}

static cJSON *time_of(const Answer *a, float seconds)
{
    cJSON *row = cJSON_CreateObject();
    cJSON_AddNumberToObject(row, "seconds", (double)seconds);
    cJSON_AddNumberToObject(row, "bodies", a->bodies);
    cJSON_AddNumberToObject(row, "dream_true_engine_true", mean_of(a->same[0], a->bodies));
    cJSON_AddNumberToObject(row, "dream_other_engine_true", mean_of(a->cross[1], a->bodies));
    cJSON_AddNumberToObject(row, "dream_true_engine_other", mean_of(a->cross[0], a->bodies));
    cJSON_AddNumberToObject(row, "dream_other_engine_other", mean_of(a->same[1], a->bodies));
    cJSON_AddNumberToObject(row, "engine_true_engine_other", mean_of(a->apart, a->bodies));
    cJSON_AddNumberToObject(row, "answers", share_of(a));
    return row;
}

static int print_json(const ParaFamilies *families, Answer (*rows)[TIMES])
{
    cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "rows");
    for (int i = 0; i <= families->count; i++) {
        cJSON *row = cJSON_CreateObject();
        cJSON_AddStringToObject(row, "family", i < families->count ? families->names[i] : "all");
        cJSON *after = cJSON_AddArrayToObject(row, "after");
        for (int t = 0; t < TIMES; t++)
            cJSON_AddItemToArray(after, time_of(&rows[i][t], seconds_of[t]));
        cJSON_AddItemToArray(list, row);
    }
    char *text = para_json_print(json, true);
    cJSON_Delete(json);
    if (!text)
        return para_app_fail("dream control", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

static int run(void *wishes, ParaArena *arena)
{
    const Wishes *w = wishes;
    const char *card = NULL;
    const ParaModel *model = para_dream_load("dream control", w->file, NULL, NULL, arena, &card);
    ParaFamilies families;
    Controlling c = {0};
    if (!model)
        return PARA_EXIT_FAILURE;
    if (!para_dream_taught_families("dream control", w->families, card, arena, &families))
        return PARA_EXIT_FAILURE;
    Answer(*rows)[TIMES] = (Answer(*)[TIMES])PARA_NEW(arena, Answer, ((size_t)families.count + 1) * TIMES);
    memset(rows, 0, ((size_t)families.count + 1) * sizeof *rows);
    para_interrupt_catch("stopping\n");
    bool opened = open_worlds(&c, model, w), done = opened && control(&c, w, &families, rows);
    close_worlds(&c);
    if (!opened)
        return para_app_fail("dream control", "no memory");
    if (!done)
        return PARA_EXIT_INTERRUPTED;
    if (w->json)
        return print_json(&families, rows);
    print_all(&families, rows);
    return PARA_EXIT_OK;
}

int para_dream_control(int argc, char **argv)
{
    Wishes w = {.levels = 50};
    const ParaOption options[] = {
        {"families", 0, PARA_OPTION_TEXT, &w.families, "A,B",
         "families or template files (default: those it was taught on)", 0, 0, NULL},
        {"levels", 'l', PARA_OPTION_INT, &w.levels, "N", "held-out levels of each family", 1, 100000, NULL},
        {"solver", 0, PARA_OPTION_CHOICE, &w.solver, "NAME", "the engine (default auto)", 0, 0,
         para_app_solver_choices},
        {"seed", 's', PARA_OPTION_SEED, &w.seed, "N", "of levels and keys", 0, 0, NULL},
        {"json", 0, PARA_OPTION_FLAG, &w.json, NULL, "print JSON: rows of families, each after four times", 0,
         0, NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &w.quiet, NULL, "no progress on standard error", 0, 0, NULL},
        {.name = NULL}};
    const ParaCommand command = {
        .name = "dream control",
        .usage = "[options] FILE",
        .about = "Does a dream answer to what its player does? From a moment of each level on, engine and "
                 "dream go\n"
                 "on under two streams of random keys. Tells how far the dream's player is from the engine's "
                 "under\n"
                 "the same keys, and under the others: after 0.25, 0.5, 1 and 2 s, in body diameters.",
        .options = options,
        .examples = "  paracosm dream control dream.safetensors\n"
                    "  paracosm dream control dream.safetensors --families rover --levels 200 --json",
        .notes = "Bodies of players count, as long as all four futures go on.\n"
                 "exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C",
        .operand_min = 1,
        .operand_max = 1,
        .operand_name = "a model"};
    int count = 0, code = para_options_read(&command, argc, argv, &w.file, &count);
    if (code != PARA_OPTIONS_GO)
        return code;
    return para_dream_in_arena("dream control", run, &w);
}
