//! Rows of a register as `gongshi parse` prints them: one JSON object a row, values as people write them.

use crate::{
    config::{ColumnKind, Config},
    model::{Row, Step, Value, amount},
};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use std::io::Write;

#[derive(Serialize)]
struct Line<'a> {
    key: &'a str,
    row: Map<String, Json>,
    #[serde(skip_serializing_if = "<[Step]>::is_empty")]
    steps: &'a [Step],
}

/// Prints rows by their register's columns: dates as `2026-11-23`, months as `2026-10`, money as `1234.50`, regions
/// with their names.
///
/// # Errors
/// Where the output cannot be written.
pub(super) fn print(config: &Config, register: &str, rows: &[Row], out: &mut impl Write) -> Result<(), String> {
    let columns = config.registers.get(register).map(|r| r.column.as_slice()).unwrap_or_default();
    let region = |code: &str| config.regions.iter().find(|r| r.code == code);
    for row in rows {
        let mut values = Map::new();
        for (column, value) in columns.iter().zip(&row.values) {
            let json = match value {
                Value::Empty => Json::Null,
                Value::Text(code) if column.kind == ColumnKind::Place => {
                    region(code).map_or_else(|| code.as_str().into(), |r| format!("{} {code}", r.name).into())
                }
                Value::Text(text) => text.as_str().into(),
                Value::Date(day) => day.to_string().into(),
                Value::Month(month) => month.to_string().into(),
                Value::Money(fen) => amount::money_text(*fen).into(),
                Value::Quantity(n) => amount::quantity_text(*n).into(),
                Value::Pictures(all) => all.clone().into(),
            };
            values.insert(column.id.clone(), json);
        }
        let line = Line { key: &row.key, row: values, steps: &row.steps };
        let line = serde_json::to_string(&line).map_err(|e| e.to_string())?;
        writeln!(out, "{line}").map_err(|e| e.to_string())?;
    }
    Ok(())
}
