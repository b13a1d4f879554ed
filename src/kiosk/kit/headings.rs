//! Where headings lead, and the way down to them.

use super::context::PageContext;
use crate::{
    config::{Heading, Register},
    edition::TableQuery,
    kiosk::address::{Action, Page},
    model::{NoticeHead, Private},
    text::{MAX_TITLE_CHARS, cut_chars},
};

impl<'a> PageContext<'a> {
    /// The heading of an id.
    pub fn heading(&self, id: &str) -> Option<&'a Heading> {
        self.config.catalogue.find(id)
    }

    /// The registers that belong to a heading itself, by name.
    pub fn registers_of<'b>(&'b self, id: &'b str) -> impl Iterator<Item = (&'b String, &'b Register)> {
        self.config.registers.iter().filter(move |(_, r)| r.catalogue == id)
    }

    /// The top heading under which most registers of cases are: its card asks for a receipt number.
    pub fn case_heading(&self) -> Option<&'a Heading> {
        let cases = |heading: &Heading| {
            let under = |r: &&Register| r.case.is_some() && r.catalogue.split('.').next() == Some(&heading.id);
            self.config.registers.values().filter(under).count()
        };
        // The first of several with as many.
        let counted = self.config.catalogue.children("").map(|h| (cases(h), h)).filter(|(n, _)| *n > 0);
        counted.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, heading)| heading)
    }

    /// Where a heading leads: to its cases, to what is under it, to its only register, or to its list.
    pub fn page_of(&self, id: &str) -> Page {
        let is_asked = !id.contains('.') && self.case_heading().is_some_and(|h| h.id == id);
        if is_asked || self.registers_of(id).any(|(_, r)| r.case.is_some()) {
            return Page::Case(Private::default());
        }
        if self.config.catalogue.children(id).next().is_some() {
            return Page::Browse(id.to_owned());
        }
        let mut registers = self.registers_of(id);
        match (registers.next(), registers.next()) {
            (Some((name, only)), None) if self.edition.count(id) == 0 => register_page(only, name),
            _ => Page::List { heading: id.to_owned(), showing: false },
        }
    }

    /// The way from home, as a trail of one link.
    pub fn home(&self) -> Vec<(String, Action)> {
        vec![(self.say("crumb-home"), Action::Home)]
    }

    /// Links from home down to a heading, the heading itself included.
    pub fn trail(&self, id: &str) -> Vec<(String, Action)> {
        let mut links = self.home();
        let ends = id.match_indices('.').map(|(i, _)| i).chain((!id.is_empty()).then_some(id.len()));
        for heading in ends.filter_map(|end| self.heading(id.get(..end)?)) {
            links.push((heading.title.clone(), Action::Go(self.page_of(&heading.id))));
        }
        links
    }

    /// Links down to a document, and what its page is called: the heading it stands under, or without one its own title.
    pub fn trail_of(&self, head: Option<&NoticeHead>) -> (Vec<(String, Action)>, String) {
        let mut trail = self.trail(head.map_or("", |h| &h.catalogue));
        let heading = if trail.len() > 1 { trail.pop().map(|(title, _)| title) } else { None };
        let here =
            heading.or_else(|| head.map(|h| cut_chars(&h.title, MAX_TITLE_CHARS).into_owned())).unwrap_or_default();
        (trail, here)
    }
}

/// Where a register is read: cases by their receipt number, others as a table.
pub fn register_page(register: &Register, name: &str) -> Page {
    if register.case.is_some() {
        Page::Case(Private::default())
    } else {
        Page::Register(TableQuery { register: name.to_owned(), ..TableQuery::default() })
    }
}
