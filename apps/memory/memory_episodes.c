// SPDX-License-Identifier: MIT
// paracosm memory show, forget, of a memory of episodes.
#include "agents/recall/recall.h"
#include "apps/apps.h"
#include "apps/memory/memory_parts.h"
#include "engine/base/text.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN 40 // episodes, without --all

static const char *const ends[] = {"solved", "failed", "cut"};

static int print_json(const ParaRecall *recall)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "moments", para_recall_moments(recall));
    cJSON_AddNumberToObject(json, "bytes", (double)para_recall_bytes(recall));
    cJSON *list = cJSON_AddArrayToObject(json, "episodes");
    for (int i = 0; i < para_recall_count(recall); i++) {
        const ParaRecallEpisode *e = para_recall_episode(recall, i);
        char level[17];
        cJSON *one = cJSON_CreateObject();
        snprintf(level, sizeof level, "%016" PRIx64, e->level);
        cJSON_AddStringToObject(one, "family", e->family);
        cJSON_AddStringToObject(one, "level", level);
        cJSON_AddStringToObject(one, "end", ends[e->end]);
        cJSON_AddNumberToObject(one, "decisions", e->decisions);
        cJSON_AddNumberToObject(one, "reward", (double)e->reward);
        cJSON_AddNumberToObject(one, "progress", (double)e->progress);
        cJSON_AddItemToArray(list, one);
    }
    char *text = para_json_print(json, true);
    cJSON_Delete(json);
    if (!text)
        return para_app_fail("memory show", "no memory");
    puts(text);
    cJSON_free(text);
    return PARA_EXIT_OK;
}

static void print_text(const ParaRecall *recall, int most)
{
    int count = para_recall_count(recall);
    para_text_print(stdout, "%d episodes, %d moments, %.1f MB in memory\n", count,
                    para_recall_moments(recall), (double)para_recall_bytes(recall) / 1e6);
    if (count > 0)
        printf("%-18s %-16s  %-7s %9s %9s %9s\n", "family", "level", "end", "decisions", "reward",
               "progress");
    int first = most > 0 && count > most ? count - most : 0;
    if (first > 0)
        printf("(%d earlier ones: --all shows them)\n", first);
    for (int i = first; i < count; i++) {
        const ParaRecallEpisode *e = para_recall_episode(recall, i);
        para_text_print(stdout, "%-18s %016" PRIx64 "  %-7s %9d %9.3f %7.0f %%\n", e->family, e->level,
                        ends[e->end], e->decisions, (double)e->reward, 100.0 * (double)e->progress);
    }
}

int para_memory_show_episodes(const char *path, bool all, bool json, ParaArena *arena)
{
    const char *error = NULL;
    const ParaRecall *recall = para_recall_read(path, arena, &error);
    if (!recall)
        return para_app_fail("memory show", "%s", error);
    if (json)
        return print_json(recall);
    print_text(recall, all ? 0 : SHOWN);
    return PARA_EXIT_OK;
}

/// Reads the hash of a level as `memory show` prints it. @return false: it is none
static bool read_level(const char *text, uint64_t *out)
{
    char *end = NULL;
    bool good = strlen(text) == 16 && strspn(text, "0123456789abcdefABCDEF") == 16;
    *out = good ? strtoull(text, &end, 16) : 0;
    return good && *out != 0;
}

int para_memory_forget_episodes(const char *path, const char *family, const char *level_text,
                                ParaArena *arena)
{
    const char *error = NULL;
    uint64_t level = 0;
    if (level_text && !read_level(level_text, &level))
        return para_app_misused("memory forget", "--level %s: 16 digits as `memory show` prints them",
                                level_text);
    ParaRecall *recall = para_recall_read(path, arena, &error);
    if (!recall)
        return para_app_fail("memory forget", "%s", error);
    int gone = para_recall_forget(recall, family, level);
    if ((family || level_text) && gone == 0)
        return para_app_fail("memory forget", "%s holds no such episode: paracosm memory show %s", path,
                             path);
    if (!para_recall_write(recall, path, arena, &error))
        return para_app_fail("memory forget", "%s", error);
    printf("%d %s forgotten, %d kept\n", gone, gone == 1 ? "episode" : "episodes", para_recall_count(recall));
    return PARA_EXIT_OK;
}
