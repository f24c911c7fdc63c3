// SPDX-License-Identifier: MIT
#pragma once
// How often attempts here come out as a file says. Private to apps/puzzle.
#include "apps/puzzle/attempts.h"

/// Of attempts of one label.
typedef struct ParaAgreed {
    int made, kept;        ///< came out as the label says
    int invalid, diverged; ///< of those made
    int timed;             ///< solving ones that are kept and whose step is recorded
    int late[2]; ///< [step] of those: the median of |step here - step there|, and 9 of 10 are no more
} ParaAgreed;

typedef struct ParaAgreement {
    const ParaAttempts *attempts;
    const ParaAttemptDef *def;
    double seconds; ///< [s] it took
    ParaAgreed all[PARA_LABEL_COUNT];
    ParaAgreed (*families)[PARA_LABEL_COUNT]; ///< [family_count]
} ParaAgreement;

/// Counts what was made.
void para_agreement_count(ParaAgreement *agreement, ParaArena *arena);
/// Prints it for people.
void para_agreement_print(const ParaAgreement *agreement);
/// One JSON object on a line. @param each with a list of all attempts   @return false: no memory
bool para_agreement_print_json(const ParaAgreement *agreement, bool each);
