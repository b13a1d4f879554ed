//! Tests that look at the database behind a store.

mod full;
mod lists;
mod plans;
