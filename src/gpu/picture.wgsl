// Pictures stretched over rectangles, with round corners and a tint. Their colours are premultiplied.

struct Corner {
    @builtin(vertex_index) index: u32,
    // Upper left corner and size, layer pixels.
    @location(0) rect: vec4<f32>,
    // Upper left corner and size of the part shown, 0 to 1.
    @location(1) part: vec4<f32>,
    // Layer width and height, then the corner radius.
    @location(2) layer_radius: vec3<f32>,
    @location(3) tint: vec4<f32>,
}

struct Spot {
    @builtin(position) position: vec4<f32>,
    @location(0) local: vec2<f32>,
    @location(1) uv: vec2<f32>,
    @location(2) @interpolate(flat) size_radius: vec3<f32>,
    @location(3) @interpolate(flat) part: vec4<f32>,
    @location(4) @interpolate(flat) tint: vec4<f32>,
}

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var picture_sampler: sampler;

@vertex
fn vs_main(in: Corner) -> Spot {
    let unit = vec2<f32>(f32(in.index & 1u), f32((in.index >> 1u) & 1u));
    let local = unit * in.rect.zw;
    let at = 2.0 * (in.rect.xy + local) / in.layer_radius.xy - 1.0;
    var out: Spot;
    out.position = vec4<f32>(at.x, -at.y, 0.0, 1.0);
    out.local = local;
    out.uv = in.part.xy + unit * in.part.zw;
    out.size_radius = vec3<f32>(in.rect.zw, in.layer_radius.z);
    out.part = in.part;
    out.tint = in.tint;
    return out;
}

@fragment
fn fs_main(in: Spot) -> @location(0) vec4<f32> {
    // Smooth sampling must not reach beyond the part shown.
    let half_texel = min(0.5 / vec2<f32>(textureDimensions(picture)), in.part.zw * 0.5);
    let uv = clamp(in.uv, in.part.xy + half_texel, in.part.xy + in.part.zw - half_texel);
    let texel = textureSampleLevel(picture, picture_sampler, uv, 0.0);
    let size = in.size_radius.xy;
    let radius = in.size_radius.z;
    let beyond = abs(in.local - size * 0.5) - size * 0.5 + radius;
    var coverage = 1.0;
    if beyond.x > 0.0 && beyond.y > 0.0 {
        coverage = clamp(0.5 + radius - length(beyond), 0.0, 1.0);
    }
    return texel * vec4<f32>(in.tint.rgb * in.tint.a, in.tint.a) * coverage;
}
