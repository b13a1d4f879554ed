//! What the canvas asks of a zone, whatever it shows.
//!
//! A kind of zone is a file in `led/zones/` that implements [`ZoneView`], and a line in that folder's list. A view keeps
//! what it built from scene to scene, so that layers that did not change are the same ones.

use super::due::Due;
use crate::{
    config::{Config, Screen, StandingCard, ZoneFrame},
    edition::Edition,
    media::PictureRequest,
    scene::{Layer, Picture, Placed, Rect},
    text::{Shaper, Words},
    time::{FrameTime, WallTime},
    wording::Wording,
};
use std::{fmt::Debug, path::Path, sync::Arc};

/// What zones are built from.
pub struct ZoneContext<'a> {
    /// The config in use.
    pub config: &'a Config,
    /// The snapshot that the scene is of.
    pub edition: &'a Edition,
    /// Shapes words; shared by all screens.
    pub shaper: &'a mut Shaper,
    /// The words of the site's language.
    pub words: &'a Words,
    /// The frame the scene is for.
    pub now: FrameTime,
    /// That frame's index on a wall that machines share.
    pub index: u64,
    /// The civil time of that frame, at the site.
    pub wall: &'a WallTime,
}

impl ZoneContext<'_> {
    /// What the site says while there is nothing else to say.
    pub(super) fn standing(&self) -> &StandingCard {
        &self.config.site.standing
    }

    /// Says things in the site's language.
    pub(super) fn wording(&self) -> Wording<'_> {
        Wording { words: self.words, config: self.config, wall: self.wall }
    }
}

/// Where a view is to live: its frame, and the screen around it.
pub(super) struct Place<'a> {
    /// The zone's place, group and programme.
    pub frame: &'a ZoneFrame,
    /// The screen it is on.
    pub screen: &'a Screen,
    /// The config folder, where relative paths start.
    pub dir: &'a Path,
}

/// One zone's content, with what it keeps from scene to scene.
pub(super) trait ZoneView: Debug {
    /// Places its layers within `area`, canvas pixels; says when they change by themselves. A layer that says a notice is
    /// marked with it ([`Layer::notices`](crate::scene::Layer::notices)): the proof of showing is made of these marks.
    fn place(&mut self, area: Rect, context: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due;

    /// Looks at the edition and the config's other files again when next placed; what is on screen stays until then.
    fn refresh(&mut self) {}

    /// Begins again with this frame: its program plays once more, and content comes in by its effect.
    fn restart(&mut self, _: FrameTime) {}

    /// Whether what was last placed is more than a stand-in.
    fn has_something(&self) -> bool {
        true
    }

    /// The picture file it shows, at the size it does.
    fn picture(&self) -> Option<&PictureRequest> {
        None
    }

    /// The picture on screen, for a view that takes this one's place.
    fn picture_layer(&self) -> Option<Arc<Layer>> {
        None
    }

    /// Shows the picture of the view whose place it takes until its own is there.
    fn keep_picture(&mut self, _: Arc<Layer>) {}

    /// Takes the picture that was asked for, or the one that took its place; the old one stays until the next scene.
    fn take_picture(&mut self, _: &Arc<Picture>) {}
}
