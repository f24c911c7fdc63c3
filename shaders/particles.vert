// Sparks, dust, smoke, drops and shards: a quad each.
layout(location = 0) in vec4 spot; // middle [m], half size [m], angle [rad]
layout(location = 1) in vec4 tint; // not premultiplied
layout(location = 2) in vec2 form; // softness 0..1 (of a disc; below 0: a shard), share of light in it 0..1

uniform vec2 centre;
uniform vec2 screen;
uniform vec2 scale;
uniform vec2 viewport;

flat out vec4 paint;
flat out vec2 kind;
out vec2 inside; // -1..1

void main()
{
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    float size = max(spot.z * abs(scale.x), 0.8), c = cos(spot.w), s = sin(spot.w);
    vec2 pixel = screen + (spot.xy - centre) * scale + (size + 1.0) * vec2(c * corner.x + s * corner.y, c * corner.y - s * corner.x);
    paint = vec4(tint.rgb * tint.a, tint.a);
    kind = vec2(form.x, form.y);
    inside = corner * (size + 1.0) / size;
    gl_Position = vec4(pixel.x / viewport.x * 2.0 - 1.0, 1.0 - pixel.y / viewport.y * 2.0, 0.0, 1.0);
}
