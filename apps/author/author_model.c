// SPDX-License-Identifier: MIT
// From the text to the level on the canvas: load, sample, build, whenever something has changed. Where the
// text has mistakes the last level stays, and what is not there yet, a player or a goal, is stood in for, so
// that a level can be made from nothing.
#include "apps/author/author_parts.h"

#include "engine/base/clock.h"
#include "engine/base/file.h"

#include <string.h>

#define MODEL_MEMORY ((size_t)1 << 29) // [byte] of one attempt

static const char stand_in[] =
    "{\"name\": \"nobody-yet\", \"at\": [-500, -500], \"shape\": {\"circle\": 0.1}, "
    "\"gravity_scale\": 0, \"mask\": 0}";

bool para_author_model_open(ParaAuthor *a, const char **out_error)
{
    ParaAuthorModel *m = &a->model;
    *out_error = "no memory";
    for (int k = 0; k < 2; k++)
        if (!(m->arenas[k] = para_arena_create((size_t)1 << 18, MODEL_MEMORY)))
            return false;
    for (int k = 0; k < PARA_AUTHOR_MEMBERS; k++)
        if (!(m->members[k].arena = para_arena_create((size_t)1 << 16, MODEL_MEMORY)))
            return false;
    m->group = para_world_group_create(PARA_SOLVER_AUTO, 1 + PARA_AUTHOR_MEMBERS);
    if (!m->group)
        return false;
    para_env_init(&m->env, para_world_at(m->group, 0), false);
    for (int k = 0; k < PARA_AUTHOR_MEMBERS; k++)
        para_env_init(&m->members[k].env, para_world_at(m->group, 1 + k), false);
    return m->env.arena != NULL;
}

void para_author_model_close(ParaAuthor *a)
{
    ParaAuthorModel *m = &a->model;
    if (m->group) {
        para_env_destroy(&m->env);
        for (int k = 0; k < PARA_AUTHOR_MEMBERS; k++)
            para_env_destroy(&m->members[k].env);
        para_world_group_destroy(m->group);
    }
    for (int k = 0; k < 2; k++)
        if (m->arenas[k])
            para_arena_destroy(m->arenas[k]);
    for (int k = 0; k < PARA_AUTHOR_MEMBERS; k++)
        if (m->members[k].arena)
            para_arena_destroy(m->members[k].arena);
}

/// The text with stand-ins for what every template must have. @return whether there are any
static bool complete(const ParaDocument *document, ParaDocument **out)
{
    ParaDocumentValue value;
    size_t size;
    const char *text = para_document_text(document, &size), *error;
    bool player = para_document_find(document, "/player", &value),
         goal = para_document_find(document, "/goal", &value);
    *out = NULL;
    if ((player && goal) || *para_document_broken(document, NULL) ||
        !(*out = para_document_create(text, size)))
        return false;
    if (!player) {
        para_document_insert(*out, "/bodies/-", stand_in, &error);
        para_document_set(*out, "/player", "{\"body\": \"nobody-yet\", \"actuators\": []}", &error);
    }
    if (!goal)
        para_document_set(*out, "/goal", "{\"time\": 3600}", &error);
    return true;
}

/// Where the text has a thing: of one that a part brought, the include that brought it.
static void place_of(const ParaAuthor *a, const char *origin, const char *name, char *out)
{
    ParaDocumentValue value;
    if (origin && para_document_find(a->document, origin, &value) && strncmp(origin, "/included", 9) != 0 &&
        strncmp(origin, "/include", 8) != 0) {
        snprintf(out, PARA_AUTHOR_PATH, "%s", origin);
        return;
    }
    *out = '\0';
    for (int k = 0; k < 32; k++) {
        char place[64], as[64];
        snprintf(place, sizeof place, "/include/%d/as", k);
        if (!para_document_read(a->document, place, as, sizeof as))
            return;
        size_t length = strlen(as);
        const char *rest = name + length;
        if (strncmp(name, as, length) == 0 && rest[strspn(rest, "0123456789")] == '-') {
            snprintf(out, PARA_AUTHOR_PATH, "/include/%d", k);
            return;
        }
    }
}

static void find_places(ParaAuthor *a, ParaAuthorModel *m, ParaArena *arena)
{
    const ParaLevel *level = m->level;
    m->bodies = PARA_NEW(arena, ParaAuthorPath, level->world.body_count + 1);
    m->zones = PARA_NEW(arena, ParaAuthorPath, level->world.zone_count + 1);
    m->joints = PARA_NEW(arena, ParaAuthorPath, level->world.joint_count + 1);
    for (int k = 0; k < level->world.body_count; k++)
        place_of(a, m->origins.bodies[k], level->body_names[k], m->bodies[k]);
    for (int k = 0; k < level->world.zone_count; k++)
        place_of(a, m->origins.zones[k], level->zone_names[k], m->zones[k]);
    for (int k = 0; k < level->world.joint_count; k++)
        place_of(a, m->origins.joints[k], level->joint_names[k], m->joints[k]);
}

/// Values of the parameters: those of the seed, but for what sliders hold. out [param_count]
static void values_of(const ParaAuthorModel *m, const ParaTemplate *t, uint64_t seed, double *out)
{
    para_template_seed_values(t, seed, out);
    for (int k = 0; k < m->set_count; k++)
        for (int p = 0; p < para_template_param_count(t); p++)
            if (strcmp(para_template_param(t, p)->name, m->set[k].name) == 0)
                out[p] = m->set[k].value;
}

static const ParaTemplate *load(ParaAuthor *a, ParaArena *arena, ParaDiagList *list, bool *out_unfinished)
{
    ParaDocument *completed = NULL;
    size_t size;
    *out_unfinished = complete(a->document, &completed);
    const char *text = para_document_text(completed ? completed : a->document, &size);
    char *own = PARA_NEW(arena, char, size + 1); // it may hold a zero byte: text is not only opened
    memcpy(own, text, size + 1);
    const ParaTemplate *t = para_template_load(*a->path ? a->path : "level.json", own, size, arena, list);
    para_document_destroy(completed);
    return t;
}

void para_author_model_refresh(ParaAuthor *a)
{
    ParaAuthorModel *m = &a->model;
    if (m->version == para_document_version(a->document))
        return;
    double begin = para_clock_seconds();
    ParaArena *arena = m->arenas[!m->live];
    para_arena_clear(arena);
    m->version = para_document_version(a->document);
    m->problems = para_diag_list(arena, NULL, NULL);
    m->problems.limit = 60;
    double values[PARA_PARAMS_MAX];
    bool unfinished;
    const ParaTemplate *family = load(a, arena, &m->problems, &unfinished);
    ParaLevel *level = NULL;
    m->stale = true;
    m->unfinished = unfinished;
    if (!family) {
        m->cost_ms = (float)((para_clock_seconds() - begin) * 1e3);
        return;
    }
    values_of(m, family, m->seed, values);
    level = para_template_sample(family, values, m->seed, arena, &m->problems);
    if (!level)
        return;
    // The level before goes: its world is built anew.
    m->live = !m->live;
    m->family = family;
    m->level = level;
    m->origins = para_template_origins(family, level, arena);
    find_places(a, m, arena);
    m->stale = !para_env_begin(&m->env, level, "author");
    if (m->stale)
        para_diag_add(&m->problems, PARA_DIAG_ERROR, "", "", "no solver takes this level");
    m->cost_ms = (float)((para_clock_seconds() - begin) * 1e3);
}

void para_author_model_rewind(ParaAuthor *a)
{
    if (a->model.level)
        para_env_begin(&a->model.env, a->model.level, "author");
}

void para_author_model_set(ParaAuthor *a, const char *name, double value)
{
    ParaAuthorModel *m = &a->model;
    int k = 0;
    while (k < m->set_count && strcmp(m->set[k].name, name) != 0)
        k++;
    if (k == PARA_PARAMS_MAX) { // of a family that is no more
        m->set_count = 0;
        k = 0;
    }
    m->set_count = k == m->set_count ? k + 1 : m->set_count;
    snprintf(m->set[k].name, sizeof m->set[k].name, "%s", name);
    m->set[k].value = value;
    m->version = 0;
    m->members_version = 0;
}

double para_author_model_value(const ParaAuthor *a, int param)
{
    double values[PARA_PARAMS_MAX] = {0};
    values_of(&a->model, a->model.family, a->model.seed, values);
    return values[param];
}

void para_author_model_members(ParaAuthor *a)
{
    ParaAuthorModel *m = &a->model;
    if (!m->family || m->stale || (m->members_version == m->version && m->members_seed == m->seed))
        return;
    m->members_version = m->version;
    m->members_seed = m->seed;
    for (int k = 0; k < PARA_AUTHOR_MEMBERS; k++) {
        double values[PARA_PARAMS_MAX];
        para_arena_clear(m->members[k].arena);
        m->members[k].seed = m->seed + (uint64_t)k;
        values_of(m, m->family, m->members[k].seed, values);
        ParaLevel *level =
            para_template_sample(m->family, values, m->members[k].seed, m->members[k].arena, NULL);
        m->members[k].level = level && para_env_begin(&m->members[k].env, level, "author") ? level : NULL;
    }
}
