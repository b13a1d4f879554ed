//! Lists in pages: what boards, totals and tables share.
//!
//! A list has a title with the page's number, and pages that turn by the zone's effect. What a row looks like is for its
//! kind to say ([`PageRow`]). A page's layer is built when its rows are others than before, never for a frame.

use crate::{
    config::{
        Align,
        zones::{ListStyle, TextStyle},
    },
    led::{
        Due,
        effects::{self, Turn},
        paint::{self, Style},
    },
    scene::{Colour, Layer, NoticeMark, Placed, Primitive, Rect},
    text::Shaper,
};
use std::{fmt::Debug, ops::Range, sync::Arc, time::Duration};

/// Height of a row, in sizes.
const ROW_HEIGHT_EMS: f32 = 2.25;
/// Height of the title, in sizes.
const TITLE_HEIGHT_EMS: f32 = 2.0;
/// Below this size rows stand without lines between: a line would take a whole LED of too few.
const MIN_RULED_PIXELS: f32 = 30.0;
/// Strength of the lines and of what is less important.
pub(super) const RULE_ALPHA: f32 = 0.165;
pub(super) const QUIET_ALPHA: f32 = 0.7;
/// A page that turns no later than this after its time began on time.
const MAX_TURN_DELAY: Duration = Duration::from_millis(100);

/// A row of a list.
pub(super) trait PageRow: Clone + PartialEq + Debug {
    /// What all rows of a page share, such as where columns stand.
    type Layout: PartialEq + Debug;

    /// Paints it within `area`, pixels of the page's layer.
    fn paint(&self, layout: &Self::Layout, area: Rect, pen: &mut Pen<'_>);
}

/// What rows are painted with.
pub(super) struct Pen<'a> {
    /// Size, weight and spacing of the rows' words.
    pub style: Style,
    /// Colour of words at their full strength.
    pub ink: Colour,
    /// Colour of what stands out.
    pub accent: Colour,
    /// Shapes words; shared by all screens.
    pub shaper: &'a mut Shaper,
    /// The layer so far.
    pub out: Vec<Primitive>,
    /// Which notices it says where.
    pub notices: Vec<NoticeMark>,
}

/// How a list looks.
#[derive(Debug, Clone)]
pub(super) struct PagerLook {
    pub text: TextStyle,
    pub list: ListStyle,
    /// Space kept free at the left and right, pixels.
    pub padding: u32,
}

/// Heights of what stands around a page's rows, pixels: above them columns' titles, below them sums and a foot.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rims {
    pub titles: f32,
    pub sums: f32,
    pub foot: f32,
}

/// Where things stand on a page.
pub(super) struct PagePlan {
    pub head: Rect,
    /// The titles of columns.
    pub titles: Rect,
    pub body: Rect,
    /// Sums, and the line below them.
    pub foot: Rect,
    /// Height of the sums, pixels.
    pub sums: f32,
    rows: usize,
    pitch: f32,
    rule: f32,
    pages: usize,
    /// When the page that now stands began, if that is now.
    pub turned: Option<Duration>,
}

/// What a page's layer was built from.
#[derive(Debug, PartialEq)]
struct Page<R: PageRow> {
    rows: Vec<R>,
    layout: R::Layout,
    empty: Option<String>,
    dots: Option<(usize, usize)>,
}

/// Words and the layer that says them.
type Said<W> = Option<(W, Arc<Layer>)>;

/// A list, its page and its layers.
#[derive(Debug)]
pub(super) struct Pager<R: PageRow> {
    look: PagerLook,
    /// All rows, of which a page shows some.
    pub rows: Vec<R>,
    page: usize,
    since: Option<Duration>,
    head: Said<[String; 2]>,
    body: Said<Page<R>>,
    turn: Option<Turn>,
}

impl<R: PageRow> Pager<R> {
    /// A list without rows.
    pub fn new(look: PagerLook) -> Self {
        Self { look, rows: Vec::new(), page: 0, since: None, head: None, body: None, turn: None }
    }

    /// Begins at the first page, which comes in by the zone's effect.
    pub fn restart(&mut self, at: Duration) {
        self.page = 0;
        self.since = Some(at);
        self.turn = Some(Turn { start: at, old: None });
    }

    /// Left edge and width of what stands within the padding of a layer so wide.
    pub fn across(&self, width: f32) -> (f32, f32) {
        let pad = self.look.padding as f32;
        (pad, (width - 2.0 * pad).max(1.0))
    }

    /// Height of a row that nothing presses, pixels.
    pub fn pitch(&self) -> f32 {
        (paint::size(&self.look.text) * ROW_HEIGHT_EMS / 2.0).round() * 2.0
    }

    /// Parts the area, and goes on to the next page when this one has stood long enough. `rims` says what stands around
    /// rows that have so much height.
    pub fn plan(&mut self, area: Rect, is_titled: bool, now: Duration, rims: impl FnOnce(f32) -> Rims) -> PagePlan {
        let size = paint::size(&self.look.text);
        let rule = if size < MIN_RULED_PIXELS { 0.0 } else { (size / 24.0).round().max(1.0) };
        let head = if !is_titled { 0.0 } else { (size * TITLE_HEIGHT_EMS).round() + rule.max(1.0) };
        let head = head.min(area.h);
        let natural = self.pitch();
        let Rims { titles, sums, foot } = rims(area.h - head);
        let tall = area.h - head - titles - sums - foot;
        let top = area.y + head + titles;
        let fits = (tall / natural).floor().max(1.0) as usize;
        let rows = if self.look.list.rows == 0 { fits } else { self.look.list.rows as usize };
        let pages = self.rows.len().div_ceil(rows).max(1);
        PagePlan {
            head: Rect { h: head, ..area },
            titles: Rect { y: area.y + head, h: titles, ..area },
            body: Rect { y: top, h: tall, ..area },
            foot: Rect { y: top + tall, h: sums + foot, ..area },
            sums,
            rows,
            pitch: natural.min((tall / rows as f32).floor()).max(1.0),
            rule,
            pages,
            turned: self.turn_page(pages, now),
        }
    }

    /// Which of the rows the page shows.
    pub fn visible_rows(&self, plan: &PagePlan) -> Range<usize> {
        let first = (self.page * plan.rows).min(self.rows.len());
        first..(first + plan.rows).min(self.rows.len())
    }

    /// Places the title and the page's number.
    pub fn place_head(&mut self, plan: &PagePlan, title: &str, shaper: &mut Shaper, out: &mut Vec<Placed>) {
        if plan.head.is_empty() {
            return;
        }
        let count = if plan.pages > 1 { format!("{}/{}", self.page + 1, plan.pages) } else { String::new() };
        let words = [title.to_owned(), count];
        if self.head.as_ref().is_none_or(|(old, _)| *old != words) {
            let layer = self.paint_head(plan, &words, shaper);
            self.head = Some((words, layer));
        }
        out.extend(self.head.iter().map(|(_, layer)| paint::still(Arc::clone(layer), plan.head)));
    }

    /// Places the rows; `empty` says what stands in for none. Gives when the page changes by itself.
    pub fn place_body(
        &mut self,
        plan: &PagePlan,
        layout: R::Layout,
        empty: impl FnOnce() -> String,
        (now, shaper): (Duration, &mut Shaper),
        out: &mut Vec<Placed>,
    ) -> Due {
        let rows: Vec<R> = self.rows.get(self.visible_rows(plan)).unwrap_or_default().to_vec();
        let empty = rows.is_empty().then(empty);
        let is_bare = plan.head.is_empty() && plan.titles.is_empty();
        let dots = (plan.pages > 1 && is_bare).then_some((self.page, plan.pages));
        let page = Page { rows, layout, empty, dots };
        let old = self.body.as_ref().map(|(_, layer)| Arc::clone(layer));
        if self.body.as_ref().is_none_or(|(old, _)| *old != page) {
            let layer = self.paint_body(plan, &page, shaper);
            self.body = Some((page, layer));
        }
        if let Some(start) = plan.turned {
            self.turn = Some(Turn { start, old });
        }
        let mut due = Due::default();
        if plan.pages > 1 {
            due.at = Some(self.since.unwrap_or(now).saturating_add(self.dwell()));
        }
        match &self.body {
            Some((_, layer)) if !plan.body.is_empty() => {
                due.or(effects::place(&mut self.turn, self.look.list.effect, layer, plan.body, now, out))
            }
            _ => due,
        }
    }

    /// How long a page stands: at least until it has come in.
    fn dwell(&self) -> Duration {
        let asked = Duration::try_from_secs_f32(self.look.list.dwell_seconds).unwrap_or(Duration::from_secs(8));
        asked.max(effects::length(self.look.list.effect) + Duration::from_secs(1))
    }

    /// Goes on to the next page when this one has stood long enough; says when that began.
    fn turn_page(&mut self, pages: usize, now: Duration) -> Option<Duration> {
        let since = *self.since.get_or_insert(now);
        self.page = self.page.min(pages - 1);
        if pages == 1 {
            self.since = Some(now);
            return None;
        }
        let next = since.saturating_add(self.dwell());
        if now < next {
            return None;
        }
        // After a long stop the next page starts now, not in the past.
        let start = if now - next < MAX_TURN_DELAY { next } else { now };
        self.since = Some(start);
        self.page = (self.page + 1) % pages;
        Some(start)
    }

    fn paint_head(&self, plan: &PagePlan, [title, count]: &[String; 2], shaper: &mut Shaper) -> Arc<Layer> {
        let style = Style { bold: true, ..Style::of(&self.look.text) };
        let quiet = Style { bold: false, size: (style.size * 0.7).round(), spacing: 0.0 };
        let (left, width) = self.across(plan.head.w);
        let line = plan.rule.max(1.0);
        let height = plan.head.h - line;
        let ink = paint::colour(&self.look.text.colour, Colour::WHITE);
        let mut primitives = vec![Primitive::fill(Rect::new(left, height, width, line), ink.alpha(RULE_ALPHA))];
        let mut room = width;
        if !count.is_empty() {
            let text = quiet.line(shaper, count, None);
            let x = quiet.across(&text, Align::Right, left, width);
            room -= text.width + style.size * 0.6;
            let y = quiet.middle(&text, 0.0, height);
            primitives.push(paint::words(text, x, y, ink.alpha(QUIET_ALPHA)));
        }
        let title = style.line(shaper, title, Some(room));
        let y = style.middle(&title, 0.0, height);
        let colour = paint::colour(&self.look.list.title_colour, Colour::rgb(0xff, 0x6b, 0x5e));
        primitives.push(paint::words(title, left, y, colour));
        paint::layer(plan.head.w, plan.head.h, primitives)
    }

    fn paint_body(&self, plan: &PagePlan, page: &Page<R>, shaper: &mut Shaper) -> Arc<Layer> {
        let (left, width) = self.across(plan.body.w);
        let mut pen = Pen {
            style: Style::of(&self.look.text),
            ink: paint::colour(&self.look.text.colour, Colour::WHITE),
            accent: paint::colour(&self.look.list.accent, Colour::rgb(0xff, 0xd2, 0x4a)),
            shaper,
            out: Vec::with_capacity(page.rows.len() * 3),
            notices: Vec::new(),
        };
        if let Some(empty) = &page.empty {
            let text = pen.style.line(pen.shaper, empty, Some(width));
            let x = pen.style.across(&text, Align::Centre, left, width);
            let y = pen.style.middle(&text, 0.0, plan.body.h);
            pen.out.push(paint::words(text, x, y, pen.ink.alpha(QUIET_ALPHA)));
        }
        for (i, row) in page.rows.iter().enumerate() {
            let top = plan.pitch * i as f32;
            let height = plan.pitch - plan.rule;
            row.paint(&page.layout, Rect::new(left, top, width, height), &mut pen);
            if plan.rule > 0.0 && i + 1 < page.rows.len() {
                let rule = Rect::new(left, top + height, width, plan.rule);
                pen.out.push(Primitive::fill(rule, pen.ink.alpha(RULE_ALPHA)));
            }
        }
        if let Some((page, pages)) = page.dots {
            dots(page, pages, &mut pen, Rect::new(left, 0.0, width, plan.body.h));
        }
        paint::marked(plan.body.w, plan.body.h, pen.out, pen.notices)
    }
}

/// One dot a page along the lower edge, where they fit.
fn dots(page: usize, pages: usize, pen: &mut Pen<'_>, area: Rect) {
    let dot = (pen.style.size / 10.0).round().max(2.0);
    let step = dot * 3.0;
    let width = step * pages as f32 - 2.0 * dot;
    if width > area.w || area.h < dot * 2.0 {
        return;
    }
    let left = (area.x + (area.w - width) / 2.0).round();
    for i in 0..pages {
        let rect = Rect::new(left + step * i as f32, area.h - dot, dot, dot);
        let colour = if i == page { pen.accent } else { pen.accent.alpha(0.35) };
        pen.out.push(Primitive::rounded(rect, colour, dot / 2.0));
    }
}
