//! What a view is to someone who does not see it: its role, its name, its state, and its place in the order of reading.
//! One list of nodes serves reading aloud, switches, scripted tests and the checks of sizes.

use crate::scene::Rect;

/// What a part of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Words.
    Text,
    /// The title of what follows.
    Heading,
    /// A picture that means something.
    Image,
    /// Does something here.
    Button,
    /// Leads to another page.
    Link,
    /// One of the bar's.
    Tab,
    /// A key of the keyboard on the screen.
    Key,
    /// One of several that are narrowed or chosen by.
    Choice,
    /// Holds what is typed.
    Field,
    /// Stands over everything until it is answered.
    Dialog,
}

/// How a part of a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct State {
    /// It is the one in use, or it is on.
    pub chosen: bool,
    /// It does nothing now.
    pub disabled: bool,
}

/// What a view says of itself; the rest follows from what it holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Semantics {
    pub role: Option<Role>,
    /// In place of the words in it.
    pub name: Option<String>,
    pub state: State,
    /// Whether it is read after all content.
    pub last: bool,
    /// Whether it is an ornament.
    pub silent: bool,
}

/// One part of a page, in the order of reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<A> {
    /// What it is.
    pub role: Role,
    /// What it says: the words in it, whole even where they are drawn cut.
    pub name: String,
    /// How it is.
    pub state: State,
    /// Where it stands, pixels; a target's includes what it was widened by.
    pub rect: Rect,
    /// What touching it does.
    pub action: Option<A>,
    /// Whether it is read after all content.
    pub last: bool,
}
