// SPDX-License-Identifier: MIT
// A small network that looks at a scene and a ball to be put there, and says how likely that is to solve it.
#include "agents/puzzle/prior.h"

#include "agents/net/maths.h"
#include "agents/net/net.h"
#include "engine/base/assert.h"

#include <string.h>

#define WIDTH 64
#define BATCH PARA_PRIOR_BATCH
#define ROWS  (BATCH * PARA_SCENE_SHAPES_MAX)
#define JOINT (2 * WIDTH + PARA_SCENE_WHOLE) // mean, max, the whole
#define RATE  2e-3f
#define DECAY 1e-3f
#define WARM  0.05f // share of the steps in which the rate rises

struct ParaPrior {
    float *weights, *moment1, *moment2, *gradient; // [floats]
    int32_t steps;
    // scratch of a batch
    int offsets[BATCH + 1];
    float *rows, *hidden1, *hidden2, *dhidden1, *dhidden2; // [ROWS, ...]
    int *best;                                             // [BATCH, WIDTH]
    float *joint, *hidden3, *dhidden3, *djoint;            // [BATCH, ...]
    float out[BATCH], dout[BATCH];
};

/// Where each tensor lies.
enum {
    WEIGHT1 = 0,
    BIAS1 = WEIGHT1 + PARA_SCENE_ROW * WIDTH,
    WEIGHT2 = BIAS1 + WIDTH,
    BIAS2 = WEIGHT2 + WIDTH * WIDTH,
    WEIGHT3 = BIAS2 + WIDTH,
    BIAS3 = WEIGHT3 + JOINT * WIDTH,
    WEIGHT4 = BIAS3 + WIDTH,
    BIAS4 = WEIGHT4 + WIDTH,
    FLOATS = BIAS4 + 1
};

static void fill(ParaPrior *prior, int at, int in, int out, double gain, ParaRng *rng, ParaArena *arena)
{
    ParaArenaMark mark = para_arena_mark(arena);
    para_orthogonal_fill(prior->weights + at, out, in, out, gain, rng, PARA_NEW(arena, double, in *out));
    para_arena_rewind(arena, mark);
}

ParaPrior *para_prior_create(uint64_t seed, ParaArena *arena)
{
    ParaPrior *prior = PARA_NEW(arena, ParaPrior, 1);
    ParaRng rng = para_rng_make(seed, "prior");
    para_net_ready();
    *prior = (ParaPrior){.weights = PARA_NEW(arena, float, FLOATS),
                         .moment1 = PARA_NEW(arena, float, FLOATS),
                         .moment2 = PARA_NEW(arena, float, FLOATS),
                         .gradient = PARA_NEW(arena, float, FLOATS),
                         .rows = PARA_NEW(arena, float, ROWS *PARA_SCENE_ROW),
                         .hidden1 = PARA_NEW(arena, float, ROWS *WIDTH),
                         .hidden2 = PARA_NEW(arena, float, ROWS *WIDTH),
                         .dhidden1 = PARA_NEW(arena, float, ROWS *WIDTH),
                         .dhidden2 = PARA_NEW(arena, float, ROWS *WIDTH),
                         .best = PARA_NEW(arena, int, BATCH *WIDTH),
                         .joint = PARA_NEW(arena, float, BATCH *JOINT),
                         .hidden3 = PARA_NEW(arena, float, BATCH *WIDTH),
                         .dhidden3 = PARA_NEW(arena, float, BATCH *WIDTH),
                         .djoint = PARA_NEW(arena, float, BATCH *JOINT)};
    fill(prior, WEIGHT1, PARA_SCENE_ROW, WIDTH, 1.0, &rng, arena);
    fill(prior, WEIGHT2, WIDTH, WIDTH, 1.0, &rng, arena);
    fill(prior, WEIGHT3, JOINT, WIDTH, 1.0, &rng, arena);
    fill(prior, WEIGHT4, WIDTH, 1, 0.1, &rng, arena);
    return prior;
}

float *para_prior_weights(ParaPrior *prior, int *out_count)
{
    *out_count = FLOATS;
    return prior->weights;
}

// ---------------------------------------------------------------------------------------------

/// Puts the facts of action `at` of a batch.
static void put(ParaPrior *prior, int at, const ParaPuzzleScene *scene, const double action[3])
{
    int first = prior->offsets[at];
    prior->offsets[at + 1] = first + scene->shape_count;
    para_puzzle_facts(scene, action, prior->rows + (size_t)first * PARA_SCENE_ROW,
                      prior->joint + (size_t)at * JOINT + 2 * WIDTH);
}

/// From facts to log-odds.
static void forward(ParaPrior *prior, int count)
{
    const float *w = prior->weights;
    int rows = prior->offsets[count];
    para_linear_forward(prior->rows, PARA_SCENE_ROW, rows, w + WEIGHT1, w + BIAS1, PARA_SCENE_ROW, WIDTH,
                        PARA_ACTIVATION_RELU, prior->hidden1, WIDTH);
    para_linear_forward(prior->hidden1, WIDTH, rows, w + WEIGHT2, w + BIAS2, WIDTH, WIDTH,
                        PARA_ACTIVATION_RELU, prior->hidden2, WIDTH);
    para_pool_forward(prior->hidden2, prior->offsets, count, WIDTH, prior->joint, JOINT, prior->best);
    para_linear_forward(prior->joint, JOINT, count, w + WEIGHT3, w + BIAS3, JOINT, WIDTH,
                        PARA_ACTIVATION_RELU, prior->hidden3, WIDTH);
    para_linear_forward(prior->hidden3, WIDTH, count, w + WEIGHT4, w + BIAS4, WIDTH, 1, PARA_ACTIVATION_NONE,
                        prior->out, 1);
}

/// From dout to the gradient of all weights.
static void backward(ParaPrior *prior, int count, float *to)
{
    const float *w = prior->weights;
    int rows = prior->offsets[count];
    para_linear_gradient(prior->hidden3, WIDTH, count, prior->dout, 1, WIDTH, 1, to + WEIGHT4, to + BIAS4);
    para_linear_backward(prior->dout, 1, count, w + WEIGHT4, WIDTH, 1, false, prior->dhidden3, WIDTH);
    para_activation_backward(PARA_ACTIVATION_RELU, prior->hidden3, prior->dhidden3, count * WIDTH);
    para_linear_gradient(prior->joint, JOINT, count, prior->dhidden3, WIDTH, JOINT, WIDTH, to + WEIGHT3,
                         to + BIAS3);
    para_linear_backward(prior->dhidden3, WIDTH, count, w + WEIGHT3, JOINT, WIDTH, false, prior->djoint,
                         JOINT);
    para_pool_backward(prior->djoint, JOINT, prior->offsets, prior->best, count, WIDTH, prior->dhidden2);
    para_activation_backward(PARA_ACTIVATION_RELU, prior->hidden2, prior->dhidden2, rows * WIDTH);
    para_linear_gradient(prior->hidden1, WIDTH, rows, prior->dhidden2, WIDTH, WIDTH, WIDTH, to + WEIGHT2,
                         to + BIAS2);
    para_linear_backward(prior->dhidden2, WIDTH, rows, w + WEIGHT2, WIDTH, WIDTH, false, prior->dhidden1,
                         WIDTH);
    para_activation_backward(PARA_ACTIVATION_RELU, prior->hidden1, prior->dhidden1, rows * WIDTH);
    para_linear_gradient(prior->rows, PARA_SCENE_ROW, rows, prior->dhidden1, WIDTH, PARA_SCENE_ROW, WIDTH,
                         to + WEIGHT1, to + BIAS1);
}

void para_prior_scores(ParaPrior *prior, const ParaPuzzleScene *scene, const double (*actions)[3], int count,
                       float *out)
{
    for (int first = 0; first < count; first += BATCH) {
        int here = count - first < BATCH ? count - first : BATCH;
        for (int i = 0; i < here; i++)
            put(prior, i, scene, actions[first + i]);
        forward(prior, here);
        memcpy(out + first, prior->out, sizeof *out * (size_t)here);
    }
}

double para_prior_loss(ParaPrior *prior, const ParaPractice *const *rows, int count, float *gradient)
{
    double loss = 0.0;
    PARA_ASSERT(count >= 1 && count <= BATCH);
    for (int i = 0; i < count; i++)
        put(prior, i, rows[i]->scene, rows[i]->action);
    forward(prior, count);
    for (int i = 0; i < count; i++) {
        float x = rows[i]->solved ? prior->out[i] : -prior->out[i]; // log-odds of what came
        float miss = 1.0f / (1.0f + para_net_exp(x));               // its chance not to
        loss += (double)(x > 20.0f ? 0.0f : -para_net_log(1.0f - miss > 1e-30f ? 1.0f - miss : 1e-30f));
        prior->dout[i] = (rows[i]->solved ? -miss : miss) / (float)count;
    }
    if (gradient)
        backward(prior, count, gradient);
    return loss / (double)count;
}

// ---------------------------------------------------------------------------------------------

/// The rate rises, then falls to nothing as a cosine would, by the parabola near it.
static float rate_at(int step, int steps)
{
    float share = (float)step / (float)steps, left = 1.0f - share;
    return RATE * (share < WARM ? share / WARM : left * left * (3.0f - 2.0f * left));
}

double para_prior_learn(ParaPrior *prior, const ParaPractice *practice, int count, int steps, uint64_t seed,
                        ParaPriorTold *told, void *context, ParaArena *arena)
{
    ParaArenaMark mark = para_arena_mark(arena);
    const ParaPractice **kinds[2] = {PARA_NEW(arena, const ParaPractice *, count + 1),
                                     PARA_NEW(arena, const ParaPractice *, count + 1)};
    int counts[2] = {0, 0}, summed = 0;
    double sum = 0.0;
    ParaRng rng = para_rng_make(seed, "prior learn");
    for (int i = 0; i < count; i++)
        kinds[practice[i].solved][counts[practice[i].solved]++] = &practice[i];
    for (int step = 0; step < steps && count > 0; step++) {
        const ParaPractice *rows[BATCH];
        for (int i = 0; i < BATCH; i++) {
            int kind = counts[1] == 0 ? 0 : counts[0] == 0 ? 1 : i % 2;
            rows[i] = kinds[kind][para_rng_int(&rng, 0, counts[kind] - 1)];
        }
        double loss = para_prior_loss(prior, rows, BATCH, prior->gradient);
        para_net_adam(prior->weights, prior->moment1, prior->moment2, prior->gradient, FLOATS, &prior->steps,
                      rate_at(step, steps), DECAY);
        if (step >= steps - steps / 10 - 1) {
            sum += loss;
            summed++;
        }
        if (told && step % 50 == 0 && !told(context, step, steps))
            break;
    }
    para_arena_rewind(arena, mark);
    return summed > 0 ? sum / (double)summed : 0.0;
}
