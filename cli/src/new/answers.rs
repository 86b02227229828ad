//! What is asked, what can be answered, and what options say of it.

use clap::ValueEnum;

/// The kind of a site: what people come for, and so what its events are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A shop: products, a basket, orders
    Shop,
    /// A magazine, a newspaper or a blog: articles and subscriptions
    Magazine,
    /// Software: plans, trials and accounts
    Software,
    /// Services: visitors become leads by a form
    Leads,
}

impl Kind {
    /// In a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Shop => "a shop",
            Kind::Magazine => "a magazine",
            Kind::Software => "software",
            Kind::Leads => "services",
        }
    }

    /// Categories to begin with; the site's own are better.
    fn categories(self) -> &'static [&'static str] {
        match self {
            Kind::Shop => &["shoes", "jackets", "bags"],
            Kind::Magazine => &["news", "sport", "culture"],
            Kind::Software => &["analytics", "security", "integrations"],
            Kind::Leads => &["consulting", "training", "support"],
        }
    }

    /// The campaigns that such a site can have.
    pub fn campaigns(self) -> impl Iterator<Item = Campaign> {
        Campaign::value_variants().iter().copied().filter(move |campaign| campaign.suits(self))
    }
}

/// What is to be shown, to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Campaign {
    /// The page opens differently for visitors who come back
    WelcomeBack,
    /// The page opens with the category looked at most
    CategoryAffinity,
    /// The page opens with what the advert has promised
    Advert,
    /// Who left a basket or a form is reminded of it
    AbandonedBasket,
    /// A shop says how much is missing for free delivery
    FreeDelivery,
    /// Software offers the paid plan to users of the free one
    Upgrade,
    /// A newsletter is offered late, and seldom
    Newsletter,
    /// Two texts of a button are compared
    Experiment,
}

impl Campaign {
    /// Whether a site of this kind can have it.
    fn suits(self, kind: Kind) -> bool {
        match self {
            Campaign::FreeDelivery => kind == Kind::Shop,
            Campaign::Upgrade => kind == Kind::Software,
            _ => true,
        }
    }

    /// The place on the page that it changes; `None` for a prompt, which has no place.
    pub fn place(self) -> Option<Place> {
        match self {
            Campaign::WelcomeBack | Campaign::CategoryAffinity | Campaign::Advert => Some(Place::Hero),
            Campaign::AbandonedBasket | Campaign::FreeDelivery | Campaign::Upgrade => Some(Place::Banner),
            Campaign::Experiment => Some(Place::Button),
            Campaign::Newsletter => None,
        }
    }
}

/// A place on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// With what a page opens: a heading in it is changed.
    Hero,
    /// A line of text.
    Banner,
    /// A link or a button.
    Button,
}

impl Place {
    /// From the top of a page to its end.
    pub const ALL: [Place; 3] = [Place::Hero, Place::Banner, Place::Button];

    /// Its name, which is also the id of its slot unless another is given.
    pub fn name(self) -> &'static str {
        match self {
            Place::Hero => "hero",
            Place::Banner => "banner",
            Place::Button => "button",
        }
    }
}

/// In which language texts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English
    En,
    /// German
    De,
    /// French
    Fr,
    /// Spanish
    Es,
}

impl Language {
    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::De => "de",
            Language::Fr => "fr",
            Language::Es => "es",
        }
    }
}

/// Who states consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Consent {
    /// A consent tool, or Google Consent Mode
    Auto,
    /// Code of your site, by tailorbird.consent()
    Code,
    /// Nobody: what is known lasts as long as the tab
    Session,
    /// Everybody is taken to have given it
    Granted,
}

/// One of the five questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What kind of site is it?
    Kind,
    /// What is wanted?
    Campaigns,
    /// Where on the page?
    Places,
    /// In which currency and languages?
    Locale,
    /// Who states consent?
    Consent,
}

impl Question {
    /// The options that answer it.
    pub fn option(self) -> &'static str {
        match self {
            Question::Kind => "--kind",
            Question::Campaigns => "--campaign",
            Question::Places => "--slot or --target",
            Question::Locale => "--currency with --language",
            Question::Consent => "--consent",
        }
    }
}

/// What options, or answers, say.
#[derive(Clone, Debug, clap::Args)]
pub struct Given {
    /// What kind of site it is (default: shop)
    #[arg(long, value_enum)]
    pub kind: Option<Kind>,
    /// What is wanted, several with commas (default: all that suit the kind)
    #[arg(long, value_enum, value_name = "CAMPAIGN", value_delimiter = ',')]
    pub campaign: Vec<Campaign>,
    /// For category-affinity: your categories, as item_category has them
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub categories: Vec<String>,
    /// The id of a slot: hero=top (default: hero, banner and button)
    #[arg(long, value_name = "PLACE=ID", value_parser = placed)]
    pub slot: Vec<(Place, String)>,
    /// A slot by a CSS selector, for pages that nobody may edit: hero=".masthead"
    #[arg(long, value_name = "PLACE=SELECTOR", value_parser = placed)]
    pub target: Vec<(Place, String)>,
    /// The currency of prices, by its three letters (default: EUR)
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub currency: Option<String>,
    /// The languages of the example texts, several with commas (default: en)
    #[arg(long, value_enum, value_delimiter = ',')]
    pub language: Vec<Language>,
    /// Who states consent (default: auto)
    #[arg(long, value_enum)]
    pub consent: Option<Consent>,
}

/// Something of one place.
fn placed(text: &str) -> Result<(Place, String), &'static str> {
    let (name, what) = text.split_once('=').unwrap_or((text, ""));
    let place = Place::ALL.into_iter().find(|place| place.name() == name);
    place
        .map(|place| (place, what.trim().to_owned()))
        .filter(|(_, what)| !what.is_empty())
        .ok_or("is for no place, expected hero=, banner= or button=, and then what it is")
}

/// Three letters of a currency.
pub fn currency(text: &str) -> Result<String, &'static str> {
    let code = text.trim().to_ascii_uppercase();
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code { Ok(code) } else { Err("is no currency, expected three letters, as EUR") }
}

impl Given {
    /// The questions that are open.
    pub fn unanswered(&self) -> Vec<Question> {
        // A prompt alone has no place.
        let has_places = self.campaign.is_empty() || self.campaign.iter().any(|campaign| campaign.place().is_some());
        let open = [
            (Question::Kind, self.kind.is_none()),
            (Question::Campaigns, self.campaign.is_empty()),
            (Question::Places, has_places && self.slot.is_empty() && self.target.is_empty()),
            (Question::Locale, self.currency.is_none() || self.language.is_empty()),
            (Question::Consent, self.consent.is_none()),
        ];
        open.into_iter().filter_map(|(question, is_open)| is_open.then_some(question)).collect()
    }

    /// Whether the campaigns suit the kind.
    ///
    /// # Errors
    ///
    /// What does not.
    pub fn check(&self) -> Result<(), String> {
        let Some(kind) = self.kind else { return Ok(()) };
        let Some(wrong) = self.campaign.iter().find(|campaign| !campaign.suits(kind)) else { return Ok(()) };
        let fitting: Vec<String> = kind.campaigns().map(|campaign| name_of(&campaign)).collect();
        let expected = format!("expected some of {}", fitting.join(", "));
        Err(format!("--campaign {} is nothing for {}, {expected}", name_of(wrong), kind.name()))
    }
}

/// As an option has it.
pub fn name_of(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|known| known.get_name().to_owned()).unwrap_or_default()
}

/// What it means, as the help has it.
pub fn meaning_of(value: &impl ValueEnum) -> String {
    value.to_possible_value().and_then(|known| known.get_help().map(ToString::to_string)).unwrap_or_default()
}

/// All answers.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The kind of the site.
    pub kind: Kind,
    /// At least one, all of them suit the kind, each once, in the order of [`Campaign`].
    pub campaigns: Vec<Campaign>,
    /// At least one name, each once.
    pub categories: Vec<String>,
    /// The ids of slots, where they are not those of the places.
    slots: Vec<(Place, String)>,
    /// The selectors of slots.
    targets: Vec<(Place, String)>,
    /// Three capital letters.
    pub currency: String,
    /// At least one, each once.
    pub languages: Vec<Language>,
    /// Who states consent.
    pub consent: Consent,
}

impl Answers {
    /// The answers that were given, with defaults for the rest.
    ///
    /// # Errors
    ///
    /// As for [`Given::check`].
    pub fn of(given: &Given) -> Result<Answers, String> {
        let kind = given.kind.unwrap_or(Kind::Shop);
        Given { kind: Some(kind), ..given.clone() }.check()?;
        let is_wanted = |campaign: &Campaign| given.campaign.is_empty() || given.campaign.contains(campaign);
        let categories = match given.categories.as_slice() {
            [] => kind.categories().iter().map(|name| (*name).to_owned()).collect(),
            names => each_once(names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())),
        };
        Ok(Answers {
            kind,
            campaigns: kind.campaigns().filter(is_wanted).collect(),
            categories,
            slots: given.slot.clone(),
            targets: given.target.clone(),
            currency: given.currency.clone().unwrap_or_else(|| "EUR".to_owned()),
            languages: if given.language.is_empty() {
                vec![Language::En]
            } else {
                each_once(given.language.iter().copied())
            },
            consent: given.consent.unwrap_or(Consent::Auto),
        })
    }

    /// Whether a campaign is wanted.
    pub fn has(&self, campaign: Campaign) -> bool {
        self.campaigns.contains(&campaign)
    }

    /// The places that the campaigns change.
    pub fn places(&self) -> impl Iterator<Item = Place> {
        let is_used = |place: &Place| self.campaigns.iter().any(|campaign| campaign.place() == Some(*place));
        Place::ALL.into_iter().filter(is_used)
    }

    /// The id of a place's slot.
    pub fn id(&self, place: Place) -> &str {
        last(&self.slots, place).unwrap_or(place.name())
    }

    /// The selector of a place's slot, if it is found by one.
    pub fn target(&self, place: Place) -> Option<&str> {
        last(&self.targets, place)
    }
}

/// As of other options, the last one counts.
fn last(list: &[(Place, String)], place: Place) -> Option<&str> {
    list.iter().rev().find(|(of, _)| *of == place).map(|(_, what)| what.as_str())
}

fn each_once<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    items.fold(Vec::new(), |mut known, item| {
        if !known.contains(&item) {
            known.push(item);
        }
        known
    })
}
