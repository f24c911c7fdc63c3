// Forms in light: the pattern of the material, a bevel lit from the upper left, a glint on what shines.
flat in vec4 fill;
flat in vec4 edge;
flat in vec4 matter;
flat in vec2 hatched;
flat in float under;
in vec3 stuff;

uniform sampler2DArray patterns;
uniform vec3 light; // colour of the light, 1 is plain

const vec2 SUN = vec2(-0.5, -0.866);

void main()
{
    vec2 normal;
    float distance = to_shape(pixel, normal);
    vec4 paint = mix(fill, edge, clamp(0.5 + distance + size.y, 0.0, 1.0));
    float pattern = texture(patterns, vec3(stuff.xy, matter.x)).r * 2.0 - 1.0;
    float rim = clamp(1.0 + distance * matter.w, 0.0, 1.0) * step(1e-6, matter.w);
    float lit = dot(normal, SUN), slope = rim * rim;
    float bright = 1.0 + pattern * matter.y * 0.5 + slope * lit * 0.16;
    bright *= 1.0 - 0.38 * clamp(stuff.z * 0.12, 0.0, 1.0);
    float hatch = clamp((abs(fract((pixel.x + pixel.y) * hatched.y) - 0.5) - 0.25) * 0.8 / hatched.y + 0.5, 0.0, 1.0);
    bright *= 1.0 - hatched.x * hatch;
    float glint = matter.z * slope * max(lit, 0.0) * max(lit, 0.0);
    vec3 shone = paint.rgb * (bright * light) + glint * paint.a;
    float cover = clamp(0.5 + (under > 0.0 ? stuff.z * under : -distance), 0.0, 1.0);
    colour = vec4(min(shone, vec3(1.0)), paint.a) * cover;
}
