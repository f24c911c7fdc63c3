// The shadow: full inside, fading over `soft` pixels on both sides of the border.
flat in float soft;

uniform vec4 shade;

void main()
{
    float fade = clamp(0.5 - to_around(pixel) / (2.0 * soft), 0.0, 1.0);
    float dark = shade.a * fade * fade * (3.0 - 2.0 * fade);
    colour = vec4(shade.rgb * dark, dark);
}
