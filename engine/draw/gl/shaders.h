// SPDX-License-Identifier: MIT
#pragma once
// The texts of shaders/, put into the program at build time (engine/draw/sources.cmake), so that it runs
// from any folder. Without their version line: the loader puts it in front.
extern const char para_shader_form_glsl[];
extern const char para_shader_distance_glsl[];
extern const char para_shader_gl_view_vert[];
extern const char para_shader_gl_view_frag[];
extern const char para_shader_body_vert[];
extern const char para_shader_body_frag[];
extern const char para_shader_shadow_vert[];
extern const char para_shader_shadow_frag[];
extern const char para_shader_glow_vert[];
extern const char para_shader_glow_frag[];
extern const char para_shader_water_vert[];
extern const char para_shader_water_frag[];
extern const char para_shader_sky_vert[];
extern const char para_shader_sky_frag[];
extern const char para_shader_particles_vert[];
extern const char para_shader_particles_frag[];
extern const char para_shader_text_vert[];
extern const char para_shader_text_frag[];
