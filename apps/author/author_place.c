// SPDX-License-Identifier: MIT
// What the tools put into the document: a thing of a recipe, a joint. Each is one step of undo.
#include "apps/author/author_parts.h"

#include "engine/base/json.h"
#include "engine/base/text.h"

#include <math.h>
#include <string.h>

double para_author_round(double value)
{
    double whole = floor(value * 1000.0 + 0.5) / 1000.0;
    return whole == 0.0 ? 0.0 : whole; // no -0
}

const char *para_author_quoted(ParaAuthor *a, const char *text, char *out, size_t size)
{
    ParaArenaMark mark = para_arena_mark(a->arena);
    ParaJson json = para_json(a->arena, 0);
    para_json_string(&json, text);
    snprintf(out, size, "%s", json.text);
    para_arena_rewind(a->arena, mark);
    return out;
}

bool para_author_tell(ParaAuthor *a, bool done, const char *error)
{
    if (!done)
        para_author_say(a, "%s", error);
    return done;
}

const char *para_author_number(float value, char *out)
{
    return para_text_double(para_author_round((double)value), out);
}

// ---------------------------------------------------------------------------------------------
// Things.

/// What a tool makes. `%s` are its name, x, y, width and height, in this order.
typedef struct Recipe {
    const char *list, *stem, *json, *round; ///< round: where it is a disc, with a radius
    float width, height;                    ///< [m] where it is only clicked
    bool part;                              ///< a part of the library: a click is where its origin is
    bool stands;                            ///< a click is where it stands, not its middle
} Recipe;

static const Recipe recipes[PARA_TOOLS] = {
    [PARA_TOOL_BOX] =
        {"/bodies/-", "crate",
         "{\"name\": \"%s\", \"at\": [%s, %s], \"shape\": {\"box\": [%s, %s]}, \"material\": \"wood\"}", NULL,
         1, 1, false, false},
    [PARA_TOOL_BALL] =
        {"/bodies/-", "ball", NULL,
         "{\"name\": \"%s\", \"at\": [%s, %s], \"shape\": {\"circle\": %s}, \"material\": \"rubber\"}", 0.8f,
         0.8f, false, false},
    [PARA_TOOL_GROUND] =
        {"/bodies/-", "ground",
         "{\"name\": \"%s\", \"static\": true, \"at\": [%s, %s], \"shape\": {\"box\": [%s, %s]}, "
         "\"friction\": 0.8}",
         NULL, 8, 1, false, false},
    [PARA_TOOL_GLASS] =
        {"/bodies/-", "pane",
         "{\"name\": \"%s\", \"at\": [%s, %s], \"shape\": {\"box\": [%s, %s]}, \"material\": \"glass\", "
         "\"shatters\": {\"impulse\": 2, \"pieces\": 6}}",
         NULL, 0.2f, 2, false, true},
    [PARA_TOOL_LIFT] =
        {"/bodies/-", "lift",
         "{\"name\": \"%s\", \"kinematic\": true, \"at\": [%s, %s], \"shape\": {\"box\": [%s, %s]}, "
         "\"moves\": {\"by\": [0, 1.5], \"period\": 6}}",
         NULL, 3, 0.3f, false, false},
    [PARA_TOOL_PLATE] = {"/zones/-", "plate",
                         "{\"name\": \"%s\", \"at\": [%s, %s], \"area\": {\"box\": [%s, %s]}}", NULL, 1.6f,
                         0.8f, false, false},
    [PARA_TOOL_ZONE] = {"/zones/-", "end",
                        "{\"name\": \"%s\", \"at\": [%s, %s], \"area\": {\"box\": [%s, %s]}}", NULL, 2, 3,
                        false, false},
    [PARA_TOOL_BUGGY] = {"/include/-", "me", "{\"part\": \"buggy\", \"as\": \"%s\", \"at\": [%s, %s]}", NULL,
                         0, 0, true, false},
    [PARA_TOOL_RUNNER] = {"/include/-", "me", "{\"part\": \"runner\", \"as\": \"%s\", \"at\": [%s, %s]}",
                          NULL, 0, 0, true, false},
};

void para_author_select_last(ParaAuthor *a, const char *list)
{
    ParaDocumentValue value;
    char path[PARA_AUTHOR_PATH];
    snprintf(path, sizeof path, "%.*s", (int)(strlen(list) - 2), list);
    if (para_document_find(a->document, path, &value) && value.count > 0) {
        size_t length = strlen(path);
        snprintf(path + length, sizeof path - length, "/%d", value.count - 1);
        para_author_select(a, path, false, true);
        a->page = PARA_PAGE_THING;
    }
}

/// A player from a part: the level's, where it has none yet. It is lost then, too: by a fall out of the
/// world, or beside time that runs out.
static bool adopt_player(ParaAuthor *a, const char *name, const char **out_error)
{
    ParaDocumentValue value;
    char json[96];
    if (para_document_find(a->document, "/player", &value))
        return true;
    snprintf(json, sizeof json, "{\"part\": \"%s\"}", name);
    return para_document_set(a->document, "/player", json, out_error) &&
           (para_document_find(a->document, "/fail", &value) ||
            para_document_set(a->document, "/fail", "{\"below\": [\"player\", -1]}", out_error));
}

/// Where something stands that was put about here: on what is below or just above, if that is near.
static ParaVec2 stand(const ParaAuthor *a, ParaVec2 at)
{
    ParaVec2 from = {at.x, at.y + 0.6f}, to = {at.x, at.y - 1.5f};
    if (!a->model.level || a->model.stale)
        return at;
    ParaRayHit hit = para_world_ray(a->model.env.world, from, to, UINT32_MAX, 0);
    return hit.fraction > 0 && hit.fraction < 1 ? hit.point : at;
}

void para_author_place(ParaAuthor *a, ParaAuthorTool tool, ParaVec2 low, ParaVec2 high, bool sized)
{
    const Recipe *r = &recipes[tool];
    char name[64], x[PARA_NUMBER_SIZE], y[PARA_NUMBER_SIZE], w[PARA_NUMBER_SIZE], h[PARA_NUMBER_SIZE],
        json[400], label[80];
    const char *error = "";
    float width = sized ? high.x - low.x : r->width, height = sized ? high.y - low.y : r->height;
    ParaVec2 at = {(low.x + high.x) / 2, (low.y + high.y) / 2};
    if ((r->stands && !sized) || r->part)
        at = stand(a, at);
    if (r->stands && !sized)
        at.y += height / 2;
    para_document_free_name(a->document, r->stem, name, sizeof name);
    para_author_number(at.x, x);
    para_author_number(at.y, y);
    if (r->round)
        snprintf(json, sizeof json, r->round, name, x, y, para_author_number(fminf(width, height) / 2, w));
    else if (r->part)
        snprintf(json, sizeof json, r->json, name, x, y);
    else
        snprintf(json, sizeof json, r->json, name, x, y, para_author_number(width, w),
                 para_author_number(height, h));
    snprintf(label, sizeof label, "add %s", name);
    para_document_begin(a->document, label);
    bool done = para_document_insert(a->document, r->list, json, &error);
    if (done && r->part)
        done = adopt_player(a, name, &error);
    if (!done)
        para_document_take_back(a->document);
    para_document_end(a->document);
    if (para_author_tell(a, done, error)) {
        para_author_select_last(a, r->list);
        a->tool = PARA_TOOL_SELECT;
    }
}

// ---------------------------------------------------------------------------------------------
// Joints.

/// The name of a body by which a joint holds it; one without gets one. Of a part: of its body there.
static bool name_of(ParaAuthor *a, const char *path, ParaVec2 at, char *out, size_t size,
                    const char **out_error)
{
    char place[PARA_AUTHOR_PATH + 8], quoted[80];
    const ParaLevel *level = a->model.level;
    if (strncmp(path, "/include", 8) == 0) {
        int32_t shapes[16];
        int count = para_world_at_point(a->model.env.world, at, shapes, 16);
        for (int k = 0; k < count && k < 16; k++) {
            int body = level->world.shapes[shapes[k]].body;
            if (strcmp(a->model.bodies[body], path) == 0)
                return snprintf(out, size, "%s", level->body_names[body]) > 0;
        }
        for (int b = 0; b < level->world.body_count; b++)
            if (strcmp(a->model.bodies[b], path) == 0)
                return snprintf(out, size, "%s", level->body_names[b]) > 0;
        return false;
    }
    snprintf(place, sizeof place, "%s/name", path);
    if (para_document_read(a->document, place, out, size) && *out)
        return true;
    para_document_free_name(a->document, "body", out, size);
    return para_document_set(a->document, place, para_author_quoted(a, out, quoted, sizeof quoted),
                             out_error);
}

void para_author_join(ParaAuthor *a, const char *first, const char *second, ParaVec2 at)
{
    char names[2][64], name[64], json[400], x[PARA_NUMBER_SIZE], y[PARA_NUMBER_SIZE];
    const char *error = "these bodies have no names";
    para_document_begin(a->document, "join");
    bool done = name_of(a, first, at, names[0], 64, &error) && name_of(a, second, at, names[1], 64, &error);
    para_document_free_name(a->document, "hinge", name, sizeof name);
    snprintf(json, sizeof json, "{\"name\": \"%s\", \"revolute\": [\"%s\", \"%s\"], \"at\": [%s, %s]}", name,
             names[0], names[1], para_author_number(at.x, x), para_author_number(at.y, y));
    done = done && para_document_insert(a->document, "/joints/-", json, &error);
    if (!done)
        para_document_take_back(a->document);
    para_document_end(a->document);
    if (para_author_tell(a, done, error))
        para_author_say(a, "%s and %s turn about this place", names[0], names[1]);
    a->tool = PARA_TOOL_SELECT;
}
