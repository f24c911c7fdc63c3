// Signed distance to a circle, capsule or convex polygon; coverage from it gives smooth borders. Compiled
// once per kind: a software OpenGL walks every branch for every pixel.
flat in vec2 size;
flat in vec4 fill;
flat in vec4 edge;
in vec2 pixel;
#if KIND == SHARP
flat in vec3 planes[8];
#else
flat in vec4 at[4];
flat in uint count;
#endif
out vec4 colour;

float to_segment(vec2 p, vec2 a, vec2 b)
{
    vec2 along = b - a, off = p - a;
    float share = clamp(dot(off, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
    return length(off - along * share);
}

#if KIND == ROUNDED
// Exact distance to a polygon, negative inside (after Inigo Quilez, "2D distance functions").
float to_shape(vec2 p)
{
    vec2 q[8] = vec2[8](at[0].xy, at[0].zw, at[1].xy, at[1].zw, at[2].xy, at[2].zw, at[3].xy, at[3].zw);
    float nearest = 1e9, side = 1.0;
    for (int i = 0; i < int(count); i++) {
        vec2 a = q[i], b = q[i + 1 < int(count) ? i + 1 : 0];
        nearest = min(nearest, to_segment(p, a, b));
        bvec3 cross_up = bvec3(p.y >= a.y, p.y < b.y, (b.x - a.x) * (p.y - a.y) > (b.y - a.y) * (p.x - a.x));
        if (all(cross_up) || !any(cross_up))
            side = -side;
    }
    return side * nearest - size.x;
}
#elif KIND == SHARP
// Without a root: the farthest of the half-planes.
float to_shape(vec2 p)
{
    float farthest = -1e9;
    for (int i = 0; i < 8; i++)
        farthest = max(farthest, dot(planes[i].xy, p) + planes[i].z);
    return farthest;
}
#elif KIND == CAPSULE
float to_shape(vec2 p) { return to_segment(p, at[0].xy, at[0].zw) - size.x; }
#else
float to_shape(vec2 p) { return length(p - at[0].xy) - size.x; }
#endif

void main()
{
    float distance = to_shape(pixel);
    colour = mix(fill, edge, clamp(0.5 + distance + size.y, 0.0, 1.0)) * clamp(0.5 - distance, 0.0, 1.0);
}
