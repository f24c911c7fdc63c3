// SPDX-License-Identifier: MIT
// Both makers: dr draws a fresh seed each time; sfl also holds kept levels, chosen at each refresh by what
// the present player solves sometimes but not always.
#include "agents/maker/maker.h"

#include "agents/env/seeds.h"
#include "engine/base/assert.h"

#include <stdlib.h>
#include <string.h>

struct ParaMaker {
    ParaMakerDef def;
    bool learnability; // sfl
    bool refreshed;
    int refresh_count;
    ParaTrial *trials;    // [families * candidates * tries]
    ParaKept *candidates; // [families * candidates]
    int *solved;          // [families * candidates]
    uint8_t *live;        // [families * candidates] stage two plays these
    ParaKept *kept;       // [families * keep]
    int kept_count;
    int *kept_first; // [families + 1] where each family's kept levels begin
};

static const char *const methods[] = {"dr", "sfl", NULL};

const char *const *para_maker_methods(void) { return methods; }

ParaMakerDef para_maker_def_default(const char *method)
{
    return (ParaMakerDef){
        .method = method, .candidates = 64, .tries = 3, .keep = 16, .refresh = 64, .kept_share = 0.5f};
}

ParaMaker *para_maker_create(const ParaMakerDef *def, ParaArena *arena, const char **out_error)
{
    bool sfl = strcmp(def->method, "sfl") == 0;
    if (!sfl && strcmp(def->method, "dr") != 0) {
        *out_error = para_arena_printf(arena, "no maker \"%s\"; there are dr and sfl", def->method);
        return NULL;
    }
    PARA_ASSERT(def->families != NULL && def->families->count >= 1);
    PARA_ASSERT(def->candidates >= 1 && def->tries >= 1 && def->keep >= 1 && def->refresh >= 1);
    PARA_ASSERT(def->kept_share >= 0.0f && def->kept_share <= 1.0f);
    ParaMaker *maker = PARA_NEW(arena, ParaMaker, 1);
    maker->def = *def;
    maker->learnability = sfl;
    if (sfl) {
        int total = def->families->count * def->candidates;
        maker->trials = PARA_NEW(arena, ParaTrial, total * def->tries);
        maker->candidates = PARA_NEW(arena, ParaKept, total);
        maker->solved = PARA_NEW(arena, int, total);
        maker->live = PARA_NEW(arena, uint8_t, total);
        maker->kept_first = PARA_NEW(arena, int, def->families->count + 1);
        maker->kept = PARA_NEW(arena, ParaKept, def->families->count * def->keep);
    }
    return maker;
}

// Families are dealt to envs, not drawn for each episode: every family gets the same share of decisions,
// where drawing would give those of short episodes less (balance fell for 60,000 decisions and learned
// nothing).
static int family_of(const ParaMaker *maker, int env) { return env % maker->def.families->count; }

// Whether this env plays kept levels: kept_share of the envs of each family.
static bool plays_kept(const ParaMaker *maker, int env)
{
    double place = (double)(env / maker->def.families->count) * (double)maker->def.kept_share;
    return maker->kept_count > 0 && (int)(place + (double)maker->def.kept_share) > (int)place;
}

void para_maker_next(void *context, int env, ParaRng *rng, ParaPick *out)
{
    const ParaMaker *maker = context;
    PARA_ASSERT(env >= 0);
    int family = family_of(maker, env);
    if (!plays_kept(maker, env)) {
        *out = (ParaPick){.family = family, .seed = para_training_seed(para_rng_u64(rng))};
        return;
    }
    // A family with nothing at the edge lends its envs to all the others.
    int first = maker->kept_first[family], count = maker->kept_first[family + 1] - first;
    if (count == 0) {
        first = 0;
        count = maker->kept_count;
    }
    *out = maker->kept[first + para_rng_int(rng, 0, count - 1)].pick;
}

// Plays `tries` episodes on every candidate whose byte in `live` is set (NULL: all) and adds up what was
// solved.
static int64_t play_candidates(ParaMaker *maker, const ParaPolicy *policy, const uint8_t *live, uint64_t seed)
{
    int total = maker->def.families->count * maker->def.candidates, count = 0;
    for (int c = 0; c < total; c++) {
        if (live && !live[c])
            continue;
        for (int k = 0; k < maker->def.tries; k++, count++)
            maker->trials[count] = (ParaTrial){.pick = maker->candidates[c].pick,
                                               .kind = PARA_TRIAL_POLICY,
                                               .seed = para_seed_mix(seed, (uint64_t)count)};
    }
    int64_t steps =
        para_trials_play(maker->def.room, maker->def.families, maker->trials, count, policy, NULL, NULL);
    for (int c = 0, i = 0; c < total; c++) {
        if (live && !live[c])
            continue;
        for (int k = 0; k < maker->def.tries; k++, i++) {
            const ParaTrial *trial = &maker->trials[i];
            if (!trial->played)
                continue;
            maker->candidates[c].tries++;
            maker->candidates[c].hash = trial->report.level_hash;
            maker->candidates[c].pick = trial->pick;
            maker->solved[c] += trial->report.end == PARA_END_SOLVED;
        }
    }
    return steps;
}

static void score(ParaKept *candidate, int solved)
{
    int n = candidate->tries;
    float p = n ? (float)solved / (float)n : 0;
    candidate->success = p;
    candidate->score = n > 1 ? (float)n / (float)(n - 1) * p * (1 - p) : 0;
}

static int by_score(const void *a, const void *b)
{
    const ParaKept *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return x->pick.seed < y->pick.seed ? -1 : x->pick.seed > y->pick.seed; // a defined order for ties
}

// Keeps the best candidates of each family that are neither mastered nor hopeless.
static void keep_best(ParaMaker *maker)
{
    maker->kept_count = 0;
    for (int f = 0; f < maker->def.families->count; f++) {
        maker->kept_first[f] = maker->kept_count;
        ParaKept *first = maker->candidates + f * maker->def.candidates;
        qsort(first, (size_t)maker->def.candidates, sizeof *first, by_score);
        for (int c = 0; c < maker->def.keep && c < maker->def.candidates && first[c].score > 0; c++)
            maker->kept[maker->kept_count++] = first[c];
    }
    maker->kept_first[maker->def.families->count] = maker->kept_count;
}

// One refresh in two stages: every candidate is tried, then those with a mixed outcome again, so that
// most episodes go to levels that may be kept.
static int64_t refresh(ParaMaker *maker, const ParaPolicy *policy)
{
    uint64_t seed = para_seed_mix(maker->def.seed, (uint64_t)maker->refresh_count++);
    ParaRng rng = para_rng_make(seed, "candidates");
    int total = maker->def.families->count * maker->def.candidates;
    for (int c = 0; c < total; c++) {
        maker->candidates[c] = (ParaKept){
            .pick = {.family = c / maker->def.candidates, .seed = para_training_seed(para_rng_u64(&rng))}};
        maker->solved[c] = 0;
    }
    int64_t steps = play_candidates(maker, policy, NULL, para_seed_mix(seed, 1));
    for (int c = 0; c < total; c++)
        maker->live[c] = maker->solved[c] > 0 && maker->solved[c] < maker->candidates[c].tries;
    steps += play_candidates(maker, policy, maker->live, para_seed_mix(seed, 2));
    for (int c = 0; c < total; c++)
        score(&maker->candidates[c], maker->solved[c]);
    keep_best(maker);
    return steps;
}

int64_t para_maker_turn(ParaMaker *maker, int lesson, const ParaPolicy *policy)
{
    PARA_ASSERT(lesson >= 0);
    // A continued run has no kept levels yet: its first turn chooses them, at whatever lesson that is.
    bool due = lesson % maker->def.refresh == 0 || maker->refresh_count == 0;
    maker->refreshed = maker->learnability && lesson >= maker->def.refresh && due;
    return maker->refreshed ? refresh(maker, policy) : 0;
}

const ParaKept *para_maker_kept(const ParaMaker *maker, int *out_count)
{
    *out_count = maker->kept_count;
    return maker->kept;
}

int para_maker_kept_index(const ParaMaker *maker, const ParaPick *pick)
{
    for (int i = 0; i < maker->kept_count; i++)
        if (maker->kept[i].pick.family == pick->family && maker->kept[i].pick.seed == pick->seed)
            return i;
    return -1;
}

bool para_maker_refreshed(const ParaMaker *maker) { return maker->refreshed; }
