//! What happens to windows: resized, hidden, moved; their monitor unplugged and plugged in again.

use crate::{
    desk::{Display, PROGRAM, Running, until},
    office::{Wall, rss},
};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use x11rb::{
    connection::Connection,
    protocol::xproto::{ChangeWindowAttributesAux, ConfigureWindowAux, ConnectionExt, Window},
};

const WHITE: u32 = 0xFF_FFFF;

impl Display {
    /// Makes the desktop white, so that a window's black is told from the desktop's.
    fn whiten(&self) {
        let (connection, root) = self.connect();
        let white = ChangeWindowAttributesAux::new().background_pixel(WHITE);
        connection.change_window_attributes(root, &white).unwrap();
        connection.clear_area(false, root, 0, 0, 0, 0).unwrap().check().unwrap();
    }

    /// The window on the desktop that is `size` pixels.
    fn window(&self, size: [u16; 2]) -> Window {
        let (connection, root) = self.connect();
        let children = connection.query_tree(root).unwrap().reply().unwrap().children;
        let found = children.into_iter().find(|child| {
            let geometry = connection.get_geometry(*child).unwrap().reply();
            geometry.is_ok_and(|g| [g.width, g.height] == size)
        });
        found.expect("the wall's window")
    }

    fn configure(&self, window: Window, change: &ConfigureWindowAux) {
        let (connection, _) = self.connect();
        connection.configure_window(window, change).unwrap().check().unwrap();
    }

    fn map(&self, window: Window, is_mapped: bool) {
        let (connection, _) = self.connect();
        let request = if is_mapped { connection.map_window(window) } else { connection.unmap_window(window) };
        request.unwrap().check().unwrap();
        connection.flush().unwrap();
    }

    fn destroy(&self, window: Window) {
        let (connection, _) = self.connect();
        connection.destroy_window(window).unwrap().check().unwrap();
    }

    /// The area comes to be all of one colour.
    fn becomes(&self, area: [u16; 4], colour: u32, why: &str) {
        assert!(until(|| self.shot(area).iter().flatten().all(|p| *p == colour)), "{why}");
    }
}

#[test]
fn a_window_that_is_resized_hidden_or_moved_goes_on_showing_the_canvas_and_black_around_it() {
    let Some(wall) = Wall::new(rss(&["样例县图书馆修缮项目公示", "样例镇道路养护采购公告"]))
    else {
        return;
    };
    let display = &wall.display;
    display.whiten();
    let running = wall.run();
    let window = display.window(Wall::SIZE);
    let good = wall.first_picture(&running);
    let size = |w: u32, h: u32| ConfigureWindowAux::new().width(w).height(h);

    display.configure(window, &size(640, 360));
    display.becomes([480, 0, 160, 360], 0, "black beside the canvas");
    display.becomes([0, 240, 640, 120], 0, "black below the canvas");
    assert!(until(|| display.shot(Wall::ALL) == good), "a larger window shows the canvas pixel for pixel");

    display.configure(window, &size(200, 100));
    display.becomes([200, 0, 280, 240], WHITE, "the desktop beside a smaller window");
    let corner = |shot: &[Vec<u32>]| shot[..100].iter().map(|row| row[..200].to_vec()).collect::<Vec<_>>();
    assert!(until(|| display.shot([0, 0, 200, 100]) == corner(&good)), "a smaller window shows the canvas's corner");

    // As fast as a person drags an edge.
    for step in 0..40 {
        display.configure(window, &size(200 + step * 7, 100 + step * 3));
    }
    display.configure(window, &size(480, 240));
    assert!(until(|| display.shot(Wall::ALL) == good), "its own size again");

    display.map(window, false);
    display.becomes(Wall::ALL, WHITE, "a hidden window is gone");
    display.map(window, true);
    assert!(until(|| display.shot(Wall::ALL) == good), "a window that comes back is drawn at once");

    display.configure(window, &ConfigureWindowAux::new().x(150).y(90));
    assert!(until(|| display.shot([150, 90, 480, 240]) == good), "a moved window");

    display.destroy(window);
    running.wait_for("destroyed from outside");
    assert!(until(|| display.shot(Wall::ALL) == good), "a window in place of one that was destroyed");
    running.end();
}

/// What the only notice of a wall is proven to have been seen, in seconds, and whether it still is.
fn proven(wall: &Wall) -> (f64, bool) {
    let store = gongshi::store::Store::open(&wall.folder("data")).unwrap();
    let notices = store.edition(1).unwrap().notices;
    let intervals: Vec<_> = notices.iter().flat_map(|head| store.displays(head.id).unwrap()).collect();
    (intervals.iter().map(|i| i.shown.as_secs_f64()).sum(), intervals.iter().any(|i| i.is_open))
}

#[test]
fn a_window_that_is_hidden_proves_nothing_until_it_is_back() {
    let Some(wall) = Wall::new(rss(&["样例县图书馆修缮项目公示"])) else { return };
    let display = &wall.display;
    // A line that moves is drawn on and on, whether or not anyone sees it.
    let zone = "[[zone]]\nkind = \"ticker\"\nwidth = 480\nheight = 240\nsize = 48\n";
    std::fs::write(wall.file("screens/wall.toml"), format!("width = 480\nheight = 240\n{zone}")).unwrap();
    let running = wall.run();
    let window = display.window(Wall::SIZE);
    assert!(until(|| proven(&wall).1), "the journal follows the window");
    display.map(window, false);
    assert!(until(|| !proven(&wall).1), "a hidden window shows nothing: {:?}", proven(&wall));
    let (seen, _) = proven(&wall);
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(proven(&wall), (seen, false), "and goes on showing nothing");
    display.map(window, true);
    assert!(until(|| proven(&wall).1), "a window that comes back is seen again");
    running.end();
    let (all, is_open) = proven(&wall);
    assert!(!is_open && all > seen, "{all} s after {seen} s");
}

/// A wall of its own folder whose one zone moves or stands.
fn small_wall(dir: &Path, kind: &str) -> [PathBuf; 2] {
    let config = dir.join("config");
    std::fs::create_dir_all(config.join("screens")).unwrap();
    let zone = format!("[[zone]]\nkind = \"{kind}\"\nwidth = 480\nheight = 240\nsize = 48\ntext = \"样例公示\"\n");
    std::fs::write(config.join("screens/wall.toml"), format!("width = 480\nheight = 240\n{zone}")).unwrap();
    [config, dir.join("data")]
}

/// Says one sentence of its own, and nothing of Xlib's or of a panic.
fn ended_by_itself(running: Running) {
    let said = running.ended();
    assert!(said.contains("gongshi: the display went away"), "{said}");
    assert!(!said.contains("panicked") && !said.contains("X connection") && !said.contains("XIO"), "{said}");
}

#[test]
fn a_display_that_goes_away_ends_the_program_with_one_sentence() {
    // Where it moves the loss is met while drawing, else while waiting.
    for kind in ["ticker", "text"] {
        let Some(display) = Display::start("800x600x24") else { return };
        let dir = tempfile::tempdir().unwrap();
        let [config, data] = small_wall(dir.path(), kind);
        let running = Running::start(&display, [&config, &data], "wall", &[]);
        drop(display);
        ended_by_itself(running);
    }
}

#[test]
fn a_window_killed_from_outside_ends_the_program_with_one_sentence_and_the_journal_closed() {
    let Some(wall) = Wall::new(rss(&["样例县图书馆修缮项目公示"])) else { return };
    let running = wall.run();
    wall.first_picture(&running);
    let window = wall.display.window(Wall::SIZE);
    let (connection, _) = wall.display.connect();
    // As xkill does: the server cuts the program off.
    std::thread::sleep(Duration::from_secs(3));
    connection.kill_client(window).unwrap().check().unwrap();
    ended_by_itself(running);
    let mut report = Command::new(PROGRAM);
    report.args(["report", "shown", "样例县图书馆修缮项目公示", "--json", "--config"]).arg(wall.folder("config"));
    let told = report.arg("--data").arg(wall.folder("data")).output().unwrap();
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    // A picture that stands still is proven up to the last frame of it; no other followed.
    let interval = &told["shown"][0];
    assert!(interval["open"] == false && interval["seconds"].as_f64().unwrap() < 5.0, "{told}");
}

#[test]
fn a_wall_wider_than_any_texture_is_shown_to_its_last_pixel() {
    let Some(display) = Display::start("9000x200x24") else { return };
    let dir = tempfile::tempdir().unwrap();
    let (config, data) = (dir.path().join("config"), dir.path().join("data"));
    std::fs::create_dir_all(config.join("screens")).unwrap();
    let zone = |kind: &str, x: u32, width: u32, text: &str| {
        format!("[[zone]]\nkind = \"{kind}\"\nx = {x}\nwidth = {width}\nheight = 96\nsize = 64\ntext = \"{text}\"\n")
    };
    let zones = [zone("ticker", 0, 8300, "样例公示一则"), zone("text", 8400, 596, "末尾八字样例公示")].concat();
    let last = "[[zone]]\nkind = \"text\"\nx = 8996\nwidth = 4\nheight = 96\nbackground = \"#ff0000\"\n";
    std::fs::write(config.join("screens/wall.toml"), format!("width = 9000\nheight = 96\n{zones}{last}")).unwrap();
    let running = Running::start(&display, [&config, &data], "wall", &[]);
    display.becomes([8996, 0, 4, 96], 0xFF_0000, "the last pixels");
    let lit = |area: [u16; 4]| display.shot(area).iter().flatten().filter(|p| **p != 0).count();
    assert!(lit([8400, 0, 596, 96]) > 1000, "words beyond the largest texture");
    assert!(lit([0, 0, 8192, 96]) > 1000, "and those before it");
    running.end();
}

/// A desktop of 1,280 × 960 whose second monitor can be unplugged.
fn monitors() -> Option<Display> {
    let dir = tempfile::tempdir().unwrap();
    let conf = dir.path().join("xorg.conf");
    let text = "Section \"ServerFlags\"\nOption \"AutoAddDevices\" \"false\"\nEndSection\n\
        Section \"Device\"\nIdentifier \"d\"\nDriver \"dummy\"\nVideoRam 64000\nEndSection\n\
        Section \"Screen\"\nIdentifier \"s\"\nDevice \"d\"\nDefaultDepth 24\n\
        SubSection \"Display\"\nDepth 24\nModes \"640x480\"\nVirtual 1280 960\nEndSubSection\nEndSection\n";
    std::fs::write(&conf, text).unwrap();
    let tool = Command::new("xrandr").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let mut command = Command::new("Xorg");
    command.arg("-config").arg(&conf).arg("-logfile").arg(dir.path().join("log"));
    let display = Display::serve(command, tool.is_ok())?;
    display.xrandr(&["--addmode", "DUMMY1", "640x480"]);
    display.xrandr(&["--fb", "1280x960", "--output", "DUMMY0", "--mode", "640x480", "--pos", "0x0"]);
    display.whiten();
    Some(display)
}

impl Display {
    fn xrandr(&self, words: &[&str]) {
        let status = Command::new("xrandr").env("DISPLAY", &self.name).args(words).status().unwrap();
        assert!(status.success(), "xrandr {words:?}");
    }

    fn plug(&self, place: &str) {
        self.xrandr(&["--fb", "1280x960", "--output", "DUMMY1", "--mode", "640x480", "--pos", place]);
    }

    fn unplug(&self) {
        self.xrandr(&["--fb", "1280x960", "--output", "DUMMY1", "--off"]);
    }
}

#[test]
fn a_window_waits_for_its_monitor_and_comes_back_to_it() {
    let Some(display) = monitors() else { return };
    let dir = tempfile::tempdir().unwrap();
    let (config, data) = (dir.path().join("config"), dir.path().join("data"));
    std::fs::create_dir_all(config.join("screens")).unwrap();
    let zone = "[[zone]]\nwidth = 480\nheight = 240\nsize = 48\ntext = \"样例公示\"\n";
    let screen = format!("monitor = \"DUMMY1\"\nwidth = 480\nheight = 240\n{zone}");
    let file = config.join("screens/wall.toml");
    std::fs::write(&file, &screen).unwrap();
    let running = Running::start(&display, [&config, &data], "wall", &[]);
    running.wait_for("no monitor is called DUMMY1");
    let picture = display.still(Wall::ALL);
    assert!(picture.iter().flatten().filter(|p| **p != 0).count() > 1000, "without its monitor it stands at x, y");

    let covers = |[x, y]: [u16; 2], why: &str| {
        assert!(until(|| display.shot([x, y, 480, 240]) == picture), "{why}");
        display.becomes([x + 480, y, 160, 480], 0, "black beside the canvas, to the monitor's edge");
        display.becomes([x, y + 240, 640, 240], 0, "black below the canvas, to the monitor's edge");
        display.becomes([0, 480, 640, 480], WHITE, "and nothing elsewhere");
    };
    display.plug("640x0");
    covers([640, 0], "it goes to its monitor when that comes");
    display.unplug();
    running.wait_for("stays where it was");
    display.plug("640x0");
    covers([640, 0], "the same monitor again");
    display.unplug();
    display.plug("640x480");
    covers([640, 480], "the monitor at another place");

    std::fs::write(&file, screen.replace("DUMMY1", "DUMMY0")).unwrap();
    covers([0, 0], "another monitor by the config");
    std::fs::write(&file, screen.replace("\"DUMMY1\"", "\"\"").replace("[[zone]]", "x = 700\ny = 20\n[[zone]]"))
        .unwrap();
    assert!(until(|| display.shot([700, 20, 480, 240]) == picture), "no monitor any more");
    display.becomes([0, 0, 640, 480], WHITE, "and the window has the canvas's size");
    running.end();
}
