// Every pass over a scene begins so: one quad per primitive, turned as it is and just large enough for it and what
// the pass adds around it; the fragment shader cuts the form out (distance.glsl). Put before the vertex shader of
// a pass.
layout(location = 0) in uvec4 head;     // kind, point count, fill ink, edge ink
layout(location = 1) in vec2 extent;    // radius, edge width [m]
layout(location = 2) in vec4 points[4]; // two points each [m]

uniform vec2 centre;   // [m]
uniform vec2 screen;   // [px] where the centre appears
uniform vec2 scale;    // [px/m], y negative where the world's y is up
uniform vec2 viewport; // [px]
uniform vec4 inks[96]; // premultiplied

#if KIND == QUAD
#define PLANES 4
#elif KIND == SHARP || KIND == MIXED
#define PLANES 8
#endif
#if KIND == ROUNDED
#define SPOTS 4
#else
#define SPOTS 1
#endif

flat out vec2 size;      // [px] radius, edge width
out vec2 pixel;          // [px] of the form, not shifted
flat out vec4 at[SPOTS]; // [px] two points each
flat out uint count;
#ifdef PLANES
flat out vec3 planes[PLANES]; // the polygon's half-planes: normal outward, offset [px]
#endif

// The form in the frame of its first side, so that turned boxes and thin lines cost no pixels around them.
vec2 axis = vec2(1.0, 0.0);            // unit vector along that side [px axes]
vec2 low = vec2(1e9), high = -low; // [px] of its points, without the radius
float area = 0.0;                        // [px^2] of a polygon; its sign tells the winding

vec2 corner_at(int i) { return screen + ((i & 1) == 0 ? points[i >> 1].xy : points[i >> 1].zw) * scale - centre * scale; }
vec2 into_frame(vec2 p) { return vec2(dot(p, axis), dot(p, vec2(-axis.y, axis.x))); }
vec2 out_of_frame(vec2 p) { return p.x * axis + p.y * vec2(-axis.y, axis.x); }

void measure()
{
    int n = int(head.y);
    vec2 first = corner_at(n > 1 ? 1 : 0) - corner_at(0);
    if (dot(first, first) > 1e-6)
        axis = normalize(first);
    for (int i = 0; i < n; i++) {
        vec2 a = corner_at(i), b = corner_at(i + 1 < n ? i + 1 : 0), q = into_frame(a);
        low = min(low, q);
        high = max(high, q);
        area += 0.5 * (a.x * b.y - b.x * a.y);
    }
}

// What the fragment shader cuts the form out by.
void outline()
{
    int n = int(head.y);
#ifdef PLANES
    // Polygons may wind either way; the inside is where all half-planes are negative.
    for (int i = 0; i < PLANES; i++) {
        vec2 a = corner_at(i), along = corner_at(i + 1 < n ? i + 1 : 0) - a;
        vec2 normal = vec2(along.y, -along.x) / max(length(along), 1e-4) * (area > 0.0 ? 1.0 : -1.0);
        planes[i] = i < n ? vec3(normal, -dot(normal, a)) : vec3(0.0, 0.0, -1e9);
    }
#endif
    for (int i = 0; i < SPOTS; i++)
        at[i] = vec4(corner_at(2 * i), corner_at(2 * i + 1));
    count = head.y;
    if (n == 1)
        at[0].zw = at[0].xy; // a circle is a capsule without length
    size = extent * abs(scale.x);
    if (head.x != 2u)
        size.x = max(size.x, 0.5); // what is thinner than a pixel keeps one
    if (size.y > 0.0)
        size.y = max(size.y, 1.0);
}

// The vertex is at a place of the window, the whole moved by `shift` [px].
void place(vec2 spot, vec2 shift)
{
    pixel = spot;
    gl_Position = vec4((spot.x + shift.x) / viewport.x * 2.0 - 1.0, 1.0 - (spot.y + shift.y) / viewport.y * 2.0, 0.0, 1.0);
}

// A corner of the quad: `grow` [px] more on every side.
void form(float grow, vec2 shift)
{
    measure();
    outline();
    float more = size.x + 1.0 + grow;
    place(out_of_frame(mix(low - more, high + more, vec2(gl_VertexID & 1, gl_VertexID >> 1))), shift);
}

// The inks of the primitive; without an edge both are the fill.
vec4 fill_ink() { return inks[min(head.z, 95u)]; }
vec4 edge_ink() { return size.y > 0.0 ? inks[min(head.w, 95u)] : fill_ink(); }
