//! Words of a notice made of other words.

/// The first characters of a text on one line.
pub fn cut(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut left = most;
    for word in text.split_whitespace() {
        if !line.is_empty() {
            if left == 0 {
                line.push('…');
                return line;
            }
            line.push(' ');
            left -= 1;
        }
        let end = word.char_indices().nth(left).map_or(word.len(), |(at, _)| at);
        let part = word.get(..end).unwrap_or_default();
        line.push_str(part);
        left -= part.chars().count();
        if end < word.len() {
            line.push('…');
            return line;
        }
    }
    line
}
