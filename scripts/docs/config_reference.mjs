/** `docs/config.md`, from the published JSON Schema of the config. */

import { format } from "prettier";

/**
 * What of a JSON Schema is read here.
 *
 * @typedef {object} Schema
 * @property {string} [$ref]
 * @property {readonly Schema[]} [allOf]
 * @property {string | readonly string[]} [type]
 * @property {string} [description]
 * @property {unknown} [const]
 * @property {readonly unknown[]} [enum]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {unknown} [default]
 * @property {readonly unknown[]} [examples]
 * @property {readonly string[]} [required]
 * @property {Record<string, Schema>} [properties]
 * @property {Record<string, Schema>} [patternProperties]
 * @property {Record<string, Schema>} [definitions]
 * @property {Schema} [items]
 * @property {Schema} [then]
 * @property {Schema} [not]
 */

/** @typedef {(schema: Schema) => Schema} Resolve */

const INTRODUCTION = `# Config

Made from [the JSON Schema](../www/loader/tailorbird.schema.json) by \`npm run docs\`.

One JSON file. Only \`version\` is required. A key that is not listed is a problem, unless it begins with \`x-\`. A file of
more than 1,000,000 bytes is refused; [messages](messages.md#problems-in-the-config) says how problems read and what they cost.
`;

/**
 * Follows `$ref`s; what stands beside one wins.
 *
 * @param {Schema} root
 * @returns {Resolve}
 */
const resolver = (root) => (schema) => {
  if (!schema.$ref) return schema;
  const name = schema.$ref.replace("#/definitions/", "");
  return { ...root.definitions?.[name], ...schema };
};

/** @param {unknown} value */
const code = (value) => `\`${JSON.stringify(value)}\``;

/**
 * What a value may be, in a few words.
 *
 * @param {Schema} schema
 */
const typeOf = (schema) => {
  if ("const" in schema) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(", ");
  const types = [schema.type ?? (schema.properties || schema.patternProperties ? "object" : "any")].flat();
  const [least, most] = [schema.minimum, schema.maximum];
  /** @param {string} word */
  const number = (word) => {
    if (least === undefined && most === undefined) return word;
    if (most === undefined) return `${word} from ${least}`;
    if (least === undefined) return `${word} up to ${most}`;
    return `${word} from ${least} to ${most}`;
  };
  /** @type {Record<string, string>} */
  const names = {
    array: "list",
    boolean: "true or false",
    integer: number("whole number"),
    number: number("number"),
    string: "text",
  };
  return types.map((type) => names[type] ?? type).join(" or ");
};

/**
 * A description as a cell of a table. Examples, defaults and ranges at its end are for editors, which show nothing
 * else; here they have columns of their own.
 *
 * @param {string} text
 */
const cell = (text) =>
  text
    .replace(/ ?Examples?: .*$/s, "")
    .replace(/ No default\.$/, "")
    .replace(
      /(,)? [Dd]efault (-?\d\S*|".*?"|\[.*?\]|true|false|none)\.$/,
      (_, /** @type {string | undefined} */ comma) => (comma ? "." : ""),
    )
    .replace(/ (A (whole )?number from|A share from|From) -?\S+ to \S+\.$/, "")
    // An element is named, not meant; what stands in backticks already is left alone.
    .replace(/`[^`]*`|<[a-z][^>]*>/g, (found) => (found.startsWith("<") ? `\`${found}\`` : found))
    .replaceAll("|", "\\|")
    .replaceAll("\n", " ");

/**
 * @param {string} path
 * @param {Schema} schema
 * @param {boolean} isRequired
 */
const row = (path, schema, isRequired) => {
  const initial = isRequired ? "required" : "default" in schema ? code(schema.default) : "";
  return `| \`${path}\` | ${typeOf(schema)} | ${initial} | ${cell(schema.description ?? "")} |`;
};

/**
 * The name of the definition that a schema is; empty where it is none.
 *
 * @param {Schema} schema
 */
const definitionOf = ({ $ref, allOf }) => ($ref ?? allOf?.[0]?.$ref ?? "").replace("#/definitions/", "");

const HEAD = "| key | value | default | |\n|---|---|---|---|";

/** Definitions with a section of their own, where other tables refer to them: its title, and where it is used. */
const SECTIONS = {
  segment: ["A segment: `segments[]`", "segments[]"],
  slot: ["A slot: `slots[]`", "slots[]"],
  strategy: ["A strategy: `slots[].choose[]`", ""],
  variant: ["A variant: `slots[].variants[]`", ""],
  content: ["Content: `slots[].variants[].content`", ""],
  prompt: ["A prompt: `prompts[]`", "prompts[]"],
  report: ["A report: `measure.reports`, by the key of the experiment", ""],
  intentWeights: ["Weights: `intent.buying` and `intent.leaving`", ""],
};

/**
 * Definitions that have a page of their own.
 *
 * @type {Record<string, string>}
 */
const PAGES = { condition: "[a condition](conditions.md)" };

/**
 * The rows of an object's keys, and of the keys of objects in it.
 *
 * @param {Schema} schema
 * @param {string} path
 * @param {Resolve} resolve
 * @returns {string[]}
 */
const rows = (schema, path, resolve) => {
  const required = schema.required ?? [];
  const own = schema.properties ?? {};
  const conditional = [schema, ...(schema.allOf ?? [])].flatMap(({ then }) => Object.entries(then?.properties ?? {}));
  const others = conditional.filter(([key]) => !(key in own));
  const keys = [...others, ...Object.entries(own)];
  return keys.flatMap(([key, given]) => {
    const value = resolve(given);
    if (value.not && Object.keys(value.not).length === 0) return [];
    const here = path ? `${path}.${key}` : key;
    const itself = row(here, value, required.includes(key));
    const definition = definitionOf(given);
    if (definition in PAGES) return [itself.replace("| object |", `| ${PAGES[definition]} |`)];
    if (definition in SECTIONS || here.split(".").length > 2) return [itself];
    const isList = value.items?.properties;
    return [itself, ...rows((isList && value.items) || value, isList ? `${here}[]` : here, resolve)];
  });
};

/**
 * The first example, where it is at `place` in the config: a test puts it there.
 *
 * @param {Schema} schema
 * @param {string} place
 */
const example = async (schema, place) => {
  const [first] = schema.examples ?? [];
  if (first === undefined || !place) return "";
  const text = await format(JSON.stringify(first), { parser: "json", printWidth: 100 });
  return `\n\`\`\`json ${place}\n${text}\`\`\`\n`;
};

/**
 * The page.
 *
 * @param {Schema} root
 */
export const configReference = async (root) => {
  const resolve = resolver(root);
  const parts = [INTRODUCTION, "## The whole file\n", HEAD];
  /** @type {[key: string, schema: Schema][]} */
  const sections = [];
  for (const [key, given] of Object.entries(root.properties ?? {})) {
    const schema = resolve(given);
    parts.push(row(key, schema, root.required?.includes(key) ?? false));
    if (schema.properties && key !== "experiments") sections.push([key, schema]);
  }
  const text = [parts.join("\n")];
  for (const [key, schema] of sections) {
    text.push(
      `## \`${key}\`\n\n${cell(schema.description ?? "")}\n${await example(schema, key)}\n${HEAD}\n${rows(schema, key, resolve).join("\n")}`,
    );
  }
  text.push("## `experiments`\n\nA GrowthBook payload as it is: [experiments](experiments.md).");
  for (const [name, [title, place]] of Object.entries(SECTIONS)) {
    const schema = root.definitions?.[name] ?? {};
    const about = schema.description ? `${cell(schema.description)}\n` : "";
    text.push(
      `## ${title}\n\n${about}${await example(schema, place)}\n${HEAD}\n${rows(schema, "", resolve).join("\n")}`,
    );
  }
  return `${text.join("\n\n")}\n`;
};
