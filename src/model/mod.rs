//! The five things a county discloses, as plain data. No IO, no drawing.

mod block;
mod notice;

pub use block::{Block, Cell, ListItem, Span, SpanStyle};
pub use notice::{Attachment, Notice, NoticeHead, NoticeId, ShowPeriod};
