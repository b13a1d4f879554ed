//! One source: what it says now, what it no longer says, and since when the player can know of either.

use super::hidden;
use jiff::civil::Date;
use std::{collections::BTreeMap, time::Duration};

/// Notices of one source.
const MAX_NOTICES: usize = 24;

/// How a source behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Well,
    Late,
    Wrong,
    CutOff,
    Error,
    Gone,
    Empty,
    Hanging,
    /// It leads elsewhere, where the same is to be had.
    Moved,
    /// It leads to itself.
    Looping,
    /// It leads into the own network.
    Inward,
    /// Most of it is gone.
    Lost,
}

/// A notice as it is now.
#[derive(Debug, Clone)]
pub struct Notice {
    pub number: u64,
    pub revision: u32,
    pub published: Date,
    /// In its text: what must be masked.
    pub planted: String,
    /// Since when its source says so, as far as the player can know: a file at once, a server with its first whole answer.
    pub told: Option<Duration>,
}

impl Notice {
    /// No title is part of another.
    pub fn title(&self) -> String {
        title(self.number, self.revision)
    }

    /// Its title with what may follow it there.
    pub fn headline(&self) -> String {
        let title = self.title();
        if self.number.is_multiple_of(5) { format!("{title} {}", self.planted) } else { title }
    }

    /// Its text.
    pub fn text(&self) -> String {
        format!("正文第{}版，联系电话 {}。", self.revision, self.planted)
    }
}

fn title(number: u64, revision: u32) -> String {
    format!("示例公告{number}号{revision}版")
}

/// The titles that a text names.
pub fn titles(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("示例公告").filter_map(|(at, _)| {
        let rest = &text[at..];
        let end = rest.find('版')? + '版'.len_utf8();
        let inner = rest[..end].trim_start_matches("示例公告").trim_end_matches('版');
        let (number, revision) = inner.split_once('号')?;
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        (is_number(number) && is_number(revision)).then(|| &rest[..end])
    })
}

/// A source of notices.
#[derive(Debug)]
pub struct Source {
    pub name: &'static str,
    pub mode: Mode,
    pub current: Vec<Notice>,
    /// What it said and says no more: withdrawn titles and those of earlier versions, and since when the player can know.
    pub withdrawn: BTreeMap<String, Option<Duration>>,
    /// Days a notice of it is shown; 0 without end.
    pub show_days: i64,
}

impl Source {
    pub fn new(name: &'static str, show_days: i64) -> Self {
        Self { name, mode: Mode::Well, current: Vec::new(), withdrawn: BTreeMap::new(), show_days }
    }

    /// The player can know of all of it from now on.
    pub fn tell(&mut self, now: Duration) {
        self.current.iter_mut().for_each(|notice| notice.told = notice.told.or(Some(now)));
        self.withdrawn.values_mut().for_each(|told| *told = told.or(Some(now)));
    }

    /// What it says is to be told anew: it was away.
    pub fn untell(&mut self) {
        self.current.iter_mut().for_each(|notice| notice.told = None);
    }

    /// It falls ill: what it said only since `since` the player may not have come to know.
    pub fn fall_ill(&mut self, mode: Mode, since: Duration) {
        self.mode = mode;
        let forget = |told: &mut Option<Duration>| *told = told.filter(|at| *at < since);
        self.current.iter_mut().for_each(|notice| forget(&mut notice.told));
        self.withdrawn.values_mut().for_each(forget);
    }

    /// Publishes a notice. Where a document is full its oldest one grows old: it stays in the archive until its period ends.
    pub fn publish(&mut self, number: u64, published: Date, rng: &mut fastrand::Rng) -> bool {
        if self.current.len() >= MAX_NOTICES {
            if self.show_days == 0 {
                return false;
            }
            // What of it was not read in time is never read.
            let unread = format!("示例公告{}号", self.current.remove(0).number);
            self.withdrawn.retain(|title, told| told.is_some() || !title.starts_with(&unread));
        }
        self.current.push(Notice { number, revision: 0, published, planted: hidden::planted(rng), told: None });
        true
    }

    /// Puts a new version in the place of one.
    pub fn revise(&mut self, rng: &mut fastrand::Rng) -> bool {
        if self.mode != Mode::Well || self.current.is_empty() {
            return false;
        }
        let at = rng.usize(..self.current.len());
        let notice = &mut self.current[at];
        self.withdrawn.insert(notice.title(), None);
        (notice.revision, notice.told) = (notice.revision + 1, None);
        true
    }

    /// Withdraws one of at least eight, and no more than one between two answers.
    pub fn withdraw(&mut self, rng: &mut fastrand::Rng) -> Option<Notice> {
        if self.mode != Mode::Well || self.current.len() < 8 || self.withdrawn.values().any(Option::is_none) {
            return None;
        }
        let notice = self.current.remove(rng.usize(..self.current.len()));
        self.withdrawn.insert(notice.title(), None);
        Some(notice)
    }

    /// The last day on which a notice is shown.
    pub fn last_day(&self, notice: &Notice) -> Option<Date> {
        (self.show_days > 0).then(|| notice.published.saturating_add(jiff::Span::new().days(self.show_days - 1)))
    }

    /// All of it as a feed.
    pub fn rss(&self, pictures: &str) -> String {
        let item = |notice: &Notice| {
            let (number, title, text) = (notice.number, notice.headline(), notice.text());
            let date = notice.published.strftime("%a, %d %b %Y");
            let picture = match number % 4 {
                0 if !pictures.is_empty() => format!("&lt;img src=\"{pictures}{number}.png\"&gt;"),
                _ => String::new(),
            };
            format!(
                "<item><guid isPermaLink='false'>{number}</guid><title>{title}</title><pubDate>{date} 08:00:00 +0800\
                 </pubDate><description>&lt;p&gt;{text}&lt;/p&gt;{picture}</description></item>\n"
            )
        };
        let items: String = self.current.iter().map(item).collect();
        format!(
            "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>示例网</title>{items}</channel></rss>"
        )
    }
}
