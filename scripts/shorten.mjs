/**
 * Shorter names between the wasm and its glue: `__wbg_entries_7bb1459bd9b5c2b9` becomes `entries`.
 *
 * wasm-bindgen ends each imported name with a hash, so that crates built apart cannot collide. In
 * a finished file they can be told apart without it, and 16 random digits, twice an import, are
 * what no compression makes smaller: together about 800 bytes. The names stay readable, because
 * what the engine can reach is what an auditor reads first. Sections that no browser needs go too.
 */

const CUSTOM = 0;
const IMPORTS = 2;

/** A reader over the binary format: https://webassembly.github.io/spec/core/binary/ */
const reader = bytes => {
  let at = 0;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  };
  const take = length => bytes.subarray(at, (at += length));
  return { number, take, name: () => take(number()).toString(), ended: () => at >= bytes.length };
};

const number = value => {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
};

const sized = bytes => Buffer.concat([number(bytes.length), bytes]);

/** What stands behind an import's names; functions are all that wasm-bindgen imports. */
const description = from => {
  const kind = from.take(1);
  if (kind[0] != 0) throw new Error("the wasm imports more than functions");
  return Buffer.concat([kind, number(from.number())]);
};

const shortNames = longNames => {
  const taken = new Set();
  return new Map(
    longNames.map(long => {
      const base = long.replace(/^__(wbg|wbindgen)_+(wbindgen_)?/, "").replace(/_[0-9a-f]{16}$/, "");
      let short = base;
      for (let more = 2; taken.has(short); more++) short = base + more;
      taken.add(short);
      return [long, short];
    }),
  );
};

/** The wasm and the glue that belongs to it, as buffer and text, with short names in both. */
export const shorten = (wasm, glue) => {
  const names = shortNames(WebAssembly.Module.imports(new WebAssembly.Module(wasm)).map(({ name }) => name));
  const from = reader(wasm);
  const out = [from.take(8)];
  while (!from.ended()) {
    const id = from.take(1);
    let body = from.take(from.number());
    if (id[0] == CUSTOM) continue;
    if (id[0] == IMPORTS) {
      const inner = reader(body);
      const count = inner.number();
      const list = [number(count)];
      for (let left = count; left > 0; left--) {
        list.push(sized(Buffer.from(inner.name())), sized(Buffer.from(names.get(inner.name()))), description(inner));
      }
      body = Buffer.concat(list);
    }
    out.push(id, sized(body));
  }
  let text = glue;
  for (const [long, short] of names) {
    const parts = text.split(` ${long}: function(`);
    if (parts.length != 2) throw new Error(`wasm-bindgen's glue does not define ${long} once`);
    text = parts.join(` ${short}: function(`);
  }
  return { wasm: Buffer.concat(out), glue: text };
};
