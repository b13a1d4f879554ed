//! Where the log is written: the words of others in it can neither steer a terminal nor pass for something else.

use crate::text::{is_hidden, printable};
use std::{
    borrow::Cow,
    io::{self, Write},
};

/// Writes to `W` what can be seen; what is hidden is written out, as `\u{202e}`. The escape character passes, for the
/// log's own colours: what is line in it has its own escaped before.
#[derive(Debug)]
pub(super) struct SeenWriter<W>(pub W);

impl<W: Write> Write for SeenWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        self.0.write_all(escaped(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn escaped(text: &str) -> Cow<'_, str> {
    const ESCAPE: char = '\u{1b}';
    if !text.chars().any(|c| c != ESCAPE && is_hidden(c)) {
        return Cow::Borrowed(text);
    }
    let one = |c: char| match c != ESCAPE && is_hidden(c) {
        true => c.escape_unicode().to_string(),
        false => c.to_string(),
    };
    Cow::Owned(text.chars().map(one).collect())
}

/// A message for a terminal, line breaks kept.
pub(super) fn lines(message: &str) -> String {
    message.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_logged_is_seen() {
        let mut log = SeenWriter(Vec::new());
        let line = "WARN \u{1b}[2mfeed\u{1b}[0m 公告\u{202e}txt.exe\u{2066}: 读不到\n";
        log.write_all(line.as_bytes()).unwrap();
        let written = String::from_utf8(log.0).unwrap();
        assert_eq!(written, "WARN \u{1b}[2mfeed\u{1b}[0m 公告\\u{202e}txt.exe\\u{2066}: 读不到\n");
        assert_eq!(lines("甲\u{1b}[2J\n乙"), "甲\\u{1b}[2J\n乙");
    }

    /// The escape character that passes here is escaped where events are formatted.
    #[test]
    fn an_event_steers_no_terminal() {
        let written = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let writer = {
            let written = std::sync::Arc::clone(&written);
            move || SeenWriter(Shared(std::sync::Arc::clone(&written)))
        };
        let subscriber = tracing_subscriber::fmt().with_writer(writer).with_ansi(false).without_time().finish();
        tracing::subscriber::with_default(subscriber, || {
            let name = "a\u{1b}[2J\u{202e}b".to_owned();
            tracing::warn!(feed = name, "{name}");
        });
        let written = String::from_utf8(written.lock().unwrap().clone()).unwrap();
        assert!(!written.contains(['\u{1b}', '\u{202e}']) && written.contains("[2J"), "{written:?}");
    }

    struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
