//! `gongshi sample`: a county's worth of sample data, ready for harvest and run.

mod dates;
mod files;
mod villages;

use crate::time::{Clock, civil::Date};
use jiff::tz::TimeZone;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Arguments of `gongshi sample`.
#[derive(Debug, Clone, clap::Args)]
pub struct SampleArgs {
    /// The folder in which `kiosk-config` and `sources` are made.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Villages that publish their accounts each month; 0 leaves them out.
    #[arg(long, default_value_t = 522, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=5000))]
    pub villages: u32,
    /// Years of monthly accounts.
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=30))]
    pub years: u32,
    /// Chooses the figures; the same seed and day give the same files.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
    /// The day the data is for, such as 2026-11-23; without it today.
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
    /// Write over a config folder that is there already.
    #[arg(long)]
    pub force: bool,
}

/// The shipped ledger of the villages, in which months stay whole.
const LEDGER: &str = "sources/registers/village-money.csv";

/// The day the shipped sources are written for.
pub const SHIPPED_FOR: Date = jiff::civil::date(2026, 11, 23);

/// Writes the files and says what was written.
pub fn run(args: &SampleArgs, clock: &dyn Clock, out: &mut dyn Write) -> Result<(), String> {
    let config = args.out.join("kiosk-config");
    if config.exists() && !args.force {
        return Err(format!(
            "{}: it is there already; name another --out, or add --force to write over it",
            config.display()
        ));
    }
    let today = args.today.unwrap_or_else(|| {
        let zone = TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| TimeZone::fixed(jiff::tz::offset(8)));
        clock.wall().to_zoned(zone).date()
    });
    let days = (today - SHIPPED_FOR).get_days();
    for (name, text) in files::FILES {
        match *name {
            LEDGER => write(&config.join(name), dates::shift_months(text, dates::months_between(SHIPPED_FOR, today)))?,
            _ if name.starts_with("sources/") => {
                write(&config.join(dates::shift(name, days)), dates::shift(text, days))?
            }
            _ => write(&config.join(name), text)?,
        }
    }
    for (name, bytes) in files::PICTURES {
        write(&config.join(name), bytes)?;
    }
    let mut accounts = 0;
    if args.villages > 0 {
        let county = villages::County::new(args.villages);
        write(&config.join("regions.csv"), county.regions_csv())?;
        for year in 0..args.years {
            let feed = villages::accounts(&county, today, year, args.seed);
            let name = format!("village-accounts-{}", year + 1);
            write(&args.out.join("sources").join(format!("{name}.json")), &feed.json)?;
            write(&config.join("feeds").join(format!("{name}.toml")), feed.toml(&name))?;
            accounts += feed.notices;
        }
    }
    writeln!(
        out,
        "{}: sample county for {today} with {} villages and {accounts} monthly accounts.\nNext: gongshi harvest --config {}",
        args.out.display(),
        args.villages,
        config.display()
    )
    .map_err(|e| format!("the result could not be printed ({e})"))
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), String> {
    let fail =
        |e: std::io::Error| format!("{}: cannot be written ({e}); choose a folder you may write to", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(fail)?;
    }
    fs::write(path, content).map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config, time::SystemClock};

    fn args(out: &Path, today: Date, villages: u32) -> SampleArgs {
        SampleArgs { out: out.into(), villages, years: 1, seed: 7, today: Some(today), force: false }
    }

    fn tree(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(dir).unwrap().flatten() {
            match entry.path() {
                p if p.is_dir() => found.extend(tree(&p)),
                p => found.push((p.clone(), fs::read(p).unwrap())),
            }
        }
        found.sort();
        found
    }

    fn relative(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        tree(dir).into_iter().map(|(p, b)| (p.strip_prefix(dir).unwrap().to_owned(), b)).collect()
    }

    #[test]
    fn the_shipped_folder_is_the_sample_of_its_day() {
        let dir = tempfile::tempdir().unwrap();
        run(&args(dir.path(), SHIPPED_FOR, 0), &SystemClock::default(), &mut Vec::new()).unwrap();
        let shipped = relative(Path::new("kiosk-config"));
        let sample = relative(&dir.path().join("kiosk-config"));
        let names = |t: &[(PathBuf, Vec<u8>)]| t.iter().map(|(p, _)| p.clone()).collect::<Vec<_>>();
        assert_eq!(names(&shipped), names(&sample), "a file is missing in files.rs");
        for (a, b) in shipped.iter().zip(&sample) {
            assert_eq!(a, b, "{}", a.0.display());
        }
    }

    #[test]
    fn samples_are_the_same_each_time_and_without_fault() {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let today = jiff::civil::date(2027, 3, 1);
        for dir in [&a, &b] {
            run(&args(dir.path(), today, 24), &SystemClock::default(), &mut Vec::new()).unwrap();
        }
        assert_eq!(relative(a.path()), relative(b.path()));
        let loaded = config::load(&a.path().join("kiosk-config"));
        assert_eq!(loaded.faults, [], "the sample has faults");
        assert_eq!(loaded.config.unwrap().regions.len(), 1 + 3 + 24);
        let again = run(&args(a.path(), today, 24), &SystemClock::default(), &mut Vec::new());
        assert!(again.unwrap_err().contains("--force"));
    }
}
