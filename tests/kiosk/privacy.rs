//! Nothing that a visitor typed or looked up is in any log, at any level.

use super::{Kiosk, registers::RECEIPT};
use gongshi::{
    edition::{Answer, Query, Question, Response},
    kiosk::{Action, Page},
    player::{Outbound, orders},
    search::SearchQuery,
    stage::Input,
};
use std::{process::Command, sync::Arc};

/// Words that stand nowhere but in what is typed.
const WORDS: &str = "钱某某举报";
/// Which log the visit below is run with: the program's own, or everything.
const LOG: &str = "GONGSHI_TEST_LOG";

/// All that visitors do that leaves words somewhere, in a process of its own, since a log is for a whole process.
#[test]
fn a_scripted_visit() {
    match std::env::var(LOG).as_deref() {
        Ok("program") => gongshi::cli::logging::start(),
        Ok("everything") => {
            let all = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
            all.with_writer(std::io::stderr).init();
        }
        _ => return,
    }
    let mut kiosk = Kiosk::new(1080, 1920, 40);
    kiosk.go(&Page::Search);
    kiosk.keys(WORDS);
    kiosk.go(&Page::Case(String::new().into()));
    kiosk.keys(&format!("{RECEIPT}\n"));
    // A service that is too busy drops questions, and says so.
    let (give, _taken) = orders();
    let text = || WORDS.into();
    let question = |query| Question { screen: 0, generation: 1, query };
    let mut lost = 0;
    for _ in 0..200 {
        let search = Query::Search(SearchQuery { text: text(), ..SearchQuery::default() });
        for query in [search, Query::Case(RECEIPT.into())] {
            lost += usize::from(!give(Outbound::Ask(question(query))));
        }
    }
    assert!(lost > 0);
    tracing::warn!("the visit is over");
}

fn log(which: &str) -> String {
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["privacy::a_scripted_visit", "--exact", "--nocapture"])
        .env(LOG, which)
        .env("GONGSHI_LOG", "trace")
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stderr).into_owned()
}

/// The pieces of what was typed that a log could hold: shaping splits words.
fn traces(log: &str) -> Vec<String> {
    let pairs = WORDS.chars().zip(WORDS.chars().skip(1)).map(|(a, b)| format!("{a}{b}"));
    let receipt = [RECEIPT.to_owned(), RECEIPT.to_lowercase(), "SL2026 1109".into()];
    pairs.chain(receipt).filter(|words| log.contains(words)).collect()
}

#[test]
fn no_level_of_the_log_has_what_was_typed() {
    let log = log("program");
    assert!(log.contains("the visit is over") && log.contains("too busy"), "{log}");
    assert_eq!(traces(&log), Vec::<String>::new());
}

#[test]
fn without_the_cap_the_libraries_would_write_it() {
    assert!(!traces(&log("everything")).is_empty(), "the check above finds nothing because there is nothing to find");
}

#[test]
fn nothing_of_a_visit_is_printed_for_debugging() {
    let search = SearchQuery { text: WORDS.into(), ..SearchQuery::default() };
    let found = Response::Found(Arc::new(super::registers::found(&search)));
    let printed = [
        format!("{:?}", Question { screen: 0, generation: 1, query: Query::Search(search.clone()) }),
        format!("{:?}", Query::Case(RECEIPT.into())),
        format!("{:?}", Answer { screen: 0, generation: 1, response: found }),
        format!("{search:?}"),
        format!("{:?}", Page::Case(RECEIPT.into())),
        WORDS.chars().map(|c| format!("{:?}{:?}", Action::Type(c.into()), Input::Key(c))).collect(),
    ];
    for said in printed {
        assert_eq!(traces(&said), Vec::<String>::new(), "{said}");
        assert!(!WORDS.chars().any(|c| said.contains(c)), "{said}");
    }
}
