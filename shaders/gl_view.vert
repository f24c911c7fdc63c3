// One quad per primitive, just large enough for it; the fragment shader cuts the shape out.
layout(location = 0) in uvec4 head;     // kind, point count, fill ink, edge ink
layout(location = 1) in vec2 extent;    // radius, edge width [m]
layout(location = 2) in vec4 points[4]; // two points each [m]

uniform vec2 centre;   // [m]
uniform vec2 screen;   // [px] where the centre appears
uniform vec2 scale;    // [px/m], y negative where the world's y is up
uniform vec2 viewport; // [px]

flat out uvec4 shape;
flat out vec2 size;   // [px]
flat out vec4 at[4];  // [px]
out vec2 pixel;       // [px]

vec2 to_screen(vec2 world) { return screen + (world - centre) * scale; }

void main()
{
    vec2 low = vec2(1e9), high = vec2(-1e9);
    for (int i = 0; i < 4; i++) {
        at[i] = vec4(to_screen(points[i].xy), to_screen(points[i].zw));
        if (uint(2 * i) < head.y) {
            low = min(low, at[i].xy);
            high = max(high, at[i].xy);
        }
        if (uint(2 * i + 1) < head.y) {
            low = min(low, at[i].zw);
            high = max(high, at[i].zw);
        }
    }
    size = extent * abs(scale.x);
    if (head.x != 2u)
        size.x = max(size.x, 0.5); // what is thinner than a pixel keeps one
    if (size.y > 0.0)
        size.y = max(size.y, 1.0);
    shape = head;
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    pixel = mix(low - size.x - 1.0, high + size.x + 1.0, corner);
    gl_Position = vec4(pixel.x / viewport.x * 2.0 - 1.0, 1.0 - pixel.y / viewport.y * 2.0, 0.0, 1.0);
}
