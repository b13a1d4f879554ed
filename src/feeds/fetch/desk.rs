//! Blocking work away from everything that must not wait: a thread for each piece, and a bound on those left behind.
//!
//! A thread cannot be ended from outside. So work that takes too long is asked to [`Stop`], which all parsers heed; and
//! where it goes on all the same (a shared drive that is gone holds whoever reads it), nothing more is begun for the same
//! client until it ends. A source that hangs at every look thus holds one thread, not one more each quarter of an hour.

use crate::feeds::{FeedError, stop::Stop};
use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::Builder,
    time::Duration,
};
use tokio::sync::oneshot;

/// A parser's stack. Nesting is bounded everywhere; this leaves room for what is not known.
const STACK: usize = 16 * 1024 * 1024;
/// How much parsers give way to the threads that draw.
const NICE: i32 = 5;

/// Who is still at work although nobody waits for it. Clones share it.
#[derive(Debug, Clone, Default)]
pub(in crate::feeds) struct Desk(Arc<Mutex<HashSet<String>>>);

impl Desk {
    /// Does work for `who` on a thread of its own, for `patience` at most; `source` is what a fault is said of.
    ///
    /// # Errors
    /// What the work ends with; or that it broke down, took too long, or still goes on from an earlier time.
    pub async fn apart<T: Send + 'static>(
        &self,
        who: &str,
        source: &str,
        patience: Duration,
        work: impl FnOnce(&Stop) -> Result<T, FeedError> + Send + 'static,
    ) -> Result<T, FeedError> {
        if self.late().contains(who) {
            return Err(FeedError::new(
                source,
                "an earlier look is still held up by it; see whether its drive answers",
            ));
        }
        let ticket = Ticket { desk: self.clone(), who: who.to_owned(), stop: Stop::default(), done: Arc::default() };
        let (answer, wait) = oneshot::channel();
        let (stop, end) = (ticket.stop.clone(), End(ticket.desk.clone(), ticket.who.clone(), ticket.done.clone()));
        Builder::new()
            .name("parser".to_owned())
            .stack_size(STACK)
            .spawn(move || {
                // Dropped in the opposite order, also by a panic: whoever gets the answer finds the work ended.
                let answer = answer;
                let mut end = end;
                // Where the system refuses, it just shares as it always does.
                let _ = rustix::process::nice(NICE);
                let result = work(&stop);
                end.now();
                // Whoever waited may have gone.
                let _ = answer.send(result);
            })
            .map_err(|e| FeedError::new(source, format!("the system gives no thread to read it on ({e})")))?;
        let done = tokio::time::timeout(patience, wait).await;
        drop(ticket);
        match done {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(FeedError::new(source, "its parser broke down on it; please report this source")),
            Err(_) => {
                let most = patience.as_secs();
                Err(FeedError::new(source, format!("reading it took more than {most} s; split it")))
            }
        }
    }

    fn late(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held by whoever waits; however the waiting ends, the work is to end with it.
struct Ticket {
    desk: Desk,
    who: String,
    stop: Stop,
    done: Arc<AtomicBool>,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.stop.ask();
        let mut late = self.desk.late();
        if !self.done.load(Ordering::SeqCst) {
            late.insert(self.who.clone());
        }
    }
}

/// Held by the thread; however it ends, it is late no more.
struct End(Desk, String, Arc<AtomicBool>);

impl End {
    fn now(&mut self) {
        let Self(desk, who, done) = self;
        let mut late = desk.late();
        if !done.swap(true, Ordering::SeqCst) {
            late.remove(who);
        }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        self.now();
    }
}

/// Does work that nothing can hold up for long, as decoding a picture within limits, on a thread of its own.
///
/// # Errors
/// As [`Desk::apart`].
pub(in crate::feeds) async fn apart<T: Send + 'static>(
    source: &str,
    patience: Duration,
    work: impl FnOnce() -> Result<T, FeedError> + Send + 'static,
) -> Result<T, FeedError> {
    Desk::default().apart(source, source, patience, |_| work()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};

    const SOON: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(20);

    /// Work that ends when told to, and says that it has begun.
    fn held() -> (impl FnOnce(&Stop) -> Result<(), FeedError> + Send + 'static, Sender<()>, Receiver<()>) {
        let (go, wait) = channel::<()>();
        let (begun, begins) = channel();
        let work = move |_: &Stop| {
            begun.send(()).unwrap();
            // Told, or forgotten: either ends it.
            let _ = wait.recv();
            Ok(())
        };
        (work, go, begins)
    }

    async fn until(done: impl Fn() -> bool) {
        for _ in 0..500 {
            if done() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it did not happen");
    }

    #[tokio::test]
    async fn work_that_hangs_holds_one_thread_and_no_other_source() {
        let desk = Desk::default();
        let (work, go, begins) = held();
        let said = desk.apart("a", "a.xml", SOON, work).await.unwrap_err().to_string();
        assert!(said.contains("a.xml") && said.contains("split it"), "{said}");
        begins.recv().unwrap();
        for _ in 0..3 {
            let said = desk.apart("a", "a.xml", LONG, |_| Ok(())).await.unwrap_err().to_string();
            assert!(said.contains("earlier look"), "{said}");
        }
        desk.apart("b", "b.xml", LONG, |_| Ok(())).await.unwrap();
        drop(go);
        until(|| desk.late().is_empty()).await;
        desk.apart("a", "a.xml", LONG, |_| Ok(())).await.unwrap();
    }

    #[tokio::test]
    async fn work_is_asked_to_stop_when_its_time_is_over_or_nobody_waits() {
        let desk = Desk::default();
        let endless = |stop: &Stop| {
            while !stop.is_asked() {
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(())
        };
        assert!(desk.apart("a", "a", SOON, endless).await.is_err());
        until(|| desk.late().is_empty()).await;
        let task = tokio::spawn({
            let desk = desk.clone();
            async move { desk.apart("a", "a", LONG, endless).await }
        });
        tokio::time::sleep(SOON).await;
        task.abort();
        assert!(task.await.is_err());
        until(|| desk.late().is_empty()).await;
    }

    #[tokio::test]
    async fn a_panic_is_said_and_leaves_nothing_behind() {
        let desk = Desk::default();
        let broken = |_: &Stop| -> Result<(), FeedError> { panic!("on purpose") };
        let said = desk.apart("a", "a", LONG, broken).await.unwrap_err().to_string();
        assert!(said.contains("broke down"), "{said}");
        until(|| desk.late().is_empty()).await;
        desk.apart("a", "a", LONG, |_| Ok(())).await.unwrap();
    }
}
