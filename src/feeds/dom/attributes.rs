//! The attributes of one tag, counted as the HTML standard tells them apart (13.2.5.8 and what follows it).

/// Where in a tag one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is no tag, but a comment, a declaration or text.
    Other,
    /// Behind the `<` of an end tag.
    Slash,
    Name,
    Before,
    Attribute,
    After,
    BeforeValue,
    /// In a value that this quote ends.
    Quoted(u8),
    Value,
    AfterQuoted,
    End,
}

/// Counts the attributes of a tag from its `<` on, in pieces.
#[derive(Debug)]
pub(super) struct Attributes {
    state: State,
    /// How many have begun.
    pub count: usize,
}

impl Attributes {
    /// Behind the `<` that the text begins with; `None` where it begins with no tag, comment or declaration.
    pub fn new(text: &str) -> Option<Self> {
        let mut bytes = text.bytes();
        let state = match (bytes.next()?, bytes.next()?, bytes.next()) {
            (b'<', b'/', Some(b)) if b.is_ascii_alphabetic() => State::Slash,
            (b'<', b, _) if b.is_ascii_alphabetic() => State::Name,
            (b'<', b'/' | b'!' | b'?', _) => State::Other,
            _ => return None,
        };
        Some(Self { state, count: 0 })
    }

    /// Goes on over a piece, the first of which begins behind the `<`; gives how many bytes of it are still the tag's, its
    /// `>` among them.
    pub fn pass(&mut self, piece: &str) -> usize {
        self.pass_until(piece, |state| state == State::End)
    }

    /// Goes on to where an attribute has ended, or the tag; gives how many bytes that takes.
    pub fn pass_to_next(&mut self, text: &str) -> usize {
        let is_between = |state| matches!(state, State::Before | State::After | State::AfterQuoted | State::End);
        if is_between(self.state) { 0 } else { self.pass_until(text, is_between) }
    }

    /// Goes on to the `>` that ends the tag; gives how many bytes stand before it.
    pub fn pass_to_close(&mut self, text: &str) -> usize {
        match self.state {
            State::End => 0,
            _ => {
                let passed = self.pass_until(text, |state| state == State::End);
                if self.is_over() { passed - 1 } else { passed }
            }
        }
    }

    /// Whether the tag has ended.
    pub fn is_over(&self) -> bool {
        self.state == State::End
    }

    fn pass_until(&mut self, text: &str, is_there: impl Fn(State) -> bool) -> usize {
        if self.state == State::Other {
            return text.len();
        }
        for (at, byte) in text.bytes().enumerate() {
            self.step(byte);
            if is_there(self.state) {
                return at + 1;
            }
        }
        text.len()
    }

    fn step(&mut self, byte: u8) {
        let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c');
        let begins = |count: &mut usize| {
            *count += 1;
            State::Attribute
        };
        self.state = match (self.state, byte) {
            (State::Quoted(quote), byte) if byte == quote => State::AfterQuoted,
            (state @ (State::Other | State::End | State::Quoted(_)), _) => state,
            (State::Slash, _) => State::Name,
            (_, b'>') => State::End,
            (State::Name | State::Value, _) if is_space => State::Before,
            (State::Name, b'/') => State::Before,
            (state @ (State::Name | State::Value), _) => state,
            (State::Attribute | State::After, b'=') => State::BeforeValue,
            (State::Attribute | State::After, _) if is_space => State::After,
            (State::Attribute, byte) if byte != b'/' => State::Attribute,
            (State::BeforeValue, _) if is_space => State::BeforeValue,
            (State::BeforeValue, b'"' | b'\'') => State::Quoted(byte),
            (State::BeforeValue, _) => State::Value,
            (State::Before | State::Attribute | State::After | State::AfterQuoted, b'/') => State::Before,
            (State::Before | State::AfterQuoted, _) if is_space => State::Before,
            (State::Before | State::Attribute | State::After | State::AfterQuoted, _) => begins(&mut self.count),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::Attributes;
    use rstest::rstest;

    #[rstest]
    #[case::none("<p>", 0, 3)]
    #[case::one("<p a>b", 1, 5)]
    #[case::values("<a href=x title='a > b' data-x=\"<p>\" c/>x", 4, 40)]
    #[case::no_space("<a b=\"1\"c='2'd>", 3, 15)]
    #[case::slashes("<a/b/c/=d/>", 3, 11)]
    #[case::spaced("<a b = 1 c\t=\n'2'>", 2, 17)]
    #[case::end_tag("</p a b>", 2, 8)]
    #[case::open("<a b='1 2 3", 1, 11)]
    #[case::comment("<!-- a b c > -->", 0, 16)]
    fn attributes_are_counted_as_parsers_do(#[case] text: &str, #[case] count: usize, #[case] length: usize) {
        let mut attributes = Attributes::new(text).unwrap();
        assert_eq!((attributes.pass(&text[1..]) + 1, attributes.count), (length, count));
        // In pieces it is the same.
        let mut attributes = Attributes::new(text).unwrap();
        for at in 1..text.len() {
            attributes.pass(&text[at..=at]);
        }
        assert_eq!(attributes.count, count);
    }

    #[test]
    fn what_is_left_out_ends_before_the_end_of_the_tag() {
        let text = "<p a=1 b='>' c>公示";
        let mut attributes = Attributes::new(text).unwrap();
        let fed = 1 + attributes.pass("p a");
        let next = fed + attributes.pass_to_next(&text[fed..]);
        assert_eq!(&text[..next], "<p a=1 ");
        assert_eq!(&text[next + attributes.pass_to_close(&text[next..])..], ">公示");
    }
}
