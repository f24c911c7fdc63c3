// SPDX-License-Identifier: MIT
#pragma once
// A window that shows an env of a batch, for other languages. It lives in a library of its own,
// libparacosm_window.so, which needs SDL2 and OpenGL 3.3; libparacosm.so needs neither. Errors come through
// para_abi_error(). One window per process, used by one thread.
#include "agents/abi/abi.h"

typedef struct ParaAbiWindow ParaAbiWindow;

uint32_t para_abi_window_version(void); ///< PARA_ABI_VERSION it was built with
/// @param width, height 16..PARA_ABI_SIDE_MAX [screen units]
/// @return NULL without a display, or without OpenGL 3.3, with the reason in para_abi_error
ParaAbiWindow *para_abi_window_open(const char *title, int32_t width, int32_t height);
void para_abi_window_free(ParaAbiWindow *window); ///< NULL is fine
/// Shows env `env`, moving smoothly from what was shown last for as long as `seconds` [s, at most 1] at 60
/// frames per second; below 0: as long as a decision of the level lasts. A new level appears at once.
/// @return 1 if the person wants the window closed, 0 if not, or a negative ParaAbiCode
int32_t para_abi_window_show(ParaAbiWindow *window, ParaAbiBatch *batch, int32_t env, double seconds);
/// Size of the picture [px] at the last show.
int32_t para_abi_window_size(const ParaAbiWindow *window, int32_t *out_width, int32_t *out_height);
/// Copies the picture last shown. @param rgb out, [height, width, 3], top row first
int32_t para_abi_window_read(ParaAbiWindow *window, int32_t width, int32_t height, uint8_t *rgb);
