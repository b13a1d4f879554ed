//! `calendar.toml`: public holidays and the workdays that make up for them.

use super::changes::Changes;
use super::fault::{Fault, Severity};
use super::places::Section;
use super::section::ConfigSection;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error};

/// `calendar.toml`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Calendar {
    /// Days off, as the State Council announces them each year.
    pub holiday: Vec<Holiday>,
    /// Saturdays and Sundays that are worked.
    pub workday: Vec<Workday>,
}

/// One holiday.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Holiday {
    /// Its name, such as 国庆节.
    pub name: String,
    /// First day off, such as 2026-10-01.
    #[serde(deserialize_with = "date")]
    #[schemars(with = "String", extend("format" = "date"))]
    pub from: Date,
    /// Last day off.
    #[serde(deserialize_with = "date")]
    #[schemars(with = "String", extend("format" = "date"))]
    pub until: Date,
}

/// One day worked in place of another.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Workday {
    /// The holiday it makes up for.
    pub name: String,
    /// The day.
    #[serde(deserialize_with = "date")]
    #[schemars(with = "String", extend("format" = "date"))]
    pub day: Date,
}

impl Calendar {
    /// The holiday a day belongs to, if any.
    pub fn holiday_on(&self, day: Date) -> Option<&Holiday> {
        self.holiday.iter().find(|h| h.from <= day && day <= h.until)
    }

    /// Whether the offices work on a day.
    pub fn is_workday(&self, day: Date) -> bool {
        if self.workday.iter().any(|w| w.day == day) {
            return true;
        }
        self.holiday_on(day).is_none() && day.weekday().to_monday_one_offset() <= 5
    }
}

/// Dates may be written as TOML dates or in quotes.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Toml(toml::value::Datetime),
    Quoted(String),
}

fn date<'de, D: Deserializer<'de>>(input: D) -> Result<Date, D::Error> {
    let text = match Written::deserialize(input)? {
        Written::Toml(d) => d.to_string(),
        Written::Quoted(s) => s,
    };
    text.parse().map_err(|_| D::Error::custom(format!("`{text}` is not a date such as 2026-10-01")))
}

impl ConfigSection for Calendar {
    fn check(calendar: &Section<Self>, faults: &mut Vec<Fault>) {
        for (i, holiday) in calendar.value.holiday.iter().enumerate() {
            if holiday.until < holiday.from {
                let message = format!("the holiday {} ends before it begins", holiday.name);
                let path = format!("holiday.{i}.until");
                faults.push(calendar.fault(Severity::Error, &path, message, "write the last day off in until"));
            }
        }
    }

    /// Deadlines and periods are counted by it.
    fn changed(_: &str, _: Option<&Self>, _: Option<&Self>, changes: &mut Changes) {
        changes.every_feed = true;
        changes.derived = true;
        changes.edition = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn holidays_and_make_up_days() {
        let text = "[[holiday]]\nname = \"国庆节\"\nfrom = 2026-10-01\nuntil = \"2026-10-07\"\n[[workday]]\nday = 2026-10-10\n";
        let c: Calendar = toml::from_str(text).unwrap();
        assert!(!c.is_workday(date(2026, 10, 5)));
        assert!(c.is_workday(date(2026, 10, 8)));
        assert!(c.is_workday(date(2026, 10, 10)));
        assert!(!c.is_workday(date(2026, 10, 11)));
        assert!(toml::from_str::<Calendar>("[[workday]]\nday = \"soon\"\n").is_err());
    }
}
