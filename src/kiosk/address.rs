//! Where a visitor can be, and what a touch does: all that pages know of one another.

use crate::{
    edition::TableQuery,
    model::{Month, NoticeId, Private, RowId},
};

/// The address of a page: what a link holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The start.
    Home,
    /// 按栏目查找: the whole catalogue.
    Find,
    /// One heading: its sub-headings and its newest notices.
    Browse(String),
    /// The notices of a heading, `""` for all; `showing`: only those in their show period, ending soonest first.
    List {
        /// The heading's id.
        heading: String,
        /// Only those in their show period.
        showing: bool,
    },
    /// The choice of a month in the list of a heading, `""` for all.
    PickMonth(String),
    /// One document.
    Article(NoticeId),
    /// A register at a place in a period.
    Register(TableQuery),
    /// The choice of another place or period for it.
    Pick(TableQuery, Pick),
    /// One row of a register.
    Row(RowId),
    /// One picture of the document or the row that was left for it, by its address.
    Picture(String),
    /// 查进度: a case by its receipt number; empty where it is to be typed.
    Case(Private<String>),
    /// 单位名录: the units one turns to, or one of them by its name.
    Directory(String),
    /// Search over everything.
    Search,
    /// The choice of what narrows the search.
    Narrow(SearchFacet),
}

/// What is chosen for a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// 乡镇.
    Township,
    /// 村.
    Village,
    /// 月份.
    Month,
}

/// A choice that narrows a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchFacet {
    /// 栏目.
    Catalogue,
    /// 年份.
    Year,
    /// 地区.
    Place,
}

/// What narrows a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// A catalogue heading; empty for all.
    Catalogue(String),
    /// A region's code; empty for all.
    Place(String),
    /// A year; `None` for all.
    Year(Option<i16>),
}

/// Which keys are up on a page that is typed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keys {
    /// Letters, or digits where digits come first.
    #[default]
    First,
    /// Digits, or letters where digits come first.
    Second,
    /// None: the page has the room.
    Away,
}

/// What a touch does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Goes to the start.
    Home,
    /// Goes one page back.
    Back,
    /// Opens a page.
    Go(Page),
    /// Opens a page in place of the choice that led to it and of the page the choice was for.
    Choose(Page),
    /// Types a character.
    Type(Private<char>),
    /// Takes the last character back.
    Erase,
    /// Takes all of them back.
    Clear,
    /// Brings other keys up, or puts them away.
    Keys(Keys),
    /// 查询, 搜索.
    Submit,
    /// Shows or hides what explains the page.
    Help,
    /// Narrows the search, or widens it where it was narrowed so.
    Filter(Filter),
    /// Goes to a month of a list.
    Month(Month),
    /// Enlarges the picture of the page once more, or makes it as wide as the screen again.
    Zoom,
    /// 再试一次: asks anew for what could not be had.
    Retry,
    /// Turns 大字版 on or off.
    Large,
    /// Turns 低位操作 on or off.
    Low,
    /// 继续使用.
    Stay,
    /// Ends the visit.
    Leave,
}
