//! What the window side tells the service, each kind in a queue of its own.

use super::{
    INLET_MESSAGES, Inlet,
    answer::{self, Asked},
};
use crate::{jobs::CancellationToken, model::DisplayReport, player::message::Outbound};
use tokio::sync::mpsc::error::TrySendError;

/// What comes from the window side, each kind in a queue of its own.
pub struct Orders {
    pub(in crate::player) asked: Inlet<Asked>,
    pub(in crate::player) displays: Inlet<DisplayReport>,
    pub(in crate::player) quit: CancellationToken,
}

/// How the window side tells the service something: it never waits, and what there is no room for is not taken: `false`.
/// Whoever waits for it is then to be told. Nothing of it stands in a log but its kind.
pub fn orders() -> (Box<dyn Fn(Outbound) -> bool + Send>, Orders) {
    let (asked, asked_inlet) = Inlet::channel(INLET_MESSAGES);
    let (displays, displays_inlet) = Inlet::channel(INLET_MESSAGES);
    let quit = CancellationToken::new();
    let orders = Orders { asked: asked_inlet, displays: displays_inlet, quit: quit.clone() };
    // A window side that is gone, be it by a panic, wants nothing more.
    let quit = quit.drop_guard();
    let give = move |order| {
        let (kind, sent) = match order {
            Outbound::Ask(question) => (answer::kind(&question.query), full(asked.try_send(Asked::Question(question)))),
            Outbound::Left { screen } => ("a page's end", full(asked.try_send(Asked::Left { screen }))),
            Outbound::Displays(report) => ("what was shown", full(displays.try_send(report))),
            Outbound::Quit => {
                quit.token().cancel();
                return true;
            }
        };
        if sent == Err(true) {
            tracing::warn!("the service is too busy: {kind} is not taken");
        }
        sent.is_ok()
    };
    (Box::new(give), orders)
}

/// Whether what could not be sent found no room, not an end that is gone.
fn full<T>(sent: Result<(), TrySendError<T>>) -> Result<(), bool> {
    sent.map_err(|error| matches!(error, TrySendError::Full(_)))
}
