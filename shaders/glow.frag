// The halo: brightest at the border, gone after its reach; a faint rim inside.
flat in vec4 glow;
flat in float reach;

void main()
{
    float off = to_around(pixel) / reach;
    float fade = clamp(off > 0.0 ? 1.0 - off : 0.55 + 1.1 * off, 0.0, 1.0);
    colour = glow * fade * fade;
}
