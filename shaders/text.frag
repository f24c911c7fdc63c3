in vec2 place;
in vec4 tint;
uniform sampler2D atlas;
out vec4 colour;

void main()
{
    float cover = texture(atlas, place).r * tint.a;
    colour = vec4(tint.rgb * cover, cover);
}
