//! Answers the screens' questions from the archive, and completes documents with their pictures.

use super::{Context, Ended, Inlet, PublishNote};
use crate::{
    edition::{Answer, Query, Question, Response},
    player::{message::Inbound, pictures::ImageSet},
    store::StoreError,
};
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinSet},
};

/// How long a question may take; one of a store that does not answer is said to have failed.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a question goes on beside the same one asked again, which takes over what it fetches.
const TAKEOVER: Duration = Duration::from_secs(2);

/// What screens tell the answering side.
#[derive(Debug)]
pub(in crate::player) enum Asked {
    /// A question; an earlier one of the same screen is given up.
    Question(Question),
    /// Nothing that was asked is wanted any more: the page was left.
    Left {
        /// Index of the screen.
        screen: usize,
    },
}

/// Runs the answering side: one question a screen at a time, since a screen drops the answers to all but its last.
pub(in crate::player) async fn run(cx: Context, asked: Inlet<Asked>, notes: mpsc::Sender<PublishNote>) -> Ended {
    let mut asked = asked.open().await;
    let mut tasks: JoinSet<()> = JoinSet::new();
    let mut of_screen: HashMap<usize, (Option<Query>, AbortHandle)> = HashMap::new();
    loop {
        tokio::select! {
            biased;
            () = cx.end.cancelled() => return Ended::Asked,
            asked = asked.recv() => {
                let (screen, question) = match asked {
                    Some(Asked::Question(question)) => (question.screen, Some(question)),
                    Some(Asked::Left { screen }) => (screen, None),
                    None => return Ended::Asked,
                };
                let query = question.as_ref().map(|question| question.query.clone());
                if let Some((before, task)) = of_screen.remove(&screen) {
                    if before.is_some() && before == query {
                        // Asked again, because of a new edition: the pictures under way are taken over.
                        let cx = cx.clone();
                        tasks.spawn(async move {
                            cx.sleep_until(Some(cx.clock.monotonic() + TAKEOVER)).await;
                            task.abort();
                        });
                    } else {
                        task.abort();
                    }
                }
                if let Some(question) = question {
                    of_screen.insert(screen, (query, tasks.spawn(answer(cx.clone(), question, notes.clone()))));
                }
            }
            Some(done) = tasks.join_next() => if done.is_err_and(|error| error.is_panic()) {
                // What was asked is a visitor's own business and stands in no log.
                tracing::error!("a question could not be answered, the program broke down on it; please report this");
                drop(notes.try_send(PublishNote::BrokeDown));
            },
        }
    }
}

/// Answers one question; the words go at once, then the pictures that are kept, then those that must be fetched.
async fn answer(cx: Context, question: Question, notes: mpsc::Sender<PublishNote>) {
    let images = cx.images();
    let today = cx.wall().day();
    let Question { screen, generation, query } = question;
    let tell = |response| {
        // A screen that has no room for it asks again once it waited for long enough.
        drop(cx.mailbox.send(Inbound::Answer(Answer { screen, generation, response })));
    };
    let kind = kind(&query);
    let answered = cx.store.answer(query, Arc::clone(&images.config), today);
    let response = match tokio::time::timeout(ANSWER_TIMEOUT, answered).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => {
            tracing::error!("a question for {kind}: {error}");
            if matches!(error, StoreError::Closed) {
                // Where there is no room, it is said with the next question.
                drop(notes.try_send(PublishNote::StoreClosed));
            }
            Response::Failed
        }
        Err(_) => {
            tracing::error!("a question for {kind}: the store does not answer within {} s", ANSWER_TIMEOUT.as_secs());
            Response::Failed
        }
    };
    tell(response.clone());
    match response {
        Response::Document(mut document) => {
            let set = ImageSet::of_document(&document);
            let show = |pictures: &_, _| {
                Arc::make_mut(&mut document).pictures.clone_from(pictures);
                tell(Response::Document(Arc::clone(&document)));
            };
            images.load_images(&set, show).await;
        }
        Response::Row(mut file) => {
            let set = ImageSet::of_row(&file);
            let show = |pictures: &_, is_settled| {
                let file = Arc::make_mut(&mut file);
                file.pictures.clone_from(pictures);
                file.is_settled = is_settled;
                tell(Response::Row(Arc::new(file.clone())));
            };
            images.load_images(&set, show).await;
        }
        _ => {}
    }
}

/// What kind of thing is asked for; never its words.
pub(in crate::player) fn kind(query: &Query) -> &'static str {
    match query {
        Query::Notice(_) => "a notice",
        Query::Table(_) => "a table",
        Query::Row(_) => "a row",
        Query::Case(_) => "a case",
        Query::List(..) => "a list",
        Query::Months(..) => "the months of a list",
        Query::Search(_) => "what matches some words",
    }
}
