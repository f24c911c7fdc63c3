# The one test program. Each room lists its test files in tests/sources_<room>.cmake and its groups
# in tests/list.def.
pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)
foreach(room base world worlds agents draw apps)
    include(${CMAKE_SOURCE_DIR}/tests/sources_${room}.cmake)
    string(TOUPPER ${room} name)
    list(APPEND test_sources ${PARA_${name}_TESTS})
endforeach()
add_executable(paracosm-tests tests/main.c tests/jobs.c ${test_sources})
target_link_libraries(paracosm-tests PRIVATE para_flags ${command_libraries} PkgConfig::cmocka)
foreach(source tests/main.c ${test_sources}) # told to those alone that ask: see CMakeLists.txt
    file(STRINGS ${CMAKE_SOURCE_DIR}/${source} asks REGEX "PARA_(SOURCE_DIR|COMMAND|BUILD_DIR)" LIMIT_COUNT 1)
    if(asks)
        set_property(SOURCE ${source} APPEND PROPERTY COMPILE_DEFINITIONS PARA_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                     PARA_COMMAND="${CMAKE_BINARY_DIR}/paracosm" PARA_BUILD_DIR="${CMAKE_BINARY_DIR}")
    endif()
endforeach()
if(window_sources)
    target_compile_definitions(paracosm-tests PRIVATE PARA_WINDOW)
endif()
add_test(NAME paracosm-tests COMMAND paracosm-tests)
add_executable(paracosm-wild ${PARA_WILD})
target_link_libraries(paracosm-wild PRIVATE para_flags para_world PkgConfig::cmocka)
