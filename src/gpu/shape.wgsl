// Rectangles with round corners, a line inside the edge and a vertical gradient.

struct Corner {
    @builtin(vertex_index) index: u32,
    // Upper left corner and size, layer pixels.
    @location(0) rect: vec4<f32>,
    // Upper left, upper right, lower right, lower left.
    @location(1) radii: vec4<f32>,
    // Layer width and height, then the width of the line.
    @location(2) layer_line: vec3<f32>,
    @location(3) top: vec4<f32>,
    @location(4) bottom: vec4<f32>,
    @location(5) line: vec4<f32>,
}

struct Spot {
    @builtin(position) position: vec4<f32>,
    @location(0) local: vec2<f32>,
    @location(1) @interpolate(flat) size_line: vec3<f32>,
    @location(2) @interpolate(flat) radii: vec4<f32>,
    @location(3) @interpolate(flat) top: vec4<f32>,
    @location(4) @interpolate(flat) bottom: vec4<f32>,
    @location(5) @interpolate(flat) line: vec4<f32>,
}

@vertex
fn vs_main(in: Corner) -> Spot {
    let unit = vec2<f32>(f32(in.index & 1u), f32((in.index >> 1u) & 1u));
    let local = unit * in.rect.zw;
    let at = 2.0 * (in.rect.xy + local) / in.layer_line.xy - 1.0;
    var out: Spot;
    out.position = vec4<f32>(at.x, -at.y, 0.0, 1.0);
    out.local = local;
    out.size_line = vec3<f32>(in.rect.zw, in.layer_line.z);
    out.radii = in.radii;
    out.top = in.top;
    out.bottom = in.bottom;
    out.line = in.line;
    return out;
}

// Signed distance to the edge (negative inside), and 1 where the nearest edge is a round corner.
fn edge(p: vec2<f32>, size: vec2<f32>, radii: vec4<f32>) -> vec2<f32> {
    let centred = p - size * 0.5;
    let upper = select(radii.y, radii.x, centred.x < 0.0);
    let lower = select(radii.z, radii.w, centred.x < 0.0);
    let radius = select(lower, upper, centred.y < 0.0);
    let beyond = abs(centred) - size * 0.5 + radius;
    if beyond.x > 0.0 && beyond.y > 0.0 {
        return vec2<f32>(length(beyond) - radius, 1.0);
    }
    return vec2<f32>(max(beyond.x, beyond.y) - radius, 0.0);
}

fn premultiplied(colour: vec4<f32>) -> vec4<f32> {
    return vec4<f32>(colour.rgb * colour.a, colour.a);
}

@fragment
fn fs_main(in: Spot) -> @location(0) vec4<f32> {
    let size = in.size_line.xy;
    let line_width = in.size_line.z;
    let near = edge(in.local, size, in.radii);
    // Straight edges are exact; only round ones are smoothed.
    let coverage = select(1.0, clamp(0.5 - near.x, 0.0, 1.0), near.y > 0.5);
    let down = clamp(in.local.y / size.y, 0.0, 1.0);
    let fill = mix(premultiplied(in.top), premultiplied(in.bottom), down);
    var colour = fill;
    if line_width > 0.0 {
        let on_line = clamp(0.5 + near.x + line_width, 0.0, 1.0);
        let over = premultiplied(in.line) * on_line;
        colour = over + fill * (1.0 - over.a);
    }
    return colour * coverage;
}
