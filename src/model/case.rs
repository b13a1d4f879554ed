//! A case: a register's row with steps and clocks.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// One step of a case, in civil time of the site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Step {
    /// Its name, such as 受理.
    pub name: String,
    /// When it began; `None` where it has not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime>,
    /// When it ended; `None` where it has not yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime>,
    /// Whether its time does not count towards the deadlines: a hearing, a test, an inspection, an expert review
    /// (Administrative Licensing Law of the People's Republic of China, art. 45).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pause: bool,
    /// A line for the public, such as 材料齐全，当场受理.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What the lamp of a case shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lamp {
    /// Within its time.
    Green,
    /// Its deadline is near.
    Yellow,
    /// Past its deadline.
    Red,
}

impl Lamp {
    /// The lamp of a case with so many working days left; green where it has no deadline.
    pub fn with_left(days_left: Option<i32>, yellow_days: i32, red_days: i32) -> Self {
        match days_left {
            Some(left) if left <= red_days => Self::Red,
            Some(left) if left <= yellow_days => Self::Yellow,
            _ => Self::Green,
        }
    }
}

/// A receipt number as it is compared: letters and digits only, upper case, full-width ones narrowed. Thus
/// `SL2026 1109-0037`, `sl202611090037` and `ＳＬ２０２６１１０９００３７` are one.
pub fn receipt(typed: &str) -> String {
    typed
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// A case's clocks on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// The day it was accepted; its time counts from the next working day.
    pub accepted: Date,
    /// The last day promised, if a promise was made. While a pause goes on, as if it ended with this day.
    pub promised: Option<Date>,
    /// The last day by law, if there is one; likewise.
    pub statutory: Option<Date>,
    /// The day it was closed.
    pub closed: Option<Date>,
    /// Working days left after this one until the promised day, else the statutory one; negative when past.
    /// `None` where there is no deadline. For a closed case, as it stood on the day it was closed.
    pub days_left: Option<i32>,
    /// Working days used, pauses not counted.
    pub used: u32,
    /// The lamp; for a closed case, as it stood on the day it was closed.
    pub lamp: Lamp,
}

/// How the cases of one unit stand in one month, or over a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnitTotals {
    /// The unit's name.
    pub unit: String,
    /// Accepted in the period.
    pub accepted: u64,
    /// Accepted up to its end and not closed by then.
    pub in_hand: u64,
    /// Closed in the period.
    pub closed: u64,
    /// Closed in the period within their deadlines.
    pub on_time: u64,
    /// In hand at its end with a lamp that is no longer green, but not past the deadline.
    pub warned: u64,
    /// Late: closed in the period after their deadline, or in hand at its end past it.
    pub late: u64,
}

impl UnitTotals {
    /// The lamp of the whole unit: red where something in hand is late, yellow where something nearly is.
    pub fn lamp(&self) -> Lamp {
        match (self.late, self.warned) {
            (1.., _) => Lamp::Red,
            (0, 1..) => Lamp::Yellow,
            (0, 0) => Lamp::Green,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_are_compared_however_they_are_typed() {
        for typed in ["SL2026 1109 0037", "sl-2026-1109-0037", " ＳＬ２０２６１１０９００３７　", "SL202611090037"]
        {
            assert_eq!(receipt(typed), "SL202611090037");
        }
        assert_eq!(receipt("示审〔2026〕7号"), "示审20267号");
        assert_eq!(receipt(" -—· "), "");
    }

    #[test]
    fn a_lamp_follows_the_days_left() {
        let lamp = |left| Lamp::with_left(Some(left), 1, -1);
        assert_eq!([lamp(2), lamp(1), lamp(0), lamp(-1)], [Lamp::Green, Lamp::Yellow, Lamp::Yellow, Lamp::Red]);
        assert_eq!(Lamp::with_left(None, 1, -1), Lamp::Green);
        let totals = UnitTotals { warned: 1, ..UnitTotals::default() };
        assert_eq!([totals.lamp(), UnitTotals { late: 1, ..totals }.lamp()], [Lamp::Yellow, Lamp::Red]);
    }
}
