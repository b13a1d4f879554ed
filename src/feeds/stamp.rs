//! Telling whether a source is as it was. Local files are not read for it: a county's folders are hundreds of megabytes,
//! and looked at every few minutes. A server is asked; what it said counts only for as long as its answer would be read
//! in the same way.

use super::Validators;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    fmt::Write as _,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Files and folders looked at; a place with more is always read.
const MAX_ENTRIES: usize = 100_000;
/// Folders within folders, as deep as any format reads.
const MAX_DEPTH: u32 = 4;
/// A file written less than this before the look may be written again without its time changing.
const FRESH: Duration = Duration::from_secs(2);

/// A token for what files and folders hold, as far as names, sizes and times of change tell, and for what it is read
/// `by`; in the form of an entity tag, which no server sends. `None` where they cannot tell: a place is not there, too
/// large, or was changed just before `now`. Blocks.
pub(super) fn of(places: &[PathBuf], by: &str, now: Timestamp) -> Option<String> {
    let mut listed = String::new();
    let now = UNIX_EPOCH + Duration::try_from(now.duration_since(Timestamp::UNIX_EPOCH)).ok()?;
    let (mut room, mut folders) = (MAX_ENTRIES, HashSet::new());
    places.iter().try_for_each(|place| list(place, MAX_DEPTH, now, (&mut room, &mut folders), &mut listed))?;
    Some(format!("files {}", digest(&format!("{listed}\n{by}"))))
}

/// A short digest of how a source is read.
pub(super) fn digest(by: &str) -> String {
    Sha256::digest(by).iter().take(16).fold(String::new(), |mut hex, byte| {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A server's validators with what its answer was read by, to be kept as one.
pub(super) fn with(validators: Validators, by: &str) -> Validators {
    let Validators { etag, last_modified } = validators;
    let is_any = etag.is_some() || last_modified.is_some();
    Validators { etag: is_any.then(|| format!("by {by} {}", etag.unwrap_or_default())), last_modified }
}

/// The server's validators as it gave them; none where its answer was read by something else.
pub(super) fn without(kept: &Validators, by: &str) -> Validators {
    let etag = kept.etag.as_deref().and_then(|etag| etag.strip_prefix("by ")?.strip_prefix(by)?.strip_prefix(' '));
    match etag {
        Some(etag) => Validators {
            etag: Some(etag.to_owned()).filter(|e| !e.is_empty()),
            last_modified: kept.last_modified.clone(),
        },
        None => Validators::default(),
    }
}

/// A number for names, sizes and times of a place, be they just written; `None` where it is not there or too large.
/// Blocks.
pub(super) fn glance(place: &Path) -> Option<u64> {
    let (mut hasher, mut room) = (DefaultHasher::new(), MAX_ENTRIES);
    place.metadata().ok()?;
    walk(place, MAX_DEPTH, &mut HashSet::new(), &mut room, &mut hasher)?;
    Some(hasher.finish())
}

/// Adds a place and what is in it; what cannot be read counts as such.
fn walk(
    place: &Path,
    depth: u32,
    folders: &mut HashSet<PathBuf>,
    room: &mut usize,
    hasher: &mut DefaultHasher,
) -> Option<()> {
    *room = room.checked_sub(1)?;
    place.hash(hasher);
    let Ok(meta) = place.metadata() else { return Some(()) };
    let is_dir = meta.is_dir();
    (meta.modified().ok(), is_dir, if is_dir { 0 } else { meta.len() }).hash(hasher);
    // A link may lead back to a folder above.
    if is_dir && depth > 0 && place.canonicalize().is_ok_and(|real| folders.insert(real)) {
        let mut within: Vec<_> = std::fs::read_dir(place).into_iter().flatten().flatten().map(|e| e.path()).collect();
        within.sort();
        within.iter().try_for_each(|path| walk(path, depth - 1, folders, room, hasher))?;
    }
    Some(())
}

fn list(
    place: &Path,
    depth: u32,
    now: SystemTime,
    (room, folders): (&mut usize, &mut HashSet<PathBuf>),
    out: &mut String,
) -> Option<()> {
    *room = room.checked_sub(1)?;
    let meta = std::fs::metadata(place).ok()?;
    let changed = meta.modified().ok()?;
    if changed + FRESH > now {
        return None;
    }
    let at = changed.duration_since(UNIX_EPOCH).ok()?.as_nanos();
    writeln!(out, "{} {at} {}", place.display(), if meta.is_dir() { 0 } else { meta.len() }).ok()?;
    // A link may lead back to a folder above.
    if meta.is_dir() && depth > 0 && folders.insert(place.canonicalize().ok()?) {
        let mut within: Vec<_> =
            std::fs::read_dir(place).ok()?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>().ok()?;
        within.sort();
        within.iter().try_for_each(|path| list(path, depth - 1, now, (room, folders), out))?;
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
    fn a_servers_word_counts_for_one_way_of_reading() {
        let said = Validators { etag: Some("\"v 1\"".into()), last_modified: Some("Mon".into()) };
        let kept = with(said.clone(), "aa");
        assert_eq!((without(&kept, "aa"), without(&kept, "bb")), (said, Validators::default()));
        let dated = Validators { etag: None, last_modified: Some("Mon".into()) };
        assert_eq!(without(&with(dated.clone(), "aa"), "aa"), dated);
        assert_eq!(with(Validators::default(), "aa"), Validators::default());
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
