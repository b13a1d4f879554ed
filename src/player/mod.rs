//! The running program.
