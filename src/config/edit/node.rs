//! What a path of keys leads to in a parsed file.

use toml_edit::{ArrayOfTables, Document, Item, Table, Value};

/// Something a path leads to.
#[derive(Clone, Copy)]
pub(super) enum Node<'d> {
    /// The file itself, a table under a header, or one made by dotted keys.
    Table(&'d Table),
    /// A list of tables under headers.
    Tables(&'d ArrayOfTables),
    /// A value: a list or a table in braces as well.
    Value(&'d Value),
}

impl<'d> Node<'d> {
    fn of(item: &'d Item) -> Option<Self> {
        match item {
            Item::None => None,
            Item::Table(table) => Some(Self::Table(table)),
            Item::ArrayOfTables(tables) => Some(Self::Tables(tables)),
            Item::Value(value) => Some(Self::Value(value)),
        }
    }

    fn below(self, key: &str) -> Option<Self> {
        let number = || key.parse::<usize>().ok();
        match self {
            Self::Table(table) => table.get(key).and_then(Self::of),
            Self::Tables(tables) => tables.get(number()?).map(Self::Table),
            Self::Value(Value::Array(items)) => items.get(number()?).map(Self::Value),
            Self::Value(Value::InlineTable(table)) => table.get(key).map(Self::Value),
            Self::Value(_) => None,
        }
    }
}

/// How many keys of a path lead somewhere, and to what the last of those does.
pub(super) fn follow<'d>(document: &'d Document<&str>, path: &[String]) -> (usize, Node<'d>) {
    let mut node = Node::Table(document.as_table());
    for (depth, key) in path.iter().enumerate() {
        match node.below(key) {
            Some(next) => node = next,
            None => return (depth, node),
        }
    }
    (path.len(), node)
}
