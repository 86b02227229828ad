/**
 * What a download is made of: bytes of the wasm's code by crate and module, its other sections, and the
 * scripts around it.
 *
 * Source: WebAssembly Core Specification, 5.5 "Modules", and appendix A.3.1 "Name Section".
 */

const SECTIONS = [
  "custom",
  "types",
  "imports",
  "functions",
  "tables",
  "memory",
  "globals",
  "exports",
  "start",
  "elements",
  "code",
  "data",
  "data count",
];
const CUSTOM = 0;
const IMPORTS = 2;
const CODE = 10;
const FUNCTION_NAMES = 1;

/**
 * Reads numbers and texts from a place on.
 *
 * @param {Uint8Array} bytes
 */
const reader = (bytes) => {
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  /** @param {number} length */
  const take = (length) => bytes.subarray(at, (at += length));
  return {
    number,
    take,
    text: () => new TextDecoder().decode(take(number())),
    byte: () => bytes[at++],
    done: () => at >= bytes.length,
  };
};

/** @param {Uint8Array} wasm */
const sections = (wasm) => {
  const from = reader(wasm.subarray(8));
  /** @type {{ id: number, bytes: Uint8Array }[]} */
  const found = [];
  while (!from.done()) {
    const id = from.byte();
    found.push({ id, bytes: from.take(from.number()) });
  }
  return found;
};

/**
 * How many functions are imported: theirs are the first indices.
 *
 * @param {Uint8Array} bytes
 */
const importedFunctions = (bytes) => {
  const from = reader(bytes);
  let functions = 0;
  for (let left = from.number(); left > 0; left--) {
    from.text();
    from.text();
    const kind = from.byte();
    if (kind == 0) {
      from.number();
      functions++;
    } else if (kind == 3) {
      from.take(2);
    } else {
      if (kind == 1) from.byte();
      if (from.byte() & 1) from.number();
      from.number();
    }
  }
  return functions;
};

/** @param {Uint8Array} bytes */
const functionSizes = (bytes) => {
  const from = reader(bytes);
  return Array.from({ length: from.number() }, () => {
    const length = from.number();
    from.take(length);
    return length;
  });
};

/** @param {Uint8Array} bytes */
const functionNames = (bytes) => {
  const from = reader(bytes);
  /** @type {Map<number, string>} */
  const names = new Map();
  if (from.text() != "name") return names;
  while (!from.done()) {
    const kind = from.byte();
    const part = reader(from.take(from.number()));
    if (kind != FUNCTION_NAMES) continue;
    for (let left = part.number(); left > 0; left--) names.set(part.number(), part.text());
  }
  return names;
};

/**
 * Functions whose names are no paths, by where they come from.
 *
 * @type {[pattern: RegExp, module: string][]}
 */
const SYMBOLS = [
  [/externref shim/, "imports of js_sys, web_sys and our own"],
  [/^(engine_|__wbg_engine)/, "tailorbird::web::api"],
  [/^(__wbindgen|__wbg|__externref)/, "wasm_bindgen"],
  [/^_*rust/, "std"],
  [/^(__)?[a-z]+\d*$/, "compiler_builtins and libm"],
];

/**
 * The module of `<tailorbird::profile::interest::Interests as core::clone::Clone>::clone::h0123`: what of its
 * path stands before types and functions.
 *
 * @param {string} name
 */
const moduleOf = (name) => {
  const symbol = SYMBOLS.find(([pattern]) => pattern.test(name));
  if (symbol) return symbol[1];
  const path = name
    .replace(/::h[0-9a-f]{16}(\.\d+)?$/, "")
    .replace(/\[[0-9a-f]{16}\]/g, "")
    .replace(/^(<|&|mut |dyn |\*const |\*mut |\[|\()+/, "");
  const steps = path
    .split(/[ ><]/)[0]
    .split("::")
    .filter((step) => step != "" && !step.startsWith("{"));
  const type = steps.findIndex((step) => !/^[a-z_][a-z0-9_]*$/.test(step));
  const modules = steps.slice(0, type < 0 ? -1 : type);
  if (modules.length == 0) return "other";
  return modules[0] == "tailorbird" ? modules.slice(0, 3).join("::") : modules[0];
};

/**
 * Bytes by module: the functions of a wasm that still has their names, and its sections.
 *
 * @param {Uint8Array} wasm
 */
const weigh = (wasm) => {
  const all = sections(wasm);
  /** @param {number} wanted */
  const section = (wanted) => all.find(({ id }) => id == wanted)?.bytes ?? new Uint8Array([0]);
  const names = new Map(all.filter(({ id }) => id == CUSTOM).flatMap(({ bytes }) => [...functionNames(bytes)]));
  const imported = importedFunctions(section(IMPORTS));
  /** @type {Map<string, number>} */
  const weights = new Map();
  /**
   * @param {string} name
   * @param {number} bytes
   */
  const add = (name, bytes) => weights.set(name, (weights.get(name) ?? 0) + bytes);
  functionSizes(section(CODE)).forEach((size, index) => add(moduleOf(names.get(imported + index) ?? ""), size));
  for (const { id, bytes } of all) if (id != CODE && id != CUSTOM) add(`(${SECTIONS[id] ?? id})`, bytes.length);
  return weights;
};

/** @param {Iterable<[name: string, bytes: number]>} weights */
const heaviestFirst = (weights) => [...weights].sort(([, one], [, other]) => other - one);

/** @param {string} module */
const crateOf = (module) => module.split("::")[0];

/**
 * The table: `wasm` with its names, and the sizes of `scripts` by name. Bytes are those before compression.
 *
 * @param {Uint8Array} wasm
 * @param {readonly [name: string, bytes: number][]} scripts
 */
export const anatomy = (wasm, scripts) => {
  const modules = weigh(wasm);
  /** @type {Map<string, number>} */
  const crates = new Map();
  for (const [name, bytes] of modules) crates.set(crateOf(name), (crates.get(crateOf(name)) ?? 0) + bytes);
  const total = [...modules.values()].reduce((sum, bytes) => sum + bytes, 0);
  /** @param {[name: string, bytes: number]} entry */
  const line = ([name, bytes]) =>
    `${name.padEnd(44)}${bytes.toLocaleString("en-GB").padStart(9)} ${((100 * bytes) / total).toFixed(1).padStart(5)} %`;
  return [
    "bytes of the wasm before compression, by crate",
    ...heaviestFirst(crates).map(line),
    line(["in all", total]),
    "",
    "by module of tailorbird",
    ...heaviestFirst(modules)
      .filter(([name]) => crateOf(name) == "tailorbird")
      .map(line),
    "",
    "scripts beside it, minified",
    ...heaviestFirst(scripts).map(([name, bytes]) => `${name.padEnd(44)}${bytes.toLocaleString("en-GB").padStart(9)}`),
  ].join("\n");
};
