//! What a kiosk is set up with: all that only a new config, or 大字版, changes.

use crate::{
    config::{Config, Screen},
    edition::Edition,
    kiosk::{Page, PageContext, Status},
    text::Words,
    time::WallTime,
    ui::{Metrics, icons::Icons},
};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A kiosk's set-up.
pub(super) struct Setup {
    name: String,
    pub config: Arc<Config>,
    pub screen: Screen,
    pub zone: TimeZone,
    pub words: Words,
    pub icons: Icons,
    pub look: Metrics,
}

impl Setup {
    /// The set-up of the kiosk `name`; a screen the config does not have gets defaults.
    pub fn new(name: &str, config: Arc<Config>) -> Self {
        let screen = config.screens.get(name).cloned().unwrap_or_default();
        Self {
            name: name.to_owned(),
            zone: config.site.zone(),
            words: Words::load(&config.site.language),
            icons: Icons::default(),
            look: Metrics::new(&config.theme, screen.width, screen.height, false),
            config,
            screen,
        }
    }

    /// Takes a new config into account.
    pub fn reconfigure(&mut self, config: &Arc<Config>, large: bool) {
        self.screen = config.screens.get(&self.name).cloned().unwrap_or_default();
        self.zone = config.site.zone();
        self.words = Words::load(&config.site.language);
        self.config = Arc::clone(config);
        self.resize(large);
    }

    /// Turns 大字版 on or off.
    pub fn resize(&mut self, large: bool) {
        self.look = Metrics::new(&self.config.theme, self.screen.width, self.screen.height, large);
    }

    /// All that a page is made from. `waits`: how far what it asked for is, and whether that is late; `behind`: where
    /// 返回 leads.
    pub fn context<'a>(
        &'a self,
        edition: &'a Edition,
        wall: &'a WallTime,
        low: bool,
        (status, late): (Status, bool),
        behind: Vec<&'a Page>,
    ) -> PageContext<'a> {
        PageContext {
            config: &self.config,
            screen: &self.screen,
            edition,
            look: &self.look,
            words: &self.words,
            icons: &self.icons,
            wall,
            low,
            status,
            late,
            behind,
        }
    }
}
