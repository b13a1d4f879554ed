//! The only mutable screen state.
