//! The 41 departments of the sample county and the 181 matters they decide.

/// A department.
#[derive(Debug)]
pub struct Department {
    /// Its name.
    pub name: &'static str,
    /// Its office in charge.
    pub office: &'static str,
    /// What stands for it in document numbers.
    pub mark: &'static str,
    /// How busy it is: cases a day in a county of the full size, more or less.
    pub weight: u32,
    /// The matters it decides on application.
    pub items: Vec<Matter>,
}

/// A matter that is applied for.
#[derive(Debug, Clone, Copy)]
pub struct Matter {
    /// Its name.
    pub name: &'static str,
    /// Working days promised.
    pub promised: u32,
    /// Working days by law.
    pub statutory: u32,
    /// The step whose time does not count; empty for none.
    pub pause: &'static str,
}

/// The departments in the order of the file.
pub fn departments() -> Vec<Department> {
    let mut units: Vec<Department> = Vec::new();
    for line in include_str!("data/items.txt").lines().filter(|l| !l.starts_with('#')) {
        let mut cells = line.trim_start_matches('-').split('|');
        let mut cell = || cells.next().unwrap_or("");
        let (first, second, third, fourth) = (cell(), cell(), cell(), cell());
        let number = |text: &str| text.parse().unwrap_or(1);
        match (line.starts_with('-'), units.last_mut()) {
            (true, Some(unit)) => unit.items.push(Matter {
                name: first,
                promised: number(second),
                statutory: number(third),
                pause: fourth,
            }),
            _ => units.push(Department {
                name: first,
                office: second,
                mark: third,
                weight: number(fourth),
                items: Vec::new(),
            }),
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn departments_and_matters_are_as_many_as_the_county_has() {
        let units = departments();
        assert_eq!(units.len(), 41);
        assert_eq!(units.iter().map(|u| u.items.len()).sum::<usize>(), 181);
        for item in units.iter().flat_map(|u| &u.items) {
            assert!(item.promised > 0 && item.promised <= item.statutory, "{item:?}");
        }
    }
}
