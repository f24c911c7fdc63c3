// SPDX-License-Identifier: MIT
// Kinds of particles by what happened and what the bodies are made of, and their plain motion. Numbers here
// are taste, not physics: they were chosen by looking.
#include "engine/draw/look/particles.h"

#include "engine/base/assert.h"
#include "engine/base/maths.h"

#include <math.h>

#define SHAKE_MAX  0.12f // [m] the view never moves more
#define SHAKE_FADE 7.0f  // [1/s]
#define SHAKE_RATE 17.0f // [Hz] of its swing

#define RIPPLE_FADE 1.4f // [1/s]

/// What a burst is made of.
typedef struct Kind {
    ParaColour tint;
    float size, life; // [m] [s] means
    float speed;      // [m/s] of the spread
    float growth;     // [m/s]
    float weight, drag;
    float soft, shine; // as in ParaParticle
} Kind;

static float between(ParaParticles *p, float low, float high)
{
    return (float)para_rng_range(&p->rng, (double)low, (double)high);
}

void para_particles_begin(ParaParticles *particles, uint64_t seed)
{
    int most = particles->most;
    *particles = (ParaParticles){.rng = para_rng_make(seed, "particles"),
                                 .most = most > 0 && most <= PARA_PARTICLES_MAX ? most : PARA_PARTICLES_MAX};
}

/// The place of a new one: behind the others, or of the oldest.
static int place(ParaParticles *p)
{
    if (p->count < p->most)
        return p->count++;
    p->oldest = (p->oldest + 1) % p->most;
    return p->oldest < p->count ? p->oldest : 0;
}

static void add(ParaParticles *p, const Kind *kind, ParaVec2 at, ParaVec2 velocity)
{
    double s, c;
    para_sincos((double)between(p, 0.0f, (float)PARA_TAU), &s, &c);
    float off = kind->speed * between(p, 0.15f, 1.0f), size = kind->size * between(p, 0.6f, 1.4f);
    float life = kind->life * between(p, 0.6f, 1.3f);
    if (!isfinite(at.x) || !isfinite(at.y) || !isfinite(velocity.x) || !isfinite(velocity.y))
        return;
    int i = place(p);
    p->items[i] = (ParaParticle){.at = at,
                                 .size = size,
                                 .angle = between(p, 0.0f, (float)PARA_TAU),
                                 .tint = kind->tint,
                                 .soft = kind->soft,
                                 .shine = kind->shine};
    p->moving[i].velocity = (ParaVec2){velocity.x + off * (float)c, velocity.y + off * (float)s};
    p->moving[i].spin = kind->soft < 0.0f ? between(p, -9.0f, 9.0f) : 0.0f;
    p->moving[i].age = 0.0f;
    p->moving[i].life = life;
    p->moving[i].growth = kind->growth;
    p->moving[i].weight = kind->weight;
    p->moving[i].drag = kind->drag;
    p->moving[i].alpha = kind->tint.a;
}

static void burst(ParaParticles *p, const Kind *kind, int count, ParaVec2 at, ParaVec2 velocity)
{
    for (int i = 0; i < count; i++)
        add(p, kind, at, velocity);
}

static ParaColour with_alpha(ParaColour c, int alpha)
{
    c.a = (uint8_t)alpha;
    return c;
}

static ParaColour surface_colour(const ParaColours *colours, int surface)
{
    int ink = surface > PARA_SURFACE_NONE && surface < PARA_SURFACE_COUNT
                  ? PARA_INK_WOOD + 2 * (surface - PARA_SURFACE_WOOD)
                  : PARA_INK_GROUND_EDGE;
    return colours->inks[ink];
}

/// Sparks where metal strikes, chips of what is brittle, dust of the rest.
static Kind struck(const ParaColours *colours, int a, int b)
{
    const Kind sparks = {
        with_alpha(colours->inks[PARA_INK_FLAME_CORE], 255), 0.018f, 0.35f, 3.2f, 0, 0.6f, 0.5f, 0.3f, 0.9f};
    const Kind chips = {with_alpha(surface_colour(colours, a == PARA_SURFACE_NONE ? b : a), 220),
                        0.04f,
                        0.6f,
                        2.2f,
                        0,
                        1.0f,
                        0.2f,
                        -1.0f,
                        0.0f};
    const Kind dust = {with_alpha(surface_colour(colours, a == PARA_SURFACE_NONE ? b : a), 90),
                       0.07f,
                       0.7f,
                       0.8f,
                       0.18f,
                       -0.02f,
                       2.5f,
                       1.0f,
                       0.0f};
    if (a == PARA_SURFACE_METAL && (b == PARA_SURFACE_METAL || b == PARA_SURFACE_STONE))
        return sparks;
    if (b == PARA_SURFACE_METAL && a == PARA_SURFACE_STONE)
        return sparks;
    if (a == PARA_SURFACE_ICE || b == PARA_SURFACE_ICE || a == PARA_SURFACE_GLASS || b == PARA_SURFACE_GLASS)
        return chips;
    return dust;
}

static void on_impacts(ParaParticles *p, const ParaHappenings *h, int player, const ParaColours *colours)
{
    for (int i = 0; i < h->impact_count; i++) {
        const ParaImpact *hit = &h->impacts[i];
        float force = para_clampf((hit->speed - 0.8f) / 6.0f, 0.0f, 1.0f);
        if (force > 0.0f) {
            const Kind kind = struck(colours, hit->look, hit->other);
            burst(p, &kind, 2 + (int)(10.0f * force), hit->point, (ParaVec2){0.0f, 0.4f * force});
        }
        if (hit->a == player || hit->b == player)
            p->shake = fminf(fmaxf(p->shake, 0.022f * (hit->speed - 2.5f)), SHAKE_MAX);
    }
}

static void on_rubs(ParaParticles *p, const ParaHappenings *h, const ParaColours *colours)
{
    for (int i = 0; i < h->rub_count && i < 8; i++) {
        const ParaRub *rub = &h->rubs[i];
        float chance = para_clampf((rub->slide - 0.7f) * 0.12f + (rub->roll - 3.0f) * 0.02f, 0.0f, 0.5f);
        if (para_rng_f64(&p->rng) < (double)chance) {
            const Kind kind = struck(colours, rub->look, rub->other);
            add(p, &kind, rub->point, (ParaVec2){0.0f, 0.25f});
        }
    }
}

static void on_breaks(ParaParticles *p, const ParaHappenings *h, const ParaColours *colours)
{
    for (int i = 0; i < h->break_count; i++) {
        const ParaBreak *gone = &h->breaks[i];
        float size = para_clampf(gone->strength, 0.05f, 3.0f);
        const Kind shards = {with_alpha(surface_colour(colours, gone->look), 235),
                             0.1f * size + 0.03f,
                             1.1f,
                             1.6f + 1.8f * size,
                             0,
                             1.0f,
                             0.15f,
                             -1.0f,
                             0.0f};
        const Kind haze = {with_alpha(surface_colour(colours, gone->look), 80),
                           0.3f * size,
                           0.8f,
                           0.6f,
                           0.5f,
                           0.0f,
                           2.0f,
                           1.0f,
                           0.0f};
        for (int k = 0; k < (gone->joint >= 0 ? 6 : 12 + (int)(14.0f * size)); k++) {
            ParaVec2 at = {gone->point.x + between(p, -0.6f, 0.6f) * size,
                           gone->point.y + between(p, -0.6f, 0.6f) * size};
            add(p, &shards, at, gone->velocity);
        }
        burst(p, &haze, gone->joint >= 0 ? 1 : 5, gone->point, (ParaVec2){0, 0});
        if (gone->joint < 0)
            p->shake = fminf(fmaxf(p->shake, 0.03f * size), SHAKE_MAX);
    }
}

/// A ring that runs over the surface from where something went through it; the weakest makes room.
static void add_ripple(ParaParticles *p, const ParaSplash *splash)
{
    float big = para_clampf(0.3f * splash->radius * splash->speed, 0.0f, 0.35f);
    int at = 0;
    for (int i = 1; i < PARA_RIPPLES_MAX; i++)
        if (p->ripples[i].height < p->ripples[at].height)
            at = i;
    if (big > p->ripples[at].height && isfinite(splash->point.x) && isfinite(splash->point.y))
        p->ripples[at] = (ParaRipple){splash->point, big, 0.0f};
}

static void on_splashes(ParaParticles *p, const ParaHappenings *h, const ParaColours *colours)
{
    for (int i = 0; i < h->splash_count; i++) {
        const ParaSplash *splash = &h->splashes[i];
        add_ripple(p, splash);
        float force = para_clampf(splash->speed / 6.0f, 0.0f, 1.0f), wide = fminf(splash->radius, 1.5f);
        const Kind drops = {with_alpha(colours->inks[PARA_INK_ZONE_WATER_EDGE], 220),
                            0.05f,
                            0.7f,
                            0.7f + 1.6f * force,
                            0,
                            1.0f,
                            0.3f,
                            0.4f,
                            0.0f};
        for (int k = 0; force > 0.08f && k < 4 + (int)(26.0f * force); k++) {
            ParaVec2 at = {splash->point.x + between(p, -1.0f, 1.0f) * wide, splash->point.y + 0.03f};
            float out = (at.x - splash->point.x) / fmaxf(wide, 0.01f);
            add(p, &drops, at,
                (ParaVec2){1.2f * force * out, (1.0f + 3.2f * force) * between(p, 0.4f, 1.0f)});
        }
    }
}

/// Air that a jet tears along under water.
static void add_bubbles(ParaParticles *p, const ParaThrust *jet, const ParaColours *colours)
{
    const Kind bubbles = {with_alpha(colours->inks[PARA_INK_ZONE_WATER_EDGE], 130),
                          0.045f,
                          0.9f,
                          0.6f,
                          0.02f,
                          -0.12f,
                          2.6f,
                          0.35f,
                          0.15f};
    ParaVec2 back = {-3.0f * jet->power * jet->direction.x, -3.0f * jet->power * jet->direction.y};
    if (para_rng_f64(&p->rng) < (double)(0.2f + 0.6f * jet->power))
        add(p, &bubbles, jet->point, back);
}

/// Fire that cools to smoke behind whatever pushes; under water bubbles.
static void on_thrusts(ParaParticles *p, const ParaHappenings *h, const ParaColours *colours)
{
    for (int i = 0; i < h->thrust_count; i++) {
        const ParaThrust *jet = &h->thrusts[i];
        if (jet->wet) {
            add_bubbles(p, jet, colours);
            continue;
        }
        const Kind fire = {with_alpha(colours->inks[PARA_INK_FLAME], 200),
                           0.07f,
                           0.22f,
                           0.5f,
                           -0.12f,
                           -0.05f,
                           1.0f,
                           0.9f,
                           0.8f};
        const Kind smoke = {with_alpha(colours->inks[PARA_INK_BODY_1], 46),
                            0.09f,
                            0.9f,
                            0.35f,
                            0.22f,
                            -0.04f,
                            2.2f,
                            1.0f,
                            0.0f};
        ParaVec2 back = {-4.5f * jet->power * jet->direction.x, -4.5f * jet->power * jet->direction.y};
        if (para_rng_f64(&p->rng) < (double)(0.25f + 0.75f * jet->power))
            add(p, &fire, jet->point, back);
        if (para_rng_f64(&p->rng) < 0.4 * (double)jet->power) {
            ParaVec2 behind = {jet->point.x + 0.1f * back.x, jet->point.y + 0.1f * back.y};
            add(p, &smoke, behind, (ParaVec2){0.5f * back.x, 0.5f * back.y});
        }
    }
}

void para_particles_happen(ParaParticles *particles, const ParaHappenings *happenings, const ParaView *view,
                           int player, const ParaColours *colours)
{
    PARA_ASSERT(particles->most >= 1 && particles->most <= PARA_PARTICLES_MAX && view);
    on_impacts(particles, happenings, player, colours);
    on_rubs(particles, happenings, colours);
    on_breaks(particles, happenings, colours);
    on_splashes(particles, happenings, colours);
    on_thrusts(particles, happenings, colours);
}

/// @return whether it lives on
static bool move_one(ParaParticles *p, int i, float seconds, ParaVec2 gravity)
{
    ParaParticle *item = &p->items[i];
    float slow = 1.0f / (1.0f + p->moving[i].drag * seconds);
    ParaVec2 *v = &p->moving[i].velocity;
    v->x = (v->x + p->moving[i].weight * gravity.x * seconds) * slow;
    v->y = (v->y + p->moving[i].weight * gravity.y * seconds) * slow;
    item->at.x += v->x * seconds;
    item->at.y += v->y * seconds;
    item->angle += p->moving[i].spin * seconds;
    item->size = fmaxf(item->size + p->moving[i].growth * seconds, 0.005f);
    p->moving[i].age += seconds;
    float left = 1.0f - p->moving[i].age / p->moving[i].life;
    item->tint.a = (uint8_t)((float)p->moving[i].alpha * para_clampf(2.0f * left, 0.0f, 1.0f));
    return left > 0.0f && isfinite(item->at.x) && isfinite(item->at.y);
}

void para_particles_move(ParaParticles *particles, float seconds, ParaVec2 gravity)
{
    seconds = para_clampf(seconds, 0.0f, 1.0f);
    for (int i = 0; i < particles->count;) {
        if (move_one(particles, i, seconds, gravity)) {
            i++;
            continue;
        }
        int last = --particles->count;
        particles->items[i] = particles->items[last];
        particles->moving[i] = particles->moving[last];
    }
    for (int i = 0; i < PARA_RIPPLES_MAX; i++) {
        particles->ripples[i].age += seconds;
        particles->ripples[i].height /= 1.0f + RIPPLE_FADE * seconds;
        if (particles->ripples[i].height < 0.004f)
            particles->ripples[i] = (ParaRipple){.height = 0.0f};
    }
    double s, c, along, across;
    particles->time += (double)seconds;
    para_sincos(PARA_TAU * (double)SHAKE_RATE * particles->time, &s, &c);
    para_sincos(PARA_TAU * 0.73 * (double)SHAKE_RATE * particles->time, &along, &across);
    particles->sway = (ParaVec2){particles->shake * (float)along, particles->shake * (float)s};
    particles->shake /= 1.0f + SHAKE_FADE * seconds;
    if (particles->shake < 1e-4f)
        particles->shake = 0.0f;
}
