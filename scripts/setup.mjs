// Brings what the commands need and names what it cannot bring. Imports only what Node has, because
// it runs before `npm ci`.
import { spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** @typedef {(line: string) => void} Log */

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

const NODE = 20;
const WASM = "wasm32-unknown-unknown";

/** Debian's packages for what the browser tests need, and what each of them brings. */
const PACKAGES = {
  chromium: "chromium",
  firefox: "firefox-esr",
  webkit: "webkit2gtk-driver",
  screen: "xvfb",
};

/** @param {string} file */
const isFile = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

/**
 * Where a program is, looked for in `PATH` and then in the places given; `null` if nowhere.
 *
 * @param {readonly string[]} names
 * @param {readonly string[]} places
 */
const located = (names, places = []) => {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  const candidates = [...names.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...places];
  return candidates.find(isFile) ?? null;
};

/**
 * The beginning and the end of a long output: npm says what is wrong first, apt says it last.
 *
 * @param {string} output
 */
const ends = (output) => {
  const lines = output.trimEnd().split("\n");
  return (lines.length > 32 ? [...lines.slice(0, 15), "…", ...lines.slice(-15)] : lines).join("\n");
};

/**
 * Runs a program to its end and answers its output; throws with that when it fails.
 *
 * @param {string} program
 * @param {readonly string[]} words
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<string>}
 */
const run = (program, words, { env = {}, cwd = ROOT } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`\`${program} ${words.join(" ")}\` ended with ${code}:\n${ends(output)}`));
    });
  });

/**
 * The output of a short question to a program; `null` if it cannot be asked.
 *
 * @param {string} program
 * @param {readonly string[]} words
 */
const asked = (program, words) => {
  const answer = spawnSync(program, words, { cwd: ROOT, encoding: "utf8" });
  return answer.status === 0 ? answer.stdout : null;
};

/**
 * One step with its name and its time, told when it has ended.
 *
 * @param {Log} log
 * @param {string} name
 * @param {() => Promise<string>} work its note
 */
const step = async (log, name, work) => {
  const began = Date.now();
  log(`  ${name} …`);
  const note = await work();
  log(`  ${name}${note ? `: ${note}` : ""} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
};

const isDebian = () => {
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync("/etc/os-release", "utf8")) && located(["apt-get"]) !== null;
  } catch {
    return false;
  }
};

const mayInstall = () => isDebian() && process.getuid?.() === 0;

/** Every program the browser tests may need: its path, or `null`. */
const parts = () => {
  const triplets = ["x86_64-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf", "riscv64-linux-gnu"];
  const libraries = ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"];
  return {
    chromium: located(
      ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
      ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
    ),
    firefox: located(["firefox-esr", "firefox"], ["/Applications/Firefox.app/Contents/MacOS/firefox"]),
    driver: located(
      ["WebKitWebDriver"],
      libraries.map((library) => `/usr/libexec/${library}/WebKitWebDriver`),
    ),
    // No distribution puts MiniBrowser into PATH.
    browser: located(
      ["MiniBrowser"],
      libraries.flatMap((library) => [
        ...triplets.map((triplet) => `/usr/lib/${triplet}/${library}/MiniBrowser`),
        `/usr/libexec/${library}/MiniBrowser`,
        `/usr/lib64/${library}/MiniBrowser`,
      ]),
    ),
    xvfb: located(["Xvfb"]),
  };
};

/**
 * The browsers on this machine. WebKitGTK needs three things: the driver, its MiniBrowser, and an
 * X server without a screen.
 *
 * @returns {{chromium: string|null, firefox: string|null, webkit: {driver: string, browser: string, xvfb: string}|null}}
 */
export const findBrowsers = () => {
  const { driver, browser, xvfb, ...rest } = parts();
  return { ...rest, webkit: driver && browser && xvfb ? { driver, browser, xvfb } : null };
};

/** What is missing of the browsers, by Debian's name. */
const missingPackages = () => {
  const { chromium, firefox, driver, browser, xvfb } = parts();
  return [
    ...(chromium ? [] : [PACKAGES.chromium]),
    ...(firefox ? [] : [PACKAGES.firefox]),
    ...(driver && browser ? [] : [PACKAGES.webkit]),
    ...(xvfb ? [] : [PACKAGES.screen]),
  ];
};

/**
 * How to bring a browser that is not there, for a machine where we may not install it.
 *
 * @param {keyof ReturnType<typeof findBrowsers>} browser
 */
export const howToGet = (browser) => {
  const packages = browser === "webkit" ? `${PACKAGES.webkit} ${PACKAGES.screen}` : PACKAGES[browser];
  if (isDebian()) return `sudo apt-get install ${packages}`;
  if (process.platform === "darwin") {
    return browser === "webkit"
      ? "WebKitGTK runs on Linux only"
      : `brew install --cask ${browser === "chromium" ? "google-chrome" : "firefox"}`;
  }
  return `install ${packages} (Debian's names) with your package manager`;
};

/** Every prerequisite that only the reader can bring, with the command that does. */
const checkPrerequisites = () => {
  const missing = [];
  if (Number(process.versions.node.split(".")[0]) < NODE) {
    missing.push(
      `Node ${NODE} or newer (this is ${process.versions.node}): https://nodejs.org, or \`nvm install ${NODE}\``,
    );
  }
  if (!located(["rustup"])) {
    missing.push("rustup: `curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh`");
  } else if (!located(["cargo"])) {
    missing.push("cargo: `rustup default stable`");
  }
  if (!located(["cc", "gcc", "clang"])) {
    missing.push(
      `a C linker (cc): \`${process.platform === "darwin" ? "xcode-select --install" : "sudo apt-get install gcc libc6-dev"}\``,
    );
  }
  if (missing.length > 0) throw new Error(`Missing on this machine:\n${missing.map((line) => `  ${line}`).join("\n")}`);
};

const packagesAreOld = () => {
  const installed = path.join(ROOT, "node_modules/.package-lock.json");
  if (!existsSync(installed)) return true;
  return statSync(installed).mtimeMs < statSync(path.join(ROOT, "package-lock.json")).mtimeMs;
};

/**
 * Rust's wasm target and components, and the npm packages.
 *
 * @param {{ log?: Log }} [options]
 */
export const prepareTools = async ({ log = () => {} } = {}) => {
  checkPrerequisites();

  // Asking for the active toolchain also names it where rustup may fetch toolchains by itself.
  const targets = asked("rustup", ["target", "list", "--installed"]);
  if (targets === null) await step(log, "Rust toolchain", () => run("rustup", ["toolchain", "install"]).then(() => ""));
  const installedTargets = targets ?? asked("rustup", ["target", "list", "--installed"]) ?? "";
  if (!installedTargets.split("\n").includes(WASM)) {
    await step(log, `rustup target add ${WASM}`, () => run("rustup", ["target", "add", WASM]).then(() => ""));
  }
  const components = asked("rustup", ["component", "list", "--installed"]) ?? "";
  for (const component of ["clippy", "rustfmt"]) {
    if (!components.includes(component)) {
      await step(log, `rustup component add ${component}`, () =>
        run("rustup", ["component", "add", component]).then(() => ""),
      );
    }
  }

  if (packagesAreOld())
    await step(log, "npm packages", () => run("npm", ["ci", "--no-audit", "--no-fund"]).then(() => ""));
};

/**
 * The browsers: installs the missing ones on Debian as root, elsewhere names them.
 *
 * @returns what `findBrowsers` finds afterwards
 *
 * @param {{ log?: Log }} [options]
 */
export const prepareBrowsers = async ({ log = () => {} } = {}) => {
  const missing = missingPackages();
  if (missing.length > 0 && mayInstall()) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    try {
      await step(log, "apt-get update", () => run("apt-get", ["update", "-q"], { env }).then(() => ""));
      await step(log, `apt-get install ${missing.join(" ")}`, () =>
        run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...missing], { env }).then(() => ""),
      );
    } catch (error) {
      // The browsers that are there are still tested; each missing one is named below.
      log(`  ${error instanceof Error ? error.message : error}`);
    }
  }
  const found = findBrowsers();
  for (const browser of /** @type {const} */ (["chromium", "firefox", "webkit"])) {
    if (!found[browser]) log(`  ${browser} is not here: ${howToGet(browser)}`);
  }
  return found;
};

/** Where the engines of the companion are put: the packages, and beside them a link to each. */
const TOOLS = path.join(ROOT, "target/tools");

/** The engines as Python's registry has them, with what each of them needs besides. */
const ENGINES = /** @type {const} */ ([
  { name: "duckdb", requirement: "duckdb-cli==1.5.6", link: "duckdb", to: "python/duckdb_cli/duckdb", needs: [] },
  { name: "spark", requirement: "pyspark==4.3.0", link: "spark", to: "python/pyspark", needs: ["java"] },
]);

/**
 * What the tests of the companion run on: DuckDB's command, and with `TAILORBIRD_SPARK=1` Spark. Installs what is
 * missing from Python's registry into `target/tools`, where the tests look, and names what it cannot install.
 *
 * @param {{ log?: Log }} [options]
 */
export const prepareEngines = async ({ log = () => {} } = {}) => {
  const python = located(["python3", "python"]);
  for (const { name, requirement, link, to, needs } of ENGINES) {
    if (name === "spark" && process.env.TAILORBIRD_SPARK !== "1") continue;
    const missing = needs.find((need) => !located([need], [path.join(process.env.JAVA_HOME ?? "", "bin", need)]));
    if (missing) log(`  ${name} does not run here: ${missing} is missing`);
    const stamp = path.join(TOOLS, `${name}.txt`);
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === requirement && existsSync(path.join(TOOLS, link)))
      continue;
    if (!python || asked(python, ["-m", "pip", "--version"]) === null) {
      log(`  ${name} is not here: pip, which would bring it, is missing`);
      continue;
    }
    try {
      await step(log, `pip install ${requirement}`, async () => {
        mkdirSync(TOOLS, { recursive: true });
        const target = ["--target", path.join(TOOLS, "python"), "--upgrade"];
        await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...target, requirement]);
        rmSync(path.join(TOOLS, link), { force: true });
        symlinkSync(to, path.join(TOOLS, link));
        writeFileSync(stamp, requirement);
        return "";
      });
    } catch (error) {
      // What needs it is skipped by its name.
      log(`  ${error instanceof Error ? error.message : error}`);
    }
  }
};

/** DuckDB's command for the tests, `null` where it is not here. */
export const findDuckDb = () => located([], [path.join(TOOLS, "duckdb")]) ?? located(["duckdb"]);

/**
 * Sets up a machine that has Rust by rustup and Node 20 or newer.
 *
 * @param {{browsers?: boolean, log?: (line: string) => void}} options
 * @returns {Promise<{browsers: ReturnType<typeof findBrowsers>}>}
 * @throws {Error} naming what is missing, each with the command that brings it
 */
export const prepare = async ({ browsers = false, log = () => {} } = {}) => {
  await prepareTools({ log });
  return { browsers: browsers ? await prepareBrowsers({ log }) : findBrowsers() };
};
