//! The body of a document as blocks: paragraphs, lists, tables, pictures, notes.

use super::{
    styles::{self, Mark, Numbering, Style, Styles},
    xml::XmlElement,
};
use crate::{
    feeds::{StopToken, detect, sanitize::tidy},
    model::{Block, Cell, ListItem, Span, SpanStyle},
};
use std::collections::HashMap;
use url::Url;

/// Blocks one document may have.
const MAX_BLOCKS: usize = 20_000;
/// Cells one table may have.
const MAX_CELLS: usize = 50_000;
/// Bytes of an address that can be followed.
const MAX_ADDRESS: usize = 2_048;

/// What a part of the document points to.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkTarget {
    /// An address, or a part's name.
    pub place: String,
    /// Whether it lies outside the document.
    pub is_external: bool,
}

/// A block with how its paragraph looks, by which titles are told.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The block.
    pub block: Block,
    /// Its style with its own properties; the size is that of its largest run.
    pub look: Style,
}

/// Reads a body.
pub struct Body<'a> {
    /// The document's styles.
    pub styles: &'a Styles,
    /// The document's lists.
    pub numbering: Numbering,
    /// What its relations lead to.
    pub targets: HashMap<String, LinkTarget>,
    /// The document's own address, below which its pictures are named.
    pub base: Option<Url>,
    /// Footnotes and endnotes by kind and id.
    pub notes: HashMap<(bool, String), &'a XmlElement>,
    /// What was read so far.
    pub pieces: Vec<Piece>,
    /// Looked at by paragraph and by run.
    pub stop: StopToken,
    /// The notes cited, each once, in order; and the place of each among them.
    cited: Vec<(bool, String)>,
    numbers: HashMap<(bool, String), usize>,
    carried: Vec<Span>,
}

/// A paragraph under way.
#[derive(Default)]
struct Line<'n> {
    spans: Vec<Span>,
    link: Option<String>,
    /// Fields that are open: what each says, and whether its result is being read.
    fields: Vec<(String, bool)>,
    pictures: Vec<Block>,
    boxes: Vec<&'n XmlElement>,
    size: Option<u32>,
    bold: bool,
}

impl<'a> Body<'a> {
    /// A body with nothing read yet.
    pub fn new(styles: &'a Styles, numbering: Numbering) -> Self {
        Self {
            styles,
            numbering,
            targets: HashMap::new(),
            base: None,
            notes: HashMap::new(),
            pieces: Vec::new(),
            stop: StopToken::default(),
            cited: Vec::new(),
            numbers: HashMap::new(),
            carried: Vec::new(),
        }
    }

    /// Reads what stands in a body, a cell or a text box.
    pub fn content(&mut self, node: &XmlElement) {
        for child in &node.children {
            if self.pieces.len() >= MAX_BLOCKS || self.stop.is_asked() {
                return;
            }
            match child.name.as_str() {
                "p" => self.paragraph(child),
                "tbl" => self.table(child),
                "sdt" | "sdtContent" | "ins" | "moveTo" | "smartTag" | "customXml" => self.content(child),
                "AlternateContent" => {
                    if let Some(choice) = child.child("Choice").or_else(|| child.child("Fallback")) {
                        self.content(choice);
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds the notes that were cited, in order.
    pub fn end(&mut self) {
        let mut n = 0;
        // A note may cite another; what is cited grows while they are read.
        while let Some(note) = self.cited.get(n).cloned() {
            n += 1;
            let Some(node) = self.notes.get(&note).copied() else { continue };
            if n == 1 {
                self.push(Block::Rule, Style::default());
            }
            let before = self.pieces.len();
            self.content(node);
            let mark = Span::plain(format!("[{n}] "));
            if let Some(Piece { block: Block::Paragraph { spans }, .. }) = self.pieces.get_mut(before) {
                spans.insert(0, mark);
                *spans = tidy(std::mem::take(spans));
            }
            if n >= 1000 {
                break;
            }
        }
    }

    /// The number of a note. One that is cited again stands once: a long one could be cited without end.
    fn cite(&mut self, note: (bool, String)) -> usize {
        if let Some(known) = self.numbers.get(&note) {
            return *known;
        }
        self.cited.push(note.clone());
        self.numbers.insert(note, self.cited.len());
        self.cited.len()
    }

    fn push(&mut self, block: Block, look: Style) {
        self.pieces.push(Piece { block, look });
    }

    fn paragraph(&mut self, node: &XmlElement) {
        let properties = node.child("pPr");
        let own = properties.map(styles::paragraph).unwrap_or_default();
        let style = self.styles.get(properties.and_then(|p| p.value("pStyle")));
        let mut look = Style {
            heading: own.heading.or(style.heading),
            centred: own.centred.or(style.centred),
            list: own.list.or(style.list.clone()),
            ..style
        };
        let mut line = Line { bold: look.bold.unwrap_or(false) && look.heading.is_none(), ..Line::default() };
        line.spans = std::mem::take(&mut self.carried);
        self.runs(node, &mut line);
        look.size = line.size.or(look.size);
        let Line { spans, pictures, boxes, .. } = line;
        // A paragraph whose end was deleted goes on in the next one.
        if properties.and_then(|p| p.child("rPr")).is_some_and(|r| r.child("del").is_some()) {
            self.carried = spans;
        } else {
            let spans = tidy(spans);
            if !spans.is_empty() {
                self.line(spans, look);
            }
        }
        for picture in pictures {
            self.push(picture, Style::default());
        }
        for inner in boxes {
            self.content(inner);
        }
    }

    /// A paragraph's words as a heading, an item of a list, or a paragraph.
    fn line(&mut self, mut spans: Vec<Span>, look: Style) {
        let listed = look.list.clone().filter(|(id, _)| id != "0");
        let mark = listed.as_ref().and_then(|(id, depth)| self.numbering.next(id, *depth));
        let depth = listed.map_or(0, |(_, depth)| depth);
        let goes_on = |pieces: &[Piece], wanted: bool| matches!(pieces.last(), Some(Piece { block: Block::List { ordered, .. }, .. }) if *ordered == wanted);
        let ordered = match &mark {
            Some(Mark::Bullet) if look.heading.is_none() => Some(false),
            // Lists are drawn counting from 1: a list that goes on after a paragraph keeps its numbers as words.
            Some(Mark::Number(n)) if look.heading.is_none() && (*n == 1 || depth > 0 || self.counts_on(*n)) => {
                Some(true)
            }
            _ => None,
        };
        if let Some(ordered) = ordered {
            let item = ListItem { depth, spans };
            if goes_on(&self.pieces, ordered)
                && let Some(Piece { block: Block::List { items, .. }, .. }) = self.pieces.last_mut()
                && !(matches!(mark, Some(Mark::Number(1))) && depth == 0)
            {
                items.push(item);
            } else {
                self.push(Block::List { ordered, items: vec![item] }, look);
            }
            return;
        }
        let before = match mark {
            Some(Mark::Number(n)) => format!("{n}. "),
            // 一、 needs no gap; 1.1 does.
            Some(Mark::Text(text)) if text.ends_with(|c: char| c.is_ascii_alphanumeric()) => format!("{text} "),
            Some(Mark::Text(text)) => text,
            _ => String::new(),
        };
        if !before.is_empty() {
            let style = spans.first().map(|s| s.style).unwrap_or_default();
            spans.insert(0, Span { text: before, style, link: None });
            spans = tidy(spans);
        }
        let block = match look.heading.filter(|_| !look.is_title) {
            Some(level) => Block::Heading { level: level.clamp(1, 6), spans },
            None => Block::Paragraph { spans },
        };
        self.push(block, look);
    }

    /// Whether `n` is what the list that stands last would count next.
    fn counts_on(&self, n: u32) -> bool {
        let Some(Piece { block: Block::List { ordered: true, items }, .. }) = self.pieces.last() else { return false };
        items.iter().filter(|i| i.depth == 0).count() as u64 + 1 == u64::from(n)
    }

    fn runs<'n>(&mut self, node: &'n XmlElement, line: &mut Line<'n>) {
        for child in &node.children {
            if self.stop.is_asked() {
                return;
            }
            match child.name.as_str() {
                "r" => self.run(child, line),
                "hyperlink" => {
                    let link = child.attr("id").and_then(|id| self.targets.get(id));
                    let link = link.filter(|t| t.is_external).and_then(|t| safe(&t.place));
                    let outer = std::mem::replace(&mut line.link, link);
                    self.runs(child, line);
                    line.link = outer;
                }
                "fldSimple" => {
                    let outer = line.link.clone();
                    line.link = child.attr("instr").and_then(field_link).or(line.link.take());
                    self.runs(child, line);
                    line.link = outer;
                }
                // Deleted, and moved from here.
                "del" | "moveFrom" | "pPr" | "rPr" => {}
                "ins" | "moveTo" | "smartTag" | "sdt" | "sdtContent" | "customXml" | "dir" | "bdo" | "oMath"
                | "oMathPara" => self.runs(child, line),
                _ => {}
            }
        }
    }

    fn run<'n>(&mut self, run: &'n XmlElement, line: &mut Line<'n>) {
        let properties = run.child("rPr");
        if properties.and_then(|p| p.switch("vanish")) == Some(true) {
            return;
        }
        let style = self.styles.get(properties.and_then(|p| p.value("rStyle")));
        let bold = properties.and_then(|p| p.switch("b")).or(style.bold).unwrap_or(line.bold);
        let size = properties.and_then(styles::size);
        let in_code = line.fields.iter().any(|(_, is_result)| !is_result);
        let say = |line: &mut Line<'n>, text: &str| {
            let field = line.fields.iter().rev().find_map(|(code, _)| field_link(code));
            let link = field.or_else(|| line.link.clone());
            line.spans.push(Span { text: text.to_owned(), style: SpanStyle { bold }, link });
            if !text.trim().is_empty() {
                line.size = line.size.max(size);
            }
        };
        for child in &run.children {
            match child.name.as_str() {
                "t" if !in_code => say(line, &child.words()),
                "tab" | "ptab" if !in_code => say(line, " "),
                "noBreakHyphen" if !in_code => say(line, "-"),
                "sym" if !in_code => {
                    let code = child.attr("char").and_then(|c| u32::from_str_radix(c, 16).ok());
                    let char = code.and_then(char::from_u32).filter(|c| !matches!(c, '\u{E000}'..='\u{F8FF}'));
                    say(line, &char.map_or_else(|| "□".to_owned(), String::from));
                }
                "br" | "cr" if !matches!(child.attr("type"), Some("page" | "column")) => say(line, "\n"),
                "fldChar" => match child.attr("fldCharType") {
                    Some("begin") => line.fields.push((String::new(), false)),
                    Some("separate") => {
                        if let Some((_, is_result)) = line.fields.last_mut() {
                            *is_result = true;
                        }
                    }
                    Some("end") => drop(line.fields.pop()),
                    _ => {}
                },
                "instrText" => {
                    if let Some((code, _)) = line.fields.last_mut() {
                        code.push_str(&child.words());
                    }
                }
                "footnoteReference" | "endnoteReference" => {
                    if let Some(id) = child.attr("id") {
                        let is_end = child.name == "endnoteReference";
                        let number = self.cite((is_end, id.to_owned()));
                        say(line, &format!("[{number}]"));
                    }
                }
                "drawing" | "pict" | "object" => self.drawing(child, line),
                "AlternateContent" => {
                    if let Some(choice) = child.child("Choice").or_else(|| child.child("Fallback")) {
                        self.drawing(choice, line);
                    }
                }
                _ => {}
            }
        }
    }

    /// Pictures and text boxes.
    fn drawing<'n>(&self, node: &'n XmlElement, line: &mut Line<'n>) {
        let described = node.find("docPr").and_then(|d| d.attr("descr").or_else(|| d.attr("title")));
        let alt = described.or_else(|| node.find("shape").and_then(|s| s.attr("alt"))).unwrap_or_default().trim();
        let id = node.find("blip").and_then(|b| b.attr("embed").or_else(|| b.attr("link")));
        let id = id.or_else(|| node.find("imagedata").and_then(|i| i.attr("id")));
        if let Some(target) = id.and_then(|id| self.targets.get(id)) {
            match self.picture(target) {
                Some(src) => line.pictures.push(Block::Picture { src, alt: alt.to_owned() }),
                None if !alt.is_empty() => line.spans.push(Span::plain(format!("[{alt}]"))),
                None => {}
            }
        }
        boxes(node, &mut line.boxes);
    }

    /// The address of a picture: its own, or that of the document with the part's name behind `#part=`.
    fn picture(&self, target: &LinkTarget) -> Option<String> {
        if target.is_external {
            return Url::parse(&target.place).ok().filter(|u| matches!(u.scheme(), "http" | "https")).map(Into::into);
        }
        let mut url = self.base.clone().filter(|_| detect::names_picture(&target.place))?;
        url.set_fragment(Some(&format!("part={}", target.place)));
        Some(url.into())
    }

    fn table(&mut self, node: &XmlElement) {
        let rows: Vec<&XmlElement> = rows(node);
        let mut table: Vec<Vec<Cell>> = Vec::new();
        let mut pictures = Vec::new();
        // For each column of the grid, where the cell stands that covers it downwards.
        let mut open: HashMap<usize, (usize, usize)> = HashMap::new();
        let mut count = 0;
        let single = rows.len() == 1 && rows.first().is_some_and(|r| r.all("tc").count() == 1);
        for row in rows {
            let mut cells: Vec<Cell> = Vec::new();
            let header = row.child("trPr").and_then(|p| p.switch("tblHeader")).unwrap_or(false);
            let before = row.child("trPr").and_then(|p| p.value("gridBefore")).and_then(|v| v.parse().ok());
            let mut column: usize = before.unwrap_or(0).min(200);
            for cell in row.children.iter().flat_map(cells_of) {
                count += 1;
                if count > MAX_CELLS {
                    break;
                }
                let properties = cell.child("tcPr");
                let span = properties.and_then(|p| p.value("gridSpan")).and_then(|v| v.parse().ok()).unwrap_or(1);
                let span = u16::clamp(span, 1, 200);
                let merge = properties.and_then(|p| p.child("vMerge"));
                let goes_on = merge.is_some_and(|m| m.attr("val") != Some("restart"));
                let outer = std::mem::take(&mut self.pieces);
                self.content(cell);
                let inner = std::mem::replace(&mut self.pieces, outer);
                if single {
                    // A table of one cell is a frame around what stands in it.
                    return self.pieces.extend(inner);
                }
                if goes_on
                    && let Some((r, c)) = open.get(&column)
                    && let Some(above) = table.get_mut(*r).and_then(|row| row.get_mut(*c))
                {
                    above.rowspan = above.rowspan.saturating_add(1);
                } else {
                    let text: Vec<String> =
                        inner.iter().map(|p| p.block.plain_text()).filter(|t| !t.is_empty()).collect();
                    cells.push(Cell { text: text.join("\n"), header, colspan: span, rowspan: 1 });
                    match merge {
                        Some(_) => drop(open.insert(column, (table.len(), cells.len() - 1))),
                        None => drop(open.remove(&column)),
                    }
                    pictures.extend(inner.into_iter().filter(|p| matches!(p.block, Block::Picture { .. })));
                }
                column += usize::from(span);
            }
            table.push(cells);
        }
        if table.iter().any(|row| row.iter().any(|c| !c.text.is_empty())) {
            self.push(Block::Table { rows: table }, Style::default());
        }
        self.pieces.extend(pictures);
    }
}

fn rows(table: &XmlElement) -> Vec<&XmlElement> {
    table
        .children
        .iter()
        .flat_map(|c| match c.name.as_str() {
            "tr" => vec![c],
            "sdt" | "sdtContent" | "ins" | "customXml" => rows(c),
            _ => Vec::new(),
        })
        .filter(|r| r.child("trPr").is_none_or(|p| p.child("del").is_none()))
        .collect()
}

fn cells_of(node: &XmlElement) -> Vec<&XmlElement> {
    match node.name.as_str() {
        "tc" => vec![node],
        "sdt" | "sdtContent" | "customXml" => node.children.iter().flat_map(cells_of).collect(),
        _ => Vec::new(),
    }
}

/// The text boxes of a drawing; of two ways to draw one, the first.
fn boxes<'n>(node: &'n XmlElement, found: &mut Vec<&'n XmlElement>) {
    for child in &node.children {
        match child.name.as_str() {
            "txbxContent" => found.push(child),
            "Fallback" if node.child("Choice").is_some() => {}
            _ => boxes(child, found),
        }
    }
}

/// The address of a HYPERLINK field.
fn field_link(code: &str) -> Option<String> {
    let rest = code.trim().strip_prefix("HYPERLINK")?.trim_start();
    let address =
        rest.strip_prefix('"').and_then(|r| r.split('"').next()).or_else(|| rest.split_whitespace().next())?;
    safe(address)
}

fn safe(address: &str) -> Option<String> {
    // It is kept with each run of the link.
    if address.len() > MAX_ADDRESS {
        return None;
    }
    let url = Url::parse(address.trim()).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| url.to_string())
}
