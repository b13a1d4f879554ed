//! What stands where a config file belongs and is none, and files of any size: refused with a sentence, at once.

use super::folder;
use gongshi::{
    check::{self, Loaded},
    config::{self, Severity},
};
use rstest::rstest;
use std::{fs, path::Path, process::Command, sync::mpsc, time::Duration};

/// Loads a folder in a thread of its own; a load that hangs fails the test instead of holding it up.
fn load(dir: &Path) -> Loaded {
    let (send, receive) = mpsc::channel();
    let dir = dir.to_owned();
    std::thread::spawn(move || drop(send.send(check::load(&dir))));
    receive.recv_timeout(Duration::from_secs(60)).expect("loading hangs")
}

fn make_pipe(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = fs::remove_file(path);
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// The errors of a load, with what they say.
fn errors(loaded: &Loaded) -> Vec<String> {
    loaded.faults.iter().filter(|f| f.severity == Severity::Error).map(ToString::to_string).collect()
}

#[rstest]
#[case("site.toml")]
#[case("catalogue.toml")]
#[case("regions.csv")]
#[case("feeds/a.toml")]
#[case("screens/wall.toml")]
fn a_pipe_in_place_of_a_file_is_refused_at_once(#[case] name: &str) {
    let dir = folder(&[]);
    make_pipe(&dir.path().join(name));
    let loaded = load(dir.path());
    let said = errors(&loaded);
    assert!(
        loaded.config.is_none() && said.iter().any(|s| s.contains(name) && s.contains("no regular file")),
        "{said:?}"
    );
}

#[test]
fn a_device_that_never_ends_is_refused_at_once() {
    for (device, name) in [("/dev/zero", "site.toml"), ("/dev/zero", "regions.csv"), ("/dev/tty", "feeds/a.toml")] {
        let dir = folder(&[]);
        fs::create_dir_all(dir.path().join("feeds")).unwrap();
        std::os::unix::fs::symlink(device, dir.path().join(name)).unwrap();
        let said = errors(&load(dir.path()));
        assert!(said.iter().any(|s| s.contains(name) && s.contains("no regular file")), "{device}: {said:?}");
    }
}

#[test]
fn a_pipe_as_a_picture_or_a_source_is_said() {
    let wall = "[[zone]]\nkind = \"picture\"\nwidth = 9\nheight = 9\nfile = \"logo.png\"\n";
    let feed = "title = \"a\"\ncatalogue = \"gov\"\nsource = \"in.xml\"\n";
    let dir = folder(&[("screens/wall.toml", wall), ("feeds/a.toml", feed)]);
    make_pipe(&dir.path().join("logo.png"));
    make_pipe(&dir.path().join("in.xml"));
    let said = errors(&load(dir.path()));
    assert!(said.iter().any(|s| s.contains("wall.toml:5:8") && s.contains("logo.png")), "{said:?}");
    assert!(said.iter().any(|s| s.contains("a.toml:3:10") && s.contains("pipe or a device")), "{said:?}");
}

/// A pipe put beside good files is not copied, and the copy of the last good config stays.
#[test]
fn a_pipe_does_not_hold_the_last_good_copy_up() {
    let (dir, data) = (folder(&[]), tempfile::tempdir().unwrap());
    config::keep(dir.path(), data.path()).unwrap();
    make_pipe(&dir.path().join("feeds/a.toml"));
    let (send, receive) = mpsc::channel();
    let (from, to) = (dir.path().to_owned(), data.path().to_owned());
    std::thread::spawn(move || send.send(config::keep(&from, &to).is_err()));
    assert!(receive.recv_timeout(Duration::from_secs(30)).expect("keeping hangs"));
    assert!(check::load_kept(dir.path(), data.path()).is_some());
}

#[rstest]
#[case("site.toml", "# a\n")]
#[case("regions.csv", "1,示例县,,county\n")]
#[case("feeds/a.toml", "# a\n")]
fn a_file_of_any_size_is_refused_with_its_limit(#[case] name: &str, #[case] line: &str) {
    let bytes = usize::try_from(config::FILE_BYTES).unwrap();
    let dir = folder(&[(name, &line.repeat(bytes / line.len() + 1))]);
    let said = errors(&load(dir.path()));
    assert!(said.len() == 1 && said[0].contains(name) && said[0].contains("more than 4 MB"), "{said:?}");
}

#[test]
fn more_files_than_are_read_are_said() {
    let dir = folder(&[]);
    fs::create_dir_all(dir.path().join("feeds")).unwrap();
    let feed = "source = \"http://a.example/\"\ntitle = \"a\"\ncatalogue = \"gov\"\n";
    for n in 0..2_001 {
        fs::write(dir.path().join(format!("feeds/f{n}.toml")), feed).unwrap();
    }
    let said = errors(&load(dir.path()));
    assert!(said.len() == 1 && said[0].contains("more files than are read: 2000"), "{said:?}");
}

/// Seconds of the processor that the faster of two loads of a folder takes.
fn cost(dir: &Path) -> f64 {
    let of_this_thread = || {
        let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(spent.tv_sec.unsigned_abs(), u32::try_from(spent.tv_nsec).unwrap()).as_secs_f64()
    };
    let once = |_| {
        let before = of_this_thread();
        drop(check::load(dir));
        of_this_thread() - before
    };
    (0..2).map(once).fold(f64::MAX, f64::min)
}

const ZONE: &str = "[[zone]]\nwidth = 9\nheight = 9\ntext = \"公示\"\nprogram = ";

/// Ten times as much costs about ten times as much; where each key or fault walks the file again, it is a hundred times.
#[rstest]
#[case::zones("screens/wall.toml", "", |n| format!("{ZONE}\"p{n}\"\n"), "")]
#[case::faults("screens/wall.toml", "", |n| format!("[[zone]]\nwidht = {n}\nkind = \"texxt\"\n"), "")]
#[case::one_line("site.toml", "fallback_fonts = [\"x\"", |n| format!(", \"字{n}.ttf\""), "]\n")]
#[case::syntax("site.toml", "", |n| format!("标题{n} = “政务”\n"), "")]
#[case::playlist("screens/wall.toml", ZONE, |n| format!("\"p{n}\"\n[[playlist]]\nprogram = \"p{n}\"\n{ZONE}"), "\"p\"\n")]
#[case::headings("catalogue.toml", "", |n| format!("[[heading]]\nid = \"g{n}.x\"\ntitle = \"题\"\n"), "")]
#[case::regions("regions.csv", "code,name,parent,kind\n", |n| format!("{n},示例村,x{n},village\n"), "")]
fn what_is_ten_times_as_long_costs_ten_times_as_much(
    #[case] name: &str,
    #[case] head: &str,
    #[case] part: fn(usize) -> String,
    #[case] tail: &str,
) {
    let cost_of = |parts: usize| {
        let text = format!("{head}{}{tail}", (0..parts).map(part).collect::<String>());
        cost(folder(&[(name, &text)]).path())
    };
    let (small, large) = (cost_of(1_000), cost_of(10_000));
    println!("1,000 cost {small:.4} s, 10,000 cost {large:.4} s");
    assert!(large < 35.0 * small, "1,000 cost {small:.4} s, 10,000 cost {large:.4} s");
}

#[test]
fn ten_thousand_zones_are_checked_within_seconds() {
    let zone = format!("{ZONE}\"a\"\ncatalogue = \"gov\"\n");
    let dir = folder(&[("screens/wall.toml", &format!("[[playlist]]\nprogram = \"a\"\n{}", zone.repeat(10_000)))]);
    let loaded = load(dir.path());
    assert_eq!(loaded.config.unwrap().screens["wall"].zone.len(), 10_000);
    // It took over a minute.
    let cost = cost(dir.path());
    assert!(cost < 15.0, "{cost:.1} s");
}
