//! A warning: an urgent message with level, area and validity. It travels with the notice that words it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The four colours of Chinese warnings, least urgent first (GB/T 35965; CAP's minor, moderate, severe, extreme).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningLevel {
    /// 蓝色, level IV.
    Blue,
    /// 黄色, level III.
    Yellow,
    /// 橙色, level II.
    Orange,
    /// 红色, level I.
    Red,
}

/// What an alert does with those before it (CAP `msgType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningStage {
    /// A new one.
    #[default]
    Alert,
    /// Replaces those it refers to.
    Update,
    /// Ends those it refers to.
    Cancel,
}

/// What a notice says as a warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The alert's identifier.
    pub identifier: String,
    /// What it does with those before it.
    pub stage: WarningStage,
    /// Whether it is meant for the public; exercises, tests and drafts are not (CAP `status` other than `Actual`).
    pub actual: bool,
    /// Its level; `None` where the source names none.
    pub level: Option<WarningLevel>,
    /// What happens, such as 暴雨.
    pub event: String,
    /// The areas it is for, as their descriptions say.
    pub areas: Vec<String>,
    /// The areas' codes, as the source gives them, such as `990001` or `SAME=006001`.
    pub codes: Vec<String>,
    /// From when on it holds.
    pub onset: Option<Timestamp>,
    /// When it ends.
    pub expires: Option<Timestamp>,
    /// What people are to do.
    pub instruction: String,
    /// Identifiers of the alerts it replaces or ends.
    pub references: Vec<String>,
}

impl Warning {
    /// Whether it is for the public and holds at an instant.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.actual
            && self.stage != WarningStage::Cancel
            && self.onset.is_none_or(|t| t <= now)
            && self.expires.is_none_or(|t| now < t)
    }
}
