//! The command line: one file a subcommand.

mod bench;
pub mod check;
mod config;
mod demo;
mod feeds;
mod folders;
mod fonts;
mod harvest;
mod log;
pub mod logging;
mod parse;
mod render;
mod report;
mod report_shown;
mod rows;
mod run;
pub mod sample;
pub mod schema;
mod script;
mod search;
mod worker;

use crate::time::SystemClock;
use clap::{Parser, Subcommand};
use std::{io::Write, process::ExitCode};

/// LED walls and touch kiosks for public disclosure (政务公开).
#[derive(Debug, Parser)]
#[command(name = "gongshi", version, about, max_term_width = 110)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// One variant a subcommand, each with the arguments of its own file.
#[derive(Debug, Subcommand)]
enum Command {
    /// Show the screens, read the feeds, keep what they give.
    Run(run::RunArgs),
    /// Check the config folder: file:line:column and the mend for each fault.
    Check(check::CheckArgs),
    /// Change one thing in a file of the config, every other byte as it is.
    Config(config::ConfigArgs),
    /// Draw a screen to pictures, with taps and drags at given times.
    Render(render::RenderArgs),
    /// Show what a file or an address yields, one JSON object a line.
    Parse(parse::ParseArgs),
    /// Propose the file of a feed for an address or a file.
    Feeds(feeds::FeedsArgs),
    /// Look once at every feed and say what came.
    Harvest(harvest::HarvestArgs),
    /// Find notices, rows and cases by words, pinyin or numbers.
    Search(search::SearchArgs),
    /// Write a sample county: a config folder and its sources.
    Sample(sample::SampleArgs),
    /// Show which characters the fonts cover, and which the store needs.
    Fonts(fonts::FontsArgs),
    /// Measure a screen: frame intervals, processor time, memory.
    Bench(bench::BenchArgs),
    /// Prove what was shown where, and from when to when.
    Report(report::ReportArgs),
    /// Draw every screen and every kiosk page of the sample county.
    Demo(demo::DemoArgs),
    /// Open a document from standard input.
    #[command(hide = true)]
    Worker(worker::WorkerArgs),
    /// Write the JSON Schemas of the config files.
    #[command(hide = true)]
    Schema(schema::SchemaArgs),
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    logging::start();
    let out = &mut std::io::stdout().lock();
    let done = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => match check::run(&args, out) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        Command::Config(args) => config::run(&args, out),
        Command::Render(args) => render::run(&args, out),
        Command::Parse(args) => parse::run(&args, out),
        Command::Feeds(args) => feeds::run(&args, out),
        Command::Harvest(args) => harvest::run(&args, out),
        Command::Search(args) => search::run(&args, out),
        Command::Sample(args) => sample::run(&args, &SystemClock::default(), out),
        Command::Fonts(args) => fonts::run(&args, out),
        Command::Bench(args) => bench::run(&args, out),
        Command::Report(args) => report::run(&args, out),
        Command::Demo(args) => demo::run(&args, out),
        Command::Worker(args) => worker::run(&args, out),
        Command::Schema(args) => schema::run(&args),
    };
    drop(out.flush());
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gongshi: {}", log::lines(&error));
            ExitCode::FAILURE
        }
    }
}
