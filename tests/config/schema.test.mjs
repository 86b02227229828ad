/**
 * The published JSON Schema gives the verdict that the engine's own reader gives.
 *
 * A fixture is `{"config": ..., "problems": [...]}`. Those in `good` have no problems. Those in
 * `bad` name each problem as the engine words it: `slots[1].holdout is 7, expected a share from
 * 0 to 1`. This test takes the path in front of ` is ` and expects the schema, judged by ajv, to
 * complain at the same paths, no more and no fewer; `cargo test --test config` expects the
 * reader's words to be these. `UPDATE_CONFIGS=1 cargo test --test config` writes the reader's
 * words into the fixtures: look at the difference before you keep it.
 *
 * How paths are counted, so that two programs of different kinds can agree:
 * - one path counts once, however many rules are broken there;
 * - a missing or unknown key has the path that it has, or would have;
 * - a problem silences whatever lies below it: of a list that is too long, or of an object where
 *   a text should stand, nothing else is told;
 * - of equal ids every one but the first is the problem;
 * - references are looked up in what is written, even where that has problems of its own; if
 *   what they refer to is no list at all, only that is told;
 * - a key that starts with `x-` is ignored where we name the keys; where the site owner does
 *   (events, dimensions, selectors, attributes, paths of conditions) it is a name like any other.
 */
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { Ajv } from "ajv";

/** @typedef {{ [keyword: string]: any }} Schema */

/** @type {Schema} */
const schema = JSON.parse(readFileSync(new URL("../../www/loader/tailorbird.schema.json", import.meta.url), "utf8"));

/**
 * @param {"good" | "bad"} verdict
 * @returns {{ name: string, config: unknown, problems: string[] }[]}
 */
const fixturesIn = (verdict) => {
  const folder = new URL(`${verdict}/`, import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => ({
      name: `${verdict}/${name}`,
      ...JSON.parse(readFileSync(new URL(name, folder), "utf8")),
    }));
};

const good = fixturesIn("good");
const bad = fixturesIn("bad");

// Pointers and paths.

/** @param {string} pointer */
const keysOf = (pointer) =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));

/** @param {(string | number)[]} keys */
const pointerTo = (...keys) =>
  keys.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/**
 * @param {unknown} value
 * @returns {value is { [key: string]: unknown }}
 */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// A key that is not its own is no key: `constructor` names no segment.
/**
 * @param {unknown} value
 * @param {string} key
 * @returns {unknown}
 */
const member = (value, key) =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;

/**
 * A pointer as the site owner reads it: `slots[1].variants[0].content.text["h1 > b"]`.
 *
 * @param {string} pointer
 * @param {unknown} config
 */
const pathOf = (pointer, config) => {
  let path = "";
  let value = config;
  for (const key of keysOf(pointer)) {
    if (Array.isArray(value)) path += `[${key}]`;
    else if (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(key)) path += path === "" ? key : `.${key}`;
    else path += `[${JSON.stringify(key)}]`;
    value = member(value, key);
  }
  return path === "" ? "the config" : path;
};

const NAME = "[A-Za-z_$][A-Za-z0-9_$]*";
const IN_BRACKETS = String.raw`\[[0-9]+\]|\["(?:[^"\\]|\\.)*"\]`;
const PROBLEM = new RegExp(`^(the config|(?:${NAME}|${IN_BRACKETS})(?:\\.${NAME}|${IN_BRACKETS})*) is (.+)$`, "s");

/** @param {string} problem */
const pathIn = (problem) => {
  const parts = PROBLEM.exec(problem);
  assert.ok(parts, `reads as PATH is ...: ${problem}`);
  return parts[1];
};

// The keywords of our own.

/**
 * All texts at a pointer in which `*` is every item; undefined if no list stands there.
 *
 * @param {string} pointer
 * @param {unknown} config
 */
const textsAt = (pointer, config) => {
  const [toList, toText] = pointer.split("/*");
  let list = config;
  let described = schema;
  for (const key of keysOf(toList)) {
    if (list !== undefined && !isObject(list)) return undefined;
    described = described.properties[key];
    list = member(list, key);
  }
  if (list === undefined) list = described.default;
  if (!Array.isArray(list)) return undefined;
  return list.map((item) => keysOf(toText).reduce(member, item)).filter((text) => typeof text === "string");
};

/**
 * @param {unknown} value
 * @returns {number}
 */
const depthOf = (value) =>
  typeof value === "object" && value !== null
    ? 1 + Object.values(value).reduce((deepest, inner) => Math.max(deepest, depthOf(inner)), 0)
    : 0;

/**
 * Makes a keyword from a function that gives the pointers, below the value, of what is wrong.
 *
 * @template Parameter, Value
 * @param {string} name
 * @param {import("ajv").KeywordDefinition["type"]} type
 * @param {(parameter: Parameter, value: Value, config: unknown) => string[]} wrongIn
 */
const keyword = (name, type, wrongIn) => ({
  keyword: name,
  type,
  errors: true,
  validate: /** @type {import("ajv").SchemaValidateFunction} */ (
    function validate(
      parameter,
      value,
      parentSchema,
      /** @type {{ instancePath: string, rootData: unknown }} */ { instancePath, rootData },
    ) {
      const self = /** @type {import("ajv").SchemaValidateFunction} */ (validate);
      self.errors = wrongIn(parameter, value, rootData).map((below) => ({
        keyword: name,
        instancePath: instancePath + below,
        parentSchema,
        message: `breaks ${name}`,
        params: {},
      }));
      return self.errors?.length === 0;
    }
  ),
});

/** @type {{ [unit: string]: number }} */
const SECONDS = { s: 1, m: 60, h: 3600, d: 86400 };

/**
 * What is ordered: a number, or the length of a time such as "30m"; undefined for what is wrong already.
 *
 * @param {unknown} item
 */
const sizeOf = (item) => {
  if (typeof item === "number") return item >= 0 && item <= 1e9 ? item : undefined;
  const [, count, unit] = /^([1-9][0-9]{0,3})([smhd])$/.exec(String(item)) ?? [];
  return count ? Number(count) * SECONDS[unit] : undefined;
};

const inOrder = {
  increasing: (/** @type {number} */ earlier, /** @type {number} */ later) => earlier < later,
  nondecreasing: (/** @type {number} */ earlier, /** @type {number} */ later) => earlier <= later,
  nonincreasing: (/** @type {number} */ earlier, /** @type {number} */ later) => earlier >= later,
};

// HTML of content, as one pattern: text, and complete tags of a few elements with a few attributes.
const SPACE = String.raw`[\t\n\f\r ]`;
const ELEMENT =
  "a|abbr|b|blockquote|br|button|cite|code|dd|div|dl|dt|em|figcaption|figure|h[2-6]|hr|i|img|li|mark|ol|p|picture|q|s|small|source|span|strong|sub|sup|time|u|ul";
const SCHEME = "[Hh][Tt][Tt][Pp][Ss]?://|[Mm][Aa][Ii][Ll][Tt][Oo]:|[Tt][Ee][Ll]:|[/?#.]";

/** @param {(quote: string) => string} inside */
const quoted = (inside) => `${SPACE}*=${SPACE}*("(${inside('"')})"|'(${inside("'")})')`;

/**
 * @param {string} quote
 * @param {string} end what may follow the first part of a path
 */
const start = (quote, end) => `(${SCHEME}|[A-Za-z0-9_%-][A-Za-z0-9_%.-]*(?=[/?#${quote}${end}]))`;

/** @type {[names: string, value: string][]} */
const ATTRIBUTES = [
  ["href|src|cite", quoted((quote) => `[^${quote}]*\\{\\{[^${quote}]*|${start(quote, "")}[^${quote}]*`)],
  [
    "srcset",
    quoted((quote) => {
      const candidate = `${SPACE}*${start(quote, String.raw`,\t\n\f\r `)}[^,${quote}]*`;
      return `[^${quote}]*\\{\\{[^${quote}]*|${candidate}(,${candidate})*`;
    }),
  ],
  ["target", quoted((quote) => `[^${quote}]*\\{\\{[^${quote}]*|_self|_blank`)],
  [
    "alt|class|datetime|dir|height|lang|loading|media|role|sizes|title|width|aria-[a-z]+|DATA",
    `(${quoted((quote) => `[^${quote}]*`)})?`,
  ],
];
const DATA = Object.keys(schema.definitions.attributes.patternProperties)
  .filter((pattern) => pattern.startsWith("^data-"))
  .map((pattern) => pattern.slice(1, -1).replace("(-|$)", "(-|(?![a-z0-9]))"))
  .join("|");
const ATTRIBUTE = ATTRIBUTES.map(([names, value]) => `(${names.replace("DATA", DATA)})${value}`).join("|");
const HTML = new RegExp(
  `^([^<]|</(${ELEMENT})${SPACE}*/?>|<(${ELEMENT})(${SPACE}+(${ATTRIBUTE})(?![A-Za-z0-9-]))*${SPACE}*/?>)*$`,
);

const own = [
  keyword("x-unique", "array", (/** @type {string} */ name, /** @type {unknown[]} */ items) => {
    const seen = new Set();
    return items.flatMap((item, index) => {
      const text = name === "" ? item : member(item, name);
      if (typeof text !== "string") return [];
      if (!seen.has(text)) {
        seen.add(text);
        return [];
      }
      return [name === "" ? pointerTo(index) : pointerTo(index, name)];
    });
  }),
  keyword("x-once", "array", (/** @type {string} */ by, /** @type {unknown[]} */ items) =>
    items
      .map((item, index) => (member(item, "by") === by ? pointerTo(index, "by") : ""))
      .filter((pointer) => pointer !== "")
      .slice(1),
  ),
  keyword("x-refers-to", "string", (/** @type {string} */ pointer, /** @type {string} */ text, config) =>
    (textsAt(pointer, config) ?? [text]).includes(text) ? [] : [""],
  ),
  keyword("x-not-in", "string", (/** @type {string} */ pointer, /** @type {string} */ text, config) =>
    (textsAt(pointer, config) ?? []).includes(text) ? [""] : [],
  ),
  keyword("x-keys-refer-to", "object", (/** @type {string} */ pointer, /** @type {object} */ value, config) => {
    const names = textsAt(pointer, config) ?? Object.keys(value);
    return Object.keys(value)
      .filter((key) => !names.includes(key))
      .map((key) => pointerTo(key));
  }),
  keyword("x-ordered", "array", (/** @type {keyof typeof inOrder} */ order, /** @type {unknown[]} */ items) => {
    const numbers = items.map(sizeOf).filter((size) => size !== undefined);
    if (numbers.length < items.length) return [];
    return items.flatMap((_, index) =>
      index === 0 || inOrder[order](numbers[index - 1], numbers[index]) ? [] : [pointerTo(index)],
    );
  }),
  keyword("x-html", "string", (/** @type {boolean} */ _, /** @type {string} */ text) => (HTML.test(text) ? [] : [""])),
  keyword("x-date", "string", (/** @type {boolean} */ _, /** @type {string} */ text) => {
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)T/.exec(text) ?? [];
    const date = new Date(`${year}-${month}-${day}T00:00Z`);
    return !year || (date.getTime() >= -8e15 && date.getUTCDate() === Number(day)) ? [] : [""];
  }),
  keyword("x-before", "object", (/** @type {[string, string]} */ [first, second], /** @type {unknown} */ value) => {
    const [from, until] = [first, second].map((name) => Date.parse(String(member(value, name))));
    return from >= until ? [pointerTo(second)] : [];
  }),
  ...Object.entries({
    "x-one-of": (/** @type {number} */ count) => count === 1,
    "x-any-of": (/** @type {number} */ count) => count > 0,
  }).map(([name, right]) =>
    keyword(name, "object", (/** @type {string[]} */ names, /** @type {object} */ value) =>
      right(names.filter((name) => Object.hasOwn(value, name)).length) ? [] : [""],
    ),
  ),
  keyword("x-depth", ["object", "array"], (/** @type {number} */ most, /** @type {unknown} */ value) =>
    depthOf(value) > most ? [""] : [],
  ),
];

/** @param {(string | import("ajv").KeywordDefinition)[]} keywords */
const judgeWith = (keywords) =>
  new Ajv({
    strict: true,
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    ownProperties: true,
    keywords: [...keywords, "errorMessage"],
  }).addSchema(schema, "config");

const judge = judgeWith(own);

/**
 * Everything ajv finds wrong, each with the pointer at which the site owner would look.
 *
 * @param {unknown} config
 */
const errorsIn = (config) => {
  const validate = /** @type {import("ajv").ValidateFunction} */ (judge.getSchema("config"));
  validate(config);
  return (
    (validate.errors ?? [])
      // `if` only repeats that its `then` has failed; `x-unique` says the same and says where.
      .filter(({ keyword }) => keyword !== "if" && keyword !== "uniqueItems")
      .map((error) => {
        const key = error.params.missingProperty ?? error.params.additionalProperty;
        return { ...error, pointer: key === undefined ? error.instancePath : error.instancePath + pointerTo(key) };
      })
  );
};

/** @param {unknown} config */
const pathsIn = (config) => {
  const pointers = new Set(errorsIn(config).map(({ pointer }) => pointer));
  const outermost = [...pointers].filter((pointer) => ![...pointers].some((other) => pointer.startsWith(`${other}/`)));
  return outermost.map((pointer) => pathOf(pointer, config)).sort();
};

for (const { name, config, problems } of good) {
  test(`${name} passes`, () => {
    assert.deepEqual(problems, [], `${name} names no problems`);
    assert.deepEqual(pathsIn(config), [], `the schema finds problems in ${name}`);
  });
}

for (const { name, config, problems } of bad) {
  test(`${name} has the same problems for the schema as for the reader`, () => {
    assert.ok(problems.length > 0, `${name} names at least one problem`);
    const expected = problems.map(pathIn).sort();
    const found = pathsIn(config);
    assert.deepEqual(expected, [...new Set(expected)], `${name} names each path once`);
    assert.deepEqual(
      found,
      expected,
      [
        `${name}: schema and fixture disagree`,
        `  only the schema:  ${found.filter((path) => !expected.includes(path)).join(", ") || "-"}`,
        `  only the fixture: ${expected.filter((path) => !found.includes(path)).join(", ") || "-"}`,
        `  the schema:  ${found.join(", ")}`,
        `  the fixture: ${expected.join(", ")}`,
      ].join("\n"),
    );
  });
}

// The schema itself.

const SCHEMAS_BY_NAME = ["properties", "patternProperties", "definitions"];
const SCHEMAS = ["additionalProperties", "items", "then", "else"];

/**
 * Every schema within a schema, with its pointer; `if` aside, which judges nothing by itself.
 *
 * @param {unknown} inner
 * @param {string} pointer
 * @returns {Generator<{ inner: Schema, pointer: string }>}
 */
const within = function* (inner, pointer) {
  if (!isObject(inner)) return;
  yield { inner, pointer };
  for (const name of SCHEMAS_BY_NAME)
    for (const [key, below] of Object.entries(inner[name] ?? {})) yield* within(below, pointer + pointerTo(name, key));
  for (const name of SCHEMAS) yield* within(inner[name], pointer + pointerTo(name));
  for (const [place, below] of Object.entries(inner.allOf ?? []))
    yield* within(below, pointer + pointerTo("allOf", place));
};

const schemas = [...within(schema, "")];

/**
 * What a `$ref` refers to, or nothing.
 *
 * @param {Schema} schema
 * @returns {Schema}
 */
const referred = ({ $ref }) => ($ref ? keysOf($ref.slice(1)).reduce((inner, key) => inner[key], schema) : {});

const properties = schemas.flatMap(({ inner, pointer }) =>
  ["properties", "patternProperties"].flatMap((kind) =>
    Object.entries(inner[kind] ?? {}).map(([name, property]) => ({
      name,
      pointer: pointer + pointerTo(kind, name),
      property: { ...referred(property), ...property },
    })),
  ),
);

test("the schema is valid and is found under the name that configs give", () => {
  assert.equal(judge.validateSchema(schema), true, JSON.stringify(judge.errors));
  assert.deepEqual(schema.properties.$schema.examples, ["./tailorbird.schema.json"]);
});

test("every property tells an editor what it is and what may stand there", () => {
  for (const { pointer, property } of properties) {
    assert.ok(property.description?.length >= 10, `${pointer} has a description`);
    assert.match(property.description, /[.)]$/, `${pointer} is described in sentences`);
    const suggests = ["default", "examples", "enum", "const"].some((key) => Object.hasOwn(property, key));
    assert.ok(suggests || property.not, `${pointer} has a default or examples`);
  }
});

test("what an editor suggests is allowed where it is suggested", () => {
  const lenient = judgeWith(own.map(({ keyword }) => keyword));
  for (const { inner, pointer } of schemas) {
    const suggestions = [...(inner.examples ?? []), ...("default" in inner ? [inner.default] : [])];
    for (const suggestion of suggestions) {
      const allowed = lenient.validate({ $ref: `config#${encodeURI(pointer)}` }, suggestion);
      assert.ok(allowed, `${pointer} suggests ${JSON.stringify(suggestion)}: ${lenient.errorsText()}`);
    }
  }
});

test("every reader of draft 07 finds the same rules and the same words beside a $ref, and no rule is a choice", () => {
  for (const { inner, pointer } of schemas) {
    for (const key of ["anyOf", "oneOf"]) assert.ok(!(key in inner), `${pointer} has ${key}`);
    if (!("$ref" in inner)) continue;
    const { $ref, ...words } = inner;
    for (const key of Object.keys(words)) {
      assert.ok(["description", "default", "examples"].includes(key), `${pointer} has ${key} beside its $ref`);
      assert.ok(!(key in referred(inner)), `${$ref} has ${key}, and so has ${pointer}, which refers to it`);
    }
  }
});

test("every rule of the schema is broken by a fixture", () => {
  const broken = new Map(schemas.map(({ inner }) => [inner, new Set()]));
  for (const { config } of bad)
    for (const { parentSchema, keyword, params } of errorsIn(config))
      /** @type {Set<string>} */ (broken.get(/** @type {Schema} */ (parentSchema))).add(
        keyword === "required" ? `required ${params.missingProperty}` : keyword,
      );
  const rules = [
    "type",
    "enum",
    "const",
    "not",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    ...own.map(({ keyword }) => keyword),
  ];
  const unbroken = schemas.flatMap(({ inner, pointer }) =>
    [
      ...rules.filter((rule) => rule in inner),
      ...(inner.additionalProperties === false ? ["additionalProperties"] : []),
      ...(inner.required ?? []).map((/** @type {string} */ key) => `required ${key}`),
    ]
      .filter((rule) => !broken.get(inner)?.has(rule))
      .map((rule) => `${pointer} ${rule}`),
  );
  // Nothing is sent here that is no object.
  assert.deepEqual(unbroken, ["/definitions/operators type"], "no fixture breaks these");
});

test("every key that may be written is written in a good fixture", () => {
  const written = new Set();
  JSON.stringify(good, (key, value) => {
    written.add(key);
    return value;
  });
  const unwritten = schemas
    .flatMap(({ inner }) =>
      Object.entries(inner.properties ?? {})
        .filter(([, property]) => !property.not)
        .map(([name]) => name),
    )
    .filter((name) => !written.has(name));
  assert.deepEqual([...new Set(unwritten)], []);
});
