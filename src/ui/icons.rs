//! Icons: own drawings, rasterized to white masks that are tinted when drawn.

use crate::scene::Picture;
use resvg::{tiny_skia, usvg};
use std::{cell::RefCell, collections::HashMap, sync::Arc};

/// An icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    /// A house.
    Home,
    /// An arrow to the left.
    Back,
    /// Two letters.
    Large,
    /// An arrow down to a line.
    Low,
    /// A glass.
    Search,
    /// A sheet of paper.
    Empty,
    /// A key that takes a character back.
    Erase,
    /// An arrow that turns round.
    Retry,
}

/// Icons rasterized so far, by size.
#[derive(Debug, Default)]
pub struct Icons {
    drawn: RefCell<HashMap<(Icon, u32), Arc<Picture>>>,
    rings: RefCell<HashMap<(u32, u32), Arc<Picture>>>,
}

impl Icons {
    /// The icon as a white mask of `size` × `size` pixels.
    pub fn get(&self, icon: Icon, size: f32) -> Arc<Picture> {
        let size = size.round().clamp(1.0, 512.0) as u32;
        let mut drawn = self.drawn.borrow_mut();
        Arc::clone(drawn.entry((icon, size)).or_insert_with(|| Arc::new(raster(source(icon), size))))
    }

    /// A ring of `size` × `size` pixels of which `part` of `whole` is left, as a white mask.
    pub fn ring(&self, part: u32, whole: u32, size: f32) -> Arc<Picture> {
        let size = size.round().clamp(1.0, 512.0) as u32;
        let mut rings = self.rings.borrow_mut();
        let draw = || {
            let share = part as f32 / whole.max(1) as f32;
            let around = std::f32::consts::TAU * 44.0;
            let dash = format!("{} {}", around * share, around);
            let svg = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 100 100'><circle cx='50' cy='50' r='44' \
                 fill='none' stroke='#fff' stroke-opacity='.18' stroke-width='8'/><circle cx='50' cy='50' r='44' \
                 fill='none' stroke='#fff' stroke-width='8' stroke-linecap='round' stroke-dasharray='{dash}' \
                 transform='rotate(-90 50 50)'/></svg>"
            );
            Arc::new(raster(&svg, size))
        };
        Arc::clone(rings.entry((part, size)).or_insert_with(draw))
    }
}

fn source(icon: Icon) -> &'static str {
    match icon {
        Icon::Home => include_str!("../../assets/icons/home.svg"),
        Icon::Back => include_str!("../../assets/icons/back.svg"),
        Icon::Large => include_str!("../../assets/icons/large.svg"),
        Icon::Low => include_str!("../../assets/icons/low.svg"),
        Icon::Search => include_str!("../../assets/icons/search.svg"),
        Icon::Empty => include_str!("../../assets/icons/empty.svg"),
        Icon::Erase => include_str!("../../assets/icons/erase.svg"),
        Icon::Retry => include_str!("../../assets/icons/retry.svg"),
    }
}

/// Draws an SVG into a square; empty where it is faulty, which the test below rules out for the icons.
fn raster(svg: &str, size: u32) -> Picture {
    let mut rgba = vec![0; size as usize * size as usize * 4];
    if let (Ok(tree), Some(mut map)) =
        (usvg::Tree::from_str(svg, &usvg::Options::default()), tiny_skia::Pixmap::new(size, size))
    {
        let scale = size as f32 / tree.size().width().max(1.0);
        resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut map.as_mut());
        for (out, pixel) in rgba.chunks_exact_mut(4).zip(map.pixels()) {
            out.copy_from_slice(&[255, 255, 255, pixel.alpha()]);
        }
    }
    Picture { width: size, height: size, rgba }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_draws_something_and_is_drawn_once() {
        let icons = Icons::default();
        let usual =
            [Icon::Home, Icon::Back, Icon::Large, Icon::Low, Icon::Search, Icon::Empty, Icon::Erase, Icon::Retry];
        for icon in usual {
            let picture = icons.get(icon, 44.0);
            let inked = picture.rgba.chunks_exact(4).filter(|p| p[3] > 128).count();
            assert!(inked > 60 && inked < 1500, "{icon:?}: {inked}");
            assert!(Arc::ptr_eq(&picture, &icons.get(icon, 44.0)));
        }
        let left = |part| icons.ring(part, 15, 100.0).rgba.iter().map(|v| u64::from(*v)).sum::<u64>();
        assert!(left(15) > left(7) && left(7) > left(1));
    }
}
