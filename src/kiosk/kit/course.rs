//! The course of a case or a power: its steps from the first to the last.

use super::context::PageContext;
use crate::{
    config::CaseRules,
    kiosk::address::Action,
    model::Step,
    time::civil::DateTime,
    ui::{
        Text, View,
        widgets::{self, Point},
    },
};

/// Pixels between two steps.
pub const APART: f32 = 28.0;

/// Steps from the first to the last, so far apart, with the time that does not count in grey.
pub fn course(cx: &PageContext<'_>, width: f32, steps: &[Step], rules: Option<&CaseRules>, apart: f32) -> View<Action> {
    let look = cx.look;
    let (side, gap) = (look.px(36.0), look.px(32.0));
    let inner = width - side - gap;
    let mut column = View::column().wide(width);
    for (i, step) in steps.iter().enumerate() {
        let pauses = step.pause || rules.is_some_and(|r| r.pauses.iter().any(|p| step.name.contains(p.as_str())));
        let point = match (step.from, step.until) {
            (None, None) => Point::Later,
            _ if pauses => Point::Pause,
            (_, Some(_)) => Point::Done,
            (Some(_), None) => Point::Now,
        };
        let below = (i + 1 < steps.len()).then_some(apart);
        column = column.child(step_view(cx, (side, gap, inner), step, point, pauses, below));
    }
    column
}

fn step_view(
    cx: &PageContext<'_>,
    (side, gap, inner): (f32, f32, f32),
    step: &Step,
    point: Point,
    pauses: bool,
    below: Option<f32>,
) -> View<Action> {
    let look = cx.look;
    let name = if pauses { cx.words.say("step-pause", &[("name", &step.name)]) } else { step.name.clone() };
    let name = Text::new(name, look.pt(look.size().large), look.ink).bold().lines(2).high(look.pt(48.0));
    let time = when(cx, step, pauses);
    let time = Text::new(time, look.pt(look.size().row * 0.93), look.mute);
    let first = View::row().wide(inner).gap(look.px(16.0)).child(View::text(name).grow(1.0)).child(View::text(time));
    let mut words = View::column().gap(look.px(4.0)).child(first);
    if !step.note.is_empty() {
        let note = Text::new(step.note.as_str(), look.pt(look.size().small), look.mute).lines(4);
        words = words.child(View::text(note).wide(inner));
    }
    let words = words.pad(0.0, 0.0, look.px(below.unwrap_or(10.0)), 0.0);
    // The line from this point to the next, as high as the words between them.
    let line = look.px(4.0);
    let mut rail = View::column().wide(side).across().pad(look.px(6.0), 0.0, 0.0, 0.0);
    rail = rail.child(widgets::point(look, side, point));
    if below.is_some() {
        rail = rail.child(View::row().wide(line).grow(1.0).fill(look.line));
    }
    View::row().stretch().gap(gap).child(rail).child(words)
}

/// When a step was: its end, its stretch, or that it goes on.
fn when(cx: &PageContext<'_>, step: &Step, pauses: bool) -> String {
    let day = |at: DateTime| cx.short_day(at.date());
    let time = |at: DateTime| {
        let clock = format!("{:02}:{:02}", at.hour(), at.minute());
        if at.time() == jiff::civil::Time::midnight() { day(at) } else { format!("{} {clock}", day(at)) }
    };
    match (step.from, step.until) {
        (None, None) => String::new(),
        (Some(from), Some(until)) if pauses && from.date() != until.date() => format!("{} → {}", day(from), day(until)),
        (_, Some(until)) => time(until),
        (Some(from), None) if pauses => cx.words.say("step-since", &[("day", &day(from))]),
        (Some(_), None) => cx.say("step-now"),
    }
}
