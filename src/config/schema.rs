//! The JSON Schema of each config file, made from the structs, so that editors complete and check as people type.

use super::{Calendar, Catalogue, Feed, Register, Screen, Site, Theme};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// The schema of one struct: draft 7, which TOML editors understand.
pub(super) fn of<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>().to_value()
}

/// All schemas as (file name, schema): `site.json` for `site.toml`, `feed.json` for `feeds/*.toml`, and so on.
pub fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("site.json", of::<Site>()),
        ("catalogue.json", of::<Catalogue>()),
        ("calendar.json", of::<Calendar>()),
        ("theme.json", of::<Theme>()),
        ("feed.json", of::<Feed>()),
        ("register.json", of::<Register>()),
        ("screen.json", of::<Screen>()),
    ]
}
