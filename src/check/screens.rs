//! What the schema cannot say about screens: that zones lie on the canvas, programs play, files are there.

use super::rows;
use super::rules::{check_colour, check_heading};
use crate::config::{
    CLOCK_FIELDS, Fault, Screen, ScreenKind, Section, Sections, Severity, Zone, ZoneKind, choose_from, fields,
    minute_of_day,
};
use std::path::Path;

/// Pixels across of the widest wall.
const WALL_MAX: u32 = 1_000_000;

/// Reports what is wrong.
pub(super) fn check(dir: &Path, sections: &Sections, faults: &mut Vec<Fault>) {
    if sections.screens.is_empty() {
        let mend = "add a file such as screens/lobby.toml";
        faults.push(Fault::of_file(dir.join("screens"), Severity::Warning, "there is no screen", mend));
    }
    for screen in sections.screens.values().flatten() {
        check_canvas(screen, faults);
        check_playlist(screen, faults);
        check_heading(screen, "catalogue", &screen.value.catalogue, sections, faults);
        for (i, zone) in screen.value.zone.iter().enumerate() {
            check_zone(screen, i, zone, faults);
            check_content(dir, screen, i, zone, faults);
            if zone.kind == ZoneKind::Register || (zone.kind == ZoneKind::Text && !zone.register.is_empty()) {
                rows::check(screen, i, sections, faults);
            }
            check_heading(screen, &format!("zone.{i}.catalogue"), &zone.catalogue, sections, faults);
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
        if !s.zone.iter().any(|z| z.program == entry.program) {
            let known: Vec<&str> = s.zone.iter().map(|z| z.program.as_str()).filter(|p| !p.is_empty()).collect();
            let message = format!("no zone belongs to the program `{}`", entry.program);
            let mend = match known.is_empty() {
                true => format!("give its zones program = \"{}\"", entry.program),
                false => choose_from(&entry.program, &known),
            };
            faults.push(screen.fault(Severity::Warning, &format!("playlist.{i}.program"), message, mend));
        }
    }
    for (i, zone) in s.zone.iter().enumerate() {
        if !zone.program.is_empty() && !s.playlist.iter().any(|e| e.program == zone.program) {
            let known: Vec<&str> = s.playlist.iter().map(|e| e.program.as_str()).collect();
            let message = format!("no [[playlist]] entry plays the program `{}`", zone.program);
            let mend = match known.is_empty() {
                true => "add a [[playlist]] for it, or leave program out".to_owned(),
                false => choose_from(&zone.program, &known),
            };
            faults.push(screen.fault(Severity::Warning, &format!("zone.{i}.program"), message, mend));
        }
    }
}

fn check_zone(screen: &Section<Screen>, i: usize, zone: &Zone, faults: &mut Vec<Fault>) {
    let at = |name: &str| format!("zone.{i}.{name}");
    for (name, pixels) in [("width", zone.width), ("height", zone.height)] {
        if pixels == 0 {
            let mend = format!("add {name} = … in pixels");
            faults.push(screen.fault(Severity::Error, &at(name), format!("the zone has no {name}"), mend));
        }
    }
    let s = &screen.value;
    let right = i64::from(zone.x) + i64::from(zone.width);
    let bottom = i64::from(zone.y) + i64::from(zone.height);
    if zone.x < 0 || zone.y < 0 || right > i64::from(s.width) || bottom > i64::from(s.height) {
        let message = format!("the zone reaches beyond the canvas of {} x {}", s.width, s.height);
        let mend = format!("it spans {} to {right} across and {} to {bottom} down: make it fit", zone.x, zone.y);
        faults.push(screen.fault(Severity::Warning, &at("x"), message, mend));
    }
    let always = [
        ("colour", &zone.colour),
        ("accent", &zone.accent),
        ("border_colour", &zone.border_colour),
        ("title_colour", &zone.title_colour),
    ];
    for (name, colour) in always {
        check_colour(screen, &at(name), colour, faults);
    }
    if !zone.background.is_empty() {
        check_colour(screen, &at("background"), &zone.background, faults);
    }
    if !(4.0..=4_000.0).contains(&zone.size) {
        let message = format!("a text size of {} px cannot be drawn", zone.size);
        faults.push(screen.fault(Severity::Error, &at("size"), message, "write 4 to 4000"));
    }
    if zone.padding.saturating_mul(2) >= zone.width.max(1) && zone.padding > 0 {
        let message = "the padding leaves no room in the zone";
        faults.push(screen.fault(Severity::Error, &at("padding"), message, "make it less than half the width"));
    }
    let positive = |n: f32| n.is_finite() && n > 0.0;
    if !positive(zone.dwell_seconds) {
        let message = format!("`dwell_seconds` is {}", zone.dwell_seconds);
        faults.push(screen.fault(Severity::Error, &at("dwell_seconds"), message, "write more than 0"));
    }
    if zone.kind == ZoneKind::Ticker && !positive(zone.speed) {
        let message = format!("a ticker of {} px/s does not move", zone.speed);
        faults.push(screen.fault(Severity::Error, &at("speed"), message, "write more than 0, such as 120"));
    }
}

fn check_content(dir: &Path, screen: &Section<Screen>, i: usize, zone: &Zone, faults: &mut Vec<Fault>) {
    let at = |name: &str| format!("zone.{i}.{name}");
    match zone.kind {
        ZoneKind::Picture if zone.file.is_empty() => {
            let mend = "add file = \"…\", a path relative to the config folder";
            faults.push(screen.fault(Severity::Error, &at("file"), "the picture zone names no file", mend));
        }
        ZoneKind::Picture if !dir.join(&zone.file).is_file() => {
            let message = format!("the picture `{}` is not there", zone.file);
            let mend = format!("put it at {}, or correct the path", dir.join(&zone.file).display());
            faults.push(screen.fault(Severity::Error, &at("file"), message, mend));
        }
        ZoneKind::Text if zone.text.is_empty() && zone.background.is_empty() && zone.border.is_empty() => {
            let mend = "add text = \"…\", or a background";
            faults.push(screen.fault(Severity::Warning, &at("kind"), "the text zone has no words", mend));
        }
        ZoneKind::Clock => {
            for field in fields(&zone.format) {
                if !CLOCK_FIELDS.contains(&field) {
                    let message = format!("a clock does not know `{{{field}}}`");
                    let mend = choose_from(field, &CLOCK_FIELDS);
                    faults.push(screen.fault(Severity::Error, &at("format"), message, mend));
                }
            }
        }
        _ => {}
    }
}

fn check_overlap(sections: &Sections, faults: &mut Vec<Fault>) {
    let screens: Vec<_> = sections.screens.iter().filter_map(|(n, s)| Some((n, s.as_ref()?))).collect();
    for (i, (_, b)) in screens.iter().enumerate() {
        for (name, a) in screens.iter().take(i) {
            let (p, q) = (&a.value, &b.value);
            let same_monitor = p.monitor == q.monitor;
            let apart = |p0: i32, p1: u32, q0: i32, q1: u32| {
                i64::from(p0) + i64::from(p1) <= i64::from(q0) || i64::from(q0) + i64::from(q1) <= i64::from(p0)
            };
            let overlap = match p.monitor.is_empty() {
                true => !apart(p.x, p.width, q.x, q.width) && !apart(p.y, p.height, q.y, q.height),
                false => true,
            };
            if same_monitor && overlap {
                let path = if p.monitor.is_empty() { "x" } else { "monitor" };
                let message = format!("this screen lies on the same spot as the screen `{name}`");
                let mend = "give each a monitor or an x and y of its own, unless they run on different machines";
                faults.push(b.fault(Severity::Warning, path, message, mend));
            }
        }
    }
}
