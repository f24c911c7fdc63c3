// SPDX-License-Identifier: MIT
// A training that learns worlds one after the other: which families are played, with whose maker, from which
// decision on, and what a method needs to keep what was learned. One run with the families of all worlds; of
// these the world at hand is played.
#include "agents/lesson/training_stream.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <string.h>

#define STATE_MARK 0x7374726d // in front of a state: it has a part of a stream

// ---------------------------------------------------------------------------------------------
// What is asked for.

const char *para_training_stream_contradiction(const ParaTrainDef *def, ParaArena *arena)
{
    const struct {
        bool is;
        const char *what;
    } rows[] = {
        {def->peers != NULL, "several processes (mpirun): a stream is learned by one"},
        {para_obs_is_of_one_family(def->obs),
         "an observation of one family (vector, listed): --obs entities sees every world"},
        {def->model, "--model"},
        {def->in_dream != NULL, "--in-dream"},
        {def->curiosity != PARA_CURIOSITY_NONE, "--curiosity"},
        {def->from_count > 0, "--from"},
        {def->settings.pool > 0, "--pool: past selves are of one world"},
        {def->tier != NULL, "--tier: a world of the stream may name its own"},
        {def->recurrent && (def->keep == PARA_KEEP_ewc || def->keep == PARA_KEEP_clone),
         "--recurrent with --lifelong ewc or clone: they keep single moments, not what was remembered in "
         "them"},
        {def->continuous && def->keep == PARA_KEEP_clone,
         "--continuous with --lifelong clone: it keeps how probable each of three levels was"},
        {def->settings.muon != 0 && def->keep == PARA_KEEP_own,
         "--muon with --lifelong own: a step of it moves a whole matrix, of which parts must stay"},
    };
    for (size_t i = 0; def->stream && i < sizeof rows / sizeof *rows; i++)
        if (rows[i].is)
            return para_arena_printf(arena, "a stream cannot be learned with %s; leave one of them out",
                                     rows[i].what);
    bool foresees = def->stream && strcmp(def->maker, "surprise") == 0;
    for (int w = 0; def->stream && w < def->stream->world_count; w++)
        foresees = foresees ||
                   (def->stream->worlds[w].maker && strcmp(def->stream->worlds[w].maker, "surprise") == 0);
    return foresees ? "the maker surprise needs --model, which a stream cannot have; take another" : NULL;
}

const ParaWorldStream *para_training_stream_expand(const ParaWorldStream *stream, ParaArena *arena,
                                                   const char **out_error)
{
    ParaStreamWorld *worlds = PARA_NEW(arena, ParaStreamWorld, stream->world_count);
    for (int w = 0; w < stream->world_count; w++) {
        worlds[w] = stream->worlds[w];
        worlds[w].families =
            para_families_expand(worlds[w].families, &worlds[w].family_count, arena, out_error);
        if (!worlds[w].families)
            return NULL;
        if (worlds[w].family_count > PARA_STREAM_FAMILIES_MAX) {
            *out_error = para_arena_printf(arena, "world %d of the stream has %d families; the most is %d",
                                           w + 1, worlds[w].family_count, PARA_STREAM_FAMILIES_MAX);
            return NULL;
        }
    }
    ParaWorldStream *out = PARA_NEW(arena, ParaWorldStream, 1);
    *out = *stream;
    out->worlds = worlds;
    return out;
}

static bool has_name(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

const char *const *para_training_stream_families(const ParaWorldStream *stream, int *out_count,
                                                 ParaArena *arena, const char **out_error)
{
    int most = 0;
    for (int w = 0; w < stream->world_count; w++)
        most += stream->worlds[w].family_count;
    const char **names = PARA_NEW(arena, const char *, most + 1);
    *out_count = 0;
    for (int w = 0; w < stream->world_count; w++)
        for (int f = 0; f < stream->worlds[w].family_count; f++)
            if (!has_name(names, *out_count, stream->worlds[w].families[f]))
                names[(*out_count)++] = stream->worlds[w].families[f];
    if (*out_count == 0)
        *out_error = "the stream names no family";
    return *out_count > 0 ? names : NULL;
}

int para_training_stream_widest(const ParaWorldStream *stream)
{
    int most = 1;
    for (int w = 0; w < stream->world_count; w++)
        most = stream->worlds[w].family_count > most ? stream->worlds[w].family_count : most;
    return most;
}

// ---------------------------------------------------------------------------------------------
// The families of each world.

/// The number of a family of the stream in the run's list. @return -1: it is not there
static int find_family(const ParaFamilies *all, const char *name)
{
    for (int f = 0; f < all->count; f++)
        if (strcmp(all->texts[f].source, name) == 0 || strcmp(all->names[f], name) == 0)
            return f;
    return -1;
}

/// A template with a world's own ranges. @return NULL with an error: it has no such parameter
static const ParaTemplate *set_ranges(const ParaTemplate *t, const ParaStreamWorld *world, ParaArena *arena,
                                      const char **out_error)
{
    double low[PARA_PARAMS_MAX], high[PARA_PARAMS_MAX];
    for (int p = 0; p < para_template_param_count(t); p++)
        low[p] = para_template_param(t, p)->low, high[p] = para_template_param(t, p)->high;
    for (int i = 0; i < world->range_count; i++) {
        const ParaStreamRange *range = &world->ranges[i];
        int at = -1;
        for (int p = 0; p < para_template_param_count(t); p++)
            if (strcmp(para_template_param(t, p)->name, range->name) == 0)
                at = p;
        if (at < 0 || range->low < low[at] || range->high > high[at]) {
            *out_error = para_arena_printf(arena, "%s takes no \"%.60s\" from %.15g to %.15g",
                                           para_template_name(t), range->name, range->low, range->high);
            return NULL;
        }
        low[at] = range->low, high[at] = range->high;
    }
    return para_template_narrow_to(t, low, high, arena);
}

static bool read_world(ParaTraining *t, ParaTrainingStream *s, int w, const char **out_error)
{
    const ParaStreamWorld *world = &s->stream->worlds[w];
    int count = world->family_count;
    const char **names = PARA_NEW(t->arena, const char *, count);
    const ParaTemplate **templates = PARA_NEW(t->arena, const ParaTemplate *, count);
    const ParaTemplate **whole = PARA_NEW(t->arena, const ParaTemplate *, count);
    ParaTemplateText *texts = PARA_NEW(t->arena, ParaTemplateText, count);
    s->row[w] = PARA_NEW(t->arena, int, count);
    for (int f = 0; f < count; f++) {
        int row = s->row[w][f] = find_family(&s->all, world->families[f]);
        if (row < 0) {
            *out_error = para_arena_printf(
                t->arena, "the run has no family \"%.200s\" of its stream; " PARA_TRAINING_CONFIG_ADVICE,
                world->families[f]);
            return false;
        }
        names[f] = s->all.names[row];
        texts[f] = s->all.texts[row];
        templates[f] = whole[f] = s->all.whole[row];
    }
    s->families[w] = (ParaFamilies){.count = count,
                                    .names = names,
                                    .templates = templates,
                                    .whole = whole,
                                    .texts = texts,
                                    .toybox = s->all.toybox,
                                    .solver = s->all.solver};
    if (!para_families_narrow(&s->families[w], world->tier, t->arena, out_error))
        return false;
    templates = PARA_NEW(t->arena, const ParaTemplate *, count);
    for (int f = 0; f < count; f++) {
        templates[f] = s->families[w].templates[f];
        if (world->range_count > 0 && !(templates[f] = set_ranges(templates[f], world, t->arena, out_error)))
            return false;
    }
    s->families[w].templates = templates;
    return true;
}

static bool is_same_text(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static bool is_same_world(const ParaTrainingStream *s, int v, int w)
{
    const ParaStreamWorld *a = &s->stream->worlds[v], *b = &s->stream->worlds[w];
    bool same = a->family_count == b->family_count && a->range_count == b->range_count &&
                is_same_text(a->tier, b->tier);
    for (int f = 0; f < a->family_count && same; f++)
        same = s->row[v][f] == s->row[w][f];
    for (int i = 0; i < a->range_count && same; i++)
        same = strcmp(a->ranges[i].name, b->ranges[i].name) == 0 && a->ranges[i].low == b->ranges[i].low &&
               a->ranges[i].high == b->ranges[i].high;
    return same;
}

static bool read_worlds(ParaTraining *t, ParaTrainingStream *s, const char **out_error)
{
    int count = s->stream->world_count;
    s->families = PARA_NEW(t->arena, ParaFamilies, count);
    s->row = PARA_NEW(t->arena, int *, count);
    s->same = PARA_NEW(t->arena, int, count);
    for (int w = 0; w < count; w++) {
        if (!read_world(t, s, w, out_error))
            return false;
        s->same[w] = w;
        for (int v = w - 1; v >= 0; v--)
            if (is_same_world(s, v, w))
                s->same[w] = v;
    }
    return true;
}

// ---------------------------------------------------------------------------------------------
// Opening, and the state.

static void create_keep(ParaTraining *t, ParaTrainingStream *s)
{
    const ParaSettings *settings = &t->def.settings;
    const ParaKeepDef def = {.kind = t->def.keep,
                             .worlds = s->stream->world_count,
                             .same = s->same,
                             .ewc_weight = (float)settings->ewc_weight,
                             .ewc_decay = (float)settings->ewc_decay,
                             .ewc_moments = settings->ewc_moments,
                             .clone_weight = (float)settings->clone_weight,
                             .clone_moments = settings->clone_states,
                             .own_share = (float)settings->own_cut,
                             .seed = para_seed_mix(t->def.seed, 4)};
    s->keep = para_keep_create(&def, t->policy, t->ppo, t->arena);
}

void para_training_put_stream(const ParaTraining *t, ParaBytes *out)
{
    const ParaTrainingStream *s = t->stream;
    if (!s)
        return;
    ParaBytes keep = {.arena = out->arena};
    para_keep_save(s->keep, &keep);
    para_bytes_put_whole(out, STATE_MARK, 4);
    para_bytes_put_whole(out, (uint64_t)s->world, 4);
    para_bytes_put_whole(out, s->left, 1);
    para_bytes_put_whole(out, (uint64_t)s->begun, 8);
    para_bytes_put_whole(out, (uint64_t)s->begun_lesson, 4);
    para_bytes_put_whole(out, (uint64_t)s->point, 4);
    para_bytes_put_whole(out, keep.size, 8);
    para_bytes_put(out, keep.data, keep.size);
}

/// Takes the stream's part from the front of the state. @return false: it makes no sense
static bool take_stream(ParaTraining *t, ParaTrainingStream *s)
{
    ParaBytesReader in = {.data = t->state, .size = t->state_size};
    bool marked = para_bytes_take_whole(&in, 4) == STATE_MARK;
    s->world = (int)para_bytes_take_range(&in, 4, 0, s->stream->world_count - 1);
    s->left = para_bytes_take_range(&in, 1, 0, 1) != 0;
    s->begun = para_bytes_take_range(&in, 8, 0, t->now.decisions);
    s->begun_lesson = (int)para_bytes_take_range(&in, 4, 0, t->lessons);
    s->point = (int)para_bytes_take_range(&in, 4, 0, PARA_STREAM_POINTS_MAX + 1);
    size_t size = (size_t)para_bytes_take_range(&in, 8, 0, INT32_MAX);
    const uint8_t *keep = para_bytes_take(&in, size);
    ParaBytesReader kept = {.data = keep, .size = size};
    if (!marked || in.bad || !para_keep_load(s->keep, s->world, &kept) || !para_bytes_read_whole(&kept))
        return false;
    t->state += in.at;
    t->state_size -= in.at;
    return true;
}

void para_training_play_world(ParaTraining *t)
{
    const ParaTrainingStream *s = t->stream;
    const char *maker = s->stream->worlds[s->world].maker;
    t->families = s->families[s->world];
    t->def.maker = maker ? maker : s->maker;
}

bool para_training_open_stream(ParaTraining *t, const char **out_error)
{
    if (!t->def.stream && t->def.reference)
        *out_error = "a reference is of a stream of worlds, and this run learns none: leave out --reference";
    if (!t->def.stream)
        return !t->def.reference;
    ParaTrainingStream *s = PARA_NEW(t->arena, ParaTrainingStream, 1);
    *s = (ParaTrainingStream){
        .stream = t->def.stream, .all = t->families, .maker = t->def.maker, .entered = true};
    if (!read_worlds(t, s, out_error))
        return false;
    create_keep(t, s);
    s->entered = t->lessons == 0;
    if (t->lessons > 0 && (!t->state || !take_stream(t, s))) {
        *out_error = para_arena_printf(
            t->arena,
            "a stream cannot go on without the state beside its checkpoint, which holds what was kept of "
            "former worlds: %s; put it back from a backup, or train into another folder",
            t->state ? "it is damaged" : t->state_problem);
        return false;
    }
    t->stream = s;
    t->world_arena = para_arena_create((size_t)1 << 20, (size_t)8 << 30);
    if (!t->world_arena) {
        *out_error = "no memory for the worlds";
        return false;
    }
    para_training_play_world(t);
    return para_training_take_reference(t, out_error);
}

void para_training_close_stream(ParaTraining *t)
{
    if (t->stream && t->world_arena && t->world_arena != t->arena)
        para_arena_destroy(t->world_arena);
}

// ---------------------------------------------------------------------------------------------
// What others ask.

int para_training_row_family(const ParaTraining *t, int family)
{
    return t->stream ? t->stream->row[t->stream->world][family] : family;
}

uint64_t para_training_worlds_seed(const ParaTraining *t)
{
    if (!t->stream)
        return para_seed_mix(t->def.seed, (uint64_t)((t->state ? 0 : t->lessons) + 100));
    uint64_t own = t->stream->stream->worlds[t->stream->world].seed;
    return para_seed_mix(para_seed_mix(t->def.seed, 100), para_seed_mix((uint64_t)t->stream->world, own));
}

bool para_training_is_new_world(const ParaTraining *t) { return t->stream && t->stream->entered; }

int64_t para_training_own_decisions(const ParaTraining *t)
{
    return t->now.decisions - (t->stream ? t->stream->begun : 0);
}

const char *para_training_world_name(const ParaTraining *t)
{
    return t->stream ? t->stream->stream->worlds[t->stream->world].name : NULL;
}

int para_training_world_index(const ParaTraining *t) { return t->stream ? t->stream->world : 0; }

double para_training_world_progress(const ParaTraining *t)
{
    const ParaTrainingStream *s = t->stream;
    double share = (double)para_training_own_decisions(t) / (double)s->stream->worlds[s->world].decisions;
    return para_min(share, 1.0);
}

bool para_training_world_is_over(const ParaTraining *t)
{
    return t->stream && para_training_world_progress(t) >= 1.0;
}

bool para_training_world_is_to_turn(const ParaTraining *t)
{
    return para_training_world_is_over(t) && !t->stream->left;
}

bool para_training_hold(ParaTraining *t)
{
    ParaTrainingStream *s = t->stream;
    if (!s)
        return true;
    if (s->world > 0 && t->lessons == s->begun_lesson)
        return false; // returns of another world are of another size
    para_keep_before_update(s->keep, s->world, para_training_world_progress(t));
    return true;
}
