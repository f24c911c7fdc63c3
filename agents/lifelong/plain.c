// SPDX-License-Identifier: MIT
// Fine-tuning: one player goes on learning, and what it forgets it forgets. What the others are measured by.
#include "agents/lifelong/keep_method.h"

const ParaKeepMethod para_keep_finetune = {.apart = false};
