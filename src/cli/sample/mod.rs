//! `gongshi sample`: a county's worth of sample data, ready for harvest and run.

mod approvals;
mod bulletins;
mod case_schedule;
mod county;
mod dates;
mod days;
mod departments;
mod files;
mod holdings;
mod ledger;
mod names;
mod offices;
mod plan;
mod projects;
mod rng;
mod sink;
mod voices;

use crate::{
    config::Site,
    time::{Clock, WallTime, civil::Date},
};
use dates::SHIPPED_FOR;
use files::LEDGER;
use sink::{Made, write};
use std::{io::Write, path::PathBuf};

/// Arguments of `gongshi sample`.
#[derive(Debug, Clone, clap::Args)]
pub struct SampleArgs {
    /// The folder in which `kiosk-config` and `sources` are made.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Villages whose ledgers are made up, and a county around them in proportion (522 make 48 townships); 0 leaves all
    /// but the shipped folder out.
    #[arg(long, default_value_t = 522, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=5000))]
    pub villages: u32,
    /// Years of it, up to today; with 522 villages five years make 1.5 million rows, 300,000 cases and 200,000 notices.
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

/// Writes the files and says what was written.
pub fn run(args: &SampleArgs, clock: &dyn Clock, out: &mut dyn Write) -> Result<(), String> {
    let config = args.out.join("kiosk-config");
    if config.exists() && !args.force {
        return Err(format!(
            "{}: it is there already; name another --out, or add --force to write over it",
            config.display()
        ));
    }
    let today = args.today.unwrap_or_else(|| WallTime::at(clock.wall(), &Site::default().zone()).day());
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
    let mut made = Made::default();
    if args.villages > 0 {
        let plan = plan::Plan::new(args.villages, args.years, args.seed, today, &args.out);
        write(&config.join("regions.csv"), plan.county.regions_csv())?;
        for (name, bytes) in files::PICTURES {
            write(&args.out.join(name), bytes)?;
        }
        for make in [
            ledger::make,
            holdings::make,
            offices::make,
            projects::make,
            approvals::make,
            voices::make,
            bulletins::make,
        ] {
            made.add(make(&plan)?);
        }
    }
    writeln!(
        out,
        "{}: sample county for {today} with {} villages: beside the shipped folder {} rows of registers, {} cases with \
         {} steps, {} notices, in {} MB.\nNext: gongshi harvest --config {}",
        args.out.display(),
        args.villages,
        made.rows,
        made.cases,
        made.steps,
        made.notices,
        made.bytes / 1_000_000,
        config.display()
    )
    .map_err(|e| format!("the result could not be printed ({e})"))
}

#[cfg(test)]
mod tests;
