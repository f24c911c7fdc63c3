// SPDX-License-Identifier: MIT
#pragma once
// Members of a family looked at when its template is loaded.
#include "worlds/template.h"

/// Samples corners, middle and a few seeds; reports members that make no sense.
/// @return false at the first member that cannot be made   Cost: up to nine levels, in an arena of their own
bool para_template_check_members(const ParaTemplate *t, ParaDiagList *diagnostics);
