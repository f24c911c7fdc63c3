# The bare side of `paracosm bench step`: stock libchipmunk.a under other names, so that it can be linked
# beside the solver's own copy. Names are taken from the archive itself.
execute_process(COMMAND ${PARA_NM} -g --defined-only --format=posix ${PARA_CHIPMUNK_ARCHIVE}
                OUTPUT_VARIABLE bare_symbols ERROR_QUIET)
string(REGEX MATCHALL "[^\n]+" bare_lines "${bare_symbols}")
set(bare_renames "")
set(bare_header "// Made by bench/sources.cmake from the names in libchipmunk.a.\n#pragma once\n")
foreach(line IN LISTS bare_lines)
    if(line MATCHES "^([A-Za-z_][A-Za-z0-9_]*) [A-Z] ")
        string(APPEND bare_renames "${CMAKE_MATCH_1} bare_${CMAKE_MATCH_1}\n")
        string(APPEND bare_header "#define ${CMAKE_MATCH_1} bare_${CMAKE_MATCH_1}\n")
    endif()
endforeach()
# The archive is a debug build that greets on standard output, where our JSON goes.
string(APPEND bare_renames "puts para_bare_puts\n__printf_chk para_bare_printf\n")
set(bare_folder ${CMAKE_BINARY_DIR}/bench)
file(CONFIGURE OUTPUT ${bare_folder}/names.txt CONTENT "${bare_renames}" @ONLY)
file(CONFIGURE OUTPUT ${bare_folder}/bare_names.h CONTENT "${bare_header}" @ONLY)
add_custom_command(OUTPUT ${bare_folder}/libchipmunk-bare.a
    COMMAND ${PARA_OBJCOPY} --redefine-syms=${bare_folder}/names.txt ${PARA_CHIPMUNK_ARCHIVE}
            ${bare_folder}/libchipmunk-bare.a
    DEPENDS ${bare_folder}/names.txt ${PARA_CHIPMUNK_ARCHIVE} VERBATIM)
add_custom_target(para_bare_copy DEPENDS ${bare_folder}/libchipmunk-bare.a)

add_library(para_bare STATIC bench/bare_chipmunk.c bench/pile.c)
target_include_directories(para_bare PRIVATE ${bare_folder})
target_include_directories(para_bare SYSTEM PRIVATE ${PARA_CHIPMUNK_INCLUDE})
target_link_libraries(para_bare PRIVATE para_flags PUBLIC ${bare_folder}/libchipmunk-bare.a)
add_dependencies(para_bare para_bare_copy)
if(TARGET paracosm)
    target_link_libraries(paracosm PRIVATE para_bare)
endif()
