//! Kinds of websites, by their host names: where the visitor comes from, and where a link leads.

/// A kind of website, and what tells it.
struct Kind {
    name: &'static str,
    /// Labels of a host name, wherever they stand but at its end: `www.google.co.uk` has the label `google`.
    labels: &'static [&'static str],
    /// Complete host names, without `www.`: those whose labels are everyday words or too short to tell.
    hosts: &'static [&'static str],
}

/// The first label of a host name that is in this table decides.
const KINDS: [Kind; 4] = [
    Kind {
        name: "search",
        labels: &[
            "google",
            "googlequicksearchbox",
            "bing",
            "duckduckgo",
            "ecosia",
            "qwant",
            "startpage",
            "yahoo",
            "yandex",
            "baidu",
            "sogou",
            "naver",
            "daum",
            "seznam",
            "kagi",
            "mojeek",
            "swisscows",
            "metager",
            "searx",
            "searxng",
            "brave",
            "lycos",
            "dogpile",
            "presearch",
            "haosou",
            "rambler",
            "coccoc",
            "petalsearch",
            "lilo",
            "karmasearch",
        ],
        hosts: &[
            "aol.com",
            "ask.com",
            "so.com",
            "search.aol.com",
            "suche.t-online.de",
            "suche.web.de",
            "suche.gmx.net",
        ],
    },
    Kind {
        name: "social",
        labels: &[
            "facebook",
            "instagram",
            "threads",
            "twitter",
            "linkedin",
            "lnkd",
            "reddit",
            "pinterest",
            "tiktok",
            "youtube",
            "youtu",
            "vimeo",
            "twitch",
            "tumblr",
            "snapchat",
            "mastodon",
            "bsky",
            "whatsapp",
            "telegram",
            "discord",
            "discordapp",
            "quora",
            "medium",
            "substack",
            "flickr",
            "weibo",
            "douyin",
            "xiaohongshu",
            "zhihu",
            "vkontakte",
            "odnoklassniki",
            "xing",
            "nextdoor",
            "ycombinator",
            "lobste",
            "lemmy",
            "strava",
            "komoot",
            "slack",
            "messenger",
            "kakao",
            "behance",
            "dribbble",
            "goodreads",
            "producthunt",
        ],
        hosts: &[
            "t.co",
            "x.com",
            "t.me",
            "fb.me",
            "fb.com",
            "m.me",
            "pin.it",
            "redd.it",
            "vk.com",
            "m.vk.com",
            "ok.ru",
            "line.me",
            "wa.me",
            "qq.com",
            "truthsocial.com",
            "gab.com",
            "vk.ru",
            "tinder.com",
        ],
    },
    Kind {
        name: "email",
        labels: &[
            "mail",
            "webmail",
            "email",
            "outlook",
            "roundcube",
            "fastmail",
            "protonmail",
            "tutanota",
            "tuta",
            "gmx",
            "deref-gmx",
            "deref-web",
            "deref-mail",
            "mailbox",
            "posteo",
            "zimbra",
            "horde",
            "owa",
            "inbox",
            "hushmail",
            "mailchi",
            "list-manage",
            "campaign-archive",
            "sendgrid",
            "klclick",
            "hubspotemail",
            "superhuman",
        ],
        hosts: &["com.google.android.gm", "app.hey.com", "mg.mail.yahoo.com"],
    },
    Kind {
        name: "assistant",
        labels: &[
            "chatgpt",
            "openai",
            "perplexity",
            "claude",
            "anthropic",
            "gemini",
            "bard",
            "copilot",
            "mistral",
            "deepseek",
            "grok",
            "doubao",
            "kimi",
            "moonshot",
            "qwen",
            "phind",
            "huggingface",
            "notebooklm",
            "felo",
            "genspark",
            "character",
            "duckai",
            "andisearch",
            "exa",
            "writesonic",
            "komo",
            "meta-ai",
        ],
        hosts: &["you.com", "poe.com", "meta.ai", "duck.ai", "iask.ai", "pi.ai", "x.ai", "liner.com", "z.ai"],
    },
];

/// The kind of site `host` is, seen from a page on `own_host`: `direct` (typed, bookmarked or withheld),
/// `internal`, `partner` (one of the site's `partners`), `search`, `social`, `email`, `assistant`, `other`.
///
/// ```
/// use tailorbird::signal::referrer::kind;
///
/// assert_eq!(kind("www.google.co.uk", "shop.example", &[]), "search");
/// assert_eq!(kind("blog.alps.example", "shop.example", &["alps.example".to_owned()]), "partner");
/// ```
pub fn kind(host: &str, own_host: &str, partners: &[String]) -> &'static str {
    let host = host.to_ascii_lowercase();
    if host.is_empty() {
        return "direct";
    }
    if is_same_site(&host, &own_host.to_ascii_lowercase()) {
        return "internal";
    }
    let host = without_www(&host);
    if partners.iter().any(|partner| is_within(host, without_www(partner))) {
        return "partner";
    }
    if let Some(kind) = KINDS.iter().find(|kind| kind.hosts.contains(&host)) {
        return kind.name;
    }
    // The last label is the public suffix and never counts; of `mail.google.com` the first one decides.
    let Some((labels, _)) = host.rsplit_once('.') else { return "other" };
    let kind_of = |label| KINDS.iter().find(|kind| kind.labels.contains(&label));
    labels.split('.').find_map(kind_of).map_or("other", |kind| kind.name)
}

/// Whether two host names, in small letters, belong to one site: they are the same but for `www.`, or one is
/// below the other.
pub fn is_same_site(one: &str, other: &str) -> bool {
    let (one, other) = (without_www(one), without_www(other));
    is_within(one, other) || is_within(other, one)
}

fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

fn is_within(host: &str, parent: &str) -> bool {
    host == parent || host.strip_suffix(parent).is_some_and(|below| !parent.is_empty() && below.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_referrer_is_known_by_its_kind_only() {
        let partners = ["alps.example".to_owned(), "www.google.li".to_owned()];
        let cases = [
            ("", "direct", "none"),
            ("shop.example", "internal", "this site"),
            ("www.SHOP.example", "internal", "with its www"),
            ("blog.shop.example", "internal", "below this site"),
            ("workshop.example", "other", "a name that only ends like it"),
            ("www.google.co.uk", "search", "any country"),
            ("com.google.android.googlequicksearchbox", "search", "an app that searches"),
            ("mail.google.com", "email", "the first label decides"),
            ("com.google.android.gm", "email", "an app for mail"),
            ("t.co", "social", "a short host"),
            ("www.x.com", "social", "a single letter"),
            ("t.example.com", "other", "a single letter below a name is no hint"),
            ("l.instagram.com", "social", "what leads out of it"),
            ("chatgpt.com", "assistant", "an assistant"),
            ("gemini.google.com", "assistant", "one of a search engine's"),
            ("you.com", "assistant", "a name that is an everyday word"),
            ("thank.you.com", "other", "which tells nothing below it"),
            ("alps.example", "partner", "the site says so"),
            ("shop.alps.example", "partner", "and what is below it"),
            ("google.li", "partner", "the site knows better than the table"),
            ("example.google", "other", "the last label does not count"),
            ("localhost", "other", "a single label"),
        ];
        for (host, expected, why) in cases {
            assert_eq!(kind(host, "shop.example", &partners), expected, "{host}: {why}");
        }
    }

    #[test]
    fn no_label_or_host_is_of_two_kinds() {
        let mut all: Vec<&str> = KINDS.iter().flat_map(|kind| kind.labels.iter().chain(kind.hosts)).copied().collect();
        let length = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), length);
    }
}
