//! What a kiosk asks of the archive: one question is out at a time, and each has an end.

use crate::{
    edition::{Answer, Edition, Query, Question},
    kiosk::{NavEntry, Near, Status},
};
use std::time::Duration;

/// How long a page waits for an answer before it says that there is none.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// The question that is to be given out, and the number of the last one.
pub(super) struct Questions {
    screen: usize,
    pending: Option<Question>,
    pub generation: u64,
    /// What was asked for last besides what the page waits for.
    further: Option<Query>,
    renewal: Renewal,
}

/// Whether what stands on the page is being asked for once more.
#[derive(Clone, Copy, PartialEq)]
enum Renewal {
    None,
    Asked,
    /// As long as anything else waits for it.
    Since(Duration),
}

/// Whether a page has waited longer than anyone can be asked to.
pub(super) fn is_overdue(entry: &NavEntry, now: Duration) -> bool {
    entry.waits_since().is_some_and(|since| now >= since + ANSWER_TIMEOUT)
}

/// What of a page's content is near.
fn near(entry: &NavEntry, now: Duration) -> Near {
    let scroller = &entry.scroller;
    let above = scroller.at(now);
    let is_end = above + scroller.view() * 2.5 >= scroller.content();
    Near { seen: scroller.seen(now, 0.0), coming: scroller.seen_at_rest(), above, is_end }
}

impl Questions {
    /// The questions of the screen number `screen`.
    pub fn new(screen: usize) -> Self {
        Self { screen, pending: None, generation: 0, further: None, renewal: Renewal::None }
    }

    /// The question to be given out; once.
    pub fn next(&mut self) -> Option<Question> {
        self.pending.take()
    }

    /// Whether an answer is another screen's, or to another question than the last.
    pub fn is_stale(&self, answer: &Answer) -> bool {
        answer.screen != self.screen || answer.generation != self.generation
    }

    /// An answer that is not stale came.
    pub fn answered(&mut self) {
        (self.further, self.renewal) = (None, Renewal::None);
    }

    /// Asks for what the page waits for; an answer to an earlier question is stale from here on.
    pub fn ask(&mut self, entry: &mut NavEntry) {
        self.generation += 1;
        self.pending = None;
        entry.loading = None;
        self.answered();
        // It may have been left before all of its answers came.
        if matches!(entry.status, Status::Asked(_)) || entry.page.is_unfinished() {
            self.pending = entry.page.query().map(|query| self.put(query));
        }
    }

    /// Asks once more for what stands on the page, where an edition that it does not know yet may have changed it; it stays
    /// until the answer.
    pub fn ask_again(&mut self, entry: &mut NavEntry, edition: &Edition) {
        let known = entry.edition.replace(edition.number);
        let is_new = known.is_some_and(|known| known != edition.number);
        if !is_new || !entry.page.refresh(edition) || entry.status != Status::Ready {
            return;
        }
        if let Some(query) = entry.page.query() {
            self.generation += 1;
            self.pending = Some(self.put(query));
            (self.further, self.renewal) = (None, Renewal::Asked);
        }
    }

    /// Asks for what the page needs now that other content is near. It goes on needing it until the answer; something else
    /// takes its place.
    pub fn ask_further(&mut self, entry: &mut NavEntry, now: Duration) {
        if matches!(entry.status, Status::Asked(_)) || self.waits_for_renewal(now) {
            return;
        }
        let Some(query) = entry.page.more(&near(entry, now)) else { return };
        if entry.loading.is_some() && self.further.as_ref() == Some(&query) {
            return;
        }
        self.generation += 1;
        self.pending = Some(self.put(query.clone()));
        self.further = Some(query);
        // Whatever it is for: nothing has come since then.
        entry.loading.get_or_insert(now);
    }

    fn waits_for_renewal(&mut self, now: Duration) -> bool {
        self.renewal = match self.renewal {
            Renewal::Asked => Renewal::Since(now),
            Renewal::Since(since) if now < since + ANSWER_TIMEOUT => Renewal::Since(since),
            Renewal::Since(_) | Renewal::None => Renewal::None,
        };
        self.renewal != Renewal::None
    }

    fn put(&self, query: Query) -> Question {
        Question { screen: self.screen, generation: self.generation, query }
    }
}
