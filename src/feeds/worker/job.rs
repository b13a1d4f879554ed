//! What a worker may be asked for.

use serde::{Deserialize, Serialize};
use url::Url;

/// Longest edge a page is drawn with, pixels; no kiosk shows a picture larger.
pub const PAGE_EDGE: u32 = 1200;
/// What is said of a PDF on which the worker breaks down.
pub const PDF_BROKEN: &str = "the PDF is damaged or asks for more memory or time than it may; open it and save it anew";
/// The same of a page.
const PAGE_BROKEN: &str = "the page is damaged or asks for more memory or time than it may; ask the office to mend it";

/// One piece of work; the document's bytes go in by standard input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum WorkerJob {
    /// What a PDF says.
    PdfText,
    /// One page of a PDF as a PNG.
    PdfPage {
        /// From 1.
        page: u32,
        /// The longest edge, pixels.
        edge: u32,
    },
    /// A web page, in UTF-8, as one notice.
    Html {
        /// Its address or file name.
        name: String,
        /// What relative addresses in it stand against.
        base: Option<Url>,
        /// The site's time zone, by its IANA name.
        zone: String,
    },
}

impl WorkerJob {
    /// What is said where the worker breaks down on it.
    pub fn broken(&self) -> &'static str {
        if matches!(self, Self::Html { .. }) { PAGE_BROKEN } else { PDF_BROKEN }
    }

    /// What the document is called.
    pub fn document(&self) -> &'static str {
        if matches!(self, Self::Html { .. }) { "the page" } else { "the PDF" }
    }
}
