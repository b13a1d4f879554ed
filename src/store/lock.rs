//! One player a data folder: two would end each other's proof of showing and fetch everything twice.

use super::StoreError;
use std::{
    fs::{self, File, TryLockError},
    io::{Read as _, Write as _},
    path::Path,
};

/// The lock's name in the data folder. The file stays; what counts is who holds it.
const FILE: &str = "gongshi.lock";

/// The right to play from a data folder, held until it is dropped or the process ends, however it ends. Only `run` takes
/// it: whatever else opens the store does so beside a running player.
#[derive(Debug)]
pub struct PlayerLock {
    _file: Option<File>,
}

impl PlayerLock {
    /// Takes the right to play from `data_dir`, which is made where there is none. Never waits.
    ///
    /// # Errors
    /// [`StoreError::Playing`] where another process has it; [`StoreError::Folder`] where the folder or the file cannot be
    /// made. On a file system without locks there is none to be had, which is said in the log.
    pub fn take(data_dir: &Path) -> Result<Self, StoreError> {
        let folder = |e: std::io::Error| StoreError::Folder { path: data_dir.to_owned(), reason: e.to_string() };
        fs::create_dir_all(data_dir).map_err(folder)?;
        let path = data_dir.join(FILE);
        let mut file =
            File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(folder)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who it is only helps; without it the sentence is the same.
                let _ = file.take(20).read_to_string(&mut holder);
                let process = holder.trim().parse().ok();
                return Err(StoreError::Playing { path: data_dir.to_owned(), process });
            }
            Err(TryLockError::Error(error)) => {
                tracing::warn!("{} cannot be locked ({error}): see that no second player uses it", path.display());
                return Ok(Self { _file: None });
            }
        }
        // The lock holds whether or not its holder can be named.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self { _file: Some(file) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn only_one_plays_from_a_folder_while_others_read_and_write_it() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let first = PlayerLock::take(&data).unwrap();
        for _ in 0..2 {
            let said = PlayerLock::take(&data).unwrap_err().to_string();
            assert!(said.contains("data") && said.contains("--data") && !said.contains('\n'), "{said}");
            assert!(said.contains(&format!("process {}", std::process::id())), "{said}");
        }
        Store::open(&data).unwrap().record_fault("a", "示例", jiff::Timestamp::UNIX_EPOCH, "x").unwrap();
        PlayerLock::take(&dir.path().join("another")).unwrap();
        drop(first);
        PlayerLock::take(&data).unwrap();
    }
}
