//! Documents dropped in a folder, and single files.

use super::{FeedError, Harvested, Hint, ItemFault, parse};
use crate::config::FeedFormat;
use std::{
    collections::HashSet,
    io::Read,
    path::{Path, PathBuf},
};
use url::Url;

/// Files one folder may hold.
const MAX_FILES: usize = 20_000;
const READ: [&str; 12] = ["md", "markdown", "txt", "html", "htm", "xml", "rss", "json", "docx", "doc", "wps", "pdf"];

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
    list(place, 1, &READ, &mut files).map_err(|e| FeedError::new(&name, unreadable(&e)))?;
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

/// The files of a folder, and of the folders in it so many deep, that end in one of `wanted`; in no order. A folder that
/// links lead back to is listed once.
pub(super) fn list(dir: &Path, depth: u32, wanted: &[&str], files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    list_once(dir, depth, wanted, (files, &mut HashSet::new()))
}

fn list_once(
    dir: &Path,
    depth: u32,
    wanted: &[&str],
    (files, folders): (&mut Vec<PathBuf>, &mut HashSet<PathBuf>),
) -> std::io::Result<()> {
    if !folders.insert(dir.canonicalize()?) {
        return Ok(());
    }
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = file_name(&path);
        // Hidden files, and those that editors keep beside an open document.
        if name.starts_with(['.', '~']) || name.ends_with('~') || files.len() >= MAX_FILES {
            continue;
        }
        let is_wanted =
            || path.extension().is_some_and(|e| wanted.contains(&e.to_string_lossy().to_ascii_lowercase().as_str()));
        if path.is_dir() && depth > 0 {
            list_once(&path, depth - 1, wanted, (files, folders))?;
        } else if path.is_file() && is_wanted() {
            files.push(path);
        }
    }
    Ok(())
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
    let hint = Hint { format: format_of(path, hint.format), ..hint };
    let parsed = parse(&bytes, &hint).map_err(|e| e.to_string())?;
    let items = parsed.items.into_iter().map(|notice| Harvested { notice, source: source.to_owned() }).collect();
    Ok((items, parsed.faults))
}

/// Reads a file of `most` bytes at most, also one that grows meanwhile.
pub(super) fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let large = || format!("it is larger than {} MB; raise max_megabytes if that is right", most >> 20);
    let meta = std::fs::metadata(path).map_err(|e| unreadable(&e))?;
    // A pipe or a device would hold up whoever opens it.
    if !meta.is_file() {
        return Err("it is no file; mend source or the link that leads here".into());
    }
    if meta.len() > most {
        return Err(large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    let file = std::fs::File::open(path).map_err(|e| unreadable(&e))?;
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| unreadable(&e))?;
    if bytes.len() as u64 > most { Err(large()) } else { Ok(bytes) }
}

/// A text file is text even where its words look like markup.
fn format_of(path: &Path, wanted: FeedFormat) -> FeedFormat {
    let extension = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    match (wanted, extension.as_str()) {
        (FeedFormat::Auto, "md" | "markdown") => FeedFormat::Markdown,
        (FeedFormat::Auto, "txt") => FeedFormat::Text,
        (FeedFormat::Auto, "html" | "htm") => FeedFormat::Html,
        (wanted, _) => wanted,
    }
}

pub(super) fn unreadable(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder; mend source, or mount the shared drive".into(),
        ErrorKind::PermissionDenied => "it may not be read; give this program's user the right to".into(),
        _ => format!("it cannot be read ({error})"),
    }
}
