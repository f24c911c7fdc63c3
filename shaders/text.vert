layout(location = 0) in vec2 pixel;
layout(location = 1) in vec2 glyph;
layout(location = 2) in vec4 ink;
uniform vec2 viewport; // [px]
out vec2 place;
out vec4 tint;

void main()
{
    place = glyph;
    tint = ink;
    gl_Position = vec4(pixel.x / viewport.x * 2.0 - 1.0, 1.0 - pixel.y / viewport.y * 2.0, 0.0, 1.0);
}
