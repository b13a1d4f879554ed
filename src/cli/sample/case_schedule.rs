//! The course of one case, from acceptance to its end, laid out in working days.

use super::{days::WorkingDayList, rng::Rng};
use crate::time::civil::Date;

/// How a case goes, as if all of it had happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseSchedule {
    /// The day it is accepted.
    pub accepted: Date,
    /// The day its papers are reviewed.
    pub reviewed: Date,
    /// First and last day of what does not count.
    pub pause: Option<(Date, Date)>,
    /// The day it is closed.
    pub closed: Date,
    /// Working days used, the pause not counted.
    pub used: u32,
}

impl CaseSchedule {
    /// Draws the schedule for a case with so many days promised: most are early, some near, a few late.
    pub fn draw(rng: &mut Rng, days: &WorkingDayList, accepted: Date, promised: u32, can_pause: bool) -> Self {
        let used = match rng.next_below(1000) {
            0..660 => rng.next_between(0, promised / 2),
            660..976 => rng.next_between(promised / 2, promised.saturating_sub(1)),
            976..997 => promised,
            _ => promised + rng.next_between(1, 3),
        };
        // A day of review before and one of decision after a pause, so that the three do not overlap.
        let pauses = can_pause && used >= 2 && rng.next_permille(700);
        if !pauses {
            let reviewed = days.after(accepted, rng.next_between(0, used));
            return Self { accepted, reviewed, pause: None, closed: days.after(accepted, used), used };
        }
        let before = rng.next_between(1, used - 1);
        let reviewed = days.after(accepted, before);
        let from = days.after(reviewed, 1);
        let until = days.after(from, rng.next_between(0, 7));
        Self { accepted, reviewed, pause: Some((from, until)), closed: days.after(until, used - before), used }
    }

    /// Whether it is closed before a day.
    pub fn is_closed(&self, today: Date) -> bool {
        self.closed < today
    }
}

/// Writes the steps of a course as far as they happened before a day: (name, begun, ended, does not count, note).
pub fn steps<E>(
    course: &CaseSchedule,
    today: Date,
    (minute, names): (u32, [&str; 4]),
    end_note: &str,
    mut put: impl FnMut([&str; 5]) -> Result<(), E>,
) -> Result<(), E> {
    let at = |day: Date, minute: u32| {
        if day < today { format!("{day} {:02}:{:02}", minute / 60, minute % 60) } else { String::new() }
    };
    let [first, review, pause, last] = names;
    let accepted = at(course.accepted, minute);
    put([first, &accepted, &accepted, "否", ""])?;
    // Within one day what comes later has a later minute.
    let reviewed = at(course.reviewed, minute.max(600) + 30);
    put([review, &accepted, &reviewed, "否", ""])?;
    let mut begun = reviewed;
    if let Some((from, until)) = course.pause {
        let (from, ended) = (at(from, 9 * 60), at(until, 17 * 60));
        put([pause, &from, &ended, "是", ""])?;
        begun = ended;
    }
    let closed = at(course.closed, 17 * 60 + minute % 30);
    put([last, &begun, &closed, "否", if closed.is_empty() { "" } else { end_note }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_is_used_is_what_the_calendar_counts() {
        let days = WorkingDayList::new(date(2022, 1, 1), date(2026, 11, 23));
        let mut late = 0;
        for n in 0..5000 {
            let mut rng = Rng::new(1, [n, 0, 0]);
            let promised = rng.next_between(1, 30);
            let accepted = days.after(date(2022, 1, 1), rng.next_between(1, 1000));
            let course = CaseSchedule::draw(&mut rng, &days, accepted, promised, true);
            let next = |d: Date| d.tomorrow().unwrap();
            let counted = |from: Date, until: Date| days.within(next(from), next(until)).count();
            let paused = course.pause.map_or(0, |(from, until)| counted(from.yesterday().unwrap(), until));
            assert_eq!(counted(course.accepted, course.closed) - paused, course.used as usize, "{course:?}");
            assert!(course.accepted <= course.reviewed && course.reviewed <= course.closed);
            late += u32::from(course.used > promised);
        }
        assert!((5..40).contains(&late), "{late} of 5000 are late");
    }

    #[test]
    fn what_has_not_happened_yet_has_no_time() {
        let days = WorkingDayList::new(date(2026, 1, 1), date(2026, 11, 23));
        let (accepted, today) = (date(2026, 11, 20), date(2026, 11, 23));
        let course = CaseSchedule { accepted, reviewed: today, pause: None, closed: days.after(today, 3), used: 4 };
        let mut written = Vec::new();
        let put = |s: [&str; 5]| {
            written.push(s.map(str::to_owned));
            Ok::<_, ()>(())
        };
        steps(&course, today, (620, ["受理", "审查", "", "决定"]), "准予", put).unwrap();
        assert_eq!(written[0][1], "2026-11-20 10:20");
        assert_eq!((written[1][1].as_str(), written[1][2].as_str()), ("2026-11-20 10:20", ""));
        assert_eq!(written[2], ["决定", "", "", "否", ""]);
    }
}
