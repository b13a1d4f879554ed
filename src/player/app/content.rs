//! What all windows show of: the config, the snapshot and the pictures of walls' zones. A window that opens later starts
//! from it.

use crate::{
    config::Config, edition::Edition, led, media::PictureRequest, player::pipeline::ScreenPipeline, scene::Picture,
};
use jiff::tz::TimeZone;
use std::{collections::BTreeMap, sync::Arc};

/// What windows show of.
pub(super) struct Content {
    pub config: Arc<Config>,
    /// The site's, in which walls' clocks and days run.
    pub zone: TimeZone,
    pub edition: Arc<Edition>,
    /// As they were last read. Kept for windows that open later and for zones that a new config moves to another screen.
    pictures: BTreeMap<PictureRequest, Arc<Picture>>,
}

impl Content {
    pub fn new(config: Arc<Config>) -> Self {
        let zone = config.site.zone();
        Self { config, zone, edition: Arc::new(Edition::default()), pictures: BTreeMap::new() }
    }

    /// The pipeline of a new window; `None` where the config has no such screen.
    pub fn pipeline(&self, index: usize, name: &str) -> Option<ScreenPipeline> {
        let mut pipeline = ScreenPipeline::new(index, name, &self.config)?;
        pipeline.refresh(&self.edition);
        self.give_pictures(&mut pipeline);
        Some(pipeline)
    }

    /// Gives a pipeline all pictures there are.
    pub fn give_pictures(&self, pipeline: &mut ScreenPipeline) {
        self.pictures.iter().for_each(|(request, picture)| pipeline.picture(request, picture));
    }

    /// Takes a picture in.
    pub fn add_picture(&mut self, request: PictureRequest, picture: Arc<Picture>) {
        self.pictures.insert(request, picture);
    }

    /// Takes a new config, and lets go of the pictures that it no longer asks for.
    pub fn reconfigure(&mut self, config: Arc<Config>) {
        let wanted = led::picture_requests(&config);
        self.pictures.retain(|request, _| wanted.binary_search(request).is_ok());
        self.zone = config.site.zone();
        self.config = config;
    }
}

/// Which screens are shown. An index stays a screen's for ever, since questions carry it: one that is gone keeps its
/// place.
pub(super) struct ScreenNames {
    names: Vec<String>,
    /// Whether all screens of the config are shown, also those that come later.
    pub follows_config: bool,
}

impl ScreenNames {
    /// Those named, or where none is named all of the config.
    pub fn new(named: Vec<String>, config: &Config) -> Self {
        let follows_config = named.is_empty();
        let names = if follows_config { config.screens.keys().cloned().collect() } else { named };
        Self { names, follows_config }
    }

    /// The names by index.
    pub fn all(&self) -> &[String] {
        &self.names
    }

    /// The screen that an index stands for.
    pub fn get(&self, index: usize) -> Option<&String> {
        self.names.get(index)
    }

    /// Adds those of a config that are new.
    pub fn add_new(&mut self, config: &Config) {
        let new: Vec<String> = config.screens.keys().filter(|name| !self.names.contains(name)).cloned().collect();
        self.names.extend(new);
    }
}
