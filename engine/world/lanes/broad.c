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

/// Bits of the shapes j from the first of `wanted` on whose boxes meet that of shape i. Boxes behind the
/// world's last are another world's: their bits are not wanted.
static uint64_t meeting(const LanesBlock *block, int first, int i, uint64_t wanted)
{
    const float *low_x = block->box + first, *low_y = low_x + block->box_stride;
    const float *high_x = low_y + block->box_stride, *high_y = high_x + block->box_stride;
    Vf left = v_all(low_x[i]), down = v_all(low_y[i]), right = v_all(high_x[i]), up = v_all(high_y[i]);
    uint64_t hits = 0;
    for (uint64_t rest = wanted; rest != 0;) {
        int j = __builtin_ctzll(rest);
        Vi meets = (v_load(low_x + j) <= right) & (v_load(high_x + j) >= left) & (v_load(low_y + j) <= up) &
                   (v_load(high_y + j) >= down);
        hits |= (uint64_t)v_bits(meets) << j;
        rest = j + LANES_WIDTH < 64 ? rest >> (j + LANES_WIDTH) << (j + LANES_WIDTH) : 0;
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

/// A shape's box in the frame of a chain's body, widened by the margin of chains: x, y and half the widths.
typedef struct Window {
    float x, y, wide, high;
} Window;

/// A chain while its edges are looked for.
typedef struct Chain {
    const LanesWorld *world;
    const LanesChain *chain;
    const LanesFixed *fixed;
    BodyFrame frame;
    int world_index, index;
} Chain;

static float size(float x) { return x < 0.0f ? -x : x; }

static Window window_of(const LanesBlock *block, const LanesFixed *fixed, int flat)
{
    const float *box = block->box + flat;
    int64_t stride = block->box_stride;
    float left = box[0], down = box[stride], right = box[2 * stride], up = box[3 * stride];
    float x = 0.5f * (left + right) - fixed->x, y = 0.5f * (down + up) - fixed->y;
    float wide = 0.5f * (right - left), high = 0.5f * (up - down);
    float c = size(fixed->cos), s = size(fixed->sin);
    return (Window){fixed->cos * x + fixed->sin * y, fixed->cos * y - fixed->sin * x,
                    c * wide + s * high + 0.5f * LANES_MARGIN, s * wide + c * high + 0.5f * LANES_MARGIN};
}

/// Bits of the PAIRS_WIDTH edges from point `at` on that reach into the window,
/// judged by their boxes.
static uint32_t edges_meeting(const Chain *chain, int at, const Window *window)
{
    const float *x = chain->world->chain_x + at, *y = chain->world->chain_y + at;
    float radius = chain->chain->radius, wide = window->wide + radius, high = window->high + radius;
    Pairs ax = pairs_load(x) - window->x, bx = pairs_load(x + 1) - window->x;
    Pairs ay = pairs_load(y) - window->y, by = pairs_load(y + 1) - window->y;
    PairsMask meets = ((ax <= wide) | (bx <= wide)) & ((ax >= -wide) | (bx >= -wide)) &
                      ((ay <= high) | (by <= high)) & ((ay >= -high) | (by >= -high));
    return pairs_bits(meets);
}

static void add_edge(Search *search, const Chain *chain, int j, int edge)
{
    LanesBlock *block = search->block;
    const LanesShape *shape = &chain->world->shapes[j];
    int32_t body = block->body_first[chain->world_index];
    int32_t at = search->edges++;
    const float *points = chain->world->chain_points + 2 * (chain->chain->point_first + edge);
    frame_place(&chain->frame, points, search->collide.edges[at].p);
    search->collide.edge_radius[at] = chain->chain->radius;
    int32_t manifold = begin_manifold(
        search, body + chain->chain->body, body + shape->body, chain->chain->friction * shape->friction,
        chain->chain->restitution * shape->restitution, LANES_EDGE_KEY(chain->index, j, edge));
    Size other = size_of(shape);
    LanesListKind kind = other == CIRCLE  ? LANES_EDGE_CIRCLE
                         : other == SMALL ? LANES_EDGE_POLYGON
                                          : LANES_EDGE_POLYGON_8;
    add_item(&search->collide.lists[kind], at, block->shape_first[chain->world_index] + j, manifold, 0);
}

/// The up to eight edges of one box.
static void find_edges_of_box(Search *search, const Chain *chain, int j, int box, const Window *window)
{
    int first = 8 * box, count = chain->chain->edge_count - first;
    uint32_t hits = 0;
    for (int k = 0; k < 8; k += PAIRS_WIDTH)
        hits |= edges_meeting(chain, chain->chain->point_first + 1 + first + k, window) << k;
    if (count < 8)
        hits &= (1u << count) - 1;
    for (; hits != 0 && search->candidates < search->limit; hits &= hits - 1)
        add_edge(search, chain, j, first + __builtin_ctz(hits));
}

static void find_edges_near(Search *search, const Chain *chain, int j)
{
    Window window =
        window_of(search->block, chain->fixed, search->block->shape_first[chain->world_index] + j);
    // low <= window's high and -high <= -window's low, all four at once.
    F4 limit = {window.x + window.wide, window.y + window.high, window.wide - window.x,
                window.high - window.y};
    const F4 signs = {1.0f, 1.0f, -1.0f, -1.0f};
    const LanesBox *boxes = chain->world->edge_boxes + chain->chain->box_first;
    for (int box = 0; 8 * box < chain->chain->edge_count; box++)
        if (all_at_most4(*(const F4u *)&boxes[box] * signs, limit))
            find_edges_of_box(search, chain, j, box, &window);
}

static void find_edges(Search *search, int w)
{
    const LanesWorld *world = search->block->worlds[w];
    for (int c = 0; c < world->chain_count; c++) {
        const LanesFixed *fixed = &search->block->fixed[search->block->body_first[w] + world->chains[c].body];
        Chain chain = {world, &world->chains[c], fixed, frame_of(fixed), w, c};
        uint64_t shapes = world->enabled[world->chains[c].body] ? world->chain_partners[c] : 0;
        for (; shapes != 0; shapes &= shapes - 1)
            find_edges_near(search, &chain, __builtin_ctzll(shapes));
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
        LanesList *list = &collide->lists[k];
        int32_t last = list->count - 1;
        for (int32_t i = list->count; last >= 0 && i < list->count + 16; i++) {
            list->first[i] = list->first[last];
            list->second[i] = list->second[last];
            list->manifold[i] = list->manifold[last];
            list->flip[i] = list->flip[last];
        }
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
