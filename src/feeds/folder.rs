//! Documents dropped in a folder, and single files.

use super::{
    FeedError, Harvested, Hint, ItemFault,
    files::{bytes, list, unreadable},
    parse,
};
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};
use url::Url;

/// What a folder or file holds.
pub(super) struct Contents {
    pub items: Vec<Harvested>,
    pub faults: Vec<ItemFault>,
}

/// Reads a file, or all documents of a folder and of the folders in it. Blocks.
///
/// # Errors
/// Where the place cannot be read at all; a single bad file of a folder is a fault of its own.
pub(super) fn read(place: &Path, hint: &Hint, most: u64) -> Result<Contents, FeedError> {
    let name = place.display().to_string();
    let meta = std::fs::metadata(place).map_err(|e| FeedError::new(&name, unreadable(&e)))?;
    if meta.is_file() {
        let (items, faults) =
            file(place, &file_name(place), hint, most).map_err(|reason| FeedError::new(&name, reason))?;
        return Ok(Contents { items, faults });
    }
    let mut files = Vec::new();
    list(place, 1, &mut files).map_err(|e| FeedError::new(&name, unreadable(&e)))?;
    files.sort();
    let mut contents = Contents { items: Vec::new(), faults: Vec::new() };
    let root = place.canonicalize().map_err(|e| FeedError::new(&name, unreadable(&e)))?;
    let mut read_files = HashSet::new();
    for (path, real) in own_first(files) {
        // A link to a file that is read anyway.
        if real.as_ref().is_some_and(|real| !read_files.insert(real.clone())) {
            continue;
        }
        let within = path.strip_prefix(place).unwrap_or(&path).display().to_string();
        // Whoever may write into the folder may not thereby publish what lies elsewhere.
        let is_inside = real.is_some_and(|real| real.starts_with(&root));
        let read = match is_inside {
            true => file(&path, &within, hint, most),
            false => Err("it is a link that leads out of the folder; put the file itself there".to_owned()),
        };
        match read {
            Ok((items, faults)) => {
                // The place within the folder is the identity: two folders may hold files of one name.
                let is_one = items.len() == 1;
                contents.items.extend(items.into_iter().map(|mut h| {
                    if is_one {
                        h.notice.key.clone_from(&within);
                    }
                    h
                }));
                contents.faults.extend(faults);
            }
            Err(reason) => contents.faults.push(ItemFault { item: within, reason }),
        }
    }
    Ok(contents)
}

/// The files with where they really lie, if that can be told; those that lie where they are named come before links.
fn own_first(files: Vec<PathBuf>) -> Vec<(PathBuf, Option<PathBuf>)> {
    let is_link = |path: &Path| path.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
    let (links, own): (Vec<PathBuf>, Vec<PathBuf>) = files.into_iter().partition(|path| is_link(path));
    let real = |path: PathBuf| (path.canonicalize().ok(), path);
    own.into_iter().chain(links).map(real).map(|(real, path)| (path, real)).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Reads one file, called `source`.
fn file(path: &Path, source: &str, hint: &Hint, most: u64) -> Result<(Vec<Harvested>, Vec<ItemFault>), String> {
    let bytes = bytes(path, most)?;
    if let Some(recorder) = &hint.recorder {
        recorder.note(source, None, None, &bytes);
    }
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let hint = Hint { name: path.display().to_string(), base: Url::from_file_path(full).ok(), ..hint.clone() };
    let parsed = parse(&bytes, &hint).map_err(|e| e.to_string())?;
    let items = parsed.items.into_iter().map(|notice| Harvested { notice, source: source.to_owned() }).collect();
    Ok((items, parsed.faults))
}
