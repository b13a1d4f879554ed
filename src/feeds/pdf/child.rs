//! What the worker does with a PDF.

use super::{
    fonts::Fonts,
    said::{MAX_PAGES, PdfText},
    text,
};
use hayro::{
    PixmapSettings, RenderCache, RenderSettings,
    hayro_interpret::{InterpreterCache, InterpreterSettings},
    hayro_syntax::{LoadPdfError, Pdf, object::DateTime},
    render,
    vello_cpu::color::palette::css::WHITE,
};
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use jiff::{Timestamp, civil, tz};
use std::sync::Arc;

/// Pixels along a page's edge.
const LARGEST: u32 = 4096;
/// Characters of one page's text.
const PAGE_TEXT: usize = 20_000;
/// Characters of all pages' text.
const ALL_TEXT: usize = 2_000_000;

/// What a document says, as JSON, or one of its pages (from 1, with its longest edge in pixels) as a PNG.
///
/// # Errors
/// One sentence: it is locked, damaged, or has no such page.
pub fn answer(page: Option<(u32, u32)>, bytes: Vec<u8>) -> Result<Vec<u8>, String> {
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
    match page {
        None => serde_json::to_vec(&told(&pdf, &settings)).map_err(|e| e.to_string()),
        Some((page, edge)) => drawn(&pdf, &settings, page, edge.clamp(16, LARGEST)),
    }
}

fn told(pdf: &Pdf, settings: &InterpreterSettings) -> PdfText {
    let mut told = PdfText { pages: pdf.pages().len(), ..PdfText::default() };
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
