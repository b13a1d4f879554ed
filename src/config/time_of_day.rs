//! `HH:MM`, as playlists write it.

/// Minutes since midnight of `HH:MM`, 0 to 1440 (`24:00` is the end of the day); `None` for anything else.
pub fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |s: &str| s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= 1440).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_times_of_day() {
        assert_eq!(minute_of_day("00:00"), Some(0));
        assert_eq!(minute_of_day("09:42"), Some(582));
        assert_eq!(minute_of_day("24:00"), Some(1440));
        for bad in ["", "9:42", "24:01", "12:60", "ab:cd", "12", "12:00:00", "+1:00"] {
            assert_eq!(minute_of_day(bad), None, "{bad}");
        }
    }
}
