//! Pictures of documents: one fetch a picture whoever asks, at most four at once a host, ended when the page is left.

use super::bench::{Place, Running};
use std::{
    collections::BTreeMap,
    io::{Cursor, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// A server of one picture under any name, slow, that counts.
struct Server {
    port: u16,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    now: AtomicUsize,
    most: AtomicUsize,
    of: Mutex<BTreeMap<String, usize>>,
}

impl Server {
    fn start(slow: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, counts) = (listener.local_addr().unwrap().port(), Arc::<Counts>::default());
        let picture = {
            let mut file = Cursor::new(Vec::new());
            image::RgbaImage::from_pixel(60, 40, image::Rgba([10, 200, 30, 255]))
                .write_to(&mut file, image::ImageFormat::Png)
                .unwrap();
            Arc::new(file.into_inner())
        };
        let server = Self { port, counts: Arc::clone(&counts) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (counts, picture) = (Arc::clone(&counts), Arc::clone(&picture));
                // Whoever goes away in the middle is its own business.
                std::thread::spawn(move || drop(serve(stream, &counts, &picture, slow)));
            }
        });
        server
    }

    fn asked(&self) -> usize {
        self.counts.of.lock().unwrap().values().sum()
    }
}

/// Answers requests until the other side closes.
fn serve(mut stream: TcpStream, counts: &Counts, picture: &[u8], slow: Duration) -> std::io::Result<()> {
    let mut request = Vec::new();
    loop {
        let mut buffer = [0; 2048];
        while !request.windows(4).any(|w| w == b"\r\n\r\n") {
            match stream.read(&mut buffer)? {
                0 => return Ok(()),
                n => request.extend_from_slice(&buffer[..n]),
            }
        }
        let line = String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned();
        request.clear();
        *counts.of.lock().unwrap().entry(line).or_default() += 1;
        counts.most.fetch_max(counts.now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        let is_open = waits(&stream, slow)?;
        counts.now.fetch_sub(1, Ordering::SeqCst);
        if !is_open {
            return Ok(());
        }
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: {}\r\n\r\n", picture.len())?;
        stream.write_all(picture)?;
    }
}

/// Waits for a while; `false` as soon as the other side has closed.
fn waits(stream: &TcpStream, time: Duration) -> std::io::Result<bool> {
    stream.set_nonblocking(true)?;
    for _ in 0..time.as_millis() / 5 {
        if matches!(stream.peek(&mut [0]), Ok(0)) {
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    stream.set_nonblocking(false)?;
    Ok(true)
}

/// A service with so many notices of so many pictures each, none of which is fetched before it is asked for.
fn county(server: &Server, notices: usize, pictures: usize) -> (Place, Running) {
    let place = Place::new();
    place.write("c/site.toml", "title = \"示例县\"\npicture_space = 0\n");
    // A wall with a long list, so that each notice can be found in the edition.
    let zone = "[[zone]]\nkind = \"board\"\nwidth = 320\nheight = 160\nsize = 24\nlimit = 100\n";
    place.write("c/screens/w.toml", &format!("width = 320\nheight = 160\n{zone}"));
    for notice in 0..notices {
        let words: String =
            (0..pictures).map(|i| format!("![图](http://127.0.0.1:{}/{notice}-{i}.png)\n\n", server.port)).collect();
        place.write(&format!("box/{notice}.md"), &format!("# 公告{notice}\n\n{words}"));
    }
    let feed = format!(
        "title = \"示例网\"\nsource = \"{}\"\ncatalogue = \"gov\"\nprivate_network = true\n",
        place.path("box").display()
    );
    place.write("c/feeds/box.toml", &feed);
    let mut running = Running::start(&place);
    running.until("the folder is read", |r| r.edition.count("") == notices as u64);
    (place, running)
}

#[test]
fn tapping_through_documents_leaves_no_request_behind() {
    let server = Server::start(Duration::from_millis(250));
    let (_place, mut running) = county(&server, 12, 6);
    // A visitor taps through all, on four screens, and goes.
    for notice in 0..12 {
        for screen in 0..4 {
            let id = running.id(&format!("公告{}", (notice + screen * 3) % 12));
            running.ask(screen, id);
        }
        running.idle(Duration::from_millis(60));
    }
    for screen in 0..4 {
        running.leave(screen);
    }
    running.idle(Duration::from_millis(500));
    let asked = server.asked();
    assert!(asked > 0);
    running.idle(Duration::from_millis(1500));
    assert_eq!(server.asked(), asked, "nobody waits for a picture any more, and yet more are asked for");
    let most = server.counts.most.load(Ordering::SeqCst);
    println!("{asked} requests, {most} at once");
    // What was given up a moment ago may still stand open at the server.
    assert!(most <= 8, "{most} at once");
    running.quit();
}

#[test]
fn no_more_than_four_are_asked_for_at_once_of_one_host() {
    let server = Server::start(Duration::from_millis(150));
    let (_place, mut running) = county(&server, 12, 2);
    let asked: Vec<u64> = (0..12)
        .map(|screen| {
            let id = running.id(&format!("公告{screen}"));
            running.ask(screen, id)
        })
        .collect();
    for generation in asked {
        running.until("each screen has all pictures", |r| r.pictures(generation) == Some(2));
    }
    let most = server.counts.most.load(Ordering::SeqCst);
    assert!((2..=4).contains(&most), "{most} at once");
    running.quit();
}

#[test]
fn a_picture_is_fetched_once_whoever_asks() {
    let server = Server::start(Duration::from_millis(300));
    let (_place, mut running) = county(&server, 1, 5);
    let id = running.id("公告0");
    let asked: Vec<u64> = (0..8).map(|screen| running.ask(screen, id)).collect();
    for generation in asked {
        running.until("each screen has all pictures", |r| r.pictures(generation) == Some(5));
    }
    let counts = server.counts.of.lock().unwrap().clone();
    assert_eq!(counts.values().copied().collect::<Vec<_>>(), [1; 5], "{counts:?}");
    running.quit();
}
