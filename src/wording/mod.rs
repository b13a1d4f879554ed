//! What walls and kiosks say alike: cells of registers, places, months, days and clocks, in the site's language.

mod clock;
mod value;

use crate::{config::Config, text::Words, time::WallTime};

/// Says things in one language at one moment.
#[derive(Clone, Copy)]
pub struct Wording<'a> {
    /// The words of the language.
    pub words: &'a Words,
    /// The site and its regions.
    pub config: &'a Config,
    /// The moment; days of its year are said without the year.
    pub wall: &'a WallTime,
}

impl Wording<'_> {
    /// The words of a key with its blanks filled in.
    pub fn say(&self, key: &str, blanks: &[(&str, &str)]) -> String {
        self.words.say(key, blanks)
    }
}
