//! A kiosk with a plainly fictional county on it, driven by hand.

use super::registers;
use gongshi::{
    config::{Accent, Catalogue, Config, Count, Heading, Screen, ScreenKind, Unit},
    edition::{Answer, Document, Edition, HeadingCount, ListMonths, ListQuery, ListWindow, Query, Response},
    kiosk::{Action, Page},
    model::{Block, Cell, Month, Notice, NoticeHead, NoticeId, ShowPeriod, Span},
    scene::Scene,
    stage::{Input, KioskStage, Moment, Stage},
    text::{FontPlace, Shaper},
    time::{EventTime, FrameTime, Timestamp, WallTime},
};
use std::{collections::HashMap, sync::Arc, time::Duration};

pub struct Kiosk {
    pub stage: KioskStage,
    /// What the screen has without asking.
    pub edition: Arc<Edition>,
    /// All there is.
    pub archive: Arc<Edition>,
    pub now: Duration,
    pub height: f32,
    shaper: Shaper,
    document: Option<Document>,
    /// Rows a table is answered with.
    pub rows: i64,
}

fn heading(id: &str, title: &str, lines: [&str; 2], colour: Accent, count: Count) -> Heading {
    let lines = lines.iter().filter(|l| !l.is_empty()).map(|l| (*l).to_owned()).collect();
    Heading { id: id.into(), title: title.into(), lines, colour, count, ..Heading::default() }
}

pub fn config(width: u32, height: u32) -> Config {
    let mut config = Config::default();
    let top = [
        ("party", "党务公开", ["决策部署 · 组织建设", "干部任免公示"], Accent::Red, Count::All),
        ("gov", "政务公开", ["政策文件 · 行政许可", "行政处罚 · 年度报告"], Accent::Blue, Count::All),
        ("village", "村务与三资", ["资金 · 资产 · 资源", "48 乡镇 522 村逐月账目"], Accent::Green, Count::All),
        ("trade", "公共资源交易", ["工程招标 · 土地出让", "政府采购 · 产权交易"], Accent::Amber, Count::Showing),
        ("case", "办件进度", ["输入受理编号", "看办到哪一步、还剩几天"], Accent::Teal, Count::All),
        ("voice", "意见与投诉", ["阳光热线问答 · 我要反映", "窗口服务评价"], Accent::Plum, Count::All),
    ];
    let mut headings: Vec<_> = top.map(|(id, title, lines, a, c)| heading(id, title, lines, a, c)).into();
    for (id, title) in [
        ("party.organization", "组织建设"),
        ("party.appointments", "干部任免公示"),
        ("gov.policy", "政策文件"),
        ("trade.works", "工程招标"),
        ("trade.land", "土地出让"),
        ("trade.purchase", "政府采购"),
        ("village.money", "村级资金账"),
        ("case.results", "办结公告"),
    ] {
        headings.push(heading(id, title, ["", ""], Accent::Amber, Count::All));
    }
    config.catalogue = Catalogue { heading: headings, ..Catalogue::default() };
    let place = "县政务服务中心 · 一楼大厅 1 号机".into();
    let screen = Screen { kind: ScreenKind::Kiosk, width, height, place, ..Screen::default() };
    config.screens.insert("lobby".into(), screen);
    registers::add(&mut config);
    let unit = |name: &str, region: &str| Unit {
        name: name.into(),
        region: region.into(),
        heading: if region.is_empty() { "gov".into() } else { String::new() },
        address: "示例县示例路 1 号".into(),
        hours: "工作日 8:30—12:00，14:00—17:30，赶集日窗口照常".into(),
        telephone: "0000-1234567".into(),
        head: "示例某".into(),
        duties: vec!["便民服务中心：社保、医保、民政代办".into(), "农村集体资金、资产、资源监管".into()],
    };
    let departments = ["县财政局", "县民政局", "县自然资源局", "县住房和城乡建设局"].map(|name| unit(name, ""));
    let towns = [unit("示例镇人民政府", "9901"), unit("示例乡人民政府", "9902")];
    config.units.unit = departments.into_iter().chain(towns).collect();
    config
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub fn head(id: i64) -> NoticeHead {
    let rows = [
        ("乡村道路改建工程（二标段）中标候选人公示", "中标候选", "trade.works", "公共资源交易中心", Some("2026-11-24")),
        ("拟任科级领导干部名单", "任前公示", "party.appointments", "县委组织部", Some("2026-11-26")),
        ("城东片区控制性详细规划调整", "规划公示", "gov.policy", "县自然资源局", Some("2026-12-13")),
        (
            "示例镇人民政府关于做好冬季农村道路安全隐患排查整治和群众出行保障工作的通知",
            "",
            "gov.policy",
            "示例镇人民政府",
            None,
        ),
        ("农村危房改造补助对象（第三批）", "补助公示", "village", "县住房和城乡建设局", Some("2026-11-27")),
    ];
    let (title, kind, catalogue, issuer, until) = rows[usize::try_from((id - 1).rem_euclid(5)).expect("small")];
    NoticeHead {
        id: NoticeId(id),
        version: 1,
        feed: "sample".into(),
        title: title.into(),
        kind: kind.into(),
        catalogue: catalogue.into(),
        issuer: Some(issuer.into()),
        number: Some("GC2026-118-2".into()),
        published: Some(at("2026-11-20T08:00:00+08:00")),
        show: ShowPeriod { from: None, until: until.map(|d| d.parse().expect("a day")) },
        summary: "".into(),
        last_seen: at("2026-11-23T09:30:00+08:00"),
    }
}

/// A document like the design's, `more` added as a paragraph at its end.
pub fn document(id: i64, more: &str) -> Document {
    let head = head(id);
    let words = |t: &str| Block::Paragraph { spans: vec![Span::plain(t)] };
    let title = |t: &str| Block::Heading { level: 2, spans: vec![Span::plain(t)] };
    let row = |cells: [&str; 5], header: bool| {
        cells.map(|t| Cell { text: t.into(), header, colspan: 1, rowspan: 1 }).into_iter().collect::<Vec<_>>()
    };
    let table = vec![
        row(["排序", "候选人", "投标报价（元）", "工期", "得分"], true),
        row(["1", "示例路桥有限公司", "3,286,114.20", "120 天", "93.41"], false),
        row(["2", "示例建设集团", "3,301,870.00", "120 天", "91.07"], false),
        row(["3", "示例市政工程公司", "3,318,542.66", "115 天", "90.52"], false),
    ];
    let body = vec![
        words("本工程评标工作已经结束，现将评标委员会推荐的中标候选人公示如下，接受社会监督。"),
        Block::Table { rows: table },
        title("一、公示时间"),
        words("2026 年 11 月 21 日至 11 月 24 日。"),
        title("二、异议受理"),
        words(
            "投标人或者其他利害关系人对评标结果有异议的，应当在公示期间向招标人提出。招标人将自收到异议之日起三日内作出答复。",
        ),
        title("三、监督电话"),
        words("示例县公共资源交易监督管理办公室，电话 0000-1234567，传真 0000-1234568。来信请寄示例县示例路 1 号。"),
        Block::Picture { src: "file:///x.png".into(), alt: "评标现场".into() },
        words(more),
    ];
    let notice = Notice {
        key: "k".into(),
        title: head.title.clone(),
        kind: head.kind.to_string(),
        catalogue: head.catalogue.to_string(),
        issuer: head.issuer.as_deref().map(str::to_owned),
        number: head.number.clone(),
        author: None,
        published: head.published,
        updated: Some(at("2026-11-23T09:30:00+08:00")),
        show: head.show,
        summary: String::new(),
        body,
        attachments: vec![],
        link: Some("https://example.invalid/notice/gc2026-118-2".into()),
        warning: None,
    };
    let digest = format!("4f1c{}a92e", "0".repeat(56));
    let source = "https://example.invalid/feed".into();
    Document {
        head,
        notice,
        source,
        source_title: "公共资源交易网".into(),
        digest,
        fetched_at: None,
        pictures: HashMap::new(),
    }
}

/// An edition of all notices there are.
fn archive(number: u64, heads: Vec<Arc<NoticeHead>>) -> Edition {
    let is_empty = heads.is_empty();
    let mut edition = Edition::new(number, heads, vec![]);
    if !is_empty {
        registers::add_heads(&mut edition);
    }
    edition
}

/// What a store makes an edition of for the kiosk: the newest under each heading, what is on display, and counts.
fn bounded(all: &Edition) -> Edition {
    let today = jiff::civil::date(2026, 11, 23);
    let mut ids = std::collections::HashSet::new();
    let mut counts: HashMap<String, HeadingCount> = HashMap::new();
    for heading in all.by_catalogue.keys().map(String::as_str).chain([""]) {
        ids.extend(all.under(heading).take(Edition::NEWEST_OF_HEADING as usize).map(|head| head.id));
        let count = HeadingCount { all: all.count(heading), showing: all.count_showing(heading, today) };
        counts.insert(heading.to_owned(), count);
    }
    let shown = listed(all, &ListQuery { showing: Some(today), ..ListQuery::default() });
    ids.extend(shown.iter().take(Edition::ON_DISPLAY as usize).map(|head| head.id));
    let heads = all.notices.iter().filter(|head| ids.contains(&head.id)).cloned().collect();
    let mut edition = Edition::new(all.number, heads, vec![]).with_counts(today, counts);
    edition.registers.clone_from(&all.registers);
    edition.totals.clone_from(&all.totals);
    edition
}

/// The notices of a list as an edition of all notices has them.
fn listed<'a>(edition: &'a Edition, query: &ListQuery) -> Vec<&'a Arc<NoticeHead>> {
    let is_of = |head: &&Arc<NoticeHead>| query.issuer.is_empty() || head.issuer.as_deref() == Some(&*query.issuer);
    let shows = |head: &NoticeHead| query.showing.is_none_or(|d| head.show.until.is_some() && head.show.contains(d));
    let mut heads: Vec<_> = edition.under(&query.catalogue).filter(is_of).filter(|head| shows(head)).collect();
    if query.showing.is_some() {
        heads.sort_by_key(|head| head.show.until);
    }
    heads
}

/// The answer of an archive that holds just what an edition holds; `rows`: how many rows a table has.
pub fn response(edition: &Edition, query: &Query, rows: i64) -> Response {
    match query {
        Query::List(query, from, most) => {
            let heads = listed(edition, query);
            let rows = heads.iter().skip(*from as usize).take(*most as usize).map(|head| Arc::clone(head)).collect();
            let (query, total) = (query.clone(), heads.len() as u64);
            Response::List(Arc::new(ListWindow { query, total, from: *from, rows }))
        }
        Query::Months(query, notice) => {
            let heads = listed(edition, query);
            let zone = jiff::tz::TimeZone::get("Asia/Shanghai").expect("zone");
            let mut months: Vec<(Month, u64)> = Vec::new();
            for (head, place) in heads.iter().zip(0..) {
                let day = head.published.expect("dated").to_zoned(zone.clone()).date();
                if months.last().is_none_or(|(month, _)| *month != Month::of(day)) {
                    months.push((Month::of(day), place));
                }
            }
            let place = notice.and_then(|id| heads.iter().zip(0..).find(|(head, _)| head.id == id)).map(|(_, at)| at);
            let (query, total) = (query.clone(), heads.len() as u64);
            Response::Months(Arc::new(ListMonths { query, months, total, place }))
        }
        other => registers::response(other, rows),
    }
}

impl Kiosk {
    pub fn new(width: u32, height: u32, notices: i64) -> Self {
        Self::with(width, height, (1..=notices).map(|id| Arc::new(head(id))).collect())
    }

    /// With these notices in the archive, the newest first.
    pub fn with(width: u32, height: u32, heads: Vec<Arc<NoticeHead>>) -> Self {
        let config = Arc::new(config(width, height));
        let stage = KioskStage::new(0, "lobby", config);
        let shaper = Shaper::new(FontPlace::find(&[]).expect("fonts")).expect("fonts");
        let archive = Arc::new(archive(1, heads));
        let edition = Arc::new(bounded(&archive));
        let now = Duration::from_secs(10);
        let mut kiosk = Self { stage, edition, archive, now, height: height as f32, shaper, document: None, rows: 5 };
        kiosk.scene();
        kiosk
    }

    /// Other notices are in the archive from now on, and an edition says so.
    pub fn publish(&mut self, heads: Vec<Arc<NoticeHead>>) {
        self.archive = Arc::new(archive(self.edition.number + 1, heads));
        self.edition = Arc::new(bounded(&self.archive));
        self.stage.refresh(&self.edition);
    }

    pub fn moment(&self) -> Moment {
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").expect("zone");
        let wall = at("2026-11-23T09:41:57+08:00") + self.now;
        let frame = FrameTime { frame: (self.now.as_secs_f64() * 60.0) as u64, at: self.now };
        Moment { frame, wall: WallTime::at(wall, &zone) }
    }

    pub fn scene(&mut self) -> Scene {
        let moment = self.moment();
        self.stage.scene(&self.edition, &mut self.shaper, &moment)
    }

    pub fn input(&mut self, input: Input) {
        let edition = Arc::clone(&self.edition);
        self.stage.update(input, EventTime(self.now), &edition);
    }

    pub fn tap(&mut self, x: f32, y: f32) {
        self.input(Input::Down { finger: 0, x, y });
        self.now += Duration::from_millis(40);
        self.input(Input::Up { finger: 0, x, y });
    }

    /// A point at which an action that fits can be tapped.
    pub fn find(&self, fits: impl Fn(&Action) -> bool) -> (f32, f32) {
        let hit = self.stage.targets(self.now).into_iter().find(|h| fits(&h.action)).expect("such a target");
        (hit.rect.x + hit.rect.w / 2.0, hit.rect.y + hit.rect.h / 2.0)
    }

    pub fn tap_action(&mut self, action: &Action) {
        let (x, y) = self.find(|a| a == action);
        self.tap(x, y);
        self.scene();
    }

    /// Whether anything can be touched at a point.
    pub fn answers(&mut self, x: f32, y: f32) -> bool {
        let before = self.scene().placed.len();
        self.input(Input::Down { finger: 5, x, y });
        let during = self.scene().placed.len();
        self.input(Input::Cancel { finger: 5 });
        self.scene();
        during != before
    }

    /// Opens a page as a link to it would.
    pub fn open(&mut self, page: &Page) {
        self.stage.visit_page(page, EventTime(self.now));
        self.scene();
    }

    /// Opens a page; what it asks for arrives at once.
    pub fn go(&mut self, page: &Page) {
        self.open(page);
        self.settle();
    }

    /// Answers until nothing is asked for any more.
    pub fn settle(&mut self) {
        for _ in 0..20 {
            self.scene();
            if !self.answer() {
                return;
            }
        }
        panic!("it goes on asking");
    }

    /// Types as a keyboard or a scanner does; each question is answered at once.
    pub fn keys(&mut self, words: &str) {
        for c in words.chars() {
            self.input(Input::Key(c));
            self.answer();
        }
        self.scene();
    }

    /// Writes what is on screen as a picture, for whoever wants to look at it.
    pub fn picture(&mut self, file: &std::path::Path) {
        let scene = self.scene();
        self.draw(&scene, file);
    }

    pub fn shaper(&mut self) -> &mut Shaper {
        &mut self.shaper
    }

    pub fn draw(&mut self, scene: &Scene, file: &std::path::Path) {
        use gongshi::gpu::{BackendPreference, Gpu, Offscreen, Renderer};
        let frame = gongshi::scene::frame(scene, self.moment().frame);
        let gpu = Gpu::new(&BackendPreference::from_env(), None).expect("an adapter");
        let mut target = Offscreen::new(&gpu, scene.width, scene.height);
        let mut renderer = Renderer::new(&gpu);
        renderer.render(&gpu, &mut self.shaper, &frame, &mut target).expect("drawn");
        target.read(&gpu).expect("read").save(file).expect("written");
    }

    pub fn go_with(&mut self, page: &Page, document: Document) {
        self.document = Some(document);
        self.go(page);
    }

    /// Answers what is asked, if anything is.
    pub fn answer(&mut self) -> bool {
        let Some(question) = self.stage.question() else { return false };
        {
            let response = match &question.query {
                Query::Notice(id) => {
                    Response::Document(Arc::new(self.document.take().unwrap_or_else(|| document(id.0, "完。"))))
                }
                other => response(&self.archive, other, self.rows),
            };
            let (screen, generation) = (question.screen, question.generation);
            self.stage.answer(Answer { screen, generation, response });
        }
        true
    }

    /// The most primitives that a scene holds while a fling runs out, looked at for so many frames.
    pub fn fling_cost(&mut self, frames: usize) -> usize {
        self.fling();
        let mut most = 0;
        for _ in 0..frames {
            self.now += Duration::from_micros(16_667);
            if self.stage.stale(&self.moment()) {
                let scene = self.scene();
                self.answer();
                most = most.max(scene.placed.iter().map(|p| p.layer.primitives.len()).sum::<usize>());
            }
        }
        assert!(self.stage.scrolled(self.now) > 500.0);
        most
    }

    pub fn fling(&mut self) {
        self.input(Input::Down { finger: 0, x: 500.0, y: 1300.0 });
        for i in 1..=6_u8 {
            self.now += Duration::from_millis(16);
            self.input(Input::Move { finger: 0, x: 500.0, y: 1300.0 - 90.0 * f32::from(i) });
        }
        self.now += Duration::from_millis(16);
        self.input(Input::Up { finger: 0, x: 500.0, y: 670.0 });
        self.scene();
    }
}
