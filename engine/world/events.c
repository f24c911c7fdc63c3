// SPDX-License-Identifier: MIT
// Begin, end and impulse events by comparing two sorted lists of contacts.
#include "engine/world/events.h"

#include "engine/base/assert.h"

void para_contacts_sort(ParaContact *contacts, int count)
{
    for (int i = 1; i < count; i++) {
        ParaContact moved = contacts[i];
        int k = i;
        for (; k > 0 && para_contact_order(&moved, &contacts[k - 1]) < 0; k--)
            contacts[k] = contacts[k - 1];
        contacts[k] = moved;
    }
}

static ParaEvent *put(ParaEvent *out, ParaEventKind kind, const ParaContact *contact)
{
    *out = (ParaEvent){kind,
                       contact->shape_a,
                       contact->shape_b,
                       contact->body_a,
                       contact->body_b,
                       kind == PARA_EVENT_END ? 0.0f : contact->impulse};
    return out + 1;
}

/// Events of `kind` for the contacts of `list` that `other` lacks.
static ParaEvent *put_missing(ParaEvent *out, ParaEventKind kind, const ParaContact *list, int count,
                              const ParaContact *other, int other_count)
{
    for (int i = 0, k = 0; i < count; i++) {
        PARA_ASSERT_HOT(i == 0 || para_contact_order(&list[i - 1], &list[i]) < 0);
        while (k < other_count && para_contact_order(&other[k], &list[i]) < 0)
            k++;
        if (k >= other_count || para_contact_order(&other[k], &list[i]) != 0)
            out = put(out, kind, &list[i]);
    }
    return out;
}

static bool same_pairs(const ParaContact *left, const ParaContact *right, int count)
{
    for (int i = 0; i < count; i++)
        if (para_contact_order(&left[i], &right[i]) != 0)
            return false;
    return true;
}

int para_events_between(const ParaContact *now, int now_count, const ParaContact *before, int before_count,
                        ParaEvent *out)
{
    ParaEvent *end = out;
    if (now_count != before_count || !same_pairs(now, before, now_count)) { // in most steps nothing changes
        end = put_missing(end, PARA_EVENT_BEGIN, now, now_count, before, before_count);
        end = put_missing(end, PARA_EVENT_END, before, before_count, now, now_count);
    }
    for (int i = 0; i < now_count; i++)
        if (now[i].impulse > PARA_EVENT_IMPULSE_MIN)
            end = put(end, PARA_EVENT_IMPULSE, &now[i]);
    PARA_ASSERT(end - out <= 2 * now_count + before_count);
    return (int)(end - out);
}
