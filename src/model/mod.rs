//! The five things a county discloses, as plain data. No IO, no drawing.

pub mod amount;
mod block;
mod case;
mod display;
pub mod figure;
mod mask;
mod month;
mod notice;
mod private;
mod register;
mod warning;

pub use block::{Block, Cell, ListItem, Span, SpanStyle};
pub use case::{Clocks, Lamp, Step, UnitTotals, receipt};
pub use display::{ClockAnchor, DisplayEntry, DisplayReport};
pub use mask::{mask, mask_blocks, mask_code, mask_spans};
pub use month::Month;
pub use notice::{Attachment, Notice, NoticeHead, NoticeId, NoticeVersion, ShowPeriod};
pub use private::Private;
pub use register::{KeptRow, Row, RowId, Value};
pub use warning::{Warning, WarningLevel, WarningStage};
