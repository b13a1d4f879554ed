//! Messages to the rendering thread: a bounded channel plus a wake, so that it sleeps while nothing happens.

use std::sync::{
    Arc,
    mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
};

/// The sending end. Sending never blocks.
pub struct Mailbox<T> {
    sender: SyncSender<T>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl<T> Clone for Mailbox<T> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone(), wake: Arc::clone(&self.wake) }
    }
}

/// The receiving end of a [`Mailbox`].
pub struct Inbox<T>(Receiver<T>);

/// Makes both ends. `wake` is called after each message and must not block.
pub fn inbox<T>(room: usize, wake: impl Fn() + Send + Sync + 'static) -> (Mailbox<T>, Inbox<T>) {
    let (sender, receiver) = sync_channel(room);
    (Mailbox { sender, wake: Arc::new(wake) }, Inbox(receiver))
}

impl<T> Mailbox<T> {
    /// Sends a message; gives it back where there is no room or nobody listens any more.
    pub fn send(&self, message: T) -> Result<(), T> {
        let sent = self.sender.try_send(message);
        (self.wake)();
        sent.map_err(|error| match error {
            TrySendError::Full(message) | TrySendError::Disconnected(message) => message,
        })
    }
}

impl<T> Inbox<T> {
    /// The next message, if one waits.
    pub fn next(&self) -> Option<T> {
        self.0.try_recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::inbox;
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    #[test]
    fn a_full_inbox_gives_the_message_back_and_still_wakes() {
        let woken = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&woken);
        let (waker, inbox) = inbox(1, move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(waker.send(1), Ok(()));
        assert_eq!(waker.send(2), Err(2));
        assert_eq!(inbox.next(), Some(1));
        assert_eq!(inbox.next(), None);
        assert_eq!(woken.load(Ordering::Relaxed), 2);
        drop(inbox);
        assert_eq!(waker.send(3), Err(3));
    }
}
