//! The registry of formats: one line each, with what people call it and how its files and its content types are named.

use DocumentFormat::{
    Alerts, Companion, Delimited, Html, Json, Markdown, OldWorkbook, OpenSheet, Pdf, Refused, Syndication, Text, Word,
    Workbook,
};

/// The formats that a document can be told to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentFormat {
    /// RSS, RDF or Atom.
    Syndication,
    /// Alerts.
    Alerts,
    /// JSON of any kind.
    Json,
    /// Markdown.
    Markdown,
    /// Plain text.
    Text,
    /// A web page.
    Html,
    /// Word.
    Word,
    /// PDF.
    Pdf,
    /// XLSX.
    Workbook,
    /// XLS.
    OldWorkbook,
    /// ODS.
    OpenSheet,
    /// CSV and its like.
    Delimited,
    /// What belongs to other files, or to the system: passed over without a word.
    Companion,
    /// What is known and not read; the mend is in the kind's line.
    Refused,
}

/// One line of the registry.
#[derive(Debug, PartialEq, Eq)]
pub struct DocumentKind {
    /// How it is read.
    pub format: DocumentFormat,
    /// What people call it; for what is refused, with the mend.
    pub name: &'static str,
    /// The `format` a feed's file would name.
    pub key: &'static str,
    /// How its files' names end, in lower case.
    pub endings: &'static [&'static str],
    /// How its content types begin.
    pub media: &'static [&'static str],
}

const fn kind(
    format: DocumentFormat,
    name: &'static str,
    key: &'static str,
    endings: &'static [&'static str],
    media: &'static [&'static str],
) -> DocumentKind {
    DocumentKind { format, name, key, endings, media }
}

/// RSS, RDF and Atom.
pub static FEED: DocumentKind = kind(
    Syndication,
    "an RSS or Atom feed",
    "feed",
    &["xml", "rss", "rdf", "atom"],
    &["application/rss", "application/atom", "application/rdf"],
);
/// Alerts.
pub static CAP: DocumentKind = kind(Alerts, "an alert (CAP)", "cap", &["cap"], &["application/cap"]);
/// JSON Feed.
pub static JSON_FEED: DocumentKind = kind(Json, "a JSON Feed", "feed", &[], &["application/feed+json"]);
/// Procurement.
pub static OCDS: DocumentKind = kind(Json, "an open contracting release package", "ocds", &[], &[]);
/// Other JSON.
pub static JSON: DocumentKind = kind(
    Json,
    "JSON; a [json] section says where its items and their parts are",
    "json",
    &["json", "geojson"],
    &["application/json"],
);
/// Markdown.
pub static MARKDOWN: DocumentKind =
    kind(Markdown, "a Markdown document", "markdown", &["md", "markdown"], &["text/markdown"]);
/// Web pages.
pub static HTML: DocumentKind =
    kind(Html, "a web page", "html", &["html", "htm", "shtml", "xhtml"], &["text/html", "application/xhtml"]);
/// Tables as text.
pub static CSV: DocumentKind =
    kind(Delimited, "a table (CSV)", "sheet", &["csv", "tsv", "tab"], &["text/csv", "text/tab-separated-values"]);
/// Plain text.
pub static TEXT: DocumentKind = kind(Text, "plain text", "text", &["txt", "text"], &["text/plain"]);
/// Word since 2007.
pub static WORD: DocumentKind = kind(
    Word,
    "a Word document",
    "docx",
    &["docx", "docm", "dotx"],
    &["application/vnd.openxmlformats-officedocument.wordprocessingml"],
);
/// PDF.
pub static PDF: DocumentKind = kind(Pdf, "a PDF document", "pdf", &["pdf"], &["application/pdf"]);
/// Excel since 2007.
pub static XLSX: DocumentKind = kind(
    Workbook,
    "a spreadsheet",
    "sheet",
    &["xlsx", "xlsm", "xltx"],
    &["application/vnd.openxmlformats-officedocument.spreadsheetml"],
);
/// Excel before 2007, and WPS.
pub static XLS: DocumentKind =
    kind(OldWorkbook, "a spreadsheet (.xls)", "sheet", &["xls", "et"], &["application/vnd.ms-excel"]);
/// OpenDocument spreadsheets.
pub static ODS: DocumentKind =
    kind(OpenSheet, "a spreadsheet", "sheet", &["ods"], &["application/vnd.oasis.opendocument.spreadsheet"]);
/// Word before 2007, and WPS.
pub static OLD_WORD: DocumentKind = kind(
    Refused,
    "it is an old Word document (.doc or .wps); open it and save it as .docx",
    "",
    &["doc", "wps", "dot"],
    &["application/msword"],
);
/// Office documents behind a password.
pub static LOCKED: DocumentKind =
    kind(Refused, "the document is locked by a password; save it without one", "", &[], &[]);
/// Texts of other programs.
pub static OPEN_TEXT: DocumentKind = kind(
    Refused,
    "it is an OpenDocument text; save it as .docx or PDF",
    "",
    &["odt", "rtf", "uof", "uot"],
    &["application/vnd.oasis.opendocument.text", "application/rtf"],
);
/// Presentations.
pub static SLIDES: DocumentKind = kind(
    Refused,
    "it is a presentation; save it as PDF",
    "",
    &["ppt", "pptx", "dps", "odp", "pps", "ppsx"],
    &["application/vnd.ms-powerpoint"],
);
/// OFD (GB/T 33190) and CEB.
pub static OFD: DocumentKind =
    kind(Refused, "it is an OFD document; save it as PDF", "", &["ofd", "ceb"], &["application/ofd"]);
/// Binary workbooks.
pub static XLSB: DocumentKind = kind(Refused, "it is a binary workbook (xlsb); save it as XLSX", "", &["xlsb"], &[]);
/// Spreadsheets of Excel 2003 as XML.
pub static SHEET_2003: DocumentKind = kind(Refused, "it is an XML spreadsheet of 2003; save it as XLSX", "", &[], &[]);
/// Archives.
pub static ARCHIVE: DocumentKind = kind(
    Refused,
    "it is an archive, no spreadsheet and no document; unpack it and put what is in it in its place",
    "",
    &["zip", "rar", "7z", "gz", "tgz", "tar"],
    &["application/zip", "application/x-rar", "application/x-7z"],
);
/// Pictures that can be shown.
pub static PICTURE: DocumentKind = kind(
    Companion,
    "it is a picture, not a document; put it into a document, or save it as PDF",
    "",
    &["png", "jpg", "jpeg", "gif", "bmp", "webp"],
    &["image/"],
);
/// What belongs to other files, or to the system.
pub static COMPANION: DocumentKind = kind(
    Companion,
    "it is no document",
    "",
    &[
        "svg",
        "tif",
        "tiff",
        "ico",
        "heic",
        "css",
        "js",
        "map",
        "woff",
        "woff2",
        "ttf",
        "otf",
        "mp3",
        "wav",
        "wma",
        "mp4",
        "avi",
        "mov",
        "wmv",
        "mkv",
        "flv",
        "webm",
        "db",
        "ini",
        "lnk",
        "url",
        "tmp",
        "part",
        "crdownload",
        "download",
        "bak",
        "log",
        "toml",
        "yaml",
        "yml",
    ],
    &["audio/", "video/", "font/"],
);

/// What can be told apart. One line a format, and its adapter.
pub static KINDS: [&DocumentKind; 24] = [
    &FEED,
    &CAP,
    &JSON_FEED,
    &OCDS,
    &JSON,
    &MARKDOWN,
    &HTML,
    &CSV,
    &TEXT,
    &WORD,
    &PDF,
    &XLSX,
    &XLS,
    &ODS,
    &OLD_WORD,
    &LOCKED,
    &OPEN_TEXT,
    &SLIDES,
    &OFD,
    &XLSB,
    &SHEET_2003,
    &ARCHIVE,
    &PICTURE,
    &COMPANION,
];

#[cfg(test)]
mod tests {
    use super::KINDS;

    #[test]
    fn no_ending_is_that_of_two_kinds() {
        let mut all: Vec<&str> = KINDS.iter().flat_map(|kind| kind.endings).copied().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
