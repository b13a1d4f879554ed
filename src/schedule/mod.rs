//! Which program plays at a wall time. Pure.
