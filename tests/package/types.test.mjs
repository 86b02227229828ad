/** What a consumer's compiler says of the package. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { consumer, root } from "./bundle.mjs";

/**
 * @typedef {[code: string, at: string, words: RegExp]} Wrong
 * @typedef {{ [option: string]: unknown }} CompilerOptions
 * @typedef {{ files: { [name: string]: string }, options: CompilerOptions }} Project
 */

const USE = `
import { start, type Decision, type Explanation, type Imported, type Interest, type Json, type Level, type StartOptions, type Tailorbird, type TailorbirdEvents } from "tailorbird";
import { start as startSlim } from "tailorbird/slim";

const options: StartOptions = { config: { version: 1 }, consent: "auto", attributes: { plan: "pro", tags: ["a"] } };
const tb: Tailorbird = await start(options);
tb.track("view_item", { items: [{ item_id: "b-7", price: 129 }] });
const decision: Decision | null = tb.decide("hero");
const level: Level | undefined = decision?.level;
tb.peek("hero")?.reasons.map(reason => reason.toUpperCase());
const value: Json | undefined = tb.feature("checkout", { attributes: { plan: "pro" }, peek: true })?.value;
const again: Decision | null = [tb.decide("hero"), tb.decide("banner")].pop() ?? null;
tb.consent({ personalize: true });
tb.forget("category:boots");
tb.correct("category:boots", 0.3);
tb.pause(true);
const interests: readonly Interest[] | undefined = tb.profile().interests;
const explained: readonly Explanation[] = tb.explain();
tb.push(["track", "purchase"], ["erase"], ["correct", "category:boots", 0.3], ["pause", false], ["on", "exit-intent", (detail: TailorbirdEvents["exit-intent"]) => detail.score.toFixed()]);
const off: () => void = tb.on("decision", ({ slot, score }) => console.log(slot, score.toFixed(2), level, value, again));
off();
const file: string | null = await tb.export({ passphrase: "kestrel over wet heath" });
const moved: Imported = await tb.import(file ?? new Blob(["{}"]), "kestrel over wet heath");
const why: string = moved.imported ? "" : moved.reason;
const { created, entered, counted }: { created?: number | null; entered?: Json; counted?: Json } = tb.export();
console.log(why, created, entered, counted, interests?.[0]?.share, explained[0]?.onPage);
const enough: () => void = tb.on("segment", ({ segment, entered }) => console.log(segment.toUpperCase(), entered ? "in" : "out"));
enough();
tb.stop();
const slim = await startSlim({ wasm: new URL("/tailorbird_bg.wasm", "https://shop.example"), wait: "hydration" });
const same: Tailorbird = slim;
same.ready();
`;

const QUEUE = `
import type {} from "tailorbird";
(window.tailorbird ||= []).push(["track", "view_item", {}]);
`;

const ANY = `
import { start } from "tailorbird";
import type { Command, StartOptions, Tailorbird, TailorbirdEvents } from "tailorbird";
import { start as slim } from "tailorbird/slim";

type IsAny<T> = 0 extends 1 & T ? true : false;
/** \`true\` if \`any\` is within three steps of T. */
type Holds<T, Steps extends 0[] = [0, 0, 0]> = IsAny<T> extends true
  ? true
  : Steps extends [0, ...infer Rest extends 0[]]
    ? T extends (...given: infer Given) => infer Answer
      ? true extends Holds<Given, Rest> | Holds<Answer, Rest> ? true : false
      : T extends object
        ? true extends { [Key in keyof T]-?: Holds<T[Key], Rest> }[keyof T] ? true : false
        : false
    : false;
type No<T extends false> = T;
export type Checks = [
  No<IsAny<typeof start>>, No<IsAny<typeof slim>>,
  No<IsAny<Parameters<typeof start>[0]>>, No<IsAny<Awaited<ReturnType<typeof start>>>>,
  No<IsAny<Parameters<typeof slim>[0]["wasm"]>>,
  No<{ [Name in keyof Tailorbird]: Holds<Tailorbird[Name]> }[keyof Tailorbird]>,
  No<{ [Name in keyof TailorbirdEvents]: Holds<TailorbirdEvents[Name]> }[keyof TailorbirdEvents]>,
  No<{ [Name in keyof StartOptions]-?: Holds<StartOptions[Name]> }[keyof StartOptions]>,
  No<IsAny<Command>>,
];
// The check itself works.
// @ts-expect-error
export type Found = No<Holds<{ deep: () => { any: any } }>>;
`;

const WRONG = `
import { start } from "tailorbird";
import { start as slim } from "tailorbird/slim";
// @ts-expect-error no such word
await start({ consent: "yes" });
// @ts-expect-error no such option
await start({ konfig: {} });
// @ts-expect-error slim must be told where its wasm is
await slim({});
const tb = await start();
// @ts-expect-error it may be null
tb.decide("hero").variant;
// @ts-expect-error a function is nothing that can be told
tb.track("view_item", { items: () => 1 });
// @ts-expect-error no such announcement
tb.on("decided", () => {});
// @ts-expect-error no such command
tb.push(["tracked", "view_item"]);
// @ts-expect-error a queue has no answer to give
tb.push(["import", "{}", "kestrel over wet heath"]);
// @ts-expect-error a file needs a passphrase
tb.export({});
`;

/** What right code looks like once the compiler knows the keys of `cli/tests/tool/types/site.json`. */
const KNOWN = `
import { start, type Decision, type FeatureKey, type FeatureValue, type SlotId, type VariantId } from "tailorbird";
import { start as startSlim } from "tailorbird/slim";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Yes<T extends true> = T;
const tb = await start({ config: "/site.json" });

const hero = tb.decide("hero")!;
const banner = tb.peek("banner")!;
const later = tb.explain("later")!;
export type Variants = [
  Yes<Same<typeof hero.variant, "boots" | "tents" | null>>,
  Yes<Same<typeof banner.variant, "free-delivery" | null>>,
  Yes<Same<typeof later.variant | typeof later.shown, null>>,
  Yes<Same<VariantId, "boots" | "tents" | "free-delivery">>,
];

const values = {
  checkout: tb.feature("checkout")!.value,
  search: tb.feature("new-search", { peek: true })!.value,
  results: tb.feature("results", { attributes: { plan: "pro" } })!.value,
  text: tb.feature("banner-text")!.value,
  theme: tb.feature("theme")!.value,
  items: tb.feature("recommended")!.value,
};
export type Values = [
  Yes<Same<typeof values.checkout, "classic" | "express" | "one-page">>,
  Yes<Same<typeof values.search, boolean>>,
  Yes<Same<typeof values.results, number>>,
  Yes<Same<typeof values.text, "Winter sale" | null>>,
  Yes<Same<typeof values.theme.colour, "green" | "red">>,
  Yes<Same<typeof values.theme.cards.columns, number | null>>,
  Yes<Same<typeof values.theme.shadow, boolean | undefined>>,
  Yes<Same<FeatureValue<"gift">, "card" | null>>,
];
values.items.map(({ item, price }) => item.toUpperCase() + (price ?? 0).toFixed(2));
const tags: boolean = values.theme.cards.tags.includes("any text");

tb.on("decision", decision => {
  if (decision.slot == "hero") {
    const variant: "boots" | "tents" | null = decision.variant;
    console.log(variant, tags);
  }
});
tb.on("impression", ({ slot, variant }) => slot == "banner" && variant == "free-delivery");
tb.on("prompt", ({ prompt }) => prompt == "save-cart");
tb.profile().segments?.includes("hikers");
void tb.locate().then((areas) => areas?.includes("bern"));
tb.on("segment", ({ segment, entered }) => segment == "hikers" && !entered);

// One id after another, and of an event any name.
const all = (["hero", "banner", "later"] satisfies SlotId[]).map((slot): Decision | null => tb.decide(slot));
for (const key of ["checkout", "gift"] satisfies FeatureKey[]) tb.feature(key)?.reasons.concat(all[0]?.slot ?? []);
tb.track("book_a_tour");
tb.track("whatever_happened");

const slim = await startSlim({ wasm: "/tailorbird_bg.wasm" });
export const same: "boots" | "tents" | null | undefined = slim.decide("hero")?.variant;
`;

/**
 * What is wrong only once the compiler knows the keys: the code, where in it the error stands, and
 * what it says.
 */
/** @type {Wrong[]} */
const WRONG_KEYS = [
  [`tb.decide("hreo");`, `"hreo"`, /'"hreo"' is not assignable to parameter of type 'SlotId'/],
  [`tb.peek("Hero");`, `"Hero"`, /'SlotId'/],
  [`tb.explain("boots");`, `"boots"`, /'Explicable'/],
  [`slim.decide("hreo");`, `"hreo"`, /'SlotId'/],
  [`tb.decide(location.hash);`, `location`, /'string' is not assignable to parameter of type 'SlotId'/],
  [
    `tb.decide("hero")?.variant == "bots";`,
    `tb`,
    /'"boots" \| "tents" \| null \| undefined' and '"bots"' have no overlap/,
  ],
  [`tb.decide("hero")?.variant == "free-delivery";`, `tb`, /no overlap/],
  [`tb.feature("chekout");`, `"chekout"`, /'"chekout"' is not assignable to parameter of type 'FeatureKey'/],
  [`slim.feature("chekout", { peek: true });`, `"chekout"`, /'FeatureKey'/],
  [`tb.feature("checkout")?.value == "two-pages";`, `tb`, /"one-page".* and '"two-pages"' have no overlap/],
  [`tb.feature("results")?.value == "20";`, `tb`, /'number \| undefined' and 'string' have no overlap/],
  [`tb.feature("new-search")?.value == "on";`, `tb`, /no overlap/],
  [`tb.on("decision", ({ slot }) => slot == "hreo");`, `slot ==`, /and '"hreo"' have no overlap/],
  [`tb.on("decision", d => d.slot == "hero" && d.variant == "free-delivery");`, `d.variant`, /no overlap/],
  [`tb.on("impression", d => d.slot == "banner" && d.variant == "tents");`, `d.variant`, /no overlap/],
  [
    `tb.on("prompt", ({ prompt }) => prompt == "save-card");`,
    `prompt ==`,
    /'"save-cart"' and '"save-card"' have no overlap/,
  ],
  [
    `tb.on("segment", ({ segment }) => segment == "hiker");`,
    `segment ==`,
    /'"full-basket" \| "hikers"' and '"hiker"' have no overlap/,
  ],
  [`tb.profile().segments?.includes("hiker");`, `"hiker"`, /'"full-basket" \| "hikers"'/],
  [`void tb.locate().then((areas) => areas?.includes("berne"));`, `"berne"`, /'"bern"'/],
];

/** What is wrong of a value, and what is said of it once its type is known. */
/** @type {Wrong[]} */
const WRONG_VALUES = [
  [`const results: string = tb.feature("results")!.value;`, `results`, /'number' is not assignable to type 'string'/],
  [
    `const sale: string = tb.feature("banner-text")!.value;`,
    `sale`,
    /'string \| null' is not assignable to type 'string'/,
  ],
  [`tb.feature("theme")!.value.color;`, `color`, /'color' does not exist .* Did you mean 'colour'/],
  [`tb.feature("recommended")!.value[0]?.price.toFixed();`, `tb`, /possibly 'undefined'/],
];

const START = `import { start } from "tailorbird"; import { start as startSlim } from "tailorbird/slim";
const tb = await start(); const slim = await startSlim({ wasm: "" });
`;
/** @param {readonly Wrong[]} wrong */
const program = (wrong) => START + wrong.map(([code]) => code).join("\n");

/** The same from a CommonJS file. */
const COMMONJS = `
import type { Tailorbird } from "tailorbird" with { "resolution-mode": "import" };
export const run = async (): Promise<"boots" | "tents" | null | undefined> => {
  const { start } = await import("tailorbird");
  const tb: Tailorbird = await start();
  return tb.decide("hero")?.variant;
};
`;

/** @param {string} name */
const made = (name) => readFile(join(root, "cli/tests/tool/types", name), "utf8");

/** Exactly the keys of `hostile.json` are known, each by its own name. */
const hostile = async () => {
  const { slots, experiments } = JSON.parse(await made("hostile.json"));
  /** @type {(keys: readonly string[], type: string) => string} */
  const each = (keys, type) => `export const ${type}s: Record<${type}, 1> = {
    ${keys.map((key) => `[${JSON.stringify(key)}]: 1,`).join("\n")}
  };`;
  return [
    `import { start, type FeatureKey, type SlotId } from "tailorbird"; const tb = await start();`,
    each(
      slots.map((/** @type {{ id: string }} */ { id }) => id),
      "SlotId",
    ),
    each(Object.keys(experiments.features), "FeatureKey"),
    ...Object.keys(experiments.features).map((key) => `tb.feature(${JSON.stringify(key)})?.reasons;`),
    `export const variant: "0" | "default" | null = tb.decide("7")!.variant;`,
    `tb.feature("__proto__")?.value.constructor.toFixed();`,
    `tb.feature("2")?.value.toFixed();`,
  ].join("\n");
};

const OPENFEATURE = `
import { OpenFeature, type EvaluationDetails, type Provider, type ResolutionDetails } from "@openfeature/web-sdk";
import { start } from "tailorbird";
import { TailorbirdProvider, type ProviderOptions } from "tailorbird/openfeature";
import { start as startSlim } from "tailorbird/slim";

const options: ProviderOptions = { timeoutMs: 2_000 };
const provider = new TailorbirdProvider({ config: "/tailorbird.json", consent: "auto", attributes: { plan: "pro" } });
const all: Provider[] = [
  provider,
  new TailorbirdProvider(await start()),
  new TailorbirdProvider(startSlim({ wasm: "/tailorbird_bg.wasm" }), options),
];
await OpenFeature.setProviderAndWait("shop", provider, { targetingKey: "u-1", since: new Date() });
const details: EvaluationDetails<"classic" | "express"> = OpenFeature.getClient("shop").getStringDetails<"classic" | "express">("checkout", "classic");
const theme: ResolutionDetails<{ colour: string }> = provider.resolveObjectEvaluation("theme", { colour: "green" }, {});
console.log(all.length, details.variant?.toUpperCase(), theme.value.colour, provider.metadata.name satisfies "tailorbird");

type IsAny<T> = 0 extends 1 & T ? true : false;
type No<T extends false> = T;
export type Checks = [No<{ [Name in keyof TailorbirdProvider]: IsAny<TailorbirdProvider[Name]> }[keyof TailorbirdProvider]>];

// @ts-expect-error it must be told which engine
new TailorbirdProvider();
// @ts-expect-error no such option
new TailorbirdProvider({ konfig: {} });
// @ts-expect-error no engine
new TailorbirdProvider(Promise.resolve({ available: true }));
// @ts-expect-error units are milliseconds, and the name says so
new TailorbirdProvider({}, { timeout: 5 });
`;

/** How components look once the compiler knows the keys of `cli/tests/tool/types/site.json`. */
const COMPONENTS = {
  "react.tsx": `
import { Slot, TailorbirdProvider, useFeature, useTailorbird, useTrack, useVariant } from "tailorbird/react";
import { start, type Tailorbird } from "tailorbird";

const Shop = () => {
  const { variant, ready } = useVariant("hero", { live: true });
  const checkout: "classic" | "express" | "one-page" | null = useFeature("checkout").value;
  const track: (name: string) => void = useTrack();
  const engine: Promise<Tailorbird> = useTailorbird().engine;
  console.log(variant satisfies "boots" | "tents" | null, ready satisfies boolean, checkout, track, engine);
  // @ts-expect-error no such slot
  useVariant("hreo");
  // @ts-expect-error no such feature
  useFeature("chekout");
  return (
    <TailorbirdProvider options={{ config: "/site.json" }}>
      <Slot name="hero" as="section" className="hero" variants={{ boots: <b />, tents: "Tents" }}>Gear</Slot>
      {/* @ts-expect-error a variant of another slot */}
      <Slot name="hero" variants={{ "free-delivery": <b /> }} />
    </TailorbirdProvider>
  );
};
export const App = () => <TailorbirdProvider engine={start()}><Shop /></TailorbirdProvider>;
// @ts-expect-error no such option
export const wrong = <TailorbirdProvider options={{ konfig: {} }} />;
`,
  "vue.ts": `
import { createApp, h, type Plugin } from "vue";
import { createTailorbird, TailorbirdSlot, useFeature, useTrack, useVariant } from "tailorbird/vue";

export const plugin: Plugin = createTailorbird({ config: "/site.json" });
createApp({
  setup: () => {
    const hero = useVariant(() => "hero" as const);
    const results: number | null = useFeature("results").value.value;
    useTrack()("view_item");
    // @ts-expect-error no such slot
    useVariant("hreo");
    return () => h(TailorbirdSlot, { name: "hero", tag: "section" }, {
      default: () => hero.value.variant satisfies "boots" | "tents" | null,
      boots: () => results,
    });
  },
});
// @ts-expect-error no such option
createTailorbird({ konfig: {} });
`,
  "svelte.ts": `
import type { Readable } from "svelte/store";
import { createTailorbird, feature, slot, variant } from "tailorbird/svelte";

const tailorbird = createTailorbird({ config: "/site.json" });
const hero = variant(tailorbird, "hero", { peek: true });
hero.subscribe(({ variant, ready }) => console.log(variant satisfies "boots" | "tents" | null, ready satisfies boolean));
export const search: Readable<{ readonly value: boolean | null }> = feature(tailorbird, "new-search");
slot(document.body, hero);
// @ts-expect-error no such slot
variant(tailorbird, "hreo");
tailorbird.stop();
`,
};

const PAGE = {
  files: { "use.ts": USE, "queue.ts": QUEUE, "any.ts": ANY, "wrong.ts": WRONG, "strings.ts": program(WRONG_KEYS) },
  options: { lib: ["ES2020", "DOM"], module: "ESNext", moduleResolution: "bundler", types: [] },
};
const NODE = {
  files: { "server.ts": USE },
  options: {
    lib: ["ES2022"],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  },
};

/** How a consumer's compiler may look for modules, and by which name the declarations are among the sources. */
const WITH_KEYS = /** @type {const} */ ({
  bundler: ["keys.d.ts", { module: "ESNext", moduleResolution: "bundler" }],
  // A file that ends like this is a module also where the project is CommonJS.
  node16: ["keys.d.mts", { module: "Node16", moduleResolution: "Node16" }],
});

/**
 * A page's project with the declarations that `tailorbird types` made of `site.json`.
 *
 * @param {keyof typeof WITH_KEYS} resolution
 */
const withKeys = async (resolution) => {
  const [name, options] = WITH_KEYS[resolution];
  return {
    files: {
      [name]: await made("site.d.ts"),
      "known.ts": KNOWN,
      "wrong_keys.ts": program(WRONG_KEYS),
      "wrong_values.ts": program(WRONG_VALUES),
      ...(resolution == "node16" && { "commonjs.cts": COMMONJS }),
    },
    options: { ...PAGE.options, ...options },
  };
};

/**
 * What the strictest compiler says, line by line, of a project with these files in the consumer's folder.
 *
 * @param {string} name
 * @param {Project} project
 * @returns {Promise<string[]>}
 */
const compile = async (name, { files, options }) => {
  const { folder } = await consumer();
  const compilerOptions = {
    target: "ES2022",
    noEmit: true,
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    ...options,
  };
  for (const [file, source] of Object.entries(files)) await writeFile(join(folder, file), source);
  const config = { compilerOptions, files: Object.keys(files) };
  await writeFile(join(folder, `tsconfig.${name}.json`), JSON.stringify(config));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const run = promisify(execFile)(process.execPath, [tsc, "-p", `tsconfig.${name}.json`], { cwd: folder });
  const { stdout } = await run.catch((error) => error);
  return stdout.split("\n").filter(Boolean);
};

/** @type {string[]} */
let page;
/** @type {string[]} */
let node;
before(async () => {
  page = await compile("page", PAGE);
  node = await compile("node", NODE);
});
after(async () => (await consumer()).remove());

/** @param {string} file */
const about = (file) => page.filter((line) => line.startsWith(`${file}.ts`));

test("the README's calls compile under the strictest settings", () => assert.deepEqual(about("use"), []));

test("they compile in a Node project as well, which has no DOM types", () => assert.deepEqual(node, []));

test("a page's script may use the queue before the engine has loaded", () => assert.deepEqual(about("queue"), []));

test("no type is any, through every method and its answer", () => assert.deepEqual(about("any"), []));

test("what is wrong does not compile", () => assert.deepEqual(about("wrong"), []));

test("without the declarations of a config every key is a string", () => assert.deepEqual(about("strings"), []));

for (const resolution of /** @type {(keyof typeof WITH_KEYS)[]} */ (Object.keys(WITH_KEYS))) {
  test(`with them right keys and values are known and wrong ones named in their place: ${resolution}`, async () => {
    const said = await compile(`keys.${resolution}`, await withKeys(resolution));
    const prelude = START.split("\n").length;
    /** @type {(file: string, wrong: readonly Wrong[]) => string[]} */
    const places = (file, wrong) =>
      wrong.map(([code, at], line) => `${file}.ts(${prelude + line},${code.indexOf(at) + 1})`);
    assert.deepEqual(
      said.filter((line) => !line.startsWith(" ")).map((line) => line.replace(/: error.*/, "")),
      [...places("wrong_keys", WRONG_KEYS), ...places("wrong_values", WRONG_VALUES)],
      said.join("\n"),
    );
    const told = said.filter((line) => !line.startsWith(" "));
    [...WRONG_KEYS, ...WRONG_VALUES].forEach(([, , words], place) => assert.match(told[place], words));
  });
}

test("keys that try to be more than keys are known by their names, and nothing else is", async () => {
  const files = { "hostile.d.ts": await made("hostile.d.ts"), "hostile_use.ts": await hostile() };
  assert.deepEqual(await compile("hostile", { ...PAGE, files }), []);
});

test("the compiler has nothing to say of the package's own declarations", async () => {
  assert.deepEqual(
    page.filter((line) => line.includes("node_modules")),
    [],
  );
  const adapters = ["openfeature", "client", "react", "vue", "svelte"].map((name) => `${name}.d.ts`);
  for (const name of ["index.d.ts", "slim.d.ts", ...adapters]) {
    const text = await readFile(join(root, "dist", name), "utf8");
    assert.doesNotMatch(text.replace(/\/\*[^]*?\*\/|\/\/.*/g, ""), /\bany\b/, name);
    if (adapters.includes(name)) continue;
    assert.match(text, /\*\/\nexport declare const start: \w+;\n$/, `${name} documents start where editors read it`);
  }
});

for (const [name, { options }] of Object.entries({ page: PAGE, node: NODE })) {
  test(`the provider fits OpenFeature's SDK: ${name}`, async () => {
    const { folder } = await consumer();
    // As if installed: it brings its own types, and the provider's refer to them.
    await symlink(join(root, "node_modules/@openfeature"), join(folder, "node_modules/@openfeature")).catch(() => {});
    assert.deepEqual(await compile(`openfeature.${name}`, { files: { "openfeature.ts": OPENFEATURE }, options }), []);
  });
}

test("components know the keys of a config", async () => {
  const { folder } = await consumer();
  await mkdir(join(folder, "node_modules/@types"), { recursive: true });
  for (const name of ["react", "vue", "svelte", "@types/react"])
    await symlink(join(root, "node_modules", name), join(folder, "node_modules", name));
  const files = { "keys.d.ts": await made("site.d.ts"), ...COMPONENTS };
  // The frameworks' own declarations are not ours to check.
  const options = { ...PAGE.options, lib: ["ES2022", "DOM", "DOM.Iterable"], jsx: "react-jsx", skipLibCheck: true };
  assert.deepEqual(await compile("components", { files, options }), []);
});
