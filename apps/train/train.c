// SPDX-License-Identifier: MIT
// paracosm train: the lesson loop with a view of it.
#include "agents/archive/archive.h"
#include "agents/demos/demos.h"
#include "agents/lesson/lesson.h"
#include "agents/lesson/presets.h"
#include "agents/maker/maker.h"
#include "agents/run/run_folder.h"
#include "apps/apps.h"
#include "apps/frame.h"
#include "apps/interrupt.h"
#include "apps/options.h"
#include "apps/train/train_view.h"
#include "engine/base/assert.h"
#include "engine/base/clock.h"
#include "engine/base/platform.h"
#include "engine/base/shell.h"
#include "engine/base/text.h"
#include "engine/ranks/ranks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TRAIN_MEMORY_MAX     ((size_t)16 << 30) // [byte] of address space; what is used depends on --envs
#define FAMILIES_MAX         64
#define OPTIONS_MAX          128
#define LESSON_DECISIONS_MAX (1 << 20) // --envs times --horizon
#define LESSON_PICTURES_MAX  (1 << 18) // the same of pixels

typedef struct Wishes {
    ParaTrainDef def;
    const char *out, *maker, *obs, *families, *family, *solver, *templates;
    double minutes;
    const char *curiosity, *from, *preset, *net, *rays;
    const char *stream, *keep;
    int patience;       ///< [s] with which a rank waits for others
    const char **words; ///< more files of --from  [word_count]
    int word_count;
    bool map;
    bool json, quiet;
    ParaTrainDef shown; ///< the def with what a run that is there keeps of its own
    ParaStatistics had; ///< of a run that is there, before this call
} Wishes;

// What --help says of each maker, from their list.
#define PARA_MAKER(id, word, about) "\n" MAKER_INDENT word ": " about
#define MAKER_INDENT                "                                "
static const char about_maker[] = "who makes the levels (default sfl; dr with --in-dream):"
#include "agents/maker/methods.def"
    ;
#undef PARA_MAKER

#define PARA_KEEP(id, word, about) "\n" MAKER_INDENT word ": " about
static const char about_keep[] =
    "with --stream: what is done lest former worlds be forgotten (default finetune):"
#include "agents/lifelong/methods.def"
    ;
#undef PARA_KEEP

#define PARA_PRESET(name, about, values) "\n" MAKER_INDENT #name ": " about
static const char about_preset[] =
    "settings that go together, under those that are told by hand (docs/tuning.md; default: none):"
#include "agents/lesson/presets.def"
    ;
#undef PARA_PRESET

static const char *const curiosities[] = {"none", "disagreement", "places", NULL};
static const char *const nets[] = {"pooled", "relational", NULL};
static const char *const observations[] = {"entities", "vector", "listed", "pixels", NULL};
static const char *const rays[] = {"each", "conv", NULL};

/// The hyper-parameters behind the options that stand before the first without a name.
static void add_settings(ParaOption *options, ParaSettings *settings)
{
    int count = 0;
    while (options[count].name)
        count++;
    for (int i = 0; i < PARA_SETTING_COUNT; i++) {
        const ParaSetting *row = &para_settings[i];
        options[count + i] =
            (ParaOption){.name = row->option,
                         .kind = row->kind == PARA_SETTING_WHOLE ? PARA_OPTION_INT : PARA_OPTION_REAL,
                         .target = (char *)settings + row->offset,
                         .value = "N",
                         .about = row->about,
                         .low = row->low,
                         .high = row->high};
    }
    PARA_ASSERT(count + PARA_SETTING_COUNT < OPTIONS_MAX); // the last has no name
}

/// Reads the command line into `wishes`. @return PARA_OPTIONS_GO or an exit code
static int read_line(Wishes *wishes, int argc, char **argv)
{
    ParaTrainDef *def = &wishes->def;
    ParaOption options[OPTIONS_MAX] = {
        {"out", 'o', PARA_OPTION_TEXT, &wishes->out, "DIR",
         "run folder; a run that is there is continued (default runs/<date-time>)", 0, 0, NULL},
        {"minutes", 'm', PARA_OPTION_REAL, &wishes->minutes, "N",
         "[min] until the run has trained this long in all; 0: until Ctrl-C (default 10; with --lessons or "
         "--decisions: 0)",
         0, 1e6, NULL},
        {"lessons", 'l', PARA_OPTION_LONG, &def->lessons, "N", "stop when the run has N lessons; 0: no limit",
         0, 1e9, NULL},
        {"decisions", 0, PARA_OPTION_LONG, &def->decisions, "N",
         "stop when the worlds have played N decisions in all; 0: no limit", 0, 1e15, NULL},
        {"maker", 0, PARA_OPTION_CHOICE, &wishes->maker, "NAME", about_maker, 0, 0, para_maker_methods()},
        {"families", 0, PARA_OPTION_TEXT, &wishes->families, "A,B",
         "families or template files (default: the whole library)", 0, 0, NULL},
        {"family", 0, PARA_OPTION_TEXT, &wishes->family, "NAME",
         "a policy for this family alone, with the observation that its template lists, else the vector", 0,
         0, NULL},
        {"tier", 0, PARA_OPTION_TEXT, &def->tier, "NAME", PARA_APP_TIER_ABOUT, 0, 0, NULL},
        {"templates", 0, PARA_OPTION_CHOICE, &wishes->templates, "WHOSE",
         "run: a run goes on with those it keeps; disk: of a new run only (default run)", 0, 0,
         para_app_templates_choices},
        {"obs", 0, PARA_OPTION_CHOICE, &wishes->obs, "KIND",
         "entities (any families), vector (one family), listed (one, what its template lists) or pixels "
         "(any; a picture of 64 x 64, which shows no speeds: with --recurrent) (default entities; with "
         "--family "
         "as told there)",
         0, 0, observations},
        {"solver", 0, PARA_OPTION_CHOICE, &wishes->solver, "NAME",
         "physics: lanes, chipmunk, or auto: lanes where a level fits it, else chipmunk", 0, 0,
         para_app_solver_choices},
        {"preset", 0, PARA_OPTION_CHOICE, &wishes->preset, "NAME", about_preset, 0, 0,
         para_train_preset_names()},
        {"width", 0, PARA_OPTION_INT, &def->width, "N", "units in a layer of the network", 16, 1024, NULL},
        {"net", 0, PARA_OPTION_CHOICE, &wishes->net, "KIND",
         "how things that are seen are taken: pooled (each by itself) or relational (they look at each "
         "other, "
         "and know what is joined with, touches or is near what; with --obs entities) (default pooled)",
         0, 0, nets},
        {"rays", 0, PARA_OPTION_CHOICE, &wishes->rays, "KIND",
         "how what the rays tell is taken: each (by itself) or conv (besides with its neighbours, by one "
         "convolution around the player; with --obs entities or vector) (default each)",
         0, 0, rays},
        {"map", 0, PARA_OPTION_FLAG, &wishes->map, NULL,
         "the player keeps a map of what it has seen of a level, and sees it: where it is free, where things "
         "were, ways to them (with --obs entities or vector)",
         0, 0, NULL},
        {"recurrent", 0, PARA_OPTION_FLAG, &def->recurrent, NULL,
         "the player remembers over an episode (a recurrent core): for levels that hide what they once "
         "showed",
         0, 0, NULL},
        {"continuous", 0, PARA_OPTION_FLAG, &def->continuous, NULL,
         "it acts by any amount from -1 to 1, not by three levels: for fine forces", 0, 0, NULL},
        {"value-bins", 0, PARA_OPTION_FLAG, &def->value_bins, NULL,
         "its value is the mean of a distribution, not one number: for returns that are rare and large", 0, 0,
         NULL},
        {"envs", 0, PARA_OPTION_INT, &def->envs, "N",
         "worlds that run side by side, at least one for each family; 0: 32 for each, 256 at most", 0,
         PARA_TRAIN_ENVS_MAX, NULL},
        {"horizon", 0, PARA_OPTION_INT, &def->horizon, "N",
         "decisions per world in a lesson of full length; 0: 16384 of all worlds together", 0,
         PARA_TRAIN_HORIZON_MAX, NULL},
        {"threads", 't', PARA_OPTION_INT, &def->threads, "N", "worker threads; 0: one per CPU", 0, 256, NULL},
        {"seed", 's', PARA_OPTION_SEED, &def->seed, "N", "of everything random; same seed, same training", 0,
         0, NULL},
        {"model", 0, PARA_OPTION_FLAG, &def->model, NULL,
         "keep a learned model of how worlds move beside the player, taught by what it plays: "
         "model.safetensors in the run's folder",
         0, 0, NULL},
        {"in-dream", 0, PARA_OPTION_TEXT, &def->in_dream, "FILE",
         "train inside a learned model (of `paracosm dream train`), which runs the worlds; taken into the "
         "run's folder; takes the maker dr",
         0, 0, NULL},
        {"from", 0, PARA_OPTION_TEXT, &wishes->from, "FILES",
         "imitate these episodes first, and beside: replays or folders of them, of a person, a search or "
         "another player; more may follow without a dash",
         0, 0, NULL},
        {"stream", 0, PARA_OPTION_TEXT, &wishes->stream, "FILE",
         "learn the worlds that this file names one after the other (docs/lifelong.md); of a new run", 0, 0,
         NULL},
        {"lifelong", 0, PARA_OPTION_CHOICE, &wishes->keep, "NAME", about_keep, 0, 0, para_keep_names()},
        {"reference", 0, PARA_OPTION_TEXT, &def->reference, "DIR",
         "with --stream: a run of the same file with --lifelong alone, by which forward transfer is told", 0,
         0, NULL},
        {"curiosity", 0, PARA_OPTION_CHOICE, &wishes->curiosity, "KIND",
         "what else the player is paid for while it learns: disagreement (what the model's networks differ "
         "about; with --model), places (where it has seldom been), or none (default none)",
         0, 0, curiosities},
        {"eval-every", 0, PARA_OPTION_INT, &def->eval_every, "N",
         "lessons between evaluations on held-out levels, always the same; their time is not the run's; 0: "
         "none",
         0, 1000000, NULL},
        {"eval-levels", 0, PARA_OPTION_INT, &def->eval_levels, "N",
         "of each family in them, two episodes each", 1, 4096, NULL},
        {"milestone", 0, PARA_OPTION_INT, &def->milestone_every, "N",
         "lessons between checkpoints that are never removed; 0: none, the newest three stay", 0, 1000000,
         NULL},
        {"checkpoint", 0, PARA_OPTION_INT, &def->checkpoint_seconds, "N", "[s] between checkpoints", 1, 86400,
         NULL},
        {"schedule", 0, PARA_OPTION_REAL, &def->schedule_minutes, "N",
         "[min] over which the learning rate falls; 0: as --minutes", 0, 1e6, NULL},
        {"schedule-lessons", 0, PARA_OPTION_LONG, &def->schedule_lessons, "N",
         "lessons over which it falls, the same at any speed; 0: as --lessons", 0, 1e9, NULL},
        {"schedule-decisions", 0, PARA_OPTION_LONG, &def->schedule_decisions, "N",
         "decisions over which it falls, the same at any speed; 0: as --decisions", 0, 1e15, NULL},
        {"patience", 0, PARA_OPTION_INT, &wishes->patience, "N",
         "[s] of several processes (mpirun), one that does not answer for so long is lost", 1, 86400, NULL},
        {"json", 0, PARA_OPTION_FLAG, &wishes->json, NULL, "one JSON object per lesson, one per line", 0, 0,
         NULL},
        {"quiet", 'q', PARA_OPTION_FLAG, &wishes->quiet, NULL, "print errors only", 0, 0, NULL},
        {.name = NULL}};
    add_settings(options, &def->settings);
    const ParaCommand command = {
        .name = "train",
        .usage = "[options] [--from FILES...]",
        .about = "Trains a player: the maker builds levels, the player plays them and learns, its reports\n"
                 "tell the maker what to build next. Everything is kept in one run folder.",
        .options = options,
        .examples =
            "  paracosm train --minutes 10 --out runs/first\n"
            "  paracosm train --out runs/first --minutes 30       # go on with the same run\n"
            "  paracosm train --maker sfl --families rover,hopper --seed 7\n"
            "  paracosm train --family lander --minutes 3         # one family, small network input\n"
            "  paracosm train --family lander --preset fast --minutes 0.5\n"
            "  paracosm train --minutes 5 --json > lessons.jsonl\n"
            "  paracosm train --minutes 10 --surprises 1 --out runs/sturdy # something happens every 10 s\n"
            "  paracosm train --minutes 10 --family crate --in-dream dream.safetensors --out runs/dreamt\n"
            "  paracosm train --family hopper --from my/demos     # begin with what was recorded there\n"
            "  paracosm train --minutes 10 --net relational --out runs/related # who is joined with whom\n"
            "  paracosm train --family balance --obs pixels --recurrent # sees a picture, and nothing else\n"
            "  paracosm train --families rover,walker --rays conv --minutes 10\n"
            "  paracosm train --families memory/ --map --minutes 10        # it keeps a map of what it has "
            "seen\n"
            "  paracosm train --minutes 10 --model --curiosity disagreement --out runs/curious\n"
            "  paracosm train --stream worlds.json --lifelong clone --out runs/life  # worlds one after the "
            "other\n"
            "  paracosm train --minutes 10 --eval-every 50 --learning-rate 5e-4 --out runs/study",
        .notes =
            "On a terminal a panel is redrawn in place; elsewhere, or with NO_COLOR or TERM=dumb, plain "
            "lines.\n"
            "A run that is continued keeps its own maker, families, tier, templates, solver, network, sizes, "
            "surprises, "
            "curiosity and seed.\n"
            "Ctrl-C finishes the lesson, saves, and exits with 130; a second Ctrl-C ends at once.\n"
            "Several processes, of one machine or more, train one player: put `mpirun -n 4` before the "
            "command\n"
            "line (docs/training.md, More than one machine). Each plays its share of the worlds.\n"
            "exit codes: 0 done, 1 failed (what was saved stands), 2 wrong command line, 75 one of several\n"
            "processes is lost (what was saved stands, the same command goes on), 130 stopped with the work "
            "kept",
        .operand_max = PARA_DEMOS_FILES_MAX,
        .operand_name = "files after --from"};
    return para_options_read(&command, argc, argv, wishes->words, &wishes->word_count);
}

/// What the line says, over what its preset says: so it is read twice. @return PARA_OPTIONS_GO or an exit
/// code
static int read_wishes(Wishes *wishes, int argc, char **argv)
{
    int code = read_line(wishes, argc, argv);
    if (code == PARA_OPTIONS_GO && wishes->preset) {
        para_train_preset(wishes->preset, &wishes->def); // the option takes no other word
        code = read_line(wishes, argc, argv);
    }
    return code;
}

/// The episodes to imitate. @return PARA_OPTIONS_GO or an exit code
static int settle_demos(Wishes *wishes, ParaArena *arena)
{
    const char *error = NULL;
    if (wishes->word_count > 0 && !wishes->from)
        return para_app_misused("train", "\"%s\" is one word too many: files to imitate come after --from",
                                wishes->words[0]);
    if (!wishes->from)
        return PARA_OPTIONS_GO;
    const char **paths = PARA_NEW(arena, const char *, wishes->word_count + 1);
    paths[0] = wishes->from;
    for (int i = 0; i < wishes->word_count; i++)
        paths[i + 1] = wishes->words[i];
    wishes->def.from = para_demos_list(paths, wishes->word_count + 1, &wishes->def.from_count, arena, &error);
    return wishes->def.from ? PARA_OPTIONS_GO : para_app_fail("train", "%s", error);
}

/// The stream, and what goes with it alone. @return PARA_OPTIONS_GO or an exit code
static int settle_stream(Wishes *wishes, ParaArena *arena)
{
    ParaTrainDef *def = &wishes->def;
    bool there = wishes->out && para_run_exists(wishes->out, arena);
    if (!wishes->stream) {
        if (wishes->keep && !there)
            return para_app_misused("train",
                                    "--lifelong is of a stream of worlds: name its file with --stream");
        if (wishes->keep && !para_keep_find(wishes->keep, &def->keep))
            return PARA_EXIT_USAGE; // the option takes no other word
        return PARA_OPTIONS_GO;
    }
    if (wishes->family || wishes->families)
        return para_app_misused("train", "--stream names its families itself: leave out --family%s",
                                wishes->families ? "s" : "");
    if (wishes->keep)
        para_keep_find(wishes->keep, &def->keep); // the option takes no other word
    ParaDiagList problems = para_diag_list(arena, wishes->stream, NULL);
    def->stream = para_stream_load_file(wishes->stream, para_maker_methods(), arena, &problems);
    if (!def->stream)
        para_diag_print(&problems, stderr);
    return def->stream ? PARA_OPTIONS_GO
                       : para_app_fail("train",
                                       "%s is no stream of worlds that can be learned; "
                                       "docs/lifelong.md tells the format",
                                       wishes->stream);
}

/// What the options say together. @return PARA_OPTIONS_GO or an exit code
static int settle(Wishes *wishes, char *store, size_t store_size, const char **names, ParaArena *arena)
{
    ParaTrainDef *def = &wishes->def;
    if (wishes->json && wishes->quiet)
        return para_app_misused("train", "--json and --quiet exclude each other");
    if (wishes->family && wishes->families)
        return para_app_misused("train", "--family and --families exclude each other");
    if (wishes->family)
        names[0] = wishes->family, def->family_count = 1;
    if (wishes->families)
        def->family_count = para_options_split(wishes->families, store, store_size, names, FAMILIES_MAX);
    if (def->family_count < 0 || (wishes->families && def->family_count == 0))
        return para_app_misused("train", "--families needs 1 to %d names, set apart by commas", FAMILIES_MAX);
    def->families = names;
    const char *kind = wishes->obs ? wishes->obs : wishes->family ? "vector" : "entities";
    def->obs = strcmp(kind, "vector") == 0   ? PARA_OBS_VECTOR
               : strcmp(kind, "listed") == 0 ? PARA_OBS_LISTED
               : strcmp(kind, "pixels") == 0 ? PARA_OBS_PIXELS
                                             : PARA_OBS_ENTITIES;
    int most = def->obs == PARA_OBS_PIXELS ? LESSON_PICTURES_MAX : LESSON_DECISIONS_MAX;
    if ((int64_t)def->envs * def->horizon > most)
        return para_app_misused(
            "train",
            "--envs times --horizon must be at most %d: a lesson is held in memory, about "
            "%s for each decision",
            most, def->obs == PARA_OBS_PIXELS ? "13 kB" : "3.5 kB");
    def->rays = wishes->rays && strcmp(wishes->rays, "conv") == 0;
    def->prefer_listed =
        !wishes->obs && wishes->family && !def->rays && !wishes->map; // what is listed has neither
    if (wishes->stream && !wishes->family && para_obs_is_of_one_family(def->obs))
        return para_app_misused("train",
                                "one player sees all worlds of a stream, and --obs %s is of one family: take "
                                "entities",
                                kind);
    if (!wishes->stream && para_obs_is_of_one_family(def->obs) && def->family_count != 1)
        return para_app_misused("train", "--obs %s needs exactly one family: --family NAME", kind);
    if (wishes->net)
        para_encoder_find(wishes->net, &def->encoder); // the option takes no other word
    if (def->encoder == PARA_ENCODER_RELATIONAL && def->obs != PARA_OBS_ENTITIES)
        return para_app_misused(
            "train",
            "--net relational needs --obs entities: a %s observation%s has no rows to look at each other",
            kind, wishes->obs ? "" : ", which --family takes unless told,");
    if (def->rays && def->obs != PARA_OBS_ENTITIES && def->obs != PARA_OBS_VECTOR)
        return para_app_misused(
            "train", "--rays conv needs --obs entities or vector: a %s observation has no rays", kind);
    if (wishes->map && def->obs != PARA_OBS_ENTITIES && def->obs != PARA_OBS_VECTOR)
        return para_app_misused(
            "train", "--map needs --obs entities or vector: a %s observation has no place for it", kind);
    def->parts = wishes->map ? PARA_OBS_MAP : 0;
    if (def->continuous && def->settings.entropy_enough > 0)
        return para_app_misused(
            "train", "--entropy-enough is for actions of three levels; the entropy of amounts has no "
                     "most to take a share of: leave it out, or --continuous");
    if (wishes->maker)
        def->maker = wishes->maker; // one that cannot make dreams is refused below
    else if (def->in_dream)
        def->maker = "dr";
    if (wishes->curiosity)
        para_curiosity_find(wishes->curiosity, &def->curiosity); // the option takes no other word
    def->templates = para_app_templates(wishes->templates);
    def->solver = para_app_solver(wishes->solver, def->solver);
    bool counted = def->lessons > 0 || def->decisions > 0 || wishes->stream;
    def->minutes = wishes->minutes >= 0 ? wishes->minutes : counted ? 0.0 : 10.0;
    if (!wishes->out) {
        char now[21];
        para_clock_utc(now);
        for (char *at = now; *at; at++) // a colon in a folder's name troubles other tools
            if (*at == ':')
                *at = '-';
        wishes->out = para_arena_printf(arena, "runs/%s", now);
    }
    def->folder = wishes->out;
    return PARA_OPTIONS_GO;
}

/// Joins the ranks that this process was started with. Rank 0 alone talks; the machine's processors are dealt
/// out to its ranks. @return PARA_OPTIONS_GO or an exit code
static int join_ranks(Wishes *wishes, ParaArena *arena)
{
    const char *error = NULL;
    ParaTrainDef *def = &wishes->def;
    def->peers = para_ranks_join(wishes->patience, arena, &error);
    if (error)
        return para_app_fail("train", "%s", error);
    int processors = para_cpu_count(), here = def->peers ? def->peers->here : 1;
    if (def->peers && def->threads == 0)
        def->threads = processors > here ? processors / here : 1;
    if (para_peers_rank(def->peers) > 0)
        wishes->quiet = true, wishes->json = false;
    return PARA_OPTIONS_GO;
}

/// Ends the job's ranks with one code, the highest of theirs; where one failed alone, at once.
static int leave_ranks(ParaPeers *peers, int code, bool hurry)
{
    int64_t all = code;
    bool together = !hurry && para_peers_max(peers, &all);
    fflush(stdout);
    para_ranks_leave(peers, code, !together);
    return together ? (int)all : code;
}

typedef struct Watcher {
    ParaTrainView *view;
    bool output_gone;
    int lessons;        ///< seen in this call
    ParaStatistics now; ///< of the last of them; its `lesson` is how many the run has
} Watcher;

static bool watch(void *context, const ParaTrainStatus *status)
{
    Watcher *watcher = context;
    bool asked = para_interrupt_count() > 0;
    watcher->lessons += !status->again;
    watcher->now = status->now;
    watcher->now.lesson++; // lessons count from 0
    if (!para_train_view_show(watcher->view, status, asked || status->last))
        watcher->output_gone = true;
    return !asked && !watcher->output_gone;
}

/// Whether to stop, asked while levels are played for scores (a ParaAskStop).
static bool ask(void *context)
{
    Watcher *watcher = context;
    para_train_view_wait(watcher->view);
    return para_interrupt_asked(NULL);
}

/// A run that is there keeps its maker and solver, whatever was asked for now. @return true if there is one
static bool look_at_run(Wishes *wishes, ParaArena *arena)
{
    wishes->shown = wishes->def;
    ParaRun *run = para_run_open_read(wishes->out, arena, NULL); // what is wrong with it, training will say
    if (!run)
        return false;
    const char *maker = para_run_setting(run, "maker", arena);
    if (maker)
        wishes->shown.maker = maker;
    wishes->shown.solver = para_run_solver(run);
    wishes->shown.tier = para_run_tier(run, arena);
    const ParaTrainDef *def = &wishes->def; // a stream ends by itself
    if (para_run_setting(run, "lifelong", arena) && wishes->minutes < 0 && !def->lessons && !def->decisions)
        wishes->def.minutes = wishes->shown.minutes = 0;
    wishes->had.lesson = para_run_last_lesson(run, &wishes->had) + 1; // lessons count from 0
    para_run_close(run);
    return true;
}

static void print_beginning(const Wishes *wishes, bool continued)
{
    printf("%s %s, maker %s, solver %s", continued ? "continuing the run in" : "a new run in", wishes->out,
           wishes->shown.maker, para_solver_name(wishes->shown.solver));
    if (wishes->def.peers)
        printf(", %d ranks", wishes->def.peers->count);
    if (wishes->shown.tier)
        printf(", tier %s", wishes->shown.tier);
    if (wishes->def.minutes > 0)
        para_text_print(stdout, ", for %.15g minutes", wishes->def.minutes);
    else if (wishes->def.lessons > 0)
        printf(", to lesson %lld", (long long)wishes->def.lessons);
    else if (wishes->def.decisions > 0)
        printf(", to %lld decisions", (long long)wishes->def.decisions);
    else
        printf(", until Ctrl-C");
    putchar('\n');
    fflush(stdout);
}

/// A limit to go on to: twice the last one, or twice what the run had already, in whole numbers. A lesson of
/// many worlds may go so far beyond a limit that twice that is behind it.
static void print_limit(const char *option, double limit, double had, double has, bool stopped)
{
    double next = had > limit ? 2 * ceil(had) : stopped ? limit : 2 * limit;
    if (limit > 0)
        para_text_print(stdout, " %s %.15g", option, next > has ? next : 2 * ceil(has));
}

/// What to do next, in words. Limits count the whole run, so going on past one takes a higher one.
static void print_end(const Wishes *wishes, bool stopped, const Watcher *watcher, ParaArena *arena)
{
    const ParaStatistics *had = &wishes->had, *now = watcher->lessons ? &watcher->now : had;
    const char *folder = para_shell_word(wishes->out, arena), *program = para_shell_program();
    const ParaTrainDef *def = &wishes->def;
    if (watcher->lessons == 0 && !stopped)
        printf("the run in %s has trained that long already\n", wishes->out);
    else
        printf("%s everything is kept in %s\n", stopped ? "stopped;" : "done;", wishes->out);
    para_train_print_transfer(wishes->out, arena);
    printf("  go on:  %s train --out %s", program, folder);
    print_limit("--minutes", def->minutes, had->seconds / 60, now->seconds / 60, stopped);
    print_limit("--lessons", (double)def->lessons, had->lesson, now->lesson, stopped);
    print_limit("--decisions", (double)def->decisions, (double)had->decisions, (double)now->decisions,
                stopped);
    printf("\n  score:  %s eval %s\n  play:   %s play --run %s\n  watch:  %s watch %s\n", program, folder,
           program, folder, program, folder);
}

int para_app_train(int argc, char **argv)
{
    Wishes wishes = {.def = para_train_def_default(), .minutes = -1.0, .patience = PARA_RANKS_PATIENCE};
    const char *names[FAMILIES_MAX];
    char store[4096];
    wishes.solver = para_solver_name(wishes.def.solver);
    ParaArena *arena = para_arena_create((size_t)1 << 20, TRAIN_MEMORY_MAX);
    if (!arena)
        return para_app_fail("train", "no memory");
    wishes.words = PARA_NEW(arena, const char *, PARA_DEMOS_FILES_MAX);
    int code = read_wishes(&wishes, argc, argv);
    if (code != PARA_OPTIONS_GO) {
        para_arena_destroy(arena);
        return code;
    }
    code = settle(&wishes, store, sizeof store, names, arena);
    code = code == PARA_OPTIONS_GO ? settle_demos(&wishes, arena) : code;
    code = code == PARA_OPTIONS_GO ? settle_stream(&wishes, arena) : code;
    code = code == PARA_OPTIONS_GO ? join_ranks(&wishes, arena) : code;
    if (code != PARA_OPTIONS_GO) {
        para_arena_destroy(arena);
        return code;
    }
    const char *doubt = NULL;
    ParaPeers *peers = wishes.def.peers;
    bool leads = para_peers_rank(peers) == 0;
    if (leads && !para_archives_check(wishes.def.families, wishes.def.family_count, arena, &doubt)) {
        code = leave_ranks(peers, para_app_fail("train", "%s", doubt), true);
        para_arena_destroy(arena);
        return code;
    }
    bool talks = !wishes.json && !wishes.quiet, continued = false;
    wishes.shown = wishes.def;
    if (leads)
        continued = look_at_run(&wishes, arena);
    para_interrupt_catch(wishes.quiet ? NULL
                         : talks && !peers && para_terminal_look().live
                             ? PARA_FRAME_NOTICE(PARA_TRAIN_STOPPING)
                             : PARA_TRAIN_STOPPING "\n");
    ParaTrainViewKind kind = wishes.json    ? PARA_TRAIN_VIEW_JSON
                             : wishes.quiet ? PARA_TRAIN_VIEW_QUIET
                                            : PARA_TRAIN_VIEW_AUTO;
    Watcher watcher = {.view = para_train_view_create(kind, &wishes.shown, arena)};
    if (talks)
        print_beginning(&wishes, continued);
    const char *error = NULL;
    wishes.def.stop = ask;
    wishes.def.stop_context = &watcher;
    bool good = para_train(&wishes.def, watch, &watcher, arena, &error);
    para_train_view_end(watcher.view);
    int64_t asked = good && para_interrupt_count() > 0;
    para_peers_max(peers, &asked); // one of several ranks may have been
    bool stopped = good && asked > 0;
    bool lost = peers && peers->lost;
    if (!good)
        code = leads || lost ? para_app_fail("train", "%s", error ? error : "the training failed")
                             : PARA_EXIT_FAILURE;
    else if (watcher.output_gone && para_stream_is_left(PARA_STREAM_OUTPUT))
        code = PARA_EXIT_FAILURE; // quiet, as every command; the work is kept
    else if (watcher.output_gone)
        code = para_app_fail("train", "cannot write the output; the work is kept in %s", wishes.out);
    else
        code = stopped ? PARA_EXIT_INTERRUPTED : PARA_EXIT_OK;
    if (good && talks && !watcher.output_gone)
        print_end(&wishes, stopped, &watcher, arena);
    code = leave_ranks(peers, lost ? PARA_EXIT_RANK_LOST : code, lost);
    para_arena_destroy(arena);
    return code;
}
