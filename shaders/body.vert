// Forms in light, made of something: the pattern of a material rests in the frame of its body. DEEP: ground
// below a piece of a terrain line, cut by that line alone, so that no seam shows between pieces.
layout(location = 6) in uvec4 tag;  // flags low, flags high, surface, seed
layout(location = 7) in vec4 frame; // origin [m], cosine and sine of the angle

flat out vec4 fill;
flat out vec4 matter;  // layer of the texture, strength of its pattern, gloss, 1 / bevel [1/px]
out vec2 stuff;        // place in the texture
#ifdef DEEP
flat out float under;  // [px/m] across the line
out float depth;       // [m] below the line
#else
flat out vec4 edge;
flat out vec2 hatched; // how dark the hatches of hazards are, their pace [1/px]
#endif

const float METRES = 1.6; // [m] of one tile of the texture, as in gl_materials.h

// Of each surface: strength of the pattern, gloss, bevel [m].
const vec3 surfaces[9] = vec3[9](vec3(0.5, 0.10, 0.10), vec3(0.9, 0.05, 0.06), vec3(0.9, 0.04, 0.10),
                                 vec3(0.8, 0.40, 0.09), vec3(0.8, 0.30, 0.14), vec3(1.0, 0.45, 0.10),
                                 vec3(0.7, 0.16, 0.16), vec3(0.8, 0.00, 0.05), vec3(0.9, 0.00, 0.04));

// Where the pattern is here.
void rest_pattern(vec2 world)
{
    vec2 off = world - frame.xy;
    vec2 inside = vec2(dot(off, frame.zw), dot(off, vec2(-frame.w, frame.z)));
    stuff = inside / METRES + vec2(tag.w) * vec2(0.137, 0.319);
}

#ifdef DEEP
void main()
{
    // Between its upright sides, from the line on down.
    vec2 a = corner_at(0), b = corner_at(1), along = b - a, far = corner_at(2), near = corner_at(3);
    float left = min(min(a.x, b.x), min(near.x, far.x)) - 1.0, right = max(max(a.x, b.x), max(near.x, far.x)) + 1.0;
    float slope = along.y / (abs(along.x) > 1e-3 ? along.x : 1e-3);
    float x = (gl_VertexID & 1) == 0 ? left : right, line = clamp(a.y + slope * (x - a.x), min(a.y, b.y), max(a.y, b.y));
    float top = line - min(1.5 * sqrt(1.0 + slope * slope), 12.0);
    outline();
    place(vec2(x, gl_VertexID < 2 ? top : max(far.y, near.y) + 1.0), vec2(0.0));
    fill = fill_ink();
    matter = vec4(8.0, 0.7 * surfaces[min(tag.z, 8u)].x, 0.0, 0.0);
    vec2 world = centre + (pixel - screen) / scale, way = points[0].zw - points[0].xy;
    rest_pattern(world);
    under = abs(scale.x * way.x) / max(length(way), 1e-4);
    depth = points[0].y + way.y / (abs(way.x) > 1e-4 ? way.x : 1e-4) * (world.x - points[0].x) - world.y;
}
#else
void main()
{
    form(0.0, vec2(0.0));
    fill = fill_ink();
    edge = edge_ink();
    bool solid = (tag.x & 1u) != 0u, hazard = (tag.x & 8u) != 0u;
    uint surface = min(tag.z, 8u);
    vec3 made = surfaces[surface];
    matter = solid ? vec4(float(surface), made.xy, 1.0 / max(made.z * abs(scale.x), 2.0)) : vec4(0.0);
    hatched = vec2(hazard ? 0.2 : 0.0, 1.0 / max(0.35 * abs(scale.x), 9.0));
    rest_pattern(centre + (pixel - screen) / scale);
}
#endif
