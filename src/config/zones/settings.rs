//! What every kind of zone says of its settings, so that nothing else has to know the kinds.

use super::{frame::ZoneFrame, list::NoticeFilter, report::Report, rows::RowPeriod, words::Fit};

/// The settings of one kind of zone.
pub trait ZoneSettings {
    /// Reports what can be seen to be wrong without any other file.
    fn check(&self, frame: &ZoneFrame, report: Report<'_>);

    /// The catalogue heading whose notices it shows; empty for all, and for a kind that shows none.
    fn catalogue(&self) -> &str {
        ""
    }

    /// Which notices it shows, or what stands in for it.
    fn notices(&self) -> Option<&NoticeFilter> {
        None
    }

    /// What it shows of a register.
    fn register(&self) -> Option<RegisterUse<'_>> {
        None
    }

    /// The picture file it shows.
    fn picture(&self) -> Option<PictureUse<'_>> {
        None
    }

    /// The speed it asks for, pixels per second, where it moves for ever.
    fn speed(&self) -> Option<f32> {
        None
    }
}

/// A picture file that a zone shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureUse<'a> {
    /// The key that names it.
    pub key: &'static str,
    /// The file, relative to the config folder.
    pub file: &'a str,
    /// How it fits.
    pub fit: Fit,
}

/// What a zone shows of a register.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterUse<'a> {
    /// The rows it takes.
    pub query: WallQuery,
    /// The columns it names, by their ids.
    pub columns: &'a [String],
    /// The words into which figures are filled, under the key `text`; empty for none.
    pub words: &'a str,
}

/// Which rows of a register a zone shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct WallQuery {
    /// The register's name.
    pub register: String,
    /// The code of a region, those below it included; empty for everywhere.
    pub place: String,
    /// The rows of which time.
    pub period: RowPeriod,
    /// Only cases that are not closed, of whatever time.
    pub open_only: bool,
    /// Rows taken at most.
    pub limit: u32,
}
