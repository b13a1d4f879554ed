//! The parent's side: starts the worker, hears it out within bounds, and takes nothing but a whole answer.

use super::{frame, work::Job};
use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// How long the worker may take, waits included. A feed's own bound is 30 s and more.
const PATIENCE: Duration = Duration::from_secs(25);
/// What is said of a document on which the worker breaks down.
pub const BROKEN: &str = "the PDF is damaged or asks for more memory or time than it may; open it and save it anew";

/// Has the worker do a job on a document. Blocks.
///
/// # Errors
/// One sentence: what the worker says is wrong, or that it broke down, or took too long.
pub fn ask(bytes: &[u8], job: Job) -> Result<Vec<u8>, String> {
    ask_of(&program()?, PATIENCE, bytes, job)
}

fn ask_of(program: &Path, patience: Duration, bytes: &[u8], job: Job) -> Result<Vec<u8>, String> {
    let mut command = Command::new(program);
    command.arg("pdf-worker").arg("--edge").arg(job.edge.to_string());
    command.arg("--seconds").arg(job.seconds.to_string());
    if let Some(page) = job.page {
        command.arg("--page").arg(page.to_string());
    }
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("the program that opens PDFs cannot be started ({e})"))?;
    let heard = hear(&mut child, patience, bytes);
    // It has answered, or is to answer no more.
    drop(child.kill());
    drop(child.wait());
    match heard {
        None => Err(format!("the PDF took more than {} s; split it", patience.as_secs())),
        Some(answer) => frame::unwrap(&answer).unwrap_or_else(|| Err(BROKEN.to_owned())),
    }
}

/// Gives the worker its document and gathers what it sends; `None` where it takes too long.
fn hear(child: &mut Child, patience: Duration, bytes: &[u8]) -> Option<Vec<u8>> {
    let (mut input, output) = (child.stdin.take()?, child.stdout.take()?);
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut answer = Vec::new();
            // More than an answer may have is noise, and is cut where that shows.
            let read = output.take(frame::MOST as u64 + 64).read_to_end(&mut answer);
            drop(send.send(if read.is_ok() { answer } else { Vec::new() }));
        });
        // A worker that ends early closes its end; its answer says why.
        scope.spawn(move || drop(input.write_all(bytes)));
        let heard = receive.recv_timeout(patience).ok();
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
    use super::{BROKEN, Job, ask_of, frame};
    use rstest::rstest;
    use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

    /// What is said of a worker that does what a script does.
    fn said(script: &str, seconds: u64) -> Result<Vec<u8>, String> {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("worker");
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        // Larger than a pipe holds, so that a worker that does not read is felt.
        ask_of(&program, Duration::from_secs(seconds), &vec![b'x'; 1 << 20], Job { page: None, edge: 16, seconds: 1 })
    }

    #[rstest]
    #[case::crashes("kill -SEGV $$")]
    #[case::leaves_without_a_word("exit 0")]
    #[case::talks_nonsense("echo hello; cat > /dev/null")]
    #[case::never_stops_talking("cat /dev/zero")]
    #[case::says_more_than_it_announces("printf 'GONGSHI-PDF-1\\n\\001\\001\\000\\000\\000\\000\\000\\000\\000xy'")]
    fn a_worker_that_breaks_down_is_one_sentence(#[case] script: &str) {
        assert_eq!(said(script, 60), Err(BROKEN.to_owned()));
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
}
