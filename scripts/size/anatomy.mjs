/**
 * What a wasm module is made of: bytes of code by crate and module, and of its other sections.
 *
 * It reads the sections of the module and the names of its functions.
 * Source: WebAssembly Core Specification, 5.5 "Modules", and appendix A.3.1 "Name Section".
 */

import { readFile } from "node:fs/promises";

const SECTIONS = ["custom", "types", "imports", "functions", "tables", "memory", "globals", "exports", "start", "elements", "code", "data", "data count"];
const IMPORTS = 2;
const CODE = 10;
const FUNCTION_NAMES = 1;

/** Reads numbers and texts from a place on. */
const reader = bytes => {
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const take = length => bytes.subarray(at, (at += length));
  return { number, take, text: () => new TextDecoder().decode(take(number())), byte: () => bytes[at++], done: () => at >= bytes.length };
};

const sections = wasm => {
  const from = reader(wasm.subarray(8));
  const found = [];
  while (!from.done()) {
    const id = from.byte();
    found.push({ id, bytes: from.take(from.number()) });
  }
  return found;
};

/** How many functions are imported: theirs are the first indices. */
const importedFunctions = bytes => {
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

const functionSizes = bytes => {
  const from = reader(bytes);
  return Array.from({ length: from.number() }, () => {
    const length = from.number();
    from.take(length);
    return length;
  });
};

const functionNames = bytes => {
  const from = reader(bytes);
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

/** `tailorbird::profile::interest` of `<tailorbird::profile::interest::Interests as ...>::fold`. */
const moduleOf = name => {
  const path = name.replace(/^<+(?:&|mut |dyn |\[|\*const )*/, "");
  const steps = path.split("::").filter(step => /^[a-z_][a-z0-9_]*$/.test(step));
  if (steps.length == 0) return "other";
  return steps[0] == "tailorbird" ? steps.slice(0, 3).join("::") : steps[0];
};

/** The table, the heaviest first. */
export const anatomy = async path => {
  const all = sections(await readFile(path));
  const section = id => all.find(found => found.id == id)?.bytes ?? new Uint8Array([0]);
  const imported = importedFunctions(section(IMPORTS));
  const names = new Map(all.filter(({ id }) => id == 0).flatMap(({ bytes }) => [...functionNames(bytes)]));
  const weights = new Map();
  const add = (name, bytes) => weights.set(name, (weights.get(name) ?? 0) + bytes);
  functionSizes(section(CODE)).forEach((size, index) => {
    const name = names.get(imported + index) ?? "other";
    add(moduleOf(name), size);
  });
  for (const { id, bytes } of all) if (id != CODE && id != 0) add(`(${SECTIONS[id] ?? id})`, bytes.length);
  const rows = [...weights].sort(([, one], [, other]) => other - one);
  const total = rows.reduce((sum, [, bytes]) => sum + bytes, 0);
  const crates = new Map();
  for (const [name, bytes] of rows) crates.set(name.split("::")[0], (crates.get(name.split("::")[0]) ?? 0) + bytes);
  const line = ([name, bytes]) =>
    `${name.padEnd(44)}${bytes.toLocaleString("en-GB").padStart(9)} ${((100 * bytes) / total).toFixed(1).padStart(5)} %`;
  return [
    "by crate, bytes of the uncompressed module",
    ...[...crates].sort(([, one], [, other]) => other - one).map(line),
    "",
    "by module",
    ...rows.map(line),
    line(["in all", total]),
  ].join("\n");
};
