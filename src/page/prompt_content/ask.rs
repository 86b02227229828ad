//! What a prompt asks for besides yes or no.

use super::super::content::address::{self, is_safe_url};
use super::super::content::{is_short, read_text};
use crate::decision::variant::read_tags;
use crate::reader::Reader;
use crate::signal::event::Tag;
use crate::template::LocalizedText;
use crate::value::{Object, Value};

/// The keys of `ask`.
const KINDS: [&str; 3] = ["email", "choices", "scale"];
/// The most choices of a question.
const CHOICES: usize = 3;
/// The most steps of a scale.
const STEPS: i32 = 11;

/// What a prompt asks for. `T` is a text, as in [`PromptContent`](super::PromptContent).
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Ask<T> {
    /// Yes or no.
    #[default]
    Consent,
    /// An address for mail. The page hands it to the site; the engine never gets it.
    Email {
        /// The label of the field.
        label: T,
        /// The address to which the browser sends the form, if the site wants that.
        action: Option<String>,
    },
    /// One of these answers.
    Choices(Vec<Choice<T>>),
    /// A number.
    Scale {
        /// The least one, 0 or 1.
        from: i32,
        /// The greatest one.
        to: i32,
        /// What the least one means.
        low: T,
        /// What the greatest one means.
        high: T,
    },
}

/// One answer of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<T> {
    /// Its id, which `answer.PROMPT` is then.
    pub id: String,
    /// What it says.
    pub label: T,
    /// What the visitor says to like.
    pub likes: Vec<Tag>,
    /// What the visitor says not to like.
    pub dislikes: Vec<Tag>,
}

impl Ask<LocalizedText> {
    /// Reads `ask`, in the config at `root`.
    pub fn read(at: &Reader<'_>, root: &Value) -> Option<Ask<LocalizedText>> {
        at.object()?;
        let keys = at.keys(&KINDS);
        let there: Vec<&str> = KINDS.into_iter().filter(|kind| !at.field(kind).is_missing()).collect();
        let ask = match there[..] {
            ["email"] => read_email(&at.field("email")),
            ["choices"] => read_choices(&at.field("choices"), root),
            ["scale"] => read_scale(&at.field("scale")),
            _ => {
                at.expected("exactly one of email, choices, scale");
                None
            }
        };
        keys.and(ask)
    }

    /// The same with each text replaced; `None` where `replace` gives none.
    pub fn with_texts(&self, replace: &dyn Fn(&LocalizedText) -> Option<String>) -> Option<Ask<String>> {
        Some(match self {
            Ask::Consent => Ask::Consent,
            Ask::Email { label, action } => Ask::Email { label: replace(label)?, action: action.clone() },
            Ask::Choices(choices) => Ask::Choices(
                choices
                    .iter()
                    .map(|choice| {
                        let Choice { id, label, likes, dislikes } = choice.clone();
                        Some(Choice { id, label: replace(&label)?, likes, dislikes })
                    })
                    .collect::<Option<_>>()?,
            ),
            Ask::Scale { from, to, low, high } => {
                Ask::Scale { from: *from, to: *to, low: replace(low)?, high: replace(high)? }
            }
        })
    }
}

impl<T> Ask<T> {
    /// Its texts.
    pub fn texts(&self) -> Vec<&T> {
        match self {
            Ask::Consent => Vec::new(),
            Ask::Email { label, .. } => vec![label],
            Ask::Choices(choices) => choices.iter().map(|choice| &choice.label).collect(),
            Ask::Scale { low, high, .. } => vec![low, high],
        }
    }

    /// The tags that an answer likes and dislikes; `None` for what is no answer.
    pub fn tags_of(&self, answer: &str) -> Option<(&[Tag], &[Tag])> {
        match self {
            Ask::Consent | Ask::Email { .. } => None,
            Ask::Choices(choices) => {
                let choice = choices.iter().find(|choice| choice.id == answer)?;
                Some((&choice.likes, &choice.dislikes))
            }
            Ask::Scale { from, to, .. } => {
                let number: i32 = answer.parse().ok()?;
                // A number has one way to be written.
                ((*from..=*to).contains(&number) && number.to_string() == answer).then_some((&[], &[]))
            }
        }
    }
}

impl Ask<String> {
    /// `{email: {label, action}}`, `{choices: [{id, label}]}` or `{scale: {from, to, low, high}}`; `null` for yes or no.
    pub fn to_value(&self) -> Value {
        match self {
            Ask::Consent => Value::Null,
            Ask::Email { label, action } => Object::new()
                .with("email", Object::new().with("label", label.as_str()).with("action", action.clone()))
                .into(),
            Ask::Choices(choices) => {
                let choice = |choice: &Choice<String>| {
                    Object::new().with("id", choice.id.as_str()).with("label", choice.label.as_str())
                };
                Object::new().with("choices", choices.iter().map(choice).collect::<Value>()).into()
            }
            Ask::Scale { from, to, low, high } => {
                let scale = Object::new().with("from", f64::from(*from)).with("to", f64::from(*to));
                Object::new().with("scale", scale.with("low", low.as_str()).with("high", high.as_str())).into()
            }
        }
    }
}

fn read_email(at: &Reader<'_>) -> Option<Ask<LocalizedText>> {
    let keys = at.keys(&["label", "action"]);
    let label = read_text(&at.field("label"), 1, 80);
    let action =
        at.field("action").optional(|at| at.text(address::EXPECTED, |text| is_short(text) && is_safe_url(text)));
    keys?;
    Some(Ask::Email { label: label?, action: action?.map(str::to_owned) })
}

fn read_choices(at: &Reader<'_>, root: &Value) -> Option<Ask<LocalizedText>> {
    let count = at.items(1..=CHOICES)?.len();
    let choices = at.list_with_ids(CHOICES, |at| Choice::read(at, root));
    (choices.len() == count).then_some(Ask::Choices(choices))
}

fn read_scale(at: &Reader<'_>) -> Option<Ask<LocalizedText>> {
    let keys = at.keys(&["from", "to", "low", "high"]);
    let from = at.integer_or("from", 1, 0..=1);
    let to = at.field("to").integer(2..=STEPS - 1);
    let (low, high) = (read_text(&at.field("low"), 1, 80), read_text(&at.field("high"), 1, 80));
    keys?;
    Some(Ask::Scale { from: from?, to: to?, low: low?, high: high? })
}

impl Choice<LocalizedText> {
    fn read(at: &Reader<'_>, root: &Value) -> Option<Choice<LocalizedText>> {
        let keys = at.keys(&["id", "label", "likes", "dislikes"]);
        let id = at.field("id").id();
        let label = read_text(&at.field("label"), 1, 80);
        let tags = |key| at.field(key).or(Vec::new(), |at| read_tags(at, root));
        let (likes, dislikes) = (tags("likes"), tags("dislikes"));
        keys?;
        Some(Choice { id: id?.to_owned(), label: label?, likes: likes?, dislikes: dislikes? })
    }
}
