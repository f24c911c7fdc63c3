// SPDX-License-Identifier: MIT
#pragma once
// Cards of models: the numbers that say how a network is built, and what else is to be told, as JSON in the
// head of its safetensors file.
#include "agents/run/safetensors.h"

#include <cjson/cJSON.h>

/// A whole number of a card. @return 0..1000000, or -1: it is none such, or not there
int para_card_whole(const cJSON *card, const char *name);
/// A number of a card. @return of a size below 1000000, or -1: it is none such, or not there
float para_card_real(const cJSON *card, const char *name);
/// Writes tensors under a card, which is used up.
/// @param card NULL: there was no memory for it   @param about JSON text that becomes its "about"; NULL: {}
/// @return false with an error   Cost and threads: as para_safetensors_write
bool para_safetensors_write_card(const char *path, const ParaTensor *tensors, int count, cJSON *card,
                                 const char *about, ParaArena *arena, const char **out_error);
