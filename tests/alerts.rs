//! Alerts: the real ones, the Chinese profile, and that none is on screen a minute longer than it holds.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use gongshi::{
    feeds::{Harvest, HarvestOutcome, Harvested, Hint, Parsed, Validators, parse},
    model::{Notice, Warning, WarningLevel, WarningStage},
    store::Store,
};
use std::path::Path;

fn read(document: &str) -> Parsed {
    parse(document.as_bytes(), &Hint { name: "alert.xml".into(), ..Hint::default() }).unwrap()
}

fn warning(notice: &Notice) -> &Warning {
    notice.warning.as_ref().unwrap()
}

fn words(notice: &Notice) -> String {
    notice.body.iter().map(|b| b.plain_text()).collect::<Vec<_>>().join("|")
}

/// An alert of a made-up county in the Chinese profile, with what is to be changed in it.
fn chinese(id: &str, changes: &[(&str, &str)]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<alert><identifier>{id}</identifier><sender>示例县预警信息发布中心</sender><senderCode>99000141600000</senderCode>
<sent>2026-11-23 09:30:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<references></references>
<info><language>zh-CN</language><eventType>11B03</eventType><urgency>Immediate</urgency><severity>Orange</severity>
<certainty>Likely</certainty><effective>2026-11-23 09:30:00</effective><expires>2026-11-23 15:30:00</expires>
<senderName>示例县气象台</senderName><headline>示例县气象台发布暴雨橙色预警信号</headline>
<description>预计未来3小时，示例镇降雨量将达50毫米以上。</description>
<instruction>1.停止户外作业。
2.转移危险地带人员。</instruction>
<area><areaDesc>示例镇</areaDesc><geocode><valueName>行政区划编码</valueName><value>990001100000</value></geocode></area>
<area><areaDesc>样板乡</areaDesc></area></info></alert>"
    );
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text
}

const ID: &str = "99000141600000_2026112309300011";

#[test]
fn the_chinese_profile_is_read_whole() {
    let parsed = read(&chinese(ID, &[]));
    let notice = &parsed.items[0];
    assert_eq!(parsed.faults, []);
    assert_eq!((notice.title.as_str(), notice.kind.as_str()), ("示例县气象台发布暴雨橙色预警信号", "橙色预警"));
    assert_eq!((notice.key.as_str(), notice.issuer.as_deref()), (ID, Some("示例县气象台")));
    assert_eq!(ID.len(), 31);
    assert_eq!(notice.published.unwrap().to_string(), "2026-11-23T01:30:00Z");
    assert_eq!(notice.show.until.unwrap().to_string(), "2026-11-23");
    assert_eq!(
        words(notice),
        "预计未来3小时，示例镇降雨量将达50毫米以上。|防御指南|1.停止户外作业。|2.转移危险地带人员。|影响区域|示例镇\n样板乡"
    );
    let warning = warning(notice);
    assert_eq!((warning.level, warning.stage, warning.actual), (Some(WarningLevel::Orange), WarningStage::Alert, true));
    assert_eq!((warning.event.as_str(), warning.codes.as_slice()), ("暴雨", ["990001100000".to_owned()].as_slice()));
    assert_eq!(warning.areas, ["示例镇", "样板乡"]);
    assert_eq!(warning.expires.unwrap().to_string(), "2026-11-23T07:30:00Z");
    let at = |text: &str| text.parse().unwrap();
    assert!(warning.holds(at("2026-11-23T07:29:59Z")) && !warning.holds(at("2026-11-23T07:30:00Z")));
}

#[test]
fn levels_are_found_wherever_they_are_said() {
    for (change, level) in [
        ((">Orange<", ">红色<"), Some(WarningLevel::Red)),
        ((">Orange<", ">Blue<"), Some(WarningLevel::Blue)),
        ((">Orange<", ">Unknown<"), Some(WarningLevel::Orange)),
        (("<severity>Orange</severity>", ""), Some(WarningLevel::Orange)),
        (
            (
                "<severity>Orange</severity>",
                "<parameter><valueName>预警级别</valueName><value>Yellow</value></parameter>",
            ),
            Some(WarningLevel::Yellow),
        ),
    ] {
        assert_eq!(warning(&read(&chinese(ID, &[change])).items[0]).level, level, "{change:?}");
    }
    let bare = [(">Orange<", ">Unknown<"), ("发布暴雨橙色预警信号", "提醒")];
    assert_eq!(warning(&read(&chinese(ID, &bare)).items[0]).level, None);
}

#[test]
fn without_a_headline_the_title_is_event_and_level() {
    let changes = [("<headline>示例县气象台发布暴雨橙色预警信号</headline>", "<event>暴雨</event>")];
    assert_eq!(read(&chinese(ID, &changes)).items[0].title, "暴雨橙色预警");
}

#[test]
fn what_is_not_meant_says_so() {
    for (status, prefix) in [("Exercise", "【演练】"), ("Test", "【测试】"), ("Draft", "【草稿】")] {
        let parsed = read(&chinese(ID, &[(">Actual<", &format!(">{status}<"))]));
        assert!(!warning(&parsed.items[0]).actual && parsed.items[0].title.starts_with(prefix), "{status}");
    }
    for change in [(">Public<", ">Restricted<"), (">Alert<", ">Ack<")] {
        assert!(!warning(&read(&chinese(ID, &[change])).items[0]).actual, "{change:?}");
    }
}

#[test]
fn references_are_read_with_times_that_hold_a_space() {
    let references =
        format!("<references>示例县预警信息发布中心,{ID},2026-11-23 09:30:00 x,other,2026-11-23 08:00:00</references>");
    let changes = [(">Alert<", ">Update<"), ("<references></references>", references.as_str())];
    let parsed = read(&chinese("99000141600000_2026112310000012", &changes));
    let warning = warning(&parsed.items[0]);
    assert_eq!(warning.stage, WarningStage::Update);
    assert_eq!(warning.references, [ID, "other"]);
}

#[test]
fn chinese_words_come_first() {
    let english = "<info><language>en</language><event>Rainstorm</event><severity>Severe</severity><headline>Rainstorm Warning</headline>\
        <description>Heavy rain.</description></info><info><language>zh-CN</language>";
    let parsed = read(&chinese(ID, &[("<info><language>zh-CN</language>", english)]));
    assert_eq!(parsed.items[0].title, "示例县气象台发布暴雨橙色预警信号");
    assert!(words(&parsed.items[0]).ends_with("||Rainstorm Warning|Heavy rain."), "{}", words(&parsed.items[0]));
}

#[test]
fn an_alert_within_a_feed_wins_over_its_entry() {
    let alert = chinese(
        ID,
        &[
            ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", ""),
            ("<alert>", "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">"),
        ],
    );
    let feed = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:c='urn:oasis:names:tc:emergency:cap:1.2'><title>预警</title>
        <entry><id>a</id><title>短标题</title><link href='http://example.invalid/a'/><content type='application/cap+xml'>{alert}</content></entry>
        <entry><id>b</id><title>大雾黄色预警</title><link type='application/cap+xml' href='http://example.invalid/b.cap'/>
        <updated>2026-11-23T09:30:00+08:00</updated><c:event>大雾</c:event><c:severity>Moderate</c:severity><c:msgType>Alert</c:msgType>
        <c:expires>2026-11-23T12:00:00+08:00</c:expires><c:areaDesc>示例镇</c:areaDesc></entry></feed>"
    );
    let parsed = read(&feed);
    assert_eq!(parsed.faults, []);
    assert_eq!(
        (parsed.items[0].key.as_str(), parsed.items[0].title.as_str()),
        (ID, "示例县气象台发布暴雨橙色预警信号")
    );
    assert_eq!(parsed.items[0].link.as_deref(), Some("http://example.invalid/a"));
    let beside = warning(&parsed.items[1]);
    assert_eq!(
        (beside.event.as_str(), beside.level, beside.identifier.as_str()),
        ("大雾", Some(WarningLevel::Yellow), "b")
    );
    assert_eq!(beside.areas, ["示例镇"]);
    assert_eq!(parsed.items[1].link.as_deref(), Some("http://example.invalid/b.cap"));
}

#[test]
fn an_alert_that_is_cut_or_ill_formed_is_read_as_far_as_it_goes() {
    let whole = chinese(ID, &[("示例镇降雨量", "示例镇 & 样板乡降雨量")]);
    let parsed = read(&whole[..whole.find("<area>").unwrap()]);
    assert_eq!(warning(&parsed.items[0]).level, Some(WarningLevel::Orange));
    assert_eq!(parsed.faults.len(), 3, "{:?}", parsed.faults);
}

#[test]
fn all_real_alerts_are_read() {
    let root = Path::new("../shared/real/cap");
    if !root.is_dir() {
        eprintln!("SKIPPED: real alerts are not at hand");
        return;
    }
    let mut all = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let parsed = parse(&std::fs::read(&path).unwrap(), &Hint { name: name.clone(), ..Hint::default() }).unwrap();
        assert_eq!((parsed.items.len(), parsed.faults.as_slice()), (1, [].as_slice()), "{name}");
        let notice = parsed.items.into_iter().next().unwrap();
        let said = warning(&notice);
        assert!(said.actual && !said.identifier.is_empty(), "{name}");
        let is_bare = said.stage == WarningStage::Cancel;
        assert!(notice.published.is_some() && (is_bare || !notice.body.is_empty()), "{name}");
        assert!(!said.areas.is_empty() || name.starts_with("ipaws"), "{name}");
        all.insert(name, notice);
    }
    assert_eq!(all.len(), 19);
    let of = |name: &str| (&all[name], all[name].warning.as_ref().unwrap());
    for version in ["v1dot0", "v1dot1", "v1dot2"] {
        let (notice, said) = of(&format!("{version}_appendix_adot1.xml"));
        assert_eq!(notice.title, "Homeland Security Sets Code ORANGE");
        assert_eq!((said.level, said.identifier.as_str()), (Some(WarningLevel::Orange), "43b080713727"));
        assert_eq!(notice.attachments[0].url, "http://www.dhs.gov/dhspublic/getAdvisoryImage");
        let (notice, said) = of(&format!("{version}_appendix_adot2.xml"));
        assert_eq!(
            (notice.title.as_str(), said.event.as_str()),
            ("SEVERE THUNDERSTORM WARNING", "SEVERE THUNDERSTORM")
        );
        assert_eq!(said.expires.unwrap().to_string(), "2003-06-17T23:00:00Z");
        assert_eq!(said.codes.len(), 3);
        let (_, said) = of(&format!("{version}_appendix_adot3.xml"));
        assert_eq!((said.level, said.event.as_str()), (Some(WarningLevel::Blue), "Earthquake"));
    }
    assert_eq!(of("v1dot0_appendix_adot2.xml").1.codes[0], "fips6=006109");
    let (notice, said) = of("google-PAAQ-4-mg5a94.xml");
    assert_eq!(
        (said.stage, said.references.as_slice()),
        (WarningStage::Update, ["PAAQ-1-mg5a94", "PAAQ-2-mg5a94", "PAAQ-3-mg5a94"].map(str::to_owned).as_slice())
    );
    assert_eq!(notice.issuer.as_deref(), Some("NWS West Coast/Alaska Tsunami Warning Center Palmer AK"));
    let (notice, said) = of("nws-5c2cf27b1f56885d61654dc47fa411d5.xml");
    assert_eq!((said.event.as_str(), said.level), ("Blizzard Warning", Some(WarningLevel::Orange)));
    assert_eq!(said.codes, ["FIPS6=027031", "FIPS6=027075", "UGC=MNZ020", "UGC=MNZ021"]);
    assert_eq!(notice.published.unwrap().to_string(), "2021-12-27T16:08:00Z");
    assert_eq!(all.values().filter(|n| warning(n).stage == WarningStage::Cancel).count(), 1);
}

fn ingest(store: &mut Store, feed: &str, documents: &[String]) {
    let items = documents.iter().flat_map(|d| read(d).items);
    let items = items.map(|notice| Harvested { notice, source: "alert.xml".into() }).collect();
    let at = "2026-11-23T01:42:00Z".parse().unwrap();
    let outcome = HarvestOutcome::Notices { items, whole: true, faults: Vec::new() };
    store
        .ingest(&Harvest {
            feed: feed.into(),
            title: "预警".into(),
            at,
            outcome,
            validators: Validators::default(),
            raw: Vec::new(),
        })
        .unwrap();
}

#[test]
fn screens_never_show_what_is_over_ended_or_not_meant() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let id = |n: u8| format!("99000141600000_20261123093000{n:02}");
    let title = |n: u8| format!("示例县气象台发布{n}号");
    let alert = |n: u8, changes: &[(&str, &str)]| {
        chinese(&id(n), &[&[("示例县气象台发布暴雨橙色预警信号", title(n).as_str())], changes].concat())
    };
    let cites = |n: u8| format!("<references>x,{},2026-11-23 09:30:00</references>", id(n));
    let later = (">2026-11-23 15:30:00<", ">2026-11-23 18:00:00<");
    ingest(
        &mut store,
        "甲",
        &[
            alert(1, &[]),
            alert(2, &[later]),
            alert(3, &[(">Actual<", ">Test<")]),
            alert(4, &[later]),
            alert(5, &[later, (">Alert<", ">Update<"), ("<references></references>", &cites(4))]),
            alert(6, &[later]),
            alert(7, &[(">Actual<", ">Exercise<"), (">Alert<", ">Cancel<"), ("<references></references>", &cites(2))]),
        ],
    );
    let shown = |store: &Store, at: &str| {
        let edition = store.edition(1).unwrap().without_ended(at.parse().unwrap());
        let mut titles: Vec<String> =
            edition.notices.iter().map(|h| h.title.rsplit("发布").next().unwrap().to_owned()).collect();
        titles.sort_unstable();
        assert_eq!(edition.warnings.len(), edition.notices.len());
        (titles.join(" "), edition.next_end.map(|t| t.to_string()))
    };
    let first_end = Some("2026-11-23T07:30:00Z".to_owned());
    assert_eq!(shown(&store, "2026-11-23T07:29:59Z"), ("1号 2号 5号 6号".into(), first_end));
    let last_end = Some("2026-11-23T10:00:00Z".to_owned());
    assert_eq!(shown(&store, "2026-11-23T07:30:00Z"), ("2号 5号 6号".into(), last_end.clone()));
    // A cancellation by another source; it stays in force when its own source no longer lists it.
    ingest(&mut store, "乙", &[alert(8, &[later, (">Alert<", ">Cancel<"), ("<references></references>", &cites(6))])]);
    assert_eq!(shown(&store, "2026-11-23T07:30:00Z").0, "2号 5号 8号");
    ingest(&mut store, "乙", &[]);
    assert_eq!(shown(&store, "2026-11-23T07:30:00Z"), ("2号 5号".into(), last_end));
    assert_eq!(shown(&store, "2026-11-23T10:00:00Z"), (String::new(), None));
    let edition = store.edition(1).unwrap();
    assert_eq!(edition.warnings_at("2026-11-23T07:00:00Z".parse().unwrap()).len(), 3);
}
