//! What passes between the two sides of the player. Neither side ever waits for the other.

use crate::{
    config::Config,
    edition::{Answer, Edition, Faults, Question},
    media::PictureRequest,
    model::DisplayReport,
    scene::Picture,
};
use image::RgbaImage;
use std::sync::Arc;

/// To the drawing side.
#[derive(Debug)]
pub enum Inbound {
    /// A new snapshot; one of the same number differs only in when its sources were last read.
    Edition(Arc<Edition>),
    /// A new, valid config.
    Config(Arc<Config>),
    /// What staff should mend, where that changed.
    Faults(Faults),
    /// An answer from the archive.
    Answer(Answer),
    /// The picture of a wall's zone, or the one that took its place.
    Picture(PictureRequest, Arc<Picture>),
    /// The program is to end.
    Quit,
}

/// To the reading and keeping side.
#[derive(Debug)]
pub enum Outbound {
    /// A question to the archive.
    Ask(Question),
    /// A page was left: nothing that its screen asked for is wanted any more.
    Left {
        /// Index of the screen.
        screen: usize,
    },
    /// What a screen showed.
    Displays(DisplayReport),
    /// The program ends; nothing more comes from the windows.
    Quit,
}

/// A decoded picture as scenes show it.
pub(super) fn picture(image: RgbaImage) -> Picture {
    let (width, height) = image.dimensions();
    Picture { width, height, rgba: image.into_raw() }
}
