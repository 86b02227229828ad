//! Previews: what somebody asks to see in place of what is decided for them.
//!
//! In an address they stand as one parameter, `tb`, a list with commas between:
//!
//! | part | what is previewed |
//! |---|---|
//! | `hero:boots` | the variant `boots` of the slot `hero` |
//! | `hero:` | the page's own content in the slot `hero` |
//! | `prompt.save-cart:` | the prompt `save-cart`, in the variant that is for the visitor |
//! | `prompt.save-cart:short` | the same in the variant `short` |
//! | `segment.vip:in`, `segment.vip:out` | as somebody in the segment `vip`, or outside of it |
//!
//! No id has a dot or a comma, and of those only that of an experiment of GrowthBook's visual editor has a colon, as in
//! `experiment:hero-test:1`: the last colon counts.

use crate::value::{Object, Value};

/// The most previews at once.
const MOST: usize = 50;
/// The most characters of an id; longer ones are cut, and are then in no config.
const ID: usize = 100;

const PROMPT: &str = "prompt.";
const SEGMENT: &str = "segment.";

/// One thing that is previewed.
///
/// ```
/// # use tailorbird::signal::preview::Preview;
/// let read = |part: &str| Preview::read_part(part);
/// let hero = Preview::Slot { slot: "hero".to_owned(), variant: Some("boots".to_owned()) };
/// assert_eq!(read("hero:boots"), Some(hero));
/// assert_eq!(read("segment.vip:in"), Some(Preview::Segment { segment: "vip".to_owned(), is_in: true }));
/// assert_eq!(read("segment.vip:perhaps"), None);
/// assert_eq!(read("hero"), None, "a colon is missing");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preview {
    /// What a slot shows.
    Slot {
        /// The slot's id.
        slot: String,
        /// The variant's id; `None` is the page's own content.
        variant: Option<String>,
    },
    /// A prompt that is shown at once.
    Prompt {
        /// The prompt's id.
        prompt: String,
        /// The variant's id; `None` is the one that is for the visitor.
        variant: Option<String>,
    },
    /// A segment, whatever its condition says.
    Segment {
        /// The segment's id.
        segment: String,
        /// Whether the visitor counts as in it.
        is_in: bool,
    },
}

impl Preview {
    /// Reads the parameter `tb` of an address: at most 50 previews. What is not written as one is left out.
    pub fn read_address(text: &str) -> Vec<Preview> {
        at_most(text.split(',').filter_map(Preview::read_part).collect())
    }

    /// Reads one part of that parameter; `None` where it is not written as a preview.
    pub fn read_part(part: &str) -> Option<Preview> {
        let (name, what) = part.rsplit_once(':').filter(|(name, _)| !name.is_empty())?;
        let variant = Some(what).filter(|variant| !variant.is_empty()).map(id);
        Some(if let Some(prompt) = name.strip_prefix(PROMPT) {
            Preview::Prompt { prompt: id(prompt), variant }
        } else if let Some(segment) = name.strip_prefix(SEGMENT) {
            let is_in = match what {
                "in" => true,
                "out" => false,
                _ => return None,
            };
            Preview::Segment { segment: id(segment), is_in }
        } else {
            Preview::Slot { slot: id(name), variant }
        })
    }

    /// Reads a list of `{slot, variant}`, `{prompt, variant}` and `{segment, in}`: at most 50 previews. What is none of
    /// them is left out.
    pub fn read_all(list: &Value) -> Vec<Preview> {
        let read = |value: &Value| {
            let variant = value.at("variant").as_text().map(id);
            let named = |kind| value.at(kind).as_text().map(id);
            named("slot").map(|slot| Preview::Slot { slot, variant: variant.clone() }).or_else(|| {
                let prompt = named("prompt").map(|prompt| Preview::Prompt { prompt, variant });
                let is_in = value.at("in").is_true();
                prompt.or_else(|| named("segment").map(|segment| Preview::Segment { segment, is_in }))
            })
        };
        at_most(list.items().iter().filter_map(read).collect())
    }

    /// What [`read_address`](Preview::read_address) reads as these.
    pub fn address(previews: &[Preview]) -> String {
        previews.iter().map(Preview::part).collect::<Vec<_>>().join(",")
    }

    fn part(&self) -> String {
        match self {
            Preview::Slot { slot, variant } => format!("{slot}:{}", variant.as_deref().unwrap_or("")),
            Preview::Prompt { prompt, variant } => format!("{PROMPT}{prompt}:{}", variant.as_deref().unwrap_or("")),
            Preview::Segment { segment, is_in } => format!("{SEGMENT}{segment}:{}", if *is_in { "in" } else { "out" }),
        }
    }

    /// As [`read_all`](Preview::read_all) reads it.
    pub fn to_object(&self) -> Object {
        match self {
            Preview::Slot { slot, variant } => {
                Object::new().with("slot", slot.as_str()).with("variant", variant.clone())
            }
            Preview::Prompt { prompt, variant } => {
                Object::new().with("prompt", prompt.as_str()).with("variant", variant.clone())
            }
            Preview::Segment { segment, is_in } => Object::new().with("segment", segment.as_str()).with("in", *is_in),
        }
    }
}

fn at_most(mut previews: Vec<Preview>) -> Vec<Preview> {
    previews.truncate(MOST);
    previews
}

fn id(text: &str) -> String {
    text.chars().take(ID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY_KIND: &str = "hero:boots,strip:,experiment:hero-test:1,prompt.save-cart:,prompt.save-cart:short,segment.vip:in,segment.loyal:out";

    #[test]
    fn an_address_says_the_same_when_it_is_written_again() {
        let previews = Preview::read_address(EVERY_KIND);
        assert_eq!(previews.len(), 7);
        assert_eq!(Preview::address(&previews), EVERY_KIND);
        let objects: Value = previews.iter().map(Preview::to_object).collect();
        assert_eq!(Preview::read_all(&objects), previews);
    }

    #[test]
    fn what_is_written_otherwise_is_no_preview() {
        for (part, why) in
            [("alone", "no colon"), (":boots", "no slot"), ("segment.vip:", "neither in nor out"), ("", "nothing")]
        {
            assert_eq!(Preview::read_address(part), [], "{why}");
        }
    }

    #[test]
    fn there_are_no_more_than_fifty_and_no_id_is_longer_than_a_hundred_characters() {
        let long = "é".repeat(200);
        let text = format!("{long}:{long},").repeat(60);
        let previews = Preview::read_address(&text);
        assert_eq!(previews.len(), 50);
        assert_eq!(Preview::address(&previews[..1]).chars().count(), 201);
    }
}
