// SPDX-License-Identifier: MIT
// Runs the command for pictures of its panels, reads them back and compares.
#include "tests/apps/panels/panels.h"

#include "tests/apps/command.h"
#include "tests/golden.h"

#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#define STBI_ONLY_PNG
#include <stb/stb_image.h> // test_draw.c has its functions
#pragma GCC diagnostic pop

#define OUTPUT_MAX ((size_t)1 << 14)

typedef struct Panels {
    Golden golden;
    char folder[64];
    int unlike;
} Panels;

static void shell(const char *format, const char *folder)
{
    char command[1024];
    snprintf(command, sizeof command, format, folder);
    assert_int_equal(system(command), 0);
}

/// Runs the command in the folder. Skips the test where it says that there is no OpenGL.
static void run(const Panels *p, const PanelRun *panel)
{
    static char words[8192], out[OUTPUT_MAX];
    char environment[160];
    snprintf(environment, sizeof environment,
             "PARACOSM_HOME='%s/home' PARACOSM_SCALE=1 SDL_AUDIODRIVER=dummy", p->folder);
    if (panel->before)
        command_must(p->folder, environment, panel->before, out, sizeof out);
    snprintf(words, sizeof words, "%s --size %dx%d --script '%s'", panel->words, PANELS_WIDTH, PANELS_HEIGHT,
             panel->script);
    command_must(p->folder, environment, words, out, sizeof out);
}

static void hold(Panels *p, const char *name)
{
    char path[128];
    int width = 0, height = 0, channels;
    snprintf(path, sizeof path, "%s/%s.png", p->folder, name);
    uint8_t *rgb = stbi_load(path, &width, &height, &channels, 3);
    if (!rgb || width != PANELS_WIDTH || height != PANELS_HEIGHT)
        fail_msg("%s was not drawn at %d x %d", path, PANELS_WIDTH, PANELS_HEIGHT);
    if (!golden_holds(&p->golden, name, rgb, width, height)) {
        print_error("  what was drawn: %s\n", path);
        p->unlike++;
    }
    stbi_image_free(rgb);
}

void panels_hold(const char *golden, const PanelRun *runs, size_t count)
{
    static const char word[] = " screenshot ";
    // Letters of another version of a font differ by some in each block; a panel that is missing by tens.
    Panels p = {.golden = {.mean_most = 0.2, .block_most = 5.0, .block = 30},
                .folder = "/tmp/paracosm-panels-XXXXXX"};
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)4 << 20);
    assert_non_null(mkdtemp(p.folder));
    shell("cp '" PARA_SOURCE_DIR "'/tests/apps/panels/room/* '%s'", p.folder);
    golden_open(&p.golden, golden, false, arena);
    for (size_t k = 0; k < count; k++) {
        run(&p, &runs[k]);
        for (const char *at = strstr(runs[k].script, word); at; at = strstr(at, word)) {
            char name[32];
            at += sizeof word - 1;
            snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "."), at);
            hold(&p, name);
        }
    }
    golden_close(&p.golden);
    para_arena_destroy(arena);
    if (p.unlike == 0)
        shell("rm -rf -- '%s'", p.folder);
    assert_int_equal(p.unlike, 0);
}
