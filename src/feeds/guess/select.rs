//! CSS selectors that find given elements again and nothing else, the shortest that says something first.

use scraper::{ElementRef, Html, Selector};
use std::collections::HashSet;

/// Ancestors that are tried.
const HEIGHT: usize = 8;

/// Whether a name can stand in a selector as it is, and is not one a machine counted out.
fn is_plain(name: &str) -> bool {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    name.len() < 40 && name.chars().all(is_word) && name.starts_with(|c: char| c.is_ascii_alphabetic()) && digits < 5
}

/// Simple selectors that all the elements answer to: by id, by class, by tag.
fn simple(elements: &[ElementRef<'_>]) -> Vec<String> {
    let Some(first) = elements.first() else { return Vec::new() };
    let tag = first.value().name();
    if elements.iter().any(|e| e.value().name() != tag) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(id) = first.value().id().filter(|id| is_plain(id))
        && elements.iter().all(|e| e.value().id() == Some(id))
    {
        found.push(format!("#{id}"));
    }
    for class in first.value().classes().filter(|c| is_plain(c)) {
        if elements.iter().all(|e| e.value().classes().any(|c| c == class)) {
            found.push(format!("{tag}.{class}"));
        }
    }
    found.push(tag.to_owned());
    found
}

/// A selector that finds exactly these elements on the page, `spare` ones aside.
pub fn of_all(html: &Html, elements: &[ElementRef<'_>], spare: impl Fn(ElementRef<'_>) -> bool) -> Option<String> {
    let wanted: HashSet<_> = elements.iter().map(|e| e.id()).collect();
    let is_exact = |css: &String| {
        let Ok(selector) = Selector::parse(css) else { return false };
        let mut found = 0;
        for element in html.select(&selector) {
            if wanted.contains(&element.id()) {
                found += 1;
            } else if !spare(element) {
                return false;
            }
        }
        found == wanted.len()
    };
    candidates(elements).into_iter().find(is_exact)
}

/// Selectors to try, the shortest that say something first.
fn candidates(elements: &[ElementRef<'_>]) -> Vec<String> {
    let own = simple(elements);
    let tag = own.last().cloned().unwrap_or_default();
    let mut above: Vec<Vec<String>> = Vec::new();
    let mut level: Vec<ElementRef<'_>> = elements.to_vec();
    for _ in 0..HEIGHT {
        level = level.iter().filter_map(|e| e.parent().and_then(ElementRef::wrap)).collect();
        if level.len() != elements.len() || level.iter().any(|e| matches!(e.value().name(), "body" | "html")) {
            break;
        }
        above.push(simple(&level));
    }
    let says = |css: &&String| css.contains(['#', '.']);
    let mut all = Vec::new();
    if let Some(parents) = above.first() {
        all.extend(parents.iter().filter(says).map(|parent| format!("{parent} > {tag}")));
    }
    all.extend(own.iter().filter(says).cloned());
    for ancestors in above.iter().skip(1) {
        all.extend(ancestors.iter().filter(says).map(|above| format!("{above} {tag}")));
    }
    for (height, ancestors) in above.iter().enumerate() {
        let gap = if height == 0 { " > " } else { " " };
        for ancestor in ancestors {
            all.extend(own.iter().filter(says).map(|own| format!("{ancestor}{gap}{own}")));
        }
    }
    if let Some(parents) = above.first() {
        for ancestors in above.iter().skip(1) {
            let pairs = ancestors.iter().filter(says).flat_map(|a| parents.iter().map(move |p| (a, p)));
            all.extend(pairs.map(|(ancestor, parent)| format!("{ancestor} {parent} > {tag}")));
        }
    }
    // Chains of parents, each by its class and then by its tag: `div > ul > li`.
    for pick in [<[String]>::first, <[String]>::last] as [fn(&[String]) -> Option<&String>; 2] {
        let mut chain = own.first().cloned().unwrap_or_default();
        for ancestors in &above {
            chain = format!("{} > {chain}", pick(ancestors).map_or("*", String::as_str));
            all.push(chain.clone());
        }
    }
    all.push(tag.clone());
    let mut chain = tag;
    for ancestors in &above {
        chain = format!("{} > {chain}", ancestors.last().map_or("*", String::as_str));
        all.push(chain.clone());
    }
    all
}

/// A selector that finds, as the first match in each row, its target. Rows without a target do not matter.
pub fn in_rows(targets: &[(ElementRef<'_>, ElementRef<'_>)]) -> Option<String> {
    let elements: Vec<ElementRef<'_>> = targets.iter().map(|(_, target)| *target).collect();
    let mut all = simple(&elements);
    all.extend(placed(&elements));
    let parents: Vec<ElementRef<'_>> = targets
        .iter()
        .filter(|(row, t)| row.id() != t.id())
        .filter_map(|(_, t)| ElementRef::wrap(t.parent()?))
        .collect();
    if parents.len() == elements.len() && targets.iter().zip(&parents).all(|((row, _), p)| row.id() != p.id()) {
        let mut above = simple(&parents);
        above.extend(placed(&parents));
        let own = simple(&elements);
        for ancestor in &above {
            all.extend(own.iter().map(|own| format!("{ancestor} > {own}")));
        }
    }
    let tag = elements.first().map(|e| e.value().name()).unwrap_or_default();
    all.push(format!("{tag}[title]"));
    all.into_iter().find(|css| {
        let Ok(selector) = Selector::parse(css) else { return false };
        targets.iter().all(|(row, target)| {
            crate::feeds::page::list::first(*row, &selector).is_some_and(|found| found.id() == target.id())
        })
    })
}

/// By place among the siblings, where that is the same for all: `td:nth-child(3)`.
fn placed(elements: &[ElementRef<'_>]) -> Vec<String> {
    let Some(first) = elements.first() else { return Vec::new() };
    let tag = first.value().name();
    let place = |e: &ElementRef<'_>| e.prev_siblings().filter(|n| n.value().is_element()).count() + 1;
    let from_end = |e: &ElementRef<'_>| e.next_siblings().filter(|n| n.value().is_element()).count() + 1;
    let mut found = Vec::new();
    if elements.iter().all(|e| place(e) == place(first)) {
        found.push(format!("{tag}:nth-child({})", place(first)));
    }
    if elements.iter().all(|e| from_end(e) == from_end(first)) {
        found.push(match from_end(first) {
            1 => format!("{tag}:last-child"),
            n => format!("{tag}:nth-last-child({n})"),
        });
    }
    found
}

/// A selector whose first match on the page is this element, by an id or a class of it or of what it stands in.
pub fn of_one(html: &Html, element: ElementRef<'_>) -> Option<String> {
    let is_first = |css: &String| {
        let Ok(selector) = Selector::parse(css) else { return false };
        html.select(&selector).next().is_some_and(|found| found.id() == element.id())
    };
    let one = [element];
    let mut all: Vec<String> = simple(&one).into_iter().filter(|css| css.contains(['#', '.'])).collect();
    all.extend(candidates(&one).into_iter().filter(|css| css.contains(['#', '.'])));
    let mut chain = placed(&one).into_iter().next()?;
    for above in element.ancestors().filter_map(ElementRef::wrap).take(HEIGHT) {
        let mut steps = simple(&[above]).into_iter().filter(|css| css.contains(['#', '.']));
        if let Some(step) = steps.next() {
            all.push(format!("{step} > {chain}"));
        }
        let place = placed(&[above]).into_iter().next();
        chain = format!("{} > {chain}", place.unwrap_or_else(|| above.value().name().to_owned()));
    }
    all.into_iter().find(is_first)
}
