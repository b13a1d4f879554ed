//! Telling whether local files are as they were, without reading them: a county's folders are hundreds of megabytes,
//! and looked at every few minutes.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Files and folders looked at; a place with more is always read.
const MOST: usize = 100_000;
/// Folders within folders, as deep as any format reads.
const DEEPEST: u32 = 4;
/// A file written less than this before the look may be written again without its time changing.
const FRESH: Duration = Duration::from_secs(2);

/// A token for what files and folders hold, as far as names, sizes and times of change tell, and for what it is read
/// `by`; in the form of an entity tag, which no server sends. `None` where they cannot tell: a place is not there, too
/// large, or was changed just before `now`. Blocks.
pub(super) fn of(places: &[PathBuf], by: &str, now: Timestamp) -> Option<String> {
    let mut listed = String::new();
    let now = UNIX_EPOCH + Duration::try_from(now.duration_since(Timestamp::UNIX_EPOCH)).ok()?;
    let mut room = MOST;
    places.iter().try_for_each(|place| list(place, DEEPEST, now, &mut room, &mut listed))?;
    let digest =
        Sha256::new().chain_update(listed.len().to_le_bytes()).chain_update(listed).chain_update(by).finalize();
    let mut token = String::from("files ");
    for byte in digest {
        write!(token, "{byte:02x}").ok()?;
    }
    Some(token)
}

fn list(place: &Path, depth: u32, now: SystemTime, room: &mut usize, out: &mut String) -> Option<()> {
    *room = room.checked_sub(1)?;
    let meta = std::fs::metadata(place).ok()?;
    let changed = meta.modified().ok()?;
    if changed + FRESH > now {
        return None;
    }
    let at = changed.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    writeln!(out, "{} {at} {}", place.display(), if meta.is_dir() { 0 } else { meta.len() }).ok()?;
    if meta.is_dir() && depth > 0 {
        let mut within: Vec<_> =
            std::fs::read_dir(place).ok()?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>().ok()?;
        within.sort();
        within.iter().try_for_each(|path| list(path, depth - 1, now, room, out))?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const NOW: i64 = 1_795_000_000;

    fn aged(path: &Path, seconds: i64) {
        let at = UNIX_EPOCH + Duration::from_secs((NOW - seconds).unsigned_abs());
        fs::File::open(path).unwrap().set_modified(at).unwrap();
    }

    #[test]
    fn a_change_of_a_file_of_the_folder_or_of_how_it_is_read_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("示例.csv");
        fs::write(&file, "甲").unwrap();
        let now = Timestamp::from_second(NOW).unwrap();
        let stamp = |by: &str| of(&[dir.path().to_owned()], by, now);
        aged(&file, 1);
        aged(dir.path(), 1);
        assert_eq!(stamp("a"), None, "just written");
        aged(&file, 60);
        aged(dir.path(), 60);
        let first = stamp("a").unwrap();
        assert_eq!(stamp("a").unwrap(), first);
        assert_ne!(stamp("b").unwrap(), first);
        aged(&file, 50);
        let second = stamp("a").unwrap();
        assert_ne!(second, first);
        fs::write(&file, "甲乙").unwrap();
        aged(&file, 50);
        assert_ne!(stamp("a").unwrap(), second, "another size at the same time");
        fs::remove_file(&file).unwrap();
        aged(dir.path(), 60);
        assert_ne!(stamp("a").unwrap(), first);
        assert_eq!(of(&[dir.path().join("none")], "a", now), None);
    }
}
