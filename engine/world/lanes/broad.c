// SPDX-License-Identifier: MIT
// Which shapes come near each other: the boxes of a world, each against a vector of the later ones, and for
// chains first the boxes of eight edges, then the edges themselves. A hit is a candidate: its manifold is
// begun here, in the order of keys, and the pair goes into the list of its kind, where it waits with those of
// all other worlds for the close look. What does not touch after that is thrown out of the manifolds.
//
// All pairs are compared: a world has 64 shapes at most, and for so few no structure that must be kept up to
// date would be cheaper.
#include "engine/world/lanes/collide.h"
#include "engine/world/lanes/pairs.h"

typedef struct Search {
    LanesBlock *block;
    LanesCollide collide;
    int32_t candidates; ///< so far, in the block
    int32_t limit;      ///< of `candidates`, for this world
    int32_t edges;      ///< so far, in the block
} Search;

// ---------------------------------------------------------------------------------------------
// Candidates.

/// Shapes by what the close look needs of them.
typedef enum { CIRCLE, SMALL, LARGE } Size;

static Size size_of(const LanesShape *shape)
{
    return shape->corner_count == 1 ? CIRCLE : shape->corner_room <= 4 ? SMALL : LARGE;
}

static void add_item(LanesList *list, int32_t first, int32_t second, int32_t manifold, int32_t flip)
{
    int32_t at = list->count++;
    list->first[at] = first;
    list->second[at] = second;
    list->manifold[at] = manifold;
    list->flip[at] = flip;
}

/// @return its number
static int32_t begin_manifold(Search *search, int32_t a, int32_t b, float friction, float restitution,
                              uint32_t key)
{
    LanesManifold *manifold = &search->block->manifolds[search->candidates];
    manifold->a = a;
    manifold->b = b;
    manifold->friction = friction;
    manifold->restitution = restitution;
    manifold->count = 0;
    manifold->key = key;
    return search->candidates++;
}

static void add_pair(Search *search, int w, int i, int j)
{
    static const uint8_t lists[3][3] = {
        {LANES_CIRCLE_CIRCLE, LANES_POLYGON_CIRCLE, LANES_POLYGON_CIRCLE},
        {LANES_POLYGON_CIRCLE, LANES_POLYGON_POLYGON, LANES_POLYGON_POLYGON_8},
        {LANES_POLYGON_CIRCLE, LANES_POLYGON_POLYGON_8, LANES_POLYGON_POLYGON_8},
    };
    const LanesShape *p = &search->block->worlds[w]->shapes[i], *q = &search->block->worlds[w]->shapes[j];
    int32_t body = search->block->body_first[w], shape = search->block->shape_first[w];
    int32_t manifold = begin_manifold(search, body + p->body, body + q->body, p->friction * q->friction,
                                      p->restitution * q->restitution, LANES_PAIR_KEY(i, j));
    Size size = size_of(p), other = size_of(q);
    LanesList *list = &search->collide.lists[lists[size][other]];
    if (size == CIRCLE && other != CIRCLE) // the circle comes second
        add_item(list, shape + j, shape + i, manifold, -1);
    else
        add_item(list, shape + i, shape + j, manifold, 0);
}

// ---------------------------------------------------------------------------------------------
// Shapes and shapes.

/// The bits that lie behind the vector that begins at bit j.
static uint64_t without_vector(uint64_t bits, int j)
{
    int end = j + LANES_WIDTH;
    return end < 64 ? bits >> end << end : 0;
}

/// Bits of the shapes j from the first of `wanted` on whose boxes meet that of shape i. Boxes behind the
/// world's last are another world's: their bits are not wanted.
static uint64_t meeting(const LanesBlock *block, int first, int i, uint64_t wanted)
{
    const float *low_x = block->box + first, *low_y = low_x + block->box_stride;
    const float *high_x = low_y + block->box_stride, *high_y = high_x + block->box_stride;
    Vf left = v_all(low_x[i]), down = v_all(low_y[i]), right = v_all(high_x[i]), up = v_all(high_y[i]);
    uint64_t hits = 0;
    uint64_t rest = wanted;
    while (rest != 0) {
        int j = __builtin_ctzll(rest);
        Vi meets = (v_load(low_x + j) <= right) & (v_load(high_x + j) >= left) & (v_load(low_y + j) <= up) &
                   (v_load(high_y + j) >= down);
        hits |= (uint64_t)v_bits(meets) << j;
        rest = without_vector(rest, j);
    }
    return hits & wanted;
}

static void find_pairs(Search *search, int w)
{
    const LanesWorld *world = search->block->worlds[w];
    int first = search->block->shape_first[w];
    for (int i = 0; i + 1 < world->shape_count; i++) {
        uint64_t hits = meeting(search->block, first, i, world->partners[i]);
        for (; hits != 0 && search->candidates < search->limit; hits &= hits - 1)
            add_pair(search, w, i, __builtin_ctzll(hits));
    }
}

// ---------------------------------------------------------------------------------------------
// Chains and shapes.

/// Boxes of a vector of shapes in the frame of a chain's body, widened by the margin of chains.
typedef struct Windows {
    _Alignas(64) float left[LANES_WIDTH]; ///< [m]
    float down[LANES_WIDTH], right[LANES_WIDTH], up[LANES_WIDTH];
    uint64_t boxes[LANES_WIDTH]; ///< of the chain, that reach into the window; a world has 512 edges at most
} Windows;
_Static_assert(LANES_EDGES_MAX / 8 <= 64, "boxes of a chain fit a mask");

/// A chain while its edges are looked for.
typedef struct Chain {
    const LanesWorld *world;
    const LanesChain *chain;
    const LanesFixed *fixed;
    BodyFrame frame;
    int32_t body, shapes; ///< the world's first, in the block
    int index;
} Chain;

/// A shape while it is held against the edges of a chain.
typedef struct Visitor {
    LanesList *list;
    float left, down, right, up; ///< [m] its window, widened by the chain's radius
    float friction, restitution; ///< [1] of the pair
    int32_t body, shape;         ///< in the block
    uint32_t key;                ///< with edge 0
} Visitor;

/// Windows of the shapes from `flat` on. Boxes of other worlds may be among them: nobody looks at those.
static void place_windows(const LanesBlock *block, const LanesFixed *fixed, int flat, Windows *out)
{
    const float *box = block->box + flat;
    int64_t stride = block->box_stride;
    Vf left = v_load(box), down = v_load(box + stride), right = v_load(box + 2 * stride),
       up = v_load(box + 3 * stride);
    Vf x = 0.5f * (left + right) - fixed->x, y = 0.5f * (down + up) - fixed->y;
    Vf wide = 0.5f * (right - left), high = 0.5f * (up - down);
    Vf c = v_abs(v_all(fixed->cos)), s = v_abs(v_all(fixed->sin));
    Vf turned_x = fixed->cos * x + fixed->sin * y, turned_y = fixed->cos * y - fixed->sin * x;
    Vf turned_wide = c * wide + s * high + 0.5f * LANES_MARGIN,
       turned_high = s * wide + c * high + 0.5f * LANES_MARGIN;
    v_store(out->left, turned_x - turned_wide);
    v_store(out->down, turned_y - turned_high);
    v_store(out->right, turned_x + turned_wide);
    v_store(out->up, turned_y + turned_high);
}

/// Fills the boxes of the windows whose bits are in `wanted`.
static void find_boxes(const Chain *chain, uint32_t wanted, Windows *windows)
{
    Vf left = v_load(windows->left), down = v_load(windows->down);
    Vf right = v_load(windows->right), up = v_load(windows->up);
    const LanesBox *boxes = chain->world->edge_boxes + chain->chain->box_first;
    memset(windows->boxes, 0, sizeof windows->boxes);
    for (int k = 0; 8 * k < chain->chain->edge_count; k++) {
        Vi meets = (v_all(boxes[k].low_x) <= right) & (v_all(boxes[k].high_x) >= left) &
                   (v_all(boxes[k].low_y) <= up) & (v_all(boxes[k].high_y) >= down);
        for (uint32_t hits = v_bits(meets) & wanted; hits != 0; hits &= hits - 1)
            windows->boxes[__builtin_ctz(hits)] |= 1ull << k;
    }
}

/// Bits of the PAIRS_WIDTH edges from point `at` on whose boxes reach into the visitor's window.
static uint32_t edges_meeting(const LanesWorld *world, int at, const Visitor *visitor)
{
    const float *x = world->chain_x + at, *y = world->chain_y + at;
    Pairs ax = pairs_load(x), bx = pairs_load(x + 1), ay = pairs_load(y), by = pairs_load(y + 1);
    PairsMask meets =
        ((ax <= visitor->right) | (bx <= visitor->right)) & ((ax >= visitor->left) | (bx >= visitor->left)) &
        ((ay <= visitor->up) | (by <= visitor->up)) & ((ay >= visitor->down) | (by >= visitor->down));
    return pairs_bits(meets);
}

static void add_edge(Search *search, const Chain *chain, const Visitor *visitor, int edge)
{
    int32_t at = search->edges++;
    const float *points = chain->world->chain_points + 2 * (chain->chain->point_first + edge);
    frame_place(&chain->frame, points, search->collide.edges[at].p);
    search->collide.edge_radius[at] = chain->chain->radius;
    int32_t manifold = begin_manifold(search, chain->body + chain->chain->body, visitor->body,
                                      visitor->friction, visitor->restitution, visitor->key | (uint32_t)edge);
    add_item(visitor->list, at, visitor->shape, manifold, 0);
}

/// The up to eight edges of one box.
static void find_edges_of_box(Search *search, const Chain *chain, const Visitor *visitor, int box)
{
    int first = 8 * box, count = chain->chain->edge_count - first;
    uint32_t hits = 0;
    for (int k = 0; k < 8; k += PAIRS_WIDTH)
        hits |= edges_meeting(chain->world, chain->chain->point_first + 1 + first + k, visitor) << k;
    if (count < 8)
        hits &= (1u << count) - 1;
    for (; hits != 0 && search->candidates < search->limit; hits &= hits - 1)
        add_edge(search, chain, visitor, first + __builtin_ctz(hits));
}

static Visitor visitor_of(Search *search, const Chain *chain, int j, const Windows *windows, int lane)
{
    static const uint8_t lists[] = {LANES_EDGE_CIRCLE, LANES_EDGE_POLYGON, LANES_EDGE_POLYGON_8};
    const LanesShape *shape = &chain->world->shapes[j];
    float radius = chain->chain->radius;
    return (Visitor){.list = &search->collide.lists[lists[size_of(shape)]],
                     .left = windows->left[lane] - radius,
                     .down = windows->down[lane] - radius,
                     .right = windows->right[lane] + radius,
                     .up = windows->up[lane] + radius,
                     .friction = chain->chain->friction * shape->friction,
                     .restitution = chain->chain->restitution * shape->restitution,
                     .body = chain->body + shape->body,
                     .shape = chain->shapes + j,
                     .key = LANES_EDGE_KEY(chain->index, j, 0)};
}

/// The shapes from j on whose bits are in `wanted`, in their order.
static void find_edges_near(Search *search, const Chain *chain, int j, uint32_t wanted)
{
    Windows windows;
    place_windows(search->block, chain->fixed, chain->shapes + j, &windows);
    find_boxes(chain, wanted, &windows);
    for (int lane = 0; lane < LANES_WIDTH; lane++) {
        uint64_t boxes = windows.boxes[lane];
        if (boxes == 0)
            continue;
        Visitor visitor = visitor_of(search, chain, j + lane, &windows, lane);
        for (; boxes != 0; boxes &= boxes - 1)
            find_edges_of_box(search, chain, &visitor, __builtin_ctzll(boxes));
    }
}

static void find_edges(Search *search, int w)
{
    const LanesBlock *block = search->block;
    const LanesWorld *world = block->worlds[w];
    for (int c = 0; c < world->chain_count; c++) {
        const LanesFixed *fixed = &block->fixed[block->body_first[w] + world->chains[c].body];
        Chain chain = {
            world, &world->chains[c], fixed, frame_of(fixed), block->body_first[w], block->shape_first[w], c};
        uint64_t rest = world->enabled[world->chains[c].body] ? world->chain_partners[c] : 0;
        while (rest != 0) {
            int j = __builtin_ctzll(rest);
            find_edges_near(search, &chain, j, (uint32_t)(rest >> j) & ((1u << LANES_WIDTH) - 1));
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

/// Shares out the room; the size is LANES_COLLIDE_ROOM.
static void share_room(Search *search)
{
    unsigned char *room = search->block->room;
    search->collide.edges = cut(&room, LANES_LIST_ROOM * sizeof(LanesEdge));
    search->collide.edge_radius = cut(&room, LANES_LIST_ROOM * sizeof(float));
    for (int k = 0; k < LANES_LISTS; k++) {
        LanesList *list = &search->collide.lists[k];
        list->count = 0;
        list->first = cut(&room, LANES_LIST_ROOM * sizeof(int32_t));
        list->second = cut(&room, LANES_LIST_ROOM * sizeof(int32_t));
        list->manifold = cut(&room, LANES_LIST_ROOM * sizeof(int32_t));
        list->flip = cut(&room, LANES_LIST_ROOM * sizeof(int32_t));
    }
}

static void repeat_last_items(LanesCollide *collide)
{
    for (int k = 0; k < LANES_LISTS; k++) {
        const LanesList *list = &collide->lists[k];
        if (list->count == 0)
            continue;
        int32_t *arrays[] = {list->first, list->second, list->manifold, list->flip};
        for (int a = 0; a < 4; a++)
            for (int i = 0; i < 16; i++)
                arrays[a][list->count + i] = arrays[a][list->count - 1];
    }
}

/// Moves the manifolds that have points together; `first` [world_count + 1] tells where each world's
/// candidates begin.
static void keep_touching(LanesBlock *block, const int32_t *first)
{
    int32_t kept = 0;
    for (int w = 0; w < block->world_count; w++) {
        block->manifold_first[w] = kept;
        int32_t limit = kept + LANES_MANIFOLDS_MAX;
        for (int32_t i = first[w]; i < first[w + 1] && kept < limit; i++) {
            if (block->manifolds[i].count == 0)
                continue;
            if (kept != i)
                block->manifolds[kept] = block->manifolds[i];
            kept++;
        }
        block->manifold_count[w] = kept - block->manifold_first[w];
    }
}

void K(collide)(LanesBlock *block)
{
    Search search = {.block = block, .collide.block = block};
    int32_t first[LANES_BLOCK + 1];
    share_room(&search);
    for (int w = 0; w < block->world_count; w++) {
        first[w] = search.candidates;
        search.limit = search.candidates + LANES_CANDIDATES_MAX;
        find_pairs(&search, w);
        find_edges(&search, w);
    }
    first[block->world_count] = search.candidates;
    repeat_last_items(&search.collide);
    K(narrow_circles)(&search.collide);
    K(narrow_polygons)(&search.collide);
    K(narrow_edge_circles)(&search.collide);
    K(narrow_edge_polygons)(&search.collide);
    keep_touching(block, first);
}
