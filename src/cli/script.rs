//! What `render` does to a kiosk: taps, drags and typing at given milliseconds.

use crate::stage::Input;
use std::{str::FromStr, time::Duration};

/// How long a scripted tap holds.
const TAP_HOLD: Duration = Duration::from_millis(80);
/// Distance between two points of a scripted drag.
const DRAG_SAMPLE_PERIOD: Duration = Duration::from_millis(8);

/// `X,Y@MS`: a tap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tap {
    at: Duration,
    to: [f32; 2],
}

/// `X1,Y1,X2,Y2@MS+MS`: a drag that starts at the first time and takes the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drag {
    at: Duration,
    length: Duration,
    from: [f32; 2],
    to: [f32; 2],
}

/// `TEXT@MS`: characters typed, all at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typing {
    at: Duration,
    text: String,
}

fn numbers<const N: usize>(text: &str) -> Option<[f32; N]> {
    let all: Vec<f32> = text.split(',').map(|n| n.trim().parse().ok()).collect::<Option<_>>()?;
    all.try_into().ok()
}

fn millis(text: &str) -> Option<Duration> {
    text.parse().ok().map(Duration::from_millis)
}

impl FromStr for Tap {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (place, at) = text.split_once('@')?;
            Some(Self { at: millis(at)?, to: numbers(place)? })
        };
        read().ok_or_else(|| "write it X,Y@MS, like 540,960@500".into())
    }
}

impl FromStr for Drag {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (place, time) = text.split_once('@')?;
            let (at, length) = time.split_once('+')?;
            let [x1, y1, x2, y2] = numbers(place)?;
            Some(Self { at: millis(at)?, length: millis(length)?, from: [x1, y1], to: [x2, y2] })
        };
        read().ok_or_else(|| "write it X1,Y1,X2,Y2@MS+MS, like 540,1500,540,500@500+200".into())
    }
}

impl FromStr for Typing {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (words, at) = text.rsplit_once('@')?;
            Some(Self { at: millis(at)?, text: words.to_owned() })
        };
        read().ok_or_else(|| "write it TEXT@MS, like cwgk@500".into())
    }
}

/// Inputs in the order of their times.
pub fn script(taps: &[Tap], drags: &[Drag], typing: &[Typing]) -> Vec<(Duration, Input)> {
    let mut inputs = Vec::new();
    for tap in taps {
        let [x, y] = tap.to;
        inputs.push((tap.at, Input::Down { finger: 0, x, y }));
        inputs.push((tap.at + TAP_HOLD, Input::Up { finger: 0, x, y }));
    }
    for drag in drags {
        let between =
            |t: f32| (drag.from[0] + (drag.to[0] - drag.from[0]) * t, drag.from[1] + (drag.to[1] - drag.from[1]) * t);
        let (x, y) = between(0.0);
        inputs.push((drag.at, Input::Down { finger: 0, x, y }));
        let mut past = DRAG_SAMPLE_PERIOD;
        while past < drag.length {
            let (x, y) = between(past.as_secs_f32() / drag.length.as_secs_f32());
            inputs.push((drag.at + past, Input::Move { finger: 0, x, y }));
            past += DRAG_SAMPLE_PERIOD;
        }
        let (x, y) = between(1.0);
        inputs.push((drag.at + drag.length, Input::Move { finger: 0, x, y }));
        inputs.push((drag.at + drag.length, Input::Up { finger: 0, x, y }));
    }
    for typed in typing {
        inputs.extend(typed.text.chars().map(|c| (typed.at, Input::Key(c))));
    }
    inputs.sort_by_key(|(at, _)| *at);
    inputs
}

#[cfg(test)]
mod tests {
    use super::{Drag, Tap, Typing, script};
    use crate::stage::Input;
    use std::time::Duration;

    #[test]
    fn reads_what_the_manual_says_and_nothing_else() {
        assert!("540,960@500".parse::<Tap>().is_ok() && "540@500".parse::<Tap>().is_err());
        assert!("1,2,3,4@5+6".parse::<Drag>().is_ok() && "1,2,3,4@5".parse::<Drag>().is_err());
        assert!("a@b@7".parse::<Typing>().is_ok_and(|t| t.text == "a@b"));
    }

    #[test]
    fn inputs_come_in_order_and_a_drag_ends_where_it_should() {
        let inputs = script(&["1,1@300".parse().unwrap()], &["0,0,10,20@0+100".parse().unwrap()], &[]);
        assert!(inputs.windows(2).all(|w| w[0].0 <= w[1].0));
        let up = inputs.iter().find(|(_, i)| matches!(i, Input::Up { .. })).unwrap();
        assert_eq!(*up, (Duration::from_millis(100), Input::Up { finger: 0, x: 10.0, y: 20.0 }));
    }
}
