//! The whole config, checked.
//!
//! A file that is no object, of another version or too deep is refused. Below that, a problem costs what depends on
//! it: a slot, variant, segment or prompt with a problem is left out with everything that refers to it, a rule with
//! a problem takes its default, and the rest runs.

mod learners;
mod left_out;
mod reported;
mod unknown_paths;
mod visual_changes;

use core::cell::RefCell;

use crate::decision::eligibility::Eligibility;
use crate::decision::exit_intent::ExitRules;
use crate::decision::goal::Goals;
use crate::decision::payload::Payload;
use crate::decision::prompt::{Prompt, PromptRules};
use crate::decision::recommend::catalog::Catalog;
use crate::decision::selection::{Selection, written_id};
use crate::decision::slot::Slot;
use crate::decision::strategy::Strategy;
use crate::measurement::report_rule::ReportRule;
use crate::page::content::{Content, VariantContents};
use crate::page::panel_texts::PanelTexts;
use crate::page::prompt_content::{PromptContents, Theme};
use crate::page::speculation::SpeculationRules;
use crate::profile::area::Area;
use crate::profile::attributes::{AttributeDependencies, AttributeGroup, AttributeGroups};
use crate::profile::intent::IntentRules;
use crate::profile::rules::Rules;
use crate::profile::segment::Segment;
use crate::profile::value::ValueRules;
use crate::reader::{Problems, Reader, has_cut};
use crate::signal::capture::CaptureRules;
use crate::template::LocalizedText;
use crate::time::Timestamp;
use crate::value::{NULL, Value};

/// The largest config that is read, in bytes of its text.
pub const BYTES: usize = 1_000_000;

/// A config that can run.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// How profiles are folded.
    pub rules: Rules,
    /// What visitors are worth.
    pub value: ValueRules,
    /// The groups of attributes that a condition or strategy reads, and the site's own.
    pub reads: AttributeGroups,
    /// Those of them in which an attribute is read that changes because time passes.
    pub timed: AttributeGroups,
    /// When the time of a slot, variant or prompt comes or ends, in order.
    pub times: Vec<Timestamp>,
    /// The dimensions and keys whose interests a condition or strategy reads.
    pub tracked_keys: Vec<String>,
    /// The weights of intent.
    pub intent: IntentRules,
    /// Groups of visitors.
    pub segments: Vec<Segment>,
    /// Circles on Earth that the visitor may be in.
    pub areas: Vec<Area>,
    /// Places on the page.
    pub slots: Vec<Slot>,
    /// What variants change.
    pub contents: VariantContents,
    /// Overlays that ask the visitor something.
    pub prompts: Vec<Prompt>,
    /// What holds for all of them together.
    pub prompt_rules: PromptRules,
    /// Which signs of leaving count.
    pub exit_rules: ExitRules,
    /// What prompts say.
    pub prompt_contents: PromptContents,
    /// What counts as success of slots and prompts.
    pub goals: Goals,
    /// Features and experiments.
    pub payload: Payload,
    /// The share of visitors for whom nothing on the site is personalized, 0 to 1.
    pub holdout: f64,
    /// What can be recommended.
    pub catalog: Catalog,
    /// The address of the site model.
    pub model: Option<String>,
    /// How many pages are loaded ahead; `None` where none is.
    pub speculation: Option<SpeculationRules>,
    /// Where redirect experiments may lead.
    pub redirects: Redirects,
    /// What is captured without code of the site.
    pub capture: CaptureRules,
    /// Host names of the site's partners, in small letters.
    pub partners: Vec<String>,
    /// Whether crawlers get the page as it was sent.
    pub spares_crawlers: bool,
    /// What tells it from other configs: 16 hexadecimal digits.
    pub fingerprint: String,
    /// Whether exposures are pushed to the site's data layer.
    pub data_layer: bool,
    /// The experiments of which the site's code gets reports.
    pub reports: Vec<ReportRule>,
    /// Whether an address may ask to preview a variant.
    pub preview: bool,
    /// What the privacy panel says in other words than its own.
    pub panel_texts: PanelTexts,
    /// What is wrong with the file, and left out of this.
    pub problems: Problems,
    /// What is left out because of what it refers to, each in a sentence.
    pub left_out: Vec<String>,
}

/// A slot or a prompt: what chooses from variants.
struct Chooser<'a> {
    /// Which of the two it is, for messages.
    kind: &'static str,
    id: &'a str,
    eligibility: &'a Eligibility,
    selection: &'a Selection,
}

/// Where redirect experiments may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// Nowhere: they are not run.
    None,
    /// To pages of the same origin.
    SameOrigin,
    /// Anywhere.
    Any,
}

/// The most partners of a site.
const PARTNERS: usize = 50;

/// The keys at the root of a config.
const KEYS: [&str; 18] = [
    "$schema",
    "version",
    "site",
    "events",
    "capture",
    "interests",
    "value",
    "intent",
    "model",
    "catalog",
    "speculation",
    "segments",
    "slots",
    "experiments",
    "prompts",
    "privacy",
    "measure",
    "preview",
];

impl Config {
    /// Reads a config.
    ///
    /// # Errors
    ///
    /// With all problems where the file is refused: it is no object, of another version, or deeper than 64 levels.
    ///
    /// ```
    /// use tailorbird::config::Config;
    /// use tailorbird::value::{Object, Value};
    ///
    /// let written = Value::from(Object::new().with("version", 2.0));
    /// let problems = Config::read(&written).unwrap_err();
    /// assert_eq!(problems.lines(), ["version is 2, expected 1"]);
    ///
    /// let written = Value::from(Object::new().with("version", 1.0).with("preview", "yes"));
    /// let config = Config::read(&written).unwrap();
    /// assert_eq!(config.problems.lines(), ["preview is \"yes\", expected true or false"]);
    /// assert!(!config.preview);
    /// ```
    pub fn read(written: &Value) -> Result<Config, Problems> {
        let problems = RefCell::default();
        let config = Config::read_root(&Reader::root(written, &problems), written);
        let problems = problems.into_inner();
        match config {
            Some(config) => Ok(Config { problems, ..config }),
            None => Err(problems),
        }
    }

    /// The slot with this id.
    pub fn slot(&self, id: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id)
    }

    /// The prompt with this id.
    pub fn prompt(&self, id: &str) -> Option<&Prompt> {
        self.prompts.iter().find(|prompt| prompt.id == id)
    }

    /// Whether any prompt waits for signs of leaving.
    pub fn has_exit_prompt(&self) -> bool {
        self.prompts.iter().any(|prompt| prompt.triggers.exit.is_some())
    }

    /// Whether any prompt is a notification.
    pub fn has_notification(&self) -> bool {
        self.prompts.iter().any(|prompt| self.prompt_contents.is_notification(&prompt.id))
    }

    /// Prompts that wait for an element to come into view, each with the selector of that element.
    pub fn elements_of_prompts(&self) -> Vec<(String, String)> {
        let element = |prompt: &Prompt| Some((prompt.id.clone(), prompt.triggers.visible.clone()?));
        self.prompts.iter().filter_map(element).collect()
    }

    /// The slots in which prompts stand.
    pub fn slots_of_prompts(&self) -> impl Iterator<Item = &str> {
        self.prompt_contents.slots()
    }

    fn read_root(root: &Reader<'_>, written: &Value) -> Option<Config> {
        if has_cut(written) {
            root.problem("deeper than 64 levels", Some("a flatter tree"));
            return None;
        }
        root.keys(&KEYS);
        let version = root.field("version").value() == Some(&Value::Number(1.0));
        if !version {
            root.field("version").expected("1");
        }
        let measure = root.section("measure", &["dataLayer", "reports"]);
        let site = root.field("site");
        let theme = site.field("prompts").field("theme").or_default(Theme::default(), Theme::read);
        let (mut contents, mut prompt_contents) = (VariantContents::default(), PromptContents::new(theme));
        let speculation = SpeculationRules::read(root);
        let rules = Rules { remembers_pages: speculation.is_some(), ..Rules::read(root) };
        let mut config = Config {
            catalog: Catalog::read(&root.field("catalog"), &rules),
            model: root
                .field("model")
                .or_default(None, |at| at.text_within(1..=2_000).map(|text| Some(text.to_owned()))),
            rules,
            speculation,
            value: ValueRules::read(root),
            reads: AttributeGroups::NONE,
            timed: AttributeGroups::NONE,
            times: Vec::new(),
            tracked_keys: Vec::new(),
            intent: IntentRules::read(root),
            segments: Segment::read_all(&root.field("segments")),
            areas: Area::read_all(&site.field("areas")),
            goals: Goals::default(),
            slots: Slot::read_all(&root.field("slots"), written, &mut |slot, variant| {
                let content = Content::read(&variant.field("content"))?;
                let texts = LocalizedText::with_placeholders(&content.texts());
                contents.add(written_id(slot), written_id(variant), content);
                Some(texts)
            }),
            contents: VariantContents::default(),
            prompts: Prompt::read_all(&root.field("prompts"), written, &mut |prompt, variant| {
                prompt_contents.read(prompt, variant, written)
            }),
            prompt_rules: site.field("prompts").or_default(PromptRules::default(), PromptRules::read),
            exit_rules: site.field("exitIntent").or_default(ExitRules::default(), ExitRules::read),
            prompt_contents: PromptContents::default(),
            payload: Payload::read(&root.field("experiments")),
            holdout: site.field("holdout").or_default(0.0, |at| at.number(0.0..=1.0)),
            spares_crawlers: site
                .field("bots")
                .or_default(true, |at| at.choice(&[("default", true), ("visitors", false)])),
            redirects: site.field("redirects").or_default(Redirects::SameOrigin, Redirects::read),
            capture: CaptureRules::read(root),
            partners: site.field("partners").readable_items(PARTNERS, read_partner),
            fingerprint: format!("{:016x}", written.fingerprint()),
            data_layer: measure.field("dataLayer").or_default(false, Reader::bool),
            reports: ReportRule::read_all(&measure.field("reports")),
            preview: root.field("preview").or_default(false, Reader::bool),
            panel_texts: PanelTexts::read(&root.field("privacy")),
            problems: Problems::default(),
            left_out: Vec::new(),
        };
        if root.value()?.as_object().is_none() || !version {
            return None;
        }
        (config.contents, config.prompt_contents) = (contents, prompt_contents);
        left_out::leave_out(&mut config, written);
        visual_changes::add_slots(&mut config);
        config.goals = Goals {
            slots: config.slots.iter().filter_map(|slot| Some((slot.id.clone(), slot.goal.clone()?))).collect(),
            prompts: config
                .prompts
                .iter()
                .filter_map(|prompt| Some((prompt.id.clone(), prompt.goal.clone()?)))
                .collect(),
        };
        config.rules.learners = learners::of(&config);
        config.read_dependencies(written);
        let mut times: Vec<Timestamp> = Vec::new();
        for eligibility in config.eligibilities() {
            times.extend(eligibility.from);
            times.extend(eligibility.until);
        }
        times.sort_unstable();
        config.times = times;
        reported::leave_out(&mut config);
        Some(config)
    }

    /// What may be wrong with the file: what is left out because of what it refers to, and what is probably a mistake,
    /// such as a condition on an attribute that the engine does not fill.
    pub fn warnings(&self) -> Vec<String> {
        [self.left_out.clone(), unknown_paths::warnings(self), learners::warnings(self), reported::warnings(self)]
            .concat()
    }

    /// The next moment after `now` at which the time of something comes or ends.
    pub fn next_time(&self, now: Timestamp) -> Option<Timestamp> {
        self.times.get(self.times.partition_point(|time| *time <= now)).copied()
    }

    /// The lists of patterns that say on which addresses something may be shown.
    pub fn address_patterns(&self) -> Vec<&[Value]> {
        self.eligibilities().into_iter().map(|eligibility| eligibility.urls.as_slice()).collect()
    }

    /// When, where and for whom each slot, variant and prompt may be shown.
    fn eligibilities(&self) -> Vec<&Eligibility> {
        let choosers = self.choosers();
        let mut all: Vec<&Eligibility> = choosers.iter().map(|chooser| chooser.eligibility).collect();
        for chooser in &choosers {
            all.extend(chooser.selection.variants.iter().map(|variant| &variant.eligibility));
        }
        all
    }

    /// Everything that chooses from variants.
    fn choosers(&self) -> Vec<Chooser<'_>> {
        let mut all: Vec<Chooser<'_>> = Vec::new();
        for Slot { id, eligibility, selection, .. } in &self.slots {
            all.push(Chooser { kind: "slot", id, eligibility, selection });
        }
        for Prompt { id, eligibility, selection, .. } in &self.prompts {
            all.push(Chooser { kind: "prompt", id, eligibility, selection });
        }
        all
    }

    /// Notes what conditions, strategies and placeholders read.
    fn read_dependencies(&mut self, written: &Value) {
        let mut dependencies = AttributeDependencies::default();
        for section in ["segments", "experiments"] {
            dependencies.add(written.at(section));
        }
        for chooses in [written.at("slots"), written.at("prompts")].into_iter().flat_map(Value::items) {
            dependencies.add(chooses.at("when"));
            chooses.at("choose").items().iter().for_each(|strategy| dependencies.add(strategy.at("context")));
            chooses.at("variants").items().iter().for_each(|variant| dependencies.add(variant.at("when")));
        }
        let (mut by_interest, mut by_items) = (false, self.prompt_contents.have_items());
        let mut is_limited = self.prompts.iter().any(|prompt| prompt.least_tier.is_some());
        for eligibility in self.eligibilities() {
            for path in eligibility.placeholders() {
                dependencies.add_path(&path.join("."));
            }
        }
        for Chooser { selection, .. } in self.choosers() {
            by_interest |= selection.choose.iter().any(|strategy| matches!(strategy, Strategy::Interest { .. }));
            by_items |= selection.choose.iter().any(|strategy| matches!(strategy, Strategy::Recommend(_)));
            for variant in &selection.variants {
                is_limited |= variant.least_tier.is_some();
                for tag in &variant.tags {
                    dependencies.track_key(&tag.dimension);
                    dependencies.track_key(&tag.key);
                }
            }
        }
        self.reads = dependencies.groups | AttributeGroup::Site.into();
        self.timed = dependencies.timed;
        if by_interest {
            self.reads |= AttributeGroup::Interest.into();
            self.timed |= AttributeGroup::Interest.into();
        }
        if by_items {
            // With these change what was looked at, and what is in the basket.
            self.reads |= AttributeGroup::Interest.into();
            self.reads |= AttributeGroup::Cart.into();
            self.rules.recommends = true;
        }
        if is_limited {
            self.reads |= AttributeGroup::Value.into();
            self.timed |= AttributeGroup::Value.into();
        }
        self.tracked_keys = dependencies.tracked_keys;
        self.rules.rolling = dependencies.rolling;
        for slot in &mut self.slots {
            let mut written = written.at("slots").items().iter();
            slot.note_reads(written.find(|written| written.at("id").as_text() == Some(&slot.id)).unwrap_or(&NULL));
        }
    }
}

fn read_partner(at: &Reader<'_>) -> Option<String> {
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_inner)
    };
    let is_host = |text: &str| text.len() <= 253 && text.contains('.') && text.split('.').all(is_label);
    at.text("a host name in small letters, such as \"partner.example\"", is_host).map(str::to_owned)
}

impl Redirects {
    fn read(at: &Reader<'_>) -> Option<Redirects> {
        at.choice(&[("same-origin", Redirects::SameOrigin), ("any", Redirects::Any), ("none", Redirects::None)])
    }
}
