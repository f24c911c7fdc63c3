// Forms in light, made of something: the pattern of a material rests in the frame of its body.
layout(location = 6) in uvec4 tag;  // flags low, flags high, surface, seed
layout(location = 7) in vec4 frame; // origin [m], cosine and sine of the angle

flat out vec4 fill;
flat out vec4 edge;
flat out vec4 matter;  // layer of the texture, strength of its pattern, gloss, 1 / bevel [1/px]
flat out vec2 hatched; // how dark the hatches of hazards are, their pace [1/px]
flat out float under;  // ground below a line: [px/m] across that line, else 0
out vec3 stuff;        // place in the texture; depth below a terrain line [m]

const float METRES = 1.6; // [m] of one tile of the texture

// Of each surface: strength of the pattern, gloss, bevel [m].
const vec3 surfaces[9] = vec3[9](vec3(0.5, 0.10, 0.10), vec3(0.9, 0.05, 0.06), vec3(0.9, 0.04, 0.10),
                                 vec3(0.8, 0.40, 0.09), vec3(0.8, 0.30, 0.14), vec3(1.0, 0.45, 0.10),
                                 vec3(0.7, 0.16, 0.16), vec3(0.8, 0.00, 0.05), vec3(0.9, 0.00, 0.04));

void main()
{
    form(0.0, vec2(0.0));
    fill = fill_ink();
    edge = edge_ink();
    bool solid = (tag.x & 1u) != 0u, hazard = (tag.x & 8u) != 0u, deep = (tag.y & 4u) != 0u;
    uint surface = min(tag.z, 8u);
    vec3 made = surfaces[surface];
    float layer = deep ? 8.0 : float(surface);
    matter = solid ? vec4(layer, made.x * (deep ? 0.7 : 1.0), made.y, deep ? 0.0 : 1.0 / max(made.z * abs(scale.x), 2.0))
                   : vec4(0.0, 0.0, 0.0, 0.0);
    hatched = vec2(hazard ? 0.2 : 0.0, 1.0 / max(0.35 * abs(scale.x), 9.0));
    vec2 world = centre + (pixel - screen) / scale, off = world - frame.xy;
    vec2 inside = vec2(dot(off, frame.zw), dot(off, vec2(-frame.w, frame.z)));
    stuff.xy = inside / METRES + vec2(tag.w) * vec2(0.137, 0.319);
    // Pieces of ground lie side by side: each is cut by its own line alone, so that no seam shows.
    vec2 along = points[0].zw - points[0].xy;
    under = deep ? abs(scale.x * along.x) / max(length(along), 1e-4) : 0.0;
    stuff.z = deep ? points[0].y + along.y / (abs(along.x) > 1e-4 ? along.x : 1e-4) * (world.x - points[0].x) - world.y : 0.0;
}
