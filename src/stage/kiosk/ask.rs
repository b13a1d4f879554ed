//! What a kiosk asks of the archive, and what its keyboard says.

use super::KioskStage;
use crate::{
    edition::{Edition, Question, Wanted},
    kiosk::{Action, Page, Reading},
    model::NoticeHead,
};
use std::{sync::Arc, time::Duration};

/// How long a page waits for an answer before it says that there is none.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// What a keyboard or a scanner sends at the end of what it typed.
const ENTER: [char; 2] = ['\n', '\r'];
/// What takes a character back.
const ERASE: [char; 2] = ['\u{8}', '\u{7f}'];

impl KioskStage {
    /// Asks for what the page waits for; an answer to an earlier question is stale from here on.
    pub(super) fn ask(&mut self) {
        self.generation += 1;
        self.question = None;
        self.visit.stop.entry.loading = None;
        let is_due = match &self.visit.stop.reading {
            Reading::Asked(_) => true,
            // It was left before its pictures came.
            Reading::Row(file) => !file.is_settled,
            _ => false,
        };
        if is_due {
            self.question = self.visit.stop.wants().map(|wanted| self.put(wanted));
        }
    }

    /// Asks once more for what stands on the page, where a new edition may have changed it; it stays until the answer.
    pub(super) fn ask_again(&mut self, edition: &Arc<Edition>) {
        let stop = &self.visit.stop;
        let is_due = match (self.visit.page(), &stop.reading) {
            (Page::Article(id), Reading::Here(document)) => {
                let same = |head: &NoticeHead| {
                    head.title == document.head.title
                        && head.show == document.head.show
                        && head.published == document.head.published
                };
                !edition.head(*id).is_some_and(|head| same(head))
            }
            (_, Reading::Table(_) | Reading::Row(_) | Reading::Case(_)) => true,
            _ => false,
        };
        if let Some(wanted) = stop.wants().filter(|_| is_due) {
            self.generation += 1;
            self.question = Some(self.put(wanted));
        }
    }

    /// Asks for further hits when the end of those at hand comes near.
    pub(super) fn ask_further(&mut self, now: Duration) {
        let stop = &self.visit.stop;
        let waits = matches!(stop.reading, Reading::Asked(_));
        if waits || stop.page != Some(Page::Search) || !stop.entry.has_more() {
            return;
        }
        let scroller = &stop.scroller;
        if scroller.at(now) + scroller.view() * 2.5 >= scroller.content() {
            let wanted = stop.entry.wanted(stop.entry.hits.len());
            self.generation += 1;
            self.question = Some(self.put(wanted));
            self.visit.stop.entry.loading = Some(now);
        }
    }

    /// Gives up what nobody answered in time; an answer that comes after all is still taken.
    pub(super) fn give_up(&mut self, now: Duration) {
        if self.is_overdue(now) {
            self.visit.stop.fail();
            (self.dirty, self.turn) = (true, true);
        }
    }

    /// Whether a question has waited longer than anyone can be asked to.
    pub(super) fn is_overdue(&self, now: Duration) -> bool {
        self.visit.stop.waits_since().is_some_and(|since| now >= since + ANSWER_TIMEOUT)
    }

    fn put(&self, wanted: Wanted) -> Question {
        Question { screen: self.index, generation: self.generation, wanted }
    }

    /// A key of a keyboard, or of a scanner that types as one. On the home page it begins a search.
    pub(super) fn key(&mut self, key: char, now: Duration) {
        let types = matches!(self.visit.page(), Page::Search | Page::Case(_));
        let begins = *self.visit.page() == Page::Home && key.is_alphanumeric();
        if !types && !begins {
            return;
        }
        if begins {
            self.apply(&Action::Go(Page::Search), now);
        }
        let action = match key {
            c if ENTER.contains(&c) => Action::Submit,
            c if ERASE.contains(&c) => Action::Erase,
            c if c.is_control() => return,
            c => Action::Type(c),
        };
        self.apply(&action, now);
    }
}
