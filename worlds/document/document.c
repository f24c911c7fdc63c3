// SPDX-License-Identifier: MIT
// A document's text and its history of splices.
#include "worlds/document/document_parts.h"

#include "engine/base/assert.h"
#include "engine/base/text.h"
#include "worlds/template.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

// Of the largest text: one value per comma or bracket, and some.
#define ARENA_MOST ((size_t)PARA_TEMPLATE_SIZE_MAX * 2 * sizeof(ParaNode))

bool para_document_fail(ParaDocument *d, const char **out_error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    para_text_format_v(d->error, sizeof d->error, format, arguments);
    va_end(arguments);
    *out_error = d->error;
    return false;
}

ParaDocument *para_document_create(const char *text, size_t size)
{
    ParaDocument *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->arena = para_arena_create((size_t)1 << 16, ARENA_MOST);
    d->capacity = size + 1;
    d->text = malloc(d->capacity);
    d->saved = malloc(size + 1);
    if (!d->arena || !d->text || !d->saved || size > PARA_TEMPLATE_SIZE_MAX) {
        para_document_destroy(d);
        return NULL;
    }
    memcpy(d->text, text, size);
    d->text[size] = '\0';
    d->size = size;
    d->version = 1;
    memcpy(d->saved, d->text, size + 1);
    d->saved_size = size;
    para_document_parse(d);
    return d;
}

static void drop_steps(ParaDocument *d, int first)
{
    for (int s = first; s < d->step_count; s++) {
        for (int k = 0; k < d->steps[s].count; k++) {
            ParaSplice *splice = &d->steps[s].splices[k];
            d->memory -= splice->before_size + splice->after_size + sizeof *splice;
            free(splice->before);
            free(splice->after);
        }
        free(d->steps[s].splices);
        d->memory -= sizeof *d->steps;
    }
    d->step_count = first < d->step_count ? first : d->step_count;
}

void para_document_destroy(ParaDocument *d)
{
    if (!d)
        return;
    drop_steps(d, 0);
    if (d->arena)
        para_arena_destroy(d->arena);
    free(d->steps);
    free(d->text);
    free(d->saved);
    free(d);
}

const char *para_document_text(const ParaDocument *d, size_t *out_size)
{
    if (out_size)
        *out_size = d->size;
    return d->text;
}
uint64_t para_document_version(const ParaDocument *d) { return d->version; }
const char *para_document_broken(const ParaDocument *d, size_t *out_offset)
{
    if (out_offset)
        *out_offset = d->broken_at;
    return d->broken;
}

// ---------------------------------------------------------------------------------------------
// The text changes.

static bool reserve(ParaDocument *d, size_t size)
{
    if (size + 1 <= d->capacity)
        return true;
    size_t wanted = size + size / 2 + 256;
    char *text = realloc(d->text, wanted);
    if (!text)
        return false;
    d->text = text;
    d->capacity = wanted;
    return true;
}

/// Room must be there.
static void put(ParaDocument *d, size_t at, size_t removed, const char *text, size_t size)
{
    PARA_ASSERT(at + removed <= d->size);
    memmove(d->text + at + size, d->text + at + removed, d->size - at - removed + 1);
    if (size)
        memcpy(d->text + at, text, size);
    d->size += size - removed;
    d->version++;
    para_document_parse(d);
}

/// The step that takes the next splice. @return NULL: no memory
static ParaStep *step_for(ParaDocument *d)
{
    if (d->open && !d->fresh && d->step_done > 0)
        return &d->steps[d->step_done - 1];
    drop_steps(d, d->step_done);
    if (d->step_count == d->step_capacity) {
        int wanted = d->step_capacity ? 2 * d->step_capacity : 64;
        ParaStep *steps = realloc(d->steps, sizeof *steps * (size_t)wanted);
        if (!steps)
            return NULL;
        d->steps = steps;
        d->step_capacity = wanted;
    }
    ParaStep *step = &d->steps[d->step_count++];
    memset(step, 0, sizeof *step);
    memcpy(step->label, d->label, sizeof step->label);
    d->step_done = d->step_count;
    d->memory += sizeof *step;
    d->fresh = false;
    return step;
}

static bool append(ParaStep *step, ParaSplice splice)
{
    if (step->count == step->capacity) {
        int wanted = step->capacity ? 2 * step->capacity : 2;
        ParaSplice *splices = realloc(step->splices, sizeof *splices * (size_t)wanted);
        if (!splices)
            return false;
        step->splices = splices;
        step->capacity = wanted;
    }
    step->splices[step->count++] = splice;
    return true;
}

static char *copy_of(const char *text, size_t size)
{
    char *copy = malloc(size + 1);
    if (copy && size)
        memcpy(copy, text, size);
    return copy;
}

/// While something is dragged the same bytes change again and again: only the last of them are kept.
static bool goes_on(ParaDocument *d, ParaStep *step, size_t at, size_t removed, const char *text, size_t size)
{
    ParaSplice *last = step->count ? &step->splices[step->count - 1] : NULL;
    char *after = NULL;
    if (!d->open || !last || last->at != at || last->after_size != removed || !(after = copy_of(text, size)))
        return false;
    d->memory += size - last->after_size;
    free(last->after);
    last->after = after;
    last->after_size = size;
    return true;
}

bool para_document_splice(ParaDocument *d, size_t at, size_t removed, const char *text, size_t size,
                          const char **out_error)
{
    if (removed == size && memcmp(d->text + at, text, size) == 0)
        return true;
    if (d->size - removed + size > PARA_TEMPLATE_SIZE_MAX)
        return para_document_fail(d, out_error, "the text would be longer than %d bytes",
                                  PARA_TEMPLATE_SIZE_MAX);
    ParaStep *step = reserve(d, d->size - removed + size) ? step_for(d) : NULL;
    if (!step)
        return para_document_fail(d, out_error, "no memory for this edit");
    if (!goes_on(d, step, at, removed, text, size)) {
        ParaSplice splice = {at, copy_of(d->text + at, removed), copy_of(text, size), removed, size};
        if (!splice.before || !splice.after || !append(step, splice)) {
            free(splice.before);
            free(splice.after);
            return para_document_fail(d, out_error, "no memory for this edit");
        }
        d->memory += sizeof splice + removed + size;
    }
    put(d, at, removed, text, size);
    return true;
}

bool para_document_set_text(ParaDocument *d, const char *text, size_t size, const char **out_error)
{
    size_t front = 0, back = 0, least = size < d->size ? size : d->size;
    if (memchr(text, '\0', size))
        return para_document_fail(d, out_error, "a NUL byte is not allowed");
    while (front < least && text[front] == d->text[front])
        front++;
    while (back < least - front && text[size - 1 - back] == d->text[d->size - 1 - back])
        back++;
    return para_document_splice(d, front, d->size - front - back, text + front, size - front - back,
                                out_error);
}

// ---------------------------------------------------------------------------------------------
// Undo.

void para_document_begin(ParaDocument *d, const char *label)
{
    if (d->open++ > 0)
        return;
    d->fresh = true;
    para_text_format(d->label, sizeof d->label, "%s", label);
}

void para_document_end(ParaDocument *d)
{
    PARA_ASSERT(d->open > 0);
    if (--d->open == 0) {
        d->fresh = false;
        *d->label = '\0';
    }
}

static void run_back(ParaDocument *d, const ParaStep *step)
{
    for (int k = step->count - 1; k >= 0; k--) {
        const ParaSplice *s = &step->splices[k];
        put(d, s->at, s->after_size, s->before, s->before_size);
    }
}

void para_document_take_back(ParaDocument *d)
{
    if (!d->open || d->fresh || d->step_done == 0 || !para_document_undo(d))
        return;
    drop_steps(d, d->step_done);
    d->fresh = true;
}

// The text had this length before, and its memory never shrinks: there is room.
bool para_document_undo(ParaDocument *d)
{
    if (d->step_done == 0)
        return false;
    run_back(d, &d->steps[--d->step_done]);
    d->fresh = d->open > 0;
    return true;
}

bool para_document_redo(ParaDocument *d)
{
    if (d->step_done == d->step_count)
        return false;
    const ParaStep *step = &d->steps[d->step_done++];
    for (int k = 0; k < step->count; k++)
        put(d, step->splices[k].at, step->splices[k].before_size, step->splices[k].after,
            step->splices[k].after_size);
    d->fresh = d->open > 0;
    return true;
}

const char *para_document_undo_label(const ParaDocument *d)
{
    return d->step_done > 0 ? d->steps[d->step_done - 1].label : NULL;
}
const char *para_document_redo_label(const ParaDocument *d)
{
    return d->step_done < d->step_count ? d->steps[d->step_done].label : NULL;
}
int para_document_steps(const ParaDocument *d) { return d->step_done; }
size_t para_document_memory(const ParaDocument *d) { return d->memory; }

void para_document_lost(ParaDocument *d) { d->lost = true; }

void para_document_saved(ParaDocument *d)
{
    char *saved = copy_of(d->text, d->size);
    if (!saved)
        return; // it counts as unsaved: nothing is lost by that
    free(d->saved);
    d->saved = saved;
    d->saved_size = d->size;
    d->lost = false;
}

bool para_document_dirty(const ParaDocument *d)
{
    return d->lost || d->size != d->saved_size || memcmp(d->text, d->saved, d->size) != 0;
}
