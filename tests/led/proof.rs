//! What of a wall can be proven: which notices are seen when, in which version, and how that follows an edition.

use super::{after, below, moment, newest, notice, screen, shaper, sized, ticker, zone};
use gongshi::{
    config::{
        Config, Screen, Zone,
        zones::{BoardZone, ListStyle, TickerZone},
    },
    edition::Edition,
    model::{DisplayEntry, NoticeHead, NoticeVersion},
    player::{ClockReading, Outbound, ScreenPipeline, ScreenProof},
    scene::{Frame, Primitive},
    text::Shaper,
};
use std::{cell::RefCell, collections::BTreeMap, sync::Arc, time::Duration};

/// A wall that presents 60 frames a second where they change, with what its proof reported.
struct Hall {
    show: ScreenPipeline,
    proof: ScreenProof,
    frame: Frame,
    shaper: Shaper,
    size: [u32; 2],
    next: u64,
    reported: RefCell<BTreeMap<u64, DisplayEntry>>,
}

impl Hall {
    fn new(zones: Vec<Zone>, size: [u32; 2], edition: &Arc<Edition>) -> Self {
        Self::of(&screen(zones, size[0], size[1]), size, edition)
    }

    fn of(config: &Arc<Config>, size: [u32; 2], edition: &Arc<Edition>) -> Self {
        let mut show = ScreenPipeline::new(0, "led", config).unwrap();
        show.refresh(edition);
        let (frame, reported) = (Frame::default(), RefCell::default());
        Self { show, proof: ScreenProof::new("led"), frame, shaper: shaper(), size, next: 0, reported }
    }

    fn present(&mut self) {
        let now = moment(self.next);
        self.next += 1;
        let is_due = self.proof.present_again_at().is_some_and(|at| at <= now.frame.at);
        // A frame starts as much as this before it is due.
        let mut ahead = now.clone();
        ahead.frame.at += Duration::from_millis(2);
        if is_due || self.show.changed(&ahead) {
            self.show.expose();
            self.show.frame(&now, &mut self.shaper, &mut self.frame);
            let since_boot = now.frame.at + Duration::from_secs(100);
            let clock = ClockReading { since_boot, wall: now.wall.0.timestamp() };
            self.proof.presented(&self.show, &self.frame, now.frame, self.size, clock);
            let reported = &self.reported;
            self.proof.report(since_boot, &|report| take(reported, report));
        }
    }

    fn run(&mut self, seconds: f64) {
        for _ in 0..(seconds * 60.0).round() as u64 {
            self.present();
        }
    }

    fn end(&mut self) {
        let reported = &self.reported;
        self.proof.end(Duration::from_secs(100_000), &|report| take(reported, report));
    }

    /// What was reported: notice, version, milliseconds seen, appearances.
    fn reported(&self) -> Vec<(i64, u32, u64, u32)> {
        let line = |e: &DisplayEntry| (e.notice.id.0, e.notice.version, e.shown.as_millis() as u64, e.appearances);
        let mut all: Vec<_> = self.reported.borrow().values().map(line).collect();
        all.sort_unstable();
        all
    }

    fn visible(&self) -> Vec<(i64, u32)> {
        let mut seen: Vec<NoticeVersion> = Vec::new();
        self.frame.visible_notices(self.size, &mut seen);
        seen.into_iter().map(|notice| (notice.id.0, notice.version)).collect()
    }

    /// The words on the canvas, with their left edges.
    fn words(&self) -> Vec<(String, i64)> {
        words(&self.frame, 0, i64::from(self.size[0]))
    }
}

fn take(reported: &RefCell<BTreeMap<u64, DisplayEntry>>, message: Outbound) -> bool {
    let Outbound::Displays(report) = message else { return false };
    reported.borrow_mut().extend(report.entries.into_iter().map(|entry| (entry.number, entry)));
    true
}

fn words(frame: &Frame, left: i64, width: i64) -> Vec<(String, i64)> {
    let all = frame.draws.iter().flat_map(|draw| {
        draw.layer.primitives.iter().filter_map(move |primitive| match primitive {
            Primitive::Words { text, x, .. } => {
                let said: String = text.buffer.lines.iter().map(|line| line.text()).collect();
                let at = i64::from(draw.x) + *x as i64;
                (at < width && at + text.width as i64 > 0).then_some((said, left + at))
            }
            _ => None,
        })
    });
    all.collect()
}

fn board() -> BoardZone {
    BoardZone { style: sized(40.0), list: ListStyle { rows: 1, ..ListStyle::default() }, ..BoardZone::default() }
}

fn line() -> TickerZone {
    TickerZone { style: sized(40.0), speed: 60.0, ..ticker() }
}

fn edition(heads: Vec<Arc<NoticeHead>>) -> Arc<Edition> {
    Arc::new(Edition::new(1, heads, Vec::new()))
}

fn version(version: u32, head: Arc<NoticeHead>) -> Arc<NoticeHead> {
    Arc::new(NoticeHead { version, ..Arc::unwrap_or_clone(head) })
}

const TITLES: [&str; 3] = ["示例镇道路养护采购公告", "乡村道路改建工程中标候选人", "拟任干部任前公示"];

fn three() -> Vec<Arc<NoticeHead>> {
    TITLES.iter().zip(1..).map(|(title, id)| notice(id, title, "gov", None)).collect()
}

#[test]
fn a_player_that_ran_five_seconds_proves_what_it_presented_and_not_the_rest_of_the_programme() {
    let zones = vec![zone(board(), 600, 100), below(100, zone(line(), 400, 100))];
    let mut hall = Hall::new(vec![zones[0].clone()], [600, 200], &edition(three()));
    hall.run(5.0);
    hall.end();
    assert_eq!(hall.reported(), [(1, 1, 0, 1)], "drawn once, and no frame followed");
    // With a line that moves, of which the third item is still outside.
    let mut hall = Hall::new(zones, [600, 200], &edition(three()));
    hall.run(5.0);
    hall.end();
    let reported = hall.reported();
    assert_eq!(reported.iter().map(|t| t.0).collect::<Vec<_>>(), [1, 2], "{reported:?}");
    assert!((4980..5000).contains(&reported[0].2), "{reported:?}");
    assert!(reported[1].2 < 4500, "the second came in later: {reported:?}");
}

#[test]
fn a_page_is_proven_for_as_long_as_it_stands_however_still() {
    let mut hall = Hall::new(vec![zone(board(), 600, 100)], [600, 100], &edition(three()));
    hall.run(8.0 * 4.0 + 1.0);
    let reported = hall.reported();
    assert_eq!(
        reported.iter().map(|t| (t.0, t.3)).collect::<Vec<_>>(),
        [(1, 1), (2, 1), (3, 1)],
        "reported as it began"
    );
    hall.run(60.0);
    let reported = hall.reported();
    assert!(reported.iter().all(|t| t.3 >= 2 && t.2.is_multiple_of(8000)), "{reported:?}");
    // One page alone is presented again every minute.
    let mut hall = Hall::new(vec![zone(board(), 600, 100)], [600, 100], &edition(three()[..1].to_vec()));
    hall.run(200.0);
    hall.end();
    assert_eq!(hall.reported(), [(1, 1, 180_000, 1)]);
}

#[test]
fn a_changed_notice_is_the_same_version_on_board_and_line_with_the_next_frame() {
    let zones = || vec![zone(board(), 600, 100), below(100, zone(line(), 600, 100))];
    let mut hall = Hall::new(zones(), [600, 200], &edition(three()));
    hall.run(3.0);
    assert_eq!(hall.visible(), [(1, 1), (2, 1)]);
    let before = hall.words();
    // Its body changed: what the wall says of it is the same, and moves on as if nothing had been.
    let mut heads = three();
    heads[0] = version(2, heads[0].clone());
    hall.show.refresh(&edition(heads));
    hall.present();
    assert_eq!(hall.visible(), [(1, 2), (2, 1)]);
    let moved: Vec<_> = before.iter().map(|(said, x)| (said.clone(), x - i64::from(*x != 0))).collect();
    assert_eq!(hall.words().len(), before.len());
    assert!(hall.words().iter().all(|word| moved.contains(word) || before.contains(word)), "{:?}", hall.words());

    // Its title changed: nothing says the old one any more.
    let mut hall = Hall::new(zones(), [600, 200], &edition(three()));
    hall.run(3.0);
    let place = |hall: &Hall, part: &str| hall.words().into_iter().find(|(said, _)| said.contains(part)).map(|w| w.1);
    let second = place(&hall, "乡村").unwrap();
    let mut heads = three();
    heads[0] = version(2, notice(1, "示例镇道路养护采购公告（更正）", "gov", None));
    hall.show.refresh(&edition(heads));
    for _ in 0..60 {
        hall.present();
        assert!(hall.visible().contains(&(1, 2)) && !hall.visible().contains(&(1, 1)), "{:?}", hall.visible());
    }
    assert!(hall.words().iter().all(|(said, _)| !said.ends_with("采购公告")), "{:?}", hall.words());
    assert_eq!(place(&hall, "乡村"), Some(second - 60), "what follows it does not jump");
}

#[test]
fn a_notice_taken_back_leaves_a_line_at_once_and_nothing_beside_it_moves() {
    let mut hall = Hall::new(vec![zone(line(), 1200, 100)], [1200, 100], &edition(three()));
    hall.run(3.0);
    let before = hall.words();
    assert_eq!(hall.visible().len(), 3);
    let heads = three().into_iter().filter(|head| head.id.0 != 2).collect();
    hall.show.refresh(&edition(heads));
    hall.present();
    assert_eq!(hall.visible(), [(1, 1), (3, 1)]);
    let kept: Vec<_> = before.iter().filter(|(said, _)| said == TITLES[0] || said == TITLES[2]).collect();
    assert_eq!(kept.len(), 2);
    for (said, x) in kept {
        assert!(hall.words().contains(&(said.clone(), x - 1)), "{said} at {x}: {:?}", hall.words());
    }
    // The only one there is: what is to follow stands at once.
    let mut hall = Hall::new(vec![zone(line(), 400, 100)], [400, 100], &edition(three()[..1].to_vec()));
    hall.run(2.0);
    hall.show.refresh(&edition(three()[1..].to_vec()));
    hall.present();
    assert_eq!(hall.visible(), [(2, 1)]);
}

#[test]
fn a_notice_that_only_makes_room_goes_on_to_its_end() {
    let old = edition(three()[..1].to_vec());
    let mut hall = Hall::new(vec![zone(newest(1, line()), 500, 100)], [500, 100], &old);
    hall.run(1.0);
    hall.show.refresh(&after(&old, &edition(three()[2..].to_vec())));
    hall.run(8.0);
    assert_eq!(hall.visible(), [(1, 1), (3, 1)]);
}

#[test]
fn machines_on_one_wall_agree_on_all_but_what_was_taken_back() {
    let heads: Vec<_> = TITLES.iter().zip(1..).map(|(title, id)| notice(id, &title.repeat(2), "gov", None)).collect();
    let whole = edition(heads.clone());
    let machine = |left: u32| {
        let screen = Screen {
            width: 800,
            height: 100,
            wall_width: 1600,
            wall_x: left,
            zone: vec![zone(TickerZone { speed: 240.0, ..line() }, 800, 100)],
            ..Screen::default()
        };
        let config = Config { screens: [("led".to_owned(), screen)].into(), ..Config::default() };
        Hall::of(&Arc::new(config), [800, 100], &whole)
    };
    let [mut one, mut other, mut first, mut second] = [machine(0), machine(800), machine(0), machine(800)];
    let gone = heads[1].title.clone();
    let fewer = edition(heads.iter().filter(|head| head.id.0 != 2).cloned().collect());
    // The gate after both know is at 42:20, frame 780; what follows then differs from the line before.
    for n in 0..780 {
        if n == 400 {
            one.show.refresh(&fewer);
        }
        if n == 430 {
            other.show.refresh(&fewer);
        }
        for (machine, steady, since) in [(&mut one, &mut first, 400), (&mut other, &mut second, 430)] {
            machine.present();
            steady.present();
            let is_gone = n >= since;
            assert!(!is_gone || !machine.visible().iter().any(|seen| seen.0 == 2), "frame {n}");
            let left: Vec<_> = steady.words().into_iter().filter(|w| !is_gone || !gone.contains(&w.0)).collect();
            let marks = |words: Vec<(String, i64)>| words.into_iter().filter(|w| w.0 != "◆").collect::<Vec<_>>();
            assert_eq!(marks(machine.words()), marks(left), "frame {n}");
        }
    }
}
