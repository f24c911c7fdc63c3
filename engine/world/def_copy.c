// SPDX-License-Identifier: MIT
// What is done to a def as a whole, from the one list of its fields: copies and comparisons.
#include "engine/world/def_copy.h"

#include "engine/base/assert.h"
#include "engine/world/def_fields.h"

#include <stdio.h>
#include <string.h>

// The list has every field of every struct, or this file does not compile.
#define COVER(array, count, Type, FIELDS, most) PARA_FIELDS_COVER(Type, FIELDS);
PARA_WORLD_ARRAYS(COVER)
#define COUNT(array, count, Type, FIELDS, most) PARA_FIELDS_TAKE(count)
#define ARRAY(array, count, Type, FIELDS, most) PARA_FIELDS_TAKE(array)
#define WHOLE_DEF(ROW)                          PARA_WORLD_FIELDS(ROW) PARA_WORLD_ARRAYS(COUNT) PARA_WORLD_ARRAYS(ARRAY)
PARA_FIELDS_COVER(ParaWorldDef, WHOLE_DEF);

void para_world_def_cut(ParaWorldDef *def, ParaCut *from)
{
#define CUT(array, count, Type, FIELDS, most) def->array = PARA_CUT(from, Type, def->count);
    PARA_WORLD_ARRAYS(CUT)
}

static void copy_array(void *target, const void *source, size_t size, int count)
{
    if (count > 0)
        memcpy(target, source, size * (size_t)count);
}

void para_world_def_fill(ParaWorldDef *to, const ParaWorldDef *from)
{
#define FILL(array, count, Type, FIELDS, most)                                                               \
    PARA_ASSERT(to->count == from->count);                                                                   \
    copy_array(to->array, from->array, sizeof(Type), from->count);
    PARA_WORLD_ARRAYS(FILL)
}

ParaWorldDef para_world_def_copy(const ParaWorldDef *def, ParaArena *arena)
{
    ParaWorldDef copy = *def;
#define NEW(array, count, Type, FIELDS, most)                                                                \
    PARA_ASSERT(def->count >= 0 && def->count <= (most));                                                    \
    copy.array = def->count > 0 ? PARA_NEW(arena, Type, def->count) : NULL;
    PARA_WORLD_ARRAYS(NEW)
    para_world_def_fill(&copy, def);
    return copy;
}

// ---------------------------------------------------------------------------------------------

typedef struct Range {
    uintptr_t first, end; ///< addresses
} Range;

static Range range(const void *array, size_t size)
{
    return (Range){(uintptr_t)array, (uintptr_t)array + size};
}

bool para_world_def_overlaps(const ParaWorldDef *a, const ParaWorldDef *b)
{
#define RANGE_A(array, count, Type, FIELDS, most) range(a->array, sizeof(Type) * (size_t)a->count),
#define RANGE_B(array, count, Type, FIELDS, most) range(b->array, sizeof(Type) * (size_t)b->count),
    const Range left[] = {PARA_WORLD_ARRAYS(RANGE_A)}, right[] = {PARA_WORLD_ARRAYS(RANGE_B)};
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++)
        for (size_t k = 0; k < sizeof right / sizeof right[0]; k++)
            if (left[i].first < right[k].end && right[k].first < left[i].end)
                return true;
    return false;
}

// ---------------------------------------------------------------------------------------------
// Comparison, by bits: a NaN equals itself, and -0 is not 0, as in hashes.

#define SAME(field)                                                                                          \
    if (memcmp(&a->field, &b->field, sizeof a->field) != 0)                                                  \
        return #field;
/// The first field in which two items differ, or NULL.
#define DIFFERENCE(array, count, Type, FIELDS, most)                                                         \
    static const char *differ_in_##array(const Type *a, const Type *b)                                       \
    {                                                                                                        \
        FIELDS(SAME)                                                                                         \
        return NULL;                                                                                         \
    }
PARA_WORLD_ARRAYS(DIFFERENCE)

static const char *differ_in_numbers(const ParaWorldDef *a, const ParaWorldDef *b)
{
    PARA_WORLD_FIELDS(SAME)
#define SAME_COUNT(array, count, Type, FIELDS, most) SAME(count)
    PARA_WORLD_ARRAYS(SAME_COUNT)
    return NULL;
}

bool para_world_def_equal(const ParaWorldDef *a, const ParaWorldDef *b, char *out_where, size_t where_size)
{
    PARA_ASSERT(a && b && (out_where || where_size == 0));
    if (where_size > 0)
        out_where[0] = '\0';
    const char *field = differ_in_numbers(a, b);
    if (field)
        snprintf(out_where, where_size, "/%s", field);
#define COMPARE(array, count, Type, FIELDS, most)                                                            \
    for (int i = 0; !field && i < a->count; i++)                                                             \
        if ((field = differ_in_##array(&a->array[i], &b->array[i])) != NULL)                                 \
            snprintf(out_where, where_size, "/" #array "/%d/%s", i, field);
    PARA_WORLD_ARRAYS(COMPARE)
    return field == NULL;
}
