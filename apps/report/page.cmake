# SPDX-License-Identifier: MIT
# Puts the page's style and script into a source file, byte by byte, so that the program has them wherever it runs.
# Made again when one of them changes.
set(PARA_PAGE_SOURCE ${CMAKE_BINARY_DIR}/report_page_data.c)
set(text "// Made by apps/report/page.cmake; do not edit.\n#include \"apps/report/page.h\"\n\n")
foreach(kind css js)
    set(path ${CMAKE_SOURCE_DIR}/apps/report/page.${kind})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
    file(READ ${path} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1, " bytes "${bytes}")
    string(APPEND text "const char para_page_${kind}[] = {${bytes}0};\n")
endforeach()
set(old "")
if(EXISTS ${PARA_PAGE_SOURCE})
    file(READ ${PARA_PAGE_SOURCE} old)
endif()
if(NOT "${old}" STREQUAL "${text}") # an equal file keeps its time, and is not compiled anew
    file(WRITE ${PARA_PAGE_SOURCE} "${text}")
endif()
