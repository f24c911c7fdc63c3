// SPDX-License-Identifier: MIT
#pragma once
// A sandbox at work: tools in a hand, what they do to the game, undo, and the view of it. Whoever has the
// window gives it keys and the mouse, and draws the world by its camera. One thread.
#include "apps/game/game.h"
#include "apps/page/help.h"
#include "apps/page/page.h"

#include <SDL.h>

typedef enum {
#define PARA_TOOL(id, ...) PARA_TOOL_##id,
#include "apps/sandbox/tools.def"
    PARA_TOOLS
} ParaTool;

/// What a button or key asks of whoever has the window.
typedef enum {
    PARA_SANDBOX_NOTHING, ///< it was none for the sandbox
    PARA_SANDBOX_TAKEN,   ///< it was, and is done
    PARA_SANDBOX_PAUSE,
    PARA_SANDBOX_SAVE, ///< keep the scene as a level
    PARA_SANDBOX_AGAIN,
    PARA_SANDBOX_HELP
} ParaSandboxAsk;

#define PARA_SANDBOX_STROKE 4096
#define PARA_SANDBOX_QUEUE  160
#define PARA_SANDBOX_UNDOS  512

/// Where something was done.
typedef struct ParaSandboxMark {
    int32_t decision, meddles; ///< [1] >= 0 decision before which, and how much of the record came before
} ParaSandboxMark;

typedef struct ParaSandbox {
    ParaTool tool;
    int material, stamp; ///< [1] 0..PARA_STUFFS - 1, 0..PARA_STAMPS - 1
    bool fixed;          ///< what is drawn stands still
    bool paused;         ///< told by whoever has the window, for the button
    bool pressed;        ///< the tool is at work
    ParaVec2 from, at;   ///< [m] any finite; where it was pressed, and where the mouse is
    ParaVec2 px;         ///< [px] any finite; where the mouse is
    int held;            ///< [1] -1..body_count - 1 body in the hand; -1: none
    ParaVec2 hand;       ///< [m] any finite; where the hand was told to be
    bool panning;        ///< the mouse draws the view
    float zoom;          ///< [1] 0.1..20 times the view of the whole level
    ParaVec2 centre;     ///< [m] any finite; the middle of the view
    int stroke_count, queue_count, mark_count; ///< [1] >= 0 of the lists below
    ParaVec2 stroke[PARA_SANDBOX_STROKE];      ///< [m] any finite; of the outline that is drawn
    ParaMeddle queue[PARA_SANDBOX_QUEUE]; ///< to be done; `decision` 1: the last of what belongs together
    ParaSandboxMark marks[PARA_SANDBOX_UNDOS];
    char told[PARA_MEDDLE_SAYS]; ///< what came of it; whoever shows it empties it
} ParaSandbox;

/// For a level that begins. What tool and palette are chosen stays.
void para_sandbox_begin(ParaSandbox *sandbox, const ParaGame *game);
/// A key that was pressed. @param mods [bits] KMOD of SDL   @param free the level has no use for it
ParaSandboxAsk para_sandbox_key(ParaSandbox *sandbox, ParaGame *game, SDL_Keycode code, unsigned mods,
                                bool free);
/// The mouse. @param px [px]   @param camera of the picture that is shown   @param page its measures
void para_sandbox_move(ParaSandbox *sandbox, ParaVec2 px, const ParaCamera *camera);
ParaSandboxAsk para_sandbox_press(ParaSandbox *sandbox, ParaGame *game, uint8_t button, ParaVec2 px,
                                  const ParaCamera *camera, const ParaPage *page);
void para_sandbox_release(ParaSandbox *sandbox, ParaGame *game, uint8_t button);
void para_sandbox_wheel(ParaSandbox *sandbox, int notches, const ParaCamera *camera);
/// Does what was asked for, where the game stands between two decisions: call it before each step, and while
/// time stands.
void para_sandbox_work(ParaSandbox *sandbox, ParaGame *game);
/// Whether a decision must still be gone through, though time is to stand: things happen between two.
static inline bool para_sandbox_is_between(const ParaGame *game) { return game->env.step == 0; }
/// Back to before the last thing that was done.
void para_sandbox_undo(ParaSandbox *sandbox, ParaGame *game);
/// The view, for an area of the window.
ParaCamera para_sandbox_camera(const ParaSandbox *sandbox, const ParaLevel *level, ParaRect area);

// Drawing: sandbox_draw.c.

const char *para_tool_word(ParaTool tool);
const char *para_tool_about(ParaTool tool);
/// [px] that its buttons take at the top of the window, whatever tool is chosen.
float para_sandbox_bar(const ParaPage *page);
/// The button at a place. @return its index, tools first; -1: none
int para_sandbox_button_at(const ParaSandbox *sandbox, const ParaPage *page, ParaVec2 px);
/// Buttons, what the tool does, and what is being drawn. @param camera of the world below
void para_sandbox_draw(const ParaSandbox *sandbox, const ParaGame *game, ParaPage *page,
                       const ParaCamera *camera);
/// Its tools and keys, added to a list.
void para_sandbox_help(ParaHelpList *out);
