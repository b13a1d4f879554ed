//! The newest of many, in the order they came in, without ever holding many more.

use jiff::Timestamp;
use std::collections::HashSet;

/// Keeps the newest of what it is given.
#[derive(Debug)]
pub struct Newest<T> {
    most: usize,
    kept: Vec<(Option<Timestamp>, T)>,
}

impl<T> Newest<T> {
    /// Keeps so many at most; all of them for `None`.
    pub fn new(most: Option<usize>) -> Self {
        Self { most: most.unwrap_or(usize::MAX), kept: Vec::new() }
    }

    /// One more, with its date.
    pub fn push(&mut self, at: Option<Timestamp>, item: T) {
        self.kept.push((at, item));
        // Seldom, so that the work for each stays the same however many come.
        if self.kept.len() >= self.most.saturating_mul(2).max(self.most.saturating_add(64)) {
            self.thin();
        }
    }

    /// The newest, as they came; of equal dates those that came first.
    pub fn done(mut self) -> Vec<T> {
        self.thin();
        self.kept.into_iter().map(|(_, item)| item).collect()
    }

    fn thin(&mut self) {
        if self.kept.len() <= self.most {
            return;
        }
        let mut order: Vec<usize> = (0..self.kept.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(self.kept.get(*i).and_then(|(at, _)| *at)));
        let keep: HashSet<usize> = order.into_iter().take(self.most).collect();
        let mut place = 0..;
        self.kept.retain(|_| place.next().is_some_and(|i| keep.contains(&i)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keeps_what_a_sort_of_all_would(days in prop::collection::vec(0i64..50, 0..400), most in 1usize..60) {
            let at = |d: i64| (d > 3).then(|| Timestamp::from_second(d * 86_400).unwrap());
            let mut newest = Newest::new(Some(most));
            for (i, day) in days.iter().enumerate() {
                newest.push(at(*day), i);
                prop_assert!(newest.kept.len() <= most * 2 + 64);
            }
            let mut wanted: Vec<usize> = (0..days.len()).collect();
            wanted.sort_by_key(|i| std::cmp::Reverse(at(days[*i])));
            wanted.truncate(most);
            wanted.sort_unstable();
            prop_assert_eq!(newest.done(), wanted);
        }
    }
}
