//! Numbers that look like chance and follow from a seed.

/// A generator for one thing; the same seed and numbers give the same sequence for ever.
#[derive(Debug, Clone)]
pub struct Rng(fastrand::Rng);

impl Rng {
    /// A generator for one thing, told apart from others by some numbers.
    pub fn new(seed: u64, apart: [u64; 3]) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        for (number, turn) in apart.into_iter().zip([11, 29, 47]) {
            let mixed = rng.u64(..) ^ number.rotate_left(turn);
            rng.seed(mixed);
        }
        Self(rng)
    }

    /// A number from 0 to `end` - 1; 0 where `end` is 0.
    pub fn next_below(&mut self, end: u32) -> u32 {
        self.0.u32(..end.max(1))
    }

    /// A number from `low` to `high`, both included.
    pub fn next_between(&mut self, low: u32, high: u32) -> u32 {
        self.0.u32(low..=high.max(low))
    }

    /// True in so many of a thousand draws.
    pub fn next_permille(&mut self, of: u32) -> bool {
        self.next_below(1000) < of
    }

    /// One of some things; of none, the default.
    pub fn pick<T: Copy + Default>(&mut self, things: &[T]) -> T {
        self.0.choice(things).copied().unwrap_or_default()
    }
}
