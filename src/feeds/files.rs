//! Files and folders as sources have them: listed and read within bounds.

use super::detect::is_candidate;
use std::{
    collections::HashSet,
    io::Read,
    path::{Path, PathBuf},
};

/// Files one folder may hold.
const MAX_FILES: usize = 20_000;

/// The files of a folder, and of the folders in it so many deep, that may be documents; in no order. A folder that
/// links lead back to is listed once.
pub(super) fn list(dir: &Path, depth: u32, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    list_once(dir, depth, (files, &mut HashSet::new()))
}

fn list_once(
    dir: &Path,
    depth: u32,
    (files, folders): (&mut Vec<PathBuf>, &mut HashSet<PathBuf>),
) -> std::io::Result<()> {
    if !folders.insert(dir.canonicalize()?) {
        return Ok(());
    }
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        // Hidden files, and those that editors keep beside an open document.
        if name.starts_with(['.', '~']) || name.ends_with('~') || files.len() >= MAX_FILES {
            continue;
        }
        if path.is_dir() && depth > 0 {
            list_once(&path, depth - 1, (files, folders))?;
        } else if path.is_file() && is_candidate(&name) {
            files.push(path);
        }
    }
    Ok(())
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

/// The sentence for what cannot be read, with the mend.
pub(super) fn unreadable(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder; mend source, or mount the shared drive".into(),
        ErrorKind::PermissionDenied => "it may not be read; give this program's user the right to".into(),
        _ => format!("it cannot be read ({error})"),
    }
}
