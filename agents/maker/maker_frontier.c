// SPDX-License-Identifier: MIT
// The frontier: a maker that models the player. Every report teaches a small ensemble (predictor.h) how
// episodes end from what a level is like (traits.h). Each turn many proposals are looked at and none played:
// fresh draws over the whole range, and where few of these are at the edge, easy levels and children of what
// is kept. Those are kept that it should solve half the time, that would teach the ensemble most (its
// networks differ), and that are unlike the others. What is kept is played in training, and its reports say
// more of it than any forecast. So a level costs no scoring episode but one without any action, to see that
// it does not solve itself; a share of fresh draws stays, which keeps the forecasts honest. Our own (decision
// 0011); learnability is that of Rutherford 2024, arXiv 2408.15099.
#include "agents/maker/children.h"
#include "agents/maker/idle.h"
#include "agents/maker/predictor.h"
#include "agents/maker/traits.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"

#include <math.h>
#include <string.h>

#define OUTCOMES     12   // of a kept level's last episodes count
#define SURE         8    // so many alike in a row, and it is given up
#define PRIOR        2.0  // [episode] that a forecast weighs beside outcomes
#define INFORMATION  0.5  // [1] worth of the networks' spread beside p(1 - p)
#define NOVELTY      0.2  // [1] share by which being as unlike the others as can be makes a level worth more
#define MARGIN       0.02 // [1] that a proposal must be worth more than what it takes the place of
#define BEGIN        256  // [episode] remembered before anything is proposed
#define EDGE         0.16 // [1] p(1 - p) of a level that is solved one time in five
#define RICH         8    // of so many fresh draws one at the edge: these are many
#define BRIDGES      3    // kinds of other proposals, in rotation: easy, and two children
#define FEW          4    // where there are many, one in so many of the second half is another nonetheless
#define BARREN       0.02 // [1] solved of a family, below which half of it is easy and nothing is kept
#define FAMILIES     4    // that a turn proposes levels of, in rotation
#define REPORTS_STEP 16   // reports for each gradient step
#define STEPS_MOST   16   // of a turn
#define SETTLED      3    // reports before a kept level may have to make room,
#define AGE          32   // or turns

typedef struct Frontier {
    const ParaMakerDef *def;
    ParaArena *arena;
    const ParaTemplate **easy; // [families]
    ParaPredictor *predictor;
    int inputs;
    ParaKept *kept;         // [families, keep] family -1: empty
    float *kept_traits;     // [families, keep, inputs]
    ParaForecast *forecast; // [families, keep] of the last turn
    uint64_t *born;         // [families, keep] turn
    uint64_t turns;
    int64_t noted;    // episodes, and
    int64_t proposed; // levels kept, since the run began
    int new_reports;  // since the last turn
    ParaCalibration calibration;
    ParaKept *candidates;    // [candidates]
    float *traits;           // [candidates, inputs]
    ParaForecast *forecasts; // [candidates]
    bool *drawn;             // [candidates] fresh over the whole range
    float *one;              // [inputs]
} Frontier;

static int kept_max(const ParaMakerDef *def) { return def->families->count * def->keep; }

static void *create(const ParaMakerDef *def, ParaArena *arena)
{
    int total = kept_max(def), inputs = para_traits_count(def->families);
    Frontier *f = PARA_NEW(arena, Frontier, 1);
    *f = (Frontier){.def = def,
                    .arena = arena,
                    .easy = para_easy_templates(def->families, arena),
                    .predictor = para_predictor_create(inputs, def->seed, arena),
                    .inputs = inputs,
                    .kept = PARA_NEW(arena, ParaKept, total),
                    .kept_traits = PARA_NEW(arena, float, total *inputs),
                    .forecast = PARA_NEW(arena, ParaForecast, total),
                    .born = PARA_NEW(arena, uint64_t, total),
                    .candidates = PARA_NEW(arena, ParaKept, def->candidates),
                    .traits = PARA_NEW(arena, float, def->candidates *inputs),
                    .forecasts = PARA_NEW(arena, ParaForecast, def->candidates),
                    .drawn = PARA_NEW(arena, bool, def->candidates),
                    .one = PARA_NEW(arena, float, inputs)};
    for (int k = 0; k < total; k++)
        f->kept[k].pick.family = -1;
    return f;
}

// ---------------------------------------------------------------------------------------------
// Who plays what.

static bool is_played(const ParaKept *level) { return level->pick.family >= 0 && !level->given_up; }

/// Whether hardly a level of a family is solved, as far as it remembers. Forecasts say nothing of such a one:
/// all are near 0.
static bool is_barren(const Frontier *f, int family)
{
    return para_predictor_solved_share(f->predictor, family) < BARREN;
}

static void next(const void *state, int env, ParaRng *rng, ParaPick *out)
{
    const Frontier *f = state;
    int family = para_maker_family_of(f->def, env);
    const ParaKept *kept = f->kept + family * f->def->keep;
    int count = 0;
    for (int k = 0; k < f->def->keep; k++)
        count += is_played(&kept[k]);
    bool seated = para_maker_seat(f->def, env) >= 0;
    if (count == 0 || !seated) {
        // Before it knows anything half of what it sees is easy, and of a family as long as hardly anything
        // of it is solved: else a hard one would teach nothing, neither it nor the player.
        bool easy =
            f->noted < BEGIN ? env / f->def->families->count % 2 == 1 : seated && is_barren(f, family);
        *out = easy ? para_pick_easy(f->easy, family, rng) : para_maker_fresh(f->def, env, rng);
        return;
    }
    int wanted = (int)para_rng_int(rng, 0, count - 1);
    for (int k = 0; k < f->def->keep; k++)
        if (is_played(&kept[k]) && wanted-- == 0)
            *out = kept[k].pick;
}

// ---------------------------------------------------------------------------------------------
// Reports.

static ParaOutcome outcome_of(const ParaReport *report, float seconds)
{
    bool solved = report->end == PARA_END_SOLVED, failed = report->end == PARA_END_FAILED;
    return (ParaOutcome){.end = solved   ? 0
                                : failed ? 1
                                         : 2,
                         .progress = para_clampf(report->progress, 0, 1),
                         .time = para_clampf(report->seconds / seconds, 0, 1)};
}

/// The traits of a level, and how long it lasts. @return false: it cannot be made again
static bool look_at(Frontier *f, ParaPick *pick, float *traits, uint64_t *out_hash, float *out_seconds)
{
    ParaArenaMark mark = para_arena_mark(f->arena);
    const ParaLevel *level = para_families_sample(f->def->families, pick, "", f->arena);
    if (level) {
        para_traits_of(f->def->families, pick->family, level, traits);
        *out_hash = level->hash;
        *out_seconds = level->seconds;
    }
    para_arena_rewind(f->arena, mark);
    return level != NULL;
}

/// What it said of a level that was never played before, against what came of it.
static void calibrate(Frontier *f, const float *traits, bool solved)
{
    ParaForecast said;
    para_predictor_forecast(f->predictor, traits, 1, &said);
    int bin = (int)para_clamp((double)said.solved * PARA_CALIBRATION_BINS, 0, PARA_CALIBRATION_BINS - 1);
    f->calibration.bins[bin].count++;
    f->calibration.bins[bin].forecast += (double)said.solved;
    f->calibration.bins[bin].solved += solved;
}

static void note_kept(ParaKept *level, bool solved)
{
    level->outcomes = level->outcomes << 1 | (solved ? 1u : 0u);
    level->outcome_count += level->outcome_count < 32;
    level->reports += level->reports < INT32_MAX;
    int n = level->outcome_count < OUTCOMES ? level->outcome_count : OUTCOMES, ones = 0, last = 0;
    for (int i = 0; i < n; i++)
        ones += (int)(level->outcomes >> i & 1);
    for (int i = 0; i < n && i < SURE; i++)
        last += (int)(level->outcomes >> i & 1);
    level->tries = n;
    level->success = (float)ones / (float)n;
    level->given_up = level->outcome_count >= SURE && (last == 0 || last == SURE);
}

static void learn(void *state, const ParaEnded *ended)
{
    Frontier *f = state;
    ParaPick pick = ended->pick;
    int first = pick.family * f->def->keep, k = para_maker_find_kept(f->kept + first, f->def->keep, &pick);
    bool solved = ended->report.end == PARA_END_SOLVED;
    uint64_t hash;
    float seconds;
    if (!look_at(f, &pick, f->one, &hash, &seconds))
        return;
    if (f->noted >= BEGIN && (k < 0 || f->kept[first + k].reports == 0))
        calibrate(f, f->one, solved);
    if (k >= 0)
        note_kept(&f->kept[first + k], solved);
    ParaOutcome outcome = outcome_of(&ended->report, seconds);
    para_predictor_note(f->predictor, f->one, &outcome);
    f->noted++;
    f->new_reports++;
}

// ---------------------------------------------------------------------------------------------
// Choosing.

/// How unlike two levels are by their parameters and the rest of their traits, 0..1.
static double distance(const Frontier *f, const float *a, const float *b)
{
    double sum = 0;
    for (int i = f->def->families->count; i < f->inputs; i++)
        sum += (double)((a[i] - b[i]) * (a[i] - b[i]));
    return para_min(1, para_sqrt(sum) / 2); // 2: one parameter from end to end
}

/// The least distance to what the family keeps. @param but a place that does not count; -1: none
static double novelty(const Frontier *f, int family, const float *traits, int but)
{
    double least = 1;
    for (int k = family * f->def->keep; k < (family + 1) * f->def->keep; k++)
        if (k != but && is_played(&f->kept[k]))
            least = para_min(least, distance(f, traits, f->kept_traits + (size_t)k * (size_t)f->inputs));
    return least;
}

/// @param solved [episode] and @param tries what is known beside the forecast
static double worth(const ParaForecast *forecast, double solved, double tries, double unlike)
{
    double p = (PRIOR * (double)forecast->solved + solved) / (PRIOR + tries);
    return p * (1 - p) * (1 + NOVELTY * unlike) +
           INFORMATION * (double)forecast->spread * PRIOR / (PRIOR + tries);
}

static double worth_of_kept(const Frontier *f, int k)
{
    const ParaKept *level = &f->kept[k];
    double unlike = novelty(f, level->pick.family, f->kept_traits + (size_t)k * (size_t)f->inputs, k);
    return worth(&f->forecast[k], (double)level->success * level->tries, level->tries, unlike);
}

/// The place of a family that is worth least, and how much. @return -1: all have just been taken
static int weakest(const Frontier *f, int family, double *out_worth)
{
    int found = -1;
    for (int k = family * f->def->keep; k < (family + 1) * f->def->keep; k++) {
        const ParaKept *level = &f->kept[k];
        bool settled = level->reports >= SETTLED || f->turns - f->born[k] >= AGE;
        double value = is_played(level) ? worth_of_kept(f, k) : -1;
        if ((is_played(level) && !settled) || (found >= 0 && value >= *out_worth))
            continue;
        found = k;
        *out_worth = value;
    }
    return found;
}

/// A proposal beside fresh draws: an easy level, or a child of a kept one, in turn.
static ParaPick bridge(Frontier *f, int family, int index, ParaRng *rng)
{
    int first = family * f->def->keep, at = (int)para_rng_int(rng, 0, f->def->keep - 1);
    ParaKept *parent = &f->kept[first + at];
    if (index % BRIDGES == 0 || !is_played(parent))
        return para_pick_easy(f->easy, family, rng);
    ParaPick child;
    return para_pick_any_child(f->def, parent, rng, f->arena, &child) ? child
                                                                      : para_maker_fresh(f->def, family, rng);
}

static void keep(Frontier *f, int place, int candidate)
{
    f->kept[place] = f->candidates[candidate];
    f->kept[place].success = f->forecasts[candidate].solved;
    f->kept[place].fresh = true;
    memcpy(f->kept_traits + (size_t)place * (size_t)f->inputs,
           f->traits + (size_t)candidate * (size_t)f->inputs, sizeof(float) * (size_t)f->inputs);
    f->forecast[place] = f->forecasts[candidate];
    f->born[place] = f->turns;
    f->proposed++;
}

/// The proposal that is worth most in a place, and how much. @return -1: none is known to be any use
static int strongest(const Frontier *f, int family, int count, int place, double *out_worth)
{
    const ParaKept *kept = f->kept + family * f->def->keep;
    int best = -1;
    for (int c = 0; c < count; c++) {
        const float *traits = f->traits + (size_t)c * (size_t)f->inputs;
        double value = worth(&f->forecasts[c], 0, 0, novelty(f, family, traits, place));
        if (value <= *out_worth || f->candidates[c].idle == PARA_IDLE_REFUSED ||
            para_maker_find_kept(kept, f->def->keep, &f->candidates[c].pick) >= 0)
            continue;
        *out_worth = value;
        best = c;
    }
    return best;
}

/// What a fresh draw is worth in the mean: what is kept must be worth more, since whoever plays it would else
/// play such a one.
static double worth_of_fresh(const Frontier *f, int count)
{
    double sum = 0;
    int n = 0;
    for (int c = 0; c < count; c++)
        if (f->drawn[c]) {
            sum += worth(&f->forecasts[c], 0, 0, 0);
            n++;
        }
    return n > 0 ? sum / n : 0;
}

/// Looks at a proposal and, where it is a level, adds it to the candidates. @return how many these are now
static int consider(Frontier *f, ParaPick pick, bool drawn, int count)
{
    ParaKept *candidate = &f->candidates[count];
    float seconds;
    *candidate = (ParaKept){.pick = pick};
    f->drawn[count] = drawn;
    return count + look_at(f, &candidate->pick, f->traits + (size_t)count * (size_t)f->inputs,
                           &candidate->hash, &seconds);
}

/// Whether fresh draws hold enough at the edge of what the player can do.
static bool is_rich(const Frontier *f, int count)
{
    int edge = 0;
    for (int c = 0; c < count; c++) {
        double p = (double)f->forecasts[c].solved;
        edge += p * (1 - p) >= EDGE;
    }
    return edge * RICH >= count;
}

/// Fills the candidates of a family, with forecasts: half of them fresh draws, and where few of these are at
/// the edge, what may lead there: easy levels and children. Where many are, nearly all are fresh, since the
/// player is to learn the whole range and levels out of it teach that best. @return how many
static int gather(Frontier *f, int family, ParaRng *rng)
{
    int count = 0, half = (f->def->candidates + 1) / 2;
    for (int i = 0; i < half; i++)
        count = consider(f, para_maker_fresh(f->def, family, rng), true, count);
    para_predictor_forecast(f->predictor, f->traits, count, f->forecasts);
    bool rich = is_rich(f, count);
    for (int i = 0; i < f->def->candidates - half; i++) {
        bool fresh = rich && i % FEW != 0;
        ParaPick pick =
            fresh ? para_maker_fresh(f->def, family, rng) : bridge(f, family, i / (rich ? FEW : 1), rng);
        count = consider(f, pick, fresh, count);
    }
    para_predictor_forecast(f->predictor, f->traits, count, f->forecasts);
    return count;
}

/// Looks at proposals of a family and takes the best in that do not solve themselves, at most a quarter of
/// what it keeps. @return world steps
static int64_t renew(Frontier *f, int family, ParaRng *rng)
{
    if (is_barren(f, family))
        return 0;
    int first = family * f->def->keep, count = gather(f, family, rng);
    int64_t steps = 0;
    para_predictor_forecast(f->predictor, f->kept_traits + (size_t)first * (size_t)f->inputs, f->def->keep,
                            f->forecast + first);
    double fresh = worth_of_fresh(f, count);
    // Where all solve themselves it gives up for this turn.
    for (int taken = 0, tried = 0; taken < (f->def->keep + 3) / 4 && tried < f->def->keep + 3; tried++) {
        double least = -1, most = -1;
        int place = weakest(f, family, &least);
        int best = place >= 0 ? strongest(f, family, count, place, &most) : -1;
        if (best < 0 || most < para_max(least, fresh) + MARGIN)
            break;
        ParaKept *candidate = &f->candidates[best];
        steps += para_maker_try_idle(f->def, &candidate, 1, true, f->arena);
        if (candidate->idle == PARA_IDLE_NEEDS_ACTION) {
            keep(f, place, best);
            taken++;
        }
    }
    return steps;
}

static int64_t propose(void *state, int64_t decisions, const ParaPolicy *policy)
{
    Frontier *f = state;
    int families = f->def->families->count, steps = f->new_reports / REPORTS_STEP;
    (void)decisions;
    (void)policy;
    for (int k = 0; k < kept_max(f->def); k++)
        f->kept[k].fresh = false;
    para_predictor_learn(f->predictor, steps < STEPS_MOST ? steps : STEPS_MOST);
    f->new_reports -= steps < STEPS_MOST ? steps * REPORTS_STEP : f->new_reports;
    if (f->noted < BEGIN)
        return 0;
    ParaRng rng = para_rng_make(para_seed_mix(f->def->seed, f->turns), "proposals");
    int64_t played = 0;
    for (int i = 0; i < families && i < FAMILIES; i++)
        played += renew(f, (int)((f->turns * FAMILIES + (uint64_t)i) % (uint64_t)families), &rng);
    f->turns++;
    return played;
}

// ---------------------------------------------------------------------------------------------
// Telling and keeping.

static bool calibration(const void *state, ParaCalibration *out)
{
    *out = ((const Frontier *)state)->calibration;
    return true;
}

static void describe(const void *state, char *out, size_t size)
{
    const Frontier *f = state;
    int count = 0, families = 0;
    double solved = 0;
    char who[64];
    for (int family = 0; family < f->def->families->count; family++) {
        int before = count;
        for (int k = family * f->def->keep; k < (family + 1) * f->def->keep; k++)
            if (is_played(&f->kept[k])) {
                count++;
                solved += (double)f->kept[k].success;
            }
        families += count > before;
    }
    if (count == 0) {
        para_text_format(out, size,
                         f->noted < BEGIN ? "learns from %d episodes before it proposes a level"
                                          : "found no level that would teach anything, of %d seen",
                         f->noted < BEGIN ? BEGIN : (int)para_min((double)f->noted, INT32_MAX));
        return;
    }
    if (f->def->families->count == 1)
        para_text_format(who, sizeof who, "%d %.24s level%s", count, f->def->families->names[0],
                         count == 1 ? "" : "s");
    else
        para_text_format(who, sizeof who, "%d levels of %d families", count, families);
    para_text_format(out, size, "keeps %s, solved %.0f %%; its forecasts are off by %.0f %%", who,
                     100 * solved / count, 100 * para_calibration_error(&f->calibration));
}

static const ParaKept *kept(const void *state, int *out_count)
{
    const Frontier *f = state;
    *out_count = kept_max(f->def);
    return f->kept;
}

static void save(const void *state, ParaBytes *out)
{
    const Frontier *f = state;
    para_bytes_put_whole(out, f->turns, 8);
    para_bytes_put_whole(out, (uint64_t)f->noted, 8);
    para_bytes_put_whole(out, (uint64_t)f->proposed, 8);
    para_bytes_put_whole(out, (uint64_t)f->new_reports, 4);
    for (int b = 0; b < PARA_CALIBRATION_BINS; b++) {
        para_bytes_put_whole(out, (uint64_t)f->calibration.bins[b].count, 8);
        para_bytes_put_f64(out, f->calibration.bins[b].forecast);
        para_bytes_put_f64(out, f->calibration.bins[b].solved);
    }
    for (int k = 0; k < kept_max(f->def); k++) {
        bool there = f->kept[k].pick.family >= 0;
        para_bytes_put_whole(out, there, 1);
        if (!there)
            continue;
        para_kept_save(out, &f->kept[k]);
        para_bytes_put_whole(out, f->born[k], 8);
    }
    para_predictor_save(f->predictor, out);
}

static bool load_kept(Frontier *f, int k, ParaBytesReader *in)
{
    int family = k / f->def->keep;
    uint64_t hash;
    float seconds;
    if (para_bytes_take_range(in, 1, 0, 1) == 0)
        return !in->bad;
    bool good = para_kept_load(in, &f->kept[k], family, family);
    f->born[k] = para_bytes_take_whole(in, 8);
    return good && !in->bad && f->born[k] <= f->turns &&
           look_at(f, &f->kept[k].pick, f->kept_traits + (size_t)k * (size_t)f->inputs, &hash, &seconds);
}

static bool load(void *state, ParaBytesReader *in)
{
    Frontier *f = state;
    f->turns = para_bytes_take_whole(in, 8);
    f->noted = para_bytes_take_range(in, 8, 0, INT64_MAX);
    f->proposed = para_bytes_take_range(in, 8, 0, INT64_MAX);
    f->new_reports = (int)para_bytes_take_range(in, 4, 0, INT32_MAX);
    for (int b = 0; b < PARA_CALIBRATION_BINS; b++) {
        ParaCalibrationBin *bin = &f->calibration.bins[b];
        bin->count = para_bytes_take_range(in, 8, 0, INT64_MAX);
        bin->forecast = para_bytes_take_f64(in);
        bin->solved = para_bytes_take_f64(in);
        if (!(bin->forecast >= 0 && bin->forecast <= (double)bin->count * 1.001) ||
            !(bin->solved >= 0 && bin->solved <= (double)bin->count))
            return false;
    }
    for (int k = 0; k < kept_max(f->def); k++)
        if (!load_kept(f, k, in))
            return false;
    return para_predictor_load(f->predictor, in);
}

const ParaMakerMethod para_maker_frontier = {.create = create,
                                             .propose = propose,
                                             .next = next,
                                             .learn = learn,
                                             .describe = describe,
                                             .save = save,
                                             .load = load,
                                             .kept = kept,
                                             .kept_max = kept_max,
                                             .calibration = calibration};
