//! A picture. Its file is read, decoded and scaled elsewhere; what stands here is only drawn. Until it comes, the picture
//! stays that a config before this one had at the place; where there was none, and it is not there after a while, since
//! its file is missing, broken or on a drive that hangs, the zone shows the site's standing card.

use crate::{
    config::{
        Config, Fit, ScreenKind, Zone, ZoneFrame,
        zones::{PictureUse, PictureZone, ZoneSettings},
    },
    led::{
        Due, ZoneContext, card,
        effects::{self, Turn},
        paint,
        zone::{Place, ZoneView},
    },
    media::PictureRequest,
    scene::{Colour, Layer, Picture, Placed, Primitive, Rect, Sampling},
    time::FrameTime,
};
use std::{path::Path, sync::Arc, time::Duration};

/// A picture and its layer.
#[derive(Debug)]
pub(super) struct PictureView {
    zone: PictureZone,
    request: Option<PictureRequest>,
    layer: Option<Arc<Layer>>,
    /// What is to take the layer's place with the next scene.
    next: Option<Arc<Layer>>,
    turn: Option<Turn>,
    /// Since when there is nothing to show.
    waiting: Option<Duration>,
    /// What is shown after a while of that.
    card: Option<Arc<Layer>>,
}

/// How long a picture may take before the standing card is shown in its place.
const CARD_AFTER: Duration = Duration::from_secs(5);

impl PictureView {
    /// A zone whose picture is still to come.
    pub fn new(zone: &PictureZone, place: &Place<'_>) -> Self {
        let request = zone.picture().and_then(|picture| request(&picture, place.frame, place.dir));
        Self { zone: zone.clone(), request, layer: None, next: None, turn: None, waiting: None, card: None }
    }
}

impl PictureView {
    /// Nothing for a while, then the standing card.
    fn wait(&mut self, area: Rect, context: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due {
        let since = *self.waiting.get_or_insert(context.now.at);
        let shown_at = since.saturating_add(CARD_AFTER);
        if context.now.at < shown_at {
            return Due { at: Some(shown_at), ..Due::default() };
        }
        let standing = &context.config.site.standing;
        let card = self.card.get_or_insert_with(|| card::layer((area.w, area.h), standing, context.shaper));
        out.push(paint::still(Arc::clone(card), area));
        Due::default()
    }
}

impl ZoneView for PictureView {
    fn place(&mut self, area: Rect, context: &mut ZoneContext<'_>, out: &mut Vec<Placed>) -> Due {
        let now = context.now.at;
        if let Some(next) = self.next.take()
            && let Some(old) = self.layer.replace(next)
        {
            self.turn = Some(Turn { start: now, old: Some(old) });
        }
        match &self.layer {
            Some(layer) => effects::place(&mut self.turn, self.zone.effect, layer, area, now, out),
            None => self.wait(area, context, out),
        }
    }

    fn refresh(&mut self) {
        self.card = None;
    }

    fn restart(&mut self, now: FrameTime) {
        self.turn = Some(Turn { start: now.at, old: None });
    }

    fn has_something(&self) -> bool {
        self.layer.is_some()
    }

    fn picture(&self) -> Option<&PictureRequest> {
        self.request.as_ref()
    }

    fn picture_layer(&self) -> Option<Arc<Layer>> {
        self.next.as_ref().or(self.layer.as_ref()).cloned()
    }

    fn keep_picture(&mut self, layer: Arc<Layer>) {
        if self.layer.is_none() {
            self.layer = Some(layer);
        }
    }

    fn take_picture(&mut self, picture: &Arc<Picture>) {
        let Some(request) = &self.request else { return };
        let layer = layer(request, picture);
        let is_same = |old: &Arc<Layer>| old.primitives.iter().any(|p| shows(p, picture));
        if !self.next.as_ref().or(self.layer.as_ref()).is_some_and(is_same) {
            self.next = Some(layer);
        }
    }
}

/// The picture files that walls of a config show, and the sizes at which they do.
pub fn picture_requests(config: &Config) -> Vec<PictureRequest> {
    let walls = config.screens.values().filter(|screen| screen.kind == ScreenKind::Led);
    let wanted = |zone: &Zone| request(&zone.content.settings().picture()?, &zone.frame, &config.dir);
    let mut all: Vec<_> = walls.flat_map(|screen| &screen.zone).filter_map(wanted).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn request(picture: &PictureUse<'_>, frame: &ZoneFrame, dir: &Path) -> Option<PictureRequest> {
    let area = paint::inner(frame);
    let side = |pixels: f32| pixels.min(Layer::MAX_PIXELS as f32) as u32;
    let (file, fit) = (dir.join(picture.file), picture.fit);
    (!area.is_empty()).then(|| PictureRequest { file, fit, width: side(area.w), height: side(area.h) })
}

fn shows(primitive: &Primitive, wanted: &Arc<Picture>) -> bool {
    matches!(primitive, Primitive::Image { picture, .. } if Arc::ptr_eq(picture, wanted))
}

/// The picture where it fits, drawn one to one.
fn layer(request: &PictureRequest, picture: &Arc<Picture>) -> Arc<Layer> {
    let (w, h) = (request.width as f32, request.height as f32);
    let (pw, ph) = (picture.width as f32, picture.height as f32);
    let (x, y) = match request.fit {
        Fit::Exact => (0.0, 0.0),
        Fit::Contain | Fit::Cover => (((w - pw) / 2.0).floor(), ((h - ph) / 2.0).floor()),
    };
    let image = Primitive::Image {
        picture: Arc::clone(picture),
        rect: Rect::new(x, y, pw, ph),
        part: None,
        tint: Colour::WHITE,
        radius: 0.0,
        sampling: Sampling::Nearest,
    };
    paint::layer(w, h, vec![image])
}
