//! Words to be shaped: their runs, their size and the room they have.

/// One run of styled words.
#[derive(Debug, Clone, PartialEq)]
pub struct StyledSpan<'a> {
    /// The words; `\n` breaks a line.
    pub text: &'a str,
    /// Bold face.
    pub bold: bool,
    /// Its own colour as `[r, g, b, a]`; `None` takes the colour the text is drawn in.
    pub colour: Option<[u8; 4]>,
}

/// Where lines stand within the width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextAlign {
    /// At the start edge.
    #[default]
    Start,
    /// In the middle.
    Centre,
    /// At the end edge.
    End,
}

/// Words to be shaped.
#[derive(Debug, Clone, PartialEq)]
pub struct RichText<'a> {
    /// The runs, in order; `\n` breaks a line.
    pub spans: Vec<StyledSpan<'a>>,
    /// Type size, pixels.
    pub size: f32,
    /// Line height, pixels.
    pub line_height: f32,
    /// Letter spacing, pixels.
    pub spacing: f32,
    /// Width to wrap at, pixels; `None` keeps every line whole.
    pub width: Option<f32>,
    /// Lines shown at most; what does not fit is cut as late as its `…` allows. 0 for no limit.
    pub max_lines: usize,
    /// Where lines stand within `width`.
    pub align: TextAlign,
    /// Glyphs at whole pixels, each pixel on or off: for LED text below 24 px.
    pub pixel: bool,
}

impl<'a> RichText<'a> {
    /// One plain run on one line of 1.5 times its size.
    pub fn line(text: &'a str, size: f32, bold: bool) -> Self {
        Self {
            spans: vec![StyledSpan { text, bold, colour: None }],
            size,
            line_height: (size * 1.5).round(),
            spacing: 0.0,
            width: None,
            max_lines: 0,
            align: TextAlign::Start,
            pixel: false,
        }
    }
}
