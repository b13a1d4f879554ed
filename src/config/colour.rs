//! Colours as people write them in a config.

/// Whether a text is `#rrggbb`.
pub(super) fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
