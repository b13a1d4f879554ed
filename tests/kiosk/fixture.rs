//! A kiosk with a plainly fictional county on it, driven by hand.

use super::registers;
use gongshi::{
    config::{Accent, Catalogue, Config, Count, Heading, Screen, ScreenKind, Unit},
    edition::{Answer, Document, Edition, Told, Wanted},
    kiosk::{Action, Page},
    model::{Block, Cell, Notice, NoticeHead, NoticeId, ShowPeriod, Span},
    scene::Scene,
    stage::{Input, KioskStage, Moment, Stage},
    text::{FontPlace, Shaper},
    time::{EventTime, FrameTime, Timestamp, WallTime},
};
use std::{sync::Arc, time::Duration};

pub struct Kiosk {
    pub stage: KioskStage,
    pub edition: Arc<Edition>,
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
        pictures: std::collections::HashMap::new(),
    }
}

impl Kiosk {
    pub fn new(width: u32, height: u32, notices: i64) -> Self {
        let config = Arc::new(config(width, height));
        let heads = (1..=notices).map(|id| Arc::new(head(id))).collect();
        let stage = KioskStage::new(0, "lobby", config);
        let shaper = Shaper::new(FontPlace::find(&[]).expect("fonts")).expect("fonts");
        let mut edition = Edition::new(1, heads, vec![]);
        if notices > 0 {
            registers::add_heads(&mut edition);
        }
        let edition = Arc::new(edition);
        let now = Duration::from_secs(10);
        let mut kiosk = Self { stage, edition, now, height: height as f32, shaper, document: None, rows: 5 };
        kiosk.scene();
        kiosk
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

    /// Opens a page; its document arrives at once.
    pub fn go(&mut self, page: &Page) {
        self.open(page);
        self.answer();
        self.scene();
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

    pub fn answer(&mut self) {
        if let Some(question) = self.stage.question() {
            let told = match &question.wanted {
                Wanted::Notice(id) => {
                    Told::Document(Arc::new(self.document.take().unwrap_or_else(|| document(id.0, "完。"))))
                }
                other => registers::told(other, self.rows),
            };
            let (screen, generation) = (question.screen, question.generation);
            self.stage.answer(Answer { screen, generation, told });
        }
    }

    /// The most primitives that a scene holds while a fling runs out, looked at for so many frames.
    pub fn fling_cost(&mut self, frames: usize) -> usize {
        self.fling();
        let mut most = 0;
        for _ in 0..frames {
            self.now += Duration::from_micros(16_667);
            if self.stage.stale(&self.moment()) {
                let scene = self.scene();
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
