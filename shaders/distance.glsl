// Signed distance to a circle, capsule or convex polygon, negative inside; coverage from it gives smooth
// borders. Compiled once per kind: a software OpenGL walks every branch for every pixel. Put before the
// fragment shader of a pass.
flat in vec2 size;
in vec2 pixel;
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
flat in vec4 at[SPOTS];
flat in uint count;
#ifdef PLANES
flat in vec3 planes[PLANES];
#endif
out vec4 colour;

vec2 from_segment(vec2 p, vec2 a, vec2 b)
{
    vec2 along = b - a, off = p - a;
    return off - along * clamp(dot(off, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
}

// Distance [px], and the direction out of the form at the nearest place of its border.
#if KIND == ROUNDED
// Exact (after Inigo Quilez, "2D distance functions").
float to_shape(vec2 p, out vec2 normal)
{
    vec2 q[8] = vec2[8](at[0].xy, at[0].zw, at[1].xy, at[1].zw, at[2].xy, at[2].zw, at[3].xy, at[3].zw);
    float nearest = 1e9, side = 1.0;
    normal = vec2(0.0, -1.0);
    for (int i = 0; i < int(count); i++) {
        vec2 a = q[i], b = q[i + 1 < int(count) ? i + 1 : 0];
        nearest = min(nearest, length(from_segment(p, a, b)));
        bvec3 cross_up = bvec3(p.y >= a.y, p.y < b.y, (b.x - a.x) * (p.y - a.y) > (b.y - a.y) * (p.x - a.x));
        if (all(cross_up) || !any(cross_up))
            side = -side;
    }
    return side * nearest - size.x;
}
#elif KIND == QUAD || KIND == SHARP
// Without a root: the farthest of the half-planes.
float to_shape(vec2 p, out vec2 normal)
{
    float farthest = -1e9;
    normal = vec2(0.0, -1.0);
    for (int i = 0; i < PLANES; i++) {
        float off = dot(planes[i].xy, p) + planes[i].z;
        normal = off > farthest ? planes[i].xy : normal;
        farthest = max(farthest, off);
    }
    return farthest;
}
#elif KIND == MIXED
// Either way for every pixel, and then the one that counts.
float to_shape(vec2 p, out vec2 normal)
{
    vec2 off = from_segment(p, at[0].xy, at[0].zw), side = vec2(0.0, -1.0);
    float far = length(off), farthest = -1e9;
    for (int i = 0; i < PLANES; i++) {
        float out_of = dot(planes[i].xy, p) + planes[i].z;
        side = out_of > farthest ? planes[i].xy : side;
        farthest = max(farthest, out_of);
    }
    normal = count > 2u ? side : off / max(far, 1e-3);
    return count > 2u ? farthest : far - size.x;
}
#elif KIND == CAPSULE
float to_shape(vec2 p, out vec2 normal)
{
    vec2 off = from_segment(p, at[0].xy, at[0].zw);
    float far = length(off);
    normal = off / max(far, 1e-3);
    return far - size.x;
}
#else
float to_shape(vec2 p, out vec2 normal)
{
    vec2 off = p - at[0].xy;
    float far = length(off);
    normal = off / max(far, 1e-3);
    return far - size.x;
}
#endif

// Distance for what lies around a form, without its direction: outside of a polygon the root of the squares of all
// half-planes that are left behind, which is exact at right corners and rounds the others.
float to_around(vec2 p)
{
#if KIND == QUAD || KIND == SHARP
    float farthest = -1e9, square = 0.0;
    for (int i = 0; i < PLANES; i++) {
        float off = dot(planes[i].xy, p) + planes[i].z, beyond = max(off, 0.0);
        farthest = max(farthest, off);
        square += beyond * beyond;
    }
    return farthest > 0.0 ? sqrt(square) : farthest;
#else
    vec2 normal;
    return to_shape(p, normal);
#endif
}
