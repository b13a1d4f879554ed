// What stands still, laid under what moves: a texture, pixel for pixel.

struct Spot {
    @builtin(position) position: vec4<f32>,
    @location(0) uv: vec2<f32>,
}

@group(0) @binding(0) var backdrop: texture_2d<f32>;
@group(0) @binding(1) var backdrop_sampler: sampler;

@vertex
fn vs_main(@builtin(vertex_index) index: u32) -> Spot {
    let unit = vec2<f32>(f32(index & 1u), f32((index >> 1u) & 1u));
    var out: Spot;
    out.position = vec4<f32>(unit.x * 2.0 - 1.0, 1.0 - unit.y * 2.0, 0.0, 1.0);
    out.uv = unit;
    return out;
}

@fragment
fn fs_main(in: Spot) -> @location(0) vec4<f32> {
    return textureSampleLevel(backdrop, backdrop_sampler, in.uv, 0.0);
}
