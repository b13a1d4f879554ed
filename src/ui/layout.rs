//! A view laid out: primitives, and the regions a touch can hit, from the same boxes.

use super::{
    Node, Role, State, Text, TextCache, View,
    view::{Body, Ground},
};
use crate::{
    scene::{Layer, Primitive, Rect},
    text::{ShapedText, Shaper, TextAlign},
};
use std::sync::Arc;
use taffy::{AvailableSpace, NodeId, Size, TaffyError, TaffyTree, compute_leaf_layout};

/// Words longer than this are wrapped at once: their natural width is of no use.
const MAX_UNWRAPPED_CHARS: usize = 80;

/// A region that does something.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<A> {
    /// Where, in layer pixels.
    pub rect: Rect,
    /// Corner radius of what is drawn there.
    pub radius: f32,
    /// What it does.
    pub action: A,
}

/// Words that stand outside their box: a fault of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Overflow {
    /// The words.
    pub words: String,
    /// Where they stand.
    pub text: Rect,
    /// The box they should stand in.
    pub parent: Rect,
}

/// A view laid out.
#[derive(Debug)]
pub struct Layout<A> {
    /// What is drawn: layers one under another, each with its top edge in pixels.
    pub layers: Vec<(f32, Arc<Layer>)>,
    /// What can be touched, later ones over earlier ones.
    pub hits: Vec<Hit<A>>,
    /// Height, pixels.
    pub height: f32,
    /// Words outside their boxes; empty on a good page.
    pub overflows: Vec<Overflow>,
    /// What it says and does, in the order of reading.
    pub nodes: Vec<Node<A>>,
}

struct Walk<'a, A> {
    tree: TaffyTree<usize>,
    texts: Vec<&'a Text>,
    cache: &'a mut TextCache,
    shaper: &'a mut Shaper,
    target: f32,
    primitives: Vec<Primitive>,
    hits: Vec<Hit<A>>,
    overflows: Vec<Overflow>,
    nodes: Vec<Node<A>>,
}

/// Where a view stands among others.
#[derive(Clone, Copy)]
struct Within {
    /// Upper left corner of the parent.
    at: (f32, f32),
    /// The parent's box.
    parent: Rect,
    /// The node that the words in it are the name of.
    group: Option<usize>,
    last: bool,
    silent: bool,
}

/// Lays a view out at a width; its height is `height`, or what its content needs. `target` is the least size of a
/// hit region: smaller ones are widened about their middle.
pub fn layout<A: Clone>(
    view: &View<A>,
    (width, height): (f32, Option<f32>),
    target: f32,
    cache: &mut TextCache,
    shaper: &mut Shaper,
) -> Layout<A> {
    let mut walk = Walk {
        tree: TaffyTree::new(),
        texts: Vec::new(),
        cache,
        shaper,
        target,
        primitives: Vec::new(),
        hits: Vec::new(),
        overflows: Vec::new(),
        nodes: Vec::new(),
    };
    let tall = walk.run(view, width, height).unwrap_or_else(|error| {
        tracing::error!(%error, "a page could not be laid out");
        0.0
    });
    let layers = slices(walk.primitives, width, tall);
    Layout { layers, hits: walk.hits, height: tall, overflows: walk.overflows, nodes: walk.nodes }
}

/// Parts what is too high for one layer; what crosses a cut is in both, each showing its side of it.
fn slices(primitives: Vec<Primitive>, width: f32, height: f32) -> Vec<(f32, Arc<Layer>)> {
    const TALL: f32 = 3072.0;
    let side = |v: f32| (v.ceil().max(1.0) as u32).min(Layer::MAX_PIXELS);
    if height <= Layer::MAX_PIXELS as f32 {
        return vec![(
            0.0,
            Arc::new(Layer { width: side(width), height: side(height), primitives, ..Layer::default() }),
        )];
    }
    let count = (height / TALL).ceil() as usize;
    let slice = |i: usize| {
        let top = i as f32 * TALL;
        let tall = (height - top).min(TALL);
        let within = |p: &&Primitive| {
            let (y, h) = match p {
                Primitive::Shape { rect, .. } | Primitive::Image { rect, .. } | Primitive::Surface { rect, .. } => {
                    (rect.y, rect.h)
                }
                Primitive::Words { text, y, .. } => (*y, text.height),
            };
            y < top + tall && y + h > top
        };
        let moved = |p: &Primitive| {
            let mut p = p.clone();
            match &mut p {
                Primitive::Shape { rect, .. } | Primitive::Image { rect, .. } | Primitive::Surface { rect, .. } => {
                    rect.y -= top
                }
                Primitive::Words { y, .. } => *y -= top,
            }
            p
        };
        let primitives = primitives.iter().filter(within).map(moved).collect();
        (top, Arc::new(Layer { width: side(width), height: side(tall), primitives, ..Layer::default() }))
    };
    (0..count).map(slice).collect()
}

impl<'a, A: Clone> Walk<'a, A> {
    fn run(&mut self, view: &'a View<A>, width: f32, height: Option<f32>) -> Result<f32, TaffyError> {
        let root = self.grow(view)?;
        let mut style = view.style.clone();
        style.size.width = taffy::Dimension::length(width);
        if let Some(height) = height {
            style.size.height = taffy::Dimension::length(height);
        }
        self.tree.set_style(root, style)?;
        let space = Size {
            width: AvailableSpace::Definite(width),
            height: height.map_or(AvailableSpace::MaxContent, AvailableSpace::Definite),
        };
        let (texts, cache, shaper) = (&self.texts, &mut *self.cache, &mut *self.shaper);
        self.tree.compute_layout_with_measure(root, space, |inputs, _, context, style| {
            let text = context.and_then(|i| texts.get(*i));
            compute_leaf_layout(
                inputs,
                style,
                |_, _| 0.0,
                |known, room| text.map_or(Size::ZERO, |t| measure(t, known, room, cache, shaper)),
            )
        })?;
        let size = self.tree.layout(root)?.size;
        let parent = Rect::new(0.0, 0.0, size.width, size.height);
        self.paint(view, root, Within { at: (0.0, 0.0), parent, group: None, last: false, silent: false })?;
        Ok(size.height)
    }

    fn grow(&mut self, view: &'a View<A>) -> Result<NodeId, TaffyError> {
        if let Body::Text(text) = &view.body {
            self.texts.push(text);
            return self.tree.new_leaf_with_context(view.style.clone(), self.texts.len() - 1);
        }
        let children = view.children.iter().map(|c| self.grow(c)).collect::<Result<Vec<_>, _>>()?;
        self.tree.new_with_children(view.style.clone(), &children)
    }

    fn paint(&mut self, view: &View<A>, node: NodeId, within: Within) -> Result<(), TaffyError> {
        let layout = *self.tree.layout(node)?;
        let (x, y) = (within.at.0 + layout.location.x, within.at.1 + layout.location.y);
        let rect = Rect::new(x, y, layout.size.width, layout.size.height);
        if let Some(Ground { fill, radii, line, line_colour }) = view.ground {
            self.primitives.push(Primitive::Shape { rect, fill, radii, line, line_colour });
        }
        let target = if view.action.is_some() { widened(rect, self.target) } else { rect };
        let inside = self.note(view, target, within);
        match &view.body {
            Body::Box => {}
            Body::Text(text) => {
                self.say(text, rect, inside, view.semantics.role);
                self.words(text, rect, inside.parent);
            }
            Body::Image { picture, tint, sampling } => self.primitives.push(Primitive::Image {
                picture: Arc::clone(picture),
                rect,
                part: None,
                tint: *tint,
                radius: 0.0,
                sampling: *sampling,
            }),
        }
        if let Some(action) = &view.action {
            let radius = view.ground.map_or(0.0, |g| g.radii[0]);
            self.hits.push(Hit { rect: target, radius, action: action.clone() });
        }
        let ids = self.tree.children(node)?;
        for (child, id) in view.children.iter().zip(ids) {
            self.paint(child, id, Within { at: (rect.x, rect.y), parent: rect, ..inside })?;
        }
        Ok(())
    }

    /// Notes what a view is to someone who does not see it; gives where what is in it stands.
    fn note(&mut self, view: &View<A>, rect: Rect, within: Within) -> Within {
        let said = &view.semantics;
        let inside = Within { last: within.last || said.last, silent: within.silent || said.silent, ..within };
        let is_text = matches!(view.body, Body::Text(_));
        let is_node = view.action.is_some() || (!is_text && said.role.is_some()) || said.name.is_some();
        if inside.silent || within.group.is_some() || !is_node {
            return inside;
        }
        let usual = match (&view.action, is_text) {
            (Some(_), _) => Role::Button,
            (None, true) => Role::Text,
            (None, false) => Role::Image,
        };
        let role = said.role.unwrap_or(usual);
        let (state, action) = (said.state, view.action.clone());
        let name = said.name.clone().unwrap_or_default();
        // What has a name of its own is not called by the words in it as well.
        let silent = said.name.is_some() && (is_text || view.action.is_some());
        self.nodes.push(Node { role, name, state, rect, action, last: inside.last });
        let group = (said.name.is_none()).then(|| self.nodes.len() - 1);
        Within { group, silent, ..inside }
    }

    fn words(&mut self, text: &Text, rect: Rect, parent: Rect) {
        let shaped = fitted(text, rect.w, self.cache, self.shaper);
        let (over, under) = (rect.x - 1.5, rect.y - 1.5);
        let inside = over + shaped.width <= parent.x + parent.w
            && under + shaped.height <= parent.y + parent.h
            && rect.x + 1.5 >= parent.x
            && rect.y + 1.5 >= parent.y;
        if !inside {
            let words = text.spans.iter().map(|s| s.text.as_str()).collect();
            let text = Rect::new(rect.x, rect.y, shaped.width, shaped.height);
            self.overflows.push(Overflow { words, text, parent });
        }
        self.primitives.push(Primitive::Words { text: shaped, x: rect.x, y: rect.y, colour: text.colour });
    }

    /// Adds words to the name of what they stand in, or as a node of their own.
    fn say(&mut self, text: &Text, rect: Rect, within: Within, role: Option<Role>) {
        let words: String = text.spans.iter().map(|s| s.text.as_str()).collect();
        if within.silent || words.trim().is_empty() {
            return;
        }
        if let Some(node) = within.group.and_then(|i| self.nodes.get_mut(i)) {
            if !node.name.is_empty() {
                node.name.push(' ');
            }
            node.name.push_str(&words);
            return;
        }
        let role = role.unwrap_or(Role::Text);
        self.nodes.push(Node { role, name: words, state: State::default(), rect, action: None, last: within.last });
    }
}

/// A target at least so large, about its middle.
fn widened(rect: Rect, least: f32) -> Rect {
    let (dx, dy) = ((least - rect.w).max(0.0), (least - rect.h).max(0.0));
    Rect::new(rect.x - dx / 2.0, rect.y - dy / 2.0, rect.w + dx, rect.h + dy)
}

fn letters(text: &Text) -> usize {
    text.spans.iter().map(|s| s.text.chars().count()).sum()
}

/// The words within a width: whole where they fit, wrapped or closed by `…` where they do not.
fn fitted(text: &Text, width: f32, cache: &mut TextCache, shaper: &mut Shaper) -> Arc<ShapedText> {
    if text.align == TextAlign::Start && letters(text) <= MAX_UNWRAPPED_CHARS {
        let natural = cache.shape(text, None, shaper);
        if natural.width <= width + 0.5 {
            return natural;
        }
    }
    cache.shape(text, Some(width.max(1.0)), shaper)
}

fn measure(
    text: &Text,
    known: Size<Option<f32>>,
    room: Size<AvailableSpace>,
    cache: &mut TextCache,
    shaper: &mut Shaper,
) -> Size<f32> {
    let limit = match (known.width, room.width) {
        (Some(width), _) | (None, AvailableSpace::Definite(width)) => Some(width),
        (None, AvailableSpace::MaxContent) => None,
        (None, AvailableSpace::MinContent) => {
            let least = text.size * 2.0;
            let natural = if letters(text) <= 4 { cache.shape(text, None, shaper).width.ceil() } else { least };
            return Size { width: natural.min(least), height: text.line_height };
        }
    };
    let Some(limit) = limit else {
        let natural = cache.shape(text, None, shaper);
        return Size { width: natural.width.ceil(), height: natural.height };
    };
    // Heights do not depend on the alignment, so the final shape is the one measured.
    let shaped = fitted(text, limit, cache, shaper);
    let width = known.width.unwrap_or(if shaped.lines > 1 { limit } else { shaped.width.ceil().min(limit) });
    Size { width, height: known.height.unwrap_or(shaped.height) }
}
