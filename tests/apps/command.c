// SPDX-License-Identifier: MIT
// Running the program through a shell and a pipe.
#include "tests/apps/command.h"

#include "tests/tests.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

int command_run(const char *folder, const char *environment, const char *words, char *out, size_t size)
{
    static char line[16384];
    int length = snprintf(line, sizeof line,
                          "cd '%s' && SDL_VIDEODRIVER=offscreen PARACOSM_LIBRARY='" PARA_SOURCE_DIR
                          "/worlds/library' %s timeout 120 '" PARA_COMMAND "' %s 2>&1",
                          folder, environment, words);
    assert_true(length > 0 && (size_t)length < sizeof line);
    FILE *pipe = popen(line, "r");
    assert_non_null(pipe);
    size_t read = fread(out, 1, size - 1, pipe);
    out[read] = '\0';
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void command_must(const char *folder, const char *environment, const char *words, char *out, size_t size)
{
    int code = command_run(folder, environment, words, out, size);
    if (code == 2 && strstr(out, "OpenGL")) {
        print_message("no OpenGL 3.3 here: the test is skipped\n");
        skip();
    }
    if (code != 0)
        fail_msg("%s: exit %d: %s", words, code, out);
}
