// SPDX-License-Identifier: MIT
// Read once of a def.
#include "agents/model/facts.h"

#include "engine/world/geometry.h"

#include <math.h>

static float length_of(float x, float y) { return sqrtf(x * x + y * y); }

static int pieces_of(const ParaShapeDef *shape)
{
    return shape->kind == PARA_SHAPE_CHAIN ? (int)shape->point_count - 1 : 1;
}

/// The circle about the mean of its points.
static void bound(ParaModelPiece *piece)
{
    ParaVec2 middle = {0, 0};
    for (int i = 0; i < piece->form.count; i++) {
        middle.x += piece->form.points[i].x / (float)piece->form.count;
        middle.y += piece->form.points[i].y / (float)piece->form.count;
    }
    float most = 0.0f;
    for (int i = 0; i < piece->form.count; i++)
        most = fmaxf(most, length_of(piece->form.points[i].x - middle.x, piece->form.points[i].y - middle.y));
    piece->middle = middle;
    piece->reach = most + piece->form.radius;
}

static int add_pieces(ParaModelFacts *facts, int shape, ParaVec2 centre, int at)
{
    const ParaShapeDef *s = &facts->def->shapes[shape];
    for (int k = 0; k < pieces_of(s); k++) {
        ParaModelPiece *piece = &facts->pieces[at++];
        bool chain = s->kind == PARA_SHAPE_CHAIN;
        *piece = (ParaModelPiece){.body = s->body, .shape = shape};
        piece->form.count = chain ? 2 : (int)s->point_count;
        piece->form.radius = s->kind == PARA_SHAPE_POLYGON ? 0.0f : s->radius;
        for (int i = 0; i < piece->form.count; i++) {
            ParaVec2 point = facts->def->points[s->point_first + (uint32_t)(k + i)];
            piece->form.points[i] = (ParaVec2){point.x - centre.x, point.y - centre.y};
        }
        bound(piece);
    }
    return at;
}

static void weigh(const ParaWorldDef *def, int body, ParaModelBody *out)
{
    int first, end;
    const ParaBodyDef *b = &def->bodies[body];
    para_body_shapes(def, body, &first, &end);
    *out = (ParaModelBody){.gyration = 0.5f};
    if (b->kind != PARA_BODY_DYNAMIC)
        return;
    ParaMass mass = para_body_mass(def, first, end);
    out->centre = (ParaVec2){(float)mass.x, (float)mass.y};
    out->inverse_mass = (float)(1.0 / mass.mass);
    out->inverse_inertia = b->fixed_rotation ? 0.0f : (float)(1.0 / mass.moment);
    out->gyration = (float)sqrt(mass.moment / mass.mass);
}

static void allow(ParaModelFacts *facts)
{
    int n = facts->def->body_count;
    for (int a = 0; a < n; a++)
        for (int b = 0; b < n; b++)
            facts->meet[a * n + b] = para_bodies_may_collide(facts->def, a, b);
}

int para_model_piece_count(const ParaWorldDef *def)
{
    int count = 0;
    for (int i = 0; i < def->shape_count; i++)
        count += pieces_of(&def->shapes[i]);
    return count;
}

static void fill_body(ParaModelFacts *facts, int b, int at)
{
    int first, end;
    ParaModelBody *body = &facts->bodies[b];
    weigh(facts->def, b, body);
    para_body_shapes(facts->def, b, &first, &end);
    body->piece_first = at;
    for (int s = first; s < end; s++)
        at = add_pieces(facts, s, body->centre, at);
    body->piece_end = at;
    for (int i = body->piece_first; i < at; i++) {
        const ParaModelPiece *piece = &facts->pieces[i];
        body->radius = fmaxf(body->radius, length_of(piece->middle.x, piece->middle.y) + piece->reach);
    }
}

void para_model_facts_fill(ParaModelFacts *facts)
{
    for (int b = 0, at = 0; b < facts->def->body_count; b++) {
        fill_body(facts, b, at);
        at = facts->bodies[b].piece_end;
    }
    allow(facts);
}

ParaModelFacts para_model_facts(const ParaWorldDef *def, ParaArena *arena)
{
    ParaModelFacts facts = {.def = def, .piece_count = para_model_piece_count(def)};
    size_t bodies = (size_t)def->body_count;
    facts.bodies = PARA_NEW(arena, ParaModelBody, bodies);
    facts.meet = PARA_NEW(arena, uint8_t, bodies * bodies);
    facts.pieces = PARA_NEW(arena, ParaModelPiece, (size_t)facts.piece_count);
    para_model_facts_fill(&facts);
    return facts;
}

ParaModelFacts para_model_facts_of(const ParaLevel *level, ParaArena *arena)
{
    return para_model_facts(&para_level_as_seen(level, arena)->world, arena);
}
