// SPDX-License-Identifier: MIT
// Plans rows of constraints over all worlds of a block, and runs the passes over them.
//
// A constraint goes to the first row with a free lane after all rows with earlier constraints of its two
// bodies. Constraints are dealt out those first that have most behind them in their world, over all worlds in
// turn: so long worlds do not trail behind in nearly empty rows, and neighbouring rows are of different
// worlds and do not wait for one another's results.
#include "engine/world/lanes/rows.h"

/// What is dealt out: item i has flat bodies at pairs[i * stride], [.. + 1]; world w's are [first, + count).
typedef struct Deal {
    const int32_t *pairs;
    int stride;
    int first[LANES_BLOCK], count[LANES_BLOCK];
    int most;       ///< of any world
    int32_t *lanes; ///< out [rows][LANES_WIDTH] item, -1: idle
    int row_count;  ///< out
} Deal;

/// Scratch of one deal.
typedef struct Hands {
    int32_t *after; ///< [bodies + 1] first row that a body is free in; 0 for bodies no impulse moves
    int32_t *next;  ///< [rows] the row itself if it has room, else one on the way to the next with room
    int32_t *taken; ///< [rows] lanes in use
    int row_count;
} Hands;

/// First row from `row` on with room; such a row may be a new one.
static int find_room(Hands *hands, int row)
{
    while (row < hands->row_count && hands->next[row] != row) {
        int next = hands->next[row];
        if (next < hands->row_count)
            hands->next[row] = hands->next[next]; // halves the way for the next search
        row = next;
    }
    return row;
}

static void place(Deal *deal, Hands *hands, const LanesBlock *block, int item)
{
    const int32_t *pair = deal->pairs + (ptrdiff_t)item * deal->stride;
    int a = pair[0], b = pair[1];
    int row = hands->after[a] > hands->after[b] ? hands->after[a] : hands->after[b];
    row = find_room(hands, row);
    if (row == hands->row_count) {
        for (int l = 0; l < LANES_WIDTH; l++)
            deal->lanes[row * LANES_WIDTH + l] = -1;
        hands->next[row] = row;
        hands->taken[row] = 0;
        hands->row_count++;
    }
    deal->lanes[row * LANES_WIDTH + hands->taken[row]++] = item;
    if (hands->taken[row] == LANES_WIDTH)
        hands->next[row] = row + 1;
    if (block->fixed[a].inverse_mass > 0.0f)
        hands->after[a] = row + 1;
    if (block->fixed[b].inverse_mass > 0.0f)
        hands->after[b] = row + 1;
}

/// Memory of `room`, handed out from its begin; the planner's own comes from behind and is free afterwards.
typedef struct Room {
    char *at;
} Room;

static void *take(Room *room, size_t size)
{
    void *memory = room->at;
    room->at += (size + 63) & ~(size_t)63;
    return memory;
}

static void deal_out(Deal *deal, const LanesBlock *block, Room room, int item_count)
{
    int body_count = block->body_first[block->world_count];
    size_t rows = LANES_ROWS_OF(item_count, deal->most);
    Hands hands = {.after = take(&room, (size_t)(body_count + 1) * sizeof(int32_t)),
                   .next = take(&room, rows * sizeof(int32_t)),
                   .taken = take(&room, rows * sizeof(int32_t))};
    deal->lanes = take(&room, rows * LANES_WIDTH * sizeof(int32_t));
    memset(hands.after, 0, (size_t)(body_count + 1) * sizeof(int32_t));
    for (int left = deal->most; left > 0; left--)
        for (int w = 0; w < block->world_count; w++)
            if (deal->count[w] >= left)
                place(deal, &hands, block, deal->first[w] + deal->count[w] - left);
    deal->row_count = hands.row_count;
}

/// Who takes part, for the rows of a deal. `rows`: the first one's bodies; `size` [byte] from row to row.
static void seat(const Deal *deal, const LanesBlock *block, void *rows, size_t size)
{
    int spare = block->body_first[block->world_count];
    for (int r = 0; r < deal->row_count; r++) {
        RowBodies *bodies = (RowBodies *)((char *)rows + (size_t)r * size);
        for (int l = 0; l < LANES_WIDTH; l++) {
            int item = deal->lanes[r * LANES_WIDTH + l];
            const int32_t *pair = deal->pairs + (ptrdiff_t)item * deal->stride;
            int a = item < 0 ? spare : pair[0], b = item < 0 ? spare : pair[1];
            bodies->item[l] = item;
            bodies->a[l] = a;
            bodies->b[l] = b;
            bodies->out_a[l] = block->fixed[a].inverse_mass > 0.0f ? a : spare;
            bodies->out_b[l] = block->fixed[b].inverse_mass > 0.0f ? b : spare;
        }
    }
}

static void *plan_class(Deal *deal, const LanesBlock *block, Room *room, size_t row_size)
{
    int items = 0;
    deal->most = 0;
    for (int w = 0; w < block->world_count; w++) {
        items += deal->count[w];
        deal->most = deal->count[w] > deal->most ? deal->count[w] : deal->most;
    }
    // The plan stands behind the rows it is for, as many as there can be.
    Room behind = {room->at + LANES_ROWS_OF(items, deal->most) * row_size};
    deal_out(deal, block, behind, items);
    void *rows = take(room, (size_t)deal->row_count * row_size);
    seat(deal, block, rows, row_size);
    return rows;
}

// ---------------------------------------------------------------------------------------------

static void record_joint(const LanesBlock *block, LanesRows *rows, int w, int i)
{
    LanesWorld *world = block->worlds[w];
    JointRecord *record = &rows->joints[rows->joint_count];
    const LanesJoint *joint = &world->joints[i];
    *record = (JointRecord){.joint = *joint,
                            .state = world->joint_states[i],
                            .motor_rate = world->motor_rate[joint->def],
                            .motor_most = world->motor_max[joint->def],
                            .angle = world->joint_angle[joint->def]};
    record->joint.a += block->body_first[w];
    record->joint.b += block->body_first[w];
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
    void *planned = plan_class(&deal, block, room, row_size);
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

LanesRows *K(plan_rows)(LanesBlock *block)
{
    Room room = {block->room};
    LanesRows *rows = take(&room, sizeof *rows);
    *rows = (LanesRows){0};
    plan_all_joints(block, rows, &room);
    Deal contacts = {.pairs = (const int32_t *)block->manifolds,
                     .stride = (int)(sizeof(LanesManifold) / sizeof(int32_t))};
    for (int w = 0; w < block->world_count; w++) {
        contacts.first[w] = block->manifold_first[w];
        contacts.count[w] = block->manifold_count[w];
    }
    rows->contacts = plan_class(&contacts, block, &room, sizeof(ContactRow));
    rows->contact_count = contacts.row_count;
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
