# Software pictures: part of the library.
set(PARA_DRAW_SOURCES
    engine/draw/camera.c
    engine/draw/happen.c
    engine/draw/look/colours.c
    engine/draw/look/governor.c
    engine/draw/look/look.c
    engine/draw/look/overlay.c
    engine/draw/look/particles.c
    engine/draw/palette.c
    engine/draw/raster/chart.c
    engine/draw/raster/icon.c
    engine/draw/raster/letters.c
    engine/draw/raster/png.c
    engine/draw/raster/raster.c
    engine/draw/scene.c
    engine/draw/scene_joints.c
    engine/draw/scene_shapes.c
    engine/draw/scene_world.c
    engine/draw/scene_zones.c
    engine/draw/raster/terminal.c)

# The window: SDL and OpenGL, linked to the command only.
set(PARA_DRAW_WINDOW_SOURCES
    engine/draw/gl/gl_form.c
    engine/draw/gl/gl_materials.c
    engine/draw/gl/gl_sky.c
    engine/draw/gl/gl_view.c
    engine/draw/gl/gl_world.c
    engine/draw/gl/text.c
    engine/draw/gl/window.c)

# The texts of files become bytes of the program, so that it runs from any folder.
# para_embed(<variable> <prefix> <folder> <files...>): sets the variable to their code, with dots as underscores.
function(para_embed variable prefix folder)
    set(code "")
    foreach(name ${ARGN})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/${name})
        file(READ ${CMAKE_SOURCE_DIR}/${folder}/${name} bytes HEX)
        string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
        string(REPLACE ".txt" "" word ${name})
        string(REPLACE "." "_" word ${word})
        string(APPEND code "const char ${prefix}${word}[] = {${bytes}0};\n")
    endforeach()
    set(${variable} "${code}" PARENT_SCOPE)
endfunction()

para_embed(para_palettes para_palette_ assets/palettes day.txt dusk.txt night.txt safe.txt)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/para_palettes.c
    CONTENT "#include \"engine/draw/look/palettes.h\"\n${para_palettes}" @ONLY)
list(APPEND PARA_DRAW_SOURCES ${CMAKE_BINARY_DIR}/para_palettes.c)

para_embed(para_shaders para_shader_ shaders form.glsl distance.glsl gl_view.vert gl_view.frag body.vert
    body.frag shadow.vert shadow.frag glow.vert glow.frag water.vert water.frag sky.vert sky.frag particles.vert
    particles.frag text.vert text.frag)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/para_shaders.c
    CONTENT "#include \"engine/draw/gl/shaders.h\"\n${para_shaders}" @ONLY)
list(APPEND PARA_DRAW_WINDOW_SOURCES ${CMAKE_BINARY_DIR}/para_shaders.c)
