// Signed distance to a circle, capsule or convex polygon; coverage from it gives smooth borders.
flat in uvec4 shape;
flat in vec2 size;
flat in vec4 at[4];
in vec2 pixel;
uniform vec4 inks[64]; // premultiplied
out vec4 colour;

float to_segment(vec2 p, vec2 a, vec2 b)
{
    vec2 along = b - a, off = p - a;
    float share = clamp(dot(off, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
    return length(off - along * share);
}

// Exact distance to a polygon, negative inside (after Inigo Quilez, "2D distance functions").
float to_polygon(vec2 p, vec2 q[8], int count)
{
    float nearest = 1e9, side = 1.0;
    for (int i = 0; i < count; i++) {
        vec2 a = q[i], b = q[i + 1 < count ? i + 1 : 0];
        nearest = min(nearest, to_segment(p, a, b));
        bvec3 cross_up = bvec3(p.y >= a.y, p.y < b.y, (b.x - a.x) * (p.y - a.y) > (b.y - a.y) * (p.x - a.x));
        if (all(cross_up) || !any(cross_up))
            side = -side;
    }
    return side * nearest;
}

void main()
{
    float distance;
    if (shape.x == 0u) {
        distance = length(pixel - at[0].xy) - size.x;
    } else if (shape.x == 1u) {
        distance = to_segment(pixel, at[0].xy, at[0].zw) - size.x;
    } else {
        vec2 q[8] = vec2[8](at[0].xy, at[0].zw, at[1].xy, at[1].zw, at[2].xy, at[2].zw, at[3].xy, at[3].zw);
        distance = to_polygon(pixel, q, int(shape.y)) - size.x;
    }
    float cover = clamp(0.5 - distance, 0.0, 1.0);
    if (cover <= 0.0)
        discard;
    vec4 fill = inks[shape.z & 63u];
    if (size.y > 0.0)
        fill = mix(fill, inks[shape.w & 63u], clamp(0.5 + distance + size.y, 0.0, 1.0));
    colour = fill * cover;
}
