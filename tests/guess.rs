//! `gongshi feeds guess`: what it proposes for a dozen kinds of portal page, all of a made-up county.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use gongshi::{
    config::{Config, Feed, FeedFormat, PortalSelectors},
    feeds::{Client, Guess, HarvestOutcome, Hint, Validators, guess, guess_article, harvest},
};
use proptest::prelude::*;
use rstest::rstest;
use std::process::Command;
use url::Url;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

const TITLES: [&str; 8] = [
    "关于示例镇农村道路改建工程招标的公告",
    "示例县二〇二六年秋季农机补贴发放名单公示",
    "县财政局关于公开上半年预算执行情况的通知",
    "示例村集体资产出租结果公示（第三批）",
    "关于调整城乡居民医疗保险缴费时间的通告",
    "示例县自然资源局国有土地使用权出让公告",
    "县住房保障中心公共租赁住房分配结果公示",
    "关于示例河沿岸防洪工程征地补偿方案的公告",
];

fn now() -> jiff::Timestamp {
    "2026-11-23T01:42:00Z".parse().unwrap()
}

/// A row's title, link and date, `2026-11-08` and on.
fn rows(n: usize) -> Vec<(String, String, String)> {
    (0..n)
        .map(|i| {
            (TITLES[i % 8].to_owned() + &"续".repeat(i / 8), format!("t{i}.html"), format!("2026-11-{:02}", 20 - i))
        })
        .collect()
}

fn each(n: usize, row: impl Fn(usize, &str, &str, &str) -> String) -> String {
    rows(n).iter().enumerate().map(|(i, (t, l, d))| row(i, t, l, d)).collect()
}

/// A page as portals are built: menus before, a hot list beside, links after the list.
fn portal(list: &str) -> String {
    let menu = ["首页", "政务公开", "政府信息", "办事服务", "互动交流", "走进示例"];
    let menu: String = menu.iter().map(|w| format!("<li><a href='/{w}/'>{w}</a></li>")).collect();
    let side = ["通知公告", "政策文件", "财政信息", "招标采购", "人事任免"];
    let side: String = side.iter().map(|w| format!("<li><a href='/gk/{w}/'>{w}</a></li>")).collect();
    let hot = ["示例县举办秋季招聘会吸引众多求职者", "示例镇启动冬季防火巡查工作", "县图书馆延长开放时间方便读者"];
    let hot: String = hot.iter().map(|w| format!("<li><a href='/hot/{w}.html'>{w}</a></li>")).collect();
    let links = ["示例市人民政府", "示例省人民政府", "邻县人民政府网站"];
    let links: String = links.iter().map(|w| format!("<a href='http://{}.example/'>{w}</a> ", w.len())).collect();
    format!(
        "<!doctype html><html><head><meta charset=utf-8><title>通知公告-示例县人民政府</title></head><body>\
         <div class=top><ul class=nav>{menu}</ul></div><div class=wrap><div class=left><h2>栏目</h2><ul>{side}</ul></div>\
         <div class=main><div class=pos>当前位置：<a href='/'>首页</a> &gt; <a href='/gk/'>政务公开</a></div>{list}</div>\
         <div class=right><h3>热点</h3><ul>{hot}</ul></div></div><div class=foot>友情链接：{links}<p>备案号：示例 2026-1</p></div>"
    )
}

fn look(html: impl Into<Vec<u8>>) -> Guess {
    let base = Url::parse("http://portal.example/gk/tzgg/").ok();
    guess(&html.into(), &Hint { base, now: now().to_zoned(gongshi::config::time_zone("")), ..Hint::default() }).unwrap()
}

fn told(guess: &Guess) -> Vec<(String, String)> {
    let strip = |l: &str| l.trim_start_matches("http://portal.example/gk/tzgg/").to_owned();
    guess.lists[0].rows.iter().map(|(t, l)| (t.clone(), strip(l))).collect()
}

fn wanted(n: usize) -> Vec<(String, String)> {
    rows(n).into_iter().map(|(t, l, _)| (t, l)).collect()
}

#[rstest]
#[case::list_with_dates(format!("<ul class=list>{}</ul>", each(6, |_, t, l, d| format!("<li><a href={l}>{t}</a><span>{d}</span></li>"))))]
#[case::dates_before_in_brackets(format!("<ul>{}</ul>", each(6, |_, t, l, d| format!("<li>[{d}] <a href={l} target=_blank>·{t}</a></li>"))))]
#[case::table_with_a_head(format!("<table class=tb><tr><th>序号<th>标题<th>发布单位<th>日期</tr>{}</table>", each(6, |i, t, l, d| format!("<tr><td>{i}</td><td><a href={l} title='{t}'>{}…</a></td><td>示例县财政局</td><td>{d}</td></tr>", t.chars().take(8).collect::<String>()))))]
#[case::boxes_with_summaries(format!("<div class=con>{}</div>", each(6, |_, t, l, d| format!("<div class=item><h3><a href={l}>{t}</a></h3><p class=sum>为做好这项工作，现将有关事项公布如下，请各单位遵照执行。</p><div class=time>发布时间：{d}</div></div>"))))]
#[case::definition_lists(format!("<div id=lb>{}</div>", each(6, |_, t, l, d| format!("<dl><dt><a href={l}>{t}</a></dt><dd>{d}</dd></dl>"))))]
#[case::lists_in_blocks_of_three({
    let all: Vec<String> = rows(6).iter().map(|(t, l, d)| format!("<li><a href={l}>{t}</a><span>{d}</span></li>")).collect();
    format!("<div class=lists><ul class='b b1'>{}<li class=line></li></ul><ul class='b b2'>{}</ul></div>", all[..3].concat(), all[3..].concat())
})]
#[case::a_table_for_each_row(each(6, |_, t, l, d| format!("<table width=100%><tr><td width=10>·</td><td><a href={l}>{t}</a></td><td>({d})</td></tr></table>")))]
#[case::links_around_cards(format!("<div class=cards>{}</div>", each(6, |_, t, l, d| format!("<a class=card href={l}><div class=tit>{t}</div><div class=sum>现将有关事项公布如下。</div><div class=date><b>{}</b><i>{}</i></div></a>", &d[8..], &d[..7]))))]
#[case::a_column_before_each_title(format!("<ul class=news>{}</ul>", each(6, |_, t, l, d| format!("<li>[<a href=/gk/tz/>通知</a>] <a href={l} class=t>{t}</a> <em>{d}</em></li>"))))]
#[case::a_link_that_says_look(format!("<table>{}</table>", each(6, |i, t, l, d| format!("<tr><td>{i}</td><td>{t}</td><td>{d}</td><td><a href={l}>查看</a></td></tr>"))))]
#[case::odd_and_even(format!("<div class=zx>{}</div>", each(6, |i, t, l, d| format!("<div class='row {}'><span class=d>{d}</span><a href={l}>{t}</a></div>", if i % 2 == 0 { "odd" } else { "even" }))))]
#[case::dates_inside_the_links(format!("<ul id=ul1>{}</ul>", each(6, |_, t, l, d| format!("<li><a href={l}>{t}<span>{d}</span></a></li>"))))]
#[case::two_links_to_each_article(format!("<ul class=pics>{}</ul>", each(6, |_, t, l, d| format!("<li><a href={l}><img src=p.jpg></a><h4><a href={l}>{t}</a></h4><p>{d}</p></li>"))))]
#[case::an_old_page_of_nested_tables(format!("<table><tr><td><table width=98%>{}</table></td></tr></table>", each(6, |_, t, l, d| format!("<tr><td height=25><img src=dot.gif> <a href={l}><font>{t}</font></a> <font color=gray>{d}</font></td></tr>"))))]
fn the_list_is_found_whatever_it_is_built_of(#[case] list: String) {
    let guess = look(portal(&list));
    assert_eq!((guess.format, guess.title.as_str()), ("page", "通知公告"));
    let best = &guess.lists[0];
    assert_eq!(told(&guess), wanted(6), "{best:?}");
    assert_eq!(best.dated, 6, "{best:?}");
}

#[test]
fn several_lists_are_ordered_and_the_reason_is_said() {
    let short = each(3, |i, t, l, d| format!("<li><a href=s{i}{l}>{t}</a><i>{d}</i></li>"));
    let long = each(8, |_, t, l, d| format!("<li><a href={l}>{t}</a><span>{d}</span></li>"));
    let guess = look(portal(&format!("<ul class=pinned>{short}</ul><div><ul class=all>{long}</ul></div>")));
    assert!(guess.lists.len() >= 2, "{guess:?}");
    assert_eq!(told(&guess), wanted(8));
    assert_eq!(guess.lists[1].rows.len(), 3, "{:?}", guess.lists);
    assert!(guess.lists[0].why.starts_with("8 rows, 8 with a date"), "{}", guess.lists[0].why);
}

#[rstest]
#[case("<a class=n href=index_2.html>下一页 &gt;</a>", "下一页", "")]
#[case("<script>createPageHTML(12, 0, 'index', 'html');</script>", "", "index_{1}.html")]
#[case(
    "<a href='?page=1'>1</a><a href='?page=2'>2</a><a href='?page=3'>3</a>",
    "",
    "http://portal.example/gk/tzgg/?page={2}"
)]
#[case("<a href='list_1.html'>2</a> <a href='list_2.html'>3</a>", "", "http://portal.example/gk/tzgg/list_{1}.html")]
#[case("<a href='javascript:go(2)'>下一页</a>", "", "")]
fn the_next_page_is_found(#[case] pager: &str, #[case] text: &str, #[case] address: &str) {
    let list = each(6, |_, t, l, d| format!("<li><a href={l}>{t}</a><span>{d}</span></li>"));
    let guess = look(portal(&format!("<ul class=list>{list}</ul><div class=page>{pager}</div>")));
    let page = &guess.lists[0].page;
    assert_eq!((page.next_text.as_str(), page.next_address.as_str()), (text, address));
}

fn article(page: &mut PortalSelectors, html: &str) {
    guess_article(page, html.as_bytes(), None, &Url::parse("http://portal.example/gk/tzgg/t0.html").unwrap());
}

#[test]
fn the_parts_of_an_article_are_found() {
    let text = "<p>各镇人民政府，县政府各部门：</p><p>为进一步做好农村道路的养护工作，经研究，现将有关事项通知如下。</p>\
        <p>一、提高认识，落实责任，把养护经费列入年度预算。</p>";
    let html = portal(&format!(
        "<h1>关于示例镇农村道路改建工程招标的公告</h1><div class=info><span>发布时间：2026-11-20</span>\
         <span class=ly>来源：示例县交通运输局</span><span>浏览次数：12</span></div>\
         <table class=idx><tr><td>索引号</td><td>000-1</td><td>发文字号</td><td>示政发〔2026〕3号</td></tr></table>\
         <div class=box><div class=txt>{text}</div></div><div class=fj>附件：<a href=f1.pdf>一</a><a href=f2.docx>二</a></div>"
    ));
    let mut page = PortalSelectors::default();
    article(&mut page, &html);
    assert_eq!((page.body.as_str(), page.attachments.as_str()), ("div.txt", "div.fj a"));
    assert_eq!(page.issuer, "span.ly");
    assert!(page.number.contains("table.idx") && page.number.contains("td:nth-child(4)"), "{}", page.number);
    let mut page = PortalSelectors::default();
    article(
        &mut page,
        "<meta name=ContentSource content=县政府><div id=zoom><p>公告正文在这里，共有十几个字以上。</p></div>",
    );
    assert_eq!((page.body.as_str(), page.issuer.as_str(), page.number.as_str()), ("#zoom", "", ""));
}

#[rstest]
#[case("<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "feed")]
#[case("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[]}", "feed")]
#[case("{\"data\":{\"list\":[]}}", "json")]
#[case("<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>", "cap")]
#[case("%PDF-1.7", "pdf")]
fn what_is_no_page_is_named(#[case] bytes: &str, #[case] format: &str) {
    assert_eq!(look(bytes).format, format);
}

#[test]
fn a_page_without_a_list_says_what_to_do() {
    let error = guess(b"<html><body><div id=app></div><script src=a.js></script>", &Hint::default());
    assert!(error.unwrap_err().to_string().contains("scripts"));
}

#[tokio::test]
async fn what_is_proposed_for_a_portal_in_gbk_reads_all_of_it() {
    let server = MockServer::start().await;
    let serve = |place: &str, html: String| {
        let bytes = encoding_rs::GBK.encode(&html.replace("<meta charset=utf-8>", "")).0.into_owned();
        Mock::given(path(place.to_owned())).respond_with(ResponseTemplate::new(200).set_body_raw(bytes, "text/html"))
    };
    let list = |from: usize| {
        let rows: Vec<_> = rows(8).into_iter().skip(from).take(4).collect();
        let rows: String =
            rows.iter().map(|(t, l, d)| format!("<li><a href={l}>{t}</a><span>{d}</span></li>")).collect();
        portal(&format!("<ul class=list>{rows}</ul><script>createPageHTML(2, 0, \"index\", \"html\");</script>"))
    };
    serve("/gk/", list(0)).mount(&server).await;
    serve("/gk/index_1.html", list(4)).mount(&server).await;
    for n in 0..8 {
        let text = format!("<h1>题</h1><div class=txt><p>第{n}号公告的正文，这里说明有关事项与要求。</p></div>");
        serve(&format!("/gk/t{n}.html"), portal(&text)).mount(&server).await;
    }
    let source = format!("{}/gk/", server.uri());
    let run = {
        let source = source.clone();
        tokio::task::spawn_blocking(move || {
            Command::new(env!("CARGO_BIN_EXE_gongshi")).args(["feeds", "guess", &source]).output().unwrap()
        })
    };
    let output = run.await.unwrap();
    let (toml, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{said}");
    assert!(said.contains(TITLES[0]) && said.contains("2026-11-20"), "{said}");
    let feed: Feed = toml::from_str(&toml).unwrap_or_else(|e| panic!("{e}\n{toml}"));
    assert_eq!(
        (feed.format, feed.title.as_str(), feed.source.as_str()),
        (FeedFormat::Page, "通知公告", source.as_str())
    );
    let page = PortalSelectors { pause_ms: 0, ..feed.page.clone().unwrap() };
    assert_eq!((page.body.as_str(), page.next_address.as_str()), ("div.txt", "index_{1}.html"), "{toml}");
    let feed = Feed { page: Some(page), ..feed };
    let client = Client::new();
    let config = Config { dir: ".".into(), ..Config::default() };
    let found = harvest(&client, "x", &feed, &config, &Validators::default(), now()).await.unwrap();
    let HarvestOutcome::Notices { items, faults, .. } = found.outcome else { panic!() };
    assert_eq!((items.len(), faults.len()), (8, 0), "{faults:?}");
    assert!(items.iter().all(|h| h.notice.body.len() == 1 && h.notice.published.is_some()), "{items:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    /// Whatever tags and classes a list is built of, what is proposed finds its rows and no others.
    #[test]
    fn proposed_selectors_read_back_the_same_rows(
        n in 4usize..9,
        outer in prop::sample::select(vec!["ul", "div", "table"]),
        class in prop::sample::select(vec!["", " class=list", " id=lb", " class='a b'"]),
        row_class in prop::sample::select(vec!["", " class=row", " class='c1 c2'"]),
        date_tag in prop::sample::select(vec!["span", "em", "i", "td"]),
        before in any::<bool>(),
        wrapped in any::<bool>(),
        noise in 0usize..3,
    ) {
        let row = match outer { "ul" => "li", "table" => "tr", _ => "div" };
        let date_tag = if outer == "table" { "td" } else if date_tag == "td" { "b" } else { date_tag };
        let list = each(n, |_, t, l, d| {
            let date = format!("<{date_tag}>{d}</{date_tag}>");
            let link = if outer == "table" { format!("<td><a href={l}>{t}</a></td>") } else { format!("<a href={l}>{t}</a>") };
            let inner = if before { format!("{date}{link}") } else { format!("{link}{date}") };
            let inner = if wrapped && outer != "table" { format!("<div class=in>{inner}</div>") } else { inner };
            format!("<{row}{row_class}>{inner}</{row}>")
        });
        let noise = "<p>提示：<a href=/help.html>办事指南与常见问题解答</a></p>".repeat(noise);
        let guess = look(portal(&format!("{noise}<{outer}{class}>{list}</{outer}>")));
        prop_assert_eq!(told(&guess), wanted(n), "{:?}", guess.lists);
        prop_assert_eq!(guess.lists[0].dated, n);
    }
}
