//! Pictures that change by themselves, and other targets of the running renderer: parts, other formats.

use super::{PAPER, RED, Rig, at, count, layer, still};
use gongshi::{
    gpu::{FrameStats, Offscreen, Pixels, SoftwareTarget},
    scene::{Colour, Frame, Layer, Motion, Picture, Placed, Primitive, Rect, Scene, SurfaceSlot, frame},
    text::RichText,
    time::FrameTime,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

fn plain(colour: Colour) -> Arc<Picture> {
    let rgba = [colour.r, colour.g, colour.b, 255].repeat(40 * 20);
    Arc::new(Picture { width: 40, height: 20, rgba })
}

fn scene(slot: &Arc<SurfaceSlot>) -> Scene {
    let surface = Primitive::Surface { slot: Arc::clone(slot), rect: Rect::new(5.0, 4.0, 40.0, 20.0) };
    let body = layer(60, 40, vec![Primitive::fill(Rect::new(0.0, 0.0, 60.0, 40.0), RED), surface]);
    let clip = Rect::new(10.0, 10.0, 60.0, 40.0);
    let placed = vec![Placed { layer: body, x: 10, y: 10, clip, motion: Motion::Still }];
    Scene { width: 200, height: 120, refresh: 60, background: PAPER, placed }
}

fn at_frame(scene: &Scene, number: u64) -> Frame {
    frame(scene, FrameTime { frame: number, at: Duration::from_millis(16 * number) })
}

#[test]
fn a_new_picture_of_a_surface_is_drawn_without_a_new_layer() {
    let Some(mut rig) = Rig::any(200, 120) else { return };
    let woken = Arc::new(AtomicU32::new(0));
    let told = Arc::clone(&woken);
    let slot = SurfaceSlot::new("讲座直播", move || {
        told.fetch_add(1, Ordering::Relaxed);
    });
    let scene = scene(&slot);
    assert!(scene.to_string().contains("surface 5,4 40×20 of 讲座直播"), "{scene}");
    let (stats, picture) = rig.draw(&at_frame(&scene, 0));
    assert_eq!(stats, FrameStats { draws: 1, prepared_layers: 1 }, "nothing before the first picture");
    assert_eq!(count(&picture, RED), 60 * 40);
    for number in 1..130 {
        let colour = Colour::rgb(0, number, 200);
        slot.put(plain(Colour::BLACK));
        slot.put(plain(colour));
        let (stats, picture) = rig.draw(&at_frame(&scene, u64::from(number)));
        assert_eq!(stats, FrameStats { draws: 2, prepared_layers: 0 });
        assert_eq!((count(&picture, colour), count(&picture, RED)), (800, 60 * 40 - 800), "picture {number}");
    }
    assert_eq!(woken.load(Ordering::Relaxed), 258);
}

#[test]
fn a_surface_damages_what_it_covers_and_nothing_else() {
    let Some(mut rig) = Rig::any(8, 8) else { return };
    let slot = SurfaceSlot::new("预览", || {});
    let scene = scene(&slot);
    let (mut target, mut data) = (SoftwareTarget::new(&rig.gpu), vec![0; 200 * 120]);
    let mut show = |rig: &mut Rig, number: u64, age: u8| {
        let mut pixels = Pixels { data: &mut data, size: [200, 120], age };
        let frame = at_frame(&scene, number);
        let composed = target.draw(&rig.gpu, &mut rig.renderer, &mut rig.shaper, &frame, &mut pixels).unwrap();
        (composed.damage.rects().to_vec(), pixels.data[25 * 200 + 30] & 0xFF_FFFF)
    };
    assert_eq!(show(&mut rig, 0, 0), (vec![[0, 0, 200, 120]], 0xB3_261E));
    slot.put(plain(Colour::rgb(1, 2, 3)));
    assert_eq!(show(&mut rig, 1, 1), (vec![[15, 14, 40, 20]], 0x01_0203));
    assert_eq!(show(&mut rig, 2, 1), (vec![], 0x01_0203), "the same picture");
    slot.put(plain(Colour::rgb(9, 8, 7)));
    assert_eq!(show(&mut rig, 3, 1), (vec![[15, 14, 40, 20]], 0x09_0807));
}

#[test]
fn one_renderer_draws_in_several_formats_and_parts_of_a_canvas() {
    let Some(mut rig) = Rig::any(200, 120) else { return };
    let words = rig.words(&RichText::line("公示 2026 Agj", 30.0, true), RED);
    let body: Arc<Layer> = layer(180, 50, vec![words]);
    let frame = still(200, 120, PAPER, vec![at(&body, 12, 30, [12, 30, 180, 50])]);
    let (_, whole) = rig.draw(&frame);
    // A window's format in main memory, by the same renderer.
    let (mut target, mut data) = (SoftwareTarget::new(&rig.gpu), vec![0; 200 * 120]);
    let mut pixels = Pixels { data: &mut data, size: [200, 120], age: 0 };
    target.draw(&rig.gpu, &mut rig.renderer, &mut rig.shaper, &frame, &mut pixels).unwrap();
    let same = pixels.data.iter().map(|pixel| pixel.to_be_bytes()).map(|[_, r, g, b]| [r, g, b, 255]);
    assert!(same.eq(whole.pixels().map(|pixel| pixel.0)));
    // And slices of it.
    for part in [[0, 0, 200, 120], [50, 30, 70, 40], [199, 119, 1, 1]] {
        let mut slice = Offscreen::part(&rig.gpu, part);
        rig.renderer.render(&rig.gpu, &mut rig.shaper, &frame, &mut slice).unwrap();
        let [x, y, w, h] = part;
        let expected = image::imageops::crop_imm(&whole, x, y, w, h).to_image();
        assert_eq!(slice.read(&rig.gpu).unwrap(), expected, "{part:?}");
    }
    assert_eq!(rig.draw(&frame).1, whole);
}
