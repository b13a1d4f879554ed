//! Reads the picture files that walls show, follows them, and hands them to the window side decoded and scaled.
//!
//! A look at a file is a job of its own. So a share that hangs costs its own pictures and nothing else, and what is on
//! screen stays until what takes its place is there.

use super::{Context, Ended};
use crate::{
    jobs::JobError,
    led,
    media::{FileStamp, PictureError, PictureRequest},
    player::message::{Inbound, picture},
    scene::Picture,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// Between two looks at a file.
const POLL_INTERVAL: Duration = Duration::from_secs(2);
/// How long a look may take, with reading and decoding.
const LOOK_TIMEOUT: Duration = Duration::from_secs(30);
/// Looks at the same time; those that hang not counted.
const MAX_CONCURRENT_LOOKS: usize = 4;
/// A look hangs from then on, and gives its place to others.
const SLOW_AFTER: Duration = Duration::from_secs(3);

/// What a look at a file brings.
enum FileCheck {
    /// It is as it was.
    Same,
    /// It is another, which can be shown or not.
    Other(FileStamp, Result<Picture, PictureError>),
    /// It is not there.
    Missing(PictureError),
}

/// What is known of a file at one size.
#[derive(Default)]
struct Followed {
    stamp: Option<FileStamp>,
    /// What was last said to be wrong with it.
    fault: Option<String>,
    /// When it is next looked at.
    due: Duration,
    /// Since when it is being looked at.
    looking: Option<Duration>,
}

struct Follower {
    cx: Context,
    files: BTreeMap<PictureRequest, Followed>,
    looks: JoinSet<(PictureRequest, Result<FileCheck, JobError>)>,
}

/// Follows the files that the walls of the config in use show.
pub(in crate::player) async fn run(cx: Context) -> Ended {
    let mut config = cx.config.clone();
    let mut this = Follower { cx: cx.clone(), files: BTreeMap::new(), looks: JoinSet::new() };
    loop {
        let wanted = led::picture_requests(&config.borrow_and_update().clone());
        this.files.retain(|request, _| wanted.binary_search(request).is_ok());
        for request in wanted {
            this.files.entry(request).or_default();
        }
        loop {
            let next = this.work();
            tokio::select! {
                biased;
                () = cx.end.cancelled() => return Ended::Asked,
                changed = config.changed() => match changed {
                    Ok(()) => break,
                    Err(_) => return Ended::Asked,
                },
                Some(done) = this.looks.join_next() => if let Ok((request, look)) = done {
                    this.looked(&request, look);
                },
                () = cx.sleep_until(next) => {}
            }
        }
    }
}

impl Follower {
    /// Begins the looks that are due; says when the next one is.
    fn work(&mut self) -> Option<Duration> {
        let now = self.cx.clock.monotonic();
        let slow_at = |file: &Followed| file.looking.map(|since| since.saturating_add(SLOW_AFTER));
        let busy = self.files.values().filter_map(slow_at).filter(|slow_at| *slow_at > now).count();
        let mut places = MAX_CONCURRENT_LOOKS.saturating_sub(busy);
        let mut next: Option<Duration> = None;
        for (request, file) in &mut self.files {
            let at = match slow_at(file) {
                Some(slow_at) if slow_at > now => slow_at,
                Some(_) => continue,
                None if file.due > now => file.due,
                // With the end of another, or once that is slow.
                None if places == 0 => continue,
                None => {
                    places -= 1;
                    file.looking = Some(now);
                    let (cx, request, stamp) = (self.cx.clone(), request.clone(), file.stamp);
                    self.looks.spawn(async move {
                        let look = look(&cx, &request, stamp).await;
                        (request, look)
                    });
                    now.saturating_add(SLOW_AFTER)
                }
            };
            next = Some(next.map_or(at, |next| next.min(at)));
        }
        next
    }

    fn looked(&mut self, request: &PictureRequest, look: Result<FileCheck, JobError>) {
        let Some(file) = self.files.get_mut(request) else { return };
        file.looking = None;
        file.due = self.cx.clock.monotonic().saturating_add(POLL_INTERVAL);
        let fault = match look {
            // What was wrong with it still is.
            Ok(FileCheck::Same) => return,
            Ok(FileCheck::Other(stamp, Ok(picture))) => {
                // Where the window side has no room for it, the next look brings it again.
                if self.cx.mailbox.send(Inbound::Picture(request.clone(), Arc::new(picture))).is_ok() {
                    file.stamp = Some(stamp);
                }
                None
            }
            Ok(FileCheck::Other(stamp, Err(error))) => {
                file.stamp = Some(stamp);
                Some(error.to_string())
            }
            Ok(FileCheck::Missing(error)) => {
                // What comes back is read again, even if it is the same.
                file.stamp = None;
                Some(error.to_string())
            }
            Err(error) => Some(format!("{}: {error}", request.file.display())),
        };
        if let Some(fault) = fault.as_ref().filter(|fault| file.fault.as_ref() != Some(fault)) {
            tracing::warn!("{fault}; what was shown before stays");
        }
        file.fault = fault;
    }
}

/// Looks at a file, and reads it where it is not as it was.
async fn look(cx: &Context, request: &PictureRequest, known: Option<FileStamp>) -> Result<FileCheck, JobError> {
    let (what, request) = (request.file.display().to_string(), request.clone());
    // Jobs of one owner wait for one that hangs: each file is its own.
    let owner = format!("picture {what}");
    let work = move |_: &_| match request.stamp() {
        Err(error) => FileCheck::Missing(error),
        Ok(stamp) if known == Some(stamp) => FileCheck::Same,
        Ok(stamp) => FileCheck::Other(stamp, request.load().map(picture)),
    };
    cx.pool.run_blocking(&owner, &what, LOOK_TIMEOUT, work).await
}
