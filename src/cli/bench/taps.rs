//! A visitor who taps whatever there is: how long from the finger's lifting to the page.

use crate::{player::Offstage, stage::Input, time::Clock};
use std::time::Duration;

/// How long a tap holds.
const TAP_HOLD: Duration = Duration::from_millis(80);
/// Between two taps: less than makes a kiosk ask whether anyone is there.
const TAP_PAUSE: Duration = Duration::from_millis(700);

/// Taps `count` times, each time on another of the things that can be touched. Gives the milliseconds from each
/// release to the end of drawing the frame that answers it: reading the archive, laying out, shaping, encoding and
/// the GPU's own work. What a window adds is the wait for the display, at most one refresh.
///
/// # Errors
/// One sentence, where nothing can be touched or the GPU fails.
pub(super) fn measure(stage: &mut Offstage, clock: &impl Clock, count: u32) -> Result<Vec<f64>, String> {
    // The same taps in every run.
    let mut rng = fastrand::Rng::with_seed(1);
    let mut times = Vec::new();
    show(stage)?;
    for _ in 0..count {
        // A list is read further down at times, so that rows of its middle are opened too.
        if rng.usize(..4) == 0 {
            drag(stage, &mut rng)?;
        }
        let places = stage.touchable();
        let Some(place) = places.get(rng.usize(..places.len().max(1))) else {
            return Err("nothing on this screen can be touched; name a kiosk with --screen".into());
        };
        let (x, y) = (place.x + place.w / 2.0, place.y + place.h / 2.0);
        stage.input(Input::Down { finger: 0, x, y });
        show(stage)?;
        stage.skip(TAP_HOLD);
        let start = clock.monotonic();
        stage.input(Input::Up { finger: 0, x, y });
        show(stage)?;
        times.push(clock.monotonic().saturating_sub(start).as_secs_f64() * 1e3);
        stage.skip(TAP_PAUSE);
        show(stage)?;
    }
    Ok(times)
}

fn show(stage: &mut Offstage) -> Result<(), String> {
    // A question is asked by one scene and answered in the next.
    for _ in 0..2 {
        if stage.changed() {
            stage.advance();
            stage.draw().map_err(|e| e.to_string())?;
        }
    }
    stage.settle();
    Ok(())
}

/// A drag over a random part of the screen's height, with a fling at its end.
fn drag(stage: &mut Offstage, rng: &mut fastrand::Rng) -> Result<(), String> {
    let [width, height] = stage.size().map(|side| side as f32);
    let length = height * (0.1 + f32::from(rng.u8(..40)) / 100.0);
    let (x, from) = (width / 2.0, height * 0.8);
    stage.input(Input::Down { finger: 0, x, y: from });
    for step in 1..=8_u8 {
        stage.skip(Duration::from_millis(8));
        let y = from - length * f32::from(step) / 8.0;
        stage.input(Input::Move { finger: 0, x, y });
    }
    stage.input(Input::Up { finger: 0, x, y: from - length });
    for _ in 0..6 {
        show(stage)?;
        stage.skip(Duration::from_millis(250));
    }
    show(stage)
}
