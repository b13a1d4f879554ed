//! A page as laid out: what is fixed at once, its sections as they come near.

use super::setup::Setup;
use crate::{
    edition::Edition,
    kiosk::{Action, NavEntry, Page, PageContext, PageLayout, Visit},
    scene::Rect,
    text::Shaper,
    time::WallTime,
    ui::{self, Layout, Scroller, Text, TextCache},
};
use std::{collections::BTreeMap, time::Duration};

/// How far ahead a glide is looked at.
const GLIDE_LOOKAHEAD: Duration = Duration::from_secs(6);

/// Characters shaped in one frame, after which what is left waits for the next: 8 ms of a slow processor.
const SHAPED_A_FRAME: u64 = 4_000;
/// Times in one frame that a page is asked to prepare more of a long content.
const PREPARED_A_FRAME: usize = 4;

/// What a page is laid out with.
pub(super) struct LayoutPass<'a> {
    pub setup: &'a Setup,
    pub edition: &'a Edition,
    pub wall: &'a WallTime,
    pub now: Duration,
    pub late: bool,
    pub cache: &'a mut TextCache,
    pub shaper: &'a mut Shaper,
}

/// A page as laid out.
pub(super) struct PageContent {
    pub page: PageLayout,
    pub background: Layout<Action>,
    pub overlay: Option<(Rect, Layout<Action>)>,
    /// The sections that are near, by their index.
    pub sections: BTreeMap<usize, Layout<Action>>,
    /// Whether all of the page's content is prepared.
    is_whole: bool,
}

/// Where 返回 leads.
fn addresses(behind: &[NavEntry]) -> Vec<&Page> {
    behind.iter().map(|entry| &entry.address).collect()
}

/// Whether a section that is or soon will be seen is not laid out.
pub(super) fn wants_sections(content: Option<&PageContent>, scroller: &Scroller, now: Duration) -> bool {
    let sections = content.map(|content| &content.sections);
    scroller.seen(now, scroller.view() * 0.25).any(|i| !sections.is_some_and(|s| s.contains_key(&i)))
}

impl PageContent {
    /// Lays out what of the page is fixed.
    pub fn new(pass: &mut LayoutPass<'_>, visit: &mut Visit) -> Self {
        let Visit { here, behind, low, .. } = visit;
        let waits = (here.status, pass.late);
        let cx = pass.setup.context(pass.edition, pass.wall, *low, waits, addresses(behind));
        let page = here.page.layout(&cx);
        let look = &pass.setup.look;
        let target = look.target();
        let size = (look.width, Some(look.height));
        let background = ui::layout(&page.background, size, target, pass.cache, pass.shaper);
        let overlay = page
            .overlay
            .as_ref()
            .map(|(rect, view)| (*rect, ui::layout(view, (rect.w, Some(rect.h)), target, pass.cache, pass.shaper)));
        Self { page, background, overlay, sections: BTreeMap::new(), is_whole: false }
    }

    /// Lays out the sections that are near, as far as a frame has time for it, and lets go of those that are far. What is
    /// not done is done in the next frame: [`wants_sections`] says so.
    pub fn fill(&mut self, pass: &mut LayoutPass<'_>, visit: &mut Visit) {
        let now = pass.now;
        self.prepare(pass, visit);
        let from = pass.shaper.shaped();
        // A corrected height can bring another section near; it settles at once on real pages.
        for _ in 0..4 {
            let scroller = &visit.here.scroller;
            let (near, seen) = (scroller.seen(now, scroller.view() * 0.6), scroller.seen(now, 0.0));
            let mut missing: Vec<usize> = near.filter(|i| self.is_missing(*i, scroller)).collect();
            // What is seen comes before what is only near.
            missing.sort_by_key(|i| !seen.contains(i));
            if missing.is_empty() {
                break;
            }
            for i in missing {
                if pass.shaper.shaped() - from >= SHAPED_A_FRAME {
                    return;
                }
                let layout = self.section(pass, visit, i);
                visit.here.scroller.correct(i, layout.height.ceil().max(1.0), now);
                self.sections.insert(i, layout);
            }
        }
        let scroller = &visit.here.scroller;
        let keep = scroller.seen(now, scroller.view() * 2.0);
        self.sections.retain(|i, _| keep.contains(i));
    }

    /// Whether a section is to be laid out; the last stands for nothing yet as long as the page is not wholly prepared.
    fn is_missing(&self, index: usize, scroller: &Scroller) -> bool {
        !self.sections.contains_key(&index) && (self.is_whole || index + 1 < scroller.count())
    }

    /// Has the page prepare more of its content where what is prepared comes to an end.
    fn prepare(&mut self, pass: &LayoutPass<'_>, visit: &mut Visit) {
        let Visit { here, behind, low, .. } = visit;
        for _ in 0..PREPARED_A_FRAME {
            let end = here.scroller.count();
            if self.is_whole || here.scroller.seen(pass.now, here.scroller.view() * 2.0).end < end {
                return;
            }
            let waits = (here.status, pass.late);
            let cx = pass.setup.context(pass.edition, pass.wall, *low, waits, addresses(behind));
            match here.page.prepare(&cx, self.page.room()) {
                Some(heights) => here.scroller.replace_last(&heights, pass.now),
                None => self.is_whole = true,
            }
        }
    }

    fn section(&self, pass: &mut LayoutPass<'_>, visit: &Visit, index: usize) -> Layout<Action> {
        let waits = (visit.here.status, pass.late);
        let cx: PageContext<'_> =
            pass.setup.context(pass.edition, pass.wall, visit.low, waits, addresses(&visit.behind));
        let room = self.page.room();
        let (cache, shaper) = (&mut *pass.cache, &mut *pass.shaper);
        let mut measure = |text: &Text, width: f32| cache.shape(text, Some(width), shaper).height;
        let view = match &self.page.stand_in {
            Some(stand_in) => stand_in.view(&cx, room),
            None => visit.here.page.section(&cx, room, index, &mut measure),
        };
        ui::layout(&view, (room.width, None), pass.setup.look.target(), pass.cache, pass.shaper)
    }

    /// When the glide comes near the end of what is laid out.
    pub fn runs_out(&self, scroller: &Scroller, now: Duration) -> Option<Duration> {
        let seen = scroller.seen(now, 0.0);
        let (mut first, mut last) = (seen.start, seen.end);
        while first > 0 && self.sections.contains_key(&(first - 1)) {
            first -= 1;
        }
        while self.sections.contains_key(&last) {
            last += 1;
        }
        let (near, top, bottom) = (scroller.view() * 0.25, scroller.top(first), scroller.top(last));
        let top = if first == 0 { 0.0 } else { top + near };
        let bottom = if bottom >= scroller.content() { bottom } else { bottom - near };
        scroller.leaves(top, bottom, now, GLIDE_LOOKAHEAD)
    }

    /// All that is laid out of it, in the order in which it is read.
    pub fn layouts(&self) -> impl Iterator<Item = &Layout<Action>> {
        let overlay = self.overlay.iter().map(|(_, layout)| layout);
        std::iter::once(&self.background).chain(self.sections.values()).chain(overlay)
    }
}
