//! JSON as a tree, within bounds of memory and time.
//!
//! A value takes many times what its letters do: 64 MB of `[[],[],…]` ask for gigabytes. So values are counted while they
//! are read.

use super::StopToken;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::{cell::Cell, fmt};

/// Values one document may have: about 500 MB.
const MAX_VALUES: u64 = 4_000_000;
/// Values between two looks at whether to stop.
const EVERY: u64 = 256;

/// Reads a whole document.
///
/// # Errors
/// Where it is not well-formed, nests deeper than 128, holds too many values, or is to stop.
pub(super) fn read(text: &str, stop: &StopToken) -> Result<Value, serde_json::Error> {
    let bounds = Bounds { count: Cell::new(0), stop };
    let mut reader = serde_json::Deserializer::from_str(text.trim_start_matches('\u{FEFF}'));
    let value = Seed(&bounds).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

struct Bounds<'a> {
    count: Cell<u64>,
    stop: &'a StopToken,
}

impl Bounds<'_> {
    fn one_more<E: serde::de::Error>(&self) -> Result<(), E> {
        let count = self.count.get() + 1;
        self.count.set(count);
        if count > MAX_VALUES {
            return Err(E::custom(format_args!("it holds more than {MAX_VALUES} values")));
        }
        if count.is_multiple_of(EVERY) && self.stop.is_asked() {
            return Err(E::custom("it takes too long"));
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Seed<'a>(&'a Bounds<'a>);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        self.0.one_more()?;
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = all.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = all.next_key::<String>()? {
            let value = all.next_value_seed(self)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::vec(("[a-c]{0,2}", inner), 0..8)
                    .prop_map(|all| Value::Object(all.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_reads_what_the_library_reads(value in values(), cut in 0usize..200) {
            let text = value.to_string();
            prop_assert_eq!(read(&text, &StopToken::default()).ok(), serde_json::from_str::<Value>(&text).ok());
            let part: String = text.chars().take(cut).collect();
            prop_assert_eq!(read(&part, &StopToken::default()).ok(), serde_json::from_str::<Value>(&part).ok());
        }
    }

    #[test]
    fn reading_ends_when_it_is_to_stop_or_there_are_too_many() {
        let text = format!("[{}0]", "0,".repeat(1000));
        let stop = StopToken::default();
        assert!(read(&text, &stop).is_ok());
        stop.ask();
        assert!(read(&text, &stop).unwrap_err().to_string().contains("too long"));
        let many = format!("[{}0]", "0,".repeat(4_000_000));
        let said = read(&many, &StopToken::default()).unwrap_err().to_string();
        assert!(said.contains("4000000 values"), "{said}");
        assert!(read(&"[".repeat(1000), &StopToken::default()).unwrap_err().to_string().contains("recursion"));
        assert!(read("{} x", &StopToken::default()).is_err());
    }
}
