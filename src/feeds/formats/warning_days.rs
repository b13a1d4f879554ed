//! The days on which a warning is shown.

use crate::{
    feeds::dates,
    model::{ShowPeriod, Warning, WarningStage},
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// The days of a warning, from the one it was sent or takes effect on. That one is over needs no more than the day.
pub fn period(warning: &Warning, sent: Option<Timestamp>, zone: &TimeZone) -> ShowPeriod {
    let from = warning.onset.or(sent).map(|at| dates::day(at, zone));
    let last = warning.expires.and_then(|t| t.checked_sub(SignedDuration::from_nanos(1)).ok());
    let until = last.or(sent.filter(|_| warning.stage == WarningStage::Cancel)).map(|at| dates::day(at, zone));
    ShowPeriod { from: from.filter(|f| until.is_none_or(|u| *f <= u)), until }
}
