// SPDX-License-Identifier: MIT
// Control sequences: ECMA-48 (CUU "A", ED "J", EL "K", SGR "m"), DEC private modes 7 (wrapping) and 25
// (cursor), and 2026, the synchronised update, which terminals that do not know it pass over.
#include "apps/frame.h"

#include "engine/base/assert.h"
#include "engine/base/cells.h"
#include "engine/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ROWS_TO_WRAP 20 // [line] in a lower window lines are cut, so that the picture's end stays on it

ParaFrame para_frame(ParaArena *arena)
{
    return (ParaFrame){.terminal = para_terminal_look(),
                       .text = PARA_NEW(arena, char, PARA_FRAME_BYTES),
                       .cut = PARA_NEW(arena, char, PARA_FRAME_LINE_BYTES)};
}

void para_frame_begin(ParaFrame *frame)
{
    ParaTerminal now = para_terminal_look();
    // In a window of another size the last picture's lines may be broken and lie anywhere: from the top then.
    bool other_size = now.columns != frame->terminal.columns || now.rows != frame->terminal.rows;
    int up = frame->lines < now.rows && !other_size ? frame->lines : now.rows - 1;
    bool first = frame->lines == 0;
    frame->terminal = now;
    frame->used = 0;
    frame->lines = 0;
    para_frame_add(frame, "\033[?2026h\033[?25l\r");
    if (!first && up > 0)
        para_frame_add(frame, "\033[%dA", up);
    frame->line = frame->used;
}

void para_frame_add(ParaFrame *frame, const char *format, ...)
{
    size_t room = PARA_FRAME_BYTES - frame->used;
    va_list list;
    va_start(list, format);
    int size = para_text_format_v(frame->text + frame->used, room, format, list);
    va_end(list);
    if (size > 0)
        frame->used += (size_t)size < room ? (size_t)size : room - 1;
}

/// [byte] of the control sequence or the letter at a place. @param out_cells out, [1] 0..2 that it takes
static size_t unit_size(const char *at, const char *end, int *out_cells)
{
    size_t size = 1, left = (size_t)(end - at);
    if (at[0] != '\033')
        return para_cells_letter(at, end, out_cells);
    while (++size < left && ((unsigned char)at[size] < 0x40 || (unsigned char)at[size] > 0x7e))
        ;
    size++;
    *out_cells = 0;
    return size < left ? size : left;
}

/// [character] that a text takes on the screen.
static int cells_of(const char *text, const char *end)
{
    int cells = 0, more;
    for (const char *in = text; in < end; cells += more)
        in += unit_size(in, end, &more);
    return cells;
}

/// For a terminal that knows ASCII alone: pictures are told by their colours, what else there is by its like.
static void use_plain_letters(ParaFrame *frame)
{
    static const struct {
        const char *letter, *plain;
    } likes[] = {{"▀", " "}, {"█", "#"}, {"▉", "#"}, {"▊", "#"}, {"▋", "#"}, {"▌", "="},
                 {"▍", "-"}, {"▎", "-"}, {"▏", "-"}, {"·", "."}, {"…", "~"}, {"–", "-"}};
    char *begin = frame->text + frame->line, *out = begin;
    const char *end = frame->text + frame->used;
    for (const char *in = begin; in < end;) {
        int cells;
        size_t size = unit_size(in, end, &cells), count = size;
        const char *plain = in;
        if ((unsigned char)in[0] >= 0x80) {
            plain = "??"; // as wide as the letter, and never of more bytes
            count = (size_t)cells;
        }
        for (size_t k = 0; plain != in && k < sizeof likes / sizeof *likes; k++)
            if (strlen(likes[k].letter) == size && memcmp(in, likes[k].letter, size) == 0)
                plain = likes[k].plain;
        memmove(out, plain, count);
        out += count;
        in += size;
    }
    frame->used = (size_t)(out - frame->text);
}

/// Takes the cells of the line at hand beyond the window's edge away and puts an ellipsis at it; control
/// sequences stay. @return whether the line reaches the edge
static bool cut_line(ParaFrame *frame)
{
    static const char ellipsis[] = "…";
    char *begin = frame->text + frame->line, *out = begin;
    const char *end = frame->text + frame->used;
    int columns = frame->terminal.columns, cells = cells_of(begin, end), at = 0;
    if (cells <= columns)
        return cells == columns;
    char *line = frame->cut; // what is written may be longer than what it stands for
    bool cut = false;
    for (const char *in = begin; in < end;) {
        int more;
        size_t size = unit_size(in, end, &more);
        bool last = more > 0 && !cut && at + more >= columns; // as there are more cells than columns
        const char *from = last ? ellipsis : in;
        size_t count = last ? sizeof ellipsis - 1 : size;
        if ((in[0] == '\033' || !cut) && (size_t)(line - frame->cut) + count <= PARA_FRAME_LINE_BYTES) {
            memcpy(line, from, count);
            line += count;
        }
        at += last ? 1 : cut ? 0 : more;
        cut |= last;
        in += size;
    }
    size_t size = (size_t)(line - frame->cut), room = PARA_FRAME_BYTES - frame->line;
    size = size < room ? size : room;
    memcpy(out, frame->cut, size);
    frame->used = frame->line + size;
    return at == columns;
}

void para_frame_add_piece(ParaFrame *frame, const char *look, const char *text)
{
    const char *begin = frame->text + frame->line, *end = frame->text + frame->used;
    int before = cells_of(begin, end), more = cells_of(text, text + strlen(text));
    if (before > 0 && before + more > frame->terminal.columns && frame->terminal.rows >= ROWS_TO_WRAP)
        para_frame_end_line(frame);
    if (frame->used == frame->line) // a line begins with a word
        text += strspn(text, " ,");
    para_frame_add(frame, "%s%s", look, text);
}

void para_frame_add_sentence(ParaFrame *frame, const char *look, const char *text)
{
    char word[128];
    while (*text) {
        size_t size = strspn(text, " ");
        size += strcspn(text + size, " ");
        snprintf(word, sizeof word, "%.*s", (int)size, text);
        para_frame_add_piece(frame, look, word);
        text += size;
    }
}

void para_frame_end_line(ParaFrame *frame)
{
    PARA_ASSERT(frame->line <= frame->used);
    // What an earlier frame left to its right goes; at the edge that would be its own last cell.
    bool whole = cut_line(frame);
    if (frame->terminal.ascii)
        use_plain_letters(frame);
    para_frame_add(frame, whole ? "\033[0m\n" : "\033[0m\033[K\n");
    frame->line = frame->used;
    frame->lines++;
}

bool para_frame_show(ParaFrame *frame)
{
    para_frame_add(frame, "\033[J\033[?25h\033[?2026l");
    return para_terminal_write(frame->text, frame->used);
}
