//! `gongshi demo`: the sample county from source to picture, without a display: every screen, every kind of kiosk
//! page, and a moving picture of a ticker.

use super::{
    folders::{FolderArgs, instant, shaper},
    harvest::{self, HarvestArgs},
    sample::{self, SampleArgs},
};
use crate::{
    config::{Screen, ScreenKind, Site},
    player::Offstage,
    schedule::programme_at,
    stage::Input,
    time::{SystemClock, WallTime},
};
use clap::Args;
use image::{
    Delay, Frame, RgbaImage,
    codecs::gif::{GifEncoder, Repeat},
    imageops::{FilterType, resize},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    #[command(flatten)]
    places: FolderArgs,
    /// The wall time of the pictures [default: now].
    #[arg(long, value_name = "RFC3339")]
    at: Option<String>,
    /// Where the pictures go.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Minutes of a week, in which each programme plays.
const WEEK_MINUTES: i64 = 7 * 24 * 60;

/// What a visitor does on a kiosk.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Taps these words.
    Tap(&'static str),
    /// Types this; `\n` is Enter, as a scanner sends it.
    Type(&'static str),
}
use Step::{Tap, Type};

/// What is done, in order, and the name of the picture taken then; none is taken where the name is empty.
const TOUR: [(Step, &str); 31] = [
    (Tap("搜 索"), ""),
    (Tap("按栏目查找"), "find"),
    (Tap("首页"), ""),
    (Tap("搜 索"), ""),
    (Tap("单位名录"), "directory"),
    (Tap("县财政局"), "directory-unit"),
    (Tap("首页"), ""),
    (Tap("搜 索"), ""),
    (Type("daolu"), "search"),
    (Tap("首页"), ""),
    (Tap("村务与三资"), "browse-village"),
    (Tap("村级资金账"), "list-village"),
    (Tap("更新到"), "register-county"),
    (Tap("示例镇"), ""),
    (Tap("示例村"), "register"),
    (Tap("村道维修材料款"), "row"),
    (Tap("点按图片可放大"), "voucher"),
    (Tap("点按图片再放大"), "voucher-closer"),
    (Tap("返回"), ""),
    (Tap("首页"), ""),
    (Tap("办件进度"), ""),
    (Type("SL202611090037\n"), "case"),
    (Tap("首页"), ""),
    (Tap("公共资源交易"), "browse"),
    (Tap("首页"), ""),
    (Tap("全部"), "list"),
    (Tap("乡村道路"), "article"),
    (Tap("大字版"), "article-large-type"),
    (Tap("首页"), "home-large-type"),
    (Tap("标准字"), ""),
    (Tap("低位操作"), "home-low-reach"),
];

/// Harvests, draws and says where the pictures are.
///
/// # Errors
/// Where a step fails; the message names it.
pub fn run(args: &DemoArgs, out: &mut impl Write) -> Result<(), String> {
    let places = places(args, out)?;
    harvest::run(&HarvestArgs { places: places.clone(), feeds: Vec::new(), accept: Vec::new() }, out)?;
    std::fs::create_dir_all(&args.out)
        .map_err(|e| format!("{}: {e}; name a folder that can be written", args.out.display()))?;
    let config = places.config()?;
    let at = args.at.as_deref();
    for (name, screen) in &config.screens {
        let mut stage = open(&places, name, at)?;
        save(&settled(&mut stage)?, &args.out.join(format!("{name}.png")), out)?;
        programmes(&places, (name, screen), at, &args.out, out)?;
        if screen.kind == ScreenKind::Kiosk {
            tour(&mut stage, name, &args.out, out)?;
        }
    }
    let walls = config.screens.iter().filter(|(_, s)| s.kind == ScreenKind::Led);
    // The flattest wall is the one that is all ticker.
    let moving = walls.max_by_key(|(_, s)| s.width / s.height.max(1));
    if let Some((name, _)) = moving {
        let stage = open(&places, name, at)?;
        animate(stage, &args.out.join(format!("{name}.gif")), out)?;
    }
    Ok(())
}

/// A picture of each programme of a wall that does not play now, at the next minute it does.
fn programmes(
    places: &FolderArgs,
    (name, screen): (&str, &Screen),
    at: Option<&str>,
    dir: &Path,
    out: &mut impl Write,
) -> Result<(), String> {
    let (start, zone) = (instant(at)?, places.config()?.site.zone());
    let plays = |at: Timestamp| programme_at(&screen.playlist, &WallTime::at(at, &zone)).map(str::to_owned);
    let mut taken = vec![plays(start)];
    for minute in 1..=WEEK_MINUTES {
        let later = start.saturating_add(SignedDuration::from_mins(minute)).unwrap_or(Timestamp::MAX);
        let program = plays(later);
        if let Some(named) = program.clone().filter(|_| !taken.contains(&program)) {
            let mut stage = open(places, name, Some(&later.to_string()))?;
            save(&settled(&mut stage)?, &dir.join(format!("{name}-{named}.png")), out)?;
            taken.push(program);
        }
    }
    Ok(())
}

/// The county to draw: the one named, else a sample made for the day of the pictures.
fn places(args: &DemoArgs, out: &mut impl Write) -> Result<FolderArgs, String> {
    let data = args.places.data.clone().unwrap_or_else(|| args.out.join("data"));
    let config = match &args.places.config {
        Some(config) => config.clone(),
        None => {
            let today = args.at.as_deref().map(|at| instant(Some(at))).transpose()?;
            let today = today.map(|at| WallTime::at(at, &Site::default().zone()).day());
            let sample = SampleArgs { out: args.out.clone(), villages: 0, years: 1, seed: 1, today, force: true };
            sample::run(&sample, &SystemClock::default(), out)?;
            args.out.join("kiosk-config")
        }
    };
    Ok(FolderArgs { config: Some(config), data: Some(data) })
}

fn open(places: &FolderArgs, name: &str, at: Option<&str>) -> Result<Offstage, String> {
    let config = places.config()?;
    let at = instant(at)?;
    let (store, edition) = places.store(&config, at)?;
    let stage = Offstage::new(&config, name, shaper(&config)?, at, 60);
    let mut stage = stage.map_err(|e| e.to_string())?;
    stage.open(store, &edition);
    Ok(stage)
}

/// Frames within which answers come and animations come to rest.
const SETTLING_FRAMES: usize = 90;

/// Lets answers and animations come to rest. Only what is looked at is drawn: where the processor draws, that is what costs.
fn settle(stage: &mut Offstage) {
    (0..SETTLING_FRAMES).for_each(|_| {
        stage.advance();
    });
}

/// Lets answers and animations come to rest, and takes the picture.
fn settled(stage: &mut Offstage) -> Result<RgbaImage, String> {
    settle(stage);
    stage.draw().map_err(|e| e.to_string())?;
    stage.picture().map_err(|e| e.to_string())
}

fn tour(stage: &mut Offstage, name: &str, dir: &Path, out: &mut impl Write) -> Result<(), String> {
    for (step, page) in TOUR {
        match step {
            Tap(words) => tap(stage, words).map_err(|e| format!("{name}: {e}"))?,
            Type(text) => text.chars().for_each(|c| stage.input(Input::Key(c))),
        }
        if page.is_empty() {
            settle(stage);
        } else {
            save(&settled(stage)?, &dir.join(format!("{name}-{page}.png")), out)?;
        }
    }
    Ok(())
}

fn tap(stage: &mut Offstage, words: &str) -> Result<(), String> {
    let place = stage.pipeline().scene().and_then(|scene| scene.find(words, stage.moment().frame));
    let Some([x, y]) = place else { return Err(format!("the page has no {words} to tap")) };
    stage.input(Input::Down { finger: 0, x, y });
    stage.advance();
    stage.skip(Duration::from_millis(60));
    stage.input(Input::Up { finger: 0, x, y });
    Ok(())
}

fn animate(mut stage: Offstage, file: &Path, out: &mut impl Write) -> Result<(), String> {
    let fail = |e: &dyn std::fmt::Display| format!("{}: {e}", file.display());
    let target = File::create(file).map_err(|e| fail(&e))?;
    let mut encoder = GifEncoder::new_with_speed(target, 30);
    encoder.set_repeat(Repeat::Infinite).map_err(|e| fail(&e))?;
    for number in 0..120 {
        stage.advance();
        if number % 3 == 0 {
            stage.draw().map_err(|e| e.to_string())?;
            let picture = stage.picture().map_err(|e| e.to_string())?;
            let small = resize(&picture, picture.width() / 2, picture.height() / 2, FilterType::Triangle);
            encoder
                .encode_frame(Frame::from_parts(small, 0, 0, Delay::from_numer_denom_ms(50, 1)))
                .map_err(|e| fail(&e))?;
        }
    }
    writeln!(out, "{}", file.display()).map_err(|e| e.to_string())
}

fn save(picture: &RgbaImage, file: &Path, out: &mut impl Write) -> Result<(), String> {
    picture.save(file).map_err(|e| format!("{}: {e}", file.display()))?;
    writeln!(out, "{}", file.display()).map_err(|e| e.to_string())
}
