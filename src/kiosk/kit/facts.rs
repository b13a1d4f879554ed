//! Facts about notices in words: dates, counts, days left.

use super::context::PageContext;
use crate::{
    config::{Accent, Count, Heading},
    model::{NoticeHead, ShowPeriod},
    time::{Timestamp, civil::Date},
};

/// `2316` as `2,316`.
pub fn figure(n: impl TryInto<u64>) -> String {
    crate::model::figure::grouped(n.try_into().unwrap_or(u64::MAX))
}

/// Whether a notice is in a closed show period on a day.
pub fn showing(head: &NoticeHead, day: Date) -> bool {
    head.show.until.is_some() && head.show.contains(day)
}

impl PageContext<'_> {
    /// What a card says in its corner.
    pub fn count(&self, heading: &Heading) -> String {
        if !heading.note.is_empty() {
            return heading.note.clone();
        }
        let (key, n) = match heading.count {
            Count::All => ("count", self.edition.count(&heading.id)),
            Count::Showing => ("count-showing", self.edition.count_showing(&heading.id, self.wall.day())),
        };
        self.words.say(key, &[("n", &figure(n))])
    }

    /// Days a notice is still shown, today and the last day included; `None` outside a closed period.
    pub fn days(&self, show: &ShowPeriod) -> Option<String> {
        let day = self.wall.day();
        let left = show.days_left(day).filter(|_| show.contains(day))?;
        Some(left.to_string())
    }

    /// `还剩 2 天`; empty outside a closed period.
    pub fn days_left(&self, show: &ShowPeriod) -> String {
        self.days(show).map_or_else(String::new, |n| self.words.say("days-left", &[("n", &n)]))
    }

    /// The civil day of an instant.
    pub fn day_of(&self, at: Timestamp) -> String {
        let day = at.to_zoned(self.wall.0.time_zone().clone()).date();
        format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
    }

    /// An instant for people: the time today, else the day.
    pub fn moment(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.wall.0.time_zone().clone());
        if local.date() == self.wall.day() {
            format!("{:02}:{:02}", local.hour(), local.minute())
        } else {
            self.day_of(at)
        }
    }

    /// An instant with its day, without the year where it is this one's.
    pub fn recent(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.wall.0.time_zone().clone());
        format!("{} {:02}:{:02}", self.short_day(local.date()), local.hour(), local.minute())
    }

    /// A day without its year, where it is this year's.
    pub fn short_day(&self, day: Date) -> String {
        self.wording().short_day(day)
    }

    /// Who issued it, when, under which heading.
    pub fn meta(&self, head: &NoticeHead) -> String {
        let issuer = head.issuer.as_deref().map(str::to_owned);
        let date = head.published.map(|at| self.day_of(at));
        let heading = self.heading(&head.catalogue).map(|h| h.title.clone());
        let parts: Vec<String> = issuer.into_iter().chain(date).chain(heading).collect();
        parts.join(" · ")
    }

    /// The badge of a notice.
    pub fn mark<'a>(&self, head: &'a NoticeHead) -> Option<(&'a str, Accent)> {
        (!head.kind.is_empty()).then(|| (&*head.kind, self.config.catalogue.accent(&head.catalogue)))
    }
}
