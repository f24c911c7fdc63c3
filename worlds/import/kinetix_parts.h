// SPDX-License-Identifier: MIT
#pragma once
// Between the JSON of a Kinetix level and its plain data, and from there to a template's text. Private to
// worlds/import.
#include "worlds/generate/kinetix.h"
#include "worlds/import/kinetix.h"

/// Reads a level. @return false if it is refused
bool para_kx_read(const char *text, size_t size, ParaKxScene *out, ParaArena *arena, ParaDiagList *list);
/// Writes the template. @return NULL if it is refused
char *para_kx_write(ParaKxScene *scene, const ParaKinetixChoices *choices, ParaArena *arena,
                    ParaDiagList *list);

/// The other way: a level as such data. @return false if it is refused
bool para_kx_tell(const ParaLevel *level, ParaKxScene *out, ParaArena *arena, ParaDiagList *list);
/// Such data as Kinetix's JSON, in the smallest of its size classes that holds it.
char *para_kx_print(const ParaKxScene *scene, ParaArena *arena, ParaDiagList *list);
