// Every pass over a scene begins so: one quad per primitive, just large enough for it and what the pass adds
// around it; the fragment shader cuts the form out (distance.glsl). Put before the vertex shader of a pass.
layout(location = 0) in uvec4 head;     // kind, point count, fill ink, edge ink
layout(location = 1) in vec2 extent;    // radius, edge width [m]
layout(location = 2) in vec4 points[4]; // two points each [m]

uniform vec2 centre;   // [m]
uniform vec2 screen;   // [px] where the centre appears
uniform vec2 scale;    // [px/m], y negative where the world's y is up
uniform vec2 viewport; // [px]
uniform vec4 inks[96]; // premultiplied

flat out vec2 size;    // [px] radius, edge width
out vec2 pixel;        // [px] of the form, not shifted
flat out vec4 at[4];     // [px] two points each
flat out uint count;
#if KIND == SHARP || KIND == MIXED
flat out vec3 planes[8]; // the polygon's half-planes: normal outward, offset [px]
#endif

vec2 corner_at(int i) { return screen + ((i & 1) == 0 ? points[i >> 1].xy : points[i >> 1].zw) * scale - centre * scale; }

// Places the corner: `grow` [px] more on every side, the whole moved by `shift` [px].
void form(float grow, vec2 shift)
{
    int n = int(head.y);
    vec2 low = vec2(1e9), high = vec2(-1e9);
    float area = 0.0;
    for (int i = 0; i < n; i++) {
        vec2 a = corner_at(i), b = corner_at(i + 1 < n ? i + 1 : 0);
        low = min(low, a);
        high = max(high, a);
        area += a.x * b.y - b.x * a.y;
    }
#if KIND == SHARP || KIND == MIXED
    // Polygons may wind either way; the inside is where all half-planes are negative.
    for (int i = 0; i < 8; i++) {
        vec2 a = corner_at(i), along = corner_at(i + 1 < n ? i + 1 : 0) - a;
        vec2 normal = vec2(along.y, -along.x) / max(length(along), 1e-4) * (area > 0.0 ? 1.0 : -1.0);
        planes[i] = i < n ? vec3(normal, -dot(normal, a)) : vec3(0.0, 0.0, -1e9);
    }
#endif
    for (int i = 0; i < 4; i++)
        at[i] = vec4(corner_at(2 * i), corner_at(2 * i + 1));
    count = head.y;
    if (n == 1)
        at[0].zw = at[0].xy; // a circle is a capsule without length
    size = extent * abs(scale.x);
    if (head.x != 2u)
        size.x = max(size.x, 0.5); // what is thinner than a pixel keeps one
    if (size.y > 0.0)
        size.y = max(size.y, 1.0);
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    pixel = mix(low - size.x - 1.0 - grow, high + size.x + 1.0 + grow, corner);
    gl_Position = vec4((pixel.x + shift.x) / viewport.x * 2.0 - 1.0, 1.0 - (pixel.y + shift.y) / viewport.y * 2.0, 0.0, 1.0);
}

// The inks of the primitive; without an edge both are the fill.
vec4 fill_ink() { return inks[min(head.z, 95u)]; }
vec4 edge_ink() { return size.y > 0.0 ? inks[min(head.w, 95u)] : fill_ink(); }
