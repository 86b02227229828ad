// `npm test`: sets up everything, then checks everything. Three lanes run beside each other: the builds and
// then the browsers, which mostly wait; what needs only Node; and cargo's checks. The tests in browsers watch the
// clock, so cargo's checks have a lower priority and use what the others leave.
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { findBrowsers, findDuckDb, howToGet, prepareBrowsers, prepareEngines, prepareTools, ROOT } from "./setup.mjs";

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ title: string, error: string }} Failure
 * @typedef {(line: string) => void} Hear
 * @typedef {{ env?: NodeJS.ProcessEnv, hear?: Hear, patient?: boolean }} Given
 * @typedef {(log: import("node:stream").Writable, hear: Hear) => Promise<Partial<Counts> & { failures?: Failure[] }>} Work
 */

const RESULTS = path.join(ROOT, "test-results");
const HEARTBEAT = 15_000;
const BROWSERS = /** @type {const} */ (["chromium", "firefox", "webkit"]);

const began = Date.now();
/** @param {number} from */
const seconds = (from) => `${((Date.now() - from) / 1000).toFixed(1)} s`;
/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

/** @type {Counts} */
const total = { passed: 0, failed: 0, skipped: 0 };
/**
 * Names of the steps that did not go well.
 *
 * @type {Set<string>}
 */
const broken = new Set();
/**
 * Steps in browsers of which scenes have failed, with what repeats them.
 *
 * @type {{ name: string, failures: Failure[], again: (scenes: readonly string[]) => Promise<Failure[]> }[]}
 */
const missed = [];
/** More than so many scenes do not fail by chance. */
const CHANCE = 8;
/**
 * Steps that are running, with the last thing each said.
 *
 * @type {Map<string, { from: number, last: string }>}
 */
const running = new Map();

const only = (() => {
  const at = process.argv.indexOf("--only");
  return at < 0 ? null : process.argv.slice(at + 1).join(" ");
})();
/** @param {string} name */
const wanted = (name) => only === null || name === only || name.startsWith(`${only} `);

/**
 * Reads a step's output line by line.
 *
 * @param {(line: string) => void} hear
 */
const byLine = (hear) => {
  let rest = "";
  return {
    /** @param {string} text */
    hear: (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(hear);
    },
    end: () => {
      if (rest) hear(rest);
    },
  };
};

/** How cargo's checks are run: the builds hold the lock of the usual target directory. */
const CHECKS = { CARGO_TARGET_DIR: path.join(ROOT, "target/checks") };

/**
 * Runs a program; everything it says goes into `log`, each line also to `hear`. Where it is `patient`, it and what
 * it starts leave the processor to others.
 *
 * @param {import("node:stream").Writable} log
 * @param {string} program
 * @param {readonly string[]} words
 * @param {Given} [given]
 * @returns {Promise<number>} its exit code
 */
const run = (log, program, words, { env = {}, hear = () => {}, patient = false } = {}) =>
  new Promise((resolve) => {
    log.write(`$ ${program} ${words.join(" ")}\n`);
    const child = spawn(program, words, {
      cwd: ROOT,
      env: { ...process.env, CARGO_TERM_COLOR: "never", FORCE_COLOR: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (patient && child.pid) os.setPriority(child.pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
    const out = byLine(hear);
    const err = byLine(hear);
    child.stdout.on("data", (text) => (log.write(text), out.hear(String(text))));
    child.stderr.on("data", (text) => (log.write(text), err.hear(String(text))));
    child.on("error", (error) => {
      log.write(`${error}\n`);
      resolve(1);
    });
    child.on("close", (code) => {
      out.end();
      err.end();
      resolve(code ?? 1);
    });
  });

/**
 * One step: its name, what it needs, and its work, which answers the counts of what it checked.
 *
 * A step whose needs did not go well counts as failed by its name.
 *
 * @param {string} name
 * @param {{ needs?: readonly string[] }} about
 * @param {Work} work
 * @returns {Promise<Failure[]>} the tests that failed, where the step knows them one by one
 */
const step = async (name, { needs = [] }, work) => {
  if (!wanted(name)) return [];
  const missing = only === null ? needs.filter((need) => broken.has(need)) : [];
  if (missing.length > 0) {
    say(`✗ ${name}: not run, because ${missing.join(" and ")} failed`);
    broken.add(name);
    total.failed += 1;
    return [];
  }
  const from = Date.now();
  const file = path.join(RESULTS, `${name.replace(/[^a-z0-9]+/gi, "-")}.log`);
  const log = createWriteStream(file);
  const progress = { from, last: "" };
  running.set(name, progress);
  say(`· ${name}`);
  /** @type {Partial<Counts>} */
  let counts;
  /** @type {Failure[]} */
  let failures = [];
  try {
    ({ failures = [], ...counts } = await work(log, (line) => {
      const text = stripVTControlCharacters(line).trim();
      if (text) progress.last = text;
    }));
  } catch (error) {
    log.write(`${error instanceof Error ? error.stack : error}\n`);
    counts = { failed: 1 };
  }
  await new Promise((resolve) => log.end(() => resolve(undefined)));
  running.delete(name);
  const { passed = 0, failed = 0, skipped = 0 } = counts;
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const told = /** @type {const} */ ([
    [passed, "passed"],
    [failed, "failed"],
    [skipped, "skipped"],
  ])
    .filter(([count, word]) => count > 0 && !(word === "passed" && passed === 1 && failed + skipped === 0))
    .map(([count, word]) => `${count} ${word}`)
    .join(", ");
  say(`${failed > 0 ? "✗" : "✓"} ${name}${told ? `: ${told}` : ""} (${seconds(from)})`);
  if (failed > 0) {
    broken.add(name);
    const tail =
      failures.length > 0
        ? failures.flatMap(({ title, error }) => [
            `✗ ${title}`,
            ...error
              .split("\n")
              .slice(0, 30)
              .map((line) => `    ${line}`),
          ])
        : readFileSync(file, "utf8").trimEnd().split("\n").slice(-40);
    for (const line of tail) say(`    ${line}`);
    say(`    all of it: ${path.relative(ROOT, file)}`);
  }
  return failures;
};

/**
 * A program that is right or wrong as a whole.
 *
 * @param {string} name
 * @param {readonly string[]} needs
 * @param {string} program
 * @param {readonly string[]} words
 * @param {Given} [given]
 */
const check = (name, needs, program, words, given) =>
  step(name, { needs }, async (log, hear) =>
    (await run(log, program, words, { ...given, hear })) === 0 ? { passed: 1 } : { failed: 1 },
  );

/**
 * Programs of `node_modules`, each with its arguments; all of them run, also where one has failed.
 *
 * @param {string} name
 * @param {readonly string[]} needs
 * @param {readonly (readonly [program: string, ...words: string[]])[]} commands
 */
const packageChecks = (name, needs, commands) =>
  step(name, { needs }, async (log, hear) => {
    const counts = { passed: 0, failed: 0 };
    for (const [program, ...words] of commands) {
      const code = await run(log, process.execPath, [path.join("node_modules", program), ...words], { hear });
      counts[code === 0 ? "passed" : "failed"] += 1;
    }
    return counts;
  });

/**
 * Counts what `cargo test` says at the end of each test binary, documentation included. A program that tests would
 * need and do not find counts as skipped, once.
 *
 * @type {(...given: Parameters<Work>) => (words: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Counts>}
 */
const cargoTests = (log, hear) => async (words, env) => {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const missing = new Set();
  const code = await run(log, "cargo", words, {
    env: { ...CHECKS, ...env },
    patient: true,
    hear: (line) => {
      hear(line);
      const absent = /^skipped: (.+)$/.exec(line)?.[1];
      if (absent && !missing.has(absent)) {
        missing.add(absent);
        counts.skipped += 1;
        say(`– skipped: ${absent}`);
      }
      const found = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/.exec(line);
      if (!found) return;
      counts.passed += Number(found[1]);
      counts.failed += Number(found[2]);
      counts.skipped += Number(found[3]);
    },
  });
  // What does not compile has no result line.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
};

/** @param {string} folder */
const testFiles = (folder) => {
  const whole = path.join(ROOT, folder);
  if (!existsSync(whole)) return [];
  return readdirSync(whole)
    .filter((name) => /\.test\.mjs$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
};

/**
 * All test files of a folder by Node's test runner: each in a process of its own, or `together` in one.
 *
 * @param {string} name
 * @param {readonly string[]} needs
 * @param {string} folder
 * @param {{ together?: boolean, env?: NodeJS.ProcessEnv }} [options]
 */
const nodeTests = (name, needs, folder, { together = false, ...given } = {}) =>
  step(name, { needs }, async (log, hear) => {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    /** @type {Failure[]} */
    const failures = [];
    const files = testFiles(folder);
    if (files.length === 0) throw new Error(`there is no test file in ${folder}`);
    const words = together ? ["scripts/together.mjs", ...files] : files;
    const code = await run(
      log,
      process.execPath,
      [...(together ? [] : ["--test"]), "--test-reporter=./scripts/reporter.mjs", ...words],
      {
        ...given,
        hear: (line) => {
          let told;
          try {
            told = JSON.parse(line);
          } catch {
            return;
          }
          if (told.starts) hear(`${counts.passed + counts.failed} done, now: ${told.starts}`);
          if (!told.outcome) return;
          counts[/** @type {keyof Counts} */ (told.outcome)] += 1;
          if (told.outcome === "failed") failures.push({ title: told.name, error: told.error });
        },
      },
    );
    if (code !== 0 && counts.failed === 0) counts.failed = 1;
    return { ...counts, failures };
  });

const main = async () => {
  mkdirSync(RESULTS, { recursive: true });
  const heart = setInterval(() => {
    for (const [name, { from, last }] of running)
      say(`  ${name}: ${seconds(from)}${last ? `, ${last.slice(0, 100)}` : ""}`);
  }, HEARTBEAT);
  heart.unref();

  say("· setup");
  try {
    await prepareTools({ log: say });
  } catch (error) {
    say(`✗ setup: ${error instanceof Error ? error.message : error}`);
    total.failed += 1;
    return;
  }
  say(`✓ setup (${seconds(began)})`);

  // Installing browsers is mostly waiting, and so goes beside the first builds.
  const browsersWanted =
    wanted("app tests") || BROWSERS.some((browser) => wanted(`browser ${browser}`) || wanted(`traps ${browser}`));
  const browsers = browsersWanted ? prepareBrowsers({ log: say }) : Promise.resolve(findBrowsers());

  // DuckDB is downloaded beside the first builds, too.
  const engines =
    wanted("companion") || wanted("rust tests") || wanted("docs tests")
      ? prepareEngines({ log: say })
      : Promise.resolve();

  // Tests in Node and in browsers ask the native tool. What it is made of, the Rust tests need as well.
  const toolBuilt = check("native tool", [], "cargo", ["build", "--package", "tailorbird-cli"], { env: CHECKS });
  const withTool = only === null ? { TAILORBIRD_TOOL: path.join(CHECKS.CARGO_TARGET_DIR, "debug/tailorbird") } : {};

  const checkLane = async () => {
    /**
     * @param {string} name
     * @param {readonly string[]} words
     */
    const clippy = (name, words) =>
      check(name, [], "cargo", ["clippy", ...words, "--", "-D", "warnings"], { env: CHECKS, patient: true });
    await check("fmt", [], "cargo", ["fmt", "--all", "--check"]);
    await toolBuilt;
    await clippy("clippy", ["--workspace", "--all-targets"]);
    // Only for this target is there a `src/web`.
    await clippy("clippy wasm", ["--package", "tailorbird", "--all-features", "--target", "wasm32-unknown-unknown"]);
    // `xtask` has no tests, and what it depends on takes as long to compile as everything else.
    const excluded = ["--exclude", "xtask", "--exclude", "tailorbird-companion"];
    await engines;
    const duckDb = process.env.TAILORBIRD_DUCKDB ?? findDuckDb();
    const withEngines = duckDb === null ? {} : { TAILORBIRD_DUCKDB: duckDb };
    await step("rust tests", {}, (log, hear) =>
      cargoTests(log, hear)(["test", "--workspace", ...excluded, "--no-fail-fast"], withEngines),
    );
    await step("companion", {}, (log, hear) =>
      cargoTests(log, hear)(["test", "--package", "tailorbird-companion", "--no-fail-fast"], withEngines),
    );
  };
  /** @param {Promise<unknown>} siteBuilt */
  const nodeLane = async (siteBuilt) => {
    await packageChecks(
      "types",
      ["build"],
      [
        ["typescript/bin/tsc", "-p", "tsconfig.json"],
        ["typescript/bin/tsc", "-p", "tsconfig.scripts.json"],
        ["typescript/bin/tsc", "-p", "tsconfig.apps.json"],
      ],
    );
    await packageChecks(
      "style",
      ["build"],
      [
        ["prettier/bin/prettier.cjs", "--check", "."],
        ["eslint/bin/eslint.js", "--max-warnings", "0", "."],
      ],
    );
    await check("size", ["build"], process.execPath, ["scripts/size.mjs"]);
    await check("shop is current", [], process.execPath, ["www/shop/make.mjs", "--check"]);
    await nodeTests("config tests", ["build"], "tests/config");
    await nodeTests("growthbook tests", ["build"], "tests/growthbook");
    await siteBuilt;
    await nodeTests("package tests", ["build", "docs site"], "tests/package");
    await toolBuilt;
    await engines;
    await nodeTests("docs tests", ["build", "native tool", "docs site"], "tests/docs", { env: withTool });
    await browsers;
    await nodeTests("app tests", ["build"], "tests/apps");
  };
  /** @param {Promise<unknown>} siteBuilt */
  const browserLane = async (siteBuilt) => {
    // An engine that tests can make trap; it is built while the browsers test the one that is shipped.
    const trapping = ["scripts/build.mjs", "--crash", "--out", "dist-crash"];
    const trappingBuilt = check("build that traps", [], process.execPath, trapping);
    await toolBuilt;
    await siteBuilt;
    const found = await browsers;
    /**
     * @param {string} step
     * @param {(typeof BROWSERS)[number]} browser
     * @param {readonly string[]} needs
     * @param {string} folder
     */
    const inBrowser = async (step, browser, needs, folder) => {
      const name = `${step} ${browser}`;
      if (!wanted(name)) return;
      if (!found[browser]) {
        say(`– ${name}: skipped, ${browser} is not here: ${howToGet(browser)}`);
        total.skipped += 1;
        return;
      }
      // In one process they share one browser.
      const env = { BROWSER: browser, ...withTool };
      const failures = await nodeTests(name, needs, folder, { together: true, env });
      /** @param {readonly string[]} scenes */
      const again = (scenes) =>
        nodeTests(`${name} once more`, needs, folder, {
          together: true,
          env: { ...env, SCENES: JSON.stringify(scenes) },
        });
      if (failures.length > 0) missed.push({ name, failures, again });
    };
    await Promise.all(
      BROWSERS.map(async (browser) => {
        await inBrowser("browser", browser, ["build", "native tool", "docs site"], "tests/browser");
        await trappingBuilt;
        await inBrowser("traps", browser, ["build", "build that traps"], "tests/traps");
      }),
    );
  };
  const builtLanes = async () => {
    await check("build", [], process.execPath, ["scripts/build.mjs"]);
    // Once, for the tests of the pages and for those in each browser.
    const siteBuilt = check("docs site", ["build"], process.execPath, ["scripts/docs.mjs", "--site"]);
    await Promise.all([browserLane(siteBuilt), nodeLane(siteBuilt)]);
  };
  await Promise.all([checkLane(), builtLanes()]);
};

/**
 * Scenes watch the clock, and five lanes keep the machine busy: a few that failed are run once more, alone. Those that
 * pass then are named in the end.
 */
const repeat = async () => {
  for (const { name, failures, again } of missed) {
    if (failures.length > CHANCE) continue;
    const { ...before } = total;
    const left = await again(failures.map(({ title }) => title));
    const passed = failures.filter(({ title }) => !left.some((failure) => failure.title === title));
    // Where the browser ended before its scenes did, nothing is shown.
    if (total.passed - before.passed < passed.length) continue;
    // Each scene counts once.
    Object.assign(total, { passed: before.passed + passed.length, failed: before.failed - passed.length });
    if (left.length === 0) broken.delete(name);
    if (passed.length > 0)
      say(`\nPassed when run once more (${name}):\n${passed.map(({ title }) => `  ${title}`).join("\n")}`);
  }
};

await main();
await repeat();
say(`\n${broken.size > 0 ? `Not well: ${[...broken].join(", ")}. ` : ""}All steps took ${seconds(began)}.`);
say(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;
