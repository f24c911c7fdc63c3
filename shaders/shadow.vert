// The soft shadow of a form, a little below it and to the right.
uniform vec4 shade; // colour; alpha: how dark
uniform vec3 fall;  // shift to the right and down [m], softness [m]

flat out float soft; // [px]

void main()
{
    float metre = abs(scale.x);
    soft = max(fall.z * metre, 1.5);
    form(soft, fall.xy * metre);
}
