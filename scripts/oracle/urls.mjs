/** Addresses, patterns for them, and variations forced by them. */

/** @import { Chance } from "./chance.mjs" */
/** @import { Named } from "./types.js" */

const HOSTS = [
  "www.example.com",
  "example.com",
  "shop.example.com",
  "EXAMPLE.com",
  "localhost:8080",
  "example.com:8443",
  "example.com:443",
  "bücher.example",
  "127.0.0.1",
  "[::1]:3000",
  "a.b.c.example.com",
  "www.example.com.",
];
const PATHS = [
  "",
  "/",
  "/home",
  "/home/",
  "/shop/boots",
  "/shop//boots",
  "/a/b/c/",
  "/Shop",
  "/été",
  "/%C3%A9t%C3%A9",
  "/a%20b",
  "/a b",
  "/a+b(c)",
  "/index.html",
  "/a.b/c_d",
  "/😀",
  "/_____",
  "/shop/../home",
  "/a;b=1",
  "/$x",
  "/a*b",
];
const QUERIES = [
  "",
  "",
  "?x=1",
  "?x=1&y=2",
  "?y=2&x=1",
  "?x",
  "?x=",
  "?x=a+b",
  "?x=a%20b",
  "?X=1",
  "?x=1&x=2",
  "?é=ü",
  "?x=1?y=2",
  "?&&",
  "?utm_source=mail&utm_medium=",
  "?x=a.b",
  "?q=%",
  "?x=%26",
  "?x=a/",
];
const HASHES = ["", "", "", "#top", "#Top", "#", "#a?x=1", "#é", "#top/"];
const ODD = [
  "",
  "/home?x=1",
  "//example.com/home",
  "home",
  "?x=1",
  "#top",
  "about:blank",
  "mailto:a@b.c",
  "data:text/plain,home",
  "file:///home",
  "javascript:home",
  "http://",
  "http://[",
  "http://a b/",
  "https://user:pass@example.com/home",
  "HTTPS://Example.COM/HOME",
  "ftp://example.com/home",
  "http://example.com:99999/",
  "blob:https://example.com/x",
  " https://example.com/home ",
  "https:example.com/home",
  "https://example.com\\home",
  "http://1.2.3/",
  "custom://host/home",
];

/**
 * An absolute address.
 *
 * @param {Chance} chance
 */
export const absolute = (chance) =>
  `${chance.of(["https://", "http://"])}${chance.of(HOSTS)}${chance.of(PATHS)}${chance.of(QUERIES)}${chance.of(HASHES)}`;

/** @param {Chance} chance */
export const address = (chance) => (chance.is(0.15) ? chance.of(ODD) : absolute(chance));

/** @param {string} url */
const parsed = (url) => {
  try {
    return new URL(url, "https://_");
  } catch {
    return new URL("https://www.example.com/home?x=1#top");
  }
};

/**
 * Pieces of a text turned into wildcards.
 *
 * @param {Chance} chance
 * @param {string} part
 */
const wild = (chance, part) => {
  if (!chance.is(0.3)) return part;
  const letters = [...part];
  const from = chance.whole(0, letters.length);
  return `${letters.slice(0, from).join("")}*${letters.slice(chance.whole(from, letters.length)).join("")}`;
};

/**
 * @param {Chance} chance
 * @param {string} url
 */
const simple = (chance, url) => {
  const { protocol, host, pathname, searchParams, hash } = parsed(url);
  const scheme = chance.weighed([
    [5, `${protocol}//`],
    [2, "https://"],
    [3, ""],
    [1, "*://"],
    [1, "//"],
  ]);
  const own = wild(
    chance,
    chance.weighed([
      [8, host],
      [1, host.toUpperCase()],
      [1, "*"],
      [1, `*.${host.split(".").slice(1).join(".")}`],
      [1, host.replace(/:\d+$/, "")],
      [1, "other.example"],
      [1, `${host}:8080`],
    ]),
  );
  const path = wild(
    chance,
    chance.weighed([
      [6, pathname],
      [1, pathname.replace(/\/$/, "")],
      [1, `${pathname}/`],
      [1, pathname.toUpperCase()],
      [1, `${pathname}/*`],
      [1, "/*"],
      [1, ""],
      [1, pathname.replace(/\/[^/]*$/, "/*")],
      [1, decodeURI(pathname.replaceAll("%", "%25"))],
    ]),
  );
  const query = [...searchParams]
    .filter(() => chance.is(0.5))
    .map(
      ([key, value]) =>
        `${key}=${wild(
          chance,
          chance.weighed([
            [7, value],
            [1, "*"],
            [1, value.replace(/\/$/, "")],
            [1, value.toUpperCase()],
          ]),
        )}`,
    );
  if (chance.is(0.1)) query.push(chance.of(["x=", "z=*", "z=", "x=1", "x"]));
  const fragment = chance.weighed([
    [6, ""],
    [2, hash],
    [1, "#*"],
    [1, hash.toUpperCase()],
    [1, hash.replace(/\/$/, "")],
    [1, "#other"],
  ]);
  const rest = `${path}${query.length ? `?${query.join("&")}` : ""}${fragment}`;
  return chance.weighed([
    [8, `${scheme}${own}${rest}`],
    [3, rest],
    [1, wild(chance, url)],
    [1, "*"],
    [1, "/*"],
    [
      1,
      chance.of([
        "",
        "(",
        "http://[",
        "a.b",
        "example.com",
        ".",
        "*.*",
        "http://*",
        "_____",
        "?x=1",
        "#top",
        "www.*/home",
        "localhost:8080/home",
        "example.com:8443/*",
      ]),
    ],
  ]);
};

/**
 * @param {Chance} chance
 * @param {string} url
 */
const regex = (chance, url) => {
  const { href, pathname, search } = parsed(url);
  /** @param {string} text */
  const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return chance.weighed([
    [3, `^${literal(pathname)}`],
    [2, `${literal(href)}$`],
    [2, `^https?://[^/]+${literal(pathname)}`],
    [1, `^${literal(pathname + search)}$`],
    [1, literal(search)],
    [1, pathname],
    [
      1,
      chance.of([
        "",
        ".*",
        "^/$",
        "home",
        "HOME",
        "(",
        "[",
        "^https:",
        "example\\.com",
        "(?<=shop/)b",
        "#top$",
        "^//",
        "/shop/\\w+$",
        "^ank$",
        "^[^?]*$",
        "é",
        "%C3%A9",
        "\\?x=1",
      ]),
    ],
  ]);
};

/**
 * `urlPatterns` of which some fit `url`.
 *
 * @param {Chance} chance
 * @param {string} url
 */
export const targets = (chance, url) => {
  const target = () => {
    const type = chance.weighed([
      [6, "simple"],
      [3, "regex"],
      [0.3, chance.of(["glob", "Simple", "", null])],
    ]);
    const other = chance.is(0.15) ? absolute(chance) : url;
    const pattern = type == "regex" ? regex(chance, other) : simple(chance, other);
    return {
      type,
      include: chance.weighed([
        [7, true],
        [2, false],
        [0.3, chance.of(/** @type {unknown[]} */ ([null, 0]))],
      ]),
      pattern,
    };
  };
  return chance.is(0.05) ? [] : chance.list(1, 3, target);
};

/**
 * The deprecated kind: one regular expression as text.
 *
 * @param {Chance} chance
 * @param {string} url
 */
export const oldTarget = (chance, url) =>
  chance.weighed([
    [6, regex(chance, url)],
    [1, ""],
    [1, "^/"],
    [1, "^https?:"],
  ]);

// No white space beyond ASCII before a number: `parseInt` passes over it, but no browser leaves it in an address.
const FORCED = [
  "0",
  "1",
  "2",
  "3",
  "-1",
  "-0",
  "+1",
  " 1",
  "%201",
  "\n1",
  "1.9",
  "1abc",
  "1e3",
  "0x1",
  "01",
  "",
  "abc",
  "1=2",
  "=1",
  "null",
  "true",
  "99999999999999999999999",
  "１",
  "\u06611",
  "NaN",
  "Infinity",
  "1,2",
  "1 ",
  "--1",
  "_1",
  "1_0",
];

/**
 * An address that asks for a variation of `key`, or nearly.
 *
 * @param {Chance} chance
 * @param {string} key
 */
export const forcing = (chance, key) => {
  const pair = () =>
    chance.weighed([
      [7, `${key}=${chance.of(FORCED.slice(0, 3))}`],
      [4, `${key}=${chance.of(FORCED)}`],
      [1, key],
      [1, `${encodeURIComponent(key)}=1`],
      [1, `${key.toUpperCase()}=1`],
      [1, ` ${key}=1`],
      [1, `${key}[]=1`],
      [2, "x=1"],
      [1, ""],
      [1, `x${key}=1`],
    ]);
  const pairs = chance.list(1, 3, pair).join(chance.is(0.93) ? "&" : ";");
  const before = chance.weighed([
    [8, "https://www.example.com/home"],
    [1, ""],
    [1, "/home"],
    [1, "https://www.example.com/#a"],
    [1, "not an address"],
  ]);
  return `${before}${chance.weighed([
    [12, "?"],
    [1, "??"],
    [1, ""],
    [1, "?x?"],
    [1, "#?"],
  ])}${pairs}${chance.weighed([
    [8, ""],
    [2, "#top"],
    [1, `?${key}=1`],
    [1, `#${key}=1`],
    [1, "#a\nb"],
    [1, "&#&"],
  ])}`;
};

/**
 * @param {Chance} chance
 * @param {Named} name
 */
export const queryOverrideCase = (chance, name) => {
  const key = chance.of(["my-test", "my-test", "exp", "été", "a b", "", "x", "😀", "a=b", "a%20b"]);
  return [
    name(`of ${JSON.stringify(key)}`),
    key,
    chance.is(0.03) ? "" : forcing(chance, key),
    chance.whole(0, 4),
    undefined,
  ];
};
