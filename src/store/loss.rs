//! Whether a source is believed that most of what it held is gone.
//!
//! A share that is not mounted is an empty folder, a service that lost its database answers `[]`, a sheet may have its
//! titles only: each says, as well as any source can, that everything was withdrawn. So a look with which more than a set
//! part of a feed's current items would go at once is not taken in at all; what was good last stays, and a person says
//! whether it is so.

use crate::config::Config;

/// Feeds with fewer items are held only where nothing would be left: one of three is more than any part worth setting.
const FEW: usize = 4;

/// What may be gone from a feed at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct MaxLoss {
    /// Of its current items, in percent; 100 believes everything.
    percent: usize,
}

impl MaxLoss {
    /// What the feed's file says, else what the site's says.
    pub fn of(config: &Config, feed: &str) -> Self {
        let own = config.feeds.get(feed).and_then(|feed| feed.max_loss_percent);
        Self { percent: own.unwrap_or(config.site.max_loss_percent) as usize }
    }

    /// What a person let through.
    pub fn any() -> Self {
        Self { percent: 100 }
    }

    /// Whether it is held that `gone` of `current` items are to go.
    pub fn holds(self, gone: usize, current: usize) -> bool {
        if self.percent >= 100 || gone == 0 {
            return false;
        }
        match current {
            // Whoever takes down the only notice of a folder means it.
            0 | 1 => false,
            2..FEW => gone >= current,
            _ => gone * 100 > current * self.percent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Feed;
    use rstest::rstest;

    #[rstest]
    #[case::one_of_one(1, 1, false)]
    #[case::both(2, 2, true)]
    #[case::two_of_three(2, 3, false)]
    #[case::half(2, 4, false)]
    #[case::more_than_half(3, 4, true)]
    #[case::none(0, 1000, false)]
    #[case::some(500, 1000, false)]
    #[case::most(501, 1000, true)]
    fn more_than_half_is_held(#[case] gone: usize, #[case] current: usize, #[case] held: bool) {
        assert_eq!(MaxLoss::of(&Config::default(), "a").holds(gone, current), held);
        assert!(!MaxLoss::any().holds(gone, current));
    }

    #[test]
    fn a_feeds_own_part_comes_before_the_sites() {
        let mut config = Config::default();
        config.site.max_loss_percent = 10;
        config.feeds.insert("a".into(), Feed { max_loss_percent: Some(90), ..Feed::default() });
        assert!(!MaxLoss::of(&config, "a").holds(90, 100) && MaxLoss::of(&config, "a").holds(91, 100));
        assert!(MaxLoss::of(&config, "b").holds(11, 100) && !MaxLoss::of(&config, "b").holds(10, 100));
    }
}
