//! A notice: one disclosed document.

use super::{Block, Warning};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// The store's number for a notice; stable for as long as the store lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NoticeId(pub i64);

/// One content of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NoticeVersion {
    /// The store's number of the notice.
    pub id: NoticeId,
    /// Which of its contents, counted from 1.
    pub version: u32,
}

/// A document as its source published it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Identity within its feed: the source's own id, else its address, else a hash of the title.
    pub key: String,
    /// One line of text, never empty.
    pub title: String,
    /// The kind shown as a badge, such as `中标候选`; empty for none.
    pub kind: String,
    /// The id of the catalogue heading it belongs to, such as `trade.works`.
    pub catalogue: String,
    /// The unit that issued it.
    pub issuer: Option<String>,
    /// Document number (发文字号 or project number).
    pub number: Option<String>,
    /// Author, where the source names one.
    pub author: Option<String>,
    /// When the source says it was published.
    pub published: Option<Timestamp>,
    /// When the source says it was last changed.
    pub updated: Option<Timestamp>,
    /// The days it is to be shown.
    pub show: ShowPeriod,
    /// A short plain-text summary; may be empty.
    pub summary: String,
    /// The body.
    pub body: Vec<Block>,
    /// Files that come with it.
    pub attachments: Vec<Attachment>,
    /// The address a citizen can open elsewhere.
    pub link: Option<String>,
    /// What it says as a warning, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Warning>,
}

/// A file that comes with a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Absolute address.
    pub url: String,
    /// Media type, if known.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// Title, if known.
    pub title: Option<String>,
}

/// The days a notice is to be shown, both ends included; an open end is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ShowPeriod {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}

impl ShowPeriod {
    /// Whether `day` lies within the period.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|d| d <= day) && self.until.is_none_or(|d| day <= d)
    }

    /// Days left, `today` and the last day counted: 1 on the last day, 0 and less after it; `None` where the end is open.
    pub fn days_left(&self, today: Date) -> Option<i32> {
        self.until.map(|d| (d - today).get_days() + 1)
    }
}

/// What lists and boards need of a notice: everything but its body. Held in memory for all current notices.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeHead {
    /// The store's number.
    pub id: NoticeId,
    /// Which of its contents this is: the store counts them up from 1.
    pub version: u32,
    /// Name of the feed it came from.
    pub feed: std::sync::Arc<str>,
    /// See [`Notice::title`].
    pub title: String,
    /// See [`Notice::kind`].
    pub kind: std::sync::Arc<str>,
    /// See [`Notice::catalogue`].
    pub catalogue: std::sync::Arc<str>,
    /// See [`Notice::issuer`].
    pub issuer: Option<std::sync::Arc<str>>,
    /// See [`Notice::number`].
    pub number: Option<String>,
    /// See [`Notice::published`].
    pub published: Option<Timestamp>,
    /// See [`Notice::show`].
    pub show: ShowPeriod,
    /// See [`Notice::summary`]; its first lines are enough.
    pub summary: std::sync::Arc<str>,
    /// When a harvest last confirmed that the source still has it.
    pub last_seen: Timestamp,
}

impl NoticeHead {
    /// The content it is the head of.
    pub fn notice_version(&self) -> NoticeVersion {
        NoticeVersion { id: self.id, version: self.version }
    }
}
