//! What must hold after every step.

use super::{
    hidden,
    office::{FILE_GRACE, Office},
    player::Player,
    run::STEP,
    screens::Seen,
    source::{Source, titles},
};
use gongshi::time::Clock;
use jiff::civil::Date;
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

/// From a server's whole answer to the edition that says the same.
const SERVER_GRACE: Duration = Duration::from_secs(60);
/// From a screen's file to its window, and back.
const SCREEN_GRACE: Duration = Duration::from_secs(30);

/// Looks after a seed's invariants.
#[derive(Default)]
pub struct Invariants {
    /// The last day of each notice that has one.
    last_days: HashMap<u64, Date>,
    /// The number from which on a notice's showing is taken for a fault, to see one found.
    trap: Option<u64>,
}

impl Invariants {
    /// With a notice whose showing is taken for a fault.
    pub fn new(trap: Option<u64>) -> Self {
        Self { trap, ..Self::default() }
    }

    /// Looks at what is on the screens.
    pub fn check(&mut self, office: &Office, seen: &[Seen], player: &Player) {
        for Seen { screen, text, .. } in seen {
            assert!(text.chars().any(char::is_alphanumeric), "{screen} is blank");
            let readable = hidden::readable(text);
            assert!(readable.is_none(), "{screen} shows {readable:?}, which is masked:\n{text}");
        }
        if let Some(trap) = self.trap {
            let is_later = |title: &str| number(title).is_some_and(|number| number >= trap);
            let sprung = seen.iter().find(|seen| titles(&seen.text).any(is_later));
            assert!(sprung.is_none(), "{} is looked at on purpose:\n{}", sprung.unwrap().screen, sprung.unwrap().text);
        }
        self.check_screens(office, player);
        let now = office.clock.elapsed();
        if now < office.strict_from {
            return;
        }
        let server = office.server.lock().unwrap();
        let today = self.today(office);
        for (source, grace) in [(&*server, SERVER_GRACE), (&office.file, FILE_GRACE), (&office.inbox, FILE_GRACE)] {
            let is_owed =
                |told: Option<Duration>| told.is_some_and(|at| at.max(office.strict_from) + grace + STEP < now);
            self.check_source(source, today, is_owed, seen, player);
        }
        self.check_periods(office, seen);
        self.check_rows(office, (now, today), seen, player);
    }

    fn today(&self, office: &Office) -> Date {
        office.clock.wall().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date()
    }

    /// Screens open and close with their files.
    fn check_screens(&self, office: &Office, player: &Player) {
        let is_due = office.hall_since.max(office.strict_from) + SCREEN_GRACE + STEP < office.clock.elapsed();
        if let Some(wanted) = office.wants_hall().filter(|_| is_due) {
            assert_eq!(
                player.has_screen("hall"),
                wanted,
                "the hall's screen, whose file was saved at {:?}",
                office.hall_since
            );
        }
    }

    fn check_source(
        &mut self,
        source: &Source,
        today: Date,
        is_owed: impl Fn(Option<Duration>) -> bool,
        seen: &[Seen],
        player: &Player,
    ) {
        let gone: BTreeMap<&str, Option<Duration>> =
            source.withdrawn.iter().filter(|(_, told)| is_owed(**told)).map(|(t, told)| (t.as_str(), *told)).collect();
        let on_walls = seen.iter().filter(|seen| seen.is_wall).flat_map(|seen| titles(&seen.text));
        for title in player.titles().flat_map(titles).chain(on_walls) {
            let told = gone.get(title);
            assert!(told.is_none(), "{}: {title} is gone since {told:?} and still there", source.name);
        }
        for notice in &source.current {
            let last = source.last_day(notice);
            if let Some(last) = last {
                self.last_days.insert(notice.number, last);
            }
            let is_shown = last.is_none_or(|last| (notice.published..=last).contains(&today));
            // What a source said once stays, however ill it is now.
            assert!(
                !is_shown || !is_owed(notice.told) || player.holds(&notice.title()),
                "{} ({:?}): {} was said at {:?} and is not there",
                source.name,
                source.mode,
                notice.title(),
                notice.told
            );
        }
    }

    /// What is over is on no wall, whatever its source says.
    fn check_periods(&mut self, office: &Office, seen: &[Seen]) {
        let at = office.clock.wall() - jiff::SignedDuration::try_from(SERVER_GRACE + STEP).unwrap();
        let lately = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).date();
        for title in seen.iter().filter(|seen| seen.is_wall).flat_map(|seen| titles(&seen.text)) {
            let last = number(title).and_then(|number| self.last_days.get(&number));
            assert!(last.is_none_or(|last| *last >= lately), "{title} was to be shown until {last:?}, it is {lately}");
        }
    }

    fn check_rows(&self, office: &Office, (now, today): (Duration, Date), seen: &[Seen], player: &Player) {
        let is_owed =
            |told: Option<Duration>| told.is_some_and(|at| at.max(office.strict_from) + FILE_GRACE + STEP < now);
        let rows = player.wall_rows();
        for sheet in &office.sheets {
            let (held, gone) = sheet.owed(today, is_owed);
            let is_open = now > office.hall_since.max(office.strict_from) + FILE_GRACE + STEP;
            for name in held.iter().filter(|_| is_open && office.wants_hall() == Some(true)) {
                assert!(rows.contains(name.as_str()), "{}: {name} is not there:\n{rows}", sheet.name);
            }
            for name in gone {
                assert!(!rows.contains(name), "{}: {name} is gone and still there", sheet.name);
                let shown = seen.iter().find(|seen| seen.is_wall && seen.text.contains(name));
                assert!(shown.is_none(), "{}: {name} is gone and still on {}", sheet.name, shown.unwrap().screen);
            }
        }
    }
}

/// The number in a notice's title.
fn number(title: &str) -> Option<u64> {
    title.trim_start_matches("示例公告").split('号').next()?.parse().ok()
}
