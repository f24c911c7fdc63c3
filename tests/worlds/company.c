// SPDX-License-Identifier: MIT
// The template of several players, see company.h.
#include "tests/worlds/company.h"

#include "tests/tests.h"
#include "worlds/template.h"

#include <string.h>

const char *company_text(void)
{
    return "{\"paracosm\": 1, \"name\": \"company\", \"world\": {\"gravity\": [0, 0], \"size\": [16, 9]},"
           "\"bodies\": ["
           "{\"name\": \"left\", \"at\": [2, 4], \"shape\": {\"circle\": 0.4}},"
           "{\"name\": \"right\", \"at\": [14, 4], \"shape\": {\"circle\": 0.4}},"
           "{\"name\": \"third\", \"at\": [8, 7], \"shape\": {\"circle\": 0.4}},"
           "{\"name\": \"post\", \"static\": true, \"at\": [8, 4], \"shape\": {\"box\": [0.2, 0.2]}}],"
           "\"zones\": [{\"name\": \"flag\", \"at\": [12, 4], \"area\": {\"circle\": 1}}],"
           "\"players\": ["
           "{\"name\": \"left\", \"team\": \"red\", \"share\": 0.5, \"body\": \"left\", \"solved\": 4, "
           "\"failed\": -1,"
           " \"goal\": {\"inside\": [\"player\", \"flag\"]}, \"fail\": {\"touch\": [\"player\", \"post\"]},"
           " \"rewards\": [{\"approach\": [\"player\", \"flag\"], \"weight\": 2}],"
           " \"keys\": [{\"channel\": 0, \"positive\": \"d\", \"negative\": \"a\"}],"
           " \"moves\": [{\"0\": 1}, {\"0\": -1}],"
           " \"actuators\": [{\"thruster\": \"left\", \"direction\": [1, 0], \"force\": 5}]},"
           "{\"name\": \"right\", \"team\": \"red\", \"body\": \"right\","
           " \"goal\": {\"left_of\": [\"player\", 10]}, \"sight\": 4, \"sees\": 3, \"countdown\": 1,"
           " \"keys\": [{\"channel\": 1, \"positive\": \"up\"}],"
           " \"actuators\": [{\"thruster\": \"right\", \"channel\": 1, \"direction\": [-1, 0], \"force\": "
           "7}]},"
           "{\"name\": \"third\", \"body\": \"third\","
           " \"actuators\": [{\"thruster\": \"third\", \"direction\": [0, -1], \"force\": 5},"
           "{\"twist\": \"third\", \"channel\": 2, \"torque\": 2}]}],"
           "\"goal\": {\"below\": [\"player\", 2]}, \"fail\": {\"touch\": [\"player\", \"player1\"]},"
           "\"rewards\": [{\"alive\": true, \"weight\": 0.25}, {\"effort\": true, \"weight\": -0.5}],"
           "\"events\": [{\"when\": {\"touch\": [\"player\", \"post\"]}, \"do\": [{\"say\": \"ouch\"}]}]}";
}

ParaLevel *company_level(ParaArena *arena)
{
    ParaDiagList list = para_diag_list(arena, "company", NULL);
    const ParaTemplate *t =
        para_template_load("company", company_text(), strlen(company_text()), arena, &list);
    ParaLevel *level = t ? para_template_sample(t, NULL, 1, arena, &list) : NULL;
    if (!level)
        para_diag_print(&list, stdout);
    assert_non_null(level);
    return level;
}
