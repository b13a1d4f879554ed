//! Each fault of a server, with a process that meets it: the reason named, the last good kept, memory and time in bounds.

use crate::{
    child::{Run, Site},
    server::{Server, endless, redirect, silence, trickle, whole},
};
use gongshi::store::Store;
use std::{io::Write, net::TcpStream, time::Duration};

/// Seconds a feed of these tests may take in all.
const PATIENCE: u64 = 3;
/// Processor time a feed may take in all: also without optimisation, and whatever else the machine does.
const BUSY: Duration = Duration::from_secs(8);
/// Time it may take in all, most of it waiting: a machine under load gives a process its turn late.
const SLACK: Duration = Duration::from_secs(30);
const MB: usize = 1 << 20;

/// A feed that was well once and then is not, for one of the reasons that `|` parts in `words`: what the second run says, after the checks that hold for all.
fn met(
    name: &str,
    feed: &str,
    words: &str,
    most_mb: u64,
    bad: impl Fn(&mut TcpStream, &str) -> std::io::Result<()> + Send + Sync + 'static,
) -> Run {
    let server = Server::start(1, bad);
    let uri = server.uri();
    let source = format!("source = \"{uri}\"\nprivate_network = true\ntimeout_seconds = {PATIENCE}\n");
    let site = Site::new(&format!("{source}{feed}"));
    let well = site.harvest();
    assert!(well.said.contains("  ok  "), "{name}: {}", well.said);
    let run = site.harvest();
    println!("{name:28} {:4} MB {:6.2} s, busy {:.2} s", run.peak_mb, run.took.as_secs_f64(), run.busy.as_secs_f64());
    let says = |said: &str| words.split('|').any(|w| said.contains(w));
    assert!(run.said.contains("FAILED") && says(&run.said), "{name}: {}", run.said);
    assert!(run.said.contains("its last good notices stay"), "{name}: {}", run.said);
    assert!(run.peak_mb > 0 && run.peak_mb <= most_mb, "{name} took {} MB", run.peak_mb);
    assert!(run.busy < BUSY, "{name} kept a processor busy for {:?}", run.busy);
    assert!(run.took < Duration::from_secs(PATIENCE) + SLACK, "{name} took {:?}", run.took);
    let edition = Store::open(&site.data()).unwrap().edition(1).unwrap();
    assert_eq!(edition.notices.len(), 1, "{name}: the last good is kept");
    let fault = edition.feeds[0].fault.clone().unwrap_or_default();
    assert!(says(&fault) && fault.contains(&uri) && !fault.contains('\n'), "{name}: {fault}");
    run
}

fn gzip(bytes: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bytes.for_each(|piece| encoder.write_all(&piece).unwrap());
    encoder.finish().unwrap()
}

fn spaces(megabytes: usize) -> impl Iterator<Item = Vec<u8>> {
    (0..megabytes).map(|_| vec![b' '; MB])
}

#[test]
fn bodies_that_unpack_to_more_than_is_allowed() {
    let bomb = gzip(spaces(512));
    assert!(bomb.len() < MB);
    let nested = gzip(std::iter::once(bomb.clone()));
    let body = bomb.clone();
    met("gzip bomb", "", "larger than 64 MB", 250, move |s, _| whole(s, "Content-Encoding: gzip\r\n", &body));
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    spaces(512).for_each(|piece| zlib.write_all(&piece).unwrap());
    let zlib = zlib.finish().unwrap();
    met("deflate bomb", "", "larger than 64 MB", 250, move |s, _| whole(s, "Content-Encoding: deflate\r\n", &zlib));
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 5, 22);
    spaces(512).for_each(|piece| brotli.write_all(&piece).unwrap());
    let brotli = brotli.into_inner();
    met("brotli bomb", "", "larger than 64 MB", 250, move |s, _| whole(s, "Content-Encoding: br\r\n", &brotli));
    let body = nested.clone();
    met("gzip in gzip", "", "archive", 250, move |s, _| whole(s, "Content-Encoding: gzip\r\n", &body));
    met("gzip, gzip", "", "archive", 250, move |s, _| whole(s, "Content-Encoding: gzip, gzip\r\n", &nested));
}

#[test]
fn bodies_without_an_end() {
    let space = vec![b' '; 64 * 1024];
    met("endless body", "", "larger than 64 MB", 250, move |s, _| endless(s, "", &space));
    let noise: Vec<u8> = (0..64 * 1024_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let noise = noise.repeat(50 * 16);
    met("50 MB of noise", "", "binary", 250, move |s, _| whole(s, "", &noise));
    met("1 PB announced", "", "larger than 64 MB", 100, |s, _| {
        write!(s, "HTTP/1.1 200 OK\r\nContent-Length: 1125899906842624\r\n\r\n<rss>")?;
        silence(s)
    });
}

#[test]
fn servers_that_take_their_time() {
    met("a byte a second, head", "", "within 3 s", 100, |s, _| trickle(s, b"HTTP/1.1 200 OK\r\nX-A: b\r\n"));
    met("a byte a second, body", "", "within 3 s", 100, |s, _| {
        write!(s, "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")?;
        trickle(s, b"<rss><channel>")
    });
    met("silence", "", "within 3 s", 100, |s, _| silence(s));
    met("silence after the head", "", "within 3 s", 100, |s, _| {
        write!(s, "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n<rss>")?;
        silence(s)
    });
}

#[test]
fn answers_that_break_the_protocol() {
    met("endless head", "", "request failed", 100, |s, _| {
        write!(s, "HTTP/1.1 200 OK\r\n")?;
        for number in 0_u64.. {
            write!(s, "X-{number}: {}\r\n", "a".repeat(100))?;
        }
        Ok(())
    });
    met("a line without an end", "", "request failed", 100, |s, _| {
        write!(s, "HTTP/1.1 200 OK\r\nX-A: ")?;
        loop {
            s.write_all(&[b'a'; 4096])?;
        }
    });
    met("no HTTP", "", "request failed", 100, |s, _| s.write_all(b"220 mail.example ESMTP\r\n"));
    met("shorter than announced", "", "breaks off", 100, |s, _| {
        write!(s, "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nConnection: close\r\n\r\n<rss>")
    });
    met("chunks that break off", "", "breaks off", 100, |s, _| {
        write!(s, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n400\r\n<rss>")
    });
    met("chunks of no size", "", "breaks off", 100, |s, _| {
        write!(s, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n<rss>")
    });
    met("gzip that is none", "", "breaks off", 100, |s, _| whole(s, "Content-Encoding: gzip\r\n", b"<rss></rss>"));
    met("both lengths", "", "", 100, |s, _| {
        write!(s, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<rss/>")
    });
}

#[test]
fn redirects_that_lead_astray() {
    met("a circle", "", "redirects lead nowhere", 100, |s, _| redirect(s, "/feed"));
    met("100,000 redirects", "", "redirects lead nowhere", 100, |s, path| {
        let number: u32 = path.trim_start_matches('/').parse().unwrap_or(0);
        if number < 100_000 { redirect(s, &format!("/{}", number + 1)) } else { whole(s, "", b"x") }
    });
    met("to a file", "", "only http and https", 100, |s, _| redirect(s, "file:///etc/passwd"));
    met("to metadata", "", "where no source can be", 100, |s, _| redirect(s, "http://169.254.169.254/"));
    met("to a megabyte", "", "request failed", 100, |s, _| redirect(s, &format!("/{}", "a".repeat(MB))));
}

#[test]
fn documents_meant_to_burst() {
    let html = "format = \"html\"\n";
    met("noise called HTML", html, "binary", 250, |s, _| whole(s, "", &[7; 5 * MB]));
    met("formatting left open", html, "more than", 700, |s, _| {
        let open: String = (0..3_000).map(|n| format!("<b id={n}><table><td></b></table>")).collect();
        whole(s, "Content-Type: text/html\r\n", format!("<p>{open}{}", "<p>公".repeat(1_000_000)).as_bytes())
    });
    met("6 million elements", html, "more than", 700, |s, _| {
        whole(s, "Content-Type: text/html\r\n", "<hr>公".repeat(6_000_000).as_bytes())
    });
    met("9 million items", "", "more than 1000000 items|took more than 3 s", 250, |s, _| {
        let items = "<item/>".repeat(9_000_000);
        whole(s, "Content-Type: text/xml\r\n", format!("<rss><channel>{items}</channel></rss>").as_bytes())
    });
    let deep = |open: &str, number: usize| format!("{}公", open.repeat(number)).into_bytes();
    let xml = deep("<a>", 5_000_000);
    met("XML without an end", "", "", 700, move |s, _| {
        whole(s, "Content-Type: text/xml\r\n", &[b"<rss><channel><item>", xml.as_slice()].concat())
    });
    let json = deep("[", 5_000_000);
    met("JSON without an end", "", "", 400, move |s, _| whole(s, "Content-Type: application/json\r\n", &json));
}

/// What is odd, and can be read all the same within the bounds.
#[test]
fn documents_that_are_large_or_deep_but_readable() {
    let read = |name: &str, feed: &str, most_mb: u64, body: Vec<u8>| {
        let server = Server::start(0, move |s, _| whole(s, "", &body));
        let source = format!("source = \"{}\"\nprivate_network = true\ntimeout_seconds = 20\n", server.uri());
        let site = Site::new(&format!("{source}{feed}"));
        let run = site.harvest();
        println!("{name:28} {:4} MB {:6.2} s", run.peak_mb, run.took.as_secs_f64());
        assert!(run.said.contains("  ok  "), "{name}: {}", run.said);
        assert!(run.peak_mb <= most_mb && run.took < Duration::from_secs(24), "{name}: {} MB", run.peak_mb);
        let edition = Store::open(&site.data()).unwrap().edition(1).unwrap();
        assert!(!edition.notices.is_empty(), "{name}");
        format!("{edition:?}")
    };
    let html = "format = \"html\"\n";
    let attributes: String = (0..3_000_000).map(|n| format!(" a{n}")).collect();
    read("3 million attributes", html, 200, format!("<p{attributes}>公示").into_bytes());
    let number = 1_000_000;
    let divs = format!("<h1>题</h1>{}公{}", "<div>".repeat(number), "</div>".repeat(number));
    read("a million nested divs", html, 200, divs.into_bytes());
    let laughs = "<!DOCTYPE rss [<!ENTITY a0 '哈'><!ENTITY a1 '&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;&a0;'>\
        <!ENTITY a2 '&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;&a1;'><!ENTITY a3 '&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;&a2;'>\
        <!ENTITY a4 '&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;&a3;'><!ENTITY a5 '&a4;&a4;&a4;&a4;&a4;&a4;&a4;&a4;&a4;&a4;'>\
        <!ENTITY a6 '&a5;&a5;&a5;&a5;&a5;&a5;&a5;&a5;&a5;&a5;'><!ENTITY f SYSTEM 'file:///etc/passwd'>]>";
    let feed = |title: &str, body: &str| {
        format!("<?xml version='1.0'?>{laughs}<rss version='2.0'><channel><title>网</title><item><guid>1</guid><title>{title}</title>\
            <description>{body}</description></item></channel></rss>").into_bytes()
    };
    let said = read("entities", "", 100, feed("甲公示", "&a6;&f;"));
    assert!(!said.contains("root:") && said.matches('哈').count() < 100_000, "entities are not expanded");
}
