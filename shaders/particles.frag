// A disc, soft as its kind, or a three-cornered shard. Light is added to what is behind it, matter hides it.
flat in vec4 paint;
flat in vec2 kind;
in vec2 inside;

out vec4 colour;

void main()
{
    float disc = clamp((1.0 - length(inside)) / max(kind.x, 0.15), 0.0, 1.0);
    float shard = clamp((0.55 - max(abs(inside.x) * 0.87 + inside.y * 0.5, -inside.y)) * 6.0, 0.0, 1.0);
    float cover = kind.x < 0.0 ? shard : disc * disc;
    colour = vec4(paint.rgb, paint.a * (1.0 - kind.y)) * cover;
}
