//! Regions by their codes or by their names as offices write them.

use crate::config::{Region, RegionKind};
use std::collections::HashMap;

/// What marks a region's office rather than the region.
const OFFICES: [(&str, &str); 8] = [
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("镇人民政府", "镇"),
    ("乡人民政府", "乡"),
    ("街道办事处", "街道"),
    ("街道办", "街道"),
];

/// The regions of `regions.csv`, to be found by code or name.
#[derive(Debug, Default)]
pub struct Places {
    regions: Vec<Region>,
    codes: HashMap<String, usize>,
    names: HashMap<String, Vec<usize>>,
}

/// Why a cell names no region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// There is none of this name or code.
    Unknown,
    /// So many have this name; the full name of one of them.
    Several(usize, String),
}

impl Places {
    /// The regions of a config.
    pub fn new(regions: &[Region]) -> Self {
        let mut places = Self { regions: regions.to_vec(), ..Self::default() };
        for (i, region) in regions.iter().enumerate() {
            places.codes.insert(region.code.clone(), i);
            places.names.entry(region.name.clone()).or_default().push(i);
        }
        places
    }

    /// The code of the region that a text names: by code, by a name that only one has, by a name after the township's
    /// (示例镇示例村), or by a name whose township one of the `hints` names.
    ///
    /// # Errors
    /// Where there is none or more than one.
    pub fn find<'a>(&self, text: &str, hints: impl Fn() -> Vec<&'a str>) -> Result<&str, Lost> {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && !"-—·/、".contains(*c)).collect();
        if let Some(found) = self.codes.get(&text).and_then(|i| self.regions.get(*i)) {
            return Ok(&found.code);
        }
        let mut text = text.as_str();
        let mut owned = String::new();
        for (office, kind) in OFFICES {
            if let Some(stem) = text.strip_suffix(office) {
                owned = if stem.ends_with(kind) { stem.to_owned() } else { format!("{stem}{kind}") };
                break;
            }
        }
        if !owned.is_empty() {
            text = &owned;
        }
        for (at, _) in text.char_indices() {
            let (before, name) = text.split_at(at);
            let Some(found) = self.names.get(name) else { continue };
            let fitting: Vec<&Region> = found
                .iter()
                .filter_map(|i| self.regions.get(*i))
                .filter(|r| before.is_empty() || self.lies_in(r, |above| before.ends_with(above)))
                .collect();
            match fitting.as_slice() {
                [] => {}
                [one] => return Ok(&one.code),
                several => return self.choose(several, &hints()),
            }
        }
        Err(Lost::Unknown)
    }

    fn choose(&self, several: &[&Region], hints: &[&str]) -> Result<&str, Lost> {
        let is_hinted = |r: &&&Region| self.lies_in(r, |above| hints.iter().any(|hint| hint.contains(above)));
        let hinted: Vec<_> = several.iter().filter(is_hinted).collect();
        if let [one] = hinted.as_slice() {
            return self
                .codes
                .get(&one.code)
                .and_then(|i| self.regions.get(*i))
                .map(|r| r.code.as_str())
                .ok_or(Lost::Unknown);
        }
        let example = several.first().map(|r| {
            let above = self.above(r).map_or("", |p| p.name.as_str());
            format!("{above}{}", r.name)
        });
        Err(Lost::Several(several.len(), example.unwrap_or_default()))
    }

    fn above(&self, region: &Region) -> Option<&Region> {
        self.codes.get(&region.parent).and_then(|i| self.regions.get(*i))
    }

    /// Whether a region lies in one whose name fits; the county fits none, since everything lies in it.
    fn lies_in(&self, region: &Region, fits: impl Fn(&str) -> bool) -> bool {
        let mut at = self.above(region);
        for _ in 0..8 {
            let Some(above) = at else { return false };
            let is_top = above.kind == RegionKind::County && region.kind == RegionKind::Village;
            if !is_top && fits(&above.name) {
                return true;
            }
            at = self.above(above);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn places() -> Places {
        let region = |code: &str, name: &str, parent: &str, kind| Region {
            code: code.into(),
            name: name.into(),
            parent: parent.into(),
            kind,
        };
        Places::new(&[
            region("51", "示例县", "", RegionKind::County),
            region("5101", "东河镇", "51", RegionKind::Township),
            region("5102", "西河镇", "51", RegionKind::Township),
            region("510101", "新村", "5101", RegionKind::Village),
            region("510102", "东坡村", "5101", RegionKind::Village),
            region("510201", "新村", "5102", RegionKind::Village),
        ])
    }

    #[rstest]
    #[case("510101", "", "510101")]
    #[case("东坡村", "", "510102")]
    #[case("东坡村村民委员会", "", "510102")]
    #[case("东 坡 村", "", "510102")]
    #[case("东河镇新村", "", "510101")]
    #[case("示例县西河镇新村", "", "510201")]
    #[case("新村", "西河镇2026年账目", "510201")]
    #[case("东河镇", "", "5101")]
    #[case("示例县东河镇人民政府", "", "5101")]
    #[case("示例县", "", "51")]
    fn finds(#[case] text: &str, #[case] hint: &str, #[case] code: &str) {
        assert_eq!(places().find(text, || vec![hint]), Ok(code), "{text}");
    }

    #[test]
    fn what_is_not_one_region_is_said() {
        assert_eq!(places().find("新村", Vec::new), Err(Lost::Several(2, "东河镇新村".into())));
        assert_eq!(places().find("新村", || vec!["东河镇", "西河镇"]), Err(Lost::Several(2, "东河镇新村".into())));
        for text in ["", "无名村", "北河镇新村", "示例县新村x"] {
            assert_eq!(places().find(text, Vec::new), Err(Lost::Unknown), "{text}");
        }
    }
}
