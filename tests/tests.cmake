# The one test program. Each room lists its test files in tests/sources_<room>.cmake and its groups
# in tests/list.def.
pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)
foreach(room base world worlds agents draw apps)
    include(${CMAKE_SOURCE_DIR}/tests/sources_${room}.cmake)
    string(TOUPPER ${room} name)
    list(APPEND test_sources ${PARA_${name}_TESTS})
endforeach()
add_executable(paracosm-tests tests/main.c ${test_sources})
target_link_libraries(paracosm-tests PRIVATE para_flags ${command_libraries} PkgConfig::cmocka)
target_compile_definitions(paracosm-tests PRIVATE
                           PARA_COMMAND="${CMAKE_BINARY_DIR}/paracosm" PARA_BUILD_DIR="${CMAKE_BINARY_DIR}")
if(window_sources)
    target_compile_definitions(paracosm-tests PRIVATE PARA_WINDOW)
endif()
add_test(NAME paracosm-tests COMMAND paracosm-tests)
add_executable(paracosm-wild ${PARA_WILD})
target_link_libraries(paracosm-wild PRIVATE para_flags para_world PkgConfig::cmocka)
