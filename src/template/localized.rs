//! Texts in several languages.

use super::Template;
use crate::reader::Reader;

/// A text, with a translation for each of several languages or without.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct LocalizedText(Vec<(String, Template)>);

impl LocalizedText {
    /// Reads a text, or an object of language tags and texts, each of which `read` can read.
    pub fn read(at: &Reader<'_>, read: &dyn Fn(&Reader<'_>) -> Option<Template>) -> Option<LocalizedText> {
        let Some(translations) = at.value().and_then(|value| value.as_object()) else {
            return Some(LocalizedText(vec![(String::new(), read(at)?)]));
        };
        if translations.is_empty() {
            at.expected("a text, or an object of language tags and texts");
            return None;
        }
        let all: Vec<(String, Template)> = translations
            .iter()
            .filter_map(|(language, _)| {
                let at = at.field(language);
                let text = read(&at);
                if !is_language_tag(language) {
                    at.problem("no language tag", Some("one such as en, de-AT or zh-Hant"));
                    return None;
                }
                Some((language.to_owned(), text?))
            })
            .collect();
        (all.len() == translations.len()).then_some(LocalizedText(all))
    }

    /// The same text in every language.
    pub fn everywhere(template: Template) -> LocalizedText {
        LocalizedText(vec![(String::new(), template)])
    }

    /// The text for somebody who prefers these languages, the first most: its translation if there is one, else one
    /// of the same language elsewhere, else the next language's; the first of all where none is there.
    ///
    /// Source: RFC 4647, section 3.4, "Lookup", with the last subtags removed one by one.
    pub fn in_language(&self, preferred: &[String]) -> Option<&Template> {
        preferred.iter().find_map(|language| self.lookup(language)).or(self.0.first().map(|(_, template)| template))
    }

    fn lookup(&self, language: &str) -> Option<&Template> {
        let with = |is_wanted: &dyn Fn(&str) -> bool| {
            self.0.iter().find(|(known, _)| is_wanted(known)).map(|(_, template)| template)
        };
        let mut range = language;
        loop {
            if let Some(found) = with(&|known| known.eq_ignore_ascii_case(range)) {
                return Some(found);
            }
            let Some((shorter, _)) = range.rsplit_once('-') else { break };
            range = shorter;
        }
        with(&|known| known.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(range)))
    }

    /// The texts in all languages.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.0.iter().map(|(_, template)| template)
    }

    /// Those of these texts that have a placeholder.
    pub fn with_placeholders(texts: &[&LocalizedText]) -> Vec<LocalizedText> {
        texts.iter().filter(|text| !text.is_literal()).map(|text| (*text).clone()).collect()
    }

    /// Whether no text has a placeholder.
    pub fn is_literal(&self) -> bool {
        self.templates().all(Template::is_literal)
    }
}

/// Subtags of 1 to 8 letters or digits, the first of 2 or 3 letters.
pub fn is_language_tag(text: &str) -> bool {
    let is_subtag =
        |subtag: &str| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let primary = text.split('-').next().unwrap_or("");
    (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && text.len() <= 35
        && text.split('-').all(is_subtag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader;
    use crate::value::Value;

    fn read(written: &str) -> Result<LocalizedText, Vec<String>> {
        let written: Value = serde_json::from_str(written).unwrap();
        let read = |at: &Reader<'_>| LocalizedText::read(at, &|at| at.text_within(1..=9).map(Template::literal));
        reader::read(&written, read).map(Option::unwrap).map_err(|problems| problems.lines())
    }

    fn chosen(written: &str, preferred: &[&str]) -> Template {
        let preferred: Vec<String> = preferred.iter().map(|tag| (*tag).to_owned()).collect();
        read(written).unwrap().in_language(&preferred).cloned().unwrap_or_default()
    }

    #[test]
    fn the_nearest_translation_of_the_first_language_that_has_one_is_chosen() {
        let texts = r#"{"en": "en", "de": "de", "de-AT": "de-AT", "pt-BR": "pt-BR"}"#;
        for (preferred, expected) in [
            (&["de"][..], "de"),
            (&["de-AT"], "de-AT"),
            (&["DE-at"], "de-AT"),
            (&["de-CH-1996"], "de"),
            (&["pt"], "pt-BR"),
            (&["pt-PT"], "pt-BR"),
            (&["fr", "de"], "de"),
            (&["fr"], "en"),
            (&[""], "en"),
            (&[], "en"),
        ] {
            assert_eq!(chosen(texts, preferred), Template::literal(expected), "{preferred:?}");
        }
        assert_eq!(chosen("\"one\"", &["de"]), Template::literal("one"));
    }

    #[test]
    fn every_translation_is_read_and_every_tag_is_a_language() {
        assert_eq!(
            read(r#"{"en": "", "deutsch": "x", "de_AT": "x", "d": "x", "zh-Hant": "x"}"#).unwrap_err(),
            [
                "en is \"\", expected a text of 1 to 9 characters",
                "deutsch is no language tag, expected one such as en, de-AT or zh-Hant",
                "de_AT is no language tag, expected one such as en, de-AT or zh-Hant",
                "d is no language tag, expected one such as en, de-AT or zh-Hant",
            ]
        );
        assert_eq!(read("{}").unwrap_err().len(), 1);
        assert_eq!(read("5").unwrap_err(), ["the config is 5, expected a text of 1 to 9 characters"]);
    }
}
