// SPDX-License-Identifier: MIT
// Families by name or path, levels of picks (trying the next seeds where one makes no sense), and whether
// levels fit a solver. Used by batches, trials and the training.
#include "agents/batch/families.h"

#include "engine/base/assert.h"
#include "engine/base/file.h"
#include "worlds/meddle/toybox.h"
#include "worlds/rules/voice.h"

#include <string.h>

#define PLAYERS_MEMBERS 5                   // of a family that are asked how many act in them
#define LAYOUT_MEMBERS  128                 // seeds looked at for the vector layout
#define PACKING_BLOCK   ((size_t)256 << 10) // [byte] holds a level, its text and what it is read into
#define PACKING_MAX     ((size_t)64 << 20)  // [byte] of the largest level

const char *const *para_families_expand(const char *const *names, int *count, ParaArena *arena,
                                        const char **out_error)
{
    int asked = *count, all = 0;
    const char **inner = NULL, **out = NULL;
    if (asked == 0) {
        *count = para_library_expand(NULL, arena, &inner);
        if (*count == 0)
            *out_error =
                "the template library is empty or missing; set PARACOSM_LIBRARY to a folder of templates";
        return *count > 0 ? inner : NULL;
    }
    for (int i = 0; i < asked; i++) {
        int more = para_library_expand(names[i], arena, &inner);
        if (more == 0) {
            *out_error = para_arena_printf(
                arena,
                para_path_kind(names[i]) == PARA_PATH_FOLDER
                    ? "there is no template in \"%.200s\": it is a folder without a .json file"
                    : "the library has no families of \"%.60s\"",
                names[i]);
            return NULL;
        }
        const char **next = PARA_NEW(arena, const char *, all + more);
        for (int k = 0; k < all + more; k++)
            next[k] = k < all ? out[k] : inner[k - all];
        out = next;
        all += more;
    }
    *count = all;
    return out;
}

bool para_families_load(ParaFamilies *out, const char *const *names, int count, ParaArena *arena,
                        const char **out_error)
{
    if (!(names = para_families_expand(names, &count, arena, out_error)))
        return false;
    ParaTemplateText *texts = PARA_NEW(arena, ParaTemplateText, count);
    for (int i = 0; i < count; i++)
        if (!para_library_read(names[i], arena, &texts[i], out_error))
            return false;
    return para_families_load_texts(out, texts, count, arena, out_error) &&
           para_families_differ(out, arena, out_error);
}

static void tell_apart(ParaFamilies *families, ParaArena *arena)
{
    const char **apart = PARA_NEW(arena, const char *, families->count);
    for (int i = 0; i < families->count; i++) {
        const char *source = families->texts[i].source, *slash = strrchr(source, '/'),
                   *stem = slash ? slash + 1 : source;
        size_t length = strlen(stem);
        int others = 0;
        for (int k = 0; k < families->count; k++)
            others += k != i && strcmp(families->names[k], families->names[i]) == 0;
        bool named = others > 0 && length > 5 && strcmp(stem + length - 5, ".json") == 0;
        apart[i] = named ? para_arena_printf(arena, "%.*s", (int)(length - 5), stem) : families->names[i];
    }
    families->names = apart;
}

bool para_families_differ(const ParaFamilies *families, ParaArena *arena, const char **out_error)
{
    for (int i = 1; i < families->count; i++)
        for (int k = 0; k < i; k++)
            if (strcmp(families->names[i], families->names[k]) == 0) {
                const char *one = families->texts[k].source, *other = families->texts[i].source;
                *out_error = strcmp(one, other) == 0
                                 ? para_arena_printf(arena, "the family %s is asked for twice", one)
                                 : para_arena_printf(arena,
                                                     "\"%s\" and \"%s\" are both named %s; give one of them "
                                                     "another name",
                                                     one, other, families->names[i]);
                return false;
            }
    return true;
}

bool para_families_load_texts(ParaFamilies *out, const ParaTemplateText *texts, int count, ParaArena *arena,
                              const char **out_error)
{
    PARA_ASSERT(count >= 1);
    *out = (ParaFamilies){.names = PARA_NEW(arena, const char *, count),
                          .templates = PARA_NEW(arena, const ParaTemplate *, count),
                          .texts = texts};
    for (int i = 0; i < count; i++) {
        const ParaTemplate *t = para_library_load_text(&texts[i], arena, out_error);
        if (!t)
            return false;
        out->templates[i] = t;
        out->names[i] = para_template_name(t);
    }
    out->count = count;
    out->whole = out->templates;
    tell_apart(out, arena);
    return true;
}

bool para_families_narrow(ParaFamilies *families, const char *tier, ParaArena *arena, const char **out_error)
{
    if (!tier)
        return true;
    const ParaTemplate **narrow = PARA_NEW(arena, const ParaTemplate *, families->count);
    for (int i = 0; i < families->count; i++)
        if (!(narrow[i] = para_template_narrow(families->whole[i], tier, arena, out_error)))
            return false;
    families->templates = narrow;
    return true;
}

ParaLevel *para_families_pack(const ParaFamilies *families, const ParaLevel *level, ParaArena *arena)
{
    // What the packing leaves behind goes with an arena of its own: an env's would keep it for the episode.
    ParaArena *scratch = families->toybox ? para_arena_create(PACKING_BLOCK, PACKING_MAX) : NULL;
    const ParaLevel *packed = scratch ? para_toybox_add(level, families->solver, scratch, NULL) : NULL;
    ParaLevel *out = para_level_copy(packed ? packed : level, arena);
    if (scratch)
        para_arena_destroy(scratch);
    return out;
}

ParaLevel *para_families_sample(const ParaFamilies *families, ParaPick *pick, const char *maker,
                                ParaArena *arena)
{
    const ParaTemplate *t = families->templates[pick->family];
    for (int i = 0; i < PARA_FAMILIES_TRIES; i++) {
        ParaLevel *level = para_pick_level(t, pick, maker, arena);
        if (level)
            return families->toybox ? para_families_pack(families, level, arena) : level;
        // The side of the seed space (training or held out) is its top bit, which a retry must keep.
        uint64_t side = pick->seed & (UINT64_C(1) << 63);
        pick->seed = (para_seed_mix(pick->seed, 1) >> 1) | side;
    }
    return NULL;
}

ParaObsSpec para_families_vector(const ParaFamilies *families, int family, ParaArena *arena)
{
    const ParaTemplate *t = families->whole[family];
    const ParaFamilies whole = {.count = families->count,
                                .names = families->names,
                                .templates = families->whole,
                                .toybox = families->toybox,
                                .solver = families->solver};
    ParaObsSpec largest = {.size = 0};
    for (int i = 0; i <= LAYOUT_MEMBERS; i++) {
        ParaPick pick = {
            .family = family, .seed = para_seed_mix(0, (uint64_t)i) >> 1, .bound = i == LAYOUT_MEMBERS};
        for (int p = 0; pick.bound && p < para_template_param_count(t); p++)
            pick.values[p] = para_template_param(t, p)->high; // the most of everything
        ParaArenaMark mark = para_arena_mark(arena);
        const ParaLevel *level = para_families_sample(&whole, &pick, "", arena);
        ParaObsSpec obs = level ? para_obs_spec_vector(level) : largest;
        largest = obs.size > largest.size ? obs : largest;
        para_arena_rewind(arena, mark);
    }
    return largest;
}

ParaObsSpec para_families_listed(const ParaFamilies *families, int family, ParaArena *arena)
{
    ParaArenaMark mark = para_arena_mark(arena);
    int count = 0;
    for (int i = 0; i < LAYOUT_MEMBERS && count == 0; i++) {
        ParaPick pick = {.family = family, .seed = para_seed_mix(0, (uint64_t)i) >> 1};
        const ParaLevel *level = para_families_sample(families, &pick, "", arena);
        if (level && level->observe_count == 0)
            break; // as in all of them
        count = level ? level->observe_count : 0;
        para_arena_rewind(arena, mark);
    }
    para_arena_rewind(arena, mark);
    return count > 0 ? para_obs_spec_listed(count) : (ParaObsSpec){.kind = PARA_OBS_LISTED};
}

/// One of some members of a family, the last with the most of everything; NULL: it makes no sense.
static const ParaLevel *member(const ParaFamilies *families, int family, int index, ParaArena *arena)
{
    const ParaTemplate *t = families->templates[family];
    ParaPick pick = {.family = family,
                     .seed = para_seed_mix(0, (uint64_t)index) >> 1,
                     .bound = index == PLAYERS_MEMBERS - 1};
    for (int p = 0; pick.bound && p < para_template_param_count(t); p++)
        pick.values[p] = para_template_param(t, p)->high;
    return para_families_sample(families, &pick, "", arena);
}

int para_families_players(const ParaFamilies *families, ParaArena *arena)
{
    int most = 1;
    for (int i = 0; i < families->count * PLAYERS_MEMBERS; i++) {
        ParaArenaMark mark = para_arena_mark(arena);
        const ParaLevel *level = member(families, i / PLAYERS_MEMBERS, i % PLAYERS_MEMBERS, arena);
        most = level && level->player_count > most ? level->player_count : most;
        para_arena_rewind(arena, mark);
    }
    return most;
}

bool para_families_speak(const ParaFamilies *families, int family, ParaArena *arena)
{
    bool speak = false;
    for (int i = 0; i < PLAYERS_MEMBERS && !speak; i++) {
        ParaArenaMark mark = para_arena_mark(arena);
        const ParaLevel *level = member(families, family, i, arena);
        speak = level && para_voice_in(level);
        para_arena_rewind(arena, mark);
    }
    return speak;
}

bool para_families_fit(const ParaFamilies *families, const ParaPick *picks, int count, ParaSolverKind solver,
                       ParaArena *arena, const char **out_error)
{
    for (int i = 0; i < count && solver == PARA_SOLVER_LANES; i++) {
        char why[128] = "";
        ParaPick pick = picks[i];
        ParaArenaMark mark = para_arena_mark(arena);
        const ParaLevel *level = para_families_sample(families, &pick, "", arena);
        bool fits = !level || para_solver_fits(solver, &level->world, why, sizeof why);
        para_arena_rewind(arena, mark);
        if (fits)
            continue;
        *out_error = para_arena_printf(arena,
                                       "%s with seed %llu does not fit the solver lanes: %s; use auto, which "
                                       "runs such levels on chipmunk",
                                       families->names[pick.family], (unsigned long long)pick.seed, why);
        return false;
    }
    return true;
}
