// SPDX-License-Identifier: MIT
#pragma once
// Between the two halves of saving: save_fill.c says what a level has for each row of one object, save.c
// walks the rows and writes them. Private to worlds/format.
#include "engine/base/json.h"
#include "worlds/format/data.h"

#define PARA_SAVED_ROWS_MAX 40 ///< rows of one kind in the table

typedef struct ParaSaver {
    ParaJson json;
    const ParaLevel *level;
    bool company;                           ///< it is written with `players`
    int goal, fail;                         ///< [1] >= 0 roots that the level says for several; -1: none
    uint8_t *body_roles;                    ///< [A, body_count] those that follow from goal and fail
    uint8_t *zone_roles;                    ///< [A, zone_count]
    int reward_of[PARA_REWARDS_MAX];        ///< [reward_count] the terms, each player's in a row
    int reward_first[PARA_PLAYERS_MAX + 1]; ///< [A + 1] >= 0 where those of a player begin
    int shape;                              ///< [1] >= 0 the first that is not written yet
} ParaSaver;

/// What the level has for a row that lands in no bound struct.
typedef struct ParaSaid {
    bool given;
    const char *text;   ///< TEXT, NAME, HEX, ROLE
    const char **names; ///< REF [1], REFS and REFS_NUMBER [count], PLACE by name [1]
    double numbers[2];  ///< [1] any finite: NUMBER, PAIR
    int first, count;   ///< [1] >= 0 POINTS and CHAIN: points; OBJECT, LIST, PARAMS: the objects' indices;
                        ///< PLACE: numbers
} ParaSaid;

/// An object on its way into the file.
typedef struct ParaSavedObject {
    ParaObjectKind kind;
    int index;             ///< [1] >= 0 which of its kind: body, shape, node, ...
    const ParaField *head; ///< what it is; NULL where its kind has no heads
    ParaBound bound;       ///< the rows that land in it; at its defaults before the object is filled
    ParaSaid said[PARA_SAVED_ROWS_MAX]; ///< the others, by row of the kind
} ParaSavedObject;

/// Says what the level has for the object of this kind and index.
void para_save_fill(ParaSaver *saver, ParaSavedObject *object);
