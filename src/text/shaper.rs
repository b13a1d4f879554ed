//! Shaping: words to placed glyphs, with fallback fonts loaded the first time a character needs them.

use super::{
    ellipsis::{self, TOLERANCE},
    fonts::{FAMILY, FontError, FontPlace, FontRead},
    rich::{RichText, StyledSpan, TextAlign},
};
use cosmic_text::{
    Align, Attrs, Buffer, CacheKey, CacheKeyFlags, Color, Fallback, Family, FontSystem, Hinting, Metrics, Shaping,
    SwashCache, Weight, Wrap, fontdb,
};
use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// Words ready to be drawn anywhere, any number of times.
#[derive(Debug)]
pub struct ShapedText {
    /// The laid-out glyphs.
    pub buffer: Buffer,
    /// Width of the widest line, pixels.
    pub width: f32,
    /// Height of all lines, pixels.
    pub height: f32,
    /// Lines it was laid out in.
    pub lines: usize,
    /// See [`RichText::pixel`].
    pub pixel: bool,
    /// All its words, where only a beginning of them fits and is kept_words out.
    whole: Option<String>,
}

/// Where one glyph of a shaped text stands: the key of its outline at whole pixels, and its origin on the baseline.
#[derive(Debug, Clone, Copy)]
pub struct GlyphPlace {
    /// The outline, at subpixel position 0.
    pub key: CacheKey,
    /// Pixels from the text's left edge.
    pub x: i32,
    /// Pixels from the text's top edge to the baseline.
    pub y: i32,
    /// The glyph's own colour.
    pub colour: Option<[u8; 4]>,
}

impl ShapedText {
    /// Its words, those that did not fit included, with `between` for each line break.
    pub fn words(&self, between: &str) -> String {
        match &self.whole {
            Some(whole) => whole.replace('\n', between),
            None => self.buffer.lines.iter().map(|l| l.text()).collect::<Vec<_>>().join(between),
        }
    }

    /// Its glyphs at whole pixels.
    pub fn places(&self) -> impl Iterator<Item = GlyphPlace> + '_ {
        self.buffer.layout_runs().flat_map(|run| {
            let y = run.line_y.round() as i32;
            run.glyphs.iter().map(move |glyph| {
                let physical = glyph.physical((0.0, 0.0), 1.0);
                let mut key = physical.cache_key;
                key.x_bin = cosmic_text::SubpixelBin::Zero;
                key.y_bin = cosmic_text::SubpixelBin::Zero;
                let x = (glyph.x + glyph.font_size * glyph.x_offset).round() as i32;
                GlyphPlace { key, x, y: y + physical.y, colour: glyph.color_opt.map(|c| c.as_rgba()) }
            })
        })
    }
}

/// Fallback order for what the bundled family lacks.
struct HanFallback;

impl Fallback for HanFallback {
    fn common_fallback(&self) -> &[&'static str] {
        &[FAMILY, "HanaMinA", "HanaMinB"]
    }
    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }
    fn script_fallback(&self, _: unicode_script::Script, _: &str) -> &[&'static str] {
        &[]
    }
}

/// Shapes words. One per rendering thread: it is the only owner of the fonts.
pub struct Shaper {
    fonts: FontSystem,
    swash: SwashCache,
    place: FontPlace,
    unloaded: std::collections::VecDeque<PathBuf>,
    faces: Vec<(fontdb::ID, PathBuf)>,
    known: HashMap<char, bool>,
    shaped: u64,
    font_wait: Duration,
    /// Fonts that are still being read, though nobody waits for them.
    late: Vec<FontRead>,
}

/// How long a fallback font is waited for where nothing else waits meanwhile.
const FONT_WAIT: Duration = Duration::from_secs(10);

impl Shaper {
    /// Loads the bundled faces; fallbacks wait until they are needed.
    pub fn new(place: FontPlace) -> Result<Self, FontError> {
        let mut db = fontdb::Database::new();
        for file in &place.bundled {
            load(&mut db, file)?;
        }
        db.set_sans_serif_family(FAMILY);
        let faces = db.faces().map(|f| (f.id, place.bundled[0].clone())).take(1).collect();
        let fonts = FontSystem::new_with_locale_and_db_and_fallback("zh-CN".into(), db, HanFallback);
        let unloaded = place.fallback.iter().cloned().collect();
        Ok(Self {
            fonts,
            swash: SwashCache::new(),
            place,
            unloaded,
            faces,
            known: HashMap::new(),
            shaped: 0,
            font_wait: FONT_WAIT,
            late: Vec::new(),
        })
    }

    /// Shapes words and lays them out; what does not fit is closed by `…`.
    pub fn shape(&mut self, text: &RichText<'_>) -> ShapedText {
        for span in &text.spans {
            self.provide(span.text);
        }
        let shaped = self.layout(text, &text.spans);
        if text.max_lines == 0 || fits(text, &shaped) {
            return shaped;
        }
        let (ends, guess) = ellipsis::ends(text, &shaped.buffer);
        let closed = ellipsis::longest(&ends, guess, |end| {
            let closed = self.layout(text, &ellipsis::closed(&text.spans, end));
            let is_fit = fits(text, &closed);
            (closed, is_fit)
        });
        let whole = text.spans.iter().map(|s| s.text).collect();
        closed.map_or(shaped, |closed| ShapedText { whole: Some(whole), ..closed })
    }

    /// Characters shaped since it was made: what shaping costs goes with it.
    pub fn shaped(&self) -> u64 {
        self.shaped
    }

    /// Lays runs out in the manner of `text`, however many lines they take.
    fn layout(&mut self, text: &RichText<'_>, spans: &[StyledSpan<'_>]) -> ShapedText {
        self.shaped += spans.iter().map(|s| s.text.chars().count() as u64).sum::<u64>();
        let size = text.size.max(1.0);
        let metrics = Metrics::new(size, text.line_height.max(1.0));
        let mut buffer = Buffer::new_empty(metrics);
        buffer.set_hinting(if text.pixel { Hinting::Enabled } else { Hinting::Disabled });
        buffer.set_wrap(if text.width.is_some() && text.max_lines != 1 { Wrap::WordOrGlyph } else { Wrap::None });
        buffer.set_size(text.width, None);
        let attrs = |span: Option<&StyledSpan<'_>>| {
            let mut attrs = Attrs::new().family(Family::Name(FAMILY));
            attrs.cache_key_flags = CacheKeyFlags::DISABLE_HINTING;
            if let Some(span) = span {
                attrs = attrs.weight(if span.bold { Weight::BOLD } else { Weight::NORMAL });
                attrs.color_opt = span.colour.map(|[r, g, b, a]| Color::rgba(r, g, b, a));
            }
            if text.spacing != 0.0 { attrs.letter_spacing(text.spacing / size) } else { attrs }
        };
        let align = match text.align {
            TextAlign::Start => None,
            TextAlign::Centre => Some(Align::Center),
            TextAlign::End => Some(Align::Right),
        };
        let spans = spans.iter().map(|s| (s.text, attrs(Some(s))));
        buffer.set_rich_text(spans, &attrs(None), Shaping::Advanced, align);
        buffer.shape_until_scroll(&mut self.fonts, false);
        let (width, lines) = extent(&buffer);
        let height = lines as f32 * metrics.line_height;
        ShapedText { buffer, width, height, lines, pixel: text.pixel, whole: None }
    }

    /// Whether some font, loaded or not yet, has the character. Loads fallbacks as far as needed.
    pub fn covers(&mut self, c: char) -> bool {
        if let Some(&known) = self.known.get(&c) {
            return known;
        }
        let mut from = 0;
        let found = loop {
            if self.faces_cover(c, from) {
                break true;
            }
            from = self.faces.len();
            if !self.load_next() {
                break false;
            }
        };
        self.known.insert(c, found);
        found
    }

    /// The file that draws the character.
    pub fn file_for(&mut self, c: char) -> Option<PathBuf> {
        if !self.covers(c) {
            return None;
        }
        let faces = self.faces.clone();
        faces.into_iter().find(|(id, _)| self.face_covers(*id, c)).map(|(_, file)| file)
    }

    /// The files that its fonts come from.
    pub fn place(&self) -> &FontPlace {
        &self.place
    }

    /// What rasterizing needs: the fonts and the outline cache.
    pub fn raster(&mut self) -> (&mut FontSystem, &mut SwashCache) {
        (&mut self.fonts, &mut self.swash)
    }

    fn provide(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control() && !c.is_ascii()) {
            self.covers(c);
        }
    }

    fn faces_cover(&mut self, c: char, from: usize) -> bool {
        let ids: Vec<_> = self.faces.iter().skip(from).map(|(id, _)| *id).collect();
        ids.into_iter().any(|id| self.face_covers(id, c))
    }

    fn face_covers(&mut self, id: fontdb::ID, c: char) -> bool {
        self.fonts.get_font(id, Weight::NORMAL).is_some_and(|font| font.as_swash().charmap().map(c) != 0)
    }

    /// How long a fallback font may hold up whoever shapes the first character that needs it. One that takes longer is
    /// used from when it is there ([`Shaper::take_late_fonts`]); until then its characters are boxes.
    pub fn set_font_wait(&mut self, wait: Duration) {
        self.font_wait = wait;
    }

    /// Takes in fonts that came later than anyone waited for; whether there are any, and so whether what was shaped
    /// before may look different now. Next to free while none is awaited.
    pub fn take_late_fonts(&mut self) -> bool {
        let mut any = false;
        for read in std::mem::take(&mut self.late) {
            match read.take(Duration::ZERO) {
                Some(found) => any |= self.adopt(&read.file, found),
                None => self.late.push(read),
            }
        }
        if any {
            self.known.retain(|_, is_known| *is_known);
        }
        any
    }

    /// Whether a font is still being read.
    pub fn awaits_fonts(&self) -> bool {
        !self.late.is_empty()
    }

    fn load_next(&mut self) -> bool {
        while let Some(file) = self.unloaded.pop_front() {
            let read = match FontRead::start(file.clone()) {
                Ok(read) => read,
                Err(error) => {
                    tracing::warn!("{}: cannot be read now ({error})", file.display());
                    continue;
                }
            };
            match read.take(self.font_wait) {
                Some(found) => {
                    if self.adopt(&file, found) {
                        return true;
                    }
                }
                None => {
                    tracing::warn!("{}: the font takes long to read; it is used from when it is there", file.display());
                    self.late.push(read);
                }
            }
        }
        false
    }

    /// Takes a font in; says whether it is one.
    fn adopt(&mut self, file: &Path, found: io::Result<Vec<u8>>) -> bool {
        let unreadable = |reason: String| FontError::Unreadable { file: file.to_owned(), reason };
        let id = found.map_err(|e| unreadable(e.to_string())).and_then(|bytes| {
            let ids = self.fonts.db_mut().load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
            ids.first().copied().ok_or_else(|| unreadable("no face in it".into()))
        });
        match id {
            Ok(id) => {
                self.faces.push((id, file.to_owned()));
                true
            }
            Err(error) => {
                tracing::warn!("{error}");
                false
            }
        }
    }
}

/// Whether what is kept_words out keeps to the lines and the width there are.
fn fits(text: &RichText<'_>, shaped: &ShapedText) -> bool {
    shaped.lines <= text.max_lines && text.width.is_none_or(|most| shaped.width <= most + TOLERANCE)
}

/// How far the widest line reaches, pixels, and the number of lines.
fn extent(buffer: &Buffer) -> (f32, usize) {
    buffer.layout_runs().fold((0.0, 0), |(width, lines), run| {
        let start = run.glyphs.iter().map(|g| g.x).fold(f32::INFINITY, f32::min);
        let end = run.glyphs.iter().map(|g| g.x + g.w).fold(0.0, f32::max);
        (run.line_w.max(end - start.min(end)).max(width), lines + 1)
    })
}

fn load(db: &mut fontdb::Database, file: &std::path::Path) -> Result<fontdb::ID, FontError> {
    let before = db.len();
    let unreadable = |reason: String| FontError::Unreadable { file: file.to_owned(), reason };
    db.load_font_file(file).map_err(|e| unreadable(e.to_string()))?;
    db.faces().nth(before).map(|f| f.id).ok_or_else(|| unreadable("no face in it".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FontPlace, fonts::FontRead};
    use proptest::prelude::*;
    use std::{cell::RefCell, time::Duration};

    fn shaper() -> Shaper {
        Shaper::new(FontPlace::find(&[]).unwrap()).unwrap()
    }

    fn lines(text: &ShapedText) -> Vec<String> {
        let run = |r: cosmic_text::LayoutRun<'_>| match (r.glyphs.first(), r.glyphs.last()) {
            (Some(first), Some(last)) => r.text[first.start..last.end].to_owned(),
            _ => String::new(),
        };
        text.buffer.layout_runs().map(run).collect()
    }

    #[test]
    fn no_line_starts_with_closing_or_ends_with_opening_punctuation() {
        let mut shaper = shaper();
        let text = "根据《示例县政务公开办法》（试行）的规定，“公示”期为五日；有异议的，请来电。".repeat(6);
        for width in 160..260 {
            let wrapped = RichText { width: Some(width as f32), ..RichText::line(&text, 20.0, false) };
            for line in lines(&shaper.shape(&wrapped)) {
                let (first, last) = (line.chars().next().unwrap(), line.trim_end().chars().last().unwrap());
                assert!(!"，。；、）》”：！？".contains(first), "{width}: {line}");
                assert!(!"（《“".contains(last), "{width}: {line}");
            }
        }
    }

    #[test]
    fn figures_are_tabular() {
        let mut shaper = shaper();
        let widths: Vec<f32> =
            (0..10).map(|d| shaper.shape(&RichText::line(&d.to_string().repeat(8), 40.0, true)).width).collect();
        assert!(widths.iter().all(|w| (w - widths[0]).abs() < 0.01), "{widths:?}");
    }

    #[test]
    fn long_text_is_closed_by_an_ellipsis_within_its_width() {
        let mut shaper = shaper();
        let text = "乡村道路改建工程（2026 年）中标候选人公示".repeat(12);
        for (max_lines, width) in (1..4).flat_map(|lines| (290..330).map(move |width| (lines, width as f32))) {
            let cut = RichText { width: Some(width), max_lines, ..RichText::line(&text, 30.0, false) };
            let shaped = shaper.shape(&cut);
            assert_eq!(shaped.lines, max_lines);
            assert!(shaped.width <= width + 0.5, "{} of {width}", shaped.width);
            let last = shaped.buffer.layout_runs().last().unwrap();
            assert!(last.glyphs.iter().map(|g| g.x + g.w).fold(0.0, f32::max) <= width + 0.5);
            assert!(last.line_w > width - 80.0, "{} of {width}", last.line_w);
        }
    }

    #[test]
    fn a_cut_comes_as_late_as_its_ellipsis_allows() {
        let shaper = RefCell::new(shaper());
        let case = ("[公示结果，。（）《》：aemz0189 \n]{1,90}", 16f32..60.0, 40f32..700.0, 1usize..4, 0usize..90);
        proptest!(|((words, size, width, max_lines, bold) in case)| {
            let mut shaper = shaper.borrow_mut();
            let (head, tail) = words.split_at(words.char_indices().nth(bold).map_or(words.len(), |(at, _)| at));
            let run = |text, bold| StyledSpan { text, bold, colour: None };
            let spans = vec![run(head, true), run(tail, false)];
            let text = RichText { spans, width: Some(width), max_lines, ..RichText::line("", size, false) };
            let shaped = shaper.shape(&text);
            if shaped.whole.is_none() {
                prop_assert!(fits(&text, &shaped));
                return Ok(());
            }
            prop_assert_eq!(shaped.words("\n"), words.clone());
            let kept_words = shaped.buffer.lines.iter().map(|l| l.text()).collect::<Vec<_>>().join("\n");
            let kept = kept_words.strip_suffix('…').unwrap();
            prop_assert!(words.starts_with(kept), "{kept_words}");
            prop_assert!(fits(&text, &shaped) || kept.is_empty(), "{kept_words} is {} wide", shaped.width);
            // One character more, and the spaces before it.
            let more: usize = words[kept.len()..].chars().scan(false, |done, c| {
                let is_open = !*done;
                *done = !c.is_whitespace();
                is_open.then(|| c.len_utf8())
            }).sum();
            let longer = shaper.layout(&text, &super::ellipsis::closed(&text.spans, kept.len() + more));
            prop_assert!(!fits(&text, &longer), "{kept_words} is cut too early: {} of {width}", longer.width);
        });
    }

    #[test]
    fn what_is_cut_still_says_all_its_words() {
        let text =
            RichText {
                width: Some(200.0), max_lines: 1, ..RichText::line("第一行很长很长\n第二行", 40.0, true)
            };
        let shaped = shaper().shape(&text);
        assert_eq!(shaped.words("⏎"), "第一行很长很长⏎第二行");
        assert_eq!(lines(&shaped), ["第一行很…"]);
    }

    #[test]
    fn rare_han_is_drawn_by_a_fallback_that_is_loaded_only_then() {
        let mut shaper = shaper();
        shaper.shape(&RichText::line("政务公开 2026", 20.0, false));
        let before = shaper.faces.len();
        if shaper.place.fallback.is_empty() {
            eprintln!("SKIPPED: fonts-hanazono is not installed");
            return;
        }
        let shaped = shaper.shape(&RichText::line("\u{2A6A5}", 20.0, false));
        assert!(shaper.faces.len() > before);
        assert!(shaped.buffer.layout_runs().all(|r| r.glyphs.iter().all(|g| g.glyph_id != 0)));
    }

    /// A pipe that nobody writes to holds whoever opens it for ever, as a drive does that is gone.
    #[cfg(unix)]
    #[test]
    fn a_font_that_comes_late_holds_nothing_up_and_is_used_then() {
        let dir = tempfile::tempdir().unwrap();
        let (slow, file) = (dir.path().join("slow.ttf"), dir.path().join("own.otf"));
        let bundled = FontPlace::find(&[]).unwrap();
        std::fs::copy(&bundled.bundled[0], &file).unwrap();
        let place = FontPlace { fallback: vec![slow.clone(), dir.path().join("none.ttf")], ..bundled };
        let mut shaper = Shaper::new(place).unwrap();
        shaper.set_font_wait(Duration::from_millis(20));
        let (send, wait) = std::sync::mpsc::sync_channel(1);
        shaper.unloaded.clear();
        shaper.late.push(FontRead::of(slow, wait));
        let clock = crate::time::SystemClock::default();
        let start = crate::time::Clock::monotonic(&clock);
        assert!(!shaper.covers('\u{10FFFD}') && shaper.awaits_fonts() && !shaper.take_late_fonts());
        assert!(crate::time::Clock::monotonic(&clock) < start + Duration::from_secs(5));
        let faces = shaper.faces.len();
        send.send(std::fs::read(&file)).unwrap();
        assert!(shaper.take_late_fonts() && !shaper.awaits_fonts());
        assert_eq!(shaper.faces.len(), faces + 1);
        assert!(!shaper.known.contains_key(&'\u{10FFFD}'), "asked anew, of the font that came");
        // One that is no file is passed over at once.
        let made = std::process::Command::new("mkfifo").arg(dir.path().join("p.ttf")).status().unwrap();
        assert!(made.success());
        shaper.unloaded.push_back(dir.path().join("p.ttf"));
        assert!(!shaper.covers('\u{10FFFD}') && !shaper.awaits_fonts());
    }

    #[test]
    fn centred_lines_stand_in_the_middle() {
        let text = RichText { width: Some(400.0), align: TextAlign::Centre, ..RichText::line("公示", 40.0, false) };
        let shaped = shaper().shape(&text);
        let first = shaped.buffer.layout_runs().next().unwrap().glyphs[0].x;
        assert!((first - 160.0).abs() < 1.0, "{first}");
    }
}
