// SPDX-License-Identifier: MIT
// Whether a story can be told: a walk over its scenes by their branches, and a look at their levels.
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "worlds/library.h"
#include "worlds/problems.h"
#include "worlds/story/fields.h"
#include "worlds/story/story_check.h"
#include "worlds/template.h"

#include <string.h>

#define ENDS (1u << PARA_PLAY_SOLVED | 1u << PARA_PLAY_FAILED | 1u << PARA_PLAY_TIMEOUT)

#define TELL(list, severity, code, path, ...)                                                                \
    para_diag_add(list, PARA_DIAG_##severity, PARA_STORY_##code, path, __VA_ARGS__)

static const char *end_word(uint32_t bits)
{
    return bits & 1u << PARA_PLAY_SOLVED ? "solved" : bits & 1u << PARA_PLAY_FAILED ? "failed" : "timeout";
}

/// Whether an expression is a number whatever happens. @param out its value
static bool is_constant(const ParaExpr *expr, double *out)
{
    return expr && !expr->varies && para_expr_run(expr, &(ParaExprInput){0}, out) == PARA_EXPR_FINE;
}

/// Branches of a scene in their order: which can be taken, and whether each end has one.
static void check_branches(const ParaStoryScene *scene, ParaDiagList *list)
{
    uint32_t left = ENDS; // ends that no branch before takes in any case
    for (int b = 0; b < scene->branch_count; b++) {
        const ParaStoryBranch *branch = &scene->branches[b];
        uint32_t on = branch->on ? branch->on : ENDS;
        double value = 1.0;
        bool constant = is_constant(branch->when, &value);
        if (constant && value == 0.0)
            TELL(list, WARNING, NEVER_TAKEN, branch->path, "never taken: its \"when\" is 0 whatever happens");
        else if (!(on & left))
            TELL(list, WARNING, NEVER_TAKEN, branch->path,
                 "never taken: the branches before it go on in any case");
        if (branch->cause < 0 && (!branch->when || (constant && value != 0.0)))
            left &= ~on;
    }
    for (uint32_t bit = 1; bit <= ENDS; bit <<= 1)
        if (left & bit)
            TELL(
                list, ERROR, DEAD_END, scene->path,
                "a dead end: when \"%s\" is %s, no branch goes on in any case; give one without \"when\" and "
                "\"cause\"",
                scene->name, end_word(bit));
}

/// Marks all that can be reached. @param scenes, endings in-out
static void walk(const ParaStory *story, int scene, bool *scenes, bool *endings)
{
    int stack[PARA_STORY_SCENES_MAX], depth = 0;
    stack[depth++] = scene;
    scenes[scene] = true;
    while (depth > 0) {
        const ParaStoryScene *at = &story->scenes[stack[--depth]];
        for (int b = 0; b < at->branch_count; b++) {
            int go = at->branches[b].go;
            if (go < 0) {
                endings[-1 - go] = true;
            } else if (!scenes[go]) { // each is stacked once: no more than there are
                scenes[go] = true;
                stack[depth++] = go;
            }
        }
    }
}

static void check_ways(const ParaStory *story, ParaDiagList *list)
{
    bool scenes[PARA_STORY_SCENES_MAX] = {false}, endings[PARA_STORY_ENDINGS_MAX] = {false};
    walk(story, story->start, scenes, endings);
    for (int s = 0; s < story->scene_count; s++) {
        bool on[PARA_STORY_SCENES_MAX] = {false}, out[PARA_STORY_ENDINGS_MAX] = {false}, any = false;
        walk(story, s, on, out);
        for (int e = 0; e < story->ending_count; e++)
            any |= out[e];
        if (!scenes[s])
            TELL(list, ERROR, UNREACHED, story->scenes[s].path,
                 "no way leads from \"%s\" to the scene \"%s\"", story->scenes[story->start].name,
                 story->scenes[s].name);
        else if (!any)
            TELL(list, ERROR, NO_WAY_OUT, story->scenes[s].path, "from \"%s\" no way leads to an ending",
                 story->scenes[s].name);
    }
    for (int e = 0; e < story->ending_count; e++)
        if (!endings[e])
            TELL(list, WARNING, UNSEEN, story->endings[e].path, "no way leads to the ending \"%s\"",
                 story->endings[e].name);
}

/// Whether an expression reads a variable: parameters that make a difference to its program.
static bool reads(const ParaExpr *expr, int variable)
{
    return expr && para_expr_reads_param(expr, PARA_STORY_SENSES + variable);
}

static bool scene_reads(const ParaStoryScene *scene, int variable)
{
    bool read = false;
    for (int c = 0; c < scene->caption_count; c++)
        read |= reads(scene->captions[c].when, variable);
    for (int k = 0; k < scene->keep_count; k++)
        read |= reads(scene->keep[k].to, variable);
    for (int b = 0; b < scene->branch_count; b++) {
        read |= reads(scene->branches[b].when, variable);
        for (int k = 0; k < scene->branches[b].set_count; k++)
            read |= reads(scene->branches[b].sets[k].to, variable);
    }
    return read;
}

void para_story_check(const ParaStory *story, ParaDiagList *list)
{
    for (int s = 0; s < story->scene_count; s++)
        check_branches(&story->scenes[s], list);
    check_ways(story, list);
    for (int v = 0; v < story->variable_count; v++) {
        bool read = false;
        for (int s = 0; s < story->scene_count; s++)
            read |= scene_reads(&story->scenes[s], v);
        if (!read)
            TELL(list, WARNING, UNREAD, para_arena_printf(list->arena, "/variables/%s", story->variables[v]),
                 "nothing depends on the variable \"%s\"", story->variables[v]);
    }
}

// ---------------------------------------------------------------------------------------------
// Levels.

/// A path beside the story's own file.
static const char *beside(const char *path, const char *level, ParaArena *arena)
{
    const char *slash = strrchr(path, '/');
    if (!para_library_is_path(level) || *level == '/' || !slash)
        return level;
    return para_arena_printf(arena, "%.*s%s", (int)(slash + 1 - path), path, level);
}

/// A scene whose level is a story, this one or another. @param own path of this one
static bool is_story(const ParaStoryScene *scene, const char *own, ParaArena *arena, ParaDiagList *list)
{
    size_t size = 0;
    const char *error = NULL, *text = NULL;
    if (para_library_is_path(scene->level))
        text = para_file_read(scene->level, PARA_TEMPLATE_SIZE_MAX, arena, &size, &error);
    if (!text || !para_story_is(text, size)) // what cannot be read is told by who loads it
        return false;
    bool same = strcmp(para_path_real(scene->level, arena), para_path_real(own, arena)) == 0;
    TELL(list, ERROR, IN_STORY, para_arena_printf(list->arena, "%s/level", scene->path),
         same ? "\"%.200s\" is this story itself; a scene names a family or the file of a level"
              : "\"%.200s\" is a story; a scene names a family or the file of a level, and a branch goes to "
                "scenes of its own story alone",
         scene->level);
    return true;
}

static const ParaTemplate *load_level(const ParaStoryScene *scene, ParaArena *arena, ParaDiagList *list)
{
    const char *path = para_arena_printf(list->arena, "%s/level", scene->path);
    const char *found = para_library_find(scene->level, arena), *error = NULL;
    if (!found) {
        const char *close = NULL, **names = NULL;
        if (para_library_is_path(scene->level)) {
            close = para_library_close_file(scene->level, arena);
        } else {
            int count = para_library_list(arena, &names);
            close = para_closest_word(scene->level, names, count);
        }
        TELL(list, ERROR, NO_LEVEL, path, "there is no %s \"%.200s\"%s%s%s",
             para_library_is_path(scene->level) ? "file" : "family", scene->level,
             close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "");
        return NULL;
    }
    const ParaTemplate *t = para_library_load(scene->level, arena, &error);
    if (!t)
        TELL(list, ERROR, BAD_LEVEL, path, "\"%.200s\" has errors: paracosm check %.200s tells them",
             scene->level, found);
    return t;
}

/// The values a scene sets. @param values in-out [param_count]
static bool take_settings(const ParaStoryScene *scene, const ParaTemplate *t, double *values,
                          ParaArena *arena, ParaDiagList *list)
{
    bool good = true;
    const char *names[PARA_PARAMS_MAX];
    int count = para_template_param_count(t);
    for (int p = 0; p < count; p++)
        names[p] = para_template_param(t, p)->name;
    for (int i = 0; i < scene->setting_count; i++) {
        const char *equals = strchr(scene->settings[i], '='), *rest;
        const char *name =
            para_arena_printf(arena, "%.*s", (int)(equals - scene->settings[i]), scene->settings[i]);
        const char *path = para_arena_printf(list->arena, "%s/set/%s", scene->path, name);
        double value = para_text_number(equals + 1, &rest);
        int at = 0;
        while (at < count && strcmp(names[at], name) != 0)
            at++;
        if (at == count) {
            const char *close = para_closest_word(name, names, count);
            TELL(list, ERROR, NO_PARAMETER, path, "\"%s\" has no parameter \"%s\"%s%s%s", scene->level, name,
                 close ? "; did you mean \"" : "", close ? close : "", close ? "\"?" : "")
                ->at_key = true;
            good = false;
        } else if (!(value >= para_template_param(t, at)->low && value <= para_template_param(t, at)->high)) {
            TELL(list, ERROR, NO_PARAMETER, path, "%g is out of the range of \"%s\", %g to %g", value, name,
                 para_template_param(t, at)->low, para_template_param(t, at)->high);
            good = false;
        } else {
            values[at] = value;
        }
    }
    return good;
}

/// Whether a level has a condition of a kind in what ends it.
static bool can_cause(const ParaLevel *level, int kind)
{
    for (int n = 0; n < level->goal_count; n++)
        if ((int)level->goals[n].kind == kind)
            return true;
    return false;
}

static void check_ends(const ParaStoryScene *scene, const ParaLevel *level, ParaDiagList *list)
{
    int count;
    const char *const *words = para_story_causes(&count);
    for (int b = 0; b < scene->branch_count; b++) {
        const ParaStoryBranch *branch = &scene->branches[b];
        if (branch->on == 1u << PARA_PLAY_FAILED && level->players[0].fail_root < 0)
            TELL(list, WARNING, NEVER_TAKEN, branch->path, "never taken: nothing in \"%s\" fails the player",
                 scene->level);
        else if (branch->cause >= 0 && !can_cause(level, branch->cause))
            TELL(list, WARNING, NEVER_TAKEN, branch->path, "never taken: \"%s\" has no condition %s",
                 scene->level, words[branch->cause]);
    }
    for (int k = 0; k < scene->keep_count; k++) {
        const char *names[PARA_VARIABLES_MAX], *of = scene->keep[k].of;
        bool there = !of;
        for (int v = 0; v < level->variable_count; v++) {
            names[v] = level->variables[v].name;
            there |= of && strcmp(names[v], of) == 0;
        }
        const char *close = there ? NULL : para_closest_word(of, names, level->variable_count);
        if (!there)
            TELL(list, ERROR, NO_PARAMETER, para_arena_printf(list->arena, "%s/keep", scene->path),
                 "\"%s\" has no variable \"%.60s\"%s%s%s", scene->level, of, close ? "; did you mean \"" : "",
                 close ? close : "", close ? "\"?" : "");
    }
}

void para_story_check_levels(ParaStory *story, const char *path, ParaArena *arena, ParaDiagList *list)
{
    for (int s = 0; s < story->scene_count; s++) {
        ParaStoryScene *scene = &story->scenes[s];
        double values[PARA_PARAMS_MAX];
        scene->level = beside(path, scene->level, arena);
        const ParaTemplate *t = is_story(scene, path, arena, list) ? NULL : load_level(scene, arena, list);
        if (!t)
            continue;
        para_template_seed_values(t, scene->seed, values);
        if (!take_settings(scene, t, values, arena, list))
            continue;
        const ParaLevel *level = para_template_sample(t, values, scene->seed, arena, NULL);
        if (level)
            check_ends(scene, level, list);
        else
            TELL(list, ERROR, BAD_LEVEL, scene->path, "\"%s\" has no level at seed %llu", scene->level,
                 (unsigned long long)scene->seed);
    }
}
