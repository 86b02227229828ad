/** Values, shares and times, as a developer reads them. */

/** A longer one is cut. */
const LONGEST = 60;

/** A number with as many digits as say something. */
export const numberText = (value: number): string => String(Math.round(value * 1_000) / 1_000);

/** A value as JSON, cut where it is long. */
export const valueText = (value: unknown): string => {
  const text = typeof value == "number" ? numberText(value) : value === undefined ? "missing" : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
};

/** Items of an event, by id and category. */
const itemsText = (items: readonly unknown[]): string =>
  items
    .map((item) =>
      [at(item, "item_id"), at(item, "item_category")].filter((each) => typeof each == "string").join(", "),
    )
    .join("; ");

/** Parameters of an event: its items, then the rest by name. */
export const paramsText = ({ items, ...rest }: { readonly [name: string]: unknown }): string =>
  [
    ...(Array.isArray(items) ? [itemsText(items as readonly unknown[])] : []),
    ...Object.entries(rest).map(([name, value]) => `${name} ${valueText(value)}`),
  ].join(", ");

/** A share from 0 to 1. */
export const percent = (share: number): string => `${Math.round(share * 100)} %`;

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

/** The time of day, of milliseconds since 1970. */
export const timeText = (at: number): string => TIME.format(at);

/** Day and time. */
export const dayText = (at: number): string => DAY.format(at);

const UNITS: readonly [unit: string, ms: number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** A length of time in its largest unit: `3 days`. */
export const lengthText = (ms: number): string => {
  const [unit, of] = UNITS.find(([, length]) => ms >= length) ?? ["second", 1_000];
  const count = Math.round(ms / of);
  return `${count} ${unit}${count == 1 ? "" : "s"}`;
};

/** What stands at a path of a tree, such as `session.views`; `undefined` where nothing does. */
export const at = (tree: unknown, ...path: readonly string[]): unknown => {
  let value = tree;
  for (const key of path) {
    if (typeof value != "object" || value === null || !Object.prototype.hasOwnProperty.call(value, key))
      return undefined;
    value = (value as { readonly [key: string]: unknown })[key];
  }
  return value;
};

/** What stands there, if it is a list. */
export const listAt = (tree: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = at(tree, ...path);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
};

/** The leaves of a tree, by path: `session.views` is `1`. */
export const leaves = (tree: unknown, path = ""): (readonly [path: string, value: unknown])[] => {
  if (typeof tree != "object" || tree === null || Array.isArray(tree)) return [[path, tree]];
  return Object.entries(tree).flatMap(([key, value]) => leaves(value, path ? `${path}.${key}` : key));
};
