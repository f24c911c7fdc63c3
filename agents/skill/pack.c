// SPDX-License-Identifier: MIT
// From a run to a skill.
#include "agents/skill/pack.h"

#include "agents/lesson/evaluate.h"
#include "agents/player/player.h"
#include "agents/run/safetensors.h"
#include "agents/skill/ground.h"
#include "engine/base/text.h"

#include <stdlib.h>
#include <string.h>

#define REACH_SHARE 0.95 // of the situations where it got through, that lie within its reach
#define STOPPED     "stopped before the end; nothing was written"

ParaSkillPackDef para_skill_pack_def_default(const char *run_folder)
{
    return (ParaSkillPackDef){.run_folder = run_folder,
                              .licence = "",
                              .levels = 64,
                              .episodes = 2,
                              .seed = 1,
                              .solver = PARA_SOLVER_AUTO};
}

// Packing at work.
typedef struct Pack {
    const ParaSkillPackDef *def;
    const ParaSkillWatch *watch;
    ParaArena *arena;
    ParaFamilies families;
    ParaSkill *skill;
    int64_t before, total; // episodes of the rounds that are done, and of both
} Pack;

static bool watch_over(void *context, int64_t done, int64_t total)
{
    const Pack *p = context;
    (void)total;
    return !p->watch || !p->watch->over || p->watch->over(p->watch->context, p->before + done, p->total);
}

static bool watch_stop(void *context)
{
    const Pack *p = context;
    return p->watch && p->watch->stop && p->watch->stop(p->watch->context);
}

/// The player alone, on levels of its training or on held-out ones. @return NULL: no memory, or stopped
static ParaSkillEpisode *play(Pack *p, bool training, ParaSituations *situations)
{
    const ParaSkill *one[] = {p->skill};
    const ParaSkillSet alone = {.count = 1, .skills = one, .fallback = -1};
    const ParaEpisodesDef def = {.families = &p->families,
                                 .levels = p->def->levels,
                                 .episodes = p->def->episodes,
                                 .seed = p->def->seed,
                                 .training = training,
                                 .solver =
                                     p->def->solver == PARA_SOLVER_AUTO ? p->skill->solver : p->def->solver,
                                 .threads = p->def->threads};
    const ParaSkillWatch watch = {.over = watch_over, .stop = watch_stop, .context = p};
    int64_t count = (int64_t)p->families.count * def.levels * def.episodes;
    ParaSkillEpisode *out = PARA_NEW(p->arena, ParaSkillEpisode, count);
    bool good = para_skills_measure(&def, &alone, &watch, p->arena, out, situations);
    p->before += count;
    return good ? out : NULL;
}

/// Situations of the solved episodes, those of every second one apart. @param out out   @return how many rows
static int gather(const ParaSkillEpisode *episodes, int count, const ParaSituations *from, int which,
                  float *out)
{
    int size = para_situation_size(), rows = 0;
    for (int i = 0, solved = 0; i < count; i++) {
        if (!episodes[i].is.solved || solved++ % 2 != which)
            continue;
        memcpy(out + (size_t)rows * (size_t)size, from->rows + (size_t)i * PARA_SKILL_KEPT * (size_t)size,
               sizeof *out * (size_t)from->counts[i] * (size_t)size);
        rows += from->counts[i];
    }
    return rows;
}

static int by_size(const void *a, const void *b)
{
    float left = *(const float *)a, right = *(const float *)b;
    return (left > right) - (left < right);
}

/// So many rows at most, evenly of all, which are in the episodes' order. @return rows
static int thin_evenly(float *rows, int count, int most, int size)
{
    for (int i = 0; i < most && count > most; i++)
        memmove(rows + (size_t)i * (size_t)size,
                rows + (size_t)i * (size_t)count / (size_t)most * (size_t)size, sizeof *rows * (size_t)size);
    return count < most ? count : most;
}

static bool find_ground(Pack *p, const char **out_error)
{
    ParaSituations kept;
    int size = para_situation_size(), count = p->families.count * p->def->levels * p->def->episodes,
        solved = 0;
    const ParaSkillEpisode *episodes = play(p, true, &kept);
    *out_error = STOPPED;
    if (!episodes)
        return false;
    for (int i = 0; i < count; i++)
        solved += episodes[i].is.solved;
    *out_error =
        para_arena_printf(p->arena,
                          "it solved %d of %d episodes: too few to know on what ground it is at home; "
                          "train it longer, or tell the families that it is for with --families",
                          solved, count);
    if (solved < PARA_SKILL_SOLVED_MIN)
        return false;
    float *ground = PARA_NEW(p->arena, float, (size_t)count *PARA_SKILL_KEPT *(size_t)size);
    float *others = PARA_NEW(p->arena, float, (size_t)count *PARA_SKILL_KEPT *(size_t)size);
    int rows = thin_evenly(ground, gather(episodes, count, &kept, 0, ground), PARA_SKILL_GROUND, size);
    int tried = thin_evenly(others, gather(episodes, count, &kept, 1, others), 4 * PARA_SKILL_GROUND, size);
    float *apart = PARA_NEW(p->arena, float, tried);
    for (int i = 0; i < tried; i++)
        apart[i] = para_ground_apart(ground, rows, others + (size_t)i * (size_t)size, size);
    qsort(apart, (size_t)tried, sizeof *apart, by_size);
    p->skill->ground = ground;
    p->skill->ground_count = rows;
    p->skill->reach = apart[(int)(REACH_SHARE * (tried - 1))];
    return true;
}

static bool score(Pack *p, const char **out_error)
{
    int each = p->def->levels * p->def->episodes;
    const ParaSkillEpisode *episodes = play(p, false, NULL);
    *out_error = STOPPED;
    if (!episodes)
        return false;
    ParaSkillScore *scores = PARA_NEW(p->arena, ParaSkillScore, p->families.count);
    for (int f = 0; f < p->families.count; f++) {
        int solved = 0;
        for (int i = 0; i < each; i++)
            solved += episodes[f * each + i].is.solved;
        ParaSkillScore *of = &scores[f];
        *of = (ParaSkillScore){.family = para_template_name(p->families.templates[f]),
                               .levels = p->def->levels,
                               .solve = (float)solved / (float)each};
        para_share_interval((double)of->solve, of->levels, &of->low, &of->high);
    }
    p->skill->scores = scores;
    p->skill->score_count = p->families.count;
    return true;
}

/// The last part of a path without the ending of a file.
static const char *base_name(const char *path, ParaArena *arena)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t begin = end;
    while (begin > 0 && path[begin - 1] != '/')
        begin--;
    const char *name = para_arena_printf(arena, "%.*s", (int)(end - begin), path + begin);
    const char *dot = strrchr(name, '.');
    return dot && dot > name ? para_arena_printf(arena, "%.*s", (int)(dot - name), name) : name;
}

/// A text within the bytes of its place, cut between two letters.
static const char *cut(const char *text, size_t most, ParaArena *arena)
{
    size_t end = strlen(text);
    if (end >= most)
        for (end = most - 1; end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80;)
            end--;
    return para_arena_printf(arena, "%.*s", (int)end, text);
}

static void say_what_it_is(Pack *p, ParaSkill *out)
{
    const ParaSkillPackDef *def = p->def;
    bool one = p->families.count == 1;
    const char *names = p->families.names[0];
    for (int f = 1; f < p->families.count; f++)
        names = para_arena_printf(p->arena, "%s, %s", names, p->families.names[f]);
    const char *about =
        one ? para_template_about(p->families.templates[0]) : para_arena_printf(p->arena, "Plays %s.", names);
    const char *run = base_name(def->run_folder, p->arena);
    out->run = para_skill_text_is_plain(run) ? run : "";
    out->name = def->name ? def->name : one ? p->families.names[0] : run;
    out->about = cut(def->about ? def->about : about, PARA_SKILL_ABOUT_MAX, p->arena);
    out->licence = def->licence;
}

/// The player and its families. @return false with an error
static bool open_player(Pack *p, const char **out_card, const char **out_note, const char **out_error)
{
    const ParaSkillPackDef *def = p->def;
    const ParaFamiliesWish wish = {.names = def->families, .count = def->family_count};
    const char *note = NULL, *path = para_player_checkpoint(def->run_folder, p->arena, out_note, out_error);
    int count = 0;
    ParaTensor *tensors = path ? para_safetensors_read(path, p->arena, &count, out_card, out_error) : NULL;
    if (!tensors ||
        !(p->skill->policy = para_player_from_card(*out_card, tensors, count, p->arena, out_error)) ||
        !para_player_families(def->run_folder, &wish, p->arena, &p->families, &note, out_error))
        return false;
    *out_note = *out_note ? *out_note : note;
    if (p->families.count > PARA_SKILL_FAMILIES_MAX) {
        *out_error = para_arena_printf(p->arena,
                                       "%d families are more than the %d that a skill is for; name them "
                                       "with --families",
                                       p->families.count, PARA_SKILL_FAMILIES_MAX);
        return false;
    }
    for (int f = 0; f < p->families.count; f++)
        if (!para_player_knows(p->skill->policy, def->run_folder, p->families.templates[f], p->arena,
                               out_error))
            return false;
    const ParaTensor *own = para_policy_tensors(p->skill->policy, &count);
    p->skill->hash = para_tensors_hash(own, count);
    p->skill->solver = para_player_solver(def->run_folder, p->arena);
    return true;
}

/// Scores by name alone for now: a player of a family's vector knows its levels by them.
static void name_families(Pack *p)
{
    ParaSkillScore *scores = PARA_NEW(p->arena, ParaSkillScore, p->families.count);
    for (int f = 0; f < p->families.count; f++)
        scores[f] = (ParaSkillScore){.family = para_template_name(p->families.templates[f])};
    p->skill->scores = scores;
    p->skill->score_count = p->families.count;
}

bool para_skill_pack(const ParaSkillPackDef *def, const ParaSkillWatch *watch, ParaArena *arena,
                     ParaSkill *out, const char **out_card, const char **out_note, const char **out_error)
{
    *out = (ParaSkill){.path = ""};
    Pack p = {.def = def, .watch = watch, .arena = arena, .skill = out};
    if (!open_player(&p, out_card, out_note, out_error))
        return false;
    say_what_it_is(&p, out);
    const char *problem = para_skill_name_problem(out->name);
    if (problem) {
        *out_error = para_arena_printf(arena, "the name %s %s; give one with --name", out->name, problem);
        return false;
    }
    if (!para_skill_text_is_plain(out->about) || !para_skill_text_is_plain(out->licence)) {
        *out_error = "what it does and its licence must be UTF-8 without control characters or new lines";
        return false;
    }
    if ((int64_t)p.families.count * def->levels * def->episodes > PARA_SKILL_PACK_MAX) {
        *out_error = para_arena_printf(
            arena, "%d levels of %d families, %d episodes on each, are more than %d; ask for fewer",
            def->levels, p.families.count, def->episodes, PARA_SKILL_PACK_MAX);
        return false;
    }
    if (def->ready && !def->ready(def->ready_context, out->name, arena, out_error))
        return false;
    p.total = 2 * (int64_t)p.families.count * def->levels * def->episodes;
    name_families(&p);
    return find_ground(&p, out_error) && score(&p, out_error);
}
