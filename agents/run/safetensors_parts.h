// SPDX-License-Identifier: MIT
#pragma once
// Private to agents/run: shared by the writer and the reader of checkpoints. Other rooms use
// agents/run/safetensors.h.
#include "agents/run/safetensors.h"

#define PARA_SAFETENSORS_HEADER_MAX  (1 << 20)         ///< [byte] longer headers are refused
#define PARA_SAFETENSORS_FILE_MAX    ((size_t)1 << 30) ///< [byte]
#define PARA_SAFETENSORS_TENSORS_MAX 4096
#define PARA_SAFETENSORS_CARD        "paracosm"      ///< metadata key of the card
#define PARA_SAFETENSORS_HASH        "paracosm_hash" ///< metadata key of the content hash

/// 16 hex digits over tensors (in the order of their data) and card.
void para_safetensors_content_hash(const ParaTensor *tensors, int count, const char *card, char out[17]);
bool para_tensor_is_finite(const ParaTensor *tensor);
