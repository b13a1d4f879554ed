//! Next pages that a script writes: `createPageHTML(25, 0, "index", "html")` and its like, which leave no link to follow.

use scraper::{Html, Selector};
use url::Url;

/// Calls that write the links to a list's pages.
const CALLS: [&str; 3] = ["createPageHTML", "createPage", "writePageHTML"];
/// Endings of a page's file, by which its name's argument is told from others.
const ENDINGS: [&str; 7] = ["html", "htm", "shtml", "jsp", "aspx", "php", "jhtml"];

/// What a page's script says of its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// How many there are.
    pub pages: u32,
    /// Where the second one is, as `page.next_address` is written: `index_{1}.html`.
    pub address: String,
}

/// Finds it in the page's scripts.
pub fn of(html: &Html) -> Option<Pager> {
    let scripts = Selector::parse("script").ok()?;
    html.select(&scripts).find_map(|script| {
        let text: String = script.text().collect();
        CALLS.iter().find_map(|call| text.match_indices(call).find_map(|(at, _)| called(text.get(at + call.len()..)?)))
    })
}

/// Reads the arguments of a call: how many pages, which is shown, and the name and the ending of their files.
fn called(rest: &str) -> Option<Pager> {
    let list = rest.trim_start().strip_prefix('(')?.split(')').next()?;
    let arguments: Vec<&str> = list.split(',').map(str::trim).collect();
    let quoted = |argument: &&str| {
        let inner = argument.strip_prefix(['"', '\''])?.strip_suffix(['"', '\''])?;
        Some(inner.to_owned())
    };
    let (name, ending) = arguments.windows(2).find_map(|pair| {
        let [name, ending] = pair else { return None };
        let ending = quoted(ending)?.trim_start_matches('.').to_owned();
        ENDINGS.contains(&ending.as_str()).then(|| Some((quoted(name)?, ending)))?
    })?;
    let mut numbers = arguments.iter().filter_map(|a| a.parse::<u32>().ok());
    let (pages, shown) = (numbers.next()?, numbers.next().unwrap_or_default());
    // The first page is `index.html` and the second `index_1.html`, whatever page is shown.
    (shown < pages.max(1)).then(|| Pager { pages, address: format!("{name}_{{1}}.{ending}") })
}

/// The address of page `page` (2 for the second) by a pattern such as `index_{1}.html`, whose braces hold the number of
/// the second page; `None` where the pattern has no number.
pub fn numbered(pattern: &str, list: &Url, page: u32) -> Option<Url> {
    let (before, rest) = pattern.split_once('{')?;
    let (number, after) = rest.split_once('}')?;
    let number: u32 = number.trim().parse().ok()?;
    list.join(&format!("{before}{}{after}", number.checked_add(page.checked_sub(2)?)?)).ok()
}

#[cfg(test)]
mod tests {
    use super::{numbered, of};
    use rstest::rstest;
    use scraper::Html;
    use url::Url;

    #[rstest]
    #[case("createPageHTML(25, 0, \"index\", \"html\");", Some((25, "index_{1}.html")))]
    #[case("createPageHTML('page_div',8, 0,'list','shtml',160);", Some((8, "list_{1}.shtml")))]
    #[case("var a = 1; createPageHTML(3,1,'index','htm')", Some((3, "index_{1}.htm")))]
    #[case("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}", None)]
    #[case("createPageHTML(0, 0)", None)]
    #[case("createPageHTML(", None)]
    fn a_script_says_where_the_next_pages_are(#[case] script: &str, #[case] told: Option<(u32, &str)>) {
        let html = Html::parse_document(&format!("<p>x<script>{script}</script>"));
        assert_eq!(of(&html).map(|p| (p.pages, p.address)), told.map(|(n, a)| (n, a.to_owned())));
    }

    #[test]
    fn a_pattern_counts_from_the_second_page() {
        let list = Url::parse("http://portal.example/gk/").unwrap();
        let at = |pattern: &str, page| numbered(pattern, &list, page).map(|u| u.to_string());
        assert_eq!(at("index_{1}.html", 2).as_deref(), Some("http://portal.example/gk/index_1.html"));
        assert_eq!(at("index_{1}.html", 4).as_deref(), Some("http://portal.example/gk/index_3.html"));
        assert_eq!(at("?page={2}", 3).as_deref(), Some("http://portal.example/gk/?page=3"));
        assert_eq!(at("index.html", 2), None);
        assert_eq!(at("index_{n}.html", 2), None);
        assert_eq!(at("index_{1}.html", 1), None);
    }
}
