//! What of a kiosk can be touched, and where.

use super::{chrome::Chrome, content::PageContent, setup::Setup};
use crate::{
    kiosk::{Action, LOW_FROM, Visit},
    scene::Rect,
    ui::{Hit, Layout, Node},
};
use std::time::Duration;

/// All that is on screen.
pub(super) struct Seen<'a> {
    pub setup: &'a Setup,
    pub visit: &'a Visit,
    pub content: Option<&'a PageContent>,
    pub chrome: &'a Chrome,
}

/// Every region with the part of the canvas it can be seen in, the topmost first.
pub(super) fn hits(seen: &Seen<'_>, now: Duration) -> Vec<(Hit<Action>, Rect)> {
    let look = &seen.setup.look;
    let whole = Rect::new(0.0, 0.0, look.width, look.height);
    let moved = |layout: &Layout<Action>, dx: f32, dy: f32, clip: Rect| {
        let shift = move |hit: &Hit<Action>| (Hit { rect: hit.rect.moved(dx, dy), ..hit.clone() }, clip);
        layout.hits.iter().rev().map(shift).collect::<Vec<_>>()
    };
    if let Some((rect, layout)) = &seen.chrome.dialog {
        return moved(layout, rect.x, rect.y, whole);
    }
    let mut all = Vec::new();
    let reach = if seen.visit.low { (look.height * LOW_FROM).ceil() } else { 0.0 };
    if let Some(bar) = seen.chrome.bar() {
        all.extend(moved(bar, 0.0, look.height - bar.height, whole));
    }
    if let Some(content) = seen.content {
        all.extend(moved(&content.background, 0.0, 0.0, whole));
        let (scroller, page) = (&seen.visit.here.scroller, &content.page);
        let top = f64::from(page.opening.y) - scroller.at(now);
        // What the footer covers cannot be touched.
        let mut clip = page.opening;
        if let Some((over, layout)) = &content.overlay {
            clip.h = clip.h.min(over.y - clip.y);
            all.extend(moved(layout, over.x, over.y, whole));
        }
        // In 低位操作 what stands higher can be read, but is not touched.
        clip = clip.intersect(&Rect::new(0.0, reach, look.width, look.height));
        for (i, layout) in &content.sections {
            all.extend(moved(layout, page.left - seen.visit.here.scroll_x, (top + scroller.top(*i)) as f32, clip));
        }
    }
    all.retain(|(hit, clip)| !hit.rect.intersect(clip).is_empty());
    all
}

/// The topmost region at a point of the canvas.
pub(super) fn hit(seen: &Seen<'_>, (x, y): (f32, f32), now: Duration) -> Option<(Hit<Action>, Rect)> {
    hits(seen, now).into_iter().find(|(hit, clip)| hit.rect.contains(x, y) && clip.contains(x, y))
}

/// What is on screen for someone who does not see it, in the order of reading; only what is laid out of a long page.
pub(super) fn nodes(seen: &Seen<'_>, now: Duration) -> Vec<Node<Action>> {
    let moved = |layout: &Layout<Action>, dx: f32, dy: f32| {
        let shift = move |node: &Node<Action>| Node { rect: node.rect.moved(dx, dy), ..node.clone() };
        layout.nodes.iter().map(shift).collect::<Vec<_>>()
    };
    if let Some((rect, layout)) = &seen.chrome.dialog {
        return moved(layout, rect.x, rect.y);
    }
    let mut all: Vec<_> = seen.chrome.header().into_iter().flat_map(|header| moved(header, 0.0, 0.0)).collect();
    let mut last = Vec::new();
    if let Some(content) = seen.content {
        let (first, after) = moved(&content.background, 0.0, 0.0).into_iter().partition(|node| !node.last);
        all.extend::<Vec<_>>(first);
        last = after;
        let (scroller, page) = (&seen.visit.here.scroller, &content.page);
        let top = f64::from(page.opening.y) - scroller.at(now);
        for (i, layout) in &content.sections {
            all.extend(moved(layout, page.left - seen.visit.here.scroll_x, (top + scroller.top(*i)) as f32));
        }
        all.extend(content.overlay.iter().flat_map(|(rect, layout)| moved(layout, rect.x, rect.y)));
    }
    all.extend(last);
    let low = seen.setup.look.height;
    let bar = seen.chrome.bar().map_or(0.0, |bar| bar.height);
    all.extend(seen.chrome.badge().into_iter().flat_map(|badge| moved(badge, 0.0, low - bar - badge.height)));
    all.extend(seen.chrome.bar().into_iter().flat_map(|bar| moved(bar, 0.0, low - bar.height)));
    all
}
