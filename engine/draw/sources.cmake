# Software pictures: part of the library.
set(PARA_DRAW_SOURCES
    engine/draw/camera.c
    engine/draw/happen.c
    engine/draw/palette.c
    engine/draw/raster/chart.c
    engine/draw/raster/letters.c
    engine/draw/raster/png.c
    engine/draw/raster/raster.c
    engine/draw/scene.c
    engine/draw/scene_world.c
    engine/draw/raster/terminal.c)

# The window: SDL and OpenGL, linked to the command only.
set(PARA_DRAW_WINDOW_SOURCES
    engine/draw/gl/gl_view.c
    engine/draw/gl/text.c
    engine/draw/gl/window.c)

# The texts of shaders/ become bytes of the program, so that it runs from any folder.
set(para_shader_code "#include \"engine/draw/gl/shaders.h\"\n")
foreach(shader gl_view.vert gl_view.frag text.vert text.frag)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/shaders/${shader})
    file(READ ${CMAKE_SOURCE_DIR}/shaders/${shader} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(REPLACE "." "_" name ${shader})
    string(APPEND para_shader_code "const char para_shader_${name}[] = {${bytes}0};\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/para_shaders.c CONTENT "${para_shader_code}" @ONLY)
list(APPEND PARA_DRAW_WINDOW_SOURCES ${CMAKE_BINARY_DIR}/para_shaders.c)
