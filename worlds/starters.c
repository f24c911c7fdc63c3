// SPDX-License-Identifier: MIT
// Starting templates for `paracosm new`: small, complete, and explained by "note" fields.
#include "engine/base/assert.h"
#include "worlds/template.h"

#include <string.h>

// Each has %s where the name goes.
static const char roller[] =
    "{\n"
    "  \"paracosm\": 1,\n"
    "  \"name\": \"%s\",\n"
    "  \"about\": \"Roll the ball to the flag.\",\n"
    "  \"note\": \"Every number may be an expression such as '2 + way / 2', or a draw. See "
    "docs/authoring.md.\",\n"
    "  \"params\": {\n"
    "    \"way\": {\"range\": [3, 12], \"unit\": \"m\", \"about\": \"from the start to the flag\"},\n"
    "    \"rough\": {\"range\": [0, 0.4], \"unit\": \"m\", \"about\": \"height of the waves in the "
    "ground\"},\n"
    "    \"crates\": {\"int\": [0, 3], \"about\": \"crates on the way\"}\n"
    "  },\n"
    "  \"let\": {\"start\": 3, \"finish\": \"start + way\"},\n"
    "  \"world\": {\"size\": [20, 8], \"seconds\": 15},\n"
    "  \"bodies\": [\n"
    "    {\"name\": \"ground\", \"static\": true, \"note\": \"noise(x) is a smooth random curve of the "
    "level\",\n"
    "     \"shapes\": [\n"
    "       {\"chain\": {\"count\": 41, \"point\": [\"i * 0.5\", \"1 + rough * noise(i * 0.3)\"]}, "
    "\"radius\": 0.05},\n"
    "       {\"box\": [0.4, 6], \"at\": [0.2, 3]},\n"
    "       {\"box\": [0.4, 6], \"at\": [19.8, 3]}]},\n"
    "    {\"name\": \"crate\", \"repeat\": \"crates\", \"at\": [\"start + way * (i + 1) / (n + 1)\", 2.2],\n"
    "     \"shape\": {\"box\": [{\"uniform\": [0.3, 0.5]}, 0.4]}},\n"
    "    {\"name\": \"ball\", \"at\": [\"start\", 2], \"shape\": {\"circle\": 0.4}, \"density\": 3, "
    "\"friction\": 1}\n"
    "  ],\n"
    "  \"zones\": [{\"name\": \"flag\", \"at\": [\"finish\", 3], \"area\": {\"box\": [1, 5]}}],\n"
    "  \"player\": {\n"
    "    \"body\": \"ball\",\n"
    "    \"actuators\": [\n"
    "      {\"twist\": \"ball\", \"channel\": 0, \"sign\": -1, \"torque\": 6, \"note\": \"right is "
    "clockwise\"},\n"
    "      {\"jump\": \"ball\", \"channel\": 1, \"impulse\": 6}],\n"
    "    \"keys\": [\n"
    "      {\"channel\": 0, \"positive\": \"right\", \"negative\": \"left\", \"label\": \"roll\"},\n"
    "      {\"channel\": 1, \"positive\": \"space\", \"label\": \"jump\"}]\n"
    "  },\n"
    "  \"goal\": {\"inside\": [\"ball\", \"flag\"], \"for\": 0.5},\n"
    "  \"rewards\": [{\"approach\": [\"ball\", \"flag\"], \"weight\": \"8 / way\"}]\n"
    "}\n";

static const char car[] =
    "{\n"
    "  \"paracosm\": 1,\n"
    "  \"name\": \"%s\",\n"
    "  \"about\": \"Drive to the end of the road.\",\n"
    "  \"params\": {\"rough\": {\"range\": [0, 0.5], \"unit\": \"m\", \"about\": \"height of the hills\"}},\n"
    "  \"world\": {\"size\": [40, 10], \"seconds\": 20},\n"
    "  \"bodies\": [\n"
    "    {\"name\": \"ground\", \"static\": true, \"friction\": 1,\n"
    "     \"shape\": {\"chain\": {\"count\": 81, \"point\": [\"i * 0.5\", \"2 + rough * noise(i * 0.2)\"]}, "
    "\"radius\": 0.1}},\n"
    "    {\"name\": \"chassis\", \"at\": [4, 3.6], \"shape\": {\"box\": [2, 0.4]}, \"density\": 5},\n"
    "    {\"name\": \"wheel\", \"repeat\": 2, \"note\": \"wheel1 and wheel2\", \"at\": [\"3.3 + 1.4 * i\", "
    "3.2],\n"
    "     \"shape\": {\"circle\": 0.4}, \"density\": 3, \"friction\": 1.2}\n"
    "  ],\n"
    "  \"joints\": [{\"name\": \"axle\", \"repeat\": 2, \"revolute\": [\"chassis\", \"wheel{i+1}\"]}],\n"
    "  \"zones\": [{\"name\": \"end\", \"at\": [36, 5], \"area\": {\"box\": [3, 8]}}],\n"
    "  \"player\": {\n"
    "    \"body\": \"chassis\", \"sight\": 12,\n"
    "    \"actuators\": [\n"
    "      {\"motor\": \"axle1\", \"channel\": 0, \"sign\": -1, \"rate\": 14, \"torque\": 10, \"brake\": "
    "2},\n"
    "      {\"motor\": \"axle2\", \"channel\": 0, \"sign\": -1, \"rate\": 14, \"torque\": 10, \"brake\": "
    "2}],\n"
    "    \"keys\": [{\"channel\": 0, \"positive\": \"right\", \"negative\": \"left\", \"label\": "
    "\"drive\"}]\n"
    "  },\n"
    "  \"goal\": {\"inside\": [\"chassis\", \"end\"]},\n"
    "  \"fail\": {\"not\": {\"upright\": [\"chassis\", 2]}, \"for\": 1},\n"
    "  \"rewards\": [{\"forward\": \"chassis\", \"weight\": 0.3}]\n"
    "}\n";

static const char lander[] =
    "{\n"
    "  \"paracosm\": 1,\n"
    "  \"name\": \"%s\",\n"
    "  \"about\": \"Set the lander down on the pad, gently.\",\n"
    "  \"params\": {\"wind\": {\"range\": [-1.5, 1.5], \"unit\": \"N/kg\", \"about\": \"sideways push of the "
    "air\"}},\n"
    "  \"world\": {\"size\": [20, 14], \"gravity\": [0, -2], \"seconds\": 25},\n"
    "  \"bodies\": [\n"
    "    {\"name\": \"ground\", \"static\": true, \"at\": [10, 0.5], \"shape\": {\"box\": [20, 1]}},\n"
    "    {\"name\": \"pad\", \"static\": true, \"at\": [{\"uniform\": [5, 15]}, 1.1], \"shape\": {\"box\": "
    "[3, 0.2]}},\n"
    "    {\"name\": \"lander\", \"at\": [10, 11], \"angle\": {\"uniform\": [-0.3, 0.3]}, \"shape\": "
    "{\"box\": [1, 0.8]},\n"
    "     \"shatters\": {\"impulse\": 4}}\n"
    "  ],\n"
    "  \"zones\": [{\"name\": \"air\", \"at\": [10, 8], \"area\": {\"box\": [20, 12]}, \"force\": [\"wind\", "
    "0]}],\n"
    "  \"player\": {\n"
    "    \"body\": \"lander\",\n"
    "    \"actuators\": [\n"
    "      {\"thruster\": \"lander\", \"channel\": 0, \"at\": [0, -0.4], \"direction\": [0, 1], \"force\": "
    "4, \"one_way\": true},\n"
    "      {\"twist\": \"lander\", \"channel\": 1, \"sign\": -1, \"torque\": 0.6}],\n"
    "    \"keys\": [\n"
    "      {\"channel\": 0, \"positive\": \"up\", \"label\": \"main engine\"},\n"
    "      {\"channel\": 1, \"positive\": \"right\", \"negative\": \"left\", \"label\": \"turn\"}]\n"
    "  },\n"
    "  \"goal\": {\"all\": [{\"touch\": [\"lander\", \"pad\"]}, {\"slow\": [\"lander\", 0.2]}], \"for\": "
    "1},\n"
    "  \"fail\": {\"any\": [{\"shattered\": \"lander\"}, {\"touch\": [\"lander\", \"ground\"]}]},\n"
    "  \"rewards\": [{\"approach\": [\"lander\", \"pad\"], \"weight\": 0.5}, {\"effort\": true, \"weight\": "
    "0.1}]\n"
    "}\n";

static const struct Starter {
    const char *kind, *text;
} starters[] = {{"roller", roller}, {"car", car}, {"lander", lander}};

const char *const *para_template_starters(int *out_count)
{
    static const char *const kinds[] = {"roller", "car", "lander"};
    *out_count = 3;
    return kinds;
}

char *para_template_starter(const char *kind, const char *name, ParaArena *arena)
{
    for (size_t k = 0; k < sizeof starters / sizeof starters[0]; k++) {
        if (strcmp(starters[k].kind, kind) != 0)
            continue;
        // The texts are ours and hold one %s; they are split there rather than used as a format.
        const char *place = strstr(starters[k].text, "%s");
        char *text = para_arena_printf(arena, "%.*s%s%s", (int)(place - starters[k].text), starters[k].text,
                                       name, place + 2);
        ParaDiagList list = para_diag_list(arena, NULL, NULL);
        const char *laid = para_template_lay_out(kind, text, strlen(text), arena, &list);
        PARA_ASSERT(laid); // ours are JSON
        return para_arena_strdup(arena, laid);
    }
    return NULL;
}
