// One of RGBA and I420 is defined for pictures, neither for a plain colour; DOUBTFUL for a picture that
// may not show what is so now.
in vec2 at;
in float tinted;
out vec4 color;
uniform vec3 tint;  // the plain colour, or what lies over the picture where words stand

#ifdef RGBA
uniform sampler2D picture;
vec3 seen() { return texture(picture, at).rgb; }
#endif

#ifdef I420
uniform sampler2D picture;  // luma
uniform sampler2D picture_u;
uniform sampler2D picture_v;
uniform mat3 to_rgb;
uniform vec3 offset;
vec3 seen() {
    vec3 yuv = vec3(texture(picture, at).r, texture(picture_u, at).r, texture(picture_v, at).r);
    return clamp(to_rgb * (yuv - offset), 0.0, 1.0);
}
#endif

#ifdef DOUBTFUL
uniform vec2 stripe;  // pixels from stripe to stripe, and of one
vec3 doubted(vec3 rgb) {
    float grey = dot(rgb, vec3(0.2126, 0.7152, 0.0722)) * 0.74 + 0.02;
    float across = mod(gl_FragCoord.x - gl_FragCoord.y, stripe.x);
    float edge = clamp(across, 0.0, 1.0) * clamp(stripe.y - across, 0.0, 1.0);
    return vec3(mix(grey, 0.78, 0.20 * edge));
}
#endif

void main() {
#if defined(RGBA) || defined(I420)
    vec3 rgb = seen();
#ifdef DOUBTFUL
    rgb = doubted(rgb);
#endif
    color = vec4(mix(rgb, tint, tinted), 1.0);
#else
    color = vec4(tint, 1.0);
#endif
}
