//! Where one visitor is: the page, what was read before it, and the visit's own settings.

use super::{
    address::{Action, Page},
    kit::Status,
    page::{AsOf, Handed, KioskPage, PageChange, Received},
    pages,
};
use crate::{edition::Response, ui::Scroller};
use std::time::Duration;

/// Pages 返回 remembers.
const DEPTH: usize = 32;

/// A page being visited.
pub struct NavEntry {
    /// Its address.
    pub address: Page,
    /// The page with its state.
    pub page: Box<dyn KioskPage>,
    /// How far what it asked for is.
    pub status: Status,
    /// Since when further content is asked for.
    pub loading: Option<Duration>,
    /// Where its content stands.
    pub scroller: Scroller,
    /// The number of the edition that it knows; `None` for one that has just been opened.
    pub edition: Option<u64>,
    /// How far content that is wider than the screen has gone to the left, pixels.
    pub scroll_x: f32,
}

impl NavEntry {
    /// A page that has just been opened.
    fn open(address: &Page, handed: Handed, (now, as_of): (Duration, AsOf)) -> Self {
        let page = pages::open(address, handed, as_of);
        let status = if page.query().is_some() { Status::Asked(now) } else { Status::Ready };
        let scroller = Scroller::default();
        Self { address: address.clone(), page, status, loading: None, scroller, edition: None, scroll_x: 0.0 }
    }

    /// Takes an answer to what it asks.
    pub fn take(&mut self, response: Response) {
        if matches!(response, Response::Failed) {
            self.fail();
            return;
        }
        self.loading = None;
        self.status = match self.page.take(response) {
            Received::Shown => Status::Ready,
            Received::Anew => {
                self.scroller.jump(0.0);
                Status::Ready
            }
            Received::Gone => Status::Gone,
        };
    }

    /// What it asked for cannot be had now. What stands on the page stays: only what is waited for is given up.
    pub fn fail(&mut self) {
        if self.loading.take().is_some() {
            self.page.stall();
        }
        if matches!(self.status, Status::Asked(_)) {
            self.page.fail();
            self.status = Status::Failed;
        }
    }

    /// Since when it waits for an answer without which it has nothing, or less than was asked for, to show.
    pub fn waits_since(&self) -> Option<Duration> {
        match self.status {
            Status::Asked(at) => Some(at),
            Status::Ready | Status::Gone | Status::Failed => self.loading,
        }
    }

    /// It is on screen again: what it still waits for is asked for anew.
    fn resume(&mut self, now: Duration) {
        if matches!(self.status, Status::Asked(_) | Status::Failed) {
            self.status = Status::Asked(now);
        }
    }

    /// Applies a touch that is the page's own.
    fn act(&mut self, action: &Action, now: Duration) {
        match self.page.act(action) {
            PageChange::Nothing | PageChange::Changed => {}
            PageChange::Ask => self.status = Status::Asked(now),
            PageChange::AskAnew => (self.status, self.scroller) = (Status::Asked(now), Scroller::default()),
            PageChange::Cleared => (self.status, self.scroller) = (Status::Ready, Scroller::default()),
        }
    }
}

impl Default for NavEntry {
    fn default() -> Self {
        Self::open(&Page::Home, Handed::Nothing, (Duration::ZERO, AsOf::default()))
    }
}

/// A whole visit. Dropping it forgets all of it.
#[derive(Default)]
pub struct Visit {
    /// Where the visitor is.
    pub here: NavEntry,
    /// What 返回 goes back to, the last at the end.
    pub behind: Vec<NavEntry>,
    /// 大字版.
    pub large: bool,
    /// 低位操作.
    pub low: bool,
    /// The newest edition.
    pub as_of: AsOf,
}

impl Visit {
    /// The page.
    pub fn page(&self) -> &Page {
        &self.here.address
    }

    /// Whether nothing of a visitor is left to wipe.
    pub fn clean(&self, now: Duration) -> bool {
        let still = self.here.scroller.at(now) < 1.0 && !self.here.scroller.gliding(now);
        *self.page() == Page::Home && self.behind.is_empty() && still && !self.large && !self.low
    }

    /// Applies what a touch asks for. Whether the archive is to be asked is in `here.status` afterwards.
    pub fn apply(&mut self, action: &Action, now: Duration) {
        match action {
            Action::Home => {
                self.behind.clear();
                self.here = NavEntry::default();
            }
            Action::Back => self.back(now),
            Action::Go(page) if page == self.page() => {}
            Action::Go(Page::Home) => self.apply(&Action::Home, now),
            Action::Go(page) => self.go(page, now),
            Action::Choose(page) => {
                self.leave_choice(now);
                self.here = NavEntry::open(page, Handed::Nothing, (now, self.as_of));
            }
            Action::Filter(_) | Action::Month(_) => {
                self.leave_choice(now);
                self.here.act(action, now);
            }
            Action::Retry => {
                self.here.act(action, now);
                self.here.resume(now);
            }
            Action::Large => self.large = !self.large,
            Action::Low => self.low = !self.low,
            Action::Leave => *self = Self { as_of: self.as_of, ..Self::default() },
            Action::Stay => {}
            Action::Type(_)
            | Action::Erase
            | Action::Clear
            | Action::Keys(_)
            | Action::Submit
            | Action::Help
            | Action::Zoom => self.here.act(action, now),
        }
    }

    fn back(&mut self, now: Duration) {
        self.here = self.behind.pop().unwrap_or_default();
        self.here.resume(now);
    }

    /// From a choice back to the page it is for, which remembers only where it was left to.
    fn leave_choice(&mut self, now: Duration) {
        if self.here.page.is_choice() {
            self.back(now);
        }
    }

    fn go(&mut self, page: &Page, now: Duration) {
        // A link to a page further up goes back to it, so 返回 never runs in circles.
        if let Some(at) = self.behind.iter().position(|entry| entry.address == *page) {
            self.behind.truncate(at + 1);
            self.back(now);
            return;
        }
        let handed = self.here.page.hand_on();
        let mut old = std::mem::replace(&mut self.here, NavEntry::open(page, handed, (now, self.as_of)));
        old.scroller.stop(now);
        self.behind.push(old);
        if self.behind.len() > DEPTH {
            self.behind.remove(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        edition::{Query, TableQuery},
        kiosk::address::{Filter, Pick, SearchFacet},
        model::NoticeId,
    };

    #[test]
    fn choices_do_not_pile_and_typing_asks() {
        let now = Duration::ZERO;
        let mut visit = Visit::default();
        let query = |place: &str| TableQuery { register: "money".into(), place: place.into(), period: None };
        visit.apply(&Action::Go(Page::Register(query(""))), now);
        visit.apply(&Action::Go(Page::Pick(query(""), Pick::Village)), now);
        visit.apply(&Action::Choose(Page::Register(query("990001001"))), now);
        assert_eq!((visit.page(), visit.behind.len()), (&Page::Register(query("990001001")), 1));
        assert!(visit.here.page.query().is_some() && matches!(visit.here.status, Status::Asked(_)));
        visit.apply(&Action::Go(Page::Search), now);
        assert_eq!(visit.here.page.query(), None);
        visit.apply(&Action::Type('c'.into()), now);
        visit.apply(&Action::Go(Page::Narrow(SearchFacet::Year)), now);
        visit.apply(&Action::Filter(Filter::Year(Some(2026))), now);
        let Some(Query::Search(asked)) = visit.here.page.query() else { panic!("nothing asked") };
        assert_eq!((asked.text.as_str(), asked.year, visit.behind.len()), ("c", Some(2026), 2));
        visit.apply(&Action::Clear, now);
        assert!(visit.here.page.query().is_none() && visit.here.status == Status::Ready);
    }

    #[test]
    fn back_goes_where_the_visitor_was_and_links_up_do_not_pile() {
        let now = Duration::ZERO;
        let mut visit = Visit::default();
        let browse = Page::Browse("trade".into());
        visit.apply(&Action::Go(browse.clone()), now);
        visit.apply(&Action::Go(Page::Article(NoticeId(7))), now);
        assert!(matches!(visit.here.status, Status::Asked(_)));
        visit.apply(&Action::Go(browse.clone()), now);
        assert_eq!((visit.page(), visit.behind.len()), (&browse, 1));
        visit.apply(&Action::Back, now);
        assert_eq!(visit.page(), &Page::Home);
        visit.apply(&Action::Back, now);
        assert!(visit.clean(now));
        for n in 0..100 {
            visit.apply(&Action::Go(Page::Article(NoticeId(n))), now);
        }
        assert_eq!(visit.behind.len(), DEPTH);
        visit.apply(&Action::Large, now);
        visit.apply(&Action::Leave, now);
        assert!(visit.clean(now));
    }
}
