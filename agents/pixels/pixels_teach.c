// SPDX-License-Identifier: MIT
// Teaching, as the header tells it. A batch is cut into parts that never depend on the number of threads;
// each part has a gradient of its own, and they are summed in the order of the parts.
#include "agents/pixels/pixels_teach.h"

#include "agents/pixels/pixels_parts.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/threads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PARTS     4
#define EYE_EACH  8  // pictures of a part
#define WAY_EACH  2  // windows of a part
#define WINDOW    24 // [frame] at most of a window
#define SHORT     16 // [frame] of one while all its pictures are true
#define TRUE_ONES 4  // [frame] that are true in one that is dreamed
#define EYE_SHARE 0.5
#define WARM      0.02  // share of the time in which the rate rises
#define CLIP      1.0   // [1] length of a gradient
#define CHUNK     8     // batches between two words
#define MOVING    10.0f // weight of a pixel that is not as at the clip's begin
#define DRAW_ONE  4     // of so many pictures one is drawn

/// A piece of a clip that is shown.
typedef struct Window {
    int clip, first;
    uint64_t seed;
} Window;

typedef struct Part {
    ParaEye eye;
    ParaPixelMove moves[WINDOW];
    float *still;             // [n, 8, 8, hidden] zeros: nothing is remembered at first
    float *target;            // [WAY_EACH, codes]
    float *dsum[WINDOW];      // [WAY_EACH, codes]
    float *dnext, *dcode;     // likewise
    float *dmemory, *dbefore; // [WAY_EACH, 8, 8, hidden]
    float *scratch;
    float *gradient; // [count]
    double error;
} Part;

typedef struct Lesson {
    ParaPixels *pixels;
    const ParaClips *clips;
    const ParaPixelTeaching *teaching;
    ParaWorkers *workers;
    Part parts[PARTS];
    Window windows[PARTS * EYE_EACH];
    int length, true_ones; // [frame] of windows, and of them those that are true
    int8_t *codes;         // [1] -127..127 of -1..1  [room, PARA_CLIP_LENGTH, codes]
    float *moment1, *moment2;
    int32_t steps; // of Adam
    ParaRng rng;
    ParaPixelTaught taught;
    bool starved; // no clip is as long as a window
} Lesson;

ParaPixelTeaching para_pixel_teaching_default(void)
{
    return (ParaPixelTeaching){.steps = 100000, .rate = 2e-3f, .noise = 0.03f, .drawn = 10.0f};
}

static bool begin(Lesson *l, ParaArena *arena)
{
    const ParaPixelsDef *def = &l->pixels->def;
    size_t count = (size_t)l->pixels->count, codes = (size_t)WAY_EACH * PARA_PIXELS_CODES,
           memory = (size_t)(WAY_EACH * PARA_PIXELS_MAP * PARA_PIXELS_MAP * def->hidden);
    for (int i = 0; i < PARTS; i++) {
        Part *p = &l->parts[i];
        *p = (Part){.eye = para_eye_create(def, EYE_EACH, true, arena)};
        float **code[] = {&p->target, &p->dnext, &p->dcode},
              **memories[] = {&p->still, &p->dmemory, &p->dbefore};
        for (int k = 0; k < 3; k++) {
            *code[k] = PARA_NEW(arena, float, codes);
            *memories[k] = PARA_NEW(arena, float, memory);
        }
        memset(p->still, 0, memory * sizeof(float));
        for (int t = 0; t < WINDOW; t++) {
            p->moves[t] = para_move_create(def, WAY_EACH, arena);
            p->dsum[t] = PARA_NEW(arena, float, codes);
        }
        p->scratch = PARA_NEW(arena, float, para_move_scratch(def, WAY_EACH));
        p->gradient = PARA_NEW(arena, float, count);
    }
    l->moment1 = PARA_NEW(arena, float, count);
    l->moment2 = PARA_NEW(arena, float, count);
    size_t slots = (size_t)l->clips->count * PARA_CLIP_LENGTH;
    l->codes = PARA_NEW(arena, int8_t, slots * PARA_PIXELS_CODES);
    l->workers = para_workers_create(l->teaching->threads);
    return l->workers != NULL;
}

// ---------------------------------------------------------------------------------------------
// What an error of a picture is.

/// How much a pixel counts: those that are not as at the clip's begin are few, and all that happens.
static float weight_of(const uint8_t *now, const uint8_t *then)
{
    int apart = abs(now[0] - then[0]) + abs(now[1] - then[1]) + abs(now[2] - then[2]);
    return apart > 36 ? MOVING : 1.0f;
}

/// Errors of a drawn picture. @param dout out, [blocks] its gradient times `scale`
/// @return weighted squared error, mean over the picture's numbers
static double judge(const float *out, const uint8_t *frame, const uint8_t *first, float scale, float *dout)
{
    double error = 0;
    float mean = 1.0f / PARA_PIXELS_BLOCKS;
    for (int y = 0; y < PARA_PIXELS_SIDE; y++)
        for (int x = 0; x < PARA_PIXELS_SIDE; x++) {
            int at = 3 * (y * PARA_PIXELS_SIDE + x);
            int block = ((y / 4 * PARA_PIXELS_GRID + x / 4) * 4 + y % 4) * 12 + x % 4 * 3;
            float weight = mean * weight_of(frame + at, first + at);
            for (int c = 0; c < 3; c++) {
                float by = out[block + c] - ((float)frame[at + c] / 255.0f - 0.5f);
                dout[block + c] = 2.0f * scale * weight * by;
                error += (double)(weight * by * by);
            }
        }
    return error;
}

// ---------------------------------------------------------------------------------------------
// The eye.

static void learn_eye(void *context, int task, int worker)
{
    Lesson *l = context;
    Part *p = &l->parts[task];
    const Window *windows = l->windows + task * EYE_EACH;
    (void)worker;
    for (int i = 0; i < EYE_EACH; i++)
        para_eye_load(para_clips_frame(l->clips, windows[i].clip, windows[i].first),
                      p->eye.blocks + (size_t)i * PARA_PIXELS_BLOCKS);
    para_eye_see(l->pixels, &p->eye, EYE_EACH);
    para_eye_draw(l->pixels, &p->eye, p->eye.code, EYE_EACH);
    memset(p->gradient, 0, (size_t)l->pixels->count * sizeof(float));
    float *dout = p->eye.d2, dcode[EYE_EACH * PARA_PIXELS_CODES];
    p->error = 0;
    for (int i = 0; i < EYE_EACH; i++) {
        size_t at = (size_t)i * PARA_PIXELS_BLOCKS;
        p->error +=
            judge(p->eye.out + at, para_clips_frame(l->clips, windows[i].clip, windows[i].first),
                  para_clips_frame(l->clips, windows[i].clip, 0), 1.0f / (PARTS * EYE_EACH), dout + at);
    }
    para_eye_draw_backward(l->pixels, &p->eye, p->eye.code, EYE_EACH, dout, p->gradient, dcode);
    para_eye_see_backward(l->pixels, &p->eye, EYE_EACH, dcode, p->gradient);
}

/// The codes of one clip, once the eye has learned.
static void keep_codes(void *context, int task, int worker)
{
    Lesson *l = context;
    Part *p = &l->parts[task % PARTS];
    (void)worker;
    for (int clip = task; clip < l->clips->count; clip += PARTS)
        for (int t = 0; t < l->clips->counts[clip]; t++) {
            int8_t *to = l->codes + ((size_t)clip * PARA_CLIP_LENGTH + (size_t)t) * PARA_PIXELS_CODES;
            para_eye_load(para_clips_frame(l->clips, clip, t), p->eye.blocks);
            para_eye_see(l->pixels, &p->eye, 1);
            for (int k = 0; k < PARA_PIXELS_CODES; k++)
                to[k] = (int8_t)lrintf(127.0f * p->eye.code[k]);
        }
}

// ---------------------------------------------------------------------------------------------
// What comes next.

static void true_codes(const Lesson *l, const Window *window, int t, float *codes)
{
    const int8_t *from = l->codes + ((size_t)window->clip * PARA_CLIP_LENGTH + (size_t)(window->first + t)) *
                                        PARA_PIXELS_CODES;
    for (int k = 0; k < PARA_PIXELS_CODES; k++)
        codes[k] = (float)from[k] / 127.0f;
    para_codes_snap(codes, codes, PARA_PIXELS_CODES, l->pixels->def.levels);
}

/// Some codes a level up or down, as its own will be.
static void disturb(const Lesson *l, ParaRng *rng, float *codes)
{
    int levels = l->pixels->def.levels;
    float level = levels > 0 ? 2.0f / (float)(levels - 1) : 0.1f;
    for (int k = 0; k < PARA_PIXELS_CODES; k++) {
        uint64_t any = para_rng_u64(rng);
        if ((float)(any >> 40) * 0x1p-24f < l->teaching->noise)
            codes[k] += any & 1 ? level : -level;
    }
    para_codes_snap(codes, codes, PARA_PIXELS_CODES, levels);
}

static void forward(const Lesson *l, Part *p, const Window *windows)
{
    int acts = l->clips->act_count;
    ParaRng rngs[WAY_EACH];
    float scale = 1.0f / (float)(PARTS * WAY_EACH * (l->length - 1) * PARA_PIXELS_MAP * PARA_PIXELS_MAP);
    for (int i = 0; i < WAY_EACH; i++)
        rngs[i] = para_rng_make(windows[i].seed, "window");
    for (int t = 0; t + 1 < l->length; t++) {
        ParaPixelMove *move = &p->moves[t];
        for (int i = 0; i < WAY_EACH; i++) {
            float *code = move->code + i * PARA_PIXELS_CODES;
            const int8_t *told = para_clips_acts(l->clips, windows[i].clip, windows[i].first + t);
            for (int k = 0; k < acts; k++)
                move->acts[i * acts + k] = (float)told[k];
            true_codes(l, &windows[i], t + 1, p->target + i * PARA_PIXELS_CODES);
            if (t < l->true_ones) {
                true_codes(l, &windows[i], t, code);
                disturb(l, &rngs[i], code);
            } else
                memcpy(code, p->moves[t - 1].next + i * PARA_PIXELS_CODES, PARA_PIXELS_CODES * sizeof *code);
        }
        para_move_forward(l->pixels, move, t > 0 ? p->moves[t - 1].memory : p->still, WAY_EACH, p->scratch);
        for (int k = 0; k < WAY_EACH * PARA_PIXELS_CODES; k++) {
            float by = move->sum[k] - p->target[k];
            p->dsum[t][k] = 2.0f * scale * by;
            p->error += (double)(scale * by * by);
        }
    }
}

/// What is wrong with the drawn pictures t + 1 of all windows. @param dnext in-out, *added*
static void draw_one(const Lesson *l, Part *p, const Window *windows, int t, float *dnext)
{
    float scale = l->teaching->drawn * DRAW_ONE / (float)(PARTS * WAY_EACH * (l->length - 1));
    float *dout = p->eye.d2;
    para_eye_draw(l->pixels, &p->eye, p->moves[t].next, WAY_EACH);
    for (int i = 0; i < WAY_EACH; i++) {
        size_t at = (size_t)i * PARA_PIXELS_BLOCKS;
        judge(p->eye.out + at, para_clips_frame(l->clips, windows[i].clip, windows[i].first + t + 1),
              para_clips_frame(l->clips, windows[i].clip, 0), scale, dout + at);
    }
    para_eye_draw_backward(l->pixels, &p->eye, p->moves[t].next, WAY_EACH, dout, NULL, p->target);
    for (int k = 0; k < WAY_EACH * PARA_PIXELS_CODES; k++)
        dnext[k] += p->target[k];
}

static void backward(const Lesson *l, Part *p, const Window *windows)
{
    size_t codes = WAY_EACH * PARA_PIXELS_CODES,
           memory = (size_t)(WAY_EACH * PARA_PIXELS_MAP * PARA_PIXELS_MAP * l->pixels->def.hidden);
    int drawn = (int)(windows[0].seed % DRAW_ONE);
    memset(p->dnext, 0, codes * sizeof(float));
    memset(p->dmemory, 0, memory * sizeof(float));
    for (int t = l->length - 2; t >= 0; t--) {
        ParaPixelMove *move = &p->moves[t];
        if (l->teaching->drawn > 0.0f && t % DRAW_ONE == drawn)
            draw_one(l, p, windows, t, p->dnext);
        para_codes_snap_backward(move->sum, p->dnext, (int)codes);
        for (size_t k = 0; k < codes; k++)
            p->dsum[t][k] += p->dnext[k];
        para_move_backward(l->pixels, move, t > 0 ? p->moves[t - 1].memory : p->still, WAY_EACH, p->dsum[t],
                           p->dmemory, p->dbefore, p->dcode, p->gradient, p->scratch);
        float *later = p->dmemory;
        p->dmemory = p->dbefore;
        p->dbefore = later;
        if (t >= l->true_ones)
            memcpy(p->dnext, p->dcode, codes * sizeof(float));
        else
            memset(p->dnext, 0, codes * sizeof(float));
    }
}

static void learn_next(void *context, int task, int worker)
{
    Lesson *l = context;
    Part *p = &l->parts[task];
    (void)worker;
    p->error = 0;
    memset(p->gradient, 0, (size_t)l->pixels->count * sizeof(float));
    forward(l, p, l->windows + task * WAY_EACH);
    backward(l, p, l->windows + task * WAY_EACH);
}

// ---------------------------------------------------------------------------------------------
// Batches.

/// Frames of all clips alike, where a window of so many begins. @return false: none is so long
static bool draw_window(Lesson *l, int length, Window *out)
{
    for (int tries = 0; tries < 10000; tries++) {
        out->clip = (int)para_rng_int(&l->rng, 0, l->clips->count - 1);
        out->first = (int)para_rng_int(&l->rng, 0, PARA_CLIP_LENGTH - 1);
        out->seed = para_rng_u64(&l->rng);
        if (out->first + length <= l->clips->counts[out->clip])
            return true;
    }
    return false;
}

static float rate_at(const Lesson *l, double share)
{
    double left = share < 1.0 ? 1.0 - share : 0.0;
    return l->teaching->rate *
           (float)(share < WARM ? share / WARM + 0.01 : left * (2.0 - left) * 0.98 + 0.02);
}

static double descend(Lesson *l, double share)
{
    float *sum = l->parts[0].gradient;
    int count = l->pixels->count;
    double square = 0, error = l->parts[0].error;
    for (int i = 1; i < PARTS; i++) {
        error += l->parts[i].error;
        for (int k = 0; k < count; k++)
            sum[k] += l->parts[i].gradient[k];
    }
    for (int k = 0; k < count; k++)
        square += (double)sum[k] * (double)sum[k];
    float clip = square > CLIP * CLIP ? (float)(CLIP / para_sqrt(square)) : 1.0f;
    for (int k = 0; k < count && clip < 1.0f; k++)
        sum[k] *= clip;
    para_net_adam(l->pixels->weights, l->moment1, l->moment2, sum, count, &l->steps, rate_at(l, share), 0.0f);
    return error;
}

/// Batches until so many frames were shown. @param each windows of a part   @param mean in-out, of errors
/// @return false: told to end, or no clip is long enough
static bool show(Lesson *l, ParaTask *task, int each, int64_t frames, double from, double to, float *mean,
                 ParaPixelTold *told, void *context)
{
    int seen = task == learn_eye ? 1 : l->length - 1, batch = PARTS * each * seen;
    int64_t batches = (frames + batch - 1) / batch;
    for (int64_t i = 0; i < batches; i++) {
        for (int k = 0; k < PARTS * each; k++)
            if (!draw_window(l, task == learn_eye ? 1 : l->length, &l->windows[k])) {
                l->starved = true;
                return false;
            }
        para_workers_run(l->workers, task, l, PARTS);
        double error = descend(l, from + (to - from) * (double)i / (double)batches);
        if (task == learn_eye)
            error /= PARTS * EYE_EACH;
        *mean = *mean > 0.0f ? 0.98f * *mean + 0.02f * (float)error : (float)error;
        l->taught.done += batch;
        if (i % CHUNK == CHUNK - 1 && told && !told(context, &l->taught))
            return false;
    }
    return true;
}

static void begin_adam(Lesson *l)
{
    memset(l->moment1, 0, (size_t)l->pixels->count * sizeof(float));
    memset(l->moment2, 0, (size_t)l->pixels->count * sizeof(float));
    l->steps = 0;
}

static void teach_all(Lesson *l, ParaPixelTold *told, void *context)
{
    int64_t frames = l->teaching->steps, eye = (int64_t)((double)frames * EYE_SHARE) + 1;
    l->taught.total = frames + eye;
    begin_adam(l);
    if (!show(l, learn_eye, EYE_EACH, eye, 0.0, 1.0, &l->taught.eye, told, context))
        return;
    para_workers_run(l->workers, keep_codes, l, PARTS);
    begin_adam(l);
    l->length = SHORT;
    l->true_ones = SHORT;
    if (!show(l, learn_next, WAY_EACH, frames / 2, 0.0, 0.5, &l->taught.next, told, context))
        return;
    l->length = WINDOW;
    l->true_ones = TRUE_ONES;
    show(l, learn_next, WAY_EACH, frames - frames / 2, 0.5, 1.0, &l->taught.next, told, context);
}

bool para_pixels_teach(ParaPixels *pixels, const ParaClips *clips, const ParaPixelTeaching *teaching,
                       ParaPixelTold *told, void *context, ParaArena *arena)
{
    PARA_ASSERT(teaching->steps >= 1 && clips->act_count == para_pixels_acts(&pixels->def));
    Lesson *l = PARA_NEW(arena, Lesson, 1);
    *l = (Lesson){.pixels = pixels,
                  .clips = clips,
                  .teaching = teaching,
                  .rng = para_rng_make(teaching->seed, "pixels.teach")};
    if (clips->count == 0 || !begin(l, arena))
        return false;
    para_net_ready();
    teach_all(l, told, context);
    para_workers_destroy(l->workers);
    return l->taught.done > 0 && !l->starved;
}
