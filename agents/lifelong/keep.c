// SPDX-License-Identifier: MIT
// The door to the methods: their names, and one call into the table of each.
#include "agents/lifelong/keep.h"

#include "agents/lifelong/keep_method.h"
#include "engine/base/assert.h"

#include <string.h>

struct ParaKeep {
    const ParaKeepMethod *method;
    ParaKeepRoom room;
    void *state;
};

#define PARA_KEEP(id, word, about) word,
static const char *const names[] = {
#include "agents/lifelong/methods.def"
    NULL};
#undef PARA_KEEP

#define PARA_KEEP(id, word, about) &para_keep_##id,
static const ParaKeepMethod *const methods[] = {
#include "agents/lifelong/methods.def"
};
#undef PARA_KEEP

const char *para_keep_name(ParaKeepKind kind) { return names[kind]; }
const char *const *para_keep_names(void) { return names; }
bool para_keep_is_apart(ParaKeepKind kind) { return methods[kind]->apart; }

bool para_keep_find(const char *word, ParaKeepKind *out)
{
    for (int i = 0; i < PARA_KEEP_METHODS; i++)
        if (strcmp(names[i], word) == 0) {
            *out = (ParaKeepKind)i;
            return true;
        }
    return false;
}

ParaKeep *para_keep_create(const ParaKeepDef *def, ParaPolicy *policy, ParaPpo *ppo, ParaArena *arena)
{
    PARA_ASSERT(def->worlds >= 1 && def->kind >= 0 && def->kind < PARA_KEEP_METHODS);
    ParaKeep *keep = PARA_NEW(arena, ParaKeep, 1);
    keep->method = methods[def->kind];
    keep->room = (ParaKeepRoom){.def = *def, .policy = policy, .ppo = ppo, .arena = arena};
    if (keep->method->apart)
        keep->room.guest = para_policy_create_blank(para_policy_def(policy), arena);
    keep->state = keep->method->create ? keep->method->create(&keep->room) : NULL;
    if (keep->method->hold)
        keep->method->hold(keep->state, 0);
    return keep;
}

void para_keep_before_update(ParaKeep *keep, int world, double progress)
{
    if (keep->method->before_update)
        keep->method->before_update(keep->state, world, progress);
}

bool para_keep_prepare(ParaKeep *keep, int world, int next, ParaKeepScore *score, void *context)
{
    return !keep->method->prepare || keep->method->prepare(keep->state, world, next, score, context);
}

bool para_keep_wants_rollout(const ParaKeep *keep) { return keep->method->rollout; }

void para_keep_end(ParaKeep *keep, int world, int rows)
{
    PARA_ASSERT(world >= 0 && world < keep->room.def.worlds);
    if (keep->method->end)
        keep->method->end(keep->state, world, rows);
}

void para_keep_begin(ParaKeep *keep, int next)
{
    PARA_ASSERT(next > 0 && next < keep->room.def.worlds);
    para_ppo_forget_task(keep->room.ppo);
    if (keep->method->begin)
        keep->method->begin(keep->state, next);
    if (keep->method->hold)
        keep->method->hold(keep->state, next);
}

const ParaPolicy *para_keep_player(ParaKeep *keep, int world, int at)
{
    PARA_ASSERT(world >= 0 && world <= at && at < keep->room.def.worlds);
    return keep->method->player ? keep->method->player(keep->state, world, at) : keep->room.policy;
}

size_t para_keep_size(const ParaKeep *keep)
{
    return keep->method->size ? keep->method->size(keep->state) : 0;
}

void para_keep_save(const ParaKeep *keep, ParaBytes *out)
{
    para_bytes_put_whole(out, (uint64_t)keep->room.def.kind, 1);
    if (keep->method->save)
        keep->method->save(keep->state, out);
}

bool para_keep_load(ParaKeep *keep, int world, ParaBytesReader *in)
{
    if (para_bytes_take_whole(in, 1) != (uint64_t)keep->room.def.kind || in->bad)
        return false;
    if (keep->method->load && !keep->method->load(keep->state, in))
        return false;
    if (keep->method->hold)
        keep->method->hold(keep->state, world);
    return !in->bad;
}
