//! `[sheet]` of a feed's file: how spreadsheets (CSV, XLSX, XLS, ODS) are read.

use super::fault::{Report, Severity};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A spreadsheet or a folder of them. The row of column titles is found by the titles themselves: those of the feed's
/// register and their `header` names, or those of notices. Title rows above it and total rows (合计, 小计, 总计) are
/// not data; totals are compared with the rows. `gongshi parse --feed` shows what comes of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SheetMapping {
    /// Names of the sheets that are read, such as `["10月", "11月"]`; `*` at an end stands for anything. Empty reads
    /// all visible sheets that have the column titles. A CSV file is one sheet with the file's name.
    pub sheets: Vec<String>,
    /// The row of the column titles, from 1, where the titles alone do not find it; 0 looks for it in the first 50.
    pub header_row: u32,
    /// What parts the cells of a CSV file: `,` `;` or `\t`. Empty finds it out.
    pub delimiter: String,
    /// Values for columns that the table does not have, by column id: `fill = { place = "{sheet}", note = "" }`.
    /// `{sheet}`, `{file}` and `{folder}` stand for the names of the sheet, of the file without its ending, and of
    /// the folder it lies in. An empty value says that the column is not in the table, and that this is right.
    pub fill: BTreeMap<String, String>,
    /// The sheet of the cases' steps, such as 步骤; for CSV the file, such as `步骤.csv`: beside the source, or within
    /// the folder that is the source. `*` at an end stands for anything.
    pub steps: String,
    /// The titles of the columns in that sheet.
    pub step: StepTitles,
    /// The titles of the columns of a table of notices, for a feed without a register.
    pub notice: NoticeTitles,
}

/// Titles of the columns in a sheet of steps: each row is one step of one case, in order.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StepTitles {
    /// The receipt number of the case; the titles of the register's key are known as well.
    pub receipt: Vec<String>,
    /// The step's name.
    pub name: Vec<String>,
    /// When it began.
    pub begin: Vec<String>,
    /// When it ended.
    pub end: Vec<String>,
    /// Whether its time does not count: 是 or 否.
    pub pause: Vec<String>,
    /// A line for the public.
    pub note: Vec<String>,
}

impl Default for StepTitles {
    fn default() -> Self {
        Self {
            receipt: words(&["受理编号", "受理号", "办件编号", "申请编号", "receipt"]),
            name: words(&["步骤", "环节", "步骤名称", "环节名称", "step"]),
            begin: words(&["开始时间", "开始", "开始日期", "begin"]),
            end: words(&["结束时间", "结束", "结束日期", "办结时间", "end"]),
            pause: words(&["暂停", "不计时", "不计入期限", "pause"]),
            note: words(&["说明", "备注", "办理意见", "note"]),
        }
    }
}

/// Titles of the columns in a table of notices: each row is one notice.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NoticeTitles {
    /// What tells one notice from another; without it the link does, else the number, else the title.
    pub id: Vec<String>,
    /// The title; the only column that must be there.
    pub title: Vec<String>,
    /// The address of the document.
    pub link: Vec<String>,
    /// When it was published.
    pub published: Vec<String>,
    /// When it was last changed.
    pub updated: Vec<String>,
    /// Its text, as plain text or HTML.
    pub body: Vec<String>,
    /// A summary.
    pub summary: Vec<String>,
    /// Who issued it.
    pub issuer: Vec<String>,
    /// Its document or project number.
    pub number: Vec<String>,
    /// Addresses of files that come with it, parted by `;` or line breaks.
    pub attachments: Vec<String>,
}

impl Default for NoticeTitles {
    fn default() -> Self {
        Self {
            id: words(&["编号", "序列号", "id"]),
            title: words(&["标题", "名称", "公告标题", "信息标题", "项目名称", "title"]),
            link: words(&["链接", "网址", "地址链接", "link", "url"]),
            published: words(&["发布日期", "发布时间", "公示日期", "公开日期", "日期", "时间", "date", "published"]),
            updated: words(&["更新日期", "更新时间", "updated"]),
            body: words(&["正文", "内容", "公示内容", "公开内容", "body", "content"]),
            summary: words(&["摘要", "概要", "summary"]),
            issuer: words(&["发布单位", "发布机构", "发文机关", "公示单位", "单位", "issuer"]),
            number: words(&["文号", "发文字号", "项目编号", "number"]),
            attachments: words(&["附件", "attachments"]),
        }
    }
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|w| (*w).to_owned()).collect()
}

/// Whether a name is meant by a pattern with `*` at either end.
pub fn is_named(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.trim(), name.trim());
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(pattern.trim_matches('*')),
        (Some(end), None) => name.ends_with(end),
        (None, Some(start)) => name.starts_with(start),
        (None, None) => name == pattern,
    }
}

impl SheetMapping {
    /// Reports what no spreadsheet has.
    pub(super) fn check(&self, report: Report<'_>) {
        if !matches!(self.delimiter.as_str(), "" | "," | ";" | "\t" | "|") {
            let message = format!("`{}` does not part the cells of a CSV file", self.delimiter);
            let mend = "write \",\" or \";\" or \"\\t\", or leave it out";
            report(Severity::Error, "sheet.delimiter", message, mend);
        }
        if self.header_row > 50 {
            let mend = "write the number of the row with the column titles, up to 50";
            report(Severity::Error, "sheet.header_row", "the titles stand too far down".into(), mend);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_named;

    #[test]
    fn names_match_with_stars_at_the_ends() {
        assert!(is_named("步骤", "步骤 ") && is_named("steps-*", "steps-2026") && is_named("*月", "10月"));
        assert!(is_named("*步骤*", "十月步骤表") && is_named("*", "x"));
        assert!(!is_named("步骤", "步骤表") && !is_named("*月", "10月份"));
    }
}
