// SPDX-License-Identifier: MIT
// libFuzzer target: any bytes are imported as a drawing in SVG; what is taken is loaded as a template. Build:
// cmake -DPARA_FUZZ=ON with clang. Run: fuzz_svg CORPUS tests/svg
#include "worlds/import/svg.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ParaArena *arena = para_arena_create((size_t)1 << 16, (size_t)1 << 30);
    ParaDiagList list = para_diag_list(arena, "fuzz", NULL);
    const ParaSvgChoices choices = {
        .name = "fuzz", .from = "fuzz", .metres_per_unit = size % 2 ? 0.02 : 1, .tolerance = 0.02};
    char *text = para_arena_alloc(arena, size + 1);
    memcpy(text, data, size);
    const char *out = para_svg_import(text, size, &choices, arena, &list);
    if ((out != NULL) != (list.error_count == 0))
        abort(); // refused without a word, or taken with an error
    ParaDiagList inner = para_diag_list(arena, "template", NULL);
    if (out && !para_template_load("template", out, strlen(out), arena, &inner) && inner.error_count == 0)
        abort();
    para_arena_destroy(arena);
    return 0;
}
