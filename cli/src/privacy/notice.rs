//! Text blocks for the notice to visitors, to be edited by the site.

use super::uses::Uses;

/// Paragraphs in plain words. What this config does not do is not in them.
pub fn paragraphs(uses: &Uses<'_>) -> Vec<String> {
    if uses.is_child_directed {
        return vec![
            "This site shows everybody the same kind of content. It keeps no profile of you in your browser."
                .to_owned(),
        ];
    }
    let mut paragraphs = vec![
        "Content that fits you. With your consent our site remembers in your browser what you do here, and chooses \
         what to show you: [examples of your site]. This happens on your device. What is remembered is not sent to us \
         or to anybody else, and holds no name and no address of yours."
            .to_owned(),
        what(uses),
        format!(
            "How long. Counts of what you have not done for {} days are deleted. Everything is deleted {} days after \
             your first visit with consent, at the latest when you next come to our site.",
            uses.event_days, uses.profile_days
        ),
        "Your choice. Without your consent nothing is stored. You can withdraw your consent at any time at [where]: \
         then everything is deleted from your browser at once. The site works without it. You can also see what is \
         stored, take it along, have an interest forgotten, or erase all of it at [where]."
            .to_owned(),
        "What we leave out: what our pages and products mark as being about health, pregnancy, sex life, beliefs, \
         politics, unions, origin, crimes, hardship or children."
            .to_owned(),
    ];
    if !uses.sensitive.has_defaults() {
        paragraphs.pop();
    }
    if !uses.experiments.is_empty() {
        paragraphs.push(
            "Comparisons. We show some visitors one version of a page and others another, to find out which works \
             better. Which version you see is drawn by chance in your browser."
                .to_owned(),
        );
    }
    if uses.data_layer {
        paragraphs.push(
            "If you also allow measuring, our analytics [name] learns which version you saw. [Its own notice applies.]"
                .to_owned(),
        );
    }
    if !uses.areas.is_empty() {
        paragraphs.push(
            "Your position. If you press [the button] and allow it, your browser finds where you are, and our site \
             checks on your device whether that is in [the areas]. Your position is not stored and not sent to us."
                .to_owned(),
        );
    }
    paragraphs
}

/// What is remembered.
fn what(uses: &Uses<'_>) -> String {
    let mut kinds =
        vec!["how many pages you view and how far you read", "which events happen, such as looking at a product"];
    let more: [(bool, &str); 7] = [
        (!uses.dimensions.is_empty(), "what kinds of products or topics you look at"),
        (uses.recommends, "the last products you looked at and bought"),
        (true, "what is in your basket, and the number, sum and dates of your orders"),
        (uses.speculation.is_some(), "the addresses of the last five pages of your visit"),
        (!uses.segments.is_empty(), "the groups that follow from it, such as visitors who come back"),
        (!uses.prompts.is_empty(), "which questions we asked you, and whether you answered"),
        (!uses.slots.is_empty(), "what we showed you, and whether it helped"),
    ];
    kinds.extend(more.into_iter().filter(|(is_kept, _)| *is_kept).map(|(_, kind)| kind));
    format!("What is remembered: {}.", kinds.join("; "))
}
