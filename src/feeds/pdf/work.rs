//! The worker's side: bounds on itself first, then the document.

use super::{MAX_PAGES, Told, fonts::Fonts, frame, text};
use hayro::{
    PixmapSettings, RenderCache, RenderSettings,
    hayro_interpret::{InterpreterCache, InterpreterSettings},
    hayro_syntax::{LoadPdfError, Pdf, object::DateTime},
    render,
    vello_cpu::color::palette::css::WHITE,
};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use jiff::{Timestamp, civil, tz};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::{
    io::{Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// Bytes of memory the worker may ask for.
const MEMORY: u64 = 1 << 30;
/// The same beyond what is mapped at the start, where that is more: the allocator sets [`MEMORY`] aside before it is used.
const BEYOND: u64 = 128 << 20;
/// Bytes of a document.
const MOST: u64 = 256 * 1024 * 1024;
/// Pixels along a page's edge.
const LARGEST: u32 = 4096;
/// Characters of one page's text.
const PAGE_TEXT: usize = 20_000;
/// Characters of all pages' text.
const ALL_TEXT: usize = 2_000_000;

/// What the worker is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// The page to draw, from 1; `None` for the document's text.
    pub page: Option<u32>,
    /// The longest edge it is drawn with, pixels.
    pub edge: u32,
    /// Seconds of processor time it may use.
    pub seconds: u64,
}

/// Reads a document and writes one framed answer. What it may use is bounded before it reads the first byte.
///
/// # Errors
/// Where the streams or the bounds fail; what is wrong with the document is an answer.
pub fn work(job: Job, input: &mut impl Read, out: &mut impl Write) -> Result<(), String> {
    bound(job.seconds).map_err(|e| format!("the worker's bounds cannot be set ({e})"))?;
    let mut bytes = Vec::new();
    input.take(MOST + 1).read_to_end(&mut bytes).map_err(|e| format!("the document cannot be read ({e})"))?;
    let done = if bytes.len() as u64 > MOST {
        Err(format!("it is larger than {} MB", MOST >> 20))
    } else {
        catch_unwind(AssertUnwindSafe(|| answer(job, bytes))).unwrap_or_else(|_| Err(super::worker::BROKEN.to_owned()))
    };
    out.write_all(&frame::wrap(&done)).and_then(|()| out.flush()).map_err(|e| format!("no one listens ({e})"))
}

/// No more memory, time, files or core dumps than this; a document that wants more ends the process.
fn bound(seconds: u64) -> rustix::io::Result<()> {
    let bounds = [
        (Resource::As, MEMORY.max(mapped().unwrap_or(0) + BEYOND)),
        (Resource::Cpu, seconds.max(1)),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 32),
    ];
    for (resource, most) in bounds {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Bytes of address space that are mapped; `None` where the system does not tell.
fn mapped() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmSize:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}

fn answer(job: Job, bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    let fonts = Fonts::load();
    let settings = InterpreterSettings {
        font_resolver: Arc::new(move |query| fonts.find(query)),
        ..InterpreterSettings::default()
    };
    let pdf = Pdf::new(bytes).map_err(|e| match e {
        LoadPdfError::Decryption(_) => "the PDF is locked by a password; save it without one".to_owned(),
        LoadPdfError::Invalid => "it is no PDF that can be read; open it and save it anew".to_owned(),
    })?;
    if pdf.pages().is_empty() {
        return Err("the PDF has no pages".into());
    }
    match job.page {
        None => serde_json::to_vec(&told(&pdf, &settings)).map_err(|e| e.to_string()),
        Some(page) => drawn(&pdf, &settings, page, job.edge.clamp(16, LARGEST)),
    }
}

fn told(pdf: &Pdf, settings: &InterpreterSettings) -> Told {
    let mut told = Told { pages: pdf.pages().len(), ..Told::default() };
    let meta = pdf.metadata();
    told.title = meta.title.as_deref().map(words).filter(|t| !t.is_empty());
    told.author = meta.author.as_deref().map(words).filter(|t| !t.is_empty());
    told.created = meta.modification_date.or(meta.creation_date).and_then(|d| instant(&d));
    let cache = InterpreterCache::new();
    let mut left = ALL_TEXT;
    for (n, page) in pdf.pages().iter().take(MAX_PAGES).enumerate() {
        let lines = if left > 0 { text::lines(page, &cache, settings) } else { Vec::new() };
        if n == 0 {
            told.headline = text::headline(&lines);
        }
        let text: String = text::flowing(&lines).chars().take(PAGE_TEXT.min(left)).collect();
        left -= text.chars().count().min(left);
        told.texts.push(text);
    }
    told
}

/// A text of the document's properties: UTF-16 with its mark, UTF-8, or what old programs wrote in China.
fn words(bytes: &[u8]) -> String {
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [0xFF, 0xFE, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        _ if std::str::from_utf8(bytes).is_ok() => String::from_utf8_lossy(bytes),
        _ => encoding_rs::GB18030.decode_without_bom_handling(bytes).0,
    };
    let text: String =
        text.trim_start_matches('\u{FEFF}').chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn instant(date: &DateTime) -> Option<Timestamp> {
    let small = |n: u8| i8::try_from(n).ok();
    let day = civil::Date::new(i16::try_from(date.year).ok()?, small(date.month)?, small(date.day)?).ok()?;
    let time = civil::Time::new(small(date.hour)?, small(date.minute)?, small(date.second)?, 0).ok()?;
    let minutes = i32::from(date.utc_offset_hour) * 60 + i32::from(date.utc_offset_minute);
    let offset = tz::Offset::from_seconds(minutes * 60).ok()?;
    offset.to_timestamp(day.to_datetime(time)).ok()
}

fn drawn(pdf: &Pdf, settings: &InterpreterSettings, number: u32, edge: u32) -> Result<Vec<u8>, String> {
    let pages = pdf.pages();
    let index = number.checked_sub(1).and_then(|n| usize::try_from(n).ok());
    let page = index
        .and_then(|n| pages.get(n))
        .ok_or_else(|| format!("the PDF has {} pages, no page {number}", pages.len()))?;
    let (width, height) = page.render_dimensions();
    let longest = width.max(height);
    if !(longest.is_finite() && width.min(height) > 0.0) {
        return Err(format!("page {number} has no size"));
    }
    let scale = edge as f32 / longest;
    // An edge of less than a pixel is no page.
    let scales = [width, height].map(|side| if side * scale < 1.0 { 1.0 / side } else { scale });
    let drawing = PixmapSettings { x_scale: scales[0], y_scale: scales[1], bg_color: WHITE };
    let pixmap = render(page, &RenderCache::new(), settings, &RenderSettings::default(), &drawing);
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let pixels: Vec<[u8; 3]> = pixmap.data().iter().map(|p| [p.r, p.g, p.b]).collect();
    let is_grey = pixels.iter().all(|[r, g, b]| r == g && g == b);
    let (data, kind): (Vec<u8>, _) = if is_grey {
        (pixels.iter().map(|p| p[0]).collect(), ExtendedColorType::L8)
    } else {
        (pixels.concat(), ExtendedColorType::Rgb8)
    };
    let mut png = Vec::new();
    PngEncoder::new(&mut png).write_image(&data, width, height, kind).map_err(|e| format!("page {number}: {e}"))?;
    Ok(png)
}
