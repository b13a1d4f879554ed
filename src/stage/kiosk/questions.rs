//! What a kiosk asks of the archive: one question is out at a time, and each has an end.

use crate::{
    edition::{Answer, Edition, Question, Wanted},
    kiosk::{NavEntry, Status},
};
use std::time::Duration;

/// How long a page waits for an answer before it says that there is none.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// The question that is to be given out, and the number of the last one.
pub(super) struct Questions {
    screen: usize,
    pending: Option<Question>,
    pub generation: u64,
}

/// Whether a page has waited longer than anyone can be asked to.
pub(super) fn is_overdue(entry: &NavEntry, now: Duration) -> bool {
    entry.waits_since().is_some_and(|since| now >= since + ANSWER_TIMEOUT)
}

impl Questions {
    /// The questions of the screen number `screen`.
    pub fn new(screen: usize) -> Self {
        Self { screen, pending: None, generation: 0 }
    }

    /// The question to be given out; once.
    pub fn next(&mut self) -> Option<Question> {
        self.pending.take()
    }

    /// Whether an answer is another screen's, or to another question than the last.
    pub fn is_stale(&self, answer: &Answer) -> bool {
        answer.screen != self.screen || answer.generation != self.generation
    }

    /// Asks for what the page waits for; an answer to an earlier question is stale from here on.
    pub fn ask(&mut self, entry: &mut NavEntry) {
        self.generation += 1;
        self.pending = None;
        entry.loading = None;
        // It may have been left before all of its answers came.
        if matches!(entry.status, Status::Asked(_)) || entry.page.is_unfinished() {
            self.pending = entry.page.query().map(|wanted| self.put(wanted));
        }
    }

    /// Asks once more for what stands on the page, where a new edition may have changed it; it stays until the answer.
    pub fn ask_again(&mut self, entry: &NavEntry, edition: &Edition) {
        let is_due = entry.status == Status::Ready && entry.page.is_outdated(edition);
        if let Some(wanted) = entry.page.query().filter(|_| is_due) {
            self.generation += 1;
            self.pending = Some(self.put(wanted));
        }
    }

    /// Asks for further content when the end of what is there comes near.
    pub fn ask_further(&mut self, entry: &mut NavEntry, now: Duration) {
        if matches!(entry.status, Status::Asked(_)) || entry.loading.is_some() {
            return;
        }
        let Some(wanted) = entry.page.more() else { return };
        let scroller = &entry.scroller;
        if scroller.at(now) + scroller.view() * 2.5 >= scroller.content() {
            self.generation += 1;
            self.pending = Some(self.put(wanted));
            entry.loading = Some(now);
        }
    }

    fn put(&self, wanted: Wanted) -> Question {
        Question { screen: self.screen, generation: self.generation, wanted }
    }
}
