# SPDX-License-Identifier: MIT
# Panels by Dear ImGui: the one room in C++, linked to the command only.
set(PARA_GUI_SOURCES
    engine/gui/gui.cpp)
