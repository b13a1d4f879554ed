//! Pictures that walls show: read away from the windows, followed, and kept until the next one can be shown.

use super::bench::{Place, Running};
use std::time::Duration;

const WALL: &str =
    "width = 200\nheight = 100\n[[zone]]\nkind = \"picture\"\nwidth = 100\nheight = 100\nfile = \"a.png\"\n";

#[test]
fn a_picture_that_is_replaced_is_shown_and_a_broken_one_is_not() {
    let place = Place::new();
    place.write("c/screens/w.toml", WALL);
    place.picture("c/a.png", 50, 10);
    let mut running = Running::start(&place);
    let grey = |r: &Running| r.walls.last().map(|(_, picture)| (picture.width, picture.rgba[0]));
    running.until("the picture comes, scaled to its zone", |r| grey(r) == Some((100, 10)));
    place.picture("c/a.png", 50, 20);
    let took = running.until("the one that took its place comes", |r| grey(r) == Some((100, 20)));
    println!("a replaced picture came after {took:?}");
    assert!(took < Duration::from_secs(8), "{took:?}");
    let told = running.walls.len();
    place.write("c/a.png", "no picture");
    running.idle(Duration::from_secs(5));
    assert_eq!(running.walls.len(), told, "what cannot be shown takes nothing's place");
    place.picture("c/a.png", 50, 30);
    running.until("once it is mended it comes", |r| grey(r) == Some((100, 30)));
    // Another size is another picture.
    place.write("c/screens/w.toml", &WALL.replace("width = 100\nheight = 100", "width = 60\nheight = 60"));
    running.until("a zone of another size gets its own", |r| grey(r) == Some((60, 30)));
    assert!(running.quit() < Duration::from_secs(5));
}
