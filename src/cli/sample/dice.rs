//! Numbers that look like chance and follow from a seed.

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice for one thing, told apart from others by some numbers; the same numbers throw the same.
    pub fn new(seed: u64, apart: [u64; 3]) -> Self {
        let mut dice = Self(seed);
        for (number, turn) in apart.into_iter().zip([11, 29, 47]) {
            dice.0 = dice.next() ^ number.rotate_left(turn);
        }
        dice
    }

    /// Any number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `end` - 1.
    pub fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.next() % u64::from(end.max(1))).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in so many of a thousand throws.
    pub fn permille(&mut self, of: u32) -> bool {
        self.below(1000) < of
    }

    /// One of some things; of none, the default.
    pub fn pick<T: Copy + Default>(&mut self, things: &[T]) -> T {
        let i = self.below(u32::try_from(things.len()).unwrap_or(1)) as usize;
        things.get(i).copied().unwrap_or_default()
    }
}
