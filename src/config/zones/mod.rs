//! Zones of a wall: a frame, the same for all, and the settings of one kind. A kind is a file here and a line in the list
//! below; its view is a file of the same name in `led/zones/`.
//!
//! In a screen's file a zone is one flat table. Its keys are parted by what the frame knows and what the kind knows; the
//! JSON Schema lists one variant a kind, so that editors offer only the keys that do something.

mod board;
mod clock;
mod frame;
mod list;
mod picture;
mod qr;
mod register;
mod report;
mod rows;
mod settings;
mod text;
mod ticker;
mod totals;
mod words;

pub use clock::CLOCK_FIELDS;
pub use frame::{Edge, ZoneFrame};
pub use list::{ListStyle, NoticeFilter};
pub use register::TITLE_FIELDS;
pub use report::Report;
pub use rows::RowPeriod;
pub use settings::{PictureUse, RegisterUse, WallQuery, ZoneSettings};
pub use words::{Align, Effect, Fit, TextStyle, fields};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// Lists the kinds: the word in the file, and the file and the struct of its settings.
macro_rules! kinds {
    ($($name:literal => $variant:ident($file:ident::$settings:ident)),+ $(,)?) => {
        $(pub use $file::$settings;)+

        /// What a zone shows, with the settings of its kind.
        #[derive(Debug, Clone, PartialEq)]
        pub enum ZoneContent {
            $(#[doc = concat!("`kind = \"", $name, "\"`.")] $variant($settings),)+
        }

        impl ZoneContent {
            /// The word for it in a screen's file.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $name,)+
                }
            }

            /// What every kind says of itself.
            pub fn settings(&self) -> &dyn ZoneSettings {
                match self {
                    $(Self::$variant(settings) => settings,)+
                }
            }
        }

        $(impl From<$settings> for ZoneContent {
            fn from(settings: $settings) -> Self {
                Self::$variant(settings)
            }
        })+

        /// All kinds; the first is that of a zone which names none.
        const KINDS: &[Kind] = &[
            $(Kind {
                name: $name,
                schema: $settings::json_schema,
                read: |table| $settings::deserialize(table).map(ZoneContent::$variant),
            },)+
        ];
    };
}

kinds! {
    "text" => Text(text::TextZone),
    "ticker" => Ticker(ticker::TickerZone),
    "board" => Board(board::BoardZone),
    "totals" => Totals(totals::TotalsZone),
    "register" => Register(register::RegisterZone),
    "clock" => Clock(clock::ClockZone),
    "picture" => Picture(picture::PictureZone),
    "qr" => Qr(qr::QrZone),
}

/// How a kind is read and described.
struct Kind {
    name: &'static str,
    schema: fn(&mut SchemaGenerator) -> Schema,
    read: fn(toml::Table) -> Result<ZoneContent, toml::de::Error>,
}

/// A rectangle of an LED canvas and what it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Where it lies, what surrounds it and when it plays.
    pub frame: ZoneFrame,
    /// What it shows.
    pub content: ZoneContent,
}

impl Zone {
    /// A zone at the upper left corner, always shown; sides in pixels.
    pub fn new(width: u32, height: u32, content: impl Into<ZoneContent>) -> Self {
        Self { frame: ZoneFrame { width, height, ..ZoneFrame::default() }, content: content.into() }
    }

    /// Which rows of a register it shows, if any.
    pub fn wall_query(&self) -> Option<WallQuery> {
        self.content.settings().register().map(|shown| shown.query)
    }

    /// Reports what is wrong with it on a canvas of these sides, pixels; keys are named as they stand in its table.
    pub fn check(&self, canvas: (u32, u32), report: Report<'_>) {
        self.frame.check(canvas, report);
        self.content.settings().check(&self.frame, report);
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::new(0, 0, TextZone::default())
    }
}

/// A zone's table parted in two.
#[derive(Deserialize)]
struct Parted {
    #[serde(flatten)]
    frame: ZoneFrame,
    #[serde(flatten)]
    rest: toml::Table,
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Parted { frame, mut rest } = Parted::deserialize(deserializer)?;
        let kind = match rest.remove("kind") {
            Some(toml::Value::String(name)) => KINDS.iter().find(|k| k.name == name),
            Some(_) => None,
            None => KINDS.first(),
        };
        let names = || KINDS.iter().map(|k| k.name).collect::<Vec<_>>().join(", ");
        let kind = kind.ok_or_else(|| D::Error::custom(format!("a zone's kind is one of: {}", names())))?;
        let content = (kind.read)(rest).map_err(|e| D::Error::custom(e.message()))?;
        Ok(Self { frame, content })
    }
}

impl JsonSchema for Zone {
    fn schema_name() -> Cow<'static, str> {
        "Zone".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let frame = ZoneFrame::json_schema(generator);
        let variants: Vec<Value> =
            KINDS.iter().enumerate().map(|(i, kind)| variant(kind, i == 0, &frame, generator)).collect();
        let about = "A rectangle of an LED canvas and what it shows.";
        let Value::Object(schema) = json!({ "description": about, "type": "object", "oneOf": variants }) else {
            return Schema::default();
        };
        schema.into()
    }
}

/// The schema of a zone of one kind: all its keys, those of the frame included.
fn variant(kind: &Kind, is_default: bool, frame: &Schema, generator: &mut SchemaGenerator) -> Value {
    let own = (kind.schema)(generator);
    let about = own.get("description").cloned().unwrap_or_default();
    let mut keys = Map::new();
    keys.insert("kind".into(), json!({ "description": "What it shows.", "type": "string", "const": kind.name }));
    for part in [frame, &own] {
        let listed = part.get("properties").and_then(Value::as_object);
        keys.extend(listed.into_iter().flatten().map(|(key, schema)| (key.clone(), schema.clone())));
    }
    let required: &[&str] = if is_default { &[] } else { &["kind"] };
    json!({
        "title": kind.name,
        "description": about,
        "type": "object",
        "properties": keys,
        "required": required,
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Zone, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn a_flat_table_is_parted_in_frame_and_content() {
        let zone =
            read("kind = \"ticker\"\nx = 3\nwidth = 9\nborder = [\"top\"]\nsize = 40\nspeed = 20\nlimit = 7").unwrap();
        assert_eq!((zone.frame.x, zone.frame.width, zone.frame.border.as_slice()), (3, 9, [Edge::Top].as_slice()));
        let ZoneContent::Ticker(ticker) = zone.content else { panic!("{:?}", zone.content) };
        assert_eq!((ticker.style.size, ticker.speed, ticker.notices.limit), (40.0, 20.0, 7));
        assert_eq!(read("width = 9").unwrap().content, TextZone::default().into(), "words are what a zone shows");
    }

    #[test]
    fn keys_that_nothing_knows_and_kinds_that_do_not_exist_are_refused() {
        for wrong in ["hieght = 3", "kind = \"clock\"\nspeed = 3", "kind = \"tiker\"", "kind = 3"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_kind_reads_the_keys_its_schema_lists_and_no_others() {
        let schema = super::super::schema::of::<Zone>();
        let variants = schema.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
        assert_eq!(variants.len(), KINDS.len());
        for (variant, kind) in variants.iter().zip(KINDS) {
            assert_eq!(variant.pointer("/properties/kind/const"), Some(&json!(kind.name)));
            let about = variant.get("description").and_then(Value::as_str).unwrap_or_default();
            assert!(!about.is_empty(), "{}: says what it is", kind.name);
            for (key, schema) in variant.get("properties").and_then(Value::as_object).unwrap() {
                let Some(default) = schema.get("default").filter(|_| key != "kind") else { continue };
                let mut table = toml::Table::new();
                table.insert("kind".into(), kind.name.into());
                table.insert(key.clone(), toml::Value::try_from(default).unwrap());
                let zone = Zone::deserialize(table).unwrap_or_else(|e| panic!("{} {key}: {e}", kind.name));
                assert_eq!(zone.content, (kind.read)(toml::Table::new()).unwrap(), "{} {key}", kind.name);
            }
        }
    }
}
