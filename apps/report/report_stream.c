// SPDX-License-Identifier: MIT
// The rows of a stream's examinations, for the page.
#include "apps/report/report_stream.h"

void para_report_stream(ParaRun *run, ParaJson *json, ParaArena *arena)
{
    ParaStreamScore *scores = NULL;
    int count = para_run_stream_scores(run, arena, &scores);
    para_json_format(json, "{\"columns\": [\"learning\", \"world\", \"done\", \"solve\"], \"rows\": ");
    para_json_open(json, '[');
    for (int i = 0; i < count; i++) {
        para_json_item(json);
        para_json_open(json, '[');
        para_json_item(json);
        para_json_format(json, "%d", scores[i].learning);
        para_json_item(json);
        para_json_format(json, "%d", scores[i].world);
        para_json_item(json);
        para_json_double(json, scores[i].done);
        para_json_item(json);
        para_json_double(json, scores[i].solve);
        para_json_close(json, ']');
    }
    para_json_close(json, ']');
    para_json_format(json, "}");
}
