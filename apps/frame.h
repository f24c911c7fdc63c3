// SPDX-License-Identifier: MIT
#pragma once
// Pictures of text drawn in place on the terminal: the panel of `train`, and `replay play`.
#include "apps/terminal.h"
#include "engine/base/arena.h"

/// What puts the terminal right if a picture is left half drawn: for para_interrupt_restore.
#define PARA_FRAME_RESTORE "\033[?25h\033[0m\n"
/// A notice on the line below the picture, which takes it away again. Never wraps, so that the picture's
/// place is not lost.
#define PARA_FRAME_NOTICE(text) "\r\033[?7l" text "\033[?7h"

/// A picture: lines of text with colours, drawn over the one before (no alternate screen, so that the last
/// one stays in the terminal's history). It is put together in memory and written at once, between the marks
/// of a synchronised update, so that nothing flickers.
typedef struct ParaFrame {
    ParaTerminal terminal; ///< as it was when the frame began
    int lines;             ///< [1] >= 0 of this frame so far
    char *text;            ///< [PARA_FRAME_BYTES]
    size_t used;           ///< [byte] 0..PARA_FRAME_BYTES of text
    size_t line;           ///< [byte] 0..used where the line at hand begins
    char *cut;             ///< [PARA_FRAME_LINE_BYTES] scratch
} ParaFrame;

#define PARA_FRAME_BYTES      ((size_t)256 << 10) ///< [byte] what does not fit is left out
#define PARA_FRAME_LINE_BYTES ((size_t)16 << 10)  ///< [byte] of a line that is cut

ParaFrame para_frame(ParaArena *arena);
/// Begins a picture over the last one. In a window of another size the old one may lie anywhere: it is
/// cleared.
void para_frame_begin(ParaFrame *frame);
/// Adds to the line at hand; no newlines.
void para_frame_add(ParaFrame *frame, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// Adds a piece of a line in a look, such as a colour's code; where it does not fit into the line at hand and
/// the window is high enough for it, on a line of its own, without blanks before it.
void para_frame_add_piece(ParaFrame *frame, const char *look, const char *text);
/// The same for a sentence, word by word.
void para_frame_add_sentence(ParaFrame *frame, const char *look, const char *text);
/// Ends the line: cut at the right edge of the window, which an ellipsis tells, plain from there on.
void para_frame_end_line(ParaFrame *frame);
/// Writes the picture. @return false if the other end is gone
bool para_frame_show(ParaFrame *frame);
