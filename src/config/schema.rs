//! The JSON Schema of each config file, made from the structs, so that editors complete and check as people type.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// The schema of one struct: draft 7, which TOML editors understand.
pub(super) fn of<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>().to_value()
}
