// Forms in light: the pattern of the material, a bevel lit from the upper left, a glint on what shines.
flat in vec4 fill;
flat in vec4 matter;
in vec2 stuff;
#ifdef DEEP
flat in float under;
in float depth;
#else
flat in vec4 edge;
flat in vec2 hatched;
#endif

uniform sampler2DArray patterns;
uniform vec3 light; // colour of the light, 1 is plain
uniform int grain;  // level of the patterns whose texels are about as large as pixels

const vec2 SUN = vec2(-0.5, -0.866);

// FINE: smooth at any scale. Else the one texel that is nearest, which takes a software OpenGL a quarter of the time.
float pattern()
{
#ifdef FINE
    return texture(patterns, vec3(stuff, matter.x)).r;
#else
    ivec2 side = textureSize(patterns, grain).xy;
    return texelFetch(patterns, ivec3(ivec2(floor(stuff * vec2(side))) & (side - 1), int(matter.x)), grain).r;
#endif
}

void main()
{
    float bright = 1.0 + (pattern() - 0.5) * matter.y;
#ifdef DEEP
    bright *= 1.0 - 0.38 * clamp(depth * 0.12, 0.0, 1.0);
    vec4 paint = vec4(fill.rgb * (bright * light), fill.a);
    float cover = clamp(0.5 + depth * under, 0.0, 1.0);
#else
    vec2 normal;
    float distance = to_shape(pixel, normal);
    vec4 paint = mix(fill, edge, clamp(0.5 + distance + size.y, 0.0, 1.0));
    float rim = clamp(1.0 + distance * matter.w, 0.0, 1.0) * step(1e-6, matter.w);
    float lit = dot(normal, SUN), slope = rim * rim;
    bright += slope * lit * 0.16;
    float hatch = clamp((abs(fract((pixel.x + pixel.y) * hatched.y) - 0.5) - 0.25) * 0.8 / hatched.y + 0.5, 0.0, 1.0);
    bright *= 1.0 - hatched.x * hatch;
    float glint = matter.z * slope * max(lit, 0.0) * max(lit, 0.0);
    paint.rgb = paint.rgb * (bright * light) + glint * paint.a;
    float cover = clamp(0.5 - distance, 0.0, 1.0);
#endif
    colour = vec4(min(paint.rgb, vec3(1.0)), paint.a) * cover;
}
