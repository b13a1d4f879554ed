//! Fonts, shaping, words.
