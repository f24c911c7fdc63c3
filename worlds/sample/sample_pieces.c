// SPDX-License-Identifier: MIT
// Sampling of what comes when a body breaks: spare bodies that the author has made, or pieces cut from its
// shape. Cuts are drawn from the level's seed. Area, mass and middle of all pieces are those of the whole.
#include "worlds/sample/sample.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"
#include "engine/base/rng.h"

#include <string.h>

#define TRIES      32   ///< [1] cuts that are tried before a shape counts as too small
#define TILT       0.5  ///< [rad] of a cut, to either side, from straight across
#define OFF        0.12 ///< [1] of the length that a cut is beside the middle
#define SMOOTH     16   ///< [1] sides of a disc that is cut, or a few more
#define WEIGHT_MIN 1e-6 ///< [kg] the physics takes of a body that moves

typedef struct Form {
    int count; ///< [1] 3..8
    double x[PARA_POLYGON_POINTS_MAX],
        y[PARA_POLYGON_POINTS_MAX]; ///< [m] frame of the whole, counter-clockwise
} Form;

static double area_of(const Form *form, double *out_x, double *out_y)
{
    double area = 0, x = 0, y = 0;
    for (int k = 0, n = 1; k < form->count; k++, n = (k + 1) % form->count) {
        double part = form->x[k] * form->y[n] - form->x[n] * form->y[k];
        area += part / 2;
        x += (form->x[k] + form->x[n]) * part / 6;
        y += (form->y[k] + form->y[n]) * part / 6;
    }
    *out_x = x / area;
    *out_y = y / area;
    return area;
}

/// The corners from the middle of a form, as its body will have them.
static void corners_of(const Form *form, double x, double y, ParaVec2 *out)
{
    for (int k = 0; k < form->count; k++)
        out[k] = (ParaVec2){(float)(form->x[k] - x) + 0.0f, (float)(form->y[k] - y) + 0.0f};
}

static bool stands(const Form *form)
{
    ParaVec2 corners[PARA_POLYGON_POINTS_MAX];
    double x, y;
    if (form->count < 3)
        return false;
    area_of(form, &x, &y);
    corners_of(form, x, y, corners);
    return para_sample_corners_stay(corners, form->count);
}

// ---------------------------------------------------------------------------------------------
// Cutting.

static bool add_corner(Form *form, double x, double y)
{
    if (form->count == PARA_POLYGON_POINTS_MAX)
        return false;
    form->x[form->count] = x;
    form->y[form->count++] = y;
    return true;
}

/// The part of a form on one side of a line through (x, y); the side that (nx, ny) shows to.
/// @return false: it has too many corners
static bool part_of(const Form *form, double x, double y, double nx, double ny, Form *out)
{
    bool good = true;
    out->count = 0;
    for (int k = 0, n = 1; k < form->count; k++, n = (k + 1) % form->count) {
        double a = (form->x[k] - x) * nx + (form->y[k] - y) * ny,
               b = (form->x[n] - x) * nx + (form->y[n] - y) * ny;
        if (a >= 0)
            good = good && add_corner(out, form->x[k], form->y[k]);
        if ((a < 0 && b > 0) || (a > 0 && b < 0))
            good = good && add_corner(out, form->x[k] + (form->x[n] - form->x[k]) * (a / (a - b)),
                                      form->y[k] + (form->y[n] - form->y[k]) * (a / (a - b)));
    }
    return good;
}

/// The direction of the longest way between two corners.  @return its length [m]
static double longest(const Form *form, double *out_x, double *out_y)
{
    double most = 0;
    for (int a = 0; a < form->count; a++)
        for (int b = 0; b < a; b++) {
            double x = form->x[a] - form->x[b], y = form->y[a] - form->y[b],
                   length = para_sqrt(x * x + y * y);
            if (length <= most)
                continue;
            most = length;
            *out_x = x / length;
            *out_y = y / length;
        }
    return most;
}

/// Cuts a form in two, across its length and near its middle.
static bool cut(Form *form, Form *out_other, ParaRng *rng)
{
    double x, y, along_x = 1, along_y = 0, s, c;
    area_of(form, &x, &y);
    double length = longest(form, &along_x, &along_y);
    for (int k = 0; k < TRIES; k++) {
        double wild = 1 + 2.0 * k / TRIES; // what does not go straight across may go askew
        double off = length * para_rng_range(rng, -OFF, OFF);
        para_sincos(para_rng_range(rng, -TILT, TILT) * wild, &s, &c);
        double nx = c * along_x - s * along_y, ny = s * along_x + c * along_y;
        Form one, two;
        if (!part_of(form, x + off * along_x, y + off * along_y, nx, ny, &one) ||
            !part_of(form, x + off * along_x, y + off * along_y, -nx, -ny, &two) || !stands(&one) ||
            !stands(&two))
            continue;
        *form = one;
        *out_other = two;
        return true;
    }
    return false;
}

static bool cut_polygon(Form *forms, int count, ParaRng *rng)
{
    for (int made = 1; made < count; made++) {
        int largest = 0;
        double most = 0, x, y;
        for (int k = 0; k < made; k++)
            if (area_of(&forms[k], &x, &y) > most) {
                most = area_of(&forms[k], &x, &y);
                largest = k;
            }
        if (!cut(&forms[largest], &forms[made], rng))
            return false;
    }
    return true;
}

/// A disc in wedges, as a polygon of the same area.
static bool cut_disc(Form *forms, int count, ParaVec2 middle, double radius, ParaRng *rng)
{
    double begin = para_rng_range(rng, 0, PARA_TAU), s, c;
    for (int sides = count == 2 ? PARA_POLYGON_POINTS_MAX - 1 : (SMOOTH + count - 1) / count; sides >= 1;
         sides--) {
        double step = PARA_TAU / (count * sides);
        para_sincos(step, &s, &c);
        double size = radius * para_sqrt(step / s);
        bool good = count * sides > 2;
        for (int w = 0; w < count && good; w++) {
            forms[w].count = 0;
            if (count > 2)
                add_corner(&forms[w], (double)middle.x, (double)middle.y);
            for (int k = 0; k <= sides; k++) {
                para_sincos(begin + step * (w * sides + k), &s, &c);
                add_corner(&forms[w], (double)middle.x + size * c, (double)middle.y + size * s);
            }
            good = stands(&forms[w]);
        }
        if (good)
            return true;
    }
    return false;
}

// ---------------------------------------------------------------------------------------------
// Who comes apart.

static const ParaObject *shatters_of(const ParaSampler *sampler, int body)
{
    const ParaValue *shatters =
        para_value(&sampler->t->bodies[sampler->bodies.object[body]], PARA_FIELD_BODY_shatters);
    return shatters->present ? shatters->objects : NULL;
}

int para_sample_count_pieces(ParaSampler *sampler)
{
    int all = 0;
    memset(sampler->pieces, 0, sizeof sampler->pieces);
    for (int b = 0; b < sampler->bodies.count; b++) {
        const ParaObject *shatters = shatters_of(sampler, b);
        const ParaValue *pieces = shatters ? para_value(shatters, PARA_FIELD_SHATTERS_pieces) : NULL;
        if (!pieces || !pieces->present)
            continue;
        para_sample_enter(sampler, &sampler->bodies, b);
        double count = para_sample_number(sampler, pieces->numbers, para_field(PARA_FIELD_SHATTERS_pieces),
                                          shatters->path);
        if (count == 1)
            para_sample_problem(sampler, PARA_CODE_RANGE, shatters->path, "pieces",
                                "one piece is no pieces; give 2 or more, or 0");
        sampler->pieces[b] = (uint8_t)count;
        all += sampler->pieces[b];
    }
    para_sample_leave(sampler);
    return all;
}

static ParaPieces *pieces_of(ParaSampler *sampler, int body)
{
    ParaLevel *level = sampler->level;
    if (!level->body_pieces)
        level->body_pieces = PARA_NEW(sampler->arena, ParaPieces, level->world.body_count);
    return &level->body_pieces[body];
}

void para_sample_into(ParaSampler *sampler, const ParaObject *shatters, int index)
{
    const ParaValue *into = para_value(shatters, PARA_FIELD_SHATTERS_into);
    if (!into->present)
        return;
    ParaFound found = para_sample_find(sampler, into->refs);
    if (found.count > 0)
        *pieces_of(sampler, index) = (ParaPieces){found.first, found.count};
}

static void check_into(ParaSampler *sampler, int body)
{
    const ParaLevel *level = sampler->level;
    const ParaPieces *pieces = &level->body_pieces[body];
    for (int k = pieces->first; k < pieces->first + pieces->count; k++)
        if (!para_level_is_spare(level, k) || level->world.bodies[k].kind != PARA_BODY_DYNAMIC) {
            para_sample_problem(sampler, PARA_CODE_BODY_KIND, shatters_of(sampler, body)->path, "into",
                                "\"%s\" must be \"spare\", and neither static nor kinematic",
                                level->body_names[k]);
            return;
        }
}

/// A name for the pieces of a body that nothing else begins with.
static const char *name_for(const ParaSampler *sampler, int body, int made)
{
    const ParaLevel *level = sampler->level;
    const char *own = level->body_names[body];
    const char *name = *own && strlen(own) < 40 ? para_arena_printf(sampler->arena, "%s-piece", own)
                                                : para_arena_printf(sampler->arena, "body%d-piece", body);
    for (bool taken = true; taken;) {
        taken = false;
        for (int b = 0; b < made && !taken; b++)
            taken = strncmp(level->body_names[b], name, strlen(name)) == 0;
        for (int z = 0; z < sampler->zones.count && !taken; z++)
            taken = strncmp(sampler->zones.name[z], name, strlen(name)) == 0;
        if (taken)
            name = para_arena_printf(sampler->arena, "%sx", name);
    }
    return name;
}

static void put_piece(ParaSampler *sampler, int body, int index, const Form *form, bool fragile)
{
    ParaLevel *level = sampler->level;
    ParaWorldDef *world = &level->world;
    const ParaBodyDef *whole = &world->bodies[body];
    int s = 0;
    while (world->shapes[s].body != body)
        s++;
    double x, y, sin, cos, area = area_of(form, &x, &y);
    para_sincos((double)whole->angle, &sin, &cos);
    ParaBodyDef *def = &world->bodies[index];
    *def = para_body_def_default();
    def->position = (ParaVec2){(float)((double)whole->position.x + cos * x - sin * y),
                               (float)((double)whole->position.y + sin * x + cos * y)};
    def->angle = whole->angle;
    def->gravity_scale = whole->gravity_scale;
    def->linear_damping = whole->linear_damping;
    def->angular_damping = whole->angular_damping;
    def->group = whole->group;
    ParaShapeDef *shape = &world->shapes[world->shape_count++];
    *shape = world->shapes[s];
    shape->kind = PARA_SHAPE_POLYGON;
    shape->body = index;
    shape->radius = 0;
    shape->belt = 0;
    shape->one_way = false;
    shape->point_first = (uint32_t)world->point_count;
    shape->point_count = (uint32_t)form->count;
    corners_of(form, x, y, &world->points[world->point_count]);
    world->point_count += form->count;
    ParaBound still;
    para_bound_default(PARA_KIND_MOVES, &still);
    level->body_motions[index] = still.moves.motion;
    level->body_spares[index] = 1;
    if (fragile) {
        level->body_shatters[index] = level->body_shatters[body];
        level->body_crushes[index] = level->body_crushes[body];
    }
    if (level->body_mass_hidden)
        level->body_mass_hidden[index] = level->body_mass_hidden[body];
    if (level->body_looks)
        level->body_looks[index] = level->body_looks[body];
    if (level->body_sounds)
        level->body_sounds[index] = level->body_sounds[body];
    if (area * (double)shape->density < WEIGHT_MIN)
        para_sample_problem(sampler, PARA_CODE_NO_MASS, shatters_of(sampler, body)->path, "pieces",
                            "a piece must weigh at least %g kg; one has %.3g kg", WEIGHT_MIN,
                            area * (double)shape->density);
}

/// The one shape of a body that can be cut; NULL: it has none, or several.
static const ParaShapeDef *shape_of(const ParaWorldDef *world, int body)
{
    const ParaShapeDef *found = NULL;
    int count = 0;
    for (int s = 0; s < world->shape_count; s++)
        if (world->shapes[s].body == body) {
            found = &world->shapes[s];
            count++;
        }
    bool solid = count == 1 && (found->kind == PARA_SHAPE_POLYGON || found->kind == PARA_SHAPE_CIRCLE);
    return solid ? found : NULL;
}

static void come_apart(ParaSampler *sampler, int body, int first)
{
    ParaLevel *level = sampler->level;
    const ParaObject *shatters = shatters_of(sampler, body);
    const ParaShapeDef *shape = shape_of(&level->world, body);
    int count = sampler->pieces[body];
    Form forms[PARA_PIECES_MAX] = {0};
    if (!shape) {
        para_sample_problem(
            sampler, PARA_CODE_BODY_KIND, shatters->path, "pieces",
            "only a body of one box, polygon or circle can be cut; give spare bodies by \"into\"");
        return;
    }
    const ParaVec2 *points = level->world.points + shape->point_first;
    para_sample_enter(sampler, &sampler->bodies, body);
    ParaRng rng =
        para_rng_make(para_seed_mix(para_seed_mix(sampler->chance, shatters->key), sampler->draw), "pieces");
    bool good;
    if (shape->kind == PARA_SHAPE_CIRCLE) {
        good = cut_disc(forms, count, points[0], (double)shape->radius, &rng);
    } else {
        for (uint32_t k = 0; k < shape->point_count; k++)
            add_corner(&forms[0], (double)points[k].x, (double)points[k].y);
        good = cut_polygon(forms, count, &rng);
    }
    if (!good) {
        para_sample_problem(sampler, PARA_CODE_DEGENERATE, shatters->path, "pieces",
                            "it is too small to be cut into %d pieces", count);
        return;
    }
    *pieces_of(sampler, body) = (ParaPieces){first, count};
    const char *name = name_for(sampler, body, first);
    for (int k = 0; k < count; k++) {
        level->body_names[first + k] = para_arena_printf(sampler->arena, "%s%d", name, k + 1);
        put_piece(sampler, body, first + k, &forms[k],
                  para_value(shatters, PARA_FIELD_SHATTERS_fragile)->truth);
    }
}

void para_sample_check_pieces(ParaSampler *sampler)
{
    const ParaLevel *level = sampler->level;
    for (int b = 0; level->body_pieces && b < sampler->bodies.count; b++)
        if (level->body_pieces[b].count > 0 && para_level_owner(level, b) >= 0)
            para_sample_problem(sampler, PARA_CODE_BODY_KIND, shatters_of(sampler, b)->path, NULL,
                                "a part of the player stays where it is when it breaks; it has no pieces");
}

void para_sample_pieces(ParaSampler *sampler)
{
    ParaLevel *level = sampler->level;
    int first = sampler->bodies.count;
    if (level->world.body_count > first && !level->body_spares)
        level->body_spares = PARA_NEW(sampler->arena, uint8_t, level->world.body_count);
    for (int b = 0; b < sampler->bodies.count && !sampler->failed; b++) {
        if (sampler->pieces[b] > 0)
            come_apart(sampler, b, first);
        else if (level->body_pieces && level->body_pieces[b].count > 0)
            check_into(sampler, b);
        first += sampler->pieces[b];
    }
    para_sample_leave(sampler);
}
