// SPDX-License-Identifier: MIT
// Methods that replay: a buffer of levels with scores, from which the envs play, and new levels that are
// scored without being learned from. Five rows of methods.def differ in where new levels come from and in the
// score:
//   plr         fresh ones over the full ranges; positive value loss   <Jiang 2021, arXiv 2110.02439: robust
//   PLR> plr-maxmc   the same; the best return seen less what was expected accel       from easy ones, and
//   edits of those just played; positive value loss
//               <Parker-Holder 2022, arXiv 2203.01302>
//   edit-learn  the same, scored by learnability p(1 - p); its parents are those of highest learnability
//   surprise    fresh ones; what a model of the world cannot foresee there yet (agents/maker/novelty.h)
// Constants are those of the published walker runs (batch of 4 parents, 3 edits, rank with 1 / rank^(1 /
// beta)). Where their cycles replay a batch or score one, here every replayed episode owes its share of
// scored ones.
#include "agents/maker/children.h"
#include "agents/maker/idle.h"
#include "agents/maker/novelty.h"

#include "agents/batch/seeds.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define OUTCOMES    12  // of a level's last episodes that score it by learnability
#define PARENTS     4   // of those just replayed that have children
#define TURN_MOST   256 // [1] levels that a turn scores at most
#define TURN_LEAST  32  // [1] fewer wait for the next turn
#define MINIMUM     0.5 // [1] of the buffer that is filled before it is played from
#define FILL_ROUNDS 4   // times the minimum that are tried to fill it, where members cannot be made
#define REPLAYED    256 // of those just replayed that are remembered

typedef enum { SCORE_VALUE_LOSS, SCORE_MAX_RETURN, SCORE_LEARNABILITY, SCORE_FORESIGHT } ScoreKind;

typedef struct Kind {
    ScoreKind score;
    bool edits;         // it begins with easy levels, and edits
    double replay;      // [1] share of episodes that are replays, the rest being fresh levels scored
    double staleness;   // [1] share of a level's weight that its age gives
    double temperature; // [1] beta
    int tries;          // episodes that score a new level
} Kind;

typedef struct Replay {
    const ParaMakerDef *def;
    const Kind *kind;
    ParaArena *arena;
    const ParaTemplate **easy; // [families]
    int room;                  // places of each family
    int *count;                // [families] of them that are taken, from the first
    ParaKept *levels;          // [families, room] family -1: empty
    double *need;              // [families, room] what a parent is chosen by
    int64_t *stamp;            // [families, room] the clock when it was last played or put in
    int64_t clock;             // episodes on levels of the buffer, and levels put in
    double *weight;       // [families, room] rising sums of the weights, the last being the family's whole
    ParaNovelty *novelty; // [families, room] to a model; of SCORE_FORESIGHT
    ParaNoveltyFamily *families; // [families]
    uint64_t turns;
    double fresh_due, edits_due; // levels that are to be scored
    int64_t scored, admitted;    // since the run began
    int replayed[REPLAYED];      // places in `levels` since the last turn
    int replayed_count;
    ParaKept *candidates; // [TURN_MOST]
    ParaTrial *trials;    // [TURN_MOST, tries]
    int *order;           // [room]
} Replay;

static int room_of(const ParaMakerDef *def)
{
    int room = def->buffer / def->families->count;
    return room > 8 ? room : 8;
}

static int kept_max(const ParaMakerDef *def) { return def->families->count * room_of(def); }

static void *create(const ParaMakerDef *def, const Kind *kind, ParaArena *arena)
{
    int families = def->families->count, room = room_of(def);
    Replay *r = PARA_NEW(arena, Replay, 1);
    *r = (Replay){.def = def,
                  .kind = kind,
                  .arena = arena,
                  .easy = para_easy_templates(def->families, arena),
                  .room = room,
                  .count = PARA_NEW(arena, int, families),
                  .levels = PARA_NEW(arena, ParaKept, families * room),
                  .need = PARA_NEW(arena, double, families *room),
                  .stamp = PARA_NEW(arena, int64_t, families * room),
                  .weight = PARA_NEW(arena, double, families *room),
                  .novelty = PARA_NEW(arena, ParaNovelty, families * room),
                  .families = PARA_NEW(arena, ParaNoveltyFamily, families),
                  .candidates = PARA_NEW(arena, ParaKept, TURN_MOST),
                  .trials = PARA_NEW(arena, ParaTrial, TURN_MOST * kind->tries),
                  .order = PARA_NEW(arena, int, room)};
    for (int k = 0; k < families * room; k++)
        r->levels[k].pick.family = -1;
    for (int f = 0; f < families; f++)
        r->families[f] = para_novelty_family();
    return r;
}

// ---------------------------------------------------------------------------------------------
// Who plays what.

static bool is_full_enough(const Replay *r, int family)
{
    return r->count[family] >= (int)(MINIMUM * r->room);
}

static void next(const void *state, int env, ParaRng *rng, ParaPick *out)
{
    const Replay *r = state;
    int family = para_maker_family_of(r->def, env), first = family * r->room, count = r->count[family];
    if (!is_full_enough(r, family)) {
        *out = r->kind->edits ? para_pick_easy(r->easy, family, rng) : para_maker_fresh(r->def, env, rng);
        return;
    }
    double at = para_rng_f64(rng) * r->weight[first + count - 1];
    int low = 0, high = count - 1; // the first whose sum is above
    while (low < high) {
        int middle = (low + high) / 2;
        if (r->weight[first + middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    *out = r->levels[first + low].pick;
}

typedef struct Ranked {
    double score;
    int place;
} Ranked;

static int by_score(const void *a, const void *b)
{
    const Ranked *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return x->place - y->place;
}

/// Weights of a family's levels, (1 - rho) S + rho C: S by 1 / rank^(1 / beta), C by age; both sum to 1.
static void weigh(Replay *r, int family)
{
    int first = family * r->room, count = r->count[family];
    if (count == 0)
        return;
    ParaArenaMark mark = para_arena_mark(r->arena);
    Ranked *ranked = PARA_NEW(r->arena, Ranked, count);
    double ranks = 0, ages = 0;
    for (int k = 0; k < count; k++) {
        ranked[k] = (Ranked){(double)r->levels[first + k].score, k};
        ages += (double)(r->clock - r->stamp[first + k]);
    }
    qsort(ranked, (size_t)count, sizeof *ranked, by_score);
    for (int k = 0; k < count; k++)
        ranks += r->weight[first + ranked[k].place] = para_pow(k + 1, -1 / r->kind->temperature);
    double sum = 0;
    for (int k = 0; k < count; k++) {
        double age = ages > 0 ? (double)(r->clock - r->stamp[first + k]) / ages : 1.0 / count;
        double rank = r->weight[first + k] / ranks;
        sum += (1 - r->kind->staleness) * rank + r->kind->staleness * age;
        r->weight[first + k] = sum;
    }
    para_arena_rewind(r->arena, mark);
}

// ---------------------------------------------------------------------------------------------
// Scores.

static double learnability(double p) { return p * (1 - p); }

/// What a model knows of a level: of a candidate nothing.
static const ParaNovelty *novelty_of(const Replay *r, const ParaKept *level)
{
    static const ParaNovelty never = {0};
    bool kept = level >= r->levels && level < r->levels + r->def->families->count * r->room;
    return kept ? &r->novelty[level - r->levels] : &never;
}

/// The score of a level after an episode on it. A level nobody could judge keeps what it had.
static void rescore(const Replay *r, ParaKept *level, const ParaReport *report)
{
    level->outcomes = level->outcomes << 1 | (report->end == PARA_END_SOLVED ? 1u : 0u);
    level->outcome_count += level->outcome_count < 32;
    int n = level->outcome_count < OUTCOMES ? level->outcome_count : OUTCOMES, solved = 0;
    for (int i = 0; i < n; i++)
        solved += (int)(level->outcomes >> i & 1);
    level->tries = n;
    level->success = (float)solved / (float)n;
    if (level->outcome_count == 1 || report->total_reward > level->best)
        level->best = report->total_reward;
    const ParaJudgement *judged = &report->judged;
    switch (r->kind->score) {
    case SCORE_VALUE_LOSS:
        level->score = judged->known ? judged->value_loss : level->score;
        break;
    case SCORE_MAX_RETURN:
        level->score = judged->known ? level->best * judged->scale - judged->value : level->score;
        break;
    case SCORE_LEARNABILITY: // of one episode alone nothing is known: as if half had been solved before
        level->score = n > 1 ? (float)(learnability((double)level->success) * n / (n - 1)) : 0.25f;
        break;
    case SCORE_FORESIGHT: // trials show nothing to the model: what was never visited is as its family
        level->score = para_novelty_score(novelty_of(r, level), &r->families[level->pick.family]);
        break;
    }
}

/// What a parent is chosen by, the highest first: the published rule takes those of the last batch with the
/// smallest return less value loss; by learnability it is that.
static double need_of(const Replay *r, const ParaKept *level, const ParaReport *report)
{
    if (r->kind->score == SCORE_LEARNABILITY)
        return (double)level->score;
    double scale = report->judged.known ? (double)report->judged.scale : 1;
    return (double)level->score - (double)report->total_reward * scale;
}

static void learn(void *state, const ParaEnded *ended)
{
    Replay *r = state;
    int family = ended->pick.family, first = family * r->room;
    int k = para_maker_find_kept(r->levels + first, r->count[family], &ended->pick);
    if (k < 0)
        return;
    ParaKept *level = &r->levels[first + k];
    if (ended->report.foreseen.known)
        para_novelty_visit(&r->novelty[first + k], &r->families[family], ended->report.foreseen.error);
    rescore(r, level, &ended->report);
    level->reports += level->reports < INT32_MAX;
    r->need[first + k] = need_of(r, level, &ended->report);
    r->stamp[first + k] = ++r->clock;
    double replay = r->kind->replay;
    r->fresh_due = para_min(r->fresh_due + (1 - replay) / replay, 4 * TURN_MOST);
    r->edits_due = para_min(r->edits_due + (r->kind->edits ? 1 : 0), 4 * TURN_MOST);
    if (r->replayed_count < REPLAYED)
        r->replayed[r->replayed_count++] = first + k;
}

// ---------------------------------------------------------------------------------------------
// New levels.

/// Puts a level in: in an empty place, else in that of least weight, where its score is higher.
/// @return whether it is in
static bool admit(Replay *r, const ParaKept *level)
{
    int family = level->pick.family, first = family * r->room, place = r->count[family];
    if (para_maker_find_kept(r->levels + first, place, &level->pick) >= 0)
        return false;
    if (place == r->room) {
        place = 0;
        for (int k = 1; k < r->room; k++)
            if (r->weight[first + k] - r->weight[first + k - 1] <
                r->weight[first + place] - (place > 0 ? r->weight[first + place - 1] : 0))
                place = k;
        if (level->score <= r->levels[first + place].score)
            return false;
    } else {
        r->count[family]++;
    }
    r->levels[first + place] = *level;
    r->levels[first + place].fresh = true;
    r->novelty[first + place] = (ParaNovelty){0};
    r->need[first + place] = (double)level->score;
    r->stamp[first + place] = ++r->clock;
    r->admitted++;
    weigh(r, family);
    return true;
}

/// What admitting changes.
typedef struct Buffer {
    ParaKept *levels;
    ParaNovelty *novelty;
    double *need, *weight;
    int64_t *stamp;
    int *count;
    int64_t clock, admitted;
} Buffer;

static void *copied(ParaArena *arena, const void *from, size_t size)
{
    return memcpy(para_arena_alloc(arena, size), from, size);
}

static Buffer copy_buffer(const Replay *r)
{
    size_t families = (size_t)r->def->families->count, all = families * (size_t)r->room;
    return (Buffer){.levels = copied(r->arena, r->levels, all * sizeof *r->levels),
                    .novelty = copied(r->arena, r->novelty, all * sizeof *r->novelty),
                    .need = copied(r->arena, r->need, all * sizeof *r->need),
                    .weight = copied(r->arena, r->weight, all * sizeof *r->weight),
                    .stamp = copied(r->arena, r->stamp, all * sizeof *r->stamp),
                    .count = copied(r->arena, r->count, families * sizeof *r->count),
                    .clock = r->clock,
                    .admitted = r->admitted};
}

static void restore_buffer(Replay *r, const Buffer *from)
{
    size_t families = (size_t)r->def->families->count, all = families * (size_t)r->room;
    memcpy(r->levels, from->levels, all * sizeof *r->levels);
    memcpy(r->novelty, from->novelty, all * sizeof *r->novelty);
    memcpy(r->need, from->need, all * sizeof *r->need);
    memcpy(r->weight, from->weight, all * sizeof *r->weight);
    memcpy(r->stamp, from->stamp, all * sizeof *r->stamp);
    memcpy(r->count, from->count, families * sizeof *r->count);
    r->clock = from->clock;
    r->admitted = from->admitted;
}

/// Admits candidates in their order. Those that would be in are played without any action; where some of them
/// solve themselves all is done again without these.
/// @return world steps; -1: it was stopped, and nobody is in
static int64_t admit_all(Replay *r, int count)
{
    ParaArenaMark mark = para_arena_mark(r->arena);
    Buffer before = copy_buffer(r);
    ParaKept **in = PARA_NEW(r->arena, ParaKept *, count + 1);
    int64_t steps = 0;
    for (bool settled = false; !settled;) {
        int entering = 0;
        for (int c = 0; c < count; c++)
            if (r->candidates[c].tries > 0 && r->candidates[c].idle != PARA_IDLE_REFUSED &&
                admit(r, &r->candidates[c]))
                in[entering++] = &r->candidates[c];
        int64_t more = para_maker_try_idle(r->def, in, entering, false, r->arena);
        settled = more >= 0;
        for (int i = 0; i < entering; i++)
            settled = settled && in[i]->idle == PARA_IDLE_NEEDS_ACTION;
        if (!settled)
            restore_buffer(r, &before);
        if (more < 0) {
            steps = -1;
            break;
        }
        steps += more;
    }
    para_arena_rewind(r->arena, mark);
    return steps;
}

/// Plays the candidates, `tries` episodes each, and admits those that could be made and need to be played.
/// @return world steps; -1: it was stopped
static int64_t score_candidates(Replay *r, int count, const ParaPolicy *policy, uint64_t seed)
{
    int tries = r->kind->tries;
    for (int i = 0; i < count * tries; i++)
        r->trials[i] = (ParaTrial){.pick = r->candidates[i / tries].pick,
                                   .kind = PARA_TRIAL_POLICY,
                                   .seed = para_seed_mix(seed, (uint64_t)i)};
    int64_t steps =
        para_trials_play(r->def->room, r->def->families, r->trials, count * tries, policy, NULL, NULL);
    if (para_trial_room_stopped(r->def->room))
        return -1;
    for (int c = 0; c < count; c++) {
        ParaKept *level = &r->candidates[c];
        for (int k = 0; k < tries; k++) {
            const ParaTrial *trial = &r->trials[c * tries + k];
            if (!trial->played)
                continue;
            level->pick = trial->pick;
            level->hash = trial->report.level_hash;
            rescore(r, level, &trial->report);
        }
    }
    int64_t more = admit_all(r, count);
    if (more < 0)
        return -1;
    r->scored += count;
    return steps + more;
}

/// The places of the best parents among those just replayed. @return [1] 0..PARENTS
static int find_parents(const Replay *r, int family, int *out)
{
    int count = 0;
    for (int i = 0; i < r->replayed_count; i++) {
        int k = r->replayed[i];
        bool again = r->levels[k].pick.family != family;
        for (int j = 0; j < count; j++)
            again = again || out[j] == k;
        if (again)
            continue;
        int at = count < PARENTS ? count++ : PARENTS; // sorted in, the least falls out
        for (; at > 0 && r->need[out[at - 1]] < r->need[k]; at--)
            if (at < PARENTS)
                out[at] = out[at - 1];
        if (at < PARENTS)
            out[at] = k;
    }
    return count;
}

/// Children of what was just replayed, dealt to families and parents in turn. @return so many
static int make_children(Replay *r, int wanted, ParaRng *rng)
{
    int families = r->def->families->count, made = 0, idle = 0;
    for (int i = 0; made < wanted && idle < families; i++) {
        int parents[PARENTS], f = i % families, count = find_parents(r, f, parents);
        idle = count > 0 ? 0 : idle + 1;
        if (count == 0)
            continue;
        const ParaKept *parent = &r->levels[parents[i / families % count]];
        ParaPick pick;
        if (para_pick_any_child(r->def, parent, rng, r->arena, &pick))
            r->candidates[made++] = (ParaKept){.pick = pick};
        else
            idle++; // its level is gone: nothing to be done with it
    }
    return made;
}

static int make_fresh(Replay *r, int first, int wanted, ParaRng *rng)
{
    int families = r->def->families->count;
    for (int i = 0; i < wanted; i++) {
        int family = (int)((r->turns + (uint64_t)i) % (uint64_t)families);
        r->candidates[first + i] = (ParaKept){.pick = r->kind->edits ? para_pick_easy(r->easy, family, rng)
                                                                     : para_maker_fresh(r->def, family, rng)};
    }
    return first + wanted;
}

/// Fills the buffer to its minimum before anything is replayed. @return as score_candidates
static int64_t fill(Replay *r, const ParaPolicy *policy, ParaRng *rng)
{
    int families = r->def->families->count, minimum = (int)(MINIMUM * r->room);
    int64_t steps = 0;
    for (int tried = 0; tried < FILL_ROUNDS * minimum;) {
        int count = 0, missing = 0;
        for (int f = 0; f < families; f++)
            missing += r->count[f] < minimum ? minimum - r->count[f] : 0;
        if (missing == 0)
            break;
        for (int i = 0; count < TURN_MOST && count < missing && i < families * minimum; i++) {
            int f = i % families;
            if (r->count[f] + i / families >= minimum)
                continue;
            ParaPick pick =
                r->kind->edits ? para_pick_easy(r->easy, f, rng) : para_maker_fresh(r->def, f, rng);
            r->candidates[count++] = (ParaKept){.pick = pick};
        }
        tried += (count + families - 1) / families;
        int64_t more = score_candidates(r, count, policy, para_rng_u64(rng));
        if (more < 0)
            return -1;
        steps += more;
    }
    return steps;
}

static int64_t propose(void *state, int64_t decisions, const ParaPolicy *policy)
{
    Replay *r = state;
    int families = r->def->families->count;
    for (int k = 0; k < families * r->room; k++)
        r->levels[k].fresh = false;
    if (decisions == 0) // the player has seen nothing yet, and its values mean nothing
        return 0;
    ParaRng rng = para_rng_make(para_seed_mix(r->def->seed, r->turns), "candidates");
    int64_t steps = 0;
    if (r->scored == 0) {
        Replay before = *r; // a stop in the middle leaves nothing behind: the next turn fills it
        steps = fill(r, policy, &rng);
        if (steps < 0) {
            memset(r->count, 0, sizeof *r->count * (size_t)families);
            for (int k = 0; k < families * r->room; k++)
                r->levels[k] = (ParaKept){.pick.family = -1};
            r->clock = before.clock;
            r->scored = before.scored;
            r->admitted = before.admitted;
            return -1;
        }
    }
    for (int f = 0; f < families; f++)
        weigh(r, f);
    int edits = (int)para_min(r->edits_due, TURN_MOST), fresh = (int)para_min(r->fresh_due, TURN_MOST);
    fresh = fresh < TURN_MOST - edits ? fresh : TURN_MOST - edits;
    if (edits + fresh >= TURN_LEAST) {
        int made = make_children(r, edits, &rng), count = make_fresh(r, made, fresh, &rng);
        int64_t more = score_candidates(r, count, policy, para_rng_u64(&rng));
        if (more < 0)
            return -1;
        steps += more;
        r->edits_due -= edits;
        r->fresh_due -= fresh;
    }
    r->replayed_count = 0;
    r->turns++;
    return steps;
}

// ---------------------------------------------------------------------------------------------
// Telling and keeping.

static void describe(const void *state, char *out, size_t size)
{
    const Replay *r = state;
    int count = 0;
    double solved = 0;
    char scored[PARA_NUMBER_SIZE];
    for (int f = 0; f < r->def->families->count; f++)
        for (int k = 0; k < r->count[f]; k++, count++)
            solved += (double)r->levels[f * r->room + k].success;
    if (count == 0) {
        para_text_format(out, size, "draws every level anew until the player has learned from some");
        return;
    }
    para_text_format(out, size, "replays %d levels, solved %.0f %%; took %lld of %s that it scored", count,
                     100 * solved / count, (long long)r->admitted,
                     para_text_count((double)r->scored, scored));
}

static const ParaKept *kept(const void *state, int *out_count)
{
    const Replay *r = state;
    *out_count = r->def->families->count * r->room;
    return r->levels;
}

static void save_level(ParaBytes *out, const Replay *r, int k)
{
    para_kept_save(out, &r->levels[k]);
    para_bytes_put_f64(out, r->need[k]);
    para_bytes_put_f64(out, r->weight[k]); // of the last turn: reports since have changed the scores
    para_bytes_put_whole(out, (uint64_t)r->stamp[k], 8);
    if (r->kind->score == SCORE_FORESIGHT)
        para_novelty_save(out, &r->novelty[k]);
}

static void save(const void *state, ParaBytes *out)
{
    const Replay *r = state;
    para_bytes_put_whole(out, r->turns, 8);
    para_bytes_put_whole(out, (uint64_t)r->clock, 8);
    para_bytes_put_whole(out, (uint64_t)r->scored, 8);
    para_bytes_put_whole(out, (uint64_t)r->admitted, 8);
    para_bytes_put_f64(out, r->fresh_due);
    para_bytes_put_f64(out, r->edits_due);
    para_bytes_put_whole(out, (uint64_t)r->replayed_count, 4);
    for (int i = 0; i < r->replayed_count; i++)
        para_bytes_put_whole(out, (uint64_t)r->replayed[i], 4);
    for (int f = 0; f < r->def->families->count; f++) {
        if (r->kind->score == SCORE_FORESIGHT)
            para_novelty_family_save(out, &r->families[f]);
        para_bytes_put_whole(out, (uint64_t)r->count[f], 4);
        for (int k = 0; k < r->count[f]; k++)
            save_level(out, r, f * r->room + k);
    }
}

static bool load_family(Replay *r, int family, ParaBytesReader *in)
{
    bool foresight = r->kind->score == SCORE_FORESIGHT;
    if (foresight && !para_novelty_family_load(in, &r->families[family]))
        return false;
    r->count[family] = (int)para_bytes_take_range(in, 4, 0, r->room);
    for (int i = 0; i < r->count[family]; i++) {
        int k = family * r->room + i;
        bool good = para_kept_load(in, &r->levels[k], family, family);
        r->need[k] = para_bytes_take_f64(in);
        r->weight[k] = para_bytes_take_f64(in);
        r->stamp[k] = para_bytes_take_range(in, 8, 0, r->clock);
        good = good && (!foresight || para_novelty_load(in, &r->novelty[k]));
        bool rises = r->weight[k] >= (i > 0 ? r->weight[k - 1] : 0) && r->weight[k] < 2;
        if (!good || !isfinite(r->need[k]) || !rises)
            return false;
    }
    return true;
}

static bool load(void *state, ParaBytesReader *in)
{
    Replay *r = state;
    int families = r->def->families->count;
    r->turns = para_bytes_take_whole(in, 8);
    r->clock = para_bytes_take_range(in, 8, 0, INT64_MAX / 2);
    r->scored = para_bytes_take_range(in, 8, 0, INT64_MAX);
    r->admitted = para_bytes_take_range(in, 8, 0, INT64_MAX);
    r->fresh_due = para_bytes_take_f64(in);
    r->edits_due = para_bytes_take_f64(in);
    r->replayed_count = (int)para_bytes_take_range(in, 4, 0, REPLAYED);
    for (int i = 0; i < r->replayed_count; i++)
        r->replayed[i] = (int)para_bytes_take_range(in, 4, 0, families * r->room - 1);
    if (in->bad || !(r->fresh_due >= 0 && r->fresh_due <= 4 * TURN_MOST) ||
        !(r->edits_due >= 0 && r->edits_due <= 4 * TURN_MOST))
        return false;
    for (int f = 0; f < families; f++)
        if (!load_family(r, f, in))
            return false;
    for (int i = 0; i < r->replayed_count; i++)
        if (r->levels[r->replayed[i]].pick.family < 0)
            return false;
    return !in->bad;
}

// ---------------------------------------------------------------------------------------------
// The rows.

#define REPLAY_METHOD(name, what, ...)                                                                       \
    static const Kind kind_##name = {__VA_ARGS__};                                                           \
    static void *create_##name(const ParaMakerDef *def, ParaArena *arena)                                    \
    {                                                                                                        \
        return create(def, &kind_##name, arena);                                                             \
    }                                                                                                        \
    const ParaMakerMethod para_maker_##name = {.asks = what,                                                 \
                                               .create = create_##name,                                      \
                                               .propose = propose,                                           \
                                               .next = next,                                                 \
                                               .learn = learn,                                               \
                                               .describe = describe,                                         \
                                               .save = save,                                                 \
                                               .load = load,                                                 \
                                               .kept = kept,                                                 \
                                               .kept_max = kept_max};

REPLAY_METHOD(plr, PARA_MAKER_ASKS_VALUES, .score = SCORE_VALUE_LOSS, .replay = 0.5, .staleness = 0.5,
              .temperature = 0.1, .tries = 1)
REPLAY_METHOD(plr_maxmc, PARA_MAKER_ASKS_VALUES, .score = SCORE_MAX_RETURN, .replay = 0.5, .staleness = 0.3,
              .temperature = 0.3, .tries = 1)
REPLAY_METHOD(accel, PARA_MAKER_ASKS_VALUES, .score = SCORE_VALUE_LOSS, .edits = true, .replay = 0.9,
              .staleness = 0.5, .temperature = 0.1, .tries = 1)
REPLAY_METHOD(edit_learn, PARA_MAKER_ASKS_OUTCOMES, .score = SCORE_LEARNABILITY, .edits = true, .replay = 0.9,
              .staleness = 0.3, .temperature = 0.3, .tries = 2)
REPLAY_METHOD(surprise, PARA_MAKER_ASKS_MODEL, .score = SCORE_FORESIGHT, .replay = 0.5, .staleness = 0.3,
              .temperature = 0.3, .tries = 1)
