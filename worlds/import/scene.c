// SPDX-License-Identifier: MIT
// What is drawn, as the text of a template: things become bodies and zones, with names of their own, and the
// player, goal and fail that their kinds make.
#include "worlds/import/scene.h"

#include "engine/base/file.h"
#include "engine/base/json.h"
#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"
#include "worlds/parts.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SHAPES_MAX  64   // of one body, by the format
#define BALL_RADIUS 0.4  // [m] of a player that is only a point
#define COIN_RADIUS 0.25 // [m] of a coin that is only a point
#define LEAVES_MAX  30   // of one list of goal or fail

void para_drawn_refuse(ParaDrawing *drawing, const char *where, const char *format, ...)
{
    char text[400];
    va_list list;
    va_start(list, format);
    para_text_format_v(text, sizeof text, format, list);
    va_end(list);
    para_diag_add(drawing->list, PARA_DIAG_ERROR, NULL, where, "%s", text);
}

void para_drawn_note(ParaDrawing *drawing, const char *where, const char *format, ...)
{
    char text[400];
    va_list list;
    va_start(list, format);
    para_text_format_v(text, sizeof text, format, list);
    va_end(list);
    para_diag_add(drawing->list, PARA_DIAG_WARNING, NULL, where, "%s", text);
}

bool para_drawn_kind(const char *word, ParaDrawnKind *out)
{
    static const struct {
        const char *word;
        ParaDrawnKind kind;
    } words[] = {{"solid", PARA_DRAWN_SOLID},     {"static", PARA_DRAWN_SOLID},  {"ground", PARA_DRAWN_SOLID},
                 {"body", PARA_DRAWN_BODY},       {"dynamic", PARA_DRAWN_BODY},  {"mover", PARA_DRAWN_MOVER},
                 {"kinematic", PARA_DRAWN_MOVER}, {"player", PARA_DRAWN_PLAYER}, {"start", PARA_DRAWN_PLAYER},
                 {"goal", PARA_DRAWN_GOAL},       {"hazard", PARA_DRAWN_HAZARD}, {"coin", PARA_DRAWN_COIN},
                 {"zone", PARA_DRAWN_ZONE}};
    *out = PARA_DRAWN_SOLID;
    if (!word || !*word)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0) {
            *out = words[i].kind;
            return true;
        }
    return false;
}

ParaDrawn *para_drawn_add(ParaDrawing *drawing, ParaDrawnKind kind, const char *name, const char *where)
{
    if (!drawing->things)
        drawing->things = PARA_NEW(drawing->arena, ParaDrawn, PARA_DRAWN_THINGS_MAX);
    if (drawing->count == PARA_DRAWN_THINGS_MAX) {
        para_drawn_refuse(drawing, where, "there are more than %d things", PARA_DRAWN_THINGS_MAX);
        return NULL;
    }
    ParaDrawn *drawn = &drawing->things[drawing->count++];
    *drawn = (ParaDrawn){.kind = kind, .name = name, .where = where};
    return drawn;
}

const ParaProperty *para_drawn_property(const ParaProperty *properties, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(properties[i].name, name) == 0)
            return &properties[i];
    return NULL;
}

ParaProperty para_drawn_property_of(const char *name, const char *text, ParaArena *arena)
{
    ParaProperty property = {para_arena_strdup(arena, name), para_arena_strdup(arena, text), (double)NAN};
    const char *end = NULL;
    double number = para_text_number(text, &end);
    if (strcmp(text, "true") == 0)
        property.number = 1;
    else if (strcmp(text, "false") == 0)
        property.number = 0;
    else if (end != text && *end == '\0' && isfinite(number))
        property.number = number;
    return property;
}

// ---------------------------------------------------------------------------------------------
// What properties a kind has.

typedef enum { OF_BODY = 1, OF_MOVER = 2, OF_ZONE = 4, OF_PLAYER = 8, OF_WHOLE = 16 } Of;
typedef enum { NUMBER, TRUTH, TEXT, INSIDE } Form; ///< INSIDE: in an object or pair, written by hand

static const struct Known {
    const char *name;
    unsigned of;
    Form form;
} known[] = {
    {"density", OF_BODY, NUMBER},       {"friction", OF_BODY, NUMBER},
    {"restitution", OF_BODY, NUMBER},   {"gravity_scale", OF_BODY, NUMBER},
    {"damping", OF_BODY, NUMBER},       {"angular_damping", OF_BODY, NUMBER},
    {"spin", OF_BODY, NUMBER},          {"group", OF_BODY, NUMBER},
    {"belt", OF_BODY, NUMBER},          {"category", OF_BODY, NUMBER},
    {"mask", OF_BODY, NUMBER},          {"fast", OF_BODY, TRUTH},
    {"fixed_rotation", OF_BODY, TRUTH}, {"one_way", OF_BODY, TRUTH},
    {"collect", OF_BODY, TRUTH},        {"material", OF_BODY, TEXT},
    {"role", OF_BODY | OF_ZONE, TEXT},  {"velocity_x", OF_BODY, INSIDE},
    {"velocity_y", OF_BODY, INSIDE},    {"shatters", OF_BODY, INSIDE},
    {"squeeze", OF_BODY, INSIDE},       {"radius", OF_BODY, INSIDE},
    {"moves_x", OF_MOVER, INSIDE},      {"moves_y", OF_MOVER, INSIDE},
    {"period", OF_MOVER, INSIDE},       {"phase", OF_MOVER, INSIDE},
    {"drag", OF_ZONE, NUMBER},          {"pull", OF_ZONE, NUMBER},
    {"force_x", OF_ZONE, INSIDE},       {"force_y", OF_ZONE, INSIDE},
    {"fluid", OF_ZONE, INSIDE},         {"fluid_drag", OF_ZONE, INSIDE},
    {"part", OF_PLAYER, INSIDE},        {"walk", OF_PLAYER, INSIDE},
    {"jump", OF_PLAYER, INSIDE},        {"seconds", OF_WHOLE, INSIDE},
    {"gravity", OF_WHOLE, INSIDE},      {"about", OF_WHOLE, INSIDE},
};
#define KNOWN ((int)(sizeof known / sizeof *known))

static unsigned of_kind(ParaDrawnKind kind)
{
    static const unsigned of[] = {[PARA_DRAWN_SOLID] = OF_BODY,
                                  [PARA_DRAWN_BODY] = OF_BODY,
                                  [PARA_DRAWN_MOVER] = OF_BODY | OF_MOVER,
                                  [PARA_DRAWN_PLAYER] = OF_BODY | OF_PLAYER,
                                  [PARA_DRAWN_GOAL] = OF_ZONE,
                                  [PARA_DRAWN_HAZARD] = OF_BODY,
                                  [PARA_DRAWN_COIN] = OF_BODY,
                                  [PARA_DRAWN_ZONE] = OF_ZONE};
    return of[kind];
}

static void check_properties(ParaDrawing *drawing, const char *where, const ParaProperty *properties,
                             int count, unsigned of)
{
    for (int i = 0; i < count; i++) {
        const struct Known *found = NULL;
        for (int k = 0; k < KNOWN && !found; k++)
            found = strcmp(known[k].name, properties[i].name) == 0 && (known[k].of & of) ? &known[k] : NULL;
        if (!found)
            para_drawn_note(drawing, where, "property \"%.60s\": nothing of that name is known here",
                            properties[i].name);
        else if (isnan(properties[i].number) && found->form != TEXT && strcmp(found->name, "part") != 0 &&
                 strcmp(found->name, "about") != 0)
            para_drawn_note(drawing, where, "property \"%.60s\": \"%.60s\" is no number", properties[i].name,
                            properties[i].text);
    }
}

// ---------------------------------------------------------------------------------------------
// Writing.

typedef struct Writer {
    ParaDrawing *drawing;
    ParaJson json;
    const char **names; ///< [name_count] given so far
    int name_count;
    const char *player, *part; ///< the player's main body; of a part, the part
    int goal_count, hazard_count, coin_count;
    const char *goals[LEAVES_MAX], *hazards[LEAVES_MAX], *coins[LEAVES_MAX];
    int body_count; ///< written
} Writer;

/// The number of a property, `otherwise` where it is not there.
static double number(const ParaDrawn *drawn, const char *name, double otherwise)
{
    const ParaProperty *property = para_drawn_property(drawn->properties, drawn->property_count, name);
    return property && !isnan(property->number) ? property->number : otherwise;
}

static bool given(const ParaDrawn *drawn, const char *name)
{
    return !isnan(number(drawn, name, (double)NAN));
}

static void key_number(Writer *writer, const char *key, double value)
{
    para_json_key(&writer->json, key);
    para_json_float(&writer->json, (float)value + 0.0f);
}

static void pair(Writer *writer, double x, double y)
{
    para_json_open(&writer->json, '[');
    para_json_item(&writer->json);
    para_json_float(&writer->json, (float)x + 0.0f); // -0 is 0
    para_json_item(&writer->json);
    para_json_float(&writer->json, (float)y + 0.0f);
    para_json_close(&writer->json, ']');
}

static void key_pair(Writer *writer, const char *key, double x, double y)
{
    para_json_key(&writer->json, key);
    pair(writer, x, y);
}

static bool is_taken(const Writer *writer, const char *name)
{
    for (int i = 0; i < writer->name_count; i++)
        if (strcmp(writer->names[i], name) == 0)
            return true;
    return false;
}

/// A name that is none's yet, as near to the wanted one as the format allows.
static const char *give_name(Writer *writer, const char *wanted)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char base[40], name[60];
    int used = 0;
    for (; *wanted && used < (int)sizeof base - 1; wanted++)
        base[used++] = strchr(letters, *wanted) || strchr("0123456789-_", *wanted) ? *wanted : '-';
    base[used] = '\0';
    bool lettered = used > 0 && strchr(letters, base[0]);
    snprintf(name, sizeof name, "%s%s", lettered ? "" : "n", base);
    for (int n = 2; is_taken(writer, name); n++)
        snprintf(name, sizeof name, "%s%s-%d", lettered ? "" : "n", base, n);
    return writer->names[writer->name_count++] = para_arena_strdup(writer->drawing->arena, name);
}

static void write_points(Writer *writer, const ParaForm *form)
{
    para_json_open(&writer->json, '[');
    for (int i = 0; i < form->count; i++) {
        para_json_item(&writer->json);
        pair(writer, form->points[i].x, form->points[i].y);
    }
    para_json_close(&writer->json, ']');
}

static void write_form(Writer *writer, const ParaForm *form)
{
    para_json_open(&writer->json, '{');
    switch (form->kind) {
    case PARA_FORM_CIRCLE:
        key_number(writer, "circle", form->radius);
        if (form->count > 0)
            key_pair(writer, "at", form->points[0].x, form->points[0].y);
        break;
    case PARA_FORM_BOX:
        key_pair(writer, "box", form->width, form->height);
        if (form->count > 0)
            key_pair(writer, "at", form->points[0].x, form->points[0].y);
        break;
    case PARA_FORM_POLYGON:
        para_json_key(&writer->json, "polygon");
        write_points(writer, form);
        break;
    case PARA_FORM_CHAIN:
        para_json_key(&writer->json, "chain");
        write_points(writer, form);
        key_number(writer, "radius", form->radius);
        break;
    }
    para_json_close(&writer->json, '}');
}

static void write_known(Writer *writer, const ParaDrawn *drawn, unsigned of)
{
    for (int k = 0; k < KNOWN; k++) {
        const ParaProperty *property =
            para_drawn_property(drawn->properties, drawn->property_count, known[k].name);
        if (!property || !(known[k].of & of) || known[k].form == INSIDE)
            continue;
        if (known[k].form == TEXT)
            para_json_key_string(&writer->json, known[k].name, property->text);
        else if (known[k].form == TRUTH && !isnan(property->number))
            para_json_key_bool(&writer->json, known[k].name, property->number != 0);
        else if (!isnan(property->number))
            key_number(writer, known[k].name, property->number);
    }
    if (!(of & OF_BODY))
        return;
    if (given(drawn, "velocity_x") || given(drawn, "velocity_y"))
        key_pair(writer, "velocity", number(drawn, "velocity_x", 0), number(drawn, "velocity_y", 0));
    if (given(drawn, "shatters") || given(drawn, "squeeze")) {
        para_json_key(&writer->json, "shatters");
        para_json_open(&writer->json, '{');
        if (given(drawn, "shatters"))
            key_number(writer, "impulse", number(drawn, "shatters", 0));
        if (given(drawn, "squeeze"))
            key_number(writer, "squeeze", number(drawn, "squeeze", 0));
        para_json_close(&writer->json, '}');
    }
    if ((of & OF_MOVER) && (given(drawn, "moves_x") || given(drawn, "moves_y"))) {
        para_json_key(&writer->json, "moves");
        para_json_open(&writer->json, '{');
        key_pair(writer, "by", number(drawn, "moves_x", 0), number(drawn, "moves_y", 0));
        key_number(writer, "period", number(drawn, "period", 4));
        if (given(drawn, "phase"))
            key_number(writer, "phase", number(drawn, "phase", 0));
        para_json_close(&writer->json, '}');
    }
}

/// [m^2] of all forms, as a body would have them.
static double area_of(const ParaForm *forms, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += forms[i].kind == PARA_FORM_CIRCLE    ? PARA_TAU / 2 * forms[i].radius * forms[i].radius
               : forms[i].kind == PARA_FORM_BOX     ? forms[i].width * forms[i].height
               : forms[i].kind == PARA_FORM_POLYGON ? para_points_area(forms[i].points, forms[i].count)
                                                    : 0;
    return sum;
}

static const char *default_name(ParaDrawnKind kind)
{
    static const char *const names[] = {
        [PARA_DRAWN_SOLID] = "ground",  [PARA_DRAWN_BODY] = "body", [PARA_DRAWN_MOVER] = "mover",
        [PARA_DRAWN_PLAYER] = "player", [PARA_DRAWN_GOAL] = "goal", [PARA_DRAWN_HAZARD] = "hazard",
        [PARA_DRAWN_COIN] = "coin",     [PARA_DRAWN_ZONE] = "zone"};
    return names[kind];
}

static void remember(Writer *writer, const ParaDrawn *drawn, const char *name, const char **names, int *count)
{
    if (*count == LEAVES_MAX)
        para_drawn_refuse(writer->drawing, drawn->where, "there are more than %d things of class %s",
                          LEAVES_MAX, default_name(drawn->kind));
    else
        names[(*count)++] = name;
}

/// One body with forms [first, first + count).
static void write_body(Writer *writer, const ParaDrawn *drawn, int first, int count)
{
    static const ParaForm ball = {.kind = PARA_FORM_CIRCLE, .radius = BALL_RADIUS};
    static const ParaForm coin = {.kind = PARA_FORM_CIRCLE, .radius = COIN_RADIUS};
    const ParaForm *forms = drawn->kind == PARA_DRAWN_COIN ? &coin : &ball;
    if (drawn->form_count > 0)
        forms = drawn->forms + first;
    else
        count = 1;
    const char *name =
        give_name(writer, drawn->name && *drawn->name ? drawn->name : default_name(drawn->kind));
    para_json_item(&writer->json);
    para_json_open(&writer->json, '{');
    para_json_key_string(&writer->json, "name", name);
    if (drawn->kind == PARA_DRAWN_MOVER)
        para_json_key_bool(&writer->json, "kinematic", true);
    else if (drawn->kind != PARA_DRAWN_BODY && drawn->kind != PARA_DRAWN_PLAYER)
        para_json_key_bool(&writer->json, "static", true);
    key_pair(writer, "at", drawn->x, drawn->y);
    if (drawn->angle != 0)
        key_number(writer, "angle", drawn->angle);
    para_json_key(&writer->json, count == 1 ? "shape" : "shapes");
    if (count > 1)
        para_json_open(&writer->json, '[');
    for (int i = 0; i < count; i++) {
        if (count > 1)
            para_json_item(&writer->json);
        write_form(writer, &forms[i]);
    }
    if (count > 1)
        para_json_close(&writer->json, ']');
    if (drawn->kind == PARA_DRAWN_COIN && !given(drawn, "collect"))
        para_json_key_bool(&writer->json, "collect", true);
    if (drawn->kind == PARA_DRAWN_PLAYER && !given(drawn, "fixed_rotation"))
        para_json_key_bool(&writer->json, "fixed_rotation", true);
    write_known(writer, drawn, of_kind(drawn->kind));
    para_json_close(&writer->json, '}');
    writer->body_count++;
    if (drawn->kind == PARA_DRAWN_HAZARD)
        remember(writer, drawn, name, writer->hazards, &writer->hazard_count);
    if (drawn->kind == PARA_DRAWN_COIN)
        remember(writer, drawn, name, writer->coins, &writer->coin_count);
    if (drawn->kind == PARA_DRAWN_PLAYER)
        writer->player = name;
}

static bool is_zone(const ParaDrawn *drawn)
{
    return drawn->kind == PARA_DRAWN_GOAL || drawn->kind == PARA_DRAWN_ZONE;
}

static bool is_player_part(const ParaDrawn *drawn)
{
    return drawn->kind == PARA_DRAWN_PLAYER &&
           para_drawn_property(drawn->properties, drawn->property_count, "part");
}

static void write_bodies(Writer *writer)
{
    para_json_key(&writer->json, "bodies");
    para_json_open(&writer->json, '[');
    for (int i = 0; i < writer->drawing->count; i++) {
        const ParaDrawn *drawn = &writer->drawing->things[i];
        if (is_zone(drawn) || is_player_part(drawn))
            continue;
        bool moves = drawn->kind == PARA_DRAWN_BODY || drawn->kind == PARA_DRAWN_PLAYER ||
                     drawn->kind == PARA_DRAWN_MOVER;
        if (moves && drawn->form_count > SHAPES_MAX) {
            para_drawn_refuse(writer->drawing, drawn->where, "%d convex shapes; a body has at most %d",
                              drawn->form_count, SHAPES_MAX);
            continue;
        }
        for (int first = 0; first < drawn->form_count || first == 0; first += SHAPES_MAX)
            write_body(writer, drawn, first,
                       drawn->form_count - first < SHAPES_MAX ? drawn->form_count - first : SHAPES_MAX);
    }
    para_json_close(&writer->json, ']');
}

/// A chain is no area. Each convex piece is a zone of its own.
static void write_zone(Writer *writer, const ParaDrawn *drawn, const ParaForm *form)
{
    if (form->kind == PARA_FORM_CHAIN) {
        para_drawn_note(writer->drawing, drawn->where, "a line is no area: a zone wants a closed outline");
        return;
    }
    const char *name =
        give_name(writer, drawn->name && *drawn->name ? drawn->name : default_name(drawn->kind));
    double s, c, x = form->count > 0 ? form->points[0].x : 0, y = form->count > 0 ? form->points[0].y : 0;
    para_sincos(drawn->angle, &s, &c);
    bool polygon = form->kind == PARA_FORM_POLYGON;
    para_json_item(&writer->json);
    para_json_open(&writer->json, '{');
    para_json_key_string(&writer->json, "name", name);
    key_pair(writer, "at", drawn->x + (polygon ? 0 : c * x - s * y),
             drawn->y + (polygon ? 0 : s * x + c * y));
    if (drawn->angle != 0)
        key_number(writer, "angle", drawn->angle);
    ParaForm area = *form;
    area.count = polygon ? form->count : 0; // its place is the zone's
    para_json_key(&writer->json, "area");
    write_form(writer, &area);
    write_known(writer, drawn, OF_ZONE);
    if (given(drawn, "force_x") || given(drawn, "force_y"))
        key_pair(writer, "force", number(drawn, "force_x", 0), number(drawn, "force_y", 0));
    if (given(drawn, "fluid")) {
        para_json_key(&writer->json, "fluid");
        para_json_open(&writer->json, '{');
        key_number(writer, "density", number(drawn, "fluid", 1));
        key_number(writer, "drag", number(drawn, "fluid_drag", 1));
        para_json_close(&writer->json, '}');
    }
    para_json_close(&writer->json, '}');
    if (drawn->kind == PARA_DRAWN_GOAL)
        remember(writer, drawn, name, writer->goals, &writer->goal_count);
}

static void write_zones(Writer *writer)
{
    static const ParaForm spot = {.kind = PARA_FORM_CIRCLE, .radius = 0.5};
    bool any = false;
    for (int i = 0; i < writer->drawing->count; i++)
        any |= is_zone(&writer->drawing->things[i]);
    if (!any)
        return;
    para_json_key(&writer->json, "zones");
    para_json_open(&writer->json, '[');
    for (int i = 0; i < writer->drawing->count; i++) {
        const ParaDrawn *drawn = &writer->drawing->things[i];
        if (!is_zone(drawn))
            continue;
        if (drawn->form_count == 0)
            write_zone(writer, drawn, &spot);
        for (int k = 0; k < drawn->form_count; k++)
            write_zone(writer, drawn, &drawn->forms[k]);
    }
    para_json_close(&writer->json, ']');
}

/// The main body of a part of the library. @return NULL: there is no such part, or it has no player
static const char *main_body_of(const char *part, ParaArena *arena)
{
    const char *folder = para_parts_folder(arena), *error = NULL;
    size_t size;
    for (const char *at = part; *at; at++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", *at))
            return NULL;
    char *text = folder && *part ? para_file_read(para_arena_printf(arena, "%s/%s.json", folder, part),
                                                  PARA_TEMPLATE_SIZE_MAX, arena, &size, &error)
                                 : NULL;
    cJSON *root = text ? para_json_parse(text) : NULL;
    const cJSON *body =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(root, "player"), "body");
    const char *name = cJSON_IsString(body) ? para_arena_strdup(arena, body->valuestring) : NULL;
    cJSON_Delete(root);
    return name;
}

/// The one player; where none is drawn, a ball that is put near the left edge.
static const ParaDrawn *find_player(Writer *writer)
{
    ParaDrawing *drawing = writer->drawing;
    ParaDrawn *found = NULL;
    for (int i = 0; i < drawing->count; i++) {
        ParaDrawn *drawn = &drawing->things[i];
        if (drawn->kind != PARA_DRAWN_PLAYER)
            continue;
        if (found) {
            para_drawn_note(drawing, drawn->where, "a second player: it is a body like others");
            drawn->kind = PARA_DRAWN_BODY;
        } else {
            found = drawn;
        }
    }
    if (!found && (found = para_drawn_add(drawing, PARA_DRAWN_PLAYER, "player", ""))) {
        found->x = 0.1 * drawing->width;
        found->y = 0.9 * drawing->height;
        para_drawn_note(drawing, "",
                        "nothing of class \"player\" or \"start\" says where the player begins: a ball at "
                        "%.3g, %.3g is it",
                        found->x, found->y);
    }
    for (int k = 0; found && k < found->form_count; k++)
        if (found->forms[k].kind == PARA_FORM_CHAIN) {
            para_drawn_note(drawing, found->where, "a line is no body: the player is a ball at its place");
            found->form_count = 0;
        }
    return found;
}

static void write_include(Writer *writer, const ParaDrawn *player)
{
    const ParaProperty *part = para_drawn_property(player->properties, player->property_count, "part");
    const char *body = part ? main_body_of(part->text, writer->drawing->arena) : NULL;
    if (!part)
        return;
    if (!body) {
        para_drawn_refuse(writer->drawing, player->where,
                          "property \"part\": the library has no part \"%.40s\" with a player", part->text);
        return;
    }
    writer->part = part->text;
    writer->player = para_arena_printf(writer->drawing->arena, "player-%s", body);
    para_json_key(&writer->json, "include");
    para_json_open(&writer->json, '[');
    para_json_item(&writer->json);
    para_json_open(&writer->json, '{');
    para_json_key_string(&writer->json, "part", part->text);
    para_json_key_string(&writer->json, "as", "player");
    key_pair(writer, "at", player->x, player->y);
    para_json_close(&writer->json, '}');
    para_json_close(&writer->json, ']');
}

static void write_key(Writer *writer, int channel, const char *positive, const char *negative,
                      const char *label)
{
    para_json_item(&writer->json);
    para_json_open(&writer->json, '{');
    para_json_key_int(&writer->json, "channel", channel);
    para_json_key_string(&writer->json, "positive", positive);
    if (negative)
        para_json_key_string(&writer->json, "negative", negative);
    para_json_key_string(&writer->json, "label", label);
    para_json_close(&writer->json, '}');
}

/// Runs and jumps: with so much force and so hard that its mass does not matter.
static void write_runner(Writer *writer, const ParaDrawn *player)
{
    double mass = area_of(player->forms, player->form_count) * number(player, "density", 1);
    if (player->form_count == 0)
        mass = PARA_TAU / 2 * BALL_RADIUS * BALL_RADIUS * number(player, "density", 1);
    para_json_key_string(&writer->json, "body", writer->player);
    para_json_key(&writer->json, "actuators");
    para_json_open(&writer->json, '[');
    para_json_item(&writer->json);
    para_json_open(&writer->json, '{');
    para_json_key_string(&writer->json, "walk", writer->player);
    para_json_key_int(&writer->json, "channel", 0);
    key_number(writer, "speed", number(player, "walk", 5));
    key_number(writer, "force", 40 * mass);
    para_json_close(&writer->json, '}');
    para_json_item(&writer->json);
    para_json_open(&writer->json, '{');
    para_json_key_string(&writer->json, "jump", writer->player);
    para_json_key_int(&writer->json, "channel", 1);
    key_number(writer, "impulse", number(player, "jump", 7) * mass);
    para_json_close(&writer->json, '}');
    para_json_close(&writer->json, ']');
    para_json_key(&writer->json, "keys");
    para_json_open(&writer->json, '[');
    write_key(writer, 0, "right", "left", "walk");
    write_key(writer, 1, "space", NULL, "jump");
    para_json_close(&writer->json, ']');
}

static void write_player(Writer *writer, const ParaDrawn *player)
{
    para_json_key(&writer->json, "player");
    para_json_open(&writer->json, '{');
    if (writer->part)
        para_json_key_string(&writer->json, "part", "player");
    else
        write_runner(writer, player);
    para_json_close(&writer->json, '}');
}

static void open_predicate(Writer *writer, const char *word)
{
    para_json_open(&writer->json, '{');
    para_json_key(&writer->json, word);
    para_json_open(&writer->json, '[');
}

static void close_predicate(Writer *writer)
{
    para_json_close(&writer->json, ']');
    para_json_close(&writer->json, '}');
}

static void write_leaf(Writer *writer, const char *word, const char *thing)
{
    para_json_item(&writer->json);
    open_predicate(writer, word);
    para_json_item(&writer->json);
    para_json_string(&writer->json, writer->player);
    para_json_item(&writer->json);
    para_json_string(&writer->json, thing);
    close_predicate(writer);
}

/// All coins, and one of the goals.
static void write_goal(Writer *writer)
{
    para_json_key(&writer->json, "goal");
    if (writer->goal_count + writer->coin_count == 0) {
        para_drawn_note(
            writer->drawing, "",
            "nothing of class \"goal\" or \"coin\" says what is to be reached: the goal is the right "
            "edge");
        para_json_open(&writer->json, '{');
        para_json_key(&writer->json, "right_of");
        para_json_open(&writer->json, '[');
        para_json_item(&writer->json);
        para_json_string(&writer->json, writer->player);
        para_json_item(&writer->json);
        para_json_float(&writer->json, (float)(0.95 * writer->drawing->width));
        close_predicate(writer);
        return;
    }
    open_predicate(writer, "all");
    for (int i = 0; i < writer->coin_count; i++) {
        para_json_item(&writer->json);
        para_json_open(&writer->json, '{');
        para_json_key_string(&writer->json, "collected", writer->coins[i]);
        para_json_close(&writer->json, '}');
    }
    if (writer->goal_count > 0) {
        para_json_item(&writer->json);
        open_predicate(writer, "any");
        for (int i = 0; i < writer->goal_count; i++)
            write_leaf(writer, "inside", writer->goals[i]);
        close_predicate(writer);
    }
    close_predicate(writer);
}

/// A hazard touched, or fallen out of the world.
static void write_fail(Writer *writer)
{
    para_json_key(&writer->json, "fail");
    open_predicate(writer, "any");
    para_json_item(&writer->json);
    para_json_open(&writer->json, '{');
    para_json_key(&writer->json, "below");
    para_json_open(&writer->json, '[');
    para_json_item(&writer->json);
    para_json_string(&writer->json, writer->player);
    para_json_item(&writer->json);
    para_json_float(&writer->json, -5);
    close_predicate(writer);
    for (int i = 0; i < writer->hazard_count; i++)
        write_leaf(writer, "touch", writer->hazards[i]);
    close_predicate(writer);
}

static void write_rewards(Writer *writer)
{
    if (writer->goal_count != 1)
        return;
    para_json_key(&writer->json, "rewards");
    para_json_open(&writer->json, '[');
    para_json_item(&writer->json);
    open_predicate(writer, "approach");
    para_json_item(&writer->json);
    para_json_string(&writer->json, writer->player);
    para_json_item(&writer->json);
    para_json_string(&writer->json, writer->goals[0]);
    para_json_close(&writer->json, ']');
    key_number(writer, "weight", 0.2);
    para_json_close(&writer->json, '}');
    para_json_close(&writer->json, ']');
}

static void write_head(Writer *writer)
{
    ParaDrawing *drawing = writer->drawing;
    const ParaDrawn whole = {.properties = drawing->properties, .property_count = drawing->property_count};
    const ParaProperty *about = para_drawn_property(drawing->properties, drawing->property_count, "about");
    para_json_key_int(&writer->json, "paracosm", 1);
    para_json_key_string(&writer->json, "name", drawing->name);
    if (about)
        para_json_key_string(&writer->json, "about", about->text);
    para_json_key_string(&writer->json, "note",
                         para_arena_printf(drawing->arena, "Made of %.200s.", drawing->from));
    para_json_key(&writer->json, "world");
    para_json_open(&writer->json, '{');
    key_pair(writer, "size", para_max(drawing->width, 1), para_max(drawing->height, 1));
    if (given(&whole, "gravity"))
        key_pair(writer, "gravity", 0, -number(&whole, "gravity", 9.81));
    key_number(writer, "seconds", number(&whole, "seconds", 30));
    para_json_close(&writer->json, '}');
}

char *para_drawing_write(ParaDrawing *drawing)
{
    Writer writer = {.drawing = drawing, .json = para_json(drawing->arena, 3)};
    int names = PARA_DRAWN_THINGS_MAX;
    for (int i = 0; i < drawing->count; i++)
        names += drawing->things[i].form_count;
    writer.names = PARA_NEW(drawing->arena, const char *, names);
    check_properties(drawing, "", drawing->properties, drawing->property_count, OF_WHOLE);
    const ParaDrawn *player = find_player(&writer);
    for (int i = 0; i < drawing->count; i++) {
        const ParaDrawn *drawn = &drawing->things[i];
        check_properties(drawing, drawn->where, drawn->properties, drawn->property_count,
                         of_kind(drawn->kind));
    }
    if (drawing->list->error_count > 0 || !player)
        return NULL;
    para_json_open(&writer.json, '{');
    write_head(&writer);
    write_include(&writer, player);
    write_bodies(&writer);
    write_zones(&writer);
    if (drawing->list->error_count > 0)
        return NULL;
    write_player(&writer, player);
    write_goal(&writer);
    write_fail(&writer);
    write_rewards(&writer);
    para_json_close(&writer.json, '}');
    if (writer.json.size > PARA_TEMPLATE_SIZE_MAX)
        para_drawn_refuse(drawing, "", "as a template it would have %zu bytes; a template has at most %d",
                          writer.json.size, PARA_TEMPLATE_SIZE_MAX);
    ParaDiagList inner = para_diag_list(drawing->arena, "template", NULL);
    const char *laid =
        para_template_lay_out("template", writer.json.text, writer.json.size, drawing->arena, &inner);
    return drawing->list->error_count > 0 ? NULL
           : laid                         ? para_arena_strdup(drawing->arena, laid)
                                          : writer.json.text;
}
