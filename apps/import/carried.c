// SPDX-License-Identifier: MIT
// Problems of a level that comes from another program, or goes to one, for people and for programs.
#include "apps/import/carried.h"

#include <cjson/cJSON.h>

static void add_items(cJSON *object, const char *key, const ParaDiagList *list, ParaSeverity severity)
{
    cJSON *items = cJSON_AddArrayToObject(object, key);
    for (int k = 0; k < list->count; k++) {
        if (list->items[k].severity != severity)
            continue;
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "path", list->items[k].path);
        cJSON_AddStringToObject(item, "message", list->items[k].message);
        cJSON_AddItemToArray(items, item);
    }
}

void para_carried_to_json(const ParaDiagList *list, cJSON *object)
{
    add_items(object, "errors", list, PARA_DIAG_ERROR);
    add_items(object, "not_carried_over", list, PARA_DIAG_WARNING);
}

void para_carried_print(const ParaDiagList *list, bool good)
{
    FILE *out = good ? stdout : stderr;
    for (int k = 0; k < list->count; k++) {
        const ParaDiag *item = &list->items[k];
        bool error = item->severity == PARA_DIAG_ERROR;
        if (error || good)
            fprintf(out, "  %s: %s%s%s\n", error ? "error" : "not carried over", item->path,
                    *item->path ? ": " : "", item->message);
    }
    if (list->dropped > 0)
        fprintf(out, "  and %d more\n", list->dropped);
}
