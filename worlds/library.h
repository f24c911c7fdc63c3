// SPDX-License-Identifier: MIT
#pragma once
// Where the built-in families are. The folder is the first of: $PARACOSM_LIBRARY; worlds/library beside
// the program or one or two folders above it; share/paracosm/library beside the program's prefix; library
// beside the shared library that this code is in; that of the source tree the program was built from. In it
// stands a folder for each ability (drive, jump, ...) with its families; names are unique over all of them,
// so that a family is called by its name alone.
#include "worlds/template.h"

/// The folder of the library, or NULL if there is none.
const char *para_library_folder(ParaArena *arena);
/// Whether a template is asked for by the path of its file: there is a slash or ".json" in it. Else it is a
/// family's name.
bool para_library_is_path(const char *name);
/// Path of a template by family name ("rover", "drive/rover") or file path ("my/level.json"); NULL if there
/// is no such file.
const char *para_library_find(const char *name, ParaArena *arena);
/// The template that may be meant by the path of a file that is not there: the closest name in its folder.
/// @return its path, in the arena; NULL: none is close
const char *para_library_close_file(const char *path, ParaArena *arena);
/// Families that are asked for apart: copies of known tasks, whose numbers are to be compared with others'.
#define PARA_LIBRARY_CLASSIC "classic"

/// Likewise: grammars, each of which would be one family among many and is as wide as all of them.
#define PARA_LIBRARY_COMPOSED "composed"

/// Likewise: families that ask for memory, in which whoever sees only what is there now is left to chance.
#define PARA_LIBRARY_MEMORY "memory"

/// Likewise: families of several players, which take room for all of them wherever they are among others.
#define PARA_LIBRARY_COMPANY "company"

/// A family of the library.
typedef struct ParaLibraryFamily {
    const char *name;
    const char *ability; ///< the folder it is in; "" if in none
    const char *path;
} ParaLibraryFamily;

/// All families, sorted by name. Cost: reads the folders.
/// @param out_families out, [returned count], in the arena
int para_library_families(ParaArena *arena, ParaLibraryFamily **out_families);
/// Names of all families, sorted. out_names [returned count], in the arena.
int para_library_list(ParaArena *arena, const char ***out_names);
/// What a name means where several families may be: "levels/" or "./levels" all templates in that folder, by
/// name, if there is one; "drive/" all of that ability, sorted; NULL all but classic, composed, memory
/// and company ones; else the name itself.
/// @return [1] >= 0 names; 0: the library has none such
int para_library_expand(const char *name, ParaArena *arena, const char ***out_names);
/// The text of a template as it was read, and what finds its file again.
typedef struct ParaTemplateText {
    const char *source; ///< a family's name in the library, or the path of a file from the root "/"
    const char *file;   ///< what messages call it
    const char *text;   ///< [size] with the parts it includes
    size_t size;        ///< [byte] 0..PARA_TEMPLATE_SIZE_MAX
    bool kept;          ///< a run keeps it: what the file says now does not matter
} ParaTemplateText;

/// Reads a template by family name or file path, without a look at what it says.
/// @return false with a clear text in out_error: that there is no such file, or no such family and which
/// there are, with the closest name; or why it cannot be read
bool para_library_read(const char *name, ParaArena *arena, ParaTemplateText *out, const char **out_error);
/// Loads a template from its text.
/// @return NULL with the diagnostics in compiler's form in out_error
const ParaTemplate *para_library_load_text(const ParaTemplateText *text, ParaArena *arena,
                                           const char **out_error);
/// Both: loads a template by family name or file path.
/// @return NULL with a clear text in out_error: that of para_library_read, or the diagnostics in compiler's
/// form
const ParaTemplate *para_library_load(const char *name, ParaArena *arena, const char **out_error);
