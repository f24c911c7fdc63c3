// SPDX-License-Identifier: MIT
// Drives a session from scene to scene as its guest: it draws over the level and holds time while a card is
// up.
#include "apps/play/play_story.h"

#include "apps/page/card.h"
#include "apps/page/flow.h"
#include "apps/store/store.h"
#include "engine/base/file.h"
#include "engine/base/text.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define ENDED_SECONDS   1.6f // [s] that an end is looked at before the story goes on
#define JUMP_SECONDS    0.7f // [s] that a card which just came takes Space for a late jump
#define CAPTION_SECONDS 4.5f // [s] of a caption
#define KEEPS_FILE      "stories.json"

typedef enum { CARD_BEFORE, PLAYING, ENDED, CARD_AFTER, CARD_ENDING } Phase;

typedef struct Teller {
    const ParaStory *story;
    ParaStoryState state;
    const ParaStoryBranch *taken; ///< whose card is shown
    ParaPage page;
    Phase phase;
    int scene;             ///< [1] that is played; state.scene may be the next one
    float since;           ///< [s] >= 0 in this phase
    uint32_t said;         ///< [bits] captions of this scene
    const char *caption;   ///< NULL: none
    float caption_seconds; ///< [s] >= 0 since it came
    int caption_parts;     ///< [1] >= 1 that it is shown in, one after the other
    int leaf, leaves;      ///< [1] of the card: which is up, 0 the first; how many there were at last
    double time;           ///< [s] of the level at the last frame
    uint32_t seen;         ///< [bits] endings, this one included
    bool leave;            ///< this scene, for the next or for good
    char onward[64];       ///< what keys do at an end
} Teller;

bool para_play_is_story(const char *name, ParaArena *arena)
{
    static const char ending[] = ".json";
    size_t length = name ? strlen(name) : 0, size = 0;
    const char *error = NULL;
    if (length < sizeof ending || strcmp(name + length - (sizeof ending - 1), ending) != 0)
        return false;
    ParaArenaMark mark = para_arena_mark(arena);
    const char *text = para_file_read(name, (size_t)1 << 20, arena, &size, &error);
    bool is = text && para_story_is(text, size);
    para_arena_rewind(arena, mark);
    return is;
}

static const ParaStoryScene *scene_of(const Teller *teller) { return &teller->story->scenes[teller->scene]; }

// ---------------------------------------------------------------------------------------------
// Endings that were seen.

/// Reads what was seen before and adds this ending. Where that fails, the story ends all the same.
static void remember_ending(Teller *teller, ParaPlaySession *s, int ending)
{
    const char *note = NULL;
    int lock = para_store_lock(PARA_STORE_DATA, s->arena);
    cJSON *root = para_store_read(PARA_STORE_DATA, KEEPS_FILE, s->arena, &note), *list;
    teller->seen = 1u << ending;
    list = root ? cJSON_GetObjectItemCaseSensitive(root, teller->story->name) : NULL;
    if (root && !cJSON_IsArray(list)) {
        cJSON_DeleteItemFromObjectCaseSensitive(root, teller->story->name);
        list = cJSON_AddArrayToObject(root, teller->story->name);
    }
    bool known = false;
    for (const cJSON *item = list ? list->child : NULL; item; item = item->next)
        for (int e = 0; e < teller->story->ending_count; e++)
            if (cJSON_IsString(item) && strcmp(item->valuestring, teller->story->endings[e].name) == 0) {
                teller->seen |= 1u << e;
                known |= e == ending;
            }
    if (list && !known) {
        cJSON_AddItemToArray(list, cJSON_CreateString(teller->story->endings[ending].name));
        if (!para_store_write(PARA_STORE_DATA, KEEPS_FILE, root, s->arena, &note))
            para_play_view_say(&s->view, note);
    }
    para_store_unlock(lock);
    cJSON_Delete(root);
}

// ---------------------------------------------------------------------------------------------
// From phase to phase.

static void enter(Teller *teller, ParaPlaySession *s, Phase phase)
{
    bool card = phase == CARD_BEFORE || phase == CARD_AFTER || phase == CARD_ENDING;
    teller->phase = phase;
    teller->since = 0.0f;
    teller->leaf = 0;
    teller->leaves = 1;
    s->guest.holds = card || phase == ENDED;
    s->view.covered = card;
    if (card)
        para_play_sound_cue(&s->sound, phase == CARD_ENDING ? PARA_CUE_ENDING : PARA_CUE_PAGE);
}

/// What is told may be waited for.
static void tell(const char *what, const char *name, const char *title)
{
    printf("story: %s \"%s\": %s\n", what, name, title);
    fflush(stdout);
}

static void go_on(Teller *teller, ParaPlaySession *s)
{
    if (teller->state.scene >= 0) {
        teller->leave = s->quit = true;
        return;
    }
    int ending = -1 - teller->state.scene;
    remember_ending(teller, s, ending);
    tell("ending", teller->story->endings[ending].name, teller->story->endings[ending].title);
    enter(teller, s, CARD_ENDING);
}

/// The level has ended: which way?
static void decide(Teller *teller, ParaPlaySession *s)
{
    static const char *const ends[] = {"on", "solved", "failed", "timeout", "timeout"};
    const ParaEnv *env = &s->game.env;
    teller->taken = para_story_go(teller->story, &teller->state, &env->play, env->level, env->world);
    para_text_print(stdout, "story: \"%s\" %s after %.2f s\n", scene_of(teller)->name, ends[env->play.status],
                    para_world_view(env->world)->time);
    fflush(stdout);
    if (teller->taken->say.count)
        enter(teller, s, CARD_AFTER);
    else
        go_on(teller, s);
}

#define CAPTION_LEAST 1.5f // [s] before another caption takes the place of one

/// Whether a caption is up that nobody can have read yet.
static bool still_says(const Teller *teller)
{
    float least = teller->caption_parts > 1 ? CAPTION_SECONDS * (float)teller->caption_parts : CAPTION_LEAST;
    return teller->caption && teller->caption_seconds < least;
}

static void say_captions(Teller *teller)
{
    const ParaStoryScene *scene = scene_of(teller);
    for (int i = 0; i < scene->caption_count && !still_says(teller); i++) {
        const ParaStoryCaption *caption = &scene->captions[i];
        if (teller->said >> i & 1 || teller->time < (double)caption->at ||
            !para_story_holds(&teller->state, caption->when))
            continue;
        teller->said |= 1u << i;
        teller->caption = caption->say;
        teller->caption_seconds = 0.0f;
        teller->caption_parts = 1;
        return; // one at a time
    }
}

static void follow_level(Teller *teller, ParaPlaySession *s)
{
    const ParaEnv *env = &s->game.env;
    double now = para_world_view(env->world)->time;
    if (now < teller->time || (teller->time == 0.0 && now > 0.0)) {
        teller->state.senses[PARA_STORY_TRIES] += 1.0;
        teller->said = now < teller->time ? 0 : teller->said; // begun anew: it is told anew
    }
    teller->time = now;
    para_story_sense(&teller->state, &env->play, env->level, env->world);
    if (env->play.status == PARA_PLAY_ON)
        say_captions(teller);
    else
        enter(teller, s, ENDED);
}

/// The next leaf of the card that is up. @return false: it was the last one
static bool turn(Teller *teller)
{
    if (teller->leaf + 1 >= teller->leaves)
        return false;
    teller->leaf++;
    return true;
}

/// Space is the jump of many levels: who still jumps when one ends does not put away the card unread.
static bool is_onward(const Teller *teller, SDL_Keycode code)
{
    bool after = teller->phase == CARD_AFTER || teller->phase == CARD_ENDING;
    bool jumps = teller->phase == ENDED || (after && teller->since < JUMP_SECONDS);
    return code == SDLK_RETURN || code == SDLK_KP_ENTER || (code == SDLK_SPACE && !jumps);
}

static bool take_key(void *context, ParaPlaySession *s, SDL_Keycode code)
{
    Teller *teller = context;
    bool own = code != SDLK_ESCAPE && code != SDLK_F9; // leaving and muting stay the session's
    if (teller->phase == PLAYING)
        return false;
    if (teller->phase == ENDED) // who retries does so before the story has gone on
        return own && is_onward(teller, code) && (teller->since = ENDED_SECONDS, true);
    if (!is_onward(teller, code) || turn(teller))
        return own;
    if (teller->phase == CARD_AFTER) {
        go_on(teller, s);
    } else if (teller->phase == CARD_ENDING) {
        s->quit = true;
    } else {
        enter(teller, s, PLAYING);
        s->view.waiting = false;
    }
    return own;
}

// ---------------------------------------------------------------------------------------------
// What is drawn.

typedef struct Face {
    const char *over, *title, *foot;
    const ParaStoryCard *text;
    int edge; ///< [ParaInk]
} Face;

static void draw_card(Teller *teller, const Face *face)
{
    const ParaCard card = {.over = face->over,
                           .title = face->title,
                           .foot = face->foot,
                           .lines = face->text->lines,
                           .line_count = face->text->count,
                           .edge = face->edge};
    teller->leaves = para_card_draw(&teller->page, &card, teller->since, &teller->leaf);
}

/// A caption, over what is below it in the window; a long one is shown in parts of two lines.
static void draw_caption(Teller *teller, float seconds)
{
    ParaPage *page = &teller->page;
    float u = page->unit, high = 0.0f;
    ParaTextSize size = page->width < 480 * u ? PARA_TEXT_SMALL : PARA_TEXT_NORMAL;
    teller->caption_seconds += seconds;
    if (!teller->caption || teller->caption_seconds > CAPTION_SECONDS * (float)teller->caption_parts)
        return;
    const ParaFlowText text = {teller->caption, size, PARA_INK_TEXT, 0};
    float most = page->width - 68 * u, pad = 11 * u;
    ParaRect room = {0, 0, fminf(para_window_text_width(page->window, text.size, text.text) + u, most),
                     2 * para_page_line(page, size)};
    teller->caption_parts = para_flow(page, room, &text, 1, -1, &high);
    float bottom = page->height - fminf(78 * u, 0.2f * page->height);
    ParaRect box = {0.5f * (page->width - room.width) - 2 * pad, bottom - high - 2 * pad,
                    room.width + 4 * pad, high + 2 * pad};
    para_page_box(page, box, 12 * u, PARA_INK_PANEL, PARA_INK_PANEL_EDGE);
    para_page_draw(page);
    room.x = box.x + 2 * pad;
    room.y = box.y + pad;
    para_flow(page, room, &text, 1, (int)(teller->caption_seconds / CAPTION_SECONDS), NULL);
}

static int count_seen(const Teller *teller)
{
    int count = 0;
    for (int e = 0; e < teller->story->ending_count; e++)
        count += (int)(teller->seen >> e & 1);
    return count;
}

static void draw_phase(Teller *teller, float seconds)
{
    static const char foot[] = "Space or Enter goes on";
    const ParaStoryScene *scene = scene_of(teller);
    char over[PARA_STORY_TEXT_MAX + 40], end[80];
    Face face = {.over = "", .title = scene->title, .foot = foot, .edge = PARA_INK_PANEL_EDGE};
    switch (teller->phase) {
    case PLAYING:
        draw_caption(teller, seconds);
        break;
    case ENDED:
        break;
    case CARD_BEFORE:
        face.over = teller->story->name;
        face.text = &scene->before;
        draw_card(teller, &face);
        break;
    case CARD_AFTER:
        face.text = &teller->taken->say;
        draw_card(teller, &face);
        break;
    case CARD_ENDING: {
        const ParaStoryEnding *ending = &teller->story->endings[-1 - teller->state.scene];
        snprintf(over, sizeof over, "The end of \xe2\x80\x9c%s\xe2\x80\x9d", teller->story->name);
        snprintf(end, sizeof end, "%d of %d endings seen. Enter leaves", count_seen(teller),
                 teller->story->ending_count);
        face = (Face){over, ending->title, end, &ending->text, PARA_INK_ACCENT};
        draw_card(teller, &face);
        break;
    }
    }
}

static void draw(void *context, ParaPlaySession *s, float seconds)
{
    Teller *teller = context;
    ParaPage *page = &teller->page;
    page->width = (float)para_window_width(s->view.window);
    page->height = (float)para_window_height(s->view.window);
    page->unit = para_window_scale(s->view.window);
    teller->since += seconds;
    if (teller->phase == PLAYING)
        follow_level(teller, s);
    else if (teller->phase == ENDED && teller->since >= ENDED_SECONDS)
        decide(teller, s);
    draw_phase(teller, seconds);
}

// ---------------------------------------------------------------------------------------------
// Scene after scene.

/// At an end one may try again before the story has gone on.
static void tell_keys(Teller *teller, ParaPlaySession *s)
{
    char again[32];
    para_keys_command_names(&s->keys, PARA_COMMAND_RESTART, again, sizeof again);
    snprintf(teller->onward, sizeof teller->onward, "Enter: on     %s: again", again);
    s->view.onward = teller->onward;
}

static bool open_scene(Teller *teller, ParaPlaySession *s, ParaSolverKind solver, const char **out_error)
{
    const ParaStoryScene *scene = &teller->story->scenes[teller->state.scene];
    const ParaGameDef def = {.name = scene->level,
                             .solver = solver,
                             .settings = scene->settings,
                             .setting_count = scene->setting_count};
    const char *error = NULL;
    if (!para_game_open(&s->game, &def, &error)) {
        *out_error = para_arena_strdup(s->arena, error); // it lives in the game
        return false;
    }
    if (!para_game_begin(&s->game, scene->seed)) {
        *out_error = para_arena_printf(
            s->arena, "the scene \"%s\" has no level of %s at its seed %" PRIu64 "%s%s", scene->name,
            scene->level, scene->seed, *s->game.refused ? ": " : "", s->game.refused);
        return false;
    }
    teller->scene = teller->state.scene;
    teller->said = 0;
    teller->caption = NULL;
    teller->time = 0.0;
    para_play_session_settle(s);
    tell_keys(teller, s);
    tell("scene", scene->name, scene->title);
    enter(teller, s, scene->before.count ? CARD_BEFORE : PLAYING);
    if (teller->phase == CARD_BEFORE)
        s->view.waiting = false;
    return true;
}

bool para_play_story_run(ParaPlaySession *s, const ParaStory *story, ParaSolverKind solver,
                         const char **out_error)
{
    Teller teller = {
        .story = story, .state = para_story_begin(story), .page = para_page(s->view.window, s->arena)};
    bool good = true;
    s->view.help_mode = PARA_HELP_STORY;
    s->guest = (ParaPlayGuest){.context = &teller, .key = take_key, .draw = draw};
    do {
        teller.leave = s->quit = false;
        good = open_scene(&teller, s, solver, out_error);
        if (good)
            para_play_session_run(s);
        para_game_close(&s->game);
    } while (good && teller.leave);
    s->guest = (ParaPlayGuest){0};
    s->view.onward = NULL;
    return good;
}
