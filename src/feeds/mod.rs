//! Reading the offices' sources: fetch, decode, format, sanitize, harvest. Never imports the store.

mod dates;
mod decode;
mod dom;
mod error;
mod fetch;
mod folder;
mod formats;
mod harvest;
mod listed;
mod look;
mod page;
mod period;
mod pictures;
mod raw;
mod sanitize;
mod stop;
#[doc(hidden)]
pub mod trial;

pub use error::{FeedError, ParseError};
pub use fetch::{Client, Fetched, wait};
pub use formats::{Hint, Parsed, parse};
pub use harvest::{Catch, Harvest, Harvested, ItemFault, Validators};
pub use look::{Known, harvest, harvest_knowing, next_delay};
pub use pictures::{Encoded, PictureBytes, decode as decode_picture, decoded, picture};
pub use raw::{RawDigest, RawDocument, Recorder, unpack};
pub use stop::Stop;
