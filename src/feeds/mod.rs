//! Reading the offices' sources: fetch, decode, format, sanitize, harvest. Never imports the store.

mod blocking;
mod bound;
mod clean;
mod client;
mod dates;
mod decode;
mod detect;
mod document_number;
mod dom;
mod error;
mod files;
mod folder;
mod formats;
mod guess;
mod harvest;
mod hint;
mod json;
mod known;
mod listed;
mod look;
mod page;
mod pdf;
mod period;
mod pictures;
mod raw;
mod sanitize;
mod stamp;
mod stop;
mod table;
mod tree;
#[doc(hidden)]
pub mod trial;
mod words;
mod worker;

pub use clean::show_notice;
pub use client::{Client, wait};
pub use detect::is_packed;
pub use error::{FeedError, ParseError};
pub use formats::{parse, stream};
pub use guess::{Guess, ListGuess, add_article as guess_article, guess};
pub use harvest::{Harvest, HarvestOutcome, Harvested, ItemFault};
pub use hint::{Hint, Parsed};
pub use known::Known;
pub use look::{file_size, file_stamp, harvest, harvest_knowing, is_local, next_delay};
pub use pdf::{PdfText, picture as pdf_picture, text as pdf_text};
pub use pictures::{DocumentCache, Encoded, PictureBytes, PictureGate, decode as decode_picture, decoded, picture};
pub use raw::{RawDigest, RawDocument, Recorder, unpack};
pub use stop::StopToken;
pub use worker::{PAGE_EDGE, WorkerJob, work};

pub use crate::net::{Fetched, Validators, both};
