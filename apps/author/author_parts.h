// SPDX-License-Identifier: MIT
#pragma once
// What the parts of the editor share: the document, the level it makes, the canvas, the panels. Private to
// apps/author.
#include "agents/env/env.h"
#include "agents/player/mind.h"
#include "agents/search/search.h"
#include "apps/keys/keys.h"
#include "apps/script/script.h"
#include "engine/draw/gl/window.h"
#include "engine/gui/gui.h"
#include "worlds/document/document.h"
#include "worlds/document/document_fields.h"
#include "worlds/template.h"

#include <SDL.h>

#define PARA_AUTHOR_SELECTED_MAX 832 ///< as many things as a template may have
#define PARA_AUTHOR_MEMBERS      9   ///< worlds of the view of members
#define PARA_AUTHOR_POINTS_MAX   64  ///< of a line that is drawn
#define PARA_AUTHOR_PATH         96  ///< [byte] of a thing's place in the text, with NUL

typedef char ParaAuthorPath[PARA_AUTHOR_PATH];

/// The level that the text makes now, or the last one that it did.
typedef struct ParaAuthorModel {
    ParaArena *arenas[2]; ///< the level's, and one for the next attempt
    int live;             ///< which of them
    uint64_t version;     ///< of the text that was looked at
    uint64_t seed;        ///< [seed] of the member
    bool stale;           ///< the level is older than the text, which has mistakes
    bool unfinished;      ///< the text has no player or goal yet: stand-ins are in their place
    const ParaTemplate *family;
    ParaLevel *level; ///< NULL: there has not been one yet
    ParaOrigins origins;
    ParaAuthorPath *bodies, *zones, *joints; ///< place in the text of each thing; of parts their include's
    ParaDiagList problems;                   ///< in the arena of the last attempt
    ParaWorldGroup *group;                   ///< one world, then those of the members
    ParaEnv env;                             ///< of the level
    ParaArena *env_arena;
    struct {
        char name[PARA_NAME_MAX];
        double value;
    } set[PARA_PARAMS_MAX]; ///< parameters that a slider holds
    int set_count;
    float cost_ms; ///< [ms] of the last load, sample and build
    struct {
        ParaArena *arena;
        ParaLevel *level;
        ParaEnv env;
        uint64_t seed;
    } members[PARA_AUTHOR_MEMBERS];
    uint64_t members_version; ///< of the text they are of; 0: none
    uint64_t members_seed;    ///< [seed] of the first
} ParaAuthorModel;

typedef enum {
    PARA_TOOL_SELECT,
    PARA_TOOL_BOX,
    PARA_TOOL_BALL,
    PARA_TOOL_GROUND,
    PARA_TOOL_POLYGON,
    PARA_TOOL_TERRAIN,
    PARA_TOOL_PLATE,
    PARA_TOOL_ZONE,
    PARA_TOOL_GLASS,
    PARA_TOOL_LIFT,
    PARA_TOOL_JOINT,
    PARA_TOOL_BUGGY,
    PARA_TOOL_RUNNER,
    PARA_TOOLS
} ParaAuthorTool;

typedef enum {
    PARA_PAGE_THING,
    PARA_PAGE_LEVEL,
    PARA_PAGE_PARAMS,
    PARA_PAGE_PROBLEMS,
    PARA_PAGE_TRY,
    PARA_PAGE_TEXT,
    PARA_PAGES
} ParaAuthorPage;

typedef enum {
    PARA_DRAG_NONE,
    PARA_DRAG_PAN,
    PARA_DRAG_MARK, ///< a box that selects
    PARA_DRAG_MOVE,
    PARA_DRAG_TURN,
    PARA_DRAG_SIZE,
    PARA_DRAG_POINT, ///< a corner of a polygon or line
    PARA_DRAG_DRAW   ///< the box of a new thing
} ParaAuthorDrag;

/// A pair of the text that goes along with the selection, as it was when a drag began: where a thing is,
/// where a joint between two of them holds, or which way a thing goes.
typedef struct ParaAuthorStart {
    ParaAuthorPath path;  ///< of the pair, such as /bodies/2/at
    char text[2][128];    ///< expressions of x and y; "" where they are plain or draws
    double value[2];      ///< [m] of plain numbers; of others that of the level, 0 where it does not say
    bool plain[2], known; ///< known: the values are where it is
    bool way;             ///< it is no place: it turns with the thing, and stays when that moves
} ParaAuthorStart;

/// The angle of a thing of the selection, likewise.
typedef struct ParaAuthorAngle {
    ParaAuthorPath path; ///< such as /bodies/2/angle
    char text[128];
    double value; ///< [rad]
    bool plain;
} ParaAuthorAngle;

#define PARA_AUTHOR_STARTS_MAX 1024

/// A handle of what is selected.
typedef struct ParaAuthorHandle {
    ParaAuthorDrag drag;
    ParaVec2 at;         ///< [px]
    ParaAuthorPath path; ///< of a corner; else ""
} ParaAuthorHandle;
#define PARA_AUTHOR_HANDLES_MAX (PARA_AUTHOR_POINTS_MAX + 8)

typedef struct ParaAuthorTry {
    bool on;
    bool trained;      ///< else a search
    int tried, solved; ///< [1] >= 0 members
    char causes[8][96];
    int cause_counts[8], cause_count;
    double seconds; ///< [s] it has taken
    ParaArena *arena;
    ParaWorldGroup *group;
    ParaEnv env;
    ParaMind *mind; ///< of the trained player
    ParaRng rng;
    uint64_t version; ///< of the text that is tried
    uint64_t seed;    ///< [seed] of the member under way
    bool playing;     ///< an episode of the trained player is on
    ParaSearch *search;
    ParaWorkers *workers;
    char result[160];
} ParaAuthorTry;

typedef struct ParaAuthor {
    ParaArena *arena; ///< lifetime: the program
    ParaWindow *window;
    ParaGui *gui;
    ParaDocument *document;
    ParaAuthorModel model;
    char path[512];     ///< of the file; "": none yet
    bool exists;        ///< the file is there
    uint64_t file_hash; ///< of what the file had when it was last read or written
    double next_look;   ///< [s] of shown time, for changes of the file
    // Journal.
    const char *draft;      ///< name of the draft in the person's store; NULL: nothing is kept
    uint64_t draft_version; ///< of the text that was written last
    double draft_time;      ///< [s] of shown time when
    int lock;               ///< of the draft; -1: none
    const char *lock_path;  ///< of its file, while it is held
    char *recovered;        ///< a draft that was found, until the person has said what to do; else NULL
    int gone;               ///< [1] >= 0 looks in a row that have not found the file
    char *outside;          ///< what the file has now, while the person is asked; else NULL
    bool asks_quit, gallery;
    // What is shown.
    ParaScene scene;
    ParaCamera camera;
    ParaLook look;
    ParaRect canvas;
    float scale; ///< [1] of letters and panels, as far as there is room
    float wish;  ///< [1] what the person has asked for
    bool nine;   ///< the view of members
    ParaAuthorTool tool;
    ParaAuthorPage page;
    bool snap, guide;
    bool help;   ///< the list of keys
    bool framed; ///< the camera has been set
    // Selection and drags.
    ParaAuthorPath selected[PARA_AUTHOR_SELECTED_MAX];
    int selected_count;
    ParaAuthorDrag drag;
    ParaVec2 from, to; ///< [m] of the drag
    ParaAuthorStart starts[PARA_AUTHOR_STARTS_MAX];
    int start_count;
    ParaAuthorAngle angles[PARA_AUTHOR_SELECTED_MAX];
    int angle_count;
    ParaVec2 pivot;         ///< [m] what the selection turns about
    ParaAuthorPath corner;  ///< the point that is dragged
    bool dragged, formulas; ///< formulas: the drag met x or y that is worked out
    bool unturned;          ///< likewise a way that a thing goes
    ParaVec2 points[PARA_AUTHOR_POINTS_MAX];
    int point_count;
    ParaAuthorPath joint_first;
    char *clipboard; ///< JSON of things, one after the other, each ended by NUL; else NULL
    int clipboard_count;
    int pasted;
    // Play.
    bool playing;
    ParaKeys keys;
    float pending; ///< [s] of physics owed
    bool was_played;
    ParaPolicy *policy; ///< NULL: none
    const char *run_folder;
    ParaAuthorTry attempt;
    // Panels.
    char *editor; ///< [PARA_TEMPLATE_SIZE_MAX + 1] the text as the pane has it
    uint64_t editor_version;
    bool editor_active;
    char title[256]; ///< of the window
    char message[320];
    float message_seconds;
    char gallery_name[PARA_NAME_MAX];
    int goal_who, goal_way, goal_where; ///< as chosen on the page Level
    uint64_t goal_version;              ///< of the text that they were read from
    const char *folder; ///< new levels are written there, with "/" at its end; "": where the program began
    int add_field;
    double shown; ///< [s]
    bool quit, unattended;
    bool closed; ///< or shall be, once that was asked: the window itself, so that nothing comes after
    bool visit;  ///< somebody keeps the window open: Esc goes back there
    int code;
    ParaPlayScript *script;
    const char *screenshot;
    double after;
} ParaAuthor;

void para_author_say(ParaAuthor *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// Says why an edit was refused, if it was. @return done
bool para_author_tell(ParaAuthor *a, bool done, const char *error);

// author_model.c
bool para_author_model_open(ParaAuthor *a, const char **out_error);
void para_author_model_close(ParaAuthor *a);
/// Loads, samples and builds again where text, seed or sliders have changed.
void para_author_model_refresh(ParaAuthor *a);
void para_author_model_members(ParaAuthor *a); ///< the same of the view of members
void para_author_model_set(ParaAuthor *a, const char *name, double value);
double para_author_model_value(const ParaAuthor *a, int param);
/// Begins the level anew, as after play.
void para_author_model_rewind(ParaAuthor *a);

// author_things.c
void para_author_frame(ParaAuthor *a,
                       bool all); ///< the world comes into view, with all that lies outside of it
bool para_author_is_selected(const ParaAuthor *a, const char *path);
/// Selects a thing, and whatever is together with it. @param more beside what is selected; then a second time
/// takes it out again  @param alone without what is together with it
void para_author_select(ParaAuthor *a, const char *path, bool more, bool alone);
void para_author_select_in(ParaAuthor *a, ParaVec2 p, ParaVec2 q, bool more); ///< all that lies in a box
void para_author_select_all(ParaAuthor *a);
bool para_author_is_group(const ParaAuthor *a, const char *name); ///< whether something is together under it
/// Box around a thing as the level has it. @return false: the level has none
bool para_author_bounds(const ParaAuthor *a, const char *path, ParaVec2 *out_low, ParaVec2 *out_high);
bool para_author_selection_bounds(const ParaAuthor *a, ParaVec2 *out_low, ParaVec2 *out_high);
/// The thing at a place, "" where none is: a joint before a body before a zone, since these lie behind each
/// other so. The smaller of several.
const char *para_author_pick(const ParaAuthor *a, ParaVec2 at);
/// Where the body or zone is that a place in the text made; the first of copies. @return false: the level has
/// none
bool para_author_pose(const ParaAuthor *a, const char *path, ParaVec2 *position, double *angle);
/// The place of what gives a thing its form, such as /bodies/2/shape/box, into out. @return "shape/box";
/// NULL: none
const char *para_author_shape_key(const ParaAuthor *a, const char *path, char *out, size_t size);
/// Joints that both hold what is selected and are not selected themselves. @param out [max]  @return how many
int para_author_joints_between(const ParaAuthor *a, ParaAuthorPath *out, int max);

// author_mouse.c
void para_author_mouse(ParaAuthor *a); ///< input of the frame
/// Handles of what is selected. @param out [PARA_AUTHOR_HANDLES_MAX]  @return how many
int para_author_handles(const ParaAuthor *a, ParaAuthorHandle *out);

// author_picture.c
void para_author_picture(ParaAuthor *a); ///< the world, under the panels
void para_author_marks(ParaAuthor *a);   ///< handles, over it

// author_place.c, author_lines.c
void para_author_place(ParaAuthor *a, ParaAuthorTool tool, ParaVec2 low, ParaVec2 high, bool sized);
void para_author_place_line(ParaAuthor *a, ParaAuthorTool tool);
void para_author_join(ParaAuthor *a, const char *first, const char *second, ParaVec2 at);
void para_author_select_last(ParaAuthor *a, const char *list); ///< of a list such as "/bodies/-"
const char *para_author_quoted(ParaAuthor *a, const char *text, char *out, size_t size);
double para_author_round(double value); ///< [m] or [rad] to a thousandth, as a person would write it
const char *para_author_number(float value, char *out); ///< the same as text  @param out [PARA_NUMBER_SIZE]

// author_move.c
void para_author_start_drag(ParaAuthor *a);
void para_author_move(ParaAuthor *a, ParaVec2 by);         ///< [m] from where the drag began
void para_author_turn(ParaAuthor *a, double by);           ///< [rad] likewise, about their common middle
void para_author_turn_ways(ParaAuthor *a, double by);      ///< [rad] likewise, of where they go alone
void para_author_align(ParaAuthor *a, int axis, int side); ///< axis 0 x, 1 y; side -1 low, 0 middle, 1 high
void para_author_distribute(ParaAuthor *a, int axis);
void para_author_plain(ParaAuthor *a); ///< numbers in place of what is worked out, of the selection's places

// author_copies.c
void para_author_delete(ParaAuthor *a);
void para_author_duplicate(ParaAuthor *a);
void para_author_copy(ParaAuthor *a);
void para_author_paste(ParaAuthor *a);
void para_author_group(ParaAuthor *a); ///< what is selected is one from now on
void para_author_part(ParaAuthor *a);  ///< what is selected is not together any more

// author_panels.c, author_fields.c, author_pages.c
void para_author_panels(ParaAuthor *a);
void para_author_page_thing(ParaAuthor *a);
/// Fields of the object at a place, and an offer of those that it does not have. @param depth [1] >= 0
/// objects in it
void para_author_edit_fields(ParaAuthor *a, const char *object, int depth);
void para_author_edit_list(ParaAuthor *a, const char *path, int depth); ///< the same of each item of a list
void para_author_tell_problems(const ParaAuthor *a, const char *path);  ///< those at a place, or deeper in it
void para_author_page_level(ParaAuthor *a);
void para_author_page_params(ParaAuthor *a);
void para_author_page_problems(ParaAuthor *a);
void para_author_page_text(ParaAuthor *a);
const char *para_author_tool_about(ParaAuthorTool tool, const char **out_name, const char **out_key);

// author_gallery.c
void para_author_gallery(ParaAuthor *a);
void para_author_guide(ParaAuthor *a);
void para_author_help(ParaAuthor *a); ///< every key and what the mouse does
const char *para_author_empty(ParaArena *arena, const char *name);

// author_try.c
void para_author_try_begin(ParaAuthor *a, bool trained);
void para_author_try_slice(ParaAuthor *a);
void para_author_try_end(ParaAuthor *a);
void para_author_page_try(ParaAuthor *a);
void para_author_play(ParaAuthor *a, bool on);
void para_author_play_advance(ParaAuthor *a, float seconds);

// author_file.c
bool para_author_open(ParaAuthor *a, const char *path, const char **out_error);
bool para_author_new(ParaAuthor *a, const char *path, const char *text, const char **out_error);
bool para_author_save(ParaAuthor *a);
void para_author_journal(ParaAuthor *a); ///< writes the draft where it is due
void para_author_watch(ParaAuthor *a);   ///< looks whether the file changed outside
void para_author_boxes(ParaAuthor *a);   ///< recovery, change outside, quitting
void para_author_close(ParaAuthor *a);

// author_session.c
void para_author_undo(ParaAuthor *a, bool redo);
void para_author_run(ParaAuthor *a);
