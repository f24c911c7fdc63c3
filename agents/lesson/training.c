// SPDX-License-Identifier: MIT
// A training is opened, anew or where it stopped, and closed; how far it is.
#include "agents/lesson/training.h"

#include "agents/batch/seeds.h"
#include "agents/player/card.h"
#include "agents/run/safetensors.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/maths.h"

#include <string.h>

#define EPISODES_MAX 1024 // kept of one lesson
#define FIT_MEMBERS  64   // levels of each family asked whether they fit a solver

// The layout of a training whose observation is of one family: that of its player, where one was trained
// before, else the family's.
static ParaObsSpec own_layout(ParaTraining *t)
{
    const char *path = NULL, *note = NULL, *card = NULL, *error = NULL;
    int count = 0;
    ParaPolicyDef def = {0};
    ParaArenaMark mark = para_arena_mark(t->arena);
    bool trained = t->run && para_run_newest_checkpoint(t->run, t->arena, &path, &note) >= 0 &&
                   para_safetensors_read(path, t->arena, &count, &card, &error) &&
                   para_card_read_player(card, t->arena, &def, &error) && def.obs.kind == t->def.obs;
    para_arena_rewind(t->arena, mark);
    if (trained)
        return def.obs;
    return t->def.obs == PARA_OBS_LISTED ? para_families_listed(&t->families, 0, t->arena)
                                         : para_families_vector(&t->families, 0, t->arena);
}

/// @return why so many families cannot be seen by one player; NULL: they can
static const char *layout_problem(const ParaTraining *t)
{
    if (!para_obs_is_of_one_family(t->def.obs) || t->families.count == 1)
        return NULL;
    return para_arena_printf(t->arena,
                             "these are %d families, and a player with this observation sees one: name that "
                             "with --family, or all with --families and --obs entities",
                             t->families.count);
}

static bool make_learner(ParaTraining *t, const char **out_error)
{
    ParaObsSpec obs = t->def.obs == PARA_OBS_PIXELS ? para_obs_spec_pixels() : para_obs_spec_entities();
    if (para_obs_is_of_one_family(t->def.obs)) {
        *out_error = layout_problem(t);
        if (*out_error)
            return false;
        obs = own_layout(t);
        para_peers_share(t->peers, &obs, sizeof obs);
        if (obs.size == 0) {
            *out_error = t->def.obs == PARA_OBS_LISTED
                             ? "the family lists nothing to observe; give it an \"observe\""
                             : "no level of the family can be made";
            return false;
        }
    }
    ParaPolicyDef def = para_policy_def_default(para_obs_spec_with(obs, t->def.parts));
    def.width = t->def.width;
    def.encoder = t->def.encoder;
    def.rays = t->def.rays;
    def.core = t->def.recurrent ? PARA_CORE_MINGRU : PARA_CORE_NONE;
    def.bins = t->def.value_bins;
    def.head = t->def.continuous ? PARA_HEAD_FINE : PARA_HEAD_LEVELS;
    t->policy = para_policy_create(&def, para_seed_mix(t->def.seed, 1), t->arena);
    ParaPpoDef ppo = para_train_learner(&t->def);
    t->ppo = para_ppo_create(&ppo, t->policy, para_seed_mix(t->def.seed, 2), t->workers, t->arena);
    return true;
}

// Trials end where the training is told to stop; those of the maker's turn at the run's last minute, too.
static bool stop_trials(void *context)
{
    const ParaTraining *t = context;
    return (t->def.stop && t->def.stop(t->def.stop_context)) || para_training_turn_is_over(t);
}

bool para_training_turn_is_over(const ParaTraining *t)
{
    double seconds = t->now.seconds + para_clock_seconds() - t->lesson_start;
    return t->making && t->def.minutes > 0 && seconds >= 60 * t->def.minutes;
}

// A run without a state to go on from, by an older version, begins batch and maker anew from (seed, lesson):
// it draws new levels, not the old ones.
bool para_training_make_worlds(ParaTraining *t, const char **out_error)
{
    uint64_t seed = para_training_worlds_seed(t);
    ParaArena *arena = t->world_arena;
    if (!para_training_open_dream(t, out_error))
        return false;
    t->room = para_trial_room_create(t->def.solver, t->workers, arena);
    if (t->room)
        para_trial_room_on_stop(t->room, stop_trials, t);
    if (t->room)
        para_trial_room_surprise(t->room, t->def.settings.surprises);
    if (t->room)
        para_trial_room_peers(t->room, t->peers);
    ParaMakerDef maker = para_maker_def_default(t->def.maker);
    maker.families = &t->families;
    maker.room = t->room;
    maker.seed = para_seed_mix(seed, 1);
    maker.candidates = t->def.settings.candidates;
    maker.tries = t->def.settings.tries;
    maker.keep = t->def.settings.keep;
    maker.refresh = (int64_t)t->def.settings.refresh * t->def.envs * t->def.horizon;
    maker.kept_share = (float)t->def.settings.kept_share;
    maker.buffer = t->def.settings.buffer;
    maker.edits = t->def.settings.edits;
    maker.structure = t->def.settings.structure;
    maker.obs = para_policy_def(t->policy)->obs;
    maker.blind = !t->def.settings.reports;
    maker.learner = t->ppo;
    maker.player = t->policy;
    maker.solver = t->def.solver;
    maker.surprises = t->def.settings.surprises;
    maker.workers = t->workers;
    maker.envs = t->def.envs;
    t->maker = para_maker_create(&maker, arena, out_error);
    if (!t->maker)
        return false;
    ParaBatchDef batch = {.solver = t->def.solver,
                          .envs = t->envs,
                          .first = t->first,
                          .players = t->def.players,
                          .obs = para_policy_def(t->policy)->obs,
                          .workers = para_workers_count(t->workers),
                          .families = &t->families,
                          .next = para_maker_next,
                          .next_context = t->maker,
                          .maker = t->def.maker,
                          .seed = para_seed_mix(seed, 2),
                          .recording = !t->dream,
                          .fine = t->def.continuous,
                          .group = para_training_dream_group(t),
                          .surprises = t->def.settings.surprises};
    if (!t->dream || batch.group)
        t->batch = para_batch_create(&batch, arena);
    if (!t->room || !t->batch) {
        *out_error = "no memory for the worlds; try fewer with --envs";
        return false;
    }
    t->batch->on_ended = para_training_keep_episode;
    t->batch->on_ended_context = t;
    para_training_dream_on(t);
    t->collector = para_collector_create(t->batch, t->ppo, t->policy, t->workers, arena);
    t->kept_max = para_maker_kept_max(&maker);
    t->kept_proved = PARA_NEW(arena, uint8_t, t->kept_max + 1);
    t->kept_prover = PARA_NEW(arena, int, t->kept_max + 1);
    t->kept_row = PARA_NEW(arena, int, t->kept_max + 1);
    t->kept_told = PARA_NEW(arena, int, t->kept_max + 1);
    para_training_open_pool(t);
    if (!para_training_open_model(t, out_error))
        return false;
    para_training_begin(t);
    return para_training_has_levels(t, out_error);
}

void para_training_unmake_worlds(ParaTraining *t)
{
    para_batch_destroy(t->batch);
    para_training_close_dream(t);
    para_maker_destroy(t->maker);
    para_trial_room_destroy(t->room);
    t->batch = NULL, t->maker = NULL, t->room = NULL;
}

bool para_training_has_levels(const ParaTraining *t, const char **out_error)
{
    for (int b = 0; b < t->envs; b++) {
        const ParaRefusal *refusal = &t->batch->refusals[b];
        if (!refusal->refused)
            continue;
        const char *family = t->families.names[(t->first + b) % t->families.count];
        *out_error = para_arena_printf(
            t->arena,
            "no level of the family \"%s\" could be made in %d tries%s%s: hardly any of them builds; "
            "`paracosm check` of its template says why",
            family, PARA_BATCH_TRIES * PARA_FAMILIES_TRIES, *refusal->why ? ": " : "", refusal->why);
        return false;
    }
    return true;
}

// A solver with limits must fit the families; a rare member that does not is drawn again.
static bool families_fit(ParaTraining *t, ParaSolverKind solver, const char **out_error)
{
    ParaPick picks[FIT_MEMBERS];
    for (int f = 0; f < t->families.count; f++) {
        for (int i = 0; i < FIT_MEMBERS; i++)
            picks[i] = (ParaPick){
                .family = f, .seed = para_training_seed(para_seed_mix(t->def.seed, (uint64_t)(1000 + i)))};
        if (!para_families_fit(&t->families, picks, FIT_MEMBERS, solver, t->arena, out_error))
            return false;
    }
    return true;
}

// What nobody told: a template that lists what is to be observed lists what its author deems enough.
static void choose_observation(ParaTraining *t)
{
    if (t->def.prefer_listed && t->families.count == 1 &&
        para_families_listed(&t->families, 0, t->arena).size > 0)
        t->def.obs = PARA_OBS_LISTED;
}

// Whoever has others with voices around it hears them, where its observation has room for that.
static void choose_hearing(ParaTraining *t)
{
    for (int f = 0; f < t->families.count && t->def.obs <= PARA_OBS_VECTOR; f++)
        if (para_families_speak(&t->families, f, t->arena))
            t->def.parts |= PARA_OBS_HEARD;
}

// The families of a new run, read from disk, before a folder is made for it: it keeps them and its sizes.
static bool choose_families(ParaTraining *t, const char **out_error)
{
    const ParaTrainDef *def = &t->def;
    const char *const *names = def->families;
    int count = def->family_count;
    if (def->stream) {
        t->def.stream = para_training_stream_expand(def->stream, t->arena, out_error);
        names =
            t->def.stream ? para_training_stream_families(t->def.stream, &count, t->arena, out_error) : NULL;
        if (!names)
            return false;
    }
    if (!para_families_load(&t->families, names, count, t->arena, out_error) ||
        !para_families_narrow(&t->families, def->tier, t->arena, out_error))
        return false;
    choose_observation(t);
    choose_hearing(t);
    *out_error = layout_problem(t);
    if (*out_error)
        return false;
    count = def->stream ? para_training_stream_widest(def->stream) : t->families.count;
    para_train_settle_sizes(&t->def, count);
    // Families are dealt to envs, so with fewer envs some would never be played.
    if (count > def->envs) {
        *out_error =
            para_arena_printf(t->arena, "%d families need at least %d worlds; there are %d: raise --envs",
                              count, count, def->envs);
        return false;
    }
    *out_error = para_training_peers_contradiction(def, t->arena);
    if (!*out_error && strcmp(def->maker, "paired") == 0 && para_families_players(&t->families, t->arena) > 1)
        *out_error = "the maker paired raises an antagonist for levels of one player; take another --maker";
    *out_error = *out_error ? *out_error : para_training_pool_contradiction(def, &t->families, t->arena);
    if (*out_error)
        return false;
    return families_fit(t, def->solver, out_error);
}

// Opens the run and takes from it what it is trained on; what the def asks for counts for a new run only.
static bool open_run(ParaTraining *t, const char **out_error)
{
    ParaFamiliesWish own = {.count = 0};
    const char *config = NULL, *note = NULL, *card = NULL;
    bool known = para_run_exists(t->def.folder, t->arena);
    if (known && t->def.templates == PARA_TEMPLATES_DISK) {
        *out_error =
            para_arena_printf(t->arena,
                              "the run in %s goes on with the templates it keeps, since its levels must "
                              "stay what they were; to train on the files as they are now, train into "
                              "another folder",
                              t->def.folder);
        return false;
    }
    if (!known) { // a run that is refused leaves no folder behind
        *out_error = para_training_model_contradiction(&t->def);
        *out_error = *out_error ? *out_error : para_training_dream_contradiction(&t->def);
        *out_error = *out_error ? *out_error : para_training_stream_contradiction(&t->def, t->arena);
        if (*out_error)
            return false;
        if (t->def.in_dream && !para_model_read(t->def.in_dream, t->arena, &card, out_error))
            return false;
        if (!choose_families(t, out_error))
            return false;
        *out_error = para_training_demos_problem(&t->def, t->families.names[0], t->arena);
        if (*out_error)
            return false;
        config = para_training_config_text(&t->def, &t->families, t->arena);
    }
    t->run = para_run_open(t->def.folder, config, t->arena, out_error);
    if (!t->run || (para_run_is_new(t->run) && !para_run_set_families(t->run, &t->families, out_error)) ||
        !para_training_config_read(&t->def, para_run_config(t->run), t->arena, out_error))
        return false;
    own.tier = t->def.tier;
    if (!para_run_families(t->run, &own, t->arena, &t->families, &note, out_error))
        return false;
    para_training_tell(t, para_run_note(t->run));
    para_training_tell(t, note);
    return true;
}

/// Whether a family is one of those that names mean: by its name, its file, or the folder of it.
static bool is_asked(const char *const *names, int count, const char *name, const char *source,
                     ParaArena *arena)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0 || strcmp(names[i], source) == 0 ||
            strcmp(para_path_absolute(names[i], arena), source) == 0)
            return true;
    return false;
}

// Families that were asked for, where the run is trained on others.
static void tell_families(ParaTraining *t, const ParaTrainDef *asked)
{
    const char *list = "", *error = NULL;
    int count = asked->family_count, found = 0;
    const char *const *names = para_families_expand(asked->families, &count, t->arena, &error);
    for (int f = 0; f < t->families.count; f++) {
        list = para_arena_printf(t->arena, "%s%s%s", list, f ? ", " : "", t->families.names[f]);
        found += names && is_asked(names, count, t->families.names[f], t->families.texts[f].source, t->arena);
    }
    if (asked->family_count > 0 && (found < count || found < t->families.count))
        para_training_tell(
            t, para_arena_printf(t->arena,
                                 "the run keeps its own families: %s; train into another folder for others",
                                 list));
}

void para_training_tell(ParaTraining *t, const char *note)
{
    if (note)
        t->note = t->note ? para_arena_printf(t->arena, "%s; %s", t->note, note) : note;
}

bool para_training_open(ParaTraining *t, const ParaTrainDef *def, ParaArena *arena, const char **out_error)
{
    PARA_ASSERT(def->folder && def->maker && def->envs >= 0 && def->horizon >= 0 && def->width > 0);
    *t = (ParaTraining){.def = *def, .arena = arena, .world_arena = arena, .peers = def->peers};
    pthread_mutex_init(&t->episode_lock, NULL);
    t->scratch = para_arena_create((size_t)1 << 20, (size_t)1 << 30);
    t->episode_arena = para_arena_create((size_t)64 << 10, (size_t)64 << 20);
    *out_error = "no memory for the training";
    if (!para_training_agree(t, t->scratch && t->episode_arena, out_error))
        return false;
    bool good = para_peers_rank(t->peers) > 0 || open_run(t, out_error);
    if (!para_training_meet(t, def, good, out_error))
        return false;
    t->def.players = para_families_players(&t->families, arena);
    t->workers = para_workers_create(def->threads);
    if (!t->workers)
        *out_error = "no memory for the worker threads; try fewer with --threads";
    if (!para_training_agree(t, t->workers != NULL, out_error))
        return false;
    int families = t->families.count;
    t->windows = PARA_NEW(arena, ParaSolveWindow, families);
    t->family_solve = PARA_NEW(arena, float, families);
    t->family_episodes = PARA_NEW(arena, int, families);
    t->proof_room = PARA_NEW(arena, int, families);
    t->failure_room = PARA_NEW(arena, int, families);
    t->episode_rows = PARA_NEW(arena, ParaEpisodeRow, EPISODES_MAX);
    t->episode_capacity = EPISODES_MAX;
    for (int f = 0; f < families; f++)
        t->family_solve[f] = -1;
    if (!para_training_agree(t, make_learner(t, out_error), out_error) || !para_training_load(t, out_error) ||
        !para_training_open_demos(t, out_error) || !para_training_open_stream(t, out_error) ||
        !para_training_agree(t, para_training_make_worlds(t, out_error), out_error))
        return false;
    tell_families(t, def);
    para_training_tell(t, para_training_config_kept(def, &t->def, arena));
    t->checkpoint_clock = para_clock_seconds();
    t->saved = true; // nothing new yet
    good =
        !t->run || (para_run_begin(t->run, out_error) &&
                    para_run_note_call(t->run, t->lessons, para_training_call_text(def, arena), out_error));
    return para_training_agree(t, good, out_error);
}

void para_training_close(ParaTraining *t)
{
    para_training_close_model(t);
    para_training_unmake_worlds(t);
    para_training_close_stream(t);
    if (t->workers)
        para_workers_destroy(t->workers);
    if (t->run)
        para_run_close(t->run);
    para_arena_destroy(t->scratch);
    para_arena_destroy(t->episode_arena);
    pthread_mutex_destroy(&t->episode_lock);
}

/// Share of one limit that is reached; 0 where there is none.
static double share_of(double reached, double limit) { return limit > 0 ? reached / limit : 0; }

double para_training_progress(const ParaTraining *t)
{
    const ParaTrainDef *def = &t->def;
    bool asked = def->schedule_minutes > 0 || def->schedule_lessons > 0 || def->schedule_decisions > 0;
    double minutes = asked ? def->schedule_minutes : def->minutes; // unasked, the limits are the schedule
    int64_t lessons = asked ? def->schedule_lessons : def->lessons,
            decisions = asked ? def->schedule_decisions : def->decisions;
    double progress = share_of(t->now.seconds, 60 * minutes);
    progress = para_max(progress, share_of((double)t->lessons, (double)lessons));
    progress = para_max(progress, share_of((double)t->now.decisions, (double)decisions));
    if (t->stream)
        progress = para_training_world_progress(t);
    PARA_ASSERT(progress >= 0);
    return progress < 1 ? progress : 1;
}

float para_training_rate(const ParaTraining *t)
{
    const ParaSettings *settings = &t->def.settings;
    return (float)settings->learning_rate *
           (float)(1.0 - (1.0 - settings->rate_end) * para_training_progress(t));
}

bool para_training_done(const ParaTraining *t)
{
    return (t->stream && para_training_world_is_over(t) && !para_training_world_is_to_turn(t)) ||
           (t->def.minutes > 0 && t->now.seconds >= 60 * t->def.minutes) ||
           (t->def.lessons > 0 && t->lessons >= t->def.lessons) ||
           (t->def.decisions > 0 && t->now.decisions >= t->def.decisions);
}

void para_training_rates(ParaTraining *t)
{
    for (int f = 0; f < t->families.count; f++) {
        const ParaSolveWindow *w = &t->windows[f];
        int solved = 0;
        for (int i = 0; i < w->count; i++)
            solved += w->solved[i];
        t->family_solve[f] = w->count ? (float)solved / (float)w->count : -1;
        t->family_episodes[f] = (int)w->episodes;
    }
}
