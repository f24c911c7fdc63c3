// SPDX-License-Identifier: MIT
// Families from the templates a run keeps, beside the files they came from: what changed there is told, what
// an older version's run does not keep yet is read there and taken in. And the level of a report, made again.
#include "agents/run/run_families.h"

#include "agents/run/run_parts.h"
#include "engine/base/file.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define TAKING_MEMORY_MAX ((size_t)512 << 20) // [byte] for a look at one template

/// What was met on the way through a run's templates.
typedef struct Look {
    ParaRun *run;
    ParaArena *arena;
    ParaTemplatesFrom from;
    const char **sources; ///< [count] of the families, as the run's config names them
    int count;
    const char *changed; ///< list of those whose file says something else now; NULL: none
    const char *foreign; ///< list of those that the run does not keep
} Look;

static const char *listed(const char *list, const char *word, ParaArena *arena)
{
    return list ? para_arena_printf(arena, "%s, %s", list, word) : word;
}

// The families of a run as its config names them: as they were given.
static void read_sources(Look *look)
{
    cJSON *config = para_json_parse(para_run_config(look->run));
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(config, "families"), *item;
    look->sources = PARA_NEW(look->arena, const char *, cJSON_GetArraySize(list) + 1);
    cJSON_ArrayForEach(item, list)
    {
        const char *name = cJSON_GetStringValue(item);
        look->sources[look->count++] = para_arena_strdup(look->arena, name ? name : "");
    }
    cJSON_Delete(config);
}

/// Whether the file of a kept template is there and says something else now.
static bool has_changed(const ParaTemplateText *kept, ParaArena *arena)
{
    const char *error = NULL;
    ParaTemplateText now;
    ParaArenaMark mark = para_arena_mark(arena);
    bool changed = para_library_find(kept->source, arena) &&
                   para_library_read(kept->source, arena, &now, &error) &&
                   (now.size != kept->size || memcmp(now.text, kept->text, now.size) != 0);
    para_arena_rewind(arena, mark);
    return changed;
}

// The text of one family of the run. @return false with an error
static bool own_text(Look *look, int family, ParaTemplateText *out, const char **out_error)
{
    ParaRunTemplate own;
    bool whole = para_run_read_template(look->run, family, look->arena, &own, out_error);
    if (look->from == PARA_TEMPLATES_RUN && !whole)
        return false;
    if (look->from == PARA_TEMPLATES_RUN && own.kept) {
        if (has_changed(&own.text, look->arena))
            look->changed = listed(look->changed, own.text.source, look->arena);
        *out = own.text;
        out->kept = true;
        return true;
    }
    const char *source = own.text.source ? own.text.source : look->sources[family], *why = NULL;
    bool read = para_library_read(source, look->arena, out, &why);
    if (read && look->from == PARA_TEMPLATES_RUN)
        look->foreign = listed(look->foreign, source, look->arena);
    else if (!read && look->from == PARA_TEMPLATES_RUN)
        *out_error = para_arena_printf(look->arena,
                                       "%s keeps no template of its family %s, and it cannot be had: %s; "
                                       "put it back there",
                                       look->run->folder, source, why);
    else if (!read)
        *out_error = para_arena_printf(look->arena, "%s; --templates run takes the run's own", why);
    return read;
}

// The text of a family that is asked for by name or path: one of the run's, or any other.
static bool named_text(Look *look, const char *name, ParaTemplateText *out, const char **out_error)
{
    int family = -1;
    const char *path = para_library_is_path(name) ? para_path_absolute(name, look->arena) : name;
    if (!para_run_find_template(look->run, name, path, &family, out_error))
        return false;
    return family >= 0 && family < look->count ? own_text(look, family, out, out_error)
                                               : para_library_read(name, look->arena, out, out_error);
}

/// What was met, as one sentence; NULL: nothing.
static const char *note_of(const Look *look)
{
    const char *changed = NULL, *foreign = NULL;
    if (look->changed)
        changed = para_arena_printf(look->arena,
                                    "templates changed on disk since the run took them in: %s; the run's own "
                                    "are used (eval and play take the files as they are now by --templates "
                                    "disk, a training takes them in another folder)",
                                    look->changed);
    if (look->foreign)
        foreign = para_arena_printf(
            look->arena, "the run keeps no template of %s: the file as it is now is used", look->foreign);
    return changed && foreign ? para_arena_printf(look->arena, "%s; %s", changed, foreign)
           : changed          ? changed
                              : foreign;
}

bool para_run_families(ParaRun *run, const ParaFamiliesWish *wish, ParaArena *arena, ParaFamilies *out,
                       const char **out_note, const char **out_error)
{
    Look look = {.run = run, .arena = arena, .from = wish->from};
    read_sources(&look);
    int count = wish->count > 0 ? 0 : look.count;
    const char **names = NULL;
    for (int i = 0; i < wish->count; i++) {
        const char **inner, **all;
        int more = para_library_expand(wish->names[i], arena, &inner);
        all = PARA_NEW(arena, const char *, count + more + 1);
        for (int k = 0; k < count + more; k++)
            all[k] = k < count ? names[k] : inner[k - count];
        names = all;
        count += more;
    }
    if (wish->count > 0 && count == 0) {
        *out_error = para_arena_printf(arena, "there are no families in %s", wish->names[0]);
        return false;
    }
    ParaTemplateText *texts = PARA_NEW(arena, ParaTemplateText, count + 1);
    *out_note = NULL;
    if (count == 0) {
        *out_error = para_arena_printf(arena,
                                       "the config of the run in %s names no families; put back the config "
                                       "(row \"config\" of the table meta in run.db)",
                                       run->folder);
        return false;
    }
    for (int i = 0; i < count; i++)
        if (!(wish->count > 0 ? named_text(&look, names[i], &texts[i], out_error)
                              : own_text(&look, i, &texts[i], out_error)))
            return false;
    *out_note = note_of(&look);
    if (!para_families_load_texts(out, texts, count, arena, out_error))
        return false;
    return (wish->count == 0 || para_families_differ(out, arena, out_error)) &&
           para_families_narrow(out, wish->tier, arena, out_error);
}

const char *para_run_tier(const ParaRun *run, ParaArena *arena)
{
    return para_run_setting(run, "tier", arena);
}

// ---------------------------------------------------------------- levels made again

// Whether the levels of the run have a toybox: those of a training with surprises do.
static bool has_toybox(const ParaRun *run)
{
    cJSON *config = para_json_parse(para_run_config(run));
    const cJSON *settings = cJSON_GetObjectItemCaseSensitive(config, "settings"),
                *rate = cJSON_GetObjectItemCaseSensitive(settings, "surprises");
    bool has = cJSON_IsNumber(rate) && rate->valuedouble > 0;
    cJSON_Delete(config);
    return has;
}

// A report says of its level what it takes to make it again: its family, its seed, and its recipe where that
// is not all.
static ParaLevel *level_again(const ParaRun *run, const ParaTemplate *t, uint64_t seed, uint64_t parent,
                              const char *recipe, uint64_t hash, ParaArena *arena)
{
    ParaPick pick = {.seed = seed, .parent = parent};
    if (!para_pick_read_recipe(t, recipe, &pick))
        return NULL;
    ParaLevel *level = para_pick_level(t, &pick, "", arena);
    const ParaFamilies packed = {.toybox = has_toybox(run), .solver = para_run_solver(run)};
    if (level && packed.toybox)
        level = para_families_pack(&packed, level, arena);
    return level && level->hash == hash ? level : NULL;
}

ParaLevel *para_run_report_level(ParaRun *run, int64_t number, ParaArena *arena, const char **out_error)
{
    ParaReport report;
    ParaTemplateText text;
    const char *recipe = NULL;
    Look look = {.run = run, .arena = arena};
    read_sources(&look);
    if (!para_run_report(run, number, &report, &recipe, out_error))
        return NULL;
    if (report.family >= look.count) {
        *out_error = para_arena_printf(arena, "report %lld in %s/run.db is damaged: it names family %d of %d",
                                       (long long)number, run->folder, report.family, look.count);
        return NULL;
    }
    if (!own_text(&look, report.family, &text, out_error))
        return NULL;
    const ParaTemplate *t = para_library_load_text(&text, arena, out_error);
    const char *tier = para_run_tier(run, arena);
    if (t && tier)
        t = para_template_narrow(t, tier, arena, out_error);
    ParaLevel *level = t ? level_again(run, t, report.level_seed, 0, recipe, report.level_hash, arena) : NULL;
    const char *maker = para_run_setting(run, "maker", arena), *program = para_run_read_meta(run, "made_by");
    if (level)
        snprintf(level->maker, sizeof level->maker, "%s", maker ? maker : "");
    else if (t)
        *out_error = para_arena_printf(arena,
                                       "the level of report %lld does not come out as %016llx, which it was "
                                       "played as: the template of %s "
                                       "is not the one it was made from, or this program (" PARA_VERSION
                                       ") makes levels otherwise than the one that made the run (%s)",
                                       (long long)number, (unsigned long long)report.level_hash,
                                       para_template_name(t), program ? program : "an older one");
    return level;
}

/// How a level of the archive is made where its seed alone does not; NULL: it does, as in older layouts.
static const char *recipe_of(ParaRun *run, uint64_t hash, ParaArena *arena)
{
    const char *error = NULL, *recipe = NULL;
    sqlite3_stmt *row =
        run->layout < 4 ? NULL : para_run_prepare(run, "SELECT recipe FROM levels WHERE hash = ?1", &error);
    if (row)
        sqlite3_bind_int64(row, 1, para_run_signed(hash));
    if (row && sqlite3_step(row) == SQLITE_ROW && sqlite3_column_type(row, 0) == SQLITE_TEXT)
        recipe = para_arena_strdup(arena, (const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    return recipe;
}

const ParaTemplate *para_run_template(ParaRun *run, int family, ParaArena *arena, const char **out_error)
{
    ParaTemplateText text;
    Look look = {.run = run, .arena = arena};
    read_sources(&look);
    if (family < 0 || family >= look.count) {
        *out_error = para_arena_printf(arena, "%s/run.db is damaged: it names family %d of %d", run->folder,
                                       family, look.count);
        return NULL;
    }
    if (!own_text(&look, family, &text, out_error))
        return NULL;
    const ParaTemplate *t = para_library_load_text(&text, arena, out_error);
    const char *tier = para_run_tier(run, arena);
    return t && tier ? para_template_narrow(t, tier, arena, out_error) : t;
}

ParaLevel *para_run_archive_level(ParaRun *run, const ParaTemplate *t, const ParaLevelRow *row,
                                  ParaArena *arena, const char **out_error)
{
    ParaLevel *level =
        level_again(run, t, row->seed, row->parent, recipe_of(run, row->hash, arena), row->hash, arena);
    if (!level) {
        *out_error = para_arena_printf(arena, "level %016llx does not come out as it was played",
                                       (unsigned long long)row->hash);
        return NULL;
    }
    snprintf(level->maker, sizeof level->maker, "%s", row->maker);
    return level;
}

// ---------------------------------------------------------------- taking in

typedef struct Taken {
    const char *in;      ///< list of those that were taken in; NULL: none
    const char *other;   ///< list of those that were not, as their files make other levels than the run's
    const char *missing; ///< why others could not be
} Taken;

static bool take(ParaRun *run, int family, const char *source, Taken *taken, ParaArena *scratch,
                 const char **out_error)
{
    ParaTemplateText text;
    const char *why = NULL;
    uint64_t seed = 0, hash = 0;
    const ParaTemplate *t =
        para_library_read(source, scratch, &text, &why) ? para_library_load_text(&text, scratch, &why) : NULL;
    if (!t) {
        why = para_arena_printf(run->arena, "%s (%s)", source, why);
        taken->missing = listed(taken->missing, why, run->arena);
        return true;
    }
    const char *name = para_arena_strdup(run->arena, para_template_name(t));
    // Once it is kept, the one that the run was trained on could not be put back any more.
    if (para_run_last_level(run, family, &seed, &hash) &&
        !level_again(run, t, seed, 0, NULL, hash, scratch)) {
        taken->other = listed(taken->other, name, run->arena);
        return true;
    }
    taken->in = listed(taken->in, name, run->arena);
    return para_run_add_template(run, family, name, &text, out_error);
}

static const char *note_of_taken(const Taken *taken, ParaArena *arena)
{
    const char *note = "a run of an older version";
    if (taken->in)
        note = para_arena_printf(arena, "%s: it keeps these templates from now on: %s", note, taken->in);
    if (taken->other)
        note = para_arena_printf(arena,
                                 "%s%s as they are now, these do not make the levels it was trained on and "
                                 "are not taken in: %s",
                                 note, taken->in ? ";" : ":", taken->other);
    if (taken->missing)
        note = para_arena_printf(arena, "%s%s cannot be taken in: %s", note,
                                 taken->in || taken->other ? ";" : ": templates that", taken->missing);
    return note;
}

bool para_run_take_templates(ParaRun *run, const char **out_error)
{
    Look look = {.run = run, .arena = run->arena};
    Taken taken = {0};
    bool good = true;
    read_sources(&look);
    for (int f = 0; good && f < look.count; f++) {
        ParaRunTemplate own;
        ParaArena *scratch = para_arena_create((size_t)1 << 20, TAKING_MEMORY_MAX);
        const char *damage = NULL; // of a row that is there: whoever needs it is told
        if (!scratch) {
            *out_error = "no memory for the templates of the run";
            return false;
        }
        if (para_run_read_template(run, f, scratch, &own, &damage) && !own.kept)
            good = take(run, f, look.sources[f], &taken, scratch, out_error);
        para_arena_destroy(scratch);
    }
    if (taken.in || taken.other || taken.missing)
        run->note = note_of_taken(&taken, run->arena);
    return good;
}
