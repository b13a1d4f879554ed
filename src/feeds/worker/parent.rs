//! The parent's side: starts the worker, hears it out within bounds, and takes nothing but a whole answer.

use super::{frame, job::WorkerJob};
use crate::feeds::StopToken;
use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// How long the worker may take, waits included. A feed's own bound is 30 s and more.
const WORKER_TIMEOUT: Duration = Duration::from_secs(25);
/// Time between two looks at whether anybody still waits.
const STOP_EVERY: Duration = Duration::from_millis(50);

/// Has the worker do a job on a document. Blocks, until the work is to stop.
///
/// # Errors
/// One sentence: what the worker says is wrong, or that it broke down, or took too long.
pub fn ask(bytes: &[u8], job: &WorkerJob, stop: &StopToken) -> Result<Vec<u8>, String> {
    ask_of(&program()?, WORKER_TIMEOUT, bytes, job, stop)
}

fn ask_of(program: &Path, limit: Duration, bytes: &[u8], job: &WorkerJob, stop: &StopToken) -> Result<Vec<u8>, String> {
    let said = serde_json::to_string(job).map_err(|e| format!("the work cannot be said ({e})"))?;
    let mut child = Command::new(program)
        .arg("worker")
        .arg(said)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("the program that opens documents cannot be started ({e})"))?;
    let heard = hear(&mut child, limit, bytes, stop);
    // It has answered, or is to answer no more.
    drop(child.kill());
    drop(child.wait());
    match heard {
        None => Err(format!("{} took more than {} s; split it", job.document(), limit.as_secs())),
        Some(answer) => frame::unwrap(&answer).unwrap_or_else(|| Err(job.broken().to_owned())),
    }
}

/// Gives the worker its document and gathers what it sends; `None` where it takes too long, or nobody waits any more.
fn hear(child: &mut Child, limit: Duration, bytes: &[u8], stop: &StopToken) -> Option<Vec<u8>> {
    let (mut input, output) = (child.stdin.take()?, child.stdout.take()?);
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut answer = Vec::new();
            // More than an answer may have is noise, and is cut where that shows.
            let read = output.take(frame::MAX_ANSWER_BYTES as u64 + 64).read_to_end(&mut answer);
            drop(send.send(if read.is_ok() { answer } else { Vec::new() }));
        });
        // A worker that ends early closes its end; its answer says why.
        scope.spawn(move || drop(input.write_all(bytes)));
        let mut left = limit;
        let heard = loop {
            match receive.recv_timeout(STOP_EVERY.min(left)) {
                Ok(answer) => break Some(answer),
                Err(mpsc::RecvTimeoutError::Disconnected) => break None,
                Err(mpsc::RecvTimeoutError::Timeout) => left = left.saturating_sub(STOP_EVERY),
            }
            if left.is_zero() || stop.is_asked() {
                break None;
            }
        };
        // What still reads or writes ends with the worker.
        drop(child.kill());
        heard
    })
}

/// This program itself, also where its file was replaced while it runs; for tests, the one they were built with.
fn program() -> Result<PathBuf, String> {
    if let Some(built) = std::env::var_os("CARGO_BIN_EXE_gongshi") {
        return Ok(built.into());
    }
    let own = PathBuf::from("/proc/self/exe");
    if own.exists() {
        return Ok(own);
    }
    std::env::current_exe().map_err(|e| format!("this program does not find itself ({e})"))
}

#[cfg(test)]
mod tests {
    use super::{StopToken, WorkerJob, ask_of, frame};
    use crate::feeds::worker::PDF_BROKEN;
    use rstest::rstest;
    use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

    /// What is said of a worker that does what a script does.
    fn said(script: &str, seconds: u64) -> Result<Vec<u8>, String> {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("worker");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        // Larger than a pipe holds, so that a worker that does not read is felt.
        ask_of(&program, Duration::from_secs(seconds), &vec![b'x'; 1 << 20], &WorkerJob::PdfText, &StopToken::default())
    }

    #[rstest]
    #[case::crashes("kill -SEGV $$")]
    #[case::leaves_without_a_word("exit 0")]
    #[case::talks_nonsense("echo hello; cat > /dev/null")]
    #[case::never_stops_talking("cat /dev/zero")]
    #[case::says_more_than_it_announces("printf 'GONGSHI-WORK-1\\n\\001\\001\\000\\000\\000\\000\\000\\000\\000xy'")]
    fn a_worker_that_breaks_down_is_one_sentence(#[case] script: &str) {
        assert_eq!(said(script, 60), Err(PDF_BROKEN.to_owned()));
    }

    #[test]
    fn a_worker_that_hangs_is_ended() {
        let error = said("exec sleep 600", 2).unwrap_err();
        assert!(error.contains("took more than 2 s"), "{error}");
    }

    #[test]
    fn a_worker_that_answers_is_heard() {
        let bytes = frame::wrap(&Ok(b"yes".to_vec()));
        let octal: String = bytes.iter().map(|b| format!("\\{b:03o}")).collect();
        assert_eq!(said(&format!("cat > /dev/null; printf '{octal}'"), 60), Ok(b"yes".to_vec()));
    }

    /// What nobody waits for any more is ended, whatever it is doing.
    #[test]
    fn a_worker_that_nobody_waits_for_is_ended() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("worker");
        fs::write(&program, "#!/bin/sh\nexec sleep 600\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let stop = StopToken::default();
        let asked = stop.clone();
        std::thread::scope(|scope| {
            let heard = scope.spawn(|| ask_of(&program, Duration::from_secs(60), b"x", &WorkerJob::PdfText, &stop));
            std::thread::sleep(Duration::from_millis(100));
            asked.ask();
            assert!(heard.join().unwrap().is_err());
        });
    }
}
