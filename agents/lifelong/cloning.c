// SPDX-License-Identifier: MIT
// Behaviour cloning on stored states, ClonEx's way: at the end of each world some of its moments are kept
// with how probable the player found each choice, and from then on it is held to that beside its own play, by
// the cross-entropy of its choices. <Wolczyk 2022, arXiv 2209.13900, section 4>
#include "agents/lifelong/keep_method.h"
#include "agents/lifelong/moments_kept.h"

typedef struct Cloning {
    ParaKeepRoom *room;
    ParaMomentsKept *kept;
    ParaForward *forward;
    ParaCloneRows rows; ///< that the learner is held to
} Cloning;

static void *create(ParaKeepRoom *room)
{
    Cloning *c = PARA_NEW(room->arena, Cloning, 1);
    c->room = room;
    c->kept = para_moments_kept_create(room->def.clone_moments, para_policy_def(room->policy)->obs.size,
                                       room->def.worlds, room->def.seed, room->arena);
    c->forward = para_forward_create(para_policy_def(room->policy), 1, room->arena);
    return c;
}

static void end(void *state, int world, int rows)
{
    Cloning *c = state;
    const ParaRollout *rollout = para_ppo_rollout(c->room->ppo);
    const ParaMoments moments = {rollout->obs, rollout->channel_bits, rollout->negative_bits};
    para_moments_kept_add(c->kept, c->room->def.same[world], &moments, rows, c->room->policy, c->forward);
}

static void hold(void *state, int world)
{
    Cloning *c = state;
    (void)world;
    c->rows = para_moments_kept_rows(c->kept);
    para_ppo_set_examples(c->room->ppo, c->rows.count > 0 ? &c->rows : NULL, c->room->def.clone_weight);
}

static size_t size(const void *state) { return para_moments_kept_size(((const Cloning *)state)->kept); }

static void save(const void *state, ParaBytes *out)
{
    para_moments_kept_save(((const Cloning *)state)->kept, out);
}

static bool load(void *state, ParaBytesReader *in)
{
    return para_moments_kept_load(((Cloning *)state)->kept, in);
}

const ParaKeepMethod para_keep_clone = {
    .rollout = true, .create = create, .end = end, .hold = hold, .size = size, .save = save, .load = load};
