//! The body of a document: a flat list of clean blocks, safe to draw as it stands.

use serde::{Deserialize, Serialize};

/// One block of a document body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Block {
    /// A heading.
    Heading {
        /// 1, the largest, to 6.
        level: u8,
        /// Its words.
        spans: Vec<Span>,
    },
    /// A paragraph of running text.
    Paragraph {
        /// Its words.
        spans: Vec<Span>,
    },
    /// A list.
    List {
        /// Whether its items are numbered.
        ordered: bool,
        /// Its items, nested ones among them.
        items: Vec<ListItem>,
    },
    /// A table.
    Table {
        /// Its rows; each has its own cells, and the drawer resolves what they span.
        rows: Vec<Vec<Cell>>,
    },
    /// A picture.
    Picture {
        /// Absolute address: `http`, `https` or `file`.
        src: String,
        /// What stands for it where it cannot be shown.
        alt: String,
    },
    /// Preformatted text, line breaks kept.
    Preformatted {
        /// The text.
        text: String,
    },
    /// A thematic break.
    Rule,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListItem {
    /// Nesting depth, 0 for the outermost list.
    pub depth: u8,
    /// The item's text.
    pub spans: Vec<Span>,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The cell's text; line breaks as `\n`.
    pub text: String,
    /// Whether this is a header cell.
    #[serde(default)]
    pub header: bool,
    /// Columns covered, at least 1.
    pub colspan: u16,
    /// Rows covered, at least 1.
    pub rowspan: u16,
}

/// A run of text of one style.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Span {
    /// The text; never empty after sanitizing. A `\n` is a forced line break.
    pub text: String,
    /// How it is drawn.
    #[serde(default)]
    pub style: SpanStyle,
    /// The absolute address this run links to, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// The style of a run of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SpanStyle {
    /// Drawn in the bold face.
    #[serde(default)]
    pub bold: bool,
}

impl Span {
    /// A plain run.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

impl Block {
    /// The block's words without any markup; cells parted by tabs, rows and items by line breaks.
    pub fn plain_text(&self) -> String {
        let join = |spans: &[Span]| spans.iter().map(|s| s.text.as_str()).collect::<String>();
        match self {
            Self::Heading { spans, .. } | Self::Paragraph { spans } => join(spans),
            Self::List { items, .. } => items.iter().map(|i| join(&i.spans)).collect::<Vec<_>>().join("\n"),
            Self::Table { rows } => rows
                .iter()
                .map(|r| r.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join("\t"))
                .collect::<Vec<_>>()
                .join("\n"),
            Self::Picture { alt, .. } => alt.clone(),
            Self::Preformatted { text } => text.clone(),
            Self::Rule => String::new(),
        }
    }
}
