// SPDX-License-Identifier: MIT
// The measuring itself: what is asked is looked up, the level is stepped by decisions as everywhere else, and
// rows are copied from the view. probe_json.c tells them.
#include "agents/env/probe.h"

#include "agents/env/decision.h"
#include "engine/base/assert.h"
#include "engine/base/text.h"
#include "engine/world/effort.h"

#include <string.h>

#define ROWS_BYTES_MAX ((size_t)1 << 30) // [byte] of rows without their contacts

/// An action that is held for a while.
typedef struct ProbeAct {
    int channel;
    float value;
    int32_t first, end;  // [step] of the physics, [first, end)
    const char *written; // as it was asked for
} ProbeAct;

typedef struct ParaProbeRun {
    ParaArena *arena;
    ParaWorldGroup *group;
    ParaEnv env;
    const ParaReplay *replay;
    ProbeAct *acts; // of the first player where there is no replay; on one channel never two at a time
    int act_count;
    bool told[PARA_BODIES_MAX];
    int64_t dropped_before; // pairs left out up to the last row
} ParaProbeRun;

// ---------------------------------------------------------------------------------------------
// What is asked.

static void name_all(ParaProbe *probe, ParaArena *arena)
{
    const ParaLevel *level = probe->level;
    char store[PARA_NAME_MAX];
    probe->body_names = PARA_NEW(arena, const char *, level->world.body_count);
    probe->joint_names = PARA_NEW(arena, const char *, level->world.joint_count);
    for (int b = 0; b < level->world.body_count; b++)
        probe->body_names[b] = para_arena_strdup(arena, para_level_body_label(level, b, store));
    for (int j = 0; j < level->world.joint_count; j++)
        probe->joint_names[j] = para_arena_strdup(arena, para_level_joint_label(level, j, store));
}

/// "plank" is "plank" itself and, as in goals, each of its copies "plank1", "plank2", ...
static bool is_meant(const char *wish, const char *name)
{
    size_t length = strlen(wish);
    if (strncmp(name, wish, length) != 0)
        return false;
    const char *rest = name + length;
    if (*rest && *wish == '#') // "#1" is not "#12"
        return false;
    while (*rest >= '0' && *rest <= '9')
        rest++;
    return *rest == '\0';
}

static bool choose_bodies(ParaProbe *probe, const ParaProbeDef *def, const char **out_error)
{
    ParaProbeRun *run = probe->run;
    int count = probe->level->world.body_count;
    for (int n = 0; n < def->name_count; n++) {
        bool exact = false, found = false;
        for (int b = 0; b < count; b++)
            exact |= strcmp(def->names[n], probe->body_names[b]) == 0;
        for (int b = 0; b < count; b++) {
            bool meant = exact ? strcmp(def->names[n], probe->body_names[b]) == 0
                               : is_meant(def->names[n], probe->body_names[b]);
            run->told[b] |= meant;
            found |= meant;
        }
        if (found)
            continue;
        const char *close = para_closest_word(def->names[n], probe->body_names, count), *known = "";
        for (int b = 0; b < count && b < 20; b++)
            known = para_arena_printf(run->arena, "%s%s%s", known, b ? ", " : "", probe->body_names[b]);
        *out_error = para_arena_printf(run->arena, "there is no body \"%s\"%s%s%s; there are: %s%s",
                                       def->names[n], close ? "; did you mean \"" : "", close ? close : "",
                                       close ? "\"?" : "", known, count > 20 ? ", ..." : "");
        return false;
    }
    probe->bodies = PARA_NEW(run->arena, int32_t, count);
    for (int b = 0; b < count; b++) {
        run->told[b] |= def->name_count == 0;
        if (run->told[b])
            probe->bodies[probe->body_count++] = b;
    }
    return true;
}

/// The channel of "0" or "drive", -1 if there is none.
static int find_channel(const ParaPlayer *player, const char *name, size_t length)
{
    for (int c = 0; c < PARA_CHANNELS; c++) {
        const char *label = player->keys[c].label;
        bool number = length == 1 && name[0] == '0' + c;
        bool word = *label && strlen(label) == length && memcmp(label, name, length) == 0;
        if ((player->channel_bits >> c & 1) && (number || word))
            return c;
    }
    return -1;
}

static const char *list_channels(const ParaPlayer *player, ParaArena *arena)
{
    const char *known = "";
    for (int c = 0; c < PARA_CHANNELS; c++) {
        const char *label = player->keys[c].label;
        if (player->channel_bits >> c & 1)
            known = para_arena_printf(arena, "%s%s%d%s%s%s", known, *known ? ", " : "", c, *label ? " (" : "",
                                      label, *label ? ")" : "");
    }
    return *known ? known : "none: nothing in this level listens to actions";
}

/// The physics step nearest to a time. @param size [byte] of its text, which has no end of its own
/// @return false: it is no time
static bool read_moment(const char *text, size_t size, double rate, int32_t *out)
{
    char alone[32]; // "2" and not "2." of "2..3"
    const char *end = NULL;
    if (size >= sizeof alone)
        return false;
    memcpy(alone, text, size);
    alone[size] = '\0';
    double time = para_text_number(alone, &end);
    if (end == alone || *end || !(time >= 0 && time <= PARA_PROBE_SECONDS_MAX))
        return false;
    *out = (int32_t)(time * rate + 0.5);
    return true;
}

/// "FROM..TILL" behind the at-sign, either left out: from the beginning, to the end. @return NULL, or what is
/// wrong
static const char *read_while(const ParaLevel *level, const char *text, ProbeAct *act, ParaArena *arena)
{
    double rate = (double)level->world.rate;
    const char *dots = strstr(text, "..");
    if (!dots || (dots == text && !dots[2]) ||
        (dots > text && !read_moment(text, (size_t)(dots - text), rate, &act->first)) ||
        (dots[2] && !read_moment(dots + 2, strlen(dots + 2), rate, &act->end)))
        return para_arena_printf(arena, "after @ it wants seconds from 0 to %g, as @1..2.5, @1.. or @..2.5",
                                 PARA_PROBE_SECONDS_MAX);
    if (act->end - act->first < level->frame_skip)
        return para_arena_printf(arena,
                                 "that is no time: it must end later than it begins, by a decision "
                                 "(%.3g s) or more",
                                 level->frame_skip / rate);
    return NULL;
}

/// Reads "CHANNEL=VALUE" or "CHANNEL=VALUE@FROM..TILL". @return NULL, or what is wrong
static const char *read_act(const ParaLevel *level, const char *text, ProbeAct *act, ParaArena *arena)
{
    const ParaPlayer *player = &level->players[0];
    const char *equals = strchr(text, '='), *end = NULL;
    if (!equals)
        return "wants CHANNEL=VALUE, such as 0=1, or for a while 0=1@1..2.5";
    *act = (ProbeAct){
        .channel = find_channel(player, text, (size_t)(equals - text)), .end = INT32_MAX, .written = text};
    if (act->channel < 0)
        return para_arena_printf(arena, "no such channel; there are: %s", list_channels(player, arena));
    double value = para_text_number(equals + 1, &end);
    if (end == equals + 1 || (*end && *end != '@') || !(value >= -1 && value <= 1))
        return "the value must be -1 to 1";
    act->value = (float)value;
    return *end ? read_while(level, end + 1, act, arena) : NULL;
}

static bool read_acts(ParaProbe *probe, const ParaProbeDef *def, const char **out_error)
{
    ParaProbeRun *run = probe->run;
    if (def->act_count > 0 && def->replay) {
        *out_error = "actions to hold do not go with a replay, which has its own";
        return false;
    }
    run->acts = PARA_NEW(run->arena, ProbeAct, def->act_count);
    for (; run->act_count < def->act_count; run->act_count++) {
        ProbeAct *act = &run->acts[run->act_count];
        const char *problem = read_act(probe->level, def->acts[run->act_count], act, run->arena);
        for (int i = 0; i < run->act_count && !problem; i++) {
            const ProbeAct *other = &run->acts[i];
            if (other->channel == act->channel && other->first < act->end && act->first < other->end)
                problem = para_arena_printf(run->arena,
                                            "%s holds this channel at the same time; give each its own, as "
                                            "@0..2 and @2..",
                                            other->written);
        }
        if (problem) {
            *out_error = para_arena_printf(run->arena, "act %s: %s", def->acts[run->act_count], problem);
            return false;
        }
    }
    return true;
}

/// How long, how often, and room for that many rows.
static bool plan(ParaProbe *probe, const ParaProbeDef *def, const char **out_error)
{
    const ParaLevel *level = probe->level;
    ParaArena *arena = probe->run->arena;
    double rate = (double)level->world.rate, seconds = def->seconds;
    if (seconds < 0)
        seconds =
            def->replay ? (double)def->replay->decisions * level->frame_skip / rate : PARA_PROBE_SECONDS;
    if (!(seconds <= PARA_PROBE_SECONDS_MAX) || def->every < 0) {
        *out_error =
            para_arena_printf(arena, "seconds must be 0 to %g, and every 1 or more", PARA_PROBE_SECONDS_MAX);
        return false;
    }
    probe->every = def->every > 0 ? def->every : (int)(rate / PARA_PROBE_ROWS + 0.5);
    if (probe->every < 1)
        probe->every = 1;
    probe->step_count = (int32_t)(seconds * rate + 0.5);
    size_t rows = (size_t)(probe->step_count / probe->every) + 2;
    size_t each = sizeof(ParaProbeRow) + (size_t)probe->body_count * sizeof(ParaProbeBody) +
                  (size_t)level->world.joint_count * sizeof(ParaProbeJoint) + 3 * 64; // alignment
    if (rows > ROWS_BYTES_MAX / each) {
        *out_error =
            para_arena_printf(arena,
                              "%zu rows of %d bodies take %.1f GB, and at most 1 GB is kept: ask for "
                              "fewer bodies, less time or fewer rows",
                              rows, probe->body_count, (double)rows * (double)each / 1e9);
        return false;
    }
    probe->rows = PARA_NEW(arena, ParaProbeRow, rows);
    return true;
}

static bool build(ParaProbe *probe, ParaSolverKind solver, const char **out_error)
{
    ParaProbeRun *run = probe->run;
    char why[200];
    run->group = para_world_group_create(solver, 1);
    if (!run->group) {
        *out_error = "no memory for a world";
        return false;
    }
    run->env = (ParaEnv){.world = para_world_at(run->group, 0),
                         .arena = run->arena,
                         .chained = run->replay != NULL,
                         .fine = run->replay && run->replay->fine};
    if (para_env_begin(&run->env, probe->level, "")) {
        probe->solver = para_world_solver(run->env.world);
        probe->substeps = para_world_view(run->env.world)->substeps;
        para_effort_is_beyond(&probe->level->world, probe->level->body_names, probe->beyond,
                              sizeof probe->beyond);
        return true;
    }
    bool fits = para_solver_fits(solver, &probe->level->world, why, sizeof why);
    *out_error = para_arena_printf(run->arena, "%s does not take this level: %s%s", para_solver_name(solver),
                                   fits ? "it cannot be built" : why,
                                   fits || solver == PARA_SOLVER_CHIPMUNK
                                       ? ""
                                       : "; chipmunk takes every level, and auto finds the one that does");
    return false;
}

ParaProbe *para_probe_open(const ParaProbeDef *def, ParaArena *arena, const char **out_error)
{
    ParaProbe *probe = PARA_NEW(arena, ParaProbe, 1);
    ParaProbeRun *run = PARA_NEW(arena, ParaProbeRun, 1);
    probe->level = def->level;
    probe->diverged_body = -1;
    probe->differs = -1;
    probe->run = run;
    run->arena = arena;
    run->replay = def->replay;
    name_all(probe, arena);
    if (choose_bodies(probe, def, out_error) && read_acts(probe, def, out_error) &&
        plan(probe, def, out_error) && build(probe, def->solver, out_error))
        return probe;
    para_probe_close(probe);
    return NULL;
}

void para_probe_close(ParaProbe *probe)
{
    if (probe && probe->run->group)
        para_world_group_destroy(probe->run->group);
    if (probe)
        probe->run->group = NULL;
}

// ---------------------------------------------------------------------------------------------
// Steps.

/// Actions of the decision that begins: the replay's, none once it is over, or those that are held.
static void decide(ParaProbeRun *run)
{
    float actions[PARA_PLAYERS_MAX * PARA_CHANNELS] = {0};
    int count = run->env.level->player_count * PARA_CHANNELS;
    // Its middle: so the decision nearest to a time has what begins there.
    int64_t middle = run->env.world_steps + run->env.level->frame_skip / 2;
    for (int i = 0; i < run->act_count; i++)
        if (run->acts[i].first <= middle && middle < run->acts[i].end)
            actions[run->acts[i].channel] = run->acts[i].value;
    if (run->replay && run->env.decisions < run->replay->decisions)
        for (int i = 0; i < count; i++)
            actions[i] =
                para_action_value(run->replay->fine, para_replay_actions(run->replay, run->env.decisions)[i]);
    // What cannot be done again is missing from the chain, too, which is compared.
    if (run->replay && run->env.decisions < run->replay->decisions)
        (void)para_env_meddle_again(&run->env, run->replay, NULL, 0);
    para_decision_begin_partly(&run->env, actions);
}

static void note_end(ParaProbe *probe)
{
    ParaEnv *env = &probe->run->env;
    const ParaView *view = para_world_view(env->world);
    if (env->play.status == PARA_PLAY_DIVERGED) {
        probe->diverged = true;
        probe->diverged_at = view->time;
        probe->diverged_body = view->diverged_body;
        return;
    }
    if (probe->end == PARA_PLAY_ON) {
        probe->end = env->play.status;
        probe->ended = view->time;
        para_play_cause(&env->play, env->level, env->world, 0, probe->cause, sizeof probe->cause);
    }
    para_play_go_on(&env->play);
}

/// The decision that was made against the replay's record of it.
static void compare(ParaProbe *probe)
{
    const ParaEnv *env = &probe->run->env;
    const ParaReplay *replay = probe->run->replay;
    if (replay && probe->solver == replay->solver && probe->differs < 0 &&
        env->decisions <= replay->decisions && env->chain != replay->hashes[env->decisions - 1])
        probe->differs = env->decisions - 1;
}

static void step(ParaProbe *probe)
{
    ParaEnv *env = &probe->run->env;
    if (env->step == 0)
        decide(probe->run);
    if (para_decision_step(env))
        compare(probe);
    probe->step++;
    const ParaView *view = para_world_view(env->world);
    probe->dropped += view->dropped;
    probe->substeps = view->substeps > probe->substeps ? view->substeps : probe->substeps;
    if (env->play.status != PARA_PLAY_ON)
        note_end(probe);
}

// ---------------------------------------------------------------------------------------------
// Rows.

static ParaProbeBody body_now(const ParaView *view, int body)
{
    size_t at = (size_t)body * (size_t)view->stride;
    ParaEnergy energy = para_body_energy(view, body);
    return (ParaProbeBody){.x = view->x[at],
                           .y = view->y[at],
                           .angle = view->angle[at],
                           .vx = view->vx[at],
                           .vy = view->vy[at],
                           .spin = view->spin[at],
                           .gone = !view->enabled[at],
                           .kinetic = energy.kinetic,
                           .potential = energy.potential};
}

/// Contacts with a body that is told of. @return false if there is no room for them
static bool copy_contacts(const ParaProbeRun *run, const ParaView *view, ParaProbeRow *row)
{
    size_t size = sizeof *row->contacts * (size_t)view->contact_count;
    row->contact_count = view->contact_count;
    if (para_arena_room(run->arena) < size + ((size_t)1 << 20))
        return false;
    row->contacts = PARA_NEW(run->arena, ParaContact, view->contact_count);
    for (int c = 0; c < view->contact_count; c++)
        if (run->told[view->contacts[c].body_a] || run->told[view->contacts[c].body_b])
            row->contacts[row->told_count++] = view->contacts[c];
    return true;
}

static void take_row(ParaProbe *probe)
{
    ParaProbeRun *run = probe->run;
    const ParaView *view = para_world_view(run->env.world);
    int64_t before = run->dropped_before;
    run->dropped_before = probe->dropped;
    ParaProbeRow row = {.time = view->time,
                        .energy = para_world_energy(view),
                        .motion = para_world_motion(view),
                        .goal = probe->end,
                        .dropped = (int)(probe->dropped - before),
                        .progress = run->env.play.players[0].progress};
    if (!copy_contacts(run, view, &row)) {
        probe->full = true;
        return;
    }
    row.bodies = PARA_NEW(run->arena, ParaProbeBody, probe->body_count);
    for (int i = 0; i < probe->body_count; i++)
        row.bodies[i] = body_now(view, probe->bodies[i]);
    row.joints = PARA_NEW(run->arena, ParaProbeJoint, view->def->joint_count);
    for (int j = 0; j < view->def->joint_count; j++) {
        size_t at = (size_t)j * (size_t)view->stride;
        row.joints[j] = (ParaProbeJoint){view->joint_angle[at], view->joint_speed[at], view->joint_load[at]};
    }
    probe->rows[probe->row_count++] = row;
}

bool para_probe_next(ParaProbe *probe)
{
    PARA_ASSERT(probe->run->group); // open
    if (probe->row_count == 0) {
        take_row(probe);
        return !probe->full;
    }
    if (probe->step >= probe->step_count || probe->diverged || probe->full)
        return false;
    for (int k = 0; k < probe->every && probe->step < probe->step_count && !probe->diverged; k++)
        step(probe);
    take_row(probe);
    return !probe->full;
}
