//! Time zones by the names people give them.

use jiff::tz::TimeZone;

/// The zone of a site that names none: the one that all of China keeps by law.
pub(super) const DEFAULT_ZONE: &str = "Asia/Shanghai";

/// The zone of this IANA name. The default one is known without the system's table of zones as well.
pub(super) fn zone_named(name: &str) -> Option<TimeZone> {
    let fixed = || (name == DEFAULT_ZONE).then(|| TimeZone::fixed(jiff::tz::offset(8)));
    TimeZone::get(name).ok().or_else(fixed)
}

/// The zone of this IANA name; China's where there is none of it, which `check` refuses.
pub fn time_zone(name: &str) -> TimeZone {
    zone_named(name).or_else(|| zone_named(DEFAULT_ZONE)).unwrap_or(TimeZone::UTC)
}

/// The IANA name of a zone that is written another way: `UTC+8`, `GMT+08:00`, `CST`, 北京时间, `Beijing`.
pub(super) fn meant(written: &str) -> Option<String> {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '−' | '–' => '-',
        c => c,
    };
    let folded: String = written.chars().map(narrow).filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let place = folded.rsplit('/').next().unwrap_or_default();
    let place =
        ["标准时间", "时间", "市", "TIME"].iter().fold(place, |place, end| place.strip_suffix(end).unwrap_or(place));
    match place {
        "CST" | "BJT" | "CHINA" | "CHN" | "CN" | "BEIJING" | "PEKING" | "SHANGHAI" | "CHONGQING" | "HARBIN"
        | "北京" | "上海" | "重庆" | "中国" | "东八区" => return Some(DEFAULT_ZONE.into()),
        "URUMQI" | "XINJIANG" | "KASHGAR" | "KASHI" | "乌鲁木齐" | "新疆" | "喀什" | "东六区" => {
            return Some("Asia/Urumqi".into());
        }
        _ => {}
    }
    match hours(&folded)? {
        8 => Some(DEFAULT_ZONE.into()),
        6 => Some("Asia/Urumqi".into()),
        0 => Some("Etc/UTC".into()),
        // These names count from Greenwich the other way round.
        east @ 1..=14 => Some(format!("Etc/GMT-{east}")),
        west @ -12..=-1 => Some(format!("Etc/GMT+{}", -west)),
        _ => None,
    }
}

/// The whole hours of `UTC+8`, `GMT-5`, `+08:00`, `UTC8`.
fn hours(folded: &str) -> Option<i32> {
    let named = ["UTC", "GMT"].iter().find_map(|name| folded.strip_prefix(name));
    let digits = named.unwrap_or(folded);
    let (is_west, digits) = match (digits.strip_prefix('-'), digits.strip_prefix('+')) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        // A number alone is no zone.
        _ => (false, named?),
    };
    let whole = digits.strip_suffix(":00").or_else(|| digits.strip_suffix("00").filter(|d| !d.is_empty()));
    let hours: i32 = whole.unwrap_or(digits).parse().ok()?;
    Some(if is_west { -hours } else { hours })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_known_by_what_people_call_them() {
        for written in [
            "UTC+8",
            "GMT+8",
            "utc +08:00",
            "UTC+0800",
            "+8",
            "+08:00",
            "ＵＴＣ＋８",
            "CST",
            "Beijing",
            "Asia/Beijing",
            "北京",
            "北京时间",
            "Shanghai",
            "上海",
            "Beijing Time",
            "中国标准时间",
            "UTC8",
        ] {
            assert_eq!(meant(written).as_deref(), Some("Asia/Shanghai"), "{written}");
        }
        for (written, name) in [
            ("UTC+6", "Asia/Urumqi"),
            ("乌鲁木齐", "Asia/Urumqi"),
            ("新疆时间", "Asia/Urumqi"),
            ("UTC+9", "Etc/GMT-9"),
            ("GMT-5", "Etc/GMT+5"),
            ("UTC+0", "Etc/UTC"),
        ] {
            assert_eq!(meant(written).as_deref(), Some(name), "{written}");
            assert!(zone_named(name).is_some(), "{name}");
        }
        for written in ["", "Asia", "8", "UTC+99", "Mars/Olympus", "UTC+8:30"] {
            assert_eq!(meant(written), None, "{written}");
        }
        let at: jiff::Timestamp = "2026-11-23T01:42:00Z".parse().unwrap();
        let zone = zone_named(&meant("UTC+9").unwrap()).unwrap();
        assert_eq!(at.to_zoned(zone).hour(), 10, "the sign of Etc/GMT-9 is that of UTC+9");
    }
}
