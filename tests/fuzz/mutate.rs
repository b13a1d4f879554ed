//! Changes to documents: bytes, pieces of other documents, and what a format's own words are.

/// A dice whose throws can be repeated (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize) % most.max(1)
    }
}

const WORDS: [&str; 48] = [
    "<",
    ">",
    "&",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "&#x0;",
    "&#1114112;",
    "&amp;amp;",
    "\0",
    "\u{FEFF}",
    "\u{202E}",
    "<table><tr><td>",
    "<ul><li>",
    "<b id=1>",
    "</b>",
    "<p>",
    "<script>",
    "<a href='javascript:x'>",
    "<img src=x.png>",
    "<svg><a>",
    "<template>",
    "<select><option>",
    "<frameset>",
    "<plaintext>",
    "<item>",
    "</item>",
    "<entry/>",
    "<?xml version='1.0' encoding='utf-16'?>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>",
    "xmlns='x'",
    "99999999999999999999",
    "-0",
    "1e999",
    "2026-02-30",
    "二〇二六年",
    "十二月三十一日",
    "今天",
    "{\"items\":[",
    "]}",
    "\"\\ud800\"",
    "[[",
    "\n\n---\n",
    "| a | b |\n|---|---|\n",
    "```",
    "= \"\"\"",
    "\u{85}",
];
const BYTES: [u8; 8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, b'<', b'"'];
/// Bytes a document may grow to.
const MOST: usize = 64 * 1024;

/// A few changes to a document.
pub fn mutate(document: &[u8], corpus: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut out = document.to_vec();
    for _ in 0..=dice.below(5) {
        let (a, b) = (dice.below(out.len() + 1), dice.below(out.len() + 1));
        let (from, to) = (a.min(b), a.max(b));
        let near = to.min(from + 1 + dice.below(64));
        match dice.below(9) {
            0 => out.truncate(from),
            1 => drop(out.drain(from..near)),
            2 if from < out.len() => out[from] = BYTES[dice.below(BYTES.len())],
            3 if from < out.len() => out[from] ^= 1 << dice.below(8),
            4 => {
                let piece = out[from..near].repeat(1 + dice.below(40));
                out.splice(from..from, piece);
            }
            5 => {
                let other = &corpus[dice.below(corpus.len())];
                let (c, d) = (dice.below(other.len() + 1), dice.below(other.len() + 1));
                out.splice(from..near, other[c.min(d)..c.max(d)].iter().copied());
            }
            6 => {
                let word = WORDS[dice.below(WORDS.len())].repeat(1 + dice.below(4));
                out.splice(from..from, word.into_bytes());
            }
            7 => {
                let word = WORDS[dice.below(WORDS.len())].repeat(200);
                out.splice(from..from, word.into_bytes());
            }
            _ => {
                let piece: Vec<u8> = out.drain(from..near).collect();
                let to = dice.below(out.len() + 1);
                out.splice(to..to, piece);
            }
        }
        out.truncate(MOST);
    }
    out
}
