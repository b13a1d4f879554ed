//! How fast a feed of any length is read, and in how much memory: `cargo bench --bench stream -- [MEGABYTES]`, fifty without
//! it. Prints megabytes a second of each run, the median, and the most memory this program ever had.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a bench fails by panicking"
)]

use gongshi::{
    feeds::{Hint, stream},
    time::{Clock, SystemClock, processor_time},
};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

const RUNS: usize = 9;
const WORDS: &str =
    "本工程评标工作已经结束，现将结果公示如下。公示期内如有异议，请以书面形式向县公共资源交易中心反映。";

/// Writes a feed of `bytes` bytes or a little more; gives its items.
fn write(path: &Path, bytes: usize) -> usize {
    let mut file = BufWriter::new(File::create(path).unwrap());
    let (mut written, mut items) = (0, 0);
    write!(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>示例县</title>\n")
        .unwrap();
    while written < bytes {
        items += 1;
        let paragraph = format!("&lt;p&gt;{}&lt;/p&gt;", WORDS.repeat(1 + items % 4));
        let item = format!(
            "<item><guid>{items}</guid><title>关于第 {items} 号工程的公示</title>\
             <link>http://portal.example/{items}.html</link><pubDate>Mon, 23 Nov 2026 09:30:00 +0800</pubDate>\
             <category>招标</category><description>{}</description></item>\n",
            paragraph.repeat(2 + items % 7)
        );
        written += item.len();
        file.write_all(item.as_bytes()).unwrap();
    }
    file.write_all(b"</channel></rss>\n").unwrap();
    items
}

fn main() {
    let megabytes = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(50);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("feed.xml");
    let items = write(&path, megabytes * 1_000_000);
    let size = std::fs::metadata(&path).unwrap().len() as f64 / 1e6;
    let clock = SystemClock::default();
    let mut rates = Vec::new();
    for _ in 0..RUNS {
        let start = (clock.monotonic(), processor_time());
        let mut count = 0;
        let hint = Hint { name: "feed.xml".into(), ..Hint::default() };
        let faults = stream(&mut File::open(&path).unwrap(), &hint, u64::MAX, &mut |_| count += 1).unwrap();
        assert_eq!((count, faults.len()), (items, 0));
        let wall = clock.monotonic().saturating_sub(start.0).as_secs_f64();
        let own = processor_time().saturating_sub(start.1).as_secs_f64();
        rates.push((size / wall, size / own));
    }
    rates.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (wall, own) in &rates {
        println!("{wall:.0} MB/s, {own:.0} MB a second of the processor");
    }
    let (wall, own) = rates[RUNS / 2];
    println!("{size:.1} MB, {items} items: median {wall:.0} MB/s, {own:.0} MB a second of the processor");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or("VmHWM unknown"));
}
