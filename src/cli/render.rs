//! `gongshi render`: a screen to pictures, frame by frame.

use super::{
    folders::{FolderArgs, instant, shaper},
    script::{Drag, Tap, Typing, script},
};
use crate::player::Offstage;
use clap::Args;
use std::{io::Write, path::PathBuf, time::Duration};

/// Arguments of `render`.
#[derive(Debug, Args)]
pub struct RenderArgs {
    #[command(flatten)]
    places: FolderArgs,
    /// The name of the screen, as its file in screens/ has it.
    #[arg(long, value_name = "NAME")]
    screen: String,
    /// The wall time of the first frame [default: now].
    #[arg(long, value_name = "RFC3339")]
    at: Option<String>,
    /// Pictures written, one a frame.
    #[arg(long, default_value_t = 1)]
    frames: u32,
    /// Frames a second of the pictures; tickers move at the screen's speed all the same.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=1000))]
    fps: u32,
    /// A tap; may be given several times.
    #[arg(long = "tap", value_name = "X,Y@MS", allow_hyphen_values = true)]
    taps: Vec<Tap>,
    /// A drag; may be given several times.
    #[arg(long = "drag", value_name = "X1,Y1,X2,Y2@MS+MS", allow_hyphen_values = true)]
    drags: Vec<Drag>,
    /// Typed characters; may be given several times.
    #[arg(long = "type", value_name = "TEXT@MS")]
    typing: Vec<Typing>,
    /// Where the pictures go: frame-00000.png and on.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Draws the frames and writes each as a PNG.
pub fn run(args: &RenderArgs, out: &mut impl Write) -> Result<(), String> {
    let config = args.places.config()?;
    let start = instant(args.at.as_deref())?;
    let (store, edition) = args.places.store(&config, start)?;
    let stage = Offstage::new(&config, &args.screen, shaper(&config)?, start, args.fps);
    let mut stage = stage.map_err(|e| e.to_string())?;
    stage.open(store, &edition);
    std::fs::create_dir_all(&args.out)
        .map_err(|e| format!("{}: {e}; name a folder that can be written", args.out.display()))?;
    let mut inputs = script(&args.taps, &args.drags, &args.typing).into_iter().peekable();
    for number in 0..args.frames {
        let now = Duration::from_secs_f64(f64::from(number) / f64::from(args.fps));
        while let Some((_, input)) = inputs.next_if(|(at, _)| *at <= now) {
            stage.input(input);
        }
        stage.advance();
        stage.draw().map_err(|e| e.to_string())?;
        let file = args.out.join(format!("frame-{number:05}.png"));
        let picture = stage.picture().map_err(|e| e.to_string())?;
        picture.save(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    writeln!(out, "{} frames in {}", args.frames, args.out.display()).map_err(|e| e.to_string())
}
