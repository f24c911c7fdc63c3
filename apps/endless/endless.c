// SPDX-License-Identifier: MIT
// What is known of a person, and how it follows from what they did.
#include "apps/endless/endless.h"

#include "apps/endless/ladder.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define SLOPE      0.15 // [1] of difficulty by which the odds grow e-fold
#define SKILL      0.25 // [1] of somebody nobody knows: an easy level is a fair one
#define STEP_LEAST 0.10 // [1] a skill moves by, for a surprise of 1, once much is known
#define STEP_FIRST 0.40 // [1] on top at first
#define STEP_FADES 4.0  // [1] levels in which that halves
#define VISIT_MOST 4    // levels in one family, before another's turn

bool para_endless_families(ParaFamilies *out, const char *const *names, int count, ParaArena *arena,
                           const char **out_error)
{
    const char **wanted = PARA_NEW(arena, const char *, PARA_ENDLESS_FAMILIES_MAX + 1);
    if (count > 0) {
        if (!para_families_load(out, names, count, arena, out_error))
            return false;
        *out_error = "endless mode takes 64 families at most";
        return out->count <= PARA_ENDLESS_FAMILIES_MAX;
    }
    ParaLibraryFamily *library = NULL;
    int all = para_library_families(arena, &library), kept = 0;
    for (int i = 0; i < all && kept < PARA_ENDLESS_FAMILIES_MAX; i++) {
        const ParaTemplate *t = para_library_load(library[i].name, arena, out_error);
        if (!t)
            return false;
        if (para_ladder_is_told(t) && strcmp(library[i].ability, PARA_LIBRARY_CLASSIC) != 0)
            wanted[kept++] = library[i].name;
    }
    *out_error = "the template library is empty or missing; set PARACOSM_LIBRARY to a folder of templates";
    return kept > 0 && para_families_load(out, wanted, kept, arena, out_error);
}

void para_endless_begin(ParaEndless *out, const ParaFamilies *families, uint64_t seed)
{
    PARA_ASSERT(families->count >= 1 && families->count <= PARA_ENDLESS_FAMILIES_MAX);
    *out = (ParaEndless){.families = families, .seed = seed, .skill = SKILL, .end = PARA_ENDLESS_UNRATED};
}

static double skill_in(const ParaEndless *e, int family) { return e->skill + e->offset[family]; }

double para_endless_chance(const ParaEndless *e, int family, double difficulty)
{
    return 1 / (1 + para_exp((difficulty - skill_in(e, family)) / SLOPE));
}

/// [1] So far below a skill lies the difficulty at which the chance is as it should be.
static double margin(void) { return SLOPE * para_log(PARA_ENDLESS_CHANCE / (1 - PARA_ENDLESS_CHANCE)); }

double para_endless_target(const ParaEndless *e, int family)
{
    return para_clamp(skill_in(e, family) - margin(), 0, PARA_ENDLESS_DIFFICULTY_MOST);
}

/// Half of what is learned is of the family, half of the person. Beyond the ends of the ladder there is
/// nothing to learn.
static void learn(ParaEndless *e, double surprise)
{
    int family = e->level.pick.family, played = 0;
    for (int f = 0; f < e->families->count; f++)
        played += e->plays[f];
    double step = STEP_LEAST + STEP_FIRST / (1 + played / STEP_FADES);
    double low = margin(), high = PARA_ENDLESS_DIFFICULTY_MOST + margin();
    e->skill = para_clamp(e->skill + 0.5 * step * surprise, low, high);
    e->offset[family] += 0.5 * step * surprise;
    e->offset[family] = para_clamp(skill_in(e, family), low, high) - e->skill;
}

void para_endless_end(ParaEndless *e, ParaEndlessEnd end, double seconds)
{
    PARA_ASSERT(e->number > 0 && e->end == PARA_ENDLESS_OPEN && end != PARA_ENDLESS_OPEN);
    bool solved = end == PARA_ENDLESS_SOLVED;
    int family = e->level.pick.family;
    e->end = end;
    e->seconds = seconds;
    if (end == PARA_ENDLESS_UNRATED)
        return;
    learn(e, (solved ? 1.0 : 0.0) - para_endless_chance(e, family, e->level.difficulty));
    e->plays[family]++;
    e->solved += solved;
    e->streak = solved ? e->streak + 1 : 0;
    e->best = e->streak > e->best ? e->streak : e->best;
    e->losses = solved ? 0 : e->losses + 1;
}

void para_endless_take(ParaEndless *e, const ParaEndlessLevel *level)
{
    ParaRng rng = para_rng_make(para_seed_mix(e->seed, (uint64_t)level->visit), "visit length");
    bool other = level->visit != e->visit;
    e->before = e->level;
    e->level = *level;
    e->number++;
    e->visit = level->visit;
    e->visit_left = (other ? (int)para_rng_int(&rng, VISIT_MOST - 1, VISIT_MOST) : e->visit_left) - 1;
    e->losses = other ? 0 : e->losses;
    e->end = PARA_ENDLESS_OPEN;
    e->seconds = 0;
    e->past[e->number % PARA_ENDLESS_PAST] = level->hash;
}

const ParaLevel *para_endless_level(const ParaEndless *e, const ParaEndlessLevel *level, ParaArena *arena)
{
    ParaPick pick = level->pick;
    const ParaLevel *again = para_families_sample(e->families, &pick, "endless", arena);
    return again && again->hash == level->hash ? again : NULL;
}
