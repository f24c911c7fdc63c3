# SPDX-License-Identifier: MIT
# A private copy of Debian's libchipmunk.a whose outside symbols lead to our allocator, our maths and
# our silence. Defines the imported target `para_chipmunk` (link it into static, shared and programs).
# Nothing is vendored: the system's archive is renamed by objcopy at build time and then checked with nm.

find_program(PARA_OBJCOPY objcopy REQUIRED)
find_program(PARA_NM nm REQUIRED)
find_path(PARA_CHIPMUNK_INCLUDE chipmunk/chipmunk_structs.h REQUIRED)
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libchipmunk.a
                OUTPUT_VARIABLE PARA_CHIPMUNK_ARCHIVE OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT IS_ABSOLUTE "${PARA_CHIPMUNK_ARCHIVE}")
    find_file(PARA_CHIPMUNK_FOUND libchipmunk.a PATHS /usr/lib/x86_64-linux-gnu /usr/lib /usr/local/lib
              REQUIRED)
    set(PARA_CHIPMUNK_ARCHIVE ${PARA_CHIPMUNK_FOUND})
endif()

# old=new; every use of the old name inside the archive is redirected. Our side is chipmunk/alloc.c.
set(PARA_CHIPMUNK_RENAMES
    calloc=para_cp_calloc realloc=para_cp_realloc free=para_cp_free
    sincos=para_sincos cos=para_cos pow=para_cp_pow exp=para_exp
    puts=para_cp_puts __printf_chk=para_cp_printf __fprintf_chk=para_cp_fprintf
    __vfprintf_chk=para_cp_vfprintf fputc=para_cp_fputc stderr=para_cp_stderr
    abort=para_cp_abort)
set(PARA_CHIPMUNK_FLAGS "")
set(PARA_CHIPMUNK_OLD "")
foreach(rename IN LISTS PARA_CHIPMUNK_RENAMES)
    list(APPEND PARA_CHIPMUNK_FLAGS --redefine-sym=${rename})
    string(REGEX REPLACE "=.*" "" old ${rename})
    list(APPEND PARA_CHIPMUNK_OLD ${old})
endforeach()

set(PARA_CHIPMUNK_COPY ${CMAKE_BINARY_DIR}/libchipmunk-para.a)
string(REPLACE ";" "," PARA_CHIPMUNK_OLD_TEXT "${PARA_CHIPMUNK_OLD}")
add_custom_command(
    OUTPUT ${PARA_CHIPMUNK_COPY}
    COMMAND ${PARA_OBJCOPY} ${PARA_CHIPMUNK_FLAGS} ${PARA_CHIPMUNK_ARCHIVE} ${PARA_CHIPMUNK_COPY}
    COMMAND ${CMAKE_COMMAND} -DNM=${PARA_NM} -DARCHIVE=${PARA_CHIPMUNK_COPY}
            -DOLD=${PARA_CHIPMUNK_OLD_TEXT} -P ${CMAKE_CURRENT_LIST_DIR}/check_symbols.cmake
    DEPENDS ${PARA_CHIPMUNK_ARCHIVE} ${CMAKE_CURRENT_LIST_DIR}/check_symbols.cmake
            ${CMAKE_CURRENT_LIST_FILE}
    COMMENT "Redirecting the symbols of libchipmunk.a" VERBATIM)
add_custom_target(para_chipmunk_copy DEPENDS ${PARA_CHIPMUNK_COPY})

add_library(para_chipmunk STATIC IMPORTED GLOBAL)
set_target_properties(para_chipmunk PROPERTIES
    IMPORTED_LOCATION ${PARA_CHIPMUNK_COPY}
    INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${PARA_CHIPMUNK_INCLUDE})
add_dependencies(para_chipmunk para_chipmunk_copy)
# The archive is not position independent in every word; hiding its symbols inside a shared library
# makes all of them resolvable at link time (and keeps them from other users of Chipmunk).
target_link_options(para_chipmunk INTERFACE LINKER:--exclude-libs,libchipmunk-para.a)
