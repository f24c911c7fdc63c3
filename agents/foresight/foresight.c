// SPDX-License-Identifier: MIT
// A level goes on, and three that foresee it beside.
#include "agents/foresight/foresight.h"

#include "agents/batch/seeds.h"
#include "agents/env/decision.h"
#include "engine/base/maths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NUDGE    0.005f // of a diameter
#define WENT     0.5f   // [diameters] bodies that truly go less do not count
#define WARM     2.0    // [s] at most before it begins
#define FAR      1e6f   // [diameters] an error at most: of what has no place any more, too
#define SAMPLES  20000  // of one family and time that are kept
#define NEW_KEYS 0.25   // chance of other keys in a decision

const float para_foresight_seconds[PARA_FORESIGHT_TIMES] = {0.5f, 1.0f, 2.0f, 4.0f};

/// How likely a decision brings other keys.
static double change_of(const ParaRandomKeys *keys, const ParaLevel *level)
{
    double seconds = (double)level->frame_skip / (double)level->world.rate;
    return keys->hold > 0.0f ? seconds / (double)keys->hold : NEW_KEYS;
}

void para_acts_random(void *context, const ParaEnv *env, int8_t *actions)
{
    ParaRandomKeys *keys = context;
    int count = env->level->player_count * PARA_CHANNELS;
    if (env->decisions == 0 || para_rng_f64(&keys->rng) < change_of(keys, env->level))
        for (int i = 0; i < count; i++)
            keys->actions[i] = (int8_t)para_rng_int(&keys->rng, -1, 1);
    memcpy(actions, keys->actions, (size_t)count);
}

typedef struct Sample {
    float error[PARA_FORESEERS], doubt;
} Sample;

typedef struct Samples {
    Sample *at; ///< [SAMPLES]
    int count;
} Samples;

typedef struct Foreseeing {
    const ParaForesightDef *def;
    ParaDreaming dreaming;
    ParaWorldGroup *group;
    ParaEnv env, twin; ///< the engine, and the engine nudged
    bool twin_on;
    ParaOmens *omens;
    ParaRng rng;
    ParaRandomKeys keys;
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS];
    // of one level:
    ParaModelFacts facts;
    ParaMoment moment;
    float *before;   ///< [m/s, m/s, rad/s] motions before a step; NULL: no model yet  [bodies, 3]
    float *begin;    ///< [m, m, rad] places at first  [bodies, 3]
    float *flight;   ///< [m, m, rad, m/s, m/s, -] of flight alone  [bodies, 6]
    float *doubt;    ///< [m] >= 0 summed  [bodies]
    uint8_t *counts; ///< [1] 0 or 1; 1: still what it was  [bodies]
    Samples (*samples)[PARA_FORESIGHT_TIMES]; ///< [families + 1]
} Foreseeing;

// ---------------------------------------------------------------------------------------------
// The engine and its twin.

/// What acts at once, such as a jump, is told to the model as it is to the engine's bodies.
static void see(void *context, const ParaEnv *env)
{
    Foreseeing *f = context;
    float now[3 * PARA_BODIES_MAX];
    para_moment_read(para_world_view(env->world), NULL, now);
    para_moment_take_inputs(&f->moment, para_world_inputs(env->world));
    const ParaView *own = &f->moment.view;
    for (int b = 0; b < env->level->world.body_count; b++) {
        bool moved = own->def->bodies[b].kind == PARA_BODY_KINEMATIC;
        const float then[3] = {own->vx[b], own->vy[b], own->spin[b]},
                    *from = moved ? then : f->before + 3 * b;
        float by[3] = {now[3 * b] - from[0], now[3 * b + 1] - from[1], now[3 * b + 2] - from[2]};
        if (moved ||
            (f->facts.bodies[b].inverse_mass > 0.0f && (by[0] != 0.0f || by[1] != 0.0f || by[2] != 0.0f)))
            para_moment_push(&f->moment, b, by);
    }
}

static bool go_on(Foreseeing *f)
{
    bool begins = f->env.step == 0;
    if (begins && f->env.play.status != PARA_PLAY_ON)
        return false;
    f->twin_on &= f->twin.play.status == PARA_PLAY_ON;
    if (begins) {
        f->def->acts(f->def->context, &f->env, f->actions);
        para_decision_begin(&f->env, f->actions);
        if (f->twin_on)
            para_decision_begin(&f->twin, f->actions);
        para_omens_decide(f->omens, f->actions);
    }
    if (f->before)
        para_moment_read(para_world_view(f->env.world), NULL, f->before);
    para_decision_step_seen(&f->env, f->before ? see : NULL, f);
    if (f->twin_on)
        para_decision_step(&f->twin);
    para_omens_step(f->omens, &f->env);
    return true;
}

/// What hangs together by joints is shifted as one, which tears none of them.
static bool nudge(Foreseeing *f)
{
    const ParaWorldDef *def = &f->env.level->world;
    const int32_t *first = f->env.level->body_sets;
    if (!para_env_begin(&f->twin, f->env.level, "twin") || !para_env_clone(&f->twin, &f->env))
        return false;
    ParaVec2 by[PARA_BODIES_MAX];
    for (int b = 0; b < def->body_count; b++) {
        double sine, cosine;
        para_sincos(para_rng_range(&f->rng, 0, PARA_TAU), &sine, &cosine);
        float size = 2.0f * NUDGE * f->facts.bodies[b].radius;
        by[b] = first[b] == b ? (ParaVec2){size * (float)cosine, size * (float)sine} : by[first[b]];
        const ParaView *v = para_world_view(f->twin.world);
        int i = b * v->stride;
        if (!(f->facts.bodies[b].inverse_mass > 0.0f) || !v->enabled[i])
            continue;
        para_world_place_body(f->twin.world, b, (ParaVec2){v->x[i] + by[b].x, v->y[i] + by[b].y}, v->angle[i],
                              (ParaVec2){v->vx[i], v->vy[i]}, v->spin[i]);
    }
    return true;
}

// ---------------------------------------------------------------------------------------------
// One level.

static bool begin_level(Foreseeing *f, const ParaLevel *level, ParaArena *arena)
{
    size_t n = (size_t)level->world.body_count;
    if (!para_env_begin(&f->env, level, "foresight"))
        return false;
    f->twin_on = false;
    f->before = NULL;
    f->facts = para_model_facts_of(level, arena);
    f->moment = para_moment_create(&level->world, arena);
    f->begin = PARA_NEW(arena, float, 3 * n);
    f->flight = PARA_NEW(arena, float, 6 * n);
    f->doubt = PARA_NEW(arena, float, n);
    f->counts = PARA_NEW(arena, uint8_t, n);
    int steps = (int)(para_rng_range(&f->rng, 0, WARM) * (double)level->world.rate);
    for (int i = 0; i < steps || f->env.step != 0; i++)
        if (!go_on(f))
            return false;
    const ParaView *v = para_world_view(f->env.world);
    para_moment_take(&f->moment, v);
    para_moment_read(v, f->begin, NULL);
    for (size_t b = 0; b < n; b++) {
        memcpy(f->flight + 6 * b, f->begin + 3 * b, 3 * sizeof(float));
        size_t i = b * (size_t)v->stride;
        f->flight[6 * b + 3] = v->vx[i];
        f->flight[6 * b + 4] = v->vy[i];
        f->doubt[b] = 0.0f;
        f->counts[b] = f->facts.bodies[b].inverse_mass > 0.0f && v->enabled[i];
    }
    f->twin_on = nudge(f);
    f->before = PARA_NEW(arena, float, 3 * n);
    return f->twin_on && para_omens_begin(f->omens, &f->env, &f->twin);
}

/// What is no physics: moving ground goes its way, and the rules take out and put in.
static void be_told(Foreseeing *f)
{
    const ParaView *v = para_world_view(f->env.world);
    for (int b = 0; b < v->def->body_count; b++) {
        int i = b * v->stride;
        bool told =
            v->def->bodies[b].kind == PARA_BODY_KINEMATIC || v->enabled[i] != f->moment.view.enabled[b];
        if (v->def->bodies[b].kind == PARA_BODY_DYNAMIC && told)
            f->counts[b] = 0;
        if (told)
            para_moment_take_body(&f->moment, v, b);
    }
    para_moment_take_rules(&f->moment, v);
}

static void fly(Foreseeing *f, float seconds)
{
    ParaVec2 g = f->moment.view.gravity;
    for (int b = 0; b < f->moment.view.def->body_count; b++) {
        float *at = f->flight + 6 * b;
        at[0] += seconds * (at[3] + 0.5f * seconds * g.x);
        at[1] += seconds * (at[4] + 0.5f * seconds * g.y);
        at[3] += seconds * g.x;
        at[4] += seconds * g.y;
    }
}

static float apart(float ax, float ay, float bx, float by, float diameter)
{
    float way = hypotf(ax - bx, ay - by) / diameter;
    return way < FAR ? way : FAR; // a model that was hardly taught may come to what is no number
}

static void add_sample(Samples *to, const Sample *sample)
{
    if (to->count < SAMPLES)
        to->at[to->count++] = *sample;
}

static void compare(Foreseeing *f, int family, int time)
{
    const ParaView *v = para_world_view(f->env.world), *twin = para_world_view(f->twin.world);
    for (int b = 0; b < v->def->body_count; b++) {
        int i = b * v->stride, k = b * twin->stride;
        float x = v->centre_x[i], y = v->centre_y[i], diameter = 2.0f * f->facts.bodies[b].radius;
        if (!f->counts[b] || !(diameter > 0.0f) ||
            apart(x, y, f->begin[3 * b], f->begin[3 * b + 1], diameter) < WENT)
            continue;
        float doubt = f->doubt[b] / diameter;
        Sample s = {.doubt = doubt < FAR ? doubt : FAR};
        s.error[PARA_FORESEER_MODEL] =
            apart(x, y, f->moment.view.centre_x[b], f->moment.view.centre_y[b], diameter);
        s.error[PARA_FORESEER_NUDGED] = apart(x, y, twin->centre_x[k], twin->centre_y[k], diameter);
        s.error[PARA_FORESEER_FLIGHT] = apart(x, y, f->flight[6 * b], f->flight[6 * b + 1], diameter);
        add_sample(&f->samples[family][time], &s);
        add_sample(&f->samples[f->def->families->count][time], &s);
    }
}

static void end_omens(Foreseeing *f, int family, ParaForesight *rows)
{
    ParaOmenCount counts[PARA_OMENS] = {{0}};
    para_omens_end(f->omens, &f->env, counts);
    for (int o = 0; o < PARA_OMENS; o++)
        for (int k = 0; k < 2; k++) {
            ParaOmenCount *sum = &rows[k ? f->def->families->count : family].omens[o];
            sum->truly += counts[o].truly;
            sum->said += counts[o].said;
            sum->both += counts[o].both;
            sum->twin_said += counts[o].twin_said;
            sum->twin_both += counts[o].twin_both;
        }
}

/// @return false: there is no room for this level's graph
static bool foresee_level(Foreseeing *f, int family, ParaForesight *rows)
{
    const ParaModelDef *model = &f->dreaming.model->def;
    const ParaWorldDef *def = &f->env.level->world;
    int steps = para_model_physics_steps(model, def), time = 0;
    float seconds = (float)steps / def->rate;
    for (float passed = 0; time < PARA_FORESIGHT_TIMES && f->twin_on;) {
        if (!go_on(f))
            return true; // it has ended: what comes later is not foreseen
        if (!para_dream_step(&f->dreaming, &f->facts, &f->moment))
            return false;
        for (int i = 1; i < steps; i++)
            if (!go_on(f))
                return true;
        for (int b = 0; b < def->body_count; b++)
            f->doubt[b] += seconds * f->dreaming.doubt[b];
        fly(f, seconds);
        be_told(f);
        passed += seconds;
        if (passed + 0.5f * seconds >= PARA_OMEN_SECONDS)
            end_omens(f, family, rows);
        if (passed + 0.5f * seconds >= para_foresight_seconds[time])
            compare(f, family, time++);
    }
    return true;
}

// ---------------------------------------------------------------------------------------------
// Sums.

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

typedef struct Ranked {
    float value;
    int index;
} Ranked;

static int by_rank(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    return x->value < y->value ? -1 : x->value > y->value ? 1 : x->index - y->index;
}

static void rank(Ranked *of, int count, double *out)
{
    qsort(of, (size_t)count, sizeof *of, by_rank);
    for (int i = 0; i < count; i++)
        out[of[i].index] = (double)i;
}

/// Spearman's rank correlation of doubt and error.
static float correlate(const Samples *s, ParaArena *arena)
{
    if (s->count < 3)
        return 0.0f;
    Ranked *of = PARA_NEW(arena, Ranked, (size_t)s->count);
    double *a = PARA_NEW(arena, double, (size_t)s->count), *b = PARA_NEW(arena, double, (size_t)s->count),
           sum = 0;
    for (int i = 0; i < s->count; i++)
        of[i] = (Ranked){s->at[i].doubt, i};
    rank(of, s->count, a);
    for (int i = 0; i < s->count; i++)
        of[i] = (Ranked){s->at[i].error[PARA_FORESEER_MODEL], i};
    rank(of, s->count, b);
    for (int i = 0; i < s->count; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    double n = (double)s->count;
    return (float)(1.0 - 6.0 * sum / (n * (n * n - 1.0)));
}

static void conclude(const Samples *s, int time, ParaForesight *out, ParaArena *arena)
{
    out->bodies[time] = s->count;
    if (s->count == 0)
        return;
    float *values = PARA_NEW(arena, float, (size_t)s->count);
    for (int who = 0; who < PARA_FORESEERS; who++) {
        double sum = 0;
        for (int i = 0; i < s->count; i++)
            sum += (double)(values[i] = s->at[i].error[who]);
        qsort(values, (size_t)s->count, sizeof *values, by_value);
        out->errors[time][who] = (ParaForesightErrors){.median = values[s->count / 2],
                                                       .mean = (float)(sum / s->count),
                                                       .p90 = values[(int)(0.9 * s->count)]};
    }
    out->doubt[time] = correlate(s, arena);
}

static bool make(Foreseeing *f, const ParaModel *model, const ParaForesightDef *def, ParaArena *arena)
{
    *f = (Foreseeing){.def = def,
                      .rng = para_rng_make(def->seed, "foresight"),
                      .keys = {.rng = para_rng_make(def->seed, "keys"), .hold = def->hold}};
    f->dreaming = para_dreaming_create(model, arena);
    f->group = para_world_group_create(def->solver, 2);
    f->omens = para_omens_create(model, arena);
    if (!f->group || !f->omens)
        return false;
    para_env_init(&f->env, para_world_at(f->group, 0), false);
    para_env_init(&f->twin, para_world_at(f->group, 1), false);
    size_t rows = (size_t)def->families->count + 1;
    f->samples = (Samples(*)[PARA_FORESIGHT_TIMES])PARA_NEW(arena, Samples, rows * PARA_FORESIGHT_TIMES);
    for (size_t i = 0; i < rows; i++)
        for (int t = 0; t < PARA_FORESIGHT_TIMES; t++)
            f->samples[i][t] = (Samples){.at = PARA_NEW(arena, Sample, SAMPLES)};
    return f->env.arena && f->twin.arena;
}

/// @return false: there is no room for this level's graph
static bool foresee_member(Foreseeing *f, int family, int number, ParaForesight *rows)
{
    ParaPick pick = {.family = family, .seed = para_held_out_seed(f->def->seed, number)};
    ParaArena *arena = para_env_level_arena(&f->env);
    const ParaLevel *level = para_families_sample(f->def->families, &pick, "foresight", arena);
    if (!level || !begin_level(f, level, arena))
        return true;
    bool fits = foresee_level(f, family, rows);
    end_omens(f, family, rows); // of a level that ended before
    return fits;
}

bool para_foresee(const ParaModel *model, const ParaForesightDef *def, ParaForesight *out, ParaForesaw *told,
                  void *context, ParaArena *arena)
{
    Foreseeing *f = PARA_NEW(arena, Foreseeing, 1);
    ParaForesightDef own = *def;
    bool good = make(f, model, &own, arena);
    if (!own.acts) {
        own.acts = para_acts_random;
        own.context = &f->keys;
    }
    int64_t total = (int64_t)def->families->count * def->levels, done = 0;
    memset(out, 0, ((size_t)def->families->count + 1) * sizeof *out);
    for (int family = 0; family < def->families->count && good; family++)
        for (int i = 0; i < def->levels && good; i++) {
            bool fits = foresee_member(f, family, i, out);
            out[family].left_out += !fits;
            out[def->families->count].left_out += !fits;
            good = !told || told(context, ++done, total);
        }
    for (int i = 0; i <= def->families->count && good; i++)
        for (int t = 0; t < PARA_FORESIGHT_TIMES; t++)
            conclude(&f->samples[i][t], t, &out[i], arena);
    para_omens_destroy(f->omens);
    para_env_destroy(&f->env);
    para_env_destroy(&f->twin);
    if (f->group)
        para_world_group_destroy(f->group);
    return good;
}
