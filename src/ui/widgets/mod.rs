//! Parts that pages share. What they say comes from the page.

mod bar;
mod chart;
mod dialog;
mod fault;
mod field;
mod header;
mod keys;
mod lamp;
mod row;
mod table;

pub(crate) use bar::height as bar_height;
pub use bar::{Tab, bar};
pub use chart::{bars, legend};
pub use dialog::dialog;
pub use fault::fault_badge;
pub use field::{chip, field};
pub(crate) use field::{chip_height, chip_width, shrink};
pub use header::header;
pub(crate) use header::height as header_height;
pub use keys::{Face, Key, Setting, keys};
pub use lamp::{Point, accent as lamp_accent, lamp, point};
pub use row::{badge, breadcrumb, group_row, heading_row, note, notice_row, short_row, waiting_row};
pub(crate) use row::{group_height, row_height};
pub use table::{Columns, columns, row_group, table_rows};
