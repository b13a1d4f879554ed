//! Parts that pages share. What they say comes from the page.

mod bar;
mod dialog;
mod fault;
mod header;
mod row;
mod table;

pub(crate) use bar::height as bar_height;
pub use bar::{Tab, bar};
pub use dialog::{dialog, panel};
pub use fault::fault_badge;
pub use header::header;
pub(crate) use header::height as header_height;
pub(crate) use row::row_height;

pub use row::{badge, breadcrumb, heading_row, note, notice_row, short_row};
pub use table::{Columns, columns, table_rows};
