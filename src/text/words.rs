//! The words the public sees, by language: `assets/locales/*`, embedded.

use fluent::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

const CHINESE: [&str; 2] =
    [include_str!("../../assets/locales/zh-CN/kiosk.ftl"), include_str!("../../assets/locales/zh-CN/wall.ftl")];
const ENGLISH: [&str; 2] =
    [include_str!("../../assets/locales/en/kiosk.ftl"), include_str!("../../assets/locales/en/wall.ftl")];

/// The words of one language, with Chinese behind it for what it lacks.
pub struct Words {
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("languages", &self.bundles.len()).finish()
    }
}

impl Words {
    /// Loads a language by its tag, such as `zh-CN`; an unknown one is Chinese.
    pub fn load(language: &str) -> Self {
        let mut bundles = Vec::new();
        if language == "en" || language.starts_with("en-") {
            bundles.push(bundle("en", ENGLISH));
        }
        bundles.push(bundle("zh-CN", CHINESE));
        Self { bundles }
    }

    /// The words of a key with its blanks filled in; the key itself where no language has it.
    pub fn say(&self, key: &str, blanks: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in blanks {
            args.set(*name, *value);
        }
        let found = self.bundles.iter().find_map(|b| {
            let pattern = b.get_message(key)?.value()?;
            let mut faults = Vec::new();
            Some(b.format_pattern(pattern, Some(&args), &mut faults).into_owned())
        });
        found.unwrap_or_else(|| {
            tracing::warn!(key, "no words for this key");
            key.to_owned()
        })
    }
}

fn bundle(language: &str, sources: [&str; 2]) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = language.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    for source in sources {
        // A fault in the embedded file loses single messages only; the test below reads every one.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, faults)| {
            tracing::error!(language, ?faults, "faulty words");
            partial
        });
        if let Err(faults) = bundle.add_resource(resource) {
            tracing::error!(language, ?faults, "words said twice");
        }
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(sources: [&'static str; 2]) -> Vec<&'static str> {
        sources
            .into_iter()
            .flat_map(str::lines)
            .filter(|l| !l.starts_with('#'))
            .filter_map(|l| Some(l.split_once(" = ")?.0))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_keys() {
        assert_eq!(keys(CHINESE), keys(ENGLISH));
        let once: std::collections::BTreeSet<_> = keys(CHINESE).into_iter().collect();
        assert_eq!(once.len(), keys(CHINESE).len(), "no key stands twice");
        for language in ["zh-CN", "en"] {
            let words = Words::load(language);
            for key in keys(CHINESE) {
                assert_ne!(words.say(key, &[]), key, "{language}: {key}");
            }
        }
    }

    #[test]
    fn blanks_are_filled_without_marks() {
        assert_eq!(Words::load("zh-CN").say("count", &[("n", "2,316")]), "2,316 项");
        assert_eq!(Words::load("xx").say("no-such-key", &[]), "no-such-key");
    }
}
