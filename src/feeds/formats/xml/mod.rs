//! A reader of XML as it is found: it streams, keeps one record in memory at a time, and mends what is broken.
//!
//! Nothing in a document can make it fail: what is ill-formed is read as it was probably meant, and noted. Entities a
//! document declares itself are not expanded, so none can grow.

mod entity;
mod note;
mod record;
mod token;
mod window;

pub use entity::decode;
pub use note::{Notes, XmlFault, XmlFaults};
pub use record::{Field, Next, Record, Records};
pub use token::{Attributes, Kind, Token, attribute, local};
pub use window::Window;
