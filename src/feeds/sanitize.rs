//! HTML to clean blocks: what is kept is text, structure, pictures and links; nothing of it can run.

use super::{StopToken, dom};
use crate::model::{Block, Cell, ListItem, Span, SpanStyle};
use ego_tree::NodeRef;
use scraper::Node;
use url::Url;

/// Blocks one document may have.
const MAX_BLOCKS: usize = 20_000;
/// Elements deeper than this give only their text.
const MAX_DEPTH: usize = 120;
/// Bytes of an address; a longer one is no address, and each run of its words would hold it.
const MAX_ADDRESS: usize = 4096;

const SKIPPED: [&str; 18] = [
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "head", "title", "form",
    "input", "select", "button", "textarea", "audio", "video",
];
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "nav",
    "blockquote",
    "figure",
    "figcaption",
    "center",
    "address",
    "dl",
    "dt",
    "dd",
    "body",
    "html",
    "details",
    "summary",
    "fieldset",
    "hgroup",
    "tbody",
];

/// Turns HTML into blocks; addresses are made absolute against `base`.
pub fn blocks(html: &str, base: Option<&Url>) -> Vec<Block> {
    blocks_until(html, base, &StopToken::default())
}

/// As [`blocks`], as far as it comes until it is to stop.
pub fn blocks_until(html: &str, base: Option<&Url>, stop: &StopToken) -> Vec<Block> {
    // Text without markup is one paragraph.
    if !html.contains(['<', '&', '\0']) {
        let spans = tidy(vec![Span::plain(html.replace(['\n', '\r', '\t'], " "))]);
        return if spans.is_empty() { Vec::new() } else { vec![Block::Paragraph { spans }] };
    }
    within(dom::fragment(html, stop).tree.root(), base)
}

/// As [`blocks`], of what lies in a node of a page that is parsed already.
pub fn within(node: NodeRef<'_, Node>, base: Option<&Url>) -> Vec<Block> {
    let mut walk = Walk { base, blocks: Vec::new(), line: Vec::new(), bold: 0, link: None };
    walk.children(node, 0);
    walk.flush();
    walk.blocks
}

/// The words of HTML on one line.
pub fn plain(html: &str) -> String {
    let text = blocks(html, None).iter().map(Block::plain_text).collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Walk<'a> {
    base: Option<&'a Url>,
    blocks: Vec<Block>,
    line: Vec<Span>,
    bold: u32,
    link: Option<String>,
}

impl Walk<'_> {
    fn children(&mut self, node: NodeRef<'_, Node>, depth: usize) {
        for child in node.children() {
            if self.blocks.len() >= MAX_BLOCKS {
                return;
            }
            match child.value() {
                Node::Text(text) => self.text(text),
                Node::Element(element) => self.element(child, element, depth + 1),
                _ => {}
            }
        }
    }

    fn element(&mut self, node: NodeRef<'_, Node>, element: &scraper::node::Element, depth: usize) {
        let name = element.name();
        let hidden = element.attr("hidden").is_some()
            || element.attr("style").is_some_and(|s| s.replace(' ', "").contains("display:none"));
        if hidden || SKIPPED.contains(&name) {
            return;
        }
        if depth > MAX_DEPTH {
            return self.text(&words(node));
        }
        match name {
            "br" => self.line.push(Span::plain("\n")),
            "hr" => self.block(|_| Some(Block::Rule)),
            "img" => self.picture(element),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.children(node, depth);
                let spans = tidy(std::mem::take(&mut self.line));
                let level = name.as_bytes().get(1).map_or(1, |b| b - b'0');
                if !spans.is_empty() {
                    self.blocks.push(Block::Heading { level, spans });
                }
            }
            "ul" | "ol" => {
                let mut items = Vec::new();
                self.flush();
                self.list(node, 0, depth, &mut items);
                if !items.is_empty() {
                    self.blocks.push(Block::List { ordered: name == "ol", items });
                }
            }
            "table" => self.table(node, depth),
            "pre" => {
                let text = words(node).trim_matches('\n').to_owned();
                self.block(|_| (!text.is_empty()).then_some(Block::Preformatted { text }));
            }
            "b" | "strong" | "th" => {
                self.bold += 1;
                self.children(node, depth);
                self.bold -= 1;
            }
            "a" => {
                let link = element.attr("href").and_then(|h| self.absolute(h));
                let outer = std::mem::replace(&mut self.link, link);
                self.children(node, depth);
                self.link = outer;
            }
            name if BLOCKS.contains(&name) || name == "li" || name == "tr" => {
                self.flush();
                self.children(node, depth);
                self.flush();
            }
            _ => self.children(node, depth),
        }
    }

    fn text(&mut self, text: &str) {
        let style = SpanStyle { bold: self.bold > 0 };
        self.line.push(Span { text: text.replace(['\n', '\r', '\t'], " "), style, link: self.link.clone() });
    }

    fn block(&mut self, make: impl FnOnce(&Self) -> Option<Block>) {
        self.flush();
        if let Some(block) = make(self) {
            self.blocks.push(block);
        }
    }

    fn flush(&mut self) {
        let spans = tidy(std::mem::take(&mut self.line));
        if !spans.is_empty() {
            self.blocks.push(Block::Paragraph { spans });
        }
    }

    fn picture(&mut self, element: &scraper::node::Element) {
        let tiny = |name: &str| element.attr(name).and_then(|v| v.parse::<u32>().ok()).is_some_and(|v| v < 3);
        // Pictures of a pixel or two count visitors; they show nothing.
        if tiny("width") || tiny("height") {
            return;
        }
        let source = ["src", "data-src"].into_iter().find_map(|key| element.attr(key));
        if let Some(src) = source.and_then(|s| self.absolute(s)) {
            let alt = element.attr("alt").unwrap_or_default().trim().to_owned();
            self.block(|_| Some(Block::Picture { src, alt }));
        }
    }

    /// `level` is that of the list among lists, `depth` that of its element.
    fn list(&mut self, node: NodeRef<'_, Node>, level: u8, depth: usize, items: &mut Vec<ListItem>) {
        for child in node.children() {
            let Some(element) = child.value().as_element() else { continue };
            match element.name() {
                "ul" | "ol" if level < 8 => self.list(child, level + 1, depth + 1, items),
                "li" if items.len() < MAX_BLOCKS => {
                    let nested =
                        |n: &NodeRef<'_, Node>| n.value().as_element().is_some_and(|e| matches!(e.name(), "ul" | "ol"));
                    let mut inner =
                        Walk { base: self.base, blocks: Vec::new(), line: Vec::new(), bold: self.bold, link: None };
                    for part in child.children().filter(|n| !nested(n)) {
                        match part.value() {
                            Node::Text(text) => inner.text(text),
                            Node::Element(element) => inner.element(part, element, depth + 2),
                            _ => {}
                        }
                    }
                    inner.flush();
                    let spans = joined(inner.blocks);
                    if !spans.is_empty() {
                        items.push(ListItem { depth: level, spans });
                    }
                    for part in child.children().filter(nested).take(if level < 8 { MAX_BLOCKS } else { 0 }) {
                        self.list(part, level + 1, depth + 2, items);
                    }
                }
                _ => {}
            }
        }
    }

    fn table(&mut self, node: NodeRef<'_, Node>, depth: usize) {
        self.flush();
        let is =
            |n: &NodeRef<'_, Node>, names: &[&str]| n.value().as_element().is_some_and(|e| names.contains(&e.name()));
        let owned = |row: &NodeRef<'_, Node>| {
            is(row, &["tr"]) && row.ancestors().find(|n| is(n, &["table"])).is_none_or(|o| o.id() == node.id())
        };
        let rows = node.descendants().filter(owned).take(MAX_BLOCKS);
        let rows: Vec<Vec<NodeRef<'_, Node>>> = rows
            .map(|row| row.children().filter(|n| is(n, &["td", "th"])).take(1000).collect())
            .filter(|cells: &Vec<_>| !cells.is_empty())
            .collect();
        // A table of one cell is page furniture: its text is a paragraph. It is walked once, not first as a table: with
        // tables in tables the work would double with each.
        match rows.as_slice() {
            [] => {}
            [only] if only.len() == 1 => self.children(node, depth),
            _ => {
                let rows =
                    rows.into_iter().map(|cells| cells.into_iter().map(|n| self.cell(n, depth)).collect()).collect();
                self.blocks.push(Block::Table { rows });
            }
        }
    }

    fn cell(&self, node: NodeRef<'_, Node>, depth: usize) -> Cell {
        let element = node.value().as_element();
        let span = |key| element.and_then(|e| e.attr(key)?.trim().parse().ok()).unwrap_or(1).clamp(1, 1000);
        let mut inner = Walk { base: self.base, blocks: Vec::new(), line: Vec::new(), bold: 0, link: None };
        inner.children(node, depth + 2);
        inner.flush();
        let text = inner.blocks.iter().map(Block::plain_text).collect::<Vec<_>>().join("\n");
        let header = element.is_some_and(|e| e.name() == "th");
        Cell { text, header, colspan: span("colspan"), rowspan: span("rowspan") }
    }

    fn absolute(&self, address: &str) -> Option<String> {
        let address = address.trim();
        if address.len() > MAX_ADDRESS {
            return None;
        }
        let url = Url::parse(address).ok().or_else(|| self.base.and_then(|b| b.join(address).ok()))?;
        // What comes from elsewhere names no files of this machine.
        let is_file = url.scheme() == "file" && self.base.is_some_and(|b| b.scheme() == "file");
        (is_file || matches!(url.scheme(), "http" | "https" | "mailto" | "tel")).then(|| url.to_string())
    }
}

/// All text below a node.
fn words(node: NodeRef<'_, Node>) -> String {
    node.descendants().filter_map(|n| n.value().as_text().map(|t| t.to_string())).collect()
}

fn joined(blocks: Vec<Block>) -> Vec<Span> {
    let mut spans = Vec::new();
    for block in blocks {
        if !spans.is_empty() {
            spans.push(Span::plain("\n"));
        }
        match block {
            Block::Paragraph { spans: more } | Block::Heading { spans: more, .. } => spans.extend(more),
            other => spans.push(Span::plain(other.plain_text())),
        }
    }
    spans.retain(|s| !s.text.is_empty());
    spans
}

/// Collapses white space, drops the indent of Chinese paragraphs, and joins runs of one style.
pub(super) fn tidy(spans: Vec<Span>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    let mut gap = true;
    for span in spans {
        let mut text = String::with_capacity(span.text.len());
        for c in span.text.chars() {
            match c {
                '\n' => {
                    while text.ends_with(' ') {
                        text.pop();
                    }
                    text.push('\n');
                    gap = true;
                }
                '\u{3000}' if gap => {}
                c if c.is_whitespace() || c == '\u{FEFF}' || c == '\u{200B}' => {
                    if !gap {
                        text.push(' ');
                    }
                    gap = true;
                }
                c if c.is_control() => {}
                c => {
                    text.push(c);
                    gap = false;
                }
            }
        }
        match out.last_mut() {
            Some(last) if last.style == span.style && last.link == span.link => last.text.push_str(&text),
            _ if !text.is_empty() => out.push(Span { text, ..span }),
            _ => {}
        }
    }
    while let Some(last) = out.last_mut() {
        last.text.truncate(last.text.trim_end().len());
        if !last.text.is_empty() {
            break;
        }
        out.pop();
    }
    if let Some(first) = out.first_mut() {
        first.text = first.text.trim_start().to_owned();
    }
    out.retain(|s| !s.text.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::{blocks, plain};
    use crate::model::Block;
    use proptest::prelude::*;
    use url::Url;

    #[test]
    fn nothing_that_runs_is_kept() {
        let html =
            "<script>alert(1)</script><p onclick=x>公<b>示</b></p><style>p{}</style><a href='javascript:x'>链</a>";
        let text = format!("{:?}", blocks(html, None));
        assert!(!text.contains("alert") && !text.contains("javascript") && text.contains("示"), "{text}");
    }

    #[test]
    fn structure_is_kept() {
        let html = "<h2>一、<i>标题</i></h2>　　正文<br>第二行<ul><li>甲<ul><li>乙</li></ul></li></ul>\
            <table><tr><th colspan=2>表头</th></tr><tr><td>1</td><td>2<br>3</td></tr></table><img src=a.png alt=图>";
        let base = Url::parse("http://example.invalid/x/").unwrap();
        let found = blocks(html, Some(&base));
        assert!(matches!(&found[0], Block::Heading { level: 2, spans } if spans[0].text == "一、标题"));
        assert!(matches!(&found[1], Block::Paragraph { spans } if spans[0].text == "正文\n第二行"), "{found:?}");
        assert!(
            matches!(&found[2], Block::List { items, .. } if items[1].depth == 1 && items[0].spans[0].text == "甲")
        );
        assert!(matches!(&found[3], Block::Table { rows } if rows[0][0].colspan == 2 && rows[1][1].text == "2\n3"));
        assert!(matches!(&found[4], Block::Picture { src, .. } if src == "http://example.invalid/x/a.png"));
    }

    #[test]
    fn deep_nesting_ends() {
        let html = format!("{}深{}", "<div>".repeat(20_000), "</div>".repeat(20_000));
        assert_eq!(plain(&html), "深");
    }

    #[test]
    fn no_mixture_of_nested_elements_outgrows_the_stack() {
        for part in ["<p><i><table><tr><td><li><a href=x>", "<table><tr><td>", "<ul><li><table><tr><td>", "<b id=1>"] {
            let html = format!("{}深", part.repeat(14_000));
            assert!(plain(&html).ends_with('深'), "{part}");
        }
        // Unclosed formatting is opened anew by each paragraph.
        let html: String = (0..2000).map(|n| format!("<font size={n}><p>公")).collect();
        assert_eq!(plain(&html).matches('公').count(), 2000);
    }

    #[test]
    fn tables_and_lists_in_each_other_count_as_deep() {
        for part in ["<table><tr><td>", "<ul><li><table><tr><td>"] {
            assert!(plain(&format!("{}深", part.repeat(400))).ends_with('深'), "{part}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_clean_spans(html in "[<>/a-z=\"' 公示　&;]{0,200}") {
            for block in blocks(&html, None) {
                if let Block::Paragraph { spans } = block {
                    prop_assert!(!spans.is_empty() && spans.iter().all(|s| !s.text.is_empty()));
                }
            }
        }
    }
}
