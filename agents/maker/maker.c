// SPDX-License-Identifier: MIT
// The maker's door: finds the method of a def and hands on to it.
#include "agents/maker/maker.h"

#include "agents/batch/seeds.h"
#include "agents/maker/maker_method.h"
#include "engine/base/assert.h"
#include "engine/base/text.h"

#include <math.h>
#include <string.h>

#define STATE_VERSION 3 // of what para_maker_save writes
#define STATE_BEFORE  2 // without what was refused

struct ParaMaker {
    ParaMakerDef def;
    const ParaMakerMethod *method;
    void *state;
    int64_t refused; // levels that solve themselves
    ParaArena *arena;
};

static const struct {
    const char *about;
    const ParaMakerMethod *method;
} methods[] = {
#define PARA_MAKER(id, word, about) {about, &para_maker_##id},
#include "agents/maker/methods.def"
#undef PARA_MAKER
};
enum { METHODS = sizeof methods / sizeof *methods };

static const char *const names[METHODS + 1] = {
#define PARA_MAKER(id, word, about) word,
#include "agents/maker/methods.def"
#undef PARA_MAKER
};

const char *const *para_maker_methods(void) { return names; }

/// -1: there is none.
static int find(const char *name)
{
    for (int i = 0; i < METHODS; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static bool asks(const char *method, ParaMakerAsks what)
{
    int at = find(method);
    return at >= 0 && methods[at].method->asks == what;
}

bool para_maker_asks_values(const char *method) { return asks(method, PARA_MAKER_ASKS_VALUES); }
bool para_maker_asks_model(const char *method) { return asks(method, PARA_MAKER_ASKS_MODEL); }

const char *para_maker_about(const char *method)
{
    int at = find(method);
    return at >= 0 ? methods[at].about : NULL;
}

ParaMakerDef para_maker_def_default(const char *method)
{
    return (ParaMakerDef){.method = method,
                          .candidates = 64,
                          .tries = 3,
                          .keep = 16,
                          .refresh = 1 << 20,
                          .kept_share = 0.5f,
                          .buffer = 1000,
                          .edits = 3,
                          .structure = 0.5,
                          .solver = PARA_SOLVER_AUTO,
                          .obs = para_obs_spec_entities()};
}

ParaMaker *para_maker_create(const ParaMakerDef *def, ParaArena *arena, const char **out_error)
{
    int at = find(def->method);
    if (at < 0) {
        const char *list = names[0];
        for (int i = 1; i < METHODS; i++)
            list = para_arena_printf(arena, "%s%s%s", list, i + 1 < METHODS ? ", " : " and ", names[i]);
        *out_error = para_arena_printf(arena, "no maker \"%s\"; there are %s", def->method, list);
        return NULL;
    }
    PARA_ASSERT(def->families != NULL && def->families->count >= 1);
    PARA_ASSERT(def->candidates >= 1 && def->tries >= 1 && def->keep >= 1 && def->refresh >= 1);
    PARA_ASSERT(def->buffer >= 1 && def->edits >= 1 && def->structure >= 0 && def->structure <= 1);
    PARA_ASSERT(def->kept_share >= 0.0f && def->kept_share <= 1.0f);
    ParaMaker *maker = PARA_NEW(arena, ParaMaker, 1);
    *maker = (ParaMaker){.def = *def, .method = methods[at].method, .arena = arena};
    maker->def.refused = &maker->refused;
    maker->state = maker->method->create(&maker->def, arena);
    if (!maker->state)
        *out_error = "no memory for the maker's own worlds; try fewer with --envs";
    return maker->state ? maker : NULL;
}

void para_maker_destroy(ParaMaker *maker)
{
    if (maker && maker->method->destroy)
        maker->method->destroy(maker->state);
}

ParaPick para_maker_fresh(const ParaMakerDef *def, int env, ParaRng *rng)
{
    return (ParaPick){.family = para_maker_family_of(def, env),
                      .seed = para_training_seed(para_rng_u64(rng))};
}

int64_t para_maker_turn(ParaMaker *maker, int64_t decisions, const ParaPolicy *policy)
{
    PARA_ASSERT(decisions >= 0);
    return maker->method->propose ? maker->method->propose(maker->state, decisions, policy) : 0;
}

void para_maker_next(void *context, int env, ParaRng *rng, ParaPick *out)
{
    const ParaMaker *maker = context;
    PARA_ASSERT(env >= 0);
    maker->method->next(maker->state, env, rng, out);
    PARA_ASSERT(out->family >= 0 && out->family < maker->def.families->count);
}

void para_maker_learn(ParaMaker *maker, const ParaEnded *ended, int count)
{
    for (int i = 0; i < count; i++)
        maker->method->learn(maker->state, &ended[i]);
}

void para_maker_describe(const ParaMaker *maker, char *out, size_t size)
{
    PARA_ASSERT(size >= 1);
    out[0] = '\0';
    maker->method->describe(maker->state, out, size);
    size_t used = strlen(out);
    if (maker->refused > 0)
        para_text_format(out + used, size - used, "; refused %lld that solve themselves",
                         (long long)maker->refused);
    if (strlen(out) + 1 == size) // half a clause says nothing
        out[used] = '\0';
}

int64_t para_maker_refused(const ParaMaker *maker) { return maker->refused; }

void para_maker_save(const ParaMaker *maker, ParaBytes *out)
{
    para_bytes_put_whole(out, STATE_VERSION, 1);
    maker->method->save(maker->state, out);
    para_bytes_put_whole(out, (uint64_t)maker->refused, 8);
}

void para_kept_save(ParaBytes *out, const ParaKept *level)
{
    para_pick_save(out, &level->pick);
    para_bytes_put_whole(out, level->hash, 8);
    para_bytes_put_f64(out, (double)level->success);
    para_bytes_put_f64(out, (double)level->score);
    para_bytes_put_f64(out, (double)level->best);
    para_bytes_put_whole(out, (uint64_t)level->tries, 4);
    para_bytes_put_whole(out, level->given_up, 1);
    para_bytes_put_whole(out, level->outcomes, 4);
    para_bytes_put_whole(out, (uint64_t)level->outcome_count, 1);
    para_bytes_put_whole(out, (uint64_t)level->reports, 4);
}

bool para_kept_load(ParaBytesReader *in, ParaKept *level, int family_min, int family_max)
{
    *level = (ParaKept){.pick = para_pick_load(in, family_min, family_max)};
    level->hash = para_bytes_take_whole(in, 8);
    level->success = (float)para_bytes_take_f64(in);
    level->score = (float)para_bytes_take_f64(in);
    level->best = (float)para_bytes_take_f64(in);
    level->tries = (int)para_bytes_take_range(in, 4, 0, INT32_MAX);
    level->given_up = para_bytes_take_range(in, 1, 0, 1) == 1;
    level->outcomes = (uint32_t)para_bytes_take_whole(in, 4);
    level->outcome_count = (int)para_bytes_take_range(in, 1, 0, 32);
    level->reports = (int)para_bytes_take_range(in, 4, 0, INT32_MAX);
    return !in->bad && level->success >= 0 && level->success <= 1 && isfinite(level->score) &&
           isfinite(level->best);
}

bool para_maker_load(ParaMaker *maker, const uint8_t *data, size_t size)
{
    ParaBytesReader in = {.data = data, .size = size};
    uint64_t version = para_bytes_take_whole(&in, 1);
    bool known = version == STATE_VERSION || version == STATE_BEFORE;
    known = known && maker->method->load(maker->state, &in);
    maker->refused = known && version == STATE_VERSION ? para_bytes_take_range(&in, 8, 0, INT64_MAX) : 0;
    if (known && para_bytes_read_whole(&in))
        return true;
    maker->refused = 0;
    para_maker_destroy(maker);
    maker->state = maker->method->create(&maker->def, maker->arena);
    PARA_ASSERT(maker->state != NULL); // what was given back is there to be had
    return false;
}

const ParaKept *para_maker_kept(const ParaMaker *maker, int *out_count)
{
    *out_count = 0;
    return maker->method->kept ? maker->method->kept(maker->state, out_count) : NULL;
}

bool para_maker_calibration(const ParaMaker *maker, ParaCalibration *out)
{
    return maker->method->calibration && maker->method->calibration(maker->state, out);
}

double para_calibration_error(const ParaCalibration *calibration)
{
    double off = 0, count = 0;
    for (int b = 0; b < PARA_CALIBRATION_BINS; b++) {
        const ParaCalibrationBin *bin = &calibration->bins[b];
        off += fabs(bin->forecast - bin->solved);
        count += (double)bin->count;
    }
    return count > 0 ? off / count : 0;
}

int para_maker_kept_index(const ParaMaker *maker, const ParaPick *pick)
{
    int count = 0;
    const ParaKept *kept = para_maker_kept(maker, &count);
    return para_maker_find_kept(kept, count, pick);
}

int para_maker_find_kept(const ParaKept *kept, int count, const ParaPick *pick)
{
    for (int i = 0; i < count; i++)
        if (para_pick_is(&kept[i].pick, pick))
            return i;
    return -1;
}

int para_maker_kept_max(const ParaMakerDef *def)
{
    int at = find(def->method);
    PARA_ASSERT(at >= 0);
    return methods[at].method->kept_max ? methods[at].method->kept_max(def) : 0;
}
