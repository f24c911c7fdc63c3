# Sound: recipes, voices and the mixer are pure; the device is SDL's. Linked to the command only.
set(PARA_SOUND_SOURCES
    engine/sound/book.c
    engine/sound/device.c
    engine/sound/mixer.c
    engine/sound/mixer_happen.c
    engine/sound/voice.c
    engine/sound/wav.c)

# The recipes become texts of the program, so that it runs from any folder.
set(para_sound_code "#include \"engine/sound/recipes.h\"\n")
foreach(recipe materials hums cues)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/assets/sounds/${recipe}.json)
    file(READ ${CMAKE_SOURCE_DIR}/assets/sounds/${recipe}.json bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND para_sound_code "const char para_sounds_${recipe}[] = {${bytes}0};\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/para_sounds.c CONTENT "${para_sound_code}" @ONLY)
list(APPEND PARA_SOUND_SOURCES ${CMAKE_BINARY_DIR}/para_sounds.c)
