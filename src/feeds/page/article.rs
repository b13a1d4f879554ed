//! An article behind a list's row, by selectors.

use super::list::{base, own_href, selector, words};
use crate::{
    config::PortalSelectors,
    feeds::{StopToken, dates, detect::names_attachment, dom, listed, sanitize},
    model::{Attachment, Block},
};
use jiff::{Timestamp, Zoned};
use scraper::{ElementRef, Selector};
use url::Url;

/// What an article says.
#[derive(Debug, Default, PartialEq)]
pub struct Article {
    /// Its text.
    pub body: Vec<Block>,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// Its own headings, for titles that the list cuts short.
    pub headings: Vec<String>,
    /// When it says it was published.
    pub published: Option<Timestamp>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Its number.
    pub number: Option<String>,
    /// Selectors that found nothing, each in a phrase that names its key.
    pub faults: Vec<String>,
    /// What was left out of the page, in a sentence.
    pub omission: Option<&'static str>,
}

/// Reads an article.
///
/// # Errors
/// One sentence, where the page is larger than pages are.
pub fn read(text: &str, place: &Url, page: &PortalSelectors, now: &Zoned, stop: &StopToken) -> Result<Article, String> {
    let html = dom::prose(text, stop).map_err(|e| e.to_string())?;
    let base = base(&html, place);
    let mut article = Article::default();
    let css = |css: &str| Selector::parse(css).ok();
    let first = |s: &Selector| html.select(s).next();
    let meta = |name: &str| {
        let content = css(&format!("meta[name='{name}' i]")).and_then(|s| first(&s)?.attr("content"))?;
        Some(content.trim()).filter(|c| !c.is_empty()).map(str::to_owned)
    };
    let parts: Vec<ElementRef<'_>> = match selector("body", &page.body) {
        Ok(Some(s)) => html.select(&s).collect(),
        _ => ["article", "main", "body"].into_iter().filter_map(css).find_map(|s| first(&s)).into_iter().collect(),
    };
    let mut part = None;
    for found in &parts {
        article.body = sanitize::within(**found, Some(&base));
        part = Some(*found);
        if !article.body.is_empty() {
            break;
        }
    }
    match (parts.is_empty(), article.body.is_empty()) {
        (true, _) => article.faults.push(format!("page.body `{}` matches nothing", page.body)),
        (false, true) => article.faults.push(format!("page.body `{}` holds no text", page.body)),
        _ => {}
    }
    article.attachments = match selector("attachments", &page.attachments) {
        Ok(Some(s)) => files(html.select(&s), &base, false),
        _ => css("a[href]").zip(part).map(|(s, part)| files(part.select(&s), &base, true)).unwrap_or_default(),
    };
    let said = |key: &str, value: &str| {
        let found = selector(key, value).ok().flatten().and_then(|s| first(&s));
        found.map(|e| words(e, None)).filter(|w| !w.is_empty())
    };
    // The names of 政府网站发展指引 (2017), annex 2.
    article.headings = meta("ArticleTitle").into_iter().collect();
    if let Some(heading) = css("h1").and_then(|s| first(&s)) {
        article.headings.push(words(heading, None));
    }
    article.published =
        meta("PubDate").and_then(|d| dates::parse(&d, now.time_zone()).or_else(|| listed::find(&d, now)));
    article.issuer = said("issuer", &page.issuer).map(|w| value(&w)).or_else(|| meta("ContentSource"));
    article.number = said("number", &page.number).map(|w| value(&w));
    article.omission = stop.take_omission();
    Ok(article)
}

/// What stands before who issued an article.
pub const ISSUER_LABELS: [&str; 9] =
    ["信息来源", "来源", "发布机构", "发布单位", "发文机关", "发文单位", "索引机构", "公开责任部门", "供稿单位"];
/// What stands before an article's number.
pub const NUMBER_LABELS: [&str; 6] = ["发文字号", "文件编号", "项目编号", "公告编号", "文　　号", "文号"];

/// The value after a label such as 来源：, up to the next gap where other labels share the line.
pub fn value(words: &str) -> String {
    let labels = || ISSUER_LABELS.iter().chain(&NUMBER_LABELS);
    let after = |label: &&str| {
        let at = words.find(*label)?;
        let rest = words.get(at + label.len()..)?.trim_start().strip_prefix(['：', ':'])?.trim_start();
        // A label that begins the words may have a value with gaps in it, unless another label follows.
        let is_alone = at == 0 && rest.matches(['：', ':']).count() == 0;
        let value = if is_alone { rest } else { rest.split_whitespace().next().unwrap_or_default() };
        Some(value.trim().to_owned()).filter(|v| !v.is_empty())
    };
    labels().find_map(after).unwrap_or_else(|| words.to_owned())
}

fn files<'a>(links: impl Iterator<Item = ElementRef<'a>>, base: &Url, by_name: bool) -> Vec<Attachment> {
    let mut all: Vec<Attachment> = Vec::new();
    for link in links {
        let Some(url) = own_href(link, base) else { continue };
        let is_file = !by_name || names_attachment(url.path());
        let url = url.to_string();
        if is_file && all.iter().all(|a| a.url != url) {
            let title = Some(words(link, None)).filter(|w| !w.is_empty());
            all.push(Attachment { url, media_type: None, title });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{PortalSelectors, StopToken, read};
    use url::Url;

    #[test]
    fn an_article_gives_its_text_files_issuer_and_number() {
        let html = "<head><meta name=PubDate content='2026-11-23 09:30'></head><nav>导航</nav><h1>公示</h1>\
            <p id=s>来源：示例县财政局</p><p class=n>发文字号: 示财〔2026〕3号</p><div id=zoom><p>正文</p>\
            <a href='./P02.PDF?x=1'>附件一</a><a href='/index.html'>首页</a><script>x()</script></div>";
        let place = Url::parse("http://portal.example/gk/t1.html").unwrap();
        let page = PortalSelectors {
            body: "#zoom".into(),
            issuer: "#s".into(),
            number: ".n".into(),
            ..PortalSelectors::default()
        };
        let at = |page: &PortalSelectors| {
            read(
                html,
                &place,
                page,
                &jiff::Timestamp::UNIX_EPOCH.to_zoned(crate::config::time_zone("")),
                &StopToken::default(),
            )
            .unwrap()
        };
        let article = at(&page);
        assert_eq!(article.body[0].plain_text(), "正文");
        assert_eq!(article.attachments.len(), 1);
        assert_eq!(article.attachments[0].url, "http://portal.example/gk/P02.PDF?x=1");
        assert_eq!(article.issuer.as_deref(), Some("示例县财政局"));
        assert_eq!(article.number.as_deref(), Some("示财〔2026〕3号"));
        assert_eq!(article.published.unwrap().to_string(), "2026-11-23T01:30:00Z");
        assert_eq!(article.faults, Vec::<String>::new());
        let missing = at(&PortalSelectors { body: "#text".into(), ..page });
        assert!(missing.faults[0].contains("page.body `#text`"), "{:?}", missing.faults);
    }
}
