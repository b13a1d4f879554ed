//! The implementation levels of GB 18030-2022, as sets of Han characters.

use std::ops::RangeInclusive;

/// An implementation level of GB 18030-2022 (clause 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The unified ideographs of the two-byte part, extension A and the four-byte additions up to U+9FEF.
    One,
    /// Level 1 and the rest of the Table of General Standard Chinese Characters (通用规范汉字表, 2013).
    Two,
    /// Level 2 and all of extensions B to F, 87,887 Han in all, with the 214 Kangxi radicals.
    Three,
}

/// Unified ideographs, extension A, and the twelve unified ones among the compatibility ideographs.
const ONE: [RangeInclusive<char>; 10] = [
    '\u{3400}'..='\u{4DB5}',
    '\u{4E00}'..='\u{9FEF}',
    '\u{FA0E}'..='\u{FA0F}',
    '\u{FA11}'..='\u{FA11}',
    '\u{FA13}'..='\u{FA14}',
    '\u{FA1F}'..='\u{FA1F}',
    '\u{FA21}'..='\u{FA21}',
    '\u{FA23}'..='\u{FA24}',
    '\u{FA27}'..='\u{FA28}',
    '\u{FA29}'..='\u{FA29}',
];

/// Extensions B, C, D, E and F, and the Kangxi radicals.
const THREE: [RangeInclusive<char>; 6] = [
    '\u{20000}'..='\u{2A6D6}',
    '\u{2A700}'..='\u{2B734}',
    '\u{2B740}'..='\u{2B81D}',
    '\u{2B820}'..='\u{2CEA1}',
    '\u{2CEB0}'..='\u{2EBE0}',
    '\u{2F00}'..='\u{2FD5}',
];

/// What the Table of General Standard Chinese Characters has beyond level 1 (the property kTGH of Unihan).
const GENERAL: &str = "\
    𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰\
    𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭\
    𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡\
    𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬\
    𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓\
";

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Self; 3] = [Self::One, Self::Two, Self::Three];

    /// The characters this level adds to the one below.
    pub fn added(self) -> Box<dyn Iterator<Item = char>> {
        match self {
            Self::One => Box::new(ONE.into_iter().flatten()),
            Self::Two => Box::new(GENERAL.chars()),
            Self::Three => Box::new(THREE.into_iter().flatten().filter(|c| !GENERAL.contains(*c))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn level_three_counts_what_the_standard_says() {
        let all: std::collections::BTreeSet<char> = Level::ALL.into_iter().flat_map(Level::added).collect();
        assert_eq!(all.len(), 87_887 + 214);
        assert_eq!(Level::ALL.into_iter().map(|l| l.added().count()).sum::<usize>(), all.len());
    }
}
