//! A row's content as the store holds it: JSON by column id, so that neither a new order nor a new column of the config
//! touches what is kept.
//!
//! An object of the values that are not empty, its keys in order: a text is a string, money a number in fen, a quantity
//! `{"q": n}` in ten-thousandths, a day `{"d": "2026-10-03"}`, a month `{"m": "2026-10"}`, pictures an array of their
//! addresses. A case's steps stand under `_`, which is no column's id: `[[name, from, until, pause, note], …]`.

use super::Shape;
use crate::{
    config::ColumnKind,
    model::{Row, Step, Value},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, fmt};

/// The key of the steps.
const STEPS: &str = "_";

/// A row's content; equal rows have equal bytes.
pub(super) fn write(shape: &Shape<'_>, row: &Row, out: &mut Vec<u8>) -> rusqlite::Result<()> {
    put(shape, row, out).map_err(|e| rusqlite::Error::ToSqlConversionFailure(e.into()))
}

fn put(shape: &Shape<'_>, row: &Row, out: &mut Vec<u8>) -> serde_json::Result<()> {
    out.clear();
    out.push(b'{');
    if !row.steps.is_empty() {
        out.extend_from_slice(br#""_":"#);
        let steps = row.steps.iter().map(|s| (&s.name, s.from, s.until, u8::from(s.pause), &s.note));
        serde_json::to_writer(&mut *out, &steps.collect::<Vec<_>>())?;
    }
    for &index in &shape.by_id {
        let (Some(column), Some(value)) = (shape.register.column.get(index), row.values.get(index)) else { continue };
        if value.is_empty() {
            continue;
        }
        if out.len() > 1 {
            out.push(b',');
        }
        serde_json::to_writer(&mut *out, &column.id)?;
        out.push(b':');
        match value {
            Value::Empty => {}
            Value::Text(text) => serde_json::to_writer(&mut *out, text)?,
            Value::Money(fen) => serde_json::to_writer(&mut *out, fen)?,
            Value::Quantity(n) => tagged(out, b"q", n)?,
            Value::Date(day) => tagged(out, b"d", day)?,
            Value::Month(month) => tagged(out, b"m", month)?,
            Value::Pictures(addresses) => serde_json::to_writer(&mut *out, addresses)?,
        }
    }
    out.push(b'}');
    Ok(())
}

fn tagged(out: &mut Vec<u8>, tag: &[u8], value: &impl Serialize) -> serde_json::Result<()> {
    out.extend_from_slice(br#"{""#);
    out.extend_from_slice(tag);
    out.extend_from_slice(br#"":"#);
    serde_json::to_writer(&mut *out, value)?;
    out.push(b'}');
    Ok(())
}

/// The row of a content, by the register's columns as they are now: what has no column any more is left out, and a value
/// that does not fit its column's kind is text.
pub(super) fn read(shape: &Shape<'_>, key: &str, content: &[u8]) -> rusqlite::Result<Row> {
    let mut read = serde_json::Deserializer::from_slice(content);
    let (values, steps) = Whole(shape)
        .deserialize(&mut read)
        .map_err(|e| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, e.into()))?;
    Ok(Row { key: key.to_owned(), values, steps })
}

/// A value as its column wants it.
fn fitting(kind: ColumnKind, value: Value) -> Value {
    let fits = match &value {
        Value::Empty => true,
        Value::Money(_) => kind == ColumnKind::Money,
        Value::Quantity(_) => kind == ColumnKind::Quantity,
        Value::Date(_) => kind == ColumnKind::Date,
        Value::Month(_) => kind == ColumnKind::Month,
        Value::Pictures(_) => kind == ColumnKind::Picture,
        Value::Text(_) => true,
    };
    if fits { value } else { Value::Text(words(&value)) }
}

/// A value as people write it.
pub(super) fn words(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Text(text) => text.clone(),
        Value::Date(day) => day.to_string(),
        Value::Month(month) => month.to_string(),
        Value::Money(fen) => decimal(*fen, 100, 2),
        Value::Quantity(n) => {
            let long = decimal(*n, 10_000, 4);
            long.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Value::Pictures(addresses) => addresses.join("; "),
    }
}

fn decimal(number: i64, per: u64, places: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let size = number.unsigned_abs();
    format!("{sign}{}.{:0places$}", size / per, size % per)
}

/// Reads a whole content.
struct Whole<'s, 'r>(&'s Shape<'r>);

impl<'de> DeserializeSeed<'de> for Whole<'_, '_> {
    type Value = (Vec<Value>, Vec<Step>);

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_, '_> {
    type Value = (Vec<Value>, Vec<Step>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row's values by column")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let columns = &self.0.register.column;
        let mut values = vec![Value::Empty; columns.len()];
        let mut steps = Vec::new();
        while let Some(Key(id)) = map.next_key()? {
            if id == STEPS {
                steps = map.next_value::<Vec<Response>>()?.into_iter().map(|Response(step)| step).collect();
                continue;
            }
            match self.0.register.index(&id).and_then(|at| Some((columns.get(at)?, values.get_mut(at)?))) {
                Some((column, place)) => *place = fitting(column.kind, map.next_value::<Kept>()?.0),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok((values, steps))
    }
}

/// A column's id, not copied where the JSON has it plain.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Words;
        impl<'de> Visitor<'de> for Words {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a column's id")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        from.deserialize_str(Words)
    }
}

/// One value.
struct Kept(Value);

impl<'de> Deserialize<'de> for Kept {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Kept;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value of a column")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Kept, E> {
                Ok(Kept(Value::Text(text.to_owned())))
            }
            fn visit_i64<E: Error>(self, fen: i64) -> Result<Kept, E> {
                Ok(Kept(Value::Money(fen)))
            }
            fn visit_u64<E: Error>(self, fen: u64) -> Result<Kept, E> {
                Ok(Kept(Value::Money(i64::try_from(fen).unwrap_or(i64::MAX))))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Kept, A::Error> {
                let mut addresses = Vec::new();
                while let Some(address) = seq.next_element()? {
                    addresses.push(address);
                }
                Ok(Kept(Value::Pictures(addresses)))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Kept, A::Error> {
                let mut value = Value::Empty;
                while let Some(Key(tag)) = map.next_key()? {
                    match &*tag {
                        "q" => value = Value::Quantity(map.next_value()?),
                        "d" => value = Value::Date(map.next_value()?),
                        "m" => value = Value::Month(map.next_value()?),
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(Kept(value))
            }
        }
        from.deserialize_any(Any)
    }
}

/// One step.
struct Response(Step);

impl<'de> Deserialize<'de> for Response {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (name, from, until, pause, note) = Deserialize::deserialize(from)?;
        let pause: u8 = pause;
        Ok(Self(Step { name, from, until, pause: pause > 0, note }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::{Column, Register},
        model::Month,
    };
    use jiff::civil::date;
    use proptest::prelude::*;

    const KINDS: [ColumnKind; 6] = [
        ColumnKind::Text,
        ColumnKind::Date,
        ColumnKind::Month,
        ColumnKind::Money,
        ColumnKind::Quantity,
        ColumnKind::Picture,
    ];

    fn register(columns: &[(&str, ColumnKind)]) -> Register {
        let column = |&(id, kind): &(&str, ColumnKind)| Column { id: id.into(), kind, ..Column::default() };
        Register { column: columns.iter().map(column).collect(), ..Register::default() }
    }

    fn bytes(register: &Register, row: &Row) -> Vec<u8> {
        let mut out = Vec::new();
        write(&Shape::of(register), row, &mut out).unwrap();
        out
    }

    fn row(values: Vec<Value>) -> Row {
        Row { key: "k".into(), values, steps: Vec::new() }
    }

    #[test]
    fn a_new_order_of_columns_changes_nothing_and_odd_kinds_are_text() {
        let all = register(&[("b", ColumnKind::Money), ("a", ColumnKind::Date), ("c", ColumnKind::Quantity)]);
        let values = vec![Value::Money(-1205), Value::Date(date(2026, 10, 3)), Value::Quantity(25_000)];
        let content = bytes(&all, &row(values.clone()));
        assert_eq!(String::from_utf8_lossy(&content), r#"{"a":{"d":"2026-10-03"},"b":-1205,"c":{"q":25000}}"#);
        let turned = register(&[("a", ColumnKind::Date), ("new", ColumnKind::Text), ("b", ColumnKind::Money)]);
        let read_by = |register: &Register| read(&Shape::of(register), "k", &content).unwrap().values;
        assert_eq!(read_by(&turned), [values[1].clone(), Value::Empty, values[0].clone()]);
        assert_eq!(bytes(&all, &row(values)), content);
        let odd = register(&[("a", ColumnKind::Money), ("b", ColumnKind::Text), ("c", ColumnKind::Status)]);
        let text = |words: &str| Value::Text(words.into());
        assert_eq!(read_by(&odd), [text("2026-10-03"), text("-12.05"), text("2.5")]);
    }

    #[test]
    fn what_is_no_content_is_an_error_and_unknown_tags_are_passed_over() {
        let register = register(&[("a", ColumnKind::Money)]);
        let of = |text: &str| read(&Shape::of(&register), "k", text.as_bytes());
        assert!(of("[]").is_err() && of("{").is_err());
        assert_eq!(of(r#"{"a":{"z":[1]},"later":{"x":{}}}"#).unwrap().values, [Value::Empty]);
    }

    fn value(kind: ColumnKind) -> BoxedStrategy<Value> {
        let day = (-4_000_000i32..2_900_000).prop_map(|n| crate::calendar::numbered_day(n).unwrap());
        let month = (1i16..=9999, 1i8..=12).prop_map(|(y, m)| Month::new(y, m).unwrap());
        let own = match kind {
            ColumnKind::Date => day.prop_map(Value::Date).boxed(),
            ColumnKind::Month => month.prop_map(Value::Month).boxed(),
            ColumnKind::Money => any::<i64>().prop_map(Value::Money).boxed(),
            ColumnKind::Quantity => any::<i64>().prop_map(Value::Quantity).boxed(),
            ColumnKind::Picture => prop::collection::vec(any::<String>(), 0..3).prop_map(Value::Pictures).boxed(),
            _ => any::<String>().prop_map(Value::Text).boxed(),
        };
        prop_oneof![4 => own, 1 => any::<String>().prop_map(Value::Text), 1 => Just(Value::Empty)].boxed()
    }

    fn step() -> impl Strategy<Value = Step> {
        let at = prop::option::of(
            (0i32..30_000, 0i8..24, 0i8..60)
                .prop_map(|(day, hour, minute)| crate::calendar::numbered_day(day).unwrap().at(hour, minute, 0, 0)),
        );
        (any::<String>(), at.clone(), at, any::<bool>(), any::<String>())
            .prop_map(|(name, from, until, pause, note)| Step { name, from, until, pause, note })
    }

    proptest! {
        #[test]
        fn a_row_comes_back_as_it_was(
            values in KINDS.map(value).prop_map(|values: [Value; 6]| values.to_vec()),
            steps in prop::collection::vec(step(), 0..4),
        ) {
            let columns: Vec<(String, ColumnKind)> = KINDS.iter().enumerate().map(|(i, k)| (format!("c{}", 9 - i), *k)).collect();
            let named: Vec<(&str, ColumnKind)> = columns.iter().map(|(id, k)| (id.as_str(), *k)).collect();
            let register = register(&named);
            let row = Row { key: "k".into(), values, steps };
            let content = bytes(&register, &row);
            prop_assert_eq!(read(&Shape::of(&register), "k", &content).unwrap(), row);
        }
    }
}
