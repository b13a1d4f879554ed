//! Where the config folder and the data folder are looked for.

use super::sections::places;
use std::path::PathBuf;

/// Where an installed config lies, in the order looked.
const INSTALLED: [&str; 2] = ["/etc/gongshi", "/usr/share/gongshi/kiosk-config"];

/// The config folder: the one named, else `./kiosk-config`, else the installed one. Where none exists, the name of
/// the first place looked, so that the fault names it.
pub fn find_dir(named: Option<PathBuf>) -> PathBuf {
    if let Some(dir) = named {
        return dir;
    }
    let here = PathBuf::from("kiosk-config");
    if here.is_dir() {
        return here;
    }
    let holds_config = |dir: &PathBuf| places().iter().any(|place| dir.join(&place.name).exists());
    INSTALLED.iter().map(PathBuf::from).find(holds_config).unwrap_or(here)
}

/// The data folder: the one named, else `gongshi` under the XDG data folder, else `/var/lib/gongshi` where there is
/// no home.
pub fn data_dir(named: Option<PathBuf>) -> PathBuf {
    named.unwrap_or_else(|| {
        directories::BaseDirs::new().map_or_else(|| "/var/lib/gongshi".into(), |d| d.data_dir().join("gongshi"))
    })
}
