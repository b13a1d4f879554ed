//! `gongshi search`: what the archive holds of some words.

use super::folders::FolderArgs;
use crate::{
    check,
    config::{self, Config, Region},
    search::{SearchHit, SearchItem, SearchQuery, SearchResults},
    store::Store,
};
use clap::Args;
use serde_json::json;
use std::{io::Write, ops::Range};

/// Arguments of `search`.
#[derive(Debug, Args)]
pub struct SearchArgs {
    #[command(flatten)]
    places: FolderArgs,
    /// The words: Han, pinyin or its initials, digits, document numbers; each word must be met.
    #[arg(value_name = "QUERY", required = true, num_args = 1..)]
    query: Vec<String>,
    /// Hits printed at most.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Hits passed over, the newest first.
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// Only under this catalogue heading, by its id.
    #[arg(long, value_name = "ID", default_value = "")]
    catalogue: String,
    /// Only of this unit, by its name.
    #[arg(long, value_name = "NAME", default_value = "")]
    unit: String,
    /// Only at this region or below it, by its code or its name in regions.csv.
    #[arg(long, value_name = "REGION", default_value = "")]
    place: String,
    /// Only of this year.
    #[arg(long, value_name = "YEAR")]
    year: Option<i16>,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

/// Prints what was found, newest first.
///
/// # Errors
/// Where the store cannot be read; finding nothing is none.
pub fn run(args: &SearchArgs, out: &mut impl Write) -> Result<(), String> {
    // Names of places and headings come from the config, but the store can be searched without one.
    let config = check::load(&config::find_dir(args.places.config.clone())).config.unwrap_or_default();
    let mut store = Store::open(&args.places.data()).map_err(|e| e.to_string())?;
    complete(&mut store)?;
    let query = SearchQuery {
        text: args.query.join(" ").into(),
        catalogue: args.catalogue.clone(),
        unit: args.unit.clone(),
        place: code(&args.place, &config.regions),
        year: args.year,
        limit: args.limit,
        offset: args.offset,
    };
    let found = store.find(&query, &config).map_err(|e| e.to_string())?;
    let done = if args.json { json(&found, out) } else { lines(&found, &config, out) };
    done.map_err(|e| e.to_string())
}

/// Finishes an index that a running program has not finished yet.
fn complete(store: &mut Store) -> Result<(), String> {
    let said = |e: crate::store::StoreError| e.to_string();
    if store.is_indexed().map_err(said)? {
        return Ok(());
    }
    tracing::info!("the store was written before there was a search; its notices are being indexed, once");
    while store.index_slice().map_err(said)? {}
    Ok(())
}

/// A region's code from its code or its name; what is neither stays, and finds nothing.
fn code(place: &str, regions: &[Region]) -> String {
    let named = regions.iter().find(|r| r.code == place).or_else(|| regions.iter().find(|r| r.name == place));
    named.map_or(place, |r| &r.code).to_owned()
}

fn lines(found: &SearchResults, config: &Config, out: &mut impl Write) -> std::io::Result<()> {
    let title = |id: &str| config.catalogue.find(id).map_or(id.to_owned(), |h| h.title.clone());
    let place = |code: &str| config.regions.iter().find(|r| r.code == code).map_or(code.to_owned(), |r| r.name.clone());
    for hit in &found.hits {
        let day = hit.day.map_or_else(|| "          ".to_owned(), |d| d.to_string());
        let marked = marked(&hit.title, &hit.marks, "【", "】");
        let about = [title(&hit.catalogue), hit.unit.clone(), place(&hit.place), name(hit)];
        let about: Vec<String> = about.into_iter().filter(|a| !a.is_empty()).collect();
        writeln!(out, "{day}  {marked}  ({})", about.join(", "))?;
        if !hit.snippet.is_empty() {
            writeln!(out, "            {}", self::marked(&hit.snippet, &hit.snippet_marks, "【", "】"))?;
        }
    }
    let total = match found.total {
        SearchResults::MAX_COUNTED => format!("{} hits or more", SearchResults::MAX_COUNTED),
        1 => "1 hit".to_owned(),
        total => format!("{total} hits"),
    };
    let partial = if found.partial { "; the index is not complete yet" } else { "" };
    writeln!(out, "{total}, {:.1} ms{partial}", found.took.as_secs_f64() * 1e3)?;
    let facets = [
        ("catalogue", head(&found.facets.catalogues, |(id, n)| format!("{} {n}", title(id)))),
        ("unit", head(&found.facets.units, |(unit, n)| format!("{unit} {n}"))),
        ("place", head(&found.facets.places, |(code, n)| format!("{} {n}", place(code)))),
        ("year", head(&found.facets.years, |(year, n)| format!("{year} {n}"))),
    ];
    for (name, values) in facets.iter().filter(|(_, values)| !values.is_empty()) {
        writeln!(out, "{name:9}  {values}")?;
    }
    Ok(())
}

/// The first few facets in one line.
fn head<T>(facets: &[T], say: impl Fn(&T) -> String) -> String {
    let more = if facets.len() > 8 { " …" } else { "" };
    format!("{}{more}", facets.iter().take(8).map(say).collect::<Vec<_>>().join(", "))
}

/// By what name the item can be asked for elsewhere.
fn name(hit: &SearchHit) -> String {
    match &hit.item {
        SearchItem::Notice(id) => format!("notice {}", id.0),
        SearchItem::Row(id) => format!("row {}", id.0),
        SearchItem::Case(receipt) => format!("case {receipt}"),
    }
}

/// A text with its marks in brackets.
fn marked(text: &str, marks: &[Range<usize>], open: &str, close: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for mark in marks {
        let (before, inside) = (text.get(at..mark.start), text.get(mark.clone()));
        if let (Some(before), Some(inside)) = (before, inside) {
            out.extend([before, open, inside, close]);
            at = mark.end;
        }
    }
    out + text.get(at..).unwrap_or_default()
}

fn json(found: &SearchResults, out: &mut impl Write) -> std::io::Result<()> {
    let marks = |marks: &[Range<usize>]| marks.iter().map(|m| [m.start, m.end]).collect::<Vec<_>>();
    let hits: Vec<_> = found
        .hits
        .iter()
        .map(|h| {
            let (kind, id) = match &h.item {
                SearchItem::Notice(id) => ("notice", json!(id.0)),
                SearchItem::Row(id) => ("row", json!(id.0)),
                SearchItem::Case(receipt) => ("case", json!(receipt)),
            };
            json!({
                "kind": kind, "id": id, "title": h.title, "marks": marks(&h.marks), "snippet": h.snippet,
                "snippet_marks": marks(&h.snippet_marks), "catalogue": h.catalogue, "unit": h.unit,
                "place": h.place, "day": h.day,
            })
        })
        .collect();
    let facets = json!({
        "catalogues": found.facets.catalogues, "units": found.facets.units, "places": found.facets.places,
        "years": found.facets.years,
    });
    let all = json!({
        "query": *found.query.text, "total": found.total, "counted_to": SearchResults::MAX_COUNTED, "partial": found.partial,
        "took_ms": found.took.as_secs_f64() * 1e3, "facets": facets, "hits": hits,
    });
    writeln!(out, "{all}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_bracketed() {
        assert_eq!(marked("村级财务公开", &[6..12, 15..18], "[", "]"), "村级[财务]公[开]");
        assert_eq!(marked("村", std::slice::from_ref(&(0..9)), "[", "]"), "村");
    }
}
