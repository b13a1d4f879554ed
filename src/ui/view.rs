//! What a page is made of: boxes, words and pictures, laid out by flex rules. `A` is what a touch does.

use super::semantics::{Role, Semantics};
use crate::scene::{Colour, Fill, Picture, Sampling};
use crate::text::{MAX_LINE_CHARS, MAX_TEXT_CHARS, TextAlign, cut_chars};
use std::sync::Arc;
use taffy::{
    AlignItems, Dimension, FlexDirection, FlexWrap, JustifyContent, LengthPercentage, LengthPercentageAuto, Position,
    Rect, Size, Style,
};

/// Words with their style, own and comparable, so that shaping them is done once.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// The runs.
    pub spans: Vec<TextSpan>,
    /// Type size, pixels.
    pub size: f32,
    /// Line height, pixels.
    pub line_height: f32,
    /// Letter spacing, pixels.
    pub spacing: f32,
    /// Lines shown at most, 0 for no limit.
    pub max_lines: usize,
    /// Where lines stand.
    pub align: TextAlign,
    /// Colour.
    pub colour: Colour,
}

/// One run of words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TextSpan {
    /// The words.
    pub text: String,
    /// Bold face.
    pub bold: bool,
    /// Its own colour.
    pub colour: Option<Colour>,
}

impl Text {
    /// Plain words on one line, closed by `…` where they do not fit, or where they are longer than any text may be.
    pub fn new(words: impl AsRef<str>, size: f32, colour: Colour) -> Self {
        let text = cut_chars(words.as_ref(), MAX_TEXT_CHARS).into_owned();
        let spans = vec![TextSpan { text, bold: false, colour: None }];
        let line_height = (size * 1.46).round();
        Self { spans, size, line_height, spacing: 0.0, max_lines: 1, align: TextAlign::Start, colour }
    }

    /// The same cut at the length that so many lines can show; `None` where it is no longer.
    pub(super) fn shortened(&self) -> Option<Self> {
        let max =
            if self.max_lines == 0 { MAX_TEXT_CHARS } else { (self.max_lines * MAX_LINE_CHARS).min(MAX_TEXT_CHARS) };
        let bytes: usize = self.spans.iter().map(|s| s.text.len()).sum();
        // So many bytes are no more characters.
        if bytes <= max {
            return None;
        }
        let mut room = max;
        let mut spans: Vec<TextSpan> = Vec::new();
        for span in &self.spans {
            let text = cut_chars(&span.text, room);
            let is_cut = text.len() != span.text.len() || text != span.text;
            room = room.saturating_sub(text.chars().count());
            spans.push(TextSpan { text: text.into_owned(), bold: span.bold, colour: span.colour });
            if is_cut {
                let Self { size, line_height, spacing, max_lines, align, colour, .. } = *self;
                return Some(Self { spans, size, line_height, spacing, max_lines, align, colour });
            }
        }
        None
    }

    /// In the bold face.
    pub fn bold(mut self) -> Self {
        self.spans.iter_mut().for_each(|s| s.bold = true);
        self
    }

    /// Of this line height, pixels.
    pub fn high(mut self, line_height: f32) -> Self {
        self.line_height = line_height;
        self
    }

    /// Over up to so many lines, 0 for no limit.
    pub fn lines(mut self, max: usize) -> Self {
        self.max_lines = max;
        self
    }

    /// Standing so.
    pub fn align(mut self, align: TextAlign) -> Self {
        self.align = align;
        self
    }

    /// Letter spacing, pixels.
    pub fn spaced(mut self, spacing: f32) -> Self {
        self.spacing = spacing;
        self
    }
}

/// The inside of a box.
#[derive(Debug, Clone)]
pub(super) enum Body {
    Box,
    Text(Text),
    Image { picture: Arc<Picture>, tint: Colour, sampling: Sampling },
}

/// The ground of a box.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground {
    pub fill: Fill,
    pub radii: [f32; 4],
    pub line: f32,
    pub line_colour: Colour,
}

/// A box, its ground, what it holds and what touching it does.
#[derive(Debug, Clone)]
pub struct View<A> {
    pub(super) style: Style,
    pub(super) body: Body,
    pub(super) ground: Option<Ground>,
    pub(super) action: Option<A>,
    pub(super) semantics: Semantics,
    pub(super) children: Vec<View<A>>,
}

const fn px(v: f32) -> LengthPercentage {
    LengthPercentage::length(v)
}

impl<A> View<A> {
    fn bare(direction: FlexDirection, body: Body) -> Self {
        let style = Style { flex_direction: direction, flex_shrink: 0.0, ..Style::default() };
        Self { style, body, ground: None, action: None, semantics: Semantics::default(), children: Vec::new() }
    }

    /// Children from left to right, centred across.
    pub fn row() -> Self {
        let mut view = Self::bare(FlexDirection::Row, Body::Box);
        view.style.align_items = AlignItems::CENTER;
        view
    }

    /// Children from top to bottom, as wide as the box.
    pub fn column() -> Self {
        Self::bare(FlexDirection::Column, Body::Box)
    }

    /// Words.
    pub fn text(text: Text) -> Self {
        let mut view = Self::bare(FlexDirection::Row, Body::Text(text));
        view.style.flex_shrink = 1.0;
        view
    }

    /// A picture of a size in pixels; `tint` multiplies it.
    pub fn image(picture: Arc<Picture>, width: f32, height: f32, tint: Colour, sampling: Sampling) -> Self {
        Self::bare(FlexDirection::Row, Body::Image { picture, tint, sampling }).size(width, height)
    }

    /// Empty space that takes what is left.
    pub fn spring() -> Self {
        Self::row().grow(1.0)
    }

    /// One child.
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }

    /// Many children.
    pub fn children(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }

    /// Width in pixels.
    pub fn wide(mut self, width: f32) -> Self {
        self.style.size.width = Dimension::length(width);
        self
    }

    /// Height in pixels.
    pub fn tall(mut self, height: f32) -> Self {
        self.style.size.height = Dimension::length(height);
        self
    }

    /// Width and height in pixels.
    pub fn size(self, width: f32, height: f32) -> Self {
        self.wide(width).tall(height)
    }

    /// Height of at least so many pixels.
    pub fn at_least(mut self, height: f32) -> Self {
        self.style.min_size.height = LengthPercentageAuto::length(height);
        self
    }

    /// Takes its share of what is left along its parent.
    pub fn grow(mut self, share: f32) -> Self {
        self.style.flex_grow = share;
        self.style.flex_shrink = 1.0;
        self.style.flex_basis = Dimension::length(0.0);
        self.style.min_size.width = LengthPercentageAuto::length(0.0);
        self
    }

    /// Space between children, pixels.
    pub fn gap(mut self, gap: f32) -> Self {
        self.style.gap = Size { width: px(gap), height: px(gap) };
        self
    }

    /// Space inside: top, right, bottom, left, pixels.
    pub fn pad(mut self, top: f32, right: f32, bottom: f32, left: f32) -> Self {
        self.style.padding = Rect { left: px(left), right: px(right), top: px(top), bottom: px(bottom) };
        self
    }

    /// Children stand in the middle along the box.
    pub fn middle(mut self) -> Self {
        self.style.justify_content = JustifyContent::CENTER;
        self
    }

    /// Children apart, the first and last at the edges.
    pub fn apart(mut self) -> Self {
        self.style.justify_content = JustifyContent::SPACE_BETWEEN;
        self
    }

    /// Children in the middle across the box.
    pub fn across(mut self) -> Self {
        self.style.align_items = AlignItems::CENTER;
        self
    }

    /// Children at the end across the box.
    pub fn across_end(mut self) -> Self {
        self.style.align_items = AlignItems::END;
        self
    }

    /// Children as high as the box.
    pub fn stretch(mut self) -> Self {
        self.style.align_items = AlignItems::STRETCH;
        self
    }

    /// Children go on in a new line where they do not fit.
    pub fn wrap(mut self) -> Self {
        self.style.flex_wrap = FlexWrap::Wrap;
        self
    }

    /// Stands at a place of its parent, out of the flow, pixels.
    pub fn at(mut self, x: f32, y: f32) -> Self {
        self.style.position = Position::Absolute;
        self.style.inset.left = LengthPercentageAuto::length(x);
        self.style.inset.top = LengthPercentageAuto::length(y);
        self
    }

    /// A ground of one colour.
    pub fn fill(self, colour: Colour) -> Self {
        self.ground(Fill::Solid(colour), 0.0, 0.0, colour)
    }

    /// A ground from one colour down to another.
    pub fn gradient(self, top: Colour, bottom: Colour) -> Self {
        self.ground(Fill::Vertical(top, bottom), 0.0, 0.0, bottom)
    }

    /// Round corners for the ground, pixels.
    pub fn round(mut self, radius: f32) -> Self {
        if let Some(ground) = &mut self.ground {
            ground.radii = [radius; 4];
        }
        self
    }

    /// Corner radii for the ground: upper left, upper right, lower right, lower left, pixels.
    pub fn corners(mut self, radii: [f32; 4]) -> Self {
        if let Some(ground) = &mut self.ground {
            ground.radii = radii;
        }
        self
    }

    /// A line inside the edge of the ground.
    pub fn edge(mut self, width: f32, colour: Colour) -> Self {
        if let Some(ground) = &mut self.ground {
            (ground.line, ground.line_colour) = (width, colour);
        }
        self
    }

    /// What it is; a target is a button where nothing is said.
    pub fn role(mut self, role: Role) -> Self {
        self.semantics.role = Some(role);
        self
    }

    /// What it is called, in place of the words in it.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.semantics.name = Some(name.into());
        self
    }

    /// Whether it is the one in use, or on.
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.semantics.state.chosen = chosen;
        self
    }

    /// It does nothing now.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.semantics.state.disabled = disabled;
        self
    }

    /// It is read after all content, wherever it stands.
    pub fn read_last(mut self) -> Self {
        self.semantics.last = true;
        self
    }

    /// An ornament: it is not read.
    pub fn silent(mut self) -> Self {
        self.semantics.silent = true;
        self
    }

    /// What touching it does.
    pub fn on(mut self, action: A) -> Self {
        self.action = Some(action);
        self
    }

    fn ground(mut self, fill: Fill, radius: f32, line: f32, line_colour: Colour) -> Self {
        self.ground = Some(Ground { fill, radii: [radius; 4], line, line_colour });
        self
    }
}
