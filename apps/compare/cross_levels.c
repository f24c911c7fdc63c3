// SPDX-License-Identifier: MIT
// Players and levels of what `paracosm cross` is given.
#include "apps/compare/cross_parts.h"

#include "agents/archive/archive.h"
#include "agents/run/run_folder.h"
#include "engine/base/file.h"

#include <string.h>

/// The last part of a path, as it is on disk.
static const char *name_of(const char *path, ParaArena *arena)
{
    const char *real = para_path_real(path, arena), *slash = strrchr(real, '/');
    return slash && slash[1] ? slash + 1 : real;
}

/// Which of `kept` levels is the k-th of `count` that are spread evenly over them.
static int spread(int k, int kept, int count) { return (int)((int64_t)k * kept / count); }

static ParaCrossSet *new_set(ParaCross *cross, const char *path, int kept)
{
    ParaCrossSet *set = &cross->sets[cross->set_count++];
    int room = kept < cross->def.levels ? kept : cross->def.levels;
    *set = (ParaCrossSet){.name = name_of(path, cross->arena),
                          .folder = path,
                          .kept = kept,
                          .levels = PARA_NEW(cross->arena, const ParaLevel *, room + 1),
                          .of = PARA_NEW(cross->arena, const ParaTemplate *, room + 1)};
    return set;
}

static void add_level(ParaCrossSet *set, const ParaLevel *level, const ParaTemplate *of, const char *why)
{
    if (level) {
        set->of[set->count] = of;
        set->levels[set->count++] = level;
    } else if (set->broken++ == 0) {
        set->why = why;
    }
}

/// The archive of a run: spread evenly over the time in which they were kept.
static void take_rows(ParaCross *cross, ParaRun *run, const char *path)
{
    ParaLevelRow *rows = PARA_NEW(cross->arena, ParaLevelRow, PARA_ARCHIVE_LEVELS_MAX);
    int kept = para_run_levels(run, -1, rows, PARA_ARCHIVE_LEVELS_MAX, cross->arena);
    ParaCrossSet *set = new_set(cross, path, kept);
    int count = kept < cross->def.levels ? kept : cross->def.levels, families = 0;
    for (int i = 0; i < kept; i++)
        families = rows[i].family >= families && rows[i].family < 10000 ? rows[i].family + 1 : families;
    const ParaTemplate **templates = PARA_NEW(cross->arena, const ParaTemplate *, families + 1);
    for (int k = 0; k < count; k++) {
        const char *why = "its family is none of the run's";
        const ParaLevelRow *row = &rows[spread(k, kept, count)];
        bool known = row->family >= 0 && row->family < families;
        if (known && !templates[row->family])
            templates[row->family] = para_run_template(run, row->family, cross->arena, &why);
        const ParaTemplate *t = known ? templates[row->family] : NULL;
        const ParaLevel *level = t ? para_run_archive_level(run, t, row, cross->arena, &why) : NULL;
        add_level(set, level, t, why);
    }
}

static bool take_run(ParaCross *cross, const char *path, const char **out_error)
{
    const char *note = NULL;
    ParaPolicy *policy = para_player_load_noted(path, cross->arena, &note, out_error);
    ParaRun *run = policy ? para_run_open_read(path, cross->arena, out_error) : NULL;
    if (!run)
        return false;
    cross->players[cross->player_count++] =
        (ParaCrossPlayer){.name = name_of(path, cross->arena), .folder = path, .policy = policy};
    take_rows(cross, run, path);
    para_run_close(run);
    return true;
}

static bool take_archive(ParaCross *cross, const char *path, const char **out_error)
{
    int kept = 0;
    const ParaArchived *lines = para_archive_check(path, cross->arena, out_error)
                                    ? para_archive_read(path, cross->arena, &kept, out_error)
                                    : NULL;
    if (!lines)
        return false;
    ParaCrossSet *set = new_set(cross, path, kept);
    int count = kept < cross->def.levels ? kept : cross->def.levels;
    for (int k = 0; k < count; k++) {
        const char *why = NULL;
        const ParaTemplate *t = NULL;
        const ParaLevel *level =
            para_archive_level(path, &lines[spread(k, kept, count)], cross->arena, &t, &why);
        add_level(set, level, t, why);
    }
    return true;
}

bool para_cross_take(ParaCross *cross, const char *path, const char **out_error)
{
    if (para_path_kind(path) == PARA_PATH_FILE) {
        ParaPolicy *policy = para_player_load(path, cross->arena, out_error);
        if (policy)
            cross->players[cross->player_count++] =
                (ParaCrossPlayer){.name = name_of(path, cross->arena), .folder = path, .policy = policy};
        return policy != NULL;
    }
    const char *index = para_arena_printf(cross->arena, "%s/" PARA_ARCHIVE_INDEX, path);
    bool archive = para_file_exists(index) || para_path_is_link(index);
    return archive ? take_archive(cross, path, out_error) : take_run(cross, path, out_error);
}

const char *para_cross_stranger(const ParaCross *cross, const ParaCrossPlayer *player,
                                const ParaCrossSet *set)
{
    const char *why = NULL;
    for (int i = 0; i < set->count; i++) {
        bool seen = false; // members of a family are alike to it
        for (int k = 0; k < i && !seen; k++)
            seen = strcmp(set->levels[k]->family, set->levels[i]->family) == 0;
        if (!seen && !para_player_knows(player->policy, player->folder, set->of[i], cross->arena, &why))
            return why ? why : "it cannot be shown these levels";
    }
    return NULL;
}
