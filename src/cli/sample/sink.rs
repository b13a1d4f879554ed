//! Files of the sample county, written as they are made: tables, feeds of notices, and the files of feeds.

use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

fn fail(path: &Path, e: &dyn std::fmt::Display) -> String {
    format!("{}: cannot be written ({e}); choose a folder you may write to", path.display())
}

/// Writes a whole file, its folders too.
///
/// # Errors
/// One sentence that names the file.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), String> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|e| fail(path, &e))?;
    }
    fs::write(path, content).map_err(|e| fail(path, &e))
}

fn create(path: &Path) -> Result<BufWriter<File>, String> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|e| fail(path, &e))?;
    }
    File::create(path).map(|f| BufWriter::with_capacity(1 << 18, f)).map_err(|e| fail(path, &e))
}

/// What was made: for the report.
#[derive(Debug, Default, Clone, Copy)]
pub struct Made {
    /// Register rows that are no cases.
    pub rows: u64,
    /// Cases.
    pub cases: u64,
    /// Steps of cases.
    pub steps: u64,
    /// Notices.
    pub notices: u64,
    /// Bytes of all source files.
    pub bytes: u64,
}

/// A CSV file with a row of titles, written as it is made.
pub struct CsvFile {
    path: PathBuf,
    out: csv::Writer<BufWriter<File>>,
    /// Rows written, the titles not counted.
    pub rows: u64,
}

impl CsvFile {
    /// Begins a file with its column titles.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn create(path: PathBuf, titles: &[&str]) -> Result<Self, String> {
        let mut out = csv::Writer::from_writer(create(&path)?);
        out.write_record(titles).map_err(|e| fail(&path, &e))?;
        Ok(Self { path, out, rows: 0 })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn row<const N: usize>(&mut self, cells: [&str; N]) -> Result<(), String> {
        self.rows += 1;
        self.out.write_record(cells).map_err(|e| fail(&self.path, &e))
    }

    /// Ends the file; gives its bytes.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn finish(mut self) -> Result<u64, String> {
        self.out.flush().map_err(|e| fail(&self.path, &e))?;
        Ok(fs::metadata(&self.path).map_or(0, |m| m.len()))
    }
}

/// A JSON Feed, written as it is made.
pub struct Notices {
    path: PathBuf,
    out: BufWriter<File>,
    /// Notices written.
    pub count: u64,
}

impl Notices {
    /// Begins a feed.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn create(path: PathBuf, title: &str) -> Result<Self, String> {
        let mut out = create(&path)?;
        let (version, title) = (json!("https://jsonfeed.org/version/1.1"), json!(title));
        writeln!(out, "{{\"version\":{version},\"title\":{title},\"language\":\"zh-CN\",\"items\":[")
            .map_err(|e| fail(&path, &e))?;
        Ok(Self { path, out, count: 0 })
    }

    /// Writes a notice.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn item(&mut self, item: &Value) -> Result<(), String> {
        let comma = if self.count == 0 { "" } else { ",\n" };
        self.count += 1;
        write!(self.out, "{comma}{item}").map_err(|e| fail(&self.path, &e))
    }

    /// Ends the feed; gives its bytes.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn finish(mut self) -> Result<u64, String> {
        self.out.write_all(b"\n]}\n").and_then(|()| self.out.flush()).map_err(|e| fail(&self.path, &e))?;
        Ok(fs::metadata(&self.path).map_or(0, |m| m.len()))
    }
}

/// The file of a feed.
pub struct FeedFile<'a> {
    /// The feed's name: its file without `.toml`.
    pub name: &'a str,
    /// The source's title.
    pub title: &'a str,
    /// The source, relative to the config folder.
    pub source: &'a str,
    /// The lines that say what it brings, such as `register = "village-money"`.
    pub lines: &'a str,
    /// The file of the cases' steps, beside the source; empty for none.
    pub steps: &'a str,
    /// Bytes of the source.
    pub bytes: u64,
    /// Items of the source.
    pub items: u64,
}

impl FeedFile<'_> {
    /// Writes it into the config folder.
    ///
    /// # Errors
    /// One sentence that names the file.
    pub fn write(&self, config: &Path) -> Result<(), String> {
        let megabytes = self.bytes.div_ceil(1 << 20) + 8;
        let steps = match self.steps {
            "" => String::new(),
            file => format!("\n[sheet]\nsteps = \"{file}\"\n"),
        };
        let text = format!(
            "#:schema ../schema/feed.json\n# 由 gongshi sample 生成。 / Made by gongshi sample.\n\n\
             title = \"{}\"\nsource = \"{}\"\n{}\nevery_minutes = 1440\nmax_megabytes = {megabytes}\n\
             max_notices = {}\ntimeout_seconds = 300\n{steps}",
            self.title,
            self.source,
            self.lines.trim(),
            self.items.max(1)
        );
        write(&config.join("feeds").join(format!("{}.toml", self.name)), text)
    }
}
