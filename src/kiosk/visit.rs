//! Where one visitor is: the page, what was read before it, and the visit's own settings.

use super::{Entry, Keys, Narrow};
use crate::{
    edition::{CaseFile, Document, RowFile, Table, TableQuery, Told, Wanted},
    model::{NoticeId, RowId},
    ui::Scroller,
};
use std::{sync::Arc, time::Duration};

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The start.
    Home,
    /// 按栏目查找: the whole catalogue.
    Find,
    /// One heading: its sub-headings and its newest notices.
    Browse(String),
    /// The notices of a heading, `""` for all; `showing`: only those in their show period, ending soonest first.
    List {
        /// The heading's id.
        heading: String,
        /// Only those in their show period.
        showing: bool,
    },
    /// One document.
    Article(NoticeId),
    /// A register at a place in a period.
    Register(TableQuery),
    /// The choice of another place or period for it.
    Pick(TableQuery, Pick),
    /// One row of a register.
    Row(RowId),
    /// One picture of the document or the row that was left for it, by its address.
    Picture(String),
    /// 查进度: a case by its receipt number; empty where it is to be typed.
    Case(String),
    /// Search over everything.
    Search,
    /// The choice of what narrows the search.
    Narrow(Facet),
}

/// What is chosen for a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// 乡镇.
    Township,
    /// 村.
    Village,
    /// 月份.
    Month,
}

/// What narrows a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facet {
    /// 栏目.
    Catalogue,
    /// 年份.
    Year,
    /// 地区.
    Place,
}

/// What a touch does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Goes to the start.
    Home,
    /// Goes one page back.
    Back,
    /// Opens a page.
    Go(Page),
    /// Shows the register of this page at another place or in another period.
    Choose(TableQuery),
    /// Types a character.
    Type(char),
    /// Takes the last character back.
    Erase,
    /// Takes all of them back.
    Clear,
    /// Brings other keys up, or puts them away.
    Keys(Keys),
    /// 查询, 搜索.
    Submit,
    /// Shows or hides what explains the page.
    Help,
    /// Narrows the search, or widens it where it was narrowed so.
    Narrow(Narrow),
    /// Enlarges the picture of the page once more, or makes it as wide as the screen again.
    Closer,
    /// 再试一次: asks anew for what could not be had.
    Retry,
    /// Turns 大字版 on or off.
    Large,
    /// Turns 低位操作 on or off.
    Low,
    /// 继续使用.
    Stay,
    /// Ends the visit.
    Leave,
}

/// How far what a page asks of the archive is.
#[derive(Debug, Clone, Default)]
pub enum Reading {
    /// Asked for at this instant, not there yet.
    Asked(Duration),
    /// A document.
    Here(Arc<Document>),
    /// A register's rows.
    Table(Arc<Table>),
    /// One row.
    Row(Arc<RowFile>),
    /// A case.
    Case(Arc<CaseFile>),
    /// The store has no such thing, or no longer.
    Gone,
    /// The store could not be asked: whether it has such a thing is not known.
    Failed,
    /// The page needs none.
    #[default]
    None,
}

/// A page being visited.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// The page; none is home.
    pub page: Option<Page>,
    /// Where its content stands.
    pub scroller: Scroller,
    /// What it asked for.
    pub reading: Reading,
    /// What was typed on it.
    pub entry: Entry,
    /// Its picture is enlarged once more.
    pub closer: bool,
    /// How far content that is wider than the screen has gone to the left, pixels.
    pub aside: f32,
}

impl Stop {
    /// A page that has just been opened.
    fn open(page: &Page, now: Duration) -> Self {
        let entry = match page {
            Page::Case(receipt) => Entry::of(receipt),
            _ => Entry::default(),
        };
        let asks = match page {
            Page::Article(_) | Page::Register(_) | Page::Row(_) => true,
            Page::Case(_) => !entry.is_blank(),
            _ => false,
        };
        let reading = if asks { Reading::Asked(now) } else { Reading::None };
        Self { page: Some(page.clone()), reading, entry, ..Self::default() }
    }

    /// What it wants of the archive, whether it already has an answer or not.
    pub fn wants(&self) -> Option<Wanted> {
        match self.page.as_ref()? {
            Page::Article(id) => Some(Wanted::Notice(*id)),
            Page::Register(query) => Some(Wanted::Table(query.clone())),
            Page::Row(id) => Some(Wanted::Row(*id)),
            Page::Case(_) => (!self.entry.is_blank()).then(|| Wanted::Case(self.entry.text.clone())),
            Page::Search => (!self.entry.is_blank()).then(|| self.entry.wanted(0)),
            _ => None,
        }
    }

    /// Takes an answer to what it wants.
    pub fn take(&mut self, told: Told) {
        if matches!(told, Told::Failed) {
            self.fail();
            return;
        }
        let reading = match (self.page.as_ref(), told) {
            (Some(Page::Article(_)), Told::Document(document)) => Reading::Here(document),
            (Some(Page::Register(_)), Told::Table(table)) => Reading::Table(table),
            (Some(Page::Row(_)), Told::Row(mut file)) => {
                // Asked again, its words come before its pictures; those that stand there stay until then.
                if let Reading::Row(old) = &self.reading
                    && file.pictures.is_empty()
                    && !file.is_settled
                    && !old.pictures.is_empty()
                {
                    Arc::make_mut(&mut file).pictures.clone_from(&old.pictures);
                }
                Reading::Row(file)
            }
            (Some(Page::Case(_)), Told::Case(file)) => Reading::Case(file),
            (Some(Page::Search), Told::Found(found)) => {
                if self.entry.take(found) {
                    self.scroller.jump(0.0);
                }
                Reading::None
            }
            (Some(Page::Search), _) => {
                self.entry.forget();
                Reading::Gone
            }
            _ => Reading::Gone,
        };
        self.reading = reading;
    }

    /// What it asked for cannot be had now. What stands on the page stays: only what is waited for is given up.
    pub fn fail(&mut self) {
        self.entry.stalled = self.entry.loading.take().is_some();
        if matches!(self.reading, Reading::Asked(_)) {
            self.reading = Reading::Failed;
            // Hits for other words would be taken for hits of these.
            self.entry.forget();
        }
    }

    /// It is on screen again: what it still waits for is asked for anew.
    fn resume(&mut self, now: Duration) {
        if matches!(self.reading, Reading::Asked(_) | Reading::Failed) {
            self.reading = Reading::Asked(now);
        }
    }

    /// Since when it waits for an answer without which it has nothing, or less than was asked for, to show.
    pub fn waits_since(&self) -> Option<Duration> {
        match self.reading {
            Reading::Asked(at) => Some(at),
            _ => self.entry.loading,
        }
    }

    /// Types, takes back, submits. Whether the archive is to be asked is in `reading` afterwards.
    fn typed(&mut self, action: &Action, now: Duration) {
        let is_case = matches!(self.page, Some(Page::Case(_)));
        if !is_case && self.page != Some(Page::Search) {
            return;
        }
        let changed = match action {
            Action::Type(c) if is_case => self.entry.add_receipt(*c),
            Action::Type(c) => self.entry.add_word(*c),
            Action::Erase => self.entry.text.pop().is_some(),
            Action::Clear => !std::mem::take(&mut self.entry.text).is_empty(),
            Action::Narrow(narrow) => {
                self.entry.narrow(narrow);
                true
            }
            Action::Submit if is_case && !self.entry.is_blank() => {
                self.reading = Reading::Asked(now);
                self.scroller = Scroller::default();
                false
            }
            Action::Submit if !is_case => {
                self.entry.keys = Keys::Away;
                false
            }
            _ => false,
        };
        if !changed {
            return;
        }
        self.entry.help = false;
        if is_case || self.entry.is_blank() {
            // What stood there answers another number.
            self.reading = Reading::None;
            self.entry.forget();
            self.scroller = Scroller::default();
        } else {
            self.reading = Reading::Asked(now);
        }
    }
}

/// A whole visit. Dropping it forgets all of it.
#[derive(Debug, Clone, Default)]
pub struct Visit {
    /// Where the visitor is.
    pub stop: Stop,
    /// What 返回 goes back to, the last at the end.
    pub before: Vec<Stop>,
    /// 大字版.
    pub large: bool,
    /// 低位操作.
    pub low: bool,
}

/// Pages 返回 remembers.
const DEPTH: usize = 32;

impl Visit {
    /// The page.
    pub fn page(&self) -> &Page {
        self.stop.page.as_ref().unwrap_or(&Page::Home)
    }

    /// Whether nothing of a visitor is left to wipe.
    pub fn clean(&self, now: Duration) -> bool {
        let still = self.stop.scroller.at(now) < 1.0 && !self.stop.scroller.gliding(now);
        *self.page() == Page::Home && self.before.is_empty() && still && !self.large && !self.low
    }

    /// Applies what a touch asks for. Whether the archive is to be asked is in `stop.reading` afterwards.
    pub fn apply(&mut self, action: &Action, now: Duration) {
        match action {
            Action::Home => {
                self.before.clear();
                self.stop = Stop::default();
            }
            Action::Back => {
                self.stop = self.before.pop().unwrap_or_default();
                self.stop.resume(now);
            }
            Action::Go(page) if page == self.page() => {}
            Action::Go(Page::Home) => self.apply(&Action::Home, now),
            Action::Go(page) => self.go(page, now),
            Action::Choose(query) => {
                self.leave_choice();
                self.stop = Stop::open(&Page::Register(query.clone()), now);
            }
            Action::Narrow(_) => {
                self.leave_choice();
                self.stop.typed(action, now);
            }
            Action::Type(_) | Action::Erase | Action::Clear | Action::Submit => self.stop.typed(action, now),
            Action::Keys(keys) => self.stop.entry.keys = *keys,
            Action::Help => self.stop.entry.help = !self.stop.entry.help,
            Action::Retry => {
                self.stop.entry.stalled = false;
                if matches!(self.stop.reading, Reading::Failed) {
                    self.stop.reading = Reading::Asked(now);
                }
            }
            Action::Closer => self.stop.closer = !self.stop.closer,
            Action::Large => self.large = !self.large,
            Action::Low => self.low = !self.low,
            Action::Leave => *self = Self::default(),
            Action::Stay => {}
        }
    }

    /// From a choice back to the page it is for, which remembers only where it was left to.
    fn leave_choice(&mut self) {
        if matches!(self.page(), Page::Pick(..) | Page::Narrow(_)) {
            self.stop = self.before.pop().unwrap_or_default();
        }
    }

    fn go(&mut self, page: &Page, now: Duration) {
        // A link to a page further up goes back to it, so 返回 never runs in circles.
        if let Some(at) = self.before.iter().position(|s| s.page.as_ref() == Some(page)) {
            let mut later = self.before.split_off(at);
            self.stop = later.swap_remove(0);
            self.stop.resume(now);
            return;
        }
        let mut old = std::mem::take(&mut self.stop);
        old.scroller.stop(now);
        let shown = matches!(page, Page::Picture(_)).then(|| old.reading.clone());
        self.before.push(old);
        if self.before.len() > DEPTH {
            self.before.remove(1);
        }
        self.stop = Stop::open(page, now);
        if let Some(shown) = shown {
            self.stop.reading = shown;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_do_not_pile_and_typing_asks() {
        let now = Duration::ZERO;
        let mut visit = Visit::default();
        let query = |place: &str| TableQuery { register: "money".into(), place: place.into(), period: None };
        visit.apply(&Action::Go(Page::Register(query(""))), now);
        visit.apply(&Action::Go(Page::Pick(query(""), Pick::Village)), now);
        visit.apply(&Action::Choose(query("990001001")), now);
        assert_eq!((visit.page(), visit.before.len()), (&Page::Register(query("990001001")), 1));
        assert!(visit.stop.wants().is_some() && matches!(visit.stop.reading, Reading::Asked(_)));
        visit.apply(&Action::Go(Page::Search), now);
        assert_eq!(visit.stop.wants(), None);
        visit.apply(&Action::Type('c'), now);
        visit.apply(&Action::Go(Page::Narrow(Facet::Year)), now);
        visit.apply(&Action::Narrow(Narrow::Year(Some(2026))), now);
        let Some(Wanted::Search(asked)) = visit.stop.wants() else { panic!("{:?}", visit.stop) };
        assert_eq!((asked.text.as_str(), asked.year, visit.before.len()), ("c", Some(2026), 2));
        visit.apply(&Action::Clear, now);
        assert!(visit.stop.wants().is_none() && matches!(visit.stop.reading, Reading::None));
    }

    #[test]
    fn back_goes_where_the_visitor_was_and_links_up_do_not_pile() {
        let now = Duration::ZERO;
        let mut visit = Visit::default();
        let browse = Page::Browse("trade".into());
        visit.apply(&Action::Go(browse.clone()), now);
        visit.apply(&Action::Go(Page::Article(NoticeId(7))), now);
        assert!(matches!(visit.stop.reading, Reading::Asked(_)));
        visit.apply(&Action::Go(browse.clone()), now);
        assert_eq!((visit.page(), visit.before.len()), (&browse, 1));
        visit.apply(&Action::Back, now);
        assert_eq!(visit.page(), &Page::Home);
        visit.apply(&Action::Back, now);
        assert!(visit.clean(now));
        for n in 0..100 {
            visit.apply(&Action::Go(Page::Article(NoticeId(n))), now);
        }
        assert_eq!(visit.before.len(), DEPTH);
        visit.apply(&Action::Large, now);
        visit.apply(&Action::Leave, now);
        assert!(visit.clean(now));
    }
}
