# SPDX-License-Identifier: MIT
# What the Python package carries beside its own files: the shared library, the window's where it is
# built, and the families. Read where PARA_PYTHON is on; python/pyproject.toml turns it on.
if(NOT TARGET paracosm_shared)
    message(FATAL_ERROR "the Python package needs the shared library: PARA_PYTHON with PARA_SHARED=OFF")
endif()
add_custom_target(paracosm_python DEPENDS paracosm_shared)

# One file in the wheel: no version behind its name, no symbolic links, no path of this machine.
set_target_properties(paracosm_shared PROPERTIES NO_SONAME ON INSTALL_RPATH "")
set_property(TARGET paracosm_shared PROPERTY SOVERSION)
install(TARGETS paracosm_shared LIBRARY DESTINATION paracosm COMPONENT python)
if(TARGET paracosm_window_shared)
    add_dependencies(paracosm_python paracosm_window_shared)
    set_target_properties(paracosm_window_shared PROPERTIES INSTALL_RPATH "$ORIGIN")
    install(TARGETS paracosm_window_shared LIBRARY DESTINATION paracosm COMPONENT python)
endif()
install(DIRECTORY ${CMAKE_SOURCE_DIR}/worlds/parts/ DESTINATION paracosm/parts COMPONENT python FILES_MATCHING PATTERN "*.json")
install(DIRECTORY ${CMAKE_SOURCE_DIR}/worlds/library/ DESTINATION paracosm/library COMPONENT python
        FILES_MATCHING PATTERN "*.json")
if(SKBUILD_METADATA_DIR)
    install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${SKBUILD_METADATA_DIR}/licenses COMPONENT python)
endif()
