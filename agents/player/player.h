// SPDX-License-Identifier: MIT
#pragma once
// The trained player of a run folder, ready to act: newest whole checkpoint of a run as a policy.
#include "agents/policy/policy.h"
#include "agents/run/run_families.h"

/// Who is scored on held-out levels. Each draws by streams of its own.
typedef enum {
    PARA_PLAYER_RANDOM,
    PARA_PLAYER_STILL,
    PARA_PLAYER_UNTRAINED,
    PARA_PLAYER_TRAINED,
    PARA_PLAYERS
} ParaPlayerKind;

/// Loads the newest whole checkpoint of a run folder, or the .safetensors file itself.
/// @param out_note set to what should be told though it worked (a damaged checkpoint was passed over), or
/// NULL
/// @return NULL with a clear error ("no checkpoint in DIR yet: train longer, or ...")
ParaPolicy *para_player_load_noted(const char *run_folder, ParaArena *arena, const char **out_note,
                                   const char **out_error);
/// Path of the checkpoint file that these load: the newest whole one of the folder, or the file itself.
/// @param out_note set where a damaged one was passed over   @return NULL with a clear error, as above
const char *para_player_checkpoint(const char *run_folder, ParaArena *arena, const char **out_note,
                                   const char **out_error);
/// The solver this player is at home on, for whoever does not name one: chipmunk if it was trained on that
/// alone, else AUTO (also of one trained on lanes, whose levels all fit it).
/// @param run_folder as above; NULL: no player, AUTO
ParaSolverKind para_player_solver(const char *run_folder, ParaArena *arena);
/// The same without the note.
ParaPolicy *para_player_load(const char *run_folder, ParaArena *arena, const char **out_error);
/// The same from tensors read before; `card` says the observation and widths (agents/player/card.h).
ParaPolicy *para_player_from_card(const char *card, const ParaTensor *tensors, int count, ParaArena *arena,
                                  const char **out_error);
/// Loads the families to show a player: those of its run, or others by name (para_run_families). A checkpoint
/// file in the folder of its run has those of the run; one that lies alone brings the names of its own, which
/// are looked for in the library; where one is not there, and for no player, they are the whole library.
/// @param run_folder as above; NULL: no player   @param out_note out, something to tell, or NULL
bool para_player_families(const char *run_folder, const ParaFamiliesWish *wish, ParaArena *arena,
                          ParaFamilies *out, const char **out_note, const char **out_error);
/// Whether a player may be shown levels of a family: one that sees `entities` any, one that sees `vector`
/// only those of its own family, since its slots stand for that family's bodies. One that sees what is
/// `listed` plays whatever lists as many floats, such as a classic task and its harder kin; that they mean
/// the same is their author's word.
/// @param run_folder where it came from   @return false with an error that names its family
bool para_player_knows(const ParaPolicy *policy, const char *run_folder, const ParaTemplate *family,
                       ParaArena *arena, const char **out_error);
