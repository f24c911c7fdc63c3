// SPDX-License-Identifier: MIT
// What a probe has measured, in words and as JSON: the one form that the command prints and Python hands out.
#include "agents/env/probe.h"
#include "engine/base/json.h"
#include "engine/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const goal_names[] = {[PARA_PLAY_ON] = "none",
                                         [PARA_PLAY_SOLVED] = "solved",
                                         [PARA_PLAY_FAILED] = "failed",
                                         [PARA_PLAY_TIMEOUT] = "timeout"};

const char *para_probe_status(const ParaProbe *probe)
{
    if (probe->diverged)
        return "diverged";
    return probe->end == PARA_PLAY_ON ? "running" : goal_names[probe->end];
}

/// Adds to a text, as far as it has room.
static void add(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void add(char *out, size_t size, const char *format, ...)
{
    size_t used = strlen(out);
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(out + used, size - used, format, arguments);
    va_end(arguments);
}

void para_probe_story(const ParaProbe *probe, char *out, size_t size)
{
    double last = probe->row_count > 0 ? probe->rows[probe->row_count - 1].time : 0.0;
    bool ended = probe->end != PARA_PLAY_ON;
    out[0] = '\0';
    if (ended)
        add(out, size, "%s at %.5g s%s%s", goal_names[probe->end], probe->ended, *probe->cause ? ": " : "",
            probe->cause);
    if (probe->diverged)
        add(out, size, "%sdiverged at %.5g s: the numbers of %s ran away, and the world stands still",
            ended ? ", then " : "", probe->diverged_at,
            probe->diverged_body >= 0 ? probe->body_names[probe->diverged_body] : "a body");
    else if (probe->full)
        add(out, size, "%smeasured up to %.5g s, where memory ended", ended ? "; " : "", last);
    else
        add(out, size, "%s %.5g s", ended ? "; measured on to" : "running after", last);
    if (probe->differs >= 0)
        add(out, size,
            "; not as the replay was recorded: decision %d comes out otherwise, as of another version",
            probe->differs);
    if (probe->dropped > 0)
        add(out, size, "; %lld pairs of shapes were left out for want of room", (long long)probe->dropped);
}

// ---------------------------------------------------------------------------------------------

static void key_float(ParaJson *json, const char *key, float value)
{
    para_json_key(json, key);
    para_json_float(json, value);
}

static void key_double(ParaJson *json, const char *key, double value)
{
    para_json_key(json, key);
    para_json_double(json, value);
}

static void key_vector(ParaJson *json, const char *key, ParaVec2 v)
{
    para_json_key(json, key);
    para_json_open(json, '[');
    para_json_item(json);
    para_json_float(json, v.x);
    para_json_item(json);
    para_json_float(json, v.y);
    para_json_close(json, ']');
}

static void write_body(ParaJson *json, const ParaProbeBody *body)
{
    para_json_open(json, '{');
    key_float(json, "x", body->x);
    key_float(json, "y", body->y);
    key_float(json, "angle", body->angle);
    key_float(json, "vx", body->vx);
    key_float(json, "vy", body->vy);
    key_float(json, "spin", body->spin);
    key_double(json, "energy", body->kinetic + body->potential);
    key_double(json, "kinetic", body->kinetic);
    key_double(json, "potential", body->potential);
    if (body->gone) {
        para_json_key(json, "gone");
        para_json_format(json, "true");
    }
    para_json_close(json, '}');
}

static void write_contact(ParaJson *json, const ParaProbe *probe, const ParaContact *contact)
{
    para_json_item(json);
    para_json_open(json, '{');
    para_json_key_string(json, "a", probe->body_names[contact->body_a]);
    para_json_key_string(json, "b", probe->body_names[contact->body_b]);
    key_float(json, "impulse", contact->impulse);
    key_vector(json, "point", contact->point);
    key_vector(json, "normal", contact->normal);
    para_json_close(json, '}');
}

static void write_row(ParaJson *json, const ParaProbe *probe, const ParaProbeRow *row)
{
    para_json_open(json, '{');
    key_double(json, "time", row->time);
    para_json_key(json, "energy");
    para_json_open(json, '{');
    key_double(json, "kinetic", row->energy.kinetic);
    key_double(json, "potential", row->energy.potential);
    key_double(json, "spring", row->energy.spring);
    key_double(json, "total", para_energy_total(row->energy));
    para_json_close(json, '}');
    para_json_key(json, "momentum");
    para_json_open(json, '{');
    key_double(json, "x", row->motion.momentum_x);
    key_double(json, "y", row->motion.momentum_y);
    key_double(json, "angular", row->motion.angular_momentum);
    para_json_close(json, '}');
    para_json_key_string(json, "goal", goal_names[row->goal]);
    key_float(json, "progress", row->progress);
    para_json_key(json, "bodies");
    para_json_open(json, '{');
    for (int i = 0; i < probe->body_count; i++) {
        para_json_key(json, probe->body_names[probe->bodies[i]]);
        write_body(json, &row->bodies[i]);
    }
    para_json_close(json, '}');
    para_json_key(json, "joints");
    para_json_open(json, '{');
    for (int j = 0; j < probe->level->world.joint_count; j++) {
        para_json_key(json, probe->joint_names[j]);
        para_json_open(json, '{');
        key_float(json, "angle", row->joints[j].angle);
        key_float(json, "speed", row->joints[j].speed);
        key_float(json, "load", row->joints[j].load);
        para_json_close(json, '}');
    }
    para_json_close(json, '}');
    para_json_key(json, "contacts");
    para_json_format(json, "%d", row->contact_count);
    para_json_key(json, "dropped");
    para_json_format(json, "%d", row->dropped);
    para_json_key(json, "touching");
    para_json_open(json, '[');
    for (int c = 0; c < row->told_count; c++)
        write_contact(json, probe, &row->contacts[c]);
    para_json_close(json, ']');
    para_json_close(json, '}');
}

static void write_head(ParaJson *json, const ParaProbe *probe)
{
    const ParaLevel *level = probe->level;
    char story[400];
    para_probe_story(probe, story, sizeof story);
    para_json_key_string(json, "solver", para_solver_name(probe->solver));
    para_json_key_string(json, "status", para_probe_status(probe));
    para_json_key_string(json, "story", story);
    para_json_key(json, "ended");
    if (probe->end != PARA_PLAY_ON || probe->diverged)
        para_json_double(json, probe->end != PARA_PLAY_ON ? probe->ended : probe->diverged_at);
    else
        para_json_format(json, "null");
    para_json_key(json, "differs");
    para_json_format(json, probe->differs >= 0 ? "%d" : "null", probe->differs);
    para_json_key_string(json, "family", level->family);
    para_json_key(json, "seed");
    para_json_format(json, "%llu", (unsigned long long)level->seed);
    para_json_key(json, "params");
    para_json_open(json, '{');
    for (int p = 0; p < level->param_count; p++)
        key_double(json, level->params[p].name, level->params[p].value);
    para_json_close(json, '}');
    key_float(json, "rate", level->world.rate);
    para_json_key(json, "substeps");
    para_json_format(json, "%d", probe->substeps);
    para_json_key_string(json, "beyond", probe->beyond);
    para_json_key(json, "every");
    para_json_format(json, "%d", probe->every);
}

void para_probe_write_json(const ParaProbe *probe, FILE *out, ParaArena *scratch)
{
    ParaArenaMark mark = para_arena_mark(scratch);
    ParaJson json = para_json(scratch, 0);
    para_json_open(&json, '{');
    write_head(&json, probe);
    para_json_key(&json, "steps");
    para_json_open(&json, '[');
    fwrite(json.text, 1, json.size, out);
    para_arena_rewind(scratch, mark);
    for (int i = 0; i < probe->row_count && !ferror(out); i++) {
        json = para_json(scratch, 0);
        write_row(&json, probe, &probe->rows[i]);
        fputs(i ? ",\n" : "\n", out);
        fwrite(json.text, 1, json.size, out);
        para_arena_rewind(scratch, mark);
    }
    fputs("]}", out);
}
