//! `gongshi config`: changes one thing in a file of the config, and leaves every other byte as it is.

use crate::{
    check::Draft,
    config::{
        self,
        edit::{Edit, KeyPath},
    },
    text::printable,
};
use clap::{Args, Subcommand};
use similar::TextDiff;
use std::{io::Write, path::PathBuf};

/// Arguments of `gongshi config`.
#[derive(Debug, Clone, Args)]
pub struct ConfigArgs {
    #[command(subcommand)]
    change: Change,
}

/// What to change. A running player takes what is saved within a second.
#[derive(Debug, Clone, Subcommand)]
enum Change {
    /// Give keys of a file values; a file that is not there is made.
    Set {
        #[command(flatten)]
        at: FileArgs,
        /// A key, such as `title` or `zone.0.speed` (entries count from 0), then its value: text as it is, all else as in
        /// the file; and so on.
        #[arg(value_names = ["KEY", "VALUE"], num_args = 2.., required = true, allow_hyphen_values = true)]
        pairs: Vec<String>,
    },
    /// Take a key, a table or an entry out of a file.
    Unset {
        #[command(flatten)]
        at: FileArgs,
        /// The key, such as `hotline` or `zone.2`.
        key: String,
    },
}

/// The file, and whether to save it.
#[derive(Debug, Clone, Args)]
struct FileArgs {
    /// The config folder; without it `./kiosk-config`, then the installed one.
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// Print what would change, and save nothing.
    #[arg(long)]
    dry_run: bool,
    /// The file in the config folder, such as `screens/hall-led.toml`.
    file: PathBuf,
}

/// Makes the change and prints it; nothing is saved that would not load.
pub fn run(args: &ConfigArgs, out: &mut dyn Write) -> Result<(), String> {
    let (Change::Set { at, .. } | Change::Unset { at, .. }) = &args.change;
    let mut draft = Draft::open(&config::find_dir(at.config.clone()), &at.file).map_err(|e| e.to_string())?;
    match &args.change {
        Change::Set { pairs, .. } => {
            for pair in pairs.chunks(2) {
                let [key, value] = pair else {
                    return Err("each KEY wants a VALUE; put text with blanks in quotes".into());
                };
                let path = KeyPath::parse(key).map_err(|e| e.to_string())?;
                draft.set(&path, value).map_err(|e| e.to_string())?;
            }
        }
        Change::Unset { key, .. } => {
            let path = KeyPath::parse(key).map_err(|e| e.to_string())?;
            draft.edit(&Edit::Remove(path)).map_err(|e| e.to_string())?;
        }
    }
    draft.check().map_err(|e| e.to_string())?;
    let changes = changes(&draft);
    if !at.dry_run {
        draft.save().map_err(|e| e.to_string())?;
    }
    out.write_all(changes.as_bytes()).map_err(|e| format!("the result could not be printed ({e})"))
}

/// The lines that change with one before and after them, or that none do.
fn changes(draft: &Draft) -> String {
    let name = printable(&draft.path().display().to_string()).into_owned();
    if draft.before() == draft.text() {
        return format!("{name}: nothing changes\n");
    }
    let diff = TextDiff::from_lines(draft.before(), draft.text());
    let mut unified = diff.unified_diff();
    let text = unified.context_radius(1).header(&name, &name).to_string();
    super::log::lines(&text.replace('\r', ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use std::fs;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: ConfigArgs,
    }

    fn change(dir: &std::path::Path, words: &[&str]) -> Result<String, String> {
        let config = ["--config", dir.to_str().unwrap()];
        let words = ["config"].iter().chain(words.first()).chain(&config).chain(words.get(1..).unwrap());
        let line = Line::try_parse_from(words).map_err(|e| e.to_string())?;
        let mut out = Vec::new();
        run(&line.args, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_key_is_set_as_asked_and_the_change_is_printed() {
        let dir = tempfile::tempdir().unwrap();
        let site = dir.path().join("site.toml");
        fs::write(&site, "# 站点\r\ntitle = \"甲\"   # 标题\r\nhotline = \"12345\"\r\n").unwrap();
        let said = change(dir.path(), &["set", "--dry-run", "site.toml", "title", "乙 \u{202e}"]).unwrap_err();
        assert!(said.contains("site.toml:2"), "{said}");
        let said = change(dir.path(), &["set", "--dry-run", "site.toml", "title", "乙"]).unwrap();
        assert!(said.contains("-title = \"甲\"   # 标题\n+title = \"乙\"   # 标题\n"), "{said}");
        assert!(fs::read_to_string(&site).unwrap().contains('甲'), "nothing is saved");
        change(dir.path(), &["set", "site.toml", "title", "乙", "hotline", "12346", "raw_space", "64"]).unwrap();
        let wanted = "# 站点\r\ntitle = \"乙\"   # 标题\r\nhotline = \"12346\"\r\nraw_space = 64\r\n";
        assert_eq!(fs::read_to_string(&site).unwrap(), wanted);
        assert!(change(dir.path(), &["set", "site.toml", "raw_space", "64"]).unwrap().contains("nothing changes"));
        change(dir.path(), &["unset", "site.toml", "raw_space"]).unwrap();
        assert_eq!(fs::read_to_string(&site).unwrap(), wanted.replace("raw_space = 64\r\n", ""));
        for (words, says) in [
            (["set", "site.toml", "titel", "x"], "did you mean `title`?"),
            (["set", "site.toml", "raw_space", "much"], "write digits"),
            (["set", "sites.toml", "title", "x"], "no such TOML file"),
            (["set", "../site.toml", "title", "x"], "no such TOML file"),
            (["set", "site.toml", "timezone", "Mars"], "site.toml:4:12"),
        ] {
            let said = change(dir.path(), &words).unwrap_err();
            assert!(said.contains(says), "{words:?}: {said}");
        }
        assert_eq!(fs::read_to_string(&site).unwrap(), wanted.replace("raw_space = 64\r\n", ""));
    }
}
