//! `site.toml`: whose screens these are.

use super::changes::Changes;
use super::fault::{Fault, Severity, choose_from};
use super::places::Section;
use super::section::ConfigSection;
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
    /// IANA time zone.
    pub timezone: String,
    /// Language of what the public sees: a folder under `assets/locales`.
    pub language: String,
    /// The telephone number people can ask or complain at, such as 12345; empty for none.
    pub hotline: String,
    /// Shown on a screen that has nothing else to show.
    pub standing: Standing,
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
pub struct Standing {
    /// Large line.
    pub title: String,
    /// Small line.
    pub line: String,
}

impl Site {
    /// The time zone; UTC+8 where the name is unknown.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.timezone).unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8)))
    }
}

impl ConfigSection for Site {
    fn check(site: &Section<Self>, faults: &mut Vec<Fault>) {
        check_zone(site, faults);
    }

    fn changed(_: &str, before: Option<&Self>, after: Option<&Self>, changes: &mut Changes) {
        changes.edition = true;
        // Dates of sources that name no zone are read by the site's.
        changes.every_feed |= before.map(|s| &s.timezone) != after.map(|s| &s.timezone);
    }
}

fn check_zone(site: &Section<Site>, faults: &mut Vec<Fault>) {
    let zone = &site.value.timezone;
    if TimeZone::get(zone).is_err() {
        let known: Vec<String> = jiff::tz::db().available().map(|n| n.to_string()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let message = format!("there is no time zone `{zone}`");
        let mend = match choose_from(zone, &known) {
            near if near.starts_with("did") => near,
            _ => "write an IANA name such as Asia/Shanghai".into(),
        };
        faults.push(site.fault(Severity::Error, "timezone", message, mend));
    }
}

impl Default for Site {
    fn default() -> Self {
        Self {
            title: "政务公开查询".into(),
            place: String::new(),
            timezone: "Asia/Shanghai".into(),
            language: "zh-CN".into(),
            hotline: "12345".into(),
            standing: Standing::default(),
            picture_space: 512,
            raw_space: 512,
            max_loss_percent: 50,
            fallback_fonts: Vec::new(),
        }
    }
}

impl Default for Standing {
    fn default() -> Self {
        Self { title: "政务公开".into(), line: "内容更新中，请稍候".into() }
    }
}
