// SPDX-License-Identifier: MIT
#pragma once
// Templates: a JSON file that describes a family of levels. Load and check once, sample often.
#include "engine/base/rng.h"
#include "worlds/level/level.h"

typedef struct ParaTemplate ParaTemplate;

#define PARA_TEMPLATE_SIZE_MAX (1 << 20) ///< [byte] of a template's text

typedef struct ParaParam {
    char name[PARA_NAME_MAX];
    char unit[24];
    char about[128];
    double low, high; ///< [1] -1e6..1e6 full range, in the unit that `unit` names
    bool integer;
} ParaParam;

/// A part of a family that its template names: the ranges of its parameters in it.
typedef struct ParaTier {
    char name[PARA_NAME_MAX];
    double low[PARA_PARAMS_MAX], high[PARA_PARAMS_MAX]; ///< [1] -1e6..1e6, each inside the parameter's range
} ParaTier;
#define PARA_TIERS_MAX 8

/// Loads and checks a template from text. All problems in one go.
/// @param name shown in messages, e.g. the file's path
/// @return NULL if there is an error; the template lives in `arena` and is const afterwards, shared by
/// threads
const ParaTemplate *para_template_load(const char *name, const char *text, size_t size, ParaArena *arena,
                                       ParaDiagList *diagnostics);
/// Reads the file and loads it; `diagnostics` must be fresh: its file and text are set here.
const ParaTemplate *para_template_load_file(const char *path, ParaArena *arena, ParaDiagList *diagnostics);

const char *para_template_name(const ParaTemplate *t);
const char *para_template_about(const ParaTemplate *t);
int para_template_param_count(const ParaTemplate *t);
const ParaParam *para_template_param(const ParaTemplate *t, int index);

int para_template_tier_count(const ParaTemplate *t); ///< [1] 0..PARA_TIERS_MAX
const ParaTier *para_template_tier(const ParaTemplate *t, int index);
/// The family as one of its tiers has it: the same template, with the ranges of its parameters narrowed. The
/// layout of a `vector` observation is that of the whole family all the same.
/// @param t must outlive what is returned
/// @return NULL with the tiers there are in out_error
const ParaTemplate *para_template_narrow(const ParaTemplate *t, const char *tier, ParaArena *arena,
                                         const char **out_error);

/// The same with ranges of one's own; a parameter that has one value keeps it.
/// @param low, high in, [param_count] each inside the parameter's range, low <= high
const ParaTemplate *para_template_narrow_to(const ParaTemplate *t, const double *low, const double *high,
                                            ParaArena *arena);

/// Draws parameter values uniformly over their full ranges. out [param_count]
void para_template_draw(const ParaTemplate *t, ParaRng *rng, double *out_values);
/// Those that para_template_sample draws for a seed where none are given. out [param_count]
void para_template_seed_values(const ParaTemplate *t, uint64_t seed, double *out_values);

/// Binds a level: deterministic in (template, values, seed). Values out of range are clamped.
/// @param values [param_count], or NULL: drawn from the seed over the full ranges
/// @return NULL if this member makes no sense (degenerate shape, too many bodies); reason in diagnostics (may
/// be NULL)
ParaLevel *para_template_sample(const ParaTemplate *t, const double *values, uint64_t seed, ParaArena *arena,
                                ParaDiagList *diagnostics);

/// The same, for whoever must stop in time.
/// @param work in-out, [1] >= 0 grows by what it took, made or not: about a microsecond each, counted and not
/// measured, so that it is the same on every machine
ParaLevel *para_template_sample_counted(const ParaTemplate *t, const double *values, uint64_t seed,
                                        ParaArena *arena, ParaDiagList *diagnostics, double *work);

/// The same with values drawn from the seed, for whoever tells an author: problems name the member's values
/// and have their line, where the list has the template's text, and one that the list knows by code and place
/// is not told again.
ParaLevel *para_template_sample_told(const ParaTemplate *t, uint64_t seed, ParaArena *arena,
                                     ParaDiagList *list, double *work);

/// Where in the template's text each thing of a level stands, as JSON Pointers: of a copy that is the body,
/// joint, zone or event it is a copy of.
typedef struct ParaOrigins {
    const char **bodies, **joints, **zones, **events; ///< [count of the level]
} ParaOrigins;
/// @param level sampled from the template   @param arena gets the lists; the texts are the template's
ParaOrigins para_template_origins(const ParaTemplate *t, const ParaLevel *level, ParaArena *arena);

/// One of several parts that a level has been made with.
typedef struct ParaMadeOf {
    const char *as;   ///< what the template calls it: "terrain", "obstacle2"
    const char *part; ///< "terrain/stairs"
    const char *word; ///< "stairs"
} ParaMadeOf;

/// Which parts a level of the template has where an include takes one of several, in the order of the
/// includes. Cost: a part of that of sampling it.  @param out_parts out, [returned count], in the arena
int para_template_made_of(const ParaTemplate *t, const ParaLevel *level, ParaArena *arena,
                          ParaMadeOf **out_parts);
/// All parts that the includes of a template take one of, in their order.
int para_template_choices(const ParaTemplate *t, ParaArena *arena, ParaMadeOf **out_parts);
/// Does the template itself silence a warning?
const bool *para_template_silences(const ParaTemplate *t); ///< [PARA_CODES]

/// A level as JSON text: a template with no ranges left and `made_by`. Loading and sampling it gives the same
/// hash.
char *para_level_to_json(const ParaLevel *level, ParaArena *arena);

/// One thing in which two levels differ.
typedef struct ParaDifference {
    const char *thing;          ///< "crate2", "parameter"; "": of the level itself
    const char *path;           ///< JSON Pointer into the saved level that has it, the first if both do
    const char *words;          ///< "0.3 m higher"
    const char *before, *after; ///< JSON; "": there is none
} ParaDifference;
typedef struct ParaDifferences {
    bool same;             ///< both levels have the same hash; names may differ all the same
    int count, capacity;   ///< [1] >= 0 told, and room for
    ParaDifference *items; ///< [count] in the order of the table of fields
} ParaDifferences;
/// Tells what differs between two levels, things being known by their names. Who made them is no difference.
/// @return false: no memory   Cost: O(things^2), a millisecond for a hundred
bool para_level_compare(const ParaLevel *a, const ParaLevel *b, ParaArena *arena, ParaDifferences *out);

/// The text of a template in the one layout: order, remarks and values stay. Only that it is JSON is asked.
/// @param name shown in messages   @return NULL with the reason in diagnostics, which must be fresh; else a
/// text in the arena that lays out to itself   Cost: O(size * nesting)
const char *para_template_lay_out(const char *name, const char *text, size_t size, ParaArena *arena,
                                  ParaDiagList *diagnostics);

/// Parameter values of a level as a JSON object, {"gap":2.5,...}.
char *para_level_params_to_json(const ParaLevel *level, ParaArena *arena);

/// Reference page (Markdown) and JSON Schema of the format, both from the one table of fields.
char *para_template_reference(ParaArena *arena);
char *para_template_schema(ParaArena *arena);
/// Starting templates for `paracosm new`, one for each ability that the library has; the first is the
/// default.
const char *const *para_template_starters(int *out_count);
const char *
para_template_starter_ability(const char *kind); ///< "push and carry"; NULL: there is no such kind
const char *para_template_starter_about(const char *kind, ParaArena *arena); ///< what to do in it
/// With its name, laid out.  @param kind one of para_template_starters()   @return NULL: there is no such
/// kind
char *para_template_starter(const char *kind, const char *name, ParaArena *arena);
