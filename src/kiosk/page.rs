//! The contract of a kiosk page. A page is one file: its state, what it asks of the archive, what it makes of the answer,
//! how it is laid out, what its keys do. The stage drives all pages alike; nothing else knows which there are.

use super::{
    address::Action,
    kit::{Measure, PageContext, PageLayout, Room},
};
use crate::{
    config::Config,
    edition::{Document, Edition, ListMonths, Query, Response, RowFile, Table},
    model::Month,
    search::SearchResults,
    time::{Timestamp, civil::Date},
    ui::View,
};
use std::{ops::Range, sync::Arc};

/// One page with the state of one visit to it. Dropping it forgets all of it.
///
/// What a touch or an answer changes is drawn by the next [`KioskPage::layout`]; between two of these a page is the same,
/// so that its sections can be made one by one, when they come near. The order in which views are added is the order in
/// which they are read aloud.
pub trait KioskPage {
    /// What it asks of the archive as it stands, whether it has an answer already or not; `None`: nothing.
    fn query(&self) -> Option<Query> {
        None
    }

    /// Takes an answer to its query that is no failure.
    fn take(&mut self, _: Response) -> Received {
        Received::Gone
    }

    /// Whether further answers to the same query are still to come.
    fn is_unfinished(&self) -> bool {
        false
    }

    /// Takes note of a new edition. Says whether what it shows may be another in it: it is asked for again then, and stays
    /// until the answer.
    fn refresh(&mut self, _: &Edition) -> bool {
        false
    }

    /// What it asks for besides, now that this part of its content is near; `None` where all of that is there. It is asked
    /// once until the answer; what is needed more takes its place.
    fn more(&mut self, _: &Near) -> Option<Query> {
        None
    }

    /// What it asked for cannot be had now, and it has nothing that stands for it.
    fn fail(&mut self) {}

    /// Further content that was asked for cannot be had now; it is not asked for again until [`Action::Retry`].
    fn stall(&mut self) {}

    /// All that stands fixed, and how high its sections are about.
    fn layout(&mut self, cx: &PageContext<'_>) -> PageLayout;

    /// Prepares more of content that is too long to be prepared at once: the last of its heights stands for all that is
    /// not prepared yet, and those given take its place. Each call does a bounded part; `None`: all is prepared.
    fn prepare(&mut self, _: &PageContext<'_>, _: Room) -> Option<Vec<f32>> {
        None
    }

    /// The view of one section of its content, as wide as the room.
    fn section(&self, cx: &PageContext<'_>, room: Room, index: usize, measure: Measure<'_>) -> View<Action>;

    /// Applies a touch that is none of navigation's.
    fn act(&mut self, _: &Action) -> PageChange {
        PageChange::Nothing
    }

    /// What a character of a keyboard or a scanner does here.
    fn key(&self, _: char) -> Option<Action> {
        None
    }

    /// Whether it still makes sense under a new config; one that does not is left for the start.
    fn survives(&self, _: &Config) -> bool {
        true
    }

    /// Whether it is a choice, which is left as soon as something is chosen.
    fn is_choice(&self) -> bool {
        false
    }

    /// What it hands on to a page that is opened from it.
    fn hand_on(&self) -> Handed {
        Handed::Nothing
    }
}

/// What of a page's content is near.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Near {
    /// The sections on screen.
    pub seen: Range<usize>,
    /// The sections on screen where the motion under way ends.
    pub coming: Range<usize>,
    /// Pixels of content above what is on screen.
    pub above: f64,
    /// Whether the end of the content is less than one and a half screens away.
    pub is_end: bool,
}

/// The edition in which a page is opened: what it asks for agrees with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AsOf {
    /// The day.
    pub day: Date,
    /// The instant as of which alerts that are over are left out.
    pub instant: Timestamp,
}

/// What became of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It is shown.
    Shown,
    /// It is shown from its beginning.
    Anew,
    /// There is no such thing, or no longer.
    Gone,
}

/// What a touch did to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageChange {
    /// Nothing.
    Nothing,
    /// Another layout.
    Changed,
    /// Its query is another: what it shows stays until the answer.
    Ask,
    /// Its query is to be answered anew, from the beginning.
    AskAnew,
    /// It waits for nothing any more and shows nothing of what it had.
    Cleared,
}

/// What a page has that another may be opened for.
#[derive(Clone)]
pub enum Handed {
    /// Nothing.
    Nothing,
    /// A document.
    Document(Arc<Document>),
    /// A row.
    Row(Arc<RowFile>),
    /// A register's rows.
    Table(Arc<Table>),
    /// What was found, and what narrows it.
    Found(Arc<SearchResults>, Filters),
    /// The months of a list, and the one it stands at.
    Months(Arc<ListMonths>, Option<Month>),
}

/// What narrows a search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Only under this heading; empty for all.
    pub catalogue: String,
    /// Only at this region, by its code; empty for all.
    pub place: String,
    /// Only of this year.
    pub year: Option<i16>,
}
