//! One visitor's session: when nobody is there any more, nothing of the visit is left.

use std::time::Duration;

/// How long the question 还在使用吗？ waits, seconds.
pub const COUNTDOWN: u32 = 15;

/// What the session's clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// Somebody is there, or there is nothing to wipe.
    Quiet,
    /// The question is up; so many seconds are left, at least 1.
    Asking(u32),
    /// Nobody answered: wipe the visit.
    Over,
}

/// Since when nobody touched the kiosk.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    touched: Duration,
    patience: Duration,
}

impl Session {
    /// A session that asks after so many seconds without use.
    pub fn new(idle_seconds: u32) -> Self {
        Self { touched: Duration::ZERO, patience: Duration::from_secs(u64::from(idle_seconds.max(5))) }
    }

    /// Sets the seconds without use after which it asks.
    pub fn patience(&mut self, idle_seconds: u32) {
        self.patience = Duration::from_secs(u64::from(idle_seconds.max(5)));
    }

    /// Somebody used it.
    pub fn touch(&mut self, at: Duration) {
        self.touched = self.touched.max(at);
    }

    /// What it says at an instant; `clean` is an untouched home.
    pub fn idle(&self, now: Duration, clean: bool) -> Idle {
        let asked = self.touched + self.patience;
        if clean || now < asked {
            return Idle::Quiet;
        }
        let past = (now - asked).as_secs();
        let left = u64::from(COUNTDOWN).saturating_sub(past);
        match u32::try_from(left) {
            Ok(left) if left > 0 => Idle::Asking(left),
            _ => Idle::Over,
        }
    }

    /// When it next says something else; `None` for a clean home.
    pub fn next(&self, now: Duration, clean: bool) -> Option<Duration> {
        let asked = self.touched + self.patience;
        match self.idle(now, clean) {
            Idle::Quiet if clean => None,
            Idle::Quiet => Some(asked),
            Idle::Asking(left) => Some(asked + Duration::from_secs(u64::from(COUNTDOWN - left) + 1)),
            Idle::Over => Some(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn asks_then_wipes_unless_somebody_is_there() {
        let mut session = Session::new(60);
        session.touch(s(100));
        assert_eq!(session.idle(s(159), false), Idle::Quiet);
        assert_eq!(session.next(s(159), false), Some(s(160)));
        assert_eq!(session.idle(s(160), false), Idle::Asking(15));
        assert_eq!(session.next(s(160), false), Some(s(161)));
        assert_eq!(session.idle(s(174), false), Idle::Asking(1));
        assert_eq!(session.idle(s(175), false), Idle::Over);
        assert_eq!((session.idle(s(999), true), session.next(s(999), true)), (Idle::Quiet, None));
        session.touch(s(170));
        assert_eq!(session.idle(s(180), false), Idle::Quiet);
    }
}
