// SPDX-License-Identifier: MIT
// Plans rows of constraints over all worlds of a block, and runs the passes over them.
//
// A constraint goes to the first row with a free lane after all rows with earlier constraints of its two
// bodies. Constraints are dealt out those first that have most behind them in their world, over all worlds in
// turn: so long worlds do not trail behind in nearly empty rows, and neighbouring rows are of different
// worlds and do not wait for one another's results.
#include "engine/world/lanes/rows.h"

/// What is dealt out: item i has flat bodies at pairs[i * stride], [.. + 1]; world w's are list[first], ..
typedef struct Deal {
    const LanesFixed *fixed;
    const int32_t *list; ///< items; NULL: 0, 1, 2 ..
    const int32_t *pairs;
    int stride;
    int first[LANES_BLOCK], count[LANES_BLOCK];
    int most;    ///< of any world
    int spare;   ///< body of idle lanes
    char *rows;  ///< out; each begins with its RowBodies
    size_t size; ///< [byte] from row to row
    int row_count;
    // scratch
    int open;       ///< all rows before this one are full
    int32_t *after; ///< [bodies + 1] first row that a body is free in; 0 for bodies no impulse moves
    int32_t *next;  ///< [rows] the row itself if it has room, else one on the way to the next with room
    int32_t *taken; ///< [rows] lanes in use
} Deal;

/// First row from `row` on with room; it may be one that does not exist yet.
static int find_room(Deal *deal, int row)
{
    while (row < deal->row_count && deal->next[row] != row) {
        int next = deal->next[row];
        if (next < deal->row_count)
            deal->next[row] = deal->next[next]; // halves the way for the next search
        row = next;
    }
    return row;
}

static RowBodies *row_at(const Deal *deal, int row)
{
    return (RowBodies *)(deal->rows + (size_t)row * deal->size);
}

static void begin_row(Deal *deal, int row)
{
    RowBodies *bodies = row_at(deal, row);
    for (int l = 0; l < LANES_WIDTH; l++) {
        bodies->a[l] = bodies->b[l] = bodies->out_a[l] = bodies->out_b[l] = deal->spare;
        bodies->item[l] = -1;
    }
    deal->next[row] = row;
    deal->taken[row] = 0;
    deal->row_count++;
}

static void place(Deal *deal, int item)
{
    const int32_t *pair = deal->pairs + (ptrdiff_t)item * deal->stride;
    int a = pair[0], b = pair[1];
    bool moves_a = deal->fixed[a].inverse_mass > 0.0f, moves_b = deal->fixed[b].inverse_mass > 0.0f;
    int row = deal->after[a] > deal->after[b] ? deal->after[a] : deal->after[b];
    row = find_room(deal, row > deal->open ? row : deal->open);
    if (row == deal->row_count)
        begin_row(deal, row);
    RowBodies *bodies = row_at(deal, row);
    int l = deal->taken[row]++;
    bodies->a[l] = a;
    bodies->b[l] = b;
    bodies->out_a[l] = moves_a ? a : deal->spare;
    bodies->out_b[l] = moves_b ? b : deal->spare;
    bodies->item[l] = item;
    if (l == LANES_WIDTH - 1) {
        deal->next[row] = row + 1;
        deal->open = find_room(deal, deal->open);
    }
    deal->after[a] = moves_a ? row + 1 : 0;
    deal->after[b] = moves_b ? row + 1 : 0;
}

static void place_at(Deal *deal, int at) { place(deal, deal->list ? deal->list[at] : at); }

/// Memory of `room`, handed out from its begin.
typedef struct Room {
    char *at;
} Room;

static void *take(Room *room, size_t size)
{
    void *memory = room->at;
    room->at += (size + 63) & ~(size_t)63;
    return memory;
}

/// Deals all items of the block out to rows of `size` bytes, which it takes from `room`.
static void *deal_out(Deal *deal, const LanesBlock *block, Room *room, size_t size)
{
    int items = 0;
    deal->most = 0;
    for (int w = 0; w < block->world_count; w++) {
        items += deal->count[w];
        deal->most = deal->count[w] > deal->most ? deal->count[w] : deal->most;
    }
    deal->fixed = block->fixed;
    deal->spare = block->body_first[block->world_count];
    deal->rows = room->at;
    deal->size = size;
    deal->row_count = deal->open = 0;
    if (items == 0)
        return deal->rows;
    // The scratch stands behind the rows, as many as there can be, and is free afterwards.
    size_t most = LANES_ROWS_OF(items, deal->most), body_bytes = (size_t)(deal->spare + 1) * sizeof(int32_t);
    Room behind = {room->at + most * size};
    deal->after = take(&behind, body_bytes);
    deal->next = take(&behind, most * sizeof(int32_t));
    deal->taken = take(&behind, most * sizeof(int32_t));
    memset(deal->after, 0, body_bytes);
    for (int left = deal->most; left > 0; left--)
        for (int w = 0; w < block->world_count; w++)
            if (deal->count[w] >= left)
                place_at(deal, deal->first[w] + deal->count[w] - left);
    return take(room, (size_t)deal->row_count * size);
}

// ---------------------------------------------------------------------------------------------

static void record_joint(const LanesBlock *block, LanesRows *rows, int w, int i)
{
    LanesWorld *world = block->worlds[w];
    JointRecord *record = &rows->joints[rows->joint_count];
    int def = world->joints[i].def;
    memcpy(&record->joint, &world->joints[i], sizeof record->joint);
    memcpy(&record->state, &world->joint_states[i], sizeof record->state);
    record->joint.a += block->body_first[w];
    record->joint.b += block->body_first[w];
    record->motor_rate = world->motor_rate[def];
    record->motor_most = world->motor_max[def];
    record->angle = world->joint_angle[def];
    memset(record->spare, 0, sizeof record->spare);
    rows->states[rows->joint_count++] = &world->joint_states[i];
}

/// Records the joints [first[w], + count[w]) of each world that are on, and plans their rows.
static void *plan_joints(const LanesBlock *block, LanesRows *rows, Room *room, const int *first,
                         const int *count, size_t row_size, int *out_rows)
{
    Deal deal = {.pairs = (const int32_t *)rows->joints, .stride = JOINT_FLOATS};
    for (int w = 0; w < block->world_count; w++) {
        deal.first[w] = rows->joint_count;
        for (int i = first[w]; i < first[w] + count[w]; i++)
            if (block->worlds[w]->joint_on[i])
                record_joint(block, rows, w, i);
        deal.count[w] = rows->joint_count - deal.first[w];
    }
    void *planned = deal_out(&deal, block, room, row_size);
    *out_rows = deal.row_count;
    return planned;
}

static void plan_all_joints(const LanesBlock *block, LanesRows *rows, Room *room)
{
    int total = 0, first[LANES_BLOCK], pins[LANES_BLOCK], rails[LANES_BLOCK], lines[LANES_BLOCK];
    for (int w = 0; w < block->world_count; w++) {
        const LanesWorld *world = block->worlds[w];
        total += world->joint_count;
        first[w] = 0;
        pins[w] = world->pin_count;
        rails[w] = world->rail_count;
        lines[w] = world->line_count;
    }
    rows->joints = take(room, (size_t)(total + 1) * sizeof(JointRecord));
    rows->states = take(room, (size_t)(total + 1) * sizeof(LanesJointState *));
    rows->pins = plan_joints(block, rows, room, first, pins, sizeof(PinRow), &rows->pin_count);
    for (int w = 0; w < block->world_count; w++)
        first[w] += pins[w];
    rows->rails = plan_joints(block, rows, room, first, rails, sizeof(RailRow), &rows->rail_count);
    for (int w = 0; w < block->world_count; w++)
        first[w] += rails[w];
    rows->lines = plan_joints(block, rows, room, first, lines, sizeof(LineRow), &rows->line_count);
    rows->joints[rows->joint_count] = (JointRecord){.joint.start_cos = 1.0f}; // of idle lanes
}

/// Whether a manifold's first body is static: its rows need not look at it.
static bool is_still(const LanesWorld *world, int body)
{
    return world->def.bodies[body].kind == PARA_BODY_STATIC;
}

/// Lists each world's contacts of one class: those with a static first body, or the others.
static void list_contacts(const LanesBlock *block, Deal *deal, int32_t *out_list, bool still)
{
    int count = 0;
    for (int w = 0; w < block->world_count; w++) {
        int first = block->manifold_first[w];
        deal->first[w] = count;
        for (int i = first; i < first + block->manifold_count[w]; i++)
            if (is_still(block->worlds[w], block->manifolds[i].a - block->body_first[w]) == still)
                out_list[count++] = i;
        deal->count[w] = count - deal->first[w];
    }
    deal->list = out_list;
}

/// Pairs that both may move first, then those with the ground, which have the last word in every pass.
static void plan_contacts(const LanesBlock *block, LanesRows *rows, Room *room)
{
    int total = 0;
    for (int w = 0; w < block->world_count; w++)
        total += block->manifold_count[w];
    int32_t *list = take(room, (size_t)(total + 1) * sizeof *list);
    Deal deal = {.pairs = (const int32_t *)block->manifolds,
                 .stride = (int)(sizeof(LanesManifold) / sizeof(int32_t))};
    for (int still = 0; still < 2; still++) {
        list_contacts(block, &deal, list, still != 0);
        rows->contacts[still].rows = deal_out(&deal, block, room, sizeof(ContactRow));
        rows->contacts[still].count = deal.row_count;
    }
}

LanesRows *K(plan_rows)(LanesBlock *block)
{
    Room room = {block->room};
    LanesRows *rows = take(&room, sizeof *rows);
    *rows = (LanesRows){0};
    plan_all_joints(block, rows, &room);
    plan_contacts(block, rows, &room);
    K(prepare_pins)(block, rows);
    K(prepare_rails)(block, rows);
    K(prepare_lines)(block, rows);
    K(prepare_contacts)(block, rows);
    return rows;
}

void K(warm_start)(LanesBlock *block, LanesRows *rows)
{
    K(warm_pins)(block, rows);
    K(warm_rails)(block, rows);
    K(warm_lines)(block, rows);
    K(warm_contacts)(block, rows);
}

void K(solve)(LanesBlock *block, LanesRows *rows, bool soft, int micro)
{
    (void)micro;
    K(solve_pins)(block, rows, soft);
    K(solve_rails)(block, rows, soft);
    K(solve_lines)(block, rows, soft);
    K(solve_contacts)(block, rows, soft);
}

void K(restitute)(LanesBlock *block, LanesRows *rows) { K(restitute_contacts)(block, rows); }

void K(store_impulses)(LanesBlock *block, LanesRows *rows)
{
    K(store_contacts)(block, rows);
    K(store_pins)(rows);
    K(store_rails)(rows);
    K(store_lines)(rows);
}
