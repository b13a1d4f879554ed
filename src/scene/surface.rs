//! Pictures that change by themselves: a video's, a preview's. They go past scenes and layouts.

use super::picture::Picture;
use arc_swap::ArcSwapOption;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// A named place for the latest picture of something that moves by itself. Whoever makes pictures puts them in from any
/// thread; one that comes before the last was drawn takes its place. Nobody waits for anybody.
pub struct SurfaceSlot {
    name: String,
    latest: ArcSwapOption<Picture>,
    version: AtomicU64,
    /// Called after each picture; must not block.
    wake: Box<dyn Fn() + Send + Sync>,
}

impl SurfaceSlot {
    /// An empty slot. `wake` tells whoever draws it that there is a new picture, and must not block.
    pub fn new(name: &str, wake: impl Fn() + Send + Sync + 'static) -> Arc<Self> {
        let (latest, version) = (ArcSwapOption::empty(), AtomicU64::new(0));
        Arc::new(Self { name: name.to_owned(), latest, version, wake: Box::new(wake) })
    }

    /// What it is called, in logs and dumps.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Puts a picture in place of the one before. Its alpha counts for nothing.
    pub fn put(&self, picture: Arc<Picture>) {
        self.latest.store(Some(picture));
        // After the picture: whoever sees the number finds that picture or a later one.
        self.version.fetch_add(1, Ordering::Release);
        (self.wake)();
    }

    /// The latest picture; `None` before the first.
    pub fn latest(&self) -> Option<Arc<Picture>> {
        self.latest.load_full()
    }

    /// Pictures put in so far.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }
}

impl fmt::Debug for SurfaceSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SurfaceSlot").field("name", &self.name).field("version", &self.version()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_latest_only_and_wakes_for_each() {
        let woken = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&woken);
        let slot = SurfaceSlot::new("讲座", move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!((slot.latest(), slot.version()), (None, 0));
        let kept: Vec<_> = (0..50u8)
            .map(|shade| {
                let picture = Arc::new(Picture { width: 1, height: 1, rgba: vec![shade; 4] });
                slot.put(Arc::clone(&picture));
                Arc::downgrade(&picture)
            })
            .collect();
        assert_eq!(slot.latest().map(|picture| picture.rgba[0]), Some(49));
        assert_eq!((slot.version(), woken.load(Ordering::Relaxed)), (50, 50));
        assert_eq!(kept.iter().filter(|picture| picture.strong_count() > 0).count(), 1, "the others are gone");
    }
}
