# SPDX-License-Identifier: MIT
# Writes the commit of a git tree as a C file, if it says something else than what is there: a build of the same
# commit compiles nothing anew. usage: cmake -DSOURCE=DIR -DOUT=FILE -P commit.cmake
# "" without git, and where SOURCE is no tree of its own: a tarball unpacked inside of another project's tree is not
# at that project's commit. "+" behind it: files differ from the commit.
set(commit "")
find_program(GIT git)
if(GIT AND EXISTS ${SOURCE}/.git)
    execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse --short=12 HEAD
        OUTPUT_VARIABLE commit RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    execute_process(COMMAND ${GIT} -C ${SOURCE} status --porcelain --untracked-files=no
        OUTPUT_VARIABLE changes OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(failed OR NOT commit MATCHES "^[0-9a-f]+$")
        set(commit "")
    elseif(changes)
        string(APPEND commit "+")
    endif()
endif()
set(text "#include \"apps/apps.h\"\nconst char para_app_commit[] = \"${commit}\"; // of this build\n")
set(before "")
if(EXISTS ${OUT})
    file(READ ${OUT} before)
endif()
if(NOT text STREQUAL before)
    file(WRITE ${OUT} "${text}")
endif()
