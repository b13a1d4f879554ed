//! A screen without a window: the same stage, scene, frame and renderer, onto a texture, by a clock moved by hand.

use super::{
    ScreenPipeline,
    message::picture,
    pictures::{self, ImageSet},
};
use crate::{
    config::Config,
    edition::{Answer, Edition, Question, Response},
    feeds::{self, Client},
    gpu::{BackendPreference, Gpu, GpuError, Offscreen, Renderer},
    led,
    scene::{Frame, Picture, Rect},
    stage::{Input, Moment},
    store::Store,
    text::{FontError, Shaper},
    time::{Clock, EventTime, FrameTime, FrozenClock, WallTime},
};
use image::RgbaImage;
use jiff::{Timestamp, tz::TimeZone};
use std::{collections::HashMap, sync::Arc, time::Duration};
use thiserror::Error;

/// Why a screen could not be drawn offscreen.
#[derive(Debug, Error)]
pub enum OffstageError {
    /// The config has no such screen.
    #[error("no screen is called {name}; the config has {known}")]
    NoScreen {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// The fonts are not there.
    #[error(transparent)]
    Font(#[from] FontError),
    /// The GPU failed.
    #[error(transparent)]
    Gpu(#[from] GpuError),
}

/// One screen without a window.
pub struct Offstage {
    gpu: Gpu,
    renderer: Renderer,
    target: Offscreen,
    /// For frames that are measured against.
    empty: Option<Offscreen>,
    shaper: Shaper,
    pipeline: ScreenPipeline,
    store: Option<Store>,
    config: Arc<Config>,
    clock: FrozenClock,
    zone: TimeZone,
    period: Duration,
    /// Refresh rate of the screen, hertz.
    refresh: u32,
    frame: Frame,
}

impl Offstage {
    /// Sets up the screen `name` at wall time `start`, at `fps` frames a second. What moves does so at the screen's own
    /// speed whatever `fps` is: frames are counted by its refresh rate.
    ///
    /// # Errors
    /// Where the screen, the fonts or a GPU adapter are missing.
    pub fn new(
        config: &Arc<Config>,
        name: &str,
        shaper: Shaper,
        start: Timestamp,
        fps: u32,
    ) -> Result<Self, OffstageError> {
        let known = || config.screens.keys().cloned().collect::<Vec<_>>().join(", ");
        let missing = || OffstageError::NoScreen { name: name.to_owned(), known: known() };
        let screen = config.screens.get(name).ok_or_else(missing)?;
        let gpu = Gpu::new(&BackendPreference::from_env(), None)?;
        let target = Offscreen::new(&gpu, screen.width, screen.height);
        let renderer = Renderer::new(&gpu);
        let mut pipeline = ScreenPipeline::new(0, name, config).ok_or_else(missing)?;
        load_pictures(&mut pipeline, config);
        Ok(Self {
            gpu,
            renderer,
            target,
            empty: None,
            shaper,
            pipeline,
            store: None,
            config: Arc::clone(config),
            clock: FrozenClock { start, elapsed: Duration::ZERO },
            zone: config.site.zone(),
            period: Duration::from_secs_f64(1.0 / f64::from(fps.max(1))),
            refresh: screen.refresh.max(1),
            frame: Frame::default(),
        })
    }

    /// Shows what a store holds, and lets it answer questions.
    pub fn open(&mut self, store: Store, edition: &Arc<Edition>) {
        self.store = Some(store);
        self.pipeline.refresh(edition);
    }

    /// The moment of the next frame.
    pub fn moment(&self) -> Moment {
        Moment {
            frame: FrameTime { frame: self.number(), at: self.clock.elapsed },
            wall: WallTime::at(self.clock.wall(), &self.zone),
        }
    }

    /// How many frames an output of the screen's refresh rate would have presented by now.
    fn number(&self) -> u64 {
        (self.clock.elapsed.as_secs_f64() * f64::from(self.refresh)).round() as u64
    }

    /// Applies an input at the moment of the next frame.
    pub fn input(&mut self, input: Input) {
        self.pipeline.update(input, EventTime(self.clock.elapsed));
    }

    /// What can be touched now, canvas pixels.
    pub fn touchable(&self) -> Vec<Rect> {
        self.pipeline.touchable(&self.moment())
    }

    /// Whether the next frame would differ from the last one.
    pub fn changed(&self) -> bool {
        self.pipeline.changed(&self.moment())
    }

    /// Builds the next frame without drawing it, and moves the clock on.
    pub fn advance(&mut self) -> &Frame {
        while let Some(question) = self.pipeline.question() {
            let Question { screen, generation, query } = question;
            let today = self.moment().wall.day();
            let answered = self.store.as_ref().map(|store| store.answer(&query, &self.config, today));
            let response = match answered {
                None => Response::Nothing,
                Some(Ok(Response::Document(mut document))) => {
                    let pictures = self.pictures(&ImageSet::of_document(&document));
                    Arc::make_mut(&mut document).pictures = pictures;
                    Response::Document(document)
                }
                Some(Ok(Response::Row(mut file))) => {
                    let pictures = self.pictures(&ImageSet::of_row(&file));
                    let shown = Arc::make_mut(&mut file);
                    (shown.pictures, shown.is_settled) = (pictures, true);
                    Response::Row(file)
                }
                Some(Ok(response)) => response,
                Some(Err(error)) => {
                    tracing::error!("{error}");
                    Response::Failed
                }
            };
            self.pipeline.answer(Answer { screen, generation, response });
        }
        let moment = self.moment();
        self.pipeline.frame(&moment, &mut self.shaper, &mut self.frame);
        self.clock.elapsed += self.period;
        &self.frame
    }

    /// The pictures of a set that the store holds or that lie in files; to ask the network is for the running program.
    fn pictures(&self, set: &ImageSet) -> HashMap<String, Arc<Picture>> {
        if set.is_empty() {
            return HashMap::new();
        }
        let kept = |address: &str| {
            let picture = self.store.as_ref()?.picture(set.of(), address).unwrap_or_else(|error| {
                tracing::error!("{error}");
                None
            });
            picture.map(|picture| picture.bytes)
        };
        let gathered = feeds::wait(async {
            let client = Client::new();
            Ok(pictures::at_hand(&client, &self.config, set, kept).await)
        });
        gathered.unwrap_or_else(|error| {
            tracing::warn!("{error}");
            HashMap::new()
        })
    }

    /// The frame last built.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Draws the frame last built.
    ///
    /// # Errors
    /// Where the GPU fails.
    pub fn draw(&mut self) -> Result<(), OffstageError> {
        self.renderer.render(&self.gpu, &mut self.shaper, &self.frame, &mut self.target)?;
        Ok(())
    }

    /// Draws a frame of the same size with nothing on it, elsewhere: what any frame costs on this machine just now.
    ///
    /// # Errors
    /// Where the GPU fails.
    pub fn draw_empty(&mut self) -> Result<(), OffstageError> {
        let [width, height] = self.target.size();
        let target = self.empty.get_or_insert_with(|| Offscreen::new(&self.gpu, width, height));
        let frame = Frame { width, height, ..Frame::default() };
        self.renderer.render(&self.gpu, &mut self.shaper, &frame, target)?;
        Ok(())
    }

    /// Waits until the GPU has drawn all it was given.
    pub fn settle(&self) {
        self.gpu.wait();
    }

    /// What was drawn last.
    ///
    /// # Errors
    /// Where the GPU fails.
    pub fn picture(&self) -> Result<RgbaImage, OffstageError> {
        Ok(self.target.read(&self.gpu)?)
    }

    /// Moves the clock on without drawing: the picture stands for as many frames.
    pub fn skip(&mut self, by: Duration) {
        self.clock.elapsed += by;
    }

    /// The screen's way from edition to frame.
    pub fn pipeline(&self) -> &ScreenPipeline {
        &self.pipeline
    }

    /// Canvas pixels across and down.
    pub fn size(&self) -> [u32; 2] {
        self.target.size()
    }

    /// The GPU in use.
    pub fn adapter(&self) -> String {
        self.gpu.adapter()
    }
}

/// Reads the pictures of walls' zones; one that cannot be read is named in the log.
fn load_pictures(pipeline: &mut ScreenPipeline, config: &Config) {
    for request in led::picture_requests(config) {
        match request.load() {
            Ok(image) => pipeline.picture(&request, &Arc::new(picture(image))),
            Err(error) => tracing::warn!("{error}"),
        }
    }
}
