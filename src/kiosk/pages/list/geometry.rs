//! Where the rows of a long list stand: rows and the titles of months, each of one height, so that a place among any number
//! of rows is a multiplication away.

/// Rows of one section.
pub const ROWS: u64 = 6;

/// The measures of a list, pixels.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Geometry {
    /// Height of what stands above all rows.
    pub above: f64,
    /// Height of a row.
    pub row: f64,
    /// Height of a month's title.
    pub title: f64,
    /// Rows there are.
    pub total: u64,
    /// The rows that a month's title stands above, by their places, ascending.
    pub titled: Vec<u64>,
}

impl Geometry {
    /// The heights of the sections.
    pub fn heights(&self) -> Vec<f32> {
        let mut titled = self.titled.iter().peekable();
        let height = |section: u64| {
            let (from, to) = (section * ROWS, ((section + 1) * ROWS).min(self.total));
            let mut height = (to - from) as f64 * self.row;
            while titled.next_if(|place| **place < to).is_some() {
                height += self.title;
            }
            let above = if section == 0 { self.above } else { 0.0 };
            (above + height) as f32
        };
        (0..self.total.div_ceil(ROWS)).map(height).collect()
    }

    /// Upper edge of a row in the content.
    pub fn row_top(&self, place: u64) -> f64 {
        let titles = self.titled.partition_point(|titled| *titled <= place);
        self.above + place as f64 * self.row + titles as f64 * self.title
    }

    /// Where what belongs to a row begins, its month's title included: a section, and how far below the top of it.
    pub fn start(&self, place: u64) -> (usize, f64) {
        let first = place - place % ROWS;
        let titles = self.titled.iter().filter(|titled| (first..place).contains(titled)).count();
        let above = if first == 0 { self.above } else { 0.0 };
        let below = above + (place - first) as f64 * self.row + titles as f64 * self.title;
        (usize::try_from(first / ROWS).unwrap_or(usize::MAX), if place == 0 { 0.0 } else { below })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_a_row_has_above_it_is_the_sum_of_all_that_stands_there(
            total in 1u64..400, titled in proptest::collection::btree_set(0u64..400, 0..20), place in 0u64..400,
        ) {
            let titled: Vec<u64> = titled.into_iter().filter(|place| *place < total).collect();
            let place = place % total;
            let geometry = Geometry { above: 94.0, row: 168.0, title: 76.0, total, titled: titled.clone() };
            let heights = geometry.heights();
            let (section, below) = geometry.start(place);
            let top: f64 = heights.iter().take(section).map(|height| f64::from(*height)).sum();
            let own = if titled.contains(&place) { 76.0 } else { 0.0 };
            let start = if place == 0 { 0.0 } else { geometry.row_top(place) - own };
            prop_assert_eq!(top + below, start);
            let end = geometry.row_top(total - 1) + 168.0;
            prop_assert_eq!(heights.iter().map(|height| f64::from(*height)).sum::<f64>(), end);
        }
    }
}
