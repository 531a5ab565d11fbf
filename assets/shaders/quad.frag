// One of PLAIN, CORNER, RGBA and I420 is defined; for pictures also TINTED where words stand on them, and DOUBTFUL
// where they may not show what is so now, also of plain colours.
in vec2 at;
in float tinted;
out vec4 color;
flat in vec3 tint;

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
float striped() {
    float across = mod(gl_FragCoord.x - gl_FragCoord.y, stripe.x);
    return clamp(across, 0.0, 1.0) * clamp(stripe.y - across, 0.0, 1.0);
}
vec3 doubted(vec3 rgb) {
    float grey = dot(rgb, vec3(0.2126, 0.7152, 0.0722)) * 0.74 + 0.02;
    return vec3(mix(grey, 0.78, 0.20 * striped()));
}
#endif

void main() {
#ifdef CORNER
    color = vec4(tint, clamp(length(at) - tinted + 0.5, 0.0, 1.0));
#elif defined(PLAIN)
    color = vec4(tint, 1.0);
#ifdef DOUBTFUL
    color.rgb = mix(tint, vec3(0.9), 0.05 * striped());
#endif
#else
    vec3 rgb = seen();
#ifdef DOUBTFUL
    rgb = doubted(rgb);
#endif
#ifdef TINTED
    rgb = mix(rgb, tint, tinted);
#endif
    color = vec4(rgb, 1.0);
#endif
}
