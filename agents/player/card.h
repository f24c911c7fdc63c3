// SPDX-License-Identifier: MIT
#pragma once
// The part of a checkpoint's card that says what the player in it is: which observations it sees, span by
// span, and how wide its network is. Written by a training, read by whoever opens a checkpoint: its player, a
// training that goes on, other languages.
#include "agents/policy/policy.h"

struct cJSON;

/// Adds what a player of this def is to a card.
void para_card_add_player(struct cJSON *card, const ParaPolicyDef *def);
/// What the player of a card is.
/// @param card JSON text, NULL: none   @param out out, only on success
/// @return false with a clear error if this build cannot run it: a card that does not read, or that saw
/// another layout (names the first span that differs). A card from before layouts were kept passes if its
/// sizes fit.
bool para_card_read_player(const char *card, ParaArena *arena, ParaPolicyDef *out, const char **out_error);
/// Whether the player of a card sees the layout of `spec`, as far as the card tells: one of another form
/// (entities, vector) or without a layout passes.
/// @return false with an error that names the first span that differs
bool para_card_sees(const char *card, const ParaObsSpec *spec, ParaArena *arena, const char **out_error);
