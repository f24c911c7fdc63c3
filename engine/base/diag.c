// SPDX-License-Identifier: MIT
// Problems found in input: collecting and printing.
#include "engine/base/diag.h"

#include "engine/base/assert.h"
#include "engine/base/cells.h"
#include "engine/base/text.h"

#include <stdarg.h>
#include <string.h>

#define DIAG_LIMIT    100
#define MESSAGE_SIZE  1024 // [byte] longest message; the rest is cut
#define EXCERPT_WIDTH 100  // [byte] of a source line that is shown
#define WORD_SIZE     64   // [byte] longest word that is compared

ParaDiagList para_diag_list(ParaArena *arena, const char *file, const char *text)
{
    return (ParaDiagList){.arena = arena, .limit = DIAG_LIMIT, .file = file ? file : "<input>", .text = text};
}

/// Makes room for items[count], and keeps it there even at the limit: that slot takes what is dropped.
static void reserve(ParaDiagList *list)
{
    if (list->count < list->capacity)
        return;
    int capacity = list->capacity ? 2 * list->capacity : 8;
    ParaDiag *items = PARA_NEW(list->arena, ParaDiag, capacity);
    if (list->count)
        memcpy(items, list->items, sizeof *items * (size_t)list->count);
    list->items = items;
    list->capacity = capacity;
}

ParaDiag *para_diag_add(ParaDiagList *list, ParaSeverity severity, const char *code, const char *path,
                        const char *format, ...)
{
    PARA_ASSERT(list->arena && format);
    reserve(list);
    ParaDiag *item = &list->items[list->count];
    *item = (ParaDiag){.severity = severity, .code = "", .path = "", .message = "", .name = "", .offset = -1};
    if (severity == PARA_DIAG_ERROR)
        list->error_count++;
    if (list->count >= list->limit) {
        list->dropped++;
        return item;
    }
    char message[MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    int length = para_text_format_v(message, sizeof message, format, arguments);
    va_end(arguments);
    if (length >= MESSAGE_SIZE)
        memcpy(message + MESSAGE_SIZE - 4, "...", 4);
    PARA_ASSERT(list->count < list->capacity && list->count < list->limit);
    item->code = para_arena_strdup(list->arena, code ? code : "");
    item->path = para_arena_strdup(list->arena, path ? path : "");
    item->message = para_arena_strdup(list->arena, length < 0 ? format : message);
    list->count++;
    return item;
}

// ---------------------------------------------------------------- printing

/// Where an item stands: line 0 means the whole file.
typedef struct Place {
    int line, column; // from 1
} Place;

static Place place_of(const ParaDiagList *list, const ParaDiag *item)
{
    if (item->line > 0 || item->offset < 0 || !list->text || item->file)
        return (Place){item->line, item->column};
    Place place = {1, 1};
    for (long i = para_text_begin(list->text) - list->text; i < item->offset && list->text[i]; i++) {
        place.column++;
        if (list->text[i] == '\n')
            place = (Place){place.line + 1, 1};
    }
    return place;
}

/// Those of other files come last, in the order they were found.
static bool comes_before(const ParaDiagList *list, int first, int second, const Place *places)
{
    Place a = places[first], b = places[second];
    if (list->items[first].file || list->items[second].file)
        return !list->items[first].file;
    return a.line != b.line ? a.line < b.line : a.column < b.column;
}

/// Prints text of unknown origin: control bytes, which could steer a terminal, become '?'.
static void print_plain(const char *text, size_t size, FILE *out)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        fputc(c == '\t' ? ' ' : c < 32 || c == 127 ? '?' : c, out);
    }
}

static bool continues_character(char c) { return ((unsigned char)c & 0xc0) == 0x80; }

/// The source line and a caret under the column; of a long line only the part around the caret.
static void print_excerpt(const char *text, Place place, FILE *out)
{
    text = para_text_begin(text);
    for (int line = 1; line < place.line; line++) {
        const char *end = strchr(text, '\n');
        if (!end)
            return;
        text = end + 1;
    }
    size_t size = strcspn(text, "\r\n");
    size_t caret = place.column > 0 ? (size_t)place.column - 1 : 0;
    if (caret > size)
        caret = size;
    size_t start = caret > EXCERPT_WIDTH * 3 / 4 && size > EXCERPT_WIDTH ? caret - EXCERPT_WIDTH / 2 : 0;
    while (start > 0 && continues_character(text[start]))
        start--;
    size_t end = size - start > EXCERPT_WIDTH ? start + EXCERPT_WIDTH : size;
    while (end < size && continues_character(text[end]))
        end++;
    fprintf(out, "%6d | %s", place.line, start > 0 ? "..." : "");
    print_plain(text + start, end - start, out);
    fprintf(out, "%s\n       | %s", end < size ? "..." : "", start > 0 ? "   " : "");
    for (int cells = para_cells(text + start, text + caret); cells > 0; cells--)
        fputc(' ', out);
    fputs("^\n", out);
}

static void print_item(const ParaDiagList *list, const ParaDiag *item, Place place, FILE *out)
{
    const char *file = item->file ? item->file : list->file, *text = item->file ? item->text : list->text;
    const char *path = item->shown ? item->shown : item->path;
    print_plain(file, strlen(file), out);
    if (place.line > 0)
        fprintf(out, ":%d:%d", place.line, place.column > 0 ? place.column : 1);
    fputs(item->severity == PARA_DIAG_ERROR ? ": error: " : ": warning: ", out);
    if (*path) {
        print_plain(path, strlen(path), out);
        fputs(": ", out);
    }
    print_plain(item->message, strlen(item->message), out);
    fprintf(out, *item->name ? " [%s]\n" : "\n", item->name);
    if (place.line > 0 && text)
        print_excerpt(text, place, out);
}

void para_diag_print(const ParaDiagList *list, FILE *out)
{
    ParaArenaMark mark = para_arena_mark(list->arena);
    Place *places = PARA_NEW(list->arena, Place, list->count);
    int *order = PARA_NEW(list->arena, int, list->count);
    // Insertion keeps items of one place in the order they were found.
    for (int i = 0; i < list->count; i++) {
        places[i] = place_of(list, &list->items[i]);
        int at = i;
        for (; at > 0 && comes_before(list, i, order[at - 1], places); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (int i = 0; i < list->count; i++)
        print_item(list, &list->items[order[i]], places[order[i]], out);
    if (list->dropped > 0) {
        print_plain(list->file, strlen(list->file), out);
        fprintf(out, ": note: %d more not shown\n", list->dropped);
    }
    para_arena_rewind(list->arena, mark);
}

// ---------------------------------------------------------------- did you mean

static size_t smallest(size_t a, size_t b) { return a < b ? a : b; }

/// Edit distance in which exchanging two neighbours is one edit, both words below WORD_SIZE.
static size_t edit_distance(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    PARA_ASSERT(a_length < WORD_SIZE && b_length < WORD_SIZE);
    size_t rows[3][WORD_SIZE + 1]; // rows[i % 3][j]: distance of the first i and j characters
    for (size_t i = 0; i <= a_length; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *above_2 = rows[(i + 1) % 3];
        for (size_t j = 0; j <= b_length; j++) {
            if (i == 0 || j == 0) {
                row[j] = i + j;
                continue;
            }
            size_t change = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = smallest(change, smallest(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = smallest(row[j], above_2[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

const char *para_closest_word(const char *text, const char *const *words, int count)
{
    size_t length = strlen(text);
    if (length >= WORD_SIZE)
        return NULL;
    const char *closest = NULL;
    size_t least = 1 + length / 4 + 1;
    for (int i = 0; i < count; i++) {
        if (strlen(words[i]) >= WORD_SIZE)
            continue;
        size_t distance = edit_distance(text, words[i]);
        if (distance < least) {
            least = distance;
            closest = words[i];
        }
    }
    return closest;
}
