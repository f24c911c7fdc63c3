// SPDX-License-Identifier: MIT
// How a dream plays, measured: frames per second with the engine beside it, frames from a key to the picture
// that has it, bodies lost or invented, and whether there and back again leaves both worlds as they were.
// Keys are pressed by chance; frames do not wait for the screen. Whatever SDL_VIDEODRIVER says is measured.
#include "apps/dream/dream_bench.h"
#include "agents/dream/dream.h"
#include "agents/foresight/foresight.h"
#include "apps/apps.h"
#include "apps/interrupt.h"
#include "apps/play/play_session.h"
#include "engine/base/clock.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <SDL.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME      (1.0 / 60) // [s]
#define BACK       60         // [decision] of a way there and back
#define BACK_EVERY 10.0       // [s] between two such ways
#define PRESS      7 // [frame] between two looks at the keys: each place between two decisions comes up

typedef struct Bench {
    ParaGame game;
    ParaPlayView view;
    ParaPlayDream *dream;
    ParaKeys keys;
    ParaRandomKeys hands;
    float *times; // [ms] of frames
    int frames;
    int8_t held[PARA_CHANNELS];
    int8_t acts[BACK][PARA_CHANNELS]; // of decision d at d % BACK
    int waits;                        // [frame] since a key changed; -1: none is on its way
    int64_t answers, waited;          // [1] [frame]
    int worst_wait;                   // [frame]
    double cpu;                       // [s]
    int ways, true_ways;              // there and back
    int levels, ends;
    double sum, worst; // [diameters] of errors at decisions
    int64_t errors;
} Bench;

// ---------------------------------------------------------------------------------------------
// Play.

static bool begin(Bench *b, uint64_t seed)
{
    if (!para_game_begin(&b->game, seed))
        return false;
    b->levels++;
    b->keys = para_keys_of(b->game.env.level);
    b->waits = -1;
    para_play_view_reset(&b->view);
    b->dream->showed = b->dream->twin.swapped;
    return true;
}

/// Presses and lets go, as a person at keys would: now and then.
static void press(Bench *b)
{
    int8_t wish[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
    if (b->frames % PRESS != 0)
        return;
    para_acts_random(&b->hands, &b->game.env, wish);
    if (memcmp(wish, b->held, sizeof b->held) != 0 && b->waits < 0)
        b->waits = 0;
    memcpy(b->held, wish, sizeof b->held);
}

/// A physics step of both. What was pressed is in the picture of the frame in which a decision takes it.
static void step(Bench *b)
{
    bool took = para_game_step(&b->game, b->held);
    para_play_dream_step(b->dream);
    para_play_stage_step(&b->view.stage, &b->game);
    if (took && b->waits >= 0) {
        b->answers++;
        b->waited += b->waits;
        b->worst_wait = b->waits > b->worst_wait ? b->waits : b->worst_wait;
        b->waits = -1;
    }
    if (b->game.env.step != 0)
        return;
    b->sum += (double)b->dream->twin.error.mean;
    b->worst = fmax(b->worst, (double)b->dream->twin.error.worst);
    b->errors++;
}

static void hash_both(const Bench *b, uint64_t out[2])
{
    for (int world = 0; world < PARA_TWIN_WORLDS; world++)
        out[world] = para_world_hash(para_twin_env(&b->game, (ParaTwinWorld)world)->world);
}

/// Goes back some decisions, and the same way again.
static void there_and_back(Bench *b, int count)
{
    uint64_t before[2], after[2];
    hash_both(b, before);
    int end = b->game.env.decisions, gone = 0;
    while (gone < count && para_game_back(&b->game))
        gone++;
    for (int d = end - gone; d < end && !para_game_over(&b->game); d++)
        do
            para_game_step(&b->game, b->acts[d % BACK]);
        while (b->game.env.step != 0);
    hash_both(b, after);
    b->ways++;
    b->true_ways += before[0] == after[0] && before[1] == after[1];
}

/// @return false: told to stop, or there is no level
static bool play(Bench *b, double seconds, uint64_t seed)
{
    double next_way = BACK_EVERY;
    float owed = 0.0f;
    int total = (int)(seconds / FRAME);
    for (b->frames = 0; b->frames < total && para_interrupt_count() == 0; b->frames++) {
        double clock = para_clock_seconds();
        float rate = 1.0f / b->game.env.level->world.rate;
        SDL_PumpEvents();
        press(b);
        for (owed += (float)FRAME; owed >= rate && !para_game_over(&b->game); owed -= rate) {
            if (b->game.env.step == 0)
                memcpy(b->acts[b->game.env.decisions % BACK], b->held, sizeof b->held);
            step(b);
        }
        b->waits += b->waits >= 0;
        para_play_view_draw(&b->view, &b->game, &b->keys, owed / rate, (float)FRAME);
        para_window_end(b->view.window);
        b->times[b->frames] = (float)(1000.0 * (para_clock_seconds() - clock));
        bool over = para_game_over(&b->game);
        if (b->frames * FRAME >= next_way && b->game.env.step == 0 && !over) {
            next_way += BACK_EVERY;
            there_and_back(b, BACK - 1);
        }
        b->ends += over;
        if (over && !begin(b, ++seed))
            return false;
    }
    return para_interrupt_count() == 0;
}

// ---------------------------------------------------------------------------------------------
// Told.

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

static double mean_of(double sum, int64_t count) { return count > 0 ? sum / (double)count : 0.0; }

static double frames_per_second(const Bench *b)
{
    double sum = 0;
    for (int i = 0; i < b->frames; i++)
        sum += (double)b->times[i];
    return sum > 0 ? 1000.0 * b->frames / sum : 0.0;
}

/// Of the frames, sorted. @param share [1] 0..1
static double slow_frame(const Bench *b, double share)
{
    return b->frames > 0 ? (double)b->times[(int)(share * (b->frames - 1))] : 0.0;
}

static int print_json(const Bench *b, double fps)
{
    const ParaTwinCount *dream = &b->dream->twin.counts[PARA_TWIN_DREAM];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "driver", SDL_GetCurrentVideoDriver());
    cJSON_AddNumberToObject(json, "width_px", para_window_width(b->view.window));
    cJSON_AddNumberToObject(json, "height_px", para_window_height(b->view.window));
    cJSON_AddNumberToObject(json, "frames", b->frames);
    cJSON_AddNumberToObject(json, "fps", fps);
    cJSON_AddNumberToObject(json, "median_ms", slow_frame(b, 0.5));
    cJSON_AddNumberToObject(json, "slow_ms", slow_frame(b, 0.99));
    cJSON_AddNumberToObject(json, "cpu_ms", mean_of(1000.0 * b->cpu, b->frames));
    cJSON_AddNumberToObject(json, "keys", (double)b->answers);
    cJSON_AddNumberToObject(json, "wait_frames", mean_of((double)b->waited, b->answers));
    cJSON_AddNumberToObject(json, "wait_frames_most", b->worst_wait);
    cJSON_AddNumberToObject(json, "levels", b->levels);
    cJSON_AddNumberToObject(json, "steps", (double)dream->steps);
    cJSON_AddNumberToObject(json, "lost", (double)dream->lost);
    cJSON_AddNumberToObject(json, "invented", (double)dream->invented);
    cJSON_AddNumberToObject(json, "ways_back", b->ways);
    cJSON_AddNumberToObject(json, "ways_back_same", b->true_ways);
    cJSON_AddNumberToObject(json, "error_mean", mean_of(b->sum, b->errors));
    cJSON_AddNumberToObject(json, "error_worst", b->worst);
    char *text = para_json_print(json, true);
    cJSON_Delete(json);
    if (!text)
        return para_app_fail("dream play", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

static int print_words(const Bench *b, double fps)
{
    const ParaTwinCount *dream = &b->dream->twin.counts[PARA_TWIN_DREAM];
    para_text_print(
        stdout, "%d frames, %d levels: %.0f fps, median %.2f ms, 99 %% below %.2f ms, %.2f ms of CPU time\n",
        b->frames, b->levels, fps, slow_frame(b, 0.5), slow_frame(b, 0.99),
        mean_of(1000.0 * b->cpu, b->frames));
    para_text_print(stdout, "from a key to the picture that has it: %.2f frames later, at most %d, of %lld\n",
                    mean_of((double)b->waited, b->answers), b->worst_wait, (long long)b->answers);
    para_text_print(stdout, "bodies lost: %lld, invented: %lld, in %lld steps of the dream\n",
                    (long long)dream->lost, (long long)dream->invented, (long long)dream->steps);
    para_text_print(stdout, "there and back again: %d of %d ways left both worlds as they were, to the bit\n",
                    b->true_ways, b->ways);
    para_text_print(stdout, "apart from the engine: %.3f body diameters in the mean, %.2f at worst\n",
                    mean_of(b->sum, b->errors), b->worst);
    return PARA_EXIT_OK;
}

static int tell(Bench *b, bool json)
{
    double fps = frames_per_second(b);
    const char *wrong = para_window_error(b->view.window);
    if (*wrong)
        return para_app_fail("dream play", "%s", wrong);
    qsort(b->times, (size_t)b->frames, sizeof *b->times, by_value);
    return json ? print_json(b, fps) : print_words(b, fps);
}

// ---------------------------------------------------------------------------------------------

static bool furnish(Bench *b, const ParaDreamBench *def, ParaArena *arena)
{
    b->view = para_play_view(def->window, arena);
    b->dream = PARA_NEW(arena, ParaPlayDream, 1);
    b->times = PARA_NEW(arena, float, (size_t)(def->seconds / FRAME) + 1);
    b->hands.rng = para_rng_make(def->seed, "bench");
    para_play_dream_init(b->dream, arena);
    ParaWorldGroup *group = para_dream_group_create(def->model, 1);
    if (!group || !para_twin_open(&b->dream->twin, group, &b->game))
        return false;
    b->dream->twin.horizon = def->horizon;
    b->view.dream = b->dream;
    SDL_GL_SetSwapInterval(0); // as fast as it goes
    return true;
}

int para_dream_bench(const ParaDreamBench *def, ParaArena *arena)
{
    Bench *b = PARA_NEW(arena, Bench, 1);
    const char *error = NULL;
    int code = PARA_EXIT_OK;
    if (!para_game_open(&b->game, def->game, &error))
        code = para_app_fail("dream play", "%s", error);
    else if (!furnish(b, def, arena))
        code = para_app_fail("dream play", "no memory");
    else if (!begin(b, def->seed))
        code = para_app_fail("dream play", "this family has no level at this seed and the 63 after it");
    if (code == PARA_EXIT_OK) {
        para_interrupt_catch(NULL);
        double cpu = para_clock_cpu_seconds();
        bool whole = play(b, def->seconds, def->seed);
        b->cpu = para_clock_cpu_seconds() - cpu;
        code = tell(b, def->json);
        code = code == PARA_EXIT_OK && !whole ? PARA_EXIT_INTERRUPTED : code;
    }
    if (b->game.twin)
        para_twin_close(b->game.twin, &b->game);
    para_game_close(&b->game);
    return code;
}
