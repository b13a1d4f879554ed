//! Where one visitor is: the page, what was read before it, and the visit's own settings.

use crate::{edition::Document, model::NoticeId, ui::Scroller};
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
    /// Turns 大字版 on or off.
    Large,
    /// Turns 低位操作 on or off.
    Low,
    /// 继续使用.
    Stay,
    /// Ends the visit.
    Leave,
}

/// How far an article's document is.
#[derive(Debug, Clone, Default)]
pub enum Reading {
    /// Asked for at this instant, not there yet.
    Asked(Duration),
    /// Here.
    Here(Arc<Document>),
    /// The store no longer has it.
    Gone,
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
    /// Its document.
    pub reading: Reading,
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

    /// Applies what a touch asks for. Whether a document is wanted now is in `stop.reading`.
    pub fn apply(&mut self, action: &Action, now: Duration) {
        match action {
            Action::Home => {
                self.before.clear();
                self.stop = Stop::default();
            }
            Action::Back => self.stop = self.before.pop().unwrap_or_default(),
            Action::Go(page) if page == self.page() => {}
            Action::Go(Page::Home) => self.apply(&Action::Home, now),
            Action::Go(page) => self.go(page, now),
            Action::Large => self.large = !self.large,
            Action::Low => self.low = !self.low,
            Action::Leave => *self = Self::default(),
            Action::Stay => {}
        }
    }

    fn go(&mut self, page: &Page, now: Duration) {
        // A link to a page further up goes back to it, so 返回 never runs in circles.
        if let Some(at) = self.before.iter().position(|s| s.page.as_ref() == Some(page)) {
            let mut later = self.before.split_off(at);
            self.stop = later.swap_remove(0);
            return;
        }
        let reading = if matches!(page, Page::Article(_)) { Reading::Asked(now) } else { Reading::None };
        let mut old = std::mem::take(&mut self.stop);
        old.scroller.stop(now);
        self.before.push(old);
        if self.before.len() > DEPTH {
            self.before.remove(1);
        }
        self.stop = Stop { page: Some(page.clone()), scroller: Scroller::default(), reading };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
