//! Signals written as trees: `{signal: "view", path: "/boots"}`. Visits, recorded signals and generated ones are
//! easier to write this way than as Rust values.

use tailorbird::host::Host;
use tailorbird::number::round;
use tailorbird::random::Seed;
use tailorbird::signal::capture::{Captured, Click, FormStep, Link, VideoStep};
use tailorbird::signal::catalog::Markup;
use tailorbird::signal::consent::Statement;
use tailorbird::signal::context::PageContext;
use tailorbird::signal::event::Event;
use tailorbird::signal::pointer_exit::PointerExit;
use tailorbird::signal::position::Position;
use tailorbird::signal::preview::Preview;
use tailorbird::signal::ranking::{RankRequest, RankedItem};
use tailorbird::signal::{PromptOutcome, Restored, Signal, data_layer, segment};
use tailorbird::value::{Object, Value};

/// Reads a signal; `None` for what is none.
///
/// | signal | fields |
/// |---|---|
/// | `view` | those of [`PageContext::read`] |
/// | `ready`, `timer` | |
/// | `parsed` | `sensitive` |
/// | `slots` | `slots`, the ids |
/// | `slot-applied`, `slot-not-applied` | `slot`, `variant`, `reason` |
/// | `track` | `event`, `params` |
/// | `data-layer` | `entry` |
/// | `segment` | `arguments` of `analytics.track` |
/// | `markup` | `jsonLd`, a list |
/// | `scroll` | `depth`, in percent |
/// | `click` | `x`, `y`, `control`, `selects`; of a link `host`, `path`, `download` |
/// | `video` | `step`: `start`, `complete` or a percentage |
/// | `form` | `number`, `id`, `submit` |
/// | `attributes` | `attributes` |
/// | `geo` | `country`, `confidence` |
/// | `position` | `latitude`, `longitude`, `accuracy` in metres |
/// | `consent` | those of [`Statement::read`] |
/// | `restored` | `profile`, `journals` as pairs, `tab` |
/// | `folded` | `folded`, pairs of a tab and a number |
/// | `visible`, `impression`, `decide` | `slot`, `visible` |
/// | `activity` | `depth`, in percent |
/// | `tab` | `visible` |
/// | `notifications` | `shown` |
/// | `exit` | those of [`PointerExit::read`] |
/// | `scrolled-up`, `product-copied` | |
/// | `call`, `element-visible` | `prompt` |
/// | `prompt` | `prompt`, `outcome` |
/// | `answer` | `prompt`, `answer` |
/// | `preview` | `previews`, as the parameter `tb` of an address |
/// | `preview-prompt` | `prompt`, `variant` |
/// | `ranked` | `request`: `{kind, history}`, and `items`: a list of `{id, score, because}`, missing where the model failed |
/// | `use` | `feature`, `attributes` |
/// | `reports` | |
/// | `forget` | `interest`, such as `category:boots` |
/// | `correct` | `interest`, `share` from 0 to 1 |
/// | `pause` | `paused` |
/// | `erase`, `erased-elsewhere`, `withdrawn-elsewhere` | `seed` |
pub fn read_signal(tree: &Value, host: &dyn Host) -> Option<Signal> {
    let text = |key: &str| tree.at(key).text().to_owned();
    let object = |key: &str| tree.at(key).as_object().cloned().unwrap_or_default();
    let seed = || Seed(u64::try_from(round(tree.at("seed").number())).unwrap_or(0));
    Some(match tree.at("signal").text() {
        "view" => Signal::PageView(PageContext::read(tree)),
        "ready" => Signal::Ready,
        "parsed" => Signal::Parsed(tree.at("sensitive").is_true()),
        "timer" => Signal::Timer,
        "slots" => Signal::SlotsPresent(tree.at("slots").items().iter().map(|slot| slot.text().to_owned()).collect()),
        "slot-applied" => Signal::SlotApplied { slot: text("slot"), variant: text("variant") },
        "slot-not-applied" => {
            Signal::SlotNotApplied { slot: text("slot"), variant: text("variant"), reason: text("reason") }
        }
        "track" => Signal::Event(Event::read(tree.at("event").text(), tree.at("params"), host)?),
        "data-layer" => data_layer::read(tree.at("entry"), host),
        "segment" => Signal::Captured(Captured::Segment(segment::read(tree.at("arguments"), host)?)),
        "markup" => {
            let json_ld = tree.at("jsonLd").items().to_vec();
            Signal::Captured(Captured::Markup(Markup { json_ld, ..Markup::default() }))
        }
        "scroll" => Signal::Captured(Captured::Scroll(whole(tree.at("depth")))),
        "click" => Signal::Captured(Captured::Click(Click {
            x_px: tree.at("x").number(),
            y_px: tree.at("y").number(),
            is_control: tree.at("control").is_true(),
            selects_text: tree.at("selects").is_true(),
            link: tree.get("host").map(|host| Link {
                host: host.text().to_owned(),
                path: text("path"),
                is_download: tree.at("download").is_true(),
            }),
        })),
        "video" => Signal::Captured(Captured::Video(match tree.at("step") {
            Value::Text(step) if step == "start" => VideoStep::Start,
            Value::Text(step) if step == "complete" => VideoStep::Complete,
            percent => VideoStep::Progress(whole(percent)),
        })),
        "form" => {
            let step = if tree.at("submit").is_true() { FormStep::Submit } else { FormStep::Start };
            Signal::Captured(Captured::Form(whole(tree.at("number")), text("id"), step))
        }
        "attributes" => Signal::Attributes(object("attributes")),
        "geo" => Signal::Geo(
            Object::new()
                .with("country", tree.at("country").clone())
                .with("confidence", tree.at("confidence").number()),
        ),
        "position" => {
            let number = |key| tree.at(key).number();
            Signal::Position(Position::new(number("latitude"), number("longitude"), number("accuracy"))?)
        }
        "consent" => Signal::Consent(vec![Statement::read(tree)]),
        "restored" => Signal::Restored(Restored {
            profile: tree.at("profile").as_text().map(str::to_owned),
            journals: pairs(tree.at("journals"), |journal| journal.text().to_owned()),
            decisions: tree.at("decisions").as_text().map(str::to_owned),
            tab_id: text("tab"),
        }),
        "folded" => Signal::Folded(pairs(tree.at("folded"), |last| u64::try_from(round(last.number())).unwrap_or(0))),
        "visible" => Signal::SlotVisible(text("slot"), tree.at("visible").is_true()),
        "impression" => Signal::Impression(text("slot")),
        "activity" => Signal::Activity(u32::try_from(round(tree.at("depth").number())).unwrap_or(0).min(100)),
        "tab" => Signal::TabVisible(tree.at("visible").is_true()),
        "notifications" => Signal::Notifications(tree.at("shown").is_true()),
        "exit" => Signal::PointerExit(PointerExit::read(tree)),
        "scrolled-up" => Signal::ScrolledUp,
        "product-copied" => Signal::ProductCopied,
        "element-visible" => Signal::ElementVisible(text("prompt")),
        "call" => Signal::PromptCalled(text("prompt")),
        "prompt" => {
            let outcome = tree.at("outcome").text();
            let outcome = PromptOutcome::ALL.into_iter().find(|known| known.name() == outcome)?;
            Signal::PromptOutcome(text("prompt"), outcome)
        }
        "answer" => Signal::PromptAnswered(text("prompt"), text("answer")),
        "preview" => Signal::Previews(Preview::read_address(tree.at("previews").text())),
        "preview-prompt" => Signal::PromptPreviewed(text("prompt"), tree.at("variant").as_text().map(str::to_owned)),
        "ranked" => {
            let items = tree.get("items").map(RankedItem::read_all);
            Signal::Ranked(RankRequest::of(tree.at("request"))?, items)
        }
        "decide" => Signal::DecisionUsed(text("slot")),
        "use" => Signal::FeatureUsed(text("feature"), object("attributes")),
        "reports" => Signal::ReportsAsked,
        "forget" => {
            // A key may contain a colon, a dimension may not.
            let (dimension, key) = tree.at("interest").text().split_once(':')?;
            Signal::Forget(dimension.to_owned(), key.to_owned())
        }
        "correct" => {
            let (dimension, key) = tree.at("interest").text().split_once(':')?;
            Signal::Correct(dimension.to_owned(), key.to_owned(), tree.at("share").as_number()?)
        }
        "pause" => Signal::Pause(tree.at("paused").is_true()),
        "erase" => Signal::Erase(seed()),
        "erased-elsewhere" => Signal::ErasedElsewhere(seed()),
        "withdrawn-elsewhere" => Signal::WithdrawnElsewhere(seed()),
        _ => return None,
    })
}

fn whole(number: &Value) -> u32 {
    u32::try_from(round(number.number())).unwrap_or(0)
}

/// Reads `[[id, ...], ...]`.
fn pairs<T>(list: &Value, read: impl Fn(&Value) -> T) -> Vec<(String, T)> {
    let pair = |pair: &Value| match pair.items() {
        [Value::Text(id), value, ..] => Some((id.clone(), read(value))),
        _ => None,
    };
    list.items().iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tailorbird::host::Native;

    #[test]
    fn a_tree_is_a_signal_or_nothing() {
        let read = |tree: Object| read_signal(&tree.into(), &Native);
        let named = |name: &str| Object::new().with("signal", name);
        assert_eq!(read(named("ready")), Some(Signal::Ready));
        let forget = named("forget").with("interest", "size:3:4");
        assert_eq!(read(forget), Some(Signal::Forget("size".to_owned(), "3:4".to_owned())));
        for (tree, why) in [
            (named("forget").with("interest", "boots"), "an interest without a dimension"),
            (named("prompt").with("prompt", "letter").with("outcome", "glimpsed"), "an outcome that there is not"),
            (named("jump"), "no signal"),
            (Object::new(), "nothing"),
        ] {
            assert_eq!(read(tree), None, "{why}");
        }
    }
}
