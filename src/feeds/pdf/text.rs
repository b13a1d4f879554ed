//! The text of a page, put together from where its glyphs stand.

use hayro::{
    hayro_interpret::{
        BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
        InterpreterSettings, SoftMask, TransformExt,
        font::{Glyph, GlyphRun},
        hayro_cmap::BfString,
        interpret_page,
    },
    hayro_syntax::page::Page,
    kurbo::{Affine, BezPath, Point, Rect, Vec2},
};

/// Glyphs of one page that are read.
const MAX_GLYPHS: usize = 200_000;
/// Units of a glyph's square.
const UNITS: f64 = 1000.0;
/// Lines at the top of a page among which a headline is looked for.
const TOP: usize = 12;

/// One line of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct PageLine {
    /// Its words.
    pub text: String,
    /// How large its largest glyph is, points.
    pub size: f64,
    top: f64,
    left: f64,
    right: f64,
}

struct Piece {
    text: String,
    at: Point,
    size: f64,
    /// How far it reaches along the line, points.
    wide: f64,
}

/// Collects glyphs; draws nothing.
struct Reader {
    pieces: Vec<Piece>,
}

impl Device<'_> for Reader {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        for glyph in run.glyphs() {
            if self.pieces.len() >= MAX_GLYPHS {
                return;
            }
            let text = match glyph.as_unicode() {
                Some(BfString::Char(c)) => c.to_string(),
                Some(BfString::String(text)) => text,
                None => continue,
            };
            let place = props.transform * glyph.transform();
            let at = place * Point::ZERO;
            let [a, b, c, d, _, _] = place.as_coeffs();
            let size = Vec2::new(c * UNITS, d * UNITS).hypot();
            let told = match &**glyph {
                Glyph::Outline(glyph) => glyph.advance_width(),
                Glyph::Type3(_) => None,
            };
            // Where a font does not say how wide its glyphs are: a square for Han, half of one for Latin.
            let guessed = || text.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum::<f64>() * size;
            let wide = told
                .filter(|w| *w > 0.0)
                .map_or_else(guessed, |w| f64::from(w) / UNITS * Vec2::new(a * UNITS, b * UNITS).hypot());
            if at.x.is_finite() && at.y.is_finite() && size.is_finite() && wide.is_finite() {
                self.pieces.push(Piece { text, at, size, wide });
            }
        }
    }
}

/// The lines of a page, from top to bottom.
pub fn lines<'a>(page: &'a Page<'a>, cache: &InterpreterCache<'a>, settings: &InterpreterSettings) -> Vec<PageLine> {
    let (width, height) = page.render_dimensions();
    let target = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform: Affine = page.initial_transform(true).to_kurbo();
    let mut context = Context::new(transform, target, cache, page.xref(), settings.clone());
    let mut reader = Reader { pieces: Vec::new() };
    interpret_page(page, &mut context, &mut reader);
    joined(segments(reader.pieces))
}

/// Glyphs that follow each other on one base line.
fn segments(pieces: Vec<Piece>) -> Vec<PageLine> {
    let mut lines: Vec<PageLine> = Vec::new();
    for Piece { text, at, size, wide } in pieces {
        let is_blank = text.chars().all(char::is_whitespace);
        if let Some(line) = lines.last_mut() {
            let gap = at.x - line.right;
            let is_beside =
                (line.top - at.y).abs() < 0.4 * size.max(line.size) && gap > -1.2 * size && gap < 2.5 * size;
            if is_beside {
                // Between Latin words a fifth of a square is a space; Han may be spread wider without one.
                let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_graphic());
                let both = is_latin(line.text.chars().next_back()) && is_latin(text.chars().next());
                if gap > if both { 0.16 } else { 0.8 } * size && !line.text.ends_with(' ') {
                    line.text.push(' ');
                }
                line.text.push_str(&text);
                line.right = at.x + wide;
                line.size = if is_blank { line.size } else { line.size.max(size) };
                continue;
            }
        }
        if !is_blank {
            lines.push(PageLine { text, size, top: at.y, left: at.x, right: at.x + wide });
        }
    }
    lines
}

/// Segments at one height as one line, from left to right.
fn joined(mut segments: Vec<PageLine>) -> Vec<PageLine> {
    segments.sort_by(|a, b| a.top.total_cmp(&b.top));
    let mut rows: Vec<Vec<PageLine>> = Vec::new();
    for segment in segments {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|f| (f.top - segment.top).abs() < 0.35 * f.size.max(segment.size)) => {
                row.push(segment);
            }
            _ => rows.push(vec![segment]),
        }
    }
    let row = |mut row: Vec<PageLine>| {
        row.sort_by(|a, b| a.left.total_cmp(&b.left));
        let text =
            row.iter().map(|s| s.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join(" ");
        let most = |f: fn(&PageLine) -> f64| row.iter().map(f).fold(f64::MIN, f64::max);
        let (size, right) = (most(|s| s.size), most(|s| s.right));
        let (top, left) = row.first().map_or((0.0, 0.0), |s| (s.top, s.left));
        PageLine { text, size, top, left, right }
    };
    rows.into_iter().map(row).filter(|line| !line.text.is_empty()).collect()
}

/// Lines as text: those that run to the edge go on in the next one.
pub fn flowing(lines: &[PageLine]) -> String {
    let edge = lines.iter().map(|l| l.right).fold(0.0, f64::max);
    let is_han = |c: char| !c.is_ascii() && c.is_alphabetic();
    let mut text = String::new();
    let mut before: Option<&PageLine> = None;
    for line in lines {
        let is_next = |b: &PageLine| {
            let is_alike = (b.size - line.size).abs() < 0.1 * line.size && line.top - b.top < 2.4 * line.size;
            is_alike
                && b.right >= edge - 2.0 * b.size
                && b.text.ends_with(|c: char| is_han(c) || "，、《（".contains(c))
        };
        let follows = before.is_some_and(is_next)
            && line.text.starts_with(|c: char| is_han(c) || "，。；、）》”".contains(c) || c.is_ascii_digit());
        if !text.is_empty() && !follows {
            text.push('\n');
        }
        text.push_str(&line.text);
        before = Some(line);
    }
    text
}

/// The largest lines at the top, where they are larger than most: a title.
pub fn headline(lines: &[PageLine]) -> Option<String> {
    let mut sizes: Vec<f64> = lines.iter().map(|l| l.size).collect();
    sizes.sort_by(f64::total_cmp);
    let usual = sizes.get(sizes.len() / 2).copied()?;
    let has_words = |l: &PageLine| l.text.chars().filter(|c| c.is_alphabetic()).count() >= 4;
    let top: Vec<&PageLine> = lines.iter().take(TOP).collect();
    // Below a document number stands the title; above it the red head, which is larger.
    let from = top.iter().position(|l| crate::feeds::document_number::number(&l.text).is_some()).map_or(0, |n| n + 1);
    let rest = || top.iter().skip(from).filter(|l| has_words(l));
    let largest = rest().map(|l| l.size).fold(0.0, f64::max);
    if largest < 1.15 * usual {
        return None;
    }
    let is_large = |l: &&&&PageLine| l.size > 0.93 * largest;
    let first = top.iter().skip(from).skip_while(|l| !(l.size > 0.93 * largest && has_words(l)));
    let words: String = first.take_while(|l| is_large(&l)).take(4).map(|l| l.text.as_str()).collect();
    Some(words).filter(|w| (4..=160).contains(&w.chars().count()))
}
