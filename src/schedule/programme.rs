//! The playlist: what plays by weekday and time of day.

use crate::config::{PlaylistEntry, minute_of_day};
use crate::time::{
    WallTime,
    civil::{Date, Time},
};
use jiff::ToSpan;
use std::time::Duration;

const DAY: u16 = 1440;

/// A window in minutes since midnight of its own day; past 1440 it reaches into the next morning.
fn window(entry: &PlaylistEntry) -> (u16, u16) {
    let from = minute_of_day(&entry.from).unwrap_or(0);
    let until = minute_of_day(&entry.until).unwrap_or(DAY);
    (from, if until <= from { until + DAY } else { until })
}

fn plays_on(entry: &PlaylistEntry, day: Date) -> bool {
    let weekday = day.weekday().to_monday_one_offset();
    entry.weekdays.is_empty() || entry.weekdays.iter().any(|d| i16::from(*d) == i16::from(weekday))
}

fn matches(entry: &PlaylistEntry, wall: &WallTime) -> bool {
    let time = wall.0.time();
    let now = u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).unwrap_or(0);
    let (from, until) = window(entry);
    let today = wall.day();
    if plays_on(entry, today) && from <= now && now < until {
        return true;
    }
    // The rest of a night belongs to the day on which it began.
    today.yesterday().is_ok_and(|y| plays_on(entry, y)) && now + DAY < until
}

/// The program that plays: the first entry that matches; `None` where none does.
pub fn programme_at<'a>(playlist: &'a [PlaylistEntry], wall: &WallTime) -> Option<&'a str> {
    playlist.iter().find(|e| matches(e, wall)).map(|e| e.program.as_str())
}

/// How long until another program plays; `None` where that never happens.
pub fn next_switch(playlist: &[PlaylistEntry], wall: &WallTime) -> Option<Duration> {
    let now = programme_at(playlist, wall);
    let mut minutes: Vec<u16> = playlist.iter().map(window).flat_map(|(a, b)| [a % DAY, b % DAY]).collect();
    minutes.push(0);
    minutes.sort_unstable();
    minutes.dedup();
    // Everything repeats after a week.
    for ahead in 0..=8 {
        let Ok(day) = wall.day().checked_add(ahead.days()) else { break };
        for minute in &minutes {
            let at = i8::try_from(minute / 60).ok().zip(i8::try_from(minute % 60).ok());
            let Some(time) = at.and_then(|(h, m)| Time::new(h, m, 0, 0).ok()) else { continue };
            let Ok(moment) = day.to_datetime(time).to_zoned(wall.0.time_zone().clone()) else { continue };
            if moment.timestamp() <= wall.0.timestamp() {
                continue;
            }
            let left = moment.timestamp().duration_since(wall.0.timestamp());
            if programme_at(playlist, &WallTime(moment)) != now {
                return Duration::try_from(left).ok();
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{Timestamp, tz::TimeZone};
    use proptest::prelude::*;

    fn entry(program: &str, weekdays: &[u8], from: &str, until: &str) -> PlaylistEntry {
        PlaylistEntry { program: program.into(), weekdays: weekdays.into(), from: from.into(), until: until.into() }
    }

    fn wall(text: &str) -> WallTime {
        WallTime(format!("{text}+08:00[Asia/Shanghai]").parse().unwrap())
    }

    #[test]
    fn first_match_plays_and_nights_belong_to_the_day_they_begin() {
        let list = [
            entry("friday-night", &[5], "22:00", "06:00"),
            entry("day", &[1, 2, 3, 4, 5], "08:00", "18:00"),
            entry("rest", &[], "", ""),
        ];
        let at = |t| programme_at(&list, &wall(t)).unwrap_or("-").to_owned();
        assert_eq!(at("2026-11-23T09:42:07"), "day");
        assert_eq!(at("2026-11-23T18:00:00"), "rest");
        assert_eq!(at("2026-11-27T23:00:00"), "friday-night");
        assert_eq!(at("2026-11-28T05:59:59"), "friday-night");
        assert_eq!(at("2026-11-28T06:00:00"), "rest");
        assert_eq!(at("2026-11-28T23:00:00"), "rest");
        assert_eq!(next_switch(&list, &wall("2026-11-23T09:00:00")), Some(Duration::from_secs(9 * 3600)));
        assert_eq!(next_switch(&list[2..], &wall("2026-11-23T09:00:00")), None);
        assert_eq!(programme_at(&[], &wall("2026-11-23T09:00:00")), None);
    }

    fn entries() -> impl Strategy<Value = Vec<PlaylistEntry>> {
        let time = prop_oneof![
            Just(String::new()),
            Just("24:00".to_owned()),
            (0_u32..24, 0_u32..60).prop_map(|(h, m)| format!("{h:02}:{m:02}")),
        ];
        let one = (0_u8..4, prop::collection::vec(1_u8..=7, 0..4), time.clone(), time);
        prop::collection::vec(one.prop_map(|(p, d, f, u)| entry(&format!("p{p}"), &d, &f, &u)), 0..5)
    }

    proptest! {
        #[test]
        fn nothing_switches_before_next_switch(
            list in entries(), second in 1_500_000_000_i64..2_000_000_000, part in 0.0_f64..1.0,
        ) {
            let zone = TimeZone::get("Asia/Shanghai").unwrap();
            let at = |t: Timestamp| programme_at(&list, &WallTime::at(t, &zone)).map(str::to_owned);
            let now = Timestamp::from_second(second).unwrap();
            let left = next_switch(&list, &WallTime::at(now, &zone));
            let span = left.unwrap_or(Duration::from_secs(14 * 86_400));
            let between = now + span.mul_f64(part * 0.999_999);
            prop_assert_eq!(at(now), at(between));
            if left.is_some() {
                prop_assert_ne!(at(now), at(now + span));
            }
        }

        #[test]
        fn a_night_window_covers_its_length(from in 1_u16..1440, until in 0_u16..1440, day in 1_u8..=7) {
            let text = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
            let list = [entry("p", &[day], &text(from), &text(until))];
            let zone = TimeZone::get("Asia/Shanghai").unwrap();
            let start = wall("2026-11-23T00:00:00").0.timestamp();
            let minutes = (0..7 * 1440)
                .filter(|m| programme_at(&list, &WallTime::at(start + Duration::from_secs(m * 60), &zone)).is_some())
                .count();
            let length = if until > from { until - from } else { until + 1440 - from };
            prop_assert_eq!(minutes, usize::from(length));
        }
    }
}
