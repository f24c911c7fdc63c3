// What is behind a world: triangles laid out by gl_sky.c.
layout(location = 0) in vec2 place; // [px]
layout(location = 1) in vec4 tint;  // not premultiplied
layout(location = 2) in vec3 form;  // disc: -1..1 from its middle, softness > 0; ridge: any, [px] below it, -1

uniform vec2 viewport; // [px]

out vec4 paint;
#ifndef BAND
out vec3 inside;
#endif

void main()
{
    paint = tint;
#ifndef BAND
    inside = form;
#endif
    gl_Position = vec4(place.x / viewport.x * 2.0 - 1.0, 1.0 - place.y / viewport.y * 2.0, 0.0, 1.0);
}
