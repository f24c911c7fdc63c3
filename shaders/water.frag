// A fluid: clear at the surface, darker below, with a bright moving line on top and slow light inside.
flat in vec4 deep;
flat in vec4 line;
#ifdef PLANES
flat in float surfaces[PLANES]; // 1: a side that is a surface
#endif
flat in vec3 wave;
in vec2 world;

uniform vec4 water;
uniform vec2 up;
uniform vec4 ripples[4]; // where each began [m], its height now, its age [s]
uniform int ripple_count;

// Height [m] at a place along the surface of the waves that run from where something went through it.
float ripple(float along, vec2 across)
{
    float sum = 0.0;
    for (int i = 0; i < ripple_count; i++) {
        float far = abs(along - dot(ripples[i].xy, across)), front = 0.25 + 2.6 * ripples[i].w;
        float near = clamp(1.0 - abs(far - front + 0.5) / 1.3, 0.0, 1.0);
        sum += ripples[i].z * near * near * cos(7.0 * (far - front));
    }
    return sum;
}

void main()
{
    float along = dot(world, vec2(-up.y, -up.x));
    float swell = 0.55 * sin(1.7 * along + 1.3 * wave.z) + 0.3 * sin(3.1 * along - 1.9 * wave.z) + 0.15 * sin(7.3 * along + 2.7 * wave.z);
    float distance = -1e9, below = 1e9, raised = ripple(along, vec2(-up.y, -up.x)) * wave.y;
#ifdef PLANES
    for (int i = 0; i < PLANES; i++) {
        float off = dot(planes[i].xy, pixel) + planes[i].z - surfaces[i] * (wave.x * (swell - 0.6) + raised);
        below = surfaces[i] > 0.5 ? min(below, -off) : below;
        distance = max(distance, off);
    }
#else
    vec2 normal;
    distance = to_shape(pixel, normal);
#endif
    float depth = clamp(below / (3.0 * wave.y), 0.0, 1.0);
    float shafts = sin(2.3 * world.x + 0.9 * world.y + 0.5 * sin(1.1 * world.x + 0.7 * wave.z) + 0.4 * wave.z);
    vec3 tone = deep.rgb / max(deep.a, 0.01) * (1.25 - 0.5 * depth + 0.06 * shafts * (1.0 - depth));
    float body = water.z * (0.7 + 0.3 * depth);
    float width = max(0.05 * wave.y, 1.5), crest = below < 1e8 ? clamp(1.5 - abs(below - 0.5 * width) / width * 1.6, 0.0, 1.0) : 0.0;
    float foam = clamp(1.0 - below / (0.35 * wave.y), 0.0, 1.0) * 0.18;
    float bright = clamp(crest + foam, 0.0, 1.0) * water.w;
    vec3 crown = line.rgb / max(line.a, 0.01);
    float alpha = mix(body, 0.9, bright);
    colour = vec4(mix(tone * body, crown * 0.9, bright), alpha) * clamp(0.5 - distance, 0.0, 1.0);
}
