//! The registry of pages: one line for each, and nothing else knows which there are.

mod article;
mod browse;
mod case;
mod directory;
mod find;
mod home;
mod list;
mod month;
mod narrow;
mod pick;
mod picture;
mod register;
mod row;
mod search;

use super::{
    address::Page,
    page::{AsOf, Handed, KioskPage},
};

/// Opens the page at an address in an edition; `handed` is what the page it is opened from hands on.
pub fn open(page: &Page, handed: Handed, as_of: AsOf) -> Box<dyn KioskPage> {
    match page {
        Page::Home => Box::new(home::Home),
        Page::Find => Box::new(find::Find),
        Page::Browse(heading) => Box::new(browse::Browse::new(heading)),
        Page::List { heading, showing } => Box::new(list::ListPage::new(heading, *showing, as_of)),
        Page::Article(id) => Box::new(article::ArticlePage::new(*id)),
        Page::Register(query) => Box::new(register::RegisterPage::new(query)),
        Page::Pick(query, pick) => Box::new(pick::PickPage::new(query, *pick, handed)),
        Page::Row(id) => Box::new(row::RowPage::new(*id)),
        Page::Picture(address) => Box::new(picture::PicturePage::new(address, handed)),
        Page::Case(receipt) => Box::new(case::Case::new(receipt)),
        Page::Directory(unit) => Box::new(directory::Directory::new(unit, as_of)),
        Page::PickMonth(heading) => Box::new(month::PickMonth::new(heading, handed)),
        Page::Search => Box::new(search::Search::default()),
        Page::Narrow(facet) => Box::new(narrow::FilterPage::new(*facet, handed)),
    }
}
