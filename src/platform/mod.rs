//! Window, input, pacing, waking.
