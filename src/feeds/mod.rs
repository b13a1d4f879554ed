//! Reading the offices' sources: fetch, decode, format, sanitize, harvest. Never imports the store.

mod harvest;

pub use harvest::{Catch, Harvest, Harvested, ItemFault, Validators};
