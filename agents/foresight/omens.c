// SPDX-License-Identifier: MIT
// An env in the engine and one in a dream, side by side.
#include "agents/foresight/omens.h"

#include "agents/dream/dream.h"
#include "agents/env/decision.h"
#include "agents/env/mirror.h"

#include <string.h>

const char *const para_omen_names[PARA_OMENS] = {"break", "crush", "let_go", "collect", "meet"};

#define PAIRS 4096 ///< of bodies that are kept; levels in which more meet are counted by these

typedef struct Pair {
    int32_t a, b; ///< bodies, the lower first
    bool first, truly, said, twin;
} Pair;

struct ParaOmens {
    ParaWorldGroup *group;
    ParaEnv dream;
    const ParaEnv *twin; ///< NULL: none
    bool on;             ///< begun, and not counted yet
    int8_t actions[PARA_PLAYERS_MAX * PARA_CHANNELS];
    uint8_t broken[(PARA_BODIES_MAX + 7) / 8], taken[(PARA_BODIES_MAX + 7) / 8]; ///< at first
    uint8_t joined[PARA_JOINTS_MAX];                                             ///< at first
    Pair pairs[PAIRS];
    int pair_count;
};

static float f1_of(int truly, int said, int both)
{
    return truly + said > 0 ? 2.0f * (float)both / (float)(truly + said) : -1.0f;
}

float para_omen_f1(const ParaOmenCount *c) { return f1_of(c->truly, c->said, c->both); }
float para_omen_twin_f1(const ParaOmenCount *c) { return f1_of(c->truly, c->twin_said, c->twin_both); }

ParaOmens *para_omens_create(const ParaModel *model, ParaArena *arena)
{
    ParaOmens *o = PARA_NEW(arena, ParaOmens, 1);
    memset(o, 0, sizeof *o);
    o->group = para_dream_group_create(model, 1);
    if (!o->group)
        return NULL;
    para_env_init(&o->dream, para_world_at(o->group, 0), false);
    if (o->dream.arena)
        return o;
    para_omens_destroy(o);
    return NULL;
}

void para_omens_destroy(ParaOmens *o)
{
    if (!o)
        return;
    para_env_destroy(&o->dream);
    if (o->group)
        para_world_group_destroy(o->group);
}

// ---------------------------------------------------------------------------------------------
// Who meets whom.

static Pair *pair_of(ParaOmens *o, int a, int b)
{
    int low = a < b ? a : b, high = a < b ? b : a;
    for (int i = 0; i < o->pair_count; i++)
        if (o->pairs[i].a == low && o->pairs[i].b == high)
            return &o->pairs[i];
    if (o->pair_count >= PAIRS)
        return NULL;
    Pair *pair = &o->pairs[o->pair_count++];
    *pair = (Pair){.a = low, .b = high};
    return pair;
}

typedef enum { AT_FIRST, TRULY, SAID, TWIN } When;

static void note(ParaOmens *o, const ParaView *view, When when)
{
    for (int i = 0; i < view->contact_count; i++) {
        Pair *pair = pair_of(o, view->contacts[i].body_a, view->contacts[i].body_b);
        if (!pair)
            return;
        bool *const of[] = {&pair->first, &pair->truly, &pair->said, &pair->twin};
        *of[when] = true;
    }
}

// ---------------------------------------------------------------------------------------------
// Side by side.

bool para_omens_begin(ParaOmens *o, const ParaEnv *env, const ParaEnv *twin)
{
    o->twin = twin;
    const ParaLevel *seen = para_level_as_seen(env->level, para_env_level_arena(&o->dream));
    o->on = para_env_begin(&o->dream, seen, "omens") && para_env_mirror(&o->dream, env);
    if (!o->on)
        return false;
    const ParaView *view = para_world_view(env->world);
    o->pair_count = 0;
    note(o, view, AT_FIRST);
    memcpy(o->broken, env->play.shattered, sizeof o->broken);
    memcpy(o->taken, env->play.collected, sizeof o->taken);
    for (int j = 0; j < view->def->joint_count; j++)
        o->joined[j] = view->joint_enabled[j * view->stride];
    return true;
}

static bool goes_on(const ParaOmens *o) { return o->dream.play.status == PARA_PLAY_ON; }

void para_omens_decide(ParaOmens *o, const int8_t *actions)
{
    if (!o->on)
        return;
    memcpy(o->actions, actions, sizeof o->actions);
    if (goes_on(o) && o->dream.step == 0)
        para_decision_begin(&o->dream, actions);
}

/// One that has ended in the middle of a decision makes no more of it.
static void dream_on(ParaOmens *o)
{
    if (!goes_on(o))
        return;
    para_decision_step(&o->dream);
    note(o, para_world_view(o->dream.world), SAID);
}

void para_omens_step(ParaOmens *o, const ParaEnv *env)
{
    if (!o->on)
        return;
    note(o, para_world_view(env->world), TRULY);
    if (o->twin && o->twin->play.status == PARA_PLAY_ON)
        note(o, para_world_view(o->twin->world), TWIN);
    dream_on(o);
}

static bool has(const uint8_t *bits, int body) { return bits[body / 8] >> (body % 8) & 1; }

static void add(ParaOmenCount *count, bool truly, bool said, bool twin)
{
    count->truly += truly;
    count->said += said;
    count->both += truly && said;
    count->twin_said += twin;
    count->twin_both += truly && twin;
}

static void count_body(const ParaOmens *o, const ParaEnv *env, int b, ParaOmenCount *counts)
{
    const ParaLevel *level = env->level;
    const ParaPlay *truth = &env->play, *dream = &o->dream.play, *twin = o->twin ? &o->twin->play : NULL;
    bool crushes = level->body_crushes[b] > 0, breaks = level->body_shatters[b] > 0 && !crushes;
    if ((breaks || crushes) && !has(o->broken, b))
        add(&counts[crushes ? PARA_OMEN_CRUSH : PARA_OMEN_BREAK], has(truth->shattered, b),
            has(dream->shattered, b), twin && has(twin->shattered, b));
    if (level->body_collects[b] && !has(o->taken, b))
        add(&counts[PARA_OMEN_COLLECT], has(truth->collected, b), has(dream->collected, b),
            twin && has(twin->collected, b));
}

static bool holds(const ParaEnv *env, int joint)
{
    const ParaView *view = para_world_view(env->world);
    return view->joint_enabled[joint * view->stride];
}

static void count_all(const ParaOmens *o, const ParaEnv *env, ParaOmenCount *counts)
{
    const ParaLevel *level = env->level;
    for (int b = 0; b < level->world.body_count; b++)
        count_body(o, env, b, counts);
    for (int j = 0; level->joint_breaks && j < level->world.joint_count; j++)
        if (level->joint_breaks[j] > 0 && o->joined[j])
            add(&counts[PARA_OMEN_LET_GO], !holds(env, j), !holds(&o->dream, j),
                o->twin && !holds(o->twin, j));
    for (int i = 0; i < o->pair_count; i++)
        if (!o->pairs[i].first)
            add(&counts[PARA_OMEN_MEET], o->pairs[i].truly, o->pairs[i].said, o->pairs[i].twin);
}

void para_omens_end(ParaOmens *o, const ParaEnv *env, ParaOmenCount *counts)
{
    if (!o->on)
        return;
    o->on = false;
    int met = o->pair_count, late = (int)(PARA_OMEN_GRACE * env->level->world.rate);
    for (int i = 0; i < late && goes_on(o); i++) {
        if (o->dream.step == 0)
            para_decision_begin(&o->dream, o->actions);
        dream_on(o);
    }
    for (int i = met; i < o->pair_count;
         i++) // who meets after the end met nobody in the engine, who may have
        o->pairs[i].first = true;
    count_all(o, env, counts);
}
