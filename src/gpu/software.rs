//! A screen whose pixels lie in main memory: where the processor does the drawing, and where a canvas is larger than a
//! device's largest picture.
//!
//! The picture lasts: a frame draws only what differs from the one before, brings back only that, and says what it was.
//! Lines that move by whole pixels are copied from where they were drawn once (`belt`). The pixels are the same as those
//! of a frame that is drawn whole; a test compares them.

use super::{FrameStats, Gpu, GpuError, Pixels, Renderer, belt::Belts, readback::Readback, tiles::Tiles};
use crate::{
    scene::{Frame, PixelRegion, common},
    text::Shaper,
};
use std::collections::VecDeque;

/// What is kept from frame to frame.
pub struct SoftwareTarget {
    format: wgpu::TextureFormat,
    /// The canvas on the device.
    tiles: Option<Tiles>,
    readback: Readback,
    belts: Belts,
    /// The frame last drawn; `is_whole` where that went well.
    last: Frame,
    is_whole: bool,
    /// The window lost what it showed.
    is_exposed: bool,
    /// Pixels of the window.
    size: [u32; 2],
    /// Where the canvas on the device is not as the frame last drawn.
    outdated: PixelRegion,
    /// Where the frames before differed from those before them, the latest first.
    history: VecDeque<PixelRegion>,
}

/// What a frame took, and where it changed the window.
#[derive(Debug, Clone, Default)]
pub struct Composed {
    /// What drawing took; nothing where all was copied.
    pub stats: FrameStats,
    /// Where the window now differs from the picture presented last; empty: there is nothing to present.
    pub damage: PixelRegion,
}

impl SoftwareTarget {
    /// Frames back that a window's memory may be from.
    const MAX_BUFFER_AGE_FRAMES: usize = 3;

    /// A window that shows nothing yet.
    pub fn new(gpu: &Gpu) -> Self {
        Self {
            format: gpu.readable_format(),
            tiles: None,
            readback: Readback::default(),
            belts: Belts::default(),
            last: Frame::default(),
            is_whole: false,
            is_exposed: false,
            size: [0; 2],
            outdated: PixelRegion::default(),
            history: VecDeque::new(),
        }
    }

    /// Notes that the window lost what it showed: the next frame's damage is all of it.
    pub fn expose(&mut self) {
        self.is_exposed = true;
    }

    /// Makes the pixels those of a frame: the canvas 1:1 at the upper left corner, black outside.
    ///
    /// # Errors
    /// Where the device is lost; the pixels are then to be given up, and the next frame is drawn whole.
    pub fn draw(
        &mut self,
        gpu: &Gpu,
        renderer: &mut Renderer,
        shaper: &mut Shaper,
        frame: &Frame,
        pixels: &mut Pixels<'_>,
    ) -> Result<Composed, GpuError> {
        if gpu.lost() {
            return Err(GpuError::Lost);
        }
        let canvas = [0, 0, frame.width, frame.height];
        if !self.is_whole || self.size != pixels.size || self.tiles.is_none() || self.last.size() != frame.size() {
            self.begin(gpu, frame, pixels);
        }
        let was_whole = std::mem::replace(&mut self.is_whole, false);
        let mut paint = |part: &Frame| painted(gpu, renderer, shaper, self.format, part);
        let mut changed = PixelRegion::default();
        self.belts.follow(frame, &mut changed, &mut paint)?;
        match was_whole {
            true => frame.damage_but(&self.last, &mut changed, |window| self.belts.running().any(|own| own == window)),
            false => changed = PixelRegion::of(canvas),
        }
        self.outdated.add_all(&changed);
        let all = pixels.all();
        // Beyond a canvas that became smaller there is what it showed before.
        let known = was_whole.then(|| self.stale(&changed, pixels.age)).flatten();
        let mut stale = known.unwrap_or_else(|| PixelRegion::of(all));
        let is_fresh = stale.rects() == [all];
        if is_fresh {
            let mut beyond = PixelRegion::of(all);
            beyond.remove(canvas);
            beyond.rects().iter().for_each(|rect| pixels.fill(*rect, 0));
        }
        stale.keep(common(canvas, all));
        self.belts.copy(frame, &mut stale, pixels);
        let stats = match stale.is_empty() {
            true => FrameStats::default(),
            false => self.bring(gpu, renderer, shaper, frame, &stale, pixels)?,
        };
        let is_all = pixels.age == 0 || !was_whole || std::mem::take(&mut self.is_exposed);
        let mut damage = if is_all { PixelRegion::of(all) } else { changed.clone() };
        damage.keep(all);
        // Without damage nothing is presented, and no memory grows older.
        if !damage.is_empty() {
            self.history.truncate(Self::MAX_BUFFER_AGE_FRAMES - 1);
            self.history.push_front(changed);
        }
        self.last.follow(frame);
        self.is_whole = true;
        if gpu.lost() { Err(GpuError::Lost) } else { Ok(Composed { stats, damage }) }
    }

    /// Begins anew, with nothing to build on.
    fn begin(&mut self, gpu: &Gpu, frame: &Frame, pixels: &Pixels<'_>) {
        if self.tiles.as_ref().is_none_or(|tiles| tiles.size() != frame.size().map(|side| side.max(1))) {
            self.tiles = Some(Tiles::new(gpu, self.format, frame.size()));
        }
        self.belts.clear();
        self.history.clear();
        self.outdated = PixelRegion::of([0, 0, frame.width, frame.height]);
        (self.is_whole, self.size) = (false, pixels.size);
    }

    /// What pixels of an age lack; `None` for all.
    fn stale(&self, changed: &PixelRegion, age: u8) -> Option<PixelRegion> {
        let before = usize::from(age).checked_sub(1).filter(|before| *before <= self.history.len())?;
        let mut stale = changed.clone();
        self.history.iter().take(before).for_each(|region| stale.add_all(region));
        Some(stale)
    }

    /// Draws what of a region is not drawn yet, and brings the region back.
    fn bring(
        &mut self,
        gpu: &Gpu,
        renderer: &mut Renderer,
        shaper: &mut Shaper,
        frame: &Frame,
        region: &PixelRegion,
        pixels: &mut Pixels<'_>,
    ) -> Result<FrameStats, GpuError> {
        let Some(tiles) = &self.tiles else { return Ok(FrameStats::default()) };
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let mut stats = FrameStats::default();
        let missing = region.meet(&self.outdated);
        if !missing.is_empty() {
            let (own, textures) = renderer.format(gpu, self.format);
            stats = own.update(gpu, textures, shaper, frame, (tiles, &missing), &mut encoder);
            self.outdated.remove_all(&missing);
        }
        let format = self.format;
        let mut row =
            |[x, y]: [u32; 2], bytes: &[u8]| bring_row(format, bytes, pixels.row(x, y, bytes.len() as u32 / 4));
        self.readback.read(gpu, encoder, tiles, region.rects(), &mut row)?;
        Ok(stats)
    }
}

/// A frame drawn by itself, as pixels.
fn painted(
    gpu: &Gpu,
    renderer: &mut Renderer,
    shaper: &mut Shaper,
    format: wgpu::TextureFormat,
    frame: &Frame,
) -> Result<Vec<u32>, GpuError> {
    let tiles = Tiles::new(gpu, format, frame.size());
    let all = [0, 0, frame.width, frame.height];
    let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let (own, textures) = renderer.format(gpu, format);
    own.update(gpu, textures, shaper, frame, (&tiles, &PixelRegion::of(all)), &mut encoder);
    let width = frame.width as usize;
    let mut pixels = vec![0; width * frame.height as usize];
    let mut row = |[x, y]: [u32; 2], bytes: &[u8]| {
        bring_row(format, bytes, pixels.get_mut(y as usize * width + x as usize..).unwrap_or_default());
    };
    Readback::default().read(gpu, encoder, &tiles, &[all], &mut row)?;
    Ok(pixels)
}

/// Writes texels of a format as a display takes them.
fn bring_row(format: wgpu::TextureFormat, bytes: &[u8], pixels: &mut [u32]) {
    let pairs = pixels.iter_mut().zip(bytes.as_chunks().0);
    match format {
        wgpu::TextureFormat::Rgba8Unorm => {
            pairs.for_each(|(pixel, [red, green, blue, alpha])| {
                *pixel = u32::from_le_bytes([*blue, *green, *red, *alpha]);
            });
        }
        _ => pairs.for_each(|(pixel, texel)| *pixel = u32::from_le_bytes(*texel)),
    }
}
