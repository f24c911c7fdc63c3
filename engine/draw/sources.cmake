# Software pictures: part of the library.
set(PARA_DRAW_SOURCES
    engine/draw/camera.c
    engine/draw/palette.c
    engine/draw/png.c
    engine/draw/raster.c
    engine/draw/scene.c
    engine/draw/scene_world.c
    engine/draw/terminal.c)
