//! A server that misbehaves as told: the first time it is well, and ever after not.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// What the first answer holds.
pub const GOOD: &str = "<rss version='2.0'><channel><title>网</title><item><guid>1</guid><title>关于示例镇道路改建的公示</title>\
    <link>/a</link><description>正文</description></item></channel></rss>";

pub struct Server {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Server {
    /// Gives `bad` to every request after the first `well` ones.
    pub fn start(
        well: usize,
        bad: impl Fn(&mut TcpStream, &str) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, bad) = (Arc::new(AtomicUsize::new(0)), Arc::new(bad));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let (count, bad) = (Arc::clone(&count), Arc::clone(&bad));
                thread::spawn(move || {
                    let Some(path) = request(&mut stream) else { return };
                    let number = count.fetch_add(1, Ordering::SeqCst);
                    // A client that has enough closes; that is its good right.
                    let _ =
                        if number < well { whole(&mut stream, "", GOOD.as_bytes()) } else { bad(&mut stream, &path) };
                });
            }
        });
        Self { port, asked }
    }

    pub fn uri(&self) -> String {
        format!("http://127.0.0.1:{}/feed", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// Reads a request's head; gives its path.
fn request(stream: &mut TcpStream) -> Option<String> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()?.split(' ').nth(1).map(str::to_owned)
}

/// 200, further header lines (each with its end), and a body.
pub fn whole(stream: &mut TcpStream, headers: &str, body: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(body)
}

pub fn redirect(stream: &mut TcpStream, place: &str) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n")
}

/// A chunk again and again, for ever.
pub fn endless(stream: &mut TcpStream, headers: &str, chunk: &[u8]) -> std::io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\n{headers}Transfer-Encoding: chunked\r\n\r\n")?;
    loop {
        write!(stream, "{:x}\r\n", chunk.len())?;
        stream.write_all(chunk)?;
        stream.write_all(b"\r\n")?;
    }
}

/// A byte a second.
pub fn trickle(stream: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    for byte in bytes.iter().cycle() {
        stream.write_all(&[*byte])?;
        thread::sleep(Duration::from_secs(1));
    }
    Ok(())
}

/// Says nothing, for as long as anybody waits.
pub fn silence(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.read(&mut [0]).map(drop)
}
