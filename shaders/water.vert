// A fluid: its area, whose sides against gravity move in waves.
uniform vec2 up;     // unit vector against gravity [px axes: y down]
uniform vec4 water;  // height of the waves [m], time [s], alpha of the body, of the surface line
uniform float reach; // [m] that waves rise above the area at the most

flat out vec4 deep;
flat out vec4 line;
#ifdef PLANES
flat out float surfaces[PLANES]; // 1: a side that is a surface
#endif
flat out vec3 wave;         // height [px], pixels per metre, time [s]
out vec2 world;             // [m]

void main()
{
    float metre = abs(scale.x);
    form(reach * metre + 2.0, vec2(0.0));
    deep = fill_ink();
    line = edge_ink();
    wave = vec3(water.x * metre, metre, water.y);
    world = centre + (pixel - screen) / scale;
#ifdef PLANES
    for (int i = 0; i < PLANES; i++)
        surfaces[i] = dot(planes[i].xy, up) > 0.7 ? 1.0 : 0.0;
#endif
}
