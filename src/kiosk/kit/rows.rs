//! Rows of notices.

use super::{
    context::PageContext,
    facts::{self, figure},
};
use crate::{
    kiosk::address::{Action, Page},
    model::{Month, NoticeHead},
    text::{MAX_TITLE_CHARS, cut_chars},
    ui::{View, widgets},
};
use std::sync::Arc;

/// Notices in a closed show period today, ending soonest first.
pub fn on_display<'a>(cx: &PageContext<'a>, heading: &'a str) -> Vec<&'a Arc<NoticeHead>> {
    let day = cx.wall.day();
    let mut heads: Vec<_> = cx.edition.under(heading).filter(|h| facts::showing(h, day)).collect();
    heads.sort_by_key(|h| h.show.until);
    heads
}

/// One row, which leads to its document.
pub fn notice_row(cx: &PageContext<'_>, width: f32, head: &NoticeHead) -> View<Action> {
    let title = cut_chars(&head.title, MAX_TITLE_CHARS);
    let words = (&*title, &*cx.meta(head), &*cx.days_left(&head.show));
    widgets::notice_row(cx.look, width, cx.mark(head), words).on(Action::Go(Page::Article(head.id)))
}

/// The title of a month in a long list, with how many notices it has.
pub fn month_title(cx: &PageContext<'_>, width: f32, month: Month, count: u64) -> View<Action> {
    let (year, number) = (month.year().to_string(), month.month().to_string());
    let name = cx.say(&format!("month-name-{number}"));
    let values = [("year", &*year), ("month", &*number), ("name", &*name), ("n", &*figure(count))];
    widgets::group_row(cx.look, width, &cx.words.say("list-month", &values))
}
