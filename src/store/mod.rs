//! The durable archive. SQLite lives here only.
