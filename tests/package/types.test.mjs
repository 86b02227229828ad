/** What a consumer's compiler says of the package. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { consumer, root } from "./bundle.mjs";

const USE = `
import { start, type Decision, type Level, type StartOptions, type Tailorbird, type TailorbirdEvents } from "tailorbird";
import { start as startSlim } from "tailorbird/slim";

const options: StartOptions = { config: { version: 1 }, consent: "auto", attributes: { plan: "pro", tags: ["a"] } };
const tb: Tailorbird = await start(options);
tb.track("view_item", { items: [{ item_id: "b-7", price: 129 }] });
const decision: Decision | null = tb.decide("hero");
const level: Level | undefined = decision?.level;
tb.peek("hero")?.reasons.map(reason => reason.toUpperCase());
tb.consent({ personalize: true });
tb.forget("category:boots");
tb.push(["track", "purchase"], ["erase"], ["on", "leave", (detail: TailorbirdEvents["leave"]) => detail.score.toFixed()]);
const off: () => void = tb.on("decision", ({ slot, score }) => console.log(slot, score.toFixed(2), level));
off();
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
`;

const PAGE = {
  files: { use: USE, queue: QUEUE, any: ANY, wrong: WRONG },
  options: { lib: ["ES2020", "DOM"], module: "ESNext", moduleResolution: "bundler", types: [] },
};
const NODE = {
  files: { server: USE },
  options: {
    lib: ["ES2022"],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  },
};

/** What the strictest compiler says, line by line, of a project with these files in the consumer's folder. */
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
  for (const [file, source] of Object.entries(files)) await writeFile(join(folder, `${file}.ts`), source);
  const config = { compilerOptions, files: Object.keys(files).map(file => `${file}.ts`) };
  await writeFile(join(folder, `tsconfig.${name}.json`), JSON.stringify(config));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const run = promisify(execFile)(process.execPath, [tsc, "-p", `tsconfig.${name}.json`], { cwd: folder });
  const { stdout } = await run.catch(error => error);
  return stdout.split("\n").filter(Boolean);
};

let page, node;
before(async () => {
  page = await compile("page", PAGE);
  node = await compile("node", NODE);
});
after(async () => (await consumer()).remove());

const about = file => page.filter(line => line.startsWith(`${file}.ts`));

test("the README's calls compile under the strictest settings", () => assert.deepEqual(about("use"), []));

test("they compile in a Node project as well, which has no DOM types", () => assert.deepEqual(node, []));

test("a page's script may use the queue before the engine has loaded", () => assert.deepEqual(about("queue"), []));

test("no type is any, through every method and its answer", () => assert.deepEqual(about("any"), []));

test("what is wrong does not compile", () => assert.deepEqual(about("wrong"), []));

test("the compiler has nothing to say of the package's own declarations", async () => {
  assert.deepEqual(page.filter(line => line.includes("node_modules")), []);
  for (const name of ["index.d.ts", "slim.d.ts"]) {
    const text = await readFile(join(root, "dist", name), "utf8");
    assert.doesNotMatch(text.replace(/\/\*[^]*?\*\/|\/\/.*/g, ""), /\bany\b/, name);
    assert.match(text, /\*\/\nexport declare const start: \w+;\n$/, `${name} documents start where editors read it`);
  }
});
