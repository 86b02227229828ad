//! The five questions, in a terminal.

use clap::ValueEnum;
use dialoguer::console::{Term, colors_enabled_stderr, truncate_str};
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, MultiSelect, Select};

use super::answers::{Answers, Campaign, Consent, Given, Kind, Language, Question, currency, meaning_of, name_of};
use crate::ending::{Ending, complain};
use crate::scratch::INTERRUPTED;
use crate::style::{GOOD, HEADING, paint};

/// The columns before a line of a list, such as `> [x] `.
const MARK: usize = 7;

/// Asks what no option has answered. The questions stand on stderr.
///
/// # Errors
///
/// When the terminal goes away.
pub fn ask(given: &Given) -> Result<Given, Ending> {
    // Ctrl-C ends the process while the cursor is hidden; the shell would not bring it back.
    let _ = ctrlc::set_handler(|| {
        let _ = Term::stderr().show_cursor();
        std::process::exit(INTERRUPTED);
    });
    // By colour alone one sees which line of a list is the current one.
    let theme: &dyn Theme = if colors_enabled_stderr() { &ColorfulTheme::default() } else { &SimpleTheme };
    let asking = Asking { theme, given: given.clone() };
    asking.all().map_err(|error| Ending::Misuse(format!("the terminal cannot be asked: {error}")))
}

struct Asking<'a> {
    theme: &'a dyn Theme,
    given: Given,
}

impl Asking<'_> {
    fn all(mut self) -> dialoguer::Result<Given> {
        let open = self.given.unanswered();
        let is_open = |question| open.contains(&question);
        if is_open(Question::Kind) {
            self.given.kind = Some(self.one_of("1/5 What kind of site is it?", Kind::value_variants())?);
        }
        if is_open(Question::Campaigns) {
            self.campaigns()?;
        }
        if is_open(Question::Places) {
            self.places()?;
        }
        if is_open(Question::Locale) {
            self.locale()?;
        }
        if is_open(Question::Consent) {
            self.given.consent = Some(self.one_of("5/5 Who states consent?", Consent::value_variants())?);
        }
        Ok(self.given)
    }

    fn one_of<T: ValueEnum>(&self, question: &str, all: &[T]) -> dialoguer::Result<T> {
        let select = Select::with_theme(self.theme).with_prompt(question).items(lines(all)).default(0).report(false);
        let chosen = all.get(select.interact()?).or(all.first()).cloned();
        // The list has at least one.
        let chosen = chosen.ok_or_else(|| std::io::Error::other("nothing to choose from"))?;
        self.answered(question, &name_of(&chosen));
        Ok(chosen)
    }

    /// Some of them, at least one.
    fn some_of<T: ValueEnum>(&self, question: &str, all: &[T], is_checked: bool) -> dialoguer::Result<Vec<T>> {
        let asked = format!("{question} (space chooses, enter goes on)");
        loop {
            let items = lines(all).into_iter().enumerate().map(|(place, line)| (line, is_checked || place == 0));
            let select = MultiSelect::with_theme(self.theme).with_prompt(&asked).items_checked(items).report(false);
            let chosen: Vec<T> = select.interact()?.into_iter().filter_map(|place| all.get(place).cloned()).collect();
            if !chosen.is_empty() {
                self.answered(question, &chosen.iter().map(name_of).collect::<Vec<_>>().join(", "));
                return Ok(chosen);
            }
        }
    }

    fn campaigns(&mut self) -> dialoguer::Result<()> {
        let fitting: Vec<Campaign> = self.given.kind.unwrap_or(Kind::Shop).campaigns().collect();
        self.given.campaign = self.some_of("2/5 What is wanted?", &fitting, false)?;
        if self.given.campaign.contains(&Campaign::CategoryAffinity) && self.given.categories.is_empty() {
            let usual =
                Answers::of(&self.given).map_or_else(|_| String::new(), |answers| answers.categories.join(", "));
            let names = self.text("    Your categories, as item_category has them", &usual)?;
            self.given.categories = names.split(',').map(|name| name.trim().to_owned()).collect();
        }
        Ok(())
    }

    fn places(&mut self) -> dialoguer::Result<()> {
        let Ok(answers) = Answers::of(&self.given) else { return Ok(()) };
        if answers.places().next().is_none() {
            return Ok(());
        }
        let confirm = Confirm::with_theme(self.theme).with_prompt("3/5 Can you add attributes to your pages?");
        let has_attributes = confirm.default(true).interact()?;
        for place in answers.places() {
            let name = place.name();
            if has_attributes {
                let id = self.text(&format!("    The {name}: data-tb-slot"), name)?;
                self.given.slot.push((place, id));
            } else {
                let selector = self.text(&format!("    The {name}: its CSS selector"), &format!("#{name}"))?;
                self.given.target.push((place, selector));
            }
        }
        Ok(())
    }

    fn locale(&mut self) -> dialoguer::Result<()> {
        if self.given.currency.is_none() {
            let input = Input::with_theme(self.theme).with_prompt("4/5 In which currency are prices?");
            let input = input.default("EUR".to_owned()).validate_with(|text: &String| currency(text).map(drop));
            self.given.currency = currency(&input.interact_text()?).ok();
        }
        if self.given.language.is_empty() {
            self.given.language =
                self.some_of("    In which languages are its texts?", Language::value_variants(), false)?;
        }
        Ok(())
    }

    fn text(&self, question: &str, usual: &str) -> dialoguer::Result<String> {
        Input::with_theme(self.theme).with_prompt(question).default(usual.to_owned()).interact_text()
    }

    /// Leaves a question with its answer in the terminal: the names, without what they mean.
    fn answered(&self, question: &str, answer: &str) {
        complain(&format!("{} {} · {}", paint(GOOD, "✔"), paint(HEADING, question), answer));
    }
}

/// Each name with what it means. A line that the terminal breaks would not be cleared.
fn lines<T: ValueEnum>(all: &[T]) -> Vec<String> {
    let (_, columns) = Term::stderr().size();
    let longest = all.iter().map(|value| name_of(value).len()).max().unwrap_or(0);
    let line = |value| format!("{:longest$}  {}", name_of(value), meaning_of(value));
    let width = usize::from(columns).saturating_sub(MARK);
    all.iter().map(|value| truncate_str(&line(value), width, "…").into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_80_columns_nothing_is_cut() {
        // Where there is no terminal, its size is taken to be 80 columns.
        let all = [lines(Kind::value_variants()), lines(Campaign::value_variants()), lines(Consent::value_variants())];
        assert_eq!(
            all.concat().into_iter().filter(|line| line.ends_with('…')).collect::<Vec<_>>(),
            Vec::<String>::new()
        );
    }
}
