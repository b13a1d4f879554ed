//! `[json]` of a feed's file: how a JSON source is read by JSONPath (RFC 9535).

use super::fault::{Report, Severity};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json_path::JsonPath;

/// A JSON source. `items` finds the items in the answer; every other path looks within one item and is a key such as
/// `title`, keys joined by dots such as `data.title`, or a JSONPath such as `$.files[*].url`. A feed with a register
/// takes the paths of its columns from their `header` names, their titles and their ids.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct JsonMapping {
    /// The items in the answer, such as `$.data.list[*]`.
    pub items: String,
    /// In an item: what tells it from others; without it the link does, else the title.
    pub id: String,
    /// In an item: the title.
    pub title: String,
    /// In an item: the address of the document.
    pub link: String,
    /// In an item: when it was published. Dates as offices write them and seconds or milliseconds since 1970 are read.
    pub published: String,
    /// In an item: when it was last changed.
    pub updated: String,
    /// In an item: its text, as plain text or HTML.
    pub body: String,
    /// In an item: a summary.
    pub summary: String,
    /// In an item: who issued it.
    pub issuer: String,
    /// In an item: its document or project number.
    pub number: String,
    /// In an item: addresses of files that come with it, or objects with an address and a name.
    pub attachments: String,
    /// In an item: the steps of a case, such as `$.steps[*]`.
    pub steps: String,
    /// The paths within one step.
    pub step: StepPaths,
    /// In the answer: the address of the next page, or the cursor for `cursor_parameter`.
    pub next: String,
    /// The query parameter that takes the cursor, such as `cursor`.
    pub cursor_parameter: String,
    /// The query parameter that takes the number of the page, such as `page`.
    pub page_parameter: String,
    /// The number of the first page.
    pub first_page: u32,
    /// The query parameter that takes the number of items to leave out, such as `offset`.
    pub offset_parameter: String,
    /// In the answer: the number of all items; paging ends there.
    pub total: String,
    /// Pages read in one look at most.
    pub max_pages: u32,
    /// Milliseconds between two requests, which are made one at a time.
    pub pause_ms: u32,
}

/// Paths within one step of a case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StepPaths {
    /// The step's name.
    pub name: String,
    /// When it began.
    pub begin: String,
    /// When it ended.
    pub end: String,
    /// Whether its time does not count.
    pub pause: String,
    /// A line for the public.
    pub note: String,
}

impl Default for StepPaths {
    fn default() -> Self {
        let key = str::to_owned;
        Self { name: key("name"), begin: key("begin"), end: key("end"), pause: key("pause"), note: key("note") }
    }
}

impl Default for JsonMapping {
    fn default() -> Self {
        let (none, key) = (String::new, str::to_owned);
        Self {
            items: key("$[*]"),
            id: key("id"),
            title: key("title"),
            link: none(),
            published: none(),
            updated: none(),
            body: none(),
            summary: none(),
            issuer: none(),
            number: none(),
            attachments: none(),
            steps: none(),
            step: StepPaths::default(),
            next: none(),
            cursor_parameter: none(),
            page_parameter: none(),
            first_page: 1,
            offset_parameter: none(),
            total: none(),
            max_pages: 20,
            pause_ms: 500,
        }
    }
}

/// The JSONPath that a path of the config stands for: a key or keys joined by dots are looked for from the top.
///
/// # Errors
/// What the parser says.
pub fn json_path(text: &str) -> Result<JsonPath, String> {
    let text = text.trim();
    let path = match text.strip_prefix('$') {
        Some(_) => text.to_owned(),
        None => {
            let keys = text.split('.').map(|k| format!("[{}]", serde_json::Value::from(k)));
            format!("${}", keys.collect::<String>())
        }
    };
    JsonPath::parse(&path).map_err(|e| e.to_string())
}

impl JsonMapping {
    /// The paths with their keys.
    pub fn paths(&self) -> Vec<(&'static str, &str)> {
        vec![
            ("items", &self.items),
            ("id", &self.id),
            ("title", &self.title),
            ("link", &self.link),
            ("published", &self.published),
            ("updated", &self.updated),
            ("body", &self.body),
            ("summary", &self.summary),
            ("issuer", &self.issuer),
            ("number", &self.number),
            ("attachments", &self.attachments),
            ("steps", &self.steps),
            ("step.name", &self.step.name),
            ("step.begin", &self.step.begin),
            ("step.end", &self.step.end),
            ("step.pause", &self.step.pause),
            ("step.note", &self.step.note),
            ("next", &self.next),
            ("total", &self.total),
        ]
    }
}

impl JsonMapping {
    /// Reports paths that are none, and figures that no source wants.
    pub(super) fn check(&self, report: Report<'_>) {
        for (key, path) in self.paths().into_iter().filter(|(_, path)| !path.trim().is_empty()) {
            if let Err(reason) = json_path(path) {
                let message = format!("`{path}` is not a JSONPath ({reason})");
                let mend = "write a key such as title, or a path such as $.data.list[*]";
                report(Severity::Error, &format!("json.{key}"), message, mend);
            }
        }
        if self.items.trim().is_empty() {
            let mend = "add items = \"…\", such as $.data.list[*]";
            report(Severity::Error, "json.items", "the answer has no items".into(), mend);
        }
        if !(1..=1000).contains(&self.max_pages) {
            let mend = "write 1 to 1000: the office's server is asked once for each";
            report(Severity::Error, "json.max_pages", format!("`max_pages` is {}", self.max_pages), mend);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::json_path;
    use serde_json::json;

    #[test]
    fn keys_and_paths_find_the_same() {
        let value = json!({"data": {"标 题": "甲", "list": [{"id": 1}]}});
        for path in ["data.标 题", "$.data['标 题']", " $..['标 题'] "] {
            assert_eq!(json_path(path).unwrap().query(&value).first(), Some(&json!("甲")), "{path}");
        }
        assert!(json_path("$.a[").is_err());
    }
}
