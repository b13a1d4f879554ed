//! `kind = "ticker"`: a line that moves for ever.

use super::{
    frame::ZoneFrame,
    list::NoticeFilter,
    report::Report,
    settings::ZoneSettings,
    words::{TextStyle, check_colour},
};
use crate::config::fault::Severity;
use schemars::JsonSchema;
use serde::Deserialize;

/// One endless line that moves to the left.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TickerZone {
    /// How the words look.
    #[serde(flatten)]
    pub style: TextStyle,
    /// Colour of the marks between notices, `#rrggbb`.
    pub accent: String,
    /// Pixels per second, snapped to a whole number of pixels a frame.
    pub speed: f32,
    /// Which notices it says.
    #[serde(flatten)]
    pub notices: NoticeFilter,
    /// With the first lines of each notice after its title.
    pub with_summary: bool,
    /// Words used where there is no notice.
    pub text: String,
}

impl Default for TickerZone {
    fn default() -> Self {
        Self {
            style: TextStyle::default(),
            accent: "#ffd24a".into(),
            speed: 120.0,
            notices: NoticeFilter::default(),
            with_summary: false,
            text: String::new(),
        }
    }
}

impl ZoneSettings for TickerZone {
    fn check(&self, _: &ZoneFrame, report: Report<'_>) {
        self.style.check(report);
        self.notices.check(report);
        check_colour("accent", &self.accent, report);
        if !self.speed.is_finite() || self.speed <= 0.0 {
            let message = format!("a ticker of {} px/s does not move", self.speed);
            report(Severity::Error, "speed", message, "write more than 0, such as 120".into());
        }
    }

    fn catalogue(&self) -> &str {
        &self.notices.catalogue
    }

    fn notices(&self) -> Option<&NoticeFilter> {
        Some(&self.notices)
    }

    fn speed(&self) -> Option<f32> {
        Some(self.speed)
    }
}
