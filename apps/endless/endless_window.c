// SPDX-License-Identifier: MIT
// Drives a session from level to level as its guest: cards lie over the level and hold time.
#include "apps/endless/endless_window.h"

#include "apps/endless/ahead.h"
#include "apps/page/card.h"
#include "apps/store/store.h"
#include "engine/base/clock.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENDED_SECONDS 1.2f   // [s] that an end is looked at before its card comes
#define JUMP_SECONDS  0.7f   // [s] that a card which just came takes Space for a late jump
#define SEARCH_STEPS  100000 // [step] of a quick search
#define LEVEL_BLOCK   ((size_t)1 << 20)
#define LEVEL_MAX     ((size_t)256 << 20) // [byte] of a level, its text, and what is made at the start
#define LINES_MAX     5

typedef enum { CARD_START, PLAYING, ENDED, CARD_AFTER, CARD_LEAVING } Phase;

typedef struct Host {
    ParaEndless e;
    ParaEndlessMaker maker;
    ParaAhead *ahead;
    ParaArena *level_arena; ///< lifetime: the level in play
    const ParaLevel *level;
    ParaTemplateText text; ///< of it
    ParaPage page;
    Phase phase;
    float since;      ///< [s] >= 0 in this phase
    int leaf, leaves; ///< [1] of the card: which is up, 0 the first; how many there were at last
    bool keeps;       ///< how far they are, with a person's data
    bool ready;       ///< `next` is made
    bool leave;       ///< this level, for the next
    ParaEndlessLevel next;
    int tries;                      ///< [1] >= 0 of the level in play that have ended
    int first_number, first_solved; ///< [1] when it was entered
    double hardest;                 ///< [1] that was solved since; below 0: none
    char over[120], how[PARA_ENDLESS_WORDS_MAX], why[PARA_ENDLESS_WORDS_MAX], kept[300];
    const char *error; ///< why it cannot go on; NULL: it can
} Host;

// ---------------------------------------------------------------------------------------------
// From phase to phase.

static void enter(Host *host, ParaPlaySession *s, Phase phase)
{
    bool card = phase != PLAYING && phase != ENDED;
    host->phase = phase;
    host->since = 0.0f;
    host->leaf = 0;
    host->leaves = 1;
    s->guest.holds = card || phase == ENDED;
    s->view.covered = card;
    s->view.waiting &= !card; // nor does a banner below one ask for a key
    if (card)
        para_play_sound_cue(&s->sound, PARA_CUE_PAGE);
}

/// What is known now stays known, whatever happens to the program.
static void keep(Host *host, ParaPlaySession *s)
{
    const char *error = NULL;
    if (host->keeps && !para_endless_write(&host->e, s->arena, &error))
        para_play_view_say(&s->view, error);
}

/// How the try that has just ended counts.
static ParaEndlessEnd end_of(const ParaPlaySession *s)
{
    ParaPlayStatus status = s->game.env.play.status;
    if (s->went_back || para_game_meddled(&s->game) || status == PARA_PLAY_DIVERGED)
        return PARA_ENDLESS_UNRATED;
    return status == PARA_PLAY_SOLVED ? PARA_ENDLESS_SOLVED : PARA_ENDLESS_UNSOLVED;
}

/// A try has ended: the first one counts.
static void take_end(Host *host, ParaPlaySession *s)
{
    static const char *const ends[] = {"open", "solved", "not solved", "not rated"};
    double seconds = (double)para_game_seconds(&s->game);
    ParaEndlessEnd end = end_of(s);
    host->tries++;
    para_text_print(stdout, "endless: level %d %s after %.2f s\n", host->e.number, ends[end], seconds);
    fflush(stdout);
    if (end == PARA_ENDLESS_SOLVED && host->e.level.difficulty > host->hardest)
        host->hardest = host->e.level.difficulty;
    if (host->e.end == PARA_ENDLESS_OPEN) {
        para_endless_end(&host->e, end, seconds);
        keep(host, s);
    }
    para_endless_say_end(&host->e, host->how);
    if (host->tries > 1)
        para_text_format(host->how, sizeof host->how,
                         "This was try %d, %.1f s long. The first one is what counts for what follows.",
                         host->tries, seconds);
    snprintf(host->over, sizeof host->over, "Level %d \xc2\xb7 %d in a row \xc2\xb7 at best %d",
             host->e.number, host->e.streak, host->e.best);
    host->kept[0] = '\0';
    enter(host, s, ENDED);
}

static void look_for_next(Host *host, const ParaPlaySession *s)
{
    if (host->ready || host->error)
        return;
    host->ready = para_ahead_take(host->ahead, &host->e, s->unattended, &host->next, &host->error);
    if (host->ready)
        para_endless_say_next(&host->e, &host->next, host->why);
    else
        snprintf(host->why, sizeof host->why, "%s",
                 host->error ? host->error : "The next level is being made and tried out ...");
}

static void go_on(Host *host, ParaPlaySession *s)
{
    if (host->error)
        enter(host, s, CARD_LEAVING);
    if (!host->ready)
        return;
    para_endless_take(&host->e, &host->next);
    keep(host, s);
    host->leave = s->quit = true;
}

/// [1] Levels that have ended since it was entered.
static int ended_of(const Host *host)
{
    const ParaEndless *e = &host->e;
    return e->number - host->first_number + (e->end != PARA_ENDLESS_OPEN && host->tries > 0);
}

/// There is a summary where there is something to sum up.
static void leave_row(Host *host, ParaPlaySession *s)
{
    if (ended_of(host) > 0)
        enter(host, s, CARD_LEAVING);
    else
        s->quit = true;
}

static void play_again(Host *host, ParaPlaySession *s)
{
    if (!para_game_begin(&s->game, s->game.seed))
        return;
    para_play_session_settle(s);
    enter(host, s, PLAYING);
}

/// The level as a file of the person's own.
static void keep_level(Host *host, ParaPlaySession *s)
{
    ParaArenaMark mark = para_arena_mark(s->arena);
    const char *error = "a script without a home of its own keeps nothing",
               *name = para_arena_printf(s->arena, "levels/%s-%016" PRIx64 ".json", host->level->family,
                                         host->level->hash),
               *path = host->keeps || getenv("PARACOSM_HOME")
                           ? para_store_path(PARA_STORE_DATA, name, s->arena, &error)
                           : NULL;
    bool good = path && para_file_write(path, host->text.text, host->text.size, s->arena, &error);
    snprintf(host->kept, sizeof host->kept, good ? "Kept as %s" : "Not kept: %s", good ? path : error);
    if (good) {
        printf("endless: kept %s\n", path);
        fflush(stdout);
    }
    para_arena_rewind(s->arena, mark);
}

// ---------------------------------------------------------------------------------------------
// Keys.

/// Space is the jump of many levels: who still jumps when one ends does not put away the card unread.
static bool is_onward(const Host *host, SDL_Keycode code)
{
    bool jumps = host->phase == ENDED || (host->phase == CARD_AFTER && host->since < JUMP_SECONDS);
    return code == SDLK_RETURN || code == SDLK_KP_ENTER || (code == SDLK_SPACE && !jumps);
}

static bool take_playing_key(Host *host, ParaPlaySession *s, SDL_Keycode code)
{
    ParaCommandKey command = para_keys_command(&s->keys, code);
    bool covered = s->view.help.open || s->view.tray.open || *s->view.problem;
    if (command == PARA_COMMAND_NEXT && !s->view.tray.typing) {
        para_play_view_say(&s->view, "the next level comes when this one has ended");
        return true;
    }
    if (command != PARA_COMMAND_QUIT || covered)
        return false;
    leave_row(host, s);
    return true;
}

static bool take_key(void *context, ParaPlaySession *s, SDL_Keycode code)
{
    Host *host = context;
    if (host->phase == PLAYING)
        return take_playing_key(host, s, code);
    if (code == SDLK_F9 || code == SDLK_F11) // sound and size stay the session's
        return false;
    bool escape = code == SDLK_ESCAPE, onward = is_onward(host, code);
    if (host->phase == ENDED) {
        host->since = onward || escape ? ENDED_SECONDS : host->since;
        return true;
    }
    if (onward && host->leaf + 1 < host->leaves) {
        host->leaf++;
        return true;
    }
    if (host->phase == CARD_LEAVING) {
        s->quit |= onward || escape;
    } else if (escape) {
        leave_row(host, s);
    } else if (host->phase == CARD_START && onward) {
        enter(host, s, PLAYING);
        s->view.waiting = false;
    } else if (host->phase == CARD_AFTER && onward) {
        go_on(host, s);
    } else if (host->phase == CARD_AFTER && (code == SDLK_r || code == SDLK_F5)) {
        play_again(host, s);
    } else if (host->phase == CARD_AFTER && code == SDLK_s) {
        keep_level(host, s);
    }
    return true;
}

// ---------------------------------------------------------------------------------------------
// What is drawn.

static void draw_card(Host *host, const char *over, const char *title, const char *const *lines, int count,
                      const char *foot, int edge)
{
    const ParaCard card = {
        .over = over, .title = title, .lines = lines, .line_count = count, .foot = foot, .edge = edge};
    host->leaves = para_card_draw(&host->page, &card, host->since, &host->leaf);
}

static void draw_start(Host *host)
{
    char over[60];
    const char *lines[] = {host->why,
                           "How you do decides what follows: harder once you solve it, easier if not."};
    snprintf(over, sizeof over, host->e.number > 1 ? "Endless \xc2\xb7 level %d" : "Endless", host->e.number);
    draw_card(host, over, host->level->family, lines, 2, "Enter begins \xc2\xb7 Esc leaves",
              PARA_INK_PANEL_EDGE);
}

static void draw_after(Host *host, ParaPlaySession *s)
{
    static const char *const titles[] = {"", "Solved", "Not solved", "Over"};
    const char *lines[LINES_MAX];
    char cause[160];
    int count = 0;
    para_game_cause(&s->game, cause, sizeof cause);
    if (*cause)
        lines[count++] = cause;
    lines[count++] = host->how;
    lines[count++] = host->why;
    if (*host->kept)
        lines[count++] = host->kept;
    ParaEndlessEnd end = end_of(s);
    draw_card(host, host->over, titles[end], lines, count,
              host->ready ? "Enter: on \xc2\xb7 R: again \xc2\xb7 S: keep this level \xc2\xb7 Esc: leave"
                          : "R: again \xc2\xb7 S: keep this level \xc2\xb7 Esc: leave",
              end == PARA_ENDLESS_SOLVED ? PARA_INK_ACCENT : PARA_INK_PANEL_EDGE);
}

static void draw_leaving(Host *host)
{
    char title[60], first[160], second[160], third[160];
    const ParaEndless *e = &host->e;
    int ended = ended_of(host);
    const char *lines[] = {first, second, third};
    snprintf(title, sizeof title, ended == 1 ? "%d level" : "%d levels", ended);
    snprintf(first, sizeof first, "%d solved at the first try; the longest row ever is %d.",
             e->solved - host->first_solved, e->best);
    if (host->hardest >= 0)
        para_text_format(second, sizeof second,
                         "The hardest you solved is %.0f on a scale where 100 is the hardest "
                         "its family knows.",
                         100 * host->hardest);
    snprintf(third, sizeof third,
             host->keeps ? "It goes on at level %d whenever you like."
                         : "This row began from a seed and is not kept.",
             e->number + (e->end != PARA_ENDLESS_OPEN));
    if (host->hardest < 0)
        lines[1] = third;
    draw_card(host, "Endless", title, lines, host->hardest < 0 ? 2 : 3, "Enter leaves", PARA_INK_ACCENT);
}

static void draw(void *context, ParaPlaySession *s, float seconds)
{
    Host *host = context;
    ParaPage *page = &host->page;
    page->width = (float)para_window_width(s->view.window);
    page->height = (float)para_window_height(s->view.window);
    page->unit = para_window_scale(s->view.window);
    host->since += seconds;
    if (host->phase == PLAYING && para_game_over(&s->game))
        take_end(host, s);
    else if (host->phase == ENDED && host->since >= ENDED_SECONDS)
        enter(host, s, CARD_AFTER);
    if (host->phase == CARD_AFTER)
        look_for_next(host, s);
    if (host->phase == CARD_START)
        draw_start(host);
    else if (host->phase == CARD_AFTER)
        draw_after(host, s);
    else if (host->phase == CARD_LEAVING)
        draw_leaving(host);
}

// ---------------------------------------------------------------------------------------------
// Level after level.

/// The level in play, opened in the session's game.
static bool open_level(Host *host, ParaPlaySession *s, const char **out_error)
{
    const char *error = NULL;
    para_arena_clear(host->level_arena);
    host->level = para_endless_level(&host->e, &host->e.level, host->level_arena);
    *out_error = "the level in play does not come out as it was made";
    if (!host->level)
        return false;
    const char *json = para_level_to_json(host->level, host->level_arena);
    host->text = (ParaTemplateText){
        .source = "", .file = host->level->family, .text = json, .size = strlen(json), .kept = true};
    const ParaGameDef def = {.name = host->level->family, .text = &host->text, .solver = host->maker.solver};
    if (!para_game_open(&s->game, &def, &error) || !para_game_begin(&s->game, host->level->seed)) {
        *out_error = error ? para_arena_strdup(s->arena, error) : "its level cannot be built";
        return false;
    }
    host->ready = false;
    host->tries = 0;
    host->error = NULL;
    para_ahead_ask(host->ahead, &host->e);
    para_play_session_settle(s);
    para_text_print(stdout, "endless: level %d \"%s\" difficulty %.3f hash %016" PRIx64 "%s\n",
                    host->e.number, host->level->family, host->e.level.difficulty, host->e.level.hash,
                    host->e.level.proven ? " proven" : "");
    fflush(stdout);
    return true;
}

/// Where there is no level in play, what follows is made at once.
static bool begin(Host *host, ParaPlaySession *s, const char **out_error)
{
    if (host->e.end == PARA_ENDLESS_OPEN) {
        snprintf(host->why, sizeof host->why, "You go on with the level you left.");
        return true;
    }
    ParaEndlessMaker maker = host->maker;
    maker.search_steps = host->e.number > 0 ? maker.search_steps : 0; // the very first comes at once
    if (!para_endless_propose(&host->e, &maker, host->level_arena, &host->next, out_error))
        return false;
    para_endless_say_next(&host->e, &host->next, host->why);
    para_endless_take(&host->e, &host->next);
    keep(host, s);
    return true;
}

/// Nobody's seed is like another's.
static uint64_t fresh_seed(void)
{
    char now[21];
    double clock = para_clock_seconds();
    para_clock_utc(now);
    return para_hash(&clock, sizeof clock, para_hash(now, sizeof now, 1));
}

static void read_person(Host *host, ParaPlaySession *s, const ParaEndlessWish *wish,
                        const ParaFamilies *families)
{
    const char *note = NULL;
    host->keeps = !wish->seeded && (!s->unattended || getenv("PARACOSM_HOME"));
    if (host->keeps)
        para_endless_read(&host->e, families, fresh_seed(), s->arena, &note);
    else
        para_endless_begin(&host->e, families, wish->seeded ? wish->seed : 1);
    if (note)
        para_play_view_say(&s->view, note);
    host->first_number = host->e.number + (host->e.end != PARA_ENDLESS_OPEN);
    host->first_solved = host->e.solved;
    host->hardest = -1;
}

static bool play_levels(Host *host, ParaPlaySession *s, const char **out_error)
{
    bool good = begin(host, s, out_error), first = true;
    while (good) {
        host->leave = s->quit = false;
        good = open_level(host, s, out_error);
        if (good) {
            enter(host, s, first ? CARD_START : PLAYING);
            s->view.waiting &= !first;
            para_play_session_run(s);
        }
        para_game_close(&s->game);
        first = false;
        if (!host->leave)
            break;
    }
    return good;
}

bool para_endless_check(const ParaEndlessWish *wish, ParaArena *arena, const char **out_error)
{
    ParaFamilies families;
    return para_endless_families(&families, wish->families, wish->family_count, arena, out_error);
}

bool para_endless_run(ParaPlaySession *s, const ParaEndlessWish *wish, const char **out_error)
{
    ParaFamilies families;
    Host *host = para_arena_alloc(s->arena, sizeof *host);
    if (!para_endless_families(&families, wish->families, wish->family_count, s->arena, out_error))
        return false;
    memset(host, 0, sizeof *host);
    host->maker = (ParaEndlessMaker){.solver = wish->solver, .search_steps = SEARCH_STEPS};
    host->page = para_page(s->view.window, s->arena);
    host->level_arena = para_arena_create(LEVEL_BLOCK, LEVEL_MAX);
    host->ahead = host->level_arena ? para_ahead_open(&host->maker) : NULL;
    *out_error = "no memory for the levels to come";
    bool good = host->ahead != NULL;
    if (good) {
        read_person(host, s, wish, &families);
        s->guest = (ParaPlayGuest){.context = host, .key = take_key, .draw = draw};
        s->view.onward = "Enter: on";
        good = play_levels(host, s, out_error);
        s->view.onward = NULL;
        s->guest = (ParaPlayGuest){0};
    }
    para_ahead_close(host->ahead);
    if (host->level_arena)
        para_arena_destroy(host->level_arena);
    return good;
}

static bool play_row(ParaPlaySession *s, const void *wish, const char **out_error)
{
    return para_endless_run(s, wish, out_error);
}

bool para_endless_visit(ParaPlayVisit *visit, const ParaEndlessWish *wish, ParaArena *arena,
                        const char **out_error)
{
    return para_play_row_visit(visit, play_row, wish, arena, out_error);
}
