//! One entry of a feed as its document words it, and the notice it becomes.

use super::warning_days;
use crate::{
    feeds::{hint::Hint, sanitize, words::cut},
    model::{Attachment, Block, Notice, ShowPeriod, Span, Warning},
};
use jiff::Timestamp;
use url::Url;

/// Characters of a summary.
const SUMMARY: usize = 400;
/// Characters of a title made of a body.
const TITLE: usize = 40;
/// Words that stand where a source gives neither a title nor a body.
const UNTITLED: &str = "（无标题）";

/// A text of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryText {
    /// The words, as HTML or not.
    pub words: String,
    /// Whether they are said to be plain text.
    pub plain: bool,
}

/// One entry of a feed, not yet cleaned.
#[derive(Debug, Clone, Default)]
pub struct FeedEntry {
    /// The source's own id.
    pub id: String,
    /// Its title.
    pub title: EntryText,
    /// Its address, absolute.
    pub link: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// Its author.
    pub author: Option<String>,
    /// A short text.
    pub summary: EntryText,
    /// The whole text.
    pub content: EntryText,
    /// Files that come with it.
    pub attachments: Vec<Attachment>,
    /// What relative addresses in its texts stand against, where the source says.
    pub base: Option<Url>,
    /// The alert it carries, which is then all it says.
    pub alert: Option<Box<Notice>>,
    /// What it says as a warning beside its own words.
    pub warning: Option<Box<Warning>>,
}

impl FeedEntry {
    /// The notice it becomes; `None` where it has neither a title nor a body nor an address. `home` is where relative
    /// addresses stand against where neither the entry nor its own address helps; `hint` has the site's zone, and the stop.
    pub fn notice(self, home: Option<&Url>, hint: &Hint) -> Option<Notice> {
        if let Some(alert) = self.alert {
            let link = alert.link.clone().or(self.link);
            return Some(Notice { link, ..*alert });
        }
        let page = self.link.as_deref().and_then(|l| Url::parse(l).ok());
        let base = self.base.as_ref().or(page.as_ref()).or(home);
        let line = |blocks: &[Block]| blocks.iter().map(Block::plain_text).collect::<Vec<_>>().join(" ");
        let summary = self.summary.blocks(base, hint);
        let body = self.content.blocks(base, hint);
        let body = if body.is_empty() { summary.clone() } else { body };
        let short = if summary.is_empty() { line(&body) } else { line(&summary) };
        let mut title = sanitize::plain(&self.title.words);
        if title.is_empty() {
            title = cut(&line(&body), TITLE);
        }
        if title.is_empty() {
            self.link.as_ref()?;
            title = UNTITLED.into();
        }
        let key = [Some(self.id), self.link.clone()].into_iter().flatten().find(|k| !k.trim().is_empty());
        let published = self.published.or(self.updated);
        let show =
            self.warning.as_ref().map_or(ShowPeriod::default(), |w| warning_days::period(w, published, hint.zone()));
        Some(Notice {
            key: key.unwrap_or_else(|| title.clone()),
            title,
            author: self.author,
            published,
            show,
            warning: self.warning.map(|w| *w),
            updated: self.updated,
            summary: cut(&short, SUMMARY),
            body,
            attachments: self.attachments,
            link: self.link,
            ..Notice::default()
        })
    }
}

impl EntryText {
    /// HTML.
    pub fn html(words: impl Into<String>) -> Self {
        Self { words: words.into(), plain: false }
    }

    /// Plain text.
    pub fn plain(words: impl Into<String>) -> Self {
        Self { words: words.into(), plain: true }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.words.trim().is_empty()
    }

    fn blocks(&self, base: Option<&Url>, hint: &Hint) -> Vec<Block> {
        // Many feeds say text of what is HTML.
        let has_tags = || ["</", "/>", "<br", "<p>"].iter().any(|tag| self.words.contains(tag));
        if self.plain && !has_tags() {
            return paragraphs(&self.words);
        }
        sanitize::blocks_until(&self.words, base, &hint.stop)
    }
}

/// Plain text, a paragraph a line.
pub fn paragraphs(text: &str) -> Vec<Block> {
    text.split('\n')
        .map(|line| sanitize::tidy(vec![Span::plain(line)]))
        .filter(|spans| !spans.is_empty())
        .map(|spans| Block::Paragraph { spans })
        .collect()
}

/// An address made absolute; `None` where it is none that can be opened.
pub fn absolute(address: &str, base: Option<&Url>) -> Option<Url> {
    let address = address.trim();
    let url = Url::parse(address).ok().or_else(|| base.filter(|_| !address.is_empty())?.join(address).ok())?;
    // What comes from elsewhere names no files of this machine.
    let is_file = url.scheme() == "file" && base.is_some_and(|b| b.scheme() == "file");
    (is_file || matches!(url.scheme(), "http" | "https" | "ftp")).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::cut;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cut_is_the_first_characters_of_the_line(text in "[公示 a\n]{0,30}", most in 1usize..12) {
            let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let whole: String = line.chars().take(most).collect();
            let cut = cut(&text, most);
            if line.chars().count() <= most {
                prop_assert_eq!(cut, line);
            } else {
                prop_assert_eq!(cut, format!("{whole}…"));
            }
        }
    }
}
