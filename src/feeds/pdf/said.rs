//! What a worker says of a PDF.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Pages one document may show.
pub const MAX_PAGES: usize = 300;

/// What the worker tells of a document.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PdfText {
    /// How many pages it has.
    pub pages: usize,
    /// Its title by its properties.
    pub title: Option<String>,
    /// Its author by its properties.
    pub author: Option<String>,
    /// When it was made, RFC 3339.
    pub created: Option<Timestamp>,
    /// The largest lines at the top of the first page.
    pub headline: Option<String>,
    /// Each page's text, as far as pages are shown.
    pub texts: Vec<String>,
}
