// Flat forms: the fill, with a band of the edge just inside the border.
flat in vec4 fill;
flat in vec4 edge;

void main()
{
    vec2 normal;
    float distance = to_shape(pixel, normal);
    colour = mix(fill, edge, clamp(0.5 + distance + size.y, 0.0, 1.0)) * clamp(0.5 - distance, 0.0, 1.0);
}
