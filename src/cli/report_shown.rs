//! `gongshi report shown`: where a notice was on show, how often and how long, as far as presented frames prove it.

use crate::{
    model::{NoticeId, ShowPeriod},
    store::{DisplayInterval, Evidence},
};
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
    time::Duration,
};

/// What is known of one notice.
pub(super) struct ShownReport {
    /// The notice that is reported on.
    pub id: NoticeId,
    /// Its title as the store has it now.
    pub title: String,
    /// When it is to be shown.
    pub period: ShowPeriod,
    /// When it was, oldest first.
    pub intervals: Vec<DisplayInterval>,
    /// The site's, in which days begin and end.
    pub zone: TimeZone,
}

/// The intervals of one version on one screen, taken together.
struct Total {
    first: Timestamp,
    last: Timestamp,
    shown: Duration,
    appearances: u64,
    is_open: bool,
}

/// What is counted together, apart what proves less.
type Group<'a> = (Proof, &'a str, u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Proof {
    /// Presented frames, dated.
    Whole,
    /// Presented frames, whose dates cannot be trusted.
    Undated,
    /// A programme's list: it claims more than was visible.
    Older,
}

impl Proof {
    fn of(evidence: Evidence) -> Self {
        match evidence {
            Evidence::Frames | Evidence::CorrectedClock => Self::Whole,
            Evidence::UntrustedClock => Self::Undated,
            Evidence::Programme => Self::Older,
        }
    }
}

impl ShownReport {
    fn totals(&self) -> BTreeMap<Group<'_>, Total> {
        let mut totals: BTreeMap<Group<'_>, Total> = BTreeMap::new();
        for interval in &self.intervals {
            let group = (Proof::of(interval.evidence), interval.screen.as_str(), interval.version);
            let total = totals.entry(group).or_insert(Total {
                first: interval.from,
                last: interval.until,
                shown: Duration::ZERO,
                appearances: 0,
                is_open: false,
            });
            total.first = total.first.min(interval.from);
            total.last = total.last.max(interval.until);
            total.shown += interval.shown;
            total.appearances += u64::from(interval.appearances);
            total.is_open |= interval.is_open;
        }
        totals
    }

    /// The days on which it was on show, if only for a moment, as a kind of proof has it.
    fn days(&self, proof: Proof) -> BTreeSet<Date> {
        let day = |at: Timestamp| at.to_zoned(self.zone.clone()).date();
        self.intervals
            .iter()
            .filter(|interval| Proof::of(interval.evidence) == proof)
            .flat_map(|i| day(i.from).series(Span::new().days(1)).take_while(|d| *d <= day(i.until)))
            .collect()
    }

    fn at(&self, instant: Timestamp) -> String {
        instant.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// One JSON object.
    pub fn json(&self, out: &mut impl Write) -> io::Result<()> {
        let total = |((proof, screen, version), total): (Group<'_>, Total)| {
            json!({
                "screen": screen,
                "version": version,
                "evidence": match proof {
                    Proof::Whole => "frames",
                    Proof::Undated => "frames, clock wrong",
                    Proof::Older => "programme",
                },
                "first": total.first,
                "last": total.last,
                "seconds": seconds(total.shown),
                "appearances": (proof != Proof::Older).then_some(total.appearances),
                "open": total.is_open,
            })
        };
        let interval = |i: &DisplayInterval| {
            json!({
                "screen": i.screen,
                "version": i.version,
                "evidence": evidence(i.evidence),
                "from": i.from,
                "until": i.until,
                "seconds": seconds(i.shown),
                "appearances": (i.evidence != Evidence::Programme).then_some(i.appearances),
                "open": i.is_open,
            })
        };
        let report = json!({
            "id": self.id.0,
            "title": self.title,
            "show_from": self.period.from,
            "show_until": self.period.until,
            "days_shown": self.days(Proof::Whole),
            "screens": self.totals().into_iter().map(total).collect::<Vec<_>>(),
            "shown": self.intervals.iter().map(interval).collect::<Vec<_>>(),
        });
        writeln!(out, "{report}")
    }

    /// A table for people: a line a screen and version.
    pub fn table(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}  {}", self.id.0, self.title)?;
        if let (Some(from), Some(until)) = (self.period.from, self.period.until) {
            writeln!(out, "to be shown {from} to {until}")?;
        }
        if self.intervals.is_empty() {
            return writeln!(out, "no screen has shown it since the journal began");
        }
        let width = self.intervals.iter().map(|i| i.screen.chars().count()).max().unwrap_or(0).max(6);
        writeln!(
            out,
            "{:width$}  {:>7}  {:19}  {:19}  {:>7}  {:>12}",
            "screen", "version", "first", "last", "times", "length"
        )?;
        for ((proof, screen, version), total) in self.totals() {
            let all = total.shown.as_secs();
            let length = format!("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
            let times = if proof == Proof::Older { "?".to_owned() } else { total.appearances.to_string() };
            let note = match (proof, total.is_open) {
                (Proof::Older, _) => "  by its programme, as older versions noted it",
                (Proof::Undated, _) => "  by a clock that was wrong",
                (Proof::Whole, true) => "  and goes on",
                (Proof::Whole, false) => "",
            };
            let (first, last) = (self.at(total.first), self.at(total.last));
            writeln!(out, "{screen:width$}  {version:>7}  {first}  {last}  {times:>7}  {length:>12}{note}")?;
        }
        self.remarks(out)
    }

    fn remarks(&self, out: &mut impl Write) -> io::Result<()> {
        let days = self.days(Proof::Whole);
        match (self.period.from, self.period.until) {
            (Some(from), Some(until)) => {
                let all: Vec<Date> = from.series(Span::new().days(1)).take_while(|d| *d <= until).collect();
                let kept = all.iter().filter(|day| days.contains(day)).count();
                writeln!(out, "shown on {kept} of the {} days of its period", all.len())?;
            }
            _ => writeln!(out, "shown on {} days", days.len())?,
        }
        let older = self.days(Proof::Older).difference(&days).count();
        if older > 0 {
            writeln!(
                out,
                "on {older} days more it was on a programme's list: older versions did not note whether it was visible"
            )?;
        }
        let count = |kind: Evidence| self.intervals.iter().filter(|i| i.evidence == kind).count();
        let corrected = count(Evidence::CorrectedClock);
        if corrected > 0 {
            writeln!(out, "{corrected} intervals are dated by the clock as it was put right after them")?;
        }
        let untrusted = count(Evidence::UntrustedClock);
        if untrusted > 0 {
            writeln!(
                out,
                "the clock was wrong during {untrusted} intervals and was never put right: their lengths hold, their dates \
                 do not"
            )?;
        }
        Ok(())
    }
}

/// Whole seconds; what is shorter than one is report in thousandths.
fn seconds(length: Duration) -> f64 {
    (length.as_secs_f64() * 1000.0).round() / 1000.0
}

fn evidence(kind: Evidence) -> &'static str {
    match kind {
        Evidence::Frames => "frames",
        Evidence::CorrectedClock => "frames, clock corrected later",
        Evidence::UntrustedClock => "frames, clock wrong",
        Evidence::Programme => "programme",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn interval(screen: &str, version: u32, from: &str, seconds: u64, evidence: Evidence) -> DisplayInterval {
        let from: Timestamp = from.parse().unwrap();
        DisplayInterval {
            screen: screen.into(),
            version,
            from,
            until: from + Duration::from_secs(3000),
            shown: Duration::from_secs(seconds),
            appearances: 40,
            is_open: false,
            evidence,
        }
    }

    fn report(intervals: Vec<DisplayInterval>) -> ShownReport {
        ShownReport {
            id: NoticeId(12),
            title: "示例镇道路养护采购公告".into(),
            period: ShowPeriod { from: Some(date(2026, 11, 20)), until: Some(date(2026, 11, 24)) },
            intervals,
            zone: TimeZone::get("Asia/Shanghai").unwrap(),
        }
    }

    fn table(report: &ShownReport) -> String {
        let mut out = Vec::new();
        report.table(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_screen_and_version_have_a_line_with_how_often_and_how_long() {
        let report = report(vec![
            interval("hall", 1, "2026-11-23T01:00:00Z", 400, Evidence::Frames),
            interval("hall", 1, "2026-11-23T02:00:00Z", 300, Evidence::Frames),
            interval("hall", 2, "2026-11-24T02:00:00Z", 60, Evidence::Frames),
        ]);
        let expected = "\
12  示例镇道路养护采购公告
to be shown 2026-11-20 to 2026-11-24
screen  version  first                last                   times        length
hall          1  2026-11-23 09:00:00  2026-11-23 10:50:00       80       0:11:40
hall          2  2026-11-24 10:00:00  2026-11-24 10:50:00       40       0:01:00
shown on 2 of the 5 days of its period
";
        assert_eq!(table(&report), expected);
        let mut out = Vec::new();
        report.json(&mut out).unwrap();
        let report: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(report["screens"][0]["seconds"], 700.0);
        assert_eq!(report["screens"][0]["appearances"], 80);
        assert_eq!(report["days_shown"], json!(["2026-11-23", "2026-11-24"]));
    }

    #[test]
    fn what_proves_less_is_said_and_proves_no_day() {
        let report = report(vec![
            interval("hall", 1, "2000-01-01T01:00:00Z", 400, Evidence::UntrustedClock),
            interval("hall", 1, "2026-11-20T01:00:00Z", 3000, Evidence::Programme),
            interval("hall", 1, "2026-11-21T01:00:00Z", 400, Evidence::CorrectedClock),
        ]);
        let said = table(&report);
        for words in [
            "shown on 1 of the 5 days",
            "on 1 days more it was on a programme's list",
            "1 intervals are dated by the clock as it was put right",
            "never put right",
            "      ?       0:50:00  by its programme",
        ] {
            assert!(said.contains(words), "{words} is not in\n{said}");
        }
    }
}
