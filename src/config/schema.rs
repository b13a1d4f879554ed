//! The JSON Schema of each config file, made from the structs, so that editors complete and check as people type.

use super::{Calendar, Catalogue, Feed, Register, Screen, Site, Theme};
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde_json::{Value, json};

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

/// The English names of effects, which serde takes as aliases and the schema would not list.
pub(super) fn effect_aliases(schema: &mut Schema) {
    let names = [
        ("still", "固定"),
        ("left", "左移"),
        ("right", "右移"),
        ("up", "上移"),
        ("down", "下移"),
        ("blink", "闪烁"),
        ("cover-left", "左覆"),
        ("cover-right", "右覆"),
        ("open", "中开"),
        ("close", "中合"),
        ("fade", "淡入"),
        ("type", "打字"),
    ];
    if let Some(Value::Array(options)) = schema.get_mut("oneOf") {
        options.extend(
            names.map(|(en, zh)| json!({ "description": format!("Same as {zh}."), "type": "string", "const": en })),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Effect;
    use serde::Deserialize;

    #[test]
    fn every_effect_the_schema_lists_is_read() {
        let schema = of::<Effect>();
        let options = schema.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
        assert_eq!(options.len(), 24);
        for option in options {
            let name = option.get("const").cloned().unwrap_or_default();
            assert!(Effect::deserialize(&name).is_ok(), "{name} is not read");
        }
    }
}
