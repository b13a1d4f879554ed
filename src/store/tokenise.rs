//! From what the index is to know of an item to the tokens and keys it holds: here for a few items, beside the thread
//! that writes for many.

use crate::search;
use std::{
    collections::HashMap,
    panic::resume_unwind,
    sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, channel, sync_channel},
    thread::JoinHandle,
};

/// Titles whose sound is remembered at most: those of a register's rows repeat.
const TITLES: usize = 4096;
/// Items handed over at once.
const BATCH: usize = 256;
/// Batches that may wait for the thread beside; where more would, the thread that asks does its share.
const MAX_WAITING_BATCHES: usize = 4;

/// What tokens are made of.
#[derive(Debug)]
pub(super) struct Words {
    /// The item's id in the index.
    pub id: i64,
    /// Found by its words and by its sound.
    pub title: String,
    /// Also found without its brackets and hyphens.
    pub number: String,
    /// All else that is said.
    pub words: String,
    /// Tokens of what a search is narrowed by.
    pub facets: String,
}

/// Tokens and keys of one item.
pub(super) type Made = (i64, [String; 2]);

/// Makes tokens, with room that is used again.
#[derive(Debug, Default)]
struct Tokeniser {
    chars: Vec<char>,
    scratch: Vec<char>,
    /// Keys of how titles sound.
    sounds: HashMap<String, String>,
}

impl Tokeniser {
    fn all(&mut self, batch: &[Words]) -> Vec<Made> {
        batch.iter().map(|words| (words.id, self.make(words))).collect()
    }

    fn make(&mut self, item: &Words) -> [String; 2] {
        self.chars.clear();
        let bare: String = item.number.chars().filter(|c| c.is_alphanumeric()).collect();
        let bare = if bare == item.number { "" } else { bare.as_str() };
        for text in [&item.title, &item.number, bare, &item.words] {
            if !text.is_empty() {
                search::append(&mut self.chars, text);
                // Two breaks part fields, so that no phrase runs from one into the next.
                self.chars.push(search::BREAK);
            }
        }
        let (mut text, mut keys) = (String::with_capacity(self.chars.len() * 8), String::new());
        search::write_tokens(&self.chars, &mut text);
        search::write_keys(&self.chars, &mut self.scratch, &mut keys);
        self.write_sounds(&item.title, &mut keys);
        text += &item.facets;
        keys += &item.facets;
        [text, keys]
    }

    fn write_sounds(&mut self, title: &str, keys: &mut String) {
        if let Some(known) = self.sounds.get(title) {
            keys.push_str(known);
            return;
        }
        let mut sounds = String::new();
        search::write_sound_keys(title, &mut sounds);
        keys.push_str(&sounds);
        if self.sounds.len() >= TITLES {
            self.sounds.clear();
        }
        self.sounds.insert(title.to_owned(), sounds);
    }
}

/// Items on their way to tokens. What was added last of one id is what counts.
#[derive(Debug, Default)]
pub(super) struct IndexBuilder {
    own: Tokeniser,
    waiting: Vec<Words>,
    made: Vec<Made>,
    beside: Option<TokenizerThread>,
}

/// The thread beside.
#[derive(Debug)]
struct TokenizerThread {
    batches: SyncSender<Vec<Words>>,
    made: Receiver<Vec<Made>>,
    /// Batches it has been given and has not given back.
    owed: usize,
    thread: JoinHandle<()>,
}

impl IndexBuilder {
    /// Adds an item.
    pub fn add(&mut self, words: Words) {
        self.waiting.push(words);
        if self.waiting.len() >= BATCH {
            let batch = std::mem::take(&mut self.waiting);
            self.hand_over(batch);
        }
    }

    /// All that was added since the last time, in the order it was added.
    pub fn take(&mut self) -> Vec<Made> {
        while self.collect(true) {}
        self.made.extend(self.own.all(&std::mem::take(&mut self.waiting)));
        std::mem::take(&mut self.made)
    }

    fn hand_over(&mut self, batch: Vec<Words>) {
        while self.collect(false) {}
        let beside = match &mut self.beside {
            Some(beside) => beside,
            none => match TokenizerThread::start() {
                Some(beside) => none.insert(beside),
                None => return self.made.extend(self.own.all(&batch)),
            },
        };
        match beside.batches.try_send(batch) {
            Ok(()) => beside.owed += 1,
            Err(TrySendError::Full(batch) | TrySendError::Disconnected(batch)) => {
                // Those before it go first.
                while self.collect(true) {}
                self.made.extend(self.own.all(&batch));
            }
        }
    }

    /// Gets a batch back; waits for it, or takes only one that is ready. `false` where there is none.
    fn collect(&mut self, wait: bool) -> bool {
        let Some(beside) = self.beside.as_mut().filter(|beside| beside.owed > 0) else { return false };
        let back = match wait {
            true => beside.made.recv().map_err(|_| TryRecvError::Disconnected),
            false => beside.made.try_recv(),
        };
        match back {
            Ok(made) => {
                beside.owed -= 1;
                self.made.extend(made);
                true
            }
            Err(TryRecvError::Empty) => false,
            Err(TryRecvError::Disconnected) => self.fall(),
        }
    }

    /// The thread beside panicked; so does this one, as if it had done the work itself.
    fn fall(&mut self) -> bool {
        if let Some(Err(why)) = self.beside.take().map(|beside| beside.thread.join()) {
            resume_unwind(why);
        }
        false
    }
}

impl TokenizerThread {
    /// `None` where the system gives no thread.
    fn start() -> Option<Self> {
        let (batches, given) = sync_channel::<Vec<Words>>(MAX_WAITING_BATCHES);
        let (back, made) = channel();
        let work = move || {
            let mut tokeniser = Tokeniser::default();
            for batch in given {
                if back.send(tokeniser.all(&batch)).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("tokens".into()).spawn(work).ok()?;
        Some(Self { batches, made, owed: 0, thread })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(id: i64) -> Words {
        let title = format!("示例镇公示第{id}号");
        let number = format!("示政发〔2026〕{id}号");
        Words { id, title, number, words: "道路维修".repeat(id as usize % 7), facets: "··y2026 ".into() }
    }

    #[test]
    fn few_and_many_give_the_same_in_order() {
        for count in [0, 1, BATCH, BATCH + 1, BATCH * MAX_WAITING_BATCHES * 4 + 9] {
            let mut making = IndexBuilder::default();
            (0..count as i64).for_each(|id| making.add(words(id)));
            let made = making.take();
            let mut alone = Tokeniser::default();
            let expected: Vec<Made> = (0..count as i64).map(|id| (id, alone.make(&words(id)))).collect();
            assert_eq!(made, expected, "{count}");
            assert_eq!(making.beside.is_some(), count >= BATCH);
            making.add(words(7));
            assert_eq!(making.take().len(), 1);
        }
    }

    #[test]
    fn a_panic_beside_is_a_panic_here() {
        let (batches, given) = sync_channel::<Vec<Words>>(1);
        let (back, made) = channel();
        let thread = std::thread::spawn(move || {
            drop((given.recv(), back));
            panic!("as tokens may");
        });
        let mut making = IndexBuilder {
            beside: Some(TokenizerThread { batches, made, owed: 0, thread }),
            ..IndexBuilder::default()
        };
        (0..BATCH as i64).for_each(|id| making.add(words(id)));
        let fell = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| making.take()));
        assert!(fell.is_err());
    }
}
