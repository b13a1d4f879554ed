//! The journal of what was shown where: written from reports of presented frames, and read back as intervals of wall
//! time.
//!
//! What is written is dated by time since the machine started. What the wall clock was at some of those instants stands
//! beside it (`display_anchor`), and which of them is believed is decided when someone asks: a clock that began at 2000,
//! or was a month ahead, and was put right later dates all of that start of the machine by what it said afterwards.
//!
//! Every entry has a name of its own (session and number) and is told whole, so that it may be written twice, and late.
//! Each write is on disk when it is acknowledged (`synchronous=FULL`); where the store cannot take it, it is put into
//! the spool beside the file, and goes into the store before anything that comes later.

use super::{
    Store, StoreError, rows,
    spool::{DisplayRun, Spool},
};
use crate::model::{DisplayEntry, DisplayReport, NoticeId};
use jiff::Timestamp;
use rusqlite::Transaction;
use std::{collections::HashMap, path::Path, time::Duration};

/// Two anchors that part by more than this, and by more than clocks are slewed by, have a step of the wall clock between
/// them, microseconds.
const CLOCK_STEP_MICROS: i64 = 2_000_000;
/// A clock is slewed by at most one microsecond in so many.
const SLEWED_ONE_IN: i64 = 2_000;

/// Where reports are, all of them on disk.
#[derive(Debug)]
pub enum Recorded {
    /// In the store, and all that waited in the spool with them.
    Stored,
    /// In the spool, because of this; they go into the store with the next call that can write it.
    Spooled(StoreError),
}

/// What an interval is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Presented frames, by a clock that was not put right later.
    Frames,
    /// Presented frames; their clock was wrong and was put right later, by which they are dated.
    CorrectedClock,
    /// Presented frames; their clock was wrong and was never put right: the length holds, the dates do not.
    UntrustedClock,
    /// The list of the programme that played, as older versions noted it: not all of it need have been visible.
    Programme,
}

/// What is known of one version of a notice on one screen over about an hour; of older kinds, over any time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayInterval {
    /// The screen's name.
    pub screen: String,
    /// The notice's version, as it was in the edition of the frames.
    pub version: u32,
    /// The first presented frame it could be seen in.
    pub from: Timestamp,
    /// The end of what is proven.
    pub until: Timestamp,
    /// How long it could be seen in between.
    pub shown: Duration,
    /// How often it appeared in between; 0 where it only carries on the interval before, and where that is not known.
    pub appearances: u32,
    /// It could still be seen when the screen last told.
    pub is_open: bool,
    /// What it is known from.
    pub evidence: Evidence,
}

impl Store {
    /// Writes what screens told, after whatever waits in the spool; and notes that nothing of earlier runs goes on. On
    /// disk when it returns.
    ///
    /// # Errors
    /// Where neither the store nor the spool beside it can be written: the reports are to be given again.
    pub fn record_displays(&mut self, run: &DisplayRun, reports: &[DisplayReport]) -> Result<Recorded, StoreError> {
        self.write_displays(run, reports, false)
    }

    /// The same at the end of a run: nothing of it goes on either.
    ///
    /// # Errors
    /// As [`Store::record_displays`].
    pub fn end_displays(&mut self, run: &DisplayRun, reports: &[DisplayReport]) -> Result<Recorded, StoreError> {
        self.write_displays(run, reports, true)
    }

    fn write_displays(
        &mut self,
        run: &DisplayRun,
        reports: &[DisplayReport],
        is_end: bool,
    ) -> Result<Recorded, StoreError> {
        let spool = Spool::beside(&self.path);
        let waiting = spool.read();
        let written = self.journal(|tx| {
            waiting.iter().try_for_each(|(run, report)| write(tx, run, report))?;
            reports.iter().try_for_each(|report| write(tx, run, report))?;
            tx.prepare_cached(
                "UPDATE display SET open = 0
                 WHERE open = 1 AND session IN (SELECT id FROM display_session WHERE ?2 OR run <> ?1)",
            )?
            .execute((integer(run.id), is_end))
            .map(drop)
        });
        match written {
            Ok(()) => {
                spool.empty();
                Ok(Recorded::Stored)
            }
            Err(error) => spool.keep(run, reports).map(|()| Recorded::Spooled(error)),
        }
    }

    /// When a notice was on show, oldest first.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn displays(&self, id: NoticeId) -> Result<Vec<DisplayInterval>, StoreError> {
        let read = || -> rusqlite::Result<Vec<DisplayInterval>> {
            let mut all = self.displays_by_frames(id)?;
            all.extend(self.displays_by_programme(id)?);
            all.sort_by(|a, b| (a.from, &a.screen).cmp(&(b.from, &b.screen)));
            Ok(all)
        };
        read().map_err(|e| self.fail(&e))
    }

    fn displays_by_frames(&self, id: NoticeId) -> rusqlite::Result<Vec<DisplayInterval>> {
        let mut query = self.conn.prepare_cached(
            "SELECT s.id, s.boot, s.screen, d.version, d.anchor, d.began, d.until, d.shown, d.appearances, d.open
             FROM display d JOIN display_session s ON s.id = d.session
             WHERE d.notice = ?1 ORDER BY d.session, d.number",
        )?;
        let mut clocks: HashMap<(Option<String>, i64), BootClock> = HashMap::new();
        let mut found = query.query([id.0])?;
        let mut all = Vec::new();
        while let Some(row) = found.next()? {
            let (session, boot): (i64, Option<String>) = (row.get(0)?, row.get(1)?);
            let whose = (boot.clone(), if boot.is_some() { 0 } else { session });
            if !clocks.contains_key(&whose) {
                clocks.insert(whose.clone(), self.boot_clock(boot.as_deref(), session)?);
            }
            let Some(clock) = clocks.get(&whose) else { continue };
            let (began, until): (i64, i64) = (row.get(5)?, row.get(6)?);
            let anchor = (session, row.get(4)?);
            let (from, evidence) = clock.wall(anchor, began);
            let length = |micros: i64| Duration::from_micros(u64::try_from(micros).unwrap_or(0));
            all.push(DisplayInterval {
                screen: row.get(2)?,
                version: row.get(3)?,
                from,
                until: clock.wall(anchor, until).0,
                shown: length(row.get(7)?),
                appearances: row.get(8)?,
                is_open: row.get(9)?,
                evidence,
            });
        }
        Ok(all)
    }

    fn displays_by_programme(&self, id: NoticeId) -> rusqlite::Result<Vec<DisplayInterval>> {
        let mut query =
            self.conn.prepare_cached("SELECT screen, version, began, ended FROM shown WHERE notice = ?1")?;
        let rows = query.query_map([id.0], |row| {
            let (from, until): (i64, Option<i64>) = (row.get(2)?, row.get(3)?);
            let until = until.unwrap_or(from);
            Ok(DisplayInterval {
                screen: row.get(0)?,
                version: row.get(1)?,
                from: rows::instant(from),
                until: rows::instant(until),
                shown: Duration::from_micros(u64::try_from(until.saturating_sub(from)).unwrap_or(0)),
                appearances: 0,
                is_open: false,
                evidence: Evidence::Programme,
            })
        })?;
        rows.collect()
    }

    /// The anchors of one start of the machine; of one session, where that start has no name.
    fn boot_clock(&self, boot: Option<&str>, session: i64) -> rusqlite::Result<BootClock> {
        let mut query = self.conn.prepare_cached(
            "SELECT a.session, a.number, a.at, a.wall, a.plausible
             FROM display_anchor a JOIN display_session s ON s.id = a.session
             WHERE CASE WHEN ?1 IS NULL THEN s.id = ?2 ELSE s.boot = ?1 END
             ORDER BY a.at, a.session, a.number",
        )?;
        let anchor = |row: &rusqlite::Row<'_>| {
            Ok(Anchor {
                name: (row.get(0)?, row.get(1)?),
                at: row.get(2)?,
                offset: row.get::<_, i64>(3)?.saturating_sub(row.get(2)?),
                is_plausible: row.get(4)?,
            })
        };
        let anchors = query.query_map((boot, session), anchor)?.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(BootClock::new(anchors))
    }
}

/// Puts what screens told into the spool of the store in `data_dir`, without waiting for whoever holds the store. On disk
/// when it returns.
///
/// # Errors
/// Where it cannot be written.
pub fn spool_displays(data_dir: &Path, run: &DisplayRun, reports: &[DisplayReport]) -> Result<(), StoreError> {
    Spool::of(data_dir).keep(run, reports)
}

/// An anchor of the wall clock, by its session and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Anchor {
    name: (i64, i64),
    /// Microseconds since the machine started, and the wall clock less that.
    at: i64,
    offset: i64,
    is_plausible: bool,
}

/// The wall clock over one start of the machine.
#[derive(Debug)]
struct BootClock {
    anchors: Vec<Anchor>,
    /// The first and the last of the anchors that are believed: those after the last step that led to a clock which can
    /// be right. Whoever sets a clock sets it right.
    believed: Option<(usize, usize)>,
}

impl BootClock {
    /// Of anchors in order of time.
    fn new(anchors: Vec<Anchor>) -> Self {
        let is_step = |a: &Anchor, b: &Anchor| {
            let slewed = b.at.saturating_sub(a.at) / SLEWED_ONE_IN;
            a.is_plausible != b.is_plausible
                || b.offset.saturating_sub(a.offset).saturating_abs() > CLOCK_STEP_MICROS + slewed
        };
        let last = anchors.iter().rposition(|anchor| anchor.is_plausible);
        let believed = last.map(|last| {
            let until_last = anchors.get(..=last).unwrap_or_default();
            let step = until_last.windows(2).rposition(|pair| matches!(pair, [a, b] if is_step(a, b)));
            (step.map_or(0, |step| step + 1), last)
        });
        Self { anchors, believed }
    }

    /// The wall time of `at`, noted under the anchor `name`, and how far that is to be believed.
    fn wall(&self, name: (i64, i64), at: i64) -> (Timestamp, Evidence) {
        let own = self.anchors.iter().position(|anchor| anchor.name == name);
        let (chosen, evidence) = match (own, self.believed) {
            (Some(own), Some((first, last))) if (first..=last).contains(&own) => (Some(own), Evidence::Frames),
            (Some(own), Some((first, last))) => (Some(own.clamp(first, last)), Evidence::CorrectedClock),
            (None, Some((_, last))) => (Some(last), Evidence::CorrectedClock),
            (own, None) => (own, Evidence::UntrustedClock),
        };
        let offset = chosen.and_then(|index| self.anchors.get(index)).map_or(0, |anchor| anchor.offset);
        (rows::instant(at.saturating_add(offset)), evidence)
    }
}

/// Writes one report, or as much of it as is new. What the store holds no notice of is left out: there would be nothing
/// to name.
fn write(tx: &Transaction<'_>, run: &DisplayRun, report: &DisplayReport) -> rusqlite::Result<()> {
    let session = integer(report.session);
    tx.prepare_cached(
        "INSERT INTO display_session (id, run, boot, screen) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET run = excluded.run",
    )?
    .execute((session, integer(run.id), &run.boot, &report.screen))?;
    for anchor in &report.anchors {
        tx.prepare_cached(
            "INSERT OR IGNORE INTO display_anchor (session, number, at, wall, plausible) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((
            session,
            anchor.number,
            micros(anchor.at),
            rows::micros(anchor.wall),
            anchor.is_plausible,
        ))?;
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO display (session, number, notice, version, edition, anchor, began, until, shown, appearances, open)
         SELECT ?1, ?2, id, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM notice WHERE id = ?3
         ON CONFLICT (session, number) DO UPDATE SET
             open = CASE WHEN excluded.until >= until THEN excluded.open ELSE open END,
             until = max(until, excluded.until), shown = max(shown, excluded.shown),
             appearances = max(appearances, excluded.appearances)",
    )?;
    for entry in &report.entries {
        let DisplayEntry { notice, edition, anchor, appearances, is_open, .. } = *entry;
        let (began, until, shown) = (micros(entry.began), micros(entry.until), micros(entry.shown));
        let (number, edition) = (integer(entry.number), integer(edition));
        let (id, version) = (notice.id.0, notice.version);
        insert.execute((session, number, id, version, edition, anchor, began, until, shown, appearances, is_open))?;
    }
    Ok(())
}

fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOT: i64 = 1_763_000_000_000_000;

    fn anchor(number: i64, second: i64, ahead_seconds: i64, is_plausible: bool) -> Anchor {
        let offset = BOOT + ahead_seconds * 1_000_000;
        Anchor { name: (1, number), at: second * 1_000_000, offset, is_plausible }
    }

    /// The second after the machine's start that an instant of `second` is dated to, and by what.
    fn dated(clock: &BootClock, number: i64, second: i64) -> (i64, Evidence) {
        let (at, evidence) = clock.wall((1, number), second * 1_000_000);
        ((at.as_microsecond() - BOOT) / 1_000_000, evidence)
    }

    #[test]
    fn a_clock_that_was_put_right_dates_what_came_before() {
        let years = -26 * 365 * 86_400;
        let clock = BootClock::new(vec![anchor(0, 10, years, false), anchor(1, 18, 0, true)]);
        assert_eq!(dated(&clock, 0, 12), (12, Evidence::CorrectedClock));
        assert_eq!(dated(&clock, 1, 20), (20, Evidence::Frames));
        // A month ahead, for a minute.
        let clock = BootClock::new(vec![anchor(0, 10, 30 * 86_400, true), anchor(1, 70, 0, true)]);
        assert_eq!(dated(&clock, 0, 12), (12, Evidence::CorrectedClock));
        // It was never put right.
        let clock = BootClock::new(vec![anchor(0, 10, years, false)]);
        assert_eq!(dated(&clock, 0, 12), (12 + years, Evidence::UntrustedClock));
        // It was right, and lost its time: what was known holds.
        let clock = BootClock::new(vec![anchor(0, 10, 0, true), anchor(1, 70, years, false)]);
        assert_eq!(dated(&clock, 0, 12), (12, Evidence::Frames));
        assert_eq!(dated(&clock, 1, 80), (80, Evidence::CorrectedClock));
    }

    #[test]
    fn a_clock_that_is_slewed_dates_each_part_by_itself() {
        // Half a minute in twelve days, seen by runs that began in between.
        let parts = (0..12).map(|day| anchor(day, day * 86_400, day * 3, true)).collect();
        let clock = BootClock::new(parts);
        assert_eq!(dated(&clock, 0, 5), (5, Evidence::Frames));
        assert_eq!(dated(&clock, 11, 950_400), (950_433, Evidence::Frames));
    }
}
