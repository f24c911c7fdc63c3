// SPDX-License-Identifier: MIT
// Which shapes come near each other: the boxes of a world, each against a vector of the later ones, and for
// chains first the boxes of eight edges, then the edges themselves. A hit is a candidate: its manifold is
// begun here, in the order of keys, and the pair goes into the list of its kind, where it waits with those of
// all other worlds for the close look, which is taken when all are found, or when the lists are full. What
// does not touch after that is thrown out of the manifolds (keep.c).
//
// All pairs are compared: a world has 64 shapes at most, and for so few no structure that must be kept up to
// date would be cheaper.
#include "engine/base/assert.h"
#include "engine/world/lanes/meet/collide.h"
#include "engine/world/lanes/meet/pairs.h"
#include "engine/world/lanes/sound.h"

#include <stddef.h>

typedef int32_t M4 __attribute__((vector_size(16), may_alias));

typedef struct Search {
    ParaLanesBlock *block;
    ParaLanesCollide collide;
    int32_t kept;       ///< manifolds that have points, of worlds and pairs looked at closely already
    int32_t candidates; ///< so far, in the block, those kept included
    int32_t edges;      ///< that wait
    int32_t seams;      ///< placed so far, with the first, empty one
    int32_t begun;      ///< worlds whose manifold_first is known
    int world;          ///< the first with candidates that wait
    int32_t first[PARA_LANES_BLOCK]; ///< candidate of each world from `world` on
} Search;

static void look_closely(Search *search, int w);

/// Before up to `more` candidates of world w.
static void make_room(Search *search, int w, int32_t more)
{
    if (search->candidates - search->kept + more > PARA_LANES_BLOCK_CANDIDATES)
        look_closely(search, w);
}

// ---------------------------------------------------------------------------------------------
// Candidates.

/// Shapes by what the close look needs of them.
typedef enum { CIRCLE, SMALL, LARGE } Size;

static Size size_of(const ParaLanesShape *shape)
{
    return shape->corner_count == 1 ? CIRCLE : shape->corner_room <= 4 ? SMALL : LARGE;
}

/// The four arrays of a list lie one behind the other.
static void put_item(int32_t *first, int32_t of_first, int32_t of_second, int32_t manifold, float value)
{
    first[0] = of_first;
    first[PARA_LANES_LIST_ROOM] = of_second;
    first[2 * PARA_LANES_LIST_ROOM] = manifold;
    memcpy(first + 3 * PARA_LANES_LIST_ROOM, &value, sizeof value);
}

/// What is known of a manifold before the close look: its first 8 floats, to be stored as they are.
typedef struct Head {
    int32_t a, b;
    float normal_x, normal_y, friction, restitution;
    int32_t count;
    uint32_t key;
} Head;
_Static_assert(sizeof(Head) == offsetof(ParaLanesManifold, point), "a head is what precedes the points");

/// @return its number
static int32_t begin_manifold(Search *search, const Head *head, uint32_t key)
{
    PARA_ASSERT_HOT(search->candidates - search->kept < PARA_LANES_BLOCK_CANDIDATES);
    ParaLanesManifold *manifold = &search->block->manifolds[search->candidates];
    memcpy(manifold, head, sizeof *head);
    manifold->key = key;
    return search->candidates++;
}

static const ParaLanesSeamSpots *seams_of(const ParaLanesWorld *world, int i)
{
    return &world->seams[__builtin_popcountll(world->seamed & (((uint64_t)1 << i) - 1))];
}

/// Whether shape j comes where the seams of shape i matter, if that has any.
static bool meets_seams(const ParaLanesBlock *block, int w, int i, int j)
{
    const ParaLanesWorld *world = block->worlds[w];
    if (!(world->seamed >> i & 1u))
        return false;
    const ParaLanesSeamSpots *seams = seams_of(world, i);
    if (seams->count < 0)
        return true;
    int flat = block->shape_first[w] + i;
    const ParaLanesFixed *fixed = &block->fixed[block->placed[flat].body];
    const float *box = block->box + block->shape_first[w] + j;
    int64_t stride = block->box_stride;
    float margin = block->placed[flat].margin + block->placed[flat].radius;
    float low_x = box[0] - fixed->x - margin, low_y = box[stride] - fixed->y - margin;
    float high_x = box[2 * stride] - fixed->x + margin, high_y = box[3 * stride] - fixed->y + margin;
    bool meets = false;
    for (int k = 0; k < seams->count; k++) {
        float x = fixed->cos * seams->spots[2 * k] - fixed->sin * seams->spots[2 * k + 1];
        float y = fixed->sin * seams->spots[2 * k] + fixed->cos * seams->spots[2 * k + 1];
        meets |= x >= low_x && x <= high_x && y >= low_y && y <= high_y;
    }
    return meets;
}

/// Lane k: all ones where bit k is set.
PARA_LANES_INLINE M4 mask_of(uint32_t bits)
{
    return -(((M4){(int32_t)bits, (int32_t)bits, (int32_t)bits, (int32_t)bits} & (M4){1, 2, 4, 8}) != 0);
}

/// Four corners and faces of a shape, the first of which is bit `at` of the spots' bits.
static void place_part(const ParaPairsFrame *frame, const ParaLanesSeamSpots *spots,
                       const ParaLanesSeamPart *from, int at, ParaLanesPlacedSeamPart *to)
{
    para_pairs_turn(frame, from->lo, to->lo);
    para_pairs_turn(frame, from->hi, to->hi);
    ParaF4 begin = *(const ParaF4 *)from->from, end = *(const ParaF4 *)from->to;
    M4 begun = mask_of(spots->begun >> at), ended = mask_of(spots->ended >> at);
    ParaF4 free = {PARA_SEAM_FREE, PARA_SEAM_FREE, PARA_SEAM_FREE, PARA_SEAM_FREE};
    *(ParaF4 *)to->begin = *(const ParaF4 *)from->begin;
    *(ParaF4 *)to->end = *(const ParaF4 *)from->end;
    *(ParaF4 *)to->from = begin;
    *(ParaF4 *)to->to = end;
    *(ParaF4 *)to->past = (ParaF4)((begun & (M4)(begin + PARA_LANES_SEAM_THIN)) | (~begun & (M4)free));
    *(ParaF4 *)to->before = (ParaF4)((ended & (M4)(end - PARA_LANES_SEAM_THIN)) | (~ended & (M4)-free));
    *(M4 *)to->covered = mask_of(spots->covered >> at);
}

/// The seams of shape i of world w to the world's frame, once per step.
static void place_seams(Search *search, int w, int i)
{
    const ParaLanesBlock *block = search->block;
    const ParaLanesWorld *world = block->worlds[w];
    ParaLanesPlaced *placed = &block->placed[block->shape_first[w] + i];
    if (placed->seams != 0 || !(world->seamed >> i & 1u))
        return;
    const ParaLanesSeamSpots *from = seams_of(world, i);
    PARA_ASSERT_HOT(search->seams <= PARA_LANES_BLOCK_SHAPES);
    ParaLanesPlacedSeams *to = &search->collide.seams[search->seams];
    ParaPairsFrame frame = para_pairs_frame_of(&block->fixed[placed->body]);
    for (int part = 0; 4 * part < world->shapes[i].corner_room; part++)
        place_part(&frame, from, &world->seam_parts[from->part + part], 4 * part, &to->part[part]);
    placed->seams = search->seams++;
}

/// The list of a pair one of whose shapes has seams.
static ParaLanesListKind with_seams(Search *search, int w, int i, int j, ParaLanesListKind plain)
{
    place_seams(search, w, i);
    place_seams(search, w, j);
    switch (plain) {
    case PARA_LANES_POLYGON_CIRCLE:
        return PARA_LANES_SEAM_CIRCLE;
    case PARA_LANES_POLYGON_POLYGON:
        return PARA_LANES_SEAM_POLYGON;
    case PARA_LANES_POLYGON_POLYGON_8:
        return PARA_LANES_SEAM_POLYGON_8;
    case PARA_LANES_EDGE_POLYGON:
        return PARA_LANES_EDGE_SEAM;
    case PARA_LANES_EDGE_POLYGON_8:
        return PARA_LANES_EDGE_SEAM_8;
    default:
        PARA_ASSERT_HOT(false); // circles have no seams
        return plain;
    }
}

/// Friction of a pair, by the rule of its world.
static float friction_of(const ParaLanesWorld *world, float p, float q)
{
    return world->def.friction_rule == PARA_FRICTION_PRODUCT ? p * q : __builtin_sqrtf(p * p + q * q);
}

static float restitution_of(const ParaLanesWorld *world, float p, float q)
{
    float least = p < q ? p : q;
    return world->def.restitution_rule == PARA_RESTITUTION_PRODUCT ? p * q : least;
}

static void add_pair(Search *search, int w, int i, int j)
{
    static const uint8_t lists[3][3] = {
        {PARA_LANES_CIRCLE_CIRCLE, PARA_LANES_POLYGON_CIRCLE, PARA_LANES_POLYGON_CIRCLE},
        {PARA_LANES_POLYGON_CIRCLE, PARA_LANES_POLYGON_POLYGON, PARA_LANES_POLYGON_POLYGON_8},
        {PARA_LANES_POLYGON_CIRCLE, PARA_LANES_POLYGON_POLYGON_8, PARA_LANES_POLYGON_POLYGON_8},
    };
    const ParaLanesShape *p = &search->block->worlds[w]->shapes[i], *q = &search->block->worlds[w]->shapes[j];
    int32_t body = search->block->body_first[w], shape = search->block->shape_first[w];
    Head head = {.a = body + p->body,
                 .b = body + q->body,
                 .friction = friction_of(search->block->worlds[w], p->friction, q->friction),
                 .restitution = restitution_of(search->block->worlds[w], p->restitution, q->restitution)};
    int32_t manifold = begin_manifold(search, &head, PARA_LANES_PAIR_KEY(i, j));
    Size size = size_of(p), other = size_of(q);
    ParaLanesListKind kind = lists[size][other];
    uint64_t seamed = search->block->worlds[w]->seamed;
    if (((seamed >> i | seamed >> j) & 1u) &&
        (meets_seams(search->block, w, i, j) || meets_seams(search->block, w, j, i)))
        kind = with_seams(search, w, i, j, kind);
    ParaLanesList *list = &search->collide.lists[kind];
    int32_t *item = list->first + list->count++;
    if (size == CIRCLE && other != CIRCLE) // the circle comes second
        put_item(item, shape + j, shape + i, manifold, -1.0f);
    else
        put_item(item, shape + i, shape + j, manifold, 1.0f);
}

// ---------------------------------------------------------------------------------------------
// Shapes and shapes.

/// The bits that lie behind the vector that begins at bit j.
static uint64_t without_vector(uint64_t bits, int j)
{
    int end = j + PARA_LANES_WIDTH;
    return end < 64 ? bits >> end << end : 0;
}

/// Bits of the shapes j from the first of `wanted` on whose boxes meet that of shape i. Boxes behind the
/// world's last are another world's: their bits are not wanted.
static uint64_t meeting(const ParaLanesBlock *block, int first, int i, uint64_t wanted)
{
    const float *low_x = block->box + first, *low_y = low_x + block->box_stride;
    const float *high_x = low_y + block->box_stride, *high_y = high_x + block->box_stride;
    ParaVf left = para_v_all(low_x[i]), down = para_v_all(low_y[i]), right = para_v_all(high_x[i]),
           up = para_v_all(high_y[i]);
    uint64_t hits = 0;
    uint64_t rest = wanted;
    while (rest != 0) {
        int j = __builtin_ctzll(rest);
        ParaVi meets = (para_v_load(low_x + j) <= right) & (para_v_load(high_x + j) >= left) &
                       (para_v_load(low_y + j) <= up) & (para_v_load(high_y + j) >= down);
        hits |= (uint64_t)para_v_bits(meets) << j;
        rest = without_vector(rest, j);
    }
    return hits & wanted;
}

static void find_pairs(Search *search, int w)
{
    const ParaLanesWorld *world = search->block->worlds[w];
    const uint64_t *partners = world->partners;
    int first = search->block->shape_first[w];
    for (int i = 0, count = world->shape_count; i < count; i++) {
        if (partners[i] == 0)
            continue;
        make_room(search, w, PARA_LANES_SHAPES_MAX);
        uint64_t hits = meeting(search->block, first, i, partners[i]);
        for (; hits != 0; hits &= hits - 1)
            add_pair(search, w, i, __builtin_ctzll(hits));
    }
}

// ---------------------------------------------------------------------------------------------
// Chains and shapes.

/// Boxes of a vector of shapes in the frame of a chain's body, widened by the chain's radius and margin.
typedef struct Windows {
    _Alignas(64) float left[PARA_LANES_WIDTH]; ///< [m]
    float down[PARA_LANES_WIDTH], right[PARA_LANES_WIDTH], up[PARA_LANES_WIDTH];
    uint64_t
        boxes[PARA_LANES_WIDTH]; ///< of the chain, that reach into the window; a world has 512 edges at most
} Windows;
_Static_assert(PARA_LANES_EDGES_MAX / 8 <= 64, "boxes of a chain fit a mask");

/// A chain while its edges are looked for.
typedef struct Chain {
    const ParaLanesWorld *world;
    const ParaLanesChain *chain;
    const ParaLanesFixed *fixed;
    ParaPairsFrame frame;
    int32_t body, shapes; ///< the world's first, in the block
    int number;           ///< of the world
    int index;
} Chain;

/// A shape while it is held against the edges of a chain.
typedef struct Visitor {
    Head head; ///< with edge 0
    ParaLanesList *list;
    const Windows *windows;
    int lane;      ///< of its window
    int32_t shape; ///< in the block
} Visitor;

/// Windows of the shapes from `flat` on. Boxes of other worlds may be among them: nobody looks at those.
static void place_windows(const ParaLanesBlock *block, const ParaLanesFixed *fixed, float radius, int flat,
                          Windows *out)
{
    const float *box = block->box + flat;
    int64_t stride = block->box_stride;
    ParaVf left = para_v_load(box), down = para_v_load(box + stride), right = para_v_load(box + 2 * stride),
           up = para_v_load(box + 3 * stride);
    ParaVf x = 0.5f * (left + right) - fixed->x, y = 0.5f * (down + up) - fixed->y;
    ParaVf wide = 0.5f * (right - left), high = 0.5f * (up - down);
    ParaVf c = para_v_abs(para_v_all(fixed->cos)), s = para_v_abs(para_v_all(fixed->sin));
    ParaVf turned_x = fixed->cos * x + fixed->sin * y, turned_y = fixed->cos * y - fixed->sin * x;
    ParaVf turned_wide = c * wide + s * high + (radius + 0.5f * PARA_LANES_MARGIN),
           turned_high = s * wide + c * high + (radius + 0.5f * PARA_LANES_MARGIN);
    para_v_store(out->left, turned_x - turned_wide);
    para_v_store(out->down, turned_y - turned_high);
    para_v_store(out->right, turned_x + turned_wide);
    para_v_store(out->up, turned_y + turned_high);
}

/// Fills the boxes of the windows whose bits are in `wanted`. @return bits of those that have any
static uint32_t find_boxes(const Chain *chain, uint32_t wanted, Windows *windows)
{
    ParaVf left = para_v_load(windows->left), down = para_v_load(windows->down);
    ParaVf right = para_v_load(windows->right), up = para_v_load(windows->up);
    const ParaLanesBox *boxes = chain->world->edge_boxes + chain->chain->box_first;
    memset(windows->boxes, 0, sizeof windows->boxes);
    uint32_t visited = 0;
    for (int k = 0; 8 * k < chain->chain->edge_count; k++) {
        ParaVi meets = (para_v_all(boxes[k].low_x) <= right) & (para_v_all(boxes[k].high_x) >= left) &
                       (para_v_all(boxes[k].low_y) <= up) & (para_v_all(boxes[k].high_y) >= down);
        uint32_t hits = para_v_bits(meets) & wanted;
        visited |= hits;
        for (; hits != 0; hits &= hits - 1)
            windows->boxes[__builtin_ctz(hits)] |= 1ull << k;
    }
    return visited;
}

/// Bits of the PARA_PAIRS_WIDTH edges from point `at` on whose boxes reach into the visitor's window. (The
/// edges' own lines keep hardly any of them apart: asking costs more than it gives.)
static uint32_t edges_meeting(const ParaLanesWorld *world, int at, const Windows *windows, int lane)
{
    const float *x = world->chain_x + at, *y = world->chain_y + at;
    ParaPairs ax = para_pairs_load(x), bx = para_pairs_load(x + 1), ay = para_pairs_load(y),
              by = para_pairs_load(y + 1);
    ParaPairsMask meets =
        (para_pairs_min(ax, bx) <= windows->right[lane]) & (para_pairs_max(ax, bx) >= windows->left[lane]) &
        (para_pairs_min(ay, by) <= windows->up[lane]) & (para_pairs_max(ay, by) >= windows->down[lane]);
    return para_pairs_bits(meets);
}

/// Candidates of the visitor and the edges from `first` on whose bits are set. A function of its own, so that
/// all it needs stays in registers.
static __attribute__((noinline)) void add_edges(Search *search, const Chain *chain, const Visitor *visitor,
                                                int first, uint32_t hits)
{
    const float *points = chain->world->chain_points + 2 * (chain->chain->point_first + first);
    ParaLanesManifold *manifold = search->block->manifolds + search->candidates;
    ParaLanesEdge *edge = search->collide.edges + search->edges;
    ParaLanesList *list = visitor->list;
    int32_t *item = list->first + list->count;
    int32_t to_manifold = search->candidates, to_edge = search->edges, shape = visitor->shape;
    float radius = chain->chain->radius;
    for (; hits != 0; hits &= hits - 1) {
        uint32_t k = (uint32_t)__builtin_ctz(hits);
        para_pairs_place(&chain->frame, points + 2 * k, edge->p);
        memcpy(manifold, &visitor->head, sizeof visitor->head);
        manifold->key += (uint32_t)first + k;
        put_item(item++, to_edge++, shape, to_manifold++, radius);
        manifold++;
        edge++;
    }
    PARA_ASSERT_HOT(to_manifold - search->kept <= PARA_LANES_BLOCK_CANDIDATES);
    list->count += to_edge - search->edges;
    search->edges = to_edge;
    search->candidates = to_manifold;
}

/// The up to eight edges of one box.
static void find_edges_of_box(Search *search, const Chain *chain, const Visitor *visitor, int box)
{
    int first = 8 * box, count = chain->chain->edge_count - first;
    PARA_ASSERT_HOT(count > 0); // a box holds an edge at least
    uint32_t hits = 0;
    for (int k = 0; k < 8; k += PARA_PAIRS_WIDTH)
        hits |= edges_meeting(chain->world, chain->chain->point_first + 1 + first + k, visitor->windows,
                              visitor->lane)
                << k;
    if (count < 8)
        hits &= (1u << count) - 1;
    if (hits != 0)
        add_edges(search, chain, visitor, first, hits);
}

static Visitor visitor_of(Search *search, const Chain *chain, int j, const Windows *windows, int lane)
{
    static const uint8_t lists[] = {PARA_LANES_EDGE_CIRCLE, PARA_LANES_EDGE_POLYGON,
                                    PARA_LANES_EDGE_POLYGON_8};
    const ParaLanesShape *shape = &chain->world->shapes[j];
    ParaLanesListKind kind = lists[size_of(shape)];
    if (chain->world->seamed >> j & 1u)
        kind = with_seams(search, chain->number, j, j, kind);
    return (Visitor){
        .head = {.a = chain->body + chain->chain->body,
                 .b = chain->body + shape->body,
                 .friction = friction_of(chain->world, chain->chain->friction, shape->friction),
                 .restitution = restitution_of(chain->world, chain->chain->restitution, shape->restitution),
                 .key = PARA_LANES_EDGE_KEY(chain->index, j, 0)},
        .list = &search->collide.lists[kind],
        .windows = windows,
        .lane = lane,
        .shape = chain->shapes + j};
}

/// The shapes from j on whose bits are in `wanted`, in their order.
static void find_edges_near(Search *search, const Chain *chain, int j, uint32_t wanted)
{
    Windows windows;
    place_windows(search->block, chain->fixed, chain->chain->radius, chain->shapes + j, &windows);
    for (uint32_t visited = find_boxes(chain, wanted, &windows); visited != 0; visited &= visited - 1) {
        int lane = __builtin_ctz(visited);
        uint64_t boxes = windows.boxes[lane];
        make_room(search, chain->number, chain->chain->edge_count);
        Visitor visitor = visitor_of(search, chain, j + lane, &windows, lane);
        for (; boxes != 0; boxes &= boxes - 1)
            find_edges_of_box(search, chain, &visitor, __builtin_ctzll(boxes));
    }
}

static void find_edges(Search *search, int w)
{
    const ParaLanesBlock *block = search->block;
    const ParaLanesWorld *world = block->worlds[w];
    for (int c = 0; c < world->chain_count; c++) {
        const ParaLanesFixed *fixed = &block->fixed[block->body_first[w] + world->chains[c].body];
        Chain chain = {world,
                       &world->chains[c],
                       fixed,
                       para_pairs_frame_of(fixed),
                       block->body_first[w],
                       block->shape_first[w],
                       w,
                       c};
        uint64_t rest = world->enabled[world->chains[c].body] ? world->chain_partners[c] : 0;
        while (rest != 0) {
            int j = __builtin_ctzll(rest);
            find_edges_near(search, &chain, j, (uint32_t)(rest >> j) & ((1u << PARA_LANES_WIDTH) - 1));
            rest = without_vector(rest, j);
        }
    }
}

// ---------------------------------------------------------------------------------------------
// The whole.

static void *cut(unsigned char **room, size_t size)
{
    void *piece = *room;
    *room += size;
    return piece;
}

/// Shares out the room; the size is PARA_LANES_COLLIDE_ROOM.
static void share_room(Search *search)
{
    unsigned char *room = search->block->room;
    search->collide.edges = cut(&room, PARA_LANES_LIST_ROOM * sizeof(ParaLanesEdge));
    for (int k = 0; k < PARA_LANES_LISTS; k++) {
        ParaLanesList *list = &search->collide.lists[k];
        list->count = 0;
        list->first = cut(&room, 4 * PARA_LANES_LIST_ROOM * sizeof(int32_t));
        list->second = list->first + PARA_LANES_LIST_ROOM;
        list->manifold = list->second + PARA_LANES_LIST_ROOM;
        list->value = (float *)(list->manifold + PARA_LANES_LIST_ROOM);
    }
    search->collide.seams = cut(&room, (PARA_LANES_BLOCK_SHAPES + 1) * sizeof(ParaLanesPlacedSeams));
    memset(search->collide.seams, 0, sizeof(ParaLanesPlacedSeams));
    for (int i = 0; i < PARA_LANES_CORNERS_MAX; i++) {
        search->collide.seams[0].part[i / 4].from[i % 4] = -PARA_SEAM_FREE;
        search->collide.seams[0].part[i / 4].to[i % 4] = PARA_SEAM_FREE;
    }
    search->seams = 1;
    PARA_ASSERT_HOT(room == (unsigned char *)search->block->room + PARA_LANES_COLLIDE_ROOM);
}

/// Each candidate stands in exactly one list, with shapes and edges that are there.
static void check_lists(const Search *search)
{
    static _Thread_local uint8_t listed[PARA_LANES_BLOCK_CANDIDATES];
    int shapes = search->block->shape_first[search->block->world_count], items = 0;
    int kept = search->kept, wait = search->candidates - kept;
    memset(listed, 0, (size_t)wait);
    for (int k = 0; k < PARA_LANES_LISTS; k++) {
        const ParaLanesList *list = &search->collide.lists[k];
        items += list->count;
        for (int i = 0; i < list->count; i++) {
            PARA_ASSERT(list->manifold[i] >= kept && list->manifold[i] < search->candidates);
            PARA_ASSERT(!listed[list->manifold[i] - kept]++);
            PARA_ASSERT(list->first[i] >= 0);
            PARA_ASSERT(list->first[i] < (para_lanes_lists_edges(k) ? search->edges : shapes));
            PARA_ASSERT(list->second[i] >= 0 && list->second[i] < shapes);
        }
    }
    PARA_ASSERT(items == wait);
}

static void repeat_last_items(ParaLanesCollide *collide)
{
    for (int k = 0; k < PARA_LANES_LISTS; k++) {
        const ParaLanesList *list = &collide->lists[k];
        if (list->count == 0)
            continue;
        int end = list->count, last = end - 1;
        para_v_store((float *)(list->first + end), (ParaVf)para_v_all_int(list->first[last]));
        para_v_store((float *)(list->second + end), (ParaVf)para_v_all_int(list->second[last]));
        para_v_store((float *)(list->manifold + end), (ParaVf)para_v_all_int(list->manifold[last]));
        para_v_store(list->value + end, para_v_all(list->value[last]));
    }
}

/// The pairs that wait are held against each other, the last of them of world w; those that touch stay.
static void look_closely(Search *search, int w)
{
    ParaLanesBlock *block = search->block;
    PARA_CHECK_HOT(check_lists(search));
    repeat_last_items(&search->collide);
    PARA_K(narrow_circles)(&search->collide);
    PARA_K(narrow_polygons)(&search->collide);
    PARA_K(narrow_edge_circles)(&search->collide);
    PARA_K(narrow_edge_polygons)(&search->collide);
    for (int v = search->world; v <= w; v++) {
        if (v >= search->begun) {
            block->manifold_first[v] = search->kept;
            block->manifold_count[v] = block->dropped[v] = 0;
            search->begun = v + 1;
        }
        int32_t end = v < w ? search->first[v + 1] : search->candidates;
        if (block->worlds[v]->any_one_way)
            para_lanes_let_through(block, v, search->first[v], end);
        search->kept = PARA_K(keep_touching)(block, v, search->first[v], end);
    }
    search->world = w;
    search->first[w] = search->candidates = search->kept;
    search->edges = 0;
    for (int k = 0; k < PARA_LANES_LISTS; k++)
        search->collide.lists[k].count = 0;
}

void PARA_K(collide)(ParaLanesBlock *block)
{
    Search search = {.block = block, .collide.block = block};
    share_room(&search);
    for (int w = 0; w < block->world_count; w++) {
        search.first[w] = search.candidates;
        find_pairs(&search, w);
        find_edges(&search, w);
    }
    look_closely(&search, block->world_count - 1);
    para_lanes_run_belts(block);
    para_lanes_find_bounce_mins(block);
    PARA_CHECK_HOT(para_lanes_check_manifolds(block));
}
