//! A register: a table of typed rows with keys, read by place and period.

use super::Month;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// The store's number for a register's row; stable for as long as the store lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowId(pub i64);

/// What one cell of a row holds. How a cell is read and shown is said by its column in `registers/*.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Words, a code, a unit, a person, a status, a place by its code in `regions.csv`.
    Text(String),
    /// A day.
    Date(Date),
    /// A month.
    Month(Month),
    /// Money, in fen.
    Money(i64),
    /// A quantity, in ten-thousandths of the column's unit.
    Quantity(i64),
    /// Addresses of pictures.
    Pictures(Vec<String>),
}

impl Value {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The words of a text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of money or of a quantity, in its own fractions.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Money(n) | Self::Quantity(n) => Some(*n),
            _ => None,
        }
    }
}

/// One row as its source gives it: a value for each column of its register, in the columns' order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Identity within its register: the values of the key columns.
    pub key: String,
    /// The values; as many as the register has columns.
    pub values: Vec<Value>,
    /// The steps of a case; empty for rows that are none.
    pub steps: Vec<super::Step>,
}

/// A row as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    /// The store's number.
    pub id: RowId,
    /// The row.
    pub row: Row,
    /// When a harvest last confirmed that the source still has it.
    pub last_seen: Timestamp,
    /// How many contents it has had, this one included.
    pub versions: u32,
}
