// Gradients, ridges with a smooth border, soft discs: sun, moon, clouds and stars.
in vec4 paint;
in vec3 inside;

out vec4 colour;

void main()
{
    float disc = clamp((1.0 - length(inside.xy)) / max(inside.z, 1e-3), 0.0, 1.0);
    float cover = inside.z > 0.0 ? disc * disc * (3.0 - 2.0 * disc) : clamp(inside.y + 0.5, 0.0, 1.0);
    colour = vec4(paint.rgb, 1.0) * (paint.a * cover);
}
