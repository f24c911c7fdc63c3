// SPDX-License-Identifier: MIT
// One edit: a copy of the level, a function of the table, and the same questions to every result.
#include "worlds/edit/edit.h"

#include "engine/base/assert.h"
#include "engine/base/text.h"
#include "engine/world/geometry.h"
#include "worlds/edit/edit_parts.h"
#include "worlds/sample/sample.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TRIES_MAX     12                                         // places that are tried
#define ANY_TRIES_MAX 8                                          // kinds that are tried
#define BODY_SHAPES   64                                         // of one body, as the format has it
#define WEIGHT_MIN    1e-6                                       // [kg]
#define ZONE_POINTS   (PARA_ZONES_MAX * PARA_POLYGON_POINTS_MAX) // that the sampler keeps free

typedef struct Row {
    const char *name, *about, *keeps;
    ParaEditFunction *run;
} Row;

static const Row rows[PARA_EDIT_COUNT] = {
#define PARA_EDIT(id, name, about, keeps) [PARA_EDIT_##id] = {#name, about, keeps, para_edit_##name},
#include "worlds/edit/edits.def"
};

static const Row *row_of(ParaEditKind kind)
{
    PARA_ASSERT(kind < PARA_EDIT_COUNT);
    return &rows[kind];
}

const char *para_edit_name(ParaEditKind kind) { return row_of(kind)->name; }
const char *para_edit_about(ParaEditKind kind) { return row_of(kind)->about; }
const char *para_edit_keeps(ParaEditKind kind) { return row_of(kind)->keeps; }

bool para_edit_find(const char *name, ParaEditKind *out)
{
    for (int k = 0; k < PARA_EDIT_COUNT; k++)
        if (strcmp(rows[k].name, name) == 0) {
            *out = (ParaEditKind)k;
            return true;
        }
    return false;
}

// ---------------------------------------------------------------------------------------------
// What edits say and draw.

bool para_edit_refuse(ParaEditor *editor, bool never, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(editor->says, PARA_EDIT_SAYS_MAX, format, arguments);
    va_end(arguments);
    editor->never |= never;
    return false;
}

bool para_edit_done(ParaEditor *editor, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(editor->says, PARA_EDIT_SAYS_MAX, format, arguments);
    va_end(arguments);
    return true;
}

double para_edit_draw(ParaEditor *editor, double low, double high, double step)
{
    int64_t least = (int64_t)ceil(low / step - 1e-9), most = (int64_t)floor(high / step + 1e-9);
    return (double)para_rng_int(&editor->rng, least, most) * step;
}

int para_edit_pick(ParaEditor *editor, int count, bool (*is)(const ParaLevel *level, int index))
{
    int found = 0;
    for (int k = 0; k < count; k++)
        found += is(editor->level, k);
    if (found == 0)
        return -1;
    int wanted = (int)para_rng_int(&editor->rng, 0, found - 1), k = 0;
    for (;; k++)
        if (is(editor->level, k) && wanted-- == 0)
            return k;
}

const char *para_edit_body_word(ParaEditor *editor, int body)
{
    char store[PARA_NAME_MAX];
    return para_arena_strdup(editor->arena, para_level_body_label(editor->level, body, store));
}

// ---------------------------------------------------------------------------------------------
// The same for every result.

/// Points in the order in which a loaded level has them: those of shapes, then those of zones.
static void lay_out_points(ParaLevel *level, ParaArena *arena)
{
    ParaWorldDef *world = &level->world;
    int count = 0;
    for (int s = 0; s < world->shape_count; s++)
        count += (int)world->shapes[s].point_count;
    for (int z = 0; z < world->zone_count; z++)
        count += world->zones[z].kind == PARA_SHAPE_POLYGON ? (int)world->zones[z].point_count : 0;
    ParaVec2 *points = PARA_NEW(arena, ParaVec2, count + 1);
    uint32_t at = 0;
    for (int s = 0; s < world->shape_count; s++) {
        ParaShapeDef *shape = &world->shapes[s];
        memcpy(points + at, world->points + shape->point_first, shape->point_count * sizeof *points);
        shape->point_first = at;
        at += shape->point_count;
    }
    for (int z = 0; z < world->zone_count; z++) {
        ParaZoneDef *zone = &world->zones[z];
        if (zone->kind != PARA_SHAPE_POLYGON)
            continue;
        memcpy(points + at, world->points + zone->point_first, zone->point_count * sizeof *points);
        zone->point_first = at;
        at += zone->point_count;
    }
    world->points = points;
    world->point_count = count;
}

/// The limits of the format that the engine does not have.
static bool fits_format(ParaEditor *editor)
{
    const ParaWorldDef *world = &editor->level->world;
    int own = 0, points = 0;
    for (int s = 0; s < world->shape_count; s++) {
        const ParaShapeDef *shape = &world->shapes[s];
        own = s > 0 && shape->body == world->shapes[s - 1].body ? own + 1 : 1;
        points += (int)shape->point_count;
        if (own > BODY_SHAPES)
            return para_edit_refuse(editor, false, "a body would have more than %d shapes", BODY_SHAPES);
        if (shape->kind == PARA_SHAPE_POLYGON && editor->changed[shape->body] &&
            !para_sample_corners_stay(world->points + shape->point_first, (int)shape->point_count))
            return para_edit_refuse(editor, false, "a polygon would lose a corner");
    }
    if (points > PARA_POINTS_MAX - ZONE_POINTS)
        return para_edit_refuse(editor, false, "the shapes would have more than %d points",
                                PARA_POINTS_MAX - ZONE_POINTS);
    for (int b = 0, first = 0; b < world->body_count; b++) {
        int end = first;
        while (end < world->shape_count && world->shapes[end].body == b)
            end++;
        if (editor->changed[b] && world->bodies[b].kind == PARA_BODY_DYNAMIC &&
            !(para_body_mass(world, first, end).mass >= WEIGHT_MIN))
            return para_edit_refuse(editor, false, "a body that moves would weigh nothing");
        first = end;
    }
    return true;
}

/// Is it the level that was edited, and sound?
static bool finish(ParaEditor *editor)
{
    ParaLevel *level = editor->level;
    char done[PARA_EDIT_SAYS_MAX];
    memcpy(done, editor->says, sizeof done);
    para_level_find_sets(level);
    if (editor->goals)
        para_edit_lay_out_goals(level);
    if (editor->points)
        lay_out_points(level, editor->arena);
    if (!fits_format(editor))
        return false;
    if (!para_world_def_check(&level->world, NULL))
        return para_edit_refuse(editor, false, "the physics would refuse it: %s", done);
    if (!para_edit_fits(editor))
        return false;
    level->hash = para_level_hash(level);
    return level->hash != editor->from->hash || para_edit_refuse(editor, false, "it would change nothing");
}

/// Adds to a list; @return false: it is full
static bool append(char *list, const char *between, const char *text)
{
    size_t size = strlen(list), more = strlen(text) + (size ? strlen(between) : 0);
    if (size + more >= PARA_LEVEL_EDITS_MAX)
        return false;
    snprintf(list + size, PARA_LEVEL_EDITS_MAX - size, "%s%s", size ? between : "", text);
    return true;
}

/// Who made it: a chain goes on from its first parent as long as there is room to tell it. What a file says
/// its edits are and no reader would understand (it was written by hand) is not gone on with.
static void sign(ParaEditor *editor, ParaEditKind kind, uint64_t seed)
{
    ParaLevel *level = editor->level;
    char edit[64];
    snprintf(edit, sizeof edit, "%s:%" PRIu64, rows[kind].name, seed);
    level->tries = 0;
    snprintf(level->maker, sizeof level->maker, "edits");
    ParaEdit before[PARA_EDITS_MAX];
    int count = para_edits_read(level->edits, before);
    bool goes_on = count > 0 && count < PARA_EDITS_MAX && level->parent && append(level->edits, " ", edit);
    if (!goes_on) {
        level->parent = editor->from->hash;
        snprintf(level->edits, sizeof level->edits, "%s", edit);
        level->changes[0] = 0;
    }
    if (!append(level->changes, "; ", editor->says)) // words may be fewer than edits: those count
        append(level->changes, "; ", "...");
}

static const ParaLevel *give(const ParaLevel *level, const char *text, char *says, size_t says_size)
{
    if (says_size > 0)
        snprintf(says, says_size, "%s", text);
    return level;
}

const ParaLevel *para_edit_apply(const ParaLevel *from, ParaEditKind kind, uint64_t seed, ParaArena *arena,
                                 char *says, size_t says_size)
{
    const Row *row = row_of(kind);
    char text[PARA_EDIT_SAYS_MAX] = "";
    if (from->player_count != 1)
        return give(NULL, "levels of several players are not edited", says, says_size);
    ParaEditor editor = {.from = from, .arena = arena, .says = text};
    for (int try = 0; try < TRIES_MAX && !editor.never; try++) {
        ParaArenaMark mark = para_arena_mark(arena);
        editor.level = para_level_copy(from, arena);
        editor.rng = para_rng_make(para_seed_mix(para_seed_mix(seed, from->hash), (uint64_t)try), row->name);
        editor.points = editor.goals = false;
        editor.removed = -1;
        memset(editor.changed, 0, sizeof editor.changed);
        if (row->run(&editor) && finish(&editor)) {
            sign(&editor, kind, seed);
            return give(editor.level, text, says, says_size);
        }
        para_arena_rewind(arena, mark);
    }
    return give(NULL, text, says, says_size);
}

const ParaLevel *para_edit_apply_any(const ParaLevel *from, uint64_t seed, ParaArena *arena,
                                     ParaEdit *out_edit, char *says, size_t says_size)
{
    ParaRng rng = para_rng_make(para_seed_mix(seed, from->hash), "edit any");
    for (int try = 0; try < ANY_TRIES_MAX; try++) {
        ParaEdit edit = {.kind = (uint32_t)para_rng_int(&rng, 0, PARA_EDIT_COUNT - 1), .seed = seed};
        const ParaLevel *level =
            para_edit_apply(from, (ParaEditKind)edit.kind, edit.seed, arena, says, says_size);
        if (!level)
            continue;
        if (out_edit)
            *out_edit = edit;
        return level;
    }
    return NULL;
}

const ParaLevel *para_edits_apply(const ParaLevel *from, const ParaEdit *edits, int count, ParaArena *arena,
                                  char *says, size_t says_size)
{
    for (int k = 0; k < count && from; k++)
        from = edits[k].kind < PARA_EDIT_COUNT
                   ? para_edit_apply(from, (ParaEditKind)edits[k].kind, edits[k].seed, arena, says, says_size)
                   : give(NULL, "there is no such kind of edit", says, says_size);
    return from;
}

int para_edits_read(const char *text, ParaEdit *out)
{
    int count = 0;
    while (*text) {
        char name[PARA_NAME_MAX];
        ParaEditKind kind = PARA_EDIT_COUNT;
        size_t length = strcspn(text, ":");
        if (count == PARA_EDITS_MAX || text[length] != ':' || length >= sizeof name)
            return -1;
        memcpy(name, text, length);
        name[length] = 0;
        uint64_t seed = 0;
        text += length + 1;
        if (!para_edit_find(name, &kind) || *text < '0' || *text > '9')
            return -1;
        for (; *text >= '0' && *text <= '9'; text++) {
            uint64_t digit = (uint64_t)(*text - '0');
            if (seed > (UINT64_MAX - digit) / 10)
                return -1;
            seed = seed * 10 + digit;
        }
        if (*text && *text++ != ' ')
            return -1;
        out[count++] = (ParaEdit){.kind = (uint32_t)kind, .seed = seed};
    }
    return count;
}

void para_edits_write(const ParaEdit *edits, int count, char *out)
{
    PARA_ASSERT(count >= 0 && count <= PARA_EDITS_MAX);
    size_t at = 0;
    out[0] = 0;
    for (int k = 0; k < count; k++)
        at += (size_t)snprintf(out + at, PARA_EDITS_TEXT_MAX - at, "%s%s:%" PRIu64, k ? " " : "",
                               para_edit_name((ParaEditKind)edits[k].kind), edits[k].seed);
}
