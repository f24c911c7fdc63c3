// A part of the sky: a gradient; a soft disc (sun, moon, cloud, star); or a ridge with a smooth border.
in vec4 paint;
#ifndef BAND
in vec3 inside;
#endif

out vec4 colour;

void main()
{
#ifdef BAND
    colour = vec4(paint.rgb, 1.0);
#elif defined(DISC)
    float disc = clamp((1.0 - length(inside.xy)) / max(inside.z, 1e-3), 0.0, 1.0);
    colour = vec4(paint.rgb, 1.0) * (paint.a * disc * disc * (3.0 - 2.0 * disc));
#else
    colour = vec4(paint.rgb, 1.0) * (paint.a * clamp(inside.y + 0.5, 0.0, 1.0));
#endif
}
