//! How long a source takes from bytes to notices.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gongshi::feeds::{Hint, parse};
use std::hint::black_box;

fn feed(items: usize) -> String {
    let item = |n: usize| {
        format!(
            "<item><guid>{n}</guid><title>关于第 {n} 号工程的公示</title><link>http://example.invalid/{n}</link>\
             <pubDate>Mon, 23 Nov 2026 09:30:00 +0800</pubDate><description>&lt;p&gt;{}&lt;/p&gt;</description></item>",
            "本工程评标工作已经结束，现将结果公示如下。".repeat(20)
        )
    };
    let items: String = (0..items).map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>网</title>{items}</channel></rss>")
}

fn sources(c: &mut Criterion) {
    let rss = feed(500);
    let law = format!("# 办法\n\n{}", "第一条 为了规范政务公开工作，制定本办法。\n\n".repeat(1000));
    let gbk = encoding_rs::GBK.encode(&law).0.into_owned();
    let mut group = c.benchmark_group("parse");
    for (name, bytes) in [("feed.xml", rss.as_bytes()), ("law.md", law.as_bytes()), ("law-gbk.md", &gbk)] {
        let hint = Hint { name: name.into(), ..Hint::default() };
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(name, |b| b.iter(|| parse(black_box(bytes), &hint)));
    }
    group.finish();
}

criterion_group!(benches, sources);
criterion_main!(benches);
