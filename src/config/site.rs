//! `site.toml`: whose screens these are.

use super::changes::Changes;
use super::fault::{Fault, Severity, nearest};
use super::places::Section;
use super::section::ConfigSection;
use super::zone_names::{DEFAULT_ZONE, meant, time_zone, zone_named};
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;

/// `site.toml`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Site {
    /// Name shown at the top of kiosks, such as 政务公开查询.
    pub title: String,
    /// The place this installation stands for, such as 示例县.
    pub place: String,
    /// IANA time zone of clocks, days and deadlines, and of times in sources that name none. Alerts that name none are
    /// Beijing's, as their standard says.
    pub timezone: String,
    /// Language of what the public sees: a folder under `assets/locales`.
    pub language: String,
    /// The telephone number people can ask or complain at, such as 12345; empty for none.
    pub hotline: String,
    /// Shown on a screen that has nothing else to show.
    pub standing: StandingCard,
    /// Megabytes that documents' pictures may take on disk; 0 keeps none, so that they show only while their source
    /// can be reached.
    pub picture_space: u32,
    /// Megabytes that the documents notices were read from may take on disk, packed, as proof of what a source said; 0
    /// keeps none. Where from and when, and the digest, are kept in any case.
    pub raw_space: u32,
    /// Percent of a feed's current notices or rows that may be gone at once. Where more are, the look is held for a
    /// person, and what was good last stays: `gongshi harvest --accept FEED` lets it through. 100 holds nothing.
    pub max_loss_percent: u32,
    /// Extra font files tried after the built-in ones, by path.
    pub fallback_fonts: Vec<String>,
}

/// The card a screen shows when it has nothing else.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StandingCard {
    /// Large line.
    pub title: String,
    /// Small line.
    pub line: String,
}

impl Site {
    /// The time zone; China's where the name is unknown, which `check` refuses.
    pub fn zone(&self) -> TimeZone {
        time_zone(&self.timezone)
    }
}

impl ConfigSection for Site {
    fn check(site: &Section<Self>, faults: &mut Vec<Fault>) {
        check_zone(site, faults);
    }

    fn changed(_: &str, before: Option<&Self>, after: Option<&Self>, changes: &mut Changes) {
        changes.edition = true;
        // Days are counted in it.
        changes.derived |= before.map(|site| &site.timezone) != after.map(|site| &site.timezone);
    }
}

fn check_zone(site: &Section<Site>, faults: &mut Vec<Fault>) {
    let zone = &site.value.timezone;
    if zone_named(zone).is_none() {
        let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
        let near = || nearest(zone, known.iter().map(String::as_str)).map(str::to_owned);
        let mend = match meant(zone).or_else(near) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("write an IANA name such as {DEFAULT_ZONE}"),
        };
        faults.push(site.fault(Severity::Error, "timezone", format!("there is no time zone `{zone}`"), mend));
    }
}

impl Default for Site {
    fn default() -> Self {
        Self {
            title: "政务公开查询".into(),
            place: String::new(),
            timezone: DEFAULT_ZONE.into(),
            language: "zh-CN".into(),
            hotline: "12345".into(),
            standing: StandingCard::default(),
            picture_space: 512,
            raw_space: 512,
            max_loss_percent: 50,
            fallback_fonts: Vec::new(),
        }
    }
}

impl Default for StandingCard {
    fn default() -> Self {
        Self { title: "政务公开".into(), line: "内容更新中，请稍候".into() }
    }
}
