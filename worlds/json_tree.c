// SPDX-License-Identifier: MIT
// cJSON in the C locale of the calling thread.
#include "worlds/json_tree.h"

#include "engine/base/text.h"

#include <cjson/cJSON.h>
#include <string.h>

cJSON *para_json_parse(const char *text) { return para_json_parse_part(text, strlen(text) + 1, NULL, false); }

cJSON *para_json_parse_part(const char *text, size_t size, const char **out_end, bool whole)
{
    ParaPlain before = para_text_plain_begin();
    cJSON *json = cJSON_ParseWithLengthOpts(text, size, out_end, whole);
    para_text_plain_end(before);
    return json;
}

char *para_json_print(const cJSON *json, bool broken)
{
    ParaPlain before = para_text_plain_begin();
    char *text = broken ? cJSON_Print(json) : cJSON_PrintUnformatted(json);
    para_text_plain_end(before);
    return text;
}
