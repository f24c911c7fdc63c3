// The halo of a form that matters: goals, hazards, fire.
layout(location = 6) in uvec4 tag; // flags low, flags high, surface, seed

uniform vec3 halo; // reach [m], strength, time [s]

flat out vec4 glow; // colour times strength; alpha: how much of what is behind it hides
flat out float reach; // [px]

uniform float veil; // [1] 0: light alone, as by night; 1: the halo hides what is behind it, as by day

void main()
{
    float metre = abs(scale.x), pace = (tag.x & 8u) != 0u ? 1.3 : 2.1;
    bool fire = (tag.x & 128u) != 0u;
    reach = max(halo.x * metre * (fire ? 1.4 : 1.0), 6.0);
    form(reach, vec2(0.0));
    vec4 ink = inks[min(fire || (tag.x & 64u) != 0u || head.w == 0u ? head.z : head.w, 95u)];
    float breath = fire ? 1.0 : 0.8 + 0.2 * sin(halo.z * pace + float(tag.w));
    glow = vec4(ink.rgb / max(ink.a, 0.01), veil) * halo.y * breath;
}
