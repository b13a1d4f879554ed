//! What the schema cannot say about screens: that zones lie on the canvas, programs play, files are there.

use super::headings::check_heading;
use super::{
    place::{Kind, Place},
    rows,
};
use crate::config::{
    Fault, Screen, ScreenKind, Section, Sections, Severity, Zone, choose_among, minute_of_day, zones::PictureUse,
};
use std::collections::BTreeSet;

/// Pixels across of the widest wall.
const WALL_MAX: u32 = 1_000_000;

/// Reports what is wrong.
pub(super) fn check(place: &Place<'_>, sections: &Sections, faults: &mut Vec<Fault>) {
    if sections.screens.is_empty() {
        let mend = "add a file such as screens/lobby.toml";
        faults.push(Fault::of_file(place.dir.join("screens"), Severity::Warning, "there is no screen", mend));
    }
    for screen in sections.screens.values().flatten() {
        check_canvas(screen, faults);
        check_playlist(screen, faults);
        check_programs(screen, faults);
        check_heading(screen, "catalogue", &screen.value.catalogue, sections, faults);
        for (i, zone) in screen.value.zone.iter().enumerate() {
            check_zone(screen, i, zone, faults);
            check_picture(place, screen, i, zone, faults);
            rows::check(screen, (i, zone), sections, faults);
            let heading = zone.content.settings().catalogue();
            check_heading(screen, &format!("zone.{i}.catalogue"), heading, sections, faults);
        }
    }
    check_overlap(sections, faults);
}

fn check_canvas(screen: &Section<Screen>, faults: &mut Vec<Fault>) {
    let s = &screen.value;
    for (name, pixels) in [("width", s.width), ("height", s.height)] {
        if !(1..=16_384).contains(&pixels) {
            let message = format!("a {name} of {pixels} px cannot be drawn");
            faults.push(screen.fault(Severity::Error, name, message, "write 1 to 16384"));
        }
    }
    if !(1..=500).contains(&s.refresh) {
        let message = format!("a refresh rate of {} Hz does not exist", s.refresh);
        faults.push(screen.fault(Severity::Error, "refresh", message, "write the output's rate, mostly 60"));
    }
    check_wall(screen, faults);
    match s.kind {
        ScreenKind::Kiosk => {
            if !s.zone.is_empty() {
                let mend = "remove the [[zone]] tables, or write kind = \"led\"";
                faults.push(screen.fault(Severity::Warning, "zone.0", "a kiosk shows no zones", mend));
            }
            if s.idle_seconds < 10 {
                let message = format!("a kiosk that asks after {} s leaves no time to read", s.idle_seconds);
                faults.push(screen.fault(Severity::Warning, "idle_seconds", message, "write 30 or more"));
            }
        }
        ScreenKind::Led if s.zone.is_empty() => {
            let mend = "add a [[zone]], or write kind = \"kiosk\"";
            faults.push(screen.fault(Severity::Warning, "kind", "the wall has no zones and shows its card only", mend));
        }
        ScreenKind::Led => {}
    }
}

fn check_wall(screen: &Section<Screen>, faults: &mut Vec<Fault>) {
    let s = &screen.value;
    let right = u64::from(s.wall_x) + u64::from(s.width);
    let (name, message, mend) = if s.wall_width == 0 && s.wall_x == 0 {
        return;
    } else if s.kind == ScreenKind::Kiosk {
        ("wall_width", "a kiosk is no part of a wall".to_owned(), "remove wall_width and wall_x".to_owned())
    } else if s.wall_width == 0 {
        let mend = "add wall_width = …, the pixels across of the whole wall".to_owned();
        ("wall_x", "the screen is a wall of its own, so it has no place on one".to_owned(), mend)
    } else if s.wall_width > WALL_MAX {
        let message = format!("a wall of {} px is wider than any", s.wall_width);
        ("wall_width", message, format!("write up to {WALL_MAX}"))
    } else if right > u64::from(s.wall_width) {
        let message = format!("the screen reaches to pixel {right} of a wall of {} px", s.wall_width);
        ("wall_x", message, format!("write up to {}", s.wall_width.saturating_sub(s.width)))
    } else {
        return;
    };
    faults.push(screen.fault(Severity::Error, name, message, mend));
}

fn check_playlist(screen: &Section<Screen>, faults: &mut Vec<Fault>) {
    let s = &screen.value;
    for (i, entry) in s.playlist.iter().enumerate() {
        for (name, time) in [("from", &entry.from), ("until", &entry.until)] {
            if !time.is_empty() && minute_of_day(time).is_none() {
                let path = format!("playlist.{i}.{name}");
                let message = format!("`{time}` is not a time of day");
                faults.push(screen.fault(Severity::Error, &path, message, "write it as HH:MM, such as 08:30"));
            }
        }
        for (j, day) in entry.weekdays.iter().enumerate() {
            if !(1..=7).contains(day) {
                let path = format!("playlist.{i}.weekdays.{j}");
                let message = format!("{day} is not a day of the week");
                faults.push(screen.fault(Severity::Error, &path, message, "write 1 for Monday to 7 for Sunday"));
            }
        }
    }
}

/// What plays has zones, and what zones belong to plays.
fn check_programs(screen: &Section<Screen>, faults: &mut Vec<Fault>) {
    let s = &screen.value;
    let has_frame = s.zone.iter().any(|z| z.frame.program.is_empty());
    let of_zones = distinct(s.zone.iter().map(|z| z.frame.program.as_str()));
    let played = distinct(s.playlist.iter().map(|e| e.program.as_str()));
    for (i, entry) in s.playlist.iter().enumerate() {
        let name = entry.program.as_str();
        if of_zones.binary_search(&name).is_err() && !(name.is_empty() && has_frame) {
            let message = format!("no zone belongs to the program `{name}`");
            let mend = match of_zones.is_empty() {
                true => format!("give its zones program = \"{name}\""),
                false => choose_among(faults, name, &of_zones),
            };
            faults.push(screen.fault(Severity::Warning, &format!("playlist.{i}.program"), message, mend));
        }
    }
    for (i, zone) in s.zone.iter().enumerate().filter(|(_, z)| !z.frame.program.is_empty()) {
        let name = zone.frame.program.as_str();
        if played.binary_search(&name).is_err() {
            let message = format!("no [[playlist]] entry plays the program `{name}`");
            let mend = match played.is_empty() {
                true => "add a [[playlist]] for it, or leave program out".to_owned(),
                false => choose_among(faults, name, &played),
            };
            faults.push(screen.fault(Severity::Warning, &format!("zone.{i}.program"), message, mend));
        }
    }
}

/// The names that are given, each once, in order.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.filter(|name| !name.is_empty()).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What the zone can say by itself.
fn check_zone(screen: &Section<Screen>, i: usize, zone: &Zone, faults: &mut Vec<Fault>) {
    let canvas = (screen.value.width, screen.value.height);
    zone.check(canvas, &mut |severity, key, message, mend| {
        faults.push(screen.fault(severity, &format!("zone.{i}.{key}"), message, mend));
    });
}

fn check_picture(place: &Place<'_>, screen: &Section<Screen>, i: usize, zone: &Zone, faults: &mut Vec<Fault>) {
    let Some(PictureUse { key, file, .. }) = zone.content.settings().picture() else { return };
    if !place.has_file(file) {
        // A file may be put there later; until then the zone keeps what it has, and everything else goes on.
        let (severity, message) = match place.kind(file) {
            Some(Kind::Missing) => (Severity::Warning, format!("the picture `{file}` is not there")),
            _ => (Severity::Error, format!("the picture `{file}` is a folder, a pipe or a device")),
        };
        let mend = format!("put a picture at {}, or correct the path", place.dir.join(file).display());
        faults.push(screen.fault(severity, &format!("zone.{i}.{key}"), message, mend));
    }
}

fn check_overlap(sections: &Sections, faults: &mut Vec<Fault>) {
    let screens: Vec<_> = sections.screens.iter().filter_map(|(n, s)| Some((n, s.as_ref()?))).collect();
    for (i, (_, b)) in screens.iter().enumerate() {
        // One is enough to say: all may have been left at their default place.
        if let Some((name, _)) = screens.iter().take(i).find(|(_, a)| overlap(&a.value, &b.value)) {
            let path = if b.value.monitor.is_empty() { "x" } else { "monitor" };
            let message = format!("this screen lies on the same spot as the screen `{name}`");
            let mend = "give each a monitor or an x and y of its own, unless they run on different machines";
            faults.push(b.fault(Severity::Warning, path, message, mend));
        }
    }
}

fn overlap(p: &Screen, q: &Screen) -> bool {
    let apart = |p0: i32, p1: u32, q0: i32, q1: u32| {
        i64::from(p0) + i64::from(p1) <= i64::from(q0) || i64::from(q0) + i64::from(q1) <= i64::from(p0)
    };
    let meet = !apart(p.x, p.width, q.x, q.width) && !apart(p.y, p.height, q.y, q.height);
    p.monitor == q.monitor && (!p.monitor.is_empty() || meet)
}
