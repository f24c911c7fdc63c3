// SPDX-License-Identifier: MIT
// Plans rows of constraints over all worlds of a block, and runs the passes over them.
//
// A constraint goes to the first row with a free lane after all rows with earlier constraints of its two
// bodies. Constraints are dealt out those first that have most behind them in their world, over all worlds in
// turn: so long worlds do not trail behind in nearly empty rows, and neighbouring rows are of different
// worlds and do not wait for one another's results.
#include "engine/base/assert.h"
#include "engine/world/lanes/knots.h"
#include "engine/world/lanes/solve/rows.h"

/// What is dealt out: item i has flat bodies at pairs[i * stride], [.. + 1]; world w's are list[first], ..
typedef struct Deal {
    const int32_t *list; ///< items; NULL: 0, 1, 2 ..
    const int32_t *pairs;
    int stride;
    int first[PARA_LANES_BLOCK], count[PARA_LANES_BLOCK];
} Deal;

/// A body while rows are dealt out.
typedef struct Seat {
    int32_t out;   ///< [float] its record; the spare one's if no impulse moves it
    int32_t after; ///< first row it is free in, counted from Seats.base; 0 if no impulse moves it
    int32_t moves; ///< mask
    int32_t place; ///< [float] its record
} Seat;

/// All bodies of the block, for one class of rows after the other.
typedef struct Seats {
    Seat *seat; ///< [bodies + 1]
    int base;   ///< what `after` of the class's first row is: beyond all of the classes before it
} Seats;

/// A row while it fills.
typedef struct Filling {
    int32_t next;  ///< the row itself if it has room, else one on the way to the next with room
    int32_t taken; ///< lanes in use
} Filling;

/// How far it got.
typedef struct Table {
    char *rows;          ///< each begins with its ParaRowBodies
    size_t size;         ///< [byte] from row to row
    int row_count, open; ///< all rows before `open` are full
    int spare;           ///< [float] record of idle lanes
    Seats seats;
    Filling *filling; ///< [rows]
} Table;

/// First row from `row` on with room; it may be one that does not exist yet.
PARA_LANES_INLINE int find_room(Table *table, int row)
{
    Filling *filling = table->filling;
    while (row < table->row_count && filling[row].next != row) {
        int next = filling[row].next;
        if (next < table->row_count)
            filling[row].next = filling[next].next; // halves the way for the next search
        row = next;
    }
    return row;
}

PARA_LANES_INLINE void begin_row(Table *table, int row, ParaRowBodies *bodies)
{
    ParaVi spare = para_v_all_int(table->spare), none = para_v_all_int(-1);
    memcpy(bodies->a, &spare, sizeof spare);
    memcpy(bodies->b, &spare, sizeof spare);
    memcpy(bodies->out_a, &spare, sizeof spare);
    memcpy(bodies->out_b, &spare, sizeof spare);
    memcpy(bodies->item, &none, sizeof none);
    table->filling[row] = (Filling){row, 0};
    table->row_count++;
}

PARA_LANES_INLINE void place(Table *table, const int32_t *pair, int item)
{
    Seat *seat_a = &table->seats.seat[pair[0]], *seat_b = &table->seats.seat[pair[1]];
    int row = (seat_a->after > seat_b->after ? seat_a->after : seat_b->after) - table->seats.base;
    row = find_room(table, row > table->open ? row : table->open);
    ParaRowBodies *bodies = (ParaRowBodies *)(void *)(table->rows + (size_t)row * table->size);
    if (row == table->row_count)
        begin_row(table, row, bodies);
    int l = table->filling[row].taken++;
    PARA_ASSERT_HOT(l < PARA_LANES_WIDTH);
    bodies->a[l] = seat_a->place;
    bodies->b[l] = seat_b->place;
    bodies->out_a[l] = seat_a->out;
    bodies->out_b[l] = seat_b->out;
    bodies->item[l] = item;
    if (l == PARA_LANES_WIDTH - 1) {
        table->filling[row].next = row + 1;
        table->open = find_room(table, table->open);
    }
    int after = table->seats.base + row + 1;
    seat_a->after = after & seat_a->moves;
    seat_b->after = after & seat_b->moves;
}

/// Those first that have most behind them in their world.
PARA_LANES_INLINE void place_all(Table *in_out, const Deal *deal, int worlds, int most)
{
    Table table = *in_out;
    for (int left = most; left > 0; left--)
        for (int w = 0; w < worlds; w++) {
            if (deal->count[w] < left)
                continue;
            int item = deal->first[w] + deal->count[w] - left;
            if (deal->list)
                item = deal->list[item];
            place(&table, deal->pairs + (ptrdiff_t)item * deal->stride, item);
        }
    *in_out = table;
}

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

/// A row gives a moving body to one lane only, places are records, and idle lanes have nobody.
static void check_row(const Table *table, const ParaRowBodies *bodies)
{
    for (int l = 0; l < PARA_LANES_WIDTH; l++) {
        int a = bodies->a[l], b = bodies->b[l], out_a = bodies->out_a[l], out_b = bodies->out_b[l];
        PARA_ASSERT(a >= 0 && a <= table->spare && b >= 0 && b <= table->spare);
        PARA_ASSERT(a % PARA_RECORD_FLOATS == 0 && b % PARA_RECORD_FLOATS == 0);
        PARA_ASSERT((out_a == a || out_a == table->spare) && (out_b == b || out_b == table->spare));
        PARA_ASSERT(bodies->item[l] >= 0 ? a != b : a == table->spare && b == table->spare);
        for (int k = 0; k < l; k++) {
            PARA_ASSERT(out_a == table->spare || (out_a != bodies->out_a[k] && out_a != bodies->out_b[k]));
            PARA_ASSERT(out_b == table->spare || (out_b != bodies->out_a[k] && out_b != bodies->out_b[k]));
        }
    }
}

/// Every item of the deal is in one lane of one row, and of two items of one world that move the same body
/// the first in the world's order is in the earlier row.
static void check_dealt(const Table *table, const Deal *deal, const ParaLanesBlock *block)
{
    static _Thread_local int32_t row_of[PARA_LANES_BLOCK_MANIFOLDS];
    static _Thread_local int32_t last[PARA_LANES_BLOCK_BODIES + 1];
    memset(row_of, -1, sizeof row_of);
    memset(last, -1, sizeof last);
    for (int row = 0; row < table->row_count; row++) {
        const ParaRowBodies *bodies =
            (const ParaRowBodies *)(const void *)(table->rows + (size_t)row * table->size);
        check_row(table, bodies);
        for (int l = 0; l < PARA_LANES_WIDTH; l++)
            if (bodies->item[l] >= 0) {
                PARA_ASSERT(row_of[bodies->item[l]] == -1);
                row_of[bodies->item[l]] = row;
            }
    }
    for (int w = 0; w < block->world_count; w++)
        for (int i = deal->first[w]; i < deal->first[w] + deal->count[w]; i++) {
            int item = deal->list ? deal->list[i] : i, row = row_of[item];
            const int32_t *pair = deal->pairs + (ptrdiff_t)item * deal->stride;
            PARA_ASSERT(row >= 0);
            for (int side = 0; side < 2; side++)
                if (table->seats.seat[pair[side]].moves) {
                    PARA_ASSERT(row > last[pair[side]]);
                    last[pair[side]] = row;
                }
        }
}

/// Deals all items of the block out to rows of `size` bytes, which it takes from `room`.
static void *deal_out(const Deal *deal, const ParaLanesBlock *block, Seats *seats, Room *room, size_t size,
                      int *out_rows)
{
    int items = 0, longest = 0;
    for (int w = 0; w < block->world_count; w++) {
        items += deal->count[w];
        longest = deal->count[w] > longest ? deal->count[w] : longest;
    }
    *out_rows = 0;
    if (items == 0)
        return room->at;
    // The scratch stands behind the rows, as many as there can be, and is free afterwards.
    int bodies = block->body_first[block->world_count];
    size_t most = PARA_LANES_ROWS_OF(items, longest);
    Room behind = {room->at + most * size};
    Table table = {.rows = room->at, .size = size, .spare = bodies * PARA_RECORD_FLOATS, .seats = *seats};
    table.filling = take(&behind, most * sizeof(Filling));
    place_all(&table, deal, block->world_count, longest);
    PARA_ASSERT_HOT((size_t)table.row_count <= most);
    PARA_ASSERT_HOT((size_t)(behind.at - (char *)block->room) <= PARA_LANES_ROOM_SIZE);
    PARA_CHECK_HOT(check_dealt(&table, deal, block));
    *out_rows = table.row_count;
    seats->base += table.row_count + 1;
    return take(room, (size_t)table.row_count * size);
}

/// Where each body begins.
static Seats list_seats(const ParaLanesBlock *block, Room *room)
{
    int count = block->body_first[block->world_count];
    Seat *seats = take(room, (size_t)(count + 1) * sizeof *seats);
    for (int i = 0; i <= count; i++) {
        bool moves = block->fixed[i].inverse_mass > 0.0f;
        seats[i] =
            (Seat){(moves ? i : count) * PARA_RECORD_FLOATS, 0, -(int32_t)moves, i * PARA_RECORD_FLOATS};
    }
    return (Seats){seats, 0};
}

// ---------------------------------------------------------------------------------------------

static void record_joint(const ParaLanesBlock *block, ParaLanesRows *rows, int w, int i)
{
    ParaLanesWorld *world = block->worlds[w];
    ParaJointRecord *record = &rows->joints[rows->joint_count];
    PARA_ASSERT_HOT(rows->joint_count < PARA_LANES_BLOCK_JOINTS);
    int def = world->joints[i].def;
    memcpy(&record->joint, &world->joints[i], sizeof record->joint);
    memcpy(&record->state, &world->joint_states[i], sizeof record->state);
    if (world->joint_marks[i] & PARA_LANES_JOINT_DRAWN)
        if (!para_lanes_draw_joint(world, i, &record->joint))
            world->joint_marks[i] &= (uint8_t)~PARA_LANES_JOINT_DRAWN;
    record->joint.a += block->body_first[w];
    record->joint.b += block->body_first[w];
    record->motor_rate = world->motor_rate[def];
    record->motor_most = world->motor_max[def];
    record->angle = world->joint_angle[def];
    memset(record->spare, 0, sizeof record->spare);
    rows->states[rows->joint_count++] = &world->joint_states[i];
}

/// Records the joints [first[w], + count[w]) of each world that are on, and plans their rows.
static void *plan_joints(const ParaLanesBlock *block, ParaLanesRows *rows, Seats *seats, Room *room,
                         const int *first, const int *count, size_t row_size, int *out_rows)
{
    Deal deal = {.pairs = (const int32_t *)rows->joints, .stride = PARA_JOINT_FLOATS};
    for (int w = 0; w < block->world_count; w++) {
        deal.first[w] = rows->joint_count;
        for (int i = first[w]; i < first[w] + count[w]; i++)
            if (block->worlds[w]->joint_marks[i] & PARA_LANES_JOINT_ON)
                record_joint(block, rows, w, i);
        deal.count[w] = rows->joint_count - deal.first[w];
    }
    return deal_out(&deal, block, seats, room, row_size, out_rows);
}

static void plan_all_joints(const ParaLanesBlock *block, ParaLanesRows *rows, Seats *seats, Room *room)
{
    int total = 0, first[PARA_LANES_BLOCK], pins[PARA_LANES_BLOCK], rails[PARA_LANES_BLOCK],
        lines[PARA_LANES_BLOCK];
    for (int w = 0; w < block->world_count; w++) {
        const ParaLanesWorld *world = block->worlds[w];
        first[w] = pins[w] = rails[w] = lines[w] = 0;
        if (world->knot_nodes > 0) {
            rows->knots = true;
            continue;
        }
        total += world->joint_count;
        pins[w] = world->pin_count;
        rails[w] = world->rail_count;
        lines[w] = world->line_count;
    }
    rows->joints = take(room, (size_t)(total + 1) * sizeof(ParaJointRecord));
    rows->states = take(room, (size_t)(total + 1) * sizeof(ParaLanesJointState *));
    rows->pins = plan_joints(block, rows, seats, room, first, pins, sizeof(ParaPinRow), &rows->pin_count);
    for (int w = 0; w < block->world_count; w++)
        first[w] += pins[w];
    rows->rails = plan_joints(block, rows, seats, room, first, rails, sizeof(ParaRailRow), &rows->rail_count);
    for (int w = 0; w < block->world_count; w++)
        first[w] += rails[w];
    rows->lines = plan_joints(block, rows, seats, room, first, lines, sizeof(ParaLineRow), &rows->line_count);
    rows->joints[rows->joint_count] = (ParaJointRecord){.joint.start_cos = 1.0f}; // of idle lanes
}

/// Lists each world's contacts of two classes: [1] those with a static first body, whose rows need not look
/// at it, [0] the others.
static void list_contacts(const ParaLanesBlock *block, Deal deals[2], int32_t *const lists[2])
{
    int count[2] = {0, 0};
    for (int w = 0; w < block->world_count; w++) {
        int first = block->manifold_first[w], last = first + block->manifold_count[w];
        const ParaLanesBody *bodies = block->worlds[w]->bodies;
        deals[0].first[w] = count[0];
        deals[1].first[w] = count[1];
        for (int i = first; i < last; i++) {
            int a = block->manifolds[i].a - block->body_first[w];
            int still = bodies[a].inradius == 0.0f; // of static ones alone it is 0
            lists[0][count[0]] = lists[1][count[1]] = i;
            count[0] += !still;
            count[1] += still;
        }
        deals[0].count[w] = count[0] - deals[0].first[w];
        deals[1].count[w] = count[1] - deals[1].first[w];
    }
    PARA_ASSERT_HOT(count[0] + count[1] <= block->world_count * PARA_LANES_MANIFOLDS_MAX);
}

/// Pairs that both may move first, then those with the ground, which have the last word in every pass.
static void plan_contacts(const ParaLanesBlock *block, ParaLanesRows *rows, Seats *seats, Room *room)
{
    int total = 0;
    for (int w = 0; w < block->world_count; w++)
        total += block->manifold_count[w];
    int32_t *const lists[2] = {take(room, (size_t)(total + 1) * sizeof(int32_t)),
                               take(room, (size_t)(total + 1) * sizeof(int32_t))};
    Deal deals[2];
    for (int still = 0; still < 2; still++) {
        deals[still].list = lists[still];
        deals[still].pairs = (const int32_t *)block->manifolds;
        deals[still].stride = (int)(sizeof(ParaLanesManifold) / sizeof(int32_t));
    }
    list_contacts(block, deals, lists);
    for (int still = 0; still < 2; still++)
        rows->contacts[still].rows =
            deal_out(&deals[still], block, seats, room, sizeof(ParaContactRow), &rows->contacts[still].count);
}

static void plan_deep(const ParaLanesBlock *block, ParaLanesRows *rows, Room *room)
{
    int total = 0;
    for (int w = 0; w < block->world_count; w++)
        total += block->manifold_count[w];
    rows->deep = take(room, (size_t)total * sizeof *rows->deep);
    rows->allowed = take(room, (size_t)block->body_first[block->world_count] * sizeof *rows->allowed);
    rows->deep_count = para_lanes_list_deep(block, rows->deep);
}

ParaLanesRows *PARA_K(plan_rows)(ParaLanesBlock *block)
{
    Room room = {block->room};
    PARA_ASSERT_HOT((uintptr_t)room.at % 64 == 0); // vectors lie in it
    ParaLanesRows *rows = take(&room, sizeof *rows);
    *rows = (ParaLanesRows){0};
    Seats seats = list_seats(block, &room);
    plan_all_joints(block, rows, &seats, &room);
    plan_contacts(block, rows, &seats, &room);
    if (rows->knots)
        para_lanes_begin_knots(block);
    PARA_K(prepare_pins)(block, rows);
    PARA_K(prepare_rails)(block, rows);
    PARA_K(prepare_lines)(block, rows);
    PARA_K(prepare_contacts)(block, rows);
    take(&room, PARA_K(prepare_bounces)(block, rows, room.at));
    if (rows->any_deep)
        plan_deep(block, rows, &room);
    PARA_ASSERT_HOT((size_t)(room.at - (char *)block->room) <= PARA_LANES_ROOM_SIZE);
    return rows;
}

void PARA_K(warm_start)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    PARA_K(warm_pins)(block, rows);
    PARA_K(warm_rails)(block, rows);
    PARA_K(warm_lines)(block, rows);
    PARA_K(warm_contacts)(block, rows);
}

void PARA_K(solve)(ParaLanesBlock *block, ParaLanesRows *rows, bool soft)
{
    if (rows->knots)
        para_lanes_solve_knots(block, soft, true, false);
    PARA_K(solve_pins)(block, rows, soft);
    PARA_K(solve_rails)(block, rows, soft);
    PARA_K(solve_lines)(block, rows, soft);
    for (int left = block->passes; left > 0; left--) {
        PARA_K(solve_contacts)(block, rows, soft, left == 1);
        PARA_K(solve_long_pins)(block, rows, soft);
        if (rows->knots)
            para_lanes_solve_knots(block, soft, false, left == 1);
    }
    if (!soft && rows->deep_count > 0)
        para_lanes_calm(block, rows->deep, rows->deep_count, rows->allowed);
}

void PARA_K(store_impulses)(ParaLanesBlock *block, ParaLanesRows *rows)
{
    if (rows->knots)
        para_lanes_store_knots(block);
    PARA_K(store_contacts)(block, rows);
    PARA_K(store_pins)(rows);
    PARA_K(store_rails)(rows);
    PARA_K(store_lines)(rows);
}
