//! Single spreadsheets, and folders of them.

use super::{
    book,
    contract::Options,
    finish::TableOutcome,
    reader::Reader,
    sink::SheetFile,
    task::{RawTables, SheetTask},
};
use crate::feeds::{
    FeedError, Hint, StopToken,
    detect::{self, DocumentFormat},
    files::{list, unreadable},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};
use url::Url;

/// Folders within folders, such as one a township and one a village.
const DEEPEST: u32 = 3;

impl SheetTask {
    /// Reads a file, with the file of its steps beside it, or all spreadsheets of a folder. Blocks.
    ///
    /// # Errors
    /// Where the place cannot be read at all; a single bad file of a folder is a fault of its own.
    pub fn place(&self, place: &Path, stop: &StopToken) -> Result<TableOutcome, FeedError> {
        let name = place.display().to_string();
        let fail = |reason: String| FeedError::new(&name, reason);
        let meta = std::fs::metadata(place).map_err(|e| fail(unreadable(&e)))?;
        let mut out = RawTables::default();
        if meta.is_file() {
            let bytes = self.bytes_of(place).map_err(fail)?;
            self.book(&file(place, place.parent()), bytes, None, &mut out, stop).map_err(fail)?;
            if let Some(steps) = self.steps_beside(place) {
                let within = steps.display().to_string();
                let file = file(&steps, steps.parent());
                let read = self.bytes_of(&steps).and_then(|b| self.book(&file, b, None, &mut out, stop));
                if let Err(reason) = read {
                    out.is_partial = true;
                    out.fault(&within, reason);
                }
            }
            return Ok(out.finish(self.register.as_ref()));
        }
        let mut files = Vec::new();
        list(place, DEEPEST, &mut files).map_err(|e| fail(unreadable(&e)))?;
        files.sort();
        if files.is_empty() {
            return Err(fail("it holds no spreadsheet (XLSX, XLS, ODS, CSV)".into()));
        }
        for path in files {
            if stop.is_asked() {
                return Err(fail("reading it takes too long; split it".into()));
            }
            let file = file(&path, Some(place));
            if let Some(reason) = passed_over(&file.name) {
                out.fault(&file.name, reason);
                continue;
            }
            let read = self.bytes_of(&path).and_then(|bytes| self.book(&file, bytes, None, &mut out, stop));
            if let Err(reason) = read {
                out.is_partial = true;
                out.fault(&file.name, reason);
            }
        }
        Ok(out.finish(self.register.as_ref()))
    }

    /// The file of the steps of the cases in a file.
    pub fn steps_beside(&self, place: &Path) -> Option<PathBuf> {
        Some(place.parent()?.join(self.steps_file()?))
    }

    /// Reads what a server sent, and the steps it sent apart. Blocks.
    ///
    /// # Errors
    /// One sentence, where it is no table of this feed.
    pub fn fetched(
        &self,
        url: &Url,
        bytes: Vec<u8>,
        content_type: Option<String>,
        steps: Option<(Url, Vec<u8>)>,
        stop: &StopToken,
    ) -> Result<TableOutcome, FeedError> {
        let mut out = RawTables::default();
        let fail = |reason: String| FeedError::new(url.as_str(), reason);
        self.book(&remote(url), bytes, content_type, &mut out, stop).map_err(fail)?;
        if let Some((url, bytes)) = steps
            && let Err(reason) = self.book(&remote(&url), bytes, None, &mut out, stop)
        {
            out.is_partial = true;
            out.fault(url.as_str(), reason);
        }
        Ok(out.finish(self.register.as_ref()))
    }

    /// Reads one document, called `name`, as a spreadsheet. Blocks.
    ///
    /// # Errors
    /// One sentence, where it is no table of this feed.
    pub fn document(&self, name: &str, bytes: Vec<u8>, hint: &Hint) -> Result<TableOutcome, String> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
        let file = SheetFile { name: name.to_owned(), stem, folder: String::new(), base: hint.base.clone() };
        let mut out = RawTables::default();
        self.book(&file, bytes, hint.content_type.clone(), &mut out, &hint.stop)?;
        Ok(out.finish(self.register.as_ref()))
    }

    fn bytes_of(&self, path: &Path) -> Result<Vec<u8>, String> {
        let size = std::fs::metadata(path).map_err(|e| unreadable(&e))?.len();
        if size > self.most() {
            let most = self.feed.max_megabytes;
            return Err(format!("it is larger than {most} MB; split it, or raise max_megabytes if that is right"));
        }
        let bytes = std::fs::read(path).map_err(|e| unreadable(&e))?;
        if let Some(recorder) = &self.recorder {
            recorder.note(&path.display().to_string(), None, None, &bytes);
        }
        Ok(bytes)
    }

    fn book(
        &self,
        file: &SheetFile,
        bytes: Vec<u8>,
        content_type: Option<String>,
        out: &mut RawTables,
        stop: &StopToken,
    ) -> Result<(), String> {
        let options = Options {
            name: file.name.rsplit('/').next().unwrap_or_default().to_owned(),
            charset: self.feed.charset.clone(),
            content_type,
            delimiter: self.sheet.delimiter.bytes().next(),
            most: self.most(),
            stop: stop.clone(),
        };
        let before = (out.rows.len(), out.notices.len(), out.steps.len(), out.bytes);
        let mut reader = Reader::new(self, file, out, stop);
        let walked = catch_unwind(AssertUnwindSafe(|| book::walk(bytes, &options, &mut reader)))
            .unwrap_or_else(|_| Err("its parser broke down on it; please report this document".into()));
        let (found, passed) = (reader.found, reader.passed.take());
        if let Some(reason) = stop.take_omission() {
            out.fault(&file.name, reason);
        }
        let read = walked.and_then(|()| match (found, passed) {
            (0, Some(why)) if self.register.is_none() => {
                Err(format!("{why}; say under [sheet.notice] in the feed's file what its columns are called"))
            }
            (0, Some(why)) => Err(format!("{why}; add the titles it has to header in the register's file")),
            (0, None) => Err("it has no sheet that is wanted; mend sheets in the feed's file".into()),
            _ => Ok(()),
        });
        if read.is_err() {
            // Half a table would look like a whole one.
            out.rows.truncate(before.0);
            out.origins.truncate(before.0);
            out.notices.truncate(before.1);
            out.steps.truncate(before.2);
            out.bytes = before.3;
        }
        read
    }
}

/// Why a file of a folder of spreadsheets is not looked at, by its name; nothing is missing for that.
fn passed_over(name: &str) -> Option<String> {
    let kind = detect::by_name(name)?;
    match kind.format {
        DocumentFormat::Refused => Some(kind.name.to_owned()),
        DocumentFormat::Syndication
        | DocumentFormat::Alerts
        | DocumentFormat::Json
        | DocumentFormat::Markdown
        | DocumentFormat::Word
        | DocumentFormat::Pdf => Some(format!(
            "its name says that it is {}, which this feed does not read; put it into a folder of its own",
            kind.name
        )),
        _ => None,
    }
}

/// How a file is known: by its way from the folder that is the source.
fn file(path: &Path, root: Option<&Path>) -> SheetFile {
    let within = root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path);
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let named = |name: Option<&std::ffi::OsStr>| name.map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    SheetFile {
        name: within.display().to_string(),
        stem: named(path.file_stem()),
        folder: named(full.parent().and_then(Path::file_name)),
        base: Url::from_file_path(full).ok(),
    }
}

fn remote(url: &Url) -> SheetFile {
    let last = url.path_segments().and_then(|mut s| s.next_back()).filter(|s| !s.is_empty()).unwrap_or("table");
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem).to_owned();
    SheetFile { name: last.to_owned(), stem, folder: String::new(), base: Some(url.clone()) }
}
