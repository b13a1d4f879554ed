//! What admins write in braces in formats and titles, and what each may name.

/// What a clock's format may fill in, without the braces.
pub const CLOCK_FIELDS: [&str; 6] = ["date", "md", "weekday", "lunar", "time", "hm"];

/// What a title may fill in, without the braces; words may fill in sums as well.
pub const TITLE_FIELDS: [&str; 4] = ["place", "month", "m", "n"];

/// Rows a zone may ask for.
pub const ROWS_MAX: u32 = 200;

/// The names in braces of a clock's format or a title.
pub fn fields(format: &str) -> impl Iterator<Item = &str> {
    format.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}
