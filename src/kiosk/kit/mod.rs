//! What pages share: what a page is made from, how it stands on the canvas, and the parts that several of them have. It
//! stands below the pages and knows none of them.

mod choices;
mod context;
mod course;
mod facts;
mod frame;
mod headings;
mod keyboard;
mod pictures;
mod pieces;
mod registers;
mod room;
mod rows;
mod split;
mod standins;
mod tiles;
mod values;

pub use choices::{ChoiceGroup, ChoiceTile, Choices};
pub use context::{LOW_FROM, PageContext, Status};
pub use course::{APART, course};
pub use facts::figure;
pub use frame::{PageLayout, ScrollTo, framed, framed_with, gone, open, retry_bar};
pub use keyboard::{For, keyboard, rows as keyboard_rows, typed};
pub use pictures::{EDGE, enlarged, gains, shown, zoomed};
pub use pieces::{Cut, DocumentPiece, LEADING};
pub use registers::{card, fact_row, fact_title, register_trail, row_name, warning};
pub use room::{Measure, Room};
pub use rows::{month_title, notice_row, on_display};
pub use standins::{StandIn, broken, failed, low_hint, note, skeleton};
pub use tiles::{columns, contents, headings_as_tiles, registers_as_tiles};
pub use values::{growth, is_figure, money, quantity};
