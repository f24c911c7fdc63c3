// Flat forms.
flat out vec4 fill;
flat out vec4 edge;

void main()
{
    form(0.0, vec2(0.0));
    fill = fill_ink();
    edge = edge_ink();
}
