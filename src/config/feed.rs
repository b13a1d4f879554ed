//! `feeds/*.toml`: one source a file, and how to read it.

use super::changes::Changes;
use super::fault::{Fault, Severity, choose_from};
use super::places::Section;
use super::section::ConfigSection;
use super::{JsonMapping, PortalSelectors, SheetMapping};
use schemars::JsonSchema;
use serde::Deserialize;

/// One `feeds/NAME.toml`; the feed's name is the file's.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Feed {
    /// The source's name as shown to the public, such as 公共资源交易网.
    pub title: String,
    /// Where it is: `http(s)://…`, or a file or a folder, relative to the config folder.
    pub source: String,
    /// How to read it; `auto` looks at the content.
    pub format: FeedFormat,
    /// Minutes between two looks at the source (a jitter of ±10 % is added).
    pub every_minutes: u32,
    /// The catalogue heading its notices belong to.
    pub catalogue: String,
    /// The badge on its notices, such as 中标候选.
    pub kind: String,
    /// Issuer, where the source names none.
    pub issuer: String,
    /// Set to true where the source's own ids are document or project numbers, to show them as such.
    pub ids_are_numbers: bool,
    /// Days a notice is shown, of which the day of publication is the first: 6 for one of the 20th shows it through
    /// the 25th. 0 means by the periods of `catalogue.toml`, and without end where none fits.
    pub show_days: u32,
    /// Seconds one fetch may take in all.
    pub timeout_seconds: u32,
    /// Megabytes one document may have after decompression.
    pub max_megabytes: u32,
    /// Set to true where the source stands on the office's own network (10.x, 172.16–31.x, 192.168.x, this machine):
    /// otherwise an address there is refused, so that no page or redirect leads the program into it.
    pub private_network: bool,
    /// Notices taken from one harvest at most, newest first.
    pub max_notices: u32,
    /// As `max_loss_percent` of site.toml, for this feed alone: 100 where each look brings other items, as with a list of
    /// today's.
    pub max_loss_percent: Option<u32>,
    /// The charset, where the source declares a wrong one.
    pub charset: Option<String>,
    /// Set to false to stop reading it without losing what it gave.
    pub enabled: bool,
    /// The register its rows go into, by the name of its file in registers/; empty for a feed of notices.
    pub register: String,
    /// The selectors of a list page, for `format = "page"`.
    pub page: Option<PortalSelectors>,
    /// How spreadsheets are read, for `format = "sheet"`; may be left out.
    pub sheet: Option<SheetMapping>,
    /// The paths of a JSON source, for `format = "json"`.
    pub json: Option<JsonMapping>,
}

/// How a source is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FeedFormat {
    /// Found out from the content; a feed with a register, or with a section [sheet], is a spreadsheet, one with a
    /// section [json] is JSON.
    #[default]
    Auto,
    /// RSS, Atom or JSON Feed.
    Feed,
    /// Alerts of the Common Alerting Protocol, such as weather warnings.
    Cap,
    /// Procurement by the Open Contracting Data Standard: release and record packages.
    Ocds,
    /// A Markdown document.
    Markdown,
    /// A plain text document.
    Text,
    /// An HTML page that is one document.
    Html,
    /// A Word document (.docx).
    Docx,
    /// A PDF document, shown page by page.
    Pdf,
    /// A portal's list page with articles behind it, by the selectors of `[page]`.
    Page,
    /// A spreadsheet (CSV, XLSX, XLS, ODS, or a web page's table saved as one) or a folder of them: rows of the
    /// feed's register, else one notice a row.
    Sheet,
    /// JSON, by the paths of `[json]`: rows of the feed's register, else one notice an item.
    Json,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            title: String::new(),
            source: String::new(),
            format: FeedFormat::Auto,
            every_minutes: 15,
            catalogue: String::new(),
            kind: String::new(),
            issuer: String::new(),
            ids_are_numbers: false,
            show_days: 0,
            timeout_seconds: 30,
            max_megabytes: 64,
            private_network: false,
            max_notices: 10_000,
            max_loss_percent: None,
            charset: None,
            enabled: true,
            register: String::new(),
            page: None,
            sheet: None,
            json: None,
        }
    }
}

impl Feed {
    /// Whether its source is read as a spreadsheet.
    pub fn is_sheet(&self) -> bool {
        let is_told = self.sheet.is_some() || (!self.register.is_empty() && self.json.is_none());
        self.format == FeedFormat::Sheet || (self.format == FeedFormat::Auto && is_told)
    }

    /// Whether its source is read as JSON by the paths of `[json]`.
    pub fn is_json(&self) -> bool {
        self.format == FeedFormat::Json || (self.format == FeedFormat::Auto && self.json.is_some())
    }
}

impl ConfigSection for Feed {
    fn check(feed: &Section<Self>, faults: &mut Vec<Fault>) {
        check_source(feed, faults);
        check_figures(feed, faults);
        check_parts(feed, faults);
    }

    /// Its words apply to all it holds.
    fn changed(name: &str, _: Option<&Self>, _: Option<&Self>, changes: &mut Changes) {
        changes.feeds.insert(name.to_owned());
        changes.derived = true;
        changes.edition = true;
    }
}

fn check_source(feed: &Section<Feed>, faults: &mut Vec<Fault>) {
    let f = &feed.value;
    if f.source.is_empty() {
        let mend = "add source = \"…\": an address, or a file or folder beside this config";
        faults.push(feed.fault(Severity::Error, "source", "the feed has no source", mend));
    } else if let Some((scheme, _)) = f.source.split_once("://")
        && (!matches!(scheme, "http" | "https") || url::Url::parse(&f.source).is_err())
    {
        let message = format!("`{}` is not an address that can be fetched", f.source);
        faults.push(feed.fault(Severity::Error, "source", message, "write http://… or https://…, or a path"));
    }
    if f.title.is_empty() {
        let mend = "add title = \"…\": the public sees it as the source's name";
        faults.push(feed.fault(Severity::Error, "title", "the feed has no title", mend));
    }
    if f.catalogue.is_empty() && f.register.is_empty() {
        let mend = "add catalogue = \"…\" with an id of catalogue.toml, or its notices are under no heading";
        faults.push(feed.fault(Severity::Warning, "catalogue", "the feed has no catalogue heading", mend));
    }
}

fn check_figures(feed: &Section<Feed>, faults: &mut Vec<Fault>) {
    let f = &feed.value;
    let counts = [
        ("every_minutes", f.every_minutes),
        ("timeout_seconds", f.timeout_seconds),
        ("max_megabytes", f.max_megabytes),
        ("max_notices", f.max_notices),
    ];
    for (name, _) in counts.into_iter().filter(|(_, n)| *n == 0) {
        faults.push(feed.fault(Severity::Error, name, format!("`{name}` is 0"), "write 1 or more"));
    }
    if let Some(label) = &f.charset
        && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
    {
        let message = format!("`{label}` is not a known charset");
        let known = ["utf-8", "gb18030", "gbk", "gb2312", "big5", "utf-16le", "utf-16be", "windows-1252"];
        faults.push(feed.fault(Severity::Error, "charset", message, choose_from(label, &known)));
    }
}

/// The sections of a way to read must be there where it is chosen, and are read by nothing else.
fn check_parts(feed: &Section<Feed>, faults: &mut Vec<Fault>) {
    let f = &feed.value;
    let mut report =
        |severity, key: &str, message: String, mend: &str| faults.push(feed.fault(severity, key, message, mend));
    let parts = [
        ("page", f.page.is_some(), f.format == FeedFormat::Page),
        ("sheet", f.sheet.is_some(), f.is_sheet()),
        ("json", f.json.is_some(), f.is_json()),
    ];
    for (name, _, _) in parts.into_iter().filter(|(_, is_there, is_read)| *is_there && !is_read) {
        let mend = format!("write format = \"{name}\", or take the section out");
        report(Severity::Warning, name, format!("nothing reads the section [{name}]"), &mend);
    }
    if f.format == FeedFormat::Page && f.page.is_none() {
        let mend = "add a [page] section with item = \"…\", the selector of the list's rows";
        report(Severity::Error, "format", "a list page needs selectors".into(), mend);
    }
    if f.format == FeedFormat::Json && f.json.is_none() {
        let mend = "add a [json] section with items = \"…\", the JSONPath of the items";
        report(Severity::Error, "format", "a JSON source needs paths".into(), mend);
    }
    if let Some(page) = &f.page {
        page.check(&mut report);
    }
    if let Some(sheet) = &f.sheet {
        sheet.check(&mut report);
    }
    if let Some(json) = &f.json {
        json.check(&mut report);
    }
}
