// The texts of the privacy panel: the same in every language, in the schema and in the engine's reader.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
/** @param {string} path */
const read = (path) => readFileSync(new URL(path, root), "utf8");

/**
 * The texts of a language, by key.
 *
 * @param {string} language
 */
const textsIn = (language) => {
  const source = read(`www/panel/texts/${language}.ts`);
  return new Map([...source.matchAll(/^ {2}(\w+):\s+"(.*)",$/gm)].map(([, key, text]) => [key, text]));
};

const english = textsIn("en");

test("what the config may name are the texts that there are", () => {
  const schema = JSON.parse(read("www/loader/tailorbird.schema.json"));
  const keys = [...english.keys()].sort();
  assert.ok(keys.length > 80);
  assert.deepEqual(Object.keys(schema.definitions.panelTexts.properties).sort(), keys, "the schema");
  const [, list] = /pub const KEYS: \[&str; \d+\] = \[([^\]]*)\]/.exec(read("src/page/panel_texts.rs")) ?? [];
  assert.deepEqual([...String(list).matchAll(/"(\w+)"/g)].map(([, key]) => key).sort(), keys, "the reader");
});

for (const language of ["de", "fr", "es"]) {
  test(`${language} says everything that English says, with the same values, and in other words`, () => {
    const texts = textsIn(language);
    assert.deepEqual([...texts.keys()].sort(), [...english.keys()].sort());
    for (const [key, text] of texts) {
      const values = (/** @type {string} */ of) => (of.match(/\{\w+\}/g) ?? []).sort();
      assert.deepEqual(values(text), values(String(english.get(key))), key);
    }
    const same = [...texts].filter(([key, text]) => text === english.get(key)).map(([key]) => key);
    assert.deepEqual(
      same.filter((key) => !["corrected", "pause"].includes(key)),
      [],
    );
  });
}
