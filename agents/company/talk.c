// SPDX-License-Identifier: MIT
// Keeps what is said in an episode, and counts what it tells.
#include "agents/company/talk.h"

#include "agents/company/information.h"
#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "worlds/rules/voice.h"

#include <math.h>
#include <string.h>

_Static_assert(PARA_TALK_WORDS == PARA_VOICE_WORDS, "all that can be said");
#define NOWHERE (PARA_TALK_BEARINGS - 1)

// ---------------------------------------------------------------------------------------------
// An episode.

typedef struct Place {
    float x, y; // [m]
} Place;

static Place place_of(const ParaView *view, int body)
{
    return (Place){view->centre_x[body * view->stride], view->centre_y[body * view->stride]};
}

static float squared(Place a, Place b) { return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y); }

/// The target nearest to a player, of those there are now. @return false: it has none
static bool target_of(const ParaEnv *env, const ParaView *view, int player, Place *out)
{
    const ParaLevel *level = env->level;
    Place self = place_of(view, level->players[player].body);
    float best = INFINITY;
    for (int b = 0; b < level->world.body_count; b++) {
        Place at = place_of(view, b);
        if (para_level_body_role(level, player, b) != PARA_ROLE_TARGET || !view->enabled[b * view->stride] ||
            squared(at, self) >= best)
            continue;
        best = squared(at, self);
        *out = at;
    }
    for (int z = 0; z < level->world.zone_count; z++) {
        Place at = {view->zones[z].position.x, view->zones[z].position.y};
        if (para_level_zone_role(level, player, z) != PARA_ROLE_TARGET || !view->zones[z].on ||
            squared(at, self) >= best)
            continue;
        best = squared(at, self);
        *out = at;
    }
    return best < INFINITY;
}

/// The nearest player that could hear any voice of a speaker now. @return -1: nobody could
static int listener_of(const ParaEnv *env, const ParaView *view, int speaker)
{
    const ParaLevel *level = env->level;
    ParaVoices voices = para_voices_of(level, speaker);
    float best = INFINITY;
    int found = -1;
    for (int p = 0; p < level->player_count; p++) {
        bool hears = false;
        for (int k = 0; k < voices.count; k++)
            hears = hears || para_voice_reaches(level, view, speaker, voices.actuator[k], p);
        float far = hears ? squared(place_of(view, level->players[p].body),
                                    place_of(view, level->players[speaker].body))
                          : INFINITY;
        if (far < best && env->play.players[p].status == PARA_PLAY_ON) {
            best = far;
            found = p;
        }
    }
    return found;
}

/// Which of eight directions leads from one place to another, the first around that to the right.
static int bearing_of(Place from, Place to)
{
    const double eighth = 0.78539816339744831; // [rad] 45 degrees
    double turn = para_atan2((double)(to.y - from.y), (double)(to.x - from.x)) / eighth;
    int bearing = (int)floor(turn + 0.5);
    return (bearing + 8) % 8;
}

static int bin_of(const ParaParamValue *param)
{
    double width = param->high - param->low;
    bool whole = floor(param->low) == param->low && floor(width) == width && width < PARA_TALK_BINS &&
                 floor(param->value) == param->value;
    double at = whole         ? param->value - param->low
                : width > 0.0 ? (param->value - param->low) / width * PARA_TALK_BINS
                              : 0;
    return (int)para_clamp(floor(at), 0, PARA_TALK_BINS - 1);
}

static void begin(ParaTalk *talk, const ParaLevel *level)
{
    talk->bins = level->param_count;
    for (int i = 0; i < level->param_count; i++)
        talk->bin[i] = (uint8_t)bin_of(&level->params[i]);
}

void para_talk_before(ParaTalk *talk, const ParaEnv *env)
{
    const ParaView *view = para_world_view(env->world);
    if (env->decisions == 0)
        begin(talk, env->level);
    talk->count = talk->open; // a decision that was not made
    for (int p = 0; p < env->level->player_count && talk->count < talk->max; p++) {
        int listener = env->play.players[p].status == PARA_PLAY_ON ? listener_of(env, view, p) : -1;
        Place target = {0, 0};
        if (listener < 0)
            continue;
        int bearing = target_of(env, view, p, &target)
                          ? bearing_of(place_of(view, env->level->players[listener].body), target)
                          : NOWHERE;
        talk->lines[talk->count++] = (ParaTalkLine){.player = (uint8_t)p, .bearing = (uint8_t)bearing};
    }
}

void para_talk_after(ParaTalk *talk, const ParaEnv *env)
{
    const ParaView *view = para_world_view(env->world);
    for (; talk->open < talk->count; talk->open++) {
        ParaTalkLine *line = &talk->lines[talk->open];
        ParaVoices voices = para_voices_of(env->level, line->player);
        int said[PARA_VOICES_MAX];
        for (int k = 0; k < voices.count; k++)
            said[k] = para_voice_said(&env->play, view, line->player, voices.actuator[k]);
        line->word = (uint8_t)para_voice_word(said, voices.count);
    }
}

// ---------------------------------------------------------------------------------------------
// What it told.

/// What words stand beside: a parameter, or with -1 the bearing. @param of the episode whose matter it is
static int matter_of(const ParaTalk *of, int param, int line)
{
    return param < 0 ? of->lines[line % of->count].bearing : of->bin[param];
}

/// Words of each episode beside the matter of another: others[i]. @param others NULL: of its own
static void count_pairs(const ParaTalk *talks, int count, int param, const int *others, ParaPairCounts *out)
{
    *out =
        (ParaPairCounts){.rows = PARA_TALK_WORDS, .columns = param < 0 ? PARA_TALK_BEARINGS : PARA_TALK_BINS};
    for (int i = 0; i < count; i++) {
        const ParaTalk *of = &talks[others ? others[i] : i];
        for (int k = 0; k < talks[i].count && of->count > 0; k++)
            out->of[talks[i].lines[k].word * out->columns + matter_of(of, param, k)]++;
    }
}

static void shuffle(ParaRng *rng, int *order, int count)
{
    for (int i = 0; i < count; i++)
        order[i] = i;
    for (int i = count - 1; i > 0; i--) {
        int j = (int)para_rng_int(rng, 0, i), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

static double entropy_of_matter(const ParaPairCounts *counts)
{
    double column[PARA_INFORMATION_MAX] = {0};
    for (int r = 0; r < counts->rows; r++)
        for (int c = 0; c < counts->columns; c++)
            column[c] += counts->of[r * counts->columns + c];
    return para_entropy_bits(column, counts->columns);
}

/// @param order scratch, [count]
static ParaTold told(const ParaTalk *talks, int count, int param, ParaRng *rng, int *order)
{
    ParaPairCounts counts;
    count_pairs(talks, count, param, NULL, &counts);
    ParaTold told = {.bits = para_information_bits(&counts), .most = entropy_of_matter(&counts)};
    for (int s = 0; s < PARA_TALK_SHUFFLES; s++) {
        shuffle(rng, order, count);
        count_pairs(talks, count, param, order, &counts);
        told.shuffled += para_information_bits(&counts) / PARA_TALK_SHUFFLES;
    }
    return told;
}

ParaTalkSummary para_talk_summary(const ParaTalk *talks, int count, uint64_t seed, ParaArena *arena)
{
    ParaTalkSummary out = {.lines = 0};
    double words[PARA_TALK_WORDS] = {0};
    ParaRng rng = para_rng_make(seed, "shuffle");
    int *order = PARA_NEW(arena, int, count);
    for (int i = 0; i < count; i++) {
        out.lines += talks[i].count;
        out.param_count = talks[i].count > 0 ? talks[i].bins : out.param_count;
        for (int k = 0; k < talks[i].count; k++)
            words[talks[i].lines[k].word]++;
    }
    if (out.lines == 0)
        return out;
    for (int w = 0; w < PARA_TALK_WORDS; w++)
        out.share[w] = words[w] / (double)out.lines;
    out.entropy = para_entropy_bits(words, PARA_TALK_WORDS);
    out.bearing = told(talks, count, -1, &rng, order);
    for (int i = 0; i < out.param_count; i++)
        out.params[i] = told(talks, count, i, &rng, order);
    return out;
}

const char *para_talk_word(int word)
{
    static const char *const words[PARA_TALK_WORDS] = {".", "+", "-", ".+", "++", "-+", ".-", "+-", "--"};
    PARA_ASSERT(word >= 0 && word < PARA_TALK_WORDS);
    return words[word];
}
